//! The lines that are printed: what was measured, its gate, and whether it was kept.

use std::error::Error;

/// Why a case could not be run.
pub type Trouble = Box<dyn Error>;

/// What a case gives.
pub type Done = Result<(), Trouble>;

/// Collects lines, and whether any gate was missed.
#[derive(Default)]
pub struct Proof {
    /// The case at hand.
    case: &'static str,
    /// Whether long pieces are left out.
    pub quick: bool,
    gates: usize,
    missed: Vec<String>,
}

impl Proof {
    /// Nothing proved so far.
    pub fn new(quick: bool) -> Self {
        Self { quick, ..Self::default() }
    }

    /// Begins a case.
    pub fn begin(&mut self, case: &'static str, about: &str) {
        self.case = case;
        println!("{case}: {about}");
    }

    /// A value that must not be above its gate; one that is no number misses it.
    pub fn gate(&mut self, what: &str, value: f64, most: f64) {
        self.judge(what, value, value <= most, &format!("<= {}", number(most)));
    }

    /// A value that must not be below its gate.
    pub fn at_least(&mut self, what: &str, value: f64, least: f64) {
        self.judge(what, value, value >= least, &format!(">= {}", number(least)));
    }

    fn judge(&mut self, what: &str, value: f64, kept: bool, gate: &str) {
        self.gates += 1;
        let line = format!("{what:<64} {:>12}  {gate:<10}", number(value));
        println!("  {} {line}", if kept { "ok  " } else { "FAIL" });
        if !kept {
            self.missed.push(format!("{}: {line}", self.case));
        }
    }

    /// A value without a gate.
    pub fn note(&self, what: &str, value: f64) {
        println!("       {what:<64} {:>12}", number(value));
    }

    /// A remark.
    pub fn remark(&self, text: &str) {
        println!("       {text}");
    }

    /// The case at hand could not be run, which counts as a missed gate.
    pub fn broken(&mut self, trouble: &dyn Error) {
        self.gates += 1;
        println!("  FAIL cannot be run: {trouble}");
        self.missed.push(format!("{}: cannot be run: {trouble}", self.case));
    }

    /// Prints what was missed, and whether nothing was.
    pub fn close(&self) -> bool {
        println!("{} gates, {} missed", self.gates, self.missed.len());
        for line in &self.missed {
            println!("  FAIL {line}");
        }
        self.missed.is_empty()
    }
}

/// Plain for what can be read, in powers for what is small.
fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if (1.0e-3..1.0e6).contains(&size) {
        let text = format!("{value:.5}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{value:.3e}")
    }
}
