//! Underpasses and entrances: when water passes the sill, and how soon it is deep behind it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::buildings::neighbours;
use crate::model::burn::{Cover, cover};
use crate::model::raster::Raster;
use crate::scenario::building::Sill;

/// Depths behind a sill whose times are told (m): one lane closed, exhausts of cars under water, the highest class of
/// waterlogging (`seeds/hazard.toml`).
pub const DEPTHS: [f64; 3] = [0.15, 0.27, 0.5];

/// An underpass or entrance under water.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SillWater {
    /// Its name.
    pub name: String,
    /// Level of the sill (m).
    pub sill: f64,
    /// Where it is.
    pub place: [f64; 2],
    /// Greatest level before it (m) at reporting times, on ground that is not higher than the sill; `None` where it
    /// stayed dry, or the map has no such ground.
    pub level: Option<f64>,
    /// When water passed the sill (s since the rain began), along straight lines between reporting times.
    pub passed: Option<f64>,
    /// Greatest depth behind it (m) at reporting times; `None` of an entrance, whose inside the terrain does not hold.
    pub depth: Option<f64>,
    /// When it was so deep behind it as each of [`DEPTHS`] (s since the rain began).
    pub reached: Vec<Option<f64>>,
}

/// A sill on the cells of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct LaidSill {
    /// Its name.
    pub name: String,
    /// Its level (m).
    pub level: f64,
    /// Where it is.
    pub place: [f64; 2],
    /// Cells before it whose ground is not higher than it: water there above the sill gets in.
    pub before: Vec<(usize, usize)>,
    /// Cells behind it; empty for an entrance.
    pub behind: Vec<(usize, usize)>,
}

/// Lays sills on a map.
#[must_use]
pub fn lay(sills: &[Sill], map: &Raster, counts: &dyn Fn((usize, usize)) -> bool) -> Vec<LaidSill> {
    let low = |place: &(usize, usize), level: f64| {
        counts(*place) && map.values.get(*place).is_some_and(|ground| f64::from(*ground) <= level)
    };
    let covered = |sill: &Sill| -> BTreeSet<(usize, usize)> {
        let rows = cover(&sill.rings, map, Cover::Middle).into_iter();
        rows.flat_map(|(row, columns)| columns.map(move |column| (row, column))).collect()
    };
    // two sills may guard one low area between them: what lies behind one does not lie before the other
    let low_areas: BTreeSet<(usize, usize)> = sills.iter().flat_map(covered).collect();
    sills
        .iter()
        .map(|sill| {
            let behind = covered(sill);
            let mut around: BTreeSet<(usize, usize)> = BTreeSet::new();
            if sill.rings.is_empty()
                && let Some((row, column)) = map.cell_at(sill.point[0], sill.point[1])
            {
                around.extend(neighbours(row, column).chain([(row, column)]));
            }
            for &(row, column) in &behind {
                around.extend(neighbours(row, column).filter(|beside| !low_areas.contains(beside)));
            }
            let first = sill.rings.first().and_then(|ring| ring.first()).copied();
            LaidSill {
                name: sill.name.clone(),
                level: sill.level,
                place: first.unwrap_or(sill.point),
                before: around.into_iter().filter(|place| low(place, sill.level)).collect(),
                behind: behind.into_iter().filter(|place| counts(*place)).collect(),
            }
        })
        .collect()
}

/// When a value that goes in straight lines between two records first rises above a limit (s): `(time, value)` before,
/// and now; `None` where it does not, and the first time where it was above it from the start.
#[must_use]
pub fn crossing(before: Option<(f64, f64)>, now: (f64, f64), limit: f64) -> Option<f64> {
    if now.1 <= limit {
        return None;
    }
    match before {
        Some((time, value)) if value < limit => {
            Some(time + (now.0 - time) * (limit - value) / (now.1 - value))
        }
        _ => Some(now.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn a_straight_rise_crosses_a_limit_between_its_records() {
        assert_eq!(crossing(Some((100.0, 0.0)), (200.0, 0.4), 0.1), Some(125.0));
        assert_eq!(crossing(Some((100.0, 0.0)), (200.0, 0.1), 0.1), None);
        assert_eq!(crossing(None, (0.0, 0.4), 0.1), Some(0.0));
    }

    #[test]
    fn only_ground_below_the_sill_lies_before_it() {
        // a ramp that falls eastward to a flat underpass behind column 10, between walls above and below it
        let ground = Array2::from_shape_fn((9, 20), |(row, column)| match (row, column) {
            (3..=5, 10..) => 8.0,
            (3..=5, _) => 10.0,
            _ => 15.0,
        });
        let map = Raster { west: 0.0, north: 9.0, cell: 1.0, crs: None, values: ground };
        let rings = vec![vec![[10.0, 3.0], [20.0, 3.0], [20.0, 6.0], [10.0, 6.0], [10.0, 3.0]]];
        let sill = Sill { name: "隧道".into(), level: 10.1, rings, point: [0.0, 0.0] };
        let laid = lay(&[sill], &map, &|_| true).remove(0);
        assert_eq!(laid.before, [(3, 9), (4, 9), (5, 9)]);
        assert_eq!(laid.behind.len(), 30);
        let halves = [(10.0, 14.0, "west"), (14.0, 20.0, "east")].map(|(left, right, name)| Sill {
            name: name.into(),
            level: 10.1,
            rings: vec![vec![[left, 3.0], [right, 3.0], [right, 6.0], [left, 6.0], [left, 3.0]]],
            point: [0.0, 0.0],
        });
        let laid = lay(&halves, &map, &|_| true);
        assert_eq!(laid[0].before, [(3, 9), (4, 9), (5, 9)]);
        assert_eq!(laid[1].before, []);
        let entrance = Sill { name: "A口".into(), level: 10.1, rings: Vec::new(), point: [5.5, 4.5] };
        let laid = lay(&[entrance], &map, &|_| true).remove(0);
        assert_eq!((laid.before.len(), laid.behind.len()), (9, 0));
    }
}
