//! Broken models: whatever stands in a file, there is a diagnosis or a run, never a panic, never a
//! hang; what was read is written back; and results are numbers, or a failure that is told.
//!
//! Mutants are bred from the model files of this project (`networks/`, `tests/models/`) and, when
//! `PAILAO_CORPUS` names a folder, from all `.inp` files in it. `PAILAO_MUTATIONS` is the number of
//! mutants (400 unless given), `PAILAO_FIRST_MUTANT` the number of the first one: mutant `n` is the
//! same on every machine that has the same files. One that fails is kept in cargo's temporary folder.

mod breed;

use std::fs;
use std::io::{self, Cursor};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use breed::{Parent, collect, mutant};
use pailao::cli::pictures::{Album, Extremes};
use pailao::diagnostic::{Diagnostic, Severity};
use pailao::input::inp::{Reading, read_text};
use pailao::input::rain_file::load_rain_files;
use pailao::model::Model;
use pailao::model::check::check;
use pailao::plot::Sheet;
use pailao::results::out::{OutFile, OutWriter};
use pailao::results::rpt::{Report, WallClock};
use pailao::routing::Params;
use pailao::simulation::{Frame, Outcome, Sink, run};
use pailao::statistics::RunSummary;

/// Files above this size only make the test slow.
const LARGEST_FILE: u64 = 300_000;
/// Routing steps that a mutant may take.
const MOST_STEPS: u32 = 200;
/// Time after which a mutant's run is stopped between two steps.
const LONGEST_RUN: Duration = Duration::from_secs(2);
/// Time after which a mutant hangs.
const HANGING: Duration = Duration::from_secs(120);
/// Of so many mutants that run, one is drawn.
const DRAWN: u64 = 20;

fn parents() -> Vec<Parent> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join("networks"), LARGEST_FILE, &mut paths);
    collect(&root.join("tests/models"), LARGEST_FILE, &mut paths);
    if let Some(corpus) = std::env::var_os("PAILAO_CORPUS") {
        collect(Path::new(&corpus), LARGEST_FILE, &mut paths);
    }
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).ok()?;
        let sound = admitted(&bytes, &path).is_ok();
        Some(Parent::new(path, &bytes, sound))
    };
    paths.into_iter().filter_map(read).collect()
}

/// How far a model came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// Reading found errors.
    Read,
    /// The check found errors.
    Checked,
    /// The run began.
    Ran,
}

/// Whether problems keep a model from running. Each must be able to speak for itself, too.
fn stops(diagnostics: &[Diagnostic]) -> bool {
    assert!(diagnostics.iter().all(|problem| !problem.to_string().is_empty()));
    diagnostics.iter().any(|problem| problem.severity > Severity::Warning)
}

/// A model that may run, or how far it came.
fn admitted(bytes: &[u8], path: &Path) -> Result<Model, Stage> {
    let Reading { document, mut model, diagnostics } = read_text(bytes, path);
    let written = document.to_bytes().expect("a document has the characters that it was read with");
    assert!(written == bytes, "what was read is written back");
    if stops(&diagnostics) {
        return Err(Stage::Read);
    }
    let mut diagnostics = load_rain_files(&mut model, path.parent().unwrap_or(path));
    diagnostics.extend(check(&mut model));
    if stops(&diagnostics) { Err(Stage::Checked) } else { Ok(model) }
}

/// Takes a text as far as it goes.
fn digest(bytes: &[u8], path: &Path, draw: bool) -> Stage {
    let model = match admitted(bytes, path) {
        Ok(model) => model,
        Err(stage) => return stage,
    };
    let (begun, mut steps) = (Instant::now(), 0);
    let mut keep_going = |_: &_| {
        steps += 1;
        steps <= MOST_STEPS && begun.elapsed() < LONGEST_RUN
    };
    let Ok(params) = Params::compile(&model) else { return Stage::Checked };
    let mut results = OutWriter::new(Cursor::new(Vec::new()), params.full_depth);
    let mut numbers = Numbers::default();
    let Ok((summary, outcome)) = run(&model, &mut [&mut results, &mut numbers], &mut keep_going) else {
        return Stage::Checked;
    };
    let told = matches!(outcome, Outcome::Failed(..));
    assert!(
        numbers.broken.is_none() || told || !is_sober(bytes),
        "{:?} are no numbers: {outcome:?}",
        numbers.broken
    );
    let results = results.into_inner().into_inner();
    let mut series = OutFile::new(Cursor::new(&results)).expect("the results just written");
    let report = Report { model: &model, summary: &summary, outcome: &outcome, clock: WallClock::pinned(0) };
    report.write(&mut io::sink(), Some(&mut series)).expect("nothing that writing could fail on");
    if draw {
        draw_all(&model, &results, &summary);
    }
    Stage::Ran
}

/// Draws every picture that a run gets, as vectors.
fn draw_all(model: &Model, results: &[u8], summary: &RunSummary) {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutant.out");
    fs::write(&file, results).expect("the results can be written");
    let results = OutFile::open(&file).expect("the results can be read");
    if results.records() == 0 {
        return;
    }
    let sheet = Sheet::default();
    let extremes = Extremes::of_run(model, summary);
    let mut album = Album::open(model, results, Some(extremes), &sheet).expect("the results can be read");
    let pictures = [album.plan(), album.section(None), album.system(), album.outfalls(), album.flooding()];
    for picture in pictures.into_iter().flatten() {
        assert!(picture.svg().trim_end().ends_with("</svg>"));
    }
}

/// Whether all numbers of a text are 0 or of a size that a calculation can stand; others overflow.
fn is_sober(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut numbers = text.split_ascii_whitespace().filter_map(|field| field.parse::<f64>().ok());
    numbers.all(|number| number == 0.0 || (1.0e-9..1.0e12).contains(&number.abs()))
}

/// Looks whether results are numbers.
#[derive(Default)]
struct Numbers {
    /// The first column that held something else.
    broken: Option<&'static str>,
}

impl Sink for Numbers {
    fn begin(&mut self, _: &Model) -> io::Result<()> {
        Ok(())
    }
    fn record(&mut self, frame: &Frame) -> io::Result<()> {
        let (subcatchments, nodes, links) = (&frame.subcatchments, &frame.nodes, &frame.links);
        let columns = [
            ("rainfall", &subcatchments.rainfall),
            ("evaporation", &subcatchments.evaporation),
            ("infiltration", &subcatchments.infiltration),
            ("runoff", &subcatchments.runoff),
            ("depths of nodes", &nodes.depth),
            ("heads", &nodes.head),
            ("volumes of nodes", &nodes.volume),
            ("lateral inflows", &nodes.lateral_inflow),
            ("total inflows", &nodes.total_inflow),
            ("flooding", &nodes.flooding),
            ("flows", &links.flow),
            ("depths in links", &links.depth),
            ("velocities", &links.velocity),
            ("volumes of links", &links.volume),
            ("capacities", &links.capacity),
        ];
        let broken = |column: &&(_, &Vec<f64>)| !column.1.iter().all(|value: &f64| value.is_finite());
        self.broken = self.broken.or_else(|| columns.iter().find(broken).map(|column| column.0));
        Ok(())
    }
    fn end(&mut self, _: &Outcome) -> io::Result<()> {
        Ok(())
    }
}

/// What a worker tells of a mutant.
enum News {
    Begun(u64),
    Ended(Option<Stage>),
}

/// Digests mutants until there are no more, and says so one by one.
fn work(parents: &[Parent], numbers: std::ops::Range<u64>, news: &Sender<News>) {
    for number in numbers {
        if news.send(News::Begun(number)).is_err() {
            return;
        }
        let (parent, text) = mutant(parents, number);
        let stage = catch_unwind(AssertUnwindSafe(|| digest(&text, &parent.path, number % DRAWN == 0)));
        if news.send(News::Ended(stage.ok())).is_err() {
            return;
        }
    }
}

/// Listens to the worker; gives the count of mutants by stage, and those that panicked.
fn listen(news: &Receiver<News>, parents: &[Parent]) -> ([usize; 3], Vec<u64>) {
    let (mut stages, mut panicked, mut current) = ([0; 3], Vec::new(), 0);
    loop {
        match news.recv_timeout(HANGING) {
            Ok(News::Begun(number)) => current = number,
            Ok(News::Ended(Some(stage))) => stages[stage as usize] += 1,
            Ok(News::Ended(None)) => panicked.push(current),
            Err(RecvTimeoutError::Disconnected) => return (stages, panicked),
            Err(RecvTimeoutError::Timeout) => panic!("mutant {current} hangs: {}", keep(parents, current)),
        }
    }
}

/// Writes a mutant down for whoever looks into it; gives its file and its parent.
fn keep(parents: &[Parent], number: u64) -> String {
    let (parent, text) = mutant(parents, number);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutant_{number}.inp"));
    match fs::write(&path, text) {
        Ok(()) => format!("{} from {}", path.display(), parent.path.display()),
        Err(error) => format!("{} from {} ({error})", path.display(), parent.path.display()),
    }
}

fn number_from(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn no_mutant_of_a_model_panics_or_hangs() {
    let parents = parents();
    assert!(!parents.is_empty(), "there are no model files to breed from");
    let (first, count) = (number_from("PAILAO_FIRST_MUTANT", 0), number_from("PAILAO_MUTATIONS", 400));
    let numbers = first..first.saturating_add(count);

    // A worker that hangs must not keep the test from ending, so nobody waits for its thread.
    let parents = Arc::new(parents);
    let (sender, receiver) = channel();
    let workers = Arc::clone(&parents);
    thread::spawn(move || work(&workers, numbers, &sender));
    let (stages, panicked) = listen(&receiver, &parents);

    let [refused, failed, ran] = stages;
    println!("{count} mutants: {refused} refused by the reader, {failed} by the check, {ran} ran");
    let kept: Vec<String> = panicked.iter().map(|&number| keep(&parents, number)).collect();
    assert!(kept.is_empty(), "{} mutants panicked:\n{}", kept.len(), kept.join("\n"));
    assert!(
        count < 100 || (ran * 10 > refused && refused > 0),
        "too few mutants get through or are refused: {stages:?}"
    );
}

#[test]
fn mutants_repeat_and_differ() {
    let parents = [Parent::new(PathBuf::from("a.inp"), b"[JUNCTIONS]\nA 1 2 3\nB 4 5 6", true)];
    let texts: Vec<Vec<u8>> = (0..100).map(|number| mutant(&parents, number).1).collect();
    for (number, text) in (0..).zip(&texts) {
        assert_eq!(*text, mutant(&parents, number).1);
    }
    let mut kinds = texts.clone();
    kinds.sort();
    kinds.dedup();
    assert!(kinds.len() > 80, "only {} of 100 differ", kinds.len());
}
