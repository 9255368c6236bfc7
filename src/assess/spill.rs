//! Spills of overflows and what reaches the treatment works.

use super::Case;

/// A load that goes with spilled water: its volume times a mean concentration, until quality is simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// What it is, such as `COD`.
    pub substance: String,
    /// Event mean concentration, mg/L.
    pub concentration: f64,
    /// Load, kg.
    pub load: f64,
    /// Whether the concentration was verified.
    pub verified: bool,
}

/// An overflow in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct SpillSummary {
    /// Index of the option.
    pub option: usize,
    /// The run.
    pub case: Case,
    /// The overflow.
    pub overflow: String,
    /// Dry time that parts two spills, s.
    pub event_gap: f64,
    /// How many spills there are.
    pub count: usize,
    /// Water that left through it, m³.
    pub volume: f64,
    /// Time with spill, s.
    pub duration: f64,
    /// Loads.
    pub loads: Vec<Load>,
    /// Whether the run is long enough to count spills a year.
    pub counts_a_year: bool,
}

/// All overflows and treatment works of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct SystemSpill {
    /// Index of the option.
    pub option: usize,
    /// The run.
    pub case: Case,
    /// Water that left through all overflows, m³.
    pub spilled: f64,
    /// Share of the water that came to overflows and works that was not spilled; `None` when none came.
    pub captured: Option<f64>,
    /// Water that reached treatment works, m³.
    pub to_works: f64,
    /// Largest inflow of all treatment works together, m³/s.
    pub works_peak: f64,
}
