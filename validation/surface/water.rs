//! One run of the surface alone, watched: no depth below zero, no water made or lost.

use pailao::num::real::Real;
use pailao::surface::{Cell, Drivers, Grid, Law, Params, Setup, Side, Start, State, run};

use crate::proof::{Proof, Trouble};

/// The full equations, first order.
pub const FIRST: Law = Law::Shock { second_order: false };

/// A run.
pub struct Water<R> {
    /// The place.
    pub params: Params<R>,
    /// The water.
    pub state: State<R>,
    name: String,
    lowest: f64,
}

impl<R: Real> Water<R> {
    /// Before the first step.
    pub fn new(setup: &Setup, start: Start<'_>) -> Result<Self, Trouble> {
        let params = Params::<R>::new(setup).map_err(|faults| format!("{faults:?}"))?;
        let state = State::new(&params, start);
        let name = format!("{}, {}", law_name(setup.options.law), std::any::type_name::<R>());
        Ok(Self { params, state, name, lowest: 0.0 })
    }

    /// Law and kind of numbers.
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// Runs to `end` and looks every `every` seconds (s).
    pub fn to(
        &mut self,
        drivers: &Drivers,
        end: f64,
        every: f64,
        mut see: impl FnMut(&Params<R>, &State<R>),
    ) {
        let (params, lowest) = (&self.params, &mut self.lowest);
        run(params, &mut self.state, drivers, end, every, |state| {
            *lowest = params.grid.all().map(|cell| state.depth(cell)).fold(*lowest, least);
            see(params, state);
            true
        });
    }

    /// Depths at cells over time.
    pub fn gauges(&mut self, drivers: &Drivers, end: f64, every: f64, cells: &[Cell]) -> Gauges {
        let mut rows = Vec::new();
        self.to(drivers, end, every, |_, state| {
            rows.push((state.time, cells.iter().map(|cell| state.depth(*cell)).collect()));
        });
        Gauges { rows }
    }

    /// Depths along the middle row (m).
    pub fn profile(&self) -> Vec<f64> {
        let grid = &self.params.grid;
        (0..grid.columns)
            .filter_map(|column| grid.cell(grid.rows / 2, column))
            .map(|cell| self.state.depth(cell))
            .collect()
    }

    /// The gates of every run: its volume, and its lowest depth.
    pub fn kept(&self, proof: &mut Proof) {
        let gate = if std::mem::size_of::<R>() == 4 { 1.0e-6 } else { 1.0e-9 };
        let error = self.state.volume_error(&self.params).abs();
        proof.gate(&format!("volume error, {}", self.name), error, gate);
        proof.at_least(&format!("lowest depth (m), {}", self.name), self.lowest, 0.0);
    }
}

/// The lesser of two, and NaN if one is NaN.
fn least(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }
}

/// What a law is called here.
pub fn law_name(law: Law) -> &'static str {
    match law {
        Law::Inertial { .. } => "inertial",
        Law::Shock { second_order: true } => "shock, 2nd order",
        Law::Shock { second_order: false } => "shock, 1st order",
    }
}

/// The outer sides of the cells of an edge of the map.
pub fn edges(grid: &Grid, side: Side, range: std::ops::Range<usize>) -> Vec<(Cell, Side)> {
    range
        .filter_map(|i| match side {
            Side::West => grid.cell(i, 0),
            Side::East => grid.cell(i, grid.columns - 1),
            Side::North => grid.cell(0, i),
            Side::South => grid.cell(grid.rows - 1, i),
        })
        .map(|cell| (cell, side))
        .collect()
}

/// Depths at points over time.
#[derive(Clone, Debug)]
pub struct Gauges {
    /// Time (s) and a depth for each point (m).
    pub rows: Vec<(f64, Vec<f64>)>,
}

impl Gauges {
    /// From a table whose first column is time, up to a time.
    pub fn of(table: Vec<Vec<f64>>, until: f64) -> Self {
        let rows = table.into_iter().filter(|row| row[0] <= until);
        Self { rows: rows.map(|row| (row[0], row[1..].to_vec())).collect() }
    }

    /// The depth at a time, straight between the rows.
    pub fn at(&self, gauge: usize, time: f64) -> f64 {
        let after = self.rows.partition_point(|row| row.0 <= time).clamp(1, self.rows.len() - 1);
        let (a, b) = (&self.rows[after - 1], &self.rows[after]);
        a.1[gauge] + (b.1[gauge] - a.1[gauge]) * ((time - a.0) / (b.0 - a.0)).clamp(0.0, 1.0)
    }

    /// The depths at the times of other rows, for what can be told only as finely as those were written.
    pub fn at_times(&self, other: &Self) -> Self {
        let points = 0..self.rows.first().map_or(0, |row| row.1.len());
        let row = |time: f64| (time, points.clone().map(|gauge| self.at(gauge, time)).collect());
        Self { rows: other.rows.iter().map(|other| row(other.0)).collect() }
    }

    /// The greatest depth.
    pub fn greatest(&self, gauge: usize) -> f64 {
        self.rows.iter().map(|row| row.1[gauge]).fold(0.0, f64::max)
    }

    /// When a depth is first reached; NaN if never.
    pub fn first_above(&self, gauge: usize, depth: f64) -> f64 {
        self.rows.windows(2).find(|w| w[1].1[gauge] > depth).map_or(f64::NAN, |w| {
            let (a, b) = (w[0].1[gauge], w[1].1[gauge]);
            w[0].0 + (w[1].0 - w[0].0) * ((depth - a) / (b - a)).clamp(0.0, 1.0)
        })
    }

    /// Root mean square of the distance to other rows at their times from `from` on, and the largest distance.
    pub fn distance(&self, other: &Self, gauge: usize, from: f64) -> (f64, f64) {
        let apart = other.rows.iter().filter(|row| row.0 >= from);
        let apart: Vec<f64> = apart.map(|row| self.at(gauge, row.0) - row.1[gauge]).collect();
        let squares: f64 = apart.iter().map(|d| d * d).sum();
        let largest = apart.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
        ((squares / apart.len() as f64).sqrt(), largest)
    }

    /// One gauge for a figure, thinned to about `count` points; times divided by `unit`.
    pub fn thinned(&self, gauge: usize, count: usize, unit: f64) -> Vec<(f64, f64)> {
        let each = self.rows.len().div_ceil(count).max(1);
        self.rows.iter().step_by(each).map(|row| (row.0 / unit, row.1[gauge])).collect()
    }
}
