//! Cases of the surface with a known answer: each line prints a value and its gate.
//!
//! `cargo run --release --example surface_validation [CASE …]` reads `../shared/corpus/surface` (or the folder that
//! `PAILAO_SURFACE_CASES` names) and runs the cases whose names begin so, or all. It exits with 1 if a gate fails.
//! Speeds are printed in processor seconds of one thread.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use ndarray::Array2;
use pailao::model::raster::Raster;
use pailao::num::real::Real;
use pailao::surface::{
    Boundary, Cell, Drivers, Forcing, Grid, Kind, Law, Options, Params, Roughness, Series, Setup, Shape,
    Side, Start, State, Watch, run, step,
};

/// Collects lines, and whether any gate failed.
struct Bench {
    folder: PathBuf,
    failed: usize,
}

impl Bench {
    fn gate(&mut self, case: &str, what: &str, value: f64, most: f64) {
        let good = value <= most;
        self.failed += usize::from(!good);
        println!("{case:<22} {what:<52} {value:>12.5e}  <= {most:<9.2e} {}", if good { "" } else { "FAILS" });
    }

    fn note(&self, case: &str, what: &str, value: f64) {
        println!("{case:<22} {what:<52} {value:>12.5e}");
    }

    fn text(&self, path: &str) -> String {
        let path = self.folder.join(path);
        if path.extension().is_some_and(|extension| extension == "gz") {
            let unpacked = Command::new("gzip").arg("-dc").arg(&path).output().expect("gzip is there");
            assert!(unpacked.status.success(), "{}", path.display());
            return String::from_utf8(unpacked.stdout).expect("a text");
        }
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn map(&self, path: &str) -> Raster {
        let text = self.text(path);
        let mut words = text.split_ascii_whitespace();
        let mut head = [0.0; 6];
        for value in &mut head {
            words.next();
            *value = words.next().and_then(|word| word.parse().ok()).expect("a number in the head");
        }
        let [columns, rows, west, south, cell, none] = head;
        let values: Vec<f32> = words
            .map(|word| word.parse::<f64>().expect("a number"))
            .map(|value| if value == none { f32::NAN } else { value as f32 })
            .collect();
        let values = Array2::from_shape_vec((rows as usize, columns as usize), values).expect("a full map");
        Raster { west, north: south + rows * cell, cell, crs: None, values }
    }

    fn table(&self, path: &str) -> Vec<Vec<f64>> {
        let numbers =
            |line: &str| line.split(',').map(|word| word.trim().parse().expect("a number")).collect();
        self.text(path).lines().skip(1).map(numbers).collect()
    }

    /// A series from two columns, times a factor.
    fn series(&self, path: &str, factor: f64) -> Series {
        let points = self.table(path).iter().map(|row| (row[0], row[1] * factor)).collect();
        Series::new(Shape::Linear, points).expect("a series in order")
    }
}

fn flat(rows: usize, columns: usize, cell: f64, level: f32) -> Raster {
    Raster {
        west: 0.0,
        north: rows as f64 * cell,
        cell,
        crs: None,
        values: Array2::from_elem((rows, columns), level),
    }
}

/// Processor seconds of this process so far.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = stat
        .rsplit_once(')')
        .map(|(_, rest)| rest.split_whitespace().map(|word| word.parse().unwrap_or(0.0)).collect())
        .unwrap_or_default();
    (fields.get(11).unwrap_or(&0.0) + fields.get(12).unwrap_or(&0.0)) / 100.0
}

fn params<R: Real>(setup: &Setup) -> Params<R> {
    Params::new(setup).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn law_name(law: Law) -> &'static str {
    match law {
        Law::Inertial { .. } => "inertial",
        Law::Shock { second_order: true } => "shock, 2nd order",
        Law::Shock { second_order: false } => "shock, 1st order",
    }
}

/// Runs a case and prints its gates.
type Case = fn(&mut Bench);

const FIRST: Law = Law::Shock { second_order: false };

fn lake_at_rest(bench: &mut Bench) {
    fn one<R: Real>(bench: &mut Bench, law: Law, gate: f64) {
        let setup = Setup::new(bench.map("lake_at_rest_rough/dem.asc.gz"), 0.03, Options::of(law));
        let params: Params<R> = params(&setup);
        let mut state = State::new(&params, Start::Level(2.0));
        let mut most = 0.0_f64;
        run(&params, &mut state, &Drivers::default(), 600.0, 20.0, |state| {
            let fastest = params
                .grid
                .all()
                .map(|cell| state.discharge(&params, cell))
                .fold(0.0, |q: f64, (x, y)| q.max(x.abs()).max(y.abs()));
            most = most.max(fastest);
            true
        });
        let name = format!("{}, {}", law_name(law), std::any::type_name::<R>());
        bench.gate("lake at rest", &format!("greatest discharge (m2/s), {name}"), most, gate);
        bench.gate(
            "lake at rest",
            "volume error",
            state.volume_error(&params).abs(),
            1e-15_f64.max(gate * 0.1),
        );
    }
    for law in [Law::INERTIAL, FIRST, Law::SHOCK] {
        one::<f64>(bench, law, 1e-10);
        one::<f32>(bench, law, 1e-5);
    }
}

/// Depths along the middle row at a time.
fn profile<R: Real>(params: &Params<R>, state: &State<R>) -> Vec<f64> {
    let row = params.grid.rows / 2;
    (0..params.grid.columns)
        .filter_map(|column| params.grid.cell(row, column))
        .map(|c| state.depth(c))
        .collect()
}

fn dam_break(bench: &mut Bench, case: &str, folder: &str) {
    for (law, gate) in [(FIRST, 0.01), (Law::SHOCK, 0.004), (Law::INERTIAL, f64::INFINITY)] {
        let start = bench.map(&format!("{folder}/depth0.asc")).values.mapv(f64::from);
        let setup = Setup::new(bench.map(&format!("{folder}/dem.asc")), 0.0, Options::of(law));
        let params: Params<f64> = params(&setup);
        let mut state = State::new(&params, Start::Depths(&start));
        let exact = bench.table(&format!("{folder}/profile.csv"));
        let mut times: Vec<f64> = exact.iter().map(|row| row[0]).collect();
        times.dedup();
        for time in times {
            let end = time;
            run(&params, &mut state, &Drivers::default(), end, end, |_| true);
            let depths = profile(&params, &state);
            let (mut error, mut sum) = (0.0, 0.0);
            for row in exact.iter().filter(|row| row[0] == time) {
                let column = ((row[1] / params.grid.size).floor() as usize).min(depths.len() - 1);
                error += (depths[column] - row[2]).abs();
                sum += row[2];
            }
            let what = format!("L1(h)/mean at {time} s, {}", law_name(law));
            if gate.is_finite() {
                bench.gate(case, &what, error / sum, gate);
            } else {
                bench.note(case, &what, error / sum);
            }
        }
        bench.gate(case, "volume error", state.volume_error(&params).abs(), 1e-9);
    }
}

/// Relative L1 error of Stoker's dam break at 20 s on cells of a given size, and the same of a smooth wave.
fn convergence(bench: &mut Bench) {
    // a smooth hump that runs for a while: the error is the distance to the finest grid
    fn hump(cells: usize, law: Law) -> Vec<f64> {
        let size = 100.0 / cells as f64;
        let mut options = Options::of(law);
        options.longest_step = 100.0;
        let setup = Setup::new(flat(3, cells, size, 0.0), 0.0, options);
        let params: Params<f64> = params(&setup);
        let shape = |x: f64| 1.0 + 0.01 * (-((x - 50.0) / 8.0).powi(2)).exp();
        let start = Array2::from_shape_fn((3, cells), |(_, column)| {
            // the mean over the cell, by Simpson's rule
            let x = column as f64 * size;
            (shape(x) + 4.0 * shape(x + 0.5 * size) + shape(x + size)) / 6.0
        });
        let mut state = State::new(&params, Start::Depths(&start));
        run(&params, &mut state, &Drivers::default(), 6.0, 6.0, |_| true);
        profile(&params, &state)
    }
    for (law, least) in [(Law::INERTIAL, 0.8), (FIRST, 0.8), (Law::SHOCK, 1.7)] {
        let fine = hump(3200, law);
        let error = |cells: usize| {
            let coarse = hump(cells, law);
            let each = 3200 / cells;
            let mean = |i: usize| fine[i * each..(i + 1) * each].iter().sum::<f64>() / each as f64;
            coarse.iter().enumerate().map(|(i, h)| (h - mean(i)).abs()).sum::<f64>() / cells as f64
        };
        let errors = [error(100), error(200), error(400)];
        let orders = [(errors[0] / errors[1]).log2(), (errors[1] / errors[2]).log2()];
        bench.note("convergence", &format!("order 100 -> 200 cells, {}", law_name(law)), orders[0]);
        bench.note("convergence", &format!("order 200 -> 400 cells, {}", law_name(law)), orders[1]);
        bench.gate("convergence", "1 / order", 1.0 / orders[1], 1.0 / least);
    }
}

fn thacker(bench: &mut Bench) {
    for law in [FIRST, Law::SHOCK] {
        let start = bench.map("thacker_paraboloid/depth0.asc.gz").values.mapv(f64::from);
        let setup = Setup::new(bench.map("thacker_paraboloid/dem.asc.gz"), 0.0, Options::of(law));
        let params: Params<f64> = params(&setup);
        let mut state = State::new(&params, Start::Depths(&start));
        for (time, name) in [(0.5, "0.5T"), (1.0, "1T"), (3.0, "3T")] {
            run(&params, &mut state, &Drivers::default(), time * 2.24285, 10.0, |_| true);
            let exact = bench.map(&format!("thacker_paraboloid/depth_{name}.asc.gz"));
            let sum: f64 = params
                .grid
                .all()
                .zip(&exact.values)
                .map(|(cell, exact)| (state.depth(cell) - f64::from(*exact)).powi(2))
                .sum();
            let error = (sum / params.grid.cells() as f64).sqrt() / 0.1;
            let what = format!("depth RMSE / h0 at {name}, {}", law_name(law));
            if law == Law::SHOCK {
                bench.gate("thacker", &what, error, 0.02);
            } else {
                bench.note("thacker", &what, error);
            }
        }
        bench.gate("thacker", "volume error", state.volume_error(&params).abs(), 1e-9);
    }
}

fn edges(grid: &Grid, side: Side, range: std::ops::Range<usize>) -> Vec<(Cell, Side)> {
    range
        .filter_map(|i| match side {
            Side::West => grid.cell(i, 0),
            Side::East => grid.cell(i, grid.columns - 1),
            Side::North => grid.cell(0, i),
            Side::South => grid.cell(grid.rows - 1, i),
        })
        .map(|cell| (cell, side))
        .collect()
}

fn bates_wave(bench: &mut Bench) {
    let exact = |x: f64, t: f64| {
        let s = 7.0 / 3.0 * 0.03 * 0.03 * (t - x);
        if s > 0.0 { s.powf(3.0 / 7.0) } else { 0.0 }
    };
    for law in [Law::INERTIAL, Law::SHOCK] {
        for size in [20.0, 10.0, 5.0] {
            let mut setup = Setup::new(flat(4, (5000.0 / size) as usize, size, 0.0), 0.03, Options::of(law));
            let grid = setup.grid();
            setup.boundaries = vec![Boundary { kind: Kind::Stage, edges: edges(&grid, Side::West, 0..4) }];
            let params: Params<f64> = params(&setup);
            let mut state = State::new(&params, Start::Dry);
            // the series of the corpus is linear over a minute, which is coarse at the start: the closed form is given
            let points = (0..=3600).map(|t| (f64::from(t), exact(0.0, f64::from(t)))).collect();
            let drivers = Drivers {
                stage: vec![Series::new(Shape::Linear, points).expect("in order")],
                ..Drivers::default()
            };
            for time in [1800.0, 3600.0] {
                run(&params, &mut state, &drivers, time, time, |_| true);
                let depths = profile(&params, &state);
                let error: f64 = depths
                    .iter()
                    .enumerate()
                    .map(|(i, h)| (h - exact((i as f64 + 0.5) * size, time)).powi(2))
                    .sum::<f64>();
                let rmse = (error / depths.len() as f64).sqrt();
                let what = format!("RMSE (m) at {time} s, {size} m, {}", law_name(law));
                if law == Law::INERTIAL && size == 10.0 {
                    bench.gate("bates wave", &what, rmse, 0.03);
                } else {
                    bench.note("bates wave", &what, rmse);
                }
            }
            bench.gate("bates wave", "volume error", state.volume_error(&params).abs(), 1e-9);
        }
    }
}

fn v_catchment(bench: &mut Bench) {
    fn one<R: Real>(bench: &mut Bench, law: Law, free: bool, volume_gate: f64) {
        let mut options = Options::of(law);
        options.longest_step = 5.0;
        let mut setup = Setup::new(bench.map("v_catchment_digiammarco/dem.asc.gz"), 0.0, options);
        setup.roughness = Roughness::Map(bench.map("v_catchment_digiammarco/n.asc.gz"));
        let grid = setup.grid();
        let kind = if free { Kind::Free } else { Kind::NormalDepth { slope: 0.02 } };
        setup.boundaries = vec![Boundary { kind, edges: edges(&grid, Side::South, 80..82) }];
        let params: Params<R> = params(&setup);
        let mut state = State::new(&params, Start::Dry);
        let drivers = Drivers {
            rain: vec![bench.series("v_catchment_digiammarco/rain.csv", 1.0 / 3.6e6)],
            ..Drivers::default()
        };
        // the discharge that leaves, minute by minute
        let (mut out, mut before) = (Vec::new(), 0.0);
        run(&params, &mut state, &drivers, 10800.0, 60.0, |state| {
            let total: f64 = state.ledger.boundary_out.iter().sum();
            out.push((total - before) / 60.0);
            before = total;
            true
        });
        let name = format!(
            "{}, {}, {}",
            law_name(law),
            if free { "free" } else { "normal" },
            std::any::type_name::<R>()
        );
        let equilibrium = 10.8 / 3.6e6 * 162.0 * 100.0 * 100.0;
        let error = (out[90] / equilibrium - 1.0).abs();
        bench.gate("v catchment", &format!("equilibrium discharge, {name}"), error, 0.01);
        bench.gate("v catchment", "volume error", state.volume_error(&params).abs(), volume_gate);
        // discharge of a hillslope, kinematic: at a metre of its foot, from the rain and the storage uphill
        bench.note("v catchment", "left at 10800 s (m3)", state.stored(&params));
        bench.note("v catchment", "discharge at 1800 s (m3/s)", out[30]);
    }
    one::<f64>(bench, Law::INERTIAL, false, 1e-9);
    one::<f64>(bench, Law::INERTIAL, true, 1e-9);
    one::<f32>(bench, Law::INERTIAL, false, 1e-6);
    one::<f64>(bench, Law::SHOCK, false, 1e-9);
    one::<f64>(bench, Law::SHOCK, true, 1e-9);
    one::<f64>(bench, FIRST, false, 1e-9);
    one::<f32>(bench, Law::SHOCK, false, 1e-6);
}

/// Depths at points over time from a run.
fn gauges<R: Real>(
    params: &Params<R>,
    state: &mut State<R>,
    drivers: &Drivers,
    end: f64,
    every: f64,
    points: &[Cell],
) -> Vec<(f64, Vec<f64>)> {
    let mut rows = Vec::new();
    run(params, state, drivers, end, every, |state| {
        rows.push((state.time, points.iter().map(|cell| state.depth(*cell)).collect()));
        true
    });
    rows
}

/// A value of a gauge series at a time.
fn at_time(rows: &[(f64, Vec<f64>)], gauge: usize, time: f64) -> f64 {
    let after = rows.partition_point(|row| row.0 <= time).clamp(1, rows.len() - 1);
    let (a, b) = (&rows[after - 1], &rows[after]);
    a.1[gauge] + (b.1[gauge] - a.1[gauge]) * ((time - a.0) / (b.0 - a.0)).clamp(0.0, 1.0)
}

fn peer_rows(bench: &Bench, path: &str) -> Vec<(f64, Vec<f64>)> {
    bench.table(path).into_iter().map(|row| (row[0], row[1..].to_vec())).collect()
}

fn points(bench: &Bench, grid: &Grid, path: &str) -> Vec<Cell> {
    bench.table(path).iter().map(|row| grid.cell_of(row[1], row[2]).expect("a point on the map")).collect()
}

fn greatest(rows: &[(f64, Vec<f64>)], gauge: usize) -> f64 {
    rows.iter().map(|row| row.1[gauge]).fold(0.0, f64::max)
}

fn first_above(rows: &[(f64, Vec<f64>)], gauge: usize, depth: f64) -> f64 {
    rows.windows(2).find(|w| w[1].1[gauge] > depth).map_or(f64::NAN, |w| {
        let (a, b) = (w[0].1[gauge], w[1].1[gauge]);
        w[0].0 + (w[1].0 - w[0].0) * ((depth - a) / (b - a)).clamp(0.0, 1.0)
    })
}

fn ea4(bench: &mut Bench) {
    for (law, peer) in [
        (Law::INERTIAL, "peer_lisflood_acc_10m"),
        (Law::SHOCK, "peer_lisflood_fv1_10m"),
        (FIRST, "peer_lisflood_fv1_10m"),
    ] {
        for size in [10.0, 5.0] {
            let (rows, columns) = ((2000.0 / size) as usize, (1000.0 / size) as usize);
            let mut setup = Setup::new(flat(rows, columns, size, 0.0), 0.05, Options::of(law));
            let grid = setup.grid();
            let line = (0..rows)
                .filter(|row| (1000.0 - (row.to_owned() as f64 + 0.5) * size + 1000.0 - 1000.0).abs() < 10.0)
                .filter_map(|row| grid.cell(row, 0))
                .collect();
            setup.inflows = vec![line];
            let gauge_cells = points(bench, &grid, "ea4_floodplain/points.csv");
            let params: Params<f64> = params(&setup);
            let mut state = State::new(&params, Start::Dry);
            let drivers = Drivers {
                inflow: vec![bench.series("ea4_floodplain/inflow.csv", 1.0)],
                ..Drivers::default()
            };
            let before = processor_seconds();
            let ours = gauges(&params, &mut state, &drivers, 18000.0, 60.0, &gauge_cells);
            let spent = processor_seconds() - before;
            let theirs = peer_rows(bench, &format!("ea4_floodplain/{peer}.csv"));
            for gauge in 0..gauge_cells.len() {
                let squares: f64 = theirs
                    .iter()
                    .filter(|row| row.0 <= 18000.0)
                    .map(|row| (at_time(&ours, gauge, row.0) - row.1[gauge]).powi(2))
                    .sum();
                let rmse = (squares / theirs.len() as f64).sqrt();
                let peak = (greatest(&ours, gauge) - greatest(&theirs, gauge)).abs();
                let what = format!("P{} RMSE (m) to {peer}, {size} m, {}", gauge + 1, law_name(law));
                if size == 10.0 && law != FIRST {
                    bench.gate("ea4", &what, rmse, 0.02);
                    bench.gate("ea4", &format!("P{} peak (m)", gauge + 1), peak, 0.01);
                } else {
                    bench.note("ea4", &what, rmse);
                }
            }
            bench.gate("ea4", "volume error", state.volume_error(&params).abs(), 1e-9);
            bench.note("ea4", "processor seconds", spent);
        }
    }
}

fn ea5(bench: &mut Bench) {
    fn one<R: Real>(bench: &mut Bench, law: Law, peers: &[&str], peak_gate: f64, volume_gate: f64) {
        let before = processor_seconds();
        let mut setup = Setup::new(bench.map("ea5_valley_50m/dem_50m.asc.gz"), 0.04, Options::of(law));
        let grid = setup.grid();
        let cells = bench.table("ea5_valley_50m/inflow_cells.csv");
        setup.inflows = vec![cells.iter().filter_map(|row| grid.cell_of(row[0], row[1])).collect()];
        let params: Params<R> = params(&setup);
        let gauge_cells = points(bench, &grid, "ea5_valley_50m/points.csv");
        let mut state = State::new(&params, Start::Dry);
        let drivers =
            Drivers { inflow: vec![bench.series("ea5_valley_50m/inflow.csv", 1.0)], ..Drivers::default() };
        let ours = gauges(&params, &mut state, &drivers, 20000.0, 20.0, &gauge_cells);
        let spent = processor_seconds() - before;
        let name = format!("{}, {}", law_name(law), std::any::type_name::<R>());
        for (gauge, point) in [(0, 1), (1, 2), (2, 3), (3, 4), (5, 6), (6, 7)] {
            // gates hold against the nearest of the peers of the same kind: they differ among each other
            let (mut peak, mut late) = (f64::INFINITY, f64::INFINITY);
            for peer in peers {
                let theirs: Vec<_> = peer_rows(bench, &format!("ea5_valley_50m/{peer}.csv"))
                    .into_iter()
                    .filter(|row| row.0 <= 20000.0)
                    .collect();
                let difference = (greatest(&ours, gauge) - greatest(&theirs, gauge)).abs();
                peak = peak.min(difference);
                // arrivals can be told only from the peers that were written often enough
                if theirs.windows(2).all(|w| w[1].0 - w[0].0 < 400.0) {
                    let arrival = first_above(&ours, gauge, 0.05) - first_above(&theirs, gauge, 0.05);
                    late = late.min(arrival.abs());
                }
            }
            bench.gate("ea5", &format!("P{point} peak (m), {name}"), peak, peak_gate);
            bench.gate("ea5", &format!("P{point} arrival (s), {name}"), late, 180.0);
        }
        bench.gate("ea5", "volume error", state.volume_error(&params).abs(), volume_gate);
        bench.gate(
            "ea5",
            &format!("processor seconds, {name}"),
            spent,
            if law == Law::INERTIAL { 3.1 / 5.0 } else { 30.0 },
        );
        bench.note("ea5", "steps", state.steps as f64);
    }
    one::<f32>(bench, Law::INERTIAL, &["peer_lisflood_acc_50m", "peer_sfincs_adv0_50m"], 0.10, 1e-6);
    one::<f64>(bench, Law::INERTIAL, &["peer_lisflood_acc_50m", "peer_sfincs_adv0_50m"], 0.10, 1e-9);
    one::<f64>(bench, Law::SHOCK, &["peer_lisflood_fv1_50m", "peer_sfincs_adv1_50m"], 0.05, 1e-9);
    one::<f64>(bench, FIRST, &["peer_lisflood_fv1_50m", "peer_sfincs_adv1_50m"], 0.05, 1e-9);
}

fn urban(bench: &mut Bench) {
    fn one<R: Real>(bench: &mut Bench, law: Law, volume_gate: f64) {
        let before = processor_seconds();
        let mut options = Options::of(law);
        options.dry_depth = 1.0e-3;
        let mut setup = Setup::new(bench.map("urban_rain_merewether8a_2m/dem.asc.gz"), 0.03, options);
        let grid = setup.grid();
        setup.inflows = vec![vec![grid.cell_of(382_265.5, 6_354_280.5).expect("on the map")]];
        let params: Params<R> = params(&setup);
        // the coordinates of the corpus are rounded to six digits, 10 m in y: P3 and P4 would lie on roofs and beside the
        // pond. Within the rounding these cells have the bed that the levels of the peers' pond imply
        let mut gauge_cells = points(bench, &grid, "urban_rain_merewether8a_2m/points.csv");
        gauge_cells[2] = grid.cell(101, 87).expect("on the map");
        gauge_cells[3] = grid.cell(66, 129).expect("on the map");
        let mut state = State::new(&params, Start::Dry);
        let drivers = Drivers {
            rain: vec![bench.series("urban_rain_merewether8a_2m/rain.csv", 1.0 / 3.6e6)],
            inflow: vec![bench.series("urban_rain_merewether8a_2m/inflow.csv", 1.0)],
            ..Drivers::default()
        };
        let ours = gauges(&params, &mut state, &drivers, 5400.0, 10.0, &gauge_cells);
        let spent = processor_seconds() - before;
        let name = format!("{}, {}", law_name(law), std::any::type_name::<R>());
        let acc = peer_rows(bench, "urban_rain_merewether8a_2m/peer_lisflood_acc.csv");
        let adv0 = peer_rows(bench, "urban_rain_merewether8a_2m/peer_sfincs_adv0.csv");
        let adv1 = peer_rows(bench, "urban_rain_merewether8a_2m/peer_sfincs_adv1.csv");
        for gauge in 0..gauge_cells.len() {
            let peak = |peer: &[(f64, Vec<f64>)]| greatest(&ours, gauge) - greatest(peer, gauge);
            let distance = |peer: &[(f64, Vec<f64>)]| {
                let worst = peer
                    .iter()
                    .filter(|row| row.0 > 60.0 && row.0 <= 5400.0)
                    .map(|row| (at_time(&ours, gauge, row.0) - row.1[gauge]).abs());
                worst.fold(0.0, f64::max)
            };
            let rmse = |peer: &[(f64, Vec<f64>)]| {
                let rows = peer.iter().filter(|row| row.0 > 60.0 && row.0 <= 5400.0);
                let squares: Vec<f64> =
                    rows.map(|row| (at_time(&ours, gauge, row.0) - row.1[gauge]).powi(2)).collect();
                (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
            };
            let end = (at_time(&ours, gauge, 5400.0) - at_time(&acc, gauge, 5400.0)).abs();
            if matches!(law, Law::Inertial { .. }) {
                let what = format!("P{} peak (m) to SFINCS adv0, {name}", gauge + 1);
                bench.gate("urban rain", &what, peak(&adv0).abs(), 0.01);
                bench.gate("urban rain", &format!("P{} at the end (m) to LISFLOOD", gauge + 1), end, 0.01);
                bench.gate("urban rain", &format!("P{} RMSE (m) to LISFLOOD", gauge + 1), rmse(&acc), 0.01);
                bench.gate(
                    "urban rain",
                    &format!("P{} RMSE (m) to SFINCS adv0", gauge + 1),
                    rmse(&adv0),
                    0.01,
                );
                bench.note("urban rain", "   largest distance to LISFLOOD at any time", distance(&acc));
                bench.note("urban rain", "   largest distance to SFINCS adv0 at any time", distance(&adv0));
            } else {
                bench.note(
                    "urban rain",
                    &format!("P{} peak (m) to SFINCS adv1, {name}", gauge + 1),
                    peak(&adv1),
                );
            }
        }
        bench.gate("urban rain", "volume error", state.volume_error(&params).abs(), volume_gate);
        let stored = state.stored(&params);
        // the series of the corpus brings 4291.9 m3; the 4302 m3 of its README are the finer series of the agency
        bench.gate(
            "urban rain",
            "volume against 6954.4 m3",
            (stored / (2662.55 + 4291.875) - 1.0).abs(),
            1e-4,
        );
        bench.gate(
            "urban rain",
            &format!("processor seconds, {name}"),
            spent,
            if matches!(law, Law::Inertial { .. }) { 13.2 / 5.0 } else { 60.0 },
        );
        bench.note("urban rain", "million cell updates a second", state.steps as f64 * 33280.0 / spent / 1e6);
        bench.note("urban rain", "steps", state.steps as f64);
    }
    // little weighting, which suits streets; the usual one lifts P3 by 2 cm
    let streets = Law::Inertial { own_weight: 0.97, froude_limit: Some(2.0) };
    one::<f64>(bench, streets, 1e-9);
    one::<f32>(bench, streets, 1e-6);
    one::<f32>(bench, Law::INERTIAL, 1e-6);
    one::<f64>(bench, Law::SHOCK, 1e-9);
}

/// A basin with an island, rain and a break in the middle, mirrored in both axes and along the diagonal.
fn symmetry(bench: &mut Bench) {
    let n = 61_usize;
    let terrain = |row: usize, column: usize| {
        let (x, y) = (column as f64 - 30.0, row as f64 - 30.0);
        (0.5 * ((x * x * 0.02).sin() + (y * y * 0.02).sin()) + 0.0005 * (x * x + y * y)) as f32
    };
    for law in [Law::INERTIAL, FIRST, Law::SHOCK] {
        let mut map = flat(n, n, 2.0, 0.0);
        map.values = Array2::from_shape_fn((n, n), |(row, column)| terrain(row, column));
        let setup = Setup::new(map, 0.02, Options::of(law));
        let params: Params<f64> = params(&setup);
        let start = Array2::from_shape_fn((n, n), |(row, column)| {
            let (x, y) = (column as f64 - 30.0, row as f64 - 30.0);
            if x * x + y * y < 100.0 { 2.0 } else { 0.0 }
        });
        let mut state = State::new(&params, Start::Depths(&start));
        let drivers = Drivers { rain: vec![Series::constant(50.0 / 3.6e6)], ..Drivers::default() };
        run(&params, &mut state, &drivers, 120.0, 120.0, |_| true);
        let depth =
            |row: usize, column: usize| params.grid.cell(row, column).map_or(f64::NAN, |c| state.depth(c));
        let mut worst = 0.0_f64;
        for row in 0..n {
            for column in 0..n {
                let here = depth(row, column);
                for other in [depth(n - 1 - row, column), depth(row, n - 1 - column), depth(column, row)] {
                    worst = worst.max((here - other).abs());
                }
            }
        }
        bench.gate("symmetry", &format!("largest difference (m), {}", law_name(law)), worst, 0.0);
        bench.gate("symmetry", "volume error", state.volume_error(&params).abs(), 1e-9);
    }
}

/// A number that depends on every bit of the depths.
fn digest<R: Real>(params: &Params<R>, state: &State<R>) -> u64 {
    params.grid.all().fold(0xcbf2_9ce4_8422_2325, |hash, cell| {
        (hash ^ state.depth(cell).to_bits()).wrapping_mul(0x0100_0000_01b3)
    })
}

fn threads(bench: &mut Bench) {
    let terrain = bench.map("urban_rain_merewether8a_2m/dem.asc.gz");
    for law in [Law::INERTIAL, Law::SHOCK] {
        let digests: Vec<u64> = [1, 2, 3]
            .into_iter()
            .map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
                pool.install(|| {
                    let params: Params<f32> = params(&Setup::new(terrain.clone(), 0.03, Options::of(law)));
                    let mut state = State::new(&params, Start::Dry);
                    let drivers =
                        Drivers { rain: vec![Series::constant(400.0 / 3.6e6)], ..Drivers::default() };
                    run(&params, &mut state, &drivers, 120.0, 30.0, |_| true);
                    digest(&params, &state)
                })
            })
            .collect();
        let same = digests.iter().all(|digest| *digest == digests[0]);
        bench.gate("threads", &format!("different bits, {}", law_name(law)), f64::from(!same), 0.0);
    }
}

/// Noise of the kind that the corpus's generator makes, without its Fourier transform: hills of all sizes from 500 cells
/// down, the relief of the generator. Used if no file is there.
fn hills(n: usize) -> Raster {
    let mut map = flat(n, n, 10.0, 0.0);
    let mut seed = 7_u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 40) as f64 / f64::from(1 << 24)
    };
    let waves: Vec<[f64; 4]> = (0..60)
        .map(|i| {
            let length = 500.0 * 0.93_f64.powi(i);
            let angle = random() * std::f64::consts::TAU;
            let k = std::f64::consts::TAU / length;
            [
                k * angle.cos(),
                k * angle.sin(),
                random() * std::f64::consts::TAU,
                10.0 * (length / 500.0).powf(1.1) * 0.35,
            ]
        })
        .collect();
    map.values = Array2::from_shape_fn((n, n), |(row, column)| {
        let (x, y) = (column as f64, row as f64);
        let sum: f64 = waves.iter().map(|[kx, ky, phase, a]| a * (kx * x + ky * y + phase).sin()).sum();
        (sum - 0.02 * (x + y) + 200.0) as f32
    });
    map
}

fn scaling(bench: &mut Bench) {
    fn one<R: Real>(
        bench: &mut Bench,
        n: usize,
        law: Law,
        end: f64,
        step: f64,
        speed: f64,
        volume_gate: f64,
    ) {
        let file = format!("fractal_{n}.asc");
        let terrain = if bench.folder.join(&file).exists() { bench.map(&file) } else { hills(n) };
        let mut options = Options::of(law);
        options.longest_step = step;
        options.parallel = false;
        let mut setup = Setup::new(terrain, 0.035, options);
        setup.watch = Some(Watch { interval: 30.0, ..Watch::default() });
        let params: Params<R> = params(&setup);
        let mut state = State::new(&params, Start::Dry);
        let drivers = Drivers { rain: vec![Series::constant(30.0 / 3.6e6)], ..Drivers::default() };
        let before = processor_seconds();
        run(&params, &mut state, &drivers, end, end, |_| true);
        let spent = processor_seconds() - before;
        let rate = (n * n) as f64 * state.steps as f64 / spent / 1e6;
        let name =
            format!("{n} x {n}, {}, {}, {} steps", law_name(law), std::any::type_name::<R>(), state.steps);
        bench.gate(
            "scaling",
            &format!("volume error, {name}"),
            state.volume_error(&params).abs(),
            volume_gate,
        );
        let wanted = if speed > 0.0 { 1.0 / speed } else { f64::INFINITY };
        bench.gate("scaling", &format!("1 / million updates a second ({rate:.0})"), 1.0 / rate, wanted);
    }
    one::<f32>(bench, 500, Law::INERTIAL, 1800.0, 1.0, 150.0, 1e-6);
    one::<f64>(bench, 500, Law::INERTIAL, 1800.0, 1.0, 80.0, 1e-9);
    one::<f32>(bench, 500, Law::INERTIAL, 1800.0, 10.0, 150.0, 1e-6);
    one::<f32>(bench, 1000, Law::INERTIAL, 600.0, 1.0, 150.0, 1e-6);
    one::<f64>(bench, 1000, Law::INERTIAL, 600.0, 1.0, 80.0, 1e-9);
    one::<f32>(bench, 2000, Law::INERTIAL, 120.0, 1.0, 150.0, 1e-6);
    one::<f64>(bench, 2000, Law::INERTIAL, 120.0, 1.0, 80.0, 1e-9);
    one::<f32>(bench, 500, Law::SHOCK, 300.0, 1.0, 0.0, 1e-6);
}

/// Water that manholes take and give, and a step without any other force.
fn exchange(bench: &mut Bench) {
    let params: Params<f32> = params(&Setup::new(flat(20, 20, 1.0, 0.0), 0.02, Options::of(Law::INERTIAL)));
    let mut state = State::new(&params, Start::Dry);
    let (here, there) = (params.grid.cell(3, 3).expect("a cell"), params.grid.cell(17, 17).expect("a cell"));
    for _ in 0..20_000 {
        state.exchange(&params, here, 1.0e-4);
        state.exchange(&params, there, -2.0e-4);
        let dt = state.allowed_step(&params).min(0.1);
        step(&params, &mut state, &Forcing::default(), dt);
    }
    bench.note("exchange", "came in (m3)", state.ledger.exchange_in);
    bench.note("exchange", "went out (m3)", state.ledger.exchange_out);
    bench.gate("exchange", "volume error", state.volume_error(&params).abs(), 1e-6);
}

fn main() {
    let folder = std::env::var_os("PAILAO_SURFACE_CASES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/surface"),
        PathBuf::from,
    );
    let mut bench = Bench { folder, failed: 0 };
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let cases: [(&str, Case); 13] = [
        ("lake", lake_at_rest),
        ("ritter", |bench| dam_break(bench, "ritter", "dambreak_ritter_dry")),
        ("stoker", |bench| dam_break(bench, "stoker", "dambreak_stoker_wet")),
        ("thacker", thacker),
        ("bates", bates_wave),
        ("convergence", convergence),
        ("v_catchment", v_catchment),
        ("ea4", ea4),
        ("ea5", ea5),
        ("urban", urban),
        ("symmetry", symmetry),
        ("threads", threads),
        ("exchange", exchange),
    ];
    for (name, case) in cases {
        if wanted.is_empty() || wanted.iter().any(|wanted| name.starts_with(wanted.as_str())) {
            case(&mut bench);
        }
    }
    if wanted.is_empty() || wanted.iter().any(|wanted| "scaling".starts_with(wanted.as_str())) {
        scaling(&mut bench);
    }
    println!("{} gates failed", bench.failed);
    std::process::exit(i32::from(bench.failed > 0));
}
