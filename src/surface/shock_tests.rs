//! Claims about the shock law that have a closed form: steady flow over a bump, thin water above a fall.

use ndarray::Array2;

use crate::model::raster::Raster;
use crate::num::real::Real;

use super::*;

const FIRST: Law = Law::Shock { second_order: false };
const GRAVITY: f64 = 9.81;

/// A channel of one row of cells whose bed is a function of the distance along it (m).
fn channel(columns: usize, size: f64, bed: impl Fn(f64) -> f64) -> Raster {
    let level = |column: usize| bed((column as f64 + 0.5) * size) as f32;
    let values = Array2::from_shape_fn((1, columns), |(_, column)| level(column));
    Raster { west: 0.0, north: size, cell: size, crs: None, values }
}

/// The bump of 0.2 m in a channel of 25 m, of Goutal and Maurel's workshop (1997).
fn bump(x: f64) -> f64 {
    (0.2 - 0.05 * (x - 10.0) * (x - 10.0)).max(0.0)
}

/// The depth at which `h + q²/(2 g h²)` is an energy head, above or below the critical depth (m).
fn depth_of(head: f64, q: f64, fast: bool) -> f64 {
    let critical = (q * q / GRAVITY).cbrt();
    let (mut low, mut high) = if fast { (1.0e-6, critical) } else { (critical, head) };
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        let above = middle + q * q / (2.0 * GRAVITY * middle * middle) > head;
        if above == fast { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// What keeps its value through a jump, `q²/h + g h²/2`.
fn thrust(h: f64, q: f64) -> f64 {
    q * q / h + 0.5 * GRAVITY * h * h
}

/// Depths along the channel of the bump when the flow has become steady, and the volume's error.
fn over_the_bump<R: Real>(law: Law, size: f64, q: f64, level: f64, end: f64) -> (Params<R>, State<R>) {
    let columns = (25.0 / size) as usize;
    let mut options = Options::of(law);
    options.gravity = GRAVITY;
    let mut setup = Setup::new(channel(columns, size, bump), 0.0, options);
    let grid = setup.grid();
    let (first, last) = (grid.cell(0, 0).expect("inside"), grid.cell(0, columns - 1).expect("inside"));
    setup.inflows = vec![vec![first]];
    setup.boundaries = vec![Boundary { kind: Kind::Stage, edges: vec![(last, Side::East)] }];
    let params: Params<R> = Params::new(&setup).expect("a sound place");
    let mut state = State::new(&params, Start::Level(level));
    let drivers = Drivers {
        inflow: vec![Series::constant(q * size)],
        stage: vec![Series::constant(level)],
        ..Drivers::default()
    };
    run(&params, &mut state, &drivers, end, end, |_| true);
    (params, state)
}

/// Mean distance to exact depths over their mean, from 3 m on: water enters the first cell without momentum.
fn distance<R: Real>(params: &Params<R>, state: &State<R>, exact: impl Fn(f64) -> f64) -> f64 {
    let (mut apart, mut sum) = (0.0, 0.0);
    for cell in params.grid.all().filter(|cell| params.grid.middle(*cell).0 > 3.0) {
        let depth = exact(params.grid.middle(cell).0);
        apart += (state.depth(cell) - depth).abs();
        sum += depth;
    }
    apart / sum
}

#[test]
fn slow_flow_over_a_bump_keeps_its_energy_head() {
    // q 4.42 m²/s, 2 m deep downstream
    let (q, level) = (4.42, 2.0);
    let exact = |x: f64| depth_of(level + q * q / (2.0 * GRAVITY * level * level) - bump(x), q, false);
    // of first order the momentum of a cell is not quite what passes its faces on a bed of steps
    for (law, most, even) in [(FIRST, 5.0e-3, 0.04), (Law::SHOCK, 2.0e-3, 0.01)] {
        let (params, state) = over_the_bump::<f64>(law, 0.5, q, level, 120.0);
        let error = distance(&params, &state, exact);
        assert!(error < most, "{law:?} {error}");
        for column in 8..50 {
            let (x, _) = state.discharge(&params, params.grid.cell(0, column).expect("inside"));
            assert!((x / q - 1.0).abs() < even, "{law:?}: the same discharge everywhere, {x} at {column}");
        }
        assert!(state.volume_error(&params).abs() < 1.0e-13);
    }
}

#[test]
fn flow_over_a_bump_turns_fast_on_its_crest_and_jumps_back_behind_it() {
    // q 0.18 m²/s, 0.33 m deep downstream
    let (q, level) = (0.18_f64, 0.33);
    let upstream = 0.2 + 1.5 * (q * q / GRAVITY).cbrt();
    let downstream = level + q * q / (2.0 * GRAVITY * level * level);
    // the jump stands where both branches have the same thrust
    let (mut low, mut high) = (10.0, 12.0);
    for _ in 0..60 {
        let x = 0.5 * (low + high);
        let fast = thrust(depth_of(upstream - bump(x), q, true), q);
        if fast < thrust(depth_of(downstream - bump(x), q, false), q) { high = x } else { low = x }
    }
    let jump = 0.5 * (low + high);
    assert!((11.0..12.0).contains(&jump), "{jump}");
    let exact = |x: f64| {
        if x < jump {
            depth_of(upstream - bump(x), q, x > 10.0)
        } else {
            depth_of(downstream - bump(x), q, false)
        }
    };
    for (law, most) in [(FIRST, 0.03), (Law::SHOCK, 0.015)] {
        let (params, state) = over_the_bump::<f64>(law, 0.25, q, level, 300.0);
        let error = distance(&params, &state, exact);
        assert!(error < most, "{law:?} {error}");
        let head = state.depth(params.grid.cell(0, 20).expect("inside"));
        let right = depth_of(upstream, q, false);
        assert!((head / right - 1.0).abs() < 0.03, "{law:?}: {head} before the bump, {right} is right");
        assert!(state.volume_error(&params).abs() < 1.0e-12);
    }
    let (params, state) = over_the_bump::<f32>(Law::SHOCK, 0.25, q, level, 300.0);
    assert!(distance(&params, &state, exact) < 0.015);
    assert!(state.volume_error(&params).abs() < 1.0e-6);
}

#[test]
fn thin_water_above_a_fall_does_not_pile_up() {
    // the foot of a V-shaped catchment: a slope of 0.05 in cells of 10 m, then falls of 0.5 and of 1.25 m
    let bed = |column: usize| match column {
        0..19 => 0.5 * (19.0 - column as f64) + 2.0,
        19 => 1.5,
        _ => 0.25 - 0.002 * column as f64,
    };
    for law in [FIRST, Law::SHOCK] {
        let values = Array2::from_shape_fn((1, 24), |(_, column)| bed(column) as f32);
        let terrain = Raster { west: 0.0, north: 10.0, cell: 10.0, crs: None, values };
        let mut setup = Setup::new(terrain, 0.015, Options::of(law));
        let last = setup.grid().cell(0, 23).expect("inside");
        setup.boundaries = vec![Boundary { kind: Kind::Free, edges: vec![(last, Side::East)] }];
        let params: Params<f64> = Params::new(&setup).expect("a sound place");
        let mut state = State::new(&params, Start::Dry);
        let rain = 3.0e-6;
        let drivers = Drivers { rain: vec![Series::constant(rain)], ..Drivers::default() };
        run(&params, &mut state, &drivers, 1500.0, 1500.0, |_| true);
        for column in [10, 15, 18] {
            // Manning's depth of the rain that fell uphill
            let q = rain * 10.0 * (column as f64 + 1.0);
            let manning = (q * 0.015 / 0.05_f64.sqrt()).powf(0.6);
            let depth = state.depth(params.grid.cell(0, column).expect("inside"));
            assert!(depth < 1.3 * manning, "{law:?} column {column}: {depth} {manning}");
        }
        assert!(state.volume_error(&params).abs() < 1.0e-12);
    }
}

#[test]
fn water_that_leaves_takes_its_momentum_along() {
    let start = Array2::from_shape_fn((1, 20), |(_, column)| if column < 10 { 1.0 } else { 0.2 });
    let mut setup = Setup::new(channel(20, 1.0, |_| 0.0), 0.0, Options::of(Law::SHOCK));
    let speeds = |setup: &Setup, take: bool| {
        let params: Params<f64> = Params::new(setup).expect("a sound place");
        let mut state = State::new(&params, Start::Depths(&start));
        step(&params, &mut state, &Forcing::default(), 0.1);
        let cell = params.grid.cell(0, 10).expect("inside");
        let before = state.depth(cell);
        if take {
            state.exchange(&params, cell, -0.9 * before);
            assert!((state.depth(cell) / before - 0.1).abs() < 1.0e-12);
        }
        (state.speed(&params, cell), state.depth(cell))
    };
    let (alone, depth) = speeds(&setup, false);
    assert!(alone > 0.1);
    let (taken, _) = speeds(&setup, true);
    assert!((taken / alone - 1.0).abs() < 1.0e-12, "{taken} {alone}");
    // soil that drinks half of it within the step
    let soil = Soil::Constant { rate: 0.5 * depth / 0.1 };
    setup.soils = Soils { kinds: vec![soil], map: Some(Array2::from_elem((1, 20), 1)) };
    let (soaked, left) = speeds(&setup, false);
    assert!((left / depth - 0.5).abs() < 1.0e-9 && (soaked / alone - 1.0).abs() < 1.0e-9, "{soaked} {alone}");
    // what is added stands still
    let params: Params<f64> = Params::new(&setup).expect("a sound place");
    let mut state = State::new(&params, Start::Depths(&start));
    step(&params, &mut state, &Forcing::default(), 0.1);
    let cell = params.grid.cell(0, 10).expect("inside");
    let (speed, more) = (state.speed(&params, cell), state.depth(cell));
    state.exchange(&params, cell, more);
    assert!((state.speed(&params, cell) / speed - 0.5).abs() < 1.0e-12);
}
