//! Maps are read again by another reader, and hold what went in.

use std::collections::BTreeMap;

use geojson::{FeatureCollection, GeoJson, GeometryValue};

use super::*;
use crate::assess::{Run, State};
use crate::edit::Network;
use crate::input::inp::document::Document;
use crate::scenario::rule::{Rule, RuleSet};
use crate::scenario::words::Words;

const TEXT: &str = "[OPTIONS]\nFLOW_UNITS LPS\n[JUNCTIONS]\n井\"一\" 10 2\nB 9 2\nC 9 2\n[OUTFALLS]\n河边 8 FREE\n\
    [CONDUITS]\nP1 井\"一\" B 100 0.013 0 0\nP2 B 河边 100 0.013 0 0\nP3 C B 10 0.013 0 0\n\
    [XSECTIONS]\nP1 CIRCULAR 0.6 0 0 0\nP2 CIRCULAR 0.6 0 0 0\nP3 CIRCULAR 0.6 0 0 0\n\
    [COORDINATES]\n井\"一\" 531000.25 4624000.5\nB 531100 4624000\nC 531100 4624000\n河边 531200 4624000\n\
    [VERTICES]\nP2 531150 4624050\n";

fn digest(flooded: [f64; 4]) -> Digest {
    let mut digest = Digest::default();
    digest.nodes.name = ["井\"一\"", "B", "C", "河边"].map(str::to_owned).to_vec();
    digest.nodes.kind = vec![NodeType::Junction; 4];
    digest.nodes.flooded_volume = flooded.to_vec();
    digest.nodes.flooded_time = vec![3600.0; 4];
    digest.links.name = ["P1", "P2", "P3"].map(str::to_owned).to_vec();
    digest.links.kind = vec![LinkType::Conduit; 3];
    digest.links.max_flow = vec![0.1, f64::NAN, 0.3];
    digest
}

#[test]
fn what_is_written_is_read_again_with_its_names_places_and_values() {
    let network = Network::read(Document::parse(TEXT.as_bytes()), Path::new("a.inp")).unwrap();
    let (base, with) = (digest([9.0, 0.0, 0.0, 0.0]), digest([0.0, 4.0, 0.0, 0.0]));
    let case = Case { horizon: 0, storm: 0, stage: 0 };
    let run = |option, digest| Run { option, case, state: State::Done(digest) };
    let comparison = Comparison {
        options: vec!["base".into(), "方案/A".into()],
        horizons: vec!["2030".into()],
        storms: vec!["暴雨50".into()],
        stages: vec!["高".into()],
        runs: vec![run(0, &base), run(1, &with)],
        ..Comparison::default()
    };
    let rule =
        Rule { id: "flooding".into(), title: Words::new("no flooding", "不冒水"), ..Rule::default() };
    let verdict = crate::assess::verdict::Verdict {
        rule: 0,
        option: 1,
        horizon: 0,
        outcome: Outcome::Failed,
        value: Some(4.0),
        limit: Some(0.0),
        worst: Some(crate::assess::verdict::Place { element: "B".into(), zone: "老城".into() }),
        governing: Some(case),
        remarks: Vec::new(),
        unverified: Vec::new(),
        close: false,
    };
    let pipe = PipeCapacity {
        link: "P1".into(),
        zone: "老城".into(),
        road_class: String::new(),
        length: 100.0,
        static_years: Some(1.5),
        static_class: Some(1),
        dynamic: None,
        dynamic_class: None,
        ..PipeCapacity::default()
    };
    let assessment = Assessment {
        rule_set: Some(RuleSet { breaks: vec![1.0, 2.0], rules: vec![rule], ..RuleSet::default() }),
        verdicts: vec![verdict],
        capacities: vec![crate::assess::capacity::Capacities {
            option: 1,
            horizon: 0,
            pipes: vec![pipe],
            ..Default::default()
        }],
        ..Assessment::default()
    };
    let change = |element: &str, kind| Change {
        measure: 0,
        phase: "I".into(),
        kind,
        element: element.into(),
        action: Action::Altered,
        fields: Vec::new(),
        works: Vec::new(),
    };
    let project = Project {
        measure: "1 trunk".into(),
        element: "P1".into(),
        phase: "I".into(),
        work: "pipe",
        cost: Some((11.0, 1.0)),
        ..Project::default()
    };
    let map = OptionMap {
        option: 1,
        horizon: 0,
        model: &network.model,
        base: &network.model,
        measures: &["1 trunk".into()],
        changes: &[change("P1", Kind::Link), change("B", Kind::Node), change("R", Kind::Other)],
        projects: &[project],
    };
    let folder = std::env::temp_dir().join(format!("pailao-maps-{}", std::process::id()));
    save(&comparison, &assessment, &[map], Some("EPSG:4550"), &folder).unwrap();
    let mut read: BTreeMap<String, FeatureCollection> = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let GeoJson::FeatureCollection(layer) = text.parse::<GeoJson>().unwrap() else { panic!("{text}") };
        let again = crate::input::map_file::parse(&text, &path).unwrap();
        assert_eq!(again.crs.as_deref(), Some("EPSG:4550"), "a study can read it");
        let stem = path.file_stem().unwrap().to_str().unwrap();
        read.insert(stem.rsplit_once("2030_").unwrap().1.to_owned(), layer);
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(read.keys().collect::<Vec<_>>(), ["changes", "failed_rules", "links", "nodes"]);
    let links = &read["links"];
    let property = |layer: &str, index: usize, key: &str| read[layer].features[index].property(key).cloned();
    assert_eq!(links.features.len(), 3);
    assert_eq!(links.foreign_members.as_ref().unwrap()["storm"], "暴雨50");
    let line = |index: usize| links.features[index].geometry.as_ref().unwrap().value.clone();
    let GeometryValue::LineString { coordinates } = line(1) else { panic!("no line") };
    let points: Vec<Vec<f64>> = coordinates.iter().map(|point| point.as_slice().to_vec()).collect();
    assert_eq!(points, [[531100.0, 4624000.0], [531150.0, 4624050.0], [531200.0, 4624000.0]]);
    assert!(matches!(line(2), GeometryValue::Point { .. }), "ends on one spot make no line");
    assert_eq!(property("links", 0, "from_node"), Some(json!("井\"一\"")));
    assert_eq!(property("links", 0, "static_class_a"), Some(json!("1-2")));
    assert_eq!(property("links", 1, "max_flow_m3_s"), Some(Value::Null), "what is no number is null");
    assert_eq!(property("links", 0, "changed"), Some(json!(true)));
    assert_eq!(property("nodes", 0, "verdict"), Some(json!("floods no more")));
    assert_eq!(property("nodes", 1, "flooded_difference_m3"), Some(json!(4.0)));
    assert_eq!(property("nodes", 1, "verdict"), Some(json!("floods now")));
    assert_eq!(property("changes", 0, "cost"), Some(json!(11.0)));
    assert_eq!(property("changes", 1, "cost"), Some(Value::Null));
    assert_eq!(read["changes"].features.len(), 2, "what has no place is no feature");
    assert_eq!(property("failed_rules", 0, "title_zh"), Some(json!("不冒水")));
    assert!(read["failed_rules"].features[0].geometry.is_some());
}

#[test]
fn classes_are_named_by_their_breaks() {
    let names: Vec<String> = (0..4).map(|class| class_name(&[1.0, 2.0, 5.0], class)).collect();
    assert_eq!(names, ["< 1", "1-2", "2-5", ">= 5"]);
}

#[test]
fn outlines_are_closed_and_run_counterclockwise() {
    let clockwise = [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]];
    let ring = json!([[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]]);
    assert_eq!(outline_geometry(&clockwise)["coordinates"], ring);
    assert_eq!(outline_geometry(&clockwise[..2]), Value::Null);
}
