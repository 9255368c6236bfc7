//! `[INFLOWS]` and `[DWF]`.

use super::draft::Draft;
use super::heading::is_keyword;
use super::row::Row;
use crate::model::NodeId;
use crate::model::curve::PatternKind;
use crate::model::node::{DirectInflow, DryWeatherFlow};

/// What flows in.
#[derive(Clone, Copy, PartialEq)]
enum Constituent {
    Water,
    /// A pollutant (used once quality is simulated).
    Pollutant,
}

/// Node and constituent of a line.
fn subject(row: &mut Row<'_, '_>, draft: &Draft) -> Option<(NodeId, Constituent)> {
    let node = row.find(0, "node", &draft.model.nodes);
    let constituent = if draft.pollutants.find(row.text(1)).is_some() {
        Some(Constituent::Pollutant)
    } else if is_keyword(row.text(1), "FLOW") {
        Some(Constituent::Water)
    } else {
        let name = row.text(1);
        row.error(209, 1, format!("there is no pollutant '{name}'"), "FLOW, or the name of a pollutant");
        None
    };
    Some((node?, constituent?))
}

/// Reads a direct inflow. A later line for the same node takes the place of an earlier one.
pub(super) fn read_inflow(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Node");
    let form = "node, FLOW or a pollutant, time series or \"\" (, FLOW or CONCEN or MASS, unit factor, scale factor, \
                baseline, pattern)";
    if !row.has(3, form) {
        return;
    }
    let Some((node, constituent)) = subject(row, draft) else { return };
    let model = &draft.model;
    let series = match row.text(2) {
        "" => None,
        _ => match row.find(2, "time series", &model.series) {
            Some(series) => Some(series),
            None => return,
        },
    };
    if constituent == Constituent::Pollutant && row.len() > 3 {
        let mass = row.keyword(3, "kind of inflow", &[("CONCEN", false), ("MASS", true)]);
        if mass == Some(true) && row.len() > 4 {
            row.positive(4, "the unit factor");
        }
    }
    let scale = row.number_or(5, "the scale factor", 1.0);
    let baseline = row.number_or(6, "the baseline", 0.0) * model.units.flow;
    let pattern = if row.len() > 7 { row.find(7, "pattern", &model.patterns) } else { None };
    if constituent == Constituent::Water {
        draft.model.nodes[node].inflow = Some(DirectInflow { series, scale, baseline, pattern });
    }
}

/// Reads a dry-weather flow. A later line for the same node takes the place of an earlier one.
pub(super) fn read_dry_weather(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Node");
    if !row.has(3, "node, FLOW or a pollutant, average (, up to 4 patterns)") {
        return;
    }
    let Some((node, constituent)) = subject(row, draft) else { return };
    let model = &draft.model;
    let average = row.number(2, "the average") * model.units.flow;
    let patterns = std::array::from_fn(|i| match row.text(3 + i) {
        "" => None,
        _ => row.find(3 + i, "pattern", &model.patterns),
    });
    if constituent == Constituent::Water {
        draft.model.nodes[node].dry_weather = Some(DryWeatherFlow { average, patterns });
    }
}

/// Puts the patterns of each dry-weather flow in the order of their kinds; of two of a kind the later
/// one counts, as in SWMM.
pub(super) fn finish(draft: &mut Draft) {
    let patterns = &draft.model.patterns;
    for (_, node) in draft.model.nodes.iter_mut() {
        let Some(flow) = &mut node.dry_weather else { continue };
        let kinds = [PatternKind::Monthly, PatternKind::Daily, PatternKind::Hourly, PatternKind::Weekend];
        let given = flow.patterns;
        flow.patterns =
            kinds.map(|kind| given.into_iter().rev().flatten().find(|&id| patterns[id].kind == kind));
    }
}
