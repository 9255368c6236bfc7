//! A scenario file: TOML to a [`Scenario`], with all that is wrong in it, each problem at its place.
//!
//! The text is parsed once into a tree of values that know where they stand (`source`); the tree is checked
//! against the JSON schema (`shape`); what has the right shape is read table by table into the types of
//! [`crate::scenario`]; then names and details are checked (`ground`, `measures`, `details`, `tables`)
//! and companion files are read (`storms`, `rain`, `surroundings`, `companion`). A table that is wrong is left out, so
//! that the others are checked all the same.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod companion;
mod details;
mod encoding;
mod ground;
mod horizons;
mod measures;
mod observations;
mod rain;
mod shape;
pub(super) mod source;
mod storms;
mod streets;
mod surroundings;
mod tables;
#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Severity};
use crate::scenario::file::{self, Entries, StormTable};
use crate::scenario::measure::{Measure, Verb};
use crate::scenario::study::{
    AS_MODELLED, BASE, Choice, HorizonTable, OptionTable, Outputs, RunLength, Scenario, Stage, StageTable,
    Study, StudyStorm,
};
use crate::scenario::surface::SurfaceTable;

use companion::Companions;
use shape::{Shape, joined};
use source::{Node, Source};
use tables::Tables;

/// A scenario and the warnings about it.
pub type Read = Result<(Scenario, Vec<Diagnostic>), Vec<Diagnostic>>;

/// Reads a scenario file, the files that it names, and the names of its network. The inner error lists all
/// problems, warnings among them.
///
/// # Errors
/// When the file itself cannot be read.
pub fn read(path: &Path) -> io::Result<Read> {
    let bytes = std::fs::read(path)?;
    Ok(match encoding::decode(&bytes, path) {
        Ok(text) => parse(text, path),
        Err(problem) => Err(vec![*problem]),
    })
}

/// Reads a scenario from text; the files that it names are looked for in the folder of `path`.
///
/// # Errors
/// All problems, when one of them is no warning.
pub fn parse(text: &str, path: &Path) -> Read {
    let source = Source { text: text.strip_prefix('\u{feff}').unwrap_or(text), file: path };
    let tree = source.parse()?;
    let root = Node::root(&source, &tree);
    let mut reader = Reader {
        root,
        shape: Shape::new(file::schema()),
        companions: Companions { folder: path.parent().unwrap_or(Path::new("")) },
        found: Vec::new(),
    };
    let scenario = reader.scenario(path);
    let mut found = reader.found;
    // in the order of the file; what stands elsewhere keeps its order behind
    found.sort_by_key(|problem| match &problem.place {
        Some(place) if place.file == path => (0, place.line, place.column),
        Some(_) => (1, 0, 0),
        None => (0, 0, 0),
    });
    match scenario {
        Some(scenario) if wrong(&found) == 0 => Ok((scenario, found)),
        _ => Err(found),
    }
}

/// Reads a file that holds a `[surface]` table and nothing else. The inner error lists all problems.
///
/// # Errors
/// When the file cannot be read.
pub fn read_surface(path: &Path) -> io::Result<Result<SurfaceTable, Vec<Diagnostic>>> {
    let bytes = std::fs::read(path)?;
    let text = match encoding::decode(&bytes, path) {
        Ok(text) => text,
        Err(problem) => return Ok(Err(vec![*problem])),
    };
    let source = Source { text: text.strip_prefix('\u{feff}').unwrap_or(text), file: path };
    let tree = match source.parse() {
        Ok(tree) => tree,
        Err(problems) => return Ok(Err(problems)),
    };
    let root = Node::root(&source, &tree);
    let companions = Companions { folder: path.parent().unwrap_or(Path::new("")) };
    let mut reader = Reader { root, shape: Shape::new(file::schema()), companions, found: Vec::new() };
    for (key, node) in root.entries().into_iter().filter(|(key, _)| *key != "surface") {
        let problem = Diagnostic::error(0, format!("there is no key `{key}` in a file of a surface"));
        reader.found.push(problem.help("all stands under [surface]").at(node.key_place()));
    }
    let table = reader.table::<SurfaceTable>("surface");
    if table.is_none() && reader.found.is_empty() {
        let message = format!("{} holds no [surface]", path.display());
        reader.found.push(Diagnostic::error(0, message).help("it begins with [surface]"));
    }
    Ok(match table {
        Some(table) if reader.found.is_empty() => Ok(table),
        _ => Err(reader.found),
    })
}

/// The JSON schema of scenario files as it is written to `scenarios/schema.json`.
pub fn schema_text() -> String {
    let schema: Value = file::schema().into();
    format!("{schema:#}\n")
}

/// Verbs that ask for physics which is not simulated yet, and what they mean.
const LATER: &[(&str, &str)] = &[("lid", "low-impact development"), ("inlets", "street inlets")];

/// How many problems are no warnings.
fn wrong(found: &[Diagnostic]) -> usize {
    found.iter().filter(|problem| problem.severity != Severity::Warning).count()
}

/// The tables of a file that have the right shape.
struct FileTables {
    study: Option<Study>,
    storms: Entries<StormTable>,
    river_stage: Entries<StageTable>,
    pairing: Entries<Vec<String>>,
    horizons: Entries<HorizonTable>,
    option: Entries<ReadOption>,
    run: RunLength,
    surface: Option<SurfaceTable>,
    outputs: Outputs,
}

/// An option with those of its measures that have the right shape, each with its place in the list.
struct ReadOption {
    title: Option<String>,
    measures: Vec<(usize, Measure)>,
}

impl ReadOption {
    fn table(self) -> OptionTable {
        OptionTable {
            title: self.title,
            measures: self.measures.into_iter().map(|(_, measure)| measure).collect(),
        }
    }
}

/// Reads the tables of a file one by one.
struct Reader<'a> {
    root: Node<'a>,
    shape: Shape,
    companions: Companions<'a>,
    found: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn scenario(&mut self, path: &Path) -> Option<Scenario> {
        let file = self.file();
        let study = file.study.as_ref();
        let tables = Tables::read(self.root, &self.companions, &file, &mut self.found);
        let storms: Vec<StudyStorm> = file
            .storms
            .0
            .iter()
            .filter_map(|(name, table)| {
                let node = self.root.down(&["storms", name]);
                storms::storm(&self.companions, node, name, table, &mut self.found)
            })
            .collect();
        let stages = tables.stages(&self.companions, &mut self.found);
        let pairing = tables.pairing(&mut self.found);
        let observed = tables.observed(&self.companions, &pairing, &mut self.found);
        tables.check(&mut self.found);
        tables.check_surface(&self.companions, &mut self.found);
        // a table that was left out has been reported, and there is no scenario then
        if wrong(&self.found) > 0 {
            return None;
        }
        Some(Scenario {
            path: path.to_path_buf(),
            study: study?.clone(),
            storms,
            stages: std::iter::once(Stage { name: AS_MODELLED.to_owned(), ..Stage::default() })
                .chain(stages)
                .collect(),
            pairing,
            horizons: horizons::of_file(&file),
            options: std::iter::once(Choice { name: BASE.to_owned(), ..Choice::default() })
                .chain(file.option.0.into_iter().map(|(name, option)| Choice { name, table: option.table() }))
                .collect(),
            run: file.run,
            surface: file.surface,
            outputs: file.outputs,
            observed,
        })
    }
    /// All tables that have the right shape.
    fn file(&mut self) -> FileTables {
        let keys = self.shape.check_file_keys(self.root);
        self.found.extend(keys);
        FileTables {
            study: self.table::<Study>("study"),
            storms: self.entries::<StormTable>("storms"),
            river_stage: self.entries("river_stage"),
            pairing: self.entries("pairing"),
            horizons: horizons::with_futures(self.entries::<HorizonTable>("horizons")),
            option: self.options(),
            run: self.table::<RunLength>("run").unwrap_or_default(),
            surface: self.table::<SurfaceTable>("surface"),
            outputs: self.table::<Outputs>("outputs").unwrap_or_default(),
        }
    }
    /// A table of the file, if it is there and right.
    fn table<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let node = self.root.get(key)?;
        let schema = self.shape.property(key)?.clone();
        self.value(node, key, &schema)
    }
    /// A value, if it is right.
    fn value<T: DeserializeOwned>(&mut self, node: Node<'a>, path: &str, schema: &Value) -> Option<T> {
        let problems = self.shape.check(node, path, schema);
        if !problems.is_empty() {
            self.found.extend(problems);
            return None;
        }
        match T::deserialize(toml::de::ValueDeserializer::from(node.value.clone())) {
            Ok(value) => Some(value),
            Err(error) => {
                let place = error.span().map_or_else(|| node.place(), |span| node.source.place(span));
                self.found.push(Diagnostic::error(0, format!("`{path}`: {}", error.message())).at(place));
                None
            }
        }
    }
    /// Tables under names, those that are right.
    fn entries<T: DeserializeOwned>(&mut self, key: &str) -> Entries<T> {
        let mut entries = Vec::new();
        let Some((node, schema)) = self.named(key) else { return Entries(entries) };
        for (name, node) in node.entries() {
            if let Some(value) = self.value(node, &joined(key, name), &schema) {
                entries.push((name.to_owned(), value));
            }
        }
        Entries(entries)
    }
    /// A table of names, and the schema of what stands under each.
    fn named(&mut self, key: &str) -> Option<(Node<'a>, Value)> {
        let node = self.root.get(key)?;
        let schema = self.shape.property(key)?;
        if !node.value.get_ref().is_table() {
            let problems = self.shape.check(node, key, schema);
            self.found.extend(problems);
            return None;
        }
        let inner = self.shape.inside(schema)?.clone();
        Some((node, inner))
    }
    /// The options with their measures, those that are right; each measure keeps its number.
    fn options(&mut self) -> Entries<ReadOption> {
        let mut options = Vec::new();
        let Some((node, schema)) = self.named("option") else { return Entries(options) };
        for (name, node) in node.entries() {
            let path = joined("option", name);
            let problems = self.shape.check_keys(node, &path, &schema);
            self.found.extend(problems);
            let member = |key: &str| self.shape.member(&schema, key).cloned();
            let (title, measures) = (member("title"), member("measure"));
            let title = node
                .get("title")
                .zip(title)
                .and_then(|(node, schema)| self.value(node, &joined(&path, "title"), &schema));
            let mut read = ReadOption { title, measures: Vec::new() };
            if let Some((list, schema)) = node.get("measure").zip(measures) {
                let path = joined(&path, "measure");
                match self.shape.inside(&schema).cloned() {
                    Some(inner) if list.value.get_ref().is_array() => {
                        for (number, node) in list.items().into_iter().enumerate() {
                            if let Some(measure) = self.measure(node, &path, &inner) {
                                read.measures.push((number, measure));
                            }
                        }
                    }
                    _ => {
                        let problem = Diagnostic::error(0, format!("`{path}` is no list of measures"));
                        let help = format!("write each measure as [[{path}]], with double brackets");
                        self.found.push(problem.help(help).at(list.key_place()));
                    }
                }
            }
            options.push((name.to_owned(), read));
        }
        Entries(options)
    }
    /// One measure.
    fn measure(&mut self, node: Node<'a>, path: &str, schema: &Value) -> Option<Measure> {
        for (word, what) in LATER {
            if let Some(verb) = node.get(word) {
                let problem = Diagnostic::unsupported(format!("the measure `{word}`: {what}"));
                self.found.push(problem.help("take the measure out of the option").at(verb.key_place()));
                return None;
            }
        }
        let simulated: Vec<&str> = Verb::WORDS
            .iter()
            .copied()
            .filter(|word| !LATER.iter().any(|(later, _)| later == word))
            .collect();
        let written: Vec<&str> =
            Verb::WORDS.iter().copied().filter(|word| node.get(word).is_some()).collect();
        let problem = match written.as_slice() {
            [_] => None,
            // a verb that is misspelt is reported as an unknown key
            [] if node.entries().iter().any(|(key, _)| !["phase", "name"].contains(key)) => None,
            [] => Some((
                node.place(),
                "a measure of `".to_owned() + path + "` has no verb",
                format!("give one of {}", shape::quoted(&simulated)),
            )),
            [.., last] => Some((
                node.down(&[last]).key_place(),
                format!("a measure of `{path}` has the verbs {} at once", shape::quoted(&written)),
                format!("write a measure for each, with its own [[{path}]]"),
            )),
        };
        if let Some((place, message, help)) = problem {
            self.found.push(Diagnostic::error(0, message).help(help).at(place));
            return None;
        }
        self.value(node, path, schema)
    }
}
