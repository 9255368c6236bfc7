//! Statistics: columns into which every stage books each extreme.
//!
//! One [`RunSummary`] holds what a run leaves behind besides its time series; reports are written
//! from it. Statistics of the network are updated once per routing step, after the step, by
//! [`NetworkStatistics::update`]; they begin at the reporting start, as SWMM's do.

pub mod link;
pub mod network;
pub mod node;
pub mod rain_files;
pub mod ranking;
pub mod subcatchment;
pub mod summary;
pub mod time_step;

pub use link::{FlowClass, FullState, LinkCapacity, LinkStatistics, LinkStep};
pub use network::NetworkStatistics;
pub use node::{NodeStatistics, NodeStep};
pub use summary::RunSummary;
pub use time_step::TimeStepStatistics;
