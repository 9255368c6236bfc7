//! What the land got and where it went, over the whole run.

/// Totals of rain and runoff, m³.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RunoffTotals {
    /// Water standing on the land at the start.
    pub initial_storage: f64,
    /// Rain.
    pub rainfall: f64,
    /// Outflow of outfalls that runs onto subcatchments.
    pub runon: f64,
    /// Evaporation.
    pub evaporation: f64,
    /// Infiltration.
    pub infiltration: f64,
    /// Runoff that left the land for the network.
    pub runoff: f64,
    /// Water standing on the land at the end.
    pub final_storage: f64,
}

impl RunoffTotals {
    /// Continuity error in per cent of what came in, as SWMM defines it:
    /// `100 · (1 − out / in)`; 0 when nothing came in.
    pub fn continuity_error(&self) -> f64 {
        let inflow = self.initial_storage + self.rainfall + self.runon;
        let outflow = self.evaporation + self.infiltration + self.runoff + self.final_storage;
        if inflow > 0.0 { 100.0 * (1.0 - outflow / inflow) } else { 0.0 }
    }
}
