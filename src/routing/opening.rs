//! The openings of orifices and weirs.

use crate::model::section::Shape;

/// An opening: circle, rectangle, trapezoid or triangle, lengths in m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Opening {
    /// Circle.
    Circle {
        /// Diameter.
        diameter: f64,
    },
    /// Rectangle, with a lid or without.
    Rectangle {
        /// Height.
        height: f64,
        /// Width.
        width: f64,
        /// Whether it has a lid.
        closed: bool,
    },
    /// Symmetric trapezoid; a triangle when the bottom is 0.
    Trapezoid {
        /// Height.
        height: f64,
        /// Width of the bottom.
        bottom: f64,
        /// Run over rise of the sides, their mean.
        slope: f64,
    },
}

impl Opening {
    /// The opening of a shape; `None` for shapes that neither orifices nor weirs have.
    pub fn compile(shape: &Shape) -> Option<Self> {
        match *shape {
            Shape::Circular { diameter } => Some(Self::Circle { diameter }),
            Shape::RectangularClosed { height, width } => {
                Some(Self::Rectangle { height, width, closed: true })
            }
            Shape::RectangularOpen { height, width, .. } => {
                Some(Self::Rectangle { height, width, closed: false })
            }
            Shape::Trapezoidal { height, bottom, left, right } => {
                Some(Self::Trapezoid { height, bottom, slope: 0.5 * (left + right) })
            }
            Shape::Triangular { height, top } => {
                Some(Self::Trapezoid { height, bottom: 0.0, slope: 0.5 * top / height })
            }
            _ => None,
        }
    }

    /// Full depth, m.
    pub fn full_depth(&self) -> f64 {
        match *self {
            Self::Circle { diameter } => diameter,
            Self::Rectangle { height, .. } | Self::Trapezoid { height, .. } => height,
        }
    }

    /// Largest width, m.
    pub fn max_width(&self) -> f64 {
        match *self {
            Self::Circle { diameter } => diameter,
            Self::Rectangle { width, .. } => width,
            Self::Trapezoid { height, bottom, slope } => bottom + 2.0 * slope * height,
        }
    }

    /// Area under a depth (m), m².
    pub fn area(&self, depth: f64) -> f64 {
        match *self {
            Self::Circle { diameter } => {
                let cosine = (1.0 - 2.0 * depth / diameter).clamp(-1.0, 1.0);
                let half_angle = cosine.acos();
                0.25 * diameter * diameter * (half_angle - cosine * half_angle.sin())
            }
            Self::Rectangle { width, .. } => depth.max(0.0) * width,
            Self::Trapezoid { bottom, slope, .. } => (bottom + slope * depth) * depth.max(0.0),
        }
    }

    /// Width of the water surface at a depth (m), m; 0 under a lid that the water reaches.
    pub fn width(&self, depth: f64) -> f64 {
        match *self {
            Self::Circle { diameter } => 2.0 * (depth * (diameter - depth)).max(0.0).sqrt(),
            Self::Rectangle { height, width, closed } => {
                if closed && depth == height {
                    0.0
                } else {
                    width
                }
            }
            Self::Trapezoid { bottom, slope, .. } => bottom + 2.0 * slope * depth,
        }
    }
}
