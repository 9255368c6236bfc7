//! Pictures for engineers' reports: hydrographs, long sections, plans, storms, bars, charts.
//!
//! Each picture is described by a plain structure ([`hydrograph::Hydrograph`],
//! [`long_section::LongSection`], [`plan::Plan`], [`hyetograph::Hyetograph`]) whose values are already
//! in the user's units, so that it can be fed from a run, from a results file or by hand. `draw` lays it
//! out on a [`Sheet`] and gives a [`Picture`], which is written as SVG or PNG. Same input, same bytes.

pub mod animation;
pub mod axis;
pub mod bars;
pub mod chart;
pub mod colour;
pub mod fonts;
pub mod heading;
pub mod hydrograph;
pub mod hyetograph;
pub mod image;
pub mod inundation;
pub mod language;
pub mod long_section;
pub mod picture;
pub mod plan;
pub mod relief;
pub mod scene;
pub mod symbol;

use std::io;
use std::path::PathBuf;

pub use bars::Bars;
pub use chart::Chart;
pub use fonts::Fonts;
pub use hydrograph::Hydrograph;
pub use hyetograph::Hyetograph;
pub use language::{Language, Word};
pub use long_section::LongSection;
pub use picture::Picture;
pub use plan::Plan;
pub use relief::Relief;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// There is nothing to draw, and why.
    #[error("there is nothing to draw: {0}")]
    Empty(String),
    /// A plan needs coordinates.
    #[error(
        "the model gives no coordinates, so there is no plan to draw; \
         add a [COORDINATES] section, or ask for a long section or a hydrograph"
    )]
    NoCoordinates,
    /// The parts of the input do not fit each other.
    #[error("{0}")]
    Mismatch(String),
    /// The sheet is too small or too large.
    #[error("a picture of {width} x {height} pixels cannot be drawn; each side must be from 400 to 10000")]
    Size {
        /// Width, pixels.
        width: u32,
        /// Height, pixels.
        height: u32,
    },
    /// Labels leave no room for the drawing.
    #[error(
        "labels and legend leave no room for the drawing on {width} x {height} pixels; \
         take a larger sheet, or show less"
    )]
    Crowded {
        /// Width, pixels.
        width: u32,
        /// Height, pixels.
        height: u32,
    },
    /// A font file cannot be used.
    #[error("the font {} cannot be used: {reason}", path.display())]
    Font {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file has an ending other than `.svg` and `.png`.
    #[error("{} ends neither in .svg nor in .png", path.display())]
    Format {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What a picture is drawn on: its size, the language of its labels, its fonts.
///
/// Text and lines grow with the sheet, so that a larger sheet gives the same picture with more
/// pixels.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Width, pixels.
    pub width: u32,
    /// Height, pixels.
    pub height: u32,
    /// Language of labels.
    pub language: Language,
    /// Fonts.
    pub fonts: Fonts,
}

impl Default for Sheet {
    /// 1600 by 1000 pixels, English, the embedded font.
    fn default() -> Self {
        Self { width: 1600, height: 1000, language: Language::En, fonts: Fonts::embedded() }
    }
}

impl Sheet {
    /// The standard sheet in a language.
    pub fn new(language: Language) -> Self {
        Self { language, ..Self::default() }
    }
    /// The label of a word.
    pub fn word(&self, word: Word) -> &'static str {
        self.language.word(word)
    }
    /// Pixels that one pixel of a 1600 by 1000 sheet becomes.
    pub(crate) fn unit(&self) -> f64 {
        (f64::from(self.width) / 1600.0).min(f64::from(self.height) / 1000.0)
    }
    /// Refuses a drawing that labels leave no room for.
    pub(crate) fn check_room(&self, room: &scene::Rect) -> Result<(), PlotError> {
        if room.height() >= 120.0 * self.unit() && room.width() >= 200.0 * self.unit() {
            Ok(())
        } else {
            Err(PlotError::Crowded { width: self.width, height: self.height })
        }
    }
    /// Refuses sheets that cannot be drawn.
    pub(crate) fn check(&self) -> Result<(), PlotError> {
        let fits = |side: u32| (400..=10_000).contains(&side);
        if fits(self.width) && fits(self.height) {
            Ok(())
        } else {
            Err(PlotError::Size { width: self.width, height: self.height })
        }
    }
}
