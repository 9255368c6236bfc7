//! Numbers without hydraulics: typed indices, formulas, powers, sums, monotone tables, roots.

pub mod formula;
pub mod index;
pub mod power;
pub mod root;
pub mod sum;
