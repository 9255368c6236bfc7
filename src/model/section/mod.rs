//! Cross-sections: the shapes of SWMM 5.2 and their hydraulic properties.

pub mod custom;
pub mod geometry;
pub mod sizes;
pub mod street;
pub mod surveyed;
pub mod tabulated;
pub mod transect;

mod build;
mod channel;
mod circle;
mod critical;
mod error;
mod profiles;
mod rectangle;
mod table;
#[cfg(test)]
mod tests;

pub use build::Compiler;
pub use error::SectionError;
pub use geometry::{CrossSection, Properties};

use super::{CurveId, StreetId, TransectId};

/// Shape and size of one barrel, lengths in m. Geometry as EPA's manual names it
/// (`Geom1` is the full depth in all but tables).
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// No geometry: a conduit that passes its inflow on.
    Dummy,
    /// Circle.
    Circular {
        /// Diameter.
        diameter: f64,
    },
    /// Circle with sediment at the bottom.
    FilledCircular {
        /// Diameter.
        diameter: f64,
        /// Depth of the sediment.
        sediment: f64,
    },
    /// Circular force main.
    ForceMain {
        /// Diameter.
        diameter: f64,
        /// Hazen-Williams C, or Darcy-Weisbach roughness height in m.
        roughness: f64,
    },
    /// Closed rectangle.
    RectangularClosed {
        /// Height.
        height: f64,
        /// Width.
        width: f64,
    },
    /// Open rectangle.
    RectangularOpen {
        /// Height.
        height: f64,
        /// Width.
        width: f64,
        /// How many of its two side walls give no friction: 0, 1 or 2.
        sides_removed: f64,
    },
    /// Trapezoid; slopes are run over rise.
    Trapezoidal {
        /// Height.
        height: f64,
        /// Width of the bottom.
        bottom: f64,
        /// Slope of the left side.
        left: f64,
        /// Slope of the right side.
        right: f64,
    },
    /// Triangle.
    Triangular {
        /// Height.
        height: f64,
        /// Width at the top.
        top: f64,
    },
    /// Parabola.
    Parabolic {
        /// Height.
        height: f64,
        /// Width at the top.
        top: f64,
    },
    /// Power function.
    Power {
        /// Height.
        height: f64,
        /// Width at the top.
        top: f64,
        /// Exponent.
        exponent: f64,
    },
    /// Rectangle over a triangular bottom.
    RectangularTriangular {
        /// Height.
        height: f64,
        /// Width at the top.
        top: f64,
        /// Height of the triangle.
        triangle: f64,
    },
    /// Rectangle over a round bottom.
    RectangularRound {
        /// Height.
        height: f64,
        /// Width at the top.
        top: f64,
        /// Radius of the bottom.
        radius: f64,
    },
    /// Rectangle under a round top.
    ModifiedBasketHandle {
        /// Height.
        height: f64,
        /// Width of the bottom.
        bottom: f64,
        /// Radius of the top as written.
        radius: f64,
    },
    /// Ellipse lying; size by number (1 to 23) or by height and width.
    HorizontalEllipse {
        /// Height; 0 when a size number is given.
        height: f64,
        /// Width.
        width: f64,
        /// Standard size number; 0 for none.
        size: u32,
    },
    /// Ellipse standing.
    VerticalEllipse {
        /// Height; 0 when a size number is given.
        height: f64,
        /// Width.
        width: f64,
        /// Standard size number; 0 for none.
        size: u32,
    },
    /// Arch pipe.
    Arch {
        /// Height; 0 when a size number is given.
        height: f64,
        /// Width.
        width: f64,
        /// Standard size number; 0 for none.
        size: u32,
    },
    /// Egg, point down.
    Egg {
        /// Height.
        height: f64,
    },
    /// Horseshoe.
    Horseshoe {
        /// Height.
        height: f64,
    },
    /// Gothic arch.
    Gothic {
        /// Height.
        height: f64,
    },
    /// Catenary.
    Catenary {
        /// Height.
        height: f64,
    },
    /// Semi-ellipse.
    SemiElliptical {
        /// Height.
        height: f64,
    },
    /// Basket handle.
    BasketHandle {
        /// Height.
        height: f64,
    },
    /// Semicircle.
    SemiCircular {
        /// Height.
        height: f64,
    },
    /// Surveyed section.
    Irregular(TransectId),
    /// Street section.
    Street(StreetId),
    /// Width by depth from a shape curve.
    Custom {
        /// Full depth.
        height: f64,
        /// The curve.
        curve: CurveId,
    },
}
