//! No cell gives more water than it holds: outflow is limited before depths change.

use crate::num::real::Real;

use super::wide::vectorised;

/// The share of its outflow that a cell can give: `min(1, h / (Δt Σq / Δx))`, a few roundings less if below 1.
///
/// `depth` h (m), `out` Σq, what leaves through its faces (m²/s), `pace` Δt/Δx (s/m). A cell that gives nothing keeps all.
#[inline(always)]
pub fn kept_share<R: Real>(depth: R, out: R, pace: R) -> R {
    let have = depth * (R::of(1.0) - R::of(8.0) * R::EPSILON);
    have / have.larger(out * pace).larger(R::of(1.0e-30))
}

/// What leaves a cell (m²/s), from the unit discharges of its faces, positive to the east and to the south.
#[inline(always)]
pub fn outflow<R: Real>(west: R, east: R, north: R, south: R) -> R {
    let zero = R::of(0.0);
    ((-west).larger(zero) + east.larger(zero)) + ((-north).larger(zero) + south.larger(zero))
}

/// A discharge, limited by the cell from which it comes.
#[inline(always)]
pub fn limited<R: Real>(q: R, left: R, right: R) -> R {
    q * if q > R::of(0.0) { left } else { right }
}

vectorised! {
/// [`kept_share`] of a run of cells. `west` and `east` are runs of the same column of faces, one apart.
pub(crate) fn keep_row<R: Real>(keep: &mut [R], depth: &[R], east_west: &[R], north: &[R], south: &[R], pace: R) {
    let n = keep.len();
    let (depth, north, south) = (&depth[..n], &north[..n], &south[..n]);
    let (west, east) = (&east_west[..n], &east_west[1..n + 1]);
    for i in 0..n {
        keep[i] = kept_share(depth[i], outflow(west[i], east[i], north[i], south[i]), pace);
    }
}
}

vectorised! {
/// [`limited`] of a run of faces.
pub(crate) fn limit_row<R: Real>(out: &mut [R], q: &[R], left: &[R], right: &[R]) {
    let n = out.len();
    let (q, left, right) = (&q[..n], &left[..n], &right[..n]);
    for i in 0..n {
        out[i] = limited(q[i], left[i], right[i]);
    }
}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_shares_out_what_it_holds() {
        // 0.1 m on 2 m cells, 1 s; 0.3 m²/s leave: Δt Σq / Δx = 0.15 m
        let out = outflow(-0.1, 0.1, 0.5, 0.1);
        assert!((out - 0.3_f64).abs() < 1.0e-15);
        let keep = kept_share(0.1, out, 0.5);
        assert!((keep - 2.0 / 3.0).abs() < 1.0e-14 && keep * out * 0.5 <= 0.1);
        assert_eq!(kept_share(0.2, out, 0.5), 1.0);
        assert_eq!(kept_share(0.0_f32, 0.3, 0.5), 0.0);
        assert_eq!((limited(2.0, 0.5, 0.1), limited(-2.0, 0.5, 0.25)), (1.0, -0.5));
    }
}
