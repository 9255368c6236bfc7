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
    let head = ["return period (a)", "damage", "nodes with damage", "counts for expected damage"];
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
