//! From the runs of a study to what they mean.

use std::path::{Path, PathBuf};

use crate::assess::economy::{Means, economy};
use crate::assess::judge::{Ground, verdicts};
use crate::assess::places::Places;
use crate::assess::rating::capacities;
use crate::assess::{Assessment, Comparison, flooding, spill, verification};
use crate::diagnostic::Diagnostic;
use crate::edit::cost::Bill;
use crate::input::{cost_table, damage_table, named, roads, rule_set};
use crate::scenario::rule::RuleSet;
use crate::scenario::study::USUAL_EVENT_GAP;
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
    let places = Places::of(study);
    let observed = study.scenario().observed.as_ref();
    let mut assessment = Assessment {
        verification: observed.and_then(|observed| verification::scores(comparison, observed)),
        ..Assessment::default()
    };
    rules(study, comparison, &places, &mut assessment)?;
    money(study, comparison, bills, &places, &mut assessment)?;
    Ok(assessment)
}

/// Capacity, verdicts, what got worse and what the river does.
fn rules(
    study: &Study,
    comparison: &Comparison<'_>,
    places: &Places,
    assessment: &mut Assessment,
) -> Result<(), Vec<Diagnostic>> {
    let scenario = study.scenario();
    let folder = scenario.path.parent().unwrap_or(Path::new(""));
    assessment.rule_set = named::read(&scenario.study.rules, folder, rule_set::read)?;
    let roads = named::read(&scenario.study.roads, folder, roads::read)?.unwrap_or_default().roads;
    let breaks = assessment.rule_set.as_ref().map_or(&RuleSet::BREAKS[..], |set| &set.breaks);
    assessment.capacities = capacities(study, comparison, &roads, breaks);
    if let Some(rule_set) = &assessment.rule_set {
        assessment.verdicts = verdicts(&Ground {
            rule_set,
            scenario,
            formula: study.site().formula.as_ref(),
            zones: &study.site().zones,
            places,
            comparison,
            capacities: &assessment.capacities,
        });
    }
    assessment.transfers = flooding::transfers(scenario, comparison, places);
    assessment.rivers = flooding::rivers(scenario, comparison);
    assessment.submergences = flooding::submergences(study, comparison);
    Ok(())
}

/// Damage, cost and choice; spills and loads.
fn money(
    study: &Study,
    comparison: &Comparison<'_>,
    bills: &[(usize, Bill)],
    places: &Places,
    assessment: &mut Assessment,
) -> Result<(), Vec<Diagnostic>> {
    let scenario = study.scenario();
    let folder = scenario.path.parent().unwrap_or(Path::new(""));
    let costs = scenario.study.costs.as_ref().map(|costs| cost_table::read_for(costs, folder)).transpose()?;
    let read_damage = |file: &PathBuf| damage_table::read_for(&folder.join(file), costs.as_ref());
    let damage = scenario.study.damage.as_ref().map(read_damage).transpose()?;
    let zones = &study.site().zones;
    let class_of = |option, horizon, node: &str| {
        let name = places.zone(option, horizon, node);
        zones.iter().find(|zone| zone.name == name).map_or(String::new(), |zone| zone.class.clone())
    };
    let means = Means { scenario, bills, damage: damage.as_ref(), class_of: &class_of };
    assessment.economy = economy(comparison, &means);
    let read_mean = |file: &PathBuf| damage_table::read_concentrations(&folder.join(file));
    let concentrations = scenario.study.concentrations.as_ref().map(read_mean).transpose()?;
    let gap = |storm: usize| scenario.storms.get(storm).map_or(USUAL_EVENT_GAP, |storm| storm.event_gap);
    assessment.spills = spill::by_overflow(comparison, gap, concentrations.as_ref());
    assessment.systems = spill::by_system(comparison, concentrations.as_ref());
    Ok(())
}
