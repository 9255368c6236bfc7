//! Time of one runoff step over many subcatchments, wet.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pailao::clock::DateTime;
use pailao::ledger::runoff::RunoffTotals;
use pailao::model::catchment::{Infiltration, Outlet, Subcatchment};
use pailao::model::curve::TimeSeries;
use pailao::model::weather::{Gauge, RainKind, RainSource};
use pailao::model::{Model, SubcatchmentId};
use pailao::statistics::subcatchment::SubcatchmentStatistics;
use pailao::units::{FlowUnits, Units};
use pailao::{forcing, runoff};

const SUBCATCHMENTS: u32 = 1000;
const MM_PER_HOUR: f64 = 0.001 / 3600.0;

/// Subcatchments of all sizes under half an hour of rain, with one of the infiltration laws.
fn city(infiltration: Infiltration) -> Model {
    let start = DateTime::from_date(2026, 7, 21).unwrap_or_default();
    let mut model = Model { units: Units::new(FlowUnits::Cms), ..Model::default() };
    (model.options.start, model.options.end) = (start, start.plus_seconds(7200.0));
    model.options.wet_step = 60;
    let rain: Vec<f64> = (0..24).map(|i| f64::from((i * 37) % 90)).collect();
    let times = (0..24).map(|i| start.plus_seconds(f64::from(i) * 300.0)).collect();
    let Some(series) = model.series.insert("R", TimeSeries { times, values: rain, file: None }) else {
        return model;
    };
    let source = RainSource::Series(series);
    let gauge =
        model.gauges.insert("G", Gauge { kind: RainKind::Intensity, interval: 300, snow_catch: 1.0, source });
    for i in 0..SUBCATCHMENTS {
        let share = f64::from(i % 10) / 10.0;
        let subcatchment = Subcatchment {
            gauge,
            area: 1.0e3 * (1.0 + f64::from(i % 17)),
            impervious: share,
            width: 50.0,
            slope: 0.01,
            roughness_impervious: 0.015,
            roughness_pervious: 0.1,
            storage_impervious: 0.0015,
            storage_pervious: 0.004,
            zero_storage: 0.25,
            infiltration: Some(infiltration),
            ..Subcatchment::new(Outlet::Subcatchment(SubcatchmentId(i)))
        };
        model.subcatchments.insert(format!("S{i}"), subcatchment);
    }
    model
}

fn storm(c: &mut Criterion) {
    let horton = Infiltration::Horton {
        modified: false,
        initial: 50.0 * MM_PER_HOUR,
        final_rate: 5.0 * MM_PER_HOUR,
        decay: 4.0 / 3600.0,
        drying_days: 7.0,
        max_depth: 0.0,
    };
    let green_ampt = Infiltration::GreenAmpt {
        modified: false,
        suction: 0.11,
        conductivity: 5.0 * MM_PER_HOUR,
        deficit: 0.25,
    };
    let mut group = c.benchmark_group("runoff of a storm, 120 steps of 1000 subcatchments");
    group.throughput(Throughput::Elements(u64::from(SUBCATCHMENTS) * 120));
    for (name, law) in [("Horton", horton), ("Green-Ampt", green_ampt)] {
        let model = city(law);
        let weather_params = forcing::Params::compile(&model);
        let params = runoff::Params::compile(&model);
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut weather = forcing::State::new(&weather_params);
                let mut state = runoff::State::new(&params);
                let mut totals = RunoffTotals::default();
                let mut statistics = SubcatchmentStatistics::new(params.len());
                while runoff::step(
                    &params,
                    &mut state,
                    &weather_params,
                    &mut weather,
                    &mut totals,
                    &mut statistics,
                ) {}
                black_box(totals.runoff)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, storm);
criterion_main!(benches);
