//! Strips and tiles unfolded: plain, deflate, LZW, PackBits; and predictors undone.

use std::io::Read;

use super::{Order, TiffError};

/// How strips and tiles are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// By LZW.
    Lzw,
    /// By deflate, under either of its two numbers.
    Deflate,
    /// By runs of bytes.
    PackBits,
}

/// What has been subtracted before packing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Predictor {
    /// Nothing.
    None,
    /// From each number the one to its left.
    Horizontal,
    /// From each byte of floats, laid out by significance, the one to its left.
    Float,
}

impl Packing {
    /// By its number in the file.
    pub fn of(number: u64) -> Result<Self, TiffError> {
        Ok(match number {
            1 => Self::Plain,
            5 => Self::Lzw,
            8 | 32946 => Self::Deflate,
            32773 => Self::PackBits,
            other => {
                let name = match other {
                    2..=4 => " (fax)",
                    6 | 7 => " (JPEG, which loses heights)",
                    34887 => " (LERC)",
                    34925 => " (LZMA)",
                    50000 => " (ZSTD)",
                    50001 => " (WebP)",
                    _ => "",
                };
                return Err(TiffError::Foreign(format!("its packing {other}{name} is not read")));
            }
        })
    }

    /// The first `expected` bytes that packed bytes stand for.
    pub fn unpack(self, packed: &[u8], expected: usize, what: &str) -> Result<Vec<u8>, TiffError> {
        let mut bytes = match self {
            Self::Plain => packed.get(..expected.min(packed.len())).unwrap_or_default().to_vec(),
            Self::Deflate => {
                let mut bytes = Vec::new();
                flate2::read::ZlibDecoder::new(packed)
                    .take(expected as u64)
                    .read_to_end(&mut bytes)
                    .map_err(|error| TiffError::Broken(format!("{what} cannot be unfolded: {error}")))?;
                bytes
            }
            Self::Lzw => lzw(packed, expected, what)?,
            Self::PackBits => pack_bits(packed, expected),
        };
        if bytes.len() < expected {
            let message = format!("{what} ends after {} of {expected} bytes", bytes.len());
            return Err(TiffError::Broken(message));
        }
        bytes.truncate(expected);
        Ok(bytes)
    }
}

/// Unfolds LZW, most significant bit first, codes growing one early as TIFF has it.
fn lzw(packed: &[u8], expected: usize, what: &str) -> Result<Vec<u8>, TiffError> {
    let mut decoder = weezl::decode::Configuration::with_tiff_size_switch(weezl::BitOrder::Msb, 8).build();
    let mut bytes = Vec::new();
    let mut window = [0_u8; 1 << 14];
    let mut rest = packed;
    while bytes.len() < expected {
        let step = decoder.decode_bytes(rest, &mut window);
        bytes.extend_from_slice(window.get(..step.consumed_out).unwrap_or_default());
        rest = rest.get(step.consumed_in..).unwrap_or_default();
        match step.status {
            Ok(weezl::LzwStatus::Ok) if step.consumed_in > 0 || step.consumed_out > 0 => {}
            Ok(_) => break,
            Err(error) => return Err(TiffError::Broken(format!("{what} cannot be unfolded: {error}"))),
        }
    }
    Ok(bytes)
}

/// Unfolds runs: a byte n up to 127 stands before n + 1 bytes as they are, one above 128 before a byte to be
/// repeated 257 - n times; 128 stands for nothing.
fn pack_bits(packed: &[u8], expected: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = packed;
    while let Some((&head, after)) = rest.split_first() {
        if bytes.len() >= expected {
            break;
        }
        let head = usize::from(head);
        match head {
            0..=127 => {
                let count = (head + 1).min(after.len());
                let (run, after) = after.split_at(count);
                bytes.extend_from_slice(run);
                rest = after;
            }
            128 => rest = after,
            _ => match after.split_first() {
                Some((&byte, after)) => {
                    bytes.extend(std::iter::repeat_n(byte, 257 - head));
                    rest = after;
                }
                None => break,
            },
        }
    }
    bytes
}

impl Predictor {
    /// By its number in the file.
    pub fn of(number: u64) -> Result<Self, TiffError> {
        match number {
            1 => Ok(Self::None),
            2 => Ok(Self::Horizontal),
            3 => Ok(Self::Float),
            other => Err(TiffError::Foreign(format!("its predictor {other} is not known"))),
        }
    }

    /// Adds again what was subtracted, row by row of `width` numbers of `size` bytes. Gives the order of bytes
    /// that the numbers have then.
    pub fn undo(self, bytes: &mut [u8], width: usize, size: usize, order: Order) -> Order {
        let row_bytes = width * size;
        if row_bytes == 0 || size == 0 {
            return order;
        }
        match self {
            Self::None => order,
            Self::Horizontal => {
                for row in bytes.chunks_exact_mut(row_bytes) {
                    let mut sum = 0_u64;
                    for number in row.chunks_exact_mut(size) {
                        sum = sum.wrapping_add(order.whole(number));
                        // the lower bytes of the sum are the number: it wraps as the writer's did
                        let little = sum.to_le_bytes();
                        let digits = little.iter().take(size);
                        match order {
                            Order::Little => number.iter_mut().zip(digits).for_each(|(to, &from)| *to = from),
                            Order::Big => {
                                number.iter_mut().rev().zip(digits).for_each(|(to, &from)| *to = from);
                            }
                        }
                    }
                }
                order
            }
            Self::Float => {
                let mut planes = vec![0_u8; row_bytes];
                for row in bytes.chunks_exact_mut(row_bytes) {
                    let mut sum = 0_u8;
                    for (plane, byte) in planes.iter_mut().zip(row.iter()) {
                        sum = sum.wrapping_add(*byte);
                        *plane = sum;
                    }
                    for (index, number) in row.chunks_exact_mut(size).enumerate() {
                        for (byte, plane) in number.iter_mut().zip(planes.chunks_exact(width)) {
                            *byte = plane.get(index).copied().unwrap_or_default();
                        }
                    }
                }
                Order::Big
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_unfold_as_the_specification_shows() {
        // the example of TIFF 6.0, section 9
        let packed =
            [0xFE, 0xAA, 0x02, 0x80, 0x00, 0x2A, 0xFD, 0xAA, 0x03, 0x80, 0x00, 0x2A, 0x22, 0xF7, 0xAA];
        let bytes = Packing::PackBits.unpack(&packed, 24, "a strip").unwrap();
        assert_eq!(bytes[..8], [0xAA, 0xAA, 0xAA, 0x80, 0x00, 0x2A, 0xAA, 0xAA]);
        assert_eq!(bytes[14..], [0xAA; 10]);
        let cut = Packing::PackBits.unpack(&packed[..5], 24, "strip 1").unwrap_err();
        assert_eq!(cut, TiffError::Broken("strip 1 ends after 5 of 24 bytes".into()));
    }

    #[test]
    fn differences_add_up_in_both_orders_and_wrap() {
        let mut little = vec![1, 0, 255, 255, 3, 1];
        assert_eq!(Predictor::Horizontal.undo(&mut little, 3, 2, Order::Little), Order::Little);
        assert_eq!(little, [1, 0, 0, 0, 3, 1], "1, then 1 - 1, then 0 + 259");
        let mut big = vec![0, 1, 255, 255, 1, 3];
        Predictor::Horizontal.undo(&mut big, 3, 2, Order::Big);
        assert_eq!(big, [0, 1, 0, 0, 1, 3]);
    }

    #[test]
    fn bytes_of_floats_are_put_together_again() {
        // 1.0 and 2.0 are 3F800000 and 40000000: planes 3F 40, 80 00, 00 00, 00 00, then differences
        let mut row = vec![0x3F, 0x01, 0x40, 0x80, 0x00, 0x00, 0x00, 0x00];
        assert_eq!(Predictor::Float.undo(&mut row, 2, 4, Order::Little), Order::Big);
        assert_eq!(row, [0x3F, 0x80, 0, 0, 0x40, 0, 0, 0]);
    }
}
