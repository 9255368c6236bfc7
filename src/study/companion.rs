//! Companion files: what a text names and does not hold.

use std::path::{Path, PathBuf};

use crate::input::inp::document::Document;
use crate::input::inp::{Section, companion};

/// A file that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// The line, counted from 0.
    pub line: usize,
    /// The field of its path, counted from 0.
    pub field: usize,
    /// Where the file is.
    pub path: PathBuf,
}

/// The rain files and the files of time series that a text names, in its order.
pub fn companions(document: &Document, inp: &Path) -> Vec<Companion> {
    let mut found = Vec::new();
    let mut look = |section: Section, keyword: usize| {
        for line in document.rows(section) {
            let Some(tokens) = document.line(line).map(|line| line.tokens()) else { continue };
            let is_file = tokens.get(keyword).is_some_and(|token| token.value.eq_ignore_ascii_case("FILE"));
            if let (true, Some(written)) = (is_file, tokens.get(keyword + 1)) {
                found.push(Companion { line, field: keyword + 1, path: companion(inp, written.value) });
            }
        }
    };
    look(Section::Raingages, 4);
    look(Section::Timeseries, 1);
    found
}
