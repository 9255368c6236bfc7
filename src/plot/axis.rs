//! Axes: round ticks of numbers and times.

use crate::clock::{DAY_MS, DateTime};

/// A linear map from values to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Value at the first pixel.
    pub low: f64,
    /// Value at the last pixel.
    pub high: f64,
    /// First pixel.
    pub start: f64,
    /// Last pixel; less than the first when values grow leftward or upward.
    pub end: f64,
}

impl Scale {
    /// The map that takes `low` to `start` and `high` to `end`.
    pub fn new((low, high): (f64, f64), (start, end): (f64, f64)) -> Self {
        Self { low, high, start, end }
    }
    /// The pixel of a value.
    pub fn pixel(&self, value: f64) -> f64 {
        self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)
    }
}

/// Round values on an axis and how many decimals they need.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// The values, increasing, all within the range.
    pub values: Vec<f64>,
    /// Decimals that tell them apart.
    pub decimals: usize,
    /// The distance between them.
    pub step: f64,
}

impl Ticks {
    /// Round values in a range: steps of 1, 2 or 5 times a power of ten, about `count` of them.
    pub fn new((low, high): (f64, f64), count: usize) -> Self {
        let span = high - low;
        if !span.is_finite() || span <= 0.0 {
            return Self { values: vec![low], decimals: 2, step: 1.0 };
        }
        let rough = span / count.max(1) as f64;
        let power = rough.log10().floor();
        let scale = 10_f64.powf(power);
        let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|f| f * scale >= 0.999 * rough).unwrap_or(10.0);
        let step = factor * scale;
        let decimals = (-(step * 1.000_001).log10().floor()).clamp(0.0, 9.0) as usize;
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        Self { values: (first..=last).map(|i| i as f64 * step).collect(), decimals, step }
    }
    /// A tick's label.
    pub fn label(&self, value: f64) -> String {
        number(value, self.decimals)
    }
}

/// A number with a minus sign that is one, and no minus before a zero.
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| c == '0' || c == '.') => digits.to_string(),
        Some(digits) => format!("−{digits}"),
        None => text,
    }
}

/// A number with about three significant digits.
pub fn short_number(value: f64) -> String {
    let magnitude = value.abs();
    let decimals = match magnitude {
        _ if magnitude >= 99.95 || magnitude == 0.0 => 0,
        _ if magnitude >= 9.995 => 1,
        _ if magnitude >= 0.9995 => 2,
        _ if magnitude >= 0.001 => 3,
        _ => 5,
    };
    number(value, decimals)
}

/// A number with about three significant digits and no zeros after its last decimal.
pub fn plain_number(value: f64) -> String {
    let text = short_number(value);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// The range of values from their least and greatest, widened to round ticks.
pub fn round_range((low, high): (f64, f64), count: usize) -> (f64, f64) {
    if !(low.is_finite() && high.is_finite()) {
        return (0.0, 1.0);
    }
    if high - low <= 1e-9 * low.abs().max(high.abs()).max(1e-6) {
        let half = (0.5 * low.abs()).max(0.5);
        return if low >= 0.0 { (0.0, 2.0 * half.max(low)) } else { (low - half, low + half) };
    }
    let step = Ticks::new((low, high), count).step;
    ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step)
}

/// Instants on a time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeTicks {
    /// The instants, increasing.
    pub times: Vec<DateTime>,
    /// Distance between them, ms; a month's worth or more means steps of whole months.
    pub step: i64,
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const MONTH: i64 = 30 * DAY_MS;

impl TimeTicks {
    /// Round instants between two, at most `count` of them.
    pub fn new(from: DateTime, to: DateTime, count: usize) -> Self {
        let span = (to.0.saturating_sub(from.0)).max(1);
        let count = count.max(2) as i64;
        let steps = [
            1000,
            5000,
            15_000,
            30_000,
            MINUTE,
            2 * MINUTE,
            5 * MINUTE,
            10 * MINUTE,
            15 * MINUTE,
            30 * MINUTE,
            HOUR,
            2 * HOUR,
            3 * HOUR,
            6 * HOUR,
            12 * HOUR,
            DAY_MS,
            2 * DAY_MS,
            5 * DAY_MS,
            10 * DAY_MS,
        ];
        if let Some(step) = steps.into_iter().find(|step| span / step < count) {
            let first = from.0.div_euclid(step) + i64::from(from.0.rem_euclid(step) != 0);
            let last = to.0.div_euclid(step);
            return Self { times: (first..=last).map(|i| DateTime(i * step)).collect(), step };
        }
        let months = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000];
        let months = months.into_iter().find(|m| span / (m * MONTH) < count).unwrap_or(12_000);
        let first = i64::from(from.date().0) * 12 / months * months;
        let times = (0..)
            .map(|i| first + i * months)
            .map_while(|m| DateTime::from_date((m / 12) as i32, (m % 12 + 1) as u32, 1))
            .skip_while(|t| *t < from)
            .take_while(|t| *t <= to)
            .collect();
        Self { times, step: months * MONTH }
    }
    /// Whether the step is a day or more, so that ticks are named by date alone.
    pub fn by_date(&self) -> bool {
        self.step >= DAY_MS
    }
    /// The first line of a tick's label: time of day, or date of the year.
    pub fn label(&self, time: DateTime) -> String {
        let (year, month, day) = time.date();
        let (h, m, s) = time.time();
        if self.step >= MONTH {
            format!("{year:04}-{month:02}")
        } else if self.by_date() {
            format!("{month:02}-{day:02}")
        } else if self.step < MINUTE {
            format!("{h:02}:{m:02}:{s:02}")
        } else {
            format!("{h:02}:{m:02}")
        }
    }
    /// The second line of a tick's label, where the tick is the first to need it: the date under
    /// times of day, the year under dates.
    pub fn second_label(&self, index: usize) -> Option<String> {
        let time = *self.times.get(index)?;
        let before = index.checked_sub(1).and_then(|i| self.times.get(i));
        let (year, month, day) = time.date();
        if self.step >= MONTH {
            None
        } else if self.by_date() {
            before.is_none_or(|b| b.date().0 != year).then(|| format!("{year:04}"))
        } else {
            let new_day = before.is_none_or(|b| b.date() != time.date());
            new_day.then(|| format!("{year:04}-{month:02}-{day:02}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within_the_range() {
        assert_eq!(Ticks::new((0.0, 1.0), 5).values, [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        let ticks = Ticks::new((41.3, 47.9), 6);
        assert_eq!((ticks.values[0], ticks.step, ticks.decimals), (42.0, 2.0, 0));
        assert_eq!(Ticks::new((0.0, 0.01), 5).label(0.002), "0.002");
    }

    #[test]
    fn ranges_widen_to_round_numbers_and_never_vanish() {
        assert_eq!(round_range((0.0, 9.3), 5), (0.0, 10.0));
        assert_eq!(round_range((0.0, 0.0), 5), (0.0, 1.0));
        assert_eq!(round_range((f64::INFINITY, f64::NEG_INFINITY), 5), (0.0, 1.0));
        let (low, high) = round_range((3.0, 3.0), 5);
        assert!(low < 3.0 && high > 3.0);
    }

    #[test]
    fn numbers_have_a_true_minus_and_no_negative_zero() {
        assert_eq!(number(-1.25, 1), "−1.2");
        assert_eq!(number(-0.001, 2), "0.00");
        assert_eq!(short_number(1234.5), "1234");
        assert_eq!(short_number(0.05), "0.050");
        assert_eq!(
            (plain_number(10.0), plain_number(0.4), plain_number(100.0)),
            ("10".into(), "0.4".into(), "100".into())
        );
    }

    #[test]
    fn six_hours_are_ticked_by_the_hour_and_dated_once_a_day() {
        let from = DateTime::from_date(2026, 7, 20).unwrap().plus_seconds(20.5 * 3600.0);
        let ticks = TimeTicks::new(from, from.plus_seconds(6.0 * 3600.0), 8);
        assert_eq!(ticks.step, HOUR);
        assert_eq!(ticks.label(ticks.times[0]), "21:00");
        let dates: Vec<String> = (0..ticks.times.len()).filter_map(|i| ticks.second_label(i)).collect();
        assert_eq!(dates, ["2026-07-20", "2026-07-21"]);
    }

    #[test]
    fn years_are_ticked_by_whole_months() {
        let from = DateTime::from_date(2024, 2, 10).unwrap();
        let ticks = TimeTicks::new(from, DateTime::from_date(2026, 2, 10).unwrap(), 10);
        assert!(ticks.times.iter().all(|t| t.date().2 == 1) && ticks.times.len() <= 10);
        assert_eq!(ticks.label(ticks.times[0]), "2024-04");
    }
}
