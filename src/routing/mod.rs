//! Water in pipes and rivers.

pub mod control;
