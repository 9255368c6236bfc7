//! The momentum law of one conduit barrel under the dynamic wave.
//!
//! The Saint-Venant momentum equation between two nodes, solved for the new flow in one step of a
//! successive approximation with under-relaxation (EPA SWMM 5.2 Reference Manual, Volume II,
//! Hydraulics, chapter 3). Decisions, their order and their thresholds are those of EPA's engine,
//! so that a calibrated model gives the same flows.

use serde::{Deserialize, Serialize};

use crate::model::options::{InertialDamping, NormalFlowLimit, SurchargeMethod};
use crate::model::section::geometry::CrossSection;
use crate::num::power::{coarse_log2, inverse_cube_root};
use crate::statistics::link::{FlowClass, FullState};
use crate::units::{CUBIC_FOOT, FOOT, GRAVITY, TINY_AREA, TINY_DEPTH, TINY_FLOW};

use super::culvert::CulvertParams;
use super::flap_gate::FlapGate;
use super::force_main::ForceMainParams;

/// Largest velocity that the friction and inertia terms see: 50 ft/s, in m/s.
const MAX_VELOCITY: f64 = 50.0 * FOOT;
/// Flow through zero stops here for one trial: 0.001 ft³/s, in m³/s.
const REVERSAL_FLOW: f64 = 0.001 * CUBIC_FOOT;
/// How far above normal and critical flow a depth must stand before the search for them is skipped.
const CLEARLY_SUBCRITICAL: f64 = 1.25;

/// Options of the dynamic wave that the law needs.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// Surcharge method.
    pub surcharge: SurchargeMethod,
    /// Inertial damping.
    pub damping: InertialDamping,
    /// Normal flow limitation.
    pub normal_flow: NormalFlowLimit,
}

impl Scheme {
    /// Filling above which the top width of a closed conduit is held (EXTRAN) or replaced by the
    /// slot's (SLOT); EPA's constants.
    pub fn crown_cutoff(&self) -> f64 {
        match self.surcharge {
            SurchargeMethod::Extran => 0.96,
            SurchargeMethod::Slot => 0.985257,
        }
    }
}

/// What a conduit is, compiled for the law. Lengths in m, flows in m³/s, of one barrel.
#[derive(Clone, Debug)]
pub struct Conduit {
    /// Cross-section.
    pub section: CrossSection,
    /// Whether water has a free surface at every depth.
    pub open: bool,
    /// Depth at which the crown cut-off begins.
    pub crown_depth: f64,
    /// Top width at that depth.
    pub crown_width: f64,
    /// Invert elevation of the upstream and downstream node.
    pub node_invert: [f64; 2],
    /// Invert elevation of the conduit's ends.
    pub invert: [f64; 2],
    /// Offset of the conduit's ends above the nodes' inverts.
    pub offset: [f64; 2],
    /// Whether the node at each end is an outfall.
    pub outfall: [bool; 2],
    /// Reciprocal of the modified length.
    pub inverse_length: f64,
    /// Modified length (Courant-lengthened).
    pub modified_length: f64,
    /// True length.
    pub length: f64,
    /// Friction factor `g (n / k)²`, with Manning's constant k.
    pub friction: f64,
    /// `k √slope / n`: normal flow is `beta · A · R^(2/3)`.
    pub beta: f64,
    /// Largest normal flow, see [`Conduit::normal_depth`].
    pub max_normal_flow: f64,
    /// `R^(-4/3)` of the full section, as [`inverse_four_thirds`] gives it.
    pub full_inverse: f64,
    /// Number of barrels.
    pub barrels: f64,
    /// Modified over true length.
    pub lengthening: f64,
    /// Drop of the conduit's invert along its whole length, m.
    pub full_drop: f64,
    /// Loss coefficients at entry, exit and along the way.
    pub losses: [f64; 3],
    /// Whether any of them is not zero.
    pub has_losses: bool,
    /// What few conduits have; apart, so that the many stay small in the cache.
    pub extras: Option<Box<Extras>>,
    /// Flap gates that bar flow in one direction.
    pub gate: FlapGate,
    /// Whether it may evaporate or seep.
    pub loses_water: bool,
}

/// What few conduits have.
#[derive(Clone, Debug)]
pub struct Extras {
    /// Flow limit of the user, m³/s; infinite for none.
    pub flow_limit: f64,
    /// Seepage rate through its wetted width, m/s.
    pub seepage: f64,
    /// Whether it seeps through its largest width at every depth.
    pub constant_width: bool,
    /// Inlet control.
    pub culvert: Option<CulvertParams>,
    /// Pressure law when full.
    pub force_main: Option<ForceMainParams>,
}

/// The state of one conduit that the law reads and writes; flows and areas of one barrel.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct ConduitState {
    /// Flow of the last trial, m³/s.
    pub flow: f64,
    /// Flow at the start of the step, m³/s.
    pub old_flow: f64,
    /// Area at mid-length, m².
    pub area: f64,
    /// Area at mid-length at the start of the step, m².
    pub old_area: f64,
    /// Square of the Froude number.
    pub froude_squared: f64,
    /// Depth at mid-length, m.
    pub depth: f64,
    /// Depth at the start of the step, m.
    pub old_depth: f64,
    /// Volume of all barrels, m³.
    pub volume: f64,
    /// Evaporation, m³/s.
    pub evaporation: f64,
    /// Seepage, m³/s.
    pub seepage: f64,
    /// Flow class.
    pub class: FlowClass,
    /// Which ends are full.
    pub full: FullState,
    /// Whether the flow was limited to normal flow.
    pub normal_flow_limited: bool,
    /// Whether the inlet controls the flow.
    pub inlet_controlled: bool,
    /// Whether a control rule has closed it.
    pub closed: bool,
}

/// What a link gives to its end nodes, over all barrels.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct LinkTerms {
    /// Flow, m³/s, positive from the upstream to the downstream node.
    pub flow: f64,
    /// Water surface that belongs to the upstream and the downstream node, m².
    pub surface: [f64; 2],
    /// Derivative of flow by head difference, m²/s.
    pub flow_by_head: f64,
    /// Evaporation and seepage that the upstream and the downstream node feed, m³/s.
    pub loss: [f64; 2],
}

/// Area, hydraulic radius and top widths at one depth.
#[derive(Clone, Copy)]
struct Wetted {
    area: f64,
    radius: f64,
    /// Width of the true section.
    width: f64,
    /// Width that stores water: held at the crown, or the slot's.
    surface_width: f64,
}

/// One trial of a step.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// Step, s.
    pub dt: f64,
    /// Whether it is the first (which is not under-relaxed).
    pub first: bool,
}

impl Conduit {
    /// Width of the Preissmann slot at a depth, m; 0 without a slot (Sjöberg's formula, as EPA).
    fn slot_width(&self, scheme: &Scheme, depth: f64) -> f64 {
        if scheme.surcharge != SurchargeMethod::Slot || self.open || depth < self.crown_depth {
            return 0.0;
        }
        let filling = depth / self.section.full_depth;
        if filling > 1.78 {
            0.01 * self.section.max_width
        } else {
            self.section.max_width * 0.5423 * (-filling.powf(2.4)).exp()
        }
    }

    #[inline(always)]
    fn wetted(&self, scheme: &Scheme, depth: f64) -> Wetted {
        let section = &self.section;
        if depth >= section.full_depth {
            let slot = self.slot_width(scheme, depth);
            let (width, surface_width) = if self.open {
                let width = section.width(depth);
                (width, width)
            } else {
                (0.0, if slot > 0.0 { slot } else { self.crown_width })
            };
            return Wetted {
                area: section.full_area + (depth - section.full_depth) * slot,
                radius: section.full_radius,
                width,
                surface_width,
            };
        }
        let at = section.at_depth(depth);
        let surface_width = if self.open || depth < self.crown_depth {
            at.width
        } else {
            let slot = self.slot_width(scheme, depth);
            if slot > 0.0 { slot } else { self.crown_width }
        };
        Wetted { area: at.area, radius: at.radius, width: at.width, surface_width }
    }

    /// Whether the Froude number has a meaning at a depth.
    #[inline]
    fn has_free_surface(&self, depth: f64) -> bool {
        depth > TINY_DEPTH && (self.open || self.section.full_depth - depth > TINY_DEPTH)
    }

    /// Depth of uniform flow, m; the flow (m³/s, one barrel) is limited to the largest that the
    /// section can carry.
    pub fn normal_depth(&self, flow: f64) -> f64 {
        let flow = flow.abs().min(self.max_normal_flow);
        if flow <= 0.0 || self.beta <= 0.0 {
            return 0.0;
        }
        self.section.depth(self.section.area_of_section_factor(flow / self.beta))
    }

    /// Depth of critical flow, m; flow in m³/s, one barrel.
    pub fn critical_depth(&self, flow: f64) -> f64 {
        self.section.critical_depth(flow.abs())
    }

    /// Whether the normal depth of a flow lies clearly below its critical depth, so that nobody need
    /// look for the latter: `q² W > g A³` there.
    #[inline]
    fn is_clearly_steep(&self, flow: f64, normal: f64) -> bool {
        let at = self.section.at_depth(normal);
        let flow = flow / CLEARLY_SUBCRITICAL;
        let full = self.section.full_depth;
        // EPA's critical depth is interpolated between 25ths of the full depth: too low near empty
        (0.08 * full..0.9 * full).contains(&normal)
            && flow * flow * at.width > GRAVITY * at.area * at.area * at.area
    }

    /// Depth at a free fall, m: the smaller of normal and critical depth.
    fn fall_depth(&self, flow: f64) -> f64 {
        let normal = self.normal_depth(flow);
        if self.is_clearly_steep(flow, normal) { normal } else { normal.min(self.critical_depth(flow)) }
    }

    /// Whether a depth stands clearly above both normal and critical depth of a flow, found
    /// without inverting the section: `q² W < g A³` and `q < beta A R^(2/3)`.
    #[inline]
    fn is_clearly_subcritical(&self, flow: f64, depth: f64, at: &Wetted) -> bool {
        let flow = flow.abs() * CLEARLY_SUBCRITICAL;
        let two_thirds = at.radius * inverse_cube_root(at.radius);
        flow * flow * at.surface_width < GRAVITY * at.area * at.area * at.area
            && flow < self.beta * at.area * two_thirds
            && depth < 0.9 * self.section.full_depth
    }
}

/// `R^(-4/3)` of a hydraulic radius (m), with SWMM's exponent 1.33333 where 4/3 is meant: the
/// difference is a few millionths, but an oscillating conduit keeps in step with SWMM's only so.
#[inline]
pub fn inverse_four_thirds(radius: f64) -> f64 {
    const EXCESS: f64 = (4.0 / 3.0 - 1.33333) * std::f64::consts::LN_2;
    let root = inverse_cube_root(radius);
    let root2 = root * root;
    let correction = EXCESS * coarse_log2(radius * (1.0 / FOOT));
    root2 * root2 * (1.0 + correction * (1.0 + 0.5 * correction))
}

/// Depths and heads at both ends of a conduit as the flow class leaves them.
struct Ends {
    head: [f64; 2],
    depth: [f64; 2],
}

/// Finds the flow class, moves the depth at a free fall to the smaller of normal and critical
/// depth, and returns the share of the downstream surface that counts ("fasnh": between normal and
/// critical depth it fades out).
#[inline]
fn classify(
    c: &Conduit,
    flow: f64,
    node_depth: [f64; 2],
    ends: &mut Ends,
    wetted: [&Wetted; 2],
) -> (FlowClass, f64) {
    let [y1, y2] = ends.depth;
    let full = c.section.full_depth;
    if y1 >= full && y2 >= full {
        return (FlowClass::Subcritical, 1.0);
    }
    // an offset above an outfall counts from the outfall's water
    let drop = |end: usize| {
        if c.outfall[end] { (c.offset[end] - node_depth[end]).max(0.0) } else { c.offset[end] }
    };
    let fall = |end: usize, depth: f64, ends: &mut Ends| {
        ends.depth[end] = depth.max(TINY_DEPTH);
        ends.head[end] = c.invert[end] + ends.depth[end];
    };
    if y1 > TINY_DEPTH && y2 > TINY_DEPTH {
        if flow < 0.0 {
            if drop(0) > 0.0 && !c.is_clearly_subcritical(flow, y1, wetted[0]) {
                let depth = c.fall_depth(flow);
                if y1 < depth {
                    fall(0, depth, ends);
                    return (FlowClass::UpstreamCritical, 1.0);
                }
            }
        } else if drop(1) > 0.0 && !c.is_clearly_subcritical(flow, y2, wetted[1]) {
            let normal = c.normal_depth(flow);
            if y2 < normal && c.is_clearly_steep(flow, normal) {
                fall(1, normal, ends);
                return (FlowClass::DownstreamCritical, 1.0);
            }
            let critical = c.critical_depth(flow);
            let (low, high) = (normal.min(critical), normal.max(critical));
            if y2 < low {
                fall(1, low, ends);
                return (FlowClass::DownstreamCritical, 1.0);
            }
            if y2 < high {
                let share = if high - low < TINY_DEPTH { 0.0 } else { (high - y2) / (high - low) };
                return (FlowClass::Subcritical, share);
            }
        }
        return (FlowClass::Subcritical, 1.0);
    }
    if y1 <= TINY_DEPTH && y2 <= TINY_DEPTH {
        return (FlowClass::Dry, 1.0);
    }
    if y2 > TINY_DEPTH {
        if ends.head[1] < c.invert[0] {
            return (FlowClass::UpstreamDry, 1.0);
        }
        if drop(0) > 0.0 {
            fall(0, c.fall_depth(flow), ends);
            return (FlowClass::UpstreamCritical, 1.0);
        }
    } else {
        if ends.head[0] < c.invert[1] {
            return (FlowClass::DownstreamDry, 1.0);
        }
        if drop(1) > 0.0 {
            fall(1, c.fall_depth(flow), ends);
            return (FlowClass::DownstreamCritical, 1.0);
        }
    }
    (FlowClass::Subcritical, 1.0)
}

/// Updates a conduit's flow from the depths at its end nodes (m), and returns what it gives to
/// them.
///
/// `q = (q_old − dt g A ΔH/L + inertia + losses of water) / (1 + friction + local losses)`,
/// under-relaxed by one half after the first trial. `loss_rate` (m³/s, one barrel) finds what
/// evaporates and seeps; it is asked only where `loses_water`.
#[inline]
pub fn update(
    c: &Conduit,
    s: &mut ConduitState,
    scheme: &Scheme,
    node_depth: [f64; 2],
    trial: Trial,
    loss_rate: impl FnOnce(&Conduit, &mut ConduitState) -> f64,
) -> LinkTerms {
    let dt = trial.dt;
    let last = s.flow;
    let full_depth = c.section.full_depth;
    let mut ends = {
        let head = [0, 1].map(|end| (node_depth[end] + c.node_invert[end]).max(c.invert[end]));
        let depth = [0, 1].map(|end| {
            let depth = (head[end] - c.invert[end]).max(TINY_DEPTH);
            if scheme.surcharge == SurchargeMethod::Slot { depth } else { depth.min(full_depth) }
        });
        Ends { head, depth }
    };
    let old_area = s.old_area.max(TINY_AREA);

    let [y1, y2] = ends.depth;
    let mut up = c.wetted(scheme, y1);
    let mut down = c.wetted(scheme, y2);
    let (class, fading) = classify(c, last, node_depth, &mut ends, [&up, &down]);
    s.class = class;
    // a free fall has moved the depth at its end
    if ends.depth[0] != y1 {
        up = c.wetted(scheme, ends.depth[0]);
    }
    if ends.depth[1] != y2 {
        down = c.wetted(scheme, ends.depth[1]);
    }
    let [y1, y2] = ends.depth;
    let y_mid = 0.5 * (y1 + y2);
    let mid = c.wetted(scheme, y_mid);

    let quarter = 0.25 * c.modified_length;
    let upper = (up.surface_width + mid.surface_width) * quarter;
    let lower = (mid.surface_width + down.surface_width) * quarter;
    let surface = match class {
        FlowClass::Subcritical | FlowClass::Supercritical => [upper, lower * fading],
        FlowClass::UpstreamCritical => [0.0, 2.0 * lower],
        FlowClass::DownstreamCritical => [2.0 * upper, 0.0],
        FlowClass::UpstreamDry => [if c.offset[0] <= 0.0 { upper } else { 0.0 }, lower],
        FlowClass::DownstreamDry => [upper, if c.offset[1] <= 0.0 { lower } else { 0.0 }],
        FlowClass::Dry => [TINY_DEPTH * c.modified_length / 2.0; 2],
    };
    let surface = surface.map(|a| a * c.barrels);
    s.evaporation = 0.0;
    s.seepage = 0.0;

    let dry = matches!(class, FlowClass::Dry | FlowClass::UpstreamDry | FlowClass::DownstreamDry);
    if dry || s.closed || mid.area <= TINY_AREA {
        s.depth = y_mid.min(full_depth);
        s.area = 0.5 * (up.area + down.area);
        s.flow = 0.0;
        s.froude_squared = 0.0;
        s.volume = s.area * c.length * c.barrels;
        let flow_by_head = GRAVITY * dt * mid.area * c.inverse_length * c.barrels;
        return LinkTerms { flow: 0.0, surface, flow_by_head, loss: [0.0; 2] };
    }

    let inverse_area = 1.0 / mid.area;
    let velocity = (last * inverse_area).clamp(-MAX_VELOCITY, MAX_VELOCITY);
    s.froude_squared = if c.has_free_surface(y_mid) {
        velocity * velocity * mid.width * inverse_area * (1.0 / GRAVITY)
    } else {
        0.0
    };
    if class == FlowClass::Subcritical && s.froude_squared > 1.0 {
        s.class = FlowClass::Supercritical;
    }

    // inertia is kept below Froude 0.5, dropped above 1 and fades between
    let full = y1 >= full_depth && y2 >= full_depth;
    let fading_inertia = if s.froude_squared <= 0.25 {
        1.0
    } else if s.froude_squared >= 1.0 {
        0.0
    } else {
        2.0 * (1.0 - s.froude_squared.sqrt())
    };
    // area and radius lean upstream as the flow becomes supercritical
    let lean = if !full && last > 0.0 && ends.head[0] >= ends.head[1] { fading_inertia } else { 1.0 };
    let area = up.area + (mid.area - up.area) * lean;
    let radius = up.radius + (mid.radius - up.radius) * lean;
    let inertia = match scheme.damping {
        _ if full && !c.open => 0.0,
        InertialDamping::None => 1.0,
        InertialDamping::Partial => fading_inertia,
        InertialDamping::Full => 0.0,
    };

    let extras = c.extras.as_deref();
    let friction = match extras.and_then(|x| x.force_main.as_ref()) {
        Some(main) if full => dt * main.friction(velocity.abs(), mid.radius),
        _ => {
            let inverse = if full { c.full_inverse } else { inverse_four_thirds(radius) };
            dt * c.friction * inverse * velocity.abs()
        }
    };
    let pressure = dt * GRAVITY * area * (ends.head[1] - ends.head[0]) * c.inverse_length;
    let mut sum = s.old_flow - pressure;
    if inertia > 0.0 {
        sum += 2.0 * velocity * (mid.area - old_area) * inertia;
        sum += dt * velocity * velocity * (down.area - up.area) * c.inverse_length * inertia;
    }
    let mut denominator = 1.0 + friction;
    if c.has_losses {
        let loss = |k: f64, a: f64| if k != 0.0 && a > TINY_AREA { k / a } else { 0.0 };
        let [entry, exit, average] = c.losses;
        let local = loss(entry, up.area) + loss(exit, down.area) + loss(average, mid.area);
        denominator += last.abs() * local * 0.5 * c.inverse_length * dt;
    }
    if c.loses_water {
        sum += loss_rate(c, s) * 2.5 * dt * velocity / c.length;
    }
    let inverse_denominator = 1.0 / denominator;
    let mut flow = sum * inverse_denominator;
    let mut flow_by_head = inverse_denominator * GRAVITY * dt * area * c.inverse_length * c.barrels;

    s.inlet_controlled = false;
    s.normal_flow_limited = false;
    if flow > 0.0 {
        match extras.and_then(|x| x.culvert.as_ref()) {
            Some(culvert) if !full => {
                let headwater = ends.head[0] - c.invert[0];
                let inlet = culvert.inlet_flow(headwater, |depth| {
                    let at = c.wetted(scheme, depth);
                    (at.area, at.width)
                });
                if inlet.flow < flow {
                    s.inlet_controlled = true;
                    flow = inlet.flow;
                    flow_by_head = inlet.dq_dh;
                }
            }
            _ => {
                if scheme.normal_flow != NormalFlowLimit::Neither
                    && y1 < full_depth
                    && matches!(s.class, FlowClass::Subcritical | FlowClass::Supercritical)
                    && needs_normal_flow(c, scheme, flow, [y1, y2], &up)
                {
                    let normal = c.beta * up.area * up.radius * inverse_cube_root(up.radius);
                    if normal < flow {
                        flow = normal;
                        s.normal_flow_limited = true;
                    }
                }
            }
        }
    }
    if !trial.first {
        flow = 0.5 * last + 0.5 * flow;
        if flow * last < 0.0 {
            flow = REVERSAL_FLOW.copysign(flow);
        }
    }
    if let Some(extras) = extras {
        flow = flow.clamp(-extras.flow_limit, extras.flow_limit);
    }
    if c.gate.blocks(flow) {
        flow = 0.0;
    }
    // no flow out of a dry node
    if flow > TINY_FLOW && node_depth[0] <= TINY_DEPTH {
        flow = TINY_FLOW;
    }
    if flow < -TINY_FLOW && node_depth[1] <= TINY_DEPTH {
        flow = -TINY_FLOW;
    }

    s.depth = y_mid.min(full_depth);
    s.area = mid.area;
    s.flow = flow;
    s.full = full_state(up.area, down.area, c.section.full_area);
    s.volume = 0.5 * (up.area + down.area) * c.length * c.barrels;
    let mut loss = [0.0; 2];
    if c.loses_water {
        let lost = (s.evaporation + s.seepage) * c.barrels;
        // outfalls feed no losses
        loss = match c.outfall {
            [false, false] => [0.5 * lost; 2],
            [up, down] => [if up { 0.0 } else { lost }, if down { 0.0 } else { lost }],
        };
    }
    LinkTerms { flow: flow * c.barrels, surface, flow_by_head, loss }
}

/// Whether the flow is to be held to normal flow: the water surface is flatter than the conduit,
/// or the flow upstream is supercritical (`q² W ≥ g A³`).
#[inline]
fn needs_normal_flow(c: &Conduit, scheme: &Scheme, flow: f64, depth: [f64; 2], up: &Wetted) -> bool {
    use NormalFlowLimit::{Both, Froude, Slope};
    let at_outfall = c.outfall[0] || c.outfall[1];
    let by_slope = at_outfall || matches!(scheme.normal_flow, Slope | Both);
    if by_slope && depth[0] < depth[1] {
        return true;
    }
    matches!(scheme.normal_flow, Froude | Both)
        && !at_outfall
        && depth[1] > TINY_DEPTH
        && c.has_free_surface(depth[0])
        && flow * flow * up.width >= GRAVITY * up.area * up.area * up.area
}

/// Which ends are full, from the areas at both ends and the full area (m²).
#[inline]
fn full_state(up: f64, down: f64, full: f64) -> FullState {
    match (up >= full, down >= full) {
        (false, false) => FullState::None,
        (true, false) => FullState::Upstream,
        (false, true) => FullState::Downstream,
        (true, true) => FullState::Both,
    }
}
