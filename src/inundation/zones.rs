//! How much of each zone, and of the whole map, was under water: depth, area, volume, hazard, retreat.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::Flood;
use crate::scenario::hazard::PeopleHazard;
use crate::scenario::zone::Zone;
use crate::surface::hazard::{Danger, danger};

/// Depths above which areas are told (m): 0.15 m is that of GB 50014's lane, 0.27 m about the exhaust of a car, 0.5 m
/// the highest class of waterlogging (`seeds/hazard.toml`).
pub const DEPTHS: [f64; 5] = [0.05, 0.15, 0.27, 0.5, 1.0];
/// Depths of the curve of area and volume by depth (m).
pub const CURVE: [f64; 14] = [0.02, 0.05, 0.1, 0.15, 0.2, 0.27, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0];

/// What stood deeper than a depth at some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepthArea {
    /// The depth (m).
    pub depth: f64,
    /// Area whose greatest depth is above it (m²).
    pub area: f64,
    /// Volume of the greatest depths of that area (m³): no less than what was ever there at once.
    pub volume: f64,
}

/// A zone under water, or the whole map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneWater {
    /// Its name; empty for the whole map.
    pub name: String,
    /// Its class; empty for the whole map.
    pub class: String,
    /// Its area on the map (m²), without what stood under water from the start.
    pub area: f64,
    /// Areas by greatest depth, above each of [`DEPTHS`].
    pub depths: Vec<DepthArea>,
    /// Volume of the greatest depths of all its cells (m³): no less than what was ever there at once.
    pub volume: f64,
    /// Greatest depth (m).
    pub max_depth: f64,
    /// Greatest speed where it was at least 1 cm deep (m/s).
    pub max_speed: f64,
    /// Areas of danger for some, for most and for all (m²), by the greatest rating in time (FD2321).
    pub people: [f64; 3],
    /// Areas of the classes H1 to H6 (m²), by the greatest class in time (AIDR).
    pub classes: [f64; 6],
    /// The longest time above the threshold (s).
    pub longest: f64,
    /// Longest time from the last rain until the water of its ponding places was below the threshold for good (s);
    /// `None` where it still stood there at the end of the run.
    pub retreat: Option<f64>,
}

/// The whole map, then each zone.
///
/// `retreats` says by cell how long water of a ponding place stood there after the rain, as
/// [`super::ponding::retreats`] gives it: single cells that no drop leaves are no places.
#[must_use]
pub fn by_zone(
    flood: &Flood<'_>,
    zones: &[Zone],
    of_cells: &Array2<Option<u16>>,
    retreats: &Array2<Retreat>,
    people: &PeopleHazard,
) -> Vec<ZoneWater> {
    let blank = |name: &str, class: &str| ZoneWater {
        name: name.to_owned(),
        class: class.to_owned(),
        depths: DEPTHS.map(|depth| DepthArea { depth, ..DepthArea::default() }).to_vec(),
        retreat: Some(0.0),
        ..ZoneWater::default()
    };
    let mut all = vec![blank("", "")];
    all.extend(zones.iter().map(|zone| blank(&zone.name, &zone.class)));
    let area = flood.cell_area();
    for (place, cell) in flood.all() {
        let zone = of_cells.get(place).copied().flatten().map(|zone| usize::from(zone) + 1);
        for index in [Some(0), zone].into_iter().flatten() {
            let Some(of) = all.get_mut(index) else { continue };
            of.area += area;
            if cell.depth <= 0.0 {
                continue;
            }
            for step in of.depths.iter_mut().filter(|step| cell.depth > step.depth) {
                step.area += area;
                step.volume += area * cell.depth;
            }
            of.volume += area * cell.depth;
            of.max_depth = of.max_depth.max(cell.depth);
            of.max_speed = of.max_speed.max(cell.speed);
            of.longest = of.longest.max(cell.above);
            match danger(cell.people, people) {
                Danger::Low => {}
                Danger::Some => of.people[0] += area,
                Danger::Most => of.people[1] += area,
                Danger::All => of.people[2] += area,
            }
            if let Some(class) = usize::from(cell.class).checked_sub(1)
                && let Some(of_class) = of.classes.get_mut(class)
            {
                *of_class += area;
            }
            match retreats.get(place) {
                Some(Retreat::Stands) => of.retreat = None,
                Some(Retreat::After(time)) => of.retreat = of.retreat.map(|so_far| so_far.max(*time)),
                Some(Retreat::NoPlace) | None => {}
            }
        }
    }
    all
}

/// When the water of a cell of a ponding place was gone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Retreat {
    /// The cell belongs to no ponding place.
    #[default]
    NoPlace,
    /// So long after the last rain (s).
    After(f64),
    /// It still stands there at the end of the run.
    Stands,
}

/// Area and volume above each of [`CURVE`].
#[must_use]
pub fn depth_area(flood: &Flood<'_>) -> Vec<DepthArea> {
    let mut curve = CURVE.map(|depth| DepthArea { depth, ..DepthArea::default() });
    let area = flood.cell_area();
    for (_, cell) in flood.all() {
        for step in curve.iter_mut().filter(|step| cell.depth > step.depth) {
            step.area += area;
            step.volume += area * cell.depth;
        }
    }
    curve.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::hazard_table::embedded;
    use crate::inundation::testing::Lake;

    /// A square zone between two corners.
    fn square(name: &str, low: f64, high: f64) -> Zone {
        let ring = vec![[low, low], [high, low], [high, high], [low, high], [low, low]];
        Zone { name: name.into(), class: "中心城区".into(), rings: vec![ring] }
    }

    #[test]
    fn a_cone_full_of_water_has_the_areas_and_the_volume_of_a_cone() {
        // depth 1 m in the middle, nothing at 50 m from it
        let lake = Lake::cone(1.0, 50.0);
        let curve = depth_area(&lake.flood());
        for step in curve.iter().filter(|step| step.depth < 0.9) {
            let radius = 50.0 * (1.0 - step.depth);
            let area = std::f64::consts::PI * radius * radius;
            assert!((step.area - area).abs() < 0.02 * area + 20.0, "{step:?}: {area}");
            // a cone on a disc: pi r² (d + (1 - d) / 3)
            let volume = area * (step.depth + (1.0 - step.depth) / 3.0);
            assert!((step.volume - volume).abs() < 0.02 * volume + 20.0, "{step:?}: {volume}");
        }
        assert_eq!(curve.last().map(|step| step.area), Some(0.0));
    }

    #[test]
    fn zones_share_the_water_of_the_map() {
        let lake = Lake::cone(1.0, 50.0);
        let flood = lake.flood();
        // the middle of the map is at 60 m
        let zones = [square("west", 0.0, 60.0), square("none", 900.0, 950.0)];
        let of_cells = flood.zones_of_cells(&zones);
        let none = Array2::from_elem(of_cells.dim(), Retreat::NoPlace);
        let people = embedded().unwrap().people;
        let all = by_zone(&flood, &zones, &of_cells, &none, &people);
        assert_eq!((all[0].name.as_str(), all[1].name.as_str(), all[2].area), ("", "west", 0.0));
        assert!((all[1].volume - all[0].volume / 4.0).abs() < 1e-6 * all[0].volume, "a quarter of the cone");
        assert_eq!(all[1].area, 3600.0);
        assert!((all[0].depths[4].area).abs() < 1e-9 && all[0].max_depth <= 1.0);
        assert_eq!(all[0].classes.iter().sum::<f64>(), all[0].depths[0].area, "rated from 5 cm on");
    }
}
