//! Where nodes meet the surface: manholes and inlets, and outfalls that end on it.

use crate::diagnostic::Diagnostic;
use crate::model::NodeId;
use crate::model::node::{NodeKind, OutfallBoundary};
use crate::model::terrain::Placed;
use crate::num::index::Id;
use crate::routing::exchange::Opening;
use crate::scenario::surface::{OPENING_AREA, RimLevel};
use crate::simulation::street::{Manhole, Outlet};

use super::joining::Join;

/// How far from a node under a blocked building an open cell is looked for, in cells.
const REACH: usize = 3;
/// How far the invert of an outfall may lie under the ground before it is told (m).
const BURIED: f64 = 0.1;
/// Names that are listed where several are meant.
const MOST_NAMED: usize = 10;

/// Names, cut after some.
pub(super) fn listed(names: &[String]) -> String {
    let more = if names.len() > MOST_NAMED {
        format!(" and {} more", names.len() - MOST_NAMED)
    } else {
        String::new()
    };
    names.get(..MOST_NAMED.min(names.len())).unwrap_or_default().join(", ") + &more
}

impl Join<'_> {
    /// The manholes of the network: its junctions and dividers, and storage units where they are asked for. Outfalls
    /// meet the surface as outlets only; a node whose links are all channels with banks meets it over these.
    pub fn manholes(&mut self, placed: &Placed) -> Vec<Manhole> {
        let (ground, model) = (self.ground, self.model);
        let exchange = &ground.table.exchange;
        self.check_inlets();
        let (mut manholes, mut moved, mut lost, mut unknown) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (id, node) in model.nodes.iter() {
            let name = model.nodes.name(id);
            let inlet = ground.inlets.iter().find(|inlet| inlet.node.eq_ignore_ascii_case(name));
            let wanted = match inlet {
                Some(_) => !node.is_outfall(),
                None => {
                    !exchange.only_inlets
                        && !node.is_outfall()
                        && (exchange.storages || !node.is_storage())
                        && !self.in_channels(id)
                }
            };
            let place = placed.cells.get(id.index()).copied().flatten();
            let (true, Some(place)) = (wanted, place) else { continue };
            if ground.bare.values.get(place).is_none_or(|level| level.is_nan()) {
                unknown.push(name.to_owned());
                continue;
            }
            let is_open =
                |place: &(usize, usize)| self.terrain.values.get(*place).is_some_and(|z| !z.is_nan());
            let is_building =
                ground.buildings.as_ref().is_some_and(|covered| covered.get(place) == Some(&true));
            let place = if is_open(&place) {
                place
            } else if is_building {
                match nearest_open(place, &is_open) {
                    Some(near) => {
                        moved.push(name.to_owned());
                        near
                    }
                    None => {
                        lost.push(name.to_owned());
                        continue;
                    }
                }
            } else {
                // outside of the surface: the node belongs to a channel or a lake
                continue;
            };
            let area = inlet.and_then(|inlet| inlet.area).or(exchange.area.map(|area| area.0));
            let area = area.unwrap_or(OPENING_AREA);
            let (Some(cell), true) = (self.grid.cell(place.0, place.1), area > 0.0) else { continue };
            let level = f64::from(self.terrain.values.get(place).copied().unwrap_or(f32::NAN));
            let top = node.invert + node.full_depth;
            let rim = inlet.and_then(|inlet| inlet.level).unwrap_or(match exchange.level {
                RimLevel::Higher => top.max(level),
                RimLevel::Terrain => level,
                RimLevel::Network => top,
            });
            let given =
                |of_inlet: Option<f64>, of_all: Option<f64>, value| of_inlet.or(of_all).unwrap_or(value);
            let usual = Opening::manhole(area);
            let of = |part: fn(&crate::input::inlet_table::Inlet) -> Option<f64>| inlet.and_then(part);
            let opening = Opening {
                area,
                // a rim that is given for all belongs to the area that is given for all
                rim: of(|inlet| inlet.rim)
                    .or(exchange.rim.map(|rim| rim.0).filter(|_| of(|inlet| inlet.area).is_none()))
                    .unwrap_or(usual.rim),
                free_weir: given(of(|inlet| inlet.free_weir), exchange.free_weir, usual.free_weir),
                submerged_weir: given(
                    of(|inlet| inlet.submerged_weir),
                    exchange.submerged_weir,
                    usual.submerged_weir,
                ),
                orifice: given(of(|inlet| inlet.orifice), exchange.orifice, usual.orifice),
                blocked: of(|inlet| inlet.blocked).unwrap_or(exchange.blocked.0),
            };
            manholes.push(Manhole { node: id, cell, rim, opening });
        }
        let mut warn = |names: &[String], message: &str, help: &str| {
            if !names.is_empty() {
                let message = format!("{} {message}: {}", names.len(), listed(names));
                self.found.push(Diagnostic::warning(0, message).help(help));
            }
        };
        warn(&moved, "nodes lie under blocked buildings", "they meet the surface at the nearest open cell");
        warn(&lost, "nodes lie deep under blocked buildings", "they exchange no water with the surface");
        if !unknown.is_empty() {
            let message =
                format!("{} nodes lie where the terrain holds no data: {}", unknown.len(), listed(&unknown));
            let help = "fill the holes, such as with `gdal_fillnodata.py`, or take other terrain";
            self.found.push(Diagnostic::error(0, message).help(help));
        }
        manholes
    }

    /// Tells of openings of nodes that are not there. An option may take nodes away: that is no error.
    fn check_inlets(&mut self) {
        let nodes = &self.model.nodes;
        let is_unknown = |name: &str| nodes.find(name).is_none();
        let unknown: Vec<String> = self
            .ground
            .inlets
            .iter()
            .filter(|inlet| is_unknown(&inlet.node))
            .map(|inlet| inlet.node.clone())
            .collect();
        if !unknown.is_empty() {
            let message =
                format!("`surface.exchange.inlets` names nodes that are not there: {}", listed(&unknown));
            self.found.push(Diagnostic::warning(0, message).help("correct their names"));
        }
    }

    /// Whether a node joins channels with banks only.
    fn in_channels(&self, node: NodeId) -> bool {
        let mut at_node =
            self.model.links.iter().filter(|(_, link)| link.from == node || link.to == node).peekable();
        at_node.peek().is_some() && at_node.all(|(id, _)| self.channels.contains(&id))
    }

    /// The outfalls that end on the surface.
    pub fn outlets(&mut self, placed: &Placed) -> Vec<Outlet> {
        let mut outlets = Vec::new();
        for name in &self.ground.table.outlets {
            let mut fail = |message: String, help: &str| {
                self.found.push(Diagnostic::error(0, format!("`surface.outlets`: {message}")).help(help));
            };
            let Some(node) = self.model.nodes.find(name) else {
                fail(format!("there is no node `{name}`"), "name outfalls of the network");
                continue;
            };
            if !self.model.nodes[node].is_outfall() {
                fail(format!("the node `{name}` is no outfall"), "other nodes meet the surface as manholes");
                continue;
            }
            if outlets.iter().any(|outlet: &Outlet| outlet.node == node) {
                fail(format!("the outfall `{name}` stands there twice"), "name it once");
                continue;
            }
            if let NodeKind::Outfall { boundary, route_to, .. } = &self.model.nodes[node].kind {
                if route_to.is_some() {
                    let message =
                        format!("the water of the outfall `{name}` runs onto a subcatchment already");
                    fail(
                        message,
                        "it can go one way only: take it from here, or take its subcatchment from it",
                    );
                    continue;
                }
                if !matches!(boundary, OutfallBoundary::Free | OutfallBoundary::Normal) {
                    let message = format!("the outfall `{name}` has a stage of its own");
                    let help = "the street is what holds it back: make it FREE and name it in no river stage, or take it \
                                from here";
                    fail(message, help);
                    continue;
                }
            }
            let place = placed.cells.get(node.index()).copied().flatten();
            let is_open =
                |place: &(usize, usize)| self.terrain.values.get(*place).is_some_and(|z| !z.is_nan());
            let cell = place
                .and_then(|place| if is_open(&place) { Some(place) } else { nearest_open(place, &is_open) });
            match cell.and_then(|(row, column)| self.grid.cell(row, column)) {
                Some(cell) => {
                    let invert = self.model.nodes[node].invert;
                    let ground = self.terrain.values.get(self.grid.row_and_column(cell));
                    let above = ground.map_or(0.0, |ground| f64::from(*ground) - invert);
                    if above > BURIED {
                        let message = format!(
                            "the ground at the outfall `{name}` lies {above:.2} m above its invert: its water rises \
                             that far to leave, and an empty pipe there fills from the surface first"
                        );
                        let help = "lower the ground at its mouth, or check its invert";
                        self.found.push(Diagnostic::warning(0, message).help(help));
                    }
                    outlets.push(Outlet { node, cell, invert });
                }
                None => fail(
                    format!("the outfall `{name}` lies outside the surface"),
                    "give it a place in [COORDINATES] on the terrain",
                ),
            }
        }
        outlets
    }
}

/// The nearest cell that is open, within reach; of equals the first row by row.
fn nearest_open(from: (usize, usize), is_open: &dyn Fn(&(usize, usize)) -> bool) -> Option<(usize, usize)> {
    let around = |at: usize| at.saturating_sub(REACH)..=at + REACH;
    let places = around(from.0).flat_map(|row| around(from.1).map(move |column| (row, column)));
    let distance = |place: &(usize, usize)| place.0.abs_diff(from.0).pow(2) + place.1.abs_diff(from.1).pow(2);
    places.filter(|place| is_open(place)).min_by_key(distance)
}
