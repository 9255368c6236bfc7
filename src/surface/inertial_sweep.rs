//! A step with the local inertial law: rows of faces, and the cells between them.
//!
//! A thread walks down a patch of cells and holds of the faces only the few rows that it needs: what the law wants to pass
//! never goes to memory. Depths and discharges are overwritten in place; what a patch needs of its neighbours is kept
//! before any of them is, so that patches do not wait for each other. The faces around a patch are computed by both.

use std::mem::swap;

use serde::{Deserialize, Serialize};

use crate::num::real::Real;

use super::ahead::Ahead;
use super::before::{BEFORE, Own, Past, Seam};
use super::blocks;
use super::forcing::Forcing;
use super::inertial::Inertial;
use super::inertial_edges::{Wants, book, wants, within};
pub(crate) use super::inertial_rows::thin_factor;
use super::inertial_rows::{FaceRun, advected_row, face_row, law_of, spread, thicken};
use super::limit::{keep_row, limit_row};
use super::params::{Column, Params, SPARE};
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
    /// For each strip, what lay around its patches before the step.
    around: Vec<Vec<R>>,
    /// For each strip, open faces by their number and what they passed.
    pub passed: Vec<Vec<(usize, R)>>,
}

impl<R: Real> InertialFlow<R> {
    pub fn new(length: usize) -> Self {
        let column = || vec![R::of(0.0); length];
        Self { qx: column(), qy: column(), around: Vec::new(), passed: Vec::new() }
    }

    /// Stills the faces of a run of cells.
    pub fn still(&mut self, cells: std::ops::Range<usize>) {
        for column in [&mut self.qx, &mut self.qy] {
            column[cells.clone()].fill(R::of(0.0));
        }
    }
}

/// What a strip of blocks gets from a step.
struct Strip<'a, R> {
    number: usize,
    own: Own<'a, R>,
    around: &'a [R],
    lost: &'a mut [R],
    wet: &'a mut [u8],
    memory: &'a mut [f64],
    sums: &'a mut [BlockSum],
    passed: &'a mut Vec<(usize, R)>,
}

/// Length of the rows that a thread works in.
const ROW: usize = PATCH_COLUMNS + 3 + SPARE;

/// Rows that a thread works in. Those of faces and shares start one cell before the patch.
struct Rows<R> {
    past: Past<R>,
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
            past: Past::new(),
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
    /// Whether there is more awake than the nearer caches hold.
    is_large: bool,
}

/// Awake cells from which columns are asked for ahead.
const LARGE: usize = 65_536;

/// Faces, boundaries, cells.
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
    let (patches, parallel) = (&state.tiles.patches, params.options.parallel);
    let InertialFlow { qx, qy, around, passed } = flow;
    passed.resize_with(count, Vec::new);
    around.resize_with(count, Vec::new);
    let columns = [&state.depth[..], &qx[..], &qy[..]];
    let keep = |_: &mut (), (around, patches): (&mut Vec<R>, &Vec<Patch>)| {
        around.clear();
        patches.iter().for_each(|patch| Seam::of(&grid, patch, patches).keep(around, columns, grid.stride()));
    };
    blocks::for_each(around.iter_mut().zip(patches).collect(), parallel, state.tiles.cells, || (), keep);

    let step = Step {
        params,
        supply,
        law: law_of(params, supply.dt),
        pace: R::of(supply.dt / grid.size),
        wants,
        is_large: state.tiles.cells > LARGE,
    };
    let items: Vec<Strip<'_, R>> = blocks::cut(&mut state.depth, length, count)
        .into_iter()
        .zip(blocks::cut(&mut state.lost, length, count))
        .zip(blocks::cut(qx, length, count))
        .zip(blocks::cut(qy, length, count))
        .zip(state.tiles.wet.chunks_mut(STRIP * across))
        .zip(blocks::cut(&mut state.memory, length, count))
        .zip(state.sums.chunks_mut(STRIP))
        .zip(passed)
        .zip(around)
        .enumerate()
        .map(|(number, ((((((((depth, lost), qx), qy), wet), memory), sums), passed), around))| {
            sums.fill(BlockSum::default());
            passed.clear();
            let own = Own { columns: [depth, qx, qy], offset: number * length };
            Strip { number, own, around, lost, wet, memory, sums, passed }
        })
        .filter(|item| !patches[item.number].is_empty())
        .collect();
    let work = |rows: &mut Rows<R>, mut strip: Strip<'_, R>| {
        let (patches, mut around) = (&patches[strip.number], strip.around);
        for patch in patches {
            let seam = Seam::of(&grid, patch, patches);
            step.patch(rows, &mut strip, patch, &seam, seam.split(&mut around));
        }
    };
    blocks::for_each(items, parallel, state.tiles.cells, Rows::new, work);
    book(params, state, supply.dt);
}

impl<R: Real> Step<'_, R> {
    fn patch(&self, rows: &mut Rows<R>, strip: &mut Strip<'_, R>, patch: &Patch, seam: &Seam, around: &[R]) {
        let (grid, supply) = (&self.params.grid, self.supply);
        let (stride, across) = (grid.stride(), grid.tiles_across());
        let offset = strip.own.offset;
        let (n, from) = (patch.columns.len(), patch.columns.start);
        let Rows { past, wants_x, wants_y, keep, x, north, south, change, gain, peak, scratch } = rows;
        let [x_here, x_below] = wants_x;
        let [y_below, y_beyond] = wants_y;
        let [above, here, below] = keep;
        let (change, gain, peak) = (&mut change[..n], &mut gain[..n], &mut peak[..n]);

        let first = grid.block_rows(patch.blocks.start).start;
        (first - 2..first + 2).for_each(|row| past.take(row, seam, stride, around, &strip.own));
        self.wants_x(x_below, scratch, past, first - 1, from - 1, n + 3);
        self.wants_y(y_beyond, scratch, past, first - 1, from - 1, n + 2);
        self.wants_y(y_below, scratch, past, first, from - 1, n + 2);
        self.keep(above, past, first - 1, from - 1, n + 2, x_below, [y_beyond, y_below]);
        past.take(first + 2, seam, stride, around, &strip.own);
        self.wants_x(x_here, scratch, past, first, from - 1, n + 3);
        self.wants_y(y_beyond, scratch, past, first + 1, from - 1, n + 2);
        self.keep(here, past, first, from - 1, n + 2, x_here, [y_below, y_beyond]);
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
                let mut ahead = self.ahead(strip, start, n);
                past.take(row + 3, seam, stride, around, &strip.own);
                ahead.ask();
                self.wants_x(x_below, scratch, past, row + 1, from - 1, n + 3);
                ahead.ask();
                self.wants_y(y_beyond, scratch, past, row + 2, from - 1, n + 2);
                ahead.ask();
                self.keep(below, past, row + 1, from - 1, n + 2, x_below, [y_below, y_beyond]);
                ahead.ask();
                limit_row(&mut south[..n], &y_below[1..], &here[1..], &below[1..]);
                ahead.ask();
                limit_row(&mut x[..n + 1], &x_here[1..], here, &here[1..]);
                ahead.ask();
                self.passed(strip.passed, true, &x[..n + 1], start);
                self.passed(strip.passed, false, &south[..n], start + stride);
                let local = start - offset..start - offset + n;
                let [depth, qx, qy] = strip.own.columns.each_mut().map(|column| &mut column[local.clone()]);
                ahead.ask();
                spread(change, qx, qy, x, north, south, self.pace);
                if supply.rain_varies() {
                    supply.rain_on(gain, start, from);
                }
                let lost = if R::COMPENSATED { &mut strip.lost[local.clone()] } else { &mut [][..] };
                add_row(depth, lost, &past.row(0, row)[BEFORE..], change, gain);
                let memory =
                    if strip.memory.is_empty() { &mut [][..] } else { &mut strip.memory[local.clone()] };
                strip.sums[block % STRIP].infiltrated += supply.settle(depth, lost, memory, start);
                peak_row(peak, depth);
                swap(north, south);
                swap(x_here, x_below);
                swap(y_below, y_beyond);
                swap(above, here);
                swap(here, below);
            }
            let row_of = |row: usize| row * stride - offset;
            let depth = &strip.own.columns[0];
            let tiles = grid.tiles_in(&patch.columns);
            for tile in tiles {
                let columns = grid.tile_columns(tile);
                let of_row = |row: usize| &depth[row_of(row) + columns.start..row_of(row) + columns.end];
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

    /// What the next rows of a patch will need of memory, its row of `n` cells from `start` on being at hand.
    fn ahead(&self, strip: &Strip<'_, R>, start: usize, n: usize) -> Ahead<6> {
        if !self.is_large {
            return Ahead::none();
        }
        let (stride, local) = (self.params.grid.stride(), start - strip.own.offset);
        let [depth, qx, qy] = strip.own.columns.each_ref().map(|column| (&**column, local + 4 * stride));
        let (lost, bed) = ((&*strip.lost, local + stride), (&self.params.bed[..], start + 3 * stride));
        let friction = match &self.params.friction {
            Column::Same(_) => (&[][..], 0),
            Column::Cells(all) => (&all[..], start + 3 * stride),
        };
        Ahead::new([depth, qx, qy, lost, bed, friction], n)
    }

    /// How many are computed if `n` are needed: as many as fill whole registers, unless the columns end before. What is
    /// computed beyond is nobody's.
    fn reach(&self, start: usize, n: usize) -> usize {
        let whole = n.next_multiple_of(64 / size_of::<R>());
        if start + self.params.grid.stride() + whole < self.params.bed.len() { whole } else { n }
    }

    /// What the western faces of `n` cells from a place of a row on want to pass. The place is the one before the patch.
    fn wants_x(
        &self,
        out: &mut [R],
        scratch: &mut Scratch<R>,
        past: &Past<R>,
        row: usize,
        place: usize,
        n: usize,
    ) {
        let start = row * self.params.grid.stride() + place;
        let reach = self.reach(start, n);
        let run = FaceRun::western(self.params, past, row, [start, place, reach]);
        self.wants(&mut out[..reach], scratch, run);
        for want in within(&self.wants.x, start, n) {
            out[want.face - start] = want.q;
        }
    }

    /// What the northern faces of `n` cells from a place of a row on want to pass; nothing in the last row of walls.
    fn wants_y(
        &self,
        out: &mut [R],
        scratch: &mut Scratch<R>,
        past: &Past<R>,
        row: usize,
        place: usize,
        n: usize,
    ) {
        let stride = self.params.grid.stride();
        let start = row * stride + place;
        if start + stride + n > self.params.bed.len() {
            out.fill(R::of(0.0));
            return;
        }
        let reach = self.reach(start, n);
        let run = FaceRun::northern(self.params, past, row, [start, place, reach]);
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
    #[expect(clippy::too_many_arguments, reason = "rows of a walk, each of its own meaning")]
    fn keep(
        &self,
        keep: &mut [R],
        past: &Past<R>,
        row: usize,
        place: usize,
        n: usize,
        x: &[R],
        [north, south]: [&[R]; 2],
    ) {
        let start = row * self.params.grid.stride() + place;
        let reach = self.reach(start, n);
        keep_row(&mut keep[..reach], &past.row(0, row)[BEFORE - 1..], x, north, south, self.pace);
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
