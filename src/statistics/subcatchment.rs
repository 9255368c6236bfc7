//! Totals and extremes of each subcatchment.

use serde::{Deserialize, Serialize};

/// One column a quantity, by the subcatchment's index; volumes in m³.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SubcatchmentStatistics {
    /// Rain.
    pub rainfall: Vec<f64>,
    /// Water that ran on from elsewhere.
    pub runon: Vec<f64>,
    /// Evaporation.
    pub evaporation: Vec<f64>,
    /// Infiltration.
    pub infiltration: Vec<f64>,
    /// Runoff of the impervious part.
    pub impervious_runoff: Vec<f64>,
    /// Runoff of the pervious part.
    pub pervious_runoff: Vec<f64>,
    /// All runoff.
    pub runoff: Vec<f64>,
    /// Largest runoff, m³/s.
    pub peak_runoff: Vec<f64>,
    /// Largest runoff of all subcatchments together, m³/s.
    pub peak_system_runoff: f64,
}

impl SubcatchmentStatistics {
    /// Columns of zeros for `count` subcatchments.
    pub fn new(count: usize) -> Self {
        let zero = || vec![0.0; count];
        Self {
            rainfall: zero(),
            runon: zero(),
            evaporation: zero(),
            infiltration: zero(),
            impervious_runoff: zero(),
            pervious_runoff: zero(),
            runoff: zero(),
            peak_runoff: zero(),
            peak_system_runoff: 0.0,
        }
    }
}
