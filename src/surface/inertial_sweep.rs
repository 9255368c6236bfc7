//! A step with the local inertial law: rows of faces, and the cells between them.
//!
//! A thread walks down a patch of cells and holds of the faces only the few rows that it needs: what the law wants to pass
//! never goes to memory. The discharges of the last step are read and those of this one written to columns of their
//! own, so that patches do not wait for each other; the faces around a patch are computed by both neighbours.

use std::mem::swap;

use serde::{Deserialize, Serialize};

use crate::num::real::Real;

use super::blocks;
use super::forcing::Forcing;
use super::inertial::Inertial;
use super::inertial_edges::{Wants, book, wants, within};
pub(crate) use super::inertial_rows::thin_factor;
use super::inertial_rows::{FaceRun, advected_row, face_row, law_of, spread, thicken};
use super::limit::{keep_row, limit_row};
use super::params::{Params, SPARE};
use super::state::{Flow, State};
use super::supply::{BlockSum, Supply, add_row, greatest, peak_row, wet_flags};
use super::tiles::{PATCH_COLUMNS, Patch, STRIP};

/// Unit discharges of all faces (m²/s), positive to the east and to the south. A cell's western face stands in `qx`, its
/// northern one in `qy`, at the place of the cell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct InertialFlow<R> {
    /// What passed the western faces in the last step.
    pub qx: Vec<R>,
    /// What passed the northern faces in the last step.
    pub qy: Vec<R>,
    /// The same of the step that is being computed.
    next_x: Vec<R>,
    next_y: Vec<R>,
    /// For each strip, open faces by their number and what they passed.
    pub passed: Vec<Vec<(usize, R)>>,
}

impl<R: Real> InertialFlow<R> {
    pub fn new(length: usize) -> Self {
        let column = || vec![R::of(0.0); length];
        Self { qx: column(), qy: column(), next_x: column(), next_y: column(), passed: Vec::new() }
    }

    /// Stills the faces of a run of cells.
    pub fn still(&mut self, cells: std::ops::Range<usize>) {
        for column in [&mut self.qx, &mut self.qy, &mut self.next_x, &mut self.next_y] {
            column[cells.clone()].fill(R::of(0.0));
        }
    }
}

/// What a strip of blocks gets from a step.
struct Strip<'a, R> {
    number: usize,
    next: &'a mut [R],
    lost: &'a mut [R],
    qx: &'a mut [R],
    qy: &'a mut [R],
    wet: &'a mut [u8],
    memory: &'a mut [f64],
    sums: &'a mut [BlockSum],
    passed: &'a mut Vec<(usize, R)>,
}

/// Length of the rows that a thread works in.
const ROW: usize = PATCH_COLUMNS + 3 + SPARE;

/// Rows that a thread works in. Those of faces and shares start one cell before the patch.
struct Rows<R> {
    /// What western faces want to pass, in this row and in the next.
    wants_x: [Vec<R>; 2],
    /// What northern faces want to pass, in the next row and in the one after it.
    wants_y: [Vec<R>; 2],
    /// The shares that cells keep, in the row before, in this one and in the next.
    keep: [Vec<R>; 3],
    x: Vec<R>,
    north: Vec<R>,
    south: Vec<R>,
    change: Vec<R>,
    gain: Vec<R>,
    peak: Vec<R>,
    scratch: Scratch<R>,
}

/// Rows in which faces are computed.
struct Scratch<R> {
    friction: Vec<R>,
    resistance: Vec<f32>,
}

impl<R: Real> Rows<R> {
    fn new() -> Self {
        let row = || vec![R::of(0.0); ROW];
        Self {
            wants_x: [row(), row()],
            wants_y: [row(), row()],
            keep: [row(), row(), row()],
            x: row(),
            north: row(),
            south: row(),
            change: row(),
            gain: row(),
            peak: row(),
            scratch: Scratch { friction: row(), resistance: vec![0.0; ROW] },
        }
    }
}

/// All that the patches of a step read.
struct Step<'a, R> {
    params: &'a Params<R>,
    supply: &'a Supply<'a, R>,
    law: Inertial<R>,
    pace: R,
    wants: Wants<R>,
    depth: &'a [R],
    qx: &'a [R],
    qy: &'a [R],
}

/// Faces, boundaries, cells; leaves the depths at the end of the step in `next`.
pub(crate) fn sweep<R: Real>(
    params: &Params<R>,
    state: &mut State<R>,
    forcing: &Forcing,
    supply: &Supply<'_, R>,
) {
    let grid = params.grid;
    let across = grid.tiles_across();
    let wants = match &state.flow {
        Flow::Inertial(flow) => wants(params, state, flow, forcing, supply.dt),
        Flow::Shock(_) => return,
    };
    let (length, count) = (STRIP * params.block_length(), grid.blocks().div_ceil(STRIP));
    let Flow::Inertial(flow) = &mut state.flow else { return };
    flow.passed.resize_with(count, Vec::new);
    let step = Step {
        params,
        supply,
        law: law_of(params, supply.dt),
        pace: R::of(supply.dt / grid.size),
        wants,
        depth: &state.depth,
        qx: &flow.qx,
        qy: &flow.qy,
    };
    let patches = &state.tiles.patches;
    let items: Vec<Strip<'_, R>> = blocks::cut(&mut state.next, length, count)
        .into_iter()
        .zip(blocks::cut(&mut state.lost, length, count))
        .zip(blocks::cut(&mut flow.next_x, length, count))
        .zip(blocks::cut(&mut flow.next_y, length, count))
        .zip(state.tiles.wet.chunks_mut(STRIP * across))
        .zip(blocks::cut(&mut state.memory, length, count))
        .zip(state.sums.chunks_mut(STRIP))
        .zip(&mut flow.passed)
        .enumerate()
        .map(|(number, (((((((next, lost), qx), qy), wet), memory), sums), passed))| {
            sums.fill(BlockSum::default());
            passed.clear();
            Strip { number, next, lost, qx, qy, wet, memory, sums, passed }
        })
        .filter(|item| !patches[item.number].is_empty())
        .collect();
    let work = |rows: &mut Rows<R>, mut strip: Strip<'_, R>| {
        for patch in &patches[strip.number] {
            step.patch(rows, &mut strip, patch);
        }
    };
    blocks::for_each(items, params.options.parallel, state.tiles.cells, Rows::new, work);
    swap(&mut flow.qx, &mut flow.next_x);
    swap(&mut flow.qy, &mut flow.next_y);
    book(params, state, supply.dt);
}

impl<R: Real> Step<'_, R> {
    fn patch(&self, rows: &mut Rows<R>, strip: &mut Strip<'_, R>, patch: &Patch) {
        let (grid, supply) = (&self.params.grid, self.supply);
        let (stride, across) = (grid.stride(), grid.tiles_across());
        let offset = strip.number * STRIP * self.params.block_length();
        let (n, from) = (patch.columns.len(), patch.columns.start);
        let Rows { wants_x, wants_y, keep, x, north, south, change, gain, peak, scratch } = rows;
        let [x_here, x_below] = wants_x;
        let [y_below, y_beyond] = wants_y;
        let [above, here, below] = keep;
        let (change, gain, peak) = (&mut change[..n], &mut gain[..n], &mut peak[..n]);

        let first = grid.block_rows(patch.blocks.start).start;
        self.wants_x(x_below, scratch, first - 1, from - 1, n + 3);
        self.wants_y(y_beyond, scratch, first - 1, from - 1, n + 2);
        self.wants_y(y_below, scratch, first, from - 1, n + 2);
        self.keep(above, first - 1, from - 1, n + 2, x_below, [y_beyond, y_below]);
        self.wants_x(x_here, scratch, first, from - 1, n + 3);
        self.wants_y(y_beyond, scratch, first + 1, from - 1, n + 2);
        self.keep(here, first, from - 1, n + 2, x_here, [y_below, y_beyond]);
        swap(y_below, y_beyond);
        limit_row(&mut north[..n], &y_beyond[1..], &above[1..], &here[1..]);
        self.passed(strip.passed, false, &north[..n], first * stride + from);
        gain.fill(R::of(0.0));
        supply.rain_on(gain, first * stride + from, from);

        for block in patch.blocks.clone() {
            peak.fill(R::of(0.0));
            let block_rows = grid.block_rows(block);
            for row in block_rows.clone() {
                let start = row * stride + from;
                self.wants_x(x_below, scratch, row + 1, from - 1, n + 3);
                self.wants_y(y_beyond, scratch, row + 2, from - 1, n + 2);
                self.keep(below, row + 1, from - 1, n + 2, x_below, [y_below, y_beyond]);
                limit_row(&mut south[..n], &y_below[1..], &here[1..], &below[1..]);
                limit_row(&mut x[..n + 1], &x_here[1..], here, &here[1..]);
                self.passed(strip.passed, true, &x[..n + 1], start);
                self.passed(strip.passed, false, &south[..n], start + stride);
                let local = start - offset..start - offset + n;
                let (qx, qy) = (&mut strip.qx[local.clone()], &mut strip.qy[local.clone()]);
                spread(change, qx, qy, x, north, south, self.pace);
                if supply.rain_varies() {
                    supply.rain_on(gain, start, from);
                }
                let next = &mut strip.next[local.clone()];
                let lost = if R::COMPENSATED { &mut strip.lost[local.clone()] } else { &mut [][..] };
                add_row(next, lost, &self.depth[start..start + n], change, gain);
                let memory =
                    if strip.memory.is_empty() { &mut [][..] } else { &mut strip.memory[local.clone()] };
                strip.sums[block % STRIP].infiltrated += supply.settle(next, lost, memory, start);
                peak_row(peak, next);
                swap(north, south);
                swap(x_here, x_below);
                swap(y_below, y_beyond);
                swap(above, here);
                swap(here, below);
            }
            let row_of = |row: usize| row * stride - offset;
            let tiles = grid.tiles_in(&patch.columns);
            for tile in tiles {
                let columns = grid.tile_columns(tile);
                let of_row = |row: usize| &strip.next[row_of(row) + columns.start..row_of(row) + columns.end];
                strip.wet[block % STRIP * across + tile] = wet_flags(
                    &peak[columns.start - from..columns.end - from],
                    of_row(block_rows.start),
                    of_row(block_rows.end - 1),
                    R::of(self.params.options.dry_depth),
                );
            }
            let sum = &mut strip.sums[block % STRIP];
            sum.peak = sum.peak.max(greatest(peak).wide());
        }
    }

    /// How many are computed if `n` are needed: as many as fill whole registers, unless the columns end before. What is
    /// computed beyond is nobody's.
    fn reach(&self, start: usize, n: usize) -> usize {
        let whole = n.next_multiple_of(64 / size_of::<R>());
        if start + self.params.grid.stride() + whole < self.depth.len() { whole } else { n }
    }

    /// What the western faces of `n` cells from a place of a row on want to pass.
    fn wants_x(&self, out: &mut [R], scratch: &mut Scratch<R>, row: usize, place: usize, n: usize) {
        let start = row * self.params.grid.stride() + place;
        let reach = self.reach(start, n);
        let run = FaceRun::of(self.params, self.depth, [self.qx, self.qy], [start, place, reach, 1]);
        self.wants(&mut out[..reach], scratch, run);
        for want in within(&self.wants.x, start, n) {
            out[want.face - start] = want.q;
        }
    }

    /// What the northern faces of `n` cells from a place of a row on want to pass; nothing in the last row of walls.
    fn wants_y(&self, out: &mut [R], scratch: &mut Scratch<R>, row: usize, place: usize, n: usize) {
        let stride = self.params.grid.stride();
        let start = row * stride + place;
        if start + stride + n > self.qy.len() {
            out.fill(R::of(0.0));
            return;
        }
        let reach = self.reach(start, n);
        let run = FaceRun::of(self.params, self.depth, [self.qy, self.qx], [start, place, reach, stride]);
        self.wants(&mut out[..reach], scratch, run);
        for want in within(&self.wants.y, start, n) {
            out[want.face - start] = want.q;
        }
    }

    fn wants<'a>(&self, out: &mut [R], scratch: &'a mut Scratch<R>, mut run: FaceRun<'a, R>) {
        let Scratch { friction, resistance } = scratch;
        if let Some(thin) = &self.params.options.thin_roughness {
            let friction = &mut friction[..out.len()];
            thicken(thin, friction, &run);
            run.friction = [friction, friction];
        }
        if self.params.options.advection {
            advected_row(out, resistance, &self.law, &run);
        } else {
            face_row(out, resistance, &self.law, &run);
        }
    }

    /// The share of what is wanted that each of `n` cells from a place of a row on can give.
    fn keep(&self, keep: &mut [R], row: usize, place: usize, n: usize, x: &[R], [north, south]: [&[R]; 2]) {
        let start = row * self.params.grid.stride() + place;
        let reach = self.reach(start, n);
        keep_row(&mut keep[..reach], &self.depth[start..start + reach], x, north, south, self.pace);
        for ghost in self.params.ghosts_in(start, start + n) {
            keep[*ghost as usize - start] = R::of(1.0);
        }
    }

    /// Notes what the open faces of a run have passed.
    fn passed(&self, passed: &mut Vec<(usize, R)>, along_row: bool, q: &[R], start: usize) {
        let wants = if along_row { &self.wants.x } else { &self.wants.y };
        passed.extend(within(wants, start, q.len()).iter().map(|want| (want.index, q[want.face - start])));
    }
}
