//! The receiving water, by proxy: what it is mixed from, and whether it would count as black and odorous. Nothing here is
//! water quality that was simulated, and what prints it has to say so.

use crate::scenario::hazard::BlackOdorous;

/// How bad a water is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Odour {
    /// Not black and odorous.
    Clear,
    /// Light.
    Light,
    /// Heavy.
    Heavy,
}

/// One sample of a water; what was not measured is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// Transparency, cm.
    pub transparency_cm: Option<f64>,
    /// Dissolved oxygen, mg/L.
    pub dissolved_oxygen: Option<f64>,
    /// Redox potential, mV.
    pub redox_potential_mv: Option<f64>,
    /// Ammonia nitrogen, mg/L.
    pub ammonia_nitrogen: Option<f64>,
}

/// The class of a sample: the worst of what was measured. A value on a limit belongs to the better side of heavy and to
/// the worse side of light, as the table writes its ranges (10 to 25 cm is light, below 10 cm heavy).
pub fn odour(sample: &Sample, limits: &BlackOdorous) -> Odour {
    let low = |value: Option<f64>, [light, heavy]: [f64; 2]| match value {
        Some(value) if value < heavy => Odour::Heavy,
        Some(value) if value <= light => Odour::Light,
        _ => Odour::Clear,
    };
    let high = |value: Option<f64>, [light, heavy]: [f64; 2]| match value {
        Some(value) if value > heavy => Odour::Heavy,
        Some(value) if value >= light => Odour::Light,
        _ => Odour::Clear,
    };
    low(sample.transparency_cm, limits.transparency_cm)
        .max(low(sample.dissolved_oxygen, limits.dissolved_oxygen))
        .max(low(sample.redox_potential_mv, limits.redox_potential_mv))
        .max(high(sample.ammonia_nitrogen, limits.ammonia_nitrogen))
}

/// Concentration of two waters that mix at once, `(Q₁ c₁ + Q₂ c₂) / (Q₁ + Q₂)`, in the unit of the concentrations; `None`
/// when nothing flows.
pub fn mixed_concentration(river: f64, of_river: f64, spill: f64, of_spill: f64) -> Option<f64> {
    let flow = river + spill;
    (flow > 0.0).then(|| (river * of_river + spill * of_spill) / flow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::hazard_table::embedded;

    #[test]
    fn a_spill_into_a_river_mixes_by_flow() {
        // 0.5 m³/s with 1 mg/L of ammonia nitrogen and 0.3 m³/s with 12 mg/L
        assert!((mixed_concentration(0.5, 1.0, 0.3, 12.0).unwrap() - 5.125).abs() < 1e-12);
        assert_eq!(mixed_concentration(0.0, 1.0, 0.0, 12.0), None);
    }

    #[test]
    fn each_of_four_measures_can_make_a_water_light_or_heavy() {
        let limits = embedded().unwrap().black_odorous;
        let of = |measure: usize, value: f64| {
            let mut values = [None; 4];
            values[measure] = Some(value);
            let [transparency_cm, dissolved_oxygen, redox_potential_mv, ammonia_nitrogen] = values;
            odour(
                &Sample { transparency_cm, dissolved_oxygen, redox_potential_mv, ammonia_nitrogen },
                &limits,
            )
        };
        use Odour::{Clear, Heavy, Light};
        assert_eq!([26.0, 25.0, 10.0, 9.9].map(|cm| of(0, cm)), [Clear, Light, Light, Heavy]);
        assert_eq!([2.1, 2.0, 0.2, 0.1].map(|oxygen| of(1, oxygen)), [Clear, Light, Light, Heavy]);
        assert_eq!([51.0, 50.0, -200.0, -201.0].map(|redox| of(2, redox)), [Clear, Light, Light, Heavy]);
        assert_eq!([7.9, 8.0, 15.0, 15.1].map(|ammonia| of(3, ammonia)), [Clear, Light, Light, Heavy]);
        assert_eq!(odour(&Sample::default(), &limits), Clear);
    }
}
