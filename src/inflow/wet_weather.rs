//! Wet-weather inflow: runoff of subcatchments into the nodes that they drain to.

use crate::clock::DateTime;
use crate::model::catchment::Outlet;
use crate::model::{Model, NodeId, SubcatchmentId};
use crate::num::index::Id;
use crate::runoff;

/// Which subcatchment drains to which node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    outlets: Vec<(SubcatchmentId, NodeId)>,
}

impl Params {
    /// Compiles the outlets of a model's subcatchments.
    pub fn compile(model: &Model) -> Self {
        let outlets = model.subcatchments.iter().filter_map(|(id, item)| match item.outlet {
            Outlet::Node(node) => Some((id, node)),
            Outlet::Subcatchment(_) => None,
        });
        Self { outlets: outlets.collect() }
    }
    /// Adds runoff at an instant (the start of the routing step) to the lateral inflow of each node,
    /// m³/s, and returns the sum; `each` hears node and flow, for balances of single nodes.
    pub fn add(
        &self,
        runoff: &runoff::State,
        at: DateTime,
        lateral_inflow: &mut [f64],
        mut each: impl FnMut(NodeId, f64),
    ) -> f64 {
        if self.outlets.is_empty() {
            return 0.0;
        }
        let fraction = runoff.fraction(at).clamp(0.0, 1.0);
        let mut total = 0.0;
        for &(id, node) in &self.outlets {
            let flow = runoff.runoff(id, fraction);
            lateral_inflow[node.index()] += flow;
            total += flow;
            each(node, flow);
        }
        total
    }
}
