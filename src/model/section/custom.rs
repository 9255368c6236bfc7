//! Custom closed shapes, compiled from a curve of width against depth.

use super::surveyed::{ENTRIES, SurveyedSection, Tables};
use crate::model::curve::Curve;

/// The tables of a shape of full depth 1 whose curve gives width against depth, both relative to the
/// full depth; `None` when the curve is invalid.
///
/// A valid curve starts at a depth of 0 to less than 1, its depths do not decrease, its widths are
/// not negative, and it encloses an area. Beyond its last point it goes straight to the full depth.
pub fn compile(curve: &Curve) -> Option<SurveyedSection> {
    let mut outline = Outline::new(curve)?;
    let mut tables = Tables::EMPTY;
    tables.width[0] = outline.low.1;
    let step = 1.0 / (ENTRIES - 1) as f64;
    let mut depth = 0.0;
    for i in 1..ENTRIES {
        depth += step;
        if f64::abs(depth - 1.0) < 1.0e-6 {
            depth = 1.0;
        }
        tables.width[i] = outline.rise_to(depth)?;
        if depth == 1.0 {
            // The lid is as wide as the shape at its top, and wetted when it is full.
            outline.perimeter += outline.high.1;
        }
        tables.area[i] = outline.area;
        tables.radius[i] = if outline.perimeter > 0.0 { outline.area / outline.perimeter } else { 0.0 };
    }
    let section = tables.section(1.0, outline.max_width, 1.0)?;
    Some(SurveyedSection { open: false, ..section })
}

/// A walk up the outline of a shape, summing area and wetted perimeter below.
struct Outline<'a> {
    points: std::iter::Zip<std::slice::Iter<'a, f64>, std::slice::Iter<'a, f64>>,
    /// Depth and width at the lower end of the interval of the curve.
    low: (f64, f64),
    /// Depth and width at its upper end.
    high: (f64, f64),
    /// Depth and width of the last entry of the tables.
    last: (f64, f64),
    max_width: f64,
    area: f64,
    perimeter: f64,
}

impl<'a> Outline<'a> {
    fn new(curve: &'a Curve) -> Option<Self> {
        let mut points = curve.x.iter().zip(&curve.y);
        let (&depth, &width) = points.next()?;
        if !(0.0..1.0).contains(&depth) || width < 0.0 {
            return None;
        }
        let mut max_width = width;
        let (low, high) = if depth == 0.0 {
            let (&next_depth, &next_width) = points.next()?;
            if next_depth < depth || next_width < 0.0 {
                return None;
            }
            max_width = max_width.max(next_width);
            ((0.0, width), (next_depth.min(1.0), next_width))
        } else {
            // A curve that starts above the bottom is led to a point there.
            ((0.0, 0.0), (depth, width))
        };
        Some(Self { points, low, high, last: low, max_width, area: 0.0, perimeter: low.1 })
    }

    /// Walks up to a depth and gives the width there; `None` when the curve is invalid on the way.
    fn rise_to(&mut self, depth: f64) -> Option<f64> {
        if depth > self.high.0 {
            self.next_interval(depth)?;
            self.last = self.low;
        }
        let ((low, low_width), (high, high_width)) = (self.low, self.high);
        let width = if high == low {
            high_width
        } else {
            low_width + (depth - low) / (high - low) * (high_width - low_width)
        };
        self.add(self.last, (depth, width));
        self.last = (depth, width);
        Some(width)
    }

    /// Goes to the interval of the curve that holds a depth.
    fn next_interval(&mut self, depth: f64) -> Option<()> {
        let mut last = self.last;
        while depth > self.high.0 {
            if self.high.0 > last.0 {
                self.add(last, self.high);
                last = self.high;
            }
            self.low = self.high;
            let Some((&next_depth, &next_width)) = self.points.next() else {
                self.high.0 = 1.0;
                break;
            };
            self.max_width = self.max_width.max(next_width);
            if next_depth < self.low.0 || next_width < 0.0 {
                return None;
            }
            self.high = (next_depth.min(1.0), next_width);
        }
        Some(())
    }

    /// Adds the trapezoid between two depths, and both of its sides.
    fn add(&mut self, (low, low_width): (f64, f64), (high, high_width): (f64, f64)) {
        let height = high - low;
        self.area += (low_width + high_width) / 2.0 * height;
        self.perimeter += 2.0 * height.hypot((high_width - low_width) / 2.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::curve::CurveKind;

    fn curve(points: &[(f64, f64)]) -> Curve {
        let (x, y) = points.iter().copied().unzip();
        Curve { kind: CurveKind::Shape, x, y }
    }

    #[test]
    fn a_square_curve_is_a_square() {
        let square = compile(&curve(&[(0.0, 1.0), (1.0, 1.0)])).unwrap();
        assert!((square.full_area - 1.0).abs() < 1e-12);
        assert!((square.full_radius - 0.25).abs() < 1e-12);
        assert!(!square.open);
        assert_eq!(square.relative_depth_at_max_width(), 1.0);
    }

    #[test]
    fn a_diamond_is_widest_in_the_middle() {
        let diamond = compile(&curve(&[(0.0, 0.0), (0.5, 1.0), (1.0, 0.0)])).unwrap();
        assert!((diamond.full_area - 0.5).abs() < 1e-12);
        assert!((diamond.full_radius - 0.5 / (4.0 * 0.5_f64.sqrt())).abs() < 1e-12);
        assert_eq!(diamond.relative_depth_at_max_width(), 0.5);
        assert_eq!(diamond.max_width, 1.0);
    }

    #[test]
    fn a_curve_that_stops_early_goes_straight_up() {
        let short = compile(&curve(&[(0.0, 1.0), (0.5, 1.0)])).unwrap();
        assert!((short.full_area - 1.0).abs() < 1e-12);
    }

    #[test]
    fn invalid_curves_are_refused() {
        for points in [
            &[][..],
            &[(0.0, 1.0)],
            &[(-0.1, 1.0), (1.0, 1.0)],
            &[(1.0, 1.0), (2.0, 1.0)],
            &[(0.0, 1.0), (1.0, -1.0)],
            &[(0.0, 1.0), (0.6, 1.0), (0.4, 1.0), (1.0, 1.0)],
            &[(0.0, 0.0), (1.0, 0.0)],
        ] {
            assert!(compile(&curve(points)).is_none(), "{points:?}");
        }
    }
}
