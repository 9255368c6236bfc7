//! Whatever a model file holds, reading, checking and running it ends, without panic, and with
//! results that are numbers or a failure that is told.
//!
//! Mutants are bred from model files: those of this project (`networks/`, `tests/models/`) and, when
//! `PAILAO_CORPUS` names a folder, all `.inp` files in it. Bytes are flipped, lines dropped,
//! doubled and swapped, fields taken out, exchanged and replaced by hostile or by slightly wrong
//! numbers. `PAILAO_FUZZ` is the number of mutants (200 unless given), `PAILAO_FUZZ_FIRST` the
//! number of the first one: mutant `n` is the same on every machine that has the same files.

use std::fs;
use std::io::{self, Cursor};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use pailao::diagnostic::{Diagnostic, Severity};
use pailao::input::inp::read_text;
use pailao::model::Model;
use pailao::model::check::check;
use pailao::results::out::{OutFile, OutWriter};
use pailao::results::rpt::{Report, WallClock};
use pailao::routing::Params;
use pailao::simulation::{Frame, Outcome, Sink, run};

/// Files above this size only make the test slow.
const LARGEST_FILE: u64 = 300_000;
/// Routing steps that a mutant may take.
const MOST_STEPS: u32 = 200;
/// Time after which a mutant's run is stopped between two steps.
const LONGEST_RUN: Duration = Duration::from_secs(2);
/// Time after which a mutant hangs.
const HANGING: Duration = Duration::from_secs(120);

/// Marsaglia's xorshift64*: repeatable, and enough to breed mutants.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        dice.next();
        dice
    }
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    /// A number below `limit`; 0 when there is none.
    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 11) as usize % limit.max(1)
    }
    fn choose<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}

/// Numbers that files should not hold.
const HOSTILE: [&str; 24] = [
    "",
    "0",
    "-0",
    "-1",
    "1e308",
    "-1e308",
    "1e-308",
    "1e400",
    "NaN",
    "inf",
    "-inf",
    "1e5",
    "1e9",
    "4294967296",
    "9223372036854775808",
    "-2147483649",
    "0.0000001",
    "0x10",
    "1,5",
    "1e",
    "--3",
    "*",
    "٣",
    "1/0",
];
/// Headings and words that change how a line is read.
const WORDS: [&str; 22] = [
    "[OPTIONS]",
    "[CONDUITS]",
    "[CONTROLS]",
    "[TIMESERIES]",
    "[NOWHERE]",
    "[",
    ";",
    "\"",
    "CIRCULAR",
    "IRREGULAR",
    "FILLED_CIRCULAR",
    "TIMESERIES",
    "FUNCTIONAL",
    "YES",
    "NO",
    "*",
    "FREE",
    "25:61:99",
    "13/32/0000",
    "\u{0}",
    "排涝",
    "DYNWAVE",
];

/// The place of one field in a text.
type Field = (usize, std::ops::Range<usize>);

fn fields(lines: &[Vec<u8>]) -> Vec<Field> {
    let mut fields = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let mut start = None;
        for (i, byte) in line.iter().chain(b" ").enumerate() {
            match (start, byte.is_ascii_whitespace()) {
                (None, false) => start = Some(i),
                (Some(first), true) => {
                    fields.push((number, first..i));
                    start = None;
                }
                _ => {}
            }
            if *byte == b';' {
                break;
            }
        }
    }
    fields
}

/// A number near or far from one that is written.
fn wrong_number(dice: &mut Dice, written: &str) -> Option<String> {
    let number: f64 = written.parse().ok()?;
    let wrong = match dice.below(8) {
        0 => -number,
        1 => 0.0,
        2 => number * 10.0,
        3 => number / 10.0,
        4 => number * 1000.0,
        5 => number / 1000.0,
        6 => number + 1.0,
        _ => number * 1.0e6,
    };
    Some(wrong.to_string())
}

/// One change to the lines of a file.
fn mutate(dice: &mut Dice, lines: &mut Vec<Vec<u8>>) {
    if lines.is_empty() {
        return;
    }
    let fields = fields(lines);
    let (a, b) = (dice.below(lines.len()), dice.below(lines.len()));
    let (one, other) = match fields.len() {
        0 => return lines.clear(),
        n => (fields[dice.below(n)].clone(), fields[dice.below(n)].clone()),
    };
    let field = |(line, range): &Field| lines[*line][range.clone()].to_vec();
    let replacement: Vec<u8> = match dice.below(16) {
        0 => {
            let byte = dice.below(lines[a].len());
            if let Some(byte) = lines[a].get_mut(byte) {
                *byte ^= 1 << dice.below(8);
            }
            return;
        }
        1 => {
            lines.remove(a);
            return;
        }
        2 => return lines.swap(a, b),
        3 => {
            let line = lines[a].clone();
            return lines.insert(b, line);
        }
        4 => return lines.insert(a, dice.choose(&WORDS).as_bytes().to_vec()),
        5 if dice.below(8) == 0 => return lines.truncate(a),
        5 => dice.choose(&WORDS).as_bytes().to_vec(),
        6 => field(&other),
        7 => Vec::new(),
        8 | 9 => dice.choose(&HOSTILE).as_bytes().to_vec(),
        // Most changes are of a kind that lets the model through to the next stage.
        _ => {
            let mut numbers = fields.iter().filter_map(|spot| {
                let text = String::from_utf8(field(spot)).ok()?;
                text.parse::<f64>().is_ok().then_some((spot, text))
            });
            let count = numbers.clone().count();
            let Some((spot, text)) = numbers.nth(dice.below(count)) else { return };
            let Some(wrong) = wrong_number(dice, &text) else { return };
            let (line, range) = spot.clone();
            lines[line].splice(range, wrong.into_bytes());
            return;
        }
    };
    let (line, range) = one;
    lines[line].splice(range, replacement);
}

/// A model file to breed from.
struct Parent {
    path: PathBuf,
    lines: Vec<Vec<u8>>,
    /// Whether it is read without error, so that its children may be, too.
    sound: bool,
}

/// Mutant `number` of the given parents: whose child it is, and its text.
fn mutant(parents: &[Parent], number: u64) -> (&Parent, Vec<u8>) {
    let mut dice = Dice::new(number);
    let sound: Vec<&Parent> = parents.iter().filter(|parent| parent.sound).collect();
    let parent = if sound.is_empty() || dice.below(4) == 0 {
        &parents[dice.below(parents.len())]
    } else {
        sound[dice.below(sound.len())]
    };
    let mut lines = parent.lines.clone();
    for _ in 0..=dice.below(4) {
        mutate(&mut dice, &mut lines);
    }
    (parent, lines.join(&b"\n"[..]))
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("inp"))
            && fs::metadata(&path).is_ok_and(|data| data.len() <= LARGEST_FILE)
        {
            found.push(path);
        }
    }
}

fn parents() -> Vec<Parent> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join("networks"), &mut paths);
    collect(&root.join("tests/models"), &mut paths);
    if let Some(corpus) = std::env::var_os("PAILAO_CORPUS") {
        collect(Path::new(&corpus), &mut paths);
    }
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).ok()?;
        let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        Some(Parent { lines, sound: !has_errors(&read_text(&bytes, &path).diagnostics), path })
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

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    // Every diagnostic must be able to speak for itself, too.
    diagnostics
        .iter()
        .filter(|problem| !problem.to_string().is_empty() && problem.severity > Severity::Warning)
        .count()
        > 0
}

/// Takes a text as far as it goes.
fn digest(bytes: &[u8], name: &Path) -> Stage {
    let reading = read_text(bytes, name);
    if has_errors(&reading.diagnostics) {
        return Stage::Read;
    }
    let mut model = reading.model;
    if has_errors(&check(&mut model)) {
        return Stage::Checked;
    }
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
    let mut series = OutFile::new(results.into_inner()).expect("the results just written");
    let report = Report { model: &model, summary: &summary, outcome: &outcome, clock: WallClock::pinned(0) };
    report.write(&mut io::sink(), Some(&mut series)).expect("nothing that writing could fail on");
    Stage::Ran
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
        let stage = catch_unwind(AssertUnwindSafe(|| digest(&text, &parent.path)));
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
    let (first, count) = (number_from("PAILAO_FUZZ_FIRST", 0), number_from("PAILAO_FUZZ", 200));
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
    let lines = |text: &str| text.split('\n').map(|line| line.as_bytes().to_vec()).collect();
    let lines = lines("[JUNCTIONS]\nA 1 2 3\nB 4 5 6");
    let parents = [Parent { path: PathBuf::from("a.inp"), lines, sound: true }];
    let texts: Vec<Vec<u8>> = (0..100).map(|number| mutant(&parents, number).1).collect();
    for (number, text) in (0..).zip(&texts) {
        assert_eq!(*text, mutant(&parents, number).1);
    }
    let mut kinds = texts.clone();
    kinds.sort();
    kinds.dedup();
    assert!(kinds.len() > 80, "only {} of 100 differ", kinds.len());
}
