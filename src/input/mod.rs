//! Files to model and back. The only place that knows file formats on the way in.

pub mod inp;
pub mod rain_file;
pub mod storm_library;
pub mod storm_table;
