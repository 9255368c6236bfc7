//! The continuity law of one node under the dynamic wave.
//!
//! EPA SWMM 5.2 Reference Manual, Volume II, Hydraulics, section 3.3; decisions and thresholds are
//! those of EPA's engine.

use serde::{Deserialize, Serialize};

use crate::model::options::SurchargeMethod;
use crate::units::{TINY_DEPTH, TINY_FLOW};

use super::exchange::Rate;

/// What a node is, compiled for the law. Lengths in m.
#[derive(Clone, Copy, Debug, Default)]
pub struct Node {
    /// Depth from invert to ground.
    pub full_depth: f64,
    /// Depth above ground that pressure may reach.
    pub surcharge_depth: f64,
    /// Volume when full, m³.
    pub full_volume: f64,
    /// Depth of the highest crown of the links that meet here.
    pub crown_depth: f64,
    /// Area that water ponds on, m².
    pub ponded_area: f64,
    /// Whether water may pond over it.
    pub can_pond: bool,
    /// Area of the shaft of a node that is open to the street, m²; 0 for a closed one.
    pub shaft: f64,
    /// Whether it is a storage unit.
    pub storage: bool,
    /// Whether it is an outfall.
    pub outfall: bool,
    /// Whether links leave it and none arrives.
    pub upstream_end: bool,
    /// How many links leave it, in the direction of the file.
    pub leaving: u32,
}

/// The state of one node that the law reads and writes; the depth of the last trial stands apart.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct NodeState {
    /// Inflow over the step, m³/s.
    pub inflow: f64,
    /// Outflow over the step, m³/s.
    pub outflow: f64,
    /// Surface area, m².
    pub surface: f64,
    /// Sum of the derivatives of flow by head, m²/s.
    pub flow_by_head: f64,
    /// Surface area before the node surcharged, m².
    pub free_surface: f64,
    /// Depth at the start of the step, m.
    pub old_depth: f64,
    /// Volume at the start of the step, m³.
    pub old_volume: f64,
    /// Inflow less outflow of the step before, m³/s.
    pub old_net_inflow: f64,
    /// Volume, m³.
    pub volume: f64,
    /// Flooding, m³/s.
    pub overflow: f64,
    /// What came in from the street over the step, m³/s: like what went up, it holds for its step alone.
    pub from_street: f64,
    /// Depth at which the exchange with the street was asked last, m.
    pub asked: f64,
}

/// One trial at a node that is open to the street.
#[derive(Clone, Copy, Debug)]
pub struct Open {
    /// Depth of the last trial, m.
    pub last: f64,
    /// Step, s.
    pub dt: f64,
    /// Whether this is the first trial.
    pub first_trial: bool,
}

/// Options of the law.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// Surcharge method.
    pub surcharge: SurchargeMethod,
    /// Smallest surface area, m².
    pub minimum_surface: f64,
}

/// New depth of a node, m, from its depth of the last trial and the sums in its state.
///
/// Free: `y = y_old + dV / A` with `dV = ½ (net_old + net) dt`, under-relaxed by one half after
/// the first trial. Surcharged (EXTRAN): `y = y_last + net / Σ(dq/dh)`, where the last free surface
/// fades in near the crown. `volume_at` gives the volume at a depth (m³).
#[inline]
pub fn update(
    n: &Node,
    s: &mut NodeState,
    scheme: &Scheme,
    last: f64,
    dt: f64,
    first_trial: bool,
    volume_at: impl FnOnce(f64) -> f64,
) -> f64 {
    let ponded = n.can_pond && last > n.full_depth;
    let surface = s.surface.max(scheme.minimum_surface);
    let net = s.inflow - s.outflow;
    let gain = 0.5 * (s.old_net_inflow + net) * dt;
    s.overflow = 0.0;

    let mut depth;
    if n.surcharges(scheme, last) {
        depth = surcharged(n, s, last, dt, net);
        if n.can_pond && depth > n.full_depth {
            depth = n.full_depth + TINY_DEPTH;
        }
    } else {
        depth = s.old_depth + gain / surface;
        if !ponded {
            s.free_surface = surface;
        }
        if !first_trial {
            depth = 0.5 * last + 0.5 * depth;
        }
        if ponded && depth < n.full_depth {
            depth = n.full_depth - TINY_DEPTH;
        }
    }
    depth = depth.max(0.0);

    let limit = if n.can_pond { n.full_depth } else { n.full_depth + n.surcharge_depth };
    if depth > limit {
        if n.can_pond {
            s.volume = (s.old_volume + gain).max(n.full_volume);
            s.overflow = (s.volume - s.old_volume.max(n.full_volume)) / dt;
        } else {
            s.volume = n.full_volume;
            s.overflow = gain / dt;
            depth = limit;
        }
        if s.overflow < TINY_FLOW {
            s.overflow = 0.0;
        }
    } else {
        s.volume = volume_at(depth);
    }
    depth
}

impl Node {
    /// The depth (m) above which the shaft of an open node holds water.
    #[must_use]
    pub fn shaft_foot(&self) -> f64 {
        if self.storage || self.crown_depth <= 0.0 {
            self.full_depth
        } else {
            self.crown_depth.min(self.full_depth)
        }
    }

    /// The volume (m³) of an open node at a depth (m): what it holds without its shaft, by `volume_at`, and its shaft.
    pub fn open_volume(&self, depth: f64, volume_at: impl FnOnce(f64) -> f64) -> f64 {
        volume_at(depth.min(self.full_depth)) + self.shaft * (depth - self.shaft_foot()).max(0.0)
    }

    /// Whether pressure, not a water surface, gives the depth where it stood at `last` (m).
    #[inline]
    fn surcharges(&self, scheme: &Scheme, last: f64) -> bool {
        let ponded = self.can_pond && last > self.full_depth;
        scheme.surcharge == SurchargeMethod::Extran
            && !ponded
            && if self.storage {
                self.surcharge_depth > 0.0 && last > self.full_depth
            } else {
                self.crown_depth > 0.0 && last > self.crown_depth
            }
    }
}

/// The depth (m) at which a surcharged node would be in balance, no lower than just below the crown.
#[inline]
fn surcharged(n: &Node, s: &NodeState, last: f64, dt: f64, net: f64) -> f64 {
    let correction = if n.upstream_end { 0.6 } else { 1.0 };
    let mut denominator = s.flow_by_head;
    if last < 1.25 * n.crown_depth {
        let above = (last - n.crown_depth) / n.crown_depth;
        denominator += (s.free_surface / dt - s.flow_by_head) * (-15.0 * above).exp();
    }
    let depth = if denominator == 0.0 { last } else { last + correction * net / denominator };
    if depth < n.crown_depth { n.crown_depth - TINY_DEPTH } else { depth }
}

/// New depth of a node that is open to the street, m: [`update`] with two differences.
///
/// What it exchanges counts at its new rate over the whole step, and at the new depth:
/// `A (y - y_old) = (½ (net_old + net - (y - y_last) Σ dq/dh) - q(y)) dt`, with `net` of all other flows and `q` the
/// exchange, which grows with `y`; so there is one root, and it is bracketed. And above the crowns of its links the node is a
/// shaft of area `A` that holds water, below the ground and above it, where a closed node has pressure without storage: an
/// inlet that takes about what its sewer can pass would otherwise throw the node from crown to ground and back at
/// every step. No water is lost at the ground.
pub fn update_open(
    n: &Node,
    s: &mut NodeState,
    scheme: &Scheme,
    trial: Open,
    rate: impl Fn(f64) -> Rate,
    volume_at: impl FnOnce(f64) -> f64,
) -> f64 {
    let Open { last, dt, first_trial } = trial;
    let gain = 0.5 * (s.old_net_inflow + s.inflow - s.outflow) * dt;
    let surcharges = n.surcharges(scheme, last);
    let mut depth;
    if surcharges || last > n.full_depth {
        let mut area = n.shaft;
        if surcharges && last < 1.25 * n.crown_depth {
            let above = (last - n.crown_depth) / n.crown_depth;
            area += (s.free_surface - area).max(0.0) * (-15.0 * above).exp();
        }
        let slope = area + 0.5 * dt * s.flow_by_head;
        depth = root(slope, last + (area * (s.old_depth - last) + gain) / slope, dt, rate);
        // below its foot the shaft ends and the node's free surface takes over in the next trial
        let foot = n.shaft_foot();
        if depth < foot {
            depth = foot - TINY_DEPTH;
        }
    } else {
        let surface = s.surface.max(scheme.minimum_surface);
        s.free_surface = surface;
        depth = root(surface, s.old_depth + gain / surface, dt, rate);
        if !first_trial {
            depth = 0.5 * last + 0.5 * depth;
        }
    }
    // a node without water gives what comes to it and no more, which is the rate at the root, though it lie below the bed
    s.asked = depth;
    depth = depth.max(0.0);
    s.volume = n.open_volume(depth, volume_at);
    depth
}

/// The depth `y` (m) at which `a (y - closed) + q(y) dt = 0`, with `q` a rate that grows with `y`; `closed` is the root
/// without it. To a tenth of a millimetre in depth or less.
fn root(a: f64, closed: f64, dt: f64, rate: impl Fn(f64) -> Rate) -> f64 {
    const CLOSE: f64 = 1.0e-7;
    let at = |y: f64| {
        let Rate { flow, by_head } = rate(y);
        (a * (y - closed) + flow * dt, a + by_head * dt)
    };
    let (value, _) = at(closed);
    if value == 0.0 {
        return closed;
    }
    // `q` grows with `y`, so the root lies between the closed one and where the present rate would lead
    let other = closed - value / a;
    let (mut low, mut high) = if value > 0.0 { (other, closed) } else { (closed, other) };
    let mut y = 0.5 * (low + high);
    for _ in 0..60 {
        let (value, slope) = at(y);
        if value > 0.0 {
            high = y;
        } else {
            low = y;
        }
        if high - low < CLOSE || value.abs() < CLOSE * a {
            break;
        }
        let newton = y - value / slope;
        y = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEME: Scheme = Scheme { surcharge: SurchargeMethod::Extran, minimum_surface: 1.0 };

    #[test]
    fn a_free_node_rises_by_its_net_inflow_over_its_surface() {
        let n = Node { full_depth: 3.0, crown_depth: 1.0, ..Node::default() };
        let mut s = NodeState { inflow: 2.0, outflow: 1.0, surface: 4.0, ..NodeState::default() };
        s.old_net_inflow = 1.0;
        assert_eq!(update(&n, &mut s, &SCHEME, 0.0, 1.0, true, |_| 0.0), 0.25);
        // under-relaxed afterwards
        assert_eq!(update(&n, &mut s, &SCHEME, 0.15, 1.0, false, |_| 0.0), 0.2);
    }

    #[test]
    fn a_node_whose_ground_lies_under_a_crown_falls_below_both_when_its_water_leaves() {
        // the opening of a grate: 0.9 m high, in a chamber of 0.5 m
        let n = Node { full_depth: 0.5, crown_depth: 0.9, shaft: 2.0, ..Node::default() };
        let mut s = NodeState { outflow: 0.5, old_depth: 0.6, old_net_inflow: -0.5, ..NodeState::default() };
        let dry = |_| Rate::default();
        let mut last = 0.6;
        for trial in 0..40 {
            let open = Open { last, dt: 1.0, first_trial: trial == 0 };
            last = update_open(&n, &mut s, &SCHEME, open, dry, |y| y);
        }
        assert!((last - 0.1).abs() < 1e-9, "{last}");
        // without inflow and outflow it stays where it is, and makes no water
        s = NodeState { old_depth: 0.7, ..NodeState::default() };
        let still =
            update_open(&n, &mut s, &SCHEME, Open { last: 0.7, dt: 1.0, first_trial: true }, dry, |y| y);
        assert_eq!(still, 0.7);
    }

    #[test]
    fn water_above_ground_is_lost_where_it_cannot_pond() {
        let n = Node { full_depth: 0.1, crown_depth: 5.0, full_volume: 0.7, ..Node::default() };
        let mut s = NodeState { inflow: 2.0, surface: 1.0, ..NodeState::default() };
        assert_eq!(update(&n, &mut s, &SCHEME, 0.05, 1.0, true, |_| 0.0), 0.1);
        assert_eq!((s.overflow, s.volume), (1.0, 0.7));
    }
}
