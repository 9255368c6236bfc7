//! Capacity of each pipe as a return period: static (Manning and the rational method) and dynamic (a ladder of storms).
//!
//! Pipes are closed conduits of gravity sewers: open channels have no soffit, force mains are full by design, and
//! neither is rated. How they are rated is in [`super::rating`].

use crate::forcing::design_storm::rational::EquivalentReturnPeriod;

use super::Case;

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
    /// Whether the largest flow in the storm that is not carried lies within 1 % of the full normal flow, so that
    /// the cause is a matter of round-off.
    pub cause_close: bool,
    /// The run that is not carried, or the last that is when all are.
    pub deciding: Option<Case>,
    /// Highest level over the soffit in the deciding run, at the worse end, m; negative below it.
    pub margin: f64,
}

/// A pipe and its capacities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PipeCapacity {
    /// Its name.
    pub link: String,
    /// Its zone by name; empty outside all zones.
    pub zone: String,
    /// Class of the road that it lies in; empty when no road is near.
    pub road_class: String,
    /// Its length, m.
    pub length: f64,
    /// Its height, m.
    pub height: f64,
    /// Static return period, a; 0 below the shortest and infinite above the longest that the formula holds for;
    /// `None` when no land drains through it or there is no formula.
    pub static_years: Option<f64>,
    /// The same as far as the formula can tell.
    pub static_period: Option<EquivalentReturnPeriod>,
    /// Index of its class by static capacity: 0 below the first break.
    pub static_class: Option<usize>,
    /// Dynamic capacity; `None` without a ladder of storms.
    pub dynamic: Option<Dynamic>,
    /// Index of its class by dynamic capacity: that of the largest storm that it is known to carry.
    pub dynamic_class: Option<usize>,
}

impl PipeCapacity {
    /// Whether its dynamic capacity may lie in a higher class than the one it is in, since the ladder has no storm
    /// at a break between the largest that is carried and the smallest that is not.
    pub fn class_may_be_higher(&self, breaks: &[f64]) -> bool {
        self.dynamic.zip(self.dynamic_class).is_some_and(|(dynamic, class)| {
            let highest = breaks.iter().filter(|at| dynamic.fails.is_none_or(|fails| **at < fails)).count();
            highest > class
        })
    }
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
    /// The storms that the dynamic capacity was read from: return period in a, and the case; runs that are not
    /// there are left out.
    pub ladder: Vec<(f64, Case)>,
    /// Breaks between classes for which the ladder has no storm, a: a pipe is then in a class that may be too low,
    /// never in one that is too high.
    pub gaps: Vec<f64>,
    /// Why there are no static capacities; `None` when there are.
    pub no_static: Option<String>,
}

/// Length of pipe in a class, m, by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClassLength {
    /// Limited by the pipes' own capacity, or not limited in the ladder.
    pub own: f64,
    /// Limited by water that stands back from below.
    pub backwater: f64,
}

impl ClassLength {
    /// Both causes, m.
    pub fn total(self) -> f64 {
        self.own + self.backwater
    }
}

/// The two ways to rate a pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definition {
    /// Return period of the rational-method peak that the full pipe carries (Manning).
    Static,
    /// Largest storm of the ladder that does not fill it.
    Dynamic,
}

impl Definition {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Static, Self::Dynamic];
    /// The class of a pipe.
    pub fn class(self, pipe: &PipeCapacity) -> Option<usize> {
        match self {
            Self::Static => pipe.static_class,
            Self::Dynamic => pipe.dynamic_class,
        }
    }
}

/// Length of pipe in each class: one for each of `breaks` and one above the last. Pipes without a capacity by this
/// definition are in none. By static capacity all is own.
///
/// - `breaks`: how many breaks there are between classes
/// - `wanted`: which pipes count
pub fn class_lengths(
    capacities: &Capacities,
    definition: Definition,
    breaks: usize,
    wanted: impl Fn(&PipeCapacity) -> bool,
) -> Vec<ClassLength> {
    let mut lengths = vec![ClassLength::default(); breaks + 1];
    for pipe in capacities.pipes.iter().filter(|pipe| wanted(pipe)) {
        let Some(place) = definition.class(pipe).and_then(|class| lengths.get_mut(class)) else { continue };
        let cause = pipe.dynamic.and_then(|dynamic| dynamic.cause);
        if definition == Definition::Dynamic && cause == Some(Cause::Backwater) {
            place.backwater += pipe.length;
        } else {
            place.own += pipe.length;
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_certain_only_with_a_storm_at_its_upper_break() {
        let breaks = [1.0, 2.0, 3.0, 5.0];
        let open = |carries: Option<f64>, fails: Option<f64>| {
            let dynamic = Dynamic { carries, fails, ..Dynamic::default() };
            let class = breaks.iter().filter(|at| **at <= carries.unwrap_or(0.0)).count();
            PipeCapacity { dynamic: Some(dynamic), dynamic_class: Some(class), ..PipeCapacity::default() }
                .class_may_be_higher(&breaks)
        };
        assert!(!open(Some(2.0), Some(3.0)) && !open(None, Some(1.0)) && !open(Some(10.0), None));
        assert!(open(Some(1.0), Some(3.0)) && open(None, Some(3.0)) && open(Some(3.0), None));
    }

    #[test]
    fn lengths_are_summed_by_class_and_cause_and_a_filter_takes_part_of_them() {
        let pipe = |zone: &str, length, static_class, dynamic_class, cause| PipeCapacity {
            zone: zone.into(),
            length,
            static_class,
            dynamic: Some(Dynamic { cause, ..Dynamic::default() }),
            dynamic_class,
            ..PipeCapacity::default()
        };
        let capacities = Capacities {
            pipes: vec![
                pipe("a", 10.0, Some(0), Some(0), Some(Cause::Backwater)),
                pipe("a", 20.0, Some(1), Some(0), Some(Cause::OwnCapacity)),
                pipe("b", 40.0, None, Some(2), None),
            ],
            ..Capacities::default()
        };
        let of = |own, backwater| ClassLength { own, backwater };
        assert_eq!(
            class_lengths(&capacities, Definition::Dynamic, 2, |_| true),
            [of(20.0, 10.0), of(0.0, 0.0), of(40.0, 0.0)]
        );
        assert_eq!(
            class_lengths(&capacities, Definition::Static, 2, |_| true),
            [of(10.0, 0.0), of(20.0, 0.0), of(0.0, 0.0)]
        );
        let of_b = class_lengths(&capacities, Definition::Dynamic, 2, |pipe| pipe.zone == "b");
        assert_eq!(of_b.iter().map(|class| class.total()).sum::<f64>(), 40.0);
    }
}
