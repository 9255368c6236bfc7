//! Sponge city: the share of rain that stays, and the rain that a volume is designed for (GB/T 51345-2018).

/// Daily rain up to this is none, mm.
pub const LEAST_DAILY_RAIN_MM: f64 = 2.0;

/// Daily depths of rain that capture is counted over: those above [`LEAST_DAILY_RAIN_MM`], ascending. Snow is to be left
/// out before, and a record should be of 30 years or more.
pub fn counted_days(daily_mm: &[f64]) -> Vec<f64> {
    let mut days: Vec<f64> = daily_mm.iter().copied().filter(|depth| *depth > LEAST_DAILY_RAIN_MM).collect();
    days.sort_by(f64::total_cmp);
    days
}

/// The share of rain that is captured when each day holds back its first `depth_mm`: `Σ min(x, H) / Σ x`; 0 without rain.
pub fn captured_share(days_mm: &[f64], depth_mm: f64) -> f64 {
    let total: f64 = days_mm.iter().sum();
    if total <= 0.0 {
        return 0.0;
    }
    days_mm.iter().map(|day| day.min(depth_mm)).sum::<f64>() / total
}

/// The daily depth, mm, whose capture gives a share: the inverse of [`captured_share`], exact between the days of the
/// record; `None` when the share is not from 0 to 1 or there is no rain. `days_mm` ascend ([`counted_days`]).
pub fn design_depth(days_mm: &[f64], share: f64) -> Option<f64> {
    let total: f64 = days_mm.iter().sum();
    if !(0.0..=1.0).contains(&share) || total <= 0.0 {
        return None;
    }
    let wanted = share * total;
    let mut below = 0.0;
    for (index, day) in days_mm.iter().enumerate() {
        let rest = (days_mm.len() - index) as f64;
        if below + day * rest >= wanted {
            return Some((wanted - below) / rest);
        }
        below += day;
    }
    days_mm.last().copied()
}

/// The volume to hold a depth of rain back, m³: `V = H ψ F` with the depth `H`, mm, the runoff coefficient `ψ` and the area
/// `F`, m² (in hectares `10 H ψ F`).
pub fn capture_volume(depth_mm: f64, runoff_coefficient: f64, area: f64) -> f64 {
    depth_mm / 1000.0 * runoff_coefficient * area
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twenty days above 2 mm, and three that do not count.
    const DAYS: [f64; 23] = [
        82.3, 2.1, 2.5, 3.0, 3.4, 4.2, 5.0, 5.8, 6.6, 7.5, 8.9, 10.4, 12.0, 14.3, 17.2, 20.8, 25.5, 31.0,
        40.2, 55.6, 0.4, 2.0, 0.0,
    ];

    #[test]
    fn small_rain_is_dropped() {
        let days = counted_days(&DAYS);
        assert_eq!((days.len(), days[0], days[19]), (20, 2.1, 82.3));
    }

    #[test]
    fn capture_is_that_of_hand() {
        let days = counted_days(&DAYS);
        for (depth, share) in [(10.0, 0.4159), (20.0, 0.6221), (25.0, 0.6941), (30.0, 0.7513), (40.0, 0.8378)]
        {
            assert!((captured_share(&days, depth) - share).abs() < 5e-5, "{depth} mm");
        }
        assert_eq!(captured_share(&[], 10.0), 0.0);
    }

    #[test]
    fn the_design_depth_is_the_inverse_of_capture() {
        let days = counted_days(&DAYS);
        for (share, depth) in [(0.70, 25.422), (0.75, 29.881), (0.80, 35.480), (0.85, 42.078)] {
            let found = design_depth(&days, share).unwrap();
            assert!((found - depth).abs() < 5e-4, "{share}: {found}");
            assert!((captured_share(&days, found) - share).abs() < 1e-12);
        }
        assert!((design_depth(&days, 1.0).unwrap() - 82.3).abs() < 1e-9);
        assert_eq!((design_depth(&days, 1.1), design_depth(&[], 0.5)), (None, None));
    }

    #[test]
    fn the_volume_of_twelve_hectares_is_that_of_hand() {
        let depth = design_depth(&counted_days(&DAYS), 0.8).unwrap();
        assert!((capture_volume(depth, 0.6, 120_000.0) - 2554.6).abs() < 0.05);
    }
}
