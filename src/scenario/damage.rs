//! Damage of floods, and concentrations of spilled water, as tables of data.

use super::words::Words;

/// A number by another one, in straight pieces. It never falls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Where it is known, increasing.
    pub at: Vec<f64>,
    /// The number there, not decreasing.
    pub value: Vec<f64>,
}

impl Curve {
    /// The number at a place: `y0 + (x - x0) / (x1 - x0) · (y1 - y0)` between two points, the first one
    /// below the first, the last one beyond the last: what is destroyed once is not destroyed again.
    pub fn at(&self, x: f64) -> f64 {
        let after = self.at.partition_point(|known| *known < x);
        let point = |index: usize| Some((*self.at.get(index)?, *self.value.get(index)?));
        match (after.checked_sub(1).and_then(point), point(after)) {
            (Some((x0, y0)), Some((x1, y1))) => y0 + (x - x0) / (x1 - x0) * (y1 - y0),
            (None, Some((_, only))) | (Some((_, only)), None) => only,
            (None, None) => 0.0,
        }
    }
}

/// A use of buildings or ground whose damage goes by the depth of water.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UseDamage {
    /// Its name, such as `residential`.
    pub name: String,
    /// Other words for it in maps of buildings, such as `住宅`.
    pub also: Vec<String>,
    /// Share of the worth that is lost, by depth inside (m).
    pub share: Curve,
    /// Worth of a square metre; `None` where the table gives shares only.
    pub worth: Option<f64>,
}

/// What the damage is read by.
#[derive(Clone, Debug, PartialEq)]
pub enum DamageBasis {
    /// The depth of water at buildings and roads: only where the surface is simulated.
    Depth {
        /// Level of the floor over the ground where a building says none, m.
        threshold: f64,
        /// The uses, in the order of the file.
        uses: Vec<UseDamage>,
    },
    /// The volume that floods at each node.
    NodeVolume {
        /// Damage of one node by its flooded volume (m³), in the currency of the table.
        curve: Curve,
        /// Factors by class of the zone that a node lies in.
        weights: Vec<(String, f64)>,
        /// Factor of nodes in other zones or in none.
        elsewhere: f64,
    },
}

impl Default for DamageBasis {
    fn default() -> Self {
        Self::NodeVolume { curve: Curve::default(), weights: Vec::new(), elsewhere: 1.0 }
    }
}

/// A table of damage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DamageTable {
    /// What it is, for reports.
    pub title: Words,
    /// The year whose prices it holds.
    pub price_year: i32,
    /// The currency, such as `CNY`.
    pub currency: String,
    /// Where it comes from.
    pub source: String,
    /// Whether it was checked against the source.
    pub verified: bool,
    /// What the damage is read by.
    pub basis: DamageBasis,
}

impl DamageTable {
    /// Damage of a use on an area: `worth · area · share(depth - threshold)`; `None` for a use without curve
    /// or worth, and in a table that is read by nodes.
    ///
    /// - `depth` over the ground, m
    /// - `threshold` of the building over the ground, m; that of the table when `None`
    /// - `area`: m²
    pub fn by_depth(&self, name: &str, depth: f64, threshold: Option<f64>, area: f64) -> Option<f64> {
        let DamageBasis::Depth { threshold: assumed, uses } = &self.basis else { return None };
        let of_use =
            uses.iter().find(|known| known.name == name || known.also.iter().any(|word| word == name))?;
        Some(of_use.worth? * area * of_use.share.at(depth - threshold.unwrap_or(*assumed)))
    }
    /// Damage at a node in a zone of a class: `weight(class) · curve(volume)`; 0 in a table that is read by
    /// depth.
    ///
    /// - `volume` that floods, m³
    pub fn by_node(&self, volume: f64, class: &str) -> f64 {
        let DamageBasis::NodeVolume { curve, weights, elsewhere } = &self.basis else { return 0.0 };
        let weight =
            weights.iter().find(|(known, _)| known == class).map_or(*elsewhere, |(_, weight)| *weight);
        weight * curve.at(volume)
    }
}

/// The mean concentration of a substance in spilled water.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Concentration {
    /// The substance, such as `COD`.
    pub substance: String,
    /// Event mean concentration, mg/L.
    pub mean: f64,
    /// The range that it is taken from, mg/L.
    pub range: Option<[f64; 2]>,
}

/// Concentrations of spilled water.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Concentrations {
    /// Where they come from.
    pub source: String,
    /// Whether they were checked against the source.
    pub verified: bool,
    /// By substance, in the order of the file.
    pub substances: Vec<Concentration>,
}

/// Load of a substance in spilled water, kg: `L = c · V / 1000` with c in mg/L (which is g/m³) and V in m³.
pub fn load(concentration: f64, volume: f64) -> f64 {
    concentration * volume / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_straight_between_points_and_flat_beyond_them() {
        let curve = Curve { at: vec![10.0, 20.0, 40.0], value: vec![0.0, 5.0, 7.0] };
        for (x, y) in [(-1.0, 0.0), (10.0, 0.0), (15.0, 2.5), (20.0, 5.0), (30.0, 6.0), (99.0, 7.0)] {
            assert!((curve.at(x) - y).abs() < 1e-12, "{x}");
        }
        assert_eq!(Curve::default().at(3.0), 0.0);
    }

    #[test]
    fn a_thousand_cubic_metres_of_a_gram_each_are_a_kilogram() {
        assert_eq!(load(1.0, 1000.0), 1.0);
        assert_eq!(load(325.0, 2000.0), 650.0);
    }
}
