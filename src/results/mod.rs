//! Result files: one module a format, written and read.

pub mod out;

#[cfg(test)]
mod sample;
