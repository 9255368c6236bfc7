//! Maps as a user gets them: written for GDAL, QGIS and xarray, and read again. The files stay in
//! `target/tmp/maps`, where `.ci/maps.py` opens them with those programs.

use std::fs;
use std::path::{Path, PathBuf};

use ndarray::Array2;
use pailao::model::outline::outlines;
use pailao::model::raster::{Coarsen, Raster};
use pailao::plot::animation::Animation;
use pailao::plot::relief::scale::Classes;
use pailao::plot::relief::{Layer, Relief};
use pailao::plot::{Language, Sheet};
use pailao::results::raster::{esri_ascii, geotiff, netcdf, outlines as features};

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("maps");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

/// Hills and hollows in CGCS2000, with a hole.
fn terrain() -> Raster {
    let values = Array2::from_shape_fn((120, 200), |(row, column)| {
        let height = 30.0 + 2.0 * (row as f32 / 9.0).sin() * (column as f32 / 13.0).cos();
        if (row, column) == (5, 7) { f32::NAN } else { height }
    });
    Raster { west: 500e3, north: 4_500e3, cell: 2.0, crs: Some("EPSG:4549".into()), values }
}

/// Water up to a level; dry ground is 0, unknown ground unknown.
fn depth(level: f32) -> Raster {
    let terrain = terrain();
    let values =
        terrain.values.mapv(|ground| if ground.is_nan() { ground } else { (level - ground).max(0.0) });
    Raster { values, ..terrain }
}

fn same(a: &Raster, b: &Raster) -> bool {
    let mut values = a.values.iter().zip(&b.values);
    a.same_cells(b) && values.all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
}

#[test]
fn maps_that_are_written_are_read_again_as_they_were() {
    let (folder, map) = (folder(), depth(30.0));
    geotiff::write(&folder.join("depth.tif"), &map).unwrap();
    esri_ascii::write(&folder.join("depth.asc"), &map).unwrap();
    for name in ["depth.tif", "depth.asc"] {
        let back = pailao::input::raster::read(&folder.join(name)).unwrap().unwrap();
        assert!(same(&back, &map) && back.crs == map.crs, "{name}: {:?}", back.crs);
    }
    let coarse = map.coarsen(7, Coarsen::Mean);
    geotiff::write(&folder.join("coarse.tif"), &coarse).unwrap();
    assert!(same(&pailao::input::raster::read(&folder.join("coarse.tif")).unwrap().unwrap(), &coarse));
}

#[test]
fn outlines_of_water_are_read_again_as_the_same_cells() {
    let (folder, map) = (folder(), depth(30.0));
    let wet = map.values.mapv(|depth| depth > 0.5);
    let found = outlines(&wet);
    let properties = |cells: usize| serde_json::Map::from_iter([("cells".to_owned(), cells.into())]);
    let list: Vec<_> = found
        .iter()
        .map(|outline| (features::polygon(outline, &map), properties(outline.cells.len())))
        .collect();
    let path = folder.join("wet.geojson");
    features::write(&path, map.crs.as_deref(), &list).unwrap();
    let meaning = pailao::input::patches::Meaning::Constant(1.0);
    let patches = pailao::input::patches::read(&path, &meaning, map.crs.as_deref()).unwrap().unwrap();
    let mut again = Raster::filled_like(&map, 0.0);
    use pailao::model::burn::{Burn, Cover, burn};
    burn(&mut again, &patches, Cover::Middle, Burn::Add);
    assert!(found.len() > 5);
    assert!(again.values.iter().zip(&wet).all(|(&burnt, &wet)| burnt == f32::from(u8::from(wet))));
}

#[test]
fn a_stack_over_time_holds_its_times() {
    let path = folder().join("stack.nc");
    let variable = |name: &str, unit: &str| netcdf::Variable {
        name: name.into(),
        unit: unit.into(),
        long_name: format!("{name} of water on the ground"),
        standard_name: None,
    };
    let variables = [variable("depth", "m"), variable("speed", "m s-1")];
    let mut stack = netcdf::Stack::create(&path, &terrain(), "2021-07-20 16:00:00", &variables).unwrap();
    for step in 0..5_u8 {
        let (map, speed) =
            (depth(28.0 + 0.5 * f32::from(step)), Raster::filled_like(&terrain(), f32::from(step)));
        stack.add(60.0 * f64::from(step), &[map.values.view(), speed.values.view()]).unwrap();
    }
    stack.finish().unwrap();
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes[..8], *b"CDF\x02\0\0\0\x05");
}

#[test]
fn a_rising_water_is_a_picture_that_moves() {
    let sheet = Sheet { width: 800, height: 500, language: Language::Zh, ..Sheet::default() };
    let mut animation = Animation::new(800, 500);
    for step in 0..3_u8 {
        let layer = Layer {
            heading: "积水深度（m）".into(),
            values: depth(29.0 + f32::from(step)),
            classes: Classes::amounts(&[0.05, 0.15, 0.3, 0.5, 1.0, 2.0]),
        };
        let relief =
            Relief { layer: Some(layer), note: format!("{} min", 10 * step), ..Relief::new(terrain()) };
        let picture = relief.draw(&sheet).unwrap();
        animation.add(picture.pixels(), 500).unwrap();
        if step == 2 {
            picture.write(folder().join("depth.png")).unwrap();
        }
    }
    let bytes = animation.bytes().unwrap();
    let count = |kind: &[u8]| bytes.windows(4).filter(|window| *window == kind).count();
    assert_eq!([count(b"acTL"), count(b"fcTL")], [1, 3]);
    animation.write(&folder().join("rising.png")).unwrap();
}
