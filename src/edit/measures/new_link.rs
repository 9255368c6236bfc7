//! A new conduit, to a node that exists or to a new outfall.

use super::levels::trench_depth;
use super::plan::{distance, map_unit, place};
use super::sizing::catalogue;
use super::worksite::Worksite;
use crate::edit::change::{Kind, Work};
use crate::edit::editor::number;
use crate::input::inp::Section;
use crate::model::{Model, NodeId};
use crate::scenario::measure::NewLink;

/// Manning's roughness of a new pipe that nothing else says, s/m^(1/3).
const ROUGHNESS: f64 = 0.013;

/// The lower end of the conduit.
struct LowerEnd {
    /// Its node, where that exists.
    node: Option<NodeId>,
    /// Invert of the node, in the base (m).
    invert: f64,
    /// Place on the plan.
    place: Option<[f64; 2]>,
}

/// Carries out the measure.
pub(super) fn apply(work: &mut Worksite<'_>, link: &NewLink) {
    let element = format!("Conduit {}", link.id);
    if work.model().links.find(&link.id).is_some() {
        work.problem(element.clone(), "there is a link of this name", "give the new one another `id`");
    }
    for (value, what) in [(Some(link.diameter), "diameter"), (link.length, "length")] {
        if value.is_some_and(|value| value.0 <= 0.0) {
            work.problem(element.clone(), format!("its {what} is not above 0"), "");
        }
    }
    let roughness = match (link.roughness, &link.catalogue) {
        (Some(roughness), _) => roughness,
        (None, Some(name)) => match catalogue(work, Some(name)) {
            Some(sizes) => sizes.roughness,
            None => return,
        },
        (None, None) => ROUGHNESS,
    };
    let Some(upper) = work.node(&link.from) else { return };
    let model = work.model();
    if model.nodes[upper].is_outfall() {
        work.problem(element.clone(), "it begins at an outfall", "let it begin at another node");
    }
    let upper_place = place(model, upper);
    let Some(lower) = lower_end(work, link, upper_place) else { return };
    let length = match (link.length, upper_place, lower.place, map_unit(model)) {
        (Some(length), ..) => length.0,
        (None, Some(a), Some(b), Some(unit)) if distance(a, b) > 0.0 => distance(a, b) * unit,
        _ => {
            let message = "its length does not follow from the plan";
            return work.problem(element, message, "give `length`, or coordinates of both ends in metres");
        }
    };
    // levels come from the base, offsets from the nodes as they are now
    let (base, id) = work.base_node(&link.from).unwrap_or((model, upper));
    let upper_invert = base.nodes[id].invert;
    let mut offsets = [const { String::new() }; 2];
    let mut levels = [0.0; 2];
    let now = [model.nodes[upper].invert, lower.node.map_or(lower.invert, |node| model.nodes[node].invert)];
    let ends = [(link.invert_up, upper_invert, &link.from), (link.invert_down, lower.invert, &link.to)];
    for (((asked, invert, node), now), (offset, level)) in
        ends.into_iter().zip(now).zip(offsets.iter_mut().zip(&mut levels))
    {
        *level = asked.map_or(invert, |asked| asked.0);
        if *level < now - 1.0e-6 {
            let message = format!(
                "its invert of {} lies below that of node {node}, {}",
                work.shown(*level),
                work.shown(now)
            );
            work.problem(element.clone(), message, "lay it at or above the invert of its node");
        }
        *offset = work.offset(*level, now);
    }
    let [from, to] = levels;
    if from < to {
        work.warn(element, "it rises from its upper to its lower end", "check `invert_up` and `invert_down`");
    }
    write(work, link, roughness, length, &offsets);
    let depth = trench_depth(base, [(Some(id), from), (None, to)], link.diameter.0);
    let depth = match work.base_node(&link.to) {
        Some((other, node)) if std::ptr::eq(other, base) => {
            trench_depth(base, [(Some(id), from), (Some(node), to)], link.diameter.0)
        }
        _ => depth,
    };
    work.note_works(Kind::Link, &link.id, vec![Work::Pipe { length, diameter: link.diameter.0, depth }]);
}

/// The lower node, which is made when an invert is given for it.
fn lower_end(work: &mut Worksite<'_>, link: &NewLink, upper: Option<[f64; 2]>) -> Option<LowerEnd> {
    let model = work.model();
    let Some(invert) = link.outfall_invert else {
        let node = work.node(&link.to)?;
        if joins_an_outfall(model, node) {
            let message = format!("outfall {} has a link already, and SWMM allows it only one", link.to);
            let help = "give `outfall_invert` and another name in `to` for an outfall of its own";
            work.problem(format!("Conduit {}", link.id), message, help);
        }
        let (base, id) = work.base_node(&link.to)?;
        return Some(LowerEnd { node: Some(node), invert: base.nodes[id].invert, place: place(model, node) });
    };
    if model.nodes.find(&link.to).is_some() {
        let message = format!("there is a node `{}` already, so that no outfall is made of it", link.to);
        work.problem(
            format!("Conduit {}", link.id),
            message,
            "leave out `outfall_invert`, or name a new outfall in `to`",
        );
        return None;
    }
    let east = |[x, y]: [f64; 2]| Some([x + link.length?.0 / map_unit(model)?, y]);
    let at = link.outfall_at.or_else(|| upper.and_then(east));
    let text = work.length(invert.0);
    work.add(Section::Outfalls, &[&link.to, &text, "FREE", "NO"]);
    work.place(&link.to, at);
    let field = work.in_lengths("invert");
    work.note_added(Kind::Node, &link.to, &[(&field, &text)], vec![Work::Outfall]);
    Some(LowerEnd { node: None, invert: invert.0, place: at })
}

/// Whether a node is an outfall that a link joins: SWMM allows it no other.
pub(super) fn joins_an_outfall(model: &Model, node: NodeId) -> bool {
    model.nodes[node].is_outfall()
        && model.links.items().iter().any(|link| link.from == node || link.to == node)
}

fn write(work: &mut Worksite<'_>, link: &NewLink, roughness: f64, length: f64, [upper, lower]: &[String; 2]) {
    let [length, diameter, roughness] =
        [work.length(length), work.length(link.diameter.0), number(roughness)];
    let row = [&link.id, &link.from, &link.to, &length, &roughness, upper, lower].map(String::as_str);
    work.add(Section::Conduits, &[&row[..], &["0", "0"]].concat());
    work.add(Section::Xsections, &[&link.id, "CIRCULAR", &diameter, "0", "0", "0", "1"]);
    if link.flap_gate {
        work.add(Section::Losses, &[&link.id, "0", "0", "0", "YES"]);
    }
    let [of_length, of_diameter] = [work.in_lengths("length"), work.in_lengths("diameter")];
    let fields = [
        ("upper node", link.from.as_str()),
        ("lower node", &link.to),
        (&of_length, &length),
        (&of_diameter, &diameter),
        ("roughness", &roughness),
    ];
    let area = std::f64::consts::FRAC_PI_4 * link.diameter.0 * link.diameter.0;
    let works = if link.flap_gate { vec![Work::FlapGate { area }] } else { Vec::new() };
    work.note_added(Kind::Link, &link.id, &fields, works);
}
