//! The pieces that a page is made of: headings, paragraphs, tables, figures. What they say is text; the template
//! escapes it.

use askama::Template;

use super::switch::Switch;

/// Characters from which a word is broken.
const LONG: usize = 28;

/// A whole page.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page {
    /// Code of the language (BCP 47).
    pub language: &'static str,
    /// Title.
    pub title: String,
    /// What stands above the title.
    pub kicker: String,
    /// What stands below it.
    pub facts: Vec<String>,
    /// Heading of the table of contents.
    pub contents: &'static str,
    /// The style sheet.
    pub style: &'static str,
    /// Rules of the style that show one map of many: made by the program.
    pub rules: String,
    /// Chapters.
    pub chapters: Vec<Chapter>,
    /// Last line.
    pub foot: String,
}

/// A chapter.
pub(super) struct Chapter {
    /// Where links lead.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// A section of a chapter.
#[derive(Default)]
pub(super) struct Section {
    /// Where links lead.
    pub id: String,
    /// Its heading; empty where that of the chapter is enough.
    pub title: String,
    /// What it holds.
    pub parts: Vec<Part>,
}

/// A part of a section.
pub(super) enum Part {
    /// A smaller heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// The answer in large letters.
    Lead(String),
    /// What must not be overlooked.
    Callout(Callout),
    /// A list.
    List(Vec<String>),
    /// Names and what they are.
    Facts(Vec<(String, String)>),
    /// A table.
    Table(Table),
    /// A figure.
    Figure(Figure),
    /// Maps of which the reader chooses one.
    Switch(Switch),
}

/// What must not be overlooked.
#[derive(Default)]
pub(super) struct Callout {
    /// `bad`, `warn`, `good` or `plain`.
    pub class: &'static str,
    /// Its heading.
    pub title: String,
    /// Its lines.
    pub lines: Vec<String>,
}

/// A table.
#[derive(Default)]
pub(super) struct Table {
    /// `Table 3: ` and what it shows.
    pub caption: String,
    /// `matrix` for tables whose cells are verdicts; empty for others.
    pub class: &'static str,
    /// Heads of the columns.
    pub heads: Vec<Head>,
    /// Rows.
    pub rows: Vec<Row>,
    /// What is to be known of it.
    pub notes: Vec<String>,
}

/// Head of a column.
pub(super) struct Head {
    pub text: String,
    pub class: &'static str,
}

/// Row of a table.
#[derive(Default)]
pub(super) struct Row {
    /// `group` for a row that heads others, `sum` for sums.
    pub class: &'static str,
    pub cells: Vec<Cell>,
}

/// Cell of a table.
#[derive(Clone, Default)]
pub(super) struct Cell {
    /// Its text.
    pub text: String,
    /// Smaller lines below it.
    pub lines: Vec<String>,
    /// `num`, `pass`, `fail`, `none`, `bad`, `good`; empty for plain text.
    pub class: &'static str,
    /// Whether it heads its row.
    pub head: bool,
    /// Columns that it spans.
    pub span: usize,
}

/// A figure.
#[derive(Default)]
pub(super) struct Figure {
    /// Where links lead; unique in the page.
    pub id: String,
    /// What it shows, for readers who cannot see it.
    pub label: String,
    /// `Figure 3: ` and what it shows.
    pub caption: String,
    /// What is to be known of it.
    pub note: String,
    /// The picture: SVG or an image with its data. Markup, made by the program.
    pub markup: String,
}

/// Whether a text holds a word that would make a column far too wide, and is broken therefore.
fn long(text: &str) -> bool {
    text.split_whitespace().any(|word| word.chars().count() > LONG)
}

impl Cell {
    /// Plain text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { class: if long(&text) { "long" } else { "" }, text, span: 1, ..Self::default() }
    }
    /// A number, to the right.
    pub(super) fn number(text: impl Into<String>) -> Self {
        Self { class: "num", ..Self::text(text) }
    }
    /// The head of a row.
    pub(super) fn head(text: impl Into<String>) -> Self {
        Self { head: true, ..Self::text(text) }
    }
    /// The same with a class.
    pub(super) fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }
    /// The same with smaller lines below; empty ones are left out.
    pub(super) fn lines(self, lines: impl IntoIterator<Item = String>) -> Self {
        let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        let class =
            if self.class.is_empty() && lines.iter().any(|line| long(line)) { "long" } else { self.class };
        Self { lines, class, ..self }
    }
}

impl Row {
    /// A plain row.
    pub(super) fn new(cells: impl IntoIterator<Item = Cell>) -> Self {
        Self { class: "", cells: cells.into_iter().collect() }
    }
    /// A row that heads those below it.
    pub(super) fn group(text: impl Into<String>, columns: usize) -> Self {
        Self { class: "group", cells: vec![Cell { span: columns, ..Cell::head(text) }] }
    }
}

impl Table {
    /// A table with heads; those that begin with `#` are heads of numbers.
    pub(super) fn new<T: Into<String>>(
        caption: impl Into<String>,
        heads: impl IntoIterator<Item = T>,
    ) -> Self {
        let head = |text: T| {
            let text = text.into();
            match text.strip_prefix('#') {
                Some(rest) => Head { text: rest.to_owned(), class: "num" },
                None => Head { text, class: "" },
            }
        };
        Self { caption: caption.into(), heads: heads.into_iter().map(head).collect(), ..Self::default() }
    }
    /// A table whose heads are not the program's own: as they are.
    pub(super) fn foreign(caption: impl Into<String>, heads: impl IntoIterator<Item = String>) -> Self {
        let heads = heads.into_iter().map(|text| Head { text, class: "" }).collect();
        Self { caption: caption.into(), heads, ..Self::default() }
    }
    /// Adds a row.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(Row::new(cells));
    }
}

/// Names that are the user's come into a head of a number column behind the mark `#`.
pub(super) fn number_head(name: &str) -> String {
    format!("#{name}")
}
