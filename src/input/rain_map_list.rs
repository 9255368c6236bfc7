//! Lists of maps of rain as CSV: a time and the file of the map that holds from then on.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::{Path, PathBuf};

use super::timed_lines::{Times, lines};
use crate::clock::DateTime;
use crate::diagnostic::{Diagnostic, Place};

/// A list of maps. The last line names no map and ends the rain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RainMapList {
    /// The first time, when the list gives dates.
    pub start: Option<DateTime>,
    /// Its lines, at least two, in order of time.
    pub lines: Vec<RainMapLine>,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct RainMapLine {
    /// From when on it holds, s after the first line, or after the start of the run where the list counts hours.
    pub seconds: f64,
    /// The map, its path joined to the folder of the list; `None` is dry.
    pub file: Option<PathBuf>,
    /// Where it stands.
    pub place: Place,
}

/// Reads lines of `2026-07-21 14:05,r1405.tif`, `1:05,r1405.tif` or `1.0833,r1405.tif` (hours from the start), under a
/// head `time,file`. What follows `#` is a comment; a line without a file is dry.
///
/// # Errors
/// All lines that are wrong: times that are none or do not increase, dates and hours mixed, a last line with a file,
/// which would not say until when it rains.
pub fn rain_map_list(text: &str, file: &Path) -> Result<RainMapList, Vec<Diagnostic>> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut list = RainMapList::default();
    let mut times = Times::default();
    let mut found = Vec::new();
    let mut is_first = true;
    for line in lines(text) {
        let mut fields = line.written.split([',', ';', '\t']).map(|field| field.trim().trim_matches('"'));
        let (when, name) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        // spreadsheets leave marks behind the last column
        if let Some(more) = fields.find(|field| !field.is_empty()) {
            found.push(
                Diagnostic::error(0, format!("`{more}` follows the time and the file"))
                    .help("each line holds a time and a file, and no name of a file holds a comma")
                    .at(line.place(file, more)),
            );
            continue;
        }
        let is_head =
            std::mem::take(&mut is_first) && ["time", "时间"].contains(&when.to_lowercase().as_str());
        if is_head {
            continue;
        }
        match times.next(when) {
            Ok(seconds) => {
                let map = (!name.is_empty()).then(|| folder.join(name));
                list.lines.push(RainMapLine { seconds, file: map, place: line.place(file, name) });
            }
            Err(message) => found.push(
                Diagnostic::error(0, message)
                    .help(
                        "each line holds a time, later than the one before, and a file: `2026-07-21 14:05,r1405.tif`, \
                         or from the start of the run `0:05,r0005.tif`",
                    )
                    .at(line.place(file, when)),
            ),
        }
    }
    list.start = times.start;
    if found.is_empty() {
        match list.lines.last() {
            Some(RainMapLine { file: Some(_), place, .. }) => found.push(
                Diagnostic::error(0, "the list does not say until when its last map rains")
                    .help("end it with a line that has a time and no file: `2026-07-21 16:00,`")
                    .at(place.clone()),
            ),
            _ if list.lines.iter().all(|line| line.file.is_none()) => {
                let message = format!("{} names no map", file.display());
                found.push(Diagnostic::error(0, message).help(
                    "it holds lines of a time and a file, `0:05,r0005.tif`, and ends with a time alone",
                ));
            }
            _ => {}
        }
    }
    if found.is_empty() { Ok(list) } else { Err(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RainMapList, Vec<Diagnostic>> {
        rain_map_list(text, Path::new("radar/list.csv"))
    }

    #[test]
    fn dates_and_hours_are_read_and_files_begin_in_the_folder_of_the_list() {
        let dated = read("time,file\n2026-07-21 14:00,a.tif # first\n2026-07-21 14:06,\n2026-07-21 14:12,b.asc.gz\n2026-07-21 15:00,\n").unwrap();
        assert_eq!(dated.start, DateTime::from_date(2026, 7, 21).map(|day| day.plus_seconds(50_400.0)));
        let lines: Vec<(f64, Option<&str>)> = dated
            .lines
            .iter()
            .map(|line| (line.seconds, line.file.as_deref().and_then(Path::to_str)))
            .collect();
        assert_eq!(
            lines,
            [(0.0, Some("radar/a.tif")), (360.0, None), (720.0, Some("radar/b.asc.gz")), (3600.0, None)]
        );
        let hours = read("\u{feff}时间;文件\n0:05;a.tif\n0.5;\n").unwrap();
        // as spreadsheets save them
        let saved = read("time,file,,\n0:00,\"a.asc\",,\n1:00,,,\n").unwrap();
        assert_eq!(saved.lines[0].file.as_deref(), Some(Path::new("radar/a.asc")));
        assert_eq!((hours.start, hours.lines[0].seconds, hours.lines[1].seconds), (None, 300.0, 1800.0));
    }

    #[test]
    fn all_that_is_no_list_is_shown_at_its_place() {
        let refused = |text: &str, word: &str, line: usize| {
            let problems = read(text).unwrap_err();
            let told = problems.iter().find(|problem| problem.message.contains(word));
            let told = told.unwrap_or_else(|| panic!("{word}: {problems:?}"));
            assert_eq!(told.place.as_ref().map(|place| place.line), Some(line), "{told}");
        };
        refused("time,file\n0:05,a.tif\n0:05,b.tif\n0:10,\n", "does not follow", 3);
        refused("0:05,a.tif\n-1,b.tif\n0:10,\n", "does not follow", 2);
        refused("0:05,a.tif,b.tif\n0:10,\n", "`b.tif` follows", 1);
        refused("0:05,a.tif\nsoon,b.tif\n0:10,\n", "`soon` is no time", 2);
        refused("0:05,a.tif\n2026-07-21 14:00,b.tif\n1:00,\n", "mixed", 2);
        refused("2026-07-21 14:00,a.tif\n1:00,\n", "mixed", 2);
        refused("0:05,a.tif\n0:10,b.tif\n", "until when its last map rains", 2);
        assert_eq!(read("x,a.tif\ny,b.tif\n").unwrap_err().len(), 2, "all, not the first");
        assert!(read("time,file\n0:05,\n").unwrap_err()[0].message.contains("names no map"));
        assert!(read("").is_err());
    }
}
