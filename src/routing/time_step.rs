//! The variable time step: the largest that keeps Courant's condition in conduits and a moderate
//! depth change at nodes (EPA SWMM 5.2 Reference Manual, Volume II, section 3.5).

use crate::units::{TINY_AREA, TINY_DEPTH, TINY_FLOW};

use super::dynamic::{Network, State};

/// What limits the step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Critical {
    /// The longest step that the user allows.
    #[default]
    Nothing,
    /// A conduit, by slot.
    Conduit(usize),
    /// A node.
    Node(usize),
}

/// Courant's step of a conduit, s: `V/Q · L'/L · Fr/(1 + Fr)`; all of one barrel.
#[inline]
fn courant_step(volume: f64, flow: f64, froude_squared: f64, lengthening: f64) -> f64 {
    let froude = froude_squared.sqrt();
    volume / flow * lengthening * froude / (1.0 + froude)
}

/// Whether a conduit's step may be shorter than `limit` (s), decided without a root or a division:
/// `Fr/(1 + Fr)` is at least the smaller of `Fr²/(1 + Fr²)` and a half.
#[inline]
fn may_limit(volume: f64, flow: f64, froude_squared: f64, lengthening: f64, limit: f64) -> bool {
    let reach = volume * lengthening;
    let share = limit * flow;
    reach * froude_squared < share * (1.0 + froude_squared) || 0.5 * reach < share
}

/// The stable step, s, at most `longest`, and what limits it.
pub fn stable_step(network: &Network, state: &State, longest: f64, courant_factor: f64) -> (f64, Critical) {
    let mut shortest = longest;
    let mut critical = Critical::Nothing;
    for (slot, (c, s)) in network.conduits.iter().zip(&state.conduits).enumerate() {
        let flow = s.flow.abs();
        if flow <= TINY_FLOW || s.area <= TINY_AREA || s.froude_squared <= 0.0001 {
            continue;
        }
        let volume = s.volume * courant_factor;
        if may_limit(volume, flow * c.barrels, s.froude_squared, c.lengthening, shortest) {
            let step =
                courant_step(s.volume / c.barrels, flow, s.froude_squared, c.lengthening) * courant_factor;
            if step < shortest {
                shortest = step;
                critical = Critical::Conduit(slot);
            }
        }
    }
    for (node, (n, s)) in network.nodes.iter().zip(&state.nodes).enumerate() {
        let depth = state.depth[node];
        let allowed = 0.25 * n.crown_depth;
        let rise = (depth - s.old_depth).abs();
        if n.outfall
            || depth <= TINY_DEPTH
            || depth + TINY_DEPTH >= n.crown_depth
            || allowed < TINY_DEPTH
            || rise < TINY_DEPTH * state.step
        {
            continue;
        }
        let step = allowed * state.step / rise;
        if step < shortest {
            shortest = step;
            critical = Critical::Node(node);
        }
    }
    (shortest, critical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_crosses_a_conduit_in_one_courant_step() {
        // 10 m of 1 m wide channel, 1 m deep, 1 m/s: the wave runs at v + √(g y) = v (1 + 1/Fr)
        let wave = (9.81_f64).sqrt();
        let step = courant_step(10.0, 1.0, 1.0 / 9.81, 1.0);
        assert!((step - 10.0 / (1.0 + wave)).abs() < 1e-12);
    }

    #[test]
    fn no_conduit_that_limits_the_step_is_passed_over() {
        for i in 1..200 {
            let froude_squared = 0.0001 * 1.08_f64.powi(i);
            let step = courant_step(7.0, 2.0, froude_squared, 1.3);
            assert!(may_limit(7.0, 2.0, froude_squared, 1.3, step * 1.000_001), "{froude_squared}");
        }
    }
}
