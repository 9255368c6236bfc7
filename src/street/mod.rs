//! From files to a [`Street`]: terrain and what lies on it, joined to a network.
//!
//! [`Ground::read`] reads every file of a `[surface]` table once; [`Ground::street`] lays a network over it, as often as
//! there are networks: options change pipes, the ground stays. Nothing is corrected in silence: what cannot be is an
//! error, what is seldom meant a warning.

mod ground;

pub use ground::{Ground, Town};

pub use crate::simulation::street::Street;
