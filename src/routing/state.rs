//! The state of the network in one run, as columns in the order of the model's tables.

use serde::{Deserialize, Serialize};

use crate::clock::DateTime;
use crate::model::link::LinkKind;
use crate::model::{Model, NodeId};
use crate::num::index::Id;
use crate::statistics::link::{FlowClass, FullState};

use super::conduit_flow::ConduitState;
use super::dynamic;
use super::exchange::Points;
use super::params::{Params, Slot};
use super::seepage::SeepageState;
use super::storage::StorageLosses;

/// Nodes; `old` is the value at the start of the last routed step.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NodeColumns {
    /// Depth, m.
    pub depth: Vec<f64>,
    /// Depth before, m.
    pub old_depth: Vec<f64>,
    /// Volume, m³.
    pub volume: Vec<f64>,
    /// Volume before, m³.
    pub old_volume: Vec<f64>,
    /// Total inflow, m³/s.
    pub inflow: Vec<f64>,
    /// Total inflow before, m³/s.
    pub old_inflow: Vec<f64>,
    /// Total outflow, m³/s.
    pub outflow: Vec<f64>,
    /// Flooding, m³/s.
    pub overflow: Vec<f64>,
    /// Lateral inflow, m³/s.
    pub lateral: Vec<f64>,
    /// Lateral inflow before, m³/s.
    pub old_lateral: Vec<f64>,
    /// Evaporation and seepage, m³/s.
    pub losses: Vec<f64>,
}

/// Links; `old` is the value at the start of the last routed step. Flows are positive from the
/// upstream to the downstream node of the checked model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LinkColumns {
    /// Flow, m³/s.
    pub flow: Vec<f64>,
    /// Flow before, m³/s.
    pub old_flow: Vec<f64>,
    /// Depth, m.
    pub depth: Vec<f64>,
    /// Depth before, m.
    pub old_depth: Vec<f64>,
    /// Volume, m³.
    pub volume: Vec<f64>,
    /// Volume before, m³.
    pub old_volume: Vec<f64>,
    /// Setting of a control: 1 is open, on or full speed.
    pub setting: Vec<f64>,
    /// Setting that a control asks for.
    pub target: Vec<f64>,
    /// When the setting last went from or to zero, if it ever did.
    pub switched: Vec<Option<DateTime>>,
    /// Flow class.
    pub class: Vec<FlowClass>,
    /// Flow area of one barrel at mid-length, m².
    pub area: Vec<f64>,
    /// Which ends are full.
    pub full: Vec<FullState>,
    /// Whether full upstream with a hydraulic gradient steeper than its slope.
    pub capacity_limited: Vec<bool>,
    /// Whether limited to normal flow.
    pub normal_flow: Vec<bool>,
    /// Whether its inlet controls it.
    pub inlet_control: Vec<bool>,
}

/// The state of the network.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// Nodes.
    pub nodes: NodeColumns,
    /// Links.
    pub links: LinkColumns,
    /// Water lost from each storage unit, in the order of `Params::network.storages`.
    pub storage_losses: Vec<StorageLosses>,
    /// Soil under each storage unit.
    pub seepage: Vec<Option<SeepageState>>,
    /// The solver's own state.
    pub dynamic: dynamic::State,
}

impl State {
    /// The state at the start of a run: initial depths and flows as EPA sets them.
    pub fn new(model: &Model, params: &Params) -> Self {
        let mut state = Self {
            nodes: NodeColumns::new(model.nodes.len()),
            links: LinkColumns::new(model),
            storage_losses: vec![StorageLosses::default(); params.network.storages.len()],
            seepage: params.seepage.iter().map(|s| s.as_ref().map(|s| s.initial_state())).collect(),
            dynamic: dynamic::State::new(&params.network),
        };
        state.set_initial_flows(model, params);
        state.set_initial_depths(model, params);
        state.set_initial_volumes(model, params);
        state
    }

    /// Links start with the flow that the file gives, at its normal depth.
    fn set_initial_flows(&mut self, model: &Model, params: &Params) {
        for (id, link) in model.links.iter() {
            let i = id.index();
            if let (LinkKind::Conduit(conduit), Slot::Conduit(slot)) = (&link.kind, params.slots[i]) {
                let c = &params.network.conduits[slot];
                self.links.flow[i] = conduit.initial_flow;
                self.links.depth[i] = c.normal_depth(conduit.initial_flow / c.barrels);
            }
            if let LinkKind::Pump(pump) = &link.kind {
                let on = if pump.initially_on { 1.0 } else { 0.0 };
                self.links.setting[i] = on;
                self.links.target[i] = on;
                if let Slot::Regulator(place) = params.slots[i] {
                    params.network.regulators[place].set(&mut self.dynamic.regulators[place], on);
                }
            }
        }
    }

    /// Junctions without an initial depth start at the mean depth of their links, links without an
    /// initial flow at the mean depth of their nodes; outfalls at their boundary.
    fn set_initial_depths(&mut self, model: &Model, params: &Params) {
        let mut sum = vec![(0.0, 0.0); model.nodes.len()];
        for (id, link) in model.links.iter() {
            let depth = self.links.depth[id.index()];
            let depth = if depth > crate::units::TINY_DEPTH { depth + link.inlet_offset } else { 0.0 };
            for node in [link.from, link.to] {
                sum[node.index()].0 += depth;
                sum[node.index()].1 += 1.0;
            }
        }
        for (id, node) in model.nodes.iter() {
            let i = id.index();
            self.nodes.depth[i] = node.initial_depth;
            let given = node.initial_depth > 0.0 || node.is_outfall() || node.is_storage();
            if !given && sum[i].1 > 0.0 {
                self.nodes.depth[i] = sum[i].0 / sum[i].1;
            }
        }
        for outfall in &params.network.outfalls {
            let (normal, critical) = match outfall.conduit {
                Some(slot) => {
                    let c = &params.network.conduits[slot];
                    let flow = self.links.flow[params.links[slot].index()] / c.barrels;
                    (c.normal_depth(flow), c.critical_depth(flow))
                }
                None => (0.0, 0.0),
            };
            let stage = outfall.params.stage(model.options.start);
            self.nodes.depth[outfall.node] = outfall.params.depth(stage, normal, critical, outfall.offset);
        }
        for (id, link) in model.links.iter() {
            let i = id.index();
            let LinkKind::Conduit(conduit) = &link.kind else { continue };
            if conduit.initial_flow != 0.0 {
                continue;
            }
            let full = params.full_depth[i];
            let at = |node: NodeId, offset: f64| (self.nodes.depth[node.index()] - offset).max(0.0).min(full);
            let mean = 0.5 * (at(link.from, link.inlet_offset) + at(link.to, link.outlet_offset));
            self.links.depth[i] = mean.max(crate::units::TINY_DEPTH);
        }
    }

    fn set_initial_volumes(&mut self, model: &Model, params: &Params) {
        for (id, node) in model.nodes.iter() {
            let i = id.index();
            let depth = self.nodes.depth[i];
            let n = &params.network.nodes[i];
            self.nodes.volume[i] = if n.shaft > 0.0 {
                n.open_volume(depth, |y| params.network.volume(i, y))
            } else if n.can_pond && depth > n.full_depth {
                n.full_volume + (depth - n.full_depth) * node.ponded_area
            } else {
                params.network.volume(i, depth)
            };
        }
        for (slot, c) in params.network.conduits.iter().enumerate() {
            let i = params.links[slot].index();
            let area = c.section.area(self.links.depth[i]);
            let flow = self.links.flow[i] / c.barrels;
            self.links.volume[i] = area * c.length * c.barrels;
            self.dynamic.conduits[slot] = ConduitState {
                flow,
                old_flow: flow,
                area,
                old_area: area,
                depth: self.links.depth[i],
                old_depth: self.links.depth[i],
                volume: self.links.volume[i],
                ..ConduitState::default()
            };
        }
        for (slot, id) in params.links.iter().enumerate() {
            let flow = self.links.flow[id.index()];
            self.dynamic.terms[slot].flow = flow;
            let [up, down] = params.network.ends[slot].map(|n| n as usize);
            let (outward, inward) = if flow >= 0.0 { (up, down) } else { (down, up) };
            self.nodes.outflow[outward] += flow.abs();
            self.nodes.inflow[inward] += flow.abs();
        }
        for (i, s) in self.dynamic.nodes.iter_mut().enumerate() {
            s.volume = self.nodes.volume[i];
        }
        self.dynamic.depth.clone_from(&self.nodes.depth);
        self.nodes.old_depth.clone_from(&self.nodes.depth);
        self.nodes.old_volume.clone_from(&self.nodes.volume);
        self.links.old_flow.clone_from(&self.links.flow);
        self.links.old_depth.clone_from(&self.links.depth);
        self.links.old_volume.clone_from(&self.links.volume);
    }

    /// What was found becomes what was.
    pub(super) fn keep_old(&mut self) {
        let (nodes, links) = (&mut self.nodes, &mut self.links);
        for (s, ((&depth, &volume), (&inflow, &outflow))) in self
            .dynamic
            .nodes
            .iter_mut()
            .zip(nodes.depth.iter().zip(&nodes.volume).zip(nodes.inflow.iter().zip(&nodes.outflow)))
        {
            s.old_depth = depth;
            s.old_volume = volume;
            s.old_net_inflow = inflow - outflow - s.from_street;
        }
        for s in &mut self.dynamic.conduits {
            s.old_flow = s.flow;
            s.old_depth = s.depth;
            s.old_area = s.area;
        }
        // what becomes new is written whole by `publish`
        std::mem::swap(&mut nodes.old_depth, &mut nodes.depth);
        std::mem::swap(&mut nodes.old_volume, &mut nodes.volume);
        std::mem::swap(&mut nodes.old_inflow, &mut nodes.inflow);
        std::mem::swap(&mut links.old_flow, &mut links.flow);
        std::mem::swap(&mut links.old_depth, &mut links.depth);
        std::mem::swap(&mut links.old_volume, &mut links.volume);
    }

    /// What went up to the street is flooding; what came down is inflow, and remembered, since it holds for its step
    /// alone.
    pub(super) fn part_from_street(&mut self, street: &Points) {
        for (i, s) in self.dynamic.nodes.iter_mut().enumerate() {
            if street.at(i).is_empty() {
                continue;
            }
            let flow = street.rate(i, s.asked).flow;
            s.from_street = (-flow).max(0.0);
            self.nodes.inflow[i] += s.from_street;
            self.nodes.overflow[i] = flow.max(0.0);
        }
    }

    /// Brings what the solver found into the columns.
    pub(super) fn publish(&mut self, params: &Params) {
        let network = &params.network;
        self.nodes.depth.copy_from_slice(&self.dynamic.depth);
        for (i, s) in self.dynamic.nodes.iter().enumerate() {
            self.nodes.volume[i] = s.volume;
            self.nodes.inflow[i] = s.inflow;
            self.nodes.outflow[i] = s.outflow;
            self.nodes.overflow[i] = s.overflow;
        }
        let links = &mut self.links;
        for (slot, (c, s)) in network.conduits.iter().zip(&self.dynamic.conduits).enumerate() {
            let i = params.links[slot].index();
            links.flow[i] = self.dynamic.terms[slot].flow;
            links.depth[i] = s.depth;
            links.volume[i] = s.volume;
            links.area[i] = s.area.min(c.section.full_area);
            links.class[i] = s.class;
            links.full[i] = s.full;
            links.normal_flow[i] = s.normal_flow_limited;
            links.inlet_control[i] = s.inlet_controlled;
            links.capacity_limited[i] = s.area >= c.section.full_area && {
                let head =
                    [0, 1].map(|end| self.nodes.depth[network.ends[slot][end] as usize] + c.node_invert[end]);
                head[0] - head[1] > c.full_drop
            };
        }
        let first = network.conduits.len();
        for (place, s) in self.dynamic.regulators.iter().enumerate() {
            let i = params.links[first + place].index();
            links.flow[i] = s.flow;
            links.depth[i] = s.passing.depth;
            links.class[i] = s.passing.flow_class;
        }
    }
}

impl NodeColumns {
    fn new(count: usize) -> Self {
        let zero = || vec![0.0; count];
        Self {
            depth: zero(),
            old_depth: zero(),
            volume: zero(),
            old_volume: zero(),
            inflow: zero(),
            old_inflow: zero(),
            outflow: zero(),
            overflow: zero(),
            lateral: zero(),
            old_lateral: zero(),
            losses: zero(),
        }
    }
}

impl LinkColumns {
    fn new(model: &Model) -> Self {
        let count = model.links.len();
        let zero = || vec![0.0; count];
        Self {
            flow: zero(),
            old_flow: zero(),
            depth: zero(),
            old_depth: zero(),
            volume: zero(),
            old_volume: zero(),
            setting: vec![1.0; count],
            target: vec![1.0; count],
            switched: vec![None; count],
            class: vec![FlowClass::Dry; count],
            area: zero(),
            full: vec![FullState::None; count],
            capacity_limited: vec![false; count],
            normal_flow: vec![false; count],
            inlet_control: vec![false; count],
        }
    }
}
