//! Pipe catalogues: `seeds/catalogues.toml`, or a file of the user in its form.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::io;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::scenario::source::Source;
use crate::diagnostic::Diagnostic;
use crate::scenario::catalogue::{Catalogue, Catalogues};

/// The catalogues that come with the program.
const EMBEDDED: &str = include_str!("../../seeds/catalogues.toml");

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    catalogue: Vec<Spanned<Entry>>,
}

/// A catalogue as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    #[serde(default)]
    title: String,
    source: String,
    #[serde(default)]
    verified: bool,
    roughness: f64,
    diameters_mm: Vec<f64>,
}

/// The catalogues that come with the program.
///
/// # Errors
/// None: a test reads them.
pub fn embedded() -> Result<Catalogues, Vec<Diagnostic>> {
    parse(EMBEDDED, Path::new("seeds/catalogues.toml"))
}

/// Reads a file. The inner error lists the problems of its content.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> io::Result<Result<Catalogues, Vec<Diagnostic>>> {
    Ok(parse(&std::fs::read_to_string(path)?, path))
}

/// The catalogues of the program, and those that measures name as files (a name that ends in `.toml`,
/// relative to `folder`). A file holds one catalogue, which is then known by the name of the file.
///
/// # Errors
/// All files that cannot be read or have problems.
pub fn gather<'a>(
    names: impl IntoIterator<Item = &'a str>,
    folder: &Path,
) -> Result<Catalogues, Vec<Diagnostic>> {
    let mut all = embedded()?;
    let mut found = Vec::new();
    for name in names {
        if !name.to_ascii_lowercase().ends_with(".toml") || all.find(Some(name)).is_some() {
            continue;
        }
        let path = folder.join(name);
        match read(&path) {
            Ok(Ok(Catalogues(mut own))) => match (own.pop(), own.is_empty()) {
                (Some(only), true) => all.0.push(Catalogue { name: name.to_owned(), ..only }),
                _ => {
                    let message = format!("{} does not hold one catalogue", path.display());
                    found.push(Diagnostic::error(0, message).help("give each catalogue a file of its own"));
                }
            },
            Ok(Err(problems)) => found.extend(problems),
            Err(error) => {
                let message = format!("the pipe catalogue {} cannot be read: {error}", path.display());
                found.push(Diagnostic::error(0, message).help("name a file, or a catalogue that is known"));
            }
        }
    }
    if found.is_empty() { Ok(all) } else { Err(found) }
}

/// Reads catalogues from text; `file` names it in messages.
///
/// # Errors
/// When the text is no TOML or lacks something; all problems of entries are given.
pub fn parse(text: &str, file: &Path) -> Result<Catalogues, Vec<Diagnostic>> {
    let source = Source { text: text.strip_prefix('\u{feff}').unwrap_or(text), file };
    let entries: File = toml::from_str(source.text).map_err(|error| {
        let problem = Diagnostic::error(0, error.message());
        vec![match error.span() {
            Some(span) => problem.at(source.place(span)),
            None => problem,
        }]
    })?;
    let (mut all, mut found): (Vec<Catalogue>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    for entry in entries.catalogue {
        let span = entry.span();
        let entry = entry.into_inner();
        let known = all.iter().any(|catalogue| catalogue.name == entry.name);
        match problem_of(&entry, known) {
            Some((message, help)) => {
                let message = format!("catalogue {}: {message}", entry.name);
                found.push(Diagnostic::error(0, message).help(help).at(source.place(span)));
            }
            None => all.push(Catalogue {
                name: entry.name,
                title: entry.title,
                source: entry.source,
                verified: entry.verified,
                roughness: entry.roughness,
                diameters: entry.diameters_mm.iter().map(|size| size / 1000.0).collect(),
            }),
        }
    }
    if found.is_empty() { Ok(Catalogues(all)) } else { Err(found) }
}

/// What is wrong with an entry, and what would be right.
fn problem_of(entry: &Entry, known: bool) -> Option<(&'static str, &'static str)> {
    let sizes = &entry.diameters_mm;
    let increase = sizes.iter().zip(sizes.iter().skip(1)).all(|(a, b)| a < b);
    if known {
        Some(("there is another of this name", "give each a name of its own"))
    } else if entry.name.trim().is_empty() {
        Some(("it has no name", "give it one"))
    } else if !(0.005..=0.05).contains(&entry.roughness) {
        Some(("its roughness is none of a pipe", "Manning's n of pipes is 0.009 to 0.015 or so"))
    } else if sizes.is_empty() {
        Some(("it has no sizes", "diameters_mm = [300, 400, 500]"))
    } else if !increase || sizes.iter().any(|size| !size.is_finite() || *size <= 0.0) {
        Some(("its sizes do not increase", "give inner diameters in mm, the smallest first"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Catalogues, Vec<Diagnostic>> {
        parse(text, Path::new("pipes.toml"))
    }

    #[test]
    fn concrete_pipes_go_from_300_to_2600_mm() {
        let all = embedded().unwrap();
        let concrete = all.find(Some("RC-pipe")).unwrap();
        assert_eq!(all.find(None), Some(concrete));
        assert_eq!((concrete.diameters.first(), concrete.diameters.last()), (Some(&0.3), Some(&2.6)));
        assert_eq!((concrete.roughness, concrete.verified), (0.013, false));
        let plastic = all.find(Some("HDPE-pipe")).unwrap();
        assert_eq!((plastic.roughness, plastic.at_least(0.21)), (0.010, Some(0.225)));
        assert_eq!(concrete.at_least(1.21), Some(1.35));
        assert!(all.0.iter().all(|catalogue| !catalogue.source.is_empty()));
    }

    #[test]
    fn every_wrong_entry_is_told_at_its_place() {
        let entry = |name: &str, n: f64, sizes: &str| {
            format!(
                "[[catalogue]]\nname = \"{name}\"\nsource = \"x\"\nroughness = {n}\ndiameters_mm = {sizes}\n"
            )
        };
        let text = entry("a", 0.013, "[300]")
            + &entry("a", 0.013, "[300]")
            + &entry("b", 13.0, "[300]")
            + &entry("c", 0.013, "[]")
            + &entry("d", 0.013, "[400, 300]");
        let found = read_text(&text).unwrap_err();
        let lines: Vec<usize> = found.iter().map(|problem| problem.place.as_ref().unwrap().line).collect();
        assert_eq!(lines, [6, 11, 16, 21]);
        assert!(found[3].message.contains("do not increase"));
        let unknown = read_text("[[catalogue]]\nname = \"a\"\nsize = 3\n").unwrap_err();
        assert!(
            unknown[0].message.contains("size") && unknown[0].place.as_ref().unwrap().line == 3,
            "{}",
            unknown[0]
        );
    }

    #[test]
    fn a_file_is_a_catalogue_under_its_own_name() {
        let folder = std::env::temp_dir().join(format!("pailao-catalogue-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let text =
            "[[catalogue]]\nname = \"own\"\nsource = \"us\"\nroughness = 0.012\ndiameters_mm = [450]\n";
        std::fs::write(folder.join("own.toml"), text).unwrap();
        let all = gather(["RC-pipe", "own.toml", "own.toml"], &folder).unwrap();
        assert_eq!(all.find(Some("own.toml")).unwrap().diameters, [0.45]);
        let missing = gather(["none.toml"], &folder).unwrap_err();
        assert!(missing[0].message.contains("none.toml"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
