//! Spills: when an overflow discharges, parted into events by dry time.

use serde::{Deserialize, Serialize};

use crate::statistics::node::LEAST_FLOW;

/// One spill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spill {
    /// Start, s since the start of the run: the last time without flow before it.
    pub start: f64,
    /// How long until the first time without flow after it, short dry times included, s.
    pub duration: f64,
    /// Volume, m³.
    pub volume: f64,
    /// Largest flow, m³/s.
    pub peak: f64,
}

/// The spills of a hydrograph: times with at least SWMM's least flow (0.001 ft³/s), with the straight lines to
/// the times before and after; those that a dry time shorter than `event_gap` parts are one.
///
/// `V = Σ (q_k + q_k+1) / 2 · Δt`, with `time` s, `flow` q m³/s, `event_gap` s. Flow that comes in counts as
/// none, and so does what came before the first time.
pub fn spills(time: &[f64], flow: &[f64], event_gap: f64) -> Vec<Spill> {
    let mut found: Vec<Spill> = Vec::new();
    let begin = match time {
        [first, second, ..] => (first - (second - first)).max(0.0),
        _ => 0.0,
    };
    let mut before = (begin, 0.0);
    for (&now, &flow) in time.iter().zip(flow) {
        let (then, last) = before;
        let flow = if flow >= LEAST_FLOW { flow } else { 0.0 };
        before = (now, flow);
        if last == 0.0 && flow == 0.0 {
            continue;
        }
        let volume = 0.5 * (last + flow) * (now - then);
        match found.last_mut() {
            Some(spill) if last > 0.0 || then - (spill.start + spill.duration) < event_gap => {
                spill.duration = now - spill.start;
                spill.volume += volume;
                spill.peak = spill.peak.max(flow);
            }
            _ => found.push(Spill { start: then, duration: now - then, volume, peak: flow }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triangle_spills_half_its_base_times_its_height() {
        let found = spills(&[60.0, 120.0, 180.0, 240.0], &[0.0, 2.0, 0.0, 0.0], 3600.0);
        assert_eq!(found, [Spill { start: 60.0, duration: 120.0, volume: 120.0, peak: 2.0 }]);
    }

    #[test]
    fn dry_time_of_the_gap_parts_spills_and_shorter_dry_time_does_not() {
        let time: Vec<f64> = (1..=7).map(|k| f64::from(k) * 60.0).collect();
        let flow = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, -3.0];
        // dry from 120 s to 240 s
        assert_eq!(spills(&time, &flow, 120.0).len(), 2);
        let one = spills(&time, &flow, 121.0);
        assert_eq!(one, [Spill { start: 0.0, duration: 360.0, volume: 120.0, peak: 1.0 }]);
    }

    #[test]
    fn a_dry_overflow_does_not_spill() {
        assert!(spills(&[60.0, 120.0], &[0.0, 1.0e-5], 3600.0).is_empty());
    }
}
