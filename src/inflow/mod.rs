//! What enters the network from outside: direct, dry-weather and wet-weather inflow.
//!
//! At the start of each routing step the three are added to the lateral inflow of each node, each
//! giving its totals for the ledger. Flows below SWMM's 0.00001 ft³/s count as none.

pub mod direct;
pub mod dry_weather;
pub mod wet_weather;

use crate::clock::DateTime;
use crate::forcing::instant::{calendar, nearest_second};
use crate::units::CUBIC_FOOT;

/// Flows below this are none: SWMM's 0.00001 ft³/s, in m³/s.
pub const NO_FLOW: f64 = 0.000_01 * CUBIC_FOOT;

/// The instant at which patterns are asked at the clock's time `now`: the hour is that of the nearest
/// second.
fn pattern_instant(now: DateTime) -> DateTime {
    nearest_second(calendar(now))
}

/// A flow, or none where it is negligible.
fn noticeable(flow: f64) -> f64 {
    if flow.abs() < NO_FLOW { 0.0 } else { flow }
}
