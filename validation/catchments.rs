//! Land: equilibrium and recession of runoff, infiltration under heavy rain.

use crate::comparison::Comparison;
use crate::engine::{Network, RUNOFF};
use crate::figure::Figure;
use crate::integration::root;

/// One hectare under rain of constant intensity (mm/h) for some hours out of the run's.
fn plane(
    name: &str,
    hours: f64,
    rain: f64,
    rainy_hours: u32,
    impervious: f64,
    infiltration: (&str, &str),
) -> Network {
    let mut network = Network::new(name, hours, 30, 1);
    network.line("OPTIONS", "WET_STEP 00:00:10");
    network.line("OPTIONS", "DRY_STEP 00:00:10");
    network.line("OPTIONS", format!("INFILTRATION {}", infiltration.0));
    network.line("RAINGAGES", "G INTENSITY 1:00 1.0 TIMESERIES RAIN");
    for hour in 0..rainy_hours {
        network.line("TIMESERIES", format!("RAIN {hour}:00 {rain}"));
    }
    network.line("TIMESERIES", format!("RAIN {rainy_hours}:00 0"));
    // soil is smooth and steep, so that no depth of water adds to its suction
    let slope = if impervious > 0.0 { 1.0 } else { 50.0 };
    network.line("SUBCATCHMENTS", format!("S G J 1.0 {impervious} 100 {slope} 0"));
    network.line("SUBAREAS", "S 0.015 0.011 0 0 100 OUTLET");
    network.line("INFILTRATION", format!("S {}", infiltration.1));
    network.junction("J", 1.0, 0.0);
    network.outfall("OUT", 0.0, "FREE");
    network.conduit("C", "J", "OUT", 100.0, 0.013, "CIRCULAR 1 0 0 0 1");
    network
}

#[test]
fn a_paved_hectare_runs_off_at_the_rate_of_the_rain_and_then_recedes() {
    // nonlinear reservoir: dd/dt = i - α d^(5/3), α = √S/(n L), L = area/width;
    // equilibrium d0 = (i/α)^(3/5), recession d = (d0^(-2/3) + 2/3 α t)^(-3/2)
    let mut comparison = Comparison::of("runoff of a paved plane");
    let rain = 72.0;
    let runoff =
        plane("plane", 3.0, rain, 1, 100.0, ("HORTON", "75 5 4 7 0")).run().subcatchment("S", RUNOFF);
    let alpha = 0.01f64.sqrt() / (0.015 * 100.0);
    let intensity = rain / 3.6e6;
    let equilibrium = (intensity / alpha).powf(0.6);
    let known = |t: f64| 1e4 * alpha * (equilibrium.powf(-2.0 / 3.0) + 2.0 / 3.0 * alpha * t).powf(-2.5);
    comparison.relative("runoff at equilibrium, m³/s", 1e4 * intensity, runoff[58], 0.001);
    let mut figure = Figure::new(
        "Recession of a paved hectare after 72 mm/h",
        "time since the end of rain (min)",
        "runoff (m³/s)",
    );
    figure.known("closed form", (0..=60).map(|k| (f64::from(k), known(60.0 * f64::from(k)))));
    figure.computed("computed", (0..=60).step_by(2).map(|k| (k as f64, runoff[59 + k])));
    figure.write("recession");
    for minutes in [5, 10, 20, 40] {
        let value = known(60.0 * minutes as f64);
        comparison.relative(
            &format!("runoff {minutes} min after the rain, m³/s"),
            value,
            runoff[59 + minutes],
            0.02,
        );
    }
}

#[test]
fn soil_takes_what_horton_green_ampt_and_the_curve_number_say() {
    // heavy rain of 100 mm/h for two hours, never less than the soil can take but for the first
    // minutes of Green and Ampt's
    let mut comparison = Comparison::of("infiltration in two hours of heavy rain");
    let infiltrated = |name: &str, method: &str, parameters: &str| {
        let results = plane(name, 2.0, 100.0, 3, 0.0, (method, parameters)).run();
        results.report_number("Infiltration Loss", 4)
    };
    // F = fc t + (f0 - fc)/k (1 - exp(-k t))
    let horton = 5.0 * 2.0 + (75.0 - 5.0) / 4.0 * (1.0 - (-8.0f64).exp());
    comparison.relative(
        "Horton 75, 5 mm/h, 4 1/h, mm",
        horton,
        infiltrated("horton", "HORTON", "75 5 4 7 0"),
        0.01,
    );
    // ponding begins at Fp = ψΔθ K/(i - K), tp = Fp/i, then
    // K (t - tp) = F - Fp - ψΔθ ln((F + ψΔθ)/(Fp + ψΔθ))
    let (suction, k, deficit) = (110.0, 10.0, 0.25);
    let s = suction * deficit;
    let ponding = s * k / (100.0 - k);
    let green_ampt = root(ponding, 200.0, |f| {
        f - ponding - s * ((f + s) / (ponding + s)).ln() - k * (2.0 - ponding / 100.0)
    });
    comparison.relative(
        "Green-Ampt 110 mm, 10 mm/h, 0.25, mm",
        green_ampt,
        infiltrated("green_ampt", "GREEN_AMPT", "110 10 0.25"),
        0.01,
    );
    // F = P - P²/(P + S), S = 25.4 (1000/CN - 10) mm, no initial abstraction
    let (p, retention) = (200.0, 25.4 * (1000.0 / 70.0 - 10.0));
    let curve = p - p * p / (p + retention);
    comparison.relative(
        "curve number 70, mm",
        curve,
        infiltrated("curve_number", "CURVE_NUMBER", "70 0.5 7"),
        0.01,
    );
}
