//! A folder of digests, each in a file named by its key.
//!
//! A file has two lines: a head with the key and the checksum of the second line, and the digest. It is written
//! under another name and renamed, so that it is whole or not there; a file that does not agree with its head,
//! or with its name, is passed over as if it were not there.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::key::{FORMAT, checksum};
use super::street_maps;
use crate::inundation::StreetMaps;
use crate::inundation::maps::MapKind;
use crate::model::raster::Raster;

/// A folder of digests.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// The first line of a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    pailao_digest: u32,
    key: String,
    sha256: String,
}

impl Store {
    /// A store in a folder, which is made where it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }
    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
    /// The digest of a key; `None` when there is none, or none that is whole.
    pub fn read(&self, key: &str) -> Option<Digest> {
        let text = fs::read(self.digest_path(key)).ok()?;
        serde_json::from_slice(body(&text, key)?).ok()
    }
    /// Keeps a digest.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, key: &str, digest: &Digest) -> io::Result<()> {
        let body = serde_json::to_vec(digest)?;
        let head = Head { pailao_digest: FORMAT, key: key.to_owned(), sha256: checksum(&body) };
        let mut text = serde_json::to_vec(&head)?;
        text.push(b'\n');
        text.extend_from_slice(&body);
        text.push(b'\n');
        self.put(&self.digest_path(key), &text)
    }
    /// Where the binary results of a key are, once they are whole.
    pub(super) fn out_path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.out"))
    }
    /// Where the checkpoint of a key is while its run goes on, and after it was stopped.
    pub(super) fn checkpoint_path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.checkpoint"))
    }
    /// The folder of the maps of a key, if the run had a surface: GeoTIFF, named as [`MapKind::word`] says.
    pub fn maps_path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.maps"))
    }
    /// The maps of a key; `None` where it has none, or not all are whole.
    pub fn maps(&self, key: &str) -> Option<StreetMaps> {
        street_maps::load(&self.maps_path(key))
    }
    /// One of the maps of a key; `None` where it was not kept or cannot be read.
    pub fn map(&self, key: &str, kind: MapKind) -> Option<Raster> {
        street_maps::load_one(&self.maps_path(key), kind)
    }
    /// The times (s since the start of the run) of which a key has the depth, in order.
    pub fn map_times(&self, key: &str) -> Vec<f64> {
        street_maps::times(&self.maps_path(key))
    }
    /// The depth of a key at one of its times; `None` where it was not kept or cannot be read.
    pub fn map_at(&self, key: &str, seconds: f64) -> Option<Raster> {
        street_maps::load_at(&self.maps_path(key), seconds)
    }
    /// Whether all maps of a key are there.
    pub(super) fn has_maps(&self, key: &str) -> bool {
        street_maps::are_there(&self.maps_path(key))
    }
    /// Keeps the maps of a key, before its digest: where that is, they are whole.
    pub(super) fn write_maps(&self, key: &str, maps: &StreetMaps) -> io::Result<()> {
        let scratch = self.scratch_path(key, "maps.part");
        let fill = || {
            street_maps::save(maps, &scratch)?;
            self.put_maps(key, &scratch)
        };
        fill().inspect_err(|_| drop(fs::remove_dir_all(&scratch)))
    }
    /// Gives a folder of maps its name, in place of what is there.
    fn put_maps(&self, key: &str, scratch: &Path) -> io::Result<()> {
        let place = self.maps_path(key);
        match fs::remove_dir_all(&place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::rename(scratch, place)
    }
    /// A name for a file of a key while it is written; no other process takes it.
    pub(super) fn scratch_path(&self, key: &str, ending: &str) -> PathBuf {
        self.folder.join(format!("{key}.{}.{ending}", std::process::id()))
    }
    fn digest_path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.json"))
    }
    /// Writes a file under another name, which no other process takes, and renames it.
    fn put(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let scratch = self.scratch_path(stem, "part");
        let fill = || {
            let mut file = fs::File::create(&scratch)?;
            file.write_all(bytes)?;
            drop(file);
            fs::rename(&scratch, path)
        };
        fill().inspect_err(|_| drop(fs::remove_file(&scratch)))
    }
}

/// The digest in a file's text, if the text agrees with its head and the head with the key.
fn body<'a>(text: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let end = text.iter().position(|&byte| byte == b'\n')?;
    let head: Head = serde_json::from_slice(text.get(..end)?).ok()?;
    let body = text.get(end + 1..)?.strip_suffix(b"\n")?;
    let whole = head.pailao_digest == FORMAT && head.key == key && head.sha256 == checksum(body);
    whole.then_some(body)
}

/// What a merge of stores did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Digests that were copied.
    pub copied: usize,
    /// Digests that were there already, the same to the byte.
    pub present: usize,
    /// Digests that were there already with other numbers, as another machine may compute them; the first
    /// stays.
    pub different: Vec<PathBuf>,
    /// Files that are no whole digests; they are left where they are.
    pub ignored: Vec<PathBuf>,
}

/// Copies the digests of stores into one, with the binary results and maps that are kept beside them.
///
/// # Errors
/// When a store cannot be read or the other one not be written.
pub fn merge(stores: &[PathBuf], into: &Path) -> io::Result<Merged> {
    let target = Store::open(into)?;
    let mut merged = Merged::default();
    for store in stores {
        let mut paths = fs::read_dir(store)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()?;
        paths.sort();
        for path in paths.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "json")) {
            let key = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
            let text = fs::read(&path)?;
            if body(&text, &key).is_none() {
                merged.ignored.push(path);
                continue;
            }
            let place = target.digest_path(&key);
            match fs::read(&place).ok().filter(|there| body(there, &key).is_some()) {
                Some(there) if there == text => merged.present += 1,
                Some(_) => merged.different.push(path),
                None => {
                    let results = store.join(format!("{key}.out"));
                    if results.is_file() {
                        let scratch = target.scratch_path(&key, "out.part");
                        fs::copy(results, &scratch)?;
                        fs::rename(scratch, target.out_path(&key))?;
                    }
                    let maps = store.join(format!("{key}.maps"));
                    if street_maps::are_there(&maps) {
                        let scratch = target.scratch_path(&key, "maps.part");
                        street_maps::copy(&maps, &scratch)?;
                        target.put_maps(&key, &scratch)?;
                    }
                    target.put(&place, &text)?;
                    merged.copied += 1;
                }
            }
        }
    }
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for a test.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("pailao-store-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    fn digest(rain_mm: f64) -> Digest {
        Digest { title: "雨".into(), rain_mm, start_ms: -5, ..Digest::default() }
    }

    #[test]
    fn a_digest_comes_back_to_the_last_bit() {
        let folder = folder("bits");
        let store = Store::open(&folder).unwrap();
        let values = [0.1 + 0.2, f64::MIN_POSITIVE / 3.0, 1.0e300 / 7.0, -0.0, 123_456_789.123_456_79];
        for value in values {
            store.write("k", &digest(value)).unwrap();
            assert_eq!(store.read("k").unwrap().rain_mm.to_bits(), value.to_bits());
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn damaged_foreign_and_renamed_files_are_passed_over() {
        let folder = folder("damage");
        let store = Store::open(&folder).unwrap();
        store.write("k", &digest(1.5)).unwrap();
        let path = store.digest_path("k");
        let whole = fs::read(&path).unwrap();
        for cut in 0..whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            assert_eq!(store.read("k"), None, "cut at {cut}");
        }
        let text = String::from_utf8(whole.clone()).unwrap();
        fs::write(&path, text.replace("1.5", "2.5")).unwrap();
        assert_eq!(store.read("k"), None, "another number");
        fs::write(&path, "{}\n{}\n").unwrap();
        assert_eq!(store.read("k"), None, "foreign");
        fs::write(store.digest_path("other"), &whole).unwrap();
        assert_eq!(store.read("other"), None, "renamed");
        fs::write(&path, &whole).unwrap();
        assert_eq!(store.read("k"), Some(digest(1.5)));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_merge_copies_what_is_whole_and_keeps_what_is_there() {
        let folder = folder("merge");
        let (a, b) = (Store::open(folder.join("a")).unwrap(), Store::open(folder.join("b")).unwrap());
        a.write("1", &digest(1.0)).unwrap();
        b.write("1", &digest(1.0)).unwrap();
        b.write("2", &digest(2.0)).unwrap();
        fs::write(b.out_path("2"), "results").unwrap();
        fs::write(b.digest_path("3"), "half").unwrap();
        let into = folder.join("all");
        let sources = [a.folder().to_owned(), b.folder().to_owned()];
        let merged = merge(&sources, &into).unwrap();
        assert_eq!((merged.copied, merged.present, merged.different.len()), (2, 1, 0));
        assert_eq!(merged.ignored, [b.digest_path("3")]);
        let all = Store::open(&into).unwrap();
        assert_eq!(all.read("2"), Some(digest(2.0)));
        assert_eq!(fs::read(all.out_path("2")).unwrap(), b"results");
        b.write("1", &digest(9.0)).unwrap();
        assert_eq!(merge(&sources, &into).unwrap().different, [b.digest_path("1")]);
        assert_eq!(all.read("1"), Some(digest(1.0)), "the first stays");
        fs::remove_dir_all(folder).unwrap();
    }
}
