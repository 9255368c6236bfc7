//! Ponding places: where water stood above the threshold, as objects.
//!
//! A place is a group of cells that hang together along their edges (not at corners) and whose greatest depths are
//! above the threshold, 0.15 m unless the scenario says otherwise. It need not have been under water all at once. Its
//! cause is told from the water that came up or went down within [`REACH`] of it; it says where to look, not whom to
//! blame: water of a manhole up the street counts as rain where rain fell too.

use std::collections::HashMap;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::Flood;
use super::zones::Retreat;
use crate::model::Model;
use crate::model::outline::{Outline, outlines};
use crate::scenario::zone::Zone;
use crate::simulation::street::{Exchanged, Street, StreetSummary};
use crate::surface::Cell;

/// Least area of a place (m²): smaller ones are pits of the terrain more often than places (an assumption). Their water
/// stays in all maps and areas.
pub const LEAST_AREA: f64 = 25.0;
/// How far around a place manholes, banks and outlets count as its own (m).
pub const REACH: f64 = 10.0;
/// Volume from which an exchange is told (m³).
const LEAST_VOLUME: f64 = 0.1;

/// A ponding place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pond {
    /// Zone of its deepest cell, by name; empty outside all.
    pub zone: String,
    /// The line around it, then those around its holes, each closed, along edges of cells.
    pub rings: Vec<Vec<[f64; 2]>>,
    /// Middle of its deepest cell.
    pub deepest: [f64; 2],
    /// Greatest depth there (m).
    pub depth: f64,
    /// Greatest level there (m).
    pub level: f64,
    /// When it was so deep (s since the start of the run).
    pub depth_time: f64,
    /// Its area (m²).
    pub area: f64,
    /// Volume of the greatest depths of its cells (m³): no less than what was ever there at once.
    pub volume: f64,
    /// When water arrived in its first cell (s since the start of the run).
    pub arrival: Option<f64>,
    /// The longest time above the threshold of one of its cells (s).
    pub duration: f64,
    /// Time from the last rain until all of it was below the threshold for good (s); `None` where water still stood
    /// there at the end.
    pub retreat: Option<f64>,
    /// What its water came from.
    pub cause: Cause,
    /// What brought it water or took it, most first.
    pub feeders: Vec<Feeder>,
}

/// Where the water of a place came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// It came up from manholes.
    Surcharge,
    /// Rain that could not get in.
    Rain,
    /// It came over the bank of a channel, or out of an outfall.
    River,
    /// It came over the edge of the map.
    Boundary,
    /// An inflow that the scenario gives.
    Inflow,
}

/// What joins network and surface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JointKind {
    /// A manhole or a group of inlets.
    #[default]
    Manhole,
    /// The bank of a channel.
    Bank,
    /// An outfall.
    Outlet,
}

/// What one manhole, channel or outfall gave a place and took from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feeder {
    /// What it is.
    pub kind: JointKind,
    /// Name of the node or channel.
    pub name: String,
    /// Volume that came up (m³).
    pub up: f64,
    /// Volume that went down (m³).
    pub down: f64,
}

/// A joint of surface and network, with what it exchanged.
struct Joint {
    kind: JointKind,
    name: String,
    cell: Cell,
    exchanged: Exchanged,
}

/// The groups of cells above the threshold that are places, in the order of their first cell.
#[must_use]
pub fn places(flood: &Flood<'_>) -> Vec<Outline> {
    let above = |place| flood.at(place).is_some_and(|cell| cell.depth > flood.watch.threshold);
    let mask = Array2::from_shape_fn(flood.ground.values.dim(), above);
    let mut found = outlines(&mask);
    found.retain(|outline| outline.cells.len() as f64 * flood.cell_area() >= LEAST_AREA);
    found
}

/// When the water of the places was gone, cell by cell.
#[must_use]
pub fn retreats(flood: &Flood<'_>, places: &[Outline]) -> Array2<Retreat> {
    let mut map = Array2::from_elem(flood.ground.values.dim(), Retreat::NoPlace);
    for &place in places.iter().flat_map(|outline| &outline.cells) {
        if let Some(cell) = map.get_mut(place) {
            *cell = flood.retreat(place).map_or(Retreat::Stands, Retreat::After);
        }
    }
    map
}

/// The places as objects, the largest volume first; of equal ones the first in the order of rows.
#[must_use]
pub fn ponds(
    flood: &Flood<'_>,
    places: &[Outline],
    street: &Street,
    summary: &StreetSummary,
    model: &Model,
    zones: (&[Zone], &Array2<Option<u16>>),
) -> Vec<Pond> {
    let joints = joints(street, summary, model);
    let near = near(flood, places, street, &joints);
    let mut ponds: Vec<Pond> = places
        .iter()
        .zip(&near)
        .filter_map(|(outline, near)| {
            let feeders: Vec<Feeder> = feeders(near.iter().filter_map(|index| joints.get(*index)));
            pond(flood, outline, feeders, street, summary, zones)
        })
        .collect();
    ponds.sort_by(|a, b| b.volume.total_cmp(&a.volume));
    ponds
}

fn pond(
    flood: &Flood<'_>,
    outline: &Outline,
    feeders: Vec<Feeder>,
    street: &Street,
    summary: &StreetSummary,
    (zones, of_cells): (&[Zone], &Array2<Option<u16>>),
) -> Option<Pond> {
    let cells = || outline.cells.iter().filter_map(|place| Some((*place, flood.at(*place)?)));
    let (deepest, most) = cells().reduce(|a, b| if b.1.depth > a.1.depth { b } else { a })?;
    let place = |corner: &[usize; 2]| {
        let map = flood.ground;
        [map.west + map.cell * corner[1] as f64, map.north - map.cell * corner[0] as f64]
    };
    let zone = of_cells.get(deepest).copied().flatten().and_then(|zone| zones.get(usize::from(zone)));
    let (x, y) = flood.ground.centre(deepest.0, deepest.1);
    let volume = cells().map(|(_, cell)| cell.depth).sum::<f64>() * flood.cell_area();
    let arrivals = cells().map(|(_, cell)| cell.arrival).filter(|time| time.is_finite());
    let cause = cause(outline, volume, &feeders, street, summary);
    Some(Pond {
        zone: zone.map_or(String::new(), |zone| zone.name.clone()),
        rings: outline.rings.iter().map(|ring| ring.iter().map(place).collect()).collect(),
        deepest: [x, y],
        depth: most.depth,
        level: most.level,
        depth_time: most.depth_time,
        area: outline.cells.len() as f64 * flood.cell_area(),
        volume,
        arrival: arrivals.reduce(f64::min),
        duration: cells().map(|(_, cell)| cell.above).fold(0.0, f64::max),
        retreat: cells()
            .map(|(place, _)| flood.retreat(place))
            .try_fold(0.0, |most: f64, time| time.map(|time| most.max(time))),
        cause,
        feeders,
    })
}

/// The cause of a place: what brought at least half of its volume within reach; else the only kind of water that the
/// surface got; else rain where rain fell, and what brought most where none did.
fn cause(
    outline: &Outline,
    volume: f64,
    feeders: &[Feeder],
    street: &Street,
    summary: &StreetSummary,
) -> Cause {
    let up = |kinds: &[JointKind]| {
        feeders.iter().filter(|feeder| kinds.contains(&feeder.kind)).map(|feeder| feeder.up).sum::<f64>()
    };
    let near = [
        (Cause::Surcharge, up(&[JointKind::Manhole])),
        (Cause::River, up(&[JointKind::Bank, JointKind::Outlet])),
    ];
    let largest = |of: &[(Cause, f64)]| {
        of.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a }).unwrap_or((Cause::Rain, 0.0))
    };
    let (most, brought) = largest(&near);
    if brought > 0.0 && brought >= 0.5 * volume {
        return most;
    }
    let ledger = &summary.ledger;
    let grid = summary.grid;
    let holds = |cell: Cell| outline.cells.binary_search(&grid.row_and_column(cell)).is_ok();
    let mut boundaries = street.setup.boundaries.iter().zip(&ledger.boundary_in);
    if boundaries.any(|(edge, volume_in)| *volume_in > 0.0 && edge.edges.iter().any(|(cell, _)| holds(*cell)))
    {
        return Cause::Boundary;
    }
    if street.setup.inflows.iter().flatten().any(|cell| holds(*cell)) && ledger.inflow > 0.0 {
        return Cause::Inflow;
    }
    if ledger.rain > 0.0 {
        return Cause::Rain;
    }
    let sum = |all: &[Exchanged]| all.iter().map(|of| of.up).sum::<f64>();
    largest(&[
        (Cause::Surcharge, sum(&summary.manholes)),
        (Cause::River, sum(&summary.banks) + sum(&summary.outlets)),
        (Cause::Boundary, ledger.boundary_in.iter().sum()),
        (Cause::Inflow, ledger.inflow),
    ])
    .0
}

/// All joints that exchanged anything.
fn joints(street: &Street, summary: &StreetSummary, model: &Model) -> Vec<Joint> {
    let node = |id| model.nodes.name(id).to_owned();
    let manholes = street.manholes.iter().zip(&summary.manholes).map(|(at, exchanged)| Joint {
        kind: JointKind::Manhole,
        name: node(at.node),
        cell: at.cell,
        exchanged: *exchanged,
    });
    let banks = street.banks.iter().zip(&summary.banks).map(|(at, exchanged)| Joint {
        kind: JointKind::Bank,
        name: model.links.name(at.link).to_owned(),
        cell: at.cell,
        exchanged: *exchanged,
    });
    let outlets = street.outlets.iter().zip(&summary.outlets).map(|(at, exchanged)| Joint {
        kind: JointKind::Outlet,
        name: node(at.node),
        cell: at.cell,
        exchanged: *exchanged,
    });
    manholes
        .chain(banks)
        .chain(outlets)
        .filter(|at| at.exchanged.up + at.exchanged.down >= LEAST_VOLUME)
        .collect()
}

/// For each place the joints within reach of it, each joint with the nearest place only.
fn near(flood: &Flood<'_>, places: &[Outline], street: &Street, joints: &[Joint]) -> Vec<Vec<usize>> {
    let mut number: HashMap<(usize, usize), usize> = HashMap::new();
    for (index, outline) in places.iter().enumerate() {
        number.extend(outline.cells.iter().map(|place| (*place, index)));
    }
    let grid = street.setup.grid();
    let reach = (REACH / flood.ground.cell).floor() as isize;
    let mut all = vec![Vec::new(); places.len()];
    for (joint, at) in joints.iter().enumerate() {
        let (row, column) = grid.row_and_column(at.cell);
        let mut best: Option<(isize, usize)> = None;
        for down in -reach..=reach {
            for right in -reach..=reach {
                let distance = down * down + right * right;
                let beside = row.checked_add_signed(down).zip(column.checked_add_signed(right));
                if distance <= reach * reach
                    && let Some(index) = beside.and_then(|place| number.get(&place))
                    && best.is_none_or(|so_far| (distance, *index) < so_far)
                {
                    best = Some((distance, *index));
                }
            }
        }
        if let Some(list) = best.and_then(|(_, index)| all.get_mut(index)) {
            list.push(joint);
        }
    }
    all
}

/// Feeders by name: a channel has many pieces of bank.
fn feeders<'a>(joints: impl Iterator<Item = &'a Joint>) -> Vec<Feeder> {
    let mut all: Vec<Feeder> = Vec::new();
    for joint in joints {
        let (up, down) = (joint.exchanged.up, joint.exchanged.down);
        match all.iter_mut().find(|known| known.kind == joint.kind && known.name == joint.name) {
            Some(known) => {
                known.up += up;
                known.down += down;
            }
            None => all.push(Feeder { kind: joint.kind, name: joint.name.clone(), up, down }),
        }
    }
    all.sort_by(|a, b| (b.up + b.down).total_cmp(&(a.up + a.down)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::inp;
    use crate::inundation::testing::Lake;
    use crate::routing::exchange::Opening;
    use crate::simulation::street::{Bank, Manhole, Precision, StreetSteps};
    use crate::surface::{Boundary, Kind, Law, Ledger, Options, Setup, Side};

    /// A flood of two places, of 36 cells in the west and of 36 in the east of 10 by 40 cells of 1 m, 0.4 m deep.
    fn two_places() -> Lake {
        let wet = |row: usize, column: usize| {
            (2..8).contains(&row) && ((2..8).contains(&column) || (30..36).contains(&column))
        };
        Lake::of(10, 40, 1.0, |row, column| if wet(row, column) { 0.4 } else { 0.0 })
    }

    fn model() -> Model {
        let text = "[OPTIONS]\nFLOW_UNITS CMS\n[JUNCTIONS]\nJ 8 2\n[OUTFALLS]\nO 7 FREE\n[CONDUITS]\nC J O 100 0.03 0 0\n\
                    [XSECTIONS]\nC RECT_OPEN 2 2 0 0\n";
        let document = inp::document::Document::parse(text.as_bytes());
        inp::read_document(document, std::path::Path::new("a.inp")).model
    }

    /// A street on the ground of a lake, with a manhole and a bank at a cell each, which exchanged as given; the eastern
    /// edge beside the eastern place is open.
    fn street(lake: &Lake, model: &Model, up: [f64; 2], ledger: Ledger) -> (Street, StreetSummary) {
        let mut setup = Setup::new(lake.ground.clone(), 0.03, Options::of(Law::INERTIAL));
        let grid = setup.grid();
        let cell = |row, column| grid.cell(row, column).unwrap();
        setup.boundaries = vec![Boundary { kind: Kind::Free, edges: vec![(cell(5, 35), Side::East)] }];
        let opening = Opening {
            area: 0.5,
            rim: 2.5,
            free_weir: 0.54,
            submerged_weir: 0.056,
            orifice: 0.6,
            blocked: 0.0,
        };
        let (node, link) = (model.nodes.find("J").unwrap(), model.links.find("C").unwrap());
        let manholes = vec![Manhole { node, cell: cell(5, 9), rim: 10.0, opening }];
        let banks = vec![Bank { link, along: 0.5, cell: cell(5, 28), crest: 10.0, length: 10.0, weir: 1.7 }];
        let street = Street {
            setup,
            precision: Precision::Double,
            initial_depth: None,
            manholes,
            banks,
            outlets: Vec::new(),
            rain: Vec::new(),
            rain_on_grid: false,
            inflow: Vec::new(),
            stage: Vec::new(),
            one_way: false,
            exchange_step: 5.0,
        };
        let exchanged = |up| Exchanged { up, ..Exchanged::default() };
        let summary = StreetSummary {
            grid,
            maxima: lake.cells.clone(),
            final_depth: lake.final_depth.clone(),
            ledger,
            stored: 0.0,
            volume_error: 0.0,
            manholes: vec![exchanged(up[0])],
            banks: vec![exchanged(up[1])],
            outlets: Vec::new(),
            passed: Vec::new(),
            unsettled: 0.0,
            steps: StreetSteps::default(),
            rain_end: 1200.0,
            rain_expected: 0.0,
        };
        (street, summary)
    }

    fn found(up: [f64; 2], ledger: Ledger) -> Vec<Pond> {
        let (lake, model) = (two_places(), model());
        let (street, summary) = street(&lake, &model, up, ledger);
        let flood = lake.flood();
        let of_cells = flood.zones_of_cells(&[]);
        ponds(&flood, &places(&flood), &street, &summary, &model, (&[], &of_cells))
    }

    #[test]
    fn places_are_what_hangs_together_along_edges_and_is_no_pit() {
        let depths = [
            "......................",
            ".#####....~~~~~~......",
            ".#####....~~~~~~..##..",
            ".#####....~~~~~~......",
            ".#####....~~~~~~......",
            ".#####....~~~~~~......",
            "......#####...........",
            "......#####...........",
            "......#####...........",
            "......#####...........",
            "......#####...........",
            "......................",
        ];
        let sign = |row: usize, column: usize| depths[row].as_bytes()[column];
        let mut lake = Lake::of(12, 22, 1.0, |row, column| if sign(row, column) == b'.' { 0.1 } else { 0.3 });
        lake.initial =
            Some(Array2::from_shape_fn(
                (12, 22),
                |(row, column)| if sign(row, column) == b'~' { 0.3 } else { 0.0 },
            ));
        let found = places(&lake.flood());
        let sizes: Vec<usize> = found.iter().map(|outline| outline.cells.len()).collect();
        assert_eq!(sizes, [25, 25], "two that meet at a corner; no lake and no pit of two cells");
        lake.final_depth[22 + 1] = 0.2;
        let retreats = retreats(&lake.flood(), &places(&lake.flood()));
        let of = [(1, 1), (1, 2), (2, 18)].map(|place| retreats[place]);
        assert_eq!(of, [Retreat::Stands, Retreat::After(600.0), Retreat::NoPlace]);
    }

    #[test]
    fn a_place_is_told_by_its_outline_depth_volume_and_times() {
        let all = found([0.0, 0.0], Ledger { rain: 30.0, ..Ledger::default() });
        assert_eq!(all.len(), 2);
        let first = &all[0];
        assert!((first.area - 36.0).abs() < 1e-9 && (first.volume - 36.0 * 0.4).abs() < 1e-9);
        assert_eq!((first.depth, first.level, first.deepest), (0.4, 10.4, [2.5, 7.5]));
        assert_eq!((first.arrival, first.duration, first.retreat), (Some(600.0), 1200.0, Some(600.0)));
        assert_eq!(first.rings, [vec![[8.0, 2.0], [8.0, 8.0], [2.0, 8.0], [2.0, 2.0], [8.0, 2.0]]]);
    }

    #[test]
    fn the_cause_is_what_came_up_near_the_place_and_rain_where_nothing_did() {
        let rain = Ledger { rain: 30.0, ..Ledger::default() };
        let causes = |up, ledger| {
            let mut all = found(up, ledger);
            all.sort_by(|a, b| a.deepest[0].total_cmp(&b.deepest[0]));
            [all[0].cause, all[1].cause]
        };
        assert_eq!(causes([10.0, 10.0], rain.clone()), [Cause::Surcharge, Cause::River]);
        assert_eq!(causes([5.0, 0.0], rain.clone()), [Cause::Rain, Cause::Rain], "a third of the volume");
        let edge = Ledger { boundary_in: vec![5.0], ..rain };
        assert_eq!(causes([10.0, 0.0], edge), [Cause::Surcharge, Cause::Boundary]);
        // no rain on the surface: all water came out of the manhole, the near and the far
        assert_eq!(causes([5.0, 0.0], Ledger::default()), [Cause::Surcharge, Cause::Surcharge]);
        let near = found([10.0, 3.0], Ledger::default());
        let feeders: Vec<_> =
            near.iter().map(|pond| (pond.feeders.len(), pond.feeders[0].name.as_str())).collect();
        assert_eq!(feeders, [(1, "J"), (1, "C")]);
    }
}
