//! The network under a measure: its text being edited, and the list of what has been changed.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::edit::Edited;
use crate::edit::change::{Action, Change, FieldChange, Kind, Work};
use crate::edit::editor::{Editor, Row, number};
use crate::edit::network::Network;
use crate::edit::site::Site;
use crate::input::inp::Section;
use crate::model::link::{Link, LinkKind};
use crate::model::node::{Node, NodeKind};
use crate::model::options::OffsetConvention;
use crate::model::{LinkId, Model, NodeId};
use crate::scenario::selection::Rule;
use crate::units::{CUBIC_FOOT, FlowUnits};

/// US gallons in a cubic metre.
const GALLONS: f64 = 264.172_052_358_148_4;
/// Seconds in a day.
const DAY: f64 = 86_400.0;

/// What names are of, each with names of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Names {
    /// Nodes.
    Node,
    /// Links.
    Link,
    /// Curves.
    Curve,
    /// Transects.
    Transect,
    /// Control rules.
    Rule,
}

/// A measure being carried out on a network.
pub(super) struct Worksite<'a> {
    /// The network before this measure.
    pub network: &'a Network,
    /// What the measure is derived from.
    pub site: &'a Site,
    /// The text being edited.
    pub editor: Editor,
    /// What the engineer should know.
    pub warnings: Vec<Diagnostic>,
    /// Why the measure cannot be carried out.
    pub problems: Vec<Diagnostic>,
    measure: usize,
    phase: String,
    changes: Vec<Change>,
    given: BTreeSet<(Names, String)>,
}

impl<'a> Worksite<'a> {
    /// Opens the network for the measure of a number and a phase.
    pub fn new(network: &'a Network, site: &'a Site, measure: usize, phase: &str) -> Self {
        Self {
            network,
            site,
            editor: Editor::new(network),
            warnings: Vec::new(),
            problems: Vec::new(),
            measure,
            phase: phase.to_owned(),
            changes: Vec::new(),
            given: BTreeSet::new(),
        }
    }
    /// The network with the measure in it.
    ///
    /// # Errors
    /// All problems of the measure, or those that the edited text has.
    pub fn finish(self) -> Result<Edited, Vec<Diagnostic>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let network = self.editor.finish()?;
        Ok(Edited { network, changes: self.changes, warnings: self.warnings })
    }

    /// Says what is wrong with an element, and what would be right.
    pub fn problem(&mut self, element: impl Into<String>, message: impl Into<String>, help: &str) {
        self.problems.push(Diagnostic::error(0, message).of(element).help(help));
    }
    /// Says what the engineer should know of an element.
    pub fn warn(&mut self, element: impl Into<String>, message: impl Into<String>, help: &str) {
        self.warnings.push(Diagnostic::warning(0, message).of(element).help(help));
    }

    /// The model as it is before this measure.
    pub fn model(&self) -> &'a Model {
        &self.network.model
    }
    /// The link of a name in the base, from which all is derived; one that the base lacks as it is now.
    pub fn base_link(&self, name: &str) -> Option<(&'a Model, LinkId)> {
        let (base, now) = (&self.site.base.model, &self.network.model);
        let found = base.links.find(name).map(|id| (base, id));
        found.or_else(|| now.links.find(name).map(|id| (now, id)))
    }
    /// The node of a name in the base; one that the base lacks as it is now.
    pub fn base_node(&self, name: &str) -> Option<(&'a Model, NodeId)> {
        let (base, now) = (&self.site.base.model, &self.network.model);
        let found = base.nodes.find(name).map(|id| (base, id));
        found.or_else(|| now.nodes.find(name).map(|id| (now, id)))
    }
    /// The node of a name, as it is now; a problem when there is none.
    pub fn node(&mut self, name: &str) -> Option<NodeId> {
        let found = self.model().nodes.find(name);
        if found.is_none() {
            self.problem("", format!("there is no node `{name}`"), "name a node of the network");
        }
        found
    }
    /// The conduits that a measure names or that its rule picks, each once.
    pub fn conduits(&mut self, names: &[String], rule: Option<&Rule>) -> Vec<LinkId> {
        if names.is_empty() && rule.is_none() {
            self.problem("", "the measure names no pipes", "give `pipes` or `where`");
        }
        let site = self.site;
        let mut all: Vec<&String> = names.iter().collect();
        if let Some(rule) = rule {
            match site.picks.get(&rule.text) {
                None => self.problem(
                    "",
                    format!("the rule `{rule}` was not resolved against the base"),
                    "this is a fault of the program; please report it",
                ),
                Some(picked) if picked.is_empty() => {
                    self.warn(
                        "",
                        format!("the rule `{rule}` picks no pipe"),
                        "the measure does nothing by it",
                    );
                }
                Some(picked) => all.extend(picked),
            }
        }
        let mut found = Vec::new();
        for name in all {
            let model = self.model();
            match model.links.find(name) {
                None => {
                    self.problem("", format!("there is no conduit `{name}`"), "name conduits of the network")
                }
                Some(id) if model.links[id].conduit().is_none() => {
                    self.problem(format!("Link {name}"), "it is no conduit", "name conduits");
                }
                Some(id) if !found.contains(&id) => found.push(id),
                Some(_) => {}
            }
        }
        found
    }

    /// A name that nothing has: the stem, or the stem with the first free number from 2 on.
    pub fn free_name(&mut self, names: Names, stem: &str) -> String {
        let taken = |name: &str| {
            let upper = name.to_ascii_uppercase();
            let is_rule =
                |model: &Model| model.controls.rules.iter().any(|rule| rule.name.eq_ignore_ascii_case(name));
            self.given.contains(&(names, upper))
                || [&self.network.model, &self.site.base.model].iter().any(|model| match names {
                    Names::Node => model.nodes.find(name).is_some(),
                    Names::Link => model.links.find(name).is_some(),
                    Names::Curve => model.curves.find(name).is_some(),
                    Names::Transect => model.transects.find(name).is_some(),
                    Names::Rule => is_rule(model),
                })
        };
        let mut name = stem.to_owned();
        let mut count = 1;
        while taken(&name) {
            count += 1;
            name = format!("{stem}{count}");
        }
        self.given.insert((names, name.to_ascii_uppercase()));
        name
    }

    /// Notes what was done to an element; several notes of one element are one change.
    pub fn note(
        &mut self,
        kind: Kind,
        element: &str,
        action: Action,
        fields: Vec<FieldChange>,
        works: Vec<Work>,
    ) {
        let known =
            |change: &&mut Change| change.kind == kind && change.element.eq_ignore_ascii_case(element);
        match self.changes.iter_mut().find(known) {
            Some(change) => {
                change.fields.extend(fields);
                change.works.extend(works);
            }
            None => self.changes.push(Change {
                measure: self.measure,
                phase: self.phase.clone(),
                kind,
                element: element.to_owned(),
                action,
                fields,
                works,
            }),
        }
    }
    /// Notes a new element with its fields as they are written.
    pub fn note_added(&mut self, kind: Kind, element: &str, fields: &[(&str, &str)], works: Vec<Work>) {
        let after = |&(field, after): &(&str, &str)| FieldChange {
            field: field.to_owned(),
            before: String::new(),
            after: after.to_owned(),
        };
        self.note(kind, element, Action::Added, fields.iter().map(after).collect(), works);
    }
    /// Sets a field of a row, unless it says the same already, and tells what it was before.
    pub fn set(&mut self, row: Row, index: usize, value: &str, filler: &str) -> Option<String> {
        let before = self.editor.field(row, index).unwrap_or_default();
        let same_number = matches!((before.parse::<f64>(), value.parse::<f64>()), (Ok(a), Ok(b)) if a == b);
        if same_number || before.eq_ignore_ascii_case(value) {
            return None;
        }
        self.editor.set(row, index, value, filler);
        Some(before)
    }
    /// Sets a field of a row and notes the change of its element; whether it changed anything.
    pub fn alter(
        &mut self,
        (kind, element): (Kind, &str),
        field: &str,
        (row, index): (Row, usize),
        value: &str,
        filler: &str,
    ) -> bool {
        let Some(before) = self.set(row, index, value, filler) else { return false };
        let change = FieldChange { field: field.to_owned(), before, after: value.to_owned() };
        self.note(kind, element, Action::Altered, vec![change], Vec::new());
        true
    }
    /// Notes works at an element that has been changed.
    pub fn note_works(&mut self, kind: Kind, element: &str, works: Vec<Work>) {
        self.note(kind, element, Action::Altered, Vec::new(), works);
    }
    /// Adds a row.
    pub fn add(&mut self, section: Section, fields: &[&str]) {
        self.editor.add(section, fields);
    }

    /// The row that counts of those of a section with a name: the last.
    pub fn row(&self, section: Section, name: &str) -> Option<Row> {
        self.editor.rows(section, name).last().copied()
    }
    /// The row that defines a link.
    pub fn link_row(&self, link: LinkId) -> Option<Row> {
        let model = self.model();
        self.row(link_section(&model.links[link]), model.links.name(link))
    }
    /// The row that defines a node.
    pub fn node_row(&self, node: NodeId) -> Option<Row> {
        let model = self.model();
        self.row(node_section(&model.nodes[node]), model.nodes.name(node))
    }
    /// The new cross-section of a link: shape and up to four dimensions as written; those left out become
    /// 0. Whether it changed anything.
    pub fn set_section(&mut self, link: &str, shape: &[&str]) -> bool {
        let Some(row) = self.row(Section::Xsections, link) else { return false };
        let text = |fields: Vec<String>| {
            let mut shape: Vec<String> = fields.into_iter().skip(1).take(5).collect();
            while shape.len() > 2 && shape.last().is_some_and(|last| last.parse() == Ok(0.0)) {
                shape.pop();
            }
            shape.join(" ")
        };
        let before = text(self.editor.fields(row));
        let count = self.editor.fields(row).len();
        let mut changed = false;
        for index in 0..5 {
            match shape.get(index) {
                Some(value) => changed |= self.set(row, index + 1, value, "0").is_some(),
                None if index + 1 < count => changed |= self.set(row, index + 1, "0", "0").is_some(),
                None => {}
            }
        }
        if changed {
            let after: Vec<String> = shape.iter().map(|&field| field.to_owned()).collect();
            let after = text([vec![String::new()], after].concat());
            let field = FieldChange { field: "cross-section".to_owned(), before, after };
            self.note(Kind::Link, link, Action::Altered, vec![field], Vec::new());
        }
        changed
    }
    /// Puts a flap gate on a conduit, or takes it away; whether it changed anything.
    pub fn set_flap_gate(&mut self, conduit: &str, flap_gate: bool) -> bool {
        let answer = yes_no(flap_gate);
        if let Some(row) = self.row(Section::Losses, conduit) {
            let has_one = self.editor.field(row, 4).is_some_and(|field| field.eq_ignore_ascii_case("YES"));
            return has_one != flap_gate
                && self.alter((Kind::Link, conduit), "flap gate", (row, 4), answer, "NO");
        }
        if flap_gate {
            self.add(Section::Losses, &[conduit, "0", "0", "0", answer]);
            let field = FieldChange {
                field: "flap gate".to_owned(),
                before: "NO".to_owned(),
                after: answer.to_owned(),
            };
            self.note(Kind::Link, conduit, Action::Altered, vec![field], Vec::new());
        }
        flap_gate
    }

    /// A length or depth (m) as the file writes it.
    pub fn length(&self, metres: f64) -> String {
        number(metres / self.model().units.length)
    }
    /// A length or level (m) with its unit, for messages: to the centimetre, or the hundredth of a foot.
    pub fn shown(&self, metres: f64) -> String {
        let units = &self.model().units;
        format!("{:.2} {}", metres / units.length, if units.is_si() { "m" } else { "ft" })
    }
    /// An area (m²) as the file writes it.
    pub fn area(&self, square_metres: f64) -> String {
        number(square_metres / self.model().units.area)
    }
    /// A flow (m³/s) as the file writes it. The factors are exact, not those of SWMM's round figures: who
    /// writes 6 m³/s finds 6 in a file of CMS.
    pub fn flow(&self, flow: f64) -> String {
        let per = match self.model().units.flow_units {
            FlowUnits::Cfs => 1.0 / CUBIC_FOOT,
            FlowUnits::Gpm => GALLONS * 60.0,
            FlowUnits::Mgd => GALLONS * DAY * 1.0e-6,
            FlowUnits::Cms => 1.0,
            FlowUnits::Lps => 1000.0,
            FlowUnits::Mld => DAY * 1.0e-3,
        };
        number(flow * per)
    }
    /// The offset of a level (m) over a node of an invert (m), as the file writes it: a depth or a level.
    pub fn offset(&self, level: f64, invert: f64) -> String {
        match self.model().options.offsets {
            // the subtraction leaves round-off in levels of three digits
            OffsetConvention::Depth => {
                number(((level - invert) / self.model().units.length * 1.0e9).round() / 1.0e9)
            }
            OffsetConvention::Elevation => self.length(level),
        }
    }
    /// A name of a length with the unit that the file writes it in: `invert (m)`.
    pub fn in_lengths(&self, what: &str) -> String {
        format!("{what} ({})", if self.model().units.is_si() { "m" } else { "ft" })
    }
    /// A name of a flow with the unit that the file writes it in.
    pub fn in_flows(&self, what: &str) -> String {
        format!("{what} ({})", self.model().units.flow_units.keyword())
    }
    /// Adds the place of a new node on the plan, if there is one.
    pub fn place(&mut self, node: &str, place: Option<[f64; 2]>) {
        if let Some([x, y]) = place {
            self.add(Section::Coordinates, &[node, &number(x), &number(y)]);
        }
    }
}

/// `YES` or `NO`.
pub(super) fn yes_no(yes: bool) -> &'static str {
    if yes { "YES" } else { "NO" }
}

/// The section that a link is defined in.
pub(super) fn link_section(link: &Link) -> Section {
    match link.kind {
        LinkKind::Conduit(_) => Section::Conduits,
        LinkKind::Pump(_) => Section::Pumps,
        LinkKind::Orifice(_) => Section::Orifices,
        LinkKind::Weir(_) => Section::Weirs,
        LinkKind::Outlet(_) => Section::Outlets,
    }
}

/// The section that a node is defined in.
pub(super) fn node_section(node: &Node) -> Section {
    match node.kind {
        NodeKind::Junction => Section::Junctions,
        NodeKind::Outfall { .. } => Section::Outfalls,
        NodeKind::Storage { .. } => Section::Storage,
        NodeKind::Divider { .. } => Section::Dividers,
    }
}
