//! Pixels as a mark of a drawing: maps of cells, which as polygons would be millions.

use std::sync::Arc;

use super::colour::Colour;

/// Pixels, row by row from the top, three bytes (red, green, blue) each.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    width: usize,
    height: usize,
    pixels: Arc<[u8]>,
}

impl Image {
    /// An image of a size; pixels that are missing are white, those beyond the size are dropped.
    pub fn new(width: usize, height: usize, mut pixels: Vec<u8>) -> Self {
        pixels.resize(3 * width * height, 255);
        Self { width, height, pixels: pixels.into() }
    }
    /// Width and height, pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }
    /// The bytes of the pixels.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }
    /// The same image with other counts of pixels: where they are fewer each is the mean of what it covers,
    /// where they are more each takes the one that it lies in, so that cells keep their edges.
    #[must_use]
    pub fn scaled(&self, width: usize, height: usize) -> Self {
        if (width, height) == self.size() || self.width == 0 || self.height == 0 {
            return self.clone();
        }
        let columns = covered(width, self.width);
        let mut pixels = Vec::with_capacity(3 * width * height);
        for rows in covered(height, self.height) {
            for columns in &columns {
                let mut sum = [0_u32; 3];
                for row in rows.clone() {
                    let start = 3 * (row * self.width + columns.start);
                    let run = self.pixels.get(start..start + 3 * columns.len()).unwrap_or_default();
                    for pixel in run.chunks_exact(3) {
                        sum.iter_mut().zip(pixel).for_each(|(sum, &part)| *sum += u32::from(part));
                    }
                }
                let count = (rows.len() * columns.len()).max(1) as u32;
                pixels.extend(sum.map(|sum| ((sum + count / 2) / count) as u8));
            }
        }
        Self::new(width, height, pixels)
    }
}

/// Pixels of three bytes as a PNG file; `None` when they are not as many as the size says.
pub fn png(pixels: &[u8], width: usize, height: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().ok()?.write_image_data(pixels).ok()?;
    Some(bytes)
}

/// Pixels that are places in a palette of colours, each with its opacity (0 to 255), as a PNG file; `None` when they
/// are not as many as the size says or the palette has not 1 to 256 colours.
pub fn palette_png(pixels: &[u8], width: usize, height: usize, palette: &[(Colour, u8)]) -> Option<Vec<u8>> {
    if !(1..=256).contains(&palette.len()) || pixels.len() != width * height {
        return None;
    }
    // as few bits a pixel as the palette needs
    let (bits, depth) = match palette.len() {
        0..=2 => (1, png::BitDepth::One),
        3..=4 => (2, png::BitDepth::Two),
        5..=16 => (4, png::BitDepth::Four),
        _ => (8, png::BitDepth::Eight),
    };
    let row = |row: &[u8]| -> Vec<u8> {
        let pack = |some: &[u8]| {
            let places = 8 / bits;
            (0..places).fold(0_u8, |byte, place| {
                byte | some.get(place).copied().unwrap_or(0) << (8 - bits * (place + 1))
            })
        };
        row.chunks(8 / bits).map(pack).collect()
    };
    let packed: Vec<u8> = pixels.chunks(width.max(1)).flat_map(row).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(depth);
    encoder.set_palette(
        palette.iter().flat_map(|(colour, _)| [colour.0, colour.1, colour.2]).collect::<Vec<u8>>(),
    );
    encoder.set_trns(palette.iter().map(|(_, opacity)| *opacity).collect::<Vec<u8>>());
    encoder.write_header().ok()?.write_image_data(&packed).ok()?;
    Some(bytes)
}

/// Bytes in the 64 characters of RFC 4648, padded: pictures inside of documents.
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

/// What each of `count` pixels covers of `whole` ones: at least one, and each one at least once.
fn covered(count: usize, whole: usize) -> Vec<std::ops::Range<usize>> {
    let edge = |index: usize| index * whole / count.max(1);
    (0..count)
        .map(|index| {
            if count >= whole {
                // the pixel that its middle lies in
                let middle = (2 * index + 1) * whole / (2 * count);
                middle..middle + 1
            } else {
                edge(index)..edge(index + 1)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648, section 10
        let all = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(all, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }

    #[test]
    fn a_palette_is_packed_into_as_few_bits_as_it_needs() {
        let colour = |grey: u8| (Colour(grey, grey, grey), 255 - grey);
        for count in [2_u8, 4, 7, 40] {
            let palette: Vec<_> = (0..count).map(colour).collect();
            let pixels: Vec<u8> = (0..33).map(|at| at % count).collect();
            let bytes = palette_png(&pixels, 11, 3, &palette).unwrap();
            let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
            decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
            let mut reader = decoder.read_info().unwrap();
            let mut back = vec![0; 11 * 3 * 4];
            reader.next_frame(&mut back).unwrap();
            let expected: Vec<u8> = pixels.iter().flat_map(|&grey| [grey, grey, grey, 255 - grey]).collect();
            assert_eq!(back, expected, "{count} colours");
        }
        assert_eq!(palette_png(&[0; 5], 2, 3, &[colour(0)]), None);
    }

    #[test]
    fn fewer_pixels_are_means_and_more_are_copies() {
        let grey = |values: &[u8]| values.iter().flat_map(|&value| [value; 3]).collect::<Vec<u8>>();
        let image = Image::new(4, 2, grey(&[0, 10, 20, 30, 40, 50, 60, 70]));
        assert_eq!(image.scaled(2, 1).pixels(), grey(&[25, 45]));
        assert_eq!(image.scaled(8, 2).pixels()[..24], grey(&[0, 0, 10, 10, 20, 20, 30, 30]));
        assert_eq!(image.scaled(4, 2), image);
        let thirds = Image::new(3, 1, grey(&[0, 30, 60])).scaled(2, 1);
        assert_eq!(thirds.pixels(), grey(&[0, 45]));
    }
}
