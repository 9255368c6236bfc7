//! Resize, parallel, link, roughness, silt and repair.

use super::networks::{STATION, STREET, STREET_IN_FEET};
use super::*;
use crate::edit::Action;
use crate::routing::Params;

fn full_flow(network: &Network, link: &str) -> f64 {
    let (model, _) = network.runnable().unwrap();
    let params = Params::compile(&model).unwrap();
    let id = model.links.find(link).unwrap();
    params.capacities(&model)[id.index()].full_flow
}

#[test]
fn a_resized_pipe_changes_only_its_own_lines() {
    let edited = after(STREET, "resize = { pipes = [\"c1\"], diameter = \"800 mm\" }");
    let (less, more) = differences(STREET, &text_of(&edited.network));
    assert_eq!(less, ["C1 CIRCULAR 0.5 0 0 0 1"]);
    assert_eq!(more, ["C1 CIRCULAR 0.8 0 0 0 1"]);
    let change = change(&edited, "C1");
    assert_eq!(change.fields, [field("cross-section", "CIRCULAR 0.5", "CIRCULAR 0.8")]);
    // both inverts lie 3 m under the ground
    assert_eq!(change.works, [Work::Pipe { length: 100.0, diameter: 0.8, depth: 3.0 }]);
    assert_eq!((change.action, change.phase.as_str()), (Action::Altered, "I"));
}

#[test]
fn a_bigger_pipe_never_carries_less() {
    let mut before = full_flow(&network(STREET), "C2");
    for diameter in [500, 510, 600, 900, 1500] {
        let verb = format!("resize = {{ pipes = [\"C2\"], diameter = \"{diameter} mm\", fix = \"soffit\" }}");
        let now = full_flow(&after(STREET, &verb).network, "C2");
        assert!(now >= before, "{diameter} mm: {now} < {before}");
        before = now;
    }
}

#[test]
fn a_pipe_fixed_at_its_soffit_goes_down_and_all_else_stays() {
    // 0.3 m more: C2 from 11.8 and 11.6 down to 11.5 and 11.3, which is below J2 (11.8) and J3 (11.5)
    let edited = after(STREET, "resize = { pipes = [\"C2\"], diameter = \"800 mm\", fix = \"soffit\" }");
    let (less, more) = differences(STREET, &text_of(&edited.network));
    assert_eq!(less.len(), 7);
    assert_eq!(
        more,
        [
            "J2 11.5 3.3 0 0 0",
            "J3 11.3 3.2 0 0 0",
            "C1 J1 J2 100 0.013 0 0.3 0 0",
            "C2 J2 J3 100 0.013 0 0 0 0",
            "C3 J3 O1 100 0.013 0.2 0 0 0",
            "D1 S1 J2 50 0.013 0 0.6 0 0",
            "C2 CIRCULAR 0.8 0 0 0 1",
        ]
    );
    let own = change(&edited, "C2");
    assert_eq!(
        own.fields,
        [
            field("cross-section", "CIRCULAR 0.5", "CIRCULAR 0.8"),
            field("upper invert (m)", "11.8", "11.5"),
            field("lower invert (m)", "11.6", "11.3"),
        ]
    );
    assert_eq!(change(&edited, "C1").works, []);
}

#[test]
fn elevations_stay_as_they_are_written_when_a_node_goes_down() {
    // 0.5 ft more: C2 from 39.5 and 39 ft to 39 and 38.5 ft; J2 goes down to 39, J3 stays at 38.5
    let verb = "resize = { pipes = [\"C2\"], diameter = \"609.6 mm\", fix = \"soffit\" }";
    let edited = after(STREET_IN_FEET, verb);
    let (_, more) = differences(STREET_IN_FEET, &text_of(&edited.network));
    assert_eq!(
        more,
        [
            "J2 39 10.5 0 0 0",
            // `*` was the invert of J2
            "C1 J1 J2 300 0.013 * 39.5 0 0",
            "C2 J2 J3 300 0.013 39 38.5 0 0",
            "C2 CIRCULAR 2 0 0 0 1",
        ]
    );
    assert_eq!(change(&edited, "C2").fields[0].after, "CIRCULAR 2");
}

#[test]
fn sizes_are_steps_of_the_catalogue_which_gives_its_roughness() {
    let edited = after(STREET, "resize = { where = \"diameter < 600 mm\", sizes = 2, catalogue = \"RC\" }");
    let (_, more) = differences(STREET, &text_of(&edited.network));
    assert_eq!(
        more,
        [
            "C1 J1 J2 100 0.014 0 0 0 0",
            "C2 J2 J3 100 0.014 0 0.1 0 0",
            "C1 CIRCULAR 0.8 0 0 0 1",
            "C2 CIRCULAR 0.8 0 0 0 1",
        ]
    );
    // 550 mm is not sold
    let edited = after(
        STREET,
        "resize = { pipes = [\"C1\"], diameter = \"550 mm\", catalogue = \"RC\", roughness = 0.012 }",
    );
    assert!(text_of(&edited.network).contains("C1 J1 J2 100 0.012 0 0"));
    assert!(text_of(&edited.network).contains("C1 CIRCULAR 0.6"));
}

/// storms.md, section 7: 12 ha at 3 a give 1672.54 L/s, for which a pipe of 0.2 % needs DN1200.
const DISTRICT: &str = "\
[OPTIONS]
FLOW_UNITS CMS
FLOW_ROUTING DYNWAVE
[RAINGAGES]
G INTENSITY 0:05 1 TIMESERIES T
[TIMESERIES]
T 0 0
T 2 0
[SUBCATCHMENTS]
S G A 12 50 100 1 0
[SUBAREAS]
S 0.01 0.1 1 1 25 OUTLET
[INFILTRATION]
S 60 6 4 7 0
[JUNCTIONS]
A 10 3
B 9.8 3
[OUTFALLS]
O 9.6 FREE
[CONDUITS]
P A B 100 0.013 0 0
Q B O 100 0.013 0 0
[XSECTIONS]
P CIRCULAR 0.8 0 0 0
Q CIRCULAR 2 0 0 0
";

/// The district's ground, with its formula and pipes up to DN1500.
fn rated_site(base: &Network) -> Site {
    let mut site = site(base);
    site.formula = Some(crate::scenario::storm::IntensityFormula::of_user(1984.0, 0.77, 9.0, 0.77));
    site.runoff_coefficient = Some(0.65);
    site.inlet_time = 18.0 * 60.0;
    site.catalogues.0[0].roughness = 0.013;
    site.catalogues.0[0].diameters.extend([1.1, 1.2, 1.5]);
    site
}

#[test]
fn a_return_period_chooses_from_the_catalogue_and_never_less_than_there_is() {
    let base = network(DISTRICT);
    let site = rated_site(&base);
    let verb = measure("resize = { pipes = [\"P\", \"Q\"], for_return_period = \"3 a\" }");
    let edited = apply(&base, &site, 0, &verb).unwrap();
    let (less, more) = differences(DISTRICT, &text_of(&edited.network));
    assert_eq!(
        (less, more),
        (vec!["P CIRCULAR 0.8 0 0 0".to_owned()], vec!["P CIRCULAR 1.2 0 0 0".to_owned()])
    );
    // what 0.5914 m3/s of the DN800 leaves of 1.6725 m3/s takes 1003 mm
    let verb = measure("parallel = { pipes = [\"P\", \"Q\"], for_return_period = \"3 a\" }");
    let edited = apply(&base, &site, 0, &verb).unwrap();
    let (_, more) = differences(DISTRICT, &text_of(&edited.network));
    assert_eq!(more, ["P-p A B 100 0.013 0 0 0 0", "P-p CIRCULAR 1.1 0 0 0 1"]);
    let lone = Site { formula: None, ..site };
    assert!(apply(&base, &lone, 0, &verb).unwrap_err()[0].help.contains("capacity_storm"));
}

#[test]
fn no_pipe_gets_smaller() {
    let edited = after(STREET, "resize = { pipes = [\"C1\"], diameter = \"300 mm\" }");
    assert_eq!(text_of(&edited.network), STREET);
    assert_eq!(edited.changes, []);
    assert!(edited.warnings[0].message.contains("left at 500 mm"), "{}", edited.warnings[0]);
}

#[test]
fn a_square_conduit_becomes_a_circle_and_says_so() {
    let text = STREET.replace("C1 CIRCULAR 0.5 0 0 0 1", "C1 RECT_CLOSED 0.5 0.4 0 0 2");
    let edited = after(&text, "resize = { pipes = [\"C1\"], diameter = \"600 mm\" }");
    assert!(text_of(&edited.network).contains("C1 CIRCULAR 0.6 0 0 0 2"));
    let change = change(&edited, "C1");
    assert_eq!(change.fields[0], field("cross-section", "RECT_CLOSED 0.5 0.4", "CIRCULAR 0.6"));
    // a pipe for each barrel
    assert_eq!(change.works.len(), 2);
}

#[test]
fn wrong_resizes_are_refused() {
    let open = STREET.replace("C1 CIRCULAR 0.5 0 0 0 1", "C1 TRAPEZOIDAL 1 1 1 1 1");
    refuses(&open, "resize = { pipes = [\"C1\"], diameter = \"1 m\" }", "an open channel is not resized");
    refuses(STREET, "resize = { pipes = [\"C9\"], diameter = \"1 m\" }", "no conduit `C9`");
    refuses(STREET, "resize = { pipes = [\"C1\"] }", "does not say which diameter");
    refuses(STREET, "resize = { pipes = [\"C1\"], diameter = \"1 m\", sizes = 1 }", "give one of");
    refuses(STREET, "resize = { pipes = [\"C1\"], sizes = 9 }", "has no 9 sizes above 500 mm");
    refuses(STREET, "resize = { pipes = [\"C1\"], sizes = 1, catalogue = \"Tin\" }", "known are: RC");
    refuses(STREET, "resize = { diameter = \"1 m\" }", "names no pipes");
    refuses(STREET, "resize = { where = \"tag = N9\", diameter = \"1 m\" }", "not resolved");
    refuses(STATION, "resize = { pipes = [\"P1\"], diameter = \"1 m\" }", "no conduit");
    let two = problems(STREET, "resize = { pipes = [\"C8\", \"C9\"], diameter = \"1 m\" }");
    assert_eq!(two.len(), 2);
}

#[test]
fn a_rule_that_picks_nothing_is_a_warning() {
    let edited = after(STREET, "resize = { where = \"diameter < 100 mm\", diameter = \"1 m\" }");
    assert_eq!(text_of(&edited.network), STREET);
    assert!(edited.warnings[0].message.contains("picks no pipe"));
}

#[test]
fn depths_in_rules_and_of_pumps_follow_a_lowered_node() {
    // C1 enters W 1.5 m above its floor; a pipe of 2.4 m at its soffit goes 0.3 m below the floor
    let text = STATION.replace("old PUMP2 1 10 6 20", "old PUMP2 6 20").replace("A 10 4", "A 10 9");
    let edited = after(&text, "resize = { pipes = [\"C1\"], diameter = \"2.4 m\", fix = \"soffit\" }");
    let now = text_of(&edited.network);
    assert!(now.contains("W 7.7 6.3 0 0 20"), "{now}");
    assert!(now.contains("P1 W H old ON 1.8 0.8") && now.contains("P2 W H old OFF 0 0"), "{now}");
    assert!(now.contains("IF NODE W DEPTH > 2.3"), "{now}");
    assert!(now.contains("G1 W H SIDE 4.8"), "{now}");
    // a pump that gives more the deeper the water cannot follow
    let text = STATION.replace("A 10 4", "A 10 9");
    let found = problems(&text, "resize = { pipes = [\"C1\"], diameter = \"2.4 m\", fix = \"soffit\" }");
    assert!(found[0].message.contains("its flow follows the depth"), "{found:#?}");
}

#[test]
fn a_parallel_pipe_lies_beside_with_all_that_its_neighbour_has() {
    let edited = after(STREET, "parallel = { pipes = [\"C2\"], diameter = \"400 mm\" }");
    let (less, more) = differences(STREET, &text_of(&edited.network));
    assert_eq!(less, [""; 0]);
    assert_eq!(
        more,
        [
            "C2-p J2 J3 100 0.013 0 0.1 0 0",
            "C2-p CIRCULAR 0.4 0 0 0 1",
            "C2-p 0.2 0.5 0 NO 0",
            "Link C2-p old",
            "C2-p 150 5",
        ]
    );
    // 3 and 2.9 m
    assert_eq!(works(&edited), [Work::Pipe { length: 100.0, diameter: 0.4, depth: 2.95 }]);
    let ran = Ran::of(&edited.network);
    assert!(most(&ran.flow("C2-p")) > 0.05);
    // a second one finds another name
    let site = site(&network(STREET));
    let again =
        apply(&edited.network, &site, 1, &measure("parallel = { pipes = [\"C2\"], diameter = \"400 mm\" }"));
    assert_eq!(again.unwrap().changes[0].element, "C2-p2");
}

#[test]
fn a_new_link_takes_its_length_from_the_plan() {
    let verb = "link = { id = \"N\", from = \"J2\", to = \"O9\", outfall_invert = \"11 m\", \
                outfall_at = [100.0, -60.0], diameter = \"1 m\", invert_up = \"12 m\", flap_gate = true }";
    let edited = after(STREET, verb);
    let (less, more) = differences(STREET, &text_of(&edited.network));
    assert_eq!(less, [""; 0]);
    assert_eq!(
        more,
        ["O9 11 FREE NO", "N J2 O9 60 0.013 0.2 0 0 0", "N CIRCULAR 1 0 0 0 1", "N 0 0 0 YES", "O9 100 -60",]
    );
    // the ground at the outfall is not known: J2's 14.8 m above 12 m
    let pipe = Work::Pipe { length: 60.0, diameter: 1.0, depth: 2.8 };
    let works = works(&edited);
    assert!(works.contains(&Work::Outfall) && works.len() == 3, "{works:?}");
    assert!(works.iter().any(|work| match (work, pipe) {
        (Work::Pipe { depth, length, .. }, Work::Pipe { depth: d, length: l, .. }) =>
            (depth - d).abs() < 1e-9 && *length == l,
        _ => false,
    }));
    let ran = Ran::of(&edited.network);
    assert!(most(&ran.flow("N")) > 0.0);
}

#[test]
fn a_new_link_in_feet_with_elevations() {
    let verb = "link = { id = \"N\", from = \"J2\", to = \"J3\", diameter = \"609.6 mm\" }";
    let edited = after(STREET_IN_FEET, verb);
    let (_, more) = differences(STREET_IN_FEET, &text_of(&edited.network));
    assert_eq!(more, ["N J2 J3 300 0.013 39.5 38.5 0 0", "N CIRCULAR 2 0 0 0 1"]);
}

#[test]
fn wrong_links_are_refused() {
    let verb = |details: &str| format!("link = {{ diameter = \"1 m\", {details} }}");
    refuses(STREET, &verb("id = \"C1\", from = \"J1\", to = \"J2\""), "there is a link of this name");
    refuses(STREET, &verb("id = \"N\", from = \"J1\", to = \"J9\""), "no node `J9`");
    refuses(STREET, &verb("id = \"N\", from = \"J1\", to = \"O1\""), "has a link already");
    refuses(
        STREET,
        &verb("id = \"N\", from = \"J1\", to = \"J3\", invert_up = \"11 m\""),
        "lies below that of node J1",
    );
    refuses(
        STREET,
        &verb("id = \"N\", from = \"J1\", to = \"O9\", outfall_invert = \"9 m\""),
        "does not follow from the plan",
    );
    refuses(
        STREET,
        &verb("id = \"N\", from = \"J1\", to = \"J3\", outfall_invert = \"9 m\""),
        "there is a node `J3` already",
    );
}

#[test]
fn a_lining_takes_its_wall_off_the_diameter() {
    let edited = after(STREET, "roughness = { pipes = [\"C1\"], to = 0.010, wall = \"20 mm\" }");
    let (_, more) = differences(STREET, &text_of(&edited.network));
    assert_eq!(more, ["C1 J1 J2 100 0.01 0 0 0 0", "C1 CIRCULAR 0.48 0 0 0 1"]);
    assert_eq!(works(&edited), [Work::Lining { length: 100.0, diameter: 0.5 }]);
    let edited = after(STREET, "roughness = { pipes = [\"C1\"], to = 0.012, method = \"cleaning\" }");
    assert_eq!(works(&edited), [Work::Cleaning { length: 100.0, diameter: 0.5 }]);
    let edited = after(STREET, "roughness = { pipes = [\"C1\"], to = 0.018, method = \"ageing\" }");
    assert_eq!((works(&edited), edited.changes.len()), (Vec::new(), 1));
    refuses(STREET, "roughness = { pipes = [\"C1\"], to = 0.0 }", "not above 0");
    refuses(STREET, "roughness = { pipes = [\"C1\"], to = 0.01, wall = \"1 m\" }", "does not fit");
}

#[test]
fn silt_fills_a_pipe_and_cleaning_takes_it_out() {
    let edited = after(STREET, "silt = { pipes = [\"C1\"], depth = \"20 %\" }");
    let filled = text_of(&edited.network);
    let (_, more) = differences(STREET, &filled);
    assert_eq!(more, ["C1 FILLED_CIRCULAR 0.5 0.1 0 0 1"]);
    assert_eq!(works(&edited), []);
    assert!(full_flow(&edited.network, "C1") < full_flow(&network(STREET), "C1"));
    let cleaned = after(&filled, "silt = { pipes = [\"C1\"], depth = \"0 %\" }");
    assert_eq!(text_of(&cleaned.network), STREET);
    assert_eq!(works(&cleaned), [Work::Cleaning { length: 100.0, diameter: 0.5 }]);
    let square = STREET.replace("C1 CIRCULAR 0.5 0 0 0 1", "C1 RECT_CLOSED 0.5 0.5 0 0 1");
    refuses(&square, "silt = { pipes = [\"C1\"], depth = \"20 %\" }", "circular pipes only");
    refuses(STREET, "silt = { pipes = [\"C1\"], depth = \"100 %\" }", "does not fit");
}

#[test]
fn stopped_leaks_lower_the_constant_inflow_once() {
    // C1 leaves J1 (0.01), C2 leaves J2 (0.004); C3 leaves J3, where nothing leaks in
    let verb = "repair = { pipes = [\"C1\", \"C2\", \"C3\"], infiltration_stopped = \"60 %\" }";
    let edited = after(STREET, verb);
    let (_, more) = differences(STREET, &text_of(&edited.network));
    assert_eq!(more, ["J1 FLOW surge FLOW 1 1 0.004", "J2 FLOW \"\" FLOW 1 1 0.0016"]);
    assert_eq!(works(&edited), [Work::Lining { length: 100.0, diameter: 0.5 }; 2]);
    let again = apply(&edited.network, &site(&network(STREET)), 1, &measure(verb)).unwrap();
    assert_eq!((text_of(&again.network), again.changes), (text_of(&edited.network), Vec::new()));
}

#[test]
fn a_flap_gate_is_a_line_of_losses() {
    let edited = after(STREET, "repair = { pipes = [\"C2\", \"C3\"], flap_gate = true }");
    let (_, more) = differences(STREET, &text_of(&edited.network));
    assert_eq!(more, ["C2 0.2 0.5 0 YES 0", "C3 0 0 0 YES"]);
    let area = std::f64::consts::FRAC_PI_4 * 0.25;
    for work in works(&edited) {
        assert!(matches!(work, Work::FlapGate { area: of } if (of - area).abs() < 1e-9), "{work:?}");
    }
    refuses(STREET, "repair = { pipes = [\"C2\"] }", "repairs nothing");
    let open = STREET.replace("C1 CIRCULAR 0.5 0 0 0 1", "C1 TRAPEZOIDAL 1 1 1 1 1");
    refuses(&open, "repair = { pipes = [\"C1\"], infiltration_stopped = \"10 %\" }", "open channel");
}

#[test]
fn what_is_not_simulated_is_refused_by_name() {
    let found = problems(STREET, "inlets = { links = [\"C1\"], number = 4 }");
    assert!(found[0].to_string().contains("not simulated yet") && found[0].message.contains("inlets"));
    let lid = "lid = { subcatchments = [\"S\"], kind = \"swale\", area = \"1 ha\", from = \"impervious\" }";
    assert!(problems(STREET, lid)[0].message.contains("lid"));
}
