//! The `pailao` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    pailao::cli::main().into()
}
