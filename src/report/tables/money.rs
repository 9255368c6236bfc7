//! Damage, appraisal, regret and what budgets buy as CSV tables. Each row says what nobody has verified.

use std::io;
use std::path::Path;

use super::{RUN, Table, number};
use crate::assess::Comparison;
use crate::assess::economy::Economy;

/// Writes `damage.csv`, `expected_damage.csv`, `appraisal.csv`, `regret.csv` and `budget_choice.csv`, those that
/// have rows.
///
/// # Errors
/// When a file cannot be written.
pub fn save_money(comparison: &Comparison<'_>, economy: &Economy, folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let tables = [
        ("damage.csv", damage(comparison, economy)),
        ("expected_damage.csv", expected(comparison, economy)),
        ("appraisal.csv", appraisal(comparison, economy)),
        ("regret.csv", regret(comparison, economy)),
        ("budget_choice.csv", bought(comparison, economy)),
    ];
    for (name, table) in tables {
        if table.rows.len() > 1 {
            table.save(folder, name)?;
        }
    }
    Ok(())
}

/// Heads of the columns of [`terms`].
const TERMS: [&str; 3] = ["currency", "price year", "not verified"];

/// What money means: its currency, its year, and what nobody has verified of it.
fn terms(economy: &Economy) -> [String; 3] {
    let unverified: Vec<&str> = economy.unverified.iter().map(|words| words.en.as_str()).collect();
    let unverified = if unverified.is_empty() { "none".to_owned() } else { unverified.join("; ") };
    [economy.currency.clone(), economy.price_year.to_string(), unverified]
}

fn cell(value: Option<f64>) -> String {
    value.map_or(String::new(), number)
}

fn horizon(comparison: &Comparison<'_>, horizon: usize) -> String {
    comparison.horizons.get(horizon).cloned().unwrap_or_default()
}

/// Damage of each run.
fn damage(comparison: &Comparison<'_>, economy: &Economy) -> Table {
    let places = if economy.by_depth { "buildings with damage" } else { "nodes with damage" };
    let head = ["return period (a)", "damage", places, "counts for expected damage"];
    let mut table = Table::new(RUN.into_iter().chain(head).chain(TERMS));
    for run in &economy.damages {
        let row = [
            cell(run.years),
            number(run.damage),
            run.nodes.to_string(),
            if run.counts { "yes" } else { "no" }.to_owned(),
        ];
        let names = comparison.run_names(run.option, run.case).into_iter();
        table.rows.push(names.chain(row).chain(terms(economy)).collect());
    }
    table
}

/// Expected annual damage by option and horizon, with the rule and what other rules give.
fn expected(comparison: &Comparison<'_>, economy: &Economy) -> Table {
    let others: Vec<String> = economy.expected.first().map_or_else(Vec::new, |first| {
        first.other_rules.iter().map(|(name, _)| format!("a year, if {}", name.en)).collect()
    });
    let head =
        ["option", "horizon", "expected damage a year", "of it between storms", "of it beyond the rarest"];
    let head = head.into_iter().map(str::to_owned).chain(others);
    let end = ["rule", "stands on"].into_iter().chain(TERMS).map(str::to_owned);
    let mut table = Table::new(head.chain(end));
    for of in &economy.expected {
        let start = [comparison.option(of.option).to_owned(), horizon(comparison, of.horizon)];
        let numbers = [of.total(), of.between, of.tail];
        let numbers = numbers.into_iter().chain(of.other_rules.iter().map(|(_, value)| *value)).map(number);
        let end = [economy.tail_rule.en.clone(), economy.damage_basis.en.clone()];
        table.rows.push(start.into_iter().chain(numbers).chain(end).chain(terms(economy)).collect());
    }
    table
}

/// Cost and worth of each option.
fn appraisal(comparison: &Comparison<'_>, economy: &Economy) -> Table {
    let head = [
        "option",
        "capital with contingency",
        "upkeep a year",
        "present value of cost",
        "of it residual value taken off",
        "damage avoided a year",
        "present value of benefit",
        "net present value",
        "benefit over cost",
        "on Pareto front",
        "beaten by",
        "cost per m3 flooded less",
        "cost per m3 spilled less",
        "cost per spill less a year",
        "discount rate (%)",
        "life (a)",
        "values of year",
    ];
    let goals = economy.goals.iter().map(|goal| format!("{} ({})", goal.name.en, goal.unit));
    let heads = head.into_iter().map(str::to_owned).chain(goals);
    let mut table = Table::new(heads.chain(["remarks"].into_iter().chain(TERMS).map(str::to_owned)));
    let is_discounted = !economy.appraisal_basis.en.is_empty();
    let remarks = economy.remarks.iter().map(|words| words.en.as_str()).collect::<Vec<_>>().join("; ");
    for of in &economy.appraisals {
        let when_discounted = |value: f64| cell(Some(value).filter(|_| is_discounted));
        let front = match (of.on_pareto_front, of.beaten_by) {
            (true, _) => "yes",
            (false, Some(_)) => "no",
            (false, None) => "not assessed",
        };
        let row = [
            comparison.option(of.option).to_owned(),
            number(of.capital),
            number(of.upkeep),
            when_discounted(of.cost),
            when_discounted(of.residual),
            cell(of.avoided),
            cell(of.benefit),
            cell(of.net_present_value),
            cell(of.benefit_cost_ratio),
            front.to_owned(),
            of.beaten_by.map_or("", |winner| comparison.option(winner)).to_owned(),
            cell(of.cost_per_flooded_m3),
            cell(of.cost_per_spilled_m3),
            cell(of.cost_per_spill),
            cell(economy.discount_rate.map(|rate| 100.0 * rate)),
            cell(economy.life),
            economy.first_year.filter(|_| is_discounted).map_or(String::new(), |year| year.to_string()),
        ];
        let goals = economy.goals.iter().map(|goal| cell(goal.values.get(of.option).copied().flatten()));
        let end = [remarks.clone()].into_iter().chain(terms(economy));
        table.rows.push(row.into_iter().chain(goals).chain(end).collect());
    }
    table
}

/// Regret of each option in each future.
fn regret(comparison: &Comparison<'_>, economy: &Economy) -> Table {
    let head = ["option", "future", "counted in", "worth against base", "regret"];
    let end = ["largest regret of the option", "share of futures with a worth of 0 or more (%)"];
    let mut table = Table::new(head.into_iter().chain(end).chain(TERMS));
    let money = format!("{} a year: damage avoided less cost", economy.currency);
    let of_money = economy.regrets.iter().map(|of| (of, money.as_str()));
    let of_spills = economy.spill_regrets.iter().map(|of| (of, "m3 that spill less"));
    for (of, unit) in of_money.chain(of_spills) {
        for ((future, regret), worth) in of.futures.iter().zip(&of.regrets).zip(&of.worth) {
            let row = [
                comparison.option(of.option).to_owned(),
                horizon(comparison, *future),
                unit.to_owned(),
                number(*worth),
                number(*regret),
                number(of.largest),
                number(100.0 * of.satisfies),
            ];
            table.rows.push(row.into_iter().chain(terms(economy)).collect());
        }
    }
    table
}

/// What each budget buys.
fn bought(comparison: &Comparison<'_>, economy: &Economy) -> Table {
    let head = ["budget", "options", "capital with contingency", "damage avoided a year"];
    let head = head.into_iter().chain(["present value of damage avoided"]);
    let mut table = Table::new(head.chain(TERMS));
    for of in &economy.bought {
        let names: Vec<&str> = of.options.iter().map(|option| comparison.option(*option)).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(" + ") };
        let row = [number(of.budget), names, number(of.cost), number(of.benefit), cell(of.present_benefit)];
        table.rows.push(row.into_iter().chain(terms(economy)).collect());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::economy::{Appraisal, Bought, Goal, Regret};
    use crate::scenario::words::Words;

    fn comparison() -> Comparison<'static> {
        Comparison {
            options: ["base", "A", "B"].map(str::to_owned).to_vec(),
            horizons: ["2035", "wet"].map(str::to_owned).to_vec(),
            ..Comparison::default()
        }
    }

    fn appraisal(option: usize, beaten_by: Option<usize>) -> Appraisal {
        Appraisal {
            option,
            cost: 20.0,
            capital: 28.0,
            upkeep: 0.35,
            residual: 1.0,
            avoided: Some(2.5),
            benefit: Some(30.0),
            net_present_value: Some(10.0),
            benefit_cost_ratio: Some(1.5),
            on_pareto_front: beaten_by.is_none(),
            beaten_by,
            cost_per_flooded_m3: None,
            cost_per_spilled_m3: None,
            cost_per_spill: None,
        }
    }

    fn column(table: &Table, name: &str) -> Vec<String> {
        let at = table.rows[0].iter().position(|head| head == name).unwrap_or_else(|| panic!("no {name}"));
        table.rows[1..].iter().map(|row| row[at].clone()).collect()
    }

    #[test]
    fn no_ratio_stands_without_what_it_rests_on() {
        let economy = Economy {
            currency: "CNY".into(),
            price_year: 2022,
            discount_rate: Some(0.06),
            life: Some(50.0),
            first_year: Some(2026),
            appraisal_basis: Words::new("basis", "依据"),
            goals: vec![Goal {
                name: Words::new("flooded volume", "溢流水量"),
                unit: "m3".into(),
                values: vec![Some(9.0), None, Some(4.0)],
            }],
            appraisals: vec![appraisal(1, None), appraisal(2, Some(1))],
            bought: vec![Bought {
                budget: 30.0,
                options: vec![1, 2],
                cost: 28.0,
                benefit: 2.5,
                present_benefit: None,
            }],
            regrets: vec![Regret {
                option: 1,
                futures: vec![0, 1],
                regrets: vec![0.0, 3.0],
                largest: 3.0,
                worth: vec![1.0, -2.0],
                satisfies: 0.5,
            }],
            unverified: vec![Words::new("rates", "单价"), Words::new("damage", "损失")],
            ..Economy::default()
        };
        let comparison = comparison();
        let table = super::appraisal(&comparison, &economy);
        assert_eq!(column(&table, "benefit over cost"), ["1.5", "1.5"]);
        assert_eq!(column(&table, "beaten by"), ["", "A"]);
        assert_eq!(column(&table, "flooded volume (m3)"), ["", "4"]);
        let table_of_regret = regret(&comparison, &economy);
        assert_eq!(column(&table_of_regret, "future"), ["2035", "wet"]);
        assert_eq!(column(&table_of_regret, "regret"), ["0", "3"]);
        let table_of_budget = bought(&comparison, &economy);
        assert_eq!(column(&table_of_budget, "options"), ["A + B"]);
        for table in [&table, &table_of_regret, &table_of_budget] {
            assert!(column(table, "not verified").iter().all(|cell| cell == "rates; damage"));
            assert!(column(table, "currency").iter().all(|cell| cell == "CNY"));
        }
    }
}
