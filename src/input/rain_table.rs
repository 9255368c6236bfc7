//! Observed rain as CSV: a time and a value in each line.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::Path;

use super::timed_lines::{Times, is_time, lines};
use crate::clock::DateTime;
use crate::diagnostic::Diagnostic;

/// A column of times and values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RainTable {
    /// The first time, when the file gives dates.
    pub start: Option<DateTime>,
    /// Times, s after the first one, or after the beginning when the file counts hours; increasing.
    pub times_s: Vec<f64>,
    /// Values as they are written.
    pub values: Vec<f64>,
}

/// Reads lines of `2026-07-21 14:05,1.2`, `07/21/2026,14:05,1.2`, `1:05,1.2` or `1.0833,1.2` (hours from the
/// beginning). Fields stand apart by commas, semicolons or tabs; what follows `#` is a comment, and a first line
/// without numbers is a head.
///
/// # Errors
/// When a line holds something else, times do not increase, or dates and hours are mixed.
pub fn rain_table(text: &str, file: &Path) -> Result<RainTable, Box<Diagnostic>> {
    let mut table = RainTable::default();
    let mut times = Times::default();
    let mut is_first = true;
    for line in lines(text) {
        let fail = |message: String, token: &str| {
            let help = "each line holds a time and a value: `2026-07-21 14:05,1.2` or, in hours, `0.25,1.2`";
            Err(Box::new(Diagnostic::error(0, message).help(help).at(line.place(file, token))))
        };
        let fields: Vec<&str> = line.written.split([',', ';', '\t']).map(str::trim).collect();
        let head = std::mem::take(&mut is_first) && fields.iter().all(|field| field.parse::<f64>().is_err());
        let (when, value) = match fields.as_slice() {
            [when, value] => ((*when).to_owned(), *value),
            [date, hour, value] => (format!("{date} {hour}"), *value),
            _ if head => continue,
            _ => return fail(format!("{} fields in a line", fields.len()), ""),
        };
        if head && !is_time(&when) {
            continue;
        }
        let seconds = match times.next(&when) {
            Ok(seconds) => seconds,
            Err(message) => return fail(message, fields.first().copied().unwrap_or_default()),
        };
        let Some(value) = value.parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0) else {
            return fail(format!("`{value}` is no amount of rain"), value);
        };
        table.start = times.start;
        table.times_s.push(seconds);
        table.values.push(value);
    }
    if table.times_s.is_empty() {
        return Err(Box::new(Diagnostic::error(0, format!("{} holds no rain", file.display()))));
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RainTable, Box<Diagnostic>> {
        rain_table(text, Path::new("rain.csv"))
    }

    #[test]
    fn dates_in_either_order_and_hours_are_read() {
        let dated = read("time,mm\n2026-07-21 14:00,1\n2026-07-21 14:05,2.5 # heavy\n").unwrap();
        assert_eq!(dated.start, DateTime::from_date(2026, 7, 21).map(|day| day.plus_seconds(50_400.0)));
        assert_eq!((dated.times_s.as_slice(), dated.values.as_slice()), (&[0.0, 300.0][..], &[1.0, 2.5][..]));
        assert_eq!(read("07/21/2026;14:00;1\n07/21/2026;14:05;2.5\n").unwrap(), dated);
        assert_eq!(read("0.25,1\n0.5,2\n").unwrap().times_s, [900.0, 1800.0]);
        assert_eq!(read("\u{feff}小时,毫米\n0:15,1\n0:30,2\n").unwrap().times_s, [900.0, 1800.0]);
    }

    #[test]
    fn what_is_no_record_of_rain_is_shown_at_its_place() {
        let refused = |text: &str, word: &str, line: usize| {
            let problem = read(text).unwrap_err();
            assert!(problem.message.contains(word), "{problem}");
            assert_eq!(problem.place.as_ref().map(|place| place.line), Some(line), "{problem}");
        };
        refused("0.25,1\n0.25,1\n", "does not follow", 2);
        refused("0.25,1\n0.5,x\n", "`x`", 2);
        refused("0.25,1\n2026-07-21 14:00,1\n", "mixed", 2);
        refused("0.25,1\n0.5,-1\n", "`-1`", 2);
        refused("0.25,1\n2026-02-30 14:00,1\n", "no time", 2);
        refused("0.25,1\n0.5\n", "1 fields", 2);
        assert!(read("time,mm\n").is_err());
    }
}
