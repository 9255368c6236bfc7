//! The water of a run: depths and flows of all cells, and what is remembered of them.

use serde::{Deserialize, Serialize};

use crate::num::real::Real;

use super::grid::{BLOCK, Cell, Grid};
use super::inertial_sweep::InertialFlow;
use super::ledger::Ledger;
use super::maxima::Maxima;
use super::params::{Law, Params};
use super::shock_flow::ShockFlow;
use super::subgrid_flow::Coarse;
use super::subgrid_look::Pixels;
use super::supply::{BlockSum, add, take};
use super::tiles::{EAST, NORTH, SOUTH, Tiles, WEST, WET};

/// The step that the water allows, and the cell that allows no more.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// The longest step (s).
    pub dt: f64,
    /// The cell with the fastest wave.
    pub cell: Cell,
    /// When (s).
    pub time: f64,
}

/// What moves, by law.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Flow<R> {
    /// Discharges of faces.
    Inertial(InertialFlow<R>),
    /// Momentum of cells.
    Shock(Box<ShockFlow<R>>),
}

/// The water of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State<R> {
    /// Time since the start of the run (s).
    pub time: f64,
    /// Number of steps so far.
    pub steps: u64,
    /// The balance.
    pub ledger: Ledger,
    /// What is remembered, if it is watched.
    pub maxima: Option<Maxima<R>>,
    /// The volume that has passed each line (m³).
    pub passed: Vec<f64>,
    /// The shortest step that the water has allowed.
    pub tightest: Option<Limit>,
    /// The fastest wave of thin water at the last survey (m/s).
    pub(crate) film: f64,
    /// Depths (m).
    pub(crate) depth: Vec<R>,
    /// What rounding dropped from the depths; empty if nothing is kept.
    pub(crate) lost: Vec<R>,
    /// What the soil of each cell remembers; empty without soils.
    pub(crate) memory: Vec<f64>,
    pub(crate) flow: Flow<R>,
    /// The water of coarse cells, where those move it; then all above of depths is what the last look laid on the terrain.
    pub(crate) coarse: Option<Box<(Coarse<R>, Pixels<R>)>>,
    pub(crate) tiles: Tiles,
    pub(crate) sums: Vec<BlockSum>,
    pub(crate) next_look: f64,
    pub(crate) last_look: f64,
}

/// The water at the start.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    /// No water.
    Dry,
    /// One level everywhere (m): each cell below it is filled up to it.
    Level(f64),
    /// A depth for each cell in rows and columns of the grid (m); what is not above zero is dry.
    Depths(&'a ndarray::Array2<f64>),
}

impl<R: Real> State<R> {
    /// The state of a run before its first step. Depths beyond the map are ignored.
    #[must_use]
    pub fn new(params: &Params<R>, start: Start<'_>) -> Self {
        let grid = &params.grid;
        let length = grid.length();
        let mut depth = vec![R::of(0.0); length];
        let snapped = |level: f64| ((level - params.datum) / params.quantum).round() * params.quantum;
        for cell in grid.all().filter(|cell| !params.is_wall(cell.at())) {
            depth[cell.at()] = match start {
                Start::Dry => R::of(0.0),
                Start::Level(level) => (R::of(snapped(level)) - params.bed[cell.at()]).larger(R::of(0.0)),
                Start::Depths(map) => {
                    let value = map.get(grid.row_and_column(cell)).copied().unwrap_or(0.0);
                    R::of(if value.is_finite() { value.max(0.0) } else { 0.0 })
                }
            };
        }
        let memory = params.soil.as_ref().map_or_else(Vec::new, |soil| {
            soil.iter()
                .map(|kind| usize::from(*kind).checked_sub(1).map_or(0.0, |k| params.soils[k].start()))
                .collect()
        });
        let coarse = params
            .subgrid
            .as_ref()
            .map(|place| Box::new((Coarse::new(params, place, start), Pixels::new(params, place))));
        let own = if coarse.is_some() { 0 } else { length };
        let flow = match params.options.law {
            Law::Inertial { .. } => Flow::Inertial(InertialFlow::new(own)),
            Law::Shock { .. } => Flow::Shock(Box::new(ShockFlow::new(&depth))),
        };
        let mut state = Self {
            time: 0.0,
            steps: 0,
            ledger: Ledger {
                boundary_in: vec![0.0; params.boundaries()],
                boundary_out: vec![0.0; params.boundaries()],
                ..Ledger::default()
            },
            maxima: params.watch.map(|_| Maxima::new(length)),
            passed: vec![0.0; params.lines.len()],
            tightest: None,
            film: 0.0,
            depth,
            lost: if R::COMPENSATED { vec![R::of(0.0); own] } else { Vec::new() },
            coarse,
            memory,
            flow,
            tiles: Tiles::new(grid),
            sums: vec![BlockSum::default(); grid.blocks()],
            next_look: 0.0,
            last_look: 0.0,
        };
        if state.coarse.is_some() {
            // looks go everywhere
            state.tiles.wake(grid, |_| true);
            state.lay(params);
        } else {
            (0..grid.blocks()).for_each(|block| state.survey(params, block));
        }
        state.ledger.initial = state.stored(params);
        state
    }

    /// Whether the columns have the length of the map.
    #[must_use]
    pub fn is_of(&self, params: &Params<R>) -> bool {
        self.depth.len() == params.grid.length()
    }

    /// Depth of a cell (m).
    #[must_use]
    pub fn depth(&self, cell: Cell) -> f64 {
        match &self.coarse {
            Some(coarse) => coarse.1.depth(&coarse.0.level, cell),
            None => self.depth[cell.at()].wide(),
        }
    }

    /// Lays the water of coarse cells on those of the terrain.
    pub(crate) fn lay(&mut self, params: &Params<R>) {
        if let (Some(coarse), Some(place)) = (&mut self.coarse, &params.subgrid) {
            let (coarse, pixels) = &mut **coarse;
            coarse.lay(params, place, &mut self.depth, pixels);
        }
    }

    /// Level of the water of a cell (m); of its ground if it is dry.
    #[must_use]
    pub fn level(&self, params: &Params<R>, cell: Cell) -> f64 {
        params.bed(cell) + self.depth(cell)
    }

    /// Unit discharge of a cell (m²/s), to the east and to the south.
    #[must_use]
    pub fn discharge(&self, params: &Params<R>, cell: Cell) -> (f64, f64) {
        let (at, stride) = (cell.at(), params.grid.stride());
        if let (Some(coarse), Some(place)) = (&self.coarse, &params.subgrid) {
            return coarse.0.pixel_discharge(params, place, cell);
        }
        match &self.flow {
            Flow::Inertial(flow) => {
                let mean = |a: R, b: R| 0.5 * (a.wide() + b.wide());
                (mean(flow.qx[at], flow.qx[at + 1]), mean(flow.qy[at], flow.qy[at + stride]))
            }
            Flow::Shock(flow) => (flow.now.mx[at].wide(), flow.now.my[at].wide()),
        }
    }

    /// Speed of the water of a cell (m/s); 0 where it is shallower than 1 mm.
    #[must_use]
    pub fn speed(&self, params: &Params<R>, cell: Cell) -> f64 {
        let (x, y) = self.discharge(params, cell);
        let depth = self.depth(cell);
        if depth > 1.0e-3 { x.hypot(y) / depth } else { 0.0 }
    }

    /// The water that stands on the map (m³).
    #[must_use]
    pub fn stored(&self, params: &Params<R>) -> f64 {
        let (grid, depth, lost) = match (&self.coarse, &params.subgrid) {
            (Some(coarse), Some(place)) => (&place.grid, &coarse.0.volume, &coarse.0.lost),
            _ => (&params.grid, &self.depth, &self.lost),
        };
        let mut sum = 0.0;
        for block in 0..grid.blocks() {
            for row in grid.block_rows(block) {
                let start = row * grid.stride() + super::grid::PAD;
                let cells = start..start + grid.columns;
                let mut lanes = [0.0; 8];
                for (i, depth) in depth[cells.clone()].iter().enumerate() {
                    lanes[i % 8] += depth.wide();
                }
                if R::COMPENSATED {
                    for (i, lost) in lost[cells].iter().enumerate() {
                        lanes[i % 8] += lost.wide();
                    }
                }
                sum += lanes.iter().sum::<f64>();
            }
        }
        sum * grid.area()
    }

    /// Water made (above zero) or lost so far, of all that was there or came in.
    #[must_use]
    pub fn volume_error(&self, params: &Params<R>) -> f64 {
        self.ledger.error(self.stored(params))
    }

    /// Puts water into a cell (m³ above zero) or takes it out (below), at most what the cell holds; gives what was
    /// really moved, with its sign. For pipes, rivers and whatever else stands outside the map.
    pub fn exchange(&mut self, params: &Params<R>, cell: Cell, volume: f64) -> f64 {
        let moved = self.move_water(params, cell, volume);
        if moved > 0.0 {
            self.ledger.exchange_in += moved;
        } else {
            self.ledger.exchange_out -= moved;
        }
        moved
    }

    /// [`Self::exchange`] without booking.
    pub(crate) fn move_water(&mut self, params: &Params<R>, cell: Cell, volume: f64) -> f64 {
        let (at, area) = (cell.at(), params.grid.area());
        if params.is_wall(at) || !volume.is_finite() {
            return 0.0;
        }
        if let (Some(coarse), Some(place)) = (&mut self.coarse, &params.subgrid) {
            let (cell, area) = (place.cell_of(&params.grid, cell), place.grid.area());
            return coarse.0.move_water(place, cell, volume / area) * area;
        }
        let before = self.depth[at];
        let mut nothing = R::of(0.0);
        let lost = if R::COMPENSATED { &mut self.lost[at] } else { &mut nothing };
        let moved = if volume < 0.0 {
            -take(&mut self.depth[at], lost, -volume / area) * area
        } else {
            add(&mut self.depth[at], lost, volume / area);
            volume
        };
        if let Flow::Shock(flow) = &mut self.flow {
            flow.refresh(at, before, self.depth[at], R::of(params.options.dry_depth));
        }
        if self.depth[at].wide() > params.options.dry_depth {
            self.mark_wet(params, cell);
        }
        moved
    }

    /// Lets the next step know that a cell has become wet.
    fn mark_wet(&mut self, params: &Params<R>, cell: Cell) {
        let grid = &params.grid;
        let (row, column) = grid.row_and_column(cell);
        let row = row + super::grid::PAD;
        let (block, tile) = (row / BLOCK, column / super::grid::TILE);
        let (rows, columns) = (grid.block_rows(block), grid.tile_columns(tile));
        let place = column + super::grid::PAD;
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        self.tiles.wet[grid.tile_of(cell)] |= WET
            | flag(row == rows.start, NORTH)
            | flag(row + 1 == rows.end, SOUTH)
            | flag(place == columns.start, WEST)
            | flag(place + 1 == columns.end, EAST);
        let peak = self.wave(params, cell.at());
        self.sums[block].peak = self.sums[block].peak.max(peak);
    }

    /// What bounds the step in a cell: depth (m), or the speed of its fastest wave (m/s) with the shock law.
    fn wave(&self, params: &Params<R>, at: usize) -> f64 {
        let depth = self.depth[at].wide();
        match &self.flow {
            Flow::Inertial(_) => depth,
            Flow::Shock(flow) if depth > params.options.dry_depth => {
                flow.now.u[at].wide().abs().max(flow.now.v[at].wide().abs())
                    + (params.options.gravity * depth).sqrt()
            }
            Flow::Shock(_) => 0.0,
        }
    }

    /// Looks over a block afresh: where it is wet and what bounds the step.
    fn survey(&mut self, params: &Params<R>, block: usize) {
        for row in params.grid.block_rows(block) {
            for column in 0..params.grid.columns {
                let at = row * params.grid.stride() + column + super::grid::PAD;
                if self.depth[at].wide() > params.options.dry_depth {
                    self.mark_wet(params, Cell(at as u32));
                }
            }
        }
    }

    /// The longest step that the water allows now (s), times the Courant number; no longer than the longest of the
    /// options.
    #[must_use]
    pub fn allowed_step(&self, params: &Params<R>) -> f64 {
        if let (Some(coarse), Some(place)) = (&self.coarse, &params.subgrid) {
            return coarse.0.allowed_step(params, place).min(params.options.longest_step);
        }
        let (o, fastest) = (&params.options, self.deep(params).max(self.film));
        (o.courant * params.grid.size / fastest.max(1.0e-12)).min(o.longest_step)
    }

    /// The speed (m/s) of the fastest wave but for those of thin water with the inertial law.
    pub(crate) fn deep(&self, params: &Params<R>) -> f64 {
        let peak = self.sums.iter().fold(0.0_f64, |most, sum| most.max(sum.peak));
        match &self.flow {
            Flow::Inertial(_) => (params.options.gravity * peak).sqrt(),
            Flow::Shock(_) => peak,
        }
    }

    /// The cell that bounds the step now; `None` if all is dry.
    #[must_use]
    pub fn limiting_cell(&self, params: &Params<R>) -> Option<Limit> {
        if let (Some(coarse), Some(place)) = (&self.coarse, &params.subgrid) {
            let (at, dt) = coarse.0.limiting(params, place)?;
            let pixels = place.pixels(&params.grid, at).flatten();
            let deepest = pixels.min_by(|a, b| params.bed[*a].wide().total_cmp(&params.bed[*b].wide()))?;
            return Some(Limit { dt, cell: Cell(deepest as u32), time: self.time });
        }
        let films = self.film > self.deep(params);
        let speed = |at: usize| if films { super::film::at(params, self, at) } else { self.wave(params, at) };
        let (grid, mut found, mut most): (&Grid, _, _) = (&params.grid, None, 0.0);
        for (block, sum) in self.sums.iter().enumerate() {
            if !films && sum.peak <= most {
                continue;
            }
            for span in &self.tiles.spans[block] {
                for row in grid.block_rows(block) {
                    for at in row * grid.stride() + span.start..row * grid.stride() + span.end {
                        let wave = speed(at);
                        if wave > most {
                            (found, most) = (Some(Cell(at as u32)), wave);
                        }
                    }
                }
            }
        }
        found.map(|cell| Limit { dt: self.allowed_step(params), cell, time: self.time })
    }
}
