//! What the runs mean as CSV tables: verdicts, capacity, what got worse, the river. Numbers have all their digits,
//! so that an independent script can hold its own against them.

use std::io;
use std::path::Path;

use crate::assess::capacity::{Capacities, Cause, ClassLength, Definition, PipeCapacity, class_lengths};
use crate::assess::verdict::Outcome;
use crate::assess::{Assessment, Case, Comparison};
use crate::scenario::rule::RuleSet;
use crate::scenario::words::Words;

use super::tables::{RUN, Table, number};

/// Names of the columns that say which option and horizon a row is about.
const PAIR: [&str; 2] = ["option", "horizon"];

/// Writes the tables of an assessment into a folder, which is made where it is missing: `transferred.csv`,
/// `verdicts.csv`, `capacity.csv`, `capacity_lengths.csv`, `river_effect.csv`, `submergence.csv`. Tables of what the
/// study does not have are not written.
///
/// # Errors
/// When a file cannot be written.
pub fn save(assessment: &Assessment, comparison: &Comparison<'_>, folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    transferred(assessment, comparison).save(folder, "transferred.csv")?;
    if assessment.rule_set.is_some() {
        verdicts(assessment, comparison).save(folder, "verdicts.csv")?;
    }
    let breaks = assessment.rule_set.as_ref().map_or(&RuleSet::BREAKS[..], |set| &set.breaks);
    capacity(assessment, comparison, breaks).save(folder, "capacity.csv")?;
    capacity_lengths(assessment, comparison, breaks).save(folder, "capacity_lengths.csv")?;
    if !assessment.rivers.is_empty() {
        river_effect(assessment, comparison).save(folder, "river_effect.csv")?;
    }
    submergence(assessment, comparison).save(folder, "submergence.csv")
}

/// A number with all its digits, for what others check; empty for none.
fn full(value: Option<f64>) -> String {
    value.map_or(
        String::new(),
        |value| if value.is_finite() { format!("{}", value + 0.0) } else { String::new() },
    )
}

fn pair_names(comparison: &Comparison<'_>, option: usize, horizon: usize) -> [String; 2] {
    let horizon = comparison.horizons.get(horizon).cloned().unwrap_or_default();
    [comparison.option(option).to_owned(), horizon]
}

/// English texts, joined.
fn joined(words: &[Words]) -> String {
    words.iter().map(|words| words.en.as_str()).collect::<Vec<_>>().join("; ")
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

/// How a verdict goes, as tables write it.
fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::NotAssessed => "not assessed",
    }
}

/// The rules by option and horizon.
fn verdicts(assessment: &Assessment, comparison: &Comparison<'_>) -> Table {
    let start = ["rule", "clause", "title", "option", "horizon", "verdict", "value", "limit", "unit"];
    let end =
        ["worst element", "zone", "storm", "stage", "close", "remarks", "rests on unverified", "verified"];
    let mut table = Table::new(start.into_iter().chain(end));
    let rules = assessment.rule_set.as_ref().map_or(&[][..], |set| &set.rules);
    for verdict in &assessment.verdicts {
        let Some(rule) = rules.get(verdict.rule) else { continue };
        let [option, horizon] = pair_names(comparison, verdict.option, verdict.horizon);
        let [_, storm, stage] = verdict.governing.map_or([""; 3], |case| comparison.names(case));
        let (element, zone) = verdict.worst.as_ref().map_or(("", ""), |place| (&place.element, &place.zone));
        table.rows.push(vec![
            rule.id.clone(),
            rule.clause.clone(),
            rule.title.en.clone(),
            option,
            horizon,
            outcome(verdict.outcome).to_owned(),
            full(verdict.value),
            full(verdict.limit),
            rule.unit.clone(),
            element.to_owned(),
            zone.to_owned(),
            storm.to_owned(),
            stage.to_owned(),
            yes(verdict.close),
            joined(&verdict.remarks),
            joined(&verdict.unverified),
            yes(rule.verified),
        ]);
    }
    table
}

/// What a class of capacity is called: `<1`, `1-2`, `>=5`.
pub fn class_name(class: usize, breaks: &[f64]) -> String {
    let at = |index: usize| breaks.get(index).copied().map(number);
    match (class.checked_sub(1).and_then(at), at(class)) {
        (None, Some(high)) => format!("<{high}"),
        (Some(low), Some(high)) => format!("{low}-{high}"),
        (Some(low), None) => format!(">={low}"),
        (None, None) => String::new(),
    }
}

/// What limits a pipe, as tables write it.
fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::OwnCapacity => "own capacity",
        Cause::Backwater => "backwater",
    }
}

/// Each pipe of each option and horizon.
fn capacity(assessment: &Assessment, comparison: &Comparison<'_>, breaks: &[f64]) -> Table {
    let pipe = ["pipe", "zone", "road class", "length (m)", "height (m)"];
    let fixed = ["static (a)", "static class (a)"];
    let ladder =
        ["carries (a)", "fails (a)", "dynamic class (a)", "cause", "deciding storm", "deciding stage"];
    let end = ["level over soffit (m)", "close", "cause close", "class may be higher"];
    let mut table = Table::new(PAIR.into_iter().chain(pipe).chain(fixed).chain(ladder).chain(end));
    for capacities in &assessment.capacities {
        for pipe in &capacities.pipes {
            let class = |class: Option<usize>| class.map_or(String::new(), |class| class_name(class, breaks));
            let dynamic = pipe.dynamic.unwrap_or_default();
            let [_, storm, stage] = dynamic.deciding.map_or([""; 3], |case| comparison.names(case));
            let of_run = |cell: String| if pipe.dynamic.is_some() { cell } else { String::new() };
            let mut row = pair_names(comparison, capacities.option, capacities.horizon).to_vec();
            row.extend([pipe.link.clone(), pipe.zone.clone(), pipe.road_class.clone()]);
            row.extend([full(Some(pipe.length)), full(Some(pipe.height))]);
            row.push(pipe.static_period.map_or(String::new(), |period| match pipe.static_years {
                Some(years) if years > 0.0 && years.is_finite() => full(Some(years)),
                _ => period.to_string().replace(" a", ""),
            }));
            row.push(class(pipe.static_class));
            row.extend([full(dynamic.carries), full(dynamic.fails), class(pipe.dynamic_class)]);
            row.push(dynamic.cause.map_or("", cause).to_owned());
            row.extend([storm.to_owned(), stage.to_owned()]);
            row.push(of_run(full(Some(dynamic.margin))));
            row.extend([of_run(yes(dynamic.close)), of_run(yes(dynamic.cause_close))]);
            row.push(of_run(yes(pipe.class_may_be_higher(breaks))));
            table.rows.push(row);
        }
    }
    table
}

/// Length of pipe by class: of all, of each zone and of each class of roads, by both definitions.
fn capacity_lengths(assessment: &Assessment, comparison: &Comparison<'_>, breaks: &[f64]) -> Table {
    let head =
        ["definition", "by", "name", "class (a)", "length (km)", "own capacity (km)", "backwater (km)"];
    let mut table = Table::new(PAIR.into_iter().chain(head).chain(["per cent"]));
    for capacities in &assessment.capacities {
        let names = |of: fn(&PipeCapacity) -> &str| {
            let mut names: Vec<&str> = Vec::new();
            for name in capacities.pipes.iter().map(of) {
                if !name.is_empty() && !names.contains(&name) {
                    names.push(name);
                }
            }
            names
        };
        let zones = names(|pipe| &pipe.zone).into_iter().map(|name| ("zone", name));
        let roads = names(|pipe| &pipe.road_class).into_iter().map(|name| ("road class", name));
        let groups: Vec<(&str, &str)> = std::iter::once(("all", "")).chain(zones).chain(roads).collect();
        for definition in Definition::ALL {
            for (by, name) in &groups {
                let lengths = class_lengths(capacities, definition, breaks.len(), |pipe| match *by {
                    "zone" => pipe.zone == *name,
                    "road class" => pipe.road_class == *name,
                    _ => true,
                });
                push_lengths(&mut table, comparison, capacities, definition, (by, name), &lengths, breaks);
            }
        }
    }
    table
}

fn push_lengths(
    table: &mut Table,
    comparison: &Comparison<'_>,
    capacities: &Capacities,
    definition: Definition,
    (by, name): (&str, &str),
    lengths: &[ClassLength],
    breaks: &[f64],
) {
    let all: f64 = lengths.iter().map(|class| class.total()).sum();
    if all <= 0.0 {
        return;
    }
    for (class, length) in lengths.iter().enumerate() {
        let mut row = pair_names(comparison, capacities.option, capacities.horizon).to_vec();
        row.push(if definition == Definition::Static { "static" } else { "dynamic" }.to_owned());
        row.extend([by.to_owned(), name.to_owned(), class_name(class, breaks)]);
        row.extend([length.total(), length.own, length.backwater].map(|length| number(length / 1000.0)));
        row.push(number((1000.0 * length.total() / all).round() / 10.0));
        table.rows.push(row);
    }
}

/// Flooding that options bring or worsen, the largest increase first.
fn transferred(assessment: &Assessment, comparison: &Comparison<'_>) -> Table {
    let head = ["node", "zone", "flooded in base (m3)", "flooded with option (m3)", "increase (m3)"];
    let mut table = Table::new(RUN.into_iter().chain(head).chain(["new node"]));
    for transfer in &assessment.transfers {
        let mut row = comparison.run_names(transfer.option, transfer.case);
        row.extend([transfer.node.clone(), transfer.zone.clone()]);
        row.extend(
            [transfer.base, transfer.with_option, transfer.increase()].map(|volume| full(Some(volume))),
        );
        row.push(yes(transfer.is_new));
        table.rows.push(row);
    }
    table
}

/// Flooding that river stages cause.
fn river_effect(assessment: &Assessment, comparison: &Comparison<'_>) -> Table {
    let head = ["free stage", "flooded (m3)", "flooded with free outfalls (m3)", "caused by the stage (m3)"];
    let mut table = Table::new(RUN.into_iter().chain(head));
    for river in &assessment.rivers {
        let free = Case { stage: river.free_stage, ..river.case };
        let mut row = comparison.run_names(river.option, river.case);
        row.push(comparison.names(free)[2].to_owned());
        row.extend([river.flooded, river.flooded_free, river.caused()].map(number));
        table.rows.push(row);
    }
    table
}

/// Outfalls under water.
fn submergence(assessment: &Assessment, comparison: &Comparison<'_>) -> Table {
    let head = ["outfall", "time above invert (h)", "time above soffit (h)", "largest depth over invert (m)"];
    let mut table = Table::new(RUN.into_iter().chain(head));
    for outfall in &assessment.submergences {
        let mut row = comparison.run_names(outfall.option, outfall.case);
        row.push(outfall.outfall.clone());
        row.extend([outfall.wet / 3600.0, outfall.drowned / 3600.0, outfall.deepest].map(number));
        table.rows.push(row);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_named_by_their_breaks() {
        let names: Vec<String> = (0..5).map(|class| class_name(class, &[1.0, 2.0, 3.0, 5.0])).collect();
        assert_eq!(names, ["<1", "1-2", "2-3", "3-5", ">=5"]);
        assert_eq!([class_name(0, &[0.5]), class_name(1, &[0.5])], ["<0.5", ">=0.5"]);
    }
}
