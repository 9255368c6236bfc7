//! Numbers without hydraulics: typed indices, formulas, the gamma function, powers, sums, monotone tables, roots,
//! spellings.

pub mod formula;
pub mod gamma;
pub mod index;
pub mod power;
pub mod real;
pub mod root;
pub mod spelling;
pub mod sum;
