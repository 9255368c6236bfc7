//! EA test 8B: a sewer that surcharges through one manhole, against the manhole flow of XPSTORM.

use pailao::routing::exchange::Opening;
use pailao::simulation::street::{Precision, Street};
use pailao::surface::{Boundary, Kind, Law, Options, Setup, Side};

use crate::corpus;
use crate::figure::Figure;
use crate::joined::{Joined, join, manhole, network};
use crate::proof::{Done, Proof, Trouble};
use crate::water::edges;

/// Area of the manhole of the case (m²).
const AREA: f64 = 1.0;
/// Manning's n of the ground, which the case leaves open.
const ROUGHNESS: f64 = 0.05;
/// Times before are the filling of the pipes (s).
const FROM: f64 = 3000.0;

/// The orifice's coefficient that gives the peak of XPSTORM on this ground.
const FITTED: f64 = 0.605;

/// `slot` surcharges pipes by Preissmann's slot, which stores water as they fill, in place of EXTRAN's method.
fn coupled(orifice: f64, slot: bool, one_way: bool, law: Law) -> Result<Joined, Trouble> {
    let mut text = std::fs::read_to_string(corpus::path("ea8b_exchange/test8b_drainage_ponding.inp")?)?;
    if slot {
        text = text.replace("[OPTIONS]", "[OPTIONS]\nSURCHARGE_METHOD SLOT");
    }
    let model = network(text.as_bytes(), "test8b_drainage_ponding.inp")?;
    let terrain = corpus::map("ea8b_exchange/dem_synthetic_cone_2m.asc")?;
    let mut setup = Setup::new(terrain, ROUGHNESS, Options::of(law));
    let grid = setup.grid();
    let mut open = Vec::new();
    for (side, count) in [
        (Side::North, grid.columns),
        (Side::South, grid.columns),
        (Side::West, grid.rows),
        (Side::East, grid.rows),
    ] {
        open.extend(edges(&grid, side, 0..count));
    }
    setup.boundaries = vec![Boundary { kind: Kind::Free, edges: open }];
    let opening = Opening { orifice, ..Opening::manhole(AREA) };
    let place = manhole(&model, &setup, "J1", (264_895.0, 664_747.0), 31.46, opening)?;
    let mut street = Street::new(setup);
    street.precision = Precision::Double;
    street.one_way = one_way;
    street.manholes = vec![place];
    join(&model, &street, Vec::new())
}

/// A value between the rows of a series.
fn at(rows: &[(f64, f64)], time: f64) -> f64 {
    let after = rows.partition_point(|row| row.0 <= time).clamp(1, rows.len() - 1);
    let (a, b) = (rows[after - 1], rows[after]);
    a.1 + (b.1 - a.1) * ((time - a.0) / (b.0 - a.0)).clamp(0.0, 1.0)
}

/// Nash and Sutcliffe's efficiency at the times of the known rows.
fn efficiency(known: &[(f64, f64)], ours: &[(f64, f64)]) -> f64 {
    let mean = known.iter().map(|row| row.1).sum::<f64>() / known.len() as f64;
    let apart: f64 = known.iter().map(|row| (at(ours, row.0) - row.1).powi(2)).sum();
    let spread: f64 = known.iter().map(|row| (row.1 - mean).powi(2)).sum();
    1.0 - apart / spread
}

fn greatest(rows: &[(f64, f64)]) -> f64 {
    rows.iter().map(|row| row.1).fold(0.0, f64::max)
}

/// The case with its gates, and what it depends on.
pub fn ea8b(proof: &mut Proof) -> Done {
    let known = corpus::table("ea8b_exchange/reference_xpstorm_manhole_flow.csv")?;
    let known: Vec<(f64, f64)> =
        known.iter().map(|row| (row[0], row[1])).filter(|row| row.0 >= FROM).collect();
    let usual = Opening::manhole(AREA);
    proof.remark(&format!(
        "orifice C {FITTED} (fitted to the peak), surcharge by slot, area {AREA} m2, rim {:.3} m at 31.46 m, weir {} free and {} drowned, n {ROUGHNESS}, falls at the edges",
        usual.rim, usual.free_weir, usual.submerged_weir
    ));
    let mut figure = Figure::new("EA test 8B: flow up at the manhole", "time (h)", "flow (m³/s)");
    let hours =
        |rows: &[(f64, f64)]| -> Vec<(f64, f64)> { rows.iter().map(|row| (row.0 / 3600.0, row.1)).collect() };
    figure.known("XPSTORM", hours(&known));
    for (name, orifice, slot, one_way, law, gated) in [
        ("inertial", FITTED, true, false, Law::INERTIAL, true),
        ("shock", FITTED, true, false, Law::SHOCK, true),
        ("EXTRAN", FITTED, false, false, Law::INERTIAL, false),
        ("C 1.0", 1.0, true, false, Law::INERTIAL, false),
        ("C 0.167", 0.167, true, false, Law::INERTIAL, false),
        ("one-way", FITTED, true, true, Law::INERTIAL, false),
    ] {
        if proof.quick && name == "shock" {
            continue;
        }
        let run = coupled(orifice, slot, one_way, law)?;
        let ours: Vec<_> = run.record.flow(0).into_iter().filter(|row| row.0 <= 12_000.0).collect();
        let (nse, peak) = (efficiency(&known, &ours), greatest(&ours) / greatest(&known));
        if gated {
            proof.at_least(&format!("NSE from {FROM} s on, {name}"), nse, 0.975);
            proof.gate(&format!("peak off by, {name}"), (peak - 1.0).abs(), 0.01);
            proof.note("   peak (m3/s); XPSTORM 2.003, itzi 1.9995", greatest(&ours));
        } else {
            proof.note(&format!("NSE from {FROM} s on, {name}"), nse);
            proof.note(&format!("peak over XPSTORM's, {name}"), peak);
        }
        proof.note("   came up (m3)", run.surface.manholes[0].up);
        proof.note("   went down (m3)", run.surface.manholes[0].down);
        run.kept(proof, name);
        if name == "inertial" || name == "C 0.167" {
            let dots: Vec<_> = ours.into_iter().filter(|row| row.0 >= FROM).step_by(6).collect();
            figure.computed(name, hours(&dots));
        }
    }
    figure.write("surface_ea8b");
    Ok(())
}
