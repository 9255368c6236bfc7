//! The places under `networks/`, as they are committed. (That a place is what its script writes is checked by `.ci/run`,
//! which may use Python.)

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use pailao::input::{inp, patches, raster};
use pailao::model::burn::{Burn, Cover, burn};
use pailao::model::check::check;
use pailao::model::raster::Raster;
use pailao::model::{Model, terrain};
use pailao::num::index::Id as _;

fn networks() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("networks")
}

/// A network and every problem of reading and checking it, as text.
fn read(path: &Path) -> (Model, Vec<String>) {
    let mut reading = inp::read(path, None).expect("the network is there");
    reading.diagnostics.extend(check(&mut reading.model));
    (reading.model, reading.diagnostics.iter().map(ToString::to_string).collect())
}

#[test]
fn every_network_is_read_without_a_warning() {
    let mut read_in_all = 0;
    for place in std::fs::read_dir(networks()).expect("there are networks") {
        let path = place.expect("a folder").path().join("network.inp");
        if !path.is_file() {
            continue;
        }
        let (_, problems) = read(&path);
        assert!(problems.is_empty(), "{}: {problems:#?}", path.display());
        read_in_all += 1;
    }
    assert!(read_in_all >= 3, "{read_in_all} networks");
}

/// Words between backquotes in a chapter of a README.
fn quoted(readme: &str, chapter: &str) -> Vec<String> {
    let from = readme.find(chapter).expect("the chapter is there") + chapter.len();
    let text = readme[from..].split("\n## ").next().expect("text");
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn riverside_has_the_elements_that_its_readme_names() {
    let (model, _) = read(&networks().join("riverside/network.inp"));
    let readme =
        std::fs::read_to_string(networks().join("riverside/README.md")).expect("the README is there");
    let document =
        std::fs::read_to_string(networks().join("riverside/network.inp")).expect("the network is there");
    let words: HashSet<&str> = document.split_whitespace().collect();
    let named = quoted(&readme, "## Ids for scenario files");
    assert!(named.len() > 80, "{} ids", named.len());
    let letters = ["J", "M", "A", "m"]; // the kinds of ids, explained there
    for id in named.iter().filter(|id| !letters.contains(&id.as_str())) {
        assert!(words.contains(id.as_str()), "the README names '{id}', the network does not");
    }
    assert!(model.links.len() >= 200, "{} links", model.links.len());
}

/// The nodes of a place of which ground and rim lie further apart than `tolerance` (m) or that stand off the map, but
/// for those within its water, which the network holds; and how many stand on the ground.
fn off_the_ground(place: &str, network: &str, tolerance: f64) -> (Vec<String>, usize) {
    let folder = networks().join(place);
    let (model, problems) = read(&folder.join(network));
    assert!(problems.is_empty(), "{place}: {problems:#?}");
    let terrain = raster::read(&folder.join("terrain.tif")).expect("the terrain is there").expect("a map");
    assert_eq!(terrain.crs.as_deref(), Some("EPSG:4550"), "{place}");
    let roughness = raster::read(&folder.join("roughness.tif")).expect("it is there").expect("a map");
    assert!(roughness.same_cells(&terrain) && roughness.unknown() == 0, "{place}");
    let mut found = Vec::new();
    let placed = terrain::place(&terrain, &model, Some("EPSG:4550"), &mut found).expect("a network on a map");
    assert!(found.is_empty(), "{place}: {found:?}");

    let meaning = patches::Meaning::Constant(1.0);
    let path = folder.join("water.geojson");
    let water = patches::read(&path, &meaning, Some("EPSG:4550")).expect("it is there").expect("polygons");
    let mut wet = Raster { values: ndarray::Array2::zeros(terrain.values.dim()), ..terrain.clone() };
    burn(&mut wet, &water, Cover::Middle, Burn::Replace);

    let (mut apart, mut dry) = (Vec::new(), 0);
    for (id, node) in model.nodes.iter() {
        let Some(cell) = placed.cells[id.index()] else {
            apart.push(format!("{}: off the map", model.nodes.name(id)));
            continue;
        };
        if node.is_outfall() || wet.values[cell] > 0.0 {
            continue;
        }
        dry += 1;
        let difference = f64::from(terrain.values[cell]) - (node.invert + node.full_depth);
        if difference.is_nan() || difference.abs() > tolerance {
            apart.push(format!("{}: {difference:+.3} m", model.nodes.name(id)));
        }
    }
    (apart, dry)
}

#[test]
fn the_ground_of_a_place_lies_at_the_rims_of_its_nodes() {
    for (place, network, tolerance, least) in
        [("riverside", "network.inp", 0.005, 180), ("underpass", "network_surface.inp", 0.025, 20)]
    {
        let (apart, dry) = off_the_ground(place, network, tolerance);
        assert!(apart.is_empty(), "{place}: {apart:#?}");
        assert!(dry >= least, "{place}: {dry} nodes on the ground");
    }
}
