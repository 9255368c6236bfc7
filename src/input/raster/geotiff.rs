//! GeoTIFF and BigTIFF of one band: integers and floats, strips and tiles, plain, deflate, LZW, PackBits.

use std::path::Path;

use ndarray::{Array2, s};

use super::geokeys::Tags;
use super::tiff::chunk::{Format, Layout};
use super::tiff::{Directory, TiffError, TiffFile, tag};
use super::{MOST_CELLS, cell_of, refuse};
use crate::diagnostic::Diagnostic;
use crate::model::raster::Raster;

/// NewSubfileType of a mask.
const IS_MASK: u64 = 4;
/// Directories that are looked through for a mask.
const MOST_DIRECTORIES: usize = 100;

/// Reads the first map of a file; `beside` is the system that a file beside it names.
pub fn parse(bytes: &[u8], path: &Path, beside: Option<String>) -> Result<Raster, Vec<Diagnostic>> {
    let told = |error: TiffError| vec![explain(&error, path)];
    let (file, directory) = TiffFile::open(bytes).map_err(told)?;
    let bands = directory.whole(tag::SAMPLES).unwrap_or(1);
    if bands != 1 {
        let message = format!("the map has {bands} bands");
        let help = "take the one with the heights: `gdal_translate -b 1 in.tif out.tif`";
        return Err(vec![refuse(path, &message, help)]);
    }
    if directory.whole(tag::PHOTOMETRIC).is_some_and(|kind| kind > 1) {
        let help = "export the values themselves, as a GeoTIFF of one band (\"black is zero\")";
        return Err(vec![refuse(path, "the file is a picture in colours, not a map of values", help)]);
    }
    let layout = Layout::of(&directory).map_err(told)?;
    let (rows, columns) = (layout.rows, layout.columns);
    if (columns as u64).saturating_mul(rows as u64) > MOST_CELLS {
        let message = format!("{rows} rows of {columns} cells are more than {MOST_CELLS} cells");
        let help = "crop the map to the area that drains; if it is no such map, the file is broken";
        return Err(vec![refuse(path, &message, help)]);
    }
    let keys = directory.wholes(tag::GEO_KEYS);
    let tags = Tags {
        scale: directory.numbers(tag::MODEL_SCALE),
        ties: directory.numbers(tag::MODEL_TIES),
        matrix: directory.numbers(tag::MODEL_MATRIX),
        keys: keys.into_iter().map(|key| key as u16).collect(),
    };
    let frame = tags.frame(beside, path)?;
    let cell = cell_of(&frame, rows, columns, path)?;
    refuse_masks(&file, &directory, path)?;
    let metadata = directory.text(tag::GDAL_METADATA).unwrap_or_default();
    let meaning = Meaning {
        no_data: no_data(&directory, path)?,
        precision: match (layout.format, layout.size) {
            // no data as text seldom has all digits of a float
            (Format::Float, 4) => 1e-6,
            (Format::Float, _) => 1e-12,
            (Format::Unsigned | Format::Signed, _) => 0.0,
        },
        linear: scale_and_offset(&metadata),
    };
    let values = values(&file, &layout, &meaning).map_err(told)?;
    Ok(Raster { west: frame.west, north: frame.north, cell, crs: frame.crs, values })
}

/// What a stored number means.
struct Meaning {
    no_data: Option<f64>,
    /// How far a number may be from that for no data and still mean it, as a part of it.
    precision: f64,
    /// Factor and offset by which stored numbers become values.
    linear: (f64, f64),
}

impl Meaning {
    /// The value of a stored number; NaN for none.
    fn of(&self, stored: f64) -> f32 {
        let none = self.no_data.is_some_and(|none| (stored - none).abs() <= self.precision * none.abs());
        let value = (stored * self.linear.0 + self.linear.1) as f32;
        if none || !stored.is_finite() || !value.is_finite() { f32::NAN } else { value }
    }

    /// The value of a cell that the writer left out: no data, or zero when no data is not marked.
    fn of_nothing(&self) -> f32 {
        if self.no_data.is_some() { f32::NAN } else { self.of(0.0) }
    }
}

/// The number that stands for no data. Text that is no number is refused: nothing would be left out.
fn no_data(directory: &Directory<'_>, path: &Path) -> Result<Option<f64>, Vec<Diagnostic>> {
    let Some(text) = directory.text(tag::GDAL_NO_DATA).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.parse::<f64>().map(Some).map_err(|_| {
        let message = format!("no data is marked by `{text}`, which is no number");
        vec![refuse(path, &message, "mark it by a number: `gdal_translate -a_nodata -9999 in.tif out.tif`")]
    })
}

/// GDAL's scale and offset of stored numbers, from its XML: `role="scale">0.01<`.
fn scale_and_offset(metadata: &str) -> (f64, f64) {
    let of = |role: &str, usual: f64| {
        let mark = format!("role=\"{role}\"");
        let item = metadata.split("<Item").find(|item| item.contains(&mark));
        let number = item.and_then(|item| item.split('>').nth(1)?.split('<').next()?.trim().parse().ok());
        number.filter(|number: &f64| number.is_finite()).unwrap_or(usual)
    };
    (of("scale", 1.0), of("offset", 0.0))
}

/// The values of all cells, chunk by chunk.
fn values(file: &TiffFile<'_>, layout: &Layout, meaning: &Meaning) -> Result<Array2<f32>, TiffError> {
    // the map is given its memory row of chunks by row of chunks, as they prove to be there
    let mut values = Vec::new();
    let across = layout.across();
    for top in (0..layout.rows).step_by(layout.chunk_rows) {
        let high = layout.chunk_rows.min(layout.rows - top);
        let mut band = Array2::from_elem((high, layout.columns), meaning.of_nothing());
        for place in 0..across {
            let Some(stored) = layout.numbers(file, top / layout.chunk_rows * across + place)? else {
                continue;
            };
            let left = place * layout.chunk_columns;
            let right = (left + layout.chunk_columns).min(layout.columns);
            let mut area = band.slice_mut(s![.., left..right]);
            for (mut row, line) in area.rows_mut().into_iter().zip(stored.chunks_exact(layout.chunk_columns))
            {
                row.iter_mut().zip(line).for_each(|(cell, number)| *cell = meaning.of(*number));
            }
        }
        values.extend(band);
    }
    Array2::from_shape_vec((layout.rows, layout.columns), values)
        .map_err(|error| TiffError::Broken(error.to_string()))
}

/// Refuses a file whose holes are told by a mask: they would be read as ground.
fn refuse_masks(file: &TiffFile<'_>, first: &Directory<'_>, path: &Path) -> Result<(), Vec<Diagnostic>> {
    let mut directory = first.clone();
    for _ in 0..MOST_DIRECTORIES {
        // what is behind the map is not needed: a directory that cannot be read does no harm
        let Ok(Some(next)) = file.after(&directory) else { break };
        if next.whole(tag::NEW_SUBFILE_TYPE).unwrap_or(0) & IS_MASK != 0 {
            let help = "write holes as values: `gdalwarp -dstnodata -9999 in.tif out.tif`";
            return Err(vec![refuse(
                path,
                "the holes of the map are kept in a mask, which is not read",
                help,
            )]);
        }
        directory = next;
    }
    Ok(())
}

/// What is wrong with a file, in words.
fn explain(error: &TiffError, path: &Path) -> Diagnostic {
    match error {
        TiffError::Broken(why) => refuse(
            path,
            &format!("the TIFF is broken: {why}"),
            "copy the file again: it may have been cut on its way",
        ),
        TiffError::Foreign(why) => refuse(
            path,
            &format!("the file is a TIFF of a kind that is not read: {why}"),
            "write it plainly: `gdal_translate -ot Float32 -co COMPRESS=DEFLATE in.tif out.tif`",
        ),
    }
}
