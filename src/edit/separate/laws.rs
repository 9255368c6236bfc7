//! Laws by which new sewers are sized, and by which overflows of separated districts can be checked by hand.

use std::f64::consts::PI;

use crate::forcing::design_storm::rational::full_pipe_flow;

/// Peak factors Kz of foul sewers by their mean flow (m³/s): 总变化系数.
///
/// GB 50014-2021, quoted from memory, not verified.
const PEAK_FACTORS: [(f64, f64); 8] = [
    (0.005, 2.7),
    (0.015, 2.4),
    (0.040, 2.1),
    (0.070, 2.0),
    (0.100, 1.9),
    (0.200, 1.8),
    (0.500, 1.6),
    (1.000, 1.5),
];

/// Peak over mean of the foul water of a sewer, from its mean flow in m³/s: straight between the rows of a
/// table, constant beyond its ends (2.7 up to 5 L/s, 1.5 from 1000 L/s).
///
/// Source: GB 50014-2021, quoted from memory, not verified.
pub fn peak_factor(mean_flow: f64) -> f64 {
    let mut before = (0.0, PEAK_FACTORS[0].1);
    for (flow, factor) in PEAK_FACTORS {
        if mean_flow <= flow {
            let share = (mean_flow - before.0) / (flow - before.0);
            return before.1 + share * (factor - before.1);
        }
        before = (flow, factor);
    }
    before.1
}

/// Highest filling h/D that a foul sewer of a diameter (m) is designed for: 0.55 up to DN300, 0.65 up to
/// DN450, 0.70 up to DN900, 0.75 above.
///
/// Source: GB 50014-2021, quoted from memory, not verified.
pub fn design_filling(diameter: f64) -> f64 {
    match diameter {
        d if d < 0.35 => 0.55,
        d if d < 0.5 => 0.65,
        d if d < 1.0 => 0.70,
        _ => 0.75,
    }
}

/// Uniform flow of a circular pipe that is filled in part, m³/s (Manning): `Q = A·R^(2/3)·√S / n` with
/// `θ = 2·acos(1 - 2·h/D)`, `A = D²·(θ - sin θ)/8`, `R = A / (D·θ/2)`.
///
/// - `D`: diameter, m
/// - `filling`: h/D, 0 to 1
/// - `S`: slope
/// - `n`: roughness, s/m^(1/3)
pub fn part_full_flow(diameter: f64, filling: f64, slope: f64, roughness: f64) -> f64 {
    let angle = 2.0 * (1.0 - 2.0 * filling.clamp(0.0, 1.0)).acos();
    if angle <= 0.0 {
        return 0.0;
    }
    let area = diameter * diameter * (angle - angle.sin()) / 8.0;
    let radius = area / (0.5 * diameter * angle);
    area * radius.powf(2.0 / 3.0) * slope.sqrt() / roughness
}

/// Velocity of a full circular pipe, m/s (Manning).
///
/// - `diameter`: m
/// - `slope`: above 0
/// - `roughness`: s/m^(1/3)
pub fn full_pipe_velocity(diameter: f64, slope: f64, roughness: f64) -> f64 {
    full_pipe_flow(diameter, slope, roughness) / (0.25 * PI * diameter * diameter)
}

/// Slope at which a full circular pipe has a velocity (Manning): `S = (v·n / (D/4)^(2/3))²`.
///
/// - `v`: velocity, m/s
/// - `D`: diameter, m
/// - `n`: roughness, s/m^(1/3)
pub fn slope_for_velocity(velocity: f64, diameter: f64, roughness: f64) -> f64 {
    (velocity * roughness / (0.25 * diameter).powf(2.0 / 3.0)).powi(2)
}

/// Volume of a triangular hydrograph that is above a capacity, m³: `V = (Qp - c)·T·(1 - c/Qp) / 2`; 0 where
/// the capacity holds the peak.
///
/// - `peak` Qp: m³/s
/// - `base` T: duration, s
/// - `capacity` c: m³/s
pub fn spilled_volume_of_triangle(peak: f64, base: f64, capacity: f64) -> f64 {
    if peak <= capacity || peak <= 0.0 {
        return 0.0;
    }
    0.5 * (peak - capacity) * base * (1.0 - capacity / peak)
}

/// Flow that an interceptor takes besides the dry-weather flow that is in it already, m³/s: `n0·Qdr`.
///
/// - `n0`: interceptor ratio (截流倍数)
/// - `Qdr`: mean dry-weather flow, m³/s
pub fn intercepted_flow(ratio: f64, dry_weather_flow: f64) -> f64 {
    ratio * dry_weather_flow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peak_factors_are_the_rows_and_straight_between_them() {
        for (flow, factor) in PEAK_FACTORS {
            assert!((peak_factor(flow) - factor).abs() < 1e-12);
        }
        assert_eq!((peak_factor(0.0), peak_factor(9.0)), (2.7, 1.5));
        assert!((peak_factor(0.010) - 2.55).abs() < 1e-12);
    }

    #[test]
    fn fillings_are_the_oracle_of_self_cleansing() {
        // oracles3.py, 1: DN400, n = 0.013, S = 0.003
        for (flow, filling) in [(0.01, 0.2001), (0.03, 0.3500), (0.06, 0.5153)] {
            let found = part_full_flow(0.4, filling, 0.003, 0.013);
            assert!((found / flow - 1.0).abs() < 1e-3, "{flow}: {found}");
        }
        let full = part_full_flow(1.2, 1.0, 0.002, 0.013);
        assert!((full - full_pipe_flow(1.2, 0.002, 0.013)).abs() < 1e-12);
        assert_eq!(part_full_flow(1.0, 0.0, 0.01, 0.013), 0.0);
    }

    #[test]
    fn the_slope_for_a_velocity_gives_it() {
        let slope = slope_for_velocity(0.75, 0.3, 0.013);
        assert!((slope - 0.003_006).abs() < 1e-5, "{slope}");
        assert!((full_pipe_velocity(0.3, slope, 0.013) - 0.75).abs() < 1e-12);
    }

    #[test]
    fn an_interceptor_spills_as_the_oracle_says() {
        // oracles3.py, 5: Qdr = 0.12 m3/s, a storm of 1.0 m3/s over 2 h
        for (ratio, spill) in [(1.0, 2787.8), (2.0, 2079.4), (3.0, 1474.6), (5.0, 576.0)] {
            let capacity = intercepted_flow(ratio, 0.12);
            let found = spilled_volume_of_triangle(1.0, 7200.0, capacity);
            assert!((found - spill).abs() < 0.05, "{ratio}: {found}");
        }
    }

    #[test]
    fn misconnected_storm_water_spills_as_the_oracle_says() {
        // oracles3.py, 6: a share r of the storm in the foul sewer, 0.24 m3/s left for it
        for (share, spill) in [(0.0, 0.0), (0.05, 0.0), (0.1, 0.0), (0.2, 0.0), (1.0, 2079.36)] {
            let found = spilled_volume_of_triangle(share, 7200.0, 0.24);
            assert!((found - spill).abs() < 0.05, "{share}: {found}");
        }
    }
}
