//! ESRI ASCII grids. They name no reference system: a GeoTIFF does.

use std::io::{self, Write};
use std::path::Path;

use super::NO_DATA;
use crate::model::raster::Raster;
use crate::results::whole_file::write_whole;

/// Writes a map; numbers have as many digits as it takes to read the same numbers again.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, raster: &Raster) -> io::Result<()> {
    write_whole(path, |out| fill(out, raster))
}

/// Writes the text of a map.
fn fill(out: &mut dyn Write, raster: &Raster) -> io::Result<()> {
    writeln!(out, "ncols {}\nnrows {}", raster.columns(), raster.rows())?;
    writeln!(out, "xllcorner {}\nyllcorner {}", raster.west, raster.extent().south)?;
    writeln!(out, "cellsize {}\nNODATA_value {NO_DATA}", raster.cell)?;
    for row in raster.values.rows() {
        for (column, value) in row.iter().enumerate() {
            let blank = if column == 0 { "" } else { " " };
            if value.is_nan() { write!(out, "{blank}{NO_DATA}")? } else { write!(out, "{blank}{value}")? }
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_map_comes_back_as_it_was() {
        let values = array![[0.1, f32::NAN, -3.0], [1e-7, 1234.5678, 0.0]];
        let map = Raster { west: 100.5, north: 204.0, cell: 2.0, crs: None, values };
        let mut text = Vec::new();
        fill(&mut text, &map).unwrap();
        let shown = String::from_utf8(text.clone()).unwrap();
        assert!(shown.ends_with("NODATA_value -9999\n0.1 -9999 -3\n0.0000001 1234.5677 0\n"), "{shown}");
        let back = crate::input::raster::parse(&text, Path::new("a.asc"), None).unwrap();
        assert!(back.same_cells(&map));
        assert!(back.values.iter().zip(&map.values).all(|(a, b)| a == b || (a.is_nan() && b.is_nan())));
    }
}
