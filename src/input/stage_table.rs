//! River stages and tides as CSV: hours, then the level of each outfall.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};
use crate::scenario::study::StageSeries;

/// Reads a head of names, `hours,O1,O2` or `hours,*`, and lines of numbers in hours and m.
///
/// # Errors
/// When there is no such head, a line holds something else, or hours do not increase.
pub fn stage_table(text: &str, file: &Path) -> Result<StageSeries, Box<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut series = StageSeries::default();
    for (index, line) in text.lines().enumerate() {
        let written = line.split('#').next().unwrap_or_default();
        if written.trim().is_empty() {
            continue;
        }
        let fail = |message: String, token: &str, help: &str| {
            let lead = line.find(token).and_then(|at| line.get(..at)).filter(|_| !token.is_empty());
            let place = Place {
                file: file.to_path_buf(),
                line: index + 1,
                column: lead.map_or(0, |lead| lead.chars().count() + 1),
                text: line.to_owned(),
                token: token.to_owned(),
            };
            Err(Box::new(Diagnostic::error(0, message).help(help).at(place)))
        };
        let fields: Vec<&str> = written.split([',', ';', '\t']).map(str::trim).collect();
        if series.levels.is_empty() {
            let names = fields.get(1..).unwrap_or_default();
            let is_number = |field: &&str| field.parse::<f64>().is_ok();
            if names.is_empty() || fields.iter().any(is_number) {
                let help =
                    "the first line names the columns: `hours,O1,O2`, or `hours,*` for all outfalls alike";
                return fail("a stage begins with a head of names".to_owned(), "", help);
            }
            for (place, name) in names.iter().enumerate() {
                let before = names.get(..place).unwrap_or_default();
                if name.is_empty() || before.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                    let message = format!("the column `{name}` has no name of its own");
                    return fail(message, name, "each column is named after one outfall");
                }
            }
            series.levels = names.iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
            continue;
        }
        if fields.len() != series.levels.len() + 1 {
            let help = format!("the head names {} columns", series.levels.len() + 1);
            return fail(format!("{} fields in a line", fields.len()), "", &help);
        }
        let mut numbers = Vec::with_capacity(fields.len());
        for field in &fields {
            match field.parse::<f64>().ok().filter(|value| value.is_finite()) {
                Some(value) => numbers.push(value),
                None => return fail(format!("`{field}` is no number"), field, "hours, then levels in m"),
            }
        }
        let (hours, levels) = numbers.split_first().unwrap_or((&0.0, &[]));
        if series.hours.last().is_some_and(|last| hours <= last) {
            let word = fields.first().copied().unwrap_or_default();
            return fail(format!("hour {hours} does not follow the one before"), word, "hours must increase");
        }
        series.hours.push(*hours);
        series.levels.iter_mut().zip(levels).for_each(|((_, column), level)| column.push(*level));
    }
    if series.hours.is_empty() {
        return Err(Box::new(Diagnostic::error(0, format!("{} holds no levels", file.display()))));
    }
    Ok(series)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_under_their_names() {
        let series = stage_table("hours,O1,*\n0,31.2,30\n1.5,31.4,30.1\n", Path::new("s.csv")).unwrap();
        assert_eq!(series.hours, [0.0, 1.5]);
        assert_eq!(series.levels, [("O1".into(), vec![31.2, 31.4]), ("*".into(), vec![30.0, 30.1])]);
    }

    #[test]
    fn what_is_no_stage_is_shown_at_its_place() {
        let refused = |text: &str, word: &str, line: usize| {
            let problem = stage_table(text, Path::new("s.csv")).unwrap_err();
            assert!(problem.message.contains(word), "{problem}");
            assert_eq!(problem.place.as_ref().map(|place| place.line), Some(line), "{problem}");
        };
        refused("0,1\n", "head", 1);
        refused("hours,O1,o1\n0,1,1\n", "`o1`", 1);
        refused("hours,O1\n0,1\n0,1\n", "does not follow", 3);
        refused("hours,O1\n0,1,2\n", "3 fields", 2);
        refused("hours,O1\n0,high\n", "`high`", 2);
        assert!(stage_table("hours,O1\n", Path::new("s.csv")).is_err());
    }
}
