//! Comparisons of the runs of a study: tables, pictures and a report that lay every option beside the base.
//!
//! [`tables`] writes a [`Comparison`](crate::assess::Comparison) as CSV, [`assessment_tables`] what it
//! means, [`gallery`] draws it, [`document`] puts all of it into one page.

pub mod assessment_tables;
pub mod document;
pub mod gallery;
pub mod geojson;
pub mod kept_maps;
pub mod maps;
mod place;
pub mod project;
pub mod scorecard;
pub mod street_gallery;
pub mod tables;
pub mod verification;
