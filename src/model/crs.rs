//! Coordinate reference systems: what a code stands for, and points taken from one system into another.
//!
//! Only systems are known whose datums agree with WGS 84 within about two metres without parameters that a
//! file does not hold (WGS 84, CGCS2000, ETRS89, GDA94, GDA2020): a table that knew more would move a map by a
//! hundred metres without a word. Terrain and network then differ by less than what a town's own grid does; a
//! finer match is the user's, with a tool that holds the parameters of the place.
//!
//! Codes and parameters: EPSG Geodetic Parameter Dataset. The families are regular, so the table holds rules:
//! transverse Mercator on a central meridian, scale 1 or (UTM) 0.9996, easting 500 km at the meridian.

use proj4rs::Proj;

/// A transverse Mercator projection on an ellipsoid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mercator {
    /// The central meridian (degrees).
    pub meridian: f64,
    /// What is added to eastings (m).
    pub easting: f64,
    /// What is added to northings (m).
    pub northing: f64,
    /// The scale on the meridian.
    pub scale: f64,
    /// The greater half axis of the ellipsoid (m).
    pub axis: f64,
    /// One over the flattening of the ellipsoid.
    pub flattening: f64,
}

/// The projection of a system; `None` for systems that are in degrees or not known.
#[must_use]
pub fn mercator(name: &str) -> Option<Mercator> {
    let System { ellipsoid, kind } = epsg(name).and_then(system)?;
    let Kind::Mercator { meridian, easting, northing, scale } = kind else { return None };
    let flattening = if ellipsoid == "WGS84" { 298.257_223_563 } else { 298.257_222_101 };
    Some(Mercator { meridian, easting, northing, scale, axis: 6_378_137.0, flattening })
}

/// How a system gives places.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// Longitude and latitude in degrees.
    Degrees,
    /// Transverse Mercator in metres: central meridian (degrees), false easting and northing (m), scale there.
    Mercator { meridian: f64, easting: f64, northing: f64, scale: f64 },
}

/// A system that is known.
#[derive(Clone, Copy, Debug, PartialEq)]
struct System {
    ellipsoid: &'static str,
    kind: Kind,
}

/// Why points cannot be taken from one system into another.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrsError {
    /// A system that the table does not hold.
    #[error("the reference system `{0}` is not known here")]
    Unknown(String),
    /// A point for which the projection has no answer.
    #[error("the point ({x}, {y}) has no place in `{to}`")]
    NoPlace {
        /// Its first coordinate, as text.
        x: String,
        /// Its second coordinate, as text.
        y: String,
        /// The system.
        to: String,
    },
}

/// The plain spelling of a code: `EPSG:4550` for `epsg:4550` and `urn:ogc:def:crs:EPSG::4550`.
#[must_use]
pub fn plain(name: &str) -> String {
    let upper = name.trim().to_ascii_uppercase();
    let parts: Vec<&str> =
        upper.rsplit("CRS:").next().unwrap_or(&upper).split(':').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [authority, .., code] => format!("{authority}:{code}"),
        _ => upper,
    }
}

/// The number of an EPSG code.
fn epsg(name: &str) -> Option<u32> {
    plain(name).strip_prefix("EPSG:")?.parse().ok()
}

/// Whether a system gives longitude and latitude in degrees, as far as is known: by the table, and by the block
/// of numbers (4001 to 4999) that EPSG gave to such systems in its first years, of which a few projected ones are
/// known exceptions.
#[must_use]
pub fn is_in_degrees(name: &str) -> bool {
    if plain(name).ends_with(":CRS84") {
        return true;
    }
    match epsg(name) {
        None => false,
        Some(code) => system(code).map_or_else(
            || matches!(code, 4001..=4399 | 4555..=4558 | 4600..=4829 | 4900..=4999),
            |found| found.kind == Kind::Degrees,
        ),
    }
}

/// Whether points of a system can be taken into others.
#[must_use]
pub fn is_known(name: &str) -> bool {
    plain(name).ends_with(":CRS84") || epsg(name).is_some_and(|code| system(code).is_some())
}

/// What a code stands for. Source: EPSG dataset, as quoted at each family.
fn system(code: u32) -> Option<System> {
    let degrees = |ellipsoid| System { ellipsoid, kind: Kind::Degrees };
    let mercator = |ellipsoid, meridian, easting, northing, scale| System {
        ellipsoid,
        kind: Kind::Mercator { meridian, easting, northing, scale },
    };
    let utm = |ellipsoid, zone: u32, northing| {
        mercator(ellipsoid, f64::from(zone) * 6.0 - 183.0, 500e3, northing, 0.9996)
    };
    Some(match code {
        // WGS 84; ETRS89; GDA94; CGCS2000; GDA2020
        4326 => degrees("WGS84"),
        4258 | 4283 | 4490 | 7844 => degrees("GRS80"),
        // WGS 84 / UTM zone 1N to 60N, 1S to 60S
        32601..=32660 => utm("WGS84", code - 32600, 0.0),
        32701..=32760 => utm("WGS84", code - 32700, 10e6),
        // ETRS89 / UTM zone 28N to 38N
        25828..=25838 => utm("GRS80", code - 25800, 0.0),
        // GDA94 / MGA zone 48 to 58; GDA2020 / MGA zone 46 to 59
        28348..=28358 => utm("GRS80", code - 28300, 10e6),
        7846..=7859 => utm("GRS80", code - 7800, 10e6),
        // CGCS2000 / Gauss-Kruger zone 13 to 23 (6 degrees, zone number before the easting)
        4491..=4501 => {
            let zone = f64::from(code - 4491 + 13);
            mercator("GRS80", zone * 6.0 - 3.0, zone * 1e6 + 500e3, 0.0, 1.0)
        }
        // CGCS2000 / Gauss-Kruger CM 75E to 135E (6 degrees)
        4502..=4512 => mercator("GRS80", f64::from(code - 4502) * 6.0 + 75.0, 500e3, 0.0, 1.0),
        // CGCS2000 / 3-degree Gauss-Kruger zone 25 to 45 (zone number before the easting)
        4513..=4533 => {
            let zone = f64::from(code - 4513 + 25);
            mercator("GRS80", zone * 3.0, zone * 1e6 + 500e3, 0.0, 1.0)
        }
        // CGCS2000 / 3-degree Gauss-Kruger CM 75E to 135E
        4534..=4554 => mercator("GRS80", f64::from(code - 4534) * 3.0 + 75.0, 500e3, 0.0, 1.0),
        _ => return None,
    })
}

/// The code of a system by the names that ESRI's `.prj` files give, such as `WGS_1984_UTM_Zone_50N` and
/// `CGCS2000_3_Degree_GK_CM_117E`; `None` for names that are not known.
#[must_use]
pub fn code_of_esri_name(name: &str) -> Option<String> {
    let name = name.trim().to_ascii_uppercase().replace([' ', '-', '/'], "_");
    let number = |text: &str| text.parse::<u32>().ok();
    let utm = |rest: &str, north: u32, south: u32| match rest.split_at_checked(rest.len().checked_sub(1)?)? {
        (zone, "N") => number(zone).map(|zone| north + zone),
        (zone, "S") => number(zone).map(|zone| south + zone),
        _ => None,
    };
    let meridian = |rest: &str| rest.strip_suffix('E').and_then(number);
    let code = if let Some(rest) = name.strip_prefix("WGS_1984_UTM_ZONE_") {
        utm(rest, 32600, 32700)
    } else if let Some(rest) = name.strip_prefix("ETRS_1989_UTM_ZONE_") {
        rest.strip_suffix('N').and_then(number).map(|zone| 25800 + zone)
    } else if let Some(rest) = name.strip_prefix("GDA_1994_MGA_ZONE_") {
        number(rest).map(|zone| 28300 + zone)
    } else if let Some(rest) = name.strip_prefix("GDA2020_MGA_ZONE_") {
        number(rest).map(|zone| 7800 + zone)
    } else if let Some(rest) = name.strip_prefix("CGCS2000_3_DEGREE_GK_CM_") {
        meridian(rest).and_then(|meridian| Some(4534 + meridian.checked_sub(75)? / 3))
    } else if let Some(rest) = name.strip_prefix("CGCS2000_3_DEGREE_GK_ZONE_") {
        number(rest).and_then(|zone| Some(4513 + zone.checked_sub(25)?))
    } else if let Some(rest) = name.strip_prefix("CGCS2000_GK_CM_") {
        meridian(rest).and_then(|meridian| Some(4502 + meridian.checked_sub(75)? / 6))
    } else if let Some(rest) = name.strip_prefix("CGCS2000_GK_ZONE_") {
        number(rest).and_then(|zone| Some(4491 + zone.checked_sub(13)?))
    } else {
        match name.as_str() {
            "GCS_WGS_1984" | "WGS_84" => Some(4326),
            "GCS_CHINA_GEODETIC_COORDINATE_SYSTEM_2000" => Some(4490),
            _ => None,
        }
    };
    code.filter(|&code| system(code).is_some()).map(|code| format!("EPSG:{code}"))
}

/// Takes points from one system into another.
pub struct Reprojection {
    from: Option<Proj>,
    to: Option<Proj>,
    from_degrees: bool,
    to_degrees: bool,
    name: String,
}

impl Reprojection {
    /// Between two systems by their codes. Equal codes leave points as they are, known or not.
    ///
    /// # Errors
    /// When one of two different systems is not known.
    pub fn between(from: &str, to: &str) -> Result<Self, CrsError> {
        let (from, to) = (plain(from), plain(to));
        if from == to {
            return Ok(Self { from: None, to: None, from_degrees: false, to_degrees: false, name: to });
        }
        let (from_degrees, to_degrees) = (is_in_degrees(&from), is_in_degrees(&to));
        let (from, target) = (projection(&from)?, projection(&to)?);
        Ok(Self { from: Some(from), to: Some(target), from_degrees, to_degrees, name: to })
    }

    /// The place of a point. Systems in degrees take and give longitude, then latitude.
    ///
    /// # Errors
    /// When the projection has no answer, as for latitudes beyond a pole.
    pub fn point(&self, x: f64, y: f64) -> Result<(f64, f64), CrsError> {
        let (Some(from), Some(to)) = (&self.from, &self.to) else { return Ok((x, y)) };
        let none = || CrsError::NoPlace { x: x.to_string(), y: y.to_string(), to: self.name.clone() };
        let mut point = if self.from_degrees { (x.to_radians(), y.to_radians(), 0.0) } else { (x, y, 0.0) };
        proj4rs::transform::transform(from, to, &mut point).map_err(|_| none())?;
        let found =
            if self.to_degrees { (point.0.to_degrees(), point.1.to_degrees()) } else { (point.0, point.1) };
        if found.0.is_finite() && found.1.is_finite() { Ok(found) } else { Err(none()) }
    }
}

/// The projection of a known code. Datums count as one, so no shift is asked for.
fn projection(name: &str) -> Result<Proj, CrsError> {
    let unknown = || CrsError::Unknown(name.to_owned());
    let found = if name.ends_with(":CRS84") { system(4326) } else { epsg(name).and_then(system) };
    let System { ellipsoid, kind } = found.ok_or_else(unknown)?;
    let text = match kind {
        Kind::Degrees => format!("+proj=longlat +ellps={ellipsoid} +no_defs"),
        Kind::Mercator { meridian, easting, northing, scale } => format!(
            "+proj=tmerc +lat_0=0 +lon_0={meridian} +k={scale} +x_0={easting} +y_0={northing} +ellps={ellipsoid} +units=m +no_defs"
        ),
    };
    Proj::from_proj_string(&text).map_err(|_| unknown())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: (f64, f64), expected: (f64, f64), within: f64) {
        let off = (found.0 - expected.0).hypot(found.1 - expected.1);
        assert!(off < within, "{found:?} is {off} off {expected:?}");
    }

    #[test]
    fn places_agree_with_proj() {
        // by PROJ 9 (pyproj.Transformer, always_xy), to a tenth of a millimetre
        let cases = include_str!("crs_oracle.csv").lines().filter(|line| !line.starts_with('#'));
        let mut count = 0;
        for line in cases {
            let fields: Vec<&str> = line.split(',').collect();
            let number = |place: usize| fields[place].parse::<f64>().unwrap();
            let there = Reprojection::between(fields[0], fields[1]).unwrap();
            close(there.point(number(2), number(3)).unwrap(), (number(4), number(5)), 1e-4);
            let back = Reprojection::between(fields[1], fields[0]).unwrap();
            let within = if is_in_degrees(fields[0]) { 1e-9 } else { 1e-4 };
            close(back.point(number(4), number(5)).unwrap(), (number(2), number(3)), within);
            count += 1;
        }
        assert!(count >= 12, "{count}");
    }

    #[test]
    fn equal_codes_leave_points_and_unknown_ones_are_refused() {
        let same = Reprojection::between("urn:ogc:def:crs:EPSG::2437", "epsg:2437").unwrap();
        assert_eq!(same.point(1.0, 2.0), Ok((1.0, 2.0)));
        let refused = Reprojection::between("EPSG:2437", "EPSG:4549").err();
        assert_eq!(refused, Some(CrsError::Unknown("EPSG:2437".into())), "Beijing 1954 needs parameters");
        let beyond = Reprojection::between("EPSG:4326", "EPSG:32650").unwrap();
        assert!(beyond.point(f64::NAN, 40.0).is_err());
    }

    #[test]
    fn degrees_are_told_from_metres() {
        for name in ["EPSG:4326", "EPSG:4490", "epsg:4258", "EPSG:4214", "OGC:CRS84", "EPSG:4610"] {
            assert!(is_in_degrees(name), "{name}");
        }
        for name in ["EPSG:32650", "EPSG:4549", "EPSG:4513", "EPSG:4491", "EPSG:27700", "EPSG:3857"] {
            assert!(!is_in_degrees(name), "{name}");
        }
    }

    #[test]
    fn the_names_of_esri_give_codes() {
        let code = |name| code_of_esri_name(name);
        assert_eq!(code("WGS_1984_UTM_Zone_50N").as_deref(), Some("EPSG:32650"));
        assert_eq!(code("WGS_1984_UTM_Zone_56S").as_deref(), Some("EPSG:32756"));
        assert_eq!(code("CGCS2000_3_Degree_GK_CM_120E").as_deref(), Some("EPSG:4549"));
        assert_eq!(code("CGCS2000_3_Degree_GK_Zone_39").as_deref(), Some("EPSG:4527"));
        assert_eq!(code("CGCS2000_GK_Zone_20").as_deref(), Some("EPSG:4498"));
        assert_eq!(code("GDA_1994_MGA_Zone_56").as_deref(), Some("EPSG:28356"));
        assert_eq!(code("GCS_WGS_1984").as_deref(), Some("EPSG:4326"));
        assert_eq!(code("Xian_1980_3_Degree_GK_CM_117E"), None);
        assert_eq!(code("WGS_1984_UTM_Zone_99N"), None);
        assert_eq!(code("城市"), None);
    }
}
