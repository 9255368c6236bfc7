//! Rain over time in equal steps.

/// Depths of rain in equal steps from the beginning of a storm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hyetograph {
    /// Step, s.
    pub step_s: u32,
    /// Depth in each step, mm.
    pub depths_mm: Vec<f64>,
}

impl Hyetograph {
    /// The hyetograph whose steps hold the differences of a mass curve: `cumulative(t)` is the depth
    /// fallen in the first `t` seconds, mm. The last step ends with the storm even where it is shorter.
    pub fn of_cumulative(duration_s: u32, step_s: u32, cumulative: impl Fn(f64) -> f64) -> Self {
        let step = step_s.max(1);
        let ends = (1..=duration_s.div_ceil(step)).map(|k| k.saturating_mul(step).min(duration_s));
        let mut before = cumulative(0.0);
        let depth = |end: u32| {
            let now = cumulative(f64::from(end));
            // a mass curve never falls but by rounding
            let depth = (now - before).max(0.0);
            before = now;
            depth
        };
        Self { step_s: step, depths_mm: ends.map(depth).collect() }
    }
    /// Depth of the whole storm, mm.
    pub fn total_mm(&self) -> f64 {
        self.depths_mm.iter().sum()
    }
    /// Depth fallen by the end of each step, mm.
    pub fn cumulative_mm(&self) -> Vec<f64> {
        let add = |sum: &mut f64, depth: &f64| {
            *sum += depth;
            Some(*sum)
        };
        self.depths_mm.iter().scan(0.0, add).collect()
    }
    /// Length of the steps together, s.
    pub fn duration_s(&self) -> f64 {
        f64::from(self.step_s) * self.depths_mm.len() as f64
    }
    /// Intensity of each step, mm/h.
    pub fn intensities_mm_per_h(&self) -> Vec<f64> {
        let per_hour = 3600.0 / f64::from(self.step_s.max(1));
        self.depths_mm.iter().map(|depth| depth * per_hour).collect()
    }
    /// The first of the wettest steps: its start, s, and its intensity, mm/h.
    pub fn peak(&self) -> (f64, f64) {
        let intensities = self.intensities_mm_per_h();
        let (mut at, mut most) = (0, 0.0);
        for (k, &intensity) in intensities.iter().enumerate() {
            if intensity > most {
                (at, most) = (k, intensity);
            }
        }
        (at as f64 * f64::from(self.step_s), most)
    }
    /// Most rain in a number of steps in a row, mm.
    pub fn most_in_steps_mm(&self, steps: usize) -> f64 {
        let sums = self.depths_mm.windows(steps.max(1)).map(|window| window.iter().sum::<f64>());
        sums.fold(0.0, f64::max).max(if steps > self.depths_mm.len() { self.total_mm() } else { 0.0 })
    }
    /// Every depth multiplied by a factor.
    pub fn scaled(mut self, factor: f64) -> Self {
        self.depths_mm.iter_mut().for_each(|depth| *depth *= factor);
        self
    }
}
