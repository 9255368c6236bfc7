//! All that is made of the runs of a study.

use crate::scenario::rule::RuleSet;

use super::capacity::Capacities;
use super::economy::Economy;
use super::flooding::{RiverEffect, Submergence, Transfer};
use super::spill::{SpillSummary, SystemSpill};
use super::verdict::Verdict;
use super::verification::Score;

/// What the runs of a study mean. Lists are in the order of options, horizons, storms and stages unless they say
/// otherwise; what could not be assessed is missing, and verdicts say why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assessment {
    /// The rule set; `None` where the study names none.
    pub rule_set: Option<RuleSet>,
    /// Its verdicts: for each rule, each option, each horizon.
    pub verdicts: Vec<Verdict>,
    /// Capacities of pipes, by option and horizon.
    pub capacities: Vec<Capacities>,
    /// Flooding that options bring or worsen, the largest increase first.
    pub transfers: Vec<Transfer>,
    /// Flooding that river stages cause.
    pub rivers: Vec<RiverEffect>,
    /// Outfalls under water.
    pub submergences: Vec<Submergence>,
    /// Spills by overflow.
    pub spills: Vec<SpillSummary>,
    /// Spills and works of the whole system.
    pub systems: Vec<SystemSpill>,
    /// Damage, cost and choice; `None` without a table of unit costs.
    pub economy: Option<Economy>,
    /// The model against observations; `None` where none are given, or the run of the base that is held against them
    /// is not there: the model is not calibrated.
    pub verification: Option<Vec<Score>>,
}
