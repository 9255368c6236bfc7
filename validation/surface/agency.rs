//! Tests 4 and 5 of the Environment Agency, against the series that peers gave on the same input.

use pailao::num::real::Real;
use pailao::surface::{Drivers, Law, Options, Setup, Start};

use crate::corpus;
use crate::figure::Figure;
use crate::proof::{Done, Proof, Trouble};
use crate::water::{FIRST, Gauges, Water, law_name};

/// Test 4: a flood spreads over a plain.
pub fn plain(proof: &mut Proof) -> Done {
    const END: f64 = 18000.0;
    let mut figure = Figure::new(
        "EA test 4: depth on the plain, cells of 10 m (lines: LISFLOOD-FP)",
        "time (h)",
        "depth (m)",
    );
    let sizes: &[f64] = if proof.quick { &[10.0] } else { &[10.0, 5.0] };
    for (law, peer) in [
        (Law::INERTIAL, "peer_lisflood_acc_10m"),
        (Law::SHOCK, "peer_lisflood_fv1_10m"),
        (FIRST, "peer_lisflood_fv1_10m"),
    ] {
        if proof.quick && law == FIRST {
            continue;
        }
        let theirs = Gauges::of(corpus::table(&format!("ea4_floodplain/{peer}.csv"))?, END);
        for size in sizes {
            let (rows, columns) = ((2000.0 / size) as usize, (1000.0 / size) as usize);
            let mut setup = Setup::new(corpus::flat(rows, columns, *size), 0.05, Options::of(law));
            let grid = setup.grid();
            // 20 m of the western edge, from 990 to 1010 m
            let line = (0..rows).filter(|row| (1000.0 - (*row as f64 + 0.5) * size).abs() < 10.0);
            setup.inflows = vec![line.filter_map(|row| grid.cell(row, 0)).collect()];
            let cells = corpus::points(&grid, "ea4_floodplain/points.csv")?;
            let inflow = vec![corpus::series("ea4_floodplain/inflow.csv", 1.0)?];
            let mut water: Water<f64> = Water::new(&setup, Start::Dry)?;
            let ours = water.gauges(&Drivers { inflow, ..Drivers::default() }, END, 60.0, &cells);
            for gauge in 0..cells.len() {
                let (rmse, _) = ours.distance(&theirs, gauge, 0.0);
                let peak = (ours.greatest(gauge) - theirs.greatest(gauge)).abs();
                let what = format!("P{} RMSE (m) to {peer}, {size} m, {}", gauge + 1, law_name(law));
                if *size == 10.0 && law != FIRST {
                    proof.gate(&what, rmse, 0.02);
                    proof.gate(&format!("P{} peak (m)", gauge + 1), peak, 0.01);
                } else {
                    proof.note(&what, rmse);
                }
            }
            water.kept(proof);
            if *size == 10.0 && law != FIRST {
                for gauge in [0, 3] {
                    let name = if law == Law::SHOCK { "FV1" } else { "ACC" };
                    let known = theirs.thinned(gauge, 400, 3600.0);
                    figure.known(&format!("P{}, {name}", gauge + 1), known);
                    let dots = ours.thinned(gauge, 50, 3600.0);
                    figure.computed(&format!("P{}, {}", gauge + 1, law_name(law)), dots);
                }
            }
        }
    }
    figure.write("surface_ea4");
    Ok(())
}

/// Points of test 5 that get wet, as place in the table and number.
const VALLEY: [(usize, usize); 6] = [(0, 1), (1, 2), (2, 3), (3, 4), (5, 6), (6, 7)];
/// Time that is compared (s).
const VALLEY_END: f64 = 20000.0;

/// The valley and what breaks into it.
pub fn valley_place(law: Law) -> Result<(Setup, Drivers), Trouble> {
    let mut setup = Setup::new(corpus::map("ea5_valley_50m/dem_50m.asc.gz")?, 0.04, Options::of(law));
    let grid = setup.grid();
    let mouth = corpus::table("ea5_valley_50m/inflow_cells.csv")?;
    setup.inflows = vec![mouth.iter().filter_map(|row| grid.cell_of(row[0], row[1])).collect()];
    let inflow = vec![corpus::series("ea5_valley_50m/inflow.csv", 1.0)?];
    Ok((setup, Drivers { inflow, ..Drivers::default() }))
}

fn valley_of<R: Real>(
    proof: &mut Proof,
    law: Law,
    peers: &[&str],
    peak_gate: Option<f64>,
) -> Result<Gauges, Trouble> {
    let (setup, drivers) = valley_place(law)?;
    let cells = corpus::points(&setup.grid(), "ea5_valley_50m/points.csv")?;
    let mut water: Water<R> = Water::new(&setup, Start::Dry)?;
    let ours = water.gauges(&drivers, VALLEY_END, 20.0, &cells);
    for (gauge, point) in VALLEY {
        // the gate holds against the nearest of the peers of the same kind: they differ from each other by more than it
        let (mut peak, mut late) = (f64::INFINITY, f64::INFINITY);
        for peer in peers {
            let theirs = Gauges::of(corpus::table(&format!("ea5_valley_50m/{peer}.csv"))?, VALLEY_END);
            // at the times of the peer: one was written every 1000 s only, and its greatest depth is not its peak
            let seen = ours.at_times(&theirs);
            peak = peak.min((seen.greatest(gauge) - theirs.greatest(gauge)).abs());
            // arrivals can be told only from the peers that were written often enough
            if theirs.rows.windows(2).all(|w| w[1].0 - w[0].0 < 400.0) {
                late = late.min((seen.first_above(gauge, 0.05) - theirs.first_above(gauge, 0.05)).abs());
            }
        }
        let (peak_of, arrival_of) = (
            format!("P{point} peak (m), {}", water.name()),
            format!("P{point} arrival (s), {}", water.name()),
        );
        match peak_gate {
            Some(gate) => {
                proof.gate(&peak_of, peak, gate);
                proof.gate(&arrival_of, late, 180.0);
            }
            None => {
                proof.note(&peak_of, peak);
                proof.note(&arrival_of, late);
            }
        }
    }
    water.kept(proof);
    Ok(ours)
}

/// Test 5: a dam fails above a steep valley.
pub fn valley(proof: &mut Proof) -> Done {
    let no_advection = ["peer_lisflood_acc_50m", "peer_sfincs_adv0_50m"];
    let full = ["peer_lisflood_fv1_50m", "peer_sfincs_adv1_50m"];
    // the published series of second order, on a terrain of its own that differs at P3, P4 and P7
    let second = ["reference_dg2_50m"];
    let inertial = valley_of::<f64>(proof, Law::INERTIAL, &no_advection, Some(0.10))?;
    valley_of::<f32>(proof, Law::INERTIAL, &no_advection, Some(0.10))?;
    // the peers with advection are of first order, and so is what is held against them
    let shock = valley_of::<f64>(proof, FIRST, &full, Some(0.05))?;
    valley_of::<f64>(proof, Law::SHOCK, &second, None)?;
    let title = "EA test 5: depth in the valley (lines: SFINCS)";
    let mut figure = Figure::new(title, "time (h)", "depth (m)");
    for (ours, peer, law) in [(&inertial, no_advection[1], "inertial"), (&shock, full[1], "shock")] {
        let theirs = Gauges::of(corpus::table(&format!("ea5_valley_50m/{peer}.csv"))?, VALLEY_END);
        for (gauge, point) in [(1, 2), (3, 4)] {
            let kind = if law == "shock" { "with" } else { "no" };
            figure.known(&format!("P{point}, {kind} advection"), theirs.thinned(gauge, 200, 3600.0));
            figure.computed(&format!("P{point}, {law}"), ours.thinned(gauge, 70, 3600.0));
        }
    }
    figure.write("surface_ea5");
    Ok(())
}
