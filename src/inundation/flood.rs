//! A surface after its run, cell by cell.

use ndarray::Array2;

use crate::model::raster::Raster;
use crate::scenario::zone::Zone;
use crate::simulation::street::{Street, StreetSummary};
use crate::surface::{CellMaxima, Watch};

/// A surface after its run. Cells are `(row, column)`, row 0 the northernmost.
#[derive(Clone, Copy, Debug)]
pub struct Flood<'a> {
    /// Level of the ground (m); NaN is outside.
    pub ground: &'a Raster,
    /// What is remembered of each cell, row by row.
    pub cells: &'a [CellMaxima],
    /// Depth at the end (m), row by row.
    pub final_depth: &'a [f32],
    /// Depth at the start (m); dry without it.
    pub initial: Option<&'a Array2<f64>>,
    /// The depths at which water has arrived and above which time is counted.
    pub watch: Watch,
    /// When the last rain fell (s since the start of the run).
    pub rain_end: f64,
}

impl<'a> Flood<'a> {
    /// The flood of a run; `None` where the run remembered nothing of its cells.
    #[must_use]
    pub fn of(street: &'a Street, summary: &'a StreetSummary) -> Option<Self> {
        let watch = street.setup.watch?;
        let count = street.setup.terrain.values.len();
        (summary.maxima.len() == count && summary.final_depth.len() == count).then_some(Self {
            ground: &street.setup.terrain,
            cells: &summary.maxima,
            final_depth: &summary.final_depth,
            initial: street.initial_depth.as_ref(),
            watch,
            rain_end: summary.rain_end,
        })
    }
    /// What is remembered of a cell that belongs to the ground and did not stand under water from the start.
    #[must_use]
    pub fn at(&self, (row, column): (usize, usize)) -> Option<&'a CellMaxima> {
        let (rows, columns) = self.ground.values.dim();
        if row >= rows || column >= columns || self.ground.values.get((row, column))?.is_nan() {
            return None;
        }
        let stood = |depths: &Array2<f64>| {
            depths.get((row, column)).is_some_and(|depth| *depth > self.watch.arrival_depth)
        };
        if self.initial.is_some_and(stood) {
            return None;
        }
        self.cells.get(row * columns + column)
    }
    /// Depth of a cell at the end of the run (m).
    #[must_use]
    pub fn depth_at_end(&self, (row, column): (usize, usize)) -> f64 {
        let index = row * self.ground.columns() + column;
        self.final_depth.get(index).copied().map_or(0.0, f64::from)
    }
    /// All cells that count, row by row.
    pub fn all(&self) -> impl Iterator<Item = ((usize, usize), &'a CellMaxima)> + '_ {
        let (rows, columns) = self.ground.values.dim();
        let places = (0..rows).flat_map(move |row| (0..columns).map(move |column| (row, column)));
        places.filter_map(|(row, column)| Some(((row, column), self.at((row, column))?)))
    }
    /// The area of a cell (m²).
    #[must_use]
    pub fn cell_area(&self) -> f64 {
        self.ground.cell * self.ground.cell
    }
    /// How long water stood above the threshold in a cell after the last rain (s): 0 where it did not, `None` where it
    /// still stands there at the end.
    #[must_use]
    pub fn retreat(&self, place: (usize, usize)) -> Option<f64> {
        let Some(cell) = self.at(place) else { return Some(0.0) };
        if self.depth_at_end(place) > self.watch.threshold {
            return None;
        }
        // never above it: NaN, which `max` drops
        Some((cell.last_above - self.rain_end).max(0.0))
    }
    /// The zone of the middle of each cell, as an index into the zones; the first that holds it.
    #[must_use]
    pub fn zones_of_cells(&self, zones: &[Zone]) -> Array2<Option<u16>> {
        let mut map = Array2::from_elem(self.ground.values.dim(), None);
        for (index, zone) in zones.iter().enumerate().take(usize::from(u16::MAX)) {
            let runs = crate::model::burn::cover(&zone.rings, self.ground, crate::model::burn::Cover::Middle);
            for (row, columns) in runs {
                for column in columns {
                    if let Some(cell) = map.get_mut((row, column)).filter(|cell| cell.is_none()) {
                        *cell = Some(index as u16);
                    }
                }
            }
        }
        map
    }
}
