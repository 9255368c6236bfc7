//! Claims about banks of rivers and about outfalls on the street, through the command line.

use std::fs;
use std::path::{Path, PathBuf};

use ndarray::Array2;
use pailao::model::raster::Raster;
use pailao::results::out::{Kind, OutFile};
use pailao::results::raster::geotiff;

use super::{HERE, code, err, folder, map, out, pailao, text};

/// A folder with a model of this directory, a terrain, and a table that says more.
fn place(name: &str, model: &str, terrain: &Raster, table: &str) -> PathBuf {
    let folder = folder(name);
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/surface").join(model);
    fs::copy(model, folder.join("model.inp")).expect("it is there");
    geotiff::write(&folder.join("dem.tif"), terrain).expect("the terrain can be written");
    fs::write(folder.join("surface.toml"), format!("[surface]\nterrain = \"dem.tif\"\n{table}"))
        .expect("it can be written");
    folder
}

/// What a run of the place says.
fn said_of(folder: &Path) -> String {
    let (model, file, maps) = (folder.join("model.inp"), folder.join("surface.toml"), folder.join("maps"));
    let done = pailao(&["run", text(&model), "--surface", text(&file), "--crs", HERE, "--maps", text(&maps)]);
    assert_eq!(code(&done), 0, "{}", err(&done));
    out(&done)
}

/// The volume (m³) behind some words of what was said; 0 where the line is left out.
fn volume(said: &str, words: &str) -> f64 {
    let line = said.lines().find_map(|line| line.trim().strip_prefix(words)?.strip_prefix(": "));
    let number = line.map(|line| line.replace(' ', "").replace("m³", ""));
    number.map_or(0.0, |number| number.parse().unwrap_or_else(|_| panic!("{number}")))
}

/// The last number of a line of the report that begins with some words: 10^6 litres in the tables of continuity.
fn of_report(folder: &Path, words: &str) -> f64 {
    let report = fs::read_to_string(folder.join("model.rpt")).expect("it is written");
    let line = report.lines().find(|line| line.trim().starts_with(words));
    let line = line.unwrap_or_else(|| panic!("{words}: {report}"));
    line.split_whitespace().last().and_then(|last| last.parse().ok()).unwrap_or_else(|| panic!("{line}"))
}

/// A column of a table of series.
fn column(folder: &Path, file: &str, name: &str) -> Vec<f64> {
    let series = fs::read_to_string(folder.join("maps").join(file)).expect("it is written");
    let mut lines = series.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().expect("it has a head");
    let place = head.iter().position(|head| *head == name).unwrap_or_else(|| panic!("{name}: {head:?}"));
    lines.map(|line| line[place].parse().expect("a number")).collect()
}

/// The volume of a map of depths of cells of 10 m (m³).
fn stands(folder: &Path, name: &str) -> f64 {
    map(folder, name)
        .values
        .iter()
        .filter(|depth| !depth.is_nan())
        .map(|depth| f64::from(*depth) * 100.0)
        .sum()
}

/// A result of a node at all reporting times: 0 depth (m), 1 head (m).
fn of_node(folder: &Path, name: &str, variable: usize) -> Vec<f64> {
    let mut results = OutFile::open(folder.join("model.out")).expect("it is written");
    let node = results.find(Kind::Node, name).expect("a node");
    let series = results.series(Kind::Node, node, variable).expect("it can be read");
    series.into_iter().map(f64::from).collect()
}

fn most(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

#[test]
fn a_river_that_rises_over_its_bank_floods_the_plain_and_takes_the_water_back_when_it_falls() {
    // two rows of a high northern shore, the river, and a plain that rises away from it and is closed all round
    let values = Array2::from_shape_fn((12, 20), |(row, _)| match row {
        0 | 1 => 23.0,
        2 => 19.9,
        _ => 20.05 + 0.1 * (row as f32 - 3.0),
    });
    let terrain = Raster { west: 500_000.0, north: 4_500_120.0, cell: 10.0, crs: Some(HERE.into()), values };
    let folder = place("banks", "river.inp", &terrain, "banks = { channels = [\"R\"] }\n");
    let said = said_of(&folder);
    let (up, down) = (volume(&said, "Up from the network"), volume(&said, "Down into the network"));
    let stood = volume(&said, "Stands there at the end");
    let stored = column(&folder, "street.csv", "stored (m3)");
    assert!(most(&stored) > 400.0 && up >= most(&stored), "{} {said}", most(&stored));
    assert!(stood < 1.0 && (up - down - stood).abs() < 0.2, "{said}");
    assert!((stands(&folder, "final_depth.tif") - stood).abs() < 0.06);

    // nothing passes while the river is below the plain, then water leaves it, then it comes back
    let (flows, head) = (column(&folder, "street_banks.csv", "R"), of_node(&folder, "A", 1));
    let first = flows.iter().position(|flow| *flow != 0.0).expect("it floods");
    // the first record of the streets is that of the start, the first of the network a minute later
    assert!(first > 10 && most(&head[..first - 1]) < 20.06 && head[first] > 20.05, "{first} {head:?}");
    let turn = flows.iter().position(|flow| *flow < 0.0).expect("it comes back");
    assert!(flows[first..turn].iter().all(|flow| *flow > 0.0), "{flows:?}");
    assert!(flows[turn..].iter().all(|flow| *flow <= 0.0), "{flows:?}");
    // no water stands higher than the river ever did
    let level = map(&folder, "max_level.tif").range().expect("it was wet").1;
    let highest = most(&head);
    assert!(f64::from(level) > 20.2 && f64::from(level) < highest + 0.01, "{level} {highest}");

    // the report's flooding and inflow are what passed the banks, to its 1 m³
    assert!((1000.0 * of_report(&folder, "Flooding Loss") - up).abs() < 0.6, "{said}");
    let flood = 4350.0 + 2.0 * 2550.0 + 7200.0;
    let inflow = 1000.0 * of_report(&folder, "External Inflow");
    assert!((inflow - down - flood).abs() < 0.001 * flood, "{inflow} {down} {flood}");
    assert!(of_report(&folder, "Continuity Error (%)").abs() < 0.2);
}

/// A hollow in the street, 18 m deep in its middle, where the outfall is; higher than the tank at its rim.
fn hollow() -> Raster {
    let values = Array2::from_shape_fn((10, 10), |(row, column)| {
        18.0 + 0.1 * (row.abs_diff(4).max(column.abs_diff(5)) as f32).powi(2)
    });
    Raster { west: 500_000.0, north: 4_500_100.0, cell: 10.0, crs: Some(HERE.into()), values }
}

#[test]
fn an_outfall_on_the_street_puts_its_flow_there_and_is_drowned_by_it() {
    let folder = place("outlet", "outlet.inp", &hollow(), "outlets = [\"O\"]\n");
    let said = said_of(&folder);
    let (up, down) = (volume(&said, "Up from the network"), volume(&said, "Down into the network"));
    let stands = stands(&folder, "final_depth.tif");
    assert!(up > 600.0 && (up - down - stands).abs() < 0.2, "{stands} {said}");
    // to the report's 1 m³; what comes back through the outfall is inflow there
    let out = 1000.0 * of_report(&folder, "External Outflow");
    let pumped = 0.2 * 3600.0 + 0.5 * 0.2 * 60.0;
    let back = 1000.0 * of_report(&folder, "External Inflow") - pumped;
    assert!((out - up).abs() < 1.1 && (back - down).abs() < 1.1, "{out} {back} {said}");
    // while the hollow fills the outfall gives what is pumped, but for what the tank keeps
    let flows = column(&folder, "street_outlets.csv", "O");
    assert!(flows[0] == 0.0 && flows[15..=60].iter().all(|flow| (flow - 0.195).abs() < 0.01), "{flows:?}");
    // then the water of the tank swings against that of the street, and both stand level in the mean
    let head = of_node(&folder, "K", 1);
    let mean = head[90..].iter().sum::<f64>() / (head.len() - 90) as f64;
    let level = 18.0 + f64::from(map(&folder, "final_depth.tif").values[(4, 5)]);
    assert!(level > 18.5 && (mean - level).abs() < 0.005, "{mean} {level}");
    let swing = most(&head[90..]) - head[90..].iter().copied().fold(f64::INFINITY, f64::min);
    assert!(swing < 0.03, "{swing}");
}

#[test]
fn a_flooded_street_runs_back_through_an_outfall_until_the_tank_behind_it_stands_as_high() {
    let folder = place("drowned", "outlet.inp", &hollow(), "outlets = [\"O\"]\ninitial_level = \"18.8 m\"\n");
    let model = fs::read_to_string(folder.join("model.inp")).expect("it is there");
    fs::write(folder.join("model.inp"), model.replace("pumped 0:00 0.2\npumped 1:00 0.2", "pumped 0:00 0"))
        .expect("it can be written");
    let said = said_of(&folder);
    let (up, down) = (volume(&said, "Up from the network"), volume(&said, "Down into the network"));
    let start = volume(&said, "Stood there at the start");
    let stands = stands(&folder, "final_depth.tif");
    assert!(start > 1000.0 && (start + up - down - stands).abs() < 0.2, "{stands} {said}");
    // tank and street swing against each other as they do under a level that stays, and stand level in the mean
    let head = of_node(&folder, "K", 1);
    let mean = head[60..].iter().sum::<f64>() / (head.len() - 60) as f64;
    let level = 18.0 + f64::from(map(&folder, "final_depth.tif").values[(4, 5)]);
    assert!(head[0] < 18.2 && level > 18.7 && (mean - level).abs() < 0.01, "{mean} {level}");
    // the network holds what the street gave, but for the half of the pipe at the outfall, 7 m³: what stands there is
    // in no balance of SWMM's dynamic wave
    let held = 1000.0 * of_report(&folder, "Final Stored Volume");
    assert!((held - (down - up)).abs() < 7.1 + 0.6, "{held} {said}");
}
