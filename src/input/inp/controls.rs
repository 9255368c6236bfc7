//! The language of `[CONTROLS]`: variables, expressions and rules.
//!
//! Words are recognised as SWMM recognises them: a token is the first word of a list that it
//! begins with, in upper or lower case (`DAYOFWEEK` is `DAY`), and so are the names of variables
//! and expressions (`Q10` is `Q1` where that is declared first, which draws a warning here).

use super::number::{self, date};
use crate::diagnostic::{Diagnostic, Place};
use crate::model::control::{
    ActionClause, ClockAttribute, Comparand, Controls, Expression, ExpressionId, GaugeAttribute, Joint,
    LinkAttribute, MAX_PAST_HOURS, NodeAttribute, Premise, Reading, Relation, Rule, Setting, Subject,
    Variable, VariableId,
};
use crate::model::link::LinkKind;
use crate::model::{LinkId, Model};
use crate::num::formula::Formula;
use crate::num::index::{Id, Table};

/// One line of the section, cut into tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleLine {
    /// The tokens, without comments and quotation marks.
    pub tokens: Vec<String>,
    /// Where each token stands.
    pub places: Vec<Place>,
}

/// Reads the section `[CONTROLS]`; the model must hold its nodes, links, gauges, curves and series.
///
/// Reads to the end and reports every problem: 203 too few items, 205 unknown word, 207 name used
/// twice, 209 unknown element, 211 no number, 213 no date or time, 217 clause out of place,
/// 233 no formula; warning 11 where a rule compares unlike attributes, and warnings without a
/// number where SWMM reads a line otherwise than it looks.
pub fn read(lines: &[RuleLine], model: &Model) -> (Controls, Vec<Diagnostic>) {
    let mut reader = Reader {
        model,
        controls: Controls::default(),
        diagnostics: Vec::new(),
        previous: Clause::Priority,
        in_rule: false,
    };
    for line in lines.iter().filter(|line| !line.tokens.is_empty()) {
        if let Err(problem) = reader.line(line) {
            reader.diagnostics.push(*problem);
        }
    }
    (reader.controls, reader.diagnostics)
}

type Outcome<T> = Result<T, Box<Diagnostic>>;

/// What a line of a rule is; also the state of the reader between lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clause {
    Rule,
    If,
    And,
    Or,
    Then,
    Else,
    Priority,
}

const CLAUSES: [(&str, Clause); 7] = [
    ("RULE", Clause::Rule),
    ("IF", Clause::If),
    ("AND", Clause::And),
    ("OR", Clause::Or),
    ("THEN", Clause::Then),
    ("ELSE", Clause::Else),
    ("PRIORITY", Clause::Priority),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Object {
    Gauge,
    Node,
    Link,
    Conduit,
    Pump,
    Orifice,
    Weir,
    Outlet,
    Simulation,
}

const OBJECTS: [(&str, Object); 9] = [
    ("GAGE", Object::Gauge),
    ("NODE", Object::Node),
    ("LINK", Object::Link),
    ("CONDUIT", Object::Conduit),
    ("PUMP", Object::Pump),
    ("ORIFICE", Object::Orifice),
    ("WEIR", Object::Weir),
    ("OUTLET", Object::Outlet),
    ("SIMULATION", Object::Simulation),
];

/// Words for attributes, in the order in which a token is compared with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Depth,
    MaxDepth,
    Head,
    Volume,
    Inflow,
    Flow,
    FullFlow,
    FullDepth,
    Status,
    Setting,
    Length,
    Slope,
    Velocity,
    TimeOpen,
    TimeClosed,
    Time,
    Date,
    ClockTime,
    DayOfYear,
    Day,
    Month,
}

const ATTRIBUTES: [(&str, Word); 21] = [
    ("DEPTH", Word::Depth),
    ("MAXDEPTH", Word::MaxDepth),
    ("HEAD", Word::Head),
    ("VOLUME", Word::Volume),
    ("INFLOW", Word::Inflow),
    ("FLOW", Word::Flow),
    ("FULLFLOW", Word::FullFlow),
    ("FULLDEPTH", Word::FullDepth),
    ("STATUS", Word::Status),
    ("SETTING", Word::Setting),
    ("LENGTH", Word::Length),
    ("SLOPE", Word::Slope),
    ("VELOCITY", Word::Velocity),
    ("TIMEOPEN", Word::TimeOpen),
    ("TIMECLOSED", Word::TimeClosed),
    ("TIME", Word::Time),
    ("DATE", Word::Date),
    ("CLOCKTIME", Word::ClockTime),
    ("DAYOFYEAR", Word::DayOfYear),
    ("DAY", Word::Day),
    ("MONTH", Word::Month),
];

const OFF_ON: [(&str, f64); 2] = [("OFF", 0.0), ("ON", 1.0)];
const CLOSED_OPEN: [(&str, f64); 2] = [("CLOSED", 0.0), ("OPEN", 1.0)];

/// Names of variables and expressions count to this many characters.
const MAX_NAME: usize = 32;

/// Whether a token begins with a word, upper and lower case alike.
fn begins_with(token: &str, word: &str) -> bool {
    let token = token.trim_start_matches(' ').as_bytes();
    !word.is_empty()
        && token.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

/// The first entry of a list that a token begins with.
fn recognise<T: Copy>(token: &str, words: &[(&str, T)]) -> Option<T> {
    words.iter().find(|(word, _)| begins_with(token, word)).map(|&(_, meaning)| meaning)
}

/// The words of a list for a help text: `OFF, ON`.
fn list<T>(words: &[(&str, T)]) -> String {
    words.iter().map(|&(word, _)| word).collect::<Vec<_>>().join(", ")
}

struct Reader<'a> {
    model: &'a Model,
    controls: Controls,
    diagnostics: Vec<Diagnostic>,
    /// The clause that the rule has reached; `And` and `Or` leave it as it is.
    previous: Clause,
    /// Whether a rule has begun.
    in_rule: bool,
}

/// A token of a line with its index.
#[derive(Clone, Copy)]
struct Spot<'a> {
    line: &'a RuleLine,
    index: usize,
}

impl<'a> Spot<'a> {
    fn text(self) -> &'a str {
        self.line.tokens.get(self.index).map_or("", String::as_str)
    }
    fn error(self, code: u16, message: impl Into<String>) -> Box<Diagnostic> {
        Box::new(self.mark(Diagnostic::error(code, message)))
    }
    fn warning(self, code: u16, message: impl Into<String>) -> Diagnostic {
        self.mark(Diagnostic::warning(code, message))
    }
    fn mark(self, diagnostic: Diagnostic) -> Diagnostic {
        match self.line.places.get(self.index).or(self.line.places.last()) {
            Some(place) => diagnostic.at(place.clone()),
            None => diagnostic,
        }
    }
}

impl RuleLine {
    fn at(&self, index: usize) -> Spot<'_> {
        Spot { line: self, index }
    }
    /// The token at `index`, or an error that says what is missing.
    fn expect(&self, index: usize, what: &str) -> Outcome<Spot<'_>> {
        if index < self.tokens.len() { Ok(self.at(index)) } else { Err(self.too_short(what)) }
    }
    /// The line ends before `what`.
    fn too_short(&self, what: &str) -> Box<Diagnostic> {
        let mut problem = Diagnostic::error(203, format!("the line ends before {what}"));
        if let Some(place) = self.places.first() {
            problem = problem.at(Place { column: 0, token: String::new(), ..place.clone() });
        }
        Box::new(problem)
    }
}

trait WithHelp {
    fn with_help(self, help: impl Into<String>) -> Self;
}

impl WithHelp for Box<Diagnostic> {
    fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

impl Reader<'_> {
    fn line(&mut self, line: &RuleLine) -> Outcome<()> {
        let first = line.at(0);
        line.expect(1, "it says anything")?;
        if begins_with(first.text(), "VARIABLE") {
            return self.variable(line);
        }
        if begins_with(first.text(), "EXPRESSION") {
            return self.expression(line);
        }
        let Some(clause) = recognise(first.text(), &CLAUSES) else {
            return Err(first
                .error(205, format!("no clause of a rule begins with '{}'", first.text()))
                .with_help(format!("begin the line with VARIABLE, EXPRESSION, {}", list(&CLAUSES))));
        };
        if clause != Clause::Rule && !self.in_rule {
            return Err(first
                .error(217, format!("{} stands before any rule", first.text()))
                .with_help("begin a rule with RULE and its name"));
        }
        self.clause(clause, line).map_err(|mut problem| {
            if problem.element.is_empty()
                && let Some(rule) = self.controls.rules.last()
            {
                problem.element = format!("Rule {}", rule.name);
            }
            problem
        })
    }

    fn clause(&mut self, clause: Clause, line: &RuleLine) -> Outcome<()> {
        let fits = match clause {
            Clause::Rule => true,
            Clause::If => self.previous == Clause::Rule,
            Clause::And => matches!(self.previous, Clause::If | Clause::Then | Clause::Else),
            Clause::Or | Clause::Then => self.previous == Clause::If,
            Clause::Else => self.previous == Clause::Then,
            Clause::Priority => matches!(self.previous, Clause::Then | Clause::Else),
        };
        if !fits {
            let word = line.at(0).text();
            return Err(line.at(0).error(217, format!("{word} cannot stand here")).with_help(
                "a rule is RULE, IF, AND or OR as needed, THEN, AND, ELSE, AND, PRIORITY, in this order",
            ));
        }
        let conditions = self.previous;
        if !matches!(clause, Clause::And | Clause::Or) {
            self.previous = clause;
        }
        match clause {
            Clause::Rule => self.rule(line),
            Clause::If => self.premise(Joint::And, line),
            Clause::And if conditions == Clause::If => self.premise(Joint::And, line),
            Clause::Or => self.premise(Joint::Or, line),
            Clause::And | Clause::Then | Clause::Else => self.action(line),
            Clause::Priority => {
                let priority = number(line.at(1))?;
                if let Some(rule) = self.controls.rules.last_mut() {
                    rule.priority = priority;
                }
                one_item_only(line)
            }
        }
    }

    fn rule(&mut self, line: &RuleLine) -> Outcome<()> {
        self.in_rule = true;
        let name = line.at(1);
        let known = self.controls.rules.iter().any(|rule| rule.name.eq_ignore_ascii_case(name.text()));
        self.controls.rules.push(Rule { name: name.text().to_owned(), ..Rule::default() });
        if known {
            return Err(name
                .error(207, format!("there is another rule '{}'", name.text()))
                .with_help("give each rule a name of its own"));
        }
        one_item_only(line)
    }

    /// `VARIABLE name = object id attribute` or `VARIABLE name = SIMULATION attribute`.
    fn variable(&mut self, line: &RuleLine) -> Outcome<()> {
        const FORM: &str = "write VARIABLE name = NODE id DEPTH, or another object and attribute";
        let name = line.at(1);
        line.expect(4, "its attribute").map_err(|problem| problem.with_help(FORM))?;
        if ATTRIBUTES.iter().any(|(word, _)| name.text().eq_ignore_ascii_case(word)) {
            return Err(name
                .error(205, format!("'{}' is the name of an attribute", name.text()))
                .with_help("give the variable a name that no attribute has"));
        }
        if !begins_with(line.at(2).text(), "=") {
            return Err(line
                .at(2)
                .error(205, format!("'{}' stands where '=' belongs", line.at(2).text()))
                .with_help(FORM));
        }
        if !begins_with(line.at(3).text(), "SIMULATION") {
            line.expect(5, "its attribute").map_err(|problem| problem.with_help(FORM))?;
        }
        let (reading, last) = self.reading(line, 3)?;
        self.unread(line, last + 1);
        let name = name.text().chars().take(MAX_NAME).collect();
        self.controls.variables.push(Variable { name, reading });
        Ok(())
    }

    /// `EXPRESSION name = formula`.
    fn expression(&mut self, line: &RuleLine) -> Outcome<()> {
        line.expect(3, "its formula")
            .map_err(|problem| problem.with_help("write EXPRESSION name = formula"))?;
        let words = line.tokens.get(3..).unwrap_or_default();
        let text = words.join(" ");
        let found = |name: &str| self.find_variable(name).map(|id| id.0);
        let parsed = Formula::parse(&text, &found);
        if parsed.is_ok() {
            for (name, word) in formula_names(words) {
                self.warn_of_shortened_name(name, line.at(3 + word));
            }
        }
        let (formula, problem) = match parsed {
            Ok(formula) => (formula, None),
            // The name is declared all the same, so that its users do not fail as well.
            Err(error) => (Formula::constant(0.0), Some(error)),
        };
        let name = line.at(1).text().chars().take(MAX_NAME).collect();
        self.controls.expressions.push(Expression { name, formula });
        let Some(error) = problem else { return Ok(()) };
        // The token that the error's offset falls into.
        let mut end = 0;
        let before = words.iter().take_while(|word| {
            end += word.chars().count() + 1;
            end <= error.offset
        });
        Err(line
            .at(3 + before.count())
            .error(233, format!("not a formula: {}", error.message))
            .with_help("declare variables above the expression that uses them; operators are + - * / ^"))
    }

    fn find_variable(&self, token: &str) -> Option<VariableId> {
        let found = self.controls.variables.iter().position(|v| begins_with(token, &v.name));
        found.map(VariableId::new)
    }
    fn find_expression(&self, token: &str) -> Option<ExpressionId> {
        let found = self.controls.expressions.iter().position(|e| begins_with(token, &e.name));
        found.map(ExpressionId::new)
    }

    /// Warns where a longer token passes for a declared name.
    fn warn_of_shortened_name(&mut self, token: &str, spot: Spot<'_>) {
        let expressions = self.controls.expressions.iter().map(|e| &e.name);
        let variables = self.controls.variables.iter().map(|v| &v.name);
        let name = expressions.chain(variables).find(|name| begins_with(token, name));
        if let Some(name) = name
            && token.trim_start_matches(' ').len() != name.len()
        {
            let warning = spot
                .warning(0, format!("SWMM takes '{token}' for '{name}', the first name that it begins with"))
                .help("choose names none of which begins another");
            self.diagnostics.push(warning);
        }
    }

    fn premise(&mut self, joint: Joint, line: &RuleLine) -> Outcome<()> {
        line.expect(3, "its comparison")?;
        let left = line.at(1);
        let (subject, last) = if let Some(id) = self.find_expression(left.text()) {
            self.warn_of_shortened_name(left.text(), left);
            (Subject::Expression(id), 1)
        } else if let Some(reading) = self.variable_reading(left) {
            (Subject::Reading(reading), 1)
        } else {
            let (reading, last) = self.reading(line, 1)?;
            (Subject::Reading(reading), last)
        };
        let sign = line.expect(last + 1, "the relation")?;
        let Some(relation) = Relation::ALL.into_iter().find(|relation| relation.sign() == sign.text()) else {
            return Err(sign
                .error(205, format!("'{}' is no relation", sign.text()))
                .with_help("relations are =, <>, <, <=, >, >=, with blanks around them"));
        };
        let right = line.expect(last + 2, "what is compared with")?;
        let (comparand, last) = if let Some(reading) = self.variable_reading(right) {
            (Comparand::Reading(reading), right.index)
        } else if recognise(right.text(), &OBJECTS).is_some() {
            let (reading, last) = self.reading(line, right.index).map_err(|mut problem| {
                problem.code = 217;
                problem
            })?;
            if let Subject::Reading(subject) = subject
                && attribute_of(subject) != attribute_of(reading)
            {
                let rule = self.controls.rules.last().map_or("", |rule| &rule.name);
                let warning = right
                    .warning(11, "the premise compares unlike attributes")
                    .help("compare depth with depth, flow with flow; numbers are compared as they are")
                    .of(format!("Rule {rule}"));
                self.diagnostics.push(warning);
            }
            (Comparand::Reading(reading), last)
        } else {
            (self.comparand(subject, right)?, right.index)
        };
        self.end_of_clause(line, last + 1)?;
        if let Subject::Reading(Reading::Gauge(_, GaugeAttribute::PastRain(hours @ (8 | 13..=20)))) = subject
        {
            let warning = left
                .warning(0, format!("SWMM 5.2.4 misreads a limit for the rain of {hours} hours"))
                .help("it is read here as the manual says, as a depth of rain");
            self.diagnostics.push(warning);
        }
        if let Some(rule) = self.controls.rules.last_mut() {
            rule.premises.push(Premise { joint, subject, relation, comparand });
        }
        Ok(())
    }

    /// What a token reads if it is a named variable.
    fn variable_reading(&mut self, spot: Spot<'_>) -> Option<Reading> {
        let id = self.find_variable(spot.text())?;
        self.warn_of_shortened_name(spot.text(), spot);
        self.controls.variables.get(id.index()).map(|variable| variable.reading)
    }

    /// A reading that begins at token `first`, and the index of its last token.
    fn reading(&self, line: &RuleLine, first: usize) -> Outcome<(Reading, usize)> {
        let spot = line.at(first);
        let Some(object) = recognise(spot.text(), &OBJECTS) else {
            return Err(spot
                .error(205, format!("'{}' is no object that a rule can read", spot.text()))
                .with_help(format!(
                    "objects are {}, or the name of a variable or expression",
                    list(&OBJECTS)
                )));
        };
        let name = line.expect(first + 1, "the object's name")?;
        if object == Object::Simulation {
            let attribute = match recognise(name.text(), &ATTRIBUTES) {
                Some(Word::Time) => ClockAttribute::Time,
                Some(Word::Date) => ClockAttribute::Date,
                Some(Word::ClockTime) => ClockAttribute::ClockTime,
                Some(Word::Day) => ClockAttribute::DayOfWeek,
                Some(Word::Month) => ClockAttribute::Month,
                Some(Word::DayOfYear) => ClockAttribute::DayOfYear,
                _ => return Err(not_an_attribute(name, "TIME, DATE, CLOCKTIME, DAY, MONTH, DAYOFYEAR")),
            };
            return Ok((Reading::Clock(attribute), name.index));
        }
        if object == Object::Gauge {
            let id = find(&self.model.gauges, name, "rain gauge")?;
            let attribute = line.expect(first + 2, "the attribute")?;
            let hours = || past_hours(attribute.text()).map(GaugeAttribute::PastRain);
            let intensity = begins_with(attribute.text(), "INTENSITY").then_some(GaugeAttribute::Intensity);
            return match intensity.or_else(hours) {
                Some(found) => Ok((Reading::Gauge(id, found), attribute.index)),
                None => Err(not_an_attribute(attribute, "INTENSITY, or 1-HR_PRECIP to 48-HR_PRECIP")),
            };
        }
        if object == Object::Node {
            let id = find(&self.model.nodes, name, "node")?;
            let attribute = line.expect(first + 2, "the attribute")?;
            let found = match recognise(attribute.text(), &ATTRIBUTES) {
                Some(Word::Depth) => NodeAttribute::Depth,
                Some(Word::MaxDepth) => NodeAttribute::MaxDepth,
                Some(Word::Head) => NodeAttribute::Head,
                Some(Word::Volume) => NodeAttribute::Volume,
                Some(Word::Inflow) => NodeAttribute::Inflow,
                _ => return Err(not_an_attribute(attribute, "DEPTH, MAXDEPTH, HEAD, VOLUME, INFLOW")),
            };
            return Ok((Reading::Node(id, found), attribute.index));
        }
        let id = find(&self.model.links, name, "link")?;
        let attribute = line.expect(first + 2, "the attribute")?;
        let word = recognise(attribute.text(), &ATTRIBUTES);
        match word.and_then(|word| link_attribute(object, word)) {
            Some(found) => Ok((Reading::Link(id, found), attribute.index)),
            None => Err(not_an_attribute(
                attribute,
                match object {
                    Object::Pump => "FLOW, SETTING, STATUS, TIMEOPEN, TIMECLOSED",
                    Object::Orifice | Object::Weir | Object::Outlet => "FLOW, SETTING, TIMEOPEN, TIMECLOSED",
                    _ => {
                        "STATUS, DEPTH, FLOW, FULLFLOW, FULLDEPTH, LENGTH, SLOPE, VELOCITY, TIMEOPEN, TIMECLOSED"
                    }
                },
            )),
        }
    }

    /// The value on the right side of a premise.
    fn comparand(&mut self, subject: Subject, spot: Spot<'_>) -> Outcome<Comparand> {
        let Subject::Reading(reading) = subject else {
            return number(spot).map(Comparand::Number);
        };
        match reading {
            Reading::Link(_, LinkAttribute::Status) => {
                let status = recognise(spot.text(), &OFF_ON).or_else(|| recognise(spot.text(), &CLOSED_OPEN));
                status.map(Comparand::Number).ok_or_else(|| {
                    spot.error(205, format!("'{}' is no status", spot.text()))
                        .with_help("a status is OFF, ON, CLOSED or OPEN")
                })
            }
            Reading::Link(_, LinkAttribute::TimeOpen | LinkAttribute::TimeClosed)
            | Reading::Clock(ClockAttribute::Time | ClockAttribute::ClockTime) => {
                let Some((seconds, rest)) = time(spot.text()) else {
                    return Err(spot
                        .error(213, format!("'{}' is no time", spot.text()))
                        .with_help("write 8:30, 8:30:00 or decimal hours"));
                };
                if !rest.trim().is_empty() {
                    let read = spot.text().strip_suffix(rest).unwrap_or_default();
                    let warning = spot
                        .warning(0, format!("SWMM reads the time '{read}' here and leaves out '{rest}'"))
                        .help("write times on the 24-hour clock");
                    self.diagnostics.push(warning);
                }
                Ok(Comparand::Time(seconds))
            }
            Reading::Clock(ClockAttribute::Date) => date(spot.text())
                .map(Comparand::Date)
                .ok_or_else(|| no_date(spot, "write month/day/year, as in 7/21/2026 or JUL-21-2026")),
            Reading::Clock(ClockAttribute::DayOfWeek) => {
                number_within(spot, 1.0, 7.0, "days of the week run from 1 (Sunday) to 7")
            }
            Reading::Clock(ClockAttribute::Month) => {
                number_within(spot, 1.0, 12.0, "months run from 1 (January) to 12")
            }
            Reading::Clock(ClockAttribute::DayOfYear) => {
                const HELP: &str = "write month/day, or the number of a day from 1 to 365";
                let month_and_day: String = spot.text().chars().take(6).collect();
                match date(&format!("{month_and_day}/1947")) {
                    Some(date) => Ok(Comparand::Number(f64::from(date.day_of_year()))),
                    None => match number::number(spot.text()) {
                        Some(day) if (1.0..=365.0).contains(&day) => Ok(Comparand::Number(day)),
                        _ => Err(no_date(spot, HELP)),
                    },
                }
            }
            _ => number(spot).map(Comparand::Number),
        }
    }

    /// `PUMP id STATUS = ON` and its like, after the first word.
    fn action(&mut self, line: &RuleLine) -> Outcome<()> {
        const ACTORS: &str = "rules set CONDUIT, PUMP, ORIFICE, WEIR and OUTLET";
        line.expect(5, "the new setting").map_err(|problem| {
            problem.with_help("write PUMP id STATUS = ON, or another link and attribute")
        })?;
        let spot = line.at(1);
        let object = match recognise(spot.text(), &OBJECTS) {
            Some(
                object @ (Object::Conduit | Object::Pump | Object::Orifice | Object::Weir | Object::Outlet),
            ) => object,
            _ => {
                return Err(spot
                    .error(205, format!("'{}' is nothing that a rule can set", spot.text()))
                    .with_help(ACTORS));
            }
        };
        let link = find(&self.model.links, line.at(2), "link")?;
        self.check_kind(object, link, line.at(2))?;
        let attribute = line.at(3);
        let word = recognise(attribute.text(), &ATTRIBUTES);
        let value = line.at(5);
        let (setting, last) = match (object, word) {
            (Object::Conduit, Some(Word::Status)) => (status(value, &CLOSED_OPEN)?, 5),
            (Object::Pump, Some(Word::Status)) => (status(value, &OFF_ON)?, 5),
            (Object::Pump, Some(Word::Setting)) => self.setting(line)?,
            (Object::Orifice | Object::Weir | Object::Outlet, Some(Word::Setting)) => {
                let (setting, last) = self.setting(line)?;
                if let Setting::Constant(share) = setting
                    && !(0.0..=1.0).contains(&share)
                {
                    return Err(value
                        .error(211, format!("the setting {} is out of range", value.text()))
                        .with_help("orifices, weirs and outlets are set from 0 (closed) to 1 (open)"));
                }
                (setting, last)
            }
            _ => {
                let allowed = match object {
                    Object::Conduit => "STATUS",
                    Object::Pump => "STATUS, SETTING",
                    _ => "SETTING",
                };
                return Err(not_an_attribute(attribute, allowed));
            }
        };
        self.end_of_clause(line, last + 1)?;
        let in_else = self.previous == Clause::Else;
        if let Some(rule) = self.controls.rules.last_mut() {
            let actions = if in_else { &mut rule.else_actions } else { &mut rule.then_actions };
            actions.push(ActionClause { link, setting });
        }
        Ok(())
    }

    fn check_kind(&self, object: Object, link: LinkId, spot: Spot<'_>) -> Outcome<()> {
        let (actual, word) = match self.model.links[link].kind {
            LinkKind::Conduit(_) => (Object::Conduit, "CONDUIT"),
            LinkKind::Pump(_) => (Object::Pump, "PUMP"),
            LinkKind::Orifice(_) => (Object::Orifice, "ORIFICE"),
            LinkKind::Weir(_) => (Object::Weir, "WEIR"),
            LinkKind::Outlet(_) => (Object::Outlet, "OUTLET"),
        };
        if actual == object {
            return Ok(());
        }
        Err(spot
            .error(209, format!("link '{}' is of another kind", spot.text()))
            .with_help(format!("write {word} before its name")))
    }

    /// A setting from token 5 on, and the index of its last token.
    fn setting(&self, line: &RuleLine) -> Outcome<(Setting, usize)> {
        #[derive(Clone, Copy)]
        enum Source {
            Curve,
            Series,
            Pid,
        }
        const SOURCES: [(&str, Source); 3] =
            [("CURVE", Source::Curve), ("TIMESERIES", Source::Series), ("PID", Source::Pid)];
        match recognise(line.at(5).text(), &SOURCES) {
            None => Ok((Setting::Constant(number(line.at(5))?), 5)),
            Some(Source::Curve) => {
                let name = line.expect(6, "the curve's name")?;
                Ok((Setting::Curve(find(&self.model.curves, name, "curve")?), 6))
            }
            Some(Source::Series) => {
                let name = line.expect(6, "the time series' name")?;
                Ok((Setting::Series(find(&self.model.series, name, "time series")?), 6))
            }
            Some(Source::Pid) => {
                line.expect(8, "the controller's three numbers")
                    .map_err(|problem| problem.with_help("write PID gain integral-time derivative-time"))?;
                let setting = Setting::Pid {
                    gain: number(line.at(6))?,
                    integral_minutes: number(line.at(7))?,
                    derivative_minutes: number(line.at(8))?,
                };
                Ok((setting, 8))
            }
        }
    }

    /// Refuses a second clause on a line, and warns of words that SWMM does not read.
    fn end_of_clause(&mut self, line: &RuleLine, next: usize) -> Outcome<()> {
        if line.tokens.get(next).is_some_and(|token| recognise(token, &CLAUSES).is_some()) {
            return Err(line
                .at(next)
                .error(217, "a second clause stands on the line")
                .with_help("begin each clause on a line of its own"));
        }
        self.unread(line, next);
        Ok(())
    }

    fn unread(&mut self, line: &RuleLine, next: usize) {
        if next < line.tokens.len() {
            let warning = line
                .at(next)
                .warning(0, "SWMM does not read the rest of the line")
                .help("take it out, or begin it with ';' as a comment");
            self.diagnostics.push(warning);
        }
    }
}

/// The names in the words of a formula, with the index of their word.
fn formula_names(words: &[String]) -> impl Iterator<Item = (&str, usize)> {
    words.iter().enumerate().flat_map(|(index, word)| {
        let names = word.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        names.filter(|name| name.starts_with(|c: char| !c.is_ascii_digit())).map(move |name| (name, index))
    })
}

/// RULE and PRIORITY take one item.
fn one_item_only(line: &RuleLine) -> Outcome<()> {
    if line.tokens.len() <= 2 {
        return Ok(());
    }
    Err(line
        .at(2)
        .error(217, format!("{} takes one item", line.at(0).text()))
        .with_help("names with blanks need quotation marks; begin each clause on a line of its own"))
}

fn link_attribute(object: Object, word: Word) -> Option<LinkAttribute> {
    let (pump, plain) = (object == Object::Pump, matches!(object, Object::Link | Object::Conduit));
    Some(match word {
        Word::TimeOpen => LinkAttribute::TimeOpen,
        Word::TimeClosed => LinkAttribute::TimeClosed,
        Word::Flow => LinkAttribute::Flow,
        Word::Status if plain || pump => LinkAttribute::Status,
        Word::Setting if !plain => LinkAttribute::Setting,
        Word::Depth if plain => LinkAttribute::Depth,
        Word::FullFlow if plain => LinkAttribute::FullFlow,
        Word::FullDepth if plain => LinkAttribute::FullDepth,
        Word::Length if plain => LinkAttribute::Length,
        Word::Slope if plain => LinkAttribute::Slope,
        Word::Velocity if plain => LinkAttribute::Velocity,
        _ => return None,
    })
}

/// What warning 11 compares: readings of one attribute carry one word, whatever the object.
fn attribute_of(reading: Reading) -> (Option<Word>, u32) {
    let word = match reading {
        Reading::Node(_, attribute) => match attribute {
            NodeAttribute::Depth => Word::Depth,
            NodeAttribute::MaxDepth => Word::MaxDepth,
            NodeAttribute::Head => Word::Head,
            NodeAttribute::Volume => Word::Volume,
            NodeAttribute::Inflow => Word::Inflow,
        },
        Reading::Link(_, attribute) => match attribute {
            LinkAttribute::Status => Word::Status,
            LinkAttribute::Setting => Word::Setting,
            LinkAttribute::Depth => Word::Depth,
            LinkAttribute::Flow => Word::Flow,
            LinkAttribute::FullFlow => Word::FullFlow,
            LinkAttribute::FullDepth => Word::FullDepth,
            LinkAttribute::Length => Word::Length,
            LinkAttribute::Slope => Word::Slope,
            LinkAttribute::Velocity => Word::Velocity,
            LinkAttribute::TimeOpen => Word::TimeOpen,
            LinkAttribute::TimeClosed => Word::TimeClosed,
        },
        Reading::Clock(attribute) => match attribute {
            ClockAttribute::Time => Word::Time,
            ClockAttribute::Date => Word::Date,
            ClockAttribute::ClockTime => Word::ClockTime,
            ClockAttribute::DayOfYear => Word::DayOfYear,
            ClockAttribute::DayOfWeek => Word::Day,
            ClockAttribute::Month => Word::Month,
        },
        Reading::Gauge(_, GaugeAttribute::Intensity) => return (None, 0),
        Reading::Gauge(_, GaugeAttribute::PastRain(hours)) => return (None, hours),
    };
    (Some(word), 0)
}

fn not_an_attribute(spot: Spot<'_>, allowed: &str) -> Box<Diagnostic> {
    let object = spot.line.at(spot.index.saturating_sub(1)).text();
    spot.error(205, format!("'{object}' has no attribute '{}' here", spot.text()))
        .with_help(format!("it has {allowed}"))
}

fn no_date(spot: Spot<'_>, help: &str) -> Box<Diagnostic> {
    spot.error(213, format!("'{}' is no date", spot.text())).with_help(help)
}

/// An element by name.
fn find<I: Id, T>(table: &Table<I, T>, spot: Spot<'_>, what: &str) -> Outcome<I> {
    table.find(spot.text()).ok_or_else(|| {
        spot.error(209, format!("there is no {what} '{}'", spot.text()))
            .with_help(format!("check the spelling, or add the {what} to its section"))
    })
}

fn status(spot: Spot<'_>, words: &[(&str, f64)]) -> Outcome<Setting> {
    recognise(spot.text(), words).map(Setting::Constant).ok_or_else(|| {
        spot.error(205, format!("'{}' is no status", spot.text()))
            .with_help(format!("its status is one of {}", list(words)))
    })
}

fn number(spot: Spot<'_>) -> Outcome<f64> {
    number::number(spot.text()).ok_or_else(|| spot.error(211, format!("'{}' is no number", spot.text())))
}

fn number_within(spot: Spot<'_>, low: f64, high: f64, help: &str) -> Outcome<Comparand> {
    let value = number(spot)?;
    if (low..=high).contains(&value) { Ok(Comparand::Number(value)) } else { Err(no_date(spot, help)) }
}

/// The number of hours that a token such as `6-HR_PRECIP` begins with.
fn past_hours(token: &str) -> Option<u32> {
    let hours = u32::try_from(number::leading_integer(token)).ok()?;
    (1..=MAX_PAST_HOURS).contains(&hours).then_some(hours)
}

/// A whole number with an optional sign at the start of a text, and what follows it.
fn integer(text: &str) -> Option<(i64, &str)> {
    let text = text.trim_start();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    let value = unsigned.get(..end)?.parse::<i32>().ok()?;
    let sign = if text.starts_with('-') { -1 } else { 1 };
    Some((sign * i64::from(value), unsigned.get(end..)?))
}

/// A time in seconds, from decimal hours or hours:minutes:seconds, and the text that was not read.
fn time(text: &str) -> Option<(f64, &str)> {
    if let Some(hours) = number::number(text) {
        return Some((hours * 3600.0, ""));
    }
    let (hours, mut rest) = integer(text)?;
    let mut parts = [0, 0];
    for part in &mut parts {
        let Some((value, after)) = rest.strip_prefix(':').and_then(integer) else { break };
        (*part, rest) = (value, after);
    }
    let [minutes, seconds] = parts;
    if hours < 0 || minutes < 0 || seconds < 0 {
        return None;
    }
    Some(((hours * 3600 + minutes * 60 + seconds) as f64, rest))
}

#[cfg(test)]
mod tests;
