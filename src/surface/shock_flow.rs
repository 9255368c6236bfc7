//! What the shock law keeps of each cell and face.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::num::real::Real;

/// What passes the faces of one axis; a cell's western or northern face stands at the place of the cell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Fluxes<R> {
    pub water: Vec<R>,
    pub left: Vec<R>,
    pub right: Vec<R>,
    pub along: Vec<R>,
}

/// Momentum and velocity of all cells.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Motion<R> {
    /// Unit discharge to the east (m²/s).
    pub mx: Vec<R>,
    /// Unit discharge to the south (m²/s).
    pub my: Vec<R>,
    /// Velocity to the east (m/s).
    pub u: Vec<R>,
    /// Velocity to the south (m/s).
    pub v: Vec<R>,
}

/// What the law keeps from step to step and within one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ShockFlow<R> {
    /// Depths that a stage leaves (m); those of sleeping tiles are the same as in the state.
    pub next: Vec<R>,
    /// At the start of the step.
    pub now: Motion<R>,
    /// After the first stage.
    pub half: Motion<R>,
    /// Change of depth over the first stage (m).
    pub change: Vec<R>,
    /// What passes the western faces in a stage.
    pub x: Fluxes<R>,
    /// What passes the northern faces in a stage.
    pub y: Fluxes<R>,
    /// Water that passed the faces over the step, the mean of its stages (m²/s).
    pub passed_x: Vec<R>,
    pub passed_y: Vec<R>,
}

pub(crate) fn column<R: Real>(length: usize) -> Vec<R> {
    vec![R::of(0.0); length]
}

impl<R: Real> Fluxes<R> {
    fn new(length: usize) -> Self {
        Self { water: column(length), left: column(length), right: column(length), along: column(length) }
    }
}

impl<R: Real> Motion<R> {
    fn new(length: usize) -> Self {
        Self { mx: column(length), my: column(length), u: column(length), v: column(length) }
    }
}

impl<R: Real> ShockFlow<R> {
    pub fn new(depth: &[R]) -> Self {
        let length = depth.len();
        Self {
            next: depth.to_vec(),
            now: Motion::new(length),
            half: Motion::new(length),
            change: column(length),
            x: Fluxes::new(length),
            y: Fluxes::new(length),
            passed_x: column(length),
            passed_y: column(length),
        }
    }

    /// Stills a run of cells of these depths.
    pub fn still(&mut self, cells: Range<usize>, depth: &[R]) {
        self.next[cells.clone()].copy_from_slice(depth);
        let motions = [&mut self.now, &mut self.half].into_iter();
        let fluxes = [&mut self.x, &mut self.y].into_iter();
        motions
            .flat_map(|m| [&mut m.mx, &mut m.my, &mut m.u, &mut m.v])
            .chain(fluxes.flat_map(|f| [&mut f.water, &mut f.left, &mut f.right, &mut f.along]))
            .chain([&mut self.passed_x, &mut self.passed_y, &mut self.change])
            .for_each(|column| column[cells.clone()].fill(R::of(0.0)));
    }

    /// Depth and motion of a cell whose depth was changed from outside: what was taken took its momentum along, what was added
    /// brought none.
    pub fn refresh(&mut self, at: usize, before: R, depth: R, dry: R) {
        self.next[at] = depth;
        let m = &mut self.now;
        let kept = if depth < before { depth / before } else { R::of(1.0) };
        (m.mx[at], m.my[at], m.u[at], m.v[at]) = moving(m.mx[at] * kept, m.my[at] * kept, depth, dry);
    }
}

/// Momentum and velocity of a cell, none where it is dry.
#[inline(always)]
pub(crate) fn moving<R: Real>(mx: R, my: R, depth: R, dry: R) -> (R, R, R, R) {
    let none = R::of(0.0);
    if depth > dry { (mx, my, mx / depth, my / depth) } else { (none, none, none, none) }
}
