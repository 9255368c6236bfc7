use std::io;
use std::path::Path;

use ndarray::Array2;

use super::super::street::{Bank, Manhole, Outlet, Precision, Street, StreetSink, StreetSummary, View};
use super::super::{Outcome, run, run_coupled};
use crate::clock::DateTime;
use crate::diagnostic::Severity;
use crate::input::inp::read_text;
use crate::model::Model;
use crate::model::check::check;
use crate::model::raster::Raster;
use crate::routing::exchange::Opening;
use crate::statistics::RunSummary;
use crate::surface::{Cell, Law, Options, Series, Setup};

use super::{EvenSteps, GROWTH, level_between};

/// A sewer that gets 0.6 m³/s for ten minutes and can pass about 0.35: J1 to J2 to the outfall.
const SEWER: &str = "[OPTIONS]
FLOW_UNITS CMS
FLOW_ROUTING DYNWAVE
START_DATE 01/01/2026
END_DATE 01/01/2026
END_TIME 01:00:00
REPORT_STEP 00:01:00
ROUTING_STEP 5
[JUNCTIONS]
J1 8.0 2.0 0 0 0
J2 7.9 4.0 0 0 0
[OUTFALLS]
O 7.8 FREE NO
[CONDUITS]
C1 J1 J2 50 0.013 0 0
C2 J2 O 50 0.013 0 0
[XSECTIONS]
C1 CIRCULAR 0.5 0 0 0
C2 CIRCULAR 0.4 0 0 0
[INFLOWS]
J1 FLOW Q FLOW 1.0 1.0
[TIMESERIES]
Q 0:00 0.0
Q 0:02 0.6
Q 0:10 0.6
Q 0:12 0.0
";

fn model(text: &str) -> Model {
    let mut reading = read_text(text.as_bytes(), Path::new("sewer.inp"));
    reading.diagnostics.extend(check(&mut reading.model));
    assert!(
        reading.diagnostics.iter().all(|problem| problem.severity == Severity::Warning),
        "{:?}",
        reading.diagnostics
    );
    reading.model
}

/// Ground of 2 m cells, by the distance of their middles from the middle of the map (m).
fn ground(side: usize, level: impl Fn(f64, f64) -> f64) -> Raster {
    let half = side as f64;
    Raster {
        west: 0.0,
        north: 2.0 * half,
        cell: 2.0,
        crs: None,
        values: Array2::from_shape_fn((side, side), |(row, column)| {
            level((column as f64 + 0.5) * 2.0 - half, half - (row as f64 + 0.5) * 2.0) as f32
        }),
    }
}

fn street(model: &Model, terrain: Raster) -> Street {
    let setup = Setup::new(terrain, 0.02, Options::of(Law::INERTIAL));
    let side = setup.grid().rows;
    let cell = setup.grid().cell(side / 2, side / 2).expect("inside");
    let node = model.nodes.find("J1").expect("a node");
    let mut street = Street::new(setup);
    street.precision = Precision::Double;
    street.manholes.push(Manhole { node, cell, rim: 10.0, opening: Opening::manhole(0.8) });
    street
}

/// Keeps the flow of the first manhole and the most water that stood on the street.
#[derive(Default)]
struct Watcher {
    flow: Vec<f64>,
    most: f64,
}

impl StreetSink for Watcher {
    fn begin(&mut self, _: &Street) -> io::Result<()> {
        Ok(())
    }
    fn record(&mut self, _: DateTime, _: f64, view: &dyn View) -> io::Result<()> {
        self.flow.extend(view.manholes().first());
        self.most = self.most.max(view.stored());
        Ok(())
    }
    fn end(&mut self, _: &Outcome) -> io::Result<()> {
        Ok(())
    }
}

fn coupled(model: &Model, street: &Street) -> (RunSummary, StreetSummary, Watcher) {
    let mut watcher = Watcher::default();
    let (network, summary, outcome) =
        run_coupled(model, street, &mut [], &mut [&mut watcher], &mut |_| true).expect("it runs");
    assert_eq!(outcome, Outcome::Complete);
    assert!(summary.volume_error.abs() < 1.0e-9, "{}", summary.volume_error);
    let up: f64 = summary.manholes.iter().chain(&summary.banks).chain(&summary.outlets).map(|e| e.up).sum();
    let down: f64 =
        summary.manholes.iter().chain(&summary.banks).chain(&summary.outlets).map(|e| e.down).sum();
    let (came, went) = (summary.ledger.exchange_in, summary.ledger.exchange_out);
    assert!(
        (up - down - came + went - summary.unsettled).abs() < 1.0e-9 * (1.0 + up),
        "{up} {came} {down} {went}"
    );
    (network, summary, watcher)
}

fn bowl(x: f64, y: f64) -> f64 {
    10.0 + 0.002 * (x * x + y * y)
}

#[test]
fn water_that_comes_up_into_a_bowl_goes_back_when_the_sewer_drains_whatever_the_step() {
    let model = model(SEWER);
    let mut volumes = Vec::new();
    for (step, most_loss) in [(0.5, 1.0), (1.0, 1.0), (10.0, 3.0)] {
        let mut street = street(&model, ground(21, bowl));
        street.exchange_step = step;
        let (network, summary, watcher) = coupled(&model, &street);
        let manhole = summary.manholes[0];
        assert!(manhole.up > 100.0 && manhole.first_up.is_some_and(|time| time > 60.0 && time < 180.0));
        assert!(summary.stored < 0.001 * manhole.up, "{step} {}", summary.stored);
        let turns = watcher.flow.windows(2).filter(|w| w[0] * w[1] < 0.0).count();
        assert_eq!(turns, 1, "it comes up and goes down once: {:?}", watcher.flow);
        // what goes up is flooding, what comes down is inflow, of the network
        let flooding = network.network.nodes.flooding[0].volume;
        assert!((flooding - manhole.up).abs() < 1.0e-9 * manhole.up, "{flooding} {manhole:?}");
        let inflow = 0.6 * 600.0;
        assert!((network.routing.external - manhole.down - inflow).abs() < 0.01 * inflow);
        let loss = network.routing.continuity_error();
        assert!(loss.abs() < most_loss, "{step} {loss} %");
        volumes.push(watcher.most);
    }
    assert!(volumes.iter().all(|volume| (volume / volumes[0] - 1.0).abs() < 0.1), "{volumes:?}");
}

#[test]
fn on_a_slope_the_street_takes_the_water_away_and_one_way_none_comes_back() {
    let model = model(SEWER);
    let slope = |x: f64, _: f64| 10.0 - 0.01 * x;
    let mut street = street(&model, ground(21, slope));
    street.one_way = true;
    let (_, summary, _) = coupled(&model, &street);
    assert!(summary.manholes[0].up > 50.0);
    // what rounding gave too much is taken back
    assert!(summary.manholes[0].down == 0.0 && summary.ledger.exchange_out < 1.0e-12);
}

#[test]
fn a_flooded_street_fills_the_network_and_is_never_emptied_below_nothing() {
    let model = model(&SEWER.replace("0.6", "0.0"));
    let mut street = street(&model, ground(21, bowl));
    street.exchange_step = 30.0;
    street.initial_depth = Some(Array2::from_elem((21, 21), 0.1));
    let (_, summary, _) = coupled(&model, &street);
    let start = 0.1 * 42.0 * 42.0;
    assert!(summary.manholes[0].down > 0.95 * start, "{} of {start}", summary.manholes[0].down);
    assert!(summary.final_depth.iter().all(|depth| *depth >= 0.0));
}

#[test]
fn an_outfall_on_the_surface_waters_it_and_is_held_back_by_it() {
    let model = model(SEWER);
    let mut street = street(&model, ground(21, |x, y| 7.0 + 0.01 * (x * x + y * y)));
    let cell = street.manholes.remove(0).cell;
    let node = model.nodes.find("O").expect("an outfall");
    street.outlets.push(Outlet { node, cell, invert: model.nodes[node].invert });
    let (network, summary, _) = coupled(&model, &street);
    let free = run(&model, &mut [], &mut |_| true).expect("it runs").0;
    assert!(summary.outlets[0].up > 100.0);
    let (held, free) = (network.routing.final_storage, free.routing.final_storage);
    assert!(held > free + 1.0, "water above the mouth holds back: {held} {free}");
}

#[test]
fn a_channel_spills_over_its_bank_and_takes_the_water_back() {
    let channel = SEWER.replace("C1 CIRCULAR 0.5 0 0 0", "C1 RECT_OPEN 2.0 1.0 0 0");
    let model = model(&channel);
    let mut street = street(&model, ground(21, |x, y| 8.4 + 0.002 * (x * x + y * y)));
    let cell = street.manholes.remove(0).cell;
    let link = model.links.find("C1").expect("a channel");
    street.banks.push(Bank { link, along: 0.3, cell, crest: 8.5, length: 20.0, weir: 1.7 });
    let (_, summary, _) = coupled(&model, &street);
    let bank = summary.banks[0];
    assert!(bank.up > 20.0 && bank.down > 0.3 * bank.up, "{bank:?}");
}

#[test]
fn cells_with_tables_take_and_give_back_what_fine_cells_do() {
    let model = model(SEWER);
    let fine = street(&model, ground(42, bowl));
    let mut coarse = fine.clone();
    coarse.setup.options.subgrid = Some(4);
    let ((_, fine, _), (_, coarse, watcher)) = (coupled(&model, &fine), coupled(&model, &coarse));
    let (of, is) = (fine.manholes[0], coarse.manholes[0]);
    assert!((is.up / of.up - 1.0).abs() < 0.05, "{is:?} {of:?}");
    assert!(coarse.stored < 0.01 * is.up, "{}", coarse.stored);
    let turns = watcher.flow.windows(2).filter(|w| w[0] * w[1] < 0.0).count();
    assert_eq!(turns, 1, "it comes up and goes down once: {:?}", watcher.flow);
    let deepest = |summary: &StreetSummary| summary.maxima.iter().map(|cell| cell.depth).fold(0.0, f64::max);
    assert!((deepest(&coarse) - deepest(&fine)).abs() < 0.03, "{} {}", deepest(&coarse), deepest(&fine));
    assert_eq!(coarse.maxima.len(), 42 * 42, "maps are as fine as the ground");
}

#[test]
fn steps_of_the_surface_stay_even_under_those_of_the_network() {
    let (mut before, mut rest, mut steps) = (f64::INFINITY, 60.0, Vec::new());
    // the network asks for 0.3 to 1.1 s in no order, the surface allows 0.28 s
    for k in 0_u32.. {
        let asked = 0.3 + 0.8 * f64::from(k * 7919 % 101) / 100.0;
        let (step, even) = EvenSteps { before }.next(0.28, asked.min(rest), rest);
        assert!(step <= asked.min(rest) + 1.0e-9 && even <= 0.28, "{step} of {asked}, {even}");
        let count = (step / even - 1.0e-6).ceil();
        steps.push(step / count);
        (before, rest) = (even, rest - step);
        if rest < 1.0e-6 {
            break;
        }
    }
    assert!(rest.abs() < 1.0e-6, "both stand still together");
    let (least, most) = steps.iter().fold((f64::INFINITY, 0.0_f64), |(a, b), s| (a.min(*s), b.max(*s)));
    assert!(least > 0.275 && most < least + 1.0e-6, "{least} to {most}");
    // a network in shorter steps takes the surface with it, and one short step does not hold it back for long
    let (step, even) = EvenSteps { before: 0.28 }.next(0.28, 0.2, 60.0);
    assert_eq!((step, even), (0.2, 0.2));
    let (step, even) = EvenSteps { before: 0.28 }.next(0.28, 0.001, 60.0);
    assert_eq!((step, even), (0.001, 0.14));
    assert_eq!(EvenSteps { before: 0.14 }.next(0.28, 1.0, 60.0).1, 0.14 * GROWTH);
}

/// Keeps how much higher the water stands in one cell than in another.
struct Slope(Cell, Cell, Vec<f64>);

impl StreetSink for Slope {
    fn begin(&mut self, _: &Street) -> io::Result<()> {
        Ok(())
    }
    fn record(&mut self, _: DateTime, _: f64, view: &dyn View) -> io::Result<()> {
        self.2.push(view.level(self.0) - view.level(self.1));
        Ok(())
    }
    fn end(&mut self, _: &Outcome) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_pool_with_a_spring_stays_level_however_the_network_changes_its_steps() {
    // a short pipe whose flow jumps every 10 s, so that its steps do, and that meets no street
    let flow =
        |k: u32| format!("Q 0:{:02}:{:02} {}", k / 6, k % 6 * 10, 0.02 + 0.003 * f64::from(k * 7919 % 101));
    let restless = format!(
        "[OPTIONS]\nFLOW_UNITS CMS\nFLOW_ROUTING DYNWAVE\nSTART_DATE 01/01/2026\nEND_DATE 01/01/2026\nEND_TIME 00:05:00\n\
         REPORT_STEP 00:00:01\nROUTING_STEP 1\nVARIABLE_STEP 0.75\nMINIMUM_STEP 0.1\n[JUNCTIONS]\nJ 8 2\n[OUTFALLS]\nO 7 FREE\n\
         [CONDUITS]\nC J O 3.1 0.013 0 0\n[XSECTIONS]\nC CIRCULAR 0.5 0 0 0\n[INFLOWS]\nJ FLOW Q\n[TIMESERIES]\n{}\n",
        (0..50).map(flow).collect::<Vec<_>>().join("\n")
    );
    let model = model(&restless);
    // cells of 1 m, half a metre deep in the middle
    let mut terrain = ground(31, |x, y| 10.0 + 0.0005 * (x * x + y * y));
    terrain.cell = 1.0;
    let mut street = Street::new(Setup::new(terrain.clone(), 0.02, Options::of(Law::INERTIAL)));
    let grid = street.setup.grid();
    let (spring, far) = (grid.cell(15, 15).expect("inside"), grid.cell(20, 21).expect("inside"));
    street.setup.inflows = vec![vec![spring]];
    street.inflow = vec![Series::constant(0.05)];
    street.initial_depth = Some(terrain.values.mapv(|bed| (10.5 - f64::from(bed)).max(0.0)));
    let mut slope = Slope(spring, far, Vec::new());
    run_coupled(&model, &street, &mut [], &mut [&mut slope], &mut |_| true).expect("it runs");
    let most = slope.2[30..].iter().fold(0.0, |most: f64, slope| most.max(slope.abs()));
    assert!(most < 0.004, "{most} {:?}", slope.2);
}

#[test]
fn a_level_in_a_channel_is_no_higher_than_water_that_is_there() {
    // uniform flow follows the bed
    assert!((level_between((10.0, 0.5), (9.0, 0.5), 0.25) - 10.25).abs() < 1e-12);
    // backwater at the foot of a steep dry reach lies level
    assert_eq!(level_between((6.0, 0.0), (1.0, 2.9), 0.5), 3.9);
    assert_eq!(level_between((1.0, 2.9), (6.0, 0.0), 0.5), 3.9);
    // above it there is bed
    assert_eq!(level_between((6.0, 0.0), (1.0, 2.9), 0.1), 5.5);
    // a drawdown is the straight line
    assert_eq!(level_between((10.0, 2.0), (9.9, 1.0), 0.5), 11.45);
}

#[test]
fn a_node_gives_no_water_that_it_has_not() {
    // the street lies under the invert of a dry node
    let dry = SEWER.replace("0.6\n", "0.0\n");
    let low = model(&dry);
    let mut under = street(&low, ground(21, |_, _| 5.0));
    under.manholes[0].rim = 5.0;
    let (network, summary, _) = coupled(&low, &under);
    assert_eq!(summary.manholes[0].up, 0.0);
    assert!(network.routing.flooding.abs() < 1e-9, "{}", network.routing.flooding);
}

#[test]
fn water_that_stands_in_a_shaft_at_the_start_is_in_the_balance() {
    let full = SEWER.replace("0.6\n", "0.0\n").replace("J1 8.0 2.0 0 0 0", "J1 8.0 2.0 1.9 0 0");
    let model = model(&full);
    let mut street = street(&model, ground(21, |_, _| 12.0));
    street.manholes[0].opening.area = 10.0;
    let (network, _, _) = coupled(&model, &street);
    // 10 m² from the crown at 0.5 m to 1.9 m
    assert!(network.routing.initial_storage > 14.0, "{}", network.routing.initial_storage);
    assert!(network.routing.continuity_error().abs() < 5.0, "{}", network.routing.continuity_error());
}

#[test]
fn a_film_on_the_pavement_is_no_depth_at_the_inlet() {
    let down = |kerb: f64| {
        let model = model(&SEWER.replace("0.6\n", "0.0\n"));
        // a gutter under a pavement
        let mut street = street(&model, ground(21, |_, y| if y > 1.0 { 9.0 + kerb } else { 9.0 }));
        street.manholes[0].rim = 9.0;
        street.initial_depth = Some(Array2::from_elem((21, 21), 0.01));
        let (_, summary, _) = coupled(&model, &street);
        summary.manholes[0].peak_down
    };
    let (high, low) = (down(1.0), down(0.25));
    assert!(high > 0.0 && (low / high - 1.0).abs() < 0.05, "{low} {high}");
}
