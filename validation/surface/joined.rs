//! One run of a network and the surface above it, watched.

use std::io;
use std::path::Path;

use pailao::clock::DateTime;
use pailao::diagnostic::Severity;
use pailao::input::inp::read_text;
use pailao::model::Model;
use pailao::model::check::check;
use pailao::simulation::street::{Exchanged, Manhole, Street, StreetSink, StreetSummary, View};
use pailao::simulation::{Outcome, Progress, run_coupled};
use pailao::statistics::RunSummary;
use pailao::surface::{Cell, Setup};

use crate::proof::{Proof, Trouble};

/// What a run gave.
pub struct Joined {
    /// Of the network.
    pub network: RunSummary,
    /// Of the surface.
    pub surface: StreetSummary,
    /// At the reporting times.
    pub record: Record,
}

/// What was seen at the reporting times.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Cells that are watched.
    cells: Vec<Cell>,
    /// One row a time.
    pub rows: Vec<Row>,
    lowest: f64,
}

/// What was seen at one time.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Seconds since the start.
    pub time: f64,
    /// Flow up from each manhole, then from each bank and from each outlet (m³/s).
    pub flows: Vec<f64>,
    /// Depth of each watched cell (m).
    pub depths: Vec<f64>,
    /// Water on the surface (m³).
    pub stored: f64,
}

impl StreetSink for Record {
    fn begin(&mut self, _street: &Street) -> io::Result<()> {
        Ok(())
    }

    fn record(&mut self, _time: DateTime, seconds: f64, view: &dyn View) -> io::Result<()> {
        self.lowest = view.grid().all().map(|cell| view.depth(cell)).fold(self.lowest, f64::min);
        self.rows.push(Row {
            time: seconds,
            flows: [view.manholes(), view.banks(), view.outlets()].concat(),
            depths: self.cells.iter().map(|cell| view.depth(*cell)).collect(),
            stored: view.stored(),
        });
        Ok(())
    }

    fn end(&mut self, _outcome: &Outcome) -> io::Result<()> {
        Ok(())
    }
}

impl Record {
    /// Flow of one exchange over time.
    pub fn flow(&self, which: usize) -> Vec<(f64, f64)> {
        self.rows.iter().map(|row| (row.time, row.flows[which])).collect()
    }

    /// How often the direction of one exchange changes; flows below a litre a second are none.
    pub fn turns(&self, which: usize) -> usize {
        let flows = self.rows.iter().map(|row| row.flows[which]);
        let signs: Vec<bool> = flows.filter(|flow| flow.abs() > 1.0e-3).map(|flow| flow > 0.0).collect();
        signs.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    /// The greatest depth at a watched cell.
    pub fn deepest(&self, which: usize) -> f64 {
        self.rows.iter().map(|row| row.depths[which]).fold(0.0, f64::max)
    }
}

/// A checked network from its text.
pub fn network(text: &[u8], name: &str) -> Result<Model, Trouble> {
    let mut reading = read_text(text, Path::new(name));
    reading.diagnostics.extend(check(&mut reading.model));
    let wrong = reading.diagnostics.iter().find(|problem| problem.severity != Severity::Warning);
    wrong.map_or_else(|| Ok(()), |problem| Err(format!("{name}: {problem:?}")))?;
    Ok(reading.model)
}

/// A manhole at a point of the map.
pub fn manhole(
    model: &Model,
    setup: &Setup,
    node: &str,
    at: (f64, f64),
    rim: f64,
    opening: pailao::routing::exchange::Opening,
) -> Result<Manhole, Trouble> {
    let id = model.nodes.find(node).ok_or_else(|| format!("no node {node}"))?;
    let cell = setup.grid().cell_of(at.0, at.1).ok_or_else(|| format!("{node} lies off the map"))?;
    Ok(Manhole { node: id, cell, rim, opening })
}

/// Runs both and watches some cells.
pub fn join(model: &Model, street: &Street, cells: Vec<Cell>) -> Result<Joined, Trouble> {
    let mut record = Record { cells, ..Record::default() };
    let mut go_on = |_: &Progress| true;
    let (network, surface, outcome) = run_coupled(model, street, &mut [], &mut [&mut record], &mut go_on)?;
    if outcome != Outcome::Complete {
        return Err(format!("the run ended early: {outcome:?}").into());
    }
    Ok(Joined { network, surface, record })
}

impl Joined {
    /// The gates of every coupled run: one rate for both sides, no water made or lost on the surface, no depth below zero.
    pub fn kept(&self, proof: &mut Proof, name: &str) {
        let s = &self.surface;
        let places = || s.manholes.iter().chain(&s.banks).chain(&s.outlets);
        let sum = |of: fn(&Exchanged) -> f64| places().map(of).sum::<f64>();
        let (up, down) = (sum(|e| e.up), sum(|e| e.down));
        let apart = (up - down) - (s.ledger.exchange_in - s.ledger.exchange_out) - s.unsettled;
        proof.gate(
            &format!("left the network less entered the surface, {name}"),
            apart.abs() / up.max(down),
            1.0e-12,
        );
        if s.banks.is_empty() {
            // a bank may give at one end of its channel what it takes at the other: the network books both
            let outlets: f64 = s.outlets.iter().map(|e| e.up).sum();
            let flooding = (self.network.routing.flooding - (up - outlets)).abs() / up.max(down);
            proof.gate(&format!("flooding of the network less what came up, {name}"), flooding, 1.0e-12);
        }
        proof.gate(&format!("volume error of the surface, {name}"), s.volume_error.abs(), 1.0e-9);
        proof.at_least(&format!("lowest depth (m), {name}"), self.record.lowest, 0.0);
        let continuity = self.network.routing.continuity_error().abs();
        proof.gate(&format!("continuity of the network (%), {name}"), continuity, 1.0);
        proof.note("   not moved yet, kept for the next step (m3)", s.unsettled);
        proof.note("   steps of the network", s.steps.network as f64);
        proof.note("   steps of the surface", s.steps.surface as f64);
    }
}
