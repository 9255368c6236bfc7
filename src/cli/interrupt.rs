//! Ctrl-C and the system's request to end: the run is asked to stop and closes its files.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::Exit;

/// Whether someone asked the run to stop.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on. The first request asks the run to stop; the second ends the process at
    /// once, and what was written so far stays readable then too.
    pub fn listen() -> Self {
        let asked = Self::default();
        let flag = asked.clone();
        // a second handler in one process is refused; the first one keeps listening then
        let _ = ctrlc::set_handler(move || {
            if flag.0.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(Exit::Interrupted as u8));
            }
        });
        asked
    }
    /// Whether the run should stop.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
    /// What is set when the run should stop, for those who look at it from several threads.
    pub fn flag(&self) -> &AtomicBool {
        &self.0
    }
}
