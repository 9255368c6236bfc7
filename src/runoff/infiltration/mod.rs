//! Infiltration into pervious land: five laws behind one face.
//!
//! Each law knows its soil (constant) and its state (a few numbers) and answers one question: how
//! much of the water at hand enters the soil in a step. Without water the soil recovers.

pub mod curve_number;
pub mod green_ampt;
pub mod horton;

use serde::{Deserialize, Serialize};

use crate::model::catchment::Infiltration;
use crate::units::FOOT;

/// Rates below this count as no water at hand: SWMM's 1e-10 ft/s, in m/s.
pub const NO_RATE: f64 = 1.0e-10 * FOOT;

/// What a soil meets in one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supply {
    /// Length of the step, s.
    pub step: f64,
    /// Rain, m/s.
    pub rain: f64,
    /// Water that runs on from elsewhere, m/s.
    pub runon: f64,
    /// Depth of water on the ground, m.
    pub depth: f64,
    /// Multiplies the soil's conductivity or infiltration rates (of the month).
    pub conductivity_factor: f64,
    /// Multiplies the speed at which a dry soil recovers (of the month).
    pub recovery_factor: f64,
}

impl Supply {
    /// Rain and run-on together, m/s.
    fn inflow(&self) -> f64 {
        self.rain + self.runon
    }
    /// All water at hand, spread over the step, m/s.
    fn available(&self) -> f64 {
        self.inflow() + self.depth / self.step
    }
}

/// A soil: its law and its constants.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Soil {
    /// Takes no water.
    #[default]
    Tight,
    /// Horton.
    Horton(horton::Soil),
    /// Modified Horton.
    ModifiedHorton(horton::Soil),
    /// Green-Ampt, also modified.
    GreenAmpt(green_ampt::Soil),
    /// Curve number.
    CurveNumber(curve_number::Soil),
}

impl Soil {
    /// The soil of a subcatchment.
    pub fn compile(infiltration: Option<&Infiltration>) -> Self {
        match infiltration {
            None => Self::Tight,
            Some(&Infiltration::Horton { modified, initial, final_rate, decay, drying_days, max_depth }) => {
                let soil = horton::Soil::new(initial, final_rate, decay, drying_days, max_depth);
                if modified { Self::ModifiedHorton(soil) } else { Self::Horton(soil) }
            }
            Some(&Infiltration::GreenAmpt { modified, suction, conductivity, deficit }) => {
                Self::GreenAmpt(green_ampt::Soil::new(suction, conductivity, deficit, modified))
            }
            Some(&Infiltration::CurveNumber { number, drying_days }) => {
                Self::CurveNumber(curve_number::Soil::new(number, drying_days))
            }
        }
    }
    /// Its state before the first step.
    pub fn initial_state(&self) -> State {
        match self {
            Self::Tight => State::Tight,
            Self::Horton(_) | Self::ModifiedHorton(_) => State::Horton(horton::State::default()),
            Self::GreenAmpt(soil) => State::GreenAmpt(soil.initial_state()),
            Self::CurveNumber(soil) => State::CurveNumber(soil.initial_state()),
        }
    }
    /// Infiltration over one step, m/s; the state moves on by the step.
    #[inline]
    pub fn infiltrate(&self, state: &mut State, supply: &Supply) -> f64 {
        match (self, state) {
            (Self::Horton(soil), State::Horton(state)) => soil.infiltrate(state, supply),
            (Self::ModifiedHorton(soil), State::Horton(state)) => soil.infiltrate_modified(state, supply),
            (Self::GreenAmpt(soil), State::GreenAmpt(state)) => soil.infiltrate(state, supply),
            (Self::CurveNumber(soil), State::CurveNumber(state)) => soil.infiltrate(state, supply),
            _ => 0.0,
        }
    }
}

/// State of a soil.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum State {
    /// Of a soil that takes no water.
    #[default]
    Tight,
    /// Of both forms of Horton.
    Horton(horton::State),
    /// Of both forms of Green-Ampt.
    GreenAmpt(green_ampt::State),
    /// Of the curve number.
    CurveNumber(curve_number::State),
}
