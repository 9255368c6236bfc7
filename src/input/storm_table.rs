//! Small tables that storms are made from, as CSV: annual maxima, depths by duration, mass curves.
//!
//! Numbers stand apart by commas, semicolons, tabs or blanks; a first line without numbers is a head,
//! and what follows `#` is a comment.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};
use crate::scenario::storm::DurationDepth;

/// Annual maxima: the last number of each line, so that years may stand before them.
///
/// # Errors
/// When a line holds something else than numbers.
pub fn annual_maxima(text: &str, file: &Path) -> Result<Vec<f64>, Box<Diagnostic>> {
    let rows = rows(text, file, 1..=2)?;
    Ok(rows.iter().filter_map(|row| row.numbers.last().copied()).collect())
}

/// Depths by duration: minutes and millimetres in each line, in any order.
///
/// # Errors
/// When a line holds something else, or a duration is not above 0.
pub fn depths_by_duration(text: &str, file: &Path) -> Result<Vec<DurationDepth>, Box<Diagnostic>> {
    let mut depths = Vec::new();
    for row in rows(text, file, 2..=2)? {
        let [minutes, depth_mm] = row.numbers.as_slice() else { continue };
        let seconds = (minutes * 60.0).round();
        if !(1.0..=f64::from(u32::MAX)).contains(&seconds) {
            let problem = Diagnostic::error(0, format!("{minutes} min is no duration"))
                .help("each line holds minutes and millimetres");
            return Err(Box::new(problem.at(row.place)));
        }
        depths.push(DurationDepth { duration_s: seconds as u32, depth_mm: *depth_mm });
    }
    depths.sort_by_key(|depth| depth.duration_s);
    Ok(depths)
}

/// A mass curve: parts of the duration and of the depth in each line, from 0 to 1, or in percent.
///
/// # Errors
/// When a line holds something else.
pub fn mass_curve(text: &str, file: &Path) -> Result<Vec<[f64; 2]>, Box<Diagnostic>> {
    let rows = rows(text, file, 2..=2)?;
    let curve: Vec<[f64; 2]> = rows.iter().filter_map(|row| row.numbers.as_slice().try_into().ok()).collect();
    let in_percent = curve.last() == Some(&[100.0, 100.0]);
    let scale = if in_percent { 0.01 } else { 1.0 };
    Ok(curve.into_iter().map(|[x, y]| [x * scale, y * scale]).collect())
}

struct Row {
    numbers: Vec<f64>,
    place: Place,
}

/// The lines that hold numbers, each as many as allowed.
fn rows(
    text: &str,
    file: &Path,
    count: std::ops::RangeInclusive<usize>,
) -> Result<Vec<Row>, Box<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = Vec::new();
    let mut first = true;
    for (index, line) in text.lines().enumerate() {
        let written = line.split('#').next().unwrap_or_default();
        let words: Vec<&str> = written
            .split(|c: char| matches!(c, ',' | ';') || c.is_whitespace())
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            continue;
        }
        let number = |word: &&str| word.parse::<f64>().ok().filter(|value| value.is_finite());
        let is_head = std::mem::take(&mut first) && words.iter().all(|word| number(word).is_none());
        if is_head {
            continue;
        }
        let place = |token: &str| {
            let lead = line.find(token).and_then(|at| line.get(..at));
            Place {
                file: file.to_path_buf(),
                line: index + 1,
                column: lead.filter(|_| !token.is_empty()).map_or(0, |lead| lead.chars().count() + 1),
                text: line.to_owned(),
                token: token.to_owned(),
            }
        };
        if let Some(word) = words.iter().find(|word| number(word).is_none()) {
            return Err(Box::new(Diagnostic::error(0, format!("{word} is not a number")).at(place(word))));
        }
        let numbers: Vec<f64> = words.iter().filter_map(number).collect();
        if !count.contains(&numbers.len()) {
            let (least, most) = (count.start(), count.end());
            let message = format!("{} numbers in a line", numbers.len());
            let help = if least == most {
                format!("each line holds {most} numbers")
            } else {
                format!("each line holds {least} to {most} numbers")
            };
            return Err(Box::new(Diagnostic::error(0, message).help(help).at(place(""))));
        }
        rows.push(Row { numbers, place: place("") });
    }
    if rows.is_empty() {
        return Err(Box::new(Diagnostic::error(0, format!("{} holds no numbers", file.display()))));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "maxima.csv";

    #[test]
    fn annual_maxima_may_have_years_before_them_and_a_head_above() {
        let read = |text| annual_maxima(text, Path::new(FILE)).unwrap();
        assert_eq!(read("year,mm\n2001,28.4\n2002,35.1\n"), [28.4, 35.1]);
        assert_eq!(read("\u{feff}28.4\n35.1 # a storm of July\n\n"), [28.4, 35.1]);
        assert_eq!(read("年份;毫米\r\n2001;28.4\r\n"), [28.4]);
    }

    #[test]
    fn depths_are_ordered_by_duration_in_seconds() {
        let depths = depths_by_duration("min mm\n60 42.2\n5 11.4\n", Path::new(FILE)).unwrap();
        assert_eq!(
            depths.iter().map(|d| (d.duration_s, d.depth_mm)).collect::<Vec<_>>(),
            [(300, 11.4), (3600, 42.2)]
        );
    }

    #[test]
    fn a_mass_curve_may_be_in_percent() {
        let curve = mass_curve("0,0\n50,75\n100,100\n", Path::new(FILE)).unwrap();
        assert_eq!(curve, [[0.0, 0.0], [0.5, 0.75], [1.0, 1.0]]);
    }

    #[test]
    fn what_is_no_number_is_shown_at_its_place() {
        let problem = annual_maxima("mm\n28.4\n3o.1\n", Path::new(FILE)).unwrap_err();
        let place = problem.place.as_ref().unwrap();
        assert_eq!((place.line, place.column, place.token.as_str()), (3, 1, "3o.1"));
        assert!(depths_by_duration("5\n", Path::new(FILE)).unwrap_err().message.contains("1 numbers"));
        assert!(depths_by_duration("0 5\n", Path::new(FILE)).unwrap_err().message.contains("0 min"));
        assert!(annual_maxima("only words\n", Path::new(FILE)).is_err());
    }
}
