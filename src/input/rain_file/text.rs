//! A rain file as lines of bytes, and the problems of its lines with their places.
//!
//! Weather services give columns in bytes, hence the bytes are kept; they are decoded for names and
//! for messages only.

use std::borrow::Cow;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};

/// Problems that are reported of one file; the rest are counted.
const MOST_REPORTS: usize = 20;
/// Characters of a line that a problem quotes.
const MOST_QUOTED: usize = 1024;

/// The contents of a rain file.
pub(super) struct Text {
    bytes: Vec<u8>,
    is_utf8: bool,
}

/// One line, without its end.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub number: usize,
    /// As it stands in the file (recoded to UTF-8 when the file has a byte-order mark).
    pub bytes: &'a [u8],
    is_utf8: bool,
}

impl Text {
    /// Takes the bytes of a file: encoded by its byte-order mark, else in UTF-8, else in GBK.
    pub fn new(bytes: Vec<u8>) -> Self {
        if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(&bytes) {
            return Self { bytes: encoding.decode(&bytes).0.into_owned().into_bytes(), is_utf8: true };
        }
        let is_utf8 = std::str::from_utf8(&bytes).is_ok();
        Self { bytes, is_utf8 }
    }
    /// Its lines; one that ends the file with nothing in it is none.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let lines = self.bytes.split_inclusive(|&byte| byte == b'\n');
        lines.enumerate().map(|(index, line)| {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let bytes = line.strip_suffix(b"\r").unwrap_or(line);
            Line { number: index + 1, bytes, is_utf8: self.is_utf8 }
        })
    }
}

impl<'a> Line<'a> {
    /// Some of its bytes as text.
    fn decode(&self, bytes: &'a [u8]) -> Cow<'a, str> {
        if self.is_utf8 {
            String::from_utf8_lossy(bytes)
        } else {
            encoding_rs::GBK.decode_without_bom_handling(bytes).0
        }
    }
    /// The whole of it as text.
    pub fn text(&self) -> Cow<'a, str> {
        self.decode(self.bytes)
    }
    /// Whether there is nothing in it.
    pub fn is_blank(&self) -> bool {
        self.bytes.trim_ascii().is_empty()
    }
    /// The place of the word at or after a byte; of the whole line when there is none.
    pub fn place_at(&self, file: &Path, start: usize) -> Place {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_ascii_start().len();
        let word = rest.trim_ascii_start().split(u8::is_ascii_whitespace).next().unwrap_or_default();
        let lead = self.bytes.get(..start.saturating_add(blanks)).unwrap_or_default();
        let column = if word.is_empty() { 0 } else { self.decode(lead).chars().count() + 1 };
        self.place(file, column, &self.decode(word))
    }
    /// A place in the line: a column in characters, counted from 1, or 0 for the whole line.
    pub fn place(&self, file: &Path, column: usize, token: &str) -> Place {
        let (column, token) = if column > MOST_QUOTED { (0, "") } else { (column, token) };
        Place {
            file: file.to_path_buf(),
            line: self.number,
            column,
            text: self.text().chars().take(MOST_QUOTED).collect(),
            token: token.chars().take(MOST_QUOTED).collect(),
        }
    }
}

/// Collects the problems of a file up to a number, and counts the rest.
pub(super) struct Reports<'a> {
    /// The file they are about.
    pub file: &'a Path,
    found: Vec<Diagnostic>,
    left_out: usize,
    errors: usize,
}

impl<'a> Reports<'a> {
    pub fn new(file: &'a Path) -> Self {
        Self { file, found: Vec::new(), left_out: 0, errors: 0 }
    }
    /// Adds a problem; its place is asked for only when it will be shown.
    pub fn push(&mut self, problem: Diagnostic, place: impl FnOnce(&Path) -> Place) {
        let is_error = problem.severity == crate::diagnostic::Severity::Error;
        self.errors += usize::from(is_error);
        // The first error is shown however many warnings came before it.
        if self.found.len() < MOST_REPORTS || (is_error && self.errors == 1) {
            self.found.push(problem.at(place(self.file)));
        } else {
            self.left_out += 1;
        }
    }
    /// Adds a warning of our own about the word at a byte of a line.
    pub fn warn(&mut self, line: &Line<'_>, start: usize, message: &str, help: &str) {
        self.push(Diagnostic::warning(0, message).help(help), |file| line.place_at(file, start));
    }
    /// Whether there was an error.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }
    /// All that is to be shown.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        if self.left_out > 0 {
            let message = format!("{} more problems in {}", self.left_out, self.file.display());
            self.found.push(Diagnostic::warning(0, message));
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_whatever_ends_them() {
        for text in ["a 1\n\nb\n", "a 1\r\n\r\nb\r\n", "a 1\n\nb", "\u{feff}a 1\r\n\nb"] {
            let text = Text::new(text.as_bytes().to_vec());
            let lines: Vec<_> = text.lines().map(|line| (line.number, line.bytes)).collect();
            assert_eq!(lines, [(1, &b"a 1"[..]), (2, b""), (3, b"b")]);
        }
        assert_eq!(Text::new(Vec::new()).lines().count(), 0);
    }

    #[test]
    fn columns_count_characters_in_either_encoding() {
        let name = "\u{53f0}\u{5dde} 12 x";
        for bytes in [name.as_bytes().to_vec(), encoding_rs::GBK.encode(name).0.into_owned()] {
            let text = Text::new(bytes);
            let line = text.lines().next().unwrap();
            let start = line.bytes.iter().position(|&byte| byte == b' ').unwrap();
            let place = line.place_at(Path::new("f"), start);
            assert_eq!((place.column, place.token.as_str(), place.text.as_str()), (4, "12", name));
            assert_eq!(line.place_at(Path::new("f"), 99).column, 0);
        }
    }

    #[test]
    fn the_first_error_is_shown_after_any_number_of_warnings() {
        let text = Text::new(b"x".to_vec());
        let line = text.lines().next().unwrap();
        let mut reports = Reports::new(Path::new("f"));
        for _ in 0..50 {
            reports.warn(&line, 0, "odd", "");
        }
        assert!(!reports.has_errors());
        reports.push(Diagnostic::error(318, "wrong"), |file| line.place_at(file, 0));
        assert!(reports.has_errors());
        let found = reports.finish();
        assert_eq!(found.len(), MOST_REPORTS + 2);
        assert_eq!(found[MOST_REPORTS].code, 318);
        assert!(found[MOST_REPORTS + 1].message.starts_with("30 more"));
    }
}
