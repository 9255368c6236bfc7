//! Numbers, times and dates as SWMM reads them.

use crate::clock::DateTime;

/// The largest number that is read. No quantity comes near it, and its products stay finite.
const LARGEST: f64 = 1.0e30;

/// A number as C's `strtod` reads it, without hexadecimals, infinities and NaN. An empty (quoted)
/// field is 0, as in SWMM.
pub fn number(text: &str) -> Option<f64> {
    if text.is_empty() {
        return Some(0.0);
    }
    if !text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) {
        return None;
    }
    text.parse().ok().filter(|x: &f64| x.abs() <= LARGEST)
}

/// The whole number that a text begins with, 0 when it begins with none (C's `atoi`).
pub fn leading_integer(text: &str) -> i64 {
    scan_integer(text).map_or(0, |(value, _)| value)
}

/// The whole number that a text begins with, and what follows it.
fn scan_integer(text: &str) -> Option<(i64, &str)> {
    let text = text.trim_start();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let value = unsigned.get(..digits).filter(|d| !d.is_empty())?;
    let value = value.bytes().fold(0i64, |v, c| v.saturating_mul(10).saturating_add(i64::from(c - b'0')));
    let value = if text.starts_with('-') { -value } else { value };
    Some((value, unsigned.get(digits..).unwrap_or("")))
}

/// The longest time that is read, in ms (the range of SWMM's seconds).
const LONGEST: i64 = i32::MAX as i64 * 1000;

/// A time in ms: decimal hours, or hours:minutes:seconds of which the latter may be missing.
/// What follows is left out, as in SWMM.
pub fn time_ms(text: &str) -> Option<i64> {
    if let Some(hours) = number(text) {
        let ms = (hours * 3_600_000.0).round();
        return (ms.abs() <= LONGEST as f64).then_some(ms as i64);
    }
    let (hours, rest) = scan_integer(text)?;
    let minutes = rest.strip_prefix(':').and_then(scan_integer);
    let seconds = minutes.and_then(|(_, rest)| rest.strip_prefix(':')).and_then(scan_integer);
    let (minutes, seconds) = (minutes.map_or(0, |m| m.0), seconds.map_or(0, |s| s.0));
    if hours < 0 || minutes < 0 || seconds < 0 {
        return None;
    }
    let total = hours.saturating_mul(3600).saturating_add(minutes.saturating_mul(60)).saturating_add(seconds);
    Some(total.saturating_mul(1000)).filter(|&ms| ms <= LONGEST)
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// The month (1 to 12) that a text begins with by its English name.
pub fn month(text: &str) -> Option<u32> {
    let found = MONTHS.iter().position(|name| super::heading::is_keyword(text, name))?;
    Some(found as u32 + 1)
}

/// Midnight of a date month/day/year; the month as a number or by its English name, any one character
/// between the parts. What follows is left out, as in SWMM.
pub fn date(text: &str) -> Option<DateTime> {
    if !text.contains(['/', '-']) {
        return None;
    }
    let (month, rest) = match scan_integer(text) {
        Some((number, rest)) => (u32::try_from(number).ok()?, rest),
        None => (month(text)?, text.get(3..)?),
    };
    let after = |rest: &'_ str| rest.char_indices().nth(1).map_or(rest.len(), |(at, _)| at);
    let (day, rest) = scan_integer(rest.get(after(rest)..)?)?;
    let (year, _) = scan_integer(rest.get(after(rest)..)?)?;
    DateTime::from_date(i32::try_from(year).ok()?, month, u32::try_from(day).ok()?)
}

/// A later instant, by ms.
pub fn plus_ms(instant: DateTime, ms: i64) -> DateTime {
    DateTime(instant.0.saturating_add(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_c_but_finite() {
        for (text, value) in [("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("+2e-3", 0.002), ("-4E2", -400.0)] {
            assert_eq!(number(text), Some(value));
        }
        assert_eq!(number(""), Some(0.0));
        for text in ["nan", "inf", "-infinity", "1e999", "-1e31", "1,5", "1.5m", "1e", ".", "-", "0x10", "１"]
        {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_hours_or_clock_times() {
        assert_eq!(time_ms("1:30"), Some(5_400_000));
        assert_eq!(time_ms("0:00:05"), Some(5_000));
        assert_eq!(time_ms("0.25"), Some(900_000));
        assert_eq!(time_ms("26:00"), Some(93_600_000));
        assert_eq!(time_ms("-0:05:-1"), None);
        assert_eq!(time_ms("noon"), None);
        assert_eq!(time_ms("999999999999999999999:00"), None);
    }

    #[test]
    fn dates_begin_with_the_month() {
        let expected = DateTime::from_date(2004, 7, 21);
        for text in ["7/21/2004", "07-21-2004", "JUL-21-2004", "jul/21/2004", "7/21/2004x"] {
            assert_eq!(date(text), expected, "{text}");
        }
        for text in ["21/7/2004", "7/2004", "7/21", "2004", "/", "-", "-5", "1e-5", "Jul/", "é/1/2"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
