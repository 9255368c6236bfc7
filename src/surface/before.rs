//! Rows of cells and faces as they were before a step that overwrites them in place.
//!
//! The first walk of a step keeps what lies around each patch, which its neighbours will overwrite ([`keep_around`]).
//! The second one puts each row of a patch together from that and from the columns, before it writes there ([`Past`]).
//! So one set of columns is enough, which is less to bring from memory than two.

use crate::num::real::Real;

use super::grid::{Grid, PAD};
use super::params::SPARE;
use super::tiles::{PATCH_COLUMNS, Patch};

/// Columns of the state: depths, and discharges of the western and of the northern faces.
pub(crate) const COLUMNS: usize = 3;
/// Rows that a patch needs above it, places to its left.
pub(crate) const BEFORE: usize = 2;
/// Rows that it needs below it, places to its right.
const AFTER: usize = 3;
/// Rows held at a time.
const HELD: usize = 4;

/// Rows of a patch in the columns.
fn rows_of(grid: &Grid, patch: &Patch) -> std::ops::Range<usize> {
    grid.block_rows(patch.blocks.start).start..grid.block_rows(patch.blocks.end - 1).end
}

/// How much [`keep_around`] keeps of one column.
fn kept(grid: &Grid, patch: &Patch) -> usize {
    (BEFORE + AFTER) * (patch.columns.len() + BEFORE + AFTER + rows_of(grid, patch).len())
}

/// Keeps what lies around a patch: of each column the rows above and below it with their ends, then the ends of its own
/// rows.
pub(crate) fn keep_around<R: Real>(
    around: &mut Vec<R>,
    columns: [&[R]; COLUMNS],
    grid: &Grid,
    patch: &Patch,
) {
    let (stride, rows) = (grid.stride(), rows_of(grid, patch));
    let from = patch.columns.start - BEFORE;
    for column in columns {
        let mut run = |row: usize, place: usize, n: usize| {
            let start = (row * stride + place).min(column.len());
            let end = (start + n).min(column.len());
            around.extend_from_slice(&column[start..end]);
            // beyond the last row of walls nothing flows
            around.resize(around.len() + n - (end - start), R::of(0.0));
        };
        for row in (rows.start - BEFORE..rows.start).chain(rows.end..rows.end + AFTER) {
            run(row, from, patch.columns.len() + BEFORE + AFTER);
        }
        for row in rows.clone() {
            run(row, from, BEFORE);
            run(row, patch.columns.end, AFTER);
        }
    }
}

/// The last rows that were put together, each beginning [`BEFORE`] places before the patch. What lies beyond
/// their ends is of no meaning, and is there so that whole registers can be filled.
#[derive(Debug)]
pub(crate) struct Past<R> {
    held: [[Vec<R>; HELD]; COLUMNS],
}

/// The columns of a strip, and where it begins in those of the whole map.
pub(crate) struct Own<'a, R> {
    pub columns: [&'a mut [R]; COLUMNS],
    pub offset: usize,
}

impl<R: Real> Past<R> {
    pub fn new() -> Self {
        let row = || vec![R::of(0.0); PATCH_COLUMNS + BEFORE + AFTER + 2 * SPARE];
        let rows = || [row(), row(), row(), row()];
        Self { held: [rows(), rows(), rows()] }
    }

    /// Depths (0), discharges of western faces (1) or of northern ones (2) of a row that is held.
    #[inline(always)]
    pub fn row(&self, column: usize, row: usize) -> &[R] {
        &self.held[column][row % HELD]
    }

    /// Puts a row together; the one four rows above is given up.
    pub fn take(&mut self, row: usize, grid: &Grid, patch: &Patch, around: &[R], own: &Own<'_, R>) {
        let (rows, n) = (rows_of(grid, patch), patch.columns.len());
        let whole = n + BEFORE + AFTER;
        let part = kept(grid, patch);
        for (k, held) in self.held.iter_mut().enumerate() {
            let (around, into) = (&around[k * part..(k + 1) * part], &mut held[row % HELD]);
            let place = if row < rows.start {
                row + BEFORE - rows.start
            } else if row >= rows.end {
                BEFORE + row - rows.end
            } else {
                let ends = (BEFORE + AFTER) * (whole + row - rows.start);
                let (before, after) = around[ends..ends + BEFORE + AFTER].split_at(BEFORE);
                let start = row * grid.stride() + patch.columns.start - own.offset;
                into[..BEFORE].copy_from_slice(before);
                into[BEFORE..BEFORE + n].copy_from_slice(&own.columns[k][start..start + n]);
                into[BEFORE + n..whole].copy_from_slice(after);
                continue;
            };
            into[..whole].copy_from_slice(&around[place * whole..(place + 1) * whole]);
        }
    }
}

/// What is kept around each patch of a strip, patch by patch.
pub(crate) fn of_each<'a, R>(
    around: &'a [R],
    grid: &'a Grid,
    patches: &'a [Patch],
) -> impl Iterator<Item = (&'a Patch, &'a [R])> {
    patches.iter().scan(around, |rest, patch| {
        let (part, others) = rest.split_at(COLUMNS * kept(grid, patch));
        *rest = others;
        Some((patch, part))
    })
}

const _: () = assert!(BEFORE <= PAD, "walls surround the map as far as a patch needs to see");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_they_were_whatever_was_written_around_them() {
        let grid = Grid { west: 0.0, north: 0.0, size: 1.0, rows: 40, columns: 80 };
        let patch = Patch { blocks: 1..2, columns: 34..66 };
        let number = |at: usize| at as f64;
        let columns: Vec<Vec<f64>> = (0..COLUMNS)
            .map(|k| (0..grid.length()).map(|at| number(at) + 1.0e6 * k as f64).collect())
            .collect();
        let mut around = Vec::new();
        keep_around(&mut around, [&columns[0], &columns[1], &columns[2]], &grid, &patch);
        // neighbours write everywhere but in the patch
        let (mut now, stride) = (columns.clone(), grid.stride());
        for column in &mut now {
            for (at, value) in column.iter_mut().enumerate() {
                let inside = (16..32).contains(&(at / stride)) && patch.columns.contains(&(at % stride));
                *value = if inside { *value } else { -1.0 };
            }
        }
        let [a, b, c] = &mut now[..] else { panic!("three columns") };
        let own = Own { columns: [a, b, c], offset: 0 };
        let mut past = Past::new();
        for row in 14..35 {
            past.take(row, &grid, &patch, &around, &own);
            for k in 0..COLUMNS {
                let start = row * stride + patch.columns.start - BEFORE;
                assert_eq!(
                    past.row(k, row)[..32 + BEFORE + AFTER],
                    columns[k][start..start + 32 + BEFORE + AFTER]
                );
            }
        }
    }

    #[test]
    fn beyond_the_last_wall_nothing_flows() {
        let grid = Grid { west: 0.0, north: 0.0, size: 1.0, rows: 12, columns: 32 };
        let patch = Patch { blocks: 0..1, columns: 2..34 };
        let mut column = vec![7.0_f64; grid.length()];
        let mut around = Vec::new();
        keep_around(&mut around, [&column[..]; COLUMNS], &grid, &patch);
        let (mut b, mut c) = (column.clone(), column.clone());
        let own = Own { columns: [&mut column, &mut b, &mut c], offset: 0 };
        let mut past = Past::new();
        past.take(15, &grid, &patch, &around, &own);
        assert_eq!(past.row(0, 15)[..36], [7.0; 36], "the last row of walls");
        past.take(16, &grid, &patch, &around, &own);
        assert_eq!(past.row(0, 16)[..37], [0.0; 37]);
    }
}
