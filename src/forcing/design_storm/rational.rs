//! The rational method: from intensity to flow, and from a pipe's capacity back to a return period.

use std::fmt;

use crate::scenario::storm::{IntensityFormula, IntensityLaw};

use super::error::StormError;
use super::return_period;

/// Peak flow of the rational method, L/s: `Q = ψ·q·F`.
///
/// - `ψ`: runoff coefficient, 0 to 1
/// - `q`: intensity, L/(s·ha)
/// - `F`: area, ha
///
/// Reference: GB 50014-2021, 4.1.7.
pub fn peak_flow_l_per_s(runoff_coefficient: f64, intensity_l_per_s_ha: f64, area_ha: f64) -> f64 {
    runoff_coefficient * intensity_l_per_s_ha * area_ha
}

/// Flow of a full circular pipe, m³/s (Manning): `Q = A·R^(2/3)·√S / n`, `A = π·D²/4`, `R = D/4`.
///
/// - `D`: diameter, m
/// - `S`: slope, above 0
/// - `n`: roughness, s/m^(1/3)
pub fn full_pipe_flow(diameter: f64, slope: f64, roughness: f64) -> f64 {
    let area = 0.25 * std::f64::consts::PI * diameter * diameter;
    area * (0.25 * diameter).powf(2.0 / 3.0) * slope.sqrt() / roughness
}

/// The return period whose rain a capacity just carries, as far as a formula can tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EquivalentReturnPeriod {
    /// Below the shortest one that the formula holds for, years: arithmetic would go on, the formula
    /// does not.
    Below(f64),
    /// In years.
    Years(f64),
    /// Above the longest one that the formula holds for, years.
    Above(f64),
}

impl fmt::Display for EquivalentReturnPeriod {
    /// `<1 a`, `1.48 a`, `>100 a`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Below(years) => write!(f, "<{years} a"),
            Self::Years(years) => write!(f, "{years:.2} a"),
            Self::Above(years) => write!(f, ">{years} a"),
        }
    }
}

/// The return period at which a formula's intensity of a duration equals a capacity in L/(s·ha).
///
/// The capacity of a pipe is `Q / (ψ·F)`, the duration the time of concentration in minutes.
///
/// # Errors
/// When the formula gives no intensities.
pub fn equivalent_return_period(
    formula: &IntensityFormula,
    capacity_l_per_s_ha: f64,
    duration_min: f64,
) -> Result<EquivalentReturnPeriod, StormError> {
    let [least, most] = formula.return_period_years;
    let at = |years| super::intensity::intensity_l_per_s_ha(formula, years, duration_min);
    if capacity_l_per_s_ha.is_nan() || capacity_l_per_s_ha < at(least)? {
        return Ok(EquivalentReturnPeriod::Below(least));
    }
    if capacity_l_per_s_ha > at(most)? {
        return Ok(EquivalentReturnPeriod::Above(most));
    }
    let years = match formula.law {
        IntensityLaw::Total { a, c, b, n } if c > 0.0 && b > 0.0 => {
            Some(return_period::of_intensity(capacity_l_per_s_ha, duration_min, a, c, b, n))
        }
        _ => {
            let depth = capacity_l_per_s_ha / formula.unit_factor.value() * duration_min;
            return_period::search(formula, duration_min, depth)
        }
    };
    years.map(|years| EquivalentReturnPeriod::Years(years.clamp(least, most))).ok_or_else(|| {
        StormError::new(format!(
            "{} gives no return period of that capacity",
            super::intensity::name(formula)
        ))
        .help("a formula for single return periods only cannot be inverted")
    })
}
