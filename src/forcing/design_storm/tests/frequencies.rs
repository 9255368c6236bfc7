//! Frequencies, return periods, the rational method, doubtful coefficients.

use super::{agree, shenyang};
use crate::forcing::design_storm::frequency::{
    Distribution, LMoments, Moments, SkewConvention, generalised_extreme_value_by_l_moments,
    gumbel_by_l_moments, gumbel_by_moments, pearson_deviate, pearson_three_by_curve_fit,
    pearson_three_by_moments, pearson_three_with_ratio, plotting_position,
};
use crate::forcing::design_storm::intensity::{curve_at, intensity_l_per_s_ha};
use crate::forcing::design_storm::plausibility::check_formula;
use crate::forcing::design_storm::rational::{
    EquivalentReturnPeriod, equivalent_return_period, full_pipe_flow, peak_flow_l_per_s,
};
use crate::forcing::design_storm::return_period::{
    of_annual_maxima, of_intensity, of_peaks_over_threshold, raised, raised_for,
};
use crate::scenario::storm::{IntensityFormula, IntensityLaw, SinglePeriod, UnitFactor};

/// Annual maxima of 60 min of 25 years, mm, made up for the oracles.
const MAXIMA: [f64; 25] = [
    28.4, 35.1, 41.7, 22.9, 55.3, 31.8, 47.2, 38.6, 62.5, 26.3, 44.0, 33.7, 29.9, 71.8, 36.4, 40.2, 24.7,
    51.6, 34.5, 45.9, 30.6, 58.1, 39.3, 27.5, 43.1,
];
const YEARS: [f64; 6] = [2.0, 5.0, 10.0, 20.0, 50.0, 100.0];

#[track_caller]
fn has_quantiles(distribution: Distribution, quantiles: [f64; 6]) {
    for (years, quantile) in YEARS.into_iter().zip(quantiles) {
        agree(distribution.quantile(years), quantile, 3);
    }
}

#[test]
fn the_moments_are_those_of_the_oracle_in_both_conventions() {
    let moments = Moments::of(&MAXIMA, SkewConvention::Unbiased).unwrap();
    agree(moments.mean, 40.0440, 4);
    agree(moments.deviation, 12.4178, 4);
    agree(moments.variation(), 0.3101, 4);
    agree(moments.skewness, 0.8786, 4);
    agree(Moments::of(&MAXIMA, SkewConvention::Chinese).unwrap().skewness, 0.8818, 4);
    let l = LMoments::of(&MAXIMA).unwrap();
    agree(l.first, 40.0440, 4);
    agree(l.second, 7.0087, 4);
    agree(l.skewness, 0.1933, 4);
}

#[test]
fn gumbel_has_the_quantiles_of_the_oracle() {
    let Distribution::Gumbel { location, scale } = gumbel_by_moments(&MAXIMA).unwrap() else { panic!() };
    agree(scale, 9.6821, 4);
    agree(location, 34.4553, 4);
    has_quantiles(Distribution::Gumbel { location, scale }, [38.004, 48.978, 56.244, 63.213, 72.234, 78.995]);
    let Distribution::Gumbel { location, scale } = gumbel_by_l_moments(&MAXIMA).unwrap() else { panic!() };
    agree(scale, 10.1114, 4);
    agree(location, 34.2076, 4);
    has_quantiles(Distribution::Gumbel { location, scale }, [37.914, 49.374, 56.962, 64.240, 73.661, 80.721]);
}

#[test]
fn the_generalised_extreme_value_has_the_quantiles_of_the_oracle() {
    let fit = generalised_extreme_value_by_l_moments(&MAXIMA).unwrap();
    let Distribution::GeneralisedExtremeValue { location, scale, shape } = fit else { panic!() };
    agree(location, 34.0439, 4);
    agree(scale, 9.7675, 4);
    agree(shape, -0.03623, 5);
    has_quantiles(fit, [37.648, 49.100, 56.945, 64.674, 74.982, 82.938]);
}

#[test]
fn pearson_three_has_the_quantiles_of_the_oracle() {
    let fit = pearson_three_by_moments(&MAXIMA, SkewConvention::Unbiased).unwrap();
    has_quantiles(fit, [38.248, 49.623, 56.664, 63.073, 70.946, 76.592]);
    let fit = pearson_three_with_ratio(&MAXIMA, 3.5).unwrap();
    has_quantiles(fit, [37.841, 49.322, 56.695, 63.533, 72.065, 78.257]);
}

#[test]
fn the_deviates_of_pearson_three_are_those_of_the_book() {
    agree(pearson_deviate(0.01, 1.0), 3.0226, 4);
    agree(pearson_deviate(0.02, 1.0), 2.5421, 4);
    agree(pearson_deviate(0.10, 1.0), 1.3404, 4);
    agree(pearson_deviate(0.50, 1.0), -0.1640, 4);
    // skewness 2 is an exponential distribution: Φ = -1 - ln p
    agree(pearson_deviate(0.01, 2.0), -1.0 + 100_f64.ln(), 9);
    // a mirrored one, and no jump where the series takes over
    agree(pearson_deviate(0.99, -1.0), -3.0226, 4);
    for p in [0.001, 0.1, 0.5, 0.9] {
        let jump = pearson_deviate(p, 0.020_000_1) - pearson_deviate(p, 0.019_999_9);
        assert!(jump.abs() < 3e-6, "{p} {jump}");
    }
}

#[test]
fn a_curve_fit_finds_the_curve_that_values_lie_on() {
    let truth = Distribution::PearsonThree { mean: 40.0, deviation: 12.0, skewness: 1.3 };
    let values: Vec<f64> = (0..40).map(|i| truth.quantile(1.0 / plotting_position(i, 40))).collect();
    let Distribution::PearsonThree { mean, deviation, skewness } =
        pearson_three_by_curve_fit(&values).unwrap()
    else {
        panic!()
    };
    assert!((mean - 40.0).abs() < 1e-4 && (deviation - 12.0).abs() < 1e-4, "{mean} {deviation}");
    assert!((skewness - 1.3).abs() < 1e-4, "{skewness}");
    // and no fit by moments comes nearer to the oracle's values
    let fitted = pearson_three_by_curve_fit(&MAXIMA).unwrap().root_mean_square_error(&MAXIMA);
    for other in [
        pearson_three_by_moments(&MAXIMA, SkewConvention::Unbiased).unwrap(),
        pearson_three_with_ratio(&MAXIMA, 3.5).unwrap(),
    ] {
        assert!(fitted < other.root_mean_square_error(&MAXIMA));
    }
}

#[test]
fn samples_that_tell_nothing_are_refused() {
    for (sample, word) in [
        (&[30.0, 40.0][..], "too few"),
        (&[30.0; 9], "all the same"),
        (&[1.0, 2.0, f64::NAN, 3.0, 4.0], "NaN"),
    ] {
        let error = gumbel_by_l_moments(sample).unwrap_err();
        assert!(error.message.contains(word), "{error}");
    }
    assert!(pearson_three_with_ratio(&MAXIMA, f64::NAN).unwrap_err().message.contains("Cs/Cv"));
    assert!(gumbel_by_moments(&MAXIMA).unwrap().quantile(1.0).is_nan());
}

#[test]
fn return_periods_of_peaks_and_of_annual_maxima_convert_as_langbein_says() {
    for (pot, am) in [(0.5, 1.1565), (1.0, 1.5820), (2.0, 2.5415), (5.0, 5.5167), (10.0, 10.5083)] {
        agree(of_annual_maxima(pot), am, 4);
        agree(of_peaks_over_threshold(of_annual_maxima(pot)), pot, 9);
    }
}

#[test]
fn an_uplift_shifts_the_return_period_in_closed_form() {
    // (1.1·(1 + 0.77·lg 5) - 1)/0.77 = 0.898737
    agree(raised(5.0, 1.1, 0.77).log10(), 0.898_737, 5);
    agree(raised_for(&shenyang(), 5.0, 1.1, 60.0).unwrap(), 10_f64.powf(0.898_737), 4);
    for f in [0.9, 1.0, 1.1, 1.2] {
        let raised = raised_for(&shenyang(), 10.0, f, 60.0).unwrap();
        let depth = |p| curve_at(&shenyang(), p).unwrap().depth_mm(60.0);
        assert!((depth(raised) / depth(10.0) - f).abs() < 1e-12);
    }
}

#[test]
fn the_rational_method_gives_the_flow_of_the_oracle_and_the_pipe_for_it() {
    let q = intensity_l_per_s_ha(&shenyang(), 3.0, 18.0).unwrap();
    agree(q, 214.428, 3);
    let flow = peak_flow_l_per_s(0.65, q, 12.0);
    agree(flow, 1672.54, 2);
    let pipes = [(0.6, 0.2746), (0.8, 0.5914), (1.0, 1.0722), (1.2, 1.7436), (1.5, 3.1613)];
    for (diameter, capacity) in pipes {
        agree(full_pipe_flow(diameter, 0.002, 0.013), capacity, 4);
    }
    let least = pipes.iter().find(|(diameter, _)| full_pipe_flow(*diameter, 0.002, 0.013) * 1000.0 >= flow);
    assert_eq!(least.map(|(diameter, _)| *diameter), Some(1.2));
}

#[test]
fn the_capacity_of_a_pipe_has_a_return_period_and_below_one_year_says_so() {
    let capacity = |diameter| full_pipe_flow(diameter, 0.002, 0.013) * 1000.0 / (0.65 * 12.0);
    let arithmetic = |diameter| of_intensity(capacity(diameter), 18.0, 1984.0, 0.77, 9.0, 0.77);
    agree(arithmetic(0.8), 0.213, 3);
    agree(arithmetic(1.0), 0.691, 3);
    agree(arithmetic(1.1), 1.476, 3);
    let class = |diameter| equivalent_return_period(&shenyang(), capacity(diameter), 18.0).unwrap();
    assert_eq!(class(0.8).to_string(), "<1 a");
    assert_eq!(class(1.0), EquivalentReturnPeriod::Below(1.0));
    assert_eq!(class(1.1).to_string(), "1.48 a");
    assert_eq!(class(3.0).to_string(), ">100 a");
}

#[test]
fn a_capacity_under_a_formula_without_closed_form_is_found_too() {
    let chengdu = IntensityFormula {
        law: IntensityLaw::TotalWithVaryingShift {
            a: 2806.0,
            c: 0.803,
            b: 12.8,
            b_exponent: 0.231,
            n: 0.768,
        },
        ..shenyang()
    };
    let q = intensity_l_per_s_ha(&chengdu, 7.0, 20.0).unwrap();
    let EquivalentReturnPeriod::Years(years) = equivalent_return_period(&chengdu, q, 20.0).unwrap() else {
        panic!()
    };
    assert!((years - 7.0).abs() < 1e-9, "{years}");
}

#[test]
fn a_lost_digit_of_the_huangpu_formula_is_noticed() {
    let huangpu = IntensityFormula {
        unit_factor: UnitFactor::Rounded,
        single_periods: vec![SinglePeriod { return_period_years: 2.0, a: 10_403.265, b: 24.424, n: 0.911 }],
        ..IntensityFormula::of_user(1618.173, 0.5428, 34.767, 0.844)
    };
    let found = check_formula(&huangpu);
    let messages: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].contains("14.5 mm in 60 min"), "{}", messages[0]);
    assert!(messages[1].contains("65.7 mm by its row"), "{}", messages[1]);
}

#[test]
fn sound_formulas_raise_no_doubt_and_odd_ones_do() {
    assert_eq!(check_formula(&shenyang()), []);
    let finding = |formula: &IntensityFormula| {
        check_formula(formula).iter().map(|finding| finding.message.clone()).collect::<Vec<_>>().join("\n")
    };
    assert!(finding(&IntensityFormula::of_user(635.2, 0.841, 0.0, 0.61)).contains("infinite"));
    assert!(finding(&IntensityFormula::of_user(1984.0, -0.2, 9.0, 0.77)).contains("grow"));
    // b grows so fast with P that five minutes of 100 years bring less than those of 50
    let law =
        IntensityLaw::TotalWithVaryingShift { a: 2806.0, c: 0.803, b: 12.8, b_exponent: 0.231, n: 0.768 };
    let chengdu = finding(&IntensityFormula { law, ..shenyang() });
    assert!(chengdu.contains("5 min does not grow from 50 to 100 years"), "{chengdu}");
    // C and n exchanged, as in a script of Yiwu
    assert!(!finding(&IntensityFormula::of_user(7015.518, 0.96, 20.951, 1.6)).is_empty());
}
