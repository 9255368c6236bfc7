//! Rule sets: `seeds/rules/*.toml`, or a file of the user in their form.
//!
//! ```toml
//! title = { en = "Design standard", zh = "设计标准" }
//! source = "where the numbers come from"
//! verified = false
//!
//! [capacity_classes]
//! breaks = ["1 a", "2 a", "3 a", "5 a"]
//! verified = false
//!
//! [[rule]]
//! id = "sewer_capacity"
//! test = "dynamic_capacity"
//! title = { en = "Capacity of storm sewers", zh = "雨水管渠设计重现期" }
//! clause = "GB 50014-2021 4.1.3"
//! source = "from memory"
//! verified = false
//! share = "100 %"                      # of the pipe length
//! limits = [                           # the first that fits counts
//!     { zone = "中心城区", city = ["super", "mega"], limit = ["3 a", "5 a"] },
//!     { limit = "2 a" },
//! ]
//! ```
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;

use toml::de::DeValue;

use super::scenario::source::{Node, Source};
use crate::diagnostic::Diagnostic;
use crate::num::spelling::nearest;
use crate::scenario::quantity::{Length, Share, Span, Volume, Years};
use crate::scenario::rule::{Limit, Measure, Quantity, Rule, RuleSet, Test};
use crate::scenario::study::CityClass;
use crate::scenario::words::Words;

/// Keys of the file.
const KEYS: [&str; 5] = ["title", "source", "verified", "capacity_classes", "rule"];
/// Keys of the classes of capacity.
const CLASS_KEYS: [&str; 3] = ["breaks", "source", "verified"];
/// Keys of every rule.
const RULE_KEYS: [&str; 8] = ["id", "test", "title", "clause", "source", "verified", "note", "limits"];
/// Keys of a limit.
const LIMIT_KEYS: [&str; 3] = ["zone", "city", "limit"];
/// Flooded volume at a node below which it does not flood where a rule says nothing, m³.
const LEAST_VOLUME: f64 = 1.0;
/// Classes of cities by the words of scenario files.
const CITIES: [(&str, CityClass); 5] = [
    ("super", CityClass::Super),
    ("mega", CityClass::Mega),
    ("large", CityClass::Large),
    ("medium", CityClass::Medium),
    ("small", CityClass::Small),
];

/// Reads a file. The inner error lists all problems of its content.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> io::Result<Result<RuleSet, Vec<Diagnostic>>> {
    Ok(parse(&std::fs::read_to_string(path)?, path))
}

/// Reads a rule set from text; `file` names it in messages.
///
/// # Errors
/// All problems, each at its place.
pub fn parse(text: &str, file: &Path) -> Result<RuleSet, Vec<Diagnostic>> {
    let source = Source { text: text.strip_prefix('\u{feff}').unwrap_or(text), file };
    let tree = source.parse()?;
    let mut reader = Reader { found: Vec::new() };
    let rule_set = reader.rule_set(Node::root(&source, &tree));
    if reader.found.is_empty() { Ok(rule_set) } else { Err(reader.found) }
}

/// The problems so far.
struct Reader {
    found: Vec<Diagnostic>,
}

impl Reader {
    fn problem(&mut self, node: Node<'_>, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(Diagnostic::error(0, message).help(help).at(node.place()));
    }

    fn unknown(&mut self, key: &str, node: Node<'_>, known: &[&str]) {
        let help = match nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known are {}", known.join(", ")),
        };
        self.found
            .push(Diagnostic::error(0, format!("`{key}` is not known here")).help(help).at(node.key_place()));
    }

    fn missing(&mut self, node: Node<'_>, what: &str, key: &str, help: &str) {
        self.problem(node, format!("{what} has no `{key}`"), help);
    }

    fn rule_set(&mut self, root: Node<'_>) -> RuleSet {
        let mut set = RuleSet { breaks: RuleSet::BREAKS.to_vec(), ..RuleSet::default() };
        for (key, node) in root.entries() {
            match key {
                "title" => set.title = self.words(node),
                "source" => set.source = self.text(node),
                "verified" => set.verified = self.flag(node),
                "capacity_classes" => self.classes(node, &mut set),
                "rule" => self.rules(node, &mut set),
                _ => self.unknown(key, node, &KEYS),
            }
        }
        for key in ["title", "source", "verified"] {
            if root.get(key).is_none() {
                self.missing(root, "the rule set", key, "verdicts mean nothing without it");
            }
        }
        if root.get("rule").is_none() {
            self.missing(root, "the rule set", "rule", "write each rule as [[rule]]");
        }
        set
    }

    fn classes(&mut self, node: Node<'_>, set: &mut RuleSet) {
        for (key, value) in node.entries() {
            match key {
                "breaks" => set.breaks = self.breaks(value),
                "source" => drop(self.text(value)),
                "verified" => set.breaks_verified = self.flag(value),
                _ => self.unknown(key, value, &CLASS_KEYS),
            }
        }
        if node.get("breaks").is_none() {
            self.missing(
                node,
                "`capacity_classes`",
                "breaks",
                "breaks = [\"1 a\", \"2 a\", \"3 a\", \"5 a\"]",
            );
        }
    }

    fn breaks(&mut self, node: Node<'_>) -> Vec<f64> {
        let mut breaks: Vec<f64> = Vec::new();
        let items = node.items();
        if items.is_empty() {
            self.problem(node, "there are no breaks", "breaks = [\"1 a\", \"2 a\", \"3 a\", \"5 a\"]");
        }
        for item in items {
            let Some(years) = self.quantity(item, Measure::Years) else { continue };
            if breaks.last().is_some_and(|last| *last >= years) {
                self.problem(item, "the break is not above the one before", "breaks increase");
            } else {
                breaks.push(years);
            }
        }
        breaks
    }

    fn rules(&mut self, node: Node<'_>, set: &mut RuleSet) {
        if !node.value.get_ref().is_array() {
            return self.problem(node, "`rule` is no list of rules", "write each rule as [[rule]]");
        }
        for item in node.items() {
            let Some(rule) = self.rule(item) else { continue };
            if set.rules.iter().any(|other| other.id == rule.id) {
                let at = item.get("id").unwrap_or(item);
                self.problem(at, format!("there are two rules `{}`", rule.id), "give each an id of its own");
            }
            set.rules.push(rule);
        }
    }

    /// A rule, unless nobody can tell what it tests.
    fn rule(&mut self, node: Node<'_>) -> Option<Rule> {
        let words: Vec<&str> = Test::ALL.iter().map(|test| test.word()).collect();
        let Some(at) = node.get("test") else {
            self.missing(node, "the rule", "test", &format!("known are {}", words.join(", ")));
            return None;
        };
        let word = self.text(at);
        let Some(test) = Test::of_word(&word) else {
            if !word.is_empty() {
                let help = match nearest(&word, words.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known are {}", words.join(", ")),
                };
                self.problem(at, format!("`{word}` is no test"), help);
            }
            return None;
        };
        let mut rule =
            Rule { test, unit: test.unit().to_owned(), share: 1.0, volume: LEAST_VOLUME, ..Rule::default() };
        let own: &[&str] = match test {
            Test::StaticCapacity | Test::DynamicCapacity => &["share"],
            Test::Flooding => &["volume"],
            Test::RunoffNotIncreased => &["of"],
            _ => &[],
        };
        for (key, value) in node.entries() {
            match key {
                "test" => {}
                "id" => rule.id = self.text(value),
                "title" => rule.title = self.words(value),
                "clause" => rule.clause = self.text(value),
                "source" => rule.source = self.text(value),
                "verified" => rule.verified = self.flag(value),
                "note" => rule.note = self.words(value),
                "limits" => rule.limits = self.limits(value, test),
                "share" if own.contains(&key) => {
                    rule.share = self.quantity(value, Measure::Share).unwrap_or(1.0);
                    if rule.share > 1.0 {
                        self.problem(value, "the share is above the whole", "share = \"100 %\" at most");
                    }
                }
                "volume" if own.contains(&key) => rule.volume = self.volume(value),
                "of" if own.contains(&key) => rule.quantity = self.of(value),
                _ => {
                    let known: Vec<&str> = RULE_KEYS.iter().chain(own).copied().collect();
                    self.unknown(key, value, &known);
                }
            }
        }
        for key in ["id", "title", "clause", "source", "verified"] {
            if node.get(key).is_none() {
                self.missing(node, "the rule", key, "a verdict shows it");
            }
        }
        let help = test.measure().map(|measure| format!("limits = [{{ limit = {} }}]", form(measure)));
        match (help, node.get("limits")) {
            (Some(help), None) => self.missing(node, "the rule", "limits", &help),
            (None, Some(limits)) => {
                self.problem(limits, format!("`{}` has no limits", test.word()), "leave them out");
            }
            _ => {}
        }
        Some(rule)
    }

    fn of(&mut self, node: Node<'_>) -> Quantity {
        let word = self.text(node);
        match Quantity::ALL.into_iter().find(|quantity| quantity.word() == word) {
            Some(quantity) => quantity,
            None => {
                let known = Quantity::ALL.map(Quantity::word).join(", ");
                self.problem(node, format!("`{word}` cannot be compared"), format!("known are {known}"));
                Quantity::default()
            }
        }
    }

    fn limits(&mut self, node: Node<'_>, test: Test) -> Vec<Limit> {
        let Some(measure) = test.measure() else { return Vec::new() };
        let items = node.items();
        if items.is_empty() {
            let help = format!("limits = [{{ limit = {} }}]", form(measure));
            self.problem(node, "there are no limits", help);
        }
        items.into_iter().map(|item| self.limit(item, measure)).collect()
    }

    fn limit(&mut self, node: Node<'_>, measure: Measure) -> Limit {
        let mut limit = Limit::default();
        if !node.value.get_ref().is_table() {
            self.problem(node, "the limit is no table", format!("{{ limit = {} }}", form(measure)));
            return limit;
        }
        for (key, value) in node.entries() {
            match key {
                "zone" => limit.zones = self.texts(value),
                "city" => limit.cities = self.cities(value),
                "limit" => limit.range = self.range(value, measure),
                _ => self.unknown(key, value, &LIMIT_KEYS),
            }
        }
        if node.get("limit").is_none() {
            self.missing(node, "the entry", "limit", &format!("limit = {}", form(measure)));
        }
        limit
    }

    /// One number, or the two ends of a range.
    fn range(&mut self, node: Node<'_>, measure: Measure) -> [f64; 2] {
        if !node.value.get_ref().is_array() {
            let one = self.quantity(node, measure).unwrap_or(0.0);
            return [one, one];
        }
        let items = node.items();
        let ends: Vec<f64> = items.iter().filter_map(|item| self.quantity(*item, measure)).collect();
        match (items.len(), ends.as_slice()) {
            (2, &[low, high]) if low < high => return [low, high],
            (2, &[_, _]) => self.problem(node, "the range does not increase", "the lower end stands first"),
            (2, _) => {}
            _ => {
                let help = format!("a range has two ends: [{0}, {0}]", form(measure));
                self.problem(node, "this is no range", help);
            }
        }
        [0.0; 2]
    }

    fn cities(&mut self, node: Node<'_>) -> Vec<CityClass> {
        let known = CITIES.map(|(word, _)| word);
        let mut cities = Vec::new();
        for word in self.texts(node) {
            match CITIES.iter().find(|(known, _)| *known == word) {
                Some((_, city)) => cities.push(*city),
                None => {
                    let help = format!("known are {}", known.join(", "));
                    self.problem(node, format!("`{word}` is no class of cities"), help);
                }
            }
        }
        cities
    }

    fn flag(&mut self, node: Node<'_>) -> bool {
        match node.value.get_ref() {
            DeValue::Boolean(flag) => *flag,
            _ => {
                self.problem(node, "this is neither true nor false", "verified = false");
                false
            }
        }
    }

    fn text(&mut self, node: Node<'_>) -> String {
        match node.value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => text.to_string(),
            _ => {
                self.problem(node, "this is no text", "write it in quotes");
                String::new()
            }
        }
    }

    /// One text, or a list.
    fn texts(&mut self, node: Node<'_>) -> Vec<String> {
        if node.value.get_ref().is_array() && !node.items().is_empty() {
            node.items().into_iter().map(|item| self.text(item)).collect()
        } else {
            vec![self.text(node)]
        }
    }

    fn words(&mut self, node: Node<'_>) -> Words {
        let help = "{ en = \"Capacity of sewers\", zh = \"管渠能力\" }";
        let mut words = Words::default();
        if !node.value.get_ref().is_table() {
            self.problem(node, "these are no words in both languages", help);
            return words;
        }
        for (key, value) in node.entries() {
            match key {
                "en" => words.en = self.text(value),
                "zh" => words.zh = self.text(value),
                _ => self.unknown(key, value, &["en", "zh"]),
            }
        }
        for key in ["en", "zh"] {
            if node.get(key).is_none() {
                self.missing(node, "the text", key, help);
            }
        }
        words
    }

    fn volume(&mut self, node: Node<'_>) -> f64 {
        let read = match node.value.get_ref() {
            DeValue::String(text) => text.parse::<Volume>().map(|volume| volume.0),
            _ => Err("this is no text with a number and a unit".to_owned()),
        };
        match read {
            Ok(volume) if volume >= 0.0 => volume,
            Ok(_) => {
                self.problem(node, "the volume is below 0", "volume = \"1 m3\"");
                LEAST_VOLUME
            }
            Err(message) => {
                self.problem(node, message, "volume = \"1 m3\"");
                LEAST_VOLUME
            }
        }
    }

    /// A number of a measure in its unit, from 0 on; return periods above 0.
    fn quantity(&mut self, node: Node<'_>, measure: Measure) -> Option<f64> {
        let read = match (node.value.get_ref(), measure) {
            (DeValue::String(text), Measure::Years) => text.parse::<Years>().map(|years| years.0),
            (DeValue::String(text), Measure::Length) => text.parse::<Length>().map(|length| length.0),
            (DeValue::String(text), Measure::Span) => text.parse::<Span>().map(|span| span.0),
            (DeValue::String(text), Measure::Share) => text.parse::<Share>().map(|share| share.0),
            (DeValue::Integer(count), Measure::Count) => i64::from_str_radix(count.as_str(), count.radix())
                .map(|count| count as f64)
                .map_err(|error| error.to_string()),
            (_, Measure::Count) => Err("this is no whole number".to_owned()),
            _ => Err("this is no text with a number and a unit".to_owned()),
        };
        let help = format!("such as {}", form(measure));
        match read {
            Ok(value) if value > 0.0 || (value == 0.0 && measure != Measure::Years) => Some(value),
            Ok(_) => {
                self.problem(node, "the limit is too small", help);
                None
            }
            Err(message) => {
                self.problem(node, message, help);
                None
            }
        }
    }
}

/// How a limit is written.
fn form(measure: Measure) -> &'static str {
    match measure {
        Measure::Years => "\"3 a\"",
        Measure::Length => "\"15 cm\"",
        Measure::Span => "\"1 h\"",
        Measure::Share => "\"85 %\"",
        Measure::Count => "4",
    }
}
