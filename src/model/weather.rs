//! Rain gauges, evaporation and monthly adjustments, as data.

use super::{PatternId, SeriesId};
use crate::clock::DateTime;

/// What the numbers of a rain record mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RainKind {
    /// Intensity over the recording interval (in/h or mm/h).
    #[default]
    Intensity,
    /// Depth in the recording interval (in or mm).
    Volume,
    /// Depth since the start of a storm (in or mm).
    Cumulative,
}

/// The rain of a station, as read from a rain file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RainRecord {
    /// Recording interval, s: the gauge's, or that of a file whose format fixes it.
    pub interval: u32,
    /// Start of each recorded interval, in the order of the file (increasing, unless a weather
    /// service's file is out of order).
    pub times: Vec<DateTime>,
    /// Depth in each of them, m; zero depths included where the file has them.
    pub depths: Vec<f64>,
    /// What the gauge found when it read the file.
    pub survey: RainSurvey,
}

/// What a gauge found in its rain file, as SWMM reports it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RainSurvey {
    /// Recording interval of the gauge that read the file, s.
    pub interval: u32,
    /// Start of the first period; `None` when there is none.
    pub first: Option<DateTime>,
    /// Start of the last period (the end, of an amount that was accumulated over several periods).
    pub last: Option<DateTime>,
    /// Periods with a value, zeros of the standard format included.
    pub with_rain: u64,
    /// Periods flagged as missing or deleted.
    pub missing: u64,
}

/// Where a gauge's record comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum RainSource {
    /// A time series of the model.
    Series(SeriesId),
    /// A rain file.
    File {
        /// The path as written.
        path: String,
        /// The station's name in the file.
        station: String,
        /// Whether depths in the file are millimetres (else inches).
        millimetres: bool,
        /// The first day that counts, when the file names one.
        start: Option<DateTime>,
        /// The record, once the file has been read (`input::rain_file::load_rain_files`).
        record: Option<RainRecord>,
    },
}

/// A rain gauge.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    /// What the numbers mean.
    pub kind: RainKind,
    /// Recording interval, s.
    pub interval: u32,
    /// Snow catch factor (used once snow is simulated).
    pub snow_catch: f64,
    /// Where the record comes from.
    pub source: RainSource,
}

/// Where evaporation comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum EvaporationSource {
    /// One rate, m/s.
    Constant(f64),
    /// A rate for each month, m/s.
    Monthly([f64; 12]),
    /// A time series, in the user's in/day or mm/day.
    Series(SeriesId),
    /// From temperature (not simulated yet).
    Temperature,
    /// From a climate file (not simulated yet), with monthly pan coefficients.
    File([f64; 12]),
}

/// Evaporation of standing water.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaporation {
    /// Where it comes from.
    pub source: EvaporationSource,
    /// Whether it acts in dry weather only.
    pub dry_only: bool,
    /// Monthly factors of the recovery of infiltration capacity.
    pub recovery: Option<PatternId>,
}

impl Default for Evaporation {
    fn default() -> Self {
        Self { source: EvaporationSource::Constant(0.0), dry_only: false, recovery: None }
    }
}

/// Monthly adjustments of the climate.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjustments {
    /// Added to temperature, K (used once temperature is simulated).
    pub temperature: [f64; 12],
    /// Added to evaporation, m/s.
    pub evaporation: [f64; 12],
    /// Multiplies rain.
    pub rainfall: [f64; 12],
    /// Multiplies soil conductivity.
    pub conductivity: [f64; 12],
}

impl Default for Adjustments {
    fn default() -> Self {
        Self { temperature: [0.0; 12], evaporation: [0.0; 12], rainfall: [1.0; 12], conductivity: [1.0; 12] }
    }
}
