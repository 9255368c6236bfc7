//! Checkpoints: the state of a run in a file, from which it goes on as if it had never been stopped.
//!
//! A checkpoint is taken between two steps and changes nothing in the run. It holds what the run changes and what its
//! sinks hold; all else is made again from the input, so it says of which input it is. This module alone knows the
//! file: a first line, the head (facts, times), the state, and the SHA-256 of all before it. It is written beside
//! its place, brought to the disk and renamed, so that there is always one whole checkpoint.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::clock::DateTime;
use crate::scenario::words::Words;

use super::Progress;

/// The first line of a file; its number is raised when what follows has another shape.
const FIRST_LINE: &[u8] = b"PAILAO CHECKPOINT 1\n";
/// Bytes of the hash at the end.
const HASH_BYTES: usize = 32;
/// Bytes that are written at once.
const BUFFER: usize = 1 << 20;

/// Something that a run depends on: its program, its model, a file that it reads, what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub what: Words,
    /// What stands for it: a hash, a version, `yes`.
    pub value: String,
}

/// The program: its version, and which build of it, since another one may keep another state.
#[must_use]
pub fn program() -> Fact {
    let build = std::env::current_exe().and_then(fs::read).map(|bytes| Fact::hash(&bytes));
    let value = format!("pailao {} {}", env!("CARGO_PKG_VERSION"), build.unwrap_or_default());
    Fact { what: Words::new("the program", "程序"), value }
}

impl Fact {
    /// The SHA-256 of some bytes, in hexadecimal digits.
    #[must_use]
    pub fn hash(bytes: &[u8]) -> String {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What stands before the state.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Head {
    facts: Vec<Fact>,
    /// Simulated time.
    time: DateTime,
    begun: SystemTime,
    spent: Duration,
}

/// Why a run cannot go on from a file.
#[derive(Debug)]
pub enum Refusal {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is no checkpoint, or one of another format.
    Foreign,
    /// It is not as it was written.
    Damaged,
    /// It belongs to another run: what differs, as it is now or, where it is no more, as it was.
    Other(Vec<Words>),
}

/// A checkpoint that a run can go on from.
#[derive(Clone, Debug)]
pub struct Found {
    head: Head,
    state: Vec<u8>,
}

impl Found {
    /// Reads a checkpoint and holds it against the facts of the run that is to go on; `None` if no file is there.
    ///
    /// # Errors
    /// Why the run cannot go on from it.
    pub fn read(path: &Path, facts: &[Fact]) -> Result<Option<Self>, Refusal> {
        let mut bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Refusal::Unreadable(error)),
        };
        if !bytes.starts_with(FIRST_LINE) {
            return Err(Refusal::Foreign);
        }
        let (whole, hash) = bytes.split_last_chunk::<HASH_BYTES>().ok_or(Refusal::Damaged)?;
        if Sha256::digest(whole)[..] != hash[..] {
            return Err(Refusal::Damaged);
        }
        let mut rest = whole.get(FIRST_LINE.len()..).ok_or(Refusal::Damaged)?;
        let head: Head = take(&mut rest).map_err(|_| Refusal::Damaged)?;
        let others = differences(&head.facts, facts);
        if !others.is_empty() {
            return Err(Refusal::Other(others));
        }
        let state = whole.len() - rest.len()..whole.len();
        bytes.truncate(state.end);
        bytes.drain(..state.start);
        Ok(Some(Self { head, state: bytes }))
    }

    /// The simulated time that the run had come to.
    #[must_use]
    pub fn time(&self) -> DateTime {
        self.head.time
    }
}

/// What is another in one list than in the other.
fn differences(then: &[Fact], now: &[Fact]) -> Vec<Words> {
    let value =
        |facts: &[Fact], what: &Words| facts.iter().find(|f| f.what == *what).map(|f| f.value.clone());
    let changed = now.iter().filter(|fact| value(then, &fact.what).as_ref() != Some(&fact.value));
    let gone = then.iter().filter(|fact| value(now, &fact.what).is_none());
    changed.chain(gone).map(|fact| fact.what.clone()).collect()
}

/// The checkpoints of one run: where they are kept, how often, and what it goes on from.
pub struct Checkpoints<'a> {
    path: PathBuf,
    facts: Vec<Fact>,
    every: Duration,
    state: Option<Vec<u8>>,
    begun: SystemTime,
    /// Time that was spent before this process took the run over.
    spent: Duration,
    here: Instant,
    last: Instant,
    kept: Option<DateTime>,
    tell: Box<dyn FnMut(&io::Error) + Send + 'a>,
}

impl<'a> Checkpoints<'a> {
    /// Checkpoints at a path, of a run with some facts, `every` so much time of the clock on the wall and when the run is
    /// stopped; `tell` hears why one could not be written, which does not stop the run.
    pub fn new(
        path: &Path,
        facts: Vec<Fact>,
        every: Duration,
        tell: impl FnMut(&io::Error) + Send + 'a,
    ) -> Self {
        let now = Instant::now();
        Self {
            path: path.to_path_buf(),
            facts,
            every,
            state: None,
            begun: SystemTime::now(),
            spent: Duration::ZERO,
            here: now,
            last: now,
            kept: None,
            tell: Box::new(tell),
        }
    }

    /// Of a run that goes on from a checkpoint.
    #[must_use]
    pub fn going_on(self, found: Found) -> Self {
        let Head { time, begun, spent, .. } = found.head;
        Self { state: Some(found.state), kept: Some(time), begun, spent, ..self }
    }

    /// When the run was begun, by the process that began it.
    #[must_use]
    pub fn begun(&self) -> SystemTime {
        self.begun
    }

    /// Time that the run has taken, in all processes that had a part in it.
    #[must_use]
    pub fn spent(&self) -> Duration {
        self.spent + self.here.elapsed()
    }

    /// The simulated time of the checkpoint that is there now, if one is.
    #[must_use]
    pub fn kept(&self) -> Option<DateTime> {
        self.kept
    }

    /// Whether it is time for one.
    pub(super) fn are_due(&self) -> bool {
        self.last.elapsed() >= self.every
    }

    /// What the run goes on from, once.
    pub(super) fn take_state(&mut self) -> Option<Vec<u8>> {
        self.state.take()
    }

    /// Keeps the state that `write` writes; says so where that fails, and leaves the checkpoint before.
    pub(super) fn keep(&mut self, progress: &Progress, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        match self.try_keep(progress, write) {
            Ok(()) => self.kept = Some(progress.now),
            Err(error) => (self.tell)(&error),
        }
        self.last = Instant::now();
    }

    fn try_keep(
        &self,
        progress: &Progress,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let temporary = unfinished(&self.path);
        let written = (|| {
            let file = Hashed { file: File::create(&temporary)?, hash: Sha256::new(), trouble: None };
            let mut out = BufWriter::with_capacity(BUFFER, file);
            let head = Head {
                facts: self.facts.clone(),
                time: progress.now,
                begun: self.begun,
                spent: self.spent(),
            };
            out.write_all(FIRST_LINE)?;
            let written = put(&head, &mut out).and_then(|()| write(&mut out)).and_then(|()| out.flush());
            // the format hides why a write failed
            if let Some(trouble) = out.get_mut().trouble.take() {
                return Err(trouble);
            }
            written?;
            let Hashed { mut file, hash, .. } = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.write_all(&hash.finalize())?;
            file.sync_all()?;
            fs::rename(&temporary, &self.path)
        })();
        written.inspect_err(|_| drop(fs::remove_file(&temporary)))?;
        sync_folder(&self.path)
    }
}

/// Removes a checkpoint, if there is one: the run has come to its end, or begins anew.
///
/// # Errors
/// When there is one and it cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    for file in [unfinished(path).as_path(), path] {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The name of a checkpoint while it is written; a kill may leave it behind.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// Brings the names in the folder of a file to the disk, where the system can.
fn sync_folder(file: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// A file that knows the hash of what was written to it.
struct Hashed {
    file: File,
    hash: Sha256,
    trouble: Option<io::Error>,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.file.write(bytes) {
            Ok(count) => {
                self.hash.update(bytes.get(..count).unwrap_or(bytes));
                Ok(count)
            }
            Err(error) => {
                self.trouble = Some(io::Error::new(error.kind(), error.to_string()));
                Err(error)
            }
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes a value so that [`take`] gives it back to the last bit.
///
/// # Errors
/// When it cannot be written.
pub fn put<T: Serialize + ?Sized>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    postcard::to_io(value, out).map(drop).map_err(io::Error::other)
}

/// The next value of some bytes, which then begin after it.
///
/// # Errors
/// When the bytes hold no such value.
pub fn take<T: DeserializeOwned>(from: &mut &[u8]) -> io::Result<T> {
    let (value, rest) = postcard::take_from_bytes(from).map_err(io::Error::other)?;
    *from = rest;
    Ok(value)
}

/// The only value of some bytes.
///
/// # Errors
/// When the bytes hold anything else.
pub fn only<T: DeserializeOwned>(mut from: &[u8]) -> io::Result<T> {
    let value = take(&mut from)?;
    if from.is_empty() { Ok(value) } else { Err(misfit()) }
}

/// A value as bytes, for [`only`].
///
/// # Errors
/// When it has no such form.
pub fn bytes<T: Serialize + ?Sized>(value: &T) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    put(value, &mut bytes)?;
    Ok(bytes)
}

/// That a sink is not made to go on.
pub(super) fn not_kept() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "these results cannot be gone on with")
}

/// That a state is not one of this run: the facts of a checkpoint did not tell it apart.
pub(super) fn misfit() -> io::Error {
    io::Error::other("its state does not fit the model")
}

#[cfg(test)]
mod tests;
