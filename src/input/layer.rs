//! Layers of the surface on the cells of its terrain: roughness, land use, buildings, infiltration, initial depth,
//! each from a map of cells or from polygons.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::patches::{self, Meaning};
use super::raster;
use crate::diagnostic::Diagnostic;
use crate::model::burn::{Burn, Cover, burn};
use crate::model::crs::Reprojection;
use crate::model::raster::Raster;

/// Points along the side of a cell at which a finer map is looked at, at most.
const MOST_POINTS: f64 = 16.0;
/// Classes and patches that are named where several are meant.
const MOST_NAMED: usize = 10;

/// Where the values of a layer come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source<'a> {
    /// A map of values.
    Values(&'a Path),
    /// A map of whole numbers that stand for classes, and the values of the classes.
    Classes(&'a Path, &'a BTreeMap<i64, f64>),
    /// Polygons, what gives them their values, and which cells they cover.
    Polygons(&'a Path, Meaning<'a>, Cover),
}

/// Lays a source over a layer, which has the cells and the reference system of the terrain: values replace those
/// that are there, or are added to them. Where the source says nothing the layer stays as it is.
///
/// The inner result is an error when the source cannot be used; warnings, as of a source that covers nothing of
/// the terrain, go to `found`.
///
/// # Errors
/// When a file cannot be read.
pub fn lay(
    layer: &mut Raster,
    source: &Source<'_>,
    how: Burn,
    found: &mut Vec<Diagnostic>,
) -> io::Result<Result<(), Vec<Diagnostic>>> {
    match source {
        Source::Values(path) => {
            Ok(raster::read(path)?.and_then(|map| lay_map(layer, &map, path, (how, true), Ok, found)))
        }
        Source::Classes(path, classes) => {
            let value = |class: f32| {
                let number = class as i64;
                let known = classes.get(&number).filter(|_| class.fract() == 0.0);
                known.map(|&value| value as f32).ok_or(class)
            };
            Ok(raster::read(path)?.and_then(|map| lay_map(layer, &map, path, (how, false), value, found)))
        }
        Source::Polygons(path, meaning, cover) => {
            let crs = layer.crs.clone();
            Ok(patches::read(path, meaning, crs.as_deref())?.map(|patches| {
                let counts = burn(layer, &patches, *cover, how);
                let empty: Vec<String> = counts
                    .iter()
                    .enumerate()
                    .filter(|(_, count)| **count == 0)
                    .map(|(index, _)| (index + 1).to_string())
                    .collect();
                if !empty.is_empty() {
                    let more = if empty.len() > MOST_NAMED { " …" } else { "" };
                    let message = format!(
                        "{}: {} of {} polygons cover no cell of the terrain (feature {}{more})",
                        path.display(),
                        empty.len(),
                        counts.len(),
                        empty.get(..MOST_NAMED.min(empty.len())).unwrap_or_default().join(", ")
                    );
                    let help = "they lie beside the terrain, are thinner than a cell, or are in another reference system";
                    found.push(Diagnostic::warning(0, message).help(help));
                }
            }))
        }
    }
}

/// Lays a map over a layer: each cell takes the value at its middle, or, of numbers that are no classes (the second of
/// `how`) and of a finer map, the mean of what is known at evenly spread points, about one for each cell of the map.
/// `value` says what a stored number means, or gives it back when it means nothing.
fn lay_map(
    layer: &mut Raster,
    map: &Raster,
    path: &Path,
    (how, mean): (Burn, bool),
    value: impl Fn(f32) -> Result<f32, f32>,
    found: &mut Vec<Diagnostic>,
) -> Result<(), Vec<Diagnostic>> {
    let fail = |message: String, help: &str| {
        vec![Diagnostic::error(0, format!("{}: {message}", path.display())).help(help)]
    };
    let into = match (layer.crs.as_deref(), map.crs.as_deref()) {
        (Some(from), Some(to)) => match Reprojection::between(from, to) {
            Ok(into) => Some(into),
            Err(error) => {
                let message = format!("the map is in {to}, the terrain in {from}, and {error}");
                let help = format!("transform it, such as with `gdalwarp -t_srs {from} in.tif out.tif`");
                return Err(fail(message, &help));
            }
        },
        // a map that names no system is in that of the terrain
        _ => None,
    };
    // offsets of the points from the middle, in cells of the layer
    let side = if mean { (layer.cell / map.cell).ceil().clamp(1.0, MOST_POINTS) as usize } else { 1 };
    let offset = |index: usize| (index as f64 + 0.5) / side as f64 - 0.5;
    let points: Vec<(f64, f64)> =
        (0..side).flat_map(|up| (0..side).map(move |right| (offset(right), offset(up)))).collect();
    let mut covered = 0_usize;
    let mut strange: BTreeMap<u32, f32> = BTreeMap::new();
    for row in 0..layer.rows() {
        for column in 0..layer.columns() {
            let (x, y) = layer.centre(row, column);
            let at = |(right, up): (f64, f64)| {
                let (x, y) = (x + right * layer.cell, y + up * layer.cell);
                let place = into.as_ref().map_or(Some((x, y)), |into| into.point(x, y).ok());
                place.and_then(|(x, y)| map.value_at(x, y))
            };
            let known = points.iter().filter_map(|point| at(*point));
            let (sum, count) =
                known.fold((0.0, 0.0), |(sum, count), value| (sum + f64::from(value), count + 1.0));
            if count == 0.0 {
                continue;
            }
            let stored = (sum / count) as f32;
            let Some(cell) = layer.values.get_mut((row, column)) else { continue };
            match value(stored) {
                Ok(value) => {
                    covered += 1;
                    *cell = match how {
                        Burn::Replace => value,
                        Burn::Add => *cell + value,
                    };
                }
                Err(class) => {
                    strange.insert(class.to_bits(), class);
                }
            }
        }
    }
    if !strange.is_empty() {
        let named: Vec<String> = strange.values().take(MOST_NAMED).map(ToString::to_string).collect();
        let more = if strange.len() > MOST_NAMED { " …" } else { "" };
        let message = format!("the map holds classes without a value: {}{more}", named.join(", "));
        return Err(fail(message, "give each class of the map a value"));
    }
    if covered == 0 {
        let (at, of) = (map.extent(), layer.extent());
        let message = format!(
            "{}: the map covers nothing of the terrain: x {:.0} to {:.0}, y {:.0} to {:.0}; terrain x {:.0} to {:.0}, y {:.0} to {:.0}",
            path.display(),
            at.west,
            at.east,
            at.south,
            at.north,
            of.west,
            of.east,
            of.south,
            of.north
        );
        found.push(Diagnostic::warning(0, message).help("is it in the reference system of the terrain?"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};
    use std::path::PathBuf;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("pailao-layer-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Two rows of three cells of 10 m from (100, 220), all 1.
    fn layer() -> Raster {
        Raster {
            west: 100.0,
            north: 220.0,
            cell: 10.0,
            crs: Some("EPSG:4549".into()),
            values: Array2::from_elem((2, 3), 1.0),
        }
    }

    #[test]
    fn a_finer_map_gives_the_mean_of_what_it_knows_under_a_cell() {
        let folder = folder("values");
        let path = folder.join("n.asc");
        // cells of 4 m from (98, 210): three by three points a cell, of which the map covers those of the southern
        // row, but for one that is unknown and three beyond its eastern edge
        let text = "ncols 7\nnrows 3\nxllcorner 98\nyllcorner 198\ncellsize 4\nNODATA_value -1\n\
                    1 2 3 4 5 6 7\n11 12 13 14 -1 16 17\n21 22 23 24 25 26 27\n";
        std::fs::write(&path, text).unwrap();
        let (mut map, mut found) = (layer(), Vec::new());
        lay(&mut map, &Source::Values(&path), Burn::Replace, &mut found).unwrap().unwrap();
        assert_eq!(map.values, array![[1.0, 1.0, 1.0], [12.0, 15.0, 16.5]]);
        lay(&mut map, &Source::Values(&path), Burn::Add, &mut found).unwrap().unwrap();
        assert_eq!(map.values[(1, 0)], 24.0);
        assert!(found.is_empty(), "{found:?}");
        let mut far = Raster { west: 1e6, ..layer() };
        lay(&mut far, &Source::Values(&path), Burn::Replace, &mut found).unwrap().unwrap();
        assert!(found[0].message.contains("covers nothing of the terrain"), "{}", found[0]);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn classes_become_values_and_those_without_one_are_named() {
        let folder = folder("classes");
        let path = folder.join("use.asc");
        let text = "ncols 3\nnrows 2\nxllcorner 100\nyllcorner 200\ncellsize 10\n1 2 2\n1 7 -9999\n";
        std::fs::write(&path, text).unwrap();
        let mut classes = BTreeMap::from([(1, 0.013), (2, 0.2)]);
        let (mut map, mut found) = (layer(), Vec::new());
        let refused = lay(&mut map, &Source::Classes(&path, &classes), Burn::Replace, &mut found).unwrap();
        let text = refused.unwrap_err()[0].to_string();
        assert!(text.contains("holds classes without a value: 7"), "{text}");
        classes.insert(7, 0.05);
        let mut map = layer();
        lay(&mut map, &Source::Classes(&path, &classes), Burn::Replace, &mut found).unwrap().unwrap();
        assert_eq!(map.values, array![[0.013, 0.2, 0.2], [0.013, 0.05, 1.0]]);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn polygons_are_burnt_and_those_that_cover_nothing_are_named() {
        let folder = folder("polygons");
        let path = folder.join("houses.geojson");
        let feature = |x: f64| {
            format!(
                r#"{{"type": "Feature", "properties": {{"h": 6}}, "geometry": {{"type": "Polygon", "coordinates": [[[{x},200],[{0},200],[{0},220],[{x},220],[{x},200]]]}}}}"#,
                x + 10.0
            )
        };
        let text = format!(
            r#"{{"type": "FeatureCollection", "crs": "EPSG:4549", "features": [{}, {}]}}"#,
            feature(110.0),
            feature(900.0)
        );
        std::fs::write(&path, text).unwrap();
        let (mut map, mut found) = (layer(), Vec::new());
        let source = Source::Polygons(&path, Meaning::Number("h"), Cover::Middle);
        lay(&mut map, &source, Burn::Add, &mut found).unwrap().unwrap();
        assert_eq!(map.values, array![[1.0, 7.0, 1.0], [1.0, 7.0, 1.0]]);
        assert!(
            found[0].message.contains("1 of 2 polygons cover no cell of the terrain (feature 2)"),
            "{}",
            found[0]
        );
        std::fs::remove_dir_all(folder).unwrap();
    }
}
