//! What the land got and where it went, over the whole run.

use serde::{Deserialize, Serialize};

use crate::units::CUBIC_FOOT;

/// Totals of rain and runoff, m³.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// Continuity error in per cent of what came in, as SWMM defines it; a difference below 1 ft³
    /// counts as none.
    pub fn continuity_error(&self) -> f64 {
        let inflow = self.initial_storage + self.rainfall + self.runon;
        let outflow = self.evaporation + self.infiltration + self.runoff + self.final_storage;
        relative_error(inflow, outflow)
    }
}

/// SWMM's continuity error, per cent: `100 · (1 − out / in)`, or `100 · (in / out − 1)` when nothing
/// came in; 0 when the two differ by less than 1 ft³. `inflow` and `outflow` in m³.
pub fn relative_error(inflow: f64, outflow: f64) -> f64 {
    if (inflow - outflow).abs() < CUBIC_FOOT {
        0.0
    } else if inflow.abs() > 0.0 {
        100.0 * (1.0 - outflow / inflow)
    } else if outflow.abs() > 0.0 {
        100.0 * (inflow / outflow - 1.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_land_gets_is_what_leaves_it_and_what_stays() {
        let totals = RunoffTotals {
            rainfall: 90.0,
            runon: 10.0,
            evaporation: 5.0,
            infiltration: 45.0,
            runoff: 40.0,
            final_storage: 8.0,
            ..Default::default()
        };
        assert!((totals.continuity_error() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn water_from_nowhere_is_a_hundred_per_cent() {
        assert_eq!(relative_error(0.0, 5.0), -100.0);
        assert_eq!(relative_error(0.0, 0.0), 0.0);
    }
}
