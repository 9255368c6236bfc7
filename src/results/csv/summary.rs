//! Summary tables as CSV: one row an element.

use std::fs;
use std::io;
use std::path::Path;

use super::{CsvFile, Quantity};
use crate::ledger::balance::WaterBalance;
use crate::model::{LinkId, Model, NodeId};
use crate::num::index::Id;
use crate::results::rpt::text::{link_type, mean, node_type, percent};
use crate::statistics::RunSummary;

/// One value of a row.
enum Cell<'a> {
    Text(&'a str),
    Time(String),
    /// In SI.
    Number(f64),
}

/// A table: the head with quantities, then rows.
struct Table<'a> {
    file: CsvFile,
    model: &'a Model,
    quantities: Vec<Quantity>,
}

impl<'a> Table<'a> {
    fn create(directory: &Path, name: &str, model: &'a Model, head: &[(&str, Quantity)]) -> io::Result<Self> {
        let mut file = CsvFile::create(directory, name)?;
        for (title, quantity) in head {
            file.text(&quantity.head(title, &model.units))?;
        }
        file.end_row()?;
        Ok(Self { file, model, quantities: head.iter().map(|column| column.1).collect() })
    }
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for (cell, quantity) in cells.iter().zip(&self.quantities) {
            match cell {
                Cell::Text(text) => self.file.text(text)?,
                Cell::Time(text) => self.file.text(text)?,
                Cell::Number(value) => self.file.number(value / quantity.unit(&self.model.units))?,
            }
        }
        self.file.end_row()
    }
}

/// Writes all summary tables into `directory`, which is made where it is missing.
///
/// # Errors
/// When a file cannot be written.
pub fn save_summaries(directory: &Path, model: &Model, summary: &RunSummary) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    subcatchments(directory, model, summary)?;
    nodes(directory, model, summary)?;
    storages(directory, model, summary)?;
    outfalls(directory, model, summary)?;
    links(directory, model, summary)?;
    pumps(directory, model, summary)?;
    water(directory, model, summary)
}

fn subcatchments(directory: &Path, model: &Model, summary: &RunSummary) -> io::Result<()> {
    let head = [
        ("subcatchment", Quantity::Pure),
        ("rainfall", Quantity::RainDepth),
        ("runon", Quantity::RainDepth),
        ("evaporation", Quantity::RainDepth),
        ("infiltration", Quantity::RainDepth),
        ("impervious runoff", Quantity::RainDepth),
        ("pervious runoff", Quantity::RainDepth),
        ("runoff", Quantity::RainDepth),
        ("runoff volume", Quantity::Volume),
        ("peak runoff", Quantity::Flow),
        ("runoff coefficient", Quantity::Pure),
    ];
    let mut table = Table::create(directory, "summary_subcatchments.csv", model, &head)?;
    let totals = &summary.subcatchments;
    for (id, subcatchment) in model.subcatchments.iter() {
        let at = |column: &[f64]| column.get(id.index()).copied().unwrap_or(0.0);
        let area = subcatchment.area;
        let depth = |column: &[f64]| Cell::Number(if area > 0.0 { at(column) / area } else { 0.0 });
        let received = at(&totals.rainfall) + at(&totals.runon);
        table.row(&[
            Cell::Text(model.subcatchments.name(id)),
            depth(&totals.rainfall),
            depth(&totals.runon),
            depth(&totals.evaporation),
            depth(&totals.infiltration),
            depth(&totals.impervious_runoff),
            depth(&totals.pervious_runoff),
            depth(&totals.runoff),
            Cell::Number(at(&totals.runoff)),
            Cell::Number(at(&totals.peak_runoff)),
            Cell::Number(if received > 0.0 { at(&totals.runoff) / received } else { 0.0 }),
        ])?;
    }
    table.file.finish()
}

fn nodes(directory: &Path, model: &Model, summary: &RunSummary) -> io::Result<()> {
    let head = [
        ("node", Quantity::Pure),
        ("type", Quantity::Pure),
        ("average depth", Quantity::Length),
        ("maximum depth", Quantity::Length),
        ("maximum head", Quantity::Length),
        ("time of maximum depth", Quantity::Pure),
        ("maximum lateral inflow", Quantity::Flow),
        ("maximum total inflow", Quantity::Flow),
        ("time of maximum inflow", Quantity::Pure),
        ("lateral inflow volume", Quantity::Volume),
        ("total inflow volume", Quantity::Volume),
        ("hours surcharged", Quantity::Pure),
        ("height above crown", Quantity::Length),
        ("hours flooded", Quantity::Pure),
        ("maximum flooding", Quantity::Flow),
        ("time of maximum flooding", Quantity::Pure),
        ("flood volume", Quantity::Volume),
        ("maximum ponded volume", Quantity::Volume),
        ("continuity error (%)", Quantity::Pure),
        ("steps not converged", Quantity::Pure),
    ];
    let mut table = Table::create(directory, "summary_nodes.csv", model, &head)?;
    let statistics = &summary.network.nodes;
    for (id, node) in model.nodes.iter() {
        let i = id.index();
        let (Some(extremes), Some(flooding)) = (statistics.extremes.get(i), statistics.flooding.get(i))
        else {
            continue;
        };
        let surcharged = extremes.surcharged_time > 0.0;
        let error = summary.nodes.continuity_error(i);
        table.row(&[
            Cell::Text(model.nodes.name(id)),
            Cell::Text(node_type(&node.kind)),
            Cell::Number(mean(extremes.depth_sum, summary.network.steps)),
            Cell::Number(extremes.max_depth),
            Cell::Number(extremes.max_depth + node.invert),
            Cell::Time(extremes.max_depth_time.to_string()),
            Cell::Number(extremes.max_lateral_inflow),
            Cell::Number(extremes.max_inflow),
            Cell::Time(extremes.max_inflow_time.to_string()),
            Cell::Number(extremes.lateral_volume),
            Cell::Number(summary.nodes.inflow.get(i).copied().unwrap_or(0.0)),
            Cell::Number(extremes.surcharged_time / 3600.0),
            Cell::Number(if surcharged { statistics.height_above_crown(i) } else { 0.0 }),
            Cell::Number(flooding.time / 3600.0),
            Cell::Number(flooding.max_rate),
            match flooding.time > 0.0 {
                true => Cell::Time(flooding.max_rate_time.to_string()),
                false => Cell::Text(""),
            },
            Cell::Number(flooding.volume),
            Cell::Number(flooding.max_ponded_volume),
            error.map_or(Cell::Text(""), Cell::Number),
            Cell::Number(f64::from(statistics.nonconverged_count[i])),
        ])?;
    }
    table.file.finish()
}

fn storages(directory: &Path, model: &Model, summary: &RunSummary) -> io::Result<()> {
    let storages = &summary.network.nodes.storages;
    if storages.is_empty() {
        return Ok(());
    }
    let head = [
        ("storage unit", Quantity::Pure),
        ("average volume", Quantity::Volume),
        ("average filling (%)", Quantity::Pure),
        ("maximum volume", Quantity::Volume),
        ("maximum filling (%)", Quantity::Pure),
        ("time of maximum volume", Quantity::Pure),
        ("maximum outflow", Quantity::Flow),
        ("evaporation", Quantity::Volume),
        ("seepage", Quantity::Volume),
    ];
    let mut table = Table::create(directory, "summary_storages.csv", model, &head)?;
    for storage in storages {
        let average = mean(storage.volume_sum, summary.network.steps);
        table.row(&[
            Cell::Text(model.nodes.name(NodeId::new(storage.node))),
            Cell::Number(average),
            Cell::Number(percent(average, storage.full_volume)),
            Cell::Number(storage.max_volume),
            Cell::Number(percent(storage.max_volume, storage.full_volume)),
            Cell::Time(storage.max_volume_time.to_string()),
            Cell::Number(storage.max_outflow),
            Cell::Number(storage.evaporated),
            Cell::Number(storage.seeped),
        ])?;
    }
    table.file.finish()
}

fn outfalls(directory: &Path, model: &Model, summary: &RunSummary) -> io::Result<()> {
    let outfalls = &summary.network.nodes.outfalls;
    if outfalls.is_empty() {
        return Ok(());
    }
    let head = [
        ("outfall", Quantity::Pure),
        ("flow frequency (%)", Quantity::Pure),
        ("average flow", Quantity::Flow),
        ("maximum flow", Quantity::Flow),
        ("volume out", Quantity::Volume),
        ("volume in", Quantity::Volume),
    ];
    let mut table = Table::create(directory, "summary_outfalls.csv", model, &head)?;
    for outfall in outfalls {
        let at = |column: &[f64]| column.get(outfall.node).copied().unwrap_or(0.0);
        table.row(&[
            Cell::Text(model.nodes.name(NodeId::new(outfall.node))),
            Cell::Number(100.0 * mean(outfall.steps_with_flow as f64, summary.network.steps)),
            Cell::Number(mean(outfall.flow_sum, outfall.steps_with_flow)),
            Cell::Number(outfall.max_flow),
            Cell::Number(at(&summary.nodes.left)),
            Cell::Number(at(&summary.nodes.entered)),
        ])?;
    }
    table.file.finish()
}

fn links(directory: &Path, model: &Model, summary: &RunSummary) -> io::Result<()> {
    let head = [
        ("link", Quantity::Pure),
        ("type", Quantity::Pure),
        ("maximum flow", Quantity::Flow),
        ("time of maximum flow", Quantity::Pure),
        ("maximum velocity", Quantity::Velocity),
        ("maximum depth", Quantity::Length),
        ("full flow", Quantity::Flow),
        ("full depth", Quantity::Length),
        ("maximum flow over full flow", Quantity::Pure),
        ("maximum depth over full depth", Quantity::Pure),
        ("hours full at both ends", Quantity::Pure),
        ("hours full upstream", Quantity::Pure),
        ("hours full downstream", Quantity::Pure),
        ("hours above full flow", Quantity::Pure),
        ("hours capacity limited", Quantity::Pure),
        ("instability index", Quantity::Pure),
    ];
    let mut table = Table::create(directory, "summary_links.csv", model, &head)?;
    let network = &summary.network;
    for (id, link) in model.links.iter() {
        let i = id.index();
        let Some(extremes) = network.links.extremes.get(i) else { continue };
        let times = network.links.times(i);
        let capacity = summary.links.get(i).copied().unwrap_or_default();
        let full_flow = capacity.full_flow * f64::from(capacity.barrels.max(1));
        let share = |part: f64, whole: f64| match whole > 0.0 {
            true => Cell::Number(part / whole),
            false => Cell::Text(""),
        };
        table.row(&[
            Cell::Text(model.links.name(id)),
            Cell::Text(link_type(&link.kind)),
            Cell::Number(extremes.max_flow),
            Cell::Time(extremes.max_flow_time.to_string()),
            Cell::Number(extremes.max_velocity),
            Cell::Number(extremes.max_depth),
            Cell::Number(full_flow),
            Cell::Number(capacity.full_depth),
            share(extremes.max_flow, full_flow),
            share(extremes.max_depth, capacity.full_depth),
            Cell::Number(times.both_full / 3600.0),
            Cell::Number(times.upstream_full / 3600.0),
            Cell::Number(times.downstream_full / 3600.0),
            Cell::Number(times.above_normal / 3600.0),
            Cell::Number(times.capacity_limited / 3600.0),
            Cell::Number(network.instability(i)),
        ])?;
    }
    table.file.finish()
}

fn pumps(directory: &Path, model: &Model, summary: &RunSummary) -> io::Result<()> {
    let pumps = &summary.network.links.pumps;
    if pumps.is_empty() {
        return Ok(());
    }
    let head = [
        ("pump", Quantity::Pure),
        ("utilized (%)", Quantity::Pure),
        ("start-ups", Quantity::Pure),
        ("average flow", Quantity::Flow),
        ("maximum flow", Quantity::Flow),
        ("volume", Quantity::Volume),
        ("energy (kWh)", Quantity::Pure),
        ("hours below curve", Quantity::Pure),
        ("hours beyond curve", Quantity::Pure),
    ];
    let mut table = Table::create(directory, "summary_pumps.csv", model, &head)?;
    for pump in pumps {
        table.row(&[
            Cell::Text(model.links.name(LinkId::new(pump.link))),
            Cell::Number(percent(pump.utilized, summary.network.time_span)),
            Cell::Number(f64::from(pump.start_ups)),
            Cell::Number(mean(pump.flow_sum, pump.steps_with_flow)),
            Cell::Number(pump.max_flow),
            Cell::Number(pump.volume),
            Cell::Number(pump.energy),
            Cell::Number(pump.off_curve_low / 3600.0),
            Cell::Number(pump.off_curve_high / 3600.0),
        ])?;
    }
    table.file.finish()
}

fn water(directory: &Path, model: &Model, summary: &RunSummary) -> io::Result<()> {
    let head = [
        ("side", Quantity::Pure),
        ("name", Quantity::Pure),
        ("volume", Quantity::Volume),
        ("share of all inflow (%)", Quantity::Pure),
    ];
    let mut table = Table::create(directory, "summary_water.csv", model, &head)?;
    let balance = WaterBalance::new(model, &summary.runoff, &summary.routing, &summary.nodes);
    for (side, entries) in [("source", &balance.sources), ("destination", &balance.destinations)] {
        for entry in entries {
            table.row(&[
                Cell::Text(side),
                Cell::Text(&entry.name),
                Cell::Number(entry.volume),
                Cell::Number(entry.percent),
            ])?;
        }
    }
    table.row(&[
        Cell::Text("not accounted for"),
        Cell::Text(""),
        Cell::Number(balance.unaccounted),
        Cell::Number(balance.unaccounted_percent()),
    ])?;
    table.file.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::NodeLedger;
    use crate::results::sample;
    use crate::statistics::{LinkCapacity, NetworkStatistics};

    #[test]
    fn summaries_stand_in_the_units_of_the_user() {
        let model = sample::model();
        let capacity =
            vec![LinkCapacity { full_depth: 0.5, full_flow: 0.2, barrels: 1, ..Default::default() }; 2];
        let mut network = NetworkStatistics::new(&model, &[0.0; 3], &[0.0; 3], &capacity);
        network.steps = 4;
        network.nodes.extremes[0].depth_sum = 5.0;
        network.links.extremes[0].max_flow = 0.1;
        let summary = RunSummary {
            network,
            nodes: NodeLedger::new(&model, &[0.0; 3], &[0.0; 3]),
            links: capacity,
            ..Default::default()
        };
        let directory = std::env::temp_dir().join(format!("pailao-{}-summaries", std::process::id()));
        save_summaries(&directory, &model, &summary).unwrap();
        let read = |name: &str| fs::read_to_string(directory.join(name)).unwrap();
        let nodes = read("summary_nodes.csv");
        assert!(nodes.starts_with("node,type,average depth (m),maximum depth (m),"));
        assert_eq!(
            nodes.lines().nth(1).unwrap(),
            "雨水井1,JUNCTION,1.25,0,10,2026-07-21 01:00:00,0,0,2026-07-21 01:00:00,0,0,0,0,0,0,,0,0,,0"
        );
        let links = read("summary_links.csv");
        assert!(links.contains("maximum flow (LPS)"));
        let row = links.lines().nth(1).unwrap();
        assert!(row.starts_with("C1,CONDUIT,100.0"), "{row}");
        assert!(row.contains(",0.5,0.5,0,0,0,0,0,0,0"), "{row}");
        assert_eq!(read("summary_pumps.csv").lines().count(), 2);
        assert_eq!(
            read("summary_water.csv").lines().next().unwrap(),
            "side,name,volume (m3),share of all inflow (%)"
        );
        fs::remove_dir_all(directory).unwrap();
    }
}
