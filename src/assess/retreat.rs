//! How long water stands on the ground when the rain is over, and how much of it: of series of depths. The retreat of a
//! whole surface is in [`crate::inundation`].

use crate::scenario::hazard::WaterloggingGrades;

/// When water is gone for good: an interval between two records, and a point in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retreat {
    /// The last record at or above the threshold, s since the end of the rain.
    pub after: f64,
    /// The record after it, by which the water is gone.
    pub by: f64,
    /// Where a straight line between the two falls below the threshold.
    pub linear: f64,
}

/// How retreat comes out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Retreated {
    /// Water never stood that deep after the rain.
    AtOnce,
    /// It was gone for good.
    Within(Retreat),
    /// It still stood at the last record.
    NotYet,
}

/// The time from the end of the rain until water is below a threshold depth, m, for good: it may fall below and rise again
/// before. That water is gone below the threshold (0.15 m in practice) is an assumption, so it is a parameter.
/// `times`, s since the end of the rain, increase; what comes before 0 does not count (GB 50014-2021 4.1.5).
pub fn retreat_time(times: &[f64], depths: &[f64], threshold: f64) -> Retreated {
    let records: Vec<(f64, f64)> =
        times.iter().copied().zip(depths.iter().copied()).filter(|(time, _)| *time >= 0.0).collect();
    let Some(last) = records.iter().rposition(|(_, depth)| *depth >= threshold) else {
        return Retreated::AtOnce;
    };
    match (records.get(last), records.get(last + 1)) {
        (Some(&(after, above)), Some(&(by, below))) => {
            let linear = after + (by - after) * (above - threshold) / (above - below);
            Retreated::Within(Retreat { after, by, linear })
        }
        _ => Retreated::NotYet,
    }
}

/// How much water stood too deep for how long, `∫ max(0, h - threshold) dt`, m·s, of depths, m, that change by straight
/// lines between their times, s.
pub fn excess_depth(times: &[f64], depths: &[f64], threshold: f64) -> f64 {
    let steps = times.windows(2).zip(depths.windows(2));
    steps
        .map(|(times, depths)| match (times, depths) {
            ([from, to], [first, last]) => {
                let (first, last, step) = (first - threshold, last - threshold, to - from);
                match (first > 0.0, last > 0.0) {
                    (true, true) => step * (first + last) / 2.0,
                    // a triangle up to where the line crosses the threshold
                    (true, false) => step * first * first / (2.0 * (first - last)),
                    (false, true) => step * last * last / (2.0 * (last - first)),
                    (false, false) => 0.0,
                }
            }
            _ => 0.0,
        })
        .sum()
}

/// The grade of waterlogging by the largest depth, m, the time that water stood deeper than the least depth, s, and the
/// largest velocity, m/s; 0 where it did not stand that deep. Each class begins at its limit.
pub fn waterlogging_grade(depth: f64, duration: f64, velocity: f64, grades: &WaterloggingGrades) -> u8 {
    let Some(row) = grades.depths.iter().filter(|limit| depth >= **limit).count().checked_sub(1) else {
        return 0;
    };
    let column = grades.durations.iter().filter(|limit| duration >= **limit).count();
    let highest = || grades.grades.iter().flatten().copied().max().unwrap_or(0);
    if grades.velocity.is_some_and(|limit| velocity > limit) {
        return highest();
    }
    grades.grades.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::hazard_table::embedded;

    /// Depths every ten minutes from the end of the rain; the fifth is below 0.15 m, the sixth above it again.
    const DEPTHS: [f64; 9] = [0.32, 0.28, 0.21, 0.17, 0.149, 0.155, 0.14, 0.10, 0.05];

    fn times() -> Vec<f64> {
        (0..DEPTHS.len()).map(|index| 600.0 * index as f64).collect()
    }

    #[test]
    fn water_is_gone_when_it_does_not_come_back() {
        let Retreated::Within(retreat) = retreat_time(&times(), &DEPTHS, 0.15) else { panic!() };
        assert_eq!((retreat.after, retreat.by), (3000.0, 3600.0));
        assert!((retreat.linear / 60.0 - 53.333_333).abs() < 1e-5);
    }

    #[test]
    fn the_threshold_decides() {
        assert_eq!(retreat_time(&times(), &DEPTHS, 0.4), Retreated::AtOnce);
        assert_eq!(retreat_time(&times(), &DEPTHS, 0.05), Retreated::NotYet);
        let Retreated::Within(retreat) = retreat_time(&times(), &DEPTHS, 0.2) else { panic!() };
        // 0.21 to 0.17 between minutes 20 and 30
        assert!((retreat.linear / 60.0 - 22.5).abs() < 1e-9);
    }

    #[test]
    fn what_stands_before_the_rain_is_over_does_not_count() {
        let early: Vec<f64> = times().iter().map(|time| time - 3600.0).collect();
        assert_eq!(retreat_time(&early, &DEPTHS, 0.15), Retreated::AtOnce);
    }

    #[test]
    fn the_excess_is_the_area_above_the_threshold() {
        // up from 0 to 0.3 m in 600 s, 600 s at 0.3 m, down in 600 s: triangles of 300 s and 0.15 m beside a block
        let area = excess_depth(&[0.0, 600.0, 1200.0, 1800.0], &[0.0, 0.3, 0.3, 0.0], 0.15);
        assert!((area - (2.0 * 0.5 * 300.0 * 0.15 + 600.0 * 0.15)).abs() < 1e-9);
        assert_eq!(excess_depth(&[0.0, 600.0], &[0.1, 0.15], 0.15), 0.0);
    }

    #[test]
    fn the_grade_follows_the_matrix() {
        let grades = embedded().unwrap().waterlogging;
        let of = |depth, minutes: f64| waterlogging_grade(depth, minutes * 60.0, 0.0, &grades);
        assert_eq!([of(0.14, 600.0), of(0.15, 10.0), of(0.2, 30.0), of(0.2, 60.0)], [0, 1, 2, 3]);
        assert_eq!([of(0.27, 10.0), of(0.4, 59.0), of(0.5, 1.0)], [2, 2, 3]);
        assert_eq!(waterlogging_grade(0.2, 0.0, 2.1, &grades), 3);
        let flat = WaterloggingGrades { grades: vec![vec![1; 3]; 3], ..grades };
        assert_eq!(waterlogging_grade(0.6, 9999.0, 0.0, &flat), 1, "another matrix, other grades");
    }
}
