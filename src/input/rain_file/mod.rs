//! Rain files, in all formats that SWMM reads: its own (`standard`), those of the U.S. National
//! Weather Service (`nws`) and of Canada's weather services (`canadian`).
//!
//! The format is found from the first lines of a file (`format`). Formats of weather services fix the
//! units and the recording interval, whatever the gauge says, and all lines count, whatever their
//! station; in the standard format the lines of the gauge's station count, in the gauge's units.

mod canadian;
mod format;
mod nws;
mod recorder;
mod scan;
mod standard;
mod station;
#[cfg(test)]
mod tests;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

use crate::clock::DateTime;
use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::model::weather::{Gauge, RainKind, RainRecord, RainSource};
use crate::num::index::Id;

use format::Format;
use recorder::Recorder;
use standard::StationReader;
pub use station::{Station, read_station};
use text::{Line, Reports, Text};

/// What a gauge asks of its file.
#[derive(Clone, Debug, PartialEq)]
struct Request {
    path: String,
    station: String,
    kind: RainKind,
    /// Recording interval, s.
    interval: u32,
    millimetres: bool,
    /// The first day that counts.
    from: Option<DateTime>,
}

impl Request {
    /// `None` where a gauge has no file.
    fn of(gauge: &Gauge) -> Option<Self> {
        let RainSource::File { path, station, millimetres, start, .. } = &gauge.source else { return None };
        Some(Self {
            path: path.clone(),
            station: station.clone(),
            kind: gauge.kind,
            interval: gauge.interval,
            millimetres: *millimetres,
            from: *start,
        })
    }
}

/// A request that was answered.
struct Answer {
    gauge: String,
    request: Request,
    record: Option<RainRecord>,
}

/// Reads the rain files of all gauges into their records; paths are relative to `folder`.
///
/// Nothing is read when the model ignores rain. Gauges with the same station share the rain of the
/// first of them, as in SWMM; each keeps its own survey. Problems come with SWMM's numbers: 156 (one
/// station in two files), 317 (a file cannot be read), 318 (out of order), 319 (unknown format), 321
/// (no data of a station).
pub fn load_rain_files(model: &mut Model, folder: &Path) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if model.options.ignore_rainfall {
        return problems;
    }
    let names = model.gauges.names().to_vec();
    let mut files: Vec<(PathBuf, Option<Text>)> = Vec::new();
    let mut answers: Vec<Answer> = Vec::new();
    for (id, gauge) in model.gauges.iter_mut() {
        let Some(request) = Request::of(gauge) else { continue };
        let name = names.get(id.index()).cloned().unwrap_or_default();
        let of_gauge = |problem: Diagnostic| problem.of(format!("Rain Gage {name}"));
        if let Some(other) = answers.iter().map(|answer| &answer.request).find(|other| {
            other.station.eq_ignore_ascii_case(&request.station)
                && !other.path.eq_ignore_ascii_case(&request.path)
        }) {
            let message = format!("station {} is also read from {}", request.station, other.path);
            let help = "a station may come from one file only";
            problems.push(of_gauge(Diagnostic::error(156, message).help(help)));
            continue;
        }
        let mut found = match answers.iter().find(|answer| answer.request == request) {
            Some(same) => same.record.clone(),
            None => {
                let file = resolve(folder, &request.path);
                if !files.iter().any(|(known, _)| *known == file) {
                    let text = match fs::read(&file) {
                        Ok(bytes) => Some(Text::new(bytes)),
                        Err(error) => {
                            let message =
                                format!("cannot open rainfall data file {}: {error}", file.display());
                            problems.push(of_gauge(Diagnostic::error(317, message)));
                            None
                        }
                    };
                    files.push((file.clone(), text));
                }
                let text = files.iter().find(|(known, _)| *known == file).and_then(|(_, text)| text.as_ref());
                let (record, found) = text.map_or((None, Vec::new()), |text| read(text, &file, &request));
                problems.extend(found.into_iter().map(of_gauge));
                record
            }
        };
        let first = answers.iter().find(|answer| answer.request.station == request.station);
        if let (Some(found), Some(Answer { gauge, record: Some(shared), .. })) = (&mut found, first) {
            let survey = std::mem::take(&mut found.survey);
            let shared = RainRecord { survey: survey.clone(), ..shared.clone() };
            if (RainRecord { survey, ..std::mem::take(found) }) != shared {
                let message = format!("the rain of station {} is that of Rain Gage {gauge}", request.station);
                let help = "gauges of one station should agree in kind, interval, unit and first day";
                problems.push(of_gauge(Diagnostic::warning(0, message).help(help)));
            }
            *found = shared;
        }
        if let RainSource::File { record, .. } = &mut gauge.source {
            record.clone_from(&found);
        }
        answers.push(Answer { gauge: name, request, record: found });
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

/// Reads what a gauge asks of a file; `None` when that is not usable.
fn read(text: &Text, file: &Path, request: &Request) -> (Option<RainRecord>, Vec<Diagnostic>) {
    let Some((format, heading)) = format::detect(text) else {
        let message = format!("unknown format for rainfall data file {}", file.display());
        let help = "each line should read: station year month day hour minute value";
        let mut problem = Diagnostic::error(319, message).help(help);
        problem.place = text.lines().next().map(|line| line.place(file, 0, ""));
        return (None, vec![problem]);
    };
    let mut problems = Vec::new();
    if let Some(interval) = format.interval().filter(|&interval| interval != request.interval) {
        let message = format!(
            "recording interval of {} s replaced by the {interval} s of rainfall data file {}",
            request.interval,
            file.display()
        );
        problems.push(Diagnostic::warning(0, message).help("the format of the file fixes the interval"));
    }
    let mut reports = Reports::new(file);
    let mut recorder = Recorder::new(format.interval().unwrap_or(request.interval));
    let lines = text.lines().skip(heading);
    match format {
        Format::Standard => {
            let Request { station, kind, interval, millimetres, from, .. } = request;
            let mut station = StationReader::new(station, *from, *kind, *interval, *millimetres);
            lines.for_each(|line| station.read(&line, &mut recorder, &mut reports));
        }
        Format::Nws(layout) => {
            let mut watch = Watch::default();
            lines.for_each(|line| {
                let before = recorder.latest();
                layout.read(&line, request.from, &mut recorder, &mut reports);
                watch.look(&line, layout.station(line.bytes), before, &recorder, &mut reports);
            });
        }
        Format::Canadian(layout) => {
            let mut watch = Watch::default();
            lines.for_each(|line| {
                let before = recorder.latest();
                layout.read(&line, request.from, &mut recorder, &mut reports);
                watch.look(&line, layout.station(line.bytes), before, &recorder, &mut reports);
            });
        }
    }
    let usable = !reports.has_errors();
    problems.extend(reports.finish());
    let record = recorder.finish();
    if record.times.is_empty() && usable {
        let message =
            format!("no data of station {} in rainfall data file {}", request.station, file.display());
        problems.push(Diagnostic::error(321, message));
    }
    (usable.then_some(record), problems)
}

/// Looks for what SWMM does not mind in the files of weather services but a modeller should know of.
#[derive(Default)]
struct Watch {
    station: Option<i64>,
    has_others: bool,
    is_disordered: bool,
}

impl Watch {
    /// Looks at a line that was read when the record went as far as `before`.
    fn look(
        &mut self,
        line: &Line<'_>,
        station: Option<i64>,
        before: Option<DateTime>,
        recorder: &Recorder,
        reports: &mut Reports<'_>,
    ) {
        self.station = self.station.or(station);
        if !self.has_others && station.is_some() && station != self.station {
            self.has_others = true;
            let message = "the file holds more than one station; all of them are read as one";
            reports.warn(line, 0, message, "give each station a file of its own");
        }
        if !self.is_disordered && recorder.latest() < before {
            self.is_disordered = true;
            let message = "this line is out of sequence in the rainfall data file";
            reports.warn(line, 0, message, "rain that comes too late in the file does not fall");
        }
    }
}
