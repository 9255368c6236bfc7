//! A small model with results made by hand, for the tests of all formats.

use crate::clock::DateTime;
use crate::model::catchment::{Outlet, Subcatchment};
use crate::model::link::{Conduit, Link, LinkKind, Pump, PumpKind};
use crate::model::node::{Node, NodeKind, OutfallBoundary, StorageShape};
use crate::model::options::{RoutingMethod, Selection};
use crate::model::section::Shape;
use crate::model::{Model, NodeId};
use crate::simulation::{Frame, LinkColumns, NodeColumns, SubcatchmentColumns, SystemRow};
use crate::units::{FlowUnits, Units};

/// A subcatchment, a manhole with a Chinese name, a pond and an outfall, joined by a conduit and a
/// pump; litres per second; all reported every five minutes.
pub fn model() -> Model {
    let mut model = Model { units: Units::new(FlowUnits::Lps), ..Model::default() };
    model.title = vec!["A small model".to_string()];
    model.options.routing = RoutingMethod::Dynamic;
    model.options.start = DateTime::from_date(2026, 7, 21).unwrap().plus_seconds(3600.0);
    model.options.report_start = model.options.start;
    model.options.end = model.options.start.plus_seconds(3600.0);
    model.options.report_step = 300;
    model.report.subcatchments = Selection::All;
    model.report.nodes = Selection::All;
    model.report.links = Selection::All;
    let node = |kind| Node::new(kind, 10.0, 2.0);
    let shape = StorageShape::Functional { a0: 100.0, a1: 0.0, a2: 0.0 };
    let boundary = OutfallBoundary::Free;
    model.nodes.insert("雨水井1", node(NodeKind::Junction));
    model.nodes.insert("Pond", node(NodeKind::Storage { shape, evaporation: 0.0, seepage: None }));
    model.nodes.insert("Out", node(NodeKind::Outfall { boundary, flap_gate: false, route_to: None }));
    let link = |kind, from, to| Link::new(kind, NodeId(from), NodeId(to));
    let conduit = Conduit::new(100.0, 0.013, Shape::Circular { diameter: 0.5 });
    let pump = Pump { kind: PumpKind::Ideal, initially_on: true, startup_depth: 0.0, shutoff_depth: 0.0 };
    model.links.insert("C1", link(LinkKind::Conduit(conduit), 0, 1));
    model.links.insert("P1", link(LinkKind::Pump(pump), 1, 2));
    let subcatchment = Subcatchment {
        area: 10_000.0,
        impervious: 0.5,
        width: 100.0,
        slope: 0.005,
        roughness_impervious: 0.01,
        roughness_pervious: 0.1,
        ..Subcatchment::new(Outlet::Node(NodeId(0)))
    };
    model.subcatchments.insert("S1", subcatchment);
    model
}

/// Full depths of its links, m.
pub fn full_depth() -> Vec<f64> {
    vec![0.5, 0.0]
}

/// Results at a reporting time, counted from 1; 36 mm/h of rain.
pub fn frame(model: &Model, period: usize) -> Frame {
    let x = period as f64;
    Frame {
        time: model.options.start.plus_seconds(x * f64::from(model.options.report_step)),
        subcatchments: SubcatchmentColumns {
            rainfall: vec![1.0e-5],
            infiltration: vec![1.0e-6],
            runoff: vec![0.05 * x],
            ..Default::default()
        },
        nodes: NodeColumns {
            depth: vec![x, x + 1.0, 0.1],
            head: vec![x + 10.0, x + 11.0, 10.1],
            volume: vec![0.0, 100.0, 0.0],
            lateral_inflow: vec![0.05 * x, 0.0, 0.0],
            total_inflow: vec![0.05 * x, 0.04, 0.03],
            flooding: vec![0.0; 3],
        },
        links: LinkColumns {
            flow: vec![-0.04, 0.03],
            depth: vec![0.2, 0.0],
            velocity: vec![-0.5, 0.0],
            volume: vec![8.0, 0.0],
            capacity: vec![0.4, 1.0],
        },
        system: SystemRow { temperature: x, runoff: 0.05 * x, storage: 108.0, ..Default::default() },
    }
}
