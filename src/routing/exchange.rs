//! The water that a node exchanges with the surface above it: one rate for both sides.
//!
//! The rate is asked in every trial of a step with the node's head, so that the node answers to it at once, and it knows how
//! the street will answer: water beyond the flow of the last step, which the street's level holds already, lifts the
//! street and brings the two levels nearer to each other. So it goes to zero in proportion where
//! the levels are almost equal, never moves more than makes them equal, needs no damping at large steps, and a steady flow
//! does not depend on the step.

use crate::units::GRAVITY;

/// Share of drowning over which the coefficient of an opening goes from that of the free to that of the submerged
/// weir: measured at either end, assumed between, so that the rate has no jump.
const FADE: f64 = 0.5;
/// Share of drowning from which a broad-crested weir feels the water below it.
const MODULAR_LIMIT: f64 = 2.0 / 3.0;

/// An opening between the street and what lies below it.
///
/// The three regimes and the default coefficients are those that Rubinato et al. (2017, *Journal of Hydrology* 552)
/// measured at a manhole without a lid, as itzi uses them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opening {
    /// Area of the opening (m²).
    pub area: f64,
    /// Length of its rim over which water falls in (m).
    pub rim: f64,
    /// Coefficient of the free weir.
    pub free_weir: f64,
    /// Coefficient of the weir when the water below stands above the rim, but lower than the street's.
    pub submerged_weir: f64,
    /// Coefficient of the orifice, both ways.
    pub orifice: f64,
    /// The share that is blocked, 0 to 1.
    pub blocked: f64,
}

impl Opening {
    /// Coefficient of the free weir of a manhole.
    pub const FREE_WEIR: f64 = 0.54;
    /// Coefficient of the submerged weir of a manhole.
    pub const SUBMERGED_WEIR: f64 = 0.056;
    /// Coefficient of the orifice of a manhole.
    pub const ORIFICE: f64 = 0.167;

    /// A round manhole of an area (m²), its rim as long as its circumference, with the usual coefficients.
    #[must_use]
    pub fn manhole(area: f64) -> Self {
        Self {
            area,
            rim: 2.0 * (std::f64::consts::PI * area).sqrt(),
            free_weir: Self::FREE_WEIR,
            submerged_weir: Self::SUBMERGED_WEIR,
            orifice: Self::ORIFICE,
            blocked: 0.0,
        }
    }

    /// What the opening conveys, `K` in `Q = K √Δ` (m^2.5/s).
    ///
    /// Upwards it is an orifice, `K = C A √(2g)`. Downwards it is a weir around the rim, `K = C' P h √(2g)`, until the
    /// orifice conveys less; `C'` is ⅔ of the free weir's coefficient while the water below stands under the rim and
    /// that of the submerged weir once it stands above. `h` (m) is the depth of the street above the rim and `below`
    /// (m) that of the water below, zero if it is lower; `A` area, `P` rim, both less what is blocked. With it comes by how much
    /// `K` falls for a metre of rise below (m^1.5/s).
    fn conveyance(&self, down: Option<(f64, f64)>) -> (f64, f64) {
        let open = (1.0 - self.blocked).clamp(0.0, 1.0);
        let root = open * (2.0 * GRAVITY).sqrt();
        let orifice = root * self.orifice * self.area;
        let Some((h, below)) = down else { return (orifice, 0.0) };
        let drowned = below / (FADE * h);
        let free = 2.0 / 3.0 * self.free_weir;
        let fade = self.submerged_weir - free;
        let weir = root * self.rim * h * (free + drowned.min(1.0) * fade);
        if weir > orifice {
            (orifice, 0.0)
        } else if drowned > 0.0 && drowned < 1.0 {
            (weir, (-root * self.rim * fade / FADE).max(0.0))
        } else {
            (weir, 0.0)
        }
    }
}

/// How water passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Passage {
    /// Through an opening.
    Opening(Opening),
    /// Over a broad-crested bank: coefficient (m^(1/2)/s) times length (m), `Q = C L h^1.5`.
    ///
    /// From a drowning of ⅔ on `Q = C L (3√3/2) h₂ √(h₁ - h₂)`, with `h₁` and `h₂` (m) the higher and the lower level
    /// above the crest: the two agree there (Chow 1959; as in many flood models).
    Bank(f64),
}

/// A place where a node and the street meet, for one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// How water passes.
    pub passage: Passage,
    /// What turns the depth of the node into the head at this place (m): its invert, and for a bank the fall of the
    /// water along the channel.
    pub datum: f64,
    /// The level that water must rise above to pass (m).
    pub sill: f64,
    /// The level of the street (m).
    pub street: f64,
    /// By how much a flow of 1 m³/s lifts the street in this step (s/m²).
    pub ease: f64,
    /// The flow of the last step (m³/s), which the street's level knows already.
    pub before: f64,
    /// The most that the street can give (m³/s).
    pub most_down: f64,
    /// Whether the node has water to give.
    pub gives: bool,
}

/// A flow from the node to the street (m³/s) and about its derivative by the node's head (m²/s): that of the fall alone, never
/// below zero, which is what the node's Newton steps need.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// Up, m³/s; below zero it goes down.
    pub flow: f64,
    /// Derivative, m²/s.
    pub by_head: f64,
}

impl Point {
    /// A place through which nothing passes.
    #[must_use]
    pub fn closed(passage: Passage) -> Self {
        let never = f64::INFINITY;
        Self {
            passage,
            datum: 0.0,
            sill: never,
            street: 0.0,
            ease: 0.0,
            before: 0.0,
            most_down: 0.0,
            gives: false,
        }
    }

    /// The rate at a depth of the node (m).
    #[must_use]
    pub fn rate(&self, depth: f64) -> Rate {
        let head = depth + self.datum;
        // where the street would stand by now without the flow of the last step
        let rest = self.street - self.ease * self.before;
        let up = head > rest;
        if up && !self.gives {
            return Rate::default();
        }
        let (upper, lower) = if up { (head, rest) } else { (rest, head) };
        // a weir knows the water that really stands on it
        let above = if up { head } else { self.street } - self.sill;
        if above <= 0.0 || upper <= self.sill {
            return Rate::default();
        }
        let below = (lower - self.sill).max(0.0);
        let to_water = upper - lower.max(self.sill);
        let (conveyance, fading, fall) = match self.passage {
            Passage::Opening(opening) => {
                let (conveyance, fading) = opening.conveyance((!up).then_some((above, below)));
                (conveyance, fading, to_water)
            }
            Passage::Bank(weir) if below < MODULAR_LIMIT * above => (weir * above, 0.0, upper - self.sill),
            Passage::Bank(weir) => (weir * 1.5 * 3.0_f64.sqrt() * below, 0.0, to_water),
        };
        let (mut flow, mut slope) = eased(conveyance, fall, self.ease);
        slope += fading * fall.sqrt();
        if flow * self.ease > upper - lower {
            flow = (upper - lower) / self.ease;
        }
        if up {
            return Rate { flow, by_head: slope };
        }
        if flow >= self.most_down {
            return Rate { flow: -self.most_down, by_head: 0.0 };
        }
        // under the sill the node is not felt
        Rate { flow: -flow, by_head: if below > 0.0 { slope } else { 0.0 } }
    }
}

/// The flow `Q = K √(Δ - Q e)` (m³/s) and its derivative by Δ (m²/s): `K` (m^2.5/s) the conveyance, `Δ` (m) the fall
/// and `e` (s/m²) what a unit of flow takes of it within the step.
fn eased(conveyance: f64, fall: f64, ease: f64) -> (f64, f64) {
    let k = conveyance * conveyance;
    if k <= 0.0 || fall <= 0.0 {
        return (0.0, 0.0);
    }
    let b = k * ease;
    let flow = 2.0 * k * fall / (b + (b * b + 4.0 * k * fall).sqrt());
    (flow, k / (2.0 * flow + b))
}

/// All places where a network meets the street, node by node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// For each node the first of its points; one entry more than nodes.
    first: Vec<u32>,
    /// The points.
    pub points: Vec<Point>,
}

impl Points {
    /// Points of a network of `nodes` nodes, each with its node, in order of nodes.
    #[must_use]
    pub fn new(nodes: usize, points: &[(usize, Point)]) -> Self {
        let mut first = vec![0; nodes + 1];
        for (node, _) in points {
            first[node + 1] += 1;
        }
        for i in 0..nodes {
            first[i + 1] += first[i];
        }
        Self { first, points: points.iter().map(|(_, point)| *point).collect() }
    }

    /// The points of a node.
    #[inline]
    #[must_use]
    pub fn at(&self, node: usize) -> &[Point] {
        &self.points[self.first[node] as usize..self.first[node + 1] as usize]
    }

    /// The flow of each point (m³/s), asked at the depths (m) that `asked` gives for the nodes.
    pub fn flows(&self, asked: impl Fn(usize) -> f64, into: &mut Vec<f64>) {
        into.clear();
        for node in 0..self.first.len().saturating_sub(1) {
            into.extend(self.at(node).iter().map(|point| point.rate(asked(node)).flow));
        }
    }

    /// What a node gives to the street at a depth (m).
    #[must_use]
    pub fn rate(&self, node: usize, depth: f64) -> Rate {
        let mut sum = Rate::default();
        for point in self.at(node) {
            let rate = point.rate(depth);
            sum.flow += rate.flow;
            sum.by_head += rate.by_head;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(passage: Passage, street: f64) -> Point {
        Point {
            passage,
            datum: 0.0,
            sill: 2.0,
            street,
            ease: 0.0,
            before: 0.0,
            most_down: 1.0e9,
            gives: true,
        }
    }

    #[test]
    fn an_orifice_lifts_water_by_the_fall_to_the_street_or_to_the_rim() {
        let opening = Opening { orifice: 1.0, ..Opening::manhole(1.0) };
        let q = |street, head| point(Passage::Opening(opening), street).rate(head).flow;
        assert!((q(1.0, 2.2) - (2.0 * GRAVITY * 0.2).sqrt()).abs() < 1e-12);
        assert!((q(2.1, 2.2) - (2.0 * GRAVITY * 0.1).sqrt()).abs() < 1e-12);
        assert_eq!(q(1.0, 1.9), 0.0);
    }

    #[test]
    fn a_street_falls_in_over_the_rim_until_the_orifice_holds_it_back() {
        let opening = Opening::manhole(0.8);
        let q = |street, head| -point(Passage::Opening(opening), street).rate(head).flow;
        let rim = 2.0 * (std::f64::consts::PI * 0.8).sqrt();
        let free = 2.0 / 3.0 * 0.54 * rim * 0.05 * (2.0 * GRAVITY * 0.05).sqrt();
        assert!((q(2.05, 0.5) - free).abs() < 1e-12);
        let orifice = 0.167 * 0.8 * (2.0 * GRAVITY * 0.5_f64).sqrt();
        assert!((q(2.5, 0.5) - orifice).abs() < 1e-12);
        let drowned = 0.056 * rim * 0.05 * (2.0 * GRAVITY * 0.02_f64).sqrt();
        assert!((q(2.05, 2.03) - drowned).abs() < 1e-12);
        // no jump where the water below reaches the rim
        assert!((q(2.05, 2.0 + 1e-12) - q(2.05, 2.0 - 1e-12)).abs() < 1e-8);
    }

    #[test]
    fn a_bank_is_a_broad_crested_weir_both_ways_and_has_no_jump_where_it_drowns() {
        let q = |street, head| point(Passage::Bank(1.7 * 2.0), street).rate(head).flow;
        assert!((q(0.0, 2.5) - 3.4 * 0.5_f64.powf(1.5)).abs() < 1e-12);
        assert!((q(2.5, 0.0) + 3.4 * 0.5_f64.powf(1.5)).abs() < 1e-12);
        let limit = 2.0 + 0.5 * MODULAR_LIMIT;
        assert!((q(limit - 1e-9, 2.5) - q(limit + 1e-9, 2.5)).abs() < 1e-7);
        assert_eq!(q(2.4, 2.4), 0.0);
    }

    #[test]
    fn no_more_passes_than_makes_the_levels_equal() {
        for fall in [1.0e-6, 0.01, 1.0] {
            for ease in [0.01, 1.0, 100.0] {
                let p = Point { ease, ..point(Passage::Bank(3.4), 2.5) };
                let rate = p.rate(2.5 + fall);
                assert!(rate.flow > 0.0 && rate.flow * ease <= fall * 1.000_001, "{fall} {ease} {rate:?}");
            }
        }
        assert_eq!(Point { gives: false, ..point(Passage::Bank(3.4), 2.5) }.rate(9.0), Rate::default());
        assert_eq!(Point { most_down: 0.1, ..point(Passage::Bank(3.4), 3.0) }.rate(0.0).flow, -0.1);
    }
}
