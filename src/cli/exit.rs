//! How the program ends, in numbers that scripts can rely on.

use std::process::ExitCode;

/// How a command ended; its number is the exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The run failed.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The input has errors.
    Input = 3,
    /// The input asks for physics that is not simulated yet.
    Unsupported = 4,
    /// A file could not be read or written.
    File = 5,
    /// The user, or the system, stopped the run.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
