//! What the engineer asks for, as plain data: storms, river stages, options and their measures, horizons.
//!
//! The types here are the shape of a scenario file: `serde` reads them, `schemars` derives the JSON schema
//! from them, and their doc comments are what the schema says. Names are still names; quantities are in SI.
//! Reading, and the check of names, is in `crate::input`. [`mod@file`] is the shape of the file as a whole; [`storm`]
//! alone holds resolved storms, which a scenario file or the library of formulas becomes.

pub mod building;
pub mod catalogue;
pub mod cost;
pub mod damage;
pub mod file;
pub mod hazard;
pub mod measure;
pub mod observed;
pub mod policy;
pub mod quantity;
pub mod rain_maps;
pub mod road;
pub mod rule;
pub mod selection;
pub mod storm;
pub mod study;
pub mod surface;
pub mod words;
pub mod zone;
