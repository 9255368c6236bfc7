//! Files to model and back. The only place that knows file formats on the way in.

pub mod acceptance;
pub mod buildings;
pub mod catalogue;
pub mod cost_table;
pub mod damage_table;
pub mod hazard_table;
pub mod inlet_table;
pub mod inp;
pub mod layer;
pub mod map_file;
pub mod named;
pub mod observed;
pub mod patches;
pub mod policy;
pub mod rain_file;
pub mod rain_map_list;
pub mod rain_table;
pub mod raster;
pub mod roads;
pub mod rule_set;
pub mod scenario;
pub mod shapes;
pub mod stage_table;
pub mod storm_library;
pub mod storm_table;
mod values;
pub mod zones;
