//! Flow over a road embankment (FHWA HDS-5).

use super::structure::{Driving, LinkFlow};
use crate::units::{CUBIC_FOOT, FOOT, TINY_DEPTH};

/// A broken line of (x, y), constant beyond its ends.
type Line = &'static [(f64, f64)];

/// Discharge coefficient (ft^0.5/s) by head (ft), head / road width at most 0.15, paved.
/// This and the lines below: FHWA/RD-86/108 (1986), figure 10, as EPA SWMM 5.2 reads them.
const LOW_PAVED: Line = &[(0.0, 2.85), (0.2, 2.95), (0.7, 3.03), (4.0, 3.05)];
/// As [`LOW_PAVED`], gravel.
const LOW_GRAVEL: Line =
    &[(0.0, 2.5), (0.5, 2.7), (1.0, 2.8), (1.5, 2.9), (2.0, 2.98), (2.5, 3.02), (3.0, 3.03), (4.0, 3.05)];
/// Discharge coefficient (ft^0.5/s) by head / road width, above 0.15, paved.
const HIGH_PAVED: Line = &[(0.15, 3.05), (0.25, 3.10)];
/// As [`HIGH_PAVED`], gravel.
const HIGH_GRAVEL: Line = &[(0.15, 2.95), (0.30, 3.10)];
/// Factor for a drowned road by tailwater / headwater, paved.
const DROWNED_PAVED: Line = &[
    (0.8, 1.0),
    (0.85, 0.98),
    (0.90, 0.92),
    (0.93, 0.85),
    (0.95, 0.80),
    (0.97, 0.70),
    (0.98, 0.60),
    (0.99, 0.50),
    (1.00, 0.40),
];
/// As [`DROWNED_PAVED`], gravel.
const DROWNED_GRAVEL: Line = &[
    (0.75, 1.00),
    (0.80, 0.985),
    (0.83, 0.97),
    (0.86, 0.93),
    (0.89, 0.90),
    (0.90, 0.87),
    (0.92, 0.80),
    (0.94, 0.70),
    (0.96, 0.60),
    (0.98, 0.50),
    (0.99, 0.40),
    (1.00, 0.24),
];

/// US coefficient of an SI weir coefficient: EPA's rounding of √0.3048.
const SI_COEFFICIENT: f64 = 0.552;

/// A road that water runs over, compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoadwayParams {
    /// Length along the road's crest, m.
    pub length: f64,
    /// Width of the road, m, along the flow.
    pub width: f64,
    /// Whether the road is gravel (else paved); `None` for the user's own coefficient.
    pub gravel: Option<bool>,
    /// The user's coefficient, ft^0.5/s, used where width or surface are not given.
    pub coefficient: f64,
}

impl RoadwayParams {
    /// Compiles a road; `coefficient` is in m^0.5/s if `si`, else in ft^0.5/s.
    pub fn new(length: f64, width: f64, gravel: Option<bool>, coefficient: f64, si: bool) -> Self {
        let coefficient = if si { coefficient / SI_COEFFICIENT } else { coefficient };
        let gravel = if width > 0.0 { gravel } else { None };
        Self { length, width, gravel, coefficient }
    }

    /// Discharge coefficient, ft^0.5/s, at depths (m) over the road on both sides.
    pub fn coefficient(&self, headwater: f64, tailwater: f64) -> f64 {
        let Some(gravel) = self.gravel else { return self.coefficient };
        if headwater <= 0.0 {
            return 0.0;
        }
        let relative = headwater / self.width;
        let free = if relative <= 0.15 {
            along(if gravel { LOW_GRAVEL } else { LOW_PAVED }, headwater / FOOT)
        } else {
            along(if gravel { HIGH_GRAVEL } else { HIGH_PAVED }, relative)
        };
        if tailwater > 0.0 {
            free * along(if gravel { DROWNED_GRAVEL } else { DROWNED_PAVED }, tailwater / headwater)
        } else {
            free
        }
    }

    /// Flow over the road, `q = C L h^1.5` with C in ft^0.5/s and lengths in feet.
    ///
    /// `crest`: elevation of the road, m. A flap gate has no effect on a road, as in EPA SWMM.
    pub fn flow(&self, driving: &Driving, crest: f64) -> LinkFlow {
        let headwater = driving.high - crest;
        let mut result = LinkFlow {
            depth: headwater.max(0.0),
            flow_class: driving.flow_class(crest),
            ..LinkFlow::default()
        };
        if headwater > TINY_DEPTH {
            let coefficient = self.coefficient(headwater, driving.low - crest);
            let flow = coefficient * self.length / FOOT * (headwater / FOOT).powf(1.5) * CUBIC_FOOT;
            result.flow = driving.direction * flow;
            result.dq_dh = 1.5 * flow / headwater;
        }
        result
    }
}

/// y of a broken line at `x`.
fn along(line: Line, x: f64) -> f64 {
    let next = line.partition_point(|point| point.0 < x);
    match (next.checked_sub(1).and_then(|i| line.get(i)), line.get(next)) {
        (Some(a), Some(b)) => a.1 + (x - a.0) * (b.1 - a.1) / (b.0 - a.0),
        (Some(end), None) | (None, Some(end)) => end.1,
        (None, None) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn driving(high: f64, low: f64) -> Driving {
        Driving { direction: 1.0, high, low, depth: high }
    }

    #[test]
    fn a_foot_over_a_broad_gravel_road() {
        // 1 ft over 20 ft of road: C = 2.8; 100 ft of crest: 280 ft³/s
        let road = RoadwayParams::new(100.0 * FOOT, 20.0 * FOOT, Some(true), 9.0, false);
        let result = road.flow(&driving(1.0 * FOOT, -1.0), 0.0);
        assert!((result.flow / CUBIC_FOOT - 280.0).abs() < 1e-9);
        assert!((result.dq_dh - 1.5 * result.flow / FOOT).abs() < 1e-12);
    }

    #[test]
    fn deep_water_over_a_narrow_paved_road() {
        // h / width = 0.2: C half-way between 3.05 and 3.10
        let road = RoadwayParams::new(1.0, 10.0, Some(false), 9.0, false);
        assert!((road.coefficient(2.0, -1.0) - 3.075).abs() < 1e-12);
    }

    #[test]
    fn tailwater_at_nineteen_twentieths_takes_a_fifth() {
        let road = RoadwayParams::new(1.0, 10.0, Some(false), 9.0, false);
        assert!((road.coefficient(2.0, 1.9) / road.coefficient(2.0, 0.0) - 0.80).abs() < 1e-12);
    }

    #[test]
    fn without_a_width_the_users_coefficient_holds() {
        let road = RoadwayParams::new(1.0, 0.0, Some(false), 1.656, true);
        assert!((road.coefficient(0.3, 0.0) - 3.0).abs() < 1e-12);
    }
}
