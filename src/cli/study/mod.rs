//! `pailao compare` and `pailao merge`: the runs of a scenario file, and what they show side by side.

mod assessment;
mod bar;
mod handover;
mod judgement;
mod outputs;
mod policy;
mod streets;
mod text;

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use crate::assess::Assessment;
use crate::diagnostic::{Diagnostic, Severity};
use crate::edit::cost::Bill;
use crate::input::{catalogue, scenario, zones};
use crate::plot::Sheet;
use crate::report::document::{Material, Template};
use crate::report::street_gallery;
use crate::scenario::study::Scenario;
use crate::study::{self, Keep, Order, RunRow, Shard, State, Store, Study};

use super::Lang;
use super::arguments::{CompareArguments, MergeArguments, ReportArguments, ReportTemplate, StudyArguments};
use super::console::{fail, report, say, tell};
use super::exit::Exit;
use super::interrupt::Interrupt;
use super::plot;
use bar::Bar;

/// Folder of the digests in that of a study.
const RUNS: &str = "runs";

/// `pailao compare`.
pub fn compare(arguments: &CompareArguments) -> Exit {
    carry_out(&arguments.scenario, &arguments.study, arguments.shard)
}

/// `pailao merge`: shards are joined, then the study is compared; runs that no shard has are made.
pub fn merge(arguments: &MergeArguments) -> Exit {
    let lang = arguments.study.language.lang;
    let stores: Vec<_> = arguments.shards.iter().map(|folder| folder.join(RUNS)).collect();
    let into = arguments.study.out.join(RUNS);
    let merged = match study::merge(&stores, &into) {
        Ok(merged) => merged,
        Err(error) => {
            fail(
                lang.of(format!("the shards cannot be merged: {error}"), format!("无法合并各部分：{error}")),
            );
            return Exit::File;
        }
    };
    for path in &merged.different {
        tell(lang.of(
            format!(
                "warning: {} holds other numbers than another shard; the first one counts",
                path.display()
            ),
            format!("警告：{} 与另一部分的结果不同，以先合并的为准", path.display()),
        ));
    }
    for path in &merged.ignored {
        tell(lang.of(
            format!("warning: {} is no whole run and is passed over", path.display()),
            format!("警告：{} 不是完整的结果，已跳过", path.display()),
        ));
    }
    if !arguments.study.quiet {
        say(lang.of(
            format!("{} runs copied, {} were there already", merged.copied, merged.present),
            format!("复制了 {} 个工况结果，{} 个已存在", merged.copied, merged.present),
        ));
    }
    carry_out(&arguments.scenario, &arguments.study, None)
}

/// `pailao check` of a scenario: the file, all it names, and every network that it means.
pub fn check(path: &Path, lang: Lang) -> Exit {
    let interrupt = Interrupt::listen();
    let study =
        match read(path, lang, false).and_then(|scenario| open(scenario, None, interrupt.flag(), lang)) {
            Ok(study) => study,
            Err(exit) => return exit,
        };
    let mut found = Vec::new();
    let (options, horizons) = (study.scenario().options.len(), study.scenario().horizons.len());
    for (option, horizon) in
        (0..options).flat_map(|option| (0..horizons).map(move |horizon| (option, horizon)))
    {
        match study.built(option, horizon) {
            Ok(built) => found.extend(built.warnings.iter().cloned()),
            Err(problems) => found.extend(problems.iter().cloned()),
        }
    }
    found.extend(streets(&study));
    let found = distinct(found);
    report(&found, lang);
    let verdict = verdict(&found);
    let answer = match verdict {
        Exit::Done => lang.of("can run", "可以计算"),
        Exit::Unsupported => lang.of("asks for physics that is not simulated yet", "包含尚不能模拟的内容"),
        _ => lang.of("cannot run", "不能计算"),
    };
    let runs = study.specs().len();
    say(lang.of(
        format!(
            "{}: {answer} ({options} options with the base, {horizons} horizons, {runs} runs)",
            path.display()
        ),
        format!(
            "{}：{answer}（含现状 {options} 个方案，{horizons} 个水平年，{runs} 个工况）",
            path.display()
        ),
    ));
    verdict
}

/// What is to be known of the ground of a study, and of each network that runs on it.
fn streets(study: &Study) -> Vec<Diagnostic> {
    let read = match study.streets() {
        None => return Vec::new(),
        Some(Err(problems)) => return problems.to_vec(),
        Some(Ok(read)) => read,
    };
    let mut found = read.warnings.clone();
    let scenario = study.scenario();
    let chosen = scenario.surface.as_ref().and_then(|surface| surface.run_for.clone()).unwrap_or_default();
    let among = |names: &[String], name: &String| names.is_empty() || names.contains(name);
    for (option, choice) in scenario.options.iter().enumerate() {
        for (horizon, year) in scenario.horizons.iter().enumerate() {
            if !among(&chosen.options, &choice.name) || !among(&chosen.horizons, &year.name) {
                continue;
            }
            // what cannot be built or run is told elsewhere
            let Ok(built) = study.built(option, horizon) else { continue };
            let Ok((model, _)) = built.network.runnable() else { continue };
            match read.ground().street(&model) {
                Ok((_, warnings)) => found.extend(warnings),
                Err(problems) => found.extend(problems),
            }
        }
    }
    found
}

/// `pailao report --policy`: the runs of several scenarios, and how far they come with the measures of a policy.
pub fn scorecard(arguments: &ReportArguments) -> Exit {
    policy::scorecard(arguments)
}

/// Makes the runs of a study and shows them.
fn carry_out(path: &Path, arguments: &StudyArguments, shard: Option<Shard>) -> Exit {
    let lang = arguments.language.lang;
    let begun = Instant::now();
    let sheet = match plot::sheet(lang, arguments.font.as_deref()) {
        Ok(sheet) => sheet,
        Err(exit) => return exit,
    };
    let scenario = match read(path, lang, arguments.quiet) {
        Ok(scenario) => scenario,
        Err(exit) => return exit,
    };
    let wanted = &scenario.outputs;
    let folder = |asked: bool, name: &str| asked.then(|| arguments.out.join(name));
    let keep = Keep::new(
        folder(arguments.keep_inp || wanted.keep_inp, "inp"),
        folder(arguments.keep_out || wanted.keep_out, "out"),
    );
    let (keep, store) = match keep.and_then(|keep| Ok((keep, Store::open(arguments.out.join(RUNS))?))) {
        Ok(both) => both,
        Err(error) => {
            fail(lang.of(
                format!("{} cannot be written: {error}", arguments.out.display()),
                format!("无法写入 {}：{error}", arguments.out.display()),
            ));
            return Exit::File;
        }
    };
    let interrupt = Interrupt::listen();
    let study = match open(scenario, Some(&store), interrupt.flag(), lang) {
        Ok(study) => study,
        Err(exit) => return exit,
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = arguments.threads.map_or(cores, |threads| threads as usize);
    let order = Order { store: &store, threads, shard: shard.unwrap_or_default(), keep: &keep };
    let mut bar = Bar::new(lang, !arguments.quiet);
    let rows = study.run(&order, &mut |progress| bar.advance(progress), interrupt.flag());
    bar.finish();
    let rows = match rows {
        Ok(rows) => rows,
        Err(error) => {
            fail(lang.of(
                format!("{threads} threads cannot be started: {error}"),
                format!("无法启动 {threads} 个线程：{error}"),
            ));
            return Exit::Failed;
        }
    };
    tell_of(&study, &rows, arguments.quiet, lang);
    if interrupt.asked() {
        fail(lang.of(
            "interrupted; finished runs are kept, the same command goes on from here",
            "已中断；已完成的工况已保存，再次执行同一命令即可继续",
        ));
        return Exit::Interrupted;
    }
    let exit = exit_of(&rows);
    if let Some(shard) = shard {
        if !arguments.quiet {
            let done = rows.iter().filter(|row| matches!(row.state, State::Done(_))).count();
            let all = study.specs().len();
            say(lang.of(
                format!("shard {shard}: {done} of {all} runs in {}", store.folder().display()),
                format!("第 {shard} 部分：{all} 个工况中的 {done} 个，保存于 {}", store.folder().display()),
            ));
        }
        return exit;
    }
    let bills = match outputs::bills(&study) {
        Ok(bills) => bills,
        Err(problems) => {
            report(&distinct(problems), lang);
            return Exit::Input;
        }
    };
    let assessment = match assessment::assess(&study, &outputs::comparison(&study, &rows), &bills) {
        Ok(assessment) => assessment,
        Err(problems) => {
            report(&distinct(problems), lang);
            return Exit::Input;
        }
    };
    let made = Made { study: &study, rows: &rows, bills: &bills, assessment: &assessment, store: &store };
    let shown = show(&made, arguments, &sheet, threads);
    if !arguments.quiet {
        say(handover::calibration(&assessment, lang));
        say(text::summary(&study, &rows, &bills, &assessment, begun.elapsed(), lang));
        if shown.is_ok() {
            say(lang.of(
                format!("Written: tables, pictures and report.html in {}", arguments.out.display()),
                format!("表格、图件与报告 report.html 已写入 {}", arguments.out.display()),
            ));
        }
    }
    match shown {
        Err(other) if exit == Exit::Done => other,
        _ => exit,
    }
}

/// A study whose runs are over.
struct Made<'a> {
    study: &'a Study,
    rows: &'a [RunRow],
    bills: &'a [(usize, Bill)],
    assessment: &'a Assessment,
    store: &'a Store,
}

/// Writes tables, pictures and the report; runs that a study lost are rows of the tables.
fn show(
    &Made { study, rows, bills, assessment, store }: &Made<'_>,
    arguments: &StudyArguments,
    sheet: &Sheet,
    threads: usize,
) -> Result<(), Exit> {
    let lang = arguments.language.lang;
    let unwritten = |error: &dyn std::fmt::Display| {
        fail(lang.of(
            format!("results cannot be written to {}: {error}", arguments.out.display()),
            format!("无法将结果写入 {}：{error}", arguments.out.display()),
        ));
        Exit::File
    };
    outputs::tables(study, rows, bills, assessment, &arguments.out.join("tables"))
        .map_err(|error| unwritten(&error))?;
    let audit = arguments.audit.as_deref().map(outputs::foreign_table).transpose().map_err(|error| {
        let path = arguments.audit.as_deref().unwrap_or(Path::new("")).display();
        fail(lang.of(format!("{path} cannot be read: {error}"), format!("无法读取 {path}：{error}")));
        Exit::File
    })?;
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| unwritten(&error))?;
    let comparison = outputs::comparison(study, rows);
    let roads = handover::roads(study).map_err(|problems| {
        report(&problems, lang);
        Exit::Input
    })?;
    let projects = handover::files(study, &comparison, bills, assessment, &roads, &arguments.out)
        .map_err(|error| unwritten(&error))?;
    let networks = outputs::Networks::new(study, arguments.all_horizons);
    let (built, wishes) = (networks.built(), networks.wishes());
    let streets = streets::Drawn::of(study, store, rows);
    let material = Material {
        study,
        comparison: &comparison,
        assessment,
        bills,
        networks: &built,
        wishes: &wishes,
        projects: &projects,
        audit: audit.as_ref(),
        streets: streets.as_ref().map(streets::Drawn::material),
    };
    let template = match arguments.template {
        ReportTemplate::Decision => Template::Decision,
        ReportTemplate::Cn98 => Template::Cn98,
    };
    let plots = (!arguments.no_plots).then(|| arguments.out.join("plots"));
    let page = arguments.out.join("report.html");
    let written = pool.install(|| outputs::report(&material, template, &page, plots.as_deref(), sheet));
    let mut left = written.map_err(|error| unwritten(&error))?;
    if let Some(plots) = plots {
        let drawn = pool.install(|| outputs::pictures(&comparison, &networks, &plots, sheet));
        left.extend(drawn.map_err(|error| unwritten(&error))?);
        if let Some(streets) = &material.streets {
            let horizons = &wishes.horizons;
            let drawn = pool.install(|| street_gallery::draw(&comparison, streets, horizons, &plots, sheet));
            left.extend(drawn.map_err(|error| unwritten(&error))?.1);
        }
        handover::pictures(&comparison, assessment, &plots, sheet).map_err(|error| unwritten(&error))?;
    }
    left.sort();
    left.dedup();
    for reason in left {
        tell(lang.of(format!("a picture is left out: {reason}"), format!("略去一幅图：{reason}")));
    }
    Ok(())
}

/// Reads a scenario and says what is wrong with it.
fn read(path: &Path, lang: Lang, quiet: bool) -> Result<Scenario, Exit> {
    let read = scenario::read(path).map_err(|error| {
        fail(lang.of(
            format!("{} cannot be read: {error}", path.display()),
            format!("无法读取 {}：{error}", path.display()),
        ));
        Exit::File
    })?;
    let (scenario, warnings) = read.map_err(|problems| {
        report(&problems, lang);
        verdict(&problems)
    })?;
    if !quiet {
        report(&warnings, lang);
    }
    Ok(scenario)
}

/// Opens a study: reads what it stands on and resolves its rules.
fn open(scenario: Scenario, store: Option<&Store>, stop: &AtomicBool, lang: Lang) -> Result<Study, Exit> {
    let refuse = |problems: Vec<Diagnostic>| {
        report(&problems, lang);
        if stop.load(std::sync::atomic::Ordering::Relaxed) { Exit::Interrupted } else { verdict(&problems) }
    };
    let folder = scenario.path.parent().unwrap_or(Path::new(""));
    let measures = scenario.options.iter().flat_map(|choice| &choice.table.measures);
    let named = measures.filter_map(|measure| measure.verb.catalogue());
    let catalogues = catalogue::gather(named, folder).map_err(refuse)?;
    let zones = match &scenario.study.zones {
        None => Vec::new(),
        Some(file) => {
            let path = folder.join(file);
            let read = zones::read(&path).map_err(|error| {
                fail(format!("{} cannot be read: {error}", path.display()));
                Exit::File
            })?;
            read.map_err(refuse)?.zones
        }
    };
    Study::open(scenario, catalogues, zones, store, stop).map_err(refuse)
}

/// Says which runs are missing and why, and what is to be known of the others, each thing once.
fn tell_of(study: &Study, rows: &[RunRow], quiet: bool, lang: Lang) {
    let mut found = Vec::new();
    for row in rows {
        match &row.state {
            State::NotBuilt(problems) => found.extend(problems.iter().cloned()),
            State::Failed(reason) => {
                found.push(Diagnostic::error(0, format!("the run failed: {reason}")).of(&row.spec.id));
            }
            State::Done(_) | State::Interrupted => {}
        }
        if !quiet {
            found.extend(row.warnings.iter().cloned());
            if let Ok(built) = study.built(row.spec.option, row.spec.horizon) {
                found.extend(built.warnings.iter().cloned());
            }
        }
    }
    if !quiet {
        found.extend(study.street_warnings().iter().cloned());
    }
    report(&distinct(found), lang);
}

/// Problems, each once, in the order of their first appearance.
fn distinct(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = std::collections::BTreeSet::new();
    found.into_iter().filter(|problem| seen.insert(problem.to_string())).collect()
}

/// How the program ends for problems.
fn verdict(problems: &[Diagnostic]) -> Exit {
    match problems.iter().map(|problem| problem.severity).max() {
        Some(Severity::Error) => Exit::Input,
        Some(Severity::Unsupported) => Exit::Unsupported,
        Some(Severity::Warning) | None => Exit::Done,
    }
}

/// How the program ends for runs: 1 where one failed; where some could not be built, what kept them from it.
fn exit_of(rows: &[RunRow]) -> Exit {
    if rows.iter().any(|row| matches!(row.state, State::Failed(_))) {
        return Exit::Failed;
    }
    let refused = rows.iter().filter_map(|row| match &row.state {
        State::NotBuilt(problems) => Some(verdict(problems)),
        _ => None,
    });
    refused.fold(Exit::Done, |all, one| if one == Exit::Input || all == Exit::Done { one } else { all })
}
