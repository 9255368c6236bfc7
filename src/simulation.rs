//! One run: owns the state, orders the stages in each step, closes the ledger, feeds a [`Sink`].
//!
//! The page to read first.

mod coupled;
mod frame;
mod run;
mod sensors;
pub mod street;

use std::io;

use crate::clock::DateTime;
use crate::model::Model;
use crate::routing::Params;
use crate::routing::params::CompileError;
use crate::statistics::RunSummary;
use crate::surface::Fault;

use frame::Averages;
use run::Run;
use street::{Street, StreetSink, StreetSummary};

/// Results at one reporting time, in SI, one column a variable in the order of the model's tables.
#[derive(Clone, Debug, Default)]
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
#[derive(Clone, Debug, Default)]
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
#[derive(Clone, Debug, Default)]
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
#[derive(Clone, Debug, Default)]
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
#[derive(Clone, Copy, Debug, Default)]
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
    let params = Params::compile(model)?;
    let mut run = Run::new(model, &params, None, false);
    let outcome = drive(model, &params, &mut run, sinks, &mut [], keep_going)?;
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
    let mut params = Params::compile(model)?;
    let surface = coupled::join(model, street, &mut params).map_err(RunError::Surface)?;
    let mut run = Run::new(model, &params, Some(surface), street.rain_on_grid);
    for sink in street_sinks.iter_mut() {
        sink.begin(street)?;
    }
    record_street(&run, street_sinks)?;
    let outcome = drive(model, &params, &mut run, sinks, street_sinks, keep_going)?;
    for sink in street_sinks.iter_mut() {
        sink.end(&outcome)?;
    }
    let (network, street) = run.close_both();
    Ok((network, street, outcome))
}

/// Takes a run to its end and feeds the sinks.
fn drive(
    model: &Model,
    params: &Params,
    run: &mut Run<'_>,
    sinks: &mut [&mut dyn Sink],
    street_sinks: &mut [&mut dyn StreetSink],
    keep_going: &mut dyn FnMut(&Progress) -> bool,
) -> Result<Outcome, RunError> {
    for sink in sinks.iter_mut() {
        sink.begin(model)?;
    }
    let mut frame = Frame::zeros(model);
    let mut averages = model.report.averages.then(|| Averages::new(model));
    let outcome = loop {
        if run.is_over() {
            break Outcome::Complete;
        }
        let progress = run.progress();
        if !keep_going(&progress) {
            break Outcome::Interrupted(progress.now);
        }
        if let Err(reason) = run.advance() {
            break Outcome::Failed(progress.now, reason);
        }
        if let Some(due) = run.report_due() {
            let mean = averages.as_mut();
            if run.fill(&mut frame, due, mean) {
                for sink in sinks.iter_mut() {
                    sink.record(&frame)?;
                }
                record_street(run, street_sinks)?;
            }
        } else if let Some(averages) = &mut averages {
            averages.add(model, params, &run.state);
        }
    };
    for sink in sinks.iter_mut() {
        sink.end(&outcome)?;
    }
    Ok(outcome)
}

/// Shows the streets to their sinks.
fn record_street(run: &Run<'_>, sinks: &mut [&mut dyn StreetSink]) -> io::Result<()> {
    let Some(street) = &run.street else { return Ok(()) };
    let progress = run.progress();
    for sink in sinks.iter_mut() {
        sink.record(progress.now, progress.elapsed, street.view())?;
    }
    Ok(())
}
