//! Studies from the command line: threads, shards and kills leave the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SCENARIO: &str = "scenarios/street.toml";

/// A folder that goes when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("pailao-study-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn pailao(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pailao"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).stdout(Stdio::null());
    command
}

fn compare(scenario: &str, out: &Path, more: &[&str]) -> Option<i32> {
    let out = out.to_str().unwrap();
    let arguments = [&["compare", scenario, "--out", out, "--quiet"], more].concat();
    pailao(&arguments).status().unwrap().code()
}

/// All files below a folder, by their path in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Fails with the names of the files that differ, not with their bytes.
fn assert_same(one: &Path, other: &Path) {
    let (one, other) = (files(one), files(other));
    assert!(!one.is_empty());
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&one), names(&other));
    let different: Vec<_> =
        one.iter().filter(|(name, bytes)| other[*name] != **bytes).map(|(n, _)| n).collect();
    assert!(different.is_empty(), "{different:?}");
}

#[test]
fn threads_and_shards_give_the_same_bytes() {
    let folder = Folder::new("shards");
    let (one, three, merged) = (folder.0.join("one"), folder.0.join("three"), folder.0.join("merged"));
    assert_eq!(compare(SCENARIO, &one, &["--threads", "1"]), Some(0));
    assert_eq!(compare(SCENARIO, &three, &["--threads", "3"]), Some(0));
    assert_same(&one, &three);
    let shards: Vec<PathBuf> = (1..=3).map(|shard| folder.0.join(format!("shard {shard}"))).collect();
    for (index, shard) in shards.iter().enumerate() {
        assert_eq!(compare(SCENARIO, shard, &["--shard", &format!("{}/3", index + 1)]), Some(0));
        assert!(!shard.join("tables").exists(), "a shard is no comparison");
    }
    let runs: usize = shards.iter().map(|shard| files(&shard.join("runs")).len()).sum();
    assert_eq!(runs, files(&one.join("runs")).len(), "each run is in one shard");
    let mut arguments = vec!["merge", SCENARIO, "--quiet", "--out", merged.to_str().unwrap()];
    arguments.extend(shards.iter().map(|shard| shard.to_str().unwrap()));
    assert_eq!(pailao(&arguments).status().unwrap().code(), Some(0));
    assert_same(&one, &merged);
}

#[test]
fn a_study_killed_at_ten_moments_goes_on_and_gives_the_same_bytes() {
    let folder = Folder::new("killed");
    let whole = folder.0.join("whole");
    let begun = Instant::now();
    assert_eq!(compare(SCENARIO, &whole, &["--threads", "1", "--no-plots"]), Some(0));
    let took = begun.elapsed();
    let mut survived = 0;
    for moment in 0..10_u32 {
        let out = folder.0.join(format!("killed {moment}"));
        let arguments =
            ["compare", SCENARIO, "--out", out.to_str().unwrap(), "--quiet", "--threads", "1", "--no-plots"];
        let mut run = pailao(&arguments).spawn().unwrap();
        let wait = took.mul_f64((f64::from(moment) + 0.3) / 10.0).max(Duration::from_millis(1));
        std::thread::sleep(wait);
        run.kill().unwrap();
        survived += u32::from(run.wait().unwrap().success());
        assert_eq!(compare(SCENARIO, &out, &["--threads", "2", "--no-plots"]), Some(0));
        // what a killed process was writing stays under a name of its own
        for (name, _) in files(&out) {
            if name.to_str().unwrap().ends_with(".part") {
                fs::remove_file(out.join(name)).unwrap();
            }
        }
        assert_same(&whole, &out);
    }
    assert!(survived < 5, "{survived} of ten runs were over before they were killed");
}

#[test]
fn an_option_that_cannot_be_built_does_not_lose_the_others() {
    let folder = Folder::new("unbuilt");
    fs::create_dir_all(&folder.0).unwrap();
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(SCENARIO)).unwrap();
    let text = text.replace("\"../", &format!("\"{}/", env!("CARGO_MANIFEST_DIR")));
    // a weir far below the sewer can be read, but not built
    let wrong = text.replace("weir_level = \"47.90 m\"", "weir_level = \"12.00 m\"");
    assert_ne!(text, wrong);
    let scenario = folder.0.join("wrong.toml");
    fs::write(&scenario, wrong).unwrap();
    let out = folder.0.join("out");
    assert_eq!(compare(scenario.to_str().unwrap(), &out, &["--no-plots"]), Some(3));
    let table = fs::read_to_string(out.join("tables/runs.csv")).unwrap();
    let state = |option: &str, horizon: &str| {
        let start = format!("{option},{horizon},P3,as modelled,");
        let row =
            table.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_else(|| panic!("{table}"));
        row.split(',').next().unwrap().to_owned()
    };
    assert_eq!(state("base", "2030"), "done");
    assert_eq!(state("A", "2030"), "done");
    assert_eq!(state("B", "now"), "done", "nothing of B is built by then");
    assert_eq!(state("B", "2030"), "missing");
}

#[test]
fn the_scorecard_of_the_policy_has_a_value_for_the_measure_that_the_street_shows() {
    let folder = Folder::new("policy");
    let out = folder.0.to_str().unwrap();
    let arguments = ["report", "--policy", SCENARIO, "--out", out, "--quiet"];
    assert_eq!(pailao(&arguments).status().unwrap().code(), Some(0));
    let mut table = csv::Reader::from_path(folder.0.join("scorecard.csv")).unwrap();
    let head = table.headers().unwrap().clone();
    let place = |name: &str| head.iter().position(|head| head == name).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let values: Vec<&str> = rows
        .iter()
        .filter(|row| row[place("scenario")] == *SCENARIO && row[place("stage")] == *"check-up")
        .map(|row| &row[place("value")])
        .collect();
    assert_eq!(values.len(), 1, "the street shows one indicator");
    assert!(values[0].parse::<f64>().is_ok_and(|share| (0.0..=100.0).contains(&share)), "{values:?}");
    let numbers: std::collections::BTreeSet<&str> = rows.iter().map(|row| &row[place("number")]).collect();
    assert_eq!(numbers.len(), 20, "every measure of the policy has a row");
    assert!(folder.0.join("street/runs").is_dir(), "the runs stay");
}

#[test]
fn a_measure_that_is_called_working_and_shows_nothing_fails_the_scorecard() {
    let folder = Folder::new("policy-silent");
    fs::create_dir_all(&folder.0).unwrap();
    let file = folder.0.join("policy.toml");
    let text = "title = { en = \"a\", zh = \"甲\" }\nsource = \"made up\"\n[[row]]\nnumber = 1\nclause = \"一\"\n\
        measure = { en = \"b\", zh = \"乙\" }\nstatus = \"working\"\nscenario = \"scenarios/street.toml\"\n\
        [[row.indicator]]\nmetric = \"node_depth\"\nnode = \"nowhere\"\n";
    fs::write(&file, text).unwrap();
    let policy = format!("--policy={}", file.display());
    let out = folder.0.to_str().unwrap();
    let output =
        pailao(&["report", &policy, SCENARIO, "--out", out]).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("measure 1 is called working"));
}
