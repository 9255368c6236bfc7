//! Roads: lines with a class, by which capacity is summed.

/// A road.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Road {
    /// Its name.
    pub name: String,
    /// Its class, such as `主干路`.
    pub class: String,
    /// Its lines, in the coordinates of the network.
    pub lines: Vec<Vec<[f64; 2]>>,
}

impl Road {
    /// Distance of a point from the nearest of its lines, in the unit of the coordinates; infinite without lines.
    pub fn distance(&self, point: [f64; 2]) -> f64 {
        let pieces = self.lines.iter().flat_map(|line| line.iter().zip(line.iter().skip(1)));
        pieces.map(|(&a, &b)| distance(point, a, b)).fold(f64::INFINITY, f64::min)
    }
}

/// The class of the nearest road within a distance of a point; empty where there is none. Of roads equally near
/// the first counts.
pub fn class_near(roads: &[Road], point: [f64; 2], within: f64) -> &str {
    let mut nearest = (within, "");
    for road in roads {
        let away = road.distance(point);
        if away < nearest.0 || (away <= within && nearest.1.is_empty()) {
            nearest = (away, &road.class);
        }
    }
    nearest.1
}

/// Distance of a point from a straight piece `a`-`b`: to its foot on the piece, or to the nearer end.
fn distance(point: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let square = dx * dx + dy * dy;
    let along = if square > 0.0 { ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / square } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (point[0] - a[0] - along * dx).hypot(point[1] - a[1] - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn road(class: &str, line: &[[f64; 2]]) -> Road {
        Road { name: String::new(), class: class.into(), lines: vec![line.to_vec()] }
    }

    #[test]
    fn distance_is_to_the_foot_or_the_nearer_end() {
        let road = road("a", &[[0.0, 0.0], [10.0, 0.0]]);
        assert_eq!(road.distance([5.0, 3.0]), 3.0);
        assert_eq!(road.distance([13.0, 4.0]), 5.0);
        assert_eq!(Road::default().distance([0.0, 0.0]), f64::INFINITY);
    }

    #[test]
    fn the_nearest_road_within_reach_gives_the_class() {
        let roads = [road("branch", &[[0.0, 8.0], [9.0, 8.0]]), road("main", &[[0.0, -5.0], [9.0, -5.0]])];
        assert_eq!(class_near(&roads, [4.0, 0.0], 15.0), "main");
        assert_eq!(class_near(&roads, [4.0, 5.0], 15.0), "branch");
        assert_eq!(class_near(&roads, [4.0, 30.0], 15.0), "");
        assert_eq!(class_near(&roads, [4.0, 23.0], 15.0), "branch", "at the distance itself");
    }
}
