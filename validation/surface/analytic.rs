//! Water at rest, dam breaks, a bowl and a wave: closed forms.

use ndarray::Array2;
use pailao::num::real::Real;
use pailao::surface::{Boundary, Drivers, Kind, Law, Options, Setup, Side, Start};

use crate::corpus;
use crate::figure::Figure;
use crate::proof::{Done, Proof, Trouble};
use crate::water::{FIRST, Water, edges, law_name};

/// Water at rest among islands stays at rest.
pub fn lake_at_rest(proof: &mut Proof) -> Done {
    fn one<R: Real>(proof: &mut Proof, law: Law, gate: f64) -> Result<Vec<(f64, f64)>, Trouble> {
        let setup = Setup::new(corpus::map("lake_at_rest_rough/dem.asc.gz")?, 0.03, Options::of(law));
        let mut water: Water<R> = Water::new(&setup, Start::Level(2.0))?;
        let (mut most, mut series) = (0.0_f64, Vec::new());
        water.to(&Drivers::default(), 600.0, 20.0, |params, state| {
            let sides = params.grid.all().map(|cell| state.discharge(params, cell));
            let now = sides.fold(0.0, |q: f64, (x, y)| q.max(x.abs()).max(y.abs()));
            series.push((state.time, now * 1.0e6));
            most = most.max(now);
        });
        proof.gate(&format!("greatest discharge (m2/s), {}", water.name()), most, gate);
        // the corpus asks for a change of 0: the sum of 16,384 depths is only good to a few of its last bits
        let change = (water.state.stored(&water.params) / water.state.ledger.initial - 1.0).abs();
        proof.gate(&format!("change of volume, {}", water.name()), change, 1.0e-14);
        water.kept(proof);
        Ok(series)
    }
    let title = "Lake at rest over rough ground: the greatest discharge";
    let mut figure = Figure::new(title, "time (s)", "discharge (mm²/s)");
    figure.known("gate of f32", [(0.0, 10.0), (600.0, 10.0)]);
    for law in [Law::INERTIAL, FIRST, Law::SHOCK] {
        one::<f64>(proof, law, 1.0e-10)?;
        figure.computed(&format!("{}, f32", law_name(law)), one::<f32>(proof, law, 1.0e-5)?);
    }
    figure.write("surface_lake_at_rest");
    Ok(())
}

/// A dam break on a dry or a wet bed.
pub fn dam_break(proof: &mut Proof, folder: &str, title: &str) -> Done {
    let exact = corpus::table(&format!("{folder}/profile.csv"))?;
    let mut times: Vec<f64> = exact.iter().map(|row| row[0]).collect();
    times.dedup();
    let mut figure = Figure::new(title, "x (m)", "depth (m)");
    let last = *times.last().ok_or("no times")?;
    let known = exact.iter().filter(|row| row[0] == last).map(|row| (row[1], row[2]));
    figure.known(&format!("exact, {last} s"), known);
    for (law, gate) in [(FIRST, Some(0.01)), (Law::SHOCK, Some(0.004)), (Law::INERTIAL, None)] {
        let start = corpus::map(&format!("{folder}/depth0.asc"))?.values.mapv(f64::from);
        let setup = Setup::new(corpus::map(&format!("{folder}/dem.asc"))?, 0.0, Options::of(law));
        let mut water: Water<f64> = Water::new(&setup, Start::Depths(&start))?;
        for time in &times {
            water.to(&Drivers::default(), *time, *time, |_, _| ());
            let depths = water.profile();
            let (mut error, mut sum) = (0.0, 0.0);
            for row in exact.iter().filter(|row| row[0] == *time) {
                let column = (row[1] / water.params.grid.size).floor() as usize;
                error += (depths[column.min(depths.len() - 1)] - row[2]).abs();
                sum += row[2];
            }
            let what = format!("L1(h) / mean at {time} s, {}", law_name(law));
            match gate {
                Some(gate) => proof.gate(&what, error / sum, gate),
                // the inertial law has no advection: dam breaks are not its cases
                None => proof.note(&what, error / sum),
            }
        }
        water.kept(proof);
        if law != FIRST {
            let each = |(column, depth): (usize, &f64)| (column as f64 + 0.5, *depth);
            let dots: Vec<_> = water.profile().iter().enumerate().step_by(12).map(each).collect();
            figure.computed(law_name(law), dots);
        }
    }
    figure.write(&format!("surface_{folder}"));
    Ok(())
}

/// A smooth low wave that runs for 6 s, on finer and finer cells: errors are distances to the finest grid.
pub fn convergence(proof: &mut Proof) -> Done {
    const FINEST: usize = 3200;
    fn hump(cells: usize, law: Law) -> Result<Vec<f64>, Trouble> {
        let size = 100.0 / cells as f64;
        let mut options = Options::of(law);
        options.longest_step = 100.0;
        let setup = Setup::new(corpus::flat(3, cells, size), 0.0, options);
        let shape = |x: f64| 1.0 + 0.01 * (-((x - 50.0) / 8.0).powi(2)).exp();
        let start = Array2::from_shape_fn((3, cells), |(_, column)| {
            // the mean over the cell, by Simpson's rule
            let x = column as f64 * size;
            (shape(x) + 4.0 * shape(x + 0.5 * size) + shape(x + size)) / 6.0
        });
        let mut water: Water<f64> = Water::new(&setup, Start::Depths(&start))?;
        water.to(&Drivers::default(), 6.0, 6.0, |_, _| ());
        Ok(water.profile())
    }
    let title = "Order of convergence: a smooth wave";
    let mut figure = Figure::new(title, "log10 of cells in 100 m", "log10 of mean error (m)");
    for (law, order) in [(Law::INERTIAL, 0.8), (FIRST, 0.8), (Law::SHOCK, 1.7)] {
        let fine = hump(FINEST, law)?;
        let mut errors = Vec::new();
        for cells in [50, 100, 200, 400] {
            let each = FINEST / cells;
            let mean = |i: usize| fine[i * each..(i + 1) * each].iter().sum::<f64>() / each as f64;
            let error: f64 = hump(cells, law)?.iter().enumerate().map(|(i, h)| (h - mean(i)).abs()).sum();
            errors.push((cells, error / cells as f64));
        }
        for pair in errors.windows(2) {
            let found = (pair[0].1 / pair[1].1).log2();
            let what = format!("order from {} to {} cells, {}", pair[0].0, pair[1].0, law_name(law));
            if pair[1].0 == 400 {
                proof.at_least(&what, found, order);
            } else {
                proof.note(&what, found);
            }
        }
        let dots: Vec<_> =
            errors.iter().map(|(cells, error)| ((*cells as f64).log10(), error.log10())).collect();
        figure.computed(law_name(law), dots);
    }
    figure.known("order 1", [(1.7, -3.7), (2.6, -4.6)]);
    figure.known("order 2", [(1.7, -4.2), (2.6, -6.0)]);
    figure.write("surface_convergence");
    Ok(())
}

/// Thacker's bowl: a moving shoreline.
pub fn thacker(proof: &mut Proof) -> Done {
    const PERIOD: f64 = 2.24285;
    let mut figure = Figure::new("Thacker's paraboloid after three periods", "x (m)", "depth (m)");
    let exact = corpus::map("thacker_paraboloid/depth_3T.asc.gz")?.values;
    let row = exact.nrows() / 2;
    let place = |column: usize| (column as f64 + 0.5) * 0.02 - 2.0;
    figure.known("exact", exact.row(row).iter().enumerate().map(|(i, h)| (place(i), f64::from(*h))));
    for law in [FIRST, Law::SHOCK] {
        let start = corpus::map("thacker_paraboloid/depth0.asc.gz")?.values.mapv(f64::from);
        let setup = Setup::new(corpus::map("thacker_paraboloid/dem.asc.gz")?, 0.0, Options::of(law));
        let mut water: Water<f64> = Water::new(&setup, Start::Depths(&start))?;
        for (time, name) in [(0.5, "0.5T"), (1.0, "1T"), (3.0, "3T")] {
            water.to(&Drivers::default(), time * PERIOD, 0.1, |_, _| ());
            let exact = corpus::map(&format!("thacker_paraboloid/depth_{name}.asc.gz"))?;
            let cells = water.params.grid.all().zip(&exact.values);
            let sum: f64 =
                cells.map(|(cell, exact)| (water.state.depth(cell) - f64::from(*exact)).powi(2)).sum();
            let error = (sum / water.params.grid.cells() as f64).sqrt() / 0.1;
            let what = format!("depth RMSE / h0 at {name}, {}", law_name(law));
            if law == Law::SHOCK && name == "3T" {
                proof.gate(&what, error, 0.02);
            } else {
                proof.note(&what, error);
            }
        }
        water.kept(proof);
        let dots: Vec<_> =
            water.profile().iter().enumerate().step_by(3).map(|(i, h)| (place(i), *h)).collect();
        figure.computed(law_name(law), dots);
    }
    figure.write("surface_thacker");
    Ok(())
}

/// The depth of the same wave where there is no advection (m), as the inertial law has it: `q = u h` in
/// `∂q/∂t + g h ∂h/∂x + g n² q² / h^(7/3) = 0` gives `3/7 h^(7/3) - 3/4 u²/g h^(4/3) = n² u² s`, `s = u t - x` (m). It stands
/// about `3/4 u²/g`, 8 cm, above the other, whatever the cells.
fn wave_without_advection(s: f64) -> f64 {
    const HEAD: f64 = 0.75 / 9.81;
    if s <= 0.0 {
        return 0.0;
    }
    let mut h = (7.0 / 3.0 * 0.03_f64.powi(2) * s).powf(3.0 / 7.0) + 7.0 / 3.0 * HEAD;
    for _ in 0..50 {
        let miss = 3.0 / 7.0 * h.powf(7.0 / 3.0) - HEAD * h.powf(4.0 / 3.0) - 0.03_f64.powi(2) * s;
        h -= miss / (h.powf(4.0 / 3.0) - 4.0 / 3.0 * HEAD * h.cbrt());
    }
    h
}

/// The inertial law against its own wave.
fn own_wave(proof: &mut Proof) -> Done {
    let points = (0..=3600).map(|t| (f64::from(t), wave_without_advection(f64::from(t)))).collect();
    let stage = corpus::linear(points)?;
    for size in [20.0, 10.0, 5.0] {
        let ground = corpus::flat(4, (5000.0 / size) as usize, size);
        let mut setup = Setup::new(ground, 0.03, Options::of(Law::INERTIAL));
        let west = edges(&setup.grid(), Side::West, 0..4);
        setup.boundaries = vec![Boundary { kind: Kind::Stage, edges: west }];
        let mut water: Water<f64> = Water::new(&setup, Start::Dry)?;
        let drivers = Drivers { stage: vec![stage.clone()], ..Drivers::default() };
        water.to(&drivers, 3600.0, 3600.0, |_, _| ());
        let depths = water.profile();
        let squares = depths
            .iter()
            .enumerate()
            .map(|(i, h)| (h - wave_without_advection(3600.0 - (i as f64 + 0.5) * size)).powi(2));
        let error = (squares.sum::<f64>() / depths.len() as f64).sqrt();
        let what = format!("RMSE (m) to its own wave at 3600 s, {size} m, inertial");
        if size == 10.0 {
            proof.gate(&what, error, 0.03);
        } else {
            proof.note(&what, error);
        }
        water.kept(proof);
    }
    Ok(())
}

/// The wave that does not break, whose speed is 1 m/s and Manning's n 0.03: `h = (7/3 n² u² (u t - x))^(3/7)`.
pub fn bates_wave(proof: &mut Proof) -> Done {
    let exact = |x: f64, t: f64| (7.0 / 3.0 * 0.03_f64.powi(2) * (t - x)).max(0.0).powf(3.0 / 7.0);
    let mut figure =
        Figure::new("Wave on a dry plain (Bates et al. 2010), cells of 10 m", "x (m)", "depth (m)");
    for time in [1800.0, 3600.0] {
        let known = (0..=1000).map(|i| (f64::from(i) * 5.0, exact(f64::from(i) * 5.0, time)));
        figure.known(&format!("exact, {time} s"), known);
    }
    // the series of the corpus is straight from minute to minute, which is coarse at the start: the finer one is the
    // closed form
    let finer = corpus::linear((0..=3600).map(|t| (f64::from(t), exact(0.0, f64::from(t)))).collect())?;
    let given = corpus::series("wave_nonbreaking_horizontal/stage.csv", 1.0)?;
    // the closed form holds advection, which the inertial law leaves out unless it is asked for: without it the law
    // goes to a wave of its own
    for (law, advection) in [(Law::INERTIAL, true), (Law::INERTIAL, false), (Law::SHOCK, false)] {
        for (size, stage, name) in [
            (10.0, &given, "stages of the corpus"),
            (20.0, &finer, "20 m"),
            (10.0, &finer, "10 m"),
            (5.0, &finer, "5 m"),
        ] {
            let ground = corpus::flat(4, (5000.0 / size) as usize, size);
            let options = Options { advection, ..Options::of(law) };
            let mut setup = Setup::new(ground, 0.03, options);
            let west = edges(&setup.grid(), Side::West, 0..4);
            setup.boundaries = vec![Boundary { kind: Kind::Stage, edges: west }];
            let mut water: Water<f64> = Water::new(&setup, Start::Dry)?;
            let drivers = Drivers { stage: vec![stage.clone()], ..Drivers::default() };
            for time in [1800.0, 3600.0] {
                water.to(&drivers, time, time, |_, _| ());
                let depths = water.profile();
                let x = |i: usize| (i as f64 + 0.5) * size;
                let squares: f64 =
                    depths.iter().enumerate().map(|(i, h)| (h - exact(x(i), time)).powi(2)).sum();
                let error = (squares / depths.len() as f64).sqrt();
                let with = if advection { " with advection" } else { "" };
                let what = format!("RMSE (m) at {time} s, {name}, {}{with}", law_name(law));
                if advection && size == 10.0 {
                    proof.gate(&what, error, 0.03);
                } else {
                    proof.note(&what, error);
                }
                if advection && name == "10 m" {
                    let dots: Vec<_> =
                        depths.iter().enumerate().step_by(8).map(|(i, h)| (x(i), *h)).collect();
                    figure.computed(&format!("inertial with advection, {time} s"), dots);
                }
            }
            water.kept(proof);
        }
    }
    figure.write("surface_wave");
    own_wave(proof)
}
