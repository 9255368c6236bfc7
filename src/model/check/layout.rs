//! The layout of the network.

use crate::diagnostic::Diagnostic;
use crate::model::link::{Link, LinkKind, PumpKind};
use crate::model::network::connections;
use crate::model::options::RoutingMethod;
use crate::model::section::Shape;
use crate::model::{Model, NodeId};
use crate::num::index::Id;

/// Checks that links without a law of their own are the only way out of their nodes, that outfalls
/// have one link, and that there is an outfall.
pub(super) fn check_layout(model: &Model, found: &mut Vec<Diagnostic>) {
    let options = &model.options;
    if model.nodes.is_empty() || options.ignore_routing || options.routing != RoutingMethod::Dynamic {
        return;
    }
    let mut refused: Vec<NodeId> = Vec::new();
    let mut refuse = |node: NodeId, message: &str| {
        if !refused.contains(&node) {
            refused.push(node);
            found.push(
                Diagnostic::error(134, message)
                    .of(format!("Node {}", model.nodes.name(node)))
                    .help("give the conduit a cross-section, or the pump a curve"),
            );
        }
    };
    let mut only_passive = vec![None; model.nodes.len()];
    for link in model.links.items() {
        let (_, to) = as_written(link);
        let passive = &mut only_passive[to.index()];
        *passive = Some(passive.unwrap_or(true) && is_passive(link));
    }
    let connections = connections(model);
    for link in model.links.items().iter().filter(|link| is_passive(link)) {
        let (from, _) = as_written(link);
        if only_passive[link.from.index()] == Some(true) {
            refuse(link.from, "only conduits without geometry or ideal pumps lead to and from a node");
        }
        if connections[from.index()].outgoing > 1 {
            refuse(from, "a conduit without geometry or an ideal pump is not the only way out of a node");
        }
    }
    let mut outfalls = 0;
    for (id, _) in model.nodes.iter().filter(|(_, node)| node.is_outfall()) {
        let joined = &connections[id.index()];
        if joined.outgoing + joined.incoming > 1 {
            found.push(
                Diagnostic::error(141, "an outfall has more than one link")
                    .of(format!("Outfall {}", model.nodes.name(id)))
                    .help("join the links at a junction before the outfall"),
            );
        } else {
            outfalls += 1;
        }
    }
    if outfalls == 0 {
        found.push(
            Diagnostic::error(145, "the network has no outfall").help("make at least one node an outfall"),
        );
    }
}

/// Whether a link only passes on what its upstream node gets.
fn is_passive(link: &Link) -> bool {
    match &link.kind {
        LinkKind::Conduit(conduit) => conduit.shape == Shape::Dummy,
        LinkKind::Pump(pump) => pump.kind == PumpKind::Ideal,
        LinkKind::Orifice(_) | LinkKind::Weir(_) | LinkKind::Outlet(_) => false,
    }
}

/// The ends of a link in the direction that the file gives.
fn as_written(link: &Link) -> (NodeId, NodeId) {
    if link.reversed { (link.to, link.from) } else { (link.from, link.to) }
}
