//! The model held against observed levels and flows.

/// What was observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Depth above the invert of a node, m.
    Depth,
    /// Water level at a node, m.
    Level,
    /// Flow in a link, or out of an outfall, m³/s.
    Flow,
}

/// Scores of one gauge in one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The element.
    pub element: String,
    /// What was observed there.
    pub quantity: Quantity,
    /// Pairs of values that were compared.
    pub pairs: usize,
    /// Nash-Sutcliffe efficiency; `None` when the observed values do not vary.
    pub nse: Option<f64>,
    /// Error of the peak: a share of the observed peak for flow, m for depth and level.
    pub peak_error: f64,
    /// Error of the volume as a share of the observed one; flow only.
    pub volume_error: Option<f64>,
    /// Time of the simulated peak less that of the observed one, s.
    pub peak_lag: f64,
    /// Whether the bands are kept; `None` where no band is given.
    pub within_bands: Option<bool>,
    /// Times of the pairs, s since the start of the run.
    pub times: Vec<f64>,
    /// Observed values.
    pub observed: Vec<f64>,
    /// Simulated values.
    pub simulated: Vec<f64>,
}
