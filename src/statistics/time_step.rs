//! Statistics of the routing step.

use serde::{Deserialize, Serialize};

use crate::model::options::Options;

/// How many bounds the classes of step length have; there is one class less.
pub const LEVELS: usize = 6;

/// Lengths of routing steps, trials and convergence, over the whole run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimeStepStatistics {
    /// Shortest step, s; the first step of a run does not count.
    pub minimum: f64,
    /// Longest step, s.
    pub maximum: f64,
    /// Time routed, steady periods apart, s.
    pub routed_time: f64,
    /// Time skipped as steady, s.
    pub steady_time: f64,
    /// Steps routed.
    pub steps: u64,
    /// Trials of all these steps.
    pub trials: u64,
    /// Steps that ended before all nodes had converged.
    pub nonconverged_steps: u64,
    /// Bounds of the classes, s, falling, equal on a logarithmic scale.
    pub bounds: [f64; LEVELS],
    /// `counts[i]` is the number of steps from `bounds[i]` (included) up to `bounds[i - 1]`;
    /// `counts[0]` is not used.
    pub counts: [u64; LEVELS],
}

impl TimeStepStatistics {
    /// Empty statistics for the largest and smallest step of a model.
    pub fn new(options: &Options) -> Self {
        let (longest, shortest) = (options.routing_step, options.minimum_step);
        let (log_longest, log_shortest) = (longest.log10(), shortest.log10());
        let interval = (log_longest - log_shortest) / (LEVELS - 1) as f64;
        let mut bounds = [longest; LEVELS];
        for (level, bound) in bounds.iter_mut().enumerate().skip(1) {
            *bound = 10.0_f64.powf(log_longest - level as f64 * interval);
        }
        bounds[LEVELS - 1] = shortest;
        Self { minimum: longest, bounds, ..Self::default() }
    }

    /// Books a step of `seconds` that took `trials`; `first` when the run began with it.
    pub fn book(&mut self, seconds: f64, trials: u32, converged: bool, first: bool) {
        if !first {
            self.minimum = self.minimum.min(seconds);
            if let Some(level) = (1..LEVELS).find(|&level| seconds >= self.bounds[level]) {
                self.counts[level] += 1;
            }
        }
        self.maximum = self.maximum.max(seconds);
        self.routed_time += seconds;
        self.steps += 1;
        self.trials += u64::from(trials);
        self.nonconverged_steps += u64::from(!converged);
    }

    /// Books a step that was skipped since nothing changed.
    pub fn book_steady(&mut self, seconds: f64) {
        self.steady_time += seconds;
    }

    /// Mean length of the routed steps, s; 0 without any.
    pub fn average(&self) -> f64 {
        if self.steps > 0 { self.routed_time / self.steps as f64 } else { 0.0 }
    }

    /// Mean number of trials; 0 without any step.
    pub fn average_trials(&self) -> f64 {
        if self.steps > 0 { self.trials as f64 / self.steps as f64 } else { 0.0 }
    }

    /// Per cent of the steps that did not converge.
    pub fn nonconverged_percent(&self) -> f64 {
        if self.steps > 0 { 100.0 * self.nonconverged_steps as f64 / self.steps as f64 } else { 0.0 }
    }

    /// Per cent of the time that was skipped as steady.
    pub fn steady_percent(&self) -> f64 {
        let total = self.steady_time + self.routed_time;
        if total > 0.0 { (100.0 * self.steady_time / total).min(100.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statistics() -> TimeStepStatistics {
        let options = Options { routing_step: 32.0, minimum_step: 1.0, ..Options::default() };
        TimeStepStatistics::new(&options)
    }

    #[test]
    fn classes_are_equal_on_a_logarithmic_scale() {
        for (bound, expected) in statistics().bounds.iter().zip([32.0, 16.0, 8.0, 4.0, 2.0, 1.0]) {
            assert!((bound - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn the_first_step_counts_for_the_mean_but_not_for_the_least() {
        let mut statistics = statistics();
        statistics.book(1.0, 2, true, true);
        statistics.book(32.0, 4, false, false);
        statistics.book(5.0, 3, true, false);
        assert_eq!((statistics.minimum, statistics.maximum), (5.0, 32.0));
        assert_eq!(statistics.counts, [0, 1, 0, 1, 0, 0]);
        assert_eq!((statistics.average_trials(), statistics.steps), (3.0, 3));
        assert!((statistics.average() - 38.0 / 3.0).abs() < 1e-12);
        assert!((statistics.nonconverged_percent() - 100.0 / 3.0).abs() < 1e-12);
        statistics.book_steady(38.0);
        assert_eq!(statistics.steady_percent(), 50.0);
    }
}
