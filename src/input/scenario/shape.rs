//! Whether a file has the shape that the JSON schema describes: all keys, types, units and lists, each
//! problem at its place.
//!
//! Only what `schemars` writes for the types of [`crate::scenario`] is understood, which is little of JSON
//! schema; a test holds that every word of the schema is.

use serde_json::{Map, Value};
use toml::de::DeValue;

use crate::diagnostic::Diagnostic;
use crate::num::spelling::nearest;
use crate::scenario::quantity::{Area, Flow, Length, Points, RainDepth, Rate, Share, Span, Volume, Years};
use crate::scenario::selection::Rule;

use super::source::Node;

/// Keys that are listed where a wrong one is near to none of them.
const MOST_LISTED: usize = 16;

/// Reads a text for its problems only.
type Check = fn(&str) -> Result<(), String>;

/// Definitions of the schema that are texts with a grammar of their own.
const TEXTS: &[(&str, &str, Check)] = &[
    ("Length", "\"300 mm\"", |text| text.parse::<Length>().map(drop)),
    ("Span", "\"2 h\"", |text| text.parse::<Span>().and_then(|v| at_least_zero(text, v.0))),
    ("Years", "\"5 a\"", |text| text.parse::<Years>().and_then(|v| above_zero(text, v.0))),
    ("Area", "\"2.5 ha\"", |text| text.parse::<Area>().and_then(|v| at_least_zero(text, v.0))),
    ("Volume", "\"5000 m3\"", |text| text.parse::<Volume>().and_then(|v| at_least_zero(text, v.0))),
    ("Flow", "\"6 m3/s\"", |text| text.parse::<Flow>().and_then(|v| at_least_zero(text, v.0))),
    ("Share", "\"10 %\"", |text| text.parse::<Share>().map(drop)),
    ("Points", "\"+2 points\"", |text| text.parse::<Points>().map(drop)),
    ("Rate", "\"12 mm/h\"", |text| text.parse::<Rate>().and_then(|v| at_least_zero(text, v.0))),
    ("RainDepth", "\"50 mm\"", |text| text.parse::<RainDepth>().and_then(|v| above_zero(text, v.0))),
    ("Rule", "\"capacity < 2 a\"", |text| text.parse::<Rule>().map(drop)),
];

fn at_least_zero(text: &str, value: f64) -> Result<(), String> {
    if value >= 0.0 { Ok(()) } else { Err(format!("\"{text}\" is below 0")) }
}

fn above_zero(text: &str, value: f64) -> Result<(), String> {
    if value > 0.0 { Ok(()) } else { Err(format!("\"{text}\" is not above 0")) }
}

/// A schema with its definitions, against which values are checked.
pub(super) struct Shape {
    schema: Value,
}

/// What is checked, and against what.
#[derive(Clone, Copy)]
struct Part<'a> {
    node: Node<'a>,
    /// The path that leads to the value, such as `storms.P5.pattern`; empty for the file.
    path: &'a str,
    /// The properties of the table around it, for keys that are written one table too deep.
    around: Option<&'a Map<String, Value>>,
}

impl Shape {
    /// The shape that a schema describes.
    pub fn new(schema: impl Into<Value>) -> Self {
        Self { schema: schema.into() }
    }
    /// The properties of the file itself.
    pub fn property(&self, key: &str) -> Option<&Value> {
        self.schema.get("properties")?.get(key)
    }
    /// The schema of what stands under a name or in a list of a property.
    pub fn inside<'s>(&'s self, schema: &'s Value) -> Option<&'s Value> {
        let (_, schema) = self.resolve(schema);
        schema.get("additionalProperties").or_else(|| schema.get("items"))
    }
    /// The schema of a property of a schema.
    pub fn member<'s>(&'s self, schema: &'s Value, key: &str) -> Option<&'s Value> {
        let (_, schema) = self.resolve(schema);
        schema.get("properties")?.get(key)
    }
    /// All problems of the keys of the file itself.
    pub fn check_file_keys(&self, root: Node<'_>) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        self.keys(Part { node: root, path: "", around: None }, &self.schema, &mut found);
        found
    }
    /// All problems of the keys of a table, whose values are checked apart.
    pub fn check_keys(&self, node: Node<'_>, path: &str, schema: &Value) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if node.value.get_ref().is_table() {
            self.keys(Part { node, path, around: None }, self.resolve(schema).1, &mut found);
        } else {
            found.push(wrong_type(node, path, "a table"));
        }
        found
    }
    /// All problems of a value.
    pub fn check(&self, node: Node<'_>, path: &str, schema: &Value) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        self.value(Part { node, path, around: None }, schema, &mut found);
        found
    }
    /// The schema behind references and `null`s, and the name of its definition.
    fn resolve<'s>(&'s self, mut schema: &'s Value) -> (&'s str, &'s Value) {
        let mut name = "";
        loop {
            let null = |option: &Value| option.get("type").and_then(Value::as_str) == Some("null");
            if let Some(options) = schema.get("anyOf").and_then(Value::as_array)
                && let Some(option) = options.iter().find(|option| !null(option))
            {
                schema = option;
            } else if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
                name = reference.rsplit('/').next().unwrap_or_default();
                match self.schema.get("$defs").and_then(|all| all.get(name)) {
                    Some(definition) => schema = definition,
                    None => return (name, schema),
                }
            } else {
                return (name, schema);
            }
        }
    }
    /// Of a schema that a text, a number or a table fulfils, the one that is meant.
    fn meant<'s>(&'s self, schema: &'s Value, value: &DeValue<'_>) -> &'s Value {
        let wanted = match value {
            DeValue::Table(_) => "object",
            DeValue::Integer(_) | DeValue::Float(_) => "number",
            _ => "string",
        };
        let is =
            |option: &Value, kind| self.resolve(option).1.get("type").and_then(Value::as_str) == Some(kind);
        let options = |schema: &'s Value| schema.get("anyOf").and_then(Value::as_array);
        // a key that may be left out is itself one of two: the value, or nothing
        let value = options(schema).and_then(|both| both.iter().find_map(|option| option.get("$ref")));
        let name = value.or_else(|| schema.get("$ref")).and_then(Value::as_str);
        let definition = name.and_then(|name| self.schema.get("$defs")?.get(name.rsplit('/').next()?));
        let Some(all) = definition.and_then(options) else { return schema };
        // what fits none is told to be no text
        let of = |kind| all.iter().find(|option| is(option, kind));
        of(wanted).or_else(|| of("string")).unwrap_or(schema)
    }
    fn value(&self, part: Part<'_>, schema: &Value, found: &mut Vec<Diagnostic>) {
        let value = part.node.value.get_ref();
        let (name, schema) = self.resolve(self.meant(schema, value));
        if let Some((_, example, check)) = TEXTS.iter().find(|(text, ..)| *text == name) {
            match value.as_str().map(check) {
                Some(Ok(())) => {}
                Some(Err(message)) => found.push(Diagnostic::error(0, message).at(part.node.place())),
                None => found.push(wrong_type(part.node, part.path, &format!("written such as {example}"))),
            }
            return;
        }
        // beside a type, `oneOf` only says which keys exclude each other: their reader says it better
        if schema.get("type").is_none()
            && let Some(options) = schema.get("oneOf").and_then(Value::as_array)
        {
            return self.one_of(part, options, found);
        }
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str),
            kind => kind.and_then(Value::as_str),
        };
        let mut wrong = |what: &str| found.push(wrong_type(part.node, part.path, what));
        match (kind.unwrap_or_default(), value) {
            ("object", DeValue::Table(_)) => self.table(part, schema, found),
            ("object", _) => wrong("a table"),
            ("array", DeValue::Array(_)) => self.list(part, schema, found),
            ("array", _) => wrong("a list in brackets: [\"…\"]"),
            ("string", DeValue::String(text)) if text.trim().is_empty() => {
                let problem = Diagnostic::error(0, format!("`{}` is empty", part.path));
                found.push(problem.help("write something, or leave the key out").at(part.node.place()));
            }
            ("string", DeValue::String(_)) => {}
            ("string", _) => wrong("a text in quotes"),
            ("boolean", DeValue::Boolean(_)) => {}
            ("boolean", _) => wrong("true or false"),
            ("number", DeValue::Float(_) | DeValue::Integer(_)) | ("integer", DeValue::Integer(_)) => {
                number(part, schema, found);
            }
            ("number", _) => wrong("a number without unit and without quotes"),
            ("integer", _) => wrong("a whole number"),
            _ => {}
        }
    }
    /// One of some words, or a table of one of some kinds.
    fn one_of(&self, part: Part<'_>, options: &[Value], found: &mut Vec<Diagnostic>) {
        let words: Vec<&str> =
            options.iter().filter_map(|option| option.get("const").and_then(Value::as_str)).collect();
        if !words.is_empty() {
            match part.node.value.get_ref().as_str() {
                Some(word) if words.contains(&word) => {}
                Some(word) => found.push(unknown_word(part.node, part.path, word, &words)),
                None => found.push(wrong_type(part.node, part.path, &format!("one of {}", quoted(&words)))),
            }
            return;
        }
        if !part.node.value.get_ref().is_table() {
            return found.push(wrong_type(part.node, part.path, "a table"));
        }
        // kinds of tables are told apart by a word under one key
        let tag = |option: &'_ Value| -> Option<(String, String)> {
            let properties = option.get("properties")?.as_object()?;
            properties
                .iter()
                .find_map(|(key, property)| Some((key.clone(), property.get("const")?.as_str()?.to_owned())))
        };
        let tags: Vec<(String, String)> = options.iter().filter_map(tag).collect();
        let kinds: Vec<&str> = tags.iter().map(|(_, kind)| kind.as_str()).collect();
        let key = tags.first().map_or("", |(key, _)| key.as_str());
        match part.node.get(key).map(|node| (node, node.value.get_ref().as_str())) {
            None => {
                let problem = Diagnostic::error(0, format!("`{}` has no `{key}`", part.path));
                found.push(problem.help(format!("it is one of {}", quoted(&kinds))).at(part.node.place()));
            }
            Some((node, None)) => {
                let path = format!("{}.{key}", part.path);
                found.push(wrong_type(node, &path, &format!("one of {}", quoted(&kinds))));
            }
            Some((node, Some(word))) => match kinds.iter().position(|kind| *kind == word) {
                Some(index) => {
                    if let Some(option) = options.get(index) {
                        self.table(part, option, found);
                    }
                }
                None => found.push(unknown_word(node, &format!("{}.{key}", part.path), word, &kinds)),
            },
        }
    }
    /// A table: its keys, then its values.
    fn table(&self, part: Part<'_>, schema: &Value, found: &mut Vec<Diagnostic>) {
        self.keys(part, schema, found);
        let properties = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        for (key, node) in part.node.entries() {
            let property = properties.and_then(|properties| properties.get(key)).or(others);
            if let Some(property) = property {
                let path = joined(part.path, key);
                self.value(Part { node, path: &path, around: properties }, property, found);
            }
        }
    }
    /// The keys of a table: unknown ones, and those that are missing.
    fn keys(&self, part: Part<'_>, schema: &Value, found: &mut Vec<Diagnostic>) {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
        let known: Vec<&str> = properties.keys().map(String::as_str).collect();
        let place =
            if part.path.is_empty() { "a scenario file".to_owned() } else { format!("`{}`", part.path) };
        for (key, node) in part.node.entries() {
            if properties.contains_key(key) {
                continue;
            }
            let free = known.iter().copied().filter(|known| part.node.get(known).is_none());
            let help = if let Some(near) = nearest(key, free) {
                format!("did you mean `{near}`?")
            } else if part.around.is_some_and(|around| around.contains_key(key)) {
                let above = part.path.rsplit_once('.').map_or("", |(above, _)| above);
                format!("it stands in `{above}`, one table further out")
            } else if known.len() <= MOST_LISTED {
                format!("known here are {}", quoted(&known))
            } else {
                "see scenarios/schema.json for the keys that are known".to_owned()
            };
            let problem = Diagnostic::error(0, format!("there is no key `{key}` in {place}")).help(help);
            found.push(problem.at(node.key_place()));
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        for key in required.filter_map(Value::as_str) {
            if part.node.get(key).is_some() {
                continue;
            }
            let problem = Diagnostic::error(0, format!("{place} has no `{key}`"));
            let description = properties.get(key).and_then(|p| p.get("description")).and_then(Value::as_str);
            let problem = match description {
                Some(text) => problem.help(format!("`{key}`: {}", text.replace('\n', " "))),
                None => problem,
            };
            // the file as a whole has no line to point at
            let whole = part.path.is_empty();
            found.push(if whole { problem } else { problem.at(part.node.place()) });
        }
    }
    /// A list: how many values, and each of them.
    fn list(&self, part: Part<'_>, schema: &Value, found: &mut Vec<Diagnostic>) {
        let items = part.node.items();
        let limit = |word: &str| schema.get(word).and_then(Value::as_u64);
        let (least, most) = (limit("minItems").unwrap_or(0), limit("maxItems").unwrap_or(u64::MAX));
        let count = items.len() as u64;
        if count < least || count > most {
            let help = match most {
                u64::MAX => format!("it takes at least {least}"),
                most if most == least => format!("it takes {most}"),
                most => format!("it takes {least} to {most}"),
            };
            let message = match count {
                0 => format!("`{}` is empty", part.path),
                _ => format!("`{}` holds {count} values", part.path),
            };
            found.push(Diagnostic::error(0, message).help(help).at(part.node.place()));
        }
        if let Some(schema) = schema.get("items") {
            for node in items {
                self.value(Part { node, path: part.path, around: None }, schema, found);
            }
        }
    }
}

/// A number: finite, and within its limits.
fn number(part: Part<'_>, schema: &Value, found: &mut Vec<Diagnostic>) {
    let value = match part.node.value.get_ref() {
        DeValue::Integer(whole) => i64::from_str_radix(whole.as_str(), whole.radix()).ok().map(|n| n as f64),
        DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
        _ => None,
    };
    let limit = |word: &str| schema.get(word).and_then(Value::as_f64);
    let message = match value.filter(|value| value.is_finite()) {
        None => format!("`{}` is no number that can be used", part.path),
        Some(value) if limit("minimum").is_some_and(|least| value < least) => {
            format!("`{}` is {value}, which is too small", part.path)
        }
        Some(value) if limit("maximum").is_some_and(|most| value > most) => {
            format!("`{}` is {value}, which is too large", part.path)
        }
        Some(_) => return,
    };
    let help = match (limit("minimum"), limit("maximum")) {
        (Some(least), Some(most)) => format!("it is {least} to {most}"),
        (Some(least), None) => format!("it is at least {least}"),
        _ => String::new(),
    };
    found.push(Diagnostic::error(0, message).help(help).at(part.node.place()));
}

/// Words in backquotes, with commas between.
pub(super) fn quoted<T: AsRef<str>>(words: &[T]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A key behind the path of its table.
pub(super) fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn wrong_type(node: Node<'_>, path: &str, what: &str) -> Diagnostic {
    let is = match node.value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a bare number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    Diagnostic::error(0, format!("`{path}` is {is}")).help(format!("it should be {what}")).at(node.place())
}

fn unknown_word(node: Node<'_>, path: &str, word: &str, known: &[&str]) -> Diagnostic {
    let help = match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? Known are {}", quoted(known)),
        None => format!("known are {}", quoted(known)),
    };
    Diagnostic::error(0, format!("`{path}` cannot be `{word}`")).help(help).at(node.place())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::file;

    /// Words of JSON schema that say nothing to check, and those that are checked.
    const WORDS: &[&str] = &[
        "$defs",
        "$ref",
        "$schema",
        "additionalProperties",
        "anyOf",
        "const",
        "default",
        "description",
        "examples",
        "format",
        "items",
        "maxItems",
        "maximum",
        "minItems",
        "minimum",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "title",
        "type",
    ];

    fn each_schema(schema: &Value, visit: &mut dyn FnMut(&Map<String, Value>)) {
        let Some(object) = schema.as_object() else { return };
        visit(object);
        for (word, value) in object {
            match word.as_str() {
                "properties" | "$defs" => {
                    value.as_object().unwrap().values().for_each(|inner| each_schema(inner, visit));
                }
                "anyOf" | "oneOf" => {
                    value.as_array().unwrap().iter().for_each(|inner| each_schema(inner, visit));
                }
                "items" | "additionalProperties" => each_schema(value, visit),
                _ => {}
            }
        }
    }

    #[test]
    fn every_word_of_the_schema_is_understood() {
        let schema: Value = file::schema().into();
        each_schema(&schema, &mut |object| {
            for word in object.keys() {
                assert!(WORDS.contains(&word.as_str()), "nobody checks `{word}`");
            }
        });
    }

    #[test]
    fn every_text_with_a_pattern_is_read_by_its_own_grammar() {
        let schema: Value = file::schema().into();
        let mut count = 0;
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            if definition.get("type").and_then(Value::as_str) == Some("string")
                && definition.get("const").is_none()
                && definition.get("enum").is_none()
            {
                let known = TEXTS.iter().find(|(text, ..)| text == name);
                let (_, example, check) = known.unwrap_or_else(|| panic!("nobody reads {name}"));
                check(example.trim_matches('"')).unwrap();
                count += 1;
            }
        }
        assert!(count >= 8, "only {count} of the grammars are used");
    }
}
