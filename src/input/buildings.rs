//! Buildings with their thresholds, and underpasses and entrances with their sills, from maps.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::io;
use std::path::Path;

use geojson::Feature;
use serde_json::Value;

use super::map_file::{self, MapFile};
use super::shapes::{Shape, parts};
use crate::diagnostic::Diagnostic;
use crate::scenario::building::{Building, Sill};

/// Things of a map, and the coordinate reference system that the file names.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapped<T> {
    /// Such as `EPSG:4550`.
    pub crs: Option<String>,
    /// In the order of the file.
    pub all: Vec<T>,
}

impl<T> Default for Mapped<T> {
    fn default() -> Self {
        Self { crs: None, all: Vec::new() }
    }
}

/// Reads buildings. The inner error lists the problems of the content.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> io::Result<Result<Mapped<Building>, Vec<Diagnostic>>> {
    Ok(map_file::read(path)?.map_err(|problem| vec![*problem]).and_then(|map| buildings(&map)))
}

/// Reads sills. The inner error lists the problems of the content.
///
/// # Errors
/// When the file cannot be read.
pub fn read_sills(path: &Path) -> io::Result<Result<Mapped<Sill>, Vec<Diagnostic>>> {
    Ok(map_file::read(path)?.map_err(|problem| vec![*problem]).and_then(|map| sills(&map)))
}

/// The buildings of a map: polygons with `id`, `use` and `threshold_m`, the level of the threshold. A threshold that is
/// missing or null is not known.
///
/// # Errors
/// When features lack `id` or `use`, are no polygons, or their threshold is no number.
pub fn buildings(map: &MapFile) -> Result<Mapped<Building>, Vec<Diagnostic>> {
    let mut problems = map.lacking(&["id", "use"]);
    let mut all = Vec::new();
    for (index, feature) in map.features.iter().enumerate() {
        let (Some(id), Some(usage)) = (word(feature, "id"), word(feature, "use")) else { continue };
        let threshold = match level(feature, "threshold_m") {
            Ok(threshold) => threshold,
            Err(written) => {
                let message = format!("the building `{id}` has the threshold {written}");
                problems.push(fail(map, index, &message, "a threshold is a level in metres"));
                continue;
            }
        };
        let rings = rings(feature);
        if rings.is_empty() {
            let message = format!("the building `{id}` is no polygon");
            problems.push(fail(
                map,
                index,
                &message,
                "a building is a Polygon or a MultiPolygon of rings of four points",
            ));
            continue;
        }
        all.push(Building { id, usage, threshold, rings });
    }
    if problems.is_empty() { Ok(Mapped { crs: map.crs.clone(), all }) } else { Err(problems) }
}

/// The sills of a map: polygons of low areas, or points of entrances, with `name` and `sill_m`, the level of the sill.
///
/// # Errors
/// When features lack a property, are neither, or their sill is no number.
pub fn sills(map: &MapFile) -> Result<Mapped<Sill>, Vec<Diagnostic>> {
    let mut problems = map.lacking(&["name", "sill_m"]);
    let mut all = Vec::new();
    for (index, feature) in map.features.iter().enumerate() {
        let Some(name) = word(feature, "name") else { continue };
        let level = match level(feature, "sill_m") {
            Ok(Some(level)) => level,
            // told above
            Ok(None) => continue,
            Err(written) => {
                let message = format!("`{name}` has the sill {written}");
                problems.push(fail(map, index, &message, "a sill is a level in metres"));
                continue;
            }
        };
        let rings = rings(feature);
        let point = shapes(feature).into_iter().find_map(|shape| match shape {
            Shape::Point(point) => Some(point),
            _ => None,
        });
        let Some(point) = point.or_else(|| rings.first().and_then(|ring| ring.first()).copied()) else {
            let message = format!("`{name}` is neither a polygon nor a point");
            problems.push(fail(map, index, &message, "an underpass is a Polygon, an entrance a Point"));
            continue;
        };
        all.push(Sill { name, level, rings, point });
    }
    if problems.is_empty() { Ok(Mapped { crs: map.crs.clone(), all }) } else { Err(problems) }
}

fn fail(map: &MapFile, index: usize, message: &str, help: &str) -> Diagnostic {
    let message = format!("{}: {message} (feature {})", map.path.display(), index + 1);
    Diagnostic::error(0, message).help(help)
}

/// A property that is a text, or a number as one.
fn word(feature: &Feature, property: &str) -> Option<String> {
    match feature.property(property)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A property that is a level; what is written instead of one.
fn level(feature: &Feature, property: &str) -> Result<Option<f64>, String> {
    match feature.property(property) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            value.as_f64().filter(|level| level.is_finite()).map(Some).ok_or_else(|| value.to_string())
        }
    }
}

fn shapes(feature: &Feature) -> Vec<Shape> {
    feature.geometry.as_ref().map(|geometry| parts(&geometry.value)).unwrap_or_default()
}

fn rings(feature: &Feature) -> Vec<Vec<[f64; 2]>> {
    let polygons = shapes(feature).into_iter().filter_map(|shape| match shape {
        Shape::Polygon(rings) => Some(rings),
        _ => None,
    });
    polygons.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(features: &[(&str, &str, &str)]) -> MapFile {
        let feature = |(properties, kind, coordinates): &(&str, &str, &str)| {
            format!(
                r#"{{"type": "Feature", "properties": {{{properties}}}, "geometry": {{"type": "{kind}", "coordinates": {coordinates}}}}}"#
            )
        };
        let features = features.iter().map(feature).collect::<Vec<_>>().join(",");
        let text =
            format!(r#"{{"type": "FeatureCollection", "crs": "EPSG:4550", "features": [{features}]}}"#);
        map_file::parse(&text, Path::new("buildings.geojson")).unwrap()
    }

    const SQUARE: &str = "[[[0,0],[10,0],[10,10],[0,10],[0,0]]]";

    #[test]
    fn buildings_have_a_use_and_a_threshold_that_may_be_unknown() {
        let read = buildings(&map(&[
            (r#""id": "B1", "use": "住宅", "threshold_m": 35.66"#, "Polygon", SQUARE),
            (r#""id": 2, "use": "商业", "threshold_m": null"#, "Polygon", SQUARE),
        ]))
        .unwrap();
        let told: Vec<_> =
            read.all.iter().map(|of| (of.id.as_str(), of.usage.as_str(), of.threshold)).collect();
        assert_eq!(told, [("B1", "住宅", Some(35.66)), ("2", "商业", None)]);
        assert_eq!((read.crs.as_deref(), read.all[0].area()), (Some("EPSG:4550"), 100.0));
    }

    #[test]
    fn sills_are_low_areas_or_entrances() {
        let read = sills(&map(&[
            (r#""name": "隧道", "sill_m": 33.2"#, "Polygon", SQUARE),
            (r#""name": "A口", "sill_m": 34"#, "Point", "[5, 6]"),
        ]))
        .unwrap();
        assert_eq!((read.all[0].rings.len(), read.all[0].level), (1, 33.2));
        assert_eq!((read.all[1].rings.len(), read.all[1].point), (0, [5.0, 6.0]));
    }

    #[test]
    fn what_is_no_building_and_no_sill_is_named() {
        let words = |found: Vec<Diagnostic>| {
            found.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("\n")
        };
        let text = words(
            buildings(&map(&[
                (r#""id": "B1", "use": "住宅", "threshold_m": "high""#, "Polygon", SQUARE),
                (r#""id": "B2", "use": "住宅""#, "Point", "[0, 0]"),
                (r#""id": "B3""#, "Polygon", SQUARE),
            ]))
            .unwrap_err(),
        );
        for said in [
            "the building `B1` has the threshold \"high\" (feature 1)",
            "the building `B2` is no polygon (feature 2)",
            "1 of 3 features have no `use` (feature 3)",
        ] {
            assert!(text.contains(said), "{said}\n{text}");
        }
        let text = words(
            sills(&map(&[
                (r#""name": "a", "sill_m": 1"#, "LineString", "[[0,0],[1,1]]"),
                (r#""name": "b""#, "Point", "[0, 0]"),
            ]))
            .unwrap_err(),
        );
        assert!(text.contains("`a` is neither a polygon nor a point (feature 1)"), "{text}");
        assert!(text.contains("1 of 2 features have no `sill_m` (feature 2)"), "{text}");
    }

    #[test]
    fn the_buildings_of_the_studies_are_read() {
        for network in ["riverside", "coast", "underpass"] {
            let path =
                Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("networks/{network}/buildings.geojson"));
            let read = read(&path).unwrap().unwrap();
            assert!(read.all.iter().all(|of| of.threshold.is_some() && of.area() > 1.0), "{network}");
        }
    }
}
