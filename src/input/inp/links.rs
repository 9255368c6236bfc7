//! `[CONDUITS]`, `[PUMPS]`, `[ORIFICES]`, `[WEIRS]`, `[OUTLETS]` and `[LOSSES]`.

use super::draft::{Draft, define};
use super::row::{Findings, Row};
use crate::diagnostic::{Diagnostic, Place};
use crate::model::curve::CurveKind;
use crate::model::link::{
    Conduit, Link, LinkKind, Orifice, OutletDriver, OutletLink, OutletRating, Pump, PumpKind, Weir, WeirKind,
};
use crate::model::options::OffsetConvention;
use crate::model::section::Shape;
use crate::model::{CurveId, LinkId, NodeId};
use crate::num::index::Id;
use crate::units::FOOT;

/// The elevation difference that SWMM takes for none, m.
const SMALLEST_DROP: f64 = 0.001 * FOOT;

/// What is settled when all links, nodes and curves are read, by the index of the link.
#[derive(Debug, Default)]
pub(super) struct Pending {
    links: Vec<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    /// Where the link is defined.
    place: Option<Place>,
    /// Whether a line of `[XSECTIONS]` names it.
    has_shape: bool,
    /// A pump's curve, and where it is named.
    pump_curve: Option<(CurveId, Place)>,
    /// Offsets at the upper and lower end, as depth or elevation (m); `None` for `*`.
    offsets: [Option<f64>; 2],
}

impl Pending {
    fn of(&mut self, id: LinkId) -> &mut Waiting {
        let index = id.index();
        if self.links.len() <= index {
            self.links.resize_with(index + 1, Waiting::default);
        }
        // The line above makes room for the index.
        #[allow(clippy::indexing_slicing)]
        &mut self.links[index]
    }
    /// Notes that a link has a cross-section.
    pub fn has_shape(&mut self, id: LinkId) {
        self.of(id).has_shape = true;
    }
}

/// A kind of link, with nothing known about it yet.
pub(super) fn conduit() -> LinkKind {
    LinkKind::Conduit(Conduit::new(0.0, 0.0, Shape::Dummy))
}

/// A pump without a curve.
pub(super) fn pump() -> LinkKind {
    LinkKind::Pump(Pump { kind: PumpKind::Ideal, initially_on: true, startup_depth: 0.0, shutoff_depth: 0.0 })
}

/// An orifice without an opening.
pub(super) fn orifice() -> LinkKind {
    LinkKind::Orifice(Orifice { bottom: false, shape: Shape::Dummy, coefficient: 0.0, gate_time: 0.0 })
}

/// A weir without an opening.
pub(super) fn weir() -> LinkKind {
    LinkKind::Weir(Weir {
        kind: WeirKind::Transverse,
        shape: Shape::Dummy,
        coefficient: 0.0,
        end_coefficient: 0.0,
        end_contractions: 0.0,
        can_surcharge: true,
        road_width: 0.0,
        gravel: None,
        coefficient_curve: None,
    })
}

/// An outlet that lets nothing through.
pub(super) fn outlet() -> LinkKind {
    let rating = OutletRating::Functional { coefficient: 0.0, exponent: 0.0 };
    LinkKind::Outlet(OutletLink { driver: OutletDriver::Depth, rating })
}

/// Registers a link of a kind by its name.
pub(super) fn define_link(row: &mut Row<'_, '_>, draft: &mut Draft, kind: LinkKind) {
    let link = Link::new(kind, NodeId::new(0), NodeId::new(0));
    define(row, 0, &mut draft.model.links, link);
}

/// The link of a line, with the nodes in its second and third field.
fn find(row: &mut Row<'_, '_>, draft: &mut Draft) -> Option<LinkId> {
    let id = row.find(0, "link", &draft.model.links)?;
    let from = row.find(1, "node", &draft.model.nodes);
    let to = row.find(2, "node", &draft.model.nodes);
    draft.links.of(id).place = Some(row.place(0));
    let link = &mut draft.model.links[id];
    if let (Some(from), Some(to)) = (from, to) {
        (link.from, link.to) = (from, to);
    }
    Some(id)
}

/// An offset in m; `None` for `*` where offsets are elevations.
fn offset(row: &mut Row<'_, '_>, field: usize, draft: &Draft) -> Option<f64> {
    if draft.model.options.offsets == OffsetConvention::Elevation && !row.is_given(field) {
        return None;
    }
    Some(row.number(field, "the offset") * draft.model.units.length)
}

/// Reads a conduit.
pub(super) fn read_conduit(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Conduit");
    let form = "name, from node, to node, length, roughness, inlet offset, outlet offset (, initial flow, largest \
                flow)";
    if !row.has(7, form) {
        return;
    }
    let Some(id) = find(row, draft) else { return };
    draft.links.of(id).offsets = [offset(row, 5, draft), offset(row, 6, draft)];
    let units = draft.model.units;
    let LinkKind::Conduit(conduit) = &mut draft.model.links[id].kind else { return };
    conduit.length = row.number(3, "the length") * units.length;
    conduit.roughness = row.number(4, "the roughness");
    conduit.initial_flow = row.number_or(7, "the initial flow", 0.0) * units.flow;
    conduit.max_flow = row.number_or(8, "the largest flow", 0.0) * units.flow;
}

/// Reads a pump.
pub(super) fn read_pump(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Pump");
    let form = "name, from node, to node (, curve or *, ON or OFF, start-up depth, shut-off depth)";
    if !row.has(3, form) {
        return;
    }
    let Some(id) = find(row, draft) else { return };
    if row.len() > 3 && row.text(3) != "*" {
        let curve = row.find(3, "curve", &draft.model.curves);
        draft.links.of(id).pump_curve = curve.map(|curve| (curve, row.place(3)));
    }
    let length = draft.model.units.length;
    let LinkKind::Pump(pump) = &mut draft.model.links[id].kind else { return };
    if row.len() > 4 {
        pump.initially_on = row.keyword(4, "status", &[("OFF", false), ("ON", true)]).unwrap_or(true);
    }
    pump.startup_depth = row.non_negative_or_0(5, "the start-up depth") * length;
    pump.shutoff_depth = row.non_negative_or_0(6, "the shut-off depth") * length;
}

/// Reads an orifice.
pub(super) fn read_orifice(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Orifice");
    let form = "name, from node, to node, SIDE or BOTTOM, offset, discharge coefficient (, flap gate, hours to open)";
    if !row.has(6, form) {
        return;
    }
    let Some(id) = find(row, draft) else { return };
    let bottom = row.keyword(3, "kind of orifice", &[("SIDE", false), ("BOTTOM", true)]);
    draft.links.of(id).offsets = [offset(row, 4, draft); 2];
    let link = &mut draft.model.links[id];
    let coefficient = row.non_negative(5, "the discharge coefficient");
    link.flap_gate = row.len() > 6 && row.yes(6, "answer to 'is there a flap gate?'").unwrap_or(false);
    let gate_time = row.non_negative_or_0(7, "the time to open") * 3600.0;
    if let (LinkKind::Orifice(orifice), Some(bottom)) = (&mut link.kind, bottom) {
        orifice.bottom = bottom;
        orifice.coefficient = coefficient;
        orifice.gate_time = gate_time;
    }
}

const WEIRS: &[(&str, WeirKind)] = &[
    ("TRANSVERSE", WeirKind::Transverse),
    ("SIDEFLOW", WeirKind::SideFlow),
    ("V-NOTCH", WeirKind::VNotch),
    ("TRAPEZOIDAL", WeirKind::Trapezoidal),
    ("ROADWAY", WeirKind::Roadway),
];

/// Reads a weir.
pub(super) fn read_weir(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Weir");
    let form = "name, from node, to node, kind, crest, discharge coefficient (, flap gate, end contractions, end \
                coefficient, surcharge, road width, road surface, coefficient curve)";
    if !row.has(6, form) {
        return;
    }
    let Some(id) = find(row, draft) else { return };
    let kind = row.keyword(3, "kind of weir", WEIRS);
    draft.links.of(id).offsets = [offset(row, 4, draft); 2];
    let length = draft.model.units.length;
    let coefficient = row.non_negative(5, "the discharge coefficient");
    let flap_gate = row.is_given(6) && row.yes(6, "answer to 'is there a flap gate?'").unwrap_or(false);
    let optional = |row: &mut Row<'_, '_>, field, what| {
        if row.is_given(field) { row.non_negative(field, what) } else { 0.0 }
    };
    let end_contractions = optional(row, 7, "the number of end contractions");
    let end_coefficient = optional(row, 8, "the end coefficient");
    let can_surcharge =
        if row.is_given(9) { row.yes(9, "answer to 'can it surcharge?'").unwrap_or(true) } else { true };
    let mut road = (0.0, None);
    if kind == Some(WeirKind::Roadway) {
        road.0 = row.non_negative_or_0(10, "the road width") * length;
        // Any other word is neither, as in SWMM.
        road.1 = match row.text(11).to_ascii_uppercase().as_str() {
            "PAVED" => Some(false),
            "GRAVEL" => Some(true),
            _ => None,
        };
    }
    let curve = if row.is_given(12) { row.find(12, "curve", &draft.model.curves) } else { None };
    let link = &mut draft.model.links[id];
    link.flap_gate = flap_gate;
    if let (LinkKind::Weir(weir), Some(kind)) = (&mut link.kind, kind) {
        weir.kind = kind;
        weir.coefficient = coefficient;
        weir.end_contractions = end_contractions;
        weir.end_coefficient = end_coefficient;
        weir.can_surcharge = can_surcharge;
        (weir.road_width, weir.gravel) = road;
        weir.coefficient_curve = curve;
    }
}

/// Reads an outlet.
pub(super) fn read_outlet(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Outlet");
    let form = "name, from node, to node, offset, then TABULAR/DEPTH or TABULAR/HEAD and a curve, or \
                FUNCTIONAL/DEPTH or FUNCTIONAL/HEAD, coefficient and exponent (, flap gate)";
    if !row.has(6, form) {
        return;
    }
    let Some(id) = find(row, draft) else { return };
    let mut crest = offset(row, 3, draft);
    if draft.model.options.offsets == OffsetConvention::Depth {
        crest = crest.map(|depth| depth.max(0.0));
    }
    draft.links.of(id).offsets = [crest; 2];
    let Some(tabular) = row.keyword(4, "kind of rating", &[("TABULAR", true), ("FUNCTIONAL", false)]) else {
        return;
    };
    let head = row.text(4).split('/').filter(|part| !part.is_empty()).nth(1);
    let driver = match head {
        Some(word) if word.eq_ignore_ascii_case("HEAD") => OutletDriver::Head,
        _ => OutletDriver::Depth,
    };
    let next = if tabular { 6 } else { 7 };
    if !row.has(next, form) {
        return;
    }
    let rating = if tabular {
        row.find(5, "curve", &draft.model.curves).map(OutletRating::Tabular)
    } else {
        let [coefficient, exponent] = row.numbers(5, "the parameter of the rating");
        Some(OutletRating::Functional { coefficient, exponent })
    };
    let link = &mut draft.model.links[id];
    link.flap_gate = row.len() > next && row.yes(next, "answer to 'is there a flap gate?'").unwrap_or(false);
    if let (LinkKind::Outlet(outlet), Some(rating)) = (&mut link.kind, rating) {
        *outlet = OutletLink { driver, rating };
    }
}

/// Reads the local losses of a link.
pub(super) fn read_losses(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Link");
    if !row.has(4, "link, entrance loss, exit loss, average loss (, flap gate, seepage rate)") {
        return;
    }
    let Some(id) = row.find(0, "link", &draft.model.links) else { return };
    let entry = row.non_negative(1, "the entrance loss");
    let exit = row.non_negative(2, "the exit loss");
    let average = row.non_negative(3, "the average loss");
    let flap_gate = row.len() > 4 && row.yes(4, "answer to 'is there a flap gate?'").unwrap_or(false);
    let seepage = row.number_or(5, "the seepage rate", 0.0) * draft.model.units.rain_rate;
    let link = &mut draft.model.links[id];
    link.flap_gate = flap_gate;
    if let LinkKind::Conduit(conduit) = &mut link.kind {
        conduit.entry_loss = entry;
        conduit.exit_loss = exit;
        conduit.average_loss = average;
        conduit.seepage = seepage;
    }
}

/// Settles what depends on several lines: offsets, kinds of pumps, missing cross-sections.
pub(super) fn finish(draft: &mut Draft, findings: &mut Findings<'_>) {
    let pending = std::mem::take(&mut draft.links);
    let model = &mut draft.model;
    let elevations = model.options.offsets == OffsetConvention::Elevation;
    for (id, waiting) in model.links.ids().zip(pending.links) {
        let name = model.links.name(id).to_owned();
        let link = &model.links[id];
        let mut offsets = waiting.offsets.map(|offset| offset.unwrap_or(0.0));
        if elevations {
            // A regulator has one offset, that of its crest above the upper node.
            let ends = if link.conduit().is_some() { 2 } else { 1 };
            let written = offsets.iter_mut().zip(waiting.offsets);
            for ((offset, written), node) in written.zip([link.from, link.to]).take(ends) {
                let (Some(elevation), Some(node)) = (written, model.nodes.items().get(node.index())) else {
                    continue;
                };
                let depth = elevation - node.invert;
                *offset = depth.max(0.0);
                if depth < -SMALLEST_DROP && !matches!(link.kind, LinkKind::Pump(_)) {
                    let warning =
                        Diagnostic::warning(3, "an offset below the invert of its node is taken as 0");
                    findings.list.push(warning.of(format!("Link {name}")));
                }
            }
        }
        let link = &mut model.links[id];
        [link.inlet_offset, link.outlet_offset] = offsets;
        if link.conduit().is_none() {
            link.outlet_offset = link.inlet_offset;
        }
        match &mut link.kind {
            LinkKind::Conduit(_) if !waiting.has_shape => {
                let missing = Diagnostic::error(117, "there is no cross-section for this conduit")
                    .of(format!("Conduit {name}"))
                    .help("add a line for it to [XSECTIONS]");
                findings.list.push(match waiting.place {
                    Some(place) => missing.at(place),
                    None => missing,
                });
            }
            LinkKind::Pump(pump) => {
                if let Some((curve, place)) = waiting.pump_curve {
                    let kind = pump_kind(curve, model.curves[curve].kind);
                    pump.kind = kind.unwrap_or(PumpKind::Ideal);
                    if kind.is_none() {
                        findings.list.push(
                            Diagnostic::error(
                                121,
                                format!("curve '{}' is no pump curve", model.curves.name(curve)),
                            )
                            .of(format!("Pump {name}"))
                            .at(place)
                            .help("a curve of kind PUMP1 to PUMP5, or * for an ideal pump"),
                        );
                    }
                }
            }
            _ => {}
        }
    }
}

fn pump_kind(curve: CurveId, kind: CurveKind) -> Option<PumpKind> {
    Some(match kind {
        CurveKind::Pump1 => PumpKind::Type1(curve),
        CurveKind::Pump2 => PumpKind::Type2(curve),
        CurveKind::Pump3 => PumpKind::Type3(curve),
        CurveKind::Pump4 => PumpKind::Type4(curve),
        CurveKind::Pump5 => PumpKind::Type5(curve),
        _ => return None,
    })
}
