//! From the runs of a study to what they mean.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::assess::economy::{Means, economy};
use crate::assess::judge::{Ground, verdicts};
use crate::assess::places::Places;
use crate::assess::rating::capacities;
use crate::assess::{Assessment, Comparison, flooding, spill, verification};
use crate::diagnostic::Diagnostic;
use crate::edit::cost::Bill;
use crate::input::{cost_table, damage_table, roads, rule_set};
use crate::scenario::rule::RuleSet;
use crate::study::Study;

/// What the runs of a study mean.
///
/// # Errors
/// When a rule set, a damage table or observations cannot be read.
pub(super) fn assess(
    study: &Study,
    comparison: &Comparison<'_>,
    bills: &[(usize, Bill)],
) -> Result<Assessment, Vec<Diagnostic>> {
    let scenario = study.scenario();
    let folder = scenario.path.parent().unwrap_or(Path::new(""));
    let rule_set = file(&scenario.study.rules, folder, rule_set::read)?;
    let roads = file(&scenario.study.roads, folder, roads::read)?.map(|map| map.roads).unwrap_or_default();
    let places = Places::of(study);
    let breaks = rule_set.as_ref().map_or(&RuleSet::BREAKS[..], |set| &set.breaks);
    let capacities = capacities(study, comparison, &roads, breaks);
    let verdicts = rule_set.as_ref().map_or_else(Vec::new, |rule_set| {
        verdicts(&Ground {
            rule_set,
            scenario,
            formula: study.site().formula.as_ref(),
            zones: &study.site().zones,
            places: &places,
            comparison,
            capacities: &capacities,
        })
    });
    let observed = scenario.observed.as_ref();
    let mut assessment = Assessment {
        verification: observed.and_then(|observed| verification::scores(comparison, observed)),
        transfers: flooding::transfers(scenario, comparison, &places),
        rivers: flooding::rivers(scenario, comparison),
        submergences: flooding::submergences(study, comparison),
        rule_set,
        verdicts,
        capacities,
        ..Assessment::default()
    };
    money(study, comparison, bills, &mut assessment)?;
    Ok(assessment)
}

/// Reads a file that the scenario names, if it names one.
fn file<T>(
    file: &Option<PathBuf>,
    folder: &Path,
    read: impl Fn(&Path) -> std::io::Result<Result<T, Vec<Diagnostic>>>,
) -> Result<Option<T>, Vec<Diagnostic>> {
    let Some(file) = file else { return Ok(None) };
    let path = folder.join(file);
    let unreadable = |error: std::io::Error| {
        vec![Diagnostic::error(0, format!("{} cannot be read: {error}", path.display()))]
    };
    read(&path).map_err(unreadable)?.map(Some)
}

/// Damage, cost and choice; spills and loads.
fn money(
    study: &Study,
    comparison: &Comparison<'_>,
    bills: &[(usize, Bill)],
    assessment: &mut Assessment,
) -> Result<(), Vec<Diagnostic>> {
    let scenario = study.scenario();
    let folder = scenario.path.parent().unwrap_or(Path::new(""));
    let costs = scenario.study.costs.as_ref().map(|costs| cost_table::read_for(costs, folder)).transpose()?;
    let read_damage = |file: &std::path::PathBuf| damage_table::read_for(&folder.join(file), costs.as_ref());
    let damage = scenario.study.damage.as_ref().map(read_damage).transpose()?;
    let classes = classes(study);
    let class_of = |option, horizon, node: &str| {
        let of_network: Option<&HashMap<String, String>> = classes.get(&(option, horizon));
        of_network.and_then(|of| of.get(node)).cloned().unwrap_or_default()
    };
    let means = Means { scenario, bills, damage: damage.as_ref(), class_of: &class_of };
    assessment.economy = economy(comparison, &means);
    let read_mean = |file: &std::path::PathBuf| damage_table::read_concentrations(&folder.join(file));
    let concentrations = scenario.study.concentrations.as_ref().map(read_mean).transpose()?;
    /// Dry time between spills where the study has no storms, s.
    const GAP: f64 = 21_600.0;
    let gap = |storm: usize| scenario.storms.get(storm).map_or(GAP, |storm| storm.event_gap);
    assessment.spills = spill::by_overflow(comparison, gap, concentrations.as_ref());
    assessment.systems = spill::by_system(comparison, concentrations.as_ref());
    Ok(())
}

/// Class of the zone of each node, by option and horizon.
fn classes(study: &Study) -> HashMap<(usize, usize), HashMap<String, String>> {
    let (scenario, zones) = (study.scenario(), &study.site().zones);
    let pairs = (0..scenario.options.len())
        .flat_map(|option| (0..scenario.horizons.len()).map(move |horizon| (option, horizon)));
    let of_pair = |(option, horizon)| {
        let model = &study.built(option, horizon).ok()?.network.model;
        let class = |(name, place): (&String, &Option<[f64; 2]>)| {
            let zone = zones.iter().find(|zone| place.is_some_and(|place| zone.contains(place)))?;
            Some((name.clone(), zone.class.clone()))
        };
        let nodes = model.nodes.names().iter().zip(&model.map.nodes).filter_map(class);
        Some(((option, horizon), nodes.collect()))
    };
    pairs.filter_map(of_pair).collect()
}
