//! What a cell loses into the soil.

/// How a soil takes water.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Soil {
    /// Always the same rate f (m/s).
    Constant {
        /// f (m/s).
        rate: f64,
    },
    /// Horton's law.
    Horton {
        /// Rate at the start, f₀ (m/s).
        first: f64,
        /// Rate in the end, f_c (m/s).
        last: f64,
        /// Decay k (1/s).
        decay: f64,
    },
    /// Green and Ampt's law.
    GreenAmpt {
        /// Saturated conductivity K (m/s).
        conductivity: f64,
        /// Suction at the wetting front ψ (m).
        suction: f64,
        /// Moisture deficit Δθ.
        deficit: f64,
    },
}

impl Soil {
    /// What a cell remembers at the start: the rate f of Horton's law (m/s), the depth F that has entered of Green and
    /// Ampt's (m), nothing of a constant rate.
    #[must_use]
    pub fn start(&self) -> f64 {
        match *self {
            Self::Horton { first, .. } => first,
            Self::Constant { .. } | Self::GreenAmpt { .. } => 0.0,
        }
    }

    /// Depth that enters the soil over a step (m), at most what stands on it; updates the memory of the cell.
    ///
    /// `standing` (m), `dt` (s).
    pub fn infiltrate(&self, memory: &mut f64, standing: f64, dt: f64) -> f64 {
        if standing.is_nan() || standing <= 0.0 {
            return 0.0;
        }
        match *self {
            Self::Constant { rate } => standing.min(rate * dt),
            Self::Horton { last, decay, .. } => horton(memory, last, decay, standing, dt),
            Self::GreenAmpt { conductivity, suction, deficit } => {
                let depth = green_ampt(*memory, conductivity, suction * deficit, dt).min(standing);
                *memory += depth;
                depth
            }
        }
    }
}

/// Depth by Horton's law (m): `f_c Δt + (f - f_c)(1 - e^(-k Δt)) / k`, at most what stands there.
///
/// When less water is there than the soil could take, the rate falls only as if the time had been shorter in the same
/// proportion. `rate` f of the cell (m/s), `last` f_c (m/s), `decay` k (1/s). Dry spells do not restore the rate. (Horton
/// 1940, *Soil Sci. Soc. Am. Proc.* 5; time of supply as in EPA SWMM *Reference Manual* vol. I, section 4.2.)
pub fn horton(rate: &mut f64, last: f64, decay: f64, standing: f64, dt: f64) -> f64 {
    let faded = |time: f64| if decay > 0.0 { -(-decay * time).exp_m1() } else { 0.0 };
    let possible = if decay > 0.0 { last * dt + (*rate - last) * faded(dt) / decay } else { *rate * dt };
    if possible <= 0.0 {
        return 0.0;
    }
    let depth = possible.min(standing);
    *rate -= (*rate - last) * faded(dt * depth / possible);
    depth
}

/// Depth by Green and Ampt's law (m): the ΔF of `ΔF = K Δt + ψΔθ ln((F + ΔF + ψΔθ) / (F + ψΔθ))`.
///
/// `entered` F so far (m), `conductivity` K (m/s), `pull` ψΔθ (m). Two Newton steps from the explicit solution of Li, Stevens
/// and Simons (1976, *J. Irrig. Drain. Div.* 102): error below 1e-4 of ΔF. (Green and Ampt 1911; Mein and Larson 1973,
/// *Water Resour. Res.* 9. The depth of water on top is neglected.)
pub fn green_ampt(entered: f64, conductivity: f64, pull: f64, dt: f64) -> f64 {
    let steady = conductivity * dt;
    if pull <= 0.0 {
        return steady;
    }
    let p = steady - 2.0 * entered;
    let mut depth = 0.5 * (p + (p * p + 8.0 * steady * (entered + pull)).sqrt());
    for _ in 0..2 {
        let start = entered + pull;
        let error = depth - steady - pull * (depth / start).ln_1p();
        let slope = 1.0 - pull / (start + depth);
        if slope > 1.0e-12 {
            depth -= error / slope;
        }
    }
    depth.max(steady)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn horton_takes_its_integral_when_water_abounds() {
        // f_c t + (f0 - f_c)(1 - e^(-k t))/k, whatever the steps
        let (first, last, decay) = (2.0e-5, 2.0e-6, 1.0e-3);
        let soil = Soil::Horton { first, last, decay };
        let mut memory = soil.start();
        let depth: f64 = (0..360).map(|_| soil.infiltrate(&mut memory, 1.0, 10.0)).sum();
        let exact = last * 3600.0 + (first - last) * (1.0 - (-3.6_f64).exp()) / decay;
        assert!((depth / exact - 1.0).abs() < 1.0e-12, "{depth} {exact}");
    }

    #[test]
    fn a_soil_that_gets_little_stays_thirsty() {
        let mut thirsty = 2.0e-5;
        let mut sated = 2.0e-5;
        let little = horton(&mut thirsty, 2.0e-6, 1.0e-3, 1.0e-6, 100.0);
        horton(&mut sated, 2.0e-6, 1.0e-3, 1.0, 100.0);
        assert_eq!(little, 1.0e-6);
        assert!(thirsty > sated);
    }

    #[test]
    fn green_ampt_satisfies_its_equation() {
        // K = 1 cm/h, ψΔθ = 0.05 m, 1 h at once and in 360 steps
        let (k, pull) = (0.01 / 3600.0, 0.05);
        let at_once = green_ampt(0.0, k, pull, 3600.0);
        let right = 0.01 + pull * ((at_once + pull) / pull).ln();
        assert!((at_once / right - 1.0).abs() < 1.0e-4, "{at_once} {right}");
        let soil = Soil::GreenAmpt { conductivity: k, suction: 0.25, deficit: 0.2 };
        let mut memory = soil.start();
        let in_steps: f64 = (0..360).map(|_| soil.infiltrate(&mut memory, 1.0, 10.0)).sum();
        assert!((in_steps / at_once - 1.0).abs() < 1.0e-3, "{in_steps} {at_once}");
        assert_eq!(in_steps, memory);
    }

    #[test]
    fn no_soil_takes_more_than_stands_on_it() {
        for soil in [
            Soil::Constant { rate: 1.0 },
            Soil::Horton { first: 1.0, last: 1.0, decay: 0.0 },
            Soil::GreenAmpt { conductivity: 1.0, suction: 1.0, deficit: 0.5 },
        ] {
            let mut memory = soil.start();
            assert_eq!(soil.infiltrate(&mut memory, 0.001, 60.0), 0.001);
            assert_eq!(soil.infiltrate(&mut memory, 0.0, 60.0), 0.0);
        }
    }
}
