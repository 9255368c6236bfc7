//! Storm-intensity formulas at one return period.

use crate::scenario::storm::{
    IntensityFormula, IntensityLaw, LogParameter, PeriodInterval, SinglePeriod, UnitFactor,
};

use super::error::StormError;

/// Shortest duration of formulas that are infinite at a duration of zero, min: GB 50014 counts
/// durations from there.
pub const SHORTEST_DURATION_MIN: f64 = 5.0;

/// A storm-intensity formula at one return period, into which all published forms collapse:
///
/// `i(t) = a / (t + b)^n`
///
/// - `i`: mean intensity of the heaviest `t` minutes, mm/min
/// - `t`: duration, min
///
/// Reference: GB 50014-2021, appendix A.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IntensityCurve {
    /// a, mm·min^(n-1).
    pub a: f64,
    /// b, min.
    pub b: f64,
    /// n.
    pub n: f64,
}

impl IntensityCurve {
    /// The duration below which intensity no longer grows, min: 5 where the formula would be infinite
    /// at zero (`b <= 0`), else 0.
    pub fn floor_min(&self) -> f64 {
        if self.b > 0.0 { 0.0 } else { SHORTEST_DURATION_MIN }
    }
    /// Mean intensity of a duration in minutes, mm/min.
    pub fn intensity_mm_per_min(&self, duration_min: f64) -> f64 {
        self.a / (duration_min.max(self.floor_min()) + self.b).powf(self.n)
    }
    /// Depth of a duration in minutes, mm: `H(t) = i(t)·t`.
    pub fn depth_mm(&self, duration_min: f64) -> f64 {
        self.intensity_mm_per_min(duration_min) * duration_min
    }
    /// Intensity that the depth grows with at a duration, mm/min:
    ///
    /// `dH/dt = a·[(1 - n)·t + b] / (t + b)^(1 + n)`
    pub fn marginal_intensity_mm_per_min(&self, duration_min: f64) -> f64 {
        if duration_min < self.floor_min() {
            return self.intensity_mm_per_min(duration_min);
        }
        let t = duration_min;
        self.a * ((1.0 - self.n) * t + self.b) / (t + self.b).powf(1.0 + self.n)
    }
}

/// Mean intensity of a formula in the unit that it is published in, L/(s·ha).
///
/// # Errors
/// As [`curve_at`].
pub fn intensity_l_per_s_ha(
    formula: &IntensityFormula,
    return_period_years: f64,
    duration_min: f64,
) -> Result<f64, StormError> {
    let curve = curve_at(formula, return_period_years)?;
    Ok(curve.intensity_mm_per_min(duration_min) * formula.unit_factor.value())
}

/// A formula at a return period.
///
/// Above the return periods that a formula is published for, those with one set of coefficients go
/// on (see [`is_extrapolated`]); below them, none does.
///
/// # Errors
/// When the formula does not hold for the return period, or its coefficients give no intensities.
pub fn curve_at(formula: &IntensityFormula, return_period_years: f64) -> Result<IntensityCurve, StormError> {
    let p = return_period_years;
    let [least, most] = formula.return_period_years;
    // written so that NaN is refused too
    if !(p >= least && p.is_finite()) {
        return Err(refuse_period(formula, p, &format!("it holds from {least} to {most} years")));
    }
    let lg = p.log10();
    let rounded = UnitFactor::Rounded.value();
    let curve = match &formula.law {
        IntensityLaw::Total { a, c, b, n } => IntensityCurve { a: a * (1.0 + c * lg), b: *b, n: *n },
        IntensityLaw::TotalWithVaryingShift { a, c, b, b_exponent, n } => {
            IntensityCurve { a: a * (1.0 + c * lg), b: b * p.powf(*b_exponent), n: *n }
        }
        IntensityLaw::PowerOfPeriod { a, exponent, offset, b, b_per_log, n, n_per_log } => IntensityCurve {
            a: a * (p.powf(*exponent) - offset),
            b: b + b_per_log * lg,
            n: n + n_per_log * lg,
        },
        IntensityLaw::Intervals(intervals) => match row(&formula.single_periods, p) {
            Some(curve) => curve,
            None => {
                let interval = interval(intervals, p)
                    .ok_or_else(|| refuse_period(formula, p, &format!("it ends at {most} years")))?;
                // the publication writes 167·A, whatever factor the user then divides by
                IntensityCurve {
                    a: rounded * parameter(interval.a, p),
                    b: parameter(interval.b, p),
                    n: parameter(interval.n, p),
                }
            }
        },
        IntensityLaw::SinglePeriods(rows) => row(rows, p).ok_or_else(|| {
            let known: Vec<String> = rows.iter().map(|row| row.return_period_years.to_string()).collect();
            refuse_period(formula, p, &format!("it is published for {} years only", known.join(", ")))
        })?,
    };
    let curve = IntensityCurve { a: curve.a / formula.unit_factor.value(), ..curve };
    let IntensityCurve { a, b, n } = curve;
    if a > 0.0 && a.is_finite() && n > 0.0 && n.is_finite() && b.is_finite() && curve.floor_min() + b > 0.0 {
        Ok(curve)
    } else {
        let message = format!(
            "{} gives no intensities at a return period of {p} years: A = {a:.4}, b = {b:.4}, n = {n:.4}",
            name(formula)
        );
        Err(StormError::new(message).help("A and n must be above 0, b must not be below 0"))
    }
}

/// Whether a return period lies above those that the formula is published for.
pub fn is_extrapolated(formula: &IntensityFormula, return_period_years: f64) -> bool {
    return_period_years > formula.return_period_years[1]
}

/// What a formula is called in messages.
pub fn name(formula: &IntensityFormula) -> String {
    match formula.place() {
        place if place.is_empty() => "the formula".to_owned(),
        place => format!("the formula of {place}"),
    }
}

fn refuse_period(formula: &IntensityFormula, p: f64, why: &str) -> StormError {
    StormError::new(format!("{} gives no rain of {p} years: {why}", name(formula)))
        .help("take a return period within that range, or another formula")
}

/// `p1 + p2·ln(P - p3)`.
fn parameter(LogParameter([p1, p2, p3]): LogParameter, p: f64) -> f64 {
    p1 + p2 * (p - p3).ln()
}

/// The interval of a return period. The join of two belongs to the second: at P = 10 only the second
/// set of Shenzhen 2024 gives the official depths.
fn interval(intervals: &[PeriodInterval], p: f64) -> Option<&PeriodInterval> {
    let holds = |i: &&PeriodInterval| p >= i.from_years && p < i.to_years;
    intervals.iter().find(holds).or_else(|| intervals.last().filter(|last| p == last.to_years))
}

/// The row of a return period, still in L/(s·ha).
fn row(rows: &[SinglePeriod], p: f64) -> Option<IntensityCurve> {
    let row = rows.iter().find(|row| row.return_period_years == p)?;
    Some(IntensityCurve { a: row.a, b: row.b, n: row.n })
}
