//! Measures of one option in any order, and how they contradict each other.

use super::networks::{RIVER, STATION, STREET, STREET_IN_FEET};
use super::*;
use crate::edit::measures::conflicts;

/// The lines of a network after measures in an order of their indices, sorted, and all changes.
fn built(text: &str, verbs: &[&str], order: &[usize]) -> (Vec<String>, Vec<Change>) {
    let base = network(text);
    let site = site(&base);
    let (mut now, mut changes) = (base, Vec::new());
    for &index in order {
        let edited = apply(&now, &site, index, &measure(verbs[index])).unwrap();
        now = edited.network;
        changes.extend(edited.changes);
    }
    now.runnable().unwrap();
    let mut lines: Vec<String> = text_of(&now).lines().map(str::to_owned).collect();
    lines.sort();
    (lines, changes)
}

fn agree(text: &str, verbs: &[&str]) {
    let forth: Vec<usize> = (0..verbs.len()).collect();
    let back: Vec<usize> = forth.iter().rev().copied().collect();
    let (first, changes) = built(text, verbs, &forth);
    let (second, _) = built(text, verbs, &back);
    assert_eq!(first, second);
    assert_eq!(conflicts(&changes), []);
}

#[test]
fn measures_add_up_in_any_order() {
    let verbs = [
        "resize = { pipes = [\"C2\"], diameter = \"800 mm\", fix = \"soffit\" }",
        "resize = { pipes = [\"C1\"], diameter = \"1 m\", fix = \"soffit\" }",
        "resize = { pipes = [\"C3\"], diameter = \"600 mm\", fix = \"soffit\" }",
        "parallel = { pipes = [\"C2\", \"C3\"], diameter = \"400 mm\" }",
        "roughness = { pipes = [\"C3\", \"D1\"], to = 0.011, method = \"cleaning\" }",
        "repair = { pipes = [\"C1\"], infiltration_stopped = \"50 %\" }",
        "silt = { pipes = [\"D1\"], depth = \"10 %\" }",
        "tank = { at = \"J2\", volume = \"500 m3\", drain_down = \"4 h\" }",
        "weir = { id = \"W1\", from = \"J2\", to = \"J3\", crest = \"12.8 m\", length = \"2 m\" }",
        "link = { id = \"N\", from = \"J3\", to = \"O9\", outfall_invert = \"11 m\", diameter = \"1 m\", length = \"80 m\" }",
        "gate = { link = \"D1\", watch = \"J2\", close_above = \"13 m\", flap = true }",
    ];
    // the parallel pipe of C3 needs an outfall that takes two
    let text = STREET
        .replace("C3 J3 O1", "C3 J3 K1")
        .replace("J3 11.5 3.0 0 0 0", "J3 11.5 3.0 0 0 0\nK1 11.2 3 0 0 0")
        .replace("D1 S1 J2", "C4 K1 O1 10 0.013 0 0 0 0\nD1 S1 J2");
    let text =
        text.replace("O1 11.2 FREE", "O1 11.1 FREE").replace("[LOSSES]", "C4 CIRCULAR 1 0 0 0 1\n\n[LOSSES]");
    agree(&text, &verbs);
}

#[test]
fn measures_in_feet_with_elevations_add_up_in_any_order() {
    agree(
        STREET_IN_FEET,
        &[
            "resize = { pipes = [\"C2\"], diameter = \"609.6 mm\", fix = \"soffit\" }",
            "resize = { pipes = [\"C1\"], diameter = \"900 mm\", fix = \"soffit\" }",
            "tank = { at = \"J2\", volume = \"300 m3\", drain_down = \"4 h\" }",
            "gate = { link = \"C3\", watch = \"J3\", close_above = \"13 m\" }",
            "parallel = { pipes = [\"C1\"], diameter = \"600 mm\" }",
        ],
    );
}

#[test]
fn a_station_and_a_deeper_pipe_agree_in_any_order() {
    // C1 enters W 1.5 m above its floor; at its soffit a pipe of 2.4 m goes 0.3 m below
    let text = STATION.replace("A 10 4", "A 10 9").replace("old PUMP2 1 10 6 20", "old PUMP2 6 20");
    agree(
        &text,
        &[
            "resize = { pipes = [\"C1\"], diameter = \"2.4 m\", fix = \"soffit\" }",
            "pump_station = { at = \"W\", duty = \"240 L/s\", pumps = 2, start = \"10 m\", stop = \"9 m\", \
             wet_well_area = \"25 m2\", replaces = true }",
            "gate = { link = \"G1\", watch = \"H\", close_above = \"12.5 m\" }",
        ],
    );
}

#[test]
fn river_works_agree_in_any_order() {
    agree(
        RIVER,
        &[
            "river = { reaches = [\"A1\"], wider_by = \"4 m\" }",
            "river = { reaches = [\"A2\", \"Q1\"], deeper_by = \"0.5 m\" }",
            "river = { reaches = [\"T1\"], wider_by = \"2 m\", deeper_by = \"0.3 m\" }",
        ],
    );
}

#[test]
fn a_measure_that_comes_again_changes_and_costs_nothing() {
    let verb = "resize = { pipes = [\"C2\"], diameter = \"800 mm\", fix = \"soffit\" }";
    let (_, changes) = built(STREET, &[verb, verb], &[0, 1]);
    assert!(changes.iter().all(|change| change.measure == 0), "{changes:#?}");
}

#[test]
fn contradictions_are_found() {
    let clash = |text: &str, verbs: &[&str]| conflicts(&built(text, verbs, &[0, 1]).1);
    let found = clash(
        STREET,
        &[
            "resize = { pipes = [\"C2\"], diameter = \"800 mm\" }",
            "resize = { pipes = [\"C2\"], diameter = \"1 m\" }",
        ],
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("cross-section: CIRCULAR 0.8 and CIRCULAR 1"), "{}", found[0]);
    let found = clash(
        STREET,
        &[
            "resize = { pipes = [\"C2\"], diameter = \"800 mm\" }",
            "silt = { pipes = [\"C2\"], depth = \"10 %\" }",
        ],
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    let found = clash(
        RIVER,
        &[
            "river = { reaches = [\"A1\"], wider_by = \"4 m\" }",
            "river = { reaches = [\"A1\"], deeper_by = \"1 m\" }",
        ],
    );
    assert!(!found.is_empty());
}
