//! A new weir, or a change of one that exists.

use super::gate::flap_area;
use super::levels::{End, ground, level};
use super::new_link::joins_an_outfall;
use super::tank::{WEIR_COEFFICIENT, weir_coefficient};
use super::worksite::{Worksite, yes_no};
use crate::edit::change::{FieldChange, Kind, Work};
use crate::input::inp::Section;
use crate::model::LinkId;
use crate::model::link::{LinkKind, WeirKind};
use crate::model::section::Shape;
use crate::scenario::measure::Weir;

/// Carries out the measure.
pub(super) fn apply(work: &mut Worksite<'_>, weir: &Weir) {
    let element = format!("Weir {}", weir.id);
    for (value, what) in [(weir.length, "length"), (weir.height, "height")] {
        if value.is_some_and(|value| value.0 <= 0.0) {
            return work.problem(element, format!("its {what} is not above 0"), "");
        }
    }
    match work.model().links.find(&weir.id) {
        None => build(work, weir),
        Some(id) => match &work.model().links[id].kind {
            LinkKind::Weir(_) => change(work, weir, id),
            _ => work.problem(element, "there is a link of this name that is no weir", "give another `id`"),
        },
    }
}

/// A new weir.
fn build(work: &mut Worksite<'_>, weir: &Weir) {
    let element = format!("Weir {}", weir.id);
    let (Some(from), Some(to), Some(crest), Some(length)) = (&weir.from, &weir.to, weir.crest, weir.length)
    else {
        let help = "a new weir needs `from`, `to`, `crest` and `length`; a weir that exists is named in `id`";
        return work.problem(element, "there is no weir of this name, and a new one lacks details", help);
    };
    let (Some(upper), Some(lower)) = (work.node(from), work.node(to)) else { return };
    let model = work.model();
    if joins_an_outfall(model, lower) {
        let message = format!("outfall {to} has a link already, and SWMM allows it only one");
        work.problem(element.clone(), message, "lead it to another node");
    }
    let Some((base, id)) = work.base_node(from) else { return };
    let room = ground(base, id) - crest.0;
    let height = weir.height.map_or(room, |height| height.0);
    if !crest_fits(work, &element, crest.0, model.nodes[upper].invert, room) {
        return;
    }
    if height > room + 1.0e-9 {
        let message = "its opening reaches above the ground at its upper node, which SWMM raises to it";
        work.warn(element, message, "lower `height`");
    }
    let offset = work.offset(crest.0, model.nodes[upper].invert);
    let coefficient = weir.coefficient.unwrap_or(WEIR_COEFFICIENT);
    let coefficient = weir_coefficient(coefficient, model.units.is_si());
    let flap = yes_no(weir.flap.unwrap_or(false));
    let row = [&weir.id, from, to].map(String::as_str);
    work.add(
        Section::Weirs,
        &[&row[..], &["TRANSVERSE", &offset, &coefficient, flap, "0", "0", "YES"]].concat(),
    );
    let [tall, long, crest_text] = [height, length.0, crest.0].map(|metres| work.length(metres));
    work.add(Section::Xsections, &[&weir.id, "RECT_OPEN", &tall, &long, "0", "0"]);
    let [of_crest, of_length] = [work.in_lengths("crest"), work.in_lengths("length")];
    let fields = [
        ("upper node", from.as_str()),
        ("lower node", to),
        (&of_crest, &crest_text),
        (&of_length, &long),
        ("coefficient", &coefficient),
        ("flap gate", flap),
    ];
    let mut works = vec![Work::Weir { length: length.0 }];
    if weir.flap == Some(true) {
        works.push(Work::FlapGate { area: length.0 * height });
    }
    work.note_added(Kind::Link, &weir.id, &fields, works);
}

/// Whether a crest (m) lies above the invert of its node and below the ground; a problem if not.
fn crest_fits(work: &mut Worksite<'_>, element: &str, crest: f64, invert: f64, room: f64) -> bool {
    if crest < invert - 1.0e-9 {
        let message = format!(
            "its crest, {}, lies below the invert of its upper node, {}",
            work.shown(crest),
            work.shown(invert)
        );
        work.problem(element, message, "raise `crest`");
        return false;
    }
    if room <= 0.0 {
        work.problem(element, "its crest lies at or above the ground of its upper node", "lower `crest`");
        return false;
    }
    true
}

/// Changes a weir that exists. A higher crest takes from the height of the opening where that would reach
/// above the ground.
fn change(work: &mut Worksite<'_>, weir: &Weir, id: LinkId) {
    let model = work.model();
    let (link, name) = (&model.links[id], model.links.name(id));
    let element = format!("Weir {name}");
    for (asked, node) in [(&weir.from, link.from), (&weir.to, link.to)] {
        if asked.as_ref().is_some_and(|asked| !asked.eq_ignore_ascii_case(model.nodes.name(node))) {
            let message = "it exists between other nodes";
            return work.problem(
                element,
                message,
                "leave out `from` and `to`, or give a new weir another `id`",
            );
        }
    }
    let Some((base, base_id)) = work.base_link(name) else { return };
    let Some(LinkKind::Weir(data)) =
        base.links.items().get(crate::num::index::Id::index(base_id)).map(|l| &l.kind)
    else {
        return;
    };
    let (height, length) = match data.shape {
        Shape::RectangularOpen { height, width, .. } => (height, width),
        Shape::Trapezoidal { height, bottom, .. } => (height, bottom),
        Shape::Triangular { height, top } => (height, top),
        _ => return,
    };
    if weir.length.is_some() && data.kind == WeirKind::VNotch {
        work.problem(element.clone(), "a V-notch has no length of crest", "leave out `length`");
        return;
    }
    let Some(row) = work.link_row(id) else { return };
    let crest = weir.crest.map_or(level(base, base_id, End::Upper), |crest| crest.0);
    let room = ground(base, base.links[base_id].from) - crest;
    let mut rebuilt = false;
    if weir.crest.is_some() {
        let invert = model.nodes[link.from].invert;
        if !crest_fits(work, &element, crest, invert, room) {
            return;
        }
        let offset = work.offset(crest, invert);
        let before = work.length(level(model, id, End::Upper));
        if work.set(row, 4, &offset, "0").is_some() {
            let (field, after) = (work.in_lengths("crest"), work.length(crest));
            let field = FieldChange { field, before, after };
            work.note(Kind::Link, name, crate::edit::Action::Altered, vec![field], Vec::new());
            rebuilt = true;
        }
    }
    let new_height = match (weir.height, weir.crest) {
        (Some(height), _) => Some(height.0),
        (None, Some(_)) if height > room => Some(room),
        _ => None,
    };
    let section = work.row(Section::Xsections, name);
    for (value, column, word) in
        [(new_height, 2, "height"), (weir.length.map(|length| length.0), 3, "length")]
    {
        if let (Some(value), Some(row)) = (value, section) {
            let (field, text) = (work.in_lengths(word), work.length(value));
            rebuilt |= work.alter((Kind::Link, name), &field, (row, column), &text, "0");
        }
    }
    if let Some(coefficient) = weir.coefficient {
        let text = weir_coefficient(coefficient, model.units.is_si());
        work.alter((Kind::Link, name), "coefficient", (row, 5), &text, "0");
    }
    let mut works = Vec::new();
    if rebuilt {
        works.push(Work::Weir { length: weir.length.map_or(length, |length| length.0) });
    }
    if let Some(flap) = weir.flap
        && work.alter((Kind::Link, name), "flap gate", (row, 6), yes_no(flap), "NO")
        && flap
    {
        works.push(Work::FlapGate { area: flap_area(work, name) });
    }
    if !works.is_empty() {
        work.note_works(Kind::Link, name, works);
    }
}
