//! `pailao report --policy`: how far scenarios come with the measures of a policy.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::assess::coverage::coverage;
use crate::assess::places::Places;
use crate::assess::scorecard::{Evidence, lines};
use crate::cli::Lang;
use crate::cli::arguments::ReportArguments;
use crate::cli::console::{fail, report, say};
use crate::cli::exit::Exit;
use crate::cli::interrupt::Interrupt;
use crate::cli::language::grouped;
use crate::input::policy;
use crate::report::scorecard::{NamedLine, Scored, save};
use crate::scenario::policy::{Policy, Row, Status};
use crate::scenario::words::Words;
use crate::study::{Keep, Order, RunRow, Shard, Store, Study};

use super::bar::Bar;
use super::{RUNS, assessment, distinct, exit_of, open, outputs, read, tell_of, text};

/// Makes the scorecard.
pub(super) fn scorecard(arguments: &ReportArguments) -> Exit {
    let lang = arguments.language.lang;
    let policy = match document(arguments) {
        Ok(policy) => policy,
        Err(exit) => return exit,
    };
    let scenarios = if arguments.scenarios.is_empty() { named(&policy) } else { arguments.scenarios.clone() };
    let interrupt = Interrupt::listen();
    let (mut scored, mut worst) = (Vec::new(), Exit::Done);
    for scenario in &scenarios {
        match score(scenario, &policy, arguments, &interrupt) {
            Ok((found, exit)) => {
                scored.extend(found);
                worst = if worst == Exit::Done { exit } else { worst };
            }
            Err(exit) => return exit,
        }
    }
    scored.sort_by_key(|scored| scored.row);
    if !arguments.quiet {
        say(table(&policy, &scored, lang));
    }
    if let Err(error) = save(&policy, &scored, &arguments.out) {
        fail(lang.of(
            format!("{} cannot be written: {error}", arguments.out.display()),
            format!("无法写入 {}：{error}", arguments.out.display()),
        ));
        return Exit::File;
    }
    let silent = silent(&policy, &scored);
    for (row, indicator) in &silent {
        let name = lang.of(&indicator.en, &indicator.zh);
        fail(lang.of(
            format!("measure {row} is called working, and `{name}` has no value"),
            format!("第 {row} 项标为已实现，但“{name}”没有数值"),
        ));
    }
    if worst == Exit::Done && !silent.is_empty() { Exit::Failed } else { worst }
}

/// The policy that the arguments name.
fn document(arguments: &ReportArguments) -> Result<Policy, Exit> {
    let lang = arguments.language.lang;
    let read = match arguments.policy.as_deref() {
        None | Some("") => policy::embedded(),
        Some(file) => policy::read(Path::new(file)).map_err(|error| {
            fail(lang.of(format!("{file} cannot be read: {error}"), format!("无法读取 {file}：{error}")));
            Exit::File
        })?,
    };
    read.map_err(|problems| {
        report(&problems, lang);
        Exit::Input
    })
}

/// The scenarios of a policy, each once.
fn named(policy: &Policy) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = Vec::new();
    for row in policy.rows.iter().filter(|row| row.status == Status::Working) {
        let path = PathBuf::from(&row.scenario);
        if !all.contains(&path) {
            all.push(path);
        }
    }
    all
}

/// Runs a scenario, or finds its runs, and scores the measures that it shows.
fn score(
    path: &Path,
    policy: &Policy,
    arguments: &ReportArguments,
    interrupt: &Interrupt,
) -> Result<(Vec<Scored>, Exit), Exit> {
    let lang = arguments.language.lang;
    let folder = arguments.out.join(path.file_stem().unwrap_or(OsStr::new("study")));
    let scenario = read(path, lang, arguments.quiet)?;
    let unwritten = |error: &dyn std::fmt::Display| {
        fail(lang.of(
            format!("{} cannot be written: {error}", folder.display()),
            format!("无法写入 {}：{error}", folder.display()),
        ));
        Exit::File
    };
    let store = Store::open(folder.join(RUNS)).map_err(|error| unwritten(&error))?;
    let keep = Keep::new(None, None).map_err(|error| unwritten(&error))?;
    let study = open(scenario, Some(&store), interrupt.flag(), lang)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = arguments.threads.map_or(cores, |threads| threads as usize);
    let order = Order { store: &store, threads, shard: Shard::default(), keep: &keep };
    let mut bar = Bar::new(lang, !arguments.quiet);
    let rows = study.run(&order, &mut |progress| bar.advance(progress), interrupt.flag());
    bar.finish();
    let rows = rows.map_err(|error| {
        fail(lang.of(
            format!("{threads} threads cannot be started: {error}"),
            format!("无法启动 {threads} 个线程：{error}"),
        ));
        Exit::Failed
    })?;
    tell_of(&study, &rows, true, lang);
    if interrupt.asked() {
        fail(lang.of(
            "interrupted; finished runs are kept, the same command goes on from here",
            "已中断；已完成的工况已保存，再次执行同一命令即可继续",
        ));
        return Err(Exit::Interrupted);
    }
    let scored = assessed(&study, &rows, path, policy).map_err(|problems| {
        report(&distinct(problems), lang);
        Exit::Input
    })?;
    Ok((scored, exit_of(&rows)))
}

/// The measures that a study shows.
fn assessed(
    study: &Study,
    rows: &[RunRow],
    path: &Path,
    policy: &Policy,
) -> Result<Vec<Scored>, Vec<crate::diagnostic::Diagnostic>> {
    let scenario = study.scenario();
    let comparison = outputs::comparison(study, rows);
    let bills = outputs::bills(study)?;
    let assessment = assessment::assess(study, &comparison, &bills)?;
    let places = Places::of(study);
    let (mut covered, mut mapped) = (HashMap::new(), HashMap::new());
    for option in 0..scenario.options.len() {
        for horizon in 0..scenario.horizons.len() {
            let Ok(built) = study.built(option, horizon) else { continue };
            let model = &built.network.model;
            let found = coverage(model, &scenario.study.treatment_works, &scenario.study.overflows);
            covered.insert((option, horizon), found);
            let placed = model.map.nodes.iter().flatten().count();
            mapped.insert((option, horizon), placed as f64 / model.nodes.len().max(1) as f64);
        }
    }
    let zones: Vec<String> = study.site().zones.iter().map(|zone| zone.name.clone()).collect();
    let zone_of = |option, horizon, node: &str| places.zone(option, horizon, node).to_owned();
    let evidence = Evidence {
        scenario,
        comparison: &comparison,
        assessment: &assessment,
        bills: &bills,
        coverage: &covered,
        mapped: &mapped,
        zones: &zones,
        zone_of: &zone_of,
        formula_verified: study.site().formula.as_ref().map(|formula| formula.verified),
    };
    let shows =
        |row: &Row| row.status == Status::Working && Path::new(&row.scenario).file_name() == path.file_name();
    let of_row = |(index, row): (usize, &Row)| Scored {
        row: index,
        lines: lines(row, &evidence)
            .into_iter()
            .map(|line| {
                let horizon = scenario.horizons.get(line.horizon);
                let case = line.case.map(|case| comparison.names(case));
                NamedLine {
                    option: comparison.option(line.option).to_owned(),
                    horizon: horizon.map_or_else(String::new, |horizon| horizon.name.clone()),
                    phases: horizon.map_or_else(Vec::new, |horizon| horizon.table.phases.clone()),
                    case: case
                        .map_or_else(Default::default, |[_, storm, stage]| [storm.into(), stage.into()]),
                    line,
                }
            })
            .collect(),
    };
    Ok(policy.rows.iter().enumerate().filter(|(_, row)| shows(row)).map(of_row).collect())
}

/// Working measures that were scored, with the indicators that have no value anywhere: number and name.
fn silent(policy: &Policy, scored: &[Scored]) -> Vec<(u32, Words)> {
    let mut all = Vec::new();
    for scored in scored {
        let Some(row) = policy.rows.get(scored.row) else { continue };
        for (index, indicator) in row.indicators.iter().enumerate() {
            let mut of = scored.lines.iter().filter(|named| named.line.indicator == index);
            if !of.any(|named| named.line.value.is_some()) {
                all.push((row.number, indicator.metric.words()));
            }
        }
    }
    all
}

/// The scorecard as text: the whole of each place; zones are in the table of the file.
fn table(policy: &Policy, scored: &[Scored], lang: Lang) -> String {
    let of = |words: &Words| lang.of(words.en.clone(), words.zh.clone());
    let head = lang.of(
        ["indicator", "stage", "option", "horizon", "value", "target", "gap", "met"],
        ["指标", "阶段", "方案", "水平年", "数值", "目标", "差距", "达标"],
    );
    let mut text = format!("{}\n", of(&policy.title));
    let mut any_unverified = !policy.verified;
    for (index, row) in policy.rows.iter().enumerate() {
        let status = row.status.words();
        text += &format!("\n{:>2}  {} ({})  [{}]\n", row.number, of(&row.measure), row.clause, of(&status));
        if row.remark != Words::default() {
            text += &format!("    {}\n", of(&row.remark));
        }
        let Some(scored) = scored.iter().find(|scored| scored.row == index) else {
            if row.status == Status::Working {
                text += &lang.of(
                    format!("    not run here: {}\n", row.scenario),
                    format!("    此次未计算：{}\n", row.scenario),
                );
            }
            continue;
        };
        let mut cells: Vec<Vec<String>> = vec![head.iter().map(|word| (*word).to_owned()).collect()];
        for named in scored.lines.iter().filter(|named| named.line.zone.is_empty()) {
            let line = &named.line;
            let Some(indicator) = row.indicators.get(line.indicator) else { continue };
            any_unverified |= !line.unverified.is_empty();
            let unit = indicator.metric.unit();
            let mark = if line.unverified.is_empty() { "" } else { " *" };
            let name = format!("{}{}", of(&indicator.metric.words()), unit_of(unit));
            let value =
                |value: Option<f64>| value.map_or("–".to_owned(), |value| grouped(value, decimals(unit)));
            let met = line
                .met(&indicator.metric)
                .map_or("–", |met| if met { lang.of("yes", "是") } else { lang.of("no", "否") });
            cells.push(vec![
                format!("{name}{mark}"),
                of(&line.stage.words()),
                if line.option == 0 { lang.of("base", "现状").to_owned() } else { named.option.clone() },
                named.horizon.clone(),
                value(line.value),
                value(line.target),
                value(line.gap()),
                met.to_owned(),
            ]);
        }
        for line in text::columns(&cells).lines() {
            text += &format!("    {line}\n");
        }
    }
    if any_unverified {
        text += lang.of(
            "\n* rests on numbers that nobody has verified; the clauses of the policy are not verified either\n",
            "\n* 所依据的数据未经核实；政策条款亦未核实\n",
        );
    }
    text.trim_end().to_owned()
}

/// A unit in brackets.
fn unit_of(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" ({})", unit.replace("m3", "m³")) }
}

/// Decimals of a unit.
fn decimals(unit: &str) -> usize {
    match unit {
        "" | "m3" => 0,
        "m" => 3,
        "km" => 2,
        _ => 1,
    }
}
