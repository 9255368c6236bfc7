//! Regret over the futures of one year.

use super::appraisal::{Calendar, avoided, serving, terms};
use super::choice::{regrets, satisfying_share};
use super::damage::{Rung, expected};
use super::present::annuity;
use super::{Appraisal, Regret, RunDamage};
use crate::assess::indicator::volume_at;
use crate::assess::{Case, Comparison};
use crate::scenario::storm::Purpose;
use crate::scenario::study::Scenario;

/// Each horizon that has other futures, with them.
fn groups(scenario: &Scenario) -> Vec<Vec<usize>> {
    let all = 0..scenario.horizons.len();
    let with_futures = |main: usize| {
        let others = all.clone().filter(|horizon| scenario.future_of(*horizon) == Some(main));
        std::iter::once(main).chain(others).collect::<Vec<usize>>()
    };
    all.clone().map(with_futures).filter(|group| group.len() > 1).collect()
}

/// Regrets of the options whose worth in each of some futures is known.
fn regrets_of(futures: &[usize], options: usize, worth: impl Fn(usize, usize) -> Option<f64>) -> Vec<Regret> {
    let of_option = |option: usize| -> Option<(usize, Vec<f64>)> {
        Some((option, futures.iter().map(|horizon| worth(option, *horizon)).collect::<Option<_>>()?))
    };
    let worths: Vec<(usize, Vec<f64>)> = (0..options).filter_map(of_option).collect();
    let lists: Vec<Vec<f64>> = worths.iter().map(|(_, worth)| worth.clone()).collect();
    let regret = |((option, worth), regrets): ((usize, Vec<f64>), Vec<f64>)| Regret {
        option,
        futures: futures.to_vec(),
        largest: regrets.iter().copied().fold(0.0, f64::max),
        satisfies: satisfying_share(&worth, 0.0),
        regrets,
        worth,
    };
    worths.into_iter().zip(regrets(&lists)).map(regret).collect()
}

/// Regrets of money of all options over each horizon and its other futures, on the storms that all of them were
/// run with; which storms those are, by index, is given too. Nothing for a horizon with too few such storms.
///
/// An option is worth the damage that it avoids in the year of the futures less its yearly cost: the present
/// value of its cost over the annuity of the life. Without discount rate and life cost is left out.
pub(super) fn of_money(
    scenario: &Scenario,
    damages: &[RunDamage],
    ladder: &[Rung],
    appraisals: &[Appraisal],
    calendar: Option<&Calendar>,
) -> (Vec<Regret>, Vec<usize>) {
    let yearly =
        terms(scenario).filter(|_| calendar.is_some()).map(|(rate, life)| annuity(rate, f64::from(life)));
    let yearly_cost = |option: usize| {
        let of = appraisals.iter().find(|appraisal| appraisal.option == option);
        of.zip(yearly).map_or(0.0, |(of, factor)| of.cost / factor)
    };
    let options = scenario.options.len();
    let (mut all, mut storms) = (Vec::new(), Vec::new());
    for futures in groups(scenario) {
        let run_in = |rung: &Rung, horizon: usize| {
            let case = Case { horizon, storm: rung.storm, stage: rung.stage };
            damages.iter().any(|known| known.option == 0 && known.case == case)
        };
        let is_shared = |rung: &&Rung| futures.iter().all(|horizon| run_in(rung, *horizon));
        let shared: Vec<Rung> = ladder.iter().filter(is_shared).copied().collect();
        let expected: Vec<_> = (0..options)
            .flat_map(|option| futures.iter().map(move |horizon| (option, *horizon)))
            .filter_map(|(option, horizon)| expected(damages, &shared, option, horizon))
            .collect();
        let found = regrets_of(&futures, options, |option, horizon| {
            Some(avoided(&expected, option, horizon)? - yearly_cost(option))
        });
        if !found.is_empty() {
            storms.extend(shared.iter().map(|rung| rung.storm));
        }
        all.extend(found);
    }
    storms.sort_unstable();
    storms.dedup();
    (all, storms)
}

/// Regrets of spilled water, m³, over each horizon and its other futures, on the storms of overflows that all
/// of them were run with, each with the stage that it is paired with first.
pub(super) fn of_spills(scenario: &Scenario, comparison: &Comparison<'_>) -> Vec<Regret> {
    if comparison.overflows.is_empty() {
        return Vec::new();
    }
    let options = comparison.options.len();
    let of_group = |futures: Vec<usize>| {
        let in_horizon = |case: &Case, horizon: usize| Case { horizon, ..*case };
        let shared: Vec<Case> = serving(scenario, Purpose::Overflow)
            .into_iter()
            .filter(|case| {
                futures.iter().all(|horizon| comparison.digest(0, in_horizon(case, *horizon)).is_some())
            })
            .collect();
        let spilled = |option: usize, horizon: usize| -> Option<f64> {
            let of = |case: &Case| {
                let digest = comparison.digest(option, in_horizon(case, horizon))?;
                Some(volume_at(digest, &comparison.overflows))
            };
            let volumes: Vec<f64> = shared.iter().map(of).collect::<Option<_>>()?;
            (!volumes.is_empty()).then(|| volumes.iter().sum())
        };
        regrets_of(&futures, options, |option, horizon| {
            Some(spilled(0, horizon)? - spilled(option, horizon)?)
        })
    };
    groups(scenario).into_iter().flat_map(of_group).collect()
}
