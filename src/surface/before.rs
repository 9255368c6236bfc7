//! Rows of cells and faces as they were before a step that overwrites them in place.
//!
//! The first walk of a step keeps what lies around each patch, which its neighbours will overwrite ([`Seam::keep`]).
//! The second one puts each row of a patch together from that and from the columns, before it writes there ([`Past`]).
//! So one set of columns is enough, which is less to bring from memory than two.

use std::ops::Range;

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

/// A patch, and what is kept around it.
#[derive(Clone, Debug)]
pub(crate) struct Seam {
    /// Its rows in the columns.
    rows: Range<usize>,
    /// Its places within a row.
    columns: Range<usize>,
    /// Whether another patch writes beside it.
    has_neighbours: bool,
}

impl Seam {
    /// The seam of a patch among those of its strip.
    pub fn of(grid: &Grid, patch: &Patch, patches: &[Patch]) -> Self {
        let columns = patch.columns.clone();
        let rows = grid.block_rows(patch.blocks.start).start..grid.block_rows(patch.blocks.end - 1).end;
        let touches =
            |other: &Patch| other.columns.end == columns.start || other.columns.start == columns.end;
        Self { rows, has_neighbours: patches.iter().any(touches), columns }
    }

    /// How many numbers of a row belong to it, with the ends of the row.
    fn whole(&self) -> usize {
        self.columns.len() + BEFORE + AFTER
    }

    /// How many numbers of one column are kept.
    fn kept(&self) -> usize {
        (BEFORE + AFTER) * (self.whole() + if self.has_neighbours { self.rows.len() } else { 0 })
    }

    /// Keeps what lies around: of each column the rows above and below with their ends, then the ends of its own
    /// rows if a neighbour will overwrite them.
    pub fn keep<R: Real>(&self, around: &mut Vec<R>, columns: [&[R]; COLUMNS], stride: usize) {
        let from = self.columns.start - BEFORE;
        for column in columns {
            let mut run = |row: usize, place: usize, n: usize| {
                let start = (row * stride + place).min(column.len());
                let end = (start + n).min(column.len());
                around.extend_from_slice(&column[start..end]);
                // beyond the last row of walls nothing flows
                around.resize(around.len() + n - (end - start), R::of(0.0));
            };
            for row in (self.rows.start - BEFORE..self.rows.start).chain(self.rows.end..self.rows.end + AFTER)
            {
                run(row, from, self.whole());
            }
            for row in self.rows.clone().filter(|_| self.has_neighbours) {
                run(row, from, BEFORE);
                run(row, self.columns.end, AFTER);
            }
        }
    }

    /// Takes what was kept from the start of what was kept of many.
    pub fn split<'a, R>(&self, around: &mut &'a [R]) -> &'a [R] {
        let (own, others) = around.split_at(COLUMNS * self.kept());
        *around = others;
        own
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
    pub fn take(&mut self, row: usize, seam: &Seam, stride: usize, around: &[R], own: &Own<'_, R>) {
        let (whole, part) = (seam.whole(), seam.kept());
        for (k, held) in self.held.iter_mut().enumerate() {
            let (around, into) = (&around[k * part..(k + 1) * part], &mut held[row % HELD][..whole]);
            if !seam.rows.contains(&row) {
                let place = if row < seam.rows.start {
                    row + BEFORE - seam.rows.start
                } else {
                    BEFORE + row - seam.rows.end
                };
                into.copy_from_slice(&around[place * whole..(place + 1) * whole]);
                continue;
            }
            let column = &*own.columns[k];
            let start = row * stride + seam.columns.start - BEFORE - own.offset;
            let end = (start + whole).min(column.len());
            into[..end - start].copy_from_slice(&column[start..end]);
            // the walls at the end of the strip
            into[end - start..].fill(R::of(0.0));
            if seam.has_neighbours {
                let ends = (BEFORE + AFTER) * (whole + row - seam.rows.start);
                let (before, after) = around[ends..ends + BEFORE + AFTER].split_at(BEFORE);
                into[..BEFORE].copy_from_slice(before);
                into[whole - AFTER..].copy_from_slice(after);
            }
        }
    }
}

const _: () = assert!(BEFORE <= PAD, "walls surround the map as far as a patch needs to see");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_they_were_whatever_was_written_around_them() {
        let grid = Grid { west: 0.0, north: 0.0, size: 1.0, rows: 40, columns: 80 };
        let patch = Patch { blocks: 1..2, columns: 34..66 };
        let neighbour = Patch { blocks: 1..2, columns: 66..82 };
        let stride = grid.stride();
        let columns: Vec<Vec<f64>> = (0..COLUMNS)
            .map(|k| (0..grid.length()).map(|at| at as f64 + 1.0e6 * k as f64).collect())
            .collect();
        for patches in [vec![patch.clone(), neighbour], vec![patch.clone()]] {
            let seam = Seam::of(&grid, &patch, &patches);
            let mut around = Vec::new();
            seam.keep(&mut around, [&columns[0], &columns[1], &columns[2]], stride);
            // others write above and below, and beside if there is a neighbour
            let mut now = columns.clone();
            for column in &mut now {
                for (at, value) in column.iter_mut().enumerate() {
                    let own = (16..32).contains(&(at / stride));
                    let beside = patches.len() > 1 && !patch.columns.contains(&(at % stride));
                    *value = if own && !beside { *value } else { -1.0 };
                }
            }
            let [a, b, c] = &mut now[..] else { panic!("three columns") };
            let own = Own { columns: [a, b, c], offset: 0 };
            let mut past = Past::new();
            for row in 14..35 {
                past.take(row, &seam, stride, &around, &own);
                for (k, column) in columns.iter().enumerate() {
                    let start = row * stride + patch.columns.start - BEFORE;
                    let whole = 32 + BEFORE + AFTER;
                    assert_eq!(past.row(k, row)[..whole], column[start..start + whole]);
                }
            }
        }
    }

    #[test]
    fn beyond_the_last_wall_nothing_flows() {
        let grid = Grid { west: 0.0, north: 0.0, size: 1.0, rows: 12, columns: 32 };
        let patch = Patch { blocks: 0..1, columns: 2..34 };
        let seam = Seam::of(&grid, &patch, std::slice::from_ref(&patch));
        let mut column = vec![7.0_f64; grid.length()];
        let mut around = Vec::new();
        seam.keep(&mut around, [&column[..]; COLUMNS], grid.stride());
        let (mut b, mut c) = (column.clone(), column.clone());
        let own = Own { columns: [&mut column, &mut b, &mut c], offset: 0 };
        let mut past = Past::new();
        past.take(15, &seam, grid.stride(), &around, &own);
        assert_eq!(past.row(0, 15)[..36], [7.0; 36], "the last row of walls");
        past.take(16, &seam, grid.stride(), &around, &own);
        assert_eq!(past.row(0, 16)[..37], [0.0; 37]);
    }
}
