//! Whether runs are good enough to be believed: continuity and convergence.

use crate::assess::Case;
use crate::assess::verdict::Outcome;
use crate::study::digest::Digest;

use super::overflow::at_most;
use super::{Finding, Question};

/// The largest continuity error, of land, network or street, in all runs.
pub(super) fn continuity(question: &Question<'_>) -> Finding {
    of_runs(question, |digest| {
        let surface = digest.street.as_ref().map_or(0.0, |street| 100.0 * street.water.volume_error);
        digest.routing_error().abs().max(digest.runoff_error().abs()).max(surface.abs())
    })
}

/// Steps that did not converge, per cent, in all runs.
pub(super) fn stability(question: &Question<'_>) -> Finding {
    of_runs(question, |digest| digest.not_converged())
}

fn of_runs(question: &Question<'_>, value: impl Fn(&Digest) -> f64) -> Finding {
    let comparison = question.ground.comparison;
    let mine = comparison
        .runs
        .iter()
        .filter(|run| run.option == question.option && run.case.horizon == question.horizon);
    let mut worst: Option<(f64, Case)> = None;
    let mut missing = Vec::new();
    for run in mine {
        match run.digest() {
            Some(digest) => {
                let value = value(digest);
                if worst.is_none_or(|(most, _)| value > most) {
                    worst = Some((value, run.case));
                }
            }
            None => missing.push(question.why_missing(run.case)),
        }
    }
    let Some((value, case)) = worst else {
        let mut finding = Finding::not_assessed("there are no runs", "没有计算结果");
        finding.remarks.extend(missing);
        return finding;
    };
    let mut finding = at_most(question, value, 100.0);
    finding.governing = Some(case);
    if finding.outcome == Some(Outcome::Passed) && !missing.is_empty() {
        // runs that broke down are no sign of quality
        (finding.outcome, finding.value, finding.close) = (None, None, false);
    }
    finding.remarks.extend(missing);
    finding
}
