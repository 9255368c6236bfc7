//! Maps of square cells and what is drawn from them, for GDAL, QGIS and their like.
//!
//! Each file is written whole or not at all, and the same map gives the same bytes. Where nothing is known,
//! maps hold [`NO_DATA`] and say so.

pub mod esri_ascii;
pub mod geotiff;
pub mod netcdf;
pub mod outlines;

/// What stands for no data in files.
pub const NO_DATA: f32 = -9999.0;

/// The number of an EPSG code.
fn epsg(crs: Option<&str>) -> Option<u32> {
    crate::model::crs::plain(crs?).strip_prefix("EPSG:")?.parse().ok()
}
