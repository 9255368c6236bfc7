//! Polygons of a map with a value each, to be burnt into rasters: roughness, land use, buildings, infiltration
//! classes, initial depth.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use geojson::{Feature, GeometryValue, PolygonType};
use serde_json::Value;

use super::map_file::{self, MapFile};
use crate::diagnostic::Diagnostic;
use crate::model::burn::Patch;

/// Problems that are told one by one.
const MOST_TOLD: usize = 10;

/// What gives a polygon its value.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning<'a> {
    /// The same for all.
    Constant(f64),
    /// A property that holds a number.
    Number(&'a str),
    /// A property that names a class, and the values of the classes: `surface`, `{"asphalt": 0.013, …}`.
    Class(&'a str, &'a BTreeMap<String, f64>),
}

/// Reads polygons. Their coordinates are taken into the system `crs` of the raster when the map names its own;
/// a map that names none is in that of the raster. The inner error lists the problems of the content.
///
/// # Errors
/// When the file cannot be read.
pub fn read(
    path: &Path,
    meaning: &Meaning<'_>,
    crs: Option<&str>,
) -> io::Result<Result<Vec<Patch>, Vec<Diagnostic>>> {
    Ok(map_file::read(path)?.map_err(|problem| vec![*problem]).and_then(|map| patches(&map, meaning, crs)))
}

/// The polygons of a map with their values.
///
/// # Errors
/// When features are no polygons or lack their value, or the map cannot be taken into the system.
pub fn patches(
    map: &MapFile,
    meaning: &Meaning<'_>,
    crs: Option<&str>,
) -> Result<Vec<Patch>, Vec<Diagnostic>> {
    let into = map.into_system(crs).map_err(|problem| vec![*problem])?;
    let mut problems = Vec::new();
    let mut patches = Vec::new();
    for (index, feature) in map.features.iter().enumerate() {
        let name = format!("feature {}", index + 1);
        if problems.len() >= MOST_TOLD {
            break;
        }
        let value = match value(feature, meaning) {
            Ok(value) => Some(value),
            Err((message, help)) => {
                problems.push(map.problem(format_args!("{name} {message}"), &help));
                None
            }
        };
        let Some(mut rings) = rings(feature) else {
            let message = format_args!("{name} is no polygon");
            problems.push(map.problem(message, "only Polygon and MultiPolygon can be burnt"));
            continue;
        };
        if rings.iter().any(|ring| ring.len() < 4) {
            let message = format_args!("{name} has a ring of fewer than four points");
            problems.push(map.problem(message, "a ring is closed: its last point is its first"));
            continue;
        }
        if let Some(into) = &into {
            let taken = map.take(&name, rings.iter_mut().flatten(), into);
            problems.extend(taken.err().map(|problem| *problem));
        }
        if let Some(value) = value {
            patches.push(Patch { rings, value });
        }
    }
    if problems.is_empty() { Ok(patches) } else { Err(problems) }
}

/// The value of a feature, or what is wrong and what would be right.
fn value(feature: &Feature, meaning: &Meaning<'_>) -> Result<f32, (String, String)> {
    let property = |name: &str| feature.property(name).filter(|value| !value.is_null());
    let lacks = |name: &str| (format!("has no `{name}`"), format!("give each feature the property `{name}`"));
    match meaning {
        Meaning::Constant(value) => Ok(*value as f32),
        Meaning::Number(name) => {
            let value = property(name).ok_or_else(|| lacks(name))?;
            let number = match value {
                Value::Number(number) => number.as_f64(),
                // maps made from tables hold numbers as text
                Value::String(text) => text.trim().parse().ok(),
                _ => None,
            };
            number.filter(|number| number.is_finite()).map(|number| number as f32).ok_or_else(|| {
                (format!("has `{name}` = {value}, which is no number"), "a number in SI units".to_owned())
            })
        }
        Meaning::Class(name, classes) => {
            let value = property(name).ok_or_else(|| lacks(name))?;
            let class = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            classes.get(&class).map(|&value| value as f32).ok_or_else(|| {
                let known = classes.keys().map(|class| format!("`{class}`")).collect::<Vec<_>>().join(", ");
                (
                    format!("is of class `{class}`, which has no value"),
                    format!("classes with a value: {known}"),
                )
            })
        }
    }
}

/// The rings of a feature, closed; `None` when it is no polygon.
fn rings(feature: &Feature) -> Option<Vec<Vec<[f64; 2]>>> {
    let polygons: Vec<&PolygonType> = match &feature.geometry.as_ref()?.value {
        GeometryValue::Polygon { coordinates } => vec![coordinates],
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().collect(),
        _ => return None,
    };
    let point = |position: &geojson::Position| match position.as_slice() {
        [x, y, ..] => Some([*x, *y]),
        _ => None,
    };
    let closed = |ring: &Vec<geojson::Position>| {
        let mut points: Vec<[f64; 2]> = ring.iter().filter_map(point).collect();
        if let (Some(&first), Some(&last)) = (points.first(), points.last())
            && first != last
        {
            points.push(first);
        }
        points
    };
    Some(polygons.into_iter().flatten().map(closed).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(crs: &str, features: &[(&str, &str, &str)]) -> MapFile {
        let features: Vec<String> = features
            .iter()
            .map(|(properties, kind, coordinates)| {
                format!(
                    r#"{{"type": "Feature", "properties": {{{properties}}}, "geometry": {{"type": "{kind}", "coordinates": {coordinates}}}}}"#
                )
            })
            .collect();
        let text = format!(r#"{{"type": "FeatureCollection", {crs} "features": [{}]}}"#, features.join(","));
        map_file::parse(&text, Path::new("use.geojson")).unwrap()
    }

    const SQUARE: &str = "[[[0,0],[2,0],[2,2],[0,2]]]";

    #[test]
    fn values_come_from_numbers_or_from_classes() {
        let plan = map(
            "",
            &[
                (r#""n": 0.05, "use": "lawn""#, "Polygon", SQUARE),
                (r#""n": "0.013", "use": "road""#, "MultiPolygon", "[[[[5,5],[6,5],[6,6],[5,5]]]]"),
            ],
        );
        let values = |meaning| -> Vec<f32> {
            patches(&plan, &meaning, None).unwrap().iter().map(|patch| patch.value).collect()
        };
        assert_eq!(values(Meaning::Number("n")), [0.05, 0.013]);
        let classes = BTreeMap::from([("lawn".to_owned(), 0.2), ("road".to_owned(), 0.014)]);
        assert_eq!(values(Meaning::Class("use", &classes)), [0.2, 0.014]);
        assert_eq!(values(Meaning::Constant(3.0)), [3.0, 3.0]);
        assert_eq!(patches(&plan, &Meaning::Constant(1.0), None).unwrap()[0].rings[0].len(), 5, "closed");
    }

    #[test]
    fn what_cannot_be_burnt_is_named() {
        let plan = map(
            "",
            &[
                (r#""n": "rough""#, "Polygon", SQUARE),
                (r#""m": 1"#, "Polygon", SQUARE),
                (r#""n": 1"#, "LineString", "[[0,0],[1,1]]"),
                (r#""n": 1"#, "Polygon", "[[[0,0],[1,0]]]"),
            ],
        );
        let text: Vec<String> = patches(&plan, &Meaning::Number("n"), None)
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect();
        let expected = [
            "feature 1 has `n` = \"rough\", which is no number",
            "feature 2 has no `n`",
            "feature 3 is no polygon",
            "feature 4 has a ring of fewer than four points",
        ];
        for (found, expected) in text.iter().zip(expected) {
            assert!(found.contains(expected), "{found}");
        }
        assert_eq!(text.len(), 4);
        let classes = BTreeMap::from([("lawn".to_owned(), 0.2)]);
        let text = patches(&plan, &Meaning::Class("m", &classes), None).unwrap_err();
        assert!(
            text.iter().any(|problem| problem
                .to_string()
                .contains("class `1`, which has no value\n  help: classes with a value: `lawn`")),
            "{text:?}"
        );
    }

    #[test]
    fn polygons_are_taken_into_the_system_of_the_terrain() {
        let degrees = "[[[120.9,41.2],[120.901,41.2],[120.901,41.201],[120.9,41.2]]]";
        let plan = map(r#""crs": "EPSG:4490","#, &[("", "Polygon", degrees)]);
        let there = patches(&plan, &Meaning::Constant(1.0), Some("EPSG:4549")).unwrap();
        let [x, y] = there[0].rings[0][0];
        // by PROJ, as in model/crs_oracle.csv
        assert!((x - 575_492.730_80).abs() < 1e-4 && (y - 4_563_175.025_84).abs() < 1e-4, "{x} {y}");
        let refused = patches(&plan, &Meaning::Constant(1.0), Some("EPSG:2437")).unwrap_err();
        assert!(refused[0].message.contains("`EPSG:2437` is not known here"), "{}", refused[0]);
    }
}
