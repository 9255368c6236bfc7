//! Maps of a surface after a run: extremes and times of each cell, outlines of the water, points of exchange.

use std::io;
use std::path::{Path, PathBuf};

use ndarray::Array2;
use serde_json::{Map, Value, json};

use super::raster::{esri_ascii, geotiff, outlines};
use super::whole_file::write_whole;
use crate::model::Model;
use crate::model::outline::outlines as groups;
use crate::model::raster::Raster;
use crate::scenario::words::Words;
use crate::simulation::street::{Street, StreetSummary};
use crate::surface::CellMaxima;

/// A map that a run leaves.
struct Sheet {
    /// Name of its file, without ending.
    name: &'static str,
    /// Unit of its values.
    unit: &'static str,
    /// What it is.
    words: (&'static str, &'static str),
    /// The value of a cell; NaN for no data. The second number is when the rain ended (s).
    value: fn(&CellMaxima, f64) -> f64,
}

/// All maps of extremes and times.
const SHEETS: [Sheet; 11] = [
    Sheet {
        name: "max_depth",
        unit: "m",
        words: ("greatest depth; 0 where it stayed dry", "最大水深；始终无水处为 0"),
        value: |cell, _| cell.depth,
    },
    Sheet {
        name: "max_level",
        unit: "m",
        words: ("greatest level of the water; no data where it stayed dry", "最高水位；始终无水处无数据"),
        value: |cell, _| cell.level,
    },
    Sheet {
        name: "max_depth_time",
        unit: "s",
        words: (
            "when the greatest depth was reached, since the start of the run",
            "最大水深出现时刻（自模拟开始）",
        ),
        value: |cell, _| cell.depth_time,
    },
    Sheet {
        name: "max_speed",
        unit: "m/s",
        words: ("greatest speed where the water was 1 cm deep at least", "最大流速（水深不小于 1 cm 时）"),
        value: |cell, _| cell.speed,
    },
    Sheet {
        name: "max_discharge",
        unit: "m2/s",
        words: ("greatest discharge by width", "最大单宽流量"),
        value: |cell, _| cell.discharge,
    },
    Sheet {
        name: "hazard_people",
        unit: "",
        words: (
            "greatest hazard rating of people at one time, d (v + 0.5) + debris factor (FD2321); 0 where water never rose above the arrival depth",
            "同一时刻行人危险度的最大值 d(v+0.5)+漂浮物系数（FD2321）；水深从未超过到达水深处为 0",
        ),
        value: |cell, _| cell.people,
    },
    Sheet {
        name: "hazard_class",
        unit: "",
        words: (
            "greatest hazard class at one time, 1 to 6 for H1 to H6 (AIDR); 0 where water never rose above the arrival depth",
            "同一时刻危险等级的最大值，1～6 对应 H1～H6（AIDR）；水深从未超过到达水深处为 0",
        ),
        value: |cell, _| f64::from(cell.class),
    },
    Sheet {
        name: "arrival",
        unit: "s",
        words: (
            "when water first reached the arrival depth, since the start of the run; no data if never",
            "水深首次达到到达水深的时刻（自模拟开始）；从未达到处无数据",
        ),
        value: |cell, _| cell.arrival,
    },
    Sheet {
        name: "duration",
        unit: "s",
        words: ("how long the water stood above the threshold", "水深超过阈值的历时"),
        value: |cell, _| cell.above,
    },
    Sheet {
        name: "retreat",
        unit: "s",
        words: (
            "how long after the end of the rain water stood above the threshold for the last time; no data if never",
            "雨停后水深最后一次超过阈值的时间（退水时间）；从未超过处无数据",
        ),
        value: |cell, rain_end| {
            if cell.last_above.is_nan() { f64::NAN } else { (cell.last_above - rain_end).max(0.0) }
        },
    },
    Sheet {
        name: "bounded",
        unit: "s",
        words: (
            "how long the bound on the Froude number held a face of the cell: there the inertial law is outside its range",
            "弗劳德数限制作用于该单元的历时：此处超出惯性方程的适用范围",
        ),
        value: |cell, _| cell.bounded,
    },
];

/// Writes the maps of a run as GeoTIFF, and as ESRI ASCII if that is asked for, with a list `maps.csv` that says what
/// each holds; then `water.geojson`, outlines of the water above the threshold, and `exchange.geojson`, its manholes and
/// outlets with what they moved. No data is outside the surface. Gives the files.
///
/// # Errors
/// When a file cannot be written.
pub fn save(
    folder: &Path,
    model: &Model,
    street: &Street,
    summary: &StreetSummary,
    ascii: bool,
) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let terrain = &street.setup.terrain;
    let mut writer = Writer { folder, terrain, ascii, files: Vec::new(), list: Vec::new() };
    for sheet in &SHEETS {
        let values = summary.maxima.iter().map(|cell| (sheet.value)(cell, summary.rain_end) as f32);
        writer.map(sheet.name, sheet.unit, Words::new(sheet.words.0, sheet.words.1), values)?;
    }
    let depth = summary.final_depth.iter().copied();
    writer.map("final_depth", "m", Words::new("depth at the end", "期末水深"), depth)?;
    writer.save_list()?;
    let Writer { mut files, .. } = writer;
    let threshold = street.setup.watch.unwrap_or_default().threshold;
    let path = folder.join("water.geojson");
    outlines::write(&path, terrain.crs.as_deref(), &water(terrain, summary, threshold))?;
    files.push(path);
    let path = folder.join("exchange.geojson");
    outlines::write(&path, terrain.crs.as_deref(), &exchange(model, street, summary))?;
    files.push(path);
    Ok(files)
}

/// Writes maps of one terrain.
struct Writer<'a> {
    folder: &'a Path,
    terrain: &'a Raster,
    ascii: bool,
    files: Vec<PathBuf>,
    list: Vec<(String, &'static str, Words)>,
}

impl Writer<'_> {
    /// A map; cells without terrain hold no data, and nothing is written when there are no values.
    fn map(
        &mut self,
        name: &str,
        unit: &'static str,
        words: Words,
        values: impl Iterator<Item = f32>,
    ) -> io::Result<()> {
        let mut map = Raster::filled_like(self.terrain, f32::NAN);
        let mut count = 0;
        for ((cell, ground), value) in map.values.iter_mut().zip(&self.terrain.values).zip(values) {
            count += 1;
            if !ground.is_nan() {
                *cell = value;
            }
        }
        if count == 0 {
            return Ok(());
        }
        let path = self.folder.join(format!("{name}.tif"));
        geotiff::write(&path, &map)?;
        self.files.push(path);
        if self.ascii {
            let path = self.folder.join(format!("{name}.asc"));
            esri_ascii::write(&path, &map)?;
            self.files.push(path);
        }
        self.list.push((name.to_owned(), unit, words));
        Ok(())
    }

    /// The list of maps.
    fn save_list(&mut self) -> io::Result<()> {
        let path = self.folder.join("maps.csv");
        write_whole(&path, |out| {
            writeln!(out, "map,unit,meaning,含义")?;
            self.list.iter().try_for_each(|(name, unit, words)| {
                writeln!(out, "{name},{unit},\"{}\",\"{}\"", words.en, words.zh)
            })
        })?;
        self.files.push(path);
        Ok(())
    }
}

/// Outlines of where the greatest depth was above the threshold (m), with their deepest place.
fn water(terrain: &Raster, summary: &StreetSummary, threshold: f64) -> Vec<(Value, Map<String, Value>)> {
    let (rows, columns) = terrain.values.dim();
    let depth = |(row, column): (usize, usize)| {
        summary.maxima.get(row * columns + column).map_or(0.0, |cell: &CellMaxima| cell.depth)
    };
    let mask = Array2::from_shape_fn((rows, columns), |place| depth(place) > threshold);
    let area = terrain.cell * terrain.cell;
    let feature = |outline: &crate::model::outline::Outline| {
        let deepest = outline.cells.iter().copied().max_by(|a, b| depth(*a).total_cmp(&depth(*b)));
        let place = deepest.unwrap_or_default();
        let (x, y) = terrain.centre(place.0, place.1);
        let sum: f64 = outline.cells.iter().map(|cell| depth(*cell)).sum();
        let properties = Map::from_iter([
            ("area_m2".to_owned(), json!(outline.cells.len() as f64 * area)),
            ("max_depth_m".to_owned(), json!(rounded(depth(place)))),
            // of the greatest depths, which need not come at one time
            ("volume_of_max_depths_m3".to_owned(), json!(rounded(sum * area))),
            ("deepest_x".to_owned(), json!(x)),
            ("deepest_y".to_owned(), json!(y)),
        ]);
        (outlines::polygon(outline, terrain), properties)
    };
    groups(&mask).iter().map(feature).collect()
}

/// Manholes and outlets with what they moved.
fn exchange(model: &Model, street: &Street, summary: &StreetSummary) -> Vec<(Value, Map<String, Value>)> {
    let grid = street.setup.grid();
    let manholes = street.manholes.iter().map(|m| ("manhole", m.node, m.cell)).zip(&summary.manholes);
    let outlets = street.outlets.iter().map(|o| ("outlet", o.node, o.cell)).zip(&summary.outlets);
    manholes
        .chain(outlets)
        .map(|((kind, node, cell), moved)| {
            let (x, y) = grid.middle(cell);
            let properties = Map::from_iter([
                ("node".to_owned(), json!(model.nodes.name(node))),
                ("kind".to_owned(), json!(kind)),
                ("up_m3".to_owned(), json!(rounded(moved.up))),
                ("down_m3".to_owned(), json!(rounded(moved.down))),
                ("peak_up_m3s".to_owned(), json!(rounded(moved.peak_up))),
                ("peak_down_m3s".to_owned(), json!(rounded(moved.peak_down))),
                ("first_up_s".to_owned(), json!(moved.first_up)),
            ]);
            (outlines::point(x, y), properties)
        })
        .collect()
}

/// A number to a millionth, so that tables can be read.
fn rounded(value: f64) -> f64 {
    (value * 1.0e6).round() / 1.0e6
}
