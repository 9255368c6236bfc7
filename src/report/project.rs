//! The project list (项目库): one row for each work that an option has built, with its place, size, phase and cost.

use std::io;
use std::path::Path;

use crate::edit::change::{Change, Kind, Work};
use crate::edit::cost::{Bill, CostLine};
use crate::model::Model;
use crate::num::index::Id;
use crate::scenario::road::{Road, nearest};
use crate::scenario::study::Horizon;

use super::place::{middle, node_place, outline_middle};
use super::tables::{Table, number};

/// How far from the axis of a road a work still lies in it, m.
pub const ROAD_REACH: f64 = 20.0;

/// What one option builds.
#[derive(Clone, Copy, Debug)]
pub struct OptionWorks<'a> {
    /// The option.
    pub option: &'a str,
    /// Its measures by name, in their order.
    pub measures: &'a [String],
    /// The verbs of its measures, in their order.
    pub verbs: &'a [&'a str],
    /// What they change.
    pub changes: &'a [Change],
    /// What that costs; `None` where the study has no table of unit costs.
    pub bill: Option<&'a Bill>,
    /// The network with all of it.
    pub model: &'a Model,
    /// The network before, for what is taken out.
    pub base: &'a Model,
}

/// One work of an option.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    /// Its own number: option, measure, running number in the measure, such as `A-2-003`.
    pub id: String,
    /// The option.
    pub option: String,
    /// The measure by name.
    pub measure: String,
    /// Its verb, such as `resize`.
    pub verb: String,
    /// What is built, in the word of unit costs, such as `pipe`.
    pub work: &'static str,
    /// The element that it belongs to.
    pub element: String,
    /// The nearest road within [`ROAD_REACH`] of its middle; empty when there is none.
    pub road: String,
    /// Node that it begins at; of a node itself, that one.
    pub from: String,
    /// Node that it ends at; empty for what is no link.
    pub to: String,
    /// Diameter, or that of a circle of the same area, m; pipes only.
    pub diameter: Option<f64>,
    /// Length, m; pipes and weirs only.
    pub length: Option<f64>,
    /// How much of it, and its unit; the unit is empty for what is counted by the piece.
    pub quantity: (f64, &'static str),
    /// The phase.
    pub phase: String,
    /// The first horizon that has built it.
    pub year: String,
    /// Capital with the contingency, and upkeep a year.
    pub cost: Option<(f64, f64)>,
}

/// All works of an option, in the order of its changes.
pub fn projects(works: &OptionWorks<'_>, horizons: &[Horizon], roads: &[Road]) -> Vec<Project> {
    let mut lines: &[CostLine] = works.bill.map_or(&[], |bill| bill.lines.as_slice());
    let contingency = works.bill.map_or(0.0, |bill| bill.contingency);
    let mut counts = vec![0_usize; works.measures.len()];
    let mut all = Vec::new();
    for change in works.changes {
        let site = Site::of(works, change);
        for work in &change.works {
            // a bill has a line for each work, in the same order
            let line = lines.split_first().map(|(line, rest)| {
                lines = rest;
                line
            });
            let number = counts.get_mut(change.measure).map_or(0, |count| {
                *count += 1;
                *count
            });
            let (diameter, length) = size(work);
            all.push(Project {
                id: format!("{}-{}-{number:03}", works.option, change.measure + 1),
                option: works.option.to_owned(),
                measure: works.measures.get(change.measure).cloned().unwrap_or_default(),
                verb: works.verbs.get(change.measure).copied().unwrap_or_default().to_owned(),
                work: word(work),
                element: change.element.clone(),
                road: site
                    .middle
                    .and_then(|point| nearest(roads, point, ROAD_REACH))
                    .map_or_else(String::new, |road| road.name.clone()),
                from: site.from.clone(),
                to: site.to.clone(),
                diameter,
                length,
                quantity: quantity(work),
                phase: change.phase.clone(),
                year: year(horizons, &change.phase),
                cost: line.map(|line| (line.capital * (1.0 + contingency), line.upkeep)),
            });
        }
    }
    all
}

/// Where an element lies.
#[derive(Default)]
struct Site {
    from: String,
    to: String,
    middle: Option<[f64; 2]>,
}

impl Site {
    fn of(works: &OptionWorks<'_>, change: &Change) -> Self {
        [works.model, works.base].iter().find_map(|model| Self::in_model(model, change)).unwrap_or_default()
    }
    fn in_model(model: &Model, change: &Change) -> Option<Self> {
        match change.kind {
            Kind::Link => {
                let id = model.links.find(&change.element)?;
                let link = &model.links[id];
                let name = |node| model.nodes.name(node).to_owned();
                Some(Self { from: name(link.from), to: name(link.to), middle: middle(model, id) })
            }
            Kind::Node => {
                let id = model.nodes.find(&change.element)?;
                let from = model.nodes.name(id).to_owned();
                Some(Self { from, to: String::new(), middle: node_place(model, id) })
            }
            Kind::Subcatchment => {
                let id = model.subcatchments.find(&change.element)?;
                let middle = outline_middle(model.map.subcatchments.get(id.index())?);
                Some(Self { middle, ..Self::default() })
            }
            Kind::Other => None,
        }
    }
}

/// The first horizon that has built a phase: its year, or its name; empty when none builds it.
fn year(horizons: &[Horizon], phase: &str) -> String {
    let first = horizons.iter().find(|horizon| horizon.table.phases.iter().any(|built| built == phase));
    let name =
        |horizon: &Horizon| horizon.table.year.map_or_else(|| horizon.name.clone(), |year| year.to_string());
    first.map(name).unwrap_or_default()
}

fn word(work: &Work) -> &'static str {
    crate::edit::cost::item_of(work).word()
}

/// Diameter and length.
fn size(work: &Work) -> (Option<f64>, Option<f64>) {
    match *work {
        Work::Pipe { length, diameter, .. }
        | Work::Lining { length, diameter }
        | Work::Cleaning { length, diameter } => (Some(diameter), Some(length)),
        Work::Weir { length } => (None, Some(length)),
        _ => (None, None),
    }
}

/// How much of a work, and its unit.
fn quantity(work: &Work) -> (f64, &'static str) {
    match *work {
        Work::Pipe { length, .. }
        | Work::Lining { length, .. }
        | Work::Cleaning { length, .. }
        | Work::Weir { length } => (length, "m"),
        Work::Manhole { .. } | Work::Outfall => (1.0, ""),
        Work::Tank { volume } | Work::Earthwork { volume } => (volume, "m3"),
        Work::PumpStation { flow } => (flow, "m3/s"),
        Work::Gate { area } | Work::FlapGate { area } | Work::PlotConnection { area } => (area, "m2"),
    }
}

/// How a project list counts money: said in every row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Money {
    /// The currency.
    pub currency: String,
    /// The year of the prices.
    pub price_year: i32,
    /// Whether the rates were verified.
    pub verified: bool,
}

/// Writes `projects.csv`; `money` is `None` without a table of unit costs.
///
/// # Errors
/// When the file cannot be written.
pub fn save(projects: &[Project], money: Option<&Money>, folder: &Path) -> io::Result<()> {
    let place = ["id", "option", "measure", "verb", "work", "element", "road", "from node", "to node"];
    let size = ["diameter (m)", "length (m)", "quantity", "unit", "phase", "year"];
    let cost = ["cost with contingency", "upkeep a year", "currency", "price year", "rates verified"];
    let mut table = Table::new(place.into_iter().chain(size).chain(cost));
    let optional = |value: Option<f64>| value.map(number).unwrap_or_default();
    for project in projects {
        let mut row = vec![
            project.id.clone(),
            project.option.clone(),
            project.measure.clone(),
            project.verb.clone(),
            project.work.to_owned(),
            project.element.clone(),
            project.road.clone(),
            project.from.clone(),
            project.to.clone(),
            optional(project.diameter),
            optional(project.length),
            number(project.quantity.0),
            project.quantity.1.to_owned(),
            project.phase.clone(),
            project.year.clone(),
            optional(project.cost.map(|cost| cost.0)),
            optional(project.cost.map(|cost| cost.1)),
        ];
        row.extend(match money {
            Some(money) => [
                money.currency.clone(),
                money.price_year.to_string(),
                if money.verified { "yes" } else { "no" }.to_owned(),
            ],
            None => [const { String::new() }; 3],
        });
        table.rows.push(row);
    }
    std::fs::create_dir_all(folder)?;
    table.save(folder, "projects.csv")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Network;
    use crate::edit::change::Action;
    use crate::edit::cost::bill;
    use crate::input::cost_table::example;
    use crate::input::inp::document::Document;
    use crate::scenario::study::HorizonTable;

    const TEXT: &str = "[OPTIONS]\nFLOW_UNITS LPS\n[JUNCTIONS]\nA 10 2\nB 9 2\n[OUTFALLS]\nO 8 FREE\n[CONDUITS]\n\
        P1 A B 100 0.013 0 0\nP2 B O 100 0.013 0 0\n[XSECTIONS]\nP1 CIRCULAR 0.6 0 0 0\nP2 CIRCULAR 0.6 0 0 0\n\
        [COORDINATES]\nA 0 0\nB 100 0\nO 200 0\n[VERTICES]\nP2 150 50\n";

    fn change(element: &str, kind: Kind, phase: &str, works: Vec<Work>) -> Change {
        Change {
            measure: 1,
            phase: phase.into(),
            kind,
            element: element.into(),
            action: Action::Altered,
            fields: Vec::new(),
            works,
        }
    }

    fn horizon(name: &str, year: Option<i32>, phases: &[&str]) -> Horizon {
        let phases = phases.iter().map(|phase| (*phase).to_owned()).collect();
        Horizon { name: name.into(), table: HorizonTable { year, phases, ..HorizonTable::default() } }
    }

    #[test]
    fn a_work_is_a_row_with_its_place_its_year_and_its_line_of_the_bill() {
        let network = Network::read(Document::parse(TEXT.as_bytes()), Path::new("a.inp")).unwrap();
        let pipe = Work::Pipe { length: 100.0, diameter: 0.8, depth: 2.0 };
        let changes = [
            change("P1", Kind::Link, "I", vec![pipe]),
            change("B", Kind::Node, "II", vec![Work::Tank { volume: 500.0 }, Work::Manhole { depth: 3.0 }]),
        ];
        let bill = bill(&changes, &example().unwrap(), 0.1).unwrap();
        let works = OptionWorks {
            option: "A",
            measures: &["first".into(), "trunk".into()],
            verbs: &["clean", "resize"],
            changes: &changes,
            bill: Some(&bill),
            model: &network.model,
            base: &network.model,
        };
        let horizons = [
            horizon("今", None, &[]),
            horizon("2030", Some(2030), &["I"]),
            horizon("远期", None, &["I", "II"]),
        ];
        let road = |name: &str, y: f64| Road {
            name: name.into(),
            class: "支路".into(),
            lanes: 2,
            width: 9.0,
            line: vec![[0.0, y], [90.0, y]],
        };
        let all = projects(&works, &horizons, &[road("远路", 21.0), road("近路", 19.0)]);
        assert_eq!(all.len(), 3);
        let first = &all[0];
        assert_eq!(
            (first.id.as_str(), first.measure.as_str(), first.verb.as_str()),
            ("A-2-001", "trunk", "resize")
        );
        assert_eq!((first.from.as_str(), first.to.as_str(), first.road.as_str()), ("A", "B", "近路"));
        assert_eq!((first.diameter, first.length, first.quantity), (Some(0.8), Some(100.0), (100.0, "m")));
        assert_eq!((first.year.as_str(), all[1].year.as_str()), ("2030", "远期"));
        assert_eq!((all[2].id.as_str(), all[2].work, all[2].from.as_str()), ("A-2-003", "manhole", "B"));
        assert_eq!(all[2].quantity, (1.0, ""));
        let sum: f64 = all.iter().filter_map(|project| project.cost).map(|cost| cost.0).sum();
        assert!((sum - bill.total().capital).abs() < 1e-6 * sum, "the rows add up to the bill");
        assert_eq!(all[1].road, "", "the road is 22 m away");
    }
}
