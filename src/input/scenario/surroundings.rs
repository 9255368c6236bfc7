//! The network of a study, for its names, and the maps and tables around it.

use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, Severity};
use crate::input::{inp, roads, zones};
use crate::scenario::study::Study;

use super::companion::Companions;
use super::ground::Names;
use super::source::Node;

/// The names of the network, unless it cannot be read or has errors, which are reported.
pub(super) fn network(
    companions: &Companions<'_>,
    node: Node<'_>,
    study: &Study,
    found: &mut Vec<Diagnostic>,
) -> Option<Names> {
    let at = node.down(&["network"]);
    match inp::read(&companions.path(&study.network), None) {
        Ok(reading) => {
            let errors =
                reading.diagnostics.into_iter().filter(|problem| problem.severity == Severity::Error);
            let errors: Vec<Diagnostic> = errors.collect();
            if errors.is_empty() {
                return Some(Names::of(&reading.model, &reading.document));
            }
            let count = errors.len();
            let words = if count == 1 { "an error".to_owned() } else { format!("{count} errors") };
            let message = format!("the network has {words}, so that its names are not checked");
            found.push(Diagnostic::error(0, message).help("see below").at(at.place()));
            found.extend(errors);
            None
        }
        Err(error) => {
            found.push(companions.unreadable(&study.network, at, &error));
            None
        }
    }
}

/// Reads the maps and the other files of a study; the names of its zones, unless they cannot be read.
pub(super) fn maps(
    companions: &Companions<'_>,
    node: Node<'_>,
    study: &Study,
    found: &mut Vec<Diagnostic>,
) -> Option<Vec<String>> {
    let crs = study.crs.as_deref();
    let mut features = |file: &Option<PathBuf>, key: &str, properties: &[&str]| {
        if let Some(file) = file
            && let Some(map) = companions.map(file, crs, node.down(&[key]), found)
        {
            let place = node.down(&[key]).place();
            found.extend(map.lacking(properties).into_iter().map(|problem| problem.at(place.clone())));
        }
    };
    features(&study.buildings, "buildings", &["id", "use", "threshold_m"]);
    features(&study.land_use, "land_use", &["id", "use"]);
    if let Some(file) = &study.roads
        && let Some(map) = companions.map(file, crs, node.down(&["roads"]), found)
        && let Err(problems) = roads::roads(&map)
    {
        let place = node.down(&["roads"]).place();
        found.extend(problems.into_iter().map(|problem| problem.at(place.clone())));
    }
    for (file, key) in
        [(&study.rules, "rules"), (&study.costs.as_ref().map(|costs| costs.file.clone()), "costs")]
    {
        if let Some(file) = file {
            let at = if key == "costs" { node.down(&[key, "file"]) } else { node.down(&[key]) };
            companions.toml(file, at, found);
        }
    }
    let Some(file) = &study.zones else { return Some(Vec::new()) };
    let map = companions.map(file, crs, node.down(&["zones"]), found)?;
    match zones::zones(&map) {
        Ok(read) => Some(read.zones.into_iter().map(|zone| zone.name).collect()),
        Err(problems) => {
            let place = node.down(&["zones"]).place();
            found.extend(problems.into_iter().map(|problem| problem.at(place.clone())));
            None
        }
    }
}
