//! Spills of overflows and what reaches the treatment works.

use super::indicator::volume_at;
use super::{Case, Comparison};
use crate::scenario::damage::{Concentrations, load};
use crate::study::digest::Digest;
use crate::study::spill::Spill;

/// A load that goes with spilled water: its volume times a mean concentration, until quality is simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// What it is, such as `COD`.
    pub substance: String,
    /// Event mean concentration, mg/L.
    pub concentration: f64,
    /// Load, kg.
    pub load: f64,
    /// Whether the concentration was verified.
    pub verified: bool,
}

/// An overflow in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct SpillSummary {
    /// Index of the option.
    pub option: usize,
    /// The run.
    pub case: Case,
    /// The overflow.
    pub overflow: String,
    /// Dry time that parts two spills, s.
    pub event_gap: f64,
    /// How many spills there are.
    pub count: usize,
    /// How many blocks of 12 and 24 h with spill there are, see [`block_count`].
    pub blocks: usize,
    /// Water that left through it, m³.
    pub volume: f64,
    /// Time with spill, s.
    pub duration: f64,
    /// Largest discharge, m³/s.
    pub peak: f64,
    /// Loads of all that it spilled: volume times mean concentration, not simulated.
    pub loads: Vec<Load>,
    /// Whether the run is long enough to count spills a year.
    pub counts_a_year: bool,
}

/// All overflows and treatment works of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct SystemSpill {
    /// Index of the option.
    pub option: usize,
    /// The run.
    pub case: Case,
    /// Water that left through all overflows, m³.
    pub spilled: f64,
    /// Share of the water that came to overflows and works that was not spilled; `None` when none came.
    pub captured: Option<f64>,
    /// Water that reached treatment works, m³.
    pub to_works: f64,
    /// Largest inflow of all treatment works together, m³/s.
    pub works_peak: f64,
    /// Loads of all that was spilled: volume times mean concentration, not simulated.
    pub loads: Vec<Load>,
}

/// Shortest run from which spills a year are counted, s: 360 d.
pub const YEAR: f64 = 360.0 * 86_400.0;

/// Number of spills by blocks of 12 and 24 h, as spills are counted in the United Kingdom: what spills in the
/// 12 h after a spill begins is one; each block of 24 h after that with spill in it is one more; a block of 24 h
/// without ends the series, and the next spill begins another one.
///
/// `spells` are begin and end of each spell with spill, s, in the order of time. Where short dry times have been
/// joined to spells they count as spill.
///
/// Source: the 12/24-h counting method of the Environment Agency, quoted from memory, not verified.
pub fn block_count(spells: &[(f64, f64)]) -> usize {
    const HALF_DAY: f64 = 43_200.0;
    const DAY: f64 = 86_400.0;
    let mut count = 0;
    let mut spells = spells.iter().filter(|(begin, end)| end > begin).peekable();
    while let Some(&&(begin, _)) = spells.peek() {
        let (mut from, mut until) = (begin, begin + HALF_DAY);
        // the blocks of one series
        loop {
            while spells.peek().is_some_and(|(_, end)| *end <= from) {
                spells.next();
            }
            if spells.peek().is_none_or(|(begin, _)| *begin >= until) {
                break;
            }
            count += 1;
            (from, until) = (until, until + DAY);
        }
    }
    count
}

/// Share of the water that came to overflows and works that was not spilled: `W / (W + S)`; `None` when none
/// came.
///
/// - `to_works` W, `spilled` S: m³
pub fn captured_share(to_works: f64, spilled: f64) -> Option<f64> {
    let all = to_works + spilled;
    (all > 0.0).then_some(to_works / all)
}

/// Every overflow of every run that was made, in the order of the study; `gap` is the dry time that parts two
/// spills, s, by the index of the storm. Overflows that an option does not have are left out.
pub fn by_overflow(
    comparison: &Comparison<'_>,
    gap: impl Fn(usize) -> f64,
    concentrations: Option<&Concentrations>,
) -> Vec<SpillSummary> {
    let mut all = Vec::new();
    for run in &comparison.runs {
        let Some(digest) = run.digest() else { continue };
        for overflow in &digest.overflows {
            let outfall = digest.outfalls.iter().find(|outfall| outfall.name == overflow.name);
            let volume = outfall.map_or(0.0, |outfall| outfall.volume);
            let end = |spill: &Spill| (spill.start, spill.start + spill.duration);
            let spells: Vec<(f64, f64)> = overflow.spills.iter().map(end).collect();
            all.push(SpillSummary {
                option: run.option,
                case: run.case,
                overflow: overflow.name.clone(),
                event_gap: gap(run.case.storm),
                count: overflow.spills.len(),
                blocks: block_count(&spells),
                volume,
                duration: overflow.spills.iter().map(|spill| spill.duration).sum(),
                peak: outfall.map_or(0.0, |outfall| outfall.peak),
                loads: loads(volume, concentrations),
                counts_a_year: digest.duration_s >= YEAR,
            });
        }
    }
    all
}

/// Overflows and works together, for every run of a study that has any.
pub fn by_system(comparison: &Comparison<'_>, concentrations: Option<&Concentrations>) -> Vec<SystemSpill> {
    if comparison.overflows.is_empty() && comparison.treatment_works.is_empty() {
        return Vec::new();
    }
    let of_run = |run: &super::Run<'_>| {
        let digest = run.digest()?;
        let spilled = volume_at(digest, &comparison.overflows);
        let to_works = volume_at(digest, &comparison.treatment_works);
        let known = !comparison.overflows.is_empty() && !comparison.treatment_works.is_empty();
        Some(SystemSpill {
            option: run.option,
            case: run.case,
            spilled,
            captured: captured_share(to_works, spilled).filter(|_| known),
            to_works,
            works_peak: peak_of_all(digest, &comparison.treatment_works),
            loads: loads(spilled, concentrations),
        })
    };
    comparison.runs.iter().filter_map(of_run).collect()
}

fn loads(volume: f64, concentrations: Option<&Concentrations>) -> Vec<Load> {
    let Some(table) = concentrations else { return Vec::new() };
    let of = |known: &crate::scenario::damage::Concentration| Load {
        substance: known.substance.clone(),
        concentration: known.mean,
        load: load(known.mean, volume),
        verified: table.verified,
    };
    table.substances.iter().map(of).collect()
}

/// Largest discharge of some outfalls together, m³/s: of one by its statistics, of several at reporting times.
fn peak_of_all(digest: &Digest, names: &[String]) -> f64 {
    let among = |name: &str| names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name));
    let outfalls: Vec<_> = digest.outfalls.iter().filter(|outfall| among(&outfall.name)).collect();
    if let [only] = outfalls.as_slice() {
        return only.peak;
    }
    let flows: Vec<&[f64]> = digest
        .series
        .nodes
        .iter()
        .filter(|node| among(&node.name))
        .map(|node| node.flow.as_slice())
        .collect();
    let at = |index: usize| flows.iter().filter_map(|flow| flow.get(index)).sum::<f64>();
    (0..digest.series.time.len()).map(at).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::{Run, State};
    use crate::scenario::damage::Concentration;
    use crate::study::digest::{NodeSeries, OutfallDigest, OverflowDigest, SeriesDigest};

    const HOUR: f64 = 3600.0;

    fn hours(spells: &[(f64, f64)]) -> Vec<(f64, f64)> {
        spells.iter().map(|(begin, end)| (begin * HOUR, end * HOUR)).collect()
    }

    #[test]
    fn blocks_are_counted_as_by_hand() {
        for (spells, count) in [
            (vec![], 0),
            (vec![(5.0, 6.0)], 1),
            // both in the first 12 h
            (vec![(0.0, 1.0), (10.0, 11.0)], 1),
            // the second in the 24 h after them, 12 to 36 h
            (vec![(0.0, 1.0), (13.0, 14.0), (35.0, 35.5)], 2),
            // 12-36 without spill ends the series; 40 h begins another one
            (vec![(0.0, 1.0), (40.0, 41.0)], 2),
            // a spill of 40 h: 0-12, 12-36, 36-60
            (vec![(0.0, 40.0)], 3),
            // it ends where the block begins
            (vec![(0.0, 12.0)], 1),
            // 0-12, 12-36, 36-60 without; 61-73 is a new series, 73-97 its second block
            (vec![(0.0, 13.0), (61.0, 62.0), (80.0, 81.0)], 4),
        ] {
            assert_eq!(block_count(&hours(&spells)), count, "{spells:?}");
        }
    }

    #[test]
    fn an_interceptor_captures_what_the_oracle_says() {
        // oracles3.py, 5: 3600 m3 of storm water, of which n0 = 1, 2, 3, 5 spill
        for (spilled, share) in [(2787.84, 0.2256), (2079.36, 0.4224), (1474.56, 0.5904), (576.0, 0.84)] {
            let captured = captured_share(3600.0 - spilled, spilled).unwrap();
            assert!((captured - share).abs() < 1e-12, "{captured}");
        }
        assert_eq!(captured_share(0.0, 0.0), None);
    }

    fn digest() -> Digest {
        let outfall = |name: &str, volume, peak| OutfallDigest {
            name: name.into(),
            volume,
            peak,
            ..Default::default()
        };
        let series = |name: &str, flow: [f64; 3]| NodeSeries {
            name: name.into(),
            flow: flow.to_vec(),
            ..Default::default()
        };
        Digest {
            duration_s: 400.0 * 86_400.0,
            outfalls: vec![outfall("O1", 300.0, 2.0), outfall("W1", 500.0, 0.4), outfall("W2", 400.0, 0.5)],
            overflows: vec![OverflowDigest {
                name: "O1".into(),
                spills: vec![
                    Spill { start: 0.0, duration: HOUR, volume: 100.0, peak: 1.0 },
                    Spill { start: 11.0 * HOUR, duration: HOUR, volume: 200.0, peak: 2.0 },
                ],
            }],
            series: SeriesDigest {
                time: vec![60.0, 120.0, 180.0],
                nodes: vec![series("W1", [0.1, 0.4, 0.2]), series("W2", [0.5, 0.1, 0.4])],
                ..Default::default()
            },
            ..Default::default()
        }
    }

    #[test]
    fn overflows_and_the_system_are_summed_up_with_loads() {
        let digest = digest();
        let case = Case { horizon: 0, storm: 0, stage: 0 };
        let comparison = Comparison {
            options: vec!["base".into()],
            overflows: vec!["o1".into()],
            treatment_works: vec!["W1".into(), "W2".into()],
            runs: vec![Run { option: 0, case, state: State::Done(&digest) }],
            ..Default::default()
        };
        let table = Concentrations {
            substances: vec![Concentration { substance: "COD".into(), mean: 300.0, range: None }],
            ..Default::default()
        };
        let found = by_overflow(&comparison, |_| 6.0 * HOUR, Some(&table));
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((one.count, one.blocks, one.volume, one.duration), (2, 1, 300.0, 2.0 * HOUR));
        assert_eq!((one.event_gap, one.peak, one.counts_a_year), (6.0 * HOUR, 2.0, true));
        assert_eq!((one.loads[0].load, one.loads[0].verified), (90.0, false));
        let found = by_system(&comparison, None);
        let [all] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((all.spilled, all.to_works, all.captured), (300.0, 900.0, Some(0.75)));
        assert!((all.works_peak - 0.6).abs() < 1e-12 && all.loads.is_empty());
        assert!(by_system(&Comparison::default(), None).is_empty());
    }
}
