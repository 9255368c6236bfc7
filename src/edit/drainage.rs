//! Which way water goes through a network, and how much of it its conduits carry when they are full: a view
//! that is derived from a model as it was read, never stored.

use std::collections::VecDeque;

use crate::model::catchment::Outlet;
use crate::model::link::{Link, LinkKind};
use crate::model::section::Compiler;
use crate::model::slope::slope_of;
use crate::model::{LinkId, Model, NodeId, SubcatchmentId};
use crate::num::index::Id;
use crate::routing::conduit_params::ConduitParams;

/// A conduit that is just full, by Manning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Full {
    /// Flow of all its barrels, m³/s.
    pub flow: f64,
    /// Velocity, m/s.
    pub velocity: f64,
    /// Slope, downward in the direction of its water.
    pub slope: f64,
    /// Manning's roughness, s/m^(1/3).
    pub roughness: f64,
    /// Depth, m.
    pub depth: f64,
    /// Length, m.
    pub length: f64,
    /// Whether it has no roof.
    pub is_open: bool,
}

/// The ways of the water. Conduits are followed downhill, other links as the file gives them.
///
/// Where several links leave a node, its water is counted on one of them only, the *main* one: the conduit
/// of the largest full flow, else the weir or orifice of the largest opening, else an outlet, else a pump;
/// of equals the first in the file. Where the main ways form a ring, it is cut at its smallest link, so that
/// every way ends.
#[derive(Clone, Debug)]
pub struct Drainage {
    ends: Vec<[NodeId; 2]>,
    full: Vec<Option<Full>>,
    next: Vec<Option<LinkId>>,
    order: Vec<NodeId>,
    outlets: Vec<Option<NodeId>>,
}

impl Drainage {
    /// Finds the ways of a model.
    pub fn of(model: &Model) -> Self {
        let mut compiler = Compiler::new(model);
        let full: Vec<_> = model.links.items().iter().map(|link| full(model, link, &mut compiler)).collect();
        let ends: Vec<_> = model
            .links
            .items()
            .iter()
            .map(|link| match slope_of(model, link) {
                Some(given) if given.slope < 0.0 => [link.to, link.from],
                _ => [link.from, link.to],
            })
            .collect();
        let ranks: Vec<_> =
            model.links.iter().map(|(id, link)| rank(link, full[id.index()], &mut compiler)).collect();
        let mut next: Vec<Option<LinkId>> = vec![None; model.nodes.len()];
        for id in model.links.ids() {
            let [from, to] = ends[id.index()];
            let best = &mut next[from.index()];
            if from != to && best.is_none_or(|other| ranks[id.index()] > ranks[other.index()]) {
                *best = Some(id);
            }
        }
        let mut this = Self { ends, full, next, order: Vec::new(), outlets: Vec::new() };
        this.cut_rings(&ranks);
        this.order = this.downhill();
        this.outlets = model.subcatchments.ids().map(|id| outlet(model, id)).collect();
        this
    }
    /// The upper and the lower end of a link, as its water goes.
    pub fn ends(&self, link: LinkId) -> [NodeId; 2] {
        self.ends[link.index()]
    }
    /// A conduit when it is full; `None` for other links, and for conduits without a section or length.
    pub fn full(&self, link: LinkId) -> Option<Full> {
        self.full[link.index()]
    }
    /// The main link that leaves a node, and the node that it leads to.
    pub fn next(&self, node: NodeId) -> Option<(LinkId, NodeId)> {
        self.next[node.index()].map(|link| (link, self.ends[link.index()][1]))
    }
    /// All nodes, each before those that its main ways lead to.
    pub fn order(&self) -> &[NodeId] {
        &self.order
    }
    /// The node that runoff of a subcatchment reaches, over other subcatchments if need be.
    pub fn outlet(&self, land: SubcatchmentId) -> Option<NodeId> {
        self.outlets[land.index()]
    }
    /// The conduits that lie side by side with a link: all that lead as it does between the same nodes,
    /// itself included.
    pub fn beside(&self, link: LinkId) -> impl Iterator<Item = LinkId> + '_ {
        let ends = self.ends(link);
        let conduits = self.full.iter().zip(&self.ends).enumerate();
        conduits
            .filter(move |(_, (full, other))| full.is_some() && **other == ends)
            .map(|(i, _)| LinkId::new(i))
    }
    /// Which nodes water of a node can reach on any way, by index, the node itself included.
    pub fn downstream(&self, node: NodeId) -> Vec<bool> {
        self.reach(node, [0, 1])
    }
    /// From which nodes water can reach a node on any way, by index, the node itself included.
    pub fn upstream(&self, node: NodeId) -> Vec<bool> {
        self.reach(node, [1, 0])
    }
    fn reach(&self, node: NodeId, [near, far]: [usize; 2]) -> Vec<bool> {
        let mut neighbours = vec![Vec::new(); self.next.len()];
        for ends in &self.ends {
            neighbours[ends[near].index()].push(ends[far]);
        }
        let mut reached = vec![false; self.next.len()];
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut reached[node.index()], true) {
                open.extend(&neighbours[node.index()]);
            }
        }
        reached
    }
    fn cut_rings(&mut self, ranks: &[(u8, f64)]) {
        // of each node: the walk that first came to it
        let mut seen = vec![usize::MAX; self.next.len()];
        for start in 0..self.next.len() {
            let mut node = NodeId::new(start);
            while seen[node.index()] == usize::MAX {
                seen[node.index()] = start;
                let Some((_, to)) = self.next(node) else { break };
                node = to;
            }
            // the walk met itself: the node lies on a ring
            if seen[node.index()] == start && self.next(node).is_some() {
                let ring = std::iter::successors(Some(node), |&at| {
                    self.next(at).map(|(_, to)| to).filter(|&to| to != node)
                });
                let rank = |at: NodeId| self.next[at.index()].map(|link| ranks[link.index()]);
                let smallest = ring.min_by(|&a, &b| {
                    let (a, b) = (rank(a).unwrap_or_default(), rank(b).unwrap_or_default());
                    a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
                });
                if let Some(cut) = smallest {
                    self.next[cut.index()] = None;
                }
            }
        }
    }
    fn downhill(&self) -> Vec<NodeId> {
        let mut incoming = vec![0_usize; self.next.len()];
        for node in (0..self.next.len()).map(NodeId::new) {
            if let Some((_, to)) = self.next(node) {
                incoming[to.index()] += 1;
            }
        }
        let mut ready: VecDeque<_> =
            (0..self.next.len()).filter(|&i| incoming[i] == 0).map(NodeId::new).collect();
        let mut order = Vec::with_capacity(self.next.len());
        while let Some(node) = ready.pop_front() {
            order.push(node);
            if let Some((_, to)) = self.next(node) {
                incoming[to.index()] -= 1;
                if incoming[to.index()] == 0 {
                    ready.push_back(to);
                }
            }
        }
        order
    }
}

fn full(model: &Model, link: &Link, compiler: &mut Compiler<'_>) -> Option<Full> {
    let conduit = link.conduit()?;
    let section = compiler.compile(&conduit.shape).ok()?;
    let params = ConduitParams::new(conduit, link, &section, model);
    let velocity = params.full_flow / section.full_area;
    let usable = velocity > 0.0 && velocity.is_finite() && params.length > 0.0;
    usable.then(|| Full {
        flow: params.full_flow * f64::from(conduit.barrels.max(1)),
        velocity,
        slope: params.slope,
        roughness: params.roughness,
        depth: section.full_depth,
        length: params.length,
        is_open: section.is_open(),
    })
}

/// What makes a link the main one of a node.
fn rank(link: &Link, full: Option<Full>, compiler: &mut Compiler<'_>) -> (u8, f64) {
    let mut opening =
        || link.shape().and_then(|shape| compiler.compile(shape).ok()).map_or(0.0, |s| s.full_area);
    match &link.kind {
        LinkKind::Conduit(_) => (3, full.map_or(0.0, |full| full.flow)),
        LinkKind::Weir(_) | LinkKind::Orifice(_) => (2, opening()),
        LinkKind::Outlet(_) => (1, 0.0),
        LinkKind::Pump(_) => (0, 0.0),
    }
}

fn outlet(model: &Model, land: SubcatchmentId) -> Option<NodeId> {
    let mut at = land;
    for _ in 0..=model.subcatchments.len() {
        match model.subcatchments[at].outlet {
            Outlet::Node(node) => return Some(node),
            Outlet::Subcatchment(other) if other != at => at = other,
            Outlet::Subcatchment(_) => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::link::Conduit;
    use crate::model::node::{Node, NodeKind};
    use crate::model::section::Shape;

    /// Nodes with their inverts, and pipes 100 m long with their diameters.
    fn town(nodes: &[(&str, f64)], pipes: &[(&str, &str, &str, f64)]) -> Model {
        let mut model = Model::default();
        for &(name, invert) in nodes {
            model.nodes.insert(name, Node::new(NodeKind::Junction, invert, 3.0));
        }
        for &(name, from, to, diameter) in pipes {
            let conduit = Conduit::new(100.0, 0.013, Shape::Circular { diameter });
            let (from, to) = (model.nodes.find(from).unwrap(), model.nodes.find(to).unwrap());
            model.links.insert(name, Link::new(LinkKind::Conduit(conduit), from, to));
        }
        model
    }

    fn way(model: &Model, from: &str) -> String {
        let drainage = Drainage::of(model);
        let first = model.nodes.find(from).unwrap();
        let nodes = std::iter::successors(Some(first), |&node| drainage.next(node).map(|(_, to)| to));
        nodes.map(|node| model.nodes.name(node).to_owned()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn at_a_split_water_follows_the_larger_pipe_and_conduits_go_downhill() {
        let model = town(
            &[("A", 3.0), ("B", 2.0), ("C", 2.0), ("D", 1.0)],
            &[
                ("1", "A", "B", 0.5),
                ("2", "A", "C", 0.6),
                ("3", "B", "D", 0.5),
                ("4 drawn upward", "D", "C", 0.6),
            ],
        );
        assert_eq!(way(&model, "A"), "A C D");
    }

    #[test]
    fn a_ring_is_cut_at_its_smallest_pipe() {
        // level pipes keep the direction of the file
        let ring = [("1", "A", "B", 0.5), ("2", "B", "C", 0.3), ("3", "C", "A", 0.5), ("4", "D", "A", 0.2)];
        let model = town(&[("D", 0.0), ("A", 0.0), ("B", 0.0), ("C", 0.0)], &ring);
        assert_eq!(way(&model, "D"), "D A B");
        assert_eq!(way(&model, "C"), "C A B");
        let drainage = Drainage::of(&model);
        assert_eq!(drainage.order().len(), 4);
        assert!(
            drainage.downstream(model.nodes.find("B").unwrap()).iter().filter(|&&there| there).count() == 3
        );
        assert!(drainage.upstream(model.nodes.find("B").unwrap()).iter().all(|&there| there));
    }
}
