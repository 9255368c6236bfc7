//! Money of made-up runs, against the oracles of the laws.

use std::path::Path;

use super::*;
use crate::assess::{Comparison, Run, State};
use crate::edit::cost::{Bill, CostLine};
use crate::input::scenario::parse;
use crate::scenario::cost::Item;
use crate::scenario::damage::{Curve, DamageBasis, DamageTable};
use crate::scenario::study::Scenario;
use crate::study::digest::{Digest, NodeType, OutfallDigest};

/// The street with storms of some return periods and two options; horizons and money as given.
fn scenario(years: &[f64], costs: &str, horizons: &str) -> Scenario {
    let storm = |years: &f64| {
        format!(
            "[storms.P{years}]\nserves = [\"damage\", \"waterlogging\", \"overflow\"]\nreturn_period = \"{years} a\"\n\
             formula = {{ A = 2000, C = 0.8, b = 10, n = 0.75 }}\n\
             pattern = {{ kind = \"block\", duration = \"60 min\", step = \"5 min\" }}\n"
        )
    };
    let storms: String = years.iter().map(storm).collect();
    let measure = "phase = \"I\"\nresize = { pipes = [\"P1\"], diameter = \"600 mm\" }\n";
    let text = format!(
        "[study]\nnetwork = \"../networks/bench-street/network.inp\"\noverflows = [\"河边\"]\n\
         [study.costs]\nfile = \"../seeds/costs/cn-example.toml\"\nprice_year = 2022\n{costs}\n{storms}{horizons}\n\
         [[option.A.measure]]\n{measure}[[option.B.measure]]\n{measure}"
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/money.toml");
    parse(&text, &path).map_err(|found| panic!("{found:?}")).unwrap().0
}

/// Damage of a node is its flooded volume.
fn table() -> DamageTable {
    let curve = Curve { at: vec![0.0, 1000.0], value: vec![0.0, 1000.0] };
    let basis = DamageBasis::NodeVolume { curve, weights: vec![("twice".into(), 2.0)], elsewhere: 1.0 };
    DamageTable { basis, currency: "CNY".into(), price_year: 2022, ..DamageTable::default() }
}

fn bill(capital: f64, upkeep: f64) -> Bill {
    let line = CostLine {
        measure: 0,
        phase: "I".into(),
        item: Item::Tank,
        element: "T".into(),
        quantity: 1.0,
        capital,
        upkeep,
    };
    Bill {
        lines: if capital > 0.0 { vec![line] } else { Vec::new() },
        contingency: 0.0,
        currency: "CNY".into(),
        price_year: 2022,
        source: "made up".into(),
        verified: false,
    }
}

/// A run in which a node floods by some volume.
fn run(flooded: f64, spilled: f64) -> Digest {
    let mut digest = Digest::default();
    digest.nodes.name = vec!["J".into(), "O".into()];
    digest.nodes.kind = vec![NodeType::Junction, NodeType::Outfall];
    digest.nodes.flooded_volume = vec![flooded, 900.0];
    digest.outfalls = vec![OutfallDigest { name: "河边".into(), volume: spilled, ..Default::default() }];
    digest
}

/// Runs of all options with all storms in some horizons, from the volume that floods.
fn runs(scenario: &Scenario, flooded: &dyn Fn(usize, usize, usize) -> f64) -> Vec<(usize, Case, Digest)> {
    let mut all = Vec::new();
    for option in 0..scenario.options.len() {
        for horizon in 0..scenario.horizons.len() {
            for storm in 0..scenario.storms.len() {
                let case = Case { horizon, storm, stage: 0 };
                all.push((option, case, run(flooded(option, horizon, storm), 100.0)));
            }
        }
    }
    all
}

fn told(
    scenario: &Scenario,
    runs: &[(usize, Case, Digest)],
    bills: &[(usize, Bill)],
    damage: Option<&DamageTable>,
) -> Economy {
    let comparison = Comparison {
        options: scenario.options.iter().map(|of| of.name.clone()).collect(),
        horizons: scenario.horizons.iter().map(|of| of.name.clone()).collect(),
        future_of: (0..scenario.horizons.len()).map(|horizon| scenario.future_of(horizon)).collect(),
        planned: scenario.planned_horizons(),
        storms: scenario.storms.iter().map(|of| of.rain.name.clone()).collect(),
        stages: scenario.stages.iter().map(|of| of.name.clone()).collect(),
        overflows: scenario.study.overflows.clone(),
        runs: runs
            .iter()
            .map(|(option, case, digest)| Run { option: *option, case: *case, state: State::Done(digest) })
            .collect(),
        ..Comparison::default()
    };
    let class_of = |_, _, _: &str| String::new();
    economy(&comparison, &Means { scenario, bills, damage, class_of: &class_of }).unwrap()
}

const YEARS: [f64; 6] = [2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
/// Damage of the base and of an option by storm: costs.md, section 2.
const DAMAGE: [[f64; 6]; 2] = [[0.0, 3.2, 9.5, 21.0, 46.0, 80.0], [0.0, 0.0, 1.8, 7.4, 25.0, 55.0]];
const TERMS: &str = "discount_rate = \"6 %\"\nlife = \"50 a\"";

fn near(value: Option<f64>, expected: f64) {
    assert!(value.is_some_and(|value| (value - expected).abs() < 5e-5), "{value:?} is not {expected}");
}

#[test]
fn runs_become_the_appraisal_of_the_oracle() {
    let scenario = scenario(&YEARS, TERMS, "");
    let runs = runs(&scenario, &|option, _, storm| DAMAGE[option.min(1)][storm]);
    let bills = [(0, bill(0.0, 0.0)), (1, bill(28.0, 0.35)), (2, bill(40.0, 0.35))];
    let told = told(&scenario, &runs, &bills, Some(&table()));
    near(told.expected.first().map(Expected::total), 4.3125);
    near(told.expected.get(1).map(Expected::total), 1.7560);
    let [base, a, b] = told.appraisals.as_slice() else { panic!("{:?}", told.appraisals) };
    near(a.avoided, 2.5565);
    near(a.net_present_value, 6.7785);
    near(a.benefit_cost_ratio, 1.2022);
    // an empty option costs nothing and is worth nothing
    assert_eq!((base.cost, base.capital, base.upkeep), (0.0, 0.0, 0.0));
    assert_eq!((base.net_present_value, base.benefit_cost_ratio), (Some(0.0), None));
    assert!(base.on_pareto_front && a.on_pareto_front && !b.on_pareto_front);
    assert_eq!(b.beaten_by, Some(1));
    // 159.7 m3 flood in the base, 89.2 with the option
    near(a.cost_per_flooded_m3, a.cost / 70.5);
    assert_eq!((a.cost_per_spilled_m3, a.cost_per_spill), (None, None), "as much spills");
    assert_eq!(told.goals.len(), 3);
    assert!(told.unverified.len() == 3, "{:?}", told.unverified);
}

#[test]
fn what_is_not_given_is_not_told() {
    // no discount rate
    let scenario = scenario(&YEARS[..2], "", "");
    let runs = runs(&scenario, &|_, _, storm| DAMAGE[0][storm]);
    let bills = [(0, bill(0.0, 0.0)), (1, bill(28.0, 0.35))];
    let without = told(&scenario, &runs, &bills, Some(&table()));
    assert!(without.expected.is_empty(), "two storms are too few");
    let a = &without.appraisals[1];
    assert_eq!((a.cost, a.benefit, a.net_present_value), (28.0, None, None));
    let said = |told: &Economy, words: &str| told.remarks.iter().any(|remark| remark.en.contains(words));
    assert!(said(&without, "needs 3") && said(&without, "no discount rate"), "{:?}", without.remarks);
    // damage by depth needs a surface
    let depth = DamageTable {
        basis: DamageBasis::Depth { threshold: 0.0, uses: Vec::new() },
        verified: true,
        ..table()
    };
    let by_depth = told(&scenario, &runs, &bills, Some(&depth));
    assert!(by_depth.damages.is_empty() && said(&by_depth, "simulated surface"));
    let costs_only = told(&scenario, &runs, &bills, None);
    assert!(costs_only.damages.is_empty() && costs_only.unverified.len() == 1);
}

const STAGED: &str = "[horizons.2026]\n[horizons.2030]\nphases = [\"I\"]\n[horizons.2035]\nphases = [\"I\"]\n\
                      [horizons.wet]\nfuture_of = \"2035\"\nrain_uplift = 1.2\n";

#[test]
fn capital_is_paid_when_its_phase_is_built_and_benefits_run_between_horizons() {
    let scenario = scenario(&[5.0, 10.0, 20.0], TERMS, STAGED);
    // the option avoids 10 by 2030, 20 by 2035 in each storm: 0.2 of it a year
    let saved = |horizon: usize| [0.0, 10.0, 20.0, 30.0][horizon];
    let runs = runs(&scenario, &|option, horizon, _| if option == 1 { 50.0 - saved(horizon) } else { 50.0 });
    let bills = [(0, bill(0.0, 0.0)), (1, bill(28.0, 0.35))];
    let told = told(&scenario, &runs, &bills, Some(&table()));
    let a = &told.appraisals[1];
    assert_eq!(told.first_year, Some(2026));
    near(a.avoided, 0.2 * 20.0);
    let (discount, mut benefit) = (|years: i32| 1.06_f64.powi(-years), 0.0);
    for year in 5..=50 {
        benefit += discount(year) * 0.2 * (10.0 + 2.0 * f64::from(year - 4)).min(20.0);
    }
    near(a.benefit, benefit);
    let upkeep: f64 = (5..=50).map(|year| 0.35 * discount(year)).sum();
    near(Some(a.cost), 28.0 * discount(4) + upkeep - 28.0 * 0.08 * discount(50));
    near(Some(a.residual), 28.0 * 0.08 * discount(50));
    assert!(told.expected.iter().all(|of| of.horizon != 3), "a future is no horizon of its own");
}

#[test]
fn pumps_that_have_failed_cost_nothing_and_are_not_what_is_planned() {
    let outage = "[horizons.dark]\nyear = 2035\nphases = [\"I\"]\npumps_out = [\"*\"]\n";
    let bills = [(0, bill(0.0, 0.0)), (1, bill(28.0, 0.35))];
    // without power all is worse
    let flooded =
        |option: usize, horizon: usize, _| if horizon == 4 { 900.0 } else { 50.0 - 10.0 * option as f64 };
    let told_of = |horizons: &str| {
        let scenario = scenario(&[5.0, 10.0, 20.0], TERMS, horizons);
        assert_eq!((scenario.last_horizon(), scenario.has_outage(4)), (2, horizons.contains("dark")));
        let of = told(&scenario, &runs(&scenario, &flooded), &bills, Some(&table()));
        assert!(of.expected.iter().all(|of| of.horizon < 3));
        (of.appraisals[1].cost, of.appraisals[1].benefit)
    };
    assert_eq!(told_of(&format!("{STAGED}{outage}")), told_of(STAGED));
}

#[test]
fn regret_holds_options_against_the_best_of_each_future() {
    let scenario = scenario(&[5.0, 10.0, 20.0], TERMS, STAGED);
    // A saves 20 in each storm of 2035 and 30 in the wet one, B 10 and 60
    let saved = |option: usize, horizon: usize| match (option, horizon) {
        (1, 2) => 20.0,
        (1, 3) => 30.0,
        (2, 2) => 10.0,
        (2, 3) => 60.0,
        _ => 0.0,
    };
    let runs = runs(&scenario, &|option, horizon, _| 100.0 - saved(option, horizon));
    let bills = [(0, bill(0.0, 0.0)), (1, bill(28.0, 0.35)), (2, bill(28.0, 0.35))];
    let told = told(&scenario, &runs, &bills, Some(&table()));
    let [base, a, b] = told.regrets.as_slice() else { panic!("{:?}", told.regrets) };
    assert_eq!(a.futures, [2, 3]);
    let cost = told.appraisals[1].cost / present::annuity(0.06, 50.0);
    near(Some(a.worth[0]), 0.2 * 20.0 - cost);
    near(Some(a.regrets[1]), 0.2 * 30.0);
    near(Some(b.regrets[0]), 0.2 * 10.0);
    near(Some(base.largest), 0.2 * 60.0 - cost);
    assert_eq!((a.regrets[0], b.regrets[1]), (0.0, 0.0));
    assert_eq!((base.satisfies, a.satisfies), (1.0, 1.0));
    // as much spills in all runs
    assert_eq!(told.spill_regrets.len(), 3);
    assert!(told.spill_regrets.iter().all(|of| of.regrets == [0.0, 0.0]));
}

#[test]
fn a_budget_buys_one_option_unless_packages_go_together() {
    let alone = format!("{TERMS}\nbudgets = [10.0, 30.0, 99.0]");
    let together = format!("{alone}\npackages = [\"A\", \"B\"]");
    for (costs, bought) in [(alone, [vec![], vec![2], vec![1]]), (together, [vec![], vec![2], vec![1, 2]])] {
        let scenario = scenario(&YEARS, &costs, "");
        let part = |option: usize| [1.0, 0.3, 0.8][option];
        let runs = runs(&scenario, &|option, _, storm| part(option) * DAMAGE[0][storm]);
        let bills = [(0, bill(0.0, 0.0)), (1, bill(50.0, 0.0)), (2, bill(20.0, 0.0))];
        let told = told(&scenario, &runs, &bills, Some(&table()));
        let found: Vec<Vec<usize>> = told.bought.iter().map(|of| of.options.clone()).collect();
        assert_eq!(found, bought);
        near(told.bought.get(1).map(|of| of.benefit), 0.2 * 4.3125);
        near(told.bought.get(1).map(|of| of.cost), 20.0);
    }
}

/// A run with a surface on which two houses stand in water and a kiosk of another use does.
fn wet(levels: [f64; 2]) -> Digest {
    use crate::inundation::BuildingWater;
    use crate::study::digest::StreetDigest;
    let building = |usage: &str, level: f64, threshold: Option<f64>| BuildingWater {
        usage: usage.into(),
        area: 100.0,
        ground: Some(10.0),
        level: Some(level),
        threshold,
        ..BuildingWater::default()
    };
    let [first, second] = levels;
    let buildings = vec![
        building("residential", first, Some(10.2)),
        building("住宅", second, None),
        building("kiosk", 11.0, Some(10.2)),
    ];
    Digest {
        street: Some(Box::new(StreetDigest { buildings, ..StreetDigest::default() })),
        ..run(0.0, 100.0)
    }
}

#[test]
fn damage_by_depth_is_that_of_water_over_thresholds_and_only_of_runs_with_a_surface() {
    let scenario = scenario(&YEARS[..3], "", "");
    let share = Curve { at: vec![0.0, 1.0], value: vec![0.0, 0.5] };
    let residential = crate::scenario::damage::UseDamage {
        name: "residential".into(),
        also: vec!["住宅".into()],
        share,
        worth: Some(1000.0),
    };
    let table = DamageTable {
        basis: DamageBasis::Depth { threshold: 0.15, uses: vec![residential] },
        currency: "CNY".into(),
        price_year: 2022,
        ..DamageTable::default()
    };
    // by storm: dry doors; 0.2 m over the known threshold; 0.2 m and 0.25 m over both
    let levels = [[10.2, 10.1], [10.4, 10.1], [10.4, 10.4]];
    let mut runs = runs(&scenario, &|_, _, _| 0.0);
    for (option, case, digest) in &mut runs {
        // the second option was run with a surface under one storm only
        if *option == 0 || (*option == 1 && case.storm == 1) {
            *digest = wet(levels[case.storm]);
        }
    }
    let told = told(&scenario, &runs, &[], Some(&table));
    let damages: Vec<_> =
        told.damages.iter().map(|of| (of.option, of.case.storm, of.damage.round(), of.nodes)).collect();
    assert_eq!(damages, [(0, 0, 0.0, 0), (0, 1, 10_000.0, 1), (0, 2, 22_500.0, 2), (1, 1, 10_000.0, 1)]);
    let options: Vec<usize> = told.expected.iter().map(|of| of.option).collect();
    assert_eq!(options, [0], "an option whose storms are screenings has no expected damage");
    let says =
        |words: &str| told.remarks.iter().any(|remark| remark.en.contains(words) && !remark.zh.is_empty());
    assert!(says("used as kiosk") && says("screening in 1D"), "{:?}", told.remarks);
}
