//! Files that a scenario names or leaves out.

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;

/// Reads a file that a scenario names, relative to its folder, if it names one.
///
/// # Errors
/// When the file cannot be read, and all that `read` finds wrong in it.
pub fn read<T>(
    file: &Option<PathBuf>,
    folder: &Path,
    read: impl Fn(&Path) -> io::Result<Result<T, Vec<Diagnostic>>>,
) -> Result<Option<T>, Vec<Diagnostic>> {
    let Some(file) = file else { return Ok(None) };
    let path = folder.join(file);
    let unreadable =
        |error: io::Error| vec![Diagnostic::error(0, format!("{} cannot be read: {error}", path.display()))];
    read(&path).map_err(unreadable)?.map(Some)
}
