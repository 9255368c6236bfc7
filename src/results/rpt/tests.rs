//! Rows of reports that EPA's engine wrote (corpus of sewer models), reproduced from the numbers that
//! they print; only names differ.

use std::io::Cursor;
use std::time::Duration;

use super::{Report, WallClock, save_errors};
use crate::clock::DateTime;
use crate::diagnostic::{Diagnostic, Place};
use crate::ledger::{NodeFlows, NodeLedger, RoutingTotals, RunoffTotals};
use crate::model::Model;
use crate::model::curve::{Curve, CurveKind};
use crate::results::out::{OutFile, OutWriter};
use crate::results::sample;
use crate::simulation::{Outcome, Sink};
use crate::statistics::ranking::Element;
use crate::statistics::subcatchment::SubcatchmentStatistics;
use crate::statistics::summary::{ControlAction, RainFile};
use crate::statistics::{FlowClass, FullState, LinkCapacity, LinkStep, NetworkStatistics, RunSummary};
use crate::units::{FlowUnits, Units};

fn metric() -> Model {
    let mut model = sample::model();
    model.units = Units::new(FlowUnits::Cms);
    model.options.courant_factor = 0.75;
    model.report.input = true;
    model.report.controls = true;
    model
}

fn capacities() -> Vec<LinkCapacity> {
    let units = Units::new(FlowUnits::Cms);
    let conduit = LinkCapacity {
        full_depth: 0.5,
        full_area: 0.196,
        full_radius: 0.125,
        max_width: 0.5,
        full_flow: 0.339 * units.flow,
        slope: 0.0021,
        roughness: 0.013,
        length: 100.0,
        modified_length: 117.0,
        barrels: 1,
    };
    vec![conduit, LinkCapacity { full_flow: 3.0 * units.flow, ..Default::default() }]
}

fn summary(model: &Model) -> RunSummary {
    let (units, start) = (model.units, model.options.report_start);
    let flow = |value: f64| value * units.flow;
    let million_litres = 1.0e6 / 28.317 * crate::units::CUBIC_FOOT;
    let full_volume = [1.0, 1000.0 * units.volume / 0.30, 0.0];
    let mut network = NetworkStatistics::new(model, &full_volume, &[0.3, 0.3, 0.3], &capacities());
    network.steps = 1000;
    network.time_span = 36_000.0;

    let nodes = &mut network.nodes;
    nodes.extremes[0].depth_sum = 630.0;
    nodes.extremes[0].max_depth = 0.729;
    nodes.extremes[0].max_depth_time = start.plus_seconds(329.0);
    nodes.extremes[0].max_inflow = flow(2.97);
    nodes.extremes[0].max_inflow_time = start.plus_seconds(20.0);
    nodes.extremes[0].lateral_volume = 12.3 * million_litres;
    nodes.extremes[0].surcharged_time = 0.73 * 3600.0;
    nodes.max_reported_depth[0] = 0.728;
    nodes.flooding[0].time = 1.0;
    nodes.flooding[0].max_rate = flow(0.019);
    nodes.flooding[0].max_rate_time = start.plus_seconds(3.0 * 3600.0 + 47.0 * 60.0);
    nodes.storages[0].volume_sum = 1653.0 * units.volume * 1000.0;
    nodes.storages[0].max_volume = 2856.0 * units.volume;
    nodes.storages[0].max_outflow = flow(2.97);
    nodes.storages[0].evaporated = 0.021 * 2.86 * million_litres;
    nodes.outfalls[0].steps_with_flow = 1000;
    nodes.outfalls[0].flow_sum = flow(533.0);
    nodes.outfalls[0].max_flow = flow(0.77);
    nodes.max_outfall_flow = flow(10.704);
    nodes.nonconverged_count[1] = 1;

    let links = &mut network.links;
    for (seconds, flow, normal) in [(3528.0, flow(0.77), true), (3672.0, 0.0, true), (28_800.0, 0.0, false)] {
        let step = LinkStep {
            flow_before: &[flow, 0.0],
            flow: &[flow, 0.0],
            depth: &[0.0; 2],
            area: &[0.1; 2],
            flow_class: &[FlowClass::Subcritical; 2],
            full_state: &[FullState::None; 2],
            normal_flow: &[normal; 2],
            inlet_control: &[false; 2],
            capacity_limited: &[false; 2],
            head: &[0.0; 3],
        };
        links.update(seconds, start, &step);
    }
    links.extremes[0].max_flow = flow(0.77);
    links.extremes[0].max_flow_time = start.plus_seconds(300.0);
    links.extremes[0].max_velocity = 1.76;
    links.extremes[0].max_depth = 0.09;
    links.extremes[1].turns = 300;
    links.extremes[1].max_flow = flow(2.97);
    let pump = &mut links.pumps[0];
    (pump.utilized, pump.start_ups, pump.steps_with_flow) = (36_000.0, 1, 10);
    (pump.flow_sum, pump.max_flow, pump.volume) = (flow(5.9), flow(2.97), 2.117 * million_litres);
    (pump.energy, pump.off_curve_high) = (14.9, 0.792 * 36_000.0);

    for _ in 0..4 {
        network.time_steps.book(5.0, 3, true, false);
    }
    network.time_steps.nonconverged_steps = 1;
    network.count_critical(Element::Link(0));

    let mut ledger = NodeLedger::new(model, &full_volume, &[0.0; 3]);
    let flows = NodeFlows {
        inflow: &[0.0, 2.86, 1.919],
        outflow: &[0.0, 2.0, 0.0],
        overflow: &[0.0; 3],
        volume: &[0.0; 3],
        leaving: &[0.0, 0.0, 1.919],
    };
    ledger.book(million_litres, &flows);
    let wet = 2.86 * million_litres;
    RunSummary {
        diagnostics: vec![Diagnostic::warning(4, "minimum elevation drop used").of("Conduit C1")],
        runoff: RunoffTotals {
            rainfall: 158.35,
            infiltration: 109.41,
            runoff: 48.27,
            final_storage: 0.98,
            ..Default::default()
        },
        routing: RoutingTotals {
            wet_weather: wet,
            outflow: 1.919 * million_litres,
            final_storage: 0.6 * million_litres,
            ..Default::default()
        },
        nodes: ledger,
        subcatchments: SubcatchmentStatistics {
            rainfall: vec![173.9],
            infiltration: vec![132.9],
            impervious_runoff: vec![41.1],
            runoff: vec![41.1],
            peak_runoff: vec![flow(0.02)],
            ..SubcatchmentStatistics::new(1)
        },
        network,
        links: capacities(),
        control_actions: vec![ControlAction {
            time: start.plus_seconds(416.4),
            link: "P1".into(),
            setting: 1.0,
            rule: "PUMP1A".into(),
        }],
        rain_files: vec![RainFile {
            station: "STA01".into(),
            first: Some(start),
            last: None,
            interval: 3600,
            with_rain: 12,
            missing: 3,
            malfunctioning: 0,
        }],
        threads: 1,
    }
}

fn text(model: &Model, summary: &RunSummary, outcome: &Outcome) -> String {
    let report = Report { model, summary, outcome, clock: WallClock::pinned(1_784_642_700) };
    let mut out = Vec::new();
    report.write::<Cursor<Vec<u8>>>(&mut out, None).unwrap();
    String::from_utf8(out).unwrap()
}

/// Asserts that each line stands in the text, as a whole line.
fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|l| l == *line), "missing\n{line}\nin\n{text}");
    }
}

#[test]
fn rows_of_nodes_are_those_of_epa() {
    let model = metric();
    let text = text(&model, &summary(&model), &Outcome::Complete);
    has(
        &text,
        &[
            "                                 Average  Maximum  Maximum  Time of Max    Reported",
            "                                   Depth    Depth      HGL   Occurrence   Max Depth",
            "  Node                 Type       Meters   Meters   Meters  days hr:min      Meters",
            "  ---------------------------------------------------------------------------------",
            "  雨水井1                 JUNCTION     0.63     0.73    10.73     0  00:05        0.73",
            "                                  Maximum  Maximum                  Lateral       Total        Flow",
            "                                  Lateral    Total  Time of Max      Inflow      Inflow     Balance",
            "                                   Inflow   Inflow   Occurrence      Volume      Volume       Error",
            "  Node                 Type           CMS      CMS  days hr:min    10^6 ltr    10^6 ltr     Percent",
            "  雨水井1                 JUNCTION     0.000    2.970     0  00:00        12.3           0       0.000 ltr",
            "  Pond                 STORAGE      0.000    0.000     0  00:00           0        2.86      43.000",
            "                                               Max. Height   Min. Depth",
            "                                   Hours       Above Crown    Below Rim",
            "  Node                 Type      Surcharged         Meters       Meters",
            "  雨水井1                 JUNCTION        0.73          0.429        1.271",
            "                                                             Total   Maximum",
            "                                 Maximum   Time of Max       Flood    Ponded",
            "                        Hours       Rate    Occurrence      Volume     Depth",
            "  Node                 Flooded       CMS   days hr:min    10^6 ltr    Meters",
            "  雨水井1                    0.01     0.019      0  03:47       0.000    -1.271",
            "                         Average    Avg   Evap  Exfil     Maximum    Max    Time of Max    Maximum",
            "                          Volume   Pcnt   Pcnt   Pcnt      Volume   Pcnt     Occurrence    Outflow",
            "  Storage Unit           1000 m³   Full   Loss   Loss     1000 m³   Full    days hr:min        CMS",
            "  Pond                     1.653   49.6    2.1    0.0       2.856   85.7       0  00:00      2.970",
            "                         Flow       Avg       Max       Total",
            "                         Freq      Flow      Flow      Volume",
            "  Outfall Node           Pcnt       CMS       CMS    10^6 ltr",
            "  Out                  100.00     0.533     0.770       1.919",
            "  System               100.00     0.533    10.704       1.919",
        ],
    );
}

#[test]
fn rows_of_links_are_those_of_epa() {
    let model = metric();
    let text = text(&model, &summary(&model), &Outcome::Complete);
    has(
        &text,
        &[
            "  ********************",
            "  Link Flow Summary",
            "                                 Maximum  Time of Max   Maximum    Max/    Max/",
            "                                  |Flow|   Occurrence   |Veloc|    Full    Full",
            "  Link                 Type          CMS  days hr:min     m/sec    Flow   Depth",
            "  C1                   CONDUIT     0.770     0  00:05      1.76    2.27    0.18",
            "  P1                   PUMP        2.970     0  00:00              0.99",
            "                      Adjusted    ---------- Fraction of Time in Flow Class ---------- ",
            "                       /Actual         Up    Down  Sub   Sup   Up    Down  Norm  Inlet ",
            "  Conduit               Length    Dry  Dry   Dry   Crit  Crit  Crit  Crit  Ltd   Ctrl  ",
            "  C1                      1.17   0.00  0.00  0.00  1.00  0.00  0.00  0.00  0.20  0.00",
            "                                                           Hours        Hours ",
            "                         --------- Hours Full --------   Above Full   Capacity",
            "  Conduit                Both Ends  Upstream  Dnstream   Normal Flow   Limited",
            "  C1                          0.01      0.01      0.01      0.98         0.01",
            "                                                  Min       Avg       Max     Total     Power    % Time Off",
            "                        Percent   Number of      Flow      Flow      Flow    Volume     Usage    Pump Curve",
            "  Pump                 Utilized   Start-Ups       CMS       CMS       CMS  10^6 ltr     Kw-hr    Low   High",
            "  P1                     100.00           1      0.00      0.59      2.97     2.117     14.90    0.0   79.2",
        ],
    );
}

#[test]
fn the_head_and_the_land_are_those_of_epa() {
    let mut model = metric();
    let triangle = Curve { kind: CurveKind::Shape, x: vec![0.0, 1.0], y: vec![0.0, 2.0] };
    model.curves.insert("0", triangle);
    let text = text(&model, &summary(&model), &Outcome::Complete);
    has(
        &text,
        &[
            "  EPA STORM WATER MANAGEMENT MODEL - VERSION 5.2 (Build 5.2.4)",
            "  A small model",
            "  WARNING 04: minimum elevation drop used for Conduit C1",
            "  Number of subcatchments ... 1",
            "  S1                         1.00    100.00     50.00    0.5000                      雨水井1                ",
            "  雨水井1                 JUNCTION             10.00      2.00       0.0",
            "  C1               雨水井1             Pond             CONDUIT          100.0    0.2100    0.0130",
            "  P1               Pond             Out              IDEAL PUMP  ",
            "  C1               CIRCULAR             0.50     0.20     0.12     0.50        1     0.34",
            "  Shape 0",
            "              0.0004     0.0016     0.0036     0.0064     0.0100 ",
            "              0.0341     0.0683     0.1024     0.1366     0.1707 ",
            "              1.5705     1.6047     1.6388     1.6730     1.0000 ",
            "              0.9200     0.9400     0.9600     0.9800     1.0000 ",
            "  Flow Units ............... CMS",
            "    Ponding Allowed ........ NO",
            "  Flow Routing Method ...... DYNWAVE",
            "  Starting Date ............ 07/21/2026 01:00:00",
            "  Report Time Step ......... 00:05:00",
            "  Head Tolerance ........... 0.001524 m",
            "  STA01      07/21/2026   ***********      60 min        12          3          0",
            "   07/21/2026: 01:06:56 Link P1 setting changed to   1.00 by Control PUMP1A",
            "  **************************        Volume         Depth",
            "  Runoff Quantity Continuity     hectare-m            mm",
            "  Total Precipitation ......         0.016        15.835",
            "  Continuity Error (%) .....        -0.196",
            "  Flow Routing Continuity        hectare-m      10^6 ltr",
            "  Wet Weather Inflow .......         0.286         2.860",
            "                            Total      Total      Total      Total     Imperv       Perv      Total       Total     Peak  Runoff",
            "                           Precip      Runon       Evap      Infil     Runoff     Runoff     Runoff      Runoff   Runoff   Coeff",
            "  Subcatchment                 mm         mm         mm         mm         mm         mm         mm    10^6 ltr      CMS",
            "  S1                        17.39       0.00       0.00      13.29       4.11       0.00       4.11        0.04     0.02   0.236",
        ],
    );
    assert!(text.starts_with("\n  PAILAO "));
    assert!(text.ends_with("\n\n  Analysis begun on:  Tue Jul 21 14:05:00 2026\n  Analysis ended on:  Tue Jul 21 14:05:00 2026\n  Total elapsed time: < 1 sec"));
}

#[test]
fn what_went_badly_is_listed_and_the_whole_list_follows() {
    let model = metric();
    let text = text(&model, &summary(&model), &Outcome::Complete);
    has(
        &text,
        &[
            "  Node Pond (30.07%)",
            "  Link C1 (25.00%)",
            "  Link P1 (45)",
            "  Node Pond (25.00%)",
            "  Minimum Time Step           :     5.00 sec",
            "  % of Steps Not Converging   :    25.00",
            "  Pond                              2.86             2       30.07",
            "  P1                             300        45.1",
            "  Outfall Out                                    1.919       1211.87",
        ],
    );
    let quiet = RunSummary {
        network: NetworkStatistics::new(&model, &[0.0; 3], &[0.0; 3], &capacities()),
        nodes: NodeLedger::new(&model, &[0.0; 3], &[0.0; 3]),
        links: capacities(),
        ..Default::default()
    };
    let text = self::text(&model, &quiet, &Outcome::Complete);
    has(
        &text,
        &[
            "  All links are stable.",
            "  Convergence obtained at all time steps.",
            "  No nodes were surcharged.",
            "  No nodes were flooded.",
            "  No conduits were surcharged.",
        ],
    );
    assert!(!text.contains("Highest Continuity Errors"));
    assert!(text.split_whitespace().all(|word| !["NaN", "inf", "-inf"].contains(&word)));
}

#[test]
fn us_units_and_the_switches_of_the_report_are_heeded() {
    let mut model = metric();
    model.units = Units::new(FlowUnits::Cfs);
    model.report.input = false;
    model.report.controls = false;
    model.report.continuity = false;
    model.report.flow_statistics = false;
    let report = text(&model, &summary(&model), &Outcome::Complete);
    has(
        &report,
        &[
            "  Node                 Type         Feet     Feet     Feet  days hr:min        Feet",
            "  Storage Unit          1000 ft³   Full   Loss   Loss    1000 ft³   Full    days hr:min        CFS",
            "  Link                 Type          CFS  days hr:min    ft/sec    Flow   Depth",
            "  Node                 Type      Surcharged           Feet         Feet",
            "  Node                 Flooded       CFS   days hr:min    10^6 gal      Feet",
            "  Subcatchment                 in         in         in         in         in         in         in    10^6 gal      CFS",
        ],
    );
    for absent in ["Element Count", "Control Actions", "Runoff Quantity Continuity", "Highest Flow"] {
        assert!(!report.contains(absent), "{absent}");
    }
    // An error of more than ten per cent is reported in any case.
    assert!(report.contains("Flow Routing Continuity"));
    model.report.disabled = true;
    let report = text(&model, &summary(&model), &Outcome::Complete);
    assert!(!report.contains("Summary") && report.contains("Analysis begun on"));
}

#[test]
fn a_run_that_did_not_end_is_marked() {
    let model = metric();
    let time = model.options.start.plus_seconds(1800.0);
    let report = text(&model, &summary(&model), &Outcome::Interrupted(time));
    assert_eq!(report.matches("INCOMPLETE: interrupted at 2026-07-21 01:30:00").count(), 2);
    let report = text(&model, &summary(&model), &Outcome::Failed(time, "no step".into()));
    assert!(report.contains("INCOMPLETE: failed at 2026-07-21 01:30:00: no step"));
    assert!(!text(&model, &summary(&model), &Outcome::Complete).contains("INCOMPLETE"));
}

#[test]
fn the_last_bytes_are_ascii() {
    let model = metric();
    let report = text(&model, &summary(&model), &Outcome::Complete);
    assert!(report.as_bytes()[report.len() - 700..].is_ascii());
}

#[test]
fn selected_series_follow_the_tables() {
    let model = metric();
    let mut writer = OutWriter::new(Cursor::new(Vec::new()), sample::full_depth());
    writer.begin(&model).unwrap();
    for period in 1..=2 {
        writer.record(&sample::frame(&model, period)).unwrap();
    }
    writer.end(&Outcome::Complete).unwrap();
    let mut file = OutFile::new(writer.into_inner()).unwrap();
    let summary = summary(&model);
    let report = Report {
        model: &model,
        summary: &summary,
        outcome: &Outcome::Complete,
        clock: WallClock::new(std::time::SystemTime::now(), Duration::from_secs(90_061)),
    };
    let mut out = Vec::new();
    report.write(&mut out, Some(&mut file)).unwrap();
    let text = String::from_utf8(out).unwrap();
    has(
        &text,
        &[
            "  <<< Subcatchment S1 >>>",
            "  Date        Time        Precip.    Losses    Runoff",
            "                            mm/hr     mm/hr       CMS",
            "   07/21/2026 01:05:00     36.000     3.600    0.0500",
            "  <<< Node Pond >>>",
            "                           Inflow  Flooding     Depth      Head",
            "  Date        Time            CMS       CMS    meters    meters",
            "   07/21/2026 01:10:00      0.040     0.000     3.000    13.000",
            "                             Flow  Velocity     Depth  Capacity/",
            "  Date        Time            CMS     m/sec    meters   Setting ",
            "   07/21/2026 01:10:00     -0.040    -0.500     0.200     0.400",
        ],
    );
}

#[test]
fn a_report_is_renamed_when_it_is_whole() {
    let directory = std::env::temp_dir().join(format!("pailao-{}-rpt", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("model.rpt");
    let model = metric();
    let summary = summary(&model);
    let clock = WallClock::pinned(0);
    let report = Report { model: &model, summary: &summary, outcome: &Outcome::Complete, clock };
    report.save::<std::fs::File>(&path, None).unwrap();
    let names: Vec<_> = std::fs::read_dir(&directory).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["model.rpt"]);
    let place =
        Place { file: "model.inp".into(), line: 7, column: 4, text: "J1  x".into(), token: "x".into() };
    let error = Diagnostic::error(211, "invalid number x").at(place);
    save_errors(&path, &model.title, &[error], &clock).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    has(&text, &["  ERROR 211: invalid number x at line 7 of input file:", "  J1  x"]);
    assert!(text.contains("Thu Jan  1 00:00:00 1970"));
    assert_eq!(DateTime::from_date(1970, 1, 1).unwrap().day_of_week(), 5);
}
