//! Claims about the language of control rules.

use super::*;
use crate::clock::DateTime;
use crate::model::GaugeId;
use crate::model::curve::{Curve, CurveKind, TimeSeries};
use crate::model::link::{Conduit, Link, Orifice, OutletDriver, OutletLink, OutletRating, Pump, PumpKind};
use crate::model::node::{Node, NodeKind};
use crate::model::section::Shape;
use crate::model::weather::{Gauge, RainKind, RainSource};
use crate::model::{CurveId, NodeId, SeriesId};
use proptest::prelude::*;

/// Nodes A and B; conduit C, pump P, orifice O, outlet L; gauge G; curve K; series T.
fn model() -> Model {
    let mut model = Model::default();
    let node = Node::new(NodeKind::Junction, 0.0, 2.0);
    model.nodes.insert("A", node.clone());
    model.nodes.insert("B", node);
    let link = |kind| Link::new(kind, NodeId(0), NodeId(1));
    let shape = Shape::Circular { diameter: 1.0 };
    let conduit = Conduit::new(100.0, 0.01, shape.clone());
    let pump = Pump { kind: PumpKind::Ideal, initially_on: true, startup_depth: 0.0, shutoff_depth: 0.0 };
    let orifice = Orifice { bottom: false, shape, coefficient: 0.6, gate_time: 0.0 };
    let rating = OutletRating::Functional { coefficient: 1.0, exponent: 0.5 };
    model.links.insert("C", link(LinkKind::Conduit(conduit)));
    model.links.insert("P", link(LinkKind::Pump(pump)));
    model.links.insert("O", link(LinkKind::Orifice(orifice)));
    model.links.insert("L", link(LinkKind::Outlet(OutletLink { driver: OutletDriver::Head, rating })));
    model.series.insert("T", TimeSeries::default());
    model.curves.insert("K", Curve { kind: CurveKind::Control, x: vec![0.0, 1.0], y: vec![0.0, 1.0] });
    let source = RainSource::Series(SeriesId(0));
    model.gauges.insert("G", Gauge { kind: RainKind::Intensity, interval: 3600, snow_catch: 1.0, source });
    model
}

fn lines(text: &str) -> Vec<RuleLine> {
    let line = |(number, text): (usize, &str)| {
        let tokens: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let place = |token: &String| Place {
            file: "m.inp".into(),
            line: number + 1,
            column: text.find(token.as_str()).unwrap_or(0) + 1,
            text: text.to_owned(),
            token: token.clone(),
        };
        RuleLine { places: tokens.iter().map(place).collect(), tokens }
    };
    text.lines().enumerate().map(line).collect()
}
fn parse(text: &str) -> (Controls, Vec<Diagnostic>) {
    read(&lines(text), &model())
}
fn good(text: &str) -> Controls {
    let (controls, problems) = parse(text);
    assert_eq!(problems, [], "{text}");
    controls
}
/// The first premise of `RULE R / IF condition`.
fn premise(condition: &str) -> Premise {
    good(&format!("RULE R\nIF {condition}")).rules[0].premises[0]
}
fn action(text: &str) -> ActionClause {
    good(&format!("RULE R\nIF NODE A DEPTH > 1\nTHEN {text}")).rules[0].then_actions[0]
}
/// Code and offending token of the only problem of a text.
fn only_problem(text: &str) -> (u16, String) {
    let (_, problems) = parse(text);
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    assert!(!problems[0].help.is_empty() || [203, 211].contains(&problems[0].code), "{problems:?}");
    let place = problems[0].place.as_ref().expect("a place");
    (problems[0].code, place.token.clone())
}
fn condition_problem(condition: &str) -> (u16, String) {
    only_problem(&format!("RULE R\nIF {condition}"))
}
fn action_problem(action: &str) -> (u16, String) {
    only_problem(&format!("RULE R\nIF NODE A DEPTH > 1\nTHEN {action}"))
}

#[test]
fn a_rule_keeps_its_clauses_in_order() {
    let controls = good(
        "RULE R1\nIF NODE A DEPTH > 1.5\nand LINK C FLOW <= 3\nOR SIMULATION TIME = 2:30\n\
         THEN PUMP P STATUS = ON\nAND ORIFICE O SETTING = 0.5\nELSE PUMP P STATUS = off\nPRIORITY 4.5\n\
         RULE R2\nIF NODE B HEAD < 7\nTHEN CONDUIT C STATUS = CLOSED",
    );
    let rule = &controls.rules[0];
    assert_eq!(rule.name, "R1");
    let joints: Vec<Joint> = rule.premises.iter().map(|premise| premise.joint).collect();
    assert_eq!(joints, [Joint::And, Joint::And, Joint::Or]);
    assert_eq!(rule.premises[1].relation, Relation::LessOrEqual);
    assert_eq!(rule.premises[1].comparand, Comparand::Number(3.0));
    let constant = |link, setting| ActionClause { link: LinkId(link), setting: Setting::Constant(setting) };
    assert_eq!(rule.then_actions, [constant(1, 1.0), constant(2, 0.5)]);
    assert_eq!(rule.else_actions, [constant(1, 0.0)]);
    assert_eq!(rule.priority, 4.5);
    assert_eq!(controls.rules[1].then_actions, [constant(0, 0.0)]);
    assert_eq!(controls.rules[1].priority, 0.0);
}

#[test]
fn every_object_gives_its_attributes() {
    use LinkAttribute as L;
    use NodeAttribute as N;
    let subject = |text: &str| premise(text).subject;
    for (word, attribute) in [
        ("DEPTH", N::Depth),
        ("MAXDEPTH", N::MaxDepth),
        ("HEAD", N::Head),
        ("VOLUME", N::Volume),
        ("INFLOW", N::Inflow),
    ] {
        let expected = Subject::Reading(Reading::Node(NodeId(1), attribute));
        assert_eq!(subject(&format!("NODE B {word} > 1")), expected);
    }
    for (object, attribute) in [
        ("LINK C DEPTH > 1", L::Depth),
        ("CONDUIT C FLOW > 1", L::Flow),
        ("CONDUIT C FULLFLOW > 1", L::FullFlow),
        ("CONDUIT C FULLDEPTH > 1", L::FullDepth),
        ("LINK C LENGTH > 1", L::Length),
        ("LINK C SLOPE > 1", L::Slope),
        ("LINK C VELOCITY > 1", L::Velocity),
        ("LINK C STATUS = OPEN", L::Status),
        ("PUMP C SETTING > 1", L::Setting),
        ("WEIR C FLOW > 1", L::Flow),
        ("OUTLET C TIMEOPEN > 1", L::TimeOpen),
        ("LINK C TIMECLOSED > 1", L::TimeClosed),
    ] {
        assert_eq!(subject(object), Subject::Reading(Reading::Link(LinkId(0), attribute)), "{object}");
    }
    for (object, attribute) in [
        ("TIME > 1", ClockAttribute::Time),
        ("DATE > 1/2/2026", ClockAttribute::Date),
        ("CLOCKTIME > 1", ClockAttribute::ClockTime),
        ("DAYOFYEAR > 1", ClockAttribute::DayOfYear),
        ("DAYOFWEEK > 1", ClockAttribute::DayOfWeek),
        ("MONTH > 1", ClockAttribute::Month),
    ] {
        let expected = Subject::Reading(Reading::Clock(attribute));
        assert_eq!(subject(&format!("SIMULATION {object}")), expected, "{object}");
    }
    let gauge = |attribute| Subject::Reading(Reading::Gauge(GaugeId(0), attribute));
    assert_eq!(subject("GAGE G INTENSITY > 1"), gauge(GaugeAttribute::Intensity));
    assert_eq!(subject("GAGE G 6-HR_PRECIP > 1"), gauge(GaugeAttribute::PastRain(6)));
}

#[test]
fn values_are_read_as_their_attribute_asks() {
    let value = |text: &str| premise(text).comparand;
    assert_eq!(value("NODE A DEPTH >= -1.5e-1"), Comparand::Number(-0.15));
    assert_eq!(value("PUMP P STATUS = ON"), Comparand::Number(1.0));
    assert_eq!(value("LINK C STATUS = Closed"), Comparand::Number(0.0));
    assert_eq!(value("SIMULATION TIME > 1.5"), Comparand::Time(5400.0));
    assert_eq!(value("SIMULATION TIME > 30:15"), Comparand::Time(108_900.0));
    assert_eq!(value("SIMULATION CLOCKTIME > 8:30:10"), Comparand::Time(30_610.0));
    assert_eq!(value("PUMP P TIMEOPEN > 0:30"), Comparand::Time(1800.0));
    let date = DateTime::from_date(2026, 7, 21).unwrap();
    assert_eq!(value("SIMULATION DATE = 7/21/2026"), Comparand::Date(date));
    assert_eq!(value("SIMULATION DATE = jul-21-2026"), Comparand::Date(date));
    assert_eq!(value("SIMULATION DAY = 7"), Comparand::Number(7.0));
    assert_eq!(value("SIMULATION DAYOFYEAR = 200"), Comparand::Number(200.0));
    assert_eq!(value("SIMULATION DAYOFYEAR = 3/1"), Comparand::Number(60.0));
    assert_eq!(value("SIMULATION DAYOFYEAR = 12/31"), Comparand::Number(365.0));
    let depth = Reading::Link(LinkId(0), LinkAttribute::Depth);
    assert_eq!(value("NODE A DEPTH > LINK C DEPTH"), Comparand::Reading(depth));
}

#[test]
fn settings_come_from_numbers_curves_series_and_controllers() {
    assert_eq!(action("PUMP P SETTING = 1.3").setting, Setting::Constant(1.3));
    assert_eq!(action("OUTLET L SETTING = CURVE K").setting, Setting::Curve(CurveId(0)));
    assert_eq!(action("ORIFICE O SETTING = TIMESERIES T").setting, Setting::Series(SeriesId(0)));
    let pid = Setting::Pid { gain: 0.1, integral_minutes: -0.01, derivative_minutes: 2.0 };
    assert_eq!(action("ORIFICE O SETTING = PID .1 -0.01 2"), ActionClause { link: LinkId(2), setting: pid });
}

#[test]
fn variables_and_expressions_stand_for_what_they_read() {
    let controls = good(
        "VARIABLE DA = NODE A DEPTH\nVARIABLE NOW = SIMULATION CLOCKTIME\nVARIABLE QC = LINK C FLOW\n\
         EXPRESSION NET = QC * 2 + DA ^ 2 - 0.1\n\
         RULE R\nIF NET > 1.5\nAND DA < 3\nOR NOW < 20:00\nAND NODE B DEPTH > DA",
    );
    let premises = &controls.rules[0].premises;
    assert_eq!(premises[0].subject, Subject::Expression(ExpressionId(0)));
    let depth = Reading::Node(NodeId(0), NodeAttribute::Depth);
    assert_eq!(premises[1].subject, Subject::Reading(depth));
    assert_eq!(premises[2].comparand, Comparand::Time(72_000.0));
    assert_eq!(premises[3].comparand, Comparand::Reading(depth));
    let value = controls.expressions[0].formula.value(&|variable| [2.0, 9.0, 3.0][variable as usize]);
    assert_eq!(value, 9.9);
}

#[test]
fn clauses_out_of_order_are_refused() {
    let problem = |text: &str| only_problem(text);
    let token = |token: &str| (217, token.to_owned());
    assert_eq!(problem("IF NODE A DEPTH > 1"), token("IF"));
    assert_eq!(problem("RULE R\nTHEN PUMP P STATUS = ON"), token("THEN"));
    assert_eq!(problem("RULE R\nAND NODE A DEPTH > 1"), token("AND"));
    assert_eq!(problem("RULE R\nIF NODE A DEPTH > 1\nIF NODE A DEPTH > 2"), token("IF"));
    let rule = "RULE R\nIF NODE A DEPTH > 1\nTHEN PUMP P STATUS = ON\n";
    assert_eq!(problem(&format!("{rule}OR NODE A DEPTH > 1")), token("OR"));
    assert_eq!(problem(&format!("{rule}PRIORITY 1\nPRIORITY 2")), token("PRIORITY"));
    assert_eq!(problem(&format!("{rule}ELSE PUMP P STATUS = OFF\nELSE PUMP P STATUS = ON")), token("ELSE"));
    assert_eq!(problem("RULE R\nIF NODE A DEPTH > 1\nELSE PUMP P STATUS = OFF"), token("ELSE"));
    assert_eq!(problem("RULE R\nIF NODE A DEPTH > 1\nPRIORITY 1"), token("PRIORITY"));
    assert_eq!(problem("RULE my rule"), token("rule"));
    assert_eq!(problem(&format!("{rule}PRIORITY 1 2")), token("2"));
    assert_eq!(condition_problem("NODE A DEPTH > 1 AND NODE B DEPTH > 1"), token("AND"));
    assert_eq!(action_problem("PUMP P STATUS = ON PRIORITY 2"), token("PRIORITY"));
}

#[test]
fn unknown_words_names_and_numbers_are_marked() {
    let token = |code: u16, token: &str| (code, token.to_owned());
    assert_eq!(only_problem("WHEN NODE A DEPTH > 1"), token(205, "WHEN"));
    assert_eq!(only_problem("RULE R\nRULE R"), token(207, "R"));
    assert_eq!(condition_problem("POND A DEPTH > 1"), token(205, "POND"));
    assert_eq!(condition_problem("NODE A FLOW > 1"), token(205, "FLOW"));
    assert_eq!(condition_problem("PUMP P DEPTH > 1"), token(205, "DEPTH"));
    assert_eq!(condition_problem("LINK C SETTING > 1"), token(205, "SETTING"));
    assert_eq!(condition_problem("SIMULATION DEPTH > 1"), token(205, "DEPTH"));
    assert_eq!(condition_problem("GAGE G DEPTH > 1"), token(205, "DEPTH"));
    assert_eq!(condition_problem("GAGE G 49-HR_PRECIP > 1"), token(205, "49-HR_PRECIP"));
    assert_eq!(condition_problem("NODE X DEPTH > 1"), token(209, "X"));
    assert_eq!(condition_problem("NODE A DEPTH => 1"), token(205, "=>"));
    assert_eq!(condition_problem("NODE A DEPTH > deep"), token(211, "deep"));
    assert_eq!(condition_problem("NODE A DEPTH > nan"), token(211, "nan"));
    assert_eq!(condition_problem("NODE A DEPTH > 1e999"), token(211, "1e999"));
    assert_eq!(condition_problem("NODE A DEPTH > NODE X DEPTH"), token(217, "X"));
    assert_eq!(condition_problem("LINK C STATUS = 1"), token(205, "1"));
    assert_eq!(condition_problem("SIMULATION TIME > soon"), token(213, "soon"));
    assert_eq!(condition_problem("SIMULATION CLOCKTIME > -8:00"), token(213, "-8:00"));
    assert_eq!(condition_problem("SIMULATION DATE > 13/1/2026"), token(213, "13/1/2026"));
    assert_eq!(condition_problem("SIMULATION DATE > 1"), token(213, "1"));
    assert_eq!(condition_problem("SIMULATION MONTH > 13"), token(213, "13"));
    assert_eq!(condition_problem("SIMULATION DAY > 0"), token(213, "0"));
    assert_eq!(condition_problem("SIMULATION DAYOFYEAR > 366"), token(213, "366"));
    assert_eq!(action_problem("NODE A DEPTH = 1"), token(205, "NODE"));
    assert_eq!(action_problem("LINK C STATUS = OPEN"), token(205, "LINK"));
    assert_eq!(action_problem("PUMP X STATUS = ON"), token(209, "X"));
    assert_eq!(action_problem("PUMP C STATUS = ON"), token(209, "C"));
    assert_eq!(action_problem("CONDUIT C SETTING = 1"), token(205, "SETTING"));
    assert_eq!(action_problem("ORIFICE O STATUS = OPEN"), token(205, "STATUS"));
    assert_eq!(action_problem("ORIFICE O SETTING = 1.2"), token(211, "1.2"));
    assert_eq!(action_problem("PUMP P STATUS = OPEN"), token(205, "OPEN"));
    assert_eq!(action_problem("PUMP P SETTING = fast"), token(211, "fast"));
    assert_eq!(action_problem("PUMP P SETTING = CURVE X"), token(209, "X"));
    assert_eq!(action_problem("PUMP P SETTING = TIMESERIES X"), token(209, "X"));
    assert_eq!(action_problem("PUMP P SETTING = PID 1 2 x"), token(211, "x"));
    assert_eq!(only_problem("VARIABLE DEPTH = NODE A DEPTH"), token(205, "DEPTH"));
    assert_eq!(only_problem("VARIABLE V is NODE A DEPTH"), token(205, "is"));
}

#[test]
fn short_lines_are_marked_as_a_whole() {
    let whole = (203, String::new());
    assert_eq!(only_problem("RULE"), whole);
    assert_eq!(condition_problem("NODE A"), whole);
    assert_eq!(condition_problem("NODE A DEPTH >"), whole);
    assert_eq!(action_problem("PUMP P STATUS ="), whole);
    assert_eq!(action_problem("PUMP P SETTING = CURVE"), whole);
    assert_eq!(action_problem("PUMP P SETTING = PID 1 2"), whole);
    assert_eq!(only_problem("VARIABLE V = NODE A"), whole);
    assert_eq!(only_problem("EXPRESSION E ="), whole);
}

#[test]
fn errors_in_formulas_point_at_their_token() {
    let variable = "VARIABLE V = NODE A DEPTH\n";
    let problem = |formula: &str| only_problem(&format!("{variable}EXPRESSION E = {formula}"));
    assert_eq!(problem("1 + V * W"), (233, "W".to_owned()));
    assert_eq!(problem("( 1 + V"), (233, "V".to_owned()), "the end belongs to the last token");
    assert_eq!(problem("V > 2"), (233, ">".to_owned()));
}

#[test]
fn unlike_attributes_draw_warning_11() {
    let (controls, problems) = parse("RULE R\nIF NODE A DEPTH > LINK C FLOW");
    assert_eq!(controls.rules[0].premises.len(), 1);
    assert_eq!((problems[0].code, problems[0].severity), (11, crate::diagnostic::Severity::Warning));
    assert_eq!(problems[0].element, "Rule R");
    assert_eq!(parse("RULE R\nIF NODE A DEPTH > LINK C DEPTH").1, []);
}

#[test]
fn what_swmm_reads_otherwise_than_it_looks_draws_a_warning() {
    let rest = "VARIABLE Q1 = LINK C FLOW\nRULE R\nIF Q10 > 3";
    assert_eq!(only_problem(rest), (0, "Q10".to_owned()));
    let reading = Reading::Link(LinkId(0), LinkAttribute::Flow);
    assert_eq!(parse(rest).0.rules[0].premises[0].subject, Subject::Reading(reading));
    assert_eq!(only_problem("VARIABLE Q1 = LINK C FLOW\nEXPRESSION E = 2 * Q10"), (0, "Q10".to_owned()));
    assert_eq!(condition_problem("NODE A DEPTH > 3 ft"), (0, "ft".to_owned()));
    assert_eq!(condition_problem("SIMULATION CLOCKTIME > 8:30PM"), (0, "8:30PM".to_owned()));
    assert_eq!(condition_problem("GAGE G 13-HR_PRECIP > 1"), (0, "GAGE".to_owned()));
}

#[test]
fn names_count_in_upper_and_lower_case_alike() {
    assert_eq!(premise("NODE a DEPTH > 1"), premise("NODE A DEPTH > 1"));
    assert_eq!(only_problem("RULE R\nRULE r"), (207, "r".to_owned()));
}

#[test]
fn reading_goes_on_after_an_error() {
    let (controls, problems) =
        parse("RULE R\nIF NODE X DEPTH > 1\nAND NODE A DEPTH > 1\nTHEN PUMP X STATUS = ON\nPRIORITY high");
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [209, 209, 211]);
    assert_eq!(controls.rules[0].premises.len(), 1);
}

proptest! {
    #[test]
    fn any_soup_of_words_is_read_without_panic(
        soup in prop::collection::vec(
            prop::collection::vec(
                prop_oneof![
                    prop::sample::select(vec![
                        "RULE", "IF", "AND", "OR", "THEN", "ELSE", "PRIORITY", "VARIABLE", "EXPRESSION",
                        "NODE", "LINK", "CONDUIT", "PUMP", "ORIFICE", "WEIR", "OUTLET", "GAGE", "SIMULATION",
                        "DEPTH", "FLOW", "STATUS", "SETTING", "TIME", "DATE", "DAYOFYEAR", "TIMEOPEN", "HEAD",
                        "A", "B", "C", "P", "O", "L", "G", "K", "T", "=", ">", "<>", "CURVE", "TIMESERIES",
                        "PID", "ON", "OFF", "OPEN", "1", "-2.5", "8:30", "1/2/2026", "48-HR", "(", ")", "*",
                    ]).prop_map(str::to_owned),
                    "[ -~排涝é]{0,9}",
                ],
                0..10,
            ),
            0..12,
        ),
        places in any::<bool>(),
    ) {
        let line = |tokens: Vec<String>| {
            let place = Place {
                file: "m.inp".into(), line: 1, column: 1, text: String::new(), token: String::new(),
            };
            RuleLine { places: if places { vec![place; tokens.len()] } else { Vec::new() }, tokens }
        };
        let soup: Vec<RuleLine> = soup.into_iter().map(line).collect();
        let (controls, problems) = read(&soup, &model());
        prop_assert!(problems.len() <= 4 * soup.len());
        prop_assert!(controls.rules.len() <= soup.len());
    }
}
