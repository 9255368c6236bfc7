//! Claims about whole pages, on the study of Bench Street with made-up runs.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::assess::flooding::Transfer;
use crate::assess::spill::{Load, SpillSummary};
use crate::assess::verdict::{Outcome, Place, Verdict};
use crate::assess::{Case, Run, State};
use crate::input::scenario;
use crate::model::Model;
use crate::num::index::Id;
use crate::plot::Language;
use crate::scenario::rule::{Rule, RuleSet};
use crate::scenario::words::Words;
use crate::study::digest::{Digest, LinkType, NodeType, StreetDigest};

pub(super) const SCRIPT: &str = "<script>alert(1)</script>";

/// A study whose names are as given.
pub(super) fn study(rename: impl Fn(&mut crate::scenario::study::Scenario)) -> Study {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/street.toml");
    let (mut scenario, _) = scenario::read(&path).unwrap().unwrap();
    rename(&mut scenario);
    Study::open(scenario, Default::default(), Vec::new(), None, &AtomicBool::new(false)).unwrap()
}

/// A run of a model in which half of everything is full and a node floods.
fn digest(model: &Model, flooded: f64) -> Digest {
    let mut digest = Digest { report_step_s: 60.0, rain_mm: 40.0, ..Digest::default() };
    for (id, node) in model.nodes.iter() {
        let nodes = &mut digest.nodes;
        nodes.name.push(model.nodes.name(id).to_owned());
        nodes.kind.push(if node.is_outfall() { NodeType::Outfall } else { NodeType::Junction });
        nodes.invert.push(node.invert);
        nodes.full_depth.push(node.full_depth);
        nodes.max_depth.push(0.5 * node.full_depth);
        nodes.flooded_volume.push(if id.index() == 0 { flooded } else { 0.0 });
        nodes.flooded_time.push(600.0);
        nodes.surcharged_time.push(0.0);
        nodes.max_ponded_volume.push(0.0);
        nodes.ponds.push(false);
    }
    for (id, link) in model.links.iter() {
        let links = &mut digest.links;
        links.name.push(model.links.name(id).to_owned());
        links.kind.push(if link.conduit().is_some() { LinkType::Conduit } else { LinkType::Weir });
        links.length.push(link.conduit().map_or(0.0, |pipe| pipe.length));
        links.full_depth.push(0.6);
        links.max_depth.push(0.3);
        links.both_full_time.push(0.0);
    }
    digest.series.time = vec![0.0, 60.0, 120.0];
    digest.series.flooding = vec![0.0, 0.1, 0.0];
    digest.series.rain_mm_per_h = vec![0.0, 50.0, 0.0];
    digest
}

/// An assessment in which every list holds something, by the names of the elements given.
fn assessment(name: &str) -> Assessment {
    let case = Case { horizon: 1, storm: 0, stage: 0 };
    let verdict = |option, outcome| Verdict {
        rule: 0,
        option,
        horizon: 1,
        outcome,
        value: Some(12.0),
        limit: Some(1.0),
        worst: Some(Place { element: name.into(), zone: name.into() }),
        governing: Some(case),
        remarks: vec![Words::new(name, name)],
        unverified: vec![Words::new(name, name)],
        close: true,
    };
    Assessment {
        rule_set: Some(RuleSet {
            title: Words::new(name, name),
            breaks: vec![1.0, 3.0],
            rules: vec![Rule {
                id: name.into(),
                title: Words::new(name, name),
                clause: name.into(),
                source: name.into(),
                ..Rule::default()
            }],
            ..RuleSet::default()
        }),
        verdicts: vec![
            verdict(0, Outcome::Failed),
            verdict(1, Outcome::Passed),
            verdict(2, Outcome::NotAssessed),
        ],
        transfers: vec![Transfer {
            is_new: false,
            option: 1,
            case,
            node: name.into(),
            zone: name.into(),
            base: 3.0,
            with_option: 45.0,
        }],
        spills: vec![SpillSummary {
            option: 1,
            case,
            overflow: name.into(),
            event_gap: 3600.0,
            count: 2,
            volume: 90.0,
            loads: vec![Load { substance: name.into(), concentration: 1.0, load: 9.0, verified: false }],
            blocks: 2,
            duration: 600.0,
            peak: 0.2,
            counts_a_year: false,
        }],
        ..Assessment::default()
    }
}

/// The page of a study under an assessment.
pub(super) fn page(
    study: &Study,
    assessment: &Assessment,
    template: Template,
    language: Language,
) -> Document {
    page_with_streets(study, assessment, template, language, None)
}

/// The same, where all runs have a street if one is given.
pub(super) fn page_with_streets(
    study: &Study,
    assessment: &Assessment,
    template: Template,
    language: Language,
    street: Option<(&StreetDigest, StreetMaterial<'_>)>,
) -> Document {
    let scenario = study.scenario();
    let models: Vec<Model> =
        (0..3).map(|option| study.built(option, 1).unwrap().network.runnable().unwrap().0).collect();
    let digests: Vec<Digest> = models
        .iter()
        .enumerate()
        .map(|(option, model)| Digest {
            street: street.map(|(street, _)| Box::new(street.clone())),
            ..digest(model, 90.0 / (1.0 + option as f64))
        })
        .collect();
    let runs = study.specs().iter().map(|spec| Run {
        option: spec.option,
        case: Case { horizon: spec.horizon, storm: spec.storm.unwrap(), stage: spec.stage },
        state: State::Done(&digests[spec.option]),
    });
    let comparison = Comparison {
        title: scenario.study.title.clone().unwrap(),
        options: scenario.options.iter().map(|choice| choice.name.clone()).collect(),
        horizons: scenario.horizons.iter().map(|horizon| horizon.name.clone()).collect(),
        storms: scenario.storms.iter().map(|storm| storm.rain.name.clone()).collect(),
        stages: scenario.stages.iter().map(|stage| stage.name.clone()).collect(),
        overflows: vec!["河边".into()],
        treatment_works: vec!["河边".into()],
        runs: runs.collect(),
        ..Comparison::default()
    };
    let networks: Vec<Built<'_>> = models
        .iter()
        .enumerate()
        .map(|(option, model)| Built { option, horizon: 1, model, changed: Default::default() })
        .collect();
    let wishes = Wishes {
        horizons: vec![1],
        hydrographs: Vec::new(),
        sections: vec![("along the street".into(), "M1".into(), "河边".into())],
        datum: scenario.study.vertical_datum.clone(),
    };
    let audit = ForeignTable {
        source: "audit.csv".into(),
        head: vec!["#option".into(), "same".into()],
        rows: vec![vec!["A".into(), "yes".into()]],
    };
    let material = Material {
        study,
        comparison: &comparison,
        assessment,
        bills: &[],
        networks: &networks,
        wishes: &wishes,
        projects: &[],
        audit: Some(&audit),
        streets: street.map(|(_, material)| material),
    };
    write(&material, template, &Sheet::new(language)).unwrap()
}

pub(super) const TEMPLATES: [Template; 2] = [Template::Decision, Template::Cn98];
pub(super) const LANGUAGES: [Language; 2] = [Language::En, Language::Zh];

/// Whether every tag that is opened is closed in its turn.
pub(super) fn balanced(html: &str) -> bool {
    const VOID: [&str; 8] = ["input", "meta", "link", "img", "rect", "polyline", "polygon", "circle"];
    let mut open = Vec::new();
    for piece in html.split('<').skip(1) {
        let Some((tag, _)) = piece.split_once('>') else { return false };
        if tag.starts_with('!') || tag.ends_with('/') {
            continue;
        }
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap_or_default();
        if VOID.contains(&name) {
            continue;
        }
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return false;
            }
        } else {
            open.push(name);
        }
    }
    open.is_empty()
}

#[test]
fn hostile_names_stay_text_in_both_languages_and_templates() {
    let hostile = format!("{SCRIPT}\"'&{}", "长".repeat(200));
    let study = study(|scenario| {
        scenario.study.title = Some(hostile.clone());
        scenario.study.vertical_datum = Some(hostile.clone());
        scenario.options[1].name = hostile.clone();
        scenario.options[1].table.title = Some(hostile.clone());
        scenario.options[1].table.measures[0].name = Some(hostile.clone());
        scenario.storms[0].rain.name = hostile.clone();
        scenario.study.capacity_storm = Some(hostile.clone());
        scenario.storms[0].rain.title = hostile.clone();
        scenario.stages[1].name = hostile.clone();
    });
    for template in TEMPLATES {
        for language in LANGUAGES {
            let html = page(&study, &assessment(&hostile), template, language).html;
            assert!(!html.contains("<script"), "{template:?} {language:?}");
            assert!(html.contains("alert(1)"), "it is shown as text");
            assert!(balanced(&html), "{template:?} {language:?}");
        }
    }
}

#[test]
fn the_same_material_gives_the_same_bytes() {
    let study = study(|_| {});
    let of = || page(&study, &assessment("M1"), Template::Decision, Language::En).html;
    assert_eq!(of(), of());
}

#[test]
fn a_page_without_rules_money_and_observations_is_whole_and_says_so() {
    let study = study(|_| {});
    for template in TEMPLATES {
        let [english, chinese] =
            LANGUAGES.map(|language| page(&study, &Assessment::default(), template, language).html);
        assert!(balanced(&english) && balanced(&chinese));
        assert!(english.contains("not calibrated (模型未率定)") && chinese.contains("模型未率定"));
        assert!(english.contains("nothing is judged") && chinese.contains("未作达标判定"));
        assert!(!english.contains("✓ pass") && !chinese.contains("✓ 满足"), "nothing is passed");
    }
}

#[test]
fn what_is_not_assessed_is_never_passed_and_what_is_not_verified_is_flagged() {
    let study = study(|_| {});
    let html = page(&study, &assessment("M1"), Template::Decision, Language::En).html;
    let count = |word: &str| html.matches(word).count();
    assert_eq!((count("✓ pass ≈ ⚑"), count("✗ fail ≈ ⚑"), count("– not assessed ≈ ⚑")), (1, 1, 1));
    assert!(html.contains("⚑ not verified"));
}

#[test]
fn flooding_that_is_moved_stands_in_the_first_chapter() {
    let study = study(|_| {});
    for template in TEMPLATES {
        let html = page(&study, &assessment("M1"), template, Language::En).html;
        let first = html.find("More flooding elsewhere: A").unwrap();
        assert!(first < html.find("id=\"chapter-2\"").unwrap());
    }
}

#[test]
fn both_orders_hold_the_same_figures_and_every_identifier_is_used_once() {
    let study = study(|_| {});
    let pages = TEMPLATES.map(|template| page(&study, &assessment("M1"), template, Language::Zh).html);
    let figures = pages.each_ref().map(|html| html.matches("<figure").count());
    assert!(figures[0] > 5 && figures[0] == figures[1], "{figures:?}");
    for html in &pages {
        let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len());
        let links = html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
        assert!(links.into_iter().all(|link| ids.contains(&link)));
    }
}

#[test]
fn the_chinese_outline_has_its_ten_chapters() {
    let study = study(|_| {});
    let html = page(&study, &assessment("M1"), Template::Cn98, Language::Zh).html;
    let heads: Vec<&str> = html.split("<h2>").skip(1).filter_map(|rest| rest.split("</h2>").next()).collect();
    assert_eq!(heads.len(), 11, "the answer and ten chapters");
    for (head, number) in heads[1..].iter().zip(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"])
    {
        assert!(head.starts_with(number), "{head}");
    }
    assert!(html.contains("未模拟"));
}

#[test]
fn a_page_asks_the_network_for_nothing_and_holds_no_script() {
    let study = study(|_| {});
    let html = page(&study, &assessment("M1"), Template::Decision, Language::En).html;
    for address in ["src=\"http", "href=\"http", "url(http", "@import", "<script", "onload=", "onerror="] {
        assert!(!html.contains(address), "{address}");
    }
    assert!(html.contains("default-src 'none'"));
}
