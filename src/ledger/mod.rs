//! The ledger: columns into which every stage books each cubic metre.

pub mod routing;
pub mod runoff;
