//! Long sections of the made-up town's trunk sewer.

use pailao::clock::DateTime;
use pailao::model::network::path;
use pailao::plot::long_section::{LongSection, Overlay, Reach, SectionResults, Station, StationKind};
use pailao::plot::{Language, PlotError, Sheet};

use super::town::Town;
use super::{LANGUAGES, examine, say};

fn section(town: &Town, sheet: &Sheet, from: usize, to: usize) -> LongSection {
    let path = path(&town.model, town.trunk(from).unwrap(), town.trunk(to).unwrap()).unwrap();
    let results = SectionResults {
        heights: &town.heights,
        time: DateTime::from_date(2026, 7, 21).map(|day| day.plus_seconds(1800.0)),
        heads: &town.heads,
        depths: &town.depths,
        maximum_heads: &town.maximum_heads,
        maximum_depths: &town.maximum_depths,
        flooded_volumes: &town.flooded_volumes,
    };
    let title = say(
        sheet,
        "Trunk sewer Zhongshan street to the Hunhe river, 20-year storm",
        "中山路主干管至浑河纵断面，20 年一遇设计暴雨",
    );
    LongSection { title, ..LongSection::from_model(&town.model, &path, &results) }
}

#[test]
fn a_trunk_sewer_with_drops_a_siphon_and_a_pump_is_drawn() {
    for language in LANGUAGES {
        let sheet = Sheet::new(language);
        let town = Town::new(language == Language::Zh, 1);
        examine("long_section", &sheet, &section(&town, &sheet, 0, 33).draw(&sheet).unwrap());
    }
}

#[test]
fn a_short_path_shows_both_inverts_of_a_drop() {
    for language in LANGUAGES {
        let sheet = Sheet::new(language);
        let town = Town::new(language == Language::Zh, 1);
        let section = section(&town, &sheet, 5, 12);
        let picture = section.draw(&sheet).unwrap();
        examine("long_section_short", &sheet, &picture);
        let shown = |level: f64| picture.labels().iter().any(|(text, _)| *text == format!("{level:.2}"));
        assert!(shown(section.reaches[2].invert_down) && shown(section.reaches[3].invert_up));
    }
}

#[test]
fn a_dense_path_keeps_its_names_apart() {
    let sheet = Sheet::default();
    let mut dense = LongSection {
        title: "240 manholes".to_string(),
        length_unit: "ft".to_string(),
        size_unit: "in".to_string(),
        ..LongSection::default()
    };
    for i in 0..240_u32 {
        let fall = 0.02 * f64::from(i);
        dense.stations.push(Station {
            name: format!("MH-{:05}", 7 * i),
            kind: if i == 239 { StationKind::Outfall } else { StationKind::Manhole },
            invert: 140.0 - fall,
            ground: 148.0 - fall,
            head: Some(141.0 - fall),
            maximum_head: Some((143.0 - fall + 5.0 * (f64::from(i) * 0.05).sin()).max(141.3 - fall)),
            flooded: (f64::from(i) * 0.05).sin() >= 0.999,
        });
        if i > 0 {
            let (invert_up, invert_down) = (140.02 - fall, 140.0 - fall);
            let size = if i < 100 { "24" } else { "36" }.to_string();
            dense.reaches.push(Reach {
                length: 30.0,
                invert_up,
                invert_down,
                height: 2.0,
                size,
                ..Reach::default()
            });
        }
    }
    examine("long_section_dense", &sheet, &dense.draw(&sheet).unwrap());
    dense.chainage_range = Some((1000.0, 1500.0));
    dense.elevation_range = Some((130.0, 150.0));
    examine("long_section_window", &sheet, &dense.draw(&sheet).unwrap());
}

#[test]
fn a_path_without_results_is_drawn_dry() {
    let sheet = Sheet::default();
    let town = Town::new(false, 1);
    let route = path(&town.model, town.trunk(0).unwrap(), town.trunk(9).unwrap()).unwrap();
    let results = SectionResults { heights: &town.heights, ..SectionResults::default() };
    examine(
        "long_section_dry",
        &sheet,
        &LongSection::from_model(&town.model, &route, &results).draw(&sheet).unwrap(),
    );
}

#[test]
fn stations_and_links_that_do_not_fit_are_refused() {
    let sheet = Sheet::default();
    let town = Town::new(false, 1);
    let mut broken = section(&town, &sheet, 0, 9);
    broken.reaches.pop();
    assert!(matches!(broken.draw(&sheet), Err(PlotError::Mismatch(_))));
    assert!(matches!(LongSection::default().draw(&sheet), Err(PlotError::Empty(_))));
    let mut infinite = section(&town, &sheet, 0, 9);
    infinite.stations[3].ground = f64::NAN;
    assert!(matches!(infinite.draw(&sheet), Err(PlotError::Mismatch(_))));
}

#[test]
fn options_are_laid_over_the_base() {
    for language in LANGUAGES {
        let sheet = Sheet::new(language);
        let town = Town::new(language == Language::Zh, 1);
        let mut section = section(&town, &sheet, 0, 33);
        for (i, name) in ["A", "B", "C", "D"].into_iter().enumerate() {
            let lower = 0.25 * (i + 1) as f64;
            section.overlays.push(Overlay {
                name: say(&sheet, &format!("option {name}"), &format!("方案{name}")),
                maximum_heads: section
                    .stations
                    .iter()
                    .map(|s| s.maximum_head.map(|head| (head - lower).max(s.invert)))
                    .collect(),
                maximum_depths: section.reaches.iter().map(|r| r.maximum_depth).collect(),
                pipes: section
                    .reaches
                    .iter()
                    .enumerate()
                    .map(|(k, r)| {
                        (i == 0 && k % 5 < 3).then_some((r.invert_up, r.invert_down, 1.4 * r.height))
                    })
                    .collect(),
            });
        }
        for station in &mut section.stations {
            station.head = None;
        }
        examine("long_section_options", &sheet, &section.draw(&sheet).unwrap());
    }
}
