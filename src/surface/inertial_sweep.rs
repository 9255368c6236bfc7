//! A step with the local inertial law: all faces first, then all cells.

use crate::num::real::Real;

use super::blocks;
use super::boundary::{Face, Kind, critical_discharge, normal_discharge};
use super::forcing::Forcing;
use super::grid::PAD;
use super::inertial::{Inertial, discharge};
use super::limit::{keep_row, kept_share, limit_row, outflow};
use super::params::{Law, Params, ThinRoughness};
use super::state::{Flow, State};
use super::supply::{BlockSum, Supply, add_row, greatest, peak_row, wet_flags};
use super::wide::vectorised;

/// Unit discharges of all faces (m²/s), positive to the east and to the south. A cell's western face stands in `qx`, its
/// northern one in `qy`, at the place of the cell.
#[derive(Clone, Debug)]
pub(crate) struct InertialFlow<R> {
    /// What passed the western faces in the last step.
    pub qx: Vec<R>,
    /// What passed the northern faces in the last step.
    pub qy: Vec<R>,
    /// What the law wants to pass, before cells limit it.
    wanted_x: Vec<R>,
    wanted_y: Vec<R>,
}

impl<R: Real> InertialFlow<R> {
    pub fn new(length: usize) -> Self {
        let column = || vec![R::of(0.0); length];
        Self { qx: column(), qy: column(), wanted_x: column(), wanted_y: column() }
    }

    /// Stills the faces of a run of cells.
    pub fn still(&mut self, cells: std::ops::Range<usize>) {
        for column in [&mut self.qx, &mut self.qy, &mut self.wanted_x, &mut self.wanted_y] {
            column[cells.clone()].fill(R::of(0.0));
        }
    }
}

/// The faces of one block.
struct FaceBlock<'a, R> {
    block: usize,
    x: &'a mut [R],
    y: &'a mut [R],
}

/// The cells of one block.
struct CellBlock<'a, R> {
    block: usize,
    next: &'a mut [R],
    lost: &'a mut [R],
    qx: &'a mut [R],
    qy: &'a mut [R],
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
    friction: Vec<R>,
}

impl<R: Real> Rows<R> {
    fn new(length: usize) -> Self {
        let row = || vec![R::of(0.0); length];
        Self {
            keep: [row(), row(), row()],
            x: row(),
            north: row(),
            south: row(),
            change: row(),
            gain: row(),
            peak: row(),
            friction: row(),
        }
    }
}

/// One run of faces: discharges of the neighbours before, of the faces and of the neighbours after, and of the four faces
/// of the other axis around each; depths, beds and g n² on both sides.
struct FaceRun<'a, R> {
    q: [&'a [R]; 3],
    along: [&'a [R]; 4],
    depth: [&'a [R]; 2],
    bed: [&'a [R]; 2],
    friction: [&'a [R]; 2],
}

vectorised! {
/// The discharges of a run of faces.
fn face_row<R: Real>(out: &mut [R], law: &Inertial<R>, run: &FaceRun<'_, R>) {
    let n = out.len();
    let (before, own, after) = (&run.q[0][..n], &run.q[1][..n], &run.q[2][..n]);
    let (left, right) = (&run.depth[0][..n], &run.depth[1][..n]);
    let (bed_left, bed_right) = (&run.bed[0][..n], &run.bed[1][..n]);
    let (rough_left, rough_right) = (&run.friction[0][..n], &run.friction[1][..n]);
    let [a, b, c, d] = run.along;
    let (a, b, c, d) = (&a[..n], &b[..n], &c[..n], &d[..n]);
    let (half, quarter) = (R::of(0.5), R::of(0.25));
    for i in 0..n {
        let along = quarter * ((a[i] + b[i]) + (c[i] + d[i]));
        let rise = bed_right[i] - bed_left[i];
        let friction = half * (rough_left[i] + rough_right[i]);
        out[i] = discharge(law, [before[i], own[i], after[i]], along, [left[i], right[i]], rise, friction);
    }
}
}

/// Multiplies g n² by the square of the factor of thin water.
fn thicken<R: Real>(thin: &ThinRoughness, friction: &mut [R], left: &[R], right: &[R]) {
    for (i, friction) in friction.iter_mut().enumerate() {
        *friction = *friction * thin_factor(thin, left[i].larger(right[i]));
    }
}

/// The square of the factor on Manning's n at a depth (m).
pub(crate) fn thin_factor<R: Real>(thin: &ThinRoughness, depth: R) -> R {
    let position = (depth - R::of(thin.thin)) * R::of(1.0 / (thin.deep - thin.thin));
    let deep = position.larger(R::of(0.0)).smaller(R::of(1.0));
    let factor = R::of(thin.factor) + deep * R::of(1.0 - thin.factor);
    factor * factor
}

/// The law with the numbers of a step.
fn law_of<R: Real, S: Real>(params: &Params<R>, dt: f64) -> Inertial<S> {
    let Law::Inertial { own_weight, froude_limit } = params.options.law else {
        return law_with(params, dt, 1.0, None);
    };
    law_with(params, dt, own_weight, froude_limit)
}

fn law_with<R: Real, S: Real>(params: &Params<R>, dt: f64, own: f64, froude: Option<f64>) -> Inertial<S> {
    let o = &params.options;
    Inertial {
        drive: S::of(o.gravity * dt / params.grid.size),
        dt: S::of(dt),
        side: S::of(0.5 * (1.0 - own) * o.gravity.sqrt() * dt / params.grid.size),
        fastest: S::of(froude.map_or(1.0e12, |froude| froude * o.gravity.sqrt())),
        dry: S::of(o.dry_depth),
    }
}

/// Faces, boundaries, cells; leaves the depths at the end of the step in `next`.
pub(crate) fn sweep<R: Real>(
    params: &Params<R>,
    state: &mut State<R>,
    forcing: &Forcing,
    supply: &Supply<'_, R>,
) {
    faces(params, state, supply.dt);
    open_faces(params, state, forcing, supply.dt);
    cells(params, state, supply);
    book_open_faces(params, state, supply.dt);
}

fn faces<R: Real>(params: &Params<R>, state: &mut State<R>, dt: f64) {
    let grid = params.grid;
    let (stride, length) = (grid.stride(), params.block_length());
    let law: Inertial<R> = law_of(params, dt);
    let Flow::Inertial(flow) = &mut state.flow else { return };
    let (qx, qy, depth, bed) = (&flow.qx[..], &flow.qy[..], &state.depth[..], &params.bed[..]);
    let (tiles, thin) = (&state.tiles, params.options.thin_roughness);
    let items: Vec<FaceBlock<'_, R>> = blocks::cut(&mut flow.wanted_x, length, grid.blocks())
        .into_iter()
        .zip(blocks::cut(&mut flow.wanted_y, length, grid.blocks()))
        .enumerate()
        .map(|(block, (x, y))| FaceBlock { block, x, y })
        .filter(|item| !tiles.spans[item.block].is_empty())
        .collect();
    let work = |rows: &mut Rows<R>, item: FaceBlock<'_, R>| {
        let offset = item.block * length;
        for row in grid.block_rows(item.block) {
            for span in &tiles.spans[item.block] {
                let (start, n) = (row * stride + span.start, span.len());
                let run = |column: &'_ [R], at: usize| -> (usize, usize) {
                    debug_assert!(at + n <= column.len());
                    (at, at + n)
                };
                let cut = |column| {
                    let (from, to) = run(column, start);
                    &column[from..to]
                };
                for (out, q, other, step) in [(&mut *item.x, qx, qy, 1), (&mut *item.y, qy, qx, stride)] {
                    // one step along the face
                    let aside = stride + 1 - step;
                    let back = start - step;
                    let place = if step == 1 { span.start - 1 } else { span.start };
                    let mut faces = FaceRun {
                        q: [&q[back..back + n], &q[start..start + n], &q[start + step..start + step + n]],
                        along: [
                            &other[back..back + n],
                            cut(other),
                            &other[back + aside..back + aside + n],
                            &other[start + aside..start + aside + n],
                        ],
                        depth: [&depth[back..back + n], cut(depth)],
                        bed: [&bed[back..back + n], cut(bed)],
                        friction: [
                            params.friction.run(back, place, n),
                            params.friction.run(start, span.start, n),
                        ],
                    };
                    let out = &mut out[start - offset..start - offset + n];
                    if let Some(thin) = &thin {
                        let friction = &mut rows.friction[..n];
                        for (i, value) in friction.iter_mut().enumerate() {
                            *value = R::of(0.5) * (faces.friction[0][i] + faces.friction[1][i]);
                        }
                        thicken(thin, friction, faces.depth[0], faces.depth[1]);
                        faces.friction = [friction, friction];
                        face_row(out, &law, &faces);
                    } else {
                        face_row(out, &law, &faces);
                    }
                }
            }
        }
    };
    blocks::for_each(items, params.options.parallel, tiles.cells, || Rows::new(stride), work);
}

/// What the open face wants to pass outwards (m²/s).
fn wanted<R: Real>(
    params: &Params<R>,
    state: &State<R>,
    flow: &InertialFlow<R>,
    forcing: &Forcing,
    face: &Face,
    dt: f64,
) -> f64 {
    let o = &params.options;
    let depth = state.depth[face.cell].wide();
    let mut friction = params.friction.get(face.cell).wide();
    if let Some(thin) = &o.thin_roughness {
        friction *= thin_factor(thin, depth);
    }
    let (q, step) = if face.along_row { (&flow.qx, 1) } else { (&flow.qy, params.grid.stride()) };
    let inner = if face.outward > 0.0 { face.face - step } else { face.face + step };
    let (inner, own) = (q[inner].wide() * face.outward, q[face.face].wide() * face.outward);
    match params.kinds[face.boundary] {
        Kind::Free if depth > o.dry_depth => critical_discharge(o.gravity, depth).max(inner),
        Kind::NormalDepth { slope } if depth > o.dry_depth => {
            normal_discharge(o.gravity, friction, depth, slope)
        }
        Kind::Free | Kind::NormalDepth { .. } => 0.0,
        Kind::Stage => {
            let Some(stage) = forcing.stage.get(face.boundary) else { return 0.0 };
            let beyond = (stage - params.datum - params.bed[face.cell].wide()).max(0.0);
            let mut law: Inertial<f64> = law_of(params, dt);
            // the level holds on the edge, half a cell away
            law.drive *= 2.0;
            discharge(&law, [inner, own, own], 0.0, [depth, beyond], 0.0, friction)
        }
    }
}

fn open_faces<R: Real>(params: &Params<R>, state: &mut State<R>, forcing: &Forcing, dt: f64) {
    if params.faces.is_empty() {
        return;
    }
    let Flow::Inertial(flow) = &state.flow else { return };
    let wants: Vec<f64> =
        params.faces.iter().map(|face| wanted(params, state, flow, forcing, face, dt)).collect();
    let Flow::Inertial(flow) = &mut state.flow else { return };
    for (face, q) in params.faces.iter().zip(wants) {
        let column = if face.along_row { &mut flow.wanted_x } else { &mut flow.wanted_y };
        column[face.face] = R::of(q * face.outward);
    }
}

/// Books what the open faces passed, and lets the next step see it.
fn book_open_faces<R: Real>(params: &Params<R>, state: &mut State<R>, dt: f64) {
    let (size, stride) = (params.grid.size, params.grid.stride());
    let pace = R::of(dt / size);
    let Flow::Inertial(flow) = &mut state.flow else { return };
    for face in &params.faces {
        let (wx, wy, at) = (&flow.wanted_x, &flow.wanted_y, face.cell);
        let wanted = if face.along_row { wx[face.face] } else { wy[face.face] };
        let outward = wanted.wide() * face.outward;
        let keep = if outward > 0.0 {
            kept_share(state.depth[at], outflow(wx[at], wx[at + 1], wy[at], wy[at + stride]), pace)
        } else {
            R::of(1.0)
        };
        let passed = wanted * keep;
        let volume = passed.wide().abs() * size * dt;
        if outward > 0.0 {
            state.ledger.boundary_out[face.boundary] += volume;
        } else {
            state.ledger.boundary_in[face.boundary] += volume;
        }
        let column = if face.along_row { &mut flow.qx } else { &mut flow.qy };
        column[face.face] = passed;
    }
}

fn cells<R: Real>(params: &Params<R>, state: &mut State<R>, supply: &Supply<'_, R>) {
    let grid = params.grid;
    let (stride, length, across) = (grid.stride(), params.block_length(), grid.tiles_across());
    let Flow::Inertial(flow) = &mut state.flow else { return };
    let (wx, wy, depth) = (&flow.wanted_x[..], &flow.wanted_y[..], &state.depth[..]);
    let (pace, dry) = (R::of(supply.dt / grid.size), R::of(params.options.dry_depth));
    let spans = &state.tiles.spans;
    let awake = &state.tiles.awake;
    let count = grid.blocks();
    let items: Vec<CellBlock<'_, R>> = blocks::cut(&mut state.next, length, count)
        .into_iter()
        .zip(blocks::cut(&mut state.lost, length, count))
        .zip(blocks::cut(&mut flow.qx, length, count))
        .zip(blocks::cut(&mut flow.qy, length, count))
        .zip(state.tiles.wet.chunks_mut(across))
        .zip(blocks::cut(&mut state.memory, length, count))
        .zip(&mut state.sums)
        .enumerate()
        .map(|(block, ((((((next, lost), qx), qy), wet), memory), sum))| {
            *sum = BlockSum::default();
            CellBlock { block, next, lost, qx, qy, wet, memory, sum }
        })
        .filter(|item| !spans[item.block].is_empty())
        .collect();
    // the share that each cell of a run keeps, with a neighbour on either side
    let keep = |keep: &mut [R], row: usize, from: usize| {
        let (at, n) = (row * stride + from, keep.len());
        let (depth, x) = (&depth[at..at + n], &wx[at..at + n + 1]);
        keep_row(keep, depth, x, &wy[at..at + n], &wy[at + stride..at + stride + n], pace);
        for ghost in params.ghosts_in(at, at + n) {
            keep[*ghost as usize - at] = R::of(1.0);
        }
    };
    let work = |rows: &mut Rows<R>, item: CellBlock<'_, R>| {
        let (offset, block_rows) = (item.block * length, grid.block_rows(item.block));
        let Rows { keep: [above, here, below], x, north, south, change, gain, peak, .. } = rows;
        gain.fill(R::of(0.0));
        peak.fill(R::of(0.0));
        for span in &spans[item.block] {
            let (n, from) = (span.len(), span.start - 1);
            keep(&mut above[..n + 2], block_rows.start - 1, from);
            keep(&mut here[..n + 2], block_rows.start, from);
            let at = block_rows.start * stride + span.start;
            limit_row(&mut north[..n], &wy[at..at + n], &above[1..], &here[1..]);
            for row in block_rows.clone() {
                let start = row * stride + span.start;
                let local = start - offset..start - offset + n;
                keep(&mut below[..n + 2], row + 1, from);
                let beneath = start + stride;
                limit_row(&mut south[..n], &wy[beneath..beneath + n], &here[1..], &below[1..]);
                limit_row(&mut x[..n + 1], &wx[start..start + n + 1], here, &here[1..]);
                let (change, gain) = (&mut change[..n], &mut gain[..n]);
                spread(change, x, north, south, pace);
                supply.rain_on(gain, start, span.start);
                item.qx[local.clone()].copy_from_slice(&x[..n]);
                item.qy[local.clone()].copy_from_slice(&north[..n]);
                let next = &mut item.next[local.clone()];
                let lost = if R::COMPENSATED { &mut item.lost[local.clone()] } else { &mut [][..] };
                add_row(next, lost, &depth[start..start + n], change, gain);
                let memory =
                    if item.memory.is_empty() { &mut [][..] } else { &mut item.memory[local.clone()] };
                item.sum.infiltrated += supply.settle(next, lost, memory, start);
                peak_row(&mut peak[span.clone()], next);
                std::mem::swap(north, south);
                std::mem::swap(above, here);
                std::mem::swap(here, below);
            }
        }
        let row_of = |row: usize| row * stride - offset;
        for tile in (0..across).filter(|tile| awake[item.block * across + tile]) {
            let columns = grid.tile_columns(tile);
            let of_row = |row: usize| &item.next[row_of(row) + columns.start..row_of(row) + columns.end];
            item.wet[tile] =
                wet_flags(&peak[columns.clone()], of_row(block_rows.start), of_row(block_rows.end - 1), dry);
        }
        item.sum.peak = greatest(&peak[PAD..]).wide();
    };
    blocks::for_each(items, params.options.parallel, state.tiles.cells, || Rows::new(stride), work);
}

vectorised! {
/// Depth that flows into each cell of a run over a step (m).
fn spread<R: Real>(change: &mut [R], x: &[R], north: &[R], south: &[R], pace: R) {
    let n = change.len();
    let (west, east, north, south) = (&x[..n], &x[1..n + 1], &north[..n], &south[..n]);
    for i in 0..n {
        change[i] = pace * ((west[i] - east[i]) + (north[i] - south[i]));
    }
}
}
