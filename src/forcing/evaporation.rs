//! Potential evaporation over time: constant, by month, or from a time series.

use serde::{Deserialize, Serialize};

use crate::clock::{DAY_MS, DateTime};
use crate::model::Model;
use crate::model::weather::EvaporationSource;

/// Where the rate comes from, m/s.
#[derive(Clone, Debug, PartialEq)]
enum Source {
    Constant(f64),
    Monthly([f64; 12]),
    Series { times: Vec<DateTime>, rates: Vec<f64> },
}

/// Evaporation of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    source: Source,
    /// Added to the rate by month, m/s.
    adjustment: [f64; 12],
    /// Midnight before the start.
    first_day: DateTime,
    end: DateTime,
}

impl Params {
    /// Compiles the evaporation of a model. Evaporation from temperature or from a climate file is
    /// not simulated yet; a model that asks for it must be refused before a run, and counts as none.
    pub fn compile(model: &Model) -> Self {
        let source = match &model.evaporation.source {
            EvaporationSource::Constant(rate) => Source::Constant(*rate),
            EvaporationSource::Monthly(rates) => Source::Monthly(*rates),
            EvaporationSource::Series(id) => {
                let series = &model.series[*id];
                Source::Series {
                    times: series.times.clone(),
                    rates: series.values.iter().map(|v| v * model.units.evaporation_rate).collect(),
                }
            }
            EvaporationSource::Temperature | EvaporationSource::File(_) => Source::Constant(0.0),
        };
        let start = model.options.start;
        Self {
            source,
            adjustment: model.adjustments.evaporation,
            first_day: DateTime(start.0.div_euclid(DAY_MS) * DAY_MS),
            end: model.options.end,
        }
    }
}

/// Evaporation at the current instant of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    rate: f64,
    next_change: DateTime,
    next_rate: f64,
    cursor: usize,
}

/// SWMM looks a year ahead where no change is due.
const YEAR_MS: i64 = 365 * DAY_MS;

impl State {
    /// The state before the first step.
    pub fn new(params: &Params) -> Self {
        let mut state = Self { rate: 0.0, next_change: params.first_day, next_rate: 0.0, cursor: 0 };
        if let Source::Series { times, rates } = &params.source {
            if let (Some(&time), Some(&rate)) = (times.first(), rates.first()) {
                (state.next_change, state.next_rate) = (time, rate);
            }
            if state.next_change < params.first_day {
                state.find_next_change(params, params.first_day);
            }
            state.rate = state.next_rate;
            state.find_next_change(params, state.next_change);
        }
        state
    }
    /// Potential evaporation, m/s.
    pub fn rate(&self) -> f64 {
        self.rate
    }
    /// When the rate changes next; the runoff step must not pass it.
    pub fn next_change(&self) -> DateTime {
        self.next_change
    }
    /// Takes the rate of a calendar instant. Instants must not decrease.
    ///
    /// SWMM adds the month's adjustment at each call to what a time series gave last, so that with a
    /// series *and* adjustments the rate grows from call to call; kept, since results must agree.
    pub fn advance(&mut self, params: &Params, at: DateTime) {
        let month = at.month() as usize - 1;
        match &params.source {
            Source::Constant(rate) => self.rate = *rate,
            Source::Monthly(rates) => self.rate = rates[month],
            Source::Series { .. } if at >= self.next_change => self.rate = self.next_rate,
            Source::Series { .. } => {}
        }
        self.rate += params.adjustment[month];
        self.find_next_change(params, at);
    }
    fn find_next_change(&mut self, params: &Params, at: DateTime) {
        if self.next_change > at {
            return;
        }
        self.next_change = DateTime(at.0.saturating_add(YEAR_MS));
        match &params.source {
            Source::Constant(_) => {}
            Source::Monthly(_) => {
                let (year, month, _) = at.date();
                let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                if let Some(first) = DateTime::from_date(next.0, next.1, 1) {
                    self.next_change = first;
                }
            }
            Source::Series { times, rates } => {
                while let (Some(&time), Some(&rate)) =
                    (times.get(self.cursor + 1), rates.get(self.cursor + 1))
                {
                    self.cursor += 1;
                    if time > params.end {
                        break;
                    }
                    if time >= at {
                        (self.next_change, self.next_rate) = (time, rate);
                        break;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::curve::TimeSeries;
    use crate::units::{FlowUnits, Units};

    fn day(d: u32) -> DateTime {
        DateTime::from_date(2026, 7, d).unwrap()
    }

    fn model(source: EvaporationSource) -> Model {
        let mut model = Model { units: Units::new(FlowUnits::Cms), ..Model::default() };
        model.options.start = day(1).plus_seconds(6.0 * 3600.0);
        model.options.end = day(30);
        model.evaporation.source = source;
        model
    }

    #[test]
    fn a_monthly_rate_changes_with_the_month() {
        let mut rates = [0.0; 12];
        (rates[6], rates[7]) = (3.0e-8, 4.0e-8);
        let mut model = model(EvaporationSource::Monthly(rates));
        model.adjustments.evaporation[7] = 1.0e-8;
        let params = Params::compile(&model);
        let mut state = State::new(&params);
        state.advance(&params, day(31));
        assert_eq!(state.rate(), 3.0e-8);
        let august = DateTime::from_date(2026, 8, 1).unwrap();
        assert_eq!(state.next_change(), august);
        state.advance(&params, august);
        assert_eq!(state.rate(), 5.0e-8);
    }

    #[test]
    fn a_series_holds_each_rate_until_the_next() {
        let series =
            TimeSeries { times: vec![day(1), day(2), day(5)], values: vec![1.0, 2.0, 5.0], file: None };
        let mut model = model(EvaporationSource::Constant(0.0));
        let id = model.series.insert("E", series).unwrap();
        model.evaporation.source = EvaporationSource::Series(id);
        let mm_per_day = model.units.evaporation_rate;
        let params = Params::compile(&model);
        let mut state = State::new(&params);
        for (d, rate, next) in [(1, 1.0, day(2)), (2, 2.0, day(5)), (4, 2.0, day(5))] {
            state.advance(&params, day(d));
            assert_eq!(state.rate(), rate * mm_per_day, "day {d}");
            assert_eq!(state.next_change(), next);
        }
        state.advance(&params, day(5));
        assert_eq!(state.rate(), 5.0 * mm_per_day);
        assert!(state.next_change() > day(30));
        assert!((mm_per_day - 0.001 / 86_400.0).abs() < 1e-15);
    }
}
