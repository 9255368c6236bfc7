//! Small studies that tests author, run and assess.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::judge::{Ground, verdicts};
use super::places::Places;
use super::rating::capacities;
use super::{Assessment, Case, Comparison, Run, State, flooding};
use crate::input::{rule_set, scenario, zones};
use crate::scenario::catalogue::Catalogues;
use crate::study::{self, Keep, Order, RunRow, Shard, Store, Study};

/// A folder of its own for a test, which goes with it.
pub struct Folder(pub PathBuf);

impl Folder {
    /// An empty folder.
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("pailao-assess-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }
    /// Opens the study of `study.toml` in it and runs it.
    pub fn run(&self) -> Ran {
        let path = self.0.join("study.toml");
        let (scenario, _) = scenario::read(&path).unwrap().unwrap();
        let zones = scenario
            .study
            .zones
            .as_ref()
            .map_or_else(Vec::new, |file| zones::read(&self.0.join(file)).unwrap().unwrap().zones);
        let never = AtomicBool::new(false);
        let study = Study::open(scenario, Catalogues::default(), zones, None, &never).unwrap();
        let store = Store::open(self.0.join("runs")).unwrap();
        let order = Order { store: &store, threads: 2, shard: Shard::default(), keep: &Keep::default() };
        let rows = study.run(&order, &mut |_| (), &never).unwrap();
        Ran { study, rows }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A study that was run.
pub struct Ran {
    /// The study.
    pub study: Study,
    /// Its runs.
    pub rows: Vec<RunRow>,
}

impl Ran {
    /// Its runs side by side.
    pub fn comparison(&self) -> Comparison<'_> {
        let scenario = self.study.scenario();
        let run = |row: &'_ RunRow| Case {
            horizon: row.spec.horizon,
            storm: row.spec.storm.unwrap_or(0),
            stage: row.spec.stage,
        };
        let runs = self.rows.iter().map(|row| Run {
            option: row.spec.option,
            case: run(row),
            state: match &row.state {
                study::State::Done(digest) => State::Done(digest),
                other => panic!("{}: {other:?}", row.spec.id),
            },
        });
        Comparison {
            options: scenario.options.iter().map(|option| option.name.clone()).collect(),
            horizons: scenario.horizons.iter().map(|horizon| horizon.name.clone()).collect(),
            storms: scenario.storms.iter().map(|storm| storm.rain.name.clone()).collect(),
            stages: scenario.stages.iter().map(|stage| stage.name.clone()).collect(),
            overflows: scenario.study.overflows.clone(),
            treatment_works: scenario.study.treatment_works.clone(),
            runs: runs.collect(),
            ..Comparison::default()
        }
    }
    /// What it means by the rules that it names.
    pub fn assessed(&self) -> Assessment {
        let scenario = self.study.scenario();
        let folder = scenario.path.parent().unwrap_or(Path::new(""));
        let rule_set = rule_set::read(&folder.join(scenario.study.rules.as_ref().unwrap())).unwrap().unwrap();
        let comparison = self.comparison();
        let places = Places::of(&self.study);
        let capacities = capacities(&self.study, &comparison, &[], &rule_set.breaks);
        let ground = Ground {
            rule_set: &rule_set,
            scenario,
            formula: self.study.site().formula.as_ref(),
            zones: &self.study.site().zones,
            places: &places,
            comparison: &comparison,
            capacities: &capacities,
        };
        let verdicts = verdicts(&ground);
        Assessment {
            verdicts,
            transfers: flooding::transfers(scenario, &comparison, &places),
            rivers: flooding::rivers(scenario, &comparison),
            submergences: flooding::submergences(&self.study, &comparison),
            rule_set: Some(rule_set),
            capacities,
            ..Assessment::default()
        }
    }
}
