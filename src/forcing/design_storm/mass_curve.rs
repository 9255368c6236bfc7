//! Dimensionless mass curves: part of the depth that has fallen by a part of the duration.

use crate::scenario::storm::{HuffQuartile, ScsType};

/// Hours of the 24-h distributions of TR-55.
const SCS_HOURS: [f64; 23] = [
    0.0, 2.0, 4.0, 6.0, 7.0, 8.0, 8.5, 9.0, 9.5, 9.75, 10.0, 10.5, 11.0, 11.5, 11.75, 12.0, 12.5, 13.0, 13.5,
    14.0, 16.0, 20.0, 24.0,
];

/// Parts of the depth of the 24-h distributions at [`SCS_HOURS`].
///
/// Reference: USDA Soil Conservation Service (1986), *Urban hydrology for small watersheds*, TR-55.
/// The closed form that is sometimes used for type II has 0.500 at 12 h where the table has 0.663.
fn scs_parts(kind: ScsType) -> [f64; 23] {
    match kind {
        ScsType::I => [
            0.0, 0.035, 0.076, 0.125, 0.156, 0.194, 0.219, 0.254, 0.303, 0.362, 0.515, 0.583, 0.624, 0.654,
            0.669, 0.682, 0.706, 0.727, 0.748, 0.767, 0.830, 0.926, 1.0,
        ],
        ScsType::IA => [
            0.0, 0.050, 0.116, 0.206, 0.268, 0.425, 0.480, 0.520, 0.550, 0.564, 0.577, 0.601, 0.624, 0.645,
            0.655, 0.664, 0.683, 0.701, 0.719, 0.736, 0.800, 0.906, 1.0,
        ],
        ScsType::II => [
            0.0, 0.022, 0.048, 0.080, 0.098, 0.120, 0.133, 0.147, 0.163, 0.172, 0.181, 0.204, 0.235, 0.283,
            0.357, 0.663, 0.735, 0.772, 0.799, 0.820, 0.880, 0.952, 1.0,
        ],
        ScsType::III => [
            0.0, 0.020, 0.043, 0.072, 0.089, 0.115, 0.130, 0.148, 0.167, 0.178, 0.189, 0.216, 0.250, 0.298,
            0.339, 0.500, 0.702, 0.751, 0.785, 0.811, 0.886, 0.957, 1.0,
        ],
    }
}

/// The 24-h distribution of a type, straight between the points of its table.
pub fn scs(kind: ScsType) -> Vec<[f64; 2]> {
    SCS_HOURS.iter().zip(scs_parts(kind)).map(|(hour, part)| [hour / 24.0, part]).collect()
}

/// The median distribution of a quartile at a point, by twentieths of the duration.
///
/// Reference: F. A. Huff and J. R. Angel (1992), *Rainfall frequency atlas of the Midwest*,
/// Bulletin 71.
pub fn huff(quartile: HuffQuartile) -> Vec<[f64; 2]> {
    let percent: [u8; 21] = match quartile {
        HuffQuartile::First => {
            [0, 16, 33, 43, 52, 60, 66, 71, 75, 79, 82, 84, 86, 88, 90, 92, 94, 96, 97, 98, 100]
        }
        HuffQuartile::Second => {
            [0, 3, 8, 12, 16, 22, 29, 39, 51, 62, 70, 76, 81, 85, 88, 91, 93, 95, 97, 98, 100]
        }
        HuffQuartile::Third => {
            [0, 3, 6, 9, 12, 15, 19, 23, 27, 32, 38, 45, 57, 70, 79, 85, 89, 92, 95, 97, 100]
        }
        HuffQuartile::Fourth => {
            [0, 2, 5, 8, 10, 13, 16, 19, 22, 25, 28, 32, 35, 39, 45, 51, 59, 72, 84, 92, 100]
        }
    };
    percent.iter().enumerate().map(|(k, part)| [k as f64 / 20.0, f64::from(*part) / 100.0]).collect()
}

/// Part of the depth at a part of the duration, straight between the points of a curve; 0 before its
/// first point and that of its last one after it.
pub fn part_at(curve: &[[f64; 2]], time: f64) -> f64 {
    let after = curve.partition_point(|[x, _]| *x <= time);
    match (after.checked_sub(1).and_then(|k| curve.get(k)), curve.get(after)) {
        (Some([x0, y0]), Some([x1, y1])) => y0 + (y1 - y0) * (time - x0) / (x1 - x0),
        (Some([_, y]), None) => *y,
        (None, _) => 0.0,
    }
}

/// Part of the depth of a triangle at a part of the duration:
///
/// - up to the peak: `x²/r`
/// - after it: `1 - (1 - x)²/(1 - r)`
///
/// with `x` the part of the duration and `r` that of the peak, 0 to 1. The peak intensity is twice
/// the mean one.
pub fn triangle_part(r: f64, x: f64) -> f64 {
    if x < r {
        x * x / r
    } else if r < 1.0 {
        1.0 - (1.0 - x) * (1.0 - x) / (1.0 - r)
    } else {
        1.0
    }
}

/// Why a curve is no mass curve: it must lead from (0, 0) to (1, 1), forward in time and never down.
pub fn fault(curve: &[[f64; 2]]) -> Option<String> {
    if curve.first() != Some(&[0.0, 0.0]) {
        return Some("it does not begin at time 0 with depth 0".to_owned());
    }
    if curve.last() != Some(&[1.0, 1.0]) {
        return Some("it does not end at time 1 with depth 1".to_owned());
    }
    let pairs = curve.iter().zip(curve.iter().skip(1));
    let wrong = |(k, ([x0, y0], [x1, y1])): (usize, (&[f64; 2], &[f64; 2]))| {
        // written so that NaN is refused too
        (!(x1 > x0 && y1 >= y0)).then(|| format!("its point {} does not lie after and above the last", k + 2))
    };
    pairs.enumerate().find_map(wrong)
}
