//! A scenario file as text and as a tree of values that know where they stand.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Place};

/// The text of a file and its name, for places.
#[derive(Clone, Copy)]
pub(in crate::input) struct Source<'a> {
    /// The text, without a byte-order mark.
    pub text: &'a str,
    /// The file.
    pub file: &'a Path,
}

impl<'a> Source<'a> {
    /// The place of a part of the text; of its first line, when it has several.
    pub fn place(&self, span: Range<usize>) -> Place {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
        let column = before.get(start..).unwrap_or_default().chars().count() + 1;
        let part = self.text.get(span).unwrap_or_default().lines().next().unwrap_or_default();
        Place {
            file: self.file.to_path_buf(),
            line: before.matches('\n').count() + 1,
            column: if part.is_empty() { 0 } else { column },
            text: line.to_owned(),
            token: part.to_owned(),
        }
    }
    /// The tree of the text.
    ///
    /// # Errors
    /// All places where the text is no TOML.
    pub fn parse(&self) -> Result<Spanned<DeValue<'a>>, Vec<Diagnostic>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        if errors.is_empty() {
            let span = table.span();
            return Ok(Spanned::new(span, DeValue::Table(table.into_inner())));
        }
        let problem = |error: &toml::de::Error| {
            let help = if error.message().starts_with("duplicate") {
                "write each key and each table once"
            } else {
                "texts and quantities stand in quotes: step = \"5 min\"; tables begin with [name]"
            };
            let message = format!("the text is no TOML: {}", error.message());
            let problem = Diagnostic::error(0, message).help(help);
            match error.span() {
                Some(span) => problem.at(self.place(span)),
                None => problem,
            }
        };
        Err(errors.iter().map(problem).collect())
    }
}

/// A value of the tree.
#[derive(Clone, Copy)]
pub(in crate::input) struct Node<'a> {
    /// The text that it stands in.
    pub source: &'a Source<'a>,
    /// Where its key stands, if it has one.
    key: Option<&'a Spanned<toml::de::DeString<'a>>>,
    /// The value.
    pub value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Node<'a> {
    /// The root of a tree.
    pub fn root(source: &'a Source<'a>, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self { source, key: None, value }
    }
    /// The value under a key of a table.
    pub fn get(self, key: &str) -> Option<Self> {
        let table = self.value.get_ref().as_table()?;
        let (key, value) = table.get_key_value(key)?;
        Some(Self { source: self.source, key: Some(key), value })
    }
    /// The values of a table in the order of the file.
    pub fn entries(self) -> Vec<(&'a str, Self)> {
        let Some(table) = self.value.get_ref().as_table() else { return Vec::new() };
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let node = |(key, value): (&'a Spanned<_>, _)| {
            let name: &'a toml::de::DeString<'a> = key.get_ref();
            (name.as_ref(), Self { source: self.source, key: Some(key), value })
        };
        entries.into_iter().map(node).collect()
    }
    /// The values of an array.
    pub fn items(self) -> Vec<Self> {
        let Some(array) = self.value.get_ref().as_array() else { return Vec::new() };
        array.iter().map(|value| Self { source: self.source, key: None, value }).collect()
    }
    /// The value at the end of a path of keys and of places in arrays, or the last one on the way there.
    pub fn down(self, path: &[&str]) -> Self {
        path.iter().fold(self, |node, step| {
            let item = || step.parse().ok().and_then(|index: usize| node.items().get(index).copied());
            node.get(step).or_else(item).unwrap_or(node)
        })
    }
    /// Where the value stands; of a table, where its name does.
    pub fn place(self) -> Place {
        if self.value.get_ref().is_table() && self.key.is_some() {
            return self.key_place();
        }
        self.source.place(self.value.span())
    }
    /// Where the key stands, or the value that has none.
    pub fn key_place(self) -> Place {
        self.source.place(self.key.map_or_else(|| self.value.span(), Spanned::span))
    }
}
