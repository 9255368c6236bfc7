//! Gathers the periods of a rain file into a record.
//!
//! SWMM keeps depths in single precision inches. So does this reader, before it converts to metres:
//! sums and differences depend on it.

use crate::clock::{DAY_MS, DateTime};
use crate::model::weather::{RainRecord, RainSurvey};

/// Metres in an inch.
const INCH: f64 = 0.0254;
/// Seconds over which an accumulated amount may be spread.
const LONGEST_ACCUMULATION: i64 = 366 * DAY_MS / 1000;

/// A record under way.
#[derive(Debug)]
pub(super) struct Recorder {
    record: RainRecord,
    /// Where an amount that is accumulated over several periods began.
    accumulating: Option<DateTime>,
}

/// What became of an amount accumulated over several periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accumulation {
    /// Spread evenly over its periods, or counted as missing.
    Booked,
    /// Its beginning is not in the file.
    WithoutBeginning,
    /// It ends before it begins.
    Backward,
    /// It lasts more than a year.
    TooLong,
}

impl Recorder {
    /// A record of periods of `interval` seconds, as read by a gauge.
    pub fn new(interval: u32) -> Self {
        let survey = RainSurvey { interval, ..RainSurvey::default() };
        Self { record: RainRecord { interval, survey, ..RainRecord::default() }, accumulating: None }
    }
    /// Recording interval, s.
    pub fn interval(&self) -> i64 {
        i64::from(self.record.interval)
    }
    /// Start of the latest period in the record.
    pub fn latest(&self) -> Option<DateTime> {
        self.record.times.last().copied()
    }
    /// Books the depth of the period that begins at an instant, inches.
    pub fn rain(&mut self, start: DateTime, inches: f32) {
        self.record.survey.with_rain += 1;
        self.keep(start, inches);
        self.record.survey.last = Some(start);
    }
    /// Books periods without a value.
    pub fn missing(&mut self, periods: u64) {
        self.record.survey.missing = self.record.survey.missing.saturating_add(periods);
    }
    /// Notes that an amount accumulates from the period that ends at an instant.
    pub fn begin_accumulation(&mut self, end: DateTime) {
        self.accumulating = Some(end);
    }
    /// Books an amount, inches (`None`: missing), that has accumulated up to the period that ends at an
    /// instant: in equal parts over the periods since its beginning. An amount that is missing leaves
    /// the beginning as it is.
    pub fn end_accumulation(&mut self, end: DateTime, amount: Option<f32>) -> Accumulation {
        let Some(begin) = self.accumulating else { return Accumulation::WithoutBeginning };
        let elapsed = end.0.saturating_sub(begin.0) / 1000;
        if elapsed > LONGEST_ACCUMULATION {
            self.accumulating = None;
            return Accumulation::TooLong;
        }
        let interval = self.interval().max(1);
        let Some(periods) = u32::try_from(elapsed / interval + 1).ok().filter(|&periods| periods > 0) else {
            self.accumulating = None;
            return Accumulation::Backward;
        };
        let Some(amount) = amount else {
            self.missing(u64::from(periods));
            return Accumulation::Booked;
        };
        self.record.survey.with_rain += u64::from(periods);
        self.accumulating = None;
        let inches = amount / periods as f32;
        if inches > 0.0 {
            let mut start = later(begin, -interval);
            for _ in 0..periods {
                self.keep(start, inches);
                start = later(start, interval);
            }
            // As in SWMM, which gives the end of the last period here.
            self.record.survey.last = Some(start);
        }
        Accumulation::Booked
    }
    fn keep(&mut self, start: DateTime, inches: f32) {
        self.record.survey.first.get_or_insert(start);
        self.record.times.push(start);
        self.record.depths.push(f64::from(inches) * INCH);
    }
    /// The record.
    pub fn finish(self) -> RainRecord {
        self.record
    }
}

/// The instant `seconds` after another.
pub(super) fn later(instant: DateTime, seconds: i64) -> DateTime {
    DateTime(instant.0.saturating_add(seconds.saturating_mul(1000)))
}

/// Midnight of a date; `None` when there is no such date.
pub(super) fn date(year: i64, month: i64, day: i64) -> Option<DateTime> {
    DateTime::from_date(i32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime {
        later(date(1949, 1, 3).unwrap(), hours * 3600)
    }

    #[test]
    fn an_accumulated_amount_is_spread_evenly_over_its_hours() {
        let mut recorder = Recorder::new(3600);
        recorder.begin_accumulation(at(3));
        assert_eq!(recorder.end_accumulation(at(6), Some(0.5)), Accumulation::Booked);
        let record = recorder.finish();
        assert_eq!(record.times, [at(2), at(3), at(4), at(5)]);
        assert_eq!(record.depths, [0.125 * INCH; 4]);
        assert_eq!((record.survey.with_rain, record.survey.missing), (4, 0));
        assert_eq!((record.survey.first, record.survey.last), (Some(at(2)), Some(at(6))));
    }

    #[test]
    fn a_missing_accumulation_keeps_its_beginning() {
        let mut recorder = Recorder::new(3600);
        recorder.begin_accumulation(at(3));
        assert_eq!(recorder.end_accumulation(at(4), None), Accumulation::Booked);
        assert_eq!(recorder.end_accumulation(at(5), Some(0.3)), Accumulation::Booked);
        assert_eq!(recorder.end_accumulation(at(6), Some(0.3)), Accumulation::WithoutBeginning);
        let survey = recorder.finish().survey;
        assert_eq!((survey.with_rain, survey.missing), (3, 2));
    }

    #[test]
    fn accumulations_that_make_no_sense_leave_no_rain() {
        let mut recorder = Recorder::new(900);
        recorder.begin_accumulation(at(9));
        assert_eq!(recorder.end_accumulation(at(3), Some(1.0)), Accumulation::Backward);
        recorder.begin_accumulation(DateTime(i64::MIN));
        assert_eq!(recorder.end_accumulation(DateTime(i64::MAX), Some(1.0)), Accumulation::TooLong);
        let record = recorder.finish();
        assert!(record.times.is_empty());
        assert_eq!(record.survey.with_rain, 0);
    }
}
