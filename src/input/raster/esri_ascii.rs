//! ESRI ASCII grids: a head of keys, then a value a cell from the north-western corner.
//!
//! Keys in any order and case: `ncols`, `nrows`, `xllcorner` or `xllcenter`, `yllcorner` or `yllcenter`,
//! `cellsize` (or GDAL's `dx` and `dy`), `nodata_value` (-9999 when missing, as ESRI's own readers hold).
//! Values may be broken into lines anywhere; when their count is wrong, the first line that differs from a row
//! is shown.

use std::path::Path;

use ndarray::Array2;

use super::{Frame, MOST_CELLS, cell_of, refuse};
use crate::diagnostic::{Diagnostic, Place};
use crate::model::raster::Raster;

/// What stands for no data when the head does not say.
const USUAL_NO_DATA: f64 = -9999.0;
/// Problems that are told one by one.
const MOST_TOLD: usize = 10;
/// Characters of a line that are shown.
const MOST_SHOWN: usize = 100;

const KEYS: &str = "the head is: ncols, nrows, xllcorner (or xllcenter), yllcorner (or yllcenter), cellsize, \
                    and nodata_value if cells are empty";

/// What the head says.
#[derive(Default)]
struct Head {
    columns: Option<usize>,
    rows: Option<usize>,
    /// Western and southern ends, and whether they are those of the middle of the corner cell.
    west: Option<(f64, bool)>,
    south: Option<(f64, bool)>,
    cell: Option<f64>,
    width: Option<f64>,
    height: Option<f64>,
    no_data: Option<f64>,
}

/// Reads a grid from its text.
pub fn parse(bytes: &[u8], path: &Path, crs: Option<String>) -> Result<Raster, Vec<Diagnostic>> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(_) => {
            let help = "a map is a GeoTIFF or an ESRI ASCII grid, plain or in gzip";
            return Err(vec![refuse(path, "this is no map: neither a TIFF nor text", help)]);
        }
    };
    let mut problems = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    let mut head = Head::default();
    let mut begun = false;
    while let Some((index, line)) = lines.peek().copied() {
        let mut words = line.split_whitespace();
        match words.next() {
            None => {}
            Some(word) if is_value(word) => break,
            Some(key) => {
                begun = true;
                if let Err((token, message, help)) = head.take(key, words.next()) {
                    problems.push(at(path, index, line, &token, message, help));
                    if problems.len() >= MOST_TOLD {
                        return Err(problems);
                    }
                }
            }
        }
        lines.next();
    }
    if !begun {
        problems.push(refuse(path, "the grid has no head", KEYS));
        return Err(problems);
    }
    let (frame, rows, columns) = match head.frame(crs, path) {
        Ok(found) => found,
        Err(more) => {
            problems.extend(more);
            return Err(problems);
        }
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    let cell = cell_of(&frame, rows, columns, path)?;
    let values = values(lines, path, head.no_data.unwrap_or(USUAL_NO_DATA), rows, columns)?;
    Ok(Raster { west: frame.west, north: frame.north, cell, crs: frame.crs, values })
}

/// Whether a word begins the values: a number in any spelling, the word for none, or what was meant as a number.
fn is_value(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        || ["nan", "inf", "infinity"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// A problem at a word of a line; long lines are cut.
fn at(path: &Path, index: usize, line: &str, token: &str, message: String, help: &str) -> Diagnostic {
    // the word as a whole, not as a part of another one
    let column = line
        .match_indices(token)
        .find(|(start, _)| {
            line.get(..*start).is_some_and(|lead| lead.is_empty() || lead.ends_with(char::is_whitespace))
        })
        .and_then(|(start, _)| line.get(..start))
        .map_or(0, |lead| lead.chars().count() + 1);
    let is_shown = column + token.chars().count() <= MOST_SHOWN && !token.is_empty();
    let place = Place {
        file: path.to_path_buf(),
        line: index + 1,
        column: if is_shown { column } else { 0 },
        text: line.chars().take(MOST_SHOWN).collect(),
        token: if is_shown { token.to_owned() } else { String::new() },
    };
    Diagnostic::error(0, message).help(help).at(place)
}

/// A problem of a line of the head: the word, what is wrong, what would be right.
type HeadProblem = (String, String, &'static str);

impl Head {
    /// Takes a line of the head.
    fn take(&mut self, key: &str, value: Option<&str>) -> Result<(), HeadProblem> {
        let word = value.unwrap_or(key).to_owned();
        let written = key.to_owned();
        let key = key.to_ascii_lowercase();
        let number = || -> Result<f64, HeadProblem> {
            let value = value.ok_or_else(|| (word.clone(), format!("`{key}` has no value"), KEYS))?;
            let parsed = value.parse::<f64>();
            parsed.map_err(|_| (word.clone(), format!("`{value}` is no number"), number_help(value)))
        };
        let count = || -> Result<usize, HeadProblem> {
            let found = number()?;
            let fits = found >= 1.0 && found.fract() == 0.0 && found <= MOST_CELLS as f64;
            let message = || format!("`{key}` is {word}");
            if fits {
                Ok(found as usize)
            } else {
                Err((word.clone(), message(), "a whole number above zero"))
            }
        };
        match key.as_str() {
            "ncols" => self.columns = Some(count()?),
            "nrows" => self.rows = Some(count()?),
            "xllcorner" => self.west = Some((number()?, false)),
            "yllcorner" => self.south = Some((number()?, false)),
            "xllcenter" | "xllcentre" => self.west = Some((number()?, true)),
            "yllcenter" | "yllcentre" => self.south = Some((number()?, true)),
            "cellsize" => self.cell = Some(number()?),
            "dx" => self.width = Some(number()?),
            "dy" => self.height = Some(number()?),
            "nodata_value" | "nodata" => self.no_data = Some(number()?),
            _ => return Err((written.clone(), format!("`{written}` is no key of a grid"), KEYS)),
        }
        Ok(())
    }

    /// Where the cells lie, and how many there are.
    fn frame(&self, crs: Option<String>, path: &Path) -> Result<(Frame, usize, usize), Vec<Diagnostic>> {
        let size = self.width.or(self.cell).zip(self.height.or(self.cell));
        let parts = (self.rows, self.columns, self.west, self.south, size);
        let (Some(rows), Some(columns), Some(west), Some(south), Some((width, height))) = parts else {
            let named = [
                ("nrows", self.rows.is_none()),
                ("ncols", self.columns.is_none()),
                ("xllcorner", self.west.is_none()),
                ("yllcorner", self.south.is_none()),
                ("cellsize", size.is_none()),
            ];
            let missing: Vec<&str> =
                named.iter().filter(|(_, is_missing)| *is_missing).map(|(key, _)| *key).collect();
            let message = format!("the head of the grid lacks {}", missing.join(", "));
            return Err(vec![refuse(path, &message, KEYS)]);
        };
        if rows as u64 * columns as u64 > MOST_CELLS {
            let message = format!("{rows} rows of {columns} cells are more than {MOST_CELLS} cells");
            return Err(vec![refuse(path, &message, "crop the map to the area that drains")]);
        }
        let edge =
            |(place, is_middle): (f64, bool), size: f64| if is_middle { place - size / 2.0 } else { place };
        let north = edge(south, height) + height * rows as f64;
        Ok((Frame { west: edge(west, width), north, width, height, crs, degrees: false }, rows, columns))
    }
}

/// What would be right instead of a word that is no number.
fn number_help(word: &str) -> &'static str {
    if word.contains(',') {
        "decimals are written with a point: 12.5, not 12,5, and values are parted by blanks"
    } else {
        "numbers are written as 12.5 or 1.25e1"
    }
}

/// The values of all cells.
fn values<'a>(
    lines: impl Iterator<Item = (usize, &'a str)>,
    path: &Path,
    no_data: f64,
    rows: usize,
    columns: usize,
) -> Result<Array2<f32>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    // the counts of the head are not trusted with memory before the values are there
    let mut values: Vec<f32> = Vec::new();
    let mut odd_line: Option<(usize, &str, usize)> = None;
    let mut last = 0;
    for (index, line) in lines {
        let before = values.len();
        for word in line.split_ascii_whitespace() {
            match word.parse::<f64>() {
                Ok(value) => {
                    let none = value == no_data || !value.is_finite();
                    values.push(if none { f32::NAN } else { value as f32 });
                }
                Err(_) => {
                    let message = format!("`{word}` is no number");
                    problems.push(at(path, index, line, word, message, number_help(word)));
                    if problems.len() >= MOST_TOLD {
                        return Err(problems);
                    }
                    values.push(f32::NAN);
                }
            }
        }
        let count = values.len() - before;
        if count > 0 {
            last = index;
        }
        if odd_line.is_none() && count != 0 && count != columns {
            odd_line = Some((index, line, count));
        }
    }
    if values.len() != rows * columns {
        let message =
            format!("{} values, where {rows} rows of {columns} cells make {}", values.len(), rows * columns);
        let problem = match odd_line {
            Some((index, line, count)) => {
                let message = format!("{message}; this line holds {count}");
                at(path, index, line, "", message, "each row holds as many values as `ncols` says")
            }
            None => {
                let found = values.len() / columns.max(1);
                let message = format!("{message}; the last of {found} rows is line {}", last + 1);
                refuse(path, &message, "the grid holds as many rows as `nrows` says: is the file cut?")
            }
        };
        problems.push(problem);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Array2::from_shape_vec((rows, columns), values)
        .map_err(|error| vec![refuse(path, &format!("the values make no grid: {error}"), KEYS)])
}
