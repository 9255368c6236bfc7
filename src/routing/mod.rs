//! Water in pipes and rivers.

pub mod flap_gate;
pub mod opening;
pub mod structure;

pub mod orifice;
pub mod outlet;
pub mod pump;
pub mod roadway;
pub mod weir;
