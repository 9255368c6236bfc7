//! The local inertial law: Manning's friction and inertia in balance, without the advection of momentum.

use crate::num::real::{Real, coarse_inverse_cube_root};

/// What the law needs besides the water, the same for every face of a step.
#[derive(Clone, Copy, Debug)]
pub struct Inertial<R> {
    /// `g Δt / Δx` (1/s · m/m).
    pub drive: R,
    /// `Δt` (s).
    pub dt: R,
    /// `(1 - θ) / 2 · Δt √g / Δx`: times `√h_f` the weight of each neighbour.
    pub side: R,
    /// Greatest Froude number times `√g` (√m/s); huge for none.
    pub fastest: R,
    /// Depth below which nothing flows (m).
    pub dry: R,
    /// `Δt / Δx` (s/m).
    pub pace: R,
}

/// Depth (m) below which friction leaves advection nothing to carry.
const ADVECTION_DEPTH: f64 = 1.0e-3;

/// Momentum that advection carries away from a face over a step (m²/s), `Δt/Δx (2 u Δq - u² (h_r - h_l))`: the difference
/// quotient of `∂(q²/h)/∂x = 2 u ∂q/∂x - u² ∂h/∂x`, `Δq` on the side from which the water comes, `u = q / h_f`, no
/// faster than the greatest Froude number. The axes are taken each for itself: what water that runs aslant carries from
/// row to row is left out.
///
/// With it the law is that of the full equations where water runs along an axis, save for bores; arguments as for
/// [`discharge`]. Nothing in water below a millimetre. (The term of de Saint-Venant 1871; differences by ourselves.)
#[inline(always)]
pub fn advected<R: Real>(law: &Inertial<R>, q: [R; 3], [left, right]: [R; 2], rise: R) -> R {
    let depth = flow_depth(left, right, rise).larger(law.dry);
    let fastest = law.fastest * depth.coarse_root();
    let u = (q[1] / depth).larger(-fastest).smaller(fastest);
    let change = if q[1] > R::of(0.0) { q[1] - q[0] } else { q[2] - q[1] };
    let away = law.pace * ((u + u) * change - (u * u) * (right - left));
    if depth > R::of(ADVECTION_DEPTH) { away } else { R::of(0.0) }
}

/// The depth with which water flows through a face: the higher level above the higher bed,
/// `h_f = max(z_l + h_l, z_r + h_r) - max(z_l, z_r)`, computed from differences only (m). Negative or zero if
/// neither level reaches the higher bed.
///
/// `left`, `right` depths (m), `rise` the bed of the right cell above that of the left one (m).
#[inline(always)]
pub fn flow_depth<R: Real>(left: R, right: R, rise: R) -> R {
    let nothing = R::of(0.0);
    (left - rise.larger(nothing)).larger(right - (-rise).larger(nothing))
}

/// What friction takes from a discharge over a step, `k = g n² Δt / h_f^(7/3)` (s/m²): to 2e-5, which is far less
/// than n is known to.
///
/// `friction` g n² (m/s² · s²/m^(2/3)), `left` and `right` depths (m), `rise` the bed of the right cell above that of the
/// left one (m).
#[inline(always)]
pub fn resistance<R: Real>(law: &Inertial<R>, [left, right]: [R; 2], rise: R, friction: R) -> f32 {
    resistance_at(law, flow_depth(left, right, rise), friction)
}

/// [`resistance`] at a depth h_f (m).
#[inline(always)]
pub fn resistance_at<R: Real>(law: &Inertial<R>, depth: R, friction: R) -> f32 {
    // beyond a picometre the power would leave the range of single numbers
    let depth = depth.larger(law.dry).narrow().larger(1.0e-12);
    let root = coarse_inverse_cube_root(depth);
    let square = root * root;
    (friction * law.dt).narrow() * (root * square * (square * square))
}

/// The discharge along a face that belongs to its flow depth (m²/s): that of the shallower side, the mean of both where they
/// are equally deep.
///
/// `along` are the means of the two faces of the other axis on the left and on the right (m²/s), `depth` the depths there
/// (m). What runs in a deep channel beside a bank, or at the foot of a fall, has nothing to do with the thin water in the
/// face: as a discharge in that depth it would be a speed of tens of metres a second, and stop it.
#[inline(always)]
pub fn beside<R: Real>([left, right]: [R; 2], depth: [R; 2]) -> R {
    let middle = R::of(0.5) * (left + right);
    let not_left = if depth[1] < depth[0] { right } else { middle };
    if depth[0] < depth[1] { left } else { not_left }
}

/// g n² of a face (m/s² · s²/m^(2/3)): the mean of both sides; where water falls freely, the level on one side being below
/// the bed of the other, that of the upper side, which alone holds it.
///
/// `friction` g n² on either side, `left` and `right` depths (m), `rise` the bed of the right cell above that of the left
/// one (m).
#[inline(always)]
pub fn face_friction<R: Real>(friction: [R; 2], [left, right]: [R; 2], rise: R) -> R {
    let mean = R::of(0.5) * (friction[0] + friction[1]);
    let not_left = if left < rise { friction[1] } else { mean };
    if right < -rise { friction[0] } else { not_left }
}

/// The share of a discharge that friction leaves: the root of `x (1 + k (|q'| x + w)) = 1`, `w` the length of the vector
/// less its part across the face (m²/s). In single precision, to 3e-7: water is kept whatever it is.
#[inline(always)]
fn share_left(k: f32, driven: f32, [across, along]: [f32; 2]) -> f32 {
    let vector = (across * across + along * along).sqrt();
    let a = 1.0 + k * (vector - across.abs()).larger(0.0);
    2.0 / (a + (a * a + 4.0 * k * driven.abs()).sqrt())
}

/// Unit discharge through a face at the end of a step (m²/s), positive to the right: the root q' of
///
/// `q' + k (|q'| + √(q² + p²) - |q|) q' = q + (1-θ)/2 ν (q₋ - 2q + q₊) - g h_f Δt S - m`, with
/// `|q'| <= F √(g h_f) h_f`, `ν = Δt √(g h_f) / Δx`.
///
/// `q` [q₋, q, q₊] of the neighbour on the left, the face itself and the neighbour on the right (m²/s), `along` p, the
/// discharge along the face by [`beside`] (m²/s), without which water that runs aslant would feel
/// too little friction (by a fifth of its discharge at 45°); `left` and `right` depths (m), `rise` of the bed (m), `S`
/// slope of the level, `k` by [`resistance`] (s/m²), `away` m, what [`advected`] says or nothing (m²/s), h_f by [`flow_depth`] (m). Valid for Froude numbers below about 1;
/// above, F bounds it.
///
/// Friction takes the new discharge, so that thin water finds Manning's in one step of any length; with the old one it
/// would swing about it as soon as the step is longer than friction needs. De Almeida's weighting is the same with ν = 1.
/// It is scaled by the local Courant number here, because without that it smears the more the shorter the step is, and
/// most where the water is shallowest.
///
/// (Bates, Horritt and Fewtrell 2010, *J. Hydrol.* 387; weights of de Almeida et al. 2012, *Water Resour. Res.* 48,
/// W05528; range of the law: de Almeida and Bates 2013, *Water Resour. Res.* 49.)
#[inline(always)]
pub fn discharge<R: Real>(
    law: &Inertial<R>,
    q: [R; 3],
    along: R,
    [left, right]: [R; 2],
    rise: R,
    (k, away): (f32, R),
) -> R {
    let depth = flow_depth(left, right, rise);
    moved(law, q, along, [depth, rise + (right - left), depth], (k, away))
}

/// [`discharge`] by the depth h_f of the face (m), by how much the level rises to the right (m), and by the depth with whose
/// root waves run (m), which is h_f unless part of the face is dry.
#[inline(always)]
pub fn moved<R: Real>(
    law: &Inertial<R>,
    q: [R; 3],
    along: R,
    [depth, level_rise, swift]: [R; 3],
    (k, away): (f32, R),
) -> R {
    let safe = depth.larger(law.dry);
    let wave = swift.larger(law.dry).coarse_root();
    let side = law.side * wave;
    let inertia = q[1] + side * ((q[0] + q[2]) - (q[1] + q[1]));
    let driven = inertia - law.drive * safe * level_rise - away;
    let share = share_left(k, driven.narrow(), [q[1].narrow(), along.narrow()]);
    let new = driven * R::of_narrow(share);
    let most = law.fastest * safe * wave;
    let bounded = new.larger(-most).smaller(most);
    if depth > law.dry { bounded } else { R::of(0.0) }
}

/// The longest stable step (s), `α Δx / √(g h)`.
///
/// `courant` α, `size` Δx (m), `gravity` g (m/s²), `depth` h, the greatest (m). (Bates et al. 2010.)
pub fn longest_step(courant: f64, size: f64, gravity: f64, depth: f64) -> f64 {
    courant * size / (gravity * depth.max(1.0e-12)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law(dt: f64) -> Inertial<f64> {
        Inertial {
            drive: 9.81 * dt / 10.0,
            dt,
            side: 0.1 * 9.81_f64.sqrt() * dt / 10.0,
            fastest: 1.0e30,
            dry: 1.0e-5,
            pace: dt / 10.0,
        }
    }

    #[test]
    fn the_flow_depth_is_the_higher_level_above_the_higher_bed() {
        assert_eq!(flow_depth(1.0, 1.0, 0.0), 1.0);
        assert_eq!(flow_depth(1.0, 0.0, 0.5), 0.5, "a step up: what stands above it");
        assert_eq!(flow_depth(0.0, 1.0, -0.5), 0.5, "the same from the other side");
        assert!(flow_depth(1.0, 0.0, 2.0) <= 0.0, "a wall");
        assert_eq!(flow_depth(0.25, 2.0, -3.0), 0.25, "a fall: the depth on the edge");
    }

    #[test]
    fn a_long_uniform_slope_flows_with_mannings_discharge() {
        // q = h^(5/3) √S / n: 1 m deep, slope 1/1000, n = 0.03
        let mut q = 0.0;
        for _ in 0..2000 {
            let k = resistance(&law(1.0), [1.0, 1.0], -0.01, 9.81 * 0.03 * 0.03);
            q = discharge(&law(1.0), [q; 3], 0.0, [1.0, 1.0], -0.01, (k, 0.0));
        }
        let manning = 0.001_f64.sqrt() / 0.03;
        assert!((q / manning - 1.0).abs() < 1.0e-5, "{q} {manning}");
    }

    #[test]
    fn a_face_feels_what_runs_along_it_on_its_shallow_side() {
        assert_eq!(beside([1.0, 5.0], [0.1, 3.0]), 1.0);
        assert_eq!(beside([1.0, 5.0], [3.0, 0.1]), 5.0);
        assert_eq!(beside([1.0, 5.0], [2.0, 2.0]), 3.0);
    }

    #[test]
    fn only_the_upper_side_brakes_a_free_fall() {
        let friction = |left, right, rise| face_friction([1.0, 3.0], [left, right], rise);
        assert_eq!(friction(0.5, 0.5, -0.1), 2.0, "water on both sides");
        assert_eq!(friction(0.1, 0.5, -1.0), 1.0, "a fall to the right");
        assert_eq!(friction(0.5, 0.1, 1.0), 3.0, "and to the left");
    }

    #[test]
    fn one_step_from_rest_can_be_computed_by_hand() {
        // 0.1 m of level over 10 m, 1 s, h_f = 1: q = 9.81 · 1 · 0.01
        let q = discharge(&law(1.0), [0.0; 3], 0.0, [1.0, 0.9], 0.0, (0.0, 0.0));
        assert!((q - 0.0981).abs() < 1.0e-12);
        let mirrored = discharge(&law(1.0), [0.0; 3], 0.0, [0.9, 1.0], 0.0, (0.0, 0.0));
        assert_eq!(q, -mirrored);
    }

    #[test]
    fn advection_is_the_difference_of_the_flux_of_momentum() {
        // 1 s on 10 m; u = 2 m/s, q from 1.9 to 2 and h from 1 to 0.9 along the flow: 2·2·0.1 - 4·(-0.1) = 0.8
        let away = advected(&law(1.0), [1.9, 2.0, 7.0], [1.0, 0.9], 0.0);
        assert!((away - 0.08).abs() < 1.0e-12, "{away}");
        let mirrored = advected(&law(1.0), [-7.0, -2.0, -1.9], [0.9, 1.0], 0.0);
        assert_eq!(away, -mirrored);
        assert_eq!(advected(&law(1.0), [0.0, 1.0e-4, 0.0], [5.0e-4, 0.0], 0.0), 0.0, "a film");
    }

    #[test]
    fn the_froude_number_is_bounded() {
        let mut law = law(10.0);
        law.fastest = 9.81_f64.sqrt();
        let q = discharge(&law, [0.0; 3], 0.0, [1.0, 1.0], -5.0, (0.0, 0.0));
        assert!((q - 9.81_f64.sqrt()).abs() < 1.0e-6);
    }

    #[test]
    fn the_longest_step_follows_the_deepest_water() {
        assert!((longest_step(0.7, 2.0, 9.81, 1.0) - 0.7 * 2.0 / 9.81_f64.sqrt()).abs() < 1.0e-12);
    }
}
