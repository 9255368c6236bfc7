//! What entered each node and where it went, over the whole run.

use serde::{Deserialize, Serialize};

use crate::model::Model;
use crate::model::network::connections;
use crate::model::node::NodeKind;
use crate::num::index::Id;
use crate::units::CUBIC_FOOT;

/// Inflow under which a node's continuity error says nothing: SWMM's 0.1 ft³, in m³.
pub const LEAST_INFLOW: f64 = 0.1 * CUBIC_FOOT;
/// Outflow under which SWMM states a node's flow balance as a volume: 1 ft³, in m³.
pub const LEAST_OUTFLOW: f64 = CUBIC_FOOT;

/// Rates at all nodes, m³/s, and their volumes, m³, one column a variable.
#[derive(Clone, Copy, Debug)]
pub struct NodeFlows<'a> {
    /// Total inflow (at an outfall that takes water in: the magnitude of that flow, as SWMM has it).
    pub inflow: &'a [f64],
    /// Total outflow into links, evaporation and seepage.
    pub outflow: &'a [f64],
    /// Overflow.
    pub overflow: &'a [f64],
    /// Stored and ponded volume, m³.
    pub volume: &'a [f64],
    /// What leaves the system, see [`system_outflow`]: flooding, flow at outfalls (negative where
    /// water comes in).
    pub leaving: &'a [f64],
}

/// The flow that leaves the system at a node, m³/s; negative where water enters at an outfall.
///
/// An outfall without outflow passes its `inflow` on; one with `outflow` and no inflow takes that
/// much in; one with both is taken to pass nothing (SWMM, `node_getSystemOutflow`). Any other node
/// loses its `overflow` unless that ponds, that is, unless its `volume` exceeds its `full_volume`.
pub fn system_outflow(
    outfall: bool,
    inflow: f64,
    outflow: f64,
    overflow: f64,
    volume: f64,
    full_volume: f64,
) -> f64 {
    if outfall {
        if outflow == 0.0 {
            inflow
        } else if inflow == 0.0 {
            -outflow
        } else {
            0.0
        }
    } else if volume <= full_volume {
        overflow
    } else {
        0.0
    }
}

/// For each node the number of links that leave it in the direction of the file, negative when no
/// link enters it; 0 is a terminal node. (SWMM, `toposort_sortLinks` and `validateGeneralLayout`
/// under the dynamic wave; a link that leaves an outfall counts for its other end.)
pub fn degrees(model: &Model) -> Vec<i32> {
    connections(model)
        .iter()
        .map(|links| if links.incoming == 0 { -(links.outgoing as i32) } else { links.outgoing as i32 })
        .collect()
}

/// Volumes at each node over the whole run, m³, one column a variable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NodeLedger {
    /// What came in, the volume at the start included.
    pub inflow: Vec<f64>,
    /// What went out, the volume at the end included once [`NodeLedger::close`] has run.
    pub outflow: Vec<f64>,
    /// What left the system: flooding, or flow out of an outfall.
    pub left: Vec<f64>,
    /// What entered the system through an outfall.
    pub entered: Vec<f64>,
    /// Nodes where all inflow is outflow: outfalls, and nodes that nothing leaves.
    terminal: Vec<bool>,
    full_volume: Vec<f64>,
    degree: Vec<i32>,
}

impl NodeLedger {
    /// A ledger opened with the volumes (m³) that the nodes hold at the start.
    pub fn new(model: &Model, full_volume: &[f64], initial_volume: &[f64]) -> Self {
        let degree = degrees(model);
        let terminal = model
            .nodes
            .iter()
            .map(|(id, node)| match node.kind {
                NodeKind::Outfall { .. } => true,
                NodeKind::Storage { .. } => false,
                NodeKind::Junction | NodeKind::Divider { .. } => degree[id.index()] == 0,
            })
            .collect();
        let zero = vec![0.0; model.nodes.len()];
        Self {
            inflow: initial_volume.to_vec(),
            outflow: zero.clone(),
            left: zero.clone(),
            entered: zero,
            terminal,
            full_volume: full_volume.to_vec(),
            degree,
        }
    }

    /// Books rates that held for `seconds`.
    ///
    /// SWMM integrates by the trapezoid: the rates before a step hold for its first half, those
    /// after it for its second. Between two steps of `a` and `b` seconds one call with `(a + b) / 2`
    /// does.
    pub fn book(&mut self, seconds: f64, flows: &NodeFlows<'_>) {
        for i in 0..self.terminal.len() {
            let inflow = flows.inflow[i] * seconds;
            self.inflow[i] += inflow;
            self.outflow[i] += if self.terminal[i] {
                inflow
            } else if flows.volume[i] <= self.full_volume[i] {
                (flows.outflow[i] + flows.overflow[i]) * seconds
            } else {
                flows.outflow[i] * seconds
            };
            let leaving = flows.leaving[i];
            if leaving > 0.0 {
                self.left[i] += leaving * seconds;
            } else if leaving < 0.0 {
                self.entered[i] -= leaving * seconds;
            }
        }
    }

    /// Closes the ledger with the volumes (m³) that the nodes hold at the end.
    pub fn close(&mut self, final_volume: &[f64]) {
        for (outflow, volume) in self.outflow.iter_mut().zip(final_volume) {
            *outflow += volume;
        }
    }

    /// Continuity error of a node in per cent of its inflow, `100 · (1 − out / in)`; `None` where
    /// SWMM does not judge it: no link enters or no link leaves, or hardly any inflow.
    pub fn continuity_error(&self, node: usize) -> Option<f64> {
        if self.degree[node] <= 0 || self.inflow[node] <= LEAST_INFLOW {
            return None;
        }
        Some(100.0 * (1.0 - self.outflow[node] / self.inflow[node]))
    }

    /// The flow balance of a node as SWMM's node inflow summary states it.
    pub fn balance(&self, node: usize) -> FlowBalance {
        let (inflow, outflow) = (self.inflow[node], self.outflow[node]);
        if outflow.abs() < LEAST_OUTFLOW {
            FlowBalance::Volume(inflow - outflow)
        } else {
            FlowBalance::Percent((inflow - outflow) / outflow * 100.0)
        }
    }
}

/// How far a node's inflow exceeds its outflow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FlowBalance {
    /// In per cent of the outflow.
    Percent(f64),
    /// As a volume, m³, where the outflow is less than 1 ft³.
    Volume(f64),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NodeId;
    use crate::model::link::{Link, LinkKind, Pump, PumpKind};
    use crate::model::node::{Node, OutfallBoundary};

    /// A - B - O with a link turned round by the check between A and B.
    fn model() -> Model {
        let mut model = Model::default();
        let boundary = OutfallBoundary::Free;
        let outfall = NodeKind::Outfall { boundary, flap_gate: false, route_to: None };
        for (name, kind) in [("A", NodeKind::Junction), ("B", NodeKind::Junction), ("O", outfall)] {
            let node = Node::new(kind, 0.0, 1.0);
            model.nodes.insert(name, node);
        }
        for (name, from, to) in [("AB", 0, 1), ("BO", 1, 2)] {
            let pump =
                Pump { kind: PumpKind::Ideal, initially_on: true, startup_depth: 0.0, shutoff_depth: 0.0 };
            let link = Link::new(LinkKind::Pump(pump), NodeId(from), NodeId(to));
            model.links.insert(name, link);
        }
        model
    }

    #[test]
    fn a_node_that_nothing_enters_has_a_negative_degree_and_the_last_one_has_none() {
        assert_eq!(degrees(&model()), [-1, 1, 0]);
    }

    #[test]
    fn a_node_that_passes_all_on_closes() {
        let mut ledger = NodeLedger::new(&model(), &[1.0; 3], &[0.0, 2.0, 0.0]);
        let flows = NodeFlows {
            inflow: &[1.0, 1.0, 1.0],
            outflow: &[1.0, 0.9, 0.0],
            overflow: &[0.0, 0.1, 0.0],
            volume: &[0.0; 3],
            leaving: &[0.0, 0.1, 1.0],
        };
        ledger.book(10.0, &flows);
        assert!((ledger.continuity_error(1).unwrap() - 100.0 * 2.0 / 12.0).abs() < 1e-12);
        ledger.close(&[0.0, 2.0, 0.0]);
        assert!(ledger.continuity_error(1).unwrap().abs() < 1e-12);
        assert_eq!(ledger.continuity_error(0), None);
        assert_eq!(ledger.continuity_error(2), None);
        assert_eq!((ledger.left[1], ledger.left[2]), (1.0, 10.0));
        assert_eq!(ledger.balance(2), FlowBalance::Percent(0.0));
    }

    #[test]
    fn overflow_that_ponds_has_not_left() {
        let mut ledger = NodeLedger::new(&model(), &[1.0; 3], &[0.0; 3]);
        let flows = NodeFlows {
            inflow: &[0.0, 1.0, 0.0],
            outflow: &[0.0, 0.5, 0.0],
            overflow: &[0.0, 0.5, 0.0],
            volume: &[0.0, 1.5, 0.0],
            leaving: &[0.0; 3],
        };
        ledger.book(1.0, &flows);
        ledger.close(&[0.0, 0.5, 0.0]);
        assert_eq!(ledger.continuity_error(1), Some(0.0));
    }

    #[test]
    fn an_outfall_passes_its_inflow_or_takes_its_outflow_in() {
        assert_eq!(system_outflow(true, 2.0, 0.0, 0.0, 0.0, 0.0), 2.0);
        assert_eq!(system_outflow(true, 0.0, 3.0, 0.0, 0.0, 0.0), -3.0);
        assert_eq!(system_outflow(true, 1.0, 3.0, 0.0, 0.0, 0.0), 0.0);
        assert_eq!(system_outflow(false, 1.0, 3.0, 0.5, 1.0, 1.0), 0.5);
        assert_eq!(system_outflow(false, 1.0, 3.0, 0.5, 2.0, 1.0), 0.0);
        let mut ledger = NodeLedger::new(&model(), &[1.0; 3], &[0.0; 3]);
        let flows = NodeFlows {
            inflow: &[0.0, 0.0, 3.0],
            outflow: &[0.0, 0.0, 3.0],
            overflow: &[0.0; 3],
            volume: &[0.0; 3],
            leaving: &[0.0, 0.0, -3.0],
        };
        ledger.book(2.0, &flows);
        assert_eq!((ledger.entered[2], ledger.left[2]), (6.0, 0.0));
    }

    #[test]
    fn hardly_any_outflow_is_balanced_as_a_volume() {
        let ledger = NodeLedger::new(&model(), &[1.0; 3], &[0.5, 0.0, 0.0]);
        assert_eq!(ledger.balance(0), FlowBalance::Volume(0.5));
    }
}
