//! Pumps, orifices, weirs, outlets and dummy conduits: links whose flow follows from the heads at
//! once, without inertia.

use crate::model::link::{Link, LinkKind, PumpKind};
use crate::model::section::geometry::CrossSection;
use crate::model::{LinkId, Model};
use crate::statistics::link::FlowClass;
use crate::units::CUBIC_FOOT;

use super::conduit_flow::LinkTerms;
use super::node_depth::{Node, NodeState};
use super::orifice::Orifice;
use super::outlet::Outlet;
use super::pump::Pump;
use super::structure::{self, LinkFlow};
use super::weir::Weir;

/// Flow through zero stops here for one trial: 0.001 ft³/s, in m³/s.
const REVERSAL_FLOW: f64 = 0.001 * CUBIC_FOOT;

/// The law that a regulator obeys.
#[derive(Clone, Debug)]
pub enum Law {
    /// A conduit without geometry passes on what its node gets, up to a limit (0 for none), m³/s.
    Dummy(f64),
    /// A pump.
    Pump(Pump),
    /// An orifice.
    Orifice(Orifice),
    /// A weir.
    Weir(Weir),
    /// An outlet.
    Outlet(Outlet),
}

/// A regulator, compiled.
#[derive(Clone, Debug)]
pub struct Regulator {
    /// Its law.
    pub law: Law,
    /// Invert of the upstream and the downstream node, m.
    pub node_invert: [f64; 2],
    /// Flow that a pump gives no matter what its node holds is limited by volume (type 1) or by
    /// inflow (types 2 to 4).
    pump_limit: PumpLimit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PumpLimit {
    None,
    Volume,
    Inflow,
}

/// The state of a regulator.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// Setting: 1 is open, on or full speed.
    pub setting: f64,
    /// What passes it.
    pub passing: LinkFlow,
    /// Flow after relaxation and limits, m³/s.
    pub flow: f64,
}

impl Default for State {
    fn default() -> Self {
        Self { setting: 1.0, passing: LinkFlow::default(), flow: 0.0 }
    }
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
    /// Compiles a link that is no conduit with a section.
    pub fn new(model: &Model, id: LinkId, link: &Link, section: Option<&CrossSection>) -> Self {
        let law = match &link.kind {
            LinkKind::Conduit(c) => Law::Dummy(c.max_flow),
            LinkKind::Pump(pump) => Law::Pump(Pump::compile(pump, model)),
            LinkKind::Orifice(orifice) => Law::Orifice(Orifice::compile(orifice, id, section, model)),
            LinkKind::Weir(weir) => Law::Weir(Weir::compile(weir, id, section, model)),
            LinkKind::Outlet(outlet) => Law::Outlet(Outlet::compile(outlet, id, model)),
        };
        let pump_limit = match &link.kind {
            LinkKind::Pump(_) if model.nodes[link.from].is_storage() => PumpLimit::Volume,
            LinkKind::Pump(pump) => match pump.kind {
                PumpKind::Type1(_) => PumpLimit::Volume,
                PumpKind::Type2(_) | PumpKind::Type3(_) | PumpKind::Type4(_) => PumpLimit::Inflow,
                PumpKind::Type5(_) | PumpKind::Ideal => PumpLimit::None,
            },
            _ => PumpLimit::None,
        };
        let node_invert = [link.from, link.to].map(|n| model.nodes[n].invert);
        Self { law, node_invert, pump_limit }
    }

    /// Whether its flow answers to the head downstream (a type 4 pump's does not).
    pub fn feels_downstream_head(&self) -> bool {
        !matches!(&self.law, Law::Pump(pump) if pump.is_by_inlet_depth())
    }

    /// Its flow in one trial, under-relaxed after the first (pumps are not).
    pub fn update(&self, s: &mut State, nodes: &Nodes) -> LinkTerms {
        let up = nodes.state[0];
        let ends = structure::Ends {
            invert_up: self.node_invert[0],
            invert_down: self.node_invert[1],
            depth_up: nodes.depth[0],
            depth_down: nodes.depth[1],
            volume_up: up.volume,
            inflow_up: up.inflow + up.overflow,
        };
        let is_pump = matches!(self.law, Law::Pump(_));
        s.passing = if s.setting == 0.0 {
            s.passing.shut()
        } else {
            match &self.law {
                Law::Dummy(limit) => {
                    let flow = if *limit > 0.0 { ends.inflow_up.min(*limit) } else { ends.inflow_up };
                    LinkFlow { flow, ..s.passing }
                }
                Law::Pump(pump) => pump.flow(&ends, s.setting),
                Law::Orifice(orifice) => orifice.flow(&ends, s.setting),
                Law::Weir(weir) => weir.flow(&ends, s.setting),
                Law::Outlet(outlet) => outlet.flow(&ends, s.setting),
            }
        };
        let mut flow = s.passing.flow;
        if is_pump {
            flow = self.limit_pump(flow, nodes);
        }
        let mut surface = [0.5 * s.passing.surface_area; 2];
        if s.passing.flow_class == FlowClass::UpstreamCritical || nodes.params[0].storage {
            surface[0] = 0.0;
        }
        if s.passing.flow_class == FlowClass::DownstreamCritical || nodes.params[1].storage {
            surface[1] = 0.0;
        }
        if !nodes.first_trial && !is_pump {
            flow = 0.5 * s.flow + 0.5 * flow;
            if flow * s.flow < 0.0 {
                flow = REVERSAL_FLOW.copysign(flow);
            }
        }
        s.flow = flow;
        LinkTerms { flow, surface, flow_by_head: s.passing.dq_dh, loss: 0.0 }
    }

    /// A pump takes no more than there is.
    fn limit_pump(&self, flow: f64, nodes: &Nodes) -> f64 {
        if flow == 0.0 {
            return 0.0;
        }
        let (node, up) = (nodes.params[0], nodes.state[0]);
        match self.pump_limit {
            PumpLimit::None => flow,
            PumpLimit::Volume => {
                let most = up.inflow + up.old_volume / nodes.dt;
                if node.full_volume > 0.0 { flow.min(most).max(0.0) } else { flow.max(0.0) }
            }
            PumpLimit::Inflow => {
                let net = up.inflow - up.outflow - flow;
                let gain = 0.5 * (up.old_net_inflow + net) * nodes.dt;
                if up.old_depth + gain / up.surface <= 0.0 { up.inflow } else { flow }
            }
        }
    }
}
