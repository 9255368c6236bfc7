//! Cells with tables of the fine ground in them, against the fine cells themselves: the town in the rain.

use pailao::num::real::Real;
use pailao::surface::{Drivers, Law, Setup, Start};

use crate::corpus;
use crate::proof::{Done, Proof, Trouble};
use crate::speed::processor_seconds;
use crate::urban;
use crate::water::Water;

/// End of the case (s).
const END: f64 = 5400.0;
/// Depths that count (m): wet, and too deep for a car.
const DEPTHS: [f64; 2] = [0.05, 0.15];

/// Greatest depths of all cells (m), and the processor seconds that the run took.
fn greatest<R: Real>(
    proof: &mut Proof,
    setup: &Setup,
    drivers: &Drivers,
) -> Result<(Vec<f64>, f64), Trouble> {
    let begun = processor_seconds();
    let mut water: Water<R> = Water::new(setup, Start::Dry)?;
    water.to(drivers, END, END, |_, _| {});
    let took = processor_seconds() - begun;
    water.kept(proof);
    let maxima = water.state.maxima.as_ref().ok_or("nothing is watched")?;
    Ok((water.params.grid.all().map(|cell| maxima.of(&water.params, cell).depth).collect(), took))
}

/// Root mean square of the difference where either is wet (m), and of the places that are too deep for a car in either the
/// share that is so in both.
fn apart(one: &[f64], other: &[f64]) -> (f64, f64) {
    let [wet, deep] = DEPTHS;
    let both = || one.iter().zip(other);
    let squares: Vec<f64> =
        both().filter(|(a, b)| a.max(**b) > wet).map(|(a, b)| (a - b) * (a - b)).collect();
    let hits = both().filter(|(a, b)| a.min(**b) > deep).count();
    let any = both().filter(|(a, b)| a.max(**b) > deep).count();
    ((squares.iter().sum::<f64>() / squares.len() as f64).sqrt(), hits as f64 / any as f64)
}

/// Cells of 4, 8 and 16 m over the ground of 2 m.
pub fn tables(proof: &mut Proof) -> Done {
    let (mut setup, drivers) = urban::place(Law::INERTIAL)?;
    setup.options.parallel = false;
    let (fine, fine_took) = greatest::<f32>(proof, &setup, &drivers)?;
    proof.note("processor seconds of 2 m", fine_took);
    // gates: what was measured, and some room
    for (pixels, most, least) in [(2, 0.035, 0.93), (4, 0.06, 0.86), (8, 0.10, 0.75)] {
        setup.options.subgrid = Some(pixels);
        let (coarse, took) = greatest::<f32>(proof, &setup, &drivers)?;
        let (error, shared) = apart(&fine, &coarse);
        let label = format!("{} m cells over 2 m", 2 * pixels);
        proof.gate(&format!("{label}: RMSE of the greatest depth (m)"), error, most);
        proof.at_least(&format!("{label}: agreement on what is deeper than 0.15 m"), shared, least);
        proof.note(&format!("{label}: processor seconds"), took);
    }
    setup.options.subgrid = Some(4);
    greatest::<f64>(proof, &setup, &drivers)?;
    let lake = corpus::map("lake_at_rest_rough/dem.asc.gz")?;
    let level = 0.5 * lake.values.iter().copied().fold(f32::INFINITY, f32::min)
        + 0.5 * lake.values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut setup = Setup::new(lake, 0.03, setup.options);
    setup.watch = None;
    still::<f64>(proof, &setup, f64::from(level), 1.0e-10)?;
    still::<f32>(proof, &setup, f64::from(level), 1.0e-5)
}

/// Water at rest in cells with tables.
fn still<R: Real>(proof: &mut Proof, setup: &Setup, level: f64, most: f64) -> Done {
    let mut water: Water<R> = Water::new(setup, Start::Level(level))?;
    water.to(&Drivers::default(), 600.0, 600.0, |_, _| {});
    let fastest = water
        .params
        .grid
        .all()
        .map(|cell| water.state.discharge(&water.params, cell))
        .fold(0.0_f64, |fast, (x, y)| fast.max(x.abs()).max(y.abs()));
    let name = water.name();
    proof.gate(&format!("greatest unit discharge of water at rest (m2/s), {name}"), fastest, most);
    Ok(())
}
