//! Comparisons of the runs of a study: tables and pictures that lay every option beside the base.
//!
//! [`tables`] writes a [`Comparison`](crate::assess::Comparison) as CSV, [`gallery`] draws it.

pub mod gallery;
pub mod geojson;
pub mod maps;
mod place;
pub mod project;
pub mod tables;
pub mod verification;
