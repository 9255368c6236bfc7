//! Water on the streets through the command line: what a run leaves, and what is said of terrain that is wrong.

mod joints;
mod rain;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use ndarray::Array2;
use pailao::input::raster;
use pailao::model::raster::Raster;
use pailao::results::raster::geotiff;

const TOWN: &str = "tests/surface/town.inp";
const HERE: &str = "EPSG:4549";

fn pailao(arguments: &[&str]) -> Output {
    Command::cargo_bin("pailao")
        .expect("the program is built")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ends by itself")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("what it says is UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("what it says is UTF-8")
}

/// An empty folder of a test, with the model of the town.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("surface").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(TOWN), folder.join("town.inp")).expect("it is there");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are UTF-8")
}

/// The ground of the town: a street that falls to the east, lower in its middle.
fn ground() -> Raster {
    let values = Array2::from_shape_fn((10, 10), |(row, column)| {
        let side = (row as f32 - 4.0).abs();
        20.0 - 0.02 * column as f32 + 0.05 * side
    });
    Raster { west: 500_000.0, north: 4_500_100.0, cell: 10.0, crs: Some(HERE.into()), values }
}

/// A run of the town on a terrain.
fn run_on(folder: &Path, terrain: &Raster, more: &[&str]) -> Output {
    let dem = folder.join("dem.tif");
    geotiff::write(&dem, terrain).expect("the terrain can be written");
    run(folder, &dem, more)
}

fn run(folder: &Path, dem: &Path, more: &[&str]) -> Output {
    let (model, maps) = (folder.join("town.inp"), folder.join("maps"));
    let mut arguments = vec!["run", text(&model), "--terrain", text(dem), "--maps", text(&maps)];
    arguments.extend(more);
    pailao(&arguments)
}

fn map(folder: &Path, name: &str) -> Raster {
    raster::read(&folder.join("maps").join(name)).expect("it is there").expect("it is a map")
}

#[test]
fn a_run_leaves_maps_series_outlines_and_a_stack_that_agree() {
    let folder = folder("whole");
    let stack = folder.join("stack.nc");
    let done = run_on(&folder, &ground(), &["--crs", HERE, "--stack", text(&stack)]);
    assert_eq!(code(&done), 0, "{}", err(&done));
    let said = out(&done);
    for words in
        ["Water on the streets", "Up from the network", "Volume error of the surface", "steps of the surface"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    let depth = map(&folder, "max_depth.tif");
    assert!(depth.same_cells(&ground()) && depth.crs.as_deref() == Some(HERE));
    let (least, most) = depth.range().expect("depths are known");
    assert!(least >= 0.0 && most > 0.01 && most < 1.0, "{least} to {most}");
    let level = map(&folder, "max_level.tif");
    for ((place, depth), ground) in depth.values.indexed_iter().zip(&ground().values) {
        let level = level.values[place];
        assert!(
            if *depth > 0.0 { (level - ground - depth).abs() < 1e-4 } else { level.is_nan() },
            "{place:?}"
        );
    }
    for name in [
        "max_speed",
        "max_discharge",
        "hazard_people",
        "hazard_class",
        "arrival",
        "duration",
        "retreat",
        "bounded",
        "final_depth",
    ] {
        assert!(map(&folder, &format!("{name}.tif")).same_cells(&ground()), "{name}");
    }
    let series = fs::read_to_string(folder.join("maps/street_manholes.csv")).expect("it is written");
    assert!(series.starts_with("time (flow up in m3/s),J1,J2,J3\n2026-07-21 00:00:00,0,0,0\n"), "{series}");
    // SWMM loses the last second of a run, and with it the twelfth report
    assert_eq!(series.lines().count(), 13, "head, start and eleven reports");
    let exchange = fs::read_to_string(folder.join("maps/exchange.geojson")).expect("it is written");
    assert!(exchange.contains("\"node\":\"J2\"") && exchange.contains("EPSG::4549"), "{exchange}");
    assert!(fs::read(&stack).expect("it is written").starts_with(b"CDF\x02"));
    assert!(folder.join("town.rpt").exists() && folder.join("town.out").exists());
    let left = fs::read_dir(folder.join("maps")).expect("it is there").filter_map(Result::ok);
    let unfinished = left.filter(|file| file.file_name().to_string_lossy().ends_with(".part")).count();
    assert_eq!(unfinished, 0);
}

#[test]
fn all_rain_that_falls_on_the_grid_is_accounted_for() {
    let folder = folder("grid");
    let done = run_on(&folder, &ground(), &["--crs", HERE, "--rain-on", "grid", "--roughness", "0.02"]);
    assert_eq!(code(&done), 0, "{}", err(&done));
    // 100 mm/h for 20 min on 1 ha
    let said = out(&done);
    assert!(
        said.contains("Rain on the grid: 333.3 m³") && said.contains("Rain depth times area: 333.3 m³"),
        "{said}"
    );
    assert!(said.contains("differs by 0.0000 %"), "{said}");
    let zh =
        run_on(&folder, &ground(), &["--crs", HERE, "--rain-on", "grid", "--law", "shock", "--lang", "zh"]);
    assert_eq!(code(&zh), 0, "{}", err(&zh));
    assert!(out(&zh).contains("网格降雨: 333.3 m³"), "{}", out(&zh));
}

#[test]
fn the_same_run_gives_the_same_bytes_on_any_number_of_threads() {
    let mut all = Vec::new();
    for threads in ["1", "2", "3"] {
        let folder = folder(&format!("threads{threads}"));
        let done = run_on(&folder, &ground(), &["--crs", HERE, "--threads", threads, "--quiet"]);
        assert_eq!((code(&done), out(&done).as_str(), err(&done).as_str()), (0, "", ""));
        let mut names: Vec<PathBuf> = fs::read_dir(folder.join("maps"))
            .expect("it is there")
            .map(|file| file.expect("it can be listed").path())
            .collect();
        names.sort();
        all.push(names.iter().map(|name| fs::read(name).expect("it can be read")).collect::<Vec<_>>());
    }
    assert!(all[0].len() > 10 && all[0] == all[1] && all[0] == all[2]);
}

#[test]
fn a_file_with_a_surface_table_says_more_and_arguments_go_before_it() {
    let folder = folder("table");
    geotiff::write(&folder.join("ground.tif"), &ground()).expect("the terrain can be written");
    let table = "[surface]\nterrain = \"ground.tif\"\nroughness = 0.02\nmaps = { ascii = true }\n\
                 [[surface.boundary]]\nedge = \"east\"\n[[surface.gauge]]\nname = \"low\"\nat = [500095.0, 4500055.0]\n\
                 [[surface.line]]\nname = \"middle\"\nfrom = [500050.0, 4500000.0]\nto = [500050.0, 4500100.0]\n";
    fs::write(folder.join("surface.toml"), table).expect("it can be written");
    let (model, file, maps) = (folder.join("town.inp"), folder.join("surface.toml"), folder.join("maps"));
    let base = ["run", text(&model), "--surface", text(&file), "--crs", HERE, "--maps", text(&maps)];
    let done = pailao(&base);
    assert_eq!(code(&done), 0, "{}", err(&done));
    assert!(out(&done).contains("Out through open edges"), "{}", out(&done));
    let gauges = fs::read_to_string(maps.join("street_gauges.csv")).expect("it is written");
    assert!(gauges.starts_with("time,low depth (m),low level (m),low speed (m/s)\n"), "{gauges}");
    assert!(fs::read_to_string(maps.join("street_lines.csv")).expect("it is written").contains(",middle\n"));
    assert!(maps.join("max_depth.asc").exists());
    let coarse = pailao(&[&base[..], &["--cell", "20"]].concat());
    assert_eq!(code(&coarse), 0, "{}", err(&coarse));
    assert_eq!(map(&folder, "max_depth.tif").cell, 20.0);
    fs::write(&file, table.replace("roughness", "rougness")).expect("it can be written");
    let wrong = pailao(&base);
    assert_eq!(code(&wrong), 3);
    assert!(
        err(&wrong).contains("did you mean `roughness`?") && err(&wrong).contains("surface.toml:3:1"),
        "{}",
        err(&wrong)
    );
}

#[test]
fn arguments_of_the_surface_need_a_terrain() {
    let wrong = pailao(&["run", TOWN, "--roughness", "0.02"]);
    assert_eq!(code(&wrong), 2);
    assert!(err(&wrong).contains("--roughness needs --terrain DEM"), "{}", err(&wrong));
    let missing = pailao(&["run", TOWN, "--terrain", "nowhere.tif"]);
    assert_eq!(code(&missing), 5, "{}", err(&missing));
    assert!(err(&missing).contains("nowhere.tif cannot be read"));
}

#[test]
fn maps_that_cannot_be_written_end_with_5() {
    let folder = folder("unwritable");
    fs::write(folder.join("maps"), "a file").expect("it can be written");
    let failed = run_on(&folder, &ground(), &["--crs", HERE]);
    assert_eq!(code(&failed), 5, "{}", err(&failed));
    assert!(err(&failed).contains("results cannot be written"), "{}", err(&failed));
}

#[test]
fn the_check_of_a_scenario_reads_its_ground() {
    let folder = folder("scenario");
    let mut bump = ground();
    bump.values[(4, 0)] += 1.5;
    geotiff::write(&folder.join("dem.tif"), &bump).expect("the terrain can be written");
    let scenario = |surface: &str| {
        let storm = "serves = [\"waterlogging\"]\ndepth = \"50 mm\"\n\
                     pattern = { kind = \"block\", duration = \"1 h\", step = \"5 min\" }\n";
        let written = format!(
            "[study]\nnetwork = \"town.inp\"\ncrs = \"{HERE}\"\n[storms.s]\n{storm}[surface]\nterrain = \"dem.tif\"\n{surface}"
        );
        let file = folder.join("study.toml");
        fs::write(&file, written).expect("it can be written");
        pailao(&["check", text(&file)])
    };
    let told = scenario("");
    assert_eq!(code(&told), 0, "{}", err(&told));
    assert!(err(&told).contains("more than 0.5 m above the rim at 1 nodes: J1"), "{}", err(&told));
    let wrong = scenario("[[surface.inflow]]\nname = \"far\"\nat = [0.0, 0.0]\nflow = \"1 m3/s\"\n");
    assert_eq!(code(&wrong), 3, "{}", err(&wrong));
    assert!(err(&wrong).contains("the inflow `far` lies on no cell of the surface"), "{}", err(&wrong));
}

#[test]
fn a_terrain_that_names_no_system_is_told_and_used() {
    let folder = folder("unnamed");
    let bare = Raster { crs: None, ..ground() };
    let told = run_on(&folder, &bare, &["--crs", HERE]);
    assert_eq!(code(&told), 0, "{}", err(&told));
    assert!(
        err(&told)
            .contains("the terrain names no reference system: taken to be that of the network, EPSG:4549")
    );
    assert_eq!(map(&folder, "max_depth.tif").crs.as_deref(), Some(HERE), "maps name what was taken");
    let told = run_on(&folder, &bare, &[]);
    assert_eq!(code(&told), 0, "{}", err(&told));
    assert!(err(&told).contains("neither network nor terrain name a reference system"));
}

#[test]
fn terrain_in_another_system_is_refused_or_the_network_brought_to_it() {
    let folder = folder("system");
    let refused = run_on(&folder, &ground(), &["--crs", "EPSG:4550"]);
    assert_eq!(code(&refused), 3);
    assert!(err(&refused).contains("no node lies on the terrain"), "{}", err(&refused));
    let unknown = run_on(&folder, &ground(), &["--crs", "EPSG:2437"]);
    assert_eq!(code(&unknown), 3);
    assert!(err(&unknown).contains("`EPSG:2437` is not known here"), "{}", err(&unknown));
    assert!(!folder.join("maps").exists(), "nothing is written");
    // the same place in UTM: the ground is a few hundred metres wide there so that all nodes lie on it
    let into = pailao::model::crs::Reprojection::between(HERE, "EPSG:32651").expect("both are known");
    let (x, y) = into.point(500_050.0, 4_500_050.0).expect("it has a place");
    let values = Array2::from_elem((30, 30), 20.0);
    let utm =
        Raster { west: x - 150.0, north: y + 150.0, cell: 10.0, crs: Some("EPSG:32651".into()), values };
    let brought = run_on(&folder, &utm, &["--crs", HERE]);
    assert_eq!(code(&brought), 0, "{}", err(&brought));
    assert!(out(&brought).contains("manholes"), "{}", out(&brought));
}

#[test]
fn holes_nodes_outside_and_nodes_without_ground_are_told() {
    let folder = folder("holes");
    let mut holed = ground();
    holed.values[(2, 2)] = f32::NAN;
    let told = run_on(&folder, &holed, &["--crs", HERE]);
    assert_eq!(code(&told), 0, "{}", err(&told));
    assert!(err(&told).contains("the terrain has 1 holes of 100 m²"), "{}", err(&told));
    assert!(map(&folder, "max_depth.tif").values[(2, 2)].is_nan());
    holed.values[(4, 3)] = f32::NAN;
    let refused = run_on(&folder, &holed, &["--crs", HERE]);
    assert_eq!(code(&refused), 3);
    assert!(err(&refused).contains("1 nodes lie where the terrain holds no data: J2"), "{}", err(&refused));
    let narrow = Raster { values: ground().values.slice(ndarray::s![.., ..6]).to_owned(), ..ground() };
    let told = run_on(&folder, &narrow, &["--crs", HERE]);
    assert_eq!(code(&told), 0, "{}", err(&told));
    assert!(err(&told).contains("1 of 4 nodes lie outside the terrain: J3"), "{}", err(&told));
}

#[test]
fn ground_metres_off_the_rims_is_refused_and_decimetres_are_told() {
    let folder = folder("rims");
    let mut high = ground();
    high.values += 5.0;
    let refused = run_on(&folder, &high, &["--crs", HERE]);
    assert_eq!(code(&refused), 3);
    assert!(
        err(&refused).contains("m above the rims of nodes in the median") && err(&refused).contains("datums")
    );
    let mut bump = ground();
    bump.values[(4, 0)] += 1.5;
    let told = run_on(&folder, &bump, &["--crs", HERE]);
    assert_eq!(code(&told), 0, "{}", err(&told));
    assert!(
        err(&told).contains("the ground is more than 0.5 m above the rim at 1 nodes: J1 +1.50 m"),
        "{}",
        err(&told)
    );
}

#[test]
fn files_that_are_corrupt_or_in_degrees_are_refused() {
    let folder = folder("corrupt");
    let bytes = geotiff::bytes(&ground()).expect("it can be packed");
    let dem = folder.join("cut.tif");
    fs::write(&dem, &bytes[..bytes.len() / 2]).expect("it can be written");
    let refused = run(&folder, &dem, &[]);
    assert_eq!(code(&refused), 3, "{}", err(&refused));
    assert!(err(&refused).contains("cut.tif"), "{}", err(&refused));
    fs::write(&dem, b"no map at all").expect("it can be written");
    assert_eq!(code(&run(&folder, &dem, &[])), 3);
    for at in (0..bytes.len()).step_by(7) {
        let mut broken = bytes.clone();
        broken[at] ^= 0x55;
        fs::write(&dem, &broken).expect("it can be written");
        // whatever is read of it, nothing panics: only the first bytes are tried with the whole program
        let _ = raster::read(&dem).expect("the file is there");
    }
    let degrees = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/input/raster/samples/wrong_degrees.tif");
    let refused = run(&folder, &degrees, &[]);
    assert_eq!(code(&refused), 3);
    assert!(
        err(&refused).contains("is in degrees") && err(&refused).contains("gdalwarp"),
        "{}",
        err(&refused)
    );
    assert!(!folder.join("maps").exists());
}

/// Ctrl-C as a user gives it.
#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_leaves_valid_files_and_ends_with_130() {
    let folder = folder("interrupted");
    let model = fs::read_to_string(folder.join("town.inp")).expect("it is there");
    let long = model
        .replace("END_DATE 07/21/2026", "END_DATE 07/21/2027")
        .replace("ROUTING_STEP 2", "ROUTING_STEP 0.5");
    fs::write(folder.join("town.inp"), long).expect("it can be written");
    geotiff::write(&folder.join("dem.tif"), &ground()).expect("the terrain can be written");
    let stack = folder.join("stack.nc");
    let child = std::process::Command::new(assert_cmd::cargo::cargo_bin("pailao"))
        .current_dir(&folder)
        .args([
            "run",
            "town.inp",
            "--terrain",
            "dem.tif",
            "--crs",
            HERE,
            "--stack",
            text(&stack),
            "--maps",
            "maps",
        ])
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let begun = std::time::Instant::now();
    while !folder.join("stack.nc.part").exists() && begun.elapsed().as_secs() < 60 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    std::thread::sleep(std::time::Duration::from_millis(500));
    let done = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(done.expect("kill starts").success());
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(code(&ended), 130, "{}", err(&ended));
    assert!(err(&ended).contains("interrupted at 2026-"), "{}", err(&ended));
    let maps = folder.join("maps");
    assert!(fs::read_to_string(maps.join("INCOMPLETE.txt")).expect("it is marked").contains("interrupted"));
    assert!(map(&folder, "max_depth.tif").same_cells(&ground()));
    assert!(fs::read(&stack).expect("it is whole").len() > 2 * 800);
    assert!(fs::read_to_string(maps.join("street.csv")).expect("it is whole").lines().count() > 1);
}
