//! The ground: terrain and layers, read once and shared by all runs.

use std::path::{Path, PathBuf};

use ndarray::Array2;

use crate::diagnostic::{Diagnostic, Severity};
use crate::input::inlet_table::{BankLevel, Inlet, bank_levels, inlets};
use crate::input::shapes::{self, Shape};
use crate::input::stage_table::stage_table;
use crate::model::raster::Raster;
use crate::model::terrain::{self as over_network, Tolerance};
use crate::model::{Model, NodeId};
use crate::num::index::Id;
use crate::scenario::surface::{BuildingsAs, Layer, RunoffFrom, SurfaceTable};
use crate::surface::Shape as SeriesShape;
use crate::surface::{Cell, Grid, Roughness, Series, Soils};

use super::layers::{Layers, cut, unreadable};
use super::rain_maps::RainMaps;
use super::terrain;

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
    /// Rain from maps, where it comes from them.
    pub rain_maps: Option<RainMaps>,
    /// Depth at the start (m).
    pub initial_depth: Option<Array2<f64>>,
    /// Names and cells of the gauges of the table.
    pub gauges: Vec<(String, Cell)>,
    /// Openings of single nodes.
    pub(super) inlets: Vec<Inlet>,
    /// Levels of banks.
    pub(super) bank_levels: Vec<BankLevel>,
    /// Shapes of the boundaries of the table, those that have a file.
    pub(super) boundary_shapes: Vec<Vec<Shape>>,
    /// Levels over time of the boundaries of the table, those that have them.
    pub(super) boundary_levels: Vec<Option<Series>>,
    /// Shapes of the inflows of the table.
    pub(super) inflow_shapes: Vec<Vec<Shape>>,
    /// Flows of the inflows of the table.
    pub(super) inflow_series: Vec<Series>,
}

impl Ground {
    /// Reads terrain and layers; paths are relative to `folder`. Gives the ground and warnings.
    ///
    /// # Errors
    /// All problems of the files and of how they fit each other and the town.
    pub fn read(
        table: &SurfaceTable,
        folder: &Path,
        town: &Town<'_>,
    ) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        let bare = terrain::cut_and_coarsen(table, terrain::read(table, folder, town)?, town)?;
        let mut found = Vec::new();
        let placed = match over_network::place(&bare, town.model, town.crs, &mut found) {
            Ok(placed) => placed,
            Err(problem) => {
                found.push(*problem);
                return Err(found);
            }
        };
        let mut bare = bare;
        bare.crs = bare.crs.or_else(|| town.crs.map(crate::model::crs::plain));
        let mut ground = bare.clone();
        let mut layers = Layers { folder, terrain: &bare, found };
        let mut outside = Array2::from_elem(bare.values.dim(), false);
        for file in &table.outside {
            outside |= &layers.covered(file);
        }
        let is_outside = |node: NodeId| {
            let cell = placed.cells.get(node.index()).copied().flatten();
            cell.is_some_and(|cell| outside.get(cell) == Some(&true))
        };
        let told = over_network::check_nodes(&bare, town.model, &placed, &Tolerance::default(), &|node| {
            !is_outside(node)
        });
        layers.found.extend(told);
        // a terrain of another place would only give problems that follow from it
        if layers.found.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(layers.found);
        }
        let buildings = table.buildings.as_ref().map(|table| layers.buildings(table, &mut ground));
        cut(&mut ground, &outside);
        let rain_share = rain_share(table, &mut layers);
        // on the ground as the water meets it
        let mut layers = Layers { folder, terrain: &ground, found: layers.found };
        let roughness = layers.roughness(table);
        let soils = table.infiltration.as_ref().map(|table| layers.soils(table)).unwrap_or_default();
        let initial_depth = layers.initial_depth(table);
        let mut found = layers.found;
        let mut rain_maps = None;
        if let Some(maps) = &table.rain_maps {
            found.extend(super::rain_maps::check(table));
            match super::rain_maps::read(maps, folder, &ground, rain_share.as_ref(), &mut found) {
                Ok(maps) => rain_maps = Some(maps),
                Err(problems) => found.extend(problems),
            }
        }
        if let (Some(covered), Some(asked)) = (&buildings, &table.buildings)
            && asked.kind == BuildingsAs::Blocked
            && table.runoff_from == RunoffFrom::Grid
        {
            let cells = covered.iter().filter(|is_building| **is_building).count();
            let message = format!(
                "blocked buildings take {:.0} m² out of the rain on the grid: what falls on their roofs is missing",
                cells as f64 * bare.cell * bare.cell
            );
            found.push(Diagnostic::warning(0, message).help("raise them instead, and their rain runs off"));
        }
        let grid = grid_of(&ground);
        let gauges = gauges(table, &grid, &mut found);
        let mut tables = Tables { folder, crs: bare.crs.as_deref(), found };
        let exchange = &table.exchange;
        let inlets =
            exchange.inlets.as_ref().and_then(|file| tables.parsed(file, inlets)).unwrap_or_default();
        let levels = table.banks.as_ref().and_then(|banks| banks.levels.as_ref());
        let bank_levels = levels.and_then(|file| tables.parsed(file, bank_levels)).unwrap_or_default();
        let boundary_shapes = table.boundaries.iter().map(|b| tables.shapes(b.file.as_deref())).collect();
        let boundary_levels =
            table.boundaries.iter().map(|b| tables.series(b.series.as_deref(), "")).collect();
        let inflow_shapes =
            table.inflows.iter().map(|inflow| tables.shapes(inflow.file.as_deref())).collect();
        let inflow_series = table.inflows.iter().map(|inflow| tables.inflow(inflow)).collect();
        let found = tables.found;
        if found.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(found);
        }
        let ground = Self {
            table: table.clone(),
            crs: town.crs.map(str::to_owned),
            terrain: ground,
            bare,
            buildings,
            roughness,
            soils,
            rain_share,
            rain_maps,
            initial_depth,
            gauges,
            inlets,
            bank_levels,
            boundary_shapes,
            boundary_levels,
            inflow_shapes,
            inflow_series,
        };
        Ok((ground, found))
    }

    /// The grid of the surface.
    #[must_use]
    pub fn grid(&self) -> Grid {
        grid_of(&self.terrain)
    }

    /// All files that a table names, joined to its folder, maps of rain among them: what a cached run depends on.
    #[must_use]
    pub fn files(table: &SurfaceTable, folder: &Path) -> Vec<PathBuf> {
        let layer = |layer: &Option<Layer>| match layer {
            Some(Layer::Path(file)) => Some(file.clone()),
            Some(Layer::Table(table)) => Some(table.file.clone()),
            Some(Layer::Same(_)) | None => None,
        };
        let mut files = vec![table.terrain.clone()];
        files.extend(layer(&table.roughness));
        files.extend(table.buildings.as_ref().map(|buildings| buildings.file.clone()));
        files.extend(table.outside.iter().cloned());
        files.extend(table.infiltration.as_ref().and_then(|table| table.file.clone()));
        files.extend(layer(&table.initial_depth));
        files.extend(table.rain_mask.clone());
        files.extend(table.boundaries.iter().flat_map(|b| [b.file.clone(), b.series.clone()]).flatten());
        files.extend(table.inflows.iter().flat_map(|i| [i.file.clone(), i.series.clone()]).flatten());
        files.extend(table.exchange.inlets.clone());
        files.extend(table.banks.as_ref().and_then(|banks| banks.levels.clone()));
        let mut files: Vec<PathBuf> = files.into_iter().map(|file| folder.join(file)).collect();
        if let Some(maps) = &table.rain_maps {
            let list = folder.join(&maps.file);
            files.extend(super::rain_maps::files(&list));
            files.push(list);
        }
        files
    }
}

/// The grid of a map.
pub(super) fn grid_of(map: &Raster) -> Grid {
    Grid { west: map.west, north: map.north, size: map.cell, rows: map.rows(), columns: map.columns() }
}

/// The share of the rain that each cell gets, where a mask says so.
fn rain_share(table: &SurfaceTable, layers: &mut Layers<'_>) -> Option<Raster> {
    match (table.runoff_from, &table.rain_mask) {
        (RunoffFrom::Mask, Some(file)) => {
            let covered = layers.covered(file);
            let values = covered.mapv(|is_in| if is_in { 1.0 } else { 0.0 });
            Some(Raster { values, ..Raster::filled_like(layers.terrain, 0.0) })
        }
        (RunoffFrom::Mask, None) => {
            let message = "`surface.runoff_from` is `mask`, and there is no `rain_mask`";
            layers
                .found
                .push(Diagnostic::error(0, message).help("give the polygons: rain_mask = \"grid.geojson\""));
            None
        }
        (_, Some(_)) => {
            let message = "`surface.rain_mask` is used by no `runoff_from`";
            layers
                .found
                .push(Diagnostic::error(0, message).help("write runoff_from = \"mask\", or leave it out"));
            None
        }
        (_, None) => None,
    }
}

/// The cells of the gauges.
fn gauges(table: &SurfaceTable, grid: &Grid, found: &mut Vec<Diagnostic>) -> Vec<(String, Cell)> {
    let mut gauges: Vec<(String, Cell)> = Vec::new();
    for gauge in &table.gauges {
        let [x, y] = gauge.at;
        if gauges.iter().any(|(name, _)| *name == gauge.name) {
            found.push(Diagnostic::error(0, format!("`surface.gauge` has the name `{}` twice", gauge.name)));
        }
        match grid.cell_of(x, y) {
            Some(cell) => gauges.push((gauge.name.clone(), cell)),
            None => {
                let message = format!("the gauge `{}` at ({x}, {y}) lies outside the terrain", gauge.name);
                found.push(Diagnostic::error(0, message).help("x and y in the coordinates of the terrain"));
            }
        }
    }
    gauges
}

/// Reads the small tables and maps that belong to a surface.
struct Tables<'a> {
    folder: &'a Path,
    crs: Option<&'a str>,
    found: Vec<Diagnostic>,
}

impl Tables<'_> {
    /// A text, as something.
    fn parsed<T>(
        &mut self,
        file: &Path,
        parse: impl Fn(&str, &Path) -> Result<T, Vec<Diagnostic>>,
    ) -> Option<T> {
        let path = self.folder.join(file);
        match std::fs::read(&path) {
            Ok(bytes) => match parse(&String::from_utf8_lossy(&bytes), &path) {
                Ok(value) => return Some(value),
                Err(problems) => self.found.extend(problems),
            },
            Err(error) => self.found.push(unreadable(&path, &error)),
        }
        None
    }

    /// The shapes of a map; none without a file.
    fn shapes(&mut self, file: Option<&Path>) -> Vec<Shape> {
        let Some(file) = file else { return Vec::new() };
        let path = self.folder.join(file);
        match shapes::read(&path, self.crs) {
            Ok(Ok(shapes)) => return shapes,
            Ok(Err(problems)) => self.found.extend(problems),
            Err(error) => self.found.push(unreadable(&path, &error)),
        }
        Vec::new()
    }

    /// A series over hours: the only column, or that of a name.
    fn series(&mut self, file: Option<&Path>, name: &str) -> Option<Series> {
        let file = file?;
        let table =
            self.parsed(file, |text, path| stage_table(text, path).map_err(|problem| vec![*problem]))?;
        let named = table.levels.iter().find(|(column, _)| column.eq_ignore_ascii_case(name));
        let only = (table.levels.len() == 1).then(|| table.levels.first()).flatten();
        let Some((_, values)) = named.or(only) else {
            let message = format!("{} has several columns, and none is named `{name}`", file.display());
            self.found
                .push(Diagnostic::error(0, message).help("head a column with the name, or keep one column"));
            return None;
        };
        let points = table.hours.iter().zip(values).map(|(hours, value)| (hours * 3600.0, *value)).collect();
        Series::new(SeriesShape::Linear, points)
    }

    /// The flow of an inflow.
    fn inflow(&mut self, inflow: &crate::scenario::surface::InflowTable) -> Series {
        let fault = match (&inflow.flow, &inflow.series, inflow.at, &inflow.file) {
            (Some(_), Some(_), ..) | (None, None, ..) => "needs one of `flow` and `series`",
            (.., Some(_), Some(_)) | (.., None, None) => "needs one of `at` and `file`",
            _ => "",
        };
        if !fault.is_empty() {
            self.found.push(Diagnostic::error(0, format!("the inflow `{}` {fault}", inflow.name)));
        }
        let constant = Series::constant(inflow.flow.map_or(0.0, |flow| flow.0));
        self.series(inflow.series.as_deref(), &inflow.name).unwrap_or(constant)
    }
}
