//! One run, from its network to its digest.

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::edit::Network;
use crate::inundation::{StreetMaps, Watcher};
use crate::results::out::OutWriter;
use crate::routing::Params;
use crate::simulation::street::StreetSink;
use crate::simulation::{self, Outcome, Progress, Sink};

use super::digest::{Digest, Wanted};
use super::recorder::Recorder;
use super::streets::Streets;

/// How a run ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// To its end, with the maps of its surface, if it had one.
    Complete(Box<Digest>, Option<StreetMaps>),
    /// By a failure of its own.
    Failed(String),
    /// By the user.
    Interrupted,
    /// It could not begin.
    Refused(Vec<Diagnostic>),
}

/// Runs a network, with a surface where there are `streets`; binary results go to `out`.
pub(super) fn simulate(
    network: &Network,
    wanted: &Wanted,
    streets: Option<&Streets>,
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
    let Some(streets) = streets else {
        return match simulation::run(&model, &mut sinks, keep_going) {
            Ok((summary, Outcome::Complete)) => {
                Ended::Complete(Box::new(Digest::new(&model, &summary, recorder, wanted)), None)
            }
            Ok((_, outcome)) => unfinished(&outcome),
            Err(error) => Ended::Failed(error.to_string()),
        };
    };
    let street = match streets.street(&model) {
        Ok(street) => street,
        Err(problems) => return Ended::Refused(problems),
    };
    let mut watcher = Watcher::new(&street, streets.around());
    let mut street_sinks: Vec<&mut dyn StreetSink> = vec![&mut watcher];
    match simulation::run_coupled(&model, &street, &mut sinks, &mut street_sinks, keep_going) {
        Ok((summary, of_street, Outcome::Complete)) => {
            let mut digest = Digest::new(&model, &summary, recorder, wanted);
            let maps = streets.add_to(&mut digest, &model, &street, &of_street, &watcher);
            Ended::Complete(Box::new(digest), maps)
        }
        Ok((_, _, outcome)) => unfinished(&outcome),
        Err(error) => Ended::Failed(error.to_string()),
    }
}

/// How a run ended that did not come to its end.
fn unfinished(outcome: &Outcome) -> Ended {
    match outcome {
        Outcome::Failed(time, reason) => Ended::Failed(format!("at {time}: {reason}")),
        Outcome::Interrupted(_) | Outcome::Complete => Ended::Interrupted,
    }
}
