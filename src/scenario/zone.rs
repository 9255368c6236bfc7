//! Zones: parts of the city that rules and measures name.

/// A zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// Its name.
    pub name: String,
    /// Its class, such as `中心城区`.
    pub class: String,
    /// Its rings, in the coordinates of the network: each closed, outer and inner ones alike.
    pub rings: Vec<Vec<[f64; 2]>>,
}

impl Zone {
    /// Whether a point lies in the zone: a ray from it crosses the rings an odd number of times.
    pub fn contains(&self, point: [f64; 2]) -> bool {
        let [x, y] = point;
        let crossings = self.rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().skip(1)));
        crossings
            .filter(|&(&[x0, y0], &[x1, y1])| {
                (y0 > y) != (y1 > y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)
            })
            .count()
            % 2
            == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_not_in_the_zone() {
        let square = |a: f64, b: f64| vec![[a, a], [b, a], [b, b], [a, b], [a, a]];
        let zone =
            Zone { name: "z".into(), class: String::new(), rings: vec![square(0.0, 10.0), square(4.0, 6.0)] };
        assert!(zone.contains([1.0, 1.0]) && !zone.contains([5.0, 5.0]) && !zone.contains([11.0, 5.0]));
    }
}
