//! TIFF and BigTIFF: the directory of tags of the first image, and the numbers of its strips or tiles.
//!
//! Source: TIFF 6.0 (Adobe, 1992), its Technical Note 3 (floating-point predictor), and the BigTIFF design
//! (AWare Systems). Every offset and count is held against the length of the file before it is used, and memory
//! grows with the bytes that are there, not with what a directory claims: no corrupt file can do harm.

pub mod chunk;
pub mod unpack;

use std::collections::BTreeMap;

/// Tags that describe the image.
pub mod tag {
    #![allow(missing_docs, reason = "the names are those of the specification")]
    pub const NEW_SUBFILE_TYPE: u16 = 254;
    pub const WIDTH: u16 = 256;
    pub const HEIGHT: u16 = 257;
    pub const BITS: u16 = 258;
    pub const COMPRESSION: u16 = 259;
    pub const PHOTOMETRIC: u16 = 262;
    pub const FILL_ORDER: u16 = 266;
    pub const STRIP_OFFSETS: u16 = 273;
    pub const ORIENTATION: u16 = 274;
    pub const SAMPLES: u16 = 277;
    pub const ROWS_PER_STRIP: u16 = 278;
    pub const STRIP_BYTES: u16 = 279;
    pub const PREDICTOR: u16 = 317;
    pub const TILE_WIDTH: u16 = 322;
    pub const TILE_HEIGHT: u16 = 323;
    pub const TILE_OFFSETS: u16 = 324;
    pub const TILE_BYTES: u16 = 325;
    pub const SAMPLE_FORMAT: u16 = 339;
    pub const MODEL_SCALE: u16 = 33550;
    pub const MODEL_TIES: u16 = 33922;
    pub const MODEL_MATRIX: u16 = 34264;
    pub const GEO_KEYS: u16 = 34735;
    pub const GDAL_METADATA: u16 = 42112;
    pub const GDAL_NO_DATA: u16 = 42113;
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TiffError {
    /// It ends before what it speaks of, or contradicts itself.
    #[error("{0}")]
    Broken(String),
    /// It is a valid TIFF of a kind that is not read.
    #[error("{0}")]
    Foreign(String),
}

/// The order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The least significant first.
    Little,
    /// The most significant first.
    Big,
}

/// A file: its bytes, and how to read them.
#[derive(Clone, Copy, Debug)]
pub struct TiffFile<'a> {
    bytes: &'a [u8],
    order: Order,
    is_big: bool,
}

/// The tags of one image: type, count and the bytes of the values.
#[derive(Clone, Debug)]
pub struct Directory<'a> {
    order: Order,
    tags: BTreeMap<u16, (u16, &'a [u8])>,
    /// Where the next one begins; 0 for none.
    next: u64,
}

impl Order {
    /// A number of up to eight bytes.
    pub fn whole(self, bytes: &[u8]) -> u64 {
        let join = |sum: u64, byte: &u8| (sum << 8) | u64::from(*byte);
        match self {
            Self::Little => bytes.iter().rev().fold(0, join),
            Self::Big => bytes.iter().fold(0, join),
        }
    }
}

/// Some bytes of a file; what they are is said if they are missing.
pub fn part<'a>(bytes: &'a [u8], start: u64, count: u64, what: &str) -> Result<&'a [u8], TiffError> {
    let range =
        usize::try_from(start).ok().zip(start.checked_add(count).and_then(|end| usize::try_from(end).ok()));
    let found = range.and_then(|(start, end)| bytes.get(start..end));
    found.ok_or_else(|| {
        TiffError::Broken(format!("{what} would lie at byte {start}, the file has {} bytes", bytes.len()))
    })
}

/// The bytes that a value of a type takes; 0 for types that are not known.
fn size_of(kind: u16) -> u64 {
    match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => 0,
    }
}

impl<'a> TiffFile<'a> {
    /// A file by its first bytes, and its first directory.
    pub fn open(bytes: &'a [u8]) -> Result<(Self, Directory<'a>), TiffError> {
        let mark = part(bytes, 0, 4, "the mark of a TIFF")?;
        let (order, is_big) = match mark {
            b"II*\0" => (Order::Little, false),
            b"MM\0*" => (Order::Big, false),
            b"II+\0" => (Order::Little, true),
            b"MM\0+" => (Order::Big, true),
            _ => return Err(TiffError::Broken("it does not begin as a TIFF does".to_owned())),
        };
        let file = Self { bytes, order, is_big };
        let first = if is_big { file.whole(8, 8, "the head")? } else { file.whole(4, 4, "the head")? };
        Ok((file, file.directory(first)?))
    }

    /// A number at a place.
    fn whole(&self, start: u64, count: u64, what: &str) -> Result<u64, TiffError> {
        part(self.bytes, start, count, what).map(|bytes| self.order.whole(bytes))
    }

    /// The directory after another; `None` after the last.
    pub fn after(&self, directory: &Directory<'a>) -> Result<Option<Directory<'a>>, TiffError> {
        if directory.next == 0 { Ok(None) } else { self.directory(directory.next).map(Some) }
    }

    /// The directory at a place.
    fn directory(&self, start: u64) -> Result<Directory<'a>, TiffError> {
        let what = "the directory of tags";
        let (head, entry, inline) = if self.is_big { (8, 20, 8) } else { (2, 12, 4) };
        let count = self.whole(start, head, what)?;
        let length = count.saturating_mul(entry);
        let entries = part(self.bytes, start.saturating_add(head), length, what)?;
        let mut tags = BTreeMap::new();
        for entry in entries.chunks_exact(entry as usize) {
            let field = |start: u64, count: u64| part(entry, start, count, what);
            let tag = self.order.whole(field(0, 2)?) as u16;
            let kind = self.order.whole(field(2, 2)?) as u16;
            let count = self.order.whole(field(4, inline)?);
            let bytes = count.saturating_mul(size_of(kind));
            let values = if bytes <= inline {
                field(4 + inline, bytes)?
            } else {
                let offset = self.order.whole(field(4 + inline, inline)?);
                part(self.bytes, offset, bytes, &format!("the values of tag {tag}"))?
            };
            tags.entry(tag).or_insert((kind, values));
        }
        // a file that ends before the link to a next directory has none
        let next = self.whole(start.saturating_add(head + length), inline, what).unwrap_or(0);
        Ok(Directory { order: self.order, tags, next })
    }

    /// Its bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The order of the bytes of its numbers.
    pub fn order(&self) -> Order {
        self.order
    }
}

impl Directory<'_> {
    /// The whole numbers of a tag; none when it is missing.
    pub fn wholes(&self, tag: u16) -> Vec<u64> {
        match self.tags.get(&tag) {
            Some((kind @ (1 | 3 | 4 | 13 | 16 | 18), bytes)) => {
                bytes.chunks_exact(size_of(*kind) as usize).map(|value| self.order.whole(value)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The first whole number of a tag.
    pub fn whole(&self, tag: u16) -> Option<u64> {
        match self.tags.get(&tag) {
            Some((kind @ (1 | 3 | 4 | 13 | 16 | 18), bytes)) => {
                bytes.get(..size_of(*kind) as usize).map(|value| self.order.whole(value))
            }
            _ => None,
        }
    }

    /// The numbers of a tag of single or double precision; none when it is missing.
    pub fn numbers(&self, tag: u16) -> Vec<f64> {
        match self.tags.get(&tag) {
            Some((11, bytes)) => bytes
                .chunks_exact(4)
                .map(|value| f64::from(f32::from_bits(self.order.whole(value) as u32)))
                .collect(),
            Some((12, bytes)) => {
                bytes.chunks_exact(8).map(|value| f64::from_bits(self.order.whole(value))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The text of a tag, up to its end mark.
    pub fn text(&self, tag: u16) -> Option<String> {
        match self.tags.get(&tag) {
            Some((2, bytes)) => {
                let text = bytes.split(|&byte| byte == 0).next().unwrap_or_default();
                Some(String::from_utf8_lossy(text).trim().to_owned())
            }
            _ => None,
        }
    }
}
