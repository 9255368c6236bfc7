//! Known answers beside computed ones.

/// The comparisons of one case.
pub struct Comparison {
    case: &'static str,
    wrong: Vec<String>,
}

impl Comparison {
    /// Of a case.
    pub fn of(case: &'static str) -> Self {
        println!("{case}");
        Self { case, wrong: Vec::new() }
    }
    /// The computed value lies within a share of the known one.
    pub fn relative(&mut self, what: &str, known: f64, computed: f64, tolerance: f64) {
        self.judge(what, known, computed, (computed - known).abs() / known.abs(), tolerance, "");
    }
    /// The computed value lies within a distance of the known one.
    pub fn absolute(&mut self, what: &str, known: f64, computed: f64, tolerance: f64, unit: &str) {
        self.judge(what, known, computed, (computed - known).abs(), tolerance, unit);
    }
    fn judge(&mut self, what: &str, known: f64, computed: f64, error: f64, tolerance: f64, unit: &str) {
        let (error_text, limit) = if unit.is_empty() {
            (format!("{:.3} %", 100.0 * error), format!("{:.3} %", 100.0 * tolerance))
        } else {
            (format!("{error:.5} {unit}"), format!("{tolerance:.5} {unit}"))
        };
        let within = error <= tolerance;
        let mark = if within { " " } else { "!" };
        let line = format!(
            "{what:44} known {known:11.5}  computed {computed:11.5}  off {error_text:>12} of {limit}"
        );
        println!("  {mark} {line}");
        if !within {
            self.wrong.push(line);
        }
    }
}

impl Drop for Comparison {
    /// Fails the test when a value was off.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.wrong.is_empty(), "{}:\n{}", self.case, self.wrong.join("\n"));
        }
    }
}
