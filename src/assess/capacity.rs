//! Capacity of each pipe as a return period: static (Manning and the rational method) and dynamic (a ladder of storms).

/// Why a pipe is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// It has to carry more than its full normal flow.
    OwnCapacity,
    /// It carries less, and water stands back from below.
    Backwater,
}

/// The largest storm of a ladder that a pipe carries without being full at either end.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dynamic {
    /// Return period of the largest storm that it and all smaller ones are carried; `None` when the smallest is not.
    pub carries: Option<f64>,
    /// Return period of the smallest storm that is not carried; `None` when all are.
    pub fails: Option<f64>,
    /// Why it is full in that storm.
    pub cause: Option<Cause>,
    /// Whether a level that decides lies within 1 % of the pipe's height of its soffit.
    pub close: bool,
}

/// A pipe and its capacities.
#[derive(Clone, Debug, PartialEq)]
pub struct PipeCapacity {
    /// Its name.
    pub link: String,
    /// Its zone by name; empty outside all zones.
    pub zone: String,
    /// Class of the road that it lies in; empty when no road is near.
    pub road_class: String,
    /// Its length, m.
    pub length: f64,
    /// Static return period, a; `None` when no land drains through it or there is no formula.
    pub static_years: Option<f64>,
    /// Index of its class by static capacity: 0 below the first break.
    pub static_class: Option<usize>,
    /// Dynamic capacity; `None` without a ladder of storms.
    pub dynamic: Option<Dynamic>,
    /// Index of its class by dynamic capacity.
    pub dynamic_class: Option<usize>,
}

/// The pipes of an option at a horizon.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Capacities {
    /// Index of the option.
    pub option: usize,
    /// Index of the horizon.
    pub horizon: usize,
    /// Its pipes, in the order of the network.
    pub pipes: Vec<PipeCapacity>,
}

/// Length of pipe in a class, m, by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClassLength {
    /// Limited by the pipes' own capacity, or not limited in the ladder.
    pub own: f64,
    /// Limited by water that stands back from below.
    pub backwater: f64,
}
