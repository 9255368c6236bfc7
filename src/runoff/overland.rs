//! Overland flow: a sub-area as a reservoir whose outflow follows Manning's law.

use super::runge_kutta::integrate;
use crate::units::FOOT;

/// SWMM's exponent of depth in Manning's law, 5/3 as it writes it.
pub const EXPONENT: f64 = 1.666_666_7;
/// SWMM's Manning constant of overland flow, 1.49 ft^(1/3)/s, for depths and widths in m.
/// (With the exponent as SWMM writes it, hence not exactly 1.49 · 0.3048^(1/3).)
fn manning_constant() -> f64 {
    1.49 * FOOT.powf(2.0 - EXPONENT)
}
/// Depths above depression storage up to this run nowhere: SWMM's 1e-10 ft, in m.
pub const NO_DEPTH: f64 = 1.0e-10 * FOOT;
/// Relative accuracy of the depth over a step, SWMM's.
const TOLERANCE: f64 = 1.0e-4;

/// Conveyance of a sub-area, so that `q = α (d − d_s)^(5/3)`:
///
/// `α = 1.49 W √S / (A n)` in feet
///
/// W: width of flow, m; S: slope; A: area that the width drains, m²; n: Manning's roughness,
/// s/m^(1/3); α in m^(−2/3)/s. 0 where area or roughness is 0.
/// (EPA SWMM Reference Manual, vol. I, equation 3-4.)
pub fn conveyance(width: f64, slope: f64, area: f64, roughness: f64) -> f64 {
    if area > 0.0 && roughness > 0.0 {
        manning_constant() * width / area * slope.sqrt() / roughness
    } else {
        0.0
    }
}

/// A sub-area in the current month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Conveyance α, m^(−2/3)/s.
    pub conveyance: f64,
    /// Depression storage d_s, m.
    pub storage: f64,
    /// Whether the land has a roughness; without one, water leaves within the step.
    pub rough: bool,
}

impl Plane {
    /// Outflow by area, m/s, at a depth above depression storage, m.
    #[inline]
    fn outflow(&self, excess: f64) -> f64 {
        if excess < 0.0 { 0.0 } else { self.conveyance * excess.powf(EXPONENT) }
    }

    /// Lets a net inflow (m/s, losses taken off) act on a depth (m) over a step (s).
    ///
    /// Depression storage fills first; then the depth follows `dd/dt = inflow − α (d − d_s)^(5/3)`.
    /// The new depth and the part of the step in which it exceeds depression storage, s.
    pub fn fill(&self, depth: f64, inflow: f64, step: f64) -> (f64, f64) {
        if depth + inflow * step <= self.storage {
            return ((depth + inflow * step).max(0.0), step);
        }
        let (mut depth, mut time) = (depth, step);
        let missing = self.storage - depth;
        if missing > 0.0 && inflow > 0.0 {
            time -= missing / inflow;
            depth = self.storage;
        }
        if self.conveyance > 0.0 && time > 0.0 {
            // An integration that fails leaves the depth as it was, as in SWMM.
            let slope = |d: f64| inflow - self.outflow(d - self.storage);
            depth = integrate(depth, time, TOLERANCE, slope).unwrap_or(depth);
        } else {
            time = time.max(0.0);
            depth += inflow * time;
        }
        (depth.max(0.0), time)
    }

    /// Runoff by area at a depth, m/s, and the depth that it leaves, m. `time` is the part of the
    /// step in which water runs off, s.
    pub fn drain(&self, depth: f64, time: f64) -> (f64, f64) {
        let excess = depth - self.storage;
        if excess <= NO_DEPTH {
            (0.0, depth)
        } else if self.rough {
            (self.outflow(excess), depth)
        } else {
            (excess / time, self.storage)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MM_PER_HOUR: f64 = 0.001 / 3600.0;

    #[test]
    fn conveyance_is_mannings() {
        // W = 100 m, S = 1 %, A = 1 ha, n = 0.015: α = W √S / (A n) = 0.066667 m^(−2/3)/s times
        // 1.49·0.3048^(1/3) = 1.0027467.
        let alpha = conveyance(100.0, 0.01, 1.0e4, 0.015);
        assert!((alpha / (1.002_746_7 / 15.0) - 1.0).abs() < 1e-7, "{alpha}");
        assert_eq!(conveyance(100.0, 0.01, 0.0, 0.015), 0.0);
        assert_eq!(conveyance(100.0, 0.01, 1.0, 0.0), 0.0);
    }

    #[test]
    fn a_plane_in_steady_rain_comes_to_equilibrium() {
        // 36 mm/h runs off as 36 mm/h, at the depth (i/α)^(3/5).
        let plane = Plane { conveyance: 0.0668, storage: 0.002, rough: true };
        let rain = 36.0 * MM_PER_HOUR;
        let mut depth = 0.0;
        for _ in 0..240 {
            depth = plane.fill(depth, rain, 60.0).0;
        }
        let (runoff, left) = plane.drain(depth, 60.0);
        assert!((runoff / rain - 1.0).abs() < 1e-4, "{}", runoff / rain);
        assert_eq!(left, depth);
        assert!((depth - 0.002 - (rain / 0.0668).powf(0.6)).abs() < 1e-6);
    }

    #[test]
    fn storage_fills_before_water_runs() {
        let plane = Plane { conveyance: 0.0668, storage: 0.002, rough: true };
        assert_eq!(plane.fill(0.0, 0.001 / 60.0, 60.0), (0.001, 60.0));
        // 4 mm in a minute: half of it fills the storage, the rest is there for half the step.
        let (depth, time) = plane.fill(0.0, 0.004 / 60.0, 60.0);
        assert!((time - 30.0).abs() < 1e-9);
        assert!(depth > 0.002 && depth < 0.004);
    }

    #[test]
    fn recession_follows_the_closed_form() {
        // dx/dt = −α x^(5/3): x(t) = (x₀^(−2/3) + 2/3 α t)^(−3/2).
        let plane = Plane { conveyance: 0.1, storage: 0.0, rough: true };
        let depth = plane.fill(0.01, 0.0, 600.0).0;
        let exact = (0.01_f64.powf(-2.0 / 3.0) + 2.0 / 3.0 * 0.1 * 600.0).powf(-1.5);
        assert!((depth / exact - 1.0).abs() < 1e-4, "{depth} {exact}");
    }

    #[test]
    fn land_without_roughness_drains_within_the_step() {
        let plane = Plane { conveyance: 0.0, storage: 0.001, rough: false };
        let (depth, time) = plane.fill(0.001, 0.0006 / 60.0, 60.0);
        assert_eq!(plane.drain(depth, time).1, 0.001);
        assert!((plane.drain(depth, time).0 - 0.0006 / 60.0).abs() < 1e-15);
    }
}
