//! `pailao run` and `pailao swmm`: a run from the model's file to the files of its results.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::clock::DateTime;
use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::plot::Sheet;
use crate::results::csv::{CsvSeries, save_summaries};
use crate::results::out::{OutFile, OutWriter};
use crate::results::rpt::{Report, WallClock, save_errors};
use crate::routing::Params;
use crate::simulation::street::StreetSummary;
use crate::simulation::{self, Outcome, Progress, RunError, Sink};
use crate::statistics::RunSummary;

use super::arguments::{RunArguments, SwmmArguments};
use super::checkpoint::{Plan, beside};
use super::console::{fail, report, say, tell};
use super::exit::Exit;
use super::interrupt::Interrupt;
use super::load::load;
use super::pictures::Extremes;
use super::progress::{Bar, span};
use super::street::Joined;
use super::street_pictures::Watched;
use super::{Lang, files, plot, street, summary};

/// What a run should leave behind.
struct Wanted<'a> {
    rpt: &'a Path,
    /// The binary results; `keep` says whether they stay when the run is over.
    out: &'a Path,
    keep: bool,
    csv: Option<&'a Path>,
    threads: Option<u32>,
    lang: Lang,
    /// Whether to show progress.
    bar: bool,
    /// The surface, if the run has one.
    street: Option<&'a Joined>,
    /// Whether pictures will be drawn of the surface.
    street_plots: bool,
    /// Simulated time after which the run stops, s.
    until: Option<f64>,
}

/// What a run left behind.
struct Done {
    summary: RunSummary,
    /// The surface at the end, if there was one.
    street: Option<StreetSummary>,
    /// What was taken of it for pictures.
    watched: Option<Watched>,
    outcome: Outcome,
    /// When it was begun, and how long it took; of a run that went on, all its parts.
    begun: SystemTime,
    elapsed: Duration,
    /// The simulated time of its checkpoint, if it has one.
    kept: Option<DateTime>,
    /// Whether it was stopped where `--until` asked for it.
    as_asked: bool,
}

/// `pailao run`.
pub fn run(arguments: &RunArguments) -> Exit {
    let lang = arguments.language.lang;
    let rpt = arguments.rpt.clone().unwrap_or_else(|| arguments.model.with_extension("rpt"));
    let out = arguments.out.clone().unwrap_or_else(|| arguments.model.with_extension("out"));
    if let Some((one, other)) = files::clash(&[&arguments.model, &rpt, &out, &beside(&out)]) {
        fail(format!("{} and {} are the same file", one.display(), other.display()));
        return Exit::Usage;
    }
    let sheet = match plot::sheet(lang, arguments.font.as_deref()) {
        Ok(sheet) => sheet,
        Err(exit) => return exit,
    };
    let loaded = match load(&arguments.model, arguments.encoding.encoding) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let verdict = loaded.verdict();
    if verdict != Exit::Done || !arguments.quiet {
        report(&loaded.diagnostics, lang);
    }
    if verdict != Exit::Done {
        return verdict;
    }
    let joined =
        match street::join(&arguments.surface, &arguments.model, &loaded.model, lang, arguments.quiet) {
            Ok(joined) => joined,
            Err(exit) => return exit,
        };
    let (place, stack) = (beside(&out), joined.as_ref().and_then(Joined::stack));
    let outputs: Vec<&Path> = [&rpt, &out, &place].map(PathBuf::as_path).into_iter().chain(stack).collect();
    let read = joined.iter().flat_map(Joined::files).chain(arguments.surface.surface.clone());
    let read: Vec<PathBuf> = loaded.companions.iter().cloned().chain(read).collect();
    let same = files::clash(&outputs).map(|(one, _)| one).or_else(|| files::overwrites(&outputs, &read));
    if let Some(file) = same {
        let place = file.display();
        fail(lang.of(
            format!("{place} would be written over another file of the run"),
            format!("{place} 会覆盖本次运行的另一个文件"),
        ));
        return Exit::Usage;
    }
    let mut plan = match Plan::of(arguments, &loaded, joined.as_ref(), &out) {
        Ok(plan) => plan,
        Err(exit) => return exit,
    };
    let wanted = Wanted {
        street: joined.as_ref(),
        street_plots: arguments.plots.is_some(),
        until: arguments.checkpoints.until.map(|span| span.as_secs_f64()),
        rpt: &rpt,
        out: &out,
        keep: true,
        csv: arguments.csv.as_deref(),
        threads: arguments.threads,
        lang,
        bar: !arguments.quiet,
    };
    let mut done = match make(&loaded.model, &wanted, plan.as_mut()) {
        Ok(done) => done,
        Err(exit) => return exit,
    };
    done.summary.diagnostics = loaded.diagnostics;
    let mut written = vec![rpt.clone(), out.clone()];
    let kept = keep(&loaded.model, &done, &wanted).and_then(|()| {
        written.extend(arguments.csv.clone());
        written.extend(joined.iter().flat_map(Joined::written));
        let Some(folder) = &arguments.plots else { return Ok(()) };
        written.push(folder.clone());
        draw(&loaded.model, &done.summary, &out, folder, &sheet)?;
        let surface = joined.as_ref().zip(done.street.as_ref()).zip(done.watched.as_ref());
        let Some(((joined, street), watched)) = surface else { return Ok(()) };
        watched.draw(&loaded.model, joined.street(), street, folder, &sheet)
    });
    if !arguments.quiet {
        let end = match done.outcome {
            Outcome::Complete => loaded.model.options.end,
            Outcome::Interrupted(time) | Outcome::Failed(time, _) => time,
        };
        say(summary::text(&loaded.model, &done.summary, end, done.elapsed, lang));
        if let (Some(joined), Some(street)) = (&joined, &done.street) {
            say(street::text(&loaded.model, joined, street, lang));
        }
        let names: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
        say(format!("{}{}", lang.of("Written: ", "已写入："), names.join(lang.of(", ", "、"))));
    }
    if let Some(doubt) = summary::doubt(&done.summary, lang) {
        report(&[doubt], lang);
    }
    if let Some(plan) = &plan {
        match &done.outcome {
            // a run whose tables or pictures could not be written can go on once more to its end
            Outcome::Complete if kept.is_ok() => plan.remove(),
            Outcome::Interrupted(_) if !arguments.quiet => plan.tell(done.kept),
            _ => {}
        }
    }
    finish(&done, kept, lang)
}

/// `pailao swmm`.
pub fn swmm(arguments: &SwmmArguments) -> Exit {
    let lang = Lang::En;
    let begun = (SystemTime::now(), Instant::now());
    let scratch = arguments.output.is_none().then(Scratch::new);
    let out = match (&arguments.output, &scratch) {
        (Some(out), _) => out.clone(),
        (None, Some(scratch)) => scratch.0.clone(),
        (None, None) => return Exit::Usage,
    };
    if let Some((one, other)) = files::clash(&[&arguments.input, &arguments.report, &out]) {
        fail(format!("{} and {} are the same file", one.display(), other.display()));
        return Exit::Usage;
    }
    say(format!("\n... pailao {} in place of EPA SWMM 5.2 (Build 5.2.4)", env!("CARGO_PKG_VERSION")));
    say("\n o  Retrieving project data");
    let loaded = match load(&arguments.input, None) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    report(&loaded.diagnostics, lang);
    let verdict = loaded.verdict();
    if verdict != Exit::Done {
        let clock = WallClock::new(begun.0, begun.1.elapsed());
        if let Err(error) = save_problems(&arguments.report, &loaded.model, &loaded.diagnostics, &clock) {
            fail(format!("{} cannot be written: {error}", arguments.report.display()));
            return Exit::File;
        }
        say("\n... run completed with errors, see the report");
        return verdict;
    }
    let wanted = Wanted {
        rpt: &arguments.report,
        out: &out,
        keep: arguments.output.is_some(),
        csv: None,
        threads: None,
        lang,
        bar: true,
        street: None,
        street_plots: false,
        until: None,
    };
    say(" o  Simulating");
    let mut done = match make(&loaded.model, &wanted, None) {
        Ok(done) => done,
        Err(exit) => return exit,
    };
    done.summary.diagnostics = loaded.diagnostics;
    done.begun = begun.0;
    let kept = keep(&loaded.model, &done, &wanted);
    say(format!(" o  Simulation {}", lang.outcome(&done.outcome)));
    say(format!("\n... pailao completed in {:.2} seconds", begun.1.elapsed().as_secs_f64()));
    finish(&done, kept, lang)
}

/// What a run leaves: its summary, of a surface that and what was taken for pictures, and how it ended.
type Finished = (RunSummary, Option<(StreetSummary, Option<Watched>)>, Outcome);

/// Runs a checked model and writes the series as they come.
fn make(model: &Model, wanted: &Wanted<'_>, plan: Option<&mut Plan>) -> Result<Done, Exit> {
    let threads = wanted.threads.unwrap_or(model.options.threads).max(1);
    // this thread is one of them: the memory that reading the model has left free serves the run
    let threads_of_run = rayon::ThreadPoolBuilder::new().num_threads(threads as usize).use_current_thread();
    let pool = threads_of_run.build().map_err(|error| {
        fail(format!("{threads} threads cannot be started: {error}"));
        Exit::Failed
    })?;
    let interrupt = Interrupt::listen();
    let (begun, clock) = (SystemTime::now(), Instant::now());
    let goes_on = plan.as_ref().is_some_and(|plan| plan.goes_on());
    let mut checkpoints = plan.map(Plan::begin);
    let mut bar = Bar::new(model.options.start, model.options.end, wanted.lang, wanted.bar);
    let mut as_asked = false;
    let made = pool.install(|| -> Result<Finished, RunError> {
        let full_depth = Params::compile(model)?.full_depth;
        files::make_folder_of(wanted.out)?;
        let mut binary = if goes_on {
            OutWriter::take_up(wanted.out, full_depth)?
        } else {
            OutWriter::create(wanted.out, full_depth)?
        };
        let mut csv = wanted.csv.map(CsvSeries::new);
        let mut sinks: Vec<&mut dyn Sink> = vec![&mut binary];
        if let Some(csv) = &mut csv {
            sinks.push(csv);
        }
        let mut keep_going = |progress: &Progress| {
            bar.advance(progress.now);
            as_asked = wanted.until.is_some_and(|until| progress.elapsed >= until) && !interrupt.asked();
            !interrupt.asked() && !as_asked
        };
        let Some(joined) = wanted.street else {
            let kept = checkpoints.as_mut();
            let (summary, outcome) = simulation::run_kept(model, &mut sinks, &mut keep_going, kept)?;
            return Ok((summary, None, outcome));
        };
        let mut watched = wanted.street_plots.then(|| joined.watched(model));
        let kept = checkpoints.as_mut();
        let done = joined.run(model, &mut sinks, watched.as_mut(), &mut keep_going, kept)?;
        let (summary, street, outcome) = done;
        Ok((summary, Some((street, watched)), outcome))
    });
    bar.finish();
    match made {
        Ok((summary, street, outcome)) => {
            let (street, watched) = street.map_or((None, None), |(street, watched)| (Some(street), watched));
            let elapsed = clock.elapsed();
            let mut done = Done { summary, street, watched, outcome, begun, elapsed, kept: None, as_asked };
            if let Some(checkpoints) = &checkpoints {
                (done.begun, done.elapsed) = (checkpoints.begun(), checkpoints.spent());
                done.kept = checkpoints.kept();
            }
            Ok(done)
        }
        Err(RunError::Write(error)) => {
            let places = std::iter::once(wanted.out.to_path_buf()).chain(wanted.csv.map(Path::to_path_buf));
            let places = places.chain(wanted.street.iter().flat_map(|street| street.written()));
            let names: Vec<String> = places.map(|path| path.display().to_string()).collect();
            let names = names.join(", ");
            fail(wanted.lang.of(
                format!("one of the results cannot be written ({names}): {error}"),
                format!("结果无法写入（{names} 之一）：{error}"),
            ));
            Err(Exit::File)
        }
        Err(RunError::Resume(error)) => {
            fail(wanted.lang.of(
                format!("the run cannot go on: {error}; without --resume it begins anew"),
                format!("无法继续运行：{error}；不加 --resume 则从头开始"),
            ));
            Err(Exit::File)
        }
        Err(error @ (RunError::Compile(_) | RunError::Surface(_))) => {
            fail(
                wanted.lang.of(format!("the model cannot be run: {error}"), format!("模型无法运行：{error}")),
            );
            Err(Exit::Input)
        }
    }
}

/// Writes what is only known when a run is over: the report and the tables.
fn keep(model: &Model, done: &Done, wanted: &Wanted<'_>) -> Result<(), Exit> {
    let clock = WallClock::new(done.begun, done.elapsed);
    let report = Report { model, summary: &done.summary, outcome: &done.outcome, clock };
    let unwritten = |path: &Path, error: io::Error| {
        fail(format!("{} cannot be written: {error}", path.display()));
        Exit::File
    };
    let saved = files::make_folder_of(wanted.rpt).and_then(|()| {
        let mut series = if wanted.keep { None } else { Some(OutFile::open(wanted.out)?) };
        report.save(wanted.rpt, series.as_mut())
    });
    saved.map_err(|error| unwritten(wanted.rpt, error))?;
    match wanted.csv {
        Some(folder) => {
            save_summaries(folder, model, &done.summary).map_err(|error| unwritten(folder, error))
        }
        None => Ok(()),
    }
}

/// Draws the pictures of a run.
fn draw(model: &Model, summary: &RunSummary, out: &Path, folder: &Path, sheet: &Sheet) -> Result<(), Exit> {
    let extremes = Extremes::of_run(model, summary);
    plot::draw(model, out, folder, &plot::Selection::default(), Some(extremes), sheet).map(drop)
}

/// Writes a report that holds nothing but problems.
fn save_problems(path: &Path, model: &Model, problems: &[Diagnostic], clock: &WallClock) -> io::Result<()> {
    files::make_folder_of(path)?;
    save_errors(path, &model.title, problems, clock)
}

/// How the program ends after a run.
fn finish(done: &Done, kept: Result<(), Exit>, lang: Lang) -> Exit {
    let run = match done.outcome {
        Outcome::Complete => Exit::Done,
        Outcome::Interrupted(time) if done.as_asked => {
            tell(lang.of(format!("stopped at {time}, as asked"), format!("按要求停于 {time}")));
            Exit::Done
        }
        Outcome::Interrupted(_) => Exit::Interrupted,
        Outcome::Failed(..) => Exit::Failed,
    };
    if run != Exit::Done {
        fail(lang.outcome(&done.outcome));
    }
    match kept {
        Err(exit) if run == Exit::Done => exit,
        _ => run,
    }
}

/// A file for results that nobody asked to keep; it goes when this value goes.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("pailao-{}.out", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The speed of a run in words: how long it took, and how many times faster than real time.
pub fn speed(simulated: f64, elapsed: Duration, lang: Lang) -> String {
    let wall = elapsed.as_secs_f64();
    let times = super::language::grouped(simulated / wall.max(1.0e-3), 0);
    let took = if wall < 10.0 { format!("{wall:.2} s") } else { span(wall) };
    lang.of(
        format!("computed in {took}, {times} times real time"),
        format!("计算用时 {took}，为实时的 {times} 倍"),
    )
}
