//! Edits of a network's text, row by row: fields set, rows added and removed, then read again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
use crate::input::inp::Section;
use crate::input::inp::document::{Document, field_text};

use super::network::Network;

/// A row of the text: the index of its line, which stays the same until the edit is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row(usize);

/// An edit under way. Rows that it adds can be read once it is finished.
#[derive(Clone, Debug)]
pub struct Editor {
    path: PathBuf,
    document: Document,
    /// Rows by section and first field, the latter in capitals: SWMM takes names so.
    named: HashMap<(Section, String), Vec<Row>>,
    sections: BTreeMap<Section, Vec<Row>>,
    added: BTreeMap<Section, Vec<Vec<String>>>,
    removed: BTreeSet<Row>,
    problems: Vec<Diagnostic>,
}

impl Editor {
    /// Opens the text of a network.
    pub fn new(network: &Network) -> Self {
        let document = network.document.clone();
        let mut named: HashMap<_, Vec<Row>> = HashMap::new();
        let mut sections: BTreeMap<_, Vec<Row>> = BTreeMap::new();
        for (index, (line, section)) in document.lines().iter().zip(document.sections()).enumerate() {
            let (Some(section), Some(first)) = (section, line.tokens().first().map(|token| token.value))
            else {
                continue;
            };
            if first.starts_with('[') {
                continue;
            }
            named.entry((section, first.to_uppercase())).or_default().push(Row(index));
            sections.entry(section).or_default().push(Row(index));
        }
        Self {
            path: network.path.clone(),
            document,
            named,
            sections,
            added: BTreeMap::new(),
            removed: BTreeSet::new(),
            problems: Vec::new(),
        }
    }
    /// The rows of a section that begin with a name, in their order.
    pub fn rows(&self, section: Section, name: &str) -> Vec<Row> {
        let rows = self.named.get(&(section, name.to_uppercase()));
        rows.into_iter().flatten().filter(|row| !self.removed.contains(row)).copied().collect()
    }
    /// The first row of a section that begins with a name.
    pub fn row(&self, section: Section, name: &str) -> Option<Row> {
        self.rows(section, name).first().copied()
    }
    /// All rows of a section.
    pub fn section(&self, section: Section) -> Vec<Row> {
        let rows = self.sections.get(&section);
        rows.into_iter().flatten().filter(|row| !self.removed.contains(row)).copied().collect()
    }
    /// The fields of a row.
    pub fn fields(&self, row: Row) -> Vec<String> {
        let line = self.document.line(row.0);
        line.map(|line| line.tokens().iter().map(|token| token.value.to_owned()).collect())
            .unwrap_or_default()
    }
    /// One field of a row, counted from 0.
    pub fn field(&self, row: Row, index: usize) -> Option<String> {
        self.fields(row).get(index).cloned()
    }
    /// Sets one field of a row and keeps all else; a field behind the last one is added, with `filler` for
    /// those between.
    pub fn set(&mut self, row: Row, index: usize, value: &str, filler: &str) {
        let count = self.fields(row).len();
        let done = if index < count {
            self.document.set_token(row.0, index, value)
        } else {
            let more = (count..index).map(|_| filler).chain([value]);
            let more: Option<Vec<String>> = more.map(written).collect();
            more.is_some_and(|more| self.document.extend_line(row.0, &more.join(" ")))
        };
        if !done {
            self.refuse(value);
        }
    }
    /// Removes one field of a row, counted from 0; those behind it move up.
    pub fn remove_field(&mut self, row: Row, index: usize) {
        self.document.remove_token(row.0, index);
    }
    /// Adds a row behind the last one of a section, which is opened when it is missing.
    pub fn add<T: AsRef<str>>(&mut self, section: Section, fields: &[T]) {
        let fields: Vec<String> = fields.iter().map(|field| field.as_ref().to_owned()).collect();
        if let Some(bad) = fields.iter().find(|field| written(field).is_none()) {
            let bad = bad.clone();
            self.refuse(&bad);
        } else {
            self.added.entry(section).or_default().push(fields);
        }
    }
    /// Removes a row.
    pub fn remove(&mut self, row: Row) {
        self.removed.insert(row);
    }
    /// Reads the edited text.
    ///
    /// # Errors
    /// When the format cannot hold a value, or the text has errors now: all of them.
    pub fn finish(self) -> Result<Network, Vec<Diagnostic>> {
        let path = self.path.clone();
        Network::read(self.text()?, &path)
    }
    /// The edited text, unread.
    ///
    /// # Errors
    /// When the format cannot hold a value: all such values.
    pub fn text(self) -> Result<Document, Vec<Diagnostic>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let mut added: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        // EPA's engine reads a file once, and a rule may only name links whose lines stand above it
        let rules = self.document.sections().position(|section| section == Some(Section::Controls));
        let (mut before_rules, mut opened): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for (section, rows) in &self.added {
            let texts = rows
                .iter()
                .map(|fields| fields.iter().filter_map(|field| written(field)).collect::<Vec<_>>().join(" "));
            let last = self.document.sections().enumerate().filter(|(_, s)| *s == Some(*section)).last();
            let at = match (self.sections.get(section).and_then(|rows| rows.last()), last) {
                (Some(row), _) => row.0 + 1,
                (None, Some((heading, _))) => heading + 1,
                (None, None) if rules.is_some() && *section < Section::Controls => {
                    before_rules.push(section.heading().to_owned());
                    before_rules.extend(texts.chain([String::new()]));
                    continue;
                }
                (None, None) => {
                    opened.extend([String::new(), section.heading().to_owned()]);
                    opened.extend(texts);
                    continue;
                }
            };
            added.entry(at).or_default().extend(texts);
        }
        // behind rows that are added to the section before, or to the last one of the file
        if let Some(heading) = rules {
            added.entry(heading).or_default().extend(before_rules);
        }
        added.entry(self.document.lines().len()).or_default().extend(opened);
        let removed = self.removed.iter().map(|row| row.0).collect();
        Ok(self.document.with_lines(&removed, &added))
    }
    fn refuse(&mut self, value: &str) {
        let message = format!("`{value}` cannot stand in a SWMM file");
        self.problems.push(Diagnostic::error(0, message).help("leave out quotation marks and semicolons"));
    }
}

/// A field as it is written in a row; `None` when the format cannot hold it.
fn written(field: &str) -> Option<String> {
    field_text(field).map(|text| text.into_owned())
}

/// A number as it is written in a row: at most ten significant digits, which hides the round-off of
/// conversions between units.
pub fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.9e}").parse().unwrap_or(value);
    // `-0` reads oddly
    format!("{}", rounded + 0.0)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::input::inp::read_text;

    const TEXT: &str =
        "[OPTIONS]\nFLOW_UNITS CMS\n[JUNCTIONS]\nJ1 10 2 ;upper\nj2 9 2\n\n[OUTFALLS]\nO 8 FREE\n";

    fn town() -> Network {
        Network::read(read_text(TEXT.as_bytes(), Path::new("town.inp")).document, Path::new("town.inp"))
            .unwrap()
    }

    fn text(network: &Network) -> String {
        String::from_utf8(network.document.to_bytes().unwrap()).unwrap()
    }

    #[test]
    fn an_edit_that_does_nothing_gives_back_every_byte() {
        assert_eq!(text(&Editor::new(&town()).finish().unwrap()), TEXT);
    }

    #[test]
    fn rows_are_set_added_and_removed() {
        let mut editor = Editor::new(&town());
        let row = editor.row(Section::Junctions, "j1").unwrap();
        editor.set(row, 1, "10.5", "0");
        editor.set(row, 4, "0.3", "0");
        editor.remove(editor.row(Section::Junctions, "J2").unwrap());
        editor.add(Section::Junctions, &["new one", "7"]);
        editor.add(Section::Tags, &["Node", "new one", "N1"]);
        let edited = editor.finish().unwrap();
        assert_eq!(
            text(&edited),
            "[OPTIONS]\nFLOW_UNITS CMS\n[JUNCTIONS]\nJ1 10.5 2 0 0.3 ;upper\n\"new one\" 7\n\n[OUTFALLS]\nO 8 FREE\n\n[TAGS]\nNode \"new one\" N1\n"
        );
        assert_eq!(edited.model.nodes.len(), 3);
    }

    #[test]
    fn a_section_is_opened_behind_all_rows_of_the_last_one() {
        let mut editor = Editor::new(&town());
        editor.add(Section::Outfalls, &["P", "7", "FREE"]);
        editor.add(Section::Junctions, &["J3", "8"]);
        editor.add(Section::Storage, &["S", "7", "1", "0", "FUNCTIONAL", "0", "0", "9"]);
        assert_eq!(
            text(&editor.finish().unwrap()),
            TEXT.replace("j2 9 2\n", "j2 9 2\nJ3 8\n") + "P 7 FREE\n\n[STORAGE]\nS 7 1 0 FUNCTIONAL 0 0 9\n"
        );
        let mut editor = Editor::new(&town());
        editor.add(Section::Curves, &["c", "STORAGE", "0", "1"]);
        editor.add(Section::Timeseries, &["t", "0", "1"]);
        let opened = text(&editor.finish().unwrap());
        assert!(opened.ends_with("O 8 FREE\n\n[CURVES]\nc STORAGE 0 1\n\n[TIMESERIES]\nt 0 1\n"), "{opened}");
    }

    #[test]
    fn a_name_that_the_format_cannot_hold_is_an_error() {
        let mut editor = Editor::new(&town());
        editor.add(Section::Junctions, &["a;b", "7"]);
        assert!(editor.finish().unwrap_err()[0].message.contains("a;b"));
    }

    #[test]
    fn links_are_opened_above_the_rules_that_name_them() {
        let rules = "[CONTROLS]\nRULE R\nIF SIMULATION TIME > 0\nTHEN PUMP P STATUS = ON\n";
        let path = Path::new("town.inp");
        let text_of = |text: &str| Network::read(read_text(text.as_bytes(), path).document, path);
        let pump = "[PUMPS]\nP J1 J2 * ON\n";
        let mut editor = Editor::new(&text_of(&(TEXT.to_owned() + pump + rules)).unwrap());
        editor.add(Section::Weirs, &["W", "J1", "J2", "TRANSVERSE", "0", "1.84"]);
        editor.add(Section::Pumps, &["Q", "J1", "J2", "*"]);
        let expected = TEXT.to_owned() + pump + "Q J1 J2 *\n[WEIRS]\nW J1 J2 TRANSVERSE 0 1.84\n\n" + rules;
        assert_eq!(String::from_utf8(editor.text().unwrap().to_bytes().unwrap()).unwrap(), expected);
    }

    #[test]
    fn numbers_are_written_without_round_off() {
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(1234567.0), "1234567");
    }
}
