//! What is said on standard output and standard error.
//!
//! A reader that goes away (`pailao check model.inp | head`) is no fault: what it does not want to
//! hear is dropped.

use std::io::{self, IsTerminal, Write};

use crate::diagnostic::{Diagnostic, Severity};

use super::language::Lang;

/// Writes a line to standard output.
pub fn say(line: impl AsRef<str>) {
    let _ = writeln!(io::stdout().lock(), "{}", line.as_ref());
}

/// Writes a line to standard error.
pub fn tell(line: impl AsRef<str>) {
    let _ = writeln!(io::stderr().lock(), "{}", line.as_ref());
}

/// Writes an error of the program (not of the model) to standard error.
pub fn fail(message: impl AsRef<str>) {
    let (on, off) = if colours() { (RED, PLAIN) } else { ("", "") };
    tell(format!("{on}error{off}: {}", message.as_ref()));
}

/// Says what a fault of the program means, in place of Rust's own words. No input should ever lead
/// here.
pub fn explain_panics() {
    std::panic::set_hook(Box::new(|fault| {
        let what = fault.payload_as_str().unwrap_or("no reason given");
        let place = fault.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
        fail(format!(
            "pailao met a fault of its own, not of your model: {what}{place}\n\
             What was written before stays valid. Please report this together with the model."
        ));
    }));
}

const RED: &str = "\x1b[1;31m";
const YELLOW: &str = "\x1b[1;33m";
const MAGENTA: &str = "\x1b[1;35m";
const BLUE: &str = "\x1b[1;34m";
const GREEN: &str = "\x1b[1;32m";
const PLAIN: &str = "\x1b[0m";

/// Whether standard error takes colours: a terminal, and the user has not set `NO_COLOR`
/// (<https://no-color.org>).
fn colours() -> bool {
    let unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
    io::stderr().is_terminal()
        && unset("NO_COLOR")
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Writes every problem to standard error, the gravest kind last so that it stays on the screen,
/// and then how many there are.
pub fn report(diagnostics: &[Diagnostic], lang: Lang) {
    if diagnostics.is_empty() {
        return;
    }
    let colours = colours();
    let mut text = String::new();
    for severity in [Severity::Warning, Severity::Unsupported, Severity::Error] {
        for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity) {
            let plain = diagnostic.to_string();
            text += &if colours { paint(&plain, severity) } else { plain };
            text += "\n\n";
        }
    }
    tell(text + &lang.count(diagnostics));
}

/// The text of a problem with its headline, its place and its cure set off by colour.
fn paint(plain: &str, severity: Severity) -> String {
    let head = match severity {
        Severity::Warning => YELLOW,
        Severity::Unsupported => MAGENTA,
        Severity::Error => RED,
    };
    let mut painted = Vec::new();
    for (index, line) in plain.lines().enumerate() {
        let parts = if index == 0 {
            line.split_once(':').map(|(kind, rest)| (head, kind, format!(":{rest}")))
        } else if line.trim_end().ends_with('^') {
            Some((head, line, String::new()))
        } else if let Some(rest) = line.strip_prefix("  -->") {
            Some((BLUE, "  -->", rest.to_owned()))
        } else {
            line.strip_prefix("  help:").map(|rest| (GREEN, "  help:", rest.to_owned()))
        };
        painted.push(match parts {
            Some((colour, marked, rest)) => format!("{colour}{marked}{PLAIN}{rest}"),
            None => line.to_owned(),
        });
    }
    painted.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_adds_nothing_but_colour() {
        let plain =
            "error 209: undefined object X9\n  --> a.inp:7:3\n 7 | C1 X9\n   |    ^^\n  help: declare it";
        let painted = paint(plain, Severity::Error);
        assert!(painted.starts_with("\x1b[1;31merror 209\x1b[0m: undefined"));
        let mut bare = painted;
        for code in [RED, BLUE, GREEN, PLAIN] {
            bare = bare.replace(code, "");
        }
        assert_eq!(bare, plain);
    }
}
