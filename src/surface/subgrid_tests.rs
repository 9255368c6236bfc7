//! Claims about runs with coarse cells over fine ground.

use ndarray::Array2;

use crate::num::real::Real;

use super::tests::{map, rough};
use super::*;

fn options(pixels: usize) -> Options {
    Options { subgrid: Some(pixels), ..Options::of(Law::INERTIAL) }
}

fn run_for<R: Real>(setup: &Setup, start: Start<'_>, drivers: &Drivers, end: f64) -> (Params<R>, State<R>) {
    let params: Params<R> = Params::new(setup).expect("a sound place");
    let mut state = State::new(&params, start);
    run(&params, &mut state, drivers, end, end, |_| true);
    (params, state)
}

fn lake_stays_still<R: Real>(tolerance: f64) {
    // 41 by 43 does not divide by 4: the last cells have pixels beyond the map
    let setup = Setup::new(map(41, 43, 2.0, rough), 0.03, options(4));
    let params: Params<R> = Params::new(&setup).expect("a sound place");
    let mut state = State::new(&params, Start::Level(0.8));
    let wet: Vec<Cell> = params.grid.all().filter(|cell| state.depth(*cell) > 1.0e-3).collect();
    assert!(wet.len() > 100 && wet.len() < params.grid.cells() - 100, "islands and deep water");
    assert!(wet.iter().all(|cell| (state.level(&params, *cell) - 0.8).abs() < tolerance));
    for _ in 0..100 {
        let dt = state.allowed_step(&params);
        step(&params, &mut state, &Forcing::default(), dt);
    }
    for cell in wet {
        let (x, y) = state.discharge(&params, cell);
        assert!(x.abs().max(y.abs()) < tolerance, "{x} {y}");
        assert!((state.level(&params, cell) - 0.8).abs() < tolerance);
    }
}

#[test]
fn a_lake_between_islands_stays_still() {
    lake_stays_still::<f64>(1.0e-10);
    lake_stays_still::<f32>(1.0e-5);
}

/// Rain of two zones (m/s).
const RAIN: [f64; 2] = [2.0e-5, 1.0e-5];

fn storm(setup: &mut Setup) -> Drivers {
    let grid = setup.grid();
    setup.inflows = vec![vec![grid.cell(20, 20).expect("inside")], vec![grid.cell(30, 9).expect("inside")]];
    let edges = (0..grid.rows).filter_map(|row| grid.cell(row, 0)).map(|cell| (cell, Side::West)).collect();
    let south = (0..grid.columns).filter_map(|c| grid.cell(grid.rows - 1, c)).map(|c| (c, Side::South));
    setup.boundaries =
        vec![Boundary { kind: Kind::Free, edges }, Boundary { kind: Kind::Stage, edges: south.collect() }];
    // the zones meet inside a row of cells
    setup.rain.zones =
        Some(Array2::from_shape_fn((grid.rows, grid.columns), |(_, column)| u16::from(column > 17)));
    Drivers {
        rain: RAIN.map(Series::constant).to_vec(),
        inflow: vec![Series::constant(0.5), Series::constant(-0.05)],
        stage: vec![Series::constant(0.0), Series::constant(0.5)],
    }
}

fn water_is_kept<R: Real>(tolerance: f64) {
    let mut setup = Setup::new(map(41, 43, 2.0, rough), 0.03, options(4));
    let drivers = storm(&mut setup);
    let (params, state) = run_for::<R>(&setup, Start::Level(-0.5), &drivers, 900.0);
    let ledger = &state.ledger;
    assert!(ledger.boundary_out[0] > 1.0 && ledger.boundary_in[1] > 1.0, "{ledger:?}");
    let fallen = 4.0 * 41.0 * (18.0 * RAIN[0] + 25.0 * RAIN[1]) * 900.0;
    assert!((ledger.rain - fallen).abs() < 1.0e-5 * fallen, "{ledger:?}");
    assert!((ledger.inflow - 450.0).abs() < 1.0e-6);
    assert!(state.volume_error(&params).abs() < tolerance, "{}", state.volume_error(&params));
    let laid: f64 = params.grid.all().map(|cell| state.depth(cell)).sum::<f64>() * params.grid.area();
    assert!((laid / state.stored(&params) - 1.0).abs() < 1.0e-4, "pixels hold what cells hold: {laid}");
}

#[test]
fn no_water_is_made_or_lost() {
    water_is_kept::<f64>(1.0e-12);
    water_is_kept::<f32>(1.0e-6);
}

#[test]
fn the_threads_do_not_matter() {
    let mut setup = Setup::new(map(560, 560, 2.0, rough), 0.03, options(4));
    let drivers = storm(&mut setup);
    let depths = |threads: usize| -> Vec<f64> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let (params, state) = run_for::<f32>(&setup, Start::Dry, &drivers, 20.0);
            params.grid.all().map(|cell| state.depth(cell)).collect()
        })
    };
    let one = depths(1);
    assert!(one.iter().any(|depth| *depth > 0.1));
    assert!(one == depths(2) && one == depths(3));
}

#[test]
fn what_is_symmetric_stays_symmetric() {
    let even = |i: usize| (i as f64 - 15.5).abs();
    let hills = |row: usize, column: usize| 0.2 * (even(row) * 0.7).sin() * (even(column) * 0.7).cos();
    let setup = Setup::new(map(32, 32, 2.0, hills), 0.03, options(4));
    let drivers = Drivers { rain: vec![Series::constant(2.0e-5)], ..Drivers::default() };
    let (params, state) = run_for::<f64>(&setup, Start::Dry, &drivers, 600.0);
    let depth = |row: usize, column: usize| state.depth(params.grid.cell(row, column).expect("inside"));
    for row in 0..32 {
        for column in 0..32 {
            assert!((depth(row, column) - depth(31 - row, column)).abs() < 1.0e-9);
            assert!((depth(row, column) - depth(row, 31 - column)).abs() < 1.0e-9);
        }
    }
}

#[test]
fn coarse_cells_over_a_channel_carry_what_the_channel_does() {
    // a channel 2 m wide and 1 m deep in a plain that falls by 2 per mille: cells of 8 m see it whole
    let ground = |_: usize, column: usize| if column == 5 { -1.0 } else { 0.0 };
    let plane = |row: usize, column: usize| ground(row, column) - 0.004 * row as f64;
    let level_of = |subgrid: Option<usize>| {
        let options = Options { subgrid, ..Options::of(Law::INERTIAL) };
        let mut setup = Setup::new(map(120, 12, 2.0, plane), 0.03, options);
        let grid = setup.grid();
        setup.inflows = vec![vec![grid.cell(1, 5).expect("inside")]];
        let edge = (grid.cell(119, 5).expect("inside"), Side::South);
        setup.boundaries = vec![Boundary { kind: Kind::NormalDepth { slope: 0.002 }, edges: vec![edge] }];
        let drivers = Drivers {
            inflow: vec![Series::constant(1.0)],
            stage: vec![Series::constant(0.0)],
            ..Drivers::default()
        };
        let (_, state) = run_for::<f64>(&setup, Start::Dry, &drivers, 3600.0);
        // the middle of a cell of 4 pixels
        0.5 * (state.depth(grid.cell(61, 5).expect("inside"))
            + state.depth(grid.cell(62, 5).expect("inside")))
    };
    // Manning: 0.5 m2/s in 2 m of width, h = (q n / √S)^(3/5)
    let normal = (0.5 * 0.03 / 0.002_f64.sqrt()).powf(0.6);
    let (fine, coarse) = (level_of(None), level_of(Some(4)));
    assert!((fine - normal).abs() < 0.01, "{fine} {normal}");
    assert!((coarse - normal).abs() < 0.03, "{coarse} {normal}");
}

#[test]
fn a_thin_wall_inside_the_cells_holds_water_back() {
    // a wall of one pixel, nowhere on a side of a cell of 4 pixels
    let wall = |_: usize, column: usize| if column == 22 { 3.0 } else { 0.0 };
    let mut setup = Setup::new(map(40, 48, 2.0, wall), 0.03, options(4));
    setup.inflows = vec![vec![setup.grid().cell(20, 5).expect("inside")]];
    let drivers = Drivers { inflow: vec![Series::constant(2.0)], ..Drivers::default() };
    let (params, state) = run_for::<f64>(&setup, Start::Dry, &drivers, 600.0);
    let beyond = |cell: Cell| params.grid.middle(cell).0 > 48.0;
    let leaked: f64 = params.grid.all().filter(|cell| beyond(*cell)).map(|cell| state.depth(cell)).sum();
    assert_eq!(leaked, 0.0);
    assert!(state.stored(&params) > 1199.0);
}

#[test]
fn exchange_moves_the_water_of_the_cell_over_the_place() {
    let setup = Setup::new(map(16, 16, 2.0, rough), 0.03, options(4));
    let params: Params<f64> = Params::new(&setup).expect("a sound place");
    let mut state = State::new(&params, Start::Dry);
    let at = params.grid.cell(6, 6).expect("inside");
    assert_eq!(state.exchange(&params, at, 20.0), 20.0);
    assert!((state.stored(&params) - 20.0).abs() < 1.0e-12);
    assert!(state.allowed_step(&params) < 10.0 && state.limiting_cell(&params).is_some());
    assert_eq!(state.exchange(&params, at, -30.0), -20.0, "no more than it holds");
    assert_eq!(state.stored(&params), 0.0);
    assert_eq!(state.volume_error(&params), 0.0);
}

#[test]
fn what_tables_cannot_do_is_refused() {
    let mut setup = Setup::new(map(8, 8, 2.0, rough), 0.03, options(4));
    setup.options.advection = true;
    let told = |setup: &Setup| -> Vec<String> {
        let faults = Params::<f64>::new(setup).expect_err("refused");
        faults.iter().map(ToString::to_string).collect()
    };
    assert!(told(&setup)[0].contains("advection"), "{:?}", told(&setup));
    setup.options = Options { subgrid: Some(4), courant: 0.45, ..Options::of(Law::SHOCK) };
    assert!(told(&setup)[0].contains("shock"), "{:?}", told(&setup));
    setup.options = options(1);
    assert!(told(&setup)[0].contains("pixels along a cell"), "{:?}", told(&setup));
}
