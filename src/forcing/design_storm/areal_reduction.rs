//! Rain over an area from rain at a point.

/// Square kilometres in a square mile.
const SQUARE_MILE_KM2: f64 = 2.589_988_110_336;

/// Areal reduction of the US Weather Bureau's curves:
///
/// `F = 1 - exp(-1.1·t^0.25) + exp(-1.1·t^0.25 - 0.01·A)`
///
/// - `F`: mean depth over the area over the depth at a point
/// - `t`: duration, h (the curves cover 0.5 to 24 h)
/// - `A`: area, mi² (up to about 400; given here in km²)
///
/// Made for the United States; elsewhere it is an assumption. In China areas up to 25 km² commonly
/// take 1.
///
/// Reference: G. Leclerc and J. C. Schaake (1972), MIT Ralph M. Parsons Laboratory report 142, a fit to
/// US Weather Bureau Technical Paper 29.
pub fn weather_bureau(duration_h: f64, area_km2: f64) -> f64 {
    let decay = -1.1 * duration_h.powf(0.25);
    1.0 - decay.exp() + (decay - 0.01 * area_km2 / SQUARE_MILE_KM2).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_square_miles_take_some_percent_off_a_day_of_rain_and_more_off_an_hour() {
        // 1 - e^-2.43472 + e^-3.43472 and 1 - e^-1.1 + e^-2.1
        let area = 100.0 * SQUARE_MILE_KM2;
        assert!((weather_bureau(24.0, area) - 0.944_61).abs() < 1e-4);
        assert!((weather_bureau(1.0, area) - 0.789_586).abs() < 1e-5);
        assert_eq!(weather_bureau(6.0, 0.0), 1.0);
    }
}
