//! Storage units: area, volume, and what they lose.

use serde::{Deserialize, Serialize};

use crate::model::node::NodeKind;
use crate::model::storage::AreaLaw;
use crate::model::{Model, NodeId};
use crate::units::TINY_VOLUME;

/// A storage unit, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct StorageParams {
    /// Water surface by depth.
    pub law: AreaLaw,
    /// Volume in m³ per m² · m: EPA SWMM's cubic metre is 1/0.02832 ft³, so not quite 1 in SI.
    pub volume_factor: f64,
    /// Depth from invert to top, m.
    pub full_depth: f64,
    /// Volume at the full depth, m³.
    pub full_volume: f64,
    /// Share of the evaporation that is realised.
    pub evaporation: f64,
}

impl StorageParams {
    /// Compiles a storage unit of a model; `None` when the node is none.
    pub fn compile(model: &Model, node: NodeId) -> Option<Self> {
        let node = &model.nodes[node];
        let NodeKind::Storage { shape, evaporation, .. } = &node.kind else { return None };
        let law = AreaLaw::compile(model, shape);
        let volume_factor = model.units.volume / model.units.length.powi(3);
        let full_volume =
            if node.full_depth == 0.0 { 0.0 } else { law.integral(node.full_depth) * volume_factor };
        Some(Self { law, volume_factor, full_depth: node.full_depth, full_volume, evaporation: *evaporation })
    }

    /// Water surface, m², at a depth, m.
    pub fn area(&self, depth: f64) -> f64 {
        self.law.area(depth)
    }

    /// Volume, m³, at a depth, m; the full volume from the full depth on.
    pub fn volume(&self, depth: f64) -> f64 {
        if depth == 0.0 {
            0.0
        } else if depth >= self.full_depth && self.full_volume > 0.0 {
            self.full_volume
        } else {
            self.law.integral(depth) * self.volume_factor
        }
    }

    /// Depth, m, that a volume, m³, fills; at most the full depth.
    pub fn depth(&self, volume: f64) -> f64 {
        if self.full_volume > 0.0 && volume >= self.full_volume {
            return self.full_depth;
        }
        self.law.depth(volume / self.volume_factor, self.full_depth)
    }
}

/// What a storage unit loses, m³/s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StorageLosses {
    /// Evaporation.
    pub evaporation: f64,
    /// Seepage.
    pub seepage: f64,
}

impl StorageLosses {
    /// Evaporation of a rate (m/s) from a water surface (m²) and seepage (m³/s), cut down alike so
    /// that a step (s) takes no more than the stored volume (m³).
    pub fn limited(rate: f64, area: f64, seepage: f64, volume: f64, step: f64) -> Self {
        let evaporation = if volume > TINY_VOLUME { rate * area } else { 0.0 };
        let lost = (evaporation + seepage) * step;
        let share = if lost > volume { volume / lost } else { 1.0 };
        Self { evaporation: evaporation * share, seepage: seepage * share }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::node::StorageShape;

    #[test]
    fn losses_take_no_more_than_there_is() {
        let plenty = StorageLosses::limited(1.0e-7, 100.0, 3.0e-5, 10.0, 60.0);
        assert!((plenty.evaporation - 1.0e-5).abs() < 1e-18 && plenty.seepage == 3.0e-5);
        let little = StorageLosses::limited(1.0e-7, 100.0, 3.0e-5, 1.2e-3, 60.0);
        assert!((little.evaporation - 0.5e-5).abs() < 1e-18 && (little.seepage - 1.5e-5).abs() < 1e-18);
    }

    #[test]
    fn swmm_cubic_metres_are_a_little_short() {
        let mut model =
            Model { units: crate::units::Units::new(crate::units::FlowUnits::Cms), ..Model::default() };
        let kind = NodeKind::Storage {
            shape: StorageShape::Functional { a0: 100.0, a1: 0.0, a2: 0.0 },
            evaporation: 0.0,
            seepage: None,
        };
        let id = model.nodes.insert("pond", crate::model::node::Node::new(kind, 0.0, 2.0));
        let pond = StorageParams::compile(&model, id.unwrap()).unwrap();
        assert!((pond.volume(1.0) - 100.0 * 0.028_316_846_592 / 0.02832).abs() < 1e-9);
        assert_eq!(pond.volume(3.0), pond.full_volume);
        assert!((pond.depth(pond.volume(1.0)) - 1.0).abs() < 1e-12);
    }
}
