//! The ledger: columns into which every stage books each cubic metre.

pub mod balance;
pub mod node;
pub mod routing;
pub mod runoff;

pub use node::{NodeFlows, NodeLedger};
pub use routing::RoutingTotals;
pub use runoff::RunoffTotals;
