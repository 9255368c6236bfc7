//! Formats of the U.S. National Weather Service: hourly (TD 3240) and quarter-hourly (TD 3260)
//! precipitation on tape, with blanks or commas between the fields, and as retrieved online.
//!
//! Each line holds one day (online: one period) of a station, in hundredths of an inch, at the *end* of
//! each period. Periods without rain are left out. A flag says what is special about a value:
//!
//! | flag | meaning |
//! |---|---|
//! | `a`, `A` | an amount begins, ends to accumulate; it is spread evenly over its periods |
//! | `{`, `}` | deleted data begin, end: counted as missing |
//! | `[`, `]` | missing data begin, end |
//! | `M` | missing |
//!
//! A value of 99.99 inches or more is missing too. What reads as hour 25 is the sum of the day and ends
//! the line. As in SWMM the station's name plays no part: all lines of a file are read.

use super::recorder::{Accumulation, Recorder, date, later};
use super::scan::Scanner;
use super::text::{Line, Reports, Text};
use crate::clock::DateTime;

/// Value, 1/100 in, from which on a period counts as missing.
const MISSING_FROM: i64 = 9999;
/// Value that stands for a missing accumulated amount.
const MISSING_AMOUNT: i64 = 99999;
/// Bytes that the name of a station takes, where there is one.
const NAME: usize = 31;
/// Where the fields after the name of a station are looked for.
const AFTER_NAME: usize = 37;
/// Lines below the heading of an online file among which the first record is looked for.
const ONLINE_LINES: usize = 5;

/// How the columns of a file are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Columns {
    /// Fixed widths without separators.
    Tape,
    /// Separated by blanks, after so many bytes of a name.
    Blanks { name: usize },
    /// Separated by commas, after so many bytes of a name.
    Commas { name: usize },
    /// One period a line; the bytes at which the date and the value begin.
    Online { date: usize, value: usize },
}

/// A format of the National Weather Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    columns: Columns,
    /// Recording interval, s.
    pub interval: u32,
}

/// The recording interval, s, of a kind of data: precipitation of the hour or of the quarter.
fn interval(element: &[u8]) -> Option<u32> {
    match element {
        b"HPCP" => Some(3600),
        b"QPCP" | b"QGAG" => Some(900),
        _ => None,
    }
}

/// The layout that a line shows, other than online.
pub(super) fn detect(line: &[u8]) -> Option<Layout> {
    let layout = |columns, element: Option<&[u8]>| {
        element.and_then(interval).map(|interval| Layout { columns, interval })
    };
    layout(Columns::Blanks { name: 0 }, blanks(line))
        .or_else(|| layout(Columns::Blanks { name: NAME }, blanks_after_name(line)))
        .or_else(|| layout(Columns::Commas { name: 0 }, commas(line)))
        .or_else(|| layout(Columns::Commas { name: NAME }, commas_after_name(line)))
        .or_else(|| layout(Columns::Tape, tape(line)))
}

/// `053005 00 HPCP ...`: station, division, kind of data.
fn blanks(line: &[u8]) -> Option<&[u8]> {
    let mut fields = Scanner::at(line, 0);
    fields.integer(6)?;
    fields.integer(2)?;
    fields.word(4)
}

fn blanks_after_name(line: &[u8]) -> Option<&[u8]> {
    let mut fields = Scanner::at(line, AFTER_NAME);
    fields.integer(2)?;
    let element = fields.word(4)?;
    fields.word(2)?;
    fields.integer(4)?;
    Some(element)
}

fn commas(line: &[u8]) -> Option<&[u8]> {
    let mut fields = Scanner::at(line, 0);
    fields.integer(6)?;
    fields.literal(b',')?;
    fields.integer(2)?;
    fields.literal(b',')?;
    fields.word(4)
}

fn commas_after_name(line: &[u8]) -> Option<&[u8]> {
    let mut fields = Scanner::at(line, AFTER_NAME);
    fields.integer(2)?;
    fields.literal(b',')?;
    let element = fields.word(4)?;
    fields.literal(b',')?;
    fields.word(2)?;
    fields.literal(b',')?;
    fields.integer(4)?;
    Some(element)
}

/// `HPD05300500HPCP...`: kind of record, station, division, kind of data.
fn tape(line: &[u8]) -> Option<&[u8]> {
    let mut fields = Scanner::at(line, 0);
    fields.word(3)?;
    fields.integer(6)?;
    fields.integer(2)?;
    fields.word(4)
}

const COOP: &[u8] = b"COOP:";

/// Whether a line is a record retrieved online: `COOP:304174 ...`.
pub(super) fn is_online(line: &[u8]) -> bool {
    let mut fields = Scanner::at(line, 0);
    fields.word(COOP.len()) == Some(COOP) && fields.integer(6).is_some()
}

/// The layout of an online file: the value stands below its heading in the first line, the date 11
/// bytes before the last colon (that of the time) in the first record.
pub(super) fn detect_online(text: &Text) -> Option<Layout> {
    let mut lines = text.lines();
    let heading = lines.next()?.bytes;
    let (interval, value) = match (position(heading, b"HPCP"), position(heading, b"QPCP")) {
        (Some(value), _) => (3600, value),
        (None, Some(value)) => (900, value),
        (None, None) => return None,
    };
    let record = lines.take(ONLINE_LINES).find(|line| position(line.bytes, COOP).is_some())?.bytes;
    let date = record.iter().rposition(|&byte| byte == b':')?.checked_sub(11)?;
    Some(Layout { columns: Columns::Online { date, value }, interval })
}

/// Where a word first stands in a line.
fn position(line: &[u8], word: &[u8]) -> Option<usize> {
    line.windows(word.len()).position(|part| part == word)
}

/// A period as it stands in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Period {
    hour: i64,
    minute: i64,
    /// 1/100 in.
    value: i64,
    /// 0 when there is none.
    flag: u8,
}

impl Layout {
    /// The station's number in a line.
    pub fn station(self, line: &[u8]) -> Option<i64> {
        let start = match self.columns {
            Columns::Tape => 3,
            Columns::Online { .. } => COOP.len(),
            Columns::Blanks { .. } | Columns::Commas { .. } => 0,
        };
        Scanner::at(line, start).integer(6)
    }
    /// Year, month and day of a line, and the byte at which its periods begin; `None` when it is too
    /// short or has none.
    fn day(self, line: &[u8]) -> Option<([i64; 3], usize)> {
        let longer_than = |length: usize| (line.len() > length).then_some(());
        match self.columns {
            Columns::Tape => {
                longer_than(30)?;
                let mut fields = Scanner::at(line, 17);
                let day = [fields.integer(4)?, fields.integer(2)?, fields.integer(4)?];
                fields.integer(3)?;
                Some((day, 30))
            }
            Columns::Blanks { name } => {
                longer_than(name + 28)?;
                let mut fields = Scanner::at(line, name + 18);
                Some(([fields.integer(4)?, fields.integer(2)?, fields.integer(2)?], name + 28))
            }
            Columns::Commas { name } => {
                longer_than(name + 28)?;
                let mut fields = Scanner::at(line, name + 18);
                let year = fields.integer(4)?;
                fields.literal(b',')?;
                let month = fields.integer(2)?;
                fields.literal(b',')?;
                Some(([year, month, fields.integer(2)?], name + 28))
            }
            Columns::Online { date, .. } => {
                longer_than(date + 23)?;
                let mut fields = Scanner::at(line, date);
                Some(([fields.integer(4)?, fields.integer(2)?, fields.integer(2)?], date + 8))
            }
        }
    }
    /// The period at a byte of a line; `None` when hour, minute or value is not there.
    fn period(self, line: &[u8], start: usize) -> Option<Period> {
        let mut fields = Scanner::at(line, start);
        match self.columns {
            Columns::Tape => {
                let (hour, minute) = (fields.integer(2)?, fields.integer(2)?);
                let value = fields.integer(6)?;
                Some(Period { hour, minute, value, flag: fields.character().unwrap_or(0) })
            }
            Columns::Blanks { .. } => {
                let (hour, minute) = (fields.integer(2)?, fields.integer(2)?);
                let value = fields.integer(6)?;
                Some(Period { hour, minute, value, flag: fields.skip_blanks().character().unwrap_or(0) })
            }
            Columns::Commas { .. } => {
                fields.literal(b',')?;
                let (hour, minute) = (fields.integer(2)?, fields.integer(2)?);
                fields.literal(b',')?;
                let value = fields.integer(6)?;
                let flag = fields.literal(b',').and_then(|()| fields.character()).unwrap_or(0);
                Some(Period { hour, minute, value, flag })
            }
            Columns::Online { value, .. } => {
                let hour = fields.integer(2)?;
                fields.literal(b':')?;
                let minute = fields.integer(2)?;
                let (value, flag) = online_value(line.get(value..)?)?;
                Some(Period { hour, minute, value, flag })
            }
        }
    }
    /// Bytes from one period to the next.
    fn stride(self, line: &[u8]) -> usize {
        match self.columns {
            Columns::Tape => 12,
            Columns::Blanks { .. } | Columns::Commas { .. } => 16,
            Columns::Online { .. } => line.len().max(1),
        }
    }
    /// Reads a line into the record.
    pub fn read(
        self,
        line: &Line<'_>,
        from: Option<DateTime>,
        recorder: &mut Recorder,
        reports: &mut Reports<'_>,
    ) {
        let Some(([year, month, day], first)) = self.day(line.bytes) else {
            if !line.is_blank() {
                let message = "this line cannot be read as a day of rain and is passed over";
                reports.warn(line, line.bytes.len(), message, "");
            }
            return;
        };
        let Some(midnight) = date(year, month, day) else {
            let message = format!("there is no day {year}-{month}-{day}; this line is passed over");
            reports.warn(line, line.bytes.len(), &message, "");
            return;
        };
        if from.is_some_and(|from| midnight < from) {
            return;
        }
        let stride = self.stride(line.bytes);
        let mut start = first;
        while start < line.bytes.len() {
            let Some(period) = self.period(line.bytes, start) else {
                if !Scanner::at(line.bytes, start).is_at_end() {
                    let message = "the line cannot be read from here on";
                    reports.warn(
                        line,
                        start,
                        message,
                        "a period is an hour, a minute, a value and its flags",
                    );
                }
                return;
            };
            if period.hour >= 25 {
                return;
            }
            self.book(period, midnight, recorder, |message| {
                reports.warn(
                    line,
                    start,
                    message,
                    "an accumulated amount begins with flag a and ends with A",
                );
            });
            start += stride;
        }
    }
    fn book(self, period: Period, midnight: DateTime, recorder: &mut Recorder, warn: impl FnOnce(&str)) {
        let Period { hour, minute, value, flag } = period;
        // What ends at the hour 0 of an online file ends at midnight of the day that its line names.
        let end = later(midnight, hour * 3600 + minute * 60);
        match flag {
            b'a' => recorder.begin_accumulation(end),
            b'A' => {
                let amount = (value != MISSING_AMOUNT).then(|| hundredths(value));
                match recorder.end_accumulation(end, amount) {
                    Accumulation::Booked => {}
                    Accumulation::WithoutBeginning => {
                        warn("an accumulated amount without a beginning is left out")
                    }
                    Accumulation::Backward => {
                        warn("an accumulated amount that ends before it begins is left out")
                    }
                    Accumulation::TooLong => warn("an amount accumulated over more than a year is left out"),
                }
            }
            b'{' | b'}' | b'[' | b']' | b'M' => recorder.missing(1),
            _ if value >= MISSING_FROM => recorder.missing(1),
            _ if value > 0 => recorder.rain(later(end, -i64::from(self.interval)), hundredths(value)),
            _ => {}
        }
    }
}

/// Inches of hundredths of an inch.
fn hundredths(value: i64) -> f32 {
    value as f32 / 100.0
}

/// Value, 1/100 in, and flag of an online line from the column of values on: newer files give inches
/// with a point.
fn online_value(rest: &[u8]) -> Option<(i64, u8)> {
    let mut fields = Scanner::at(rest, 0);
    let value = if rest.contains(&b'.') {
        (100.0 * fields.decimal()? + 0.5) as i64
    } else {
        fields.integer(usize::MAX)?
    };
    Some((value, fields.skip_blanks().character().unwrap_or(0)))
}
