//! What a step of the surface costs a cell: on rough ground under rain with both laws and both kinds of numbers, on
//! streets with kerbs, with most of the place asleep; and what it costs to remember maxima and to exchange water.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use ndarray::{Array2, s};
use pailao::input::raster;
use pailao::model::raster::Raster;
use pailao::num::real::Real;
use pailao::surface::{Cell, Forcing, Law, Options, Params, Setup, Start, State, Watch, step};

const RAIN: f64 = 40.0 / 3.6e6; // 40 mm/h

/// A number from 0 to 1 for each pair of whole numbers, always the same.
fn scattered(i: i64, j: i64) -> f64 {
    let mut bits =
        (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (j as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
    bits ^= bits >> 29;
    bits = bits.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Rough ground of 5 m cells: seven octaves of noise, each half as high and half as wide as the one before.
fn fractal(side: usize) -> Raster {
    let height = |(row, column): (usize, usize)| {
        let octaves = (0..7).map(|octave| {
            let width = (1_usize << (7 - octave)) as f64;
            let (y, x) = (row as f64 / width, column as f64 / width);
            let (i, j, v, u) = (y.floor() as i64, x.floor() as i64, y.fract(), x.fract());
            let line = |i| scattered(i, j) * (1.0 - u) + scattered(i, j + 1) * u;
            (line(i) * (1.0 - v) + line(i + 1) * v) * 8.0 / f64::from(1 << octave)
        });
        octaves.sum::<f64>() as f32
    };
    Raster {
        west: 0.0,
        north: side as f64 * 5.0,
        cell: 5.0,
        crs: None,
        values: Array2::from_shape_fn((side, side), height),
    }
}

/// 640 m by 640 m of the old town of the riverside place, at 2 m.
fn streets() -> Raster {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/riverside/terrain.tif");
    let whole = raster::read(&path).expect("the terrain is there").expect("it can be read");
    let values = whole.values.slice(s![300..620, 700..1020]).to_owned();
    assert!(values.iter().all(|level| level.is_finite()), "a part without holes");
    Raster { west: 0.0, north: 640.0, cell: 2.0, crs: None, values }
}

fn setup(terrain: Raster, law: Law) -> Setup {
    let mut options = Options::of(law);
    options.parallel = false;
    Setup { watch: None, ..Setup::new(terrain, 0.03, options) }
}

/// A step under rain, once ten minutes of it have fallen.
fn bench<R: Real>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, setup: &Setup) {
    let params = Params::<R>::new(setup).expect("the place can be run");
    let mut warm = State::new(&params, Start::Dry);
    let forcing = Forcing { rain: vec![RAIN], ..Forcing::default() };
    while warm.time < 600.0 {
        let dt = warm.allowed_step(&params);
        step(&params, &mut warm, &forcing, dt);
    }
    group.bench_function(name, |b| {
        b.iter_custom(|steps| {
            let mut state = warm.clone();
            let begun = Instant::now();
            for _ in 0..steps {
                let dt = state.allowed_step(&params);
                step(&params, &mut state, &forcing, dt);
            }
            black_box(&state);
            begun.elapsed()
        });
    });
}

fn rough_ground(c: &mut Criterion) {
    let side = 256;
    let mut group = c.benchmark_group("surface, rough ground");
    group.throughput(Throughput::Elements((side * side) as u64));
    let place = |law| setup(fractal(side), law);
    bench::<f32>(&mut group, "inertial, single", &place(Law::INERTIAL));
    bench::<f64>(&mut group, "inertial, double", &place(Law::INERTIAL));
    bench::<f32>(&mut group, "shock of first order, single", &place(Law::Shock { second_order: false }));
    bench::<f32>(&mut group, "shock of second order, single", &place(Law::SHOCK));
    bench::<f64>(&mut group, "shock of second order, double", &place(Law::SHOCK));
    let watched = Setup { watch: Some(Watch { interval: 0.0, ..Watch::default() }), ..place(Law::INERTIAL) };
    bench::<f32>(&mut group, "inertial, single, looked at after every step", &watched);
    group.finish();
}

fn on_streets(c: &mut Criterion) {
    let town = streets();
    let (rows, columns) = town.values.dim();
    let mut group = c.benchmark_group("surface, streets");
    group.throughput(Throughput::Elements((rows * columns) as u64));
    bench::<f32>(&mut group, "inertial, single", &setup(town.clone(), Law::INERTIAL));
    bench::<f32>(&mut group, "shock of second order, single", &setup(town.clone(), Law::SHOCK));

    // one manhole that spills while all else is dry
    let params = Params::<f32>::new(&setup(town, Law::INERTIAL)).expect("the place can be run");
    let manhole = params.grid.cell(rows / 2, columns / 2).expect("a cell");
    group.bench_function("inertial, single, one manhole spills", |b| {
        b.iter_custom(|steps| {
            let mut state = State::new(&params, Start::Dry);
            let mut spill = |steps: u64| {
                for _ in 0..steps {
                    let dt = state.allowed_step(&params).min(1.0);
                    state.exchange(&params, manhole, 0.2 * dt);
                    step(&params, &mut state, &Forcing::default(), dt);
                }
            };
            spill(300);
            let begun = Instant::now();
            spill(steps);
            begun.elapsed()
        });
    });
    group.finish();

    // what comes up here goes down there, so that no water is made however long the bench runs
    let manholes: Vec<Cell> = params.grid.all().step_by(512).collect();
    let mut state = State::new(&params, Start::Dry);
    for cell in &manholes {
        state.exchange(&params, *cell, 1.0);
    }
    let mut group = c.benchmark_group("surface, exchange");
    group.throughput(Throughput::Elements(manholes.len() as u64));
    let mut sign = 1.0;
    group.bench_function("with 200 manholes", |b| {
        b.iter(|| {
            sign = -sign;
            for cell in &manholes {
                black_box(state.exchange(&params, *cell, 0.25 * sign));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, rough_ground, on_streets);
criterion_main!(benches);
