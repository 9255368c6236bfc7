//! What is remembered of each cell over a run.

use serde::{Deserialize, Serialize};

use crate::num::real::Real;

use super::blocks;
use super::grid::Cell;
use super::hazard::{combined_class, debris_factor, people_rating};
use super::maxima_rows::{self, Look, Remembered};
use super::params::{Law, Params, Watch};
use super::state::{Flow, State};

/// Extremes and times of all cells. What never was is NaN. Times are seconds since the start of the run, seen at
/// the looks of [`Watch`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Maxima<R> {
    /// Greatest depth (m).
    depth: Vec<R>,
    /// When it was reached (s).
    depth_time: Vec<f32>,
    /// Greatest speed (m/s) where the water was at least 1 cm deep.
    speed: Vec<R>,
    /// Greatest unit discharge (m²/s).
    discharge: Vec<R>,
    /// First time at the arrival depth (s).
    arrival: Vec<f32>,
    /// Time above the threshold (s).
    above: Vec<f32>,
    /// Last time above the threshold (s).
    last_above: Vec<f32>,
    /// Time during which the bound on the Froude number held a face of the cell (s).
    bounded: Vec<f32>,
    /// Greatest hazard rating of people.
    people: Vec<R>,
    /// Greatest class of hazard.
    class: Vec<u8>,
}

/// What is remembered of one cell; see [`Maxima`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellMaxima {
    /// Greatest depth (m).
    pub depth: f64,
    /// Greatest level (m); NaN where it was never wet.
    pub level: f64,
    /// When it was reached (s); NaN where it was never wet.
    pub depth_time: f64,
    /// Greatest speed (m/s) where the water was at least 1 cm deep.
    pub speed: f64,
    /// Greatest unit discharge (m²/s).
    pub discharge: f64,
    /// First time at the arrival depth (s); NaN if never.
    pub arrival: f64,
    /// Time above the threshold (s).
    pub above: f64,
    /// Last time above the threshold (s); NaN if never. Less the end of the rain it is the retreat time.
    pub last_above: f64,
    /// Time during which the bound on the Froude number held a face of the cell (s): there the inertial law is outside
    /// its range.
    pub bounded: f64,
    /// Greatest hazard rating of people of all looks, each of depth and speed at that look (FD2321); 0 where
    /// the water never rose above the arrival depth: the front of thin water is fast beyond any use of a rating.
    pub people: f64,
    /// Greatest class of hazard of all looks, H1 to H6 as 1 to 6 (AIDR); 0 as for `people`.
    pub class: u8,
}

/// A column of `value`s that has been written, first with `other`s.
///
/// A column of zeros as the system gives it has no memory behind it until something is written there. A look writes
/// under masks only, and to a page without memory such a store costs hundreds of cycles, time after time, as long as nothing
/// in the page is marked (measured on Zen 4: a quarter of a run of 300 s over a million cells).
fn touched<T: Copy>(length: usize, value: T, other: T) -> Vec<T> {
    let mut column = vec![other; length];
    std::hint::black_box(&mut column[..]).fill(value);
    column
}

/// Depth from which a speed is worth remembering (m).
const SPEED_DEPTH: f64 = 0.01;

struct Block<'a, R> {
    block: usize,
    depth: &'a mut [R],
    depth_time: &'a mut [f32],
    speed: &'a mut [R],
    discharge: &'a mut [R],
    arrival: &'a mut [f32],
    above: &'a mut [f32],
    last_above: &'a mut [f32],
    bounded: &'a mut [f32],
    people: &'a mut [R],
    class: &'a mut [u8],
}

impl<R: Real> Maxima<R> {
    pub(crate) fn new(length: usize) -> Self {
        let (zeros, times) = (|| touched(length, R::of(0.0), R::of(1.0)), || touched(length, 0.0, 1.0));
        let never = || vec![f32::NAN; length];
        Self {
            depth: zeros(),
            depth_time: never(),
            speed: zeros(),
            discharge: zeros(),
            arrival: never(),
            above: times(),
            last_above: never(),
            bounded: times(),
            people: zeros(),
            class: vec![0; length],
        }
    }

    /// What is remembered of a cell.
    #[must_use]
    pub fn of(&self, params: &Params<R>, cell: Cell) -> CellMaxima {
        let at = cell.at();
        let depth = self.depth[at].wide();
        CellMaxima {
            depth,
            level: if depth > 0.0 { params.bed(cell) + depth } else { f64::NAN },
            depth_time: self.depth_time[at].into(),
            speed: self.speed[at].wide(),
            discharge: self.discharge[at].wide(),
            arrival: self.arrival[at].into(),
            above: self.above[at].into(),
            last_above: self.last_above[at].into(),
            bounded: self.bounded[at].into(),
            people: self.people[at].wide(),
            class: self.class[at],
        }
    }
}

/// Looks at all awake cells; `since` is the time since the last look (s).
pub(crate) fn look<R: Real>(params: &Params<R>, state: &mut State<R>, watch: &Watch, since: f64) {
    let grid = params.grid;
    let (stride, length, count) = (grid.stride(), params.block_length(), grid.blocks());
    let Some(maxima) = &mut state.maxima else { return };
    let (spans, depths, flow) = (&state.tiles.spans, &state.depth[..], &state.flow);
    let pixels = state.coarse.as_ref().map(|coarse| &coarse.1);
    let (now, since) = (state.time as f32, since as f32);
    let arrival = R::of(watch.arrival_depth);
    let bound = match params.options.law {
        Law::Inertial { froude_limit: Some(limit), .. } => {
            Some(R::of(0.9999 * 0.9999 * limit * limit * params.options.gravity))
        }
        _ => None,
    };
    let look =
        Look { now, since, arrival, threshold: R::of(watch.threshold), speed_depth: R::of(SPEED_DEPTH) };
    let cut = |column| blocks::cut(column, length, count).into_iter();
    let cut_times = |column| blocks::cut(column, length, count).into_iter();
    let items: Vec<Block<'_, R>> = cut(&mut maxima.depth)
        .zip(cut_times(&mut maxima.depth_time))
        .zip(cut(&mut maxima.speed))
        .zip(cut(&mut maxima.discharge))
        .zip(cut_times(&mut maxima.arrival))
        .zip(cut_times(&mut maxima.above))
        .zip(cut_times(&mut maxima.last_above))
        .zip(cut_times(&mut maxima.bounded))
        .zip(cut(&mut maxima.people))
        .zip(blocks::cut(&mut maxima.class, length, count))
        .enumerate()
        .map(
            |(
                block,
                (
                    (
                        (
                            ((((((depth, depth_time), speed), discharge), arrival), above), last_above),
                            bounded,
                        ),
                        people,
                    ),
                    class,
                ),
            )| Block {
                block,
                depth,
                depth_time,
                speed,
                discharge,
                arrival,
                above,
                last_above,
                bounded,
                people,
                class,
            },
        )
        .filter(|item| !spans[item.block].is_empty())
        .collect();
    let space = || vec![R::of(0.0); stride];
    let work = |q: &mut Vec<R>, b: Block<'_, R>| {
        for row in grid.block_rows(b.block) {
            for span in &spans[b.block] {
                let (start, n) = (row * stride + span.start, span.len());
                let local = start - b.block * length;
                let (cells, own) = (start..start + n, local..local + n);
                let mut into = Remembered {
                    depth: &mut b.depth[own.clone()],
                    depth_time: &mut b.depth_time[own.clone()],
                    arrival: &mut b.arrival[own.clone()],
                    above: &mut b.above[own.clone()],
                    last_above: &mut b.last_above[own.clone()],
                    speed: &mut b.speed[own.clone()],
                    discharge: &mut b.discharge[own.clone()],
                };
                let h = &depths[cells.clone()];
                maxima_rows::depths(&mut into, &look, h);
                let (x, y) = match (pixels, flow) {
                    (Some(pixels), _) => ([&pixels.x[cells.clone()]; 2], [&pixels.y[cells.clone()]; 2]),
                    (None, Flow::Inertial(flow)) => (
                        [&flow.qx[cells.clone()], &flow.qx[start + 1..start + 1 + n]],
                        [&flow.qy[cells.clone()], &flow.qy[start + stride..start + stride + n]],
                    ),
                    (None, Flow::Shock(flow)) => {
                        ([&flow.now.mx[cells.clone()]; 2], [&flow.now.my[cells.clone()]; 2])
                    }
                };
                maxima_rows::speeds(&mut into, &look, h, x, y, q);
                for (i, &h) in h.iter().enumerate() {
                    if h > arrival {
                        // both of this look: the deepest and the fastest water need not meet
                        let (j, h, speed) = (local + i, h.wide(), (q[i] / h).wide());
                        let rating = people_rating(h, speed, debris_factor(h, speed, &watch.debris));
                        b.people[j] = R::of(rating).larger(b.people[j]);
                        b.class[j] = b.class[j].max(combined_class(h, speed, &watch.classes));
                    }
                }
                if let (None, Flow::Inertial(flow), Some(bound)) = (pixels, flow, bound) {
                    let [west, north] = [1, stride].map(|by| start - by..start - by + n);
                    let depth = [&depths[west.clone()], &depths[north.clone()], h];
                    let bed = [&params.bed[west], &params.bed[north], &params.bed[cells.clone()]];
                    let q = [&flow.qx[cells.clone()], &flow.qy[cells]];
                    let bounded = &mut b.bounded[own];
                    maxima_rows::held(bounded, since, depth, bed, q, bound);
                }
            }
        }
    };
    blocks::for_each(items, params.options.parallel, state.tiles.cells, space, work);
}
