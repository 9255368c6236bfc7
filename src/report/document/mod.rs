//! The report: one HTML page that needs nothing beside it, in English or Chinese, for the client and the
//! reviewing authority.
//!
//! Each module makes sections of one kind from the material; `outline` puts them in order, by what a decision
//! needs or by the chapters of the Chinese plan outline. The page holds no clock time and no script: same input,
//! same bytes. What comes from a model or a scenario is text and is escaped by the template.

mod answer;
mod capacity;
mod checks;
mod desk;
mod money;
mod options;
mod outline;
mod provenance;
mod spills;
#[cfg(test)]
mod street_tests;
mod streets;
mod switch;
#[cfg(test)]
mod tests;
mod verdicts;
mod view;
mod water;
mod worse;

use askama::Template as _;

use crate::assess::{Assessment, Comparison};
use crate::edit::cost::Bill;
use crate::plot::{Picture, Sheet};
use crate::study::Study;

use super::gallery::{Built, Wishes};
use super::kept_maps::StreetMaterial;
use super::project::Project;
use desk::Desk;

/// The order of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Template {
    /// What a decision needs first stands first.
    #[default]
    Decision,
    /// The chapters of 《城市排水(雨水)防涝综合规划编制大纲》 (建城〔2013〕98号).
    Cn98,
}

/// A table that was made elsewhere, such as that of the option audit: shown as it is, with its source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForeignTable {
    /// Where it comes from, such as the name of its file.
    pub source: String,
    /// Heads of its columns.
    pub head: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// What a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its runs.
    pub comparison: &'a Comparison<'a>,
    /// What they mean.
    pub assessment: &'a Assessment,
    /// What each option costs, by its index; empty without a table of unit costs.
    pub bills: &'a [(usize, Bill)],
    /// Networks of the options at the horizons that are drawn.
    pub networks: &'a [Built<'a>],
    /// What is drawn.
    pub wishes: &'a Wishes,
    /// The project list, all options.
    pub projects: &'a [Project],
    /// The option audit against another engine, when there is one.
    pub audit: Option<&'a ForeignTable>,
    /// The maps of the streets, when some runs had a surface.
    pub streets: Option<StreetMaterial<'a>>,
}

/// A report.
#[derive(Clone, Debug)]
pub struct Document {
    /// The page.
    pub html: String,
    /// Pictures that are only in the report, by name: to be kept as files beside the others.
    pub pictures: Vec<(String, Picture)>,
    /// Why some pictures could not be drawn.
    pub left_out: Vec<String>,
}

/// Writes a report, in the language of the sheet on which its pictures are drawn.
///
/// # Errors
/// When the page cannot be put together, which only an exhausted memory can cause.
pub fn write(material: &Material<'_>, template: Template, sheet: &Sheet) -> std::io::Result<Document> {
    let mut desk = Desk::new(material, sheet);
    let page = outline::page(&mut desk, template);
    let html = page.render().map_err(std::io::Error::other)?;
    Ok(Document { html, pictures: desk.pictures, left_out: desk.left_out.into_iter().collect() })
}
