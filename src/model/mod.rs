//! The city as immutable data in SI: network, nodes, links, sections, curves, subcatchments.
//!
//! A [`Model`] is read once, checked once ([`check`]) and then shared by any number of runs.

pub mod burn;
pub mod catchment;
pub mod check;
pub mod control;
pub mod crs;
pub mod curve;
pub mod link;
pub mod map;
pub mod network;
pub mod node;
pub mod options;
pub mod outline;
pub mod raster;
pub mod section;
pub mod slope;
pub mod storage;
pub mod terrain;
pub mod weather;

use crate::index_type;
use crate::num::index::Table;
use crate::units::Units;

index_type! {
    /// A rain gauge.
    GaugeId,
    /// A subcatchment.
    SubcatchmentId,
    /// A node of the network.
    NodeId,
    /// A link of the network.
    LinkId,
    /// A curve of y against x.
    CurveId,
    /// A time series.
    SeriesId,
    /// A pattern of multipliers.
    PatternId,
    /// A surveyed cross-section.
    TransectId,
    /// A street cross-section.
    StreetId,
}

/// A whole model, in SI, as the file describes it; after [`check::check`] with EPA's corrections.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The lines of the title.
    pub title: Vec<String>,
    /// The user's units, for files on the way in and out.
    pub units: Units,
    /// Options of the run.
    pub options: options::Options,
    /// What the report contains.
    pub report: options::ReportOptions,
    /// Rain gauges.
    pub gauges: Table<GaugeId, weather::Gauge>,
    /// Evaporation.
    pub evaporation: weather::Evaporation,
    /// Monthly adjustments of the climate.
    pub adjustments: weather::Adjustments,
    /// Subcatchments.
    pub subcatchments: Table<SubcatchmentId, catchment::Subcatchment>,
    /// Nodes.
    pub nodes: Table<NodeId, node::Node>,
    /// Links.
    pub links: Table<LinkId, link::Link>,
    /// Curves.
    pub curves: Table<CurveId, curve::Curve>,
    /// Time series.
    pub series: Table<SeriesId, curve::TimeSeries>,
    /// Patterns.
    pub patterns: Table<PatternId, curve::Pattern>,
    /// Surveyed cross-sections.
    pub transects: Table<TransectId, section::transect::Transect>,
    /// Street cross-sections.
    pub streets: Table<StreetId, section::street::Street>,
    /// Control rules.
    pub controls: control::Controls,
    /// Coordinates and outlines for plans.
    pub map: map::Map,
    /// How many pollutants the file declares (quality is not simulated yet).
    pub pollutant_count: usize,
    /// How many land uses the file declares.
    pub land_use_count: usize,
}
