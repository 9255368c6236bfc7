//! Rules of measures, resolved once, against the base, before anything is built.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::Diagnostic;
use crate::edit::picking::{Witness, pick};
use crate::edit::weather::Weather;
use crate::edit::{Network, Site};
use crate::num::spelling::nearest;
use crate::scenario::measure::Verb;
use crate::scenario::selection::Rule;
use crate::scenario::study::{HorizonTable, Scenario, Stage};

use super::digest::Digest;
use super::key::Keys;
use super::opening::wanted;
use super::simulate::{Ended, simulate};
use super::store::Store;

/// The rule of a measure, if it has one.
fn rule(verb: &Verb) -> Option<&Rule> {
    match verb {
        Verb::Resize(details) => details.rule.as_ref(),
        Verb::Parallel(details) => details.rule.as_ref(),
        Verb::Roughness(details) => details.rule.as_ref(),
        Verb::Silt(details) => details.rule.as_ref(),
        Verb::Repair(details) => details.rule.as_ref(),
        Verb::Link(_)
        | Verb::Tank(_)
        | Verb::PumpStation(_)
        | Verb::Gate(_)
        | Verb::Weir(_)
        | Verb::River(_)
        | Verb::Separate(_)
        | Verb::Lid(_)
        | Verb::Inlets(_) => None,
    }
}

/// The conduits that each rule of a study picks in the base, by the text of the rule. A rule that asks what a
/// storm showed has the base run with that storm and the first stage that it is paired with.
pub(super) fn resolve(
    scenario: &Scenario,
    site: &Site,
    store: Option<&Store>,
    stop: &AtomicBool,
) -> Result<BTreeMap<String, Vec<String>>, Vec<Diagnostic>> {
    let mut picks = BTreeMap::new();
    let mut problems = Vec::new();
    let mut seen: BTreeMap<usize, Result<Witness, Diagnostic>> = BTreeMap::new();
    let mut witness = |storm: &str| {
        let named = scenario.storms.iter().position(|known| known.rain.name == storm);
        let Some(index) = named else { return Err(unknown(scenario, storm)) };
        seen.entry(index).or_insert_with(|| run_base(scenario, site, index, store, stop)).clone()
    };
    let measures = scenario.options.iter().flat_map(|choice| &choice.table.measures);
    for rule in measures.filter_map(|measure| rule(&measure.verb)) {
        if picks.contains_key(&rule.text) {
            continue;
        }
        match pick(rule, site, &mut witness) {
            Ok(names) => drop(picks.insert(rule.text.clone(), names)),
            Err(found) => {
                picks.insert(rule.text.clone(), Vec::new());
                problems.extend(found);
            }
        }
    }
    if problems.is_empty() { Ok(picks) } else { Err(problems) }
}

fn unknown(scenario: &Scenario, storm: &str) -> Diagnostic {
    let names = scenario.storms.iter().map(|storm| storm.rain.name.as_str());
    let problem = Diagnostic::error(0, format!("the study has no storm `{storm}`"));
    match nearest(storm, names.clone()) {
        Some(similar) => problem.help(format!("did you mean `{similar}`?")),
        None => problem.help(format!("its storms are {}", names.collect::<Vec<_>>().join(", "))),
    }
}

/// What a run of the base under a storm showed.
fn run_base(
    scenario: &Scenario,
    site: &Site,
    index: usize,
    store: Option<&Store>,
    stop: &AtomicBool,
) -> Result<Witness, Diagnostic> {
    let storm = scenario.storms.get(index);
    let paired = scenario.pairing.get(index).and_then(|stages| stages.first()).copied().unwrap_or(0);
    let as_modelled = Stage::default();
    let weather = Weather {
        storm,
        stage: scenario.stages.get(paired).unwrap_or(&as_modelled),
        horizon: &HorizonTable::default(),
        run: &scenario.run,
        treatment_works: &scenario.study.treatment_works,
    };
    let name = storm.map_or("", |storm| &storm.rain.name);
    let why = |found: Vec<Diagnostic>| {
        let first = found.into_iter().find(|found| found.severity != crate::diagnostic::Severity::Warning);
        let first = first.unwrap_or_else(|| Diagnostic::error(0, "the base cannot run"));
        Diagnostic { message: format!("the base cannot run with {name}: {}", first.message), ..first }
    };
    let document = weather.text(&site.base).map_err(why)?.document;
    let wanted = wanted(scenario, Some(index));
    let key = Keys::default()
        .of(&document, &site.base.path, &wanted)
        .map_err(|error| Diagnostic::error(0, error.to_string()))?;
    if let Some(digest) = store.and_then(|store| store.read(&key)) {
        return Ok(shown(&digest));
    }
    let network = Network::read(document, &site.base.path).map_err(why)?;
    let failed = |how: String| Diagnostic::error(0, format!("the run of the base with {name} {how}"));
    match simulate(&network, &wanted, None, None, &mut |_| !stop.load(Ordering::Relaxed), None) {
        Ended::Complete(digest, _) => {
            if let Some(store) = store {
                let kept = store.write(&key, &digest);
                kept.map_err(|error| failed(format!("cannot be kept: {error}")))?;
            }
            Ok(shown(&digest))
        }
        Ended::Failed(reason) => Err(failed(format!("failed {reason}"))),
        Ended::Interrupted => Err(failed("was interrupted".to_owned())),
        Ended::Refused(problems) => Err(why(problems)),
    }
}

/// Conduits that ran full at both ends at some time, and nodes out of which water came.
fn shown(digest: &Digest) -> Witness {
    let named = |names: &[String], is: &dyn Fn(usize) -> bool| {
        names.iter().enumerate().filter(|(index, _)| is(*index)).map(|(_, name)| name.clone()).collect()
    };
    let above_zero = |column: &[f64], index: usize| column.get(index).is_some_and(|value| *value > 0.0);
    let (nodes, links) = (&digest.nodes, &digest.links);
    Witness {
        surcharged: named(&links.name, &|link| above_zero(&links.both_full_time, link)),
        flooded: named(&nodes.name, &|node| {
            above_zero(&nodes.flooded_volume, node) || above_zero(&nodes.max_ponded_volume, node)
        }),
    }
}
