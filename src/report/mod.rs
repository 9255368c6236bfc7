//! Comparisons of the runs of a study: tables, pictures and a report that lay every option beside the base.
//!
//! [`tables`] writes a [`Comparison`](crate::assess::Comparison) as CSV, [`gallery`] draws it, [`document`] puts
//! it with what it means into one page.

pub mod document;
pub mod gallery;
pub mod geojson;
pub mod maps;
mod place;
pub mod project;
pub mod tables;
pub mod verification;
