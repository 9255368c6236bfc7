//! A second pipe beside existing ones.

use super::levels::{End, level, trench_depth};
use super::sizing::{catalogue, rounded_up};
use super::worksite::{Names, Worksite};
use crate::edit::capacity::additional_diameter_for;
use crate::edit::change::{Kind, Work};
use crate::edit::editor::{Editor, number};
use crate::input::inp::Section;
use crate::model::LinkId;
use crate::model::section::Shape;
use crate::scenario::catalogue::Catalogue;
use crate::scenario::measure::Parallel;

/// Carries out the measure.
pub(super) fn apply(work: &mut Worksite<'_>, parallel: &Parallel) {
    let pipes = work.conduits(&parallel.pipes, parallel.rule.as_ref());
    if parallel.diameter.is_some() == parallel.for_return_period.is_some() {
        work.problem(
            "",
            "the measure does not say which diameter the pipes get",
            "give one of `diameter` and `for_return_period`",
        );
        return;
    }
    let sizes = if parallel.diameter.is_some() && parallel.catalogue.is_none() {
        None
    } else {
        let Some(sizes) = catalogue(work, parallel.catalogue.as_deref()) else { return };
        Some(sizes)
    };
    let text = Editor::new(&work.site.base);
    for pipe in pipes {
        lay(work, parallel, sizes, &text, pipe);
    }
}

/// Lays one pipe: nodes, levels, length, losses and flap gate are those of the pipe beside it in the base.
fn lay(work: &mut Worksite<'_>, parallel: &Parallel, sizes: Option<&Catalogue>, text: &Editor, pipe: LinkId) {
    let beside = work.model().links.name(pipe);
    let Some((base, id)) = work.base_link(beside) else { return };
    let link = &base.links[id];
    let Some(conduit) = link.conduit() else { return };
    if conduit.shape == Shape::Dummy {
        work.problem(format!("Conduit {beside}"), "it has no section", "name a pipe that has one");
        return;
    }
    let own = parallel.roughness.or(sizes.map(|sizes| sizes.roughness));
    let roughness = own.unwrap_or(conduit.roughness);
    let wanted = match (parallel.diameter, parallel.for_return_period) {
        (Some(diameter), _) => Ok(diameter.0),
        (_, Some(years)) => additional_diameter_for(work.site, beside, years.0, roughness),
        _ => return,
    };
    let wanted = match wanted {
        Ok(wanted) if wanted <= 0.0 => return,
        Ok(wanted) => wanted,
        Err(problem) => return work.problems.push(problem),
    };
    let diameter = match sizes {
        None => Some(wanted),
        Some(sizes) => rounded_up(work, sizes, wanted, beside),
    };
    let Some(diameter) = diameter else { return };

    let model = work.model();
    let name = work.free_name(Names::Link, &format!("{beside}-p"));
    let mut ends = [(None, 0.0); 2];
    let mut offsets = [const { String::new() }; 2];
    let mut nodes = [""; 2];
    for (index, end) in End::BOTH.into_iter().enumerate() {
        let node = end.node(link);
        let at = level(base, id, end);
        let node_name = base.nodes.name(node);
        // the node may have been lowered by another measure; the pipe keeps its level
        let invert =
            model.nodes.find(node_name).map_or(base.nodes[node].invert, |now| model.nodes[now].invert);
        let places = ends.iter_mut().zip(&mut offsets).zip(&mut nodes).nth(index);
        let Some(((place, offset), written)) = places else { continue };
        *place = (Some(node), at);
        *offset = work.offset(at, invert);
        *written = node_name;
    }
    let [from, to] = nodes;
    let [upper, lower] = offsets;
    let length = work.length(conduit.length);
    let diameter_text = work.length(diameter);
    work.add(Section::Conduits, &[&name, from, to, &length, &number(roughness), &upper, &lower, "0", "0"]);
    work.add(Section::Xsections, &[&name, "CIRCULAR", &diameter_text, "0", "0", "0", "1"]);
    copy_rows(work, text, &name, beside);
    let depth = trench_depth(base, ends, diameter);
    let [of_length, of_diameter] = [work.in_lengths("length"), work.in_lengths("diameter")];
    let fields =
        [("upper node", from), ("lower node", to), (&of_length, &length), (&of_diameter, &diameter_text)];
    work.note_added(Kind::Link, &name, &fields, vec![Work::Pipe { length: conduit.length, diameter, depth }]);
}

/// Copies losses, flap gate, tag and vertices of the base's pipe to the one beside it.
fn copy_rows(work: &mut Worksite<'_>, base: &Editor, name: &str, beside: &str) {
    let now;
    let editor = if base.row(Section::Conduits, beside).is_some() {
        base
    } else {
        now = work.editor.clone();
        &now
    };
    for section in [Section::Losses, Section::Vertices] {
        for row in editor.rows(section, beside) {
            let fields = editor.fields(row);
            let copied: Vec<&str> =
                std::iter::once(name).chain(fields.iter().skip(1).map(String::as_str)).collect();
            work.add(section, &copied);
        }
    }
    for row in editor.section(Section::Tags) {
        let fields = editor.fields(row);
        if let [kind, link, tag @ ..] = fields.as_slice()
            && kind.eq_ignore_ascii_case("LINK")
            && link.eq_ignore_ascii_case(beside)
        {
            let copied: Vec<&str> =
                ["Link", name].into_iter().chain(tag.iter().map(String::as_str)).collect();
            work.add(Section::Tags, &copied);
        }
    }
}
