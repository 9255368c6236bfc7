//! Damage, cost and choice: expected annual damage, net present value, Pareto front, budget, regret.

use crate::scenario::words::Words;

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
    /// Present value of what it costs to build and keep up.
    pub cost: f64,
    /// Capital alone, not discounted.
    pub capital: f64,
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
}

/// Regret of an option over the futures of one year: what it loses against the best option of each.
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
    /// Share of the futures in which its net benefit is not negative.
    pub satisfies: f64,
}

/// Money of a study.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Economy {
    /// Currency of all money.
    pub currency: String,
    /// The year whose prices it is.
    pub price_year: i32,
    /// Discount rate a year.
    pub discount_rate: f64,
    /// Years over which benefits and upkeep count.
    pub life: f64,
    /// The tail rule of expected damage.
    pub tail_rule: Words,
    /// What the damage stands on.
    pub damage_basis: Words,
    /// Expected annual damage, by option and horizon; empty without a damage table.
    pub expected: Vec<Expected>,
    /// By option, the base too.
    pub appraisals: Vec<Appraisal>,
    /// Regret by year and option; empty without futures.
    pub regrets: Vec<Regret>,
    /// Measures that a budget buys, best first: option, measure and cost; empty without a budget.
    pub bought: Vec<Bought>,
    /// What it rests on that nobody has verified.
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
    /// Damage that they avoid, a year.
    pub benefit: f64,
}
