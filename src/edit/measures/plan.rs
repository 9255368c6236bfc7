//! Distances and places on the plan.

use crate::model::{Model, NodeId};
use crate::num::index::Id;
use crate::units::FOOT;

/// How far beside its node a new structure is drawn, in the map's unit.
const BESIDE: f64 = 20.0;

/// Place of a node on the plan.
pub(super) fn place(model: &Model, node: NodeId) -> Option<[f64; 2]> {
    model.map.nodes.get(node.index()).copied().flatten()
}

/// A place beside a node, for a structure that is built there.
pub(super) fn beside(model: &Model, node: NodeId) -> Option<[f64; 2]> {
    place(model, node).map(|[x, y]| [x + BESIDE, y + BESIDE])
}

/// Metres in the unit of the map: as `[MAP]` says, the file's own lengths where it does not; `None` for
/// degrees.
pub(super) fn map_unit(model: &Model) -> Option<f64> {
    match model.map.unit.to_ascii_uppercase().as_str() {
        "DEGREES" => None,
        "METERS" | "METRES" => Some(1.0),
        "FEET" => Some(FOOT),
        _ => Some(model.units.length),
    }
}

/// Distance of two places, in the map's unit.
pub(super) fn distance([x0, y0]: [f64; 2], [x1, y1]: [f64; 2]) -> f64 {
    (x1 - x0).hypot(y1 - y0)
}
