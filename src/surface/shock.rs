//! The full shallow-water equations: the flux through a face, friction, and the wave speed of a cell.

use crate::num::real::Real;

use super::params::WALL;

/// Water of one cell as a face sees it, in the direction of the face.
#[derive(Clone, Copy, Debug)]
pub struct Water<R> {
    /// Depth (m).
    pub depth: R,
    /// Velocity across the face (m/s).
    pub normal: R,
    /// Velocity along the face (m/s).
    pub along: R,
}

/// What passes a face in a second, per metre of it.
///
/// Momentum is counted from the hydrostatic pressure of the cell at rest, `½ g h²`, which the faces of a cell share:
/// so still water gives exact zeros.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flux<R> {
    /// Water (m²/s), positive to the right.
    pub water: R,
    /// Momentum across the face that the cell on the left loses (m³/s²).
    pub left: R,
    /// Momentum across the face that the cell on the right gains (m³/s²).
    pub right: R,
    /// Momentum along the face (m³/s²).
    pub along: R,
}

/// What the law needs besides the water, the same for every face.
#[derive(Clone, Copy, Debug)]
pub struct Shock<R> {
    /// Gravity g (m/s²).
    pub gravity: R,
    /// Depth below which nothing flows (m).
    pub dry: R,
}

/// Half the change of a quantity over a cell, from its changes towards both neighbours: half the smaller one, and zero at
/// an extreme. (Minmod; Roe 1986, *Annu. Rev. Fluid Mech.* 18.)
///
/// A steeper one would let the levels on the two sides of a face pass each other: thin water above a fall then meets a
/// sill that is not there and piles up behind it.
#[inline(always)]
pub fn half_slope<R: Real>(before: R, after: R) -> R {
    let (least, most) = (before.smaller(after), before.larger(after));
    R::of(0.5) * (least.larger(R::of(0.0)) + most.smaller(R::of(0.0)))
}

/// Flux between two states over a step of the bed, by HLLC on depths that are reconstructed so that still water
/// stays still and thin water runs down steep slopes with its full weight.
///
/// The bed at the face is `z_f = min(max(z_l, z_r), min(z_l + h_l, z_r + h_r))`, the depths there
/// `h* = min(z + h - z_f, h)`; the bed pushes a cell with `½ g (h + h*) (z_f - z)`. HLLC's star region moves with
/// speeds of a two-rarefaction estimate, or of a dry front.
///
/// `left`, `right` states at the face; `rise` the bed of the right above that of the left (m) and `level_rise` the same
/// for the level (m), which is `rise + h_r - h_l`. A wall (more than 500 km high) throws the water back as its mirror
/// image would.
///
/// (Audusse et al. 2004, *SIAM J. Sci. Comput.* 25, hydrostatic reconstruction; Chen and Noelle 2017, *SIAM J. Numer.
/// Anal.* 55, for the bed at the face; Toro 2001, *Shock-Capturing Methods for Free-Surface Shallow Flows*.)
#[inline(always)]
pub fn flux<R: Real>(law: &Shock<R>, left: Water<R>, right: Water<R>, rise: R, level_rise: R) -> Flux<R> {
    let (zero, half, quarter) = (R::of(0.0), R::of(0.5), R::of(0.25));
    let g = law.gravity;
    let high = R::of(0.5 * WALL);
    let (wall_left, wall_right) = (rise < -high, rise > high);
    let mirror = |water: Water<R>| Water { normal: -water.normal, ..water };
    let (left, right) =
        (if wall_left { mirror(right) } else { left }, if wall_right { mirror(left) } else { right });
    let walled = wall_left | wall_right;
    let (rise, level_rise) = (if walled { zero } else { rise }, if walled { zero } else { level_rise });
    // the bed at the face above the bed of either side
    let step_left = rise.larger(zero).smaller(left.depth.smaller(left.depth + level_rise));
    let step_right = (-rise).larger(zero).smaller(right.depth.smaller(right.depth - level_rise));
    let shallow = |depth: R| if depth > law.dry { depth } else { zero };
    let (l, r) =
        (shallow(left.depth - step_left.larger(zero)), shallow(right.depth - step_right.larger(zero)));
    let bed_left = half * g * (left.depth + l) * step_left.smaller(zero);
    let bed_right = half * g * (right.depth + r) * step_right.smaller(zero);

    let (u_l, u_r) = (left.normal, right.normal);
    let (c_l, c_r) = ((g * l).root(), (g * r).root());
    let middle = half * (u_l + u_r) + (c_l - c_r);
    let c_middle = (half * (c_l + c_r) + quarter * (u_l - u_r)).larger(zero);
    let two = R::of(2.0);
    let slow = if l > zero { (u_l - c_l).smaller(middle - c_middle) } else { u_r - two * c_r };
    let slow = (if r > zero { slow } else { u_l - c_l }).smaller(zero);
    let fast = if r > zero { (u_r + c_r).larger(middle + c_middle) } else { u_l + two * c_l };
    let fast = (if l > zero { fast } else { u_r + c_r }).larger(zero);
    let share = R::of(1.0) / (fast - slow).larger(R::of(1.0e-12));
    let (q_l, q_r) = (l * u_l, r * u_r);
    let water = share * ((fast * q_l - slow * q_r) + (fast * slow) * (r - l));
    let push = half * g * (r - l) * (r + l);
    let (m_l, m_r) = (q_l * u_l, q_r * u_r);
    let jump = (fast * slow) * (q_r - q_l);
    let mut to_left = share * ((fast * m_l - slow * (m_r + push)) + jump);
    let mut to_right = share * ((fast * (m_l - push) - slow * m_r) + jump);
    let dry = (l <= zero) & (r <= zero);
    if dry {
        to_left = zero;
        to_right = zero;
    }
    // two cells that count as dry do not push, so that nobody needs to look at them
    let idle = (left.depth <= law.dry) & (right.depth <= law.dry);
    let (bed_left, bed_right) = (if idle { zero } else { bed_left }, if idle { zero } else { bed_right });
    to_left += bed_left;
    to_right += bed_right;
    let water = if dry { zero } else { water };
    let along = water * if water > zero { left.along } else { right.along };
    Flux { water, left: to_left, right: to_right, along }
}

/// By which factor friction slows the flow over a step: the exact solution of `q' = q - Δt g n² |q'| q' / h^(7/3)`,
/// `2 / (1 + √(1 + 4 Δt g n² |q| / h^(7/3)))`.
///
/// `push` Δt g n² (s · m/s² · s²/m^(2/3)), `depth` h (m, above zero), `q` |q| (m²/s). Tends to Manning's discharge in thin
/// water at any step. (Xia and Liang 2018, *Adv. Water Resour.* 117, the same idea.)
#[inline(always)]
pub fn friction<R: Real>(push: R, depth: R, q: R) -> R {
    let one = R::of(1.0);
    let root = depth.inverse_cube_root();
    let square = root * root;
    let k = push * q * (root * square * (square * square));
    R::of(2.0) / (one + (one + R::of(4.0) * k).root())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAW: Shock<f64> = Shock { gravity: 9.81, dry: 1.0e-6 };

    fn water(depth: f64, normal: f64) -> Water<f64> {
        Water { depth, normal, along: 0.5 }
    }

    #[test]
    fn equal_states_pass_their_own_flux() {
        let f = flux(&LAW, water(2.0, 1.5), water(2.0, 1.5), 0.0, 0.0);
        assert!((f.water - 3.0).abs() < 1.0e-12);
        assert!((f.left - 4.5).abs() < 1.0e-12, "q u, the pressure at rest taken off");
        assert!((f.right - 4.5).abs() < 1.0e-12);
        assert!((f.along - 1.5).abs() < 1.0e-12);
    }

    #[test]
    fn still_water_over_a_step_gives_exact_zeros() {
        for (left, right) in [(2.0, 1.25), (0.5, 3.0), (0.125, 0.125)] {
            let f = flux(&LAW, water(left, 0.0), water(right, 0.0), left - right, 0.0);
            assert_eq!((f.water, f.left, f.right), (0.0, 0.0, 0.0));
        }
        let bank = flux(&LAW, water(1.0, 0.0), water(0.0, 0.0), 3.0, 2.0);
        assert_eq!((bank.water, bank.left, bank.right), (0.0, 0.0, 0.0));
    }

    #[test]
    fn a_dam_that_breaks_over_dry_ground_passes_eight_twenty_sevenths() {
        // Ritter: q = 8/27 √(g h) h at the dam; HLLC's first guess, a single star region, is 2/3 √(g h) h
        let f = flux(&LAW, water(1.0, 0.0), water(0.0, 0.0), 0.0, -1.0);
        let ritter = 8.0 / 27.0 * 9.81_f64.sqrt();
        assert!((f.water / ritter - 2.25).abs() < 1.0e-9, "{} {ritter}", f.water);
    }

    #[test]
    fn a_wall_lets_nothing_through_and_feels_the_water_that_meets_it() {
        let f = flux(&LAW, water(1.0, 2.0), water(0.0, 0.0), 1.0e6, 1.0e6 - 1.0);
        let still = flux(&LAW, water(1.0, 0.0), water(0.0, 0.0), 1.0e6, 1.0e6 - 1.0);
        let away = flux(&LAW, water(1.0, -2.0), water(0.0, 0.0), 1.0e6, 1.0e6 - 1.0);
        assert_eq!((f.water, still.water, away.water), (0.0, 0.0, 0.0));
        // two rarefactions: the mirror's wave runs with c + u/2 in the middle; q (u + c + u/2)
        assert!((f.left - 2.0 * (3.0 + 9.81_f64.sqrt())).abs() < 1.0e-12, "{}", f.left);
        assert_eq!(still.left, 0.0);
        assert!(away.left < 0.0);
    }

    #[test]
    fn a_dry_bank_gives_back_the_weight_of_the_water_and_no_more() {
        // banks of a valley in square cells are steps: they must not brake what runs along the valley
        for velocity in [-2.0, 0.0, 2.0] {
            let f = flux(&LAW, water(1.0, velocity), water(0.0, 0.0), 1.5, 0.5);
            assert_eq!((f.water, f.left), (0.0, 0.0));
        }
    }

    #[test]
    fn the_flux_is_the_same_from_the_other_side() {
        let (a, b) = (water(1.3, 0.4), water(0.7, -0.9));
        let mirror = |w: Water<f64>| Water { normal: -w.normal, ..w };
        for rise in [0.0, 0.2, -0.9, 5.0] {
            let there = flux(&LAW, a, b, rise, rise + b.depth - a.depth);
            let back = flux(&LAW, mirror(b), mirror(a), -rise, -(rise + b.depth - a.depth));
            assert_eq!((there.water, there.left, there.right), (-back.water, back.right, back.left));
        }
    }

    #[test]
    fn thin_water_on_a_steep_step_feels_its_full_weight() {
        // 1 cm of water above a fall of 1 m: g h Δz, not ½ g h²
        let f = flux(&LAW, water(0.01, 0.0), water(0.01, 0.0), -1.0, -1.0);
        let upper = -(f.left);
        assert!(upper < 9.81 * 0.01 * 1.0 * 1.02, "{upper}");
        assert!(upper > 9.81 * 0.01 * 1.0 * 0.95, "{upper}");
    }

    #[test]
    fn friction_tends_to_mannings_discharge_at_any_step() {
        // from q* = Δt g h S: q -> h^(5/3) √S / n
        let (h, n, slope, dt) = (0.01_f64, 0.015, 0.05, 1.0e6);
        let pushed = dt * 9.81 * h * slope;
        let q = pushed * friction(dt * 9.81 * n * n, h, pushed);
        let manning = h.powf(5.0 / 3.0) * slope.sqrt() / n;
        assert!((q / manning - 1.0).abs() < 1.0e-3, "{q} {manning}");
        assert_eq!(friction(0.0, 1.0, 5.0), 1.0);
    }

    #[test]
    fn slopes_vanish_at_extremes_and_keep_lines() {
        assert_eq!(half_slope(1.0, 1.0), 0.5);
        assert_eq!(half_slope(1.0, -1.0), 0.0);
        assert_eq!(half_slope(-0.1, -100.0), -0.05);
    }
}
