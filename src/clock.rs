//! The integer clock: calendar instants in whole milliseconds.
//!
//! SWMM counts days in floating point; a sum of a million steps then drifts. Here an instant is an
//! `i64` of milliseconds and only files see days.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;

/// A calendar instant: milliseconds since 1899-12-30 00:00, the origin of SWMM's dates. No time zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DateTime(pub i64);

/// Days from 1970-01-01 to a civil date of the proleptic Gregorian calendar
/// (Hinnant, *chrono-compatible low-level date algorithms*).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Inverse of [`days_from_civil`]: year, month, day.
fn civil_from_days(days: i64) -> (i32, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let mp = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month as u32, day as u32)
}

/// Days from SWMM's origin, 1899-12-30, to 1970-01-01.
const UNIX_ORIGIN: i64 = 25_569;

impl DateTime {
    /// Midnight of a civil date; `None` when there is no such date.
    pub fn from_date(year: i32, month: u32, day: u32) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let lengths = [31, 28 + u32::from(leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let length = *lengths.get(month.checked_sub(1)? as usize)?;
        if day == 0 || day > length || !(1..=9999).contains(&year) {
            return None;
        }
        let days = days_from_civil(i64::from(year), i64::from(month), i64::from(day));
        Some(Self((days + UNIX_ORIGIN) * DAY_MS))
    }
    /// The instant `days` after SWMM's origin, to the nearest millisecond.
    pub fn from_days(days: f64) -> Self {
        Self((days * DAY_MS as f64).round() as i64)
    }
    /// SWMM's date number: days since its origin.
    pub fn days(self) -> f64 {
        self.0 as f64 / DAY_MS as f64
    }
    /// SWMM's date number as its engine forms it, whole days plus the seconds of the day over 86,400,
    /// in that order of rounding: its interpolation in time rests on the last bits of such numbers.
    pub fn swmm_days(self) -> f64 {
        let seconds = self.time_of_day_ms() as f64 / 1000.0;
        self.0.div_euclid(DAY_MS) as f64 + seconds / 86_400.0
    }
    /// The instant `seconds` later, to the nearest millisecond.
    pub fn plus_seconds(self, seconds: f64) -> Self {
        Self(self.0.saturating_add((seconds * 1000.0).round() as i64))
    }
    /// Seconds from `earlier` to this instant.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0) as f64 / 1000.0
    }
    /// Year, month (1 to 12) and day of the month.
    pub fn date(self) -> (i32, u32, u32) {
        civil_from_days(self.0.div_euclid(DAY_MS) - UNIX_ORIGIN)
    }
    /// Month of the year, 1 to 12.
    pub fn month(self) -> u32 {
        self.date().1
    }
    /// Day of the week as SWMM counts: 1 is Sunday, 7 is Saturday.
    pub fn day_of_week(self) -> u32 {
        (self.0.div_euclid(DAY_MS) + 6).rem_euclid(7) as u32 + 1
    }
    /// Day of the year, 1 to 366.
    pub fn day_of_year(self) -> u32 {
        let (year, _, _) = self.date();
        let first = days_from_civil(i64::from(year), 1, 1) + UNIX_ORIGIN;
        (self.0.div_euclid(DAY_MS) - first) as u32 + 1
    }
    /// Milliseconds since midnight.
    pub fn time_of_day_ms(self) -> i64 {
        self.0.rem_euclid(DAY_MS)
    }
    /// Hour of the day, 0 to 23.
    pub fn hour(self) -> u32 {
        (self.time_of_day_ms() / 3_600_000) as u32
    }
    /// Hour, minute and second of the day.
    pub fn time(self) -> (u32, u32, u32) {
        let s = self.time_of_day_ms() / 1000;
        ((s / 3600) as u32, (s / 60 % 60) as u32, (s % 60) as u32)
    }
}

impl fmt::Display for DateTime {
    /// ISO 8601 to the second: `2026-07-21 14:05:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((year, month, day), (h, m, s)) = (self.date(), self.time());
        write!(f, "{year:04}-{month:02}-{day:02} {h:02}:{m:02}:{s:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swmm_dates_count_days_from_the_end_of_1899() {
        assert_eq!(DateTime::from_date(1900, 1, 1).unwrap().days(), 2.0);
        assert_eq!(DateTime::from_date(2026, 11, 23).unwrap().days(), 46_349.0);
    }

    #[test]
    fn dates_return_from_the_clock() {
        for days in (0..60_000).step_by(17) {
            let t = DateTime(days * DAY_MS + 1234);
            let (y, m, d) = t.date();
            assert_eq!(DateTime::from_date(y, m, d).unwrap().0 + 1234, t.0);
        }
    }

    #[test]
    fn weeks_begin_on_sunday() {
        assert_eq!(DateTime::from_date(2026, 11, 22).unwrap().day_of_week(), 1);
        assert_eq!(DateTime::from_date(2026, 11, 28).unwrap().day_of_week(), 7);
    }

    #[test]
    fn impossible_dates_are_refused() {
        assert!(DateTime::from_date(2026, 2, 29).is_none());
        assert!(DateTime::from_date(2024, 2, 29).is_some());
        assert!(DateTime::from_date(2024, 13, 1).is_none());
    }
}
