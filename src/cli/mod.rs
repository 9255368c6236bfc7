//! The command line: arguments become calls on the modules above.

pub mod arguments;
pub mod check;
mod checkpoint;
pub mod console;
pub mod convert;
pub mod exit;
pub mod files;
pub mod generate;
pub mod interrupt;
pub mod language;
pub mod load;
pub mod pictures;
pub mod plot;
pub mod progress;
pub mod run;
pub mod storm;
pub mod street;
mod street_pictures;
pub mod study;
pub mod summary;

use clap::Parser;

use arguments::{Arguments, Command};
pub use exit::Exit;
pub use language::Lang;

/// The program: reads the arguments, does what they ask and says how it ended.
pub fn main() -> Exit {
    console::explain_panics();
    std::panic::catch_unwind(|| match Arguments::try_parse() {
        Ok(arguments) => dispatch(arguments.command),
        Err(error) => {
            let _ = error.print();
            if error.use_stderr() { Exit::Usage } else { Exit::Done }
        }
    })
    .unwrap_or(Exit::Failed)
}

/// Does what one command asks.
fn dispatch(command: Command) -> Exit {
    match command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Swmm(arguments) => run::swmm(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Convert(arguments) => convert::convert(&arguments),
        Command::Storm(arguments) => storm::storm(&arguments),
        Command::Compare(arguments) => study::compare(&arguments),
        Command::Merge(arguments) => study::merge(&arguments),
        Command::Report(arguments) => study::scorecard(&arguments),
        Command::Plot(arguments) => plot::plot(&arguments),
        Command::Completions { shell } => generate::completions(shell),
        Command::Man { dir, language } => generate::man(&dir, language.lang),
    }
}
