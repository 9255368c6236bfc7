//! Where a GeoTIFF lies: its tie point and scale or its matrix, and the keys of its reference system.
//!
//! Source: OGC GeoTIFF 1.1 (19-008r4): tags 33550, 33922, 34264 and 34735; keys 1024, 1025, 2048, 3072, 3076.

use std::path::Path;

use super::{Frame, refuse};
use crate::diagnostic::Diagnostic;

/// Keys that are read.
const MODEL_TYPE: u16 = 1024;
const RASTER_TYPE: u16 = 1025;
const GEODETIC_CRS: u16 = 2048;
const PROJECTED_CRS: u16 = 3072;
const LINEAR_UNIT: u16 = 3076;
const VERTICAL_UNIT: u16 = 4099;
/// A value that stands for a system which the file spells out itself.
const USER_DEFINED: u16 = 32767;
/// The code of the metre.
const METRE: u16 = 9001;

/// What the tags of a file say about its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tags {
    /// Tag 33550: width and height of a cell, and a third number.
    pub scale: Vec<f64>,
    /// Tag 33922: six numbers a point, column, row, depth, and x, y, z.
    pub ties: Vec<f64>,
    /// Tag 34264: a matrix of four by four.
    pub matrix: Vec<f64>,
    /// Tag 34735: four numbers a key.
    pub keys: Vec<u16>,
}

impl Tags {
    /// The short value of a key.
    fn key(&self, wanted: u16) -> Option<u16> {
        let entries = self.keys.get(4..)?.chunks_exact(4);
        entries.into_iter().find_map(|entry| match entry {
            // a location of 0 says that the value is in the entry itself
            [key, 0, _, value] if *key == wanted => Some(*value),
            _ => None,
        })
    }

    /// Where the cells lie; `beside` is the system that a file beside the map names.
    pub fn frame(&self, beside: Option<String>, path: &Path) -> Result<Frame, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        for (key, what) in [(LINEAR_UNIT, "lengths"), (VERTICAL_UNIT, "heights")] {
            if let Some(unit) = self.key(key).filter(|&unit| unit != METRE && unit != 0) {
                let name = match unit {
                    9002 => "feet".to_owned(),
                    9003 => "US survey feet".to_owned(),
                    other => format!("the unit EPSG:{other}"),
                };
                let message = format!("the map gives {what} in {name}");
                problems.push(refuse(path, &message, "convert the map to metres"));
            }
        }
        let degrees = self.key(MODEL_TYPE) == Some(2);
        if self.key(MODEL_TYPE) == Some(3) {
            problems.push(refuse(path, "the map is geocentric", "project it, such as with gdalwarp"));
        }
        let code = if degrees { self.key(GEODETIC_CRS) } else { self.key(PROJECTED_CRS) };
        let code = code.filter(|&code| code != 0 && code != USER_DEFINED);
        let crs = code.map(|code| format!("EPSG:{code}")).or(beside);
        let place = self.place(path);
        match place {
            Ok((west, north, width, height)) if problems.is_empty() => {
                // a point stands for the cell around it
                let half = if self.key(RASTER_TYPE) == Some(2) { 0.5 } else { 0.0 };
                let (west, north) = (west - half * width, north + half * height);
                Ok(Frame { west, north, width, height, crs, degrees })
            }
            Ok(_) => Err(problems),
            Err(problem) => {
                problems.push(*problem);
                Err(problems)
            }
        }
    }

    /// West, north, width and height of the first cell as the tags give it.
    fn place(&self, path: &Path) -> Result<(f64, f64, f64, f64), Box<Diagnostic>> {
        let fail = |message: &str, help: &str| Err(Box::new(refuse(path, message, help)));
        if let [a, b, c, x, d, e, f, y, ..] = self.matrix.as_slice()
            && self.matrix.len() == 16
        {
            // c and f tilt the map against the vertical
            if [b, c, d, f].iter().any(|part| part.abs() > 1e-9 * a.abs().max(e.abs())) {
                return fail(
                    "the map is turned against the north",
                    "resample it to a grid that points north: `gdalwarp in.tif out.tif`",
                );
            }
            if *e > 0.0 {
                return fail(
                    "the first row of the map is the southern one",
                    "turn it over: `gdalwarp in.tif out.tif`",
                );
            }
            return Ok((*x, *y, *a, -e));
        }
        match (self.scale.as_slice(), self.ties.as_slice()) {
            ([_, height, ..], _) if *height < 0.0 => fail(
                "the first row of the map is the southern one",
                "turn it over: `gdalwarp in.tif out.tif`",
            ),
            ([width, height, ..], [column, row, _, x, y, _, ..]) => {
                Ok((x - column * width, y + row * height, *width, *height))
            }
            (_, ties) if ties.len() > 6 => fail(
                "the map is tied to the ground by points only",
                "resample it to a grid that points north: `gdalwarp in.tif out.tif`",
            ),
            _ => fail(
                "the map does not say where it lies: it has no tie point with a scale",
                "a picture is no map: export a GeoTIFF, or `gdal_translate -a_srs EPSG:4549 -a_ullr W N E S`",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(pairs: &[(u16, u16)]) -> Vec<u16> {
        let mut all = vec![1, 1, 0, pairs.len() as u16];
        pairs.iter().for_each(|&(key, value)| all.extend([key, 0, 1, value]));
        all
    }

    fn tags(pairs: &[(u16, u16)]) -> Tags {
        Tags {
            scale: vec![2.0, 2.0, 0.0],
            ties: vec![0.0, 0.0, 0.0, 100.0, 200.0, 0.0],
            matrix: Vec::new(),
            keys: keys(pairs),
        }
    }

    fn refused(tags: &Tags) -> String {
        tags.frame(None, Path::new("a.tif"))
            .unwrap_err()
            .iter()
            .map(|problem| problem.message.clone())
            .collect()
    }

    #[test]
    fn a_tie_point_and_a_scale_place_the_map() {
        let frame = tags(&[(MODEL_TYPE, 1), (PROJECTED_CRS, 4549)]).frame(None, Path::new("a")).unwrap();
        assert_eq!((frame.west, frame.north, frame.width), (100.0, 200.0, 2.0));
        assert_eq!(frame.crs.as_deref(), Some("EPSG:4549"));
        let mut inside = tags(&[]);
        inside.ties = vec![10.0, 5.0, 0.0, 100.0, 200.0, 0.0];
        let frame = inside.frame(Some("EPSG:1".into()), Path::new("a")).unwrap();
        assert_eq!((frame.west, frame.north), (80.0, 210.0));
        assert_eq!(frame.crs.as_deref(), Some("EPSG:1"), "by the file beside it");
    }

    #[test]
    fn a_point_stands_for_the_cell_around_it() {
        let frame = tags(&[(RASTER_TYPE, 2)]).frame(None, Path::new("a")).unwrap();
        assert_eq!((frame.west, frame.north), (99.0, 201.0));
    }

    #[test]
    fn a_matrix_without_rotation_is_read_and_others_are_refused() {
        let mut matrix = vec![0.0; 16];
        (matrix[0], matrix[3], matrix[5], matrix[7], matrix[15]) = (2.0, 100.0, -2.0, 200.0, 1.0);
        let mut with = Tags { matrix, ..Tags::default() };
        let frame = with.frame(None, Path::new("a")).unwrap();
        assert_eq!((frame.west, frame.north, frame.width, frame.height), (100.0, 200.0, 2.0, 2.0));
        with.matrix[1] = 0.1;
        assert!(refused(&with).contains("turned"));
        (with.matrix[1], with.matrix[5]) = (0.0, 2.0);
        assert!(refused(&with).contains("southern"));
    }

    #[test]
    fn what_has_no_place_or_no_metres_is_refused() {
        assert!(refused(&Tags::default()).contains("where it lies"));
        let points = Tags { ties: vec![0.0; 18], ..Tags::default() };
        assert!(refused(&points).contains("points only"));
        assert!(refused(&tags(&[(LINEAR_UNIT, 9003)])).contains("US survey feet"));
        assert!(refused(&tags(&[(VERTICAL_UNIT, 9002)])).contains("heights in feet"));
        assert!(tags(&[(MODEL_TYPE, 2), (GEODETIC_CRS, 4490)]).frame(None, Path::new("a")).unwrap().degrees);
    }
}
