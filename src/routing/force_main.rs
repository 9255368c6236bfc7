//! Friction in pressurised force mains: Hazen-Williams and Darcy-Weisbach.

use crate::model::options::ForceMainLaw;
use crate::units::{FOOT, GRAVITY};

/// Kinematic viscosity of water, 1.1e-5 ft²/s, in m²/s.
const VISCOSITY: f64 = 1.1e-5 * FOOT * FOOT;

/// Friction of a force main, compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ForceMainParams {
    /// Law.
    pub law: ForceMainLaw,
    /// Hazen-Williams C, or Darcy-Weisbach roughness height in m.
    pub roughness: f64,
    /// What the friction term is multiplied by: see [`Self::friction`].
    pub factor: f64,
}

impl ForceMainParams {
    /// Compiles a force main of a roughness (Hazen-Williams C, or roughness height in m) that is
    /// lengthened by a factor (1 for none), so that its loss stays that of its true length.
    ///
    /// Hazen-Williams in feet: `g / (1.318 C λ^0.54)^1.852`; Darcy-Weisbach: `1 / (8 λ)`.
    pub fn new(law: ForceMainLaw, roughness: f64, lengthening: f64) -> Self {
        let factor = match law {
            ForceMainLaw::HazenWilliams => {
                let conveyance = 1.318 * roughness * lengthening.powf(0.54);
                GRAVITY / FOOT / conveyance.powf(1.852) * FOOT.powf(1.1667 - 0.852)
            }
            ForceMainLaw::DarcyWeisbach => 1.0 / 8.0 / lengthening,
        };
        Self { law, roughness, factor }
    }

    /// Friction term of the momentum equation, `g · S_f / v`, 1/s, by velocity (m/s, not negative)
    /// and hydraulic radius (m).
    ///
    /// Hazen-Williams `S_f = (v / (1.318 C))^1.852 / R^1.1667` (feet);
    /// Darcy-Weisbach `S_f = f v² / (8 g R)`.
    pub fn friction(&self, velocity: f64, hydraulic_radius: f64) -> f64 {
        match self.law {
            ForceMainLaw::HazenWilliams => self.factor * velocity.powf(0.852) / hydraulic_radius.powf(1.1667),
            ForceMainLaw::DarcyWeisbach => {
                let reynolds = 4.0 * hydraulic_radius * velocity / VISCOSITY;
                let f = friction_factor(self.roughness, hydraulic_radius, reynolds);
                f * self.factor * velocity / hydraulic_radius
            }
        }
    }

    /// Manning's n (s/m^(1/3)) with the same full turbulent flow, for the pipe partly full.
    ///
    /// `diameter` in m and `slope` of the pipe. In feet: Hazen-Williams
    /// `1.067 / C · (D / S)^0.04`, Darcy-Weisbach `√(f / 185) · D^(1/6)`.
    pub fn equivalent_roughness(law: ForceMainLaw, roughness: f64, diameter: f64, slope: f64) -> f64 {
        let feet = diameter / FOOT;
        match law {
            ForceMainLaw::HazenWilliams => 1.067 / roughness * (feet / slope).powf(0.04),
            ForceMainLaw::DarcyWeisbach => {
                let f = friction_factor(roughness, 0.25 * diameter, 1.0e12);
                (f / 185.0).sqrt() * feet.powf(1.0 / 6.0)
            }
        }
    }
}

/// Darcy-Weisbach friction factor by roughness height (m), hydraulic radius (m) and Reynolds
/// number.
///
/// Laminar to 2000 `64 / Re`; from 4000 Swamee and Jain (1976)
/// `0.25 / log10(e / (3.7 · 4R) + 5.74 / Re^0.9)²`; a straight line between.
pub fn friction_factor(roughness_height: f64, hydraulic_radius: f64, reynolds: f64) -> f64 {
    let turbulent = |reynolds: f64| {
        let mut argument = roughness_height / 3.7 / (4.0 * hydraulic_radius);
        if reynolds < 1.0e10 {
            argument += 5.74 / reynolds.powf(0.9);
        }
        0.25 / argument.log10().powi(2)
    };
    let reynolds = reynolds.max(10.0);
    if reynolds <= 2000.0 {
        64.0 / reynolds
    } else if reynolds < 4000.0 {
        0.032 + (turbulent(4000.0) - 0.032) * (reynolds - 2000.0) / 2000.0
    } else {
        turbulent(reynolds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hazen_williams_gives_the_loss_of_its_closed_form() {
        // C 100, 1 m pipe, 2 m/s: S = (2 / (0.849 · 100 · 0.25^0.63))^(1/0.54), SI form
        let main = ForceMainParams::new(ForceMainLaw::HazenWilliams, 100.0, 1.0);
        let slope = main.friction(2.0, 0.25) * 2.0 / GRAVITY;
        let closed = (2.0 / (0.849 * 100.0 * 0.25_f64.powf(0.63))).powf(1.0 / 0.54);
        assert!((slope / closed - 1.0).abs() < 2e-3, "{slope} {closed}");
    }

    #[test]
    fn darcy_weisbach_gives_the_loss_of_its_closed_form() {
        // S = f v² / (2 g D) with f of Swamee and Jain
        let main = ForceMainParams::new(ForceMainLaw::DarcyWeisbach, 0.001, 1.0);
        let slope = main.friction(2.0, 0.25) * 2.0 / GRAVITY;
        let reynolds: f64 = 2.0 / VISCOSITY;
        let f = 0.25 / (0.001_f64 / 3.7 + 5.74 / reynolds.powf(0.9)).log10().powi(2);
        assert!((slope / (f * 4.0 / (2.0 * GRAVITY)) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_friction_factor_is_continuous_into_turbulence() {
        assert_eq!(friction_factor(0.0, 1.0, 1000.0), 0.064);
        assert!((friction_factor(0.001, 0.25, 2000.0) - 0.032).abs() < 1e-15);
        let below = friction_factor(0.001, 0.25, 4000.0 - 1e-6);
        assert!((below / friction_factor(0.001, 0.25, 4000.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn lengthening_leaves_the_loss_over_the_whole_pipe() {
        for law in [ForceMainLaw::HazenWilliams, ForceMainLaw::DarcyWeisbach] {
            let short = ForceMainParams::new(law, 100.0, 1.0).friction(1.0, 0.2);
            let long = ForceMainParams::new(law, 100.0, 2.0).friction(1.0, 0.2);
            assert!((2.0 * long / short - 1.0).abs() < 1e-4, "{law:?}");
        }
    }

    #[test]
    fn equivalent_roughness_of_a_foot_of_pipe() {
        // C 130, D 1 ft, S 0.01: 1.067 / 130 · 100^0.04 = 0.009868
        let n = ForceMainParams::equivalent_roughness(ForceMainLaw::HazenWilliams, 130.0, FOOT, 0.01);
        assert!((n - 0.009_868).abs() < 1e-6, "{n}");
    }
}
