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

/// Moves every link towards the setting that is asked of it, over a step (s) that begins `now`;
/// returns how many moved. Gates move at their speed, all else is there at once.
pub fn apply(params: &Params, state: &mut State, now: DateTime, step: f64) -> usize {
    let mut moved = 0;
    for i in 0..params.slots.len() {
        let (setting, target) = (state.links.setting[i], state.links.target[i]);
        if setting == target {
            continue;
        }
        // one of them is zero: the link goes on or off
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::link::{Conduit, Link, LinkKind, Orifice, Pump, PumpKind};
    use crate::model::node::{Node, NodeKind};
    use crate::model::section::Shape;
    use crate::model::{LinkId, Model};

    const STEP: f64 = 15.0;

    /// Links between two junctions, all with their settings at 1.
    fn network(kinds: impl IntoIterator<Item = LinkKind>) -> (Params, State) {
        let mut model = Model::default();
        let nodes = [("up", 1.0), ("down", 0.0)]
            .map(|(name, invert)| model.nodes.insert(name, Node::new(NodeKind::Junction, invert, 3.0)));
        let [Some(from), Some(to)] = nodes else { panic!("two names") };
        for (i, kind) in kinds.into_iter().enumerate() {
            model.links.insert(format!("{i}"), Link::new(kind, from, to));
        }
        let params = Params::compile(&model).expect("a model that compiles");
        let state = State::new(&model, &params);
        (params, state)
    }

    fn gate(gate_time: f64) -> LinkKind {
        let shape = Shape::Circular { diameter: 1.0 };
        LinkKind::Orifice(Orifice { bottom: false, shape, coefficient: 0.6, gate_time })
    }

    fn pipe() -> LinkKind {
        LinkKind::Conduit(Conduit::new(100.0, 0.013, Shape::Circular { diameter: 1.0 }))
    }

    #[test]
    fn a_gate_that_needs_a_minute_moves_by_a_quarter_in_a_quarter_of_it() {
        let (params, mut state) = network([gate(60.0)]);
        state.links.target[0] = 0.0;
        for expected in [0.75, 0.5, 0.25, 0.0] {
            assert_eq!(apply(&params, &mut state, DateTime::default(), STEP), 1);
            assert_eq!(state.links.setting[0], expected);
            assert_eq!(state.dynamic.regulators[0].setting, expected, "the solver sees what reports see");
        }
        assert_eq!(apply(&params, &mut state, DateTime::default(), STEP), 0, "it has arrived");
    }

    #[test]
    fn a_gate_without_a_speed_and_a_conduit_shut_at_once() {
        let (params, mut state) = network([gate(0.0), pipe()]);
        state.links.target = vec![0.0, 0.0];
        assert_eq!(apply(&params, &mut state, DateTime::default(), STEP), 2);
        assert_eq!(state.links.setting, [0.0, 0.0]);
        assert!(state.dynamic.conduits[0].closed);
        state.links.target[1] = 1.0;
        assert_eq!(apply(&params, &mut state, DateTime::default(), STEP), 1);
        assert!(!state.dynamic.conduits[0].closed);
    }

    #[test]
    fn only_a_setting_from_or_to_zero_switches_a_link() {
        let (params, mut state) = network([gate(0.0)]);
        let at = |seconds| DateTime::default().plus_seconds(seconds);
        state.links.target[0] = 0.5;
        apply(&params, &mut state, at(15.0), STEP);
        assert_eq!(state.links.switched[0], None);
        for (target, seconds) in [(0.0, 30.0), (1.0, 45.0)] {
            state.links.target[0] = target;
            apply(&params, &mut state, at(seconds), STEP);
            assert_eq!(state.links.switched[0], Some(at(seconds)));
        }
    }

    #[test]
    fn a_pump_stops_below_its_lower_depth_and_starts_above_its_upper_one() {
        let pump = Pump { kind: PumpKind::Ideal, initially_on: true, startup_depth: 1.0, shutoff_depth: 0.5 };
        // the conduit stands first in the solver, whatever the order of the file
        let (params, mut state) = network([LinkKind::Pump(pump), pipe()]);
        let inlet = 0;
        for (depth, expected) in [(0.7, 1.0), (0.4, 0.0), (0.7, 0.0), (1.2, 1.0)] {
            state.nodes.depth[inlet] = depth;
            ask_by_depth(&params, &mut state);
            assert_eq!(state.links.target, [expected, 1.0], "at {depth} m");
            apply(&params, &mut state, DateTime::default(), STEP);
        }
        assert_eq!(params.links, [LinkId(1), LinkId(0)]);
    }
}
