//! What has to be seen while the water moves: passable roads, sills, and how much stands there.

use std::io;

use serde::{Deserialize, Serialize};

use super::Surroundings;
use super::roads::{self, LaidRoad};
use super::sills::{self, LaidSill, crossing};
use crate::clock::DateTime;
use crate::simulation::street::{Street, StreetSink, View};
use crate::simulation::{Outcome, checkpoint};
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// By road, in the order of [`Watcher::roads`].
    pub roads: Vec<RoadTimes>,
    /// By sill.
    pub sills: Vec<SillTimes>,
    /// How much stood there.
    pub series: StreetSeries,
}

/// When a road was closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoadTimes {
    /// The longest time (s).
    pub longest: f64,
    /// All time (s).
    pub all: f64,
    /// When it was first closed (s).
    pub first: Option<f64>,
}

/// When water passed a sill.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    fn keep(&mut self) -> io::Result<Vec<u8>> {
        checkpoint::bytes(&(self.before, &self.closed_since, &self.last, &self.seen))
    }
    fn go_on(&mut self, _: &Street, kept: &[u8]) -> io::Result<()> {
        (self.before, self.closed_since, self.last, self.seen) = checkpoint::only(kept)?;
        Ok(())
    }
    fn end(&mut self, _: &Outcome) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::raster::Raster;
    use crate::scenario::building::Sill;
    use crate::scenario::road::Road;
    use crate::simulation::street::Precision;
    use crate::surface::{CellMaxima, Law, Options, Setup};
    use ndarray::Array2;

    /// Water of one depth, over ground at 10 m.
    struct Even(Grid, f64);

    impl View for Even {
        fn grid(&self) -> Grid {
            self.0
        }
        fn depth(&self, _: Cell) -> f64 {
            self.1
        }
        fn level(&self, _: Cell) -> f64 {
            10.0 + self.1
        }
        fn discharge(&self, _: Cell) -> (f64, f64) {
            (0.0, 0.0)
        }
        fn speed(&self, _: Cell) -> f64 {
            0.0
        }
        fn maxima(&self, _: Cell) -> Option<CellMaxima> {
            None
        }
        fn passed(&self) -> &[f64] {
            &[]
        }
        fn manholes(&self) -> &[f64] {
            &[0.25, -0.05]
        }
        fn banks(&self) -> &[f64] {
            &[]
        }
        fn outlets(&self) -> &[f64] {
            &[]
        }
        fn stored(&self) -> f64 {
            self.1 * 200.0
        }
    }

    #[test]
    fn roads_are_closed_and_sills_passed_when_the_water_says_so() {
        let terrain = Raster {
            west: 0.0,
            north: 10.0,
            cell: 1.0,
            crs: None,
            values: Array2::from_elem((10, 20), 10.0),
        };
        let street = Street {
            setup: Setup::new(terrain, 0.03, Options::of(Law::INERTIAL)),
            precision: Precision::Double,
            initial_depth: None,
            manholes: Vec::new(),
            banks: Vec::new(),
            outlets: Vec::new(),
            rain: Vec::new(),
            rain_on_grid: false,
            inflow: Vec::new(),
            stage: Vec::new(),
            one_way: false,
            exchange_step: 5.0,
        };
        let line = vec![[0.0, 5.0], [20.0, 5.0]];
        let around = Surroundings {
            roads: vec![Road { name: "a".into(), class: String::new(), lanes: 2, width: 6.0, line }],
            sills: vec![
                Sill { name: "entrance".into(), level: 10.1, rings: Vec::new(), point: [5.5, 5.5] },
                Sill {
                    name: "underpass".into(),
                    level: 10.3,
                    rings: vec![vec![[4.0, 4.0], [8.0, 4.0], [8.0, 8.0], [4.0, 8.0], [4.0, 4.0]]],
                    point: [4.0, 4.0],
                },
            ],
            ..Surroundings::default()
        };
        let mut watcher = Watcher::new(&street, &around);
        let depths = [0.0, 0.0, 0.2, 0.2, 0.1, 0.2, 0.4];
        for (index, depth) in depths.into_iter().enumerate() {
            let view = Even(street.setup.grid(), depth);
            watcher.record(DateTime(0), 100.0 * index as f64, &view).unwrap();
        }
        let seen = watcher.seen();
        // closed at 200, 300, 500 and 600 s, each time from the record before
        let road = seen.roads[0];
        assert_eq!((road.first, road.longest, road.all), (Some(100.0), 200.0, 400.0));
        let [entrance, underpass] = seen.sills.as_slice() else { panic!() };
        // the first time from dry ground, seen at the record; the second along a line
        assert_eq!((entrance.passed, entrance.level, entrance.depth), (Some(200.0), Some(10.4), None));
        assert!((underpass.passed.unwrap() - 550.0).abs() < 1e-6, "{underpass:?}");
        // 0.15 m on the way from 0 to 0.2 m; 0.27 m from 0.2 to 0.4 m; never 0.5 m
        let [first, second, third] = underpass.reached;
        assert!((first.unwrap() - 175.0).abs() < 1e-6 && (second.unwrap() - 535.0).abs() < 1e-6);
        assert_eq!((third, underpass.depth), (None, Some(0.4)));
        let series = &seen.series;
        assert_eq!((series.time.len(), series.wet[2], series.flooded[4]), (7, 200.0, 0.0));
        assert!((series.manholes[0] - 0.2).abs() < 1e-12 && series.stored[6] == 80.0);
    }
}
