//! Symbols of structures and states, the same in every picture and legend.

use super::colour::Colour;
use super::scene::{Point, Rect, Scene, Stroke};

/// What a symbol stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// A manhole or joint.
    Manhole,
    /// Where water leaves the network.
    Outfall,
    /// A storage unit.
    Storage,
    /// A divider.
    Divider,
    /// A pump.
    Pump,
    /// An orifice.
    Orifice,
    /// A weir.
    Weir,
    /// An outlet.
    Outlet,
    /// A node under pressure.
    Surcharged,
    /// A node that water leaves.
    Flooded,
    /// A measured value, in the colour of its series.
    Dot(Colour),
}

/// Colour of flooded nodes: dark on screen and on paper, and unlike any class of links.
pub const FLOODED: Colour = Colour(142, 1, 82);
/// Colour of nodes that flood less than before: light, as its opposite is dark.
pub const RELIEVED: Colour = Colour(77, 172, 38);
/// Colour of surcharged nodes.
pub const SURCHARGED: Colour = Colour::ORANGE;
/// Fill of structures.
pub const STRUCTURE: Colour = Colour(255, 255, 255);

impl Symbol {
    /// Draws the symbol around a point, within a circle of the radius.
    pub fn draw(self, scene: &mut Scene, [x, y]: Point, radius: f64) {
        let r = radius;
        let pen = Stroke::solid(Colour::INK, (0.22 * r).max(1.0));
        let shape = |points: &[[f64; 2]]| -> Vec<Point> {
            points.iter().map(|p| [x + p[0] * r, y + p[1] * r]).collect()
        };
        let mut filled = |points: &[Point], colour: Colour| {
            scene.area(points, colour, 1.0);
            scene.outline(points, pen);
        };
        match self {
            Self::Manhole => scene.disc([x, y], 0.6 * r, Some(Colour::WHITE), Some(pen)),
            Self::Outfall => filled(&shape(&[[-0.9, -0.75], [0.9, -0.75], [0.0, 0.9]]), Colour::SKY),
            Self::Storage => {
                filled(&shape(&[[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]]), Colour::SKY)
            }
            Self::Divider => {
                filled(&shape(&[[0.0, -0.95], [0.95, 0.0], [0.0, 0.95], [-0.95, 0.0]]), STRUCTURE)
            }
            Self::Pump => {
                scene.disc([x, y], 0.85 * r, Some(STRUCTURE), Some(pen));
                scene.area(&shape(&[[-0.4, -0.52], [0.66, 0.0], [-0.4, 0.52]]), Colour::INK, 1.0);
            }
            Self::Orifice => {
                filled(&shape(&[[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]]), STRUCTURE);
                scene.disc([x, y], 0.4 * r, Some(Colour::INK), None);
            }
            Self::Weir => {
                filled(&shape(&[[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]]), STRUCTURE);
                scene.area(
                    &shape(&[[-0.22, -0.25], [0.22, -0.25], [0.45, 0.8], [-0.45, 0.8]]),
                    Colour::INK,
                    1.0,
                );
            }
            Self::Outlet => {
                filled(&shape(&[[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]]), STRUCTURE);
                scene.line(&shape(&[[-0.5, 0.0], [0.5, 0.0]]), pen);
                scene.line(&shape(&[[0.1, -0.4], [0.5, 0.0], [0.1, 0.4]]), pen);
            }
            Self::Surcharged => {
                let pen = Stroke::solid(Colour::INK, (0.16 * r).max(1.0));
                scene.disc([x, y], 0.75 * r, Some(SURCHARGED), Some(pen));
            }
            Self::Flooded => {
                let points = shape(&[[0.0, 0.95], [-0.95, -0.75], [0.95, -0.75]]);
                scene.area(&points, FLOODED, 1.0);
                scene.outline(&points, Stroke::solid(Colour::WHITE, (0.12 * r).max(0.8)));
            }
            Self::Dot(colour) => {
                scene.disc([x, y], 0.5 * r, Some(colour), Some(Stroke::solid(Colour::WHITE, 0.15 * r)));
            }
        }
    }
}

/// An arrow that points north, with its letter, within a rectangle; gives no more than that.
pub fn north_arrow(scene: &mut Scene, place: Rect) {
    let (x, half) = (0.5 * (place.left + place.right), 0.3 * place.width());
    let (tip, foot, notch) = (place.top, place.bottom, place.bottom - 0.25 * place.height());
    scene.area(&[[x, tip], [x - half, foot], [x, notch]], Colour::INK, 1.0);
    let right = [[x, tip], [x + half, foot], [x, notch]];
    scene.area(&right, Colour::WHITE, 1.0);
    scene.outline(&right, Stroke::solid(Colour::INK, 1.5));
}
