//! What entered the network and where it went, over the whole run.

use serde::{Deserialize, Serialize};

use super::runoff::relative_error;

/// Totals of routing, m³.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// Continuity error in per cent of all that came in, as SWMM defines it: totals that may have
    /// either sign count on the side that their sign says, and a difference below 1 ft³ counts as
    /// none.
    pub fn continuity_error(&self) -> f64 {
        let either = [self.dry_weather, self.groundwater, self.external];
        let inflow = self.initial_storage
            + self.wet_weather
            + self.rdii
            + either.iter().map(|v| v.max(0.0)).sum::<f64>()
            + (-self.outflow).max(0.0);
        let outflow = self.final_storage
            + self.flooding
            + self.evaporation
            + self.seepage
            + either.iter().map(|v| (-v).max(0.0)).sum::<f64>()
            + self.outflow.max(0.0);
        relative_error(inflow, outflow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_that_is_lost_is_ten_per_cent() {
        let totals = RoutingTotals { external: 100.0, outflow: 90.0, ..Default::default() };
        assert!((totals.continuity_error() - 10.0).abs() < 1e-12);
    }

    #[test]
    fn negative_inflow_counts_as_outflow() {
        let totals =
            RoutingTotals { wet_weather: 100.0, external: -20.0, outflow: 80.0, ..Default::default() };
        assert!(totals.continuity_error().abs() < 1e-12);
    }

    #[test]
    fn less_than_a_cubic_foot_is_nothing() {
        let totals = RoutingTotals { wet_weather: 0.02, ..Default::default() };
        assert_eq!(totals.continuity_error(), 0.0);
    }
}
