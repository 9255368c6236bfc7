//! The surface over time as CSV: depth, level and speed at gauges, water through lines, exchange of manholes, banks and
//! outlets, and the water that stands. All in SI.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use super::series::{remove_mark, write_mark};
use super::{Beginning, CsvFile};
use crate::clock::DateTime;
use crate::model::Model;
use crate::simulation::street::{Street, StreetSink, View};
use crate::simulation::{Outcome, checkpoint};
use crate::surface::Cell;

/// Names of what the columns stand for; those of manholes, banks and outlets come from the network.
#[derive(Clone, Debug, Default)]
pub struct StreetNames {
    /// Gauges and their cells.
    pub gauges: Vec<(String, Cell)>,
    /// Lines.
    pub lines: Vec<String>,
}

/// Writes time series of a surface into a folder; a [`StreetSink`].
///
/// `street.csv` holds the water that stands (m³) and the flows up and down (m³/s); `street_gauges.csv` depth (m), level
/// (m) and speed (m/s) at each gauge; `street_lines.csv` the volume through each line (m³); `street_manholes.csv`,
/// `street_banks.csv` (a column a channel) and `street_outlets.csv` flows up onto the surface (m³/s), below zero down.
/// Tables without columns are left out. A run that did not reach its end leaves what it has, and `INCOMPLETE.txt`.
pub struct StreetSeries<'m> {
    folder: PathBuf,
    model: &'m Model,
    names: StreetNames,
    tables: Vec<(Table, CsvFile)>,
    /// The channel of each bank, by its place among the columns.
    channels: Vec<usize>,
    sums: Vec<f64>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    Water,
    Gauges,
    Lines,
    Manholes,
    Banks,
    Outlets,
}

impl<'m> StreetSeries<'m> {
    /// A writer into a folder, which is made if need be.
    pub fn new(folder: impl Into<PathBuf>, model: &'m Model, names: StreetNames) -> Self {
        let folder = folder.into();
        Self { folder, model, names, tables: Vec::new(), channels: Vec::new(), sums: Vec::new() }
    }

    fn begin_at(&mut self, street: &Street, mut beginning: Beginning) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        remove_mark(&self.folder)?;
        let (model, from) = (self.model, &mut beginning);
        let node = |id| model.nodes.name(id).to_owned();
        let water = ["stored (m3)", "up from the network (m3/s)", "down into the network (m3/s)"];
        self.open(from, Table::Water, "street.csv", "time", &water.map(str::to_owned))?;
        let gauges = self.names.gauges.iter();
        let parts = ["depth (m)", "level (m)", "speed (m/s)"];
        let heads: Vec<String> =
            gauges.flat_map(|(name, _)| parts.map(|part| format!("{name} {part}"))).collect();
        self.open(from, Table::Gauges, "street_gauges.csv", "time", &heads)?;
        let lines = self.names.lines.clone();
        self.open(from, Table::Lines, "street_lines.csv", "time (volume through in m3)", &lines)?;
        let heads: Vec<String> = street.manholes.iter().map(|manhole| node(manhole.node)).collect();
        self.open(from, Table::Manholes, "street_manholes.csv", "time (flow up in m3/s)", &heads)?;
        let mut columns = BTreeMap::new();
        let mut heads = Vec::new();
        for bank in &street.banks {
            let column = *columns.entry(bank.link).or_insert_with(|| {
                heads.push(model.links.name(bank.link).to_owned());
                heads.len() - 1
            });
            self.channels.push(column);
        }
        self.sums = vec![0.0; heads.len()];
        self.open(from, Table::Banks, "street_banks.csv", "time (flow onto the surface in m3/s)", &heads)?;
        let heads: Vec<String> = street.outlets.iter().map(|outlet| node(outlet.node)).collect();
        self.open(from, Table::Outlets, "street_outlets.csv", "time (flow onto the surface in m3/s)", &heads)
    }

    fn open(
        &mut self,
        beginning: &mut Beginning,
        table: Table,
        name: &str,
        first: &str,
        heads: &[String],
    ) -> io::Result<()> {
        if heads.is_empty() {
            return Ok(());
        }
        let mut file = beginning.open(&self.folder, name)?;
        if file.is_new {
            file.row(std::iter::once(first).chain(heads.iter().map(String::as_str)))?;
        }
        self.tables.push((table, file));
        Ok(())
    }
}

impl StreetSink for StreetSeries<'_> {
    fn begin(&mut self, street: &Street) -> io::Result<()> {
        self.begin_at(street, Beginning::Anew)
    }

    fn keep(&mut self) -> io::Result<Vec<u8>> {
        let files = self.tables.iter_mut().map(|(_, file)| file);
        checkpoint::bytes(&files.map(CsvFile::mark).collect::<io::Result<Vec<_>>>()?)
    }

    fn go_on(&mut self, street: &Street, kept: &[u8]) -> io::Result<()> {
        self.begin_at(street, Beginning::at(kept)?)
    }

    fn record(&mut self, time: DateTime, _seconds: f64, view: &dyn View) -> io::Result<()> {
        let time = time.to_string();
        self.sums.fill(0.0);
        for (column, flow) in self.channels.iter().zip(view.banks()) {
            if let Some(sum) = self.sums.get_mut(*column) {
                *sum += flow;
            }
        }
        let flows = || view.manholes().iter().chain(view.banks()).chain(view.outlets());
        for (table, file) in &mut self.tables {
            file.text(&time)?;
            match table {
                Table::Water => {
                    let up: f64 = flows().map(|flow| flow.max(0.0)).sum();
                    let down: f64 = flows().map(|flow| (-flow).max(0.0)).sum();
                    [view.stored(), up, down].into_iter().try_for_each(|value| file.number(value))?;
                }
                Table::Gauges => {
                    for (_, cell) in &self.names.gauges {
                        let values = [view.depth(*cell), view.level(*cell), view.speed(*cell)];
                        values.into_iter().try_for_each(|value| file.number(value))?;
                    }
                }
                Table::Lines => view.passed().iter().try_for_each(|value| file.number(*value))?,
                Table::Manholes => view.manholes().iter().try_for_each(|value| file.number(*value))?,
                Table::Banks => self.sums.iter().try_for_each(|value| file.number(*value))?,
                Table::Outlets => view.outlets().iter().try_for_each(|value| file.number(*value))?,
            }
            file.end_row()?;
        }
        Ok(())
    }

    fn end(&mut self, outcome: &Outcome) -> io::Result<()> {
        for (_, file) in self.tables.drain(..) {
            file.finish()?;
        }
        write_mark(&self.folder, outcome)
    }
}
