//! The text of a scenario file, which is UTF-8, and what to say when it is not.

use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::diagnostic::{Diagnostic, Place};

/// The text of the bytes of a file, with a byte-order mark or without.
pub(super) fn decode<'b>(bytes: &'b [u8], file: &Path) -> Result<&'b str, Box<Diagnostic>> {
    let refuse = |message: String| Diagnostic::error(0, message).help("save the file in UTF-8");
    let mark = Encoding::for_bom(bytes).filter(|(encoding, _)| *encoding != UTF_8);
    if let Some((encoding, _)) = mark {
        return Err(Box::new(refuse(format!("{} is in {}", file.display(), encoding.name()))));
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let line = valid.iter().filter(|byte| **byte == b'\n').count();
    let written = bytes.split(|byte| *byte == b'\n').nth(line).unwrap_or_default();
    let (text, damaged) = GB18030.decode_without_bom_handling(written);
    let message = if damaged {
        format!("{} is not in UTF-8", file.display())
    } else {
        format!("{} is not in UTF-8 but, it seems, in GBK", file.display())
    };
    let text = if damaged { String::from_utf8_lossy(written) } else { text };
    let place = Place {
        file: file.to_path_buf(),
        line: line + 1,
        column: 0,
        text: text.chars().take(200).collect(),
        token: String::new(),
    };
    Err(Box::new(refuse(message).at(place)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_encodings_are_refused_by_name() {
        let file = Path::new("a.toml");
        assert_eq!(decode("\u{feff}标题 = 1".as_bytes(), file).unwrap(), "\u{feff}标题 = 1");
        let gbk = encoding_rs::GBK.encode("a = 1\ntitle = \"老城\"\n").0.into_owned();
        let wrong = decode(&gbk, file).unwrap_err();
        assert!(wrong.message.contains("GBK"), "{wrong}");
        let place = wrong.place.as_ref().unwrap();
        assert_eq!((place.line, place.text.as_str()), (2, "title = \"老城\""));
        assert!(decode(b"\xff\xfea\0", file).unwrap_err().message.contains("UTF-16LE"));
        assert!(decode(b"a = \"\xff\xff\"", file).unwrap_err().message.ends_with("not in UTF-8"));
    }
}
