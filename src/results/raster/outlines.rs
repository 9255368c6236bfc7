//! GeoJSON of what lies on a map: outlines of groups of cells, and points, with properties.
//!
//! Coordinates are those of the map, and the member `crs` names their system as QGIS, GDAL and this program's
//! own reader know it (RFC 7946 wants degrees, which would move a puddle off its cells).

use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::epsg;
use crate::model::outline::Outline;
use crate::model::raster::Raster;
use crate::results::whole_file::write_whole;

/// The geometry of an outline: a polygon in the coordinates of its map.
#[must_use]
pub fn polygon(outline: &Outline, map: &Raster) -> Value {
    let place = |corner: &[usize; 2]| {
        json!([map.west + map.cell * corner[1] as f64, map.north - map.cell * corner[0] as f64])
    };
    let rings = outline.rings.iter().map(|ring| ring.iter().map(place).collect::<Vec<_>>());
    json!({"type": "Polygon", "coordinates": rings.collect::<Vec<_>>()})
}

/// The geometry of a point.
#[must_use]
pub fn point(x: f64, y: f64) -> Value {
    json!({"type": "Point", "coordinates": [x, y]})
}

/// Writes geometries with their properties, one feature a line, in the order given.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, crs: Option<&str>, features: &[(Value, Map<String, Value>)]) -> io::Result<()> {
    write_whole(path, |out| {
        write!(out, "{{\"type\": \"FeatureCollection\"")?;
        if let Some(code) = epsg(crs) {
            let name = format!("urn:ogc:def:crs:EPSG::{code}");
            write!(out, ",\n\"crs\": {}", json!({"type": "name", "properties": {"name": name}}))?;
        }
        write!(out, ",\n\"features\": [")?;
        for (index, (geometry, properties)) in features.iter().enumerate() {
            let comma = if index == 0 { "\n" } else { ",\n" };
            let feature = json!({"type": "Feature", "properties": properties, "geometry": geometry});
            write!(out, "{comma}{feature}")?;
        }
        writeln!(out, "\n]}}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn outlines_and_points_are_read_again_as_they_were() {
        let values = array![[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]];
        let map = Raster { west: 100.0, north: 50.0, cell: 2.0, crs: Some("EPSG:4549".into()), values };
        let outlines = crate::model::outline::outlines(&map.values.mapv(|depth| depth > 0.5));
        let properties = |name: &str| Map::from_iter([("name".to_owned(), json!(name))]);
        let features =
            [(polygon(&outlines[0], &map), properties("积水1")), (point(101.0, 49.0), properties("deepest"))];
        let path = std::env::temp_dir().join(format!("pailao-outlines-{}.geojson", std::process::id()));
        write(&path, map.crs.as_deref(), &features).unwrap();
        let back = crate::input::map_file::read(&path).unwrap().unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!((back.crs.as_deref(), back.features.len()), (Some("EPSG:4549"), 2));
        let shape = back.features[0].geometry.as_ref().unwrap().to_string();
        assert!(
            shape.contains("[104.0,48.0],[104.0,50.0],[100.0,50.0],[100.0,46.0],[102.0,46.0]"),
            "{shape}"
        );
    }
}
