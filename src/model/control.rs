//! Control rules, as data.
//!
//! A rule sets links by what it reads from the network, the rain and the clock. Rules speak the
//! user's language: readings are compared with numbers in the user's units, as the file writes
//! them, since expressions mix units freely.

use super::{CurveId, GaugeId, LinkId, NodeId, SeriesId};
use crate::clock::DateTime;
use crate::index_type;
use crate::num::formula::Formula;

index_type! {
    /// A control rule.
    RuleId,
    /// A named variable of the control rules.
    VariableId,
    /// A named expression of the control rules.
    ExpressionId,
}

/// What a rule can read at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeAttribute {
    /// Depth of water (user's length).
    Depth,
    /// Depth from invert to ground (user's length).
    MaxDepth,
    /// Head (user's length).
    Head,
    /// Stored volume (user's volume).
    Volume,
    /// Lateral inflow (user's flow).
    Inflow,
}

/// What a rule can read at a link. Readings that the link's kind does not have make their premise
/// false, as in SWMM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkAttribute {
    /// Setting of a conduit (0 closed, 1 open) or pump (0 off, 1 on).
    Status,
    /// Setting of a pump, orifice or weir; an outlet's cannot be read.
    Setting,
    /// Depth of water (user's length).
    Depth,
    /// Flow in the direction that the file gives (user's flow).
    Flow,
    /// Manning flow of a full conduit (user's flow).
    FullFlow,
    /// Full depth of a conduit (user's length).
    FullDepth,
    /// Length of a conduit (user's length).
    Length,
    /// Slope of a conduit, a fraction.
    Slope,
    /// Velocity in a conduit (user's length a second).
    Velocity,
    /// Time since it was opened, days; none while it is closed.
    TimeOpen,
    /// Time since it was closed, days; none while it is open.
    TimeClosed,
}

/// What a rule can read at a rain gauge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaugeAttribute {
    /// Intensity now (in/h or mm/h).
    Intensity,
    /// Depth in the last so many hours, 1 to [`MAX_PAST_HOURS`] (in or mm).
    PastRain(u32),
}

/// How many past hours of rain a rule may look back.
pub const MAX_PAST_HOURS: u32 = 48;

/// What a rule can read from the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockAttribute {
    /// Time since the start, days.
    Time,
    /// Date, days since SWMM's origin.
    Date,
    /// Time of day, days.
    ClockTime,
    /// Day of the year, 1 to 366.
    DayOfYear,
    /// Day of the week, 1 is Sunday.
    DayOfWeek,
    /// Month, 1 to 12.
    Month,
}

/// Something that a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// At a node.
    Node(NodeId, NodeAttribute),
    /// At a link.
    Link(LinkId, LinkAttribute),
    /// At a rain gauge.
    Gauge(GaugeId, GaugeAttribute),
    /// From the clock.
    Clock(ClockAttribute),
}

/// A reading with a name (`VARIABLE`).
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What it reads.
    pub reading: Reading,
}

/// A formula with a name (`EXPRESSION`); its variables are [`VariableId`]s.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Its name.
    pub name: String,
    /// The formula.
    pub formula: Formula,
}

/// How the two sides of a premise are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Equal, Self::NotEqual, Self::Less, Self::LessOrEqual, Self::Greater, Self::GreaterOrEqual];
    /// The sign in files.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
    /// Whether it holds between two numbers.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

/// Left side of a premise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A reading.
    Reading(Reading),
    /// A named expression.
    Expression(ExpressionId),
}

/// Right side of a premise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparand {
    /// Another reading.
    Reading(Reading),
    /// A number in the unit of the left side; 0 for off and closed, 1 for on and open.
    Number(f64),
    /// A time, s.
    Time(f64),
    /// A date.
    Date(DateTime),
}

/// How a premise joins those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// `IF` and `AND`.
    And,
    /// `OR`.
    Or,
}

/// One condition of a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Premise {
    /// How it joins those before it.
    pub joint: Joint,
    /// Left side.
    pub subject: Subject,
    /// How the sides are compared.
    pub relation: Relation,
    /// Right side.
    pub comparand: Comparand,
}

/// What a link is set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Setting {
    /// A number; 0 for off and closed, 1 for on and open.
    Constant(f64),
    /// A curve of the controller value.
    Curve(CurveId),
    /// A time series.
    Series(SeriesId),
    /// A controller that steers the controller value towards its set point.
    Pid {
        /// Gain.
        gain: f64,
        /// Integral time, minutes.
        integral_minutes: f64,
        /// Derivative time, minutes.
        derivative_minutes: f64,
    },
}

/// One consequence of a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActionClause {
    /// The link that is set.
    pub link: LinkId,
    /// What it is set to.
    pub setting: Setting,
}

/// A control rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Its conditions, in order.
    pub premises: Vec<Premise>,
    /// What it does when they hold.
    pub then_actions: Vec<ActionClause>,
    /// What it does when they do not.
    pub else_actions: Vec<ActionClause>,
    /// Where rules set the same link, the highest priority wins; 0 unless given.
    pub priority: f64,
}

/// The rules of a model, with the variables and expressions that they use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Controls {
    /// Named variables, by [`VariableId`].
    pub variables: Vec<Variable>,
    /// Named expressions, by [`ExpressionId`].
    pub expressions: Vec<Expression>,
    /// Rules, by [`RuleId`].
    pub rules: Vec<Rule>,
}

impl Controls {
    /// The name of a rule.
    pub fn rule_name(&self, rule: RuleId) -> &str {
        self.rules.get(rule.0 as usize).map_or("", |rule| &rule.name)
    }
}
