//! Changes of a network: measures, storms, river stages and horizons as edits of its document.
//!
//! A [`Network`] is the text of a model and the model that was read from it. Every edit rewrites or adds
//! fields of the text, and the text is read again: what is run is, to the byte, what can be written as
//! `.inp`. Edits are pure; a base network is never changed.

pub mod change;
pub mod network;

pub use change::{Action, Change, FieldChange, Kind, Work};
pub use network::Network;
