//! The faces of a stage with the full equations, a row at a time.

use crate::num::real::Real;

use super::blocks;
use super::grid::{BLOCK, PAD};
use super::params::Params;
use super::shock::{Shock, Water, flux, half_slope};
use super::shock_flow::{ShockFlow, column};
use super::shock_sweep::Stage;
use super::state::{Flow, State};
use super::wide::vectorised;

/// The faces of one block: water, momentum of either side and momentum along the face.
struct FaceBlock<'a, R> {
    block: usize,
    x: [&'a mut [R]; 4],
    y: [&'a mut [R]; 4],
}

/// The columns of cells that the faces of one axis see.
#[derive(Clone, Copy)]
struct Across<'a, R> {
    depth: &'a [R],
    bed: &'a [R],
    normal: &'a [R],
    along: &'a [R],
}

impl<R> Across<'_, R> {
    fn run(&self, start: usize, length: usize) -> Across<'_, R> {
        let cells = start..start + length;
        Across {
            depth: &self.depth[cells.clone()],
            bed: &self.bed[cells.clone()],
            normal: &self.normal[cells.clone()],
            along: &self.along[cells],
        }
    }
}

/// Half the changes over each cell of a row, in the direction of one axis.
struct Slopes<R> {
    level: Vec<R>,
    depth: Vec<R>,
    normal: Vec<R>,
    along: Vec<R>,
}

impl<R: Real> Slopes<R> {
    fn new(length: usize) -> Self {
        Self { level: column(length), depth: column(length), normal: column(length), along: column(length) }
    }

    /// The slopes of a run of `length` cells from `start`, whose neighbours stand `step` before and after.
    fn fill(&mut self, cells: &Across<'_, R>, start: usize, length: usize, step: usize, dry: R) {
        slope_row(
            &mut self.level[..length],
            &mut self.depth[..length],
            &mut self.normal[..length],
            &mut self.along[..length],
            &[cells.run(start - step, length), cells.run(start, length), cells.run(start + step, length)],
            dry,
        );
    }

    fn run(&self, start: usize, length: usize) -> Reach<'_, R> {
        let cells = start..start + length;
        Reach {
            level: &self.level[cells.clone()],
            depth: &self.depth[cells.clone()],
            normal: &self.normal[cells.clone()],
            along: &self.along[cells],
        }
    }
}

/// Slopes of a run of cells.
struct Reach<'a, R> {
    level: &'a [R],
    depth: &'a [R],
    normal: &'a [R],
    along: &'a [R],
}

vectorised! {
/// Half the changes over each cell of a run, from the runs before, of and after it. A dry cell has none, nor has one
/// beside a wall or beside dry ground above its level: such ground says nothing of the slope of the water.
fn slope_row<R: Real>(
    level: &mut [R], depth: &mut [R], normal: &mut [R], along: &mut [R], cells: &[Across<'_, R>; 3], dry: R,
) {
    let n = level.len();
    let (depth, normal, along) = (&mut depth[..n], &mut normal[..n], &mut along[..n]);
    let [before, own, after] = cells;
    let (h0, h1, h2) = (&before.depth[..n], &own.depth[..n], &after.depth[..n]);
    let (z0, z1, z2) = (&before.bed[..n], &own.bed[..n], &after.bed[..n]);
    let (u0, u1, u2) = (&before.normal[..n], &own.normal[..n], &after.normal[..n]);
    let (v0, v1, v2) = (&before.along[..n], &own.along[..n], &after.along[..n]);
    let zero = R::of(0.0);
    for i in 0..n {
        let (dh0, dh1) = (h1[i] - h0[i], h2[i] - h1[i]);
        let (dw0, dw1) = ((z1[i] - z0[i]) + dh0, (z2[i] - z1[i]) + dh1);
        let bank = ((h0[i] <= dry) & (dw0 < zero)) | ((h2[i] <= dry) & (dw1 > zero));
        let on = (h1[i] > dry) & !bank;
        let (w, h) = (half_slope(dw0, dw1), half_slope(dh0, dh1));
        let (u, v) = (half_slope(u1[i] - u0[i], u2[i] - u1[i]), half_slope(v1[i] - v0[i], v2[i] - v1[i]));
        level[i] = if on { w } else { zero };
        depth[i] = if on { h } else { zero };
        normal[i] = if on { u } else { zero };
        along[i] = if on { v } else { zero };
    }
}
}

vectorised! {
/// Fluxes of first order through a run of faces, from the runs of cells on either side.
fn flat_row<R: Real>(
    water: &mut [R], left: &mut [R], right: &mut [R], along: &mut [R],
    law: &Shock<R>, before: &Across<'_, R>, after: &Across<'_, R>,
) {
    let n = water.len();
    let (left, right, along) = (&mut left[..n], &mut right[..n], &mut along[..n]);
    let (h_l, h_r) = (&before.depth[..n], &after.depth[..n]);
    let (z_l, z_r) = (&before.bed[..n], &after.bed[..n]);
    let (u_l, u_r) = (&before.normal[..n], &after.normal[..n]);
    let (v_l, v_r) = (&before.along[..n], &after.along[..n]);
    let law = *law;
    for i in 0..n {
        let rise = z_r[i] - z_l[i];
        let l = Water { depth: h_l[i], normal: u_l[i], along: v_l[i] };
        let r = Water { depth: h_r[i], normal: u_r[i], along: v_r[i] };
        let f = flux(&law, l, r, rise, rise + (h_r[i] - h_l[i]));
        water[i] = f.water;
        left[i] = f.left;
        right[i] = f.right;
        along[i] = f.along;
    }
}
}

vectorised! {
/// Fluxes of second order through a run of faces: the states at the face follow the slopes, and the slope of the level
/// within a cell pushes it.
fn sloped_row<R: Real>(
    water: &mut [R], left: &mut [R], right: &mut [R], along: &mut [R],
    law: &Shock<R>, before: &Across<'_, R>, after: &Across<'_, R>, slopes: &[Reach<'_, R>; 2],
) {
    let n = water.len();
    let (left, right, along) = (&mut left[..n], &mut right[..n], &mut along[..n]);
    let (h_l, h_r) = (&before.depth[..n], &after.depth[..n]);
    let (z_l, z_r) = (&before.bed[..n], &after.bed[..n]);
    let (u_l, u_r) = (&before.normal[..n], &after.normal[..n]);
    let (v_l, v_r) = (&before.along[..n], &after.along[..n]);
    let [of_left, of_right] = slopes;
    let (wl, wr) = (&of_left.level[..n], &of_right.level[..n]);
    let (hl, hr) = (&of_left.depth[..n], &of_right.depth[..n]);
    let (ul, ur) = (&of_left.normal[..n], &of_right.normal[..n]);
    let (vl, vr) = (&of_left.along[..n], &of_right.along[..n]);
    let law = *law;
    for i in 0..n {
        let l = Water { depth: h_l[i] + hl[i], normal: u_l[i] + ul[i], along: v_l[i] + vl[i] };
        let r = Water { depth: h_r[i] - hr[i], normal: u_r[i] - ur[i], along: v_r[i] - vr[i] };
        let level_rise = (z_r[i] - z_l[i]) + (h_r[i] - h_l[i]);
        let jump = level_rise - (wl[i] + wr[i]);
        let f = flux(&law, l, r, jump - (r.depth - l.depth), jump);
        water[i] = f.water;
        left[i] = f.left + law.gravity * h_l[i] * wl[i];
        right[i] = f.right - law.gravity * h_r[i] * wr[i];
        along[i] = f.along;
    }
}
}

/// The part of four columns of faces that belongs to a run.
fn part<'a, R>(faces: &'a mut [&mut [R]; 4], start: usize, length: usize) -> [&'a mut [R]; 4] {
    faces.each_mut().map(|column| &mut column[start..start + length])
}

/// Rows that a thread works in.
struct Rows<R> {
    x: Slopes<R>,
    above: Slopes<R>,
    here: Slopes<R>,
}

/// What passes every face of the awake tiles in a stage.
pub(crate) fn faces<R: Real>(params: &Params<R>, state: &mut State<R>, second: bool, stage: Stage) {
    let grid = params.grid;
    let (stride, length, count) = (grid.stride(), params.block_length(), grid.blocks());
    let Flow::Shock(flow) = &mut state.flow else { return };
    let ShockFlow { now, half, x, y, .. } = &mut **flow;
    let (depth, motion) = if stage == Stage::Second { (&state.next, &*half) } else { (&state.depth, &*now) };
    let across_x = Across { depth, bed: &params.bed, normal: &motion.u, along: &motion.v };
    let across_y = Across { depth, bed: &params.bed, normal: &motion.v, along: &motion.u };
    let law = Shock { gravity: R::of(params.options.gravity), dry: R::of(params.options.dry_depth) };
    let spans = &state.tiles.spans;
    let last_row = PAD + grid.rows;
    // the faces beneath the last row belong to a row of walls
    let last_spans = &spans[(last_row - 1) / BLOCK];
    let mut items = Vec::with_capacity(count);
    let mut parts = [
        &mut x.water,
        &mut x.left,
        &mut x.right,
        &mut x.along,
        &mut y.water,
        &mut y.left,
        &mut y.right,
        &mut y.along,
    ]
    .map(|column| blocks::cut(column, length, count).into_iter());
    for block in 0..count {
        let mut next = |i: usize| parts[i].next().unwrap_or_default();
        let (x, y) = ([next(0), next(1), next(2), next(3)], [next(4), next(5), next(6), next(7)]);
        if !spans[block].is_empty() || (block == last_row / BLOCK && !last_spans.is_empty()) {
            items.push(FaceBlock { block, x, y });
        }
    }
    // the faces between two runs of cells; the slopes of both are known
    let between =
        |out: [&mut [R]; 4], cells: &Across<'_, R>, left: usize, right: usize, slopes: &[Reach<'_, R>; 2]| {
            let [water, to_left, to_right, along] = out;
            let n = water.len();
            let (before, after) = (cells.run(left, n), cells.run(right, n));
            if second {
                sloped_row(water, to_left, to_right, along, &law, &before, &after, slopes);
            } else {
                flat_row(water, to_left, to_right, along, &law, &before, &after);
            }
        };
    let work = |rows: &mut Rows<R>, item: FaceBlock<'_, R>| {
        let offset = item.block * length;
        let FaceBlock { mut x, mut y, block } = item;
        let Rows { x: in_row, above, here } = rows;
        for span in &spans[block] {
            let n = span.len();
            for row in grid.block_rows(block) {
                let start = row * stride + span.start;
                if second {
                    in_row.fill(&across_x, start - 1, n + 2, 1, law.dry);
                    if row == grid.block_rows(block).start {
                        above.fill(&across_y, start - stride, n, stride, law.dry);
                    }
                    here.fill(&across_y, start, n, stride, law.dry);
                }
                // the face after the run too: it may be a wall
                let out = part(&mut x, start - offset, n + 1);
                between(out, &across_x, start - 1, start, &[in_row.run(0, n + 1), in_row.run(1, n + 1)]);
                let out = part(&mut y, start - offset, n);
                between(out, &across_y, start - stride, start, &[above.run(0, n), here.run(0, n)]);
                std::mem::swap(above, here);
            }
        }
        if block == last_row / BLOCK {
            for span in last_spans {
                let (start, n) = (last_row * stride + span.start, span.len());
                if second {
                    above.fill(&across_y, start - stride, n, stride, law.dry);
                    here.fill(&across_y, start, n, stride, law.dry);
                }
                let out = part(&mut y, start - offset, n);
                between(out, &across_y, start - stride, start, &[above.run(0, n), here.run(0, n)]);
            }
        }
    };
    let rows = || Rows { x: Slopes::new(stride), above: Slopes::new(stride), here: Slopes::new(stride) };
    blocks::for_each(items, params.options.parallel, state.tiles.cells, rows, work);
}
