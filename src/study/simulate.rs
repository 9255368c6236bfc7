//! One run, from its network to its digest.

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::edit::Network;
use crate::results::out::OutWriter;
use crate::routing::Params;
use crate::simulation::{self, Outcome, Progress, Sink};

use super::digest::{Digest, Wanted};
use super::recorder::Recorder;

/// How a run ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// To its end.
    Complete(Box<Digest>),
    /// By a failure of its own.
    Failed(String),
    /// By the user.
    Interrupted,
    /// It could not begin.
    Refused(Vec<Diagnostic>),
}

/// Runs a network; binary results go to `out`.
pub(super) fn simulate(
    network: &Network,
    wanted: &Wanted,
    out: Option<&Path>,
    keep_going: &mut dyn FnMut(&Progress) -> bool,
) -> Ended {
    let model = match network.runnable() {
        Ok((model, _)) => model,
        Err(problems) => return Ended::Refused(problems),
    };
    let mut recorder = Recorder::new(&model, wanted);
    let mut writer = None;
    if let Some(path) = out {
        let created = Params::compile(&model)
            .map_err(|error| error.to_string())
            .and_then(|params| OutWriter::create(path, params.full_depth).map_err(|error| error.to_string()));
        match created {
            Ok(created) => writer = Some(created),
            Err(message) => return Ended::Failed(message),
        }
    }
    let mut sinks: Vec<&mut dyn Sink> = vec![&mut recorder];
    sinks.extend(writer.as_mut().map(|writer| writer as &mut dyn Sink));
    match simulation::run(&model, &mut sinks, keep_going) {
        Ok((summary, Outcome::Complete)) => {
            Ended::Complete(Box::new(Digest::new(&model, &summary, recorder, wanted)))
        }
        Ok((_, Outcome::Interrupted(_))) => Ended::Interrupted,
        Ok((_, Outcome::Failed(time, reason))) => Ended::Failed(format!("at {time}: {reason}")),
        Err(error) => Ended::Failed(error.to_string()),
    }
}
