//! Verdicts on streets that are made up here.

use super::tests::{CITY, judged, rules, says, scenario};
use super::*;
use crate::inundation::{BuildingWater, RoadWater, ZoneWater};
use crate::study::digest::StreetDigest;

/// A run of three hours whose rain ends after one.
fn street(digest: StreetDigest) -> Digest {
    Digest {
        duration_s: 10_800.0,
        street: Some(Box::new(StreetDigest { rain_end: 3600.0, ..digest })),
        ..Digest::default()
    }
}

fn roads(depths: &[Option<f64>]) -> Digest {
    let road = |(index, depth): (usize, &Option<f64>)| RoadWater {
        name: format!("R{}", index + 1),
        lane_depth: *depth,
        length: 100.0,
        seen: if depth.is_some() { 100.0 } else { 0.0 },
        ..RoadWater::default()
    };
    street(StreetDigest { roads: depths.iter().enumerate().map(road).collect(), ..StreetDigest::default() })
}

fn buildings(levels: &[(Option<f64>, Option<f64>)]) -> Digest {
    let building = |(index, (level, threshold)): (usize, &(Option<f64>, Option<f64>))| BuildingWater {
        id: format!("B{}", index + 1),
        zone: "Z".into(),
        ground: Some(9.0),
        level: *level,
        threshold: *threshold,
        ..BuildingWater::default()
    };
    let buildings = levels.iter().enumerate().map(building).collect();
    street(StreetDigest { buildings, ..StreetDigest::default() })
}

fn zones(retreat: Option<f64>) -> Digest {
    let zone =
        |name: &str, retreat| ZoneWater { name: name.into(), area: 1.0, retreat, ..ZoneWater::default() };
    street(StreetDigest { zones: vec![zone("", Some(9.9e9)), zone("Z", retreat)], ..StreetDigest::default() })
}

/// A rule of a set whose design storm is one of 50 a, and its note.
fn set(test: &str, limits: &str) -> RuleSet {
    let mut set = rules(test, limits);
    let screening =
        rules("flooding", "volume = \"1 m3\"\nlimits = [{ city = \"mega\", limit = [\"50 a\", \"100 a\"] }]");
    set.rules.extend(screening.rules);
    set
}

const STORMS: [(&str, &str, f64); 3] =
    [("P20", "waterlogging", 20.0), ("P50", "waterlogging", 50.0), ("P100", "waterlogging", 100.0)];
const LANE: &str = "limits = [{ limit = \"15 cm\" }]";

fn verdict(set: &RuleSet, runs: &[(usize, &Digest)]) -> Verdict {
    let scenario = scenario(CITY, &STORMS);
    let zones = [Zone { name: "Z".into(), class: "centre".into(), rings: Vec::new() }];
    let runs: Vec<_> = runs.iter().map(|(storm, digest)| (1, *storm, State::Done(digest))).collect();
    // of two rules the first
    judged(&scenario, set, &zones, &[], &runs, 1)
}

#[test]
fn one_lane_below_the_limit_in_the_design_storm_keeps_the_rule_and_a_deeper_road_breaks_it() {
    let set = set("street_depth", LANE);
    let screening = Digest::default();
    let (dry, wet) = (roads(&[Some(0.05), Some(0.12), None]), roads(&[Some(0.05), Some(0.31), None]));
    // only the storm of 50 a needs a surface
    let kept = verdict(&set, &[(0, &screening), (1, &dry), (2, &screening)]);
    assert_eq!((kept.outcome, kept.value, kept.limit), (Outcome::Passed, Some(0.12), Some(0.15)));
    assert!(says(&kept, "100 m of the 300 m of roads"), "{kept:?}");
    let broken = verdict(&set, &[(0, &screening), (1, &wet), (2, &screening)]);
    assert_eq!((broken.outcome, broken.value), (Outcome::Failed, Some(0.31)));
    assert_eq!(broken.worst.as_ref().map(|place| place.element.as_str()), Some("R2"));
    assert_eq!(broken.governing.map(|case| case.storm), Some(1));
    // a milder storm that breaks it breaks it, whatever is missing
    assert_eq!(verdict(&set, &[(0, &wet), (1, &screening)]).outcome, Outcome::Failed);
}

#[test]
fn what_the_design_storm_does_not_show_is_not_assessed() {
    let set = set("street_depth", LANE);
    let screening = Digest::default();
    let (dry, wet) = (roads(&[Some(0.05)]), roads(&[Some(0.31)]));
    let without = verdict(&set, &[(0, &dry), (1, &screening), (2, &screening)]);
    assert_eq!(without.outcome, Outcome::NotAssessed);
    assert!(says(&without, "screening in 1D"), "{without:?}");
    // a rarer storm than asked may be deeper
    let rarer = verdict(&set, &[(0, &dry), (2, &wet)]);
    assert_eq!(rarer.outcome, Outcome::NotAssessed, "{rarer:?}");
    let none = verdict(&set, &[(1, &roads(&[None]))]);
    assert_eq!(none.outcome, Outcome::NotAssessed);
    assert!(says(&none, "no road of the study lies on the terrain"), "{none:?}");
}

#[test]
fn the_rarest_storm_decides_where_the_set_names_no_design_storm() {
    let set = rules("street_depth", LANE);
    let (dry, wet, screening) = (roads(&[Some(0.05)]), roads(&[Some(0.31)]), Digest::default());
    let outcome = |runs: &[(usize, &Digest)]| verdict(&set, runs).outcome;
    assert_eq!(outcome(&[(0, &dry), (1, &screening), (2, &dry)]), Outcome::Passed);
    assert_eq!(outcome(&[(0, &dry), (1, &screening), (2, &wet)]), Outcome::Failed);
    assert_eq!(outcome(&[(0, &dry), (1, &dry), (2, &screening)]), Outcome::NotAssessed);
}

#[test]
fn water_over_one_threshold_breaks_the_rule_and_an_unknown_threshold_keeps_nothing() {
    let set = set("ground_floor", "");
    let of = |levels: &[(Option<f64>, Option<f64>)]| verdict(&set, &[(1, &buildings(levels))]);
    let dry = of(&[(None, Some(9.2)), (Some(9.1), Some(9.2))]);
    assert_eq!((dry.outcome, dry.limit), (Outcome::Passed, Some(0.0)));
    assert!((dry.value.unwrap() + 0.1).abs() < 1e-12);
    let wet = of(&[(Some(9.3), Some(9.2)), (Some(9.1), Some(9.2)), (Some(9.3), None)]);
    assert_eq!(wet.outcome, Outcome::Failed);
    assert_eq!(wet.worst.map(|place| (place.element, place.zone)), Some(("B1".into(), "Z".into())));
    let unknown = of(&[(Some(9.1), Some(9.2)), (Some(9.3), None)]);
    assert_eq!(unknown.outcome, Outcome::NotAssessed);
    assert!(says(&unknown, "whose threshold nobody knows"), "{unknown:?}");
}

#[test]
fn water_that_still_stands_breaks_the_rule_once_the_run_is_long_enough() {
    let of = |limit: &str, retreat: Option<f64>| {
        let limits = format!("limits = [{{ zone = \"centre\", limit = [\"1 h\", \"{limit}\"] }}]");
        verdict(&set("retreat_time", &limits), &[(1, &zones(retreat))])
    };
    let gone = of("3 h", Some(5400.0));
    assert_eq!((gone.outcome, gone.value, gone.limit), (Outcome::Passed, Some(1.5), Some(3.0)));
    assert_eq!(of("1.2 h", Some(5400.0)).outcome, Outcome::Failed);
    // two hours of the run lie behind the rain
    assert_eq!(of("1.9 h", None).outcome, Outcome::Failed);
    let open = of("3 h", None);
    assert_eq!(open.outcome, Outcome::NotAssessed);
    assert!(says(&open, "run longer after the rain"), "{open:?}");
}

#[test]
fn zones_that_the_set_says_nothing_of_are_named() {
    let limits = "limits = [{ zone = \"centre\", limit = [\"1 h\", \"3 h\"] }]";
    let mut digest = zones(Some(5400.0));
    let of_street = digest.street.as_mut().unwrap();
    of_street.zones.push(ZoneWater {
        name: "Tunnel".into(),
        area: 1.0,
        retreat: None,
        ..ZoneWater::default()
    });
    let passed = verdict(&set("retreat_time", limits), &[(1, &digest)]);
    assert_eq!(passed.outcome, Outcome::Passed);
    assert!(says(&passed, "no limit for Tunnel: not judged there"), "{passed:?}");
    let all = verdict(&set("retreat_time", limits), &[(1, &zones(Some(5400.0)))]);
    assert!(!says(&all, "not judged there"), "{all:?}");
}
