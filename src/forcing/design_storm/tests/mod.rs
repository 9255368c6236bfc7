//! The oracles of design storms: numbers computed apart from this program.

mod frequencies;
mod library;
mod storms;

use crate::scenario::storm::{IntensityFormula, UnitFactor};

/// Shenyang's classic formula with the exact factor, as its oracles take it.
fn shenyang() -> IntensityFormula {
    IntensityFormula { unit_factor: UnitFactor::Exact, ..IntensityFormula::of_user(1984.0, 0.77, 9.0, 0.77) }
}

/// Fails unless two numbers agree to half a unit of the last digit given.
#[track_caller]
fn agree(value: f64, oracle: f64, digits: i32) {
    let half = 0.500_001 * 10_f64.powi(-digits);
    assert!((value - oracle).abs() <= half, "{value} is not {oracle}");
}
