//! The comparison as CSV tables: UTF-8, SI, units in the heads; what got worse stands first.

mod money;
mod spill;
mod street;

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

use crate::assess::indicator::{FLOODED, INDICATORS, Indicator, Worse};
use crate::assess::{Comparison, State};
use crate::edit::change::{Action, Change, Kind};
use crate::edit::cost::Bill;
use crate::forcing::design_storm::formula_text::formula_text;
use crate::forcing::design_storm::{Hyetograph, design_rain};
use crate::results::whole_file::write_whole;
use crate::scenario::storm::{Purpose, RainSource};
use crate::scenario::study::StudyStorm;
use crate::study::digest::Digest;

pub use money::save_money;
pub use spill::save_spills;
pub use street::save_street;

/// Names of the columns that say which run a row is about.
pub(super) const RUN: [&str; 4] = ["option", "horizon", "storm", "stage"];

/// One table: rows of text.
pub(super) struct Table {
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with its head.
    pub(super) fn new<T: AsRef<str>>(head: impl IntoIterator<Item = T>) -> Self {
        Self { rows: vec![head.into_iter().map(|name| name.as_ref().to_owned()).collect()] }
    }
    /// Writes it as a file of a folder.
    pub(super) fn save(self, folder: &Path, name: &str) -> io::Result<()> {
        write_whole(&folder.join(name), |out| {
            let mut writer = csv::Writer::from_writer(out);
            for row in &self.rows {
                writer.write_record(row)?;
            }
            writer.flush()
        })
    }
}

/// A number with the six digits that a comparison can stand on.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    format!("{}", rounded + 0.0)
}

/// Difference over the base in per cent; empty where the base has none.
fn percent(base: f64, difference: f64) -> String {
    if base == 0.0 { String::new() } else { number((1000.0 * difference / base.abs()).round() / 10.0) }
}

/// Writes all tables that runs give into a folder, which is made where it is missing: `runs.csv`,
/// `differences.csv`, `nodes.csv`, `outfalls.csv`, `storages.csv`, `spills.csv`.
///
/// # Errors
/// When a file cannot be written.
pub fn save(comparison: &Comparison<'_>, folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    runs(comparison).save(folder, "runs.csv")?;
    differences(comparison).save(folder, "differences.csv")?;
    nodes(comparison).save(folder, "nodes.csv")?;
    outfalls(comparison).save(folder, "outfalls.csv")?;
    storages(comparison).save(folder, "storages.csv")?;
    spills(comparison).save(folder, "spills.csv")
}

/// One row a run, in the order of the study; runs that failed are there with their reason.
fn runs(comparison: &Comparison<'_>) -> Table {
    let names = INDICATORS.iter().map(|indicator| indicator.name);
    let mut table = Table::new(RUN.into_iter().chain(["state"]).chain(names).chain(["reason"]));
    for run in &comparison.runs {
        let mut row = comparison.run_names(run.option, run.case);
        let (state, reason) = match &run.state {
            State::Done(_) => ("done", ""),
            State::Failed(reason) => ("failed", reason.as_str()),
            State::Missing(reason) => ("missing", reason.as_str()),
        };
        row.push(state.to_owned());
        row.extend(INDICATORS.iter().map(|indicator| {
            run.digest().map_or(String::new(), |digest| number(indicator.value(digest, comparison)))
        }));
        row.push(reason.to_owned());
        table.rows.push(row);
    }
    table
}

/// A row that is ranked by how much worse the option is than the base, as a share of the larger of the two.
struct Ranked {
    worsening: f64,
    row: Vec<String>,
}

/// The rows, worst first; equal ones keep their order.
fn worst_first(mut rows: Vec<Ranked>) -> Vec<Vec<String>> {
    rows.sort_by(|a, b| b.worsening.total_cmp(&a.worsening));
    rows.into_iter().map(|ranked| ranked.row).collect()
}

/// Base, option, difference and per cent of an indicator; `None` when neither has it.
fn difference(indicator: &Indicator, base: f64, option: f64) -> Option<(f64, &'static str)> {
    if base == 0.0 && option == 0.0 {
        return None;
    }
    let change = option - base;
    let verdict = match indicator.worse {
        _ if change.abs() < indicator.least => "same",
        Worse::Neither => "changed",
        Worse::More if change > 0.0 => "worse",
        Worse::More => "better",
    };
    let share = change / base.abs().max(option.abs());
    let worsening = match verdict {
        "worse" => 1.0 + share,
        "better" => share - 1.0,
        _ => 0.0,
    };
    Some((worsening, verdict))
}

/// Every option against the base under the same horizon, storm and stage, indicator by indicator; what got
/// worse first, then what changed without being worse or better, then what got better.
fn differences(comparison: &Comparison<'_>) -> Table {
    let head = ["indicator", "base", "with option", "difference", "per cent", "verdict"];
    let mut table = Table::new(RUN.into_iter().chain(head));
    let mut rows = Vec::new();
    for (names, base, option) in pairs(comparison) {
        for indicator in INDICATORS {
            let (before, after) = (indicator.value(base, comparison), indicator.value(option, comparison));
            let Some((worsening, verdict)) = difference(indicator, before, after) else { continue };
            let change = after - before;
            let cells = [number(before), number(after), number(change), percent(before, change)];
            let row = names.iter().cloned().chain([indicator.name.to_owned()]).chain(cells);
            rows.push(Ranked { worsening, row: row.chain([verdict.to_owned()]).collect() });
        }
    }
    table.rows.extend(worst_first(rows));
    table
}

/// The runs of options that have a run of the base beside them: names, base, option.
fn pairs<'a>(comparison: &Comparison<'a>) -> Vec<(Vec<String>, &'a Digest, &'a Digest)> {
    let options = comparison.runs.iter().filter(|run| run.option != 0);
    options
        .filter_map(|run| {
            let base = comparison.digest(0, run.case)?;
            Some((comparison.run_names(run.option, run.case), base, run.digest()?))
        })
        .collect()
}

/// Nodes that flood in the base or with an option, where the option floods most more first: flooding that an
/// option transfers stands on top.
fn nodes(comparison: &Comparison<'_>) -> Table {
    let head = ["node", "flooded in base (m3)", "flooded with option (m3)", "difference (m3)"];
    let hours = ["time flooded in base (h)", "time flooded with option (h)", "verdict"];
    let mut table = Table::new(RUN.into_iter().chain(head).chain(hours));
    let mut rows = Vec::new();
    for (names, base, option) in pairs(comparison) {
        let (flooded_before, flooded_after) = (flooding(base), flooding(option));
        for name in names_of(&base.nodes.name, &option.nodes.name) {
            let (before, after) = (flooded_before.get(name).copied(), flooded_after.get(name).copied());
            let volume = |at: Option<(f64, f64)>| at.map_or(0.0, |at| at.0);
            let change = volume(after) - volume(before);
            if volume(before) < FLOODED && volume(after) < FLOODED {
                continue;
            }
            let cell = |at: Option<f64>| at.map_or(String::new(), number);
            let verdict = flooding_verdict(before.map(|at| at.0), after.map(|at| at.0));
            let row = [
                name.to_owned(),
                cell(before.map(|at| at.0)),
                cell(after.map(|at| at.0)),
                number(change),
                cell(before.map(|at| at.1 / 3600.0)),
                cell(after.map(|at| at.1 / 3600.0)),
                verdict.to_owned(),
            ];
            let row = names.iter().cloned().chain(row).collect();
            rows.push(Ranked { worsening: change, row });
        }
    }
    table.rows.extend(worst_first(rows));
    table
}

/// What became of the flooding of a node, by its volume before and after, m³; `None` where there is no such node.
pub(super) fn flooding_verdict(before: Option<f64>, after: Option<f64>) -> &'static str {
    let change = after.unwrap_or(0.0) - before.unwrap_or(0.0);
    match (before, after) {
        _ if change.abs() < FLOODED => "same",
        (None, _) => "new node floods",
        (Some(volume), _) if volume < FLOODED => "floods now",
        _ if change > 0.0 => "worse",
        (_, Some(volume)) if volume >= FLOODED => "better",
        _ => "floods no more",
    }
}

/// Flooded volume, m³, and time, s, of each node.
fn flooding(digest: &Digest) -> HashMap<&str, (f64, f64)> {
    let nodes = &digest.nodes;
    let values = nodes.flooded_volume.iter().copied().zip(nodes.flooded_time.iter().copied());
    nodes.name.iter().map(String::as_str).zip(values).collect()
}

/// The names of the base, then those that only the option has.
fn names_of<'a>(base: &'a [String], option: &'a [String]) -> Vec<&'a str> {
    let known: HashSet<&str> = base.iter().map(String::as_str).collect();
    let new = option.iter().map(String::as_str).filter(|name| !known.contains(name));
    base.iter().map(String::as_str).chain(new).collect()
}

/// Volume and peak at each outfall, where more leaves than in the base first.
fn outfalls(comparison: &Comparison<'_>) -> Table {
    let volumes = ["outfall", "kind", "volume in base (m3)", "volume (m3)", "difference (m3)"];
    let peaks = ["peak in base (m3/s)", "peak (m3/s)", "difference (m3/s)", "entered from outside (m3)"];
    let mut table = Table::new(RUN.into_iter().chain(volumes).chain(peaks));
    let mut rows = Vec::new();
    for run in &comparison.runs {
        let Some(digest) = run.digest() else { continue };
        let base = comparison.digest(0, run.case);
        let names = comparison.run_names(run.option, run.case);
        for outfall in &digest.outfalls {
            let among = |list: &[String]| list.iter().any(|name| name.eq_ignore_ascii_case(&outfall.name));
            let kind = match () {
                () if among(&comparison.overflows) => "overflow",
                () if among(&comparison.treatment_works) => "treatment works",
                () => "outfall",
            };
            let before = base.and_then(|base| base.outfalls.iter().find(|b| b.name == outfall.name));
            let cell = |value: Option<f64>| value.map_or(String::new(), number);
            let row = [
                outfall.name.clone(),
                kind.to_owned(),
                cell(before.map(|b| b.volume)),
                number(outfall.volume),
                cell(before.map(|b| outfall.volume - b.volume)),
                cell(before.map(|b| b.peak)),
                number(outfall.peak),
                cell(before.map(|b| outfall.peak - b.peak)),
                number(outfall.volume_in),
            ];
            let worsening = outfall.volume - before.map_or(0.0, |b| b.volume);
            rows.push(Ranked { worsening, row: names.iter().cloned().chain(row).collect() });
        }
    }
    table.rows.extend(worst_first(rows));
    table
}

/// How far storage units were filled, in the order of the study.
fn storages(comparison: &Comparison<'_>) -> Table {
    let head = ["storage unit", "full volume (m3)", "most stored (m3)", "used (%)"];
    let mut table = Table::new(RUN.into_iter().chain(head));
    for run in &comparison.runs {
        for storage in run.digest().iter().flat_map(|digest| &digest.storages) {
            let used = if storage.full_volume > 0.0 {
                number((1000.0 * storage.max_volume / storage.full_volume).round() / 10.0)
            } else {
                String::new()
            };
            let row = [storage.name.clone(), number(storage.full_volume), number(storage.max_volume), used];
            table.rows.push(comparison.run_names(run.option, run.case).into_iter().chain(row).collect());
        }
    }
    table
}

/// Every spill of every overflow, in the order of the study and of time.
fn spills(comparison: &Comparison<'_>) -> Table {
    let head = ["overflow", "start (h)", "duration (h)", "volume (m3)", "peak (m3/s)"];
    let mut table = Table::new(RUN.into_iter().chain(head));
    for run in &comparison.runs {
        for overflow in run.digest().iter().flat_map(|digest| &digest.overflows) {
            for spill in &overflow.spills {
                let row = [
                    overflow.name.clone(),
                    number(spill.start / 3600.0),
                    number(spill.duration / 3600.0),
                    number(spill.volume),
                    number(spill.peak),
                ];
                table.rows.push(comparison.run_names(run.option, run.case).into_iter().chain(row).collect());
            }
        }
    }
    table
}

/// What one option does to the network, for [`save_changes`].
#[derive(Clone, Copy, Debug)]
pub struct OptionChanges<'a> {
    /// The option.
    pub option: &'a str,
    /// Its measures by name, in their order.
    pub measures: &'a [String],
    /// What they change.
    pub changes: &'a [Change],
}

/// Writes `changes.csv`: each element and field that an option changes, with the measure and its phase.
///
/// # Errors
/// When the file cannot be written.
pub fn save_changes(options: &[OptionChanges<'_>], folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let head = ["option", "phase", "measure", "kind", "element", "action", "field", "before", "after"];
    let mut table = Table::new(head);
    for option in options {
        for change in option.changes {
            let kind = match change.kind {
                Kind::Subcatchment => "subcatchment",
                Kind::Node => "node",
                Kind::Link => "link",
                Kind::Other => "other",
            };
            let action = match change.action {
                Action::Added => "added",
                Action::Altered => "altered",
                Action::Removed => "removed",
            };
            let measure = option.measures.get(change.measure).map_or("", String::as_str);
            let start = [option.option, &change.phase, measure, kind, &change.element, action];
            let start = start.map(str::to_owned);
            if change.fields.is_empty() {
                let blank = [const { String::new() }; 3];
                table.rows.push(start.iter().cloned().chain(blank).collect());
            }
            for field in &change.fields {
                let end = [&field.field, &field.before, &field.after].map(Clone::clone);
                table.rows.push(start.iter().cloned().chain(end).collect());
            }
        }
    }
    table.save(folder, "changes.csv")
}

/// What one option costs, for [`save_costs`].
#[derive(Clone, Copy, Debug)]
pub struct OptionCosts<'a> {
    /// The option.
    pub option: &'a str,
    /// Its measures by name, in their order.
    pub measures: &'a [String],
    /// What they cost.
    pub bill: &'a Bill,
}

/// Writes `costs.csv`, line by line, and `budget.csv`, by option and phase with the contingency. Both say in
/// every row which year's prices they hold and whether the rates were verified.
///
/// # Errors
/// When a file cannot be written.
pub fn save_costs(options: &[OptionCosts<'_>], folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let head = ["option", "phase", "measure", "item", "element", "quantity", "unit", "capital"];
    let end = ["upkeep a year", "currency", "price year", "rates verified"];
    let mut lines = Table::new(head.into_iter().chain(end));
    let start = ["option", "phase", "capital with contingency", "contingency (%)"];
    let mut budget = Table::new(start.into_iter().chain(end).chain(["source of the rates"]));
    for OptionCosts { option, measures, bill } in options {
        let terms = [
            bill.currency.clone(),
            bill.price_year.to_string(),
            if bill.verified { "yes" } else { "no" }.to_owned(),
        ];
        for line in &bill.lines {
            let measure = measures.get(line.measure).map_or("", String::as_str);
            let what = [option, line.phase.as_str(), measure, line.item.word(), &line.element];
            let numbers = [number(line.quantity), line.item.unit().to_owned(), number(line.capital)];
            let row = what.map(str::to_owned).into_iter().chain(numbers).chain([number(line.upkeep)]);
            lines.rows.push(row.chain(terms.clone()).collect());
        }
        let phases = bill.by_phase().into_iter().chain([("all", bill.total())]);
        for (phase, sum) in phases {
            let row = [
                (*option).to_owned(),
                phase.to_owned(),
                number(sum.capital),
                number(100.0 * bill.contingency),
                number(sum.upkeep),
            ];
            budget.rows.push(row.into_iter().chain(terms.clone()).chain([bill.source.clone()]).collect());
        }
    }
    lines.save(folder, "costs.csv")?;
    budget.save(folder, "budget.csv")
}

/// Writes `storms.csv`: each storm with its formula, where that comes from, whether it was verified, what the
/// storm serves, its depth and peak before the uplift of horizons.
///
/// # Errors
/// When the file cannot be written.
pub fn save_storms(storms: &[StudyStorm], folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let head =
        ["storm", "title", "serves", "return period (a)", "depth (mm)", "peak (mm/h)", "duration (min)"];
    let end = ["areal reduction", "uplift", "formula", "place", "source", "verified"];
    let mut table = Table::new(head.into_iter().chain(end));
    for storm in storms {
        let storm = &storm.rain;
        let serves = storm.serves.iter().map(|purpose| match purpose {
            Purpose::SewerCapacity => "sewer capacity",
            Purpose::Waterlogging => "waterlogging",
            Purpose::Overflow => "overflow",
            Purpose::Damage => "damage",
        });
        let rain = design_rain(storm).ok();
        let of = |value: Option<f64>| value.map_or(String::new(), number);
        let hyetograph = rain.as_ref().map(|rain| &rain.hyetograph);
        let (formula, place, source, verified) = match &storm.source {
            RainSource::Formula { formula, return_period_years } => (
                formula_text(formula, Some(*return_period_years)),
                formula.place(),
                formula.source.clone(),
                if formula.verified { "yes" } else { "no" },
            ),
            RainSource::DepthDuration { source, .. } => {
                ("depths by duration".to_owned(), String::new(), source.clone(), "given by the user")
            }
            RainSource::Depth { .. } => {
                ("one depth".to_owned(), String::new(), String::new(), "given by the user")
            }
            RainSource::Series(rain) => {
                ("a record".to_owned(), String::new(), rain.source.clone(), "given by the user")
            }
        };
        table.rows.push(vec![
            storm.name.clone(),
            storm.title.clone(),
            serves.collect::<Vec<_>>().join(", "),
            of(rain.as_ref().and_then(|rain| rain.return_period_years)),
            of(hyetograph.map(Hyetograph::total_mm)),
            of(hyetograph.map(|rain| rain.peak().1)),
            of(hyetograph.map(|rain| rain.duration_s() / 60.0)),
            number(storm.areal_reduction),
            number(storm.uplift.factor),
            formula,
            place,
            source,
            verified.to_owned(),
        ]);
    }
    table.save(folder, "storms.csv")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::{Case, Run};
    use crate::study::digest::{NodeType, OutfallDigest};

    const CASE: Case = Case { horizon: 0, storm: 0, stage: 0 };

    fn digest(flooded: &[(&str, f64)], outfall: f64) -> Digest {
        let mut digest = Digest::default();
        for (name, volume) in flooded {
            digest.nodes.name.push((*name).to_owned());
            digest.nodes.kind.push(NodeType::Junction);
            digest.nodes.flooded_volume.push(*volume);
            digest.nodes.flooded_time.push(if *volume > 0.0 { 1800.0 } else { 0.0 });
        }
        digest.outfalls =
            vec![OutfallDigest { name: "O".into(), volume: outfall, peak: 2.0, ..Default::default() }];
        digest
    }

    fn comparison<'a>(base: &'a Digest, option: &'a Digest) -> Comparison<'a> {
        let run = |option, state| Run { option, case: CASE, state };
        Comparison {
            options: ["base", "A", "B"].map(str::to_owned).to_vec(),
            horizons: vec!["2030".into()],
            storms: vec!["P20".into()],
            stages: vec!["as modelled".into()],
            runs: vec![
                run(0, State::Done(base)),
                run(1, State::Done(option)),
                run(2, State::Failed("the solution is no number".into())),
            ],
            ..Comparison::default()
        }
    }

    /// The cells of a column of a table.
    fn column(table: &Table, name: &str) -> Vec<String> {
        let at = table.rows[0].iter().position(|head| head == name).unwrap();
        table.rows[1..].iter().map(|row| row[at].clone()).collect()
    }

    #[test]
    fn flooding_that_an_option_transfers_stands_first() {
        let base = digest(&[("J1", 100.0), ("J2", 0.0), ("J3", 0.2)], 900.0);
        let option = digest(&[("J1", 0.0), ("J2", 30.0), ("J3", 0.1), ("J4", 0.0)], 970.0);
        let table = nodes(&comparison(&base, &option));
        assert_eq!(column(&table, "node"), ["J2", "J1"], "what never reaches a cubic metre is left out");
        assert_eq!(column(&table, "verdict"), ["floods now", "floods no more"]);
        assert_eq!(column(&table, "difference (m3)"), ["30", "-100"]);
    }

    #[test]
    fn differences_begin_with_what_got_worse() {
        let base = digest(&[("J1", 100.0), ("J2", 0.0)], 900.0);
        let option = digest(&[("J1", 90.0), ("J2", 40.0)], 870.0);
        let table = differences(&comparison(&base, &option));
        let verdicts = column(&table, "verdict");
        assert_eq!(column(&table, "indicator")[0], "flooded nodes (1 m3 or more)");
        assert_eq!(verdicts[..2], ["worse", "worse"]);
        assert!(verdicts.iter().skip_while(|verdict| *verdict == "worse").all(|verdict| verdict != "worse"));
        assert_eq!(column(&table, "per cent")[1], "30");
    }

    #[test]
    fn a_run_that_failed_is_a_row_with_its_reason() {
        let base = digest(&[("J1", 100.0)], 900.0);
        let table = runs(&comparison(&base, &base));
        assert_eq!(column(&table, "state"), ["done", "done", "failed"]);
        assert_eq!(column(&table, "reason")[2], "the solution is no number");
        assert_eq!(column(&table, "flooded volume (m3)"), ["100", "100", ""]);
    }

    #[test]
    fn where_more_leaves_than_in_the_base_stands_first() {
        let (base, option) = (digest(&[], 900.0), digest(&[], 1000.0));
        let table = outfalls(&comparison(&base, &option));
        assert_eq!(column(&table, "option"), ["A", "base"]);
        assert_eq!(column(&table, "difference (m3)"), ["100", "0"]);
    }

    #[test]
    fn numbers_have_six_digits_and_no_negative_zero() {
        assert_eq!([1234.5678, -0.0, f64::NAN, 1e-9].map(number), ["1234.57", "0", "", "0.000000001"]);
        assert_eq!((percent(200.0, 50.0), percent(0.0, 50.0)), ("25".to_owned(), String::new()));
    }
}
