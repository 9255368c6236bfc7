//! Numbers without hydraulics: typed indices, formulas, the gamma function, powers, sums, monotone tables, roots.

pub mod formula;
pub mod gamma;
pub mod index;
pub mod power;
pub mod root;
pub mod sum;
