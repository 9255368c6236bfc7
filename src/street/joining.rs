//! A network laid over a ground: the street of a run.

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::raster::Raster;
use crate::model::terrain::place;
use crate::model::{LinkId, Model};
use crate::scenario::surface::{LawName, PrecisionName, RunoffFrom, SurfaceTable};
use crate::simulation::street::{Precision, Street};
use crate::surface::{Fault, Grid, Law, Options, Params, Setup, ThinRoughness, Watch};

use super::ground::{Ground, grid_of};
use super::terrain::pixels;

/// Longest step of the network while water is exchanged where nothing is given (s).
const EXCHANGE_STEP: f64 = 1.0;
/// Time between looks at coarse cells where nothing is given (s).
const COARSE_LOOKS: f64 = 30.0;
/// Faults of a surface that are told one by one.
const MOST_TOLD: usize = 10;

/// A network and a ground that are being joined.
pub(super) struct Join<'a> {
    /// The ground.
    pub ground: &'a Ground,
    /// The network.
    pub model: &'a Model,
    /// The terrain, channels of the network cut out.
    pub terrain: Raster,
    /// Its grid.
    pub grid: Grid,
    /// Channels with banks.
    pub channels: Vec<LinkId>,
    /// Problems and warnings.
    pub found: Vec<Diagnostic>,
}

impl Ground {
    /// The street of a network on this ground: that of the base, or of an option. Gives the street and warnings.
    ///
    /// # Errors
    /// All problems of how the network fits the ground.
    pub fn street(&self, model: &Model) -> Result<(Street, Vec<Diagnostic>), Vec<Diagnostic>> {
        let table = &self.table;
        // what is unusual about their places was told when the ground was read
        let placed = place(&self.bare, model, self.crs.as_deref(), &mut Vec::new())
            .map_err(|problem| vec![*problem])?;
        let mut join = Join {
            ground: self,
            model,
            terrain: self.terrain.clone(),
            grid: grid_of(&self.terrain),
            channels: Vec::new(),
            found: Vec::new(),
        };
        let lines = join.channels();
        join.cut_channels(&lines);
        let manholes = join.manholes(&placed);
        let banks = join.banks(&lines);
        let outlets = join.outlets(&placed);
        let (rain_zones, rain) = join.rain();
        join.check_rain_enters_once();
        let (boundaries, stage) = join.boundaries();
        let (inflows, inflow) = join.inflows();
        let lines = join.counted_lines();
        let options = Options { subgrid: pixels(table, &self.terrain), ..options(table) };
        let Join { terrain, mut found, .. } = join;
        let setup = Setup {
            terrain,
            roughness: self.roughness.clone(),
            rain: crate::surface::RainMap { share: self.rain_share.clone(), zones: rain_zones },
            soils: self.soils.clone(),
            inflows,
            boundaries,
            lines,
            watch: Some(watch(table)),
            options,
        };
        if wrong(&found) == 0
            && let Err(faults) = Params::<f32>::new(&setup)
        {
            found.extend(told(&faults, &setup.grid()));
        }
        if wrong(&found) > 0 {
            return Err(found);
        }
        let street = Street {
            setup,
            precision: match table.precision {
                PrecisionName::Single => Precision::Single,
                PrecisionName::Double => Precision::Double,
            },
            initial_depth: self.initial_depth.clone(),
            manholes,
            banks,
            outlets,
            rain,
            rain_on_grid: table.runoff_from == RunoffFrom::Grid,
            inflow,
            stage,
            one_way: table.exchange.one_way,
            exchange_step: table.exchange.step.map_or(EXCHANGE_STEP, |step| step.0),
        };
        Ok((street, found))
    }
}

/// How many problems are no warnings.
fn wrong(found: &[Diagnostic]) -> usize {
    found.iter().filter(|problem| problem.severity != Severity::Warning).count()
}

/// The options of the solver.
fn options(table: &SurfaceTable) -> Options {
    let law = match table.law {
        LawName::Inertial => {
            let Law::Inertial { own_weight, froude_limit } = Law::INERTIAL else {
                return Options::of(Law::INERTIAL);
            };
            Law::Inertial {
                own_weight: table.theta.unwrap_or(own_weight),
                froude_limit: table
                    .froude_limit
                    .map_or(froude_limit, |limit| (limit != 0.0).then_some(limit)),
            }
        }
        LawName::Shock => Law::Shock { second_order: table.second_order.unwrap_or(true) },
    };
    let usual = Options::of(law);
    let thin = table.thin_roughness.map(|thin| ThinRoughness {
        factor: thin.factor,
        thin: thin.thin.0,
        deep: thin.deep.0,
    });
    Options {
        courant: table.courant.unwrap_or(usual.courant),
        longest_step: table.longest_step.map_or(usual.longest_step, |step| step.0),
        thin_roughness: thin,
        advection: table.advection.unwrap_or(usual.advection),
        ..usual
    }
}

/// What is remembered. Where cells are coarse a look at their pixels costs as much as many of their steps, so that looks are
/// fewer unless they are asked for.
fn watch(table: &SurfaceTable) -> Watch {
    let (asked, usual) = (&table.watch, Watch::default());
    let interval = if table.subgrid { COARSE_LOOKS } else { usual.interval };
    Watch {
        interval: asked.interval.map_or(interval, |interval| interval.0),
        arrival_depth: asked.arrival.map_or(usual.arrival_depth, |depth| depth.0),
        threshold: asked.threshold.map_or(usual.threshold, |depth| depth.0),
        ..usual
    }
}

/// What the solver refuses, in words with places.
fn told(faults: &[Fault], grid: &Grid) -> Vec<Diagnostic> {
    let place = |fault: &Fault| match fault {
        Fault::Value { cell: Some(cell), .. } | Fault::InnerEdge { cell, .. } => {
            let (x, y) = grid.middle(*cell);
            format!(" at ({x:.1}, {y:.1})")
        }
        _ => String::new(),
    };
    let mut told: Vec<Diagnostic> = faults
        .iter()
        .take(MOST_TOLD)
        .map(|fault| Diagnostic::error(0, format!("the surface cannot be run: {fault}{}", place(fault))))
        .collect();
    if faults.len() > MOST_TOLD {
        told.push(Diagnostic::error(
            0,
            format!("and {} more faults of the surface", faults.len() - MOST_TOLD),
        ));
    }
    told
}
