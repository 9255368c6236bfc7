//! Pump stations.

use super::networks::{STATION, STREET_IN_FEET};
use super::*;
use crate::edit::Action;

const NEW: &str = "pump_station = { at = \"W\", duty = \"240 L/s\", pumps = 2, start = \"10 m\", \
                   stop = \"9 m\", standby = 1, wet_well_area = \"25 m2\", replaces = true }";

#[test]
fn a_station_replaces_pumps_and_the_rules_that_run_them() {
    let edited = after(STATION, NEW);
    let (less, more) = differences(STATION, &text_of(&edited.network));
    assert_eq!(
        less,
        [
            "W 8 6 0 0 20",
            "P1 W H old ON 1.5 0.5",
            "P2 W H old OFF 0 0",
            "RULE P2_ON",
            "IF NODE W DEPTH > 2",
            "THEN PUMP P2 STATUS = ON",
            "ELSE PUMP P2 STATUS = OFF",
            "LINKS C1 P1 P2",
            "Link P1 old",
        ]
    );
    // half a metre between the two pumps
    assert_eq!(
        more,
        [
            "W-pump1 W H W-pump OFF 2 1",
            "W-pump2 W H W-pump OFF 2.5 1.5",
            "[STORAGE]",
            "W 8 6 0 FUNCTIONAL 0 0 25 0 0",
            "W-pump PUMP4 0 120",
            "W-pump 100 120",
            "LINKS C1",
        ]
    );
    // standby pumps are installed too
    assert_eq!(works(&edited), [Work::PumpStation { flow: 0.24 }, Work::PumpStation { flow: 0.12 }]);
    assert_eq!(change(&edited, "P2").action, Action::Removed);
    assert_eq!(change(&edited, "P2_ON").action, Action::Removed);
    assert!(edited.warnings.iter().any(|warning| warning.message.contains("ponded")));
}

#[test]
fn pumps_start_one_after_the_other_and_stop() {
    let edited = after(STATION, NEW);
    let ran = Ran::of(&edited.network);
    let (first, second, level) = (ran.flow("W-pump1"), ran.flow("W-pump2"), ran.depth("W"));
    assert!(first.iter().all(|q| *q == 0.0 || (q - 0.12).abs() < 2e-4), "{first:?}");
    let start = |flow: &[f64]| flow.iter().position(|q| *q > 0.0).unwrap();
    assert!(start(&first) < start(&second));
    // 200 L/s is more than one gives, and less than two
    assert!(most(&level) > 2.0 && most(&level) < 3.5, "{}", most(&level));
    // 5 L/s at the end: the second has long stopped
    assert_eq!(second.last(), Some(&0.0));
    assert!(second.iter().skip(start(&second)).any(|q| *q == 0.0));
    assert_eq!(most(&ran.flooding("W")), 0.0);
}

#[test]
fn pumps_stay_beside_new_ones_unless_they_are_replaced() {
    let verb = NEW.replace(", replaces = true", "");
    let edited = after(STATION, &verb);
    let text = text_of(&edited.network);
    assert!(text.contains("P1 W H old ON") && text.contains("RULE P2_ON") && text.contains("W-pump1 W H"));
}

#[test]
fn a_wet_well_is_sized_by_its_pumps_when_nothing_else_does() {
    // 120 L/s, 10 min, 1 m: 18 m²
    let verb = NEW.replace("wet_well_area = \"25 m2\", ", "");
    let edited = after(STATION, &verb);
    assert!(text_of(&edited.network).contains("W 8 6 0 FUNCTIONAL 0 0 18 0 0"));
}

#[test]
fn a_station_in_feet_with_elevations_counts_depths_from_its_floor() {
    // J3 at 38.5 ft: 40.5 ft and 39.5 ft are 2 and 1 ft
    let verb = "pump_station = { at = \"J3\", to = \"S1\", duty = \"0.28316846592 m3/s\", start = \"12.3444 m\", \
                stop = \"12.0396 m\", wet_well_area = \"9.290304 m2\" }";
    let edited = after(STREET_IN_FEET, verb);
    let text = text_of(&edited.network);
    assert!(text.contains("J3-pump1 J3 S1 J3-pump OFF 2 1"), "{text}");
    assert!(text.contains("J3-pump PUMP4 0 10"), "{text}");
    assert!(text.contains("J3 38.5 10 0 FUNCTIONAL 0 0 100 0 0"), "{text}");
}

#[test]
fn wrong_stations_are_refused() {
    let other =
        STATION.replace("ELSE PUMP P2 STATUS = OFF", "AND ORIFICE G1 SETTING = 0\nELSE PUMP P2 STATUS = OFF");
    refuses(&other, NEW, "also acts on G1");
    let reads = STATION.replace("IF NODE H HEAD < 13", "IF PUMP P2 STATUS = OFF");
    refuses(&reads, NEW, "also acts on G1");
    refuses(STATION, &NEW.replace("9 m", "7 m"), "not above the floor");
    refuses(STATION, &NEW.replace("10 m", "9 m"), "starts no higher than it stops");
    refuses(STATION, &NEW.replace("10 m", "15 m"), "at the ground");
    let high = NEW.replace("\"9 m\"", "\"11 m\"").replace("\"10 m\"", "\"12 m\"");
    refuses(STATION, &high.replace("\"W\"", "\"A\""), "give `to`");
    let outfall = NEW.replace("\"9 m\"", "\"11.8 m\"").replace("\"10 m\"", "\"12 m\"");
    refuses(STATION, &outfall.replace("\"W\"", "\"O1\", to = \"A\""), "outfall or a divider");
}
