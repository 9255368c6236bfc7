//! Thin water that friction holds: how fast its waves run, and so how long a step it bears.
//!
//! On steep ground a film of rain is faster than the waves of deep water: its own run with 5/3 of its speed. A step that
//! knows only `√(g h)` lets them pass several cells, and the film breaks into cells that fill and empty by turns.

use crate::num::real::{Real, coarse_inverse_cube_root};

use super::blocks;
use super::inertial::flow_depth;
use super::params::{Law, Options, Params};
use super::state::{Flow, State};
use super::wide::vectorised;

/// Steps between two surveys: films change slowly.
const INTERVAL: u64 = 16;
/// Speed of a kinematic wave over that of its water where Manning's law rules (Lighthill and Whitham 1955).
const KINEMATIC: f64 = 5.0 / 3.0;
/// The greatest Froude number of films where the options bound none.
const FROUDE: f64 = 4.0;
/// `F` from which friction rules.
const RULES: f32 = 2.2;
/// What [`held`] gives there.
const STABLE_AT_RULES: f32 = 1.1 / (1.46 - 2.0 / RULES);

/// By how much the waves of a film count that run with a Froude number above 0.6, where they overtake those of deep water.
///
/// From the amplification of plane waves by a step of the law on an endless slope (computed for Froude numbers 0.2 to 3):
/// steps up to `α Δx / u_k · (1.46 - 2/F)` are stable, `u_k` the speed of kinematic waves, and none below `F = 1.4`, where
/// the equations themselves make roll waves; there, films count less and less. A tenth for safety.
#[inline(always)]
fn held(friction: f32) -> f32 {
    let stable = 1.1 / (1.46 - 2.0 / friction.larger(RULES));
    let fades = STABLE_AT_RULES * (friction - 1.0) / (RULES - 1.0);
    stable.smaller(fades.larger(0.0))
}

/// What all films of a map have in common, in single precision.
#[derive(Clone, Copy)]
struct Film {
    /// See [`scale`] (m).
    scale: f32,
    /// Greatest Froude number times `√g` (√m/s).
    fastest: f32,
    /// Depth below which nothing flows (m).
    dry: f32,
}

impl Film {
    fn of<R: Real>(params: &Params<R>) -> Self {
        let o = &params.options;
        let froude = match o.law {
            Law::Inertial { froude_limit, .. } => froude_limit.unwrap_or(FROUDE),
            Law::Shock { .. } => FROUDE,
        };
        Self {
            scale: scale(o, params.grid.size) as f32,
            fastest: (froude * o.gravity.sqrt()) as f32,
            dry: o.dry_depth as f32,
        }
    }

    /// The speed of the waves of a film (m/s), that of Manning's kinematic wave, `5/3 u`, by what [`held`] makes of it. Its speed `u = |q| / h` is bounded as the law bounds it: a discharge is that of the
    /// depth before the step, and a cell may since have given all it had.
    ///
    /// `discharge` q (m²/s), `depth` h (m), `friction` g n² (m^(1/3)).
    #[inline(always)]
    fn celerity(&self, discharge: f32, depth: f32, friction: f32) -> f32 {
        let depth = depth.larger(self.dry);
        let root = coarse_inverse_cube_root(depth);
        let square = root * root;
        let share = held(self.scale * friction * (square * square));
        let speed = (discharge.abs() * (square * root)).smaller(self.fastest * depth.sqrt());
        KINEMATIC as f32 * speed * share
    }
}

/// What turns g n² and depth into `F`, friction over inertia in a step: `F = scale · g n² h^(-4/3)` (m).
///
/// `F = 2 k |q|` with `k` of [`super::inertial::resistance`] and the step `α Δx / (5/3 u)` that the wave itself bears, so
/// that speed and step drop out: `F = 2 · 3/5 α Δx · g n² h^(-4/3)`. Roughness of thin water counts with all its factor.
fn scale(options: &Options, size: f64) -> f64 {
    let factor = options.thin_roughness.map_or(1.0, |thin| thin.factor.max(1.0));
    2.0 / KINEMATIC * options.courant * size * factor * factor
}

/// The greatest speed (m/s) that waves of films can have: where deep water is faster nothing needs to be surveyed. With a
/// bound `f` on the Froude number `5/3 f √(g h)` times [`held`] has its crest where friction begins to rule. `friction` is
/// the greatest g n² of the map. Films of coarse cells and of the shock law, which has its own step, are not surveyed.
pub(crate) fn bound(options: &Options, size: f64, friction: f64) -> f64 {
    match options.law {
        Law::Inertial { froude_limit, .. } if options.subgrid.is_none() => {
            let depth = (scale(options, size) * friction / f64::from(RULES)).powf(0.75);
            let fastest = froude_limit.unwrap_or(FROUDE) * (options.gravity * depth).sqrt();
            KINEMATIC * fastest * f64::from(STABLE_AT_RULES)
        }
        _ => 0.0,
    }
}

vectorised! {
/// The greater of what stands in `most` and of the speeds of films at the western and northern face of each cell of a run
/// (m/s). `depth` and `bed` are those of the western cells, of the northern ones and of the cells, `q` the discharges of
/// the western and of the northern faces.
fn celerities<R: Real>(
    most: &mut [f32], depth: [&[R]; 3], bed: [&[R]; 3], q: [&[R]; 2], friction: &[R], film: &Film,
) {
    let n = most.len();
    let [depth_west, depth_north, depth] = depth.map(|row| &row[..n]);
    let [bed_west, bed_north, bed] = bed.map(|row| &row[..n]);
    let [x, y] = q.map(|row| &row[..n]);
    let friction = &friction[..n];
    for i in 0..n {
        let west = flow_depth(depth_west[i], depth[i], bed[i] - bed_west[i]).narrow();
        let north = flow_depth(depth_north[i], depth[i], bed[i] - bed_north[i]).narrow();
        let rough = friction[i].narrow();
        let (a, b) = (film.celerity(x[i].narrow(), west, rough), film.celerity(y[i].narrow(), north, rough));
        most[i] = most[i].larger(a.larger(b));
    }
}
}

/// Finds the fastest wave of films now and then, where one may be faster than the waves of deep water.
pub(crate) fn survey<R: Real>(params: &Params<R>, state: &mut State<R>) {
    if !state.steps.is_multiple_of(INTERVAL) {
        return;
    }
    state.film = 0.0;
    if state.deep(params) >= params.film_bound {
        return;
    }
    let Flow::Inertial(flow) = &state.flow else { return };
    let grid = &params.grid;
    let (stride, depths, spans) = (grid.stride(), &state.depth, &state.tiles.spans);
    let film = Film::of(params);
    let mut fastest = vec![0.0_f32; grid.blocks()];
    let items: Vec<(usize, &mut f32)> =
        fastest.iter_mut().enumerate().filter(|(block, _)| !spans[*block].is_empty()).collect();
    let work = |most: &mut Vec<f32>, (block, fastest): (usize, &mut f32)| {
        most.fill(0.0);
        for row in grid.block_rows(block) {
            for span in &spans[block] {
                let (start, n) = (row * stride + span.start, span.len());
                let cells = start..start + n;
                let [west, north] = [1, stride].map(|by| start - by..start - by + n);
                let depth = [&depths[west.clone()], &depths[north.clone()], &depths[cells.clone()]];
                let bed = [&params.bed[west], &params.bed[north], &params.bed[cells.clone()]];
                let q = [&flow.qx[cells.clone()], &flow.qy[cells]];
                let friction = params.friction.run(start, span.start, n);
                celerities(&mut most[span.clone()], depth, bed, q, friction, &film);
            }
        }
        *fastest = most.iter().copied().fold(0.0, f32::max);
    };
    blocks::for_each(items, params.options.parallel, state.tiles.cells, || vec![0.0; stride], work);
    state.film = fastest.into_iter().fold(0.0, f32::max).into();
}

/// The speed (m/s) of the films at the western and northern faces of a cell.
pub(crate) fn at<R: Real>(params: &Params<R>, state: &State<R>, cell: usize) -> f64 {
    let Flow::Inertial(flow) = &state.flow else { return 0.0 };
    let (film, friction) = (Film::of(params), params.friction.get(cell).narrow());
    let of = |before: usize, q: R| {
        let rise = params.bed[cell] - params.bed[before];
        let depth = flow_depth(state.depth[before], state.depth[cell], rise);
        f64::from(film.celerity(q.narrow(), depth.narrow(), friction))
    };
    of(cell - 1, flow.qx[cell]).max(of(cell - params.grid.stride(), flow.qy[cell]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(size: f64) -> Film {
        let options = Options::of(Law::INERTIAL);
        let fastest = (2.0 * 9.81_f64.sqrt()) as f32;
        Film { scale: scale(&options, size) as f32, fastest, dry: 1.0e-5 }
    }

    #[test]
    fn a_film_runs_with_five_thirds_of_its_speed_and_deep_water_does_not_count() {
        // 2 mm at 0.2 m/s on cells of 10 m of n = 0.015
        let friction = (9.81 * 0.015 * 0.015) as f32;
        let thin = film(10.0).celerity(4.0e-4, 0.002, friction);
        assert!((0.24..0.34).contains(&thin), "{thin}");
        let deep = film(10.0).celerity(2.0, 2.0, friction);
        assert!(deep < 0.02, "{deep}");
        // what a cell held before it gave all of it
        let drained = film(10.0).celerity(0.1, 1.0e-5, friction);
        assert!(drained < 0.04, "{drained}");
    }

    #[test]
    fn no_film_is_faster_than_the_bound() {
        let (size, friction) = (2.0, 9.81 * 0.03 * 0.03);
        let bound = bound(&Options::of(Law::INERTIAL), size, friction);
        let fastest = (1..4000).map(|step| {
            let depth = step as f32 * 1.0e-4;
            f64::from(film(size).celerity(1.0e9, depth, friction as f32))
        });
        let fastest = fastest.fold(0.0, f64::max);
        assert!(fastest <= bound * 1.0001 && fastest > 0.99 * bound, "{fastest} {bound}");
    }
}
