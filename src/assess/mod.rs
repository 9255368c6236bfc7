//! What the runs of a study mean: verdicts by a rule set, capacity, what got worse, spills, damage and money.
//!
//! Everything here follows from digests, networks and data files; nothing is run. What a run cannot show is
//! [`Outcome::NotAssessed`](verdict::Outcome), never passed.

pub mod assessment;
pub mod capacity;
pub mod comparison;
pub mod coverage;
pub mod economy;
pub mod flooding;
pub mod indicator;
pub mod judge;
pub mod ladder;
pub mod places;
pub mod rating;
pub mod receiving;
pub mod retreat;
pub mod scorecard;
pub mod spill;
pub mod sponge;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod verdict;
pub mod verification;

pub use assessment::Assessment;
pub use comparison::{Case, Comparison, Run, State};
