//! The scorecard of a policy: indicators by stage, option, horizon and zone, each with its target and the gap to it.

use std::collections::HashMap;

use crate::edit::cost::Bill;
use crate::scenario::policy::{Indicator, Metric, Row};
use crate::scenario::storm::{Purpose, RainSource};
use crate::scenario::study::{Horizon, Scenario};
use crate::scenario::words::Words;
use crate::study::digest::{Digest, LinkType, NodeType};

use super::coverage::Coverage;
use super::indicator::FLOODED;
use super::{Assessment, Case, Comparison};

/// Money is counted in millions.
const MILLION: f64 = 1.0e6;

/// The stages of check-up, plan and build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The base at the first horizon.
    CheckUp,
    /// The base at a later one: nothing is built.
    NoAction,
    /// An option with a part of it built.
    Build,
    /// An option with all of it built.
    Plan,
}

impl Stage {
    /// Its name for users.
    pub fn words(self) -> Words {
        match self {
            Self::CheckUp => Words::new("check-up", "体检"),
            Self::NoAction => Words::new("no action", "不实施"),
            Self::Build => Words::new("build", "实施"),
            Self::Plan => Words::new("plan", "规划"),
        }
    }
}

/// A line of the scorecard.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Index of the indicator in its row.
    pub indicator: usize,
    /// The stage.
    pub stage: Stage,
    /// Index of the option.
    pub option: usize,
    /// Index of the horizon.
    pub horizon: usize,
    /// The zone by name; empty for the whole.
    pub zone: String,
    /// The value, in the unit of its metric; `None` when the runs do not give it.
    pub value: Option<f64>,
    /// The case that decides it, if one does.
    pub case: Option<Case>,
    /// What is wanted by then.
    pub target: Option<f64>,
    /// What it rests on that nobody has verified.
    pub unverified: Vec<Words>,
}

impl Line {
    /// The gap, target less value; `None` when one of them is missing.
    pub fn gap(&self) -> Option<f64> {
        gap(self.target, self.value)
    }
    /// Whether the target is met.
    pub fn met(&self, metric: &Metric) -> Option<bool> {
        let gap = self.gap()?;
        Some(if metric.more_is_better() { gap <= 0.0 } else { gap >= 0.0 })
    }
}

/// The gap, target less value.
pub fn gap(target: Option<f64>, value: Option<f64>) -> Option<f64> {
    Some(target? - value?)
}

/// What a scorecard is made from.
pub struct Evidence<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its runs.
    pub comparison: &'a Comparison<'a>,
    /// What they mean.
    pub assessment: &'a Assessment,
    /// What each option costs in the end.
    pub bills: &'a [(usize, Bill)],
    /// Coverage of networks, by option and horizon.
    pub coverage: &'a HashMap<(usize, usize), Coverage>,
    /// Share of nodes that have coordinates, by option and horizon.
    pub mapped: &'a HashMap<(usize, usize), f64>,
    /// Zones by name.
    pub zones: &'a [String],
    /// The zone of a node of an option at a horizon.
    pub zone_of: &'a dyn Fn(usize, usize, &str) -> String,
    /// Whether the formula that rates capacities was verified; `None` without one.
    pub formula_verified: Option<bool>,
}

/// The lines of a row, in the order of its indicators, then of stages: base first, then its options by horizon.
pub fn lines(row: &Row, evidence: &Evidence<'_>) -> Vec<Line> {
    let mut all = Vec::new();
    for (index, indicator) in row.indicators.iter().enumerate() {
        for (stage, option, horizon) in steps(row, evidence.scenario) {
            let at = evidence.scenario.horizons.get(horizon);
            let target = indicator.target(at.and_then(|horizon| horizon.table.year));
            for zone in zones(&indicator.metric, evidence) {
                let measured = evidence.measure(&indicator.metric, option, horizon, zone);
                all.push(Line {
                    indicator: index,
                    stage,
                    option,
                    horizon,
                    zone: zone.unwrap_or_default().to_owned(),
                    value: measured.map(|(value, _)| value),
                    case: measured.and_then(|(_, case)| case),
                    target,
                    unverified: evidence.unverified(indicator),
                });
            }
        }
    }
    all
}

/// Stages, options and horizons that a row shows; horizons that are other futures of one are left out.
fn steps(row: &Row, scenario: &Scenario) -> Vec<(Stage, usize, usize)> {
    let mut all = Vec::new();
    // other futures run some of the storms only: their worst is that of another set
    let planned = scenario.planned_horizons();
    for &horizon in &planned {
        all.push((if horizon == 0 { Stage::CheckUp } else { Stage::NoAction }, 0, horizon));
    }
    for name in &row.options {
        let Some(option) = scenario.options.iter().position(|choice| choice.name == *name) else { continue };
        for (index, horizon) in
            scenario.horizons.iter().enumerate().filter(|(index, _)| planned.contains(index))
        {
            let (built, planned) = built(scenario, option, horizon);
            match () {
                () if built == 0 => {}
                () if built == planned => all.push((Stage::Plan, option, index)),
                () => all.push((Stage::Build, option, index)),
            }
        }
    }
    all
}

/// Measures of an option that a horizon has built, and all of them.
fn built(scenario: &Scenario, option: usize, horizon: &Horizon) -> (usize, usize) {
    let measures = scenario.options.get(option).map_or(&[][..], |choice| choice.table.measures.as_slice());
    let done = measures.iter().filter(|measure| horizon.table.phases.contains(&measure.phase));
    (done.count(), measures.len())
}

/// The whole, then each zone where a metric is one of places.
fn zones<'a>(metric: &Metric, evidence: &Evidence<'a>) -> Vec<Option<&'a str>> {
    let by_zone =
        matches!(metric, Metric::CapacityShare { .. } | Metric::FloodedVolume | Metric::FloodedNodes);
    let zones = if by_zone { evidence.zones } else { &[] };
    std::iter::once(None).chain(zones.iter().map(|zone| Some(zone.as_str()))).collect()
}

/// A value and the case that decides it.
type Measured = Option<(f64, Option<Case>)>;

impl Evidence<'_> {
    /// The value of a metric for an option at a horizon, in a zone or in the whole.
    fn measure(&self, metric: &Metric, option: usize, horizon: usize, zone: Option<&str>) -> Measured {
        let of_run = |element: usize, case: Case| element == option && case.horizon == horizon;
        let of_network = |pair: (usize, usize)| pair == (option, horizon);
        let plain = |value: Option<f64>| value.map(|value| (value, None));
        match metric {
            Metric::CapacityShare { years } => plain(self.capacity_share(*years, option, horizon, zone)),
            Metric::FloodedVolume => self.worst(Purpose::Waterlogging, option, horizon, |digest| {
                Some(self.flooding(digest, option, horizon, zone).sum())
            }),
            Metric::FloodedNodes => self.worst(Purpose::Waterlogging, option, horizon, |digest| {
                Some(self.flooding(digest, option, horizon, zone).filter(|volume| *volume >= FLOODED).count()
                    as f64)
            }),
            Metric::SurchargedLength => self
                .worst(Purpose::SewerCapacity, option, horizon, |digest| Some(surcharged(digest) / 1000.0)),
            Metric::RiverFlooding => largest(
                self.assessment
                    .rivers
                    .iter()
                    .filter(|river| of_run(river.option, river.case))
                    .map(|river| (river.flooded - river.flooded_free, river.case)),
            ),
            Metric::Submergence => largest(
                self.assessment
                    .submergences
                    .iter()
                    .filter(|outfall| of_run(outfall.option, outfall.case))
                    .map(|outfall| (outfall.drowned / 3600.0, outfall.case)),
            ),
            Metric::SpilledVolume => {
                largest(self.systems(option, horizon).map(|system| (system.spilled, system.case)))
            }
            Metric::CapturedShare => {
                let shares = self
                    .systems(option, horizon)
                    .filter_map(|system| Some((-100.0 * system.captured?, system.case)));
                largest(shares).map(|(value, case)| (-value, case))
            }
            Metric::Coverage => {
                let coverage = self.coverage.get(&(option, horizon));
                plain(coverage.and_then(Coverage::share).map(|share| 100.0 * share))
            }
            Metric::NodeDepth { node } => self.worst(Purpose::Waterlogging, option, horizon, |digest| {
                let index = digest.nodes.name.iter().position(|name| name.eq_ignore_ascii_case(node))?;
                digest.nodes.max_depth.get(index).copied()
            }),
            Metric::Cost => plain(self.cost(option, horizon)),
            Metric::Damage => {
                let economy = self.assessment.economy.as_ref();
                let expected = economy.and_then(|economy| {
                    economy.expected.iter().find(|expected| of_network((expected.option, expected.horizon)))
                });
                plain(expected.map(|expected| expected.total() / MILLION))
            }
            Metric::Gauges => {
                // the gauges are held against the base
                let scores = self.assessment.verification.as_ref()?;
                let case = scores.first().and_then(|score| score.case)?;
                let kept = scores.iter().filter(|score| score.within_bands == Some(true)).count();
                of_run(0, case).then(|| (100.0 * kept as f64 / scores.len() as f64, Some(case)))
            }
            Metric::Mapped => plain(self.mapped.get(&(option, horizon)).map(|share| 100.0 * share)),
        }
    }

    /// The largest value of the runs of an option at a horizon whose storms serve a purpose; of all its runs where no
    /// storm of the study does. `None` when one of these runs is missing: a worst that leaves one out is none.
    fn worst(
        &self,
        purpose: Purpose,
        option: usize,
        horizon: usize,
        value: impl Fn(&Digest) -> Option<f64>,
    ) -> Measured {
        let serves = |storm: usize| {
            self.scenario.storms.get(storm).is_some_and(|storm| storm.rain.serves.contains(&purpose))
        };
        let cases: Vec<Case> =
            self.comparison.cases().into_iter().filter(|case| case.horizon == horizon).collect();
        let any = cases.iter().any(|case| serves(case.storm));
        let chosen = cases.into_iter().filter(|case| !any || serves(case.storm));
        let values = chosen.map(|case| Some((value(self.comparison.digest(option, case)?)?, case)));
        largest(values.collect::<Option<Vec<_>>>()?.into_iter())
    }

    /// Flooded volumes of the nodes of a zone, or of all, m³. Outfalls do not flood.
    fn flooding<'d>(
        &'d self,
        digest: &'d Digest,
        option: usize,
        horizon: usize,
        zone: Option<&'d str>,
    ) -> impl Iterator<Item = f64> + 'd {
        let nodes = digest.nodes.name.iter().zip(&digest.nodes.kind).zip(&digest.nodes.flooded_volume);
        nodes
            .filter(move |((name, kind), _)| {
                let lies = zone.is_none_or(|zone| (self.zone_of)(option, horizon, name) == zone);
                **kind != NodeType::Outfall && lies
            })
            .map(|(_, volume)| *volume)
    }

    /// Length of pipe that carries so many years, %, over all that was rated.
    fn capacity_share(&self, years: f64, option: usize, horizon: usize, zone: Option<&str>) -> Option<f64> {
        let of =
            self.assessment.capacities.iter().find(|all| (all.option, all.horizon) == (option, horizon))?;
        let (mut good, mut rated) = (0.0, 0.0);
        for pipe in of.pipes.iter().filter(|pipe| zone.is_none_or(|zone| pipe.zone == zone)) {
            let Some(capacity) = pipe.static_years else { continue };
            rated += pipe.length;
            good += if capacity >= years { pipe.length } else { 0.0 };
        }
        (rated > 0.0).then(|| 100.0 * good / rated)
    }

    /// Spills of the runs of an option at a horizon: those whose storms serve overflows, else all.
    fn systems(&self, option: usize, horizon: usize) -> impl Iterator<Item = &super::spill::SystemSpill> {
        let serves = |case: Case| {
            let storm = self.scenario.storms.get(case.storm);
            storm.is_some_and(|storm| storm.rain.serves.contains(&Purpose::Overflow))
        };
        let any = self.assessment.systems.iter().any(|system| serves(system.case));
        let of = move |system: &&super::spill::SystemSpill| {
            system.option == option && system.case.horizon == horizon && (!any || serves(system.case))
        };
        self.assessment.systems.iter().filter(of)
    }

    /// Capital of the phases that a horizon has built, in millions.
    fn cost(&self, option: usize, horizon: usize) -> Option<f64> {
        let (_, bill) = self.bills.iter().find(|(of, _)| *of == option)?;
        let phases = &self.scenario.horizons.get(horizon)?.table.phases;
        let built = bill.lines.iter().filter(|line| phases.contains(&line.phase));
        Some(built.map(|line| line.capital).sum::<f64>() * (1.0 + bill.contingency) / MILLION)
    }

    /// What an indicator rests on that nobody has verified.
    fn unverified(&self, indicator: &Indicator) -> Vec<Words> {
        let mut all = Vec::new();
        if !indicator.targets.is_empty() && !indicator.verified {
            all.push(Words::new("target", "目标值"));
        }
        let by_formula = |storm: &crate::scenario::study::StudyStorm| matches!(&storm.rain.source, RainSource::Formula { formula, .. } if !formula.verified);
        match indicator.metric {
            Metric::CapacityShare { .. } if self.formula_verified == Some(false) => {
                all.push(Words::new("storm formula", "暴雨强度公式"));
            }
            Metric::Cost if self.bills.iter().any(|(_, bill)| !bill.verified) => {
                all.push(Words::new("unit costs", "单价"));
            }
            Metric::Damage => {
                let economy = self.assessment.economy.as_ref();
                all.extend(economy.iter().flat_map(|economy| economy.unverified.iter().cloned()));
            }
            Metric::Gauges => {
                let scores = self.assessment.verification.iter().flatten();
                all.extend(scores.flat_map(|score| score.unverified.iter().cloned()).take(1));
            }
            Metric::Coverage | Metric::Mapped | Metric::CapacityShare { .. } | Metric::Cost => {}
            _ if self.scenario.storms.iter().any(by_formula) => {
                all.push(Words::new("storm formula", "暴雨强度公式"));
            }
            _ => {}
        }
        all
    }
}

/// The largest of some values with its case; the first of equal ones.
fn largest(values: impl Iterator<Item = (f64, Case)>) -> Measured {
    let mut best: Option<(f64, Case)> = None;
    for (value, case) in values {
        if best.is_none_or(|(most, _)| value > most) {
            best = Some((value, case));
        }
    }
    best.map(|(value, case)| (value, Some(case)))
}

/// Length of the conduits that run full at both ends at some time, m.
fn surcharged(digest: &Digest) -> f64 {
    let links = digest.links.length.iter().zip(&digest.links.both_full_time).zip(&digest.links.kind);
    links
        .filter(|((_, time), kind)| **time > 0.0 && **kind == LinkType::Conduit)
        .map(|((length, _), _)| length)
        .sum()
}

#[cfg(test)]
mod tests;
