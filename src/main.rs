//! The `pailao` program.
fn main() {}
