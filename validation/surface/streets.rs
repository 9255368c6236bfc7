//! Our own cases of a network joined to a street: water that comes up and goes back, an inlet, a bank.

use ndarray::Array2;
use pailao::model::Model;
use pailao::routing::exchange::Opening;
use pailao::simulation::street::{Bank, Precision, Street};
use pailao::surface::{Law, Options, Setup};

use crate::corpus;
use crate::figure::Figure;
use crate::joined::{Joined, join, manhole, network};
use crate::proof::{Done, Proof, Trouble};

/// A network from its elements; the dynamic wave with a step of 5 s, a report every 10 s.
fn model(name: &str, hours: u32, elements: &str) -> Result<Model, Trouble> {
    let options = "[OPTIONS]\nFLOW_UNITS CMS\nFLOW_ROUTING DYNWAVE\nLINK_OFFSETS DEPTH\n\
        START_DATE 01/01/2026\nSTART_TIME 00:00:00\nREPORT_START_DATE 01/01/2026\nREPORT_START_TIME 00:00:00\n\
        END_DATE 01/01/2026\nREPORT_STEP 00:00:10\nROUTING_STEP 5\nVARIABLE_STEP 0.75\nMINIMUM_STEP 0.1\n";
    network(format!("{options}END_TIME {hours:02}:00:00\n{elements}").as_bytes(), name)
}

/// A sewer that gets 0.6 m³/s for eight minutes and passes half of it: the rest comes up in a bowl and goes back.
pub fn bowl(proof: &mut Proof) -> Done {
    const SIDE: usize = 41;
    const SEWER: &str = "[JUNCTIONS]\nUP 8.2 2.5 0 50 0\nBOWL 8.0 2.0 0 0 0\nDOWN 7.9 3.0 0 50 0\n[OUTFALLS]\nO 7.7 FREE NO\n\
        [CONDUITS]\nC1 UP BOWL 60 0.013 0 0 0 0\nC2 BOWL DOWN 60 0.013 0 0 0 0\nC3 DOWN O 60 0.013 0 0 0 0\n\
        [XSECTIONS]\nC1 CIRCULAR 0.8 0 0 0\nC2 CIRCULAR 0.5 0 0 0\nC3 CIRCULAR 0.5 0 0 0\n\
        [INFLOWS]\nUP FLOW Q FLOW 1.0 1.0\n\
        [TIMESERIES]\nQ 0:00 0.0\nQ 0:04 0.6\nQ 0:12 0.6\nQ 0:16 0.0\n";
    let model = model("bowl", 2, SEWER)?;
    let middle = SIDE as f64;
    let terrain =
        corpus::ground(SIDE, SIDE, 2.0, |x, y| 10.0 + 0.001 * ((x - middle).powi(2) + (y - middle).powi(2)));
    let mut figure = Figure::new("A manhole in a bowl: up and back again", "time (min)", "flow up (m³/s)");
    let mut first: Option<(f64, f64)> = None;
    for law in [Law::INERTIAL, Law::SHOCK] {
        for step in [0.5, 2.0, 10.0] {
            let setup = Setup::new(terrain.clone(), 0.02, Options::of(law));
            let mut street = Street::new(setup);
            street.precision = Precision::Double;
            street.exchange_step = step;
            let opening = Opening::manhole(0.8);
            street.manholes = vec![manhole(&model, &street.setup, "BOWL", (middle, middle), 10.0, opening)?];
            let cell = street.manholes[0].cell;
            let run = join(&model, &street, vec![cell])?;
            let name = format!("{}, {step} s", crate::water::law_name(law));
            let exchanged = run.surface.manholes[0];
            let (up, deepest) = (exchanged.up, run.record.deepest(0));
            proof.at_least(&format!("came up (m3), {name}"), up, 50.0);
            proof.gate(
                &format!("share left on the street at the end, {name}"),
                run.surface.stored / up,
                1.0e-3,
            );
            proof.gate(&format!("changes of direction, {name}"), run.record.turns(0) as f64, 1.0);
            let (up_of_first, deepest_of_first) = *first.get_or_insert((up, deepest));
            proof.gate(
                &format!("volume up against that at 0.5 s, {name}"),
                (up / up_of_first - 1.0).abs(),
                0.03,
            );
            let deeper = (deepest / deepest_of_first - 1.0).abs();
            let what = format!("greatest depth against that at 0.5 s, {name}");
            proof.gate(&what, deeper, 0.05);
            run.kept(proof, &name);
            if law == Law::INERTIAL {
                let minutes = |row: (f64, f64)| (row.0 / 60.0, row.1);
                let rows: Vec<_> = run.record.flow(0).into_iter().step_by(3).map(minutes).collect();
                if step == 0.5 {
                    figure.known("exchange at 0.5 s", rows);
                } else {
                    figure.computed(&format!("at {step} s"), rows);
                }
            }
        }
        first = None;
    }
    figure.write("surface_bowl");
    Ok(())
}

/// A flooded place drains through an inlet into an empty pipe: over a weir around the rim the depth falls as
/// `h = (h₀^-½ + a t / 2)^-2` with `a = ⅔ C P √(2g) / A`.
pub fn inlet(proof: &mut Proof) -> Done {
    const SIDE: usize = 15;
    const START: f64 = 0.1;
    const DRAIN: &str = "[JUNCTIONS]\nINLET 7.5 2.5 0 0 0\n[OUTFALLS]\nO 6.5 FREE NO\n\
        [CONDUITS]\nC1 INLET O 50 0.013 0 0 0 0\n[XSECTIONS]\nC1 CIRCULAR 0.8 0 0 0\n";
    let model = model("inlet", 1, DRAIN)?;
    let middle = SIDE as f64;
    // small, so that the water is drawn down by a fraction of a millimetre only as it comes near
    let opening = Opening { orifice: 0.62, ..Opening::manhole(0.1) };
    let area = (2.0 * middle).powi(2);
    let a = 2.0 / 3.0 * opening.free_weir * opening.rim * (2.0 * 9.81_f64).sqrt() / area;
    let known = |t: f64| (START.powf(-0.5) + 0.5 * a * t).powi(-2);
    let mut figure = Figure::new("A flooded place drains through an inlet", "time (min)", "mean depth (m)");
    figure.known("closed form of the weir", (0..=60).map(|m| (f64::from(m), known(f64::from(m) * 60.0))));
    for (law, step) in [(Law::INERTIAL, 0.5), (Law::INERTIAL, 10.0), (Law::SHOCK, 2.0)] {
        let terrain = corpus::ground(SIDE, SIDE, 2.0, |_, _| 10.0);
        let mut street = Street::new(Setup::new(terrain, 0.01, Options::of(law)));
        street.precision = Precision::Double;
        street.exchange_step = step;
        street.initial_depth = Some(Array2::from_elem((SIDE, SIDE), START));
        street.manholes = vec![manhole(&model, &street.setup, "INLET", (middle, middle), 10.0, opening)?];
        let run = join(&model, &street, Vec::new())?;
        let name = format!("{}, {step} s", crate::water::law_name(law));
        let mean: Vec<_> = run.record.rows.iter().map(|row| (row.time, row.stored / area)).collect();
        let worst = mean.iter().map(|row| (row.1 - known(row.0)).abs()).fold(0.0, f64::max);
        proof.gate(
            &format!("mean depth off the closed form, share of the first, {name}"),
            worst / START,
            0.03,
        );
        proof.gate(&format!("changes of direction, {name}"), run.record.turns(0) as f64, 0.0);
        run.kept(proof, &name);
        let out = run.network.routing.outflow / run.surface.manholes[0].down;
        proof.note(&format!("left the outfall, of what went down, {name}"), out);
        let dots: Vec<_> = mean.iter().step_by(12).map(|row| (row.0 / 60.0, row.1)).collect();
        figure.computed(&name, dots);
    }
    figure.write("surface_inlet");
    Ok(())
}

/// A channel of 200 m whose flood rises 0.4 m above its bank and falls again; the plain beside it rises away from it.
pub fn bank(proof: &mut Proof) -> Done {
    const CHANNEL: &str = "[JUNCTIONS]\nU 0.2 3.0 0 0 0\nD 0.0 3.0 0 0 0\n[OUTFALLS]\nO -0.1 NORMAL NO\n\
        [CONDUITS]\nC1 U D 200 0.03 0 0 0 0\nC2 D O 100 0.03 0 0 0 0\n\
        [XSECTIONS]\nC1 RECT_OPEN 3.0 4.0 0 0\nC2 RECT_OPEN 3.0 4.0 0 0\n\
        [INFLOWS]\nU FLOW Q FLOW 1.0 1.0\n[TIMESERIES]\nQ 0:00 1.0\nQ 0:30 7.0\nQ 1:00 7.0\nQ 1:30 1.0\nQ 6:00 1.0\n";
    let model = model("bank", 6, CHANNEL)?;
    let link = model.links.find("C1").ok_or("no channel")?;
    // the channel runs southward along the western edge; its bank is 1.2 m above its bed and the ground beside it
    // as high, rising by 1 % to the east
    let crest = |y: f64| 1.2 + 0.001 * y;
    let mut figure = Figure::new("A channel spills over its bank", "time (h)", "flow onto the plain (m³/s)");
    let mut first: Option<f64> = None;
    for (law, step) in [(Law::INERTIAL, 1.0), (Law::INERTIAL, 5.0), (Law::SHOCK, 1.0)] {
        let terrain = corpus::ground(40, 20, 5.0, |x, y| crest(y) + 0.01 * (x - 2.5));
        let setup = Setup::new(terrain, 0.04, Options::of(law));
        let grid = setup.grid();
        let mut street = Street::new(setup);
        street.precision = Precision::Double;
        street.exchange_step = step;
        for row in 0..grid.rows {
            let cell = grid.cell(row, 0).ok_or("no cell")?;
            let y = grid.middle(cell).1;
            let along = 1.0 - y / 200.0;
            street.banks.push(Bank { link, along, cell, crest: crest(y), length: 5.0, weir: 1.7 });
        }
        let run: Joined = join(&model, &street, Vec::new())?;
        let name = format!("{}, {step} s", crate::water::law_name(law));
        let up: f64 = run.surface.banks.iter().map(|bank| bank.up).sum();
        let down: f64 = run.surface.banks.iter().map(|bank| bank.down).sum();
        proof.at_least(&format!("spilt (m3), {name}"), up, 100.0);
        proof.gate(&format!("share left on the plain at the end, {name}"), run.surface.stored / up, 0.02);
        proof.note(&format!("came back (m3), {name}"), down);
        let reference = *first.get_or_insert(up - down);
        proof.note(&format!("stays less than at first (m3), {name}"), up - down - reference);
        let peak = run.record.rows.iter().map(|row| row.stored).fold(0.0, f64::max);
        proof.note(&format!("most on the plain (m3), {name}"), peak);
        // more than once the plain goes over the bank: down the valley water goes out upstream and comes back downstream.
        // What goes to and fro from step to step would be made by the steps
        proof.note(&format!("spilt over the most on the plain, {name}"), up / peak);
        let turns = (0..grid.rows).map(|row| run.record.turns(row)).max().unwrap_or(0);
        let share = turns as f64 / run.surface.steps.network as f64;
        proof.gate(&format!("share of the steps in which a bank turns, {name}"), share, 0.01);
        run.kept(proof, &name);
        let all = |flows: &[f64]| flows.iter().sum::<f64>();
        let rows = run.record.rows.iter().map(|row| (row.time / 3600.0, all(&row.flows)));
        let rows: Vec<_> = rows.step_by(18).collect();
        figure.computed(&name, rows);
    }
    figure.write("surface_bank");
    Ok(())
}
