//! `[CURVES]`, `[TIMESERIES]` with their external files, and `[PATTERNS]`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::document::{Document, Token};
use super::draft::{Draft, define_once};
use super::number::{date, number, plus_ms, time_ms};
use super::row::{Findings, Row, place};
use crate::clock::DateTime;
use crate::diagnostic::{Diagnostic, Place};
use crate::model::curve::{Curve, CurveKind, Pattern, PatternKind, TimeSeries};
use crate::model::{CurveId, PatternId, SeriesId};
use crate::units::Units;

/// Curves and patterns whose first line has been read, and where each series has got to.
#[derive(Debug, Default)]
pub(super) struct Pending {
    curves: BTreeSet<CurveId>,
    patterns: BTreeSet<PatternId>,
    /// The date that goes on from one entry to the next.
    dates: BTreeMap<SeriesId, DateTime>,
    /// Series in external files, with the place of the path.
    files: BTreeMap<SeriesId, (String, Place)>,
}

/// Registers a curve by its name.
pub(super) fn define_curve(row: &mut Row<'_, '_>, draft: &mut Draft) {
    let curve = Curve { kind: CurveKind::Control, x: Vec::new(), y: Vec::new() };
    define_once(row, 0, &mut draft.model.curves, curve);
}

const CURVES: &[(&str, CurveKind)] = &[
    ("STORAGE", CurveKind::Storage),
    ("DIVERSION", CurveKind::Diversion),
    ("TIDAL", CurveKind::Tidal),
    ("RATING", CurveKind::Rating),
    ("CONTROL", CurveKind::Control),
    ("SHAPE", CurveKind::Shape),
    ("WEIR", CurveKind::Weir),
    ("PUMP1", CurveKind::Pump1),
    ("PUMP2", CurveKind::Pump2),
    ("PUMP3", CurveKind::Pump3),
    ("PUMP4", CurveKind::Pump4),
    ("PUMP5", CurveKind::Pump5),
];

/// Multipliers of x and y from the user's units to SI.
fn curve_units(kind: CurveKind, units: &Units) -> (f64, f64) {
    match kind {
        CurveKind::Storage => (units.length, units.area),
        CurveKind::Diversion => (units.flow, units.flow),
        CurveKind::Tidal => (1.0, units.length),
        CurveKind::Weir => (units.length, 1.0),
        CurveKind::Control | CurveKind::Shape => (1.0, 1.0),
        CurveKind::Pump1 => (units.volume, units.flow),
        CurveKind::Rating | CurveKind::Pump2 | CurveKind::Pump3 | CurveKind::Pump4 | CurveKind::Pump5 => {
            (units.length, units.flow)
        }
    }
}

/// Reads a line of a curve; its kind stands in the first one.
pub(super) fn read_curve(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Curve");
    if !row.has(2, "name (, kind in the first line), pairs of x and y") {
        return;
    }
    let Some(id) = row.find(0, "curve", &draft.model.curves) else { return };
    let mut first = 1;
    if draft.tables.curves.insert(id) {
        first = 2;
        match row.keyword(1, "kind of curve", CURVES) {
            Some(kind) => draft.model.curves[id].kind = kind,
            None => return,
        }
    }
    let curve = &mut draft.model.curves[id];
    let (of_x, of_y) = curve_units(curve.kind, &draft.model.units);
    for field in (first..row.len()).step_by(2) {
        if field + 1 == row.len() {
            row.error(203, field, "an x without its y", "curves are made of pairs of x and y");
            return;
        }
        curve.x.push(row.number(field, "x") * of_x);
        curve.y.push(row.number(field + 1, "y") * of_y);
    }
}

/// Registers a time series by its name.
pub(super) fn define_series(row: &mut Row<'_, '_>, draft: &mut Draft) {
    define_once(row, 0, &mut draft.model.series, TimeSeries::default());
}

/// Reads a line of a time series: entries of (date,) time and value, or an external file.
pub(super) fn read_series(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Time Series");
    if !row.has(3, "name, then entries of (date,) time and value, or FILE and a path") {
        return;
    }
    let Some(id) = row.find(0, "time series", &draft.model.series) else { return };
    if row.text(1).eq_ignore_ascii_case("FILE") {
        let path = row.text(2).to_owned();
        draft.model.series[id].file = Some(path.clone());
        draft.tables.files.insert(id, (path, row.place(2)));
        return;
    }
    let start = draft.model.options.start;
    let day = draft.tables.dates.entry(id).or_insert(start);
    let series = &mut draft.model.series[id];
    let mut field = 1;
    while field < row.len() {
        if let Some(date) = date(row.text(field)) {
            *day = date;
            field += 1;
        }
        if field == row.len() {
            row.warning(field - 1, "a date without time and value is left out", "");
            return;
        }
        let Some(time) = time_ms(row.text(field)) else {
            let message = format!("'{}' is no time", row.text(field));
            row.error(211, field, message, "times are hours since the start, or hours:minutes after a date");
            return;
        };
        if field + 1 == row.len() {
            row.warning(field, "a time without a value is left out", "");
            return;
        }
        let value = row.number(field + 1, "the value");
        series.times.push(plus_ms(*day, time));
        series.values.push(value);
        field += 2;
    }
}

/// After so many bad lines the rest of an external file is not read.
const MOST_BAD_LINES: usize = 100;

/// Reads the external files of time series.
pub(super) fn finish(draft: &mut Draft, findings: &mut Findings<'_>) {
    let start = draft.model.options.start;
    for (id, (written, named_at)) in std::mem::take(&mut draft.tables.files) {
        let element = format!("Time Series {}", draft.model.series.name(id));
        let path = companion(findings.file, &written);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(cause) => {
                let error = Diagnostic::error(361, format!("cannot open '{}': {cause}", path.display()));
                let help = "paths are relative to the folder of the .inp file";
                findings.list.push(error.at(named_at).of(element).help(help));
                continue;
            }
        };
        let series = &mut draft.model.series[id];
        // A file takes the place of entries in the text.
        series.times.clear();
        series.values.clear();
        let bad = read_file(&path, &Document::parse(&bytes), start, series);
        if series.times.is_empty() && bad.is_empty() {
            let error = Diagnostic::error(363, format!("'{}' holds no data", path.display()));
            findings.list.push(error.at(named_at).of(element.clone()));
        }
        findings.list.extend(bad.into_iter().map(|diagnostic| diagnostic.of(element.clone())));
    }
}

/// Where a file that a line names is: relative to the folder of the `.inp` file. Backslashes part
/// folders on every system.
pub fn companion(inp: &Path, written: &str) -> PathBuf {
    let folder = inp.parent().unwrap_or(Path::new(""));
    let path = folder.join(written);
    if !std::path::is_separator('\\') && written.contains('\\') && !path.exists() {
        return folder.join(written.replace('\\', "/"));
    }
    path
}

/// Reads entries of (date,) time and value, one a line; the lines that are none.
fn read_file(path: &Path, document: &Document, start: DateTime, series: &mut TimeSeries) -> Vec<Diagnostic> {
    let mut bad = Vec::new();
    let mut day = start;
    for (index, line) in document.lines().iter().enumerate() {
        let mut words = line.text().split_ascii_whitespace();
        let Some(first) = words.next().filter(|word| !word.starts_with(';')) else { continue };
        // SWMM looks at three words, comments included.
        let entry = match (words.next(), words.next()) {
            (Some(value), None) => time_ms(first).zip(number(value)),
            (Some(time), Some(value)) => {
                let date = date(first);
                day = date.unwrap_or(day);
                date.and(time_ms(time).zip(number(value)))
            }
            _ => None,
        };
        if let Some((time, value)) = entry {
            series.times.push(plus_ms(day, time));
            series.values.push(value);
            continue;
        }
        let trimmed = line.text().trim();
        let offset = line.text().len() - line.text().trim_start().len();
        let whole = Token { value: trimmed, start: offset, end: offset + trimmed.len() };
        let place = place(path, index, line.text(), Some(&whole));
        let help = "each line has (a date month/day/year,) a time and a value";
        bad.push(Diagnostic::error(363, "the line is no entry of a time series").at(place).help(help));
        if bad.len() == MOST_BAD_LINES {
            break;
        }
    }
    bad
}

const PATTERNS: &[(&str, PatternKind)] = &[
    ("MONTHLY", PatternKind::Monthly),
    ("DAILY", PatternKind::Daily),
    ("HOURLY", PatternKind::Hourly),
    ("WEEKEND", PatternKind::Weekend),
];

/// Registers a pattern by its name.
pub(super) fn define_pattern(row: &mut Row<'_, '_>, draft: &mut Draft) {
    let pattern = Pattern { kind: PatternKind::Monthly, factors: [1.0; 24], count: 0 };
    define_once(row, 0, &mut draft.model.patterns, pattern);
}

/// Reads a line of a pattern; its kind stands in the first one.
pub(super) fn read_pattern(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Time Pattern");
    if !row.has(2, "name (, MONTHLY or DAILY or HOURLY or WEEKEND in the first line), factors") {
        return;
    }
    let Some(id) = row.find(0, "pattern", &draft.model.patterns) else { return };
    let pattern = &mut draft.model.patterns[id];
    let mut first = 1;
    if draft.tables.patterns.insert(id) {
        first = 2;
        match row.keyword(1, "kind of pattern", PATTERNS) {
            Some(kind) => pattern.kind = kind,
            None => return,
        }
    }
    for field in first..row.len() {
        let Some(factor) = pattern.factors.get_mut(pattern.count) else {
            row.warning(field, "factors beyond the 24th are left out", "");
            return;
        };
        *factor = row.number(field, "the factor");
        pattern.count += 1;
    }
}
