//! Where the water of the surface came from and where it went.

use serde::{Deserialize, Serialize};

/// The balance of a run, all in m³ and `f64`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// What stood there at the start.
    pub initial: f64,
    /// Rain on the map.
    pub rain: f64,
    /// What the inflows brought.
    pub inflow: f64,
    /// What inflows below zero took.
    pub taken: f64,
    /// What came in by exchange with pipes and rivers.
    pub exchange_in: f64,
    /// What went out by exchange with pipes and rivers.
    pub exchange_out: f64,
    /// What came in through each boundary.
    pub boundary_in: Vec<f64>,
    /// What left through each boundary.
    pub boundary_out: Vec<f64>,
    /// What entered the soil.
    pub infiltration: f64,
}

impl Ledger {
    /// All that was there or came in (m³).
    #[must_use]
    pub fn entered(&self) -> f64 {
        self.initial + self.rain + self.inflow + self.exchange_in + self.boundary_in.iter().sum::<f64>()
    }

    /// All that left (m³).
    #[must_use]
    pub fn left(&self) -> f64 {
        self.taken + self.exchange_out + self.infiltration + self.boundary_out.iter().sum::<f64>()
    }

    /// Water that was made (above zero) or lost, of all that entered, when `stored` m³ are there now.
    #[must_use]
    pub fn error(&self, stored: f64) -> f64 {
        let entered = self.entered();
        if entered > 0.0 { (stored - (entered - self.left())) / entered } else { stored }
    }
}
