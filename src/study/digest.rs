//! What is kept of a run: the numbers that tables and pictures of a study are made from.

pub mod street;

use serde::{Deserialize, Serialize};

use crate::clock::DateTime;
use crate::model::Model;
use crate::model::link::LinkKind;
use crate::model::node::NodeKind;
use crate::num::index::Id;
use crate::statistics::RunSummary;
use crate::statistics::link::PumpStatistics;
use crate::statistics::node::{OutfallStatistics, StorageStatistics};

use super::recorder::Recorder;
use super::spill::{Spill, spills};
pub use street::{NetworkQuality, StreetDigest};

/// What a study wants of its runs besides what every digest holds. Names that a network does not have are
/// left out: an element of one option need not be in another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// Nodes and links whose hydrographs are kept, besides the outfalls.
    pub hydrographs: Vec<String>,
    /// Outfalls whose discharge is a spill.
    pub overflows: Vec<String>,
    /// Dry time that parts two spills, s.
    pub event_gap_s: f64,
}

/// The digest of a complete run, in SI; elements in the order of the model, times in s since the start of the
/// run. Written as JSON and read again it is the same to the last bit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// Title of the network, its lines joined by blanks.
    pub title: String,
    /// Start of the run, `2026-07-21 14:05:00`.
    pub start: String,
    /// Start of the run in milliseconds of [`DateTime`].
    pub start_ms: i64,
    /// Length of the run, s.
    pub duration_s: f64,
    /// Interval of reported results, s.
    pub report_step_s: f64,
    /// Rain over all subcatchments, mm; 0 without subcatchments.
    pub rain_mm: f64,
    /// Where all water came from and went.
    pub totals: Totals,
    /// How many subcatchments there are.
    pub subcatchments: usize,
    /// Nodes.
    pub nodes: NodeDigest,
    /// Links.
    pub links: LinkDigest,
    /// Outfalls, in the order of the nodes.
    pub outfalls: Vec<OutfallDigest>,
    /// Storage units, in the order of the nodes.
    pub storages: Vec<StorageDigest>,
    /// Pumps, in the order of the links.
    pub pumps: Vec<PumpDigest>,
    /// Spills of each outfall that is an overflow, as `Wanted` lists them.
    pub overflows: Vec<OverflowDigest>,
    /// Hydrographs at reporting times.
    pub series: SeriesDigest,
    /// How the network was routed.
    pub steps: StepDigest,
    /// The water on the streets, where it was simulated. Digests without it have the bytes that they always had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<Box<StreetDigest>>,
}

/// Totals of a run, m³, and its continuity errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Rain on all subcatchments.
    pub rain: f64,
    /// Runoff that entered the network.
    pub runoff: f64,
    /// Dry-weather inflow.
    pub dry_weather: f64,
    /// Direct inflow, that through outfalls included.
    pub direct_inflow: f64,
    /// Water that left the network by flooding.
    pub flooding: f64,
    /// Outflow at outfalls.
    pub outflow: f64,
    /// Evaporation from land and network.
    pub evaporation: f64,
    /// Infiltration on land.
    pub infiltration: f64,
    /// Seepage from the network.
    pub seepage: f64,
    /// Water in the network at the start.
    pub initial_storage: f64,
    /// Water in the network at the end.
    pub final_storage: f64,
    /// Continuity error of runoff, per cent.
    pub runoff_error_percent: f64,
    /// Continuity error of routing, per cent.
    pub routing_error_percent: f64,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeType {
    /// A manhole or another joint; dividers too.
    Junction,
    /// Where water leaves the network.
    Outfall,
    /// A pond, tank or other volume.
    Storage,
}

/// Nodes, one column a number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeDigest {
    /// Name.
    pub name: Vec<String>,
    /// What it is.
    pub kind: Vec<NodeType>,
    /// Invert level, m.
    pub invert: Vec<f64>,
    /// Depth from invert to ground, m.
    pub full_depth: Vec<f64>,
    /// Whether water ponds over it.
    pub ponds: Vec<bool>,
    /// Largest depth, m.
    pub max_depth: Vec<f64>,
    /// When it occurred, s.
    pub max_depth_time: Vec<f64>,
    /// Largest total inflow, m³/s.
    pub max_total_inflow: Vec<f64>,
    /// Time surcharged, s.
    pub surcharged_time: Vec<f64>,
    /// Time flooded, s.
    pub flooded_time: Vec<f64>,
    /// Water that overflowed, m³.
    pub flooded_volume: Vec<f64>,
    /// Largest rate of overflow, m³/s.
    pub max_flood_rate: Vec<f64>,
    /// Largest volume that ponded, m³.
    pub max_ponded_volume: Vec<f64>,
}

/// What a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkType {
    /// A pipe or channel.
    Conduit,
    /// A pump.
    Pump,
    /// An orifice.
    Orifice,
    /// A weir.
    Weir,
    /// An outlet.
    Outlet,
}

/// Links, one column a number. Times are 0 except for conduits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkDigest {
    /// Name.
    pub name: Vec<String>,
    /// What it is.
    pub kind: Vec<LinkType>,
    /// Length, m; 0 except for conduits.
    pub length: Vec<f64>,
    /// Depth of the full section or opening, m.
    pub full_depth: Vec<f64>,
    /// Normal flow when full, all barrels, m³/s; largest flow of the curve of a pump.
    pub full_flow: Vec<f64>,
    /// Largest flow regardless of direction, m³/s.
    pub max_flow: Vec<f64>,
    /// When it occurred, s.
    pub max_flow_time: Vec<f64>,
    /// Largest depth, m.
    pub max_depth: Vec<f64>,
    /// Largest velocity regardless of direction, m/s.
    pub max_velocity: Vec<f64>,
    /// Time full at both ends, s.
    pub both_full_time: Vec<f64>,
    /// Time full at the upstream end, s.
    pub upstream_full_time: Vec<f64>,
    /// Time full at the downstream end, s.
    pub downstream_full_time: Vec<f64>,
    /// Time at or above the full normal flow, s.
    pub above_normal_time: Vec<f64>,
}

/// An outfall.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutfallDigest {
    /// Its name.
    pub name: String,
    /// Water that left through it, m³.
    pub volume: f64,
    /// Water that came in through it, m³.
    pub volume_in: f64,
    /// Largest discharge, m³/s. SWMM's statistics of an outfall do not tell flow out from flow in: where their
    /// peak is one of water that came in, this is the largest discharge at reporting times.
    pub peak: f64,
    /// When it occurred, s.
    pub peak_time: f64,
    /// Share of the routing steps with flow, out or in.
    pub share_of_steps: f64,
}

/// A storage unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageDigest {
    /// Its name.
    pub name: String,
    /// Volume up to the full depth, m³.
    pub full_volume: f64,
    /// Largest volume, at most the full one, m³.
    pub max_volume: f64,
    /// When it occurred, s.
    pub max_volume_time: f64,
}

/// A pump.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PumpDigest {
    /// Its name.
    pub name: String,
    /// Volume pumped, m³.
    pub volume: f64,
    /// How often it started.
    pub start_ups: u32,
    /// Energy, kWh.
    pub energy_kwh: f64,
    /// Time with flow, s.
    pub utilized: f64,
    /// Largest flow, m³/s.
    pub max_flow: f64,
}

/// The spills of an outfall that is an overflow. They are seen at reporting times: what comes and goes between
/// two of them is in the volume of its [`OutfallDigest`] only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverflowDigest {
    /// The outfall.
    pub name: String,
    /// Its spills in the order of time.
    pub spills: Vec<Spill>,
}

/// Hydrographs, one value for each reporting time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesDigest {
    /// Reporting times, s.
    pub time: Vec<f64>,
    /// Mean rain, mm/h.
    pub rain_mm_per_h: Vec<f64>,
    /// Flooding of the whole network, m³/s.
    pub flooding: Vec<f64>,
    /// Outflow at all outfalls, m³/s.
    pub outflow: Vec<f64>,
    /// Outfalls, then the wanted nodes.
    pub nodes: Vec<NodeSeries>,
    /// The wanted links.
    pub links: Vec<LinkSeries>,
}

/// The hydrograph of a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeSeries {
    /// Its name.
    pub name: String,
    /// Total inflow, m³/s; of an outfall its discharge, negative when water comes in.
    pub flow: Vec<f64>,
    /// Water level, m.
    pub level: Vec<f64>,
}

/// The hydrograph of a link.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkSeries {
    /// Its name.
    pub name: String,
    /// Flow in the direction that the file gives, m³/s.
    pub flow: Vec<f64>,
}

/// How the network was routed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepDigest {
    /// Routing steps.
    pub count: u64,
    /// Their mean length, s.
    pub mean: f64,
    /// Mean number of trials.
    pub mean_trials: f64,
    /// Per cent of the steps that did not converge.
    pub not_converged_percent: f64,
}

impl Digest {
    /// The digest of a run that is over.
    pub(super) fn new(model: &Model, summary: &RunSummary, recorder: Recorder, wanted: &Wanted) -> Self {
        let start = model.options.start;
        let area: f64 = model.subcatchments.items().iter().map(|s| s.area).sum();
        let statistics = &summary.network.time_steps;
        let series = recorder.finish();
        let overflows = wanted.overflows.iter().filter_map(|name| {
            let hydrograph = series.nodes.iter().find(|node| node.name.eq_ignore_ascii_case(name))?;
            let spills = spills(&series.time, &hydrograph.flow, wanted.event_gap_s);
            Some(OverflowDigest { name: hydrograph.name.clone(), spills })
        });
        Self {
            title: model.title.join(" ").trim().to_owned(),
            start: start.to_string(),
            start_ms: start.0,
            duration_s: model.options.duration() as f64,
            report_step_s: f64::from(model.options.report_step),
            rain_mm: if area > 0.0 { summary.runoff.rainfall / area * 1000.0 } else { 0.0 },
            totals: Totals::new(summary),
            subcatchments: model.subcatchments.len(),
            nodes: NodeDigest::new(model, summary),
            links: LinkDigest::new(model, summary),
            outfalls: outfalls(model, summary, &series),
            storages: storages(model, summary),
            pumps: pumps(model, summary),
            overflows: overflows.collect(),
            series,
            steps: StepDigest {
                count: statistics.steps,
                mean: statistics.average(),
                mean_trials: statistics.average_trials(),
                not_converged_percent: statistics.nonconverged_percent(),
            },
            street: None,
        }
    }
    /// Continuity error of runoff, per cent: the larger of the runs of the network alone and under the street.
    #[must_use]
    pub fn runoff_error(&self) -> f64 {
        self.worst(self.totals.runoff_error_percent, |network| network.runoff_error)
    }
    /// Continuity error of routing, per cent: the larger of the runs of the network alone and under the street.
    #[must_use]
    pub fn routing_error(&self) -> f64 {
        self.worst(self.totals.routing_error_percent, |network| network.routing_error)
    }
    /// Steps that did not converge, per cent: the larger share of the runs of the network alone and under the street.
    #[must_use]
    pub fn not_converged(&self) -> f64 {
        self.worst(self.steps.not_converged_percent, |network| network.not_converged)
    }
    fn worst(&self, alone: f64, under: impl Fn(&NetworkQuality) -> f64) -> f64 {
        let under = self.street.as_ref().map(|street| under(&street.network));
        under.filter(|under| under.abs() > alone.abs()).unwrap_or(alone)
    }
    /// Start of the run.
    pub fn start_time(&self) -> DateTime {
        DateTime(self.start_ms)
    }
}

impl Totals {
    fn new(summary: &RunSummary) -> Self {
        let (land, network) = (&summary.runoff, &summary.routing);
        Self {
            rain: land.rainfall,
            runoff: network.wet_weather,
            dry_weather: network.dry_weather,
            direct_inflow: network.external,
            flooding: network.flooding,
            outflow: network.outflow,
            evaporation: land.evaporation + network.evaporation,
            infiltration: land.infiltration,
            seepage: network.seepage,
            initial_storage: network.initial_storage,
            final_storage: network.final_storage,
            runoff_error_percent: land.continuity_error(),
            routing_error_percent: network.continuity_error(),
        }
    }
}

impl NodeDigest {
    fn new(model: &Model, summary: &RunSummary) -> Self {
        let mut all = Self::default();
        let statistics = &summary.network.nodes;
        for (id, node) in model.nodes.iter() {
            let extremes = statistics.extremes.get(id.index()).copied().unwrap_or_default();
            let flooding = statistics.flooding.get(id.index()).copied().unwrap_or_default();
            all.name.push(model.nodes.name(id).to_owned());
            all.kind.push(match node.kind {
                NodeKind::Junction | NodeKind::Divider { .. } => NodeType::Junction,
                NodeKind::Outfall { .. } => NodeType::Outfall,
                NodeKind::Storage { .. } => NodeType::Storage,
            });
            all.invert.push(node.invert);
            all.full_depth.push(node.full_depth);
            all.ponds.push(model.options.allow_ponding && node.ponded_area > 0.0);
            all.max_depth.push(extremes.max_depth);
            all.max_depth_time.push(since_start(model, extremes.max_depth_time));
            all.max_total_inflow.push(extremes.max_inflow);
            all.surcharged_time.push(extremes.surcharged_time);
            all.flooded_time.push(flooding.time);
            all.flooded_volume.push(flooding.volume);
            all.max_flood_rate.push(flooding.max_rate);
            all.max_ponded_volume.push(flooding.max_ponded_volume);
        }
        all
    }
}

impl LinkDigest {
    fn new(model: &Model, summary: &RunSummary) -> Self {
        let mut all = Self::default();
        let statistics = &summary.network.links;
        for (id, link) in model.links.iter() {
            let i = id.index();
            let extremes = statistics.extremes.get(i).copied().unwrap_or_default();
            let times = statistics.times(i);
            let capacity = summary.links.get(i).copied().unwrap_or_default();
            let conduit = link.conduit().is_some();
            let of_conduit = |time: f64| if conduit { time } else { 0.0 };
            all.name.push(model.links.name(id).to_owned());
            all.kind.push(match link.kind {
                LinkKind::Conduit(_) => LinkType::Conduit,
                LinkKind::Pump(_) => LinkType::Pump,
                LinkKind::Orifice(_) => LinkType::Orifice,
                LinkKind::Weir(_) => LinkType::Weir,
                LinkKind::Outlet(_) => LinkType::Outlet,
            });
            all.length.push(of_conduit(capacity.length));
            all.full_depth.push(capacity.full_depth);
            all.full_flow.push(capacity.full_flow * f64::from(capacity.barrels.max(1)));
            all.max_flow.push(extremes.max_flow);
            all.max_flow_time.push(since_start(model, extremes.max_flow_time));
            all.max_depth.push(extremes.max_depth);
            all.max_velocity.push(extremes.max_velocity);
            all.both_full_time.push(of_conduit(times.both_full));
            all.upstream_full_time.push(of_conduit(times.upstream_full));
            all.downstream_full_time.push(of_conduit(times.downstream_full));
            all.above_normal_time.push(of_conduit(times.above_normal));
        }
        all
    }
}

fn since_start(model: &Model, time: DateTime) -> f64 {
    time.seconds_since(model.options.start)
}

fn outfalls(model: &Model, summary: &RunSummary, series: &SeriesDigest) -> Vec<OutfallDigest> {
    let of_node = |column: &[f64], node: usize| column.get(node).copied().unwrap_or(0.0);
    let statistics = &summary.network.nodes;
    let digest = |outfall: &OutfallStatistics| {
        let extremes = statistics.extremes.get(outfall.node).copied().unwrap_or_default();
        let name = name_of(model.nodes.names(), outfall.node);
        let volume_in = of_node(&summary.nodes.entered, outfall.node);
        let hydrograph = series.nodes.iter().find(|node| node.name == name);
        let flows = hydrograph.map_or(&[][..], |node| &node.flow);
        let (mut peak, mut peak_time) = (outfall.max_flow, since_start(model, extremes.max_inflow_time));
        if volume_in > 0.0 && !discharges(&series.time, flows, peak_time, peak) {
            (peak, peak_time) = (0.0, 0.0);
            for (&time, &flow) in series.time.iter().zip(flows) {
                if flow > peak {
                    (peak, peak_time) = (flow, time);
                }
            }
        }
        OutfallDigest {
            name,
            volume: of_node(&summary.nodes.left, outfall.node),
            volume_in,
            peak,
            peak_time,
            share_of_steps: outfall.steps_with_flow as f64 / (summary.network.steps.max(1)) as f64,
        }
    };
    statistics.outfalls.iter().map(digest).collect()
}

/// Whether a peak is one of discharge: the hydrograph shows at least half of it just before or after.
fn discharges(times: &[f64], flows: &[f64], peak_time: f64, peak: f64) -> bool {
    let after = times.partition_point(|time| *time < peak_time);
    let around = [after.checked_sub(1), Some(after)];
    around.into_iter().flatten().filter_map(|index| flows.get(index)).any(|flow| *flow >= 0.5 * peak)
}

fn storages(model: &Model, summary: &RunSummary) -> Vec<StorageDigest> {
    let digest = |storage: &StorageStatistics| StorageDigest {
        name: name_of(model.nodes.names(), storage.node),
        full_volume: storage.full_volume,
        max_volume: storage.max_volume,
        max_volume_time: since_start(model, storage.max_volume_time),
    };
    summary.network.nodes.storages.iter().map(digest).collect()
}

fn pumps(model: &Model, summary: &RunSummary) -> Vec<PumpDigest> {
    let digest = |pump: &PumpStatistics| PumpDigest {
        name: name_of(model.links.names(), pump.link),
        volume: pump.volume,
        start_ups: pump.start_ups,
        energy_kwh: pump.energy,
        utilized: pump.utilized,
        max_flow: pump.max_flow,
    };
    summary.network.links.pumps.iter().map(digest).collect()
}

fn name_of(names: &[String], index: usize) -> String {
    names.get(index).cloned().unwrap_or_default()
}
