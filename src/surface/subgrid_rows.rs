//! Rows of coarse cells and of their faces: the loops in which a run with tables spends its time.

use serde::{Deserialize, Serialize};

use crate::num::real::{Real, coarse_inverse_cube_root};

use super::blocks;
use super::inertial::{Inertial, moved, resistance_at};
use super::limit::{kept_share, outflow};
use super::subgrid::Piece;
use super::wide::vectorised;

/// Cells that are asked together whether they still are within their pieces.
pub(crate) const BUNCH: usize = 16;

/// The pieces of tables in which faces or cells are now, in columns.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pieces<R> {
    pub low: Vec<R>,
    pub high: Vec<R>,
    pub value: Vec<R>,
    pub slope: Vec<R>,
    /// The second value and its slope; empty where there is none.
    pub other: Vec<R>,
    pub change: Vec<R>,
}

/// A part of [`Pieces`].
pub(crate) struct PiecesPart<'a, R> {
    pub low: &'a mut [R],
    pub high: &'a mut [R],
    pub value: &'a mut [R],
    pub slope: &'a mut [R],
    pub other: &'a mut [R],
    pub change: &'a mut [R],
}

impl<R: Real> Pieces<R> {
    /// Pieces that hold nothing, so that each is looked for when it is asked for.
    pub fn new(length: usize, both: bool) -> Self {
        let column = |n: usize| vec![R::of(0.0); n];
        let second = if both { length } else { 0 };
        Self {
            low: column(length),
            high: column(length),
            value: column(length),
            slope: column(length),
            other: column(second),
            change: column(second),
        }
    }
}

impl<R: Real> Pieces<R> {
    /// All of them.
    pub fn whole(&mut self) -> PiecesPart<'_, R> {
        PiecesPart {
            low: &mut self.low,
            high: &mut self.high,
            value: &mut self.value,
            slope: &mut self.slope,
            other: &mut self.other,
            change: &mut self.change,
        }
    }

    /// Cut into blocks.
    pub fn parts(&mut self, length: usize, blocks: usize) -> Vec<PiecesPart<'_, R>> {
        let cut = |column| blocks::cut(column, length, blocks).into_iter();
        cut(&mut self.low)
            .zip(cut(&mut self.high))
            .zip(cut(&mut self.value))
            .zip(cut(&mut self.slope))
            .zip(cut(&mut self.other))
            .zip(cut(&mut self.change))
            .map(|(((((low, high), value), slope), other), change)| PiecesPart {
                low,
                high,
                value,
                slope,
                other,
                change,
            })
            .collect()
    }
}

impl<R: Real> PiecesPart<'_, R> {
    /// A run of them.
    pub fn run(&mut self, start: usize, n: usize) -> PiecesPart<'_, R> {
        let cells = start..start + n;
        let second = if self.other.is_empty() { 0..0 } else { cells.clone() };
        PiecesPart {
            low: &mut self.low[cells.clone()],
            high: &mut self.high[cells.clone()],
            value: &mut self.value[cells.clone()],
            slope: &mut self.slope[cells],
            other: &mut self.other[second.clone()],
            change: &mut self.change[second],
        }
    }

    /// Puts a piece in its place.
    pub fn put(&mut self, at: usize, piece: &Piece) {
        self.low[at] = R::of(piece.low);
        self.high[at] = R::of(piece.high);
        self.value[at] = R::of(piece.value[0]);
        self.slope[at] = R::of(piece.value[1]);
        if !self.other.is_empty() {
            self.other[at] = R::of(piece.other[0]);
            self.change[at] = R::of(piece.other[1]);
        }
    }
}

vectorised! {
/// Says of each bunch of a run whether some argument, the larger of two, has left its piece.
pub(crate) fn left_pieces<R: Real>(left: &mut [bool], low: &[R], high: &[R], one: &[R], two: &[R]) {
    let runs = low.chunks(BUNCH).zip(high.chunks(BUNCH)).zip(one.chunks(BUNCH).zip(two.chunks(BUNCH)));
    for (out, ((low, high), (one, two))) in left.iter_mut().zip(runs) {
        let n = low.len();
        let (high, one, two) = (&high[..n], &one[..n], &two[..n]);
        let mut outside = false;
        for i in 0..n {
            let at = one[i].larger(two[i]);
            outside |= (at < low[i]) | (at >= high[i]);
        }
        *out = outside;
    }
}
}

/// One run of faces: discharges of the neighbours before, of the faces and of the neighbours after, and of the four faces of
/// the other axis around each; levels on both sides and by how much they rise with volume over area.
pub(crate) struct TableRun<'a, R> {
    pub q: [&'a [R]; 3],
    pub along: [&'a [R]; 4],
    pub level: [&'a [R]; 2],
    pub rise: [&'a [R]; 2],
}

vectorised! {
/// The discharges of a run of faces, and what bounds the step at each, `speed`: mean depth over the share of the cell that
/// is wet (m), the larger one of both sides, since a wave of the level runs with its root.
pub(crate) fn table_row<R: Real>(
    out: &mut [R], speed: &mut [R], k: &mut [f32], law: &Inertial<R>, run: &TableRun<'_, R>,
    pieces: &PiecesPart<'_, R>,
) {
    let n = out.len();
    let (speed, k) = (&mut speed[..n], &mut k[..n]);
    let (before, own, after) = (&run.q[0][..n], &run.q[1][..n], &run.q[2][..n]);
    let (left, right) = (&run.level[0][..n], &run.level[1][..n]);
    let (rise_left, rise_right) = (&run.rise[0][..n], &run.rise[1][..n]);
    let (low, value, slope) = (&pieces.low[..n], &pieces.value[..n], &pieces.slope[..n]);
    let (other, change) = (&pieces.other[..n], &pieces.change[..n]);
    let [a, b, c, d] = run.along;
    let (a, b, c, d) = (&a[..n], &b[..n], &c[..n], &d[..n]);
    let quarter = R::of(0.25);
    for i in 0..n {
        // a closed face begins at minus infinity: it has no depth, whatever the level
        let over = (left[i].larger(right[i]) - low[i]).smaller(R::of(1.0e6));
        let depth = value[i] + slope[i] * over;
        speed[i] = depth;
        k[i] = resistance_at(law, depth, other[i] + change[i] * over);
    }
    for i in 0..n {
        let depth = speed[i];
        let along = quarter * ((a[i] + b[i]) + (c[i] + d[i]));
        let wave = depth * rise_left[i].larger(rise_right[i]);
        speed[i] = wave;
        let ends = [depth, right[i] - left[i], wave];
        out[i] = moved(law, [before[i], own[i], after[i]], along, ends, (k[i], R::of(0.0)));
    }
}
}

vectorised! {
/// The shares of what is wanted that cells can give, `drain` being what open edges want over the sides of a cell (m²/s).
pub(crate) fn keep_row<R: Real>(
    keep: &mut [R], depth: &[R], east_west: &[R], north: &[R], south: &[R], drain: &[R], pace: R,
) {
    let n = keep.len();
    let (depth, north, south, drain) = (&depth[..n], &north[..n], &south[..n], &drain[..n]);
    let (west, east) = (&east_west[..n], &east_west[1..n + 1]);
    for i in 0..n {
        let out = outflow(west[i], east[i], north[i], south[i]) + drain[i];
        keep[i] = kept_share(depth[i], out, pace);
    }
}
}

vectorised! {
/// What flows into each cell of a run over a step (m), from the discharges of its western and eastern faces `x`, one more
/// than cells, and of its northern and southern ones.
pub(crate) fn change_row<R: Real>(change: &mut [R], x: &[R], north: &[R], south: &[R], pace: R) {
    let n = change.len();
    let (west, east, north, south) = (&x[..n], &x[1..n + 1], &north[..n], &south[..n]);
    for i in 0..n {
        change[i] = pace * ((west[i] - east[i]) + (north[i] - south[i]));
    }
}
}

vectorised! {
/// Levels by volumes, and by how much they rise.
pub(crate) fn level_row<R: Real>(
    level: &mut [R], rise: &mut [R], volume: &[R], low: &[R], value: &[R], slope: &[R],
) {
    let n = level.len();
    let (rise, volume) = (&mut rise[..n], &volume[..n]);
    let (low, value, slope) = (&low[..n], &value[..n], &slope[..n]);
    for i in 0..n {
        level[i] = value[i] + slope[i] * (volume[i] - low[i]);
        rise[i] = slope[i];
    }
}
}

vectorised! {
/// Depths of a row of pixels below the levels of their cells, and what each carries of the discharge: `h^(5/3) / √(g n²)`,
/// as if there were no other.
pub(crate) fn pixel_row<R: Real>(depth: &mut [R], carry: &mut [R], level: &[R], bed: &[R], friction: &[R]) {
    let n = depth.len();
    let (carry, level, bed, friction) = (&mut carry[..n], &level[..n], &bed[..n], &friction[..n]);
    for i in 0..n {
        let h = (level[i] - bed[i]).larger(R::of(0.0));
        depth[i] = h;
        let power = coarse_inverse_cube_root(h.narrow().larger(1.0e-12));
        carry[i] = h * h * R::of_narrow(power) / friction[i].coarse_root().larger(R::of(1.0e-6));
    }
}
}

vectorised! {
/// Slows discharges of a row of pixels to `q² <= bound h³`.
pub(crate) fn hold_row<R: Real>(x: &mut [R], y: &mut [R], depth: &[R], bound: R) {
    let n = x.len();
    let (y, depth) = (&mut y[..n], &depth[..n]);
    for i in 0..n {
        let most = bound * depth[i] * depth[i] * depth[i];
        let square = (x[i] * x[i] + y[i] * y[i]).larger(R::of(1.0e-30));
        let slower = (most / square).smaller(R::of(1.0)).coarse_root();
        x[i] = x[i] * slower;
        y[i] = y[i] * slower;
    }
}
}
