//! Where things lie on a plan, in the model's own map coordinates.

/// Coordinates and outlines, in the map's unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// Corners of the map: left, bottom, right, top.
    pub extent: Option<[f64; 4]>,
    /// Unit of the coordinates as written (`Feet`, `Meters`, `Degrees`, `None`).
    pub unit: String,
    /// Place of each node, by the node's index; `None` where the file gives none.
    pub nodes: Vec<Option<[f64; 2]>>,
    /// Inner vertices of each link, by the link's index.
    pub links: Vec<Vec<[f64; 2]>>,
    /// Outline of each subcatchment, by its index.
    pub subcatchments: Vec<Vec<[f64; 2]>>,
    /// Place of each gauge, by its index.
    pub gauges: Vec<Option<[f64; 2]>>,
}
