//! Rule sets: what a standard asks, as data with clause, source and whether anybody has checked it.

use super::study::CityClass;
use super::words::Words;

/// A rule set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleSet {
    /// What it is, such as `GB 50014-2021`.
    pub title: Words,
    /// Where it comes from.
    pub source: String,
    /// Whether all of it was checked against the source.
    pub verified: bool,
    /// Breaks between classes of capacity, a, increasing: `[1, 2, 3, 5]` makes `< 1`, `1-2`, `2-3`, `3-5`, `>= 5`.
    pub breaks: Vec<f64>,
    /// Whether the breaks were checked against their source.
    pub breaks_verified: bool,
    /// The rules, in the order of tables.
    pub rules: Vec<Rule>,
}

impl RuleSet {
    /// Breaks between classes of capacity where no rule set gives any, a: those of the outline of drainage and
    /// flood-control plans (建城〔2013〕98号), quoted from memory and not verified.
    pub const BREAKS: [f64; 4] = [1.0, 2.0, 3.0, 5.0];
}

/// Index of the class of a capacity in years: how many breaks it reaches.
pub fn class_of(years: f64, breaks: &[f64]) -> usize {
    breaks.iter().filter(|at| years >= **at).count()
}

/// A rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// A short name that tables and scripts use.
    pub id: String,
    /// What it asks.
    pub title: Words,
    /// The clause, such as `GB 50014-2021 4.1.3`.
    pub clause: String,
    /// Where the numbers were found.
    pub source: String,
    /// Whether they were checked against the clause.
    pub verified: bool,
    /// Unit of its values and limits.
    pub unit: String,
    /// What is looked at.
    pub test: Test,
    /// The limits, the first that fits counts; empty for tests that need none.
    pub limits: Vec<Limit>,
    /// Share of the pipe length that must keep the limit, 0 to 1 (tests of capacity).
    pub share: f64,
    /// Flooded volume at a node that is still none, m³ (`flooding`).
    pub volume: f64,
    /// What must not increase (`runoff_not_increased`).
    pub quantity: Quantity,
    /// What is to be known of its verdicts; empty for nothing.
    pub note: Words,
}

impl Rule {
    /// The limit for a zone of a class in a city of a class: the first that means them.
    pub fn limit(&self, zone_class: &str, city: Option<CityClass>) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.means(zone_class, city))
    }
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    /// Length of pipe whose static capacity reaches a return period.
    #[default]
    StaticCapacity,
    /// Length of pipe that storms up to a return period do not fill.
    DynamicCapacity,
    /// No node floods in storms up to a return period: a screening in one dimension.
    Flooding,
    /// Depth of water on one lane; needs a 2D surface.
    StreetDepth,
    /// No water over thresholds of ground floors; needs a 2D surface.
    GroundFloor,
    /// Time until standing water is gone; needs a 2D surface.
    RetreatTime,
    /// Spills a year of the worst overflow; needs a year of rain.
    SpillCount,
    /// Share of the water of overflows and treatment works that is not spilled; needs a year of rain.
    CapturedShare,
    /// Runoff, or the peak that leaves, is not larger than in the base.
    RunoffNotIncreased,
    /// Continuity errors of the runs.
    Continuity,
    /// Routing steps that did not converge.
    Stability,
}

impl Test {
    /// All tests.
    pub const ALL: [Self; 11] = [
        Self::StaticCapacity,
        Self::DynamicCapacity,
        Self::Flooding,
        Self::StreetDepth,
        Self::GroundFloor,
        Self::RetreatTime,
        Self::SpillCount,
        Self::CapturedShare,
        Self::RunoffNotIncreased,
        Self::Continuity,
        Self::Stability,
    ];
    /// The word that rule files write.
    pub fn word(self) -> &'static str {
        match self {
            Self::StaticCapacity => "static_capacity",
            Self::DynamicCapacity => "dynamic_capacity",
            Self::Flooding => "flooding",
            Self::StreetDepth => "street_depth",
            Self::GroundFloor => "ground_floor",
            Self::RetreatTime => "retreat_time",
            Self::SpillCount => "spill_count",
            Self::CapturedShare => "captured_share",
            Self::RunoffNotIncreased => "runoff_not_increased",
            Self::Continuity => "continuity",
            Self::Stability => "stability",
        }
    }
    /// The test that a word means.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|test| test.word() == word)
    }
    /// Unit of the values and limits of verdicts. That of `flooding` is of its volume: its limits are return
    /// periods.
    pub fn unit(self) -> &'static str {
        match self {
            Self::StaticCapacity | Self::DynamicCapacity => "% of length",
            Self::Flooding => "m3",
            Self::StreetDepth | Self::GroundFloor => "m",
            Self::RetreatTime => "h",
            Self::SpillCount => "a year",
            Self::CapturedShare | Self::Continuity | Self::Stability => "%",
            Self::RunoffNotIncreased => "% of base",
        }
    }
    /// What its limits are written as.
    pub fn measure(self) -> Option<Measure> {
        match self {
            Self::StaticCapacity | Self::DynamicCapacity | Self::Flooding => Some(Measure::Years),
            Self::StreetDepth => Some(Measure::Length),
            Self::RetreatTime => Some(Measure::Span),
            Self::SpillCount => Some(Measure::Count),
            Self::CapturedShare | Self::RunoffNotIncreased | Self::Continuity | Self::Stability => {
                Some(Measure::Share)
            }
            Self::GroundFloor => None,
        }
    }
    /// Whether a larger value is better.
    pub fn more_is_better(self) -> bool {
        matches!(self, Self::StaticCapacity | Self::DynamicCapacity | Self::Flooding | Self::CapturedShare)
    }
}

/// What limits of a test are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A return period, a.
    Years,
    /// A depth, m.
    Length,
    /// A time, s.
    Span,
    /// A share, 0 to 1.
    Share,
    /// A number of events a year.
    Count,
}

/// What must not increase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantity {
    /// Volume of runoff that enters the network.
    #[default]
    RunoffVolume,
    /// Largest flow that leaves the network at all outfalls together.
    OutflowPeak,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::RunoffVolume, Self::OutflowPeak];
    /// The word that rule files write.
    pub fn word(self) -> &'static str {
        match self {
            Self::RunoffVolume => "runoff_volume",
            Self::OutflowPeak => "outflow_peak",
        }
    }
}

/// A limit, and whom it is for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limit {
    /// Classes of zones; empty for all places, also those outside all zones.
    pub zones: Vec<String>,
    /// Classes of cities; empty for all.
    pub cities: Vec<CityClass>,
    /// The range that the rule gives, in the unit of its measure; twice the same where it gives one number.
    pub range: [f64; 2],
}

impl Limit {
    /// Whether it is for a zone of a class in a city of a class.
    pub fn means(&self, zone_class: &str, city: Option<CityClass>) -> bool {
        (self.zones.is_empty() || self.zones.iter().any(|class| class == zone_class))
            && (self.cities.is_empty() || city.is_some_and(|city| self.cities.contains(&city)))
    }
    /// What decides: the end of the range that is easier to keep.
    pub fn binding(&self, test: Test) -> f64 {
        let [low, high] = self.range;
        if test.more_is_better() { low } else { high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capacity_at_a_break_is_in_the_class_above_it() {
        let breaks = [1.0, 2.0, 3.0, 5.0];
        let classes = [0.0, 0.99, 1.0, 2.0, 4.9, 5.0, f64::INFINITY].map(|years| class_of(years, &breaks));
        assert_eq!(classes, [0, 0, 1, 2, 3, 4, 4]);
    }

    #[test]
    fn the_first_limit_that_means_a_place_counts() {
        let limit = |zones: &[&str], cities: &[CityClass], years: f64| Limit {
            zones: zones.iter().map(|&zone| zone.to_owned()).collect(),
            cities: cities.to_vec(),
            range: [years, 2.0 * years],
        };
        let rule = Rule {
            limits: vec![limit(&["centre"], &[CityClass::Mega], 3.0), limit(&[], &[CityClass::Small], 2.0)],
            ..Rule::default()
        };
        let years = |class, city| rule.limit(class, city).map(|limit| limit.binding(Test::DynamicCapacity));
        assert_eq!(years("centre", Some(CityClass::Mega)), Some(3.0));
        assert_eq!(years("", Some(CityClass::Small)), Some(2.0));
        assert_eq!(years("outskirts", Some(CityClass::Mega)), None);
        assert_eq!(years("centre", None), None);
    }

    #[test]
    fn the_easier_end_of_a_range_decides() {
        let limit = Limit { range: [1.0, 3.0], ..Limit::default() };
        assert_eq!(limit.binding(Test::DynamicCapacity), 1.0);
        assert_eq!(limit.binding(Test::RetreatTime), 3.0);
    }
}
