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
