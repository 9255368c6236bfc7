//! Results at one reporting time, found from the state of a run.

use serde::{Deserialize, Serialize};

use crate::model::Model;
use crate::model::link::LinkKind;
use crate::num::index::Id;
use crate::routing::params::Slot;
use crate::routing::{self, Params};
use crate::statistics::link::velocity;

use super::{Frame, LinkColumns, NodeColumns};

/// Where a reporting time lies in the last step: 0 at its start, 1 at its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Between(pub f64);

impl Between {
    fn of(self, old: f64, new: f64) -> f64 {
        (1.0 - self.0) * old + self.0 * new
    }
}

impl NodeColumns {
    /// Columns of zeros.
    pub(super) fn zeros(count: usize) -> Self {
        let zero = || vec![0.0; count];
        Self {
            depth: zero(),
            head: zero(),
            volume: zero(),
            lateral_inflow: zero(),
            total_inflow: zero(),
            flooding: zero(),
        }
    }

    /// Interpolates the state; flooding is that of the step's end, as in SWMM.
    pub(super) fn fill(&mut self, model: &Model, state: &routing::State, at: Between) {
        let nodes = &state.nodes;
        for (id, node) in model.nodes.iter() {
            let i = id.index();
            self.depth[i] = at.of(nodes.old_depth[i], nodes.depth[i]);
            self.head[i] = self.depth[i] + node.invert;
            self.volume[i] = at.of(nodes.old_volume[i], nodes.volume[i]);
            self.lateral_inflow[i] = at.of(nodes.old_lateral[i], nodes.lateral[i]);
            self.total_inflow[i] = at.of(nodes.old_inflow[i], nodes.inflow[i]);
            self.flooding[i] = nodes.overflow[i];
        }
    }
}

impl LinkColumns {
    /// Columns of zeros.
    pub(super) fn zeros(count: usize) -> Self {
        let zero = || vec![0.0; count];
        Self { flow: zero(), depth: zero(), velocity: zero(), volume: zero(), capacity: zero() }
    }

    /// Interpolates the state; velocity and filling follow from the interpolated depth.
    pub(super) fn fill(&mut self, model: &Model, params: &Params, state: &routing::State, at: Between) {
        let links = &state.links;
        for (id, link) in model.links.iter() {
            let i = id.index();
            let depth = at.of(links.old_depth[i], links.depth[i]);
            let (old, new) = (links.old_flow[i], links.flow[i]);
            // a pump is on or off, never between
            let flow = if matches!(link.kind, LinkKind::Pump(_)) && old * new == 0.0 {
                if at.0 >= 0.5 { new } else { old }
            } else {
                at.of(old, new)
            };
            let (speed, capacity) = match params.slots[i] {
                Slot::Conduit(slot) => {
                    let c = &params.network.conduits[slot];
                    let area = c.section.area(depth);
                    (velocity(flow, depth, area, c.barrels), area / c.section.full_area)
                }
                Slot::Regulator(_) if link.conduit().is_some() => (0.0, 0.0),
                Slot::Regulator(_) => (0.0, links.setting[i]),
            };
            self.flow[i] = flow * params.direction[i];
            self.depth[i] = depth;
            self.velocity[i] = speed * params.direction[i];
            self.volume[i] = at.of(links.old_volume[i], links.volume[i]);
            self.capacity[i] = capacity;
        }
    }
}

/// Means over a reporting step, for models that ask for averages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Averages {
    steps: f64,
    nodes: NodeColumns,
    links: LinkColumns,
    now: Frame,
}

impl Averages {
    pub(super) fn new(model: &Model) -> Self {
        let (nodes, links) = (model.nodes.len(), model.links.len());
        Self {
            steps: 0.0,
            nodes: NodeColumns::zeros(nodes),
            links: LinkColumns::zeros(links),
            now: Frame {
                nodes: NodeColumns::zeros(nodes),
                links: LinkColumns::zeros(links),
                ..Frame::default()
            },
        }
    }

    /// Adds the state at the end of a step.
    pub(super) fn add(&mut self, model: &Model, params: &Params, state: &routing::State) {
        self.now.nodes.fill(model, state, Between(1.0));
        self.now.links.fill(model, params, state, Between(1.0));
        for (sum, value) in self.nodes.columns().into_iter().zip(self.now.nodes.columns()) {
            add(sum, value);
        }
        let [flow, depth, velocity, volume, capacity] = self.now.links.columns();
        let sums = self.links.columns();
        for (sum, value) in sums.into_iter().zip([flow, depth, velocity, volume]) {
            add(sum, value);
        }
        for (id, link) in model.links.iter() {
            let i = id.index();
            if link.conduit().is_some() {
                self.links.capacity[i] += capacity[i];
            } else {
                // a setting is not averaged: the last one counts
                self.links.capacity[i] = capacity[i] * (self.steps + 1.0);
            }
        }
        self.steps += 1.0;
    }

    /// Writes the means into a frame and starts again.
    pub(super) fn take(&mut self, frame: &mut Frame) {
        let steps = self.steps.max(1.0);
        for (to, from) in frame.nodes.columns().into_iter().zip(self.nodes.columns()) {
            mean(to, from, steps);
        }
        for (to, from) in frame.links.columns().into_iter().zip(self.links.columns()) {
            mean(to, from, steps);
        }
        self.steps = 0.0;
    }
}

fn add(sum: &mut [f64], values: &[f64]) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += value;
    }
}

fn mean(to: &mut [f64], sum: &mut [f64], steps: f64) {
    for (to, sum) in to.iter_mut().zip(sum) {
        *to = *sum / steps;
        *sum = 0.0;
    }
}

impl NodeColumns {
    fn columns(&mut self) -> [&mut [f64]; 6] {
        [
            &mut self.depth,
            &mut self.head,
            &mut self.volume,
            &mut self.lateral_inflow,
            &mut self.total_inflow,
            &mut self.flooding,
        ]
    }
}

impl LinkColumns {
    fn columns(&mut self) -> [&mut [f64]; 5] {
        [&mut self.flow, &mut self.depth, &mut self.velocity, &mut self.volume, &mut self.capacity]
    }
}
