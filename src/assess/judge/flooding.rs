//! Whether nodes stay dry in storms up to the design return period of their place.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::Case;
use crate::assess::ladder::ladder;
use crate::assess::verdict::{Outcome, Place};
use crate::scenario::storm::Purpose;
use crate::study::digest::NodeType;

use super::{Finding, Question, is_close, plain, years};

/// A node while the ladder is climbed.
#[derive(Default)]
struct Node {
    /// Return period that it has to keep, a.
    asked: f64,
    /// Largest flooded volume in the storms that decide, m³, and where.
    flooded: f64,
    case: Option<Case>,
    broken: bool,
    kept: bool,
}

pub(super) fn answer(question: &Question<'_>) -> Finding {
    let ground = question.ground;
    let least = question.rule.volume;
    let steps = ladder(ground.scenario, Purpose::Waterlogging);
    let mut nodes: BTreeMap<String, Node> = BTreeMap::new();
    let (mut cases, mut missing_runs) = (Vec::new(), Vec::new());
    let (mut first_flooded, mut first_missing): (Option<f64>, Option<f64>) = (None, None);
    let (mut any_run, mut has_limit) = (false, false);
    let mut unjudged = BTreeSet::new();
    for step in &steps {
        let of_step = step.stages.iter().map(|stage| Case {
            horizon: question.horizon,
            storm: step.storm,
            stage: *stage,
        });
        let of_step: Vec<Case> = of_step.collect();
        // a node is dry under a storm only when it is under all river stages that the storm meets
        if of_step.iter().any(|case| question.digest(*case).is_none()) {
            first_missing = first_missing.or(Some(step.years));
        }
        let mut flooded: BTreeMap<&str, (f64, Case)> = BTreeMap::new();
        for case in of_step {
            let Some(digest) = question.digest(case) else {
                missing_runs.push(question.why_missing(case));
                continue;
            };
            any_run = true;
            cases.push(case);
            let table = &digest.nodes;
            for ((name, kind), volume) in table.name.iter().zip(&table.kind).zip(&table.flooded_volume) {
                if *kind == NodeType::Outfall {
                    continue;
                }
                let most = flooded.entry(name).or_insert((*volume, case));
                if *volume > most.0 {
                    *most = (*volume, case);
                }
            }
        }
        for (name, (volume, case)) in flooded {
            let zone = ground.places.zone(question.option, question.horizon, name);
            let limit = question.rule.limit(question.zone_class(zone), question.city());
            let Some(asked) = limit.map(|limit| limit.binding(question.rule.test)) else {
                unjudged.insert(zone);
                continue;
            };
            has_limit = true;
            let node = nodes.entry(name.to_owned()).or_insert_with(|| Node { asked, ..Node::default() });
            let decides = step.years <= node.asked || (!node.broken && !node.kept && volume <= least);
            if decides && (node.case.is_none() || volume > node.flooded) {
                (node.flooded, node.case) = (volume, Some(case));
            }
            if volume > least {
                if step.years <= node.asked {
                    node.broken = true;
                    first_flooded = first_flooded.or(Some(step.years));
                }
            } else if step.years >= node.asked && !node.broken {
                // what was not run up to the storm that is asked for may flood
                node.kept |= first_missing.is_none_or(|years| years > node.asked && years > step.years);
            }
        }
    }
    let mut finding = Finding { limit: Some(least), ..Finding::default() };
    finding.storms.extend(cases.iter().map(|case| case.storm));
    if !any_run {
        finding.remarks.extend(missing_runs);
        if finding.remarks.is_empty() {
            finding.remark(
                "no storm serves waterlogging and has a return period",
                "没有带重现期且用于内涝评估（waterlogging）的暴雨",
            );
        }
        return finding;
    }
    if !has_limit {
        finding.remarks.push(question.no_limit());
        return finding;
    }
    conclude(question, &mut finding, &nodes, first_flooded, missing_runs.is_empty());
    finding.remarks.extend(missing_runs);
    question.remark_unjudged(&mut finding, &unjudged);
    question.remark_lost(&mut finding, cases.into_iter());
    finding
}

fn conclude(
    question: &Question<'_>,
    finding: &mut Finding,
    nodes: &BTreeMap<String, Node>,
    first_flooded: Option<f64>,
    all_run: bool,
) {
    let broken = nodes.values().filter(|node| node.broken).count();
    let unknown: BTreeSet<u64> =
        nodes.values().filter(|node| !node.broken && !node.kept).map(|node| node.asked.to_bits()).collect();
    if broken == 0 && !unknown.is_empty() {
        if all_run {
            finding.remark(
                format!("a storm of {} that serves waterlogging is missing", years(&unknown)),
                format!("缺少 {} 的内涝防治暴雨", years(&unknown)),
            );
        }
        return;
    }
    let deciding = nodes.iter().filter(|(_, node)| broken == 0 || node.broken);
    let worst = deciding.fold(None, |worst: Option<(&String, &Node)>, (name, node)| match worst {
        Some((_, so_far)) if so_far.flooded >= node.flooded => worst,
        _ => Some((name, node)),
    });
    let Some((name, node)) = worst else { return };
    finding.outcome = Some(if broken > 0 { Outcome::Failed } else { Outcome::Passed });
    finding.value = Some(node.flooded);
    finding.governing = node.case;
    finding.close = is_close(node.flooded, question.rule.volume);
    if broken > 0 || node.flooded > 0.0 {
        let zone = question.ground.places.zone(question.option, question.horizon, name);
        finding.worst = Some(Place { element: name.clone(), zone: zone.to_owned() });
    }
    let limit = question.rule.limits.iter().find(|limit| limit.binding(question.rule.test) == node.asked);
    if let Some([low, high]) = limit.map(|limit| limit.range).filter(|[low, high]| low < high) {
        finding.remark(
            format!("asked are {}-{} a, of which the lower end decides", plain(low), plain(high)),
            format!("要求 {}-{} a，按下限判定", plain(low), plain(high)),
        );
    }
    if let (true, Some(first)) = (broken > 0, first_flooded) {
        finding.remark(
            format!(
                "{broken} nodes flood in storms up to the design storm, the first in one of {} a",
                plain(first)
            ),
            format!("设计重现期内 {broken} 个节点溢流，最早出现于 {} a 暴雨", plain(first)),
        );
    }
}
