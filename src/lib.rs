//! **pailao** (排涝, to drain flood water): a flood and drainage scenario simulator.
//!
//! A reader who follows a raindrop from the gauge to the flooded street walks through the modules
//! once, downward: each module uses only modules above it (a test holds this order; see
//! `ARCHITECTURE.md`). The page to read first is [`simulation`].
#![warn(missing_docs)]

pub mod num;

pub mod clock;
pub mod diagnostic;
pub mod units;

pub mod model;

pub mod scenario;

pub mod input;

pub mod ledger;

pub mod statistics;

pub mod forcing;

pub mod runoff;

pub mod inflow;

pub mod routing;

pub mod surface;

pub mod simulation;

pub mod street;

pub mod inundation;

pub mod results;

pub mod edit;

pub mod study;

pub mod assess;

pub mod plot;

pub mod report;

#[cfg(feature = "cli")]
pub mod cli;
