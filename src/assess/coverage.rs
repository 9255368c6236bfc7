//! Which dry-weather flow reaches a treatment works through the network.
//!
//! Flow follows links in the direction that the file gives. Where a node has several ways, one that ends at a works is
//! enough: a weir to the river beside a throttle to the interceptor does not spill in dry weather by itself; whether it
//! does in a run is a matter of its digest. So this says what the network can do, not what it does.

use std::collections::VecDeque;

use crate::model::{Model, NodeId};
use crate::num::index::Id;

/// A node with dry-weather flow that reaches no treatment works.
#[derive(Clone, Debug, PartialEq)]
pub struct Unconnected {
    /// The node.
    pub node: String,
    /// Its dry-weather flow on average, m³/s.
    pub flow: f64,
    /// Where the nearest way ends.
    pub ends: End,
}

/// Where a way ends that reaches no treatment works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// At a node that no link leaves: the link is missing.
    DeadEnd(String),
    /// At an outfall that is an overflow.
    Overflow(String),
    /// At another outfall: a direct discharge (直排口).
    Discharge(String),
    /// In a circle of links.
    Circle,
}

/// Coverage of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// Dry-weather flow of all nodes on average, m³/s.
    pub flow: f64,
    /// That of the nodes which reach a treatment works, m³/s.
    pub connected: f64,
    /// The others, in the order of the network.
    pub unconnected: Vec<Unconnected>,
}

impl Coverage {
    /// Share of the dry-weather flow that is connected; `None` when there is none at all.
    pub fn share(&self) -> Option<f64> {
        (self.flow > 0.0).then(|| self.connected / self.flow)
    }
}

/// The coverage of a network with its treatment works and overflows, which are outfalls by name.
pub fn coverage(model: &Model, treatment_works: &[String], overflows: &[String]) -> Coverage {
    let among = |names: &[String], node: NodeId| {
        names.iter().any(|name| name.eq_ignore_ascii_case(model.nodes.name(node)))
    };
    let outgoing = outgoing(model);
    let onward = |node: NodeId| outgoing.get(node.index()).map_or(&[][..], Vec::as_slice);
    let mut all = Coverage::default();
    for (id, node) in model.nodes.iter() {
        let Some(flow) = node.dry_weather.map(|flow| flow.average).filter(|flow| *flow > 0.0) else {
            continue;
        };
        all.flow += flow;
        // the nearest end comes first
        let (mut seen, mut queue, mut end) = (vec![false; model.nodes.len()], VecDeque::from([id]), None);
        if let Some(place) = seen.get_mut(id.index()) {
            *place = true;
        }
        let mut connected = false;
        while let Some(at) = queue.pop_front() {
            if among(treatment_works, at) {
                connected = true;
                break;
            }
            if onward(at).is_empty() && end.is_none() {
                let name = model.nodes.name(at).to_owned();
                end = Some(match model.nodes[at].is_outfall() {
                    false => End::DeadEnd(name),
                    true if among(overflows, at) => End::Overflow(name),
                    true => End::Discharge(name),
                });
            }
            for next in onward(at) {
                if let Some(known) = seen.get_mut(next.index())
                    && !std::mem::replace(known, true)
                {
                    queue.push_back(*next);
                }
            }
        }
        if connected {
            all.connected += flow;
        } else {
            let ends = end.unwrap_or(End::Circle);
            all.unconnected.push(Unconnected { node: model.nodes.name(id).to_owned(), flow, ends });
        }
    }
    all
}

/// The nodes that the links of each node lead to. A link that begins at an outfall leads nowhere from there.
fn outgoing(model: &Model) -> Vec<Vec<NodeId>> {
    let mut all = vec![Vec::new(); model.nodes.len()];
    for (_, link) in model.links.iter() {
        let (from, to) = if link.reversed { (link.to, link.from) } else { (link.from, link.to) };
        if let Some(list) = all.get_mut(from.index())
            && !model.nodes[from].is_outfall()
        {
            list.push(to);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::inp;
    use std::path::Path;

    /// A foul sewer A - B - works, a throttle with a weir beside it at C, a house on a dead end, one on the river.
    const TEXT: &str = "[OPTIONS]\nFLOW_UNITS CMS\n[JUNCTIONS]\nA 10 2\nB 9 2\nC 9 2\nD 9 2\nE 9 2\nF 9 2\nG 9 2\n\
        [OUTFALLS]\nW 8 FREE\nSPILL 8 FREE\nRIVER 8 FREE\n\
        [CONDUITS]\nAB A B 100 0.013 0 0\nBW B W 100 0.013 0 0\nCB C B 10 0.013 0 0\nDE D E 10 0.013 0 0\n\
        FR F RIVER 10 0.013 0 0\nGS G SPILL 10 0.013 0 0\n[WEIRS]\nCS C SPILL TRANSVERSE 1 1.8 NO 0 0 YES\n\
        [XSECTIONS]\nAB CIRCULAR 0.6 0 0 0\nBW CIRCULAR 0.6 0 0 0\nCB CIRCULAR 0.6 0 0 0\nDE CIRCULAR 0.6 0 0 0\n\
        FR CIRCULAR 0.6 0 0 0\nGS CIRCULAR 0.6 0 0 0\nCS RECT_OPEN 1 1 0 0\n\
        [DWF]\nA FLOW 0.010\nC FLOW 0.020\nD FLOW 0.030\nF FLOW 0.015\nG FLOW 0.005\n";

    fn model(text: &str) -> Model {
        let document = inp::document::Document::parse(text.as_bytes());
        let reading = inp::read_document(document, Path::new("a.inp"));
        assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
        reading.model
    }

    #[test]
    fn what_reaches_no_works_is_named_with_the_place_where_its_way_ends() {
        let found = coverage(&model(TEXT), &["w".into()], &["Spill".into()]);
        // cubic metres go through EPA's foot
        assert!((found.flow - 0.08).abs() < 1e-5 && (found.connected - 0.03).abs() < 1e-5, "{found:?}");
        assert!((found.share().unwrap() - 0.375).abs() < 1e-12);
        let ends: Vec<(&str, &End)> =
            found.unconnected.iter().map(|at| (at.node.as_str(), &at.ends)).collect();
        let expected = [
            ("D", &End::DeadEnd("E".into())),
            ("F", &End::Discharge("RIVER".into())),
            ("G", &End::Overflow("SPILL".into())),
        ];
        assert_eq!(ends, expected);
    }

    #[test]
    fn a_missing_link_cuts_off_all_above_it() {
        let broken = TEXT.replace("BW B W 100 0.013 0 0\n", "").replace("BW CIRCULAR 0.6 0 0 0\n", "");
        let found = coverage(&model(&broken), &["W".into()], &["SPILL".into()]);
        assert_eq!(found.connected, 0.0);
        assert_eq!(found.unconnected[0].ends, End::DeadEnd("B".into()));
        assert_eq!(found.unconnected.len(), 5);
    }

    #[test]
    fn a_circle_ends_nowhere_and_no_flow_has_no_share() {
        let circle = TEXT
            .replace("DE D E 10 0.013 0 0\n", "DE D E 10 0.013 0 0\nED E D 10 0.013 0 0\n")
            .replace("DE CIRCULAR 0.6 0 0 0\n", "DE CIRCULAR 0.6 0 0 0\nED CIRCULAR 0.6 0 0 0\n");
        let found = coverage(&model(&circle), &["W".into()], &[]);
        assert_eq!(found.unconnected[0].ends, End::Circle);
        assert_eq!(coverage(&model(TEXT.split("[DWF]").next().unwrap()), &["W".into()], &[]).share(), None);
    }
}
