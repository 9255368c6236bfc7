//! The maps of a run with a surface, as files beside its digest.

use std::fs;
use std::io;
use std::path::Path;

use crate::input::raster;
use crate::inundation::StreetMaps;
use crate::inundation::maps::MapKind;
use crate::results::raster::geotiff;

/// The file of a map within the folder of a run.
fn name(kind: MapKind) -> String {
    format!("{}.tif", kind.word())
}

/// Writes all maps into a folder, which is made.
pub(super) fn save(maps: &StreetMaps, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    maps.maps.iter().try_for_each(|(kind, map)| geotiff::write(&folder.join(name(*kind)), map))
}

/// Reads the maps of a folder; `None` where one is missing or broken.
pub(super) fn load(folder: &Path) -> Option<StreetMaps> {
    let read = |kind: MapKind| {
        let map = raster::read(&folder.join(name(kind))).ok()?.ok()?;
        Some((kind, map))
    };
    let maps: Option<Vec<_>> = MapKind::ALL.into_iter().map(read).collect();
    maps.map(|maps| StreetMaps { maps })
}

/// Whether a folder has all maps.
pub(super) fn are_there(folder: &Path) -> bool {
    MapKind::ALL.into_iter().all(|kind| folder.join(name(kind)).is_file())
}

/// Copies the maps of a folder into another one, which is made.
pub(super) fn copy(from: &Path, into: &Path) -> io::Result<()> {
    fs::create_dir_all(into)?;
    MapKind::ALL
        .into_iter()
        .try_for_each(|kind| fs::copy(from.join(name(kind)), into.join(name(kind))).map(drop))
}
