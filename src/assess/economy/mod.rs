//! Damage, cost and choice: expected annual damage, net present value, Pareto front, budget, regret.
//!
//! [`expected`], [`present`] and [`choice`] hold the laws; [`assembly`] applies them to the runs of a study.

mod appraisal;
pub mod assembly;
pub mod choice;
pub mod damage;
pub mod expected;
mod futures;
pub mod present;
#[cfg(test)]
mod tests;

pub use assembly::{Means, economy};

use super::Case;
use crate::scenario::words::Words;

/// Damage of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunDamage {
    /// Index of the option.
    pub option: usize,
    /// The run.
    pub case: Case,
    /// Return period of its storm, a.
    pub years: Option<f64>,
    /// Damage, in the currency of the damage table.
    pub damage: f64,
    /// Nodes, or buildings in a table by depth, with damage.
    pub nodes: usize,
    /// Whether it is a knot of the expected damage.
    pub counts: bool,
}

/// Damage of an option at a horizon under one storm of the ladder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DamagePoint {
    /// Return period, a.
    pub years: f64,
    /// Damage, in the currency of the damage table.
    pub damage: f64,
}

/// Expected annual damage of an option at a horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// Index of the option.
    pub option: usize,
    /// Index of the horizon.
    pub horizon: usize,
    /// Damage by return period, ascending.
    pub points: Vec<DamagePoint>,
    /// By trapezoids between the points, a year.
    pub between: f64,
    /// Beyond the rarest storm, by the tail rule, a year.
    pub tail: f64,
    /// The whole with the other tail rules, by name: how far the answer rests on the rule.
    pub other_rules: Vec<(Words, f64)>,
}

impl Expected {
    /// Expected annual damage.
    pub fn total(&self) -> f64 {
        self.between + self.tail
    }
}

/// What an option costs and is worth over its life.
#[derive(Clone, Debug, PartialEq)]
pub struct Appraisal {
    /// Index of the option.
    pub option: usize,
    /// Present value of what it costs to build and keep up, less what the works are worth at the end; capital
    /// alone without discount rate and life.
    pub cost: f64,
    /// Capital alone, not discounted.
    pub capital: f64,
    /// Upkeep a year when all is built, not discounted.
    pub upkeep: f64,
    /// Present value of what the works are worth at the end, which `cost` is less.
    pub residual: f64,
    /// Damage that it avoids in the year of the last horizon; `None` without expected damage.
    pub avoided: Option<f64>,
    /// Present value of the damage that it avoids; `None` without expected damage.
    pub benefit: Option<f64>,
    /// Net present value.
    pub net_present_value: Option<f64>,
    /// Benefit over cost; `None` when it costs nothing.
    pub benefit_cost_ratio: Option<f64>,
    /// Whether no other option is at least as good in cost and in every goal, and better in one.
    pub on_pareto_front: bool,
    /// The option that is better than it, when it is not on the front.
    pub beaten_by: Option<usize>,
    /// Cost for each cubic metre that floods less under the storms of the goal of flooding; `None` where no
    /// less floods.
    pub cost_per_flooded_m3: Option<f64>,
    /// Cost for each cubic metre that spills less under the storms of the goal of spills.
    pub cost_per_spilled_m3: Option<f64>,
    /// Cost for each spill less in a year; only where a run is long enough to count spills a year.
    pub cost_per_spill: Option<f64>,
}

/// What options are compared by beside their cost: less is better.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// What it is, and under which storms.
    pub name: Words,
    /// Its unit.
    pub unit: String,
    /// Its value by option; `None` where a run is missing.
    pub values: Vec<Option<f64>>,
}

/// Regret of an option over the futures of one year: what it loses a year against the best option of each. An
/// option is worth the damage that it avoids less its yearly cost, both in the money of that year.
#[derive(Clone, Debug, PartialEq)]
pub struct Regret {
    /// Index of the option.
    pub option: usize,
    /// Horizons that are futures of the same year.
    pub futures: Vec<usize>,
    /// Regret in each of them.
    pub regrets: Vec<f64>,
    /// The largest.
    pub largest: f64,
    /// What it is worth in each of them, a year.
    pub worth: Vec<f64>,
    /// Share of the futures in which it is worth 0 or more.
    pub satisfies: f64,
}

/// Money of a study.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Economy {
    /// Currency of all money.
    pub currency: String,
    /// The year whose prices it is.
    pub price_year: i32,
    /// Discount rate a year; without it there are no present values.
    pub discount_rate: Option<f64>,
    /// Years over which benefits and upkeep count, from the first year on.
    pub life: Option<f64>,
    /// The year that present values are of; `None` where horizons have no years.
    pub first_year: Option<i32>,
    /// Where capital, upkeep and benefits count, in words.
    pub appraisal_basis: Words,
    /// The tail rule of expected damage.
    pub tail_rule: Words,
    /// What the damage stands on.
    pub damage_basis: Words,
    /// Whether the damage is that of buildings by depth, and not of nodes by volume.
    pub by_depth: bool,
    /// Damage of each run; empty without a damage table.
    pub damages: Vec<RunDamage>,
    /// Storms that the expected damage stands on, with the stage of each, by return period.
    pub ladder: Vec<(usize, usize)>,
    /// Expected annual damage, by option and horizon, without other futures; empty without a damage table.
    pub expected: Vec<Expected>,
    /// What options are compared by beside their cost.
    pub goals: Vec<Goal>,
    /// By option, the base too; empty without a table of unit costs.
    pub appraisals: Vec<Appraisal>,
    /// Regret of money by year and option; empty without futures.
    pub regrets: Vec<Regret>,
    /// Regret of spills by year and option, m³: an option is worth the water that spills less than in the base,
    /// under the storms of overflows that all futures were run with; empty without futures.
    pub spill_regrets: Vec<Regret>,
    /// What each budget buys: what avoids most damage; empty without budgets.
    pub bought: Vec<Bought>,
    /// What could not be told, and what is to be known of the numbers.
    pub remarks: Vec<Words>,
    /// What it rests on that nobody has verified; it stands beside every figure.
    pub unverified: Vec<Words>,
}

/// A whole option that is chosen within a budget.
#[derive(Clone, Debug, PartialEq)]
pub struct Bought {
    /// The budget.
    pub budget: f64,
    /// Options chosen; none can be chosen together that exclude each other.
    pub options: Vec<usize>,
    /// What they cost.
    pub cost: f64,
    /// Damage that they avoid in the year of the last horizon.
    pub benefit: f64,
    /// Present value of the damage that they avoid, which decides where it is known.
    pub present_benefit: Option<f64>,
}
