//! Flap gates: when they shut, and what head they cost.

use crate::model::node::NodeKind;
use crate::model::{LinkId, Model};
use crate::units::{FOOT, GRAVITY};

/// The flap gates that a link's flow meets: its own, and those of outfalls at its ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlapGate {
    /// Whether the link has a gate of its own.
    pub own: bool,
    /// Whether the link runs against the direction that the file gives, and its gate with it.
    pub reversed: bool,
    /// Whether the upstream node is an outfall with a gate.
    pub outfall_up: bool,
    /// Whether the downstream node is an outfall with a gate.
    pub outfall_down: bool,
}

impl FlapGate {
    /// The gates that the flow in a link of a model meets.
    pub fn compile(model: &Model, link: LinkId) -> Self {
        let link = &model.links[link];
        let gated = |node| matches!(model.nodes[node].kind, NodeKind::Outfall { flap_gate: true, .. });
        Self {
            own: link.flap_gate,
            reversed: link.reversed,
            outfall_up: gated(link.from),
            outfall_down: gated(link.to),
        }
    }

    /// Whether a gate keeps flow of this sign (positive: upstream to downstream) from passing.
    pub fn blocks(&self, flow: f64) -> bool {
        let along_gate = if self.reversed { -flow } else { flow };
        (self.own && along_gate < 0.0) || (flow > 0.0 && self.outfall_up) || (flow < 0.0 && self.outfall_down)
    }
}

/// Head that an open flap gate costs, m:
/// `Δh = 4/g · v² · exp(-1.15 v / √h)` with v and h in feet.
///
/// `velocity` through the opening, m/s; `head` on the opening, m, above 0. The exponent is not
/// homogeneous: `v / √h` carries ft^0.5/s.
/// (Armco; EPA SWMM *Reference Manual* vol. II, section 6.)
pub fn head_loss(velocity: f64, head: f64) -> f64 {
    let exponent = -1.15 * velocity / (head * FOOT).sqrt();
    4.0 / GRAVITY * velocity * velocity * exponent.exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_stops_water_that_comes_back() {
        let gate = FlapGate { own: true, ..FlapGate::default() };
        assert!(gate.blocks(-1.0) && !gate.blocks(1.0) && !gate.blocks(0.0));
    }

    #[test]
    fn the_gate_of_a_conduit_turned_round_keeps_its_side() {
        let gate = FlapGate { own: true, reversed: true, ..FlapGate::default() };
        assert!(gate.blocks(1.0) && !gate.blocks(-1.0));
    }

    #[test]
    fn an_outfall_gate_keeps_the_sea_out_but_lets_the_sewer_out() {
        let gate = FlapGate { outfall_down: true, ..FlapGate::default() };
        assert!(gate.blocks(-1.0) && !gate.blocks(1.0));
    }

    #[test]
    fn head_loss_of_three_feet_per_second_at_one_foot_of_head() {
        // 4 / 32.2 · 9 · e^(-3.45) = 0.0354987 ft
        let loss = head_loss(3.0 * FOOT, 1.0 * FOOT) / FOOT;
        assert!((loss - 4.0 / 32.2 * 9.0 * (-3.45_f64).exp()).abs() < 1e-14);
        assert!((loss - 0.035_493).abs() < 1e-5, "{loss}");
    }
}
