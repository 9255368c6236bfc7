//! A gate with its rule, at the lower end of a conduit or on a structure that exists; flap gates.

use super::levels::{End, ground, level};
use super::plan::place;
use super::rules::{add_rule, highest_priority};
use super::worksite::{Names, Worksite, yes_no};
use crate::edit::change::{Action, FieldChange, Kind, Work};
use crate::edit::editor::number;
use crate::input::inp::Section;
use crate::model::link::LinkKind;
use crate::model::section::{CrossSection, Shape};
use crate::model::{LinkId, Model};
use crate::num::index::Id;
use crate::scenario::measure::Gate;

/// Discharge coefficient of an open gate.
const COEFFICIENT: &str = "0.65";
/// Where a gate is drawn on the last reach of its conduit.
const ALONG: f64 = 0.9;

/// When a gate closes and opens: levels in m at a node.
struct Trigger<'a> {
    watch: &'a str,
    close_above: f64,
    open_below: f64,
}

/// Carries out the measure.
pub(super) fn apply(work: &mut Worksite<'_>, gate: &Gate) {
    let element = format!("Gate at {}", gate.link);
    let Some(link) = work.model().links.find(&gate.link) else {
        let message = format!("there is no link `{}`", gate.link);
        return work.problem(element, message, "name a conduit, an orifice or a weir");
    };
    let Ok(trigger) = trigger(work, gate) else { return };
    if trigger.is_none() && !gate.flap {
        let message = "it neither closes by a level nor is a flap gate";
        return work.problem(element, message, "give `watch` and `close_above`, or `flap = true`");
    }
    match work.model().links[link].kind {
        LinkKind::Conduit(_) => match trigger {
            Some(trigger) => build(work, gate, link, &trigger),
            None => put_flap_gate(work, gate, link),
        },
        LinkKind::Orifice(_) | LinkKind::Weir(_) => run(work, gate, link, trigger.as_ref()),
        LinkKind::Pump(_) | LinkKind::Outlet(_) => {
            work.problem(element, "a pump or an outlet has no gate", "name a conduit, an orifice or a weir");
        }
    }
}

/// The rule of the measure; `Err` when it is a problem.
fn trigger<'a>(work: &mut Worksite<'_>, gate: &'a Gate) -> Result<Option<Trigger<'a>>, ()> {
    let element = format!("Gate at {}", gate.link);
    match (&gate.watch, gate.close_above) {
        (Some(watch), Some(close)) => {
            work.node(watch).ok_or(())?;
            let open = gate.open_below.map_or(close.0, |level| level.0);
            if open > close.0 {
                let message = "it would open above the level at which it closes";
                work.problem(element, message, "lower `open_below`");
                return Err(());
            }
            Ok(Some(Trigger { watch, close_above: close.0, open_below: open }))
        }
        (None, None) if gate.open_below.is_none() => Ok(None),
        (None, _) => {
            work.problem(element, "it does not say whose level closes it", "give `watch`");
            Err(())
        }
        (Some(_), None) => {
            work.problem(element, "it does not say at which level it closes", "give `close_above`");
            Err(())
        }
    }
}

/// A flap gate on a conduit, without a structure of its own.
fn put_flap_gate(work: &mut Worksite<'_>, gate: &Gate, link: LinkId) {
    let name = work.model().links.name(link);
    if gate.width.is_some() || gate.height.is_some() || gate.travel_time.is_some() {
        let message = "a flap gate on a conduit has its size and no drive";
        work.problem(format!("Gate at {name}"), message, "leave out `width`, `height` and `travel_time`");
    }
    if work.set_flap_gate(name, true) {
        let area = flap_area(work, name);
        work.note_works(Kind::Link, name, vec![Work::FlapGate { area }]);
    }
}

/// Area of all barrels of a link of the base, m².
pub(super) fn flap_area(work: &Worksite<'_>, link: &str) -> f64 {
    let Some((base, id)) = work.base_link(link) else { return 0.0 };
    let barrels = base.links[id].conduit().map_or(1, |conduit| conduit.barrels.max(1));
    let section = base.links[id].shape().and_then(|shape| CrossSection::new(shape, base).ok());
    section.map_or(0.0, |section| section.full_area * f64::from(barrels))
}

/// The rule, and the flap gate, of a structure that exists.
fn run(work: &mut Worksite<'_>, gate: &Gate, link: LinkId, trigger: Option<&Trigger<'_>>) {
    let model = work.model();
    let name = model.links.name(link);
    let element = format!("Gate at {name}");
    if gate.width.is_some() || gate.height.is_some() {
        work.problem(
            element.clone(),
            "the structure is there and keeps its size",
            "leave out `width` and `height`",
        );
    }
    let is_orifice = matches!(model.links[link].kind, LinkKind::Orifice(_));
    let Some(row) = work.link_row(link) else { return };
    if let Some(time) = gate.travel_time {
        if is_orifice {
            let hours = number(time.0 / 3600.0);
            if work.editor.fields(row).len() == 6 {
                work.set(row, 6, "NO", "NO");
            }
            work.alter((Kind::Link, name), "travel time (h)", (row, 7), &hours, "0");
        } else {
            work.problem(element, "SWMM lets only orifices travel", "leave out `travel_time`");
        }
    }
    let mut works = Vec::new();
    if gate.flap && work.alter((Kind::Link, name), "flap gate", (row, 6), yes_no(true), "NO") {
        works.push(Work::FlapGate { area: flap_area(work, name) });
    }
    if let Some(trigger) = trigger {
        let before = highest_priority(work, name);
        if before.is_some() {
            let message = "control rules act on it already; the new ones go before them";
            work.warn(format!("Link {name}"), message, "look whether the old ones are still wanted");
        }
        let kind = if is_orifice { "ORIFICE" } else { "WEIR" };
        add_rules(
            work,
            (kind, name),
            &format!("{name}-gate"),
            trigger,
            before.map(|priority| priority + 1.0),
        );
        works.push(Work::Gate { area: flap_area(work, name) });
    }
    if !works.is_empty() {
        work.note_works(Kind::Link, name, works);
    }
}

/// A gate at the lower end of a conduit: the conduit ends in a new node, and an orifice leads on from there.
fn build(work: &mut Worksite<'_>, gate: &Gate, link: LinkId, trigger: &Trigger<'_>) {
    let model = work.model();
    let name = model.links.name(link);
    let Some((base, id)) = work.base_link(name) else { return };
    let Some(conduit) = base.links[id].conduit() else { return };
    let Ok(section) = CrossSection::new(&conduit.shape, base) else { return };
    if conduit.shape == Shape::Dummy {
        return work.problem(format!("Gate at {name}"), "its conduit has no section", "name another conduit");
    }
    let barrels = f64::from(conduit.barrels.max(1));
    let width = gate.width.map_or(section.max_width * barrels, |width| width.0);
    let height = gate.height.map_or(section.full_depth, |height| height.0);
    if width <= 0.0 || height <= 0.0 {
        return work.problem(
            format!("Gate at {name}"),
            "its opening has no size",
            "give `width` and `height`",
        );
    }
    let lower = model.links[link].to;
    let old_lower = model.nodes.name(lower).to_owned();
    let sill = level(base, id, End::Lower);
    // another measure may have laid the conduit deeper; the sill of the gate keeps its level
    let invert = sill.min(level(model, link, End::Lower));
    let surface = surface(base, id).max(sill + section.full_depth.max(height));

    let node = work.free_name(Names::Node, &format!("{name}-end"));
    let [invert_text, depth] = [work.length(invert), work.length(surface - invert)];
    work.add(Section::Junctions, &[&node, &invert_text, &depth, "0", "0", "0"]);
    work.place(&node, gate_place(model, link));
    let field = work.in_lengths("invert");
    work.note_added(Kind::Node, &node, &[(&field, &invert_text)], Vec::new());

    let Some(row) = work.link_row(link) else { return };
    work.editor.set(row, 2, &node, "*");
    let offset = work.offset(level(model, link, End::Lower), invert);
    work.set(row, 6, &offset, "0");
    let field =
        FieldChange { field: "lower node".to_owned(), before: old_lower.clone(), after: node.clone() };
    work.note(Kind::Link, name, Action::Altered, vec![field], Vec::new());

    let orifice = work.free_name(Names::Link, &format!("{name}-gate"));
    let offset = work.offset(sill, invert);
    let hours = number(gate.travel_time.map_or(0.0, |time| time.0) / 3600.0);
    let flap = yes_no(gate.flap);
    work.add(Section::Orifices, &[&orifice, &node, &old_lower, "SIDE", &offset, COEFFICIENT, flap, &hours]);
    let [tall, wide] = [work.length(height), work.length(width)];
    work.add(Section::Xsections, &[&orifice, "RECT_CLOSED", &tall, &wide, "0", "0"]);
    let area = width * height;
    let mut works = vec![Work::Gate { area }];
    if gate.flap {
        works.push(Work::FlapGate { area });
    }
    let [of_height, of_width] = [work.in_lengths("height"), work.in_lengths("width")];
    let fields = [
        ("upper node", node.as_str()),
        ("lower node", &old_lower),
        (&of_height, &tall),
        (&of_width, &wide),
        ("flap gate", flap),
    ];
    work.note_added(Kind::Link, &orifice, &fields, works);
    add_rules(work, ("ORIFICE", &orifice), &orifice, trigger, None);
}

/// Level of the ground at the lower end of a conduit; at an outfall, which has none, as far above the
/// conduit as at its upper end. m.
fn surface(model: &Model, id: LinkId) -> f64 {
    let link = &model.links[id];
    if !model.nodes[link.to].is_outfall() {
        return ground(model, link.to);
    }
    let cover = ground(model, link.from) - level(model, id, End::Upper);
    level(model, id, End::Lower) + cover
}

/// Where the gate is drawn: near the lower end of the last piece of its conduit.
fn gate_place(model: &Model, id: LinkId) -> Option<[f64; 2]> {
    let link = &model.links[id];
    let last = model.map.links.get(id.index()).and_then(|vertices| vertices.last().copied());
    let [x0, y0] = last.or(place(model, link.from))?;
    let [x1, y1] = place(model, link.to)?;
    Some([x0 + ALONG * (x1 - x0), y0 + ALONG * (y1 - y0)])
}

/// The two rules of a gate.
fn add_rules(
    work: &mut Worksite<'_>,
    (kind, name): (&str, &str),
    stem: &str,
    trigger: &Trigger<'_>,
    priority: Option<f64>,
) {
    let priority = priority.map(number);
    let [close, open] = [trigger.close_above, trigger.open_below].map(|level| work.length(level));
    for (word, sign, level, setting) in [("close", ">", &close, "0"), ("open", "<", &open, "1")] {
        let mut lines = vec![
            vec!["IF", "NODE", trigger.watch, "HEAD", sign, level],
            vec!["THEN", kind, name, "SETTING", "=", setting],
        ];
        if let Some(priority) = &priority {
            lines.push(vec!["PRIORITY", priority]);
        }
        add_rule(work, &format!("{stem}-{word}"), &lines);
    }
}
