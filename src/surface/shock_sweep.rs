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
use super::params::{Law, Params, WALL};
use super::shock::{Flux, Shock, Water, flux, friction, half_slope};
use super::state::{Flow, State};
use super::supply::{BlockSum, Supply, add_row, greatest, peak_row, wet_flags};

/// What passes the faces of one axis; a cell's western or northern face stands at the place of the cell.
#[derive(Clone, Debug)]
pub(crate) struct Fluxes<R> {
    water: Vec<R>,
    left: Vec<R>,
    right: Vec<R>,
    along: Vec<R>,
}

/// Momentum and velocity of all cells.
#[derive(Clone, Debug)]
pub(crate) struct Motion<R> {
    /// Unit discharge to the east (m²/s).
    pub mx: Vec<R>,
    /// Unit discharge to the south (m²/s).
    pub my: Vec<R>,
    /// Velocity to the east (m/s).
    pub u: Vec<R>,
    /// Velocity to the south (m/s).
    pub v: Vec<R>,
}

/// What the law keeps from step to step and within one.
#[derive(Clone, Debug)]
pub(crate) struct ShockFlow<R> {
    /// At the start of the step.
    pub now: Motion<R>,
    /// After the first stage.
    half: Motion<R>,
    /// Change of depth over the first stage (m).
    change: Vec<R>,
    x: Fluxes<R>,
    y: Fluxes<R>,
    /// Water that passed the faces over the step, the mean of its stages (m²/s).
    pub passed_x: Vec<R>,
    pub passed_y: Vec<R>,
}

fn column<R: Real>(length: usize) -> Vec<R> {
    vec![R::of(0.0); length]
}

impl<R: Real> Fluxes<R> {
    fn new(length: usize) -> Self {
        Self { water: column(length), left: column(length), right: column(length), along: column(length) }
    }
}

impl<R: Real> Motion<R> {
    fn new(length: usize) -> Self {
        Self { mx: column(length), my: column(length), u: column(length), v: column(length) }
    }
}

impl<R: Real> ShockFlow<R> {
    pub fn new(length: usize) -> Self {
        Self {
            now: Motion::new(length),
            half: Motion::new(length),
            change: column(length),
            x: Fluxes::new(length),
            y: Fluxes::new(length),
            passed_x: column(length),
            passed_y: column(length),
        }
    }

    /// Stills a run of cells.
    pub fn still(&mut self, cells: Range<usize>) {
        let motions = [&mut self.now, &mut self.half].into_iter();
        let fluxes = [&mut self.x, &mut self.y].into_iter();
        motions
            .flat_map(|m| [&mut m.mx, &mut m.my, &mut m.u, &mut m.v])
            .chain(fluxes.flat_map(|f| [&mut f.water, &mut f.left, &mut f.right, &mut f.along]))
            .chain([&mut self.passed_x, &mut self.passed_y, &mut self.change])
            .for_each(|column| column[cells.clone()].fill(R::of(0.0)));
    }

    /// Velocity of a cell whose depth was changed from outside, which leaves its momentum alone unless it is dry now.
    pub fn refresh(&mut self, at: usize, depth: R, dry: R) {
        let m = &mut self.now;
        (m.mx[at], m.my[at], m.u[at], m.v[at]) = moving(m.mx[at], m.my[at], depth, dry);
    }
}

/// Momentum and velocity of a cell, none where it is dry.
#[inline(always)]
fn moving<R: Real>(mx: R, my: R, depth: R, dry: R) -> (R, R, R, R) {
    let none = R::of(0.0);
    if depth > dry { (mx, my, mx / depth, my / depth) } else { (none, none, none, none) }
}

/// The faces of one block.
struct FaceBlock<'a, R> {
    block: usize,
    x: [&'a mut [R]; 4],
    y: [&'a mut [R]; 4],
}

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
    x: Vec<R>,
    north: Vec<R>,
    south: Vec<R>,
    change: Vec<R>,
    gain: Vec<R>,
    peak: Vec<R>,
    speed: Vec<R>,
}

impl<R: Real> Rows<R> {
    fn new(length: usize) -> Self {
        Self {
            keep: [column(length), column(length), column(length)],
            x: column(length),
            north: column(length),
            south: column(length),
            change: column(length),
            gain: column(length),
            peak: column(length),
            speed: column(length),
        }
    }
}

/// One step; leaves the depths at its end in `next`.
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
        // the second stage went from `next` into `depth`
        std::mem::swap(&mut state.depth, &mut state.next);
    } else {
        cells(params, state, supply, Stage::First);
        book_open_faces(params, state, supply.dt, 1.0, Stage::First);
        let Flow::Shock(flow) = &mut state.flow else { return };
        let ShockFlow { now, half, .. } = &mut **flow;
        std::mem::swap(now, half);
    }
}

/// The stages of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The only one of first order: from `depth` and `now` into `next` and `half`.
    First,
    /// The first of two: the same, without rain and soil.
    Predict,
    /// The second of two: from `next` and `half` into the mean with `depth` and `now`.
    Second,
}

/// The four cells across a face, two on either side.
struct Across<'a, R> {
    depth: &'a [R],
    bed: &'a [R],
    normal: &'a [R],
    along: &'a [R],
}

/// Flux through the face between `at - step` and `at`.
#[inline(always)]
fn face<R: Real>(law: &Shock<R>, cells: &Across<'_, R>, at: usize, step: usize, second: bool) -> Flux<R> {
    let (l, r) = (at - step, at);
    let (h_l, h_r) = (cells.depth[l], cells.depth[r]);
    let rise = cells.bed[r] - cells.bed[l];
    let level_rise = rise + (h_r - h_l);
    let mut left = Water { depth: h_l, normal: cells.normal[l], along: cells.along[l] };
    let mut right = Water { depth: h_r, normal: cells.normal[r], along: cells.along[r] };
    if !second {
        return flux(law, left, right, rise, level_rise);
    }
    let zero = R::of(0.0);
    let (ll, rr) = (l - step, r + step);
    let wall = R::of(0.5 * WALL);
    let open = (cells.bed[l] < wall) & (cells.bed[r] < wall);
    let sloped_left = open & (h_l > law.dry) & (cells.bed[ll] < wall);
    let sloped_right = open & (h_r > law.dry) & (cells.bed[rr] < wall);
    let change = |column: &[R], a: usize, b: usize| column[b] - column[a];
    let level = |a: usize, b: usize| change(cells.bed, a, b) + change(cells.depth, a, b);
    let slope = |on: bool, before: R, after: R| if on { half_slope(before, after) } else { zero };
    let bounded = |slope: R, depth: R| slope.larger(-depth).smaller(depth);

    let up_left = slope(sloped_left, level(ll, l), level_rise);
    let up_right = slope(sloped_right, level_rise, level(r, rr));
    let (dh_ll, dh, dh_rr) =
        (change(cells.depth, ll, l), change(cells.depth, l, r), change(cells.depth, r, rr));
    left.depth = h_l + bounded(slope(sloped_left, dh_ll, dh), h_l);
    right.depth = h_r - bounded(slope(sloped_right, dh, dh_rr), h_r);
    let (du_ll, du, du_rr) =
        (change(cells.normal, ll, l), change(cells.normal, l, r), change(cells.normal, r, rr));
    left.normal += slope(sloped_left, du_ll, du);
    right.normal = right.normal - slope(sloped_right, du, du_rr);
    let (dv_ll, dv, dv_rr) =
        (change(cells.along, ll, l), change(cells.along, l, r), change(cells.along, r, rr));
    left.along += slope(sloped_left, dv_ll, dv);
    right.along = right.along - slope(sloped_right, dv, dv_rr);

    let level_jump = level_rise - (up_left + up_right);
    let bed_jump = level_jump - (right.depth - left.depth);
    let mut passed = flux(law, left, right, bed_jump, level_jump);
    // the slope of the level within the cells pushes them
    passed.left += law.gravity * h_l * up_left;
    passed.right = passed.right - law.gravity * h_r * up_right;
    passed
}

fn faces<R: Real>(params: &Params<R>, state: &mut State<R>, second: bool, stage: Stage) {
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
    let last_spans = &spans[(last_row - 1) / super::grid::BLOCK];
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
        items.push(FaceBlock { block, x, y });
    }
    let work = |(): &mut (), item: FaceBlock<'_, R>| {
        let offset = item.block * length;
        let FaceBlock { x: [xw, xl, xr, xa], y: [yw, yl, yr, ya], block } = item;
        let mut rows = grid.block_rows(block);
        let has_last = last_row / super::grid::BLOCK == block;
        if has_last {
            rows.end = last_row + 1;
            rows.start = rows.start.min(last_row);
        }
        for row in rows {
            let beneath = row == last_row;
            for span in if beneath { last_spans } else { &spans[block] } {
                let start = row * stride;
                if !beneath {
                    // the face after the run too: it may be a wall
                    for at in start + span.start..start + span.end + 1 {
                        let f = face(&law, &across_x, at, 1, second);
                        let i = at - offset;
                        (xw[i], xl[i], xr[i], xa[i]) = (f.water, f.left, f.right, f.along);
                    }
                }
                for at in start + span.start..start + span.end {
                    let f = face(&law, &across_y, at, stride, second);
                    let i = at - offset;
                    (yw[i], yl[i], yr[i], ya[i]) = (f.water, f.left, f.right, f.along);
                }
            }
        }
    };
    blocks::for_each(items, params.options.parallel, state.tiles.cells, || (), work);
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
    let depth = if stage == Stage::Second { &state.next } else { &state.depth };
    let ShockFlow { now, half, x, y, .. } = &mut **flow;
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
            let depth = if stage == Stage::Second { state.next[at] } else { state.depth[at] };
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
    let ShockFlow { now, half, change, x, y, passed_x, passed_y } = &mut **flow;
    let (x, y) = (&*x, &*y);
    // from where the stage starts, and into what it goes
    let second = stage == Stage::Second;
    let (from_depth, from, into_depth, into): (&[R], &Motion<R>, &mut [R], &mut Motion<R>) = if second {
        (&state.next, half, &mut state.depth, now)
    } else {
        (&state.depth, now, &mut state.next, half)
    };
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
        let Rows { keep: [above, here, below], x: east_west, north, south, change, gain, peak, speed } = rows;
        let [into_mx, into_my, into_u, into_v] = item.motion;
        let [passed_x, passed_y] = item.passed;
        gain.fill(R::of(0.0));
        peak.fill(R::of(0.0));
        speed.fill(R::of(0.0));
        *item.sum = BlockSum::default();
        for span in &spans[item.block] {
            let (n, place) = (span.len(), span.start - 1);
            keep(&mut above[..n + 2], block_rows.start - 1, place);
            keep(&mut here[..n + 2], block_rows.start, place);
            let at = block_rows.start * stride + span.start;
            limit_row(&mut north[..n], &y.water[at..at + n], &above[1..], &here[1..]);
            for row in block_rows.clone() {
                let start = row * stride + span.start;
                let local = start - offset..start - offset + n;
                keep(&mut below[..n + 2], row + 1, place);
                let beneath = start + stride;
                limit_row(&mut south[..n], &y.water[beneath..beneath + n], &here[1..], &below[1..]);
                limit_row(&mut east_west[..n + 1], &x.water[start..start + n + 1], here, &here[1..]);
                for i in 0..n {
                    let (at, j) = (start + i, local.start + i);
                    change[i] = pace * ((east_west[i] - east_west[i + 1]) + (north[i] - south[i]));
                    // depth and momentum at the end of the stage
                    let depth = (from_depth[at] + change[i]).larger(R::of(0.0));
                    let along = |f: &Fluxes<R>, at: usize, before: R, after: R| {
                        f.along[at] * source_share(f.water[at], before, after)
                    };
                    let west_along = along(x, at, here[i], here[i + 1]);
                    let east_along = along(x, at + 1, here[i + 1], here[i + 2]);
                    let north_along = along(y, at, above[i + 1], here[i + 1]);
                    let south_along = along(y, beneath + i, here[i + 1], below[i + 1]);
                    let mx =
                        from.mx[at] + pace * ((x.right[at] - x.left[at + 1]) + (north_along - south_along));
                    let my = from.my[at]
                        + pace * ((y.right[at] - y.left[beneath + i]) + (west_along - east_along));
                    let (mx, my) = if depth > dry {
                        let mut rough = *params.friction.get(at) * dt;
                        if let Some(thin) = &o.thin_roughness {
                            rough = rough * thin_factor(thin, depth);
                        }
                        let slower = friction(rough, depth, (mx * mx + my * my).root());
                        (mx * slower, my * slower)
                    } else {
                        (R::of(0.0), R::of(0.0))
                    };
                    if second {
                        change[i] = half_of * (change[i] + item.change[j]);
                        into_mx[j] = half_of * (into_mx[j] + mx);
                        into_my[j] = half_of * (into_my[j] + my);
                        passed_x[j] += half_of * east_west[i];
                        passed_y[j] += half_of * north[i];
                    } else {
                        let weight = if stage == Stage::Predict { half_of } else { R::of(1.0) };
                        (into_mx[j], into_my[j]) = (mx, my);
                        item.change[j] = change[i];
                        passed_x[j] = weight * east_west[i];
                        passed_y[j] = weight * north[i];
                    }
                }
                let (depths, lost) = (&mut item.depth[local.clone()], &mut *item.lost);
                if stage == Stage::Predict {
                    for i in 0..n {
                        depths[i] = (from_depth[start + i] + change[i]).larger(R::of(0.0));
                    }
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
                        &from_depth[start..start + n]
                    };
                    add_row(depths, lost, before, &change[..n], gain);
                    let memory =
                        if item.memory.is_empty() { &mut [][..] } else { &mut item.memory[local.clone()] };
                    item.sum.infiltrated += supply.settle(depths, lost, memory, start);
                }
                for (i, j) in local.clone().enumerate() {
                    let depth = depths[i];
                    (into_mx[j], into_my[j], into_u[j], into_v[j]) =
                        moving(into_mx[j], into_my[j], depth, dry);
                    if depth > dry {
                        let wave =
                            into_u[j].magnitude().larger(into_v[j].magnitude()) + (gravity * depth).root();
                        speed[span.start + i] = wave.larger(speed[span.start + i]);
                    }
                }
                peak_row(&mut peak[span.clone()], depths);
                std::mem::swap(north, south);
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

/// The share of the cell from which water comes.
#[inline(always)]
fn source_share<R: Real>(water: R, left: R, right: R) -> R {
    if water > R::of(0.0) { left } else { right }
}
