//! Benches of studies: opening one, and making its 18 runs with one thread, nothing in the store.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use pailao::input::{catalogue, scenario};
use pailao::scenario::study::Scenario;
use pailao::study::{Keep, Order, Shard, State, Store, Study};

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/street.toml");

fn read() -> Scenario {
    scenario::read(Path::new(SCENARIO)).unwrap().unwrap().0
}

fn open(scenario: Scenario) -> Study {
    let catalogues = catalogue::embedded().unwrap();
    Study::open(scenario, catalogues, Vec::new(), None, &AtomicBool::new(false)).unwrap()
}

/// An empty store in a folder of its own.
fn store(count: &mut usize) -> Store {
    *count += 1;
    let folder: PathBuf = std::env::temp_dir().join(format!("pailao-bench-{}-{count}", std::process::id()));
    Store::open(folder).unwrap()
}

fn run(study: &Study, store: &Store) {
    let keep = Keep::default();
    let order = Order { store, threads: 1, shard: Shard::default(), keep: &keep };
    let rows = study.run(&order, &mut |_| {}, &AtomicBool::new(false)).unwrap();
    assert!(rows.iter().all(|row| matches!(row.state, State::Done(_))));
    std::fs::remove_dir_all(store.folder()).unwrap();
}

fn benches(c: &mut Criterion) {
    c.bench_function("study/read the scenario of a street", |b| b.iter(read));
    c.bench_function("study/open and build all networks", |b| {
        b.iter_batched(
            read,
            |scenario| {
                let study = open(scenario);
                let (options, horizons) = (study.scenario().options.len(), study.scenario().horizons.len());
                for pair in 0..options * horizons {
                    study.built(pair / horizons, pair % horizons).unwrap();
                }
                study
            },
            BatchSize::LargeInput,
        );
    });
    let study = open(read());
    let mut count = 0;
    let mut group = c.benchmark_group("study");
    group.sample_size(10);
    group.bench_function("18 runs of a street, one thread", |b| {
        b.iter_batched(|| store(&mut count), |store| run(&study, &store), BatchSize::PerIteration);
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
