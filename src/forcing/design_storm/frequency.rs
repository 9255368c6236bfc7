//! Frequency analysis of annual maxima: moments, distributions, fits.

use crate::num::gamma::{gamma, inverse_upper_gamma, normal_deviate};

use super::error::StormError;

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;
/// Fewest values that a fit takes.
const FEWEST: usize = 5;
/// Skewness below which a Pearson III distribution is close enough to normal for a series.
const SMALL_SKEWNESS: f64 = 0.02;
/// Largest skewness that a curve fit looks at.
const MOST_SKEWNESS: f64 = 6.0;

/// How skewness is made free of bias.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SkewConvention {
    /// `Cs = n / ((n - 1)(n - 2)) · Σ((x - mean)/s)³`, as statistics programs take it.
    #[default]
    Unbiased,
    /// `Cs = Σ(K - 1)³ / ((n - 3)·Cv³)` with `K = x / mean`, as Chinese hydrology takes it.
    Chinese,
}

/// Moments of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Mean.
    pub mean: f64,
    /// Standard deviation, over n - 1.
    pub deviation: f64,
    /// Skewness.
    pub skewness: f64,
}

impl Moments {
    /// Moments of at least five values that are not all the same.
    ///
    /// # Errors
    /// When there are fewer, or one is not finite.
    pub fn of(sample: &[f64], convention: SkewConvention) -> Result<Self, StormError> {
        if sample.len() < FEWEST {
            return Err(StormError::new(format!("{} annual maxima are too few", sample.len()))
                .help(format!("at least {FEWEST} are needed; GB 50014 asks for 20 years, better 30")));
        }
        if let Some(value) = sample.iter().find(|value| !value.is_finite()) {
            return Err(StormError::new(format!("an annual maximum of {value} is none")));
        }
        let n = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / n;
        let power = |k: i32| sample.iter().map(|value| (value - mean).powi(k)).sum::<f64>();
        let deviation = (power(2) / (n - 1.0)).sqrt();
        if deviation <= 1e-12 * mean.abs() {
            return Err(StormError::new("the annual maxima are all the same"));
        }
        let cubes = power(3) / deviation.powi(3);
        let skewness = match convention {
            SkewConvention::Unbiased => n / ((n - 1.0) * (n - 2.0)) * cubes,
            SkewConvention::Chinese => cubes / (n - 3.0),
        };
        Ok(Self { mean, deviation, skewness })
    }
    /// Coefficient of variation Cv, deviation over mean.
    pub fn variation(&self) -> f64 {
        self.deviation / self.mean
    }
}

/// The first L-moments of a sample, by unbiased probability-weighted moments.
///
/// Reference: J. R. M. Hosking (1990), *L-moments*, Journal of the Royal Statistical Society B 52.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LMoments {
    /// λ1, the mean.
    pub first: f64,
    /// λ2, a measure of spread.
    pub second: f64,
    /// τ3 = λ3/λ2, a measure of skewness.
    pub skewness: f64,
}

impl LMoments {
    /// L-moments of at least five values that are not all the same.
    ///
    /// # Errors
    /// When there are fewer, or one is not finite.
    pub fn of(sample: &[f64]) -> Result<Self, StormError> {
        Moments::of(sample, SkewConvention::Unbiased)?;
        let mut ordered = sample.to_vec();
        ordered.sort_by(f64::total_cmp);
        let n = ordered.len() as f64;
        let (mut b0, mut b1, mut b2) = (0.0, 0.0, 0.0);
        for (i, value) in ordered.iter().enumerate() {
            let i = i as f64;
            b0 += value / n;
            b1 += i / (n - 1.0) * value / n;
            b2 += i * (i - 1.0) / ((n - 1.0) * (n - 2.0)) * value / n;
        }
        let second = 2.0 * b1 - b0;
        Ok(Self { first: b0, second, skewness: (6.0 * b2 - 6.0 * b1 + b0) / second })
    }
}

/// A distribution of annual maxima.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// Pearson III.
    PearsonThree {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        deviation: f64,
        /// Skewness Cs.
        skewness: f64,
    },
    /// Gumbel: `x = u - α·ln(-ln F)`.
    Gumbel {
        /// u.
        location: f64,
        /// α.
        scale: f64,
    },
    /// Generalised extreme value: `x = ξ + α·(1 - (-ln F)^k) / k`.
    ///
    /// `k` has Hosking's sign: below 0 the upper tail is heavy. Many programs give `-k`.
    GeneralisedExtremeValue {
        /// ξ.
        location: f64,
        /// α.
        scale: f64,
        /// k.
        shape: f64,
    },
}

impl Distribution {
    /// The value of a return period above 1 year; `NaN` for any other.
    pub fn quantile(&self, return_period_years: f64) -> f64 {
        if return_period_years.is_nan() || return_period_years <= 1.0 {
            return f64::NAN;
        }
        let exceedance = 1.0 / return_period_years;
        // -ln F, of which F = 1 - exceedance
        let reduced = -(-exceedance).ln_1p();
        match *self {
            Self::PearsonThree { mean, deviation, skewness } => {
                mean + deviation * pearson_deviate(exceedance, skewness)
            }
            Self::Gumbel { location, scale } => location - scale * reduced.ln(),
            Self::GeneralisedExtremeValue { location, scale, shape } => {
                let y = reduced.ln();
                // (1 - e^(k·y)) / k, which tends to -y
                let part = if shape.abs() < 1e-9 { -y } else { -(shape * y).exp_m1() / shape };
                location + scale * part
            }
        }
    }
    /// Root of the mean squared difference between a sample and the distribution at its Weibull
    /// plotting positions.
    pub fn root_mean_square_error(&self, sample: &[f64]) -> f64 {
        let ordered = descending(sample);
        let squares = ordered.iter().enumerate().map(|(i, value)| {
            let difference = self.quantile(1.0 / plotting_position(i, ordered.len())) - value;
            difference * difference
        });
        (squares.sum::<f64>() / ordered.len().max(1) as f64).sqrt()
    }
}

/// Weibull's plotting position, the probability that the `i`-th largest (from 0) of `n` values is
/// exceeded: `(i + 1) / (n + 1)`.
pub fn plotting_position(i: usize, n: usize) -> f64 {
    (i + 1) as f64 / (n + 1) as f64
}

/// The sample, largest first.
pub fn descending(sample: &[f64]) -> Vec<f64> {
    let mut ordered = sample.to_vec();
    ordered.sort_by(|a, b| b.total_cmp(a));
    ordered
}

/// The standardised deviate Φ of a Pearson III distribution that is exceeded with a probability:
///
/// `Φ = Cs/2·y - 2/Cs` with `Q(4/Cs², y) = p`
///
/// `Q` is the upper incomplete gamma function. Below a skewness of 0.02 the first terms of Cornish and
/// Fisher's series about the normal deviate are as good. A negative skewness mirrors.
pub fn pearson_deviate(exceedance: f64, skewness: f64) -> f64 {
    if skewness.abs() < SMALL_SKEWNESS {
        let (z, k) = (normal_deviate(exceedance), skewness / 6.0);
        return z + (z * z - 1.0) * k + (z * z * z - 7.0 * z) * k * k / 4.0;
    }
    if skewness < 0.0 {
        return -pearson_deviate(1.0 - exceedance, -skewness);
    }
    0.5 * skewness * inverse_upper_gamma(4.0 / (skewness * skewness), exceedance) - 2.0 / skewness
}

/// Pearson III by moments.
///
/// # Errors
/// As [`Moments::of`].
pub fn pearson_three_by_moments(
    sample: &[f64],
    convention: SkewConvention,
) -> Result<Distribution, StormError> {
    let Moments { mean, deviation, skewness } = Moments::of(sample, convention)?;
    Ok(Distribution::PearsonThree { mean, deviation, skewness })
}

/// Pearson III with mean and deviation by moments and a skewness in a fixed ratio to the coefficient
/// of variation, `Cs = k·Cv`; 3.5 is usual for rain in China.
///
/// # Errors
/// As [`Moments::of`], and for a ratio that is not above 0 and at most 20.
pub fn pearson_three_with_ratio(sample: &[f64], ratio: f64) -> Result<Distribution, StormError> {
    if !(ratio > 0.0 && ratio <= 20.0) {
        return Err(StormError::new(format!("a ratio Cs/Cv of {ratio} is none"))
            .help("2 to 4 is usual; 3.5 for rain in China"));
    }
    let moments = Moments::of(sample, SkewConvention::Unbiased)?;
    let Moments { mean, deviation, .. } = moments;
    Ok(Distribution::PearsonThree { mean, deviation, skewness: ratio * moments.variation() })
}

/// Pearson III fitted as a curve (适线法): mean, deviation and skewness with the least sum of squared
/// differences at Weibull's plotting positions; skewness from 0 to 6.
///
/// # Errors
/// As [`Moments::of`].
pub fn pearson_three_by_curve_fit(sample: &[f64]) -> Result<Distribution, StormError> {
    Moments::of(sample, SkewConvention::Unbiased)?;
    let ordered = descending(sample);
    let misfit = |skewness: f64| straight_fit(&ordered, skewness).1;
    // a coarse walk finds the valley, the golden section its floor
    let walk = 24;
    let step = MOST_SKEWNESS / f64::from(walk);
    let mut best = (f64::INFINITY, 0.0);
    for k in 0..=walk {
        let skewness = f64::from(k) * step;
        let value = misfit(skewness);
        if value < best.0 {
            best = (value, skewness);
        }
    }
    let (mut low, mut high) = ((best.1 - step).max(0.0), (best.1 + step).min(MOST_SKEWNESS));
    let golden = 0.5 * (5_f64.sqrt() - 1.0);
    for _ in 0..60 {
        let (inner, outer) = (high - golden * (high - low), low + golden * (high - low));
        if misfit(inner) < misfit(outer) { high = outer } else { low = inner }
    }
    let skewness = 0.5 * (low + high);
    Ok(straight_fit(&ordered, skewness).0)
}

/// The Pearson III distribution of a skewness that fits best, since values are straight in their
/// deviates, and its sum of squared differences.
fn straight_fit(ordered: &[f64], skewness: f64) -> (Distribution, f64) {
    let n = ordered.len() as f64;
    let deviates: Vec<f64> =
        (0..ordered.len()).map(|i| pearson_deviate(plotting_position(i, ordered.len()), skewness)).collect();
    let (middle_x, middle_y) = (deviates.iter().sum::<f64>() / n, ordered.iter().sum::<f64>() / n);
    let products = deviates.iter().zip(ordered).map(|(x, y)| (x - middle_x) * (y - middle_y)).sum::<f64>();
    let squares = deviates.iter().map(|x| (x - middle_x) * (x - middle_x)).sum::<f64>();
    let deviation = products / squares;
    let mean = middle_y - deviation * middle_x;
    let misfit = deviates.iter().zip(ordered).map(|(x, y)| (mean + deviation * x - y).powi(2)).sum();
    (Distribution::PearsonThree { mean, deviation, skewness }, misfit)
}

/// Gumbel by moments: `α = s·√6/π`, `u = mean - γ·α`.
///
/// # Errors
/// As [`Moments::of`].
pub fn gumbel_by_moments(sample: &[f64]) -> Result<Distribution, StormError> {
    let Moments { mean, deviation, .. } = Moments::of(sample, SkewConvention::Unbiased)?;
    let scale = deviation * 6_f64.sqrt() / std::f64::consts::PI;
    Ok(Distribution::Gumbel { location: mean - EULER * scale, scale })
}

/// Gumbel by L-moments: `α = λ2/ln 2`, `u = λ1 - γ·α`.
///
/// # Errors
/// As [`Moments::of`].
pub fn gumbel_by_l_moments(sample: &[f64]) -> Result<Distribution, StormError> {
    let LMoments { first, second, .. } = LMoments::of(sample)?;
    let scale = second / std::f64::consts::LN_2;
    Ok(Distribution::Gumbel { location: first - EULER * scale, scale })
}

/// Generalised extreme value by L-moments:
///
/// `k = 7.8590·c + 2.9554·c²` with `c = 2/(3 + τ3) - ln 2/ln 3`,
/// `α = λ2·k / ((1 - 2^-k)·Γ(1 + k))`, `ξ = λ1 - α·(1 - Γ(1 + k))/k`.
///
/// Reference: J. R. M. Hosking, J. R. Wallis, E. F. Wood (1985), Technometrics 27(3).
///
/// # Errors
/// As [`Moments::of`], and when the sample is too skew for it.
pub fn generalised_extreme_value_by_l_moments(sample: &[f64]) -> Result<Distribution, StormError> {
    let LMoments { first, second, skewness } = LMoments::of(sample)?;
    let c = 2.0 / (3.0 + skewness) - std::f64::consts::LN_2 / 3_f64.ln();
    let shape = 7.8590 * c + 2.9554 * c * c;
    if shape <= -1.0 {
        return Err(StormError::new("the annual maxima are too skew for a generalised extreme value fit"));
    }
    if shape.abs() < 1e-9 {
        return gumbel_by_l_moments(sample);
    }
    let whole = gamma(1.0 + shape);
    let scale = second * shape / ((1.0 - (-shape).exp2()) * whole);
    Ok(Distribution::GeneralisedExtremeValue {
        location: first - scale * (1.0 - whole) / shape,
        scale,
        shape,
    })
}
