//! The opening of a manhole; see [`crate::routing::exchange`].

pub use crate::routing::exchange::Opening;
