//! Look-up in tables with equal steps of relative depth or area.
//!
//! EPA SWMM 5.2 interpolates its tables linearly, except in the first two intervals, where a
//! parabola through three entries follows the strong curvature of a nearly empty section.

/// One interval of a table against relative depth: area, width and hydraulic radius at its lower
/// end, and what each gains up to its upper end.
///
/// It fills one cache line, so that a look-up of all three touches one line; the columns are
/// [`AREA`], [`WIDTH`], [`RADIUS`] and an empty one, so that they are interpolated side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub(super) struct Interval {
    /// Values at the lower end, relative to those of the full section.
    pub low: [f64; 4],
    /// Gain up to the upper end.
    pub gain: [f64; 4],
}

/// Column of the relative area.
pub(super) const AREA: usize = 0;
/// Column of the relative width.
pub(super) const WIDTH: usize = 1;
/// Column of the relative hydraulic radius.
pub(super) const RADIUS: usize = 2;

/// The intervals between the entries of three tables; the last one, of the full section, has no
/// length and no gain.
pub(super) const fn intervals<const N: usize>(
    area: &[f64; N],
    width: &[f64; N],
    radius: &[f64; N],
) -> [Interval; N] {
    let mut rows = [Interval { low: [0.0; 4], gain: [0.0; 4] }; N];
    let mut i = 0;
    while i < N {
        let next = if i + 1 < N { i + 1 } else { i };
        rows[i] = Interval {
            low: [area[i], width[i], radius[i], 0.0],
            gain: [area[next] - area[i], width[next] - width[i], radius[next] - radius[i], 0.0],
        };
        i += 1;
    }
    rows
}

/// 3·2^51: a small number added to it is rounded to an integer, in the low bits of the sum.
const ROUNDING: f64 = 6_755_399_441_055_744.0;

/// A place in a table against depth: the interval, and how much of it lies below.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    row: &'a Interval,
    /// The interval above, where the parabola of the first two intervals needs it.
    above: Option<&'a Interval>,
    part: f64,
}

impl<'a> Place<'a> {
    /// The place of a depth, given in intervals of the table, at most as many as it has; `None` for
    /// an empty table.
    ///
    /// On the border of two intervals it may be the end of the lower or the start of the upper one.
    #[inline(always)]
    pub fn find(rows: &'a [Interval], depth_in_intervals: f64) -> Option<Self> {
        let depth = if depth_in_intervals < 0.0 { 0.0 } else { depth_in_intervals };
        let rounded = (depth - 0.5) + ROUNDING;
        let i = (rounded.to_bits() as u32 as usize).min(rows.len().wrapping_sub(1));
        let row = rows.get(i)?;
        let above = if i < 2 { rows.get(i + 1) } else { None };
        Some(Self { row, above, part: depth - (rounded - ROUNDING) })
    }
    /// Relative value in a column.
    #[inline(always)]
    pub fn value(&self, column: usize) -> f64 {
        let gain = self.row.gain[column];
        let line = self.row.low[column] + self.part * gain;
        match self.above {
            None => line,
            Some(above) => bend(line, self.part, gain, above.gain[column]),
        }
    }
    /// Relative values in all columns.
    #[inline(always)]
    pub fn values(&self) -> [f64; 4] {
        let (low, gain) = (&self.row.low, &self.row.gain);
        let lines: [f64; 4] = std::array::from_fn(|k| low[k] + self.part * gain[k]);
        match self.above {
            None => lines,
            Some(above) => std::array::from_fn(|k| bend(lines[k], self.part, gain[k], above.gain[k])),
        }
    }
}

/// The parabola of the first two intervals: `y + t(t - 1)(g₁ - g₀)/2`, where `y` is the linear value
/// at the part `t` of an interval with gain `g₀` and `g₁` is the gain of the next; the linear value
/// where the parabola falls below 0.
#[inline(always)]
fn bend(line: f64, part: f64, gain: f64, next_gain: f64) -> f64 {
    let curve = line + part * (part - 1.0) * 0.5 * (next_gain - gain);
    if curve > 0.0 {
        curve
    } else if line < 0.0 {
        0.0
    } else {
        line
    }
}

/// Entry of a table of equal steps over 0 to 1 at `x`; the last entry beyond 1, 0 for an empty table.
pub(super) fn lookup(table: &[f64], x: f64) -> f64 {
    let Some(&last) = table.last() else { return 0.0 };
    let steps = (table.len() - 1) as f64;
    let place = if x < 0.0 { 0.0 } else { x * steps };
    let i = place as usize;
    let part = place - i as f64;
    match table.get(i..) {
        Some([low, high, above, ..]) if i < 2 => {
            bend(low + part * (high - low), part, high - low, above - high)
        }
        Some([low, high, ..]) => low + part * (high - low),
        _ => last,
    }
}

/// Slope of the interval of a table of equal steps over 0 to 1 that holds `x`; of the last interval
/// beyond 1.
pub(super) fn slope(table: &[f64], x: f64) -> f64 {
    if table.len() < 2 {
        return 0.0;
    }
    let step = 1.0 / (table.len() - 1) as f64;
    let i = ((x / step) as usize).min(table.len() - 2);
    (table[i + 1] - table[i]) / step
}

/// Where, over 0 to 1, a table of equal steps has the value `y`.
///
/// `entry(i)` gives entry `i` of `count`. The entries increase, or their maximum is the third from
/// the end (as in all tables of section factor); in the latter case the place of the maximum is taken
/// for all values above the last entry, which occur on both sides of it.
pub(super) fn inverse(count: usize, entry: impl Fn(usize) -> f64, y: f64) -> f64 {
    if count < 3 {
        return 0.0;
    }
    let step = 1.0 / (count - 1) as f64;
    let falling = entry(count - 3) > entry(count - 1);
    let end = if falling { count - 3 } else { count - 1 };
    if falling && y > entry(count - 1) {
        return end as f64 * step;
    }
    let i = locate(end, &entry, y);
    if i >= end {
        return end as f64 * step;
    }
    let rise = entry(i + 1) - entry(i);
    let low = i as f64 * step;
    let x = if rise == 0.0 { low } else { low + (y - entry(i)) * step / rise };
    x.clamp(0.0, 1.0)
}

/// The last of the entries 0 to `end` that is not above `y`; 0 when all are above.
fn locate(end: usize, entry: &impl Fn(usize) -> f64, y: f64) -> usize {
    if y <= entry(0) {
        return 0;
    }
    if y >= entry(end) {
        return end;
    }
    let (mut low, mut high) = (0, end);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if y >= entry(middle) { low = middle } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARES: [f64; 5] = [0.0, 0.0625, 0.25, 0.5625, 1.0];

    #[test]
    fn a_parabola_is_exact_in_the_first_two_intervals_and_linear_above() {
        assert!((lookup(&SQUARES, 0.1) - 0.01).abs() < 1e-15);
        assert!((lookup(&SQUARES, 0.4) - 0.16).abs() < 1e-15);
        assert!((lookup(&SQUARES, 0.625) - 0.406_25).abs() < 1e-15);
        assert_eq!(lookup(&SQUARES, 1.0), 1.0);
        assert_eq!(lookup(&SQUARES, 7.0), 1.0);
        assert_eq!(lookup(&SQUARES, -1.0), 0.0);
    }

    #[test]
    fn rows_hold_what_the_tables_hold() {
        static ROWS: [Interval; 5] = intervals(&SQUARES, &SQUARES, &[1.0; 5]);
        for k in 0..=120 {
            let x = f64::from(k) / 100.0;
            let place = Place::find(&ROWS, 4.0 * x).unwrap();
            assert!((place.value(AREA) - lookup(&SQUARES, x)).abs() < 1e-15, "{x}");
            assert_eq!(place.value(AREA), place.value(WIDTH));
            assert_eq!(place.value(RADIUS), 1.0);
        }
        assert_eq!(size_of::<Interval>(), 64);
    }

    #[test]
    fn not_a_number_stays_not_a_number() {
        static ROWS: [Interval; 5] = intervals(&SQUARES, &SQUARES, &SQUARES);
        assert!(Place::find(&ROWS, f64::NAN).unwrap().value(AREA).is_nan());
    }

    #[test]
    fn the_inverse_finds_the_place_again() {
        for k in 0..=8 {
            let x = f64::from(k) / 8.0;
            let linear = if k % 2 == 0 { x * x } else { (x * x) + 1.0 / 64.0 };
            assert!((inverse(5, |i| SQUARES[i], linear) - x).abs() < 1e-15, "{x}");
        }
        assert_eq!(inverse(5, |i| SQUARES[i], 2.0), 1.0);
    }

    #[test]
    fn a_value_above_the_last_entry_is_taken_to_the_maximum() {
        let table = [0.0, 0.5, 1.2, 1.1, 1.0];
        for (y, place) in [(0.25, 0.125), (0.85, 0.375), (1.0001, 0.5), (1.15, 0.5), (1.3, 0.5)] {
            assert!((inverse(5, |i| table[i], y) - place).abs() < 1e-15, "{y}");
        }
    }

    #[test]
    fn the_slope_is_that_of_the_interval() {
        assert_eq!(slope(&SQUARES, 0.6), (0.5625 - 0.25) * 4.0);
        assert_eq!(slope(&SQUARES, 2.0), (1.0 - 0.5625) * 4.0);
    }
}
