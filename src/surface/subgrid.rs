//! Coarse cells over fine ground: how much a cell holds and what passes between two, by level.
//!
//! The ground of a cell is known in finer cells (pixels). Its water has one level, so its volume is a sum over pixels, and
//! the level belongs to the volume by that sum turned round. Water passes a face by the pixels along it, all with the same
//! slope of the level, so that the deep ones carry most. Volumes and depths are exact for the ground as it is given; only
//! the roughness of a face is taken as a straight line between a few levels. With one pixel a cell the law is that of
//! [`super::inertial`].
//!
//! (Volume by level: Casulli 2009, *Int. J. Numer. Meth. Fluids* 60. Conveyance by pixels: Volp, van Prooijen and Stelling
//! 2013, *Water Resour. Res.* 49. With the local inertial law: van Ormondt et al. 2025, *Geosci. Model Dev.* 18, 843.)

use crate::num::real::Real;

use super::params::WALL;

/// A level from which on a bed is a wall (m above the datum).
const HIGH: f64 = 0.5 * WALL;
/// Heights above the highest pixel of a face (m) between which its roughness is a straight line; beyond, it stays.
const ABOVE: [f64; 5] = [0.05, 0.2, 0.6, 1.5, 4.0];
/// Share of the way from pixel to pixel at which the roughness of a face is computed once more: it changes most where a
/// pixel has just become wet.
const PART: f64 = 1.0 / 3.0;
/// Depth (m) at which the roughness of a face that is just about to be wet is taken.
const FILM: f64 = 1.0e-6;

/// A straight piece of a table, from `low` to below `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Where it begins.
    pub low: f64,
    /// Where the next one begins.
    pub high: f64,
    /// Value at `low` and its slope.
    pub value: [f64; 2],
    /// A second value at `low` and its slope.
    pub other: [f64; 2],
}

/// Volume of a cell, over its area (m), that stands in it at a level (m): `V/A = Σ max(0, level - z) / n`.
///
/// `beds` z, levels of its `n` pixels (m). (Casulli 2009.)
#[must_use]
pub fn volume<R: Real>(beds: &[R], level: f64) -> f64 {
    beds.iter().map(|bed| (level - bed.wide()).max(0.0)).sum::<f64>() / beds.len() as f64
}

/// The piece of the level (m) by volume over area (m) to which a volume belongs; its slope is the area of the cell over
/// the area that is wet.
///
/// `beds` levels of the pixels (m), the lowest first; walls are never wet. Without any pixel that can be wet the level is
/// 0 whatever the volume.
#[must_use]
pub fn level_piece<R: Real>(beds: &[R], volume: f64) -> Piece {
    let all = beds.len() as f64;
    let nothing = Piece { low: 0.0, high: f64::INFINITY, value: [0.0; 2], other: [0.0; 2] };
    let mut known = beds.iter().map(|bed| bed.wide()).take_while(|bed| *bed < HIGH);
    let Some(mut bed) = known.next() else { return nothing };
    let (mut below, mut wet) = (0.0, 1.0);
    for next in known {
        // rounded as it is stored, so that pieces meet
        let full = R::of(below + (next - bed) * wet / all).wide();
        if volume < full {
            return Piece { low: below, high: full, value: [bed, all / wet], other: [0.0; 2] };
        }
        (below, bed, wet) = (full, next, wet + 1.0);
    }
    Piece { low: below, high: f64::INFINITY, value: [bed, all / wet], other: [0.0; 2] }
}

/// A pixel of a face: the higher one of the two beds (m above the datum), no lower than the sill, and Manning's n there
/// (s/m^(1/3)).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap<R> {
    /// The bed.
    pub bed: R,
    /// Manning's n.
    pub n: R,
}

/// Mean depth `H = Σ h / m` (m) and conveyance `K = Σ h^(5/3) / n / m` (m²/s) of a face of m pixels at a level (m), so that
/// with a slope S of the level `K √S` is its unit discharge. (Volp et al. 2013; Manning.)
#[must_use]
pub fn passage<R: Real>(gaps: &[Gap<R>], level: f64) -> (f64, f64) {
    let (mut depth, mut conveyance) = (0.0, 0.0);
    for gap in gaps {
        let h = level - gap.bed.wide();
        if h > 0.0 {
            depth += h;
            conveyance += h * (h * h).cbrt() / gap.n.wide();
        }
    }
    (depth / gaps.len() as f64, conveyance / gaps.len() as f64)
}

/// The piece of mean depth (m, `value`) and of roughness `g n²` (m/s² · s²/m^(2/3), `other`) by level (m) to which a level
/// belongs, with `n = H^(5/3) / K`: Manning's n that gives the mean depth the conveyance of all pixels.
///
/// `gaps` the pixels, the lowest first.
#[must_use]
pub fn passage_piece<R: Real>(gaps: &[Gap<R>], level: f64, gravity: f64) -> Piece {
    let open = gaps.iter().take_while(|gap| gap.bed.wide() < HIGH).count();
    let closed = |high: f64| Piece { low: f64::NEG_INFINITY, high, value: [0.0; 2], other: [0.0; 2] };
    let Some(lowest) = gaps[..open].first().map(|gap| gap.bed.wide()) else { return closed(f64::INFINITY) };
    if level < lowest {
        return closed(lowest);
    }
    let above = gaps[..open].partition_point(|gap| gap.bed.wide() <= level);
    let from = gaps[above - 1].bed.wide();
    let (low, high) = if above < open {
        let next = gaps[above].bed.wide();
        let middle = R::of(from + PART * (next - from)).wide();
        if level < middle { (from, middle) } else { (middle.max(from), next) }
    } else {
        let knot = |i: usize| R::of(from + ABOVE[i]).wide();
        match ABOVE.iter().enumerate().find(|(i, _)| level < knot(*i)) {
            Some((0, _)) => (from, knot(0)),
            Some((i, _)) => (knot(i - 1), knot(i)),
            None => (knot(ABOVE.len() - 1), f64::INFINITY),
        }
    };
    let rough = |level: f64| {
        let (depth, conveyance) = passage(gaps, level.max(lowest + FILM));
        let n = depth * (depth * depth).cbrt() / conveyance;
        gravity * n * n
    };
    let (depth, slope) = (passage(gaps, low).0, above as f64 / gaps.len() as f64);
    let friction = rough(low);
    let change = if high.is_finite() { (rough(high) - friction) / (high - low) } else { 0.0 };
    Piece { low, high, value: [depth, slope], other: [friction, change] }
}

/// The lowest level (m) at which the deepest pixels of two cells side by side are one water within the two: what a wall or
/// a kerb inside them holds back. The bed of walls (1e6 m) or more if never.
///
/// `beds` of both cells, row by row of `columns`; `second` says of a place whether it lies in the second cell. Of equally
/// deep pixels the first counts. (By ourselves: the least of the highest passes, as in the filling of hollows.)
#[must_use]
pub fn sill(beds: &[f64], columns: usize, second: impl Fn(usize) -> bool) -> f64 {
    let deepest = |of: bool| {
        let places = (0..beds.len()).filter(|at| second(*at) == of);
        places.min_by(|a, b| beds[*a].total_cmp(&beds[*b]))
    };
    let (Some(from), Some(to)) = (deepest(false), deepest(true)) else { return WALL };
    let mut reached = vec![false; beds.len()];
    let mut edge = vec![from];
    let mut level = beds[from];
    // few pixels: the lowest of the edge is looked for each time
    while let Some(next) = (0..edge.len()).min_by(|a, b| beds[edge[*a]].total_cmp(&beds[edge[*b]])) {
        let at = edge.swap_remove(next);
        if reached[at] {
            continue;
        }
        reached[at] = true;
        level = level.max(beds[at]);
        if at == to {
            return level;
        }
        let column = at % columns;
        let sides = [
            at.checked_sub(columns),
            Some(at + columns).filter(|below| *below < beds.len()),
            at.checked_sub(1).filter(|_| column > 0),
            Some(at + 1).filter(|_| column + 1 < columns),
        ];
        edge.extend(sides.into_iter().flatten().filter(|side| !reached[*side]));
    }
    WALL
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(beds: &[f64], volume: f64) -> f64 {
        let piece = level_piece(beds, volume);
        assert!(piece.low <= volume && volume < piece.high);
        piece.value[0] + piece.value[1] * (volume - piece.low)
    }

    #[test]
    fn the_level_is_that_at_which_the_pixels_hold_the_volume() {
        // two pixels at 1 m, one at 2 m, a wall: 1.5 m holds 2 · 0.5 / 4, 3 m holds (2 · 2 + 1) / 4
        let beds = [1.0, 1.0, 2.0, WALL];
        assert_eq!(volume(&beds, 1.5), 0.25);
        assert_eq!(volume(&beds, 3.0), 1.25);
        assert_eq!(level(&beds, 0.25), 1.5);
        assert_eq!(level(&beds, 1.25), 3.0);
        assert_eq!(level(&beds, 0.0), 1.0, "an empty cell is level with its deepest pixel");
        for i in 1..100 {
            let v = 0.031 * f64::from(i);
            assert!((volume(&beds, level(&beds, v)) - v).abs() < 1.0e-14);
        }
        assert_eq!(level(&[WALL; 4], 0.0), 0.0);
    }

    #[test]
    fn pieces_of_single_numbers_meet() {
        let beds = [0.1_f32, 0.123_456, 0.3, 0.777_77];
        let mut piece = level_piece(&beds, 0.0);
        while piece.high.is_finite() {
            let next = level_piece(&beds, piece.high);
            assert_eq!(next.low, piece.high);
            let end = piece.value[0] + piece.value[1] * (piece.high - piece.low);
            assert!((end - next.value[0]).abs() < 1.0e-6);
            piece = next;
        }
    }

    #[test]
    fn a_face_carries_what_its_pixels_carry() {
        let gaps = [Gap { bed: 0.0, n: 0.03 }, Gap { bed: 1.0, n: 0.03 }];
        // 1.5 m: depths 1.5 and 0.5
        let (depth, conveyance) = passage(&gaps, 1.5);
        assert_eq!(depth, 1.0);
        let by_hand = 0.5 * (1.5_f64.powf(5.0 / 3.0) + 0.5_f64.powf(5.0 / 3.0)) / 0.03;
        assert!((conveyance - by_hand).abs() < 1.0e-12 * by_hand);
        for level in [0.2, 0.9, 1.02, 1.1, 1.5, 1.9, 3.0, 9.0] {
            let piece = passage_piece(&gaps, level, 9.81);
            assert!(piece.low <= level && level < piece.high);
            let depth = piece.value[0] + piece.value[1] * (level - piece.low);
            let friction = piece.other[0] + piece.other[1] * (level - piece.low);
            let (exact, conveyance) = passage(&gaps, level);
            assert!((depth - exact).abs() < 1.0e-14);
            let ours = depth.powf(5.0 / 3.0) * (9.81 / friction).sqrt();
            assert!((ours / conveyance - 1.0).abs() < 0.03, "at {level}: {ours} for {conveyance}");
        }
        // below the second pixel half of the face carries: n (1/2)^(2/3) with the mean depth, at any level
        let friction = passage_piece(&gaps, 0.0, 9.81).other[0];
        assert!((friction - 9.81 * (0.03 * 0.5_f64.powf(2.0 / 3.0)).powi(2)).abs() < 1.0e-9);
        assert_eq!(passage_piece(&gaps, -0.1, 9.81).value, [0.0; 2]);
        assert_eq!(passage_piece(&[Gap { bed: WALL, n: 0.03 }; 2], 5.0, 9.81).high, f64::INFINITY);
    }

    #[test]
    fn a_face_without_relief_is_a_plain_one() {
        let piece = passage_piece(&[Gap { bed: 0.5, n: 0.02 }; 4], 0.8, 9.81);
        let depth = piece.value[0] + piece.value[1] * (0.8 - piece.low);
        assert!((depth - 0.3).abs() < 1.0e-15);
        let friction = piece.other[0] + piece.other[1] * (0.8 - piece.low);
        assert!((friction - 9.81 * 0.02 * 0.02).abs() < 1.0e-12);
    }

    #[test]
    fn a_wall_inside_the_cells_is_a_sill() {
        // 2 rows of 2 + 2 pixels: a wall of 3 m in the second column
        let beds = [0.1, 3.0, 0.2, 0.3, 0.0, 3.2, 0.2, 0.4];
        let second = |at: usize| at % 4 >= 2;
        assert_eq!(sill(&beds, 4, second), 3.0);
        // a gap in it, through which one goes round
        let beds = [0.1, 3.0, 0.2, 0.3, 0.0, 0.25, 0.2, 0.4];
        assert_eq!(sill(&beds, 4, second), 0.25);
        // a slope has none but its own lower edge
        let beds = [0.7, 0.6, 0.5, 0.4, 0.7, 0.6, 0.5, 0.4];
        assert_eq!(sill(&beds, 4, second), 0.6);
        assert!(sill(&[0.0, 0.0, WALL, WALL], 4, second) >= WALL);
    }
}
