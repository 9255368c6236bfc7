//! Records the hydrographs that a digest keeps while a run goes on.

use std::io;

use crate::clock::DateTime;
use crate::model::{LinkId, Model, NodeId};
use crate::num::index::Id;
use crate::simulation::{Frame, Outcome, Sink};

use super::digest::{LinkSeries, NodeSeries, SeriesDigest, Wanted};

/// Metres per second in a millimetre per hour.
const MM_PER_H: f64 = 1.0e-3 / 3600.0;

/// What discharges through an outfall: the flow of its links towards it.
///
/// The total inflow of a node has no sign: SWMM books water that comes in through an outfall as inflow too.
#[derive(Clone, Debug)]
struct Discharge {
    /// Indices of links, and 1 or -1.
    links: Vec<(usize, f64)>,
}

/// A recorded node.
#[derive(Clone, Debug)]
struct RecordedNode {
    node: usize,
    outfall: Option<Discharge>,
}

/// A sink that keeps hydrographs: of all outfalls and the wanted elements.
#[derive(Clone, Debug)]
pub(super) struct Recorder {
    start: DateTime,
    nodes: Vec<RecordedNode>,
    links: Vec<usize>,
    series: SeriesDigest,
}

impl Recorder {
    /// A recorder for a checked model.
    pub fn new(model: &Model, wanted: &Wanted) -> Self {
        let mut nodes: Vec<NodeId> =
            model.nodes.iter().filter(|(_, node)| node.is_outfall()).map(|(id, _)| id).collect();
        let mut links: Vec<LinkId> = Vec::new();
        for name in &wanted.hydrographs {
            nodes.extend(model.nodes.find(name).filter(|id| !nodes.contains(id)));
            links.extend(model.links.find(name).filter(|id| !links.contains(id)));
        }
        let of_node =
            |id: NodeId| NodeSeries { name: model.nodes.name(id).to_owned(), ..NodeSeries::default() };
        let of_link =
            |id: LinkId| LinkSeries { name: model.links.name(id).to_owned(), ..LinkSeries::default() };
        let series = SeriesDigest {
            nodes: nodes.iter().map(|&id| of_node(id)).collect(),
            links: links.iter().map(|&id| of_link(id)).collect(),
            ..SeriesDigest::default()
        };
        let recorded = |&id: &NodeId| RecordedNode {
            node: id.index(),
            outfall: model.nodes[id].is_outfall().then(|| Discharge::new(model, id)),
        };
        Self {
            start: model.options.start,
            nodes: nodes.iter().map(recorded).collect(),
            links: links.iter().map(|id| id.index()).collect(),
            series,
        }
    }
    /// What was recorded.
    pub fn finish(self) -> SeriesDigest {
        self.series
    }
}

impl Discharge {
    fn new(model: &Model, outfall: NodeId) -> Self {
        let towards = |(id, link): (LinkId, &crate::model::link::Link)| {
            // frames hold flows in the direction that the file gives, which the check may have turned
            let (from, to) = if link.reversed { (link.to, link.from) } else { (link.from, link.to) };
            match (from == outfall, to == outfall) {
                (false, true) => Some((id.index(), 1.0)),
                (true, false) => Some((id.index(), -1.0)),
                _ => None,
            }
        };
        Self { links: model.links.iter().filter_map(towards).collect() }
    }
    fn at(&self, frame: &Frame, node: usize) -> f64 {
        let flow = |index: usize| frame.links.flow.get(index).copied().unwrap_or(0.0);
        let lateral = frame.nodes.lateral_inflow.get(node).copied().unwrap_or(0.0);
        self.links.iter().map(|&(link, sign)| sign * flow(link)).sum::<f64>() + lateral
    }
}

impl Sink for Recorder {
    fn begin(&mut self, _: &Model) -> io::Result<()> {
        Ok(())
    }
    fn record(&mut self, frame: &Frame) -> io::Result<()> {
        let value = |column: &[f64], index: usize| column.get(index).copied().unwrap_or(0.0);
        let series = &mut self.series;
        series.time.push(frame.time.seconds_since(self.start));
        series.rain_mm_per_h.push(frame.system.rainfall / MM_PER_H);
        series.flooding.push(frame.system.flooding);
        series.outflow.push(frame.system.outflow);
        for (recorded, to) in self.nodes.iter().zip(&mut series.nodes) {
            to.flow.push(match &recorded.outfall {
                Some(discharge) => discharge.at(frame, recorded.node),
                None => value(&frame.nodes.total_inflow, recorded.node),
            });
            to.level.push(value(&frame.nodes.head, recorded.node));
        }
        for (&link, to) in self.links.iter().zip(&mut series.links) {
            to.flow.push(value(&frame.links.flow, link));
        }
        Ok(())
    }
    fn end(&mut self, _: &Outcome) -> io::Result<()> {
        Ok(())
    }
}
