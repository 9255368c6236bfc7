//! Files that a scenario names: where they lie, and whether they can be read.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::input::map_file::{self, MapFile, plain_crs};

use super::source::Node;

/// The files beside a scenario.
pub(super) struct Companions<'a> {
    /// The folder that their paths begin in.
    pub folder: &'a Path,
}

impl Companions<'_> {
    /// Where a file lies.
    pub fn path(&self, file: &Path) -> PathBuf {
        self.folder.join(file)
    }
    /// An error about a file that cannot be read.
    pub fn unreadable(&self, file: &Path, node: Node<'_>, error: &std::io::Error) -> Diagnostic {
        let path = self.path(file);
        let message = match error.kind() {
            std::io::ErrorKind::NotFound => format!("there is no file {}", path.display()),
            _ => format!("{} cannot be read: {error}", path.display()),
        };
        Diagnostic::error(0, message).help("paths begin in the folder of the scenario file").at(node.place())
    }
    /// The text of a file.
    pub fn text(&self, file: &Path, node: Node<'_>, found: &mut Vec<Diagnostic>) -> Option<String> {
        match std::fs::read(self.path(file)) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Some(text),
                Err(_) => {
                    let message = format!("{} is not in UTF-8", self.path(file).display());
                    found.push(Diagnostic::error(0, message).help("save it in UTF-8").at(node.place()));
                    None
                }
            },
            Err(error) => {
                found.push(self.unreadable(file, node, &error));
                None
            }
        }
    }
    /// A small table.
    pub fn table<T>(
        &self,
        file: &Path,
        node: Node<'_>,
        read: impl Fn(&str, &Path) -> Result<T, Box<Diagnostic>>,
        found: &mut Vec<Diagnostic>,
    ) -> Option<T> {
        let text = self.text(file, node, found)?;
        read(&text, &self.path(file)).map_err(|problem| found.push(*problem)).ok()
    }
    /// A map in the reference system of the study.
    pub fn map(
        &self,
        file: &Path,
        crs: Option<&str>,
        node: Node<'_>,
        found: &mut Vec<Diagnostic>,
    ) -> Option<MapFile> {
        let map = match map_file::read(&self.path(file)) {
            Ok(Ok(map)) => map,
            Ok(Err(problem)) => {
                // a map that is JSON knows no lines
                found.push(if problem.place.is_some() { *problem } else { problem.at(node.place()) });
                return None;
            }
            Err(error) => {
                found.push(self.unreadable(file, node, &error));
                return None;
            }
        };
        if let (Some(of_study), Some(of_map)) = (crs.map(plain_crs), &map.crs)
            && of_study != *of_map
        {
            let message = format!("{} is in {of_map}, the study in {of_study}", map.path.display());
            let help =
                "all maps and the network share one reference system: transform the map, or correct `crs`";
            found.push(Diagnostic::error(0, message).help(help).at(node.place()));
        }
        Some(map)
    }
    /// A TOML file whose content is read elsewhere.
    pub fn toml(&self, file: &Path, node: Node<'_>, found: &mut Vec<Diagnostic>) {
        let Some(text) = self.text(file, node, found) else { return };
        let path = self.path(file);
        let source = super::source::Source { text: text.trim_start_matches('\u{feff}'), file: &path };
        if let Err(problems) = source.parse() {
            found.extend(problems);
        }
    }
}
