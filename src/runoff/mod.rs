//! Rain to runoff: losses, infiltration and overland flow of every subcatchment.
//!
//! A subcatchment has three sub-areas (impervious without depression storage, impervious with it, and
//! pervious), each a nonlinear reservoir ([`overland`]); the pervious one infiltrates
//! ([`infiltration`]). Water that runs from one sub-area or subcatchment onto another, and the outflow
//! of outfalls onto subcatchments, arrives one step later. Hence each subcatchment is independent of
//! the others within a step.
//!
//! The runoff clock runs ahead of the routing clock and in steps of its own: a wet step while it rains
//! or anything runs off, else a dry step, both cut where rain or evaporation changes. Between the two
//! ends of a step runoff is interpolated.
//!
//! # How a run uses this module
//!
//! ```no_run
//! # use pailao::{forcing, runoff, ledger::runoff::RunoffTotals, model::Model};
//! # use pailao::statistics::subcatchment::SubcatchmentStatistics;
//! # let model = Model::default();
//! # let (next_routing_time, routing_time, report_time) = Default::default();
//! // Once, with rain files loaded and the model checked.
//! let weather_params = forcing::Params::compile(&model);
//! let params = runoff::Params::compile(&model);
//! let mut weather = forcing::State::new(&weather_params);
//! let mut state = runoff::State::new(&params);
//! let mut statistics = SubcatchmentStatistics::new(model.subcatchments.len());
//! let mut totals = RunoffTotals { initial_storage: runoff::stored_volume(&params, &state), ..Default::default() };
//!
//! // In each routing step, before routing: runoff until its clock has reached the end of the step.
//! // Without subcatchments only the climate moves on, to the start of the routing step.
//! if params.is_empty() {
//!     weather.set_climate(&weather_params, routing_time);
//! } else {
//!     while state.new_time() < next_routing_time
//!         && runoff::step(&params, &mut state, &weather_params, &mut weather, &mut totals, &mut statistics)
//!     {}
//! }
//!
//! // Routing takes runoff at the start of its step (see `inflow::wet_weather`) ...
//! let fraction = state.fraction(routing_time).clamp(0.0, 1.0);
//! for id in model.subcatchments.ids() {
//!     let _flow = state.runoff(id, fraction);
//! }
//! // ... and adds what leaves outfalls onto subcatchments, m³.
//! // state.runon_from_outfalls[subcatchment.index()] += flow * routing_step;
//!
//! // At a reporting time, after the routing step that reached it.
//! let mut columns = runoff::Columns::default();
//! let means = runoff::report(&params, &state, &weather_params, &weather, report_time, &mut columns);
//!
//! // At the end of the run.
//! totals.final_storage = runoff::stored_volume(&params, &state);
//! # let _ = means;
//! ```

pub mod infiltration;
pub mod overland;
mod runge_kutta;
pub mod subcatchment;

use serde::{Deserialize, Serialize};

use crate::clock::DateTime;
use crate::forcing;
use crate::forcing::instant::{calendar, whole_seconds};
use crate::ledger::runoff::RunoffTotals;
use crate::model::catchment::Outlet;
use crate::model::{Model, SubcatchmentId};
use crate::num::index::Id;
use crate::statistics::subcatchment::SubcatchmentStatistics;
use crate::units::FOOT;

use subcatchment::{Land, Surface, Weather};

/// Runoff by area below this is reported as none: SWMM's 0.001 in/h as 2.31481e-8 ft/s, in m/s.
const LEAST_RUNOFF: f64 = 2.314_81e-8 * FOOT;

/// The land of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    lands: Vec<Land>,
    /// Pairs (from, to) of subcatchments, in the order of `from`.
    cascades: Vec<(usize, usize)>,
    total_area: f64,
    wet_step: i64,
    dry_step: i64,
    start: DateTime,
    end: DateTime,
}

impl Params {
    /// Compiles the land of a model.
    pub fn compile(model: &Model) -> Self {
        let lands: Vec<Land> =
            model.subcatchments.iter().map(|(id, s)| Land::compile(model, id, s)).collect();
        let mut cascades = Vec::new();
        for (id, subcatchment) in model.subcatchments.iter() {
            if let Outlet::Subcatchment(to) = subcatchment.outlet
                && to != id
                && lands[id.index()].area > 0.0
                && lands[to.index()].area > 0.0
            {
                cascades.push((id.index(), to.index()));
            }
        }
        let options = &model.options;
        Self {
            total_area: lands.iter().map(|land| land.area).sum(),
            lands,
            cascades,
            wet_step: i64::from(options.wet_step.max(1)),
            dry_step: i64::from(options.dry_step.max(1)),
            start: options.start,
            end: DateTime(options.start.0.saturating_add(options.duration().saturating_mul(1000))),
        }
    }
    /// How many subcatchments there are.
    pub fn len(&self) -> usize {
        self.lands.len()
    }
    /// Whether there is no subcatchment.
    pub fn is_empty(&self) -> bool {
        self.lands.is_empty()
    }
}

/// Runoff of a run at the two ends of the current runoff step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    old_time: DateTime,
    new_time: DateTime,
    surfaces: Vec<Surface>,
    /// Runoff at the start of the step, m³/s.
    old_runoff: Vec<f64>,
    /// Runoff at the end of the step, m³/s.
    new_runoff: Vec<f64>,
    /// Evaporation over the step, m/s.
    evaporation: Vec<f64>,
    /// Infiltration over the step, m/s.
    infiltration: Vec<f64>,
    /// Water that runs on from elsewhere, m/s.
    runon: Vec<f64>,
    has_runoff: bool,
    /// Outflow of outfalls onto each subcatchment since the last runoff step, m³. Routing adds to it,
    /// the next runoff step takes it away.
    pub runon_from_outfalls: Vec<f64>,
}

impl State {
    /// Dry land at the start of the simulation.
    pub fn new(params: &Params) -> Self {
        let zero = || vec![0.0; params.len()];
        Self {
            old_time: params.start,
            new_time: params.start,
            surfaces: params.lands.iter().map(Surface::new).collect(),
            old_runoff: zero(),
            new_runoff: zero(),
            evaporation: zero(),
            infiltration: zero(),
            runon: zero(),
            has_runoff: false,
            runon_from_outfalls: zero(),
        }
    }
    /// Start of the current runoff step.
    pub fn old_time(&self) -> DateTime {
        self.old_time
    }
    /// End of the current runoff step.
    pub fn new_time(&self) -> DateTime {
        self.new_time
    }
    /// Where an instant lies in the current runoff step: 0 at its start, 1 at its end. Not limited:
    /// routing limits it to 0 to 1, reports do not, as in SWMM. 1 before the first step.
    pub fn fraction(&self, at: DateTime) -> f64 {
        if self.new_time == self.old_time {
            return 1.0;
        }
        at.seconds_since(self.old_time) / self.new_time.seconds_since(self.old_time)
    }
    /// Runoff that leaves a subcatchment, m³/s, interpolated at a [fraction](Self::fraction) of the step.
    #[inline]
    pub fn runoff(&self, id: SubcatchmentId, fraction: f64) -> f64 {
        (1.0 - fraction) * self.old_runoff[id.index()] + fraction * self.new_runoff[id.index()]
    }
}

/// Volume of water that stands on the land, m³.
pub fn stored_volume(params: &Params, state: &State) -> f64 {
    let volumes = params.lands.iter().zip(&state.surfaces);
    volumes.map(|(land, surface)| surface.mean_depth(land) * land.area).sum()
}

/// One runoff step, from `state.new_time()` on: weather first, then the length of the step, then every
/// subcatchment. Books volumes into the totals and the statistics.
///
/// Whether time moved on: at the end of the simulation nothing happens.
pub fn step(
    params: &Params,
    state: &mut State,
    weather_params: &forcing::Params,
    weather: &mut forcing::State,
    totals: &mut RunoffTotals,
    statistics: &mut SubcatchmentStatistics,
) -> bool {
    let now = state.new_time;
    if now >= params.end {
        return false;
    }
    weather.set_climate(weather_params, now);
    weather.set_rain(weather_params, now);
    let wet = weather.gauges.is_raining() || state.has_runoff;
    let seconds = step_length(params, weather_params, weather, wet, now);

    let last_step = now.seconds_since(state.old_time);
    state.old_time = now;
    state.new_time = DateTime(now.0.saturating_add(seconds * 1000)).min(params.end);
    let step = state.new_time.seconds_since(now);
    weather.gauges.remember(step as u32);

    state.old_runoff.copy_from_slice(&state.new_runoff);
    totals.runon += gather_runon(params, state, last_step);

    let conditions = Weather {
        step,
        month: calendar(now).month() as usize - 1,
        evaporation: weather.evaporation.rate(),
        dry_evaporation_only: weather_params.dry_evaporation_only,
        conductivity_factor: weather.conductivity_factor,
        recovery_factor: weather.recovery_factor,
    };
    state.has_runoff = false;
    let mut system_runoff = 0.0;
    for (j, (land, surface)) in params.lands.iter().zip(&mut state.surfaces).enumerate() {
        if land.area == 0.0 {
            continue;
        }
        let rain = land.gauge.map_or(0.0, |gauge| weather.gauges.rain(gauge));
        let volumes = subcatchment::step(land, surface, &conditions, rain, state.runon[j]);
        let outflow = volumes.outflow / step;
        state.new_runoff[j] = outflow;
        state.evaporation[j] = volumes.evaporation / step / land.area;
        state.infiltration[j] = volumes.infiltration / step / land.area;
        state.has_runoff |= volumes.impervious_runoff + volumes.pervious_runoff > 0.0;
        system_runoff += outflow;

        totals.rainfall += volumes.rain;
        totals.evaporation += volumes.evaporation;
        totals.infiltration += volumes.infiltration;
        if land.leaves_the_land {
            totals.runoff += volumes.outflow;
        }
        statistics.rainfall[j] += volumes.rain;
        statistics.runon[j] += volumes.runon;
        statistics.evaporation[j] += volumes.evaporation;
        statistics.infiltration[j] += volumes.infiltration;
        statistics.impervious_runoff[j] += volumes.impervious_runoff;
        statistics.pervious_runoff[j] += volumes.pervious_runoff;
        statistics.runoff[j] += volumes.outflow;
        statistics.peak_runoff[j] = statistics.peak_runoff[j].max(outflow);
    }
    statistics.peak_system_runoff = statistics.peak_system_runoff.max(system_runoff);
    true
}

/// Length of the step that begins `now`, s: the wet or the dry step, cut at the next change of
/// evaporation or rain.
fn step_length(
    params: &Params,
    weather_params: &forcing::Params,
    weather: &forcing::State,
    wet: bool,
    now: DateTime,
) -> i64 {
    let to_evaporation = whole_seconds(calendar(now), weather.evaporation.next_change());
    let to_rain = weather.gauges.seconds_to_change(&weather_params.gauges, now);
    let to_change = to_rain.into_iter().chain((to_evaporation > 0).then_some(to_evaporation)).min();
    let longest = to_change.map_or(params.dry_step, |seconds| seconds.min(params.dry_step));
    let step = if wet { params.wet_step } else { params.dry_step };
    step.min(longest)
}

/// Gathers what runs onto each subcatchment from outfalls and from other subcatchments, as rates by
/// area; the volume that came from outfalls, m³. `last_step` is the length of the step before, s.
fn gather_runon(params: &Params, state: &mut State, last_step: f64) -> f64 {
    state.runon.fill(0.0);
    let mut from_outfalls = 0.0;
    if last_step > 0.0 {
        for (j, volume) in state.runon_from_outfalls.iter_mut().enumerate() {
            let area = params.lands[j].area;
            if *volume != 0.0 && area > 0.0 {
                state.runon[j] += *volume / last_step / area;
                from_outfalls += *volume;
                *volume = 0.0;
            }
        }
    }
    for &(from, to) in &params.cascades {
        state.runon[to] += state.old_runoff[from] / params.lands[to].area;
    }
    from_outfalls
}

/// Reported values of every subcatchment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// Rain, m/s.
    pub rainfall: Vec<f64>,
    /// Evaporation, m/s.
    pub evaporation: Vec<f64>,
    /// Infiltration, m/s.
    pub infiltration: Vec<f64>,
    /// Runoff, m³/s.
    pub runoff: Vec<f64>,
}

/// Reported values of the whole land.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Means {
    /// Mean rain by area, m/s.
    pub rainfall: f64,
    /// Mean evaporation by area, m/s.
    pub evaporation: f64,
    /// Mean infiltration by area, m/s.
    pub infiltration: f64,
    /// Sum of runoff, m³/s.
    pub runoff: f64,
    /// Potential evaporation, m/s.
    pub potential_evaporation: f64,
}

/// Fills the reported values at an instant and returns those of the whole land.
///
/// Rain is that of the record at the instant; runoff is interpolated in the current step, and none
/// where it is negligible; evaporation and infiltration are those of the current step.
pub fn report(
    params: &Params,
    state: &State,
    weather_params: &forcing::Params,
    weather: &forcing::State,
    at: DateTime,
    columns: &mut Columns,
) -> Means {
    let fraction = state.fraction(at);
    let gauges = weather.gauges.reported(&weather_params.gauges, at);
    columns.evaporation.clone_from(&state.evaporation);
    columns.infiltration.clone_from(&state.infiltration);
    columns.rainfall.clear();
    columns.runoff.clear();
    let mut means = Means { potential_evaporation: weather.evaporation.rate(), ..Means::default() };
    for (j, land) in params.lands.iter().enumerate() {
        let rain = land.gauge.and_then(|gauge| gauges.get(gauge.index())).copied().unwrap_or(0.0);
        let runoff = state.runoff(SubcatchmentId::new(j), fraction);
        let runoff = if runoff < LEAST_RUNOFF * land.area { 0.0 } else { runoff };
        columns.rainfall.push(rain);
        columns.runoff.push(runoff);
        means.rainfall += rain * land.area;
        means.evaporation += state.evaporation[j] * land.area;
        means.infiltration += state.infiltration[j] * land.area;
        means.runoff += runoff;
    }
    if params.total_area > 0.0 {
        means.rainfall /= params.total_area;
        means.evaporation /= params.total_area;
        means.infiltration /= params.total_area;
    }
    means
}

#[cfg(test)]
mod tests;
