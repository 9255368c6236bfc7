//! New sewers as rows of the text, with what has to be built for them.
//!
//! An element that an earlier phase of the same district made is left as it is.

use crate::diagnostic::Diagnostic;
use crate::edit::change::{Action, Change, FieldChange, Kind, Work};
use crate::edit::editor::{Editor, number};
use crate::edit::network::Network;
use crate::input::inp::Section;
use crate::model::options::OffsetConvention;
use crate::model::{Model, NodeId};
use crate::units::Units;

use super::design::{Outlet, Pipe, SUMP, Sewers};
use super::interceptor::Interceptor;
use super::plan::{Point, rounded};

/// Writes rows of one measure and notes them as changes.
pub(super) struct Builder<'a> {
    pub editor: Editor,
    pub network: &'a Network,
    pub base: &'a Model,
    /// `-s` or `-f`.
    pub suffix: &'static str,
    /// Tag of new links: `storm` or `foul`.
    pub tag: &'static str,
    pub measure: usize,
    pub phase: &'a str,
    pub changes: Vec<Change>,
    pub problems: Vec<Diagnostic>,
}

impl Builder<'_> {
    /// The units of the text.
    pub fn units(&self) -> Units {
        self.network.model.units
    }
    /// Name of the unit of lengths.
    pub fn metre(&self) -> &'static str {
        if self.units().is_si() { "m" } else { "ft" }
    }
    /// Name of the new element beside an existing one.
    pub fn twin(&self, name: &str) -> String {
        format!("{name}{}", self.suffix)
    }
    /// Name of the new manhole beside a node.
    pub fn manhole(&self, node: NodeId) -> String {
        self.twin(self.base.nodes.name(node))
    }
    /// Name of a new pipe.
    pub fn pipe(&self, pipe: &Pipe) -> String {
        let link = pipe.reach.link.map(|link| self.base.links.name(link));
        self.twin(link.unwrap_or_else(|| self.base.nodes.name(pipe.reach.from)))
    }
    /// A length in the units of the text.
    pub fn length(&self, metres: f64) -> String {
        number(metres / self.units().length)
    }
    /// Notes a change.
    pub fn note(
        &mut self,
        kind: Kind,
        element: &str,
        action: Action,
        fields: Vec<FieldChange>,
        works: Vec<Work>,
    ) {
        self.changes.push(Change {
            measure: self.measure,
            phase: self.phase.to_owned(),
            kind,
            element: element.to_owned(),
            action,
            fields,
            works,
        });
    }
    /// Whether an element of a name has still to be made: the base must not have it, an earlier phase may.
    pub fn is_wanted(&mut self, what: &str, name: &str, in_base: bool, in_network: bool) -> bool {
        if in_base {
            let message = format!("the new {what} would be called '{name}', which the base has already");
            self.problems
                .push(Diagnostic::error(0, message).help(format!("rename that {what} in the network")));
        }
        !in_base && !in_network
    }
    fn wants_node(&mut self, name: &str) -> bool {
        let there = self.network.model.nodes.find(name).is_some();
        self.is_wanted("node", name, self.base.nodes.find(name).is_some(), there)
    }
    /// Whether a link has still to be made; one that an earlier phase made must end in the same node.
    pub fn wants_link(&mut self, name: &str, to: &str) -> bool {
        let model = &self.network.model;
        let there = model.links.find(name);
        if let Some(link) = there
            && self.base.links.find(name).is_none()
            && !model.nodes.name(model.links[link].to).eq_ignore_ascii_case(to)
        {
            let end = model.nodes.name(model.links[link].to);
            let message =
                format!("an earlier measure leads the new sewer '{name}' to '{end}', this one to '{to}'");
            let help = "measures that separate one area need the same `outlet`; areas that share streets are \
                        separated together, such as area = \"N4, N5\"";
            self.problems.push(Diagnostic::error(0, message).help(help));
        }
        self.is_wanted("link", name, self.base.links.find(name).is_some(), there.is_some())
    }
    /// Puts an element on the map.
    pub fn place(&mut self, name: &str, at: Option<Point>) {
        if let Some(at) = at {
            let [x, y] = rounded(at).map(|x| x.to_string());
            self.editor.add(Section::Coordinates, &[name, &x, &y]);
        }
    }
    /// Gives an element a tag.
    pub fn mark(&mut self, kind: &str, name: &str, tag: &str) {
        if !tag.is_empty() {
            self.editor.add(Section::Tags, &[kind, name, tag]);
        }
    }
    /// Builds the sewers and their outlet. Gives the pipes that are new.
    pub fn sewers<'s>(
        &mut self,
        sewers: &'s Sewers,
        outlet: &Outlet,
        interceptor: Option<&Interceptor>,
    ) -> Vec<&'s Pipe> {
        let exit = sewers.pipes.last().map(|pipe| pipe.reach.from);
        for pipe in &sewers.pipes {
            let sump = if interceptor.is_some() && exit == Some(pipe.reach.from) { SUMP } else { 0.0 };
            self.new_manhole(pipe, sump);
        }
        if outlet.is_made && self.wants_node(&outlet.name) {
            self.new_outfall(outlet, sewers.outlet_invert);
        }
        let mut new = Vec::new();
        for pipe in &sewers.pipes {
            let to = pipe.reach.to.map_or_else(|| outlet.name.clone(), |to| self.manhole(to));
            let name = self.pipe(pipe);
            if self.wants_link(&name, &to) {
                let to_invert = match pipe.reach.to {
                    Some(to) => self.invert_of(sewers, to, exit.filter(|_| interceptor.is_some())),
                    None if outlet.is_made => sewers.outlet_invert,
                    None => outlet.invert.unwrap_or(pipe.inverts[1]),
                };
                let sump = if interceptor.is_some() && exit == Some(pipe.reach.from) { SUMP } else { 0.0 };
                self.new_pipe(pipe, sewers.roughness, &name, &to, [pipe.inverts[0] - sump, to_invert]);
                new.push(pipe);
            }
        }
        new
    }
    /// Invert of a new manhole: that of the pipe that leaves it, or of its sump.
    fn invert_of(&self, sewers: &Sewers, node: NodeId, with_sump: Option<NodeId>) -> f64 {
        let leaving = sewers.pipes.iter().find(|pipe| pipe.reach.from == node);
        let sump = if with_sump == Some(node) { SUMP } else { 0.0 };
        leaving.map_or(0.0, |pipe| pipe.inverts[0] - sump)
    }
    fn new_manhole(&mut self, pipe: &Pipe, sump: f64) {
        let twin = pipe.reach.from;
        let name = self.manhole(twin);
        if !self.wants_node(&name) {
            return;
        }
        let invert = pipe.inverts[0] - sump;
        let depth = pipe.ground[0] - invert;
        let existing = &self.base.nodes[twin];
        let ponded = number(existing.ponded_area / self.units().area);
        let fields = [&name, &self.length(invert), &self.length(depth), "0", "0", &ponded].map(str::to_owned);
        self.editor.add(Section::Junctions, &fields);
        self.place(&name, pipe.line.first().copied());
        self.mark("Node", &name, &existing.tag);
        let fields = vec![self.field("invert", invert), self.field("depth", depth)];
        self.note(Kind::Node, &name, Action::Added, fields, vec![Work::Manhole { depth }]);
    }
    fn new_outfall(&mut self, outlet: &Outlet, invert: f64) {
        let invert_text = self.length(invert);
        // the gate works once a river stage is set
        self.editor.add(Section::Outfalls, &[outlet.name.as_str(), &invert_text, "FREE", "YES"]);
        self.place(&outlet.name, outlet.at);
        let fields = vec![self.field("invert", invert)];
        self.note(Kind::Node, &outlet.name, Action::Added, fields, vec![Work::Outfall]);
    }
    /// `nodes`: inverts of the nodes at its ends.
    fn new_pipe(&mut self, pipe: &Pipe, roughness: f64, name: &str, to: &str, nodes: [f64; 2]) {
        let from = self.manhole(pipe.reach.from);
        let [up, down] = [0, 1].map(|end| match self.network.model.options.offsets {
            OffsetConvention::Elevation => self.length(pipe.inverts[end]),
            OffsetConvention::Depth => self.length((pipe.inverts[end] - nodes[end]).max(0.0)),
        });
        let (length, diameter) = (self.length(pipe.length), self.length(pipe.diameter));
        let roughness = number(roughness);
        self.editor.add(Section::Conduits, &[name, &from, to, &length, &roughness, &up, &down, "0", "0"]);
        self.editor.add(Section::Xsections, &[name, "CIRCULAR", &diameter, "0", "0", "0", "1"]);
        let inner = pipe.line.get(1..pipe.line.len().saturating_sub(1)).unwrap_or_default();
        for point in inner {
            let [x, y] = rounded(*point).map(|x| x.to_string());
            self.editor.add(Section::Vertices, &[name, &x, &y]);
        }
        self.mark("Link", name, self.tag);
        let fields = vec![
            self.field("diameter", pipe.diameter),
            self.field("length", pipe.length),
            self.field("upper invert", pipe.inverts[0]),
            self.field("lower invert", pipe.inverts[1]),
            FieldChange {
                field: format!("design flow ({})", self.units().flow_units.keyword()),
                before: String::new(),
                after: number((pipe.flow / self.units().flow * 1.0e4).round() / 1.0e4),
            },
        ];
        let depth = pipe.mean_depth();
        let work = Work::Pipe { length: pipe.length, diameter: pipe.diameter, depth };
        self.note(Kind::Link, name, Action::Added, fields, vec![work]);
    }
    /// A length that is new.
    pub fn field(&self, what: &str, metres: f64) -> FieldChange {
        FieldChange {
            field: format!("{what} ({})", self.metre()),
            before: String::new(),
            after: self.length(metres),
        }
    }
}
