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

/// Courant's step of a conduit, s: `V/Q · L'/L · Fr/(1 + Fr)` times the Courant factor; `None`
/// where flow, area or Froude number are negligible. All of one barrel.
#[inline]
fn courant_step(volume: f64, flow: f64, area: f64, froude_squared: f64, lengthening: f64) -> Option<f64> {
    if flow <= TINY_FLOW || area <= TINY_AREA || froude_squared <= 0.0001 {
        return None;
    }
    let froude = froude_squared.sqrt();
    Some(volume / flow * lengthening * froude / (1.0 + froude))
}

/// The stable step, s, at most `longest`, and what limits it.
pub fn stable_step(network: &Network, state: &State, longest: f64, courant_factor: f64) -> (f64, Critical) {
    let mut shortest = longest;
    let mut critical = Critical::Nothing;
    for (slot, (c, s)) in network.conduits.iter().zip(&state.conduits).enumerate() {
        let volume = s.volume / c.barrels;
        let lengthening = c.modified_length / c.length;
        if let Some(step) = courant_step(volume, s.flow.abs(), s.area, s.froude_squared, lengthening)
            && step * courant_factor < shortest
        {
            shortest = step * courant_factor;
            critical = Critical::Conduit(slot);
        }
    }
    for (node, (n, s)) in network.nodes.iter().zip(&state.nodes).enumerate() {
        let depth = state.depth[node];
        let allowed = 0.25 * n.crown_depth;
        if n.outfall
            || depth <= TINY_DEPTH
            || depth + TINY_DEPTH >= n.crown_depth
            || allowed < TINY_DEPTH
            || s.rise_rate < TINY_DEPTH
        {
            continue;
        }
        let step = allowed / s.rise_rate;
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
        let step = courant_step(10.0, 1.0, 1.0, 1.0 / 9.81, 1.0).unwrap();
        assert!((step - 10.0 / (1.0 + wave)).abs() < 1e-12);
        assert_eq!(courant_step(10.0, 0.0, 1.0, 0.1, 1.0), None);
    }
}
