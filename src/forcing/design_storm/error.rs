//! Why there is no storm.

use crate::diagnostic::Diagnostic;

/// Why a storm cannot be computed, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct StormError {
    /// What is wrong.
    pub message: String,
    /// What would be right; empty when the message says all.
    pub help: String,
}

impl StormError {
    /// An error without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: String::new() }
    }
    /// With what would be right.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

impl From<StormError> for Diagnostic {
    fn from(error: StormError) -> Self {
        Self::error(0, error.message).help(error.help)
    }
}
