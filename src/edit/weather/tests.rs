//! What weather does to the text of a network.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::clock::DateTime;
use crate::input::inp::read_text;
use crate::model::node::{NodeKind, OutfallBoundary};
use crate::model::weather::{RainKind, RainSource as GaugeSource};
use crate::scenario::quantity::{Length, Points, Share, Span};
use crate::scenario::storm::{DesignStorm, ObservedRain, Pattern, RainSource};
use crate::scenario::study::{StageSeries, StageTable};

const TOWN: &str = "\
[OPTIONS]
FLOW_UNITS CMS
START_DATE 07/21/2026
START_TIME 14:00
END_DATE 07/21/2026
END_TIME 17:00
REPORT_STEP 0:05:00
ROUTING_STEP 20
[RAINGAGES]
G1 VOLUME 0:15 1.0 TIMESERIES old ; the first
G2 VOLUME 0:15 0.9 TIMESERIES old
[SUBCATCHMENTS]
S1 G1 J 1 99 100 1 0
S2 G2 J 1 50 100 1 0
[SUBAREAS]
S1 0.01 0.1 1 2 25 OUTLET
S2 0.01 0.1 1 2 25 OUTLET
[INFILTRATION]
S1 50 5 4 7 0
S2 50 5 4 7 0
[JUNCTIONS]
J 10 2
[OUTFALLS]
O1 8 FREE YES
O2 8 FREE
O3 8 FIXED 9 NO S1
Works 7 FIXED 7.5 NO
[CONDUITS]
C1 J O1 100 0.013 0 0
C2 J O2 100 0.013 0 0
C3 J O3 100 0.013 0 0
C4 J Works 100 0.013 0 0
[XSECTIONS]
C1 CIRCULAR 1 0 0 0
C2 CIRCULAR 1 0 0 0
C3 CIRCULAR 1 0 0 0
C4 CIRCULAR 1 0 0 0
[DWF]
J FLOW 0.010
[TIMESERIES]
old 0:00 1
old 0:15 2
";

fn network(text: &str) -> Network {
    Network::read(read_text(text.as_bytes(), Path::new("town.inp")).document, Path::new("town.inp")).unwrap()
}

fn text_of(document: &Document) -> String {
    String::from_utf8(document.to_bytes().unwrap()).unwrap()
}

/// 30 mm in an hour, in steps of 5 min.
fn block(name: &str) -> StudyStorm {
    let pattern = Pattern::Block { duration_s: 3600, step_s: 300 };
    StudyStorm {
        rain: DesignStorm::new(name, RainSource::Depth { depth_mm: 30.0 }, Some(pattern)),
        event_gap: 21_600.0,
        run: RunLength::default(),
    }
}

/// Everything that a test does not set.
#[derive(Default)]
struct Case {
    storm: Option<StudyStorm>,
    stage: Stage,
    horizon: HorizonTable,
    run: RunLength,
    works: Vec<String>,
}

impl Case {
    fn text(&self, network: &Network) -> Result<Weathered, Vec<Diagnostic>> {
        Weather {
            storm: self.storm.as_ref(),
            stage: &self.stage,
            horizon: &self.horizon,
            run: &self.run,
            treatment_works: &self.works,
        }
        .text(network)
    }
    fn network(&self, base: &Network) -> Network {
        Network::read(self.text(base).unwrap().document, &base.path).unwrap()
    }
}

fn boundary(network: &Network, name: &str) -> (OutfallBoundary, bool, bool) {
    let node = network.model.nodes.find(name).unwrap();
    match network.model.nodes[node].kind {
        NodeKind::Outfall { boundary, flap_gate, route_to } => (boundary, flap_gate, route_to.is_some()),
        _ => panic!("{name} is no outfall"),
    }
}

/// Elapsed s and values of the series at an outfall.
fn levels(network: &Network, name: &str) -> Vec<(f64, f64)> {
    let OutfallBoundary::Series(id) = boundary(network, name).0 else { panic!("no series at {name}") };
    let series = &network.model.series[id];
    let start = network.model.options.start;
    series.times.iter().map(|time| time.seconds_since(start)).zip(series.values.iter().copied()).collect()
}

#[test]
fn no_storm_no_stage_and_no_growth_leave_every_byte() {
    let town = network(TOWN);
    let text = Case::default().text(&town).unwrap();
    assert_eq!(text_of(&text.document), TOWN);
    assert_eq!((text.duration_s, text.warnings.len()), (10_800.0, 0));
    assert_eq!(text_of(&grow(&town, &HorizonTable::default()).unwrap().document), TOWN);
}

#[test]
fn all_gauges_read_the_storm_and_the_run_ends_after_it() {
    let town = network(TOWN);
    let run = RunLength { before: Some(Span(600.0)), after: Some(Span(1800.0)), ..RunLength::default() };
    let case = Case { storm: Some(block("P5")), run, ..Case::default() };
    let stormy = case.network(&town);
    let model = &stormy.model;
    let mut series = Vec::new();
    for gauge in model.gauges.items() {
        assert_eq!((gauge.kind, gauge.interval), (RainKind::Intensity, 300));
        let GaugeSource::Series(id) = gauge.source else { panic!("a file") };
        series.push(id);
    }
    assert_eq!(series[0], series[1]);
    assert_eq!(model.gauges.items()[1].snow_catch, 0.9);
    let rain = &model.series[series[0]];
    let start = DateTime::from_date(2026, 7, 21).unwrap().plus_seconds(14.0 * 3600.0);
    assert_eq!(model.options.start, start);
    assert_eq!(rain.times[0], start.plus_seconds(600.0));
    assert_eq!(rain.values[0], 30.0);
    // 12 wet steps, then dry
    assert_eq!((rain.values.len(), rain.values[11], rain.values[12]), (13, 30.0, 0.0));
    assert_eq!(model.options.end, start.plus_seconds(600.0 + 3600.0 + 1800.0));
    // the wet step gives way to the storm's, and nothing else is found
    let (_, found) = stormy.runnable().unwrap();
    assert!(found.iter().all(|warning| warning.code == 1), "{found:?}");
    // all other lines are as they were
    let text = text_of(&stormy.document);
    let kept = TOWN.lines().filter(|line| text.lines().any(|new| new == *line)).count();
    assert_eq!(kept, TOWN.lines().count() - 3, "two gauges and the end:\n{text}");
    assert!(text.contains("; the first"));
}

#[test]
fn a_storm_fits_us_units() {
    let town = network(&TOWN.replace("CMS", "CFS"));
    let stage = Stage {
        name: "high".into(),
        table: StageTable {
            outfalls: BTreeMap::from([("O2".into(), Length(3.048))]),
            ..StageTable::default()
        },
        series: None,
    };
    let case = Case { storm: Some(block("P5")), stage, ..Case::default() };
    let text = text_of(&case.text(&town).unwrap().document);
    assert!(text.contains("O2 8 FIXED 10\n"), "{text}");
    // 30 mm/h in inches
    assert!(text.contains("rain_P5 00:00:00 1.181102362\n"), "{text}");
}

#[test]
fn the_uplift_of_a_horizon_multiplies_the_rain() {
    let town = network(TOWN);
    let horizon = HorizonTable { rain_uplift: Some(1.1), ..HorizonTable::default() };
    let case = Case { storm: Some(block("P5")), horizon, ..Case::default() };
    assert!(text_of(&case.text(&town).unwrap().document).contains("rain_P5 00:00:00 33\n"));
}

#[test]
fn a_storm_may_have_any_name_and_never_takes_a_series_that_is_there() {
    let town = network(&TOWN.replace("old", "rain_50年_一遇"));
    let case = Case { storm: Some(block("50年;一遇")), ..Case::default() };
    let text = text_of(&case.text(&town).unwrap().document);
    assert!(text.contains("TIMESERIES rain_50年_一遇_2"), "{text}");
    assert!(text.contains("\nrain_50年_一遇 0:15 2\n"), "the old one stays");
}

#[test]
fn gauges_with_files_read_the_storm_in_their_order() {
    let town = network(&TOWN.replace(
        "G1 VOLUME 0:15 1.0 TIMESERIES old ; the first",
        "G1 VOLUME 0:15 1.0 FILE \"rain file.dat\" STA MM",
    ));
    let case = Case { storm: Some(block("P5")), ..Case::default() };
    let stormy = case.network(&town);
    assert_eq!(stormy.model.gauges.names(), ["G1", "G2"]);
    assert!(stormy.model.gauges.items().iter().all(|g| matches!(g.source, GaugeSource::Series(_))));
    assert!(stormy.runnable().is_ok(), "the file is not looked for");
}

#[test]
fn observed_rain_brings_its_own_dates() {
    let town = network(TOWN);
    let start = DateTime::from_date(2012, 6, 1).unwrap();
    let record = ObservedRain {
        start: Some(start),
        interval_s: 600,
        times_s: vec![0.0, 7200.0, 7800.0],
        depths_mm: vec![1.0, 2.0, 3.0],
        source: String::new(),
    };
    let mut storm = block("2012");
    storm.rain = DesignStorm::new("2012", RainSource::Series(record), None);
    let run = RunLength { before: Some(Span(3600.0)), after: Some(Span(0.0)), ..RunLength::default() };
    let stormy = Case { storm: Some(storm), run, ..Case::default() }.network(&town);
    let options = &stormy.model.options;
    assert_eq!(options.start, start.plus_seconds(-3600.0));
    assert_eq!(options.report_start, options.start);
    let text = text_of(&stormy.document);
    let rain: Vec<&str> = text.lines().filter(|line| line.starts_with("rain_2012")).collect();
    // dry steps between wet spells are left out, but for the first
    assert_eq!(
        rain,
        [
            "rain_2012 01:00:00 6",
            "rain_2012 01:10:00 0",
            "rain_2012 03:00:00 12",
            "rain_2012 03:10:00 18",
            "rain_2012 03:20:00 0"
        ]
    );
    assert!(options.end >= start.plus_seconds(8400.0));
}

#[test]
fn a_constant_stage_keeps_flap_gates_and_what_outfalls_run_onto() {
    let town = network(TOWN);
    let stage = Stage {
        name: "flood".into(),
        table: StageTable {
            outfalls: BTreeMap::from([("o2".into(), Length(9.25)), ("*".into(), Length(9.0))]),
            raised_by: Some(Length(0.25)),
            ..StageTable::default()
        },
        series: None,
    };
    let works = vec!["Works".to_owned()];
    let horizon = HorizonTable { stage_rise: Some(Length(0.5)), ..HorizonTable::default() };
    let wet = Case { stage, works, horizon, ..Case::default() }.network(&town);
    assert_eq!(boundary(&wet, "O1"), (OutfallBoundary::Fixed(9.75), true, false));
    assert_eq!(boundary(&wet, "O2"), (OutfallBoundary::Fixed(10.0), false, false));
    assert_eq!(boundary(&wet, "O3"), (OutfallBoundary::Fixed(9.75), false, true));
    assert_eq!(boundary(&wet, "Works"), (OutfallBoundary::Fixed(7.5), false, false));
}

#[test]
fn the_free_stage_frees_all_outfalls_but_treatment_works_and_keeps_their_gates() {
    let town = network(&TOWN.replace("O2 8 FREE", "O2 8 TIMESERIES old YES ; tidal"));
    let stage = Stage {
        name: "free".into(),
        table: StageTable { free: true, ..StageTable::default() },
        series: None,
    };
    let works = vec!["Works".to_owned()];
    let horizon = HorizonTable { stage_rise: Some(Length(0.5)), ..HorizonTable::default() };
    let free = Case { stage, works, horizon, ..Case::default() }.network(&town);
    assert_eq!(boundary(&free, "O1"), (OutfallBoundary::Free, true, false));
    assert_eq!(boundary(&free, "O2"), (OutfallBoundary::Free, true, false));
    assert_eq!(boundary(&free, "O3"), (OutfallBoundary::Free, false, true));
    assert_eq!(boundary(&free, "Works"), (OutfallBoundary::Fixed(7.5), false, false));
    let lines = text_of(&free.document);
    assert!(lines.contains("O2 8 FREE YES ; tidal") && lines.contains("O3 8 FREE NO S1"), "{lines}");
}

#[test]
fn a_rise_of_stages_raises_what_the_network_itself_says() {
    let tidal =
        TOWN.replace("O2 8 FREE", "O2 8 TIDAL tide NO").replace("O1 8 FREE YES", "O1 8 TIMESERIES sea YES");
    let town = network(&format!(
        "{tidal}sea 0:00 9\nsea 1:00 10\nsea 9:00 11\n[CURVES]\ntide Tidal 0 1\ntide 12 2\n"
    ));
    let horizon = HorizonTable { stage_rise: Some(Length(0.5)), ..HorizonTable::default() };
    let works = vec!["works".to_owned()];
    let wet = Case { works, horizon, ..Case::default() }.network(&town);
    assert_eq!(boundary(&wet, "O3").0, OutfallBoundary::Fixed(9.5));
    assert_eq!(boundary(&wet, "Works").0, OutfallBoundary::Fixed(7.5));
    // 3 h of run: a quarter of the way from 10 to 11 at its end
    assert_eq!(levels(&wet, "O1"), [(0.0, 9.5), (3600.0, 10.5), (10_800.0, 10.75)]);
    assert!(boundary(&wet, "O1").1, "the flap gate stays");
    let OutfallBoundary::Tidal(curve) = boundary(&wet, "O2").0 else { panic!("no tide") };
    assert_eq!(wet.model.curves[curve].y, [1.5, 2.5]);
}

#[test]
fn the_highest_level_comes_the_lag_after_the_peak_of_the_rain() {
    let town = network(TOWN);
    let stage = Stage {
        name: "flood".into(),
        table: StageTable { peak_lag: Some(Span(1800.0)), ..StageTable::default() },
        series: Some(StageSeries {
            hours: vec![0.0, 10.0, 10.5, 20.0],
            levels: vec![("O1".into(), vec![9.0, 11.0, 10.0, 9.0]), ("*".into(), vec![8.0, 9.0, 8.5, 8.0])],
        }),
    };
    let mut storm = block("P5");
    storm.rain.pattern = Some(Pattern::Triangular { duration_s: 3600, peak_ratio: 0.5, step_s: 1200 });
    let wet = Case { storm: Some(storm), stage, ..Case::default() }.network(&town);
    // the wettest step is the middle one of three, about 30 min; half an hour later is the peak of the river
    let at_o1 = levels(&wet, "O1");
    assert_eq!(at_o1[1], (3600.0, 11.0));
    // 9 h before the peak of the series the run begins: a tenth of the rise from 9 to 11 is still to come
    assert_eq!(at_o1[0], (0.0, 10.8));
    assert_eq!(levels(&wet, "O2")[1], (3600.0, 9.0));
    let (o2, o3) = (boundary(&wet, "O2"), boundary(&wet, "O3"));
    assert_eq!(o2.0, o3.0, "outfalls of one column share a series");
    assert!(o3.2 && boundary(&wet, "O1").1);
    // the end values hold
    assert_eq!(at_o1.last().unwrap().0, 4.0 * 3600.0);
    assert!(wet.runnable().is_ok());
}

#[test]
fn growth_scales_foul_water_and_caps_sealed_ground() {
    let town = network(TOWN);
    let horizon = HorizonTable {
        dwf_growth: Some(Share(0.05)),
        imperviousness: Some(Points(0.02)),
        ..HorizonTable::default()
    };
    let text = text_of(&grow(&town, &horizon).unwrap().document);
    assert!(text.contains("\nJ FLOW 0.0105\n"));
    assert!(text.contains("\nS1 G1 J 1 100 100 1 0\n") && text.contains("\nS2 G2 J 1 52 100 1 0\n"));
}

const PUMPED: &str = "\
[OPTIONS]
FLOW_UNITS CMS
END_TIME 01:00
[STORAGE]
W 5 5 0 FUNCTIONAL 0 0 20
V 5 5 0 FUNCTIONAL 0 0 20
[JUNCTIONS]
J 8 3
[OUTFALLS]
O 8 FREE
[CONDUITS]
C J O 100 0.013 0 0
[XSECTIONS]
C CIRCULAR 1 0 0 0
[PUMPS]
P1 W J flows OFF 1 0.5
P2 W J * ON
P3 V J *
[CURVES]
flows PUMP4 0 0.1
flows 5 0.4
[CONTROLS]
RULE r
IF NODE W DEPTH > 2
THEN PUMP P2 STATUS = ON
";

#[test]
fn pumps_without_power_keep_their_rules_and_deliver_nothing() {
    let place = network(PUMPED);
    let stop = |stations: &[&str]| {
        let stations: Vec<String> = stations.iter().map(|name| (*name).to_owned()).collect();
        stop_pumps(&place, &place, &stations)
    };
    let (same, warnings) = stop(&[]).unwrap();
    assert_eq!((text_of(&same.document).as_str(), warnings.len()), (PUMPED, 0));
    let (one, _) = stop(&["w"]).unwrap();
    let text = text_of(&one.document);
    for row in
        ["P1 W J no_power_pump OFF 1 0.5", "P2 W J no_power_pump ON", "P3 V J *\n", "IF NODE W DEPTH > 2"]
    {
        assert!(text.contains(row), "{row}:\n{text}");
    }
    assert!(text.contains("no_power_pump PUMP4 0 0\nno_power_pump 100 0\n"), "{text}");
    one.runnable().unwrap();
    assert!(!text_of(&stop(&["*"]).unwrap().0.document).contains("J *"));
    // a node without pumps is worth a warning, no node at all is an error
    assert_eq!(stop(&["O"]).unwrap().1.len(), 1);
    assert!(stop(&["w", "nowhere"]).unwrap_err()[0].message.contains("no node `nowhere`"));
}

#[test]
fn steps_are_set_and_the_routing_step_gives_way_to_the_report_step() {
    let town = network(TOWN);
    let run = RunLength {
        report_step: Some(Span(10.0)),
        wet_step: Some(Span(60.0)),
        dry_step: Some(Span(600.0)),
        ..RunLength::default()
    };
    let weathered = Case { run, ..Case::default() }.text(&town).unwrap();
    let text = text_of(&weathered.document);
    for row in ["REPORT_STEP 00:00:10", "WET_STEP 00:01:00", "DRY_STEP 00:10:00", "ROUTING_STEP 10"] {
        assert!(text.contains(row), "{row}:\n{text}");
    }
    assert_eq!(weathered.warnings.len(), 1);
}

#[test]
fn what_cannot_be_is_refused_all_at_once() {
    let town = network(TOWN);
    let run = RunLength { after: Some(Span(-1.0)), report_step: Some(Span(0.0)), ..RunLength::default() };
    assert_eq!(Case { run, ..Case::default() }.text(&town).unwrap_err().len(), 2);
    let without = TOWN.split("[RAINGAGES]").next().unwrap();
    let dry = Case { storm: Some(block("P5")), ..Case::default() }.text(&network(without));
    assert!(dry.unwrap_err()[0].message.contains("no rain gauge"));
    let mut storm = block("P5");
    storm.rain.source = RainSource::Depth { depth_mm: -3.0 };
    let wrong = Case { storm: Some(storm), ..Case::default() }.text(&town).unwrap_err();
    assert_eq!(wrong[0].element, "Storm P5");
}

#[test]
fn rows_that_would_keep_the_storm_away_are_taken_away_with_a_warning() {
    let text = TOWN.replace("FLOW_UNITS CMS", "FLOW_UNITS CMS\nIGNORE_RAINFALL YES");
    let town = network(&format!("{text}[EVENTS]\n07/21/2026 14:00 07/21/2026 14:10\n"));
    let case = Case { storm: Some(block("P5")), ..Case::default() };
    assert_eq!(case.text(&town).unwrap().warnings.len(), 2);
    let stormy = case.network(&town);
    assert!(!stormy.model.options.ignore_rainfall && stormy.model.options.events.is_empty());
}
