//! Pump stations without power.
//!
//! Their pumps get a curve of no flow. Levels and control rules stay as they are: a controller may call for a pump
//! that cannot run, and what reads its state reads what was called for.

use crate::diagnostic::Diagnostic;
use crate::input::inp::Section;
use crate::model::LinkId;
use crate::model::link::LinkKind;

use super::super::editor::Editor;
use super::super::network::Network;
use super::series::Names;

/// All pump stations of a network.
const ALL: &str = "*";

/// A network in which the pumps that draw from some nodes (`*`: all) deliver nothing, and warnings of nodes that no
/// pump draws from. Without nodes it gives back every byte.
///
/// # Errors
/// Nodes that `base` and the network both lack, or a text that cannot be read any more.
pub fn stop_pumps(
    network: &Network,
    base: &Network,
    stations: &[String],
) -> Result<(Network, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (mut problems, mut warnings, mut stopped) = (Vec::new(), Vec::new(), Vec::new());
    for station in stations {
        let found = pumps_of(network, station);
        let is_node = [network, base].iter().any(|known| known.model.nodes.find(station).is_some());
        if found.is_empty() && station != ALL && !is_node {
            let message = format!("`pumps_out`: there is no node `{station}`");
            problems.push(Diagnostic::error(0, message).help("name the node that the pumps draw from"));
        } else if found.is_empty() {
            let message = format!("`pumps_out`: no pump draws from `{station}` here");
            warnings.push(Diagnostic::warning(0, message));
        }
        stopped.extend(found);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if stopped.is_empty() {
        return Ok((network.clone(), warnings));
    }
    let mut editor = Editor::new(network);
    let curve = Names::of(network).free("no_power", "pump");
    // a pump whose flow goes by the depth at its inlet: none at any depth
    editor.add(Section::Curves, &[curve.as_str(), "PUMP4", "0", "0"]);
    editor.add(Section::Curves, &[curve.as_str(), "100", "0"]);
    for pump in stopped {
        if let Some(row) = editor.row(Section::Pumps, network.model.links.name(pump)) {
            editor.set(row, 3, &curve, "*");
        }
    }
    Ok((editor.finish()?, warnings))
}

/// The pumps that draw from a node.
fn pumps_of(network: &Network, station: &str) -> Vec<LinkId> {
    let (links, at) = (&network.model.links, network.model.nodes.find(station));
    let draws = |id: &LinkId| {
        let link = &links[*id];
        matches!(link.kind, LinkKind::Pump(_)) && (station == ALL || Some(link.from) == at)
    };
    links.ids().filter(draws).collect()
}
