//! The data of the cases: maps and tables of the corpus, which lies beside the repository.

use std::fs;
use std::path::{Path, PathBuf};

use ndarray::Array2;
use pailao::input::raster;
use pailao::model::raster::Raster;
use pailao::surface::{Cell, Grid, Series, Shape};

use crate::proof::Trouble;

/// `surface` in the folder that `PAILAO_SHARED` names, or in `../shared/corpus` beside the repository; `None` if it is not
/// there.
pub fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("PAILAO_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let folder = shared.join("corpus/surface");
    folder.join("README.md").exists().then_some(folder)
}

/// A file of the corpus.
pub fn path(name: &str) -> Result<PathBuf, Trouble> {
    Ok(folder().ok_or("the corpus is missing")?.join(name))
}

/// A map.
pub fn map(name: &str) -> Result<Raster, Trouble> {
    read_map(&path(name)?)
}

/// A map anywhere.
pub fn read_map(path: &Path) -> Result<Raster, Trouble> {
    let read = raster::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    read.map_err(|problems| format!("{}: {problems:?}", path.display()).into())
}

/// The numbers of a table below its head.
pub fn table(name: &str) -> Result<Vec<Vec<f64>>, Trouble> {
    let path = path(name)?;
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let numbers = line.split(',').map(|word| word.trim().parse::<f64>());
            numbers
                .collect::<Result<Vec<f64>, _>>()
                .map_err(|error| format!("{name}: {line}: {error}").into())
        })
        .collect()
}

/// A series from the first two columns of a table, its values times a factor.
pub fn series(name: &str, factor: f64) -> Result<Series, Trouble> {
    let points = table(name)?.iter().map(|row| (row[0], row[1] * factor)).collect();
    linear(points)
}

/// A series of points that are joined by straight lines.
pub fn linear(points: Vec<(f64, f64)>) -> Result<Series, Trouble> {
    Series::new(Shape::Linear, points).ok_or_else(|| "a series is out of order".into())
}

/// Cells of the points `id,x,y` of a table.
pub fn points(grid: &Grid, name: &str) -> Result<Vec<Cell>, Trouble> {
    table(name)?
        .iter()
        .map(|row| {
            grid.cell_of(row[1], row[2]).ok_or_else(|| format!("{name}: {row:?} lies off the map").into())
        })
        .collect()
}

/// Level ground.
pub fn flat(rows: usize, columns: usize, cell: f64) -> Raster {
    ground(rows, columns, cell, |_, _| 0.0)
}

/// Ground from a formula of the middle of a cell, x to the east and y to the north of the south-western corner (m).
pub fn ground(rows: usize, columns: usize, cell: f64, level: impl Fn(f64, f64) -> f64) -> Raster {
    let values = Array2::from_shape_fn((rows, columns), |(row, column)| {
        level((column as f64 + 0.5) * cell, ((rows - row) as f64 - 0.5) * cell) as f32
    });
    Raster { west: 0.0, north: rows as f64 * cell, cell, crs: None, values }
}
