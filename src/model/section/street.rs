//! Street cross-sections, as data.

/// A street: half or whole, with gutter and optional backing. Lengths in m.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Street {
    /// Distance from curb to crown.
    pub width: f64,
    /// Height of the curb.
    pub curb: f64,
    /// Cross slope, a fraction.
    pub cross_slope: f64,
    /// Manning's n of the road.
    pub roughness: f64,
    /// Depression of the gutter.
    pub gutter_depression: f64,
    /// Width of the depressed gutter.
    pub gutter_width: f64,
    /// 1 or 2 sides.
    pub sides: u32,
    /// Width of the backing; 0 for none.
    pub back_width: f64,
    /// Slope of the backing, a fraction.
    pub back_slope: f64,
    /// Manning's n of the backing.
    pub back_roughness: f64,
}
