//! Result files: one module a format, written and read.

pub mod csv;
pub mod out;
pub mod rpt;

#[cfg(test)]
mod sample;
