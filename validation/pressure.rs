//! Pressurised pipes: friction and local losses against heads.

use crate::GRAVITY;
use crate::comparison::Comparison;
use crate::engine::{FLOW, HEAD, Network};
use crate::figure::Figure;
use crate::integration::root;
use std::f64::consts::PI;

/// One pipe from a junction to an outfall at a fixed stage, a constant inflow.
fn pipe(name: &str, section: &str, length: f64, roughness: f64, flow: f64, stage: f64) -> Network {
    let mut network = Network::new(name, 4.0, 1, 10);
    network.junction("UP", 10.0, stage - 10.0);
    network.outfall("DOWN", 10.0, &format!("FIXED {stage}"));
    network.conduit("PIPE", "UP", "DOWN", length, roughness, section);
    network.inflow("UP", flow);
    network
}

#[test]
fn a_submerged_outfall_lifts_the_water_upstream_by_the_friction_loss() {
    // DN1000, 500 m, n 0.013, 0.8 m³/s: h = (n Q / (A R^(2/3)))² L = 0.5567 m
    let mut comparison = Comparison::of("backwater of a submerged outfall");
    let (area, radius): (f64, f64) = (PI / 4.0, 0.25);
    let loss = (0.8 * 0.013 / (area * radius.powf(2.0 / 3.0))).powi(2) * 500.0;
    assert!((loss - 0.5567).abs() < 1e-4, "the closed form itself");
    let head = pipe("submerged", "CIRCULAR 1.0 0 0 0 1", 500.0, 0.013, 0.8, 12.0).run().last_node("UP", HEAD);
    comparison.absolute("head upstream, m", 12.0 + loss, head, 0.002, "m");
}

#[test]
fn entry_and_exit_losses_add_to_the_friction_loss() {
    let mut comparison = Comparison::of("local losses");
    let velocity = 0.8 / (PI / 4.0);
    let friction = (0.8 * 0.013 / (PI / 4.0 * 0.25f64.powf(2.0 / 3.0))).powi(2) * 100.0;
    let mut network = pipe("losses", "CIRCULAR 1.0 0 0 0 1", 100.0, 0.013, 0.8, 12.0);
    network.line("LOSSES", "PIPE 0.5 1.0 0.3 NO 0");
    let known = 12.0 + friction + (0.5 + 1.0 + 0.3) * velocity * velocity / (2.0 * GRAVITY);
    comparison.absolute("head upstream, m", known, network.run().last_node("UP", HEAD), 0.002, "m");
}

#[test]
fn a_rising_river_chokes_a_full_pipe() {
    // a lake held at 14 m empties through DN1000, 500 m: Q = A R^(2/3)/n √((14 - z)/L)
    let mut comparison = Comparison::of("discharge against the river's stage");
    let mut figure =
        Figure::new("A full DN1000 of 500 m under a head of 14 m", "stage of the river (m)", "flow (m³/s)");
    let conveyance = PI / 4.0 * 0.25f64.powf(2.0 / 3.0) / 0.013;
    let closed = |z: f64| conveyance * ((14.0 - z) / 500.0).sqrt();
    assert!(
        (closed(11.0) - 1.857).abs() < 1e-3 && (closed(13.0) - 1.072).abs() < 1e-3,
        "the closed form itself"
    );
    figure.known(
        "Manning",
        (0..=60).map(|k| 11.0 + 0.05 * f64::from(k)).filter(|z| *z <= 14.0).map(|z| (z, closed(z))),
    );
    let mut dots = Vec::new();
    for stage in [11.0, 12.0, 13.0, 13.9] {
        let mut network = Network::new(&format!("stage_{:.0}", 10.0 * stage), 2.0, 1, 10);
        network.line("STORAGE", "LAKE 10 10 4 FUNCTIONAL 0 0 1e8 0 0");
        network.outfall("RIVER", 10.0, &format!("FIXED {stage}"));
        network.conduit("PIPE", "LAKE", "RIVER", 500.0, 0.013, "CIRCULAR 1.0 0 0 0 1");
        let flow = network.run().last_link("PIPE", FLOW);
        comparison.relative(&format!("flow at stage {stage} m, m³/s"), closed(stage), flow, 0.002);
        dots.push((stage, flow));
    }
    figure.computed("computed", dots);
    figure.write("river_stage");
}

#[test]
fn a_force_main_loses_head_as_hazen_and_williams_found() {
    // V = 0.849 C R^0.63 S^0.54 (SI)
    let mut comparison = Comparison::of("force main, Hazen-Williams");
    for (c, flow) in [(130.0, 0.25), (100.0, 0.15)] {
        let (area, radius): (f64, f64) = (PI * 0.16 / 4.0, 0.1);
        let slope = (flow / area / (0.849 * c * radius.powf(0.63))).powf(1.0 / 0.54);
        let mut network =
            pipe(&format!("hazen_{c}"), &format!("FORCE_MAIN 0.4 {c} 0 0 1"), 400.0, 0.012, flow, 13.0);
        network.line("OPTIONS", "FORCE_MAIN_EQUATION H-W");
        let loss = network.run().last_node("UP", HEAD) - 13.0;
        comparison.relative(&format!("loss at C {c} and {flow} m³/s, m"), 400.0 * slope, loss, 0.005);
    }
}

#[test]
fn a_force_main_loses_head_as_darcy_and_weisbach_found() {
    // h = f L/D V²/2g, Colebrook-White; the engine's explicit form (Swamee-Jain) is within 1 % of it
    let mut comparison = Comparison::of("force main, Darcy-Weisbach");
    for (roughness_mm, flow) in [(0.5, 0.25), (3.0, 0.15)] {
        let (d, area): (f64, f64) = (0.4, PI * 0.16 / 4.0);
        let velocity = flow / area;
        let reynolds = velocity * d / 1.022e-6;
        let relative = roughness_mm / 1000.0 / d;
        // s = 1/√f solves s + 2 lg(k/3.7 + 2.51 s/Re) = 0
        let s = root(1.0, 30.0, |s| s + 2.0 * (relative / 3.7 + 2.51 * s / reynolds).log10());
        let known = 400.0 / d / (s * s) * velocity * velocity / (2.0 * GRAVITY);
        let mut network = pipe(
            &format!("darcy_{roughness_mm}"),
            &format!("FORCE_MAIN {d} {roughness_mm} 0 0 1"),
            400.0,
            0.012,
            flow,
            13.0,
        );
        network.line("OPTIONS", "FORCE_MAIN_EQUATION D-W");
        let loss = network.run().last_node("UP", HEAD) - 13.0;
        comparison.relative(&format!("loss at k {roughness_mm} mm and {flow} m³/s, m"), known, loss, 0.015);
    }
}
