//! SWMM's text report `.rpt`.
//!
//! Table titles, column heads and formats are those of EPA SWMM 5.2.4 (`report.c`, `inputrpt.c`,
//! `statsrpt.c`), so that programs that read its reports read ours. After SWMM's tables come three of
//! our own: all continuity errors of nodes, all unstable links, and where the water went.

mod additions;
mod continuity;
mod input;
mod links;
mod nodes;
mod options;
mod runoff;
mod series;
mod stability;
pub(super) mod text;

use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Model;
use crate::model::options::RoutingMethod;
use crate::results::out::OutFile;
use crate::results::whole_file::write_whole;
use crate::simulation::Outcome;
use crate::statistics::RunSummary;
use text::{Words, line};

/// When the run was made and how long it took.
#[derive(Clone, Copy, Debug)]
pub struct WallClock {
    /// When it began.
    pub begun: SystemTime,
    /// How long it took.
    pub elapsed: Duration,
}

impl WallClock {
    /// The time of a run; where the environment sets `SOURCE_DATE_EPOCH` (seconds since 1970), that
    /// instant and no duration, so that the same run gives the same bytes.
    pub fn new(begun: SystemTime, elapsed: Duration) -> Self {
        let pinned = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.trim().parse().ok());
        match pinned {
            Some(seconds) => Self::pinned(seconds),
            None => Self { begun, elapsed },
        }
    }
    /// An instant, seconds since 1970, and no duration.
    pub fn pinned(seconds: u64) -> Self {
        Self { begun: UNIX_EPOCH + Duration::from_secs(seconds), elapsed: Duration::ZERO }
    }
}

/// A report: what it says, not yet where to.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The model, after its check.
    pub model: &'a Model,
    /// What the run left behind.
    pub summary: &'a RunSummary,
    /// How the run ended.
    pub outcome: &'a Outcome,
    /// When it was made.
    pub clock: WallClock,
}

impl Report<'_> {
    /// Writes the report under a temporary name beside `path` and renames it.
    ///
    /// `series` gives the time series that the report lists of the elements that it selects; SWMM
    /// lists them only when the binary results are not kept.
    ///
    /// # Errors
    /// When the file cannot be written, or `series` not read.
    pub fn save<R: Read + Seek>(&self, path: &Path, series: Option<&mut OutFile<R>>) -> io::Result<()> {
        write_whole(path, |out| self.write(out, series))
    }

    /// Writes the report.
    ///
    /// # Errors
    /// As [`Report::save`].
    pub fn write<R: Read + Seek>(
        &self,
        out: &mut dyn Write,
        series: Option<&mut OutFile<R>>,
    ) -> io::Result<()> {
        let words = Words::new(&self.model.units);
        head(out, self.model, &self.summary.diagnostics, self.outcome)?;
        if !self.model.report.disabled {
            self.tables(out, &words)?;
            if let Some(series) = series {
                series::write(out, self, &words, series)?;
            }
        }
        text::wall_clock(out, &self.clock)
    }

    /// SWMM's tables. Ours stand among them after the lists of the worst elements, which they
    /// complete: readers of reports take the lines that follow SWMM's last table for its end.
    fn tables(&self, out: &mut dyn Write, words: &Words) -> io::Result<()> {
        let (model, summary) = (self.model, self.summary);
        if model.report.input {
            input::write(out, self, words)?;
        }
        options::write(out, model, summary)?;
        options::rain_files(out, &summary.rain_files)?;
        if model.report.controls {
            options::control_actions(out, &summary.control_actions)?;
        }
        continuity::runoff(out, model, &summary.runoff)?;
        let routes = routes(model);
        if !model.nodes.is_empty() && !model.options.ignore_routing {
            continuity::routing(out, model, &summary.routing)?;
        }
        if routes && model.report.flow_statistics {
            stability::write(out, self)?;
        }
        if routes {
            additions::errors(out, self)?;
        }
        additions::balance(out, self, words)?;
        additions::notes(out, self)?;
        if !model.subcatchments.is_empty() && !model.options.ignore_rainfall {
            runoff::write(out, model, &summary.subcatchments, words)?;
        }
        if routes {
            nodes::write(out, self, words)?;
            links::write(out, self, words)?;
        }
        Ok(())
    }
}

/// Whether the run routes at all.
fn routes(model: &Model) -> bool {
    !model.links.is_empty() && !model.options.ignore_routing && model.options.routing != RoutingMethod::None
}

/// Writes the report of an input that cannot be run: its problems and nothing else.
///
/// # Errors
/// When the file cannot be written.
pub fn save_errors(
    path: &Path,
    title: &[String],
    problems: &[Diagnostic],
    clock: &WallClock,
) -> io::Result<()> {
    let model = Model { title: title.to_vec(), ..Model::default() };
    write_whole(path, |out| {
        head(out, &model, problems, &Outcome::Complete)?;
        text::wall_clock(out, clock)
    })
}

/// Logo, title, whether the run is incomplete, problems.
fn head(out: &mut dyn Write, model: &Model, problems: &[Diagnostic], outcome: &Outcome) -> io::Result<()> {
    line(out, concat!("PAILAO ", env!("CARGO_PKG_VERSION"), ". Report in the format of"))?;
    line(out, "EPA STORM WATER MANAGEMENT MODEL - VERSION 5.2 (Build 5.2.4)")?;
    line(out, "------------------------------------------------------------")?;
    writeln!(out)?;
    for title in model.title.iter().filter(|title| !title.is_empty()).take(3) {
        line(out, title)?;
    }
    if let Some(mark) = incomplete(outcome) {
        line(out, "")?;
        line(out, &mark)?;
    }
    for problem in problems {
        write_problem(out, problem)?;
    }
    Ok(())
}

/// The line that marks a report whose run did not reach its end.
fn incomplete(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Complete => None,
        Outcome::Interrupted(time) => {
            Some(format!("INCOMPLETE: interrupted at {time}; the tables hold results up to then."))
        }
        Outcome::Failed(time, why) => {
            Some(format!("INCOMPLETE: failed at {time}: {why}; the tables hold results up to then."))
        }
    }
}

/// A problem as SWMM prints it: number, text, element; an error with its line.
fn write_problem(out: &mut dyn Write, problem: &Diagnostic) -> io::Result<()> {
    let message = if problem.element.is_empty() || problem.message.contains(&problem.element) {
        problem.message.clone()
    } else {
        format!("{} for {}", problem.message, problem.element)
    };
    if problem.severity == Severity::Warning {
        return line(out, &format!("WARNING {:02}: {message}", problem.code));
    }
    line(out, "")?;
    line(out, &format!("ERROR {}: {message}", problem.code))?;
    if let Some(place) = &problem.place {
        write!(out, " at line {} of input file:", place.line)?;
        line(out, place.text.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
