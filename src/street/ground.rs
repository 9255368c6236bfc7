//! The ground: terrain and layers, read once and shared by all runs.

use std::path::{Path, PathBuf};

use ndarray::Array2;

use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::model::raster::Raster;
use crate::scenario::surface::SurfaceTable;
use crate::simulation::street::Street;
use crate::surface::{Cell, Roughness, Soils};

/// What a ground has to fit: the study and its network.
#[derive(Clone, Copy, Debug)]
pub struct Town<'a> {
    /// Reference system of the node coordinates, if it is known, such as `EPSG:4550`.
    pub crs: Option<&'a str>,
    /// Vertical datum of the levels, if it is known.
    pub vertical_datum: Option<&'a str>,
    /// The network of the base, checked.
    pub model: &'a Model,
}

/// Terrain and layers, read once. Maps all have the cells of `terrain`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// What was asked for.
    pub table: SurfaceTable,
    /// Reference system of the node coordinates, if it is known.
    pub crs: Option<String>,
    /// Level of the ground as the water meets it (m): buildings raised or cut out; NaN is no part of the surface.
    pub terrain: Raster,
    /// Level of the ground without buildings, areas outside not cut (m): for pictures and checks.
    pub bare: Raster,
    /// Cells that buildings cover, if there are buildings.
    pub buildings: Option<Array2<bool>>,
    /// Manning's n.
    pub roughness: Roughness,
    /// Soils.
    pub soils: Soils,
    /// The share of rain that each cell gets (0 or 1), where a mask says so.
    pub rain_share: Option<Raster>,
    /// Depth at the start (m).
    pub initial_depth: Option<Array2<f64>>,
    /// Names and cells of the gauges of the table.
    pub gauges: Vec<(String, Cell)>,
}

impl Ground {
    /// Reads terrain and layers; paths are relative to `folder`. Gives the ground and warnings.
    ///
    /// # Errors
    /// All problems of the files and of how they fit each other and the town.
    pub fn read(
        _table: &SurfaceTable,
        _folder: &Path,
        _town: &Town<'_>,
    ) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        Err(vec![Diagnostic::unsupported("the ground is not read yet")])
    }

    /// The street of a network on this ground: that of the base, or of an option. Gives the street and warnings.
    ///
    /// # Errors
    /// All problems of how the network fits the ground.
    pub fn street(&self, _model: &Model) -> Result<(Street, Vec<Diagnostic>), Vec<Diagnostic>> {
        Err(vec![Diagnostic::unsupported("the ground is not read yet")])
    }

    /// All files that a table names, relative to the folder: what a cached run depends on.
    #[must_use]
    pub fn files(table: &SurfaceTable) -> Vec<PathBuf> {
        vec![table.terrain.clone()]
    }
}
