//! Water in pipes and rivers: conduits, junctions, structures, controls; the dynamic wave.
//!
//! [`Params`] is compiled once from a checked model, [`State`] belongs to one run, [`step`]
//! advances it by one routing step.

pub mod conduit_flow;
pub mod conduit_loss;
pub mod conduit_params;
pub mod culvert;
pub mod dynamic;
pub mod force_main;
pub mod node_depth;
pub mod orifice;
pub mod outfall;
pub mod outlet;
pub mod params;
pub mod pump;
pub mod regulator;
pub mod structure;
pub mod opening;
pub mod flap_gate;
pub mod roadway;
pub mod seepage;
pub mod setting;
pub mod state;
pub mod storage;
pub mod time_step;
pub mod weir;

pub use params::Params;
pub use state::State;
