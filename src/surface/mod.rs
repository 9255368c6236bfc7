//! Water on the streets: the shallow-water equations on a grid of square cells.
//!
//! [`Setup`] says what there is, [`Params`] compiles it once, [`State`] belongs to one run, [`step`] advances it and
//! [`run`] does so until an end. Faces come first and cells second, so that a step gives the same bits for any number of
//! threads; no cell gives more than it holds, so that no water is made; tiles without water sleep. Two laws share the loop:
//! the local inertial equations ([`inertial`]) and the full equations with shocks ([`shock`]). Numbers are `f32` or `f64`;
//! volumes are booked in `f64` either way.

pub mod boundary;
pub mod forcing;
pub mod grid;
pub mod hazard;
pub mod inertial;
pub mod infiltration;
pub mod ledger;
pub mod limit;
pub mod line;
pub mod maxima;
pub mod params;
pub mod shock;
pub mod state;
pub mod subgrid;

mod ahead;
mod before;
mod blocks;
mod film;
mod inertial_edges;
mod inertial_rows;
mod inertial_sweep;
mod maxima_rows;
mod shock_faces;
mod shock_flow;
mod shock_sweep;
mod stepping;
mod subgrid_flow;
mod subgrid_look;
mod subgrid_place;
mod subgrid_rows;
mod supply;
mod tiles;
mod wide;

#[cfg(test)]
mod shock_tests;
#[cfg(test)]
mod subgrid_tests;
#[cfg(test)]
mod tests;

pub use boundary::{Boundary, Kind};
pub use forcing::{Drivers, Forcing, Series, Shape};
pub use grid::{Cell, Grid, Side};
pub use infiltration::Soil;
pub use ledger::Ledger;
pub use line::Line;
pub use maxima::{CellMaxima, Maxima};
pub use params::{Fault, Law, Options, Params, RainMap, Roughness, Setup, Soils, ThinRoughness, Watch};
pub use state::{Limit, Start, State};
pub use stepping::{even_step, run, step};
