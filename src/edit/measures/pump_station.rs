//! A pump station: pumps that start one after the other by the level of their wet well.
//!
//! The first pump starts at `start` and is the last to stop, at `stop`. Each further one starts and stops
//! one n-th of the band between them higher, n being the number of pumps.

use super::levels::ground;
use super::rules::remove_rules_of;
use super::tank::constant_pump;
use super::worksite::{Names, Worksite};
use crate::edit::change::{Action, FieldChange, Kind, Work};
use crate::input::inp::Section;
use crate::model::NodeId;
use crate::model::link::LinkKind;
use crate::model::node::NodeKind;
use crate::scenario::measure::PumpStation;

/// Shortest time between two starts of a pump, s, by which a wet well is sized that nothing says
/// otherwise of. An assumption: six starts an hour.
const SHORTEST_CYCLE: f64 = 600.0;

/// Plan area (m²) of a wet well in which a pump of a flow q (m³/s) starts no more often than every T (s)
/// over a band of levels h (m): at an inflow of q/2 the cycle is shortest, `T = 4 A h / q`, so `A = q T / 4 h`.
fn wet_well_area(flow: f64, band: f64, cycle: f64) -> f64 {
    flow * cycle / (4.0 * band)
}

/// Carries out the measure.
pub(super) fn apply(work: &mut Worksite<'_>, station: &PumpStation) {
    let Some(at) = work.node(&station.at) else { return };
    let element = format!("Pump station {}", station.at);
    let number = station.pumps.unwrap_or(1);
    let band = station.start.0 - station.stop.0;
    let mut fits = true;
    if number == 0 || station.duty.0 <= 0.0 {
        work.problem(element.clone(), "it has no pump that runs", "give `duty` and `pumps` above 0");
        fits = false;
    }
    if band <= 0.0 {
        work.problem(element.clone(), "it starts no higher than it stops", "raise `start`, or lower `stop`");
        fits = false;
    }
    // what it is built on: the well's floor may lie lower by now, but never higher than in the base
    let invert = work.model().nodes[at].invert;
    if station.stop.0 <= invert {
        let message = format!(
            "it stops at {}, which is not above the floor of its wet well, {}",
            work.shown(station.stop.0),
            work.shown(invert)
        );
        work.problem(element.clone(), message, "raise `stop`");
        fits = false;
    }
    if let Some((base, id)) = work.base_node(&station.at)
        && station.start.0 >= ground(base, id)
    {
        let message = "it starts only when the water stands at the ground";
        work.problem(element, message, "lower `start`");
        fits = false;
    }
    let Some(to) = target(work, station) else { return };
    if !fits {
        return;
    }
    let share = station.duty.0 / f64::from(number);
    make_wet_well(work, station, at, wet_well_area(share, band, SHORTEST_CYCLE));
    if station.replaces {
        remove_pumps(work, station);
    }
    let curve = constant_pump(work, &format!("{}-pump", station.at), share);
    let step = band / f64::from(number);
    for index in 0..number {
        let name = work.free_name(Names::Link, &format!("{}-pump{}", station.at, index + 1));
        let rise = f64::from(index) * step;
        let start = work.length(station.start.0 + rise - invert);
        let stop = work.length(station.stop.0 + rise - invert);
        work.add(Section::Pumps, &[&name, &station.at, &to, &curve, "OFF", &start, &stop]);
        let [of_start, of_stop] = [work.in_lengths("starts at"), work.in_lengths("stops at")];
        let start = work.length(station.start.0 + rise);
        let stop = work.length(station.stop.0 + rise);
        let (of_flow, flow) = (work.in_flows("flow"), work.flow(share));
        let fields = [
            ("upper node", station.at.as_str()),
            ("lower node", &to),
            (&of_flow, &flow),
            (&of_start, &start),
            (&of_stop, &stop),
        ];
        // standby pumps are paid with the first
        let installed = share * (1.0 + if index == 0 { f64::from(station.standby) } else { 0.0 });
        work.note_added(Kind::Link, &name, &fields, vec![Work::PumpStation { flow: installed }]);
    }
}

/// The node that it delivers to.
fn target(work: &mut Worksite<'_>, station: &PumpStation) -> Option<String> {
    let element = format!("Pump station {}", station.at);
    if let Some(to) = &station.to {
        work.node(to)?;
        if to.eq_ignore_ascii_case(&station.at) {
            work.problem(element, "it delivers to its own wet well", "name another node in `to`");
            return None;
        }
        return Some(to.clone());
    }
    let (base, id) = work.base_node(&station.at)?;
    let pumps = base.links.items().iter();
    let mut targets: Vec<NodeId> = pumps
        .filter(|link| link.from == id && matches!(link.kind, LinkKind::Pump(_)))
        .map(|link| link.to)
        .collect();
    targets.dedup();
    match targets.as_slice() {
        [to] => Some(base.nodes.name(*to).to_owned()),
        [] => {
            work.problem(element, "there is no pump yet that says where it delivers to", "give `to`");
            None
        }
        _ => {
            work.problem(element, "the pumps that are there deliver to several nodes", "give `to`");
            None
        }
    }
}

/// Makes a storage unit of a junction, with the same floor and ground. All that names it stays as it is.
fn make_wet_well(work: &mut Worksite<'_>, station: &PumpStation, at: NodeId, default_area: f64) {
    let model = work.model();
    let (node, name) = (&model.nodes[at], model.nodes.name(at));
    match node.kind {
        NodeKind::Junction => {}
        NodeKind::Storage { .. } => {
            if station.wet_well_area.is_some() {
                let message = "its wet well is there already and keeps its area";
                work.warn(format!("Storage {name}"), message, "leave out `wet_well_area`");
            }
            return;
        }
        NodeKind::Outfall { .. } | NodeKind::Divider { .. } => {
            let message = "pumps cannot take water from an outfall or a divider";
            return work.problem(format!("Node {name}"), message, "name a junction or a storage unit");
        }
    }
    if node.ponded_area > 0.0 {
        let message = "water that ponded on it leaves it now, since storage units do not pond";
        work.warn(format!("Node {name}"), message, "give it a higher ground if that matters");
    }
    let Some(row) = work.node_row(at) else { return };
    work.editor.remove(row);
    let area = station.wet_well_area.map_or(default_area, |area| area.0);
    let [invert, depth, initial, surcharge] =
        [node.invert, ground(model, at) - node.invert, node.initial_depth, node.surcharge_depth]
            .map(|metres| work.length(metres));
    let area = work.area(area);
    let row = [name, &invert, &depth, &initial, "FUNCTIONAL", "0", "0", &area, &surcharge, "0"];
    work.add(Section::Storage, &row);
    let fields = [("kind", "junction", "storage unit"), ("wet well area", "", area.as_str())];
    let fields = fields.map(|(field, before, after)| FieldChange {
        field: field.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    });
    work.note(Kind::Node, name, Action::Altered, fields.into(), Vec::new());
}

/// Removes the pumps of the base that take water from the node, and the rules that run them.
fn remove_pumps(work: &mut Worksite<'_>, station: &PumpStation) {
    let Some((base, id)) = work.base_node(&station.at) else { return };
    let is_old = |link: &crate::model::link::Link| link.from == id && matches!(link.kind, LinkKind::Pump(_));
    let names: Vec<String> = base
        .links
        .iter()
        .filter(|(_, link)| is_old(link))
        .map(|(pump, _)| base.links.name(pump).to_owned())
        .filter(|name| work.model().links.find(name).is_some())
        .collect();
    for name in &names {
        for section in [Section::Pumps, Section::Xsections, Section::Losses, Section::Vertices] {
            for row in work.editor.rows(section, name) {
                work.editor.remove(row);
            }
        }
        work.note(Kind::Link, name, Action::Removed, Vec::new(), Vec::new());
    }
    let gone = |field: &String| names.iter().any(|name| name.eq_ignore_ascii_case(field));
    for row in work.editor.section(Section::Tags) {
        let fields = work.editor.fields(row);
        if let [kind, name, ..] = fields.as_slice()
            && kind.eq_ignore_ascii_case("LINK")
            && gone(name)
        {
            work.editor.remove(row);
        }
    }
    for row in work.editor.section(Section::Report) {
        let fields = work.editor.fields(row);
        let of_links = fields.first().is_some_and(|word| word.to_ascii_uppercase().starts_with("LINK"));
        if of_links && fields.iter().skip(1).any(gone) {
            let rest: Vec<String> = fields.into_iter().filter(|field| !gone(field)).collect();
            work.editor.remove(row);
            if rest.len() > 1 {
                work.editor.add(Section::Report, &rest);
            }
        }
    }
    remove_rules_of(work, &names);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wet_well_lets_a_pump_rest() {
        // 0.4 m³/s over 1 m every 10 min: 60 m²; filled in 300 s and emptied in 300 s by half its flow
        let area = wet_well_area(0.4, 1.0, 600.0);
        assert_eq!(area, 60.0);
        assert_eq!(area * 1.0 / 0.2 + area * 1.0 / (0.4 - 0.2), 600.0);
    }
}
