//! Bands that a calibrated model keeps: `seeds/acceptance.toml`, or a file of the user in its form.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::Path;

use serde::Deserialize;

use super::scenario::source::Source;
use crate::diagnostic::Diagnostic;
use crate::scenario::observed::{Band, Bands};
use crate::scenario::quantity::{Length, Share};

/// The bands that come with the program.
const EMBEDDED: &str = include_str!("../../seeds/acceptance.toml");

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    #[serde(default)]
    verified: bool,
    flow: FlowBands,
    depth: DepthBands,
    efficiency: Efficiency,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FlowBands {
    peak: [Share; 2],
    volume: [Share; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DepthBands {
    free: [Length; 2],
    surcharged: [Length; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Efficiency {
    least_nse: f64,
}

/// The bands that come with the program. They are not verified.
///
/// # Errors
/// None: a test reads them.
pub fn embedded() -> Result<Bands, Vec<Diagnostic>> {
    parse(EMBEDDED, Path::new("seeds/acceptance.toml"))
}

/// Reads bands from text; `file` names it in messages.
///
/// # Errors
/// When the text is no TOML, lacks something, or a band ends before it begins.
pub fn parse(text: &str, file: &Path) -> Result<Bands, Vec<Diagnostic>> {
    let source = Source { text: text.strip_prefix('\u{feff}').unwrap_or(text), file };
    let read: File = toml::from_str(source.text).map_err(|error| {
        let problem = Diagnostic::error(0, error.message()).help("see seeds/acceptance.toml for the form");
        vec![match error.span() {
            Some(span) => problem.at(source.place(span)),
            None => problem,
        }]
    })?;
    let bands = Bands {
        source: read.source,
        verified: read.verified,
        flow_peak: read.flow.peak.map(|share| share.0),
        flow_volume: read.flow.volume.map(|share| share.0),
        free_depth: read.depth.free.map(|length| length.0),
        surcharged_depth: read.depth.surcharged.map(|length| length.0),
        least_nse: read.efficiency.least_nse,
    };
    let wrong = |(name, [low, high]): &(&str, Band)| {
        (low > high).then(|| {
            let message = format!("{}: the band `{name}` ends before it begins", file.display());
            Diagnostic::error(0, message).help("write the lower end first")
        })
    };
    let all = [
        ("flow.peak", bands.flow_peak),
        ("flow.volume", bands.flow_volume),
        ("depth.free", bands.free_depth),
        ("depth.surcharged", bands.surcharged_depth),
    ];
    let problems: Vec<Diagnostic> = all.iter().filter_map(wrong).collect();
    if problems.is_empty() { Ok(bands) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_of_the_program_are_read_and_said_to_be_unverified() {
        let bands = embedded().unwrap();
        assert!(!bands.verified);
        assert_eq!((bands.flow_peak, bands.flow_volume), ([-0.15, 0.25], [-0.1, 0.2]));
        assert_eq!((bands.free_depth, bands.surcharged_depth), ([-0.1, 0.1], [-0.1, 0.5]));
        assert_eq!(bands.least_nse, 0.5);
    }

    #[test]
    fn what_is_wrong_is_shown() {
        let turned = EMBEDDED.replace(r#"["-0.1 m", "0.5 m"]"#, r#"["0.5 m", "-0.1 m"]"#);
        assert!(parse(&turned, Path::new("a")).unwrap_err()[0].message.contains("depth.surcharged"));
        let unknown = EMBEDDED.replace("least_nse", "nse");
        assert!(parse(&unknown, Path::new("a")).unwrap_err()[0].place.is_some());
    }
}
