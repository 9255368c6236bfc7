//! Claims about studies with a surface, on a bowl around one manhole.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::*;
use crate::input::{scenario, zones};
use crate::inundation::maps::MapKind;
use crate::inundation::ponding::{Cause, JointKind};
use crate::scenario::study::Scenario;

/// A manhole in the middle of a square, whose pipe to the river carries little.
const NETWORK: &str = "\
[OPTIONS]\nFLOW_UNITS CMS\nINFILTRATION HORTON\nFLOW_ROUTING DYNWAVE\nSTART_DATE 07/21/2026\nSTART_TIME 00:00:00\n\
END_DATE 07/21/2026\nEND_TIME 03:00:00\nREPORT_STEP 00:01:00\nWET_STEP 00:01:00\nDRY_STEP 00:05:00\nROUTING_STEP 2\n\
[RAINGAGES]\nR INTENSITY 0:05 1.0 TIMESERIES T\n[SUBCATCHMENTS]\nS R J 2 90 200 1 0\n\
[SUBAREAS]\nS 0.013 0.1 0.5 2 25 OUTLET\n[INFILTRATION]\nS 50 10 4 7 0\n\
[JUNCTIONS]\nJ 8 2 0 0 0\n[OUTFALLS]\nO 7.5 FREE\n[CONDUITS]\nC J O 100 0.013 0 0\n\
[XSECTIONS]\nC CIRCULAR 0.3 0 0 0\n[TIMESERIES]\nT 0:00 0\n[COORDINATES]\nJ 541040 4620040\nO 541040 4619900\n";

const SCENARIO: &str = r#"
[study]
network = "network.inp"
crs = "EPSG:4550"
zones = "zones.geojson"
roads = "roads.geojson"
buildings = "buildings.geojson"
sills = "sills.geojson"

[storms.P5]
serves = ["waterlogging", "damage"]
depth = "40 mm"
pattern = { kind = "block", duration = "30 min", step = "5 min" }

[storms.P1]
serves = ["waterlogging"]
depth = "20 mm"
pattern = { kind = "block", duration = "30 min", step = "5 min" }

[run]
after = "20 min"

[surface]
terrain = "terrain.asc"
crs = "EPSG:4550"
roughness = 0.03
run_for = { storms = ["P5"] }
"#;

/// A square of 80 m on cells of 4 m that falls from 11 m at its edges to 9.9 m at the manhole.
fn terrain() -> String {
    let mut text = String::from(
        "ncols 20\nnrows 20\nxllcorner 541000\nyllcorner 4620000\ncellsize 4\nNODATA_value -9999\n",
    );
    for row in 0..20 {
        for column in 0..20 {
            let away = (f64::from(row) - 9.5).abs().max((f64::from(column) - 9.5).abs());
            text.push_str(&format!("{:.3} ", 9.9 + 1.1 * away / 10.0));
        }
        text.push('\n');
    }
    text
}

fn feature(properties: &str, kind: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type": "FeatureCollection", "crs": "EPSG:4550", "features": [{{"type": "Feature", "properties": {{{properties}}}, "geometry": {{"type": "{kind}", "coordinates": {coordinates}}}}}]}}"#
    )
}

fn ring(west: f64, south: f64, side: f64) -> String {
    let (x, y) = (541_000.0 + west, 4_620_000.0 + south);
    let (east, north) = (x + side, y + side);
    format!("[[[{x},{y}],[{east},{y}],[{east},{north}],[{x},{north}],[{x},{y}]]]")
}

/// A folder with the whole study.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("pailao-street-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let write = |file: &str, text: &str| fs::write(folder.join(file), text).unwrap();
    write("network.inp", NETWORK);
    write("terrain.asc", &terrain());
    write("scenario.toml", SCENARIO);
    write(
        "zones.geojson",
        &feature(r#""name": "西区", "class": "中心城区""#, "Polygon", &ring(-20.0, 0.0, 80.0)),
    );
    let line = "[[541000,4620040],[541080,4620040]]";
    write(
        "roads.geojson",
        &feature(r#""name": "中山路", "class": "支路", "lanes": 2, "width": 8"#, "LineString", line),
    );
    let house = feature(
        r#""id": "B1", "use": "residential", "threshold_m": 10.1"#,
        "Polygon",
        &ring(44.0, 34.0, 6.0),
    );
    write("buildings.geojson", &house);
    write("sills.geojson", &feature(r#""name": "A口", "sill_m": 10.15"#, "Point", "[541036,4620036]"));
    folder
}

fn read(folder: &Path) -> Scenario {
    scenario::read(&folder.join("scenario.toml")).unwrap().unwrap_or_else(|found| panic!("{found:?}")).0
}

/// Opens and runs the study of a folder.
fn run(folder: &Path, store: &Store) -> Vec<RunRow> {
    let never = AtomicBool::new(false);
    let zones = zones::read(&folder.join("zones.geojson")).unwrap().unwrap().zones;
    let study = Study::open(read(folder), Default::default(), zones, Some(store), &never)
        .unwrap_or_else(|found| panic!("{found:?}"));
    let order = Order { store, threads: 1, shard: Shard::default(), keep: &Keep::default() };
    study.run(&order, &mut |_| {}, &never).unwrap()
}

fn digest<'a>(rows: &'a [RunRow], id: &str) -> &'a Digest {
    let row = rows.iter().find(|row| row.spec.id.contains(id)).unwrap();
    match &row.state {
        State::Done(digest) => digest,
        other => panic!("{id}: {other:?}"),
    }
}

#[test]
fn the_storms_that_are_chosen_have_a_street_and_the_others_stay_as_they_were() {
    let folder = folder("chosen");
    let store = Store::open(folder.join("cache")).unwrap();
    let rows = run(&folder, &store);
    let street = digest(&rows, "P5").street.as_deref().expect("chosen");
    assert!(digest(&rows, "P1").street.is_none(), "a screening in one dimension");

    // the water that came up lies in the bowl, and part of it went down again
    let manhole = &street.exchange[0];
    assert_eq!((manhole.kind, manhole.name.as_str()), (JointKind::Manhole, "J"));
    assert!(manhole.up > 50.0 && manhole.down > 0.0, "{manhole:?}");
    assert!((street.water.exchange_in - manhole.up).abs() < 1e-3 * manhole.up);
    assert!(street.water.volume_error.abs() < 1e-6, "{:?}", street.water);
    let pond = &street.ponds[0];
    assert_eq!((street.ponds.len(), pond.cause, pond.zone.as_str()), (1, Cause::Surcharge, "西区"));
    assert_eq!(pond.feeders[0].name, "J");
    // the deepest cells are the four around the manhole at 9.955 m
    assert!((pond.level - pond.depth - 9.955).abs() < 1e-3, "{pond:?}");
    // a pyramid: half its side is 10 (level - 9.9) / 1.1 cells, its volume a third of area times depth
    let half = 4.0 * 10.0 * (pond.level - 9.9) / 1.1;
    let volume = (2.0 * half).powi(2) * (pond.level - 9.9) / 3.0;
    let whole = street.whole().unwrap();
    assert!((whole.volume - volume).abs() < 0.1 * volume, "{} and {volume} m³", whole.volume);
    assert!(whole.depths[1].area >= pond.area && whole.max_depth == pond.depth);
    assert!((street.zones[1].area - 4800.0).abs() < 1e-6 && street.zones[1].name == "西区");

    // what stands in it
    let (road, house, sill) = (&street.roads[0], &street.buildings[0], &street.sills[0]);
    assert!(road.lane_depth.unwrap() > 0.15 && road.cut > 0.0 && road.longest_closed > 0.0, "{road:?}");
    assert!((road.length - 80.0).abs() < 1e-9 && road.seen > 79.0);
    assert!((house.level.unwrap() - pond.level).abs() < 0.01 && house.area == 36.0, "{house:?}");
    assert!((house.over_threshold().unwrap() - (pond.level - 10.1)).abs() < 0.01);
    assert!(sill.passed.is_some_and(|time| time > 0.0) && sill.level.unwrap() > 10.15, "{sill:?}");
    assert!(street.series.stored.iter().copied().fold(0.0, f64::max) > 50.0);

    // its maps lie beside it
    let key = |id: &str| rows.iter().find(|row| row.spec.id.contains(id)).unwrap().key.clone().unwrap();
    let maps = store.maps(&key("P5")).expect("kept");
    let depth = maps.get(MapKind::Depth).unwrap();
    assert!((f64::from(depth.range().unwrap().1) - pond.depth).abs() < 1e-6);
    assert_eq!(depth.crs.as_deref(), Some("EPSG:4550"));
    assert!(store.maps(&key("P1")).is_none());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn keys_follow_ground_and_layers_and_leave_runs_without_a_street_alone() {
    let folder = folder("keys");
    let store = Store::open(folder.join("cache")).unwrap();
    let keys = |rows: &[RunRow]| rows.iter().map(|row| row.key.clone().unwrap()).collect::<Vec<_>>();
    let first = run(&folder, &store);
    let files = || fs::read_dir(store.folder()).unwrap().count();
    let kept = files();
    let again = run(&folder, &store);
    assert_eq!((keys(&first), files()), (keys(&again), kept));
    assert_eq!(digest(&first, "P5"), digest(&again, "P5"), "read from the store as it was");

    // other thresholds of houses: the network is the same, the street is not
    let houses = fs::read_to_string(folder.join("buildings.geojson")).unwrap();
    fs::write(folder.join("buildings.geojson"), houses.replace("10.1}", "10.2}")).unwrap();
    let other = run(&folder, &store);
    let of =
        |rows: &[RunRow], id: &str| rows.iter().find(|row| row.spec.id.contains(id)).unwrap().key.clone();
    assert_ne!(of(&first, "P5"), of(&other, "P5"));
    assert_eq!(of(&first, "P1"), of(&other, "P1"));
    assert_eq!(digest(&other, "P5").street.as_ref().unwrap().buildings[0].threshold, Some(10.2));

    // without [surface] all runs are what the unchosen ones are
    let plain = SCENARIO.split("[surface]").next().unwrap();
    fs::write(folder.join("scenario.toml"), plain).unwrap();
    let plain = run(&folder, &store);
    assert_eq!(of(&plain, "P1"), of(&first, "P1"));
    assert_ne!(of(&plain, "P5"), of(&first, "P5"));
    let text = serde_json::to_string(digest(&plain, "P5")).unwrap();
    assert!(!text.contains("street"), "digests without a street have no word of it");

    // a street without its maps is made again
    fs::write(folder.join("scenario.toml"), SCENARIO).unwrap();
    let maps = store.maps_path(&of(&other, "P5").unwrap());
    fs::remove_dir_all(&maps).unwrap();
    run(&folder, &store);
    assert!(maps.is_dir());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_ground_that_cannot_be_read_keeps_only_its_runs_from_being_made() {
    let folder = folder("broken");
    fs::write(folder.join("terrain.asc"), "ncols 2\nnrows").unwrap();
    let store = Store::open(folder.join("cache")).unwrap();
    let rows = run(&folder, &store);
    let state = |id: &str| &rows.iter().find(|row| row.spec.id.contains(id)).unwrap().state;
    assert!(
        matches!(state("P5"), State::NotBuilt(problems) if problems.iter().any(|problem| problem.message.contains("terrain.asc"))),
        "{:?}",
        state("P5")
    );
    assert!(matches!(state("P1"), State::Done(_)));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_run_that_was_stopped_on_the_streets_goes_on_from_there_to_the_same_digest_and_maps() {
    let folder = folder("stopped");
    let never = AtomicBool::new(false);
    let zones = zones::read(&folder.join("zones.geojson")).unwrap().unwrap().zones;
    let study = Study::open(read(&folder), Default::default(), zones, None, &never)
        .unwrap_or_else(|found| panic!("{found:?}"));
    let spec = study.specs().iter().find(|spec| spec.id.contains("P5")).unwrap();
    let (network, wanted) = (study.network(spec).unwrap(), study.wanted(spec));
    let streets = study.streets().unwrap().unwrap();
    // runs up to a time of the coupled run; how it ended, and where the coupled run began
    let run_until = |place: &Path, until: f64| {
        let (mut passes, mut began, mut last) = (0, f64::NAN, f64::INFINITY);
        let mut keep_going = |now: &crate::simulation::Progress| {
            if now.elapsed < last {
                (passes, began) = (passes + 1, now.elapsed);
            }
            last = now.elapsed;
            passes < 2 || now.elapsed < until
        };
        let mut checkpoints = run::checkpoints(place, "a key");
        let ended = simulate::simulate(
            &network,
            &wanted,
            Some(streets),
            None,
            &mut keep_going,
            Some(&mut checkpoints),
        );
        (ended, began)
    };
    let whole = run_until(&folder.join("whole"), f64::INFINITY);
    assert!(matches!(whole.0, simulate::Ended::Complete(_, Some(_))) && whole.1 == 0.0);
    let place = folder.join("stopped");
    for (until, from) in [(700.0, 0.0), (1500.0, 700.0)] {
        let (ended, began) = run_until(&place, until);
        assert!(matches!(ended, simulate::Ended::Interrupted) && place.is_file());
        assert!(began >= from && began < from + 60.0, "{began}");
    }
    let (ended, began) = run_until(&place, f64::INFINITY);
    assert!((1500.0..1560.0).contains(&began), "{began}");
    assert_eq!(format!("{ended:?}"), format!("{:?}", whole.0));
    // a checkpoint that is damaged or of another run is none
    fs::write(&place, b"PAILAO CHECKPOINT 1\n").unwrap();
    assert_eq!(run_until(&place, 100.0).1, 0.0);
    fs::remove_dir_all(&folder).unwrap();
}
