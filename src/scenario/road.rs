//! Roads: what pipes lie under, by name and class.

/// A road, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Road {
    /// Its name.
    pub name: String,
    /// Its class, such as `主干路`.
    pub class: String,
    /// Lanes, both directions together.
    pub lanes: u32,
    /// Its width, m.
    pub width: f64,
    /// Its axis: points in the coordinates of the network, two or more.
    pub line: Vec<[f64; 2]>,
}

impl Road {
    /// The shortest distance of a point from the axis, in the unit of the coordinates; infinite without an axis.
    pub fn distance(&self, point: [f64; 2]) -> f64 {
        match self.line.as_slice() {
            [] => f64::INFINITY,
            [only] => between(point, *only),
            line => line
                .iter()
                .zip(line.iter().skip(1))
                .map(|(&from, &to)| from_segment(point, from, to))
                .fold(f64::INFINITY, f64::min),
        }
    }
}

/// The nearest road to a point, if one is within `reach` of it; of two at the same distance the first.
pub fn nearest(roads: &[Road], point: [f64; 2], reach: f64) -> Option<&Road> {
    let mut best: Option<(f64, &Road)> = None;
    for road in roads {
        let distance = road.distance(point);
        if distance <= reach && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, road));
        }
    }
    best.map(|(_, road)| road)
}

/// Distance of two points.
fn between([ax, ay]: [f64; 2], [bx, by]: [f64; 2]) -> f64 {
    (ax - bx).hypot(ay - by)
}

/// Distance of a point from a segment: to the foot of its perpendicular, or to the nearer end.
fn from_segment(point: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let along = [to[0] - from[0], to[1] - from[1]];
    let length_squared = along[0] * along[0] + along[1] * along[1];
    if length_squared <= 0.0 {
        return between(point, from);
    }
    let share = ((point[0] - from[0]) * along[0] + (point[1] - from[1]) * along[1]) / length_squared;
    let share = share.clamp(0.0, 1.0);
    between(point, [from[0] + share * along[0], from[1] + share * along[1]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn road(name: &str, line: &[[f64; 2]]) -> Road {
        Road { name: name.into(), class: "支路".into(), lanes: 2, width: 12.0, line: line.to_vec() }
    }

    #[test]
    fn the_distance_is_to_the_axis_and_beyond_its_ends_to_the_end() {
        let bent = road("a", &[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]]);
        assert_eq!(bent.distance([5.0, 3.0]), 3.0);
        assert_eq!(bent.distance([-3.0, 4.0]), 5.0);
        assert_eq!(bent.distance([12.0, 5.0]), 2.0);
        assert_eq!(road("a", &[[1.0, 1.0], [1.0, 1.0]]).distance([4.0, 5.0]), 5.0);
        assert_eq!(road("a", &[]).distance([0.0, 0.0]), f64::INFINITY);
    }

    #[test]
    fn the_nearest_road_is_within_reach() {
        let roads =
            [road("north", &[[0.0, 20.0], [100.0, 20.0]]), road("south", &[[0.0, 0.0], [100.0, 0.0]])];
        let name = |point, reach| nearest(&roads, point, reach).map(|road| road.name.as_str());
        assert_eq!(name([50.0, 4.0], 20.0), Some("south"));
        assert_eq!(name([50.0, 10.0], 20.0), Some("north"), "of two as near the first");
        assert_eq!(name([50.0, -30.0], 20.0), None);
    }
}
