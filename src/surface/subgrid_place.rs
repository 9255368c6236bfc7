//! A place in coarse cells: what its pixels say of cells, faces and open edges, compiled.

use std::collections::BTreeMap;

use crate::num::real::Real;

use super::boundary::Kind;
use super::grid::{Cell, Grid, PAD};
use super::line::Line;
use super::params::{Fault, Law, Params, Setup, WALL};
use super::subgrid::{Gap, sill};

/// Most pixels along a cell.
const MOST: usize = 32;

/// An open edge of a coarse cell: all its open sides of pixels that belong to one boundary.
#[derive(Clone, Debug)]
pub(crate) struct Opening<R> {
    /// The boundary.
    pub boundary: usize,
    /// The cell.
    pub cell: usize,
    /// The pixels, the lowest first, as many as the cell has along a side or more.
    pub gaps: Vec<Gap<R>>,
    /// Length of the opening in sides of the cell.
    pub length: f64,
}

/// What a cell gets of the rain of a zone.
#[derive(Clone, Copy, Debug)]
struct RainShare<R> {
    cell: u32,
    zone: u16,
    share: R,
}

/// A place in cells of several pixels, compiled. Pixels are the cells of the terrain.
#[derive(Clone, Debug)]
pub(crate) struct Subgrid<R> {
    /// Pixels along a cell.
    pub factor: usize,
    /// The cells.
    pub grid: Grid,
    /// Beds of the pixels of each cell, the lowest first, cell after cell of the columns of the grid.
    pub beds: Vec<R>,
    /// Pixels of western faces, the lowest first, face after face.
    pub western: Vec<Gap<R>>,
    /// Pixels of northern faces.
    pub northern: Vec<Gap<R>>,
    /// The shares of the rain of its zones that each cell gets, in order of cells.
    rain: Vec<RainShare<R>>,
    /// Where the cells of each row of the columns begin in `rain`, and where the last one ends.
    rain_rows: Vec<usize>,
    /// The sum of shares of each zone (cells).
    pub zone_cells: Vec<f64>,
    /// Open edges.
    pub openings: Vec<Opening<R>>,
    /// Kinds of the boundaries.
    pub kinds: Vec<Kind>,
    /// Lines through which the volume is counted, on the sides of cells.
    pub lines: Vec<Line>,
}

/// What of a setup coarse cells cannot do.
pub(crate) fn check(setup: &Setup, faults: &mut Vec<Fault>) {
    let o = &setup.options;
    let Some(factor) = o.subgrid else { return };
    if !(2..=MOST).contains(&factor) {
        let what = "the number of pixels along a cell (2 to 32)";
        faults.push(Fault::Value { what, value: factor as f64, cell: None });
    }
    let refused = [
        (matches!(o.law, Law::Shock { .. }), "the shock law"),
        (o.advection, "the advection of momentum"),
        (o.thin_roughness.is_some(), "roughness that grows in thin water"),
        (setup.soils.map.is_some(), "soils"),
    ];
    faults.extend(refused.iter().filter(|(asked, _)| *asked).map(|(_, what)| Fault::NotWithTables { what }));
}

impl<R: Real> Subgrid<R> {
    /// Compiles the cells of a place whose pixels are compiled.
    pub fn new(fine: &Params<R>, factor: usize) -> Self {
        let pixels = &fine.grid;
        let (rows, columns) = (pixels.rows.div_ceil(factor), pixels.columns.div_ceil(factor));
        let grid = Grid { size: pixels.size * factor as f64, rows, columns, ..*pixels };
        let mut place = Self {
            factor,
            grid,
            beds: vec![R::of(WALL); grid.length() * factor * factor],
            western: vec![Gap { bed: R::of(WALL), n: R::of(1.0) }; grid.length() * factor],
            northern: vec![Gap { bed: R::of(WALL), n: R::of(1.0) }; grid.length() * factor],
            rain: Vec::new(),
            rain_rows: Vec::new(),
            zone_cells: Vec::new(),
            openings: Vec::new(),
            kinds: fine.kinds.clone(),
            lines: fine.lines.iter().map(|line| line.on(&grid)).collect(),
        };
        for cell in grid.all() {
            place.lay_cell(fine, cell);
            place.lay_face(fine, cell, true);
            place.lay_face(fine, cell, false);
        }
        place.lay_rain(fine);
        place.lay_openings(fine);
        place
    }

    /// The cell of a pixel.
    pub fn cell_of(&self, fine: &Grid, pixel: Cell) -> usize {
        let (row, column) = fine.row_and_column(pixel);
        (row / self.factor + PAD) * self.grid.stride() + column / self.factor + PAD
    }

    /// The beds of a cell.
    pub fn beds_of(&self, cell: usize) -> &[R] {
        let n = self.factor * self.factor;
        &self.beds[cell * n..(cell + 1) * n]
    }

    /// Places of the pixels of a cell in the columns of the pixels, row by row; nothing for those beyond the map.
    pub fn pixels(&self, fine: &Grid, cell: usize) -> impl Iterator<Item = Option<usize>> + use<R> {
        let (row, column) = self.grid.row_and_column(Cell(cell as u32));
        let (factor, fine) = (self.factor, *fine);
        (0..factor * factor).map(move |i| {
            let pixel = fine.cell(row * factor + i / factor, column * factor + i % factor);
            pixel.map(Cell::at)
        })
    }

    fn lay_cell(&mut self, fine: &Params<R>, cell: Cell) {
        let n = self.factor * self.factor;
        let mut beds: Vec<R> = self.known_beds(fine, cell.at());
        beds.sort_by(|a, b| a.wide().total_cmp(&b.wide()));
        self.beds[cell.at() * n..(cell.at() + 1) * n].copy_from_slice(&beds);
    }

    fn known_beds(&self, fine: &Params<R>, cell: usize) -> Vec<R> {
        self.pixels(&fine.grid, cell).map(|pixel| pixel.map_or(R::of(WALL), |at| fine.bed[at])).collect()
    }

    /// The western or northern face of a cell.
    fn lay_face(&mut self, fine: &Params<R>, cell: Cell, western: bool) {
        let (row, column) = self.grid.row_and_column(cell);
        if (western && column == 0) || (!western && row == 0) {
            return;
        }
        let (k, at) = (self.factor, cell.at());
        let before = if western { at - 1 } else { at - self.grid.stride() };
        let wide = |beds: Vec<R>| beds.into_iter().map(Real::wide).collect::<Vec<f64>>();
        let (first, second) = (wide(self.known_beds(fine, before)), wide(self.known_beds(fine, at)));
        let (window, held): (Vec<f64>, f64) = if western {
            let rows = first.chunks(k).zip(second.chunks(k));
            let window: Vec<f64> = rows.flat_map(|(a, b)| a.iter().chain(b)).copied().collect();
            let held = sill(&window, 2 * k, |place| place % (2 * k) >= k);
            (window, held)
        } else {
            let window: Vec<f64> = first.iter().chain(&second).copied().collect();
            let held = sill(&window, k, |place| place >= k * k);
            (window, held)
        };
        let mut gaps: Vec<Gap<R>> = (0..k)
            .map(|i| {
                // the pixels on both sides
                let [a, b] =
                    if western { [i * 2 * k + k - 1, i * 2 * k + k] } else { [(k - 1) * k + i, k * k + i] };
                let pixel = if western {
                    fine.grid.cell(row * k + i, column * k)
                } else {
                    fine.grid.cell(row * k, column * k + i)
                };
                let n = pixel.map_or(1.0, |pixel| {
                    let step = if western { 1 } else { fine.grid.stride() };
                    let friction = |at: usize| fine.friction.get(at).wide();
                    0.5 * (friction(pixel.at() - step) + friction(pixel.at()))
                });
                let n = (n / fine.options.gravity).sqrt();
                Gap { bed: R::of(window[a].max(window[b]).max(held)), n: R::of(n) }
            })
            .collect();
        gaps.sort_by(|a, b| a.bed.wide().total_cmp(&b.bed.wide()));
        let faces = if western { &mut self.western } else { &mut self.northern };
        faces[at * k..(at + 1) * k].copy_from_slice(&gaps);
    }

    fn lay_rain(&mut self, fine: &Params<R>) {
        let part = 1.0 / (self.factor * self.factor) as f64;
        let mut sums: BTreeMap<(u32, u16), f64> = BTreeMap::new();
        for pixel in fine.grid.all().filter(|pixel| !fine.is_wall(pixel.at())) {
            let share = fine.share_of(pixel.at()).wide();
            if share > 0.0 {
                let zone = fine.zone.as_ref().map_or(0, |zone| zone[pixel.at()]);
                let cell = self.cell_of(&fine.grid, pixel) as u32;
                *sums.entry((cell, zone)).or_default() += share * part;
            }
        }
        self.zone_cells = vec![0.0; fine.zone_cells.len()];
        for ((cell, zone), sum) in sums {
            // as cells get it, rounded to their kind of number
            let share = R::of(sum);
            self.zone_cells[usize::from(zone)] += share.wide();
            self.rain.push(RainShare { cell, zone, share });
        }
        let (stride, rain) = (self.grid.stride(), &self.rain);
        let rows = self.grid.length() / stride;
        self.rain_rows =
            (0..=rows).map(|row| rain.partition_point(|s| (s.cell as usize) < row * stride)).collect();
    }

    /// Adds the rain on a row of the columns to the gains of its cells (m), of which the first stands at `start`.
    pub fn rain_on(&self, gain: &mut [R], rain: &[R], start: usize) {
        let row = start / self.grid.stride();
        for part in &self.rain[self.rain_rows[row]..self.rain_rows[row + 1]] {
            if let Some(fallen) = rain.get(usize::from(part.zone)) {
                gain[part.cell as usize - start] += *fallen * part.share;
            }
        }
    }

    fn lay_openings(&mut self, fine: &Params<R>) {
        let mut sides: Vec<(usize, usize, Gap<R>)> = fine
            .faces
            .iter()
            .map(|face| {
                let n = (fine.friction.get(face.cell).wide() / fine.options.gravity).sqrt();
                let gap = Gap { bed: fine.bed[face.cell], n: R::of(n) };
                (self.cell_of(&fine.grid, Cell(face.cell as u32)), face.boundary, gap)
            })
            .collect();
        sides.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.bed.wide().total_cmp(&b.2.bed.wide())));
        for part in sides.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let gaps: Vec<Gap<R>> = part.iter().map(|(_, _, gap)| *gap).collect();
            let length = gaps.len() as f64 / self.factor as f64;
            self.openings.push(Opening { boundary: part[0].1, cell: part[0].0, gaps, length });
        }
    }
}
