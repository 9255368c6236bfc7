//! Models as text, and the program that runs them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pailao::results::out::{Kind, OutFile};

/// A model in the making: lines by section.
#[derive(Clone, Debug)]
pub struct Network {
    name: String,
    sections: Vec<(&'static str, Vec<String>)>,
}

impl Network {
    /// A model that runs the dynamic wave for some hours; the name is that of its files.
    pub fn new(name: &str, hours: f64, step_seconds: u32, report_minutes: u32) -> Self {
        let minutes = (hours * 60.0).round() as u32;
        let mut network = Self { name: name.to_owned(), sections: Vec::new() };
        for option in [
            "FLOW_UNITS CMS",
            "FLOW_ROUTING DYNWAVE",
            "INFILTRATION HORTON",
            "LINK_OFFSETS DEPTH",
            "START_DATE 01/01/2026",
            "START_TIME 00:00:00",
            "REPORT_START_DATE 01/01/2026",
            "REPORT_START_TIME 00:00:00",
            "WET_STEP 00:01:00",
            "DRY_STEP 00:01:00",
            "VARIABLE_STEP 0.75",
            "MINIMUM_STEP 0.2",
            "INERTIAL_DAMPING NONE",
            "NORMAL_FLOW_LIMITED BOTH",
            "MIN_SLOPE 0",
            "HEAD_TOLERANCE 0.0001",
            "MAX_TRIALS 20",
        ] {
            network.line("OPTIONS", option);
        }
        network.line("OPTIONS", format!("END_DATE 01/{:02}/2026", 1 + minutes / 1440));
        network.line("OPTIONS", format!("END_TIME {:02}:{:02}:00", minutes % 1440 / 60, minutes % 60));
        network.line("OPTIONS", format!("ROUTING_STEP 00:00:{step_seconds:02}"));
        network
            .line("OPTIONS", format!("REPORT_STEP {:02}:{:02}:00", report_minutes / 60, report_minutes % 60));
        network.line("REPORT", "SUBCATCHMENTS ALL");
        network.line("REPORT", "NODES ALL");
        network.line("REPORT", "LINKS ALL");
        network
    }

    /// Adds a line to a section.
    pub fn line(&mut self, section: &'static str, line: impl Into<String>) {
        match self.sections.iter_mut().find(|(name, _)| *name == section) {
            Some((_, lines)) => lines.push(line.into()),
            None => self.sections.push((section, vec![line.into()])),
        }
    }
    /// A junction ten metres deep.
    pub fn junction(&mut self, name: &str, invert: f64, initial_depth: f64) {
        self.line("JUNCTIONS", format!("{name} {invert:.6} 10 {initial_depth:.6} 0 0"));
    }
    /// An outfall; the rest of its line is its type and stage.
    pub fn outfall(&mut self, name: &str, invert: f64, rest: &str) {
        self.line("OUTFALLS", format!("{name} {invert:.6} {rest} NO"));
    }
    /// A conduit between inverts.
    pub fn conduit(&mut self, name: &str, from: &str, to: &str, length: f64, roughness: f64, section: &str) {
        self.line("CONDUITS", format!("{name} {from} {to} {length:.4} {roughness} 0 0 0 0"));
        self.line("XSECTIONS", format!("{name} {section}"));
    }
    /// A constant inflow, m³/s.
    pub fn inflow(&mut self, node: &str, flow: f64) {
        self.line("INFLOWS", format!("{node} FLOW \"\" FLOW 1 1 {flow:.6}"));
    }

    /// Runs the model.
    pub fn run(&self) -> Results {
        let mut text = format!("[TITLE]\nValidation: {}\n", self.name);
        for (section, lines) in &self.sections {
            let _ = write!(text, "\n[{section}]\n{}\n", lines.join("\n"));
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("validation");
        fs::create_dir_all(&folder).expect("the folder for models can be made");
        let file = |ending: &str| -> PathBuf { folder.join(format!("{}.{ending}", self.name)) };
        fs::write(file("inp"), text).expect("the model can be written");
        let mut command = match std::env::var_os("PAILAO_ENGINE") {
            Some(engine) => Command::new(engine),
            None => {
                let mut ours = Command::new(env!("CARGO_BIN_EXE_pailao"));
                ours.arg("swmm");
                ours
            }
        };
        let done = command.args([file("inp"), file("rpt"), file("out")]).output().expect("the engine starts");
        assert!(
            done.status.success(),
            "{} failed: {}{}",
            self.name,
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        );
        Results {
            file: OutFile::open(file("out")).expect("the results can be read"),
            report: fs::read_to_string(file("rpt")).expect("the report can be read"),
        }
    }
}

/// What a run gave.
pub struct Results {
    file: OutFile,
    report: String,
}

/// Variable of a node: depth, m.
pub const DEPTH: usize = 0;
/// Variable of a node: head, m.
pub const HEAD: usize = 1;
/// Variable of a node: volume, m³.
pub const VOLUME: usize = 2;
/// Variable of a link: flow, m³/s.
pub const FLOW: usize = 0;
/// Variable of a link: velocity, m/s.
pub const VELOCITY: usize = 2;
/// Variable of a subcatchment: runoff, m³/s.
pub const RUNOFF: usize = 4;

impl Results {
    fn series(&mut self, kind: Kind, name: &str, variable: usize) -> Vec<f64> {
        let element = self.file.find(kind, name).unwrap_or_else(|| panic!("{name} is in the results"));
        let values = self.file.series(kind, element, variable).expect("the results can be read");
        values.into_iter().map(f64::from).collect()
    }
    /// Series of a node.
    pub fn node(&mut self, name: &str, variable: usize) -> Vec<f64> {
        self.series(Kind::Node, name, variable)
    }
    /// Series of a link.
    pub fn link(&mut self, name: &str, variable: usize) -> Vec<f64> {
        self.series(Kind::Link, name, variable)
    }
    /// Series of a subcatchment.
    pub fn subcatchment(&mut self, name: &str, variable: usize) -> Vec<f64> {
        self.series(Kind::Subcatchment, name, variable)
    }
    /// Last value of a node.
    pub fn last_node(&mut self, name: &str, variable: usize) -> f64 {
        *self.node(name, variable).last().expect("there are results")
    }
    /// Last value of a link.
    pub fn last_link(&mut self, name: &str, variable: usize) -> f64 {
        *self.link(name, variable).last().expect("there are results")
    }
    /// The report from a heading on.
    pub fn report_after(&self, heading: &str) -> &str {
        let start = self.report.find(heading).unwrap_or_else(|| panic!("the report has a table {heading}"));
        &self.report[start..]
    }
    /// The number in a column (from 0) of the report's first line that begins with `start`.
    pub fn report_number(&self, start: &str, column: usize) -> f64 {
        let line = self.report.lines().find(|line| line.trim_start().starts_with(start));
        let line = line.unwrap_or_else(|| panic!("the report has a line {start}"));
        let word = line.split_whitespace().nth(column);
        word.and_then(|word| word.parse().ok())
            .unwrap_or_else(|| panic!("column {column} of {line} is a number"))
    }
}
