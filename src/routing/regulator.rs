//! Pumps, orifices, weirs, outlets and dummy conduits: links whose flow follows from the heads at
//! once, without inertia.

use serde::{Deserialize, Serialize};

use crate::model::link::LinkKind;
use crate::model::{LinkId, Model};
use crate::statistics::link::FlowClass;
use crate::units::CUBIC_FOOT;

use super::conduit_flow::LinkTerms;
use super::node_depth::{Node, NodeState};
use super::orifice::{OrificeOpening, OrificeParams};
use super::outlet::OutletParams;
use super::pump::{PumpInlet, PumpLaw, PumpParams};
use super::structure::{Ends, LinkFlow};
use super::weir::{WeirOpening, WeirParams};

/// A flow that changes its direction from one trial to the next stops here first: SWMM's
/// 0.001 ft³/s, in m³/s.
const REVERSAL_FLOW: f64 = 0.001 * CUBIC_FOOT;

/// The law that a regulator obeys.
#[derive(Clone, Debug)]
pub enum Law {
    /// A conduit without geometry passes on what its node gets, up to a limit (0 for none), m³/s.
    Dummy(f64),
    /// A pump.
    Pump(PumpParams),
    /// An orifice.
    Orifice(OrificeParams),
    /// A weir.
    Weir(WeirParams),
    /// An outlet.
    Outlet(OutletParams),
}

/// A regulator, compiled.
#[derive(Clone, Debug)]
pub struct Regulator {
    /// Its law.
    pub law: Law,
    /// Invert of the upstream and the downstream node, m.
    pub node_invert: [f64; 2],
}

/// What follows from a regulator's setting, found once when it changes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Opening {
    /// Nothing: the law takes the setting itself.
    BySetting,
    /// The open part of an orifice.
    Orifice(OrificeOpening),
    /// The open part of a weir.
    Weir(WeirOpening),
}

/// The state of a regulator.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct State {
    /// Setting: 1 is open, on or full speed.
    pub setting: f64,
    opening: Opening,
    /// What passes it.
    pub passing: LinkFlow,
    /// Flow after relaxation and limits, m³/s.
    pub flow: f64,
}

/// The two nodes of a regulator in one trial.
pub struct Nodes<'a> {
    /// Depths, m.
    pub depth: [f64; 2],
    /// States; their sums hold what earlier links gave.
    pub state: [&'a NodeState; 2],
    /// What they are.
    pub params: [&'a Node; 2],
    /// Step, s.
    pub dt: f64,
    /// Whether it is the first trial.
    pub first_trial: bool,
}

impl Regulator {
    /// Compiles a link that is no conduit with a section; `None` where the check should have
    /// refused its opening.
    pub fn new(model: &Model, id: LinkId) -> Option<Self> {
        let link = &model.links[id];
        let law = match &link.kind {
            LinkKind::Conduit(c) => Law::Dummy(c.max_flow),
            LinkKind::Pump(_) => Law::Pump(PumpParams::compile(model, id)?),
            LinkKind::Orifice(_) => Law::Orifice(OrificeParams::compile(model, id)?),
            LinkKind::Weir(_) => Law::Weir(WeirParams::compile(model, id)?),
            LinkKind::Outlet(_) => Law::Outlet(OutletParams::compile(model, id)?),
        };
        let node_invert = [link.from, link.to].map(|n| model.nodes[n].invert);
        Some(Self { law, node_invert })
    }

    /// Its state at a setting.
    pub fn state(&self, setting: f64) -> State {
        let mut state =
            State { setting, opening: Opening::BySetting, passing: LinkFlow::default(), flow: 0.0 };
        self.set(&mut state, setting);
        state
    }

    /// Opens or closes it.
    pub fn set(&self, state: &mut State, setting: f64) {
        state.setting = setting;
        state.opening = match &self.law {
            Law::Orifice(orifice) => Opening::Orifice(orifice.opening_at(setting)),
            Law::Weir(weir) => Opening::Weir(weir.opening_at(setting)),
            Law::Dummy(_) | Law::Pump(_) | Law::Outlet(_) => Opening::BySetting,
        };
    }

    /// The setting that it reaches within a step (s) on its way to a target.
    pub fn next_setting(&self, setting: f64, target: f64, step: f64) -> f64 {
        match &self.law {
            Law::Orifice(orifice) => orifice.next_setting(setting, target, step),
            _ => target,
        }
    }

    /// Whether its flow answers to the head downstream (that of a pump by inlet depth does not).
    pub fn feels_downstream_head(&self) -> bool {
        !matches!(&self.law, Law::Pump(PumpParams { law: PumpLaw::Depth(_), .. }))
    }

    /// Its flow in one trial, under-relaxed after the first (pumps are not).
    pub fn update(&self, s: &mut State, nodes: &Nodes) -> LinkTerms {
        let up = nodes.state[0];
        let ends = Ends {
            invert_up: self.node_invert[0],
            invert_down: self.node_invert[1],
            depth_up: nodes.depth[0],
            depth_down: nodes.depth[1],
            volume_up: up.volume,
            inflow_up: up.inflow + up.overflow,
        };
        let last = s.passing;
        s.passing = match (&self.law, &s.opening) {
            (Law::Pump(pump), _) => pump.flow(s.setting, &ends, last),
            (Law::Orifice(orifice), Opening::Orifice(opening)) => orifice.flow(opening, &ends, last),
            (Law::Weir(weir), Opening::Weir(opening)) => weir.flow(opening, &ends, last),
            (Law::Outlet(outlet), _) => outlet.flow(s.setting, &ends, last),
            (Law::Dummy(limit), _) if s.setting != 0.0 => {
                let flow = if *limit > 0.0 { ends.inflow_up.min(*limit) } else { ends.inflow_up };
                LinkFlow { flow, ..last }
            }
            _ => last.shut(),
        };
        let mut flow = s.passing.flow;
        if let Law::Pump(pump) = &self.law {
            let inlet = PumpInlet {
                is_storage: nodes.params[0].storage,
                full_volume: nodes.params[0].full_volume,
                surface_area: up.surface,
                inflow: up.inflow,
                outflow: up.outflow,
                old_volume: up.old_volume,
                old_depth: up.old_depth,
                old_net_inflow: up.old_net_inflow,
            };
            flow = pump.limited_flow(flow, &inlet, nodes.dt);
        } else if !nodes.first_trial {
            flow = 0.5 * s.flow + 0.5 * flow;
            if flow * s.flow < 0.0 {
                flow = REVERSAL_FLOW.copysign(flow);
            }
        }
        let mut surface = [0.0; 2];
        if matches!(self.law, Law::Orifice(_)) {
            let class = s.passing.flow_class;
            if class != FlowClass::UpstreamCritical && !nodes.params[0].storage {
                surface[0] = 0.5 * s.passing.surface_area;
            }
            if class != FlowClass::DownstreamCritical && !nodes.params[1].storage {
                surface[1] = 0.5 * s.passing.surface_area;
            }
        }
        s.flow = flow;
        LinkTerms { flow, surface, flow_by_head: s.passing.dq_dh, loss: [0.0; 2] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A conduit without geometry that passes at most so much, m³/s; 0 for no limit.
    fn dummy(limit: f64) -> Regulator {
        Regulator { law: Law::Dummy(limit), node_invert: [1.0, 0.0] }
    }

    /// A regulator's flow when its inlet gets 1.5 m³/s from other links and floods with 0.25 m³/s.
    fn flow(regulator: &Regulator, state: &mut State, first_trial: bool) -> f64 {
        let inlet = NodeState { inflow: 1.5, overflow: 0.25, ..NodeState::default() };
        let nodes = Nodes {
            depth: [0.5; 2],
            state: [&inlet, &NodeState::default()],
            params: [&Node::default(), &Node::default()],
            dt: 10.0,
            first_trial,
        };
        regulator.update(state, &nodes).flow
    }

    #[test]
    fn a_conduit_without_geometry_passes_on_what_its_node_gets_up_to_its_limit() {
        for (limit, expected) in [(0.0, 1.75), (2.0, 1.75), (1.0, 1.0)] {
            let conduit = dummy(limit);
            assert_eq!(flow(&conduit, &mut conduit.state(1.0), true), expected);
            assert_eq!(flow(&conduit, &mut conduit.state(0.0), true), 0.0, "shut");
        }
    }

    #[test]
    fn later_trials_go_half_the_way_and_stop_just_beyond_zero() {
        let conduit = dummy(0.0);
        let mut state = conduit.state(1.0);
        state.flow = 0.75;
        assert_eq!(flow(&conduit, &mut state, false), 1.25, "between 0.75 and 1.75");
        state.flow = -1.0;
        assert_eq!(flow(&conduit, &mut state, false), REVERSAL_FLOW, "not 0.375 at once");
    }
}
