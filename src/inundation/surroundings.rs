//! What stands on the surface, in the coordinates of its terrain.

use crate::model::crs::{CrsError, Reprojection};
use crate::scenario::building::{Building, Sill};
use crate::scenario::road::Road;
use crate::scenario::zone::Zone;

/// Zones, roads, buildings and sills.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Surroundings {
    /// Zones.
    pub zones: Vec<Zone>,
    /// Roads.
    pub roads: Vec<Road>,
    /// Buildings.
    pub buildings: Vec<Building>,
    /// Underpasses and entrances.
    pub sills: Vec<Sill>,
}

impl Surroundings {
    /// The same in another reference system; as they are where one of the two is not known. Widths stay in metres.
    ///
    /// # Errors
    /// When a system is not known here, or a point has no place in the other.
    pub fn moved(mut self, from: Option<&str>, to: Option<&str>) -> Result<Self, CrsError> {
        let (Some(from), Some(to)) = (from, to) else { return Ok(self) };
        let into = Reprojection::between(from, to)?;
        let lines = self.roads.iter_mut().map(|road| &mut road.line);
        let rings = self.zones.iter_mut().flat_map(|zone| &mut zone.rings);
        let rings = rings.chain(self.buildings.iter_mut().flat_map(|building| &mut building.rings));
        let of_sills =
            self.sills.iter_mut().flat_map(|sill| sill.rings.iter_mut().flatten().chain([&mut sill.point]));
        for point in lines.chain(rings).flatten().chain(of_sills) {
            let (x, y) = into.point(point[0], point[1])?;
            *point = [x, y];
        }
        Ok(self)
    }
}
