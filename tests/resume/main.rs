//! A run that is stopped, in whatever way, goes on from its checkpoint and leaves the same bytes as one that was not.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ndarray::Array2;
use pailao::model::raster::Raster;
use pailao::results::raster::geotiff;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Wrong input and what does not belong together.
const INPUT: i32 = 3;
const INTERRUPTED: i32 = 130;

/// A run in a folder of its own: the model beside its results.
struct Case {
    folder: PathBuf,
    more: Vec<&'static str>,
}

impl Case {
    /// A new folder with files in it, and what is asked of the run besides the model.
    fn new(name: &str, files: &[(&str, &[u8])], more: &[&'static str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("resume").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the folder can be made");
        for (name, bytes) in files {
            fs::write(folder.join(name), bytes).expect("it can be written");
        }
        Self { folder, more: more.to_vec() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pailao"));
        command.current_dir(&self.folder).env("SOURCE_DATE_EPOCH", "1000000000");
        command.args(["run", "model.inp", "--csv", "csv"]).args(&self.more).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs to the end.
    fn finish(&self, arguments: &[&str]) {
        let done = self.run(arguments);
        assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    }

    /// Runs to a simulated time.
    fn stop_at(&self, until: &str, arguments: &[&str]) -> Output {
        let done = self.run(&[&["--until", until], arguments].concat());
        assert_eq!(done.status.code(), Some(0), "{}", err(&done));
        assert!(err(&done).contains("as asked"), "{}", err(&done));
        assert!(self.folder.join("model.checkpoint").exists());
        done
    }

    /// Every file, by its path within the folder.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("it is there") {
                let path = entry.expect("it can be read").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.folder).expect("it is inside").to_path_buf();
                    files.insert(name, fs::read(&path).expect("it can be read"));
                }
            }
        }
        files
    }
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("what it says is UTF-8")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("what it says is UTF-8")
}

/// Two runs left the same files, byte for byte.
fn same(one: &Case, other: &Case) {
    let (one, other) = (one.files(), other.files());
    assert!(one.keys().eq(other.keys()), "{:?} {:?}", one.keys(), other.keys());
    for (name, bytes) in &one {
        assert!(other[name] == *bytes, "{} differs", name.display());
    }
    assert!(one.len() > 5);
}

fn file(path: &str) -> Vec<u8> {
    fs::read(Path::new(ROOT).join(path)).expect("it is there")
}

/// A model of the tests with something replaced.
fn model(name: &str, from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(file(&format!("tests/models/{name}.inp"))).expect("it is UTF-8");
    assert!(text.contains(from), "{name} has no {from:?}");
    text.replacen(from, to, 1).into_bytes()
}

/// Stopped at some times: before the first report, at times that are none of reports.
fn goes_on(name: &str, files: &[(&str, &[u8])], more: &[&'static str], stops: &[&str]) {
    let whole = Case::new(&format!("{name}-whole"), files, more);
    whole.finish(&[]);
    let stopped = Case::new(&format!("{name}-stopped"), files, more);
    for stop in stops {
        // the first finds no checkpoint and begins; results do not depend on the threads of a part
        stopped.stop_at(stop, &["--resume", "--threads", "2"]);
    }
    stopped.finish(&["--resume"]);
    same(&whole, &stopped);
}

#[test]
fn a_network_with_rules_pumps_and_land_goes_on_to_the_same_bytes() {
    goes_on(
        "controls",
        &[("model.inp", &file("tests/models/controls_all.inp"))],
        &[],
        &["97s", "62min", "5.01h"],
    );
    for name in ["infil_mix", "pumps_all", "regulators_all", "options_ponding_steadyskip"] {
        goes_on(
            name,
            &[("model.inp", &file(&format!("tests/models/{name}.inp")))],
            &[],
            &["31s", "17min", "1h"],
        );
    }
}

#[test]
fn averages_and_reports_that_begin_late_go_on_to_the_same_bytes() {
    let late = model("controls_all", "REPORT_START_TIME      00:00:00", "REPORT_START_TIME 02:10:00");
    goes_on("late", &[("model.inp", &late)], &[], &["1h", "2h", "133min"]);
    let averages = model("controls_all", "[REPORT]", "[REPORT]\nAVERAGES YES");
    goes_on("averages", &[("model.inp", &averages)], &[], &["97s", "1h", "303min"]);
}

/// The ground of the town: a street that falls to the east, lower in its middle.
fn ground(folder: &Path) -> Vec<u8> {
    let values = Array2::from_shape_fn((50, 50), |(row, column)| {
        let side = (row as f32 - 24.0).abs();
        20.0 - 0.004 * column as f32 + 0.01 * side
    });
    let crs = Some("EPSG:4549".into());
    let terrain = Raster { west: 500_000.0, north: 4_500_100.0, cell: 2.0, crs, values };
    fs::create_dir_all(folder).expect("the folder can be made");
    let path = folder.join("dem.tif");
    geotiff::write(&path, &terrain).expect("the terrain can be written");
    fs::read(path).expect("it is there")
}

/// What is asked of every surface: rain, soils that remember, an open edge, what is kept over time.
const SURFACE: &str = "[surface]
terrain = \"dem.tif\"
runoff_from = \"grid\"
infiltration.soils.lawn = { law = \"green_ampt\", conductivity = \"12 mm/h\", suction = \"90 mm\", deficit = 0.3 }
gauge = [{ name = \"corner\", at = [500041.0, 4500051.0] }]
line = [{ name = \"across\", from = [500050.0, 4500000.0], to = [500050.0, 4500100.0] }]
boundary = [{ edge = \"east\" }]
";

/// The town with a `[surface]` table of its own.
fn town(name: &str, table: &str, more: &[&'static str], stops: &[&str]) {
    let ground = ground(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("resume-ground").join(name));
    let table = format!("{SURFACE}{table}");
    // a quarter of an hour: all that the rain does
    let inp = String::from_utf8(file("tests/surface/town.inp")).expect("it is UTF-8");
    let inp = inp.replacen("END_TIME 01:00", "END_TIME 00:15", 1);
    let files: [(&str, &[u8]); 3] =
        [("model.inp", inp.as_bytes()), ("dem.tif", &ground), ("street.toml", table.as_bytes())];
    let surface = ["--surface", "street.toml", "--crs", "EPSG:4549", "--maps", "maps", "--stack", "stack.nc"];
    goes_on(name, &files, &[&surface, more].concat(), stops);
}

#[test]
fn a_street_in_single_precision_goes_on_to_the_same_bytes() {
    town("single", "law = \"inertial\"\n", &[], &["3s", "4min", "11min"]);
}

#[test]
fn pictures_and_the_film_of_a_run_that_went_on_are_the_same() {
    town("pictures", "law = \"inertial\"\n", &["--plots", "plots"], &["7min"]);
}

#[test]
fn a_street_in_double_precision_goes_on_to_the_same_bytes() {
    town("double", "law = \"inertial\"\nprecision = \"double\"\n", &[], &["3s", "4min", "11min"]);
}

#[test]
fn a_street_with_shocks_goes_on_to_the_same_bytes() {
    town("shock", "law = \"shock\"\n", &[], &["3s", "4min", "11min"]);
}

/// A run of an hour, that takes a while since it keeps a checkpoint in every step.
fn slow(name: &str) -> (Case, Case) {
    let ground = ground(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("resume-ground").join(name));
    let files: [(&str, &[u8]); 2] = [("model.inp", &file("tests/surface/town.inp")), ("dem.tif", &ground)];
    let more = ["--terrain", "dem.tif", "--rain-on", "grid", "--maps", "maps", "--stack", "stack.nc"];
    let whole = Case::new(&format!("{name}-whole"), &files, &more);
    whole.finish(&[]);
    (whole, Case::new(&format!("{name}-stopped"), &files, &more))
}

/// Waits for a checkpoint that is not the one before, and a little longer.
fn wait_for_another(path: &Path, before: Option<&[u8]>) {
    let begun = Instant::now();
    while fs::read(path).ok().as_deref() == before {
        assert!(begun.elapsed() < Duration::from_secs(120), "no checkpoint came");
        sleep(Duration::from_millis(5));
    }
    sleep(Duration::from_millis(250));
}

#[test]
fn a_run_that_is_killed_goes_on_from_its_last_whole_checkpoint() {
    let (whole, killed) = slow("killed");
    let checkpoint = killed.folder.join("model.checkpoint");
    for round in 0..3 {
        let before = fs::read(&checkpoint).ok();
        let mut command = killed.command(&["--checkpoint", "0s", "--resume"]);
        let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        wait_for_another(&checkpoint, before.as_deref());
        // a step without any ado: neither files nor the checkpoint are finished
        run.kill().expect("it runs");
        let status = run.wait().expect("it has ended");
        assert_eq!(status.code(), None, "round {round} was over before it was killed");
    }
    killed.finish(&["--resume"]);
    // what was being written when it was killed is left, as after a loss of power
    let _ = fs::remove_file(killed.folder.join("model.checkpoint.part"));
    same(&whole, &killed);
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_keeps_a_checkpoint_and_says_how_to_go_on() {
    let (whole, stopped) = slow("interrupted");
    let mut command = stopped.command(&["--checkpoint", "0s"]);
    let run = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    wait_for_another(&stopped.folder.join("model.checkpoint"), None);
    let asked = Command::new("kill").args(["-INT", &run.id().to_string()]).status().expect("it is asked");
    assert!(asked.success());
    let done = run.wait_with_output().expect("it ends");
    assert_eq!(done.status.code(), Some(INTERRUPTED), "{}", err(&done));
    assert!(err(&done).contains("the same command with --resume goes on from there"), "{}", err(&done));
    assert!(stopped.folder.join("maps/INCOMPLETE.txt").exists() && stopped.folder.join("model.rpt").exists());
    stopped.finish(&["--resume"]);
    same(&whole, &stopped);
}

#[test]
fn a_run_that_finds_no_checkpoint_begins_and_says_so() {
    let files: [(&str, &[u8]); 1] = [("model.inp", &file("tests/models/controls_all.inp"))];
    let case = Case::new("none", &files, &[]);
    let done = case.run(&["--resume"]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    assert!(out(&done).contains("No checkpoint at model.checkpoint: begins at the start"), "{}", out(&done));
    assert!(!case.folder.join("model.checkpoint").exists(), "a run that is over leaves none");
    let zh = case.run(&["--resume", "--lang", "zh"]);
    assert!(out(&zh).contains("没有检查点 model.checkpoint：从头开始"), "{}", out(&zh));
}

#[test]
fn a_checkpoint_of_another_run_is_refused_and_says_what_differs() {
    let (inp, rain) = (file("tests/models/controls_all.inp"), file("tests/surface/town.inp"));
    let case = Case::new("other", &[("model.inp", &inp)], &[]);
    case.stop_at("1h", &[]);
    let before = case.files();
    let refused = |arguments: &[&str], words: &str| {
        let done = case.run(&[&["--resume"], arguments].concat());
        assert_eq!(done.status.code(), Some(INPUT), "{}", err(&done));
        assert!(err(&done).contains(words), "{words}: {}", err(&done));
    };
    refused(&["--plots", "plots"], "belongs to another run; what differs: --plots; without --resume");
    refused(&["--encoding", "gbk", "--lang", "zh"], "属于另一次运行，不同之处：--encoding");
    fs::write(case.folder.join("model.inp"), &rain).expect("it can be written");
    refused(&[], "belongs to another run; what differs: the model");
    fs::write(case.folder.join("model.inp"), &inp).expect("it can be written");
    assert!(case.files() == before, "what is refused changes nothing");
    case.finish(&["--resume"]);
}

#[test]
fn a_checkpoint_or_results_that_were_changed_are_refused() {
    let case = Case::new("changed", &[("model.inp", &file("tests/models/controls_all.inp"))], &[]);
    case.stop_at("1h", &[]);
    let checkpoint = case.folder.join("model.checkpoint");
    let whole = fs::read(&checkpoint).expect("it is there");
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 4;
    for (bytes, words) in [
        (&damaged[..], "model.checkpoint is damaged: it is not as it was written"),
        (&whole[..whole.len() - 7], "model.checkpoint is damaged"),
        (&b"[TITLE]\n"[..], "model.checkpoint is no checkpoint of this version of pailao"),
    ] {
        fs::write(&checkpoint, bytes).expect("it can be written");
        let done = case.run(&["--resume"]);
        assert_eq!(done.status.code(), Some(INPUT), "{}", err(&done));
        assert!(err(&done).contains(words), "{words}: {}", err(&done));
    }
    fs::write(&checkpoint, &whole).expect("it can be written");
    let series = case.folder.join("csv/nodes_depth.csv");
    let text = fs::read(&series).expect("it is there");
    fs::write(&series, b"time\n").expect("it can be written");
    let done = case.run(&["--resume"]);
    assert_eq!(done.status.code(), Some(5), "{}", err(&done));
    assert!(
        err(&done).contains("nodes_depth.csv is not what it was when the checkpoint was taken"),
        "{}",
        err(&done)
    );
    fs::write(&series, text).expect("it can be written");
    case.finish(&["--resume"]);
}

#[test]
fn checkpoints_change_nothing_and_a_run_that_begins_anew_drops_the_old_one() {
    let files: [(&str, &[u8]); 1] = [("model.inp", &file("tests/models/controls_all.inp"))];
    let (plain, kept) = (Case::new("plain", &files, &[]), Case::new("kept", &files, &[]));
    plain.finish(&[]);
    kept.stop_at("2h", &[]);
    kept.finish(&["--checkpoint", "0.02s"]);
    same(&plain, &kept);
    let wrong = kept.run(&["--checkpoint", "-1s"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", err(&wrong));
}
