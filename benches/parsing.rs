//! What it costs to take a model apart, to fill and check it, and to write it back.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pailao::input::inp::document::Document;
use pailao::input::inp::read_text;
use pailao::model::check::check;

fn parsing(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/hunnan/network.inp");
    let bytes = std::fs::read(&path).expect("the network is there");
    let mut group = c.benchmark_group("parsing");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("document", |b| b.iter(|| Document::parse(black_box(&bytes))));
    group.bench_function("model", |b| b.iter(|| read_text(black_box(&bytes), &path)));
    group.bench_function("model and check", |b| {
        b.iter(|| {
            let mut reading = read_text(black_box(&bytes), &path);
            check(&mut reading.model)
        })
    });
    let document = Document::parse(&bytes);
    group.bench_function("write back", |b| b.iter(|| black_box(&document).to_bytes()));
    group.finish();
}

criterion_group!(benches, parsing);
criterion_main!(benches);
