//! Larger pipes in place of existing ones.

use super::levels::{End, LevelPlan, ground, level, trench_depth};
use super::sizing::{as_rough, catalogue, equivalent_diameter, is_open, rounded_up};
use super::worksite::Worksite;
use crate::edit::capacity::diameter_for;
use crate::edit::change::{Kind, Work};
use crate::edit::editor::number;
use crate::model::link::Conduit;
use crate::model::section::{CrossSection, Shape};
use crate::model::{LinkId, Model};
use crate::scenario::catalogue::Catalogue;
use crate::scenario::measure::{Fix, Resize};

/// Carries out the measure.
pub(super) fn apply(work: &mut Worksite<'_>, resize: &Resize) {
    let pipes = work.conduits(&resize.pipes, resize.rule.as_ref());
    let ways = [resize.diameter.is_some(), resize.sizes.is_some(), resize.for_return_period.is_some()];
    if ways.iter().filter(|given| **given).count() != 1 {
        work.problem(
            "",
            "the measure does not say which diameter the pipes get",
            "give one of `diameter`, `sizes` and `for_return_period`",
        );
        return;
    }
    let sizes = if resize.diameter.is_some() && resize.catalogue.is_none() {
        None
    } else {
        let Some(sizes) = catalogue(work, resize.catalogue.as_deref()) else { return };
        Some(sizes)
    };
    let roughness = resize.roughness.or(sizes.map(|sizes| sizes.roughness));
    let mut levels = LevelPlan::default();
    for pipe in pipes {
        lay(work, resize, sizes, roughness, pipe, &mut levels);
    }
    levels.carry_out(work);
}

/// Lays one pipe anew.
fn lay(
    work: &mut Worksite<'_>,
    resize: &Resize,
    sizes: Option<&Catalogue>,
    roughness: Option<f64>,
    pipe: LinkId,
    levels: &mut LevelPlan,
) {
    let name = work.model().links.name(pipe);
    let element = format!("Conduit {name}");
    let Some((base, id)) = work.base_link(name) else { return };
    let Some(conduit) = base.links[id].conduit() else { return };
    if conduit.shape == Shape::Dummy || is_open(base, &conduit.shape) {
        work.problem(element, "an open channel is not resized as a pipe", "use `river`, or leave it out");
        return;
    }
    let Some(present) = equivalent_diameter(base, &conduit.shape) else { return };
    let wanted = match (resize.diameter, resize.sizes, resize.for_return_period, sizes) {
        (Some(diameter), _, _, None) => Some(diameter.0),
        (Some(diameter), _, _, Some(sizes)) => rounded_up(work, sizes, diameter.0, name),
        (_, Some(steps), _, Some(sizes)) => {
            let found = sizes.steps_above(present, steps as usize);
            if found.is_none() {
                let message = format!("{} has no {steps} sizes above {:.0} mm", sizes.name, present * 1000.0);
                work.problem(element.clone(), message, "ask for fewer, or name another catalogue");
            }
            found
        }
        (_, _, Some(years), Some(sizes)) => match diameter_for(work.site, name, years.0) {
            // the pipe that lies there carries enough, and need not be in the catalogue
            Ok(diameter) if diameter <= present => return,
            Ok(diameter) => {
                let new = roughness.unwrap_or(conduit.roughness);
                rounded_up(work, sizes, as_rough(diameter, conduit.roughness, new).max(present), name)
            }
            Err(problem) => {
                work.problems.push(problem);
                None
            }
        },
        _ => None,
    };
    let Some(diameter) = wanted else { return };
    if diameter < present * (1.0 - 1.0e-9) {
        let message = format!(
            "it is left at {:.0} mm, which is more than the {:.0} mm of the measure",
            present * 1000.0,
            diameter * 1000.0
        );
        work.warn(element, message, "a measure never makes a pipe smaller");
        return;
    }
    replace(work, (base, id, conduit), diameter, roughness, resize.fix, pipe, levels);
}

/// Writes the new pipe, and plans its levels.
fn replace(
    work: &mut Worksite<'_>,
    (base, id, conduit): (&Model, LinkId, &Conduit),
    diameter: f64,
    roughness: Option<f64>,
    fix: Fix,
    pipe: LinkId,
    levels: &mut LevelPlan,
) {
    let model = work.model();
    let name = model.links.name(pipe);
    let text = work.length(diameter);
    let changed = match conduit.shape {
        // the friction of a force main is in its section
        Shape::ForceMain { .. } => {
            let row = work.row(crate::input::inp::Section::Xsections, name);
            let friction = row.and_then(|row| work.editor.field(row, 3)).unwrap_or_default();
            work.set_section(name, &["FORCE_MAIN", &text, &friction])
        }
        _ => work.set_section(name, &["CIRCULAR", &text]),
    };
    if !changed {
        return;
    }
    if let (Some(roughness), Some(row)) = (roughness, work.link_row(pipe)) {
        work.alter((Kind::Link, name), "roughness", (row, 4), &number(roughness), "0");
    }
    let height = CrossSection::new(&conduit.shape, base).map_or(diameter, |section| section.full_depth);
    let drop = match fix {
        Fix::Invert => 0.0,
        Fix::Soffit => (diameter - height).max(0.0),
    };
    let link = &base.links[id];
    let mut ends = [(None, 0.0); 2];
    for (end, place) in End::BOTH.into_iter().zip(&mut ends) {
        let laid = level(base, id, end) - drop;
        *place = (Some(end.node(link)), laid);
        if drop > 0.0 {
            levels.put(pipe, end, laid);
        }
        let node = end.node(link);
        let surface = ground(base, node);
        if base.nodes[node].full_depth > 0.0 && laid + diameter > surface + 1.0e-6 {
            let message = format!(
                "its new crown lies {} above the ground at node {}, which SWMM raises to it",
                work.shown(laid + diameter - surface),
                base.nodes.name(node)
            );
            work.warn(format!("Conduit {name}"), message, "keep the soffit: fix = \"soffit\"");
        }
    }
    let depth = trench_depth(base, ends, diameter);
    let one = Work::Pipe { length: conduit.length, diameter, depth };
    work.note_works(Kind::Link, name, vec![one; conduit.barrels.max(1) as usize]);
}
