//! Claims about what runs mean, on small studies that are run here.

use super::capacity::{Cause, Definition};
use super::testing::Folder;
use super::verdict::Outcome;
use crate::edit::capacity::full_pipe_diameter;

/// Rules with given breaks, and a limit on capacity.
fn rules(breaks: &str, years: &str, volume: &str) -> String {
    let rule = |id: &str, test: &str, more: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\ntest = \"{test}\"\ntitle = {{ en = \"a\", zh = \"甲\" }}\nclause = \"1\"\n\
             source = \"made up\"\nverified = false\nlimits = [{{ limit = \"{years}\" }}]\n{more}"
        )
    };
    format!(
        "title = {{ en = \"T\", zh = \"题\" }}\nsource = \"made up\"\nverified = false\n[capacity_classes]\n\
         breaks = [{breaks}]\nverified = false\n{}{}{}",
        rule("static", "static_capacity", ""),
        rule("dynamic", "dynamic_capacity", ""),
        rule("dry", "flooding", &format!("volume = \"{volume}\"\n")),
    )
}

/// Storms of constant intensity over an hour, of the formula's depth of an hour.
fn storms(years: &[u32], serves: &str) -> String {
    let storm = |years: &u32| {
        format!(
            "[storms.P{years}]\nserves = [{serves}]\nformula = {{ city = \"made up\", A = 1984, C = 0.77, b = 9, \
             n = 0.77, unit_factor = 167, valid_to = \"3 h\", verified = false }}\n\
             return_period = \"{years} a\"\npattern = {{ kind = \"block\", duration = \"60 min\", step = \"5 min\" }}\n"
        )
    };
    years.iter().map(storm).collect()
}

const HEAD: &str = "[OPTIONS]\nFLOW_UNITS CMS\nINFILTRATION HORTON\nFLOW_ROUTING DYNWAVE\nSTART_DATE 07/21/2026\n\
    END_DATE 07/21/2026\nEND_TIME 02:00\nREPORT_STEP 0:01:00\nWET_STEP 0:01:00\nDRY_STEP 0:01:00\nROUTING_STEP 5\n\
    [RAINGAGES]\nG INTENSITY 0:05 1 TIMESERIES T\n[TIMESERIES]\nT 0 0\n";

/// A fully sealed hectare at a manhole, and a pipe to a free outfall: all its rain arrives within the hour.
fn single_pipe(diameter: f64) -> String {
    format!(
        "{HEAD}[SUBCATCHMENTS]\nS G A 1 100 1000 2 0\n[SUBAREAS]\nS 0.011 0.1 0 0 0 OUTLET\n[INFILTRATION]\n\
         S 60 6 4 7 0\n[JUNCTIONS]\nA 10 9\n[OUTFALLS]\nO 8.8 FREE\n[CONDUITS]\nP A O 300 0.013 0 0\n\
         [XSECTIONS]\nP CIRCULAR {diameter} 0 0 0\n[COORDINATES]\nA 0 0\nO 300 0\n"
    )
}

const STUDY: &str = "[study]\nnetwork = \"network.inp\"\nrules = \"rules.toml\"\ninlet_time = \"60 min\"\n\
    runoff_coefficient = 1.0\n";

#[test]
fn static_class_equals_dynamic_class_on_a_single_pipe_with_a_free_outfall() {
    // intensities of an hour: 76.2, 93.8, 104.1, 117.2 and 134.9 L/s from the hectare in 1, 2, 3, 5 and 10 a. Full
    // flows are chosen between them and off the 8 % that a pipe carries above its full flow when nearly full.
    let expected = [(0.065, 0), (0.080, 1), (0.0945, 2), (0.105, 3), (0.118, 4), (0.150, 4)];
    let mut classes = Vec::new();
    for (flow, class) in expected {
        let folder = Folder::new(&format!("single-{}", (flow * 1e4) as u32));
        folder.write("network.inp", &single_pipe(full_pipe_diameter(flow, 0.004, 0.013)));
        folder.write("rules.toml", &rules("\"1 a\", \"2 a\", \"3 a\", \"5 a\"", "3 a", "1 m3"));
        folder.write("study.toml", &format!("{STUDY}{}", storms(&[1, 2, 3, 5, 10], "\"sewer_capacity\"")));
        let ran = folder.run();
        let assessment = ran.assessed();
        let pipe = &assessment.capacities[0].pipes[0];
        assert_eq!(Definition::Static.class(pipe), Some(class), "static at {flow}: {pipe:?}");
        assert_eq!(Definition::Dynamic.class(pipe), Some(class), "dynamic at {flow}: {pipe:?}");
        let dynamic = pipe.dynamic.unwrap();
        if dynamic.fails.is_some() {
            assert_eq!(dynamic.cause, Some(Cause::OwnCapacity), "a free outfall holds nothing back");
        }
        // and the verdicts of a limit of 3 a agree with the class
        let kept = if class >= 3 { Outcome::Passed } else { Outcome::Failed };
        for verdict in &assessment.verdicts[..2] {
            assert_eq!(verdict.outcome, kept, "at {flow}: {verdict:?}");
            assert!(verdict.unverified.iter().any(|words| words.en.contains("made up")), "{verdict:?}");
        }
        classes.push(class);
    }
    classes.dedup();
    assert!(classes.len() >= 5);
}

/// A trunk A-B that is too small, above a bottleneck B-O; half a hectare at each manhole.
fn bottleneck() -> String {
    format!(
        "{HEAD}[SUBCATCHMENTS]\nS1 G A 1.2 100 1000 2 0\nS2 G B 0.2 100 500 2 0\n[SUBAREAS]\n\
         S1 0.011 0.1 0 0 0 OUTLET\nS2 0.011 0.1 0 0 0 OUTLET\n[INFILTRATION]\nS1 60 6 4 7 0\nS2 60 6 4 7 0\n\
         [JUNCTIONS]\nA 10 2\nB 9.4 1.6\n[OUTFALLS]\nO 8.8 FREE\n[CONDUITS]\nAB A B 150 0.013 0 0\n\
         BO B O 150 0.013 0 0\n[XSECTIONS]\nAB CIRCULAR 0.25 0 0 0\nBO CIRCULAR 0.3 0 0 0\n[COORDINATES]\nA 0 0\n\
         B 150 0\nO 300 0\n"
    )
}

fn bottleneck_study() -> String {
    format!(
        "{STUDY}{}[river_stage.high]\noutfalls = {{ \"O\" = \"9.6 m\" }}\n[river_stage.free]\nfree = true\n[pairing]\n\
         P5 = [\"as modelled\"]\nP10 = [\"high\", \"free\"]\n[option.trunk]\n[[option.trunk.measure]]\nphase = \"I\"\n\
         resize = {{ pipes = [\"AB\"], diameter = \"500 mm\" }}\n[option.nothing]\n\
         title = \"as it is\"\n[horizons.2030]\nphases = [\"I\"]\n",
        storms(&[5, 10], "\"sewer_capacity\", \"waterlogging\"")
    )
}

#[test]
fn flooding_that_an_upsized_trunk_moves_to_the_bottleneck_stands_first() {
    let folder = Folder::new("bottleneck");
    folder.write("network.inp", &bottleneck());
    folder.write("rules.toml", &rules("\"1 a\", \"5 a\"", "10 a", "1 m3"));
    folder.write("study.toml", &bottleneck_study());
    let ran = folder.run();
    let assessment = ran.assessed();
    let first = &assessment.transfers[0];
    assert_eq!((first.option, first.node.as_str(), first.is_new), (1, "B", false));
    assert!(first.base < 0.3 * first.with_option && first.increase() > 20.0, "{first:?}");
    assert!(assessment.transfers.iter().all(|transfer| transfer.node == "B" && transfer.option == 1));
    assert!(assessment.transfers.windows(2).all(|pair| pair[0].increase() >= pair[1].increase()));
    let free = ran.study.scenario().stages.iter().position(|stage| stage.name == "free").unwrap();
    assert!(assessment.transfers.iter().all(|transfer| transfer.case.stage != free), "no river is no case");
}

#[test]
fn an_option_that_builds_nothing_has_the_capacities_and_verdicts_of_the_base() {
    let folder = Folder::new("nothing");
    folder.write("network.inp", &bottleneck());
    folder.write("rules.toml", &rules("\"1 a\", \"5 a\"", "10 a", "1 m3"));
    folder.write("study.toml", &bottleneck_study());
    let assessment = folder.run().assessed();
    let of = |option: usize| &assessment.capacities.iter().find(|one| one.option == option).unwrap().pipes;
    assert_eq!(of(0), of(2));
    assert_ne!(of(0), of(1));
    for rule in 0..3 {
        let outcome = |option: usize| {
            let mut all = assessment.verdicts.iter();
            let verdict = all.find(|verdict| verdict.rule == rule && verdict.option == option).unwrap();
            (verdict.outcome, verdict.value, verdict.worst.clone(), verdict.governing)
        };
        assert_eq!(outcome(0), outcome(2));
    }
    assert!(assessment.transfers.iter().all(|transfer| transfer.option != 2));
}

#[test]
fn what_the_river_causes_is_the_difference_to_free_outfalls() {
    let folder = Folder::new("river");
    folder.write("network.inp", &bottleneck());
    folder.write("rules.toml", &rules("\"1 a\", \"5 a\"", "10 a", "1 m3"));
    folder.write("study.toml", &bottleneck_study());
    let ran = folder.run();
    let assessment = ran.assessed();
    // three options under the high stage; the storm of 5 a is not run free
    assert_eq!(assessment.rivers.len(), 3);
    for river in &assessment.rivers {
        assert_eq!(ran.comparison().names(river.case)[1..], ["P10", "high"]);
        assert!(river.caused() > 1.0 && river.flooded > river.flooded_free, "{river:?}");
    }
    let of = |stage: &str| {
        let comparison = ran.comparison();
        let mut all = assessment.submergences.iter();
        let found = all.find(|one| one.option == 0 && comparison.names(one.case)[2] == stage).unwrap();
        (found.drowned, found.deepest)
    };
    let (drowned, deepest) = of("high");
    // 9.6 m over an invert of 8.8 m and a soffit of 9.1 m, all the time
    assert!(drowned > 3600.0 && (deepest - 0.8).abs() < 1e-6, "{drowned} {deepest}");
    assert_eq!(of("free").0, 0.0);
}

#[test]
fn other_rules_change_classes_and_verdicts_and_nothing_else() {
    let folder = Folder::new("rules");
    folder.write("network.inp", &bottleneck());
    folder.write("study.toml", &bottleneck_study());
    folder.write("rules.toml", &rules("\"1 a\", \"2 a\", \"5 a\"", "10 a", "1 m3"));
    let strict_run = folder.run();
    let strict = strict_run.assessed();
    folder.write("rules.toml", &rules("\"0.5 a\", \"20 a\"", "1 a", "100000 m3"));
    let mild_run = folder.run();
    let mild = mild_run.assessed();
    assert_eq!(strict_run.rows.len(), mild_run.rows.len());
    for (one, other) in strict_run.rows.iter().zip(&mild_run.rows) {
        assert_eq!((&one.spec, &one.key), (&other.spec, &other.key));
    }
    let (one, other) = (strict_run.comparison(), mild_run.comparison());
    for (a, b) in one.runs.iter().zip(&other.runs) {
        assert_eq!(a.digest(), b.digest());
    }
    assert_eq!(strict.transfers, mild.transfers);
    assert_eq!((&strict.rivers, &strict.submergences), (&mild.rivers, &mild.submergences));
    let outcomes = |of: &super::Assessment| of.verdicts.iter().map(|v| v.outcome).collect::<Vec<_>>();
    assert_ne!(outcomes(&strict), outcomes(&mild));
    assert_eq!(strict.capacities.len(), mild.capacities.len());
    let pipes =
        |of: &super::Assessment| of.capacities.iter().flat_map(|one| one.pipes.clone()).collect::<Vec<_>>();
    let mut classes = (Vec::new(), Vec::new());
    for (a, b) in pipes(&strict).iter().zip(&pipes(&mild)) {
        assert_eq!(
            (a.static_years, a.dynamic),
            (b.static_years, b.dynamic),
            "the capacity itself is no rule"
        );
        classes.0.push((a.static_class, a.dynamic_class));
        classes.1.push((b.static_class, b.dynamic_class));
    }
    assert_ne!(classes.0, classes.1);
}
