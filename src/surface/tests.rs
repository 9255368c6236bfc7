//! Claims about whole runs, on maps small enough for a moment.

use ndarray::Array2;

use crate::model::raster::Raster;
use crate::num::real::Real;

use super::*;

const FIRST: Law = Law::Shock { second_order: false };
const LAWS: [Law; 3] = [Law::INERTIAL, FIRST, Law::SHOCK];

pub(super) fn map(rows: usize, columns: usize, cell: f64, level: impl Fn(usize, usize) -> f64) -> Raster {
    Raster {
        west: 0.0,
        north: rows as f64 * cell,
        cell,
        crs: None,
        values: Array2::from_shape_fn((rows, columns), |(row, column)| level(row, column) as f32),
    }
}

/// Hills that look random and are the same every time.
pub(super) fn rough(row: usize, column: usize) -> f64 {
    let (x, y) = (column as f64, row as f64);
    (x * 0.9).sin() + (y * 1.3 + 0.4 * x).cos() + 0.3 * (x * y * 0.7).sin()
}

fn compiled<R: Real>(setup: &Setup) -> Params<R> {
    Params::new(setup).expect("a sound place")
}

fn cell<R>(params: &Params<R>, row: usize, column: usize) -> Cell {
    params.grid.cell(row, column).expect("inside")
}

fn lake_stays_still<R: Real>(law: Law) {
    let setup = Setup::new(map(40, 40, 2.0, rough), 0.03, Options::of(law));
    let params: Params<R> = compiled(&setup);
    let mut state = State::new(&params, Start::Level(0.8));
    let before: Vec<f64> = params.grid.all().map(|cell| state.depth(cell)).collect();
    assert!(before.contains(&0.0) && before.iter().any(|depth| *depth > 1.0), "islands and deep water");
    for _ in 0..40 {
        let dt = state.allowed_step(&params);
        step(&params, &mut state, &Forcing::default(), dt);
    }
    let tolerance = 4.0 * R::EPSILON.wide();
    for (cell, before) in params.grid.all().zip(before) {
        let (x, y) = state.discharge(&params, cell);
        assert!(x.abs().max(y.abs()) <= 20.0 * tolerance, "{law:?} {x} {y}");
        assert!((state.depth(cell) - before).abs() <= tolerance, "{law:?}");
    }
}

#[test]
fn a_lake_between_islands_stays_still() {
    for law in LAWS {
        lake_stays_still::<f64>(law);
        lake_stays_still::<f32>(law);
    }
}

fn water_is_kept<R: Real>(law: Law, most: f64) {
    let setup = Setup::new(map(40, 50, 2.0, |row, column| 3.0 * rough(row, column)), 0.02, Options::of(law));
    let params: Params<R> = compiled(&setup);
    let mut state = State::new(&params, Start::Dry);
    let forcing = Forcing { rain: vec![1.0e-4], ..Forcing::default() };
    for turn in 0..120 {
        // now and then a step far longer than allowed: water may go astray but none may be made
        let stretch = if turn % 10 == 9 { 5.0 } else { 1.0 };
        let dt = state.allowed_step(&params).min(2.0) * stretch;
        step(&params, &mut state, &forcing, dt);
        assert!(params.grid.all().all(|cell| state.depth(cell) >= 0.0), "{law:?}");
    }
    assert!(state.ledger.rain > 1.0);
    let error = state.volume_error(&params);
    assert!(error.abs() < most, "{law:?} {error}");
}

#[test]
fn no_water_is_made_or_lost_on_steep_hills_even_by_steps_too_long() {
    for law in LAWS {
        water_is_kept::<f64>(law, 1.0e-13);
        water_is_kept::<f32>(law, 1.0e-7);
    }
}

#[test]
fn what_is_symmetric_stays_symmetric_to_the_bit() {
    let n = 21;
    let bed = |row: usize, column: usize| {
        let (x, y) = (column as f64 - 10.0, row as f64 - 10.0);
        0.4 * ((x * x * 0.05).sin() + (y * y * 0.05).sin())
    };
    for law in LAWS {
        let params: Params<f64> = compiled(&Setup::new(map(n, n, 2.0, bed), 0.02, Options::of(law)));
        let start =
            Array2::from_shape_fn(
                (n, n),
                |(row, column)| {
                    if row.abs_diff(10) + column.abs_diff(10) < 5 { 1.5 } else { 0.0 }
                },
            );
        let mut state = State::new(&params, Start::Depths(&start));
        for _ in 0..60 {
            let dt = state.allowed_step(&params).min(1.0);
            step(&params, &mut state, &Forcing { rain: vec![1.0e-5], ..Forcing::default() }, dt);
        }
        let depth = |row: usize, column: usize| state.depth(cell(&params, row, column));
        for row in 0..n {
            for column in 0..n {
                let here = depth(row, column);
                assert_eq!(here, depth(n - 1 - row, column), "{law:?} north and south");
                assert_eq!(here, depth(row, n - 1 - column), "{law:?} west and east");
                assert_eq!(here, depth(column, row), "{law:?} along the diagonal");
            }
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for law in LAWS {
        let bits: Vec<Vec<u64>> = [1, 2, 3]
            .into_iter()
            .map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
                pool.install(|| {
                    let params: Params<f32> =
                        compiled(&Setup::new(map(130, 130, 2.0, rough), 0.03, Options::of(law)));
                    let mut state = State::new(&params, Start::Level(0.2));
                    for _ in 0..4 {
                        let dt = state.allowed_step(&params);
                        step(&params, &mut state, &Forcing { rain: vec![1.0e-3], ..Forcing::default() }, dt);
                    }
                    params.grid.all().map(|cell| state.depth(cell).to_bits()).collect()
                })
            })
            .collect();
        assert!(bits[0] == bits[1] && bits[1] == bits[2], "{law:?}");
    }
}

#[test]
fn dry_tiles_sleep_until_water_comes() {
    for law in LAWS {
        let mut setup = Setup::new(map(8, 200, 1.0, |_, _| 0.0), 0.03, Options::of(law));
        setup.watch = Some(Watch { interval: 0.0, ..Watch::default() });
        let params: Params<f64> = compiled(&setup);
        let start = Array2::from_shape_fn((8, 200), |(_, column)| if column < 20 { 1.0 } else { 0.0 });
        let mut state = State::new(&params, Start::Depths(&start));
        let few = Forcing::default();
        step(&params, &mut state, &few, 0.05);
        assert!(state.tiles.cells <= 8 * 32, "{law:?}: one tile of seven is awake");
        run(&params, &mut state, &Drivers::default(), 60.0, 60.0, |_| true);
        assert!(state.depth(cell(&params, 4, 100)) > 0.0, "{law:?}: the flood crossed three tiles");
        assert!(state.volume_error(&params).abs() < 1.0e-13);
        let arrival =
            |column| state.maxima.as_ref().expect("watched").of(&params, cell(&params, 4, column)).arrival;
        assert!(arrival(30) < arrival(60) && arrival(60) < arrival(90), "{law:?}");
    }
}

#[test]
fn a_dam_break_over_dry_ground_is_ritters() {
    let options = Options { dry_depth: 1.0e-6, ..Options::of(Law::SHOCK) };
    let params: Params<f64> = compiled(&Setup::new(map(3, 200, 0.5, |_, _| 0.0), 0.0, options));
    let start = Array2::from_shape_fn((3, 200), |(_, column)| if column < 100 { 1.0 } else { 0.0 });
    let mut state = State::new(&params, Start::Depths(&start));
    run(&params, &mut state, &Drivers::default(), 6.0, 6.0, |_| true);
    let c = 9.81_f64.sqrt();
    let (mut error, mut sum) = (0.0, 0.0);
    for column in 0..200 {
        let s = (0.5 * (column as f64 + 0.5) - 50.0) / 6.0;
        let exact = if s < -c {
            1.0
        } else if s > 2.0 * c {
            0.0
        } else {
            (2.0 * c - s).powi(2) / (9.0 * 9.81)
        };
        error += (state.depth(cell(&params, 1, column)) - exact).abs();
        sum += exact;
    }
    assert!(error / sum < 0.01, "{}", error / sum);
}

/// A smooth plane of 2 m cells that falls by 5 % to the east and by 2 % to the south, under heavy rain: the water runs with
/// Froude numbers about 2, faster than the waves of its depth. Gives what passes a cell near the eastern edge, over the rain
/// from the west of it, at its least and most over the last minute, and its direction.
fn film_on_a_slanting_plane<R: Real>() -> (f64, f64, f64) {
    let (rows, columns) = (90, 60);
    let bed = |row: usize, column: usize| 20.0 - 0.1 * column as f64 - 0.04 * row as f64;
    let mut setup = Setup::new(map(rows, columns, 2.0, bed), 0.015, Options::of(Law::INERTIAL));
    let grid = setup.grid();
    let cell = |row, column| grid.cell(row, column).expect("inside");
    let edges = |kind, edges| Boundary { kind: Kind::NormalDepth { slope: kind }, edges };
    setup.boundaries = vec![
        edges(0.05, (0..rows).map(|row| (cell(row, columns - 1), Side::East)).collect()),
        edges(0.02, (0..columns).map(|column| (cell(rows - 1, column), Side::South)).collect()),
    ];
    let params: Params<R> = compiled(&setup);
    let (mut state, rate) = (State::new(&params, Start::Dry), 3.0e-5);
    let forcing = Forcing { rain: vec![rate], ..Forcing::default() };
    let (mut least, mut most, mut aslant) = (f64::INFINITY, 0.0_f64, 0.0_f64);
    while state.time < 900.0 {
        let dt = state.allowed_step(&params);
        step(&params, &mut state, &forcing, dt);
        if state.time > 840.0 {
            let (east, south) = state.discharge(&params, cell(70, 55));
            let share = east / (rate * 55.5 * 2.0);
            (least, most, aslant) = (least.min(share), most.max(share), south / east);
        }
    }
    let limit = state.limiting_cell(&params).expect("there is water");
    let waves = (9.81 * state.depth(limit.cell)).sqrt();
    assert!(limit.dt == state.allowed_step(&params) && limit.dt < 0.65 * 2.0 / waves, "films bound the step");
    (least, most, aslant)
}

#[test]
fn a_film_on_a_steep_plane_is_steady_and_runs_straight_down() {
    for (least, most, aslant) in [film_on_a_slanting_plane::<f64>(), film_on_a_slanting_plane::<f32>()] {
        assert!(least > 0.97 && most < 1.03, "{least} {most}");
        assert!((aslant - 0.4).abs() < 0.03, "{aslant}");
    }
}

#[test]
fn a_plane_under_steady_rain_gives_the_rain_at_its_foot() {
    for law in LAWS {
        let mut setup =
            Setup::new(map(3, 30, 5.0, |_, column| 4.5 - 0.15 * column as f64), 0.05, Options::of(law));
        let grid = setup.grid();
        let edges = (0..3).filter_map(|row| grid.cell(row, 29)).map(|cell| (cell, Side::East)).collect();
        setup.boundaries = vec![Boundary { kind: Kind::NormalDepth { slope: 0.03 }, edges }];
        setup.lines = vec![Line::between(&grid, (150.0, 15.0), (150.0, 0.0))];
        let params: Params<f64> = compiled(&setup);
        let mut state = State::new(&params, Start::Dry);
        let rate = 3.0e-5;
        let drivers = Drivers { rain: vec![Series::constant(rate)], ..Drivers::default() };
        run(&params, &mut state, &drivers, 1100.0, 1100.0, |_| true);
        let before = state.ledger.boundary_out[0];
        run(&params, &mut state, &drivers, 1400.0, 300.0, |_| true);
        let discharge = (state.ledger.boundary_out[0] - before) / 300.0;
        let right = rate * 15.0 * 150.0;
        assert!((discharge / right - 1.0).abs() < 1.0e-3, "{law:?} {discharge} {right}");
        assert!(state.volume_error(&params).abs() < 1.0e-12);
        assert!((state.passed[0] + state.ledger.boundary_out[0]).abs() < 1.0e-9, "southward: east is left");
        // Manning's depth half-way down: q = i x
        let q = rate * 15.5 * 5.0;
        let manning = (q * 0.05 / 0.03_f64.sqrt()).powf(0.6);
        let depth = state.depth(cell(&params, 1, 15));
        // of first order a fall of ten depths a cell pushes too much
        let tolerance = if law == FIRST { 0.3 } else { 0.03 };
        assert!((depth / manning - 1.0).abs() < tolerance, "{law:?} {depth} {manning}");
    }
}

#[test]
fn a_basin_fills_to_the_stage_at_its_edge_and_empties_over_a_fall() {
    for law in LAWS {
        let mut setup = Setup::new(map(4, 20, 5.0, |_, _| 1.0), 0.05, Options::of(law));
        let grid = setup.grid();
        let edges = |column: usize, side| {
            (0..4).filter_map(|row| grid.cell(row, column)).map(|cell| (cell, side)).collect::<Vec<_>>()
        };
        setup.boundaries = vec![Boundary { kind: Kind::Stage, edges: edges(0, Side::West) }];
        let params: Params<f64> = compiled(&setup);
        let mut state = State::new(&params, Start::Dry);
        let drivers = Drivers { stage: vec![Series::constant(1.5)], ..Drivers::default() };
        run(&params, &mut state, &drivers, 1500.0, 1500.0, |_| true);
        for cell in grid.all() {
            assert!(
                (state.level(&params, cell) - 1.5).abs() < 0.02,
                "{law:?} {}",
                state.level(&params, cell)
            );
        }
        assert!(state.ledger.boundary_in[0] > 900.0 && state.volume_error(&params).abs() < 1.0e-12);

        setup.boundaries = vec![Boundary { kind: Kind::Free, edges: edges(19, Side::East) }];
        let params: Params<f64> = compiled(&setup);
        let mut state = State::new(&params, Start::Level(1.5));
        run(&params, &mut state, &Drivers::default(), 600.0, 600.0, |_| true);
        assert!(state.stored(&params) < 0.2 * state.ledger.initial, "{law:?}");
        assert!(state.volume_error(&params).abs() < 1.0e-12);
    }
}

#[test]
fn exchange_moves_what_is_there_and_no_more() {
    for law in LAWS {
        let params: Params<f32> = compiled(&Setup::new(map(5, 5, 2.0, |_, _| 0.0), 0.03, Options::of(law)));
        let mut state = State::new(&params, Start::Dry);
        let middle = cell(&params, 2, 2);
        assert_eq!(state.exchange(&params, middle, -1.0), 0.0, "nothing to take");
        assert_eq!(state.exchange(&params, middle, 2.0), 2.0);
        assert_eq!(state.depth(middle), 0.5);
        step(&params, &mut state, &Forcing::default(), 0.05);
        assert!(state.depth(cell(&params, 2, 3)) > 0.0, "{law:?}: it spreads at once");
        let taken = state.exchange(&params, middle, -5.0);
        assert!(taken > -2.0 && taken < -1.0 && state.depth(middle) == 0.0);
        assert_eq!((state.ledger.exchange_in, state.ledger.exchange_out), (2.0, -taken));
        assert!(state.volume_error(&params).abs() < 1.0e-7);
    }
}

#[test]
fn each_zone_gets_its_rain_and_sealed_cells_keep_it() {
    let mut setup = Setup::new(map(6, 8, 10.0, |_, _| 2.0), 0.03, Options::of(Law::INERTIAL));
    setup.rain.zones = Some(Array2::from_shape_fn((6, 8), |(_, column)| u16::from(column >= 4)));
    // the last row drains through subcatchments
    setup.rain.share = Some(map(6, 8, 10.0, |row, _| f64::from(row < 5)));
    setup.soils = Soils {
        kinds: vec![Soil::Constant { rate: 1.0e-6 }],
        map: Some(Array2::from_shape_fn((6, 8), |(_, column)| u8::from(column == 0))),
    };
    let params: Params<f64> = compiled(&setup);
    assert_eq!(params.rained_area(), 4000.0);
    let mut state = State::new(&params, Start::Level(2.5));
    let drivers =
        Drivers { rain: vec![Series::constant(1.0e-5), Series::constant(3.0e-5)], ..Drivers::default() };
    run(&params, &mut state, &drivers, 1000.0, 1000.0, |_| true);
    assert!((state.ledger.rain - (20.0 * 0.01 + 20.0 * 0.03) * 100.0).abs() < 1.0e-9);
    assert!((state.ledger.infiltration - 6.0 * 100.0 * 1.0e-3).abs() < 1.0e-9);
    assert!(state.volume_error(&params).abs() < 1.0e-13);
}

#[test]
fn inflow_enters_its_cells_and_a_negative_one_takes() {
    let mut setup = Setup::new(map(6, 40, 2.0, |_, _| 0.0), 0.03, Options::of(Law::INERTIAL));
    let grid = setup.grid();
    setup.inflows = vec![
        (0..6).filter_map(|row| grid.cell(row, 0)).collect(),
        (0..6).filter_map(|row| grid.cell(row, 39)).collect(),
    ];
    let params: Params<f64> = compiled(&setup);
    let mut state = State::new(&params, Start::Dry);
    let drivers =
        Drivers { inflow: vec![Series::constant(0.3), Series::constant(-1.0)], ..Drivers::default() };
    run(&params, &mut state, &drivers, 600.0, 600.0, |_| true);
    assert!((state.ledger.inflow - 180.0).abs() < 1.0e-9);
    assert!(state.ledger.taken > 50.0 && state.ledger.taken < 180.0, "no more than arrives");
    assert!(state.volume_error(&params).abs() < 1.0e-13);
}

#[test]
fn depths_times_and_durations_are_remembered() {
    // a bathtub under rain: 0.1 mm/s for 2000 s, then a drain that takes it all
    let mut setup = Setup::new(map(3, 3, 1.0, |_, _| 0.0), 0.03, Options::of(Law::INERTIAL));
    setup.inflows = vec![setup.grid().all().collect()];
    setup.watch = Some(Watch { interval: 0.0, ..Watch::default() });
    setup.options.longest_step = 1.0;
    let params: Params<f64> = compiled(&setup);
    let mut state = State::new(&params, Start::Dry);
    let rain = Series::new(Shape::Steps, vec![(0.0, 1.0e-4), (2000.0, 0.0)]).expect("in order");
    let drain = Series::new(Shape::Steps, vec![(0.0, 0.0), (3000.0, -9.0e-4)]).expect("in order");
    let drivers = Drivers { rain: vec![rain], inflow: vec![drain], ..Drivers::default() };
    run(&params, &mut state, &drivers, 4500.0, 100.0, |_| true);
    let seen = state.maxima.as_ref().expect("watched").of(&params, cell(&params, 1, 1));
    assert!((seen.depth - 0.2).abs() < 1.0e-9 && (seen.level - 0.2).abs() < 1.0e-9);
    assert!((seen.arrival - 500.0).abs() < 2.0, "{}", seen.arrival);
    assert!((seen.depth_time - 2000.0).abs() < 2.0 || seen.depth_time > 2000.0);
    // above 0.15 m from 1500 s until the drain has taken 0.05 m
    assert!((seen.above - 2000.0).abs() < 5.0, "{}", seen.above);
    assert!((seen.last_above - 3500.0).abs() < 2.0, "{}", seen.last_above);
    assert_eq!(seen.speed, 0.0);
}

#[test]
fn the_hazard_is_that_of_depths_and_speeds_that_met() {
    // down a lane that ends at a wall: thin and fast at first, then deep and still
    for law in LAWS {
        let lane = map(1, 60, 2.0, |_, column| 1.2 - 0.02 * column as f64);
        let mut setup = Setup::new(lane, 0.025, Options::of(law));
        setup.inflows = vec![setup.grid().cell(0, 0).into_iter().collect()];
        setup.watch = Some(Watch { interval: 0.0, ..Watch::default() });
        let params: Params<f64> = compiled(&setup);
        let mut state = State::new(&params, Start::Dry);
        let inflow = Series::new(Shape::Steps, vec![(0.0, 0.15), (700.0, 0.0)]).expect("in order");
        let drivers = Drivers { inflow: vec![inflow], ..Drivers::default() };
        run(&params, &mut state, &drivers, 900.0, 900.0, |_| true);
        let seen = state.maxima.as_ref().expect("watched").of(&params, cell(&params, 0, 57));
        assert!(seen.depth > 0.9 && seen.speed > 0.7, "{law:?}: {seen:?}");
        let of_maxima = super::hazard::combined_class(seen.depth, seen.speed, &super::hazard::Classes::AIDR);
        assert!(seen.class == 3 && of_maxima > 3, "{law:?}: {seen:?}");
        let factor = super::hazard::debris_factor(seen.depth, seen.speed, &super::hazard::Debris::URBAN);
        let rating_of_maxima = super::hazard::people_rating(seen.depth, seen.speed, factor);
        // still water of that depth: 0.5 d + 1
        assert!(seen.people >= 0.5 * seen.depth + 1.0 && seen.people < rating_of_maxima - 0.3, "{seen:?}");
    }
}

#[test]
fn the_limiting_cell_is_the_deepest_and_is_reported() {
    let bed = |row: usize, column: usize| if (row, column) == (3, 4) { -2.0 } else { 0.0 };
    let params: Params<f64> = compiled(&Setup::new(map(8, 8, 2.0, bed), 0.03, Options::of(Law::INERTIAL)));
    let mut state = State::new(&params, Start::Level(0.5));
    run(&params, &mut state, &Drivers::default(), 5.0, 5.0, |_| true);
    let limit = state.limiting_cell(&params).expect("there is water");
    assert_eq!(params.grid.row_and_column(limit.cell), (3, 4));
    assert!((limit.dt - 0.65 * 2.0 / (9.81_f64 * 2.5).sqrt()).abs() < 1.0e-9);
    assert!(state.tightest.is_some());
}

#[test]
fn a_deep_pond_stays_quiet_however_often_it_is_looked_at() {
    // without friction and weighting nothing damps the pattern of alternating cells
    let law = Law::Inertial { own_weight: 1.0, froude_limit: None };
    let setup = Setup::new(map(20, 20, 2.0, |_, _| 0.0), 0.0, Options::of(law));
    let params: Params<f64> = compiled(&setup);
    let start = Array2::from_shape_fn((20, 20), |(row, column)| 2.0 + 1.0e-3 * rough(row, column));
    for report in [1.0, 1.3, 2.5] {
        let mut state = State::new(&params, Start::Depths(&start));
        let mut most = 0.0_f64;
        run(&params, &mut state, &Drivers::default(), 600.0, report, |state| {
            let deepest = params.grid.all().map(|cell| state.depth(cell)).fold(0.0, f64::max);
            most = most.max(deepest);
            true
        });
        assert!(most < 2.006, "looked at every {report} s: {most}");
    }
}

#[test]
fn thin_water_feels_more_roughness_if_asked() {
    let mut setup =
        Setup::new(map(3, 30, 5.0, |_, column| 4.5 - 0.15 * column as f64), 0.03, Options::of(Law::INERTIAL));
    let depth_of = |setup: &Setup| {
        let params: Params<f64> = compiled(setup);
        let mut state = State::new(&params, Start::Dry);
        let drivers = Drivers { rain: vec![Series::constant(1.0e-5)], ..Drivers::default() };
        run(&params, &mut state, &drivers, 1500.0, 1500.0, |_| true);
        state.depth(cell(&params, 1, 10))
    };
    let plain = depth_of(&setup);
    setup.options.thin_roughness = Some(ThinRoughness { factor: 4.0, thin: 0.1, deep: 0.2 });
    // h ~ n^0.6
    assert!((depth_of(&setup) / plain - 4.0_f64.powf(0.6)).abs() < 0.1);
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let mut setup = Setup::new(map(4, 4, 2.0, |_, _| 0.0), -0.03, Options::of(Law::INERTIAL));
    setup.options.courant = 0.9;
    setup.rain.share = Some(map(3, 4, 2.0, |_, _| 1.0));
    setup.inflows = vec![vec![]];
    let middle = setup.grid().cell(1, 1).expect("inside");
    setup.boundaries = vec![Boundary { kind: Kind::Free, edges: vec![(middle, Side::East)] }];
    let faults = Params::<f64>::new(&setup).expect_err("much is wrong");
    assert_eq!(faults.len(), 5, "{faults:?}");
    assert!(faults.iter().all(|fault| !fault.to_string().is_empty()));
    setup.terrain.values.fill(f32::NAN);
    assert_eq!(Params::<f64>::new(&setup).expect_err("no terrain"), [Fault::NoTerrain]);
}

#[test]
fn holes_in_the_terrain_are_walls() {
    for law in LAWS {
        let hole = |row: usize, column: usize| if row > 1 && column == 5 { f64::NAN } else { 0.0 };
        let params: Params<f64> = compiled(&Setup::new(map(8, 12, 2.0, hole), 0.03, Options::of(law)));
        assert_eq!(params.rained_area(), 90.0 * 4.0);
        let start = Array2::from_shape_fn((8, 12), |(_, column)| if column < 5 { 1.0 } else { 0.0 });
        let mut state = State::new(&params, Start::Depths(&start));
        let drivers = Drivers { rain: vec![Series::constant(1.0e-5)], ..Drivers::default() };
        run(&params, &mut state, &drivers, 300.0, 300.0, |_| true);
        assert_eq!(state.depth(cell(&params, 4, 5)), 0.0);
        assert!(state.depth(cell(&params, 7, 11)) > 0.3, "{law:?}: the water went around");
        assert!(state.volume_error(&params).abs() < 1.0e-13, "{law:?}");
    }
}

/// Depth (m) of the wave that runs with the speed `u` over a flat bed of roughness `n`, `s` metres behind its front, by the
/// local inertial law: `h(x, t) = H(ut - x)`, `q = uh` turn its momentum `∂q/∂t + g h ∂h/∂x + g n² q² / h^(7/3) = 0`
/// into `(g H - u²) H' = g n² u² H^(-1/3)`, hence `3/7 H^(7/3) - 3/4 u²/g H^(4/3) = n² u² s`. With the advection of
/// momentum the second term is gone: that is the wave of Hunter et al. (2005).
fn wave_behind_its_front(s: f64, n: f64, u: f64, gravity: f64, advection: bool) -> f64 {
    let inertia = if advection { 0.0 } else { 0.75 * u * u / gravity };
    let left = |h: f64| 3.0 / 7.0 * h.powf(7.0 / 3.0) - inertia * h.powf(4.0 / 3.0) - n * n * u * u * s;
    // the left side rises from its zero at 7/3 of the inertia on
    let (mut low, mut high) = (7.0 / 3.0 * inertia, 10.0);
    if s <= 0.0 {
        return 0.0;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if left(middle) < 0.0 { low = middle } else { high = middle }
    }
    low
}

#[test]
fn a_wave_over_a_plain_converges_to_the_closed_form_of_its_equations_and_not_to_the_other() {
    let (n, u, end) = (0.03, 1.0, 1500.0);
    // mean distances (m) to the waves without and with advection
    let distances = |size: f64, advection: bool| {
        let columns = (2000.0 / size) as usize;
        let options = Options { advection, ..Options::of(Law::INERTIAL) };
        let mut setup = Setup::new(map(2, columns, size, |_, _| 0.0), n, options);
        let grid = setup.grid();
        let edges = (0..2).filter_map(|row| grid.cell(row, 0)).map(|cell| (cell, Side::West)).collect();
        setup.boundaries = vec![Boundary { kind: Kind::Stage, edges }];
        let params: Params<f64> = compiled(&setup);
        let form = |s: f64, advection: bool| wave_behind_its_front(s, n, u, 9.81, advection);
        let stage = (0..=1500).map(|t| (f64::from(t), form(u * f64::from(t), advection))).collect();
        let drivers = Drivers {
            stage: vec![Series::new(Shape::Linear, stage).expect("in order")],
            ..Drivers::default()
        };
        let mut state = State::new(&params, Start::Dry);
        run(&params, &mut state, &drivers, end, end, |_| true);
        assert!(state.volume_error(&params).abs() < 1.0e-12);
        [false, true].map(|advection| {
            let distance = |column: usize| {
                let s = u * end - (column as f64 + 0.5) * size;
                (state.depth(cell(&params, 1, column)) - form(s, advection)).abs()
            };
            (0..columns).map(distance).sum::<f64>() / columns as f64
        })
    };
    for advection in [false, true] {
        let [coarse, middle, fine] = [40.0, 20.0, 10.0].map(|size| distances(size, advection));
        let (own, other) = (usize::from(advection), usize::from(!advection));
        let order = [(coarse[own] / middle[own]).log2(), (middle[own] / fine[own]).log2()];
        assert!(fine[own] < 0.01, "{advection} {fine:?}");
        assert!(order[0] > 0.7 && order[1] > 0.7, "{advection} {order:?}");
        assert!(fine[other] > 0.05, "the other wave is elsewhere: {advection} {fine:?}");
    }
}

#[test]
fn advection_leaves_rest_symmetry_and_water() {
    let n = 21;
    let bed = |row: usize, column: usize| {
        let (x, y) = (column as f64 - 10.0, row as f64 - 10.0);
        0.4 * ((x * x * 0.05).sin() + (y * y * 0.05).sin())
    };
    let options = Options { advection: true, ..Options::of(Law::INERTIAL) };
    let params: Params<f64> = compiled(&Setup::new(map(n, n, 2.0, bed), 0.02, options));
    let mut lake = State::new(&params, Start::Level(0.5));
    run(&params, &mut lake, &Drivers::default(), 30.0, 30.0, |_| true);
    for cell in params.grid.all() {
        let (x, y) = lake.discharge(&params, cell);
        assert!(x.abs().max(y.abs()) < 1.0e-14, "{x} {y}");
    }
    let start =
        Array2::from_shape_fn(
            (n, n),
            |(row, column)| {
                if row.abs_diff(10) + column.abs_diff(10) < 5 { 1.5 } else { 0.0 }
            },
        );
    let mut state = State::new(&params, Start::Depths(&start));
    run(&params, &mut state, &Drivers::default(), 30.0, 30.0, |_| true);
    let depth = |row: usize, column: usize| state.depth(cell(&params, row, column));
    for row in 0..n {
        for column in 0..n {
            let here = depth(row, column);
            assert!(here == depth(n - 1 - row, column) && here == depth(row, n - 1 - column));
            assert_eq!(here, depth(column, row));
        }
    }
    assert!(state.volume_error(&params).abs() < 1.0e-13);
}
