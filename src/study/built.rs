//! The network of an option at a horizon.

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
use crate::edit::measures::conflicts;
use crate::edit::weather::{grow, stop_pumps};
use crate::edit::{Change, Network, Site};
use crate::scenario::measure::{Measure, Verb};
use crate::scenario::study::{Choice, Horizon};

use super::opening::Applies;

/// What an option has built by a horizon, and what has grown by then.
#[derive(Clone, Debug)]
pub struct Built {
    /// The network.
    pub network: Network,
    /// What its measures changed, in their order; each names its measure.
    pub changes: Vec<Change>,
    /// What they warn of.
    pub warnings: Vec<Diagnostic>,
}

/// The measures of an option that are built by a horizon, with their index in the option.
pub(super) fn measures_by<'a>(
    choice: &'a Choice,
    horizon: &'a Horizon,
) -> impl Iterator<Item = (usize, &'a Measure)> {
    let measures = choice.table.measures.iter().enumerate();
    measures.filter(|(_, measure)| horizon.table.phases.contains(&measure.phase))
}

/// Builds the measures one after the other, then lets the horizon grow and its pumps fail.
pub(super) fn build(
    site: &Site,
    choice: &Choice,
    horizon: &Horizon,
    applies: Applies,
) -> Result<Built, Vec<Diagnostic>> {
    let mut built = Built { network: site.base.clone(), changes: Vec::new(), warnings: Vec::new() };
    let mut problems = Vec::new();
    for (index, measure) in measures_by(choice, horizon) {
        let of_measure = |found: Diagnostic| of(found, choice, index, measure);
        match applies(&built.network, site, index, &as_connected(measure, horizon)) {
            Ok(edited) => {
                built.network = edited.network;
                built.changes.extend(edited.changes);
                built.warnings.extend(edited.warnings.into_iter().map(of_measure));
            }
            // the others are applied all the same, so that all that is wrong is said at once
            Err(found) => problems.extend(found.into_iter().map(of_measure)),
        }
    }
    let contradictions = conflicts(&built.changes).into_iter();
    problems.extend(contradictions.map(|found| {
        let message = format!("option {}: {}", choice.name, found.message);
        Diagnostic { message, ..found }
    }));
    if !problems.is_empty() {
        return Err(problems);
    }
    let grown = grow(&built.network, &horizon.table)?;
    let (network, warnings) = stop_pumps(&grown, &site.base, &horizon.table.pumps_out)?;
    built.network = network;
    built.warnings.extend(warnings.into_iter().map(|found| {
        let message = format!("option {}, horizon {}: {}", choice.name, horizon.name, found.message);
        Diagnostic { message, ..found }
    }));
    Ok(built)
}

/// The measure with the misconnection of the horizon, where it separates and the horizon says one.
fn as_connected<'a>(measure: &'a Measure, horizon: &Horizon) -> Cow<'a, Measure> {
    let Some(share) = horizon.table.misconnection else { return Cow::Borrowed(measure) };
    let mut measure = Cow::Borrowed(measure);
    if matches!(measure.verb, Verb::Separate(_))
        && let Verb::Separate(separate) = &mut measure.to_mut().verb
    {
        separate.storm_to_foul = share;
    }
    measure
}

/// Names the measure where a problem names no element.
fn of(found: Diagnostic, choice: &Choice, index: usize, measure: &Measure) -> Diagnostic {
    if !found.element.is_empty() {
        return found;
    }
    let word = measure.name.as_deref().unwrap_or_else(|| measure.verb.word());
    found.of(format!("option {}, measure {}: {word}", choice.name, index + 1))
}
