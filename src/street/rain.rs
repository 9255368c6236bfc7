//! Which gauge or map rains on which cell, and that each square metre gets its rain once.

use ndarray::Array2;

use crate::diagnostic::Diagnostic;
use crate::model::burn::{Cover, cover};
use crate::model::crs::Reprojection;
use crate::model::{GaugeId, SubcatchmentId};
use crate::num::index::Id;
use crate::scenario::surface::{RainBy, RunoffFrom};
use crate::simulation::street::ZoneRain;

use super::joining::Join;
use super::manholes::listed;
use super::rain_maps::RainMaps;

/// The share of a rain mask that subcatchments may cover before it is an error: outlines are drawn by hand.
const OVERLAP: f64 = 0.01;
/// The share of the land of subcatchments by which the grid may be smaller before it is told.
const SMALLER: f64 = 0.05;

impl Join<'_> {
    /// The zone of each cell and the rain of each zone; nothing where no rain falls on the grid.
    pub fn rain(&mut self) -> (Option<Array2<u16>>, Vec<ZoneRain>) {
        let ground = self.ground;
        if ground.table.runoff_from == RunoffFrom::Subcatchments {
            return (None, Vec::new());
        }
        if let Some(maps) = &ground.rain_maps {
            return self.rain_of_maps(maps);
        }
        let (zones, gauges) = self.rain_of_gauges();
        (zones, gauges.into_iter().map(ZoneRain::Gauge).collect())
    }

    /// Zones by the cells of maps.
    fn rain_of_maps(&mut self, maps: &RainMaps) -> (Option<Array2<u16>>, Vec<ZoneRain>) {
        let start = self.model.options.start;
        if self.ground.table.runoff_from == RunoffFrom::Mask && !self.model.subcatchments.is_empty() {
            let message =
                "maps rain on the grid inside of the mask; subcatchments have the rain of their gauges";
            let help = "gauges and maps should tell of the same storm";
            self.found.push(Diagnostic::warning(0, message).help(help));
        }
        let rain = (0..maps.count()).map(|zone| ZoneRain::Steps(maps.steps(zone, start)));
        (Some(maps.zones.clone()), rain.collect())
    }

    /// Zones by gauges.
    fn rain_of_gauges(&mut self) -> (Option<Array2<u16>>, Vec<GaugeId>) {
        let table = &self.ground.table;
        let mut fail = |message: String, help: &str| {
            self.found.push(Diagnostic::error(0, message).help(help));
            (None, Vec::new())
        };
        let gauges: Vec<GaugeId> = self.model.gauges.ids().collect();
        let only = match gauges.as_slice() {
            [] => {
                return fail(
                    "rain falls on the grid, and the network has no gauge".to_owned(),
                    "give it one in [RAINGAGES]",
                );
            }
            [only] => Some(*only),
            _ => None,
        };
        if let Some(name) = &table.rain_gauge {
            return match self.model.gauges.find(name) {
                Some(gauge) => (None, vec![gauge]),
                None => fail(
                    format!("`surface.rain_gauge`: there is no gauge `{name}`"),
                    "name one of [RAINGAGES]",
                ),
            };
        }
        if let Some(only) = only {
            return (None, vec![only]);
        }
        match table.rain_by {
            RainBy::Gauge => fail(
                format!("`surface.rain_by` is `gauge`, and the network has {} of them", gauges.len()),
                "name one: rain_gauge = \"…\"",
            ),
            RainBy::Nearest => self.nearest_gauges(&gauges),
            RainBy::Subcatchments => self.gauges_of_subcatchments(),
        }
    }

    /// Zones by the nearest gauge.
    fn nearest_gauges(&mut self, gauges: &[GaugeId]) -> (Option<Array2<u16>>, Vec<GaugeId>) {
        let into = self.reprojection();
        let placed: Vec<(GaugeId, [f64; 2])> = gauges
            .iter()
            .filter_map(|id| {
                let [x, y] = self.model.map.gauges.get(id.index()).copied().flatten()?;
                Some((*id, moved(into.as_ref(), [x, y])?))
            })
            .collect();
        if placed.is_empty() {
            let message = "`surface.rain_by` is `nearest`, and no gauge has coordinates";
            self.found.push(Diagnostic::error(0, message).help("give gauges their place in [SYMBOLS]"));
            return (None, Vec::new());
        }
        let points: Vec<([f64; 2], u16)> =
            placed.iter().enumerate().map(|(zone, (_, point))| (*point, zone as u16)).collect();
        let zones = Array2::from_shape_fn(self.terrain.values.dim(), |(row, column)| {
            nearest(&points, self.terrain.centre(row, column))
        });
        (Some(zones), placed.into_iter().map(|(id, _)| id).collect())
    }

    /// Zones by the subcatchment in which a cell lies, else by that with the nearest corner.
    fn gauges_of_subcatchments(&mut self) -> (Option<Array2<u16>>, Vec<GaugeId>) {
        let mut zones: Vec<GaugeId> = Vec::new();
        let mut corners: Vec<([f64; 2], u16)> = Vec::new();
        let mut map = Array2::from_elem(self.terrain.values.dim(), u16::MAX);
        for (id, ring) in self.outlines() {
            let Some(gauge) = self.model.subcatchments[id].gauge else { continue };
            let zone = zones.iter().position(|known| *known == gauge).unwrap_or_else(|| {
                zones.push(gauge);
                zones.len() - 1
            });
            let zone = zone.min(usize::from(u16::MAX - 1)) as u16;
            corners.extend(ring.iter().map(|point| (*point, zone)));
            for (row, columns) in cover(&[ring], &self.terrain, Cover::Middle) {
                for column in columns {
                    if let Some(cell) = map.get_mut((row, column)) {
                        *cell = zone;
                    }
                }
            }
        }
        if corners.is_empty() {
            let message =
                "the network has several gauges, and no subcatchment has an outline to tell where each rains";
            let help = "draw [POLYGONS], or write rain_by = \"nearest\" or rain_gauge = \"…\"";
            self.found.push(Diagnostic::error(0, message).help(help));
            return (None, Vec::new());
        }
        if zones.len() == 1 {
            return (None, zones);
        }
        for ((row, column), zone) in map.indexed_iter_mut() {
            if *zone == u16::MAX {
                *zone = nearest(&corners, self.terrain.centre(row, column));
            }
        }
        (Some(map), zones)
    }

    /// Tells where land gets its rain twice or not at all.
    pub fn check_rain_enters_once(&mut self) {
        let area = self.terrain.cell * self.terrain.cell;
        let land: f64 = self.model.subcatchments.items().iter().map(|land| land.area).sum();
        match self.ground.table.runoff_from {
            RunoffFrom::Subcatchments => {
                if self.model.subcatchments.is_empty() && !self.model.gauges.is_empty() {
                    let message =
                        "rain runs off subcatchments, and the network has none: no rain reaches the surface";
                    let help = "write runoff_from = \"grid\" where rain should fall on the streets";
                    self.found.push(Diagnostic::warning(0, message).help(help));
                }
            }
            RunoffFrom::Grid => {
                let cells = self.terrain.values.iter().filter(|level| !level.is_nan()).count();
                let grid = cells as f64 * area;
                if grid < (1.0 - SMALLER) * land {
                    let message = format!(
                        "rain falls on {:.2} ha of the grid, subcatchments have {:.2} ha: {:.1} % of their rain is missing",
                        grid / 1.0e4,
                        land / 1.0e4,
                        100.0 * (1.0 - grid / land)
                    );
                    let help = "take terrain of all the land that drains into the network";
                    self.found.push(Diagnostic::warning(0, message).help(help));
                }
            }
            RunoffFrom::Mask => self.check_mask(),
        }
    }

    /// Tells of subcatchments that lie in the rain mask.
    fn check_mask(&mut self) {
        let Some(share) = &self.ground.rain_share else { return };
        let masked: f64 = share.values.iter().map(|share| f64::from(*share)).sum();
        if masked <= 0.0 {
            let message = "the polygons of `surface.rain_mask` cover no cell: no rain falls on the grid";
            self.found
                .push(Diagnostic::error(0, message).help("are they in the reference system of the terrain?"));
            return;
        }
        let mut twice = Vec::new();
        let mut overlap = 0.0;
        let outlines = self.outlines();
        for (id, ring) in &outlines {
            let mut cells = 0.0;
            for (row, columns) in cover(std::slice::from_ref(ring), &self.terrain, Cover::Middle) {
                let values = columns.filter_map(|column| share.values.get((row, column)));
                cells += values.map(|share| f64::from(*share)).sum::<f64>();
            }
            if cells > 0.0 {
                overlap += cells;
                twice.push(self.model.subcatchments.name(*id).to_owned());
            }
        }
        let area = share.cell * share.cell;
        if overlap > OVERLAP * masked {
            let message = format!(
                "{:.0} m² of the rain mask lie in subcatchments and would get their rain twice: {}",
                overlap * area,
                listed(&twice)
            );
            let help = "take these subcatchments out of the network, or cut them out of the mask";
            self.found.push(Diagnostic::error(0, message).help(help));
        }
        let without = self.model.subcatchments.len() - outlines.len().min(self.model.subcatchments.len());
        if without > 0 {
            let message = format!(
                "{without} subcatchments have no outline: whether they lie in the rain mask is not known"
            );
            self.found.push(Diagnostic::warning(0, message).help("draw them in [POLYGONS]"));
        }
    }

    /// The outlines of subcatchments in the coordinates of the terrain, closed.
    fn outlines(&self) -> Vec<(SubcatchmentId, Vec<[f64; 2]>)> {
        let into = self.reprojection();
        let ring = |id: SubcatchmentId| {
            let outline = self.model.map.subcatchments.get(id.index())?;
            let mut ring: Vec<[f64; 2]> =
                outline.iter().map(|point| moved(into.as_ref(), *point)).collect::<Option<_>>()?;
            let (first, last) = (*ring.first()?, *ring.last()?);
            if first != last {
                ring.push(first);
            }
            (ring.len() >= 4).then_some((id, ring))
        };
        self.model.subcatchments.ids().filter_map(ring).collect()
    }

    /// How coordinates of the network become those of the terrain; `None` when they are the same.
    pub fn reprojection(&self) -> Option<Reprojection> {
        // nodes were placed with it before: it is known
        Reprojection::between(self.ground.crs.as_deref()?, self.ground.bare.crs.as_deref()?).ok()
    }
}

/// A point of the network in the coordinates of the terrain.
pub(super) fn moved(into: Option<&Reprojection>, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
    match into {
        Some(into) => into.point(x, y).ok().map(|(x, y)| [x, y]),
        None => Some([x, y]),
    }
}

/// The number of the nearest of some points; of equals the first.
fn nearest(points: &[([f64; 2], u16)], (x, y): (f64, f64)) -> u16 {
    let mut best = (f64::INFINITY, 0);
    for ([px, py], number) in points {
        let distance = (px - x).powi(2) + (py - y).powi(2);
        if distance < best.0 {
            best = (distance, *number);
        }
    }
    best.1
}
