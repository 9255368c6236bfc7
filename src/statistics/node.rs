//! Totals and extremes of nodes, storage units and outfalls.
//!
//! Definitions are those of EPA SWMM 5.2 (`stats.c`): what is summed per step ("average depth" is
//! the mean over routing steps, not over time), what counts as flooded or surcharged, and which of
//! two equal extremes gives the time (the first).

use serde::{Deserialize, Serialize};

use crate::clock::DateTime;
use crate::model::Model;
use crate::model::node::NodeKind;
use crate::num::index::Id;
use crate::units::{CUBIC_FOOT, TINY_DEPTH};

/// The least flow that counts as flow at outfalls and pumps: SWMM's 0.001 ft³/s, in m³/s.
pub const LEAST_FLOW: f64 = 0.001 * CUBIC_FOOT;

/// The state of all nodes after a routing step, one column a variable.
#[derive(Clone, Copy, Debug)]
pub struct NodeStep<'a> {
    /// Depth, m.
    pub depth: &'a [f64],
    /// Stored and ponded volume, m³.
    pub volume: &'a [f64],
    /// Rate of overflow, m³/s.
    pub overflow: &'a [f64],
    /// Lateral inflow at the step before, m³/s.
    pub lateral_inflow_before: &'a [f64],
    /// Lateral inflow, m³/s.
    pub lateral_inflow: &'a [f64],
    /// Total inflow, m³/s.
    pub inflow: &'a [f64],
    /// Total outflow into links, evaporation and seepage included, m³/s.
    pub outflow: &'a [f64],
    /// Volume lost to evaporation in the step, m³; read at storage units only.
    pub evaporated: &'a [f64],
    /// Volume lost to seepage in the step, m³; read at storage units only.
    pub seeped: &'a [f64],
}

/// What a node's statistics depend on besides its state.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct NodeTraits {
    /// Volume up to the full depth, m³.
    full_volume: f64,
    /// Depth from which the node counts as surcharged, m; infinite when it never does.
    surcharge_depth: f64,
    /// Whether overflow may pond.
    can_pond: bool,
    /// Position among storage units or outfalls.
    group: Group,
}

/// Nodes with statistics of their own.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Group {
    Other,
    Storage(u32),
    Outfall(u32),
}

/// What is updated at every node in every step: one cache line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NodeExtremes {
    /// Sum of the depth over the routing steps, m.
    pub depth_sum: f64,
    /// Largest depth, m.
    pub max_depth: f64,
    /// When it occurred.
    pub max_depth_time: DateTime,
    /// Lateral inflow, m³.
    pub lateral_volume: f64,
    /// Lateral inflow of largest magnitude, with its sign, m³/s.
    pub max_lateral_inflow: f64,
    /// Largest total inflow, m³/s.
    pub max_inflow: f64,
    /// When it occurred.
    pub max_inflow_time: DateTime,
    /// Time surcharged, s.
    pub surcharged_time: f64,
}

/// What is updated at flooded nodes only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NodeFlooding {
    /// Time flooded, s.
    pub time: f64,
    /// Water that overflowed, m³.
    pub volume: f64,
    /// Largest rate of overflow, m³/s.
    pub max_rate: f64,
    /// When it occurred.
    pub max_rate_time: DateTime,
    /// Largest volume that ponded above the full volume, m³.
    pub max_ponded_volume: f64,
}

/// Statistics of a storage unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StorageStatistics {
    /// The node's index.
    pub node: usize,
    /// Volume up to the full depth, m³.
    pub full_volume: f64,
    /// Sum of the volume over the routing steps, m³.
    pub volume_sum: f64,
    /// Largest volume, at most the full one, m³.
    pub max_volume: f64,
    /// When it occurred.
    pub max_volume_time: DateTime,
    /// Largest outflow, m³/s.
    pub max_outflow: f64,
    /// Evaporation, m³.
    pub evaporated: f64,
    /// Seepage, m³.
    pub seeped: f64,
}

/// Statistics of an outfall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OutfallStatistics {
    /// The node's index.
    pub node: usize,
    /// Sum of the flow over the routing steps with flow, m³/s.
    pub flow_sum: f64,
    /// Largest flow, m³/s.
    pub max_flow: f64,
    /// How many routing steps had flow.
    pub steps_with_flow: u64,
}

/// Statistics of all nodes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NodeStatistics {
    traits: Vec<NodeTraits>,
    /// Extremes, by the node's index.
    pub extremes: Vec<NodeExtremes>,
    /// Flooding, by the node's index.
    pub flooding: Vec<NodeFlooding>,
    /// Largest depth at reporting times, m, by the node's index.
    pub max_reported_depth: Vec<f64>,
    /// How many routing steps the node was critical for the time step.
    pub critical_count: Vec<u32>,
    /// How many routing steps ended before the node had converged.
    pub nonconverged_count: Vec<u32>,
    /// Height of the highest crown of the conduits at a node above its invert, m.
    pub crown_depth: Vec<f64>,
    /// Storage units, in the order of the nodes.
    pub storages: Vec<StorageStatistics>,
    /// Outfalls, in the order of the nodes.
    pub outfalls: Vec<OutfallStatistics>,
    /// Largest flow through all outfalls together, m³/s.
    pub max_outfall_flow: f64,
}

impl NodeStatistics {
    /// Empty statistics. `full_volume` (m³) and `crown_depth` (height of the highest crown of the
    /// adjacent conduits above the invert, m; 0 without a conduit) go by the node's index.
    pub fn new(model: &Model, full_volume: &[f64], crown_depth: &[f64]) -> Self {
        let count = model.nodes.len();
        let start = model.options.start;
        let mut statistics = Self {
            extremes: vec![
                NodeExtremes {
                    max_depth_time: start,
                    max_inflow_time: start,
                    ..Default::default()
                };
                count
            ],
            flooding: vec![NodeFlooding { max_rate_time: start, ..Default::default() }; count],
            max_reported_depth: vec![0.0; count],
            critical_count: vec![0; count],
            nonconverged_count: vec![0; count],
            crown_depth: crown_depth.to_vec(),
            ..Default::default()
        };
        for (id, node) in model.nodes.iter() {
            let index = id.index();
            let full_volume = full_volume[index];
            let group = match node.kind {
                NodeKind::Storage { .. } => {
                    statistics.storages.push(StorageStatistics {
                        node: index,
                        full_volume,
                        max_volume_time: start,
                        ..Default::default()
                    });
                    Group::Storage(statistics.storages.len() as u32 - 1)
                }
                NodeKind::Outfall { .. } => {
                    statistics.outfalls.push(OutfallStatistics { node: index, ..Default::default() });
                    Group::Outfall(statistics.outfalls.len() as u32 - 1)
                }
                NodeKind::Junction | NodeKind::Divider { .. } => Group::Other,
            };
            let can_surcharge = match group {
                Group::Other => true,
                Group::Storage(_) => node.surcharge_depth > 0.0,
                Group::Outfall(_) => false,
            };
            statistics.traits.push(NodeTraits {
                full_volume,
                surcharge_depth: if can_surcharge { crown_depth[index] - TINY_DEPTH } else { f64::INFINITY },
                can_pond: model.options.allow_ponding && node.ponded_area > 0.0,
                group,
            });
        }
        statistics
    }

    /// Books a routing step of `seconds` that ended at `time`.
    pub fn update(&mut self, seconds: f64, time: DateTime, step: &NodeStep<'_>) {
        let mut outfall_flow = 0.0;
        let count = self.traits.len();
        let (depth, volume, overflow) =
            (&step.depth[..count], &step.volume[..count], &step.overflow[..count]);
        let (lateral, before) = (&step.lateral_inflow[..count], &step.lateral_inflow_before[..count]);
        let inflow = &step.inflow[..count];
        for (i, (traits, extremes)) in self.traits.iter().zip(&mut self.extremes).enumerate() {
            extremes.depth_sum += depth[i];
            if depth[i] > extremes.max_depth {
                extremes.max_depth = depth[i];
                extremes.max_depth_time = time;
            }
            extremes.lateral_volume += (before[i] + lateral[i]) * 0.5 * seconds;
            if lateral[i].abs() > extremes.max_lateral_inflow.abs() {
                extremes.max_lateral_inflow = lateral[i];
            }
            if inflow[i] > extremes.max_inflow {
                extremes.max_inflow = inflow[i];
                extremes.max_inflow_time = time;
            }
            if depth[i] >= traits.surcharge_depth {
                extremes.surcharged_time += seconds;
            }
            let flooded = volume[i] > traits.full_volume || overflow[i] > 0.0;
            if flooded && !matches!(traits.group, Group::Outfall(_)) {
                let flooding = &mut self.flooding[i];
                flooding.time += seconds;
                flooding.volume += overflow[i] * seconds;
                if traits.can_pond {
                    flooding.max_ponded_volume =
                        flooding.max_ponded_volume.max(volume[i] - traits.full_volume);
                }
                if overflow[i] > flooding.max_rate {
                    flooding.max_rate = overflow[i];
                    flooding.max_rate_time = time;
                }
            }
            match traits.group {
                Group::Other => {}
                Group::Storage(k) => {
                    let storage = &mut self.storages[k as usize];
                    storage.volume_sum += volume[i];
                    storage.evaporated += step.evaporated[i];
                    storage.seeped += step.seeped[i];
                    let stored = volume[i].min(traits.full_volume);
                    if stored > storage.max_volume {
                        storage.max_volume = stored;
                        storage.max_volume_time = time;
                    }
                    storage.max_outflow = storage.max_outflow.max(step.outflow[i]);
                }
                Group::Outfall(k) => {
                    let outfall = &mut self.outfalls[k as usize];
                    if inflow[i] >= LEAST_FLOW {
                        outfall.flow_sum += inflow[i];
                        outfall.max_flow = outfall.max_flow.max(inflow[i]);
                        outfall.steps_with_flow += 1;
                    }
                    outfall_flow += inflow[i];
                }
            }
        }
        self.max_outfall_flow = self.max_outfall_flow.max(outfall_flow);
    }

    /// Books the depths of a reporting time, m.
    pub fn update_reported_depth(&mut self, depth: &[f64]) {
        for (max, &depth) in self.max_reported_depth.iter_mut().zip(depth) {
            *max = max.max(depth);
        }
    }

    /// Books a routing step that ended before all nodes had converged.
    pub fn count_nonconverged(&mut self, converged: &[bool]) {
        for (count, &converged) in self.nonconverged_count.iter_mut().zip(converged) {
            *count += u32::from(!converged);
        }
    }

    /// Height of the largest water level above the highest crown, m; 0 when it stayed below.
    pub fn height_above_crown(&self, node: usize) -> f64 {
        (self.extremes[node].max_depth - self.crown_depth[node]).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::node::{Node, OutfallBoundary, StorageShape};

    fn node(kind: NodeKind) -> Node {
        Node { ponded_area: 5.0, ..Node::new(kind, 10.0, 2.0) }
    }

    fn model() -> Model {
        let mut model = Model::default();
        model.options.allow_ponding = true;
        model.nodes.insert("J", node(NodeKind::Junction));
        let shape = StorageShape::Functional { a0: 1.0, a1: 0.0, a2: 0.0 };
        model.nodes.insert("S", node(NodeKind::Storage { shape, evaporation: 0.0, seepage: None }));
        let boundary = OutfallBoundary::Free;
        model.nodes.insert("O", node(NodeKind::Outfall { boundary, flap_gate: false, route_to: None }));
        model
    }

    struct Columns([[f64; 3]; 9]);

    impl Columns {
        fn step(&self) -> NodeStep<'_> {
            let c = &self.0;
            NodeStep {
                depth: &c[0],
                volume: &c[1],
                overflow: &c[2],
                lateral_inflow_before: &c[3],
                lateral_inflow: &c[4],
                inflow: &c[5],
                outflow: &c[6],
                evaporated: &c[7],
                seeped: &c[8],
            }
        }
    }

    fn statistics() -> (NodeStatistics, DateTime) {
        let model = model();
        let mut statistics = NodeStatistics::new(&model, &[1.0, 2.0, 0.0], &[0.5, 0.5, 0.5]);
        let first = Columns([
            [0.4, 1.0, 0.2],
            [0.4, 1.0, 0.0],
            [0.0; 3],
            [0.0; 3],
            [2.0, 0.0, 0.0],
            [2.0, 1.0, 0.5],
            [1.0, 1.0, 0.0],
            [0.0, 0.25, 0.0],
            [0.0, 0.5, 0.0],
        ]);
        let second = Columns([
            [3.0, 2.5, 0.2],
            [4.0, 2.5, 0.0],
            [0.3, 0.0, 0.0],
            [2.0, 0.0, 0.0],
            [-3.0, 0.0, 0.0],
            [2.0, 1.0, 1.0e-6],
            [1.0, 3.0, 0.0],
            [0.0, 0.25, 0.0],
            [0.0, 0.5, 0.0],
        ]);
        let time = model.options.start;
        statistics.update(10.0, time.plus_seconds(10.0), &first.step());
        statistics.update(20.0, time.plus_seconds(30.0), &second.step());
        (statistics, time)
    }

    #[test]
    fn a_node_is_flooded_while_it_overflows_or_ponds() {
        let (statistics, start) = statistics();
        let flooding = statistics.flooding[0];
        assert_eq!(flooding.time, 20.0);
        assert_eq!(flooding.volume, 6.0);
        assert_eq!(flooding.max_rate, 0.3);
        assert_eq!(flooding.max_rate_time, start.plus_seconds(30.0));
        assert_eq!(flooding.max_ponded_volume, 3.0);
        assert_eq!(statistics.flooding[2].time, 0.0);
    }

    #[test]
    fn a_storage_unit_surcharges_only_when_it_may_be_pressurised() {
        let (statistics, _) = statistics();
        assert_eq!(statistics.extremes[0].surcharged_time, 20.0);
        assert_eq!(statistics.extremes[1].surcharged_time, 0.0);
        assert_eq!(statistics.extremes[2].surcharged_time, 0.0);
        assert_eq!(statistics.height_above_crown(0), 2.5);
    }

    #[test]
    fn lateral_inflow_keeps_its_sign_and_counts_by_the_trapezoid() {
        let (statistics, start) = statistics();
        let extremes = statistics.extremes[0];
        assert_eq!(extremes.max_lateral_inflow, -3.0);
        assert_eq!(extremes.lateral_volume, 10.0 - 10.0);
        assert_eq!(extremes.max_inflow_time, start.plus_seconds(10.0));
        assert_eq!(extremes.depth_sum, 3.4);
    }

    #[test]
    fn a_storage_unit_holds_at_most_its_full_volume() {
        let (statistics, start) = statistics();
        let storage = statistics.storages[0];
        assert_eq!(storage.max_volume, 2.0);
        assert_eq!(storage.volume_sum, 3.5);
        assert_eq!(storage.max_volume_time, start.plus_seconds(30.0));
        assert_eq!((storage.evaporated, storage.seeped, storage.max_outflow), (0.5, 1.0, 3.0));
    }

    #[test]
    fn an_outfall_counts_the_steps_with_measurable_flow() {
        let (statistics, _) = statistics();
        let outfall = statistics.outfalls[0];
        assert_eq!((outfall.steps_with_flow, outfall.flow_sum), (1, 0.5));
        assert_eq!(statistics.max_outfall_flow, 0.5);
    }
}
