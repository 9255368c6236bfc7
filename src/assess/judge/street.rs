//! Depths on lanes, water over thresholds and the time until it is gone, from runs with a surface.
//!
//! The storm that decides is the design storm of waterlogging, which the rule of the set that tests `flooding` names: the
//! least return period of the ladder that reaches it, under all its stages. Milder storms break a rule where they were
//! run with a surface, and are not asked for: what the design storm keeps they keep.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::Case;
use crate::assess::ladder::{Step, ladder};
use crate::assess::verdict::{Outcome, Place};
use crate::scenario::rule::Test;
use crate::scenario::storm::Purpose;
use crate::scenario::words::Words;
use crate::study::digest::{Digest, StreetDigest};

use super::{Finding, Question, is_close, plain};

/// What one place shows in one run.
struct Look<'a> {
    name: &'a str,
    zone: &'a str,
    value: Value,
}

/// A value in the unit of the measure of its test.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    /// So much.
    Known(f64),
    /// So much at least: the run ended before more could be seen.
    AtLeast(f64),
    /// There is water, and nobody knows what it has to keep.
    Unknown,
}

/// A run with a surface.
struct Seen<'a> {
    years: f64,
    case: Case,
    digest: &'a Digest,
    street: &'a StreetDigest,
}

/// A place over all runs.
#[derive(Default)]
struct Judged {
    limit: f64,
    worst: Option<(f64, Case)>,
    broken: bool,
    /// Whether some run that decides shows it neither broken nor kept.
    open: bool,
    /// Whether a run that decides shows it kept.
    kept: bool,
}

pub(super) fn answer(question: &Question<'_>) -> Finding {
    let steps = ladder(question.ground.scenario, Purpose::Waterlogging);
    let seen = runs(question, &steps);
    if seen.is_empty() {
        return question.needs_surface();
    }
    let mut finding = Finding::default();
    finding.storms.extend(seen.iter().map(|run| run.case.storm));
    let mut places: BTreeMap<(String, String), Judged> = BTreeMap::new();
    let (mut any, mut has_limit, mut undecided) = (false, false, None);
    let mut unjudged = BTreeSet::new();
    for run in &seen {
        for look in looks(question.rule.test, run) {
            any = true;
            let class = question.zone_class(look.zone);
            let Some(limit) = limit(question, class) else {
                unjudged.insert(look.zone);
                continue;
            };
            has_limit = true;
            let asked = asked_years(question, class);
            let Some(decisive) = decisive_years(&steps, asked) else {
                undecided = undecided.or(asked);
                continue;
            };
            if run.years > decisive {
                continue;
            }
            let decides = run.years == decisive;
            let place = places.entry((look.name.to_owned(), look.zone.to_owned())).or_default();
            place.limit = limit;
            // a storm that is rarer than asked may break it
            let counts = asked.is_none_or(|asked| run.years <= asked);
            match look.value {
                Value::Known(value) | Value::AtLeast(value) if value > limit => {
                    place.broken |= counts;
                    place.open |= !counts;
                }
                Value::Known(_) => place.kept |= decides,
                Value::AtLeast(_) | Value::Unknown => place.open |= decides,
            }
            let (Value::Known(value) | Value::AtLeast(value)) = look.value else { continue };
            if place.worst.is_none_or(|(most, _)| value > most) {
                place.worst = Some((value, run.case));
            }
        }
    }
    if let Some(years) = undecided {
        finding.remarks.push(no_storm(years));
    } else if !any {
        finding.remarks.push(nothing_to_look_at(question.rule.test));
    } else if !has_limit {
        finding.remarks.push(question.no_limit());
    }
    conclude(question, &mut finding, &places, &steps, &seen);
    if has_limit {
        question.remark_unjudged(&mut finding, &unjudged);
    }
    if question.rule.test == Test::StreetDepth {
        finding.remarks.extend(seen.first().and_then(|run| unseen(run.street)));
    }
    finding
}

/// How much of the roads is not seen, where some is.
fn unseen(street: &StreetDigest) -> Option<Words> {
    let [length, seen] =
        street.roads.iter().fold([0.0, 0.0], |[length, seen], road| [length + road.length, seen + road.seen]);
    let metres = (length - seen).round();
    (metres >= 1.0).then(|| {
        Words::new(
            format!(
                "{metres} m of the {} m of roads lie off the ground of the surface and were not looked at",
                length.round()
            ),
            format!("道路全长 {} m 中有 {metres} m 不在二维地表范围内，未予评估", length.round()),
        )
    })
}

/// The runs of the ladder that have a surface.
fn runs<'a>(question: &Question<'a>, steps: &[Step]) -> Vec<Seen<'a>> {
    let cases = steps.iter().flat_map(|step| {
        let case = |stage: &usize| Case { horizon: question.horizon, storm: step.storm, stage: *stage };
        step.stages.iter().map(case).map(|case| (step.years, case))
    });
    cases
        .filter_map(|(years, case)| {
            let digest = question.digest(case)?;
            Some(Seen { years, case, digest, street: digest.street.as_deref()? })
        })
        .collect()
}

/// What a place of a class has to keep, in the unit of the measure.
fn limit(question: &Question<'_>, class: &str) -> Option<f64> {
    let rule = question.rule;
    match rule.test {
        Test::GroundFloor => Some(0.0),
        _ => rule.limit(class, question.city()).map(|limit| limit.binding(rule.test)),
    }
}

/// The design return period of waterlogging for a zone of a class (a), from the rule of the set that tests `flooding`;
/// `None` where the set says none, and the rarest storm decides.
fn asked_years(question: &Question<'_>, class: &str) -> Option<f64> {
    let screening = question.ground.rule_set.rules.iter().find(|rule| rule.test == Test::Flooding)?;
    screening.limit(class, question.city()).map(|limit| limit.binding(Test::Flooding))
}

/// The least return period of a ladder that reaches the one that is asked for; `None` where none does.
fn decisive_years(steps: &[Step], asked: Option<f64>) -> Option<f64> {
    let years = steps.iter().map(|step| step.years);
    match asked {
        Some(asked) => years.filter(|years| *years >= asked).reduce(f64::min),
        None => years.reduce(f64::max),
    }
}

/// What a run shows of all places that a test looks at.
fn looks<'a>(test: Test, run: &Seen<'a>) -> Vec<Look<'a>> {
    let street = run.street;
    match test {
        Test::StreetDepth => {
            let roads = street.roads.iter().filter_map(|road| {
                Some(Look { name: &road.name, zone: "", value: Value::Known(road.lane_depth?) })
            });
            roads.collect()
        }
        Test::GroundFloor => {
            let buildings = street.buildings.iter().filter(|building| building.ground.is_some());
            let value =
                |building: &crate::inundation::BuildingWater| match (building.level, building.threshold) {
                    (None, _) => Value::Known(f64::NEG_INFINITY),
                    (Some(_), None) => Value::Unknown,
                    (Some(level), Some(threshold)) => Value::Known(level - threshold),
                };
            buildings
                .map(|building| Look { name: &building.id, zone: &building.zone, value: value(building) })
                .collect()
        }
        Test::RetreatTime => {
            // the whole map comes first; it decides where there are no zones
            let zones = if street.zones.len() > 1 { street.zones.get(1..) } else { street.zones.get(..1) };
            let zones = zones.unwrap_or_default().iter().filter(|zone| zone.area > 0.0);
            let at_end = (run.digest.duration_s - street.rain_end).max(0.0);
            zones
                .map(|zone| Look {
                    name: &zone.name,
                    zone: &zone.name,
                    value: zone.retreat.map_or(Value::AtLeast(at_end), Value::Known),
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

fn conclude(
    question: &Question<'_>,
    finding: &mut Finding,
    places: &BTreeMap<(String, String), Judged>,
    steps: &[Step],
    seen: &[Seen<'_>],
) {
    let broken = places.values().filter(|place| place.broken).count();
    let missing = missing(question, steps, seen);
    let unknown = places.values().filter(|place| !place.broken && (place.open || !place.kept)).count();
    finding.outcome = match (broken, places.is_empty()) {
        (1.., _) => Some(Outcome::Failed),
        (0, false) if unknown == 0 && missing.is_empty() => Some(Outcome::Passed),
        _ => None,
    };
    let deciding = places.iter().filter(|(_, place)| broken == 0 || place.broken);
    // how far beyond its limit, so that zones of different limits compare
    let beyond = |place: &Judged| place.worst.map_or(f64::NEG_INFINITY, |(value, _)| value - place.limit);
    let worst =
        deciding.fold(None, |worst: Option<(&(String, String), &Judged)>, (name, place)| match worst {
            Some((_, so_far)) if beyond(so_far) >= beyond(place) => worst,
            _ => Some((name, place)),
        });
    let in_unit = |value: f64| if question.rule.test == Test::RetreatTime { value / 3600.0 } else { value };
    if let Some(((name, zone), place)) = worst {
        finding.limit = Some(in_unit(place.limit));
        if let Some((value, case)) = place.worst.filter(|(value, _)| value.is_finite()) {
            finding.value = Some(in_unit(value));
            finding.governing = Some(case);
            finding.close = is_close(value, place.limit);
            finding.worst = Some(Place { element: name.clone(), zone: zone.clone() });
        }
    }
    if broken > 0 {
        finding.remark(
            format!("{broken} of {} {} do not keep it", places.len(), what(question.rule.test).en),
            format!("{} 处{}中有 {broken} 处不满足", places.len(), what(question.rule.test).zh),
        );
    } else if unknown > 0 && missing.is_empty() {
        finding.remarks.push(why_open(question.rule.test, unknown));
    }
    if broken == 0 {
        finding.remarks.extend(missing);
    }
    finding.remarks.push(basis(question.rule.test));
}

/// The runs of the storms that decide which have no surface, or are not there.
fn missing(question: &Question<'_>, steps: &[Step], seen: &[Seen<'_>]) -> Vec<Words> {
    let classes = question.ground.zones.iter().map(|zone| zone.class.as_str()).chain([""]);
    let deciding: Vec<f64> =
        classes.filter_map(|class| decisive_years(steps, asked_years(question, class))).collect();
    let mut found = Vec::new();
    for step in steps.iter().filter(|step| deciding.contains(&step.years)) {
        for stage in &step.stages {
            let case = Case { horizon: question.horizon, storm: step.storm, stage: *stage };
            if seen.iter().any(|run| run.case == case) {
                continue;
            }
            if question.digest(case).is_none() {
                found.push(question.why_missing(case));
                continue;
            }
            let [_, storm, stage] = question.ground.comparison.names(case);
            let run = format!("{storm} {stage}");
            found.push(Words::new(
                format!("the run {} was not made with a surface: it is a screening in 1D", run.trim()),
                format!("工况 {} 未作二维地表计算，仅为一维筛查", run.trim()),
            ));
        }
    }
    found
}

fn no_storm(years: f64) -> Words {
    Words::new(
        format!("a storm of {} a or rarer that serves waterlogging is missing", plain(years)),
        format!("缺少重现期不小于 {} a 的内涝防治暴雨", plain(years)),
    )
}

/// What a test looks at.
fn what(test: Test) -> Words {
    match test {
        Test::StreetDepth => Words::new("roads", "道路"),
        Test::GroundFloor => Words::new("buildings", "建筑"),
        _ => Words::new("zones", "分区"),
    }
}

fn nothing_to_look_at(test: Test) -> Words {
    match test {
        Test::StreetDepth => Words::new(
            "no road of the study lies on the terrain: give `roads` as GeoJSON lines",
            "地形范围内没有道路：请以 GeoJSON 线给出 `roads`",
        ),
        Test::GroundFloor => Words::new(
            "no building of the study lies on the terrain: give `buildings` as GeoJSON polygons with `threshold_m`",
            "地形范围内没有建筑：请以 GeoJSON 面给出 `buildings`（含 `threshold_m`）",
        ),
        _ => Words::new("no zone lies on the terrain", "地形范围内没有分区"),
    }
}

fn why_open(test: Test, count: usize) -> Words {
    match test {
        Test::GroundFloor => Words::new(
            format!(
                "water reached {count} buildings whose threshold nobody knows, or only a rarer storm breaks the rule"
            ),
            format!("{count} 处建筑进水情况无法判定：门槛高程未知，或仅在更稀遇的暴雨下不满足"),
        ),
        Test::RetreatTime => Words::new(
            format!(
                "in {count} zones water still stood at the end of the run, or only a rarer storm breaks the rule: run longer after the rain"
            ),
            format!("{count} 个分区在计算结束时仍有积水，或仅在更稀遇的暴雨下不满足：请延长雨后计算时间"),
        ),
        _ => Words::new(
            format!("only a storm rarer than asked breaks the rule at {count} roads"),
            format!("{count} 条道路仅在比设计更稀遇的暴雨下不满足"),
        ),
    }
}

/// How the value is found.
fn basis(test: Test) -> Words {
    match test {
        Test::StreetDepth => Words::new(
            "the greatest depth on the lane that is shallowest, at the worst cross-section; lanes may be changed along the road",
            "取最不利横断面上水深最小车道的最大水深；允许沿路变换车道",
        ),
        Test::GroundFloor => Words::new(
            "the greatest level in the cells around each building against its threshold",
            "以建筑周边网格的最高水位与门槛高程比较",
        ),
        _ => Words::new(
            "from the last rain until the ponding places of the zone are below the threshold depth for good; that water is gone below it is an assumption",
            "自雨停至分区内积水点水深降至阈值以下为止；以阈值水深视为退水属假定",
        ),
    }
}
