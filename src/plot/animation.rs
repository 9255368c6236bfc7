//! Pictures that move: animated PNG.
//!
//! Not GIF: PNG keeps all colours, a frame holds only what changed, and programs that do not know animation show
//! the first frame.

use std::io;

/// The most milliseconds that a frame can stand.
const MOST_MILLISECONDS: u32 = 65_535;

/// An animation in the making: holds of each frame the rectangle that differs from the one before.
#[derive(Debug, Default)]
pub struct Animation {
    width: usize,
    height: usize,
    last: Vec<u8>,
    frames: Vec<Frame>,
}

/// A part of the picture that changes, and how long it stands.
#[derive(Debug)]
struct Frame {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    milliseconds: u32,
    pixels: Vec<u8>,
}

impl Animation {
    /// An animation of a size in pixels.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, ..Self::default() }
    }
    /// Adds a frame: pixels row by row from the top, three bytes each, such as of `Picture::pixels`.
    ///
    /// # Errors
    /// When the pixels are not those of the size.
    pub fn add(&mut self, pixels: Vec<u8>, milliseconds: u32) -> io::Result<()> {
        if pixels.is_empty() || pixels.len() != 3 * self.width * self.height {
            return Err(io::Error::other("the frames of an animation are of one size"));
        }
        let milliseconds = milliseconds.min(MOST_MILLISECONDS);
        let whole = (0, 0, self.width, self.height);
        let (left, top, width, height) =
            if self.frames.is_empty() { whole } else { changed(&self.last, &pixels, self.width) };
        let rows = pixels.chunks_exact(3 * self.width).skip(top).take(height);
        let part = rows.flat_map(|row| &row[3 * left..3 * (left + width)]).copied().collect();
        self.frames.push(Frame { left, top, width, height, milliseconds, pixels: part });
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
        let mut bytes = Vec::new();
        self.encode(&mut bytes).map_err(io::Error::other)?;
        Ok(bytes)
    }
    fn encode(&self, bytes: &mut Vec<u8>) -> Result<(), png::EncodingError> {
        let mut encoder = png::Encoder::new(bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_adaptive_filter(png::AdaptiveFilterType::Adaptive);
        encoder.set_animated(self.frames.len() as u32, 0)?;
        let mut writer = encoder.write_header()?;
        for (index, frame) in self.frames.iter().enumerate() {
            writer.set_frame_delay(frame.milliseconds as u16, 1000)?;
            if index > 0 {
                writer.reset_frame_position()?;
                writer.set_frame_dimension(frame.width as u32, frame.height as u32)?;
                writer.set_frame_position(frame.left as u32, frame.top as u32)?;
            }
            writer.write_image_data(&frame.pixels)?;
        }
        writer.finish()
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

#[cfg(test)]
mod tests {
    use super::*;

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
