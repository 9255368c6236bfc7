//! The lanes of a road as cells of a map.

use crate::model::raster::Raster;
use crate::scenario::road::Road;

/// A cross-section of a road.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// Where it crosses the axis.
    pub at: [f64; 2],
    /// The length of road that it stands for (m).
    pub length: f64,
    /// The cells of each lane, `(row, column)`, each once; empty for a lane of which a part lies off the ground.
    pub lanes: Vec<Vec<(usize, usize)>>,
}

/// The cross-sections of a road, one a cell along its axis. A lane is as wide as the road over its number of lanes, and
/// a cell belongs to it that it touches: on cells wider than a lane neighbours share cells.
///
/// `counts` says whether a cell is ground that may be flooded.
#[must_use]
pub fn stations(road: &Road, map: &Raster, counts: &dyn Fn((usize, usize)) -> bool) -> Vec<Station> {
    let mut all = Vec::new();
    let lanes = road.lanes.max(1);
    let lane_width = road.width / f64::from(lanes);
    // points across a lane, no further apart than half a cell
    let points = (2.0 * lane_width / map.cell).ceil().clamp(1.0, 64.0) as u32;
    for (from, to) in road.line.iter().zip(road.line.iter().skip(1)) {
        let (along_x, along_y) = (to[0] - from[0], to[1] - from[1]);
        let length = along_x.hypot(along_y);
        if !(length > 0.0 && length.is_finite()) {
            continue;
        }
        let pieces = (length / map.cell).ceil().clamp(1.0, 1.0e6) as u32;
        // to the left of the axis
        let (across_x, across_y) = (-along_y / length, along_x / length);
        for piece in 0..pieces {
            let share = (f64::from(piece) + 0.5) / f64::from(pieces);
            let at = [from[0] + share * along_x, from[1] + share * along_y];
            let lane = |lane: u32| {
                let mut cells = Vec::new();
                for point in 0..points {
                    let within = (f64::from(point) + 0.5) / f64::from(points);
                    let offset = (f64::from(lane) + within) * lane_width - 0.5 * road.width;
                    let cell = map.cell_at(at[0] + offset * across_x, at[1] + offset * across_y);
                    match cell.filter(|cell| counts(*cell)) {
                        Some(cell) if !cells.contains(&cell) => cells.push(cell),
                        Some(_) => {}
                        None => return Vec::new(),
                    }
                }
                cells
            };
            all.push(Station {
                at,
                length: length / f64::from(pieces),
                lanes: (0..lanes).map(lane).collect(),
            });
        }
    }
    all
}

impl Station {
    /// The depth of the lane that is shallowest, by the depth of its deepest cell (m); `None` where no lane is seen.
    #[must_use]
    pub fn best_lane(&self, depth: &dyn Fn((usize, usize)) -> f64) -> Option<f64> {
        let seen = self.lanes.iter().filter(|lane| !lane.is_empty());
        seen.map(|lane| lane.iter().map(|cell| depth(*cell)).fold(0.0, f64::max)).reduce(f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    fn map() -> Raster {
        Raster { west: 0.0, north: 20.0, cell: 1.0, crs: None, values: Array2::zeros((20, 100)) }
    }

    #[test]
    fn lanes_lie_side_by_side_from_the_right_to_the_left() {
        let line = vec![[10.0, 10.0], [20.0, 10.0]];
        let road = Road { name: "a".into(), class: String::new(), lanes: 4, width: 8.0, line };
        let found = stations(&road, &map(), &|_| true);
        assert_eq!(found.len(), 10);
        assert_eq!((found[0].at, found[0].length), ([10.5, 10.0], 1.0));
        // the first lane is the southernmost of a road that runs east: y from 6 to 8, rows 13 and 12
        let rows = |lane: usize| found[0].lanes[lane].iter().map(|cell| cell.0).collect::<Vec<_>>();
        assert_eq!([rows(0), rows(1), rows(2), rows(3)], [[13, 12], [11, 10], [9, 8], [7, 6]]);
    }

    #[test]
    fn a_lane_that_is_not_on_the_ground_is_not_seen() {
        let line = vec![[-3.0, 1.0], [3.0, 1.0]];
        let road = Road { name: "a".into(), class: String::new(), lanes: 2, width: 4.0, line };
        let found = stations(&road, &map(), &|_| true);
        let seen: Vec<usize> = found
            .iter()
            .map(|station| station.lanes.iter().filter(|lane| !lane.is_empty()).count())
            .collect();
        // the southern lane lies half below the map, and the western half of the road beside it
        assert_eq!(seen, [0, 0, 0, 1, 1, 1]);
        assert_eq!(found[0].best_lane(&|_| 1.0), None);
        assert_eq!(found[5].best_lane(&|(_, column)| column as f64), Some(2.0));
    }
}
