//! What a look does with a run of cells, without branches: rows that vectorise.

use crate::num::real::Real;

use super::inertial::flow_depth;
use super::wide::vectorised;

/// Depths, times and thresholds of a look.
pub(crate) struct Look<R> {
    /// Now, and the time since the last look (s).
    pub now: f32,
    pub since: f32,
    /// Depths of arrival and above which time is counted (m).
    pub arrival: R,
    pub threshold: R,
    /// Depth from which a speed is worth remembering (m).
    pub speed_depth: R,
}

/// What a run of cells remembers; see [`super::maxima::Maxima`].
pub(crate) struct Remembered<'a, R> {
    pub depth: &'a mut [R],
    pub depth_time: &'a mut [f32],
    pub arrival: &'a mut [f32],
    pub above: &'a mut [f32],
    pub last_above: &'a mut [f32],
    pub speed: &'a mut [R],
    pub discharge: &'a mut [R],
}

vectorised! {
/// Depths and their times.
pub(crate) fn depths<R: Real>(into: &mut Remembered<'_, R>, look: &Look<R>, depth: &[R]) {
    let n = depth.len();
    let (most, when) = (&mut into.depth[..n], &mut into.depth_time[..n]);
    let (arrival, above, last) =
        (&mut into.arrival[..n], &mut into.above[..n], &mut into.last_above[..n]);
    for i in 0..n {
        let h = depth[i];
        let deeper = h > most[i];
        most[i] = if deeper { h } else { most[i] };
        when[i] = if deeper { look.now } else { when[i] };
        let high = h > look.threshold;
        above[i] += if high { look.since } else { 0.0 };
        last[i] = if high { look.now } else { last[i] };
        let new = (h > look.arrival) & arrival[i].is_nan();
        arrival[i] = if new { look.now } else { arrival[i] };
    }
}
}

vectorised! {
/// Unit discharges and speeds: the mean of the discharges `x` and of `y` at both sides of each cell. Leaves the
/// discharge of now in `q`.
pub(crate) fn speeds<R: Real>(
    into: &mut Remembered<'_, R>, look: &Look<R>, depth: &[R], x: [&[R]; 2], y: [&[R]; 2], q: &mut [R],
) {
    let n = depth.len();
    let (west, east, north, south) = (&x[0][..n], &x[1][..n], &y[0][..n], &y[1][..n]);
    let (speed, discharge, q) = (&mut into.speed[..n], &mut into.discharge[..n], &mut q[..n]);
    let (half, nothing) = (R::of(0.5), R::of(0.0));
    for i in 0..n {
        let (a, b) = (half * (west[i] + east[i]), half * (north[i] + south[i]));
        let wet = depth[i] > nothing;
        let now = if wet { (a * a + b * b).root() } else { nothing };
        q[i] = now;
        discharge[i] = now.larger(discharge[i]);
        let fast = (now / depth[i].larger(look.speed_depth)).larger(speed[i]);
        speed[i] = if depth[i] > look.speed_depth { fast } else { speed[i] };
    }
}
}

vectorised! {
/// Marks the cells at whose face the bound on the Froude number holds the discharge `q`: where `q² > f² g h³`, with `bound`
/// `f² g`. `depth` and `bed` are those of the cells before and of the cells, along one axis.
pub(crate) fn held<R: Real>(held: &mut [bool], depth: [&[R]; 2], bed: [&[R]; 2], q: &[R], bound: R) {
    let n = q.len();
    let (held, left, right) = (&mut held[..n], &depth[0][..n], &depth[1][..n]);
    let (bed_left, bed_right) = (&bed[0][..n], &bed[1][..n]);
    for i in 0..n {
        let h = flow_depth(left[i], right[i], bed_right[i] - bed_left[i]).larger(R::of(0.0));
        held[i] |= (h > R::of(0.0)) & (q[i] * q[i] > bound * h * h * h);
    }
}
}
