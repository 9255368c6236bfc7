//! The model while it is read.
//!
//! SWMM reads a file twice: first the names and the options, then the data, so that a line may refer
//! to what stands below it. Some of what a line says can only be settled when all is read; it waits
//! here, with the theme that settles it.

use std::collections::BTreeSet;

use super::row::Row;
use super::{later_physics, links, options, report, sections, tables};
use crate::index_type;
use crate::model::{Model, SubcatchmentId};
use crate::num::index::{Id, Table};

index_type! {
    /// Something that is named in the file but not part of the model yet.
    OtherId,
}

/// Names of things that are not part of the model yet.
pub(super) type Names = Table<OtherId, ()>;

/// The model while it is read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// What is already settled.
    pub model: Model,
    /// Names of aquifers.
    pub aquifers: Names,
    /// Names of snow packs.
    pub snow_packs: Names,
    /// Names of unit hydrographs.
    pub unit_hydrographs: Names,
    /// Names of pollutants.
    pub pollutants: Names,
    /// Names of land uses.
    pub land_uses: Names,
    /// Names of LID controls.
    pub lid_controls: Names,
    /// Names of inlets.
    pub inlets: Names,
    /// Subcatchments that a line of `[SUBAREAS]` names.
    pub has_subareas: BTreeSet<SubcatchmentId>,
    /// Dates and sizes of the options.
    pub options: options::Pending,
    /// Offsets, pumps and shapes of links.
    pub links: links::Pending,
    /// The transect that is being read.
    pub transects: sections::Pending,
    /// Kinds and cursors of curves, series and patterns.
    pub tables: tables::Pending,
    /// Elements to report.
    pub report: report::Pending,
    /// What the file asks of physics that is not simulated yet.
    pub later: later_physics::Pending,
}

/// Adds a name of its own; a second one of the kind is ERROR 207.
pub(super) fn define<I: Id, T>(row: &mut Row<'_, '_>, field: usize, table: &mut Table<I, T>, item: T) {
    if row.text(field).is_empty() {
        // The second pass finds no element of this name, and says so.
        return;
    }
    if let Some(id) = table.find(row.text(field)) {
        let help = match table.name(id) {
            same if same == row.text(field) => "give each its own name".to_owned(),
            first => format!("'{first}' is the same name: SWMM does not tell upper from lower case"),
        };
        row.error(207, field, format!("the name '{}' is taken", row.text(field)), help);
    } else {
        table.insert(row.text(field), item);
    }
}

/// Adds a name that several lines may share.
pub(super) fn define_once<I: Id, T>(row: &Row<'_, '_>, field: usize, table: &mut Table<I, T>, item: T) {
    if !row.text(field).is_empty() {
        // Nothing happens where the name is there already: it is the second line of its element.
        table.insert(row.text(field), item);
    }
}
