//! Nodes: depths, volumes and dividers.

use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::model::node::{DividerRule, NodeKind, StorageShape};
use crate::model::storage::AreaLaw;

/// Checks nodes after links; `depths_as_written` are the full depths before links deepened them.
pub(super) fn check_nodes(model: &Model, depths_as_written: &[f64], found: &mut Vec<Diagnostic>) {
    for ((id, node), &written) in model.nodes.iter().zip(depths_as_written) {
        let element = || format!("Node {}", model.nodes.name(id));
        if node.full_depth > written && written > 0.0 {
            found.push(
                Diagnostic::warning(
                    2,
                    format!(
                        "full depth raised from {:.4} to {:.4}, the crown of its highest link",
                        written / model.units.length,
                        node.full_depth / model.units.length
                    ),
                )
                .of(element()),
            );
        }
        if node.initial_depth > node.full_depth + node.surcharge_depth {
            found.push(
                Diagnostic::error(138, "the initial depth exceeds the full and surcharge depth")
                    .of(element())
                    .help("lower the initial depth, or raise the full depth"),
            );
        }
        match &node.kind {
            NodeKind::Storage { shape, .. } if full_volume_is_negative(model, shape, node.full_depth) => {
                found.push(
                    Diagnostic::error(140, "a storage unit has a negative volume when it is full")
                        .of(element())
                        .help("check the areas of its curve or formula"),
                );
            }
            NodeKind::Divider { link, rule } => {
                let attached = link.is_some_and(|link| {
                    let link = &model.links[link];
                    link.from == id || link.to == id
                });
                if !attached {
                    found.push(
                        Diagnostic::error(136, "the diversion link of a divider does not join it")
                            .of(element())
                            .help("name a link that begins or ends at the divider"),
                    );
                }
                if let DividerRule::Weir { min_flow, height, coefficient } = *rule {
                    let most = coefficient * height.powf(1.5) * model.units.flow;
                    if height <= 0.0 || coefficient <= 0.0 || min_flow > most {
                        found.push(
                            Diagnostic::error(137, "the weir of a divider cannot work")
                                .of(element())
                                .help("give a height and a coefficient above 0 and a smaller least flow"),
                        );
                    }
                }
            }
            NodeKind::Storage { .. } | NodeKind::Junction | NodeKind::Outfall { .. } => {}
        }
    }
}

/// Whether the area of a storage unit, summed from its bottom to a depth (m), is below 0.
fn full_volume_is_negative(model: &Model, shape: &StorageShape, depth: f64) -> bool {
    depth != 0.0 && AreaLaw::compile(model, shape).integral(depth) < 0.0
}
