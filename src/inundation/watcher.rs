//! What has to be seen while the water moves: passable roads, sills, and how much stands there.

use std::io;

use serde::{Deserialize, Serialize};

use super::Surroundings;
use super::roads::{self, LaidRoad};
use super::sills::{self, LaidSill, crossing};
use crate::clock::DateTime;
use crate::simulation::Outcome;
use crate::simulation::street::{Street, StreetSink, View};
use crate::surface::{Cell, Grid};

/// Depths above which areas are told over time (m).
pub const AREA_DEPTHS: [f64; 2] = [0.05, 0.15];

/// A sink of the surface that looks at roads and sills at reporting times.
#[derive(Clone, Debug)]
pub struct Watcher {
    roads: Vec<LaidRoad>,
    sills: Vec<LaidSill>,
    grid: Grid,
    ground: Vec<Cell>,
    threshold: f64,
    before: Option<f64>,
    /// By road: since when it has been closed.
    closed_since: Vec<Option<f64>>,
    /// By sill: level before and depth behind at the last record.
    last: Vec<(Option<f64>, f64)>,
    seen: Seen,
}

/// What was seen; times are seconds since the start of the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// By road, in the order of [`Watcher::roads`].
    pub roads: Vec<RoadTimes>,
    /// By sill.
    pub sills: Vec<SillTimes>,
    /// How much stood there.
    pub series: StreetSeries,
}

/// When a road was closed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RoadTimes {
    /// The longest time (s).
    pub longest: f64,
    /// All time (s).
    pub all: f64,
    /// When it was first closed (s).
    pub first: Option<f64>,
}

/// When water passed a sill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SillTimes {
    /// Greatest level before it (m).
    pub level: Option<f64>,
    /// Greatest depth behind it (m).
    pub depth: Option<f64>,
    /// When water passed it (s).
    pub passed: Option<f64>,
    /// When it was so deep behind it as each of [`sills::DEPTHS`] (s).
    pub reached: [Option<f64>; 3],
}

/// The water of the surface at reporting times.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreetSeries {
    /// Times (s since the start of the run).
    pub time: Vec<f64>,
    /// Volume that stood there (m³).
    pub stored: Vec<f64>,
    /// Area deeper than 0.05 m (m²), without what stood under water from the start.
    pub wet: Vec<f64>,
    /// Area deeper than 0.15 m (m²).
    pub flooded: Vec<f64>,
    /// Flow up from all manholes (m³/s); below zero it goes down.
    pub manholes: Vec<f64>,
    /// Flow from all banks and outlets onto the surface (m³/s).
    pub rivers: Vec<f64>,
}

impl Watcher {
    /// A watcher of the roads and sills around a street.
    #[must_use]
    pub fn new(street: &Street, around: &Surroundings) -> Self {
        let (map, watch) = (&street.setup.terrain, street.setup.watch.unwrap_or_default());
        let counts = |place: (usize, usize)| {
            let stood = |depths: &ndarray::Array2<f64>| {
                depths.get(place).is_some_and(|depth| *depth > watch.arrival_depth)
            };
            map.values.get(place).is_some_and(|ground| !ground.is_nan())
                && !street.initial_depth.as_ref().is_some_and(stood)
        };
        let roads = roads::lay(&around.roads, map, &counts);
        let sills = sills::lay(&around.sills, map, &counts);
        let grid = street.setup.grid();
        Self {
            seen: Seen {
                roads: vec![RoadTimes::default(); roads.len()],
                sills: vec![SillTimes::default(); sills.len()],
                series: StreetSeries::default(),
            },
            closed_since: vec![None; roads.len()],
            last: vec![(None, 0.0); sills.len()],
            ground: grid.all().filter(|cell| counts(grid.row_and_column(*cell))).collect(),
            roads,
            sills,
            grid,
            threshold: watch.threshold,
            before: None,
        }
    }
    /// The roads, laid on the map.
    #[must_use]
    pub fn roads(&self) -> &[LaidRoad] {
        &self.roads
    }
    /// The sills, laid on the map.
    #[must_use]
    pub fn sills(&self) -> &[LaidSill] {
        &self.sills
    }
    /// What was seen.
    #[must_use]
    pub fn seen(&self) -> &Seen {
        &self.seen
    }
    fn look_at_roads(&mut self, now: f64, depth: &dyn Fn((usize, usize)) -> f64) {
        let since = self.before.unwrap_or(now);
        for ((road, times), closed_since) in
            self.roads.iter().zip(&mut self.seen.roads).zip(&mut self.closed_since)
        {
            let closed =
                road.stations.iter().any(|at| at.best_lane(depth).is_some_and(|d| d > self.threshold));
            if !closed {
                *closed_since = None;
                continue;
            }
            // closed somewhere since the last record, taken to be from there on
            let from = *closed_since.get_or_insert(since);
            times.first = times.first.or(Some(from));
            times.all += now - since;
            times.longest = times.longest.max(now - from);
        }
    }
    fn look_at_sills(
        &mut self,
        now: f64,
        depth: &dyn Fn((usize, usize)) -> f64,
        level: &dyn Fn((usize, usize)) -> f64,
    ) {
        for ((sill, times), last) in self.sills.iter().zip(&mut self.seen.sills).zip(&mut self.last) {
            let wet = sill.before.iter().filter(|place| depth(**place) > 0.0);
            let before = wet.map(|place| level(*place)).reduce(f64::max);
            if let Some(before) = before {
                let then = self.before.zip(last.0);
                times.passed = times.passed.or_else(|| crossing(then, (now, before), sill.level));
                times.level = Some(times.level.map_or(before, |most| most.max(before)));
            }
            let behind = sill.behind.iter().map(|place| depth(*place)).fold(0.0, f64::max);
            if !sill.behind.is_empty() {
                for (reached, limit) in times.reached.iter_mut().zip(sills::DEPTHS) {
                    let then = self.before.map(|time| (time, last.1));
                    *reached = reached.or_else(|| crossing(then, (now, behind), limit));
                }
                times.depth = Some(times.depth.map_or(behind, |most| most.max(behind)));
            }
            *last = (before, behind);
        }
    }
}

impl StreetSink for Watcher {
    fn begin(&mut self, _: &Street) -> io::Result<()> {
        Ok(())
    }
    fn record(&mut self, _: DateTime, seconds: f64, view: &dyn View) -> io::Result<()> {
        let grid = self.grid;
        let cell = |(row, column): (usize, usize)| grid.cell(row, column);
        let depth = |place: (usize, usize)| cell(place).map_or(0.0, |cell| view.depth(cell));
        let level = |place: (usize, usize)| cell(place).map_or(f64::NEG_INFINITY, |cell| view.level(cell));
        self.look_at_roads(seconds, &depth);
        self.look_at_sills(seconds, &depth, &level);
        self.before = Some(seconds);
        let mut counts = [0_usize; AREA_DEPTHS.len()];
        for cell in &self.ground {
            let depth = view.depth(*cell);
            for (count, limit) in counts.iter_mut().zip(AREA_DEPTHS) {
                *count += usize::from(depth > limit);
            }
        }
        let area = |index: usize| counts.get(index).map_or(0.0, |count| *count as f64 * grid.area());
        let series = &mut self.seen.series;
        series.time.push(seconds);
        series.stored.push(view.stored());
        series.wet.push(area(0));
        series.flooded.push(area(1));
        series.manholes.push(view.manholes().iter().sum());
        series.rivers.push(view.banks().iter().chain(view.outlets()).sum());
        Ok(())
    }
    fn end(&mut self, _: &Outcome) -> io::Result<()> {
        Ok(())
    }
}
