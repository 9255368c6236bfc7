//! Laws of open prismatic channels: trapezoid, triangle, parabola, power function.
//!
//! Lengths in m. Depths and areas below 0 count as 0.

use super::circle::manning_slope;

/// A trapezoid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trapezoid {
    /// Width of the bottom.
    pub bottom: f64,
    /// Mean slope of both sides, run over rise.
    pub slope: f64,
    /// Length of both sides per unit of depth.
    pub sides: f64,
}

impl Trapezoid {
    /// A trapezoid by the slopes of its sides.
    pub fn new(bottom: f64, left: f64, right: f64) -> Self {
        let sides = (1.0 + left * left).sqrt() + (1.0 + right * right).sqrt();
        Self { bottom, slope: (left + right) / 2.0, sides }
    }
    /// `A = (b + s y) y`.
    #[inline]
    pub fn area(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { (self.bottom + self.slope * depth) * depth }
    }
    /// `W = b + 2 s y`.
    #[inline]
    pub fn width(&self, depth: f64) -> f64 {
        let depth = if depth < 0.0 { 0.0 } else { depth };
        self.bottom + 2.0 * depth * self.slope
    }
    /// `R = A / (b + y l)`, with the length `l` of the sides per depth.
    #[inline]
    pub fn radius(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { self.area(depth) / (self.bottom + depth * self.sides) }
    }
    /// Depth of an area, the positive root of `s y² + b y = A`.
    pub fn depth(&self, area: f64) -> f64 {
        if area <= 0.0 {
            0.0
        } else if self.slope == 0.0 {
            area / self.bottom
        } else {
            ((self.bottom * self.bottom + 4.0 * self.slope * area).sqrt() - self.bottom) / (2.0 * self.slope)
        }
    }
    /// Hydraulic radius of an area.
    pub fn radius_of_area(&self, area: f64) -> f64 {
        area / (self.bottom + self.depth(area) * self.sides)
    }
    /// Slope of the section factor, with `dP/dA = l / W`.
    pub fn factor_slope(&self, area: f64) -> f64 {
        let width = (self.bottom * self.bottom + 4.0 * self.slope * area).sqrt();
        manning_slope(self.radius_of_area(area), self.sides / width)
    }
}

/// A triangle, point down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Triangle {
    /// Slope of its sides, run over rise.
    pub slope: f64,
    /// Length of one side per unit of depth.
    pub side: f64,
}

impl Triangle {
    /// A triangle by its height and the width at its top.
    pub fn new(height: f64, top: f64) -> Self {
        let slope = top / height / 2.0;
        Self { slope, side: (1.0 + slope * slope).sqrt() }
    }
    /// `A = s y²`.
    #[inline]
    pub fn area(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { depth * depth * self.slope }
    }
    /// `W = 2 s y`.
    #[inline]
    pub fn width(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { 2.0 * self.slope * depth }
    }
    /// `R = s y / 2 l`, with the length `l` of one side per depth.
    #[inline]
    pub fn radius(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { depth * self.slope / (2.0 * self.side) }
    }
    /// Depth of an area.
    pub fn depth(&self, area: f64) -> f64 {
        if area <= 0.0 { 0.0 } else { (area / self.slope).sqrt() }
    }
    /// Hydraulic radius of an area.
    pub fn radius_of_area(&self, area: f64) -> f64 {
        area / (2.0 * self.depth(area) * self.side)
    }
    /// Slope of the section factor, with `dP/dA = l / √(A s)`.
    pub fn factor_slope(&self, area: f64) -> f64 {
        manning_slope(self.radius_of_area(area), self.side / (area * self.slope).sqrt())
    }
}

/// A parabola `y = (x / c)²`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parabola {
    /// c, half the width at unit depth, √m.
    pub spread: f64,
}

impl Parabola {
    /// A parabola by its height and the width at its top.
    pub fn new(height: f64, top: f64) -> Self {
        Self { spread: top / 2.0 / height.sqrt() }
    }
    /// `A = 4/3 c y^(3/2)`.
    pub fn area(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { 4.0 / 3.0 * self.spread * depth * depth.sqrt() }
    }
    /// `W = 2 c √y`.
    pub fn width(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { 2.0 * self.spread * depth.sqrt() }
    }
    /// `P = c²/2 · (x √(1 + x²) + ln(x + √(1 + x²)))` with `x = 2 √y / c`.
    fn perimeter(&self, depth: f64) -> f64 {
        let x = 2.0 * depth.sqrt() / self.spread;
        let t = (1.0 + x * x).sqrt();
        0.5 * self.spread * self.spread * (x * t + (x + t).ln())
    }
    /// Hydraulic radius of a depth.
    pub fn radius(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { self.area(depth) / self.perimeter(depth) }
    }
    /// Depth of an area.
    pub fn depth(&self, area: f64) -> f64 {
        if area <= 0.0 { 0.0 } else { (0.75 * area / self.spread).powf(2.0 / 3.0) }
    }
    /// Hydraulic radius of an area.
    pub fn radius_of_area(&self, area: f64) -> f64 {
        if area <= 0.0 { 0.0 } else { area / self.perimeter(self.depth(area)) }
    }
}

/// A channel of the area `A = c y^(m + 1)`.
#[derive(Clone, Copy, Debug)]
pub(super) struct PowerFunction {
    /// Height, m.
    height: f64,
    /// Width at the height, m.
    top: f64,
    /// m, the exponent of the width.
    exponent: f64,
}

impl PowerFunction {
    /// A channel of the width `W = top · (y / height)^m`, `m = 1 / exponent`.
    pub fn new(height: f64, top: f64, exponent: f64) -> Self {
        Self { height, top, exponent: 1.0 / exponent }
    }
    /// Area below the height.
    pub fn full_area(&self) -> f64 {
        self.height * self.top / (self.exponent + 1.0)
    }
    /// `A = height · top / (m + 1) · (y / height)^(m + 1)`; powers of a ratio, since those of a
    /// depth overflow for a large m.
    pub fn area(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { self.full_area() * (depth / self.height).powf(self.exponent + 1.0) }
    }
    /// `W = top · (y / height)^m`.
    pub fn width(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { self.top * (depth / self.height).powf(self.exponent) }
    }
    /// Depth at which `A³ / W` is that of critical flow, `energy = q² / g`:
    /// `height · (energy · top / A_full³)^(1 / (2m + 3))`.
    pub fn critical_depth(&self, energy: f64) -> f64 {
        let ratio = energy * self.top / self.full_area().powi(3);
        self.height * ratio.powf(1.0 / (2.0 * self.exponent + 3.0))
    }
    /// Length of both sides as a chain of straight pieces, fifty over the height.
    fn perimeter(&self, depth: f64) -> f64 {
        let step = 0.02 * self.height;
        let (mut x, mut y, mut length) = (0.0, 0.0, 0.0);
        for piece in 0..=50 {
            let next = y + step;
            // Above the height the last piece goes straight to the depth.
            let next = if next > depth || piece == 50 { depth } else { next };
            let next_x = 0.5 * self.width(next);
            length += (next_x - x).hypot(next - y);
            (x, y) = (next_x, next);
            if next >= depth {
                break;
            }
        }
        2.0 * length
    }
    /// Hydraulic radius of a depth.
    pub fn radius(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { self.area(depth) / self.perimeter(depth) }
    }
    /// Depth of an area.
    pub fn depth(&self, area: f64) -> f64 {
        if area <= 0.0 {
            0.0
        } else {
            self.height * (area / self.full_area()).powf(1.0 / (self.exponent + 1.0))
        }
    }
    /// Hydraulic radius of an area.
    pub fn radius_of_area(&self, area: f64) -> f64 {
        if area <= 0.0 { 0.0 } else { area / self.perimeter(self.depth(area)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trapezoid_by_hand() {
        // Bottom 2, sides 1:0.75, depth 4: top 8, area 20, sides 5 each.
        let trapezoid = Trapezoid::new(2.0, 0.75, 0.75);
        assert_eq!(trapezoid.area(4.0), 20.0);
        assert_eq!(trapezoid.width(4.0), 8.0);
        assert_eq!(trapezoid.radius(4.0), 20.0 / 12.0);
        assert!((trapezoid.depth(20.0) - 4.0).abs() < 1e-14);
        assert!((trapezoid.radius_of_area(20.0) - 20.0 / 12.0).abs() < 1e-14);
    }

    #[test]
    fn a_triangle_by_hand() {
        // Height 4, top 6: sides 5 each, area 12.
        let triangle = Triangle::new(4.0, 6.0);
        assert_eq!(triangle.area(4.0), 12.0);
        assert_eq!(triangle.width(4.0), 6.0);
        assert!((triangle.radius(4.0) - 1.2).abs() < 1e-15);
        assert_eq!(triangle.depth(12.0), 4.0);
    }

    #[test]
    fn a_parabola_has_two_thirds_of_its_box() {
        let parabola = Parabola::new(4.0, 6.0);
        assert!((parabola.area(4.0) - 16.0).abs() < 1e-13);
        assert!((parabola.width(4.0) - 6.0).abs() < 1e-14);
        assert!((parabola.depth(16.0) - 4.0).abs() < 1e-13);
    }

    #[test]
    fn a_power_of_two_is_a_parabola_and_a_power_of_one_a_triangle() {
        let (square, parabola) = (PowerFunction::new(4.0, 6.0, 2.0), Parabola::new(4.0, 6.0));
        let (line, triangle) = (PowerFunction::new(4.0, 6.0, 1.0), Triangle::new(4.0, 6.0));
        for depth in [0.3, 1.0, 2.7, 4.0] {
            assert!((square.area(depth) / parabola.area(depth) - 1.0).abs() < 1e-12);
            assert!((square.width(depth) / parabola.width(depth) - 1.0).abs() < 1e-12);
            assert!((square.radius(depth) / parabola.radius(depth) - 1.0).abs() < 1e-2);
            assert!((line.radius(depth) / triangle.radius(depth) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn section_factor_slopes_are_derivatives() {
        let trapezoid = Trapezoid::new(2.0, 0.75, 1.0);
        let triangle = Triangle::new(4.0, 6.0);
        let factor = |area: f64, radius: f64| area * radius.powf(2.0 / 3.0);
        for area in [0.1, 1.0, 10.0] {
            let h = 1e-5 * area;
            let (low, high) = (area - h, area + h);
            let slope = (factor(high, trapezoid.radius_of_area(high))
                - factor(low, trapezoid.radius_of_area(low)))
                / (2.0 * h);
            assert!((trapezoid.factor_slope(area) / slope - 1.0).abs() < 1e-8);
            let slope = (factor(high, triangle.radius_of_area(high))
                - factor(low, triangle.radius_of_area(low)))
                / (2.0 * h);
            assert!((triangle.factor_slope(area) / slope - 1.0).abs() < 1e-8);
        }
    }
}
