//! How far a file of results had come when a checkpoint was taken, so that a run adds to it from there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The most bytes before the mark that must be the same when the file is taken up.
const COMPARED: u64 = 1 << 16;

/// The length of a file, and a hash of its last part: enough to see that it is another file, or was cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    length: u64,
    /// The bytes that are compared.
    compared: u64,
    last: [u8; 32],
}

impl Mark {
    /// Marks a length of a file (bytes), which is brought to the disk first: a checkpoint must not outlive what it
    /// counts on. What comes later may change the first `head` bytes.
    ///
    /// # Errors
    /// When the file cannot be read or is shorter.
    pub fn set(path: &Path, head: u64, length: u64) -> io::Result<Self> {
        // some systems bring to the disk only what is open for writing
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        file.sync_data()?;
        let compared = length.saturating_sub(head).min(COMPARED);
        Ok(Self { length, compared, last: last(&mut file, length, compared)? })
    }

    /// Opens the file and cuts it at the mark, where the next bytes go.
    ///
    /// # Errors
    /// When it cannot be opened, or is not what was marked; nothing is changed then.
    pub fn take_up(&self, path: &Path) -> io::Result<File> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let mut file = OpenOptions::new().read(true).write(true).open(path).map_err(named)?;
        let same = last(&mut file, self.length, self.compared).is_ok_and(|last| last == self.last);
        if !same {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{} is not what it was when the checkpoint was taken", path.display()),
            ));
        }
        file.set_len(self.length)?;
        file.seek(SeekFrom::Start(self.length))?;
        Ok(file)
    }

    /// [`Mark::take_up`] of a file that has a temporary name while it grows: it gets that name back where it has its
    /// own, which it gets when a run is stopped.
    ///
    /// # Errors
    /// As [`Mark::take_up`]; and when it cannot be renamed.
    pub fn take_up_growing(&self, temporary: &Path, path: &Path) -> io::Result<File> {
        if !temporary.exists() {
            drop(self.take_up(path)?);
            fs::rename(path, temporary)?;
        }
        self.take_up(temporary)
    }
}

/// The hash of so many bytes before a length.
fn last(file: &mut File, length: u64, count: u64) -> io::Result<[u8; 32]> {
    file.seek(SeekFrom::Start(length - count))?;
    let mut bytes = vec![0; usize::try_from(count).unwrap_or_default()];
    file.read_exact(&mut bytes)?;
    Ok(Sha256::digest(&bytes).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_is_taken_up_where_it_was_marked_and_only_if_it_is_the_same() {
        let folder = std::env::temp_dir().join(format!("pailao-mark-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (temporary, path) = (folder.join("a.part"), folder.join("a"));
        fs::write(&temporary, b"first second").unwrap();
        let mark = Mark::set(&temporary, 0, 6).unwrap();
        let mut file = mark.take_up_growing(&temporary, &path).unwrap();
        file.write_all(b"third").unwrap();
        drop(file);
        assert_eq!(fs::read(&temporary).unwrap(), b"first third");
        // a run that was stopped has given it its name
        fs::rename(&temporary, &path).unwrap();
        drop(mark.take_up_growing(&temporary, &path).unwrap());
        assert_eq!((fs::read(&temporary).unwrap(), path.exists()), (b"first ".to_vec(), false));
        for other in [&b"worst third"[..], b"firs"] {
            fs::write(&path, other).unwrap();
            assert!(mark.take_up(&path).unwrap_err().to_string().contains("is not what it was"));
            assert_eq!(fs::read(&path).unwrap(), other, "what is refused stays as it is");
        }
        assert!(Mark::set(&path, 0, 100).is_err());
        let mark = Mark::set(&path, 3, 4).unwrap();
        fs::write(&path, b"mars and moon").unwrap();
        drop(mark.take_up(&path).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"mars");
        fs::remove_dir_all(folder).unwrap();
    }
}
