//! Files of runs that are kept besides their digests.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::input::inp::document::Document;
use crate::results::whole_file::write_whole;

use super::companion::companions;
use super::matrix::FileNames;

/// Folders for the networks and the binary results of runs.
#[derive(Debug, Default)]
pub struct Keep {
    inp: Option<PathBuf>,
    out: Option<PathBuf>,
    copies: Mutex<Copies>,
}

/// Companion files that lie in the folder of the networks.
#[derive(Debug, Default)]
struct Copies {
    names: FileNames,
    by_source: HashMap<PathBuf, String>,
}

impl Keep {
    /// Keeps networks in the one and binary results in the other folder, where they are given. The folders are
    /// made where they are missing.
    ///
    /// # Errors
    /// When a folder cannot be made.
    pub fn new(inp: Option<PathBuf>, out: Option<PathBuf>) -> io::Result<Self> {
        for folder in inp.iter().chain(&out) {
            fs::create_dir_all(folder)?;
        }
        Ok(Self { inp, out, copies: Mutex::default() })
    }
    /// Whether networks are kept.
    pub(super) fn keeps_inp(&self) -> bool {
        self.inp.is_some()
    }
    /// Whether binary results are kept.
    pub(super) fn keeps_out(&self) -> bool {
        self.out.is_some()
    }
    /// Writes a network that stood at `inp`, so that it runs where it lies: the files that it names are copied
    /// beside it.
    pub(super) fn write_inp(&self, name: &str, document: &Document, inp: &Path) -> io::Result<()> {
        let Some(folder) = &self.inp else { return Ok(()) };
        let mut document = document.clone();
        for file in companions(&document, inp) {
            // a file that is not there is an error of the run, if the run needs it
            if file.path.is_file() {
                let copy = self.copy(&file.path, folder)?;
                document.set_token(file.line, file.field, &copy);
            }
        }
        let bytes = document.to_bytes().map_err(io::Error::other)?;
        write_whole(&folder.join(format!("{name}.inp")), |out| out.write_all(&bytes))
    }
    fn copy(&self, source: &Path, folder: &Path) -> io::Result<String> {
        let mut copies = self.copies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = copies.by_source.get(source) {
            return Ok(name.clone());
        }
        let plain = source.file_name().and_then(|name| name.to_str()).unwrap_or("file");
        let name = copies.names.free(&[plain]);
        let bytes = fs::read(source)?;
        write_whole(&folder.join(&name), |out| out.write_all(&bytes))?;
        copies.by_source.insert(source.to_owned(), name.clone());
        Ok(name)
    }
    /// Gives the binary results of a run its name: a link to those in the store, or a copy.
    pub(super) fn write_out(&self, name: &str, results: &Path) -> io::Result<()> {
        let Some(folder) = &self.out else { return Ok(()) };
        let place = folder.join(format!("{name}.out"));
        match fs::remove_file(&place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::hard_link(results, &place).or_else(|_| fs::copy(results, &place).map(drop))
    }
}
