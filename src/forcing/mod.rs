//! Weather over time: design storms, rain gauges, evaporation, and the factors that change with the month.

pub mod design_storm;
pub mod evaporation;
pub mod gauge;
pub mod instant;
pub mod series;

use serde::{Deserialize, Serialize};

use crate::clock::DateTime;
use crate::model::Model;
use crate::model::curve::PatternKind;

/// The weather of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// Evaporation.
    pub evaporation: evaporation::Params,
    /// Rain gauges.
    pub gauges: gauge::Params,
    rain: [f64; 12],
    conductivity: [f64; 12],
    recovery: [f64; 12],
    /// Whether water evaporates only where it does not rain.
    pub dry_evaporation_only: bool,
}

impl Params {
    /// Compiles the weather of a model.
    pub fn compile(model: &Model) -> Self {
        let adjustments = &model.adjustments;
        let recovery = model.evaporation.recovery.map(|id| &model.patterns[id]);
        let mut recovery_factors = [1.0; 12];
        if let Some(pattern) = recovery.filter(|p| p.kind == PatternKind::Monthly) {
            recovery_factors.copy_from_slice(&pattern.factors[..12]);
        }
        Self {
            evaporation: evaporation::Params::compile(model),
            gauges: gauge::Params::compile(model),
            rain: adjustments.rainfall,
            conductivity: adjustments.conductivity.map(|f| if f > 0.0 { f } else { 1.0 }),
            recovery: recovery_factors,
            dry_evaporation_only: model.evaporation.dry_only,
        }
    }
}

/// The weather at the current instant of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Evaporation.
    pub evaporation: evaporation::State,
    /// Rain gauges.
    pub gauges: gauge::State,
    /// Factor of rain of the month.
    pub rain_factor: f64,
    /// Factor of soil conductivity of the month.
    pub conductivity_factor: f64,
    /// Factor of the recovery of soils of the month.
    pub recovery_factor: f64,
}

impl State {
    /// The weather before the first step. The first two values of each rain record are taken
    /// without a monthly factor, as SWMM takes them.
    pub fn new(params: &Params) -> Self {
        Self {
            evaporation: evaporation::State::new(&params.evaporation),
            gauges: gauge::State::new(&params.gauges),
            rain_factor: 1.0,
            conductivity_factor: 1.0,
            recovery_factor: 1.0,
        }
    }
    /// Takes evaporation and monthly factors of the clock's time `now`, which must not decrease.
    ///
    /// The runoff step does this itself; a run without subcatchments does it at each routing step.
    pub fn set_climate(&mut self, params: &Params, now: DateTime) {
        let at = instant::calendar(now);
        let month = at.month() as usize - 1;
        self.evaporation.advance(&params.evaporation, at);
        self.rain_factor = params.rain[month];
        self.conductivity_factor = params.conductivity[month];
        self.recovery_factor = params.recovery[month];
    }
    /// Takes the rain of the clock's time `now`, which must not decrease.
    pub fn set_rain(&mut self, params: &Params, now: DateTime) {
        self.gauges.advance(&params.gauges, now, self.rain_factor);
    }
}
