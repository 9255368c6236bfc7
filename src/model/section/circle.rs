//! Laws of the circle, and the circle with sediment.
//!
//! All ratios are relative to the full pipe. A nearly empty pipe is solved from its central angle,
//! since tables are too coarse there; EPA SWMM 5.2 does so below 4 % of the area.

use std::f64::consts::PI;

use super::profiles::{CIRCLE_DEPTH, CIRCLE_FACTOR, CIRCLE_ROWS};
use super::table::{self, AREA, Place, RADIUS, WIDTH};
use crate::num::power::{cube_root, two_thirds};

/// Relative area below which the central angle is solved for.
const SMALL_AREA: f64 = 0.04;
/// Relative section factor up to which the central angle is solved for.
const SMALL_FACTOR: f64 = 0.015;
/// Intervals of the table of the circle.
pub(super) const INTERVALS: f64 = (CIRCLE_ROWS.len() - 1) as f64;

/// Relative depth of a relative area, by table or central angle.
pub(super) fn depth_ratio(area: f64) -> f64 {
    if area < SMALL_AREA { small_depth_ratio(area) } else { table::lookup(&CIRCLE_DEPTH, area) }
}

/// Relative section factor of a relative area, by table or central angle.
pub(super) fn factor_ratio(area: f64) -> f64 {
    if area < SMALL_AREA { small_factor_ratio(area) } else { table::lookup(&CIRCLE_FACTOR, area) }
}

/// Relative area of a relative section factor; 1 from the full one on.
pub(super) fn area_ratio(factor: f64) -> f64 {
    if factor <= 0.0 {
        0.0
    } else if factor >= 1.0 {
        1.0
    } else if factor <= SMALL_FACTOR {
        small_area_ratio(factor)
    } else {
        table::inverse(CIRCLE_FACTOR.len(), |i| CIRCLE_FACTOR[i], factor)
    }
}

/// Slope of the section factor against the area of a pipe of `diameter` (m), full area and full
/// section factor, at `area`; m^(2/3).
pub(super) fn factor_slope(diameter: f64, full_area: f64, full_factor: f64, area: f64) -> f64 {
    let ratio = area / full_area;
    if ratio <= 1.0e-30 {
        1.0e-30
    } else if ratio < SMALL_AREA {
        let angle = angle_of_area(ratio);
        let radius = area / (0.5 * angle * diameter);
        let perimeter_slope = 4.0 / diameter / (1.0 - angle.cos());
        manning_slope(radius, perimeter_slope)
    } else {
        table::slope(&CIRCLE_FACTOR, ratio) * full_factor / full_area
    }
}

/// `dS/dA = (5/3 - 2/3 · dP/dA · R) · R^(2/3)`, the derivative of `S = A·R^(2/3)`.
///
/// `radius` R in m, `perimeter_slope` dP/dA in 1/m; m^(2/3).
pub(super) fn manning_slope(radius: f64, perimeter_slope: f64) -> f64 {
    (5.0 / 3.0 - 2.0 / 3.0 * perimeter_slope * radius) * two_thirds(radius)
}

/// Relative depth `(1 - cos(θ/2)) / 2` of a small relative area.
fn small_depth_ratio(area: f64) -> f64 {
    if area <= 0.0 {
        0.0
    } else if area <= 1.0e-5 {
        let angle = (37.6911 * area).cbrt();
        angle * angle / 16.0
    } else {
        (1.0 - (angle_of_area(area) / 2.0).cos()) / 2.0
    }
}

/// Relative section factor `(θ - sin θ)^(5/3) / (2π θ^(2/3))` of a small relative area.
fn small_factor_ratio(area: f64) -> f64 {
    if area <= 0.0 {
        0.0
    } else if area <= 1.0e-5 {
        (37.6911 * area).cbrt().powf(13.0 / 3.0) / 124.4797
    } else {
        let angle = angle_of_area(area);
        let segment = angle - angle.sin();
        segment * two_thirds(segment) / (2.0 * PI) / two_thirds(angle)
    }
}

/// Relative area `(θ - sin θ) / 2π` of a small relative section factor.
fn small_area_ratio(factor: f64) -> f64 {
    if factor <= 1.0e-6 {
        (124.4797 * factor).powf(3.0 / 13.0).powi(3) / 37.6911
    } else {
        let angle = angle_of_factor(factor);
        (angle - angle.sin()) / (2.0 * PI)
    }
}

/// Central angle θ (rad) of a relative area `α`: `θ - sin θ = 2πα`. Range of `α`: 0 to 0.04.
///
/// With `v = (12πα)^(1/3)` it is `v (1 + v²/60 + v⁴/1400 + …)`; a least-squares polynomial over the
/// range takes the place of the series, to 2e-12. EPA SWMM stops Newton's method at 0.0001 rad.
fn angle_of_area(area: f64) -> f64 {
    let v = cube_root(12.0 * PI * area);
    let t = v * v;
    let t2 = t * t;
    let low = (1.000_000_000_001_066_3 + 0.016_666_666_587_834_764 * t)
        + (7.142_866_634_728_844e-4 + 3.967_827_119_468_971e-5 * t) * t2;
    let high = (2.502_119_092_971_881e-6 + 1.585_351_043_979_62e-7 * t) + 1.694_294_402_935_833_4e-8 * t2;
    v * (low + high * t2 * t2)
}

/// Central angle θ (rad) of a relative section factor `ψ`: `(θ - sin θ)^(5/3) = 2πψ θ^(2/3)`. Range of
/// `ψ`: 0 to 0.015.
///
/// With `w = (2πψ 6^(5/3))^(3/13)` it is `w (1 + w²/52 + …)`, to 4e-12; see [`angle_of_area`].
fn angle_of_factor(factor: f64) -> f64 {
    /// `2π · 6^(5/3)`.
    const SCALE: f64 = 124.479_724_653_783_79;
    let w = (SCALE * factor).powf(3.0 / 13.0);
    let t = w * w;
    let t2 = t * t;
    let low = (1.000_000_000_003_477_3 + 0.019_230_768_977_714_946 * t)
        + (9.474_529_836_758_083e-4 + 6.064_094_522_066_907e-5 * t) * t2;
    let high = (4.428_199_707_493_793e-6 + 3.144_814_271_883_048e-7 * t) + 4.279_587_130_872_396_5e-8 * t2;
    w * (low + high * t2 * t2)
}

/// A circular pipe with sediment at its bottom; lengths in m. Depths are above the sediment.
#[derive(Clone, Debug)]
pub(super) struct FilledCircle {
    diameter: f64,
    /// Area of the pipe without sediment.
    pipe_area: f64,
    /// Depth of the sediment.
    sediment: f64,
    /// Area of the sediment.
    sediment_area: f64,
    /// Wall that the sediment covers.
    covered_wall: f64,
    /// Width of the sediment's surface in the wetted perimeter.
    surface: f64,
}

impl FilledCircle {
    /// A pipe of `diameter` with `sediment` of smaller depth.
    pub fn new(diameter: f64, sediment: f64) -> Self {
        let pipe_area = PI / 4.0 * diameter * diameter;
        let mut filled =
            Self { diameter, pipe_area, sediment: 0.0, sediment_area: 0.0, covered_wall: 0.0, surface: 0.0 };
        if let Some(place) = filled.place(sediment) {
            filled.sediment_area = pipe_area * place.value(AREA);
            filled.covered_wall = filled.sediment_area / (0.25 * diameter * place.value(RADIUS));
        }
        // EPA SWMM 5.2 does not read the width at the sediment's depth s but that at the relative
        // depth 2s / (D + s), since it counts the sediment twice here.
        if let Some(place) = Place::find(&CIRCLE_ROWS, 2.0 * sediment / (diameter + sediment) * INTERVALS) {
            filled.surface = diameter * place.value(WIDTH);
        }
        filled.sediment = sediment;
        filled
    }
    /// Area over the sediment of the full pipe.
    pub fn full_area(&self) -> f64 {
        self.pipe_area - self.sediment_area
    }
    /// Hydraulic radius of the full pipe.
    pub fn full_radius(&self) -> f64 {
        self.full_area() / (PI * self.diameter - self.covered_wall + self.surface)
    }
    fn place(&self, depth: f64) -> Option<Place<'static>> {
        Place::find(&CIRCLE_ROWS, ((depth + self.sediment) / self.diameter).min(1.0) * INTERVALS)
    }
    /// Area of a depth.
    pub fn area(&self, depth: f64) -> f64 {
        if depth <= 0.0 {
            return 0.0;
        }
        self.place(depth).map_or(0.0, |place| self.pipe_area * place.value(AREA) - self.sediment_area)
    }
    /// Width of a depth.
    pub fn width(&self, depth: f64) -> f64 {
        self.place(depth.max(0.0)).map_or(0.0, |place| self.diameter * place.value(WIDTH))
    }
    /// Hydraulic radius of a depth.
    pub fn radius(&self, depth: f64) -> f64 {
        let Some(place) = self.place(depth.max(0.0)) else { return 0.0 };
        let radius = 0.25 * self.diameter * place.value(RADIUS);
        if self.sediment == 0.0 {
            return radius;
        }
        let area = self.pipe_area * place.value(AREA);
        let perimeter = area / radius - self.covered_wall + self.surface;
        (area - self.sediment_area) / perimeter
    }
    /// Depth of an area.
    pub fn depth(&self, area: f64) -> f64 {
        let ratio = (area + self.sediment_area) / self.pipe_area;
        self.diameter * depth_ratio(ratio) - self.sediment
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative area, depth and section factor of a central angle.
    fn exact(angle: f64) -> (f64, f64, f64) {
        let area = (angle - angle.sin()) / (2.0 * PI);
        let depth = (1.0 - (angle / 2.0).cos()) / 2.0;
        (area, depth, area * (area / (angle / (2.0 * PI))).powf(2.0 / 3.0))
    }

    #[test]
    fn a_nearly_empty_pipe_is_solved_from_its_angle() {
        for angle in [0.05, 0.1, 0.4, 0.8, 1.1] {
            let (area, depth, factor) = exact(angle);
            assert!((depth_ratio(area) / depth - 1.0).abs() < 1e-3, "{angle}");
            assert!((factor_ratio(area) / factor - 1.0).abs() < 1e-3, "{angle}");
            assert!((area_ratio(factor) / area - 1.0).abs() < 1e-3, "{angle}");
        }
    }

    #[test]
    fn the_angle_of_a_nearly_empty_pipe_solves_its_equation() {
        for k in 1..=116 {
            let angle = f64::from(k) * 0.01;
            let (area, _, factor) = exact(angle);
            // below, the rounding of θ - sin θ is the larger part
            let tolerance = if angle < 0.1 { 1e-10 } else { 5e-12 };
            assert!((angle_of_area(area) / angle - 1.0).abs() < tolerance, "{angle}");
            assert!((angle_of_factor(factor) / angle - 1.0).abs() < tolerance, "{angle}");
        }
    }

    #[test]
    fn half_a_pipe_has_half_the_section_factor() {
        assert_eq!(depth_ratio(0.5), 0.5);
        assert!((factor_ratio(0.5) - 0.5).abs() < 3e-4);
        assert!((area_ratio(factor_ratio(0.5)) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn sediment_to_the_middle_leaves_half_a_pipe() {
        let filled = FilledCircle::new(2.0, 1.0);
        assert!((filled.full_area() - PI / 2.0).abs() < 1e-12);
        // EPA's width of the sediment is that at 2/3 of the diameter, 0.9426 of it by its table.
        assert!((filled.full_radius() - (PI / 2.0) / (PI + 1.8852)).abs() < 1e-9);
        assert!((filled.width(0.0) - 2.0).abs() < 1e-12);
        assert_eq!(filled.area(0.0), 0.0);
        assert!((filled.depth(PI / 2.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_pipe_without_sediment_is_a_pipe() {
        let filled = FilledCircle::new(2.0, 0.0);
        assert_eq!(filled.full_radius(), 0.5);
        assert!((filled.radius(1.0) - 0.5).abs() < 1e-12);
        assert!((filled.area(1.0) - PI / 2.0).abs() < 1e-12);
    }
}
