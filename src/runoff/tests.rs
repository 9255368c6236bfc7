use super::*;
use crate::model::catchment::{Infiltration, InternalRouting, Subcatchment};
use crate::model::curve::{Pattern, PatternKind, TimeSeries};
use crate::model::weather::{EvaporationSource, Gauge, RainKind, RainSource};
use crate::units::{FlowUnits, Units};

const MM_PER_HOUR: f64 = 0.001 / 3600.0;

fn at(minutes: f64) -> DateTime {
    DateTime::from_date(2026, 7, 21).unwrap().plus_seconds(minutes * 60.0)
}

/// A hectare of asphalt that drains nowhere else.
fn asphalt() -> Subcatchment {
    Subcatchment {
        area: 1.0e4,
        impervious: 1.0,
        width: 100.0,
        slope: 0.01,
        roughness_impervious: 0.015,
        roughness_pervious: 0.1,
        storage_impervious: 0.002,
        storage_pervious: 0.005,
        ..Subcatchment::new(Outlet::Subcatchment(SubcatchmentId(0)))
    }
}

fn lawn() -> Subcatchment {
    let infiltration = Infiltration::Horton {
        modified: false,
        initial: 50.0 * MM_PER_HOUR,
        final_rate: 10.0 * MM_PER_HOUR,
        decay: 4.0 / 3600.0,
        drying_days: 7.0,
        max_depth: 0.0,
    };
    Subcatchment { impervious: 0.0, infiltration: Some(infiltration), ..asphalt() }
}

/// Subcatchments under rain (mm/h every 5 minutes), for six hours in steps of a minute or ten.
fn model(rain: &[f64], subcatchments: Vec<Subcatchment>) -> Model {
    let mut model = Model { units: Units::new(FlowUnits::Cms), ..Model::default() };
    (model.options.start, model.options.end) = (at(0.0), at(360.0));
    (model.options.wet_step, model.options.dry_step) = (60, 600);
    let series = TimeSeries {
        times: (0..rain.len()).map(|i| at(5.0 * i as f64)).collect(),
        values: rain.to_vec(),
        file: None,
    };
    let source = RainSource::Series(model.series.insert("R", series).unwrap());
    let gauge = Gauge { kind: RainKind::Intensity, interval: 300, snow_catch: 1.0, source };
    let gauge = model.gauges.insert("G", gauge);
    for (i, subcatchment) in subcatchments.into_iter().enumerate() {
        model.subcatchments.insert(format!("S{i}"), Subcatchment { gauge, ..subcatchment });
    }
    model
}

struct Run {
    params: Params,
    state: State,
    weather_params: forcing::Params,
    weather: forcing::State,
    totals: RunoffTotals,
    statistics: SubcatchmentStatistics,
}

impl Run {
    fn new(model: &Model) -> Self {
        let params = Params::compile(model);
        let weather_params = forcing::Params::compile(model);
        Self {
            state: State::new(&params),
            weather: forcing::State::new(&weather_params),
            params,
            weather_params,
            totals: RunoffTotals::default(),
            statistics: SubcatchmentStatistics::new(model.subcatchments.len()),
        }
    }
    fn step(&mut self) -> bool {
        step(
            &self.params,
            &mut self.state,
            &self.weather_params,
            &mut self.weather,
            &mut self.totals,
            &mut self.statistics,
        )
    }
    fn finish(mut self) -> Self {
        while self.step() {}
        self.totals.final_storage = stored_volume(&self.params, &self.state);
        self
    }
    fn report(&self, at: DateTime) -> (Columns, Means) {
        let mut columns = Columns::default();
        let means = report(&self.params, &self.state, &self.weather_params, &self.weather, at, &mut columns);
        (columns, means)
    }
}

#[test]
fn steady_rain_on_asphalt_runs_off_at_intensity_times_area() {
    // 36 mm/h on a hectare is 0.1 m³/s.
    let mut run = Run::new(&model(&[36.0; 72], vec![asphalt()]));
    while run.state.new_time() < at(240.0) {
        run.step();
    }
    let runoff = run.state.runoff(SubcatchmentId(0), 1.0);
    assert!((runoff - 0.1).abs() < 1e-6, "{runoff}");
    let (columns, means) = run.report(at(240.0));
    assert!((columns.rainfall[0] / MM_PER_HOUR - 36.0).abs() < 1e-9);
    assert_eq!((means.rainfall, means.runoff), (columns.rainfall[0], columns.runoff[0]));
}

#[test]
fn water_that_does_not_run_off_is_accounted_for_exactly() {
    // 8 mm of rain on a lawn that takes 30 mm in the hour: all of it infiltrates or evaporates.
    let mut model = model(&[8.0; 12], vec![lawn()]);
    model.evaporation.source = EvaporationSource::Constant(5.0e-3 / 86_400.0);
    let run = Run::new(&model).finish();
    assert!((run.totals.rainfall - 80.0).abs() < 1e-9, "{}", run.totals.rainfall);
    assert_eq!(run.totals.runoff, 0.0);
    assert!(run.totals.continuity_error().abs() < 1e-10);
}

#[test]
fn the_balance_of_a_storm_closes_better_with_shorter_steps() {
    // Runoff of a step is booked at its end, so the error falls in proportion to the step.
    let error = |step: u32| {
        let mixed = Subcatchment {
            impervious: 0.5,
            zero_storage: 0.25,
            routing: InternalRouting::Pervious,
            routed: 0.4,
            ..lawn()
        };
        let mut model = model(&[20.0, 60.0, 120.0, 80.0, 40.0, 10.0], vec![mixed]);
        (model.options.wet_step, model.options.dry_step) = (step, step);
        Run::new(&model).finish().totals.continuity_error().abs()
    };
    let errors = [60, 20, 5].map(error);
    assert!(errors[0] < 1.0 && errors[1] < errors[0] / 2.0 && errors[2] < errors[1] / 2.0, "{errors:?}");
}

#[test]
fn a_subcatchment_receives_its_neighbours_runoff_one_step_later() {
    let upstream = Subcatchment { outlet: Outlet::Subcatchment(SubcatchmentId(1)), ..asphalt() };
    let downstream = Subcatchment { outlet: Outlet::Subcatchment(SubcatchmentId(1)), ..asphalt() };
    let mut run = Run::new(&model(&[60.0; 6], vec![upstream, downstream]));
    for _ in 0..10 {
        run.step();
    }
    let sent = run.state.runoff(SubcatchmentId(0), 1.0);
    let received = run.statistics.runon[1];
    run.step();
    assert!(sent > 0.0);
    assert!((run.statistics.runon[1] - received - sent * 60.0).abs() < 1e-12);
    let run = run.finish();
    // Only what leaves the lower one leaves the land.
    assert_eq!(run.totals.runoff, run.statistics.runoff[1]);
    assert!(run.statistics.runoff[0] > 0.0);
}

#[test]
fn outflow_of_outfalls_runs_onto_the_land() {
    let mut run = Run::new(&model(&[], vec![asphalt()]));
    run.step();
    assert_eq!(run.state.new_time(), at(10.0), "a dry step");
    run.state.runon_from_outfalls[0] = 30.0;
    run.step();
    assert_eq!(run.state.runon_from_outfalls[0], 0.0);
    assert_eq!((run.totals.runon, run.statistics.runon[0]), (30.0, 30.0));
    // 30 m³ on a hectare are 3 mm: 2 mm stay, the rest runs off.
    let run = run.finish();
    assert!((run.totals.final_storage - 20.0).abs() < 0.5, "{}", run.totals.final_storage);
}

#[test]
fn steps_are_wet_or_dry_and_end_where_rain_changes() {
    let mut model = model(&[], vec![asphalt()]);
    let series = &mut model.series[crate::model::SeriesId(0)];
    (series.times, series.values) = (vec![at(14.0), at(19.0)], vec![30.0, 0.0]);
    let mut run = Run::new(&model);
    let mut ends = Vec::new();
    for _ in 0..8 {
        run.step();
        ends.push(run.state.new_time().seconds_since(at(0.0)) / 60.0);
    }
    assert_eq!(ends, [10.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0]);
}

#[test]
fn internal_routing_keeps_water_from_the_outlet() {
    let half = |routing, routed| {
        let land = Subcatchment { impervious: 0.5, routing, routed, ..lawn() };
        Run::new(&model(&[20.0; 6], vec![land])).finish().totals
    };
    let straight = half(InternalRouting::Outlet, 1.0);
    let onto_lawn = half(InternalRouting::Pervious, 1.0);
    let none = half(InternalRouting::Pervious, 0.0);
    assert!(onto_lawn.runoff < 0.1 * straight.runoff);
    assert!(onto_lawn.infiltration > straight.infiltration);
    assert_eq!(none, straight);
}

#[test]
fn monthly_patterns_change_pervious_land() {
    let mut factors = [1.0; 24];
    factors[6] = 2.0;
    let run = |with: fn(&mut Subcatchment, crate::model::PatternId)| {
        let mut model = model(&[60.0; 12], vec![lawn()]);
        let pattern = Pattern { kind: PatternKind::Monthly, factors, count: 12 };
        let id = model.patterns.insert("P", pattern).unwrap();
        with(&mut model.subcatchments[SubcatchmentId(0)], id);
        Run::new(&model).finish().totals
    };
    let plain = run(|_, _| {});
    assert!(run(|s, p| s.infiltration_pattern = Some(p)).infiltration > 1.3 * plain.infiltration);
    assert!(run(|s, p| s.storage_pattern = Some(p)).runoff < plain.runoff);
    assert!(run(|s, p| s.roughness_pattern = Some(p)).infiltration > plain.infiltration);
}

#[test]
fn evaporation_may_be_limited_to_dry_weather() {
    let evaporation = |dry_only| {
        let mut model = model(&[10.0; 12], vec![asphalt()]);
        model.evaporation.source = EvaporationSource::Constant(1.0e-7);
        model.evaporation.dry_only = dry_only;
        let mut run = Run::new(&model);
        while run.state.new_time() < at(60.0) {
            run.step();
        }
        run.totals.evaporation
    };
    assert_eq!(evaporation(true), 0.0);
    assert!((evaporation(false) - 1.0e-7 * 3600.0 * 1.0e4).abs() < 0.2);
}

#[test]
fn negligible_runoff_is_reported_as_none() {
    let mut run = Run::new(&model(&[1.0], vec![asphalt()]));
    run.step();
    run.state.new_runoff[0] = 0.9 * LEAST_RUNOFF * 1.0e4;
    run.state.old_runoff[0] = run.state.new_runoff[0];
    assert_eq!(run.report(at(1.0)).0.runoff[0], 0.0);
    run.state.new_runoff[0] *= 2.0;
    assert!(run.report(at(1.0)).0.runoff[0] > 0.0);
}
