//! One run, from its network to its digest.

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::edit::Network;
use crate::inundation::{Snapshots, StreetMaps, Watcher};
use crate::results::out::OutWriter;
use crate::routing::Params;
use crate::simulation::checkpoint::Checkpoints;
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

/// Runs a network; binary results go to `out`. Where there are `streets` it runs once more, coupled, for the water on
/// them: what is said of pipes comes from runs without a surface, so that it can be compared between storms and options
/// that have one and those that have none. The coupled run is the long one: `checkpoints` are its.
pub(super) fn simulate(
    network: &Network,
    wanted: &Wanted,
    streets: Option<&Streets>,
    out: Option<&Path>,
    keep_going: &mut dyn FnMut(&Progress) -> bool,
    checkpoints: Option<&mut Checkpoints<'_>>,
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
    let mut digest = match simulation::run(&model, &mut sinks, keep_going) {
        Ok((summary, Outcome::Complete)) => Box::new(Digest::new(&model, &summary, recorder, wanted)),
        Ok((_, outcome)) => return unfinished(&outcome),
        Err(error) => return Ended::Failed(error.to_string()),
    };
    let Some(streets) = streets else { return Ended::Complete(digest, None) };
    let street = match streets.street(&model) {
        Ok(street) => street,
        Err(problems) => return Ended::Refused(problems),
    };
    let mut watcher = Watcher::new(&street, streets.around());
    let mut snapshots = Snapshots::new(model.options.end.seconds_since(model.options.start));
    let mut sinks: [&mut dyn StreetSink; 2] = [&mut watcher, &mut snapshots];
    let ran = simulation::run_coupled_kept(&model, &street, &mut [], &mut sinks, keep_going, checkpoints);
    match ran {
        Ok((network, of_street, Outcome::Complete)) => {
            let maps = streets.add_to(&mut digest, &model, (&street, &network), &of_street, &watcher);
            let times = snapshots.taken();
            Ended::Complete(digest, maps.map(|maps| StreetMaps { times, ..maps }))
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
