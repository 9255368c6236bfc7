//! What every structure sees at its two ends, and what it gives back.

use serde::{Deserialize, Serialize};

use crate::statistics::FlowClass;

/// Water at the two ends of a structure at an instant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ends {
    /// Invert of the upstream node, m.
    pub invert_up: f64,
    /// Invert of the downstream node, m.
    pub invert_down: f64,
    /// Depth at the upstream node, m.
    pub depth_up: f64,
    /// Depth at the downstream node, m.
    pub depth_down: f64,
    /// Volume at the upstream node, m³ (pumps by volume).
    pub volume_up: f64,
    /// All flow into the upstream node, m³/s (ideal pumps and conduits without geometry).
    pub inflow_up: f64,
}

/// The two heads of a structure, ordered by height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Driving {
    /// 1 when water runs from the upstream to the downstream node, else -1.
    pub direction: f64,
    /// Head on the side that water comes from, m.
    pub high: f64,
    /// Head on the other side, m.
    pub low: f64,
    /// Depth at the node that water comes from, m.
    pub depth: f64,
}

impl Ends {
    /// Head at the upstream node, m.
    pub fn head_up(&self) -> f64 {
        self.depth_up + self.invert_up
    }
    /// Head at the downstream node, m.
    pub fn head_down(&self) -> f64 {
        self.depth_down + self.invert_down
    }
    /// The heads ordered by height; equal heads drive forward or, if `ties_back`, backward.
    pub fn driving(&self, ties_back: bool) -> Driving {
        let (up, down) = (self.head_up(), self.head_down());
        if up > down || (up == down && !ties_back) {
            Driving { direction: 1.0, high: up, low: down, depth: self.depth_up }
        } else {
            Driving { direction: -1.0, high: down, low: up, depth: self.depth_down }
        }
    }
}

impl Driving {
    /// Class of flow over a crest: critical where it falls freely below the crest.
    pub fn flow_class(&self, crest: f64) -> FlowClass {
        if crest <= self.low {
            FlowClass::Subcritical
        } else if self.direction > 0.0 {
            FlowClass::DownstreamCritical
        } else {
            FlowClass::UpstreamCritical
        }
    }
}

/// What passes a link that is not a conduit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkFlow {
    /// Flow, m³/s, positive from the upstream to the downstream node.
    pub flow: f64,
    /// Derivative of the flow by the driving head, m²/s.
    pub dq_dh: f64,
    /// Depth of water in the opening, m.
    pub depth: f64,
    /// Water surface that the structure adds to the network, m²; each end gets half of it,
    /// except an end that is critical or a storage unit.
    pub surface_area: f64,
    /// Flow class.
    pub flow_class: FlowClass,
}

impl LinkFlow {
    /// The same link while it is shut: nothing flows, all else is as it was.
    pub fn shut(self) -> Self {
        Self { flow: 0.0, dq_dh: 0.0, ..self }
    }
}

/// Villemonte's factor for a drowned weir: `(1 - r^n)^0.385`.
///
/// `ratio` r: depth over the crest on the low side by that on the high side, 0 to 1; `exponent` n:
/// that of the weir's own law. (Villemonte 1947, *Engineering News-Record* 139.)
pub fn submergence_factor(ratio: f64, exponent: f64) -> f64 {
    (1.0 - ratio.powf(exponent)).max(0.0).powf(0.385)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn water_comes_from_the_higher_head() {
        let ends =
            Ends { invert_up: 10.0, depth_up: 0.5, invert_down: 9.0, depth_down: 2.0, ..Ends::default() };
        let driving = ends.driving(false);
        assert_eq!((driving.direction, driving.high, driving.low, driving.depth), (-1.0, 11.0, 10.5, 2.0));
        assert_eq!(driving.flow_class(10.6), FlowClass::UpstreamCritical);
        assert_eq!(driving.flow_class(10.5), FlowClass::Subcritical);
    }

    #[test]
    fn a_half_drowned_weir_keeps_six_sevenths() {
        // (1 - 0.5^1.5)^0.385 = 0.64645^0.385 = 0.84534
        assert!((submergence_factor(0.5, 1.5) - 0.845_34).abs() < 1e-4);
        assert_eq!(submergence_factor(1.0, 1.5), 0.0);
        assert_eq!(submergence_factor(0.0, 2.5), 1.0);
    }
}
