//! Formats of Canada's weather services: hourly rain of the Atmospheric Environment Service (AES HLY)
//! and of the Canadian Meteorological Centre (CMC HLY03, HLY21), quarter-hourly rain of the latter
//! (CMC FIF21).
//!
//! Each line holds one day of one element of a station: station (7 digits), year (4; AES 3, without the
//! millennium), month, day (2 each), element (3), then for each period a value of six characters in
//! tenths of a millimetre (-99999: missing) and a flag of one, which plays no part. Lines of other
//! elements than rain are passed over.
//!
//! SWMM takes the first value of a day as the rain of the period that *ends* at midnight, that is of the
//! last period of the day before. So does this reader.

use super::recorder::{Recorder, date, later};
use super::scan::Scanner;
use super::text::{Line, Reports};
use crate::clock::DateTime;

/// Tenths of a millimetre that stand for a missing value.
const MISSING: i64 = -99999;
/// Width of a value and its flag.
const STRIDE: usize = 7;

/// A Canadian format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Hourly, Atmospheric Environment Service.
    AesHourly,
    /// Hourly, Canadian Meteorological Centre.
    CmcHourly,
    /// Quarter-hourly, Canadian Meteorological Centre.
    CmcQuarterly,
}

/// The head of a line.
struct Head {
    date: [i64; 3],
    element: i64,
}

/// The layout that a line shows: by its element and its length.
pub(super) fn detect(line: &[u8]) -> Option<Layout> {
    let shows = |layout: Layout| {
        // The end of the line counts as a character.
        let is_long = line.len() + 1 >= layout.shortest_line();
        is_long && layout.head(line).is_some_and(|head| head.element == layout.element())
    };
    [Layout::AesHourly, Layout::CmcQuarterly, Layout::CmcHourly].into_iter().find(|&layout| shows(layout))
}

impl Layout {
    /// Recording interval, s.
    pub fn interval(self) -> u32 {
        match self {
            Self::AesHourly | Self::CmcHourly => 3600,
            Self::CmcQuarterly => 900,
        }
    }
    /// Number of the element that is rain.
    fn element(self) -> i64 {
        match self {
            Self::AesHourly | Self::CmcHourly => 123,
            Self::CmcQuarterly => 159,
        }
    }
    /// Length from which on SWMM takes a line as one of this layout.
    fn shortest_line(self) -> usize {
        match self {
            Self::AesHourly => 185,
            Self::CmcHourly => 186,
            Self::CmcQuarterly => 691,
        }
    }
    fn year_width(self) -> usize {
        if self == Self::AesHourly { 3 } else { 4 }
    }
    fn head(self, line: &[u8]) -> Option<Head> {
        let mut fields = Scanner::at(line, 0);
        fields.integer(7)?;
        let year = match (self, fields.integer(self.year_width())?) {
            (Self::AesHourly, year) if year < 100 => year + 2000,
            (Self::AesHourly, year) => year + 1000,
            (_, year) => year,
        };
        let date = [year, fields.integer(2)?, fields.integer(2)?];
        Some(Head { date, element: fields.integer(3)? })
    }
    /// The station's number in a line.
    pub fn station(self, line: &[u8]) -> Option<i64> {
        Scanner::at(line, 0).integer(7)
    }
    /// Reads a line into the record.
    pub fn read(
        self,
        line: &Line<'_>,
        from: Option<DateTime>,
        recorder: &mut Recorder,
        reports: &mut Reports<'_>,
    ) {
        let Some(Head { date: [year, month, day], element }) = self.head(line.bytes) else {
            if !line.is_blank() {
                reports.warn(line, 0, "this line cannot be read as a day of rain and is passed over", "");
            }
            return;
        };
        if element != self.element() {
            return;
        }
        let Some(midnight) = date(year, month, day) else {
            let message = format!("there is no day {year}-{month}-{day}; this line is passed over");
            reports.warn(line, 0, &message, "");
            return;
        };
        if from.is_some_and(|from| midnight < from) {
            return;
        }
        let interval = i64::from(self.interval());
        let values = 14 + self.year_width();
        for period in 0..86_400 / interval {
            let column = values.saturating_add(STRIDE.saturating_mul(usize::try_from(period).unwrap_or(0)));
            let mut fields = Scanner::at(line.bytes, column);
            let value = fields.integer(6);
            // A flag that is left blank may be cut off at the end of the line.
            let flag = fields.character().or((line.bytes.len() < column + STRIDE).then_some(b' '));
            let (Some(value), Some(_)) = (value, flag) else {
                let message = format!("the line cannot be read from value {} of the day on", period + 1);
                reports.warn(line, column, &message, "a value takes six characters, its flag one");
                return;
            };
            if value == MISSING {
                recorder.missing(1);
            } else if value > 0 {
                let inches = (value as f64 / 10.0 / 25.4) as f32;
                recorder.rain(later(midnight, (period - 1) * interval), inches);
            }
        }
    }
}
