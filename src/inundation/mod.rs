//! What water on the surface means for the places of a city: ponding places, zones, roads, buildings, underpasses.
//!
//! A [`Flood`] is a surface after its run, read cell by cell; each module makes one kind of finding of it. What has to
//! be seen while the run goes on (whether a road is passable, when water passes a sill) is seen by a [`Watcher`], a
//! sink of the surface. Findings are plain data, in SI, in the coordinates of the terrain, and are kept in digests.
//!
//! Cells that stood under water from the start are rivers and lakes and no flood; they are left out everywhere.

pub mod buildings;
pub mod flood;
pub mod lanes;
pub mod maps;
pub mod ponding;
pub mod roads;
pub mod sills;
pub mod snapshots;
pub mod surroundings;
#[cfg(test)]
mod testing;
pub mod watcher;
pub mod zones;

pub use buildings::BuildingWater;
pub use flood::Flood;
pub use maps::StreetMaps;
pub use ponding::{Cause, Feeder, JointKind, Pond};
pub use roads::RoadWater;
pub use sills::SillWater;
pub use snapshots::Snapshots;
pub use surroundings::Surroundings;
pub use watcher::{Seen, Watcher};
pub use zones::{DepthArea, ZoneWater};
