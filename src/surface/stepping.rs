//! One step, and many.

use crate::num::real::Real;

use super::forcing::{Drivers, Forcing};
use super::maxima::look;
use super::params::Params;
use super::state::{Flow, State};
use super::subgrid_flow::Coming;
use super::supply::Supply;
use super::{film, inertial_sweep, shock_sweep};

/// Advances the water by `dt` seconds, which should be no more than [`State::allowed_step`].
pub fn step<R: Real>(params: &Params<R>, state: &mut State<R>, forcing: &Forcing, dt: f64) {
    let area = params.grid.area();
    let sources = inflows(params, state, forcing, dt);
    // booked as the cells get it, rounded to their kind of number
    let rain: Vec<R> = forcing.rain.iter().map(|rate| R::of(rate.max(0.0) * dt)).collect();
    let raining = rain.iter().any(|depth| *depth > R::of(0.0));
    let rained = match &params.subgrid {
        Some(place) => (&place.zone_cells, place.grid.area()),
        None => (&params.zone_cells, area),
    };
    state.ledger.rain +=
        rain.iter().zip(rained.0).map(|(depth, cells)| depth.wide() * cells * rained.1).sum::<f64>();
    let rain = if raining { &rain[..] } else { &[] };

    if let (Some(coarse), Some(place)) = (&mut state.coarse, &params.subgrid) {
        let coming = Coming { dt, rain, sources: &sources, forcing };
        coarse.0.step(params, place, &coming, &mut state.ledger);
    } else {
        wake(params, state, raining);
        let supply = Supply { params, dt, rain, sources: &sources };
        match state.flow {
            Flow::Inertial(_) => inertial_sweep::sweep(params, state, forcing, &supply),
            Flow::Shock(_) => shock_sweep::sweep(params, state, forcing, &supply),
        }
        state.ledger.infiltration += state.sums.iter().map(|sum| sum.infiltrated).sum::<f64>() * area;
    }
    count_lines(params, state, dt);
    state.time += dt;
    state.steps += 1;
    film::survey(params, state);
    if let Some(watch) = &params.watch
        && state.time >= state.next_look
    {
        let since = state.time - state.last_look;
        state.lay(params);
        look(params, state, watch, since);
        state.last_look = state.time;
        while state.next_look <= state.time && watch.interval > 0.0 {
            state.next_look += watch.interval;
        }
    }
}

/// Depths that the inflows add, in order of cells; takes at once what they take.
fn inflows<R: Real>(params: &Params<R>, state: &mut State<R>, forcing: &Forcing, dt: f64) -> Vec<(u32, f64)> {
    let mut sources = Vec::new();
    for (cells, rate) in params.inflows.iter().zip(&forcing.inflow) {
        let volume = rate * dt / cells.len() as f64;
        for cell in cells {
            if volume > 0.0 {
                state.ledger.inflow += volume;
                sources.push((cell.0, volume / params.grid.area()));
            } else if volume < 0.0 {
                state.ledger.taken -= state.move_water(params, *cell, volume);
            }
        }
    }
    sources.sort_by_key(|source| source.0);
    sources
}

/// Wakes what can move, and stills what falls asleep.
fn wake<R: Real>(params: &Params<R>, state: &mut State<R>, raining: bool) {
    let grid = &params.grid;
    let driven = |tile: usize| params.driven[tile] || (raining && params.rained[tile]);
    let fallen = state.tiles.wake(grid, driven);
    let across = grid.tiles_across();
    for tile in fallen {
        let columns = grid.tile_columns(tile % across);
        for row in grid.block_rows(tile / across) {
            let start = row * grid.stride();
            let cells = start + columns.start..start + columns.end;
            match &mut state.flow {
                Flow::Inertial(flow) => flow.still(cells),
                Flow::Shock(flow) => flow.still(cells.clone(), &state.depth[cells]),
            }
        }
    }
}

/// Adds what passed the lines.
fn count_lines<R: Real>(params: &Params<R>, state: &mut State<R>, dt: f64) {
    let (x, y) = match (&state.coarse, &state.flow) {
        (Some(coarse), _) => (&coarse.0.qx, &coarse.0.qy),
        (None, Flow::Inertial(flow)) => (&flow.qx, &flow.qy),
        (None, Flow::Shock(flow)) => (&flow.passed_x, &flow.passed_y),
    };
    let (lines, size) = match &params.subgrid {
        Some(place) => (&place.lines, place.grid.size),
        None => (&params.lines, params.grid.size),
    };
    for (line, passed) in lines.iter().zip(&mut state.passed) {
        let sum = |faces: &[(usize, f64)], q: &[R]| {
            faces.iter().map(|(at, sign)| q[*at].wide() * sign).sum::<f64>()
        };
        *passed += (sum(&line.along_row, x) + sum(&line.along_column, y)) * size * dt;
    }
}

/// The longest step (s), no longer than `allowed`, of which a whole number fills the time `left` (s).
///
/// Even steps are more than neat. With the local inertial law the water of a deep pond swings with hardly any damping,
/// and its shortest waves, two cells long, turn by up to half a circle in a step. If the length of the step changes in
/// a rhythm - long ones and then two of half the length, time after time - it pumps these waves as a child pumps a
/// swing, at Courant numbers at which even steps are stable. (Measured: ponds 1.7 m deep rose in waves of 0.3 m.)
#[must_use]
pub fn even_step(left: f64, allowed: f64) -> f64 {
    // less a little, so that what rounding leaves of the last step does not become one more
    let count = (left / allowed * (1.0 - 1.0e-9)).ceil();
    if count > 1.0 { left / count } else { left }
}

/// Runs until `end` (s). `see` is called at the start and then every `report` seconds and at the end; when it gives false
/// the run stops there. Steps are as long as the water allows and end at these times.
pub fn run<R: Real>(
    params: &Params<R>,
    state: &mut State<R>,
    drivers: &Drivers,
    end: f64,
    report: f64,
    mut see: impl FnMut(&State<R>) -> bool,
) {
    let mut forcing = Forcing::default();
    let mut next_report = state.time + report;
    let mut go_on = see(state);
    while go_on && state.time < end {
        let target = next_report.min(end);
        let allowed = state.allowed_step(params);
        if allowed < state.tightest.map_or(f64::INFINITY, |limit| limit.dt)
            && let Some(limit) = state.limiting_cell(params)
        {
            state.tightest = Some(limit);
        }
        let left = target - state.time;
        let dt = even_step(left, allowed);
        drivers.fill(&mut forcing, state.time, state.time + dt);
        step(params, state, &forcing, dt);
        if dt >= left {
            state.time = target;
        }
        if state.time >= target {
            go_on = see(state);
            next_report += report;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_steps_fill_the_time_and_are_no_longer_than_allowed() {
        assert_eq!(even_step(10.0, 3.0), 2.5);
        assert_eq!(even_step(10.0, 12.0), 10.0);
        let (mut left, mut steps) = (1.0, 0);
        while left > 0.0 {
            let step = even_step(left, 0.1);
            assert!(step <= 0.1 * (1.0 + 1.0e-8));
            (left, steps) = (if step >= left { 0.0 } else { left - step }, steps + 1);
        }
        assert_eq!(steps, 10, "no tiny step at the end");
    }
}
