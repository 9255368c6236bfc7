//! `[MAP]`, `[COORDINATES]`, `[VERTICES]`, `[POLYGONS]`, `[SYMBOLS]` and `[TAGS]`: SWMM's engine does not
//! read them, so nothing in them stops a run.

use super::draft::Draft;
use super::heading::{Section, is_keyword};
use super::number::number;
use super::row::Row;
use crate::num::index::Id;

/// Makes room for one place an element.
pub(super) fn begin(draft: &mut Draft) {
    let model = &mut draft.model;
    model.map.nodes = vec![None; model.nodes.len()];
    model.map.links = vec![Vec::new(); model.links.len()];
    model.map.subcatchments = vec![Vec::new(); model.subcatchments.len()];
    model.map.gauges = vec![None; model.gauges.len()];
}

/// Reads a line of the map; `false` when it means nothing.
pub(super) fn read(section: Section, row: &Row<'_, '_>, draft: &mut Draft) -> bool {
    match section {
        Section::Map => read_frame(row, draft),
        Section::Tags => read_tag(row, draft),
        _ => read_point(section, row, draft),
    }
}

fn numbers<const N: usize>(row: &Row<'_, '_>, first: usize) -> Option<[f64; N]> {
    let mut values = [0.0; N];
    for (field, value) in (first..row.len()).zip(&mut values) {
        *value = number(row.text(field))?;
    }
    (row.len() >= first + N).then_some(values)
}

fn read_frame(row: &Row<'_, '_>, draft: &mut Draft) -> bool {
    let map = &mut draft.model.map;
    if is_keyword(row.text(0), "DIMENSION") {
        map.extent = numbers(row, 1);
        return map.extent.is_some();
    }
    if is_keyword(row.text(0), "UNITS") {
        row.text(1).clone_into(&mut map.unit);
        return row.len() > 1;
    }
    false
}

fn read_point(section: Section, row: &Row<'_, '_>, draft: &mut Draft) -> bool {
    let model = &mut draft.model;
    let name = row.text(0);
    let Some(point) = numbers::<2>(row, 1) else { return false };
    match section {
        Section::Coordinates => {
            let found = model.nodes.find(name).and_then(|id| model.map.nodes.get_mut(id.index()));
            found.map(|place| *place = Some(point)).is_some()
        }
        Section::Vertices => {
            let found = model.links.find(name).and_then(|id| model.map.links.get_mut(id.index()));
            found.map(|line| line.push(point)).is_some()
        }
        Section::Polygons => {
            let found =
                model.subcatchments.find(name).and_then(|id| model.map.subcatchments.get_mut(id.index()));
            // Storage units may have an outline too; it is kept in the document only.
            found.map(|outline| outline.push(point)).is_some() || model.nodes.find(name).is_some()
        }
        Section::Symbols => {
            let found = model.gauges.find(name).and_then(|id| model.map.gauges.get_mut(id.index()));
            found.map(|place| *place = Some(point)).is_some()
        }
        _ => false,
    }
}

fn read_tag(row: &Row<'_, '_>, draft: &mut Draft) -> bool {
    let model = &mut draft.model;
    let (kind, name) = (row.text(0), row.text(1));
    let tag = if is_keyword(kind, "NODE") {
        model.nodes.find(name).map(|id| &mut model.nodes[id].tag)
    } else if is_keyword(kind, "LINK") {
        model.links.find(name).map(|id| &mut model.links[id].tag)
    } else if is_keyword(kind, "SUBCATCH") {
        model.subcatchments.find(name).map(|id| &mut model.subcatchments[id].tag)
    } else {
        // Gauges may have tags too; they are kept in the document only.
        return is_keyword(kind, "GAGE") && model.gauges.find(name).is_some();
    };
    tag.map(|tag| *tag = row.rest(2)).is_some()
}
