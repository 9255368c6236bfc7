//! Levels of pipe ends: where they lie, and how nodes and their other links follow when they go down.
//!
//! A pipe that is laid deeper may end below its node. The node is then lowered to it, its depth grows by
//! as much so that the ground stays, and all else at the node keeps its level: offsets of its other links,
//! depths at which its pumps start and stop, and depths in control rules grow as well. Whatever order the
//! pipes come in, a node ends at the lowest of its own invert and the pipes laid below it.

use std::collections::BTreeMap;

use super::worksite::Worksite;
use crate::edit::change::{Action, FieldChange, Kind};
use crate::edit::editor::{Row, number};
use crate::input::inp::Section;
use crate::model::link::{Link, LinkKind, PumpKind};
use crate::model::node::{DividerRule, NodeKind, StorageShape};
use crate::model::options::OffsetConvention;
use crate::model::section::CrossSection;
use crate::model::{CurveId, LinkId, Model, NodeId};

/// Levels nearer than this are the same, m.
const SAME: f64 = 1.0e-7;

/// An end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// The upper one, as the file gives it.
    Upper,
    /// The lower one.
    Lower,
}

impl End {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Upper, Self::Lower];
    /// The node there.
    pub fn node(self, link: &Link) -> NodeId {
        match self {
            Self::Upper => link.from,
            Self::Lower => link.to,
        }
    }
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Upper => ("upper invert", "upper offset"),
            Self::Lower => ("lower invert", "lower offset"),
        }
    }
    fn column(self) -> usize {
        match self {
            Self::Upper => 5,
            Self::Lower => 6,
        }
    }
}

/// Level of the invert or crest of a link at an end, m. Negative offsets count as none, as in SWMM.
pub(super) fn level(model: &Model, link: LinkId, end: End) -> f64 {
    let link = &model.links[link];
    let offset = match end {
        End::Upper => link.inlet_offset,
        End::Lower => link.outlet_offset,
    };
    model.nodes[end.node(link)].invert + offset.max(0.0)
}

/// Level of the ground at a node, m: its invert and full depth, or the crown of its highest conduit where
/// that is higher, as SWMM takes it.
pub(super) fn ground(model: &Model, node: NodeId) -> f64 {
    let mut top = model.nodes[node].invert + model.nodes[node].full_depth;
    for (id, link) in model.links.iter() {
        let Some(conduit) = link.conduit() else { continue };
        for end in End::BOTH {
            if end.node(link) == node
                && let Ok(section) = CrossSection::new(&conduit.shape, model)
            {
                top = top.max(level(model, id, end) + section.full_depth);
            }
        }
    }
    top
}

/// Mean depth (m) below the ground of a pipe between two nodes, its ends at some levels (m). Where no
/// ground is known, at outfalls and nodes without a depth, the other end stands for both; never less than
/// the height of the pipe.
pub(super) fn trench_depth(model: &Model, ends: [(Option<NodeId>, f64); 2], height: f64) -> f64 {
    let depths: Vec<f64> = ends
        .iter()
        .filter_map(|&(node, level)| {
            let node = &model.nodes[node?];
            let known = !node.is_outfall() && node.full_depth > 0.0;
            known.then_some(node.invert + node.full_depth - level)
        })
        .collect();
    let mean = depths.iter().sum::<f64>() / depths.len().max(1) as f64;
    mean.max(height)
}

/// Ends of conduits that get other levels, in m.
#[derive(Debug, Default)]
pub(super) struct LevelPlan {
    ends: BTreeMap<(LinkId, End), f64>,
}

impl LevelPlan {
    /// Puts an end of a conduit to a level, m.
    pub fn put(&mut self, link: LinkId, end: End, level: f64) {
        self.ends.insert((link, end), level);
    }

    /// Writes the levels, and lowers the nodes that lie above them.
    pub fn carry_out(mut self, work: &mut Worksite<'_>) {
        let model = work.model();
        let mut lowered: BTreeMap<NodeId, f64> = BTreeMap::new();
        for (&(link, end), level) in &mut self.ends {
            let node = end.node(&model.links[link]);
            let invert = model.nodes[node].invert;
            if *level < invert - SAME && !can_be_lowered(&model.nodes[node].kind) {
                let name = model.nodes.name(node);
                let message = format!(
                    "conduit {} would end {} below its floor and is laid onto the floor",
                    model.links.name(link),
                    work.shown(invert - *level)
                );
                work.warn(
                    format!("Storage {name}"),
                    message,
                    "its upper end has the level that was asked for",
                );
                *level = invert;
            } else if *level < invert - SAME {
                let deepest = lowered.entry(node).or_insert(*level);
                *deepest = deepest.min(*level);
            }
        }
        for (&node, &invert) in &lowered {
            lower_node(work, node, invert);
        }
        for (id, link) in model.links.iter() {
            for end in End::BOTH {
                let (planned, node) = (self.ends.get(&(id, end)).copied(), end.node(link));
                if planned.is_some() || lowered.contains_key(&node) {
                    let invert = lowered.get(&node).copied().unwrap_or(model.nodes[node].invert);
                    set_level(work, id, end, planned, invert);
                }
            }
        }
        for (node, invert) in lowered {
            shift_rules(work, model.nodes.name(node), model.nodes[node].invert - invert);
            self.warn_of_sump(work, node, invert);
        }
    }

    /// Warns of a lowered node that nothing leaves as deep: water will stand in it, and in the pipe.
    fn warn_of_sump(&self, work: &mut Worksite<'_>, node: NodeId, invert: f64) {
        let model = work.model();
        if model.nodes[node].is_outfall() {
            return;
        }
        let leaving = model.links.iter().filter(|(_, link)| link.from == node).map(|(id, link)| {
            let pumped = matches!(link.kind, LinkKind::Pump(_));
            let planned = self.ends.get(&(id, End::Upper)).copied();
            if pumped { invert } else { planned.unwrap_or_else(|| level(model, id, End::Upper)) }
        });
        let Some(lowest) = leaving.reduce(f64::min).filter(|lowest| *lowest > invert + SAME) else { return };
        let name = model.nodes.name(node);
        let message = format!(
            "it is lowered to {}, and nothing leaves it below {}, so that water stands in it",
            work.shown(invert),
            work.shown(lowest)
        );
        work.warn(format!("Node {name}"), message, "lower what follows as well, or keep the invert");
    }
}

/// Whether a node may get a lower invert: the areas of a storage unit count from its floor and would move
/// with it, unless they are the same at all depths.
fn can_be_lowered(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Storage { shape, .. } => {
            matches!(shape, StorageShape::Functional { a1, .. } if *a1 == 0.0)
                || matches!(shape, StorageShape::Cylindrical { .. })
        }
        NodeKind::Junction | NodeKind::Outfall { .. } | NodeKind::Divider { .. } => true,
    }
}

/// Lowers the invert of a node to a level, m; its ground and its water at the start stay where they are.
fn lower_node(work: &mut Worksite<'_>, id: NodeId, invert: f64) {
    let model = work.model();
    let (node, name) = (&model.nodes[id], model.nodes.name(id));
    let drop = node.invert - invert;
    let Some(row) = work.node_row(id) else { return };
    let element = (Kind::Node, name);
    let field = work.in_lengths("invert");
    let text = work.length(invert);
    work.alter(element, &field, (row, 1), &text, "0");
    let first = match &node.kind {
        NodeKind::Junction | NodeKind::Storage { .. } => 2,
        NodeKind::Outfall { .. } => return,
        NodeKind::Divider { rule, .. } => match rule {
            DividerRule::Overflow => 4,
            DividerRule::Cutoff(_) | DividerRule::Tabular(_) => 5,
            DividerRule::Weir { .. } => 7,
        },
    };
    for (column, depth, word) in
        [(first, node.full_depth, "full depth"), (first + 1, node.initial_depth, "initial depth")]
    {
        // a full depth of 0 goes up to the highest crown, which stays where it is
        if depth > 0.0 {
            let (field, text) = (work.in_lengths(word), work.length(depth + drop));
            work.alter(element, &field, (row, column), &text, "0");
        }
    }
    for (pump, link) in model.links.iter().filter(|(_, link)| link.from == id) {
        let LinkKind::Pump(pump_data) = &link.kind else { continue };
        let name = model.links.name(pump);
        if let PumpKind::Type2(curve) | PumpKind::Type4(curve) = pump_data.kind
            && !is_level(model, curve)
        {
            let message = format!(
                "its flow follows the depth of node {}, which would change as the node is lowered",
                model.nodes.name(id)
            );
            work.problem(format!("Pump {name}"), message, "keep the invert: fix = \"invert\"");
        }
        let Some(row) = work.link_row(pump) else { continue };
        for (column, depth, word) in
            [(5, pump_data.startup_depth, "startup depth"), (6, pump_data.shutoff_depth, "shutoff depth")]
        {
            if depth > 0.0 {
                let (field, text) = (work.in_lengths(word), work.length(depth + drop));
                work.alter((Kind::Link, name), &field, (row, column), &text, "0");
            }
        }
    }
}

/// Whether a curve has one value only.
fn is_level(model: &Model, curve: CurveId) -> bool {
    let values = &model.curves[curve].y;
    values.iter().zip(values.iter().skip(1)).all(|(a, b)| a == b)
}

/// Writes the level of an end of a link: the planned one, or that which it has, over a node whose invert
/// may be another now. Levels in m.
fn set_level(work: &mut Worksite<'_>, id: LinkId, end: End, planned: Option<f64>, invert: f64) {
    let model = work.model();
    let link = &model.links[id];
    let column = match (&link.kind, end) {
        (LinkKind::Conduit(_), end) => end.column(),
        (LinkKind::Orifice(_) | LinkKind::Weir(_), End::Upper) => 4,
        (LinkKind::Outlet(_), End::Upper) => 3,
        _ => return,
    };
    let Some(row) = work.link_row(id) else { return };
    let name = model.links.name(id);
    let now = level(model, id, end);
    let (of_level, of_offset) = end.words();
    if let Some(planned) = planned {
        let text = work.offset(planned, invert);
        work.set(row, column, &text, "0");
        if (planned - now).abs() > SAME {
            let field = FieldChange {
                field: work.in_lengths(of_level),
                before: work.length(now),
                after: work.length(planned),
            };
            work.note(Kind::Link, name, Action::Altered, vec![field], Vec::new());
        }
        return;
    }
    if model.options.offsets == OffsetConvention::Elevation {
        // an elevation stays, but `*` and one below the node mean the invert that the node had
        let written = work.editor.field(row, column).and_then(|field| field.parse::<f64>().ok());
        let old = model.nodes[end.node(link)].invert;
        if written.is_some_and(|written| written * model.units.length >= old - SAME) {
            return;
        }
    }
    let (field, text) = (work.in_lengths(of_offset), work.offset(now, invert));
    work.alter((Kind::Link, name), &field, (row, column), &text, "0");
}

/// Adds what a node was lowered by (m) to its depths in control rules, so that they mean the same levels.
fn shift_rules(work: &mut Worksite<'_>, node: &str, drop: f64) {
    let model = work.model();
    let depth_of_node = |fields: &[String], first: usize| {
        let is = |index: usize, word: &str| {
            fields.get(first + index).is_some_and(|field| field.eq_ignore_ascii_case(word))
        };
        is(0, "NODE") && is(1, node) && is(2, "DEPTH")
    };
    let rows: Vec<Row> = work.editor.section(Section::Controls);
    for row in rows {
        let fields = work.editor.fields(row);
        if depth_of_node(&fields, 1) {
            match fields.get(5).map(|value| value.parse::<f64>()) {
                Some(Ok(depth)) => {
                    let text = number(depth + drop / model.units.length);
                    let field = work.in_lengths("depth in control rules");
                    work.alter((Kind::Node, node), &field, (row, 5), &text, "0");
                }
                _ => warn_of_rule(work, node),
            }
        } else if depth_of_node(&fields, 3) {
            warn_of_rule(work, node);
        }
    }
}

fn warn_of_rule(work: &mut Worksite<'_>, node: &str) {
    let message = "a control rule compares its depth, which is larger now that the invert lies lower";
    work.warn(format!("Node {node}"), message, "let the rule read HEAD in place of DEPTH");
}
