//! What is mapped of a run: quantities, their classes and how they are called.

use super::SHALLOW;
use crate::inundation::maps::MapKind;
use crate::model::raster::Raster;
use crate::plot::relief::scale::Classes;
use crate::plot::{Language, Sheet, Word};

/// Limits of classes of depth (m): those of the tables of zones, and one more.
const DEPTHS: [f32; 6] = [SHALLOW, 0.15, 0.27, 0.5, 1.0, 2.0];
/// Limits of classes of speed (m/s).
const SPEEDS: [f32; 5] = [0.1, 0.5, 1.0, 2.0, 3.0];
/// Limits of classes of unit discharge (m²/s).
const DISCHARGES: [f32; 5] = [0.02, 0.1, 0.3, 0.6, 1.0];
/// Limits of classes of times, in the unit of the scale.
const TIMES: [f32; 6] = [0.0, 15.0, 30.0, 60.0, 120.0, 240.0];
const TIMES_LONG: [f32; 6] = [0.0, 1.0, 2.0, 4.0, 8.0, 16.0];
/// Events longer than this are told in hours (s).
const LONG: f64 = 8.0 * 3600.0;

/// How values are classed, for all maps of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scales {
    /// How long the runs are (s): times of short ones are told in minutes.
    pub duration: f64,
    /// Ratings from which there is danger for some, for most, for all.
    pub people: [f64; 3],
}

impl Scales {
    /// Seconds in the unit of times.
    fn time_unit(&self) -> f64 {
        if self.duration > LONG { 3600.0 } else { 60.0 }
    }
}

/// What is mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// Greatest depth (m).
    Depth,
    /// Greatest speed (m/s).
    Speed,
    /// Greatest unit discharge (m²/s).
    Discharge,
    /// How long it was deeper than the threshold (s).
    Duration,
    /// When water arrived (s since the start).
    Arrival,
    /// How long after the end of the rain it was deeper than the threshold (s).
    Retreat,
    /// The greatest rating of hazard to people.
    People,
    /// The greatest class of hazard, 1 to 6.
    Hazard,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Depth,
        Self::Speed,
        Self::Discharge,
        Self::Duration,
        Self::Arrival,
        Self::Retreat,
        Self::People,
        Self::Hazard,
    ];

    /// Its name in names of files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Depth => "depth",
            Self::Speed => "speed",
            Self::Discharge => "discharge",
            Self::Duration => "duration",
            Self::Arrival => "arrival",
            Self::Retreat => "retreat",
            Self::People => "hazard_people",
            Self::Hazard => "hazard",
        }
    }

    /// The map of a run that it is read from.
    #[must_use]
    pub fn kind(self) -> MapKind {
        match self {
            Self::Depth => MapKind::Depth,
            Self::Speed => MapKind::Speed,
            Self::Discharge => MapKind::Discharge,
            Self::Duration => MapKind::Duration,
            Self::Arrival => MapKind::Arrival,
            Self::Retreat => MapKind::Retreat,
            Self::People => MapKind::People,
            Self::Hazard => MapKind::Class,
        }
    }

    /// What it is.
    #[must_use]
    pub fn word(self) -> Word {
        match self {
            Self::Depth => Word::MaximumDepth,
            Self::Speed => Word::MaximumVelocity,
            Self::Discharge => Word::UnitDischarge,
            Self::Duration => Word::Duration,
            Self::Arrival => Word::Arrival,
            Self::Retreat => Word::Retreat,
            Self::People => Word::PeopleHazard,
            Self::Hazard => Word::Hazard,
        }
    }

    /// What it is with its unit: the head of a legend.
    #[must_use]
    pub fn heading(self, scales: &Scales, sheet: &Sheet) -> String {
        let language = sheet.language;
        let time = sheet.word(if scales.time_unit() > 60.0 { Word::Hours } else { Word::Minutes });
        let unit = match self {
            Self::Depth => "m",
            Self::Speed => "m/s",
            Self::Discharge => "m²/s",
            Self::Duration => {
                return language
                    .of(format!("Time above the threshold ({time})"), format!("超过阈值的历时（{time}）"));
            }
            Self::Arrival | Self::Retreat => time,
            Self::People => "FD2321",
            Self::Hazard => "AIDR H1–H6",
        };
        language.with_unit(sheet.word(self.word()), unit)
    }

    /// Its classes: the same for all maps of a place.
    #[must_use]
    pub fn classes(self, scales: &Scales, language: Language) -> Classes {
        let times = if scales.time_unit() > 60.0 { TIMES_LONG } else { TIMES };
        match self {
            Self::Depth => Classes::amounts(&DEPTHS),
            Self::Speed => Classes::speeds(&SPEEDS),
            Self::Discharge => Classes::speeds(&DISCHARGES),
            Self::Duration | Self::Retreat => Classes::times(&times, false),
            Self::Arrival => Classes::times(&times, true),
            Self::People => {
                let labels = language.of(
                    ["low", "danger for some", "danger for most", "danger for all"],
                    ["低", "对部分人危险", "对多数人危险", "对所有人危险"],
                );
                Classes::danger(scales.people.map(|limit| limit as f32), labels)
            }
            Self::Hazard => Classes::named(&["H1", "H2", "H3", "H4", "H5", "H6"]),
        }
    }

    /// Values as they are drawn: times in the unit of the scale, nothing where nothing stood long enough.
    #[must_use]
    pub fn shown(self, values: &Raster, scales: &Scales) -> Raster {
        let unit = scales.time_unit() as f32;
        let mut shown = values.clone();
        match self {
            Self::Duration | Self::Retreat => {
                // what never was deep has no duration, and what had gone before the rain ended no retreat
                shown.values.mapv_inplace(|value| if value > 0.0 { value / unit } else { f32::NAN });
            }
            Self::Arrival => shown.values.mapv_inplace(|value| value / unit),
            _ => {}
        }
        shown
    }
}
