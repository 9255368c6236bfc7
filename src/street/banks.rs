//! Banks of open channels: where their water and that of the surface meet.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::model::link::Link;
use crate::model::raster::Raster;
use crate::model::section::transect::Transect;
use crate::model::section::{CrossSection, Shape};
use crate::model::{LinkId, NodeId};
use crate::num::index::Id;
use crate::scenario::surface::{BANK_WEIR, CrestFrom};
use crate::simulation::street::Bank;

use super::joining::Join;
use super::rain::moved;

/// How far beyond its channel a bank looks for a cell of the surface, in cells.
const REACH: usize = 4;
/// Points along a channel in each cell.
const POINTS: f64 = 4.0;

/// A channel with banks, from its upstream to its downstream end.
pub(super) struct Channel {
    id: LinkId,
    line: Vec<[f64; 2]>,
    /// Half its width at the top (m).
    half: f64,
    /// Levels of its invert at both ends (m).
    inverts: [f64; 2],
    /// Heights of the left and the right crest above the invert (m).
    crests: [f64; 2],
}

/// A point along a channel.
struct Station {
    /// Its part of the length, 0 to 1.
    along: f64,
    point: [f64; 2],
    /// The unit vector downstream.
    direction: [f64; 2],
    /// The length that it stands for (m).
    length: f64,
}

impl Channel {
    /// Points along the line, so near to each other that no cell is missed.
    fn stations(&self, cell: f64) -> Vec<Station> {
        let steps = || self.line.iter().zip(self.line.iter().skip(1));
        let of = |(a, b): (&[f64; 2], &[f64; 2])| (b[0] - a[0]).hypot(b[1] - a[1]);
        let whole: f64 = steps().map(of).sum();
        let (mut stations, mut before) = (Vec::new(), 0.0);
        for (a, b) in steps() {
            let length = of((a, b));
            if length <= 0.0 {
                continue;
            }
            let count = (POINTS * length / cell).ceil().clamp(1.0, 1.0e7) as usize;
            let direction = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
            for step in 0..count {
                let share = (step as f64 + 0.5) / count as f64;
                stations.push(Station {
                    along: (before + share * length) / whole,
                    point: [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])],
                    direction,
                    length: length / count as f64,
                });
            }
            before += length;
        }
        stations
    }
}

impl Join<'_> {
    /// The channels that have banks.
    pub fn channels(&mut self) -> Vec<Channel> {
        let Some(table) = &self.ground.table.banks else { return Vec::new() };
        let mut channels = Vec::new();
        let into = self.reprojection();
        for name in &table.channels {
            let mut fail = |message: String, help: &str| {
                self.found
                    .push(Diagnostic::error(0, format!("`surface.banks.channels`: {message}")).help(help));
            };
            let Some(id) = self.model.links.find(name) else {
                fail(format!("there is no link `{name}`"), "name open conduits of the network");
                continue;
            };
            if channels.iter().any(|channel: &Channel| channel.id == id) {
                fail(format!("`{name}` stands there twice"), "name it once");
                continue;
            }
            let link = &self.model.links[id];
            let section = link.conduit().map(|conduit| CrossSection::new(&conduit.shape, self.model));
            let Some(Ok(section)) =
                section.filter(|section| section.as_ref().is_ok_and(CrossSection::is_open))
            else {
                fail(
                    format!("`{name}` is no open conduit"),
                    "pipes have no banks: their nodes meet the surface",
                );
                continue;
            };
            let end = |node: NodeId| self.model.map.nodes.get(node.index()).copied().flatten();
            let vertices = self.model.map.links.get(id.index()).map_or(&[][..], Vec::as_slice);
            let mut inner = vertices.to_vec();
            if link.reversed {
                // the check turned the link; its vertices are in the order of the file
                inner.reverse();
            }
            let points =
                std::iter::once(end(link.from)).chain(inner.into_iter().map(Some)).chain([end(link.to)]);
            let line: Option<Vec<[f64; 2]>> = points.map(|point| moved(into.as_ref(), point?)).collect();
            let Some(line) = line else {
                fail(format!("`{name}` has an end without a place"), "give its nodes coordinates");
                continue;
            };
            let invert = |node: NodeId, offset: f64| self.model.nodes[node].invert + offset;
            channels.push(Channel {
                id,
                line,
                half: 0.5 * section.width(section.full_depth),
                inverts: [invert(link.from, link.inlet_offset), invert(link.to, link.outlet_offset)],
                crests: self.crests(link, section.full_depth),
            });
            self.channels.push(id);
        }
        channels
    }

    /// Heights of both crests above the invert: at the bank stations of a transect, else the top of the section.
    fn crests(&self, link: &Link, full_depth: f64) -> [f64; 2] {
        let top = [full_depth; 2];
        let Some(Shape::Irregular(id)) = link.shape() else { return top };
        let Some(transect) = self.model.transects.items().get(id.index()) else { return top };
        let heights = bank_heights(transect).unwrap_or(top);
        // seen against the flow, left is right
        if link.reversed { [heights[1], heights[0]] } else { heights }
    }

    /// Takes the cells between the banks out of the surface: their water is the channel's.
    pub fn cut_channels(&mut self, channels: &[Channel]) {
        for channel in channels {
            for station in channel.stations(self.terrain.cell) {
                let normal = [-station.direction[1], station.direction[0]];
                let count = (POINTS * channel.half / self.terrain.cell).floor() as i64;
                for step in -count..=count {
                    let off = step as f64 * self.terrain.cell / POINTS;
                    let (x, y) = (station.point[0] + off * normal[0], station.point[1] + off * normal[1]);
                    let Some(place) = self.terrain.cell_at(x, y) else { continue };
                    // cells whose middle lies between the banks, so that narrow channels leave the street whole
                    let (cx, cy) = self.terrain.centre(place.0, place.1);
                    let across = (cx - station.point[0]) * normal[0] + (cy - station.point[1]) * normal[1];
                    if across.abs() < channel.half
                        && let Some(level) = self.terrain.values.get_mut(place)
                    {
                        *level = f32::NAN;
                    }
                }
            }
        }
    }

    /// The pieces of banks, each along one cell of the surface.
    pub fn banks(&mut self, channels: &[Channel]) -> Vec<Bank> {
        let Some(table) = &self.ground.table.banks else { return Vec::new() };
        let weir = table.weir.unwrap_or(BANK_WEIR);
        let mut banks = Vec::new();
        for channel in channels {
            let name = self.model.links.name(channel.id);
            let mut dry = 0.0;
            for (side, turn) in [(0, 1.0), (1, -1.0)] {
                // summed over the points in each cell: length, and along and crest times length
                let mut pieces: BTreeMap<(usize, usize), [f64; 3]> = BTreeMap::new();
                for station in channel.stations(self.terrain.cell) {
                    // left is a quarter turn against the clock from downstream
                    let normal = [-station.direction[1] * turn, station.direction[0] * turn];
                    let Some(place) = self.beside(&station, normal, channel.half) else {
                        dry += station.length;
                        continue;
                    };
                    let ground = f64::from(self.terrain.values.get(place).copied().unwrap_or(f32::NAN));
                    let invert =
                        channel.inverts[0] + station.along * (channel.inverts[1] - channel.inverts[0]);
                    let given = self.given_crest(name, station.along, side);
                    let crest = given.unwrap_or(match table.crest {
                        CrestFrom::Section => invert + channel.crests[side],
                        CrestFrom::Terrain => ground,
                    });
                    let piece = pieces.entry(place).or_default();
                    piece[0] += station.length;
                    piece[1] += station.along * station.length;
                    piece[2] += crest.max(ground) * station.length;
                }
                for ((row, column), [length, along, crest]) in pieces {
                    let Some(cell) = self.grid.cell(row, column) else { continue };
                    let (along, crest) = (along / length, crest / length);
                    banks.push(Bank { link: channel.id, along, cell, crest, length, weir });
                }
            }
            if dry > 0.0 {
                let message = format!(
                    "the channel `{name}` has {dry:.0} m of bank without a cell of the surface beside it"
                );
                self.found.push(Diagnostic::warning(0, message).help("no water goes over the bank there"));
            }
        }
        banks
    }

    /// The first cell of the surface beyond the bank.
    fn beside(&self, station: &Station, normal: [f64; 2], half: f64) -> Option<(usize, usize)> {
        let Raster { cell, values, .. } = &self.terrain;
        (0..=2 * REACH).find_map(|step| {
            let off = half + cell * (0.5 + 0.5 * step as f64);
            let place = self
                .terrain
                .cell_at(station.point[0] + off * normal[0], station.point[1] + off * normal[1])?;
            values.get(place).is_some_and(|level| !level.is_nan()).then_some(place)
        })
    }

    /// The level of a crest that a table gives, between its places along the channel; beyond them as at the last.
    fn given_crest(&self, channel: &str, along: f64, side: usize) -> Option<f64> {
        let mut points: Vec<(f64, f64)> = self
            .ground
            .bank_levels
            .iter()
            .filter(|level| level.channel.eq_ignore_ascii_case(channel))
            .filter_map(|level| Some((level.along, if side == 0 { level.left? } else { level.right? })))
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let next = points.partition_point(|point| point.0 < along);
        match (next.checked_sub(1).and_then(|before| points.get(before)), points.get(next)) {
            (Some(a), Some(b)) if b.0 > a.0 => Some(a.1 + (b.1 - a.1) * (along - a.0) / (b.0 - a.0)),
            (_, Some(point)) | (Some(point), None) => Some(point.1),
            (None, None) => None,
        }
    }
}

/// Heights of the ground at the left and the right bank station above the lowest point of a transect (m).
fn bank_heights(transect: &Transect) -> Option<[f64; 2]> {
    let lowest = transect.elevations.iter().copied().fold(f64::INFINITY, f64::min);
    let points: Vec<(f64, f64)> =
        transect.stations.iter().copied().zip(transect.elevations.iter().copied()).collect();
    let at = |station: f64| {
        let next = points.partition_point(|point| point.0 < station);
        let level = match (next.checked_sub(1).and_then(|before| points.get(before)), points.get(next)) {
            (Some(a), Some(b)) if b.0 > a.0 => a.1 + (b.1 - a.1) * (station - a.0) / (b.0 - a.0),
            (_, Some(point)) | (Some(point), None) => point.1,
            (None, None) => return None,
        };
        Some(level - lowest)
    };
    Some([at(transect.left_bank)?, at(transect.right_bank)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crests_are_the_ground_at_the_bank_stations() {
        let transect = Transect {
            stations: vec![0.0, 10.0, 15.0, 20.0, 40.0],
            elevations: vec![6.0, 4.0, 1.0, 3.5, 7.5],
            left_bank: 5.0,
            right_bank: 20.0,
            ..Transect::default()
        };
        assert_eq!(bank_heights(&transect), Some([4.0, 2.5]));
        assert_eq!(bank_heights(&Transect::default()), None);
    }
}
