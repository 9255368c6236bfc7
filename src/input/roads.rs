//! Roads of a city from a map: lines with a name, a class, lanes and a width.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::io;
use std::path::Path;

use geojson::{Feature, GeometryValue, Position};
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::scenario::road::Road;

use super::map_file::{self, MapFile};

/// Roads, and the coordinate reference system that their file names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Roads {
    /// Such as `EPSG:4550`.
    pub crs: Option<String>,
    /// The roads, in the order of the file; a line of several parts is as many roads of one name.
    pub roads: Vec<Road>,
}

/// Reads roads. The inner error lists the problems of the content.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> io::Result<Result<Roads, Vec<Diagnostic>>> {
    Ok(map_file::read(path)?.map_err(|problem| vec![*problem]).and_then(|map| roads(&map)))
}

/// The roads of a map.
///
/// # Errors
/// When features lack one of their properties or are no lines, or lanes or widths are no numbers above zero.
pub fn roads(map: &MapFile) -> Result<Roads, Vec<Diagnostic>> {
    let mut problems = map.lacking(&["name", "class", "lanes", "width"]);
    let mut roads = Vec::new();
    for (index, feature) in map.features.iter().enumerate() {
        let mut fail = |message: String, help: &str| {
            let message = format!("{}: {message} (feature {})", map.path.display(), index + 1);
            problems.push(Diagnostic::error(0, message).help(help));
        };
        let (Some(name), Some(class)) = (MapFile::text(feature, "name"), MapFile::text(feature, "class"))
        else {
            continue;
        };
        let lanes = feature.property("lanes").filter(|value| !value.is_null());
        let width = feature.property("width").filter(|value| !value.is_null());
        let (Some(lanes), Some(width)) = (lanes, width) else { continue };
        let counted = whole(lanes);
        if counted.is_none() {
            fail(format!("the road `{name}` has {lanes} lanes"), "lanes are a whole number from 1");
        }
        let measured = width.as_f64().filter(|width| *width > 0.0);
        if measured.is_none() {
            fail(format!("the road `{name}` has the width {width}"), "a width is a number of metres above 0");
        }
        let Some(lines) = lines(feature) else {
            fail(
                format!("the road `{name}` is no line"),
                "a road is a LineString or a MultiLineString of two points or more",
            );
            continue;
        };
        let (Some(lanes), Some(width)) = (counted, measured) else { continue };
        roads.extend(lines.into_iter().map(|line| Road {
            name: name.to_owned(),
            class: class.to_owned(),
            lanes,
            width,
            line,
        }));
    }
    if problems.is_empty() { Ok(Roads { crs: map.crs.clone(), roads }) } else { Err(problems) }
}

/// A whole number from 1, also when it is written `2.0`.
fn whole(value: &Value) -> Option<u32> {
    let number = value.as_f64()?;
    let fits = number >= 1.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0;
    fits.then_some(number as u32)
}

/// The lines of a feature; `None` when it is none, or one of them has fewer than two points.
fn lines(feature: &Feature) -> Option<Vec<Vec<[f64; 2]>>> {
    let parts: Vec<&Vec<Position>> = match &feature.geometry.as_ref()?.value {
        GeometryValue::LineString { coordinates } => vec![coordinates],
        GeometryValue::MultiLineString { coordinates } => coordinates.iter().collect(),
        _ => return None,
    };
    let point = |position: &Position| match position.as_slice() {
        [x, y, ..] => Some([*x, *y]),
        _ => None,
    };
    let lines: Vec<Vec<[f64; 2]>> =
        parts.into_iter().map(|part| part.iter().filter_map(point).collect()).collect();
    (!lines.is_empty() && lines.iter().all(|line| line.len() >= 2)).then_some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(features: &str) -> Result<Roads, Vec<Diagnostic>> {
        let text =
            format!(r#"{{"type": "FeatureCollection", "crs": "EPSG:4550", "features": [{features}]}}"#);
        roads(&map_file::parse(&text, Path::new("roads.geojson")).unwrap())
    }

    fn feature(properties: &str, kind: &str, coordinates: &str) -> String {
        format!(
            r#"{{"type": "Feature", "properties": {{{properties}}}, "geometry": {{"type": "{kind}", "coordinates": {coordinates}}}}}"#
        )
    }

    #[test]
    fn a_line_of_two_parts_is_two_roads_of_one_name() {
        let properties = r#""name": "滨河路", "class": "主干路", "lanes": 6, "width": 32.0"#;
        let read = of(&feature(properties, "MultiLineString", "[[[0,0],[10,0]],[[20,0],[30,0,7]]]")).unwrap();
        assert_eq!((read.roads.len(), read.crs.as_deref()), (2, Some("EPSG:4550")));
        let second = &read.roads[1];
        assert_eq!((second.name.as_str(), second.lanes, second.width), ("滨河路", 6, 32.0));
        assert_eq!(second.line, [[20.0, 0.0], [30.0, 0.0]]);
    }

    #[test]
    fn what_is_no_road_is_named() {
        let good = r#""name": "a", "class": "x", "lanes": 2, "width": 9"#;
        let problems = of(&[
            feature(good, "Point", "[0,0]"),
            feature(good, "LineString", "[[0,0]]"),
            feature(
                r#""name": "b", "class": "x", "lanes": 2.5, "width": "wide""#,
                "LineString",
                "[[0,0],[1,0]]",
            ),
            feature(r#""name": "c", "class": "x", "lanes": 2"#, "LineString", "[[0,0],[1,0]]"),
        ]
        .join(","))
        .unwrap_err();
        let text = problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("\n");
        for said in [
            "1 of 4 features have no `width` (feature 4)",
            "the road `a` is no line (feature 1)",
            "the road `a` is no line (feature 2)",
            "the road `b` has 2.5 lanes (feature 3)",
            "the road `b` has the width \"wide\" (feature 3)",
        ] {
            assert!(text.contains(said), "{said}\n{text}");
        }
        assert_eq!(problems.len(), 5, "{text}");
    }

    #[test]
    fn the_roads_of_the_studies_are_read() {
        for network in ["riverside", "coast", "underpass"] {
            let path =
                Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("networks/{network}/roads.geojson"));
            let roads = read(&path).unwrap().unwrap();
            assert_eq!(roads.crs.as_deref(), Some("EPSG:4550"), "{network}");
            assert!(roads.roads.len() > 9, "{network}");
        }
    }
}
