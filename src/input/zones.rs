//! Zones of a city from a map: polygons with a name and a class.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::io;
use std::path::Path;

use geojson::{GeometryValue, PolygonType};

use crate::diagnostic::Diagnostic;
use crate::scenario::zone::Zone;

use super::map_file::{self, MapFile};

/// Zones, and the coordinate reference system that their file names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Zones {
    /// Such as `EPSG:4550`.
    pub crs: Option<String>,
    /// The zones, in the order of the file; features of one name and class are one zone.
    pub zones: Vec<Zone>,
}

/// Reads zones. The inner error lists the problems of the content.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> io::Result<Result<Zones, Vec<Diagnostic>>> {
    Ok(map_file::read(path)?.map_err(|problem| vec![*problem]).and_then(|map| zones(&map)))
}

/// The zones of a map.
///
/// # Errors
/// When features lack a name or a class or are no polygons, or two of one name differ in class.
pub fn zones(map: &MapFile) -> Result<Zones, Vec<Diagnostic>> {
    let mut problems = map.lacking(&["name", "class"]);
    let mut zones: Vec<Zone> = Vec::new();
    for (index, feature) in map.features.iter().enumerate() {
        let fail = |message: String, help: &str| {
            Diagnostic::error(0, format!("{}: {message}", map.path.display())).help(help)
        };
        let (Some(name), Some(class)) = (MapFile::text(feature, "name"), MapFile::text(feature, "class"))
        else {
            continue;
        };
        let mut rings = Vec::new();
        match feature.geometry.as_ref().map(|geometry| &geometry.value) {
            Some(GeometryValue::Polygon { coordinates }) => add_rings(coordinates, &mut rings),
            Some(GeometryValue::MultiPolygon { coordinates }) => {
                coordinates.iter().for_each(|polygon| add_rings(polygon, &mut rings));
            }
            _ => {
                let message = format!("the zone `{name}` (feature {}) is no polygon", index + 1);
                problems.push(fail(message, "a zone is a Polygon or a MultiPolygon"));
                continue;
            }
        }
        if rings.iter().any(|ring| ring.len() < 4) {
            let message =
                format!("the zone `{name}` (feature {}) has a ring of fewer than four points", index + 1);
            problems.push(fail(message, "a ring is closed: its last point is its first"));
        }
        match zones.iter_mut().find(|zone| zone.name == name) {
            None => zones.push(Zone { name: name.to_owned(), class: class.to_owned(), rings }),
            Some(zone) if zone.class == class => zone.rings.extend(rings),
            Some(zone) => {
                let message =
                    format!("the zone `{name}` is of class `{}` and of class `{class}`", zone.class);
                problems.push(fail(message, "give its parts one class, or names of their own"));
            }
        }
    }
    if problems.is_empty() { Ok(Zones { crs: map.crs.clone(), zones }) } else { Err(problems) }
}

/// Adds the rings of a polygon, closed, in plan.
fn add_rings(polygon: &PolygonType, rings: &mut Vec<Vec<[f64; 2]>>) {
    for ring in polygon {
        let point = |position: &geojson::Position| match position.as_slice() {
            [x, y, ..] => Some([*x, *y]),
            _ => None,
        };
        let mut points: Vec<[f64; 2]> = ring.iter().filter_map(point).collect();
        if let (Some(first), Some(last)) = (points.first().copied(), points.last().copied())
            && first != last
        {
            points.push(first);
        }
        rings.push(points);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(features: &str) -> Result<Zones, Vec<Diagnostic>> {
        let text =
            format!(r#"{{"type": "FeatureCollection", "crs": "EPSG:4550", "features": [{features}]}}"#);
        zones(&map_file::parse(&text, Path::new("zones.geojson")).unwrap())
    }

    fn feature(name: &str, class: &str, kind: &str, coordinates: &str) -> String {
        format!(
            r#"{{"type": "Feature", "properties": {{"name": "{name}", "class": "{class}"}}, "geometry": {{"type": "{kind}", "coordinates": {coordinates}}}}}"#
        )
    }

    #[test]
    fn polygons_of_one_name_are_one_zone() {
        let square = "[[[0,0],[2,0],[2,2],[0,2]]]";
        let far = "[[[[5,5],[6,5],[6,6],[5,6],[5,5]]]]";
        let read = of(&[
            feature("老城", "中心城区", "Polygon", square),
            feature("老城", "中心城区", "MultiPolygon", far),
        ]
        .join(","))
        .unwrap();
        assert_eq!((read.zones.len(), read.crs.as_deref()), (1, Some("EPSG:4550")));
        let zone = &read.zones[0];
        assert!(zone.contains([1.0, 1.0]) && zone.contains([5.5, 5.5]) && !zone.contains([3.0, 3.0]));
    }

    #[test]
    fn what_is_no_zone_is_named() {
        let square = "[[[0,0],[2,0],[2,2],[0,0]]]";
        let problems = of(&[
            feature("a", "x", "LineString", "[[0,0],[1,1]]"),
            feature("b", "x", "Polygon", square),
            feature("b", "y", "Polygon", square),
            feature("c", "x", "Polygon", "[[[0,0],[1,0]]]"),
        ]
        .join(","))
        .unwrap_err();
        let text: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(text[0].contains("`a` (feature 1) is no polygon"), "{text:?}");
        assert!(text[1].contains("class `x` and of class `y`"), "{text:?}");
        assert!(text[2].contains("fewer than four points"), "{text:?}");
    }
}
