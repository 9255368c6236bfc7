//! GeoTIFF of 32-bit floats in strips, packed by deflate with the floating-point predictor.
//!
//! Source: TIFF 6.0 and OGC GeoTIFF 1.1 (19-008r4); read back by GDAL in `.ci/maps.py`.

use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::{NO_DATA, epsg};
use crate::model::crs;
use crate::model::raster::Raster;
use crate::results::whole_file::write_whole;

/// Bytes of a strip before it is packed, about.
const STRIP: usize = 256 << 10;
// The type numbers of TIFF values.
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const DOUBLE: u16 = 12;

/// Writes a map.
///
/// # Errors
/// When the file cannot be written, or the map has no cells or more than a TIFF holds (4 GB packed).
pub fn write(path: &Path, raster: &Raster) -> io::Result<()> {
    let bytes = bytes(raster)?;
    write_whole(path, |out| out.write_all(&bytes))
}

/// The bytes of the file of a map.
///
/// # Errors
/// When the map has no cells or more than a TIFF holds.
pub fn bytes(raster: &Raster) -> io::Result<Vec<u8>> {
    let too_large = || io::Error::other("a map of more than 4 GB does not fit into a TIFF");
    let whole = |number: usize| u32::try_from(number).map_err(|_| too_large());
    let (rows, columns) = raster.values.dim();
    if rows == 0 || columns == 0 {
        return Err(io::Error::other("a map without cells cannot be written"));
    }
    let strip_rows = (STRIP / (4 * columns)).clamp(1, rows);
    // the head: byte order, mark, and where the directory lies, which is known when the strips are
    let mut file = b"II*\0\0\0\0\0".to_vec();
    let (mut offsets, mut counts) = (Vec::new(), Vec::new());
    for first in (0..rows).step_by(strip_rows) {
        let packed = strip(raster, first..rows.min(first + strip_rows))?;
        offsets.push(whole(file.len())?);
        counts.push(whole(packed.len())?);
        file.extend(packed);
    }
    let keys = geo_keys(raster.crs.as_deref());
    let mut directory = Directory::default();
    directory.longs(256, &[whole(columns)?]);
    directory.longs(257, &[whole(rows)?]);
    directory.shorts(258, &[32]);
    directory.shorts(259, &[8]);
    directory.shorts(262, &[1]);
    directory.longs(273, &offsets);
    directory.shorts(277, &[1]);
    directory.longs(278, &[whole(strip_rows)?]);
    directory.longs(279, &counts);
    directory.shorts(284, &[1]);
    directory.shorts(317, &[3]);
    directory.shorts(339, &[3]);
    directory.doubles(33550, &[raster.cell, raster.cell, 0.0]);
    directory.doubles(33922, &[0.0, 0.0, 0.0, raster.west, raster.north, 0.0]);
    directory.shorts(34735, &keys);
    directory.text(42113, &NO_DATA.to_string());
    if file.len() % 2 == 1 {
        file.push(0);
    }
    let start = whole(file.len())?;
    if let Some(place) = file.get_mut(4..8) {
        place.copy_from_slice(&start.to_le_bytes());
    }
    file.extend(directory.bytes(start).ok_or_else(too_large)?);
    whole(file.len())?;
    Ok(file)
}

/// The rows of a strip: bytes of each row laid out by significance, each less the one before, then packed.
fn strip(raster: &Raster, rows: std::ops::Range<usize>) -> io::Result<Vec<u8>> {
    let columns = raster.columns();
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut line = vec![0_u8; 4 * columns];
    for row in raster.values.rows().into_iter().skip(rows.start).take(rows.len()) {
        for (column, value) in row.iter().enumerate() {
            let value = if value.is_nan() { NO_DATA } else { *value };
            for (significance, byte) in value.to_be_bytes().into_iter().enumerate() {
                line[significance * columns + column] = byte;
            }
        }
        for place in (1..line.len()).rev() {
            line[place] = line[place].wrapping_sub(line[place - 1]);
        }
        packer.write_all(&line)?;
    }
    packer.finish()
}

/// The keys of the reference system: cells are areas; the code, if there is one, and metres.
fn geo_keys(name: Option<&str>) -> Vec<u16> {
    let mut keys: Vec<[u16; 4]> = Vec::new();
    match epsg(name).and_then(|code| u16::try_from(code).ok()) {
        Some(code) if name.is_some_and(crs::is_in_degrees) => {
            keys.extend([[1024, 0, 1, 2], [1025, 0, 1, 1], [2048, 0, 1, code]]);
        }
        Some(code) => keys.extend([[1024, 0, 1, 1], [1025, 0, 1, 1], [3072, 0, 1, code]]),
        None => keys.push([1025, 0, 1, 1]),
    }
    let head = [1, 1, 0, keys.len() as u16];
    head.into_iter().chain(keys.into_iter().flatten()).collect()
}

/// Tags in ascending order, each with its type, count and values.
#[derive(Default)]
struct Directory {
    tags: Vec<(u16, u16, usize, Vec<u8>)>,
}

impl Directory {
    fn shorts(&mut self, tag: u16, values: &[u16]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.tags.push((tag, SHORT, values.len(), bytes));
    }
    fn longs(&mut self, tag: u16, values: &[u32]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.tags.push((tag, LONG, values.len(), bytes));
    }
    fn doubles(&mut self, tag: u16, values: &[f64]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.tags.push((tag, DOUBLE, values.len(), bytes));
    }
    fn text(&mut self, tag: u16, text: &str) {
        let bytes: Vec<u8> = text.bytes().chain([0]).collect();
        self.tags.push((tag, ASCII, bytes.len(), bytes));
    }

    /// The directory and the values that do not fit into it, to stand at a place of the file.
    fn bytes(&self, start: u32) -> Option<Vec<u8>> {
        let mut entries = u16::try_from(self.tags.len()).ok()?.to_le_bytes().to_vec();
        let mut beyond: Vec<u8> = Vec::new();
        let after = start as usize + 2 + 12 * self.tags.len() + 4;
        for (tag, kind, count, bytes) in &self.tags {
            entries.extend(tag.to_le_bytes());
            entries.extend(kind.to_le_bytes());
            entries.extend(u32::try_from(*count).ok()?.to_le_bytes());
            if bytes.len() <= 4 {
                entries.extend(bytes.iter().copied().chain(std::iter::repeat(0)).take(4));
            } else {
                entries.extend(u32::try_from(after + beyond.len()).ok()?.to_le_bytes());
                beyond.extend(bytes);
                beyond.resize(beyond.len().next_multiple_of(2), 0);
            }
        }
        entries.extend([0; 4]);
        entries.extend(beyond);
        Some(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    fn hills(rows: usize, columns: usize) -> Raster {
        let values = Array2::from_shape_fn((rows, columns), |(row, column)| match (row + column) % 17 {
            3 => f32::NAN,
            part => (row as f32 * 0.37).sin() * 5.0 + part as f32 / 3.0 - 2.0,
        });
        Raster { west: 500_000.5, north: 4_500_000.25, cell: 0.5, crs: Some("EPSG:4549".into()), values }
    }

    #[test]
    fn a_map_comes_back_as_it_was_and_is_written_the_same_each_time() {
        // several strips, a last one that is shorter, and maps of one row, one column, one cell
        for (rows, columns) in [(300, 701), (1, 9), (9, 1), (1, 1)] {
            let map = hills(rows, columns);
            let file = bytes(&map).unwrap();
            assert_eq!(file, bytes(&map).unwrap());
            let back = crate::input::raster::parse(&file, Path::new("a.tif"), None).unwrap();
            assert!(back.same_cells(&map) && back.crs == map.crs);
            let same = |(a, b): (&f32, &f32)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
            assert!(back.values.iter().zip(&map.values).all(same), "{rows} by {columns}");
        }
    }

    #[test]
    fn a_map_without_a_system_stays_without() {
        let map = Raster { crs: None, ..hills(3, 4) };
        let back = crate::input::raster::parse(&bytes(&map).unwrap(), Path::new("a.tif"), None).unwrap();
        assert_eq!(back.crs, None);
        assert!(bytes(&hills(0, 4)).is_err(), "no cells are no map");
    }
}
