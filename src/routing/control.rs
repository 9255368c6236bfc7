//! Control rules at work: what the rules want of the links at an instant.
//!
//! Rules are evaluated as SWMM evaluates them (its `controls.c` is the reference), in the user's
//! units, since a rule's numbers, curves and expressions are written in them. Three habits matter:
//!
//! - An `OR` is tried only after a false premise and an `AND` ends the rule after one, so that
//!   `A OR B AND C OR D` means `(A or B) and (C or D)`.
//! - Curves and PID controllers look at the premise that was compared last, be it of this rule or
//!   of one before: its left side is the controller value, its right side the set point.
//! - Of several actions on one link that with the highest priority wins; among equals the rule
//!   that comes first, and within a rule the action that comes last.

use serde::{Deserialize, Serialize};

use crate::clock::{DAY_MS, DateTime};
use crate::forcing::instant::calendar;
use crate::forcing::series::{Beyond, lookup};
use crate::model::control::{
    ActionClause, ClockAttribute, Comparand, Controls, GaugeAttribute, Joint, LinkAttribute, NodeAttribute,
    Premise, Reading, Relation, Rule, RuleId, Setting, Subject,
};
use crate::model::curve::{Curve, CurveKind};
use crate::model::link::LinkKind;
use crate::model::{GaugeId, LinkId, Model, NodeId};
use crate::num::index::Id;
use crate::units::Units;

/// What the rules can see of a run, in SI.
pub trait Sensors {
    /// Depth at a node, m.
    fn node_depth(&self, node: NodeId) -> f64;
    /// Volume stored at a node, m³.
    fn node_volume(&self, node: NodeId) -> f64;
    /// Lateral inflow of a node in the step before, m³/s.
    fn node_lateral_inflow(&self, node: NodeId) -> f64;
    /// Depth in a link, m.
    fn link_depth(&self, link: LinkId) -> f64;
    /// Flow in a link, m³/s, positive in the direction that the file gives.
    fn link_flow(&self, link: LinkId) -> f64;
    /// Velocity in a conduit, m/s, with the sign that routing uses; 0 up to 0.01 ft of depth.
    fn link_velocity(&self, link: LinkId) -> f64;
    /// Manning flow of one full barrel of a conduit, m³/s.
    fn link_full_flow(&self, link: LinkId) -> f64;
    /// Full depth of a conduit, m.
    fn link_full_depth(&self, link: LinkId) -> f64;
    /// Slope of a conduit, a fraction.
    fn link_slope(&self, link: LinkId) -> f64;
    /// Present setting of a link.
    fn link_setting(&self, link: LinkId) -> f64;
    /// Setting that a link is on its way to.
    fn link_target(&self, link: LinkId) -> f64;
    /// When the setting last changed between zero and not zero: the start of the routing step in
    /// which it did; `None` when it never did.
    fn link_switched(&self, link: LinkId) -> Option<DateTime>;
    /// Rain intensity at a gauge, m/s; 0 for a gauge that no subcatchment uses.
    fn gauge_intensity(&self, gauge: GaugeId) -> f64;
    /// Rain at a gauge in so many whole hours past, m; 0 for a gauge that no subcatchment uses.
    fn gauge_past_rain(&self, gauge: GaugeId, hours: u32) -> f64;
}

/// A link's new target setting.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// The link.
    pub link: LinkId,
    /// What it shall be set to.
    pub setting: f64,
    /// The rule that wants it.
    pub rule: RuleId,
    /// Whether the setting follows a curve, series or controller; such actions are not listed in
    /// SWMM's report.
    pub modulated: bool,
}

/// Errors of a PID controller in the steps before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct PidMemory {
    last: f64,
    before_last: f64,
}

/// What rules remember from step to step.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ControlState {
    /// Of each rule's first action; the THEN actions come before the ELSE actions.
    first_action: Vec<usize>,
    /// Of each action clause, by rule and clause.
    pid: Vec<PidMemory>,
    /// Left side of the premise that was compared last, in the user's units.
    controller_value: f64,
    /// Right side of it.
    set_point: f64,
    /// Wanted actions, one a link, in the order in which links were first named.
    wanted: Vec<Action>,
    /// Where in `wanted` a link's action stands.
    wanted_at: Vec<Option<u32>>,
    /// The most links that were wanted at one time.
    most_wanted: usize,
    /// What is handed out.
    actions: Vec<Action>,
}

impl ControlState {
    /// The state before the first step.
    pub fn new(model: &Model) -> Self {
        let mut state = Self { wanted_at: vec![None; model.links.len()], ..Self::default() };
        let mut count = 0;
        for rule in &model.controls.rules {
            state.first_action.push(count);
            count += rule.then_actions.len() + rule.else_actions.len();
        }
        state.pid = vec![PidMemory::default(); count];
        state
    }
}

/// Whether rules are evaluated in the routing step that starts `elapsed_ms` after the start of the
/// simulation, given the interval of the options (s, 0 for every step).
///
/// Routing steps must end on every multiple of the interval, see [`step_to_evaluation`].
pub fn is_due(elapsed_ms: i64, rule_step: u32) -> bool {
    rule_step == 0 || elapsed_ms.rem_euclid(i64::from(rule_step) * 1000) == 0
}

/// Milliseconds from `elapsed_ms` to the next evaluation of the rules, which no routing step may
/// cross; `None` when they are evaluated in every step.
pub fn step_to_evaluation(elapsed_ms: i64, rule_step: u32) -> Option<i64> {
    let interval = i64::from(rule_step) * 1000;
    (interval > 0).then(|| interval - elapsed_ms.rem_euclid(interval))
}

/// Evaluates all rules at the start (`now`) of a routing step of `step` seconds, and gives the
/// links whose target setting shall change, in the order in which SWMM reports them.
pub fn evaluate<'s>(
    model: &Model,
    state: &'s mut ControlState,
    sensors: &dyn Sensors,
    now: DateTime,
    step: f64,
) -> &'s [Action] {
    state.actions.clear();
    if model.controls.rules.is_empty() {
        return &state.actions;
    }
    let view =
        View { model, controls: &model.controls, sensors, clock: Clock::new(model.options.start, now), now };
    for (index, rule) in model.controls.rules.iter().enumerate() {
        let fires = view.premises_hold(rule, state, step);
        let first = state.first_action.get(index).copied().unwrap_or_default();
        let (clauses, first) = if fires {
            (&rule.then_actions, first)
        } else {
            (&rule.else_actions, first + rule.then_actions.len())
        };
        for (place, clause) in clauses.iter().enumerate().rev() {
            let setting = view.setting(clause, first + place, state, step);
            let modulated = !matches!(clause.setting, Setting::Constant(_));
            state.want(&view, Action { link: clause.link, setting, rule: RuleId::new(index), modulated });
        }
    }
    state.hand_out(sensors);
    &state.actions
}

impl ControlState {
    /// Notes an action, unless one of at least its priority is there for the link.
    fn want(&mut self, view: &View<'_>, action: Action) {
        let Some(place) = self.wanted_at.get_mut(action.link.index()) else { return };
        match place.and_then(|place| self.wanted.get_mut(place as usize)) {
            Some(other) => {
                if view.priority(action.rule) > view.priority(other.rule) {
                    *other = action;
                }
            }
            None => {
                *place = u32::try_from(self.wanted.len()).ok();
                self.wanted.push(action);
            }
        }
    }

    /// Turns wanted into due actions. SWMM keeps them in a list that grows at its head and is
    /// filled again from its head, which gives the order.
    fn hand_out(&mut self, sensors: &dyn Sensors) {
        let known = self.most_wanted.min(self.wanted.len());
        self.most_wanted = self.most_wanted.max(self.wanted.len());
        let (filled, grown) = self.wanted.split_at(known);
        for action in grown.iter().rev().chain(filled) {
            if sensors.link_target(action.link) != action.setting {
                self.actions.push(*action);
            }
            if let Some(place) = self.wanted_at.get_mut(action.link.index()) {
                *place = None;
            }
        }
        self.wanted.clear();
    }
}

/// SWMM's decimal days at an instant.
///
/// Its clock runs a millisecond ahead, so that a time that is reached counts as reached; times
/// since a switch are differences of rounded days, whose last bits decide comparisons.
#[derive(Clone, Copy, Debug)]
struct Clock {
    start: DateTime,
    /// Present date and time.
    now: f64,
}

impl Clock {
    fn new(start: DateTime, now: DateTime) -> Self {
        let mut clock = Self { start, now: 0.0 };
        clock.now = clock.days(now);
        clock
    }
    fn start_day(self) -> f64 {
        self.start.0.div_euclid(DAY_MS) as f64
    }
    fn start_seconds(self) -> f64 {
        (self.start.time_of_day_ms() as f64 / 1000.0).round()
    }
    /// Days of an instant of the run.
    fn days(self, at: DateTime) -> f64 {
        let elapsed_ms = at.0.saturating_sub(self.start.0);
        self.start_day() + (self.start_seconds() + (elapsed_ms as f64 + 1.0) / 1000.0) / 86_400.0
    }
    fn elapsed(self) -> f64 {
        self.now - (self.start_day() + self.start_seconds() / 86_400.0)
    }
    fn date(self) -> f64 {
        self.now.floor()
    }
    fn time_of_day(self) -> f64 {
        self.now - self.now.floor()
    }
    /// Time since a switch; links that never switched count from midnight of the first day.
    fn since(self, switched: Option<DateTime>) -> f64 {
        self.now - switched.map_or(self.start_day(), |at| self.days(at))
    }
}

/// SWMM's mark of a missing value, which expressions do see as a number.
const MISSING: f64 = -1.0e10;

/// All that one evaluation looks at.
struct View<'a> {
    model: &'a Model,
    controls: &'a Controls,
    sensors: &'a dyn Sensors,
    clock: Clock,
    now: DateTime,
}

impl View<'_> {
    fn priority(&self, rule: RuleId) -> f64 {
        self.controls.rules.get(rule.index()).map_or(0.0, |rule| rule.priority)
    }

    fn premises_hold(&self, rule: &Rule, state: &mut ControlState, step: f64) -> bool {
        let mut holds = true;
        for premise in &rule.premises {
            match (premise.joint, holds) {
                (Joint::Or, true) => {}
                (Joint::And, false) => return false,
                (Joint::Or, false) | (Joint::And, true) => holds = self.premise_holds(premise, state, step),
            }
        }
        holds
    }

    fn premise_holds(&self, premise: &Premise, state: &mut ControlState, step: f64) -> bool {
        let left = match premise.subject {
            Subject::Reading(reading) => self.read(reading),
            Subject::Expression(id) => {
                let expression = self.controls.expressions.get(id.index());
                expression.map(|expression| expression.formula.value(&|index| self.variable(index)))
            }
        };
        let right = match premise.comparand {
            Comparand::Reading(reading) => self.read(reading),
            Comparand::Number(number) => Some(number),
            Comparand::Time(seconds) => Some(seconds / 86_400.0),
            Comparand::Date(date) => Some(date.days()),
        };
        let (Some(left), Some(right)) =
            (left.filter(|value| *value != MISSING), right.filter(|value| *value != MISSING))
        else {
            return false;
        };
        let half_step = 0.5 * step / 86_400.0;
        match premise.subject {
            Subject::Reading(Reading::Clock(ClockAttribute::Time | ClockAttribute::ClockTime)) => {
                times_compare(left, premise.relation, right, half_step, state)
            }
            Subject::Reading(Reading::Link(_, LinkAttribute::TimeOpen | LinkAttribute::TimeClosed)) => {
                let holds = times_compare(left, premise.relation, right, half_step, state);
                state.controller_value = left * 24.0;
                holds
            }
            _ => values_compare(left, premise.relation, right, state),
        }
    }

    fn variable(&self, index: u32) -> f64 {
        let variable = self.controls.variables.get(index as usize);
        variable.and_then(|variable| self.read(variable.reading)).unwrap_or(MISSING)
    }

    /// A reading in the user's units, times in days; `None` where the element has no such value.
    fn read(&self, reading: Reading) -> Option<f64> {
        let units = &self.model.units;
        let sensors = self.sensors;
        Some(match reading {
            Reading::Node(node, attribute) => match attribute {
                NodeAttribute::Depth => sensors.node_depth(node) / units.length,
                NodeAttribute::MaxDepth => self.model.nodes[node].full_depth / units.length,
                NodeAttribute::Head => {
                    (sensors.node_depth(node) + self.model.nodes[node].invert) / units.length
                }
                NodeAttribute::Volume => sensors.node_volume(node) / units.volume,
                NodeAttribute::Inflow => sensors.node_lateral_inflow(node) / units.flow,
            },
            Reading::Link(link, attribute) => return self.read_link(link, attribute),
            Reading::Gauge(gauge, GaugeAttribute::Intensity) => {
                sensors.gauge_intensity(gauge) / units.rain_rate
            }
            Reading::Gauge(gauge, GaugeAttribute::PastRain(hours)) => {
                sensors.gauge_past_rain(gauge, hours) / units.rain_depth
            }
            Reading::Clock(attribute) => {
                let date = DateTime(self.clock.date() as i64 * DAY_MS);
                match attribute {
                    ClockAttribute::Time => self.clock.elapsed(),
                    ClockAttribute::Date => self.clock.date(),
                    ClockAttribute::ClockTime => self.clock.time_of_day(),
                    ClockAttribute::DayOfYear => f64::from(date.day_of_year()),
                    ClockAttribute::DayOfWeek => f64::from(date.day_of_week()),
                    ClockAttribute::Month => f64::from(date.month()),
                }
            }
        })
    }

    fn read_link(&self, link: LinkId, attribute: LinkAttribute) -> Option<f64> {
        let units = &self.model.units;
        let sensors = self.sensors;
        let kind = &self.model.links[link].kind;
        let conduit = self.model.links[link].conduit();
        match attribute {
            LinkAttribute::Depth => Some(sensors.link_depth(link) / units.length),
            LinkAttribute::Flow => Some(sensors.link_flow(link) / units.flow),
            LinkAttribute::Status => {
                matches!(kind, LinkKind::Conduit(_) | LinkKind::Pump(_)).then(|| sensors.link_setting(link))
            }
            LinkAttribute::Setting => {
                matches!(kind, LinkKind::Pump(_) | LinkKind::Orifice(_) | LinkKind::Weir(_))
                    .then(|| sensors.link_setting(link))
            }
            LinkAttribute::FullFlow => conduit.map(|_| sensors.link_full_flow(link) / units.flow),
            LinkAttribute::FullDepth => conduit.map(|_| sensors.link_full_depth(link) / units.length),
            LinkAttribute::Velocity => conduit.map(|_| sensors.link_velocity(link) / units.length),
            LinkAttribute::Length => conduit.map(|conduit| conduit.length / units.length),
            LinkAttribute::Slope => conduit.map(|_| sensors.link_slope(link)),
            LinkAttribute::TimeOpen => {
                (sensors.link_setting(link) > 0.0).then(|| self.clock.since(sensors.link_switched(link)))
            }
            LinkAttribute::TimeClosed => {
                (sensors.link_setting(link) <= 0.0).then(|| self.clock.since(sensors.link_switched(link)))
            }
        }
    }

    /// What an action sets its link to; `memory` is the action's place among all.
    fn setting(&self, clause: &ActionClause, memory: usize, state: &mut ControlState, step: f64) -> f64 {
        match clause.setting {
            Setting::Constant(setting) => setting,
            Setting::Curve(curve) => {
                as_written(&self.model.curves[curve], state.controller_value, &self.model.units)
            }
            Setting::Series(series) => lookup(&self.model.series[series], calendar(self.now), Beyond::Hold),
            Setting::Pid { gain, integral_minutes, derivative_minutes } => {
                let (value, set_point) = (state.controller_value, state.set_point);
                let Some(memory) = state.pid.get_mut(memory) else { return 0.0 };
                let error = relative_error(value, set_point);
                let update =
                    pid_update([gain, integral_minutes, derivative_minutes], error, memory, step / 60.0);
                let setting = (self.sensors.link_target(clause.link) + update).max(0.0);
                if matches!(self.model.links[clause.link].kind, LinkKind::Pump(_)) {
                    setting
                } else {
                    setting.min(1.0)
                }
            }
        }
    }
}

/// Compares two numbers and remembers them for curves and controllers.
fn values_compare(left: f64, relation: Relation, right: f64, state: &mut ControlState) -> bool {
    state.controller_value = left;
    state.set_point = right;
    relation.holds(left, right)
}

/// Compares two times (days): they are equal when they differ by less than half a step, and only
/// inequalities are remembered for curves and controllers.
fn times_compare(
    left: f64,
    relation: Relation,
    right: f64,
    half_step: f64,
    state: &mut ControlState,
) -> bool {
    let equal = left >= right - half_step && left < right + half_step;
    match relation {
        Relation::Equal => equal,
        Relation::NotEqual => !equal,
        _ => values_compare(left, relation, right, state),
    }
}

/// Error of a controller: the distance from its set point, relative to the set point, or to the
/// value itself where the set point is 0.
fn relative_error(value: f64, set_point: f64) -> f64 {
    let error = set_point - value;
    if error.abs() <= 1.0e-6 {
        error
    } else if set_point != 0.0 {
        error / set_point
    } else {
        error / value
    }
}

/// Change of setting by a PID controller in its recursive form:
/// `K [ (e0 - e1) + e0 Δt / Ti + Td (e0 - 2 e1 + e2) / Δt ]`.
///
/// `K`, `Ti`, `Td` (gain; integral and derivative time, minutes; no integral part for `Ti` = 0) are
/// the `coefficients`, `e0` the `error` now, `e1` and `e2` those of the steps before, `Δt` the step
/// in `minutes`. An error that changes by less than 0.0001 counts as stuck and clears the memory;
/// a change of less than 0.0001 is none. (EPA SWMM *User's Manual* 5.2, appendix C.3.)
fn pid_update(coefficients: [f64; 3], error: f64, memory: &mut PidMemory, minutes: f64) -> f64 {
    const TOLERANCE: f64 = 1.0e-4;
    let [gain, integral, derivative] = coefficients;
    if (error - memory.last).abs() < TOLERANCE {
        *memory = PidMemory::default();
    }
    let by_integral = if integral == 0.0 { 0.0 } else { error * minutes / integral };
    let curvature = error - 2.0 * memory.last + memory.before_last;
    let by_derivative = if minutes > 0.0 { derivative * curvature / minutes } else { 0.0 };
    let update = gain * (error - memory.last + by_integral + by_derivative);
    *memory = PidMemory { last: error, before_last: memory.last };
    if update.abs() < TOLERANCE || update.is_nan() { 0.0 } else { update }
}

/// A curve read in the user's units, whatever quantities it was meant for.
fn as_written(curve: &Curve, x: f64, units: &Units) -> f64 {
    let (x_unit, y_unit) = match curve.kind {
        CurveKind::Control | CurveKind::Shape => (1.0, 1.0),
        CurveKind::Storage => (units.length, units.area),
        CurveKind::Diversion => (units.flow, units.flow),
        CurveKind::Tidal => (1.0, units.length),
        CurveKind::Weir => (units.length, 1.0),
        CurveKind::Pump1 => (units.volume, units.flow),
        CurveKind::Rating | CurveKind::Pump2 | CurveKind::Pump3 | CurveKind::Pump4 | CurveKind::Pump5 => {
            (units.length, units.flow)
        }
    };
    curve.lookup(x * x_unit) / y_unit
}

#[cfg(test)]
mod tests;
