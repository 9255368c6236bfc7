//! What options cost and are worth: present values, goals, the Pareto front, budgets.

use super::choice::{Item, beaten_by, best_one, best_together};
use super::present::{PresentCost, StagedCost, interpolated, present_cost, present_value};
use super::{Appraisal, Bought, Expected, Goal};
use crate::assess::indicator::{flooded_volume, volume_at};
use crate::assess::ladder::real_stages;
use crate::assess::{Case, Comparison};
use crate::edit::cost::{Bill, Sum};
use crate::scenario::storm::Purpose;
use crate::scenario::study::Scenario;
use crate::scenario::words::Words;
use crate::study::digest::Digest;

/// Shortest run that spills a year are counted from, s.
pub const YEAR: f64 = 360.0 * 86_400.0;

/// The horizons of an appraisal in time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Calendar {
    /// The first year; `None` when there is one horizon only, which is then the first.
    pub first: Option<i32>,
    /// Horizons that are planned for, each with the years since the first.
    pub horizons: Vec<(usize, f64)>,
}

impl Calendar {
    /// `None` where several horizons have no years, or do not ascend.
    pub fn of(scenario: &Scenario) -> Option<Self> {
        let standing = scenario.planned_horizons();
        let year = |horizon: usize| scenario.horizons.get(horizon).and_then(|known| known.table.year);
        if let [only] = standing.as_slice() {
            return Some(Self { first: year(*only), horizons: vec![(*only, 0.0)] });
        }
        let first = year(*standing.first()?)?;
        let since = |horizon: &usize| Some((*horizon, f64::from(year(*horizon)? - first)));
        let horizons: Vec<(usize, f64)> = standing.iter().map(since).collect::<Option<_>>()?;
        let ascends = horizons.iter().zip(horizons.iter().skip(1)).all(|(a, b)| a.1 < b.1);
        ascends.then_some(Self { first: Some(first), horizons })
    }
    /// Years from the first one until a horizon builds a phase; `None` when none does.
    fn after(&self, scenario: &Scenario, phase: &str) -> Option<f64> {
        let builds = |(horizon, _): &&(usize, f64)| {
            let horizon = scenario.horizons.get(*horizon);
            horizon.is_some_and(|horizon| horizon.table.phases.iter().any(|built| built == phase))
        };
        self.horizons.iter().find(builds).map(|(_, after)| *after)
    }
    /// Years from the first one until the first measure of an option is built, works or none.
    fn begin(&self, scenario: &Scenario, option: usize) -> Option<f64> {
        let measures = &scenario.options.get(option)?.table.measures;
        measures.iter().filter_map(|measure| self.after(scenario, &measure.phase)).min_by(f64::total_cmp)
    }
    /// The works of a bill by the horizon that first builds their phase.
    fn stages(&self, scenario: &Scenario, bill: &Bill) -> Vec<StagedCost> {
        let after = |phase: &str| self.after(scenario, phase).unwrap_or(0.0);
        bill.by_phase()
            .into_iter()
            .map(|(phase, Sum { capital, upkeep })| StagedCost { after: after(phase), capital, upkeep })
            .collect()
    }
}

/// Discount rate and life, when both are given.
pub(super) fn terms(scenario: &Scenario) -> Option<(f64, u32)> {
    let costs = scenario.study.costs.as_ref()?;
    Some((costs.discount_rate?.0, costs.life?.0 as u32))
}

/// The damage that an option avoids in the year of a horizon.
pub(super) fn avoided(expected: &[Expected], option: usize, horizon: usize) -> Option<f64> {
    let of = |option| expected.iter().find(|known| known.option == option && known.horizon == horizon);
    Some(of(0)?.total() - of(option)?.total())
}

/// Costs and worths of all options that have a bill.
pub(super) fn appraisals(
    scenario: &Scenario,
    bills: &[(usize, Bill)],
    expected: &[Expected],
    calendar: Option<&Calendar>,
) -> Vec<Appraisal> {
    let last = scenario.last_horizon();
    let appraise = |(option, bill): &(usize, Bill)| {
        let sum = bill.total();
        let mut appraisal = Appraisal {
            option: *option,
            cost: sum.capital,
            capital: sum.capital,
            upkeep: sum.upkeep,
            residual: 0.0,
            avoided: avoided(expected, *option, last),
            benefit: None,
            net_present_value: None,
            benefit_cost_ratio: None,
            on_pareto_front: false,
            beaten_by: None,
            cost_per_flooded_m3: None,
            cost_per_spilled_m3: None,
            cost_per_spill: None,
        };
        let (Some((rate, life)), Some(calendar)) = (terms(scenario), calendar) else { return appraisal };
        let stages = calendar.stages(scenario, bill);
        let PresentCost { residual, .. } = present_cost(&stages, rate, life);
        appraisal.cost = present_cost(&stages, rate, life).total();
        appraisal.residual = residual;
        let begin = calendar.begin(scenario, *option);
        appraisal.benefit = benefit(begin, calendar, expected, *option, rate, life);
        appraisal.net_present_value = appraisal.benefit.map(|benefit| benefit - appraisal.cost);
        appraisal.benefit_cost_ratio =
            appraisal.benefit.filter(|_| appraisal.cost > 0.0).map(|benefit| benefit / appraisal.cost);
        appraisal
    };
    bills.iter().map(appraise).collect()
}

/// Present value of the damage that an option avoids: from the year after the first of its measures, straight between the
/// horizons that it is known for, constant after the last.
fn benefit(
    begin: Option<f64>,
    calendar: &Calendar,
    expected: &[Expected],
    option: usize,
    rate: f64,
    life: u32,
) -> Option<f64> {
    // nothing is built, nothing is avoided; but without damage nothing is known either
    let Some(begin) = begin else {
        return expected.iter().any(|known| known.option == option).then_some(0.0);
    };
    let from_begin = calendar.horizons.iter().filter(|(_, after)| *after >= begin);
    let known: Vec<(f64, f64)> = from_begin
        .map(|(horizon, after)| Some((*after, avoided(expected, option, *horizon)?)))
        .collect::<Option<_>>()?;
    if known.is_empty() {
        return None;
    }
    Some(present_value(rate, begin as u32 + 1, life, |year| interpolated(&known, year)))
}

/// The runs at the last horizon of storms that serve a purpose, each with the stage that it is paired with
/// first.
pub(super) fn serving(scenario: &Scenario, purpose: Purpose) -> Vec<Case> {
    let storms = scenario.storms.iter().enumerate().filter(|(_, storm)| storm.rain.serves.contains(&purpose));
    let case = |(storm, _): (usize, _)| {
        let stage = real_stages(scenario, storm).first().copied().unwrap_or(0);
        Case { horizon: scenario.last_horizon(), storm, stage }
    };
    storms.map(case).collect()
}

/// The sum of a number over the runs of an option in some cases; `None` where there are none or one is missing.
fn sum_over(
    comparison: &Comparison<'_>,
    option: usize,
    cases: &[Case],
    number: impl Fn(&Digest) -> f64,
) -> Option<f64> {
    let values: Option<Vec<f64>> =
        cases.iter().map(|case| comparison.digest(option, *case).map(&number)).collect();
    values.filter(|values| !values.is_empty()).map(|values| values.iter().sum())
}

fn storm_names(comparison: &Comparison<'_>, cases: &[Case]) -> String {
    cases.iter().map(|case| comparison.names(*case)[1]).collect::<Vec<_>>().join(", ")
}

/// Numbers of all options under the storms of one purpose.
pub(super) struct Measured {
    name: Words,
    values: Vec<Option<f64>>,
}

/// What options are compared by.
pub(super) struct Goals {
    /// Water that floods, m³, under the storms that serve waterlogging.
    flooded: Measured,
    /// Water that spills, m³, under the storms that serve overflows.
    spilled: Measured,
    /// Spills of a year.
    spills: Vec<Option<f64>>,
}

impl Goals {
    /// The numbers of a study at its last horizon.
    pub fn of(scenario: &Scenario, comparison: &Comparison<'_>) -> Self {
        let options = 0..comparison.options.len();
        let (wet, foul) = (serving(scenario, Purpose::Waterlogging), serving(scenario, Purpose::Overflow));
        let measured = |cases: &[Case], name: [&str; 2], number: &dyn Fn(&Digest) -> f64| {
            let storms = storm_names(comparison, cases);
            Measured {
                name: Words::new(format!("{} ({storms})", name[0]), format!("{}（{storms}）", name[1])),
                values: options.clone().map(|option| sum_over(comparison, option, cases, number)).collect(),
            }
        };
        let spilled = |digest: &Digest| volume_at(digest, &comparison.overflows);
        let foul_if_any: &[Case] = if comparison.overflows.is_empty() { &[] } else { &foul };
        let lasts = |case: &&Case| comparison.digest(0, **case).is_some_and(|run| run.duration_s >= YEAR);
        let years: Vec<Case> = foul_if_any.iter().filter(lasts).copied().collect();
        let count = |digest: &Digest| digest.overflows.iter().map(|of| of.spills.len() as f64).sum();
        Self {
            flooded: measured(&wet, ["flooded volume", "溢流水量"], &flooded_volume),
            spilled: measured(foul_if_any, ["spilled volume", "溢流口溢流量"], &spilled),
            spills: options.clone().map(|option| sum_over(comparison, option, &years, count)).collect(),
        }
    }
    /// As they are told, with the expected damage first; a goal that no option has is left out.
    pub fn told(&self, expected: &[Expected], currency: &str, last: usize, options: usize) -> Vec<Goal> {
        let total = |option| {
            let of = expected.iter().find(|known| known.option == option && known.horizon == last);
            of.map(Expected::total)
        };
        let of_volume =
            |of: &Measured| Goal { name: of.name.clone(), unit: "m3".into(), values: of.values.clone() };
        let goals = [
            Goal {
                name: Words::new("expected annual damage", "年均期望损失"),
                unit: format!("{currency}/a"),
                values: (0..options).map(total).collect(),
            },
            of_volume(&self.flooded),
            of_volume(&self.spilled),
        ];
        goals.into_iter().filter(|goal| goal.values.iter().any(Option::is_some)).collect()
    }
    /// Costs for each unit that an option removes.
    pub fn set_unit_costs(&self, appraisals: &mut [Appraisal]) {
        let removed = |values: &[Option<f64>], option: usize| {
            let of = |option: usize| values.get(option).copied().flatten();
            Some(of(0)? - of(option)?).filter(|removed| *removed > 0.0)
        };
        for appraisal in appraisals.iter_mut().filter(|appraisal| appraisal.cost > 0.0) {
            let per = |values: &[Option<f64>]| {
                removed(values, appraisal.option).map(|removed| appraisal.cost / removed)
            };
            let (flooded, spilled) = (per(&self.flooded.values), per(&self.spilled.values));
            let spills = per(&self.spills);
            appraisal.cost_per_flooded_m3 = flooded;
            appraisal.cost_per_spilled_m3 = spilled;
            appraisal.cost_per_spill = spills;
        }
    }
}

/// Which options no other one beats in cost and goals; those that lack a goal are neither on the front nor
/// beaten.
pub(super) fn set_front(appraisals: &mut [Appraisal], goals: &[Goal]) {
    let numbers = |appraisal: &Appraisal| -> Option<Vec<f64>> {
        let of_goals = goals.iter().map(|goal| goal.values.get(appraisal.option).copied().flatten());
        std::iter::once(Some(appraisal.cost)).chain(of_goals).collect()
    };
    if goals.is_empty() {
        return;
    }
    let known: Vec<(usize, Vec<f64>)> = appraisals
        .iter()
        .enumerate()
        .filter_map(|(index, appraisal)| Some((index, numbers(appraisal)?)))
        .collect();
    let rows: Vec<Vec<f64>> = known.iter().map(|(_, row)| row.clone()).collect();
    for ((index, _), winner) in known.iter().zip(beaten_by(&rows)) {
        let winner = winner.and_then(|winner| known.get(winner)).map(|(index, _)| *index);
        let winner = winner.and_then(|winner| appraisals.get(winner)).map(|winner| winner.option);
        if let Some(appraisal) = appraisals.get_mut(*index) {
            appraisal.on_pareto_front = winner.is_none();
            appraisal.beaten_by = winner;
        }
    }
}

/// What each budget buys: the option that avoids most damage for a capital within it, or several packages
/// together when they avoid more. `None` when there are too many packages.
pub(super) fn bought(scenario: &Scenario, appraisals: &[Appraisal]) -> Option<Vec<Bought>> {
    let Some(costs) = &scenario.study.costs else { return Some(Vec::new()) };
    let item = |appraisal: &Appraisal| Item {
        cost: appraisal.capital,
        worth: appraisal.benefit.or(appraisal.avoided).unwrap_or(0.0),
    };
    let items: Vec<Item> = appraisals.iter().map(item).collect();
    let is_package = |appraisal: &Appraisal| {
        let name = scenario.options.get(appraisal.option).map(|option| &option.name);
        name.is_some_and(|name| costs.packages.contains(name))
    };
    let packages: Vec<usize> =
        (0..appraisals.len()).filter(|index| appraisals.get(*index).is_some_and(is_package)).collect();
    let of_packages: Vec<Item> = packages.iter().filter_map(|index| items.get(*index)).copied().collect();
    let buy = |budget: &f64| {
        let one: Vec<usize> = best_one(&items, *budget).into_iter().collect();
        let together: Vec<usize> = best_together(&of_packages, *budget)?
            .iter()
            .filter_map(|index| packages.get(*index))
            .copied()
            .collect();
        let worth =
            |chosen: &[usize]| chosen.iter().filter_map(|index| items.get(*index)).map(|of| of.worth).sum();
        let (worth_one, worth_together): (f64, f64) = (worth(&one), worth(&together));
        let chosen = if worth_together > worth_one { together } else { one };
        let chosen: Vec<&Appraisal> = chosen.iter().filter_map(|index| appraisals.get(*index)).collect();
        Some(Bought {
            budget: *budget,
            options: chosen.iter().map(|of| of.option).collect(),
            cost: chosen.iter().map(|of| of.capital).sum(),
            benefit: chosen.iter().filter_map(|of| of.avoided).sum(),
            present_benefit: chosen.iter().map(|of| of.benefit).sum(),
        })
    };
    costs.budgets.iter().map(buy).collect()
}
