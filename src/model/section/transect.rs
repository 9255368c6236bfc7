//! Surveyed cross-sections (HEC-2 format), as data.

/// A surveyed cross-section. Lengths are in m but otherwise as written: stations and banks are still to
/// be multiplied by the width factor, and elevations to be raised by the elevation offset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transect {
    /// Manning's n of the left overbank.
    pub roughness_left: f64,
    /// Manning's n of the right overbank.
    pub roughness_right: f64,
    /// Manning's n of the channel.
    pub roughness_channel: f64,
    /// Station of the left bank, m, before the width factor.
    pub left_bank: f64,
    /// Station of the right bank, m, before the width factor.
    pub right_bank: f64,
    /// Width factor of stations; 1 for none.
    pub width_factor: f64,
    /// Ratio of the meandering channel's length to the floodplain's.
    pub length_factor: f64,
    /// Added to elevations, m.
    pub elevation_offset: f64,
    /// Stations, m, before the width factor.
    pub stations: Vec<f64>,
    /// Elevations, m, before the elevation offset.
    pub elevations: Vec<f64>,
}
