//! The water on the streets as CSV tables, of all runs that had a surface.

use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::{RUN, Table, number};
use crate::assess::economy::damage::of_building;
use crate::assess::retreat::waterlogging_grade;
use crate::assess::{Case, Comparison};
use crate::input::hazard_table;
use crate::inundation::ponding::{Cause, JointKind};
use crate::inundation::zones::DEPTHS;
use crate::inundation::{Pond, ZoneWater, sills};
use crate::report::geojson::Layer;
use crate::scenario::damage::{DamageBasis, DamageTable};
use crate::study::digest::StreetDigest;

/// Name of the column that says whether a run had a surface.
const KIND: &str = "surface";

/// Writes `street.csv`, `zones_street.csv`, `depth_area.csv`, `ponding.csv`, `roads.csv`, `buildings.csv`, `sills.csv`,
/// `exchange.csv`, those that have rows, and `ponding.geojson`; nothing where no run had a surface. `damage` is the
/// table of damage, told building by building where it goes by depth.
///
/// # Errors
/// When a file cannot be written.
pub fn save_street(
    comparison: &Comparison<'_>,
    damage: Option<&DamageTable>,
    folder: &Path,
) -> io::Result<()> {
    let streets: Vec<Of<'_>> = comparison
        .runs
        .iter()
        .filter_map(|run| {
            let street = run.digest()?.street.as_deref()?;
            Some(Of { option: run.option, case: run.case, street })
        })
        .collect();
    if streets.is_empty() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    summary(comparison).save(folder, "street.csv")?;
    let tables = [
        (zones(comparison, &streets), "zones_street.csv"),
        (depth_area(comparison, &streets), "depth_area.csv"),
        (ponding(comparison, &streets), "ponding.csv"),
        (roads(comparison, &streets), "roads.csv"),
        (buildings(comparison, &streets, damage), "buildings.csv"),
        (sills_table(comparison, &streets), "sills.csv"),
        (exchange(comparison, &streets), "exchange.csv"),
    ];
    for (table, name) in tables {
        if table.rows.len() > 1 {
            table.save(folder, name)?;
        }
    }
    outlines(comparison, &streets).save(&folder.join("ponding.geojson"))
}

/// A run with its street.
struct Of<'a> {
    option: usize,
    case: Case,
    street: &'a StreetDigest,
}

impl Of<'_> {
    fn row(&self, comparison: &Comparison<'_>, cells: impl IntoIterator<Item = String>) -> Vec<String> {
        comparison.run_names(self.option, self.case).into_iter().chain(cells).collect()
    }
}

fn table(head: &[&str], more: impl IntoIterator<Item = String>) -> Table {
    Table::new(RUN.into_iter().chain(head.iter().copied()).map(str::to_owned).chain(more))
}

fn optional(value: Option<f64>) -> String {
    value.map_or(String::new(), number)
}

fn hours(seconds: f64) -> String {
    number(seconds / 3600.0)
}

/// One row a run: those without a surface are there, and say that they are a screening.
fn summary(comparison: &Comparison<'_>) -> Table {
    let head = [
        KIND,
        "cells",
        "cell (m)",
        "rain (m3)",
        "rain expected (m3)",
        "up from network (m3)",
        "down into network (m3)",
        "in over edges (m3)",
        "out over edges (m3)",
        "infiltration (m3)",
        "stored at end (m3)",
        "volume error (share)",
        "continuity error of network (%)",
        "max depth (m)",
        "max speed (m/s)",
        "area > 0.15 m (m2)",
        "area > 0.5 m (m2)",
        "area dangerous for most (m2)",
        "area H3 and above (m2)",
        "ponding places",
        "volume of ponding places (m3)",
        "roads without a passable lane",
        "buildings with water over threshold",
        "steps of network",
        "steps of surface",
        "shortest step of surface (s)",
    ];
    let mut all = table(&head, []);
    for run in &comparison.runs {
        let Some(digest) = run.digest() else { continue };
        let mut row = comparison.run_names(run.option, run.case);
        let Some(street) = digest.street.as_deref() else {
            row.push("none: screening in 1D".to_owned());
            row.extend(std::iter::repeat_n(String::new(), head.len() - 1));
            all.rows.push(row);
            continue;
        };
        row.push("simulated".to_owned());
        row.extend(summary_of(street));
        all.rows.push(row);
    }
    all
}

fn summary_of(street: &StreetDigest) -> Vec<String> {
    let (water, steps) = (&street.water, &street.steps);
    let whole = street.whole();
    let of = |value: &dyn Fn(&ZoneWater) -> f64| whole.map_or(String::new(), |zone| number(value(zone)));
    let above = |depth: f64| {
        of(&|zone| zone.depths.iter().find(|step| step.depth == depth).map_or(f64::NAN, |step| step.area))
    };
    let closed = street.roads.iter().filter(|road| road.cut > 0.0).count();
    let entered =
        street.buildings.iter().filter(|of| of.over_threshold().is_some_and(|over| over > 0.0)).count();
    vec![
        (street.map.rows * street.map.columns).to_string(),
        number(street.map.cell),
        number(water.rain),
        number(water.rain_expected),
        number(water.exchange_in),
        number(water.exchange_out),
        number(water.boundary_in),
        number(water.boundary_out),
        number(water.infiltration),
        number(water.stored),
        number(water.volume_error),
        number(street.network.routing_error),
        of(&|zone| zone.max_depth),
        of(&|zone| zone.max_speed),
        above(0.15),
        above(0.5),
        of(&|zone| zone.people.iter().skip(1).sum()),
        of(&|zone| zone.classes.iter().skip(2).sum()),
        street.ponds.len().to_string(),
        number(street.ponds.iter().map(|pond| pond.volume).sum()),
        closed.to_string(),
        entered.to_string(),
        steps.network.to_string(),
        steps.surface.to_string(),
        optional(steps.shortest),
    ]
}

/// The whole map and each zone.
fn zones(comparison: &Comparison<'_>, streets: &[Of<'_>]) -> Table {
    let head = [
        "zone",
        "class",
        "area (m2)",
        "volume of greatest depths (m3)",
        "max depth (m)",
        "max speed (m/s)",
        "danger for some (m2)",
        "danger for most (m2)",
        "danger for all (m2)",
        "H1 (m2)",
        "H2 (m2)",
        "H3 (m2)",
        "H4 (m2)",
        "H5 (m2)",
        "H6 (m2)",
        "longest above threshold (h)",
        "retreat after rain (h)",
        "still standing at end",
    ];
    let shares = DEPTHS.iter().map(|depth| format!("area > {depth} m (% of area)"));
    let mut all = table(&head, shares);
    for of in streets {
        for (index, zone) in of.street.zones.iter().enumerate() {
            let name = if index == 0 { "(all)" } else { &zone.name };
            let start = [name.to_owned(), zone.class.clone()];
            let numbers = [zone.area, zone.volume, zone.max_depth, zone.max_speed];
            let areas = numbers.iter().chain(&zone.people).chain(&zone.classes).map(|value| number(*value));
            let times =
                [hours(zone.longest), zone.retreat.map_or(String::new(), hours), yes(zone.retreat.is_none())];
            let share =
                |area: f64| if zone.area > 0.0 { number(100.0 * area / zone.area) } else { String::new() };
            let shares = zone.depths.iter().map(|step| share(step.area));
            all.rows.push(of.row(comparison, start.into_iter().chain(areas).chain(times).chain(shares)));
        }
    }
    all
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

/// Area and volume by depth of the whole map.
fn depth_area(comparison: &Comparison<'_>, streets: &[Of<'_>]) -> Table {
    let mut all = table(&["deeper than (m)", "area (m2)", "volume of greatest depths (m3)"], []);
    for of in streets {
        for step in &of.street.depth_area {
            all.rows.push(of.row(comparison, [step.depth, step.area, step.volume].map(number)));
        }
    }
    all
}

/// What a place got its water from, in a word.
fn cause(pond: &Pond) -> &'static str {
    match pond.cause {
        Cause::Surcharge => "surcharge from below",
        Cause::Rain => "rain that cannot get in",
        Cause::River => "river bank or outfall",
        Cause::Boundary => "edge of the map",
        Cause::Inflow => "given inflow",
    }
}

fn joint(kind: JointKind) -> &'static str {
    match kind {
        JointKind::Manhole => "manhole",
        JointKind::Bank => "bank",
        JointKind::Outlet => "outfall",
    }
}

/// What fed a place, most first: `manhole M3 +120 -45 m3`.
fn feeders(pond: &Pond) -> String {
    let one = |of: &crate::inundation::Feeder| {
        format!("{} {} +{} -{} m3", joint(of.kind), of.name, number(of.up), number(of.down))
    };
    pond.feeders.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Ponding places, the largest of each run first.
fn ponding(comparison: &Comparison<'_>, streets: &[Of<'_>]) -> Table {
    let head = [
        "number",
        "zone",
        "x (m)",
        "y (m)",
        "greatest depth (m)",
        "greatest level (m)",
        "area (m2)",
        "volume of greatest depths (m3)",
        "first water (h)",
        "longest above threshold (h)",
        "retreat after rain (h)",
        "still standing at end",
        "grade of waterlogging (1 low to 3 high; thresholds NOT verified)",
        "cause",
        "fed by (+ up, - down)",
    ];
    let grades = hazard_table::embedded().map(|hazards| hazards.waterlogging).unwrap_or_default();
    let mut all = table(&head, []);
    for of in streets {
        for (index, pond) in of.street.ponds.iter().enumerate() {
            let [x, y] = pond.deepest;
            let row = [
                (index + 1).to_string(),
                pond.zone.clone(),
                coordinate(x),
                coordinate(y),
                number(pond.depth),
                number(pond.level),
                number(pond.area),
                number(pond.volume),
                pond.arrival.map_or(String::new(), hours),
                hours(pond.duration),
                pond.retreat.map_or(String::new(), hours),
                yes(pond.retreat.is_none()),
                // of depth and duration alone: how fast a place flowed is in the maps
                waterlogging_grade(pond.depth, pond.duration, 0.0, &grades).to_string(),
                cause(pond).to_owned(),
                feeders(pond),
            ];
            all.rows.push(of.row(comparison, row));
        }
    }
    all
}

/// A coordinate to the centimetre: six digits are not enough for it.
fn coordinate(value: f64) -> String {
    format!("{value:.2}")
}

/// Roads, the deepest lane of each run first.
fn roads(comparison: &Comparison<'_>, streets: &[Of<'_>]) -> Table {
    let head = [
        "road",
        "class",
        "lanes",
        "length (m)",
        "length seen (m)",
        "greatest depth on the shallowest lane (m)",
        "x there (m)",
        "y there (m)",
        "one lane stays at or below the threshold",
        "length without such a lane (m)",
        "greatest depth (m)",
        "longest time without a passable lane (h; at reporting times)",
        "all such time (h)",
        "first closed (h)",
    ];
    let mut all = table(&head, []);
    for of in streets {
        let mut roads: Vec<_> = of.street.roads.iter().collect();
        let depth = |road: &crate::inundation::RoadWater| road.lane_depth.unwrap_or(f64::NEG_INFINITY);
        roads.sort_by(|a, b| depth(b).total_cmp(&depth(a)));
        for road in roads {
            let passable = road.lane_depth.map(|depth| yes(depth <= of.street.threshold));
            let row = [
                road.name.clone(),
                road.class.clone(),
                road.lanes.to_string(),
                number(road.length),
                number(road.seen),
                optional(road.lane_depth),
                road.worst.map_or(String::new(), |at| coordinate(at[0])),
                road.worst.map_or(String::new(), |at| coordinate(at[1])),
                passable.unwrap_or_else(|| "not seen".to_owned()),
                number(road.cut),
                number(road.max_depth),
                hours(road.longest_closed),
                hours(road.closed),
                road.first_closed.map_or(String::new(), hours),
            ];
            all.rows.push(of.row(comparison, row));
        }
    }
    all
}

/// Buildings that water reached, those with most of it over their threshold first.
fn buildings(comparison: &Comparison<'_>, streets: &[Of<'_>], damage: Option<&DamageTable>) -> Table {
    let head = [
        "building",
        "use",
        "zone",
        "x (m)",
        "y (m)",
        "area (m2)",
        "lowest ground around (m)",
        "threshold (m)",
        "greatest level around (m)",
        "over threshold (m)",
        "greatest depth around (m)",
        "first water (h)",
    ];
    let by_depth = damage.filter(|table| matches!(table.basis, DamageBasis::Depth { .. }));
    let verified = |table: &DamageTable| if table.verified { "verified" } else { "NOT verified" };
    let money = by_depth.map(|table| format!("damage ({}, {})", table.currency, verified(table)));
    let mut all = table(&head, money);
    for of in streets {
        let mut wet: Vec<_> =
            of.street.buildings.iter().filter(|building| building.level.is_some()).collect();
        let over = |building: &crate::inundation::BuildingWater| {
            building.over_threshold().unwrap_or(f64::NEG_INFINITY)
        };
        wet.sort_by(|a, b| over(b).total_cmp(&over(a)));
        for building in wet {
            let row = [
                building.id.clone(),
                building.usage.clone(),
                building.zone.clone(),
                coordinate(building.place[0]),
                coordinate(building.place[1]),
                number(building.area),
                optional(building.ground),
                optional(building.threshold),
                optional(building.level),
                optional(building.over_threshold()),
                number(building.depth),
                building.arrival.map_or(String::new(), hours),
            ];
            let lost = by_depth.map(|table| optional(of_building(table, building)));
            all.rows.push(of.row(comparison, row.into_iter().chain(lost)));
        }
    }
    all
}

/// Underpasses and entrances.
fn sills_table(comparison: &Comparison<'_>, streets: &[Of<'_>]) -> Table {
    let head = [
        "name",
        "x (m)",
        "y (m)",
        "sill (m)",
        "greatest level before it (m)",
        "water passes it after (min of rain)",
        "greatest depth behind it (m)",
    ];
    let depths = sills::DEPTHS.iter().map(|depth| format!("{depth} m deep behind it after (min of rain)"));
    let mut all = table(&head, depths);
    let minutes = |seconds: Option<f64>| seconds.map_or(String::new(), |seconds| number(seconds / 60.0));
    for of in streets {
        for sill in &of.street.sills {
            let row = [
                sill.name.clone(),
                coordinate(sill.place[0]),
                coordinate(sill.place[1]),
                number(sill.sill),
                optional(sill.level),
                minutes(sill.passed),
                optional(sill.depth),
            ];
            let reached = sill.reached.iter().map(|time| minutes(*time));
            all.rows.push(of.row(comparison, row.into_iter().chain(reached)));
        }
    }
    all
}

/// Manholes, banks and outfalls that exchanged water, most of each run first.
fn exchange(comparison: &Comparison<'_>, streets: &[Of<'_>]) -> Table {
    let head = [
        "joint",
        "name",
        "x (m)",
        "y (m)",
        "up (m3)",
        "down (m3)",
        "peak up (m3/s)",
        "peak down (m3/s)",
        "first up (h)",
    ];
    let mut all = table(&head, []);
    for of in streets {
        let mut moved: Vec<_> =
            of.street.exchange.iter().filter(|joint| joint.up + joint.down > 0.0).collect();
        moved.sort_by(|a, b| (b.up + b.down).total_cmp(&(a.up + a.down)));
        for at in moved {
            let row = [
                joint(at.kind).to_owned(),
                at.name.clone(),
                coordinate(at.place[0]),
                coordinate(at.place[1]),
                number(at.up),
                number(at.down),
                number(at.peak_up),
                number(at.peak_down),
                at.first_up.map_or(String::new(), hours),
            ];
            all.rows.push(of.row(comparison, row));
        }
    }
    all
}

/// The outlines of all places, with what the table says of them.
fn outlines(comparison: &Comparison<'_>, streets: &[Of<'_>]) -> Layer {
    let crs = streets.first().and_then(|of| of.street.map.crs.as_deref());
    let mut layer = Layer::new("ponding", crs);
    for of in streets {
        let names = comparison.run_names(of.option, of.case);
        for (index, pond) in of.street.ponds.iter().enumerate() {
            let mut properties: Map<String, Value> =
                RUN.iter().zip(&names).map(|(key, name)| ((*key).to_owned(), json!(name))).collect();
            let values = [
                ("number", json!(index + 1)),
                ("zone", json!(pond.zone)),
                ("depth_m", json!(pond.depth)),
                ("level_m", json!(pond.level)),
                ("area_m2", json!(pond.area)),
                ("volume_m3", json!(pond.volume)),
                ("arrival_s", json!(pond.arrival)),
                ("duration_s", json!(pond.duration)),
                ("retreat_s", json!(pond.retreat)),
                ("cause", json!(cause(pond))),
                ("fed_by", json!(feeders(pond))),
                ("deepest_x_m", json!(pond.deepest[0])),
                ("deepest_y_m", json!(pond.deepest[1])),
            ];
            properties.extend(values.map(|(key, value)| (key.to_owned(), value)));
            let geometry = json!({ "type": "Polygon", "coordinates": pond.rings });
            layer.add(&format!("{}/{}", names.join("/"), index + 1), geometry, properties);
        }
    }
    layer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::{Run, State};
    use crate::inundation::{BuildingWater, DepthArea, Feeder, RoadWater, SillWater};
    use crate::study::digest::Digest;

    fn street() -> StreetDigest {
        let depths = DEPTHS.map(|depth| DepthArea { depth, area: 50.0, volume: 20.0 }).to_vec();
        let zone = ZoneWater {
            area: 200.0,
            depths,
            classes: [0.0, 9.0, 5.0, 3.0, 0.0, 0.0],
            ..ZoneWater::default()
        };
        let pond = |retreat| Pond {
            zone: "老城".into(),
            rings: vec![vec![[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 0.0]]],
            deepest: [541_000.25, 4_620_000.5],
            depth: 0.3,
            level: 10.3,
            depth_time: 900.0,
            area: 36.0,
            volume: 9.5,
            arrival: Some(1800.0),
            duration: 2400.0,
            retreat,
            cause: Cause::Surcharge,
            feeders: vec![Feeder { kind: JointKind::Manhole, name: "J".into(), up: 12.0, down: 3.0 }],
        };
        let road =
            |name: &str, lane_depth| RoadWater { name: name.into(), lane_depth, ..RoadWater::default() };
        let building = BuildingWater {
            id: "B1".into(),
            usage: "residential".into(),
            area: 100.0,
            ground: Some(10.0),
            threshold: Some(10.2),
            level: Some(10.3),
            ..BuildingWater::default()
        };
        let sill = SillWater {
            name: "隧道".into(),
            passed: Some(600.0),
            reached: vec![Some(900.0), None, None],
            ..SillWater::default()
        };
        StreetDigest {
            threshold: 0.15,
            zones: vec![zone],
            ponds: vec![pond(Some(3600.0)), pond(None)],
            roads: vec![road("shallow", Some(0.1)), road("deep", Some(0.4)), road("far", None)],
            buildings: vec![building],
            sills: vec![sill],
            ..StreetDigest::default()
        }
    }

    /// The rows of a table, by the heads of columns.
    fn column(folder: &Path, file: &str, head: &str) -> Vec<String> {
        let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
        let heads = reader.headers().unwrap().clone();
        let place =
            heads.iter().position(|known| known.starts_with(head)).unwrap_or_else(|| panic!("{heads:?}"));
        reader.records().map(|row| row.unwrap()[place].to_owned()).collect()
    }

    #[test]
    fn runs_with_a_surface_are_told_and_the_others_say_that_they_are_a_screening() {
        let wet = Digest { street: Some(Box::new(street())), ..Digest::default() };
        let dry = Digest::default();
        let case = |storm| Case { horizon: 0, storm, stage: 0 };
        let run = |storm, digest| Run { option: 0, case: case(storm), state: State::Done(digest) };
        let mut comparison = Comparison {
            options: vec!["base".into()],
            storms: vec!["P50".into(), "P5".into()],
            runs: vec![run(0, &wet), run(1, &dry)],
            ..Comparison::default()
        };
        let folder = std::env::temp_dir().join(format!("pailao-street-tables-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        save_street(&comparison, None, &folder).unwrap();
        let of = |file: &str, head: &str| column(&folder, file, head);
        assert_eq!(of("street.csv", "surface"), ["simulated", "none: screening in 1D"]);
        assert_eq!(of("street.csv", "roads without"), ["0", ""]);
        assert_eq!(of("street.csv", "area H3"), ["8", ""]);
        assert_eq!(of("zones_street.csv", "area > 0.15 m"), ["25"]);
        assert_eq!(of("ponding.csv", "x (m)"), ["541000.25", "541000.25"]);
        assert_eq!(of("ponding.csv", "retreat"), ["1", ""]);
        assert_eq!(of("ponding.csv", "still"), ["no", "yes"]);
        // 0.3 m deep for 40 min
        assert_eq!(of("ponding.csv", "grade"), ["2", "2"]);
        assert_eq!(of("ponding.csv", "fed by"), ["manhole J +12 -3 m3"; 2]);
        assert_eq!(of("roads.csv", "road"), ["deep", "shallow", "far"]);
        assert_eq!(of("roads.csv", "one lane"), ["no", "yes", "not seen"]);
        assert_eq!(of("buildings.csv", "over threshold"), ["0.1"]);
        assert_eq!(of("sills.csv", "0.15 m deep"), ["15"]);
        assert!(!folder.join("exchange.csv").exists(), "no rows, no file");
        let outlines = std::fs::read_to_string(folder.join("ponding.geojson")).unwrap();
        let outlines: Value = serde_json::from_str(&outlines).unwrap();
        assert_eq!(outlines["features"].as_array().map(Vec::len), Some(2));
        assert_eq!(outlines["features"][1]["properties"]["retreat_s"], Value::Null);
        std::fs::remove_dir_all(&folder).unwrap();
        // a study without a surface has none of these files
        comparison.runs = vec![run(0, &dry)];
        save_street(&comparison, None, &folder).unwrap();
        assert!(!folder.exists());
    }
}
