//! The Chicago storm: the hyetograph that belongs to a storm-intensity formula.
//!
//! Reference: C. J. Keifer and H. H. Chu (1957), *Synthetic storm pattern for drainage design*,
//! Journal of the Hydraulics Division, ASCE 83(4).

use super::intensity::IntensityCurve;

/// Depth fallen since the beginning, mm:
///
/// - up to the peak: `r·[H(T) - H((tp - t)/r)]`
/// - after it: `r·H(T) + (1 - r)·H((t - tp)/(1 - r))`
///
/// with `H` the depth of the curve, `T` the duration in minutes, `r` the time of the peak over the
/// duration (0 to 1), `tp = r·T` and `t` the time in minutes (0 to T). Bins of a hyetograph are
/// differences of it, so that no step loses rain at the peak.
///
/// Nested: for any `D <= T`, the window from `tp - r·D` to `tp + (1 - r)·D` holds `H(D)`.
pub fn cumulative_mm(curve: &IntensityCurve, duration_min: f64, r: f64, time_min: f64) -> f64 {
    let peak = r * duration_min;
    if time_min < peak {
        r * (curve.depth_mm(duration_min) - curve.depth_mm((peak - time_min) / r))
    } else if r < 1.0 {
        r * curve.depth_mm(duration_min) + (1.0 - r) * curve.depth_mm((time_min - peak) / (1.0 - r))
    } else {
        curve.depth_mm(duration_min)
    }
}

/// Intensity at a time, mm/min: that of [`cumulative_mm`]'s growth, with the same legend.
///
/// `i = a·[(1 - n)·s + b] / (s + b)^(1 + n)` with `s = (tp - t)/r` up to the peak and
/// `s = (t - tp)/(1 - r)` after it; `a/b^n` at the peak.
pub fn intensity_mm_per_min(curve: &IntensityCurve, duration_min: f64, r: f64, time_min: f64) -> f64 {
    let peak = r * duration_min;
    let part = if time_min < peak { r } else { 1.0 - r };
    let stretched = if part > 0.0 { (time_min - peak).abs() / part } else { 0.0 };
    curve.marginal_intensity_mm_per_min(stretched)
}
