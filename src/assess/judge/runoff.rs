//! Whether an option lets more run off than the base does in the same storm.

use crate::assess::Case;
use crate::assess::ladder::real_stages;
use crate::assess::verdict::Outcome;
use crate::scenario::rule::Quantity;
use crate::scenario::storm::Purpose;
use crate::study::digest::Digest;

use super::{Finding, Question, is_close};

/// A difference below this share is round-off of two runs, no increase.
const ROUND_OFF: f64 = 1e-3;

pub(super) fn answer(question: &Question<'_>) -> Finding {
    if question.option == 0 {
        return Finding::not_assessed("options are compared with the base", "现状为比较基准");
    }
    let limit = question.rule.limit("", question.city());
    let Some(limit) = limit.map(|limit| 100.0 * limit.binding(question.rule.test)) else {
        return Finding { remarks: vec![question.no_limit()], ..Finding::default() };
    };
    let ground = question.ground;
    let (mut missing, mut cases) = (Vec::new(), Vec::new());
    let mut worst: Option<(f64, Case)> = None;
    for (index, storm) in ground.scenario.storms.iter().enumerate() {
        let serves = &storm.rain.serves;
        if !serves.contains(&Purpose::SewerCapacity) && !serves.contains(&Purpose::Waterlogging) {
            continue;
        }
        for stage in real_stages(ground.scenario, index) {
            let case = Case { horizon: question.horizon, storm: index, stage };
            let pair = ground.comparison.digest(0, case).zip(question.digest(case));
            let Some((base, option)) = pair else {
                missing.push(question.why_missing(case));
                continue;
            };
            let (before, after) =
                (amount(base, question.rule.quantity), amount(option, question.rule.quantity));
            if before <= 0.0 {
                continue;
            }
            cases.push(case);
            let share = 100.0 * after / before;
            if worst.is_none_or(|(most, _)| share > most) {
                worst = Some((share, case));
            }
        }
    }
    let mut finding = Finding { limit: Some(limit), ..Finding::default() };
    finding.storms.extend(cases.iter().map(|case| case.storm));
    let broken = worst.is_some_and(|(share, _)| share > limit * (1.0 + ROUND_OFF));
    match worst {
        Some((share, case)) if broken || missing.is_empty() => {
            finding.outcome = Some(if broken { Outcome::Failed } else { Outcome::Passed });
            finding.value = Some(share);
            finding.governing = Some(case);
            finding.close = is_close(share, limit) && (share - limit).abs() > ROUND_OFF * limit;
        }
        None if missing.is_empty() => finding
            .remark("no storm serves sewer_capacity or waterlogging", "没有用于管渠能力或内涝评估的暴雨"),
        _ => {}
    }
    finding.remarks.extend(missing);
    if question.rule.quantity == Quantity::OutflowPeak {
        question.remark_lost(&mut finding, cases.into_iter());
    }
    finding
}

/// The quantity that is compared, m³ or m³/s.
fn amount(digest: &Digest, quantity: Quantity) -> f64 {
    match quantity {
        Quantity::RunoffVolume => digest.totals.runoff,
        Quantity::OutflowPeak => digest.series.outflow.iter().copied().fold(0.0, f64::max),
    }
}
