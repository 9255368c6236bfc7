//! Numbers without hydraulics: typed indices, powers, sums, monotone tables, roots.

pub mod index;
pub mod power;
pub mod root;
pub mod sum;
