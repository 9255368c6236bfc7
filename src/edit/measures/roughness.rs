//! New roughness of conduits, by lining, cleaning or ageing.

use super::sizing::equivalent_diameter;
use super::worksite::Worksite;
use crate::edit::change::{Kind, Work};
use crate::edit::editor::number;
use crate::model::LinkId;
use crate::model::section::Shape;
use crate::scenario::measure::{Method, Roughness};

/// Carries out the measure.
pub(super) fn apply(work: &mut Worksite<'_>, roughness: &Roughness) {
    if roughness.to <= 0.0 {
        return work.problem(
            "",
            "the roughness is not above 0",
            "give Manning's n, such as 0.010 of a lining",
        );
    }
    if roughness.wall.is_some() && roughness.method != Method::Lining {
        return work.problem("", "only a lining has a wall", "leave out `wall`");
    }
    for pipe in work.conduits(&roughness.pipes, roughness.rule.as_ref()) {
        treat(work, roughness, pipe);
    }
}

fn treat(work: &mut Worksite<'_>, roughness: &Roughness, pipe: LinkId) {
    let name = work.model().links.name(pipe);
    let element = format!("Conduit {name}");
    let Some((base, id)) = work.base_link(name) else { return };
    let Some(conduit) = base.links[id].conduit() else { return };
    match conduit.shape {
        Shape::Irregular(_) | Shape::Street(_) => {
            let message = "its roughness is that of its surveyed section";
            return work.problem(element, message, "use `river`, which gives the section another roughness");
        }
        Shape::ForceMain { .. } => {
            let message = "the friction of a force main is no Manning roughness";
            return work.problem(element, message, "leave it out");
        }
        Shape::Dummy => return work.problem(element, "it has no section", "leave it out"),
        _ => {}
    }
    let Some(row) = work.link_row(pipe) else { return };
    let mut changed = work.alter((Kind::Link, name), "roughness", (row, 4), &number(roughness.to), "0");
    if let Some(wall) = roughness.wall {
        let Shape::Circular { diameter } = conduit.shape else {
            let message = "a lining takes its wall off the diameter of circular pipes only";
            return work.problem(element, message, "leave out `wall`");
        };
        if wall.0 < 0.0 || wall.0 >= diameter {
            return work.problem(
                element,
                "the wall does not fit into the pipe",
                "give the wall as a length below the diameter",
            );
        }
        let text = work.length(diameter - wall.0);
        changed |= work.set_section(name, &["CIRCULAR", &text]);
    }
    let Some(diameter) = equivalent_diameter(base, &conduit.shape).filter(|_| changed) else { return };
    let length = conduit.length;
    let one = match roughness.method {
        Method::Lining => Work::Lining { length, diameter },
        Method::Cleaning => Work::Cleaning { length, diameter },
        Method::Ageing => return,
    };
    work.note_works(Kind::Link, name, vec![one; conduit.barrels.max(1) as usize]);
}
