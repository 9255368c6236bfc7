//! Water on the streets as a scenario file asks for it: `[surface]`, with terrain, what lies on it, and how it is joined
//! to the network.
//!
//! Everything but the terrain has a default. Paths are relative to the file that the table stands in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::quantity::{Area, Flow, Length, Rate, Share, Span};
use super::rain_maps::RainMapsTable;

/// Area of the openings of a node where nothing is given, m²: an assumption, a cover and a few gullies.
pub const OPENING_AREA: f64 = 1.0;
/// Coefficient of the broad-crested weir over banks where nothing is given, m^(1/2)/s: an assumption, between a
/// sharp dike (1.7, critical flow over a broad crest without losses: `(2/3)^1.5 √g`) and grown over ground.
pub const BANK_WEIR: f64 = 1.1;
/// Manning's n where nothing is given, s/m^(1/3): an assumption, built-up land with streets.
pub const ROUGHNESS: f64 = 0.03;

/// Water on the streets: the terrain, what lies on it, and how it is joined to the network.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SurfaceTable {
    /// Levels of the ground: GeoTIFF or ESRI ASCII, plain or gzip, in m.
    pub terrain: PathBuf,
    /// Coordinate reference system of the terrain, such as `"EPSG:4550"`, when its file names none; otherwise it must
    /// be the same.
    pub crs: Option<String>,
    /// Vertical datum of the terrain; must be that of the study.
    pub vertical_datum: Option<String>,
    /// Side of a cell: a multiple of that of the file, which is taken when it is not given.
    pub cell: Option<Length>,
    /// How several cells of the file become one.
    #[serde(default)]
    pub resample: Resample,
    /// Cells that know the finer terrain in them: `cell` is then the side of the cells in which water is computed, each
    /// with tables of what its ground holds and lets pass by level; maps, places and depths stay those of the terrain's
    /// own cells. Inertial law only, without `advection`, `infiltration` and `thin_roughness`.
    #[serde(default)]
    pub subgrid: bool,
    /// The part of the terrain that is used, west, south, east, north, in its coordinates (m); all when it is not given.
    pub extent: Option<[f64; 4]>,
    /// Takes of the terrain what lies within this distance of a node of the network.
    pub margin: Option<Length>,

    /// Which equations move the water.
    #[serde(default)]
    pub law: LawName,
    /// Inertial law: weight of a face in its own inertia, above 0 to 1; 0.97 when it is not given.
    pub theta: Option<f64>,
    /// Inertial law: greatest Froude number of a face; 2 when it is not given, 0 for no bound.
    pub froude_limit: Option<f64>,
    /// Inertial law: whether it carries momentum along; it does not when nothing is given.
    pub advection: Option<bool>,
    /// Shock law: whether it is of second order; it is when nothing is given.
    pub second_order: Option<bool>,
    /// Step in units of cell over wave speed; 0.65 (inertial) or 0.45 (shock) when it is not given.
    pub courant: Option<f64>,
    /// Longest step; 10 s when it is not given.
    pub longest_step: Option<Span>,
    /// Numbers of the solver. Volumes are booked in double precision either way.
    #[serde(default)]
    pub precision: PrecisionName,

    /// Manning's n (s/m^(1/3)): a number, a map of numbers, or a table; 0.03 when it is not given.
    pub roughness: Option<Layer>,
    /// Roughness that grows where water is thin.
    pub thin_roughness: Option<ThinRoughnessTable>,
    /// Buildings, GeoJSON polygons.
    pub buildings: Option<BuildingsTable>,
    /// Areas that are no part of the surface, GeoJSON polygons: open channels and lakes that the network holds.
    #[serde(default)]
    pub outside: Vec<PathBuf>,
    /// What enters the ground.
    pub infiltration: Option<InfiltrationTable>,
    /// Depth of water at the start, m: a number, a map of numbers, or a table. Dry when it is not given.
    pub initial_depth: Option<Layer>,
    /// Level of water at the start: all ground below it is filled up to it.
    pub initial_level: Option<Length>,

    /// Where rain becomes runoff: each square metre gets its rain once.
    #[serde(default)]
    pub runoff_from: RunoffFrom,
    /// With `runoff_from = "mask"`: GeoJSON polygons of the ground that gets its rain as cells. Subcatchments must not
    /// lie there.
    pub rain_mask: Option<PathBuf>,
    /// Which gauge rains on a cell.
    #[serde(default)]
    pub rain_by: RainBy,
    /// With `rain_by = "gauge"`: the gauge; not needed where the network has one only.
    pub rain_gauge: Option<String>,
    /// Rain on the grid from maps in place of gauges: `runoff_from` is `grid` or `mask`, and `rain_by` is not used. A
    /// scenario says with `run_for` in which storm they rain.
    pub rain_maps: Option<RainMapsTable>,

    /// Open edges of the surface; all others are walls.
    #[serde(default, rename = "boundary")]
    pub boundaries: Vec<BoundaryTable>,
    /// Where water enters the surface from elsewhere.
    #[serde(default, rename = "inflow")]
    pub inflows: Vec<InflowTable>,
    /// Lines through which the volume is counted.
    #[serde(default, rename = "line")]
    pub lines: Vec<LineTable>,
    /// Points whose depth, level and speed are kept over time.
    #[serde(default, rename = "gauge")]
    pub gauges: Vec<GaugeTable>,

    /// Manholes and inlets: where nodes meet the surface.
    #[serde(default)]
    pub exchange: ExchangeTable,
    /// Banks of open channels, over which water goes both ways.
    pub banks: Option<BanksTable>,
    /// Outfalls that end on the surface.
    #[serde(default)]
    pub outlets: Vec<String>,

    /// The runs of a study that have the surface; the others stay a screening in 1D. All when it is not given.
    pub run_for: Option<RunFor>,
    /// What is remembered of each cell.
    #[serde(default)]
    pub watch: WatchTable,
    /// Which files a run leaves.
    #[serde(default)]
    pub maps: MapsTable,
}

/// How the cells of a block become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Resample {
    /// The mean: keeps volumes.
    #[default]
    Mean,
    /// The least: keeps ditches and streets open.
    Minimum,
    /// The cell in the middle.
    Sample,
}

/// Names of the equations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LawName {
    /// Local inertial equations: rain on streets, floods on plains.
    #[default]
    Inertial,
    /// Full shallow-water equations: dam breaks, steep streets.
    Shock,
}

/// Names of the kinds of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PrecisionName {
    /// 32 bits.
    #[default]
    Single,
    /// 64 bits.
    Double,
}

/// Values of the ground: one number, a map of numbers, or a map that is explained by a table.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Layer {
    /// The same everywhere.
    Same(f64),
    /// A map of numbers: GeoTIFF or ESRI ASCII.
    Path(PathBuf),
    /// A map and what it means.
    Table(LayerTable),
}

/// A map and what its values or its polygons mean.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LayerTable {
    /// GeoTIFF, ESRI ASCII, or GeoJSON polygons.
    pub file: PathBuf,
    /// Polygons: the property that holds the number, or, with `classes`, the class.
    pub property: Option<String>,
    /// Polygons: the same number for all.
    pub value: Option<f64>,
    /// The number of each class; of a map of cells the classes are whole numbers: `classes = { 1 = 0.02, 2 = 0.1 }`.
    #[serde(default)]
    pub classes: BTreeMap<String, f64>,
    /// The number where the map says nothing.
    pub elsewhere: Option<f64>,
}

/// Roughness that grows where water is thin: linear in depth between the two depths.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThinRoughnessTable {
    /// Factor on n in thin water.
    pub factor: f64,
    /// Depth up to which the factor holds whole.
    pub thin: Length,
    /// Depth from which n is that of the map.
    pub deep: Length,
}

/// Buildings.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildingsTable {
    /// GeoJSON polygons.
    pub file: PathBuf,
    /// What they do to the water.
    #[serde(default, rename = "as")]
    pub kind: BuildingsAs,
    /// Raised: their height above the ground, the same for all; 0.3 m when neither it nor `property` is given.
    pub height: Option<Length>,
    /// Raised: the property that holds the height (m).
    pub property: Option<String>,
}

/// What buildings do to the water.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BuildingsAs {
    /// Cells whose middle they cover are no part of the surface. With rain on the grid their rain is missing, which is
    /// told.
    Blocked,
    /// Their cells stand higher; rain runs off them.
    #[default]
    Raised,
}

/// What enters the ground: soils by polygons or by a map of classes, or one soil everywhere.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InfiltrationTable {
    /// GeoJSON polygons, or a map of cells whose whole numbers name soils. Without it the only soil is everywhere.
    pub file: Option<PathBuf>,
    /// Polygons: the property that names the soil; `soil` when it is not given.
    pub property: Option<String>,
    /// The soils under their names; a name of the map that stands for none is sealed ground if it is in `sealed`.
    pub soils: BTreeMap<String, SoilTable>,
    /// Names of the map that stand for sealed ground.
    #[serde(default)]
    pub sealed: Vec<String>,
}

/// How a soil takes water.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "law", rename_all = "snake_case", deny_unknown_fields)]
pub enum SoilTable {
    /// Always the same rate.
    Constant {
        /// The rate.
        rate: Rate,
    },
    /// Horton's law.
    Horton {
        /// Rate at the start.
        first: Rate,
        /// Rate in the end.
        last: Rate,
        /// Decay, 1/h.
        decay_per_h: f64,
    },
    /// Green and Ampt's law.
    GreenAmpt {
        /// Saturated conductivity.
        conductivity: Rate,
        /// Suction at the wetting front.
        suction: Length,
        /// Moisture deficit at the start, 0 to 1.
        deficit: f64,
    },
}

/// Where rain becomes runoff.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RunoffFrom {
    /// In the subcatchments of the network: the grid gets none.
    #[default]
    Subcatchments,
    /// On the grid, everywhere: subcatchments get none and give no runoff.
    Grid,
    /// On the grid inside of `rain_mask`, and in subcatchments, which lie elsewhere.
    Mask,
}

/// Which gauge rains on a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RainBy {
    /// That of the subcatchment in which the cell lies; elsewhere that of the subcatchment with the nearest corner.
    #[default]
    Subcatchments,
    /// The nearest gauge that has coordinates.
    Nearest,
    /// One for all.
    Gauge,
}

/// An open edge of the surface.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoundaryTable {
    /// A whole side of the map: the outermost cells of terrain on that side.
    pub edge: Option<Edge>,
    /// GeoJSON lines or polygons in place of `edge`: sides of cells without terrain beyond are open where they lie
    /// within a cell of a line, or in a polygon.
    pub file: Option<PathBuf>,
    /// What lies beyond.
    #[serde(default)]
    pub kind: BoundaryKind,
    /// Kind `slope`: slope of the ground beyond.
    pub slope: Option<f64>,
    /// Kind `stage`: a level that stays.
    pub level: Option<Length>,
    /// Kind `stage`: levels over time, CSV as those of river stages: `hours,NAME`, in m.
    pub series: Option<PathBuf>,
    /// Kind `stage`: the fixed level or series of levels of this outfall of the network, under which the run stands.
    pub outfall: Option<String>,
}

/// A side of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Edge {
    /// The northern side.
    North,
    /// The eastern side.
    East,
    /// The southern side.
    South,
    /// The western side.
    West,
    /// All four sides.
    All,
}

/// What lies beyond an open edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BoundaryKind {
    /// A fall: water leaves.
    #[default]
    Free,
    /// The same slope goes on: water leaves with Manning's discharge.
    Slope,
    /// Water with a level over time; it may come in.
    Stage,
}

/// Where water enters the surface.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InflowTable {
    /// A name for tables.
    pub name: String,
    /// A point, x and y in the coordinates of the terrain.
    pub at: Option<[f64; 2]>,
    /// GeoJSON points, lines or polygons in place of `at`: the cells under them share the water evenly.
    pub file: Option<PathBuf>,
    /// A flow that stays.
    pub flow: Option<Flow>,
    /// Flows over time, CSV: `hours,NAME`, in m³/s.
    pub series: Option<PathBuf>,
}

/// A line through which the volume is counted: positive to its right, seen from its first point.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineTable {
    /// A name for tables.
    pub name: String,
    /// Its first point, x and y in the coordinates of the terrain.
    pub from: [f64; 2],
    /// Its last point.
    pub to: [f64; 2],
}

/// A point whose depth, level and speed are kept over time.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GaugeTable {
    /// A name for tables.
    pub name: String,
    /// Its place, x and y in the coordinates of the terrain.
    pub at: [f64; 2],
}

/// Manholes and inlets.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangeTable {
    /// Coefficient of the orifice, both ways, which decides how much comes up; 0.167 when it is not given, as itzi
    /// takes it (Rubinato et al. 2017). 1.0 reproduces XPSTORM in EA test 8B.
    pub orifice: Option<f64>,
    /// Coefficient of the weir over the rim while the node is not full; 0.54 when it is not given.
    pub free_weir: Option<f64>,
    /// Coefficient of the weir while water stands above the rim below as well; 0.056 when it is not given.
    pub submerged_weir: Option<f64>,
    /// Area of all openings of a node; 1 m² when it is not given.
    pub area: Option<Area>,
    /// Length of the rim of all openings of a node; that of a circle of the area when it is not given.
    pub rim: Option<Length>,
    /// The share of the openings that is blocked.
    #[serde(default)]
    pub blocked: Share,
    /// Openings of single nodes, CSV with a head: `node`, then any of `area_m2`, `rim_m`, `level_m`, `orifice`,
    /// `free_weir`, `submerged_weir`, `blocked`; empty cells take the values above. Area 0 closes a node.
    pub inlets: Option<PathBuf>,
    /// The level of the rim of a node.
    #[serde(default)]
    pub level: RimLevel,
    /// Whether only nodes that `inlets` names meet the surface.
    #[serde(default)]
    pub only_inlets: bool,
    /// Whether storage units meet the surface too: open ponds do, covered tanks do not. `inlets` decides for single
    /// ones.
    #[serde(default)]
    pub storages: bool,
    /// Whether water only comes up and never goes back.
    #[serde(default)]
    pub one_way: bool,
    /// Longest step of the network while water is exchanged; 1 s when it is not given.
    pub step: Option<Span>,
}

/// The level of the rim of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RimLevel {
    /// The ground of its cell or the top of the node, whichever is higher: no water falls into the ground, and none
    /// leaves a node before it is full.
    #[default]
    Higher,
    /// The ground of its cell.
    Terrain,
    /// The top of the node: its invert and its depth.
    Network,
}

/// Banks of open channels.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BanksTable {
    /// Open conduits with banks.
    #[serde(default)]
    pub channels: Vec<String>,
    /// Coefficient of the broad-crested weir, m^(1/2)/s; 1.1 when it is not given.
    pub weir: Option<f64>,
    /// Where crests take their levels from.
    #[serde(default)]
    pub crest: CrestFrom,
    /// Levels of crests, CSV with a head: `channel,along,left_m,right_m`, `along` from 0 at the upstream to 1 at the
    /// downstream end. They go before `crest`.
    pub levels: Option<PathBuf>,
}

/// Where the crests of banks take their levels from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CrestFrom {
    /// The bank stations of the transect, or the top of the section where it has none; never below the cell.
    #[default]
    Section,
    /// The ground of the cell at the bank.
    Terrain,
}

/// Which runs of a study have the surface.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunFor {
    /// Storms; all when it is empty.
    #[serde(default)]
    pub storms: Vec<String>,
    /// Options, `base` among them; all when it is empty.
    #[serde(default)]
    pub options: Vec<String>,
    /// Horizons; all when it is empty.
    #[serde(default)]
    pub horizons: Vec<String>,
    /// River stages, `as modelled` among them; all when it is empty.
    #[serde(default)]
    pub stages: Vec<String>,
}

impl RunFor {
    /// Whether a run has the surface, by the names of its storm (if it has one), option, horizon and stage.
    #[must_use]
    pub fn chooses(&self, storm: Option<&str>, option: &str, horizon: &str, stage: &str) -> bool {
        let among =
            |names: &[String], name: &str| names.is_empty() || names.iter().any(|known| known == name);
        let storms = match storm {
            Some(storm) => among(&self.storms, storm),
            None => self.storms.is_empty(),
        };
        storms && among(&self.options, option) && among(&self.horizons, horizon) && among(&self.stages, stage)
    }
}

/// What is remembered of each cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchTable {
    /// Depth at which water has arrived; 0.05 m when it is not given.
    pub arrival: Option<Length>,
    /// Depth above which time is counted; 0.15 m when it is not given.
    pub threshold: Option<Length>,
    /// Time between looks; 10 s when it is not given, 30 s with `subgrid`; 0 for every step.
    pub interval: Option<Span>,
}

/// Which files a run leaves.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MapsTable {
    /// Also writes each map as ESRI ASCII.
    #[serde(default)]
    pub ascii: bool,
    /// Also writes depth and speed over time (NetCDF) at this interval, which is that of the reports or longer.
    pub stack_every: Option<Span>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_chosen_by_every_list_that_is_not_empty() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let all = RunFor::default();
        assert!(all.chooses(Some("P5"), "base", "2030", "normal") && all.chooses(None, "A", "", ""));
        let some = RunFor { storms: names(&["P50"]), options: names(&["base", "A"]), ..RunFor::default() };
        assert!(some.chooses(Some("P50"), "A", "2030", "normal"));
        assert!(!some.chooses(Some("P5"), "A", "2030", "normal"));
        assert!(!some.chooses(Some("P50"), "B", "2030", "normal"));
        assert!(!some.chooses(None, "A", "2030", "normal"));
    }
}
