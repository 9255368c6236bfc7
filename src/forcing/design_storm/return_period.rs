//! Return periods: from intensity back to them, raised for a changing climate, and between samplings.

use crate::scenario::storm::{IntensityFormula, IntensityLaw};

use super::error::StormError;
use super::intensity::{self, curve_at};

/// Longest return period that a search looks at, years.
const MOST_YEARS: f64 = 1.0e6;

/// Return period of annual maxima from that of peaks over a threshold, years:
///
/// `T_am = 1 / (1 - exp(-1 / T_pot))`
///
/// Reference: W. B. Langbein (1949), *Annual floods and the partial-duration flood series*.
pub fn of_annual_maxima(peaks_over_threshold_years: f64) -> f64 {
    -1.0 / (-1.0 / peaks_over_threshold_years).exp_m1()
}

/// Return period of peaks over a threshold from that of annual maxima (above 1), years: the inverse of
/// [`of_annual_maxima`], `T_pot = -1 / ln(1 - 1 / T_am)`.
pub fn of_peaks_over_threshold(annual_maxima_years: f64) -> f64 {
    -1.0 / (-1.0 / annual_maxima_years).ln_1p()
}

/// Return period whose intensity of `A·(1 + C·lg P) / (t + b)^n` is `f` times that of `P`, years:
///
/// `lg P' = (f·(1 + C·lg P) - 1) / C`
///
/// `C` must not be 0.
pub fn raised(p: f64, f: f64, c: f64) -> f64 {
    10_f64.powf((f * (1.0 + c * p.log10()) - 1.0) / c)
}

/// Return period at which `q = A·(1 + C·lg P) / (t + b)^n`, years:
///
/// `P = 10^((q·(t + b)^n / A - 1) / C)`
///
/// `q` and `A` in L/(s·ha), `t` and `b` in minutes; `C` must not be 0. Below 1 year it is arithmetic
/// only.
pub fn of_intensity(q: f64, t: f64, a: f64, c: f64, b: f64, n: f64) -> f64 {
    10_f64.powf((q * (t + b).powf(n) / a - 1.0) / c)
}

/// Return period whose depth of a duration is `factor` times that of another one, years: in closed
/// form for the total form, else by bisection.
///
/// # Errors
/// When the formula gives no such return period.
pub fn raised_for(
    formula: &IntensityFormula,
    return_period_years: f64,
    factor: f64,
    duration_min: f64,
) -> Result<f64, StormError> {
    let wanted = factor * curve_at(formula, return_period_years)?.depth_mm(duration_min);
    if let IntensityLaw::Total { c, .. } = formula.law
        && c > 0.0
    {
        return Ok(raised(return_period_years, factor, c));
    }
    search(formula, duration_min, wanted).ok_or_else(|| {
        let message = format!(
            "{} gives no return period at which {duration_min} min bring {factor} times the depth of \
             {return_period_years} years",
            intensity::name(formula)
        );
        StormError::new(message).help("let the uplift multiply the intensity instead")
    })
}

/// The return period of a formula at which a duration brings a depth, years, by bisection.
pub(super) fn search(formula: &IntensityFormula, duration_min: f64, depth_mm: f64) -> Option<f64> {
    let depth = |p: f64| curve_at(formula, p).ok().map(|curve| curve.depth_mm(duration_min));
    let [least, most] = formula.return_period_years;
    let (mut low, mut high) = (least, most.max(least));
    if depth(low)? > depth_mm {
        return None;
    }
    while depth(high)? < depth_mm {
        high *= 10.0;
        if high > MOST_YEARS {
            return None;
        }
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if depth(middle)? < depth_mm { low = middle } else { high = middle }
    }
    Some(0.5 * (low + high))
}
