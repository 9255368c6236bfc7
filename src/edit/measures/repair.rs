//! Leaks stopped, and flap gates put on outlets.

use super::gate::flap_area;
use super::sizing::{equivalent_diameter, is_open};
use super::worksite::Worksite;
use crate::edit::change::{Kind, Work};
use crate::edit::editor::{Editor, Row, number};
use crate::input::inp::Section;
use crate::model::{LinkId, NodeId};
use crate::scenario::measure::Repair;

/// Carries out the measure.
pub(super) fn apply(work: &mut Worksite<'_>, repair: &Repair) {
    let share = repair.infiltration_stopped.map_or(0.0, |share| share.0);
    if !(0.0..=1.0).contains(&share) {
        return work.problem(
            "",
            "more than all infiltration is stopped, or less than none",
            "give 0 % to 100 %",
        );
    }
    if share == 0.0 && !repair.flap_gate {
        return work.problem("", "the measure repairs nothing", "give `infiltration_stopped` or `flap_gate`");
    }
    let pipes = work.conduits(&repair.pipes, repair.rule.as_ref());
    if repair.flap_gate {
        for &pipe in &pipes {
            let name = work.model().links.name(pipe);
            if work.set_flap_gate(name, true) {
                let area = flap_area(work, name);
                work.note_works(Kind::Link, name, vec![Work::FlapGate { area }]);
            }
        }
    }
    if share > 0.0 {
        stop_infiltration(work, &pipes, share);
    }
}

/// Lowers the constant direct inflow into the upper nodes of some pipes by a share of what the base has.
/// All pipes that leave such a node are lined.
fn stop_infiltration(work: &mut Worksite<'_>, pipes: &[LinkId], share: f64) {
    let model = work.model();
    let mut nodes: Vec<NodeId> = Vec::new();
    let mut lined = false;
    for &pipe in pipes {
        let (link, name) = (&model.links[pipe], model.links.name(pipe));
        if link.conduit().is_some_and(|conduit| is_open(model, &conduit.shape)) {
            let message = "an open channel has no leaks to stop; what flows in there is its base flow";
            work.problem(format!("Conduit {name}"), message, "leave it out");
            continue;
        }
        let node = model.nodes.name(link.from);
        let inflow = work.base_node(node).and_then(|(base, id)| base.nodes[id].inflow);
        let baseline = inflow.map_or(0.0, |inflow| inflow.baseline);
        if baseline <= 0.0 {
            continue;
        }
        if !nodes.contains(&link.from) {
            nodes.push(link.from);
            if !reduce(work, node, share) {
                continue;
            }
        }
        lined = true;
        if let Some((base, id)) = work.base_link(name)
            && let Some(conduit) = base.links[id].conduit()
            && let Some(diameter) = equivalent_diameter(base, &conduit.shape)
        {
            let one = Work::Lining { length: conduit.length, diameter };
            work.note_works(Kind::Link, name, vec![one; conduit.barrels.max(1) as usize]);
        }
    }
    if !lined {
        let message =
            "no constant inflow enters at the upper nodes of these pipes, so that nothing is stopped";
        work.warn("", message, "infiltration is the baseline of `[INFLOWS]`");
    }
}

/// Writes the baseline of a node; whether it changed.
fn reduce(work: &mut Worksite<'_>, node: &str, share: f64) -> bool {
    let Some(row) = water_row(&work.editor, node) else { return false };
    // the number of the base as it is written, not through SWMM's factor of the unit
    let base = Editor::new(&work.site.base);
    let baseline = water_row(&base, node).and_then(|row| base.field(row, 6));
    let baseline = baseline.or_else(|| work.editor.field(row, 6));
    let Some(baseline) = baseline.and_then(|text| text.parse::<f64>().ok()) else { return false };
    let field = work.in_flows("constant inflow");
    work.alter((Kind::Node, node), &field, (row, 6), &number(baseline * (1.0 - share)), "0")
}

/// The row of the direct inflow of water that counts: the last.
fn water_row(editor: &Editor, node: &str) -> Option<Row> {
    let of_water =
        |row: &Row| editor.field(*row, 1).is_some_and(|what| what.to_ascii_uppercase().starts_with("FLOW"));
    editor.rows(Section::Inflows, node).into_iter().rfind(of_water)
}
