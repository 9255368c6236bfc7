//! SWMM 5.2 `.inp` text: the document as it is written, and the model that it describes.
//!
//! [`read`] keeps the text in a [`Document`], fills a [`Model`] in SI and reports every problem that
//! reading finds, each at its place, with EPA's number and what would be right. The check of the model as
//! a whole is [`crate::model::check::check`].
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod catchments;
pub mod controls;
pub mod document;
mod draft;
mod expression;
mod heading;
mod inflows;
mod later_physics;
mod links;
mod map;
mod nodes;
mod number;
mod options;
mod report;
mod row;
mod sections;
mod tables;
#[cfg(test)]
mod tests;
mod weather;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};
use crate::model::Model;
use document::{Document, Line, Token};
use draft::Draft;
pub use heading::Section;
use row::{Findings, Row};
pub use tables::companion;

/// A file that has been read.
#[derive(Debug)]
pub struct Reading {
    /// The text as it is written.
    pub document: Document,
    /// What it describes. Complete only if no diagnostic is an error.
    pub model: Model,
    /// All problems, in the order of their discovery.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file. The encoding is found out unless it is given (`utf-8`, `gbk` ...).
///
/// # Errors
/// When the file cannot be read, or when there is no such encoding.
pub fn read(path: &Path, encoding: Option<&str>) -> io::Result<Reading> {
    let bytes = std::fs::read(path)?;
    let document = match encoding {
        None => Document::parse(&bytes),
        Some(name) => Document::parse_as(&bytes, name)
            .map_err(|unknown| io::Error::new(io::ErrorKind::InvalidInput, unknown))?,
    };
    Ok(read_document(document, path))
}

/// Reads text that is in memory. Companion files are looked for in the folder of `file_name`.
pub fn read_text(bytes: &[u8], file_name: &Path) -> Reading {
    read_document(Document::parse(bytes), file_name)
}

/// Reads a document, such as one that has been edited. Companion files are looked for in the folder of
/// `file_name`.
pub fn read_document(document: Document, file_name: &Path) -> Reading {
    let mut draft = Draft::default();
    let mut findings = Findings::new(file_name);
    first_pass(&document, &mut draft, &mut findings);
    options::finish(&mut draft);
    map::begin(&mut draft);
    second_pass(&document, &mut draft, &mut findings);
    sections::finish_transect(&mut draft, &mut findings);
    tables::finish(&mut draft, &mut findings);
    links::finish(&mut draft, &mut findings);
    catchments::finish(&mut draft, &mut findings);
    inflows::finish(&mut draft);
    report::finish(&mut draft);
    // Control rules refer to the finished model; see `rule_lines`.
    later_physics::finish(&mut draft, &mut findings);
    let mut diagnostics = findings.list;
    let rules = rule_lines(&document, file_name).into_iter();
    let rules: Vec<_> = rules.map(|(tokens, places)| controls::RuleLine { tokens, places }).collect();
    let mut model = draft.model;
    let (controls, problems) = controls::read(&rules, &model);
    model.controls = controls;
    diagnostics.extend(problems);
    Reading { document, model, diagnostics }
}

/// The lines of `[CONTROLS]`: fields, and where each stands.
pub fn rule_lines(document: &Document, file_name: &Path) -> Vec<(Vec<String>, Vec<Place>)> {
    let rows = document.rows(Section::Controls).into_iter();
    rows.filter_map(|index| Some((index, document.line(index)?)))
        .map(|(index, line)| {
            let place = |token| row::place(file_name, index, line.text(), Some(token));
            line.tokens().iter().map(|token| (token.value.to_owned(), place(token))).unzip()
        })
        .collect()
}

/// Where a line stands.
#[derive(Clone, Copy, PartialEq)]
enum Context {
    /// Before the first heading, where SWMM takes all for title.
    Start,
    /// In a section.
    Section(Section),
    /// It is a heading that SWMM does not know.
    UnknownHeading,
    /// It follows such a heading.
    Unknown,
}

/// All lines that are neither blank nor comment nor known heading, with their number from 0.
fn rows(document: &Document) -> impl Iterator<Item = (usize, &Line, Vec<Token<'_>>, Context)> {
    let mut context = Context::Start;
    document.lines().iter().enumerate().filter_map(move |(index, line)| {
        let tokens = line.tokens();
        let first = tokens.first()?;
        if !first.value.starts_with('[') {
            if context == Context::UnknownHeading {
                context = Context::Unknown;
            }
            return Some((index, line, tokens, context));
        }
        match Section::of_heading(first.value) {
            Some(section) => context = Context::Section(section),
            None => context = Context::UnknownHeading,
        }
        (context == Context::UnknownHeading).then_some((index, line, tokens, context))
    })
}

/// Names and options, so that the second pass knows all that a line may refer to.
fn first_pass(document: &Document, draft: &mut Draft, findings: &mut Findings<'_>) {
    for (index, line, tokens, context) in rows(document) {
        let Context::Section(section) = context else { continue };
        let row = &mut Row::new(line, index, tokens, findings);
        match section {
            Section::Options => options::read(row, draft),
            Section::Raingages => weather::define_gauge(row, draft),
            Section::Subcatchments => catchments::define_subcatchment(row, draft),
            Section::Junctions | Section::Outfalls | Section::Storage | Section::Dividers => {
                nodes::define_node(row, draft);
            }
            Section::Conduits => links::define_link(row, draft, links::conduit()),
            Section::Pumps => links::define_link(row, draft, links::pump()),
            Section::Orifices => links::define_link(row, draft, links::orifice()),
            Section::Weirs => links::define_link(row, draft, links::weir()),
            Section::Outlets => links::define_link(row, draft, links::outlet()),
            Section::Patterns => tables::define_pattern(row, draft),
            Section::Curves => tables::define_curve(row, draft),
            Section::Timeseries => tables::define_series(row, draft),
            Section::Transects => sections::define_transect(row, draft),
            Section::Streets => sections::define_street(row, draft),
            _ => later_physics::define_other(section, row, draft),
        }
    }
}

/// The most bytes that a line may have before its comment.
const LONGEST_LINE: usize = 1024;

/// All data.
fn second_pass(document: &Document, draft: &mut Draft, findings: &mut Findings<'_>) {
    let mut idle = BTreeMap::new();
    for (index, line, tokens, context) in rows(document) {
        let row = &mut Row::new(line, index, tokens, findings);
        if line.text().len() - line.comment().len() >= LONGEST_LINE {
            row.line_error(201, "the line is too long", format!("at most {} characters", LONGEST_LINE - 1));
        }
        match context {
            Context::Start => options::read_title(line.text(), draft),
            Context::UnknownHeading => {
                let help = "its lines are not read; see the list of sections in SWMM's manual";
                row.error(205, 0, format!("there is no section '{}'", row.text(0)), help);
            }
            Context::Unknown => {}
            Context::Section(section) => {
                if is_map(section) && !map::read(section, row, draft) {
                    idle.entry(section).or_insert_with(|| (row.line_place(), 0usize)).1 += 1;
                }
                read_row(section, line, row, draft);
            }
        }
    }
    for (section, (place, count)) in idle {
        let message = format!("{count} lines of {} name no element or give no numbers", section.heading());
        findings.list.push(Diagnostic::warning(0, message).at(place).help("they have no effect"));
    }
    let damaged = document.lines().iter().enumerate().filter(|(_, line)| line.is_damaged());
    if let Some((index, line)) = damaged.clone().next() {
        let message = format!("{} lines hold bytes that are not {}", damaged.count(), document.encoding());
        let place = row::place(findings.file, index, line.text(), None);
        findings
            .list
            .push(Diagnostic::warning(0, message).at(place).help("give the encoding: utf-8, gbk ..."));
    }
}

fn is_map(section: Section) -> bool {
    matches!(
        section,
        Section::Map
            | Section::Coordinates
            | Section::Vertices
            | Section::Polygons
            | Section::Symbols
            | Section::Tags
    )
}

/// Reads one data line.
fn read_row(section: Section, line: &Line, row: &mut Row<'_, '_>, draft: &mut Draft) {
    match section {
        Section::Title => options::read_title(line.text(), draft),
        Section::Events => options::read_event(row, draft),
        Section::Raingages => weather::read_gauge(row, draft),
        Section::Temperature => weather::check_temperature(row, draft),
        Section::Evaporation => weather::read_evaporation(row, draft),
        Section::Adjustments => weather::read_adjustment(row, draft),
        Section::Subcatchments => catchments::read_subcatchment(row, draft),
        Section::Subareas => catchments::read_subareas(row, draft),
        Section::Infiltration => catchments::read_infiltration(row, draft),
        Section::Junctions => nodes::read_junction(row, draft),
        Section::Outfalls => nodes::read_outfall(row, draft),
        Section::Storage => nodes::read_storage(row, draft),
        Section::Dividers => nodes::read_divider(row, draft),
        Section::Conduits => links::read_conduit(row, draft),
        Section::Pumps => links::read_pump(row, draft),
        Section::Orifices => links::read_orifice(row, draft),
        Section::Weirs => links::read_weir(row, draft),
        Section::Outlets => links::read_outlet(row, draft),
        Section::Losses => links::read_losses(row, draft),
        Section::Xsections => sections::read_xsection(row, draft),
        Section::Transects => sections::read_transect(row, draft),
        Section::Streets => sections::read_street(row, draft),
        Section::Inflows => inflows::read_inflow(row, draft),
        Section::Dwf => inflows::read_dry_weather(row, draft),
        Section::Curves => tables::read_curve(row, draft),
        Section::Timeseries => tables::read_series(row, draft),
        Section::Patterns => tables::read_pattern(row, draft),
        Section::Report => report::read(row, draft),
        Section::Files
        | Section::Aquifers
        | Section::Groundwater
        | Section::GroundwaterFlow
        | Section::Snowpacks
        | Section::Hydrographs
        | Section::Rdii
        | Section::Pollutants
        | Section::Landuses
        | Section::Buildup
        | Section::Washoff
        | Section::Coverages
        | Section::Loadings
        | Section::Treatment
        | Section::LidControls
        | Section::LidUsage
        | Section::Inlets
        | Section::InletUsage => later_physics::check(section, row, draft),
        // Options were read in the first pass, the map above; rules are read once the model stands; the
        // rest is for the user's eye.
        Section::Options
        | Section::Controls
        | Section::Map
        | Section::Coordinates
        | Section::Vertices
        | Section::Polygons
        | Section::Symbols
        | Section::Tags
        | Section::Labels
        | Section::Backdrop
        | Section::Profiles => {}
    }
}
