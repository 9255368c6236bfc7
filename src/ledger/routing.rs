//! What entered the network and where it went, over the whole run.

/// Totals of routing, m³.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RoutingTotals {
    /// Dry-weather inflow.
    pub dry_weather: f64,
    /// Runoff.
    pub wet_weather: f64,
    /// Groundwater inflow.
    pub groundwater: f64,
    /// RDII.
    pub rdii: f64,
    /// Direct inflow.
    pub external: f64,
    /// Flooding.
    pub flooding: f64,
    /// Outflow at outfalls and negative direct inflow.
    pub outflow: f64,
    /// Evaporation from storage units and channels.
    pub evaporation: f64,
    /// Seepage from storage units and channels.
    pub seepage: f64,
    /// Volume at the start.
    pub initial_storage: f64,
    /// Volume at the end.
    pub final_storage: f64,
}

impl RoutingTotals {
    /// Continuity error in per cent of all that came in, as SWMM defines it.
    pub fn continuity_error(&self) -> f64 {
        let inflow = self.dry_weather
            + self.wet_weather
            + self.groundwater
            + self.rdii
            + self.external
            + self.initial_storage;
        let outflow = self.flooding + self.outflow + self.evaporation + self.seepage + self.final_storage;
        if inflow > 0.0 { 100.0 * (1.0 - outflow / inflow) } else { 0.0 }
    }
}
