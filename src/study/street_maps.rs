//! The maps of a run with a surface, as files beside its digest.

use std::fs;
use std::io;
use std::path::Path;

use crate::input::raster;
use crate::inundation::StreetMaps;
use crate::inundation::maps::MapKind;
use crate::model::raster::Raster;
use crate::results::raster::geotiff;

/// The file of a map within the folder of a run.
fn name(kind: MapKind) -> String {
    format!("{}.tif", kind.word())
}

/// What names of maps of the depth at a time begin and end with; between stand the seconds since the start of the run.
const AT: (&str, &str) = ("depth_at_", "s.tif");

/// The file of the depth at a time (s since the start of the run).
fn name_at(seconds: f64) -> String {
    format!("{}{seconds:010.0}{}", AT.0, AT.1)
}

/// The times (s since the start of the run) of which a folder has the depth, in order.
pub(super) fn times(folder: &Path) -> Vec<f64> {
    let time = |entry: fs::DirEntry| {
        let name = entry.file_name();
        let seconds = name.to_str()?.strip_prefix(AT.0)?.strip_suffix(AT.1)?;
        seconds.parse::<u32>().ok().map(f64::from)
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut times: Vec<f64> = entries.filter_map(time).collect();
    times.sort_by(f64::total_cmp);
    times
}

/// Reads the depth at a time; `None` where it was not kept or is broken.
pub(super) fn load_at(folder: &Path, seconds: f64) -> Option<Raster> {
    raster::read(&folder.join(name_at(seconds))).ok()?.ok()
}

/// Reads one map; `None` where it is missing or broken.
pub(super) fn load_one(folder: &Path, kind: MapKind) -> Option<Raster> {
    raster::read(&folder.join(name(kind))).ok()?.ok()
}

/// Writes all maps into a folder, which is made.
pub(super) fn save(maps: &StreetMaps, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    maps.maps.iter().try_for_each(|(kind, map)| geotiff::write(&folder.join(name(*kind)), map))?;
    maps.times.iter().try_for_each(|(time, map)| geotiff::write(&folder.join(name_at(*time)), map))
}

/// Reads the maps of a folder; `None` where one is missing or broken.
pub(super) fn load(folder: &Path) -> Option<StreetMaps> {
    let maps = MapKind::ALL.into_iter().map(|kind| Some((kind, load_one(folder, kind)?)));
    let times = times(folder).into_iter().map(|time| Some((time, load_at(folder, time)?)));
    Some(StreetMaps { maps: maps.collect::<Option<_>>()?, times: times.collect::<Option<_>>()? })
}

/// Whether a folder has all maps.
pub(super) fn are_there(folder: &Path) -> bool {
    MapKind::ALL.into_iter().all(|kind| folder.join(name(kind)).is_file())
}

/// Copies the maps of a folder into another one, which is made.
pub(super) fn copy(from: &Path, into: &Path) -> io::Result<()> {
    fs::create_dir_all(into)?;
    let names = MapKind::ALL.into_iter().map(name).chain(times(from).into_iter().map(name_at));
    names.into_iter().try_for_each(|name| fs::copy(from.join(&name), into.join(&name)).map(drop))
}
