//! Every kind of picture, in both languages: drawn, written, the same bytes twice, no text outside
//! the sheet or over another text.
//!
//! The files stay where `PICTURES` says (else in cargo's temporary directory), to be looked at:
//! `PICTURES=/tmp/plots cargo test --test pictures`.

mod hydrographs;
mod hyetographs;
mod long_sections;
mod plans;
mod streets;
mod town;

use std::path::PathBuf;

use pailao::plot::{Language, Picture, Sheet};

pub const LANGUAGES: [Language; 2] = [Language::En, Language::Zh];

/// Text of the language.
pub fn say(sheet: &Sheet, en: &str, zh: &str) -> String {
    if sheet.language == Language::Zh { zh.to_string() } else { en.to_string() }
}

/// Writes a picture twice in both formats and checks what every picture must satisfy.
pub fn examine(name: &str, sheet: &Sheet, picture: &Picture) {
    let directory =
        std::env::var_os("PICTURES").map_or(PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    std::fs::create_dir_all(&directory).unwrap();
    for ending in ["svg", "png"] {
        let path = directory.join(format!("{name}.{}.{ending}", sheet.language.code()));
        picture.write(&path).unwrap();
        let first = std::fs::read(&path).unwrap();
        picture.write(&path).unwrap();
        assert!(first == std::fs::read(&path).unwrap(), "{name}: two writings differ");
        assert!(first.len() > 5000, "{name}: {ending} of {} bytes", first.len());
    }
    let (width, height) = picture.size();
    let (width, height) = (f64::from(width), f64::from(height));
    for (i, (text, place)) in picture.labels().iter().enumerate() {
        let inside = place.left >= 0.0 && place.top >= 0.0 && place.right <= width && place.bottom <= height;
        assert!(inside, "{name}: '{text}' leaves the sheet: {place:?}");
        assert_eq!(sheet.fonts.missing(text), [], "{name}: '{text}'");
        for (other, there) in &picture.labels()[i + 1..] {
            // Line boxes hold blank above and below their letters; letters must not touch.
            let core = there.grown(-0.1 * there.height().min(there.width()));
            assert!(!place.overlaps(&core), "{name}: '{text}' {place:?} lies over '{other}' {there:?}");
        }
    }
    let pixels = picture.pixels();
    let inked = pixels.chunks(3).filter(|p| p.iter().any(|&c| c < 128)).count();
    assert!(inked > 2000, "{name}: only {inked} dark pixels");
}
