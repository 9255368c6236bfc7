//! Whether enough length of pipe keeps the design return period of its place.

use std::collections::BTreeSet;

use crate::assess::Case;
use crate::assess::capacity::{Capacities, Definition, PipeCapacity};
use crate::assess::ladder::ladder;
use crate::assess::verdict::{Outcome, Place};
use crate::scenario::rule::Limit;
use crate::scenario::storm::Purpose;
use crate::scenario::words::Words;

use super::{Finding, Question, is_close, plain, unverified_formula, years};

/// Round-off of sums of lengths, as a share.
const ROUND_OFF: f64 = 1e-9;

/// How a pipe stands to the limit of its place.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    Kept,
    Broken,
    /// The ladder does not tell.
    Unknown,
}

/// Lengths of pipe, m.
#[derive(Default)]
struct Lengths {
    kept: f64,
    broken: f64,
    unknown: f64,
    /// Of those kept, close to being broken.
    close_kept: f64,
    /// Of those broken, close to being kept.
    close_broken: f64,
    /// In places for which the rule has no limit.
    without_limit: f64,
    /// Without a capacity.
    unrated: f64,
}

/// The pipe that is furthest from its limit.
struct Worst<'a> {
    ratio: f64,
    pipe: &'a PipeCapacity,
    limit: &'a Limit,
}

pub(super) fn answer(question: &Question<'_>, definition: Definition) -> Finding {
    let (option, horizon) = (question.option, question.horizon);
    let mut all = question.ground.capacities.iter();
    let Some(capacities) = all.find(|one| one.option == option && one.horizon == horizon) else {
        return Finding::not_assessed("the option cannot be built", "方案无法生成");
    };
    let missing_runs = if definition == Definition::Dynamic { runs_missing(question) } else { Vec::new() };
    if definition == Definition::Dynamic && capacities.ladder.is_empty() {
        let mut finding = Finding { remarks: missing_runs, ..Finding::default() };
        if finding.remarks.is_empty() {
            finding.remark(
                "no storm serves sewer_capacity and has a return period",
                "没有带重现期且用于管渠能力评估（sewer_capacity）的暴雨",
            );
        }
        return finding;
    }
    if let (Definition::Static, Some(reason)) = (definition, &capacities.no_static) {
        return Finding::not_assessed(
            format!("there are no static capacities: {reason}"),
            format!("无法计算静态能力：{reason}"),
        );
    }
    let mut lengths = Lengths::default();
    let mut missing = BTreeSet::new();
    let (mut worst_broken, mut worst_kept): (Option<Worst<'_>>, Option<Worst<'_>>) = (None, None);
    for pipe in &capacities.pipes {
        let class = question.zone_class(&pipe.zone);
        let Some(limit) = question.rule.limit(class, question.city()) else {
            lengths.without_limit += pipe.length;
            continue;
        };
        let asked = limit.binding(question.rule.test);
        let Some((standing, ratio, close)) = standing(pipe, definition, asked) else {
            lengths.unrated += pipe.length;
            continue;
        };
        let close_length = if close { pipe.length } else { 0.0 };
        let worst = match standing {
            Standing::Kept => {
                lengths.kept += pipe.length;
                lengths.close_kept += close_length;
                &mut worst_kept
            }
            Standing::Broken => {
                lengths.broken += pipe.length;
                lengths.close_broken += close_length;
                &mut worst_broken
            }
            Standing::Unknown => {
                lengths.unknown += pipe.length;
                missing.insert(asked.to_bits());
                continue;
            }
        };
        let is_worse = worst.as_ref().is_none_or(|so_far| {
            ratio < so_far.ratio || (ratio == so_far.ratio && pipe.length > so_far.pipe.length)
        });
        if is_worse {
            *worst = Some(Worst { ratio, pipe, limit });
        }
    }
    let mut finding = weigh(question, &lengths);
    if finding.outcome == Some(Outcome::Failed) || finding.outcome == Some(Outcome::Passed) {
        let worst = worst_broken.or(worst_kept);
        if let Some(worst) = worst {
            show_worst(&mut finding, &worst, definition);
        }
    }
    remark_lengths(question, &mut finding, &lengths, &missing, &missing_runs);
    rest_on(question, &mut finding, capacities, definition);
    finding
}

/// How a pipe stands, its capacity over what is asked, and whether that is close; `None` without a capacity.
fn standing(pipe: &PipeCapacity, definition: Definition, asked: f64) -> Option<(Standing, f64, bool)> {
    match definition {
        Definition::Static => {
            let capacity = pipe.static_years?;
            let standing = if capacity >= asked { Standing::Kept } else { Standing::Broken };
            Some((standing, capacity / asked, is_close(capacity, asked)))
        }
        Definition::Dynamic => {
            let dynamic = pipe.dynamic?;
            let carried = dynamic.carries.unwrap_or(0.0);
            let standing = match dynamic.fails {
                _ if carried >= asked => Standing::Kept,
                Some(fails) if fails <= asked => Standing::Broken,
                _ => Standing::Unknown,
            };
            Some((standing, carried / asked, dynamic.close))
        }
    }
}

/// The verdict that lengths give.
fn weigh(question: &Question<'_>, lengths: &Lengths) -> Finding {
    let judged = lengths.kept + lengths.broken + lengths.unknown;
    let mut finding = Finding { limit: Some(100.0 * question.rule.share), ..Finding::default() };
    if judged <= 0.0 {
        let reason = if lengths.unrated > 0.0 {
            Words::new("no pipe has a capacity to compare", "没有可比较能力的管道")
        } else {
            question.no_limit()
        };
        finding.remarks.push(reason);
        return finding;
    }
    let reaches = |length: f64| length / judged >= question.rule.share - ROUND_OFF;
    let value = 100.0 * lengths.kept / judged;
    let limit = 100.0 * question.rule.share;
    let near = is_close(value, limit) && (value - limit).abs() > ROUND_OFF;
    if reaches(lengths.kept) {
        finding.outcome = Some(Outcome::Passed);
        finding.close = near || !reaches(lengths.kept - lengths.close_kept);
    } else if !reaches(lengths.kept + lengths.unknown) {
        finding.outcome = Some(Outcome::Failed);
        finding.close = near || reaches(lengths.kept + lengths.unknown + lengths.close_broken);
    } else {
        return finding;
    }
    finding.value = Some(value);
    finding
}

fn show_worst(finding: &mut Finding, worst: &Worst<'_>, definition: Definition) {
    let pipe = worst.pipe;
    finding.worst = Some(Place { element: pipe.link.clone(), zone: pipe.zone.clone() });
    let [low, high] = worst.limit.range;
    let asked =
        if low == high { format!("{} a", plain(low)) } else { format!("{}-{} a", plain(low), plain(high)) };
    let (en, zh) = match definition {
        Definition::Static => {
            let capacity = pipe.static_period.map_or(String::new(), |period| period.to_string());
            (format!("carries {capacity} when full"), format!("满流能力相当于 {capacity}"))
        }
        Definition::Dynamic => {
            finding.governing = pipe.dynamic.and_then(|dynamic| dynamic.deciding);
            match pipe.dynamic.and_then(|dynamic| dynamic.carries) {
                Some(years) => (
                    format!("carries storms up to {} a", plain(years)),
                    format!("可通过 {} a 暴雨", plain(years)),
                ),
                None => ("does not carry the smallest storm".to_owned(), "最小一级暴雨即满流".to_owned()),
            }
        }
    };
    let decides = if low == high { "" } else { ", of which the lower end decides" };
    let decides_zh = if low == high { "" } else { "，按下限判定" };
    finding.remark(
        format!("{} {en}; asked are {asked}{decides}", pipe.link),
        format!("{} {zh}；要求 {asked}{decides_zh}", pipe.link),
    );
}

fn remark_lengths(
    question: &Question<'_>,
    finding: &mut Finding,
    lengths: &Lengths,
    missing: &BTreeSet<u64>,
    missing_runs: &[Words],
) {
    let kilometres = |length: f64| plain(length / 1000.0);
    let judged = lengths.kept + lengths.broken + lengths.unknown;
    if lengths.unknown > 0.0 {
        let km = kilometres(lengths.unknown);
        finding.remark(
            format!(
                "the ladder does not tell of {km} km: a storm of {} that serves sewer_capacity is missing",
                years(missing)
            ),
            format!("{km} km 管道无法判定：缺少 {} 的管渠能力暴雨", years(missing)),
        );
    }
    finding.remarks.extend(missing_runs.iter().cloned());
    if judged > 0.0 && lengths.without_limit > 0.0 {
        let km = kilometres(lengths.without_limit);
        finding.remark(
            format!("{km} km of pipe lie in no zone that has a limit and are not judged"),
            format!("{km} km 管道所在位置没有适用限值，未参与评价"),
        );
    }
    if judged > 0.0 && lengths.unrated > 0.0 {
        let km = kilometres(lengths.unrated);
        finding.remark(
            format!("{km} km of pipe drain no land, or are in no run, and are not judged"),
            format!("{km} km 管道没有汇水面积或没有计算结果，未参与评价"),
        );
    }
    if question.ground.zones.is_empty() && judged > 0.0 {
        finding
            .remark("there are no zones: all pipes are judged alike", "未给出分区，所有管道按同一限值评价");
    }
}

/// What the verdict rests on: storms, formula, coefficients; and the water that the ladder lost.
fn rest_on(question: &Question<'_>, finding: &mut Finding, capacities: &Capacities, definition: Definition) {
    match definition {
        Definition::Static => {
            finding.unverified.extend(question.ground.formula.and_then(unverified_formula));
            if question.ground.scenario.study.runoff_coefficient.is_none() {
                finding.unverified.push(Words::new(
                    "runoff coefficients from imperviousness (0.9 and 0.15, an assumption)",
                    "由不透水率推算的径流系数（0.9 与 0.15，为假定值）",
                ));
            }
        }
        Definition::Dynamic => {
            finding.storms.extend(capacities.ladder.iter().map(|(_, case)| case.storm));
            question.remark_lost(finding, capacities.ladder.iter().map(|(_, case)| *case));
        }
    }
}

/// Runs of the ladder that are not there, and why.
fn runs_missing(question: &Question<'_>) -> Vec<Words> {
    let steps = ladder(question.ground.scenario, Purpose::SewerCapacity);
    let cases = steps.iter().filter_map(|step| {
        let stage = *step.stages.first()?;
        Some(Case { horizon: question.horizon, storm: step.storm, stage })
    });
    cases.filter(|case| question.digest(*case).is_none()).map(|case| question.why_missing(case)).collect()
}
