//! Instants as SWMM 5.2 reads them off its clock.
//!
//! SWMM keeps elapsed time in milliseconds but calendar dates in days as floating point numbers. So
//! that round-off never puts a date before the tick that it stands on, it reads the calendar one
//! millisecond late, and it takes differences of dates between whole seconds. Decisions (which rain
//! interval, which hour of a pattern) depend on both habits, hence they are kept here.

use crate::clock::{DAY_MS, DateTime};

/// Milliseconds by which SWMM reads the calendar late.
const LATE_MS: i64 = 1;

/// The calendar instant that SWMM sees at a time of its clock: one millisecond later.
#[inline]
pub fn calendar(now: DateTime) -> DateTime {
    DateTime(now.0.saturating_add(LATE_MS))
}

/// The nearest whole second of the same day (23:59:59.7 stays 23:59:59).
#[inline]
pub fn nearest_second(at: DateTime) -> DateTime {
    let day = at.0.div_euclid(DAY_MS);
    let second = ((at.0.rem_euclid(DAY_MS) + 500) / 1000).min(86_399);
    DateTime(day * DAY_MS + second * 1000)
}

/// Whole seconds from `earlier` to `later`, each taken at its nearest second.
#[inline]
pub fn whole_seconds(earlier: DateTime, later: DateTime) -> i64 {
    (nearest_second(later).0.saturating_sub(nearest_second(earlier).0)) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_within_their_day() {
        let midnight = DateTime::from_date(2026, 7, 21).unwrap();
        assert_eq!(nearest_second(DateTime(midnight.0 + 1499)), DateTime(midnight.0 + 1000));
        assert_eq!(nearest_second(DateTime(midnight.0 + 1500)), DateTime(midnight.0 + 2000));
        assert_eq!(nearest_second(DateTime(midnight.0 - 300)), DateTime(midnight.0 - 1000));
    }

    #[test]
    fn a_millisecond_does_not_change_a_difference() {
        let start = DateTime::from_date(2026, 7, 21).unwrap();
        assert_eq!(whole_seconds(calendar(start), start.plus_seconds(300.0)), 300);
        assert_eq!(whole_seconds(start.plus_seconds(300.0), start), -300);
    }
}
