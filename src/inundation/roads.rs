//! Roads under water: whether one lane stays passable over the whole length (GB 50014-2021 4.1.4 asks for 15 cm at
//! most on one lane of each road).

use serde::{Deserialize, Serialize};

use super::Flood;
use super::lanes::{Station, stations};
use crate::scenario::road::Road;

/// A road under water. Parts of one name and class are one road.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadWater {
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: String,
    /// Lanes of its first part.
    pub lanes: u32,
    /// Its length (m).
    pub length: f64,
    /// Length that lies on the ground with one lane at least (m); the rest is not seen.
    pub seen: f64,
    /// Greatest depth on the lane that is shallowest, at the cross-section where that is worst (m): one lane stays below
    /// it over the whole length, changing sides allowed. `None` where nothing of the road is seen.
    pub lane_depth: Option<f64>,
    /// Where that is.
    pub worst: Option<[f64; 2]>,
    /// Length on which no lane stayed below the threshold (m).
    pub cut: f64,
    /// Greatest depth anywhere on it (m).
    pub max_depth: f64,
    /// Longest time in which some cross-section had no lane below the threshold (s), seen at reporting times.
    pub longest_closed: f64,
    /// All such time (s).
    pub closed: f64,
    /// When it was first so (s since the start of the run).
    pub first_closed: Option<f64>,
}

/// A road on the cells of a map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaidRoad {
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: String,
    /// Lanes of its first part.
    pub lanes: u32,
    /// Its cross-sections.
    pub stations: Vec<Station>,
}

/// Lays roads on a map: parts of one name and class are one road, in the order of their first parts.
#[must_use]
pub fn lay(
    roads: &[Road],
    map: &crate::model::raster::Raster,
    counts: &dyn Fn((usize, usize)) -> bool,
) -> Vec<LaidRoad> {
    let mut all: Vec<LaidRoad> = Vec::new();
    for road in roads {
        let found = stations(road, map, counts);
        match all.iter_mut().find(|known| known.name == road.name && known.class == road.class) {
            Some(known) => known.stations.extend(found),
            None => all.push(LaidRoad {
                name: road.name.clone(),
                class: road.class.clone(),
                lanes: road.lanes,
                stations: found,
            }),
        }
    }
    all
}

/// What the greatest depths say of laid roads; times are added by a [`super::Watcher`].
#[must_use]
pub fn by_road(flood: &Flood<'_>, roads: &[LaidRoad]) -> Vec<RoadWater> {
    let depth = |place: (usize, usize)| flood.at(place).map_or(0.0, |cell| cell.depth);
    roads
        .iter()
        .map(|road| {
            let mut of = RoadWater {
                name: road.name.clone(),
                class: road.class.clone(),
                lanes: road.lanes,
                ..RoadWater::default()
            };
            for station in &road.stations {
                of.length += station.length;
                let cells = station.lanes.iter().flatten();
                of.max_depth = cells.map(|cell| depth(*cell)).fold(of.max_depth, f64::max);
                let Some(best) = station.best_lane(&depth) else { continue };
                of.seen += station.length;
                if best > flood.watch.threshold {
                    of.cut += station.length;
                }
                if of.lane_depth.is_none_or(|so_far| best > so_far) {
                    (of.lane_depth, of.worst) = (Some(best), Some(station.at));
                }
            }
            of
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inundation::testing::Lake;

    fn road(lanes: u32, width: f64, line: &[[f64; 2]]) -> Road {
        Road { name: "中山路".into(), class: "主干路".into(), lanes, width, line: line.to_vec() }
    }

    /// A road of 12 m along the middle of a valley map, crown in the middle: water stands 0.24 m deep at the kerbs and
    /// falls by 4 cm a metre towards the crown.
    fn crowned(row: usize) -> f64 {
        let from_axis = (row as f64 + 0.5 - 10.0).abs();
        (0.24 - 0.04 * (6.0 - from_axis)).max(0.0)
    }

    #[test]
    fn the_lanes_at_the_crown_stay_passable_when_those_at_the_kerb_do_not() {
        let lake = Lake::of(20, 50, 1.0, |row, _| crowned(row));
        let flood = lake.flood();
        let all = |place| flood.at(place).is_some();
        let line = [[0.5, 10.0], [49.5, 10.0]];
        let of = |lanes| by_road(&flood, &lay(&[road(lanes, 12.0, &line)], flood.ground, &all)).remove(0);
        // four lanes of 3 m: the inner ones reach to 3 m from the axis, to the cell of 2.5 m: 0.24 - 0.04 (6 - 2.5)
        let four = of(4);
        assert!((four.lane_depth.unwrap() - 0.10).abs() < 1e-9, "{four:?}");
        assert_eq!((four.cut, four.longest_closed), (0.0, 0.0));
        assert!((four.max_depth - 0.22).abs() < 1e-9 && (four.length - 49.0).abs() < 1e-9);
        // one lane for each direction reaches to the kerb
        let two = of(2);
        assert!((two.lane_depth.unwrap() - 0.22).abs() < 1e-9);
        assert!((two.cut - 49.0).abs() < 1e-9, "{two:?}");
    }

    #[test]
    fn one_wet_cross_section_decides_for_the_whole_road_and_parts_of_a_name_are_one() {
        let lake = Lake::of(20, 50, 1.0, |_, column| if column == 30 { 0.4 } else { 0.05 });
        let flood = lake.flood();
        let all = |place| flood.at(place).is_some();
        let parts =
            [road(4, 12.0, &[[0.0, 10.0], [20.0, 10.0]]), road(4, 12.0, &[[20.0, 10.0], [80.0, 10.0]])];
        let found = by_road(&flood, &lay(&parts, flood.ground, &all));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].lane_depth, found[0].worst), (Some(0.4), Some([30.5, 10.0])));
        assert!((found[0].cut - 1.0).abs() < 1e-9 && (found[0].length - 80.0).abs() < 1e-9);
        assert!((found[0].seen - 50.0).abs() < 1e-9, "30 m lie off the map");
    }
}
