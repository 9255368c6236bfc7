//! A surface joined to the network, as data: what a coupled run needs besides the model, and what it gives.

use std::io;

use serde::{Deserialize, Serialize};

use ndarray::Array2;

use crate::clock::DateTime;
use crate::model::{GaugeId, LinkId, NodeId};
use crate::routing::exchange::Opening;
use crate::surface::{Cell, CellMaxima, Grid, Ledger, Series, Setup};

use super::{Outcome, checkpoint};

/// Numbers of the surface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// `f32`: half the memory, twice the speed.
    #[default]
    Single,
    /// `f64`.
    Double,
}

/// A manhole or a group of inlets: where a node meets the street.
#[derive(Clone, Debug, PartialEq)]
pub struct Manhole {
    /// The node below.
    pub node: NodeId,
    /// The cell above.
    pub cell: Cell,
    /// Level of its rim (m); water passes above it only.
    pub rim: f64,
    /// Its opening.
    pub opening: Opening,
}

/// A piece of the bank of an open channel, along one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Bank {
    /// The channel.
    pub link: LinkId,
    /// Where along it, 0 at its upstream and 1 at its downstream node.
    pub along: f64,
    /// The cell beside it.
    pub cell: Cell,
    /// Level of its crest (m).
    pub crest: f64,
    /// Its length (m).
    pub length: f64,
    /// Coefficient of the broad-crested weir (m^(1/2)/s): `Q = C L h^1.5`.
    pub weir: f64,
}

/// An outfall that ends on the surface: its discharge comes up there, and the level there holds it back.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlet {
    /// The outfall.
    pub node: NodeId,
    /// The cell at its mouth.
    pub cell: Cell,
    /// Its invert (m).
    pub invert: f64,
}

/// The rain of a zone of the surface.
#[derive(Clone, Debug, PartialEq)]
pub enum ZoneRain {
    /// That of a gauge of the network.
    Gauge(GaugeId),
    /// Its own, from maps: points of seconds since the start of the run and rates (m/s), each of which holds until the
    /// next; the last is dry.
    Steps(Vec<(f64, f64)>),
}

/// A surface and how it is joined to a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Street {
    /// Terrain, roughness, soils, boundaries, inflows, lines and options of the surface.
    pub setup: Setup,
    /// Its numbers.
    pub precision: Precision,
    /// Depth at the start (m); dry without it.
    pub initial_depth: Option<Array2<f64>>,
    /// Manholes and inlets.
    pub manholes: Vec<Manhole>,
    /// Banks of open channels.
    pub banks: Vec<Bank>,
    /// Outfalls on the surface.
    pub outlets: Vec<Outlet>,
    /// The rain of each zone of `setup.rain`; empty for no rain on the grid.
    pub rain: Vec<ZoneRain>,
    /// Whether the grid takes the rain of the subcatchments, which then give no runoff: each square metre gets its
    /// rain once.
    pub rain_on_grid: bool,
    /// Inflow at each inflow of `setup` (m³/s), time in s since the start of the run.
    pub inflow: Vec<Series>,
    /// Level at each boundary of `setup` (m), used by those of kind stage.
    pub stage: Vec<Series>,
    /// Whether water only comes up from the network: a check of what the way back matters.
    pub one_way: bool,
    /// The longest step of the network while water is exchanged (s).
    pub exchange_step: f64,
}

impl Street {
    /// A dry surface that nothing joins to a network yet, without rain.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        Self {
            setup,
            precision: Precision::default(),
            initial_depth: None,
            manholes: Vec::new(),
            banks: Vec::new(),
            outlets: Vec::new(),
            rain: Vec::new(),
            rain_on_grid: false,
            inflow: Vec::new(),
            stage: Vec::new(),
            one_way: false,
            exchange_step: 1.0,
        }
    }

    /// When the first rain of maps falls (s since the start of the run); `None` without any.
    #[must_use]
    pub fn rain_start_of_maps(&self) -> Option<f64> {
        let first = |rain: &ZoneRain| match rain {
            ZoneRain::Gauge(_) => None,
            ZoneRain::Steps(steps) => steps.iter().find(|step| step.1 > 0.0).map(|step| step.0),
        };
        self.rain.iter().filter_map(first).reduce(f64::min)
    }
}

/// What a sink of the surface may look at.
pub trait View {
    /// The map.
    fn grid(&self) -> Grid;
    /// Depth of a cell (m).
    fn depth(&self, cell: Cell) -> f64;
    /// Level of its water (m), of its ground if it is dry.
    fn level(&self, cell: Cell) -> f64;
    /// Unit discharge (m²/s) to the east and to the south.
    fn discharge(&self, cell: Cell) -> (f64, f64);
    /// Speed (m/s); 0 where it is shallower than 1 mm.
    fn speed(&self, cell: Cell) -> f64;
    /// What is remembered of a cell since the start.
    fn maxima(&self, cell: Cell) -> Option<CellMaxima>;
    /// Volume through each line since the start (m³).
    fn passed(&self) -> &[f64];
    /// Flow up from each manhole over the last step of the network (m³/s); below zero it goes down.
    fn manholes(&self) -> &[f64];
    /// Flow from each bank onto the surface (m³/s).
    fn banks(&self) -> &[f64];
    /// Flow from each outlet onto the surface (m³/s).
    fn outlets(&self) -> &[f64];
    /// Water on the surface (m³).
    fn stored(&self) -> f64;
}

/// Takes the results of the surface as they come, at the reporting times of the network.
pub trait StreetSink {
    /// Called once, before the first record.
    ///
    /// # Errors
    /// When the place that results go to cannot be written.
    fn begin(&mut self, street: &Street) -> io::Result<()>;
    /// Called at the start and at every reporting time, `seconds` after the start.
    ///
    /// # Errors
    /// When the place that results go to cannot be written.
    fn record(&mut self, time: DateTime, seconds: f64, view: &dyn View) -> io::Result<()>;
    /// Called once, after the last record, also when the run was interrupted or failed.
    ///
    /// # Errors
    /// When the place that results go to cannot be written.
    fn end(&mut self, outcome: &Outcome) -> io::Result<()>;
    /// As [`Sink::keep`](super::Sink::keep).
    ///
    /// # Errors
    /// When results cannot be written, or the sink cannot go on; there is no checkpoint then.
    fn keep(&mut self) -> io::Result<Vec<u8>> {
        Err(checkpoint::not_kept())
    }
    /// As [`Sink::go_on`](super::Sink::go_on).
    ///
    /// # Errors
    /// When results are no longer as they were then.
    fn go_on(&mut self, _street: &Street, _kept: &[u8]) -> io::Result<()> {
        Err(checkpoint::not_kept())
    }
}

/// What one manhole, bank or outlet exchanged over a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exchanged {
    /// Volume that came up onto the surface (m³).
    pub up: f64,
    /// Volume that went down (m³).
    pub down: f64,
    /// Greatest flow up (m³/s).
    pub peak_up: f64,
    /// Greatest flow down (m³/s).
    pub peak_down: f64,
    /// When water first came up (s since the start), if it did.
    pub first_up: Option<f64>,
}

/// The steps of both solvers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StreetSteps {
    /// Steps of the network.
    pub network: u64,
    /// Steps of the surface.
    pub surface: u64,
    /// The shortest step of the surface (s).
    pub shortest: f64,
    /// Where and when it was: the cell, and the time (s since the start).
    pub tightest: Option<(Cell, f64)>,
}

/// The surface after a run.
#[derive(Clone, Debug, Default)]
pub struct StreetSummary {
    /// The map.
    pub grid: Grid,
    /// What is remembered of each cell, row by row; empty if nothing is.
    pub maxima: Vec<CellMaxima>,
    /// Depth at the end (m), row by row.
    pub final_depth: Vec<f32>,
    /// Where water came from and went.
    pub ledger: Ledger,
    /// What stands there at the end (m³).
    pub stored: f64,
    /// Water made or lost, of all that was there or came in.
    pub volume_error: f64,
    /// Each manhole.
    pub manholes: Vec<Exchanged>,
    /// Each bank.
    pub banks: Vec<Exchanged>,
    /// Each outlet.
    pub outlets: Vec<Exchanged>,
    /// Volume through each line (m³).
    pub passed: Vec<f64>,
    /// What rounding kept from being moved at the end (m³).
    pub unsettled: f64,
    /// Steps.
    pub steps: StreetSteps,
    /// When the last rain fell on any zone of the grid, and on any gauge where it rains on land too (s since the start):
    /// retreat counts from here.
    pub rain_end: f64,
    /// Rain depth times area that the surface should have got, from its gauges or maps (m³), to be held against
    /// `ledger.rain`.
    pub rain_expected: f64,
}
