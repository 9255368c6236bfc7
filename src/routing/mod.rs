//! Water in pipes and rivers.

pub mod ends;
pub mod flap_gate;

pub mod culvert;
pub mod force_main;

pub mod conduit_params;

pub mod orifice;
pub mod outfall;
pub mod outlet;
pub mod pump;
pub mod roadway;
pub mod seepage;
pub mod storage;
pub mod weir;

pub mod structure;
