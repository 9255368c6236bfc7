//! Thresholds of hazard and waterlogging: `seeds/hazard.toml`, or a file of the user in its form.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::Path;

use serde::Deserialize;

use super::scenario::source::Source;
use crate::diagnostic::Diagnostic;
use crate::scenario::hazard::{
    BlackOdorous, CombinedHazard, Hazards, PeopleHazard, Provenance, VehicleLimits, WaterloggingGrades,
};
use crate::scenario::quantity::{Length, Span};

/// The thresholds that come with the program.
const EMBEDDED: &str = include_str!("../../seeds/hazard.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    people: People,
    combined: Combined,
    vehicles: Vehicles,
    waterlogging: Waterlogging,
    black_odorous: Black,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    source: String,
    #[serde(default)]
    verified: bool,
    breaks: [f64; 3],
    debris_depths: [Length; 2],
    debris_velocity: f64,
    debris: Debris,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Debris {
    pasture: [f64; 3],
    woodland: [f64; 3],
    urban: [f64; 3],
    conservative: [f64; 3],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Combined {
    source: String,
    #[serde(default)]
    verified: bool,
    products: [f64; 5],
    depths: [Length; 5],
    velocities: [f64; 5],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vehicles {
    source: String,
    #[serde(default)]
    verified: bool,
    car: Length,
    emergency: Length,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Waterlogging {
    source: String,
    #[serde(default)]
    verified: bool,
    depths: Vec<Length>,
    durations: Vec<Span>,
    grades: Vec<Vec<u8>>,
    velocity: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Black {
    source: String,
    #[serde(default)]
    verified: bool,
    transparency_cm: [f64; 2],
    dissolved_oxygen_mg_l: [f64; 2],
    redox_potential_mv: [f64; 2],
    ammonia_nitrogen_mg_l: [f64; 2],
}

/// The thresholds that come with the program. They are not verified.
///
/// # Errors
/// None: a test reads them.
pub fn embedded() -> Result<Hazards, Vec<Diagnostic>> {
    parse(EMBEDDED, Path::new("seeds/hazard.toml"))
}

/// Reads thresholds from text; `file` names it in messages.
///
/// # Errors
/// When the text is no TOML or lacks something, limits do not increase, or the matrix of grades has another size than its
/// classes.
pub fn parse(text: &str, file: &Path) -> Result<Hazards, Vec<Diagnostic>> {
    let source = Source { text: text.strip_prefix('\u{feff}').unwrap_or(text), file };
    let read: File = toml::from_str(source.text).map_err(|error| {
        let problem = Diagnostic::error(0, error.message()).help("see seeds/hazard.toml for the form");
        vec![match error.span() {
            Some(span) => problem.at(source.place(span)),
            None => problem,
        }]
    })?;
    let from = |source: String, verified: bool| Provenance { source, verified };
    let debris = read.people.debris;
    let hazards = Hazards {
        people: PeopleHazard {
            provenance: from(read.people.source, read.people.verified),
            breaks: read.people.breaks,
            debris_depths: read.people.debris_depths.map(|depth| depth.0),
            debris_velocity: read.people.debris_velocity,
            debris: [debris.pasture, debris.woodland, debris.urban, debris.conservative],
        },
        combined: CombinedHazard {
            provenance: from(read.combined.source, read.combined.verified),
            products: read.combined.products,
            depths: read.combined.depths.map(|depth| depth.0),
            velocities: read.combined.velocities,
        },
        vehicles: VehicleLimits {
            provenance: from(read.vehicles.source, read.vehicles.verified),
            car: read.vehicles.car.0,
            emergency: read.vehicles.emergency.0,
        },
        waterlogging: WaterloggingGrades {
            provenance: from(read.waterlogging.source, read.waterlogging.verified),
            depths: read.waterlogging.depths.iter().map(|depth| depth.0).collect(),
            durations: read.waterlogging.durations.iter().map(|span| span.0).collect(),
            grades: read.waterlogging.grades,
            velocity: read.waterlogging.velocity,
        },
        black_odorous: BlackOdorous {
            provenance: from(read.black_odorous.source, read.black_odorous.verified),
            transparency_cm: read.black_odorous.transparency_cm,
            dissolved_oxygen: read.black_odorous.dissolved_oxygen_mg_l,
            redox_potential_mv: read.black_odorous.redox_potential_mv,
            ammonia_nitrogen: read.black_odorous.ammonia_nitrogen_mg_l,
        },
    };
    let problems = problems(&hazards, file);
    if problems.is_empty() { Ok(hazards) } else { Err(problems) }
}

fn problems(hazards: &Hazards, file: &Path) -> Vec<Diagnostic> {
    let fail =
        |message: &str, help: &str| Diagnostic::error(0, format!("{}: {message}", file.display())).help(help);
    let grades = &hazards.waterlogging;
    let mut found = Vec::new();
    let (people, combined) = (&hazards.people, &hazards.combined);
    for (name, limits) in [
        ("people.breaks", &people.breaks[..]),
        ("people.debris_depths", &people.debris_depths[..]),
        ("combined.products", &combined.products[..]),
        ("combined.depths", &combined.depths[..]),
        ("combined.velocities", &combined.velocities[..]),
        ("waterlogging.depths", &grades.depths),
        ("waterlogging.durations", &grades.durations),
    ] {
        if limits.iter().zip(limits.iter().skip(1)).any(|(one, next)| one > next) {
            found.push(fail(&format!("`{name}` does not increase"), "write the smallest first"));
        }
    }
    let width = grades.durations.len() + 1;
    if grades.grades.len() != grades.depths.len() || grades.grades.iter().any(|row| row.len() != width) {
        let help =
            "a row for each depth, in it a grade for each class of duration: one more than `durations`";
        found.push(fail("`waterlogging.grades` has another size than its classes", help));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thresholds_of_the_program_are_read_and_said_to_be_unverified() {
        let hazards = embedded().unwrap();
        assert_eq!(hazards.combined.depths, [0.3, 0.5, 1.2, 2.0, 4.0]);
        assert_eq!(hazards.waterlogging.durations, [1800.0, 3600.0]);
        assert!(!hazards.people.provenance.verified && !hazards.black_odorous.provenance.verified);
    }

    #[test]
    fn limits_that_do_not_increase_and_a_matrix_of_another_size_are_refused() {
        let text = EMBEDDED
            .replace("[0.75, 1.25, 2.0]", "[0.75, 2.0, 1.25]")
            .replace("[[1, 2, 3], [2, 2, 3], [3, 3, 3]]", "[[1, 2, 3], [2, 2, 3]]");
        let problems = parse(&text, Path::new("a")).unwrap_err();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].message.contains("people.breaks"));
    }
}
