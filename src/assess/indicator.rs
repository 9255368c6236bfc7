//! Indicators: the numbers of a run that need no rule, each with its unit and which way is worse.

use crate::study::digest::{Digest, LinkType, NodeType};

use super::Comparison;

/// Water above ground at a node from which it counts as flooded, m³: less is round-off or a splash.
pub const FLOODED: f64 = 1.0;
/// Seconds in an hour.
const HOUR: f64 = 3600.0;

/// Which way a change is for the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worse {
    /// More is worse.
    More,
    /// Neither: it describes the run.
    Neither,
}

/// A number of a run.
#[derive(Clone, Copy, Debug)]
pub struct Indicator {
    /// Its name with its unit, as tables head it.
    pub name: &'static str,
    /// Which way is worse.
    pub worse: Worse,
    /// A change below this is none, in its unit.
    pub least: f64,
    /// Its value.
    value: fn(&Digest, &Comparison<'_>) -> f64,
}

impl Indicator {
    /// Its value in a run of a study.
    pub fn value(&self, digest: &Digest, comparison: &Comparison<'_>) -> f64 {
        (self.value)(digest, comparison)
    }
}

/// All indicators, in the order of tables.
pub const INDICATORS: &[Indicator] = &[
    Indicator { name: "rain (mm)", worse: Worse::Neither, least: 1e-9, value: |d, _| d.rain_mm },
    Indicator { name: "runoff (m3)", worse: Worse::Neither, least: 1.0, value: |d, _| d.totals.runoff },
    Indicator {
        name: "dry-weather inflow (m3)",
        worse: Worse::Neither,
        least: 1.0,
        value: |d, _| d.totals.dry_weather,
    },
    Indicator {
        name: "flooded volume (m3)",
        worse: Worse::More,
        least: 1.0,
        value: |d, _| flooded_volume(d),
    },
    Indicator { name: "flooded nodes (1 m3 or more)", worse: Worse::More, least: 0.5, value: flooded_nodes },
    Indicator {
        name: "longest flooding (h)",
        worse: Worse::More,
        least: 0.01,
        value: |d, _| longest_flooding(d) / HOUR,
    },
    Indicator {
        name: "water standing above ground at most (m3)",
        worse: Worse::More,
        least: 1.0,
        value: |d, _| d.nodes.max_ponded_volume.iter().sum(),
    },
    Indicator {
        name: "surcharged length (km)",
        worse: Worse::More,
        least: 1e-3,
        value: |d, _| surcharged_length(d) / 1000.0,
    },
    Indicator {
        name: "outflow (m3)",
        worse: Worse::Neither,
        least: 1.0,
        value: |d, _| d.outfalls.iter().map(|o| o.volume).sum(),
    },
    Indicator {
        name: "peak outflow (m3/s)",
        worse: Worse::Neither,
        least: 1e-3,
        value: |d, _| d.series.outflow.iter().copied().fold(0.0, f64::max),
    },
    Indicator {
        name: "spilled volume (m3)",
        worse: Worse::More,
        least: 1.0,
        value: |d, c| volume_at(d, &c.overflows),
    },
    Indicator {
        name: "spills",
        worse: Worse::More,
        least: 0.5,
        value: |d, _| d.overflows.iter().map(|o| o.spills.len() as f64).sum(),
    },
    Indicator {
        name: "volume to treatment works (m3)",
        worse: Worse::Neither,
        least: 1.0,
        value: |d, c| volume_at(d, &c.treatment_works),
    },
    Indicator {
        name: "storage used at most (m3)",
        worse: Worse::Neither,
        least: 1.0,
        value: |d, _| d.storages.iter().map(|s| s.max_volume).sum(),
    },
    Indicator {
        name: "pumped (m3)",
        worse: Worse::Neither,
        least: 1.0,
        value: |d, _| d.pumps.iter().map(|p| p.volume).sum(),
    },
    Indicator {
        name: "pump energy (kWh)",
        worse: Worse::Neither,
        least: 0.1,
        value: |d, _| d.pumps.iter().map(|p| p.energy_kwh).sum(),
    },
    Indicator {
        name: "continuity error on land (%)",
        worse: Worse::Neither,
        least: 0.01,
        value: |d, _| d.totals.runoff_error_percent,
    },
    Indicator {
        name: "continuity error in the network (%)",
        worse: Worse::Neither,
        least: 0.01,
        value: |d, _| d.routing_error(),
    },
    Indicator {
        name: "steps not converged (%)",
        worse: Worse::Neither,
        least: 0.1,
        value: |d, _| d.not_converged(),
    },
];

/// How many nodes flood. Outfalls do not.
fn flooded_nodes(digest: &Digest, _: &Comparison<'_>) -> f64 {
    let nodes = digest.nodes.flooded_volume.iter().zip(&digest.nodes.kind);
    nodes.filter(|(volume, kind)| **volume >= FLOODED && **kind != NodeType::Outfall).count() as f64
}

/// The longest time that a node which floods is flooded, s.
fn longest_flooding(digest: &Digest) -> f64 {
    let nodes = digest.nodes.flooded_time.iter().zip(&digest.nodes.flooded_volume);
    nodes.filter(|(_, volume)| **volume >= FLOODED).map(|(time, _)| *time).fold(0.0, f64::max)
}

/// Length of the conduits that run full at both ends at some time, m.
fn surcharged_length(digest: &Digest) -> f64 {
    let links = digest.links.length.iter().zip(&digest.links.both_full_time).zip(&digest.links.kind);
    links
        .filter(|((_, time), kind)| **time > 0.0 && **kind == LinkType::Conduit)
        .map(|((length, _), _)| length)
        .sum()
}

/// Water that flooded at all nodes, m³.
pub(super) fn flooded_volume(digest: &Digest) -> f64 {
    digest.nodes.flooded_volume.iter().sum()
}

/// Water that left through some outfalls, m³.
pub(super) fn volume_at(digest: &Digest, names: &[String]) -> f64 {
    let among = |name: &str| names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name));
    digest.outfalls.iter().filter(|outfall| among(&outfall.name)).map(|outfall| outfall.volume).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::digest::OutfallDigest;

    fn value(name: &str, digest: &Digest, comparison: &Comparison<'_>) -> f64 {
        INDICATORS.iter().find(|indicator| indicator.name == name).unwrap().value(digest, comparison)
    }

    #[test]
    fn a_splash_is_no_flooded_node_but_its_water_counts() {
        let mut digest = Digest::default();
        digest.nodes.kind = vec![NodeType::Junction, NodeType::Junction, NodeType::Outfall];
        digest.nodes.flooded_volume = vec![0.4, 12.0, 0.0];
        digest.nodes.flooded_time = vec![7200.0, 1800.0, 0.0];
        let comparison = Comparison::default();
        assert_eq!(value("flooded nodes (1 m3 or more)", &digest, &comparison), 1.0);
        assert_eq!(value("flooded volume (m3)", &digest, &comparison), 12.4);
        assert_eq!(value("longest flooding (h)", &digest, &comparison), 0.5);
    }

    #[test]
    fn spills_are_counted_at_overflows_only() {
        let outfall = |name: &str, volume| OutfallDigest { name: name.into(), volume, ..Default::default() };
        let digest = Digest { outfalls: vec![outfall("O1", 5.0), outfall("W", 90.0)], ..Default::default() };
        let comparison = Comparison {
            overflows: vec!["o1".into()],
            treatment_works: vec!["W".into()],
            ..Default::default()
        };
        assert_eq!(value("spilled volume (m3)", &digest, &comparison), 5.0);
        assert_eq!(value("volume to treatment works (m3)", &digest, &comparison), 90.0);
    }

    #[test]
    fn only_conduits_full_at_both_ends_are_surcharged() {
        let mut digest = Digest::default();
        digest.links.kind = vec![LinkType::Conduit, LinkType::Conduit, LinkType::Weir];
        digest.links.length = vec![100.0, 50.0, 0.0];
        digest.links.both_full_time = vec![60.0, 0.0, 0.0];
        assert_eq!(value("surcharged length (km)", &digest, &Comparison::default()), 0.1);
    }
}
