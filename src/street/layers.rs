//! What lies on the terrain: roughness, buildings, soils, areas outside, rain mask, water at the start; each on the
//! cells of the terrain.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use ndarray::Array2;

use crate::diagnostic::Diagnostic;
use crate::input::layer::{Source, lay};
use crate::input::patches::Meaning;
use crate::model::burn::{Burn, Cover};
use crate::model::raster::Raster;
use crate::scenario::surface::{
    BuildingsAs, BuildingsTable, InfiltrationTable, Layer, LayerTable, ROUGHNESS, SoilTable, SurfaceTable,
};
use crate::surface::{Roughness, Soil, Soils};

/// Height of raised buildings where nothing is given (m): above what stands in streets but in the worst floods.
const RAISED: f64 = 0.3;

/// Reads layers on the cells of a terrain and keeps what is found.
pub(super) struct Layers<'a> {
    /// The folder that paths begin in.
    pub folder: &'a Path,
    /// The terrain, whose cells and system all layers have.
    pub terrain: &'a Raster,
    /// Problems and warnings.
    pub found: Vec<Diagnostic>,
}

/// An error about a file that cannot be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let message = match error.kind() {
        io::ErrorKind::NotFound => format!("there is no file {}", path.display()),
        _ => format!("{} cannot be read: {error}", path.display()),
    };
    Diagnostic::error(0, message).help("paths begin in the folder of the file that names them")
}

/// Whether a file holds polygons, by its ending.
fn is_polygons(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    matches!(ending.as_deref(), Some("geojson" | "json"))
}

impl Layers<'_> {
    /// Lays a source over a layer.
    fn lay(&mut self, layer: &mut Raster, path: &Path, source: &Source<'_>, how: Burn) {
        match lay(layer, source, how, &mut self.found) {
            Ok(Ok(())) => {}
            Ok(Err(problems)) => self.found.extend(problems),
            Err(error) => self.found.push(unreadable(path, &error)),
        }
    }

    /// A map of nothing known.
    fn unknown(&self) -> Raster {
        Raster::filled_like(self.terrain, f32::NAN)
    }

    /// Cells whose middles lie in the polygons of a file.
    pub fn covered(&mut self, file: &Path) -> Array2<bool> {
        let path = self.folder.join(file);
        let mut map = Raster::filled_like(self.terrain, 0.0);
        let source = Source::Polygons(&path, Meaning::Constant(1.0), Cover::Middle);
        self.lay(&mut map, &path, &source, Burn::Replace);
        map.values.mapv(|value| value > 0.5)
    }

    /// The numbers of a layer; where it says nothing they are `elsewhere`, or that is told.
    fn numbers(&mut self, key: &str, layer: &Layer, elsewhere: Option<f64>) -> Roughness {
        let table = match layer {
            Layer::Same(value) => return Roughness::Same(*value),
            Layer::Path(file) => &LayerTable { file: file.clone(), ..LayerTable::default() },
            Layer::Table(table) => table,
        };
        let path = self.folder.join(&table.file);
        let mut map = self.unknown();
        if let Some(elsewhere) = table.elsewhere.or(elsewhere) {
            map.values.fill(elsewhere as f32);
        }
        let mut fail = |message: &str, help: &str| {
            self.found.push(Diagnostic::error(0, format!("`surface.{key}`: {message}")).help(help));
        };
        if is_polygons(&path) {
            let meaning = match (&table.property, table.value) {
                (Some(property), None) if table.classes.is_empty() => Meaning::Number(property),
                (Some(property), None) => Meaning::Class(property, &table.classes),
                (None, Some(value)) => Meaning::Constant(value),
                _ => {
                    fail(
                        "polygons need one of `property` and `value`",
                        "`property` names the number of each polygon, or with `classes` its class",
                    );
                    return Roughness::Map(map);
                }
            };
            self.lay(&mut map, &path, &Source::Polygons(&path, meaning, Cover::Middle), Burn::Replace);
        } else if table.classes.is_empty() {
            self.lay(&mut map, &path, &Source::Values(&path), Burn::Replace);
        } else {
            let mut classes = BTreeMap::new();
            for (class, value) in &table.classes {
                match class.trim().parse::<i64>() {
                    Ok(class) => drop(classes.insert(class, *value)),
                    Err(_) => {
                        fail(&format!("`{class}` is no class of a map of cells"), "classes are whole numbers")
                    }
                }
            }
            self.lay(&mut map, &path, &Source::Classes(&path, &classes), Burn::Replace);
        }
        let ground = self.terrain.values.iter();
        let gaps =
            ground.zip(&map.values).filter(|(ground, value)| !ground.is_nan() && value.is_nan()).count();
        if gaps > 0
            && !self.found.iter().any(|problem| problem.severity == crate::diagnostic::Severity::Error)
        {
            let message =
                format!("`surface.{key}`: {} says nothing of {gaps} cells of the terrain", path.display());
            let help = format!("give `elsewhere`: {key} = {{ file = \"…\", elsewhere = 0.03 }}");
            self.found.push(Diagnostic::error(0, message).help(help));
        }
        // beyond the terrain nothing is asked of a layer
        for (value, ground) in map.values.iter_mut().zip(&self.terrain.values) {
            if value.is_nan() && ground.is_nan() {
                *value = 0.0;
            }
        }
        Roughness::Map(map)
    }

    /// Manning's n.
    pub fn roughness(&mut self, table: &SurfaceTable) -> Roughness {
        match &table.roughness {
            None => Roughness::Same(ROUGHNESS),
            Some(layer) => self.numbers("roughness", layer, None),
        }
    }

    /// Depth at the start (m), of a depth or of a level.
    pub fn initial_depth(&mut self, table: &SurfaceTable) -> Option<Array2<f64>> {
        match (&table.initial_depth, table.initial_level) {
            (Some(_), Some(_)) => {
                let message = "`surface` gives `initial_depth` and `initial_level`";
                self.found.push(Diagnostic::error(0, message).help("keep one of them"));
                None
            }
            (Some(layer), None) => match self.numbers("initial_depth", layer, Some(0.0)) {
                Roughness::Same(0.0) => None,
                Roughness::Same(depth) => Some(Array2::from_elem(self.terrain.values.dim(), depth)),
                Roughness::Map(map) => Some(map.values.mapv(f64::from)),
            },
            (None, Some(level)) => {
                Some(self.terrain.values.mapv(|ground| (level.0 - f64::from(ground)).max(0.0)))
            }
            (None, None) => None,
        }
    }

    /// Cells of buildings; raised ones are added to the ground, blocked ones cut out of it.
    pub fn buildings(&mut self, table: &BuildingsTable, ground: &mut Raster) -> Array2<bool> {
        let covered = self.covered(&table.file);
        let mut fail =
            |message: &str| self.found.push(Diagnostic::error(0, format!("`surface.buildings`: {message}")));
        if table.height.is_some() && table.property.is_some() {
            fail("`height` and `property` exclude each other");
        }
        match table.kind {
            BuildingsAs::Blocked => {
                if table.height.is_some() || table.property.is_some() {
                    fail("blocked buildings have no height");
                }
                cut(ground, &covered);
            }
            BuildingsAs::Raised => {
                let path = self.folder.join(&table.file);
                let mut rise = Raster::filled_like(self.terrain, 0.0);
                let meaning = match &table.property {
                    Some(property) => Meaning::Number(property),
                    None => Meaning::Constant(table.height.map_or(RAISED, |height| height.0)),
                };
                let told = self.found.len();
                self.lay(&mut rise, &path, &Source::Polygons(&path, meaning, Cover::Middle), Burn::Replace);
                // what covers nothing was told when the cells were looked for
                let again = self.found.split_off(told.min(self.found.len()));
                self.found
                    .extend(again.into_iter().filter(|new| !self.found.contains(new)).collect::<Vec<_>>());
                ground.values += &rise.values;
            }
        }
        covered
    }

    /// Soils and where they lie.
    pub fn soils(&mut self, table: &InfiltrationTable) -> Soils {
        let mut fail = |message: String, help: &str| {
            self.found.push(Diagnostic::error(0, format!("`surface.infiltration`: {message}")).help(help));
        };
        let kinds: Vec<Soil> = table.soils.values().map(soil).collect();
        if kinds.is_empty() || kinds.len() > usize::from(u8::MAX) {
            fail(format!("{} soils", kinds.len()), "it takes 1 to 255 soils");
            return Soils::default();
        }
        let Some(file) = &table.file else {
            if kinds.len() > 1 {
                fail("several soils and no `file`".to_owned(), "a file says where each lies");
            }
            return Soils { kinds, map: Some(Array2::from_elem(self.terrain.values.dim(), 1)) };
        };
        let path: PathBuf = self.folder.join(file);
        let mut numbers: BTreeMap<String, f64> =
            table.soils.keys().enumerate().map(|(index, name)| (name.clone(), (index + 1) as f64)).collect();
        for name in &table.sealed {
            if numbers.insert(name.clone(), 0.0).is_some_and(|number| number > 0.0) {
                fail(format!("`{name}` is a soil and sealed"), "keep one of them");
            }
        }
        let mut map = Raster::filled_like(self.terrain, 0.0);
        if is_polygons(&path) {
            let property = table.property.as_deref().unwrap_or("soil");
            let meaning = Meaning::Class(property, &numbers);
            self.lay(&mut map, &path, &Source::Polygons(&path, meaning, Cover::Middle), Burn::Replace);
        } else {
            let mut classes = BTreeMap::new();
            for (name, number) in &numbers {
                match name.trim().parse::<i64>() {
                    Ok(class) => drop(classes.insert(class, *number)),
                    Err(_) => fail(
                        format!("`{name}` is no class of a map of cells"),
                        "name soils by the whole numbers of the map: soils = { 1 = { … } }",
                    ),
                }
            }
            self.lay(&mut map, &path, &Source::Classes(&path, &classes), Burn::Replace);
        }
        Soils { kinds, map: Some(map.values.mapv(|number| number as u8)) }
    }
}

/// Takes cells out of the surface.
pub(super) fn cut(ground: &mut Raster, cells: &Array2<bool>) {
    for (level, is_out) in ground.values.iter_mut().zip(cells) {
        if *is_out {
            *level = f32::NAN;
        }
    }
}

/// A soil in SI.
fn soil(table: &SoilTable) -> Soil {
    match *table {
        SoilTable::Constant { rate } => Soil::Constant { rate: rate.0 },
        SoilTable::Horton { first, last, decay_per_h } => {
            Soil::Horton { first: first.0, last: last.0, decay: decay_per_h / 3600.0 }
        }
        SoilTable::GreenAmpt { conductivity, suction, deficit } => {
            Soil::GreenAmpt { conductivity: conductivity.0, suction: suction.0, deficit }
        }
    }
}
