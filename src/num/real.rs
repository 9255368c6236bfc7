//! The two kinds of floating-point numbers that the surface computes with.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A floating-point number, `f32` or `f64`. All functions compile to a few instructions that vectorise and give
/// the same bits on every machine.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialEq
    + PartialOrd
    + Send
    + Sync
    + Serialize
    + DeserializeOwned
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + 'static
{
    /// Whether sums of many small additions need a column that keeps what rounding dropped.
    const COMPENSATED: bool;
    /// The distance from 1 to the next larger number.
    const EPSILON: Self;

    /// The nearest number of this kind.
    fn of(x: f64) -> Self;
    /// The same number as `f64`; exact.
    fn wide(self) -> f64;
    /// The nearest single-precision number.
    fn narrow(self) -> f32;
    /// The number of this kind that a single-precision number is; exact.
    fn of_narrow(x: f32) -> Self;
    /// Square root.
    fn root(self) -> Self;
    /// Square root to 1e-7, cheap; for bounds. Meaningless beyond 1e-38 to 1e38.
    fn coarse_root(self) -> Self;
    /// Magnitude.
    fn magnitude(self) -> Self;
    /// `x^(-1/3)` of a positive normal number of at least 1e-30, without a division and without a branch; relative
    /// error below 1e-6 (`f32`) and 1e-14 (`f64`). Meaningless for anything else.
    fn inverse_cube_root(self) -> Self;

    /// The larger of two numbers; `other` if they cannot be compared.
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    /// The smaller of two numbers; `other` if they cannot be compared.
    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
}

/// `x^(-1/3)` of a number between 1e-30 and 1e30 to 3e-6, for coefficients that are known to two digits: a third of the
/// work of [`Real::inverse_cube_root`]. Meaningless for anything else.
///
/// A bit-trick seed within 4 %, and a step of the binomial series of `(1 - e)^(-1/3)`, `e = 1 - x y³`.
#[inline(always)]
#[must_use]
pub fn coarse_inverse_cube_root(x: f32) -> f32 {
    // a third of the bits, 1/4 + 1/16 + ...: unlike a division this vectorises everywhere
    let bits = x.to_bits();
    let third = (bits >> 2) + (bits >> 4);
    let third = third + (third >> 4);
    let third = third + (third >> 8);
    let y = f32::from_bits(0x54A2_1D2A_u32.wrapping_sub(third));
    let e = 1.0 - (x * y) * (y * y);
    y + (y * e) * ((1.0 / 3.0 + e * (2.0 / 9.0)) + (e * e) * (14.0 / 81.0 + e * (35.0 / 243.0)))
}

/// Another step.
#[inline(always)]
fn inverse_cube_root(x: f32) -> f32 {
    let y = coarse_inverse_cube_root(x);
    let e = 1.0 - (x * y) * (y * y);
    y + (y * e) * (1.0 / 3.0)
}

impl Real for f32 {
    const COMPENSATED: bool = true;
    const EPSILON: Self = f32::EPSILON;

    #[inline(always)]
    fn of(x: f64) -> Self {
        x as f32
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn narrow(self) -> f32 {
        self
    }
    #[inline(always)]
    fn of_narrow(x: f32) -> Self {
        x
    }
    #[inline(always)]
    fn root(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn coarse_root(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn magnitude(self) -> Self {
        self.abs()
    }
    #[inline(always)]
    fn inverse_cube_root(self) -> Self {
        inverse_cube_root(self)
    }
}

impl Real for f64 {
    const COMPENSATED: bool = false;
    const EPSILON: Self = f64::EPSILON;

    #[inline(always)]
    fn of(x: f64) -> Self {
        x
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }
    #[inline(always)]
    fn narrow(self) -> f32 {
        self as f32
    }
    #[inline(always)]
    fn of_narrow(x: f32) -> Self {
        f64::from(x)
    }
    #[inline(always)]
    fn root(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn coarse_root(self) -> Self {
        f64::from((self as f32).sqrt())
    }
    #[inline(always)]
    fn magnitude(self) -> Self {
        self.abs()
    }
    #[inline(always)]
    fn inverse_cube_root(self) -> Self {
        let y = f64::from(inverse_cube_root(self as f32));
        let e = 1.0 - (self * y) * (y * y);
        y + (y * e) * (1.0 / 3.0 + e * (2.0 / 9.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_cube_roots_agree_with_powf() {
        let mut x = 1.0e-30_f64;
        while x < 1.0e12 {
            let exact = x.powf(-1.0 / 3.0);
            assert!((x.inverse_cube_root() / exact - 1.0).abs() < 1.0e-14, "{x}");
            let narrow = x as f32;
            let exact = f64::from(narrow).powf(-1.0 / 3.0);
            assert!((narrow.inverse_cube_root().wide() / exact - 1.0).abs() < 1.0e-6, "{x}");
            assert!((coarse_inverse_cube_root(narrow).wide() / exact - 1.0).abs() < 3.0e-6, "{x}");
            x *= 1.0137;
        }
    }

    #[test]
    fn the_larger_and_the_smaller_are_found() {
        assert_eq!((2.0_f32.larger(-3.0), 2.0_f64.smaller(-3.0)), (2.0, -3.0));
    }
}
