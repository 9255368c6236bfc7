//! One ordinary differential equation, integrated by Runge-Kutta steps that watch their own error.
//!
//! The pair of orders 5 and 4 is that of Cash and Karp (1990); the step is chosen as in Press et al.,
//! *Numerical Recipes*, section 16.2, with the same safety factors as SWMM, since a step chosen
//! otherwise gives other digits.

/// Coefficients of the stages (rows) of Cash and Karp.
const STAGES: [[f64; 5]; 5] = [
    [0.2, 0.0, 0.0, 0.0, 0.0],
    [3.0 / 40.0, 9.0 / 40.0, 0.0, 0.0, 0.0],
    [0.3, -0.9, 1.2, 0.0, 0.0],
    [-11.0 / 54.0, 2.5, -70.0 / 27.0, 35.0 / 27.0, 0.0],
    [1631.0 / 55_296.0, 175.0 / 512.0, 575.0 / 13_824.0, 44_275.0 / 110_592.0, 253.0 / 4096.0],
];
/// Weights of fifth order of the derivatives 1 to 6.
const FIFTH: [f64; 6] = [37.0 / 378.0, 0.0, 250.0 / 621.0, 125.0 / 594.0, 0.0, 512.0 / 1771.0];
/// Weights of fourth order of the derivatives 1 to 6.
const FOURTH: [f64; 6] =
    [2825.0 / 27_648.0, 0.0, 18_575.0 / 48_384.0, 13_525.0 / 55_296.0, 277.0 / 14_336.0, 0.25];

const SAFETY: f64 = 0.9;
/// Below this error a step grows five times.
const SMALL_ERROR: f64 = 1.89e-4;
const MOST_STEPS: usize = 10_000;

/// Integrates `dy/dt = slope(y)` from `start` over `duration` (s) with relative `tolerance`.
///
/// `None` when the step vanishes or ten thousand steps do not suffice.
#[inline]
pub fn integrate(start: f64, duration: f64, tolerance: f64, slope: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut value, mut time, mut step) = (start, 0.0, duration);
    for _ in 0..MOST_STEPS {
        let first = slope(value);
        let scale = value.abs() + (first * step).abs() + 1.0e-30;
        if (time + step - duration) * (time + step) > 0.0 {
            step = duration - time;
        }
        let error = loop {
            let (next, difference) = cash_karp(value, first, step, &slope);
            let error = (difference / scale).abs() / tolerance;
            if error > 1.0 {
                step = (SAFETY * step * error.powf(-0.25)).max(0.1 * step);
                if time + step == time {
                    return None;
                }
                continue;
            }
            value = next;
            break error;
        };
        time += step;
        if time >= duration {
            return Some(value);
        }
        step *= if error > SMALL_ERROR { SAFETY * error.powf(-0.2) } else { 5.0 };
    }
    None
}

/// One step: the value of fifth order, and its difference from the fourth.
#[inline]
fn cash_karp(value: f64, first: f64, step: f64, slope: &impl Fn(f64) -> f64) -> (f64, f64) {
    let [s2, s3, s4, s5, s6] = &STAGES;
    let k1 = first;
    let k2 = slope(value + s2[0] * step * k1);
    let k3 = slope(value + step * (s3[0] * k1 + s3[1] * k2));
    let k4 = slope(value + step * (s4[0] * k1 + s4[1] * k2 + s4[2] * k3));
    let k5 = slope(value + step * (s5[0] * k1 + s5[1] * k2 + s5[2] * k3 + s5[3] * k4));
    let k6 = slope(value + step * (s6[0] * k1 + s6[1] * k2 + s6[2] * k3 + s6[3] * k4 + s6[4] * k5));
    let next = value + step * (FIFTH[0] * k1 + FIFTH[2] * k3 + FIFTH[3] * k4 + FIFTH[5] * k6);
    let error = step
        * ((FIFTH[0] - FOURTH[0]) * k1
            + (FIFTH[2] - FOURTH[2]) * k3
            + (FIFTH[3] - FOURTH[3]) * k4
            + (FIFTH[4] - FOURTH[4]) * k5
            + (FIFTH[5] - FOURTH[5]) * k6);
    (next, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decay_is_integrated_within_the_tolerance() {
        let end = integrate(1.0, 5.0, 1.0e-6, |y| -y).unwrap();
        assert!((end / (-5.0_f64).exp() - 1.0).abs() < 1.0e-5, "{end}");
    }

    #[test]
    fn a_step_has_fifth_order() {
        // The error of one step of y' = −y falls with the sixth power of the step.
        let error = |h: f64| (cash_karp(1.0, -1.0, h, &|y| -y).0 - (-h).exp()).abs();
        let order = (error(0.2) / error(0.1)).log2();
        assert!((order - 6.0).abs() < 0.3, "{order}");
    }

    #[test]
    fn weights_of_both_orders_sum_to_one() {
        assert!((FIFTH.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert!((FOURTH.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        let nodes = [0.2, 0.3, 0.6, 1.0, 0.875];
        for (row, node) in STAGES.iter().zip(nodes) {
            assert!((row.iter().sum::<f64>() - node).abs() < 1e-14);
        }
    }
}
