//! Depths of one return period by duration, and the storm in which each holds about the peak.

use crate::scenario::storm::DurationDepth;

/// Depth of a duration, mm: straight in logarithms of duration and depth between the points of a
/// table, constant intensity below the first; `None` beyond the last.
pub fn depth_mm(table: &[DurationDepth], duration_s: f64) -> Option<f64> {
    let after = table.partition_point(|point| f64::from(point.duration_s) < duration_s);
    let high = table.get(after)?;
    let high_s = f64::from(high.duration_s);
    let Some(low) = after.checked_sub(1).and_then(|k| table.get(k)) else {
        return Some(high.depth_mm * duration_s / high_s);
    };
    let part = (duration_s / f64::from(low.duration_s)).ln() / (high_s / f64::from(low.duration_s)).ln();
    Some(low.depth_mm * (high.depth_mm / low.depth_mm).powf(part))
}

/// Why a table cannot give a storm: durations must grow, depths must not fall, and the mean intensity
/// must not rise with duration.
pub fn fault(table: &[DurationDepth]) -> Option<String> {
    let first = table.first()?;
    if first.duration_s == 0 || !(first.depth_mm > 0.0 && first.depth_mm.is_finite()) {
        return Some("its first duration and depth must be above 0".to_owned());
    }
    for (low, high) in table.iter().zip(table.iter().skip(1)) {
        let minutes = f64::from(high.duration_s) / 60.0;
        if high.duration_s <= low.duration_s {
            return Some(format!("the duration of {minutes} min is not longer than the one before"));
        }
        // written so that NaN is refused too
        if !(high.depth_mm >= low.depth_mm && high.depth_mm.is_finite()) {
            return Some(format!("the depth of {minutes} min is less than that of a shorter duration"));
        }
        let intensity = |point: &DurationDepth| point.depth_mm / f64::from(point.duration_s);
        if intensity(high) > intensity(low) * (1.0 + 1e-9) {
            return Some(format!("the mean intensity of {minutes} min is above that of a shorter duration"));
        }
    }
    None
}

/// Depths of the steps of a storm built of alternating blocks, mm (common-frequency pattern,
/// 同频率放大).
///
/// `depth(k)` is the depth of the heaviest `k` steps. The first block, `depth(1)`, stands in the step
/// that the peak `peak_ratio` (0 to 1) falls into, the next ones, `depth(k) - depth(k - 1)`, at its
/// right and left so that each side is used up evenly. Hence some `k` steps in a row about the peak
/// hold `depth(k)`, for every `k`.
pub fn alternating_blocks(steps: usize, peak_ratio: f64, depth: impl Fn(usize) -> f64) -> Vec<f64> {
    if steps == 0 {
        return Vec::new();
    }
    let most_left = ((peak_ratio * steps as f64 + 1e-9).floor() as usize).min(steps - 1);
    let most_right = steps - 1 - most_left;
    let (mut left, mut right) = (Vec::with_capacity(steps), Vec::with_capacity(most_right));
    let mut before = depth(1);
    let peak = before;
    for k in 2..=steps {
        let now = depth(k);
        let block = (now - before).max(0.0);
        before = now;
        // the side of which less would be used, the right one of equals
        if (left.len() + 1) * most_right < (right.len() + 1) * most_left {
            left.push(block);
        } else {
            right.push(block);
        }
    }
    left.reverse();
    left.push(peak);
    left.extend(right);
    left
}
