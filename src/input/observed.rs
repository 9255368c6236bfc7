//! Observed levels and flows as CSV: a column of times, then one column for each quantity at an element.
//!
//! ```text
//! time,J24 depth (m),T23 flow (L/s),"泵站 1 水位 (m)"
//! 2026-07-21 14:05,0.42,133,
//! ```
//!
//! The last two words of a head are the quantity (`depth`, `level`, `flow`; 水深, 水位, 流量) and its unit in brackets;
//! all before them is the name of the element, quoted or not. Times are dates under `time` (时间) or hours since the
//! start of the run under `hours` (小时). Empty cells are gaps; lines that begin with `#` are passed over.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::Path;

use crate::clock::DateTime;
use crate::diagnostic::{Diagnostic, Place};
use crate::scenario::observed::{Gauge, ObservedTime, Quantity};
use crate::scenario::quantity::{Flow, Length};

/// Words of quantities.
const QUANTITIES: [(&str, Quantity); 6] = [
    ("depth", Quantity::Depth),
    ("level", Quantity::Level),
    ("flow", Quantity::Flow),
    ("水深", Quantity::Depth),
    ("水位", Quantity::Level),
    ("流量", Quantity::Flow),
];

/// How the first column says times.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Hours,
    Dates,
}

/// A file being read.
struct Reader<'a> {
    file: &'a Path,
    lines: Vec<&'a str>,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Notes a problem of a cell; `line` counts from 1.
    fn fail(&mut self, line: usize, token: &str, message: String, help: impl Into<String>) {
        let text = self.lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let lead = text.find(token).and_then(|at| text.get(..at)).filter(|_| !token.is_empty());
        let place = Place {
            file: self.file.to_path_buf(),
            line,
            column: lead.map_or(0, |lead| lead.chars().count() + 1),
            text: text.to_owned(),
            token: token.to_owned(),
        };
        self.found.push(Diagnostic::error(0, message).help(help).at(place));
    }
}

/// Reads observations from text; `file` names it in messages.
///
/// # Errors
/// All problems: heads without element, quantity or unit, cells that are no numbers, times that do not increase, columns
/// without a value.
pub fn observed(text: &str, file: &Path) -> Result<Vec<Gauge>, Vec<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { file, lines: text.lines().collect(), found: Vec::new() };
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut head: Option<(Times, Vec<Option<Column>>)> = None;
    let mut last: Option<f64> = None;
    for row in rows.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line) as usize;
                reader.fail(line, "", format!("the line cannot be read: {error}"), "observations are CSV");
                break;
            }
        };
        let line = row.position().map_or(0, csv::Position::line) as usize;
        let cells: Vec<&str> = row.iter().collect();
        let Some((times, columns)) = &mut head else {
            head = read_head(&mut reader, line, &cells);
            if head.is_none() {
                break;
            }
            continue;
        };
        if cells.len() != columns.len() + 1 {
            let help = format!("the head names {} columns", columns.len() + 1);
            reader.fail(line, "", format!("{} cells in a line", cells.len()), help);
            continue;
        }
        let (first, values) = cells.split_first().unwrap_or((&"", &[]));
        let Some(time) = read_time(&mut reader, line, *times, first) else { continue };
        // any start serves for the order
        let seconds = time.since(DateTime(0));
        if last.is_some_and(|last| seconds <= last) {
            let message = format!("`{first}` does not follow the time before");
            reader.fail(line, first, message, "times increase");
            continue;
        }
        last = Some(seconds);
        for (cell, column) in values.iter().zip(columns.iter_mut()) {
            let Some(column) = column else { continue };
            if cell.is_empty() {
                continue;
            }
            match cell.parse::<f64>().ok().filter(|value| value.is_finite()) {
                Some(value) => {
                    column.gauge.times.push(time);
                    column.gauge.values.push(value * column.factor);
                }
                None => {
                    reader.fail(line, cell, format!("`{cell}` is no number"), "a gap is left empty");
                }
            }
        }
    }
    finish(reader, head)
}

/// A column: its gauge, and what its unit is in SI.
struct Column {
    gauge: Gauge,
    factor: f64,
}

fn finish(
    mut reader: Reader<'_>,
    head: Option<(Times, Vec<Option<Column>>)>,
) -> Result<Vec<Gauge>, Vec<Diagnostic>> {
    let columns = head.map(|(_, columns)| columns).unwrap_or_default();
    let gauges: Vec<Gauge> = columns.into_iter().flatten().map(|column| column.gauge).collect();
    if reader.found.is_empty() {
        for gauge in &gauges {
            if gauge.values.is_empty() {
                let name = format!("{} {}", gauge.element, gauge.quantity.word());
                let message = format!("{}: nothing was observed of {name}", reader.file.display());
                reader.found.push(Diagnostic::error(0, message).help("leave the column out"));
            }
        }
        if gauges.is_empty() {
            let message = format!("{} holds no observations", reader.file.display());
            reader
                .found
                .push(Diagnostic::error(0, message).help("its first line is such as `hours,J24 depth (m)`"));
        }
    }
    if reader.found.is_empty() { Ok(gauges) } else { Err(reader.found) }
}

/// The head: what the times are, and each column; one that is wrong is `None`. `None` when there is no head at all.
fn read_head(reader: &mut Reader<'_>, line: usize, cells: &[&str]) -> Option<(Times, Vec<Option<Column>>)> {
    let (first, names) = cells.split_first()?;
    let times = match first.to_lowercase().as_str() {
        "time" | "时间" => Times::Dates,
        "hours" | "小时" => Times::Hours,
        _ => {
            let message = format!("the first column is headed `{first}`");
            reader.fail(
                line,
                first,
                message,
                "it is `time` for dates, or `hours` since the start of the run",
            );
            return None;
        }
    };
    let mut columns: Vec<Option<Column>> = Vec::new();
    for cell in names {
        let column = match read_column(cell) {
            Ok(column) => Some(column),
            Err((message, help)) => {
                reader.fail(line, cell, message, help);
                None
            }
        };
        let same = |other: &Gauge, one: &Gauge| {
            other.quantity == one.quantity && other.element.eq_ignore_ascii_case(&one.element)
        };
        if let Some(one) = &column
            && columns.iter().flatten().any(|other| same(&other.gauge, &one.gauge))
        {
            reader.fail(line, cell, format!("`{cell}` is there twice"), "keep one of them");
        }
        columns.push(column);
    }
    Some((times, columns))
}

/// A head such as `J24 depth (m)`.
fn read_column(cell: &str) -> Result<Column, (String, String)> {
    const FORM: &str = "write such as `J24 depth (m)`, `J24 level (m)` or `T23 flow (m3/s)`";
    let refuse = |message: String| (message, FORM.to_owned());
    let (rest, unit) = cell
        .strip_suffix([')', '）'])
        .and_then(|rest| rest.rsplit_once(['(', '（']))
        .ok_or_else(|| refuse(format!("`{cell}` has no unit")))?;
    let rest = rest.trim_end();
    let found = QUANTITIES.iter().find_map(|(word, quantity)| {
        let lead = rest.len().checked_sub(word.len())?;
        let is_word = rest.get(lead..).is_some_and(|tail| tail.eq_ignore_ascii_case(word));
        is_word.then(|| Some((rest.get(..lead)?, *quantity)))?
    });
    let (name, quantity) = found.ok_or_else(|| refuse(format!("`{cell}` names no quantity")))?;
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '“' | '”'));
    if name.is_empty() {
        return Err(refuse(format!("`{cell}` names no element")));
    }
    let units = match quantity {
        Quantity::Depth | Quantity::Level => Length::UNITS,
        Quantity::Flow => Flow::UNITS,
    };
    let Some((_, factor)) = units.iter().find(|(known, _)| *known == unit.trim()) else {
        let known = units.iter().map(|(unit, _)| format!("`{unit}`")).collect::<Vec<_>>().join(", ");
        let word = quantity.word();
        return Err((format!("`{unit}` is not a unit of {word}"), format!("known are {known}")));
    };
    let gauge = Gauge { element: name.to_owned(), quantity, times: Vec::new(), values: Vec::new() };
    Ok(Column { gauge, factor: *factor })
}

fn read_time(reader: &mut Reader<'_>, line: usize, times: Times, cell: &str) -> Option<ObservedTime> {
    let (read, what, help) = match times {
        Times::Hours => {
            let hours = cell.parse::<f64>().ok().filter(|hours| hours.is_finite());
            let read = hours.map(|hours| ObservedTime::Elapsed(hours * 3600.0));
            (read, "a number of hours", "dates stand under `time`, hours under `hours`")
        }
        Times::Dates => {
            (date(cell).map(ObservedTime::At), "a date with a time", "write such as `2026-07-21 14:05`")
        }
    };
    if read.is_none() {
        reader.fail(line, cell, format!("`{cell}` is not {what}"), help);
    }
    read
}

/// A date with a time of day, ISO 8601: `2026-07-21 14:05`, `2026-07-21T14:05:30`.
fn date(text: &str) -> Option<DateTime> {
    let (day, time) = text.split_once(['T', ' '])?;
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let midnight = DateTime::from_date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    let mut parts = time.trim().split(':');
    let (hour, minute) = (parts.next()?.parse::<u32>().ok()?, parts.next()?.parse::<u32>().ok()?);
    let second = match parts.next() {
        Some(text) => text.parse::<f64>().ok().filter(|second| (0.0..60.0).contains(second))?,
        None => 0.0,
    };
    if parts.next().is_some() || hour > 23 || minute > 59 {
        return None;
    }
    Some(midnight.plus_seconds(f64::from(hour * 3600 + minute * 60) + second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_with_their_element_quantity_and_unit() {
        let text = "# gauges of a summer\nhours,J24 depth (cm),T23 flow (L/s),\"泵站 1 水位 (m)\",'A B' 流量（m3/s）\n\
                    0,42,133,,1\n0.5,,140,3.5,2\n";
        let gauges = observed(text, Path::new("g.csv")).unwrap();
        let names: Vec<(&str, Quantity)> = gauges.iter().map(|g| (g.element.as_str(), g.quantity)).collect();
        let expected = [
            ("J24", Quantity::Depth),
            ("T23", Quantity::Flow),
            ("泵站 1", Quantity::Level),
            ("A B", Quantity::Flow),
        ];
        assert_eq!(names, expected);
        assert_eq!((gauges[0].values.len(), gauges[0].values[0]), (1, 0.42));
        assert!((gauges[1].values[1] - 0.14).abs() < 1e-12);
        assert_eq!(gauges[2].times, [ObservedTime::Elapsed(1800.0)]);
    }

    #[test]
    fn dates_are_counted_from_the_start_of_the_run() {
        let text = "time,J depth (m)\n2026-07-21 14:05,1\n2026-07-21T14:05:30,2\n";
        let gauges = observed(text, Path::new("g.csv")).unwrap();
        let start = DateTime::from_date(2026, 7, 21).unwrap().plus_seconds(14.0 * 3600.0);
        let seconds: Vec<f64> = gauges[0].times.iter().map(|time| time.since(start)).collect();
        assert_eq!(seconds, [300.0, 330.0]);
    }

    #[test]
    fn all_that_is_wrong_is_shown_at_line_and_column() {
        let text = "time,J depth,J depth (l),J depth (m),depth (m),J depth (mm)\n\
                    2026-02-30 14:05,1,1,1,1,1\n2026-02-20 14:05,1,1,deep,1,1\n2026-02-20 14:05,1,1,1,1,1\n2026-02-21 14:05,1\n";
        let problems = observed(text, Path::new("g.csv")).unwrap_err();
        let said: Vec<(usize, usize, &str)> = problems
            .iter()
            .map(|problem| {
                let place = problem.place.as_ref().unwrap();
                (place.line, place.column, problem.message.as_str())
            })
            .collect();
        let expected = [
            (1, 6, "`J depth` has no unit"),
            (1, 14, "`l` is not a unit of depth"),
            (1, 28, "`depth (m)` names no element"),
            (1, 48, "`J depth (mm)` is there twice"),
            (2, 1, "`2026-02-30 14:05` is not a date with a time"),
            (3, 22, "`deep` is no number"),
            (4, 1, "`2026-02-20 14:05` does not follow the time before"),
            (5, 0, "2 cells in a line"),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn what_holds_nothing_is_refused() {
        for (text, word) in [
            ("", "no observations"),
            ("hours\n", "no observations"),
            ("hours,J depth (m)\n0,\n", "nothing was observed of J depth"),
            ("t,J depth (m)\n0,1\n", "headed `t`"),
            ("hours,J depth (m)\nnoon,1\n", "`noon` is not a number of hours"),
        ] {
            let problems = observed(text, Path::new("g.csv")).unwrap_err();
            assert!(problems[0].message.contains(word), "{problems:?}");
        }
    }
}
