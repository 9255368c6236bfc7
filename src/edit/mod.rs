//! Changes of a network: measures, storms, river stages and horizons as edits of its document.
//!
//! A [`Network`] is the text of a model and the model that was read from it. Every edit rewrites or adds
//! fields of the text, and the text is read again: what is run is, to the byte, what can be written as
//! `.inp`. Edits are pure; a base network is never changed.

pub mod capacity;
pub mod change;
pub mod cost;
pub mod drainage;
pub mod editor;
pub mod measures;
pub mod network;
pub mod picking;
pub mod separate;
pub mod site;
pub mod weather;

pub use change::{Action, Change, FieldChange, Kind, Work};
pub use editor::Editor;
pub use network::Network;
pub use site::Site;

use crate::diagnostic::Diagnostic;

/// A network that a measure has changed.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The network.
    pub network: Network,
    /// What was changed, element by element, in the order of the edits.
    pub changes: Vec<Change>,
    /// What the engineer should know, such as crossings with other sewers.
    pub warnings: Vec<Diagnostic>,
}
