//! From the runs of a study to what they mean.

use std::path::{Path, PathBuf};

use crate::assess::judge::{Ground, verdicts};
use crate::assess::places::Places;
use crate::assess::rating::capacities;
use crate::assess::{Assessment, Comparison, flooding};
use crate::diagnostic::Diagnostic;
use crate::edit::cost::Bill;
use crate::input::{roads, rule_set};
use crate::scenario::rule::RuleSet;
use crate::study::Study;

/// What the runs of a study mean.
///
/// # Errors
/// When a rule set, a damage table or observations cannot be read.
pub(super) fn assess(
    study: &Study,
    comparison: &Comparison<'_>,
    _bills: &[(usize, Bill)],
) -> Result<Assessment, Vec<Diagnostic>> {
    let scenario = study.scenario();
    let folder = scenario.path.parent().unwrap_or(Path::new(""));
    let rule_set = file(&scenario.study.rules, folder, rule_set::read)?;
    let roads = file(&scenario.study.roads, folder, roads::read)?.unwrap_or_default();
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
    Ok(Assessment {
        transfers: flooding::transfers(scenario, comparison, &places),
        rivers: flooding::rivers(scenario, comparison),
        submergences: flooding::submergences(study, comparison),
        rule_set,
        verdicts,
        capacities,
        ..Assessment::default()
    })
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
