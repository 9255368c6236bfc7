//! The model held against observed levels and flows.
//!
//! Simulated values are read off the kept series at the observed times, by straight lines; what was observed outside
//! the run is left out. So peaks are those of the same instants on both sides.

use crate::scenario::observed::{Band, Bands, Gauge, Observed};
use crate::scenario::words::Words;
use crate::study::digest::Digest;

use super::{Case, Comparison};

pub use crate::scenario::observed::Quantity;

/// Scores of one gauge in one event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// The element.
    pub element: String,
    /// What was observed there.
    pub quantity: Quantity,
    /// The run that is held against it; its option is the base.
    pub case: Option<Case>,
    /// Pairs of values that were compared.
    pub pairs: usize,
    /// Nash-Sutcliffe efficiency; `None` when the observed values do not vary.
    pub nse: Option<f64>,
    /// Kling-Gupta efficiency; `None` when one of the two does not vary, or the observed mean is 0.
    pub kge: Option<f64>,
    /// Error of the peak: a share of the observed peak for flow, m for depth and level.
    pub peak_error: f64,
    /// What the error of the peak should keep; `None` where no peak was observed.
    pub peak_band: Option<Band>,
    /// Error of the volume as a share of the observed one; flow only.
    pub volume_error: Option<f64>,
    /// What it should keep.
    pub volume_band: Option<Band>,
    /// Time of the simulated peak less that of the observed one, s.
    pub peak_lag: f64,
    /// Whether the node was surcharged in the run, for depths and levels.
    pub surcharged: bool,
    /// Whether the bands are kept; `None` where no band is given.
    pub within_bands: Option<bool>,
    /// What the bands rest on that nobody has verified.
    pub unverified: Vec<Words>,
    /// Times of the pairs, s since the start of the run.
    pub times: Vec<f64>,
    /// Observed values.
    pub observed: Vec<f64>,
    /// Simulated values.
    pub simulated: Vec<f64>,
}

/// Scores of all gauges that the run of the base has a series of; `None` when that run is not there.
pub fn scores(comparison: &Comparison<'_>, observed: &Observed) -> Option<Vec<Score>> {
    let case = Case { horizon: observed.horizon, storm: observed.storm.unwrap_or(0), stage: observed.stage };
    let digest = comparison.digest(0, case)?;
    let of_gauge = |gauge: &Gauge| Some(Score { case: Some(case), ..score(digest, gauge, &observed.bands)? });
    Some(observed.gauges.iter().filter_map(of_gauge).collect())
}

/// The score of a gauge in a run; `None` when the run has no series there, or none of the times.
pub fn score(digest: &Digest, gauge: &Gauge, bands: &Bands) -> Option<Score> {
    let series = simulated(digest, gauge)?;
    let mut score = Score { element: gauge.element.clone(), quantity: gauge.quantity, ..Score::default() };
    for (time, value) in gauge.times.iter().zip(&gauge.values) {
        let time = time.since(digest.start_time());
        if let Some(simulated) = value_at(&digest.series.time, &series, time) {
            score.times.push(time);
            score.observed.push(*value);
            score.simulated.push(simulated);
        }
    }
    let (observed, simulated) = (&score.observed, &score.simulated);
    let ((observed_at, observed_peak), (simulated_at, simulated_peak)) = (peak(observed)?, peak(simulated)?);
    let at = |index: usize| score.times.get(index).copied().unwrap_or_default();
    score.pairs = score.times.len();
    score.nse = nash_sutcliffe(observed, simulated);
    score.kge = kling_gupta(observed, simulated);
    score.peak_lag = at(simulated_at) - at(observed_at);
    if gauge.quantity == Quantity::Flow {
        let volume = |values: &[f64]| volume(&score.times, values);
        score.volume_error = share(volume(simulated), volume(observed));
        score.volume_band = score.volume_error.map(|_| bands.flow_volume);
        score.peak_band = share(simulated_peak, observed_peak).map(|_| bands.flow_peak);
        score.peak_error = share(simulated_peak, observed_peak).unwrap_or_default();
    } else {
        score.surcharged = surcharged(digest, &gauge.element);
        score.peak_error = simulated_peak - observed_peak;
        score.peak_band = Some(if score.surcharged { bands.surcharged_depth } else { bands.free_depth });
    }
    let keeps = |value: f64, [low, high]: Band| low <= value && value <= high;
    let kept = [
        score.peak_band.map(|band| keeps(score.peak_error, band)),
        score.volume_error.zip(score.volume_band).map(|(error, band)| keeps(error, band)),
        score.nse.map(|nse| nse >= bands.least_nse),
    ];
    let known: Vec<bool> = kept.into_iter().flatten().collect();
    score.within_bands = (!known.is_empty()).then(|| known.iter().all(|kept| *kept));
    if !bands.verified {
        score.unverified.push(Words::new("bands of agreement", "率定误差限值"));
    }
    Some(score)
}

/// What a run has of a gauge: depths, levels or flows at reporting times.
fn simulated(digest: &Digest, gauge: &Gauge) -> Option<Vec<f64>> {
    let same = |name: &String| name.eq_ignore_ascii_case(&gauge.element);
    let node = digest.series.nodes.iter().find(|node| same(&node.name));
    match gauge.quantity {
        Quantity::Flow => {
            let link = digest.series.links.iter().find(|link| same(&link.name));
            link.map(|link| link.flow.clone()).or_else(|| node.map(|node| node.flow.clone()))
        }
        Quantity::Level => node.map(|node| node.level.clone()),
        Quantity::Depth => {
            let index = digest.nodes.name.iter().position(same)?;
            let invert = *digest.nodes.invert.get(index)?;
            node.map(|node| node.level.iter().map(|level| level - invert).collect())
        }
    }
}

/// Whether a node was surcharged: water above all pipes that meet there.
fn surcharged(digest: &Digest, name: &str) -> bool {
    let index = digest.nodes.name.iter().position(|node| node.eq_ignore_ascii_case(name));
    index.and_then(|index| digest.nodes.surcharged_time.get(index)).is_some_and(|time| *time > 0.0)
}

/// The value of a series at a time, by a straight line between its neighbours; `None` outside the series.
pub fn value_at(times: &[f64], values: &[f64], time: f64) -> Option<f64> {
    let after = times.partition_point(|t| *t < time);
    let (right, value) = (*times.get(after)?, *values.get(after)?);
    if right == time {
        return Some(value);
    }
    let before = after.checked_sub(1)?;
    let (left, first) = (*times.get(before)?, *values.get(before)?);
    Some(first + (value - first) * (time - left) / (right - left))
}

/// Nash-Sutcliffe efficiency, `1 - Σ(o - s)² / Σ(o - ō)²`: 1 for a perfect model, 0 for one that is no better than the
/// mean of the observed values `o`; `None` when they do not vary (Nash and Sutcliffe 1970).
pub fn nash_sutcliffe(observed: &[f64], simulated: &[f64]) -> Option<f64> {
    let mean = mean(observed)?;
    let errors: f64 = observed.iter().zip(simulated).map(|(o, s)| (o - s).powi(2)).sum();
    let spread: f64 = observed.iter().map(|o| (o - mean).powi(2)).sum();
    (spread > 0.0).then(|| 1.0 - errors / spread)
}

/// Kling-Gupta efficiency, `1 - √((r - 1)² + (σs/σo - 1)² + (s̄/ō - 1)²)` with the correlation `r`, standard deviations
/// `σ` and means; `None` when one of the series does not vary or `ō` is 0 (Gupta and others 2009).
pub fn kling_gupta(observed: &[f64], simulated: &[f64]) -> Option<f64> {
    let (mean_o, mean_s) = (mean(observed)?, mean(simulated)?);
    let spread = |values: &[f64], mean: f64| values.iter().map(|v| (v - mean).powi(2)).sum::<f64>().sqrt();
    let (spread_o, spread_s) = (spread(observed, mean_o), spread(simulated, mean_s));
    if spread_o <= 0.0 || spread_s <= 0.0 || mean_o == 0.0 {
        return None;
    }
    let products: f64 = observed.iter().zip(simulated).map(|(o, s)| (o - mean_o) * (s - mean_s)).sum();
    let correlation = products / (spread_o * spread_s);
    let parts = [correlation - 1.0, spread_s / spread_o - 1.0, mean_s / mean_o - 1.0];
    Some(1.0 - parts.iter().map(|part| part * part).sum::<f64>().sqrt())
}

/// Error of a value as a share of what was observed; `None` when that is 0.
fn share(simulated: f64, observed: f64) -> Option<f64> {
    (observed != 0.0).then(|| (simulated - observed) / observed.abs())
}

/// The largest value and its place, the first of equal ones; `None` of no values.
fn peak(values: &[f64]) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (index, value) in values.iter().enumerate() {
        if best.is_none_or(|(_, most)| *value > most) {
            best = Some((index, *value));
        }
    }
    best
}

/// Volume under a hydrograph by trapezoids, m³ of m³/s and s; a gap counts as a straight line.
fn volume(times: &[f64], flows: &[f64]) -> f64 {
    let steps = times.windows(2).zip(flows.windows(2));
    steps
        .map(|(times, flows)| match (times, flows) {
            ([from, to], [first, last]) => (to - from) * (first + last) / 2.0,
            _ => 0.0,
        })
        .sum()
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::observed::ObservedTime;
    use crate::study::digest::{LinkSeries, NodeSeries};

    fn bands() -> Bands {
        Bands {
            flow_peak: [-0.15, 0.25],
            flow_volume: [-0.1, 0.2],
            free_depth: [-0.1, 0.1],
            surcharged_depth: [-0.1, 0.5],
            least_nse: 0.5,
            ..Bands::default()
        }
    }

    /// A run of three records: a node whose depth is 1, 2, 1.5 m over an invert at 10 m; a link with 1, 3, 1 m³/s.
    fn digest() -> Digest {
        let mut digest = Digest::default();
        digest.nodes.name = vec!["J".into()];
        digest.nodes.invert = vec![10.0];
        digest.nodes.surcharged_time = vec![0.0];
        digest.series.time = vec![0.0, 100.0, 200.0];
        digest.series.nodes =
            vec![NodeSeries { name: "J".into(), flow: vec![0.0; 3], level: vec![11.0, 12.0, 11.5] }];
        digest.series.links = vec![LinkSeries { name: "T".into(), flow: vec![1.0, 3.0, 1.0] }];
        digest
    }

    fn gauge(element: &str, quantity: Quantity, values: &[(f64, f64)]) -> Gauge {
        Gauge {
            element: element.into(),
            quantity,
            times: values.iter().map(|(time, _)| ObservedTime::Elapsed(*time)).collect(),
            values: values.iter().map(|(_, value)| *value).collect(),
        }
    }

    #[test]
    fn efficiencies_are_those_of_hand() {
        // observed 1, 2, 3: mean 2, spread 2; errors 0, 1, 0 leave 1 - 1/2
        assert_eq!(nash_sutcliffe(&[1.0, 2.0, 3.0], &[1.0, 3.0, 3.0]), Some(0.5));
        assert_eq!(nash_sutcliffe(&[1.0, 2.0, 3.0], &[2.0; 3]), Some(0.0));
        assert_eq!(nash_sutcliffe(&[2.0; 3], &[2.0; 3]), None);
        // twice the observed: correlation 1, spread and mean doubled: 1 - √2
        let kge = kling_gupta(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).unwrap();
        assert!((kge - (1.0 - 2.0_f64.sqrt())).abs() < 1e-12);
        assert!((kling_gupta(&[1.0, 2.0], &[1.0, 2.0]).unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(kling_gupta(&[1.0, 2.0], &[1.0, 1.0]), None);
    }

    #[test]
    fn a_flow_is_scored_by_peak_volume_and_time() {
        let seen = gauge("t", Quantity::Flow, &[(0.0, 1.0), (100.0, 2.0), (200.0, 2.5), (900.0, 9.0)]);
        let score = score(&digest(), &seen, &bands()).unwrap();
        assert_eq!(score.pairs, 3, "what was observed after the run is left out");
        assert_eq!((score.peak_error, score.peak_lag), (0.2, -100.0));
        // volumes by trapezoids: 200 + 200 = 400 against 150 + 225 = 375
        assert!((score.volume_error.unwrap() - 25.0 / 375.0).abs() < 1e-12);
        // mean 1.8333, spread 1.1667; errors 0, 1, 2.25
        assert!((score.nse.unwrap() - (1.0 - 3.25 / (7.0 / 6.0))).abs() < 1e-12);
        assert_eq!(
            score.within_bands,
            Some(false),
            "peak and volume keep their bands, the efficiency does not"
        );
    }

    #[test]
    fn a_depth_is_held_against_the_invert_and_may_be_higher_at_a_surcharged_node() {
        let seen = gauge("J", Quantity::Depth, &[(0.0, 1.0), (50.0, 1.45), (100.0, 1.7), (200.0, 1.4)]);
        let mut run = digest();
        let free = score(&run, &seen, &bands()).unwrap();
        assert_eq!(free.simulated, [1.0, 1.5, 2.0, 1.5], "between records by a straight line");
        assert!((free.peak_error - 0.3).abs() < 1e-12);
        assert_eq!((free.within_bands, free.volume_error), (Some(false), None));
        run.nodes.surcharged_time = vec![60.0];
        assert_eq!(score(&run, &seen, &bands()).unwrap().within_bands, Some(true));
        let level = gauge("J", Quantity::Level, &[(0.0, 11.0), (100.0, 12.0), (200.0, 11.4)]);
        assert_eq!(score(&digest(), &level, &bands()).unwrap().peak_error, 0.0);
        assert_eq!(score(&digest(), &gauge("K", Quantity::Level, &[(0.0, 1.0)]), &bands()), None);
    }

    #[test]
    fn bands_that_nobody_verified_are_said_beside_the_score() {
        let seen = gauge("T", Quantity::Flow, &[(0.0, 1.0), (100.0, 3.0)]);
        assert_eq!(score(&digest(), &seen, &bands()).unwrap().unverified.len(), 1);
        let checked = Bands { verified: true, ..bands() };
        assert!(score(&digest(), &seen, &checked).unwrap().unverified.is_empty());
    }
}
