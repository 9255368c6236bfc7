//! Where the cells lie: the place of a cell in the columns, in the world and in its tile.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Rows and columns of walls around the map, so that no face needs to ask where it is.
pub(crate) const PAD: usize = 2;
/// Rows of a block: the unit of work of a thread.
pub(crate) const BLOCK: usize = 16;
/// Columns of a tile: the unit that sleeps while it is dry.
pub(crate) const TILE: usize = 32;

/// A cell of the map, by its place in the columns of [`super::Params`] and [`super::State`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cell(pub(crate) u32);

impl Cell {
    /// The place in the columns.
    #[inline]
    pub(crate) fn at(self) -> usize {
        self.0 as usize
    }
}

/// The side of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Towards row 0.
    North,
    /// Towards the last column.
    East,
    /// Towards the last row.
    South,
    /// Towards column 0.
    West,
}

/// A map of square cells, row 0 the northernmost.
///
/// In the columns the map is surrounded by two rows and columns of walls. A block is 16 rows of the columns, a
/// tile 32 columns of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// The western edge (m).
    pub west: f64,
    /// The northern edge (m).
    pub north: f64,
    /// The side of a cell (m).
    pub size: f64,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
}

impl Grid {
    /// The area of a cell (m²).
    #[must_use]
    pub fn area(&self) -> f64 {
        self.size * self.size
    }

    /// Number of cells.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.rows * self.columns
    }

    /// The cell at a row and a column, if the map has it.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<Cell> {
        let at = (row + PAD) * self.stride() + column + PAD;
        (row < self.rows && column < self.columns).then(|| u32::try_from(at).ok().map(Cell)).flatten()
    }

    /// The cell in which a point lies, if the map has it. A point on an edge belongs to the eastern and to the
    /// southern cell.
    #[must_use]
    pub fn cell_of(&self, x: f64, y: f64) -> Option<Cell> {
        let (column, row) = ((x - self.west) / self.size, (self.north - y) / self.size);
        (column >= 0.0 && row >= 0.0).then(|| self.cell(row as usize, column as usize)).flatten()
    }

    /// Row and column of a cell.
    #[must_use]
    pub fn row_and_column(&self, cell: Cell) -> (usize, usize) {
        (cell.at() / self.stride() - PAD, cell.at() % self.stride() - PAD)
    }

    /// The middle of a cell (m).
    #[must_use]
    pub fn middle(&self, cell: Cell) -> (f64, f64) {
        let (row, column) = self.row_and_column(cell);
        (self.west + (column as f64 + 0.5) * self.size, self.north - (row as f64 + 0.5) * self.size)
    }

    /// All cells, row by row.
    pub fn all(&self) -> impl Iterator<Item = Cell> + use<> {
        let (rows, columns, stride) = (self.rows, self.columns, self.stride());
        (0..rows).flat_map(move |row| {
            (0..columns).map(move |column| Cell(((row + PAD) * stride + column + PAD) as u32))
        })
    }

    /// Length of a row in the columns.
    pub(crate) fn stride(&self) -> usize {
        self.columns + 2 * PAD
    }

    /// Length of the columns.
    pub(crate) fn length(&self) -> usize {
        (self.rows + 2 * PAD) * self.stride()
    }

    /// Number of blocks.
    pub(crate) fn blocks(&self) -> usize {
        (self.rows + 2 * PAD).div_ceil(BLOCK)
    }

    /// Number of tiles in a block.
    pub(crate) fn tiles_across(&self) -> usize {
        self.columns.div_ceil(TILE)
    }

    /// The rows of a block in the columns that belong to the map; empty if it holds walls only.
    pub(crate) fn block_rows(&self, block: usize) -> Range<usize> {
        let start = (block * BLOCK).max(PAD);
        start..((block + 1) * BLOCK).min(PAD + self.rows).max(start)
    }

    /// The places of a tile within a row of the columns.
    pub(crate) fn tile_columns(&self, tile: usize) -> Range<usize> {
        PAD + tile * TILE..PAD + ((tile + 1) * TILE).min(self.columns)
    }

    /// The tiles within a row that cover places which start and end with tiles.
    pub(crate) fn tiles_in(&self, columns: &Range<usize>) -> Range<usize> {
        (columns.start - PAD) / TILE..(columns.end - PAD).div_ceil(TILE)
    }

    /// The tile of a cell: block and tile within it, as one number.
    pub(crate) fn tile_of(&self, cell: Cell) -> usize {
        let (row, column) = (cell.at() / self.stride(), cell.at() % self.stride() - PAD);
        (row / BLOCK) * self.tiles_across() + column / TILE
    }

    /// The cell beyond a side of a cell, which may be a wall.
    pub(crate) fn beyond(&self, cell: Cell, side: Side) -> usize {
        match side {
            Side::North => cell.at() - self.stride(),
            Side::East => cell.at() + 1,
            Side::South => cell.at() + self.stride(),
            Side::West => cell.at() - 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: Grid = Grid { west: 100.0, north: 50.0, size: 2.0, rows: 40, columns: 70 };

    #[test]
    fn a_cell_is_found_by_its_place_and_by_its_point() {
        let cell = GRID.cell(3, 5).expect("inside");
        assert_eq!(GRID.row_and_column(cell), (3, 5));
        assert_eq!(GRID.middle(cell), (111.0, 43.0));
        assert_eq!(GRID.cell_of(110.0, 44.0), Some(cell), "its north-western corner");
        assert_eq!(GRID.cell_of(99.9, 44.0), None);
        assert_eq!(GRID.cell_of(110.0, 50.1), None);
        assert_eq!(GRID.cell(40, 0), None);
        assert_eq!(GRID.all().count(), GRID.cells());
    }

    #[test]
    fn blocks_and_tiles_cover_each_cell_once() {
        let rows: Vec<usize> = (0..GRID.blocks()).flat_map(|b| GRID.block_rows(b)).collect();
        assert_eq!(rows, (PAD..PAD + 40).collect::<Vec<_>>());
        let columns: Vec<usize> = (0..GRID.tiles_across()).flat_map(|t| GRID.tile_columns(t)).collect();
        assert_eq!(columns, (PAD..PAD + 70).collect::<Vec<_>>());
        let cell = GRID.cell(14, 32).expect("inside");
        assert_eq!(GRID.tile_of(cell), GRID.tiles_across() + 1, "row 14 is row 16 of the columns");
    }
}
