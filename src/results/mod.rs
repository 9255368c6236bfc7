//! Result files: one module a format, written and read.

pub mod csv;
mod mark;
pub mod out;
pub mod raster;
pub mod rpt;
pub mod street_maps;
pub mod street_stack;
pub mod whole_file;

#[cfg(test)]
mod sample;
