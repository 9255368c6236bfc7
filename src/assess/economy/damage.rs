//! Damage of runs by the water that floods at their nodes, and what is to be expected of it in a year.

use super::expected::{Between, Beyond, Frequency, Rules, expected_damage};
use super::{DamagePoint, Expected, Means, RunDamage};
use crate::assess::ladder::{ladder, return_period};
use crate::assess::{Case, Comparison};
use crate::inundation::BuildingWater;
use crate::scenario::damage::{DamageBasis, DamageTable};
use crate::scenario::storm::Purpose;
use crate::scenario::study::Scenario;
use crate::scenario::words::Words;
use crate::study::digest::{Digest, NodeType};

/// Fewest storms that an expected damage is told from.
pub const FEWEST: usize = 3;
/// Storms from which on it is told without a warning.
pub const ENOUGH: usize = 5;

/// A storm of the ladder with the real stage that it is paired with first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rung {
    pub storm: usize,
    pub stage: usize,
    /// Return period, a.
    pub years: f64,
}

/// The storms that serve damage, by return period, before any uplift, which makes rain heavier and not rarer; of
/// two with the same one the first of the file.
pub(super) fn rungs(scenario: &Scenario) -> Vec<Rung> {
    let mut rungs: Vec<Rung> = Vec::new();
    for step in ladder(scenario, Purpose::Damage).iter().filter(|step| step.years > 0.0) {
        if rungs.last().is_none_or(|last| last.years < step.years) {
            let stage = step.stages.first().copied().unwrap_or(0);
            rungs.push(Rung { storm: step.storm, stage, years: step.years });
        }
    }
    rungs
}

/// Damage of every run that was made: by the volume that floods at nodes, or by the depth at buildings, which only runs
/// with a surface have.
pub(super) fn damages(
    comparison: &Comparison<'_>,
    means: &Means<'_>,
    table: &DamageTable,
    rungs: &[Rung],
) -> Vec<RunDamage> {
    let mut damages = Vec::new();
    for run in &comparison.runs {
        let Some(digest) = run.digest() else { continue };
        let each = match table.basis {
            DamageBasis::Depth { .. } => {
                let Some(street) = &digest.street else { continue };
                street.buildings.iter().map(|building| of_building(table, building).unwrap_or(0.0)).collect()
            }
            DamageBasis::NodeVolume { .. } => {
                of_nodes(digest, table, &|name| (means.class_of)(run.option, run.case.horizon, name))
            }
        };
        let each: Vec<f64> = each.into_iter().filter(|damage| *damage > 0.0).collect();
        let is_run = |rung: &Rung| rung.storm == run.case.storm && rung.stage == run.case.stage;
        damages.push(RunDamage {
            option: run.option,
            case: run.case,
            years: means.scenario.storms.get(run.case.storm).and_then(|storm| return_period(&storm.rain)),
            damage: each.iter().sum(),
            nodes: each.len(),
            counts: rungs.iter().any(is_run),
        });
    }
    damages
}

/// Damage of each node by its flooded volume.
fn of_nodes(digest: &Digest, table: &DamageTable, class_of: &dyn Fn(&str) -> String) -> Vec<f64> {
    let nodes = &digest.nodes;
    let of_node = |((name, volume), kind): ((&String, &f64), &NodeType)| match kind {
        // what enters at an outfall is no flooding
        NodeType::Outfall => 0.0,
        NodeType::Junction | NodeType::Storage if *volume > 0.0 => table.by_node(*volume, &class_of(name)),
        NodeType::Junction | NodeType::Storage => 0.0,
    };
    nodes.name.iter().zip(&nodes.flooded_volume).zip(&nodes.kind).map(of_node).collect()
}

/// Damage of a building by the greatest depth over its threshold; where nobody knows the threshold, that of the table
/// above the lowest ground around it. `None` for a use that the table has no curve or worth for; 0 where it stayed dry.
pub fn of_building(table: &DamageTable, building: &BuildingWater) -> Option<f64> {
    let ground = building.ground.unwrap_or_default();
    let depth = building.level.map_or(0.0, |level| level - ground);
    let threshold = building.threshold.map(|threshold| threshold - ground);
    let damage = table.by_depth(&building.usage, depth, threshold, building.area)?;
    Some(if building.level.is_some() { damage } else { 0.0 })
}

/// Uses of wet buildings that a table by depth has no curve or worth for, each once, in order.
pub(super) fn unknown_uses(comparison: &Comparison<'_>, table: &DamageTable) -> Vec<String> {
    let streets = comparison.runs.iter().filter_map(|run| run.digest()?.street.as_deref());
    let wet = streets.flat_map(|street| &street.buildings).filter(|building| building.level.is_some());
    let unknown = wet.filter(|building| of_building(table, building).is_none());
    let mut uses: Vec<String> = unknown.map(|building| building.usage.clone()).collect();
    uses.sort();
    uses.dedup();
    uses
}

/// The other rules of integration that the expected damage is also told by, to show how far it rests on the
/// rule. `onset` is the return period (a) at which damage is assumed to begin in one of them.
fn other_rules(onset: f64) -> [(Words, Rules); 5] {
    let rules = Rules::default();
    [
        (
            Words::new("no damage beyond the rarest storm", "最稀遇暴雨以外不计损失"),
            Rules { beyond: Beyond::Nothing, ..rules },
        ),
        (
            Words::new("damage goes on rising beyond the rarest storm", "最稀遇暴雨以外损失继续上升"),
            Rules { beyond: Beyond::Rising, ..rules },
        ),
        (
            Words::new(
                "straight over the logarithm of the return period between storms",
                "各暴雨之间按重现期对数线性插值",
            ),
            Rules { between: Between::Logarithmic, ..rules },
        ),
        (
            Words::new("only the largest flood of each year does damage", "每年只计最大一场（年最大值法）"),
            Rules { frequency: Frequency::YearsWithFlood, ..rules },
        ),
        (
            Words::new(
                format!("damage begins at {onset} a, below the smallest storm"),
                format!("自 {onset} 年一遇起开始有损失（低于最小暴雨）"),
            ),
            Rules { onset: Some(onset), ..rules },
        ),
    ]
}

/// The rule that the total is told by.
pub(super) fn rule_in_words() -> Words {
    Words::new(
        "trapezoids over 1/T between the storms; beyond the rarest storm its damage (Delft-FIAT); below the \
         smallest storm none",
        "各暴雨之间对 1/T 按梯形积分；最稀遇暴雨以外取其损失不变（Delft-FIAT 规则）；最小暴雨以下不计损失",
    )
}

/// Expected annual damage of an option at a horizon over some rungs; `None` where a run is missing or rungs are
/// too few.
pub(super) fn expected(
    damages: &[RunDamage],
    rungs: &[Rung],
    option: usize,
    horizon: usize,
) -> Option<Expected> {
    if rungs.len() < FEWEST {
        return None;
    }
    let mut points = Vec::with_capacity(rungs.len());
    for rung in rungs {
        let case = Case { horizon, storm: rung.storm, stage: rung.stage };
        let found = damages.iter().find(|known| known.option == option && known.case == case)?;
        points.push(DamagePoint { years: rung.years, damage: found.damage });
    }
    let area = expected_damage(&points, Rules::default());
    let onset = points.first()?.years / 2.0;
    let other = other_rules(onset).map(|(name, rules)| (name, expected_damage(&points, rules).total()));
    Some(Expected {
        option,
        horizon,
        points,
        between: area.between,
        tail: area.tail,
        other_rules: other.to_vec(),
    })
}
