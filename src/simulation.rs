//! One run: owns the state, orders the stages in each step, closes the ledger, feeds a [`Sink`].
//!
//! The page to read first.

pub mod checkpoint;
mod coupled;
mod drive;
mod frame;
mod run;
mod sensors;
pub mod street;

use std::io;

use serde::{Deserialize, Serialize};

use crate::clock::DateTime;
use crate::model::Model;
use crate::routing::Params;
use crate::routing::params::CompileError;
use crate::statistics::RunSummary;
use crate::surface::Fault;

use checkpoint::Checkpoints;
use drive::{Audience, drive};
use run::Run;
use street::{Street, StreetSink, StreetSummary};

/// Results at one reporting time, in SI, one column a variable in the order of the model's tables.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Frame {
    /// The reporting time.
    pub time: DateTime,
    /// Of subcatchments.
    pub subcatchments: SubcatchmentColumns,
    /// Of nodes.
    pub nodes: NodeColumns,
    /// Of links.
    pub links: LinkColumns,
    /// Of the whole system.
    pub system: SystemRow,
}

impl Frame {
    /// A frame of zeros for a model.
    pub fn zeros(model: &Model) -> Self {
        let subcatchments = || vec![0.0; model.subcatchments.len()];
        Self {
            time: model.options.start,
            subcatchments: SubcatchmentColumns {
                rainfall: subcatchments(),
                snow_depth: subcatchments(),
                evaporation: subcatchments(),
                infiltration: subcatchments(),
                runoff: subcatchments(),
                groundwater_flow: subcatchments(),
                groundwater_elevation: subcatchments(),
                soil_moisture: subcatchments(),
            },
            nodes: NodeColumns::zeros(model.nodes.len()),
            links: LinkColumns::zeros(model.links.len()),
            system: SystemRow::default(),
        }
    }
}

/// Results of subcatchments at one time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SubcatchmentColumns {
    /// Rain, m/s.
    pub rainfall: Vec<f64>,
    /// Snow depth, m.
    pub snow_depth: Vec<f64>,
    /// Evaporation, m/s.
    pub evaporation: Vec<f64>,
    /// Infiltration, m/s.
    pub infiltration: Vec<f64>,
    /// Runoff, m³/s.
    pub runoff: Vec<f64>,
    /// Groundwater flow into the network, m³/s.
    pub groundwater_flow: Vec<f64>,
    /// Groundwater table, m.
    pub groundwater_elevation: Vec<f64>,
    /// Soil moisture, a fraction.
    pub soil_moisture: Vec<f64>,
}

/// Results of nodes at one time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NodeColumns {
    /// Depth above invert, m.
    pub depth: Vec<f64>,
    /// Head, m.
    pub head: Vec<f64>,
    /// Stored and ponded volume, m³.
    pub volume: Vec<f64>,
    /// Lateral inflow, m³/s.
    pub lateral_inflow: Vec<f64>,
    /// Total inflow, m³/s.
    pub total_inflow: Vec<f64>,
    /// Flooding, m³/s.
    pub flooding: Vec<f64>,
}

/// Results of links at one time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LinkColumns {
    /// Flow, m³/s, positive in the direction that the file gives.
    pub flow: Vec<f64>,
    /// Depth, m.
    pub depth: Vec<f64>,
    /// Velocity, m/s.
    pub velocity: Vec<f64>,
    /// Volume, m³.
    pub volume: Vec<f64>,
    /// Conduits: flow area over full area; others: setting.
    pub capacity: Vec<f64>,
}

/// Results of the whole system at one time, in SWMM's order.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct SystemRow {
    /// Air temperature, °C.
    pub temperature: f64,
    /// Mean rain, m/s.
    pub rainfall: f64,
    /// Mean snow depth, m.
    pub snow_depth: f64,
    /// Mean infiltration, m/s.
    pub infiltration: f64,
    /// Runoff, m³/s.
    pub runoff: f64,
    /// Dry-weather inflow, m³/s.
    pub dry_weather: f64,
    /// Groundwater inflow, m³/s.
    pub groundwater: f64,
    /// RDII inflow, m³/s.
    pub rdii: f64,
    /// Direct inflow, m³/s.
    pub direct: f64,
    /// All lateral inflow, m³/s.
    pub lateral_inflow: f64,
    /// Flooding, m³/s.
    pub flooding: f64,
    /// Outflow at outfalls, m³/s.
    pub outflow: f64,
    /// Stored volume, m³.
    pub storage: f64,
    /// Mean evaporation, m/s.
    pub evaporation: f64,
    /// Potential evaporation, m/s.
    pub potential_evaporation: f64,
}

/// How a run ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Outcome {
    /// To its end.
    #[default]
    Complete,
    /// Stopped by the user at a simulated time.
    Interrupted(DateTime),
    /// Stopped by a failure at a simulated time.
    Failed(DateTime, String),
}

/// Takes the results of a run as they come.
pub trait Sink {
    /// Called once, before the first frame.
    ///
    /// # Errors
    /// When the place that results go to cannot be written.
    fn begin(&mut self, model: &Model) -> io::Result<()>;
    /// Called at every reporting time.
    ///
    /// # Errors
    /// When the place that results go to cannot be written.
    fn record(&mut self, frame: &Frame) -> io::Result<()>;
    /// Called once, after the last frame, also when the run was interrupted or failed.
    ///
    /// # Errors
    /// When the place that results go to cannot be written.
    fn end(&mut self, outcome: &Outcome) -> io::Result<()>;
    /// Called when a checkpoint is taken, any number of times: brings what was recorded to its place and gives what
    /// the sink needs to go on from here.
    ///
    /// # Errors
    /// When results cannot be written, or the sink cannot go on; there is no checkpoint then.
    fn keep(&mut self) -> io::Result<Vec<u8>> {
        Err(checkpoint::not_kept())
    }
    /// Called in place of [`Sink::begin`] for a run that goes on from a checkpoint, with what [`Sink::keep`] gave
    /// then. What was recorded after it is recorded again.
    ///
    /// # Errors
    /// When results are no longer as they were then.
    fn go_on(&mut self, _model: &Model, _kept: &[u8]) -> io::Result<()> {
        Err(checkpoint::not_kept())
    }
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Simulated time.
    pub now: DateTime,
    /// Simulated time since the start, s.
    pub elapsed: f64,
    /// Length of the simulation, s.
    pub duration: f64,
}

/// Why a run could not be made or its results could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The model cannot be compiled; the check finds this first.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The surface cannot be compiled; what builds it finds this first.
    #[error("the surface cannot be run: {}", faults(.0))]
    Surface(Vec<Fault>),
    /// Results could not be written.
    #[error("results could not be written: {0}")]
    Write(#[from] io::Error),
    /// It could not go on from its checkpoint.
    #[error("the run cannot go on from its checkpoint: {0}")]
    Resume(io::Error),
}

fn faults(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Runs a checked model from start to end and feeds the sinks.
///
/// `keep_going` is asked before every routing step and stops the run when it says no. The run uses
/// the threads of the rayon pool that it is called in; its results do not depend on their number.
///
/// # Errors
/// When the model cannot be compiled or a sink cannot write. A run that fails in itself, or is
/// stopped, is no error: its sinks are ended and the returned [`Outcome`] says so.
pub fn run(
    model: &Model,
    sinks: &mut [&mut dyn Sink],
    keep_going: &mut dyn FnMut(&Progress) -> bool,
) -> Result<(RunSummary, Outcome), RunError> {
    run_kept(model, sinks, keep_going, None)
}

/// [`run`] with checkpoints: it goes on from one, if there is one, and keeps others. Neither changes a bit of its
/// results.
///
/// # Errors
/// As [`run`]; and when it cannot go on from its checkpoint. That one cannot be kept is no error, the checkpoints
/// tell it.
pub fn run_kept(
    model: &Model,
    sinks: &mut [&mut dyn Sink],
    keep_going: &mut dyn FnMut(&Progress) -> bool,
    checkpoints: Option<&mut Checkpoints<'_>>,
) -> Result<(RunSummary, Outcome), RunError> {
    let params = Params::compile(model)?;
    let mut run = Run::new(model, &params, None, false);
    let mut audience = Audience { sinks, street: None, street_sinks: &mut [] };
    let outcome = drive(model, &params, &mut run, &mut audience, keep_going, checkpoints)?;
    Ok((run.close(), outcome))
}

/// [`run`] with a surface: each step of the network exchanges water with the streets, which then
/// advance over the same time in steps of their own.
///
/// # Errors
/// As [`run`]; and when the surface cannot be compiled.
pub fn run_coupled(
    model: &Model,
    street: &Street,
    sinks: &mut [&mut dyn Sink],
    street_sinks: &mut [&mut dyn StreetSink],
    keep_going: &mut dyn FnMut(&Progress) -> bool,
) -> Result<(RunSummary, StreetSummary, Outcome), RunError> {
    run_coupled_kept(model, street, sinks, street_sinks, keep_going, None)
}

/// [`run_coupled`] with checkpoints, see [`run_kept`].
///
/// # Errors
/// As both.
pub fn run_coupled_kept(
    model: &Model,
    street: &Street,
    sinks: &mut [&mut dyn Sink],
    street_sinks: &mut [&mut dyn StreetSink],
    keep_going: &mut dyn FnMut(&Progress) -> bool,
    checkpoints: Option<&mut Checkpoints<'_>>,
) -> Result<(RunSummary, StreetSummary, Outcome), RunError> {
    let mut params = Params::compile(model)?;
    let surface = coupled::join(model, street, &mut params).map_err(RunError::Surface)?;
    let mut run = Run::new(model, &params, Some(surface), street.rain_on_grid);
    let mut audience = Audience { sinks, street: Some(street), street_sinks };
    let outcome = drive(model, &params, &mut run, &mut audience, keep_going, checkpoints)?;
    let (network, street) = run.close_both();
    Ok((network, street, outcome))
}
