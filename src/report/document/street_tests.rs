//! Claims about the streets in whole pages: made-up maps of a bowl, kept as a study keeps them.

use ndarray::Array2;

use super::tests::*;
use super::*;
use crate::assess::Case;
use crate::inundation::maps::MapKind;
use crate::inundation::zones::DEPTHS;
use crate::inundation::{
    BuildingWater, Cause, DepthArea, Feeder, JointKind, Pond, RoadWater, SillWater, ZoneWater,
};
use crate::model::raster::Raster;
use crate::plot::Language;
use crate::plot::inundation::{Place, Scales};
use crate::report::kept_maps::KeptMaps;
use crate::results::raster::geotiff;
use crate::study::Store;
use crate::study::digest::StreetDigest;

/// A bowl of 20 by 30 cells.
fn bowl() -> Raster {
    let values = Array2::from_shape_fn((20, 30), |(row, column)| {
        let (x, y) = (column as f32 - 14.5, row as f32 - 9.5);
        0.01 * (x * x + y * y)
    });
    Raster { west: 0.0, north: 200.0, cell: 10.0, crs: None, values }
}

fn place() -> Place {
    Place::new(bowl(), Scales { duration: 7200.0, people: [0.75, 1.25, 2.0] })
}

/// What is kept of a street in which everything is under water, by the names of things given.
fn street(name: &str) -> StreetDigest {
    let zone = |name: &str| ZoneWater {
        name: name.into(),
        class: name.into(),
        depths: DEPTHS.map(|depth| DepthArea { depth, area: 25_000.0, volume: 900.0 }).to_vec(),
        max_depth: 0.61,
        ..ZoneWater::default()
    };
    StreetDigest {
        threshold: 0.15,
        zones: vec![zone(""), zone(name)],
        ponds: vec![Pond {
            zone: name.into(),
            rings: Vec::new(),
            deepest: [145.0, 105.0],
            depth: 0.61,
            level: 31.0,
            depth_time: 1800.0,
            area: 25_000.0,
            volume: 900.0,
            arrival: Some(600.0),
            duration: 5400.0,
            retreat: None,
            cause: Cause::Surcharge,
            feeders: vec![Feeder { kind: JointKind::Manhole, name: name.into(), up: 850.0, down: 3.0 }],
        }],
        roads: vec![RoadWater {
            name: name.into(),
            class: name.into(),
            lane_depth: Some(0.33),
            longest_closed: 1500.0,
            ..RoadWater::default()
        }],
        buildings: vec![BuildingWater {
            id: name.into(),
            usage: name.into(),
            threshold: Some(30.5),
            level: Some(31.0),
            ..BuildingWater::default()
        }],
        sills: vec![SillWater {
            name: name.into(),
            passed: Some(1200.0),
            depth: Some(0.8),
            ..SillWater::default()
        }],
        ..StreetDigest::default()
    }
}

/// Pages of a study whose options 0 and 1 have maps, by language and outline.
fn pages(folder: &str, name: &str, kept: &[MapKind], check: impl Fn(&str, Language)) {
    let study = study(|scenario| {
        scenario.options[1].name = name.into();
        scenario.options[1].table.title = Some(name.into());
    });
    let folder = std::env::temp_dir().join(format!("pailao-streets-{folder}-{}", std::process::id()));
    let store = Store::open(&folder).unwrap();
    let mut runs = Vec::new();
    for option in 0..2 {
        let key = format!("key{option}");
        std::fs::create_dir_all(store.maps_path(&key)).unwrap();
        for kind in kept {
            let mut map = bowl();
            map.values.mapv_inplace(|ground| (1.0 - 0.4 * option as f32 - ground).max(0.0));
            geotiff::write(&store.maps_path(&key).join(format!("{}.tif", kind.word())), &map).unwrap();
        }
        for time in [600_u32, 1200] {
            let map = Raster { values: bowl().values.mapv(|ground| (0.5 - ground).max(0.0)), ..bowl() };
            let file = format!("depth_at_{time:010}s.tif");
            if !kept.is_empty() {
                geotiff::write(&store.maps_path(&key).join(file), &map).unwrap();
            }
        }
        for (horizon, storm, stage) in
            (0..2).flat_map(|h| (0..9).flat_map(move |s| (0..4).map(move |t| (h, s, t))))
        {
            runs.push((option, Case { horizon, storm, stage }, key.clone()));
        }
    }
    let (maps, place, street) = (KeptMaps::new(&store, runs), place(), street(name));
    for template in TEMPLATES {
        for language in LANGUAGES {
            let material = StreetMaterial { place: &place, maps: &maps };
            let given = Some((&street, material));
            check(
                &page_with_streets(&study, &Assessment::default(), template, language, given).html,
                language,
            );
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_reader_chooses_option_and_map_without_a_script() {
    pages("choose", "A", &MapKind::ALL, |html, language| {
        assert!(balanced(html) && !html.contains("<script"));
        let first = html.split("class=\"switch\"").nth(1).unwrap().split("</figure>").next().unwrap();
        // 3 options, 8 maps and 2 times; one of each set is chosen from the start
        assert_eq!(
            (first.matches("<input type=\"radio\"").count(), first.matches(" checked").count()),
            (13, 2)
        );
        assert_eq!(first.matches("<label ").count(), 13);
        assert_eq!(first.matches("class=\"frame ").count(), 30);
        assert!(first.contains(">00:10</label>") && first.contains(">00:20</label>"));
        assert_eq!(first.matches(" printed\"").count(), 3, "the depth of each option");
        let rules = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        for (a, b) in [(0, 0), (2, 9)] {
            assert!(rules.contains(&format!(".switch>.a{a}:checked~.b{b}:checked~.s{a}-{b}")), "{a} {b}");
            assert!(first.contains(&format!("class=\"frame s{a}-{b}")), "{a} {b}");
        }
        // 10 maps of the base but its difference from itself, 10 of A, none of the option without maps
        assert_eq!(first.matches("class=\"map\"").count(), 19);
        assert!(first.contains(language.of("this map was not kept", "未保存该图")));
        assert!(first.contains(language.of("this is the base itself", "现状自身")));
    });
}

#[test]
fn tables_tell_ponding_places_roads_zones_buildings_and_sills() {
    pages("tables", "A", &[], |html, language| {
        let told = language.of(
            [
                "water from manholes",
                "A (850 m³)",
                "0.33 m",
                "25 min",
                "0.50 m",
                "2.50 ha",
                "20 min",
                "whole map",
            ],
            ["检查井溢出", "A (850 m³)", "0.33 m", "25 分钟", "0.50 m", "2.50 hm²", "20 分钟", "全图"],
        );
        for text in told {
            assert!(html.contains(text), "{text}");
        }
        assert!(!html.contains("class=\"switch\""), "without kept maps there is nothing to choose");
    });
}

#[test]
fn names_of_streets_are_text_and_nothing_else() {
    let hostile = format!("{SCRIPT}\"'&{}", "长".repeat(60));
    pages("hostile", &hostile, &[MapKind::Depth], |html, _| {
        assert!(!html.contains("<script") && html.contains("alert(1)") && balanced(html));
    });
}

#[test]
fn a_study_without_streets_has_no_word_of_them() {
    let study = study(|_| {});
    let html = page(&study, &Assessment::default(), Template::Decision, Language::En).html;
    assert!(!html.contains("Water on the streets") && !html.contains(".s0-0"));
    let html = page(&study, &Assessment::default(), Template::Cn98, Language::En).html;
    assert!(
        html.contains("Zones of risk by depth on the ground (needs a 2D surface)"),
        "it says what is missing"
    );
}
