//! Which format a rain file has.

use super::canadian;
use super::nws;
use super::standard;
use super::text::Text;

/// Lines at the head of a file among which SWMM looks for one that it knows.
const HEADER_LINES: usize = 5;

/// The format of a rain file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// SWMM's own.
    Standard,
    /// One of the National Weather Service.
    Nws(nws::Layout),
    /// One of Canada's weather services.
    Canadian(canadian::Layout),
}

impl Format {
    /// The recording interval that the format fixes, s; `None` when it is the gauge's.
    pub fn interval(self) -> Option<u32> {
        match self {
            Self::Standard => None,
            Self::Nws(layout) => Some(layout.interval),
            Self::Canadian(layout) => Some(layout.interval()),
        }
    }
}

/// Finds the format of a file, and how many lines stand before its first record, by trying each of the
/// first lines against the formats in SWMM's order.
pub(super) fn detect(text: &Text) -> Option<(Format, usize)> {
    for (index, line) in text.lines().take(HEADER_LINES).enumerate() {
        let format = if let Some(layout) = nws::detect(line.bytes) {
            Format::Nws(layout)
        } else if nws::is_online(line.bytes) {
            Format::Nws(nws::detect_online(text)?)
        } else if let Some(layout) = canadian::detect(line.bytes) {
            Format::Canadian(layout)
        } else if standard::is_record(&line.text()) {
            Format::Standard
        } else {
            continue;
        };
        return Some((format, index));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(text: &str) -> Option<(Format, usize)> {
        detect(&Text::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn the_format_is_found_below_at_most_four_lines_of_heading() {
        assert_eq!(format("STA1 2026 7 21 0 0 1\n"), Some((Format::Standard, 0)));
        assert_eq!(format(";\n;\n;\n;\nSTA1 2026 7 21 0 0 1\n"), Some((Format::Standard, 4)));
        assert_eq!(format(";\n;\n;\n;\n;\nSTA1 2026 7 21 0 0 1\n"), None);
        assert_eq!(format("heading\nHPD05300500HPCPHI19490100010020100 00000g \n").unwrap().1, 1);
        assert_eq!(format(""), None);
    }

    #[test]
    fn an_online_file_without_a_column_of_rain_is_unknown() {
        assert_eq!(format("STATION DATE TMAX\nCOOP:304174 19600101 01:00 0\n"), None);
    }
}
