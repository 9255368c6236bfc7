//! Spills a year and the share captured: only a long series of rain shows them.

use crate::assess::Case;
use crate::assess::ladder::real_stages;
use crate::assess::verdict::{Outcome, Place};
use crate::scenario::storm::Purpose;
use crate::study::digest::Digest;

use super::{Finding, Question, is_close, plain};

/// A day, s.
const DAY: f64 = 86_400.0;
/// Shortest run that counts as a year, s: 360 days.
const LEAST: f64 = 360.0 * DAY;
/// A year, s.
const YEAR: f64 = 365.25 * DAY;

/// Whole years of a run: a year and a day are one year.
fn whole_years(digest: &Digest) -> f64 {
    (digest.duration_s / YEAR).round().max(1.0)
}

/// The runs that last a year, or why there are none.
fn long_runs<'a>(question: &Question<'a>) -> Result<Vec<(Case, &'a Digest)>, Finding> {
    let ground = question.ground;
    if ground.comparison.overflows.is_empty() {
        return Err(Finding::not_assessed("the scenario names no overflows", "情景文件未指定溢流口"));
    }
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    let mut longest: f64 = 0.0;
    for (index, storm) in ground.scenario.storms.iter().enumerate() {
        if !storm.rain.serves.contains(&Purpose::Overflow) {
            continue;
        }
        for stage in real_stages(ground.scenario, index) {
            let case = Case { horizon: question.horizon, storm: index, stage };
            match question.digest(case) {
                Some(digest) if digest.duration_s >= LEAST => found.push((case, digest)),
                Some(digest) => longest = longest.max(digest.duration_s),
                None => missing.push(question.why_missing(case)),
            }
        }
    }
    if !found.is_empty() {
        return Ok(found);
    }
    let days = plain((longest / DAY * 10.0).round() / 10.0);
    let mut finding = Finding::not_assessed(
        format!(
            "spills a year need a run of 360 days at least with rain that serves overflow; the longest has {days} days"
        ),
        format!("年溢流指标需要至少 360 天、用于溢流评估（overflow）的连续模拟；最长的工况仅 {days} 天"),
    );
    finding.remarks.extend(missing);
    Err(finding)
}

/// Spills a year of the overflow that spills most often.
pub(super) fn count(question: &Question<'_>) -> Finding {
    let runs = match long_runs(question) {
        Ok(runs) => runs,
        Err(finding) => return finding,
    };
    let mut worst: Option<(f64, &str, Case)> = None;
    for (case, digest) in &runs {
        for overflow in &digest.overflows {
            let a_year = overflow.spills.len() as f64 / whole_years(digest);
            if worst.is_none_or(|(most, ..)| a_year > most) {
                worst = Some((a_year, &overflow.name, *case));
            }
        }
    }
    let Some((value, name, case)) = worst else {
        return Finding::not_assessed("the runs hold no overflow", "计算结果中没有溢流口");
    };
    let mut finding = at_most(question, value, 1.0);
    let zone = question.ground.places.zone(question.option, question.horizon, name);
    finding.worst = Some(Place { element: name.to_owned(), zone: zone.to_owned() });
    finding.governing = Some(case);
    if let Some(storm) = question.ground.scenario.storms.get(case.storm) {
        let hours = plain(storm.event_gap / 3600.0);
        finding.remark(
            format!("spills that less than {hours} h part are one"),
            format!("间隔小于 {hours} h 的溢流计为一次"),
        );
    }
    rest_on(question, &mut finding, &runs);
    finding
}

/// Share of the water of overflows and works that reaches the works, in the worst run.
pub(super) fn captured(question: &Question<'_>) -> Finding {
    let runs = match long_runs(question) {
        Ok(runs) => runs,
        Err(finding) => return finding,
    };
    let comparison = question.ground.comparison;
    let mut worst: Option<(f64, Case)> = None;
    for (case, digest) in &runs {
        let of = |names: &[String]| -> f64 {
            let among = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
            digest.outfalls.iter().filter(|outfall| among(&outfall.name)).map(|outfall| outfall.volume).sum()
        };
        let (spilled, treated) = (of(&comparison.overflows), of(&comparison.treatment_works));
        if spilled + treated > 0.0 {
            let share = 100.0 * treated / (spilled + treated);
            if worst.is_none_or(|(least, _)| share < least) {
                worst = Some((share, *case));
            }
        }
    }
    let Some((value, case)) = worst else {
        return Finding::not_assessed(
            "no water reached overflows or treatment works",
            "溢流口和污水厂均无来水",
        );
    };
    let limit =
        question.rule.limit("", question.city()).map(|limit| 100.0 * limit.binding(question.rule.test));
    let Some(limit) = limit else {
        return Finding { remarks: vec![question.no_limit()], ..Finding::default() };
    };
    let mut finding = Finding {
        outcome: Some(if value >= limit { Outcome::Passed } else { Outcome::Failed }),
        value: Some(value),
        limit: Some(limit),
        governing: Some(case),
        close: is_close(value, limit),
        ..Finding::default()
    };
    finding.remark(
        "counted over the whole run: sewage of dry weather is in it, which flatters the share",
        "按整个模拟期统计，包含旱季污水，结果偏乐观",
    );
    rest_on(question, &mut finding, &runs);
    finding
}

/// A value that must not be above its limit; `unit` units of the value are one of the limit.
pub(super) fn at_most(question: &Question<'_>, value: f64, unit: f64) -> Finding {
    let limit =
        question.rule.limit("", question.city()).map(|limit| unit * limit.binding(question.rule.test));
    let Some(limit) = limit else {
        return Finding { remarks: vec![question.no_limit()], ..Finding::default() };
    };
    Finding {
        outcome: Some(if value <= limit { Outcome::Passed } else { Outcome::Failed }),
        value: Some(value),
        limit: Some(limit),
        close: is_close(value, limit),
        ..Finding::default()
    }
}

fn rest_on(question: &Question<'_>, finding: &mut Finding, runs: &[(Case, &Digest)]) {
    finding.storms.extend(runs.iter().map(|(case, _)| case.storm));
    question.remark_lost(finding, runs.iter().map(|(case, _)| *case));
}
