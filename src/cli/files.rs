//! Files that commands write: where they lie, and that they do not fall on one another.

use std::io;
use std::path::{Path, PathBuf};

use crate::results::whole_file;

/// Makes the folder of a file where it is missing.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder_of(file: &Path) -> io::Result<()> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder),
        _ => Ok(()),
    }
}

/// Writes a file as a whole, see [`whole_file::write_whole`], in a folder that is made if need be.
///
/// # Errors
/// When it cannot be written.
pub fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    make_folder_of(file)?;
    whole_file::write_whole(file, |out| out.write_all(bytes))
}

/// The first two of some files that are the same one on disk.
pub fn clash<'a>(files: &[&'a Path]) -> Option<(&'a Path, &'a Path)> {
    let places: Vec<PathBuf> = files.iter().map(|file| place(file)).collect();
    for (i, first) in places.iter().enumerate() {
        if let Some(j) = places.iter().skip(i + 1).position(|other| other == first) {
            return Some((files.get(i)?, files.get(i + 1 + j)?));
        }
    }
    None
}

/// The first of some files that would be written over one that is read.
pub fn overwrites<'a>(written: &[&'a Path], read: &[PathBuf]) -> Option<&'a Path> {
    let read: Vec<PathBuf> = read.iter().map(|file| place(file)).collect();
    written.iter().copied().find(|file| read.contains(&place(file)))
}

/// Where a file lies, links followed; of a file that is not there yet, where its folder lies.
fn place(file: &Path) -> PathBuf {
    if let Ok(place) = file.canonicalize() {
        return place;
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (folder.canonicalize(), file.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => file.to_path_buf(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_one_file_clash() {
        let here = Path::new("Cargo.toml");
        let again = Path::new("./src/../Cargo.toml");
        assert_eq!(clash(&[Path::new("x.rpt"), here, again]), Some((here, again)));
        assert!(clash(&[Path::new("x.out"), Path::new("./x.out")]).is_some());
        assert_eq!(overwrites(&[Path::new("x.rpt"), again], &[here.to_path_buf()]), Some(again));
        assert_eq!(overwrites(&[Path::new("x.rpt")], &[here.to_path_buf()]), None);
        assert_eq!(clash(&[Path::new("x.rpt"), Path::new("x.out")]), None);
    }
}
