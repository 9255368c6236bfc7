//! Outlets: structures whose rating the user gives.

use super::flap_gate::FlapGate;
use super::structure::{Ends, LinkFlow};
use crate::model::curve::Curve;
use crate::model::link::{LinkKind, OutletDriver, OutletRating};
use crate::model::{LinkId, Model};
use crate::statistics::FlowClass;
use crate::units::TINY_DEPTH;

/// Rating of an outlet, compiled.
#[derive(Clone, Debug, PartialEq)]
pub enum Rating {
    /// `q = coefficient · head^exponent` with q and head in the user's units.
    Functional {
        /// Coefficient.
        coefficient: f64,
        /// Exponent.
        exponent: f64,
        /// Metres in the user's length.
        length_unit: f64,
        /// m³/s in the user's flow.
        flow_unit: f64,
    },
    /// Flow (m³/s) by head (m).
    Tabular(Curve),
}

impl Rating {
    /// Flow, m³/s, at a head, m.
    pub fn flow(&self, head: f64) -> f64 {
        match self {
            Self::Functional { coefficient, exponent, length_unit, flow_unit } => {
                coefficient * (head / length_unit).powf(*exponent) * flow_unit
            }
            Self::Tabular(curve) => curve.lookup(head),
        }
    }
}

/// An outlet, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct OutletParams {
    /// What drives it.
    pub driver: OutletDriver,
    /// Rating.
    pub rating: Rating,
    /// Crest above the upstream node's invert, m.
    pub crest_offset: f64,
    /// Gates on the way.
    pub gate: FlapGate,
}

impl OutletParams {
    /// Compiles an outlet of a model; `None` when the link is no outlet.
    pub fn compile(model: &Model, link: LinkId) -> Option<Self> {
        let gate = FlapGate::compile(model, link);
        let link = &model.links[link];
        let LinkKind::Outlet(outlet) = &link.kind else { return None };
        let rating = match outlet.rating {
            OutletRating::Functional { coefficient, exponent } => Rating::Functional {
                coefficient,
                exponent,
                length_unit: model.units.length,
                flow_unit: model.units.flow,
            },
            OutletRating::Tabular(curve) => Rating::Tabular(model.curves[curve].clone()),
        };
        Some(Self { driver: outlet.driver, rating, crest_offset: link.inlet_offset, gate })
    }

    /// Flow at a setting (a factor, usually 0 to 1); `last` is what it gave the time before, which
    /// stands while it is shut.
    ///
    /// Driven by the depth over the crest, or by the head difference, from the crest on where the
    /// low side is below it. EPA SWMM counts no derivative for outlets: `dq_dh` is 0.
    pub fn flow(&self, setting: f64, ends: &Ends, last: LinkFlow) -> LinkFlow {
        if setting == 0.0 {
            return last.shut();
        }
        let driving = ends.driving(false);
        let crest = ends.invert_up + self.crest_offset;
        let head = match self.driver {
            OutletDriver::Depth => driving.high - crest,
            OutletDriver::Head => driving.high - driving.low.max(crest),
        };
        if head <= TINY_DEPTH || driving.depth <= TINY_DEPTH || self.gate.blocks(driving.direction) {
            return LinkFlow::default();
        }
        LinkFlow {
            flow: driving.direction * setting * self.rating.flow(head),
            depth: head,
            flow_class: FlowClass::Subcritical,
            ..LinkFlow::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::curve::CurveKind;
    use crate::units::{CUBIC_FOOT, FOOT};

    fn outlet(driver: OutletDriver, rating: Rating) -> OutletParams {
        OutletParams { driver, rating, crest_offset: 0.5, gate: FlapGate::default() }
    }

    fn table() -> Rating {
        Rating::Tabular(Curve { kind: CurveKind::Rating, x: vec![0.0, 2.0], y: vec![0.0, 8.0] })
    }

    #[test]
    fn a_functional_rating_counts_in_the_users_units() {
        // 3 · 4^0.5 = 6 ft³/s under 4 ft
        let rating =
            Rating::Functional { coefficient: 3.0, exponent: 0.5, length_unit: FOOT, flow_unit: CUBIC_FOOT };
        assert!((rating.flow(4.0 * FOOT) - 6.0 * CUBIC_FOOT).abs() < 1e-12);
    }

    #[test]
    fn depth_and_head_drive_apart_once_the_outlet_drowns() {
        let ends = Ends { depth_up: 2.0, depth_down: 1.5, ..Ends::default() };
        let by_depth = outlet(OutletDriver::Depth, table()).flow(1.0, &ends, LinkFlow::default());
        let by_head = outlet(OutletDriver::Head, table()).flow(1.0, &ends, LinkFlow::default());
        assert!((by_depth.flow - 6.0).abs() < 1e-12 && (by_head.flow - 2.0).abs() < 1e-12);
    }

    #[test]
    fn the_setting_scales_the_flow_and_backwater_runs_back() {
        let ends = Ends { depth_up: 0.0, depth_down: 1.5, ..Ends::default() };
        let back = outlet(OutletDriver::Depth, table()).flow(0.25, &ends, LinkFlow::default());
        assert!((back.flow + 1.0).abs() < 1e-12);
    }
}
