//! Rain as maps over time, such as of radar, as a scenario file asks for it: `[surface.rain_maps]`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Rain on the grid from maps over time in place of gauges, such as of radar. A cell of the surface gets the rain of the
/// cell of the map in which its middle lies. Subcatchments keep their gauges.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RainMapsTable {
    /// The list of maps, CSV with the head `time,file`: from when on the map rains, until the time of the next line; as
    /// `2026-07-21 14:05`, or `0:05` or hours from the start of the run. A line without a file is dry; the last line is
    /// such a one and ends the rain. Maps are GeoTIFF or ESRI ASCII, plain or gzip, all of the same cells; their paths
    /// begin in the folder of the list.
    pub file: PathBuf,
    /// What the numbers of the maps are; mm/h when it is not given.
    #[serde(default)]
    pub unit: RainMapUnit,
    /// Coordinate reference system of the maps when their files name none; that of the terrain when it is not given
    /// either.
    pub crs: Option<String>,
    /// What cells without data are.
    #[serde(default)]
    pub no_data: NoRainData,
}

/// What the numbers of a map of rain are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum RainMapUnit {
    /// Intensity, mm/h.
    #[default]
    #[serde(rename = "mm/h")]
    Intensity,
    /// Depth from the time of the map to that of the next line, mm.
    #[serde(rename = "mm")]
    Depth,
}

impl RainMapUnit {
    /// What 1 in a map is in m/s, when the map holds for an interval (s).
    #[must_use]
    pub fn rate(self, interval: f64) -> f64 {
        match self {
            Self::Intensity => 1.0e-3 / 3600.0,
            Self::Depth => 1.0e-3 / interval,
        }
    }
}

/// What cells of a map of rain without data are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NoRainData {
    /// A fault: radar has holes, and a hole that counts as dry hides rain.
    #[default]
    Refuse,
    /// Dry; how much is missing is told.
    Dry,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_of_twelve_millimetres_is_the_same_rain_in_both_units() {
        let (intensity, depth) = (RainMapUnit::Intensity, RainMapUnit::Depth);
        assert_eq!(12.0 * intensity.rate(3600.0), 12.0 * depth.rate(3600.0));
        // 1 mm in 5 min is 12 mm/h
        assert!((depth.rate(300.0) - 12.0 * intensity.rate(300.0)).abs() < 1.0e-18);
    }
}
