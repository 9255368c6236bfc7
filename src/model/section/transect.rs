//! Surveyed cross-sections (HEC-2 format), as data.

/// A surveyed cross-section. Lengths in m, already multiplied by the file's station factor and
/// raised by its elevation offset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transect {
    /// Manning's n of the left overbank.
    pub roughness_left: f64,
    /// Manning's n of the right overbank.
    pub roughness_right: f64,
    /// Manning's n of the channel.
    pub roughness_channel: f64,
    /// Station of the left bank, as written.
    pub left_bank: f64,
    /// Station of the right bank, as written.
    pub right_bank: f64,
    /// Width factor of stations; 0 or 1 for none.
    pub width_factor: f64,
    /// Ratio of the meandering channel's length to the floodplain's.
    pub length_factor: f64,
    /// Added to elevations, as written.
    pub elevation_offset: f64,
    /// Stations, m, as written apart from the unit.
    pub stations: Vec<f64>,
    /// Elevations, m, as written apart from the unit.
    pub elevations: Vec<f64>,
}
