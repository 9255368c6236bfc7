//! Buildings under water: the greatest level around each, held against its threshold.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Flood;
use crate::model::burn::{Cover, cover};
use crate::scenario::building::Building;

/// A building and the water around it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildingWater {
    /// Its name or number.
    pub id: String,
    /// What it is used for.
    pub usage: String,
    /// Its zone, by the first cell around it that has one; empty outside all.
    pub zone: String,
    /// Its area (m²).
    pub area: f64,
    /// A point of its outline.
    pub place: [f64; 2],
    /// Lowest ground around it (m); `None` off the map.
    pub ground: Option<f64>,
    /// Level of its threshold (m), if it is known.
    pub threshold: Option<f64>,
    /// Greatest level around it where water had arrived (m); `None` where it stayed dry.
    pub level: Option<f64>,
    /// Greatest depth around it (m).
    pub depth: f64,
    /// When water first arrived around it (s since the start of the run).
    pub arrival: Option<f64>,
}

impl BuildingWater {
    /// How high water stood over its threshold (m), below zero where it stayed below it; `None` where it stayed dry or
    /// the threshold is not known.
    #[must_use]
    pub fn over_threshold(&self) -> Option<f64> {
        Some(self.level? - self.threshold?)
    }
}

/// The water around buildings.
///
/// Around are the cells that touch those whose middle the building covers, and are not covered: what stands on a roof
/// comes in by no door. Thinner water than the arrival depth is rain that runs off. On a slope the highest door decides,
/// so that a house is rather flooded too early than too late.
#[must_use]
pub fn by_building(
    flood: &Flood<'_>,
    buildings: &[Building],
    zone_of: &dyn Fn((usize, usize)) -> Option<String>,
) -> Vec<BuildingWater> {
    buildings.iter().map(|building| around(flood, building, zone_of)).collect()
}

fn around(
    flood: &Flood<'_>,
    building: &Building,
    zone_of: &dyn Fn((usize, usize)) -> Option<String>,
) -> BuildingWater {
    let map = flood.ground;
    let mut inside: BTreeSet<(usize, usize)> = cover(&building.rings, map, Cover::Middle)
        .into_iter()
        .flat_map(|(row, columns)| columns.map(move |column| (row, column)))
        .collect();
    // smaller than a cell: the cell stands for what is around it
    let small = inside.is_empty();
    if small {
        let points = building.rings.iter().flatten();
        inside = points.filter_map(|point| map.cell_at(point[0], point[1])).collect();
    }
    let mut ring: BTreeSet<(usize, usize)> = BTreeSet::new();
    for &(row, column) in &inside {
        for beside in neighbours(row, column) {
            if small || !inside.contains(&beside) {
                ring.insert(beside);
            }
        }
        if small {
            ring.insert((row, column));
        }
    }
    let mut of = BuildingWater {
        id: building.id.clone(),
        usage: building.usage.clone(),
        area: building.area(),
        place: building.rings.first().and_then(|ring| ring.first()).copied().unwrap_or_default(),
        threshold: building.threshold,
        zone: ring.iter().find_map(|place| zone_of(*place)).unwrap_or_default(),
        ..BuildingWater::default()
    };
    let larger = |known: Option<f64>, value: f64| Some(known.map_or(value, |known: f64| known.max(value)));
    let smaller = |known: Option<f64>, value: f64| Some(known.map_or(value, |known: f64| known.min(value)));
    for place in ring {
        let (Some(cell), Some(ground)) = (flood.at(place), map.values.get(place)) else { continue };
        of.ground = smaller(of.ground, f64::from(*ground));
        of.depth = of.depth.max(cell.depth);
        if cell.depth > flood.watch.arrival_depth {
            of.level = larger(of.level, cell.level);
        }
        if cell.arrival.is_finite() {
            of.arrival = smaller(of.arrival, cell.arrival);
        }
    }
    of
}

/// The cells that touch a cell, at corners too.
pub(super) fn neighbours(row: usize, column: usize) -> impl Iterator<Item = (usize, usize)> {
    (-1..=1_isize).flat_map(move |down| {
        (-1..=1_isize).filter_map(move |right| {
            let is_other = (down, right) != (0, 0);
            row.checked_add_signed(down).zip(column.checked_add_signed(right)).filter(|_| is_other)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inundation::testing::Lake;

    fn house(low: f64, high: f64, threshold: Option<f64>) -> Building {
        let ring = vec![[low, low], [high, low], [high, high], [low, high], [low, low]];
        Building { id: "B1".into(), usage: "住宅".into(), threshold, rings: vec![ring] }
    }

    #[test]
    fn water_is_over_a_threshold_by_the_difference_of_levels() {
        // 0.4 m of water on ground at 10 m, left of column 12
        let lake = Lake::of(30, 30, 1.0, |_, column| if column < 12 { 0.4 } else { 0.0 });
        let flood = lake.flood();
        let of = |building: Building| by_building(&flood, &[building], &|_| Some("老城".into())).remove(0);
        let wet = of(house(12.0, 18.0, Some(10.15)));
        assert!((wet.over_threshold().unwrap() - 0.25).abs() < 1e-9, "{wet:?}");
        assert_eq!((wet.arrival, wet.ground, wet.area), (Some(600.0), Some(10.0), 36.0));
        assert_eq!(wet.zone, "老城");
        assert!((of(house(12.0, 18.0, Some(10.6))).over_threshold().unwrap() + 0.2).abs() < 1e-9);
        // a cell of dry ground between
        let dry = of(house(13.0, 18.0, Some(10.15)));
        assert_eq!((dry.level, dry.over_threshold(), dry.depth), (None, None, 0.0));
        assert_eq!(of(house(12.0, 18.0, None)).over_threshold(), None, "nobody knows its threshold");
        assert_eq!(of(house(300.0, 310.0, Some(1.0))).ground, None, "off the map");
    }

    #[test]
    fn water_on_a_roof_and_thin_rain_come_in_by_no_door() {
        let inside = |row: usize, column: usize| (12..18).contains(&row) && (12..18).contains(&column);
        let lake = Lake::of(30, 30, 1.0, |row, column| if inside(row, column) { 0.5 } else { 0.04 });
        let found = by_building(&lake.flood(), &[house(12.0, 18.0, Some(10.0))], &|_| None).remove(0);
        assert_eq!((found.level, found.depth), (None, 0.04));
    }

    #[test]
    fn a_kiosk_smaller_than_a_cell_stands_in_the_water_of_its_cell() {
        let lake = Lake::of(30, 30, 1.0, |row, column| if (row, column) == (14, 15) { 0.3 } else { 0.0 });
        let found = by_building(&lake.flood(), &[house(15.1, 15.4, Some(10.1))], &|_| None).remove(0);
        assert!((found.over_threshold().unwrap() - 0.2).abs() < 1e-9, "{found:?}");
    }
}
