//! Maps of the runs of a study, read where they are kept when they are drawn.

use std::collections::BTreeMap;

use crate::assess::Case;
use crate::inundation::maps::MapKind;
use crate::model::raster::Raster;
use crate::plot::inundation::Place;
use crate::study::Store;

/// The maps of the runs of a study that had a surface.
#[derive(Clone, Debug)]
pub struct KeptMaps<'a> {
    store: &'a Store,
    keys: BTreeMap<(usize, Case), String>,
}

/// What maps of the streets of a study are drawn from.
#[derive(Clone, Copy, Debug)]
pub struct StreetMaterial<'a> {
    /// The ground with what stands on it, and the network of the base.
    pub place: &'a Place,
    /// The maps.
    pub maps: &'a KeptMaps<'a>,
}

impl<'a> KeptMaps<'a> {
    /// The maps in a store, by option, case and key of their runs.
    pub fn new(store: &'a Store, runs: impl IntoIterator<Item = (usize, Case, String)>) -> Self {
        Self { store, keys: runs.into_iter().map(|(option, case, key)| ((option, case), key)).collect() }
    }
    /// A map of the run of an option in a case; `None` where it was not kept or cannot be read.
    pub fn map(&self, option: usize, case: Case, kind: MapKind) -> Option<Raster> {
        self.store.map(self.keys.get(&(option, case))?, kind)
    }
    /// The times (s since the start of the run) of which the depth was kept.
    pub fn times(&self, option: usize, case: Case) -> Vec<f64> {
        self.keys.get(&(option, case)).map(|key| self.store.map_times(key)).unwrap_or_default()
    }
    /// The depth at one of those times; `None` where it was not kept or cannot be read.
    pub fn at(&self, option: usize, case: Case, seconds: f64) -> Option<Raster> {
        self.store.map_at(self.keys.get(&(option, case))?, seconds)
    }
}
