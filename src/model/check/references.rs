//! References between elements.

use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::model::catchment::Outlet;
use crate::model::control::Setting;
use crate::model::link::{LinkKind, OutletRating, PumpKind};
use crate::model::node::{DividerRule, NodeKind, OutfallBoundary, StorageShape};
use crate::model::section::Shape;
use crate::model::weather::{EvaporationSource, RainSource};
use crate::num::index::{Id, Table};

/// Whether every element that another one names is there; if not, nothing else can be checked.
/// Readers see to it; a model that was put together otherwise may be wrong.
pub(super) fn check_references(model: &Model, found: &mut Vec<Diagnostic>) -> bool {
    let mut lost: Vec<String> = Vec::new();
    let mut need = |holds: bool, element: &dyn Fn() -> String| {
        if !holds {
            lost.push(element());
        }
    };
    for (id, link) in model.links.iter() {
        let element = || format!("Link {}", model.links.name(id));
        need(has(&model.nodes, link.from) && has(&model.nodes, link.to), &element);
        need(link.shape().is_none_or(|shape| shape_holds(model, shape)), &element);
        let curve = match &link.kind {
            LinkKind::Pump(pump) => match pump.kind {
                PumpKind::Type1(curve)
                | PumpKind::Type2(curve)
                | PumpKind::Type3(curve)
                | PumpKind::Type4(curve)
                | PumpKind::Type5(curve) => Some(curve),
                PumpKind::Ideal => None,
            },
            LinkKind::Weir(weir) => weir.coefficient_curve,
            LinkKind::Outlet(outlet) => match outlet.rating {
                OutletRating::Tabular(curve) => Some(curve),
                OutletRating::Functional { .. } => None,
            },
            LinkKind::Conduit(_) | LinkKind::Orifice(_) => None,
        };
        need(curve.is_none_or(|curve| has(&model.curves, curve)), &element);
    }
    for (id, node) in model.nodes.iter() {
        let element = || format!("Node {}", model.nodes.name(id));
        let holds = match &node.kind {
            NodeKind::Junction => true,
            NodeKind::Outfall { boundary: OutfallBoundary::Tidal(curve), .. } => has(&model.curves, *curve),
            NodeKind::Outfall { boundary: OutfallBoundary::Series(series), .. } => {
                has(&model.series, *series)
            }
            NodeKind::Outfall { .. } => true,
            NodeKind::Storage { shape: StorageShape::Tabular(curve), .. } => has(&model.curves, *curve),
            NodeKind::Storage { .. } => true,
            NodeKind::Divider { link, rule } => {
                link.is_none_or(|link| has(&model.links, link))
                    && !matches!(rule, DividerRule::Tabular(curve) if !has(&model.curves, *curve))
            }
        };
        let series = node.inflow.and_then(|inflow| inflow.series);
        need(holds && series.is_none_or(|series| has(&model.series, series)), &element);
    }
    for (id, subcatchment) in model.subcatchments.iter() {
        let element = || format!("Subcatchment {}", model.subcatchments.name(id));
        let drains = match subcatchment.outlet {
            Outlet::Node(node) => has(&model.nodes, node),
            Outlet::Subcatchment(other) => has(&model.subcatchments, other),
        };
        need(drains && subcatchment.gauge.is_none_or(|gauge| has(&model.gauges, gauge)), &element);
    }
    for (id, gauge) in model.gauges.iter() {
        let lost = matches!(gauge.source, RainSource::Series(series) if !has(&model.series, series));
        need(!lost, &|| format!("Rain gauge {}", model.gauges.name(id)));
    }
    let evaporates =
        !matches!(model.evaporation.source, EvaporationSource::Series(series) if !has(&model.series, series));
    need(evaporates, &|| "Evaporation".to_owned());
    for rule in &model.controls.rules {
        for action in rule.then_actions.iter().chain(&rule.else_actions) {
            let holds = match action.setting {
                Setting::Series(series) => has(&model.series, series),
                Setting::Curve(curve) => has(&model.curves, curve),
                Setting::Constant(_) | Setting::Pid { .. } => true,
            };
            need(holds && has(&model.links, action.link), &|| format!("Rule {}", rule.name));
        }
    }
    let holds = lost.is_empty();
    found.extend(lost.into_iter().map(|element| {
        Diagnostic::error(209, "an element refers to one that the model does not have")
            .of(element)
            .help("define the element that it names")
    }));
    holds
}

/// Whether a table has an element of an id.
fn has<I: Id, T>(table: &Table<I, T>, id: I) -> bool {
    id.index() < table.len()
}

/// Whether what a shape is made from is there.
fn shape_holds(model: &Model, shape: &Shape) -> bool {
    match *shape {
        Shape::Irregular(transect) => has(&model.transects, transect),
        Shape::Street(street) => has(&model.streets, street),
        Shape::Custom { curve, .. } => has(&model.curves, curve),
        _ => true,
    }
}
