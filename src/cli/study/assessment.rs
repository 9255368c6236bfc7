//! From the runs of a study to what they mean.

use crate::assess::{Assessment, Comparison, verification};
use crate::diagnostic::Diagnostic;
use crate::edit::cost::Bill;
use crate::study::Study;

/// What the runs of a study mean.
///
/// # Errors
/// When a rule set, a damage table or observations cannot be read.
pub(super) fn assess(
    study: &Study,
    comparison: &Comparison<'_>,
    _bills: &[(usize, Bill)],
) -> Result<Assessment, Vec<Diagnostic>> {
    let observed = study.scenario().observed.as_ref();
    Ok(Assessment {
        verification: observed.and_then(|observed| verification::scores(comparison, observed)),
        ..Assessment::default()
    })
}
