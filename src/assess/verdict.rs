//! Verdicts: a rule, an option, a horizon, and whether it is kept.

use crate::scenario::words::Words;

use super::Case;

/// How a verdict goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The rule is kept.
    Passed,
    /// It is not.
    Failed,
    /// The runs cannot show it, or are not there.
    NotAssessed,
}

/// Where something is worst.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the node or link.
    pub element: String,
    /// Its zone by name; empty outside all zones, or without zones.
    pub zone: String,
}

/// What a rule says of an option at a horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Index of the rule in its rule set.
    pub rule: usize,
    /// Index of the option.
    pub option: usize,
    /// Index of the horizon.
    pub horizon: usize,
    /// How it goes.
    pub outcome: Outcome,
    /// The value that decides, in the unit of the rule.
    pub value: Option<f64>,
    /// What the value must keep, in the same unit.
    pub limit: Option<f64>,
    /// Where it is worst.
    pub worst: Option<Place>,
    /// The horizon, storm and stage that decide.
    pub governing: Option<Case>,
    /// Why it is not assessed, or what is to be known of it.
    pub remarks: Vec<Words>,
    /// What it rests on that nobody has verified; empty when all of it is.
    pub unverified: Vec<Words>,
    /// Whether the value lies within 1 % of the limit.
    pub close: bool,
}
