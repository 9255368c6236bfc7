//! The depth at some times of a run, for maps whose time can be chosen.

use std::io;

use ndarray::Array2;

use crate::clock::DateTime;
use crate::model::raster::Raster;
use crate::simulation::street::{Street, StreetSink, View};
use crate::simulation::{Outcome, checkpoint};

/// The most maps of a run, so that what is kept does not grow with its length.
pub const MOST: usize = 12;
/// Whole times that are told (s): 5 min to 2 days.
const INTERVALS: [f64; 13] = [
    300.0, 600.0, 900.0, 1200.0, 1800.0, 3600.0, 7200.0, 10_800.0, 14_400.0, 21_600.0, 43_200.0, 86_400.0,
    172_800.0,
];

/// A sink of the surface that keeps the depth at whole times.
#[derive(Clone, Debug)]
pub struct Snapshots {
    interval: f64,
    next: f64,
    /// The ground, unknown where nothing is told.
    ground: Option<Raster>,
    taken: Vec<(f64, Raster)>,
}

/// The least whole time that a run of a length (s) has at most [`MOST`] times; longer runs than 24 days take a part of
/// their length.
fn interval(duration: f64) -> f64 {
    let least = duration / MOST as f64;
    INTERVALS.into_iter().find(|interval| *interval >= least).unwrap_or(least)
}

impl Snapshots {
    /// A sink for a run of a length (s).
    #[must_use]
    pub fn new(duration: f64) -> Self {
        let interval = interval(duration);
        Self { interval, next: interval, ground: None, taken: Vec::new() }
    }
    /// The maps: seconds since the start of the run, depth (m) to the millimetre.
    #[must_use]
    pub fn taken(self) -> Vec<(f64, Raster)> {
        self.taken
    }
}

impl StreetSink for Snapshots {
    fn begin(&mut self, street: &Street) -> io::Result<()> {
        let mut ground = street.setup.terrain.clone();
        // rivers and lakes are no flood
        let arrival = street.setup.watch.unwrap_or_default().arrival_depth;
        if let Some(initial) = &street.initial_depth {
            let cells = ground.values.iter_mut().zip(initial);
            cells.filter(|(_, depth)| **depth > arrival).for_each(|(ground, _)| *ground = f32::NAN);
        }
        self.ground = Some(ground);
        Ok(())
    }
    fn record(&mut self, _: DateTime, seconds: f64, view: &dyn View) -> io::Result<()> {
        // a hair of slack, so that a report step that divides the interval is not missed by round-off
        if seconds < self.next - 1e-6 || self.taken.len() >= MOST {
            return Ok(());
        }
        while self.next <= seconds + 1e-6 && self.interval > 0.0 {
            self.next += self.interval;
        }
        let Some(mut map) = self.ground.clone() else { return Ok(()) };
        let known = map.values.iter_mut().zip(view.grid().all()).filter(|(ground, _)| !ground.is_nan());
        // whole millimetres: what is thinner is no water that a map shows, and files are small
        known.for_each(|(value, cell)| *value = ((view.depth(cell) * 1e3).round() / 1e3) as f32);
        self.taken.push((seconds, map));
        Ok(())
    }
    fn keep(&mut self) -> io::Result<Vec<u8>> {
        let taken: Vec<(f64, &Array2<f32>)> =
            self.taken.iter().map(|(seconds, map)| (*seconds, &map.values)).collect();
        checkpoint::bytes(&(self.next, taken))
    }
    fn go_on(&mut self, street: &Street, kept: &[u8]) -> io::Result<()> {
        self.begin(street)?;
        let taken: Vec<(f64, Array2<f32>)>;
        (self.next, taken) = checkpoint::only(kept)?;
        let like = &street.setup.terrain;
        self.taken = taken
            .into_iter()
            .map(|(seconds, values)| (seconds, Raster { values, ..Raster::filled_like(like, 0.0) }))
            .collect();
        Ok(())
    }
    fn end(&mut self, _: &Outcome) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_whole_and_no_more_than_twelve() {
        for (hours, expected) in
            [(0.5, 300.0), (2.0, 600.0), (6.0, 1800.0), (30.0, 10_800.0), (24.0 * 20.0, 172_800.0)]
        {
            let found = interval(3600.0 * hours);
            assert_eq!(found, expected, "{hours} h");
            assert!(3600.0 * hours / found <= MOST as f64);
        }
        assert_eq!(interval(3600.0 * 24.0 * 48.0), 345_600.0, "a twelfth of 48 days");
    }
}
