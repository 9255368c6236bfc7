//! Lists of maps of rain as CSV: a time and the file of the map that holds from then on.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::{Path, PathBuf};

use super::rain_table::{Time, time};
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
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut list = RainMapList::default();
    let mut found = Vec::new();
    let mut is_first = true;
    for (index, line) in text.lines().enumerate() {
        let written = line.split('#').next().unwrap_or_default();
        if written.trim().is_empty() {
            continue;
        }
        let place = |token: &str| {
            let lead = line.find(token).and_then(|at| line.get(..at)).filter(|_| !token.is_empty());
            Place {
                file: file.to_path_buf(),
                line: index + 1,
                column: lead.map_or(0, |lead| lead.chars().count() + 1),
                text: line.to_owned(),
                token: token.to_owned(),
            }
        };
        let mut fail = |message: String, token: &str, help: &str| {
            found.push(Diagnostic::error(0, message).help(help).at(place(token)));
        };
        let (when, name) = written.split_once([',', ';', '\t']).unwrap_or((written, ""));
        let (when, name) = (when.trim(), name.trim());
        let is_head =
            std::mem::take(&mut is_first) && ["time", "时间"].contains(&when.to_lowercase().as_str());
        if is_head {
            continue;
        }
        let form = "each line holds a time and a file: `2026-07-21 14:05,r1405.tif`, or from the start of the run \
                    `0:05,r0005.tif`";
        let Some(time) = time(when) else {
            fail(format!("`{when}` is no time"), when, form);
            continue;
        };
        let is_begun = !list.lines.is_empty();
        let seconds = match (time, list.start) {
            (Time::Date(date), None) if !is_begun => {
                list.start = Some(date);
                0.0
            }
            (Time::Date(date), Some(start)) => date.seconds_since(start),
            (Time::Hours(hours), None) => (hours * 3600.0).round(),
            _ => {
                fail("dates and hours are mixed".to_owned(), when, "keep one of them in a list");
                continue;
            }
        };
        if seconds < 0.0 || list.lines.last().is_some_and(|last| seconds <= last.seconds) {
            fail(format!("`{when}` does not follow the time before it"), when, "times must increase");
            continue;
        }
        let file = (!name.is_empty()).then(|| folder.join(name));
        list.lines.push(RainMapLine { seconds, file, place: place(name) });
    }
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
        refused("0:05,a.tif\nsoon,b.tif\n0:10,\n", "`soon` is no time", 2);
        refused("0:05,a.tif\n2026-07-21 14:00,b.tif\n1:00,\n", "mixed", 2);
        refused("2026-07-21 14:00,a.tif\n1:00,\n", "mixed", 2);
        refused("0:05,a.tif\n0:10,b.tif\n", "until when its last map rains", 2);
        assert_eq!(read("x,a.tif\ny,b.tif\n").unwrap_err().len(), 2, "all, not the first");
        assert!(read("time,file\n0:05,\n").unwrap_err()[0].message.contains("names no map"));
        assert!(read("").is_err());
    }
}
