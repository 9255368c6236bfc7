//! Which tiles are awake. A tile sleeps while nothing in it or at its edge can move.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::grid::{Grid, TILE};

/// Some cell of the tile is wet.
pub(crate) const WET: u8 = 1;
/// A cell of its northern row is wet.
pub(crate) const NORTH: u8 = 2;
/// A cell of its southern row is wet.
pub(crate) const SOUTH: u8 = 4;
/// A cell of its western column is wet.
pub(crate) const WEST: u8 = 8;
/// A cell of its eastern column is wet.
pub(crate) const EAST: u8 = 16;

/// Blocks of a strip: what a thread works through at once.
pub(crate) const STRIP: usize = 4;
/// Tiles side by side in a patch at most: the rows which a thread works in stay in its nearer caches, and are long enough
/// for the machine to fetch ahead.
const PATCH: usize = 32;
/// Columns of a patch at most.
pub(crate) const PATCH_COLUMNS: usize = PATCH * TILE;

/// A rectangle of awake tiles of a strip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Patch {
    /// Its blocks.
    pub blocks: Range<usize>,
    /// Its places within a row.
    pub columns: Range<usize>,
}

/// The tiles of a map, block by block.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tiles {
    /// Where each tile is wet.
    pub wet: Vec<u8>,
    /// Whether each tile takes part in the step.
    pub awake: Vec<bool>,
    /// For each block, runs of awake tiles as places within a row.
    pub spans: Vec<Vec<Range<usize>>>,
    /// For each strip, the rectangles of its awake tiles.
    pub patches: Vec<Vec<Patch>>,
    /// Number of awake cells, about.
    pub cells: usize,
    across: usize,
}

impl Tiles {
    /// All tiles asleep and dry.
    pub fn new(grid: &Grid) -> Self {
        let (across, blocks) = (grid.tiles_across(), grid.blocks());
        Self {
            wet: vec![0; across * blocks],
            awake: vec![false; across * blocks],
            spans: vec![Vec::new(); blocks],
            patches: vec![Vec::new(); blocks.div_ceil(STRIP)],
            cells: 0,
            across,
        }
    }

    /// Wakes every tile that holds water, borders on water, or is driven; gives those that fall asleep.
    ///
    /// `driven` says of a tile that rain, inflow or a boundary acts on it.
    pub fn wake(&mut self, grid: &Grid, driven: impl Fn(usize) -> bool) -> Vec<usize> {
        let across = self.across;
        let mut fallen = Vec::new();
        let mut changed = self.cells == 0;
        for tile in 0..self.wet.len() {
            let column = tile % across;
            let borders = |other: Option<usize>, edge: u8| {
                other.and_then(|o| self.wet.get(o)).is_some_and(|wet| wet & edge != 0)
            };
            let awake = self.wet[tile] & WET != 0
                || borders(tile.checked_sub(across), SOUTH)
                || borders(Some(tile + across), NORTH)
                || (column > 0 && borders(tile.checked_sub(1), EAST))
                || (column + 1 < across && borders(Some(tile + 1), WEST))
                || driven(tile);
            if self.awake[tile] != awake {
                changed = true;
                self.awake[tile] = awake;
                if !awake {
                    fallen.push(tile);
                }
            }
        }
        if changed {
            self.lay_spans(grid);
        }
        fallen
    }

    fn lay_spans(&mut self, grid: &Grid) {
        self.cells = 0;
        self.patches.iter_mut().for_each(Vec::clear);
        for (block, spans) in self.spans.iter_mut().enumerate() {
            spans.clear();
            let rows = grid.block_rows(block).len();
            if rows == 0 {
                continue;
            }
            for tile in 0..self.across {
                if !self.awake[block * self.across + tile] {
                    continue;
                }
                let columns = grid.tile_columns(tile);
                self.cells += rows * columns.len();
                match spans.last_mut() {
                    Some(last) if last.end == columns.start => last.end = columns.end,
                    _ => spans.push(columns),
                }
            }
        }
        self.lay_patches(grid);
    }

    /// Cuts runs of tiles at every so many columns and joins what lies below each other.
    fn lay_patches(&mut self, grid: &Grid) {
        let first = grid.tile_columns(0).start;
        for (block, spans) in self.spans.iter().enumerate() {
            let patches = &mut self.patches[block / STRIP];
            for span in spans {
                let mut start = span.start;
                while start < span.end {
                    let cut = first + ((start - first) / PATCH_COLUMNS + 1) * PATCH_COLUMNS;
                    let columns = start..cut.min(span.end);
                    start = columns.end;
                    let above = patches.iter_mut().find(|p| p.blocks.end == block && p.columns == columns);
                    match above {
                        Some(patch) => patch.blocks.end += 1,
                        None => patches.push(Patch { blocks: block..block + 1, columns }),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn water_at_an_edge_wakes_the_neighbour_there_and_no_other() {
        let grid = Grid { west: 0.0, north: 0.0, size: 1.0, rows: 60, columns: 128 };
        let mut tiles = Tiles::new(&grid);
        let across = grid.tiles_across();
        let middle = across + 1;
        tiles.wet[middle] = WET | EAST;
        assert!(tiles.wake(&grid, |_| false).is_empty());
        let awake: Vec<usize> = (0..tiles.awake.len()).filter(|t| tiles.awake[*t]).collect();
        assert_eq!(awake, [middle, middle + 1]);
        assert_eq!(tiles.spans[1].len(), 1, "two tiles are one run");
        assert_eq!(tiles.spans[1][0], 34..98);
        assert_eq!(tiles.cells, 16 * 64);
        tiles.wet[middle] = 0;
        assert_eq!(tiles.wake(&grid, |_| false), [middle, middle + 1]);
        assert!(tiles.spans.iter().all(Vec::is_empty));
    }

    #[test]
    fn patches_cover_the_awake_tiles_once() {
        let grid = Grid { west: 0.0, north: 0.0, size: 1.0, rows: 150, columns: 2100 };
        let mut tiles = Tiles::new(&grid);
        let across = grid.tiles_across();
        tiles.wake(&grid, |tile| tile % 7 != 3 && tile / across != 2);
        let mut covered = vec![0; grid.length()];
        for (strip, patches) in tiles.patches.iter().enumerate() {
            for patch in patches {
                assert!(patch.columns.len() <= PATCH_COLUMNS);
                for block in patch.blocks.clone() {
                    assert_eq!(block / STRIP, strip);
                    for row in grid.block_rows(block) {
                        patch.columns.clone().for_each(|place| covered[row * grid.stride() + place] += 1);
                    }
                }
            }
        }
        for cell in grid.all() {
            assert_eq!(covered[cell.at()], i32::from(tiles.awake[grid.tile_of(cell)]));
        }
        tiles.wake(&grid, |_| true);
        let whole = &tiles.patches[0];
        assert_eq!(whole.len(), 3, "three runs of columns");
        assert!(whole.iter().all(|patch| patch.blocks == (0..STRIP)), "each as high as the strip");
    }

    #[test]
    fn a_driven_tile_is_awake() {
        let grid = Grid { west: 0.0, north: 0.0, size: 1.0, rows: 20, columns: 20 };
        let mut tiles = Tiles::new(&grid);
        tiles.wake(&grid, |tile| tile == 1);
        assert_eq!(tiles.awake, [false, true]);
    }
}
