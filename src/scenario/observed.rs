//! Observed levels and flows, the run that is held against them, and the bands that it should keep.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::clock::DateTime;

/// Observations as a scenario file names them: a CSV file, or a table with the run that is held against it.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ObservedFile {
    /// A CSV file; the base is held against it under the only storm of the study.
    Path(PathBuf),
    /// A CSV file and the run.
    Table(ObservedTable),
}

impl ObservedFile {
    /// The whole of what can be said.
    pub fn table(&self) -> ObservedTable {
        match self {
            Self::Path(file) => ObservedTable { file: file.clone(), ..ObservedTable::default() },
            Self::Table(table) => table.clone(),
        }
    }
}

/// Observed levels and flows, and the run of the base that is held against them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObservedTable {
    /// CSV: a column `time` (dates) or `hours` (since the start of the run), then columns such as `J24 depth (m)`,
    /// `J24 level (m)`, `T23 flow (m3/s)`. Empty cells are gaps.
    pub file: PathBuf,
    /// The storm that was observed; the only one of the study when it is not given.
    pub storm: Option<String>,
    /// The river stage that was observed; the first that the storm meets when it is not given.
    pub stage: Option<String>,
    /// The horizon that was observed; the first when it is not given.
    pub horizon: Option<String>,
    /// Bands that scores should keep, as `seeds/acceptance.toml` gives them, which is taken when nothing is given.
    pub bands: Option<PathBuf>,
}

/// Observations with their run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// Index of the storm; `None` when the study has none and the rain is that of the network.
    pub storm: Option<usize>,
    /// Index of the river stage.
    pub stage: usize,
    /// Index of the horizon.
    pub horizon: usize,
    /// What was observed.
    pub gauges: Vec<Gauge>,
    /// What scores should keep.
    pub bands: Bands,
}

/// What was observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantity {
    /// Depth above the invert of a node, m.
    #[default]
    Depth,
    /// Water level at a node, m.
    Level,
    /// Flow in a link, or out of an outfall, m³/s.
    Flow,
}

impl Quantity {
    /// Its word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Depth => "depth",
            Self::Level => "level",
            Self::Flow => "flow",
        }
    }
    /// Its unit inside.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Depth | Self::Level => "m",
            Self::Flow => "m3/s",
        }
    }
}

/// When something was observed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ObservedTime {
    /// Seconds since the start of the run.
    Elapsed(f64),
    /// An instant.
    At(DateTime),
}

impl ObservedTime {
    /// Seconds since the start of a run.
    pub fn since(self, start: DateTime) -> f64 {
        match self {
            Self::Elapsed(seconds) => seconds,
            Self::At(instant) => instant.seconds_since(start),
        }
    }
}

/// A gauge: what was observed of one quantity at one element.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    /// Name of the node or link.
    pub element: String,
    /// What was observed.
    pub quantity: Quantity,
    /// When, increasing; gaps are left out.
    pub times: Vec<ObservedTime>,
    /// What, in SI.
    pub values: Vec<f64>,
}

/// An interval, from the lower to the upper end.
pub type Band = [f64; 2];

/// Bands that a calibrated model keeps: simulated less observed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bands {
    /// Where they come from.
    pub source: String,
    /// Whether they were checked against the source.
    pub verified: bool,
    /// Peak of a flow, a share of the observed one.
    pub flow_peak: Band,
    /// Volume of a flow, a share of the observed one.
    pub flow_volume: Band,
    /// Highest level or depth where water flows freely, m.
    pub free_depth: Band,
    /// Highest level or depth at a node that is surcharged, m.
    pub surcharged_depth: Band,
    /// Least Nash-Sutcliffe efficiency.
    pub least_nse: f64,
}
