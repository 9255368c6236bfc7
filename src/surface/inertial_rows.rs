//! Rows of faces and of cells with the local inertial law: the loops in which a run spends its time.

use crate::num::real::Real;

use super::before::Past;
use super::inertial::{Inertial, advected, beside, discharge, face_friction, resistance};
use super::params::{Law, Params, ThinRoughness};
use super::wide::vectorised;

/// The law with the numbers of a step.
pub(crate) fn law_of<R: Real, S: Real>(params: &Params<R>, dt: f64) -> Inertial<S> {
    let o = &params.options;
    let (own, froude) = match o.law {
        Law::Inertial { own_weight, froude_limit } => (own_weight, froude_limit),
        Law::Shock { .. } => (1.0, None),
    };
    Inertial {
        drive: S::of(o.gravity * dt / params.grid.size),
        dt: S::of(dt),
        side: S::of(0.5 * (1.0 - own) * o.gravity.sqrt() * dt / params.grid.size),
        fastest: S::of(froude.map_or(1.0e12, |froude| froude * o.gravity.sqrt())),
        dry: S::of(o.dry_depth),
        pace: S::of(dt / params.grid.size),
    }
}

/// One run of faces: discharges of the neighbours before, of the faces and of the neighbours after, and of the four faces
/// of the other axis around each, those before it first and third; depths, beds and g n² on both sides.
pub(crate) struct FaceRun<'a, R> {
    pub q: [&'a [R]; 3],
    pub along: [&'a [R]; 4],
    pub depth: [&'a [R]; 2],
    pub bed: [&'a [R]; 2],
    pub friction: [&'a [R]; 2],
}

impl<'a, R: Real> FaceRun<'a, R> {
    /// The western faces of `n` cells from `start` of the columns on, which lies at `place` of its row, one place
    /// before a patch.
    #[inline(always)]
    pub fn western(
        params: &'a Params<R>,
        past: &'a Past<R>,
        row: usize,
        [start, place, n]: [usize; 3],
    ) -> Self {
        let (depth, qx) = (past.row(0, row), past.row(1, row));
        let (north, south) = (past.row(2, row), past.row(2, row + 1));
        let run = |row: &'a [R], at: usize| &row[at..at + n];
        Self {
            q: [run(qx, 0), run(qx, 1), run(qx, 2)],
            along: [run(north, 0), run(north, 1), run(south, 0), run(south, 1)],
            depth: [run(depth, 0), run(depth, 1)],
            bed: [run(&params.bed, start - 1), run(&params.bed, start)],
            friction: [params.friction.run(start - 1, place - 1, n), params.friction.run(start, place, n)],
        }
    }

    /// Their northern faces.
    #[inline(always)]
    pub fn northern(
        params: &'a Params<R>,
        past: &'a Past<R>,
        row: usize,
        [start, place, n]: [usize; 3],
    ) -> Self {
        let (above, stride) = (row - 1, params.grid.stride());
        let run = |row: &'a [R], at: usize| &row[at..at + n];
        let own = |column: usize, row: usize| run(past.row(column, row), 1);
        let (west_above, west) = (past.row(1, above), past.row(1, row));
        Self {
            q: [own(2, above), own(2, row), own(2, row + 1)],
            along: [run(west_above, 1), run(west, 1), run(west_above, 2), run(west, 2)],
            depth: [own(0, above), own(0, row)],
            bed: [run(&params.bed, start - stride), run(&params.bed, start)],
            friction: [params.friction.run(start - stride, place, n), params.friction.run(start, place, n)],
        }
    }
}

vectorised! {
/// The discharges of a run of faces; `k` is space for as many.
pub(crate) fn face_row<R: Real>(out: &mut [R], k: &mut [f32], law: &Inertial<R>, run: &FaceRun<'_, R>) {
    faces::<R, false>(out, k, law, run);
}
}

vectorised! {
/// [`face_row`] with the advection of momentum.
pub(crate) fn advected_row<R: Real>(out: &mut [R], k: &mut [f32], law: &Inertial<R>, run: &FaceRun<'_, R>) {
    faces::<R, true>(out, k, law, run);
}
}

#[inline(always)]
fn faces<R: Real, const ADVECTION: bool>(
    out: &mut [R],
    k: &mut [f32],
    law: &Inertial<R>,
    run: &FaceRun<'_, R>,
) {
    let n = out.len();
    let k = &mut k[..n];
    let (before, own, after) = (&run.q[0][..n], &run.q[1][..n], &run.q[2][..n]);
    let (left, right) = (&run.depth[0][..n], &run.depth[1][..n]);
    let (bed_left, bed_right) = (&run.bed[0][..n], &run.bed[1][..n]);
    let (rough_left, rough_right) = (&run.friction[0][..n], &run.friction[1][..n]);
    let [a, b, c, d] = run.along;
    let (a, b, c, d) = (&a[..n], &b[..n], &c[..n], &d[..n]);
    let half = R::of(0.5);
    // two loops, because one would be a long chain of operations that wait for each other
    for i in 0..n {
        let (ends, rise) = ([left[i], right[i]], bed_right[i] - bed_left[i]);
        let friction = face_friction([rough_left[i], rough_right[i]], ends, rise);
        k[i] = resistance(law, ends, rise, friction);
    }
    for i in 0..n {
        let (q, rise) = ([before[i], own[i], after[i]], bed_right[i] - bed_left[i]);
        let ends = [left[i], right[i]];
        let along = beside([half * (a[i] + c[i]), half * (b[i] + d[i])], ends);
        let away = if ADVECTION { advected(law, q, ends, rise) } else { R::of(0.0) };
        out[i] = discharge(law, q, along, ends, rise, (k[i], away));
    }
}

/// g n² of a run of faces, with the factor of thin water.
pub(crate) fn thicken<R: Real>(thin: &ThinRoughness, friction: &mut [R], run: &FaceRun<'_, R>) {
    for (i, friction) in friction.iter_mut().enumerate() {
        let (left, right) = (run.depth[0][i], run.depth[1][i]);
        let plain =
            face_friction(run.friction.map(|side| side[i]), [left, right], run.bed[1][i] - run.bed[0][i]);
        *friction = plain * thin_factor(thin, left.larger(right));
    }
}

/// The square of the factor on Manning's n at a depth (m).
pub(crate) fn thin_factor<R: Real>(thin: &ThinRoughness, depth: R) -> R {
    let position = (depth - R::of(thin.thin)) * R::of(1.0 / (thin.deep - thin.thin));
    let deep = position.larger(R::of(0.0)).smaller(R::of(1.0));
    let factor = R::of(thin.factor) + deep * R::of(1.0 - thin.factor);
    factor * factor
}

vectorised! {
/// Depth that flows into each cell of a run over a step (m), from the discharges of its western and eastern faces `x`, one
/// more than cells, and of its northern and southern ones; leaves its western and northern ones in `qx` and `qy`.
pub(crate) fn spread<R: Real>(
    change: &mut [R], qx: &mut [R], qy: &mut [R], x: &[R], north: &[R], south: &[R], pace: R,
) {
    let n = change.len();
    let (qx, qy) = (&mut qx[..n], &mut qy[..n]);
    let (west, east, north, south) = (&x[..n], &x[1..n + 1], &north[..n], &south[..n]);
    for i in 0..n {
        change[i] = pace * ((west[i] - east[i]) + (north[i] - south[i]));
        qx[i] = west[i];
        qy[i] = north[i];
    }
}
}
