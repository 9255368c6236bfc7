//! Colours that stay apart for readers with any colour vision and on grey prints.
//!
//! Categories take the palette of Okabe and Ito (2002, *Color universal design*).

/// An opaque colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// Paper.
    pub const WHITE: Self = Self(255, 255, 255);
    /// Text and axes.
    pub const INK: Self = Self(34, 34, 34);
    /// Secondary text and outlines.
    pub const GREY: Self = Self(110, 110, 110);
    /// Grid lines.
    pub const GRID: Self = Self(222, 222, 222);
    /// Orange of Okabe and Ito.
    pub const ORANGE: Self = Self(230, 159, 0);
    /// Sky blue of Okabe and Ito.
    pub const SKY: Self = Self(86, 180, 233);
    /// Bluish green of Okabe and Ito.
    pub const GREEN: Self = Self(0, 158, 115);
    /// Blue of Okabe and Ito.
    pub const BLUE: Self = Self(0, 114, 178);
    /// Vermilion of Okabe and Ito.
    pub const VERMILION: Self = Self(213, 94, 0);
    /// Reddish purple of Okabe and Ito.
    pub const PURPLE: Self = Self(204, 121, 167);

    /// Colours of series, in order of use.
    pub const SERIES: [Self; 7] =
        [Self::BLUE, Self::VERMILION, Self::GREEN, Self::PURPLE, Self::ORANGE, Self::SKY, Self::INK];
}
