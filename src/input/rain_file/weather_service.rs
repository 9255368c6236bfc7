//! Rain files of weather services: NCDC's DSI-3240 and 3260 in four guises, and Environment Canada's
//! hourly (HLY03, HLY21) and quarter-hourly (FIF21) files.
//!
//! The layouts are those of EPA SWMM User's Manual 5.2, appendix C, as SWMM reads them: a file has one
//! station, so its name is not compared; values stand for the interval that ends at their time (of
//! Canadian files SWMM shifts the times by an interval in the same way).

use super::scan::Scanner;
use crate::clock::DateTime;

/// A layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Fixed columns without separators.
    Tape,
    /// Fixed columns with blanks, the date shifted where a name of the station comes first.
    Blanks { named: bool },
    /// Fixed columns with commas.
    Commas,
    /// One value a line; columns of date and value.
    Online { date: usize, value: usize },
    /// A day a line, in tenths of a millimetre: the element of the layout and its values.
    Canada { short_year: bool, element: i64, values: usize },
}

/// A layout and its recording interval, s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub layout: Layout,
    pub interval: u32,
}

/// Recording interval of an American element, s.
fn element_interval(element: &str) -> Option<u32> {
    match element {
        "HPCP" => Some(3600),
        "QPCP" | "QGAG" => Some(900),
        _ => None,
    }
}

/// What a line of a file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// Of a layout that is read here.
    Known(Format),
    /// Of an online file whose columns cannot be found.
    Broken,
    /// None of these.
    Unknown,
}

/// Finds out whether a line belongs to one of the layouts; `lines` are those of the whole file.
pub(super) fn recognise<'a>(line: &str, lines: impl Iterator<Item = &'a str>) -> Finding {
    let american = [
        blanks(Scanner::new(line, 0)).map(|interval| (Layout::Blanks { named: false }, interval)),
        named(Scanner::new(line, 37), None).map(|interval| (Layout::Blanks { named: true }, interval)),
        commas(Scanner::new(line, 0)).map(|interval| (Layout::Commas, interval)),
        named(Scanner::new(line, 37), Some(b',')).map(|interval| (Layout::Commas, interval)),
        tape(Scanner::new(line, 0)).map(|interval| (Layout::Tape, interval)),
    ];
    if let Some((layout, interval)) = american.into_iter().flatten().next() {
        return Finding::Known(Format { layout, interval });
    }
    let mut scan = Scanner::new(line, 0);
    if scan.word(5) == Some("COOP:") && scan.whole(6).is_some() {
        return online(lines).map_or(Finding::Broken, Finding::Known);
    }
    canada(line).map_or(Finding::Unknown, Finding::Known)
}

fn blanks(mut scan: Scanner) -> Option<u32> {
    scan.whole(6)?;
    scan.whole(2)?;
    element_interval(scan.word(4)?)
}

fn commas(mut scan: Scanner) -> Option<u32> {
    scan.whole(6)?;
    scan.literal(b',')?;
    scan.whole(2)?;
    scan.literal(b',')?;
    element_interval(scan.word(4)?)
}

fn named(mut scan: Scanner, separator: Option<u8>) -> Option<u32> {
    let separate = |scan: &mut Scanner| separator.map_or(Some(()), |byte| scan.literal(byte));
    scan.whole(2)?;
    separate(&mut scan)?;
    let element = scan.word(4)?;
    separate(&mut scan)?;
    scan.word(2)?;
    separate(&mut scan)?;
    scan.whole(4)?;
    element_interval(element)
}

fn tape(mut scan: Scanner) -> Option<u32> {
    scan.word(3)?;
    scan.whole(6)?;
    scan.whole(2)?;
    element_interval(scan.word(4)?)
}

/// Columns of an online file: that of the value from the heading, that of the date from the last
/// colon of the first line of data, eleven characters before it.
fn online<'a>(mut lines: impl Iterator<Item = &'a str>) -> Option<Format> {
    let heading = lines.next()?;
    let (value, interval) =
        heading.find("HPCP").map(|at| (at, 3600)).or_else(|| heading.find("QPCP").map(|at| (at, 900)))?;
    let data = lines.take(5).find(|line| line.contains("COOP:"))?;
    let date = data.rfind(':')?.checked_sub(11)?;
    Some(Format { layout: Layout::Online { date, value }, interval })
}

fn canada(line: &str) -> Option<Format> {
    // Lengths as SWMM counts them, with the end of the line.
    let length = line.len() + 1;
    for (short_year, element, values, least, interval) in
        [(true, 123, 24, 185, 3600), (false, 159, 96, 691, 900), (false, 123, 24, 186, 3600)]
    {
        if canadian_head(line, short_year).is_some_and(|head| head.3 == element) && length >= least {
            return Some(Format { layout: Layout::Canada { short_year, element, values }, interval });
        }
    }
    None
}

/// Year, month, day and element of a line of a Canadian file.
fn canadian_head(line: &str, short_year: bool) -> Option<(i64, i64, i64, i64)> {
    let mut scan = Scanner::new(line, 0);
    scan.whole(7)?;
    let year = scan.whole(if short_year { 3 } else { 4 })?;
    Some((year, scan.whole(2)?, scan.whole(2)?, scan.whole(3)?))
}

/// The depths of a file, in inches of single precision.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Depths {
    pub times: Vec<DateTime>,
    pub inches: Vec<f32>,
    pub missing: usize,
}

/// Reads a file from its first line of data on; days before `start` do not count.
pub(super) fn read<'a>(
    lines: impl Iterator<Item = &'a str>,
    format: Format,
    start: Option<DateTime>,
) -> Depths {
    let mut reader = Reader { format, start, depths: Depths::default(), accumulation: None };
    for line in lines {
        // A line that breaks off is read as far as it goes.
        let _ = match format.layout {
            Layout::Canada { short_year, element, values } => {
                reader.canadian(line, short_year, element, values)
            }
            _ => reader.american(line),
        };
    }
    reader.depths
}

struct Reader {
    format: Format,
    start: Option<DateTime>,
    depths: Depths,
    /// When an accumulation began.
    accumulation: Option<DateTime>,
}

fn date(year: i64, month: i64, day: i64) -> Option<DateTime> {
    let (year, month, day) = (i32::try_from(year), u32::try_from(month), u32::try_from(day));
    DateTime::from_date(year.ok()?, month.ok()?, day.ok()?)
}

/// A value of an American file.
struct Value {
    hour: i64,
    minute: i64,
    /// Hundredths of an inch.
    hundredths: i64,
    flag: u8,
}

impl Reader {
    fn american(&mut self, line: &str) -> Option<()> {
        let length = line.len();
        // Where the date stands, where the values begin, and how wide one is.
        let (date_at, values_at, width, shortest) = match self.format.layout {
            Layout::Tape => (17, 30, 12, 30),
            Layout::Blanks { named } => {
                let shift = if named { 31 } else { 0 };
                (18 + shift, 28 + shift, 16, 28 + shift)
            }
            Layout::Commas => (18, 28, 16, 28),
            Layout::Online { date, .. } => (date, date + 8, length, date + 23),
            Layout::Canada { .. } => return None,
        };
        if length <= shortest {
            return None;
        }
        let mut day = self.american_date(Scanner::new(line, date_at))?;
        if self.start.is_some_and(|start| day < start) {
            return None;
        }
        let mut column = values_at;
        while column < length {
            let value = self.american_value(line, column)?;
            column += width;
            let mut hour = value.hour;
            if matches!(self.format.layout, Layout::Online { .. }) && hour == 0 {
                // Hour 0 is hour 24 of the day before.
                hour = 24;
                day = day.plus_seconds(-86_400.0);
            }
            if hour >= 25 {
                return None;
            }
            let at = DateTime(day.0 + (hour * 3600 + value.minute * 60) * 1000);
            self.take(at, value.hundredths, value.flag);
        }
        Some(())
    }

    fn american_date(&self, mut scan: Scanner) -> Option<DateTime> {
        let comma = self.format.layout == Layout::Commas;
        let separate = |scan: &mut Scanner| if comma { scan.literal(b',') } else { Some(()) };
        let year = scan.whole(4)?;
        separate(&mut scan)?;
        let month = scan.whole(2)?;
        separate(&mut scan)?;
        let tape = self.format.layout == Layout::Tape;
        let day = scan.whole(if tape { 4 } else { 2 })?;
        if tape {
            scan.whole(3)?;
        }
        date(year, month, day)
    }

    fn american_value(&self, line: &str, column: usize) -> Option<Value> {
        let mut scan = Scanner::new(line, column);
        match self.format.layout {
            Layout::Online { value, .. } => {
                let hour = scan.whole(2)?;
                scan.literal(b':')?;
                let minute = scan.whole(2)?;
                let mut scan = Scanner::new(line, value);
                let decimal = line.get(value..).is_some_and(|rest| rest.contains('.'));
                let hundredths =
                    if decimal { (100.0 * scan.decimal()? + 0.5) as i64 } else { scan.whole(usize::MAX)? };
                Some(Value { hour, minute, hundredths, flag: scan.mark().unwrap_or(0) })
            }
            layout => {
                let comma = layout == Layout::Commas;
                let separate = |scan: &mut Scanner| if comma { scan.literal(b',') } else { Some(()) };
                separate(&mut scan)?;
                let (hour, minute) = (scan.whole(2)?, scan.whole(2)?);
                separate(&mut scan)?;
                let hundredths = scan.whole(6)?;
                let flag = match layout {
                    Layout::Tape => scan.byte(),
                    Layout::Commas => scan.literal(b',').and_then(|()| scan.byte()),
                    _ => scan.mark(),
                };
                Some(Value { hour, minute, hundredths, flag: flag.unwrap_or(0) })
            }
        }
    }

    /// Books a value of an American file by its flag: `a` to `A` spans an accumulation, braces and
    /// brackets mark deleted and missing periods, `M` a missing value.
    fn take(&mut self, at: DateTime, hundredths: i64, flag: u8) {
        match flag {
            b'a' => self.accumulation = Some(at),
            b'A' => self.spread(at, hundredths),
            b'{' | b'}' | b'[' | b']' | b'M' => self.depths.missing += 1,
            _ if hundredths >= 9999 => self.depths.missing += 1,
            _ if hundredths > 0 => self.push(self.interval_start(at), hundredths as f32 / 100.0),
            _ => {}
        }
    }

    /// Spreads what has accumulated evenly over the intervals since the accumulation began.
    fn spread(&mut self, end: DateTime, hundredths: i64) {
        let Some(start) = self.accumulation else { return };
        let interval_ms = i64::from(self.format.interval) * 1000;
        let intervals = (end.0.saturating_sub(start.0) / interval_ms + 1).max(1);
        if hundredths == 99_999 {
            self.depths.missing += usize::try_from(intervals).unwrap_or(0);
            return;
        }
        self.accumulation = None;
        let depth = hundredths as f32 / intervals as f32 / 100.0;
        // A century of quarter hours is no accumulation.
        if depth > 0.0 && intervals < 3_506_400 {
            let first = self.interval_start(start);
            for i in 0..intervals {
                self.push(DateTime(first.0 + i * interval_ms), depth);
            }
        }
    }

    fn canadian(&mut self, line: &str, short_year: bool, element: i64, values: usize) -> Option<()> {
        let (year, month, day, found) = canadian_head(line, short_year)?;
        let year = match (short_year, year < 100) {
            (true, true) => year + 2000,
            (true, false) => year + 1000,
            _ => year,
        };
        let day = date(year, month, day)?;
        if found != element || self.start.is_some_and(|start| day < start) {
            return None;
        }
        let first = if short_year { 17 } else { 18 };
        let interval_ms = i64::from(self.format.interval) * 1000;
        for i in 0..values {
            let mut scan = Scanner::new(line, first + 7 * i);
            let tenths = scan.whole(6)?;
            let at = DateTime(day.0 + interval_ms * i as i64);
            if tenths == -99_999 {
                self.depths.missing += 1;
            } else if tenths > 0 {
                self.push(self.interval_start(at), (tenths as f64 / 10.0 / 25.4) as f32);
            }
        }
        Some(())
    }

    fn interval_start(&self, end: DateTime) -> DateTime {
        DateTime(end.0.saturating_sub(i64::from(self.format.interval) * 1000))
    }

    fn push(&mut self, at: DateTime, inches: f32) {
        self.depths.times.push(at);
        self.depths.inches.push(inches);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(line: &str) -> Option<Format> {
        match recognise(line, std::iter::once(line)) {
            Finding::Known(format) => Some(format),
            Finding::Broken | Finding::Unknown => None,
        }
    }

    /// Start of each interval (hours since midnight of a day) with its hundredths of an inch.
    fn rain(lines: &[&str], format: Format, day: (i32, u32, u32)) -> Vec<(f64, f64)> {
        let day = DateTime::from_date(day.0, day.1, day.2).unwrap();
        let depths = read(lines.iter().copied(), format, None);
        let hours = depths.times.iter().map(|t| t.seconds_since(day) / 3600.0);
        hours.zip(depths.inches.iter().map(|&i| f64::from((i * 1.0e4).round()) / 100.0)).collect()
    }

    const TAPE: &str = "HPD05300500HPCPHI19490100020041900 00001  2000 00012  2200 99999[ 2500 00013  ";

    #[test]
    fn tape_values_stand_at_the_end_of_their_hour() {
        let format = format(TAPE).unwrap();
        assert_eq!(format, Format { layout: Layout::Tape, interval: 3600 });
        assert_eq!(rain(&[TAPE], format, (1949, 1, 2)), [(18.0, 1.0), (19.0, 12.0)]);
        assert_eq!(read([TAPE].into_iter(), format, None).missing, 1);
        assert!(read([TAPE].into_iter(), format, DateTime::from_date(1949, 1, 3)).times.is_empty());
    }

    #[test]
    fn blanks_and_commas_separate_the_same_fields() {
        let blanks = "310301 01 QPCP HI 1998 01 02 0115  00007     0130  00005 M   2500  00012    ";
        let commas = "310301,01,QPCP,HI,1998,01,02,0115, 00007, , ,0130, 00005,M, ,2500, 00012, , ";
        for (line, layout) in [(blanks, Layout::Blanks { named: false }), (commas, Layout::Commas)] {
            let format = format(line).unwrap();
            assert_eq!(format, Format { layout, interval: 900 });
            assert_eq!(rain(&[line], format, (1998, 1, 2)), [(1.0, 7.0)], "{layout:?}");
        }
    }

    #[test]
    fn an_accumulation_is_spread_over_its_hours() {
        let lines = [
            "310301 01 HPCP HI 1998 01 02 0100  00000 a   2500  00000    ",
            "310301 01 HPCP HI 1998 01 02 0400  00040 A   2500  00040    ",
        ];
        let format = format(lines[0]).unwrap();
        assert_eq!(rain(&lines, format, (1998, 1, 2)), [(0.0, 10.0), (1.0, 10.0), (2.0, 10.0), (3.0, 10.0)]);
    }

    #[test]
    fn online_files_tell_their_columns() {
        let lines = [
            "STATION           DATE           HPCP  Measurement Flag",
            "----------------- -------------- ----- ----------------",
            "COOP:310301       20120101 01:00 0.25                  ",
            "COOP:310301       20120102 00:00 0.10                  ",
        ];
        let Finding::Known(format) = recognise(lines[2], lines.into_iter()) else { panic!("not recognised") };
        assert_eq!(format.layout, Layout::Online { date: 18, value: 33 });
        assert_eq!(rain(&lines[2..], format, (2012, 1, 1)), [(0.0, 25.0), (23.0, 10.0)]);
        assert_eq!(recognise(lines[2], ["no heading"].into_iter()), Finding::Broken);
    }

    #[test]
    fn canadian_days_hold_tenths_of_a_millimetre() {
        let mut line = "6158350998070112".to_owned() + "3";
        for hour in 0..24 {
            line += if hour == 5 { "000254 " } else { "-99999M" };
        }
        let format = format(&line).unwrap();
        assert_eq!(format.layout, Layout::Canada { short_year: true, element: 123, values: 24 });
        // 25.4 mm is an inch.
        assert_eq!(rain(&[&line], format, (1998, 7, 1)), [(4.0, 100.0)]);
        assert_eq!(read([line.as_str()].into_iter(), format, None).missing, 23);
    }
}
