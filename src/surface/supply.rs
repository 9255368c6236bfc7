//! Water that a step adds to or takes from cells, and the row of new depths.

use serde::{Deserialize, Serialize};

use crate::num::real::Real;

use super::params::{Column, Params};
use super::tiles::{EAST, NORTH, SOUTH, WEST, WET};
use super::wide::vectorised;

/// What a step brings to the cells besides the flow between them.
pub(crate) struct Supply<'a, R> {
    pub params: &'a Params<R>,
    /// Length of the step (s).
    pub dt: f64,
    /// Rain of each zone over the step (m); empty if it is dry.
    pub rain: &'a [R],
    /// Cells and depths (m) that inflows add, in order of cells.
    pub sources: &'a [(u32, f64)],
}

/// What a block of rows reports after a step.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct BlockSum {
    /// Depth that entered the soil, summed over its cells (m).
    pub infiltrated: f64,
    /// Its greatest depth (m), or wave speed (m/s) with the shock law.
    pub peak: f64,
}

vectorised! {
/// Adds to depths what flowed (`change`) and what fell (`gain`). Small numbers of kind `f32` keep what rounding
/// drops in `lost`; the depth is then `depth + lost`. (Knuth's exact sum of two numbers.)
pub(crate) fn add_row<R: Real>(next: &mut [R], lost: &mut [R], depth: &[R], change: &[R], gain: &[R]) {
    let n = next.len();
    let (depth, change, gain) = (&depth[..n], &change[..n], &gain[..n]);
    if R::COMPENSATED {
        let lost = &mut lost[..n];
        for i in 0..n {
            let h = depth[i];
            let add = (change[i] + gain[i]) + lost[i];
            let sum = h + add;
            let part = sum - h;
            let rest = (h - (sum - part)) + (add - part);
            let below = sum <= R::of(0.0);
            next[i] = if below { R::of(0.0) } else { sum };
            lost[i] = if below { R::of(0.0) } else { rest };
        }
    } else {
        for i in 0..n {
            next[i] = (depth[i] + (change[i] + gain[i])).larger(R::of(0.0));
        }
    }
}
}

vectorised! {
/// The larger of what was and what is, a run at a time.
pub(crate) fn peak_row<R: Real>(peak: &mut [R], now: &[R]) {
    let n = peak.len();
    let now = &now[..n];
    for i in 0..n {
        peak[i] = now[i].larger(peak[i]);
    }
}
}

/// The greatest of some numbers, none of them below zero.
pub(crate) fn greatest<R: Real>(values: &[R]) -> R {
    let mut lanes = [R::of(0.0); 8];
    let chunks = values.chunks_exact(8);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = value.larger(*lane);
        }
    }
    lanes.iter().chain(rest).fold(R::of(0.0), |most, value| value.larger(most))
}

impl<R: Real> Supply<'_, R> {
    /// Whether rain on a run of cells depends on the row.
    pub fn rain_varies(&self) -> bool {
        !self.rain.is_empty() && (self.params.zone.is_some() || matches!(self.params.share, Column::Cells(_)))
    }

    /// Rain on a run of cells (m); false if none fell, `gain` being left alone.
    pub fn rain_on(&self, gain: &mut [R], start: usize, place: usize) -> bool {
        if self.rain.is_empty() {
            return false;
        }
        let share = self.params.share.run(start, place, gain.len());
        match &self.params.zone {
            None => gain.iter_mut().zip(share).for_each(|(gain, share)| *gain = self.rain[0] * *share),
            Some(zone) => {
                let zone = &zone[start..start + gain.len()];
                for ((gain, share), zone) in gain.iter_mut().zip(share).zip(zone) {
                    let depth = self.rain.get(usize::from(*zone)).copied().unwrap_or(R::of(0.0));
                    *gain = depth * *share;
                }
            }
        }
        true
    }

    /// Soil, inflows and walls of a run of cells that starts at `start` of the columns; gives the depth that
    /// entered the soil, summed (m).
    pub fn settle(&self, next: &mut [R], lost: &mut [R], memory: &mut [f64], start: usize) -> f64 {
        let end = start + next.len();
        let mut infiltrated = 0.0;
        if let Some(soil) = &self.params.soil {
            for (i, kind) in soil[start..end].iter().enumerate().filter(|(_, kind)| **kind > 0) {
                let mut nothing = R::of(0.0);
                let rest = if R::COMPENSATED { &mut lost[i] } else { &mut nothing };
                let standing = next[i].wide();
                let kind = &self.params.soils[usize::from(*kind) - 1];
                let depth = kind.infiltrate(&mut memory[i], standing, self.dt);
                infiltrated += take(&mut next[i], rest, depth);
            }
        }
        if !self.sources.is_empty() {
            let from = self.sources.partition_point(|source| (source.0 as usize) < start);
            for (at, depth) in self.sources[from..].iter().take_while(|source| (source.0 as usize) < end) {
                let i = *at as usize - start;
                let mut nothing = R::of(0.0);
                add(&mut next[i], if R::COMPENSATED { &mut lost[i] } else { &mut nothing }, *depth);
            }
        }
        for ghost in self.params.ghosts_in(start, end) {
            next[*ghost as usize - start] = R::of(0.0);
            if R::COMPENSATED {
                lost[*ghost as usize - start] = R::of(0.0);
            }
        }
        infiltrated
    }
}

/// Adds a depth to a cell, with what rounding drops kept in `lost`.
pub(crate) fn add<R: Real>(depth: &mut R, lost: &mut R, more: f64) {
    let sum = depth.wide() + lost.wide() + more;
    *depth = R::of(sum.max(0.0));
    *lost = if R::COMPENSATED && sum > 0.0 { R::of(sum - depth.wide()) } else { R::of(0.0) };
}

/// Takes a depth from a cell, at most what it holds; gives what was taken.
pub(crate) fn take<R: Real>(depth: &mut R, lost: &mut R, less: f64) -> f64 {
    let before = depth.wide() + lost.wide();
    let less = less.min(before.max(0.0));
    add(depth, lost, -less);
    less
}

/// Where a tile is wet, from the greatest depths of its columns over a block and from its first and last row.
pub(crate) fn wet_flags<R: Real>(peaks: &[R], first: &[R], last: &[R], dry: R) -> u8 {
    let flag = |wet: bool, bit: u8| if wet { bit } else { 0 };
    flag(greatest(peaks) > dry, WET)
        | flag(greatest(first) > dry, NORTH)
        | flag(greatest(last) > dry, SOUTH)
        | flag(peaks.first().is_some_and(|h| *h > dry), WEST)
        | flag(peaks.last().is_some_and(|h| *h > dry), EAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_drops_on_a_metre_of_water_are_all_kept() {
        let (mut depth, mut next, mut lost) = ([1.0_f32], [0.0_f32], [0.0_f32]);
        let drop = 1.4e-6_f32 * 0.01;
        for _ in 0..1_000_000 {
            add_row(&mut next, &mut lost, &depth, &[0.0], &[drop]);
            depth = next;
        }
        let sum = f64::from(depth[0]) + f64::from(lost[0]);
        assert!((sum - (1.0 + 1.0e6 * f64::from(drop))).abs() < 1.0e-9, "{sum}");
        assert!((f64::from(1.0_f32 + drop) - 1.0).abs() < 1.0e-12, "alone each is rounded away");
    }

    #[test]
    fn what_is_taken_was_there() {
        let (mut depth, mut lost) = (0.25_f64, 0.0);
        assert_eq!(take(&mut depth, &mut lost, 0.1), 0.1);
        assert_eq!(take(&mut depth, &mut lost, 1.0), 0.15);
        assert_eq!(depth, 0.0);
    }

    #[test]
    fn wet_edges_are_told_apart() {
        let dry = 0.01;
        assert_eq!(wet_flags(&[0.0, 0.0, 1.0], &[0.0, 0.0, 0.0], &[0.0, 0.0, 1.0], dry), WET | SOUTH | EAST);
        assert_eq!(wet_flags(&[0.0, 0.0, 0.0], &[0.0; 3], &[0.0; 3], dry), 0);
    }
}
