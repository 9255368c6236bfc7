//! Laws of the sections with upright walls: rectangles, and rectangles with a triangular or round
//! bottom or a round top.
//!
//! Lengths in m. The lid of a closed section is wetted gradually over the last few per cent of the
//! area, as in EPA SWMM 5.2, so that the hydraulic radius does not jump when it fills.

use std::f64::consts::PI;

use super::circle::{depth_ratio, factor_ratio, manning_slope};
use crate::num::power::two_thirds;

/// Relative area at which the lid of a closed rectangle begins to be wetted.
pub(super) const RECTANGLE_LID: f64 = 0.97;
/// Relative area at which the lid of a rectangle over a triangle or an arc begins to be wetted.
pub(super) const COMPOSITE_LID: f64 = 0.98;

/// Wetted part of a lid of `width`, linear in the relative area from `limit` to 1.
#[inline]
fn wetted_lid(area_ratio: f64, limit: f64, width: f64) -> f64 {
    if area_ratio > limit { (area_ratio - limit) / (1.0 - limit) * width } else { 0.0 }
}

/// A closed rectangle.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClosedRectangle {
    /// Height.
    pub height: f64,
    /// Width.
    pub width: f64,
}

impl ClosedRectangle {
    /// `A = b y`.
    #[inline]
    pub fn area(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { depth * self.width }
    }
    /// b; 0 exactly at the lid.
    #[inline]
    pub fn surface(&self, depth: f64) -> f64 {
        if depth == self.height { 0.0 } else { self.width }
    }
    /// `R = b y / (b + 2 y + wetted lid)`.
    #[inline]
    pub fn radius(&self, depth: f64) -> f64 {
        if depth <= 0.0 {
            return 0.0;
        }
        let mut perimeter = self.width + 2.0 * depth;
        if depth > RECTANGLE_LID * self.height {
            perimeter += wetted_lid(depth / self.height, RECTANGLE_LID, self.width);
        }
        depth * self.width / perimeter
    }
    /// Hydraulic radius of an area.
    pub fn radius_of_area(&self, area: f64) -> f64 {
        self.radius(area / self.width)
    }
    /// Slope of the section factor below the lid, with `dP/dA = 2 / b`.
    pub fn factor_slope(&self, area: f64) -> f64 {
        manning_slope(self.radius_of_area(area), 2.0 / self.width)
    }
}

/// An open rectangle.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenRectangle {
    /// Width.
    pub width: f64,
    /// How many of its side walls give friction: 0 to 2.
    pub walls: f64,
}

impl OpenRectangle {
    /// `A = b y`.
    #[inline]
    pub fn area(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { depth * self.width }
    }
    /// `R = b y / (b + k y)` with k walls.
    #[inline]
    pub fn radius(&self, depth: f64) -> f64 {
        if depth <= 0.0 { 0.0 } else { depth * self.width / (self.width + self.walls * depth) }
    }
    /// Hydraulic radius of an area.
    pub fn radius_of_area(&self, area: f64) -> f64 {
        self.radius(area / self.width)
    }
    /// Slope of the section factor, with `dP/dA = k / b`.
    pub fn factor_slope(&self, area: f64) -> f64 {
        manning_slope(self.radius_of_area(area), self.walls / self.width)
    }
}

/// A closed rectangle over a triangular bottom.
#[derive(Clone, Debug)]
pub(super) struct RectangleOverTriangle {
    width: f64,
    /// Height of the triangle.
    bottom: f64,
    /// Area of the triangle.
    bottom_area: f64,
    /// Slope of its sides, run over rise.
    slope: f64,
    /// Length of one of its sides per unit of depth.
    side: f64,
    /// Full area.
    pub full_area: f64,
    /// Full hydraulic radius.
    pub full_radius: f64,
}

impl RectangleOverTriangle {
    /// A section of `height` and `width` whose lowest `bottom` is a triangle.
    pub fn new(height: f64, width: f64, bottom: f64) -> Self {
        let slope = width / bottom / 2.0;
        let side = (1.0 + slope * slope).sqrt();
        let full_area = width * (height - bottom / 2.0);
        let full_perimeter = 2.0 * bottom * side + 2.0 * (height - bottom) + width;
        Self {
            width,
            bottom,
            bottom_area: bottom * width / 2.0,
            slope,
            side,
            full_area,
            full_radius: full_area / full_perimeter,
        }
    }
    /// Area of a depth.
    pub fn area(&self, depth: f64) -> f64 {
        if depth <= 0.0 {
            0.0
        } else if depth <= self.bottom {
            depth * depth * self.slope
        } else {
            self.bottom_area + (depth - self.bottom) * self.width
        }
    }
    /// Width of a depth.
    pub fn surface(&self, depth: f64) -> f64 {
        if depth <= 0.0 {
            0.0
        } else if depth <= self.bottom {
            2.0 * self.slope * depth
        } else {
            self.width
        }
    }
    /// Hydraulic radius of a depth.
    pub fn radius(&self, depth: f64) -> f64 {
        if depth <= 0.0 {
            0.0
        } else if depth <= self.bottom {
            depth * self.slope / (2.0 * self.side)
        } else {
            self.upper_radius(self.area(depth), depth)
        }
    }
    fn upper_radius(&self, area: f64, depth: f64) -> f64 {
        let walls = 2.0 * self.bottom * self.side + 2.0 * (depth - self.bottom);
        area / (walls + wetted_lid(area / self.full_area, COMPOSITE_LID, self.width))
    }
    /// Depth of an area.
    pub fn depth(&self, area: f64) -> f64 {
        if area <= 0.0 {
            0.0
        } else if area <= self.bottom_area {
            (area / self.slope).sqrt()
        } else {
            self.bottom + (area - self.bottom_area) / self.width
        }
    }
    /// Hydraulic radius of an area.
    pub fn radius_of_area(&self, area: f64) -> f64 {
        if area <= 0.0 {
            return 0.0;
        }
        let depth = self.depth(area);
        if depth <= self.bottom { area / (2.0 * depth * self.side) } else { self.upper_radius(area, depth) }
    }
    /// Slope of the section factor below the lid.
    pub fn factor_slope(&self, area: f64) -> f64 {
        let perimeter_slope =
            if area > self.bottom_area { 2.0 / self.width } else { self.side / (area * self.slope).sqrt() };
        manning_slope(self.radius_of_area(area), perimeter_slope)
    }
}

/// A closed rectangle over a bottom that is an arc of a circle.
#[derive(Clone, Debug)]
pub(super) struct RectangleOverArc {
    width: f64,
    /// Radius of the arc.
    arc_radius: f64,
    /// Length of the arc.
    arc: f64,
    /// Height of the arc.
    pub bottom: f64,
    /// Area under the arc's chord.
    bottom_area: f64,
    /// Full area.
    pub full_area: f64,
    /// Full hydraulic radius.
    pub full_radius: f64,
}

impl RectangleOverArc {
    /// A section of `height` and `width` over an arc of `radius`, at least half the width.
    pub fn new(height: f64, width: f64, radius: f64) -> Self {
        let angle = 2.0 * (width / 2.0 / radius).asin();
        let bottom_area = radius * radius / 2.0 * (angle - angle.sin());
        let bottom = radius * (1.0 - (angle / 2.0).cos());
        let full_area = width * (height - bottom) + bottom_area;
        let arc = radius * angle;
        Self {
            width,
            arc_radius: radius,
            arc,
            bottom,
            bottom_area,
            full_area,
            full_radius: full_area / (arc + 2.0 * (height - bottom) + width),
        }
    }
    fn angle(&self, depth: f64) -> f64 {
        2.0 * (1.0 - depth / self.arc_radius).acos()
    }
    fn circle_area(&self) -> f64 {
        PI * self.arc_radius * self.arc_radius
    }
    /// Whether an area lies within the arc.
    pub fn within_arc(&self, area: f64) -> bool {
        area <= self.bottom_area
    }
    /// Area of a depth.
    pub fn area(&self, depth: f64) -> f64 {
        if depth <= 0.0 {
            0.0
        } else if depth > self.bottom {
            self.bottom_area + (depth - self.bottom) * self.width
        } else {
            let angle = self.angle(depth);
            0.5 * self.arc_radius * self.arc_radius * (angle - angle.sin())
        }
    }
    /// Width of a depth.
    pub fn surface(&self, depth: f64) -> f64 {
        if depth <= 0.0 {
            0.0
        } else if depth > self.bottom {
            self.width
        } else {
            2.0 * (depth * (2.0 * self.arc_radius - depth)).sqrt()
        }
    }
    /// Hydraulic radius of a depth.
    ///
    /// Within the arc this is EPA SWMM 5.2's `r/2 (1 - sin θ)/θ`, not the circle's
    /// `r/2 (θ - sin θ)/θ`; [`RectangleOverArc::radius_of_area`] has the latter.
    pub fn radius(&self, depth: f64) -> f64 {
        if depth <= 0.0 {
            0.0
        } else if depth > self.bottom {
            self.radius_of_area(self.area(depth))
        } else {
            let angle = self.angle(depth);
            0.5 * self.arc_radius * (1.0 - angle.sin()) / angle
        }
    }
    /// Depth of an area.
    pub fn depth(&self, area: f64) -> f64 {
        if self.within_arc(area) {
            2.0 * self.arc_radius * depth_ratio(area / self.circle_area())
        } else {
            self.bottom + (area - self.bottom_area) / self.width
        }
    }
    /// Hydraulic radius of an area.
    pub fn radius_of_area(&self, area: f64) -> f64 {
        if area <= 0.0 {
            0.0
        } else if self.within_arc(area) {
            area / (self.arc_radius * self.angle(self.depth(area)))
        } else {
            let walls = self.arc + 2.0 * (area - self.bottom_area) / self.width;
            area / (walls + wetted_lid(area / self.full_area, COMPOSITE_LID, self.width))
        }
    }
    /// Section factor of an area within the arc, as a part of the full circle's `π r² (r/2)^(2/3)`.
    pub fn arc_section_factor(&self, area: f64) -> f64 {
        let circle = self.circle_area();
        circle * two_thirds(self.arc_radius / 2.0) * factor_ratio(area / circle)
    }
    /// Slope of the section factor above the arc and below the lid, with `dP/dA = 2 / b`.
    pub fn factor_slope(&self, area: f64) -> f64 {
        manning_slope(self.radius_of_area(area), 2.0 / self.width)
    }
}

/// A rectangle under a top that is an arc of a circle.
#[derive(Clone, Debug)]
pub(super) struct RectangleUnderArc {
    height: f64,
    width: f64,
    /// Radius of the arc.
    arc_radius: f64,
    /// Central angle of the arc.
    angle: f64,
    /// Height of the walls.
    pub walls: f64,
    /// Area of the rectangle between the walls.
    wall_area: f64,
    /// Full area.
    pub full_area: f64,
    /// Full hydraulic radius.
    pub full_radius: f64,
}

impl RectangleUnderArc {
    /// A section of `height` and `width` under an arc of `radius`, at least half the width.
    pub fn new(height: f64, width: f64, radius: f64) -> Self {
        let angle = 2.0 * (width / 2.0 / radius).asin();
        let walls = height - radius * (1.0 - (angle / 2.0).cos());
        let arc_area = radius * radius / 2.0 * (angle - angle.sin());
        let full_area = walls * width + arc_area;
        Self {
            height,
            width,
            arc_radius: radius,
            angle,
            walls,
            wall_area: full_area - arc_area,
            full_area,
            full_radius: full_area / (radius * angle + 2.0 * walls + width),
        }
    }
    /// Whether an area lies between the walls.
    pub fn within_walls(&self, area: f64) -> bool {
        area <= self.wall_area
    }
    /// Area of a depth.
    pub fn area(&self, depth: f64) -> f64 {
        if depth <= 0.0 {
            return 0.0;
        }
        if depth <= self.walls {
            return depth * self.width;
        }
        if depth >= self.height {
            return self.full_area;
        }
        let empty = 2.0 * (1.0 - (self.height - depth) / self.arc_radius).acos();
        self.full_area - 0.5 * self.arc_radius * self.arc_radius * (empty - empty.sin())
    }
    /// Width of a depth.
    pub fn surface(&self, depth: f64) -> f64 {
        if depth <= 0.0 || depth >= self.height {
            return 0.0;
        }
        if depth <= self.walls {
            return self.width;
        }
        let empty = self.height - depth;
        2.0 * (empty * (2.0 * self.arc_radius - empty)).sqrt()
    }
    /// Hydraulic radius of a depth.
    pub fn radius(&self, depth: f64) -> f64 {
        self.radius_of_area(self.area(depth))
    }
    /// Depth of an area.
    pub fn depth(&self, area: f64) -> f64 {
        if area <= 0.0 {
            return 0.0;
        }
        if self.within_walls(area) {
            return area / self.width;
        }
        let empty = (self.full_area - area) / (PI * self.arc_radius * self.arc_radius);
        self.height - 2.0 * self.arc_radius * depth_ratio(empty)
    }
    /// Hydraulic radius of an area.
    pub fn radius_of_area(&self, area: f64) -> f64 {
        if area <= 0.0 {
            return 0.0;
        }
        if self.within_walls(area) {
            return area / (self.width + 2.0 * area / self.width);
        }
        let empty = self.height - self.depth(area);
        let empty_angle = 2.0 * (1.0 - empty / self.arc_radius).acos();
        let wetted_arc = (self.angle - empty_angle) * self.arc_radius;
        area / (wetted_arc + 2.0 * self.walls + self.width)
    }
    /// Slope of the section factor between the walls, with `dP/dA = 2 / b`.
    pub fn factor_slope(&self, area: f64) -> f64 {
        manning_slope(self.radius_of_area(area), 2.0 / self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_rectangle_by_hand() {
        let pipe = ClosedRectangle { height: 2.0, width: 3.0 };
        assert_eq!(pipe.area(1.0), 3.0);
        assert_eq!(pipe.radius(1.0), 3.0 / 5.0);
        assert_eq!(pipe.surface(1.999), 3.0);
        assert_eq!(pipe.surface(2.0), 0.0);
        assert!((pipe.radius(2.0) - 6.0 / 10.0).abs() < 1e-14);
        // Half of the lid is wetted at 98.5 % of the area.
        assert!((pipe.radius(1.97) - 5.91 / (3.0 + 3.94 + 1.5)).abs() < 1e-12);
    }

    #[test]
    fn a_wall_that_is_removed_gives_no_friction() {
        for (walls, perimeter) in [(2.0, 7.0), (1.0, 5.0), (0.0, 3.0)] {
            let channel = OpenRectangle { width: 3.0, walls };
            assert_eq!(channel.radius(2.0), 6.0 / perimeter);
            assert_eq!(channel.radius_of_area(6.0), 6.0 / perimeter);
        }
    }

    #[test]
    fn a_rectangle_over_a_triangle_by_hand() {
        // Width 6, triangle 4 high: sides 5 each, area 12; walls 2 high.
        let section = RectangleOverTriangle::new(6.0, 6.0, 4.0);
        assert_eq!(section.area(4.0), 12.0);
        assert_eq!(section.full_area, 24.0);
        assert!((section.full_radius - 24.0 / (10.0 + 4.0 + 6.0)).abs() < 1e-14);
        assert!((section.radius(4.0) - 1.2).abs() < 1e-14);
        assert!((section.radius(5.0) - 18.0 / 12.0).abs() < 1e-14);
        assert!((section.depth(18.0) - 5.0).abs() < 1e-14);
    }

    #[test]
    fn a_half_circle_below_or_above_a_square() {
        let below = RectangleOverArc::new(3.0, 2.0, 1.0);
        let above = RectangleUnderArc::new(3.0, 2.0, 1.0);
        let area = 4.0 + PI / 2.0;
        for (full_area, full_radius) in
            [(below.full_area, below.full_radius), (above.full_area, above.full_radius)]
        {
            assert!((full_area - area).abs() < 1e-12);
            assert!((full_radius - area / (PI + 4.0 + 2.0)).abs() < 1e-12);
        }
        assert!((below.area(1.0) - PI / 2.0).abs() < 1e-12);
        assert!((above.area(2.0) - 4.0).abs() < 1e-12);
        assert!((above.surface(2.5) - 2.0 * 0.75_f64.sqrt()).abs() < 1e-12);
        assert!((below.surface(0.5) - 2.0 * 0.75_f64.sqrt()).abs() < 1e-12);
    }
}
