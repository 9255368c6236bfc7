//! The surface over time as one NetCDF file, map by map as the run goes.

use std::io;
use std::path::PathBuf;

use ndarray::Array2;

use super::raster::netcdf::{Progress, Stack, Variable};
use crate::clock::DateTime;
use crate::model::raster::Raster;
use crate::simulation::street::{Street, StreetSink, View};
use crate::simulation::{Outcome, checkpoint};

/// How much a time may come before it is due (s): times of reports are not exact to the last bit.
const EARLY: f64 = 1.0e-3;

/// Writes depth and speed at reporting times into a NetCDF file; a [`StreetSink`]. Memory does not grow with time, and
/// what a killed run has written can be read under the ending `.part`.
pub struct StreetStack {
    path: PathBuf,
    every: f64,
    next: f64,
    like: Option<Raster>,
    stack: Option<Stack>,
    depth: Array2<f32>,
    speed: Array2<f32>,
}

impl StreetStack {
    /// A file with a map every so many seconds, at reporting times; 0 for all of them.
    pub fn new(path: impl Into<PathBuf>, every: f64) -> Self {
        let (depth, speed) = (Array2::zeros((0, 0)), Array2::zeros((0, 0)));
        Self { path: path.into(), every, next: 0.0, like: None, stack: None, depth, speed }
    }
}

/// What the file holds.
fn variables() -> [Variable; 2] {
    let variable = |name: &str, unit: &str, long_name: &str, standard_name: Option<&str>| Variable {
        name: name.to_owned(),
        unit: unit.to_owned(),
        long_name: long_name.to_owned(),
        standard_name: standard_name.map(str::to_owned),
    };
    [
        variable("depth", "m", "depth of water on the ground", None),
        variable("speed", "m s-1", "speed of the water, mean over its depth", None),
    ]
}

impl StreetSink for StreetStack {
    fn begin(&mut self, street: &Street) -> io::Result<()> {
        self.like = Some(street.setup.terrain.clone());
        self.depth = Array2::zeros(street.setup.terrain.values.dim());
        self.speed = self.depth.clone();
        Ok(())
    }

    fn record(&mut self, time: DateTime, seconds: f64, view: &dyn View) -> io::Result<()> {
        if seconds < self.next - EARLY {
            return Ok(());
        }
        while self.next <= seconds + EARLY && self.every > 0.0 {
            self.next += self.every;
        }
        let Some(like) = &self.like else { return Ok(()) };
        let grid = view.grid();
        let cells = grid.all().zip(&like.values).zip(self.depth.iter_mut().zip(self.speed.iter_mut()));
        for ((cell, ground), (depth, speed)) in cells {
            (*depth, *speed) = if ground.is_nan() {
                (f32::NAN, f32::NAN)
            } else {
                (view.depth(cell) as f32, view.speed(cell) as f32)
            };
        }
        if self.stack.is_none() {
            let start = time.plus_seconds(-seconds).to_string();
            self.stack = Some(Stack::create(&self.path, like, &start, &variables())?);
        }
        match &mut self.stack {
            Some(stack) => stack.add(seconds, &[self.depth.view(), self.speed.view()]),
            None => Ok(()),
        }
    }

    fn keep(&mut self) -> io::Result<Vec<u8>> {
        let stack = self.stack.as_mut().map(Stack::keep).transpose()?;
        checkpoint::bytes(&(self.next, stack))
    }

    fn go_on(&mut self, street: &Street, kept: &[u8]) -> io::Result<()> {
        self.begin(street)?;
        let stack: Option<Progress>;
        (self.next, stack) = checkpoint::only(kept)?;
        let cells = self.depth.dim();
        let take_up = |progress| Stack::take_up(&self.path, cells, variables().len(), progress);
        self.stack = stack.map(take_up).transpose()?;
        Ok(())
    }

    fn end(&mut self, _outcome: &Outcome) -> io::Result<()> {
        self.stack.take().map_or(Ok(()), Stack::finish)
    }
}
