//! Roots and ordinary differential equations, by methods that need no thought.

/// Root of a function that rises through zero between two points (bisection).
pub fn root(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if f(middle) < 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Solution of `y' = f(x, y)` from `x0` to `x1` (Runge-Kutta of fourth order, 2000 steps).
pub fn solve(x0: f64, x1: f64, y0: f64, f: impl Fn(f64, f64) -> f64) -> f64 {
    let steps = 2000;
    let h = (x1 - x0) / f64::from(steps);
    let (mut x, mut y) = (x0, y0);
    for _ in 0..steps {
        let k1 = f(x, y);
        let k2 = f(x + 0.5 * h, y + 0.5 * h * k1);
        let k3 = f(x + 0.5 * h, y + 0.5 * h * k2);
        let k4 = f(x + h, y + h * k3);
        y += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
        x += h;
    }
    y
}
