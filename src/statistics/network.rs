//! Statistics of the whole network: nodes, links and the routing step.

use serde::{Deserialize, Serialize};

use super::ranking::Element;
use super::{LinkCapacity, LinkStatistics, LinkStep, NodeStatistics, NodeStep, TimeStepStatistics};
use crate::clock::DateTime;
use crate::ledger::NodeLedger;
use crate::model::Model;

/// Statistics of the network. Extremes and times begin at the reporting start; counts of critical and
/// non-converging steps, and the statistics of the routing step, cover the whole run (as SWMM's do).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NetworkStatistics {
    /// Of nodes.
    pub nodes: NodeStatistics,
    /// Of links.
    pub links: LinkStatistics,
    /// Of the routing step.
    pub time_steps: TimeStepStatistics,
    /// Routing steps since the reporting start.
    pub steps: u64,
    /// Time routed since the reporting start, s.
    pub time_span: f64,
    report_start: DateTime,
}

impl NetworkStatistics {
    /// Empty statistics. By the node's index: `full_volume` (m³) and `crown_depth` (height of the
    /// highest crown of the adjacent conduits above the invert, m); by the link's: `capacity`.
    pub fn new(model: &Model, full_volume: &[f64], crown_depth: &[f64], capacity: &[LinkCapacity]) -> Self {
        Self {
            nodes: NodeStatistics::new(model, full_volume, crown_depth),
            links: LinkStatistics::new(model, capacity),
            time_steps: TimeStepStatistics::new(&model.options),
            steps: 0,
            time_span: 0.0,
            report_start: model.options.report_start,
        }
    }

    /// Books a routing step of `seconds` that ended at `time`, steady ones included; nothing before
    /// the reporting start.
    pub fn update(&mut self, seconds: f64, time: DateTime, nodes: &NodeStep<'_>, links: &LinkStep<'_>) {
        if time < self.report_start {
            return;
        }
        self.nodes.update(seconds, time, nodes);
        self.links.update(seconds, time, links);
        self.steps += 1;
        self.time_span += seconds;
    }

    /// Books that an element set the length of a step.
    pub fn count_critical(&mut self, element: Element) {
        match element {
            Element::Node(i) => self.nodes.critical_count[i] += 1,
            Element::Link(i) => self.links.critical_count[i] += 1,
        }
    }

    /// Flow instability index of a link: turns in per cent of the most that a link with random flow
    /// would show, `100 · turns / (2/3 · (steps − 2))`; 0 with fewer than three steps.
    pub fn instability(&self, link: usize) -> f64 {
        if self.steps <= 2 {
            return 0.0;
        }
        let turns = f64::from(self.links.extremes[link].turns);
        turns * (100.0 / (2.0 / 3.0 * (self.steps as f64 - 2.0)))
    }

    /// Links with their instability index.
    pub fn instabilities(&self) -> impl Iterator<Item = (Element, f64)> + '_ {
        (0..self.links.extremes.len()).map(|i| (Element::Link(i), self.instability(i)))
    }

    /// Nodes with the fraction of all steps that ended before they had converged.
    pub fn nonconvergence(&self) -> impl Iterator<Item = (Element, f64)> + '_ {
        let steps = (self.time_steps.steps as f64).max(1.0);
        let fraction = move |count: u32| f64::from(count) / steps;
        self.nodes
            .nonconverged_count
            .iter()
            .enumerate()
            .map(move |(i, &count)| (Element::Node(i), fraction(count)))
    }

    /// Nodes, then links, with the per cent of all steps whose length they set.
    pub fn criticality(&self) -> impl Iterator<Item = (Element, f64)> + '_ {
        let steps = (self.time_steps.steps as f64).max(1.0);
        let percent = move |count: u32| 100.0 * f64::from(count) / steps;
        let nodes = self.nodes.critical_count.iter().enumerate();
        let links = self.links.critical_count.iter().enumerate();
        nodes
            .map(move |(i, &count)| (Element::Node(i), percent(count)))
            .chain(links.map(move |(i, &count)| (Element::Link(i), percent(count))))
    }
}

/// Nodes that SWMM judges, with their continuity error in per cent.
pub fn continuity_errors(ledger: &NodeLedger) -> impl Iterator<Item = (Element, f64)> + '_ {
    (0..ledger.inflow.len()).filter_map(|i| ledger.continuity_error(i).map(|error| (Element::Node(i), error)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::link::LinkExtremes;

    #[test]
    fn a_link_that_turns_in_two_thirds_of_the_steps_is_wholly_unstable() {
        let mut extremes = LinkExtremes::default();
        for change in 0..21 {
            extremes.book_turn(if change % 2 == 0 { 1.0 } else { -1.0 });
        }
        let mut statistics = NetworkStatistics { steps: 32, ..Default::default() };
        statistics.links.extremes = vec![extremes];
        assert!((statistics.instability(0) - 100.0).abs() < 1e-12);
        statistics.steps = 2;
        assert_eq!(statistics.instability(0), 0.0);
    }

    #[test]
    fn statistics_begin_at_the_reporting_start() {
        let mut model = Model::default();
        model.options.report_start = model.options.start.plus_seconds(60.0);
        let mut statistics = NetworkStatistics::new(&model, &[], &[], &[]);
        let empty: &[f64] = &[];
        let nodes = NodeStep {
            depth: empty,
            volume: empty,
            overflow: empty,
            lateral_inflow_before: empty,
            lateral_inflow: empty,
            inflow: empty,
            outflow: empty,
            evaporated: empty,
            seeped: empty,
        };
        let links = LinkStep {
            flow_before: empty,
            flow: empty,
            depth: empty,
            area: empty,
            flow_class: &[],
            full_state: &[],
            normal_flow: &[],
            inlet_control: &[],
            capacity_limited: &[],
            head: empty,
        };
        statistics.update(30.0, model.options.start.plus_seconds(30.0), &nodes, &links);
        assert_eq!(statistics.steps, 0);
        statistics.update(30.0, model.options.start.plus_seconds(60.0), &nodes, &links);
        assert_eq!((statistics.steps, statistics.time_span), (1, 30.0));
    }

    #[test]
    fn the_element_that_sets_the_step_is_counted() {
        let mut statistics = NetworkStatistics::default();
        statistics.nodes.critical_count = vec![0; 2];
        statistics.links.critical_count = vec![0; 2];
        statistics.time_steps.steps = 4;
        statistics.count_critical(Element::Link(1));
        statistics.count_critical(Element::Node(0));
        let percents: Vec<f64> = statistics.criticality().map(|e| e.1).collect();
        assert_eq!(percents, [25.0, 0.0, 0.0, 25.0]);
    }
}
