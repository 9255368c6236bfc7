//! Comparisons of the runs of a study: tables and pictures that lay every option beside the base.
//!
//! [`tables`] writes a [`Comparison`](crate::assess::Comparison) as CSV, [`assessment_tables`] what it
//! means, [`gallery`] draws it.

pub mod assessment_tables;
pub mod gallery;
pub mod tables;
