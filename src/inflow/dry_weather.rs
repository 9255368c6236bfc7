//! Dry-weather flow: sewage and other flow that follows the calendar.

use serde::{Deserialize, Serialize};

use super::{noticeable, pattern_instant};
use crate::clock::DateTime;
use crate::model::curve::{Pattern, PatternKind};
use crate::model::node::DryWeatherFlow;
use crate::model::{Model, NodeId};
use crate::num::index::Id;

/// Dry-weather flow of one node: an average times the factors of up to four patterns.
#[derive(Clone, Debug, PartialEq)]
struct Flow {
    node: NodeId,
    /// Average, m³/s.
    average: f64,
    monthly: Option<Pattern>,
    daily: Option<Pattern>,
    hourly: Option<Pattern>,
    weekend: Option<Pattern>,
}

impl Flow {
    /// Sorts the patterns by kind; of two of a kind the later one counts.
    fn compile(model: &Model, node: NodeId, flow: &DryWeatherFlow) -> Self {
        let of_kind = |kind: PatternKind| {
            let mut patterns = flow.patterns.iter().flatten().map(|&id| &model.patterns[id]);
            patterns.rfind(|pattern| pattern.kind == kind).cloned()
        };
        Self {
            node,
            average: flow.average,
            monthly: of_kind(PatternKind::Monthly),
            daily: of_kind(PatternKind::Daily),
            hourly: of_kind(PatternKind::Hourly),
            weekend: of_kind(PatternKind::Weekend),
        }
    }
    /// Flow at an instant, m³/s. On Saturdays and Sundays a weekend pattern replaces the hourly one.
    fn at(&self, at: DateTime) -> f64 {
        let weekend = matches!(at.day_of_week(), 1 | 7);
        let hours = self.weekend.as_ref().filter(|_| weekend).or(self.hourly.as_ref());
        let patterns = [self.monthly.as_ref(), self.daily.as_ref(), hours];
        let factor: f64 = patterns.into_iter().flatten().map(|pattern| pattern.factor(at)).product();
        factor * self.average
    }
}

/// Dry-weather flows of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    flows: Vec<Flow>,
}

/// Dry-weather flows of the current hour: patterns change at full hours only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Month, day of the week and hour that the flows belong to.
    hour: Option<(u32, u32, u32)>,
    flows: Vec<f64>,
    total: f64,
}

impl Params {
    /// Compiles the dry-weather flows of a model.
    pub fn compile(model: &Model) -> Self {
        let nodes = model.nodes.iter();
        let flows = nodes.filter_map(|(id, node)| Some(Flow::compile(model, id, node.dry_weather.as_ref()?)));
        Self { flows: flows.collect() }
    }
    /// Adds the dry-weather flows at the clock's time `now` to the lateral inflow of each node, m³/s,
    /// and returns their sum; `each` hears node and flow, for balances of single nodes.
    pub fn add(
        &self,
        state: &mut State,
        now: DateTime,
        lateral_inflow: &mut [f64],
        mut each: impl FnMut(NodeId, f64),
    ) -> f64 {
        let at = pattern_instant(now);
        let hour = Some((at.month(), at.day_of_week(), at.hour()));
        if state.hour != hour {
            state.hour = hour;
            state.flows = self.flows.iter().map(|flow| noticeable(flow.at(at))).collect();
            state.total = state.flows.iter().sum();
        }
        for (flow, &value) in self.flows.iter().zip(&state.flows) {
            lateral_inflow[flow.node.index()] += value;
            each(flow.node, value);
        }
        state.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::node::{Node, NodeKind};

    /// A node with 1 L/s on average under patterns of all four kinds.
    fn model(kinds: &[PatternKind]) -> Model {
        let mut model = Model::default();
        let mut patterns = [None; 4];
        for (place, &kind) in kinds.iter().enumerate() {
            let mut factors = [1.0; 24];
            match kind {
                PatternKind::Monthly => factors[6] = 1.1,
                PatternKind::Daily => factors[2] = 1.2,
                PatternKind::Hourly => factors[8] = 1.5,
                PatternKind::Weekend => factors[8] = 0.5,
            }
            let pattern = Pattern { kind, factors, count: 24 };
            patterns[place] = model.patterns.insert(format!("P{place}"), pattern);
        }
        let node = Node {
            dry_weather: Some(DryWeatherFlow { average: 0.001, patterns }),
            ..Node::new(NodeKind::Junction, 0.0, 1.0)
        };
        model.nodes.insert("J", node);
        model
    }

    /// Flow in L/s on a day of July 2026 (the 21st is a Tuesday) at an hour.
    fn flow(model: &Model, day: u32, hour: f64) -> f64 {
        let now = DateTime::from_date(2026, 7, day).unwrap().plus_seconds(hour * 3600.0);
        let mut lateral = [0.0];
        let total = Params::compile(model).add(&mut State::default(), now, &mut lateral, |_, _| {});
        assert_eq!(total, lateral[0]);
        (lateral[0] * 1.0e6).round() / 1000.0
    }

    #[test]
    fn patterns_multiply() {
        use PatternKind::{Daily, Hourly, Monthly, Weekend};
        // In any order: 1.1 (July) · 1.2 (Tuesday) · 1.5 (8 to 9 in the morning).
        for kinds in [[Monthly, Daily, Hourly, Weekend], [Weekend, Hourly, Daily, Monthly]] {
            assert_eq!(flow(&model(&kinds), 21, 8.5), 1.98);
            assert_eq!(flow(&model(&kinds), 21, 9.5), 1.32);
        }
    }

    #[test]
    fn weekends_replace_the_hours_of_working_days() {
        use PatternKind::{Hourly, Weekend};
        let both = model(&[Hourly, Weekend]);
        assert_eq!((flow(&both, 25, 8.5), flow(&both, 26, 8.5), flow(&both, 27, 8.5)), (0.5, 0.5, 1.5));
        assert_eq!(flow(&model(&[Hourly]), 25, 8.5), 1.5);
        assert_eq!(flow(&model(&[Weekend]), 27, 8.5), 1.0);
    }

    #[test]
    fn flows_are_kept_within_the_hour_and_renewed_after_it() {
        let model = model(&[PatternKind::Hourly]);
        let params = Params::compile(&model);
        let mut state = State::default();
        let start = DateTime::from_date(2026, 7, 21).unwrap();
        let mut at =
            |minutes: f64| params.add(&mut state, start.plus_seconds(minutes * 60.0), &mut [0.0], |_, _| {});
        let flows = [479.0, 480.0, 500.0, 539.0, 540.0].map(|minutes| (at(minutes) * 1.0e6).round());
        assert_eq!(flows, [1000.0, 1500.0, 1500.0, 1500.0, 1000.0]);
    }
}
