//! Settings of pumps, gates and other links: who asks for them, and how they are reached.

use crate::clock::DateTime;
use crate::num::index::Id;

use super::params::{Params, Slot};
use super::regulator::Law;
use super::state::State;

/// Lets pumps start and stop by the depth at their inlet. Called before control rules have their
/// say.
pub fn ask_by_depth(params: &Params, state: &mut State) {
    let first = params.network.conduits.len();
    for (place, regulator) in params.network.regulators.iter().enumerate() {
        if let Law::Pump(pump) = &regulator.law {
            let i = params.links[first + place].index();
            let inlet = params.network.ends[first + place][0] as usize;
            state.links.target[i] = pump.target_setting(state.links.setting[i], state.nodes.depth[inlet]);
        }
    }
}

/// Moves every link towards the setting that is asked of it, over a step (s); returns how many
/// moved.
pub fn apply(params: &Params, state: &mut State, now: DateTime, step: f64) -> usize {
    let mut moved = 0;
    for i in 0..params.slots.len() {
        let (setting, target) = (state.links.setting[i], state.links.target[i]);
        if setting == target {
            continue;
        }
        if setting * target == 0.0 {
            state.links.switched[i] = Some(now);
        }
        state.links.setting[i] = match params.slots[i] {
            Slot::Conduit(slot) => {
                state.dynamic.conduits[slot].closed = target == 0.0;
                target
            }
            Slot::Regulator(place) => {
                let regulator = &params.network.regulators[place];
                let reached = regulator.next_setting(setting, target, step);
                regulator.set(&mut state.dynamic.regulators[place], reached);
                reached
            }
        };
        moved += 1;
    }
    moved
}
