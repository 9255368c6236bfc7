//! Roads of a city from a map: lines with a name and a class.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::io;
use std::path::Path;

use geojson::{GeometryValue, Position};

use crate::diagnostic::Diagnostic;
use crate::scenario::road::Road;

use super::map_file::{self, MapFile};

/// Reads roads. The inner error lists the problems of the content.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> io::Result<Result<Vec<Road>, Vec<Diagnostic>>> {
    Ok(map_file::read(path)?.map_err(|problem| vec![*problem]).and_then(|map| roads(&map)))
}

/// The roads of a map, one for each feature, in the order of the file.
///
/// # Errors
/// When features lack a name or a class, or are no lines.
pub fn roads(map: &MapFile) -> Result<Vec<Road>, Vec<Diagnostic>> {
    let mut problems = map.lacking(&["name", "class"]);
    let mut roads = Vec::new();
    for (index, feature) in map.features.iter().enumerate() {
        let (Some(name), Some(class)) = (MapFile::text(feature, "name"), MapFile::text(feature, "class"))
        else {
            continue;
        };
        let lines = match feature.geometry.as_ref().map(|geometry| &geometry.value) {
            Some(GeometryValue::LineString { coordinates }) => vec![line(coordinates)],
            Some(GeometryValue::MultiLineString { coordinates }) => {
                coordinates.iter().map(|part| line(part)).collect()
            }
            _ => {
                let message =
                    format!("{}: the road `{name}` (feature {}) is no line", map.path.display(), index + 1);
                problems
                    .push(Diagnostic::error(0, message).help("a road is a LineString or a MultiLineString"));
                continue;
            }
        };
        roads.push(Road { name: name.to_owned(), class: class.to_owned(), lines });
    }
    if problems.is_empty() { Ok(roads) } else { Err(problems) }
}

/// A line in plan.
fn line(positions: &[Position]) -> Vec<[f64; 2]> {
    let point = |position: &Position| match position.as_slice() {
        [x, y, ..] => Some([*x, *y]),
        _ => None,
    };
    positions.iter().filter_map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(geometry: &str) -> Result<Vec<Road>, Vec<Diagnostic>> {
        let text = format!(
            r#"{{"type": "FeatureCollection", "features": [{{"type": "Feature", "properties":
            {{"name": "滨河路", "class": "主干路"}}, "geometry": {geometry}}}]}}"#
        );
        roads(&map_file::parse(&text, Path::new("roads.geojson")).unwrap())
    }

    #[test]
    fn a_road_is_its_lines_in_plan() {
        let read = of(r#"{"type": "LineString", "coordinates": [[0,0,7],[3,4,7]]}"#).unwrap();
        assert_eq!(read[0].lines, [vec![[0.0, 0.0], [3.0, 4.0]]]);
        assert_eq!((read[0].name.as_str(), read[0].class.as_str()), ("滨河路", "主干路"));
        let parts = of(r#"{"type": "MultiLineString", "coordinates": [[[0,0],[1,0]],[[2,0],[3,0]]]}"#);
        assert_eq!(parts.unwrap()[0].lines.len(), 2);
    }

    #[test]
    fn what_is_no_road_is_named() {
        let problems = of(r#"{"type": "Point", "coordinates": [0,0]}"#).unwrap_err();
        assert!(problems[0].message.contains("`滨河路` (feature 1) is no line"), "{}", problems[0]);
    }
}
