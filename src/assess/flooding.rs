//! Flooding: what an option moves elsewhere, what the river causes, and what the runs leave out.

use super::Case;

/// Flooding at a node that an option brings or worsens.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// Index of the option.
    pub option: usize,
    /// Where it is compared with the base.
    pub case: Case,
    /// The node.
    pub node: String,
    /// Its zone by name.
    pub zone: String,
    /// Flooded volume in the base, m³; 0 for a node that the base does not have.
    pub base: f64,
    /// Flooded volume with the option, m³.
    pub with_option: f64,
}

/// Flooding that a river stage or tide causes: the same run against one whose outfalls are free.
#[derive(Clone, Debug, PartialEq)]
pub struct RiverEffect {
    /// Index of the option.
    pub option: usize,
    /// The run with the real stage.
    pub case: Case,
    /// Index of the stage that is free.
    pub free_stage: usize,
    /// Flooded volume, m³.
    pub flooded: f64,
    /// Flooded volume with free outfalls, m³.
    pub flooded_free: f64,
}

/// How long an outfall is under water.
#[derive(Clone, Debug, PartialEq)]
pub struct Submergence {
    /// Index of the option.
    pub option: usize,
    /// The run.
    pub case: Case,
    /// The outfall.
    pub outfall: String,
    /// Time with the level above the invert of its pipe, s.
    pub wet: f64,
    /// Time with the level above the soffit of its pipe, s.
    pub drowned: f64,
    /// Largest depth over the invert, m.
    pub deepest: f64,
}
