//! What does not change during a run: terrain, roughness, soils, edges and options, compiled into columns.

use std::fmt;

use ndarray::Array2;

use crate::model::raster::Raster;
use crate::num::real::Real;

use super::boundary::{Boundary, Face, Kind};
use super::film;
use super::grid::{BLOCK, Cell, Grid, PAD, Side};
use super::hazard::{Classes, Debris};
use super::infiltration::Soil;
use super::line::Line;
use super::subgrid_place::{self, Subgrid};

/// Bed of walls and of cells without terrain, above the datum (m): higher than any water.
pub(crate) const WALL: f64 = 1.0e6;

/// By how much a row that stands for all rows is longer than they are, so that the last cells of a row can be computed
/// by as many as registers hold.
pub(crate) const SPARE: usize = 16;

/// Which equations move the water.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Local inertial equations: for rain on streets and floods on plains; Froude numbers below about 1.
    Inertial {
        /// θ, the weight of a face in its own inertia at a local Courant number of 1; above 0 and at most 1. Less than 1
        /// damps alternating cells and smears jets as an upwind scheme of share 1 - θ would: 0.8 lifts the flow in a street
        /// of three cells by 2 cm and holds the front of the valley of EA test 5 back by 100 s. With even steps 1 is
        /// quiet too; 0.97 leaves some damping for runs whose steps others cut.
        own_weight: f64,
        /// Greatest Froude number of a face; `None` for no bound.
        froude_limit: Option<f64>,
    },
    /// The full shallow-water equations with shocks: for dam breaks and steep streets.
    Shock {
        /// Whether fluxes are of second order in space and time; else of first. Of first order water falls from cell to cell
        /// where the bed drops by more than the depth, whatever its roughness: thin water on slopes runs too fast (in
        /// a V-shaped catchment with cells of 10 m the flood comes twice as soon). It is there for floods that are
        /// deep against the steps of their bed, and to compare with schemes of its kind.
        second_order: bool,
    },
}

impl Law {
    /// Local inertial, θ 0.97, Froude numbers up to 2.
    pub const INERTIAL: Self = Self::Inertial { own_weight: 0.97, froude_limit: Some(2.0) };
    /// Full equations, second order.
    pub const SHOCK: Self = Self::Shock { second_order: true };
}

/// Roughness that grows where water is thin: Manning's n is multiplied by `factor` up to `thin`, by 1 from `deep` on,
/// linear in depth between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThinRoughness {
    /// Factor on n in thin water, above zero.
    pub factor: f64,
    /// Depth of thin water (m).
    pub thin: f64,
    /// Depth from which the roughness of the map holds (m), above `thin`.
    pub deep: f64,
}

/// How the solver works.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Which equations.
    pub law: Law,
    /// The step in units of `Δx / (wave speed)`: 0.65 suits the inertial law, 0.45 the shock law. Above ν with
    /// `ν² + (1-θ)/2 ν = 1/2` (0.66 for θ = 0.8, 0.70 for 0.97) the inertial law is unstable on a plane: its pattern of
    /// alternating cells grows, unless friction holds it.
    pub courant: f64,
    /// The longest step (s).
    pub longest_step: f64,
    /// Depth below which nothing flows (m).
    pub dry_depth: f64,
    /// Gravity (m/s²).
    pub gravity: f64,
    /// Roughness of thin water.
    pub thin_roughness: Option<ThinRoughness>,
    /// Whether the inertial law takes the advection of momentum along, each axis for itself
    /// ([`super::inertial::advected`]): nearer to the full equations in fast floods and streets, for a few hundredths more
    /// of time. Without it the law is that of the peers that have none. The shock law has it always.
    pub advection: bool,
    /// Pixels along a cell: the solver then works with cells of so many by so many cells of the terrain, each with tables
    /// of what its ground holds and lets pass ([`super::subgrid`]); cells of the terrain stay what maps, places and
    /// maxima speak of. For the inertial law, without advection, soils and thin roughness. `None`: cells of the terrain.
    pub subgrid: Option<usize>,
    /// Whether a single rayon pool may share the blocks of a step; the bits do not depend on it.
    pub parallel: bool,
}

impl Options {
    /// The usual options of a law.
    #[must_use]
    pub fn of(law: Law) -> Self {
        let courant = if matches!(law, Law::Inertial { .. }) { 0.65 } else { 0.45 };
        Self {
            law,
            courant,
            longest_step: 10.0,
            dry_depth: 1.0e-5,
            gravity: 9.81,
            thin_roughness: None,
            advection: false,
            subgrid: None,
            parallel: true,
        }
    }
}

/// Manning's n of the map (s/m^(1/3)).
#[derive(Clone, Debug, PartialEq)]
pub enum Roughness {
    /// The same everywhere.
    Same(f64),
    /// One value a cell.
    Map(Raster),
}

/// Where rain falls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RainMap {
    /// The share of the rain that each cell gets, 0 to 1; 1 everywhere without it. Cells whose rain runs off through
    /// subcatchments have 0: each square metre gets its rain once.
    pub share: Option<Raster>,
    /// The zone of each cell, an index into [`super::Forcing::rain`]; zone 0 everywhere without it.
    pub zones: Option<Array2<u16>>,
}

/// The soils of the map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Soils {
    /// The kinds of soil.
    pub kinds: Vec<Soil>,
    /// 0 for sealed ground, else 1 + the index of the kind.
    pub map: Option<Array2<u8>>,
}

/// When what is remembered of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watch {
    /// Time between looks (s); 0 looks after every step. Maxima are those of the looks.
    pub interval: f64,
    /// Depth at which water has arrived (m).
    pub arrival_depth: f64,
    /// Depth above which time is counted (m).
    pub threshold: f64,
    /// Debris that the hazard rating of people counts.
    pub debris: Debris,
    /// Limits of the classes of hazard.
    pub classes: Classes,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            interval: 10.0,
            arrival_depth: 0.05,
            threshold: 0.15,
            debris: Debris::URBAN,
            classes: Classes::AIDR,
        }
    }
}

/// All that a run needs to know of the place.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// Level of the ground (m); NaN is outside.
    pub terrain: Raster,
    /// Manning's n.
    pub roughness: Roughness,
    /// Where rain falls.
    pub rain: RainMap,
    /// Where water enters the soil.
    pub soils: Soils,
    /// Where inflows enter: each shares its water evenly among its cells.
    pub inflows: Vec<Vec<Cell>>,
    /// Open edges.
    pub boundaries: Vec<Boundary>,
    /// Lines through which the volume is counted.
    pub lines: Vec<Line>,
    /// What is remembered.
    pub watch: Option<Watch>,
    /// How the solver works.
    pub options: Options,
}

impl Setup {
    /// A closed place with one roughness, rain everywhere and nothing else.
    #[must_use]
    pub fn new(terrain: Raster, n: f64, options: Options) -> Self {
        Self {
            terrain,
            roughness: Roughness::Same(n),
            rain: RainMap::default(),
            soils: Soils::default(),
            inflows: Vec::new(),
            boundaries: Vec::new(),
            lines: Vec::new(),
            watch: Some(Watch::default()),
            options,
        }
    }

    /// The grid of the terrain.
    #[must_use]
    pub fn grid(&self) -> Grid {
        let (rows, columns) = self.terrain.values.dim();
        Grid { west: self.terrain.west, north: self.terrain.north, size: self.terrain.cell, rows, columns }
    }
}

/// Why a place cannot be run.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The terrain has no cell with a level, or a cell without a size, or too many cells for the columns.
    NoTerrain,
    /// A map has another number of rows or columns than the terrain.
    OtherShape {
        /// Which map.
        map: &'static str,
        /// Its rows and columns.
        found: (usize, usize),
    },
    /// A value outside its range.
    Value {
        /// What it is.
        what: &'static str,
        /// The value.
        value: f64,
        /// Where it stands, if in a map.
        cell: Option<Cell>,
    },
    /// An inflow, edge or line names a cell outside the terrain, or an inflow has no cell.
    NoCell {
        /// What names it: the kind and its number from 0.
        what: (&'static str, usize),
    },
    /// Something that cells with tables cannot do.
    NotWithTables {
        /// What was asked for.
        what: &'static str,
    },
    /// An edge has terrain on both sides.
    InnerEdge {
        /// The boundary, from 0.
        boundary: usize,
        /// The cell.
        cell: Cell,
        /// Its side.
        side: Side,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTerrain => write!(f, "the terrain has no cell with a level"),
            Self::OtherShape { map, found: (rows, columns) } => {
                write!(f, "the map of {map} has {rows} rows and {columns} columns, unlike the terrain")
            }
            Self::Value { what, value, cell: None } => write!(f, "{what} cannot be {value}"),
            Self::Value { what, value, cell: Some(_) } => write!(f, "{what} cannot be {value} in a cell"),
            Self::NoCell { what: (what, index) } => {
                write!(f, "{what} {index} names a cell without terrain, or none")
            }
            Self::NotWithTables { what } => {
                write!(f, "cells with tables of their ground (`subgrid`) cannot be run with {what}")
            }
            Self::InnerEdge { boundary, side, .. } => {
                write!(
                    f,
                    "boundary {boundary} opens the {side:?} side of a cell although terrain lies beyond"
                )
            }
        }
    }
}

impl std::error::Error for Fault {}

/// A value a cell, or one for all: then each row is the same row.
#[derive(Clone, Debug)]
pub(crate) enum Column<R> {
    /// One row, for all.
    Same(Vec<R>),
    /// All cells.
    Cells(Vec<R>),
}

impl<R: Real> Column<R> {
    /// The largest value.
    pub fn largest(&self) -> f64 {
        let (Self::Same(all) | Self::Cells(all)) = self;
        all.iter().fold(0.0, |most, value| most.max(value.wide()))
    }
}

impl<R> Column<R> {
    /// The values of a run of cells that starts at `start` of the columns, `place` being its place in the row.
    #[inline(always)]
    pub fn run(&self, start: usize, place: usize, length: usize) -> &[R] {
        match self {
            Self::Same(row) => &row[place..place + length],
            Self::Cells(all) => &all[start..start + length],
        }
    }

    /// The value of a cell.
    pub fn get(&self, at: usize) -> &R {
        match self {
            Self::Same(row) => &row[0],
            Self::Cells(all) => &all[at],
        }
    }
}

/// A place, compiled.
#[derive(Clone, Debug)]
pub struct Params<R> {
    /// The grid.
    pub grid: Grid,
    /// How the solver works.
    pub options: Options,
    /// What is remembered.
    pub watch: Option<Watch>,
    /// The kinds of soil.
    pub soils: Vec<Soil>,
    /// The lines through which the volume is counted.
    pub lines: Vec<Line>,
    /// What beds are counted from (m).
    pub(crate) datum: f64,
    /// What beds are multiples of (m).
    pub(crate) quantum: f64,
    /// The bed above the datum (m).
    pub(crate) bed: Vec<R>,
    /// `g n²`.
    pub(crate) friction: Column<R>,
    /// The greatest speed of waves in thin water (m/s).
    pub(crate) film_bound: f64,
    /// The share of rain.
    pub(crate) share: Column<R>,
    /// The zone of each cell.
    pub(crate) zone: Option<Vec<u16>>,
    /// The sum of shares of each zone (cells).
    pub(crate) zone_cells: Vec<f64>,
    /// Whether any rain falls on a tile.
    pub(crate) rained: Vec<bool>,
    /// 1 + kind of soil of each cell.
    pub(crate) soil: Option<Vec<u8>>,
    /// Cells of the inflows.
    pub(crate) inflows: Vec<Vec<Cell>>,
    /// Kinds of the boundaries.
    pub(crate) kinds: Vec<Kind>,
    /// Open faces.
    pub(crate) faces: Vec<Face>,
    /// Walls behind open faces, in order.
    pub(crate) ghosts: Vec<u32>,
    /// Whether inflow or a boundary acts on a tile.
    pub(crate) driven: Vec<bool>,
    /// The cells of the solver, if they are larger than those of the terrain.
    pub(crate) subgrid: Option<Box<Subgrid<R>>>,
}

impl<R: Real> Params<R> {
    /// Compiles a place, or says all that is wrong with it.
    pub fn new(setup: &Setup) -> Result<Self, Vec<Fault>> {
        let grid = setup.grid();
        let mut faults = Vec::new();
        let levels: Vec<f64> = setup.terrain.values.iter().map(|z| f64::from(*z)).collect();
        let datum = levels.iter().copied().filter(|z| z.is_finite()).fold(f64::INFINITY, f64::min);
        let sized = grid.size.is_finite() && grid.size > 0.0 && u32::try_from(grid.length()).is_ok();
        if !datum.is_finite() || !sized {
            return Err(vec![Fault::NoTerrain]);
        }
        check_options(setup, &mut faults);
        subgrid_place::check(setup, &mut faults);
        let inside = |at: usize| levels[at].is_finite();
        let cells: Vec<Cell> = grid.all().collect();
        let spread = |fill: R, value: &dyn Fn(usize) -> R| {
            let mut column = vec![fill; grid.length()];
            for (at, cell) in cells.iter().enumerate() {
                column[cell.at()] = value(at);
            }
            column
        };

        // beds are multiples of one quantum, the spacing of numbers at the top of the map, so that a level surface is
        // level to the last bit
        let relief = levels.iter().copied().filter(|z| z.is_finite()).fold(datum, f64::max) - datum;
        let quantum = (relief + 1.0).log2().ceil().exp2() * R::EPSILON.wide();
        let snapped = |z: f64| R::of(((z - datum) / quantum).round() * quantum);
        let bed = spread(R::of(WALL), &|at| if inside(at) { snapped(levels[at]) } else { R::of(WALL) });
        let g = setup.options.gravity;
        let friction = match &setup.roughness {
            Roughness::Same(n) => {
                if !(n.is_finite() && *n >= 0.0) {
                    faults.push(Fault::Value { what: "roughness", value: *n, cell: None });
                }
                Column::Same(vec![R::of(g * n * n); grid.stride() + SPARE])
            }
            Roughness::Map(map) => match checked(&grid, map, "roughness", &mut faults) {
                None => Column::Same(vec![R::of(0.0); grid.stride() + SPARE]),
                Some(n) => {
                    let wrong = (0..n.len()).find(|at| inside(*at) && !(n[*at].is_finite() && n[*at] >= 0.0));
                    if let Some(at) = wrong {
                        faults.push(Fault::Value { what: "roughness", value: n[at], cell: Some(cells[at]) });
                    }
                    let known = |at: usize| if inside(at) { R::of(g * n[at] * n[at]) } else { R::of(0.0) };
                    let mut column = spread(R::of(0.0), &known);
                    extend_walls(&grid, &bed, &mut column);
                    Column::Cells(column)
                }
            },
        };

        let shares = setup.rain.share.as_ref().and_then(|map| checked(&grid, map, "rain share", &mut faults));
        if let Some(shares) = &shares {
            let wrong = (0..shares.len()).find(|at| inside(*at) && !(0.0..=1.0).contains(&shares[*at]));
            if let Some(at) = wrong {
                faults.push(Fault::Value { what: "rain share", value: shares[at], cell: Some(cells[at]) });
            }
        }
        let share_of = |at: usize| match &shares {
            _ if !inside(at) => R::of(0.0),
            Some(shares) => R::of(shares[at]),
            None => R::of(1.0),
        };
        let share = if shares.is_none() && (0..levels.len()).all(inside) {
            Column::Same(vec![R::of(1.0); grid.stride() + SPARE])
        } else {
            Column::Cells(spread(R::of(0.0), &share_of))
        };
        let zone = index_map(&grid, setup.rain.zones.as_ref(), "rain zones", &mut faults);
        let mut zone_cells =
            vec![0.0; zone.iter().flatten().copied().max().map_or(1, |z| usize::from(z) + 1)];
        let mut rained = vec![false; grid.blocks() * grid.tiles_across()];
        for (at, cell) in cells.iter().enumerate() {
            let share = share_of(at).wide();
            zone_cells[zone.as_ref().map_or(0, |zone| usize::from(zone[cell.at()]))] += share;
            rained[grid.tile_of(*cell)] |= share > 0.0;
        }

        let soil = index_map(&grid, setup.soils.map.as_ref(), "soils", &mut faults);
        if let Some(kind) = soil.iter().flatten().find(|kind| usize::from(**kind) > setup.soils.kinds.len()) {
            faults.push(Fault::Value { what: "the kind of soil", value: f64::from(*kind), cell: None });
        }

        let wall = |at: usize| bed.get(at).is_none_or(|z| z.wide() >= 0.5 * WALL);
        let mut driven = vec![false; grid.blocks() * grid.tiles_across()];
        for (index, inflow) in setup.inflows.iter().enumerate() {
            if inflow.is_empty() || inflow.iter().any(|cell| wall(cell.at())) {
                faults.push(Fault::NoCell { what: ("inflow", index) });
                continue;
            }
            inflow.iter().for_each(|cell| driven[grid.tile_of(*cell)] = true);
        }
        let faces = open_faces(&grid, &setup.boundaries, &wall, &mut faults);
        for face in &faces {
            if setup.boundaries[face.boundary].kind == Kind::Stage {
                driven[grid.tile_of(Cell(face.cell as u32))] = true;
            }
        }
        let mut ghosts: Vec<u32> = faces.iter().map(|face| face.ghost as u32).collect();
        ghosts.sort_unstable();
        ghosts.dedup();
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut params = Self {
            grid,
            options: setup.options,
            watch: setup.watch,
            soils: setup.soils.kinds.clone(),
            lines: setup.lines.clone(),
            datum,
            quantum,
            bed,
            film_bound: film::bound(&setup.options, grid.size, friction.largest()),
            friction,
            share,
            zone,
            zone_cells,
            rained,
            soil,
            inflows: setup.inflows.clone(),
            kinds: setup.boundaries.iter().map(|boundary| boundary.kind).collect(),
            faces,
            ghosts,
            driven,
            subgrid: None,
        };
        params.subgrid = setup.options.subgrid.map(|factor| Box::new(Subgrid::new(&params, factor)));
        Ok(params)
    }

    /// The level of the ground of a cell (m); NaN outside the terrain.
    #[must_use]
    pub fn bed(&self, cell: Cell) -> f64 {
        if self.is_wall(cell.at()) { f64::NAN } else { self.bed[cell.at()].wide() + self.datum }
    }

    /// The area on which rain falls (m²), shares counted.
    #[must_use]
    pub fn rained_area(&self) -> f64 {
        self.rained_areas().iter().sum()
    }

    /// The area of each rain zone (m²), shares counted.
    #[must_use]
    pub fn rained_areas(&self) -> Vec<f64> {
        let (cells, area) = match &self.subgrid {
            Some(coarse) => (&coarse.zone_cells, coarse.grid.area()),
            None => (&self.zone_cells, self.grid.area()),
        };
        cells.iter().map(|cells| cells * area).collect()
    }

    /// The share of rain that a cell gets.
    pub(crate) fn share_of(&self, at: usize) -> R {
        *self.share.get(at)
    }

    /// Number of boundaries.
    #[must_use]
    pub fn boundaries(&self) -> usize {
        self.kinds.len()
    }

    pub(crate) fn is_wall(&self, at: usize) -> bool {
        self.bed[at].wide() >= 0.5 * WALL
    }

    /// The part of the columns that belongs to a block.
    pub(crate) fn block_length(&self) -> usize {
        BLOCK * self.grid.stride()
    }

    /// Walls behind open faces in a run of the columns.
    pub(crate) fn ghosts_in(&self, start: usize, end: usize) -> &[u32] {
        if self.ghosts.is_empty() {
            return &[];
        }
        let from = self.ghosts.partition_point(|ghost| (*ghost as usize) < start);
        let to = self.ghosts.partition_point(|ghost| (*ghost as usize) < end);
        &self.ghosts[from..to]
    }
}

fn check_options(setup: &Setup, faults: &mut Vec<Fault>) {
    let o = &setup.options;
    let mut positive = |what: &'static str, value: f64, most: f64| {
        if !(value > 0.0 && value <= most) {
            faults.push(Fault::Value { what, value, cell: None });
        }
    };
    let stable = if let Law::Inertial { own_weight, .. } = o.law {
        let damping = 0.5 * (1.0 - own_weight);
        0.5 * ((damping * damping + 2.0).sqrt() - damping)
    } else {
        0.5
    };
    positive("the Courant number", o.courant, stable);
    positive("the longest step", o.longest_step, f64::INFINITY);
    positive("the dry depth", o.dry_depth, 0.1);
    positive("gravity", o.gravity, 1000.0);
    if let Law::Inertial { own_weight, froude_limit } = o.law {
        positive("the weight of a face", own_weight, 1.0);
        positive("the greatest Froude number", froude_limit.unwrap_or(1.0), f64::MAX);
    }
    if let Some(thin) = o.thin_roughness {
        positive("the factor of thin roughness", thin.factor, f64::MAX);
        positive("the range of thin roughness", thin.deep - thin.thin, f64::MAX);
    }
    for boundary in &setup.boundaries {
        if let Kind::NormalDepth { slope } = boundary.kind {
            positive("the slope of a boundary", slope, 10.0);
        }
    }
    for soil in &setup.soils.kinds {
        let numbers = match *soil {
            Soil::Constant { rate } => [rate, 0.0, 0.0],
            Soil::Horton { first, last, decay } => [first, last, decay],
            Soil::GreenAmpt { conductivity, suction, deficit } => [conductivity, suction, deficit],
        };
        if let Some(value) = numbers.into_iter().find(|v| !(v.is_finite() && *v >= 0.0)) {
            faults.push(Fault::Value { what: "a number of a soil", value, cell: None });
        }
    }
}

fn checked(grid: &Grid, map: &Raster, name: &'static str, faults: &mut Vec<Fault>) -> Option<Vec<f64>> {
    if map.values.dim() != (grid.rows, grid.columns) {
        faults.push(Fault::OtherShape { map: name, found: map.values.dim() });
        return None;
    }
    Some(map.values.iter().map(|v| f64::from(*v)).collect())
}

fn index_map<T: Copy + Default>(
    grid: &Grid,
    map: Option<&Array2<T>>,
    name: &'static str,
    faults: &mut Vec<Fault>,
) -> Option<Vec<T>> {
    let map = map?;
    if map.dim() != (grid.rows, grid.columns) {
        faults.push(Fault::OtherShape { map: name, found: map.dim() });
        return None;
    }
    let mut column = vec![T::default(); grid.length()];
    for (cell, value) in grid.all().zip(map.iter()) {
        column[cell.at()] = *value;
    }
    Some(column)
}

/// Gives walls the value of a neighbour, so that a face with a wall does not see half of it.
fn extend_walls<R: Real>(grid: &Grid, bed: &[R], column: &mut [R]) {
    let wall = |at: usize| bed[at].wide() >= 0.5 * WALL;
    for cell in grid.all().filter(|cell| !wall(cell.at())) {
        for side in [Side::North, Side::East, Side::South, Side::West] {
            let beyond = grid.beyond(cell, side);
            if wall(beyond) {
                column[beyond] = column[cell.at()];
            }
        }
    }
}

fn open_faces(
    grid: &Grid,
    boundaries: &[Boundary],
    wall: &dyn Fn(usize) -> bool,
    faults: &mut Vec<Fault>,
) -> Vec<Face> {
    let mut faces = Vec::new();
    for (index, boundary) in boundaries.iter().enumerate() {
        for (cell, side) in &boundary.edges {
            if wall(cell.at()) {
                faults.push(Fault::NoCell { what: ("boundary", index) });
                continue;
            }
            let ghost = grid.beyond(*cell, *side);
            if !wall(ghost) {
                faults.push(Fault::InnerEdge { boundary: index, cell: *cell, side: *side });
                continue;
            }
            let (face, along_row, outward) = match side {
                Side::North => (cell.at(), false, -1.0),
                Side::South => (ghost, false, 1.0),
                Side::West => (cell.at(), true, -1.0),
                Side::East => (ghost, true, 1.0),
            };
            faces.push(Face { boundary: index, cell: cell.at(), ghost, face, along_row, outward });
        }
    }
    debug_assert!(faces.iter().all(|f| f.ghost >= PAD - 1));
    faces
}
