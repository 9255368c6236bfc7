//! One data line under the reader's finger: its fields as numbers, keywords and references, and a
//! diagnostic with its place for each field that is none.
//!
//! A field that cannot be read yields 0 or `None` and the reading goes on, so that one pass finds all
//! problems of a file; a model with an error is never run.

use std::path::Path;

use super::document::{Line, Token};
use super::heading::find_keyword;
use super::number;
use crate::clock::DateTime;
use crate::diagnostic::{Diagnostic, Place};
use crate::num::index::{Id, Table};

/// The problems found so far in a file.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    /// The file that is read.
    pub file: &'a Path,
    /// The problems, in the order of their discovery.
    pub list: Vec<Diagnostic>,
    /// For how many more undefined names a similar one is looked for (a missing section of a large
    /// model would otherwise cost the square of its size).
    searches: usize,
}

impl<'a> Findings<'a> {
    pub fn new(file: &'a Path) -> Self {
        Self { file, list: Vec::new(), searches: 50 }
    }
}

/// A place in a text: the whole line where `token` is `None`. `index` counts from 0.
pub(super) fn place(file: &Path, index: usize, text: &str, token: Option<&Token<'_>>) -> Place {
    let column = token.map_or(0, |t| text.get(..t.start).map_or(0, |lead| lead.chars().count()) + 1);
    let token = token.and_then(|t| text.get(t.start..t.end)).unwrap_or("");
    Place { file: file.to_owned(), line: index + 1, column, text: text.to_owned(), token: token.to_owned() }
}

/// One data line.
pub(super) struct Row<'a, 'f> {
    line: &'a Line,
    index: usize,
    tokens: Vec<Token<'a>>,
    element: String,
    findings: &'a mut Findings<'f>,
}

impl<'a, 'f> Row<'a, 'f> {
    /// The line at `index` (counted from 0), already split.
    pub fn new(line: &'a Line, index: usize, tokens: Vec<Token<'a>>, findings: &'a mut Findings<'f>) -> Self {
        Self { line, index, tokens, element: String::new(), findings }
    }
    /// Says which element the line is about, by its kind and the name in the first field.
    pub fn is_about(&mut self, kind: &str) {
        self.element = format!("{kind} {}", self.text(0));
    }
    /// How many fields it has.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }
    /// The text of a field; empty when it is missing.
    pub fn text(&self, field: usize) -> &'a str {
        self.tokens.get(field).map_or("", |t| t.value)
    }
    /// All text from a field on, with single blanks between the fields.
    pub fn rest(&self, field: usize) -> String {
        let values: Vec<_> = self.tokens.iter().skip(field).map(|t| t.value).collect();
        values.join(" ")
    }
    /// Whether a field is given: present and not `*`.
    pub fn is_given(&self, field: usize) -> bool {
        self.tokens.get(field).is_some_and(|t| !t.value.starts_with('*'))
    }
    /// Where a field stands; the whole line when it is missing.
    pub fn place(&self, field: usize) -> Place {
        place(self.findings.file, self.index, self.line.text(), self.tokens.get(field))
    }
    /// Where the line stands.
    pub fn line_place(&self) -> Place {
        place(self.findings.file, self.index, self.line.text(), None)
    }
    /// All problems of the file so far.
    pub fn findings(&mut self) -> &mut Findings<'f> {
        self.findings
    }

    fn report(&mut self, diagnostic: Diagnostic, place: Place, help: impl Into<String>) {
        let diagnostic = diagnostic.at(place).of(self.element.clone()).help(help);
        self.findings.list.push(diagnostic);
    }
    /// Reports an error at a field.
    pub fn error(&mut self, code: u16, field: usize, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::error(code, message), self.place(field), help);
    }
    /// Reports an error of the whole line.
    pub fn line_error(&mut self, code: u16, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::error(code, message), self.line_place(), help);
    }
    /// Reports at a field what is read otherwise than it is written.
    pub fn warning(&mut self, field: usize, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::warning(0, message), self.place(field), help);
    }

    /// Whether the line has at least `count` fields; `form` says what they are.
    pub fn has(&mut self, count: usize, form: &str) -> bool {
        let found = self.len();
        if found < count {
            let message = format!("{found} of at least {count} items");
            self.line_error(203, message, format!("expected: {form}"));
        }
        found >= count
    }
    /// A number; 0 when the field is none. `what` names it in messages.
    pub fn number(&mut self, field: usize, what: &str) -> f64 {
        self.number_that(field, what, "", |_| true)
    }
    /// A number that is at least 0.
    pub fn non_negative(&mut self, field: usize, what: &str) -> f64 {
        self.number_that(field, what, "at least 0", |x| x >= 0.0)
    }
    /// A number above 0.
    pub fn positive(&mut self, field: usize, what: &str) -> f64 {
        self.number_that(field, what, "more than 0", |x| x > 0.0)
    }
    /// A number from a range.
    pub fn between(&mut self, field: usize, what: &str, least: f64, most: f64) -> f64 {
        let range = format!("from {least} to {most}");
        self.number_that(field, what, &range, |x| (least..=most).contains(&x))
    }
    /// A number that a test accepts; `range` says what that demands. 0 when it is not accepted.
    pub fn number_that(
        &mut self,
        field: usize,
        what: &str,
        range: &str,
        accepts: impl Fn(f64) -> bool,
    ) -> f64 {
        let text = self.text(field);
        match number::number(text) {
            Some(x) if accepts(x) => x,
            Some(_) => {
                self.error(211, field, format!("{what} is {text}"), format!("{what} must be {range}"));
                0.0
            }
            None => {
                let message = format!("{what} '{text}' is not a number");
                self.error(211, field, message, "numbers are written like 12, 0.5 or 1.2e-3, up to 1e30");
                0.0
            }
        }
    }
    /// A number, or a default when the field is missing.
    pub fn number_or(&mut self, field: usize, what: &str, default: f64) -> f64 {
        if field < self.len() { self.number(field, what) } else { default }
    }
    /// A number that is at least 0, or 0 when the field is missing.
    pub fn non_negative_or_0(&mut self, field: usize, what: &str) -> f64 {
        if field < self.len() { self.non_negative(field, what) } else { 0.0 }
    }
    /// Numbers from a field on.
    pub fn numbers<const N: usize>(&mut self, first: usize, what: &str) -> [f64; N] {
        std::array::from_fn(|i| self.number(first + i, what))
    }
    /// What a keyword stands for.
    pub fn keyword<T: Copy>(&mut self, field: usize, what: &str, keywords: &[(&str, T)]) -> Option<T> {
        let text = self.text(field);
        let found = find_keyword(text, keywords);
        if found.is_none() {
            let valid: Vec<_> = keywords.iter().map(|(word, _)| *word).collect();
            let message = format!("'{text}' is no {what}");
            self.error(205, field, message, format!("one of {}", valid.join(", ")));
        }
        found
    }
    /// `YES` or `NO`.
    pub fn yes(&mut self, field: usize, what: &str) -> Option<bool> {
        self.keyword(field, what, &[("NO", false), ("YES", true)])
    }
    /// The element that a field names; `kind` is its kind in messages.
    pub fn find<I: Id, T>(&mut self, field: usize, kind: &str, table: &Table<I, T>) -> Option<I> {
        let name = self.text(field);
        let found = table.find(name);
        if found.is_none() {
            self.undefined(field, kind, table.names());
        }
        found
    }
    /// Reports a name that is not among those of its kind, with the closest one that is.
    pub fn undefined(&mut self, field: usize, kind: &str, names: &[String]) {
        let name = self.text(field);
        let mut similar = None;
        if self.findings.searches > 0 {
            self.findings.searches -= 1;
            similar = closest(name, names);
        }
        let help = match similar {
            Some(similar) => format!("did you mean '{similar}'?"),
            None if names.is_empty() => format!("the file defines no {kind}"),
            None => String::new(),
        };
        self.error(209, field, format!("there is no {kind} '{name}'"), help);
    }
    /// A date.
    pub fn date(&mut self, field: usize) -> Option<DateTime> {
        let found = number::date(self.text(field));
        if found.is_none() {
            let message = format!("'{}' is no date", self.text(field));
            self.error(213, field, message, "dates are written month/day/year: 07/21/2026");
        }
        found
    }
    /// A time, in ms.
    pub fn time(&mut self, field: usize) -> Option<i64> {
        let found = number::time_ms(self.text(field));
        if found.is_none() {
            let message = format!("'{}' is no time", self.text(field));
            self.error(213, field, message, "times are written hours:minutes:seconds or as decimal hours");
        }
        found
    }
}

/// The name with the fewest edits to `wanted`, if that is few enough for a slip of the pen.
fn closest<'a>(wanted: &str, names: &'a [String]) -> Option<&'a str> {
    let wanted: Vec<char> = wanted.to_lowercase().chars().collect();
    let most = (wanted.len() / 3).clamp(1, 3);
    let distances = names.iter().map(|name| (edits(&wanted, &name.to_lowercase(), most), name));
    let best = distances.filter(|&(distance, _)| distance <= most).min_by_key(|&(distance, _)| distance);
    best.map(|(_, name)| name.as_str())
}

/// Number of insertions, removals and replacements between two texts (Levenshtein); any number above
/// `most` when the lengths alone differ by more.
fn edits(a: &[char], b: &str, most: usize) -> usize {
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut cells = row.iter_mut();
        if let Some(first) = cells.next() {
            *first = left;
        }
        for (cell, cb) in cells.zip(&b) {
            let above = *cell;
            left = (diagonal + usize::from(ca != cb)).min(above + 1).min(left + 1);
            diagonal = above;
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_is_one_slip_away() {
        let names: Vec<String> = ["J1", "J12", "Outfall-A", "沈阳一号井"].map(String::from).into();
        assert_eq!(closest("J13", &names), Some("J1"));
        assert_eq!(closest("outfal-a", &names), Some("Outfall-A"));
        assert_eq!(closest("沈阳二号井", &names), Some("沈阳一号井"));
        assert_eq!(closest("Weir9", &names), None);
    }

    #[test]
    fn edits_are_counted() {
        let count = |a: &str, b| edits(&a.chars().collect::<Vec<_>>(), b, 9);
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("", "abc"), 3);
        assert_eq!(count("same", "same"), 0);
    }
}
