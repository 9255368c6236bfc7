//! Floods made by hand, for tests.

use ndarray::Array2;

use super::Flood;
use crate::model::raster::Raster;
use crate::surface::hazard::{Classes, combined_class};
use crate::surface::{CellMaxima, Watch};

/// A cell that was never wet.
pub const DRY: CellMaxima = CellMaxima {
    depth: 0.0,
    level: f64::NAN,
    depth_time: f64::NAN,
    speed: 0.0,
    discharge: 0.0,
    arrival: f64::NAN,
    above: 0.0,
    last_above: f64::NAN,
    bounded: 0.0,
    people: 0.0,
    class: 0,
};

/// Water that stood still, over ground of its own.
pub struct Lake {
    pub ground: Raster,
    pub cells: Vec<CellMaxima>,
    pub final_depth: Vec<f32>,
    pub initial: Option<Array2<f64>>,
    pub watch: Watch,
    pub rain_end: f64,
}

impl Lake {
    /// Water of depths by row and column over flat ground at 10 m, on cells of a size from (0, 0) northward. It came at
    /// 600 s and went at 1800 s; the rain ended at 1200 s.
    pub fn of(rows: usize, columns: usize, cell: f64, depth: impl Fn(usize, usize) -> f64) -> Self {
        let watch = Watch::default();
        let values = Array2::from_elem((rows, columns), 10.0_f32);
        let ground = Raster { west: 0.0, north: cell * rows as f64, cell, crs: None, values };
        let still = |depth: f64| match depth {
            depth if depth > 0.0 => CellMaxima {
                depth,
                level: 10.0 + depth,
                depth_time: 900.0,
                arrival: if depth > watch.arrival_depth { 600.0 } else { f64::NAN },
                above: if depth > watch.threshold { 1200.0 } else { 0.0 },
                last_above: if depth > watch.threshold { 1800.0 } else { f64::NAN },
                class: if depth > watch.arrival_depth {
                    combined_class(depth, 0.0, &Classes::AIDR)
                } else {
                    0
                },
                ..DRY
            },
            _ => DRY,
        };
        let cells = (0..rows * columns).map(|at| still(depth(at / columns, at % columns))).collect();
        let final_depth = vec![0.0; rows * columns];
        Self { ground, cells, final_depth, initial: None, watch, rain_end: 1200.0 }
    }
    /// A cone of water: so deep in the middle of a map, and nothing at a radius from there; cells of 1 m, with 10 m of
    /// dry ground around it.
    pub fn cone(depth: f64, radius: f64) -> Self {
        let side = (2.0 * (radius + 10.0)) as usize;
        let middle = 0.5 * side as f64;
        Self::of(side, side, 1.0, |row, column| {
            let from_middle = (row as f64 + 0.5 - middle).hypot(column as f64 + 0.5 - middle);
            depth * (1.0 - from_middle / radius)
        })
    }
    pub fn flood(&self) -> Flood<'_> {
        Flood {
            ground: &self.ground,
            cells: &self.cells,
            final_depth: &self.final_depth,
            initial: self.initial.as_ref(),
            watch: self.watch,
            rain_end: self.rain_end,
        }
    }
}
