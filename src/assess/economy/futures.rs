//! Regret over the futures of one year.

use super::appraisal::{Calendar, avoided, terms};
use super::choice::{regrets, satisfying_share};
use super::damage::{Rung, expected};
use super::present::annuity;
use super::{Appraisal, Regret, RunDamage};
use crate::scenario::study::Scenario;

/// Regrets of all options over each horizon and its other futures, on the storms that all of them were run
/// with; which storms those are, by index, is given too. Nothing for a horizon without futures, or with too few
/// such storms.
///
/// An option is worth the damage that it avoids in the year of the futures less its yearly cost: the present
/// value of its cost over the annuity of the life. Without discount rate and life cost is left out.
pub(super) fn of_futures(
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
    let (mut all, mut storms) = (Vec::new(), Vec::new());
    for main in 0..scenario.horizons.len() {
        let others =
            (0..scenario.horizons.len()).filter(|horizon| scenario.future_of(*horizon) == Some(main));
        let futures: Vec<usize> = std::iter::once(main).chain(others).collect();
        if futures.len() < 2 {
            continue;
        }
        let run_in = |rung: &&Rung, horizon: usize| {
            let is = |known: &RunDamage| {
                known.case.horizon == horizon
                    && known.case.storm == rung.storm
                    && known.case.stage == rung.stage
                    && known.option == 0
            };
            damages.iter().any(is)
        };
        let shared: Vec<Rung> = ladder
            .iter()
            .filter(|rung| futures.iter().all(|horizon| run_in(rung, *horizon)))
            .copied()
            .collect();
        let expected: Vec<_> = (0..scenario.options.len())
            .flat_map(|option| futures.iter().map(move |horizon| (option, *horizon)))
            .filter_map(|(option, horizon)| expected(damages, &shared, option, horizon))
            .collect();
        let worth_of = |option: usize| -> Option<Vec<f64>> {
            let worth = |horizon: &usize| Some(avoided(&expected, option, *horizon)? - yearly_cost(option));
            futures.iter().map(worth).collect()
        };
        let worths: Vec<(usize, Vec<f64>)> =
            (0..scenario.options.len()).filter_map(|option| Some((option, worth_of(option)?))).collect();
        let lists: Vec<Vec<f64>> = worths.iter().map(|(_, worth)| worth.clone()).collect();
        for ((option, worth), regrets) in worths.into_iter().zip(regrets(&lists)) {
            all.push(Regret {
                option,
                futures: futures.clone(),
                largest: regrets.iter().copied().fold(0.0, f64::max),
                satisfies: satisfying_share(&worth, 0.0),
                regrets,
                worth,
            });
        }
        storms.extend(
            shared.iter().map(|rung| rung.storm).filter(|storm| !storms.contains(storm)).collect::<Vec<_>>(),
        );
    }
    (all, storms)
}
