//! Many runs: storms x options x horizons, in parallel, cached, resumable.
//!
//! A [`Study`] is opened from a scenario: the base is read and the rules of measures are resolved against it,
//! once. Its runs are [`RunSpec`]s; the network of each is made by edits of the base ([`Study::built`], then
//! the weather), so that the text of a run says all about it and the hash of that text is its key. What is
//! kept of a run is its [`Digest`], in a [`Store`] under the key: a study that was stopped goes on where it
//! was, parts of a study may run on other machines, and runs that are the same are run once.

mod built;
mod companion;
pub mod digest;
mod keep;
mod key;
mod matrix;
mod opening;
mod parallel;
mod recorder;
mod resolve;
mod run;
mod shard;
mod simulate;
pub mod spill;
pub mod store;
mod street_maps;
#[cfg(test)]
mod street_tests;
mod streets;
#[cfg(test)]
mod tests;

pub use built::Built;
pub use companion::{Companion, companions};
pub use digest::{Digest, Wanted};
pub use keep::Keep;
pub use matrix::RunSpec;
pub use opening::{Applies, Study};
pub use run::{Order, Progress, RunRow, State};
pub use shard::Shard;
pub use store::{Merged, Store, merge};
pub use streets::Streets;
