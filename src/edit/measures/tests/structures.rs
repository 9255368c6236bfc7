//! Tanks, gates and weirs.

use super::networks::{STATION, STREET, STREET_IN_FEET};
use super::*;

const TANK: &str = "tank = { at = \"J2\", volume = \"500 m3\", depth = \"4 m\", top_level = \"14.3 m\", \
                    drain_down = \"4 h\" }";

#[test]
fn a_tank_has_its_volume_below_its_highest_water() {
    let edited = after(STREET, TANK);
    let (less, more) = differences(STREET, &text_of(&edited.network));
    assert_eq!(less, [""; 0]);
    // ground 14.8 and a metre of wall above it, highest water 14.3, floor 10.3, area 125; crest 0.7 of 0.5 m above J2; 500 m³ in 4 h
    let lines = [
        "J2-tank 10.3 5.5 0 TABULAR J2-tank 0 0",
        "J2-tank 120 20",
        "J2-tank STORAGE 0 125",
        "J2-tank 5.5 125",
        "RULE J2-tank-weir-shut",
        "IF NODE J2-tank DEPTH >= 4",
        "THEN WEIR J2-tank-weir SETTING = 0",
        "RULE J2-tank-weir-open",
        "IF NODE J2-tank DEPTH < 3.6",
        "THEN WEIR J2-tank-weir SETTING = 1",
        "J2-tank-pump J2-tank J2 J2-tank-pump OFF 0 0",
        "J2-tank-pump PUMP4 0 0.03472222222",
        "J2-tank-pump 100 0.03472222222",
        "J2-tank-weir J2 J2-tank SIDEFLOW 0.35 1.84 NO 0 0 YES",
        "J2-tank-weir RECT_OPEN 2.65 5 0 0",
        "RULE J2-tank-pump-on",
        "IF NODE J2 HEAD < 12.045",
        "AND NODE J2-tank DEPTH > 0.2",
        "THEN PUMP J2-tank-pump STATUS = ON",
        "RULE J2-tank-pump-off",
        "IF NODE J2 HEAD > 12.115",
        "OR NODE J2-tank DEPTH < 0.1",
        "THEN PUMP J2-tank-pump STATUS = OFF",
    ];
    for line in lines {
        assert!(more.iter().any(|new| new == line), "{line}\n{more:#?}");
    }
    let headings = ["[STORAGE]", "[PUMPS]", "[WEIRS]", "[CONTROLS]", "[CURVES]"];
    assert_eq!(more.len(), lines.len() + headings.len());
    let all = works(&edited);
    assert!(
        all.contains(&Work::Tank { volume: 500.0 }) && all.contains(&Work::Weir { length: 5.0 }),
        "{all:?}"
    );
}

#[test]
fn a_tank_takes_the_peak_and_gives_it_back() {
    let base = Ran::of(&network(STREET));
    let edited = after(STREET, TANK);
    let ran = Ran::of(&edited.network);
    let (tank, pump) = (ran.depth("J2-tank"), ran.flow("J2-tank-pump"));
    assert!(most(&tank) > 0.3, "{}", most(&tank));
    assert!(most(&ran.flow("C2")) < most(&base.flow("C2")));
    // the pump waits for the end of the storm, and does not chatter
    let starts = pump.windows(2).filter(|pair| pair[0] == 0.0 && pair[1] > 0.0).count();
    assert_eq!(starts, 1, "{pump:?}");
    assert!(*tank.last().unwrap() < 0.15, "{:?}", tank.last());
    assert_eq!(most(&ran.flooding("J2-tank")), 0.0);
}

#[test]
fn a_tank_whose_highest_water_nobody_sets_has_it_at_its_crest_and_fills_up() {
    // the crest, 12.15 m: all of its 60 m³ fill, and no more
    let verb = TANK.replace("500 m3", "60 m3").replace("top_level = \"14.3 m\", ", "");
    let edited = after(STREET, &verb);
    assert_eq!(edited.warnings, []);
    let ran = Ran::of(&edited.network);
    let tank = ran.depth("J2-tank");
    assert!(most(&tank) > 4.0, "{}", most(&tank));
    assert_eq!(most(&ran.flooding("J2-tank")), 0.0);
    assert!(*tank.last().unwrap() < 0.15 && most(&ran.flow("J2-tank-pump")) > 0.004, "{:?}", tank.last());
}

#[test]
fn a_full_tank_does_not_run_over() {
    // 30 m³ for a storm that brings 270 m³
    let edited = after(STREET, &TANK.replace("500 m3", "30 m3"));
    let ran = Ran::of(&edited.network);
    assert!(most(&ran.depth("J2-tank")) > 0.35);
    assert_eq!(most(&ran.flooding("J2-tank")), 0.0);
    let (model, _) = edited.network.runnable().unwrap();
    let mut record = Record::default();
    let (summary, _) = run(&model, &mut [&mut record], &mut |_| true).unwrap();
    let _ = summary;
    let id = model.nodes.find("J2-tank").unwrap();
    let volume = record.frames.iter().map(|frame| frame.nodes.volume[id.index()]);
    assert!(volume.fold(0.0, f64::max) < 33.0);
}

#[test]
fn the_crest_follows_the_interceptor_ratio() {
    // J2 gets 0.03 m³/s of foul water; (n0 + 1) of it in C2 by Manning
    let edited = after(STREET, &TANK.replace("drain", "interceptor_n0 = 3, drain"));
    let text = text_of(&edited.network);
    let row = text.lines().find(|line| line.starts_with("J2-tank-weir J2")).unwrap();
    let crest: f64 = row.split_whitespace().nth(4).unwrap().parse().unwrap();
    // C2: 0.2 m in 100 m, 0.5 m; 0.12 m³/s fills it to 0.64 of its diameter or so
    let (d, s): (f64, f64) = (0.5, 0.002 / (1.0_f64 - 0.002 * 0.002).sqrt());
    let angle = 2.0 * (1.0 - 2.0 * crest / d).acos();
    let area = d * d / 8.0 * (angle - angle.sin());
    let radius = area / (d / 2.0 * angle);
    let flow = area * radius.powf(2.0 / 3.0) * s.sqrt() / 0.013;
    assert!((flow / 0.12 - 1.0).abs() < 0.01, "crest {crest}, flow {flow}");
    refuses(
        STREET,
        &TANK.replace("drain", "weir_level = \"12.1 m\", interceptor_n0 = 3, drain"),
        "both set its crest",
    );
}

#[test]
fn a_tank_in_feet_with_elevations() {
    // J2: ground at 49.5 ft; highest water 48 ft, floor 38 ft; 10000 ft³ over 10 ft
    let verb = "tank = { at = \"J2\", volume = \"283.16846592 m3\", depth = \"3.048 m\", top_level = \"14.6304 m\", \
                drain_down = \"10000 s\", weir_level = \"12.3444 m\", weir_length = \"3.048 m\" }";
    let edited = after(STREET_IN_FEET, verb);
    let text = text_of(&edited.network);
    for line in [
        "J2-tank 38 14.7808399 0 TABULAR J2-tank 0 0",
        "J2-tank STORAGE 0 1000",
        "J2-tank-weir J2 J2-tank SIDEFLOW 40.5 3.332808358 NO 0 0 YES",
        "J2-tank-weir RECT_OPEN 9 10 0 0",
        "J2-tank-pump PUMP4 0 1",
        "IF NODE J2 HEAD < 40.2",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let ran = Ran::of(&edited.network);
    assert!(most(&ran.depth("J2-tank")) > 0.05);
}

#[test]
fn wrong_tanks_are_refused() {
    let with = |details: &str| TANK.replace("drain", &format!("{details}, drain"));
    refuses(STREET, &TANK.replace("J2", "J9"), "no node `J9`");
    refuses(STREET, &TANK.replace("J2", "O1"), "stands at an outfall");
    refuses(STREET, &with("weir_level = \"11 m\""), "not above the outgoing invert");
    refuses(STREET, &with("weir_level = \"15 m\""), "not below the ground");
    refuses(STREET, &TANK.replace("\"4 m\"", "\"1 m\""), "its floor, 13.30 m, lies above the crest");
    refuses(STREET, &TANK.replace("500 m3", "0 m3"), "its volume is too small");
}

const GATE: &str = "gate = { link = \"C3\", watch = \"J3\", close_above = \"11.9 m\", open_below = \"11.6 m\", \
                    travel_time = \"6 min\" }";

#[test]
fn a_gate_is_built_at_the_lower_end_of_its_conduit() {
    let edited = after(STREET, GATE);
    let text = text_of(&edited.network);
    for line in [
        // C3 starts 3 m under the ground of J3 and so ends 3 m under it
        "C3-end 11.2 3 0 0 0",
        "C3 J3 C3-end 100 0.013 0 0 0 0",
        "C3-gate C3-end O1 SIDE 0 0.65 NO 0.1",
        "C3-gate RECT_CLOSED 0.5 0.5 0 0",
        "C3-end 290 0",
        "RULE C3-gate-close",
        "IF NODE J3 HEAD > 11.9",
        "THEN ORIFICE C3-gate SETTING = 0",
        "RULE C3-gate-open",
        "IF NODE J3 HEAD < 11.6",
        "THEN ORIFICE C3-gate SETTING = 1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(matches!(works(&edited)[..], [Work::Gate { area }] if (area - 0.25).abs() < 1e-9));
    let ran = Ran::of(&edited.network);
    let setting = ran.setting("C3-gate");
    assert_eq!(setting[0], 1.0);
    assert!(setting.contains(&0.0), "{setting:?}");
    assert!(ran.depth("J3").iter().zip(&setting).all(|(depth, s)| *depth > 0.1 || *s > 0.0));
}

#[test]
fn a_gate_on_a_structure_is_a_rule_that_goes_before_the_old_ones() {
    let verb = "gate = { link = \"g1\", watch = \"H\", close_above = \"12.5 m\", flap = true, travel_time = \"36 s\" }";
    let edited = after(STATION, verb);
    let (less, more) = differences(STATION, &text_of(&edited.network));
    assert_eq!(less, ["G1 W H SIDE 4.5 0.65 NO 0"]);
    assert_eq!(
        more,
        [
            "G1 W H SIDE 4.5 0.65 YES 0.01",
            "RULE G1-gate-close",
            "IF NODE H HEAD > 12.5",
            "THEN ORIFICE G1 SETTING = 0",
            "PRIORITY 3",
            "RULE G1-gate-open",
            "IF NODE H HEAD < 12.5",
            "THEN ORIFICE G1 SETTING = 1",
            "PRIORITY 3",
        ]
    );
    assert_eq!(edited.warnings.len(), 1);
}

#[test]
fn a_flap_gate_alone_needs_no_structure() {
    let edited = after(STREET, "gate = { link = \"C3\", flap = true }");
    let (_, more) = differences(STREET, &text_of(&edited.network));
    assert_eq!(more, ["C3 0 0 0 YES"]);
}

#[test]
fn wrong_gates_are_refused() {
    refuses(STREET, "gate = { link = \"C3\" }", "neither closes by a level nor");
    refuses(STREET, "gate = { link = \"C9\", flap = true }", "no link `C9`");
    refuses(STREET, "gate = { link = \"C3\", watch = \"J3\" }", "give `close_above`");
    refuses(STREET, "gate = { link = \"C3\", close_above = \"1 m\" }", "give `watch`");
    refuses(STREET, &GATE.replace("11.6", "12.6"), "open above the level");
    refuses(STATION, "gate = { link = \"P1\", flap = true }", "a pump or an outlet has no gate");
}

const WEIR: &str = "weir = { id = \"W1\", from = \"J2\", to = \"J3\", crest = \"12.8 m\", length = \"2 m\" }";

#[test]
fn a_new_weir_opens_up_to_the_ground() {
    let edited = after(STREET, WEIR);
    let text = text_of(&edited.network);
    assert!(text.contains("W1 J2 J3 TRANSVERSE 1 1.84 NO 0 0 YES"), "{text}");
    assert!(text.contains("W1 RECT_OPEN 2 2 0 0"), "{text}");
    assert_eq!(works(&edited), [Work::Weir { length: 2.0 }]);
}

#[test]
fn a_weir_that_is_changed_keeps_what_is_not_named() {
    let built = text_of(&after(STREET, WEIR).network);
    let edited = after(&built, "weir = { id = \"w1\", crest = \"13.3 m\", coefficient = 1.7 }");
    let (_, more) = differences(&built, &text_of(&edited.network));
    // half a metre less up to the ground
    assert_eq!(more, ["W1 RECT_OPEN 1.5 2 0 0", "W1 J2 J3 TRANSVERSE 1.5 1.7 NO 0 0 YES"]);
    let change = change(&edited, "W1");
    assert_eq!(change.fields[0], field("crest (m)", "12.8", "13.3"));
    assert_eq!(change.works, [Work::Weir { length: 2.0 }]);
    let lower = after(&built, "weir = { id = \"W1\", crest = \"12.3 m\", length = \"4 m\", flap = true }");
    let (_, more) = differences(&built, &text_of(&lower.network));
    assert_eq!(more, ["W1 RECT_OPEN 2 4 0 0", "W1 J2 J3 TRANSVERSE 0.5 1.84 YES 0 0 YES"]);
}

#[test]
fn a_weir_in_feet_with_elevations() {
    let verb =
        "weir = { id = \"W1\", from = \"J2\", to = \"J3\", crest = \"12.8016 m\", length = \"3.048 m\" }";
    let text = text_of(&after(STREET_IN_FEET, verb).network);
    assert!(text.contains("W1 J2 J3 TRANSVERSE 42 3.332808358 NO 0 0 YES"), "{text}");
    assert!(text.contains("W1 RECT_OPEN 7.5 10 0 0"), "{text}");
}

#[test]
fn wrong_weirs_are_refused() {
    refuses(STREET, "weir = { id = \"W1\", crest = \"12 m\" }", "a new one lacks details");
    refuses(STREET, &WEIR.replace("W1", "C1"), "that is no weir");
    refuses(STREET, &WEIR.replace("12.8", "11.7"), "lies below the invert");
    refuses(STREET, &WEIR.replace("12.8", "14.8"), "at or above the ground");
    refuses(STREET, &WEIR.replace("J3", "O1"), "has a link already");
}
