//! The check of a whole model: EPA's error conditions, and EPA's corrections with their warnings.

use super::Model;
use crate::diagnostic::Diagnostic;

/// Checks a model and corrects what EPA SWMM corrects.
pub fn check(_model: &mut Model) -> Vec<Diagnostic> {
    Vec::new()
}
