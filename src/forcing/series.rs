//! The value of a time series at an instant.

use crate::clock::DateTime;
use crate::model::curve::TimeSeries;

/// What a series is worth outside its span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// Nothing: 0 before the first and after the last point (inflows).
    Zero,
    /// Its first or its last value (stages, temperatures).
    Hold,
}

/// The value of a series at an instant, by linear interpolation between its points.
///
/// As in SWMM, a series of a single point has no span: with [`Beyond::Zero`] it is 0 everywhere.
/// SWMM asks for values at [`super::instant::calendar`] of its clock, so at the very last instant of
/// an inflow series the answer is 0 already. An empty series is worth 0.
pub fn lookup(series: &TimeSeries, at: DateTime, beyond: Beyond) -> f64 {
    let held = |value: Option<&f64>| match beyond {
        Beyond::Zero => 0.0,
        Beyond::Hold => value.copied().unwrap_or(0.0),
    };
    let (times, values) = (&series.times, &series.values);
    let Some(&first) = times.first() else { return 0.0 };
    if at < first {
        return held(values.first());
    }
    // The first point after the first one that is not before the instant ends the bracket.
    let next = times.partition_point(|&t| t < at).max(1);
    match (times.get(next), values.get(next - 1), values.get(next)) {
        (Some(&end), Some(&before), Some(&after)) => {
            let start = times[next - 1].swmm_days();
            let span = end.swmm_days() - start;
            if span <= 0.0 {
                return 0.5 * (before + after);
            }
            before + (at.swmm_days() - start) * (after - before) / span
        }
        _ => held(values.last()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(h: f64) -> DateTime {
        DateTime::from_date(2026, 7, 21).unwrap().plus_seconds(h * 3600.0)
    }

    fn ramp() -> TimeSeries {
        TimeSeries {
            times: vec![hours(1.0), hours(2.0), hours(4.0)],
            values: vec![3.0, 5.0, 1.0],
            file: None,
        }
    }

    #[test]
    fn values_between_points_lie_on_a_straight_line() {
        assert_eq!(lookup(&ramp(), hours(1.5), Beyond::Zero), 4.0);
        assert_eq!(lookup(&ramp(), hours(3.0), Beyond::Zero), 3.0);
        assert_eq!(lookup(&ramp(), hours(1.0), Beyond::Zero), 3.0);
        assert_eq!(lookup(&ramp(), hours(4.0), Beyond::Zero), 1.0);
    }

    #[test]
    fn inflows_end_with_their_series_and_stages_hold() {
        assert_eq!(lookup(&ramp(), hours(0.9), Beyond::Zero), 0.0);
        assert_eq!(lookup(&ramp(), hours(4.1), Beyond::Zero), 0.0);
        assert_eq!(lookup(&ramp(), hours(0.9), Beyond::Hold), 3.0);
        assert_eq!(lookup(&ramp(), hours(4.1), Beyond::Hold), 1.0);
    }

    #[test]
    fn a_single_point_has_no_span() {
        let point = TimeSeries { times: vec![hours(1.0)], values: vec![7.0], file: None };
        assert_eq!(lookup(&point, hours(1.0), Beyond::Zero), 0.0);
        assert_eq!(lookup(&point, hours(5.0), Beyond::Hold), 7.0);
        assert_eq!(lookup(&TimeSeries::default(), hours(5.0), Beyond::Hold), 0.0);
    }
}
