//! Rule sets: what a standard asks, as data with clause, source and whether anybody has checked it.

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
}
