//! From files to a [`Street`]: terrain and what lies on it, joined to a network.
//!
//! [`Ground::read`] reads every file of a `[surface]` table once; [`Ground::street`] lays a network over it, as often as
//! there are networks: options change pipes, the ground stays. Nothing is corrected in silence: what cannot be is an
//! error, what is seldom meant a warning. A node whose cell the surface has ponds there and nowhere else: its ponded area
//! is not used by a coupled run.

mod banks;
mod edges;
mod ground;
mod joining;
mod layers;
mod manholes;
mod rain;
#[cfg(test)]
mod rain_map_tests;
mod rain_maps;
mod terrain;
#[cfg(test)]
mod tests;

pub use ground::{Ground, Town};
pub use rain_maps::RainMaps;

pub use crate::simulation::street::Street;
