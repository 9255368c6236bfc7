//! The text of an `.inp` file, kept to the byte.
//!
//! A [`Document`] holds every line with its line end, and the bytes of those lines that its encoding
//! cannot give back. Writing a document that nobody changed returns the file's own bytes; an edit
//! rewrites the one field that it changes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::heading::Section;

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// Line feed.
    Lf,
    /// Carriage return and line feed.
    CrLf,
    /// Carriage return.
    Cr,
    /// The file ends here.
    None,
}

impl LineEnd {
    /// Its characters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
            Self::None => "",
        }
    }
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    text: String,
    end: LineEnd,
    /// The bytes of the file, where the encoding cannot give them back from `text`.
    raw: Option<Box<[u8]>>,
    /// Whether some bytes have no meaning in the encoding.
    damaged: bool,
}

impl Line {
    fn new(text: &str, end: LineEnd) -> Self {
        Self { text: text.to_owned(), end, raw: None, damaged: false }
    }
    /// The text without its line end.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// How it ends.
    pub fn end(&self) -> LineEnd {
        self.end
    }
    /// Whether some of its bytes have no meaning in the document's encoding.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }
    /// Its fields, see [`tokens`].
    pub fn tokens(&self) -> Vec<Token<'_>> {
        tokens(&self.text)
    }
    /// The comment with its semicolon; empty when there is none.
    pub fn comment(&self) -> &str {
        self.text.find(';').and_then(|at| self.text.get(at..)).unwrap_or("")
    }
}

/// One field of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its value, without quotes.
    pub value: &'a str,
    /// First byte in the line, the quote included.
    pub start: usize,
    /// Byte behind the last one, the quote included.
    pub end: usize,
}

/// The most fields that SWMM reads of a line.
pub const MAX_TOKENS: usize = 40;

fn is_separator(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | b'\n' | b'\r')
}

/// The fields of a line as SWMM splits it: blanks and tabs part fields, a semicolon begins a comment
/// (inside quotes too), a field that begins with a quote goes on to the next quote or the end of the
/// line, and fields beyond the fortieth are left out.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let text = text.find(';').and_then(|at| text.get(..at)).unwrap_or(text);
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while found.len() < MAX_TOKENS {
        let Some(skip) = bytes.iter().skip(at).position(|&c| !is_separator(c)) else { break };
        let start = at + skip;
        let quoted = bytes.get(start) == Some(&b'"');
        let first = start + usize::from(quoted);
        let length = |stop: &dyn Fn(u8) -> bool| bytes.iter().skip(first).position(|&c| stop(c));
        let stop = if quoted { length(&|c| c == b'"') } else { length(&is_separator) };
        let last = stop.map_or(bytes.len(), |n| first + n);
        let end = if quoted && stop.is_some() { last + 1 } else { last };
        // All stops are ASCII, so the cut never falls inside a character.
        found.push(Token { value: text.get(first..last).unwrap_or(""), start, end });
        at = end;
    }
    // The DOS end-of-file mark is no field.
    if matches!(found.as_slice(), [only] if only.value == "\u{1a}") {
        found.clear();
    }
    found
}

/// Why a text could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// There is no encoding of this name.
    UnknownEncoding(String),
    /// A line (counted from 1) holds characters that the encoding lacks.
    Unmappable {
        /// The line, counted from 1.
        line: usize,
        /// The encoding.
        encoding: &'static str,
    },
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownEncoding(label) => write!(f, "there is no text encoding named '{label}'"),
            Self::Unmappable { line, encoding } => {
                write!(f, "line {line} holds characters that {encoding} does not have")
            }
        }
    }
}

impl std::error::Error for EncodeError {}

/// A whole `.inp` file.
#[derive(Clone, Debug)]
pub struct Document {
    encoding: &'static Encoding,
    byte_order_mark: bool,
    lines: Vec<Line>,
}

impl Document {
    /// Takes a file apart. The encoding follows from a byte-order mark; else it is UTF-8 if the bytes
    /// are valid UTF-8, GBK if they are valid GBK, and Windows-1252 in all other cases.
    pub fn parse(bytes: &[u8]) -> Self {
        if let Some((encoding, length)) = Encoding::for_bom(bytes) {
            return Self::split(bytes.get(length..).unwrap_or_default(), encoding, true);
        }
        let valid = |encoding: &'static Encoding| {
            encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
        };
        let encoding = [UTF_8, GBK].into_iter().find(|e| valid(e)).unwrap_or(WINDOWS_1252);
        Self::split(bytes, encoding, false)
    }
    /// Takes a file of a known encoding apart (`utf-8`, `gbk`, `gb18030`, `windows-1252` ...).
    ///
    /// # Errors
    /// When there is no encoding of that name.
    pub fn parse_as(bytes: &[u8], encoding: &str) -> Result<Self, EncodeError> {
        let named = find_encoding(encoding)?;
        Ok(match Encoding::for_bom(bytes) {
            Some((by_mark, length)) if by_mark == named => {
                Self::split(bytes.get(length..).unwrap_or_default(), named, true)
            }
            _ => Self::split(bytes, named, false),
        })
    }
    fn split(bytes: &[u8], encoding: &'static Encoding, byte_order_mark: bool) -> Self {
        let mut lines = Vec::new();
        for (content, end) in raw_lines(bytes, encoding) {
            let (text, damaged) = encoding.decode_without_bom_handling(content);
            let same = encode(&text, encoding).is_some_and(|again| again == content);
            let raw = if same { None } else { Some(content.into()) };
            lines.push(Line { text: text.into_owned(), end, raw, damaged });
        }
        Self { encoding, byte_order_mark, lines }
    }
    /// Name of the encoding.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }
    /// All lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
    /// One line, counted from 0.
    pub fn line(&self, index: usize) -> Option<&Line> {
        self.lines.get(index)
    }
    /// How the lines of the file end: as its first line does, `\n` when there is no line end.
    pub fn line_end(&self) -> LineEnd {
        self.lines.first().map(|line| line.end).filter(|&end| end != LineEnd::None).unwrap_or(LineEnd::Lf)
    }
    /// The section of each line; `None` before the first heading and in sections that SWMM does not
    /// know. A heading belongs to the section that it opens.
    pub fn sections(&self) -> impl Iterator<Item = Option<Section>> {
        let mut section = None;
        self.lines.iter().map(move |line| {
            // A line that does not begin with a bracket costs no search for tokens.
            if line.text.trim_start_matches([' ', '\t', '\r', '"']).starts_with('[')
                && let Some(first) = line.tokens().first()
            {
                section = Section::of_heading(first.value);
            }
            section
        })
    }
    /// The data lines of a section, counted from 0: without headings, blank and comment lines.
    pub fn rows(&self, section: Section) -> Vec<usize> {
        let of_section = self.lines.iter().zip(self.sections()).enumerate();
        of_section
            .filter(|(_, (line, s))| {
                *s == Some(section) && line.tokens().first().is_some_and(|t| !t.value.starts_with('['))
            })
            .map(|(index, _)| index)
            .collect()
    }
    /// Replaces one field of a line, both counted from 0, and keeps all else. The value is quoted
    /// when it is empty or holds blanks. `false`, and nothing is changed, when there is no such
    /// field or when the format cannot hold the value (`"`, `;` or a line end).
    pub fn set_token(&mut self, line: usize, token: usize, value: &str) -> bool {
        let Some(field) = field_text(value) else { return false };
        let Some(line) = self.lines.get_mut(line) else { return false };
        let Some((start, end)) = line.tokens().get(token).map(|t| (t.start, t.end)) else { return false };
        line.text.replace_range(start..end, &field);
        line.raw = None;
        line.damaged = false;
        true
    }
    /// Removes one field of a line, both counted from 0, with the blanks before it. `false` when there is no such
    /// field.
    pub fn remove_token(&mut self, line: usize, token: usize) -> bool {
        let Some(line) = self.lines.get_mut(line) else { return false };
        let tokens = line.tokens();
        let Some((start, end)) = tokens.get(token).map(|t| (t.start, t.end)) else { return false };
        let start = token.checked_sub(1).and_then(|before| tokens.get(before)).map_or(start, |t| t.end);
        line.text.replace_range(start..end, "");
        line.raw = None;
        true
    }
    /// Inserts a line before the line at `index` (counted from 0), at the end when `index` is the
    /// number of lines. `false` when there is no such place or the text holds a line end.
    pub fn insert_line(&mut self, index: usize, text: &str) -> bool {
        if index > self.lines.len() || text.contains(['\n', '\r']) {
            return false;
        }
        let end = self.line_end();
        let open = index.checked_sub(1).and_then(|before| self.lines.get_mut(before));
        if let Some(before) = open.filter(|before| before.end == LineEnd::None) {
            before.end = end;
        }
        self.lines.insert(index, Line::new(text, end));
        true
    }
    /// Removes a line, counted from 0. `false` when there is no such line.
    pub fn remove_line(&mut self, index: usize) -> bool {
        let found = index < self.lines.len();
        if found {
            self.lines.remove(index);
        }
        found
    }
    /// Adds text behind the fields of a line (counted from 0) and before its comment. `false`, and nothing
    /// is changed, when there is no such line or the text holds a line end or begins a comment.
    pub fn extend_line(&mut self, index: usize, text: &str) -> bool {
        if text.contains(['\n', '\r', ';']) {
            return false;
        }
        let Some(line) = self.lines.get_mut(index) else { return false };
        let at = line.tokens().last().map_or(0, |token| token.end);
        line.text.insert_str(at, &format!(" {text}"));
        line.raw = None;
        true
    }
    /// The document without some lines (counted from 0), and with others put in before the line of an
    /// index, or at the end for the number of lines.
    #[must_use]
    pub fn with_lines(&self, removed: &BTreeSet<usize>, added: &BTreeMap<usize, Vec<String>>) -> Self {
        let end = self.line_end();
        let mut lines: Vec<Line> = Vec::with_capacity(self.lines.len());
        for index in 0..=self.lines.len() {
            let new = added.get(&index).into_iter().flatten();
            for text in new {
                if let Some(before) = lines.last_mut().filter(|before| before.end == LineEnd::None) {
                    before.end = end;
                }
                lines.push(Line::new(text, end));
            }
            lines.extend(self.lines.get(index).filter(|_| !removed.contains(&index)).cloned());
        }
        Self { encoding: self.encoding, byte_order_mark: self.byte_order_mark, lines }
    }
    /// Adds a data line of these fields behind the last one of a section, which is opened at the end
    /// of the file when it is missing. The index of the new line, or `None` when the format cannot
    /// hold a value.
    pub fn append_row(&mut self, section: Section, fields: &[&str]) -> Option<usize> {
        let fields: Option<Vec<_>> = fields.iter().map(|field| field_text(field)).collect();
        let text = fields?.join(" ");
        let last = self.sections().enumerate().filter(|(_, s)| *s == Some(section)).last().map(|(i, _)| i);
        let at = match (self.rows(section).last(), last) {
            (Some(row), _) => row + 1,
            (None, Some(heading)) => heading + 1,
            (None, None) => {
                self.insert_line(self.lines.len(), "");
                self.insert_line(self.lines.len(), section.heading());
                self.lines.len()
            }
        };
        self.insert_line(at, &text).then_some(at)
    }
    /// The file's bytes, in its own encoding and line ends; those that were read if nothing changed.
    ///
    /// # Errors
    /// When an edit put a character into a line that the encoding lacks.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EncodeError> {
        self.encode_lines(self.encoding, self.byte_order_mark, None)
    }
    /// The text in another encoding or with other line ends; `None` keeps what the file has.
    ///
    /// # Errors
    /// When there is no such encoding, or when it lacks a character of the text.
    pub fn write(&self, encoding: Option<&str>, line_end: Option<LineEnd>) -> Result<Vec<u8>, EncodeError> {
        let encoding = encoding.map_or(Ok(self.encoding), find_encoding)?;
        let same = encoding == self.encoding;
        // A mark is only written where it was, and where UTF-16 cannot do without.
        let mark = if same { self.byte_order_mark } else { unit(encoding) == 2 };
        self.encode_lines(encoding, mark, line_end)
    }
    fn encode_lines(
        &self,
        encoding: &'static Encoding,
        mark: bool,
        line_end: Option<LineEnd>,
    ) -> Result<Vec<u8>, EncodeError> {
        let lost = |line: usize| EncodeError::Unmappable { line, encoding: encoding.name() };
        let mut bytes = Vec::new();
        if mark {
            bytes.extend(encode("\u{feff}", encoding).ok_or_else(|| lost(1))?);
        }
        for (index, line) in self.lines.iter().enumerate() {
            match &line.raw {
                Some(raw) if encoding == self.encoding => bytes.extend_from_slice(raw),
                _ => bytes.extend(encode(&line.text, encoding).ok_or_else(|| lost(index + 1))?),
            }
            let end = if line.end == LineEnd::None { line.end } else { line_end.unwrap_or(line.end) };
            bytes.extend(encode(end.as_str(), encoding).ok_or_else(|| lost(index + 1))?);
        }
        Ok(bytes)
    }
}

/// A field as it stands in a line, quoted when it is empty or holds blanks; `None` when the format cannot
/// hold it.
pub fn field_text(value: &str) -> Option<Cow<'_, str>> {
    if value.contains(['"', ';', '\n', '\r']) {
        None
    } else if value.is_empty() || value.contains([' ', '\t']) {
        Some(Cow::Owned(format!("\"{value}\"")))
    } else {
        Some(Cow::Borrowed(value))
    }
}

fn find_encoding(label: &str) -> Result<&'static Encoding, EncodeError> {
    let found = Encoding::for_label(label.as_bytes());
    found.ok_or_else(|| EncodeError::UnknownEncoding(label.to_owned()))
}

/// Bytes in a code unit.
fn unit(encoding: &'static Encoding) -> usize {
    if encoding == UTF_16LE || encoding == UTF_16BE { 2 } else { 1 }
}

/// A text in an encoding; `None` when it lacks a character.
fn encode(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    if encoding == UTF_16LE {
        return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == UTF_16BE {
        return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    if text.is_ascii() && encoding.is_ascii_compatible() {
        return Some(text.as_bytes().to_vec());
    }
    let (bytes, _, lossy) = encoding.encode(text);
    if !lossy {
        return Some(bytes.into_owned());
    }
    // GB18030 writes GBK's characters as GBK does, and those too that GBK's table lacks.
    if encoding == GBK {
        let (bytes, _, lossy) = GB18030.encode(text);
        return (!lossy).then(|| bytes.into_owned());
    }
    None
}

/// Cuts bytes into lines with their ends. In the encodings that are read, the bytes of a line end are
/// never part of a longer character.
fn raw_lines<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Vec<(&'a [u8], LineEnd)> {
    let width = unit(encoding);
    let is = |at: usize, c: u8| match bytes.get(at..at.saturating_add(width)) {
        Some(&[byte]) => byte == c,
        Some(&[low, high]) if encoding == UTF_16LE => low == c && high == 0,
        Some(&[high, low]) => low == c && high == 0,
        _ => false,
    };
    let units = bytes.len() / width;
    let feeds = (0..units).any(|i| is(i * width, b'\n'));
    let stop = if feeds { b'\n' } else { b'\r' };
    let mut lines = Vec::new();
    let mut start = 0;
    for at in (0..units).map(|i| i * width).filter(|&at| is(at, stop)) {
        let returned = feeds && at >= start + width && is(at - width, b'\r');
        let (last, end) = match (feeds, returned) {
            (true, true) => (at - width, LineEnd::CrLf),
            (true, false) => (at, LineEnd::Lf),
            (false, _) => (at, LineEnd::Cr),
        };
        lines.push((bytes.get(start..last).unwrap_or_default(), end));
        start = at + width;
    }
    if let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
        lines.push((rest, LineEnd::None));
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "[JUNCTIONS]\r\n;;Name  Elev\r\nJ1  1.5\t2 ;deep\r\n\r\n[管线]\n\"a b\" \"\" x";

    #[test]
    fn a_document_gives_back_its_bytes() {
        for bytes in [
            TEXT.as_bytes().to_vec(),
            GBK.encode("[TITLE]\n沈阳市浑南区\r\n").0.into_owned(),
            [&[0xEF, 0xBB, 0xBF], TEXT.as_bytes()].concat(),
            [&[0xFF, 0xFE][..], &TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat(),
            b"a\rb\rc".to_vec(),
            b"\r\r\n\n\n\r".to_vec(),
            vec![0xFF, 0xFE, 0x0A],
            b"\xB0 degrees\n".to_vec(),
        ] {
            assert_eq!(Document::parse(&bytes).to_bytes().unwrap(), bytes);
        }
    }

    #[test]
    fn chinese_files_are_recognised() {
        let gbk = GBK.encode("[TITLE]\n沈阳市\n").0.into_owned();
        let document = Document::parse(&gbk);
        assert_eq!((document.encoding(), document.line(1).unwrap().text()), ("GBK", "沈阳市"));
        let utf8 = document.write(Some("utf-8"), Some(LineEnd::CrLf)).unwrap();
        assert_eq!(utf8, "[TITLE]\r\n沈阳市\r\n".as_bytes());
        assert_eq!(Document::parse(&utf8).write(Some("gb2312"), Some(LineEnd::Lf)).unwrap(), gbk);
    }

    #[test]
    fn fields_are_split_as_swmm_splits_them() {
        let values = |text| tokens(text).iter().map(|t| t.value).collect::<Vec<_>>();
        assert_eq!(values("  J1\t1.5 2;deep"), ["J1", "1.5", "2"]);
        assert_eq!(values("\"a b\"c \"\" x\"y\""), ["a b", "c", "", "x\"y\""]);
        assert_eq!(values("\"open end"), ["open end"]);
        assert_eq!(values("; only a comment"), Vec::<&str>::new());
        assert_eq!(tokens(&"x ".repeat(60)).len(), MAX_TOKENS);
        assert_eq!(values("a,b"), ["a,b"]);
    }

    #[test]
    fn an_edit_changes_one_field_only() {
        let mut document = Document::parse(TEXT.as_bytes());
        assert!(document.set_token(2, 1, "7.25"));
        assert!(document.set_token(5, 1, "two words"));
        assert!(!document.set_token(2, 0, "no;good"));
        assert!(!document.set_token(2, 9, "x"));
        let expected = TEXT.replace("1.5", "7.25").replace("\"\"", "\"two words\"");
        assert_eq!(document.to_bytes().unwrap(), expected.as_bytes());
    }

    #[test]
    fn rows_are_added_behind_their_section() {
        let mut document = Document::parse(b"[JUNC]\r\nJ1 0\r\n\r\n[OUTFALLS]\r\nO1 0 FREE");
        assert_eq!(document.append_row(Section::Junctions, &["J 2", "1"]), Some(2));
        assert_eq!(document.append_row(Section::Tags, &["Node", "J1", "x"]), Some(8));
        assert!(document.remove_line(1));
        let text = String::from_utf8(document.to_bytes().unwrap()).unwrap();
        assert_eq!(text, "[JUNC]\r\n\"J 2\" 1\r\n\r\n[OUTFALLS]\r\nO1 0 FREE\r\n\r\n[TAGS]\r\nNode J1 x\r\n");
    }

    #[test]
    fn a_character_that_an_encoding_lacks_is_not_lost_silently() {
        let document = Document::parse("[TITLE]\n排涝\n".as_bytes());
        let lost = document.write(Some("windows-1252"), None).unwrap_err();
        assert_eq!(lost, EncodeError::Unmappable { line: 2, encoding: "windows-1252" });
    }

    proptest! {
        #[test]
        fn any_bytes_return_unchanged(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(Document::parse(&bytes).to_bytes().unwrap(), bytes.clone());
            for name in ["utf-8", "gbk", "utf-16le", "shift_jis"] {
                prop_assert_eq!(&Document::parse_as(&bytes, name).unwrap().to_bytes().unwrap(), &bytes);
            }
        }

        #[test]
        fn fields_stand_where_they_say(text in ".{0,120}") {
            for token in tokens(&text) {
                prop_assert!(text.get(token.start..token.end).unwrap().contains(token.value));
            }
        }
    }
}
