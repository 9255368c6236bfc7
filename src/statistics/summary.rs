//! What a run leaves behind besides its time series.

use serde::{Deserialize, Serialize};

use super::subcatchment::SubcatchmentStatistics;
use super::{LinkCapacity, NetworkStatistics};
use crate::clock::DateTime;
use crate::diagnostic::Diagnostic;
use crate::ledger::{NodeLedger, RoutingTotals, RunoffTotals};

/// Everything that the report and the summary tables say, besides the model itself, the outcome and
/// the wall clock. A checkpoint holds what grows with the run, not what is known before it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RunSummary {
    /// Warnings and errors of input, check and run.
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
    /// What the land got and where it went.
    pub runoff: RunoffTotals,
    /// What entered the network and where it went.
    pub routing: RoutingTotals,
    /// What entered each node and where it went.
    pub nodes: NodeLedger,
    /// Of subcatchments.
    pub subcatchments: SubcatchmentStatistics,
    /// Of the network.
    pub network: NetworkStatistics,
    /// Capacities, by the link's index.
    #[serde(skip)]
    pub links: Vec<LinkCapacity>,
    /// What control rules did, in the order of time.
    pub control_actions: Vec<ControlAction>,
    /// Rain files that were read.
    #[serde(skip)]
    pub rain_files: Vec<RainFile>,
    /// Threads that the run used.
    #[serde(skip)]
    pub threads: u32,
}

/// One action of a control rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ControlAction {
    /// When.
    pub time: DateTime,
    /// The link whose setting changed.
    pub link: String,
    /// The new setting.
    pub setting: f64,
    /// The rule.
    pub rule: String,
}

/// What a rain file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct RainFile {
    /// The station.
    pub station: String,
    /// Its first date; `None` when it has no record.
    pub first: Option<DateTime>,
    /// Its last date.
    pub last: Option<DateTime>,
    /// Recording interval, s.
    pub interval: u32,
    /// Periods with rain.
    pub with_rain: u64,
    /// Periods missing.
    pub missing: u64,
    /// Periods of malfunction.
    pub malfunctioning: u64,
}
