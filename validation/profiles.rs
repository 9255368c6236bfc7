//! Steady profiles that change along a channel: backwater, drawdown, and MacDonald's channels.

use crate::GRAVITY;
use crate::comparison::Comparison;
use crate::engine::{DEPTH, Network};
use crate::figure::Figure;
use crate::integration::solve;

/// A channel of wide rectangular section (only its bed is wetted, so that R = h), ten metres wide.
struct Channel<'a> {
    name: &'a str,
    /// Bed levels at equal distances, m.
    beds: &'a [f64],
    /// That distance, m.
    reach: f64,
    roughness: f64,
    /// Flow by width, m²/s.
    unit_flow: f64,
    /// Depth that is held at the end, m.
    end_depth: f64,
    hours: f64,
}

impl Channel<'_> {
    /// Depths at the end of a run that begins with one metre of water.
    fn depths(&self) -> Vec<f64> {
        let mut network = Network::new(self.name, self.hours, 5, 30);
        let last = self.beds.len() - 1;
        for (i, bed) in self.beds[..last].iter().enumerate() {
            let (from, to) = (format!("N{i}"), format!("N{}", i + 1));
            network.junction(&from, *bed, 1.0);
            network.conduit(
                &format!("C{i}"),
                &from,
                &to,
                self.reach,
                self.roughness,
                "RECT_OPEN 10 10 2 0 1",
            );
        }
        let stage = self.beds[last] + self.end_depth;
        network.outfall(&format!("N{last}"), self.beds[last], &format!("FIXED {stage:.6}"));
        network.inflow("N0", 10.0 * self.unit_flow);
        let mut results = network.run();
        (0..=last).map(|i| results.last_node(&format!("N{i}"), DEPTH)).collect()
    }
}

/// Slope of the depth in gradually varied flow of a wide channel:
/// dh/dx = (S0 - n²q²/h^(10/3)) / (1 - q²/(g h³)); x downstream, m.
fn gradually_varied(bed_slope: f64, roughness: f64, unit_flow: f64, depth: f64) -> f64 {
    let friction = (roughness * unit_flow).powi(2) / depth.powf(10.0 / 3.0);
    (bed_slope - friction) / (1.0 - unit_flow * unit_flow / (GRAVITY * depth.powi(3)))
}

/// Compares depths at every fifth node of a straight channel with the profile that ends at a depth.
fn judge(case: &'static str, name: &str, slope: f64, end_depth: f64, tolerance: f64, title: &str) {
    let (roughness, unit_flow, reach, count) = (0.02, 1.5, 25.0, 60);
    let mut comparison = Comparison::of(case);
    let beds: Vec<f64> = (0..=count).map(|i| slope * reach * f64::from(count - i)).collect();
    let computed = Channel { name, beds: &beds, reach, roughness, unit_flow, end_depth, hours: 6.0 }.depths();
    let length = reach * f64::from(count);
    let known = |i: i32| {
        solve(length, reach * f64::from(i), end_depth, |_, h| {
            gradually_varied(slope, roughness, unit_flow, h)
        })
    };
    let mut figure = Figure::new(title, "distance (m)", "depth (m)");
    figure.known("gradually varied flow", (0..=count).map(|i| (reach * f64::from(i), known(i))));
    figure.computed("computed", (0..=count).map(|i| (reach * f64::from(i), computed[i as usize])));
    figure.write(name);
    for i in (0..count).step_by(5) {
        comparison.relative(
            &format!("depth at {:.0} m, m", reach * f64::from(i)),
            known(i),
            computed[i as usize],
            tolerance,
        );
    }
}

#[test]
fn a_weir_pool_backs_up_along_an_m1_profile() {
    judge(
        "M1 backwater curve",
        "m1_backwater",
        0.001,
        2.5,
        0.005,
        "M1: a pool of 2.5 m backs up in a channel of 0.1 %",
    );
}

#[test]
fn water_draws_down_towards_a_low_river_along_an_m2_profile() {
    // 0.8 m: above the critical depth of 0.61 m, below the normal depth
    judge(
        "M2 drawdown curve",
        "m2_drawdown",
        0.0005,
        0.8,
        0.02,
        "M2: drawdown to 0.8 m in a channel of 0.05 %",
    );
}

/// Bed levels of a channel whose steady depth is prescribed (MacDonald et al. 1997):
/// the bed slope is S0 = (1 - q²/(g h³)) dh/dx + n²q²/h^(10/3).
fn macdonald(
    length: f64,
    count: i32,
    roughness: f64,
    unit_flow: f64,
    depth: impl Fn(f64) -> f64,
) -> Vec<f64> {
    let slope = |x: f64| {
        let (h, e) = (depth(x), 1e-4);
        let rise = (depth(x + e) - depth(x - e)) / (2.0 * e);
        (1.0 - unit_flow * unit_flow / (GRAVITY * h.powi(3))) * rise
            + (roughness * unit_flow).powi(2) / h.powf(10.0 / 3.0)
    };
    (0..=count)
        .map(|i| solve(length, length * f64::from(i) / f64::from(count), 0.0, |x, _| -slope(x)))
        .collect()
}

#[test]
fn a_subcritical_macdonald_channel_has_its_prescribed_depth() {
    // SWASHES: long channel, subcritical, Manning n 0.033, q 2 m²/s,
    // h = (4/g)^(1/3) (1 + 1/2 exp(-16 (x/1000 - 1/2)²))
    let mut comparison = Comparison::of("MacDonald's subcritical channel of 1000 m");
    let depth = |x: f64| {
        (4.0 / GRAVITY).powf(1.0 / 3.0) * (1.0 + 0.5 * (-16.0 * (x / 1000.0 - 0.5f64).powi(2)).exp())
    };
    let count = 50;
    let beds = macdonald(1000.0, count, 0.033, 2.0, depth);
    let end_depth = depth(1000.0);
    let channel = Channel {
        name: "macdonald_1000",
        beds: &beds,
        reach: 20.0,
        roughness: 0.033,
        unit_flow: 2.0,
        end_depth,
        hours: 4.0,
    };
    let computed = channel.depths();
    let x = |i: i32| 20.0 * f64::from(i);
    let mut figure =
        Figure::new("MacDonald's subcritical channel of 1000 m (SWASHES)", "distance (m)", "level (m)");
    figure.known("water level", (0..=count).map(|i| (x(i), beds[i as usize] + depth(x(i)))));
    figure.known("bed", (0..=count).map(|i| (x(i), beds[i as usize])));
    figure.computed("computed", (0..=count).map(|i| (x(i), beds[i as usize] + computed[i as usize])));
    figure.write("macdonald_1000");
    for i in (0..count).step_by(5) {
        comparison.relative(&format!("depth at {:.0} m, m", x(i)), depth(x(i)), computed[i as usize], 0.01);
    }
}

#[test]
fn a_periodic_macdonald_channel_has_its_prescribed_depth() {
    // SWASHES: 5000 m, Manning n 0.03, q 2 m²/s, h = 9/8 + 1/4 sin(πx/500)
    let mut comparison = Comparison::of("MacDonald's periodic channel of 5000 m");
    let depth = |x: f64| 1.125 + 0.25 * (std::f64::consts::PI * x / 500.0).sin();
    let count = 200;
    let beds = macdonald(5000.0, count, 0.03, 2.0, depth);
    let end_depth = depth(5000.0);
    let channel = Channel {
        name: "macdonald_5000",
        beds: &beds,
        reach: 25.0,
        roughness: 0.03,
        unit_flow: 2.0,
        end_depth,
        hours: 6.0,
    };
    let computed = channel.depths();
    let x = |i: i32| 25.0 * f64::from(i);
    let mut figure =
        Figure::new("MacDonald's periodic channel of 5000 m (SWASHES)", "distance (m)", "depth (m)");
    figure.known("prescribed", (0..=count).map(|i| (x(i), depth(x(i)))));
    figure.computed("computed", (0..=count).step_by(2).map(|i| (x(i), computed[i as usize])));
    figure.write("macdonald_5000");
    for i in (10..count).step_by(20) {
        comparison.relative(&format!("depth at {:.0} m, m", x(i)), depth(x(i)), computed[i as usize], 0.002);
    }
}
