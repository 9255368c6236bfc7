//! A step with the full equations: Godunov's method, of first order or of second (linear reconstruction, Heun's two
//! stages).

use std::ops::Range;

use crate::num::real::Real;

use super::blocks;
use super::boundary::{Face, Kind, critical_discharge, normal_discharge};
use super::forcing::Forcing;
use super::grid::PAD;
use super::inertial_sweep::thin_factor;
use super::limit::{keep_row, kept_share, limit_row, outflow};
use super::params::{Law, Params};
use super::shock::{Shock, Water, flux, friction};
use super::shock_faces::{faces, hull, wet_range};
use super::shock_flow::{Motion, ShockFlow, column};
use super::state::{Flow, State};
use super::supply::{BlockSum, Supply, add_row, greatest, peak_row, wet_flags};
use super::wide::vectorised;

/// The cells of one block.
struct CellBlock<'a, R> {
    block: usize,
    depth: &'a mut [R],
    lost: &'a mut [R],
    motion: [&'a mut [R]; 4],
    change: &'a mut [R],
    passed: [&'a mut [R]; 2],
    wet: &'a mut [u8],
    memory: &'a mut [f64],
    sum: &'a mut BlockSum,
}

/// Rows that a thread works in.
struct Rows<R> {
    keep: [Vec<R>; 3],
    east_west: Vec<R>,
    north: Vec<R>,
    south: Vec<R>,
    east_west_along: Vec<R>,
    north_along: Vec<R>,
    south_along: Vec<R>,
    change: Vec<R>,
    gain: Vec<R>,
    rough: Vec<R>,
    mx: Vec<R>,
    my: Vec<R>,
    peak: Vec<R>,
    speed: Vec<R>,
}

impl<R: Real> Rows<R> {
    fn new(length: usize) -> Self {
        Self {
            keep: [column(length), column(length), column(length)],
            east_west: column(length),
            north: column(length),
            south: column(length),
            east_west_along: column(length),
            north_along: column(length),
            south_along: column(length),
            change: column(length),
            gain: column(length),
            rough: column(length),
            mx: column(length),
            my: column(length),
            peak: column(length),
            speed: column(length),
        }
    }
}

/// Momentum that meets a run of cells: what they gain from the west and lose to the east, the same from the north and to
/// the south, and what comes along the faces between east and west, in the north and in the south.
struct Push<'a, R> {
    west: &'a [R],
    east: &'a [R],
    north: &'a [R],
    south: &'a [R],
    east_west_along: &'a [R],
    north_along: &'a [R],
    south_along: &'a [R],
}

vectorised! {
/// What passes along a run of faces, as far as the cells have the water that takes it there.
fn along_row<R: Real>(out: &mut [R], along: &[R], water: &[R], left: &[R], right: &[R]) {
    let n = out.len();
    let (along, water, left, right) = (&along[..n], &water[..n], &left[..n], &right[..n]);
    for i in 0..n {
        out[i] = along[i] * if water[i] > R::of(0.0) { left[i] } else { right[i] };
    }
}
}

vectorised! {
/// Depth that flows into each cell of a run over a stage (m).
fn change_row<R: Real>(change: &mut [R], east_west: &[R], north: &[R], south: &[R], pace: R) {
    let n = change.len();
    let (west, east) = (&east_west[..n], &east_west[1..n + 1]);
    let (north, south) = (&north[..n], &south[..n]);
    for i in 0..n {
        change[i] = pace * ((west[i] - east[i]) + (north[i] - south[i]));
    }
}
}

vectorised! {
/// Momentum of a run of cells at the end of a stage, friction included; `depth` and `from` at its start, `rough` Δt g n².
fn momentum_row<R: Real>(
    mx: &mut [R], my: &mut [R], depth: &[R], change: &[R], from: &[&[R]; 2], push: &Push<'_, R>, rough: &[R],
    pace: R, dry: R,
) {
    let n = mx.len();
    let (my, depth, change, rough) = (&mut my[..n], &depth[..n], &change[..n], &rough[..n]);
    let (from_x, from_y) = (&from[0][..n], &from[1][..n]);
    let (west, east) = (&push.west[..n], &push.east[..n]);
    let (north, south) = (&push.north[..n], &push.south[..n]);
    let (west_along, east_along) = (&push.east_west_along[..n], &push.east_west_along[1..n + 1]);
    let (north_along, south_along) = (&push.north_along[..n], &push.south_along[..n]);
    let zero = R::of(0.0);
    for i in 0..n {
        let h = depth[i] + change[i];
        let x = from_x[i] + pace * ((west[i] - east[i]) + (north_along[i] - south_along[i]));
        let y = from_y[i] + pace * ((north[i] - south[i]) + (west_along[i] - east_along[i]));
        let slower = friction(rough[i], h.larger(dry), (x * x + y * y).root());
        mx[i] = if h > dry { x * slower } else { zero };
        my[i] = if h > dry { y * slower } else { zero };
    }
}
}

vectorised! {
/// Depths of a run of cells after a change.
fn change_depth<R: Real>(depth: &mut [R], before: &[R], change: &[R]) {
    let n = depth.len();
    let (before, change) = (&before[..n], &change[..n]);
    for i in 0..n {
        depth[i] = (before[i] + change[i]).larger(R::of(0.0));
    }
}
}

vectorised! {
/// The mean of what was and what is, a run at a time.
fn mean_row<R: Real>(mean: &mut [R], other: &[R]) {
    let n = mean.len();
    let other = &other[..n];
    for i in 0..n {
        mean[i] = R::of(0.5) * (mean[i] + other[i]);
    }
}
}

vectorised! {
/// Takes from the momentum of a run of cells what went with the water that left for the soil.
fn leave_row<R: Real>(mx: &mut [R], my: &mut [R], before: &[R], depth: &[R]) {
    let n = mx.len();
    let (my, before, depth) = (&mut my[..n], &before[..n], &depth[..n]);
    for i in 0..n {
        let kept = if depth[i] < before[i] { depth[i] / before[i] } else { R::of(1.0) };
        mx[i] = mx[i] * kept;
        my[i] = my[i] * kept;
    }
}
}

vectorised! {
/// Adds or sets a share of what passed a run of faces.
fn passed_row<R: Real>(passed: &mut [R], water: &[R], share: R, before: R) {
    let n = passed.len();
    let water = &water[..n];
    for i in 0..n {
        passed[i] = before * passed[i] + share * water[i];
    }
}
}

vectorised! {
/// Velocities of a run of cells from depth and momentum, and the fastest waves so far; a dry cell stands still.
fn velocity_row<R: Real>(
    mx: &mut [R], my: &mut [R], u: &mut [R], v: &mut [R], speed: &mut [R], depth: &[R], dry: R, gravity: R,
) {
    let n = mx.len();
    let (my, u, v) = (&mut my[..n], &mut u[..n], &mut v[..n]);
    let (speed, depth) = (&mut speed[..n], &depth[..n]);
    let zero = R::of(0.0);
    for i in 0..n {
        let h = depth[i];
        let wet = h > dry;
        let share = R::of(1.0) / h.larger(dry);
        let (x, y) = (if wet { mx[i] } else { zero }, if wet { my[i] } else { zero });
        let (along_row, along_column) = (x * share, y * share);
        let wave = along_row.magnitude().larger(along_column.magnitude()) + (gravity * h).root();
        let wave = if wet { wave } else { zero };
        mx[i] = x;
        my[i] = y;
        u[i] = along_row;
        v[i] = along_column;
        speed[i] = wave.larger(speed[i]);
    }
}
}

/// One step.
pub(crate) fn sweep<R: Real>(
    params: &Params<R>,
    state: &mut State<R>,
    forcing: &Forcing,
    supply: &Supply<'_, R>,
) {
    let second = matches!(params.options.law, Law::Shock { second_order: true });
    faces(params, state, second, Stage::First);
    open_faces(params, state, forcing, Stage::First);
    if second {
        let nothing = Supply { rain: &[], sources: &[], ..*supply };
        cells(params, state, &nothing, Stage::Predict);
        book_open_faces(params, state, supply.dt, 0.5, Stage::First);
        faces(params, state, second, Stage::Second);
        open_faces(params, state, forcing, Stage::Second);
        cells(params, state, supply, Stage::Second);
        book_open_faces(params, state, supply.dt, 0.5, Stage::Second);
    } else {
        cells(params, state, supply, Stage::First);
        book_open_faces(params, state, supply.dt, 1.0, Stage::First);
        let Flow::Shock(flow) = &mut state.flow else { return };
        let ShockFlow { next, now, half, .. } = &mut **flow;
        std::mem::swap(&mut state.depth, next);
        std::mem::swap(now, half);
    }
}

/// The stages of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The only one of first order: from `depth` and `now` into `next` and `half`.
    First,
    /// The first of two: the same, without rain and soil.
    Predict,
    /// The second of two: from `next` and `half` into the mean with `depth` and `now`.
    Second,
}

/// What an open face passes, in the outward direction: water (m²/s) and momentum (m³/s²).
fn wanted<R: Real>(params: &Params<R>, depth: f64, u: f64, forcing: &Forcing, face: &Face) -> (f64, f64) {
    let o = &params.options;
    let out = |q: f64| (q, q * q / depth);
    match params.kinds[face.boundary] {
        Kind::Free if depth > o.dry_depth => out(critical_discharge(o.gravity, depth).max(u * depth)),
        Kind::NormalDepth { slope } if depth > o.dry_depth => {
            let mut rough = params.friction.get(face.cell).wide();
            if let Some(thin) = &o.thin_roughness {
                rough *= thin_factor(thin, depth);
            }
            out(normal_discharge(o.gravity, rough, depth, slope))
        }
        Kind::Free | Kind::NormalDepth { .. } => (0.0, 0.0),
        Kind::Stage => {
            let Some(stage) = forcing.stage.get(face.boundary) else { return (0.0, 0.0) };
            let beyond = (stage - params.datum - params.bed[face.cell].wide()).max(0.0);
            let law = Shock { gravity: o.gravity, dry: o.dry_depth };
            // the invariant that leaves the cell, u + 2c, is kept
            let c = |depth: f64| (o.gravity * depth).sqrt();
            let speed = if depth > o.dry_depth { u + 2.0 * (c(depth) - c(beyond)) } else { 0.0 };
            let inside = Water { depth, normal: u, along: 0.0 };
            let outside = Water { depth: beyond, normal: speed, along: 0.0 };
            let f = flux(&law, inside, outside, 0.0, beyond - depth);
            (f.water, f.left)
        }
    }
}

fn open_faces<R: Real>(params: &Params<R>, state: &mut State<R>, forcing: &Forcing, stage: Stage) {
    let Flow::Shock(flow) = &mut state.flow else { return };
    let ShockFlow { next, now, half, x, y, .. } = &mut **flow;
    let depth = if stage == Stage::Second { &*next } else { &state.depth };
    let motion = if stage == Stage::Second { half } else { now };
    for face in &params.faces {
        let velocity = if face.along_row { motion.u[face.cell] } else { motion.v[face.cell] };
        let (water, momentum) =
            wanted(params, depth[face.cell].wide(), velocity.wide() * face.outward, forcing, face);
        let fluxes = if face.along_row { &mut *x } else { &mut *y };
        let at = face.face;
        fluxes.water[at] = R::of(water * face.outward);
        (fluxes.left[at], fluxes.right[at]) = (R::of(momentum), R::of(momentum));
        let along = if face.along_row { motion.v[face.cell] } else { motion.u[face.cell] };
        fluxes.along[at] = if water > 0.0 { fluxes.water[at] * along } else { R::of(0.0) };
    }
}

/// Books what the open faces passed in a stage of weight `weight`.
fn book_open_faces<R: Real>(params: &Params<R>, state: &mut State<R>, dt: f64, weight: f64, stage: Stage) {
    let (size, stride) = (params.grid.size, params.grid.stride());
    let pace = R::of(dt / size);
    let Flow::Shock(flow) = &mut state.flow else { return };
    let (wx, wy) = (&flow.x.water, &flow.y.water);
    for face in &params.faces {
        let at = face.cell;
        let water = if face.along_row { wx[face.face] } else { wy[face.face] };
        let outward = water.wide() * face.outward;
        let keep = if outward > 0.0 {
            // the depths from which the stage started; those of the second were overwritten in place
            let depth = if stage == Stage::Second { flow.next[at] } else { state.depth[at] };
            kept_share(depth, outflow(wx[at], wx[at + 1], wy[at], wy[at + stride]), pace)
        } else {
            R::of(1.0)
        };
        let passed = water * keep;
        let volume = passed.wide().abs() * size * dt * weight;
        if outward > 0.0 {
            state.ledger.boundary_out[face.boundary] += volume;
        } else {
            state.ledger.boundary_in[face.boundary] += volume;
        }
        // faces of cells were counted with them, those of walls were not
        if face.outward > 0.0 {
            let column = if face.along_row { &mut flow.passed_x } else { &mut flow.passed_y };
            let before = if stage == Stage::Second { column[face.face] } else { R::of(0.0) };
            column[face.face] = before + passed * R::of(weight);
        }
    }
}

fn cells<R: Real>(params: &Params<R>, state: &mut State<R>, supply: &Supply<'_, R>, stage: Stage) {
    let grid = params.grid;
    let (stride, length, across) = (grid.stride(), params.block_length(), grid.tiles_across());
    let o = params.options;
    let count = grid.blocks();
    let Flow::Shock(flow) = &mut state.flow else { return };
    let ShockFlow { next, now, half, change, x, y, passed_x, passed_y } = &mut **flow;
    let (x, y) = (&*x, &*y);
    // from where the stage starts, and into what it goes
    let second = stage == Stage::Second;
    let (from_depth, from, into_depth, into): (&[R], &Motion<R>, &mut [R], &mut Motion<R>) =
        if second { (next, half, &mut state.depth, now) } else { (&state.depth, now, next, half) };
    let (pace, dry) = (R::of(supply.dt / grid.size), R::of(o.dry_depth));
    let (gravity, dt) = (R::of(o.gravity), R::of(supply.dt));
    let (spans, awake) = (&state.tiles.spans, &state.tiles.awake);
    let mut items = Vec::with_capacity(count);
    {
        let mut parts = [
            into_depth,
            &mut state.lost[..],
            &mut into.mx,
            &mut into.my,
            &mut into.u,
            &mut into.v,
            change,
            passed_x,
            passed_y,
        ]
        .map(|column| blocks::cut(column, length, count).into_iter());
        let others = state.tiles.wet.chunks_mut(across).zip(blocks::cut(&mut state.memory, length, count));
        for (block, ((wet, memory), sum)) in others.zip(&mut state.sums).enumerate() {
            let mut next = |i: usize| parts[i].next().unwrap_or_default();
            let (depth, lost) = (next(0), next(1));
            let motion = [next(2), next(3), next(4), next(5)];
            let (change, passed) = (next(6), [next(7), next(8)]);
            if spans[block].is_empty() {
                *sum = BlockSum::default();
                continue;
            }
            items.push(CellBlock { block, depth, lost, motion, change, passed, wet, memory, sum });
        }
    }
    let keep = |keep: &mut [R], row: usize, place: usize| {
        let (at, n) = (row * stride + place, keep.len());
        let (water, across) = (&y.water, &x.water[at..at + n + 1]);
        keep_row(
            keep,
            &from_depth[at..at + n],
            across,
            &water[at..at + n],
            &water[at + stride..at + stride + n],
            pace,
        );
        for ghost in params.ghosts_in(at, at + n) {
            keep[*ghost as usize - at] = R::of(1.0);
        }
    };
    let half_of = R::of(0.5);
    let work = |rows: &mut Rows<R>, item: CellBlock<'_, R>| {
        let (offset, block_rows) = (item.block * length, grid.block_rows(item.block));
        let Rows { keep: [above, here, below], east_west, north, south, change, gain, rough, .. } = rows;
        let Rows { east_west_along, north_along, south_along, mx, my, peak, speed, .. } = rows;
        let [into_mx, into_my, into_u, into_v] = item.motion;
        let [passed_x, passed_y] = item.passed;
        gain.fill(R::of(0.0));
        peak.fill(R::of(0.0));
        speed.fill(R::of(0.0));
        *item.sum = BlockSum::default();
        for span in &spans[item.block] {
            let (n, place) = (span.len(), span.start - 1);
            let wet = |row: usize| {
                let start = row * stride + span.start;
                wet_range(&from_depth[start..start + n], dry)
            };
            let mut wet_rows = [wet(block_rows.start - 1), wet(block_rows.start), 0..0];
            keep(&mut above[..n + 2], block_rows.start - 1, place);
            keep(&mut here[..n + 2], block_rows.start, place);
            let at = block_rows.start * stride + span.start;
            limit_row(&mut north[..n], &y.water[at..at + n], &above[1..], &here[1..]);
            along_row(
                &mut north_along[..n],
                &y.along[at..at + n],
                &y.water[at..at + n],
                &above[1..],
                &here[1..],
            );
            for row in block_rows.clone() {
                let start = row * stride + span.start;
                let (run, faces) = (start..start + n, start..start + n + 1);
                let local = start - offset..start - offset + n;
                keep(&mut below[..n + 2], row + 1, place);
                let beneath = start + stride..start + stride + n;
                let water = &y.water[beneath.clone()];
                limit_row(&mut south[..n], water, &here[1..], &below[1..]);
                let along = &y.along[beneath.clone()];
                along_row(&mut south_along[..n], along, water, &here[1..], &below[1..]);
                let water = &x.water[faces.clone()];
                limit_row(&mut east_west[..n + 1], water, here, &here[1..]);
                along_row(&mut east_west_along[..n + 1], &x.along[faces], water, here, &here[1..]);
                let change = &mut change[..n];
                change_row(change, east_west, north, south, pace);

                let depth = &from_depth[run.clone()];
                for (rough, friction) in rough.iter_mut().zip(params.friction.run(start, span.start, n)) {
                    *rough = *friction * dt;
                }
                if let Some(thin) = &o.thin_roughness {
                    for i in 0..n {
                        rough[i] = rough[i] * thin_factor(thin, depth[i] + change[i]);
                    }
                }
                // momentum moves in wet cells and to their neighbours
                wet_rows[2] = wet(row + 1);
                let wet_here = hull(&hull(&wet_rows[0], &wet_rows[1]), &wet_rows[2]);
                let moved = if wet_here.is_empty() {
                    0..0
                } else {
                    wet_here.start.saturating_sub(1)..(wet_here.end + 1).min(n)
                };
                wet_rows.rotate_left(1);
                let cut = |column: &'_ [R], from: usize| -> Range<usize> {
                    debug_assert!(from + moved.end <= column.len());
                    from + moved.start..from + moved.end
                };
                let push = Push {
                    west: &x.right[cut(&x.right, start)],
                    east: &x.left[cut(&x.left, start + 1)],
                    north: &y.right[cut(&y.right, start)],
                    south: &y.left[cut(&y.left, beneath.start)],
                    east_west_along: &east_west_along[moved.start..moved.end + 1],
                    north_along: &north_along[moved.clone()],
                    south_along: &south_along[moved.clone()],
                };
                let (mx, my) = (&mut mx[..n], &mut my[..n]);
                for column in [&mut *mx, &mut *my] {
                    column[..moved.start].fill(R::of(0.0));
                    column[moved.end..].fill(R::of(0.0));
                }
                momentum_row(
                    &mut mx[moved.clone()],
                    &mut my[moved.clone()],
                    &depth[moved.clone()],
                    &change[moved.clone()],
                    &[&from.mx[cut(&from.mx, start)], &from.my[cut(&from.my, start)]],
                    &push,
                    &rough[moved.clone()],
                    pace,
                    dry,
                );
                let (into_x, into_y) = (&mut into_mx[local.clone()], &mut into_my[local.clone()]);
                let before = &mut item.change[local.clone()];
                let (share, kept) = match stage {
                    Stage::First => (R::of(1.0), R::of(0.0)),
                    Stage::Predict => (half_of, R::of(0.0)),
                    Stage::Second => (half_of, R::of(1.0)),
                };
                if second {
                    mean_row(change, before);
                    mean_row(into_x, mx);
                    mean_row(into_y, my);
                } else {
                    before.copy_from_slice(change);
                    into_x.copy_from_slice(mx);
                    into_y.copy_from_slice(my);
                }
                // only lines ask for it
                if !params.lines.is_empty() {
                    passed_row(&mut passed_x[local.clone()], east_west, share, kept);
                    passed_row(&mut passed_y[local.clone()], north, share, kept);
                }

                let (depths, lost) = (&mut item.depth[local.clone()], &mut *item.lost);
                if stage == Stage::Predict {
                    change_depth(depths, depth, change);
                    for ghost in params.ghosts_in(start, start + n) {
                        depths[*ghost as usize - start] = R::of(0.0);
                    }
                } else {
                    let gain = &mut gain[..n];
                    supply.rain_on(gain, start, span.start);
                    let lost = if R::COMPENSATED { &mut lost[local.clone()] } else { &mut [][..] };
                    // in place for the second stage, whose mean starts from the depths of the step
                    let before: &[R] = if second {
                        east_west[..n].copy_from_slice(depths);
                        &east_west[..n]
                    } else {
                        depth
                    };
                    add_row(depths, lost, before, change, gain);
                    let memory =
                        if item.memory.is_empty() { &mut [][..] } else { &mut item.memory[local.clone()] };
                    let soaks = !memory.is_empty();
                    if soaks {
                        mx.copy_from_slice(depths);
                    }
                    item.sum.infiltrated += supply.settle(depths, lost, memory, start);
                    if soaks {
                        leave_row(into_x, into_y, mx, depths);
                    }
                }
                velocity_row(
                    into_x,
                    into_y,
                    &mut into_u[local.clone()],
                    &mut into_v[local.clone()],
                    &mut speed[span.clone()],
                    depths,
                    dry,
                    gravity,
                );
                peak_row(&mut peak[span.clone()], depths);
                std::mem::swap(north, south);
                std::mem::swap(north_along, south_along);
                std::mem::swap(above, here);
                std::mem::swap(here, below);
            }
        }
        let row_of = |row: usize| row * stride - offset;
        for tile in (0..across).filter(|tile| awake[item.block * across + tile]) {
            let columns = grid.tile_columns(tile);
            let of_row = |row: usize| &item.depth[row_of(row) + columns.start..row_of(row) + columns.end];
            let (first, last) = (of_row(block_rows.start), of_row(block_rows.end - 1));
            item.wet[tile] = wet_flags(&peak[columns.clone()], first, last, dry);
        }
        item.sum.peak = greatest(&speed[PAD..]).wide();
    };
    blocks::for_each(items, params.options.parallel, state.tiles.cells, || Rows::new(stride), work);
    if stage == Stage::Predict {
        // water may have come to the edge of a sleeping tile
        let awake = state.tiles.awake.clone();
        state.tiles.wake(&params.grid, |tile| awake[tile]);
    }
}
