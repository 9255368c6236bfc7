//! Maps over time in one file: NetCDF-3 with 64-bit offsets, conventions CF-1.8, time without a limit.
//!
//! Written map by map as the run goes, so that memory does not grow with time. Until it is finished the file
//! bears the ending `.part`; it is valid after each time, so what a run had written when it was killed can be
//! read under that name.
//!
//! Source: NetCDF Classic Format Specification (Unidata), CF Conventions 1.8 (section 5.6 and appendix F for
//! the grid mapping); opened with netCDF4, xarray and GDAL in `.ci/maps.py`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use super::{NO_DATA, epsg};
use crate::model::crs;
use crate::model::raster::Raster;
use crate::results::mark::Mark;

/// What a file holds at each time.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name, such as `depth`.
    pub name: String,
    /// Its unit, such as `m`.
    pub unit: String,
    /// What it is, such as `depth of water on the ground`.
    pub long_name: String,
    /// Its name in the table of CF, if there is one.
    pub standard_name: Option<String>,
}

/// A file that is being written.
#[derive(Debug)]
pub struct Stack {
    out: BufWriter<File>,
    path: PathBuf,
    temporary: PathBuf,
    cells: (usize, usize),
    variables: usize,
    times: u32,
    last: f64,
}

/// How far a file had come when a checkpoint was taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Progress {
    mark: Mark,
    times: u32,
    last: f64,
}

/// Lists of the format begin with their kind.
const DIMENSIONS: u32 = 10;
const VARIABLES: u32 = 11;
const ATTRIBUTES: u32 = 12;
/// Type numbers of the format.
const CHAR: u32 = 2;
const INT: u32 = 4;
const FLOAT: u32 = 5;
const DOUBLE: u32 = 6;
/// Where the count of times stands.
const COUNT: u64 = 4;

impl Stack {
    /// Begins a file for maps of the cells of `like`. Times are seconds since `start`, such as
    /// `2021-07-20 16:00:00`.
    ///
    /// # Errors
    /// When the file cannot be written, or holds no variable or no cells.
    pub fn create(path: &Path, like: &Raster, start: &str, variables: &[Variable]) -> io::Result<Self> {
        let cells = like.values.dim();
        if variables.is_empty() || cells.0 == 0 || cells.1 == 0 {
            return Err(io::Error::other("a file of maps holds a variable and cells at least"));
        }
        let header = Header { like, start, variables }.bytes()?;
        let temporary = temporary(path);
        let mut out = BufWriter::with_capacity(1 << 18, File::create(&temporary)?);
        out.write_all(&header)?;
        for column in 0..cells.1 {
            out.write_all(&like.centre(0, column).0.to_be_bytes())?;
        }
        for row in 0..cells.0 {
            out.write_all(&like.centre(row, 0).1.to_be_bytes())?;
        }
        // the value of the grid mapping means nothing
        out.write_all(&0_i32.to_be_bytes())?;
        out.flush()?;
        let path = path.to_path_buf();
        Ok(Self {
            out,
            path,
            temporary,
            cells,
            variables: variables.len(),
            times: 0,
            last: f64::NEG_INFINITY,
        })
    }

    /// Adds the maps of a time (s), one a variable, in the order of the variables. The file is valid after it.
    ///
    /// # Errors
    /// When the file cannot be written, maps are missing or of other cells, or the time is not after the last.
    pub fn add(&mut self, seconds: f64, maps: &[ArrayView2<'_, f32>]) -> io::Result<()> {
        if maps.len() != self.variables || maps.iter().any(|map| map.dim() != self.cells) {
            return Err(io::Error::other("the maps of a time are one a variable, of the cells of the file"));
        }
        if !seconds.is_finite() || seconds <= self.last {
            return Err(io::Error::other(format!("the time {seconds} s does not follow {} s", self.last)));
        }
        self.out.write_all(&seconds.to_be_bytes())?;
        for value in maps.iter().flat_map(|map| map.iter()) {
            let value = if value.is_nan() { NO_DATA } else { *value };
            self.out.write_all(&value.to_be_bytes())?;
        }
        self.times += 1;
        self.last = seconds;
        // a seek flushes first: the count is written when the maps are there
        self.out.seek(SeekFrom::Start(COUNT))?;
        self.out.write_all(&self.times.to_be_bytes())?;
        self.out.seek(SeekFrom::End(0))?;
        Ok(())
    }

    /// Brings the file to the disk, and says how far it has come.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&mut self) -> io::Result<Progress> {
        self.out.flush()?;
        let mark = Mark::set(&self.temporary, COUNT + 4, self.out.get_ref().metadata()?.len())?;
        Ok(Progress { mark, times: self.times, last: self.last })
    }

    /// Goes on with a file from where it had come; `path`, cells and number of variables as when it was created.
    ///
    /// # Errors
    /// When the file is no longer as it was then.
    pub fn take_up(
        path: &Path,
        cells: (usize, usize),
        variables: usize,
        progress: Progress,
    ) -> io::Result<Self> {
        let Progress { mark, times, last } = progress;
        let temporary = temporary(path);
        let mut out = BufWriter::with_capacity(1 << 18, mark.take_up_growing(&temporary, path)?);
        out.seek(SeekFrom::Start(COUNT))?;
        out.write_all(&times.to_be_bytes())?;
        out.seek(SeekFrom::End(0))?;
        Ok(Self { out, path: path.to_path_buf(), temporary, cells, variables, times, last })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// When the file cannot be written or renamed.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        fs::rename(&self.temporary, &self.path)
    }
}

/// The name of a file while it is written.
fn temporary(path: &Path) -> PathBuf {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".part");
    temporary.into()
}

/// What stands before the maps.
struct Header<'a> {
    like: &'a Raster,
    start: &'a str,
    variables: &'a [Variable],
}

/// A value of an attribute.
enum Attribute {
    Text(String),
    Double(f64),
    Float(f32),
}

/// A variable of the format.
struct Entry {
    name: String,
    dimensions: Vec<u32>,
    attributes: Vec<(&'static str, Attribute)>,
    kind: u32,
    bytes: u64,
}

impl Header<'_> {
    /// The entries in the order of their bytes: those that do not change first.
    fn entries(&self) -> Vec<Entry> {
        let text = |text: &str| Attribute::Text(text.to_owned());
        let (rows, columns) = self.like.values.dim();
        let axis = |name: &str, dimension: u32, letter: &str, count: usize| Entry {
            name: name.to_owned(),
            dimensions: vec![dimension],
            attributes: vec![
                ("standard_name", text(&format!("projection_{name}_coordinate"))),
                ("long_name", text(&format!("{name} of the middle of cells"))),
                ("units", text("m")),
                ("axis", text(letter)),
            ],
            kind: DOUBLE,
            bytes: 8 * count as u64,
        };
        let mut entries = vec![axis("x", 2, "X", columns), axis("y", 1, "Y", rows)];
        entries.push(Entry {
            name: "crs".to_owned(),
            dimensions: Vec::new(),
            attributes: self.mapping(),
            kind: INT,
            bytes: 4,
        });
        entries.push(Entry {
            name: "time".to_owned(),
            dimensions: vec![0],
            attributes: vec![
                ("standard_name", text("time")),
                ("units", text(&format!("seconds since {}", self.start))),
                ("calendar", text("standard")),
                ("axis", text("T")),
            ],
            kind: DOUBLE,
            bytes: 8,
        });
        for variable in self.variables {
            let mut attributes =
                vec![("long_name", text(&variable.long_name)), ("units", text(&variable.unit))];
            if let Some(name) = &variable.standard_name {
                attributes.push(("standard_name", text(name)));
            }
            attributes.push(("grid_mapping", text("crs")));
            attributes.push(("_FillValue", Attribute::Float(NO_DATA)));
            entries.push(Entry {
                name: variable.name.clone(),
                dimensions: vec![0, 1, 2],
                attributes,
                kind: FLOAT,
                bytes: 4 * rows as u64 * columns as u64,
            });
        }
        entries
    }

    /// The reference system: its code, and its projection if it is known.
    fn mapping(&self) -> Vec<(&'static str, Attribute)> {
        let mut attributes = Vec::new();
        let Some(name) = self.like.crs.as_deref() else { return attributes };
        if let Some(projection) = crs::mercator(name) {
            attributes.extend([
                ("grid_mapping_name", Attribute::Text("transverse_mercator".to_owned())),
                ("longitude_of_central_meridian", Attribute::Double(projection.meridian)),
                ("latitude_of_projection_origin", Attribute::Double(0.0)),
                ("scale_factor_at_central_meridian", Attribute::Double(projection.scale)),
                ("false_easting", Attribute::Double(projection.easting)),
                ("false_northing", Attribute::Double(projection.northing)),
                ("semi_major_axis", Attribute::Double(projection.axis)),
                ("inverse_flattening", Attribute::Double(projection.flattening)),
            ]);
        }
        if let Some(text) = crs::well_known_text(name) {
            attributes.push(("crs_wkt", Attribute::Text(text.clone())));
            // the same under the name that GDAL knows
            attributes.push(("spatial_ref", Attribute::Text(text)));
        }
        if let Some(code) = epsg(Some(name)) {
            attributes.push(("epsg_code", Attribute::Text(format!("EPSG:{code}"))));
        }
        attributes
    }

    /// The bytes of the header.
    fn bytes(&self) -> io::Result<Vec<u8>> {
        let entries = self.entries();
        // where data begin depends on the length of the header, which does not depend on where they begin
        let length = Self::with_begins(self.like, &entries, 0)?.len() as u64;
        Self::with_begins(self.like, &entries, length)
    }

    fn with_begins(like: &Raster, entries: &[Entry], mut begin: u64) -> io::Result<Vec<u8>> {
        let mut out = b"CDF\x02".to_vec();
        let count = |number: usize| {
            u32::try_from(number).map_err(|_| io::Error::other("the maps are too large for NetCDF-3"))
        };
        let whole = |out: &mut Vec<u8>, number: u32| out.extend(number.to_be_bytes());
        whole(&mut out, 0);
        whole(&mut out, DIMENSIONS);
        let (rows, columns) = like.values.dim();
        whole(&mut out, 3);
        for (name, length) in [("time", 0), ("y", count(rows)?), ("x", count(columns)?)] {
            put_text(&mut out, name);
            whole(&mut out, length);
        }
        let of_file = [
            ("Conventions", Attribute::Text("CF-1.8".to_owned())),
            ("source", Attribute::Text("pailao".to_owned())),
        ];
        put_attributes(&mut out, &of_file);
        whole(&mut out, VARIABLES);
        whole(&mut out, count(entries.len())?);
        for entry in entries {
            put_text(&mut out, &entry.name);
            whole(&mut out, count(entry.dimensions.len())?);
            entry.dimensions.iter().for_each(|&dimension| whole(&mut out, dimension));
            put_attributes(&mut out, &entry.attributes);
            whole(&mut out, entry.kind);
            whole(&mut out, count(usize::try_from(entry.bytes).unwrap_or(usize::MAX))?);
            out.extend(begin.to_be_bytes());
            begin += entry.bytes;
        }
        Ok(out)
    }
}

/// A text: its length, its bytes, zeros up to a multiple of four.
fn put_text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u32).to_be_bytes());
    out.extend(text.bytes());
    out.resize(out.len() + text.len().next_multiple_of(4) - text.len(), 0);
}

/// A list of attributes.
fn put_attributes(out: &mut Vec<u8>, attributes: &[(&'static str, Attribute)]) {
    if attributes.is_empty() {
        out.extend([0; 8]);
        return;
    }
    out.extend(ATTRIBUTES.to_be_bytes());
    out.extend((attributes.len() as u32).to_be_bytes());
    for (name, value) in attributes {
        put_text(out, name);
        match value {
            Attribute::Text(text) => {
                out.extend(CHAR.to_be_bytes());
                put_text(out, text);
            }
            Attribute::Double(number) => {
                out.extend([DOUBLE, 1].iter().flat_map(|part| part.to_be_bytes()));
                out.extend(number.to_be_bytes());
            }
            Attribute::Float(number) => {
                out.extend([FLOAT, 1].iter().flat_map(|part| part.to_be_bytes()));
                out.extend(number.to_be_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    fn variable() -> Variable {
        Variable {
            name: "depth".into(),
            unit: "m".into(),
            long_name: "depth of water on the ground".into(),
            standard_name: None,
        }
    }

    fn cells() -> Raster {
        Raster {
            west: 0.0,
            north: 4.0,
            cell: 2.0,
            crs: Some("EPSG:4549".into()),
            values: Array2::zeros((2, 3)),
        }
    }

    #[test]
    fn a_file_is_valid_after_each_time_and_gets_its_name_at_the_end() {
        let path = std::env::temp_dir().join(format!("pailao-stack-{}.nc", std::process::id()));
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let mut stack = Stack::create(&path, &cells(), "2021-07-20 16:00:00", &[variable()]).unwrap();
        let map = array![[0.0, 0.5, f32::NAN], [1.0, 2.0, 3.0]];
        let mut lengths = Vec::new();
        for (index, seconds) in [0.0, 60.0, 120.0].into_iter().enumerate() {
            stack.add(seconds, &[map.view()]).unwrap();
            stack.out.flush().unwrap();
            let bytes = fs::read(&part).unwrap();
            assert_eq!(bytes[..8], [b'C', b'D', b'F', 2, 0, 0, 0, index as u8 + 1]);
            lengths.push(bytes.len());
        }
        assert_eq!(lengths[1] - lengths[0], 8 + 6 * 4, "a time and its cells, nothing more");
        assert!(stack.add(120.0, &[map.view()]).is_err(), "time goes on");
        assert!(stack.add(180.0, &[]).is_err(), "a map is missing");
        stack.finish().unwrap();
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(fs::metadata(&part).is_err());
        // the last time: 120 s, then its cells
        let last = &bytes[bytes.len() - 32..];
        assert_eq!(last[..8], 120_f64.to_be_bytes());
        assert_eq!(last[12..16], 0.5_f32.to_be_bytes());
        assert_eq!(last[16..20], NO_DATA.to_be_bytes());
        // before the maps: three x, two y, and the empty mapping
        let axes = &bytes[bytes.len() - 3 * 32 - 4 - 5 * 8..];
        assert_eq!(axes[..8], 1_f64.to_be_bytes());
        assert_eq!(axes[24..32], 3_f64.to_be_bytes(), "the northern row first");
    }

    #[test]
    fn a_file_of_nothing_is_refused() {
        let path = std::env::temp_dir().join("pailao-never.nc");
        assert!(Stack::create(&path, &cells(), "2000-01-01", &[]).is_err());
        assert!(fs::metadata(&path).is_err());
    }
}
