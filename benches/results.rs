//! What results cost: a record of the binary file, a row of the CSV files, a step of the statistics.

use std::hint::black_box;
use std::io::Cursor;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pailao::model::link::{Conduit, Link, LinkKind};
use pailao::model::node::{Node, NodeKind};
use pailao::model::options::Selection;
use pailao::model::section::Shape;
use pailao::model::{Model, NodeId};
use pailao::results::csv::CsvSeries;
use pailao::results::out::OutWriter;
use pailao::simulation::{Frame, LinkColumns, NodeColumns, Outcome, Sink};
use pailao::statistics::{FlowClass, FullState, LinkCapacity, LinkStep, NetworkStatistics, NodeStep};

const COUNT: usize = 10_000;

/// A chain of 10,000 manholes and as many pipes.
fn model() -> Model {
    let mut model = Model::default();
    model.report.nodes = Selection::All;
    model.report.links = Selection::All;
    for i in 0..=COUNT {
        let node = Node::new(NodeKind::Junction, 10.0, 2.0);
        model.nodes.insert(format!("J{i}"), node);
    }
    for i in 0..COUNT as u32 {
        let conduit = Conduit::new(50.0, 0.013, Shape::Circular { diameter: 0.5 });
        let link = Link::new(LinkKind::Conduit(conduit), NodeId(i), NodeId(i + 1));
        model.links.insert(format!("C{i}"), link);
    }
    model
}

/// Values that vary from element to element.
fn column(count: usize) -> Vec<f64> {
    (0..count).map(|i| 0.1 + (i % 97) as f64 * 0.01).collect()
}

fn frame(model: &Model) -> Frame {
    let (nodes, links) = (column(model.nodes.len()), column(model.links.len()));
    Frame {
        time: model.options.start.plus_seconds(60.0),
        nodes: NodeColumns {
            depth: nodes.clone(),
            head: nodes.clone(),
            volume: nodes.clone(),
            lateral_inflow: nodes.clone(),
            total_inflow: nodes.clone(),
            flooding: nodes,
        },
        links: LinkColumns {
            flow: links.clone(),
            depth: links.clone(),
            velocity: links.clone(),
            volume: links.clone(),
            capacity: links,
        },
        ..Frame::default()
    }
}

fn files(criterion: &mut Criterion) {
    let model = model();
    let frame = frame(&model);
    let mut group = criterion.benchmark_group("results");
    group.throughput(Throughput::Elements((model.nodes.len() + model.links.len()) as u64));
    group.bench_function("out record", |bencher| {
        let mut writer = OutWriter::new(Cursor::new(Vec::new()), vec![0.5; COUNT])
            .batches(4 << 20, Duration::from_secs(3600));
        bencher.iter_custom(|records| {
            let begun = std::time::Instant::now();
            for record in 0..records {
                // A new file now and then keeps the memory small.
                if record % 256 == 0 {
                    writer.end(&Outcome::Complete).unwrap();
                    writer.begin(&model).unwrap();
                }
                writer.record(black_box(&frame)).unwrap();
            }
            begun.elapsed()
        });
    });
    group.sample_size(10);
    group.bench_function("csv row", |bencher| {
        let directory = std::env::temp_dir().join(format!("pailao-bench-{}", std::process::id()));
        let mut series = CsvSeries::new(&directory);
        series.begin(&model).unwrap();
        bencher.iter(|| series.record(black_box(&frame)).unwrap());
        series.end(&Outcome::Complete).unwrap();
        std::fs::remove_dir_all(directory).unwrap();
    });
    group.finish();
}

fn statistics(criterion: &mut Criterion) {
    let model = model();
    let capacity = vec![LinkCapacity { full_flow: 0.5, barrels: 1, ..Default::default() }; COUNT];
    let mut statistics = NetworkStatistics::new(&model, &[1.0; COUNT + 1], &[0.5; COUNT + 1], &capacity);
    let (values, zeros) = (column(COUNT + 1), vec![0.0; COUNT + 1]);
    let nodes = NodeStep {
        depth: &values,
        volume: &zeros,
        overflow: &zeros,
        lateral_inflow_before: &values,
        lateral_inflow: &values,
        inflow: &values,
        outflow: &values,
        evaporated: &zeros,
        seeped: &zeros,
    };
    let links = LinkStep {
        flow_before: &zeros,
        flow: &values,
        depth: &values,
        area: &values,
        flow_class: &[FlowClass::Subcritical; COUNT],
        full_state: &[FullState::None; COUNT],
        normal_flow: &[false; COUNT],
        inlet_control: &[false; COUNT],
        capacity_limited: &[false; COUNT],
        head: &values,
    };
    let mut group = criterion.benchmark_group("statistics");
    group.throughput(Throughput::Elements((2 * COUNT) as u64));
    group.bench_function("step", |bencher| {
        let time = model.options.start.plus_seconds(60.0);
        bencher.iter(|| statistics.update(1.0, time, black_box(&nodes), black_box(&links)));
    });
    group.finish();
}

criterion_group!(benches, files, statistics);
criterion_main!(benches);
