//! Each verb on a small town.

mod networks;
mod order;
mod pipes;
mod pumps;
mod river;
mod structures;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::apply;
use crate::diagnostic::Diagnostic;
use crate::edit::{Change, Edited, FieldChange, Network, Site, Work};
use crate::input::inp::read_text;
use crate::model::Model;
use crate::num::index::Id;
use crate::scenario::catalogue::{Catalogue, Catalogues};
use crate::scenario::measure::Measure;
use crate::simulation::{Frame, Outcome, Sink, run};

/// A network from its text.
fn network(text: &str) -> Network {
    let reading = read_text(text.as_bytes(), Path::new("town.inp"));
    Network::read(reading.document, Path::new("town.inp")).unwrap()
}

/// The ground that the measures stand on, with pipes of 300, 500, 600, 800 and 1000 mm.
fn site(base: &Network) -> Site {
    let catalogue = Catalogue {
        name: "RC".into(),
        title: "test pipes".into(),
        source: "made up".into(),
        verified: false,
        roughness: 0.014,
        diameters: vec![0.3, 0.5, 0.6, 0.8, 1.0],
    };
    Site {
        base: base.clone(),
        catalogues: Catalogues(vec![catalogue]),
        zones: Vec::new(),
        formula: None,
        runoff_coefficient: None,
        inlet_time: 600.0,
        picks: BTreeMap::from([
            ("diameter < 600 mm".to_owned(), vec!["C1".to_owned(), "C2".to_owned()]),
            ("diameter < 100 mm".to_owned(), Vec::new()),
        ]),
    }
}

/// A measure as a scenario file writes it.
fn measure(text: &str) -> Measure {
    toml::from_str(&format!("phase = \"I\"\n{text}")).unwrap()
}

/// The network after a measure; what it was before comes from its text.
fn after(text: &str, verb: &str) -> Edited {
    let base = network(text);
    let edited = apply(&base, &site(&base), 0, &measure(verb)).unwrap();
    edited.network.runnable().unwrap_or_else(|problems| panic!("{problems:#?}"));
    edited
}

/// The problems of a measure.
fn problems(text: &str, verb: &str) -> Vec<Diagnostic> {
    let base = network(text);
    apply(&base, &site(&base), 0, &measure(verb)).unwrap_err()
}

/// The only problem of a measure says this.
fn refuses(text: &str, verb: &str, words: &str) {
    let found = problems(text, verb);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].to_string().contains(words), "{}", found[0]);
}

fn text_of(network: &Network) -> String {
    String::from_utf8(network.document.to_bytes().unwrap()).unwrap()
}

/// Lines that one text has and the other lacks, in both directions.
fn differences(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (lines(before), lines(after));
    let less = |a: &[String], b: &[String]| {
        let mut rest = b.to_vec();
        a.iter()
            .filter(|line| match rest.iter().position(|other| other == *line) {
                Some(at) => {
                    rest.remove(at);
                    false
                }
                None => true,
            })
            .filter(|line| !line.is_empty())
            .cloned()
            .collect()
    };
    (less(&old, &new), less(&new, &old))
}

/// The change of an element.
fn change<'a>(edited: &'a Edited, element: &str) -> &'a Change {
    edited.changes.iter().find(|change| change.element == element).unwrap()
}

fn field(field: &str, before: &str, after: &str) -> FieldChange {
    FieldChange { field: field.into(), before: before.into(), after: after.into() }
}

/// All works of an edit.
fn works(edited: &Edited) -> Vec<Work> {
    edited.changes.iter().flat_map(|change| change.works.clone()).collect()
}

/// What a run showed at its reporting times, in SI.
#[derive(Default)]
struct Record {
    frames: Vec<Frame>,
}

impl Sink for Record {
    fn begin(&mut self, _: &Model) -> io::Result<()> {
        Ok(())
    }
    fn record(&mut self, frame: &Frame) -> io::Result<()> {
        self.frames.push(frame.clone());
        Ok(())
    }
    fn end(&mut self, outcome: &Outcome) -> io::Result<()> {
        assert_eq!(*outcome, Outcome::Complete);
        Ok(())
    }
}

/// A run of a network.
struct Ran {
    model: Model,
    record: Record,
}

impl Ran {
    fn of(network: &Network) -> Self {
        let (model, _) = network.runnable().unwrap();
        let mut record = Record::default();
        run(&model, &mut [&mut record], &mut |_| true).unwrap();
        Self { model, record }
    }
    fn depth(&self, node: &str) -> Vec<f64> {
        let id = self.model.nodes.find(node).unwrap();
        self.record.frames.iter().map(|frame| frame.nodes.depth[id.index()]).collect()
    }
    fn flooding(&self, node: &str) -> Vec<f64> {
        let id = self.model.nodes.find(node).unwrap();
        self.record.frames.iter().map(|frame| frame.nodes.flooding[id.index()]).collect()
    }
    fn flow(&self, link: &str) -> Vec<f64> {
        let id = self.model.links.find(link).unwrap();
        self.record.frames.iter().map(|frame| frame.links.flow[id.index()]).collect()
    }
    fn setting(&self, link: &str) -> Vec<f64> {
        let id = self.model.links.find(link).unwrap();
        self.record.frames.iter().map(|frame| frame.links.capacity[id.index()]).collect()
    }
}

fn most(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}
