//! Maps as GeoJSON: features, and the coordinate reference system that the file names.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::io;
use std::path::{Path, PathBuf};

use geojson::{Feature, FeatureCollection, GeoJson};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Place};
use crate::model::crs::Reprojection;

/// Features that are named where several lack something.
const MOST_NAMED: usize = 3;

/// A map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapFile {
    /// The file.
    pub path: PathBuf,
    /// Coordinate reference system, such as `EPSG:4550`, when the file names one in its member `crs`.
    pub crs: Option<String>,
    /// The features.
    pub features: Vec<Feature>,
}

/// Reads a map. The inner error says why the text is none.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> io::Result<Result<MapFile, Box<Diagnostic>>> {
    let bytes = std::fs::read(path)?;
    Ok(parse(&String::from_utf8_lossy(&bytes), path))
}

/// Reads a map from text; `path` names it in messages.
///
/// # Errors
/// When the text is no GeoJSON, or no collection of features.
pub fn parse(text: &str, path: &Path) -> Result<MapFile, Box<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let refuse =
        |message: String| Diagnostic::error(0, message).help("a map is GeoJSON: a FeatureCollection");
    // the text is JSON first: then its error knows the line
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
        let place = Place {
            file: path.to_path_buf(),
            line: error.line(),
            column: 0,
            text: line.chars().take(200).collect(),
            token: String::new(),
        };
        let message = format!("{} is no JSON: {error}", path.display());
        return Err(Box::new(refuse(message).at(place)));
    }
    let collection = match text.parse::<GeoJson>() {
        Ok(GeoJson::FeatureCollection(collection)) => collection,
        Ok(_) => return Err(Box::new(refuse(format!("{} holds no features", path.display())))),
        Err(error) => return Err(Box::new(refuse(format!("{} is no map: {error}", path.display())))),
    };
    let FeatureCollection { features, foreign_members, .. } = collection;
    let crs = foreign_members.as_ref().and_then(|members| members.get("crs")).and_then(crs_name);
    Ok(MapFile { path: path.to_path_buf(), crs, features })
}

/// The name of a coordinate reference system as GeoJSON files write it: a text, or the object of GeoJSON 2008.
fn crs_name(crs: &Value) -> Option<String> {
    let name = crs.as_str().or_else(|| crs.get("properties")?.get("name")?.as_str())?;
    Some(plain_crs(name))
}

/// `EPSG:4550` of `urn:ogc:def:crs:EPSG::4550` and of `epsg:4550`.
pub use crate::model::crs::plain as plain_crs;

impl MapFile {
    /// A problem of the map.
    pub fn problem(&self, message: impl std::fmt::Display, help: &str) -> Diagnostic {
        Diagnostic::error(0, format!("{}: {message}", self.path.display())).help(help)
    }
    /// The way into another system; `None` when one of the two is not named, and both are taken to be the same.
    ///
    /// # Errors
    /// When there is no way between them.
    pub fn into_system(&self, crs: Option<&str>) -> Result<Option<Reprojection>, Box<Diagnostic>> {
        let (Some(own), Some(wanted)) = (self.crs.as_deref(), crs) else { return Ok(None) };
        Reprojection::between(own, wanted).map(Some).map_err(|error| {
            let message = format!("the map is in {own}, the terrain in {wanted}, and {error}");
            let help =
                format!("transform the map, such as with `ogr2ogr -t_srs {wanted} out.geojson in.geojson`");
            Box::new(self.problem(message, &help))
        })
    }
    /// Takes the points of a feature, which `name` names in messages, into another system.
    ///
    /// # Errors
    /// At the first point that has no place there.
    pub fn take<'a>(
        &self,
        name: &str,
        mut points: impl Iterator<Item = &'a mut [f64; 2]>,
        into: &Reprojection,
    ) -> Result<(), Box<Diagnostic>> {
        let moved = points.try_for_each(|point| into.point(point[0], point[1]).map(|(x, y)| *point = [x, y]));
        moved.map_err(|error| {
            Box::new(self.problem(format_args!("{name}: {error}"), "is the map in the system it names?"))
        })
    }
    /// A text property of a feature.
    pub fn text<'a>(feature: &'a Feature, property: &str) -> Option<&'a str> {
        feature.property(property).and_then(Value::as_str)
    }
    /// Errors for the properties that some features lack.
    pub fn lacking(&self, properties: &[&str]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for property in properties {
            let is_missing = |feature: &Feature| feature.property(property).is_none_or(Value::is_null);
            let missing: Vec<String> = self
                .features
                .iter()
                .enumerate()
                .filter(|(_, feature)| is_missing(feature))
                .map(|(index, _)| (index + 1).to_string())
                .collect();
            if missing.is_empty() {
                continue;
            }
            let named = missing.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
            let more = if missing.len() > MOST_NAMED { " …" } else { "" };
            let message = format!(
                "{}: {} of {} features have no `{property}` (feature {named}{more})",
                self.path.display(),
                missing.len(),
                self.features.len()
            );
            found.push(
                Diagnostic::error(0, message).help(format!("give each feature the property `{property}`")),
            );
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: &str = r#"{"type": "Feature", "properties": {"id": "B1"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}"#;

    #[test]
    fn the_reference_system_is_read_in_both_spellings() {
        for crs in [
            r#""EPSG:4550""#,
            r#"{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4550"}}"#,
            r#""epsg:4550""#,
        ] {
            let text = format!(r#"{{"type": "FeatureCollection", "crs": {crs}, "features": [{POINT}]}}"#);
            assert_eq!(parse(&text, Path::new("a")).unwrap().crs.as_deref(), Some("EPSG:4550"));
        }
        assert_eq!(plain_crs("urn:ogc:def:crs:OGC:1.3:CRS84"), "OGC:CRS84");
    }

    #[test]
    fn what_is_no_map_is_refused_and_what_lacks_a_property_is_named() {
        let wrong = parse("{\n\"type\": }", Path::new("a.geojson")).unwrap_err();
        assert_eq!(wrong.place.as_ref().map(|place| place.line), Some(2), "{wrong}");
        assert!(parse(POINT, Path::new("a")).unwrap_err().message.contains("no features"));
        let map =
            parse(&format!(r#"{{"type": "FeatureCollection", "features": [{POINT}]}}"#), Path::new("a"))
                .unwrap();
        let lacking = map.lacking(&["id", "use"]);
        assert_eq!(lacking.len(), 1);
        assert!(lacking[0].message.contains("1 of 1 features have no `use` (feature 1)"), "{}", lacking[0]);
    }
}
