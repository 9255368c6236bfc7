//! `pailao convert`: a model written anew, without loss.

use crate::input::inp;
use crate::input::inp::document::LineEnd;

use super::arguments::{ConvertArguments, LineEnds, TextEncoding};
use super::console::fail;
use super::exit::Exit;
use super::files;

/// Writes a model in another encoding or with other line ends; all else stays as it was.
pub fn convert(arguments: &ConvertArguments) -> Exit {
    let from = arguments.encoding.encoding.map(TextEncoding::name);
    let reading = match inp::read(&arguments.input, from) {
        Ok(reading) => reading,
        Err(error) => {
            fail(format!("{} cannot be read: {error}", arguments.input.display()));
            return Exit::File;
        }
    };
    let line_end = arguments.line_ends.map(|ends| match ends {
        LineEnds::Unix => LineEnd::Lf,
        LineEnds::Windows => LineEnd::CrLf,
    });
    let bytes = match reading.document.write(arguments.to_encoding.map(TextEncoding::name), line_end) {
        Ok(bytes) => bytes,
        Err(error) => {
            fail(format!("{} cannot be converted: {error}", arguments.input.display()));
            return Exit::Input;
        }
    };
    match files::write_whole(&arguments.output, &bytes) {
        Ok(()) => Exit::Done,
        Err(error) => {
            fail(format!("{} cannot be written: {error}", arguments.output.display()));
            Exit::File
        }
    }
}
