//! The edges of the map where water comes in or leaves.

use super::grid::{Cell, Side};

/// What lies beyond an open edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A fall: water leaves with its own discharge, at least the critical one.
    Free,
    /// The same slope goes on: water leaves with Manning's discharge.
    NormalDepth {
        /// Slope of the bed beyond, above zero.
        slope: f64,
    },
    /// Water whose level on the edge is given over time; it may come in.
    Stage,
}

/// An open edge: sides of cells and what lies beyond them. All other edges are walls.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    /// What lies beyond.
    pub kind: Kind,
    /// The cells and their open sides; beyond each there must be no cell with terrain.
    pub edges: Vec<(Cell, Side)>,
}

/// One open face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Face {
    /// Which boundary it belongs to.
    pub boundary: usize,
    /// The cell inside.
    pub cell: usize,
    /// The wall outside.
    pub ghost: usize,
    /// Where its discharge stands in the column of its axis.
    pub face: usize,
    /// Whether it crosses a row (west, east) or a column (north, south).
    pub along_row: bool,
    /// 1 if outwards is the positive direction, else -1.
    pub outward: f64,
}

/// Critical unit discharge (m²/s), `√(g h) h`: what a fall draws from a depth h (m).
pub fn critical_discharge(gravity: f64, depth: f64) -> f64 {
    (gravity * depth).sqrt() * depth
}

/// Manning's unit discharge on a slope (m²/s), `h^(5/3) √S / n`, with `friction` g n²; a frictionless one is
/// critical.
///
/// `depth` h (m), `slope` S. (Manning 1891.)
pub fn normal_discharge(gravity: f64, friction: f64, depth: f64, slope: f64) -> f64 {
    if friction > 0.0 {
        depth * (depth * depth).cbrt() * (slope * gravity / friction).sqrt()
    } else {
        critical_discharge(gravity, depth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discharges_can_be_computed_by_hand() {
        assert!((critical_discharge(9.81, 1.0) - 3.132_092).abs() < 1.0e-6);
        let q = normal_discharge(9.81, 9.81 * 0.15 * 0.15, 1.0, 0.02);
        assert!((q - 0.02_f64.sqrt() / 0.15).abs() < 1.0e-12);
        let q = normal_discharge(9.81, 9.81 * 0.15 * 0.15, 8.0, 0.02);
        assert!((q - 32.0 * 0.02_f64.sqrt() / 0.15).abs() < 1.0e-9);
    }
}
