//! PNG, still and animated.
//!
//! Source: Portable Network Graphics, third edition (W3C, 2025), sections 5, 9 and 12 (animation: `acTL`, `fcTL`,
//! `fdAT`). Animated PNG and not GIF: it keeps all colours, its frames hold only what changed, and browsers,
//! viewers and office programs that do not know animation show its first frame.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// The most milliseconds that a frame can stand.
const MOST_MILLISECONDS: u32 = 65_535;

/// A still picture of pixels of three bytes.
pub fn still(pixels: &[u8], width: usize, height: usize) -> io::Result<Vec<u8>> {
    let mut out = begin(width, height);
    chunk(&mut out, b"IDAT", &packed(pixels, width)?);
    chunk(&mut out, b"IEND", &[]);
    Ok(out)
}

/// A picture that moves, in the making: holds its frames packed, and the last one as it is.
#[derive(Debug, Default)]
pub struct Animation {
    width: usize,
    height: usize,
    last: Vec<u8>,
    frames: Vec<Frame>,
}

/// A part of the picture that changes, packed, and how long it stands.
#[derive(Debug)]
struct Frame {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    milliseconds: u32,
    bytes: Vec<u8>,
}

impl Animation {
    /// An animation of a size.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, ..Self::default() }
    }
    /// Adds a frame; of those after the first, only the rectangle that differs from the one before is kept.
    ///
    /// # Errors
    /// When the pixels are not those of the size.
    pub fn add(&mut self, pixels: Vec<u8>, milliseconds: u32) -> io::Result<()> {
        if pixels.len() != 3 * self.width * self.height {
            return Err(io::Error::other("the frames of an animation are of one size"));
        }
        let milliseconds = milliseconds.min(MOST_MILLISECONDS);
        let whole = (0, 0, self.width, self.height);
        let (left, top, width, height) =
            if self.frames.is_empty() { whole } else { changed(&self.last, &pixels, self.width) };
        let rows = pixels.chunks_exact(3 * self.width).skip(top).take(height);
        let part: Vec<u8> = rows.flat_map(|row| &row[3 * left..3 * (left + width)]).copied().collect();
        let bytes = packed(&part, width)?;
        self.frames.push(Frame { left, top, width, height, milliseconds, bytes });
        self.last = pixels;
        Ok(())
    }
    /// The file: plays over and over.
    ///
    /// # Errors
    /// When there is no frame.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        if self.frames.is_empty() {
            return Err(io::Error::other("an animation without frames"));
        }
        let mut out = begin(self.width, self.height);
        let control = [self.frames.len() as u32, 0].map(u32::to_be_bytes).concat();
        chunk(&mut out, b"acTL", &control);
        let mut sequence = 0_u32;
        for (index, frame) in self.frames.iter().enumerate() {
            let mut control = sequence.to_be_bytes().to_vec();
            for number in [frame.width, frame.height, frame.left, frame.top] {
                control.extend((number as u32).to_be_bytes());
            }
            control.extend((frame.milliseconds as u16).to_be_bytes());
            control.extend(1000_u16.to_be_bytes());
            // what was there stays below, and the frame replaces its part
            control.extend([0, 0]);
            chunk(&mut out, b"fcTL", &control);
            sequence += 1;
            if index == 0 {
                chunk(&mut out, b"IDAT", &frame.bytes);
            } else {
                let mut data = sequence.to_be_bytes().to_vec();
                data.extend(&frame.bytes);
                chunk(&mut out, b"fdAT", &data);
                sequence += 1;
            }
        }
        chunk(&mut out, b"IEND", &[]);
        Ok(out)
    }
}

/// The rectangle in which two pictures differ: left, top, width, height; one pixel when they do not.
fn changed(before: &[u8], after: &[u8], width: usize) -> (usize, usize, usize, usize) {
    let (mut left, mut right) = (width, 0);
    let (mut top, mut bottom) = (usize::MAX, 0);
    let rows = before.chunks_exact(3 * width).zip(after.chunks_exact(3 * width));
    for (row, (before, after)) in rows.enumerate().filter(|(_, (before, after))| before != after) {
        let mut differ = before.chunks_exact(3).zip(after.chunks_exact(3)).map(|(a, b)| a != b);
        left = left.min(differ.position(|differs| differs).unwrap_or(width));
        let mut differ = before.chunks_exact(3).zip(after.chunks_exact(3)).map(|(a, b)| a != b);
        right = right.max(differ.rposition(|differs| differs).map_or(0, |last| last + 1));
        (top, bottom) = (top.min(row), row + 1);
    }
    if left >= right || top >= bottom { (0, 0, 1, 1) } else { (left, top, right - left, bottom - top) }
}

/// The mark of the format and the head: eight bits a colour, no transparency.
fn begin(width: usize, height: usize) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = [width as u32, height as u32].map(u32::to_be_bytes).concat();
    head.extend([8, 2, 0, 0, 0]);
    chunk(&mut out, b"IHDR", &head);
    out
}

/// A chunk: its length, its kind, its bytes, their checksum.
fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], bytes: &[u8]) {
    out.extend((bytes.len() as u32).to_be_bytes());
    out.extend(kind);
    out.extend(bytes);
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(bytes);
    out.extend(sum.sum().to_be_bytes());
}

/// Rows, each filtered by that filter which leaves the least, then packed.
fn packed(pixels: &[u8], width: usize) -> io::Result<Vec<u8>> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut above = vec![0_u8; 3 * width];
    for row in pixels.chunks_exact((3 * width).max(1)) {
        let mut best: Option<(u64, u8, Vec<u8>)> = None;
        for filter in [0, 1, 2, 4] {
            let line: Vec<u8> = (0..row.len()).map(|place| filtered(filter, row, &above, place)).collect();
            // small steps in both directions are short: the sum of their amounts tells well
            let sum = line.iter().map(|&byte| u64::from((byte as i8).unsigned_abs())).sum();
            if best.as_ref().is_none_or(|(least, ..)| sum < *least) {
                best = Some((sum, filter, line));
            }
        }
        if let Some((_, filter, line)) = best {
            packer.write_all(&[filter])?;
            packer.write_all(&line)?;
        }
        above.copy_from_slice(row);
    }
    packer.finish()
}

/// A byte less what a filter foretells of it: nothing, the byte to the left, the one above, or Paeth's choice.
fn filtered(filter: u8, row: &[u8], above: &[u8], place: usize) -> u8 {
    let left = if place >= 3 { row[place - 3] } else { 0 };
    let up = above[place];
    let corner = if place >= 3 { above[place - 3] } else { 0 };
    let foretold = match filter {
        0 => 0,
        1 => left,
        2 => up,
        _ => {
            let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
            let near = a + b - c;
            let (off_a, off_b, off_c) = ((near - a).abs(), (near - b).abs(), (near - c).abs());
            if off_a <= off_b && off_a <= off_c {
                left
            } else if off_b <= off_c {
                up
            } else {
                corner
            }
        }
    };
    row[place].wrapping_sub(foretold)
}

/// Bytes as text of base64 (RFC 4648), for pictures inside of documents.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - group.len()));
        for digit in 0..4 {
            let is_there = digit <= group.len();
            let value = (bits >> (18 - 6 * digit)) & 63;
            text.push(if is_there { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        let pairs = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, text) in pairs {
            assert_eq!(base64(plain.as_bytes()), text);
        }
    }

    #[test]
    fn the_rectangle_that_changed_is_found() {
        let before = vec![7_u8; 3 * 5 * 4];
        let mut after = before.clone();
        assert_eq!(changed(&before, &after, 5), (0, 0, 1, 1));
        after[3 * (5 + 2)] = 8;
        after[3 * (2 * 5 + 3) + 2] = 8;
        assert_eq!(changed(&before, &after, 5), (2, 1, 2, 2));
    }

    #[test]
    fn frames_of_another_size_and_none_are_refused() {
        let mut animation = Animation::new(2, 1);
        assert!(animation.bytes().is_err());
        assert!(animation.add(vec![0; 3], 100).is_err());
        animation.add(vec![0; 6], 100).unwrap();
        animation.add(vec![0, 0, 0, 9, 9, 9], 1_000_000).unwrap();
        let bytes = animation.bytes().unwrap();
        let count = |kind: &[u8]| bytes.windows(4).filter(|window| *window == kind).count();
        assert_eq!([count(b"acTL"), count(b"fcTL"), count(b"IDAT"), count(b"fdAT")], [1, 2, 1, 1]);
        assert_eq!(bytes, animation.bytes().unwrap());
    }
}
