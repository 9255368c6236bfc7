//! Lines of a list that begin with a time: a date, or hours from a beginning.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::Path;

use crate::clock::DateTime;
use crate::diagnostic::Place;

/// A line that holds something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// All of it.
    text: &'a str,
    /// What stands before `#`.
    pub written: &'a str,
    /// Its number, from 1.
    number: usize,
}

/// The lines of a list that hold something. What follows `#` is a comment.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().enumerate().map(|(index, text)| Line {
        text,
        written: text.split('#').next().unwrap_or_default(),
        number: index + 1,
    });
    lines.filter(|line| !line.written.trim().is_empty())
}

impl Line<'_> {
    /// Where a word of the line stands; the whole line for an empty one.
    pub(super) fn place(&self, file: &Path, word: &str) -> Place {
        let lead = self.text.find(word).and_then(|at| self.text.get(..at)).filter(|_| !word.is_empty());
        Place {
            file: file.to_path_buf(),
            line: self.number,
            column: lead.map_or(0, |lead| lead.chars().count() + 1),
            text: self.text.to_owned(),
            token: word.to_owned(),
        }
    }
}

/// A time as it is written.
enum Time {
    /// A date.
    Date(DateTime),
    /// Hours from the beginning.
    Hours(f64),
}

/// Whether a field is a time.
pub(super) fn is_time(text: &str) -> bool {
    time(text).is_some()
}

/// The times of a list, which increase.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    /// The first one, when the list gives dates.
    pub start: Option<DateTime>,
    last: Option<f64>,
}

impl Times {
    /// The next time, s after the first one, or after the beginning when the list counts hours.
    ///
    /// # Errors
    /// Why it is none that can follow.
    pub(super) fn next(&mut self, text: &str) -> Result<f64, String> {
        let seconds = match (time(text), self.start) {
            (None, _) => return Err(format!("`{text}` is no time")),
            (Some(Time::Date(date)), None) if self.last.is_none() => {
                self.start = Some(date);
                0.0
            }
            (Some(Time::Date(date)), Some(start)) => date.seconds_since(start),
            (Some(Time::Hours(hours)), None) => (hours * 3600.0).round(),
            _ => return Err("dates and hours are mixed".to_owned()),
        };
        if self.last.is_some_and(|last| seconds <= last) || seconds < 0.0 {
            return Err(format!("`{text}` does not follow the time before it"));
        }
        self.last = Some(seconds);
        Ok(seconds)
    }
}

/// A time: a date with a time of day, hours and minutes, or a number of hours.
fn time(text: &str) -> Option<Time> {
    if let Ok(hours) = text.parse::<f64>() {
        return hours.is_finite().then_some(Time::Hours(hours));
    }
    let of_day = |text: &str| -> Option<f64> {
        let mut parts = text.split(':').map(|part| part.parse::<u32>().ok());
        let (hours, minutes) = (parts.next()??, parts.next()??);
        let seconds = parts.next().unwrap_or(Some(0))?;
        (minutes < 60 && seconds < 60 && parts.next().is_none())
            .then(|| f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0 + f64::from(seconds))
    };
    let Some((date, hour)) = text.split_once([' ', 'T']) else {
        return of_day(text).map(|seconds| Time::Hours(seconds / 3600.0));
    };
    let parts: Vec<i32> = date.split(['-', '/']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (year, month, day) = match *parts.as_slice() {
        [year, month, day] if year > 31 => (year, month, day),
        // SWMM's order
        [month, day, year] => (year, month, day),
        _ => return None,
    };
    let midnight = DateTime::from_date(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    Some(Time::Date(midnight.plus_seconds(of_day(hour.trim())?)))
}
