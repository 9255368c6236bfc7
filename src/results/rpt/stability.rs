//! How well the routing went: worst continuity, critical elements, instability, convergence, steps.

use std::io::{self, Write};

use super::Report;
use super::text::{line, title};
use crate::model::options::RoutingMethod;
use crate::model::{LinkId, Model, NodeId};
use crate::num::index::Id;
use crate::statistics::network::continuity_errors;
use crate::statistics::ranking::{Element, five_largest};
use crate::statistics::time_step::{LEVELS, TimeStepStatistics};

/// All these tables.
pub fn write(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let (model, network) = (report.model, &report.summary.network);
    let dynamic = model.options.routing == RoutingMethod::Dynamic;
    let variable = model.options.courant_factor > 0.0;
    if dynamic {
        worst_errors(out, report)?;
        if variable {
            title(out, "Time-Step Critical Elements")?;
            let list = five_largest(network.criticality(), 1.0);
            for &(element, percent) in &list {
                write!(out, "\n  {} ({percent:.2}%)", name(model, element))?;
            }
            if list.is_empty() {
                line(out, "None")?;
            }
            line(out, "")?;
        }
    }

    title(out, "Highest Flow Instability Indexes")?;
    let list = five_largest(network.instabilities(), 1.0);
    // SWMM says so also when the least stable link is the first of the model; the whole list of
    // unstable links, further down, then names it.
    if matches!(list.first(), None | Some((Element::Link(0), _))) {
        line(out, "All links are stable.")?;
    } else {
        for (element, index) in list {
            write!(out, "\n  {} ({index:.0})", name(model, element))?;
        }
    }
    line(out, "")?;

    if dynamic && !model.nodes.is_empty() {
        title(out, "Most Frequent Nonconverging Nodes")?;
        let list = five_largest(network.nonconvergence(), 0.0);
        // SWMM passes over the first node of the model here as well.
        if list.first().is_none_or(|&(node, fraction)| node == Element::Node(0) || fraction < 0.00005) {
            line(out, "Convergence obtained at all time steps.")?;
        } else {
            for (element, fraction) in list {
                write!(out, "\n  {} ({:.2}%)", name(model, element), 100.0 * fraction)?;
            }
        }
        line(out, "")?;
    }
    time_steps(out, &network.time_steps, dynamic && variable)
}

/// `Node J1` or `Link C1`.
fn name(model: &Model, element: Element) -> String {
    match element {
        Element::Node(i) => format!("Node {}", model.nodes.name(NodeId::new(i))),
        Element::Link(i) => format!("Link {}", model.links.name(LinkId::new(i))),
    }
}

fn worst_errors(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let list = five_largest(continuity_errors(&report.summary.nodes), 1.0);
    if list.is_empty() {
        return Ok(());
    }
    title(out, "Highest Continuity Errors")?;
    for (element, error) in list {
        write!(out, "\n  {} ({error:.2}%)", name(report.model, element))?;
    }
    line(out, "")
}

fn time_steps(out: &mut dyn Write, steps: &TimeStepStatistics, classes: bool) -> io::Result<()> {
    if steps.steps == 0 {
        return Ok(());
    }
    title(out, "Routing Time Step Summary")?;
    write!(out, "\n  Minimum Time Step           :  {:7.2} sec", steps.minimum)?;
    write!(out, "\n  Average Time Step           :  {:7.2} sec", steps.average())?;
    write!(out, "\n  Maximum Time Step           :  {:7.2} sec", steps.maximum)?;
    write!(out, "\n  % of Time in Steady State   :  {:7.2}", steps.steady_percent())?;
    write!(out, "\n  Average Iterations per Step :  {:7.2}", steps.average_trials())?;
    write!(out, "\n  % of Steps Not Converging   :  {:7.2}", steps.nonconverged_percent())?;
    let total: u64 = steps.counts.iter().sum();
    if classes && total > 0 {
        write!(out, "\n  Time Step Frequencies       :")?;
        for level in 1..LEVELS {
            write!(
                out,
                "\n     {:6.3} - {:6.3} sec      :  {:7.2} %",
                steps.bounds[level - 1],
                steps.bounds[level],
                100.0 * steps.counts[level] as f64 / total as f64
            )?;
        }
    }
    line(out, "")
}
