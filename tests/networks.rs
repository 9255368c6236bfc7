//! The places under `networks/`, as they are committed. (That a place is what its script writes is checked by `.ci/run`,
//! which may use Python.)

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use pailao::input::inp;
use pailao::model::Model;
use pailao::model::check::check;

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
