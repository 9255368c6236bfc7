//! Time series as CSV: one file a variable, one row a reporting time, one column an element.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Beginning, CsvFile, Quantity};
use crate::clock::DateTime;
use crate::model::Model;
use crate::results::out::writer::{selected, system_values};
use crate::simulation::{Frame, Outcome, Sink, checkpoint};
use crate::units::Units;

/// Name of the file that marks an incomplete run.
const MARK: &str = "INCOMPLETE.txt";

/// What a file holds.
struct Variable {
    file: &'static str,
    name: &'static str,
    quantity: Quantity,
    column: fn(&Frame) -> &[f64],
}

const SUBCATCHMENTS: [Variable; 4] = [
    Variable {
        file: "subcatchments_rainfall.csv",
        name: "rainfall",
        quantity: Quantity::RainRate,
        column: |f| &f.subcatchments.rainfall,
    },
    Variable {
        file: "subcatchments_evaporation.csv",
        name: "evaporation",
        quantity: Quantity::Evaporation,
        column: |f| &f.subcatchments.evaporation,
    },
    Variable {
        file: "subcatchments_infiltration.csv",
        name: "infiltration",
        quantity: Quantity::RainRate,
        column: |f| &f.subcatchments.infiltration,
    },
    Variable {
        file: "subcatchments_runoff.csv",
        name: "runoff",
        quantity: Quantity::Flow,
        column: |f| &f.subcatchments.runoff,
    },
];

const NODES: [Variable; 6] = [
    Variable {
        file: "nodes_depth.csv",
        name: "depth",
        quantity: Quantity::Length,
        column: |f| &f.nodes.depth,
    },
    Variable { file: "nodes_head.csv", name: "head", quantity: Quantity::Length, column: |f| &f.nodes.head },
    Variable {
        file: "nodes_volume.csv",
        name: "volume",
        quantity: Quantity::Volume,
        column: |f| &f.nodes.volume,
    },
    Variable {
        file: "nodes_lateral_inflow.csv",
        name: "lateral inflow",
        quantity: Quantity::Flow,
        column: |f| &f.nodes.lateral_inflow,
    },
    Variable {
        file: "nodes_total_inflow.csv",
        name: "total inflow",
        quantity: Quantity::Flow,
        column: |f| &f.nodes.total_inflow,
    },
    Variable {
        file: "nodes_flooding.csv",
        name: "flooding",
        quantity: Quantity::Flow,
        column: |f| &f.nodes.flooding,
    },
];

const LINKS: [Variable; 5] = [
    Variable { file: "links_flow.csv", name: "flow", quantity: Quantity::Flow, column: |f| &f.links.flow },
    Variable {
        file: "links_depth.csv",
        name: "depth",
        quantity: Quantity::Length,
        column: |f| &f.links.depth,
    },
    Variable {
        file: "links_velocity.csv",
        name: "velocity",
        quantity: Quantity::Velocity,
        column: |f| &f.links.velocity,
    },
    Variable {
        file: "links_volume.csv",
        name: "volume",
        quantity: Quantity::Volume,
        column: |f| &f.links.volume,
    },
    Variable {
        file: "links_capacity.csv",
        name: "capacity or setting",
        quantity: Quantity::Pure,
        column: |f| &f.links.capacity,
    },
];

const SYSTEM: [(&str, Quantity); 15] = [
    ("temperature", Quantity::Temperature),
    ("rainfall", Quantity::RainRate),
    ("snow depth", Quantity::RainDepth),
    ("infiltration", Quantity::RainRate),
    ("runoff", Quantity::Flow),
    ("dry weather inflow", Quantity::Flow),
    ("groundwater inflow", Quantity::Flow),
    ("RDII inflow", Quantity::Flow),
    ("direct inflow", Quantity::Flow),
    ("lateral inflow", Quantity::Flow),
    ("flooding", Quantity::Flow),
    ("outflow", Quantity::Flow),
    ("storage", Quantity::Volume),
    ("evaporation", Quantity::Evaporation),
    ("potential evaporation", Quantity::Evaporation),
];

/// Writes time series into a directory; a [`Sink`].
///
/// The elements that the model reports get a column each; `system.csv` holds the system. The first
/// head cell names the variable and its unit. A run that did not reach its end leaves what it has, and
/// a file `INCOMPLETE.txt` that says so.
pub struct CsvSeries {
    directory: PathBuf,
    units: Units,
    report_start: DateTime,
    tables: Vec<Series>,
    system: Option<CsvFile>,
}

struct Series {
    file: CsvFile,
    elements: Vec<usize>,
    unit: f64,
    column: fn(&Frame) -> &[f64],
}

impl CsvSeries {
    /// Writes into `directory`, which is made where it is missing.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            units: Units::default(),
            report_start: DateTime::default(),
            tables: Vec::new(),
            system: None,
        }
    }

    fn begin_at(&mut self, model: &Model, mut beginning: Beginning) -> io::Result<()> {
        fs::create_dir_all(&self.directory)?;
        remove_mark(&self.directory)?;
        (self.units, self.report_start) = (model.units, model.options.report_start);
        let report = &model.report;
        let from = &mut beginning;
        let elements = selected(model.subcatchments.ids(), &report.subcatchments);
        self.open(from, &SUBCATCHMENTS, &elements, model.subcatchments.names())?;
        self.open(from, &NODES, &selected(model.nodes.ids(), &report.nodes), model.nodes.names())?;
        self.open(from, &LINKS, &selected(model.links.ids(), &report.links), model.links.names())?;
        let mut system = from.open(&self.directory, "system.csv")?;
        if system.is_new {
            system.text("time")?;
            for (name, quantity) in SYSTEM {
                system.text(&quantity.head(name, &self.units))?;
            }
            system.end_row()?;
        }
        self.system = Some(system);
        Ok(())
    }

    fn open(
        &mut self,
        beginning: &mut Beginning,
        variables: &[Variable],
        elements: &[usize],
        names: &[String],
    ) -> io::Result<()> {
        if elements.is_empty() {
            return Ok(());
        }
        for variable in variables {
            let mut file = beginning.open(&self.directory, variable.file)?;
            if file.is_new {
                let what = match variable.quantity.label(&self.units) {
                    "" => variable.name.to_string(),
                    unit => format!("{} in {unit}", variable.name),
                };
                file.text(&format!("time ({what})"))?;
                file.row(elements.iter().filter_map(|&i| names.get(i)).map(String::as_str))?;
            }
            let unit = variable.quantity.unit(&self.units);
            let column = variable.column;
            self.tables.push(Series { file, elements: elements.to_vec(), unit, column });
        }
        Ok(())
    }
}

impl Sink for CsvSeries {
    fn begin(&mut self, model: &Model) -> io::Result<()> {
        self.begin_at(model, Beginning::Anew)
    }

    fn keep(&mut self) -> io::Result<Vec<u8>> {
        let files = self.tables.iter_mut().map(|table| &mut table.file).chain(&mut self.system);
        checkpoint::bytes(&files.map(CsvFile::mark).collect::<io::Result<Vec<_>>>()?)
    }

    fn go_on(&mut self, model: &Model, kept: &[u8]) -> io::Result<()> {
        self.begin_at(model, Beginning::at(kept)?)
    }

    fn record(&mut self, frame: &Frame) -> io::Result<()> {
        if frame.time < self.report_start {
            return Ok(());
        }
        let time = frame.time.to_string();
        for table in &mut self.tables {
            let column = (table.column)(frame);
            table.file.text(&time)?;
            for &element in &table.elements {
                table.file.number(column.get(element).copied().unwrap_or(0.0) / table.unit)?;
            }
            table.file.end_row()?;
        }
        if let Some(system) = &mut self.system {
            system.text(&time)?;
            for value in system_values(&frame.system, &self.units) {
                system.number(value)?;
            }
            system.end_row()?;
        }
        Ok(())
    }

    fn end(&mut self, outcome: &Outcome) -> io::Result<()> {
        for table in self.tables.drain(..) {
            table.file.finish()?;
        }
        if let Some(system) = self.system.take() {
            system.finish()?;
        }
        write_mark(&self.directory, outcome)
    }
}

/// Takes the mark of an incomplete run away.
pub(super) fn remove_mark(directory: &Path) -> io::Result<()> {
    match fs::remove_file(directory.join(MARK)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Marks the results of a run that did not reach its end.
pub(super) fn write_mark(directory: &Path, outcome: &Outcome) -> io::Result<()> {
    let mark = match outcome {
        Outcome::Complete => return Ok(()),
        Outcome::Interrupted(time) => format!("The run was interrupted at {time}.\n"),
        Outcome::Failed(time, why) => format!("The run failed at {time}: {why}.\n"),
    };
    fs::write(directory.join(MARK), mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::options::Selection;
    use crate::results::sample;

    fn write(name: &str, model: &Model, outcome: &Outcome) -> PathBuf {
        let directory = std::env::temp_dir().join(format!("pailao-{}-{name}", std::process::id()));
        let mut series = CsvSeries::new(&directory);
        series.begin(model).unwrap();
        for period in 1..=2 {
            series.record(&sample::frame(model, period)).unwrap();
        }
        series.end(outcome).unwrap();
        directory
    }

    #[test]
    fn a_variable_has_a_row_a_time_and_a_column_an_element() {
        let directory = write("csv", &sample::model(), &Outcome::Complete);
        let read = |name: &str| fs::read_to_string(directory.join(name)).unwrap();
        assert_eq!(
            read("nodes_depth.csv"),
            "time (depth in m),雨水井1,Pond,Out\n\
             2026-07-21 01:05:00,1,2,0.1\n\
             2026-07-21 01:10:00,2,3,0.1\n"
        );
        assert!(read("links_flow.csv").starts_with("time (flow in LPS),C1,P1\n"));
        assert!(read("links_capacity.csv").starts_with("time (capacity or setting),C1,P1\n"));
        assert!(read("system.csv").starts_with("time,temperature (C),rainfall (mm/h),"));
        assert_eq!(read("subcatchments_rainfall.csv").lines().count(), 3);
        let names = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(names.filter(|name| !name.to_string_lossy().ends_with(".csv")).count(), 0);
        fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn an_interrupted_run_is_marked_and_a_whole_one_removes_the_mark() {
        let model = sample::model();
        let directory = write("csv-mark", &model, &Outcome::Interrupted(model.options.start));
        let mark = fs::read_to_string(directory.join(MARK)).unwrap();
        assert!(mark.contains("interrupted at 2026-07-21 01:00:00"));
        assert!(directory.join("nodes_depth.csv").exists());
        assert_eq!(write("csv-mark", &model, &Outcome::Complete), directory);
        assert!(!directory.join(MARK).exists());
        fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn elements_that_are_not_reported_have_no_file() {
        let mut model = sample::model();
        model.report.links = Selection::None;
        model.report.nodes = Selection::Some(vec![model.nodes.find("Out").unwrap()]);
        let directory = write("csv-some", &model, &Outcome::Complete);
        assert!(!directory.join("links_flow.csv").exists());
        let text = fs::read_to_string(directory.join("nodes_head.csv")).unwrap();
        assert!(text.starts_with("time (head in m),Out\n2026-07-21 01:05:00,10.1\n"));
        fs::remove_dir_all(directory).unwrap();
    }
}
