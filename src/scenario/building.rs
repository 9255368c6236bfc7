//! Buildings and entrances: where water comes in, and at which level.

/// A building.
#[derive(Clone, Debug, PartialEq)]
pub struct Building {
    /// Its name or number.
    pub id: String,
    /// What it is used for, such as `住宅`; tables of damage know it by this word.
    pub usage: String,
    /// Level of its threshold (m); `None` where nobody measured it.
    pub threshold: Option<f64>,
    /// Its rings, in the coordinates of the network: each closed, outer and inner ones alike.
    pub rings: Vec<Vec<[f64; 2]>>,
}

impl Building {
    /// Its area, m²: half the sum of `x0 y1 - x1 y0` over its edges, holes taken off.
    pub fn area(&self) -> f64 {
        let ring_area = |ring: &Vec<[f64; 2]>| {
            let pairs = ring.iter().zip(ring.iter().skip(1));
            0.5 * pairs.map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>().abs()
        };
        // a ring whose first point lies within an odd number of others is a hole
        let inside = |point: [f64; 2], ring: &[[f64; 2]]| {
            let [x, y] = point;
            let crosses = |(a, b): (&[f64; 2], &[f64; 2])| {
                (a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
            };
            ring.iter().zip(ring.iter().skip(1)).filter(|(a, b)| crosses((a, b))).count() % 2 == 1
        };
        let of = |(index, ring): (usize, &Vec<[f64; 2]>)| {
            let Some(&first) = ring.first() else { return 0.0 };
            let others = self.rings.iter().enumerate().filter(|(other, _)| *other != index);
            let around = others.filter(|(_, other)| inside(first, other)).count();
            if around % 2 == 1 { -ring_area(ring) } else { ring_area(ring) }
        };
        self.rings.iter().enumerate().map(of).sum()
    }
}

/// An underpass, or the entrance of a metro, a garage or a cellar: what water gets into over a sill.
#[derive(Clone, Debug, PartialEq)]
pub struct Sill {
    /// Its name.
    pub name: String,
    /// Level of the sill (m): water above it gets in.
    pub level: f64,
    /// Rings of the low area behind the sill, where the terrain holds it, in the coordinates of the network; empty for
    /// an entrance, of which the terrain knows nothing but the place.
    pub rings: Vec<Vec<[f64; 2]>>,
    /// The entrance, where there are no rings.
    pub point: [f64; 2],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_courtyard_is_no_part_of_a_building_whichever_way_its_ring_runs() {
        let square =
            |low: f64, high: f64| vec![[low, low], [high, low], [high, high], [low, high], [low, low]];
        let building = |rings: Vec<Vec<[f64; 2]>>| Building {
            id: "B".into(),
            usage: "住宅".into(),
            threshold: None,
            rings,
        };
        assert_eq!(building(vec![square(0.0, 10.0)]).area(), 100.0);
        let yard: Vec<[f64; 2]> = square(4.0, 6.0).into_iter().rev().collect();
        assert_eq!(building(vec![square(0.0, 10.0), yard]).area(), 96.0);
        assert_eq!(building(vec![square(0.0, 10.0), square(4.0, 6.0)]).area(), 96.0);
        assert_eq!(building(vec![square(0.0, 10.0), square(20.0, 21.0)]).area(), 101.0, "two parts");
    }
}
