//! Look-ups that the dynamic wave makes by the million: area, width and hydraulic radius at a depth.
//!
//! Each figure is for a thousand sections at a thousand depths.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pailao::model::Model;
use pailao::model::section::transect::Transect;
use pailao::model::section::{Compiler, CrossSection, Shape};

const COUNT: usize = 1000;

/// Relative depths from 0 to 1 without order.
fn depths() -> Vec<f64> {
    let mut x = 0.5_f64;
    (0..COUNT)
        .map(|_| {
            x = (x + 0.618_033_988_749_894_9).fract();
            x
        })
        .collect()
}

fn sections(model: &Model, shape: impl Fn(f64) -> Shape) -> Vec<CrossSection> {
    let mut compiler = Compiler::new(model);
    (0..COUNT).map(|i| compiler.compile(&shape(0.3 + 0.002 * i as f64)).expect("a valid shape")).collect()
}

fn model() -> Model {
    let mut model = Model::default();
    model.transects.insert(
        "river",
        Transect {
            roughness_left: 0.06,
            roughness_right: 0.05,
            roughness_channel: 0.03,
            left_bank: 20.0,
            right_bank: 40.0,
            stations: vec![0.0, 10.0, 20.0, 25.0, 35.0, 40.0, 55.0, 60.0],
            elevations: vec![6.0, 4.0, 3.8, 0.5, 0.0, 3.9, 4.2, 6.5],
            ..Transect::default()
        },
    );
    model
}

fn look_ups(criterion: &mut Criterion) {
    let model = model();
    let river = model.transects.find("river").expect("the transect above");
    let shapes: [(&str, Vec<CrossSection>); 5] = [
        ("circular", sections(&model, |diameter| Shape::Circular { diameter })),
        ("rectangular", sections(&model, |height| Shape::RectangularClosed { height, width: 2.0 * height })),
        (
            "trapezoidal",
            sections(&model, |height| Shape::Trapezoidal { height, bottom: 1.0, left: 1.5, right: 1.0 }),
        ),
        ("egg", sections(&model, |height| Shape::Egg { height })),
        ("irregular", sections(&model, |_| Shape::Irregular(river))),
    ];
    let depths = depths();
    let mut group = criterion.benchmark_group("section");
    group.throughput(Throughput::Elements(COUNT as u64));
    for (name, sections) in &shapes {
        let places: Vec<f64> = sections.iter().zip(&depths).map(|(s, d)| s.full_depth * d).collect();
        group.bench_function(format!("{name} at_depth"), |bencher| {
            bencher.iter(|| {
                let mut sum = 0.0;
                for (section, &depth) in black_box(sections).iter().zip(&places) {
                    let found = section.at_depth(depth);
                    sum += found.area + found.width + found.radius;
                }
                sum
            });
        });
        group.bench_function(format!("{name} apart"), |bencher| {
            bencher.iter(|| {
                let mut sum = 0.0;
                for (section, &depth) in black_box(sections).iter().zip(&places) {
                    sum += section.area(depth) + section.width(depth) + section.hydraulic_radius(depth);
                }
                sum
            });
        });
    }
    group.finish();
}

criterion_group!(laws, look_ups);
criterion_main!(laws);
