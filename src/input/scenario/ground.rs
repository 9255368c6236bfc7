//! What the names of a scenario may mean: elements of the network, zones, storms, phases.

use crate::diagnostic::Diagnostic;
use crate::input::inp::Section;
use crate::input::inp::document::Document;
use crate::model::Model;
use crate::model::link::LinkKind;
use crate::model::node::NodeKind;
use crate::num::spelling::nearest;

use super::shape::quoted;
use super::source::Node;

/// Names that are listed where a wrong one is near to none of them.
const MOST_LISTED: usize = 12;

/// The network's names, without its water.
pub(super) struct Names {
    /// All nodes.
    pub nodes: Vec<String>,
    /// Nodes that are outfalls.
    pub outfalls: Vec<String>,
    /// All links.
    pub links: Vec<String>,
    /// Links that are conduits.
    pub conduits: Vec<String>,
    /// Links that are orifices or weirs.
    pub openings: Vec<String>,
    /// Links that are weirs.
    pub weirs: Vec<String>,
    /// Upper nodes of pumps.
    pub pumped: Vec<String>,
    /// Tags of links.
    pub link_tags: Vec<String>,
    /// Tags of subcatchments.
    pub land_tags: Vec<String>,
}

impl Names {
    /// The names of a network.
    pub fn of(model: &Model, document: &Document) -> Self {
        let mut names = Self {
            nodes: model.nodes.names().to_vec(),
            outfalls: Vec::new(),
            links: model.links.names().to_vec(),
            conduits: Vec::new(),
            openings: Vec::new(),
            weirs: Vec::new(),
            pumped: Vec::new(),
            link_tags: Vec::new(),
            land_tags: Vec::new(),
        };
        for (id, node) in model.nodes.iter() {
            if matches!(node.kind, NodeKind::Outfall { .. }) {
                names.outfalls.push(model.nodes.name(id).to_owned());
            }
        }
        for (id, link) in model.links.iter() {
            let name = model.links.name(id).to_owned();
            match link.kind {
                LinkKind::Conduit(_) => names.conduits.push(name),
                LinkKind::Orifice(_) => names.openings.push(name),
                LinkKind::Weir(_) => {
                    names.openings.push(name.clone());
                    names.weirs.push(name);
                }
                LinkKind::Pump(_) => names.pumped.push(model.nodes.name(link.from).to_owned()),
                LinkKind::Outlet(_) => {}
            }
        }
        for line in document.rows(Section::Tags).into_iter().filter_map(|index| document.line(index)) {
            let tokens = line.tokens();
            let [kind, _, tag, ..] = tokens.as_slice() else { continue };
            let list = match kind.value.to_ascii_lowercase().as_str() {
                "link" => &mut names.link_tags,
                "subcatch" => &mut names.land_tags,
                _ => continue,
            };
            if !has(list, tag.value) {
                list.push(tag.value.to_owned());
            }
        }
        names
    }
}

/// Whether a name is one of some, without regard to the case of ASCII letters, as SWMM compares.
pub(super) fn has<T: AsRef<str>>(names: &[T], name: &str) -> bool {
    names.iter().any(|known| known.as_ref().eq_ignore_ascii_case(name))
}

/// What all options stand on.
pub(super) struct Ground<'a> {
    /// The network; `None` when it could not be read, and its names are not known.
    pub names: Option<Names>,
    /// Names of zones; `None` when their file could not be read.
    pub zones: Option<Vec<String>>,
    /// Names of storms.
    pub storms: Vec<&'a str>,
    /// Names of stages.
    pub stages: Vec<&'a str>,
    /// Names of the pipe catalogues that come with the program.
    pub catalogues: Vec<String>,
    /// Phases that some horizon builds; `None` when the file has no horizons, and all is built.
    pub phases: Option<Vec<&'a str>>,
    /// Whether the study has a formula that sizes pipes; `None` when that is not known.
    pub has_formula: Option<bool>,
}

/// A name that stands for nothing.
pub(super) fn dangling<T: AsRef<str>>(what: &str, name: &str, known: &[T], node: Node<'_>) -> Diagnostic {
    let help = match nearest(name, known.iter().map(AsRef::as_ref)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there is none at all".to_owned(),
        None if known.len() <= MOST_LISTED => format!("known are {}", quoted(known)),
        None => String::new(),
    };
    Diagnostic::error(0, format!("there is no {what} `{name}`")).help(help).at(node.place())
}

/// Problems of a list of names: those that stand in it twice.
pub(super) fn twice(node: Node<'_>, path: &str, found: &mut Vec<Diagnostic>) {
    let mut seen: Vec<&str> = Vec::new();
    for item in node.items() {
        let Some(name) = item.value.get_ref().as_str() else { continue };
        if has(&seen, name) {
            let problem = Diagnostic::error(0, format!("`{path}` names `{name}` twice"));
            found.push(problem.help("once is enough").at(item.place()));
        }
        seen.push(name);
    }
}
