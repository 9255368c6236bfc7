//! Formulas, patterns and what is refused.

use super::{agree, shenyang};
use crate::forcing::design_storm::{
    Hyetograph, StormError, chicago, design_rain,
    intensity::{curve_at, intensity_l_per_s_ha},
};
use crate::scenario::storm::{
    DesignStorm, DurationDepth, HuffQuartile, IntensityFormula, IntensityLaw, ObservedRain, Pattern,
    RainSource, ScsType, UnitFactor, Uplift, UpliftMode,
};

fn formula_storm(
    formula: IntensityFormula,
    return_period_years: f64,
    pattern: Pattern,
) -> Result<Hyetograph, StormError> {
    let source = RainSource::Formula { formula: Box::new(formula), return_period_years };
    design_rain(&DesignStorm::new("s", source, Some(pattern))).map(|rain| rain.hyetograph)
}

fn chicago_pattern(minutes: u32, step_min: u32) -> Pattern {
    Pattern::Chicago { duration_s: minutes * 60, peak_ratio: 0.4, step_s: step_min * 60 }
}

fn depth_storm(depth_mm: f64, pattern: Pattern) -> Hyetograph {
    let storm = DesignStorm::new("s", RainSource::Depth { depth_mm }, Some(pattern));
    design_rain(&storm).unwrap().hyetograph
}

#[test]
fn shenyang_classic_has_the_depths_of_its_table() {
    let table = [
        (1.0, 260.03, 27.41, 33.86, 37.85),
        (2.0, 320.30, 33.77, 41.71, 46.63),
        (3.0, 355.56, 37.48, 46.30, 51.76),
        (5.0, 399.98, 42.16, 52.09, 58.22),
        (10.0, 460.25, 48.52, 59.94, 67.00),
        (20.0, 520.53, 54.87, 67.79, 75.77),
        (50.0, 600.20, 63.27, 78.16, 87.37),
        (100.0, 660.48, 69.62, 86.01, 96.14),
    ];
    for (p, q5, d60, d120, d180) in table {
        agree(intensity_l_per_s_ha(&shenyang(), p, 5.0).unwrap(), q5, 2);
        let curve = curve_at(&shenyang(), p).unwrap();
        agree(curve.depth_mm(60.0), d60, 2);
        agree(curve.depth_mm(120.0), d120, 2);
        agree(curve.depth_mm(180.0), d180, 2);
    }
}

#[test]
fn the_factor_167_gives_a_five_hundredth_less_rain_than_the_exact_one() {
    let rounded = IntensityFormula { unit_factor: UnitFactor::Rounded, ..shenyang() };
    let curve = curve_at(&rounded, 5.0).unwrap();
    agree(curve.depth_mm(60.0), 42.080, 3);
    agree(curve_at(&shenyang(), 5.0).unwrap().depth_mm(60.0), 42.164, 3);
    // the published intensity does not depend on what divides it
    let q = intensity_l_per_s_ha(&rounded, 5.0, 5.0).unwrap();
    agree(q, 399.98, 2);
}

#[test]
fn a_chicago_storm_in_five_minutes_has_the_bins_of_oracle_a() {
    let rain = formula_storm(shenyang(), 5.0, chicago_pattern(120, 5)).unwrap();
    let bins = [
        0.6465, 0.7181, 0.8098, 0.9313, 1.1005, 1.3519, 1.7639, 2.5546, 4.6145, 11.6359, 7.1547, 3.9912,
        2.7331, 2.0732, 1.6713, 1.4023, 1.2101, 1.0662, 0.9544, 0.8651, 0.7921, 0.7313, 0.6799, 0.6358,
    ];
    assert_eq!(rain.depths_mm.len(), bins.len());
    for (depth, bin) in rain.depths_mm.iter().zip(bins) {
        agree(*depth, bin, 4);
    }
    agree(rain.total_mm(), 52.0877, 4);
    assert_eq!(rain.peak().0, 45.0 * 60.0);
    agree(rain.peak().1, 11.6359 * 12.0, 2);
    let cumulative = rain.cumulative_mm();
    agree(cumulative[5], 5.5581, 4);
    agree(cumulative[11], 37.2728, 4);
    agree(cumulative[17], 47.4291, 4);
}

#[test]
fn the_peak_of_oracle_a_is_a_over_b_to_the_n() {
    let curve = curve_at(&shenyang(), 5.0).unwrap();
    agree(curve.a, 18.310815, 6);
    let peak = chicago::intensity_mm_per_min(&curve, 120.0, 0.4, 48.0);
    agree(peak, 3.3724, 4);
    agree(peak * 60.0, 202.345, 3);
    // intensity is the growth of the mass curve
    for t in [3.0, 30.0, 47.0, 49.0, 80.0, 119.0] {
        let mass = |t| chicago::cumulative_mm(&curve, 120.0, 0.4, t);
        let growth = (mass(t + 1e-4) - mass(t - 1e-4)) / 2e-4;
        assert!((growth / chicago::intensity_mm_per_min(&curve, 120.0, 0.4, t) - 1.0).abs() < 1e-6, "{t}");
    }
}

#[test]
fn every_window_about_the_peak_of_a_chicago_storm_holds_its_own_depth() {
    let curve = curve_at(&shenyang(), 5.0).unwrap();
    for r in [0.0, 0.25, 0.4, 1.0] {
        let window = |d: f64| {
            let mass = |t| chicago::cumulative_mm(&curve, 120.0, r, t);
            mass(r * 120.0 + (1.0 - r) * d) - mass(r * 120.0 - r * d)
        };
        for (d, depth) in [(10.0, 18.9700), (30.0, 32.7122), (60.0, 42.1643), (120.0, 52.0877)] {
            agree(window(d), depth, 4);
        }
    }
}

#[test]
fn no_step_loses_rain_at_the_peak() {
    for step in [1, 2, 5, 7, 10, 60, 120] {
        let rain = formula_storm(shenyang(), 5.0, chicago_pattern(120, step)).unwrap();
        // r instead of 1 - r after the peak would leave 44.12 mm, sampling every 5 min 3 % less
        agree(rain.total_mm(), 52.0877, 4);
    }
}

#[test]
fn a_formula_that_is_infinite_at_zero_is_held_from_five_minutes_on() {
    // Hohhot: 635.2(1 + 0.841 lg P) / t^0.61
    let hohhot = IntensityFormula::of_user(635.2, 0.841, 0.0, 0.61);
    let curve = curve_at(&hohhot, 2.0).unwrap();
    assert_eq!(curve.intensity_mm_per_min(0.0), curve.intensity_mm_per_min(5.0));
    assert!(curve.intensity_mm_per_min(5.01) < curve.intensity_mm_per_min(5.0));
    let rain = formula_storm(hohhot, 2.0, chicago_pattern(120, 1)).unwrap();
    assert!((rain.total_mm() - curve.depth_mm(120.0)).abs() < 1e-9);
    assert!(rain.peak().1 <= 60.0 * curve.intensity_mm_per_min(5.0) + 1e-9);
}

#[test]
fn a_shift_that_varies_with_the_return_period_is_that_of_chengdu() {
    let law =
        IntensityLaw::TotalWithVaryingShift { a: 2806.0, c: 0.803, b: 12.8, b_exponent: 0.231, n: 0.768 };
    let chengdu = IntensityFormula { law, ..shenyang() };
    // by hand: 2806·(1 + 0.803·lg 2) / (60 + 12.8·1.173648)^0.768
    let b: f64 = 12.8 * 1.173_648;
    let q = 2806.0 * (1.0 + 0.803 * std::f64::consts::LOG10_2) / (60.0 + b).powf(0.768);
    agree(intensity_l_per_s_ha(&chengdu, 2.0, 60.0).unwrap(), q, 3);
}

#[test]
fn the_old_formula_of_shanghai_is_read_in_its_own_form() {
    let law = IntensityLaw::PowerOfPeriod {
        a: 5544.0,
        exponent: 0.3,
        offset: 0.42,
        b: 10.0,
        b_per_log: 7.0,
        n: 0.82,
        n_per_log: 0.07,
    };
    let shanghai = IntensityFormula { law, ..shenyang() };
    // P = 1: 5544·0.58 / (t + 10)^0.82; P = 10: 5544·(10^0.3 - 0.42) / (t + 17)^0.89
    agree(intensity_l_per_s_ha(&shanghai, 1.0, 50.0).unwrap(), 5544.0 * 0.58 / 60_f64.powf(0.82), 6);
    agree(intensity_l_per_s_ha(&shanghai, 10.0, 50.0).unwrap(), 5544.0 * 1.575_262 / 67_f64.powf(0.89), 3);
}

#[test]
fn alternating_blocks_hold_the_depth_of_every_duration() {
    let minutes = [5, 10, 30, 60, 180, 360, 720, 1440];
    let depths_mm = [11.0, 18.5, 34.0, 47.0, 72.0, 92.0, 116.0, 145.0];
    let depths: Vec<DurationDepth> = minutes
        .iter()
        .zip(depths_mm)
        .map(|(minutes, depth_mm)| DurationDepth { duration_s: minutes * 60, depth_mm })
        .collect();
    for peak_ratio in [0.0, 0.4, 0.5, 1.0] {
        let source = RainSource::DepthDuration {
            depths: depths.clone(),
            return_period_years: Some(50.0),
            source: String::new(),
        };
        let pattern = Pattern::CommonFrequency { duration_s: 86_400, peak_ratio, step_s: 300 };
        let rain = design_rain(&DesignStorm::new("s", source, Some(pattern))).unwrap().hyetograph;
        assert_eq!(rain.depths_mm.len(), 288);
        for (minutes, depth) in minutes.iter().zip(depths_mm) {
            let most = rain.most_in_steps_mm(*minutes as usize / 5);
            assert!((most - depth).abs() < 1e-9, "{peak_ratio} {minutes} {most} {depth}");
        }
        let bin = ((peak_ratio * 288.0) as usize).min(287);
        assert_eq!(rain.peak().0, bin as f64 * 300.0);
    }
}

#[test]
fn alternating_blocks_of_a_formula_hold_what_the_formula_gives() {
    let pattern = Pattern::CommonFrequency { duration_s: 7200, peak_ratio: 0.4, step_s: 300 };
    let rain = formula_storm(shenyang(), 5.0, pattern).unwrap();
    agree(rain.most_in_steps_mm(2), 18.9700, 4);
    agree(rain.most_in_steps_mm(6), 32.7122, 4);
    agree(rain.total_mm(), 52.0877, 4);
}

#[test]
fn the_scs_distributions_are_those_of_their_table() {
    let hours = |kind| depth_storm(100.0, Pattern::Scs { kind, step_s: 900 }).cumulative_mm();
    let at = |cumulative: &[f64], hour: f64| cumulative[(hour * 4.0) as usize - 1];
    let two = hours(ScsType::II);
    agree(at(&two, 11.0), 23.5, 9);
    agree(at(&two, 12.0), 66.3, 9);
    agree(at(&two, 12.5), 73.5, 9);
    agree(at(&two, 13.0), 77.2, 9);
    agree(at(&two, 24.0), 100.0, 9);
    agree(at(&hours(ScsType::I), 10.0), 51.5, 9);
    agree(at(&hours(ScsType::I), 9.75), 36.2, 9);
    agree(at(&hours(ScsType::IA), 8.0), 42.5, 9);
    agree(at(&hours(ScsType::IA), 20.0), 90.6, 9);
    agree(at(&hours(ScsType::III), 12.0), 50.0, 9);
    agree(at(&hours(ScsType::III), 12.5), 70.2, 9);
}

#[test]
fn more_than_half_of_a_huff_storm_falls_in_its_quarter_or_before() {
    let part = |quartile, twentieth: usize| {
        let pattern = Pattern::Huff { quartile, duration_s: 36_000, step_s: 1800 };
        depth_storm(100.0, pattern).cumulative_mm()[twentieth - 1]
    };
    agree(part(HuffQuartile::First, 4), 52.0, 9);
    agree(part(HuffQuartile::First, 5), 60.0, 9);
    agree(part(HuffQuartile::Second, 10), 70.0, 9);
    agree(part(HuffQuartile::Third, 13), 70.0, 9);
    agree(part(HuffQuartile::Fourth, 17), 72.0, 9);
    agree(part(HuffQuartile::Fourth, 20), 100.0, 9);
}

#[test]
fn a_triangle_peaks_at_twice_the_mean_and_a_block_nowhere() {
    let triangle = Pattern::Triangular { duration_s: 7200, peak_ratio: 0.4, step_s: 60 };
    let rain = depth_storm(60.0, triangle);
    agree(rain.total_mm(), 60.0, 9);
    // mean 30 mm/h; the step beside the peak is one part in 2·48 below it
    agree(rain.peak().1, 60.0 * (1.0 - 0.5 / 72.0), 6);
    agree(rain.cumulative_mm()[47], 24.0, 9);
    let block = depth_storm(60.0, Pattern::Block { duration_s: 7200, step_s: 300 });
    assert!(block.depths_mm.iter().all(|depth| (depth - 2.5).abs() < 1e-12));
}

#[test]
fn a_mass_curve_of_the_user_is_followed_and_a_wrong_one_refused() {
    let pattern =
        |curve: &[[f64; 2]]| Pattern::MassCurve { curve: curve.to_vec(), duration_s: 3600, step_s: 900 };
    let rain = depth_storm(40.0, pattern(&[[0.0, 0.0], [0.5, 0.75], [1.0, 1.0]]));
    assert_eq!(rain.depths_mm, [15.0, 15.0, 5.0, 5.0]);
    for curve in [
        &[[0.0, 0.0], [0.5, 0.8], [0.6, 0.7], [1.0, 1.0]][..],
        &[[0.0, 0.0], [1.0, 0.9]],
        &[[0.0, 0.1], [1.0, 1.0]],
        &[[0.0, 0.0], [0.5, f64::NAN], [1.0, 1.0]],
        &[],
    ] {
        let storm = DesignStorm::new("s", RainSource::Depth { depth_mm: 40.0 }, Some(pattern(curve)));
        assert!(design_rain(&storm).unwrap_err().message.contains("mass curve"), "{curve:?}");
    }
}

#[test]
fn observed_rain_keeps_its_depth_where_it_fell() {
    let record = ObservedRain {
        start: None,
        interval_s: 300,
        times_s: vec![0.0, 600.0, 1050.0],
        depths_mm: vec![1.0, 2.0, 4.0],
        source: String::new(),
    };
    let storm = DesignStorm::new("s", RainSource::Series(record), None);
    let rain = design_rain(&storm).unwrap().hyetograph;
    // 1050 s lies half way between two steps
    assert_eq!(rain.depths_mm, [1.0, 0.0, 2.0, 2.0, 2.0]);
}

#[test]
fn areal_reduction_and_uplift_multiply_every_depth() {
    let source = RainSource::Formula { formula: Box::new(shenyang()), return_period_years: 5.0 };
    let mut storm = DesignStorm::new("s", source, Some(chicago_pattern(120, 5)));
    storm.uplift = Uplift { factor: 1.2, mode: UpliftMode::Intensity };
    storm.areal_reduction = 0.95;
    let rain = design_rain(&storm).unwrap();
    agree(rain.hyetograph.total_mm(), 52.0877 * 1.2 * 0.95, 3);
    agree(rain.hyetograph.peak().1, 11.6359 * 12.0 * 1.2 * 0.95, 2);
    assert_eq!(rain.return_period_years, Some(5.0));
}

#[test]
fn a_shifted_return_period_brings_the_depth_that_the_uplift_asks_for() {
    for formula in [
        shenyang(),
        IntensityFormula {
            law: IntensityLaw::TotalWithVaryingShift {
                a: 2806.0,
                c: 0.803,
                b: 12.8,
                b_exponent: 0.231,
                n: 0.768,
            },
            ..shenyang()
        },
    ] {
        let depth = curve_at(&formula, 5.0).unwrap().depth_mm(120.0);
        let source = RainSource::Formula { formula: Box::new(formula), return_period_years: 5.0 };
        let mut storm = DesignStorm::new("s", source, Some(chicago_pattern(120, 5)));
        storm.uplift = Uplift { factor: 1.1, mode: UpliftMode::ReturnPeriod };
        let rain = design_rain(&storm).unwrap();
        assert!((rain.hyetograph.total_mm() - 1.1 * depth).abs() < 1e-9 * depth);
        assert!(rain.return_period_years.unwrap() > 5.0, "{rain:?}");
        assert!(rain.warnings.iter().all(|warning| !warning.message.contains("beyond")));
        storm.uplift.factor = 1.7;
        let beyond = design_rain(&storm).unwrap();
        assert!(beyond.return_period_years.unwrap() > 100.0);
        assert!(beyond.warnings.iter().any(|warning| warning.message.contains("beyond")));
    }
}

#[test]
fn what_a_formula_does_not_hold_for_is_refused() {
    let refused = |p, pattern, word: &str| {
        let error = formula_storm(IntensityFormula { duration_min: [5.0, 120.0], ..shenyang() }, p, pattern);
        let error = error.unwrap_err();
        assert!(error.message.contains(word), "{error}");
        assert!(!error.help.is_empty(), "{error}");
    };
    refused(5.0, chicago_pattern(1440, 5), "1440 min");
    refused(5.0, Pattern::Scs { kind: ScsType::II, step_s: 300 }, "1440 min");
    refused(5.0, Pattern::CommonFrequency { duration_s: 86_400, peak_ratio: 0.4, step_s: 300 }, "1440 min");
    refused(0.5, chicago_pattern(120, 5), "0.5 years");
    refused(f64::NAN, chicago_pattern(120, 5), "years");
    refused(5.0, Pattern::Chicago { duration_s: 7200, peak_ratio: 1.4, step_s: 300 }, "outside the storm");
    refused(5.0, Pattern::Chicago { duration_s: 7200, peak_ratio: 0.4, step_s: 0 }, "steps of 0 s");
    let falling =
        formula_storm(IntensityFormula::of_user(1000.0, 0.8, 10.0, 1.5), 5.0, chicago_pattern(120, 5));
    assert!(falling.unwrap_err().message.contains("falls"));
    let negative =
        formula_storm(IntensityFormula::of_user(-1000.0, 0.8, 10.0, 0.7), 5.0, chicago_pattern(120, 5));
    assert!(negative.unwrap_err().message.contains("no intensities"));
}

#[test]
fn sources_and_patterns_that_do_not_fit_are_refused() {
    let refused = |storm: DesignStorm, word: &str| {
        let error = design_rain(&storm).unwrap_err();
        assert!(error.message.contains(word), "{error}");
    };
    let depth = RainSource::Depth { depth_mm: 50.0 };
    refused(DesignStorm::new("s", depth.clone(), Some(chicago_pattern(60, 5))), "intensity formula");
    refused(DesignStorm::new("s", depth.clone(), None), "no pattern");
    let common = Pattern::CommonFrequency { duration_s: 86_400, peak_ratio: 0.4, step_s: 300 };
    refused(DesignStorm::new("s", depth.clone(), Some(common)), "depths by duration");
    let mut shifted = DesignStorm::new("s", depth, Some(Pattern::Block { duration_s: 3600, step_s: 300 }));
    shifted.uplift = Uplift { factor: 1.1, mode: UpliftMode::ReturnPeriod };
    refused(shifted.clone(), "only a formula");
    shifted.uplift = Uplift::default();
    shifted.areal_reduction = 1.2;
    refused(shifted, "areal reduction");
}
