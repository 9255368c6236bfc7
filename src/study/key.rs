//! The key of a run: a hash of all that its digest depends on.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use sha2::{Digest as _, Sha256};

use crate::input::inp::document::{Document, EncodeError};

use super::companion::companions;
use super::digest::Wanted;

/// Raised when the meaning of digests changes, so that older ones are made again.
pub(super) const FORMAT: u32 = 1;

/// The same for the streets in digests and for their maps.
const STREET_FORMAT: u32 = 3;

/// Makes keys; remembers the hashes of companion files.
#[derive(Debug, Default)]
pub(super) struct Keys(Mutex<HashMap<PathBuf, Option<String>>>);

impl Keys {
    /// The key of a text: of its bytes, of the files that it names (a missing file counts as one of its own
    /// kind), of what is wanted of the run, and of the engine.
    ///
    /// # Errors
    /// When the encoding of the text lacks one of its characters.
    pub fn of(&self, document: &Document, inp: &Path, wanted: &Wanted) -> Result<String, EncodeError> {
        let bytes = document.to_bytes()?;
        let mut hash = Sha256::new();
        // each part is led by its length, so that no two lists of parts give the same bytes
        let mut add = |part: &[u8]| {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        };
        add(format!("pailao {} {FORMAT}", env!("CARGO_PKG_VERSION")).as_bytes());
        add(&bytes);
        for file in companions(document, inp) {
            add(self.of_file(&file.path).unwrap_or_default().as_bytes());
        }
        // numbers and texts always have a JSON form
        add(&serde_json::to_vec(wanted).unwrap_or_default());
        Ok(hex(&hash.finalize()))
    }
    /// The key of a run with a surface, from that of its network: of what is asked of the surface, and of the bytes of
    /// the files that it is made from.
    pub fn with_street(&self, key: &str, asked: &str, files: &[PathBuf]) -> String {
        let mut text = format!("{key} street {STREET_FORMAT} {asked}");
        for file in files {
            text.push_str(&format!("\n{}", self.of_file(file).unwrap_or_default()));
        }
        checksum(text.as_bytes())
    }
    fn of_file(&self, path: &Path) -> Option<String> {
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known
            .entry(path.to_owned())
            .or_insert_with(|| fs::read(path).ok().map(|bytes| checksum(&bytes)))
            .clone()
    }
}

/// The SHA-256 of some bytes, in hexadecimal digits.
pub(super) fn checksum(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_that_of_the_standard() {
        // FIPS 180-4, the text `abc`
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(checksum(b"abc"), abc);
    }

    #[test]
    fn a_key_follows_the_text_the_files_and_what_is_wanted() {
        let folder = std::env::temp_dir().join(format!("pailao-key-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let inp = folder.join("a.inp");
        let rain = folder.join("rain.txt");
        let key = |text: &str, wanted: &Wanted| {
            Keys::default().of(&Document::parse(text.as_bytes()), &inp, wanted).unwrap()
        };
        let text = "[TIMESERIES]\nT FILE rain.txt\n";
        let missing = key(text, &Wanted::default());
        fs::write(&rain, "0:00 1").unwrap();
        let first = key(text, &Wanted::default());
        assert_eq!(first, key(text, &Wanted::default()));
        fs::write(&rain, "0:00 2").unwrap();
        let second = key(text, &Wanted::default());
        let wanted = Wanted { hydrographs: vec!["J".into()], ..Wanted::default() };
        let others = [missing, second, key("[TIMESERIES]\n", &Wanted::default()), key(text, &wanted)];
        assert!(others.iter().all(|other| *other != first));
        fs::remove_dir_all(folder).unwrap();
    }
}
