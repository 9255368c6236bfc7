//! `[JUNCTIONS]`, `[OUTFALLS]`, `[STORAGE]` and `[DIVIDERS]`.

use super::draft::{Draft, define};
use super::row::Row;
use crate::model::NodeId;
use crate::model::node::{DividerRule, Node, NodeKind, OutfallBoundary, Seepage, StorageShape};

/// Registers a node of a section by its name.
pub(super) fn define_node(row: &mut Row<'_, '_>, draft: &mut Draft) {
    let node = Node::new(NodeKind::Junction, 0.0, 0.0);
    define(row, 0, &mut draft.model.nodes, node);
}

fn find(row: &mut Row<'_, '_>, draft: &Draft) -> Option<NodeId> {
    row.find(0, "node", &draft.model.nodes)
}

/// Reads a junction.
pub(super) fn read_junction(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Junction");
    if !row.has(2, "name, invert elevation (, full depth, initial depth, surcharge depth, ponded area)") {
        return;
    }
    let Some(id) = find(row, draft) else { return };
    let units = draft.model.units;
    let node = &mut draft.model.nodes[id];
    node.kind = NodeKind::Junction;
    node.invert = row.number(1, "the invert elevation") * units.length;
    node.full_depth = row.non_negative_or_0(2, "the full depth") * units.length;
    node.initial_depth = row.non_negative_or_0(3, "the initial depth") * units.length;
    node.surcharge_depth = row.non_negative_or_0(4, "the surcharge depth") * units.length;
    node.ponded_area = row.non_negative_or_0(5, "the ponded area") * units.area;
}

#[derive(Clone, Copy)]
enum Boundary {
    Free,
    Normal,
    Fixed,
    Tidal,
    Series,
}

const BOUNDARIES: &[(&str, Boundary)] = &[
    ("FREE", Boundary::Free),
    ("NORMAL", Boundary::Normal),
    ("FIXED", Boundary::Fixed),
    ("TIDAL", Boundary::Tidal),
    ("TIMESERIES", Boundary::Series),
];

/// Reads an outfall.
pub(super) fn read_outfall(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Outfall");
    let form = "name, invert elevation, then FREE, NORMAL, FIXED and a stage, TIDAL and a curve, or TIMESERIES and \
                a series (, YES or NO for a flap gate, subcatchment)";
    if !row.has(3, form) {
        return;
    }
    let Some(id) = find(row, draft) else { return };
    let model = &mut draft.model;
    let length = model.units.length;
    let invert = row.number(1, "the invert elevation") * length;
    let Some(kind) = row.keyword(2, "kind of outfall", BOUNDARIES) else { return };
    // The field of the flap gate.
    let gate = if matches!(kind, Boundary::Free | Boundary::Normal) { 3 } else { 4 };
    if !row.has(gate, form) {
        return;
    }
    let boundary = match kind {
        Boundary::Free => Some(OutfallBoundary::Free),
        Boundary::Normal => Some(OutfallBoundary::Normal),
        Boundary::Fixed => Some(OutfallBoundary::Fixed(row.number(3, "the fixed stage") * length)),
        Boundary::Tidal => row.find(3, "curve", &model.curves).map(OutfallBoundary::Tidal),
        Boundary::Series => row.find(3, "time series", &model.series).map(OutfallBoundary::Series),
    };
    // SWMM reads the flap gate only where it is the last field.
    let mut flap_gate = false;
    let mut route_to = None;
    if row.len() == gate + 1 {
        flap_gate = row.yes(gate, "answer to 'is there a flap gate?'").unwrap_or(false);
    } else if row.len() == gate + 2 {
        route_to = row.find(gate + 1, "subcatchment", &model.subcatchments);
        if row.text(gate).eq_ignore_ascii_case("YES") {
            let message = "SWMM 5.2 ignores the flap gate of an outfall whose water runs onto a subcatchment";
            row.warning(gate, message, "write NO to say what happens");
        }
    }
    let node = &mut model.nodes[id];
    node.invert = invert;
    let boundary = boundary.unwrap_or(OutfallBoundary::Free);
    node.kind = NodeKind::Outfall { boundary, flap_gate, route_to };
}

#[derive(Clone, Copy)]
enum Form {
    Tabular,
    Functional,
    Cylindrical,
    Conical,
    Parabolic,
    Pyramidal,
}

const FORMS: &[(&str, Form)] = &[
    ("TABULAR", Form::Tabular),
    ("FUNCTIONAL", Form::Functional),
    ("CYLINDRICAL", Form::Cylindrical),
    ("CONICAL", Form::Conical),
    ("PARABOLIC", Form::Parabolic),
    ("PYRAMIDAL", Form::Pyramidal),
];

/// Reads a storage unit.
pub(super) fn read_storage(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Storage Unit");
    let form = "name, invert elevation, full depth, initial depth, then TABULAR and a curve, or a shape and its 3 \
                numbers (, surcharge depth, evaporation share, seepage)";
    if !row.has(6, form) {
        return;
    }
    let Some(id) = find(row, draft) else { return };
    let units = draft.model.units;
    let length = units.length;
    let invert = row.number(1, "the invert elevation") * length;
    let full_depth = row.number(2, "the full depth") * length;
    let initial_depth = row.number(3, "the initial depth") * length;
    let Some(kind) = row.keyword(4, "shape of storage", FORMS) else { return };
    let next = if matches!(kind, Form::Tabular) { 6 } else { 8 };
    if !row.has(next, form) {
        return;
    }
    let shape = match kind {
        Form::Tabular => match row.find(5, "curve", &draft.model.curves) {
            Some(curve) => StorageShape::Tabular(curve),
            None => return,
        },
        Form::Functional => {
            let a1 = row.number(5, "the coefficient of the area");
            let a2 = row.between(6, "the exponent of the area", -100.0, 100.0);
            let a0 = row.non_negative(7, "the area at the bottom");
            // The depth under the exponent is the user's too.
            StorageShape::Functional { a0: a0 * units.area, a1: a1 * units.area / length.powf(a2), a2 }
        }
        _ => {
            let size = [row.positive(5, "the length"), row.positive(6, "the width")].map(|x| x * length);
            solid(row, kind, size, length)
        }
    };
    let surcharge_depth = row.number_or(next, "the surcharge depth", 0.0) * length;
    let evaporation = row.number_or(next + 1, "the evaporation share", 0.0);
    let seepage = seepage(row, next + 2, draft);
    let node = &mut draft.model.nodes[id];
    node.invert = invert;
    node.full_depth = full_depth;
    node.initial_depth = initial_depth;
    node.surcharge_depth = surcharge_depth;
    node.kind = NodeKind::Storage { shape, evaporation, seepage };
}

/// A storage unit that is a body: its plan (m) and, in the eighth field, slope or height.
fn solid(row: &mut Row<'_, '_>, kind: Form, [length, width]: [f64; 2], unit: f64) -> StorageShape {
    match kind {
        Form::Conical => {
            StorageShape::Conical { length, width, slope: row.non_negative(7, "the side slope") }
        }
        Form::Parabolic => {
            StorageShape::Paraboloid { length, width, height: row.positive(7, "the height") * unit }
        }
        Form::Pyramidal => {
            StorageShape::Pyramidal { length, width, slope: row.non_negative(7, "the side slope") }
        }
        Form::Tabular | Form::Functional | Form::Cylindrical => {
            row.non_negative(7, "the third number");
            StorageShape::Cylindrical { length, width }
        }
    }
}

/// Seepage under a storage unit: a conductivity, or the three numbers of Green and Ampt.
fn seepage(row: &mut Row<'_, '_>, first: usize, draft: &Draft) -> Option<Seepage> {
    let units = draft.model.units;
    let given = row.len().saturating_sub(first);
    let [suction, conductivity, deficit] = match given {
        0 => return None,
        1 => [0.0, row.number(first, "the seepage rate"), 0.0],
        2 => {
            let message = "2 of 3 items on seepage";
            row.line_error(203, message, "expected: a rate, or suction head, conductivity, moisture deficit");
            return None;
        }
        _ => row.numbers(first, "the seepage parameter"),
    };
    // No conductivity, no seepage.
    if conductivity == 0.0 {
        return None;
    }
    if suction < 0.0 || conductivity < 0.0 || !(0.0..=1.0).contains(&deficit) {
        let help = "suction head and conductivity at least 0, moisture deficit from 0 to 1";
        row.error(211, first, "the seepage parameters are out of range", help);
        return None;
    }
    Some(Seepage {
        suction: suction * units.rain_depth,
        conductivity: conductivity * units.rain_rate,
        deficit,
    })
}

#[derive(Clone, Copy)]
enum Rule {
    Cutoff,
    Tabular,
    Weir,
    Overflow,
}

const RULES: &[(&str, Rule)] = &[
    ("CUTOFF", Rule::Cutoff),
    ("TABULAR", Rule::Tabular),
    ("WEIR", Rule::Weir),
    ("OVERFLOW", Rule::Overflow),
];

/// Reads a divider.
pub(super) fn read_divider(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Divider");
    let form = "name, invert elevation, diversion link or *, then OVERFLOW, CUTOFF and a flow, TABULAR and a curve, \
                or WEIR and 3 numbers (, full depth, initial depth, surcharge depth, ponded area)";
    if !row.has(4, form) {
        return;
    }
    let Some(id) = find(row, draft) else { return };
    let units = draft.model.units;
    let invert = row.number(1, "the invert elevation") * units.length;
    let link = match row.text(2) {
        "" | "*" => None,
        _ => row.find(2, "link", &draft.model.links),
    };
    let Some(rule) = row.keyword(3, "kind of divider", RULES) else { return };
    let next = match rule {
        Rule::Overflow => 4,
        Rule::Cutoff | Rule::Tabular => 5,
        Rule::Weir => 7,
    };
    if !row.has(next, form) {
        return;
    }
    let rule = match rule {
        Rule::Overflow => DividerRule::Overflow,
        Rule::Cutoff => DividerRule::Cutoff(row.number(4, "the cut-off flow") * units.flow),
        Rule::Tabular => match row.find(4, "curve", &draft.model.curves) {
            Some(curve) => DividerRule::Tabular(curve),
            None => return,
        },
        Rule::Weir => {
            let [min_flow, height, coefficient] = row.numbers(4, "the number of the weir");
            DividerRule::Weir { min_flow: min_flow * units.flow, height, coefficient }
        }
    };
    let depth = |row: &mut Row<'_, '_>, field, what| row.number_or(field, what, 0.0) * units.length;
    let full_depth = depth(row, next, "the full depth");
    let initial_depth = depth(row, next + 1, "the initial depth");
    let surcharge_depth = depth(row, next + 2, "the surcharge depth");
    let ponded_area = row.number_or(next + 3, "the ponded area", 0.0) * units.area;
    let node = &mut draft.model.nodes[id];
    node.kind = NodeKind::Divider { link, rule };
    node.invert = invert;
    node.full_depth = full_depth;
    node.initial_depth = initial_depth;
    node.surcharge_depth = surcharge_depth;
    node.ponded_area = ponded_area;
}
