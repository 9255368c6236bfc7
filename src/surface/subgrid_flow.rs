//! The water of coarse cells: their volumes are what is kept; levels, and what passes, come from tables.
//!
//! Faces first, then cells, as without tables, in blocks of rows that threads share; the bits do not depend on their number.
//! Cells do not sleep: there are few.

use serde::{Deserialize, Serialize};

use crate::num::real::Real;

use super::blocks;
use super::boundary::{Kind, critical_discharge, normal_discharge};
use super::forcing::Forcing;
use super::grid::{BLOCK, Cell, PAD};
use super::inertial::{Inertial, longest_step, moved, resistance_at};
use super::ledger::Ledger;
use super::limit::limit_row;
use super::params::{Law, Params};
use super::state::Start;
use super::subgrid::{level_piece, passage, passage_piece, volume};
use super::subgrid_place::{Opening, Subgrid};
use super::subgrid_rows::{
    BUNCH, Pieces, PiecesPart, TableRun, change_row, keep_row, left_pieces, level_row, table_row,
};
use super::supply::{add, add_row, take};

/// The water of coarse cells. Discharges are unit discharges over the sides of cells (m²/s), to the east and to the south.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Coarse<R> {
    /// Volume over area (m).
    pub volume: Vec<R>,
    /// What rounding dropped from it; empty if nothing is kept.
    pub lost: Vec<R>,
    /// Level above the datum (m).
    pub level: Vec<R>,
    /// By how much the level rises with volume over area.
    rise: Vec<R>,
    /// What passed the western faces in the last step.
    pub qx: Vec<R>,
    /// What passed the northern ones.
    pub qy: Vec<R>,
    wants_x: Vec<R>,
    wants_y: Vec<R>,
    keep: Vec<R>,
    drain: Vec<R>,
    cells: Pieces<R>,
    western: Pieces<R>,
    northern: Pieces<R>,
    /// What left through each open edge (m²/s).
    through: Vec<f64>,
    /// For each block what bounds the step: the greatest mean depth of a face over the share of its cells that is wet (m).
    peaks: Vec<f64>,
}

/// Space of a thread.
struct Scratch<R> {
    left: Vec<bool>,
    speed: Vec<R>,
    k: Vec<f32>,
    x: Vec<R>,
    north: Vec<R>,
    south: Vec<R>,
    change: Vec<R>,
    gain: Vec<R>,
}

impl<R: Real> Scratch<R> {
    fn new(columns: usize) -> Self {
        let row = || vec![R::of(0.0); columns + 1];
        Self {
            left: vec![false; columns.div_ceil(BUNCH)],
            speed: row(),
            k: vec![0.0; columns],
            x: row(),
            north: row(),
            south: row(),
            change: row(),
            gain: row(),
        }
    }
}

/// What a step brings.
pub(crate) struct Coming<'a, R> {
    /// Length of the step (s).
    pub dt: f64,
    /// Rain of each zone over the step (m); empty if it is dry.
    pub rain: &'a [R],
    /// Cells of the terrain and depths (m) over them that inflows add.
    pub sources: &'a [(u32, f64)],
    pub forcing: &'a Forcing,
}

impl<R: Real> Coarse<R> {
    /// The water of the start.
    pub fn new(fine: &Params<R>, place: &Subgrid<R>, start: Start<'_>) -> Self {
        let length = place.grid.length();
        let column = || vec![R::of(0.0); length];
        let mut water = Self {
            volume: column(),
            lost: if R::COMPENSATED { column() } else { Vec::new() },
            level: column(),
            rise: column(),
            qx: column(),
            qy: column(),
            wants_x: column(),
            wants_y: column(),
            keep: column(),
            drain: column(),
            cells: Pieces::new(length, false),
            western: Pieces::new(length, true),
            northern: Pieces::new(length, true),
            through: vec![0.0; place.openings.len()],
            peaks: vec![0.0; place.grid.blocks()],
        };
        let pixels = (place.factor * place.factor) as f64;
        for cell in place.grid.all() {
            let at = cell.at();
            let held = match start {
                Start::Dry => 0.0,
                Start::Level(level) => volume(place.beds_of(at), level - fine.datum),
                Start::Depths(map) => {
                    let on = place.pixels(&fine.grid, at).flatten().filter(|pixel| !fine.is_wall(*pixel));
                    let depths =
                        on.filter_map(|pixel| map.get(fine.grid.row_and_column(Cell(pixel as u32))).copied());
                    depths.filter(|depth| depth.is_finite()).map(|depth| depth.max(0.0)).sum::<f64>() / pixels
                }
            };
            let mut nothing = R::of(0.0);
            let lost = if R::COMPENSATED { &mut water.lost[at] } else { &mut nothing };
            add(&mut water.volume[at], lost, held);
            water.set_level(place, at);
        }
        for cell in place.grid.all() {
            water.bound(place, cell.at());
        }
        water
    }

    /// Finds the level of a cell by its volume.
    fn set_level(&mut self, place: &Subgrid<R>, at: usize) {
        let piece = level_piece(place.beds_of(at), self.volume[at].wide());
        self.cells.whole().put(at, &piece);
        let above = self.volume[at] - self.cells.low[at];
        self.level[at] = self.cells.value[at] + self.cells.slope[at] * above;
        self.rise[at] = self.cells.slope[at];
    }

    /// Lets the next step know of the water of a cell: the depth of its wet part.
    fn bound(&mut self, place: &Subgrid<R>, at: usize) {
        let wave = (self.volume[at] * self.rise[at]).wide();
        let block = at / (BLOCK * place.grid.stride());
        self.peaks[block] = self.peaks[block].max(wave);
    }

    /// Puts a depth over a coarse cell (m above zero) into it or takes it out; gives what was moved.
    pub fn move_water(&mut self, place: &Subgrid<R>, at: usize, depth: f64) -> f64 {
        let mut nothing = R::of(0.0);
        let lost = if R::COMPENSATED { &mut self.lost[at] } else { &mut nothing };
        let moved = if depth < 0.0 {
            -take(&mut self.volume[at], lost, -depth)
        } else {
            add(&mut self.volume[at], lost, depth);
            depth
        };
        self.set_level(place, at);
        self.bound(place, at);
        moved
    }

    /// The longest step (s) that the water allows, times the Courant number.
    pub fn allowed_step(&self, fine: &Params<R>, place: &Subgrid<R>) -> f64 {
        let peak = self.peaks.iter().fold(0.0_f64, |most, peak| most.max(*peak));
        self.step_of(fine, place, peak)
    }

    fn step_of(&self, fine: &Params<R>, place: &Subgrid<R>, peak: f64) -> f64 {
        longest_step(fine.options.courant, place.grid.size, fine.options.gravity, peak)
    }

    /// The cell with the deepest wet part, and the step (s) that it allows; `None` if all is dry.
    pub fn limiting(&self, fine: &Params<R>, place: &Subgrid<R>) -> Option<(usize, f64)> {
        let wave = |at: usize| (self.volume[at] * self.rise[at]).wide();
        let deepest = place.grid.all().map(Cell::at).max_by(|a, b| wave(*a).total_cmp(&wave(*b)))?;
        (wave(deepest) > 0.0).then(|| (deepest, self.allowed_step(fine, place)))
    }

    /// The law with the numbers of a step.
    fn law<S: Real>(fine: &Params<R>, place: &Subgrid<R>, dt: f64) -> Inertial<S> {
        let (o, size) = (&fine.options, place.grid.size);
        let (own, froude) = match o.law {
            Law::Inertial { own_weight, froude_limit } => (own_weight, froude_limit),
            Law::Shock { .. } => (1.0, None),
        };
        Inertial {
            drive: S::of(o.gravity * dt / size),
            dt: S::of(dt),
            side: S::of(0.5 * (1.0 - own) * o.gravity.sqrt() * dt / size),
            fastest: S::of(froude.map_or(1.0e12, |froude| froude * o.gravity.sqrt())),
            // one pixel of a face may be wet alone
            dry: S::of(o.dry_depth / place.factor as f64),
            pace: S::of(dt / size),
        }
    }

    /// Advances the water by a step.
    pub fn step(
        &mut self,
        fine: &Params<R>,
        place: &Subgrid<R>,
        coming: &Coming<'_, R>,
        ledger: &mut Ledger,
    ) {
        let parallel = fine.options.parallel;
        self.want(fine, place, coming.dt, parallel);
        let wanted = self.open_edges(fine, place, coming);
        self.give(place, coming.dt, parallel);
        self.fill(place, coming, parallel);
        let pace = coming.dt / place.grid.size;
        let area = place.grid.area();
        for ((opening, want), through) in place.openings.iter().zip(wanted).zip(0..) {
            let kept = self.keep[opening.cell].wide();
            let out = if want > 0.0 { want * kept } else { want };
            let moved = -self.move_water(place, opening.cell, -out * pace);
            self.through[through] = moved / pace / opening.length;
            if moved > 0.0 {
                ledger.boundary_out[opening.boundary] += moved * area;
            } else {
                ledger.boundary_in[opening.boundary] -= moved * area;
            }
        }
        let pixels = (place.factor * place.factor) as f64;
        for (pixel, depth) in coming.sources {
            self.move_water(place, place.cell_of(&fine.grid, Cell(*pixel)), depth / pixels);
        }
    }

    /// What all faces want to pass.
    fn want(&mut self, fine: &Params<R>, place: &Subgrid<R>, dt: f64, parallel: bool) {
        let grid = &place.grid;
        let (stride, n, k) = (grid.stride(), grid.columns, place.factor);
        let (length, count) = (BLOCK * stride, grid.blocks());
        let law: Inertial<R> = Self::law(fine, place, dt);
        let gravity = fine.options.gravity;
        let (level, rise, qx, qy) = (&self.level, &self.rise, &self.qx, &self.qy);
        let items: Vec<_> = blocks::cut(&mut self.wants_x, length, count)
            .into_iter()
            .zip(blocks::cut(&mut self.wants_y, length, count))
            .zip(self.western.parts(length, count))
            .zip(self.northern.parts(length, count))
            .zip(&mut self.peaks)
            .enumerate()
            .map(|(block, ((((wants_x, wants_y), western), northern), peak))| Faces {
                block,
                wants_x,
                wants_y,
                western,
                northern,
                peak,
            })
            .collect();
        let work = |scratch: &mut Scratch<R>, faces: Faces<'_, R>| {
            let Faces { block, wants_x, wants_y, mut western, mut northern, peak } = faces;
            *peak = 0.0;
            for row in grid.block_rows(block) {
                let start = row * stride + PAD;
                let local = start - block * length;
                for along_row in [true, false] {
                    let (out, pieces, gaps, q, other, step) = if along_row {
                        (&mut *wants_x, &mut western, &place.western, qx, qy, 1)
                    } else {
                        (&mut *wants_y, &mut northern, &place.northern, qy, qx, stride)
                    };
                    let (before, aside) = (start - step, stride + 1 - step);
                    let mut pieces = pieces.run(local, n);
                    let (one, two) = (&level[before..before + n], &level[start..start + n]);
                    left_pieces(&mut scratch.left, pieces.low, pieces.high, one, two);
                    for bunch in (0..scratch.left.len()).filter(|bunch| scratch.left[*bunch]) {
                        for i in bunch * BUNCH..((bunch + 1) * BUNCH).min(n) {
                            let top = one[i].larger(two[i]);
                            if (top < pieces.low[i]) | (top >= pieces.high[i]) {
                                let gaps = &gaps[(start + i) * k..(start + i + 1) * k];
                                pieces.put(i, &passage_piece(gaps, top.wide(), gravity));
                            }
                        }
                    }
                    let part = |column: &'_ Vec<R>, at: usize| at..(at + n).min(column.len());
                    let run = TableRun {
                        q: [&q[part(q, before)], &q[part(q, start)], &q[part(q, start + step)]],
                        along: [
                            &other[part(other, before)],
                            &other[part(other, start)],
                            &other[part(other, before + aside)],
                            &other[part(other, start + aside)],
                        ],
                        level: [one, two],
                        rise: [&rise[before..before + n], &rise[start..start + n]],
                    };
                    let (speed, k) = (&mut scratch.speed[..n], &mut scratch.k[..n]);
                    table_row(&mut out[local..local + n], speed, k, &law, &run, &pieces);
                    *peak = peak.max(super::supply::greatest(speed).wide());
                }
            }
        };
        blocks::for_each(items, parallel, grid.cells(), || Scratch::new(n), work);
    }

    /// What the open edges want to let out (above zero) or in, over the sides of their cells (m²/s); notes it in `drain`.
    fn open_edges(&mut self, fine: &Params<R>, place: &Subgrid<R>, coming: &Coming<'_, R>) -> Vec<f64> {
        for opening in &place.openings {
            self.drain[opening.cell] = R::of(0.0);
        }
        let openings = place.openings.iter().zip(&self.through);
        let wanted: Vec<f64> = openings
            .map(|(opening, through)| {
                let level = self.level[opening.cell].wide();
                opening.length * Self::wanted(fine, place, opening, [level, *through], coming)
            })
            .collect();
        for (opening, want) in place.openings.iter().zip(&wanted) {
            self.drain[opening.cell] += R::of(want.max(0.0));
        }
        wanted
    }

    /// What an open edge wants to let out (m²/s), from the level within (m above the datum) and what left before.
    fn wanted(
        fine: &Params<R>,
        place: &Subgrid<R>,
        opening: &Opening<R>,
        [level, through]: [f64; 2],
        coming: &Coming<'_, R>,
    ) -> f64 {
        let (o, gaps) = (&fine.options, &opening.gaps);
        let mean = |of: &dyn Fn(f64, f64) -> f64| {
            let wet = gaps.iter().map(|gap| (level - gap.bed.wide(), gap.n.wide()));
            wet.filter(|(h, _)| *h > o.dry_depth).map(|(h, n)| of(h, n)).sum::<f64>() / gaps.len() as f64
        };
        match place.kinds[opening.boundary] {
            Kind::Free => mean(&|h, _| critical_discharge(o.gravity, h)),
            Kind::NormalDepth { slope } => {
                mean(&|h, n| normal_discharge(o.gravity, o.gravity * n * n, h, slope))
            }
            Kind::Stage => {
                let Some(stage) = coming.forcing.stage.get(opening.boundary) else { return 0.0 };
                let beyond = stage - fine.datum;
                let lowest = gaps.first().map_or(0.0, |gap| gap.bed.wide());
                let top = level.max(beyond);
                if top <= lowest + o.dry_depth {
                    return 0.0;
                }
                let mut law: Inertial<f64> = Self::law(fine, place, coming.dt);
                // the level holds on the edge, half a cell away
                law.drive *= 2.0;
                let (depth, conveyance) = passage(gaps, top);
                let n = depth * (depth * depth).cbrt() / conveyance;
                let k = resistance_at(&law, depth, o.gravity * n * n);
                // dry ground beyond holds no level below itself
                let rise = beyond.max(lowest) - level.max(lowest);
                moved(&law, [through; 3], 0.0, [depth, rise, depth], (k, 0.0))
            }
        }
    }

    /// The shares of what is wanted that cells can give.
    fn give(&mut self, place: &Subgrid<R>, dt: f64, parallel: bool) {
        let grid = &place.grid;
        let (stride, n) = (grid.stride(), grid.columns);
        let (length, pace) = (BLOCK * stride, R::of(dt / grid.size));
        let (volume, x, y, drain) = (&self.volume, &self.wants_x, &self.wants_y, &self.drain);
        let items: Vec<_> =
            blocks::cut(&mut self.keep, length, grid.blocks()).into_iter().enumerate().collect();
        let work = |(): &mut (), (block, keep): (usize, &mut [R])| {
            for row in grid.block_rows(block) {
                let start = row * stride + PAD;
                let cells = start..start + n;
                let local = start - block * length;
                keep_row(
                    &mut keep[local..local + n],
                    &volume[cells.clone()],
                    &x[start..start + n + 1],
                    &y[cells.clone()],
                    &y[start + stride..start + stride + n],
                    &drain[cells],
                    pace,
                );
            }
        };
        blocks::for_each(items, parallel, grid.cells(), || (), work);
    }

    /// Moves what cells can give, adds the rain, and finds the new levels.
    fn fill(&mut self, place: &Subgrid<R>, coming: &Coming<'_, R>, parallel: bool) {
        let grid = &place.grid;
        let (stride, n) = (grid.stride(), grid.columns);
        let (length, count, pace) = (BLOCK * stride, grid.blocks(), R::of(coming.dt / grid.size));
        let (wants_x, wants_y, keep) = (&self.wants_x, &self.wants_y, &self.keep);
        let items: Vec<_> = blocks::cut(&mut self.volume, length, count)
            .into_iter()
            .zip(blocks::cut(&mut self.lost, length, count))
            .zip(blocks::cut(&mut self.level, length, count))
            .zip(blocks::cut(&mut self.rise, length, count))
            .zip(blocks::cut(&mut self.qx, length, count))
            .zip(blocks::cut(&mut self.qy, length, count))
            .zip(self.cells.parts(length, count))
            .enumerate()
            .map(|(block, ((((((volume, lost), level), rise), qx), qy), cells))| Part {
                block,
                volume,
                lost,
                level,
                rise,
                qx,
                qy,
                cells,
            })
            .collect();
        let work = |scratch: &mut Scratch<R>, part: Part<'_, R>| {
            let Part { block, volume, lost, level, rise, qx, qy, mut cells } = part;
            let Scratch { left, x, north, south, change, gain, .. } = scratch;
            let (change, gain) = (&mut change[..n], &mut gain[..n]);
            for row in grid.block_rows(block) {
                let start = row * stride + PAD;
                let local = start - block * length;
                let here = local..local + n;
                let of = |at: usize| &keep[at..at + n];
                limit_row(&mut x[..n + 1], &wants_x[start..], &keep[start - 1..], &keep[start..]);
                limit_row(&mut north[..n], &wants_y[start..], of(start - stride), of(start));
                limit_row(&mut south[..n], &wants_y[start + stride..], of(start), of(start + stride));
                change_row(change, x, north, south, pace);
                qx[here.clone()].copy_from_slice(&x[..n]);
                qy[here.clone()].copy_from_slice(&north[..n]);
                gain.fill(R::of(0.0));
                if !coming.rain.is_empty() {
                    place.rain_on(gain, coming.rain, start);
                }
                let held = &mut volume[here.clone()];
                let before = &mut south[..n];
                before.copy_from_slice(held);
                let rest = if R::COMPENSATED { &mut lost[here.clone()] } else { &mut [][..] };
                add_row(held, rest, before, change, gain);
                let mut pieces = cells.run(local, n);
                left_pieces(left, pieces.low, pieces.high, held, held);
                for bunch in (0..left.len()).filter(|bunch| left[*bunch]) {
                    for (i, held) in held.iter().enumerate().skip(bunch * BUNCH).take(BUNCH) {
                        if (*held < pieces.low[i]) | (*held >= pieces.high[i]) {
                            pieces.put(i, &level_piece(place.beds_of(start + i), held.wide()));
                        }
                    }
                }
                let (level, rise) = (&mut level[here.clone()], &mut rise[here]);
                level_row(level, rise, held, pieces.low, pieces.value, pieces.slope);
            }
        };
        blocks::for_each(items, parallel, grid.cells(), || Scratch::new(n), work);
    }

    /// The unit discharge of a coarse cell (m²/s), to the east and to the south.
    pub fn discharge(&self, place: &Subgrid<R>, at: usize) -> [R; 2] {
        let half = R::of(0.5);
        let stride = place.grid.stride();
        [half * (self.qx[at] + self.qx[at + 1]), half * (self.qy[at] + self.qy[at + stride])]
    }
}

/// The faces of a block of rows.
struct Faces<'a, R> {
    block: usize,
    wants_x: &'a mut [R],
    wants_y: &'a mut [R],
    western: PiecesPart<'a, R>,
    northern: PiecesPart<'a, R>,
    peak: &'a mut f64,
}

/// The cells of a block of rows.
struct Part<'a, R> {
    block: usize,
    volume: &'a mut [R],
    lost: &'a mut [R],
    level: &'a mut [R],
    rise: &'a mut [R],
    qx: &'a mut [R],
    qy: &'a mut [R],
    cells: PiecesPart<'a, R>,
}
