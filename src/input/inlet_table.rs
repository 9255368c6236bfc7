//! Openings of manholes and levels of banks, CSV tables with a head: numbers that differ from one place to another.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};
use crate::num::spelling::nearest;

/// What a table says of the openings of one node; what is `None` is as everywhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inlet {
    /// The node.
    pub node: String,
    /// Area of all openings (m²); 0 closes the node.
    pub area: Option<f64>,
    /// Length of the rim of all openings (m).
    pub rim: Option<f64>,
    /// Level of the rim (m).
    pub level: Option<f64>,
    /// Coefficient of the orifice.
    pub orifice: Option<f64>,
    /// Coefficient of the free weir.
    pub free_weir: Option<f64>,
    /// Coefficient of the submerged weir.
    pub submerged_weir: Option<f64>,
    /// The share that is blocked, 0 to 1.
    pub blocked: Option<f64>,
}

/// Levels of both crests of a channel at a place along it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BankLevel {
    /// The channel.
    pub channel: String,
    /// Where, 0 at its upstream and 1 at its downstream end.
    pub along: f64,
    /// Level of the left crest, seen downstream (m).
    pub left: Option<f64>,
    /// Level of the right crest (m).
    pub right: Option<f64>,
}

/// Reads a table of openings: a column `node`, then any of `area_m2`, `rim_m`, `level_m`, `orifice`, `free_weir`,
/// `submerged_weir`, `blocked`. Empty cells are not given.
///
/// # Errors
/// All lines that are wrong.
pub fn inlets(text: &str, file: &Path) -> Result<Vec<Inlet>, Vec<Diagnostic>> {
    const KNOWN: &[&str] =
        &["node", "area_m2", "rim_m", "level_m", "orifice", "free_weir", "submerged_weir", "blocked"];
    let mut table = Table::new(text, file, KNOWN, &["node"])?;
    let mut inlets: Vec<Inlet> = Vec::new();
    for row in std::mem::take(&mut table.rows) {
        let node = row.text("node");
        let mut number = |column: &str, most: f64| table.number(&row, column, 0.0, most);
        let inlet = Inlet {
            area: number("area_m2", 1.0e4),
            rim: number("rim_m", 1.0e4),
            orifice: number("orifice", 10.0),
            free_weir: number("free_weir", 10.0),
            submerged_weir: number("submerged_weir", 10.0),
            blocked: number("blocked", 1.0),
            level: table.number(&row, "level_m", -1.0e4, 1.0e4),
            node: node.to_owned(),
        };
        if node.is_empty() {
            table.fail(&row, "", "the line names no node", "the column `node` names it");
        } else if inlets.iter().any(|known| known.node.eq_ignore_ascii_case(node)) {
            table.fail(
                &row,
                node,
                &format!("the node `{node}` has two lines"),
                "write one a node, sums of its inlets",
            );
        }
        inlets.push(inlet);
    }
    if table.found.is_empty() { Ok(inlets) } else { Err(table.found) }
}

/// Reads levels of banks: `channel,along,left_m,right_m`. Empty cells are not given.
///
/// # Errors
/// All lines that are wrong.
pub fn bank_levels(text: &str, file: &Path) -> Result<Vec<BankLevel>, Vec<Diagnostic>> {
    const KNOWN: &[&str] = &["channel", "along", "left_m", "right_m"];
    let mut table = Table::new(text, file, KNOWN, &["channel", "along"])?;
    let mut levels = Vec::new();
    for row in std::mem::take(&mut table.rows) {
        let channel = row.text("channel").to_owned();
        let along = table.number(&row, "along", 0.0, 1.0);
        let left = table.number(&row, "left_m", -1.0e4, 1.0e4);
        let right = table.number(&row, "right_m", -1.0e4, 1.0e4);
        match along {
            Some(along) if !channel.is_empty() => levels.push(BankLevel { channel, along, left, right }),
            _ => table.fail(&row, "", "the line names no place", "channel and its part from 0 to 1"),
        }
    }
    if table.found.is_empty() { Ok(levels) } else { Err(table.found) }
}

/// A line of a table.
struct Row<'a> {
    number: usize,
    line: &'a str,
    cells: Vec<(String, &'a str)>,
}

impl Row<'_> {
    /// What stands in a column; empty when nothing does.
    fn text(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, _)| name == column).map_or("", |(_, text)| text)
    }
}

/// A table with a head.
struct Table<'a> {
    file: &'a Path,
    rows: Vec<Row<'a>>,
    found: Vec<Diagnostic>,
}

impl<'a> Table<'a> {
    /// The lines of a text under its head, which must hold some columns and no unknown ones.
    fn new(text: &'a str, file: &'a Path, known: &[&str], needed: &[&str]) -> Result<Self, Vec<Diagnostic>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut table = Self { file, rows: Vec::new(), found: Vec::new() };
        let mut head: Option<Vec<String>> = None;
        for (index, line) in text.lines().enumerate() {
            let written = line.split('#').next().unwrap_or_default();
            if written.trim().is_empty() {
                continue;
            }
            let cells: Vec<&str> = written.split([',', ';', '\t']).map(str::trim).collect();
            let Some(names) = &head else {
                let row = Row { number: index + 1, line, cells: Vec::new() };
                let names: Vec<String> = cells.iter().map(|cell| cell.to_ascii_lowercase()).collect();
                for (name, cell) in
                    names.iter().zip(&cells).filter(|(name, _)| !known.contains(&name.as_str()))
                {
                    let help = match nearest(name, known.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("known are {}", known.join(", ")),
                    };
                    table.fail(&row, cell, &format!("there is no column `{cell}`"), &help);
                }
                for column in needed.iter().filter(|column| !names.iter().any(|name| name == *column)) {
                    let message = format!("the head has no column `{column}`");
                    table.fail(&row, "", &message, "the first line names the columns");
                }
                if !table.found.is_empty() {
                    return Err(table.found);
                }
                head = Some(names);
                continue;
            };
            let row = Row {
                number: index + 1,
                line,
                cells: names.iter().cloned().zip(cells.iter().copied()).collect(),
            };
            if cells.len() != names.len() {
                let message = format!("the line has {} cells, the head {}", cells.len(), names.len());
                table.fail(&row, "", &message, "leave cells empty, but keep their commas");
                continue;
            }
            table.rows.push(row);
        }
        if head.is_none() {
            let message = format!("{} is empty", file.display());
            return Err(vec![Diagnostic::error(0, message).help("the first line names the columns")]);
        }
        Ok(table)
    }

    /// A number of a line, if one is given; one out of range is told.
    fn number(&mut self, row: &Row<'_>, column: &str, least: f64, most: f64) -> Option<f64> {
        let text = row.text(column);
        if text.is_empty() {
            return None;
        }
        let value = text.parse::<f64>().ok().filter(|value| (least..=most).contains(value));
        if value.is_none() {
            let help = format!("a number from {least} to {most}, or nothing");
            self.fail(row, text, &format!("`{column}` cannot be `{text}`"), &help);
        }
        value
    }

    fn fail(&mut self, row: &Row<'_>, token: &str, message: &str, help: &str) {
        let lead = row.line.find(token).and_then(|at| row.line.get(..at)).filter(|_| !token.is_empty());
        let place = Place {
            file: self.file.to_path_buf(),
            line: row.number,
            column: lead.map_or(0, |lead| lead.chars().count() + 1),
            text: row.line.to_owned(),
            token: token.to_owned(),
        };
        self.found.push(Diagnostic::error(0, message).help(help).at(place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_cells_are_not_given_and_columns_come_in_any_order() {
        let text = "node,blocked,area_m2,level_m\nJ1,0.5,,12.25\nJ2,,0,\n";
        let found = inlets(text, Path::new("i.csv")).unwrap();
        let one = Inlet { node: "J1".into(), blocked: Some(0.5), level: Some(12.25), ..Inlet::default() };
        let two = Inlet { node: "J2".into(), area: Some(0.0), ..Inlet::default() };
        assert_eq!(found, [one, two]);
    }

    #[test]
    fn what_is_wrong_is_told_at_its_line() {
        let told = |text: &str| {
            let problems = inlets(text, Path::new("i.csv")).unwrap_err();
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        assert!(told("node,aera_m2\nJ1,1\n").contains("did you mean `area_m2`?"));
        assert!(told("area_m2\n1\n").contains("no column `node`"));
        let text = told("node,blocked\nJ1,2\nj1,0\nJ3\n");
        assert!(text.contains("`blocked` cannot be `2`") && text.contains("i.csv:2:4"), "{text}");
        assert!(text.contains("two lines") && text.contains("the line has 1 cells, the head 2"), "{text}");
    }

    #[test]
    fn levels_of_banks_stand_along_their_channel() {
        let found = bank_levels("channel,along,left_m,right_m\nR1,0,5.5,\nR1,1,5.25,6\n", Path::new("b.csv"))
            .unwrap();
        assert_eq!(
            (found.len(), found[0].left, found[0].right, found[1].right),
            (2, Some(5.5), None, Some(6.0))
        );
        assert!(bank_levels("channel,along\nR1,\n", Path::new("b.csv")).is_err());
    }
}
