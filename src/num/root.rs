//! Bracketed root finding.

/// Newton's method kept inside a bracket by bisection.
///
/// Finds `x` in `[low, high]` with `f(x) = 0`, where `f` returns value and derivative and changes
/// sign over the bracket. `start` is the first guess and `tolerance` the largest last step.
/// At most 60 evaluations. (Press et al., *Numerical Recipes*, section 9.4, describe the method;
/// SWMM uses the same one, so that stopping after the same step gives the same answer.)
pub fn newton_bracketed(
    low: f64,
    high: f64,
    start: f64,
    tolerance: f64,
    mut f: impl FnMut(f64) -> (f64, f64),
) -> f64 {
    let (mut a, mut b) = (low, high);
    let mut x = start;
    let mut step_before = (high - low).abs();
    let mut step = step_before;
    let (mut value, mut slope) = f(x);
    for _ in 0..60 {
        let newton_leaves = ((x - b) * slope - value) * ((x - a) * slope - value) >= 0.0;
        let newton_is_slow = (2.0 * value).abs() > (step_before * slope).abs();
        step_before = step;
        let x_before = x;
        if newton_leaves || newton_is_slow {
            step = 0.5 * (b - a);
            x = a + step;
            if a == x {
                break;
            }
        } else {
            step = value / slope;
            x -= step;
            if x == x_before {
                break;
            }
        }
        if step.abs() < tolerance {
            break;
        }
        (value, slope) = f(x);
        if value < 0.0 { a = x } else { b = x }
    }
    x
}
