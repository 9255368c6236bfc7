//! The district that is separated: its land, its nodes, and the streets along which new sewers run.

use crate::diagnostic::Diagnostic;
use crate::edit::drainage::Drainage;
use crate::edit::picking::missing;
use crate::edit::site::Site;
use crate::model::{LinkId, Model, NodeId, SubcatchmentId};
use crate::num::index::Id;
use crate::scenario::measure::{AREA_MARKS, Sewer};
use crate::scenario::zone::Zone;

/// A district of the base.
///
/// Its land are the subcatchments with its tag, or else those whose middle lies in the zone of its name. Its
/// nodes are those with the same tag, or in the zone, but for outfalls, and all that its land drains to.
#[derive(Clone, Debug)]
pub(super) struct District {
    /// Its subcatchments, in the order of the file.
    pub land: Vec<SubcatchmentId>,
    /// Whether each node is one of its nodes, by index.
    nodes: Vec<bool>,
}

impl District {
    /// Finds the district of a name: a tag, several tags joined by commas (one district then), or a zone.
    pub fn find(site: &Site, drainage: &Drainage, area: &str) -> Result<Self, Diagnostic> {
        let model = &site.base.model;
        let is = |tag: &str, wanted: &str| !tag.is_empty() && tag.eq_ignore_ascii_case(wanted.trim());
        let tagged = |wanted: &str| model.subcatchments.items().iter().any(|land| is(&land.tag, wanted));
        let mut tags = vec![area];
        if !tagged(area) {
            tags = area.split(AREA_MARKS).collect();
        }
        let (land, mut nodes): (Vec<_>, Vec<bool>) = if tags.iter().all(|tag| tagged(tag)) {
            let carries = |tag: &str| tags.iter().any(|wanted| is(tag, wanted));
            let land = model.subcatchments.iter().filter(|(_, land)| carries(&land.tag)).map(|(id, _)| id);
            (land.collect(), model.nodes.items().iter().map(|node| carries(&node.tag)).collect())
        } else if let Some(zone) = site.zones.iter().find(|zone| zone.name == area) {
            (in_zone(model, drainage, zone), model.map.nodes.iter().map(|at| within(zone, *at)).collect())
        } else {
            let land = model.subcatchments.items().iter().map(|land| land.tag.as_str());
            let known = land.chain(site.zones.iter().map(|zone| zone.name.as_str()));
            let unknown = tags.iter().find(|tag| !tagged(tag)).copied().unwrap_or(area).trim();
            return Err(missing("no subcatchment has the tag, and no zone the name,", unknown, known));
        };
        nodes.resize(model.nodes.len(), false);
        for (node, is_ours) in model.nodes.items().iter().zip(&mut nodes) {
            *is_ours &= !node.is_outfall();
        }
        if land.is_empty() {
            let message = format!("no subcatchment lies in the zone '{area}'");
            return Err(Diagnostic::error(0, message).help("outlines of subcatchments decide, in [POLYGONS]"));
        }
        for node in land.iter().filter_map(|&id| drainage.outlet(id)) {
            nodes[node.index()] = true;
        }
        Ok(Self { land, nodes })
    }
    /// Its nodes, in the order of the file.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        (0..self.nodes.len()).filter(|&i| self.nodes[i]).map(NodeId::new)
    }
}

fn within(zone: &Zone, place: Option<[f64; 2]>) -> bool {
    place.is_some_and(|place| zone.contains(place))
}

/// The subcatchments whose middle, or else whose outlet, lies in a zone.
fn in_zone(model: &Model, drainage: &Drainage, zone: &Zone) -> Vec<SubcatchmentId> {
    let outline = |id: SubcatchmentId| model.map.subcatchments.get(id.index()).map(Vec::as_slice);
    let outlet =
        |id| drainage.outlet(id).and_then(|node| model.map.nodes.get(node.index()).copied().flatten());
    let place = |id| outline(id).and_then(centroid).or_else(|| outlet(id));
    model.subcatchments.ids().filter(|&id| within(zone, place(id))).collect()
}

/// Centroid of the area within a ring of points; `None` when it has no area.
fn centroid(ring: &[[f64; 2]]) -> Option<[f64; 2]> {
    // from the first point on, so that large coordinates lose no digits
    let &[x0, y0] = ring.first()?;
    let (mut twice, mut x, mut y) = (0.0, 0.0, 0.0);
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (ax, ay, bx, by) = (a[0] - x0, a[1] - y0, b[0] - x0, b[1] - y0);
        let cross = ax * by - bx * ay;
        twice += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    (twice != 0.0).then(|| [x0 + x / (3.0 * twice), y0 + y / (3.0 * twice)])
}

/// A reach of the new sewers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reach {
    /// The existing node beside whose manhole it begins.
    pub from: NodeId,
    /// The existing node beside whose manhole it ends; `None` for the outlet.
    pub to: Option<NodeId>,
    /// The existing link that it runs beside, or whose way out of the district it takes the name of.
    pub link: Option<LinkId>,
    /// Whether it runs beside that link.
    pub is_beside: bool,
}

/// The streets along which new sewers run: a tree that follows the existing one.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// Reaches, each before the one that it flows into; the last leads to the outlet.
    pub reaches: Vec<Reach>,
    /// Which nodes have a new manhole beside them, by index.
    included: Vec<bool>,
}

impl Tree {
    /// New sewers begin at each node that the district's land drains to (storm) or that has dry-weather flow
    /// (foul), and follow the main conduits of the existing water to the last node of the district, or to a
    /// pump, weir or orifice. Where they end in several places, those with less water are led straight to the one with the most, and from there
    /// one reach leads to the outlet. `None` when there is nothing to drain.
    pub fn of(model: &Model, drainage: &Drainage, district: &District, existing: Sewer) -> Option<Self> {
        let mut weight = vec![0.0; model.nodes.len()];
        match existing {
            Sewer::Foul => {
                for &id in &district.land {
                    if let Some(node) = drainage.outlet(id) {
                        weight[node.index()] += model.subcatchments[id].area;
                    }
                }
            }
            Sewer::Storm => {
                for node in district.nodes() {
                    weight[node.index()] = model.nodes[node].dry_weather.map_or(0.0, |flow| flow.average);
                }
            }
        }
        let way = |node| drainage.next(node).filter(|&(link, _)| drainage.full(link).is_some());
        // a node of the district lies here or further down
        let mut leads = district.nodes.clone();
        for &node in drainage.order().iter().rev() {
            let below = way(node).is_some_and(|(_, to)| leads[to.index()]);
            leads[node.index()] |= below;
        }
        let mut included = vec![false; model.nodes.len()];
        for &node in drainage.order() {
            included[node.index()] |= weight[node.index()] > 0.0;
            if let Some((_, to)) = way(node)
                && included[node.index()]
                && leads[to.index()]
            {
                included[to.index()] = true;
                weight[to.index()] += weight[node.index()];
            }
        }
        let mut reaches = Vec::new();
        let mut exits = Vec::new();
        for &from in drainage.order().iter().filter(|node| included[node.index()]) {
            let link = drainage.next(from).map(|(link, _)| link);
            match way(from).filter(|(_, to)| included[to.index()]) {
                Some((_, to)) => reaches.push(Reach { from, to: Some(to), link, is_beside: true }),
                None => exits.push(Reach { from, to: None, link, is_beside: false }),
            }
        }
        let weight = |exit: &Reach| weight[exit.from.index()];
        // of equals the first in the file
        let main = exits
            .iter()
            .copied()
            .max_by(|a, b| weight(a).total_cmp(&weight(b)).then(b.from.index().cmp(&a.from.index())))?;
        let others = exits.into_iter().filter(|exit| exit.from != main.from);
        reaches.extend(others.map(|exit| Reach { to: Some(main.from), ..exit }));
        reaches.push(main);
        Some(Self { reaches, included })
    }
    /// The node, this one or the first below it, that has a new manhole beside it.
    pub fn home(&self, drainage: &Drainage, node: NodeId) -> Option<NodeId> {
        let mut way = std::iter::successors(Some(node), |&at| drainage.next(at).map(|(_, to)| to));
        way.find(|at| self.included[at.index()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centroid_of_a_square_is_its_middle() {
        let square = [[10.0, 10.0], [12.0, 10.0], [12.0, 12.0], [10.0, 12.0]];
        assert_eq!(centroid(&square), Some([11.0, 11.0]));
        assert_eq!(centroid(&square[..2]), None);
        assert_eq!(centroid(&[]), None);
    }
}
