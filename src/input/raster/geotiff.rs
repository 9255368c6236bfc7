//! GeoTIFF and BigTIFF of one band: integers and floats, strips and tiles, plain, deflate, LZW, PackBits.
//!
//! Read chunk by chunk into the map, so that no second copy of the whole is held. What the packing of the file
//! asks for in memory is limited before it is given: a corrupt file may claim anything.

use std::io::{Read, Seek};
use std::path::Path;

use ndarray::{Array2, s};
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{TiffError, TiffUnsupportedError};

use super::geokeys::Tags;
use super::{MOST_CELLS, cell_of, refuse};
use crate::diagnostic::Diagnostic;
use crate::model::raster::Raster;

/// The most bytes that one strip or tile may unfold to.
const MOST_CHUNK: usize = 2 << 30;
/// Tags that hold GDAL's scale and offset of values, and its spelling of no data.
const GDAL_METADATA: u16 = 42112;
/// NewSubfileType of a mask.
const IS_MASK: u32 = 4;

/// Reads the first map of a file; `beside` is the system that a file beside it names.
pub fn read(
    source: impl Read + Seek,
    path: &Path,
    beside: Option<String>,
) -> Result<Raster, Vec<Diagnostic>> {
    let broken = |error: TiffError| vec![explain(&error, path)];
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MOST_CHUNK;
    limits.intermediate_buffer_size = MOST_CHUNK;
    // offsets of strips: eight bytes for each row of a tall map
    limits.ifd_value_size = 64 << 20;
    let mut file = Decoder::new(source).map_err(broken)?.with_limits(limits);
    let (columns, rows) = file.dimensions().map_err(broken)?;
    let bands = file.find_tag_unsigned::<u32>(Tag::SamplesPerPixel).map_err(broken)?.unwrap_or(1);
    if bands != 1 {
        let message = format!("the map has {bands} bands");
        let help = "take the one with the heights: `gdal_translate -b 1 in.tif out.tif`";
        return Err(vec![refuse(path, &message, help)]);
    }
    if let Some(kind) = file.find_tag_unsigned::<u32>(Tag::PhotometricInterpretation).map_err(broken)?
        && kind != 1
    {
        let help = "export the values themselves, as a GeoTIFF of one band (\"black is zero\")";
        return Err(vec![refuse(path, "the file is a picture in colours or inverted, not a map of values", help)]);
    }
    if u64::from(columns) * u64::from(rows) > MOST_CELLS {
        let message = format!("{rows} rows of {columns} cells are more than {MOST_CELLS} cells");
        let help = "crop the map to the area that drains; if it is no such map, the file is broken";
        return Err(vec![refuse(path, &message, help)]);
    }
    let tags = Tags {
        scale: numbers(&mut file, Tag::ModelPixelScaleTag).map_err(broken)?,
        ties: numbers(&mut file, Tag::ModelTiepointTag).map_err(broken)?,
        matrix: numbers(&mut file, Tag::ModelTransformationTag).map_err(broken)?,
        keys: match file.find_tag(Tag::GeoKeyDirectoryTag).map_err(broken)? {
            Some(value) => value.into_u16_vec().map_err(broken)?,
            None => Vec::new(),
        },
    };
    let (rows, columns) = (rows as usize, columns as usize);
    let frame = tags.frame(beside, path)?;
    let cell = cell_of(&frame, rows, columns, path)?;
    let meaning = Meaning {
        no_data: no_data(&mut file, path)?,
        linear: text(&mut file, Tag::Unknown(GDAL_METADATA)).map_or((1.0, 0.0), |text| scale_and_offset(&text)),
    };
    let values = values(&mut file, rows, columns, &meaning).map_err(broken)?;
    refuse_masks(&mut file, path)?;
    Ok(Raster { west: frame.west, north: frame.north, cell, crs: frame.crs, values })
}

/// The numbers of a tag; none when the tag is missing.
fn numbers<R: Read + Seek>(file: &mut Decoder<R>, tag: Tag) -> Result<Vec<f64>, TiffError> {
    file.find_tag(tag)?.map_or(Ok(Vec::new()), |value| value.into_f64_vec())
}

/// The text of a tag; `None` when it is missing or no text.
fn text<R: Read + Seek>(file: &mut Decoder<R>, tag: Tag) -> Option<String> {
    file.find_tag(tag).ok().flatten()?.into_string().ok()
}

/// What a stored number means.
struct Meaning {
    no_data: Option<f64>,
    /// Factor and offset by which stored numbers become values.
    linear: (f64, f64),
}

impl Meaning {
    /// The value of a stored number; NaN for none.
    fn of(&self, stored: f64, precision: f64) -> f32 {
        let none = self.no_data.is_some_and(|none| (stored - none).abs() <= precision * none.abs());
        if none || !stored.is_finite() {
            return f32::NAN;
        }
        let value = (stored * self.linear.0 + self.linear.1) as f32;
        if value.is_finite() { value } else { f32::NAN }
    }
}

/// The number that stands for no data. Text that is no number is refused: nothing would be left out.
fn no_data<R: Read + Seek>(file: &mut Decoder<R>, path: &Path) -> Result<Option<f64>, Vec<Diagnostic>> {
    let Some(text) = text(file, Tag::GdalNodata) else { return Ok(None) };
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.is_empty() {
        return Ok(None);
    }
    text.parse::<f64>().map(Some).map_err(|_| {
        let message = format!("no data is marked by `{text}`, which is no number");
        vec![refuse(path, &message, "mark it by a number: `gdal_translate -a_nodata -9999 in.tif out.tif`")]
    })
}

/// GDAL's scale and offset of stored numbers, from its XML: `role="scale">0.01<`.
fn scale_and_offset(metadata: &str) -> (f64, f64) {
    let of = |role: &str, usual: f64| {
        let item = metadata.split("<Item").find(|item| item.contains(&format!("role=\"{role}\"")));
        let number = item.and_then(|item| item.split('>').nth(1)?.split('<').next()?.trim().parse().ok());
        number.filter(|number: &f64| number.is_finite()).unwrap_or(usual)
    };
    (of("scale", 1.0), of("offset", 0.0))
}

/// The values of all cells, chunk by chunk.
fn values<R: Read + Seek>(
    file: &mut Decoder<R>,
    rows: usize,
    columns: usize,
    meaning: &Meaning,
) -> Result<Array2<f32>, TiffError> {
    let mut values = Array2::from_elem((rows, columns), f32::NAN);
    let (width, height) = file.chunk_dimensions();
    let (width, height) = (width as usize, height as usize);
    if width == 0 || height == 0 {
        return Err(TiffError::LimitsExceeded);
    }
    let across = columns.div_ceil(width);
    // chunks that GDAL leaves out (0 bytes) hold no data, or zeros when none is marked
    let counts = file.find_tag_unsigned_vec::<u64>(Tag::TileByteCounts)?;
    let counts = match counts {
        Some(counts) => counts,
        None => file.find_tag_unsigned_vec::<u64>(Tag::StripByteCounts)?.unwrap_or_default(),
    };
    for index in 0..across * rows.div_ceil(height) {
        let chunk = u32::try_from(index)?;
        if counts.get(index) == Some(&0) {
            if meaning.no_data.is_none() {
                let (top, left) = (index / across * height, index % across * width);
                let area = s![top..rows.min(top + height), left..columns.min(left + width)];
                values.slice_mut(area).fill(meaning.of(0.0, 0.0));
            }
            continue;
        }
        let (chunk_columns, _) = file.chunk_data_dimensions(chunk);
        let stored = Stored(file.read_chunk(chunk)?);
        let (top, left) = (index / across * height, index % across * width);
        let wide = (chunk_columns as usize).min(columns - left);
        for (line, row) in (top..rows.min(top + height)).enumerate() {
            for (place, column) in (left..left + wide).enumerate() {
                let value = stored.value(line * chunk_columns as usize + place, meaning);
                if let (Some(cell), Some(value)) = (values.get_mut((row, column)), value) {
                    *cell = value;
                }
            }
        }
    }
    Ok(values)
}

/// The numbers of one chunk as they are stored.
struct Stored(DecodingResult);

impl Stored {
    /// One of them as a value. No data as text seldom has all digits of a float, hence the precisions.
    fn value(&self, place: usize, meaning: &Meaning) -> Option<f32> {
        let whole = |value: f64| meaning.of(value, 0.0);
        match &self.0 {
            DecodingResult::U8(all) => all.get(place).map(|&value| whole(value.into())),
            DecodingResult::U16(all) => all.get(place).map(|&value| whole(value.into())),
            DecodingResult::U32(all) => all.get(place).map(|&value| whole(value.into())),
            DecodingResult::U64(all) => all.get(place).map(|&value| whole(value as f64)),
            DecodingResult::I8(all) => all.get(place).map(|&value| whole(value.into())),
            DecodingResult::I16(all) => all.get(place).map(|&value| whole(value.into())),
            DecodingResult::I32(all) => all.get(place).map(|&value| whole(value.into())),
            DecodingResult::I64(all) => all.get(place).map(|&value| whole(value as f64)),
            DecodingResult::F16(all) => all.get(place).map(|value| meaning.of(value.to_f64(), 1e-3)),
            DecodingResult::F32(all) => all.get(place).map(|&value| meaning.of(value.into(), 1e-6)),
            DecodingResult::F64(all) => all.get(place).map(|&value| meaning.of(value, 1e-12)),
        }
    }
}

/// Refuses a file whose holes are told by a mask: they would be read as ground.
fn refuse_masks<R: Read + Seek>(file: &mut Decoder<R>, path: &Path) -> Result<(), Vec<Diagnostic>> {
    while file.more_images() {
        // overviews behind the map are not needed: one that cannot be read does no harm
        if file.next_image().is_err() {
            break;
        }
        let kind = file.find_tag_unsigned::<u32>(Tag::NewSubfileType).ok().flatten().unwrap_or(0);
        if kind & IS_MASK != 0 {
            let help = "write holes as values: `gdal_translate -a_nodata -9999 --config GDAL_TIFF_INTERNAL_MASK NO in.tif out.tif`";
            return Err(vec![refuse(path, "the holes of the map are kept in a mask, which is not read", help)]);
        }
    }
    Ok(())
}

/// What is wrong with a file, in words.
fn explain(error: &TiffError, path: &Path) -> Diagnostic {
    match error {
        TiffError::UnsupportedError(TiffUnsupportedError::UnsupportedCompressionMethod(_))
        | TiffError::UnsupportedError(TiffUnsupportedError::UnknownCompressionMethod) => refuse(
            path,
            &format!("the way in which the file is packed is not read ({error})"),
            "pack it otherwise: `gdal_translate -co COMPRESS=DEFLATE in.tif out.tif`",
        ),
        TiffError::UnsupportedError(_) => refuse(
            path,
            &format!("the file is a TIFF of a kind that is not read ({error})"),
            "write it plainly: `gdal_translate -ot Float32 -co COMPRESS=DEFLATE in.tif out.tif`",
        ),
        TiffError::LimitsExceeded => refuse(
            path,
            "the TIFF is broken, or its strips are far too large: it asks for more memory than a map needs",
            "copy the file again; if it is whole, write it in tiles: `gdal_translate -co TILED=YES in.tif out.tif`",
        ),
        _ => refuse(
            path,
            &format!("the TIFF is broken ({error})"),
            "copy the file again: it may have been cut on its way",
        ),
    }
}
