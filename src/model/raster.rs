//! Maps of square cells: terrain, roughness, depth.
//!
//! A [`Raster`] is plain data that readers of files fill, the surface reads and writers store. Coordinates are
//! those of its reference system, in metres; a cell is its area, so a point on an edge between two cells
//! belongs to the eastern one and to the southern one. What is unknown is NaN and stays NaN: no function of
//! this module fills a hole.

use ndarray::{Array2, s};

/// A map of square cells; row 0 is the northernmost. No data is NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct Raster {
    /// The western edge of the western cells (m).
    pub west: f64,
    /// The northern edge of the northern cells (m).
    pub north: f64,
    /// The side of a cell (m); finite and above zero.
    pub cell: f64,
    /// The reference system as `EPSG:32650`, if the file says.
    pub crs: Option<String>,
    /// One value a cell, `[row, column]` from the north-western corner; NaN where nothing is known.
    pub values: Array2<f32>,
}

/// What area a map covers, in its own coordinates (m).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Its western edge (m).
    pub west: f64,
    /// Its southern edge (m).
    pub south: f64,
    /// Its eastern edge (m).
    pub east: f64,
    /// Its northern edge (m).
    pub north: f64,
}

/// How the cells of a block become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coarsen {
    /// The mean of the known values; unknown if none is known. Keeps the volume of a surface.
    Mean,
    /// The least of the known values; unknown if none is known. Keeps ditches and roads open.
    Minimum,
    /// The value of the cell in the middle (south-east of the middle if the count is even), known or not.
    /// Keeps values that are classes.
    Sample,
}

impl Extent {
    /// Whether a point lies in it, western and northern edges included.
    #[must_use]
    pub fn contains(&self, x: f64, y: f64) -> bool {
        x >= self.west && x < self.east && y <= self.north && y > self.south
    }

    /// What two extents share; `None` if they do not overlap.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> Option<Self> {
        let shared = Self {
            west: self.west.max(other.west),
            south: self.south.max(other.south),
            east: self.east.min(other.east),
            north: self.north.min(other.north),
        };
        (shared.west < shared.east && shared.south < shared.north).then_some(shared)
    }
}

impl Raster {
    /// A map of one value, with the cells of another.
    #[must_use]
    pub fn filled_like(other: &Self, value: f32) -> Self {
        Self { values: Array2::from_elem(other.values.dim(), value), crs: other.crs.clone(), ..*other }
    }

    /// The count of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.nrows()
    }

    /// The count of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.values.ncols()
    }

    /// The area that it covers.
    #[must_use]
    pub fn extent(&self) -> Extent {
        Extent {
            west: self.west,
            south: self.north - self.cell * self.rows() as f64,
            east: self.west + self.cell * self.columns() as f64,
            north: self.north,
        }
    }

    /// The row and column of the cell in which a point lies; `None` outside the map and for NaN.
    #[must_use]
    pub fn cell_at(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let row = ((self.north - y) / self.cell).floor();
        let column = ((x - self.west) / self.cell).floor();
        let inside = row >= 0.0 && column >= 0.0;
        // The comparison is false for NaN, and a point beyond the counts of cells is outside.
        let inside = inside && row < self.rows() as f64 && column < self.columns() as f64;
        inside.then_some((row as usize, column as usize))
    }

    /// The value at a point: that of the cell in which it lies. `None` outside the map and where nothing is known.
    #[must_use]
    pub fn value_at(&self, x: f64, y: f64) -> Option<f32> {
        let value = self.values.get(self.cell_at(x, y)?).copied()?;
        (!value.is_nan()).then_some(value)
    }

    /// The point in the middle of a cell, which may lie outside the map.
    #[must_use]
    pub fn centre(&self, row: usize, column: usize) -> (f64, f64) {
        (self.west + (column as f64 + 0.5) * self.cell, self.north - (row as f64 + 0.5) * self.cell)
    }

    /// Whether two maps have the same cells: as many, of the same size, in the same place (to a thousandth of a
    /// cell). The reference systems are not compared.
    #[must_use]
    pub fn same_cells(&self, other: &Self) -> bool {
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-3 * self.cell;
        self.values.dim() == other.values.dim()
            && close(self.west, other.west)
            && close(self.north, other.north)
            // so that the far edges agree as well
            && (self.cell - other.cell).abs() * (self.rows().max(self.columns()) as f64) <= 1e-3 * self.cell
    }

    /// The cells that touch an area, whole cells, nothing resampled; `None` if the area shares nothing with the
    /// map. An edge of the area within a millionth of a cell of an edge of cells counts as being on it.
    #[must_use]
    pub fn crop(&self, area: &Extent) -> Option<Self> {
        let shared = self.extent().shared_with(area)?;
        let slack = 1e-6;
        let first = |distance: f64| ((distance / self.cell + slack).floor().max(0.0)) as usize;
        let past = |distance: f64, count: usize| ((distance / self.cell - slack).ceil() as usize).min(count);
        let rows = first(self.north - shared.north)..past(self.north - shared.south, self.rows());
        let columns = first(shared.west - self.west)..past(shared.east - self.west, self.columns());
        if rows.is_empty() || columns.is_empty() {
            return None;
        }
        Some(Self {
            west: self.west + self.cell * columns.start as f64,
            north: self.north - self.cell * rows.start as f64,
            cell: self.cell,
            crs: self.crs.clone(),
            values: self.values.slice(s![rows, columns]).to_owned(),
        })
    }

    /// The map with `block` by `block` cells in one, from the north-western corner. Blocks that the eastern and
    /// southern edges cut are kept: they hold what is left, and the extent grows to whole blocks. A `block` of 0
    /// counts as 1.
    #[must_use]
    pub fn coarsen(&self, block: usize, how: Coarsen) -> Self {
        let block = block.max(1);
        let size = (self.rows().div_ceil(block), self.columns().div_ceil(block));
        let values = Array2::from_shape_fn(size, |(row, column)| {
            let rows = row * block..((row + 1) * block).min(self.rows());
            let columns = column * block..((column + 1) * block).min(self.columns());
            match how {
                Coarsen::Mean => mean(self.values.slice(s![rows, columns]).iter().copied()),
                Coarsen::Minimum => minimum(self.values.slice(s![rows, columns]).iter().copied()),
                Coarsen::Sample => {
                    let middle = (row * block + block / 2, column * block + block / 2);
                    self.values.get(middle).copied().unwrap_or(f32::NAN)
                }
            }
        });
        Self { cell: self.cell * block as f64, crs: self.crs.clone(), values, ..*self }
    }

    /// The least and the greatest known value; `None` if nothing is known.
    #[must_use]
    pub fn range(&self) -> Option<(f32, f32)> {
        let known = self.values.iter().copied().filter(|value| !value.is_nan());
        known.fold(None, |range, value| match range {
            None => Some((value, value)),
            Some((least, greatest)) => Some((value.min(least), value.max(greatest))),
        })
    }

    /// How many cells are unknown.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.values.iter().filter(|value| value.is_nan()).count()
    }
}

/// The mean of the known values, summed in double precision; NaN if none is known.
fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (mut sum, mut count) = (0.0, 0_u32);
    for value in values.filter(|value| !value.is_nan()) {
        sum += f64::from(value);
        count += 1;
    }
    if count == 0 { f32::NAN } else { (sum / f64::from(count)) as f32 }
}

/// The least of the known values; NaN if none is known.
fn minimum(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(f32::NAN, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    const NONE: f32 = f32::NAN;

    /// Three rows, four columns of 2 m; the south-western corner is (100, 44).
    fn small() -> Raster {
        Raster {
            west: 100.0,
            north: 50.0,
            cell: 2.0,
            crs: Some("EPSG:32650".to_owned()),
            values: array![[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, NONE], [9.0, 10.0, NONE, NONE]],
        }
    }

    fn same(a: &Array2<f32>, b: &Array2<f32>) -> bool {
        a.dim() == b.dim() && a.iter().zip(b).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
    }

    #[test]
    fn a_point_lies_in_one_cell_and_edges_belong_to_the_east_and_the_south() {
        let raster = small();
        assert_eq!(raster.cell_at(100.0, 50.0), Some((0, 0)));
        assert_eq!(raster.cell_at(102.0, 48.0), Some((1, 1)));
        assert_eq!(raster.cell_at(101.9, 48.1), Some((0, 0)));
        assert_eq!(raster.cell_at(108.0, 49.0), None, "the eastern edge is outside");
        assert_eq!(raster.cell_at(101.0, 44.0), None, "the southern edge is outside");
        assert_eq!(raster.cell_at(99.9, 49.0), None);
        assert_eq!(raster.cell_at(f64::NAN, 49.0), None);
        for (row, column) in [(0, 0), (2, 3), (1, 2)] {
            let (x, y) = raster.centre(row, column);
            assert_eq!(raster.cell_at(x, y), Some((row, column)));
        }
        assert_eq!(raster.value_at(103.0, 47.0), Some(6.0));
        assert_eq!(raster.value_at(107.0, 47.0), None, "nothing is known there");
    }

    #[test]
    fn the_extent_is_that_of_the_edges_of_cells() {
        let extent = small().extent();
        assert_eq!(extent, Extent { west: 100.0, south: 44.0, east: 108.0, north: 50.0 });
        assert!(extent.contains(100.0, 50.0) && !extent.contains(108.0, 45.0));
    }

    #[test]
    fn a_crop_keeps_whole_cells_and_their_place() {
        let raster = small();
        let area = Extent { west: 102.5, south: 45.0, east: 106.0, north: 47.9 };
        let part = raster.crop(&area).expect("they overlap");
        assert_eq!((part.west, part.north), (102.0, 48.0));
        assert!(same(&part.values, &array![[6.0, 7.0], [10.0, NONE]]));
        assert_eq!(part.crs, raster.crs);
        let whole = raster.crop(&raster.extent()).expect("all of it");
        assert!(same(&whole.values, &raster.values) && whole.same_cells(&raster));
        let wide = Extent { west: 0.0, south: 0.0, east: 1e6, north: 1e6 };
        assert!(raster.crop(&wide).is_some_and(|part| part.same_cells(&raster)));
        assert_eq!(raster.crop(&Extent { west: 0.0, south: 0.0, east: 100.0, north: 60.0 }), None);
    }

    #[test]
    fn blocks_take_the_known_values_and_cut_blocks_are_kept() {
        let raster = small();
        let mean = raster.coarsen(2, Coarsen::Mean);
        assert_eq!((mean.west, mean.north, mean.cell), (100.0, 50.0, 4.0));
        assert!(same(&mean.values, &array![[3.5, 14.0 / 3.0], [9.5, NONE]]));
        let least = raster.coarsen(2, Coarsen::Minimum);
        assert!(same(&least.values, &array![[1.0, 3.0], [9.0, NONE]]));
        let sample = raster.coarsen(2, Coarsen::Sample);
        assert!(same(&sample.values, &array![[6.0, NONE], [NONE, NONE]]));
        let three = raster.coarsen(3, Coarsen::Sample);
        assert!(same(&three.values, &array![[6.0, NONE]]), "the middle of three is the second");
        assert!(same(&raster.coarsen(1, Coarsen::Mean).values, &raster.values));
    }

    #[test]
    fn the_mean_of_blocks_keeps_the_volume() {
        let values = Array2::from_shape_fn((6, 4), |(row, column)| 0.25 * (row * 7 + column * 3) as f32);
        let fine = Raster { values, ..small() };
        let volume = |raster: &Raster| {
            raster.values.iter().map(|&value| f64::from(value)).sum::<f64>() * raster.cell.powi(2)
        };
        assert!((volume(&fine) - volume(&fine.coarsen(2, Coarsen::Mean))).abs() < 1e-6);
    }

    #[test]
    fn range_and_holes_are_counted_over_known_values() {
        assert_eq!(small().range(), Some((1.0, 10.0)));
        assert_eq!(small().unknown(), 3);
        assert_eq!(Raster::filled_like(&small(), NONE).range(), None);
    }
}
