//! The faces of a stage with the full equations, a row at a time.

use std::ops::Range;

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

    /// The slopes of the cells `wet` of a run from `start`, whose neighbours stand `step` before and after.
    fn fill(&mut self, cells: &Across<'_, R>, start: usize, wet: Range<usize>, step: usize, dry: R) {
        let (at, length) = (start + wet.start, wet.len());
        slope_row(
            &mut self.level[wet.clone()],
            &mut self.depth[wet.clone()],
            &mut self.normal[wet.clone()],
            &mut self.along[wet],
            &[cells.run(at - step, length), cells.run(at, length), cells.run(at + step, length)],
            dry,
        );
    }

    /// No slopes over a run of `length` cells.
    fn clear(&mut self, length: usize) {
        let columns = [&mut self.level, &mut self.depth, &mut self.normal, &mut self.along];
        columns.into_iter().for_each(|column| column[..length].fill(R::of(0.0)));
    }

    fn run(&self, cells: Range<usize>) -> Reach<'_, R> {
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

/// The part `cells` of a run of four columns of faces; what else belongs to the run passes nothing.
fn part<'a, R: Real>(
    faces: &'a mut [&mut [R]; 4],
    run: Range<usize>,
    cells: Range<usize>,
) -> [&'a mut [R]; 4] {
    faces.each_mut().map(|column| {
        let column = &mut column[run.clone()];
        column[..cells.start].fill(R::of(0.0));
        column[cells.end..].fill(R::of(0.0));
        &mut column[cells.clone()]
    })
}

/// From the first wet cell of a run to the last.
pub(crate) fn wet_range<R: Real>(depth: &[R], dry: R) -> Range<usize> {
    let first = depth.iter().position(|h| *h > dry).unwrap_or(0);
    let end = depth.iter().rposition(|h| *h > dry).map_or(first, |last| last + 1);
    first..end
}

/// The shortest range that holds two; an empty one holds nothing.
pub(crate) fn hull(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    if a.is_empty() {
        b.clone()
    } else if b.is_empty() {
        a.clone()
    } else {
        a.start.min(b.start)..a.end.max(b.end)
    }
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
    let ShockFlow { next, now, half, x, y, .. } = &mut **flow;
    let (depth, motion) = if stage == Stage::Second { (&*next, &*half) } else { (&state.depth, &*now) };
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
    for (block, own) in spans.iter().enumerate() {
        let mut next = |i: usize| parts[i].next().unwrap_or_default();
        let (x, y) = ([next(0), next(1), next(2), next(3)], [next(4), next(5), next(6), next(7)]);
        if !own.is_empty() || (block == last_row / BLOCK && !last_spans.is_empty()) {
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
    let dry = law.dry;
    let work = |rows: &mut Rows<R>, item: FaceBlock<'_, R>| {
        let offset = item.block * length;
        let FaceBlock { mut x, mut y, block } = item;
        let Rows { x: in_row, above, here } = rows;
        // only what is wet passes water; a face has a wet cell on one side at least
        let wet = |row: usize, span: &Range<usize>| {
            wet_range(&depth[row * stride + span.start..row * stride + span.end], dry)
        };
        let slopes_of = |slopes: &mut Slopes<R>, row: usize, span: &Range<usize>, wet: &Range<usize>| {
            if second {
                slopes.clear(span.len());
                slopes.fill(&across_y, row * stride + span.start, wet.clone(), stride, dry);
            }
        };
        let mut beneath =
            |row: usize, span: &Range<usize>, above: &Slopes<R>, here: &Slopes<R>, wet: Range<usize>| {
                let start = row * stride + span.start;
                let run = start - offset..start - offset + span.len();
                let at = start + wet.start;
                let out = part(&mut y, run, wet.clone());
                between(out, &across_y, at - stride, at, &[above.run(wet.clone()), here.run(wet)]);
            };
        for span in &spans[block] {
            let block_rows = grid.block_rows(block);
            let mut wet_above = wet(block_rows.start - 1, span);
            slopes_of(above, block_rows.start - 1, span, &wet_above);
            for row in block_rows {
                let wet_here = wet(row, span);
                slopes_of(here, row, span, &wet_here);
                beneath(row, span, above, here, hull(&wet_above, &wet_here));

                // the row of slopes begins a cell before the run; the face after the last cell may be a wall's
                let start = row * stride + span.start;
                let run = start - offset..start - offset + span.len() + 1;
                let (first, end) = (wet_here.start, wet_here.end);
                if wet_here.is_empty() {
                    part(&mut x, run, 0..0);
                } else {
                    if second {
                        in_row.fill(&across_x, start - 1, first..end + 2, 1, dry);
                    }
                    let out = part(&mut x, run, first..end + 1);
                    let slopes = [in_row.run(first..end + 1), in_row.run(first + 1..end + 2)];
                    between(out, &across_x, start + first - 1, start + first, &slopes);
                }
                std::mem::swap(above, here);
                wet_above = wet_here;
            }
        }
        if block == last_row / BLOCK {
            for span in last_spans {
                let wet_above = wet(last_row - 1, span);
                slopes_of(above, last_row - 1, span, &wet_above);
                slopes_of(here, last_row, span, &(0..0));
                beneath(last_row, span, above, here, wet_above);
            }
        }
    };
    let rows = || Rows { x: Slopes::new(stride), above: Slopes::new(stride), here: Slopes::new(stride) };
    blocks::for_each(items, params.options.parallel, state.tiles.cells, rows, work);
}
