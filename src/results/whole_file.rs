//! Files that are written at once, and what they may be called: they get their name when they are whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes a file under a temporary name beside it and renames it, so that it is never half; when
/// that fails nothing is left. What is there already and is no file, such as a device or a pipe, is
/// written to as it is: a rename would put a file in its place.
///
/// # Errors
/// When the file cannot be written, or when `write` fails.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let fill = |place: &Path| {
        let mut out = BufWriter::new(File::create(place)?);
        write(&mut out)?;
        out.into_inner().map(drop).map_err(io::IntoInnerError::into_error)
    };
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return fill(path);
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".part");
    fill(temporary.as_ref())
        .and_then(|()| fs::rename(&temporary, path))
        .inspect_err(|_| drop(fs::remove_file(&temporary)))
}

/// Longest name of a file that is made from names, bytes; systems allow 255 with ending and temporary parts.
const LONGEST: usize = 200;

/// A name as part of a file name: characters that some system forbids become `_`, and a very long name is cut.
pub fn safe_name(name: &str) -> String {
    let safe = |c: char| if c.is_control() || "<>:\"/\\|?* ".contains(c) { '_' } else { c };
    let name: String = name.chars().map(safe).collect();
    let name = if name.starts_with('.') { format!("_{name}") } else { name };
    if name.len() <= LONGEST {
        return name;
    }
    // cut, and told apart from others with the same beginning by a hash of the whole (FNV-1a, 32 bits)
    let hash =
        name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let end = (0..=LONGEST - 9).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
    format!("{}~{hash:08x}", name.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_fails_half_way_leaves_the_old_one() {
        let folder = std::env::temp_dir().join(format!("pailao-whole-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a.rpt");
        write_whole(&path, |out| out.write_all(b"old")).unwrap();
        let failed = write_whole(&path, |out| {
            out.write_all(b"new")?;
            Err(io::Error::other("no more"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "no more");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pipe_stays_a_pipe() {
        let folder = std::env::temp_dir().join(format!("pailao-pipe-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let pipe = folder.join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        write_whole(&pipe, |out| out.write_all(b"report")).unwrap();
        assert!(!fs::metadata(&pipe).unwrap().is_file());
        assert_eq!(reader.join().unwrap(), b"report");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn names_of_elements_stay_inside_their_folder() {
        assert_eq!(safe_name("../a b"), "_.._a_b");
        assert_eq!(safe_name("浑河排口1"), "浑河排口1");
        let long = ["a", "b"].map(|end| safe_name(&format!("{}{end}", "长".repeat(200))));
        assert!(long.iter().all(|name| name.len() <= LONGEST) && long[0] != long[1]);
    }
}
