//! What must hold for any water: the same in the mirror, the same bits for any number of threads, nothing made when
//! water is put in and taken out.

use ndarray::Array2;
use pailao::num::real::Real;
use pailao::surface::{Drivers, Forcing, Law, Options, Params, Series, Setup, Start, State, step};

use crate::corpus;
use crate::proof::{Done, Proof, Trouble};
use crate::water::{FIRST, Water, law_name};

/// A basin with islands, rain and a break in the middle, mirrored in both axes and along the diagonal.
pub fn symmetry(proof: &mut Proof) -> Done {
    const N: usize = 61;
    let middle = |i: usize| i as f64 - 30.0;
    for law in [Law::INERTIAL, FIRST, Law::SHOCK] {
        let mut map = corpus::flat(N, N, 2.0);
        map.values = Array2::from_shape_fn((N, N), |(row, column)| {
            let (x, y) = (middle(column), middle(row));
            let hills = (x * x * 0.02).sin() + (y * y * 0.02).sin();
            (0.5 * hills + 0.0005 * (x * x + y * y)) as f32
        });
        let start = Array2::from_shape_fn((N, N), |(row, column)| {
            if middle(column).powi(2) + middle(row).powi(2) < 100.0 { 2.0 } else { 0.0 }
        });
        let setup = Setup::new(map, 0.02, Options::of(law));
        let mut water: Water<f64> = Water::new(&setup, Start::Depths(&start))?;
        let drivers = Drivers { rain: vec![Series::constant(50.0 / 3.6e6)], ..Drivers::default() };
        water.to(&drivers, 120.0, 10.0, |_, _| ());
        let grid = water.params.grid;
        let depth =
            |row: usize, column: usize| grid.cell(row, column).map_or(f64::NAN, |c| water.state.depth(c));
        let mut unlike = 0.0;
        for row in 0..N {
            for column in 0..N {
                let here = depth(row, column).to_bits();
                let mirrored = [depth(N - 1 - row, column), depth(row, N - 1 - column), depth(column, row)];
                unlike += mirrored.iter().filter(|other| other.to_bits() != here).count() as f64;
            }
        }
        proof.gate(&format!("cells unlike their mirror image, {}", law_name(law)), unlike, 0.0);
        water.kept(proof);
    }
    Ok(())
}

/// A number that depends on every bit of the depths.
pub fn digest<R: Real>(params: &Params<R>, state: &State<R>) -> u64 {
    params.grid.all().fold(0xcbf2_9ce4_8422_2325, |hash, cell| {
        (hash ^ state.depth(cell).to_bits()).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Rough ground of our own: waves of some lengths across a slope (m).
pub fn hills(rows: usize, columns: usize, cell: f64) -> pailao::model::raster::Raster {
    corpus::ground(rows, columns, cell, |x, y| {
        let (x, y) = (x / cell, y / cell);
        let waves = [(0.031, 0.017, 2.0), (0.113, 0.151, 0.6), (0.53, 0.29, 0.2), (1.7, 2.3, 0.05)];
        let sum: f64 =
            waves.iter().map(|(a, b, high)| high * ((a * x + b * y).sin() + (b * x - a * y).cos())).sum();
        200.0 + sum - 0.002 * cell * (x + y)
    })
}

/// The same bits on 1, 2 and 3 threads.
pub fn threads(proof: &mut Proof) -> Done {
    fn one<R: Real>(law: Law, threads: usize) -> Result<u64, Trouble> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let setup = Setup::new(hills(150, 150, 2.0), 0.03, Options::of(law));
        let params = Params::<R>::new(&setup).map_err(|faults| format!("{faults:?}"))?;
        Ok(pool.install(|| {
            let mut state = State::new(&params, Start::Dry);
            let drivers = Drivers { rain: vec![Series::constant(400.0 / 3.6e6)], ..Drivers::default() };
            pailao::surface::run(&params, &mut state, &drivers, 60.0, 30.0, |_| true);
            digest(&params, &state)
        }))
    }
    for law in [Law::INERTIAL, FIRST, Law::SHOCK] {
        for threads in [2, 3] {
            let single = one::<f32>(law, 1)? != one::<f32>(law, threads)?;
            proof.gate(
                &format!("other bits on {threads} threads, {}, f32", law_name(law)),
                f64::from(single),
                0.0,
            );
            let double = one::<f64>(law, 1)? != one::<f64>(law, threads)?;
            proof.gate(
                &format!("other bits on {threads} threads, {}, f64", law_name(law)),
                f64::from(double),
                0.0,
            );
        }
    }
    Ok(())
}

/// Water put into one cell and taken out of another, more than there is.
pub fn put_and_take(proof: &mut Proof) -> Done {
    fn one<R: Real>(proof: &mut Proof, law: Law) -> Done {
        let setup = Setup::new(corpus::flat(20, 20, 1.0), 0.02, Options::of(law));
        let mut water: Water<R> = Water::new(&setup, Start::Dry)?;
        let grid = water.params.grid;
        let (here, there) = (grid.cell(3, 3).ok_or("no cell")?, grid.cell(17, 17).ok_or("no cell")?);
        let (mut put, mut taken) = (0.0, 0.0);
        for _ in 0..20_000 {
            put += water.state.exchange(&water.params, here, 1.0e-4);
            taken -= water.state.exchange(&water.params, there, -2.0e-4);
            let dt = water.state.allowed_step(&water.params).min(0.1);
            step(&water.params, &mut water.state, &Forcing::default(), dt);
        }
        proof.note(&format!("share taken out, {}", water.name()), taken / put);
        water.to(&Drivers::default(), water.state.time, 1.0, |_, _| ());
        water.kept(proof);
        Ok(())
    }
    one::<f32>(proof, Law::INERTIAL)?;
    one::<f64>(proof, Law::INERTIAL)?;
    one::<f32>(proof, Law::SHOCK)?;
    one::<f64>(proof, Law::SHOCK)
}
