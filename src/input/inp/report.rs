//! `[REPORT]`.

use super::draft::Draft;
use super::row::Row;
use crate::model::options::Selection;
use crate::model::{LinkId, NodeId, SubcatchmentId};
use crate::num::index::{Id, Table};

/// Elements to report.
#[derive(Debug, Default)]
pub(super) struct Pending {
    subcatchments: Chosen<SubcatchmentId>,
    nodes: Chosen<NodeId>,
    links: Chosen<LinkId>,
}

#[derive(Debug)]
struct Chosen<I> {
    /// Whether the last line on the kind says `ALL`.
    all: bool,
    named: Vec<I>,
}

impl<I> Default for Chosen<I> {
    fn default() -> Self {
        Self { all: false, named: Vec::new() }
    }
}

impl<I: Id> Chosen<I> {
    fn read<T>(&mut self, row: &mut Row<'_, '_>, kind: &str, table: &Table<I, T>) {
        let word = row.text(1);
        self.all = word.eq_ignore_ascii_case("ALL");
        if self.all || word.eq_ignore_ascii_case("NONE") {
            return;
        }
        for field in 1..row.len() {
            self.named.extend(row.find(field, kind, table));
        }
    }
    fn settle(&mut self) -> Selection<I> {
        let mut named = std::mem::take(&mut self.named);
        named.sort_unstable();
        named.dedup();
        match (self.all, named.is_empty()) {
            (true, _) => Selection::All,
            (false, true) => Selection::None,
            (false, false) => Selection::Some(named),
        }
    }
}

#[derive(Clone, Copy)]
enum Key {
    Disabled,
    Input,
    Subcatchments,
    Nodes,
    Links,
    Continuity,
    FlowStatistics,
    Controls,
    Averages,
    NodeStatistics,
}

const KEYS: &[(&str, Key)] = &[
    ("DISABLED", Key::Disabled),
    ("INPUT", Key::Input),
    ("SUBCATCH", Key::Subcatchments),
    ("NODE", Key::Nodes),
    ("LINK", Key::Links),
    ("CONTINUITY", Key::Continuity),
    ("FLOWSTATS", Key::FlowStatistics),
    ("CONTROL", Key::Controls),
    ("AVERAGES", Key::Averages),
    ("NODESTATS", Key::NodeStatistics),
];

/// Reads what is reported.
pub(super) fn read(row: &mut Row<'_, '_>, draft: &mut Draft) {
    if !row.has(2, "what to report, then YES or NO, or ALL, NONE or names") {
        return;
    }
    let Some(key) = row.keyword(0, "item of the report", KEYS) else { return };
    let (pending, model) = (&mut draft.report, &mut draft.model);
    let flag = match key {
        Key::Subcatchments => return pending.subcatchments.read(row, "subcatchment", &model.subcatchments),
        Key::Nodes => return pending.nodes.read(row, "node", &model.nodes),
        Key::Links => return pending.links.read(row, "link", &model.links),
        Key::Disabled => &mut model.report.disabled,
        Key::Input => &mut model.report.input,
        Key::Continuity => &mut model.report.continuity,
        Key::FlowStatistics => &mut model.report.flow_statistics,
        Key::Controls => &mut model.report.controls,
        Key::Averages => &mut model.report.averages,
        Key::NodeStatistics => &mut model.report.node_statistics,
    };
    if let Some(answer) = row.yes(1, "answer") {
        *flag = answer;
    }
}

/// Settles which elements are reported.
pub(super) fn finish(draft: &mut Draft) {
    draft.model.report.subcatchments = draft.report.subcatchments.settle();
    draft.model.report.nodes = draft.report.nodes.settle();
    draft.model.report.links = draft.report.links.settle();
}
