//! Shell completions and man pages, made from the arguments themselves.

use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use super::console::{fail, tell};
use super::exit::Exit;
use super::{Arguments, Lang};

/// Writes the completions of a shell to standard output.
pub fn completions(shell: Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "pailao", &mut script);
    match io::stdout().lock().write_all(&script) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            fail(format!("standard output cannot be written: {error}"));
            Exit::File
        }
        _ => Exit::Done,
    }
}

/// Writes a man page for the program and for each command into a folder.
pub fn man(folder: &Path, lang: Lang) -> Exit {
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Arguments::command().name("pailao"), folder));
    match written {
        Ok(()) => {
            tell(format!("{} {}", lang.of("man pages written to", "手册页已写入"), folder.display()));
            Exit::Done
        }
        Err(error) => {
            fail(format!("{} cannot be written: {error}", folder.display()));
            Exit::File
        }
    }
}
