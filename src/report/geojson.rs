//! Verdicts and works as GeoJSON, for the platforms of others.
//!
//! A file is a FeatureCollection in the coordinates of the network. RFC 7946 knows longitude and latitude only and lets
//! other systems be used by arrangement between those who exchange files: hence the member `crs` of GeoJSON 2008 names
//! the system wherever the study does, as it does in the maps that a study reads. Without it, the coordinates are those
//! of the network, whatever they are. Properties have English names that carry their units and do not change; values
//! that are not known are `null`, and so is the geometry of what has no coordinates. Coordinates carry no elevation.

use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::model::{LinkId, Model, NodeId};
use crate::results::whole_file::write_whole;

use super::place::{link_line, node_place};

/// A collection of features.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Members beside the features: what the layer shows.
    pub members: Map<String, Value>,
    /// The features.
    pub features: Vec<Value>,
}

impl Layer {
    /// A layer without features; `crs` is such as `EPSG:4550`.
    pub fn new(name: &str, crs: Option<&str>) -> Self {
        let mut members = Map::new();
        members.insert("name".into(), name.into());
        if let Some(crs) = crs {
            let urn = match crs.split_once(':') {
                Some((authority, code)) if !crs.starts_with("urn:") => {
                    format!("urn:ogc:def:crs:{authority}::{code}")
                }
                _ => crs.to_owned(),
            };
            members.insert("crs".into(), json!({ "type": "name", "properties": { "name": urn } }));
        }
        Self { members, features: Vec::new() }
    }
    /// Adds a feature. `id` is the name of its element.
    pub fn add(&mut self, id: &str, geometry: Value, properties: Map<String, Value>) {
        self.features.push(json!({
            "type": "Feature", "id": id, "geometry": geometry, "properties": properties
        }));
    }
    /// Writes the layer, a feature a line.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        write_whole(path, |out| {
            out.write_all(b"{\"type\":\"FeatureCollection\"")?;
            for (key, value) in &self.members {
                write!(out, ",{}:{value}", Value::from(key.as_str()))?;
            }
            out.write_all(b",\"features\":[")?;
            for (index, feature) in self.features.iter().enumerate() {
                out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
                write!(out, "{feature}")?;
            }
            out.write_all(b"\n]}\n")
        })
    }
}

/// The geometry of a node: a point, or `null`.
pub fn node_geometry(model: &Model, node: NodeId) -> Value {
    node_place(model, node).map_or(Value::Null, point)
}

/// The geometry of a link: a line; a point when its ends lie on each other; or `null`.
pub fn link_geometry(model: &Model, id: LinkId) -> Value {
    match link_line(model, id) {
        None => Value::Null,
        Some(line) => match line.as_slice() {
            [only] => point(*only),
            line => json!({ "type": "LineString", "coordinates": line }),
        },
    }
}

/// The geometry of an outline: a polygon with a closed ring, or `null` for fewer than three corners.
pub fn outline_geometry(outline: &[[f64; 2]]) -> Value {
    let mut ring = outline.to_vec();
    ring.dedup();
    if let (Some(first), Some(last)) = (ring.first().copied(), ring.last().copied())
        && first != last
    {
        ring.push(first);
    }
    if ring.len() < 4 {
        return Value::Null;
    }
    // RFC 7946: outer rings run counterclockwise
    let twice_area: f64 = ring.iter().zip(ring.iter().skip(1)).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum();
    if twice_area < 0.0 {
        ring.reverse();
    }
    json!({ "type": "Polygon", "coordinates": [ring] })
}

fn point(place: [f64; 2]) -> Value {
    json!({ "type": "Point", "coordinates": place })
}
