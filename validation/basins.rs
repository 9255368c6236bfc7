//! Tanks and lakes: filling, emptying, levelling.

use crate::GRAVITY;
use crate::comparison::Comparison;
use crate::engine::{DEPTH, FLOW, HEAD, Network, VOLUME};
use crate::figure::Figure;
use crate::integration::root;
use std::f64::consts::PI;

/// A tank of some area (m²) that stands 3 m full and is emptied by one structure into a free
/// outfall; minutes and depths.
fn emptying(name: &str, hours: f64, area: f64, write: impl FnOnce(&mut Network)) -> Vec<(f64, f64)> {
    let mut network = Network::new(name, hours, 1, 1);
    network.line("STORAGE", format!("TANK 10 5 3 FUNCTIONAL 0 0 {area} 0 0"));
    network.outfall("OUT", 5.0, "FREE");
    write(&mut network);
    network.run().node("TANK", DEPTH).into_iter().enumerate().map(|(k, h)| ((k + 1) as f64, h)).collect()
}

/// Compares an emptying tank with its closed form while it is deeper than a limit.
fn judge(
    case: &'static str,
    name: &str,
    computed: &[(f64, f64)],
    known: impl Fn(f64) -> f64,
    limit: f64,
    tolerance: f64,
) {
    let mut comparison = Comparison::of(case);
    let mut figure = Figure::new(case, "time (min)", "depth (m)");
    let deep: Vec<(f64, f64)> = computed.iter().copied().filter(|(t, _)| known(60.0 * t) > limit).collect();
    figure.known("closed form", deep.iter().map(|(t, _)| (*t, known(60.0 * t))));
    figure.computed("computed", deep.iter().copied().step_by(deep.len().div_ceil(40)));
    figure.write(name);
    assert!(deep.len() >= 8, "the tank is deep for {} minutes only", deep.len());
    for (t, h) in deep.iter().step_by(deep.len().div_ceil(6)) {
        comparison.absolute(&format!("depth after {t} min, m"), known(60.0 * t), *h, tolerance, "m");
    }
}

#[test]
fn a_tank_empties_through_an_orifice_as_torricelli_says() {
    // √H falls linearly: H = (√H0 - c a √(2g)/(2A) t)², H above the orifice's centre
    let (c, a) = (0.65, PI * 0.3 * 0.3 / 4.0);
    let known = |t: f64| {
        ((3.0f64 - 0.15).sqrt() - c * a * (2.0 * GRAVITY).sqrt() / 200.0 * t).max(0.0).powi(2) + 0.15
    };
    let computed = emptying("orifice", 1.0, 100.0, |network| {
        network.line("ORIFICES", "ORI TANK OUT SIDE 0 0.65 NO 0");
        network.line("XSECTIONS", "ORI CIRCULAR 0.3 0 0 0");
    });
    judge("a tank empties through a side orifice of 0.3 m", "orifice", &computed, known, 0.4, 0.001);
}

#[test]
fn a_tank_empties_over_a_weir_as_its_formula_says() {
    // dH/dt = -C L H^1.5 / A: H = (H0^(-1/2) + C L t/(2A))^(-2), H above the crest at 1 m
    let known = |t: f64| (2f64.powf(-0.5) + 1.8 * 0.5 * t / 2000.0).powi(-2) + 1.0;
    let computed = emptying("weir", 3.0, 1000.0, |network| {
        network.line("WEIRS", "WEIR TANK OUT TRANSVERSE 1.0 1.8 NO 0 0 NO");
        network.line("XSECTIONS", "WEIR RECT_OPEN 4 0.5 0 0");
    });
    judge("a tank empties over a rectangular weir of 0.5 m", "weir", &computed, known, 1.05, 0.001);
}

#[test]
fn a_tank_empties_over_a_v_notch_as_its_formula_says() {
    // dH/dt = -C s H^2.5 / A with side slope s: H = (H0^(-3/2) + 1.5 C s t/A)^(-2/3)
    let known = |t: f64| (2f64.powf(-1.5) + 1.5 * 1.4 * 0.5 * t / 1000.0).powf(-2.0 / 3.0) + 1.0;
    let computed = emptying("v_notch", 5.0, 1000.0, |network| {
        network.line("WEIRS", "WEIR TANK OUT V-NOTCH 1.0 1.4 NO 0 0 NO");
        network.line("XSECTIONS", "WEIR TRIANGULAR 4 4 0 0");
    });
    judge("a tank empties over a V-notch", "v_notch", &computed, known, 1.05, 0.001);
}

#[test]
fn a_linear_outlet_makes_a_linear_reservoir() {
    // q = k h, A dh/dt = -k h: h = h0 exp(-k t/A), with A/k = 1800 s
    let known = |t: f64| 3.0 * (-t / 1800.0).exp();
    let computed = emptying("linear_reservoir", 1.0, 100.0, |network| {
        network.line("OUTLETS", format!("OUTLET TANK OUT 0 FUNCTIONAL/DEPTH {:.9} 1.0 NO", 100.0 / 1800.0));
    });
    judge("a linear reservoir of 1800 s", "linear_reservoir", &computed, known, 0.1, 0.002);
}

#[test]
fn a_linear_reservoir_answers_a_step_of_inflow() {
    // A/k = 1800 s, 1 m³/s for an hour: 1 - exp(-t/1800), then decay
    let mut comparison = Comparison::of("step response of a linear reservoir of 1800 s");
    let mut network = Network::new("step_response", 2.0, 1, 15);
    network.line("STORAGE", "TANK 10 30 0 FUNCTIONAL 0 0 1800 0 0");
    network.outfall("OUT", 5.0, "FREE");
    network.line("OUTLETS", "OUTLET TANK OUT 0 FUNCTIONAL/DEPTH 1.0 1.0 NO");
    network.line("INFLOWS", "TANK FLOW STEP");
    for (time, flow) in [("0:00:00", 1), ("1:00:00", 1), ("1:00:01", 0), ("3:00:00", 0)] {
        network.line("TIMESERIES", format!("STEP {time} {flow}"));
    }
    let flow = network.run().link("OUTLET", FLOW);
    for (minutes, known) in
        [(15, 0.393_469), (30, 0.632_121), (60, 0.864_665), (90, 0.318_092), (120, 0.117_020)]
    {
        comparison.absolute(
            &format!("outflow after {minutes} min, m³/s"),
            known,
            flow[minutes / 15 - 1],
            0.001,
            "m³/s",
        );
    }
}

#[test]
fn a_pump_and_the_ground_empty_tanks_at_constant_rates() {
    let mut comparison = Comparison::of("constant rates of emptying");
    let pumped = emptying("pump", 1.5, 100.0, |network| {
        network.line("PUMPS", "PUMP TANK OUT RATE ON 0 0");
        network.line("CURVES", "RATE PUMP2 100 0.05");
    });
    comparison.absolute(
        "depth after 60 min of 0.05 m³/s, m",
        3.0 - 0.05 * 3600.0 / 100.0,
        pumped[59].1,
        0.002,
        "m",
    );
    let mut network = Network::new("seepage", 2.0, 5, 60);
    network.line("STORAGE", "TANK 10 5 3 FUNCTIONAL 0 0 100 0 0 0 36 0");
    network.line("STORAGE", "POND 10 5 3 FUNCTIONAL 0 0 100 0 1");
    network.line("EVAPORATION", "CONSTANT 240");
    for name in ["TANK", "POND"] {
        network.outfall(&format!("O{name}"), 5.0, "FREE");
        network.line("ORIFICES", format!("X{name} {name} O{name} SIDE 4 0.65 NO 0"));
        network.line("XSECTIONS", format!("X{name} CIRCULAR 0.3 0 0 0"));
    }
    let mut results = network.run();
    comparison.absolute(
        "depth after 2 h of 36 mm/h into the ground, m",
        3.0 - 0.072,
        results.last_node("TANK", DEPTH),
        0.001,
        "m",
    );
    comparison.absolute(
        "depth after 2 h of 10 mm/h into the air, m",
        3.0 - 0.020,
        results.last_node("POND", DEPTH),
        0.001,
        "m",
    );
}

#[test]
fn tanks_of_every_shape_fill_by_their_volume() {
    // 0.05 m³/s for two hours is 360 m³; the depth solves V(h) = 360
    let mut comparison = Comparison::of("filling of storage shapes");
    type Case = (&'static str, &'static str, fn(f64) -> f64);
    let cases: [Case; 6] = [
        ("functional", "FUNCTIONAL 20 1.5 50", |h| 50.0 * h + 20.0 * h.powf(2.5) / 2.5),
        ("cylindrical", "CYLINDRICAL 20 8 0", |h| PI / 4.0 * 20.0 * 8.0 * h),
        // axes a + 2zh and b + 2zh·b/a
        ("conical", "CONICAL 12 6 2", |h| PI / 4.0 * (72.0 * h + 24.0 * h * h + 8.0 / 3.0 * h.powi(3))),
        // area grows linearly with depth to the top's at its height
        ("paraboloid", "PARABOLIC 30 16 4", |h| PI / 4.0 * 480.0 * h * h / 8.0),
        ("pyramidal", "PYRAMIDAL 12 6 2", |h| 72.0 * h + 36.0 * h * h + 16.0 / 3.0 * h.powi(3)),
        ("tabular", "TABULAR AREAS", |h| 40.0 * h + 10.0 * h * h),
    ];
    let mut network = Network::new("shapes", 2.0, 5, 60);
    network.line("CURVES", "AREAS STORAGE 0 40");
    network.line("CURVES", "AREAS 10 240");
    for (name, shape, _) in cases {
        network.line("STORAGE", format!("{name} 10 10 0 {shape} 0 0"));
        network.outfall(&format!("O_{name}"), 5.0, "FREE");
        network.line("ORIFICES", format!("X_{name} {name} O_{name} SIDE 9 0.65 NO 0"));
        network.line("XSECTIONS", format!("X_{name} CIRCULAR 0.3 0 0 0"));
        network.inflow(name, 0.05);
    }
    let mut results = network.run();
    for (name, _, volume) in cases {
        let known = root(0.0, 10.0, |h| volume(h) - 360.0);
        comparison.absolute(
            &format!("depth of the {name} tank, m"),
            known,
            results.last_node(name, DEPTH),
            0.003,
            "m",
        );
        comparison.relative(
            &format!("volume of the {name} tank, m³"),
            360.0,
            results.last_node(name, VOLUME),
            0.002,
        );
    }
}

#[test]
fn two_lakes_level_out_at_their_mean() {
    // 10 m³ of the pipe's water is the tolerance
    let mut comparison = Comparison::of("two lakes joined by a pipe");
    let mut network = Network::new("two_lakes", 12.0, 5, 60);
    network.line("STORAGE", "UPPER 10 6 4 FUNCTIONAL 0 0 2000 0 0");
    network.line("STORAGE", "LOWER 10 6 2 FUNCTIONAL 0 0 1000 0 0");
    network.conduit("PIPE", "UPPER", "LOWER", 100.0, 0.013, "CIRCULAR 0.8 0 0 0 1");
    network.junction("APART", 20.0, 0.0);
    network.outfall("OUT", 5.0, "FREE");
    network.conduit("DRAIN", "APART", "OUT", 100.0, 0.013, "CIRCULAR 0.3 0 0 0 1");
    let mut results = network.run();
    let level = 10.0 + (4.0 * 2000.0 + 2.0 * 1000.0) / 3000.0;
    comparison.absolute("level of the upper lake, m", level, results.last_node("UPPER", HEAD), 0.005, "m");
    comparison.absolute("level of the lower lake, m", level, results.last_node("LOWER", HEAD), 0.005, "m");
}

#[test]
fn a_lake_lowered_before_the_flood_holds_what_its_pumps_do_not_take() {
    // a triangle of 30 m³/s and 3 h into 20 ha, pumps take 10 m³/s: (30 - 10) · 10800 · (1 - 10/30) / 2 = 72 000 m³ are
    // held while the inflow is above 10 m³/s, from 0:30 to 2:30, and raise the lake by 0.36 m
    let mut comparison = Comparison::of("a lake of 20 ha takes a flood above its pumps");
    let mut network = Network::new("lowered_lake", 4.0, 5, 1);
    network.line("STORAGE", "LAKE 10 5 3 FUNCTIONAL 0 0 200000 0 0");
    network.outfall("OUT", 5.0, "FREE");
    network.line("PUMPS", "PUMP LAKE OUT TEN ON 0 0");
    network.line("CURVES", "TEN PUMP4 0 10");
    network.line("CURVES", "TEN 5 10");
    network.line("INFLOWS", "LAKE FLOW FLOOD FLOW 1 1 0");
    for (time, flow) in [("0:00", 0), ("1:30", 30), ("3:00", 0), ("4:00", 0)] {
        network.line("TIMESERIES", format!("FLOOD {time} {flow}"));
    }
    let depths = network.run().node("LAKE", DEPTH);
    // the first result is that of 0:01
    let (before, after) = (depths[29], depths[149]);
    comparison.relative("rise of the lake, m", 0.36, after - before, 0.001);
    comparison.relative("volume held, m³", 72_000.0, 200_000.0 * (after - before), 0.001);
    let highest = depths.iter().copied().fold(0.0, f64::max);
    comparison.absolute("the highest level is that of 2:30, m", after, highest, 0.0005, "m");
}
