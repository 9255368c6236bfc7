//! Uniform flow: depth and velocity far from the ends of a long conduit, and full capacities.

use crate::comparison::Comparison;
use crate::engine::{DEPTH, FLOW, Network, VELOCITY};
use crate::figure::Figure;
use crate::integration::root;

/// Area and wetted perimeter of a circular pipe (`d` diameter, `y` depth, m):
/// θ = 2 acos(1 - 2y/d), A = d²(θ - sin θ)/8, P = dθ/2.
fn circle(d: f64, y: f64) -> (f64, f64) {
    let theta = 2.0 * (1.0 - 2.0 * y / d).acos();
    (d * d * (theta - theta.sin()) / 8.0, 0.5 * d * theta)
}

/// Manning's discharge, m³/s: Q = A R^(2/3) √S / n.
fn manning((area, perimeter): (f64, f64), slope: f64, roughness: f64) -> f64 {
    area * (area / perimeter).powf(2.0 / 3.0) * slope.sqrt() / roughness
}

/// Twenty reaches in a row with a constant inflow and an outfall at normal depth.
fn reach(name: &str, section: &str, slope: f64, roughness: f64, flow: f64, length: f64) -> Network {
    let mut network = Network::new(name, 3.0, 5, 10);
    let count = 20;
    for i in 0..count {
        network.junction(&format!("N{i}"), slope * length * f64::from(count - i), 0.05);
        let to = if i + 1 == count { "OUT".to_owned() } else { format!("N{}", i + 1) };
        network.conduit(&format!("C{i}"), &format!("N{i}"), &to, length, roughness, section);
    }
    network.outfall("OUT", 0.0, "NORMAL");
    network.inflow("N0", flow);
    network
}

#[test]
fn water_in_a_long_channel_flows_at_mannings_normal_depth() {
    let mut comparison = Comparison::of("uniform flow in long channels");
    let (slope, n, flow) = (0.001, 0.013, 3.0);
    type Shape = (&'static str, &'static str, fn(f64) -> (f64, f64));
    let shapes: [Shape; 3] = [
        ("rectangle", "RECT_OPEN 3 2 0 0 1", |y| (2.0 * y, 2.0 + 2.0 * y)),
        ("trapezium", "TRAPEZOIDAL 3 1 1.5 1.5 1", |y| ((1.0 + 1.5 * y) * y, 1.0 + 2.0 * y * 3.25f64.sqrt())),
        ("triangle", "TRIANGULAR 3 6 0 0 1", |y| (y * y, 2.0 * y * 2f64.sqrt())),
    ];
    for (name, section, geometry) in shapes {
        let normal = root(1e-6, 2.9, |y| manning(geometry(y), slope, n) - flow);
        let mut results = reach(&format!("uniform_{name}"), section, slope, n, flow, 50.0).run();
        comparison.relative(
            &format!("depth in a {name}, m"),
            normal,
            results.last_node("N10", DEPTH),
            0.0005,
        );
        let velocity = flow / geometry(normal).0;
        comparison.relative(
            &format!("velocity in a {name}, m/s"),
            velocity,
            results.last_link("C10", VELOCITY),
            0.003,
        );
    }
}

#[test]
fn a_foul_sewer_fills_as_mannings_formula_says() {
    // DN400, n 0.013, 0.3 %: filling and velocity by bisection
    let mut comparison = Comparison::of("dry-weather filling of a DN400 at 0.3 %");
    let (d, slope, n) = (0.4, 0.003, 0.013);
    for (flow, filling, velocity) in [(0.01, 0.2001, 0.5585), (0.03, 0.3500, 0.7652), (0.06, 0.5153, 0.9192)]
    {
        let normal = root(1e-6, 0.93 * d, |y| manning(circle(d, y), slope, n) - flow);
        assert!((normal / d - filling).abs() < 1e-4, "the closed form itself");
        let mut results =
            reach(&format!("sewer_{:.0}", 1000.0 * flow), "CIRCULAR 0.4 0 0 0 1", slope, n, flow, 40.0).run();
        comparison.relative(
            &format!("filling at {flow} m³/s"),
            filling,
            results.last_node("N10", DEPTH) / d,
            0.005,
        );
        comparison.relative(
            &format!("velocity at {flow} m³/s, m/s"),
            velocity,
            results.last_link("C10", VELOCITY),
            0.008,
        );
    }
}

#[test]
fn a_full_pipe_has_its_manning_capacity() {
    // n 0.013, 0.2 %: m³/s by A R^(2/3) √S / n
    let mut comparison = Comparison::of("full capacity of circular pipes at 0.2 %");
    let known = [(0.6, 0.2746), (0.8, 0.5914), (1.0, 1.0722), (1.2, 1.7436), (1.5, 3.1613)];
    let mut network = Network::new("capacity", 1.0, 30, 30);
    network.line("OPTIONS", "FLOW_UNITS LPS");
    network.line("REPORT", "INPUT YES");
    for (d, capacity) in known {
        let closed = manning((std::f64::consts::PI * d * d / 4.0, std::f64::consts::PI * d), 0.002, 0.013);
        assert!((closed - capacity).abs() < 5e-5, "the closed form itself: {closed}");
        let dn = format!("{:.0}", 1000.0 * d);
        network.junction(&format!("J{dn}"), 1.0, 0.0);
        network.outfall(&format!("O{dn}"), 0.8, "FREE");
        network.conduit(
            &format!("DN{dn}"),
            &format!("J{dn}"),
            &format!("O{dn}"),
            100.0,
            0.013,
            &format!("CIRCULAR {d} 0 0 0 1"),
        );
    }
    let results = network.run();
    for (d, capacity) in known {
        // the line of the table of cross-sections, after that of the table of links
        let table = results.report_after("Cross Section Summary");
        let name = format!("DN{:.0}", 1000.0 * d);
        let line = table
            .lines()
            .find(|line| line.split_whitespace().next() == Some(&name))
            .expect("the pipe is listed");
        let full: f64 = line.split_whitespace().last().and_then(|word| word.parse().ok()).expect("a number");
        comparison.relative(&format!("{name}, m³/s"), capacity, full / 1000.0, 0.0003);
    }
}

#[test]
fn filling_follows_the_partial_flow_curve() {
    // the curve that every handbook prints: Q/Qfull against y/D, rising branch
    let mut comparison = Comparison::of("partial flow curve of a DN600 at 0.5 %");
    let (d, slope, n) = (0.6, 0.005, 0.013);
    let full = manning((std::f64::consts::PI * d * d / 4.0, std::f64::consts::PI * d), slope, n);
    let mut figure = Figure::new("Partial flow in a DN600, 0.5 %", "Q / Qfull", "y / D");
    let closed = |y: f64| (manning(circle(d, y * d), slope, n) / full, y);
    figure.known("Manning", (1..=80).map(|k| closed(0.01 * f64::from(k))));
    let mut dots = Vec::new();
    for share in [0.05, 0.2, 0.4, 0.6, 0.8] {
        let known = root(1e-6, 0.9, |y| closed(y).0 - share);
        let mut results = reach(
            &format!("partial_{:.0}", 100.0 * share),
            "CIRCULAR 0.6 0 0 0 1",
            slope,
            n,
            share * full,
            40.0,
        )
        .run();
        let filling = results.last_node("N10", DEPTH) / d;
        comparison.relative(&format!("y/D at Q/Qfull {share}"), known, filling, 0.002);
        dots.push((results.last_link("C10", FLOW) / full, filling));
    }
    figure.computed("computed", dots);
    figure.write("partial_flow");
}
