//! The strips or tiles of an image, and the numbers in them.

use super::unpack::{Packing, Predictor};
use super::{Directory, Order, TiffError, TiffFile, part, tag};

/// The most bytes that one strip or tile may unfold to.
const MOST_BYTES: u64 = 1 << 31;

/// How numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Whole numbers from zero.
    Unsigned,
    /// Whole numbers.
    Signed,
    /// Floating point.
    Float,
}

/// How an image of one band is laid out.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Rows of the image.
    pub rows: usize,
    /// Columns of the image.
    pub columns: usize,
    /// Rows of a strip or tile.
    pub chunk_rows: usize,
    /// Columns of a strip or tile.
    pub chunk_columns: usize,
    /// How numbers are stored.
    pub format: Format,
    /// The bytes of a number.
    pub size: usize,
    is_tiled: bool,
    packing: Packing,
    predictor: Predictor,
    offsets: Vec<u64>,
    counts: Vec<u64>,
}

impl Layout {
    /// The layout that a directory describes.
    pub fn of(directory: &Directory<'_>) -> Result<Self, TiffError> {
        let broken = |message: &str| TiffError::Broken(message.to_owned());
        let side = |tag| {
            directory.whole(tag).filter(|&count| count > 0).and_then(|count| usize::try_from(count).ok())
        };
        let sides = side(tag::WIDTH).zip(side(tag::HEIGHT));
        let (columns, rows) = sides.ok_or_else(|| broken("it does not say how many cells it has"))?;
        let bits = directory.whole(tag::BITS).unwrap_or(1);
        let format = match directory.whole(tag::SAMPLE_FORMAT).unwrap_or(1) {
            1 | 4 => Format::Unsigned,
            2 => Format::Signed,
            3 => Format::Float,
            other => return Err(TiffError::Foreign(format!("numbers of format {other} are not read"))),
        };
        let is_read = match format {
            Format::Float => matches!(bits, 32 | 64),
            Format::Unsigned | Format::Signed => matches!(bits, 8 | 16 | 32 | 64),
        };
        if !is_read {
            let kind = if format == Format::Float { "floating-point" } else { "whole" };
            return Err(TiffError::Foreign(format!("{kind} numbers of {bits} bits are not read")));
        }
        if directory.whole(tag::FILL_ORDER).is_some_and(|order| order != 1)
            || directory.whole(tag::ORIENTATION).is_some_and(|first| first != 1)
        {
            return Err(TiffError::Foreign("its bits or rows are stored the other way round".to_owned()));
        }
        let is_tiled = directory.whole(tag::TILE_WIDTH).is_some();
        let (chunk_columns, chunk_rows, offsets, counts) = if is_tiled {
            let sides = side(tag::TILE_WIDTH).zip(side(tag::TILE_HEIGHT));
            let (width, height) = sides.ok_or_else(|| broken("its tiles have no size"))?;
            (width, height, tag::TILE_OFFSETS, tag::TILE_BYTES)
        } else {
            let height = side(tag::ROWS_PER_STRIP).unwrap_or(rows).min(rows);
            (columns, height, tag::STRIP_OFFSETS, tag::STRIP_BYTES)
        };
        let size = (bits / 8) as usize;
        let bytes = (chunk_columns as u64).saturating_mul(chunk_rows as u64).saturating_mul(size as u64);
        if bytes > MOST_BYTES {
            return Err(broken("one of its strips or tiles would take more memory than a map needs"));
        }
        let layout = Self {
            rows,
            columns,
            chunk_rows,
            chunk_columns,
            format,
            size,
            is_tiled,
            packing: Packing::of(directory.whole(tag::COMPRESSION).unwrap_or(1))?,
            predictor: Predictor::of(directory.whole(tag::PREDICTOR).unwrap_or(1))?,
            offsets: directory.wholes(offsets),
            counts: directory.wholes(counts),
        };
        let needed = layout.across().saturating_mul(rows.div_ceil(chunk_rows));
        if layout.offsets.len() < needed || layout.counts.len() < needed {
            let found = layout.offsets.len().min(layout.counts.len());
            return Err(TiffError::Broken(format!("it holds {found} of {needed} {}s", layout.word())));
        }
        Ok(layout)
    }

    /// Tiles in a row; one for strips.
    pub fn across(&self) -> usize {
        self.columns.div_ceil(self.chunk_columns)
    }

    fn word(&self) -> &'static str {
        if self.is_tiled { "tile" } else { "strip" }
    }

    /// The numbers of one strip or tile, row by row of `chunk_columns`; `None` for one that the writer left out
    /// because it holds nothing.
    pub fn numbers(&self, file: &TiffFile<'_>, index: usize) -> Result<Option<Vec<f64>>, TiffError> {
        let (offset, count) = self.offsets.get(index).zip(self.counts.get(index)).unwrap_or((&0, &0));
        if *count == 0 {
            return Ok(None);
        }
        let what = format!("{} {}", self.word(), index + 1);
        let packed = part(file.bytes(), *offset, *count, &what)?;
        // the last strip holds what rows are left, tiles are always whole
        let first_row = index / self.across() * self.chunk_rows;
        let rows = if self.is_tiled { self.chunk_rows } else { self.chunk_rows.min(self.rows - first_row) };
        let expected = rows * self.chunk_columns * self.size;
        let mut bytes = self.packing.unpack(packed, expected, &what)?;
        let order = self.predictor.undo(&mut bytes, self.chunk_columns, self.size, file.order());
        Ok(Some(bytes.chunks_exact(self.size).map(|number| self.number(number, order)).collect()))
    }

    /// A stored number.
    fn number(&self, bytes: &[u8], order: Order) -> f64 {
        let bits = order.whole(bytes);
        match (self.format, self.size) {
            (Format::Float, 4) => f32::from_bits(bits as u32).into(),
            (Format::Float, _) => f64::from_bits(bits),
            (Format::Unsigned, _) => bits as f64,
            (Format::Signed, 1) => (bits as u8 as i8).into(),
            (Format::Signed, 2) => (bits as u16 as i16).into(),
            (Format::Signed, 4) => (bits as u32 as i32).into(),
            (Format::Signed, _) => bits as i64 as f64,
        }
    }
}
