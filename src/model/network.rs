//! The network as a petgraph graph, derived from the tables, never stored.

use petgraph::graph::{Graph, NodeIndex};

use super::{LinkId, Model, NodeId};
use crate::num::index::Id;

/// The network as a directed graph; graph index i is node i.
pub type Network = Graph<NodeId, LinkId>;

/// Builds the graph of a model.
pub fn network(model: &Model) -> Network {
    let mut graph = Network::with_capacity(model.nodes.len(), model.links.len());
    for id in model.nodes.ids() {
        graph.add_node(id);
    }
    for (id, link) in model.links.iter() {
        let end = |n: NodeId| NodeIndex::new(n.index());
        graph.add_edge(end(link.from), end(link.to), id);
    }
    graph
}

/// How many links join a node, as EPA SWMM counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// Links that leave it, in the direction that the file gives; a link out of an outfall counts
    /// as one out of its other end.
    pub outgoing: u32,
    /// Links that end at it, in the direction that they have after the check; a link out of an
    /// outfall counts as one that ends there.
    pub incoming: u32,
}

/// The connections of each node, by its index. A node without incoming links is a head of the
/// network.
pub fn connections(model: &Model) -> Vec<Connections> {
    let mut all = vec![Connections::default(); model.nodes.len()];
    let is_outfall = |node: NodeId| model.nodes[node].is_outfall();
    for link in model.links.items() {
        let (from, to) = if link.reversed { (link.to, link.from) } else { (link.from, link.to) };
        all[if is_outfall(from) { to } else { from }.index()].outgoing += 1;
        all[if is_outfall(link.from) { link.from } else { link.to }.index()].incoming += 1;
    }
    all
}
