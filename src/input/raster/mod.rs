//! Maps of square cells: GeoTIFF and ESRI ASCII, told apart by their first bytes, plain or in gzip.
//!
//! A map is refused when its cells are not square, are turned, or are given in degrees: the surface is solved in
//! metres. A map that does not name its reference system is read; whoever lays it over a network decides
//! (`model::terrain`).
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod esri_ascii;
mod geokeys;
mod geotiff;
mod projection_file;
#[cfg(test)]
mod tests;
mod tiff;

use std::io::{self, Read};
use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::model::crs;
use crate::model::raster::Raster;

/// The most cells that a map may hold: 1.6 GB of values. What claims more is corrupt, or has to be cropped.
const MOST_CELLS: u64 = 400_000_000;
/// The most bytes that a packed text may unfold to.
const MOST_TEXT: u64 = 8_000_000_000;
/// How far the far edges of a map may shift before its cells count as not square, in cells.
const SQUARE: f64 = 0.01;

/// Where the cells of a file lie, before it is known whether they are square and in metres.
#[derive(Clone, Debug, PartialEq)]
struct Frame {
    west: f64,
    north: f64,
    width: f64,
    height: f64,
    crs: Option<String>,
    /// Whether the file itself says that it is in degrees.
    degrees: bool,
}

/// Reads a map. The inner error lists every problem of the content.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> io::Result<Result<Raster, Vec<Diagnostic>>> {
    let bytes = std::fs::read(path)?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(parse(&bytes, path, projection_file::beside(path)));
    }
    let mut unpacked = Vec::new();
    let stream = flate2::read::MultiGzDecoder::new(bytes.as_slice());
    if let Err(error) = stream.take(MOST_TEXT).read_to_end(&mut unpacked) {
        let message = format!("the gzip stream is broken: {error}");
        let help = "copy the file again: it may have been cut on its way";
        return Ok(Err(vec![refuse(path, &message, help)]));
    }
    drop(bytes);
    Ok(parse(&unpacked, path, projection_file::beside(path)))
}

/// Reads a map from bytes that are not packed; `path` names it in messages. The system is that which the map
/// itself names, or else `crs`.
///
/// # Errors
/// All problems of the content.
pub fn parse(bytes: &[u8], path: &Path, crs: Option<String>) -> Result<Raster, Vec<Diagnostic>> {
    if is_tiff(bytes) { geotiff::parse(bytes, path, crs) } else { esri_ascii::parse(bytes, path, crs) }
}

/// Whether a file begins as a TIFF (42) or BigTIFF (43) does, in either order of bytes.
fn is_tiff(bytes: &[u8]) -> bool {
    [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|mark| bytes.starts_with(*mark))
}

/// A problem of a map as a whole.
fn refuse(path: &Path, message: &str, help: &str) -> Diagnostic {
    Diagnostic::error(0, format!("{}: {message}", path.display())).help(help)
}

/// The size of the cells in metres, if they are square and in metres.
fn cell_of(frame: &Frame, rows: usize, columns: usize, path: &Path) -> Result<f64, Vec<Diagnostic>> {
    let Frame { west, north, width, height, crs, degrees } = frame;
    let mut problems = Vec::new();
    let sane = [west, north, width, height].iter().all(|value| value.is_finite());
    if !sane || *width <= 0.0 || *height <= 0.0 {
        let message = format!("cells of {width} by {height} from ({west}, {north}) make no map");
        problems.push(refuse(path, &message, "a cell has a side above zero and a place"));
        return Err(problems);
    }
    let in_degrees = *degrees || crs.as_deref().is_some_and(crs::is_in_degrees);
    // without a word about the system: cells as small as degrees are, inside the range of degrees
    let looks = crs.is_none()
        && *width < 0.02
        && west.abs() <= 180.0
        && (west + width * columns as f64).abs() <= 181.0
        && north.abs() <= 90.0
        && (north - height * rows as f64).abs() <= 90.0;
    if in_degrees || looks {
        let name = crs.as_deref().map_or(String::new(), |name| format!(" ({name})"));
        let verb = if in_degrees { "is" } else { "seems to be" };
        let message = format!("the map {verb} in degrees{name}, cells of {width}");
        let help = "water is computed in metres: project the map, such as with \
                    `gdalwarp -t_srs EPSG:4549 -tr 2 2 -r bilinear in.tif out.tif`";
        problems.push(refuse(path, &message, help));
    }
    if (width - height).abs() * (rows.max(columns) as f64) > SQUARE * width {
        let message = format!("cells are {width} wide and {height} high");
        problems.push(refuse(
            path,
            &message,
            "cells must be square: resample, such as with `gdalwarp -tr 2 2 -r bilinear in.tif out.tif`",
        ));
    }
    if crs.as_deref().map(crs::plain).as_deref() == Some("EPSG:3857") {
        problems.push(refuse(
            path,
            "the map is in Web Mercator (EPSG:3857), whose metres are longer than metres",
            "project it to a system that keeps lengths, such as UTM: `gdalwarp -t_srs EPSG:32650 …`",
        ));
    }
    if problems.is_empty() { Ok(*width) } else { Err(problems) }
}
