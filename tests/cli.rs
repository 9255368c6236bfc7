//! The program as scripts and people meet it: exit codes, messages, files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use pailao::results::out::OutFile;

const STREET: &str = "networks/bench-street/network.inp";

/// The program, in the project's folder.
fn pailao(arguments: &[&str]) -> Output {
    Command::cargo_bin("pailao")
        .expect("the program is built")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ends by itself")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("what it says is UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("what it says is UTF-8")
}

/// An empty folder of a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are UTF-8")
}

/// The street with something replaced, in a file.
fn street(folder: &Path, from: &str, to: &str) -> PathBuf {
    let original =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(STREET)).expect("it is there");
    assert!(original.contains(from), "the street has no {from:?}");
    let file = folder.join("街道 model.inp");
    fs::write(&file, original.replacen(from, to, 1)).expect("the model can be written");
    file
}

#[test]
fn help_names_every_command_and_every_exit_code() {
    let help = pailao(&["--help"]);
    assert_eq!(code(&help), 0);
    for word in [
        "run",
        "swmm",
        "check",
        "convert",
        "plot",
        "storm",
        "completions",
        "man",
        "130 interrupted",
        "Examples",
    ] {
        assert!(out(&help).contains(word), "help lacks {word}");
    }
    assert!(out(&pailao(&["--version"])).starts_with("pailao "));
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let wrong: [&[&str]; 5] = [
        &[],
        &["run"],
        &["run", STREET, "--threads", "0"],
        &["drain", STREET],
        &["plot", "a.out", STREET, "--dir", "d", "--from", "M1"],
    ];
    for arguments in wrong {
        let output = pailao(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(err(&output).contains("--help"), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn results_are_never_written_over_the_model() {
    let folder = folder("over_the_model");
    let model = street(&folder, "Bench", "Bench");
    let before = fs::read(&model).expect("it is there");
    for option in ["--rpt", "--out"] {
        let output = pailao(&["run", text(&model), option, text(&model)]);
        assert_eq!(code(&output), 2);
        assert!(err(&output).contains("same file"), "{}", err(&output));
    }
    assert_eq!(code(&pailao(&["swmm", text(&model), text(&model)])), 2);
    assert_eq!(fs::read(&model).expect("it is there"), before);
}

#[test]
fn a_file_that_cannot_be_read_or_written_ends_with_5() {
    let missing = pailao(&["check", "no/such/model.inp"]);
    assert_eq!(code(&missing), 5);
    assert!(err(&missing).contains("no/such/model.inp"), "{}", err(&missing));
    let folder = folder("unwritable");
    fs::write(folder.join("file"), "").expect("it can be written");
    let below_a_file = folder.join("file").join("x.out");
    let output = pailao(&["run", STREET, "--rpt", text(&folder.join("x.rpt")), "--out", text(&below_a_file)]);
    assert_eq!(code(&output), 5, "{}", err(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_with_5_and_is_named() {
    use std::os::unix::fs::FileTypeExt;
    let folder = folder("full_disk");
    let (rpt, results) = (folder.join("a.rpt"), folder.join("a.out"));
    for files in
        [["--out", "/dev/full", "--rpt", text(&rpt)], ["--out", text(&results), "--rpt", "/dev/full"]]
    {
        let output = pailao(&[&["run", STREET, "--quiet"], &files[..]].concat());
        assert_eq!(code(&output), 5, "{files:?}: {}", err(&output));
        let message = err(&output);
        assert!(message.contains("/dev/full") && message.contains("No space left"), "{message}");
        assert!(!message.contains("fault of its own"), "{message}");
        let device = fs::metadata("/dev/full").expect("it is there");
        assert!(device.file_type().is_char_device(), "a device stays a device");
    }
    assert!(OutFile::open(&results).expect("they can be read").is_complete(), "results outlive the report");
}

#[test]
fn an_input_error_ends_with_3_and_says_where_it_stands() {
    let folder = folder("input_error");
    let model = street(&folder, "P1      M1    M2", "P1      M1    Mx");
    for command in ["check", "run"] {
        let output = pailao(&[command, text(&model)]);
        assert_eq!(code(&output), 3, "{command}");
        let message = err(&output);
        let line =
            fs::read_to_string(&model).expect("it is there").lines().position(|l| l.contains("Mx")).unwrap();
        assert!(message.contains("error 209"), "{message}");
        assert!(message.contains(&format!("街道 model.inp:{}:15", line + 1)), "{message}");
        assert!(message.contains("Mx") && message.contains("^^"), "{message}");
        assert!(message.contains("1 error"), "{message}");
        assert!(!message.contains('\x1b'), "no colours in a pipe");
    }
    assert!(!model.with_extension("out").exists(), "a model with errors does not run");
}

#[test]
fn all_errors_are_said_not_the_first() {
    let folder = folder("all_errors");
    let model = street(&folder, "P1      M1    M2    62 ", "P1      Mx    My    six");
    let message = err(&pailao(&["check", text(&model)]));
    for token in ["Mx", "My", "six"] {
        assert!(message.contains(token), "{token} is missing in {message}");
    }
}

#[test]
fn swmm_writes_a_report_of_errors_as_epa_does() {
    let folder = folder("error_report");
    let model = street(&folder, "P1      M1    M2", "P1      M1    Mx");
    let report = folder.join("x.rpt");
    assert_eq!(code(&pailao(&["swmm", text(&model), text(&report)])), 3);
    assert!(fs::read_to_string(report).expect("it is there").contains("ERROR 209"));
}

#[test]
fn physics_that_is_not_simulated_yet_ends_with_4_and_is_named() {
    let folder = folder("unsupported");
    let model = street(&folder, "DYNWAVE", "KINWAVE");
    for command in ["check", "run"] {
        let output = pailao(&[command, text(&model)]);
        assert_eq!(code(&output), 4, "{}", err(&output));
        assert!(err(&output).contains("not simulated yet"), "{}", err(&output));
    }
    for model in ["lid_quality_dynwave", "groundwater_gwf", "rdii", "inlets_all", "snow_climate_evap_temp"] {
        let output = pailao(&["check", &format!("tests/models/{model}.inp")]);
        assert_eq!(code(&output), 4, "{model}: {}", err(&output));
    }
}

#[test]
fn a_model_converted_there_and_back_has_the_same_bytes() {
    let folder = folder("convert");
    let original =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/hunnan/network.inp")).unwrap();
    let convert = |from: &str, to: &str, options: &[&str]| {
        let to = folder.join(to);
        let output = pailao(&[&["convert", from, text(&to)], options].concat());
        assert_eq!(code(&output), 0, "{}", err(&output));
        to
    };
    let hunnan = "networks/hunnan/network.inp";
    assert!(fs::read(convert(hunnan, "same.inp", &[])).unwrap() == original, "no change without options");
    let gbk = convert(hunnan, "gbk.inp", &["--to-encoding", "gbk", "--line-ends", "windows"]);
    let bytes = fs::read(&gbk).unwrap();
    assert!(std::str::from_utf8(&bytes).is_err() && bytes.windows(2).any(|pair| pair == b"\r\n"));
    let back = convert(text(&gbk), "back.inp", &["--to-encoding", "utf-8", "--line-ends", "unix"]);
    assert!(fs::read(back).unwrap() == original, "there and back");
    let checked = pailao(&["check", text(&gbk)]);
    assert_eq!(code(&checked), 0, "a GBK model is read as it is: {}", err(&checked));
}

#[test]
fn a_run_writes_report_results_series_and_pictures() {
    let folder = folder("run");
    let path = |name: &str| folder.join(name);
    let run = pailao(&[
        "run",
        STREET,
        "--rpt",
        text(&path("deep/er/street.rpt")),
        "--out",
        text(&path("street.out")),
        "--csv",
        text(&path("series")),
        "--plots",
        text(&path("pictures")),
    ]);
    assert_eq!(code(&run), 0, "{}", err(&run));
    assert_eq!(err(&run), "", "no progress in a pipe");
    assert!(
        out(&run).contains("Where the water went") && out(&run).contains("Outfall 河边"),
        "{}",
        out(&run)
    );
    let report = fs::read_to_string(path("deep/er/street.rpt")).expect("the report is there");
    assert!(report.contains("Flow Routing Continuity") && !report.contains("INCOMPLETE"));
    let results = OutFile::open(path("street.out")).expect("the results can be read");
    assert!(results.is_complete());
    assert_eq!(results.records(), 180);
    for picture in ["plan", "long_section", "system", "outfalls", "flooding"] {
        for ending in ["svg", "png"] {
            let file = path("pictures").join(format!("{picture}.{ending}"));
            let size = fs::metadata(&file).expect("the picture is there").len();
            assert!(size > 5000, "{} has {size} bytes", file.display());
        }
    }
    assert!(!path("pictures").join("storage.svg").exists(), "the street has no storage to draw");
    let series = fs::read_to_string(path("series").join("nodes_depth.csv")).expect("the series are there");
    assert_eq!(series.lines().count(), 181);
}

#[test]
fn results_lie_beside_the_model_unless_told_otherwise() {
    let folder = folder("beside");
    let model = street(&folder, "Bench", "Bench");
    let run = pailao(&["run", text(&model), "--quiet"]);
    assert_eq!(code(&run), 0, "{}", err(&run));
    assert_eq!((out(&run), err(&run)), (String::new(), String::new()), "quiet is quiet");
    assert!(model.with_extension("rpt").exists() && model.with_extension("out").exists());
}

#[test]
fn the_summary_and_the_labels_come_in_chinese() {
    let folder = folder("chinese");
    let (rpt, results) = (folder.join("a.rpt"), folder.join("a.out"));
    let files = ["--rpt", text(&rpt), "--out", text(&results), "--plots", text(&folder)];
    let run = pailao(&[&["run", STREET, "--lang", "zh"], &files[..]].concat());
    assert!(out(&run).contains("水的去向") && out(&run).contains("排放口 河边"), "{}", out(&run));
    assert!(fs::read_to_string(folder.join("outfalls.svg")).expect("it is there").contains("出流量"));
}

#[test]
fn swmm_runs_without_keeping_results_and_then_lists_the_series() {
    let folder = folder("swmm");
    let report = folder.join("street.rpt");
    let run = pailao(&["swmm", STREET, text(&report)]);
    assert_eq!(code(&run), 0, "{}", err(&run));
    assert!(fs::read_to_string(&report).expect("it is there").contains("Node Depth Summary"));
    let files: Vec<_> = fs::read_dir(&folder).expect("it is there").collect();
    assert_eq!(files.len(), 1, "nothing but the report is left");
}

#[test]
fn pictures_are_drawn_from_a_results_file() {
    let folder = folder("plot");
    let results = folder.join("street.out");
    let rpt = folder.join("street.rpt");
    assert_eq!(code(&pailao(&["swmm", STREET, text(&rpt), text(&results)])), 0);
    let dir = folder.join("图");
    let plot =
        |rest: &[&str]| pailao(&[&["plot", text(&results), STREET, "--dir", text(&dir)], rest].concat());
    let drawn = plot(&["--from", "B1", "--to", "河边", "--node", "M1", "--link", "P8", "--lang", "zh"]);
    assert_eq!(code(&drawn), 0, "{}", err(&drawn));
    for picture in ["long_section", "plan", "node_M1_level", "node_M1_inflow", "link_P8_flow"] {
        assert!(dir.join(format!("{picture}.svg")).exists(), "{picture}");
    }
    let section = fs::read_to_string(dir.join("long_section.svg")).expect("it is there");
    assert!(section.contains("B2") && !section.contains("M2"), "the section leads along the branch");
    let unknown = plot(&["--node", "Nowhere"]);
    assert_eq!(code(&unknown), 3);
    assert!(err(&unknown).contains("Nowhere"), "{}", err(&unknown));
    let foreign = pailao(&["plot", text(&results), "networks/hunnan/network.inp", "--dir", text(&dir)]);
    assert_eq!(code(&foreign), 3, "{}", err(&foreign));
    let no_results = pailao(&["plot", STREET, STREET, "--dir", text(&dir)]);
    assert_eq!(code(&no_results), 5, "{}", err(&no_results));
}

#[test]
fn completions_and_man_pages_are_written() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = pailao(&["completions", shell]);
        assert_eq!(code(&output), 0);
        assert!(out(&output).contains("pailao") && out(&output).len() > 1000, "{shell}");
    }
    let folder = folder("man");
    assert_eq!(code(&pailao(&["man", text(&folder)])), 0);
    for page in ["pailao.1", "pailao-run.1", "pailao-convert.1"] {
        assert!(fs::read_to_string(folder.join(page)).expect("the page is there").contains(".TH"), "{page}");
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let folder = folder("same_bytes");
    let run = |name: &str, threads: &str| {
        let file = folder.join(name);
        let rpt = folder.join(format!("{name}.rpt"));
        let output =
            pailao(&["run", STREET, "--threads", threads, "--out", text(&file), "--rpt", text(&rpt), "-q"]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        fs::read(file).expect("the results are there")
    };
    let first = run("a.out", "1");
    assert!(first == run("b.out", "2"), "two threads");
    assert!(first == run("c.out", "3"), "three threads");
}

#[cfg(unix)]
mod signals {
    use super::*;
    use std::io::Read;
    use std::process::{Child, Stdio};
    use std::time::{Duration, Instant};

    /// A run of the street over ten years, once it has written some results.
    fn long_run(folder: &Path, name: &str) -> (Child, PathBuf) {
        let model = street(folder, "END_DATE             07/21/2026", "END_DATE             07/21/2036");
        let results = folder.join(format!("{name}.out"));
        let rpt = folder.join(format!("{name}.rpt"));
        let child = std::process::Command::new(env!("CARGO_BIN_EXE_pailao"))
            .args(["run", text(&model), "--out", text(&results), "--rpt", text(&rpt)])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let begun = Instant::now();
        while OutFile::open(&results).map_or(0, |file| file.records()) == 0 {
            assert!(begun.elapsed() < Duration::from_secs(30), "no results after 30 s");
            std::thread::sleep(Duration::from_millis(5));
        }
        (child, results)
    }

    fn signal(child: &Child, name: &str) {
        let done = std::process::Command::new("kill").args([name, &child.id().to_string()]).status();
        assert!(done.expect("kill starts").success());
    }

    #[test]
    fn a_run_that_is_interrupted_closes_its_files_and_ends_with_130() {
        for name in ["-INT", "-TERM"] {
            let folder = folder(&format!("interrupted{name}"));
            let (mut child, results) = long_run(&folder, "long");
            signal(&child, name);
            let status = child.wait().expect("it ends");
            assert_eq!(status.code(), Some(130), "{name}");
            let mut said = String::new();
            child.stderr.take().expect("piped").read_to_string(&mut said).expect("UTF-8");
            assert!(said.contains("interrupted at 20"), "{said}");
            assert!(OutFile::open(&results).expect("the results can be read").is_complete());
            let report = fs::read_to_string(results.with_extension("rpt")).expect("the report is there");
            assert!(report.contains("INCOMPLETE: interrupted"));
        }
    }

    #[test]
    fn results_can_be_read_whenever_a_run_is_killed() {
        let folder = folder("killed");
        for moment in 0..10 {
            let (mut child, results) = long_run(&folder, &format!("killed{moment}"));
            std::thread::sleep(Duration::from_millis(37 * moment));
            child.kill().expect("it runs");
            child.wait().expect("it ends");
            let mut file = OutFile::open(&results).expect("the results can be read");
            assert!(file.is_complete(), "moment {moment}: no valid end");
            assert!(file.records() > 0 && file.times().expect("the times can be read").is_sorted());
        }
    }

    #[test]
    fn a_reader_that_goes_away_is_no_fault() {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_pailao"))
            .args(["completions", "zsh"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut said).expect("UTF-8");
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
        assert_eq!(said, "");
    }
}

#[test]
fn a_storm_of_a_city_is_said_written_and_marked_as_not_verified() {
    let folder = folder("storm");
    let dir = folder.join("rain");
    let output = pailao(&["storm", "--city", "沈阳", "--return-period", "5", "--out", text(&dir)]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let said = out(&output);
    for word in ["q = 1984(1 + 0.77 lg P)/(t + 9)^0.77", "NOT VERIFIED", "from memory", "Total 51.98 mm"] {
        assert!(said.contains(word), "{word} is not in {said}");
    }
    let table = fs::read_to_string(dir.join("storm.csv")).unwrap();
    assert_eq!(table.lines().count(), 25, "{table}");
    let svg = fs::read_to_string(dir.join("storm.svg")).unwrap();
    assert!(svg.contains("NOT VERIFIED") && svg.contains("1984(1 + 0.77 lg P)"));
    assert!(dir.join("storm.png").exists());
    let again = folder.join("again.csv");
    pailao(&["storm", "--city", "Shenyang", "-P", "5", "--csv", text(&again)]);
    assert_eq!(table, fs::read_to_string(again).unwrap());

    let chinese = pailao(&["storm", "--city", "沈阳", "-P", "5", "--lang", "zh", "--unit-factor", "166.667"]);
    assert!(
        out(&chinese).contains("未核实") && out(&chinese).contains("总雨量 52.09 mm"),
        "{}",
        out(&chinese)
    );
}

#[test]
fn the_rain_file_of_a_storm_brings_its_depth_into_a_model() {
    let folder = folder("storm-rain");
    let rain = folder.join("rain.dat");
    let storm =
        ["storm", "--formula", "1984,0.77,9,0.77", "-P", "5", "--date", "2026-07-20", "--dat", text(&rain)];
    assert_eq!(code(&pailao(&storm)), 0);
    let model = folder.join("model.inp");
    let inp = "[OPTIONS]\nFLOW_UNITS LPS\nSTART_DATE 07/20/2026\nEND_DATE 07/20/2026\nEND_TIME 04:00\n\
        WET_STEP 00:01:00\nROUTING_STEP 30\n[RAINGAGES]\nG VOLUME 0:05 1.0 FILE \"rain.dat\" STORM MM\n\
        [SUBCATCHMENTS]\nS G O 1 50 50 1 0\n[SUBAREAS]\nS 0.01 0.1 0 0 25 OUTLET\n[INFILTRATION]\nS 50 5 4 7 0\n\
        [OUTFALLS]\nO 0 FREE NO\n[REPORT]\nSUBCATCHMENTS ALL\n";
    fs::write(&model, inp).unwrap();
    let run = pailao(&["run", text(&model)]);
    assert_eq!(code(&run), 0, "{}", err(&run));
    let report = fs::read_to_string(folder.join("model.rpt")).unwrap();
    let total = report.lines().find(|line| line.contains("Total Precipitation")).unwrap();
    assert!(total.trim_end().ends_with("51.984"), "{total}");
}

#[test]
fn storms_that_cannot_be_are_refused_with_a_way_on() {
    let cases: [(&[&str], i32, &str); 9] = [
        (&["storm"], 2, "--formula"),
        (&["storm", "--city", "沈阳"], 2, "--return-period"),
        (&["storm", "--city", "抚顺", "-P", "5"], 3, "--formula A,C,b,n"),
        (&["storm", "--city", "Shengyang", "-P", "5"], 3, "沈阳 Shenyang"),
        (&["storm", "--city", "北京", "-P", "5"], 3, "zone I"),
        (&["storm", "--city", "沈阳", "-P", "5", "--duration", "1440"], 3, "5 to 120 min"),
        (&["storm", "--city", "沈阳", "-P", "5", "--plot", "a.pdf"], 2, ".svg"),
        (&["storm", "--formula", "1984,0.77,9", "-P", "5"], 2, "A,C,b,n"),
        (&["storm", "--formula-file", "nowhere.toml", "-P", "5"], 5, "nowhere.toml"),
    ];
    for (arguments, exit, word) in cases {
        let output = pailao(arguments);
        assert_eq!(code(&output), exit, "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(word), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn the_list_of_formulas_says_what_is_known_of_each() {
    let all = pailao(&["storm", "--list"]);
    let said = out(&all);
    assert_eq!((code(&all), said.lines().count()), (0, 47), "{said}");
    assert!(said.lines().any(|line| line.starts_with("抚顺 Fushun") && line.contains("unknown")), "{said}");
    let one = out(&pailao(&["storm", "--list", "--city", "黄埔"]));
    assert!(one.contains("SUSPECT") && one.contains("14.5 mm in 60 min"), "{one}");
}

#[test]
fn annual_maxima_are_fitted_and_a_short_table_of_depths_makes_a_day() {
    let folder = folder("storm-fit");
    let maxima = folder.join("maxima.csv");
    fs::write(
        &maxima,
        "mm\n28.4\n35.1\n41.7\n22.9\n55.3\n31.8\n47.2\n38.6\n62.5\n26.3\n44.0\n33.7\n29.9\n71.8\n36.4\n40.2\n24.7\n\
         51.6\n34.5\n45.9\n30.6\n58.1\n39.3\n27.5\n43.1\n",
    )
    .unwrap();
    let fit = pailao(&["storm", "--fit", text(&maxima)]);
    let said = out(&fit);
    assert_eq!(code(&fit), 0, "{}", err(&fit));
    for number in ["76.592", "78.257", "78.995", "80.721", "82.938", "-0.03623", "Cs = 0.8786"] {
        assert!(said.contains(number), "{number} is not in\n{said}");
    }
    let gumbel = out(&pailao(&["storm", "--fit", text(&maxima), "--distribution", "gumbel"]));
    assert!(gumbel.contains("80.721") && !gumbel.contains("GEV"), "{gumbel}");

    let depths = folder.join("ddf.csv");
    fs::write(&depths, "min,mm\n5,11\n60,47\n1440,145\n").unwrap();
    let arguments = ["storm", "--depths", text(&depths), "--pattern", "common-frequency"];
    let day = pailao(&arguments);
    assert!(out(&day).contains("Total 145.00 mm in 288 steps"), "{}{}", out(&day), err(&day));
}
