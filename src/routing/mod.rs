//! Water in pipes and rivers: conduits, junctions, structures, controls; the dynamic wave.
//!
//! [`Params`] is compiled once from a checked model, [`State`] belongs to one run, [`step`]
//! advances it by one routing step.

pub mod conduit_flow;
pub mod conduit_loss;
pub mod conduit_params;
pub mod control;
pub mod culvert;
pub mod dynamic;
pub mod exchange;
pub mod flap_gate;
pub mod force_main;
pub mod node_depth;
pub mod orifice;
pub mod outfall;
pub mod outlet;
pub mod params;
pub mod pump;
pub mod regulator;
pub mod roadway;
pub mod seepage;
pub mod setting;
pub mod state;
pub mod storage;
pub mod structure;
pub mod time_step;
pub mod weir;

pub use params::Params;
pub use state::State;

use dynamic::{Forcing, Solution};
use exchange::Points;

/// What the weather does to open water over a step.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    /// Evaporation, m/s.
    pub evaporation: f64,
    /// Monthly factor on the conductivity of soils.
    pub conductivity_factor: f64,
}

/// Routes the water of one step of `dt` seconds. Lateral inflow and losses of the nodes stand in
/// the state; `stages` holds at each outfall (m; `None` where the flow makes its own); `street` says
/// where nodes meet a surface, if there is one.
pub fn step(
    params: &Params,
    state: &mut State,
    stages: &[Option<f64>],
    weather: Weather,
    street: Option<&Points>,
    dt: f64,
) -> Solution {
    state.keep_old();
    let forcing = Forcing {
        dt,
        lateral: &state.nodes.lateral,
        losses: &state.nodes.losses,
        stages,
        evaporation: weather.evaporation,
        conductivity_factor: weather.conductivity_factor,
        street,
    };
    let solution = params.network.step(&mut state.dynamic, &forcing);
    state.publish(params);
    if let Some(street) = street {
        state.part_from_street(street);
    }
    solution
}
