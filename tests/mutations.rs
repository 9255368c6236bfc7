//! Broken models: whatever stands in a file, there is a diagnosis or a run, never a panic, never a
//! hang.
//!
//! `PAILAO_MUTATIONS` says how many broken copies are tried (400 without it), `PAILAO_SEED` where the
//! sequence begins. A copy that fails is kept in cargo's temporary folder and named with its seed.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use pailao::cli::pictures::{Album, Extremes};
use pailao::diagnostic::{Diagnostic, Severity};
use pailao::input::{inp, rain_file};
use pailao::model::Model;
use pailao::model::check::check;
use pailao::plot::Sheet;
use pailao::results::out::{OutFile, OutWriter};
use pailao::results::rpt::{Report, WallClock};
use pailao::routing::Params;
use pailao::simulation::{self, Progress, Sink};
use pailao::statistics::RunSummary;

/// Longest time that one copy may take before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(60);
/// Most routing steps that a copy is run for, and longest time.
const STEPS: u32 = 150;
const RUN_TIME: Duration = Duration::from_secs(2);

/// SplitMix64 (Steele, Lea and Flood 2014): the same sequence everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// A number below `end`, 0 when there is none.
    fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }
    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// What numbers are replaced by.
const NUMBERS: [&str; 22] = [
    "",
    "0",
    "-0",
    "-1",
    "1",
    "1e-300",
    "-1e-9",
    "1e9",
    "1e308",
    "-1e308",
    "9999999999999999999999",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "0x10",
    "1e",
    "1,5",
    "٣",
    "-0.0000001",
    "32768",
    "4294967296",
];

/// What words are replaced by.
const WORDS: [&str; 14] = [
    "*",
    "\"\"",
    "\"",
    ";",
    "[",
    "YES",
    "NO",
    "ALL",
    "DYNWAVE",
    "FUNCTIONAL",
    "名字",
    "\u{feff}",
    "\0",
    "aVeryLongNameThatNoElementHasAndNoTableHoldsaVeryLongNameThatNoElementHasAndNoTableHolds",
];

/// Breaks a model in one to three places, mostly in one.
fn broken(original: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=random.below(3) * random.below(2) {
        let mut lines: Vec<Vec<u8>> = bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        let line = random.below(lines.len());
        match random.below(14) {
            0 => {
                let at = random.below(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
                continue;
            }
            1 => {
                let at = random.below(bytes.len());
                bytes.truncate(at);
                continue;
            }
            2 => drop(lines.remove(line)),
            3 => {
                let other = random.below(lines.len());
                lines.swap(line, other);
            }
            4 => {
                let copy = lines[line].clone();
                let at = random.below(lines.len());
                lines.insert(at, copy);
            }
            5 => {
                // a whole section goes, or only its heading
                let headings: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].starts_with(b"[")).collect();
                if let Some(first) = headings.get(random.below(headings.len())).copied() {
                    let next = headings.iter().copied().find(|h| *h > first).unwrap_or(lines.len());
                    let end = if random.below(2) == 0 { first + 1 } else { next };
                    lines.drain(first..end);
                }
            }
            _ => {
                let text = String::from_utf8_lossy(&lines[line]).into_owned();
                let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
                let numbers: Vec<usize> =
                    (0..words.len()).filter(|i| words[*i].parse::<f64>().is_ok()).collect();
                let at = match numbers.get(random.below(numbers.len())) {
                    Some(number) if random.below(4) > 0 => *number,
                    _ => random.below(words.len()),
                };
                let with = if random.below(3) > 0 { *random.pick(&NUMBERS) } else { *random.pick(&WORDS) };
                words[at] = with.to_owned();
                lines[line] = words.join(" ").into_bytes();
            }
        }
        bytes = lines.join(&b'\n');
    }
    bytes
}

/// Reads, checks and, if it can, runs and reports a model for a while; whether it ran.
fn walk(bytes: &[u8], path: &Path, draw: bool) -> bool {
    let mut reading = inp::read_text(bytes, path);
    let errors = |found: &[Diagnostic]| found.iter().any(|d| d.severity == Severity::Error);
    if !errors(&reading.diagnostics) {
        let folder = path.parent().unwrap_or(path);
        reading.diagnostics.extend(rain_file::load_rain_files(&mut reading.model, folder));
        reading.diagnostics.extend(check(&mut reading.model));
    }
    for diagnostic in &reading.diagnostics {
        assert!(!diagnostic.to_string().is_empty());
    }
    let written = reading.document.to_bytes().expect("a document has the characters that it was read with");
    assert!(written == bytes, "what was read is written back");
    if reading.diagnostics.iter().any(|diagnostic| diagnostic.severity > Severity::Warning) {
        return false;
    }
    let Ok(params) = Params::compile(&reading.model) else { return false };
    let mut out = OutWriter::new(std::io::Cursor::new(Vec::new()), params.full_depth);
    let (mut steps, begun) = (0, Instant::now());
    let mut keep_going = |_: &Progress| {
        steps += 1;
        steps < STEPS && begun.elapsed() < RUN_TIME
    };
    let sinks: &mut [&mut dyn Sink] = &mut [&mut out];
    let Ok((summary, outcome)) = simulation::run(&reading.model, sinks, &mut keep_going) else {
        return false;
    };
    let clock = WallClock::pinned(0);
    let report = Report { model: &reading.model, summary: &summary, outcome: &outcome, clock };
    report.write::<fs::File>(&mut std::io::sink(), None).expect("nothing can fail in memory");
    if draw {
        draw_all(&reading.model, &out.into_inner().into_inner(), &summary);
    }
    true
}

/// Draws every picture that a run gets, as vectors.
fn draw_all(model: &Model, results: &[u8], summary: &RunSummary) {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations/drawn.out");
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
        assert!(picture.svg().ends_with("</svg>\n") || picture.svg().ends_with("</svg>"));
    }
}

/// The models that are broken.
fn originals() -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = fs::read_dir(root.join("tests/models"))
        .expect("the models are there")
        .map(|entry| entry.expect("the models are there").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "inp"))
        .collect();
    files.push(root.join("networks/bench-street/network.inp"));
    files.sort();
    assert!(files.len() > 20);
    files.into_iter().map(|file| (file.clone(), fs::read(file).expect("the model is there"))).collect()
}

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn no_broken_model_makes_the_program_panic_or_hang() {
    let originals = originals();
    let (first, count) = (setting("PAILAO_SEED", 0), setting("PAILAO_MUTATIONS", 400));
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations");
    fs::create_dir_all(&kept).expect("the folder can be made");
    let (report, reports) = mpsc::channel();
    let worker_kept = kept.clone();
    let worker = std::thread::spawn(move || {
        for seed in first..first + count {
            let mut random = Random(seed);
            let (path, original) = random.pick(&originals);
            let bytes = broken(original, &mut random);
            let file = worker_kept.join(format!("{seed}.inp"));
            fs::write(&file, &bytes).expect("the copy can be written");
            let result = catch_unwind(AssertUnwindSafe(|| walk(&bytes, path, seed % 20 == 0)));
            if result.is_ok() {
                let _ = fs::remove_file(file);
            }
            if report.send((seed, result.ok())).is_err() {
                return;
            }
        }
    });
    let (mut ran, mut panicked) = (0, Vec::new());
    for seed in first..first + count {
        match reports.recv_timeout(PATIENCE) {
            Ok((seed, None)) => panicked.push(seed),
            Ok((_, Some(run))) => ran += u64::from(run),
            Err(_) => panic!("seed {seed} hangs: see {}", kept.join(format!("{seed}.inp")).display()),
        }
    }
    worker.join().expect("the worker ends");
    assert!(panicked.is_empty(), "seeds {panicked:?} panic: see {}", kept.display());
    println!("{count} broken models: {ran} ran, {} were diagnosed", count - ran);
    assert!(
        ran * 20 > count && ran < count,
        "only {ran} of {count} ran: the copies are broken too much or too little"
    );
}
