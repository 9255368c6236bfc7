//! What coarse cells mean for the cells of the terrain: depths below their levels, and the share of the flow of each.

use serde::{Deserialize, Serialize};

use crate::num::real::Real;

use super::blocks;
use super::grid::{Cell, Grid, PAD};
use super::params::{Law, Params};
use super::subgrid_flow::Coarse;
use super::subgrid_place::Subgrid;
use super::subgrid_rows::{hold_row, pixel_row};

/// Depths and discharges of all pixels at the last look.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pixels<R> {
    /// Unit discharges (m²/s) to the east.
    pub x: Vec<R>,
    /// To the south.
    pub y: Vec<R>,
    /// Their beds (m above the datum), so that depths can be told at any time.
    bed: Vec<R>,
    /// Their grid.
    fine: Grid,
    /// Pixels along a cell, and the length of a row of cells.
    factor: usize,
    stride: usize,
}

impl<R: Real> Pixels<R> {
    /// Dry pixels.
    pub fn new(fine: &Params<R>, place: &Subgrid<R>) -> Self {
        let column = || vec![R::of(0.0); fine.grid.length()];
        Self {
            x: column(),
            y: column(),
            bed: fine.bed.clone(),
            fine: fine.grid,
            factor: place.factor,
            stride: place.grid.stride(),
        }
    }

    /// The depth of a pixel (m) below the levels of the cells.
    pub fn depth(&self, level: &[R], pixel: Cell) -> f64 {
        let (row, column) = self.fine.row_and_column(pixel);
        let cell = (row / self.factor + PAD) * self.stride + column / self.factor + PAD;
        (level[cell] - self.bed[pixel.at()]).wide().max(0.0)
    }
}

/// A row of coarse cells, as rows of pixels.
struct Band<'a, R> {
    row: usize,
    depth: &'a mut [R],
    x: &'a mut [R],
    y: &'a mut [R],
}

/// Space of a thread: rows of pixels of a band, and a row of cells.
struct Scratch<R> {
    level: Vec<R>,
    carry: Vec<R>,
    mean: Vec<R>,
}

/// The greatest Froude number; huge for none.
fn fastest<R: Real>(fine: &Params<R>) -> f64 {
    match fine.options.law {
        Law::Inertial { froude_limit: Some(limit), .. } => limit,
        _ => 1.0e6,
    }
}

impl<R: Real> Coarse<R> {
    /// The unit discharge of a pixel (m²/s), to the east and to the south: that of its cell, shared out as with one slope
    /// of the level everywhere, `q_i = q h_i^(5/3) / n_i / mean(h^(5/3) / n)`, no faster than the greatest Froude number.
    /// (Volp et al. 2013; Manning.)
    pub fn pixel_discharge(&self, fine: &Params<R>, place: &Subgrid<R>, pixel: Cell) -> (f64, f64) {
        let cell = place.cell_of(&fine.grid, pixel);
        let carry = |at: usize| {
            let h = (self.level[cell] - fine.bed[at]).wide().max(0.0);
            h * (h * h).cbrt() / fine.friction.get(at).wide().sqrt().max(1.0e-6)
        };
        let pixels = (place.factor * place.factor) as f64;
        let mean = place.pixels(&fine.grid, cell).flatten().map(carry).sum::<f64>() / pixels;
        let share = if mean > 0.0 { carry(pixel.at()) / mean } else { 0.0 };
        let [x, y] = self.discharge(place, cell);
        let (x, y) = (x.wide() * share, y.wide() * share);
        let h = (self.level[cell] - fine.bed[pixel.at()]).wide().max(0.0);
        let most = fastest(fine) * (fine.options.gravity * h).sqrt() * h;
        let slower = (most / x.hypot(y).max(1.0e-30)).min(1.0);
        (x * slower, y * slower)
    }

    /// Lays the water on the pixels.
    pub fn lay(&self, fine: &Params<R>, place: &Subgrid<R>, depth: &mut [R], pixels: &mut Pixels<R>) {
        let (k, grid) = (place.factor, &fine.grid);
        let (stride, n) = (grid.stride(), grid.columns);
        let inner = PAD * stride..(PAD + grid.rows) * stride;
        let froude = fastest(fine);
        let bound = R::of(froude * froude * fine.options.gravity);
        let bands = |column| <[R]>::chunks_mut(column, k * stride);
        let items: Vec<Band<'_, R>> = bands(&mut depth[inner.clone()])
            .zip(bands(&mut pixels.x[inner.clone()]))
            .zip(bands(&mut pixels.y[inner]))
            .enumerate()
            .map(|(row, ((depth, x), y))| Band { row, depth, x, y })
            .collect();
        let space = || Scratch {
            level: vec![R::of(0.0); n],
            carry: vec![R::of(0.0); n * k],
            mean: vec![R::of(0.0); place.grid.columns],
        };
        let work = |scratch: &mut Scratch<R>, band: Band<'_, R>| {
            let Scratch { level, carry, mean } = scratch;
            let cells = (band.row + PAD) * place.grid.stride() + PAD;
            for (i, level) in level.iter_mut().enumerate() {
                *level = self.level[cells + i / k];
            }
            mean.fill(R::of(0.0));
            let part = R::of(1.0 / (k * k) as f64);
            for (row, depth) in band.depth.chunks_mut(stride).enumerate() {
                let start = (PAD + band.row * k + row) * stride + PAD;
                let friction = fine.friction.run(start, PAD, n);
                let carry = &mut carry[row * n..(row + 1) * n];
                pixel_row(&mut depth[PAD..PAD + n], carry, level, &fine.bed[start..start + n], friction);
                for (mean, carry) in mean.iter_mut().zip(carry.chunks(k)) {
                    carry.iter().for_each(|carry| *mean += *carry * part);
                }
            }
            let depths = band.depth.chunks(stride);
            let rows =
                band.x.chunks_mut(stride).zip(band.y.chunks_mut(stride)).zip(carry.chunks(n)).zip(depths);
            for (((x, y), carry), depth) in rows {
                let depth = &depth[PAD..PAD + n];
                let pixels = x[PAD..PAD + n].chunks_mut(k).zip(y[PAD..PAD + n].chunks_mut(k));
                for (column, ((x, y), carry)) in pixels.zip(carry.chunks(k)).enumerate() {
                    let [qx, qy] = self.discharge(place, cells + column);
                    let whole = mean[column].larger(R::of(1.0e-30));
                    for (i, carry) in carry.iter().enumerate() {
                        let share = *carry / whole;
                        x[i] = qx * share;
                        y[i] = qy * share;
                    }
                }
                hold_row(&mut x[PAD..PAD + n], &mut y[PAD..PAD + n], depth, bound);
            }
        };
        blocks::for_each(items, fine.options.parallel, grid.cells(), space, work);
    }
}
