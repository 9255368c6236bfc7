//! Fonts: the embedded one, or the user's with the embedded one behind it.

use std::path::Path;

use ab_glyph::{Font, FontArc, FontVec, GlyphId, PxScale, point};

use super::PlotError;

/// Noto Sans CJK SC cut to Latin, Greek, Cyrillic and GB 2312 (see `assets/fonts/README.md`).
static EMBEDDED: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC-gb2312.otf");

/// Fonts that measure and draw text: a character is taken from the first that has it.
#[derive(Clone, Debug)]
pub struct Fonts {
    faces: Vec<FontArc>,
}

impl Fonts {
    /// The embedded font: Latin, Greek, Cyrillic, the hanzi of GB 2312.
    pub fn embedded() -> Self {
        Self { faces: FontArc::try_from_slice(EMBEDDED).into_iter().collect() }
    }
    /// A font file (OpenType or TrueType; of a collection its first face), with the embedded font
    /// for the characters that it lacks.
    ///
    /// # Errors
    /// When the file cannot be read or is no such font.
    pub fn with_file(path: impl AsRef<Path>) -> Result<Self, PlotError> {
        let path = path.as_ref();
        let refuse = |reason: String| PlotError::Font { path: path.to_path_buf(), reason };
        let bytes = std::fs::read(path).map_err(|error| refuse(error.to_string()))?;
        let face = FontVec::try_from_vec_and_index(bytes, 0).map_err(|_| {
            refuse("it is no OpenType or TrueType font that this program can read".to_string())
        })?;
        let mut fonts = Self::embedded();
        fonts.faces.insert(0, FontArc::new(face));
        Ok(fonts)
    }
    /// The characters of a text that no font has, each once, in order of appearance.
    pub fn missing(&self, text: &str) -> Vec<char> {
        let mut missing = Vec::new();
        for c in text.chars().filter(|c| !c.is_control()) {
            if !self.faces.iter().any(|face| face.glyph_id(c).0 != 0) && !missing.contains(&c) {
                missing.push(c);
            }
        }
        missing
    }
    /// Width of a text whose em is `size` pixels, in pixels.
    pub fn width(&self, text: &str, size: f64) -> f64 {
        let em = |c: char| self.glyph(c).map_or(0.5, |(face, glyph)| advance(face, glyph));
        text.chars().map(em).sum::<f64>() * size
    }
    /// The text cut to a width, with an ellipsis where something was cut away.
    pub fn fit(&self, text: &str, size: f64, width: f64) -> String {
        if self.width(text, size) <= width {
            return text.to_string();
        }
        let mut chars: Vec<char> = text.chars().collect();
        while chars.pop().is_some() {
            let cut = chars.iter().collect::<String>().trim_end().to_string() + "…";
            if self.width(&cut, size) <= width {
                return cut;
            }
        }
        String::new()
    }
    /// The text cut to a width, with an ellipsis in its middle: names often differ at their end.
    pub fn fit_middle(&self, text: &str, size: f64, width: f64) -> String {
        let chars: Vec<char> = text.chars().collect();
        let cut = |kept: usize| {
            let head: String = chars.iter().take(kept - kept / 2).collect();
            let tail: String = chars.iter().skip(chars.len() - kept / 2).collect();
            format!("{}…{}", head.trim_end(), tail.trim_start())
        };
        if self.width(text, size) <= width {
            return text.to_string();
        }
        (1..chars.len()).rev().map(cut).find(|cut| self.width(cut, size) <= width).unwrap_or_default()
    }
    /// Draws a text from a point of its baseline to the right: `paint(x, y, coverage)` for each
    /// pixel that it touches, relative to that point.
    pub(crate) fn draw(&self, text: &str, size: f64, mut paint: impl FnMut(i32, i32, f32)) {
        let mut x = 0.0;
        for c in text.chars() {
            let Some((face, glyph)) = self.glyph(c) else { continue };
            let scale = PxScale::from((size * f64::from(face.height_unscaled()) / em(face)) as f32);
            let placed = glyph.with_scale_and_position(scale, point(x as f32, 0.0));
            if let Some(outline) = face.outline_glyph(placed) {
                let corner = outline.px_bounds().min;
                outline.draw(|dx, dy, coverage| {
                    paint(corner.x as i32 + dx as i32, corner.y as i32 + dy as i32, coverage);
                });
            }
            x += advance(face, glyph) * size;
        }
    }
    /// The first face that has a character, and its glyph; the first face's box when none has.
    fn glyph(&self, c: char) -> Option<(&FontArc, GlyphId)> {
        let of = |face| (face, Font::glyph_id(face, c));
        self.faces.iter().map(of).find(|(_, glyph)| glyph.0 != 0).or(self.faces.first().map(of))
    }
}

impl Default for Fonts {
    fn default() -> Self {
        Self::embedded()
    }
}

/// Units of a face in its em.
fn em(face: &FontArc) -> f64 {
    f64::from(face.units_per_em().unwrap_or(1000.0)).max(1.0)
}

/// Advance of a glyph in ems.
fn advance(face: &FontArc, glyph: GlyphId) -> f64 {
    f64::from(face.h_advance_unscaled(glyph)) / em(face)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::{Language, Word};

    #[test]
    fn the_embedded_font_has_every_character_of_the_labels_and_of_units() {
        let fonts = Fonts::embedded();
        for word in Word::ALL {
            for language in [Language::En, Language::Zh] {
                assert_eq!(fonts.missing(language.word(*word)), [], "{word:?}");
            }
        }
        assert_eq!(fonts.missing("m³/s m² °C ≤ ≥ µ × · ‰ Ω Δ 沈阳市浑南区排涝泵站雨水箅子深圳"), []);
        assert_eq!(fonts.missing("a\u{1F30A}b\u{1F30A}"), ['\u{1F30A}']);
    }

    #[test]
    fn a_hanzi_is_one_em_wide_and_text_is_as_wide_as_its_parts() {
        let fonts = Fonts::embedded();
        assert!((fonts.width("水", 20.0) - 20.0).abs() < 1e-9);
        let parts = fonts.width("水位", 20.0) + fonts.width("HGL", 20.0);
        assert!((fonts.width("水位HGL", 20.0) - parts).abs() < 1e-9);
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_to_its_room() {
        let fonts = Fonts::embedded();
        let cut = fonts.fit("a very long name of a manhole", 20.0, 100.0);
        assert!(cut.ends_with('…') && fonts.width(&cut, 20.0) <= 100.0, "{cut}");
        assert_eq!(fonts.fit("short", 20.0, 100.0), "short");
        let middle = fonts.fit_middle("manhole at the corner 17", 20.0, 120.0);
        assert!(middle.starts_with("man") && middle.ends_with("17"), "{middle}");
        assert!(fonts.width(&middle, 20.0) <= 120.0);
    }

    #[test]
    fn glyphs_are_drawn_above_the_baseline() {
        let (mut above, mut below) = (0.0, 0.0);
        Fonts::embedded().draw("H", 40.0, |_, y, c| if y < 0 { above += c } else { below += c });
        assert!(above > 50.0 && below == 0.0, "{above} {below}");
    }

    #[test]
    fn a_file_that_is_no_font_is_refused() {
        let error = Fonts::with_file("Cargo.toml").unwrap_err().to_string();
        assert!(error.contains("Cargo.toml") && error.contains("OpenType"), "{error}");
        assert!(Fonts::with_file("assets/fonts/NotoSansSC-gb2312.otf").is_ok());
    }
}
