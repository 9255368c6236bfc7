//! Observed rain of a storm, from a rain file or from CSV.

use crate::diagnostic::Diagnostic;
use crate::input::rain_file::{self, Station};
use crate::input::rain_table::{RainTable, rain_table};
use crate::model::weather::RainKind;
use crate::scenario::file::{RainUnit, RainValues, SeriesTable};
use crate::scenario::storm::ObservedRain;

use super::companion::Companions;
use super::source::Node;

/// Millimetres in an inch.
const INCH_MM: f64 = 25.4;

/// The record that a table names, or nothing when it is wrong.
pub(super) fn observed(
    companions: &Companions<'_>,
    node: Node<'_>,
    table: &SeriesTable,
    found: &mut Vec<Diagnostic>,
) -> Option<ObservedRain> {
    let interval = match table.interval {
        None => None,
        Some(span) if span.0 >= 1.0 && span.0.fract() == 0.0 && span.0 <= 31.0 * 86_400.0 => {
            Some(span.0 as u32)
        }
        Some(span) => {
            let problem = Diagnostic::error(0, format!("an interval of {} s is none", span.0));
            let help = "rain is recorded in whole seconds, a month at most";
            found.push(problem.help(help).at(node.down(&["interval"]).place()));
            return None;
        }
    };
    let is_csv = table.file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    if is_csv {
        if table.station.is_some() {
            let problem = Diagnostic::error(0, "a CSV file has no stations");
            found.push(problem.help("leave `station` out").at(node.down(&["station"]).place()));
        }
        let rows = companions.table(&table.file, node.down(&["file"]), rain_table, found)?;
        return of_table(node, table, &rows, interval, found);
    }
    let station = Station {
        name: table.station.as_deref(),
        kind: match table.values {
            RainValues::Depth => RainKind::Volume,
            RainValues::Intensity => RainKind::Intensity,
            RainValues::Cumulative => RainKind::Cumulative,
        },
        interval,
        millimetres: table.unit == RainUnit::Millimetre,
    };
    let (record, problems) = match rain_file::read_station(&companions.path(&table.file), &station) {
        Ok(read) => read,
        Err(error) => {
            found.push(companions.unreadable(&table.file, node.down(&["file"]), &error));
            return None;
        }
    };
    // what has no place in the rain file belongs to what the scenario asks of it
    let place = node.down(&[if table.station.is_some() { "station" } else { "file" }]).place();
    let problems = problems.into_iter().map(|problem| match &problem.place {
        Some(_) => problem,
        None => problem.at(place.clone()),
    });
    found.extend(problems);
    let record = record?;
    let start = *record.times.first()?;
    Some(ObservedRain {
        start: Some(start),
        interval_s: record.interval,
        times_s: record.times.iter().map(|time| time.seconds_since(start)).collect(),
        depths_mm: record.depths.iter().map(|depth| depth * 1000.0).collect(),
        source: source_of(table),
    })
}

/// A record of the rows of a CSV file.
fn of_table(
    node: Node<'_>,
    table: &SeriesTable,
    rows: &RainTable,
    interval: Option<u32>,
    found: &mut Vec<Diagnostic>,
) -> Option<ObservedRain> {
    let gaps = rows.times_s.iter().zip(rows.times_s.iter().skip(1)).map(|(early, late)| late - early);
    let shortest = gaps.min_by(f64::total_cmp);
    let fail = |message: String, help: &str, found: &mut Vec<Diagnostic>| {
        found.push(Diagnostic::error(0, message).help(help).at(node.down(&["file"]).place()));
    };
    let interval_s = match (interval, shortest) {
        (Some(interval), Some(shortest)) if f64::from(interval) > shortest => {
            let message = format!("{} holds times only {shortest} s apart", table.file.display());
            fail(message, "an interval cannot be longer than that", found);
            return None;
        }
        (Some(interval), _) => interval,
        (None, Some(shortest)) if shortest >= 1.0 => shortest as u32,
        (None, Some(shortest)) => {
            fail(format!("{} holds times {shortest} s apart", table.file.display()), "", found);
            return None;
        }
        (None, None) => {
            let message = format!("{} holds one time only", table.file.display());
            fail(message, "give the `interval` that it fell in", found);
            return None;
        }
    };
    let unit = if table.unit == RainUnit::Inch { INCH_MM } else { 1.0 };
    let mut sum = 0.0;
    let depth = |value: &f64| {
        let depth = match table.values {
            RainValues::Depth => *value,
            RainValues::Intensity => value * f64::from(interval_s) / 3600.0,
            // a value below the one before it begins a new sum
            RainValues::Cumulative => {
                let depth = if *value >= sum { value - sum } else { *value };
                sum = *value;
                depth
            }
        };
        depth * unit
    };
    Some(ObservedRain {
        start: rows.start,
        interval_s,
        times_s: rows.times_s.clone(),
        depths_mm: rows.values.iter().map(depth).collect(),
        source: source_of(table),
    })
}

fn source_of(table: &SeriesTable) -> String {
    match &table.station {
        None => table.file.display().to_string(),
        Some(station) => format!("{}, {station}", table.file.display()),
    }
}
