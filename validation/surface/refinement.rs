//! Dam breaks and a bowl on finer and finer cells, against closed forms: the order to which errors fall.

use ndarray::Array2;
use pailao::surface::{Drivers, Law, Options, Setup, Start};

use crate::corpus;
use crate::proof::{Done, Proof, Trouble};
use crate::water::{FIRST, Water, law_name};

const GRAVITY: f64 = 9.81;

/// Depth (m) `time` seconds after a dam at x = 0 broke before still water of depth `high`, `low` beyond it. (Ritter 1892
/// for a dry bed, Stoker 1957 for a wet one.)
fn dam_break(high: f64, low: f64, x: f64, time: f64) -> f64 {
    let wave = (GRAVITY * high).sqrt();
    let pace = x / time;
    let fan = (2.0 * wave - pace).max(0.0).powi(2) / (9.0 * GRAVITY);
    if pace <= -wave {
        return high;
    }
    if low <= 0.0 {
        return fan;
    }
    // the middle: the velocity behind the rarefaction is that behind the shock
    let velocity = |middle: f64| 2.0 * (wave - (GRAVITY * middle).sqrt());
    let behind = |middle: f64| (middle - low) * (0.5 * GRAVITY * (1.0 / middle + 1.0 / low)).sqrt();
    let (mut least, mut most) = (low, high);
    for _ in 0..80 {
        let middle = 0.5 * (least + most);
        if velocity(middle) > behind(middle) { least = middle } else { most = middle }
    }
    let middle = 0.5 * (least + most);
    let shock = middle * velocity(middle) / (middle - low);
    if pace > shock { low } else { fan.max(middle) }
}

/// Mean error of a dam break at 20 s over the mean depth.
fn dam_error(law: Law, size: f64, low: f64) -> Result<f64, Trouble> {
    let columns = (1000.0 / size) as usize;
    let x = |column: usize| (column as f64 + 0.5) * size - 500.0;
    let setup = Setup::new(corpus::flat(1, columns, size), 0.0, Options::of(law));
    let start = Array2::from_shape_fn((1, columns), |(_, column)| if x(column) < 0.0 { 10.0 } else { low });
    let mut water: Water<f64> = Water::new(&setup, Start::Depths(&start))?;
    water.to(&Drivers::default(), 20.0, 20.0, |_, _| ());
    let exact: Vec<f64> = (0..columns).map(|column| dam_break(10.0, low, x(column), 20.0)).collect();
    let apart: f64 = water.profile().iter().zip(&exact).map(|(h, exact)| (h - exact).abs()).sum();
    Ok(apart / exact.iter().sum::<f64>())
}

/// Depth of Thacker's bowl (1981, *J. Fluid Mech.* 107), 0.1 m deep and of radius 1 m at rest, the shore at 0.8 m at first;
/// `r` from its middle (m).
fn bowl(r: f64, time: f64) -> f64 {
    let (deep, radius, shore) = (0.1_f64, 1.0_f64, 0.8_f64);
    let a = (radius * radius - shore * shore) / (radius * radius + shore * shore);
    let turn = 1.0 - a * ((8.0 * GRAVITY * deep).sqrt() / radius * time).cos();
    let level = deep
        * ((1.0 - a * a).sqrt() / turn
            - 1.0
            - r * r / radius.powi(2) * ((1.0 - a * a) / (turn * turn) - 1.0));
    (level + deep * (1.0 - r * r / radius.powi(2))).max(0.0)
}

/// Mean error of the bowl after a third of a period over its mean depth: of its wet middle, within 0.6 m, and of all.
fn bowl_error(law: Law, size: f64) -> Result<[f64; 2], Trouble> {
    const TIME: f64 = 2.24285 / 3.0;
    let n = (3.2 / size) as usize;
    let middle = 0.5 * n as f64 * size;
    let from_middle = |x: f64, y: f64| (x - middle).hypot(y - middle);
    let ground = corpus::ground(n, n, size, |x, y| 0.1 * (from_middle(x, y).powi(2) - 1.0));
    let mut options = Options::of(law);
    options.dry_depth = 1.0e-6;
    let setup = Setup::new(ground, 0.0, options);
    let at = |i: usize| (i as f64 + 0.5) * size;
    let start = Array2::from_shape_fn((n, n), |(row, column)| bowl(from_middle(at(column), at(row)), 0.0));
    let mut water: Water<f64> = Water::new(&setup, Start::Depths(&start))?;
    water.to(&Drivers::default(), TIME, TIME, |_, _| ());
    let mut sums = [(0.0, 0.0); 2];
    for cell in water.params.grid.all() {
        let (row, column) = water.params.grid.row_and_column(cell);
        let r = from_middle(at(column), at(row));
        let exact = bowl(r, TIME);
        for sum in sums.iter_mut().skip(usize::from(r > 0.6)) {
            sum.0 += (water.state.depth(cell) - exact).abs();
            sum.1 += exact;
        }
    }
    Ok(sums.map(|(apart, depth)| apart / depth))
}

/// Prints errors on cells of half the size each time, and the order from pair to pair; the last one must be `least`.
fn orders(proof: &mut Proof, what: &str, sizes: &[f64], errors: &[f64], least: f64) {
    for (i, (size, error)) in sizes.iter().zip(errors).enumerate() {
        proof.note(&format!("{what}: L1(h) / mean, cells of {size} m"), *error);
        if i > 0 {
            let order = (errors[i - 1] / error).log2();
            if i + 1 == sizes.len() {
                proof.at_least(&format!("{what}: order"), order, least);
            } else {
                proof.note(&format!("{what}: order"), order);
            }
        }
    }
}

/// Dam breaks and the bowl on finer and finer cells.
pub fn refinement(proof: &mut Proof) -> Done {
    let sizes: &[f64] = if proof.quick { &[4.0, 2.0] } else { &[4.0, 2.0, 1.0, 0.5] };
    // errors of dam breaks come from kinks, the front and the shock, where no order is above one
    for (name, low) in [("dry dam break", 0.0), ("wet dam break", 1.0)] {
        for law in [FIRST, Law::SHOCK] {
            let errors: Result<Vec<f64>, _> = sizes.iter().map(|size| dam_error(law, *size, low)).collect();
            orders(proof, &format!("{name}, {}", law_name(law)), sizes, &errors?, 0.6);
        }
    }
    let sizes: &[f64] = if proof.quick { &[0.08, 0.04] } else { &[0.08, 0.04, 0.02] };
    for (law, least) in [(FIRST, 0.7), (Law::SHOCK, 1.5)] {
        let mut errors = [Vec::new(), Vec::new()];
        for size in sizes {
            let [middle, all] = bowl_error(law, *size)?;
            errors[0].push(middle);
            errors[1].push(all);
        }
        orders(proof, &format!("bowl, wet middle, {}", law_name(law)), sizes, &errors[0], least);
        orders(proof, &format!("bowl, shore too, {}", law_name(law)), sizes, &errors[1], 0.7);
    }
    Ok(())
}
