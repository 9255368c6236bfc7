//! The rain of a station, read for its own sake and not for a gauge.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::format::{self, Format};
use super::text::Text;
use super::{Request, read, standard};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::weather::{RainKind, RainRecord};

/// What is asked of a rain file.
#[derive(Clone, Debug, PartialEq)]
pub struct Station<'a> {
    /// The station; `None` for the only one of the file.
    pub name: Option<&'a str>,
    /// What the values mean.
    pub kind: RainKind,
    /// Recording interval, s; `None` for the shortest time between two records. A weather service's format
    /// fixes it.
    pub interval: Option<u32>,
    /// Whether depths are millimetres, else inches.
    pub millimetres: bool,
}

/// Reads the record of a station and what was found on the way. There is no record when a problem is an
/// error; each names what is wrong in the file.
///
/// # Errors
/// When the file cannot be read.
pub fn read_station(path: &Path, station: &Station<'_>) -> io::Result<(Option<RainRecord>, Vec<Diagnostic>)> {
    let text = Text::new(std::fs::read(path)?);
    let found = format::detect(&text).map(|(format, _)| format);
    let names = if matches!(found, Some(Format::Standard)) { stations(&text) } else { BTreeSet::new() };
    let name = match (station.name, names.iter().next()) {
        (Some(name), _) => name.to_owned(),
        (None, Some(only)) if names.len() == 1 => only.clone(),
        (None, _) if names.is_empty() => String::new(),
        (None, _) => {
            let names: Vec<String> = names.into_iter().collect();
            let problem = Diagnostic::error(0, format!("{} holds several stations", path.display()))
                .help(format!("name one of {}", names.join(", ")));
            return Ok((None, vec![problem]));
        }
    };
    let ask = |interval| Request {
        path: path.to_string_lossy().into_owned(),
        station: name.clone(),
        kind: station.kind,
        interval,
        millimetres: station.millimetres,
        from: None,
    };
    let fixed = found.and_then(|format| format.interval()).or(station.interval);
    let interval = match fixed {
        Some(interval) => interval,
        None => match read(&text, path, &ask(1)) {
            (Some(record), _) => shortest_gap(&record).unwrap_or(3600),
            failed => return Ok(failed),
        },
    };
    let (record, mut problems) = read(&text, path, &ask(interval));
    let wrong = record.as_ref().and_then(shortest_gap).filter(|gap| *gap < interval);
    if let Some(gap) = wrong {
        let message = format!("records of {} follow one another in {gap} s", path.display());
        problems.push(
            Diagnostic::error(0, message).help(format!("an interval of {interval} s is too long for them")),
        );
        return Ok((None, problems));
    }
    let whole = problems.iter().all(|problem| problem.severity != Severity::Error);
    Ok((record.filter(|_| whole), problems))
}

/// The stations of a file in the standard format.
fn stations(text: &Text) -> BTreeSet<String> {
    let lines = text.lines();
    let names = lines.filter_map(|line| {
        let text = line.text();
        let is_record = standard::is_record(&text);
        text.split_whitespace().next().filter(|_| is_record).map(str::to_owned)
    });
    names.collect()
}

/// The shortest time between two records, s.
fn shortest_gap(record: &RainRecord) -> Option<u32> {
    let pairs = record.times.iter().zip(record.times.iter().skip(1));
    let gaps = pairs.map(|(early, late)| late.seconds_since(*early)).filter(|gap| *gap >= 1.0);
    gaps.min_by(f64::total_cmp).map(|gap| gap as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, name: &str, station: &Station<'_>) -> (Option<RainRecord>, Vec<Diagnostic>) {
        let file = std::env::temp_dir().join(format!("pailao-station-{}-{name}", std::process::id()));
        std::fs::write(&file, text).unwrap();
        let read = read_station(&file, station).unwrap();
        std::fs::remove_file(&file).unwrap();
        read
    }

    const ANY: Station<'_> =
        Station { name: None, kind: RainKind::Volume, interval: None, millimetres: true };

    #[test]
    fn the_only_station_and_the_shortest_interval_are_found() {
        let text = ";head\nRG1 2026 1 7 4 50 1.0\nRG1 2026 1 7 5 0 2.0\nRG1 2026 1 9 0 0 3.0\n";
        let (record, problems) = read_text(text, "one", &ANY);
        let record = record.unwrap();
        assert_eq!((record.interval, record.times.len(), problems.len()), (600, 3, 0));
        assert!((record.depths.iter().sum::<f64>() - 0.006).abs() < 1e-8);
    }

    #[test]
    fn several_stations_and_too_long_an_interval_are_refused() {
        let text = "A 2026 1 7 4 50 1.0\nB 2026 1 7 4 50 1.0\nA 2026 1 7 5 0 1.0\n";
        let (record, problems) = read_text(text, "two", &ANY);
        assert!(record.is_none() && problems[0].help.contains("A, B"), "{problems:?}");
        let (record, problems) =
            read_text(text, "long", &Station { name: Some("a"), interval: Some(3600), ..ANY });
        assert!(record.is_none() && problems[0].message.contains("600 s"), "{problems:?}");
        assert!(read_text(text, "none", &Station { name: Some("C"), ..ANY }).0.is_none());
    }
}
