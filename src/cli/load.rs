//! A model as every command takes it: read, completed with its rain files, checked.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Severity};
use crate::input::{inp, rain_file};
use crate::model::Model;
use crate::model::check::check;
use crate::study::companions;

use super::arguments::TextEncoding;
use super::console::fail;
use super::exit::Exit;

/// A checked model and all that was found on the way.
pub struct Loaded {
    /// The model; it can run if [`Loaded::verdict`] says so.
    pub model: Model,
    /// All problems.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that the text names and that were read with it.
    pub companions: Vec<PathBuf>,
}

/// Reads and checks a model.
///
/// # Errors
/// When the file cannot be read; this has been said then.
pub fn load(path: &Path, encoding: Option<TextEncoding>) -> Result<Loaded, Exit> {
    let reading = inp::read(path, encoding.map(TextEncoding::name)).map_err(|error| {
        fail(format!("{} cannot be read: {error}", path.display()));
        Exit::File
    })?;
    let companions = companions(&reading.document, path).into_iter().map(|file| file.path).collect();
    let mut loaded = Loaded { model: reading.model, diagnostics: reading.diagnostics, companions };
    // a model that was not read whole would only give errors that follow from the first ones
    if loaded.verdict() != Exit::Input {
        let folder = path.parent().unwrap_or(Path::new(""));
        loaded.diagnostics.extend(rain_file::load_rain_files(&mut loaded.model, folder));
        loaded.diagnostics.extend(check(&mut loaded.model));
    }
    Ok(loaded)
}

impl Loaded {
    /// Whether the model can run: [`Exit::Done`], or how the program ends instead.
    pub fn verdict(&self) -> Exit {
        match self.diagnostics.iter().map(|diagnostic| diagnostic.severity).max() {
            Some(Severity::Error) => Exit::Input,
            Some(Severity::Unsupported) => Exit::Unsupported,
            Some(Severity::Warning) | None => Exit::Done,
        }
    }
}
