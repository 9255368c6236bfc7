//! Scenario files: every wrong one is refused with the message beside it, and every authored one is read.
//!
//! `PAILAO_BLESS=1 cargo test --test scenarios` writes the messages anew; read them before they are committed.

use std::fs;
use std::path::{Path, PathBuf};

use pailao::input::scenario;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All that reading a file says, with paths from the folder of the file.
fn said(path: &Path) -> String {
    let folder = format!("{}/", path.parent().expect("files lie in a folder").display());
    let (found, end) = match scenario::read(path).expect("the file can be read") {
        Ok((_, warnings)) => (warnings, "this scenario is read\n"),
        Err(problems) => (problems, ""),
    };
    let text: String = found.iter().map(|problem| format!("{problem}\n\n")).collect();
    let text = (text + end).replace(&folder, "");
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

#[test]
fn every_wrong_file_is_refused_with_the_message_beside_it() {
    let folder = root().join("tests/scenarios/wrong");
    let entries = fs::read_dir(&folder).expect("the folder is readable");
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    assert!(files.len() >= 45, "only {} wrong files", files.len());
    let bless = std::env::var_os("PAILAO_BLESS").is_some();
    let mut differences = Vec::new();
    for file in files {
        let snapshot = file.with_extension("txt");
        let said = said(&file);
        assert!(!said.contains("this scenario is read"), "{} is not refused:\n{said}", file.display());
        if bless {
            fs::write(&snapshot, &said).expect("the snapshot can be written");
        } else if fs::read_to_string(&snapshot).unwrap_or_default().replace("\r\n", "\n") != said {
            differences.push(format!("{} says now:\n{said}", file.display()));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_message_has_a_place_or_names_a_file() {
    let folder = root().join("tests/scenarios/wrong");
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the folder is readable").path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        for problem in scenario::read(&path).expect("the file can be read").expect_err("it is wrong") {
            let names_file = ["is in UTF-16", "a scenario file has no"];
            let is_placed = problem.place.as_ref().is_some_and(|place| place.line > 0);
            assert!(
                is_placed || names_file.iter().any(|word| problem.message.contains(word)),
                "{}: {problem}",
                path.display()
            );
        }
    }
}

#[test]
fn the_schema_in_the_repository_is_current() {
    let file = root().join("scenarios/schema.json");
    if std::env::var_os("PAILAO_BLESS").is_some() {
        fs::write(&file, scenario::schema_text()).expect("the schema can be written");
    }
    let written = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == scenario::schema_text(), "write it anew: PAILAO_BLESS=1 cargo test --test scenarios");
}
