//! The maps of a run: depth, level, speed, hazard and times, cell by cell.

use ndarray::Array2;

use super::Flood;
use crate::model::raster::Raster;
use crate::surface::CellMaxima;

/// What a map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MapKind {
    /// Greatest depth (m); 0 where it stayed dry.
    Depth,
    /// Greatest level (m).
    Level,
    /// Greatest speed (m/s).
    Speed,
    /// Greatest unit discharge (m²/s).
    Discharge,
    /// Greatest hazard rating of people in time (FD2321).
    People,
    /// Greatest class of hazard in time, 1 to 6 for H1 to H6 (AIDR).
    Class,
    /// When water arrived (s since the start of the run).
    Arrival,
    /// Time above the threshold (s).
    Duration,
    /// How long after the last rain water was last seen above the threshold (s): where it stands at the end of the run,
    /// until then.
    Retreat,
    /// Depth at the end of the run (m).
    Final,
}

impl MapKind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Depth,
        Self::Level,
        Self::Speed,
        Self::Discharge,
        Self::People,
        Self::Class,
        Self::Arrival,
        Self::Duration,
        Self::Retreat,
        Self::Final,
    ];
    /// A word for the names of files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Depth => "max_depth",
            Self::Level => "max_level",
            Self::Speed => "max_speed",
            Self::Discharge => "max_unit_discharge",
            Self::People => "hazard_people",
            Self::Class => "hazard_class",
            Self::Arrival => "arrival",
            Self::Duration => "duration",
            Self::Retreat => "retreat",
            Self::Final => "final_depth",
        }
    }
    fn value(self, cell: &CellMaxima, final_depth: f64, rain_end: f64) -> f64 {
        let wet = cell.depth > 0.0;
        let if_wet = |value: f64| if wet { value } else { f64::NAN };
        match self {
            Self::Depth => cell.depth,
            Self::Level => if_wet(cell.level),
            Self::Speed => if_wet(cell.speed),
            Self::Discharge => if_wet(cell.discharge),
            Self::People => if_wet(cell.people),
            Self::Class => {
                if cell.class > 0 {
                    f64::from(cell.class)
                } else {
                    f64::NAN
                }
            }
            Self::Arrival => cell.arrival,
            Self::Duration => cell.above,
            // never above it is NaN and stays so
            Self::Retreat => {
                if cell.last_above.is_nan() {
                    f64::NAN
                } else {
                    (cell.last_above - rain_end).max(0.0)
                }
            }
            Self::Final => final_depth,
        }
    }
}

/// The maps of a run, all on the cells of its terrain; NaN where nothing is to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct StreetMaps {
    /// In the order of [`MapKind::ALL`].
    pub maps: Vec<(MapKind, Raster)>,
    /// Depth (m) at some times (s since the start of the run), where they were taken.
    pub times: Vec<(f64, Raster)>,
}

impl StreetMaps {
    /// The maps of a flood.
    #[must_use]
    pub fn of(flood: &Flood<'_>) -> Self {
        let map = |kind: MapKind| {
            let value = |place| {
                let depth = flood.depth_at_end(place);
                flood.at(place).map_or(f64::NAN, |cell| kind.value(cell, depth, flood.rain_end)) as f32
            };
            let values = Array2::from_shape_fn(flood.ground.values.dim(), value);
            (kind, Raster { values, crs: flood.ground.crs.clone(), ..*flood.ground })
        };
        Self { maps: MapKind::ALL.map(map).to_vec(), times: Vec::new() }
    }
    /// A map by what it shows.
    #[must_use]
    pub fn get(&self, kind: MapKind) -> Option<&Raster> {
        self.maps.iter().find(|(known, _)| *known == kind).map(|(_, map)| map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inundation::testing::Lake;

    #[test]
    fn maps_show_what_is_remembered_and_nothing_where_nothing_is() {
        let mut lake = Lake::of(2, 2, 1.0, |row, column| match (row, column) {
            (0, 0) => 0.4,
            (0, 1) => 0.1,
            _ => 0.0,
        });
        lake.ground.values[(1, 1)] = f32::NAN;
        let maps = StreetMaps::of(&lake.flood());
        let value = |kind, row, column| maps.get(kind).unwrap().values[(row, column)];
        assert_eq!(value(MapKind::Depth, 0, 0), 0.4);
        assert_eq!(value(MapKind::Depth, 1, 0), 0.0);
        assert!(value(MapKind::Depth, 1, 1).is_nan() && value(MapKind::Level, 1, 0).is_nan());
        // gone at 1800 s, 600 s after the rain
        assert_eq!((value(MapKind::Retreat, 0, 0), value(MapKind::Duration, 0, 0)), (600.0, 1200.0));
        assert!(value(MapKind::Retreat, 0, 1).is_nan(), "never above the threshold");
        assert_eq!((value(MapKind::Class, 0, 0), value(MapKind::Arrival, 0, 1)), (2.0, 600.0));
        assert!(value(MapKind::Class, 1, 0).is_nan());
    }
}
