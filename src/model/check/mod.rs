//! The check of a whole model: EPA's error conditions, and EPA's corrections with their warnings.
//!
//! The order is that of EPA's engine, since one correction decides the next: curves and series
//! before the gauges that read them, gauges before steps, links before the nodes that they deepen.

mod gauges;
mod layout;
mod links;
mod nodes;
mod references;
mod tables;
mod times;

#[cfg(test)]
mod tests;

use super::Model;
use crate::diagnostic::Diagnostic;

/// Checks a model and corrects what EPA SWMM corrects; call it once, on a model as it was read.
///
/// Errors mean that the model cannot run. Corrections come with EPA's warning number and concern
/// steps, offsets, depths of nodes and the direction of conduits (those that slope upward are
/// turned round, see [`super::link::Link::reversed`]).
pub fn check(model: &mut Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if !references::check_references(model, &mut found) {
        return found;
    }
    times::check_dates(model, &mut found);
    tables::check_curves(model, &mut found);
    tables::check_series(model, &mut found);
    gauges::check_outlets(model, &mut found);
    gauges::check_gauges(model, &mut found);
    let depths_as_written: Vec<f64> = model.nodes.items().iter().map(|node| node.full_depth).collect();
    links::check_links(model, &mut found);
    nodes::check_nodes(model, &depths_as_written, &mut found);
    times::check_steps(model, &mut found);
    times::fill_in_dynamic_wave(model);
    layout::check_layout(model, &mut found);
    times::limit_threads(model);
    found
}
