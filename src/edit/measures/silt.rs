//! Silt in circular pipes, or its removal.

use super::worksite::Worksite;
use crate::edit::change::{Kind, Work};
use crate::model::LinkId;
use crate::model::section::Shape;
use crate::scenario::measure::Silt;

/// Carries out the measure.
pub(super) fn apply(work: &mut Worksite<'_>, silt: &Silt) {
    if !(0.0..1.0).contains(&silt.depth.0) {
        return work.problem("", "the silt does not fit into a pipe", "give a share from 0 % to below 100 %");
    }
    for pipe in work.conduits(&silt.pipes, silt.rule.as_ref()) {
        fill(work, silt.depth.0, pipe);
    }
}

/// Fills a pipe to a share of its diameter; less silt than before is a cleaning.
fn fill(work: &mut Worksite<'_>, share: f64, pipe: LinkId) {
    let name = work.model().links.name(pipe);
    let Some((base, id)) = work.base_link(name) else { return };
    let Some(conduit) = base.links[id].conduit() else { return };
    let (diameter, before) = match conduit.shape {
        Shape::Circular { diameter } => (diameter, 0.0),
        Shape::FilledCircular { diameter, sediment } => (diameter, sediment),
        _ => {
            let message = "SWMM knows silt in circular pipes only";
            return work.problem(format!("Conduit {name}"), message, "leave it out");
        }
    };
    let sediment = share * diameter;
    let text = work.length(diameter);
    let changed = if sediment > 0.0 {
        let silt = work.length(sediment);
        work.set_section(name, &["FILLED_CIRCULAR", &text, &silt])
    } else {
        work.set_section(name, &["CIRCULAR", &text])
    };
    if changed && sediment < before {
        let one = Work::Cleaning { length: conduit.length, diameter };
        work.note_works(Kind::Link, name, vec![one; conduit.barrels.max(1) as usize]);
    }
}
