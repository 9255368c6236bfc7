//! Verdicts: each rule held against what the runs of an option at a horizon show.
//!
//! A rule that is seen to be broken has failed, whatever else is missing. It is kept only when all that it asks for
//! was run and shows it. What is in between is not assessed, and the verdict says which storm, surface or series is
//! missing.

mod capacity;
mod flooding;
mod overflow;
mod quality;
mod runoff;
mod street;
#[cfg(test)]
mod street_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::scenario::rule::{Rule, RuleSet, Test};
use crate::scenario::storm::{IntensityFormula, RainSource};
use crate::scenario::study::{CityClass, Scenario};
use crate::scenario::words::Words;
use crate::scenario::zone::Zone;
use crate::study::digest::Digest;

use super::capacity::{Capacities, Definition};
use super::places::Places;
use super::verdict::{Outcome, Verdict};
use super::{Case, Comparison, State};

/// A value this close to its limit, as a share of the limit, may fall on the other side with another engine.
const CLOSE: f64 = 0.01;
/// Water that leaves a network by flooding from which verdicts say so, m³.
const LOST: f64 = 1.0;

/// What verdicts are made from.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// The rules.
    pub rule_set: &'a RuleSet,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The formula that static capacity rests on.
    pub formula: Option<&'a IntensityFormula>,
    /// Zones of the city.
    pub zones: &'a [Zone],
    /// In which of them each node lies.
    pub places: &'a Places,
    /// The runs.
    pub comparison: &'a Comparison<'a>,
    /// Capacities of pipes.
    pub capacities: &'a [Capacities],
}

/// The verdicts of all rules: in the order of rules, options and horizons.
pub fn verdicts(ground: &Ground<'_>) -> Vec<Verdict> {
    let mut all = Vec::new();
    for (index, rule) in ground.rule_set.rules.iter().enumerate() {
        for option in 0..ground.scenario.options.len() {
            for horizon in ground.comparison.main_horizons() {
                let question = Question { ground, rule, option, horizon };
                let finding = question.answer();
                all.push(finding.verdict(&question, index));
            }
        }
    }
    all
}

/// A rule, an option, a horizon.
#[derive(Clone, Copy)]
struct Question<'a> {
    ground: &'a Ground<'a>,
    rule: &'a Rule,
    option: usize,
    horizon: usize,
}

/// An answer without what all verdicts of a rule say.
#[derive(Default)]
struct Finding {
    outcome: Option<Outcome>,
    value: Option<f64>,
    limit: Option<f64>,
    worst: Option<super::verdict::Place>,
    governing: Option<Case>,
    remarks: Vec<Words>,
    /// Storms that it rests on.
    storms: BTreeSet<usize>,
    unverified: Vec<Words>,
    close: bool,
}

impl Finding {
    /// What cannot be assessed, and why.
    fn not_assessed(en: impl Into<String>, zh: impl Into<String>) -> Self {
        let mut finding = Self::default();
        finding.remark(en, zh);
        finding
    }
    fn remark(&mut self, en: impl Into<String>, zh: impl Into<String>) {
        self.remarks.push(Words::new(en, zh));
    }
    fn verdict(mut self, question: &Question<'_>, rule: usize) -> Verdict {
        let of = question.rule;
        if !of.note.en.is_empty() || !of.note.zh.is_empty() {
            self.remarks.push(of.note.clone());
        }
        if !of.verified {
            self.unverified.insert(
                0,
                Words::new(format!("the numbers of {}", of.clause), format!("{}的限值", of.clause)),
            );
        }
        let storms = self.storms.iter().filter_map(|storm| question.ground.scenario.storms.get(*storm));
        for storm in storms {
            if let RainSource::Formula { formula, .. } = &storm.rain.source
                && let Some(words) = unverified_formula(formula)
                && !self.unverified.contains(&words)
            {
                self.unverified.push(words);
            }
        }
        Verdict {
            rule,
            option: question.option,
            horizon: question.horizon,
            outcome: self.outcome.unwrap_or(Outcome::NotAssessed),
            value: self.value,
            limit: self.limit,
            worst: self.worst,
            governing: self.governing,
            remarks: self.remarks,
            unverified: self.unverified,
            close: self.close,
        }
    }
}

/// What to say of a formula that nobody has verified.
fn unverified_formula(formula: &IntensityFormula) -> Option<Words> {
    let place = formula.place();
    (!formula.verified).then(|| {
        Words::new(format!("the storm-intensity formula of {place}"), format!("{place}暴雨强度公式"))
    })
}

/// Whether a value lies within 1 % of its limit.
fn is_close(value: f64, limit: f64) -> bool {
    (value - limit).abs() <= CLOSE * limit.abs()
}

/// A number for remarks: three digits behind the point at most, no zeros at the end.
fn plain(value: f64) -> String {
    format!("{}", (value * 1000.0).round() / 1000.0 + 0.0)
}

/// Return periods for remarks: `20 a, 50 a`.
fn years(all: &BTreeSet<u64>) -> String {
    all.iter().map(|bits| format!("{} a", plain(f64::from_bits(*bits)))).collect::<Vec<_>>().join(", ")
}

impl<'a> Question<'a> {
    fn answer(&self) -> Finding {
        match self.rule.test {
            Test::StaticCapacity => capacity::answer(self, Definition::Static),
            Test::DynamicCapacity => capacity::answer(self, Definition::Dynamic),
            Test::Flooding => flooding::answer(self),
            Test::StreetDepth | Test::GroundFloor | Test::RetreatTime => street::answer(self),
            Test::SpillCount => overflow::count(self),
            Test::CapturedShare => overflow::captured(self),
            Test::RunoffNotIncreased => runoff::answer(self),
            Test::Continuity => quality::continuity(self),
            Test::Stability => quality::stability(self),
        }
    }
    /// Depths on the surface are not in runs of the network alone.
    fn needs_surface(&self) -> Finding {
        let mut finding = Finding::not_assessed(
            "depths on streets and at buildings need a 2D surface: no storm of waterlogging with a return period was \
             run with one (a screening in 1D)",
            "道路与建筑物处的积水深度需要二维地表模型：有重现期的内涝防治暴雨均未作二维计算（一维筛查）",
        );
        let limit = self.rule.limit("", self.city()).map(|limit| limit.binding(self.rule.test));
        finding.limit = limit.map(|limit| if self.rule.unit == "h" { limit / 3600.0 } else { limit });
        finding
    }
    fn city(&self) -> Option<CityClass> {
        self.ground.scenario.study.city_class
    }
    /// Class of a zone by its name; empty for none.
    fn zone_class(&self, zone: &str) -> &'a str {
        self.ground.zones.iter().find(|known| known.name == zone).map_or("", |zone| &zone.class)
    }
    fn digest(&self, case: Case) -> Option<&'a Digest> {
        self.ground.comparison.digest(self.option, case)
    }
    /// Why a run is not there.
    fn why_missing(&self, case: Case) -> Words {
        let [_, storm, stage] = self.ground.comparison.names(case);
        let run = format!("{storm} {stage}");
        let run = run.trim();
        match self.ground.comparison.run(self.option, case).map(|run| &run.state) {
            Some(State::Failed(reason)) => Words::new(
                format!("the run {run} failed: {reason}"),
                format!("工况 {run} 计算失败：{reason}"),
            ),
            Some(State::Missing(reason)) => Words::new(
                format!("the run {run} was not made: {reason}"),
                format!("工况 {run} 未计算：{reason}"),
            ),
            Some(State::Done(_)) | None => {
                Words::new(format!("the run {run} is not there"), format!("缺少工况 {run}"))
            }
        }
    }
    /// Why no place has a limit.
    fn no_limit(&self) -> Words {
        let asks_city = self.rule.limits.iter().any(|limit| !limit.cities.is_empty());
        let asks_zone = self.rule.limits.iter().all(|limit| !limit.zones.is_empty());
        if asks_city && self.city().is_none() {
            Words::new(
                "the rule depends on the class of the city, and the scenario has no `city_class`",
                "限值取决于城市规模，情景文件未给出 city_class",
            )
        } else if asks_zone && self.ground.zones.is_empty() {
            Words::new(
                "the rule depends on the class of the zone, and the scenario has no `zones`",
                "限值取决于分区类别，情景文件未给出 zones",
            )
        } else {
            Words::new(
                "the rule has no limit for the zones and the city of the study",
                "规则中没有适用于本研究分区和城市规模的限值",
            )
        }
    }
    /// Says which zones the rule has no limit for, where it has one for others.
    fn remark_unjudged(&self, finding: &mut Finding, zones: &BTreeSet<&str>) {
        let named: Vec<&str> = zones.iter().copied().filter(|zone| !zone.is_empty()).collect();
        if !named.is_empty() {
            finding.remark(
                format!("the rule has no limit for {}: not judged there", named.join(", ")),
                format!("规则对{}没有限值，未予评估", named.join("、")),
            );
        }
        if zones.contains("") {
            finding.remark(
                "the rule has no limit outside the zones: not judged there",
                "规则对分区以外没有限值，未予评估",
            );
        }
    }
    /// Says how much flood water a run lost, where it did: it would have gone on downstream.
    fn remark_lost(&self, finding: &mut Finding, cases: impl Iterator<Item = Case>) {
        let lost = |case: Case| self.digest(case).map(|digest| (digest.totals.flooding, case));
        let Some((volume, case)) = cases.filter_map(lost).max_by(|a, b| a.0.total_cmp(&b.0)) else { return };
        if volume >= LOST {
            let [_, storm, stage] = self.ground.comparison.names(case);
            let run = format!("{storm} {stage}");
            finding.remark(
                format!(
                    "{} m3 of flood water left the network in {} and never came back: this flatters everything \
                     downstream",
                    volume.round(),
                    run.trim()
                ),
                format!(
                    "工况 {} 中有 {} m³ 溢流水离开管网且未返回，下游结果因此偏乐观",
                    run.trim(),
                    volume.round()
                ),
            );
        }
    }
}
