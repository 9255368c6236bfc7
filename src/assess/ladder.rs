//! Ladders of storms: those that serve a purpose, by return period, each with the river stages that it meets.

use crate::scenario::storm::{DesignStorm, Purpose, RainSource};
use crate::scenario::study::Scenario;
use crate::study::digest::Digest;

use super::{Case, Comparison};

/// A storm of a ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Return period, a.
    pub years: f64,
    /// Index of the storm.
    pub storm: usize,
    /// Indices of the real river stages that it is run with, in the order of its pairing; the free stage alone
    /// where it is run with no other.
    pub stages: Vec<usize>,
}

/// Return period of a storm as the scenario gives it, a; `None` for one depth and for records.
pub fn return_period(storm: &DesignStorm) -> Option<f64> {
    match &storm.source {
        RainSource::Formula { return_period_years, .. } => Some(*return_period_years),
        RainSource::DepthDuration { return_period_years, .. } => *return_period_years,
        RainSource::Depth { .. } | RainSource::Series(_) => None,
    }
}

/// The storms of a scenario that serve a purpose and have a return period, the smallest first; of equal ones the
/// first in the file.
pub fn ladder(scenario: &Scenario, purpose: Purpose) -> Vec<Step> {
    let storms = scenario.storms.iter().enumerate();
    let mut steps: Vec<Step> = storms
        .filter(|(_, storm)| storm.rain.serves.contains(&purpose))
        .filter_map(|(index, storm)| {
            Some(Step {
                years: return_period(&storm.rain)?,
                storm: index,
                stages: real_stages(scenario, index),
            })
        })
        .collect();
    steps.sort_by(|a, b| a.years.total_cmp(&b.years));
    steps
}

/// The stages that a storm is run with and that a river or tide really has; the free stage where it has no other.
pub fn real_stages(scenario: &Scenario, storm: usize) -> Vec<usize> {
    let paired = scenario.pairing.get(storm).map_or(&[][..], Vec::as_slice);
    let real: Vec<usize> = paired.iter().copied().filter(|stage| !scenario.is_free(*stage)).collect();
    if real.is_empty() { paired.to_vec() } else { real }
}

/// A storm of the ladder that an option met at a horizon.
#[derive(Clone, Copy, Debug)]
pub struct Rung<'a> {
    /// Return period, a.
    pub years: f64,
    /// Horizon, storm and stage.
    pub case: Case,
    /// What was kept of the run; `None` when it failed or was not made.
    pub digest: Option<&'a Digest>,
}

/// The ladder of an option at a horizon: each storm with the first real stage that it is paired with.
pub fn rungs<'a>(
    steps: &[Step],
    comparison: &Comparison<'a>,
    option: usize,
    horizon: usize,
) -> Vec<Rung<'a>> {
    let rung = |step: &Step| {
        let case = Case { horizon, storm: step.storm, stage: *step.stages.first()? };
        Some(Rung { years: step.years, case, digest: comparison.digest(option, case) })
    };
    steps.iter().filter_map(rung).collect()
}
