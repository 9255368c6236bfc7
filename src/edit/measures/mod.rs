//! Measures as edits: one file a verb. Each changes the text of a network and says what it changed and what
//! has to be built for it.
//!
//! Everything that a measure derives is derived from the base of the [`Site`]; the network that it is given
//! is only written to. Measures of one option may therefore come in any order, unless [`conflicts`] finds
//! that two contradict each other.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod conflicts;
mod gate;
mod levels;
mod new_link;
mod parallel;
mod plan;
mod pump_station;
mod repair;
mod resize;
mod river;
mod roughness;
mod rules;
mod silt;
mod sizing;
mod tank;
mod weir;
mod worksite;

#[cfg(test)]
mod tests;

pub use conflicts::conflicts;

use super::{Edited, Network, Site, separate};
use crate::diagnostic::Diagnostic;
use crate::scenario::measure::{Measure, Verb};
use worksite::Worksite;

/// Carries out a measure on a network. `index` is the number of the measure in its option, which its
/// changes carry.
///
/// # Errors
/// All problems: names that the network lacks, details that contradict each other or the network, and
/// measures that need physics which is not simulated yet.
pub fn apply(
    network: &Network,
    site: &Site,
    index: usize,
    measure: &Measure,
) -> Result<Edited, Vec<Diagnostic>> {
    let mut work = Worksite::new(network, site, index, &measure.phase);
    match &measure.verb {
        Verb::Resize(resize) => resize::apply(&mut work, resize),
        Verb::Parallel(parallel) => parallel::apply(&mut work, parallel),
        Verb::Link(link) => new_link::apply(&mut work, link),
        Verb::Tank(tank) => tank::apply(&mut work, tank),
        Verb::PumpStation(station) => pump_station::apply(&mut work, station),
        Verb::Gate(gate) => gate::apply(&mut work, gate),
        Verb::Weir(weir) => weir::apply(&mut work, weir),
        Verb::Roughness(roughness) => roughness::apply(&mut work, roughness),
        Verb::Silt(silt) => silt::apply(&mut work, silt),
        Verb::Repair(repair) => repair::apply(&mut work, repair),
        Verb::River(river) => river::apply(&mut work, river),
        Verb::Separate(details) => return separate::apply(network, site, index, &measure.phase, details),
        Verb::Lid(_) => return Err(vec![not_yet("low-impact development (`lid`)")]),
        Verb::Inlets(_) => return Err(vec![not_yet("street inlets (`inlets`)")]),
    }
    work.finish()
}

/// A measure whose physics is not there.
fn not_yet(what: &str) -> Diagnostic {
    Diagnostic::unsupported(format!("the measure needs {what}")).help("take the measure out of the option")
}
