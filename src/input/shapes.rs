//! Points, lines and polygons of a map, without what they mean: where water enters, which edges are open.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::io;
use std::path::Path;

use geojson::{GeometryValue, Position};

use super::map_file::{self, MapFile};
use crate::diagnostic::Diagnostic;

/// A shape, in the coordinates that were asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A point.
    Point([f64; 2]),
    /// A line of two points or more.
    Line(Vec<[f64; 2]>),
    /// Rings, each closed; holes are rings like any other.
    Polygon(Vec<Vec<[f64; 2]>>),
}

/// Reads the shapes of a map. Their coordinates are taken into the system `crs` when the map names its own. The inner
/// error lists the problems of the content.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path, crs: Option<&str>) -> io::Result<Result<Vec<Shape>, Vec<Diagnostic>>> {
    Ok(map_file::read(path)?.map_err(|problem| vec![*problem]).and_then(|map| shapes(&map, crs)))
}

/// The shapes of a map; those of several parts are as many.
///
/// # Errors
/// When a feature has no shape, or cannot be taken into the system.
pub fn shapes(map: &MapFile, crs: Option<&str>) -> Result<Vec<Shape>, Vec<Diagnostic>> {
    let into = map.into_system(crs).map_err(|problem| vec![*problem])?;
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for (index, feature) in map.features.iter().enumerate() {
        let name = format!("feature {}", index + 1);
        let mut shapes = feature.geometry.as_ref().map(|geometry| parts(&geometry.value)).unwrap_or_default();
        if shapes.is_empty() {
            let help = "points, lines of two points or more and polygons are shapes";
            problems.push(map.problem(format_args!("{name} has no shape"), help));
        }
        if let Some(into) = &into {
            let taken = map.take(&name, shapes.iter_mut().flat_map(points_of), into);
            problems.extend(taken.err().map(|problem| *problem));
        }
        found.append(&mut shapes);
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// All points of a shape.
fn points_of(shape: &mut Shape) -> Vec<&mut [f64; 2]> {
    match shape {
        Shape::Point(point) => vec![point],
        Shape::Line(line) => line.iter_mut().collect(),
        Shape::Polygon(rings) => rings.iter_mut().flatten().collect(),
    }
}

/// The parts of a geometry that are shapes.
pub(super) fn parts(value: &GeometryValue) -> Vec<Shape> {
    let point = |position: &Position| match position.as_slice() {
        [x, y, ..] => Some([*x, *y]),
        _ => None,
    };
    let line = |positions: &Vec<Position>| {
        let points: Vec<[f64; 2]> = positions.iter().filter_map(point).collect();
        (points.len() > 1).then_some(Shape::Line(points))
    };
    let polygon = |rings: &Vec<Vec<Position>>| {
        let closed = |ring: &Vec<Position>| {
            let mut points: Vec<[f64; 2]> = ring.iter().filter_map(point).collect();
            if let (Some(&first), Some(&last)) = (points.first(), points.last())
                && first != last
            {
                points.push(first);
            }
            points
        };
        let rings: Vec<_> = rings.iter().map(closed).collect();
        rings.iter().all(|ring| ring.len() >= 4).then_some(Shape::Polygon(rings))
    };
    match value {
        GeometryValue::Point { coordinates } => point(coordinates).map(Shape::Point).into_iter().collect(),
        GeometryValue::MultiPoint { coordinates } => {
            coordinates.iter().filter_map(point).map(Shape::Point).collect()
        }
        GeometryValue::LineString { coordinates } => line(coordinates).into_iter().collect(),
        GeometryValue::MultiLineString { coordinates } => coordinates.iter().filter_map(line).collect(),
        GeometryValue::Polygon { coordinates } => polygon(coordinates).into_iter().collect(),
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().filter_map(polygon).collect(),
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().flat_map(|geometry| parts(&geometry.value)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(crs: &str, geometries: &[&str]) -> Result<Vec<Shape>, Vec<Diagnostic>> {
        let features: Vec<String> = geometries
            .iter()
            .map(|text| format!(r#"{{"type": "Feature", "properties": {{}}, "geometry": {text}}}"#))
            .collect();
        let text = format!(r#"{{"type": "FeatureCollection", {crs} "features": [{}]}}"#, features.join(","));
        shapes(&map_file::parse(&text, Path::new("a.geojson")).unwrap(), Some("EPSG:4549"))
    }

    #[test]
    fn parts_are_shapes_of_their_own_and_rings_are_closed() {
        let found = of("", &[r#"{"type": "MultiPoint", "coordinates": [[1, 2], [3, 4, 5]]}"#]).unwrap();
        assert_eq!(found, [Shape::Point([1.0, 2.0]), Shape::Point([3.0, 4.0])]);
        let found = of("", &[r#"{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}"#]).unwrap();
        let Shape::Polygon(rings) = &found[0] else { panic!("{found:?}") };
        assert_eq!(rings[0].len(), 4);
        let found =
            of("", &[r#"{"type": "MultiLineString", "coordinates": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]}"#]);
        assert_eq!(found.unwrap().len(), 2);
    }

    #[test]
    fn what_is_no_shape_is_named_and_known_systems_are_brought_together() {
        let wrong = of("", &[r#"{"type": "LineString", "coordinates": [[1, 2]]}"#]).unwrap_err();
        assert!(wrong[0].message.contains("feature 1 has no shape"), "{}", wrong[0]);
        let there =
            of(r#""crs": "EPSG:4490","#, &[r#"{"type": "Point", "coordinates": [120.9, 41.2]}"#]).unwrap();
        // by PROJ, as in model/crs_oracle.csv
        let Shape::Point([x, y]) = there[0] else { panic!("{there:?}") };
        assert!((x - 575_492.730_80).abs() < 1e-4 && (y - 4_563_175.025_84).abs() < 1e-4, "{x} {y}");
        let wrong =
            of(r#""crs": "EPSG:2437","#, &[r#"{"type": "Point", "coordinates": [1, 2]}"#]).unwrap_err();
        assert!(wrong[0].message.contains("`EPSG:2437` is not known"), "{}", wrong[0]);
    }
}
