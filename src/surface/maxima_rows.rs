//! What a look does with a run of cells, without branches: rows that vectorise.

use crate::num::real::Real;

use super::inertial::flow_depth;
use super::wide::vectorised;

/// Depths, times and thresholds of a look.
#[derive(Clone, Copy)]
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
    // values, not places to choose between, or the loop would not vectorise
    let Look { now, since, arrival: wet, threshold, .. } = *look;
    for i in 0..n {
        let (h, before) = (depth[i], most[i]);
        let deeper = h > before;
        most[i] = if deeper { h } else { before };
        let before = when[i];
        when[i] = if deeper { now } else { before };
        let high = h > threshold;
        above[i] += if high { since } else { 0.0 };
        let before = last[i];
        last[i] = if high { now } else { before };
        let before = arrival[i];
        arrival[i] = if (h > wet) & before.is_nan() { now } else { before };
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
/// Adds the time `since` (s) to the cells at whose western or northern face the bound on the Froude number holds the
/// discharge: where `q² > f² g h³`, with `bound` `f² g`. `depth` and `bed` are those of the western cells, of the northern
/// ones and of the cells, `q` the discharges of the western and of the northern faces.
pub(crate) fn held<R: Real>(
    time: &mut [f32], since: f32, depth: [&[R]; 3], bed: [&[R]; 3], q: [&[R]; 2], bound: R,
) {
    let n = time.len();
    let [depth_west, depth_north, depth] = depth.map(|row| &row[..n]);
    let [bed_west, bed_north, bed] = bed.map(|row| &row[..n]);
    let [x, y] = q.map(|row| &row[..n]);
    let too_fast = |before: R, own: R, rise: R, q: R| {
        let h = flow_depth(before, own, rise).larger(R::of(0.0));
        (h > R::of(0.0)) & (q * q > bound * h * h * h)
    };
    for i in 0..n {
        let west = too_fast(depth_west[i], depth[i], bed[i] - bed_west[i], x[i]);
        let north = too_fast(depth_north[i], depth[i], bed[i] - bed_north[i], y[i]);
        time[i] += if west | north { since } else { 0.0 };
    }
}
}
