//! A problem with its place in a file, its cause and its cure.

use std::fmt;
use std::path::PathBuf;

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Corrected as EPA SWMM corrects it; the run goes on.
    Warning,
    /// The input is valid but asks for physics that is not simulated yet.
    Unsupported,
    /// The input is wrong; there is no run.
    Error,
}

/// Where a problem stands in a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1; 0 when the whole line is meant.
    pub column: usize,
    /// The whole line as it is written.
    pub text: String,
    /// The offending part of it; empty when the whole line is meant.
    pub token: String,
}

/// One problem: what is wrong, where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// EPA's number (211 is ERROR 211, a warning 4 is WARNING 04); 0 for problems only we look for.
    pub code: u16,
    /// What is wrong.
    pub message: String,
    /// What would be right; empty when the message says all.
    pub help: String,
    /// Where; `None` for problems of the model as a whole.
    pub place: Option<Place>,
    /// The element concerned, such as `Conduit C12`; empty when none is.
    pub element: String,
}

impl Diagnostic {
    /// An error with EPA's number.
    pub fn error(code: u16, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }
    /// A warning with EPA's number.
    pub fn warning(code: u16, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }
    /// Physics that is not simulated yet.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(Severity::Unsupported, 0, message)
    }
    fn new(severity: Severity, code: u16, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            help: String::new(),
            place: None,
            element: String::new(),
        }
    }
    /// With what would be right.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
    /// With its place.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
    /// With the element concerned.
    pub fn of(mut self, element: impl Into<String>) -> Self {
        self.element = element.into();
        self
    }
}

impl fmt::Display for Diagnostic {
    /// A compiler's way: headline, place, the line with a mark under the offending part, the cure.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.severity, self.code) {
            (Severity::Unsupported, _) => write!(f, "not simulated yet")?,
            (Severity::Warning, 0) => write!(f, "warning")?,
            (Severity::Warning, code) => write!(f, "warning {code:02}")?,
            (Severity::Error, 0) => write!(f, "error")?,
            (Severity::Error, code) => write!(f, "error {code}")?,
        }
        write!(f, ": {}", self.message)?;
        if !self.element.is_empty() {
            write!(f, " ({})", self.element)?;
        }
        if let Some(place) = &self.place {
            write!(f, "\n  --> {}:{}", place.file.display(), place.line)?;
            if place.column > 0 {
                write!(f, ":{}", place.column)?;
            }
            let gutter = place.line.to_string();
            write!(f, "\n {gutter} | {}", place.text.trim_end())?;
            if place.column > 0 {
                let lead: String = place
                    .text
                    .chars()
                    .take(place.column - 1)
                    .map(|c| if c == '\t' { '\t' } else { pad(c) })
                    .collect();
                let marks = display_width(&place.token);
                write!(f, "\n {} | {lead}{}", " ".repeat(gutter.len()), "^".repeat(marks.max(1)))?;
            }
        }
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}

/// Columns that a text takes on a terminal: East Asian characters take two.
pub fn display_width(text: &str) -> usize {
    text.chars().map(|c| if pad(c) == ' ' { 1 } else { 2 }).sum()
}

/// The blank that is as wide as a character on a terminal: East Asian characters take two columns.
fn pad(c: char) -> char {
    let wide = matches!(c as u32, 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6);
    if wide { '\u{3000}' } else { ' ' }
}
