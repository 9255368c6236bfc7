//! SWMM's standard format: one record a line, `station year month day hour minute value`.
//!
//! A file may hold many stations. Lines of other stations and lines that do not read as a record are
//! passed over, as SWMM does; those that look like a record of the station gone wrong are reported as
//! warnings. Times are the *start* of each period; units and kind of the values are the gauge's.

use super::recorder::{Recorder, date, later};
use super::scan::decimal_length;
use super::text::{Line, Reports};
use crate::clock::DateTime;
use crate::diagnostic::Diagnostic;
use crate::model::weather::RainKind;

/// What a record should look like.
const RECORD: &str = "station year month day hour minute value";

/// A part of a line that stands between blanks.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Word<'a> {
    text: &'a str,
    /// Byte of its first character.
    start: usize,
}

/// The words of a line, one after another.
struct Words<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;
    fn next(&mut self) -> Option<Word<'a>> {
        let rest = self.line.get(self.at..)?;
        let text = rest.trim_start();
        let start = self.at + rest.len() - text.len();
        let text = text.split(char::is_whitespace).next().filter(|text| !text.is_empty())?;
        self.at = start + text.len();
        Some(Word { text, start })
    }
}

/// One line as a record.
#[derive(Debug)]
struct Reading<'a> {
    station: Word<'a>,
    year: Word<'a>,
    /// Year, month, day, hour, minute.
    time: [i64; 5],
    value: f32,
    /// The value as written, when something follows its number.
    spoilt: Option<Word<'a>>,
}

/// Reads a line; the word that does not fit is the error (`None`: too few).
fn parse(line: &str) -> Result<Reading<'_>, Option<Word<'_>>> {
    let mut words = Words { line, at: 0 };
    let station = words.next().ok_or(None)?;
    let mut time = [0; 5];
    let mut year = station;
    for (i, part) in time.iter_mut().enumerate() {
        let word = words.next().ok_or(None)?;
        *part = word.text.parse::<i32>().map_err(|_| Some(word))?.into();
        if i == 0 {
            year = word;
        }
    }
    let last = words.next().ok_or(None)?;
    let length = decimal_length(last.text.as_bytes());
    let number = last.text.get(..length).unwrap_or_default();
    let value = number.parse::<f32>().ok().filter(|value| value.is_finite()).ok_or(Some(last))?;
    Ok(Reading { station, year, time, value, spoilt: (length < last.text.len()).then_some(last) })
}

/// Whether a line is a record of any station.
pub(super) fn is_record(line: &str) -> bool {
    parse(line).is_ok()
}

/// How a gauge reads the lines of its station.
pub(super) struct StationReader<'a> {
    station: &'a str,
    from: Option<DateTime>,
    depths: DepthReader,
    latest: Option<DateTime>,
}

impl<'a> StationReader<'a> {
    /// For values of a kind over an interval in s; depths in millimetres or else inches. Days before
    /// `from` are passed over.
    pub fn new(
        station: &'a str,
        from: Option<DateTime>,
        kind: RainKind,
        interval: u32,
        millimetres: bool,
    ) -> Self {
        Self { station, from, depths: DepthReader::new(kind, interval, millimetres), latest: None }
    }
    /// Reads a line into the record.
    pub fn read(&mut self, line: &Line<'_>, recorder: &mut Recorder, reports: &mut Reports<'_>) {
        let text = line.text();
        let mut push = |problem: Diagnostic, word: Option<Word<'_>>| {
            reports.push(problem, |file| {
                let lead = word.and_then(|word| text.get(..word.start));
                let column = lead.map_or(0, |lead| lead.chars().count() + 1);
                line.place(file, column, word.map_or("", |word| word.text))
            });
        };
        let reading = match parse(&text) {
            Ok(reading) if reading.station.text.eq_ignore_ascii_case(self.station) => reading,
            Ok(_) => return,
            Err(word) => {
                let first = Words { line: &text, at: 0 }.next();
                if first.is_some_and(|first| first.text.eq_ignore_ascii_case(self.station)) {
                    let message =
                        format!("a line of station {} cannot be read and is passed over", self.station);
                    push(Diagnostic::warning(0, message).help(RECORD), word);
                }
                return;
            }
        };
        if let Some(word) = reading.spoilt {
            let message = format!("'{}' is read as {}", word.text, reading.value);
            push(Diagnostic::warning(0, message).help(RECORD), Some(word));
        }
        let [year, month, day, hour, minute] = reading.time;
        let day = date(year, month, day);
        let instant = day.map(|day| later(day, hour * 3600 + minute * 60));
        match (day, self.from) {
            (Some(day), Some(from)) if day < from => return,
            // SWMM takes what is no date as long past.
            (None, Some(_)) => {
                let message = "a line without a valid date is passed over";
                push(Diagnostic::warning(0, message).help(RECORD), Some(reading.year));
                return;
            }
            _ => {}
        }
        match instant {
            Some(instant) if self.latest.is_none_or(|latest| instant > latest) => {
                self.latest = Some(instant);
                recorder.rain(instant, self.depths.read(reading.value));
            }
            _ => {
                let message = if instant.is_some() {
                    "this line is out of sequence in the rainfall data file"
                } else {
                    "this line of the rainfall data file has no valid date"
                };
                let help = "dates and times of a station must increase";
                push(Diagnostic::error(318, message).help(help), Some(reading.year));
            }
        }
    }
}

/// Turns the values of a record into depths, in single precision as SWMM does.
struct DepthReader {
    kind: RainKind,
    interval: f32,
    /// Inches in a unit of the file.
    unit: f32,
    /// Cumulative depth so far.
    sum: f32,
}

impl DepthReader {
    fn new(kind: RainKind, interval: u32, millimetres: bool) -> Self {
        let unit = if millimetres { (1.0 / 25.4) as f32 } else { 1.0 };
        Self { kind, interval: interval as f32, unit, sum: 0.0 }
    }
    /// Depth in the recording interval, inches.
    fn read(&mut self, value: f32) -> f32 {
        let depth = match self.kind {
            RainKind::Intensity => value * self.interval / 3600.0,
            RainKind::Volume => value,
            RainKind::Cumulative if value >= self.sum => {
                let depth = value - self.sum;
                self.sum += depth;
                depth
            }
            RainKind::Cumulative => {
                self.sum = value;
                value
            }
        };
        depth * self.unit
    }
}
