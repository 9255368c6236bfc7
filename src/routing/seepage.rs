//! Seepage from storage units into the ground, through the bottom and the banks.

use serde::{Deserialize, Serialize};

use crate::model::node::NodeKind;
use crate::model::storage::AreaLaw;
use crate::model::{Model, NodeId};
use crate::runoff::infiltration::Supply;
use crate::runoff::infiltration::green_ampt::{Soil, State as SoilState};
use crate::units::FOOT;

/// What the climate does to soils: factors on conductivity and on recovery.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoilClimate {
    /// Multiplies conductivity.
    pub conductivity: f64,
    /// Multiplies the speed at which soil dries.
    pub recovery: f64,
}

impl Default for SoilClimate {
    fn default() -> Self {
        Self { conductivity: 1.0, recovery: 1.0 }
    }
}

/// Seepage of a storage unit, compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeepageParams {
    /// Soil.
    pub soil: Soil,
    /// Area of the bottom, m².
    pub bottom_area: f64,
    /// Depth at which the banks begin, m.
    pub bank_from: f64,
    /// Depth above which the banks widen no more, m.
    pub bank_to: f64,
    /// Largest area, m².
    pub max_area: f64,
}

/// Moisture under a storage unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SeepageState {
    /// Under the bottom.
    pub bottom: SoilState,
    /// Behind the banks.
    pub banks: SoilState,
}

impl SeepageParams {
    /// Compiles the seepage of a storage unit; `None` when the node is none or has none.
    ///
    /// The bottom of a shape by formula is its constant term as written, taken for square feet
    /// even in SI models, as EPA SWMM 5.2.4 does; with a constant rate this has no effect. Where
    /// EPA leaves a paraboloid's bottom undefined, it is 0 here.
    pub fn compile(model: &Model, node: NodeId) -> Option<Self> {
        let NodeKind::Storage { shape, seepage: Some(seepage), .. } = &model.nodes[node].kind else {
            return None;
        };
        if seepage.conductivity == 0.0 {
            return None;
        }
        let soil = Soil::new(seepage.suction, seepage.conductivity, seepage.deficit, true);
        let as_written = FOOT * FOOT / model.units.area;
        let sloped = |bottom: f64| Self {
            soil,
            bottom_area: bottom * as_written,
            bank_from: 0.0,
            bank_to: f64::INFINITY,
            max_area: f64::INFINITY,
        };
        Some(match AreaLaw::compile(model, shape) {
            AreaLaw::Power { a0, a1, exponent } => sloped(if exponent == 0.0 { a0 + a1 } else { a0 }),
            AreaLaw::Quadratic { a0, .. } => sloped(a0),
            AreaLaw::Tabular(curve) => {
                let mut banks = Self {
                    bottom_area: curve.lookup_extrapolated(0.0),
                    bank_to: 0.0,
                    max_area: 0.0,
                    ..sloped(0.0)
                };
                let mut before = curve.y.first().copied().unwrap_or(0.0);
                for (&depth, &area) in curve.x.iter().zip(&curve.y).skip(1) {
                    if area > before {
                        (banks.max_area, banks.bank_to) = (area, depth);
                    } else if area == before && banks.max_area == 0.0 {
                        banks.bank_from = depth;
                    } else {
                        break;
                    }
                    before = area;
                }
                banks
            }
        })
    }

    /// Dry soil at the start.
    pub fn initial_state(&self) -> SeepageState {
        SeepageState { bottom: self.soil.initial_state(), banks: self.soil.initial_state() }
    }

    /// Seepage, m³/s, over a step (s) at a depth (m) and its water surface (m²).
    ///
    /// A soil without deficit takes its conductivity; else Green and Ampt's law, with the whole
    /// depth on the bottom and half the depth over them on the banks.
    pub fn flow(
        &self,
        state: &mut SeepageState,
        depth: f64,
        area: f64,
        step: f64,
        climate: SoilClimate,
    ) -> f64 {
        let rate = |state: &mut SoilState, depth: f64| {
            if self.soil.deficit == 0.0 {
                return self.soil.conductivity * climate.conductivity;
            }
            let supply = Supply {
                step,
                rain: 0.0,
                runon: 0.0,
                depth,
                conductivity_factor: climate.conductivity,
                recovery_factor: climate.recovery,
            };
            self.soil.infiltrate(state, &supply)
        };
        let mut flow = rate(&mut state.bottom, depth) * self.bottom_area;
        let bank_area = area.min(self.max_area) - self.bottom_area;
        if depth > self.bank_from && bank_area > 0.0 {
            let bank_depth = if depth > self.bank_to {
                depth - self.bank_to + 0.5 * (self.bank_to - self.bank_from)
            } else {
                0.5 * (depth - self.bank_from)
            };
            flow += rate(&mut state.banks, bank_depth) * bank_area;
        }
        flow
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::curve::{Curve, CurveKind};
    use crate::model::node::{Node, Seepage, StorageShape};
    use crate::units::{FlowUnits, Units};

    fn pond(deficit: f64) -> SeepageParams {
        SeepageParams {
            soil: Soil::new(0.1, 1.0e-5, deficit, true),
            bottom_area: 100.0,
            bank_from: 0.5,
            bank_to: 2.0,
            max_area: 250.0,
        }
    }

    fn compile(units: FlowUnits, shape: impl FnOnce(&mut Model) -> StorageShape) -> SeepageParams {
        let mut model = Model { units: Units::new(units), ..Model::default() };
        let shape = shape(&mut model);
        let seepage = Some(Seepage { suction: 0.1, conductivity: 1.0e-5, deficit: 0.3 });
        let node = Node::new(NodeKind::Storage { shape, evaporation: 0.0, seepage }, 0.0, 3.0);
        let id = model.nodes.insert("pond", node).unwrap();
        SeepageParams::compile(&model, id).unwrap()
    }

    #[test]
    fn a_constant_rate_acts_on_bottom_and_banks() {
        let pond = pond(0.0);
        let mut state = pond.initial_state();
        let climate = SoilClimate { conductivity: 2.0, recovery: 1.0 };
        let mut flow = |depth, area| pond.flow(&mut state, depth, area, 10.0, climate);
        assert!((flow(1.0, 200.0) - 200.0 * 2.0e-5).abs() < 1e-15);
        assert!((flow(0.4, 200.0) - 100.0 * 2.0e-5).abs() < 1e-15);
        assert!((flow(3.0, 300.0) - 250.0 * 2.0e-5).abs() < 1e-15);
    }

    #[test]
    fn deep_water_into_dry_soil_follows_green_and_ampt() {
        // one hour under 1 m on the bottom alone: F - c ln(1 + F/c) = K t with c = 1.1 · 0.3
        let pond = pond(0.3);
        let mut state = pond.initial_state();
        let depth = pond.flow(&mut state, 1.0, 100.0, 3600.0, SoilClimate::default()) / 100.0 * 3600.0;
        let head = 1.1 * 0.3;
        let left = depth - head * (1.0 + depth / head).ln();
        assert!((left - 1.0e-5 * 3600.0).abs() < 2e-3, "{left}");
        assert!(depth > 0.036);
    }

    #[test]
    fn banks_feel_half_the_depth_over_them() {
        let pond = pond(0.3);
        let climate = SoilClimate::default();
        let alone = |depth| {
            let mut state = pond.initial_state();
            pond.flow(&mut state, depth, 100.0, 3600.0, climate) / 100.0
        };
        let banks = |depth| {
            let mut state = pond.initial_state();
            (pond.flow(&mut state, depth, 200.0, 3600.0, climate) - 100.0 * alone(depth)) / 100.0
        };
        // 1.5 m: half of the metre over 0.5 m; 3 m: the metre above 2 m and half of 1.5 m
        assert!((banks(1.5) / alone(0.5) - 1.0).abs() < 1e-12);
        assert!((banks(3.0) / alone(1.75) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_banks_of_a_curve_lie_where_it_widens() {
        let pond = compile(FlowUnits::Cms, |model| {
            let x = vec![0.0, 1.0, 2.0, 3.0, 4.0];
            let y = vec![50.0, 50.0, 80.0, 90.0, 70.0];
            let curve = Curve { kind: CurveKind::Storage, x, y };
            StorageShape::Tabular(model.curves.insert("A", curve).unwrap())
        });
        let widths = (pond.bottom_area, pond.bank_from, pond.bank_to, pond.max_area);
        assert_eq!(widths, (50.0, 1.0, 3.0, 90.0));
    }

    #[test]
    fn the_bottom_of_a_formula_counts_in_square_feet_as_in_swmm() {
        let shape = |_: &mut Model| StorageShape::Functional { a0: 100.0, a1: 20.0, a2: 0.0 };
        assert!((compile(FlowUnits::Cms, shape).bottom_area - 120.0 * FOOT * FOOT).abs() < 1e-12);
        assert!((compile(FlowUnits::Cfs, shape).bottom_area - 120.0).abs() < 1e-12);
    }
}
