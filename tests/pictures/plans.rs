//! Plans of the made-up town.

use pailao::plot::plan::{LengthUnit, MapUnit, Plan, PlanLink, PlanNode, PlanResults};
use pailao::plot::{Language, PlotError, Sheet};

use super::town::Town;
use super::{LANGUAGES, examine, say};

fn results(town: &Town) -> PlanResults<'_> {
    PlanResults {
        heights: &town.heights,
        fillings: &town.fillings,
        surcharged: &town.surcharged,
        flooded_volumes: &town.flooded_volumes,
    }
}

fn plan(town: &Town, sheet: &Sheet) -> Plan {
    let title = say(
        sheet,
        "Hunnan district, 20-year storm, present state",
        "浑南区 20 年一遇设计暴雨：现状排水能力与内涝点",
    );
    Plan { title, ..Plan::from_model(&town.model, &results(town)).unwrap() }
}

#[test]
fn a_district_is_drawn_with_its_trouble() {
    for language in LANGUAGES {
        let sheet = Sheet::new(language);
        let town = Town::new(language == Language::Zh, 2);
        examine("plan", &sheet, &plan(&town, &sheet).draw(&sheet).unwrap());
    }
}

#[test]
fn a_city_of_ten_thousand_links_is_drawn() {
    let sheet = Sheet::new(Language::Zh);
    let mut town = Town::new(true, 48);
    for at in town.model.map.nodes.iter_mut().flatten() {
        let block = (at[1] / 900.0 + 0.5).floor();
        *at = [at[0] + (block % 6.0) * 1900.0, at[1] - block * 900.0 + (block / 6.0).floor() * 900.0];
    }
    town.model.map.subcatchments.clear();
    assert!(town.model.links.len() > 9_000);
    examine("plan_city", &sheet, &plan(&town, &sheet).draw(&sheet).unwrap());
}

#[test]
fn a_dozen_elements_in_feet_and_a_window_of_them_are_drawn() {
    let sheet = Sheet::default();
    let mut plan = Plan {
        title: "Site drainage".to_string(),
        map_unit: MapUnit::Feet,
        length_unit: LengthUnit::Feet,
        volume_unit: "ft³".to_string(),
        ..Plan::default()
    };
    for i in 0..6_u32 {
        let x = 250.0 * f64::from(i);
        plan.nodes.push(PlanNode {
            name: format!("J{i}"),
            at: [x, 40.0 * f64::from(i % 3)],
            flooded_volume: if i == 2 { 0.4 } else { 0.0 },
            ..PlanNode::default()
        });
        if i > 0 {
            let before = plan.nodes[i as usize - 1].at;
            plan.links.push(PlanLink {
                points: vec![before, [x - 100.0, 100.0], [x, 40.0 * f64::from(i % 3)]],
                size: 1.0 + 0.5 * f64::from(i),
                length: 260.0,
                filling: Some(0.25 * f64::from(i)),
                ..PlanLink::default()
            });
        }
    }
    examine("plan_site", &sheet, &plan.draw(&sheet).unwrap());
    plan.extent = Some([400.0, -50.0, 900.0, 150.0]);
    examine("plan_window", &sheet, &plan.draw(&sheet).unwrap());
}

#[test]
fn lengths_and_counts_of_the_legend_add_up_to_the_network() {
    let sheet = Sheet::default();
    let town = Town::new(false, 1);
    let plan = plan(&town, &sheet);
    let picture = plan.draw(&sheet).unwrap();
    let conduits = town.model.links.items().iter().filter_map(|l| l.conduit());
    let (count, length) = conduits.fold((0, 0.0), |(n, sum), c| (n + 1, sum + c.length / 1000.0));
    // Numbers with two decimals in the panel are lengths in km.
    let sums: f64 = picture
        .labels()
        .iter()
        .filter(|(text, _)| {
            text.split_once('.').is_some_and(|(_, d)| d.len() == 2 && text.parse::<f64>().is_ok())
        })
        .map(|(text, _)| text.parse::<f64>().unwrap())
        .sum();
    assert!((sums - length).abs() < 0.021, "{sums} {length}");
    assert!(count >= 30);
}

#[test]
fn a_model_without_coordinates_is_refused_with_what_to_do() {
    let mut town = Town::new(false, 1);
    for place in &mut town.model.map.nodes {
        *place = None;
    }
    let error = Plan::from_model(&town.model, &results(&town)).unwrap_err();
    assert!(matches!(error, PlotError::NoCoordinates));
    assert!(error.to_string().contains("[COORDINATES]"), "{error}");
    assert!(matches!(Plan::default().draw(&Sheet::default()), Err(PlotError::NoCoordinates)));
}

#[test]
fn elements_without_coordinates_are_counted() {
    let mut town = Town::new(false, 1);
    town.model.map.nodes[3] = None;
    let plan = Plan::from_model(&town.model, &results(&town)).unwrap();
    let joined = town.model.links.items().iter().filter(|l| l.from.0 == 3 || l.to.0 == 3).count();
    assert_eq!(plan.hidden, 1 + joined);
}

#[test]
fn an_option_is_laid_over_the_base_in_diverging_colours() {
    for language in LANGUAGES {
        let sheet = Sheet::new(language);
        let town = Town::new(language == Language::Zh, 2);
        let title = say(
            &sheet,
            "Trunk relief against the base, 20-year storm",
            "主干管扩建方案与现状的差异，20 年一遇设计暴雨",
        );
        let mut plan = Plan { title, differences: true, ..plan(&town, &sheet) };
        for (i, link) in plan.links.iter_mut().enumerate() {
            link.filling = link.filling.map(|_| 0.3 * (i as f64 * 0.37).sin());
            link.built = i % 9 == 4;
        }
        for (i, node) in plan.nodes.iter_mut().enumerate() {
            node.surcharged = false;
            node.flooded_volume *= if i % 4 == 0 { 0.2 } else { -1.0 };
        }
        examine("plan_difference", &sheet, &plan.draw(&sheet).unwrap());
    }
}
