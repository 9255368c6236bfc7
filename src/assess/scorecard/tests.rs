//! A scorecard of two options, two horizons and two zones, by hand.

use std::path::PathBuf;

use super::*;
use crate::assess::capacity::{Capacities, PipeCapacity};
use crate::assess::{Run, State};
use crate::scenario::policy::{Status, Target};
use crate::scenario::storm::DesignStorm;
use crate::scenario::study::{Choice, HorizonTable, OptionTable, Outputs, RunLength, StudyStorm};

fn storm(name: &str, serves: Purpose) -> StudyStorm {
    let source = RainSource::Depth { depth_mm: 10.0 };
    let rain = DesignStorm { serves: vec![serves], ..DesignStorm::new(name, source, None) };
    StudyStorm { rain, event_gap: 0.0, run: RunLength::default() }
}

fn scenario() -> Scenario {
    let horizon = |name: &str, phases: &[&str]| Horizon {
        name: name.into(),
        table: HorizonTable {
            year: name.parse().ok(),
            phases: phases.iter().map(|phase| (*phase).to_owned()).collect(),
            ..HorizonTable::default()
        },
    };
    let measure = |phase: &str| {
        toml::from_str(&format!("phase = \"{phase}\"\nroughness = {{ pipes = [\"P\"], to = 0.01 }}")).unwrap()
    };
    let plan = OptionTable { title: None, measures: vec![measure("I"), measure("II")] };
    Scenario {
        path: PathBuf::from("s.toml"),
        study: toml::from_str("network = \"a.inp\"").unwrap(),
        storms: vec![storm("P3", Purpose::SewerCapacity), storm("P50", Purpose::Waterlogging)],
        stages: Vec::new(),
        pairing: Vec::new(),
        horizons: vec![horizon("2026", &[]), horizon("2030", &["I"]), horizon("2035", &["I", "II"])],
        options: vec![
            Choice { name: "base".into(), table: OptionTable::default() },
            Choice { name: "A".into(), table: plan },
        ],
        run: RunLength::default(),
        surface: None,
        outputs: Outputs::default(),
        observed: None,
    }
}

fn digest(flooded: [f64; 3]) -> Digest {
    let mut digest = Digest::default();
    digest.nodes.name = ["N1", "S1", "S2"].map(str::to_owned).to_vec();
    digest.nodes.kind = vec![NodeType::Junction; 3];
    digest.nodes.flooded_volume = flooded.to_vec();
    digest.nodes.max_depth = vec![0.1, 0.2, 0.3];
    digest
}

fn row(metric: Metric, targets: &[(i32, f64)]) -> Row {
    let targets = targets.iter().map(|(year, value)| Target { year: *year, value: *value }).collect();
    Row {
        number: 1,
        clause: "一".into(),
        measure: Words::new("a", "甲"),
        status: Status::Working,
        remark: Words::default(),
        scenario: "s.toml".into(),
        options: vec!["A".into()],
        indicators: vec![Indicator { metric, targets, source: "s".into(), verified: true }],
    }
}

/// Stage, horizon, zone, value and gap of a line.
type Told = (Stage, usize, String, Option<f64>, Option<f64>);

/// The lines of a row.
fn scored(row: &Row, assessment: &Assessment, with_last: bool) -> Vec<Told> {
    let scenario = scenario();
    let digests = [
        digest([900.0, 900.0, 900.0]), // the sewer storm, which must not count
        digest([10.0, 30.0, 0.4]),
        digest([0.0, 12.0, 0.0]),
        digest([0.0, 0.0, 0.0]),
    ];
    let mut runs = Vec::new();
    for horizon in 0..3 {
        for option in 0..2 {
            for storm in 0..2 {
                let at = match (option, storm, horizon) {
                    (_, 0, _) => 0,
                    (1, _, 1) => 2,
                    (1, _, 2) => 3,
                    _ => 1,
                };
                let case = Case { horizon, storm, stage: 0 };
                let made = with_last || (option, horizon) != (1, 2);
                let state =
                    if made { State::Done(&digests[at]) } else { State::Missing("interrupted".into()) };
                runs.push(Run { option, case, state });
            }
        }
    }
    let comparison = Comparison { runs, ..Comparison::default() };
    let zone_of = |_, _, node: &str| if node.starts_with('N') { "north".into() } else { "south".to_owned() };
    let evidence = Evidence {
        scenario: &scenario,
        comparison: &comparison,
        assessment,
        bills: &[],
        coverage: &HashMap::from([((0, 0), Coverage { flow: 4.0, connected: 3.0, unconnected: Vec::new() })]),
        mapped: &HashMap::new(),
        zones: &["north".into(), "south".into()],
        zone_of: &zone_of,
        formula_verified: Some(false),
    };
    lines(row, &evidence)
        .into_iter()
        .map(|line| (line.stage, line.horizon, line.zone.clone(), line.value, line.gap()))
        .collect()
}

#[test]
fn the_gap_is_the_target_less_the_value() {
    assert_eq!(gap(Some(100.0), Some(62.5)), Some(37.5));
    assert_eq!(gap(Some(0.0), Some(40.0)), Some(-40.0));
    assert_eq!((gap(None, Some(1.0)), gap(Some(1.0), None)), (None, None));
}

#[test]
fn a_row_shows_check_up_build_and_plan_by_horizon_and_zone() {
    let all = scored(&row(Metric::FloodedVolume, &[(2030, 20.0), (2035, 0.0)]), &Assessment::default(), true);
    let of = |stage, horizon, zone: &str| {
        all.iter()
            .find(|line| (line.0, line.1, line.2.as_str()) == (stage, horizon, zone))
            .map(|line| (line.3, line.4))
    };
    assert_eq!(all.len(), 5 * 3);
    let close = |found: Option<(Option<f64>, Option<f64>)>, value: f64, gap: f64| {
        let (v, g) = found.unwrap();
        assert!((v.unwrap() - value).abs() < 1e-9 && (g.unwrap() - gap).abs() < 1e-9, "{found:?}");
    };
    close(of(Stage::CheckUp, 0, ""), 40.4, 20.0 - 40.4);
    close(of(Stage::CheckUp, 0, "north"), 10.0, 10.0);
    close(of(Stage::NoAction, 2, "south"), 30.4, -30.4);
    close(of(Stage::Build, 1, ""), 12.0, 8.0);
    close(of(Stage::Plan, 2, ""), 0.0, 0.0);
}

#[test]
fn other_futures_of_a_horizon_are_left_out() {
    let mut scenario = scenario();
    let mut wet = scenario.horizons[2].clone();
    wet.name = "wet".into();
    wet.table.future_of = Some("2035".into());
    scenario.horizons.push(wet);
    let row = row(Metric::FloodedVolume, &[]);
    assert!(steps(&row, &scenario).iter().all(|(_, _, horizon)| *horizon < 3));
    scenario.horizons[3].table.future_of = None;
    assert_eq!(steps(&row, &scenario).last(), Some(&(Stage::Plan, 1, 3)));
}

#[test]
fn a_worst_storm_that_was_not_run_has_no_value() {
    let all = scored(&row(Metric::FloodedNodes, &[]), &Assessment::default(), false);
    let plan: Vec<_> = all.iter().filter(|line| line.0 == Stage::Plan).map(|line| line.3).collect();
    assert_eq!(plan, [None, None, None]);
    let check: Vec<_> = all.iter().filter(|line| line.0 == Stage::CheckUp).map(|line| line.3).collect();
    assert_eq!(check, [Some(2.0), Some(1.0), Some(1.0)], "a splash is no flooded node");
}

#[test]
fn capacity_counts_by_length_and_leaves_out_what_was_not_rated() {
    let pipe = |zone: &str, length, static_years| PipeCapacity {
        zone: zone.into(),
        length,
        static_years,
        ..PipeCapacity::default()
    };
    let pipes = vec![
        pipe("north", 100.0, Some(2.0)),
        pipe("south", 200.0, Some(1.9)),
        pipe("south", 100.0, Some(9.0)),
        pipe("south", 999.0, None),
    ];
    let assessment = Assessment {
        capacities: vec![Capacities { pipes, ..Capacities::default() }],
        ..Assessment::default()
    };
    let all = scored(&row(Metric::CapacityShare { years: 2.0 }, &[]), &assessment, true);
    let shares: Vec<Option<f64>> = all[..3].iter().map(|line| line.3).collect();
    assert_eq!(shares, [Some(50.0), Some(100.0), Some(100.0 / 3.0)]);
    assert_eq!(all[3].3, None, "there are no capacities of that horizon");
}

#[test]
fn other_metrics_take_what_the_study_says() {
    let depth =
        scored(&row(Metric::NodeDepth { node: "s2".into() }, &[(2030, 0.15)]), &Assessment::default(), true);
    assert_eq!(depth[0].3, Some(0.3));
    let coverage = scored(&row(Metric::Coverage, &[(2030, 100.0)]), &Assessment::default(), true);
    assert_eq!((coverage[0].3, coverage[0].4), (Some(75.0), Some(25.0)));
    assert_eq!(scored(&row(Metric::Cost, &[]), &Assessment::default(), true)[0].3, None);
}

#[test]
fn a_share_has_to_reach_its_target_and_anything_else_not_to_pass_it() {
    let line = |value, target| Line {
        indicator: 0,
        stage: Stage::CheckUp,
        option: 0,
        horizon: 0,
        zone: String::new(),
        value: Some(value),
        case: None,
        target: Some(target),
        unverified: Vec::new(),
    };
    assert_eq!(line(90.0, 85.0).met(&Metric::CapturedShare), Some(true));
    assert_eq!(line(90.0, 85.0).met(&Metric::FloodedVolume), Some(false));
    assert_eq!(line(0.0, 0.0).met(&Metric::FloodedVolume), Some(true));
    assert_eq!(Line { target: None, ..line(0.0, 0.0) }.met(&Metric::Cost), None);
}
