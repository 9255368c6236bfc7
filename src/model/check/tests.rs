//! Each error and correction by a tiny model.

use super::check;
use crate::clock::{DAY_MS, DateTime};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::catchment::{Outlet, Subcatchment};
use crate::model::control::{ActionClause, Rule, Setting};
use crate::model::curve::{Curve, CurveKind, TimeSeries};
use crate::model::link::{
    Conduit, Link, LinkKind, Orifice, OutletDriver, OutletLink, OutletRating, Pump, PumpKind, Weir, WeirKind,
};
use crate::model::node::{DirectInflow, DividerRule, Node, NodeKind, OutfallBoundary, StorageShape};
use crate::model::options::{OffsetConvention, Options, RoutingMethod};
use crate::model::section::Shape;
use crate::model::section::transect::Transect;
use crate::model::weather::{Gauge, RainKind, RainSource};
use crate::model::{CurveId, GaugeId, LinkId, Model, NodeId, SeriesId, TransectId};
use crate::units::{FOOT, FlowUnits, Units};

const PIPE: Shape = Shape::Circular { diameter: 1.0 };
const OUTFALL: NodeKind =
    NodeKind::Outfall { boundary: OutfallBoundary::Free, flap_gate: false, route_to: None };

fn node(kind: NodeKind, invert: f64, full_depth: f64) -> Node {
    Node::new(kind, invert, full_depth)
}

fn conduit(shape: Shape) -> LinkKind {
    LinkKind::Conduit(Conduit {
        initial_flow: 0.2,
        entry_loss: 0.1,
        exit_loss: 0.9,
        ..Conduit::new(100.0, 0.013, shape)
    })
}

fn link(kind: LinkKind, from: NodeId, to: NodeId) -> Link {
    Link::new(kind, from, to)
}

/// A junction at 11 m and an outfall at 10 m, joined by a sound pipe of 1 m.
fn sewer() -> Model {
    let start = DateTime::from_date(2026, 7, 21).unwrap();
    let options = Options {
        routing: RoutingMethod::Dynamic,
        start,
        report_start: start,
        end: DateTime(start.0 + DAY_MS),
        ..Options::default()
    };
    let mut model = Model { units: Units::new(FlowUnits::Cms), options, ..Model::default() };
    let upper = model.nodes.insert("J1", node(NodeKind::Junction, 11.0, 3.0)).unwrap();
    let lower = model.nodes.insert("O1", node(OUTFALL, 10.0, 0.0)).unwrap();
    model.links.insert("C1", link(conduit(PIPE), upper, lower)).unwrap();
    model
}

const J1: NodeId = NodeId(0);
const O1: NodeId = NodeId(1);
const C1: LinkId = LinkId(0);

fn codes(found: &[Diagnostic]) -> Vec<u16> {
    found.iter().map(|d| d.code).collect()
}

/// Codes that a change of the sound sewer gives.
fn after(change: impl FnOnce(&mut Model)) -> (Vec<u16>, Model) {
    let mut model = sewer();
    change(&mut model);
    let found = check(&mut model);
    for diagnostic in &found {
        let is_error = diagnostic.code > 99;
        assert_eq!(diagnostic.severity == Severity::Error, is_error, "{diagnostic}");
        assert_eq!(!diagnostic.help.is_empty(), is_error, "{diagnostic}");
    }
    (codes(&found), model)
}

fn with_conduit(change: impl FnOnce(&mut Conduit)) -> (Vec<u16>, Model) {
    after(|model| {
        if let LinkKind::Conduit(conduit) = &mut model.links[C1].kind {
            change(conduit);
        }
    })
}

/// Codes when a structure stands between J1 and the outfall in place of the pipe.
fn with_structure(kind: LinkKind, offset: f64) -> (Vec<u16>, Model) {
    after(|model| {
        let link = &mut model.links[C1];
        link.kind = kind;
        link.inlet_offset = offset;
    })
}

fn orifice(shape: Shape, bottom: bool) -> LinkKind {
    LinkKind::Orifice(Orifice { bottom, shape, coefficient: 0.65, gate_time: 0.0 })
}

fn weir(kind: WeirKind, shape: Shape) -> LinkKind {
    LinkKind::Weir(Weir {
        kind,
        shape,
        coefficient: 1.8,
        end_coefficient: 0.0,
        end_contractions: 0.0,
        can_surcharge: true,
        road_width: 0.0,
        gravel: None,
        coefficient_curve: None,
    })
}

fn gauge(kind: RainKind, interval: u32, series: SeriesId) -> Gauge {
    Gauge { kind, interval, snow_catch: 1.0, source: RainSource::Series(series) }
}

fn subcatchment(gauge: GaugeId) -> Subcatchment {
    Subcatchment {
        gauge: Some(gauge),
        area: 1.0e4,
        impervious: 0.5,
        width: 100.0,
        slope: 0.01,
        roughness_impervious: 0.01,
        roughness_pervious: 0.1,
        routed: 0.0,
        ..Subcatchment::new(Outlet::Node(J1))
    }
}

/// A rained-on sewer: one series with a value every five minutes, one gauge, one subcatchment.
fn rain(model: &mut Model, interval: u32) -> (SeriesId, GaugeId) {
    let times = (0..4).map(|i| DateTime(model.options.start.0 + i * 300_000)).collect();
    let series = TimeSeries { times, values: vec![1.0; 4], file: None };
    let series = model.series.insert("rain", series).unwrap();
    let gauge = model.gauges.insert("G1", gauge(RainKind::Intensity, interval, series)).unwrap();
    model.subcatchments.insert("S1", subcatchment(gauge)).unwrap();
    (series, gauge)
}

#[test]
fn a_sound_sewer_passes_and_its_outfall_reaches_up_to_the_crown() {
    let (codes, model) = after(|_| {});
    assert!(codes.is_empty(), "{codes:?}");
    assert!((model.nodes[O1].full_depth - 1.0).abs() < 1e-12);
    assert_eq!(model.nodes[J1].full_depth, 3.0);
}

#[test]
fn nothing_is_checked_in_a_model_that_refers_to_nothing() {
    let no_nodes = |model: &mut Model| model.nodes = Default::default();
    assert_eq!(after(no_nodes).0, [209]);
    assert_eq!(after(|m| m.nodes[J1].kind = storage_of(CurveId(7))).0, [209]);
    assert_eq!(with_conduit(|c| c.shape = Shape::Irregular(TransectId(0))).0, [209]);
    let pump = Pump {
        kind: PumpKind::Type1(CurveId(0)),
        initially_on: true,
        startup_depth: 0.0,
        shutoff_depth: 0.0,
    };
    assert_eq!(with_structure(LinkKind::Pump(pump), 0.0).0, [209]);
}

fn storage_of(curve: CurveId) -> NodeKind {
    NodeKind::Storage { shape: StorageShape::Tabular(curve), evaporation: 0.0, seepage: None }
}

#[test]
fn dates_must_run_forward() {
    assert_eq!(after(|m| m.options.end = m.options.start).0, [191]);
    assert_eq!(after(|m| m.options.report_start = m.options.end).0, [193]);
    assert_eq!(after(|m| m.options.report_step = 10).0, [195]);
}

#[test]
fn results_begin_with_the_run_and_fit_into_it() {
    let (codes, model) = after(|m| {
        m.options.report_start = DateTime(0);
        m.options.report_step = 999_999;
    });
    assert!(codes.is_empty());
    assert_eq!(model.options.report_start, model.options.start);
    assert_eq!(model.options.report_step, 86_400);
}

#[test]
fn curves_and_series_must_increase() {
    let curve = |kind, x: &[f64]| Curve { kind, x: x.to_vec(), y: vec![1.0; x.len()] };
    let with = |kind, x: &[f64]| {
        let curve = curve(kind, x);
        after(|m| {
            m.curves.insert("K", curve);
        })
        .0
    };
    assert_eq!(with(CurveKind::Storage, &[0.0, 1.0, 1.0]), [171]);
    assert!(with(CurveKind::Storage, &[0.0, 1.0]).is_empty());
    assert_eq!(with(CurveKind::Shape, &[2.0, 3.0]), [171]);
    let (codes, _) = after(|m| {
        let series = TimeSeries { times: vec![DateTime(5), DateTime(5)], values: vec![0.0; 2], file: None };
        m.series.insert("T", series);
    });
    assert_eq!(codes, [173]);
}

#[test]
fn an_outlet_must_not_name_two_things() {
    let (codes, _) = after(|m| {
        let (_, gauge) = rain(m, 300);
        m.subcatchments.insert("J1", subcatchment(gauge)).unwrap();
    });
    assert_eq!(codes, [108, 108]);
}

fn rained_on(interval: u32) -> (Vec<u16>, Model) {
    after(|model| {
        rain(model, interval);
    })
}

#[test]
fn gauges_must_fit_their_series() {
    assert!(rained_on(300).0.is_empty());
    assert_eq!(rained_on(600).0, [159]);
    let (codes, model) = rained_on(60);
    assert_eq!(codes, [9, 1]);
    assert_eq!(model.options.wet_step, 60);
}

#[test]
fn a_shared_series_must_mean_the_same_rain() {
    let (codes, _) = after(|m| {
        let (series, _) = rain(m, 300);
        let other = m.gauges.insert("G2", gauge(RainKind::Volume, 300, series)).unwrap();
        m.subcatchments.insert("S2", subcatchment(other)).unwrap();
    });
    assert_eq!(codes, [157]);
    // a gauge that nobody uses is not compared
    let (codes, _) = after(|m| {
        let (series, _) = rain(m, 300);
        m.gauges.insert("G2", gauge(RainKind::Volume, 300, series)).unwrap();
    });
    assert!(codes.is_empty());
}

#[test]
fn rain_needs_a_series_of_its_own() {
    let (codes, _) = after(|m| {
        let (series, _) = rain(m, 300);
        m.nodes[J1].inflow =
            Some(DirectInflow { series: Some(series), scale: 1.0, baseline: 0.0, pattern: None });
    });
    assert_eq!(codes, [158]);
    let (codes, _) = after(|m| {
        let (series, _) = rain(m, 300);
        let action = ActionClause { link: C1, setting: Setting::Series(series) };
        m.controls.rules.push(Rule { then_actions: vec![action], ..Rule::default() });
    });
    assert_eq!(codes, [158]);
}

#[test]
fn conduits_need_length_roughness_barrels_and_a_section() {
    assert_eq!(with_conduit(|c| c.length = 0.0).0, [111]);
    assert_eq!(with_conduit(|c| c.roughness = 0.0).0, [113]);
    assert_eq!(with_conduit(|c| c.barrels = 0).0, [114]);
    assert_eq!(with_conduit(|c| c.shape = Shape::Circular { diameter: 0.0 }).0, [119]);
    assert_eq!(with_conduit(|c| c.shape = Shape::ForceMain { diameter: 1.0, roughness: 0.0 }).0, [119]);
}

#[test]
fn a_surveyed_channel_brings_its_own_roughness() {
    let (codes, model) = after(|m| {
        let transect = Transect {
            roughness_channel: 0.04,
            stations: vec![0.0, 1.0, 2.0],
            elevations: vec![2.0, 0.0, 2.0],
            left_bank: 0.0,
            right_bank: 2.0,
            ..Transect::default()
        };
        let id = m.transects.insert("X", transect).unwrap();
        m.links[C1].kind = conduit(Shape::Irregular(id));
    });
    assert!(codes.is_empty(), "{codes:?}");
    assert_eq!(model.links[C1].conduit().unwrap().roughness, 0.04);
}

#[test]
fn negative_offsets_are_ignored() {
    let (codes, model) = after(|m| m.links[C1].inlet_offset = -0.1);
    assert_eq!(codes, [3]);
    assert_eq!(model.links[C1].inlet_offset, 0.0);
}

#[test]
fn an_elevation_may_miss_its_node_by_a_thousandth_of_a_foot() {
    let miss = |by: f64| {
        after(|m| {
            m.options.offsets = OffsetConvention::Elevation;
            m.links[C1].outlet_offset = -by;
        })
    };
    let (codes, model) = miss(0.0009 * FOOT);
    assert!(codes.is_empty() && model.links[C1].outlet_offset == 0.0);
    assert_eq!(miss(0.0011 * FOOT).0, [3]);
}

#[test]
fn sediment_lifts_the_invert_of_a_pipe() {
    let (_, model) = with_conduit(|c| c.shape = Shape::FilledCircular { diameter: 1.0, sediment: 0.2 });
    assert_eq!((model.links[C1].inlet_offset, model.links[C1].outlet_offset), (0.2, 0.2));
    assert!((model.nodes[O1].full_depth - 1.0).abs() < 1e-12);
}

#[test]
fn slopes_have_their_warnings() {
    assert_eq!(after(|m| m.nodes[J1].invert = 10.0).0, [4]);
    assert_eq!(after(|m| m.options.minimum_slope = 0.02).0, [5]);
    assert_eq!(with_conduit(|c| c.length = 0.5).0, [8]);
}

#[test]
fn a_conduit_that_rises_is_turned_round_with_all_its_ends() {
    let (codes, model) = after(|m| {
        m.nodes[J1].invert = 9.0;
        m.links[C1].inlet_offset = 0.25;
    });
    assert!(codes.is_empty());
    let link = &model.links[C1];
    assert!(link.reversed);
    assert_eq!((link.from, link.to), (O1, J1));
    assert_eq!((link.inlet_offset, link.outlet_offset), (0.0, 0.25));
    let conduit = link.conduit().unwrap();
    assert_eq!((conduit.entry_loss, conduit.exit_loss, conduit.initial_flow), (0.9, 0.1, -0.2));
}

#[test]
fn a_level_pipe_in_decimals_of_a_foot_stays_as_it_is() {
    // 100.3 + 0.2 and 100.5 are level in the user's digits, though not in metres
    let (codes, model) = after(|m| {
        m.units = Units::new(FlowUnits::Cfs);
        m.nodes[J1].invert = 100.3 * FOOT;
        m.links[C1].inlet_offset = 0.2 * FOOT;
        m.nodes[O1].invert = 100.5 * FOOT;
    });
    assert_eq!(codes, [4]);
    assert!(!model.links[C1].reversed);
}

#[test]
fn nodes_are_deepened_to_the_crown_of_their_links() {
    let (codes, model) = after(|m| m.nodes[J1].full_depth = 0.8);
    assert_eq!(codes, [2]);
    assert!((model.nodes[J1].full_depth - 1.0).abs() < 1e-12);
    // a depth of 0 means the crown and needs no warning
    assert!(after(|m| m.nodes[J1].full_depth = 0.0).0.is_empty());
}

#[test]
fn storage_units_are_deepened_only_if_they_may_be_surcharged() {
    let pond = |surcharge: f64| {
        after(|m| {
            let shape = StorageShape::Functional { a0: 100.0, a1: 0.0, a2: 0.0 };
            m.nodes[J1].kind = NodeKind::Storage { shape, evaporation: 0.0, seepage: None };
            m.nodes[J1].full_depth = 0.8;
            m.nodes[J1].surcharge_depth = surcharge;
        })
    };
    assert!(pond(0.0).0.is_empty());
    assert_eq!(pond(1.0).0, [2]);
}

#[test]
fn nodes_must_hold_their_initial_depth() {
    assert_eq!(after(|m| m.nodes[J1].initial_depth = 3.1).0, [138]);
    let (codes, _) = after(|m| {
        m.nodes[J1].initial_depth = 3.1;
        m.nodes[J1].surcharge_depth = 0.2;
    });
    assert!(codes.is_empty());
}

#[test]
fn storage_must_not_be_negative() {
    let (codes, _) = after(|m| {
        let shape = StorageShape::Functional { a0: 1.0, a1: -2.0, a2: 1.0 };
        m.nodes[J1].kind = NodeKind::Storage { shape, evaporation: 0.0, seepage: None };
    });
    assert_eq!(codes, [140]);
}

#[test]
fn dividers_need_their_link_and_a_weir_that_works() {
    let divider = |link, rule| after(|m| m.nodes[J1].kind = NodeKind::Divider { link, rule }).0;
    assert!(divider(Some(C1), DividerRule::Overflow).is_empty());
    assert_eq!(divider(None, DividerRule::Overflow), [136]);
    let weir = |min_flow, height| DividerRule::Weir { min_flow, height, coefficient: 1.0 };
    assert!(divider(Some(C1), weir(0.9, 1.0)).is_empty());
    assert_eq!(divider(Some(C1), weir(1.1, 1.0)), [137]);
    assert_eq!(divider(Some(C1), weir(0.0, 0.0)), [137]);
}

#[test]
fn pumps_need_pump_curves_and_depths_in_order() {
    let pump = |kind, startup_depth| {
        LinkKind::Pump(Pump { kind, initially_on: true, startup_depth, shutoff_depth: 1.0 })
    };
    let with = |curve_kind, startup: f64| {
        after(|m| {
            let curve = Curve { kind: curve_kind, x: vec![0.0, 1.0], y: vec![1.0, 2.0] };
            let curve = m.curves.insert("P", curve).unwrap();
            m.links[C1].kind = pump(PumpKind::Type2(curve), startup);
        })
        .0
    };
    assert!(with(CurveKind::Pump2, 2.0).is_empty());
    assert_eq!(with(CurveKind::Rating, 2.0), [121]);
    assert_eq!(with(CurveKind::Pump2, 1.0), [122]);
    assert!(with(CurveKind::Pump2, 0.0).is_empty());
}

#[test]
fn regulators_need_their_shapes() {
    let open = Shape::RectangularOpen { height: 1.0, width: 1.0, sides_removed: 0.0 };
    let triangle = Shape::Triangular { height: 1.0, top: 1.0 };
    let trapezoid = Shape::Trapezoidal { height: 1.0, bottom: 1.0, left: 1.0, right: 1.0 };
    assert!(with_structure(orifice(PIPE, false), 0.0).0.is_empty());
    assert_eq!(with_structure(orifice(open.clone(), false), 0.0).0, [143]);
    assert!(with_structure(weir(WeirKind::SideFlow, open.clone()), 0.0).0.is_empty());
    assert!(with_structure(weir(WeirKind::VNotch, triangle), 0.0).0.is_empty());
    assert!(with_structure(weir(WeirKind::Trapezoidal, trapezoid), 0.0).0.is_empty());
    assert_eq!(with_structure(weir(WeirKind::VNotch, open), 0.0).0, [143]);
}

#[test]
fn a_crest_below_the_downstream_invert_is_raised() {
    let outlet = LinkKind::Outlet(OutletLink {
        driver: OutletDriver::Depth,
        rating: OutletRating::Functional { coefficient: 1.0, exponent: 0.5 },
    });
    let (codes, model) = after(|m| {
        m.links[C1].kind = outlet;
        m.nodes[O1].invert = 11.5;
    });
    assert_eq!(codes, [10]);
    assert!((model.links[C1].inlet_offset - 0.5).abs() < 1e-12);
}

#[test]
fn side_openings_deepen_their_upper_node_and_bottom_openings_do_not() {
    let depth = |bottom| with_structure(orifice(PIPE, bottom), 2.5).1.nodes[J1].full_depth;
    assert!((depth(false) - 3.5).abs() < 1e-12);
    assert_eq!(depth(true), 3.0);
}

#[test]
fn passive_links_must_be_the_only_way_out() {
    let (codes, _) = after(|m| {
        let middle = m.nodes.insert("J2", node(NodeKind::Junction, 12.0, 3.0)).unwrap();
        m.links.insert("C2", link(conduit(Shape::Dummy), middle, J1)).unwrap();
        m.links.insert("C3", link(conduit(PIPE), middle, J1)).unwrap();
    });
    assert_eq!(codes, [134]);
    let pond = |m: &mut Model| {
        let shape = StorageShape::Functional { a0: 100.0, a1: 0.0, a2: 0.0 };
        m.nodes[J1].kind = NodeKind::Storage { shape, evaporation: 0.0, seepage: None };
        m.links[C1].kind = conduit(Shape::Dummy);
    };
    assert_eq!(after(pond).0, [134]);
}

#[test]
fn passive_links_must_not_follow_each_other() {
    let (codes, _) = after(|m| {
        let middle = m.nodes.insert("J2", node(NodeKind::Junction, 12.0, 3.0)).unwrap();
        m.links.insert("C2", link(conduit(Shape::Dummy), middle, J1)).unwrap();
        m.links[C1].kind = conduit(Shape::Dummy);
    });
    assert_eq!(codes, [134]);
}

#[test]
fn a_network_needs_an_outfall_with_one_link() {
    assert_eq!(after(|m| m.nodes[O1].kind = NodeKind::Junction).0, [145]);
    let (codes, _) = after(|m| {
        m.links.insert("C2", link(conduit(PIPE), J1, O1)).unwrap();
    });
    assert_eq!(codes, [141, 145]);
    assert!(
        after(|m| {
            m.nodes[O1].kind = NodeKind::Junction;
            m.options.ignore_routing = true;
        })
        .0
        .is_empty()
    );
}

#[test]
fn an_outfall_may_feed_its_link() {
    let (codes, _) = after(|m| {
        m.nodes[J1].invert = 9.0;
        (m.links[C1].from, m.links[C1].to) = (O1, J1);
    });
    assert!(codes.is_empty(), "{codes:?}");
}

#[test]
fn steps_are_put_in_order() {
    let (codes, model) = after(|m| {
        m.options.wet_step = 15;
        m.options.dry_step = 10;
        m.options.minimum_step = 99.0;
    });
    assert_eq!(codes, [6, 7]);
    let options = &model.options;
    assert_eq!((options.dry_step, options.routing_step, options.minimum_step), (15, 15.0, 15.0));
    assert_eq!(options.written_routing_step(), 20.0);
}

#[test]
fn options_given_as_nothing_take_their_defaults() {
    let (_, model) = after(|m| {
        m.options.minimum_step = 0.0;
        m.options.minimum_surface_area = 0.0;
        m.options.head_tolerance = 0.0;
        m.options.max_trials = 0;
        m.options.threads = 8;
    });
    let (options, default) = (&model.options, Options::default());
    assert_eq!(options.minimum_step, 0.001);
    assert_eq!(options.minimum_surface_area, default.minimum_surface_area);
    assert_eq!(options.head_tolerance, default.head_tolerance);
    assert_eq!((options.max_trials, options.threads), (8, 1));
}

#[test]
fn warnings_come_in_the_order_of_the_engine() {
    let (codes, _) = after(|m| {
        rain(m, 60);
        m.options.dry_step = 30;
        m.options.routing_step = 90.0;
        m.nodes[J1].full_depth = 0.5;
        m.links[C1].outlet_offset = -1.0;
    });
    assert_eq!(codes, [9, 1, 3, 2, 6, 7]);
}
