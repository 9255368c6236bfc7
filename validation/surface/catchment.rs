//! Rain on the V-shaped catchment (Overton & Brakensiek 1970; di Giammarco et al. 1996).

use pailao::num::real::Real;
use pailao::surface::{Boundary, Drivers, Kind, Law, Line, Options, Roughness, Setup, Side, Start};

use crate::corpus;
use crate::figure::Figure;
use crate::proof::{Done, Proof, Trouble};
use crate::water::{FIRST, Water, edges, law_name};

/// Discharge minute by minute (m³/s), and that of the foot of the western hillside for each metre (m²/s).
struct Hydrographs {
    outflow: Vec<(f64, f64)>,
    hillside: Vec<(f64, f64)>,
}

fn one<R: Real>(proof: &mut Proof, law: Law, kind: Kind) -> Result<Hydrographs, Trouble> {
    let mut options = Options::of(law);
    options.longest_step = 5.0;
    let mut setup = Setup::new(corpus::map("v_catchment_digiammarco/dem.asc.gz")?, 0.0, options);
    setup.roughness = Roughness::Map(corpus::map("v_catchment_digiammarco/n.asc.gz")?);
    let grid = setup.grid();
    setup.boundaries = vec![Boundary { kind, edges: edges(&grid, Side::South, 80..82) }];
    // the foot of the western hillside, 800 m from the western edge. The hillsides of the map fall by 2 % to the south as
    // the channel does, so paths are slanting: they come from the map's upper edge from 400 to 900 m south of its north
    let foot = grid.west + 800.0;
    setup.lines = vec![Line::between(&grid, (foot, grid.north - 900.0), (foot, grid.north - 400.0))];
    let mut water: Water<R> = Water::new(&setup, Start::Dry)?;
    let rain = corpus::series("v_catchment_digiammarco/rain.csv", 1.0 / 3.6e6)?;
    let drivers = Drivers { rain: vec![rain], ..Drivers::default() };
    let (mut outflow, mut hillside) = (Vec::new(), Vec::new());
    let mut before = (0.0, 0.0);
    water.to(&drivers, 10800.0, 60.0, |_, state| {
        let now = (state.ledger.boundary_out.iter().sum::<f64>(), state.passed[0]);
        if state.time > 0.0 {
            // the mean over a minute is that of its middle
            outflow.push((state.time - 30.0, (now.0 - before.0) / 60.0));
            hillside.push((state.time - 30.0, (now.1 - before.1) / 60.0 / 500.0));
        }
        before = now;
    });
    let end = if matches!(kind, Kind::Free) { "a fall at the outlet" } else { "normal depth at the outlet" };
    let name = format!("{}, {end}", water.name());
    let equilibrium = 10.8 / 3.6e6 * 162.0 * 100.0 * 100.0;
    let reached = outflow.iter().find(|row| row.0 > 5330.0).map_or(f64::NAN, |row| row.1);
    proof.gate(&format!("equilibrium, off by, {name}"), (reached / equilibrium - 1.0).abs(), 0.01);
    let foot = hillside.iter().find(|row| row.0 > 5330.0).map_or(f64::NAN, |row| row.1);
    proof.gate(
        &format!("foot of the hillside, off rain times 800 m by, {}", water.name()),
        (foot / (3.0e-6 * 800.0) - 1.0).abs(),
        0.01,
    );
    water.kept(proof);
    Ok(Hydrographs { outflow, hillside })
}

/// Both laws, both kinds of outlet.
pub fn v_catchment(proof: &mut Proof) -> Done {
    const NORMAL: Kind = Kind::NormalDepth { slope: 0.02 };
    let mut outlet =
        Figure::new("V-shaped catchment: discharge at the outlet", "time (h)", "discharge (m³/s)");
    outlet.known("rain times area", [(0.0, 4.86), (1.5, 4.86)]);
    let mut foot = Figure::new("V-shaped catchment: foot of a hillside", "time (h)", "discharge (m²/s)");
    let known = corpus::table("v_catchment_digiammarco/hillslope_q.csv")?;
    foot.known(
        "kinematic wave, straight",
        known.iter().filter(|r| r[0] <= 5400.0).map(|r| (r[0] / 3600.0, r[1])),
    );
    for law in [Law::INERTIAL, Law::SHOCK] {
        let ours = one::<f64>(proof, law, NORMAL)?;
        let hours = |rows: &[(f64, f64)]| -> Vec<(f64, f64)> {
            rows.iter().step_by(3).map(|(t, q)| (t / 3600.0, *q)).collect()
        };
        outlet.computed(law_name(law), hours(&ours.outflow));
        foot.computed(law_name(law), hours(&ours.hillside));
        if !proof.quick {
            one::<f32>(proof, law, NORMAL)?;
            one::<f64>(proof, law, Kind::Free)?;
        }
    }
    if !proof.quick {
        one::<f64>(proof, FIRST, NORMAL)?;
    }
    outlet.write("surface_v_catchment_outlet");
    foot.write("surface_v_catchment_hillside");
    Ok(())
}
