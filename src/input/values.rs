//! Single values of small TOML tables: texts, numbers and words, each problem at its place.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use toml::de::DeValue;

use super::scenario::source::Node;
use crate::diagnostic::Diagnostic;
use crate::num::spelling::nearest;
use crate::scenario::damage::Curve;
use crate::scenario::words::Words;

/// Reads values and keeps the problems.
#[derive(Default)]
pub(super) struct Values {
    /// The problems so far.
    pub found: Vec<Diagnostic>,
}

impl Values {
    /// Notes a problem with a value.
    pub fn problem(&mut self, node: Node<'_>, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(Diagnostic::error(0, message).help(help).at(node.place()));
    }
    /// Notes a key that is not known.
    pub fn unknown(&mut self, key: &str, node: Node<'_>, known: &[&str]) {
        let help = match nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known are {}", known.join(", ")),
        };
        self.found
            .push(Diagnostic::error(0, format!("`{key}` is not known here")).help(help).at(node.key_place()));
    }
    /// Notes the keys that a table lacks.
    pub fn lacking(&mut self, node: Node<'_>, keys: &[&str], why: &str) {
        for key in keys {
            if node.get(key).is_none() {
                self.problem(node, format!("the table has no `{key}`"), why);
            }
        }
    }
    /// A text that is not empty.
    pub fn text(&mut self, node: Node<'_>) -> String {
        match node.value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => text.to_string(),
            _ => {
                self.problem(node, "this is no text", "write it in quotes");
                String::new()
            }
        }
    }
    /// Words in both languages, or one text for both.
    pub fn words(&mut self, node: Node<'_>) -> Words {
        if !node.value.get_ref().is_table() {
            let text = self.text(node);
            return Words::new(text.clone(), text);
        }
        let mut words = Words::default();
        for (key, value) in node.entries() {
            match key {
                "en" => words.en = self.text(value),
                "zh" => words.zh = self.text(value),
                _ => self.unknown(key, value, &["en", "zh"]),
            }
        }
        self.lacking(node, &["en", "zh"], "give both languages: { en = \"…\", zh = \"…\" }");
        words
    }
    /// True or false.
    pub fn flag(&mut self, node: Node<'_>) -> bool {
        match node.value.get_ref() {
            DeValue::Boolean(flag) => *flag,
            _ => {
                self.problem(node, "this is neither true nor false", "write true or false, without quotes");
                false
            }
        }
    }
    /// A year.
    pub fn year(&mut self, node: Node<'_>) -> i32 {
        match number(node).filter(|year| (1900.0..2200.0).contains(year) && year.fract() == 0.0) {
            Some(year) => year as i32,
            None => {
                self.problem(node, "this is no year", "price_year = 2022");
                0
            }
        }
    }
    /// A number from 0 on.
    pub fn amount(&mut self, node: Node<'_>) -> f64 {
        match number(node).filter(|value| *value >= 0.0) {
            Some(value) => value,
            None => {
                self.problem(node, "this is no number from 0 on", "write it without quotes");
                0.0
            }
        }
    }
    /// A text with a quantity that is not negative, in SI.
    pub fn quantity(&mut self, node: Node<'_>, read: impl Fn(&str) -> Result<f64, String>) -> Option<f64> {
        let value = match node.value.get_ref() {
            DeValue::String(text) => read(text),
            _ => Err("this is no text with a number and a unit".to_owned()),
        };
        match value {
            Ok(value) if value >= 0.0 => return Some(value),
            Ok(_) => self.problem(node, "this is below 0", "0 or more"),
            Err(message) => self.problem(node, message, ""),
        }
        None
    }
    /// Pairs of a quantity and a number of damage that begins with 0, both rising. `most` is the largest
    /// damage, `form` how it is written.
    pub fn curve(
        &mut self,
        node: Node<'_>,
        read: impl Fn(&str) -> Result<f64, String>,
        most: f64,
        form: &str,
    ) -> Curve {
        let mut curve = Curve::default();
        let points = node.items();
        if points.is_empty() {
            self.problem(node, "this is no list of pairs", form);
        }
        for point in points {
            let items = point.items();
            let [at, value] = items.as_slice() else {
                self.problem(point, "this is no pair", form);
                continue;
            };
            let Some(place) = self.quantity(*at, &read) else { continue };
            let Some(damage) = number(*value).filter(|damage| (0.0..=most).contains(damage)) else {
                let range = if most.is_finite() { format!(" from 0 to {most}") } else { " from 0 on".into() };
                self.problem(*value, format!("the damage is no number{range}"), form);
                continue;
            };
            match (curve.at.last(), curve.value.last()) {
                (None, _) if damage > 0.0 => {
                    let help = "begin with the largest that does no damage, such as [\"0 m\", 0]";
                    self.problem(*value, "the first damage is not 0", help);
                }
                (Some(last), _) if *last >= place => {
                    self.problem(*at, "this is not above the one before", "they increase");
                }
                (_, Some(last)) if *last > damage => {
                    self.problem(*value, "the damage is below the one before", "more water never does less");
                }
                _ => {
                    curve.at.push(place);
                    curve.value.push(damage);
                }
            }
        }
        curve
    }
}

/// A finite number.
pub(super) fn number(node: Node<'_>) -> Option<f64> {
    let value: f64 = match node.value.get_ref() {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok()? as f64,
        DeValue::Float(number) => number.as_str().parse().ok()?,
        _ => return None,
    };
    value.is_finite().then_some(value)
}
