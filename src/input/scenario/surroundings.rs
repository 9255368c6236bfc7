//! The network of a study, for its names, and the maps and tables around it.

use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, Severity};
use crate::input::{buildings, cost_table, damage_table, inp, roads, rule_set, zones};
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
        let map = companions.map(file.as_ref()?, crs, node.down(&[key]), found)?;
        let place = node.down(&[key]).place();
        found.extend(map.lacking(properties).into_iter().map(|problem| problem.at(place.clone())));
        Some(map)
    };
    let lines = features(&study.roads, "roads", &[]);
    let houses = features(&study.buildings, "buildings", &["threshold_m"]);
    let sills = features(&study.sills, "sills", &[]);
    features(&study.land_use, "land_use", &["id", "use"]);
    if let Some(Err(problems)) = lines.map(|map| roads::roads(&map)) {
        let place = node.down(&["roads"]).place();
        found.extend(problems.into_iter().map(|problem| problem.at(place.clone())));
    }
    let mut tell = |read: Option<Vec<Diagnostic>>, key: &str| {
        let place = node.down(&[key]).place();
        found.extend(read.into_iter().flatten().map(|problem| problem.at(place.clone())));
    };
    tell(houses.and_then(|map| buildings::buildings(&map).err()), "buildings");
    tell(sills.and_then(|map| buildings::sills(&map).err()), "sills");
    if let Some(costs) = &study.costs {
        companions.toml(&costs.file, node.down(&["costs", "file"]), found);
    }
    if let Some(file) = &study.rules
        && let Some(text) = companions.text(file, node.down(&["rules"]), found)
        && let Err(problems) = rule_set::parse(&text, &companions.path(file))
    {
        found.extend(problems);
    }
    money(companions, node, study, found);
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

/// Reads the tables of damage and of concentrations, whose problems stand at their lines; money in two
/// currencies or of two years is refused.
fn money(companions: &Companions<'_>, node: Node<'_>, study: &Study, found: &mut Vec<Diagnostic>) {
    let mut note = |problems: Vec<Diagnostic>, key: &str| {
        found.extend(problems.into_iter().map(|problem| match problem.place {
            Some(_) => problem,
            None => problem.at(node.down(&[key]).place()),
        }));
    };
    if let Some(file) = &study.damage {
        // a table of unit costs that cannot be read is told elsewhere
        let costs =
            study.costs.as_ref().and_then(|costs| cost_table::read_for(costs, companions.folder).ok());
        if let Err(problems) = damage_table::read_for(&companions.path(file), costs.as_ref()) {
            note(problems, "damage");
        }
    }
    if let Some(file) = &study.concentrations
        && let Err(problems) = damage_table::read_concentrations(&companions.path(file))
    {
        note(problems, "concentrations");
    }
}
