//! Whole texts, read. The texts are our own.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::clock::DateTime;
use crate::diagnostic::Severity;
use crate::model::catchment::{Infiltration, InternalRouting, Outlet};
use crate::model::curve::{CurveKind, PatternKind};
use crate::model::link::{LinkKind, OutletDriver, OutletRating, PumpKind, WeirKind};
use crate::model::node::{DividerRule, NodeKind, OutfallBoundary, StorageShape};
use crate::model::options::{InfiltrationMethod, NormalFlowLimit, RoutingMethod, Selection};
use crate::model::section::Shape;
use crate::model::weather::{EvaporationSource, RainKind, RainSource};
use crate::units::FOOT;

/// A network with one element of each kind, in metres, with forward references throughout.
const NETWORK: &str = r#"
[TITLE]
Test network ; with a comment
second line

[OPTIONS]
FLOW_UNITS           CMS
INFILTRATION         HORTON
FLOW_ROUTING         DW
LINK_OFFSETS         DEPTH
START_DATE           07/21/2026
START_TIME           06:00
END_DATE             07/22/2026
END_TIME             00:00:00
REPORT_START_DATE    07/21/2026
REPORT_START_TIME    07:00:00
WET_STEP             00:05:00
DRY_STEP             1
REPORT_STEP          0:15
ROUTING_STEP         0:00:10
VARIABLE_STEP        0.5
MIN_SURFAREA         2
HEAD_TOLERANCE       0.002
MIN_SLOPE            0.1
NORMAL_FLOW_LIMITED  NONE
ALLOW_PONDING        YES
COMPATIBILITY        5
SLOPE_WEIGHTING      YES

[EVAPORATION]
MONTHLY 1 2 3 4 5 6 7 8 9 10 11 12
DRY_ONLY YES
RECOVERY MonthPat

[RAINGAGES]
G1  INTENSITY 0:05 1.0 TIMESERIES Rain
G2  CUMULATIVE 1 1.0 FILE "rain data.dat" S1 MM

[SUBCATCHMENTS]
S1 G1 J1 2.5 40 120 1.5 0
S2 G2 S1 1   0  80  2   0

[SUBAREAS]
S1 0.015 0.2 1.5 4 25 PERV 60
S2 0.015 0.2 1.5 4 25 IMPERV

[INFILTRATION]
S1 75 5 4 7
S2 100 10 0.3 GREEN_AMPT

[ADJUSTMENTS]
RAINFALL 1 1 1 1 1 1 2 1 1 1 1 1
N-PERV S1 MonthPat

[JUNCTIONS]
J1 10 3 0.5 0 200
J2 9.5

[OUTFALLS]
O1 8 FREE
O2 8 FIXED 8.5 YES
O3 8 TIDAL Tide NO S2
O4 8 TIMESERIES Stage NO

[STORAGE]
T1 7 4 0.5 FUNCTIONAL 100 0.5 50 0 0.8 5
T2 7 4 0   TABULAR Basin 0.2 1 90 6 0.25
T3 7 4 0   CONICAL 10 8 2

[DIVIDERS]
D1 9 * OVERFLOW 2
D2 9 C2 CUTOFF 0.5

[CONDUITS]
C1 J1 J2 100 0.013 0 0.2 0.1 3
C2 J2 O1 50  0.013 0 0
C3 J2 D1 50  0.013 0 0

[PUMPS]
P1 T1 J2 Lift OFF 1.5 0.5
P2 T1 J2 *

[ORIFICES]
Or1 T1 J2 SIDE 0.3 0.65 YES 0.5

[WEIRS]
W1 T2 O2 ROADWAY 1.2 1.8 NO 0 0 YES 6 GRAVEL

[OUTLETS]
U1 T2 O3 0.4 TABULAR/HEAD Rate YES
U2 T3 O4 -1 FUNCTIONAL/DEPTH 2 0.5

[XSECTIONS]
C1 CIRCULAR 0.8 0 0 0 2 4
C2 IRREGULAR River
C3 HORIZ_ELLIPSE 5 0 0 0
Or1 RECT_CLOSED 0.4 0.6 0 0
W1 RECT_OPEN 0.5 4 1 1

[TRANSECTS]
NC 0.05 0 0.03
X1 River 4 2 8 0 0 1.5 2 0
GR 5 0 3 4 3 6 5 10

[LOSSES]
C1 0.5 1 0.1 YES 3.6

[INFLOWS]
J1 FLOW "" FLOW 1 1 0.25 HourPat
J2 FLOW Stage FLOW 1 2

[DWF]
J1 FLOW 0.01 HourPat "" MonthPat

[CURVES]
Basin STORAGE 0 100 2 200
Basin 4 300
Tide TIDAL 0 8.2 12 8.6
Rate RATING 0 0 1 2
Lift PUMP2 1 0.1 2 0.2

[TIMESERIES]
Rain 0 0 0:30 10
Rain 1 0
Stage 07/21/2026 6:00 8.1 7:00 8.2
Stage JUL-22-2026 0:00 8.3

[PATTERNS]
MonthPat MONTHLY 1 1 1 1 1 1
MonthPat 2 2 2 2 2 2
HourPat HOURLY 1.5

[REPORT]
NODES J2 J1 J2
LINKS ALL
CONTROLS YES

[CONTROLS]
RULE one
IF NODE J1 DEPTH > 1.5 ; comment
THEN PUMP P1 STATUS = OFF

[EVENTS]
07/21/2026 6:00 07/21/2026 8:00

[COORDINATES]
J1 1 2
NoSuch 3 4
[VERTICES]
C1 5 6
[Polygons]
S1 0 0
[TAGS]
Node J1 deep manhole
[MAP]
DIMENSIONS 0 0 100 200
Units Meters
"#;

fn reading(text: &str) -> Reading {
    read_text(text.as_bytes(), Path::new("test.inp"))
}

fn codes(reading: &Reading) -> Vec<u16> {
    let errors = reading.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    errors.map(|d| d.code).collect()
}

fn shown(reading: &Reading) -> String {
    reading.diagnostics.iter().map(|d| format!("{d}\n")).collect()
}

/// The network's model; it has no errors.
fn network() -> Model {
    let reading = reading(NETWORK);
    assert_eq!(codes(&reading), Vec::<u16>::new(), "{}", shown(&reading));
    reading.model
}

fn close(a: f64, b: f64) {
    // SWMM's cubic metre and hectare are rounded in the fourth digit.
    assert!((a - b).abs() <= 3e-4 * b.abs(), "{a} is not {b}");
}

#[test]
fn options_of_all_ages_are_understood() {
    let model = network();
    let options = &model.options;
    assert_eq!(model.title, ["Test network ; with a comment", "second line"]);
    assert_eq!(options.routing, RoutingMethod::Dynamic);
    assert_eq!(options.infiltration, InfiltrationMethod::Horton);
    assert_eq!(options.normal_flow, NormalFlowLimit::Neither);
    assert_eq!(options.start.to_string(), "2026-07-21 06:00:00");
    assert_eq!(options.report_start.to_string(), "2026-07-21 07:00:00");
    assert_eq!((options.wet_step, options.dry_step, options.report_step), (300, 3600, 900));
    assert_eq!((options.routing_step, options.courant_factor), (10.0, 0.5));
    assert_eq!((options.minimum_surface_area, options.head_tolerance), (2.0, 0.002));
    assert_eq!((options.minimum_slope, options.max_trials), (0.001, 8));
    assert!(options.allow_ponding);
    assert_eq!(options.events.len(), 1);
}

#[test]
fn the_sky_is_read() {
    let model = network();
    let gauges = model.gauges.items();
    assert_eq!((gauges[0].kind, gauges[0].interval), (RainKind::Intensity, 300));
    assert_eq!(gauges[0].source, RainSource::Series(model.series.find("Rain").unwrap()));
    let (path, station) = ("rain data.dat".to_owned(), "S1".to_owned());
    assert_eq!(
        gauges[1].source,
        RainSource::File { path, station, millimetres: true, start: None, record: None }
    );
    let EvaporationSource::Monthly(rates) = model.evaporation.source else { panic!("not monthly") };
    close(rates[11], 0.012 / 86_400.0);
    assert!(model.evaporation.dry_only && model.evaporation.recovery.is_some());
    assert_eq!(model.adjustments.rainfall[6], 2.0);
}

#[test]
fn land_is_read_in_si() {
    let model = network();
    let [first, second] = model.subcatchments.items() else { panic!("not two") };
    close(first.area, 25_000.0);
    assert_eq!((first.impervious, first.slope, first.zero_storage), (0.4, 0.015, 0.25));
    close(first.storage_pervious, 0.004);
    assert_eq!((first.routing, first.routed), (InternalRouting::Pervious, 0.6));
    // There is no impervious land to route to.
    assert_eq!(second.routing, InternalRouting::Outlet);
    assert_eq!(first.outlet, Outlet::Node(model.nodes.find("J1").unwrap()));
    assert_eq!(second.outlet, Outlet::Subcatchment(model.subcatchments.find("S1").unwrap()));
    assert!(first.roughness_pattern.is_some());
    let Some(Infiltration::Horton { initial, decay, modified, .. }) = first.infiltration else {
        panic!("no Horton")
    };
    close(initial, 0.075 / 3600.0);
    close(decay, 4.0 / 3600.0);
    assert!(!modified);
    let Some(Infiltration::GreenAmpt { suction, deficit, .. }) = second.infiltration else {
        panic!("no Green-Ampt")
    };
    close(suction, 0.1);
    assert_eq!(deficit, 0.3);
}

#[test]
fn nodes_of_all_kinds_are_read() {
    let model = network();
    let kind = |name| &model.nodes[model.nodes.find(name).unwrap()].kind;
    let junction = &model.nodes[model.nodes.find("J1").unwrap()];
    assert_eq!((junction.invert, junction.full_depth, junction.initial_depth), (10.0, 3.0, 0.5));
    assert_eq!((junction.ponded_area, junction.tag.as_str()), (200.0, "deep manhole"));
    let free = NodeKind::Outfall { boundary: OutfallBoundary::Free, flap_gate: false, route_to: None };
    assert_eq!(kind("O1"), &free);
    let fixed = NodeKind::Outfall { boundary: OutfallBoundary::Fixed(8.5), flap_gate: true, route_to: None };
    assert_eq!(kind("O2"), &fixed);
    let boundary = OutfallBoundary::Tidal(model.curves.find("Tide").unwrap());
    let route_to = model.subcatchments.find("S2");
    assert_eq!(kind("O3"), &NodeKind::Outfall { boundary, flap_gate: false, route_to });
    let NodeKind::Storage { shape, evaporation, seepage } = kind("T1") else { panic!("no storage") };
    assert_eq!(shape, &StorageShape::Functional { a0: 50.0, a1: 100.0, a2: 0.5 });
    assert_eq!(*evaporation, 0.8);
    close(seepage.unwrap().conductivity, 0.005 / 3600.0);
    let NodeKind::Storage { shape, seepage: Some(seepage), .. } = kind("T2") else { panic!("no seepage") };
    assert_eq!(shape, &StorageShape::Tabular(model.curves.find("Basin").unwrap()));
    assert_eq!(seepage.deficit, 0.25);
    assert!(matches!(kind("T3"), NodeKind::Storage { shape: StorageShape::Conical { .. }, .. }));
    assert_eq!(kind("D1"), &NodeKind::Divider { link: None, rule: DividerRule::Overflow });
    let NodeKind::Divider { link, .. } = kind("D2") else { panic!("no divider") };
    assert_eq!(*link, model.links.find("C2"));
    let inflow = junction.inflow.unwrap();
    close(inflow.baseline, 0.25);
    assert!(inflow.series.is_none() && inflow.pattern.is_some());
    // Patterns stand in the order of their kinds: by month, day, hour, at the weekend.
    let pattern = |name| model.patterns.find(name);
    let patterns = junction.dry_weather.unwrap().patterns;
    assert_eq!(patterns, [pattern("MonthPat"), None, pattern("HourPat"), None]);
}

#[test]
fn links_of_all_kinds_are_read() {
    let model = network();
    let link = |name| &model.links[model.links.find(name).unwrap()];
    let conduit = link("C1").conduit().unwrap();
    assert_eq!(
        (conduit.length, conduit.roughness, conduit.barrels, conduit.culvert_code),
        (100.0, 0.013, 2, 4)
    );
    assert_eq!(conduit.shape, Shape::Circular { diameter: 0.8 });
    assert_eq!((conduit.entry_loss, conduit.exit_loss, conduit.average_loss), (0.5, 1.0, 0.1));
    close(conduit.seepage, 1e-6);
    close(conduit.max_flow, 3.0);
    assert!(link("C1").flap_gate);
    assert_eq!(link("C1").outlet_offset, 0.2);
    assert_eq!(link("C2").shape(), Some(&Shape::Irregular(model.transects.find("River").unwrap())));
    let size = Shape::HorizontalEllipse { height: 0.0, width: 0.0, size: 5 };
    assert_eq!(link("C3").shape(), Some(&size));
    let LinkKind::Pump(pump) = &link("P1").kind else { panic!("no pump") };
    assert_eq!(pump.kind, PumpKind::Type2(model.curves.find("Lift").unwrap()));
    assert!(!pump.initially_on && pump.startup_depth == 1.5);
    assert!(matches!(&link("P2").kind, LinkKind::Pump(pump) if pump.kind == PumpKind::Ideal));
    let LinkKind::Orifice(orifice) = &link("Or1").kind else { panic!("no orifice") };
    assert_eq!((orifice.bottom, orifice.coefficient, orifice.gate_time), (false, 0.65, 1800.0));
    let LinkKind::Weir(weir) = &link("W1").kind else { panic!("no weir") };
    assert_eq!((weir.kind, weir.road_width, weir.gravel), (WeirKind::Roadway, 6.0, Some(true)));
    // A weir's opening has all its walls.
    assert_eq!(weir.shape, Shape::RectangularOpen { height: 0.5, width: 4.0, sides_removed: 0.0 });
    let LinkKind::Outlet(outlet) = &link("U1").kind else { panic!("no outlet") };
    assert_eq!(outlet.driver, OutletDriver::Head);
    assert!(matches!(outlet.rating, OutletRating::Tabular(_)) && link("U1").flap_gate);
    // An outlet below its node sits at its bottom.
    assert_eq!(link("U2").inlet_offset, 0.0);
}

#[test]
fn tables_are_read_in_si() {
    let model = network();
    let basin = &model.curves[model.curves.find("basin").unwrap()];
    assert_eq!(basin.kind, CurveKind::Storage);
    assert_eq!((basin.x.as_slice(), basin.y.as_slice()), (&[0.0, 2.0, 4.0][..], &[100.0, 200.0, 300.0][..]));
    let rain = &model.series[model.series.find("Rain").unwrap()];
    let hours: Vec<_> = rain.times.iter().map(|t| t.seconds_since(model.options.start) / 3600.0).collect();
    assert_eq!((hours, rain.values.as_slice()), (vec![0.0, 0.5, 1.0], &[0.0, 10.0, 0.0][..]));
    let stage = &model.series[model.series.find("Stage").unwrap()];
    let midnight = DateTime::from_date(2026, 7, 22).unwrap();
    assert_eq!(stage.times, [midnight.plus_seconds(-64_800.0), midnight.plus_seconds(-61_200.0), midnight]);
    let pattern = &model.patterns[model.patterns.find("MonthPat").unwrap()];
    assert_eq!((pattern.kind, pattern.count, pattern.factors[11]), (PatternKind::Monthly, 12, 2.0));
    let river = &model.transects.items()[0];
    assert_eq!((river.roughness_left, river.roughness_right, river.roughness_channel), (0.05, 0.03, 0.03));
    assert_eq!((river.length_factor, river.width_factor), (1.5, 2.0));
    assert_eq!(river.stations, [0.0, 4.0, 6.0, 10.0]);
    assert_eq!(river.elevations, [5.0, 3.0, 3.0, 5.0]);
}

#[test]
fn the_report_and_the_map_are_read() {
    let model = network();
    let id = |name| model.nodes.find(name).unwrap();
    assert_eq!(model.report.nodes, Selection::Some(vec![id("J1"), id("J2")]));
    assert_eq!((&model.report.links, &model.report.subcatchments), (&Selection::All, &Selection::None));
    assert!(model.report.controls);
    assert_eq!(model.map.nodes[0], Some([1.0, 2.0]));
    assert_eq!(model.map.links[0], [[5.0, 6.0]]);
    assert_eq!(model.map.subcatchments[0], [[0.0, 0.0]]);
    assert_eq!((model.map.extent, model.map.unit.as_str()), (Some([0.0, 0.0, 100.0, 200.0]), "Meters"));
}

#[test]
fn feet_become_metres() {
    let text = "[OPTIONS]\nFLOW_UNITS CFS\n[JUNCTIONS]\nA 10\n[STORAGE]\nB 0 5 0 FUNCTIONAL 3 0.5 2\n\
                [CURVES]\nQ PUMP1 100 1\n[CONDUITS]\nC A B 100 .01 0 0\n[XSECTIONS]\nC ARCH 12 0 0 0\n";
    let model = reading(text).model;
    assert_eq!(model.nodes.items()[0].invert, 10.0 * FOOT);
    let NodeKind::Storage { shape: StorageShape::Functional { a0, a1, a2 }, .. } =
        model.nodes.items()[1].kind
    else {
        panic!("no storage")
    };
    // 3 ft² · (4 ft)^0.5 + 2 ft² = 8 ft²
    close(a0 + a1 * (4.0 * FOOT).powf(a2), 8.0 * FOOT * FOOT);
    close(model.curves.items()[0].x[0], 100.0 * FOOT.powi(3));
    assert_eq!(model.options.head_tolerance, 0.005 * FOOT);
    assert_eq!(model.links.items()[0].shape(), Some(&Shape::Arch { height: 0.0, width: 0.0, size: 12 }));
}

#[test]
fn elevations_become_offsets() {
    let text = "[OPTIONS]\nFLOW_UNITS CMS\nLINK_OFFSETS ELEVATION\n[CONDUITS]\nC1 A B 9 .01 10.5 *\n\
                C2 A B 9 .01 9.9999 3\n[OUTLETS]\nU A B 11 FUNCTIONAL 1 1\n[JUNCTIONS]\nA 10\nB 5\n\
                [XSECTIONS]\nC1 CIRCULAR 1 0 0 0\nC2 CIRCULAR 1 0 0 0\n";
    let reading = reading(text);
    let offsets: Vec<_> =
        reading.model.links.items().iter().map(|l| (l.inlet_offset, l.outlet_offset)).collect();
    assert_eq!(offsets, [(0.5, 0.0), (0.0, 0.0), (1.0, 1.0)]);
    let warnings: Vec<_> = reading.diagnostics.iter().map(|d| (d.code, d.element.as_str())).collect();
    assert_eq!(warnings, [(3, "Link C2")]);
}

/// A line in a section, the error that it must give, and the part of it that is marked.
const BROKEN: &[(&str, &str, u16, &str)] = &[
    ("JUNCTIONS", "J9", 203, ""),
    ("JUNCTIONS", "J9 abc", 211, "abc"),
    ("JUNCTIONS", "J9 1 -2", 211, "-2"),
    ("JUNCTIONS", "J9 nan", 211, "nan"),
    ("JUNCTIONS", "J9 1e999", 211, "1e999"),
    ("JUNCTIONS", "j1 0", 207, "j1"),
    ("JUNCTIONS", "\"\" 0", 209, "\"\""),
    ("OUTFALLS", "O9 0 SOMEHOW", 205, "SOMEHOW"),
    ("OUTFALLS", "O9 0 TIDAL NoCurve", 209, "NoCurve"),
    ("STORAGE", "T9 0 1 0 FUNCTIONAL 1 1 -1", 211, "-1"),
    ("STORAGE", "T9 0 1 0 CYLINDRICAL 0 1 1", 211, "0"),
    ("STORAGE", "T9 0 1 0 TABULAR Basin 0 0 1 2", 203, ""),
    ("DIVIDERS", "D9 0 NoLink OVERFLOW", 209, "NoLink"),
    ("CONDUITS", "C9 J1 J3 100 0.01 0 0", 209, "J3"),
    ("PUMPS", "P9 J1 J2 Lift MAYBE", 205, "MAYBE"),
    ("PUMPS", "P9 J1 J2 Basin", 121, "Basin"),
    ("ORIFICES", "Or9 J1 J2 TOP 0 1", 205, "TOP"),
    ("WEIRS", "W9 J1 J2 V-NOTCH 0 -1", 211, "-1"),
    ("OUTLETS", "U9 J1 J2 0 FUNCTIONAL 1", 203, ""),
    ("XSECTIONS", "C1 ROUND 1 0 0 0", 205, "ROUND"),
    ("XSECTIONS", "C1 CIRCULAR 0 0 0 0", 211, "0"),
    ("XSECTIONS", "C1 CIRCULAR 1 0 0 0 999999999999", 114, "999999999999"),
    ("XSECTIONS", "C1 ARCH 103 0 0 0", 211, "103"),
    ("XSECTIONS", "C1 FILLED_CIRCULAR 1 1 0 0", 211, "1"),
    ("XSECTIONS", "C1 RECT_ROUND 1 4 1 0", 211, "1"),
    ("TRANSECTS", "GR 1", 203, ""),
    ("TRANSECTS", "GR 1 5", 221, "5"),
    ("TRANSECTS", "ZZ 1", 205, "ZZ"),
    ("STREETS", "Road 5 0.2 0 0.016", 211, "0"),
    ("SUBCATCHMENTS", "S9 G9 J1 1 1 1 1 0", 209, "G9"),
    ("SUBAREAS", "S1 0 0 0 0 0 ELSEWHERE", 205, "ELSEWHERE"),
    ("INFILTRATION", "S1 1 2 3 4", 235, ""),
    ("INFILTRATION", "S1 1 2 3", 203, ""),
    ("RAINGAGES", "G9 VOLUME 0 1 TIMESERIES Rain", 213, "0"),
    ("EVAPORATION", "MONTHLY 1 2 3", 203, ""),
    ("INFLOWS", "J1 Lead Rain", 209, "Lead"),
    ("DWF", "J1 FLOW 1 NoPattern", 209, "NoPattern"),
    ("CURVES", "New STORAGE 1", 203, "1"),
    ("CURVES", "New HILL 1 1", 205, "HILL"),
    ("TIMESERIES", "Rain 25:00 x", 211, "x"),
    ("TIMESERIES", "Rain noon 1", 211, "noon"),
    ("TIMESERIES", "Rain 2 1 x", 211, "x"),
    ("PATTERNS", "New YEARLY 1", 205, "YEARLY"),
    ("OPTIONS", "FLOW_UNITS CUBITS", 205, "CUBITS"),
    ("OPTIONS", "START_DATE 31/12/2026", 213, "31/12/2026"),
    ("OPTIONS", "ROUTING_STEP 0", 211, "0"),
    ("OPTIONS", "MAX_TRIALS -1", 211, "-1"),
    ("EVENTS", "1/2/2026 0 1/1/2026 0", 213, ""),
    ("REPORT", "NODES J1 J7", 209, "J7"),
    ("FILES", "USE OUTFLOWS out.txt", 203, "USE"),
    ("GROUNDWATER", "S1 Aquifer9 J1 1 1 1 1 1 1 1 1", 209, "Aquifer9"),
    ("TREATMENT", "J1 Lead C = 2", 209, "Lead"),
    ("GWF", "S1 LATERAL 0.1 * Depth", 233, ""),
    ("SNOWPACKS", "Pack ROOF 1 1 1 1 1 1 1", 205, "ROOF"),
    ("HYDROGRAPHS", "UH May SHORT 1 2 z", 211, "z"),
    ("LID_CONTROLS", "Lid SURFACE 1 1 1 1 1", 211, "1"),
    ("INLETS", "Grate GRATE 1 0 P_BAR-50", 211, "0"),
];

#[test]
fn every_problem_is_reported_at_its_place() {
    for &(section, line, code, token) in BROKEN {
        // The broken line stands right behind the heading's own lines, or in a section of its own.
        let text = format!("{NETWORK}\n[{section}]\n{line}\n");
        let reading = reading(&text);
        let errors: Vec<_> =
            reading.diagnostics.iter().filter(|d| d.severity == Severity::Error && d.code != 117).collect();
        let [error] = errors.as_slice() else { panic!("[{section}] {line}: {}", shown(&reading)) };
        let place = error.place.as_ref().unwrap();
        assert_eq!(error.code, code, "[{section}] {line}: {error}");
        assert_eq!((place.line, place.text.as_str()), (text.lines().count(), line));
        assert_eq!(place.token, token, "[{section}] {line}: {error}");
        assert!(place.column == 0 || place.text[place.column - 1..].starts_with(token));
    }
}

#[test]
fn all_problems_of_a_text_are_reported() {
    let many: String = BROKEN.iter().map(|(section, line, ..)| format!("[{section}]\n{line}\n")).collect();
    let reading = reading(&format!("{NETWORK}{many}"));
    assert!(codes(&reading).len() >= BROKEN.len(), "{}", shown(&reading));
}

#[test]
fn an_unknown_section_is_an_error_and_is_passed_over() {
    let reading = reading("[JUNCTIONS]\nA 1\n[GEOTHERMAL]\nx y z\n[JUNC]\nB 2\n");
    assert_eq!((codes(&reading), reading.model.nodes.len()), (vec![205], 2));
}

#[test]
fn a_slip_of_the_pen_is_answered_with_the_right_name() {
    let reading = reading(&NETWORK.replace("C2 J2 O1 50", "C2 J2 O11 50"));
    let error = reading.diagnostics.iter().find(|d| d.code == 209).unwrap();
    assert_eq!(error.help, "did you mean 'O1'?");
    assert_eq!(error.element, "Conduit C2");
}

#[test]
fn a_conduit_needs_a_cross_section() {
    let reading = reading("[JUNCTIONS]\nA 1\nB 0\n[CONDUITS]\nC A B 10 0.01 0 0\n");
    let [error] = reading.diagnostics.as_slice() else { panic!("{}", shown(&reading)) };
    assert_eq!((error.code, error.element.as_str()), (117, "Conduit C"));
    assert_eq!(error.place.as_ref().unwrap().line, 5);
}

#[test]
fn long_lines_are_refused_but_not_for_their_comment() {
    let blanks = " ".repeat(1100);
    assert_eq!(codes(&reading(&format!("[JUNCTIONS]\nA 1{blanks}0\n"))), [201]);
    assert_eq!(codes(&reading(&format!("[JUNCTIONS]\nA 1 ;{blanks}0\n"))), Vec::<u16>::new());
}

fn unsupported(text: &str) -> Vec<String> {
    let reading = reading(text);
    assert_eq!(codes(&reading), Vec::<u16>::new(), "{}", shown(&reading));
    let found = reading.diagnostics.iter().filter(|d| d.severity == Severity::Unsupported);
    found.map(|d| d.message.split(':').next().unwrap_or("").to_owned()).collect()
}

#[test]
fn physics_that_is_not_simulated_stops_a_run_only_where_it_acts() {
    let quality = "[POLLUTANTS]\nLead UG/L 0 0 0 0\n[LANDUSES]\nRoad\n[WASHOFF]\nRoad Lead EMC 1 0\n\
                   [TREATMENT]\nJ1 Lead R = 0.1 * exp(-HRT)\n[INFLOWS]\nJ1 Lead \"\" MASS 2\n";
    let with = |more: &str| unsupported(&format!("{NETWORK}\n{more}"));
    assert_eq!(with(""), Vec::<String>::new());
    assert_eq!(with(quality), ["[POLLUTANTS]", "[LANDUSES]", "[WASHOFF]", "[TREATMENT]"]);
    assert_eq!(with(&format!("{quality}[OPTIONS]\nIGNORE_QUALITY YES\n")), Vec::<String>::new());
    assert_eq!(with("[LANDUSES]\nRoad\n[COVERAGES]\nS1 Road 100\n"), Vec::<String>::new());
    let lid = "[LID_CONTROLS]\nGarden RG\nGarden SURFACE 10 0.1 0.1 1 5\n";
    assert_eq!(with(lid), Vec::<String>::new());
    assert_eq!(with(&format!("{lid}[LID_USAGE]\nS1 Garden 1 10 1 0 50 0\n")), ["[LID_USAGE]"]);
    assert_eq!(with(&format!("{lid}[LID_USAGE]\nS1 Garden 0 10 1 0 50 0\n")), Vec::<String>::new());
    let snow = "[SNOWPACKS]\nPack PLOWABLE 1 1 0 0 0 0 0\n";
    assert_eq!(with(snow), Vec::<String>::new());
    let packed = format!("{NETWORK}{snow}").replace("120 1.5 0\n", "120 1.5 0 Pack\n");
    assert_eq!(unsupported(&packed), ["[SNOWPACKS]"]);
    assert_eq!(unsupported(&format!("{packed}[OPTIONS]\nIGNORE_SNOWMELT YES\n")), Vec::<String>::new());
    let ground = "[AQUIFERS]\nClay .5 .1 .3 1 10 15 .35 14 0 0 5 .3\n";
    assert_eq!(with(ground), Vec::<String>::new());
    let used = format!("{ground}[GROUNDWATER]\nS1 Clay J1 10 1 1 0 0 0 0 *\n[GWF]\nS1 DEEP 0.1*HGW\n");
    assert_eq!(with(&used), ["[GROUNDWATER]", "[GWF]"]);
    let seeping = "[HYDROGRAPHS]\nUH G1\nUH ALL SHORT 0.1 1 2\n[RDII]\nJ1 UH 5\n";
    assert_eq!(with(seeping), ["[RDII]"]);
    assert_eq!(with(&format!("{seeping}[OPTIONS]\nIGNORE_RDII YES\n")), Vec::<String>::new());
    assert_eq!(with("[FILES]\nSAVE OUTFLOWS out.txt\nUSE HOTSTART a.hsf\n"), ["[FILES]", "[FILES]"]);
    assert_eq!(with("[OPTIONS]\nFLOW_ROUTING KINWAVE\n"), ["[OPTIONS]"]);
    assert_eq!(with("[OPTIONS]\nFLOW_ROUTING KINWAVE\nIGNORE_ROUTING YES\n"), Vec::<String>::new());
    let climate = "[TEMPERATURE]\nFILE climate.dat\n[EVAPORATION]\nTEMPERATURE\n";
    assert_eq!(with(climate), ["[EVAPORATION]"]);
    let inlets = "[INLETS]\nDrain GRATE 0.5 0.5 P_BAR-30\n";
    assert_eq!(with(inlets), Vec::<String>::new());
    assert_eq!(with(&format!("{inlets}[INLET_USAGE]\nC1 Drain J2\n")), ["[INLET_USAGE]"]);
}

#[test]
fn rule_lines_keep_their_fields_and_places() {
    let document = Document::parse(NETWORK.as_bytes());
    let lines = rule_lines(&document, Path::new("test.inp"));
    assert_eq!(lines.len(), 3);
    let (tokens, places) = &lines[1];
    assert_eq!(tokens.join(" "), "IF NODE J1 DEPTH > 1.5");
    assert_eq!((places.len(), places[2].token.as_str(), places[2].column), (6, "J1", 9));
}

#[test]
fn a_time_series_may_stand_in_a_file_of_its_own() {
    let folder = std::env::temp_dir().join(format!("pailao-series-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("降雨")).unwrap();
    let data = ";日期 时间 雨强\r\n07/21/2026 6:00 1.5\r\n\r\n6:05 2.5\r\n";
    std::fs::write(folder.join("降雨/暴雨.dat"), encoding_rs::GBK.encode(data).0).unwrap();
    std::fs::write(folder.join("bad.dat"), "0:00 1\n0:05 one\n").unwrap();
    let text = "[TIMESERIES]\nA FILE \"降雨\\暴雨.dat\"\nB FILE missing.dat\nC FILE bad.dat\n";
    let (bytes, ..) = encoding_rs::GBK.encode(text);
    let reading = read_text(&bytes, &folder.join("model.inp"));
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(codes(&reading), [361, 363]);
    let bad = reading.diagnostics[1].place.as_ref().unwrap();
    assert!(bad.file.ends_with("bad.dat") && bad.line == 2);
    let series = &reading.model.series.items()[0];
    assert_eq!(series.file.as_deref(), Some("降雨\\暴雨.dat"));
    let start = DateTime::from_date(2026, 7, 21).unwrap();
    assert_eq!(series.times, [21_600.0, 21_900.0].map(|s| start.plus_seconds(s)));
    assert_eq!(series.values, [1.5, 2.5]);
}

#[test]
fn chinese_names_are_found_in_either_encoding() {
    let text = "[JUNCTIONS]\n一号井 3.5\n二号井 3\n[CONDUITS]\n管1 一号井 二号井 100 0.013 0 0\n\
                [XSECTIONS]\n管1 CIRCULAR 0.6 0 0 0\n";
    for bytes in [text.as_bytes().to_vec(), encoding_rs::GBK.encode(text).0.into_owned()] {
        let reading = read_text(&bytes, Path::new("test.inp"));
        assert!(reading.diagnostics.is_empty(), "{}", shown(&reading));
        assert_eq!(reading.model.nodes.names(), ["一号井", "二号井"]);
    }
}

#[test]
fn an_edited_document_is_read_like_a_new_one() {
    let mut document = Document::parse(NETWORK.as_bytes());
    let row = document.rows(Section::Conduits)[0];
    assert!(document.set_token(row, 3, "125"));
    document.append_row(Section::Junctions, &["J99", "4"]).unwrap();
    let model = read_document(document, Path::new("test.inp")).model;
    assert_eq!(model.links.items()[0].conduit().unwrap().length, 125.0);
    assert!(model.nodes.find("J99").is_some());
}

#[test]
fn a_text_returns_unchanged() {
    for text in [NETWORK.to_owned(), NETWORK.replace('\n', "\r\n"), NETWORK.replace(' ', "\t")] {
        assert_eq!(reading(&text).document.to_bytes().unwrap(), text.as_bytes());
    }
}

/// A number or word that a field is replaced with.
fn field() -> impl Strategy<Value = String> {
    let odd = [
        "",
        "*",
        "0",
        "-1",
        "1e308",
        "-1e308",
        "1e-320",
        "nan",
        "inf",
        "1e999",
        "4294967296",
        "99999999999999999999",
        "ALL",
        "NONE",
        "YES",
        "FILE",
        "1/1/2026",
        "99:99:99",
        "-",
        "/",
        "\"",
        "沈阳",
        "J1",
        "S1",
        "C1",
        "Basin",
        "Rain",
    ];
    prop_oneof![
        prop::sample::select(odd.map(str::to_owned).to_vec()),
        any::<f64>().prop_map(|x| x.to_string()),
        "[ -~]{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn damaged_texts_never_panic(
        fields in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), field()), 0..8),
        swaps in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..4),
        drops in proptest::collection::vec(any::<prop::sample::Index>(), 0..4),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let broken: String = BROKEN.iter().map(|(section, line, ..)| format!("[{section}]\n{line}\n")).collect();
        let mut lines: Vec<String> = format!("{NETWORK}{broken}").lines().map(str::to_owned).collect();
        for (line, at, value) in &fields {
            let count = lines.len();
            let line = &mut lines[line.index(count)];
            let spans: Vec<_> = document::tokens(line).iter().map(|t| (t.start, t.end)).collect();
            if !spans.is_empty() {
                let (start, end) = spans[at.index(spans.len())];
                line.replace_range(start..end, value);
            }
        }
        for (a, b) in &swaps {
            let (a, b) = (a.index(lines.len()), b.index(lines.len()));
            lines.swap(a, b);
        }
        for drop in &drops {
            lines.remove(drop.index(lines.len()));
        }
        let mut bytes = lines.join("\n").into_bytes();
        for (at, value) in &flips {
            let at = at.index(bytes.len());
            bytes[at] = *value;
        }
        let reading = read_text(&bytes, Path::new("no-such-folder/test.inp"));
        prop_assert_eq!(reading.document.to_bytes().unwrap(), bytes);
        for diagnostic in &reading.diagnostics {
            prop_assert!(!diagnostic.to_string().is_empty());
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let reading = read_text(&bytes, Path::new("test.inp"));
        prop_assert_eq!(reading.document.to_bytes().unwrap(), bytes);
    }
}
