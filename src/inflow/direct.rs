//! Direct inflow: time series and base flow of single nodes.

use super::{noticeable, pattern_instant};
use crate::clock::DateTime;
use crate::forcing::instant::calendar;
use crate::forcing::series::{Beyond, lookup};
use crate::model::curve::{Pattern, TimeSeries};
use crate::model::{Model, NodeId, SeriesId};
use crate::num::index::Id;

/// Inflow of one node: `q(t) = scale · series(t) + baseline · pattern(t)`.
#[derive(Clone, Debug, PartialEq)]
struct Inflow {
    node: NodeId,
    /// Place in the series of the parameters.
    series: Option<usize>,
    /// m³/s in one unit of the series.
    scale: f64,
    /// Base flow, m³/s.
    baseline: f64,
    pattern: Option<Pattern>,
}

/// Direct inflows of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    inflows: Vec<Inflow>,
    series: Vec<TimeSeries>,
}

/// What the direct inflows of all nodes sum to, m³/s.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Total {
    /// Sum of the positive ones.
    pub inflow: f64,
    /// Sum of the negative ones, as a positive number: it counts as outflow.
    pub outflow: f64,
}

impl Params {
    /// Compiles the direct inflows of a model.
    pub fn compile(model: &Model) -> Self {
        let mut params = Self::default();
        let mut used: Vec<SeriesId> = Vec::new();
        for (node, item) in model.nodes.iter() {
            let Some(inflow) = &item.inflow else { continue };
            let series = inflow.series.map(|id| {
                used.iter().position(|&known| known == id).unwrap_or_else(|| {
                    used.push(id);
                    params.series.push(model.series[id].clone());
                    used.len() - 1
                })
            });
            params.inflows.push(Inflow {
                node,
                series,
                scale: inflow.scale * model.units.flow,
                baseline: inflow.baseline,
                pattern: inflow.pattern.map(|id| model.patterns[id].clone()),
            });
        }
        params
    }
    /// Adds the direct inflows at the clock's time `now` to the lateral inflow of each node, m³/s;
    /// `each` hears node and flow, for balances of single nodes.
    pub fn add(&self, now: DateTime, lateral_inflow: &mut [f64], mut each: impl FnMut(NodeId, f64)) -> Total {
        let (at, hour) = (calendar(now), pattern_instant(now));
        let mut total = Total::default();
        for inflow in &self.inflows {
            let base = inflow.baseline * inflow.pattern.as_ref().map_or(1.0, |pattern| pattern.factor(hour));
            let series = inflow.series.map_or(0.0, |i| lookup(&self.series[i], at, Beyond::Zero));
            let flow = noticeable(series * inflow.scale + base);
            lateral_inflow[inflow.node.index()] += flow;
            if flow >= 0.0 {
                total.inflow += flow;
            } else {
                total.outflow -= flow;
            }
            each(inflow.node, flow);
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::curve::PatternKind;
    use crate::model::node::{DirectInflow, Node, NodeKind};
    use crate::units::{FlowUnits, Units};

    fn hours(h: f64) -> DateTime {
        DateTime::from_date(2026, 7, 21).unwrap().plus_seconds(h * 3600.0)
    }

    /// A node with 10 L/s by series at 1 h, 30 at 2 h, and base flow that doubles from noon to one.
    fn model(scale: f64, baseline: f64) -> Model {
        let mut model = Model { units: Units::new(FlowUnits::Lps), ..Model::default() };
        let series = TimeSeries { times: vec![hours(1.0), hours(2.0)], values: vec![10.0, 30.0], file: None };
        let mut factors = [1.0; 24];
        factors[12] = 2.0;
        let inflow = DirectInflow {
            series: model.series.insert("T", series),
            scale,
            baseline,
            pattern: model.patterns.insert("P", Pattern { kind: PatternKind::Hourly, factors, count: 24 }),
        };
        let node = Node { inflow: Some(inflow), ..Node::new(NodeKind::Junction, 0.0, 1.0) };
        model.nodes.insert("J1", Node { inflow: None, ..node.clone() });
        model.nodes.insert("J2", node);
        model
    }

    fn flow(model: &Model, h: f64) -> (f64, Total) {
        let mut lateral = [0.0; 2];
        let total = Params::compile(model).add(hours(h), &mut lateral, |node, _| assert_eq!(node, NodeId(1)));
        assert_eq!(lateral[0], 0.0);
        (lateral[1], total)
    }

    #[test]
    fn series_and_base_flow_add_up() {
        let model = model(2.0, 0.005);
        let litre = model.units.flow;
        // 1.5 h: twice 20 L/s and 5 L/s of base flow.
        let (inflow, total) = flow(&model, 1.5);
        assert!((inflow - 40.0 * litre - 0.005).abs() < 1e-6, "{inflow}");
        assert_eq!(total, Total { inflow, outflow: 0.0 });
        assert_eq!(flow(&model, 0.5).0, 0.005);
        assert_eq!(flow(&model, 12.5).0, 0.010);
        assert_eq!(flow(&model, 11.9999).0, 0.010, "the hour is that of the nearest second");
    }

    #[test]
    fn water_that_is_drawn_counts_as_outflow() {
        let (inflow, total) = flow(&model(0.0, -0.005), 0.5);
        assert_eq!((inflow, total), (-0.005, Total { inflow: 0.0, outflow: 0.005 }));
    }

    #[test]
    fn a_negligible_flow_is_none() {
        assert_eq!(flow(&model(0.0, 0.9 * super::super::NO_FLOW), 0.5).0, 0.0);
        assert!(flow(&model(0.0, 1.1 * super::super::NO_FLOW), 0.5).0 > 0.0);
    }
}
