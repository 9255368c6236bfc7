//! The dynamic wave: one routing step by successive approximation over conduits, regulators and
//! nodes.
//!
//! Each trial first finds the flow of every conduit from the node depths of the trial before
//! (independent of each other, so in parallel), then the few pumps and regulators in the order of
//! the file, then gathers the flows at each node and finds its depth (again independent). Nothing
//! depends on the number of threads.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use serde::{Deserialize, Serialize};

use rayon::prelude::*;

use super::conduit_flow::{self, Conduit, ConduitState, LinkTerms, Trial};
use super::conduit_loss;
use super::exchange::Points;
use super::node_depth::{self, Node, NodeState, Open};
use super::outfall::OutfallParams;
use super::regulator::{self, Regulator};
use super::storage::StorageParams;

/// Conduits or nodes that one task handles; large enough that its work outweighs its start.
const BLOCK: usize = 512;
/// Links below which a run stays on one thread.
const SERIAL_BELOW: usize = 2000;

/// The network compiled for the dynamic wave.
///
/// Links are numbered in *slots*: first the conduits, then the regulators, each in file order.
#[derive(Clone, Debug)]
pub struct Network {
    /// Conduits with a section.
    pub conduits: Vec<Conduit>,
    /// Pumps, orifices, weirs, outlets and dummy conduits, in file order.
    pub regulators: Vec<Regulator>,
    /// Upstream and downstream node of each slot.
    pub ends: Vec<[u32; 2]>,
    /// Nodes.
    pub nodes: Vec<Node>,
    /// Storage units, by node.
    pub storages: Vec<StorageParams>,
    /// For each node its place in `storages`; `u32::MAX` for none.
    pub storage_of: Vec<u32>,
    /// Outfalls with the link that reaches them.
    pub outfalls: Vec<OutfallPlace>,
    /// For each node its links in [`Incidence`]: a range of `links_at`.
    pub first_link_at: Vec<u32>,
    /// Links at nodes.
    pub links_at: Vec<Incidence>,
    /// Nodes that a regulator meets: their flows are summed in file order.
    pub regulated: Vec<u32>,
    /// Whether a regulator meets the node.
    pub is_regulated: Vec<bool>,
    /// Options of the conduit law.
    pub conduit_scheme: conduit_flow::Scheme,
    /// Options of the node law.
    pub node_scheme: node_depth::Scheme,
    /// Most trials a step.
    pub max_trials: u32,
    /// Depth change below which a node has converged, m.
    pub head_tolerance: f64,
}

/// An outfall and the one link that reaches it.
#[derive(Clone, Debug)]
pub struct OutfallPlace {
    /// What holds the level.
    pub params: OutfallParams,
    /// The node.
    pub node: usize,
    /// The slot of its conduit; `None` where a regulator reaches it.
    pub conduit: Option<usize>,
    /// Invert of the link above the node's, m.
    pub offset: f64,
}

/// One end of a link at a node.
#[derive(Clone, Copy, Debug)]
pub struct Incidence {
    /// Slot of the link, times two, plus one where the node is its downstream end.
    code: u32,
}

impl Incidence {
    /// The end (0 upstream, 1 downstream) of a link's slot.
    pub fn new(slot: usize, end: usize) -> Self {
        Self { code: (slot as u32) << 1 | end as u32 }
    }
    /// The slot.
    pub fn slot(self) -> usize {
        (self.code >> 1) as usize
    }
    /// 0 at the upstream end, 1 at the downstream end.
    pub fn end(self) -> usize {
        (self.code & 1) as usize
    }
}

/// The state of the dynamic wave.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// Conduits, by slot.
    pub conduits: Vec<ConduitState>,
    /// What each link gives to its nodes, by slot.
    pub terms: Vec<LinkTerms>,
    /// Nodes.
    pub nodes: Vec<NodeState>,
    /// Depth of each node, m.
    pub depth: Vec<f64>,
    /// Whether a node's depth changed less than the tolerance in the last trial.
    pub converged: Vec<bool>,
    /// Regulators.
    pub regulators: Vec<regulator::State>,
    /// Length of the last step, s.
    pub step: f64,
}

impl State {
    /// An empty state; the run fills in its initial values.
    pub fn new(network: &Network) -> Self {
        Self {
            conduits: vec![ConduitState::default(); network.conduits.len()],
            terms: vec![LinkTerms::default(); network.ends.len()],
            nodes: vec![NodeState::default(); network.nodes.len()],
            depth: vec![0.0; network.nodes.len()],
            converged: vec![false; network.nodes.len()],
            regulators: network.regulators.iter().map(|r| r.state(1.0)).collect(),
            step: 0.0,
        }
    }
}

/// What drives one step, constant over its trials.
#[derive(Clone, Copy, Debug)]
pub struct Forcing<'a> {
    /// Step, s.
    pub dt: f64,
    /// Lateral inflow of each node, m³/s.
    pub lateral: &'a [f64],
    /// Evaporation and seepage of each node, m³/s.
    pub losses: &'a [f64],
    /// Stage that holds at each outfall, m; `None` where the flow makes its own.
    pub stages: &'a [Option<f64>],
    /// Evaporation rate of open water, m/s.
    pub evaporation: f64,
    /// Monthly factor on conduit seepage.
    pub conductivity_factor: f64,
    /// Where nodes meet a surface.
    pub street: Option<&'a Points>,
}

/// How a step was solved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Solution {
    /// Trials it took.
    pub trials: u32,
    /// Whether every node converged.
    pub converged: bool,
}

/// Conduits and their ends beside their states and what they give: the work of one task.
type ConduitBlock<'a> = ((&'a [Conduit], &'a [[u32; 2]]), (&'a mut [ConduitState], &'a mut [LinkTerms]));
/// The first node, states, depths and convergence of some nodes: the work of one task.
type NodeBlock<'a> = (usize, ((&'a mut [NodeState], &'a mut [f64]), &'a mut [bool]));

impl Network {
    /// Whether work is spread over the threads of the current pool.
    fn is_parallel(&self) -> bool {
        self.ends.len() >= SERIAL_BELOW && rayon::current_num_threads() > 1
    }

    /// Solves one step: new flows of all links, new depths of all nodes.
    pub fn step(&self, state: &mut State, forcing: &Forcing) -> Solution {
        state.step = forcing.dt;
        let parallel = self.is_parallel();
        let mut trials = 0;
        let mut converged = false;
        let mut unsettled = None;
        while trials < self.max_trials {
            if trials == 2 {
                unsettled = Some(Unsettled::new(self.nodes.len()));
            }
            let unsettled = unsettled.as_ref();
            let trial = Trial { dt: forcing.dt, first: trials == 0 };
            self.find_conduit_flows(state, forcing, trial, unsettled, parallel);
            self.find_regulator_flows(state, forcing, trial, unsettled.is_some());
            self.set_outfall_depths(state, forcing);
            converged = self.find_node_depths(state, forcing, trial, unsettled, parallel);
            trials += 1;
            if trials > 1 && converged {
                break;
            }
        }
        Solution { trials, converged }
    }

    fn find_conduit_flows(
        &self,
        state: &mut State,
        forcing: &Forcing,
        trial: Trial,
        unsettled: Option<&Unsettled>,
        parallel: bool,
    ) {
        let State { conduits, terms, depth, converged, .. } = state;
        let terms = &mut terms[..self.conduits.len()];
        let ends = &self.ends[..self.conduits.len()];
        let block = |((params, ends), (states, terms)): ConduitBlock| {
            for (((c, &[up, down]), s), t) in params.iter().zip(ends).zip(states).zip(terms) {
                let (up, down) = (up as usize, down as usize);
                if let Some(unsettled) = unsettled {
                    if converged[up] && converged[down] {
                        continue;
                    }
                    unsettled.mark([up, down]);
                }
                *t = conduit_flow::update(
                    c,
                    s,
                    &self.conduit_scheme,
                    [depth[up], depth[down]],
                    trial,
                    |c, s| conduit_loss::loss_rate(c, s, forcing),
                );
            }
        };
        if parallel {
            let params = self.conduits.par_chunks(BLOCK).zip(ends.par_chunks(BLOCK));
            let states = conduits.par_chunks_mut(BLOCK).zip(terms.par_chunks_mut(BLOCK));
            params.zip(states).for_each(block);
        } else {
            block(((&self.conduits, ends), (conduits, terms)));
        }
    }

    /// Pumps and regulators see the flows that earlier links already give to their nodes, so they
    /// follow each other in file order.
    fn find_regulator_flows(&self, state: &mut State, forcing: &Forcing, trial: Trial, skip: bool) {
        let State { terms, nodes, depth, converged, regulators, .. } = state;
        let first = self.conduits.len();
        for &node in &self.regulated {
            let node = node as usize;
            let mut sums = self.own_sums(node, depth[node], forcing);
            for at in self.links_at(node) {
                if at.slot() < first {
                    sums = sums.with(at.end(), &terms[at.slot()]);
                }
            }
            sums.store(&mut nodes[node]);
        }
        for (place, (regulator, state)) in self.regulators.iter().zip(regulators).enumerate() {
            let slot = first + place;
            let [up, down] = self.ends[slot].map(|n| n as usize);
            if !(skip && converged[up] && converged[down]) {
                let nodes = regulator::Nodes {
                    depth: [depth[up], depth[down]],
                    state: [&nodes[up], &nodes[down]],
                    params: [&self.nodes[up], &self.nodes[down]],
                    dt: forcing.dt,
                    first_trial: trial.first,
                };
                terms[slot] = regulator.update(state, &nodes);
            }
            Sums::of(&nodes[up]).with(0, &terms[slot]).store(&mut nodes[up]);
            Sums::of(&nodes[down]).with(1, &terms[slot]).store(&mut nodes[down]);
            if !regulator.feels_downstream_head() {
                nodes[down].flow_by_head -= terms[slot].flow_by_head;
            }
        }
    }

    fn set_outfall_depths(&self, state: &mut State, forcing: &Forcing) {
        for (outfall, &stage) in self.outfalls.iter().zip(forcing.stages) {
            let (normal, critical) = match outfall.conduit {
                Some(slot) => {
                    let (c, flow) = (&self.conduits[slot], state.conduits[slot].flow);
                    (c.normal_depth(flow), c.critical_depth(flow))
                }
                None => (0.0, 0.0),
            };
            state.depth[outfall.node] = outfall.params.depth(stage, normal, critical, outfall.offset);
        }
    }

    fn find_node_depths(
        &self,
        state: &mut State,
        forcing: &Forcing,
        trial: Trial,
        unsettled: Option<&Unsettled>,
        parallel: bool,
    ) -> bool {
        let State { terms, nodes, depth, converged, .. } = state;
        let terms = &*terms;
        let block = |(first, ((nodes, depth), converged)): NodeBlock| {
            let mut all = true;
            for (i, ((s, depth), converged)) in nodes.iter_mut().zip(depth).zip(converged).enumerate() {
                let node = first + i;
                let params = &self.nodes[node];
                let open = forcing.street.is_some_and(|street| !street.at(node).is_empty());
                let rests = !params.storage && !params.can_pond && !open;
                let summed = self.is_regulated[node] || unsettled.is_some_and(|u| !u.take(node) && rests);
                if !summed {
                    let mut sums = self.own_sums(node, *depth, forcing);
                    for at in self.links_at(node) {
                        sums = sums.with(at.end(), &terms[at.slot()]);
                    }
                    sums.store(s);
                }
                if params.outfall {
                    continue;
                }
                let last = *depth;
                let volume = |y| self.volume(node, y);
                *depth = match forcing.street {
                    Some(street) if !street.at(node).is_empty() => node_depth::update_open(
                        params,
                        s,
                        &self.node_scheme,
                        Open { last, dt: forcing.dt, first_trial: trial.first },
                        |y| street.rate(node, y),
                        volume,
                    ),
                    _ => node_depth::update(
                        params,
                        s,
                        &self.node_scheme,
                        last,
                        forcing.dt,
                        trial.first,
                        volume,
                    ),
                };
                *converged = (last - *depth).abs() <= self.head_tolerance;
                all &= *converged;
            }
            all
        };
        if parallel {
            nodes
                .par_chunks_mut(BLOCK)
                .zip(depth.par_chunks_mut(BLOCK))
                .zip(converged.par_chunks_mut(BLOCK))
                .enumerate()
                .map(|(chunk, columns)| block((chunk * BLOCK, columns)))
                .reduce(|| true, |a, b| a & b)
        } else {
            block((0, ((nodes, depth), converged)))
        }
    }

    fn links_at(&self, node: usize) -> &[Incidence] {
        &self.links_at[self.first_link_at[node] as usize..self.first_link_at[node + 1] as usize]
    }

    /// The storage unit at a node.
    pub fn storage(&self, node: usize) -> Option<&StorageParams> {
        self.storages.get(self.storage_of[node] as usize)
    }

    /// Volume in a node at a depth (m) up to its full depth, m³; only storage units and the wet wells
    /// of pumps by volume have any.
    #[inline]
    pub fn volume(&self, node: usize, depth: f64) -> f64 {
        let params = &self.nodes[node];
        match self.storage(node) {
            Some(storage) => storage.volume(depth),
            None if params.full_volume > 0.0 => params.full_volume * (depth / params.full_depth),
            None => 0.0,
        }
    }

    /// Water surface of a node itself, m²: of a storage unit or of ponded water.
    #[inline]
    fn own_surface(&self, node: usize, depth: f64) -> f64 {
        let params = &self.nodes[node];
        if params.can_pond && depth > params.full_depth {
            return params.ponded_area;
        }
        self.storage(node).map_or(0.0, |storage| storage.area(depth))
    }

    /// What a node gets besides its links: lateral inflow, losses and its own water surface.
    #[inline]
    fn own_sums(&self, node: usize, depth: f64, forcing: &Forcing) -> Sums {
        let lateral = forcing.lateral[node];
        Sums {
            inflow: lateral.max(0.0),
            outflow: forcing.losses[node] + (-lateral).max(0.0),
            surface: self.own_surface(node, depth),
            flow_by_head: 0.0,
        }
    }
}

/// From the third trial on, a link whose two nodes have converged keeps its flow; these are the nodes
/// of the other links. The sums of all others stay, unless they have a water surface of their own.
struct Unsettled(Vec<AtomicBool>);

impl Unsettled {
    fn new(nodes: usize) -> Self {
        Self(std::iter::repeat_with(AtomicBool::default).take(nodes).collect())
    }

    /// Marks the ends of a link.
    #[inline]
    fn mark(&self, ends: [usize; 2]) {
        for node in ends {
            self.0[node].store(true, Relaxed);
        }
    }

    /// Whether a node was marked in this trial; clears the mark.
    #[inline]
    fn take(&self, node: usize) -> bool {
        let marked = self.0[node].load(Relaxed);
        self.0[node].store(false, Relaxed);
        marked
    }
}

/// What a node's links give to it, being summed; kept apart from the node's state, so that the sums
/// stay in registers.
#[derive(Clone, Copy)]
struct Sums {
    inflow: f64,
    outflow: f64,
    surface: f64,
    flow_by_head: f64,
}

impl Sums {
    /// With what a link gives at one of its ends.
    #[inline]
    fn with(self, end: usize, terms: &LinkTerms) -> Self {
        let leaving = if end == 0 { terms.flow } else { -terms.flow };
        Self {
            inflow: self.inflow + (-leaving).max(0.0),
            outflow: self.outflow + (leaving.max(0.0) + terms.loss[end]),
            surface: self.surface + terms.surface[end],
            flow_by_head: self.flow_by_head + terms.flow_by_head,
        }
    }

    fn of(s: &NodeState) -> Self {
        Self { inflow: s.inflow, outflow: s.outflow, surface: s.surface, flow_by_head: s.flow_by_head }
    }

    #[inline]
    fn store(self, s: &mut NodeState) {
        s.inflow = self.inflow;
        s.outflow = self.outflow;
        s.surface = self.surface;
        s.flow_by_head = self.flow_by_head;
    }
}
