//! Verdicts on digests that are made up here: what is shown, what is not, and what is close.

use std::path::Path;

use super::*;
use crate::assess::Run;
use crate::assess::capacity::{Dynamic, PipeCapacity};
use crate::input::{rule_set, scenario};
use crate::study::digest::{NodeType, OutfallDigest, OverflowDigest};
use crate::study::spill::Spill;

pub(super) const CITY: &str = "city_class = \"mega\"\noverflows = [\"河边\"]\n";

/// A study of Bench Street with storms, each by name, what it serves and its return period.
pub(super) fn scenario(head: &str, storms: &[(&str, &str, f64)]) -> Scenario {
    let storm = |(name, serves, years): &(&str, &str, f64)| {
        format!(
            "[storms.{name}]\nserves = [\"{serves}\"]\nformula = {{ city = \"made up\", A = 2000, C = 0.8, b = 10, \
             n = 0.75, unit_factor = 167, verified = false }}\nreturn_period = \"{years} a\"\n\
             pattern = {{ kind = \"block\", duration = \"60 min\", step = \"5 min\" }}\n"
        )
    };
    let text = format!(
        "[study]\nnetwork = \"../networks/bench-street/network.inp\"\n{head}{}[option.A]\ntitle = \"a\"\n",
        storms.iter().map(storm).collect::<String>()
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/made_up.toml");
    scenario::parse(&text, &path).unwrap().0
}

pub(super) fn rules(test: &str, more: &str) -> RuleSet {
    let text = format!(
        "title = {{ en = \"T\", zh = \"题\" }}\nsource = \"s\"\nverified = false\n[[rule]]\nid = \"r\"\n\
         test = \"{test}\"\ntitle = {{ en = \"a\", zh = \"甲\" }}\nclause = \"1\"\nsource = \"s\"\nverified = true\n{more}\n"
    );
    rule_set::parse(&text, Path::new("rules.toml")).unwrap()
}

fn flooded(volumes: &[f64]) -> Digest {
    let mut digest = Digest::default();
    for (index, volume) in volumes.iter().enumerate() {
        digest.nodes.name.push(format!("J{}", index + 1));
        digest.nodes.kind.push(NodeType::Junction);
        digest.nodes.flooded_volume.push(*volume);
    }
    digest.totals.flooding = volumes.iter().sum();
    digest
}

/// The verdict of the only rule for an option, from runs given by option and storm.
pub(super) fn judged(
    scenario: &Scenario,
    rule_set: &RuleSet,
    zones: &[Zone],
    capacities: &[Capacities],
    runs: &[(usize, usize, State<'_>)],
    option: usize,
) -> Verdict {
    let comparison = Comparison {
        options: vec!["base".into(), "A".into()],
        horizons: vec!["built".into()],
        storms: scenario.storms.iter().map(|storm| storm.rain.name.clone()).collect(),
        stages: vec!["as modelled".into()],
        overflows: scenario.study.overflows.clone(),
        treatment_works: vec!["W".into()],
        runs: runs
            .iter()
            .map(|(option, storm, state)| Run {
                option: *option,
                case: Case { horizon: 0, storm: *storm, stage: 0 },
                state: state.clone(),
            })
            .collect(),
        ..Comparison::default()
    };
    let places = Places::default();
    let ground = Ground {
        rule_set,
        scenario,
        formula: None,
        zones,
        places: &places,
        comparison: &comparison,
        capacities,
    };
    let all = verdicts(&ground);
    all.into_iter().find(|verdict| verdict.option == option).unwrap()
}

pub(super) fn says(verdict: &Verdict, words: &str) -> bool {
    verdict.remarks.iter().any(|remark| remark.en.contains(words) && !remark.zh.is_empty())
}

fn of_flooding(storms: &[(&str, &str, f64)], volumes: &[Option<f64>], limit: &str) -> Verdict {
    let scenario = scenario(CITY, storms);
    let digests: Vec<Option<Digest>> =
        volumes.iter().map(|volume| volume.map(|v| flooded(&[0.0, v]))).collect();
    let runs: Vec<_> = digests
        .iter()
        .enumerate()
        .map(|(storm, digest)| {
            let failed = || State::Failed("no number".into());
            (1, storm, digest.as_ref().map_or_else(failed, State::Done))
        })
        .collect();
    let rules = rules("flooding", &format!("limits = [{{ city = \"mega\", limit = {limit} }}]"));
    judged(&scenario, &rules, &[], &[], &runs, 1)
}

pub(super) const LADDER: [(&str, &str, f64); 2] =
    [("P20", "waterlogging", 20.0), ("P50", "waterlogging", 50.0)];

#[test]
fn a_node_that_floods_in_a_storm_up_to_the_design_storm_fails_with_its_place() {
    let verdict = of_flooding(&LADDER, &[Some(0.0), Some(80.0)], "[\"50 a\", \"100 a\"]");
    assert_eq!((verdict.outcome, verdict.value, verdict.limit), (Outcome::Failed, Some(80.0), Some(1.0)));
    assert_eq!(verdict.worst.as_ref().unwrap().element, "J2");
    assert_eq!(verdict.governing.unwrap().storm, 1);
    assert!(says(&verdict, "80 m3 of flood water left the network in P50"), "{verdict:?}");
    assert!(says(&verdict, "50-100 a, of which the lower end decides"));
    assert!(verdict.unverified.iter().any(|words| words.en.contains("made up")));
    assert!(!verdict.unverified.iter().any(|words| words.en.contains("numbers")), "the rule is verified");
}

#[test]
fn what_floods_beyond_the_design_storm_only_has_not_failed_and_without_that_storm_is_not_assessed() {
    let verdict = of_flooding(&LADDER, &[Some(0.0), Some(80.0)], "\"20 a\"");
    assert_eq!((verdict.outcome, verdict.value), (Outcome::Passed, Some(0.0)), "{verdict:?}");
    let verdict = of_flooding(&LADDER, &[Some(0.0), Some(80.0)], "\"30 a\"");
    assert_eq!(verdict.outcome, Outcome::NotAssessed);
    assert!(says(&verdict, "a storm of 30 a that serves waterlogging is missing"), "{verdict:?}");
    // one that is larger and keeps dry tells of smaller ones
    let verdict = of_flooding(&LADDER, &[Some(0.0), Some(0.5)], "\"30 a\"");
    assert_eq!((verdict.outcome, verdict.value), (Outcome::Passed, Some(0.5)), "{verdict:?}");
}

#[test]
fn a_ladder_that_ends_below_the_design_storm_is_not_assessed() {
    let verdict = of_flooding(&LADDER, &[Some(0.0), Some(0.0)], "\"100 a\"");
    assert_eq!((verdict.outcome, verdict.value), (Outcome::NotAssessed, None));
    assert!(says(&verdict, "100 a"), "{verdict:?}");
    let verdict = of_flooding(&[("P3", "sewer_capacity", 3.0)], &[Some(0.0)], "\"50 a\"");
    assert!(says(&verdict, "no storm serves waterlogging"), "{verdict:?}");
}

#[test]
fn a_run_that_failed_is_never_a_pass_and_its_reason_is_told() {
    let verdict = of_flooding(&LADDER, &[Some(0.0), None], "\"50 a\"");
    assert_eq!(verdict.outcome, Outcome::NotAssessed);
    assert!(says(&verdict, "the run P50 as modelled failed: no number"), "{verdict:?}");
    assert!(!says(&verdict, "is missing"), "the storm is there");
    // a larger storm that keeps dry does not make up for a smaller one that broke down
    let verdict = of_flooding(&LADDER, &[None, Some(0.0)], "\"50 a\"");
    assert_eq!(verdict.outcome, Outcome::NotAssessed, "{verdict:?}");
    // one beyond the design storm is not asked for
    let verdict = of_flooding(&LADDER, &[Some(0.0), None], "\"20 a\"");
    assert_eq!(verdict.outcome, Outcome::Passed, "{verdict:?}");
    // what another run shows to be broken stays broken
    let verdict = of_flooding(&LADDER, &[Some(9.0), None], "\"50 a\"");
    assert_eq!(verdict.outcome, Outcome::Failed);
    assert!(says(&verdict, "no number"));
}

#[test]
fn a_value_within_one_per_cent_of_its_limit_is_close() {
    let close = |volume| of_flooding(&LADDER, &[Some(0.0), Some(volume)], "\"50 a\"").close;
    assert!(close(0.995) && close(1.005) && !close(0.98) && !close(1.02));
}

#[test]
fn a_rule_by_city_class_is_not_assessed_without_one() {
    let scenario = scenario("", &LADDER);
    let digest = flooded(&[0.0]);
    let rules = rules("flooding", "limits = [{ city = \"mega\", limit = \"50 a\" }]");
    let runs = [(1, 0, State::Done(&digest)), (1, 1, State::Done(&digest))];
    let verdict = judged(&scenario, &rules, &[], &[], &runs, 1);
    assert_eq!(verdict.outcome, Outcome::NotAssessed);
    assert!(says(&verdict, "no `city_class`"), "{verdict:?}");
}

#[test]
fn rules_about_the_surface_are_never_passed_without_one() {
    let scenario = scenario(CITY, &LADDER);
    let digest = flooded(&[0.0]);
    let runs = [(1, 0, State::Done(&digest)), (1, 1, State::Done(&digest))];
    for (test, limit) in [
        ("street_depth", "limits = [{ limit = \"15 cm\" }]"),
        ("ground_floor", ""),
        ("retreat_time", "limits = [{ limit = [\"1 h\", \"3 h\"] }]"),
    ] {
        let verdict = judged(&scenario, &rules(test, limit), &[], &[], &runs, 1);
        assert_eq!((verdict.outcome, verdict.value), (Outcome::NotAssessed, None), "{test}");
        assert!(says(&verdict, "2D surface"));
    }
}

fn pipe(link: &str, length: f64, carries: Option<f64>, fails: Option<f64>, close: bool) -> PipeCapacity {
    let dynamic = Dynamic { carries, fails, close, ..Dynamic::default() };
    PipeCapacity {
        link: link.into(),
        zone: "Z".into(),
        length,
        dynamic: Some(dynamic),
        ..PipeCapacity::default()
    }
}

fn of_pipes(pipes: Vec<PipeCapacity>, share: &str) -> Verdict {
    let scenario = scenario(CITY, &[("P3", "sewer_capacity", 3.0)]);
    let ladder = vec![(3.0, Case { horizon: 0, storm: 0, stage: 0 })];
    let capacities = [Capacities { option: 1, pipes, ladder, ..Capacities::default() }];
    let zones = [Zone { name: "Z".into(), class: "centre".into(), rings: Vec::new() }];
    let digest = flooded(&[0.0]);
    let more = format!("share = \"{share}\"\nlimits = [{{ zone = \"centre\", limit = [\"3 a\", \"5 a\"] }}]");
    judged(
        &scenario,
        &rules("dynamic_capacity", &more),
        &zones,
        &capacities,
        &[(1, 0, State::Done(&digest))],
        1,
    )
}

#[test]
fn capacity_is_judged_by_length_and_shows_the_weakest_and_longest_pipe() {
    let pipes = vec![
        pipe("a", 60.0, Some(5.0), None, false),
        pipe("b", 10.0, Some(1.0), Some(2.0), false),
        pipe("c", 30.0, Some(1.0), Some(3.0), false),
        PipeCapacity { zone: String::new(), ..pipe("elsewhere", 900.0, None, Some(1.0), false) },
    ];
    let verdict = of_pipes(pipes.clone(), "100 %");
    assert_eq!((verdict.outcome, verdict.value, verdict.limit), (Outcome::Failed, Some(60.0), Some(100.0)));
    assert_eq!(
        verdict.worst.as_ref().map(|place| (place.element.as_str(), place.zone.as_str())),
        Some(("c", "Z"))
    );
    assert!(says(&verdict, "c carries storms up to 1 a; asked are 3-5 a, of which the lower end decides"));
    assert!(says(&verdict, "0.9 km of pipe lie in no zone"), "{verdict:?}");
    assert_eq!(of_pipes(pipes, "60 %").outcome, Outcome::Passed);
}

#[test]
fn pipes_that_the_ladder_does_not_tell_of_keep_a_rule_from_being_passed() {
    // 5 a are carried or not: only the limit between 2 a and 5 a is open
    let open = || vec![pipe("a", 50.0, Some(3.0), None, false), pipe("b", 50.0, Some(2.0), Some(5.0), false)];
    let verdict = of_pipes(open(), "100 %");
    assert_eq!((verdict.outcome, verdict.value), (Outcome::NotAssessed, None));
    assert!(says(&verdict, "a storm of 3 a that serves sewer_capacity is missing"), "{verdict:?}");
    assert_eq!(of_pipes(open(), "50 %").outcome, Outcome::Passed, "enough length keeps it all the same");
    let broken =
        vec![pipe("a", 90.0, Some(1.0), Some(2.0), false), pipe("b", 10.0, Some(2.0), Some(5.0), false)];
    assert_eq!(of_pipes(broken, "50 %").outcome, Outcome::Failed, "whatever the open ones do");
}

#[test]
fn a_verdict_that_close_pipes_could_turn_is_close() {
    let of = |close: bool| {
        of_pipes(
            vec![pipe("a", 50.0, Some(3.0), None, close), pipe("b", 50.0, Some(3.0), None, false)],
            "80 %",
        )
    };
    assert!(of(true).close && !of(false).close);
    let of = |close: bool| {
        of_pipes(
            vec![pipe("a", 50.0, None, Some(3.0), close), pipe("b", 50.0, Some(3.0), None, false)],
            "80 %",
        )
    };
    assert!(of(true).close && !of(false).close);
}

fn with_spills(days: f64, count: usize, spilled: f64, treated: f64) -> Digest {
    let outfall =
        |name: &str, volume| OutfallDigest { name: name.into(), volume, ..OutfallDigest::default() };
    Digest {
        duration_s: days * 86_400.0,
        outfalls: vec![outfall("河边", spilled), outfall("W", treated)],
        overflows: vec![OverflowDigest { name: "河边".into(), spills: vec![Spill::default(); count] }],
        ..Digest::default()
    }
}

fn of_overflow(test: &str, limit: &str, digest: &Digest) -> Verdict {
    let scenario = scenario(CITY, &[("year", "overflow", 1.0)]);
    let rules = rules(test, &format!("limits = [{{ limit = {limit} }}]"));
    judged(&scenario, &rules, &[], &[], &[(1, 0, State::Done(digest))], 1)
}

#[test]
fn spills_a_year_need_a_year() {
    let short = of_overflow("spill_count", "4", &with_spills(2.0, 0, 0.0, 10.0));
    assert_eq!((short.outcome, short.value), (Outcome::NotAssessed, None));
    assert!(says(&short, "360 days") && says(&short, "2 days"), "{short:?}");
    let year = of_overflow("spill_count", "4", &with_spills(366.0, 5, 0.0, 10.0));
    assert_eq!((year.outcome, year.value), (Outcome::Failed, Some(5.0)));
    assert_eq!(year.worst.unwrap().element, "河边");
    let ten = of_overflow("spill_count", "4", &with_spills(3652.0, 39, 0.0, 10.0));
    assert_eq!((ten.outcome, ten.value), (Outcome::Passed, Some(3.9)));
}

#[test]
fn the_share_captured_is_that_of_the_works_and_says_what_flatters_it() {
    let verdict = of_overflow("captured_share", "\"85 %\"", &with_spills(366.0, 5, 20.0, 80.0));
    assert_eq!((verdict.outcome, verdict.value, verdict.limit), (Outcome::Failed, Some(80.0), Some(85.0)));
    assert!(says(&verdict, "sewage of dry weather"));
    let verdict = of_overflow("captured_share", "\"85 %\"", &with_spills(366.0, 5, 10.0, 90.0));
    assert_eq!((verdict.outcome, verdict.close), (Outcome::Passed, false));
}

#[test]
fn runoff_is_held_against_the_base_in_the_same_storm() {
    let scenario = scenario(CITY, &[("P3", "sewer_capacity", 3.0), ("light", "overflow", 1.0)]);
    let of = |runoff: f64| Digest {
        totals: crate::study::digest::Totals { runoff, ..Default::default() },
        ..Digest::default()
    };
    let (base, more, same) = (of(1000.0), of(1100.0), of(1000.4));
    let judged_with = |option: &Digest, limit: &str| {
        let runs = [
            (0, 0, State::Done(&base)),
            (1, 0, State::Done(option)),
            (0, 1, State::Done(&base)),
            (1, 1, State::Done(&more)),
        ];
        judged(&scenario, &rules("runoff_not_increased", limit), &[], &[], &runs, 1)
    };
    let limit = "of = \"runoff_volume\"\nlimits = [{ limit = \"100 %\" }]";
    let worse = judged_with(&more, limit);
    assert_eq!((worse.outcome, worse.close), (Outcome::Failed, false));
    assert!((worse.value.unwrap() - 110.0).abs() < 1e-9);
    let even = judged_with(&same, limit);
    assert_eq!((even.outcome, even.close), (Outcome::Passed, false), "round-off is no increase: {even:?}");
    let runs = [(0, 0, State::Done(&base))];
    let of_base = judged(&scenario, &rules("runoff_not_increased", limit), &[], &[], &runs, 0);
    assert_eq!(of_base.outcome, Outcome::NotAssessed);
}

#[test]
fn continuity_is_that_of_the_worst_run() {
    let scenario = scenario(CITY, &LADDER);
    let of = |error: f64| Digest {
        totals: crate::study::digest::Totals { routing_error_percent: error, ..Default::default() },
        ..Digest::default()
    };
    let (good, bad) = (of(0.4), of(-7.5));
    let rule = rules("continuity", "limits = [{ limit = \"5 %\" }]");
    let verdict =
        judged(&scenario, &rule, &[], &[], &[(1, 0, State::Done(&good)), (1, 1, State::Done(&bad))], 1);
    assert_eq!((verdict.outcome, verdict.value), (Outcome::Failed, Some(7.5)));
    assert_eq!(verdict.governing.unwrap().storm, 1);
    let failed = State::Failed("no number".to_owned());
    let verdict = judged(&scenario, &rule, &[], &[], &[(1, 0, State::Done(&good)), (1, 1, failed)], 1);
    assert_eq!((verdict.outcome, verdict.value), (Outcome::NotAssessed, None), "a run broke down");
}
