//! Rain gauges: each walks through its record, interval by interval.
//!
//! The walk is SWMM's: a recorded value lasts one recording interval; values of zero are passed over,
//! so that the time to the next rain is known; and the clock is read one second ahead, so that a step
//! that ends at a change of rain belongs to what follows.

use serde::{Deserialize, Serialize};

use crate::clock::DateTime;
use crate::model::weather::{RainKind, RainSource};
use crate::model::{GaugeId, Model};
use crate::num::index::Id;

use super::instant::{calendar, nearest_second, whole_seconds};

/// Hours of past rain that a gauge remembers, for control rules.
pub const PAST_HOURS: usize = 48;

/// Milliseconds by which the clock is read ahead.
const AHEAD_MS: i64 = 1000;

/// A gauge's record and how it is used.
#[derive(Clone, Debug, Default, PartialEq)]
struct Gauge {
    /// Whether a subcatchment gets its rain from it.
    used: bool,
    /// The earlier gauge that reads the same series, whose rain is taken.
    twin: Option<usize>,
    /// Recording interval, ms.
    interval_ms: i64,
    /// Start of each interval.
    times: Vec<DateTime>,
    /// Rain in it, m/s, without monthly factors.
    rates: Vec<f64>,
}

/// The rain gauges of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    gauges: Vec<Gauge>,
    start: DateTime,
    ignore_rainfall: bool,
}

impl Params {
    /// Compiles the gauges of a model. Rain files must have been loaded; a gauge without a record
    /// has no rain.
    pub fn compile(model: &Model) -> Self {
        let mut gauges: Vec<Gauge> =
            model.gauges.iter().map(|(_, gauge)| compile_record(model, gauge)).collect();
        for subcatchment in model.subcatchments.items() {
            if let Some(id) = subcatchment.gauge {
                gauges[id.index()].used = true;
            }
        }
        let series = |j: usize| match model.gauges.items()[j].source {
            RainSource::Series(id) => Some(id),
            RainSource::File { .. } => None,
        };
        for j in 0..gauges.len() {
            if gauges[j].used && series(j).is_some() {
                gauges[j].twin = (0..j).find(|&i| gauges[i].used && series(i) == series(j));
            }
        }
        Self { gauges, start: model.options.start, ignore_rainfall: model.options.ignore_rainfall }
    }
    /// How many gauges there are.
    pub fn len(&self) -> usize {
        self.gauges.len()
    }
    /// The record of a gauge as steps: seconds since the start of the run, and the rain from then on, m/s. Each
    /// recorded value lasts one interval, or until the next.
    pub fn steps(&self, id: GaugeId) -> Vec<(f64, f64)> {
        let gauge = &self.gauges[id.index()];
        let mut steps = vec![(0.0, 0.0)];
        if self.ignore_rainfall {
            return steps;
        }
        for (i, (time, rate)) in gauge.times.iter().zip(&gauge.rates).enumerate() {
            let end = DateTime(time.0 + gauge.interval_ms);
            let end = gauge.times.get(i + 1).map_or(end, |next| end.min(*next));
            if end <= self.start {
                continue;
            }
            let begin = time.seconds_since(self.start).max(0.0);
            if steps.last().is_some_and(|last| last.0 >= begin) {
                steps.pop();
            }
            steps.push((begin, *rate));
            steps.push((end.seconds_since(self.start), 0.0));
        }
        steps
    }
    /// Whether there is no gauge.
    pub fn is_empty(&self) -> bool {
        self.gauges.is_empty()
    }
}

/// A record as rain rates.
fn compile_record(model: &Model, gauge: &crate::model::weather::Gauge) -> Gauge {
    let seconds = |interval: u32| f64::from(interval.max(1));
    match &gauge.source {
        RainSource::Series(id) => {
            let series = &model.series[*id];
            let depth_rate = model.units.rain_depth / seconds(gauge.interval);
            let rates = match gauge.kind {
                RainKind::Intensity => series.values.iter().map(|v| v * model.units.rain_rate).collect(),
                RainKind::Volume => series.values.iter().map(|v| v * depth_rate).collect(),
                RainKind::Cumulative => increments(&series.values).map(|v| v * depth_rate).collect(),
            };
            Gauge {
                interval_ms: i64::from(gauge.interval) * 1000,
                times: series.times.clone(),
                rates,
                ..Gauge::default()
            }
        }
        RainSource::File { record: Some(record), .. } => Gauge {
            interval_ms: i64::from(record.interval) * 1000,
            times: record.times.clone(),
            rates: record.depths.iter().map(|depth| depth / seconds(record.interval)).collect(),
            ..Gauge::default()
        },
        RainSource::File { record: None, .. } => Gauge::default(),
    }
}

/// Depth in each interval of a cumulative record: a value below the one before begins a new storm.
fn increments(values: &[f64]) -> impl Iterator<Item = f64> + '_ {
    let mut before = 0.0;
    values.iter().map(move |&value| {
        let depth = if value < before { value } else { value - before };
        before = value;
        depth
    })
}

/// Where a gauge stands in its record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Walk {
    /// Start of the current interval; `None` without a record.
    start: Option<DateTime>,
    /// End of the current interval.
    end: DateTime,
    /// Start of the next interval with rain; `None` after the last.
    next: Option<DateTime>,
    /// Rain now, m/s.
    rain: f64,
    /// Rain of the next interval, m/s.
    next_rain: f64,
    /// The entry that `next` stands on.
    cursor: usize,
    /// Rain of the unfinished hour (place 0) and of each full hour before it, m.
    past: Vec<f64>,
    /// Seconds of the unfinished hour.
    past_seconds: u32,
}

/// The rain gauges at the current instant of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    walks: Vec<Walk>,
}

impl State {
    /// The gauges before the first step.
    pub fn new(params: &Params) -> Self {
        Self { walks: params.gauges.iter().map(|gauge| Walk::new(params, gauge)).collect() }
    }
    /// Rain at a gauge, m/s.
    #[inline]
    pub fn rain(&self, id: GaugeId) -> f64 {
        self.walks[id.index()].rain
    }
    /// Rain at a gauge as a control rule sees it, m/s: 0 where no subcatchment uses the gauge.
    pub fn rain_for_rules(&self, params: &Params, id: GaugeId) -> f64 {
        if params.gauges[id.index()].used { self.rain(id) } else { 0.0 }
    }
    /// Rain at a gauge over the last full `hours` (1 to [`PAST_HOURS`]), m; 0 for other numbers and
    /// where no subcatchment uses the gauge.
    pub fn past_rain(&self, params: &Params, id: GaugeId, hours: usize) -> f64 {
        if !params.gauges[id.index()].used || !(1..=PAST_HOURS).contains(&hours) {
            return 0.0;
        }
        self.walks[id.index()].past[1..=hours].iter().sum()
    }
    /// Whether it rains at any gauge.
    pub fn is_raining(&self) -> bool {
        self.walks.iter().any(|walk| walk.rain > 0.0)
    }
    /// Takes the rain of the clock's time `now`; `rain_factor` is the month's factor.
    ///
    /// The factor is applied to the *next* value when that is read, hence a value that is read in
    /// June and falls in July carries June's factor, as in SWMM.
    pub(super) fn advance(&mut self, params: &Params, now: DateTime, rain_factor: f64) {
        for (j, gauge) in params.gauges.iter().enumerate() {
            if !gauge.used {
                continue;
            }
            if params.ignore_rainfall {
                self.walks[j].rain = 0.0;
            } else if let Some(twin) = gauge.twin {
                self.walks[j].rain = self.walks[twin].rain;
            } else {
                self.walks[j].advance(gauge, now, rain_factor);
            }
        }
    }
    /// Whole seconds from the clock's time `now` to the nearest change of rain at any gauge; `None`
    /// when no change is ahead.
    pub fn seconds_to_change(&self, params: &Params, now: DateTime) -> Option<i64> {
        let at = calendar(now);
        let used = self.walks.iter().zip(&params.gauges).filter(|(_, gauge)| gauge.used);
        used.filter_map(|(walk, _)| walk.next_change(at))
            .map(|change| whole_seconds(at, change))
            .filter(|&seconds| seconds > 0)
            .min()
    }
    /// Adds the rain of a runoff step of `seconds` to what the gauges remember.
    pub fn remember(&mut self, seconds: u32) {
        for walk in &mut self.walks {
            walk.remember(seconds);
        }
    }
    /// Rain at each gauge as it is reported at the clock's time `now`, m/s: of the current interval,
    /// or, where `now` is its end, of the next one.
    pub fn reported(&self, params: &Params, now: DateTime) -> Vec<f64> {
        let at = ahead(now);
        let mut reported: Vec<f64> = Vec::with_capacity(self.walks.len());
        for (walk, gauge) in self.walks.iter().zip(&params.gauges) {
            let rain = match (gauge.twin, walk.next) {
                (Some(twin), _) => reported[twin],
                _ if at < walk.end => walk.rain,
                (None, Some(next)) if at < next => 0.0,
                _ => walk.next_rain,
            };
            reported.push(rain);
        }
        reported
    }
}

/// The calendar instant at which a gauge looks into its record.
fn ahead(now: DateTime) -> DateTime {
    DateTime(calendar(now).0.saturating_add(AHEAD_MS))
}

impl Walk {
    fn new(params: &Params, gauge: &Gauge) -> Self {
        let mut walk = Self {
            start: None,
            end: DateTime(i64::MIN),
            next: None,
            rain: 0.0,
            next_rain: 0.0,
            cursor: 0,
            past: vec![0.0; PAST_HOURS + 1],
            past_seconds: 0,
        };
        if params.ignore_rainfall {
            return walk;
        }
        if let (Some(&time), Some(&rate)) = (gauge.times.first(), gauge.rates.first()) {
            if time > params.start {
                (walk.start, walk.end) = (Some(params.start), time);
                (walk.next, walk.next_rain) = (Some(time), rate);
            } else {
                (walk.start, walk.end) = (Some(time), interval_end(time, gauge));
                walk.rain = rate;
                walk.read_next(gauge, 1.0);
            }
        }
        walk
    }
    /// Moves on to the next entry with rain.
    fn read_next(&mut self, gauge: &Gauge, rain_factor: f64) {
        (self.next, self.next_rain) = (None, 0.0);
        while let (Some(&time), Some(&rate)) =
            (gauge.times.get(self.cursor + 1), gauge.rates.get(self.cursor + 1))
        {
            self.cursor += 1;
            let rain = rate * rain_factor;
            if rain != 0.0 {
                (self.next, self.next_rain) = (Some(time), rain);
                return;
            }
        }
    }
    fn advance(&mut self, gauge: &Gauge, now: DateTime, rain_factor: f64) {
        let at = ahead(now);
        loop {
            match (self.start, self.next) {
                (Some(start), _) if at >= start && at < self.end => return,
                (Some(start), Some(next)) if at >= start && at >= next => {
                    (self.start, self.end) = (Some(next), interval_end(next, gauge));
                    self.rain = self.next_rain;
                    self.read_next(gauge, rain_factor);
                }
                _ => {
                    self.rain = 0.0;
                    return;
                }
            }
        }
    }
    fn next_change(&self, at: DateTime) -> Option<DateTime> {
        let at = DateTime(at.0.saturating_add(AHEAD_MS));
        match self.start {
            Some(start) if at < start => Some(start),
            _ if at < self.end => Some(self.end),
            _ => self.next,
        }
    }
    fn remember(&mut self, seconds: u32) {
        let mut left = seconds;
        while left > 0 {
            let to_full_hour = 3600 - self.past_seconds;
            if left > to_full_hour {
                self.past[0] += f64::from(to_full_hour) * self.rain;
                self.past.rotate_right(1);
                self.past[0] = 0.0;
                self.past_seconds = 0;
                left -= to_full_hour;
            } else {
                self.past[0] += f64::from(left) * self.rain;
                self.past_seconds += left;
                left = 0;
            }
        }
    }
}

/// End of the recording interval that begins at an instant.
fn interval_end(start: DateTime, gauge: &Gauge) -> DateTime {
    DateTime(nearest_second(start).0.saturating_add(gauge.interval_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::catchment::{Outlet, Subcatchment};
    use crate::model::curve::TimeSeries;
    use crate::model::weather;
    use crate::model::{SeriesId, SubcatchmentId};
    use crate::units::{FlowUnits, Units};

    fn at(minutes: f64) -> DateTime {
        DateTime::from_date(2026, 7, 21).unwrap().plus_seconds(minutes * 60.0)
    }

    fn subcatchment(gauge: GaugeId) -> Subcatchment {
        Subcatchment {
            gauge: Some(gauge),
            area: 1.0e4,
            impervious: 1.0,
            width: 100.0,
            slope: 0.01,
            roughness_impervious: 0.015,
            roughness_pervious: 0.1,
            ..Subcatchment::new(Outlet::Subcatchment(SubcatchmentId(0)))
        }
    }

    /// A gauge with values every 5 minutes, in the units of mm.
    fn model(kind: RainKind, values: &[(f64, f64)]) -> Model {
        let mut model = Model { units: Units::new(FlowUnits::Cms), ..Model::default() };
        (model.options.start, model.options.end) = (at(0.0), at(600.0));
        let series = TimeSeries {
            times: values.iter().map(|v| at(v.0)).collect(),
            values: values.iter().map(|v| v.1).collect(),
            file: None,
        };
        let id: SeriesId = model.series.insert("R", series).unwrap();
        let gauge = weather::Gauge { kind, interval: 300, snow_catch: 1.0, source: RainSource::Series(id) };
        let gauge = model.gauges.insert("G", gauge).unwrap();
        model.subcatchments.insert("S", subcatchment(gauge));
        model
    }

    const MM_PER_HOUR: f64 = 0.001 / 3600.0;

    fn rain_at(params: &Params, state: &mut State, minutes: f64) -> f64 {
        state.advance(params, at(minutes), 1.0);
        state.rain(GaugeId(0)) / MM_PER_HOUR
    }

    #[test]
    fn a_value_lasts_one_recording_interval() {
        let params = Params::compile(&model(RainKind::Intensity, &[(0.0, 12.0), (5.0, 24.0), (20.0, 6.0)]));
        let mut state = State::new(&params);
        for (minutes, rain) in
            [(0.0, 12.0), (4.9, 12.0), (5.0, 24.0), (9.9, 24.0), (10.0, 0.0), (20.0, 6.0), (25.0, 0.0)]
        {
            assert!((rain_at(&params, &mut state, minutes) - rain).abs() < 1e-6, "{minutes} min");
        }
        assert!(!state.is_raining());
    }

    #[test]
    fn depths_become_intensities() {
        for (kind, values) in [
            (RainKind::Volume, [(0.0, 1.0), (5.0, 2.0), (10.0, 0.5)]),
            // 1 mm, then 2 mm more; the fall from 3 to 0.5 begins a new storm.
            (RainKind::Cumulative, [(0.0, 1.0), (5.0, 3.0), (10.0, 0.5)]),
        ] {
            let params = Params::compile(&model(kind, &values));
            let mut state = State::new(&params);
            for (minutes, rain) in [(0.0, 12.0), (5.0, 24.0), (10.0, 6.0)] {
                assert!(
                    (rain_at(&params, &mut state, minutes) - rain).abs() < 1e-6,
                    "{kind:?} {minutes} min"
                );
            }
        }
    }

    #[test]
    fn steps_end_where_rain_changes() {
        let params = Params::compile(&model(RainKind::Intensity, &[(10.0, 12.0), (15.0, 0.0), (60.0, 6.0)]));
        let mut state = State::new(&params);
        for (minutes, seconds) in
            [(0.0, Some(600)), (10.0, Some(300)), (15.0, Some(2700)), (60.0, Some(300)), (65.0, None)]
        {
            state.advance(&params, at(minutes), 1.0);
            assert_eq!(state.seconds_to_change(&params, at(minutes)), seconds, "{minutes} min");
        }
    }

    #[test]
    fn a_report_at_the_end_of_an_interval_shows_the_next() {
        let params = Params::compile(&model(RainKind::Intensity, &[(0.0, 12.0), (5.0, 24.0), (30.0, 6.0)]));
        let mut state = State::new(&params);
        state.advance(&params, at(0.0), 1.0);
        let reported =
            |state: &State, minutes| (state.reported(&params, at(minutes))[0] / MM_PER_HOUR).round();
        assert_eq!(reported(&state, 4.0), 12.0);
        assert_eq!(reported(&state, 5.0), 24.0);
        state.advance(&params, at(5.0), 1.0);
        assert_eq!(reported(&state, 10.0), 0.0);
    }

    #[test]
    fn gauges_that_share_a_series_rain_together() {
        let mut model = model(RainKind::Intensity, &[(0.0, 12.0), (5.0, 24.0)]);
        let twin = model.gauges.items()[0].clone();
        let twin = model.gauges.insert("H", twin).unwrap();
        model.subcatchments.insert("T", subcatchment(twin));
        let params = Params::compile(&model);
        let mut state = State::new(&params);
        state.advance(&params, at(5.0), 2.0);
        assert_eq!(state.rain(twin), state.rain(GaugeId(0)));
        assert_eq!(state.reported(&params, at(6.0))[0], state.reported(&params, at(6.0))[1]);
    }

    #[test]
    fn past_rain_counts_full_hours() {
        let params = Params::compile(&model(RainKind::Intensity, &[(0.0, 12.0)]));
        let mut state = State::new(&params);
        state.advance(&params, at(0.0), 1.0);
        // 3 h 20 min of 12 mm/h.
        for _ in 0..40 {
            state.remember(300);
        }
        let past = |state: &State, hours| (state.past_rain(&params, GaugeId(0), hours) * 1000.0).round();
        assert_eq!(past(&state, 1), 12.0);
        assert_eq!(past(&state, 3), 36.0);
        assert_eq!(past(&state, 4), 36.0);
        assert_eq!(past(&state, 49), 0.0);
    }

    #[test]
    fn ignored_rain_does_not_fall() {
        let mut model = model(RainKind::Intensity, &[(0.0, 12.0), (5.0, 24.0)]);
        model.options.ignore_rainfall = true;
        let params = Params::compile(&model);
        let mut state = State::new(&params);
        state.advance(&params, at(0.0), 1.0);
        assert!(!state.is_raining());
        assert_eq!(state.seconds_to_change(&params, at(0.0)), None);
        assert_eq!(state.reported(&params, at(5.0)), [0.0]);
    }
}
