//! A run from its start, or from a checkpoint, to its end.

use std::io::{self, Write};

use super::checkpoint::{Checkpoints, misfit, put, take};
use super::frame::Averages;
use super::run::Run;
use super::street::{Street, StreetSink};
use super::{Frame, Outcome, Progress, RunError, Sink};
use crate::model::Model;
use crate::routing::Params;

/// Who is told of a run.
pub(super) struct Audience<'a, 's, 't> {
    pub sinks: &'a mut [&'s mut dyn Sink],
    /// The surface, where the run has one.
    pub street: Option<&'a Street>,
    pub street_sinks: &'a mut [&'t mut dyn StreetSink],
}

impl Audience<'_, '_, '_> {
    fn begin(&mut self, model: &Model, run: &Run<'_>) -> io::Result<()> {
        for sink in self.sinks.iter_mut() {
            sink.begin(model)?;
        }
        if let Some(street) = self.street {
            for sink in self.street_sinks.iter_mut() {
                sink.begin(street)?;
            }
        }
        self.record_street(run)
    }

    /// What each holds, one after the other.
    fn keep(&mut self) -> io::Result<Vec<Vec<u8>>> {
        let mut all: Vec<Vec<u8>> =
            self.sinks.iter_mut().map(|sink| sink.keep()).collect::<io::Result<_>>()?;
        for sink in self.street_sinks.iter_mut() {
            all.push(sink.keep()?);
        }
        Ok(all)
    }

    fn go_on(&mut self, model: &Model, held: &[Vec<u8>]) -> io::Result<()> {
        if held.len() != self.sinks.len() + self.street_sinks.len() {
            return Err(misfit());
        }
        let mut held = held.iter();
        for (sink, held) in self.sinks.iter_mut().zip(held.by_ref()) {
            sink.go_on(model, held)?;
        }
        if let Some(street) = self.street {
            for (sink, held) in self.street_sinks.iter_mut().zip(held) {
                sink.go_on(street, held)?;
            }
        }
        Ok(())
    }

    fn record(&mut self, run: &Run<'_>, frame: &Frame) -> io::Result<()> {
        for sink in self.sinks.iter_mut() {
            sink.record(frame)?;
        }
        self.record_street(run)
    }

    /// Shows the streets to their sinks.
    fn record_street(&mut self, run: &Run<'_>) -> io::Result<()> {
        let Some(street) = &run.street else { return Ok(()) };
        let progress = run.progress();
        for sink in self.street_sinks.iter_mut() {
            sink.record(progress.now, progress.elapsed, street.view())?;
        }
        Ok(())
    }

    fn end(&mut self, outcome: &Outcome) -> io::Result<()> {
        for sink in self.sinks.iter_mut() {
            sink.end(outcome)?;
        }
        for sink in self.street_sinks.iter_mut() {
            sink.end(outcome)?;
        }
        Ok(())
    }
}

/// Takes a run to its end and tells its audience.
pub(super) fn drive(
    model: &Model,
    params: &Params,
    run: &mut Run<'_>,
    audience: &mut Audience<'_, '_, '_>,
    keep_going: &mut dyn FnMut(&Progress) -> bool,
    mut checkpoints: Option<&mut Checkpoints<'_>>,
) -> Result<Outcome, RunError> {
    let mut frame = Frame::zeros(model);
    let mut averages = model.report.averages.then(|| Averages::new(model));
    match checkpoints.as_mut().and_then(|checkpoints| checkpoints.take_state()) {
        Some(state) => go_on(&state, model, run, &mut averages, audience).map_err(RunError::Resume)?,
        None => audience.begin(model, run)?,
    }
    let outcome = loop {
        if run.is_over() {
            break Outcome::Complete;
        }
        let progress = run.progress();
        let goes_on = keep_going(&progress);
        if let Some(checkpoints) = &mut checkpoints
            && (!goes_on || checkpoints.are_due())
        {
            keep(checkpoints, &progress, run, averages.as_ref(), audience);
        }
        if !goes_on {
            break Outcome::Interrupted(progress.now);
        }
        if let Err(reason) = run.advance() {
            break Outcome::Failed(progress.now, reason);
        }
        if let Some(due) = run.report_due() {
            if run.fill(&mut frame, due, averages.as_mut()) {
                audience.record(run, &frame)?;
            }
        } else if let Some(averages) = &mut averages {
            averages.add(model, params, &run.state);
        }
    };
    audience.end(&outcome)?;
    Ok(outcome)
}

/// Keeps a checkpoint: first the results so far, which a run that goes on from it adds to.
fn keep(
    checkpoints: &mut Checkpoints<'_>,
    progress: &Progress,
    run: &Run<'_>,
    averages: Option<&Averages>,
    audience: &mut Audience<'_, '_, '_>,
) {
    checkpoints.keep(progress, |out: &mut dyn Write| {
        put(&audience.keep()?, out)?;
        put(&averages, out)?;
        run.keep(out)
    });
}

fn go_on(
    mut state: &[u8],
    model: &Model,
    run: &mut Run<'_>,
    averages: &mut Option<Averages>,
    audience: &mut Audience<'_, '_, '_>,
) -> io::Result<()> {
    let held: Vec<Vec<u8>> = take(&mut state)?;
    *averages = take(&mut state)?;
    run.go_on(&mut state)?;
    if !state.is_empty() {
        return Err(misfit());
    }
    audience.go_on(model, &held)
}
