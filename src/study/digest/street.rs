//! What is kept of the water on the streets.

use serde::{Deserialize, Serialize};

use crate::inundation::ponding::{JointKind, places, ponds, retreats};
use crate::inundation::watcher::StreetSeries;
use crate::inundation::zones::{by_zone, depth_area};
use crate::inundation::{
    BuildingWater, DepthArea, Flood, Pond, RoadWater, SillWater, Surroundings, Watcher, ZoneWater, buildings,
    roads,
};
use crate::model::Model;
use crate::scenario::hazard::PeopleHazard;
use crate::simulation::street::{Exchanged, Street, StreetSummary};
use crate::statistics::RunSummary;

/// The surface of a run that had one, in SI and in the coordinates of the terrain; times in s since the start of the
/// run unless they say otherwise. A digest without it is a screening in one dimension.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreetDigest {
    /// The map.
    pub map: StreetMap,
    /// Depth above which time is counted, places are told and lanes are closed (m).
    pub threshold: f64,
    /// When the rain began (s); 0 without rain.
    pub rain_start: f64,
    /// When the last rain fell (s): retreat counts from here.
    pub rain_end: f64,
    /// Where water came from and went.
    pub water: StreetWater,
    /// How well the network under the street kept its books.
    pub network: NetworkQuality,
    /// Steps of both solvers.
    pub steps: StreetStepDigest,
    /// The whole map, then each zone.
    pub zones: Vec<ZoneWater>,
    /// Area and volume by depth of the whole map.
    pub depth_area: Vec<DepthArea>,
    /// Ponding places, the largest volume first.
    pub ponds: Vec<Pond>,
    /// Roads.
    pub roads: Vec<RoadWater>,
    /// Buildings.
    pub buildings: Vec<BuildingWater>,
    /// Underpasses and entrances.
    pub sills: Vec<SillWater>,
    /// Manholes, then banks, then outlets: what each exchanged with the network.
    pub exchange: Vec<ExchangeDigest>,
    /// Volume through each line (m³), in the order of the scenario.
    pub lines: Vec<f64>,
    /// The water of the surface at reporting times.
    pub series: StreetSeries,
}

/// How far the network of a run with a surface can be believed, per cent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkQuality {
    /// Continuity error of runoff.
    pub runoff_error: f64,
    /// Continuity error of routing.
    pub routing_error: f64,
    /// Steps that did not converge.
    pub not_converged: f64,
}

/// The map of a surface.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreetMap {
    /// The western edge (m).
    pub west: f64,
    /// The northern edge (m).
    pub north: f64,
    /// The side of a cell (m).
    pub cell: f64,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// The reference system, if it is known.
    pub crs: Option<String>,
}

/// The balance of a surface (m³).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreetWater {
    /// What stood there at the start.
    pub initial: f64,
    /// Rain on the map.
    pub rain: f64,
    /// Rain depth times area that it should have got from its gauges.
    pub rain_expected: f64,
    /// Inflows.
    pub inflow: f64,
    /// What inflows below zero took.
    pub taken: f64,
    /// What came up from pipes and rivers.
    pub exchange_in: f64,
    /// What went down into pipes and rivers.
    pub exchange_out: f64,
    /// What came in over the edges.
    pub boundary_in: f64,
    /// What left over the edges.
    pub boundary_out: f64,
    /// What entered the soil.
    pub infiltration: f64,
    /// What stands there at the end.
    pub stored: f64,
    /// Water made (above zero) or lost, of all that was there or came in.
    pub volume_error: f64,
}

/// The steps of both solvers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreetStepDigest {
    /// Steps of the network.
    pub network: u64,
    /// Steps of the surface.
    pub surface: u64,
    /// The shortest step of the surface (s); `None` without any.
    pub shortest: Option<f64>,
    /// The middle of the cell that asked for it.
    pub tightest: Option<[f64; 2]>,
    /// When (s).
    pub tightest_time: Option<f64>,
}

/// What one manhole, channel or outfall exchanged with the surface.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeDigest {
    /// What it is.
    pub kind: JointKind,
    /// Name of the node or channel.
    pub name: String,
    /// The middle of its cell; of a channel, that of the piece of bank that exchanged most.
    pub place: [f64; 2],
    /// Volume that came up (m³).
    pub up: f64,
    /// Volume that went down (m³).
    pub down: f64,
    /// Greatest flow up (m³/s); of a channel, of one piece of its bank.
    pub peak_up: f64,
    /// Greatest flow down (m³/s).
    pub peak_down: f64,
    /// When water first came up (s).
    pub first_up: Option<f64>,
}

impl StreetDigest {
    /// The digest of a surface whose run is over, with the network under it. Without remembered cells there are no
    /// zones, places, roads and buildings.
    #[must_use]
    pub fn new(
        model: &Model,
        (street, network): (&Street, &RunSummary),
        summary: &StreetSummary,
        watcher: &Watcher,
        around: &Surroundings,
        people: &PeopleHazard,
        rain_start: f64,
    ) -> Self {
        let terrain = &street.setup.terrain;
        let seen = watcher.seen();
        let mut digest = Self {
            map: StreetMap {
                west: terrain.west,
                north: terrain.north,
                cell: terrain.cell,
                rows: terrain.rows(),
                columns: terrain.columns(),
                crs: terrain.crs.clone(),
            },
            threshold: street.setup.watch.unwrap_or_default().threshold,
            rain_start,
            rain_end: summary.rain_end,
            water: StreetWater::of(summary),
            network: NetworkQuality::of(network),
            steps: StreetStepDigest::of(summary),
            exchange: exchange(model, street, summary),
            lines: summary.passed.clone(),
            sills: sills(watcher, rain_start),
            series: seen.series.clone(),
            ..Self::default()
        };
        let Some(flood) = Flood::of(street, summary) else { return digest };
        let of_cells = flood.zones_of_cells(&around.zones);
        let places = places(&flood);
        let zone_of = |place: (usize, usize)| {
            let zone = of_cells.get(place).copied().flatten()?;
            around.zones.get(usize::from(zone)).map(|zone| zone.name.clone())
        };
        digest.zones = by_zone(&flood, &around.zones, &of_cells, &retreats(&flood, &places), people);
        digest.depth_area = depth_area(&flood);
        digest.ponds = ponds(&flood, &places, street, summary, model, (&around.zones, &of_cells));
        digest.roads = roads::by_road(&flood, watcher.roads());
        for (road, times) in digest.roads.iter_mut().zip(&seen.roads) {
            (road.longest_closed, road.closed, road.first_closed) = (times.longest, times.all, times.first);
        }
        digest.buildings = buildings::by_building(&flood, &around.buildings, &zone_of);
        digest
    }
    /// What is told of the whole map; `None` where the run remembered nothing of its cells.
    #[must_use]
    pub fn whole(&self) -> Option<&ZoneWater> {
        self.zones.first()
    }
}

impl NetworkQuality {
    fn of(summary: &RunSummary) -> Self {
        Self {
            runoff_error: summary.runoff.continuity_error(),
            routing_error: summary.routing.continuity_error(),
            not_converged: summary.network.time_steps.nonconverged_percent(),
        }
    }
}

impl StreetWater {
    fn of(summary: &StreetSummary) -> Self {
        let ledger = &summary.ledger;
        Self {
            initial: ledger.initial,
            rain: ledger.rain,
            rain_expected: summary.rain_expected,
            inflow: ledger.inflow,
            taken: ledger.taken,
            exchange_in: ledger.exchange_in,
            exchange_out: ledger.exchange_out,
            boundary_in: ledger.boundary_in.iter().sum(),
            boundary_out: ledger.boundary_out.iter().sum(),
            infiltration: ledger.infiltration,
            stored: summary.stored,
            volume_error: summary.volume_error,
        }
    }
}

impl StreetStepDigest {
    fn of(summary: &StreetSummary) -> Self {
        let steps = &summary.steps;
        let middle = |cell| {
            let (x, y) = summary.grid.middle(cell);
            [x, y]
        };
        Self {
            network: steps.network,
            surface: steps.surface,
            shortest: (steps.surface > 0 && steps.shortest.is_finite()).then_some(steps.shortest),
            tightest: steps.tightest.map(|(cell, _)| middle(cell)),
            tightest_time: steps.tightest.map(|(_, time)| time),
        }
    }
}

fn sills(watcher: &Watcher, rain_start: f64) -> Vec<SillWater> {
    let since_rain = |time: f64| (time - rain_start).max(0.0);
    let sills = watcher.sills().iter().zip(&watcher.seen().sills);
    sills
        .map(|(sill, times)| SillWater {
            name: sill.name.clone(),
            sill: sill.level,
            place: sill.place,
            level: times.level,
            passed: times.passed.map(since_rain),
            depth: times.depth,
            reached: times.reached.iter().map(|time| time.map(since_rain)).collect(),
        })
        .collect()
}

/// Manholes in the order of the street, banks by channel, outlets.
fn exchange(model: &Model, street: &Street, summary: &StreetSummary) -> Vec<ExchangeDigest> {
    let place = |cell| {
        let (x, y) = summary.grid.middle(cell);
        [x, y]
    };
    let of = |kind, name: &str, cell, of: &Exchanged| ExchangeDigest {
        kind,
        name: name.to_owned(),
        place: place(cell),
        up: of.up,
        down: of.down,
        peak_up: of.peak_up,
        peak_down: of.peak_down,
        first_up: of.first_up,
    };
    let mut all: Vec<ExchangeDigest> = street
        .manholes
        .iter()
        .zip(&summary.manholes)
        .map(|(at, exchanged)| of(JointKind::Manhole, model.nodes.name(at.node), at.cell, exchanged))
        .collect();
    let mut banks: Vec<(ExchangeDigest, f64)> = Vec::new();
    for (at, exchanged) in street.banks.iter().zip(&summary.banks) {
        let name = model.links.name(at.link);
        let piece = of(JointKind::Bank, name, at.cell, exchanged);
        let moved = exchanged.up + exchanged.down;
        let Some((known, most)) = banks.iter_mut().find(|(known, _)| known.name == name) else {
            banks.push((piece, moved));
            continue;
        };
        if moved > *most {
            (known.place, *most) = (piece.place, moved);
        }
        known.up += piece.up;
        known.down += piece.down;
        known.peak_up = known.peak_up.max(piece.peak_up);
        known.peak_down = known.peak_down.max(piece.peak_down);
        known.first_up = match (known.first_up, piece.first_up) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    all.extend(banks.into_iter().map(|(bank, _)| bank));
    let outlets = street.outlets.iter().zip(&summary.outlets);
    all.extend(
        outlets.map(|(at, exchanged)| of(JointKind::Outlet, model.nodes.name(at.node), at.cell, exchanged)),
    );
    all
}
