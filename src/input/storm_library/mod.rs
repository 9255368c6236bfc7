//! The library of storm-intensity formulas: `seeds/storms.toml`, or a file of the user in its form.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod row;

#[cfg(test)]
mod tests;

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};
use crate::num::spelling::steps_apart;
use crate::scenario::storm::LibraryEntry;

/// The library that comes with the program.
const EMBEDDED: &str = include_str!("../../../seeds/storms.toml");
/// Near names that are offered for one that is not there.
const MOST_NEAR: usize = 5;

/// Cities and their formulas, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StormLibrary {
    /// The entries.
    pub entries: Vec<LibraryEntry>,
}

/// What a name leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup<'a> {
    /// One entry.
    One(&'a LibraryEntry),
    /// Several, such as parts of one city.
    Several(Vec<&'a LibraryEntry>),
    /// None; entries whose names are near.
    None(Vec<&'a LibraryEntry>),
}

impl StormLibrary {
    /// The library that comes with the program.
    ///
    /// # Errors
    /// None: a test reads it.
    pub fn embedded() -> Result<Self, Vec<Diagnostic>> {
        Self::parse(EMBEDDED, Path::new("seeds/storms.toml"))
    }
    /// Reads a library from text; `file` names it in messages.
    ///
    /// # Errors
    /// When the text is no TOML or an entry lacks something; all problems of entries are given.
    pub fn parse(text: &str, file: &Path) -> Result<Self, Vec<Diagnostic>> {
        let library: row::Library = toml::from_str(text).map_err(|error| {
            let place = error.span().map(|span| place(text, file, span));
            let problem = Diagnostic::error(0, error.message());
            vec![match place {
                Some(place) => problem.at(place),
                None => problem,
            }]
        })?;
        let (mut entries, mut problems) = (Vec::new(), Vec::new());
        for row in library.formula {
            let span = row.span();
            match row.into_inner().entry() {
                Ok(entry) => entries.push(entry),
                Err((message, help)) => {
                    problems.push(Diagnostic::error(0, message).help(help).at(place(text, file, span)));
                }
            }
        }
        if problems.is_empty() { Ok(Self { entries }) } else { Err(problems) }
    }
    /// The entry that a name means: the name of a city in its own language or in Latin letters, with
    /// words of its area where there are several, such as `Beijing zone I` or `深圳 中部流域`.
    pub fn find(&self, name: &str) -> Lookup<'_> {
        let wanted = words(name);
        let whole = |entry: &&LibraryEntry| {
            [entry.city(), entry.latin_name()].iter().any(|city| words(city) == wanted)
        };
        let by_words = |entry: &&LibraryEntry| {
            let known = words(&entry.place());
            wanted.iter().all(|word| known.contains(word))
        };
        if wanted.is_empty() {
            return Lookup::None(Vec::new());
        }
        let mut found: Vec<&LibraryEntry> = self.entries.iter().filter(whole).collect();
        if found.is_empty() {
            found = self.entries.iter().filter(by_words).collect();
        }
        match found.as_slice() {
            [] => Lookup::None(self.near(name)),
            [entry] => Lookup::One(entry),
            _ => Lookup::Several(found),
        }
    }
    /// Entries whose names contain a text or differ from it in few letters, nearest first.
    pub fn near(&self, name: &str) -> Vec<&LibraryEntry> {
        let wanted = name.trim().to_lowercase();
        let distance = |entry: &LibraryEntry| {
            // a third of the letters may be wrong, and one of the two hanzi of most names
            let far = |known: &str| steps_apart(known, &wanted);
            let nearest = [entry.city(), entry.latin_name()].into_iter().filter_map(far).min();
            let within = !wanted.is_empty() && entry.place().to_lowercase().contains(&wanted);
            nearest.or(within.then_some(MOST_NEAR))
        };
        let mut near: Vec<(usize, &LibraryEntry)> =
            self.entries.iter().filter_map(|entry| Some((distance(entry)?, entry))).collect();
        near.sort_by_key(|(steps, _)| *steps);
        near.into_iter().take(MOST_NEAR).map(|(_, entry)| entry).collect()
    }
}

/// The words of a name in lower case, without punctuation.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let parts = lower.split(|c: char| !(c.is_alphanumeric() || c == '\''));
    parts.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The place of the first line of a part of a text.
fn place(text: &str, file: &Path, span: std::ops::Range<usize>) -> Place {
    let before = text.get(..span.start).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    let part = text.get(span).unwrap_or_default().lines().next().unwrap_or_default();
    Place {
        file: file.to_path_buf(),
        line: before.matches('\n').count() + 1,
        column: if part.is_empty() { 0 } else { column },
        text: line.to_owned(),
        token: part.to_owned(),
    }
}
