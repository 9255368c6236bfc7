//! A network: its text, and the model that was read from it.

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Severity};
use crate::input::inp::{self, document::Document};
use crate::input::rain_file;
use crate::model::Model;
use crate::model::check::check;

/// A text and its model.
#[derive(Clone, Debug)]
pub struct Network {
    /// The file that it came from; companion files are looked for in its folder.
    pub path: PathBuf,
    /// The text.
    pub document: Document,
    /// What the text says, in SI, as it was read: neither completed nor corrected.
    pub model: Model,
    /// Warnings of the reader.
    pub warnings: Vec<Diagnostic>,
}

impl Network {
    /// Reads a file. The inner error lists the problems of its content.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(path: &Path) -> io::Result<Result<Self, Vec<Diagnostic>>> {
        let reading = inp::read(path, None)?;
        Ok(Self::of(reading, path))
    }
    /// Reads a document, such as one that was edited. Companion files are looked for in the folder of `path`.
    ///
    /// # Errors
    /// The problems, when one of them is an error.
    pub fn read(document: Document, path: &Path) -> Result<Self, Vec<Diagnostic>> {
        Self::of(inp::read_document(document, path), path)
    }
    fn of(reading: inp::Reading, path: &Path) -> Result<Self, Vec<Diagnostic>> {
        let inp::Reading { document, model, diagnostics } = reading;
        if diagnostics.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(diagnostics);
        }
        Ok(Self { path: path.to_owned(), document, model, warnings: diagnostics })
    }
    /// The model as a run takes it: with its rain files, checked and corrected as EPA does, and the warnings.
    ///
    /// # Errors
    /// The problems, when the model cannot run: errors, or physics that is not simulated yet.
    pub fn runnable(&self) -> Result<(Model, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut model = self.model.clone();
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let mut found = self.warnings.clone();
        found.extend(rain_file::load_rain_files(&mut model, folder));
        found.extend(check(&mut model));
        if found.iter().any(|problem| problem.severity != Severity::Warning) {
            Err(found)
        } else {
            Ok((model, found))
        }
    }
}
