//! Critical depth.

use super::geometry::CrossSection;
use crate::units::{FOOT, GRAVITY};

/// Parts of the depth that are searched for the critical depth of sections near a circle's area.
const PARTS: usize = 25;

/// Whether `25 · (D / 25)`, the top of EPA's search in feet, is rounded to less than the full depth D;
/// `below` is the sediment under both.
///
/// It matters where a closed section has no width at its top: just below it the critical flow is
/// beyond all bounds, and a flow that is larger than that at 96 % of the depth has its critical depth
/// there; at the top itself there is no critical flow, and it has it at the full depth.
pub(super) fn search_falls_short(full_depth_ft: f64, below_ft: f64) -> bool {
    let top = PARTS as f64 * (full_depth_ft / PARTS as f64);
    (top + below_ft) / (full_depth_ft + below_ft) < 1.0
}
/// Accuracy of the critical depth of other sections, EPA's 0.001 ft.
const TOLERANCE: f64 = 0.001 * FOOT;

/// Critical flow at a depth, `Q = A √(g A / W)`, m³/s; 0 where there is no width.
pub(super) fn critical_flow(section: &CrossSection, depth: f64) -> f64 {
    let at = section.at_depth(depth);
    if at.width > 0.0 { at.area * (GRAVITY * at.area / at.width).sqrt() } else { 0.0 }
}

/// Critical depth of a section that has no closed form: first that of a circle,
/// `1.01 (Q² / g D)^(1/4)`, then refined. `energy` is Q²/g.
pub(super) fn critical_depth(section: &CrossSection, flow: f64, energy: f64) -> f64 {
    let full = section.full_depth;
    let mut guess = 1.01 * (energy / full).sqrt().sqrt();
    if guess >= full {
        guess = 0.97 * full;
    }
    let circularity = section.full_area / (std::f64::consts::PI / 4.0 * full * full);
    if (0.5..=2.0).contains(&circularity) {
        by_enumeration(section, flow, guess)
    } else {
        by_ridder(section, flow, guess)
    }
}

/// Goes from the part of the depth that holds the guess, up or down, to the part in which the
/// critical flow passes `flow`, and interpolates there.
fn by_enumeration(section: &CrossSection, flow: f64, guess: f64) -> f64 {
    let step = section.full_depth / PARTS as f64;
    let start = (guess / step) as usize;
    let flow_at = |i: usize| {
        let depth = if i == PARTS { section.highest_critical_depth } else { i as f64 * step };
        critical_flow(section, depth)
    };
    let mut before = flow_at(start);
    if before < flow {
        for i in start + 1..=PARTS {
            let here = flow_at(i);
            if here >= flow {
                return ((flow - before) / (here - before) + (i - 1) as f64) * step;
            }
            before = here;
        }
        section.full_depth
    } else {
        for i in (0..start).rev() {
            let here = flow_at(i);
            if here < flow {
                return ((flow - here) / (before - here) + i as f64) * step;
            }
            before = here;
        }
        0.0
    }
}

/// Halves the bracket by the guess and by half the depth, then takes Ridder's method.
fn by_ridder(section: &CrossSection, flow: f64, guess: f64) -> f64 {
    let half = 0.5 * section.full_depth;
    let (mut low, mut high) = (0.0, 0.99 * section.full_depth);
    if critical_flow(section, high) < flow {
        return section.full_depth;
    }
    let at_half = critical_flow(section, half);
    if critical_flow(section, guess) > flow {
        high = guess;
        if at_half < flow {
            low = half;
        }
    } else {
        low = guess;
        if at_half > flow {
            high = half;
        }
    }
    ridder(low, high, |depth| critical_flow(section, depth) - flow).unwrap_or(section.full_depth)
}

/// Root of `f` between two depths by Ridder's method (Press et al., *Numerical Recipes*, section
/// 9.2), to [`TOLERANCE`]; `None` when they do not bracket it.
fn ridder(low: f64, high: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut a, mut b) = (low, high);
    let (mut at_a, mut at_b) = (f(a), f(b));
    if at_a == 0.0 {
        return Some(a);
    }
    if at_b == 0.0 {
        return Some(b);
    }
    if at_a.is_nan() || at_b.is_nan() || (at_a > 0.0) == (at_b > 0.0) {
        return None;
    }
    let changes_sign = |x: f64, y: f64| if y >= 0.0 { x.abs() != x } else { -x.abs() != x };
    let mut root = 0.5 * (a + b);
    for _ in 0..60 {
        let middle = 0.5 * (a + b);
        let at_middle = f(middle);
        let scale = (at_middle * at_middle - at_a * at_b).sqrt();
        if scale == 0.0 {
            break;
        }
        let sign = if at_a >= at_b { 1.0 } else { -1.0 };
        let next = middle + (middle - a) * (sign * at_middle / scale);
        if (next - root).abs() <= TOLERANCE {
            break;
        }
        root = next;
        let at_root = f(root);
        if changes_sign(at_middle, at_root) {
            (a, at_a, b, at_b) = (middle, at_middle, root, at_root);
        } else if changes_sign(at_a, at_root) {
            (b, at_b) = (root, at_root);
        } else if changes_sign(at_b, at_root) {
            (a, at_a) = (root, at_root);
        } else {
            break;
        }
        if (b - a).abs() <= TOLERANCE {
            break;
        }
    }
    Some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ridder_finds_the_root_of_a_cubic() {
        let root = ridder(0.0, 4.0, |x| x * x * x - 2.0).unwrap();
        assert!((root - 2.0_f64.cbrt()).abs() < TOLERANCE);
        assert_eq!(ridder(2.0, 4.0, |x| x), None);
    }
}
