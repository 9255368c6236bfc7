//! Area and volume of storage units by depth, and depth by volume.

use std::f64::consts::PI;

use super::Model;
use super::curve::Curve;
use super::node::StorageShape;
use crate::num::root::newton_bracketed;

/// Depth under which a curve's point counts as the bottom, in the curve's unit.
const BOTTOM: f64 = 1.0e-6;
/// Tolerance of the depth that a volume fills, m.
const DEPTH_TOLERANCE: f64 = 1.0e-9;

/// Water surface (m²) by depth (m).
#[derive(Clone, Debug, PartialEq)]
pub enum AreaLaw {
    /// By a curve.
    Tabular(Curve),
    /// `a0 + a1 · depth^exponent`.
    Power {
        /// Constant, m².
        a0: f64,
        /// Coefficient, m^(2 - exponent).
        a1: f64,
        /// Exponent.
        exponent: f64,
    },
    /// `a0 + a1 · depth + a2 · depth²`: cylinder, cone, paraboloid, pyramid.
    Quadratic {
        /// Constant, m².
        a0: f64,
        /// Coefficient of the depth, m.
        a1: f64,
        /// Coefficient of the squared depth.
        a2: f64,
    },
}

impl AreaLaw {
    /// The law of a shape; a paraboloid stands on its point, the others on their base.
    pub fn compile(model: &Model, shape: &StorageShape) -> Self {
        match *shape {
            StorageShape::Tabular(curve) => Self::Tabular(model.curves[curve].clone()),
            StorageShape::Functional { a0, a1, a2 } => Self::Power { a0, a1, exponent: a2 },
            StorageShape::Cylindrical { length, width } => {
                Self::Quadratic { a0: 0.25 * PI * length * width, a1: 0.0, a2: 0.0 }
            }
            StorageShape::Conical { length, width, slope } => Self::Quadratic {
                a0: 0.25 * PI * length * width,
                a1: PI * width * slope,
                a2: PI * width / length * slope * slope,
            },
            StorageShape::Paraboloid { length, width, height } => {
                Self::Quadratic { a0: 0.0, a1: 0.25 * PI * length * width / height, a2: 0.0 }
            }
            StorageShape::Pyramidal { length, width, slope } => Self::Quadratic {
                a0: length * width,
                a1: 2.0 * (length + width) * slope,
                a2: 4.0 * slope * slope,
            },
        }
    }

    /// Water surface, m², at a depth, m. A curve goes on with its last slope, if it widens.
    pub fn area(&self, depth: f64) -> f64 {
        match self {
            Self::Tabular(curve) => curve.lookup_extrapolated(depth),
            Self::Power { a0, a1, exponent } => a0 + a1 * depth.powf(*exponent),
            Self::Quadratic { a0, a1, a2 } => a0 + depth * (a1 + depth * a2),
        }
    }

    /// Integral of the area from the bottom to a depth (m), m³.
    pub fn integral(&self, depth: f64) -> f64 {
        match self {
            Self::Tabular(curve) => table_integral(curve, depth),
            Self::Power { a0, a1, exponent } => {
                let n = exponent + 1.0;
                a0 * depth + a1 / n * depth.powf(n)
            }
            Self::Quadratic { a0, a1, a2 } => depth * (a0 + depth * (a1 / 2.0 + depth * a2 / 3.0)),
        }
    }

    /// Inverse of [`Self::integral`], not above `full_depth` (m), by a closed form or Newton's
    /// method.
    pub fn depth(&self, integral: f64, full_depth: f64) -> f64 {
        if integral == 0.0 {
            return 0.0;
        }
        let depth = match *self {
            Self::Tabular(ref curve) => table_depth(curve, integral),
            Self::Power { a0, a1, exponent: 0.0 } => integral / (a0 + a1),
            Self::Power { a0: 0.0, a1, exponent } => {
                let e = 1.0 / (exponent + 1.0);
                (integral / (a1 * e)).powf(e)
            }
            Self::Power { a0, a1, exponent: 1.0 } if a1 > 0.0 => {
                ((a0 * a0 + 2.0 * a1 * integral).sqrt() - a0) / a1
            }
            Self::Quadratic { a0, a1: 0.0, a2: 0.0 } => integral / a0,
            Self::Quadratic { a0: 0.0, a1, a2: 0.0 } => (2.0 * integral / a1).sqrt(),
            Self::Power { .. } | Self::Quadratic { .. } => {
                if integral >= self.integral(full_depth) {
                    return full_depth;
                }
                newton_bracketed(0.0, full_depth, 0.5 * full_depth, DEPTH_TOLERANCE, |depth| {
                    (self.integral(depth) - integral, self.area(depth))
                })
            }
        };
        depth.min(full_depth)
    }
}

/// Volume under a storage curve by trapezoids. As EPA SWMM does: between the bottom and a first
/// point above it the area grows from 0, but that wedge counts only while the depth is in it;
/// beyond the last point the last slope goes on until the area is 0.
fn table_integral(curve: &Curve, depth: f64) -> f64 {
    let mut points = curve.x.iter().copied().zip(curve.y.iter().copied());
    let Some((mut x, mut area)) = points.next() else { return 0.0 };
    if depth <= x {
        return if x < BOTTOM { 0.0 } else { area / x * depth * depth / 2.0 };
    }
    let (mut volume, mut dx, mut change) = (0.0, 0.0, 0.0);
    for (next, next_area) in points {
        dx = next - x;
        change = next_area - area;
        if next >= depth {
            let here = area + (depth - x) * change / dx;
            return volume + (area + here) / 2.0 * (depth - x);
        }
        volume += (area + next_area) / 2.0 * dx;
        (x, area) = (next, next_area);
    }
    if dx > BOTTOM {
        let slope = change / dx;
        let here = area + slope * (depth - x);
        volume += if here < 0.0 { -area * area / slope / 2.0 } else { (area + here) / 2.0 * (depth - x) };
    }
    volume
}

/// Depth that a volume fills under a storage curve, as EPA SWMM reads it: here the wedge below a
/// first point above the bottom counts.
fn table_depth(curve: &Curve, volume: f64) -> f64 {
    let mut points = curve.x.iter().copied().zip(curve.y.iter().copied());
    let Some((mut x, mut area)) = points.next() else { return 0.0 };
    let mut filled = area * x / 2.0;
    if volume <= filled {
        return if area > 0.0 { (2.0 * volume * x / area).sqrt() } else { 0.0 };
    }
    let rise = |area: f64, slope: f64, more: f64| ((area * area + 2.0 * slope * more).sqrt() - area) / slope;
    let (mut dx, mut change) = (0.0, 0.0);
    for (next, next_area) in points {
        dx = next - x;
        change = next_area - area;
        let next_filled = filled + (area + next_area) / 2.0 * dx;
        if volume <= next_filled {
            return if dx <= 0.0 {
                x
            } else if change == 0.0 {
                if (next_filled - filled).abs() < BOTTOM {
                    x
                } else {
                    x + dx * (volume - filled) / (next_filled - filled)
                }
            } else if change < 0.0 {
                next + rise(next_area, change / dx, volume - next_filled)
            } else {
                x + rise(area, change / dx, volume - filled)
            };
        }
        (x, area, filled) = (next, next_area, next_filled);
    }
    if dx == 0.0 || change == 0.0 {
        return if area > 0.0 { x + (volume - filled) / area } else { x };
    }
    x + rise(area, change / dx, volume - filled).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::curve::CurveKind;

    fn law(shape: StorageShape) -> AreaLaw {
        AreaLaw::compile(&Model::default(), &shape)
    }

    fn table(x: &[f64], y: &[f64]) -> AreaLaw {
        AreaLaw::Tabular(Curve { kind: CurveKind::Storage, x: x.to_vec(), y: y.to_vec() })
    }

    #[test]
    fn a_circular_cone_has_the_volume_of_a_frustum() {
        // base diameter 6 m, sides 2:1, 3 m deep: radii 3 and 9 m, π/3 · 3 · (9 + 27 + 81)
        let cone = law(StorageShape::Conical { length: 6.0, width: 6.0, slope: 2.0 });
        assert!((cone.area(3.0) - 81.0 * PI).abs() < 1e-9);
        assert!((cone.integral(3.0) - 117.0 * PI).abs() < 1e-9);
    }

    #[test]
    fn a_pyramid_has_the_volume_of_its_prismatoid() {
        // base 4 by 6, sides 1:1, 3 m deep: top 10 by 12, middle 7 by 9: 3/6 · (24 + 4·63 + 120)
        let pyramid = law(StorageShape::Pyramidal { length: 4.0, width: 6.0, slope: 1.0 });
        assert!((pyramid.integral(3.0) - 198.0).abs() < 1e-12);
    }

    #[test]
    fn a_paraboloid_fills_half_its_cylinder() {
        let bowl = law(StorageShape::Paraboloid { length: 4.0, width: 4.0, height: 2.0 });
        let cylinder = law(StorageShape::Cylindrical { length: 4.0, width: 4.0 });
        assert!((bowl.integral(2.0) / cylinder.integral(2.0) - 0.5).abs() < 1e-12);
        assert!((bowl.area(2.0) / cylinder.area(2.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_power_law_integrates_by_the_book() {
        let pond = law(StorageShape::Functional { a0: 5.0, a1: 3.0, a2: 0.5 });
        assert!((pond.integral(4.0) - (20.0 + 2.0 * 8.0)).abs() < 1e-12);
    }

    #[test]
    fn depth_returns_from_volume() {
        let shapes = [
            law(StorageShape::Functional { a0: 5.0, a1: 3.0, a2: 0.5 }),
            law(StorageShape::Functional { a0: 0.0, a1: 3.0, a2: 1.5 }),
            law(StorageShape::Functional { a0: 2.0, a1: 3.0, a2: 1.0 }),
            law(StorageShape::Functional { a0: 2.0, a1: 3.0, a2: 0.0 }),
            law(StorageShape::Cylindrical { length: 3.0, width: 2.0 }),
            law(StorageShape::Conical { length: 3.0, width: 2.0, slope: 1.5 }),
            law(StorageShape::Paraboloid { length: 3.0, width: 2.0, height: 4.0 }),
            law(StorageShape::Pyramidal { length: 3.0, width: 2.0, slope: 0.5 }),
            table(&[0.0, 1.0, 2.0, 4.0], &[1.0, 5.0, 5.0, 2.0]),
        ];
        for shape in &shapes {
            for depth in [0.01, 0.5, 1.0, 1.7, 2.9, 3.99] {
                let back = shape.depth(shape.integral(depth), 5.0);
                assert!((back - depth).abs() < 1e-7, "{shape:?} {depth} {back}");
            }
        }
    }

    #[test]
    fn a_curve_is_measured_by_trapezoids_and_goes_on_beyond_its_end() {
        let pond = table(&[0.0, 2.0, 4.0], &[10.0, 20.0, 40.0]);
        assert!((pond.integral(3.0) - (30.0 + 25.0)).abs() < 1e-12);
        assert!((pond.integral(5.0) - (30.0 + 60.0 + 45.0)).abs() < 1e-12);
        assert!((pond.area(5.0) - 50.0).abs() < 1e-12);
    }

    #[test]
    fn a_narrowing_curve_ends_where_its_area_does() {
        // last slope -10 m: area 0 at 3 m; area itself stays at its last value
        let tank = table(&[0.0, 1.0, 2.0], &[20.0, 20.0, 10.0]);
        assert!((tank.integral(3.0) - (20.0 + 15.0 + 5.0)).abs() < 1e-12);
        assert_eq!(tank.integral(3.0), tank.integral(9.0));
        assert_eq!(tank.area(9.0), 10.0);
    }
}
