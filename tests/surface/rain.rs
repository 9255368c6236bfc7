//! Claims about rain from maps, through the command line.

use std::fs;
use std::path::Path;

use ndarray::Array2;
use pailao::model::crs::Reprojection;
use pailao::model::raster::Raster;
use pailao::results::raster::geotiff;

use super::{HERE, code, err, folder, ground, map, out, pailao, text};

/// The town on its ground, with rain from a list of maps that lies in a folder of its own.
fn run(folder: &Path, maps: &[(&str, &Raster)], list: &str, more: &str) -> std::process::Output {
    geotiff::write(&folder.join("dem.tif"), &ground()).expect("the terrain can be written");
    fs::create_dir_all(folder.join("radar")).expect("the folder can be made");
    for (name, map) in maps {
        geotiff::write(&folder.join("radar").join(name), map).expect("the map can be written");
    }
    fs::write(folder.join("radar/list.csv"), list).expect("it can be written");
    let table = format!(
        "[surface]\nterrain = \"dem.tif\"\nrunoff_from = \"grid\"\n[surface.rain_maps]\nfile = \"radar/list.csv\"\n{more}"
    );
    fs::write(folder.join("surface.toml"), table).expect("it can be written");
    let (model, file, maps) = (folder.join("town.inp"), folder.join("surface.toml"), folder.join("maps"));
    pailao(&["run", text(&model), "--surface", text(&file), "--crs", HERE, "--maps", text(&maps)])
}

/// Two by two cells of 60 m over the town's 100 m: the western ones cover 6 of its columns, the northern ones 6 of its
/// rows.
fn radar(values: [[f32; 2]; 2]) -> Raster {
    let values = Array2::from_shape_fn((2, 2), |(row, column)| values[row][column]);
    Raster { west: 500_000.0, north: 4_500_100.0, cell: 60.0, crs: Some(HERE.into()), values }
}

#[test]
fn rain_of_maps_is_depth_times_area_under_each_of_their_cells() {
    let folder = folder("radar");
    let (first, second) = (radar([[60.0, 0.0], [0.0, 30.0]]), radar([[0.0, 90.0], [0.0, 0.0]]));
    let list = "time,file\n2026-07-21 00:05,first.tif\n2026-07-21 00:15,\n2026-07-21 00:20,second.tif\n2026-07-21 00:30,\n";
    let done = run(&folder, &[("first.tif", &first), ("second.tif", &second)], list, "");
    assert_eq!(code(&done), 0, "{}", err(&done));
    // 10 mm on 36 cells of 100 m², 5 mm on 16, 15 mm on 24
    let said = out(&done);
    assert!(said.contains("Rain on the grid: 80.0 m³"), "{said}");
    assert!(said.contains("Rain depth times area: 80.0 m³, from which the grid's rain differs by 0.0000 %"));
    // what the network gets comes down from the street: its subcatchments are dry
    let report = fs::read_to_string(folder.join("town.rpt")).expect("it is written");
    assert!(report.contains("Wet Weather Inflow .......         0.000         0.000"), "{report}");
    // retreat counts from the end of the maps at 30 min, not from that of the gauge at 20 min
    let (arrival, retreat) = (map(&folder, "arrival.tif"), map(&folder, "retreat.tif"));
    let known = retreat.values.iter().filter(|time| !time.is_nan()).copied().fold(0.0, f32::max);
    assert!(arrival.range().is_some() && known <= 30.0 * 60.0, "{known}");
}

#[test]
fn depths_holes_and_hours_give_the_same_rain_as_intensities_and_dates() {
    let folder = folder("radar-depths");
    let depths = radar([[10.0, 0.0], [f32::NAN, 5.0]]);
    let list = "0:05,depths.tif\n0:15,\n";
    let refused = run(&folder, &[("depths.tif", &depths)], list, "unit = \"mm\"\n");
    assert_eq!(code(&refused), 3);
    let told = err(&refused);
    assert!(
        told.contains("no data in 1 of its cells over the grid") && told.contains("list.csv:1:6"),
        "{told}"
    );
    let done = run(&folder, &[("depths.tif", &depths)], list, "unit = \"mm\"\nno_data = \"dry\"\n");
    assert_eq!(code(&done), 0, "{}", err(&done));
    assert!(err(&done).contains("25.0 % of all that they say of the grid: taken as dry"), "{}", err(&done));
    assert!(out(&done).contains("Rain on the grid: 44.0 m³"), "{}", out(&done));
}

#[test]
fn maps_in_another_system_are_laid_where_they_belong() {
    let folder = folder("radar-utm");
    let into = Reprojection::between(HERE, "EPSG:32651").expect("both are known");
    let (x, y) = into.point(500_050.0, 4_500_050.0).expect("it has a place");
    // 12 mm west of the middle of the town, dry to its east; the grid is turned by some degrees there
    let values = Array2::from_shape_fn((6, 6), |(_, column)| if column < 3 { 72.0 } else { 0.0 });
    let utm =
        Raster { west: x - 150.0, north: y + 150.0, cell: 50.0, crs: Some("EPSG:32651".into()), values };
    let done = run(&folder, &[("utm.tif", &utm)], "0:05,utm.tif\n0:15,\n", "");
    assert_eq!(code(&done), 0, "{}", err(&done));
    let said = out(&done);
    assert!(said.contains("Rain on the grid: 60.0 m³"), "{said}");
}

#[test]
fn rain_that_misses_the_run_is_refused() {
    let folder = folder("radar-missed");
    let list = "2026-07-22 00:05,a.tif\n2026-07-22 00:15,\n";
    let refused = run(&folder, &[("a.tif", &radar([[1.0; 2]; 2]))], list, "");
    assert_eq!(code(&refused), 3, "{}", err(&refused));
    assert!(
        err(&refused).contains("from 24.08 h to 24.25 h after the start of the run"),
        "{}",
        err(&refused)
    );
    assert!(!folder.join("maps").exists(), "nothing is written");
}
