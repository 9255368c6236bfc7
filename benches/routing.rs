//! What a routing step costs: the district at the height of the storm, dry, and a large grid on one and
//! two threads.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pailao::diagnostic::Severity;
use pailao::input::inp::read_text;
use pailao::model::Model;
use pailao::model::check::check;
use pailao::routing::{Params, State, Weather, step};

/// A checked model.
fn checked(text: &str) -> Model {
    let mut reading = read_text(text.as_bytes(), Path::new("bench.inp"));
    reading.diagnostics.extend(check(&mut reading.model));
    let grave = reading.diagnostics.iter().find(|d| d.severity > Severity::Warning);
    assert!(grave.is_none(), "{}", grave.expect("there is one"));
    reading.model
}

/// Time of `steps` routing steps of two seconds with a steady lateral inflow at every junction, once
/// `warm` steps have gone by.
fn time(model: &Model, inflow: f64, warm: u32, steps: u64) -> Duration {
    let params = Params::compile(model).expect("the model compiles");
    let mut state = State::new(model, &params);
    let stages = vec![Some(38.9); params.network.outfalls.len()];
    let weather = Weather { evaporation: 0.0, conductivity_factor: 1.0 };
    let mut go = || {
        for (lateral, node) in state.nodes.lateral.iter_mut().zip(model.nodes.items()) {
            *lateral = if node.is_outfall() { 0.0 } else { inflow };
        }
        black_box(step(&params, &mut state, &stages, weather, None, 2.0));
    };
    for _ in 0..warm {
        go();
    }
    let begun = Instant::now();
    for _ in 0..steps {
        go();
    }
    begun.elapsed()
}

/// A square grid of streets that falls to one corner, pipes along every street.
fn grid(side: usize) -> Model {
    let mut text =
        String::from("[OPTIONS]\nFLOW_UNITS CMS\nFLOW_ROUTING DYNWAVE\nEND_TIME 01:00\n[JUNCTIONS]\n");
    for i in 0..side {
        for j in 0..side {
            let _ = writeln!(text, "J{i}_{j} {:.3} 3 0 0 0", 38.0 + 0.2 * (i + j) as f64);
        }
    }
    text += "[OUTFALLS]\nOUT 37.8 FREE NO\n[CONDUITS]\nLAST J0_0 OUT 60 0.013 0 0 0 0\n";
    let mut sections = String::from("[XSECTIONS]\nLAST RECT_CLOSED 2 3 0 0 1\n");
    for i in 0..side {
        for j in 0..side {
            for (a, b) in [(i.wrapping_sub(1), j), (i, j.wrapping_sub(1))] {
                if a < side && b < side {
                    let _ = writeln!(text, "C{i}_{j}_{a}_{b} J{i}_{j} J{a}_{b} 60 0.013 0 0 0 0");
                    let size = if i + j < side { 1.5 } else { 0.8 };
                    let _ = writeln!(sections, "C{i}_{j}_{a}_{b} CIRCULAR {size} 0 0 0 1");
                }
            }
        }
    }
    checked(&(text + &sections))
}

fn routing(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/hunnan/network.inp");
    let hunnan = checked(&std::fs::read_to_string(path).expect("the network is there"));
    let mut group = c.benchmark_group("routing step");
    group.throughput(Throughput::Elements(hunnan.links.len() as u64));
    for (name, inflow) in [("district, dry weather", 1.0e-4), ("district, storm", 0.15)] {
        group.bench_function(name, |b| b.iter_custom(|steps| time(&hunnan, inflow, 300, steps)));
    }
    let grid = grid(50);
    group.throughput(Throughput::Elements(grid.links.len() as u64));
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
        group.bench_function(format!("grid of {} pipes, {threads} threads", grid.links.len()), |b| {
            b.iter_custom(|steps| pool.install(|| time(&grid, 0.01, 100, steps)))
        });
    }
    group.finish();
}

criterion_group!(benches, routing);
criterion_main!(benches);
