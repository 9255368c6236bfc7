//! The terrain: read, named, cropped, made coarser.

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::input::raster;
use crate::model::crs::plain;
use crate::model::raster::{Coarsen, Extent, Raster};
use crate::model::terrain::place;
use crate::num::index::Id;
use crate::scenario::surface::{Resample, SurfaceTable};

use super::Town;
use super::layers::unreadable;

/// How far the side of a cell may be from a multiple of that of the file, in cells of the file.
const MULTIPLE: f64 = 1e-6;

/// The terrain of a table as the file holds it, with its reference system if the file or the table names it.
pub(super) fn read(table: &SurfaceTable, folder: &Path, town: &Town<'_>) -> Result<Raster, Vec<Diagnostic>> {
    let path = folder.join(&table.terrain);
    let mut problems = Vec::new();
    if let (Some(own), Some(of_town)) = (table.vertical_datum.as_deref(), town.vertical_datum)
        && own.trim() != of_town.trim()
    {
        let message = format!("the terrain is in the vertical datum `{own}`, the study in `{of_town}`");
        let help = "levels of two datums differ by metres: shift the terrain, or correct `vertical_datum`";
        problems.push(Diagnostic::error(0, message).help(help));
    }
    let mut terrain = match raster::read(&path) {
        Ok(Ok(terrain)) => terrain,
        Ok(Err(found)) => {
            problems.extend(found);
            return Err(problems);
        }
        Err(error) => {
            problems.push(unreadable(&path, &error));
            return Err(problems);
        }
    };
    match (terrain.crs.as_deref().map(plain), table.crs.as_deref().map(plain)) {
        (Some(of_file), Some(given)) if of_file != given => {
            let message = format!("{} names the reference system {of_file}, not {given}", path.display());
            let help = "leave `crs` of the terrain out, or transform it, such as with `gdalwarp -t_srs`";
            problems.push(Diagnostic::error(0, message).help(help));
        }
        (None, Some(given)) => terrain.crs = Some(given),
        _ => {}
    }
    if problems.is_empty() { Ok(terrain) } else { Err(problems) }
}

/// The part of the terrain that is asked for, in cells of the size that is asked for.
pub(super) fn cut_and_coarsen(
    table: &SurfaceTable,
    terrain: Raster,
    town: &Town<'_>,
) -> Result<Raster, Vec<Diagnostic>> {
    let fail = |message: String, help: String| Err(vec![Diagnostic::error(0, message).help(help)]);
    let mut terrain = terrain;
    if let Some([west, south, east, north]) = table.extent {
        let area = Extent { west, south, east, north };
        match terrain.crop(&area) {
            Some(part) if west < east && south < north => terrain = part,
            _ => {
                let e = terrain.extent();
                let message = format!(
                    "`surface.extent` ({west}, {south}, {east}, {north}) holds nothing of the terrain"
                );
                let help = format!(
                    "west, south, east, north; the terrain reaches from ({:.1}, {:.1}) to ({:.1}, {:.1})",
                    e.west, e.south, e.east, e.north
                );
                return fail(message, help);
            }
        }
    }
    if let Some(margin) = table.margin {
        // what is wrong with the places is told when they are checked
        let placed =
            place(&terrain, town.model, town.crs, &mut Vec::new()).map_err(|problem| vec![*problem])?;
        let on_map =
            |id: usize| placed.cells.get(id).copied().flatten().and(placed.points.get(id).copied().flatten());
        let points = town.model.nodes.ids().filter_map(|id| on_map(id.index()));
        let area = points.fold(None, |area: Option<Extent>, [x, y]| {
            let e = area.unwrap_or(Extent { west: x, south: y, east: x, north: y });
            Some(Extent {
                west: e.west.min(x),
                south: e.south.min(y),
                east: e.east.max(x),
                north: e.north.max(y),
            })
        });
        if let Some(e) = area {
            let m = margin.0.max(terrain.cell);
            let area = Extent { west: e.west - m, south: e.south - m, east: e.east + m, north: e.north + m };
            if let Some(part) = terrain.crop(&area) {
                terrain = part;
            }
        }
    }
    if let Some(cell) = table.cell {
        let block = cell.0 / terrain.cell;
        let whole = block.round();
        if whole < 1.0 || (block - whole).abs() > MULTIPLE * whole.max(1.0) {
            let message =
                format!("cells of {} m cannot be made of the terrain's cells of {} m", cell.0, terrain.cell);
            let near = terrain.cell * whole.max(1.0);
            let help = format!(
                "take a multiple, such as cell = \"{near} m\", or resample the terrain with `gdalwarp -tr {0} {0}`",
                cell.0
            );
            return fail(message, help);
        }
        if table.subgrid {
            if whole < 2.0 {
                let message =
                    format!("`surface.subgrid` needs cells larger than the terrain's of {} m", terrain.cell);
                return fail(message, format!("such as cell = \"{} m\"", 4.0 * terrain.cell));
            }
            if table.resample != Resample::Mean {
                let message = "`surface.resample` has no effect with `surface.subgrid`, which keeps the terrain as it is";
                return fail(message.into(), "leave one of them out".into());
            }
            return Ok(terrain);
        }
        let how = match table.resample {
            Resample::Mean => Coarsen::Mean,
            Resample::Minimum => Coarsen::Minimum,
            Resample::Sample => Coarsen::Sample,
        };
        if whole > 1.0 {
            terrain = terrain.coarsen(whole as usize, how);
        }
    } else if table.subgrid {
        let message = "`surface.subgrid` needs the side of a cell";
        return fail(message.into(), format!("such as cell = \"{} m\"", 4.0 * terrain.cell));
    }
    Ok(terrain)
}

/// Cells of the terrain along one in which water is computed; `None` if they are the same.
pub(super) fn pixels(table: &SurfaceTable, terrain: &Raster) -> Option<usize> {
    let cell = table.cell.filter(|_| table.subgrid)?;
    Some((cell.0 / terrain.cell).round() as usize)
}
