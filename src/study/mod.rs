//! Many runs: storms x options x horizons, in parallel, cached, resumable.
//!
//! What is kept of a run is its [`Digest`].

pub mod digest;
mod recorder;
pub mod spill;

pub use digest::{Digest, Wanted};
