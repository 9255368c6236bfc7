//! Flow through orifices in the side or the bottom of a node.

use serde::{Deserialize, Serialize};

use super::flap_gate::{self, FlapGate};
use super::structure::{Ends, LinkFlow, submergence_factor};
use crate::model::link::LinkKind;
use crate::model::section::{CrossSection, Shape};
use crate::model::{LinkId, Model};
use crate::units::{FOOT, GRAVITY, TINY_DEPTH};

/// Coefficient of a sharp-crested weir over √(2g).
const SHARP_WEIR: f64 = 0.414;
/// Shortest equivalent length, 200 ft, in m.
const MIN_LENGTH: f64 = 200.0 * FOOT;

/// An orifice, compiled.
#[derive(Clone, Debug)]
pub struct OrificeParams {
    /// Whether it lies in the bottom (else in the side).
    pub bottom: bool,
    /// The opening when it is fully open.
    pub section: CrossSection,
    /// Whether it is a circle (else a rectangle).
    pub circular: bool,
    /// Discharge coefficient.
    pub coefficient: f64,
    /// Time to open or close fully, s; 0 for at once.
    pub gate_time: f64,
    /// Crest above the upstream node's invert, m.
    pub crest_offset: f64,
    /// Length of the pipe that has the same storage, m.
    pub equivalent_length: f64,
    /// Gates on the way.
    pub gate: FlapGate,
}

/// What follows from an orifice's setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OrificeOpening {
    /// Open share of the height, 0 to 1.
    pub setting: f64,
    /// Open height, m.
    pub height: f64,
    /// Open area, m².
    pub area: f64,
    /// Head under which the orifice works as a weir, m.
    pub critical_head: f64,
    /// `Cd A √(2g)`, m^2.5/s.
    pub orifice_coefficient: f64,
    /// Flow at the critical head, m³/s.
    pub weir_coefficient: f64,
}

impl OrificeParams {
    /// Compiles an orifice of a model; `None` when the link is no orifice or its opening has a
    /// shape that orifices cannot have.
    pub fn compile(model: &Model, link: LinkId) -> Option<Self> {
        let gate = FlapGate::compile(model, link);
        let link = &model.links[link];
        let LinkKind::Orifice(orifice) = &link.kind else { return None };
        let circular = match orifice.shape {
            Shape::Circular { .. } => true,
            Shape::RectangularClosed { .. } => false,
            _ => return None,
        };
        let section = CrossSection::new(&orifice.shape, model).ok()?;
        let wave = (GRAVITY * section.full_depth).sqrt();
        Some(Self {
            bottom: orifice.bottom,
            coefficient: orifice.coefficient,
            gate_time: orifice.gate_time,
            crest_offset: link.inlet_offset,
            equivalent_length: (2.0 * model.options.written_routing_step() * wave).max(MIN_LENGTH),
            section,
            circular,
            gate,
        })
    }

    /// The setting one step (s) later, on its way to `target` at the speed of the gate; with no
    /// step or no gate time it is there at once.
    pub fn next_setting(&self, setting: f64, target: f64, step: f64) -> f64 {
        if self.gate_time == 0.0 || step == 0.0 {
            return target;
        }
        let change = target - setting;
        let reach = step / self.gate_time;
        if reach + 0.001 >= change.abs() { target } else { setting + reach.copysign(change) }
    }

    /// What follows from a setting (open share of the height, 0 to 1).
    ///
    /// Under the critical head the orifice works as a weir and both laws meet there:
    /// a side orifice at its crown (`h`, head on its centre `h/2`), a bottom orifice at
    /// `Cd / 0.414 · area / perimeter`, where orifice and sharp-crested weir flow are equal.
    pub fn opening_at(&self, setting: f64) -> OrificeOpening {
        let height = setting * self.section.full_depth;
        let area = self.section.area(height);
        let scale = area * (2.0 * GRAVITY).sqrt();
        let (critical_head, orifice_head) = if self.bottom {
            let area_by_perimeter = if self.circular {
                height / 4.0
            } else {
                let width = self.section.max_width;
                height * width / (2.0 * (height + width))
            };
            let critical = self.coefficient / SHARP_WEIR * area_by_perimeter;
            (critical, critical)
        } else {
            (height, 0.5 * height)
        };
        OrificeOpening {
            setting,
            height,
            area,
            critical_head,
            orifice_coefficient: self.coefficient * scale,
            weir_coefficient: self.coefficient * orifice_head.sqrt() * scale,
        }
    }

    /// Flow through the orifice; `last` is what it gave the time before, which stands while it
    /// is shut.
    ///
    /// Above the critical head `q = Cd A √(2 g h)`, h being the head on the centre of a side
    /// orifice or on the opening of a bottom orifice, or the head difference when drowned; below
    /// it `q = q_crit · f^1.5` with f the share of the critical head, and Villemonte's factor
    /// when drowned. (EPA SWMM *Reference Manual* vol. II, section 6.3.)
    pub fn flow(&self, opening: &OrificeOpening, ends: &Ends, last: LinkFlow) -> LinkFlow {
        if opening.setting == 0.0 {
            return last.shut();
        }
        let driving = ends.driving(false);
        let crest = ends.invert_up + self.crest_offset;
        let (head, fraction) = if self.bottom {
            let head = if driving.high < crest {
                0.0
            } else if driving.low > crest {
                driving.high - driving.low
            } else {
                driving.high - crest
            };
            (head, (head / opening.critical_head).min(1.0))
        } else {
            let crown = crest + opening.height;
            let centre = 0.5 * (crest + crown);
            let fraction = if driving.high < crown && crown > crest {
                (driving.high - crest) / (crown - crest)
            } else {
                1.0
            };
            let head = if fraction < 1.0 {
                driving.high - crest
            } else if driving.low < centre {
                driving.high - centre
            } else {
                driving.high - driving.low
            };
            (head, fraction)
        };
        if head <= TINY_DEPTH || driving.depth <= TINY_DEPTH || self.gate.blocks(driving.direction) {
            return LinkFlow { surface_area: TINY_DEPTH * self.equivalent_length, ..LinkFlow::default() };
        }
        let (depth, surface_area) = if self.bottom {
            (opening.height, opening.area)
        } else {
            let depth = opening.height * fraction;
            (depth, self.section.width(depth) * self.equivalent_length)
        };
        let (mut flow, dq_dh) = opening.discharge_past_gate(head, fraction, self.gate.own);
        if fraction < 1.0 && driving.low > crest {
            flow *= submergence_factor((driving.low - crest) / (driving.high - crest), 1.5);
        }
        LinkFlow {
            flow: driving.direction * flow,
            dq_dh,
            depth,
            surface_area,
            flow_class: driving.flow_class(crest),
        }
    }
}

impl OrificeOpening {
    /// Flow (m³/s) and its derivative by head (m²/s) at a head (m) and a share of the critical
    /// head, without a flap gate.
    pub fn discharge(&self, head: f64, fraction: f64) -> (f64, f64) {
        if head == 0.0 || fraction <= 0.0 {
            (0.0, 0.0)
        } else if fraction < 1.0 {
            let flow = self.weir_coefficient * fraction.powf(1.5);
            (flow, 1.5 * flow / (fraction * self.critical_head))
        } else {
            let flow = self.orifice_coefficient * head.sqrt();
            (flow, flow / (2.0 * head))
        }
    }

    /// As [`Self::discharge`]; with a flap gate the head is first reduced by what the gate costs
    /// at the flow without it.
    fn discharge_past_gate(&self, head: f64, fraction: f64, gated: bool) -> (f64, f64) {
        let free = self.discharge(head, fraction);
        if !gated {
            return free;
        }
        let loss = flap_gate::head_loss(free.0 / self.area, head);
        if fraction < 1.0 {
            self.discharge(head, (fraction - loss / self.critical_head).max(0.0))
        } else {
            self.discharge((head - loss).max(0.0), fraction)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::FlowClass;

    fn orifice(bottom: bool) -> OrificeParams {
        OrificeParams {
            bottom,
            section: CrossSection::new(
                &Shape::RectangularClosed { height: 0.5, width: 2.0 },
                &Model::default(),
            )
            .unwrap(),
            circular: false,
            coefficient: 0.65,
            gate_time: 0.0,
            crest_offset: 0.2,
            equivalent_length: MIN_LENGTH,
            gate: FlapGate::default(),
        }
    }

    fn flow(orifice: &OrificeParams, depth_up: f64, depth_down: f64) -> LinkFlow {
        let ends = Ends { invert_up: 10.0, invert_down: 10.0, depth_up, depth_down, ..Ends::default() };
        orifice.flow(&orifice.opening_at(1.0), &ends, LinkFlow::default())
    }

    #[test]
    fn a_full_side_orifice_obeys_torricelli() {
        // centre at 0.45 m: head 1.55 m; q = 0.65 · 1 m² · √(2 · 9.81456 · 1.55) = 3.5853 m³/s
        let result = flow(&orifice(false), 2.0, 0.0);
        let exact = 0.65 * (2.0 * GRAVITY * 1.55).sqrt();
        assert!((result.flow - exact).abs() < 1e-12 && (exact - 3.5853).abs() < 1e-4, "{exact}");
        assert!((result.dq_dh - exact / 3.1).abs() < 1e-12);
        assert_eq!(result.flow_class, FlowClass::DownstreamCritical);
    }

    #[test]
    fn a_drowned_side_orifice_feels_the_head_difference_either_way() {
        let exact = 0.65 * (2.0 * GRAVITY * 0.5).sqrt();
        let forward = flow(&orifice(false), 2.0, 1.5);
        let backward = flow(&orifice(false), 1.5, 2.0);
        assert!((forward.flow - exact).abs() < 1e-12);
        assert!((backward.flow + exact).abs() < 1e-12);
        assert_eq!(forward.flow_class, FlowClass::Subcritical);
    }

    #[test]
    fn weir_and_orifice_flow_meet_at_the_critical_head() {
        for bottom in [false, true] {
            let orifice = orifice(bottom);
            let critical = orifice.opening_at(1.0).critical_head;
            let below = flow(&orifice, 0.2 + critical * (1.0 - 1e-9), 0.0).flow;
            let above = flow(&orifice, 0.2 + critical * (1.0 + 1e-9), 0.0).flow;
            assert!((below / above - 1.0).abs() < 1e-7, "{below} {above}");
        }
    }

    #[test]
    fn the_critical_head_of_a_bottom_orifice_equates_weir_and_orifice() {
        // area 1 m², perimeter 5 m: 0.65 / 0.414 · 0.2 m
        let opening = orifice(true).opening_at(1.0);
        assert!((opening.critical_head - 0.65 / 0.414 * 0.2).abs() < 1e-12);
    }

    #[test]
    fn half_the_critical_head_gives_a_third_of_the_critical_flow() {
        let orifice = orifice(false);
        let full = orifice.opening_at(1.0).weir_coefficient;
        let half = flow(&orifice, 0.45, 0.0);
        assert!((half.flow / full - 0.5_f64.powf(1.5)).abs() < 1e-12);
        assert!((half.depth - 0.25).abs() < 1e-12);
        assert!((half.surface_area - 2.0 * MIN_LENGTH).abs() < 1e-9);
    }

    #[test]
    fn water_below_the_crest_does_not_flow() {
        let dry = flow(&orifice(false), 0.2, 0.0);
        assert_eq!((dry.flow, dry.depth, dry.flow_class), (0.0, 0.0, FlowClass::Dry));
        assert!((dry.surface_area - TINY_DEPTH * MIN_LENGTH).abs() < 1e-15);
    }

    #[test]
    fn a_shut_orifice_passes_nothing_and_keeps_its_last_state() {
        let orifice = orifice(false);
        let last = flow(&orifice, 2.0, 0.0);
        let shut = orifice.flow(&orifice.opening_at(0.0), &Ends::default(), last);
        assert_eq!((shut.flow, shut.dq_dh, shut.depth), (0.0, 0.0, last.depth));
    }

    #[test]
    fn a_flap_gate_costs_head_and_stops_backflow() {
        let mut gated = orifice(false);
        gated.gate.own = true;
        let free = flow(&orifice(false), 2.0, 0.0).flow;
        let held = flow(&gated, 2.0, 0.0).flow;
        let loss = flap_gate::head_loss(free, 1.55);
        assert!((held - 0.65 * (2.0 * GRAVITY * (1.55 - loss)).sqrt()).abs() < 1e-12);
        assert!(held < free);
        assert_eq!(flow(&gated, 1.5, 2.0).flow, 0.0);
    }

    #[test]
    fn a_gate_that_takes_ten_minutes_moves_a_tenth_a_minute() {
        let slow = OrificeParams { gate_time: 600.0, ..orifice(false) };
        assert!((slow.next_setting(1.0, 0.0, 60.0) - 0.9).abs() < 1e-12);
        assert!((slow.next_setting(0.2, 1.0, 60.0) - 0.3).abs() < 1e-12);
        assert_eq!(slow.next_setting(0.05, 0.0, 60.0), 0.0);
        assert_eq!(orifice(false).next_setting(1.0, 0.0, 60.0), 0.0);
    }
}
