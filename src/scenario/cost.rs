//! What works cost: a table of rates, all in one currency and at the prices of one year.

use std::collections::BTreeMap;

/// A kind of works that a rate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// Pipes laid, by diameter (m), for each metre.
    Pipe,
    /// Pipes lined, by diameter (m), for each metre.
    Lining,
    /// Pipes cleaned, by diameter (m), for each metre.
    Cleaning,
    /// Manholes, by depth (m), each.
    Manhole,
    /// Outfalls, each.
    Outfall,
    /// Tanks, by volume (m³), each.
    Tank,
    /// Pump stations, by flow (m³/s), each.
    PumpStation,
    /// Gates with drive and gauges, by area (m²), each.
    Gate,
    /// Flap gates, by area (m²), each.
    FlapGate,
    /// Weirs, by length (m), each.
    Weir,
    /// Earth moved, by volume (m³).
    Earthwork,
    /// Plots connected, by area (m²).
    PlotConnection,
}

impl Item {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Pipe,
        Self::Lining,
        Self::Cleaning,
        Self::Manhole,
        Self::Outfall,
        Self::Tank,
        Self::PumpStation,
        Self::Gate,
        Self::FlapGate,
        Self::Weir,
        Self::Earthwork,
        Self::PlotConnection,
    ];
    /// The word for it in files.
    pub fn word(self) -> &'static str {
        [
            "pipe",
            "lining",
            "cleaning",
            "manhole",
            "outfall",
            "tank",
            "pump_station",
            "gate",
            "flap_gate",
            "weir",
            "earthwork",
            "plot_connection",
        ][self as usize]
    }
    /// The unit of its quantity; empty for what is counted by the piece.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Pipe | Self::Lining | Self::Cleaning | Self::Weir => "m",
            Self::Tank | Self::Earthwork => "m3",
            Self::PumpStation => "m3/s",
            Self::PlotConnection => "m2",
            Self::Manhole | Self::Outfall | Self::Gate | Self::FlapGate => "",
        }
    }
    /// The item of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.word() == word)
    }
}

/// A cost by a size, in straight pieces. It never falls with the size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pieces {
    /// Sizes, increasing.
    pub sizes: Vec<f64>,
    /// The cost at each, not decreasing.
    pub costs: Vec<f64>,
}

impl Pieces {
    /// The cost at a size: straight between two points, that of the first below it, and along the last
    /// piece beyond the last (constant for a single point).
    pub fn at(&self, size: f64) -> f64 {
        let (Some(&first), Some(&lowest)) = (self.sizes.first(), self.costs.first()) else { return 0.0 };
        if size <= first {
            return lowest;
        }
        let last_piece = self.sizes.len().saturating_sub(2);
        let piece = self.sizes.partition_point(|x| *x < size).saturating_sub(1).min(last_piece);
        match (self.sizes.get(piece..piece + 2), self.costs.get(piece..piece + 2)) {
            (Some(&[x0, x1]), Some(&[y0, y1])) => y0 + (size - x0) / (x1 - x0) * (y1 - y0),
            _ => lowest,
        }
    }
}

/// A rate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rate {
    /// Cost by size, see [`Item`].
    pub cost: Pieces,
    /// Upkeep a year as a share of the cost.
    pub upkeep: f64,
    /// What it contains and where it comes from.
    pub note: String,
}

/// How the depth of its trench makes a pipe dearer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trench {
    /// Depth that the rate of pipes contains, m.
    pub depth: f64,
    /// Share that each metre below it adds.
    pub deeper: f64,
    /// Depth from which pipes are jacked, m, and what that costs by diameter (m), for each metre.
    pub jacked: Option<(f64, Pieces)>,
}

/// A table of rates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CostTable {
    /// What it is, for reports.
    pub title: String,
    /// The year whose prices it holds.
    pub price_year: i32,
    /// The currency, such as `CNY`.
    pub currency: String,
    /// Where its rates come from.
    pub source: String,
    /// Whether they were checked against the source.
    pub verified: bool,
    /// The rates.
    pub rates: BTreeMap<Item, Rate>,
    /// How depth makes pipes dearer.
    pub trench: Trench,
}

impl CostTable {
    /// Cost of a metre of pipe of a diameter D (m) at a depth h of its invert (m):
    /// `c(D) (1 + k max(0, h - h0))` in an open trench, with the share k that each metre below the depth h0
    /// adds; from the depth of jacking on no less than a jacked pipe costs. `None` without a rate for pipes.
    pub fn pipe_metre(&self, diameter: f64, depth: f64) -> Option<f64> {
        let rate = self.rates.get(&Item::Pipe)?;
        let deeper = self.trench.deeper * (depth - self.trench.depth).max(0.0);
        let open = rate.cost.at(diameter) * (1.0 + deeper);
        Some(match &self.trench.jacked {
            Some((from, jacked)) if depth >= *from => open.max(jacked.at(diameter)),
            _ => open,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(points: &[(f64, f64)]) -> Pieces {
        let (sizes, costs) = points.iter().copied().unzip();
        Pieces { sizes, costs }
    }

    #[test]
    fn costs_are_straight_between_points() {
        let two = pieces(&[(0.3, 1200.0), (0.6, 2200.0), (0.8, 3000.0)]);
        for (size, cost) in [(0.1, 1200.0), (0.3, 1200.0), (0.45, 1700.0), (0.8, 3000.0), (1.0, 3800.0)] {
            assert!((two.at(size) - cost).abs() < 1e-9, "{size}: {}", two.at(size));
        }
        assert_eq!(pieces(&[(0.0, 5.0)]).at(9.0), 5.0);
        assert_eq!(Pieces::default().at(1.0), 0.0);
    }

    #[test]
    fn each_metre_below_the_third_adds_its_share() {
        let rate = Rate { cost: pieces(&[(1.0, 4000.0)]), ..Rate::default() };
        let jacked = Some((6.0, pieces(&[(1.0, 12_000.0)])));
        let trench = Trench { depth: 3.0, deeper: 0.15, jacked };
        let table = CostTable { rates: BTreeMap::from([(Item::Pipe, rate)]), trench, ..CostTable::default() };
        assert_eq!(table.pipe_metre(1.0, 2.0), Some(4000.0));
        assert_eq!(table.pipe_metre(1.0, 5.0), Some(5200.0));
        assert_eq!(table.pipe_metre(1.0, 6.0), Some(12_000.0));
        assert_eq!(CostTable::default().pipe_metre(1.0, 2.0), None);
    }
}
