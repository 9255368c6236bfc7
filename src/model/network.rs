//! The network as a petgraph graph, derived from the tables, never stored.

use petgraph::algo::astar;
use petgraph::graph::{EdgeReference, Graph, NodeIndex};
use petgraph::{EdgeType, Undirected};

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

/// One link of a [`Path`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The link.
    pub link: LinkId,
    /// Whether the path follows the link from its `from` to its `to`.
    pub forward: bool,
}

/// A way through the network: nodes, and the steps between them (one fewer than nodes).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// The nodes, first to last.
    pub nodes: Vec<NodeId>,
    /// The links between them.
    pub steps: Vec<Step>,
}

/// The shortest way between two nodes by the length of conduits: along the links' direction where
/// there is such a way, else in any direction; `None` when the nodes are not connected.
///
/// Other links count as no length. Of parallel links the shortest is taken, then the first.
pub fn path(model: &Model, from: NodeId, to: NodeId) -> Option<Path> {
    let graph = network(model);
    shortest(model, &graph, from, to)
        .or_else(|| shortest(model, &graph.into_edge_type::<Undirected>(), from, to))
}

/// Length that a way pays for a link, m.
fn length(model: &Model, link: LinkId) -> f64 {
    let length = model.links[link].conduit().map_or(0.0, |conduit| conduit.length);
    if length.is_finite() { length.max(0.0) } else { 0.0 }
}

/// The shortest way in a graph, directed or not.
fn shortest<D: EdgeType>(
    model: &Model,
    graph: &Graph<NodeId, LinkId, D>,
    from: NodeId,
    to: NodeId,
) -> Option<Path> {
    if from.index() >= model.nodes.len() || to.index() >= model.nodes.len() {
        return None;
    }
    let goal = NodeIndex::new(to.index());
    let cost = |edge: EdgeReference<LinkId>| length(model, *edge.weight());
    let (_, way) = astar(graph, NodeIndex::new(from.index()), |node| node == goal, cost, |_| 0.0)?;
    let mut path = Path { nodes: way.iter().map(|&node| graph[node]).collect(), steps: Vec::new() };
    for (&a, &b) in way.iter().zip(way.iter().skip(1)) {
        let shorter = |x: &LinkId, y: &LinkId| length(model, *x).total_cmp(&length(model, *y)).then(x.cmp(y));
        let link = graph.edges_connecting(a, b).map(|edge| *edge.weight()).min_by(shorter)?;
        path.steps.push(Step { link, forward: model.links[link].from == graph[a] });
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::link::{Conduit, Link, LinkKind};
    use crate::model::node::{Node, NodeKind};
    use crate::model::section::Shape;

    fn town(links: &[(&str, &str, &str, f64)]) -> Model {
        let mut model = Model::default();
        let node = Node::new(NodeKind::Junction, 0.0, 2.0);
        for name in ["A", "B", "C", "D", "E"] {
            model.nodes.insert(name, node.clone());
        }
        for &(name, from, to, length) in links {
            let conduit = Conduit::new(length, 0.013, Shape::Circular { diameter: 1.0 });
            let (from, to) = (model.nodes.find(from).unwrap(), model.nodes.find(to).unwrap());
            let link = Link::new(LinkKind::Conduit(conduit), from, to);
            model.links.insert(name, link);
        }
        model
    }

    fn names(model: &Model, from: &str, to: &str) -> Option<String> {
        let path = path(model, model.nodes.find(from)?, model.nodes.find(to)?)?;
        let name =
            |step: &Step| format!("{}{}", if step.forward { "" } else { "-" }, model.links.name(step.link));
        Some(path.steps.iter().map(name).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_path_takes_the_shortest_way_along_the_flow() {
        let model = town(&[
            ("1", "A", "B", 100.0),
            ("2", "B", "D", 100.0),
            ("3", "A", "C", 50.0),
            ("4", "C", "D", 60.0),
            ("short cut against the flow", "D", "A", 1.0),
        ]);
        assert_eq!(names(&model, "A", "D").unwrap(), "3 4");
    }

    #[test]
    fn a_path_goes_against_the_flow_only_where_there_is_no_other_way() {
        let model = town(&[("1", "A", "B", 100.0), ("2", "C", "B", 100.0)]);
        assert_eq!(names(&model, "A", "C").unwrap(), "1 -2");
        assert_eq!(names(&model, "A", "E"), None);
        assert_eq!(names(&model, "A", "A").unwrap(), "");
    }

    #[test]
    fn of_parallel_links_the_shortest_then_the_first_is_taken() {
        let model = town(&[("1", "A", "B", 20.0), ("2", "A", "B", 10.0), ("3", "A", "B", 10.0)]);
        assert_eq!(names(&model, "A", "B").unwrap(), "2");
    }
}
