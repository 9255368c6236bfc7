//! Flooding: what an option moves elsewhere, what the river causes, and what the runs leave out.

use std::collections::HashMap;

use crate::edit::Network;
use crate::model::node::NodeKind;
use crate::model::section::CrossSection;
use crate::scenario::study::Scenario;
use crate::study::Study;
use crate::study::digest::Digest;

use super::indicator::FLOODED;
use super::places::Places;
use super::{Case, Comparison, Run};

/// Flooding at a node that an option brings or worsens.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// Index of the option.
    pub option: usize,
    /// Where it is compared with the base.
    pub case: Case,
    /// The node.
    pub node: String,
    /// Its zone by name.
    pub zone: String,
    /// Flooded volume in the base, m³; 0 for a node that the base does not have.
    pub base: f64,
    /// Whether the base does not have the node: it is one that the option builds.
    pub is_new: bool,
    /// Flooded volume with the option, m³.
    pub with_option: f64,
}

/// Flooding that a river stage or tide causes: the same run against one whose outfalls are free.
#[derive(Clone, Debug, PartialEq)]
pub struct RiverEffect {
    /// Index of the option.
    pub option: usize,
    /// The run with the real stage.
    pub case: Case,
    /// Index of the stage that is free.
    pub free_stage: usize,
    /// Flooded volume, m³.
    pub flooded: f64,
    /// Flooded volume with free outfalls, m³.
    pub flooded_free: f64,
}

/// How long an outfall is under water.
#[derive(Clone, Debug, PartialEq)]
pub struct Submergence {
    /// Index of the option.
    pub option: usize,
    /// The run.
    pub case: Case,
    /// The outfall.
    pub outfall: String,
    /// Time with the level above the invert of its pipe, s; that of water that flows out counts too.
    pub wet: f64,
    /// Time with the level above the soffit of its pipe, s.
    pub drowned: f64,
    /// Largest depth over the invert, m.
    pub deepest: f64,
}

/// Flooding that options bring or worsen by at least [`FLOODED`] under the same horizon, storm and real stage, the
/// largest increase first; of equal ones in the order of the study.
pub fn transfers(scenario: &Scenario, comparison: &Comparison<'_>, places: &Places) -> Vec<Transfer> {
    let mut found = Vec::new();
    let options = comparison.runs.iter().filter(|run| {
        run.option != 0 && !scenario.is_free(run.case.stage) && !comparison.is_future(run.case.horizon)
    });
    for run in options {
        let Some((base, option)) = comparison.digest(0, run.case).zip(run.digest()) else { continue };
        let before: HashMap<&str, f64> = base
            .nodes
            .name
            .iter()
            .map(String::as_str)
            .zip(base.nodes.flooded_volume.iter().copied())
            .collect();
        for (name, volume) in option.nodes.name.iter().zip(&option.nodes.flooded_volume) {
            let known = before.get(name.as_str()).copied();
            let base = known.unwrap_or(0.0);
            if volume - base >= FLOODED {
                found.push(Transfer {
                    option: run.option,
                    case: run.case,
                    node: name.clone(),
                    zone: places.zone(run.option, run.case.horizon, name).to_owned(),
                    base,
                    is_new: known.is_none(),
                    with_option: *volume,
                });
            }
        }
    }
    found.sort_by(|a, b| b.increase().total_cmp(&a.increase()));
    found
}

impl Transfer {
    /// How much more floods than in the base, m³.
    pub fn increase(&self) -> f64 {
        self.with_option - self.base
    }
}

/// Each run with a real stage against the run of the same option, horizon and storm with free outfalls, where the
/// storm is paired with a free stage; in the order of the study.
pub fn rivers(scenario: &Scenario, comparison: &Comparison<'_>) -> Vec<RiverEffect> {
    let effect = |run: &Run<'_>| {
        let paired = scenario.pairing.get(run.case.storm)?;
        let free_stage = paired.iter().copied().find(|stage| scenario.is_free(*stage))?;
        if scenario.is_free(run.case.stage) {
            return None;
        }
        let free = comparison.digest(run.option, Case { stage: free_stage, ..run.case })?;
        let sum = |digest: &Digest| digest.nodes.flooded_volume.iter().sum();
        let (flooded, flooded_free) = (sum(run.digest()?), sum(free));
        Some(RiverEffect { option: run.option, case: run.case, free_stage, flooded, flooded_free })
    };
    comparison.runs.iter().filter_map(effect).collect()
}

impl RiverEffect {
    /// Flooding that the stage causes, m³; negative when it prevents some.
    pub fn caused(&self) -> f64 {
        self.flooded - self.flooded_free
    }
}

/// How long the outfalls of all runs were under water, in the order of the study. Outfalls that no conduit leads
/// to, and treatment works, are left out.
pub fn submergences(study: &Study, comparison: &Comparison<'_>) -> Vec<Submergence> {
    let scenario = study.scenario();
    let mut mouths: HashMap<(usize, usize), HashMap<String, [f64; 2]>> = HashMap::new();
    let mut found = Vec::new();
    for run in &comparison.runs {
        let Some(digest) = run.digest() else { continue };
        let pair = (run.option, run.case.horizon);
        let mouths = mouths.entry(pair).or_insert_with(|| {
            study.built(pair.0, pair.1).map(|built| pipe_mouths(&built.network)).unwrap_or_default()
        });
        for outfall in &digest.outfalls {
            let name = &outfall.name;
            let is_works =
                scenario.study.treatment_works.iter().any(|works| works.eq_ignore_ascii_case(name));
            let (Some(&[invert, soffit]), false) = (mouths.get(name), is_works) else { continue };
            let Some(series) = digest.series.nodes.iter().find(|node| node.name == *name) else { continue };
            let (time, level) = (&digest.series.time, &series.level);
            found.push(Submergence {
                option: run.option,
                case: run.case,
                outfall: name.clone(),
                wet: time_above(time, level, invert),
                drowned: time_above(time, level, soffit),
                deepest: level.iter().copied().fold(invert, f64::max) - invert,
            });
        }
    }
    found
}

/// Lowest invert and highest soffit of the conduits that end in each outfall, m.
fn pipe_mouths(network: &Network) -> HashMap<String, [f64; 2]> {
    let checked = network.runnable().map(|(model, _)| model);
    let model = checked.as_ref().unwrap_or(&network.model);
    let mut mouths: HashMap<String, [f64; 2]> = HashMap::new();
    for link in model.links.items() {
        let Some(section) = link.conduit().and_then(|c| CrossSection::new(&c.shape, model).ok()) else {
            continue;
        };
        for (node, offset) in [(link.from, link.inlet_offset), (link.to, link.outlet_offset)] {
            if matches!(model.nodes[node].kind, NodeKind::Outfall { .. }) {
                let invert = model.nodes[node].invert + offset;
                let soffit = invert + section.full_depth;
                let mouth = mouths.entry(model.nodes.name(node).to_owned()).or_insert([invert, soffit]);
                *mouth = [mouth[0].min(invert), mouth[1].max(soffit)];
            }
        }
    }
    mouths
}

/// Time that a hydrograph lies above a level, with straight lines between its points, s.
///
/// - `time`: s, increasing
/// - `values`, `threshold`: in one unit
pub fn time_above(time: &[f64], values: &[f64], threshold: f64) -> f64 {
    let points = time.iter().zip(values);
    points
        .clone()
        .zip(points.skip(1))
        .map(|((t0, v0), (t1, v1))| {
            let (over0, over1) = (v0 - threshold, v1 - threshold);
            let share = match (over0 > 0.0, over1 > 0.0) {
                (true, true) => 1.0,
                (false, false) => 0.0,
                _ => over0.max(over1) / (over0 - over1).abs(),
            };
            share * (t1 - t0)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_above_a_level_is_read_from_straight_lines() {
        let (time, level) = ([0.0, 100.0, 200.0, 300.0], [0.0, 2.0, 2.0, 1.0]);
        assert_eq!(time_above(&time, &level, 1.0), 50.0 + 100.0 + 100.0);
        assert_eq!(time_above(&time, &level, 1.5), 25.0 + 100.0 + 50.0);
        assert_eq!(time_above(&time, &level, 2.0), 0.0, "at the level is not above it");
        assert_eq!(time_above(&time, &level, -1.0), 300.0);
    }
}
