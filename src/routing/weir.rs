//! Flow over weirs.

use serde::{Deserialize, Serialize};

use super::flap_gate::{self, FlapGate};
use super::roadway::RoadwayParams;
use super::structure::{Ends, LinkFlow, submergence_factor};
use crate::model::curve::Curve;
use crate::model::link::{LinkKind, WeirKind};
use crate::model::section::{CrossSection, Shape};
use crate::model::{LinkId, Model};
use crate::units::{CUBIC_FOOT, FOOT, TINY_DEPTH};

/// m³ in a ft³, as EPA's weirs round it.
const WEIR_CUBIC_FOOT: f64 = 0.028_317;
/// Open area under which a flap gate is not felt, 1e-6 ft², in m².
const MIN_OPEN_AREA: f64 = 1.0e-6 * FOOT * FOOT;

/// A weir, compiled.
#[derive(Clone, Debug)]
pub struct WeirParams {
    /// Form.
    pub kind: WeirKind,
    /// Opening.
    pub section: CrossSection,
    /// Run over rise of the sides, their mean; 0 for a rectangle.
    pub side_slope: f64,
    /// Coefficient of the central part, in the user's units.
    pub coefficient: f64,
    /// Coefficient of the central part by head (m), in its place.
    pub coefficient_curve: Option<Curve>,
    /// Coefficient of the triangular ends, in the user's units.
    pub end_coefficient: f64,
    /// Number of end contractions.
    pub end_contractions: f64,
    /// Whether it works as an orifice when drowned above its top.
    pub can_surcharge: bool,
    /// The road, of a roadway weir.
    pub road: RoadwayParams,
    /// Crest above the upstream node's invert, m.
    pub crest_offset: f64,
    /// Metres in the user's length.
    pub length_unit: f64,
    /// m³/s in the unit of flow that the user's coefficients give.
    pub flow_unit: f64,
    /// Gates on the way.
    pub gate: FlapGate,
}

/// What follows from a weir's setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WeirOpening {
    /// Open share of the height, 0 to 1; a weir opens from its top.
    pub setting: f64,
    /// Height of the raised crest over the bottom of the opening, m.
    pub raised: f64,
    /// Flow over the root of the head on the centre when it works as an orifice, m^2.5/s.
    pub orifice_coefficient: f64,
}

/// Flow over the parts of a weir.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Parts {
    /// Over the central part, m³/s.
    central: f64,
    /// Over the triangular ends, m³/s.
    ends: f64,
    /// Derivative of both by head, m²/s.
    dq_dh: f64,
}

impl WeirParams {
    /// Compiles a weir of a model; `None` when the link is no weir or its opening has a shape that
    /// weirs cannot have.
    pub fn compile(model: &Model, link: LinkId) -> Option<Self> {
        let gate = FlapGate::compile(model, link);
        let link = &model.links[link];
        let LinkKind::Weir(weir) = &link.kind else { return None };
        let side_slope = side_slope(&weir.shape)?;
        let section = CrossSection::new(&weir.shape, model).ok()?;
        let si = model.units.is_si();
        Some(Self {
            kind: weir.kind,
            side_slope,
            coefficient: weir.coefficient,
            coefficient_curve: weir.coefficient_curve.map(|curve| model.curves[curve].clone()),
            end_coefficient: weir.end_coefficient,
            end_contractions: weir.end_contractions,
            can_surcharge: weir.can_surcharge,
            road: RoadwayParams::new(section.max_width, weir.road_width, weir.gravel, weir.coefficient, si),
            crest_offset: link.inlet_offset,
            length_unit: model.units.length,
            flow_unit: CUBIC_FOOT / if si { WEIR_CUBIC_FOOT } else { 1.0 },
            section,
            gate,
        })
    }

    /// What follows from a setting (open share of the height, 0 to 1).
    ///
    /// As an orifice the weir passes, at its full open height h, what it passes as a weir:
    /// `c = q(h) / √(h/2)`.
    pub fn opening_at(&self, setting: f64) -> WeirOpening {
        let full = self.section.full_depth;
        let mut opening = WeirOpening { setting, raised: (1.0 - setting) * full, orifice_coefficient: 0.0 };
        let height = setting * full;
        if self.can_surcharge && self.kind != WeirKind::Roadway && height > 0.0 {
            let parts = self.over_crest(&opening, height, 1.0);
            opening.orifice_coefficient = (parts.central + parts.ends) / (0.5 * height).sqrt();
        }
        opening
    }

    /// Flow over the weir; `last` is what it gave the time before, which stands while it is shut.
    ///
    /// Below the top of the opening by the law of its form, times Villemonte's factor when
    /// drowned; above it as an orifice or, if it cannot surcharge, under the head of its top.
    /// (EPA SWMM *Reference Manual* vol. II, section 6.4.)
    pub fn flow(&self, opening: &WeirOpening, ends: &Ends, last: LinkFlow) -> LinkFlow {
        if opening.setting == 0.0 {
            return last.shut();
        }
        let driving = ends.driving(true);
        let bottom = ends.invert_up + self.crest_offset;
        if self.kind == WeirKind::Roadway {
            return self.road.flow(&driving, bottom);
        }
        let full = self.section.full_depth;
        let crown = bottom + full;
        let crest = bottom + opening.raised;
        let mut head = driving.high - crest;
        if head <= TINY_DEPTH || crest >= crown || self.gate.blocks(driving.direction) {
            return LinkFlow::default();
        }
        let mut result = LinkFlow { flow_class: driving.flow_class(crest), ..LinkFlow::default() };
        if driving.high >= crown {
            if self.can_surcharge {
                let centre = 0.5 * (crest + crown);
                head = driving.high - driving.low.max(centre);
                result.depth = crown - crest;
                let (flow, dq_dh) = self.as_orifice(opening, head, result.depth);
                result.flow = driving.direction * flow;
                result.dq_dh = dq_dh;
                return result;
            }
            head = crown - crest;
        }
        let mut parts = self.past_gate(opening, head, driving.direction);
        if driving.low > crest {
            let ratio = (driving.low - crest) / (driving.high - crest);
            let exponent = match self.kind {
                WeirKind::SideFlow => 5.0 / 3.0,
                WeirKind::VNotch => 2.5,
                WeirKind::Transverse | WeirKind::Trapezoidal | WeirKind::Roadway => 1.5,
            };
            parts.central *= submergence_factor(ratio, exponent);
            parts.ends *= submergence_factor(ratio, 2.5);
        }
        result.depth = (driving.high - crest).min(full);
        result.flow = driving.direction * (parts.central + parts.ends);
        result.dq_dh = parts.dq_dh;
        result
    }

    /// Free flow under a head (m) over the crest, without flap gate. In the user's units:
    ///
    /// - transverse `q = C (L - 0.1 n h) h^1.5`,
    /// - side flow `q = C (L - 0.1 n h)^0.83 h^1.67`, backward as transverse,
    /// - V-notch `q = C s h^2.5`; partly shut as a trapezoid,
    /// - trapezoidal `q = C L h^1.5 + C' s h^2.5`,
    ///
    /// with n end contractions, s the slope of the sides and L the width of the crest.
    fn over_crest(&self, opening: &WeirOpening, head: f64, direction: f64) -> Parts {
        if head <= 0.0 {
            return Parts::default();
        }
        let h = head / self.length_unit;
        let coefficient = match &self.coefficient_curve {
            Some(curve) => curve.lookup(head),
            None => self.coefficient,
        };
        let contracted =
            || (self.section.max_width / self.length_unit - 0.1 * self.end_contractions * h).max(0.0);
        let (central, ends) = match self.kind {
            WeirKind::SideFlow if direction > 0.0 => {
                (coefficient * contracted().powf(0.83) * h.powf(1.67), 0.0)
            }
            WeirKind::Transverse | WeirKind::SideFlow => (coefficient * contracted() * h.powf(1.5), 0.0),
            WeirKind::VNotch if opening.setting >= 1.0 => (coefficient * self.side_slope * h.powf(2.5), 0.0),
            WeirKind::VNotch | WeirKind::Trapezoidal => {
                let crest_width = self.section.width(opening.raised) / self.length_unit;
                (
                    coefficient * crest_width * h.powf(1.5),
                    self.end_coefficient * self.side_slope * h.powf(2.5),
                )
            }
            WeirKind::Roadway => (0.0, 0.0),
        };
        let mut parts = Parts { central: central * self.flow_unit, ends: ends * self.flow_unit, dq_dh: 0.0 };
        if head >= TINY_DEPTH {
            let by_central = match self.kind {
                WeirKind::SideFlow if direction > 0.0 => 1.67,
                WeirKind::VNotch if parts.ends == 0.0 => 2.5,
                _ => 1.5,
            };
            parts.dq_dh = (by_central * parts.central + 2.5 * parts.ends) / head;
        }
        parts
    }

    /// As [`Self::over_crest`], under the head that an own flap gate leaves.
    fn past_gate(&self, opening: &WeirOpening, head: f64, direction: f64) -> Parts {
        let free = self.over_crest(opening, head, direction);
        let area = self.open_area(opening, head);
        if !self.gate.own || area <= MIN_OPEN_AREA {
            return free;
        }
        let loss = flap_gate::head_loss((free.central + free.ends) / area, head);
        self.over_crest(opening, (head - loss).max(0.0), direction)
    }

    /// Flow (m³/s) and derivative (m²/s) as an orifice of a height (m) under a head (m).
    fn as_orifice(&self, opening: &WeirOpening, head: f64, height: f64) -> (f64, f64) {
        let mut head = head;
        let mut flow = opening.orifice_coefficient * head.sqrt();
        let area = self.open_area(opening, height);
        if self.gate.own && area > 0.0 {
            head = (head - flap_gate::head_loss(flow / area, height)).max(0.0);
            flow = opening.orifice_coefficient * head.sqrt();
        }
        (flow, if head > 0.0 { flow / (2.0 * head) } else { 0.0 })
    }

    /// Area between the raised crest and a depth (m) over it, m².
    fn open_area(&self, opening: &WeirOpening, depth: f64) -> f64 {
        let top = (opening.raised + depth).min(self.section.full_depth);
        self.section.area(top) - self.section.area(opening.raised)
    }
}

/// Run over rise of the sides of an opening, their mean; `None` for one that weirs cannot have.
fn side_slope(shape: &Shape) -> Option<f64> {
    match *shape {
        Shape::RectangularOpen { .. } => Some(0.0),
        Shape::Triangular { height, top } => Some(0.5 * top / height),
        Shape::Trapezoidal { left, right, .. } => Some(0.5 * (left + right)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::FlowClass;
    use crate::units::{FlowUnits, Units};

    fn weir(kind: WeirKind, shape: Shape) -> WeirParams {
        let section = CrossSection::new(&shape, &Model::default()).unwrap();
        WeirParams {
            kind,
            side_slope: side_slope(&shape).unwrap(),
            coefficient: 1.84,
            coefficient_curve: None,
            end_coefficient: 1.3,
            end_contractions: 0.0,
            can_surcharge: true,
            road: RoadwayParams::new(section.max_width, 0.0, None, 1.84, true),
            crest_offset: 1.0,
            length_unit: Units::new(FlowUnits::Cms).length,
            flow_unit: CUBIC_FOOT / WEIR_CUBIC_FOOT,
            section,
            gate: FlapGate::default(),
        }
    }

    const RECTANGLE: Shape = Shape::RectangularOpen { height: 1.0, width: 4.0, sides_removed: 0.0 };
    const NOTCH: Shape = Shape::Triangular { height: 1.0, top: 1.0 };

    fn flow_at(weir: &WeirParams, setting: f64, depth_up: f64, depth_down: f64) -> LinkFlow {
        let ends = Ends { depth_up, depth_down, ..Ends::default() };
        weir.flow(&weir.opening_at(setting), &ends, LinkFlow::default())
    }

    #[test]
    fn a_transverse_weir_obeys_its_law() {
        // 1.84 · 4 · 0.25^1.5 = 0.92 m³/s
        let result = flow_at(&weir(WeirKind::Transverse, RECTANGLE), 1.0, 1.25, 0.0);
        assert!((result.flow - 0.92).abs() < 1e-5, "{}", result.flow);
        assert!((result.dq_dh - 1.5 * result.flow / 0.25).abs() < 1e-12);
        assert_eq!(result.flow_class, FlowClass::DownstreamCritical);
        assert!((result.depth - 0.25).abs() < 1e-12);
    }

    #[test]
    fn in_feet_the_coefficient_counts_in_feet() {
        let us =
            WeirParams { length_unit: FOOT, flow_unit: CUBIC_FOOT, ..weir(WeirKind::Transverse, RECTANGLE) };
        let result = flow_at(&us, 1.0, 1.25, 0.0).flow / CUBIC_FOOT;
        assert!((result - 1.84 * 4.0 / FOOT * (0.25 / FOOT).powf(1.5)).abs() < 1e-12);
    }

    #[test]
    fn two_end_contractions_shorten_the_crest() {
        let contracted = WeirParams { end_contractions: 2.0, ..weir(WeirKind::Transverse, RECTANGLE) };
        let ratio = flow_at(&contracted, 1.0, 1.25, 0.0).flow
            / flow_at(&weir(WeirKind::Transverse, RECTANGLE), 1.0, 1.25, 0.0).flow;
        assert!((ratio - 3.95 / 4.0).abs() < 1e-12);
    }

    #[test]
    fn a_side_weir_is_transverse_backward() {
        let side = weir(WeirKind::SideFlow, RECTANGLE);
        let forward = flow_at(&side, 1.0, 1.25, 0.0).flow;
        assert!((forward - 1.84 * 4.0_f64.powf(0.83) * 0.25_f64.powf(1.67)).abs() < 1e-5);
        let backward = flow_at(&side, 1.0, 0.0, 1.25).flow;
        assert!((backward + 0.92).abs() < 1e-5);
    }

    #[test]
    fn a_right_angled_notch_and_the_same_notch_half_shut() {
        // slope 0.5: 1.84 · 0.5 · 0.25^2.5 = 0.02875 m³/s
        let notch = weir(WeirKind::VNotch, NOTCH);
        assert!((flow_at(&notch, 1.0, 1.25, 0.0).flow - 0.028_75).abs() < 1e-6);
        // half shut: crest 0.5 m wide at 1.5 m
        let half = flow_at(&notch, 0.5, 1.75, 0.0);
        let exact = 1.84 * 0.5 * 0.125 + 1.3 * 0.5 * 0.25_f64.powf(2.5);
        assert!((half.flow - exact).abs() < 1e-5);
    }

    #[test]
    fn a_trapezoid_adds_its_ends() {
        let trapezoid = weir(
            WeirKind::Trapezoidal,
            Shape::Trapezoidal { height: 1.0, bottom: 2.0, left: 1.0, right: 1.0 },
        );
        let result = flow_at(&trapezoid, 1.0, 1.25, 0.0);
        let (central, ends) = (1.84 * 2.0 * 0.125, 1.3 * 0.25_f64.powf(2.5));
        assert!((result.flow - (central + ends)).abs() < 1e-5);
        assert!((result.dq_dh - (1.5 * central + 2.5 * ends) / 0.25).abs() < 1e-4);
    }

    #[test]
    fn the_surcharged_weir_joins_the_free_one_at_its_top() {
        let weir = weir(WeirKind::Transverse, RECTANGLE);
        let below = flow_at(&weir, 1.0, 2.0 - 1e-9, 0.0).flow;
        let above = flow_at(&weir, 1.0, 2.0, 0.0).flow;
        assert!((below / above - 1.0).abs() < 1e-7);
        // four times the head on the centre, twice the flow
        assert!((flow_at(&weir, 1.0, 3.5, 0.0).flow / above - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_weir_that_cannot_surcharge_stays_at_the_flow_of_its_top() {
        let weir = WeirParams { can_surcharge: false, ..weir(WeirKind::Transverse, RECTANGLE) };
        let result = flow_at(&weir, 1.0, 5.0, 0.0);
        assert!((result.flow - 1.84 * 4.0).abs() < 1e-4);
        assert_eq!(result.depth, 1.0);
    }

    #[test]
    fn equal_heads_pass_nothing() {
        assert_eq!(flow_at(&weir(WeirKind::Transverse, RECTANGLE), 1.0, 1.5, 1.5).flow, 0.0);
    }

    #[test]
    fn a_drowned_weir_passes_less_by_villemonte() {
        let weir = weir(WeirKind::Transverse, RECTANGLE);
        let ratio = flow_at(&weir, 1.0, 1.4, 1.2).flow / flow_at(&weir, 1.0, 1.4, 0.0).flow;
        assert!((ratio - submergence_factor(0.5, 1.5)).abs() < 1e-12);
    }

    #[test]
    fn a_flap_gate_costs_head() {
        let mut gated = weir(WeirKind::Transverse, RECTANGLE);
        gated.gate.own = true;
        let free = 0.92 * CUBIC_FOOT / WEIR_CUBIC_FOOT;
        let loss = flap_gate::head_loss(free / 1.0, 0.25);
        let exact = 1.84 * 4.0 * (0.25 - loss).powf(1.5) * CUBIC_FOOT / WEIR_CUBIC_FOOT;
        assert!((flow_at(&gated, 1.0, 1.25, 0.0).flow - exact).abs() < 1e-12);
        assert_eq!(flow_at(&gated, 1.0, 0.0, 1.25).flow, 0.0);
    }
}
