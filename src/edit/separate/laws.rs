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

/// Runoff that an interceptor takes besides the dry-weather flow, as a depth over the ground that runs off,
/// mm/h: `i = n0·Qdr / (ψ·F)`.
///
/// - `n0`: interceptor ratio (截流倍数)
/// - `Qdr`: mean dry-weather flow, m³/s
/// - `area` F: m²
/// - `runoff_coefficient` ψ: above 0, at most 1
pub fn interceptable_runoff_mm_per_h(
    ratio: f64,
    dry_weather_flow: f64,
    area: f64,
    runoff_coefficient: f64,
) -> f64 {
    intercepted_flow(ratio, dry_weather_flow) / (runoff_coefficient * area) * 1000.0 * 3600.0
}

/// Volume of a tank that holds what an interceptor of a larger ratio would take, m³:
/// `V = 3600·ti·(n - n0)·Qdr·β` (GB 50014-2021, quoted from memory, not verified).
///
/// - `hours` ti: time that it fills, 0.5 to 1 h
/// - `wanted_ratio` n, `ratio` n0: interceptor ratios, n at least n0
/// - `Qdr`: mean dry-weather flow, m³/s
/// - `safety` β: 1.1 to 1.5
pub fn overflow_tank_volume(
    hours: f64,
    wanted_ratio: f64,
    ratio: f64,
    dry_weather_flow: f64,
    safety: f64,
) -> f64 {
    3600.0 * hours * (wanted_ratio - ratio).max(0.0) * dry_weather_flow * safety
}

/// Volume of a tank for the first flush of a separate storm sewer, m³: `V = D·F·ψ·β / 1000` with D in mm and F
/// in m², which is `10·D·F·ψ·β` with F in ha (GB 50014-2021, quoted from memory, not verified).
///
/// - `depth_mm` D: depth of runoff that is held, 4 to 8 mm
/// - `area` F: m²
/// - `runoff_coefficient` ψ
/// - `safety` β: 1.1 to 1.5
pub fn first_flush_tank_volume(depth_mm: f64, area: f64, runoff_coefficient: f64, safety: f64) -> f64 {
    depth_mm / 1000.0 * area * runoff_coefficient * safety
}

/// Share of foul water in a mixture of foul and other water, from concentrations of one substance that does
/// not decay: `x = (Cm - Cg) / (Cs - Cg)`; the rest is other water (外来水).
///
/// - `mixed` Cm, `foul` Cs, `other` Cg: concentrations in one unit, `Cs` and `Cg` different
pub fn foul_share_of_mixture(mixed: f64, foul: f64, other: f64) -> f64 {
    (mixed - other) / (foul - other)
}

/// Foul water over a day, hour by hour from midnight, over its mean: a typical pattern of households, for
/// models without a measured one. Quoted from memory, not verified.
pub const TYPICAL_DAY: [f64; 24] = [
    0.45, 0.35, 0.30, 0.30, 0.35, 0.60, 1.10, 1.60, 1.60, 1.35, 1.20, 1.20, 1.25, 1.15, 1.00, 0.95, 1.00,
    1.20, 1.45, 1.55, 1.45, 1.25, 0.85, 0.50,
];

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

    #[test]
    fn interceptable_runoff_is_the_oracle() {
        // oracles2.py: Qdr = 120 L/s, 100 ha, psi = 0.65
        for (ratio, depth) in [(1.0, 0.665), (2.0, 1.329), (3.0, 1.994), (5.0, 3.323)] {
            let found = interceptable_runoff_mm_per_h(ratio, 0.12, 1.0e6, 0.65);
            assert!((found - depth).abs() < 5e-4, "{ratio}: {found}");
        }
    }

    #[test]
    fn tanks_are_the_oracles() {
        // oracles2.py: D = 6 mm, F = 80 ha, psi = 0.65, beta = 1.2
        assert!((first_flush_tank_volume(6.0, 80.0e4, 0.65, 1.2) - 3744.0).abs() < 1e-9);
        // by hand: 0.5 h, from n0 = 1 to 3 with 0.12 m3/s, beta = 1.1: 1800 s of 0.24 m3/s and a tenth
        assert!((overflow_tank_volume(0.5, 3.0, 1.0, 0.12, 1.1) - 475.2).abs() < 1e-9);
        assert_eq!(overflow_tank_volume(0.5, 1.0, 3.0, 0.12, 1.1), 0.0);
    }

    #[test]
    fn a_mixture_is_parted_as_the_oracle_says() {
        // standards.md, section 6
        let share = foul_share_of_mixture(140.0, 250.0, 20.0);
        assert!((share - 0.5217).abs() < 5e-5 && (1.0 - share - 0.4783).abs() < 5e-5, "{share}");
        assert_eq!(
            (foul_share_of_mixture(250.0, 250.0, 20.0), foul_share_of_mixture(20.0, 250.0, 20.0)),
            (1.0, 0.0)
        );
    }

    #[test]
    fn a_typical_day_has_the_mean_of_one() {
        let sum: f64 = TYPICAL_DAY.iter().sum();
        assert!((sum - 24.0).abs() < 1e-12, "{sum}");
    }
}
