//! Claims about whole studies, on the network of Bench Street.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::diagnostic::Diagnostic;
use crate::edit::editor::number;
use crate::edit::{Edited, Editor, Network, Site};
use crate::input::inp::Section;
use crate::results::out::OutWriter;
use crate::routing::Params;
use crate::scenario::catalogue::Catalogues;
use crate::scenario::measure::{Lid, Measure, Method, Roughness, Verb};
use crate::scenario::quantity::{Area, Length, Share, Span};
use crate::scenario::storm::{DesignStorm, IntensityFormula, Pattern, RainSource};
use crate::scenario::study::{
    Choice, Horizon, HorizonTable, OptionTable, Outputs, RunLength, Scenario, Stage, StageTable, StudyStorm,
};
use crate::simulation;

/// Applies the roughness of a measure and nothing else, so that these tests do not lean on other measures.
fn roughness_only(
    network: &Network,
    site: &Site,
    _: usize,
    measure: &Measure,
) -> Result<Edited, Vec<Diagnostic>> {
    let Verb::Roughness(details) = &measure.verb else {
        return Err(vec![Diagnostic::unsupported(format!("{} is not simulated", measure.verb.word()))]);
    };
    let picked = details.rule.iter().flat_map(|rule| &site.picks[&rule.text]);
    let mut editor = Editor::new(network);
    for pipe in details.pipes.iter().chain(picked) {
        let row = editor.row(Section::Conduits, pipe).unwrap();
        editor.set(row, 4, &number(details.to), "0");
    }
    Ok(Edited { network: editor.finish()?, changes: Vec::new(), warnings: Vec::new() })
}

fn lining(phase: &str, pipes: &[&str], rule: Option<&str>) -> Measure {
    let details = Roughness {
        pipes: pipes.iter().map(|pipe| (*pipe).to_owned()).collect(),
        rule: rule.map(|rule| rule.parse().unwrap()),
        to: 0.009,
        method: Method::Lining,
        wall: None,
    };
    Measure { name: None, phase: phase.into(), verb: Verb::Roughness(details) }
}

fn lid() -> Measure {
    let details = Lid {
        subcatchments: vec!["Park".into()],
        kind: "roof".into(),
        area: Area(1.0),
        from: "pervious".into(),
    };
    Measure { name: None, phase: "I".into(), verb: Verb::Lid(details) }
}

fn storm(name: &str, years: f64) -> StudyStorm {
    let formula = Box::new(IntensityFormula::of_user(1984.0, 0.77, 9.0, 0.77));
    let source = RainSource::Formula { formula, return_period_years: years };
    let pattern = Pattern::Chicago { duration_s: 3600, peak_ratio: 0.4, step_s: 300 };
    StudyStorm {
        rain: DesignStorm::new(name, source, Some(pattern)),
        event_gap: 1800.0,
        run: RunLength::default(),
    }
}

fn choice(name: &str, measures: Vec<Measure>) -> Choice {
    Choice { name: name.into(), table: OptionTable { title: None, measures } }
}

fn horizon(name: &str, phases: &[&str], table: HorizonTable) -> Horizon {
    let phases = phases.iter().map(|phase| (*phase).to_owned()).collect();
    Horizon { name: name.into(), table: HorizonTable { phases, ..table } }
}

fn bench_street() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/bench-street/network.inp")
}

/// Three options, two horizons, two storms, the second of which meets two stages.
fn scenario() -> Scenario {
    let study = toml::from_str(&format!(
        "network = {:?}\noverflows = [\"河边\"]",
        bench_street().display().to_string()
    ));
    let high = StageTable { outfalls: BTreeMap::from([("*".into(), Length(47.0))]), ..StageTable::default() };
    Scenario {
        path: PathBuf::from("scenario.toml"),
        study: study.unwrap(),
        storms: vec![storm("P1", 1.0), storm("P5", 5.0)],
        stages: vec![
            Stage { name: "as modelled".into(), ..Stage::default() },
            Stage { name: "高".into(), table: high, series: None },
        ],
        pairing: vec![vec![0], vec![0, 1]],
        horizons: vec![
            horizon("2030", &["I"], HorizonTable::default()),
            horizon("2035", &["I", "II"], HorizonTable { rain_uplift: Some(1.1), ..HorizonTable::default() }),
        ],
        options: vec![
            choice("base", Vec::new()),
            choice("A", vec![lining("I", &["P3"], None), lining("II", &["P4"], None)]),
            choice("B", vec![lining("II", &["P3"], None)]),
        ],
        run: RunLength { after: Some(Span(600.0)), ..RunLength::default() },
        surface: None,
        outputs: Outputs { hydrographs: vec!["M5".into(), "P7".into()], ..Outputs::default() },
        observed: None,
    }
}

fn open(scenario: Scenario, store: Option<&Store>) -> Result<Study, Vec<Diagnostic>> {
    let never = AtomicBool::new(false);
    Study::open_with(scenario, Catalogues::default(), Vec::new(), store, &never, roughness_only)
}

/// A folder of its own for a test, which goes with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("pailao-study-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        Self(folder)
    }
    fn store(&self, name: &str) -> Store {
        Store::open(self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn run(study: &Study, store: &Store, threads: usize, shard: Shard) -> Vec<RunRow> {
    let order = Order { store, threads, shard, keep: &Keep::default() };
    study.run(&order, &mut |_| (), &AtomicBool::new(false)).unwrap()
}

fn digest(row: &RunRow) -> &Digest {
    match &row.state {
        State::Done(digest) => digest,
        other => panic!("{}: {other:?}", row.spec.id),
    }
}

/// All files of a store, by name.
fn files(store: &Store) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(store.folder()).unwrap().map(|entry| entry.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

#[test]
fn runs_are_options_by_horizons_by_storms_with_their_stages() {
    let study = open(scenario(), None).unwrap();
    let ids: Vec<&str> = study.specs().iter().map(|spec| spec.id.as_str()).collect();
    assert_eq!(ids.len(), 18);
    assert_eq!(
        ids[..4],
        [
            "base/2030/P1/as modelled",
            "base/2030/P5/as modelled",
            "base/2030/P5/高",
            "base/2035/P1/as modelled"
        ]
    );
    assert_eq!(study.specs()[2].file_name, "base_2030_P5_高");
    assert_eq!(ids[17], "B/2035/P5/高");
}

#[test]
fn a_horizon_that_names_storms_runs_no_others() {
    let mut scenario = scenario();
    scenario.horizons[1].table.storms = vec!["P5".into()];
    let study = open(scenario, None).unwrap();
    let ids: Vec<&str> = study.specs().iter().map(|spec| spec.id.as_str()).collect();
    assert_eq!(ids[3..5], ["base/2035/P5/as modelled", "base/2035/P5/高"]);
    assert_eq!(ids.len(), 15);
}

#[test]
fn another_future_runs_each_storm_with_its_first_real_stage() {
    let mut scenario = scenario();
    scenario.stages[1].table.free = true;
    scenario.pairing = vec![vec![1], vec![1, 0]];
    let future = HorizonTable { future_of: Some("2035".into()), ..HorizonTable::default() };
    scenario.horizons.push(horizon("wet", &["I", "II"], future));
    let study = open(scenario, None).unwrap();
    let ids: Vec<&str> = study.specs().iter().map(|spec| spec.id.as_str()).collect();
    assert_eq!(ids[6..8], ["base/wet/P1/高", "base/wet/P5/as modelled"]);
    assert_eq!(ids.len(), 24);
}

/// Writes the share of storm water that is misconnected as a roughness, to be seen.
fn misconnection_shown(
    network: &Network,
    _: &Site,
    _: usize,
    measure: &Measure,
) -> Result<Edited, Vec<Diagnostic>> {
    let Verb::Separate(separate) = &measure.verb else { panic!("{measure:?}") };
    let mut editor = Editor::new(network);
    let row = editor.row(Section::Conduits, "P3").unwrap();
    editor.set(row, 4, &number(separate.storm_to_foul.0), "0");
    Ok(Edited { network: editor.finish()?, changes: Vec::new(), warnings: Vec::new() })
}

#[test]
fn the_misconnection_of_a_future_stands_in_place_of_that_of_all_measures() {
    let mut scenario = scenario();
    let separate = "area = \"N1\"\nexisting_sewer = \"foul\"\nplots_connected = \"60 %\"\n\
                    storm_to_foul = \"10 %\"\nfoul_to_storm = \"5 %\"\noutlet = \"M1\"";
    let verb = Verb::Separate(toml::from_str(separate).unwrap());
    scenario.options = vec![choice("C", vec![Measure { name: None, phase: "I".into(), verb }])];
    scenario.horizons.push(horizon(
        "mixed",
        &["I"],
        HorizonTable {
            misconnection: Some(Share(0.2)),
            future_of: Some("2035".into()),
            ..HorizonTable::default()
        },
    ));
    assert_eq!((scenario.future_of(2), scenario.future_of(1), scenario.last_horizon()), (Some(1), None, 1));
    let never = AtomicBool::new(false);
    let study =
        Study::open_with(scenario, Catalogues::default(), Vec::new(), None, &never, misconnection_shown)
            .unwrap();
    let roughness = |horizon: usize| {
        let network = &study.built(0, horizon).unwrap().network;
        let editor = Editor::new(network);
        editor.field(editor.row(Section::Conduits, "P3").unwrap(), 4).unwrap()
    };
    assert_eq!([roughness(1), roughness(2)], ["0.1", "0.2"]);
}

#[test]
fn runs_with_the_same_text_are_run_once() {
    let folder = Folder::new("once");
    let store = folder.store("s");
    let study = open(scenario(), None).unwrap();
    let order = Order { store: &store, threads: 2, shard: Shard::default(), keep: &Keep::default() };
    let mut told = Vec::new();
    let rows = study
        .run(&order, &mut |p| told.push((p.done, p.of, p.ended.is_some(), p.share)), &AtomicBool::new(false))
        .unwrap();
    // B builds nothing by 2030
    assert_eq!(rows.len(), 18);
    assert_eq!(told.last().map(|last| (last.0, last.1)), Some((15, 15)));
    assert_eq!(told.iter().filter(|told| told.2).count(), 15);
    assert!(told.windows(2).all(|pair| pair[0].3 <= pair[1].3), "the share grows");
    assert!((told.last().unwrap().3 - 1.0).abs() < 1e-9);
    let (base, b) = (&rows[0], &rows[12]);
    assert_eq!((b.spec.id.as_str(), &b.key), ("B/2030/P1/as modelled", &base.key));
    assert_eq!(files(&store).len(), 15);
}

#[test]
fn a_digest_says_what_the_run_did() {
    let folder = Folder::new("digest");
    let study = open(scenario(), None).unwrap();
    let rows = run(&study, &folder.store("s"), 2, Shard::default());
    // 1984/167·(1 + 0.77·lg 1)/(60 + 9)^0.77·60 mm
    let depth = 1984.0 / 167.0 / 69.0_f64.powf(0.77) * 60.0;
    let base = digest(&rows[0]);
    assert!((base.rain_mm - depth).abs() < 1e-4 * depth, "{} {depth}", base.rain_mm);
    assert!((digest(&rows[3]).rain_mm - 1.1 * depth).abs() < 1.1e-4 * depth);
    // 70 min, but for the second that SWMM loses between these dates
    assert_eq!((base.duration_s, base.report_step_s, base.subcatchments), (4199.0, 60.0, 6));
    assert_eq!(base.start, "2026-07-21 14:00:00");
    assert_eq!((base.nodes.name.len(), base.links.name.len(), base.outfalls.len()), (11, 10, 1));
    // the hydrographs: the outfall first, then what is wanted
    let names: Vec<&str> = base.series.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!((names, base.series.links[0].name.as_str()), (vec!["河边", "M5"], "P7"));
    assert_eq!(base.series.time.len(), 69);
    let outfall = &base.series.nodes[0];
    let volume: f64 = outfall.flow.iter().sum::<f64>() * 60.0;
    let net = base.outfalls[0].volume - base.outfalls[0].volume_in;
    assert!((volume / net - 1.0).abs() < 0.01, "{volume} {net}");
    let spilled: f64 = base.overflows[0].spills.iter().map(|spill| spill.volume).sum();
    assert!((spilled / net - 1.0).abs() < 0.02, "{spilled} {net}");
    // a high river takes the fall away
    let high = digest(&rows[2]);
    assert!(outfall.level.iter().all(|level| *level < 47.0));
    // the river runs in first, faster than anything runs out: the peak is of what runs out
    assert!(high.outfalls[0].volume_in > 0.0);
    let most = high.series.nodes[0].flow.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    assert_eq!(high.outfalls[0].peak, most);
    assert!(
        most < high.nodes.max_total_inflow[10] && base.outfalls[0].peak == base.nodes.max_total_inflow[10]
    );
    assert!(high.series.nodes[0].level.iter().all(|level| (*level - 47.0).abs() < 1e-9));
    assert!(
        high.links.both_full_time.iter().sum::<f64>() > digest(&rows[1]).links.both_full_time.iter().sum()
    );
    let totals = &base.totals;
    let entered = totals.initial_storage + totals.runoff + totals.direct_inflow;
    let left = totals.outflow + totals.flooding + totals.final_storage;
    assert!((100.0 * (1.0 - left / entered) - totals.routing_error_percent).abs() < 1e-6);
    assert!(totals.routing_error_percent.abs() < 1.0);
}

#[test]
fn an_option_without_measures_gives_the_bytes_of_the_base() {
    let folder = Folder::new("identity");
    let mut plain = scenario();
    plain.storms.clear();
    plain.pairing.clear();
    plain.run = RunLength::default();
    plain.horizons.truncate(1);
    plain.options = vec![choice("base", Vec::new()), choice("nothing", Vec::new())];
    let study = open(plain, None).unwrap();
    let keep = Keep::new(None, Some(folder.0.join("out"))).unwrap();
    let order = Order { store: &folder.store("s"), threads: 2, shard: Shard::default(), keep: &keep };
    let rows = study.run(&order, &mut |_| (), &AtomicBool::new(false)).unwrap();
    let ids: Vec<&str> = rows.iter().map(|row| row.spec.id.as_str()).collect();
    assert_eq!(ids, ["base/2030/as modelled", "nothing/2030/as modelled"]);
    let plain = folder.0.join("plain.out");
    let (model, _) = Network::open(&bench_street()).unwrap().unwrap().runnable().unwrap();
    let mut writer = OutWriter::create(&plain, Params::compile(&model).unwrap().full_depth).unwrap();
    simulation::run(&model, &mut [&mut writer], &mut |_| true).unwrap();
    let bytes = fs::read(plain).unwrap();
    assert!(bytes.len() > 10_000);
    for row in &rows {
        digest(row);
        let path = folder.0.join("out").join(format!("{}.out", row.spec.file_name));
        assert!(fs::read(path).unwrap() == bytes, "{}", row.spec.id);
    }
}

#[test]
fn threads_and_parts_give_the_same_digests() {
    let folder = Folder::new("threads");
    let study = open(scenario(), None).unwrap();
    let (one, many) = (folder.store("one"), folder.store("many"));
    run(&study, &one, 1, Shard::default());
    run(&study, &many, 3, Shard::default());
    assert!(files(&one) == files(&many));
    let parts: Vec<Store> = (1..=4).map(|index| folder.store(&format!("part{index}"))).collect();
    let mut rows = 0;
    for (index, part) in parts.iter().enumerate() {
        // each part by a study of its own, as on another machine
        let study = open(scenario(), None).unwrap();
        rows += run(&study, part, 2, Shard::new(index + 1, 4).unwrap()).len();
    }
    assert_eq!(rows, 18, "each run is in one part");
    let all = folder.store("all");
    let sources: Vec<PathBuf> = parts.iter().map(|part| part.folder().to_owned()).collect();
    assert_eq!(merge(&sources, all.folder()).unwrap(), Merged { copied: 15, ..Merged::default() });
    assert!(files(&one) == files(&all));
}

#[test]
fn a_study_that_was_stopped_goes_on_to_the_same_bytes() {
    let folder = Folder::new("resume");
    let study = open(scenario(), None).unwrap();
    let whole = folder.store("whole");
    run(&study, &whole, 2, Shard::default());
    let store = folder.store("stopped");
    let keep = Keep::default();
    let order = Order { store: &store, threads: 2, shard: Shard::default(), keep: &keep };
    let mut before = 0;
    for stop_after in [1, 2, 4] {
        let stop = AtomicBool::new(false);
        let mut ended = 0;
        let rows = study.run(
            &order,
            &mut |progress| {
                ended += usize::from(progress.ended.is_some());
                if ended >= stop_after {
                    stop.store(true, Ordering::Relaxed);
                }
            },
            &stop,
        );
        let rows = rows.unwrap();
        assert_eq!(rows.len(), 18);
        assert!(rows.iter().any(|row| matches!(row.state, State::Interrupted)));
        let kept = files(&store).len();
        assert!(kept >= before + stop_after && kept < 15, "{kept}");
        before = kept;
    }
    let rows = run(&study, &store, 2, Shard::default());
    assert!(rows.iter().all(|row| matches!(row.state, State::Done(_))));
    assert!(files(&store) == files(&whole));
    // and a study that was stopped before it began has rows too
    let rows = study.run(&order, &mut |_| (), &AtomicBool::new(true)).unwrap();
    assert!(rows.iter().all(|row| matches!(row.state, State::Interrupted)));
}

#[test]
fn a_damaged_digest_is_made_again() {
    let folder = Folder::new("damaged");
    let store = folder.store("s");
    let study = open(scenario(), None).unwrap();
    run(&study, &store, 2, Shard::default());
    let whole = files(&store);
    for (name, bytes) in whole.iter().take(3) {
        fs::write(store.folder().join(name), &bytes[..bytes.len() / 2]).unwrap();
    }
    run(&study, &store, 2, Shard::default());
    assert!(files(&store) == whole);
}

#[test]
fn runs_that_cannot_be_lose_no_others() {
    let folder = Folder::new("refused");
    let store = folder.store("s");
    let mut some = scenario();
    some.options.push(choice("C", vec![lid(), lining("I", &["P3"], None), lid()]));
    let study = open(some, None).unwrap();
    assert_eq!(study.built(3, 0).unwrap_err().len(), 2, "all that is wrong is said");
    // the digest of one run cannot be written
    let key = run(&study, &store, 2, Shard::new(1, 15).unwrap())[0].key.clone().unwrap();
    let place = store.folder().join(format!("{key}.json"));
    fs::remove_file(&place).unwrap();
    fs::create_dir(&place).unwrap();
    let rows = run(&study, &store, 2, Shard::default());
    assert_eq!(rows.len(), 24);
    let failed: Vec<&RunRow> = rows.iter().filter(|row| matches!(row.state, State::Failed(_))).collect();
    // the base and B, which is the same then
    assert_eq!(failed.iter().map(|row| row.spec.option).collect::<Vec<_>>(), [0, 2]);
    let refused = rows.iter().filter_map(|row| match &row.state {
        State::NotBuilt(problems) => Some(problems),
        _ => None,
    });
    let refused: Vec<_> = refused.collect();
    assert_eq!(refused.len(), 6);
    assert_eq!(refused[0][0].element, "option C, measure 1: lid");
    assert_eq!(rows.iter().filter(|row| matches!(row.state, State::Done(_))).count(), 16);
}

#[test]
fn a_network_that_cannot_run_is_a_row() {
    let folder = Folder::new("unrunnable");
    fs::create_dir_all(&folder.0).unwrap();
    // steady flow is not simulated
    let text = fs::read_to_string(bench_street()).unwrap().replace("DYNWAVE", "STEADY");
    let path = folder.0.join("steady.inp");
    fs::write(&path, text).unwrap();
    let mut steady = scenario();
    steady.study.network = path;
    let study = open(steady, None).unwrap();
    let rows = run(&study, &folder.store("s"), 2, Shard::default());
    assert_eq!(rows.len(), 18);
    assert!(rows.iter().all(|row| matches!(&row.state, State::NotBuilt(found) if !found.is_empty())));
}

#[test]
fn a_rule_is_resolved_by_a_run_of_the_base_which_is_kept() {
    let folder = Folder::new("rule");
    let store = folder.store("s");
    let mut ruled = scenario();
    ruled.options[1] = choice("A", vec![lining("I", &[], Some("surcharged in P5"))]);
    let study = open(ruled.clone(), Some(&store)).unwrap();
    assert_eq!(files(&store).len(), 1);
    let rows = run(&study, &store, 2, Shard::default());
    // the run of the base that the rule asked for is one of the study
    assert_eq!(files(&store).len(), 15);
    let base = &digest(&rows[1]).links;
    let full = base.name.iter().zip(&base.both_full_time).filter(|(_, time)| **time > 0.0);
    let full: Vec<&str> = full.map(|(name, _)| name.as_str()).collect();
    assert!(!full.is_empty() && full.len() < 10, "{full:?}");
    assert_eq!(study.site().picks["surcharged in P5"], full);
    ruled.options[1] = choice("A", vec![lining("I", &[], Some("flooded in P55"))]);
    let wrong = open(ruled, Some(&store)).unwrap_err();
    assert!(wrong[0].message.contains("P55") && wrong[0].help.contains("P5"), "{wrong:?}");
}

#[test]
fn a_kept_network_runs_as_it_lies_and_gives_the_same_digest() {
    let folder = Folder::new("keep");
    fs::create_dir_all(folder.0.join("rain")).unwrap();
    fs::write(folder.0.join("rain/inflow.dat"), "0:00 10\n0:30 50\n1:00 0\n").unwrap();
    let text = fs::read_to_string(bench_street()).unwrap();
    let path = folder.0.join("street.inp");
    let inflow = "[INFLOWS]\nM1 FLOW 来水\n[TIMESERIES]\n来水 FILE rain/inflow.dat\n";
    fs::write(&path, format!("{text}\n{inflow}")).unwrap();
    let mut kept = scenario();
    kept.study.network = path;
    let study = open(kept, None).unwrap();
    let inp = folder.0.join("inp");
    let keep = Keep::new(Some(inp.clone()), Some(folder.0.join("out"))).unwrap();
    let store = folder.store("s");
    let order = Order { store: &store, threads: 2, shard: Shard::default(), keep: &keep };
    let rows = study.run(&order, &mut |_| (), &AtomicBool::new(false)).unwrap();
    // results that are kept already are named without a run
    let mut runs = 0;
    fs::remove_dir_all(folder.0.join("out")).unwrap();
    let named = Keep::new(None, Some(folder.0.join("out"))).unwrap();
    let order = Order { keep: &named, ..order };
    study.run(&order, &mut |p| runs += usize::from(p.ended.is_some()), &AtomicBool::new(false)).unwrap();
    assert_eq!((runs, fs::read_dir(folder.0.join("out")).unwrap().count()), (0, 18));
    fs::remove_dir_all(folder.0.join("rain")).unwrap();
    let row = &rows[8];
    assert_eq!(row.spec.id, "A/2030/P5/高");
    let network = Network::open(&inp.join(format!("{}.inp", row.spec.file_name))).unwrap().unwrap();
    let again = simulate::simulate(&network, &study.wanted(&row.spec), None, None, &mut |_| true, None);
    let simulate::Ended::Complete(again, None) = again else { panic!("{again:?}") };
    assert_eq!(*again, *digest(row));
    assert!(again.totals.direct_inflow > 50.0);
    // the networks of options and horizons, without a storm
    let a = Network::open(&inp.join("A_2030.inp")).unwrap().unwrap();
    assert_eq!(a.model.options.end, study.site().base.model.options.end);
    assert_eq!(fs::read_dir(&inp).unwrap().count(), 6 + 18 + 1);
}

#[test]
fn a_base_that_is_not_there_is_an_error() {
    let mut lost = scenario();
    lost.study.network = "nowhere.inp".into();
    assert!(open(lost, None).unwrap_err()[0].message.contains("nowhere.inp"));
    let mut nameless = scenario();
    nameless.study.capacity_storm = Some("P9".into());
    assert!(open(nameless, None).unwrap_err()[0].message.contains("P9"));
}

/// Breaks down at every measure.
fn broken(_: &Network, _: &Site, _: usize, measure: &Measure) -> Result<Edited, Vec<Diagnostic>> {
    panic!("{}", measure.phase)
}

#[test]
fn an_option_that_breaks_the_engine_down_loses_no_others() {
    let folder = Folder::new("broken");
    let never = AtomicBool::new(false);
    let study = Study::open_with(scenario(), Catalogues::default(), Vec::new(), None, &never, broken);
    let rows = run(&study.unwrap(), &folder.store("s"), 2, Shard::default());
    let not_built = |row: &&RunRow| matches!(row.state, State::NotBuilt(_));
    // A at both horizons, B at the second
    assert_eq!(rows.iter().filter(not_built).count(), 9);
    assert_eq!(rows.iter().filter(|row| matches!(row.state, State::Done(_))).count(), 9);
}

#[test]
fn real_measures_are_built_refused_and_found_to_contradict() {
    let folder = Folder::new("real");
    let mut real = scenario();
    let other = match lining("I", &["p3"], None) {
        Measure { verb: Verb::Roughness(rough), .. } => {
            Measure { name: None, phase: "II".into(), verb: Verb::Roughness(Roughness { to: 0.02, ..rough }) }
        }
        other => other,
    };
    real.options = vec![
        choice("base", Vec::new()),
        choice("A", vec![lining("I", &["P3"], None)]),
        choice("B", vec![lining("I", &["P3"], None), other]),
        choice("C", vec![lid()]),
    ];
    let never = AtomicBool::new(false);
    let study = Study::open(real, Catalogues::default(), Vec::new(), None, &never).unwrap();
    let built = study.built(1, 0).unwrap();
    assert_eq!((built.changes.len(), built.changes[0].element.as_str()), (1, "P3"));
    assert!(study.built(2, 0).is_ok(), "only the first is built by then");
    let problems = study.built(2, 1).unwrap_err();
    assert!(problems[0].message.contains("option B"), "{problems:?}");
    let rows = run(&study, &folder.store("s"), 2, Shard::default());
    let states = rows.iter().map(|row| match &row.state {
        State::Done(_) => 'd',
        State::NotBuilt(_) => 'n',
        _ => '?',
    });
    assert_eq!(states.collect::<String>(), "dddddd".to_owned() + "dddddd" + "dddnnn" + "nnnnnn");
    // a smoother pipe carries no less
    let peak = |row: usize| {
        let links = &digest(&rows[row]).links;
        links.max_flow[links.name.iter().position(|name| name == "P3").unwrap()]
    };
    assert!(peak(6) >= peak(0));
}
