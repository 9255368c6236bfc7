//! Which share of the land and of the foul water goes to the new sewers.
//!
//! All shares are of the base, so that phases add up in any order. Of each subcatchment the same share of
//! its area, width and curb goes to a subcatchment of its own beside it, which drains to the new manhole and
//! is like it in all else: the runoff of a hectare stays what it was. Infiltration into sewers (a base flow
//! in `[INFLOWS]`) stays in the old pipe.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::edit::change::{Action, FieldChange, Kind, Work};
use crate::edit::drainage::Drainage;
use crate::edit::editor::{Editor, Row, number};
use crate::edit::site::Site;
use crate::input::inp::Section;
use crate::model::SubcatchmentId;
use crate::model::catchment::Outlet;
use crate::num::index::Id;
use crate::scenario::measure::{Separate, Sewer};

use super::build::Builder;
use super::district::{District, Tree};

/// Columns of `[SUBCATCHMENTS]` that are a share of the land: area, width, curb length.
const EXTENTS: [usize; 3] = [3, 5, 7];
/// Shares below this are round-off.
const ROUND_OFF: f64 = 1.0e-9;

/// Shares of the base that one measure moves to the new sewers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moved {
    /// Of the land.
    pub land: f64,
    /// Of the dry-weather flow.
    pub foul: f64,
}

impl Moved {
    /// New storm sewers take the land but for what is still wrongly connected, and the foul water that is;
    /// new foul sewers the other way round.
    pub fn by(separate: &Separate) -> Self {
        let connected = separate.plots_connected.0;
        let (land_astray, foul_astray) = (separate.storm_to_foul.0, separate.foul_to_storm.0);
        match separate.existing_sewer {
            Sewer::Foul => Self { land: connected * (1.0 - land_astray), foul: connected * foul_astray },
            Sewer::Storm => Self { land: connected * land_astray, foul: connected * (1.0 - foul_astray) },
        }
    }
}

/// Moves land and foul water of a district.
pub(super) fn apply(
    builder: &mut Builder<'_>,
    site: &Site,
    drainage: &Drainage,
    (district, tree): (&District, &Tree),
    separate: &Separate,
    warnings: &mut Vec<Diagnostic>,
) {
    let base = Editor::new(&site.base);
    let moved = Moved::by(separate);
    let mut mover = Mover { builder, site, base, warnings };
    for &land in &district.land {
        mover.land(land, drainage, district, tree, moved.land, separate.plots_connected.0);
    }
    mover.foul(drainage, district, tree, moved.foul);
}

struct Mover<'a, 'b> {
    builder: &'a mut Builder<'b>,
    site: &'a Site,
    /// Reads the text of the base.
    base: Editor,
    warnings: &'a mut Vec<Diagnostic>,
}

impl Mover<'_, '_> {
    fn land(
        &mut self,
        id: SubcatchmentId,
        drainage: &Drainage,
        district: &District,
        tree: &Tree,
        share: f64,
        connected: f64,
    ) {
        let model = &self.site.base.model;
        let name = model.subcatchments.name(id);
        let land = &model.subcatchments[id];
        let works = vec![Work::PlotConnection { area: connected * land.area }];
        if share <= 0.0 {
            self.builder.note(Kind::Subcatchment, name, Action::Altered, Vec::new(), works);
            return;
        }
        // over other land of the district to that land's own share, else to the new manhole
        let to = match land.outlet {
            Outlet::Subcatchment(next) if next == id => None,
            Outlet::Subcatchment(next) => {
                district.land.contains(&next).then(|| self.builder.twin(model.subcatchments.name(next)))
            }
            Outlet::Node(node) => tree.home(drainage, node).map(|home| self.builder.manhole(home)),
        };
        let Some(to) = to else {
            let message = format!("the land of '{name}' drains to no new sewer and stays as it is");
            let help = "its runoff goes over land outside the district, or where no new sewer leads";
            self.warnings.push(Diagnostic::warning(0, message).help(help).of(format!("Subcatchment {name}")));
            return;
        };
        for (section, what) in [(Section::Groundwater, "groundwater"), (Section::LidUsage, "LID units")] {
            if self.builder.editor.row(section, name).is_some() {
                let message = format!("`separate` of a subcatchment with {what} ('{name}')");
                self.builder.problems.push(Diagnostic::unsupported(message));
                return;
            }
        }
        let rows = self
            .base
            .row(Section::Subcatchments, name)
            .zip(self.builder.editor.row(Section::Subcatchments, name));
        let Some((base_row, row)) = rows else {
            let message = format!("the network has no subcatchment '{name}' any more");
            self.builder.problems.push(Diagnostic::error(0, message));
            return;
        };
        let base_fields = self.base.fields(base_row);
        let new_name = self.builder.twin(name);
        let in_base = model.subcatchments.find(&new_name).is_some();
        let in_network = self.builder.network.model.subcatchments.find(&new_name).is_some();
        let is_new = self.builder.is_wanted("subcatchment", &new_name, in_base, in_network);
        if in_base {
            return;
        }
        let fields = self.builder.editor.fields(row);
        let mut new_fields = fields.clone();
        let mut changes = Vec::new();
        for index in EXTENTS {
            let [Some(whole), Some(now)] = [&base_fields, &fields].map(|fields| value(fields, index)) else {
                continue;
            };
            let (part, rest) = (whole * share, now - whole * share);
            if rest < -ROUND_OFF * whole {
                let message = format!("more than all plots of '{name}' would be connected to new sewers");
                let help = "`plots_connected` of all measures that separate an area add up to 100 % at most";
                self.builder.problems.push(Diagnostic::error(0, message).help(help));
                return;
            }
            let rest = number(if rest < ROUND_OFF * whole { 0.0 } else { rest });
            self.builder.editor.set(row, index, &rest, "0");
            let label = self.extent(index);
            changes.push(FieldChange { field: label, before: number(now), after: rest });
            if let Some(field) = new_fields.get_mut(index) {
                *field = number(part);
            }
        }
        self.builder.note(Kind::Subcatchment, name, Action::Altered, changes, works);
        if is_new {
            if let Some(field) = new_fields.get_mut(2) {
                field.clone_from(&to);
            }
            if let Some(field) = new_fields.first_mut() {
                field.clone_from(&new_name);
            }
            self.builder.editor.add(Section::Subcatchments, &new_fields);
            self.like(name, &new_name);
            self.builder.mark("Subcatch", &new_name, &land.tag);
            let fields = EXTENTS.iter().filter_map(|&index| self.grown(index, None, &new_fields)).collect();
            self.builder.note(Kind::Subcatchment, &new_name, Action::Added, fields, Vec::new());
        } else if let Some(row) = self.builder.editor.row(Section::Subcatchments, &new_name) {
            let before = self.builder.editor.fields(row);
            let mut after = before.clone();
            for index in EXTENTS {
                if let [Some(now), Some(part)] = [&before, &new_fields].map(|fields| value(fields, index)) {
                    let sum = number(now + part);
                    self.builder.editor.set(row, index, &sum, "0");
                    if let Some(field) = after.get_mut(index) {
                        *field = sum;
                    }
                }
            }
            let fields =
                EXTENTS.iter().filter_map(|&index| self.grown(index, Some(&before), &after)).collect();
            self.builder.note(Kind::Subcatchment, &new_name, Action::Altered, fields, Vec::new());
        }
    }
    /// Name and unit of a share of the land.
    fn extent(&self, index: usize) -> String {
        let is_si = self.builder.units().is_si();
        match index {
            3 => format!("area ({})", if is_si { "ha" } else { "ac" }),
            5 => format!("width ({})", self.builder.metre()),
            _ => "curb length".to_owned(),
        }
    }
    fn grown(&self, index: usize, before: Option<&Vec<String>>, after: &[String]) -> Option<FieldChange> {
        let before = before.and_then(|fields| fields.get(index)).cloned().unwrap_or_default();
        Some(FieldChange { field: self.extent(index), before, after: after.get(index)?.clone() })
    }
    /// Copies what else the text says of a subcatchment.
    fn like(&mut self, name: &str, new_name: &str) {
        let first = [
            Section::Subareas,
            Section::Infiltration,
            Section::Coverages,
            Section::Loadings,
            Section::Polygons,
        ];
        for section in first {
            for row in self.builder.editor.rows(section, name) {
                let mut fields = self.builder.editor.fields(row);
                if let Some(field) = fields.first_mut() {
                    new_name.clone_into(field);
                }
                self.builder.editor.add(section, &fields);
            }
        }
        // monthly patterns: a keyword, then the subcatchment
        for row in self.builder.editor.section(Section::Adjustments) {
            let mut fields = self.builder.editor.fields(row);
            if fields.len() == 3
                && let Some(field) = fields.get_mut(1).filter(|field| field.eq_ignore_ascii_case(name))
            {
                new_name.clone_into(field);
                self.builder.editor.add(Section::Adjustments, &fields);
            }
        }
    }
    /// Moves a share of the dry-weather flow of all nodes of the district.
    fn foul(&mut self, drainage: &Drainage, district: &District, tree: &Tree, share: f64) {
        if share <= 0.0 {
            return;
        }
        let model = &self.site.base.model;
        let unit = self.builder.units().flow_units.keyword();
        let label = || format!("dry-weather flow ({unit})");
        // what each new manhole gets, and its patterns
        let mut arrivals: BTreeMap<usize, (f64, Vec<String>)> = BTreeMap::new();
        for node in district.nodes().filter(|&node| model.nodes[node].dry_weather.is_some()) {
            let name = model.nodes.name(node);
            let Some(home) = tree.home(drainage, node) else {
                let message = format!(
                    "the dry-weather flow of '{name}' stays in the old sewer: no new one lies below it"
                );
                self.warnings.push(Diagnostic::warning(0, message).of(format!("Node {name}")));
                continue;
            };
            let flow_row = |editor: &Editor| flow_row(editor, name);
            let rows = flow_row(&self.base).zip(flow_row(&self.builder.editor));
            let Some((base_row, row)) = rows else { continue };
            let (base_fields, fields) = (self.base.fields(base_row), self.builder.editor.fields(row));
            let [Some(whole), Some(now)] = [&base_fields, &fields].map(|fields| value(fields, 2)) else {
                continue;
            };
            let rest = now - whole * share;
            if rest < -ROUND_OFF * whole.abs() {
                let message = format!("more than all foul water of '{name}' would be moved to new sewers");
                let help = "`plots_connected` of all measures that separate an area add up to 100 % at most";
                self.builder.problems.push(Diagnostic::error(0, message).help(help));
                continue;
            }
            let rest = number(if rest < ROUND_OFF * whole.abs() { 0.0 } else { rest });
            self.builder.editor.set(row, 2, &rest, "0");
            let change = FieldChange { field: label(), before: number(now), after: rest };
            self.builder.note(Kind::Node, name, Action::Altered, vec![change], Vec::new());
            let patterns = base_fields.get(3..).unwrap_or_default().to_vec();
            let arrival = arrivals.entry(home.index()).or_insert_with(|| (0.0, patterns.clone()));
            arrival.0 += whole * share;
            if arrival.1 != patterns {
                let home = self.builder.manhole(home);
                let message = format!(
                    "the foul water of '{name}' follows other patterns than that which reaches '{home}' already; \
                     it is given those"
                );
                self.warnings.push(Diagnostic::warning(0, message).of(format!("Node {name}")));
            }
        }
        for (home, (flow, patterns)) in arrivals {
            let home = self.builder.manhole(crate::model::NodeId::new(home));
            let before = match flow_row(&self.builder.editor, &home) {
                Some(row) => {
                    let now = value(&self.builder.editor.fields(row), 2).unwrap_or_default();
                    self.builder.editor.set(row, 2, &number(now + flow), "0");
                    Some(now)
                }
                None => {
                    let mut fields = vec![home.clone(), "FLOW".to_owned(), number(flow)];
                    fields.extend(patterns);
                    self.builder.editor.add(Section::Dwf, &fields);
                    None
                }
            };
            let change = FieldChange {
                field: label(),
                before: before.map(number).unwrap_or_default(),
                after: number(before.unwrap_or_default() + flow),
            };
            self.builder.note(Kind::Node, &home, Action::Altered, vec![change], Vec::new());
        }
    }
}

/// The row with a node's dry-weather flow of water: of several the last one counts, as in SWMM.
fn flow_row(editor: &Editor, node: &str) -> Option<Row> {
    let is_water = |row: &Row| editor.field(*row, 1).is_some_and(|field| field.eq_ignore_ascii_case("FLOW"));
    editor.rows(Section::Dwf, node).into_iter().rfind(is_water)
}

fn value(fields: &[String], index: usize) -> Option<f64> {
    fields.get(index)?.parse().ok()
}
