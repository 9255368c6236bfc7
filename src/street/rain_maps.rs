//! Rain from maps over time: each cell of a map that lies over the grid becomes a zone with a rain of its own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use encoding_rs::GBK;
use ndarray::Array2;

use crate::clock::DateTime;
use crate::diagnostic::{Diagnostic, Place};
use crate::input::rain_map_list::{RainMapLine, RainMapList, rain_map_list};
use crate::input::raster;
use crate::model::Model;
use crate::model::crs::{Reprojection, plain};
use crate::model::raster::Raster;
use crate::scenario::rain_maps::{NoRainData, RainMapsTable};
use crate::scenario::surface::{RainBy, RunoffFrom, SurfaceTable};

use super::Ground;
use super::layers::unreadable;

/// The most zones that a surface can tell apart.
const MOST_ZONES: usize = 1 << 16;
/// What a run may be shorter than its dates say (s): SWMM loses a second.
const LOST: f64 = 1.0;
/// Maps of a list about which the same is said one by one.
const MOST_TOLD: usize = 10;

/// The rain of maps on the cells of a terrain.
#[derive(Clone, Debug, PartialEq)]
pub struct RainMaps {
    /// The zone of each cell of the terrain: the cell of the maps in which its middle lies, those over the grid numbered
    /// from the north-west.
    pub zones: Array2<u16>,
    /// What times are counted from; the start of the run where it is `None`.
    pub start: Option<DateTime>,
    /// When each interval begins, and the last one ends (s).
    pub times: Vec<f64>,
    /// By interval what 1 in its map is (m/s).
    pub units: Vec<f64>,
    /// By interval the number of each zone as its map holds it, 0 for no data; none at all where it is dry.
    pub values: Vec<Vec<f32>>,
}

impl RainMaps {
    /// The count of zones.
    #[must_use]
    pub fn count(&self) -> usize {
        self.values.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// How much later than a run the maps begin to count (s).
    #[must_use]
    pub fn offset(&self, run_start: DateTime) -> f64 {
        self.start.map_or(0.0, |start| start.seconds_since(run_start))
    }

    /// The rain of a zone in a run: points of seconds since its start and rates (m/s), each of which holds until the
    /// next; the last is dry. What falls before the start is left out.
    #[must_use]
    pub fn steps(&self, zone: usize, run_start: DateTime) -> Vec<(f64, f64)> {
        let offset = self.offset(run_start);
        let mut steps = vec![(0.0, 0.0)];
        let mut add = |time: f64, rate: f64| {
            let time = time.max(0.0);
            if steps.last().is_some_and(|last| last.0 >= time) {
                steps.pop();
            }
            if steps.last().is_none_or(|last| last.1 != rate) {
                steps.push((time, rate));
            }
        };
        for ((interval, unit), values) in self.times.windows(2).zip(&self.units).zip(&self.values) {
            if let [begin, end] = *interval
                && end + offset > 0.0
            {
                add(begin + offset, values.get(zone).map_or(0.0, |value| f64::from(*value) * unit));
            }
        }
        if let Some(end) = self.times.last() {
            add(end + offset, 0.0);
        }
        steps
    }
}

impl Ground {
    /// Whether the maps of rain fall into a run of a network: an error when none does, a warning when it misses a part.
    /// The network is that of the run, with its storm's length.
    #[must_use]
    pub fn check_rain_in_run(&self, model: &Model) -> Vec<Diagnostic> {
        let Some(maps) = &self.rain_maps else { return Vec::new() };
        let (offset, duration) = (maps.offset(model.options.start), model.options.duration() as f64);
        let first = maps.times.first().map_or(0.0, |time| time + offset);
        let last = maps.times.last().map_or(0.0, |time| time + offset);
        let told = format!(
            "the maps of rain reach from {:.2} h to {:.2} h after the start of the run, which is {:.2} h long",
            first / 3600.0,
            last / 3600.0,
            duration / 3600.0
        );
        if last <= 0.0 || first >= duration {
            let help =
                "dates of the list are those of the network's [OPTIONS]; or count hours from its start";
            vec![Diagnostic::error(0, told).help(help)]
        } else if first < 0.0 || last > duration + LOST {
            let message = format!("{told}: what falls before or after is left out");
            vec![Diagnostic::warning(0, message).help("start the run earlier, or let it end later")]
        } else {
            Vec::new()
        }
    }
}

/// Whether maps may rain as a table asks; all that speaks against it.
pub(super) fn check(table: &SurfaceTable) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut fail = |message: &str, help: &str| found.push(Diagnostic::error(0, message).help(help));
    if table.runoff_from == RunoffFrom::Subcatchments {
        fail(
            "`surface.rain_maps` rain on the grid, and `runoff_from` gives the grid no rain",
            "write runoff_from = \"grid\", or \"mask\" with a `rain_mask`; subcatchments have the rain of their gauges",
        );
    }
    if table.rain_gauge.is_some() || table.rain_by != RainBy::default() {
        fail(
            "`surface.rain_maps` and a gauge both rain on the grid",
            "keep the maps, or `rain_by` and `rain_gauge`",
        );
    }
    found
}

/// Reads the maps of a table and lays them over the cells of a terrain on which it rains (those with a share above zero,
/// where there are shares).
///
/// # Errors
/// All problems of the list and its maps.
pub(super) fn read(
    table: &RainMapsTable,
    folder: &Path,
    terrain: &Raster,
    share: Option<&Raster>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<RainMaps, Vec<Diagnostic>> {
    let path = folder.join(&table.file);
    let bytes = std::fs::read(&path).map_err(|error| vec![unreadable(&path, &error)])?;
    let list = rain_map_list(&text_of(&bytes), &path)?;
    let rains = |cell: (usize, usize)| {
        terrain.values.get(cell).is_some_and(|level| !level.is_nan())
            && share.is_none_or(|share| share.values.get(cell).is_some_and(|share| *share > 0.0))
    };
    let mut reading = Reading {
        table,
        terrain,
        frame: None,
        pixels: Vec::new(),
        zones: None,
        found: Vec::new(),
        holes: Holes::default(),
    };
    let values = reading.values(&list, &rains);
    let Reading { zones, mut found, holes, .. } = reading;
    found.extend(holes.refusal(table.no_data));
    match zones {
        Some(zones) if found.is_empty() => {
            warnings.extend(holes.warning());
            let times: Vec<f64> = list.lines.iter().map(|line| line.seconds).collect();
            let units = times.windows(2).map(|w| table.unit.rate(w[1] - w[0])).collect();
            Ok(RainMaps { zones, start: list.start, times, units, values })
        }
        _ => Err(found),
    }
}

/// More than it ever rains (m/s), 5000 mm/h: an assumption, above which a number stands for something else.
const MOST: f64 = 5000.0e-3 / 3600.0;

/// The text of a list: UTF-8, or else GBK, as Chinese spreadsheets save it.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => GBK.decode(bytes).0,
    }
}

/// The maps that a list names, joined to its folder; none where it cannot be read.
pub(super) fn files(list: &Path) -> Vec<std::path::PathBuf> {
    let Ok(bytes) = std::fs::read(list) else { return Vec::new() };
    let list = rain_map_list(&text_of(&bytes), list).unwrap_or_default();
    list.lines.into_iter().filter_map(|line| line.file).collect()
}

/// Cells of maps that hold no data.
#[derive(Default)]
struct Holes {
    /// How many, over all maps.
    count: usize,
    /// Of how many cells over the grid, over all maps.
    of: usize,
    /// How many in which map.
    maps: Vec<(usize, Place)>,
}

impl Holes {
    fn refusal(&self, no_data: NoRainData) -> Vec<Diagnostic> {
        if no_data == NoRainData::Dry {
            return Vec::new();
        }
        let help = "fill the holes, or write no_data = \"dry\" where no data means no rain";
        let told = self.maps.iter().take(MOST_TOLD).map(|(count, place)| {
            let message = format!("the map holds no data in {count} of its cells over the grid");
            Diagnostic::error(0, message).help(help).at(place.clone())
        });
        let more = self.maps.len().saturating_sub(MOST_TOLD);
        let rest =
            (more > 0).then(|| Diagnostic::error(0, format!("and {more} more maps hold no data in places")));
        told.chain(rest).collect()
    }

    fn warning(&self) -> Option<Diagnostic> {
        let message = format!(
            "{} maps of rain hold no data in places, {:.1} % of all that they say of the grid: taken as dry",
            self.maps.len(),
            100.0 * self.count as f64 / self.of.max(1) as f64
        );
        let help = "rain may be missing there: see which hours they are, or fill the holes";
        (self.count > 0).then(|| Diagnostic::warning(0, message).help(help))
    }
}

/// Maps that are being read.
struct Reading<'a> {
    table: &'a RainMapsTable,
    terrain: &'a Raster,
    /// The cells that all maps must have: those of the first, without values; and its place in the list.
    frame: Option<(Raster, Place)>,
    /// Row and column of the cell of each zone.
    pixels: Vec<(usize, usize)>,
    zones: Option<Array2<u16>>,
    found: Vec<Diagnostic>,
    holes: Holes,
}

impl Reading<'_> {
    /// What the maps hold for each zone, by interval: the last line only ends.
    fn values(&mut self, list: &RainMapList, rains: &dyn Fn((usize, usize)) -> bool) -> Vec<Vec<f32>> {
        let mut values = Vec::new();
        for (line, next) in list.lines.iter().zip(list.lines.iter().skip(1)) {
            let mut of_zones = Vec::new();
            if let Some(map) = self.map(line) {
                if self.frame.is_none() {
                    self.lay(&map, line, rains);
                }
                if self.fits(&map, line) {
                    let unit = self.table.unit.rate(next.seconds - line.seconds);
                    of_zones = self.of_zones(&map, (MOST / unit) as f32, line);
                }
            }
            values.push(of_zones);
        }
        values
    }

    fn fail(&mut self, message: String, help: &str, line: &RainMapLine) {
        self.found.push(Diagnostic::error(0, message).help(help).at(line.place.clone()));
    }

    /// The map of a line, its system named.
    fn map(&mut self, line: &RainMapLine) -> Option<Raster> {
        let path = line.file.as_ref()?;
        let mut map = match raster::read(path) {
            Ok(Ok(map)) => map,
            Ok(Err(problems)) => {
                self.found.extend(problems.into_iter().map(|problem| match problem.place {
                    Some(_) => problem,
                    None => problem.at(line.place.clone()),
                }));
                return None;
            }
            Err(error) => {
                self.found.push(unreadable(path, &error).at(line.place.clone()));
                return None;
            }
        };
        let given = self.table.crs.as_deref().map(plain);
        match (map.crs.as_deref().map(plain), given) {
            (Some(own), Some(given)) if own != given => {
                let message = format!("the map names the reference system {own}, not {given}");
                self.fail(message, "leave `crs` of the maps out, or transform them", line);
                return None;
            }
            (own, given) => map.crs = own.or(given).or_else(|| self.terrain.crs.clone()),
        }
        Some(map)
    }

    /// Whether a map has the cells of the first one.
    fn fits(&mut self, map: &Raster, line: &RainMapLine) -> bool {
        let Some((frame, first)) = &self.frame else { return false };
        let message = if frame.crs != map.crs {
            let name = |map: &Raster| map.crs.clone().unwrap_or_else(|| "an unnamed system".to_owned());
            format!("the map is in {}, that of line {} in {}", name(map), first.line, name(frame))
        } else if frame.same_cells(map) {
            return true;
        } else {
            let cells = |map: &Raster| {
                format!(
                    "{} x {} cells of {} m from ({}, {})",
                    map.columns(),
                    map.rows(),
                    map.cell,
                    map.west,
                    map.north
                )
            };
            format!("the map has {}, that of line {} {}", cells(map), first.line, cells(frame))
        };
        self.fail(
            message,
            "all maps of a list have the same cells: resample them, such as with `gdalwarp -te … -tr …`",
            line,
        );
        false
    }

    /// Lays the cells of the first map over the terrain.
    fn lay(&mut self, map: &Raster, line: &RainMapLine, rains: &dyn Fn((usize, usize)) -> bool) {
        self.frame = Some((map.clone(), line.place.clone()));
        let into = match (self.terrain.crs.as_deref(), map.crs.as_deref()) {
            (Some(from), Some(to)) => match Reprojection::between(from, to) {
                Ok(into) => Some(into),
                Err(error) => {
                    let message = format!("the map is in {to}, the terrain in {from}, and {error}");
                    let help = format!("transform it, such as with `gdalwarp -t_srs {from} in.tif out.tif`");
                    return self.fail(message, &help, line);
                }
            },
            _ => None,
        };
        let over = |(row, column): (usize, usize)| {
            let (x, y) = self.terrain.centre(row, column);
            let (x, y) = into.as_ref().map_or(Some((x, y)), |into| into.point(x, y).ok())?;
            map.cell_at(x, y)
        };
        let mut numbers: BTreeMap<(usize, usize), u16> = BTreeMap::new();
        let (mut bare, mut all, mut first_bare) = (0_usize, 0_usize, None);
        for (cell, _) in self.terrain.values.indexed_iter().filter(|(cell, _)| rains(*cell)) {
            all += 1;
            match over(cell) {
                Some(pixel) => drop(numbers.insert(pixel, 0)),
                None => {
                    bare += 1;
                    first_bare.get_or_insert(self.terrain.centre(cell.0, cell.1));
                }
            }
        }
        let message = if let Some((x, y)) = first_bare {
            format!(
                "the map does not cover {bare} of {all} cells on which it rains, the first at ({x:.1}, {y:.1})"
            )
        } else if numbers.len() > MOST_ZONES {
            format!(
                "{} cells of the map lie over the grid, and {MOST_ZONES} can be told apart",
                numbers.len()
            )
        } else {
            for (number, (pixel, of_pixel)) in numbers.iter_mut().enumerate() {
                *of_pixel = number as u16;
                self.pixels.push(*pixel);
            }
            let zone = |cell| over(cell).and_then(|pixel| numbers.get(&pixel).copied()).unwrap_or(0);
            self.zones = Some(Array2::from_shape_fn(self.terrain.values.dim(), zone));
            return;
        };
        self.fail(
            message,
            "take maps that are wider or coarser, or less of the terrain (`surface.extent`)",
            line,
        );
    }

    /// What a map holds for each zone, `most` at most, 0 for no data.
    fn of_zones(&mut self, map: &Raster, most: f32, line: &RainMapLine) -> Vec<f32> {
        let values = self.pixels.iter().map(|pixel| map.values.get(*pixel).copied().unwrap_or(f32::NAN));
        let values: Vec<f32> = values.collect();
        let wrong = values.iter().position(|value| *value < 0.0 || *value > most);
        if let Some((zone, value)) = wrong.and_then(|zone| Some((zone, values.get(zone)?)))
            && let Some(&(row, column)) = self.pixels.get(zone)
        {
            let (x, y) = map.centre(row, column);
            let message = format!("the map holds {value} at ({x:.1}, {y:.1}), which is no rain");
            let help =
                "rain is 0 to 5000 mm/h; name the number that stands for no data: `gdal_edit.py -a_nodata …`";
            self.fail(message, help, line);
        }
        let holes = values.iter().filter(|value| value.is_nan()).count();
        self.holes.of += values.len();
        self.holes.count += holes;
        if holes > 0 {
            self.holes.maps.push((holes, line.place.clone()));
        }
        values.into_iter().map(|value| if value.is_nan() { 0.0 } else { value }).collect()
    }
}
