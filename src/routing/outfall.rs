//! The water level at an outfall.

use crate::clock::DateTime;
use crate::model::curve::{Curve, TimeSeries};
use crate::model::node::{NodeKind, OutfallBoundary};
use crate::model::{Model, NodeId};

/// What holds the level at an outfall, compiled.
#[derive(Clone, Debug, PartialEq)]
pub enum Boundary {
    /// Critical depth, or normal depth where that is lower.
    Free,
    /// Normal depth.
    Normal,
    /// A fixed stage, m.
    Fixed(f64),
    /// Stage (m) by hours since the first of the curve, day after day.
    Tidal(Curve),
    /// Stage by a time series, times the metres in its unit.
    Series(TimeSeries, f64),
}

/// An outfall, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct OutfallParams {
    /// What holds the level.
    pub boundary: Boundary,
    /// Invert elevation, m.
    pub invert: f64,
    /// Start of the simulation, from which tides count their hours.
    pub start: DateTime,
}

impl OutfallParams {
    /// Compiles an outfall of a model; `None` when the node is none.
    pub fn compile(model: &Model, node: NodeId) -> Option<Self> {
        let node = &model.nodes[node];
        let NodeKind::Outfall { boundary, .. } = &node.kind else { return None };
        let boundary = match *boundary {
            OutfallBoundary::Free => Boundary::Free,
            OutfallBoundary::Normal => Boundary::Normal,
            OutfallBoundary::Fixed(stage) => Boundary::Fixed(stage),
            OutfallBoundary::Tidal(curve) => Boundary::Tidal(model.curves[curve].clone()),
            OutfallBoundary::Series(series) => {
                Boundary::Series(model.series[series].clone(), model.units.length)
            }
        };
        Some(Self { boundary, invert: node.invert, start: model.options.start })
    }

    /// The stage, m, that holds at an instant; `None` where the flow makes its own.
    ///
    /// EPA SWMM reads a tidal curve by the hours since the start of the simulation, not by the
    /// time of day.
    pub fn stage(&self, at: DateTime) -> Option<f64> {
        match &self.boundary {
            Boundary::Free | Boundary::Normal => None,
            Boundary::Fixed(stage) => Some(*stage),
            Boundary::Tidal(curve) => {
                let days = at.seconds_since(self.start) / 86_400.0;
                let first = curve.x.first().copied().unwrap_or(0.0);
                Some(curve.lookup(first + (days - days.floor()) * 24.0))
            }
            Boundary::Series(series, unit) => Some(interpolate(series, at) * unit),
        }
    }

    /// Depth, m, at the outfall for normal and critical depth (m) of the flow in its conduit,
    /// whose invert lies `offset` (m) above the outfall's, under the stage that holds ([`Self::stage`]).
    ///
    /// - Free fall: the lower of normal and critical depth, 0 under a raised conduit.
    /// - A stage above that depth holds; below a raised conduit's invert it stands for itself,
    ///   else the conduit's own depth does (EPA SWMM 5.2.4).
    pub fn depth(&self, stage: Option<f64>, normal_depth: f64, critical_depth: f64, offset: f64) -> f64 {
        let lower = critical_depth.min(normal_depth);
        let Some(stage) = stage else {
            return match self.boundary {
                _ if offset > 0.0 => 0.0,
                Boundary::Normal => normal_depth,
                _ => lower,
            };
        };
        if lower + offset + self.invert < stage {
            stage - self.invert
        } else if offset <= 0.0 {
            lower
        } else if stage < self.invert + offset {
            (stage - self.invert).max(0.0)
        } else {
            offset + lower
        }
    }
}

/// Value of a series at an instant: straight between its points, constant beyond its ends.
fn interpolate(series: &TimeSeries, at: DateTime) -> f64 {
    let next = series.times.partition_point(|&time| time < at);
    let point = |i: usize| Some((*series.times.get(i)?, *series.values.get(i)?));
    match (next.checked_sub(1).and_then(point), point(next)) {
        (Some((t0, v0)), Some((t1, v1))) => v0 + (v1 - v0) * (at.seconds_since(t0) / t1.seconds_since(t0)),
        (Some((_, end)), None) | (None, Some((_, end))) => end,
        (None, None) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::DAY_MS;
    use crate::model::curve::CurveKind;

    fn outfall(boundary: Boundary) -> OutfallParams {
        OutfallParams { boundary, invert: 10.0, start: DateTime(DAY_MS / 2) }
    }

    fn depth(boundary: Boundary, normal: f64, critical: f64, offset: f64) -> f64 {
        let outfall = outfall(boundary);
        outfall.depth(outfall.stage(DateTime(DAY_MS)), normal, critical, offset)
    }

    #[test]
    fn free_flow_falls_at_the_lower_of_two_depths() {
        assert_eq!(depth(Boundary::Free, 0.4, 0.3, 0.0), 0.3);
        assert_eq!(depth(Boundary::Free, 0.2, 0.3, 0.0), 0.2);
        assert_eq!(depth(Boundary::Normal, 0.4, 0.3, 0.0), 0.4);
        assert_eq!(depth(Boundary::Free, 0.4, 0.3, 0.1), 0.0);
    }

    #[test]
    fn a_stage_holds_from_the_depth_of_the_flow_on() {
        assert_eq!(depth(Boundary::Fixed(11.0), 0.4, 0.3, 0.0), 1.0);
        assert_eq!(depth(Boundary::Fixed(10.2), 0.4, 0.3, 0.0), 0.3);
        assert_eq!(depth(Boundary::Fixed(9.0), 0.4, 0.3, 0.0), 0.3);
    }

    #[test]
    fn under_a_raised_conduit_the_stage_stands_for_itself() {
        assert!((depth(Boundary::Fixed(10.25), 0.4, 0.3, 0.5) - 0.25).abs() < 1e-12);
        assert_eq!(depth(Boundary::Fixed(9.0), 0.4, 0.3, 0.5), 0.0);
        assert_eq!(depth(Boundary::Fixed(10.7), 0.4, 0.3, 0.5), 0.8);
    }

    #[test]
    fn a_tide_counts_hours_from_the_start() {
        let x: Vec<f64> = (0..=24).map(f64::from).collect();
        let y = x.iter().map(|hour| 10.0 + hour / 10.0).collect();
        let outfall = outfall(Boundary::Tidal(Curve { kind: CurveKind::Tidal, x, y }));
        // six hours and a day after the start
        let stage = outfall.stage(outfall.start.plus_seconds(30.0 * 3600.0)).unwrap();
        assert!((stage - 10.6).abs() < 1e-9);
    }

    #[test]
    fn a_series_is_straight_between_points_and_stays_beyond_them() {
        let series =
            TimeSeries { times: vec![DateTime(0), DateTime(1000)], values: vec![10.0, 20.0], file: None };
        let outfall = outfall(Boundary::Series(series, 0.3048));
        let stage = |ms| outfall.stage(DateTime(ms)).unwrap() / 0.3048;
        for (ms, value) in [(-5, 10.0), (0, 10.0), (250, 12.5), (1000, 20.0), (5000, 20.0)] {
            assert!((stage(ms) - value).abs() < 1e-12);
        }
    }
}
