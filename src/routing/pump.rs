//! Pumps.

use super::structure::{Ends, LinkFlow};
use crate::model::curve::Curve;
use crate::model::link::{LinkKind, PumpKind};
use crate::model::{CurveId, LinkId, Model};
use crate::statistics::FlowClass;
use crate::units::FOOT;

/// Depth step of the derivative of a pump by depth, 0.001 ft, in m.
const DEPTH_STEP: f64 = 0.001 * FOOT;

/// What a pump's flow follows, compiled; curves in SI.
#[derive(Clone, Debug, PartialEq)]
pub enum PumpLaw {
    /// In steps by the volume of its inlet node (m³).
    Volume(Curve),
    /// In steps by the depth of its inlet node (m).
    DepthSteps(Curve),
    /// By the head difference (m).
    Head(Curve),
    /// By the depth of its inlet node (m).
    Depth(Curve),
    /// By the head difference (m), its speed being the setting.
    VariableSpeed(Curve),
    /// All flow into its inlet node.
    Ideal,
}

impl PumpLaw {
    /// The curve; none for an ideal pump.
    pub fn curve(&self) -> Option<&Curve> {
        match self {
            Self::Volume(c)
            | Self::DepthSteps(c)
            | Self::Head(c)
            | Self::Depth(c)
            | Self::VariableSpeed(c) => Some(c),
            Self::Ideal => None,
        }
    }
}

/// A pump, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct PumpParams {
    /// What its flow follows.
    pub law: PumpLaw,
    /// Setting at the start: 1 for on, 0 for off.
    pub initial_setting: f64,
    /// Inlet depth above which it starts, m; 0 for none.
    pub startup_depth: f64,
    /// Inlet depth below which it stops, m; 0 for none.
    pub shutoff_depth: f64,
    /// Largest flow on its curve, m³/s; 0 for an ideal pump.
    pub full_flow: f64,
}

/// Water at the inlet of a pump, by which its flow is limited.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PumpInlet {
    /// Whether the node is a storage unit.
    pub is_storage: bool,
    /// Volume of the full node, m³.
    pub full_volume: f64,
    /// Volume at the start of the step, m³.
    pub old_volume: f64,
    /// Depth at the start of the step, m.
    pub old_depth: f64,
    /// Water surface, m².
    pub surface_area: f64,
    /// Flow in so far, m³/s.
    pub inflow: f64,
    /// Flow out so far, without this pump, m³/s.
    pub outflow: f64,
    /// Inflow less outflow at the start of the step, m³/s.
    pub old_net_inflow: f64,
}

impl PumpParams {
    /// Compiles a pump of a model; `None` when the link is no pump.
    pub fn compile(model: &Model, link: LinkId) -> Option<Self> {
        let LinkKind::Pump(pump) = &model.links[link].kind else { return None };
        let curve = |id: CurveId| model.curves[id].clone();
        let law = match pump.kind {
            PumpKind::Type1(id) => PumpLaw::Volume(curve(id)),
            PumpKind::Type2(id) => PumpLaw::DepthSteps(curve(id)),
            PumpKind::Type3(id) => PumpLaw::Head(curve(id)),
            PumpKind::Type4(id) => PumpLaw::Depth(curve(id)),
            PumpKind::Type5(id) => PumpLaw::VariableSpeed(curve(id)),
            PumpKind::Ideal => PumpLaw::Ideal,
        };
        let full_flow = law.curve().and_then(|c| c.y.iter().copied().reduce(f64::max)).unwrap_or(0.0);
        Some(Self {
            law,
            initial_setting: if pump.initially_on { 1.0 } else { 0.0 },
            startup_depth: pump.startup_depth,
            shutoff_depth: pump.shutoff_depth,
            full_flow,
        })
    }

    /// Volume that a pump by volume gives to an inlet node without one (its curve's last), m³.
    pub fn wet_well_volume(&self) -> Option<f64> {
        match &self.law {
            PumpLaw::Volume(curve) => curve.x.last().copied(),
            _ => None,
        }
    }

    /// The setting that the inlet depth (m) asks for, before control rules have their say.
    pub fn target_setting(&self, setting: f64, depth: f64) -> f64 {
        let mut target = setting;
        if self.shutoff_depth > 0.0 && setting > 0.0 && depth < self.shutoff_depth {
            target = 0.0;
        }
        if self.startup_depth > 0.0 && setting == 0.0 && depth > self.startup_depth {
            target = 1.0;
        }
        target
    }

    /// Flow at a setting; `last` is what it gave the time before, which stands while it is off.
    ///
    /// A variable speed pump obeys the affinity laws: `q = s · Q(Δh / s²)`. Its derivative by head
    /// is negative, that of a pump by depth positive; no other pump has one. Depth is always 0,
    /// and the flow class says whether the pump is off its curve, in the way of EPA's statistics.
    pub fn flow(&self, setting: f64, ends: &Ends, last: LinkFlow) -> LinkFlow {
        if setting == 0.0 {
            return last.shut();
        }
        let (flow, dq_dh, flow_class) = match &self.law {
            PumpLaw::Ideal => (ends.inflow_up, 0.0, FlowClass::Dry),
            PumpLaw::Volume(curve) => {
                let volume = ends.volume_up;
                (curve.lookup_step(volume), 0.0, off_curve(curve, volume, FlowClass::UpstreamDry))
            }
            PumpLaw::DepthSteps(curve) => {
                let depth = ends.depth_up;
                (curve.lookup_step(depth), 0.0, off_curve(curve, depth, FlowClass::UpstreamDry))
            }
            PumpLaw::Head(curve) | PumpLaw::VariableSpeed(curve) => {
                let speed = if matches!(self.law, PumpLaw::VariableSpeed(_)) { setting } else { 1.0 };
                let head = ((ends.head_down() - ends.head_up()) / speed / speed).max(0.0);
                let class = off_curve(curve, head, FlowClass::UpstreamDry);
                (curve.lookup(head), -curve.slope(head) / speed, class)
            }
            PumpLaw::Depth(curve) => {
                let depth = ends.depth_up;
                let flow = curve.lookup(depth);
                let slope = (curve.lookup(depth + DEPTH_STEP) - flow) / DEPTH_STEP;
                (flow, slope, off_curve(curve, depth, FlowClass::DownstreamDry))
            }
        };
        LinkFlow { flow: flow.max(0.0) * setting, dq_dh, flow_class, ..LinkFlow::default() }
    }

    /// The part of a flow (m³/s) that the inlet can give over a step (s).
    ///
    /// A node with volume gives no more than its inflow and what it holds; at any other a pump by
    /// depth or head that would empty it gets its inflow.
    pub fn limited_flow(&self, flow: f64, inlet: &PumpInlet, step: f64) -> f64 {
        if flow == 0.0 {
            return flow;
        }
        match self.law {
            _ if inlet.is_storage => inlet.most_outflow(flow, step),
            PumpLaw::Volume(_) => inlet.most_outflow(flow, step),
            PumpLaw::DepthSteps(_) | PumpLaw::Head(_) | PumpLaw::Depth(_) => {
                let net_inflow = inlet.inflow - inlet.outflow - flow;
                let gain = 0.5 * (inlet.old_net_inflow + net_inflow) * step;
                if inlet.old_depth + gain / inlet.surface_area <= 0.0 { inlet.inflow } else { flow }
            }
            PumpLaw::VariableSpeed(_) | PumpLaw::Ideal => flow,
        }
    }
}

impl PumpInlet {
    /// The part of a flow that a node with volume can give over a step; all of it without volume.
    fn most_outflow(&self, flow: f64, step: f64) -> f64 {
        if self.full_volume > 0.0 {
            flow.min(self.inflow + self.old_volume / step).max(0.0)
        } else {
            flow.max(0.0)
        }
    }
}

/// Flow class by the place of `x` on a pump curve: [`FlowClass::Dry`] on it, `below` below it,
/// [`FlowClass::UpstreamDry`] above it.
fn off_curve(curve: &Curve, x: f64, below: FlowClass) -> FlowClass {
    match (curve.x.first(), curve.x.last()) {
        (Some(&first), _) if x < first => below,
        (_, Some(&last)) if x > last => FlowClass::UpstreamDry,
        _ => FlowClass::Dry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::curve::CurveKind;

    fn pump(law: fn(Curve) -> PumpLaw, x: &[f64], y: &[f64]) -> PumpParams {
        let curve = Curve { kind: CurveKind::Pump1, x: x.to_vec(), y: y.to_vec() };
        PumpParams {
            law: law(curve),
            initial_setting: 1.0,
            startup_depth: 2.0,
            shutoff_depth: 0.5,
            full_flow: 0.0,
        }
    }

    fn lift(pump: &PumpParams, setting: f64, head: f64) -> LinkFlow {
        let ends = Ends { invert_down: head, ..Ends::default() };
        pump.flow(setting, &ends, LinkFlow::default())
    }

    #[test]
    fn a_pump_by_volume_steps_where_its_curve_does() {
        let pump = pump(PumpLaw::Volume, &[10.0, 20.0, 30.0], &[1.0, 2.0, 3.0]);
        let at = |volume_up| pump.flow(1.0, &Ends { volume_up, ..Ends::default() }, LinkFlow::default());
        assert_eq!(
            [at(0.0).flow, at(10.0).flow, at(19.9).flow, at(25.0).flow, at(99.0).flow],
            [1.0, 2.0, 2.0, 3.0, 3.0]
        );
        assert_eq!(at(15.0).flow_class, FlowClass::Dry);
        assert_eq!(at(99.0).flow_class, FlowClass::UpstreamDry);
        assert_eq!(pump.wet_well_volume(), Some(30.0));
    }

    #[test]
    fn more_head_less_flow() {
        let pump = pump(PumpLaw::Head, &[0.0, 10.0], &[2.0, 1.0]);
        let result = lift(&pump, 1.0, 5.0);
        assert!((result.flow - 1.5).abs() < 1e-12 && (result.dq_dh - 0.1).abs() < 1e-12);
        assert_eq!(lift(&pump, 0.5, 5.0).flow, 0.75);
        // beyond the curve: its last flow, and no slope
        assert_eq!((lift(&pump, 1.0, 20.0).flow, lift(&pump, 1.0, 20.0).dq_dh), (1.0, -0.0));
    }

    #[test]
    fn speed_obeys_the_affinity_laws() {
        // Q(5 / 0.25) at half speed: 1 - 20/100 = 0.8 of two, times a half
        let pump = pump(PumpLaw::VariableSpeed, &[0.0, 100.0], &[2.0, 0.0]);
        let half = lift(&pump, 0.5, 5.0);
        assert!((half.flow - 0.5 * (2.0 - 0.02 * 20.0)).abs() < 1e-12);
        assert!((half.dq_dh - 0.02 / 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_pump_by_depth_grows_with_depth() {
        let pump = pump(PumpLaw::Depth, &[1.0, 3.0], &[0.5, 1.5]);
        let at = |depth_up| pump.flow(1.0, &Ends { depth_up, ..Ends::default() }, LinkFlow::default());
        assert!((at(2.0).flow - 1.0).abs() < 1e-12 && (at(2.0).dq_dh - 0.5).abs() < 1e-9);
        assert_eq!((at(0.5).flow, at(0.5).flow_class), (0.5, FlowClass::DownstreamDry));
        assert_eq!(at(4.0).flow_class, FlowClass::UpstreamDry);
    }

    #[test]
    fn a_pump_starts_above_its_startup_and_stops_below_its_shutoff_depth() {
        let pump = pump(PumpLaw::Head, &[0.0, 10.0], &[2.0, 1.0]);
        assert_eq!([pump.target_setting(0.0, 1.9), pump.target_setting(0.0, 2.1)], [0.0, 1.0]);
        assert_eq!([pump.target_setting(1.0, 0.6), pump.target_setting(1.0, 0.4)], [1.0, 0.0]);
    }

    #[test]
    fn no_pump_takes_more_than_there_is() {
        let inlet = PumpInlet {
            is_storage: true,
            full_volume: 100.0,
            old_volume: 20.0,
            old_depth: 0.1,
            surface_area: 10.0,
            inflow: 1.0,
            outflow: 0.0,
            old_net_inflow: 0.0,
        };
        let pump = pump(PumpLaw::Head, &[0.0, 10.0], &[9.0, 9.0]);
        assert_eq!(pump.limited_flow(9.0, &inlet, 10.0), 3.0);
        let manhole = PumpInlet { is_storage: false, full_volume: 0.0, ..inlet };
        assert_eq!(pump.limited_flow(9.0, &manhole, 10.0), 1.0);
        assert_eq!(pump.limited_flow(1.1, &manhole, 10.0), 1.1);
    }
}
