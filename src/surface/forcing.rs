//! What drives the surface: rain, inflow and stages over time.

/// How a series runs between its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Straight from point to point.
    Linear,
    /// Each value holds until the next point.
    Steps,
}

/// A quantity over time. Before its first point it has the first value, after its last the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    shape: Shape,
    points: Vec<(f64, f64)>,
    /// The integral from the first point to each point.
    sums: Vec<f64>,
}

impl Series {
    /// A series of (time in s, value) in order of time. `None` if it has no point, if times fall or if a number
    /// is not finite.
    #[must_use]
    pub fn new(shape: Shape, points: Vec<(f64, f64)>) -> Option<Self> {
        let finite = points.iter().all(|(t, v)| t.is_finite() && v.is_finite());
        if points.is_empty() || !finite || points.windows(2).any(|w| w[1].0 < w[0].0) {
            return None;
        }
        let mut sums = vec![0.0];
        for w in points.windows(2) {
            let mean = if shape == Shape::Linear { 0.5 * (w[0].1 + w[1].1) } else { w[0].1 };
            sums.push(sums[sums.len() - 1] + mean * (w[1].0 - w[0].0));
        }
        Some(Self { shape, points, sums })
    }

    /// A quantity that never changes.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        Self { shape: Shape::Steps, points: vec![(0.0, value)], sums: vec![0.0] }
    }

    /// The value at a time (s).
    #[must_use]
    pub fn at(&self, time: f64) -> f64 {
        let after = self.points.partition_point(|p| p.0 <= time);
        if after == 0 {
            return self.points[0].1;
        }
        let (t, v) = self.points[after - 1];
        match self.points.get(after) {
            Some(&(next, w)) if self.shape == Shape::Linear => v + (w - v) * (time - t) / (next - t),
            _ => v,
        }
    }

    /// The integral from the first point to a time.
    fn integral(&self, time: f64) -> f64 {
        let after = self.points.partition_point(|p| p.0 <= time);
        if after == 0 {
            return self.points[0].1 * (time - self.points[0].0);
        }
        let (t, v) = self.points[after - 1];
        let end = if self.shape == Shape::Linear { self.at(time) } else { v };
        self.sums[after - 1] + 0.5 * (v + end) * (time - t)
    }

    /// The mean from one time to a later one (s): what a step brings, whatever its length.
    #[must_use]
    pub fn mean(&self, from: f64, to: f64) -> f64 {
        if to > from { (self.integral(to) - self.integral(from)) / (to - from) } else { self.at(from) }
    }
}

/// What drives a step, means over it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forcing {
    /// Rain of each zone (m/s); the first for a map without zones. Missing zones are dry.
    pub rain: Vec<f64>,
    /// Inflow at each inflow of the parameters (m³/s); below zero water is taken. Missing ones bring nothing.
    pub inflow: Vec<f64>,
    /// The level at each boundary of the parameters (m), used by those of kind stage.
    pub stage: Vec<f64>,
}

/// What drives a run: a series for each entry of [`Forcing`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drivers {
    /// Rain of each zone (m/s).
    pub rain: Vec<Series>,
    /// Inflow at each inflow (m³/s).
    pub inflow: Vec<Series>,
    /// The level at each boundary (m).
    pub stage: Vec<Series>,
}

impl Drivers {
    /// Means over a step; stages at its end, where the flow through the boundary is looked for.
    pub fn fill(&self, forcing: &mut Forcing, from: f64, to: f64) {
        let means = |series: &[Series], into: &mut Vec<f64>| {
            into.clear();
            into.extend(series.iter().map(|s| s.mean(from, to)));
        };
        means(&self.rain, &mut forcing.rain);
        means(&self.inflow, &mut forcing.inflow);
        forcing.stage.clear();
        forcing.stage.extend(self.stage.iter().map(|s| s.at(to)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_over_steps_add_up_to_the_volume() {
        let series = Series::new(Shape::Linear, vec![(0.0, 0.0), (300.0, 0.0), (600.0, 30.0), (1200.0, 0.0)])
            .expect("in order");
        assert_eq!(series.at(450.0), 15.0);
        assert_eq!(series.at(5000.0), 0.0);
        let step = 7.3;
        let volume: f64 =
            (0..200).map(|i| series.mean(f64::from(i) * step, f64::from(i + 1) * step) * step).sum();
        assert!((volume - (0.5 * 30.0 * 900.0)).abs() < 1.0e-9, "{volume}");
    }

    #[test]
    fn a_step_holds_until_the_next_point() {
        let series = Series::new(Shape::Steps, vec![(0.0, 2.0), (10.0, 4.0)]).expect("in order");
        assert_eq!((series.at(9.9), series.at(10.0), series.at(99.0)), (2.0, 4.0, 4.0));
        assert_eq!(series.mean(5.0, 15.0), 3.0);
        assert_eq!(series.mean(-5.0, 5.0), 2.0);
    }

    #[test]
    fn times_that_fall_and_numbers_that_are_none_are_refused() {
        assert_eq!(Series::new(Shape::Steps, vec![(1.0, 0.0), (0.0, 0.0)]), None);
        assert_eq!(Series::new(Shape::Linear, vec![(0.0, f64::NAN)]), None);
        assert_eq!(Series::new(Shape::Linear, vec![]), None);
    }
}
