//! Rain files: SWMM's standard format, and those of American and Canadian weather services.
//!
//! The standard format has one record a line, `station year month day hour minute value`. A file may
//! hold many stations. Lines that do not read as a record and lines of other stations are passed over,
//! as SWMM does; those that look like a record gone wrong are reported as warnings. A service's file
//! holds one station and brings its own recording interval.
//!
//! SWMM keeps depths in single precision inches. So does this reader, before it converts to metres:
//! differences of a cumulative record depend on it.

mod scan;
mod weather_service;

use std::fs;
use std::path::{Path, PathBuf};

use crate::clock::DateTime;
use crate::diagnostic::{Diagnostic, Place};
use crate::model::Model;
use crate::model::weather::{Gauge, RainKind, RainRecord, RainSource};
use weather_service::Finding;

/// Lines at the head of a file among which SWMM looks for the first record.
const HEADER_LINES: usize = 5;
/// Problems that are reported of one file; the rest are counted.
const MOST_REPORTS: usize = 20;
/// Metres in an inch.
const INCH: f64 = 0.0254;

/// Reads the rain files of all gauges into their records; paths are relative to `folder`.
///
/// Nothing is read when the model ignores rain. Gauges with the same station share the record of the
/// first of them, as in SWMM. Problems come with SWMM's numbers: 156 (one station in two files),
/// 317 (a file cannot be read), 318 (out of order), 319 (unknown format), 321 (no data of a station).
pub fn load_rain_files(model: &mut Model, folder: &Path) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if model.options.ignore_rainfall {
        return problems;
    }
    let names = model.gauges.names().to_vec();
    let mut files: Vec<(PathBuf, Option<String>)> = Vec::new();
    let mut loaded: Vec<(String, String, Option<RainRecord>)> = Vec::new();
    for (id, gauge) in model.gauges.iter_mut() {
        let parameters = gauge.clone();
        let RainSource::File { path, station, record, .. } = &mut gauge.source else { continue };
        let name = names.get(crate::num::index::Id::index(id)).map_or("", String::as_str);
        let of_gauge = |problem: Diagnostic| problem.of(format!("Rain Gage {name}"));
        if let Some((first_path, _, _)) =
            loaded.iter().find(|(p, s, _)| s.eq_ignore_ascii_case(station) && !p.eq_ignore_ascii_case(path))
        {
            let message = format!("station {station} of Rain Gage {name} is also read from {first_path}");
            problems.push(of_gauge(
                Diagnostic::error(156, message).help("a station may come from one file only"),
            ));
            continue;
        }
        if let Some((_, _, same)) = loaded.iter().find(|(_, s, _)| s == station) {
            record.clone_from(same);
            continue;
        }
        let file = resolve(folder, path);
        if !files.iter().any(|(known, _)| *known == file) {
            let text = match fs::read(&file) {
                Ok(bytes) => Some(decode(&bytes)),
                Err(error) => {
                    let message = format!("cannot open rainfall data file {}: {error}", file.display());
                    problems.push(of_gauge(Diagnostic::error(317, message)));
                    None
                }
            };
            files.push((file.clone(), text));
        }
        let text = files.iter().find(|(known, _)| *known == file).and_then(|(_, text)| text.as_deref());
        if let Some(text) = text {
            let (read, found) = read_record(text, &file, &parameters);
            problems.extend(found.into_iter().map(of_gauge));
            *record = read;
        }
        loaded.push((path.clone(), station.clone(), record.clone()));
    }
    problems
}

/// The path of a rain file: relative to the folder of the model; a path written on Windows is
/// understood elsewhere.
fn resolve(folder: &Path, path: &str) -> PathBuf {
    let as_written = folder.join(path);
    if !as_written.exists() && path.contains('\\') {
        return folder.join(path.replace('\\', "/"));
    }
    as_written
}

/// Text of a file: by its byte-order mark, else UTF-8, else GBK.
fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GBK.decode(bytes).0.into_owned(),
    }
}

/// A part of a line that stands between blanks.
#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    /// Column of its first character, from 1.
    column: usize,
}

fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut start = None;
    for (byte, c) in line.char_indices().chain([(line.len(), ' ')]) {
        match (start, c.is_whitespace()) {
            (None, false) => start = Some(byte),
            (Some(first), true) => {
                let text = line.get(first..byte).unwrap_or_default();
                let column = line.get(..first).map_or(0, |lead| lead.chars().count()) + 1;
                found.push(Token { text, column });
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// One line as a record.
struct Reading<'a> {
    station: &'a str,
    date: Option<DateTime>,
    hour: i32,
    minute: i32,
    value: f32,
}

/// Reads a line; the place of the first token that does not fit is the error (`None`: too few).
fn parse_line<'a>(tokens: &[Token<'a>]) -> Result<Reading<'a>, Option<Token<'a>>> {
    let whole = |i: usize| -> Result<i32, Option<Token<'a>>> {
        let token = tokens.get(i).ok_or(None)?;
        token.text.parse().map_err(|_| Some(*token))
    };
    let station = tokens.first().ok_or(None)?.text;
    let (year, month, day, hour, minute) = (whole(1)?, whole(2)?, whole(3)?, whole(4)?, whole(5)?);
    let last = tokens.get(6).ok_or(None)?;
    let value = last.text.parse::<f32>().ok().filter(|v| v.is_finite()).ok_or(Some(*last))?;
    let date = match (u32::try_from(month), u32::try_from(day)) {
        (Ok(month), Ok(day)) => DateTime::from_date(year, month, day),
        _ => None,
    };
    Ok(Reading { station, date, hour, minute, value })
}

/// Collects problems of one file up to a number, and counts the rest.
struct Reports<'a> {
    file: &'a Path,
    found: Vec<Diagnostic>,
    left_out: usize,
}

impl Reports<'_> {
    fn push(&mut self, problem: Diagnostic, number: usize, line: &str, token: Option<Token<'_>>) {
        if self.found.len() >= MOST_REPORTS {
            self.left_out += 1;
            return;
        }
        self.found.push(problem.at(Place {
            file: self.file.to_path_buf(),
            line: number,
            column: token.map_or(0, |t| t.column),
            text: line.to_owned(),
            token: token.map_or_else(String::new, |t| t.text.to_owned()),
        }));
    }
    fn finish(mut self) -> Vec<Diagnostic> {
        if self.left_out > 0 {
            let message = format!("{} more lines of {} have problems", self.left_out, self.file.display());
            self.found.push(Diagnostic::warning(0, message));
        }
        self.found
    }
}

/// How a file is laid out.
enum Layout {
    Standard,
    Service(weather_service::Format),
}

/// The layout of a file and the number of lines before its data; `None` when it is none we know.
fn find_layout(text: &str) -> Option<(Layout, usize)> {
    for (header, line) in text.lines().take(HEADER_LINES).enumerate() {
        match weather_service::recognise(line, text.lines()) {
            Finding::Known(format) => return Some((Layout::Service(format), header)),
            Finding::Broken => return None,
            Finding::Unknown if parse_line(&tokens(line)).is_ok() => return Some((Layout::Standard, header)),
            Finding::Unknown => {}
        }
    }
    None
}

/// Reads the record of one gauge; `None` when there is none to use.
fn read_record(text: &str, file: &Path, gauge: &Gauge) -> (Option<RainRecord>, Vec<Diagnostic>) {
    let RainSource::File { station, start, .. } = &gauge.source else {
        return (None, Vec::new());
    };
    let (record, mut problems) = match find_layout(text) {
        None => {
            let message = format!("unknown format for rainfall data file {}", file.display());
            let help = "each line should read: station year month day hour minute value";
            return (None, vec![Diagnostic::error(319, message).help(help)]);
        }
        Some((Layout::Service(format), header)) => {
            (read_service(text.lines().skip(header), format, *start), Vec::new())
        }
        Some((Layout::Standard, header)) => read_standard(text, header, file, gauge),
    };
    let in_order = problems.iter().all(|problem| problem.code != 318);
    if record.times.is_empty() && in_order {
        let message = format!("no data of station {station} in rainfall data file {}", file.display());
        problems.push(Diagnostic::error(321, message));
    }
    let usable = in_order && !record.times.is_empty();
    (usable.then_some(record), problems)
}

/// Reads a weather service's file.
fn read_service<'a>(
    lines: impl Iterator<Item = &'a str>,
    format: weather_service::Format,
    start: Option<DateTime>,
) -> RainRecord {
    let depths = weather_service::read(lines, format, start);
    RainRecord {
        interval: format.interval,
        times: depths.times,
        depths: depths.inches.into_iter().map(|inches| f64::from(inches) * INCH).collect(),
        missing: depths.missing,
    }
}

/// Reads the lines of a gauge's station after the header.
fn read_standard(text: &str, header: usize, file: &Path, gauge: &Gauge) -> (RainRecord, Vec<Diagnostic>) {
    let RainSource::File { station, millimetres, start, .. } = &gauge.source else {
        return (RainRecord::default(), Vec::new());
    };
    let mut reports = Reports { file, found: Vec::new(), left_out: 0 };
    let mut record = RainRecord { interval: gauge.interval, ..RainRecord::default() };
    let mut depths = DepthReader::new(gauge, *millimetres);
    for (number, line) in text.lines().enumerate().skip(header) {
        let (number, tokens) = (number + 1, tokens(line));
        let reading = match parse_line(&tokens) {
            Ok(reading) if reading.station.eq_ignore_ascii_case(station) => reading,
            Ok(_) => continue,
            Err(token) => {
                if tokens.first().is_some_and(|t| t.text.eq_ignore_ascii_case(station)) {
                    let message = format!("a line of station {station} cannot be read and is passed over");
                    let problem =
                        Diagnostic::warning(0, message).help("station year month day hour minute value");
                    reports.push(problem, number, line, token);
                }
                continue;
            }
        };
        let instant = reading.date.map(|date| {
            let seconds = i64::from(reading.hour) * 3600 + i64::from(reading.minute) * 60;
            DateTime(date.0.saturating_add(seconds * 1000))
        });
        if reading.date.zip(*start).is_some_and(|(date, first)| date < first) {
            continue;
        }
        match instant {
            Some(at) if record.times.last().is_none_or(|&before| at > before) => {
                let depth = depths.read(reading.value);
                record.times.push(at);
                record.depths.push(depth);
            }
            _ => {
                let message = if instant.is_some() {
                    format!("this line is out of sequence in rainfall data file {}", file.display())
                } else {
                    format!("this line has no valid date in rainfall data file {}", file.display())
                };
                let help = "dates and times of a station must increase";
                reports.push(
                    Diagnostic::error(318, message).help(help),
                    number,
                    line,
                    tokens.get(1).copied(),
                );
            }
        }
    }
    (record, reports.finish())
}

/// Turns the values of a record into depths, in single precision as SWMM does.
struct DepthReader {
    kind: RainKind,
    interval: f32,
    inches: f32,
    /// Cumulative depth so far.
    sum: f32,
}

impl DepthReader {
    fn new(gauge: &Gauge, millimetres: bool) -> Self {
        let inches = if millimetres { (1.0 / 25.4) as f32 } else { 1.0 };
        Self { kind: gauge.kind, interval: gauge.interval as f32, inches, sum: 0.0 }
    }
    /// Depth in the recording interval, m.
    fn read(&mut self, value: f32) -> f64 {
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
        f64::from(depth * self.inches) * INCH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gauge(kind: RainKind) -> Gauge {
        let source = RainSource::File {
            path: "rain.dat".into(),
            station: "STA1".into(),
            millimetres: true,
            start: None,
            record: None,
        };
        Gauge { kind, interval: 900, snow_catch: 1.0, source }
    }

    fn read(text: &str, kind: RainKind) -> (Option<RainRecord>, Vec<Diagnostic>) {
        read_record(text, Path::new("rain.dat"), &gauge(kind))
    }

    fn millimetres(record: &RainRecord) -> Vec<f64> {
        record.depths.iter().map(|d| (d * 1.0e6).round() / 1000.0).collect()
    }

    #[test]
    fn a_station_is_picked_from_a_file_of_many() {
        let text = ";station rain in mm\n\nSTA2 2026 7 21 0 0 9\nsta1 2026 07 21 00 15 1.5\nSTA1 2026 7 21 0 45 2 A\n";
        let (record, problems) = read(text, RainKind::Volume);
        let record = record.unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(millimetres(&record), [1.5, 2.0]);
        assert_eq!(record.times[1], DateTime::from_date(2026, 7, 21).unwrap().plus_seconds(2700.0));
    }

    #[test]
    fn intensities_and_sums_become_depths() {
        let text = "STA1 2026 7 21 0 0 8\nSTA1 2026 7 21 0 15 12\nSTA1 2026 7 21 0 30 4\n";
        assert_eq!(millimetres(&read(text, RainKind::Intensity).0.unwrap()), [2.0, 3.0, 1.0]);
        assert_eq!(millimetres(&read(text, RainKind::Cumulative).0.unwrap()), [8.0, 4.0, 4.0]);
    }

    #[test]
    fn a_line_out_of_order_is_reported_with_its_place() {
        let text = "STA1 2026 7 21 0 30 1\nSTA1 2026 7 21 0 15 1\nSTA1 2026 2 30 0 0 1\n";
        let (record, problems) = read(text, RainKind::Volume);
        assert!(record.is_none());
        assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), [318, 318]);
        let places: Vec<_> = problems.iter().map(|p| p.place.as_ref().unwrap()).collect();
        assert_eq!((places[0].line, places[0].column, places[0].token.as_str()), (2, 6, "2026"));
        assert_eq!(places[1].line, 3);
    }

    #[test]
    fn a_spoilt_line_of_the_station_is_passed_over_with_a_warning() {
        let text = "STA1 2026 7 21 0 0 1\nSTA1 2026 7 21 0 15 trace\nSTA1 2026 7 21 0 30 1\n";
        let (record, problems) = read(text, RainKind::Volume);
        assert_eq!(record.unwrap().times.len(), 2);
        let place = problems[0].place.as_ref().unwrap();
        assert_eq!((place.line, place.column, place.token.as_str()), (2, 21, "trace"));
    }

    #[test]
    fn other_formats_and_missing_stations_are_named() {
        let (_, problems) = read("rain\n1\n2\n3\n4\nSTA1 2026 7 21 0 0 1\n", RainKind::Volume);
        assert_eq!(problems[0].code, 319);
        let (_, problems) = read("STA9 2026 7 21 0 0 1\n", RainKind::Volume);
        assert_eq!(problems[0].code, 321);
    }

    #[test]
    fn a_services_file_brings_its_own_interval() {
        // Also where a line has the look of the standard format.
        let text = "HPD05300500HPCPHI19490100020041900 00001  2000 00100  2200 00001  2300 00001  ";
        let record = read(text, RainKind::Intensity).0.unwrap();
        assert_eq!((record.interval, record.times.len()), (3600, 4));
        assert_eq!(millimetres(&record)[1], 25.4);
    }

    #[test]
    fn a_missing_file_is_error_317() {
        let mut model = Model::default();
        model.gauges.insert("G", gauge(RainKind::Volume));
        let problems = load_rain_files(&mut model, Path::new("/nowhere"));
        assert_eq!(problems[0].code, 317);
        model.options.ignore_rainfall = true;
        assert!(load_rain_files(&mut model, Path::new("/nowhere")).is_empty());
    }
}
