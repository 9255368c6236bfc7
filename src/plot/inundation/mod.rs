//! Water on the streets as pictures: maps of depth, speed, hazard and times over the ground, what an option makes
//! different, what manholes give and take, areas by depth, and the course of it all as a picture that moves.
//!
//! Maps of one [`Place`] share ground, classes and colours, whatever option and storm they show, so that they can be
//! laid side by side. Values are SI: metres, metres a second, seconds.

pub mod album;
pub mod film;
pub mod gauges;
pub mod page;
pub mod quantity;

#[cfg(test)]
mod tests;

use super::chart::{Chart, Dot, Join, Series};
use super::plan::{Plan, PlanResults};
use super::relief::scale::Classes;
use super::relief::{Bubble, Bubbles, Layer, Relief};
use super::{Picture, PlotError, Sheet, Word};
use crate::inundation::{DepthArea, Surroundings};
use crate::model::Model;
use crate::model::crs::Reprojection;
use crate::model::outline::outlines;
use crate::model::raster::Raster;
use crate::simulation::street::{Exchanged, Manhole, Street};
use crate::street::Ground;

pub use film::Film;
pub use quantity::{Quantity, Scales};

/// Depth below which water is not drawn (m): a film of rain is no flood.
pub const SHALLOW: f32 = 0.05;
/// Limits of classes of how depths differ (m).
const DIFFERENCES: [f32; 4] = [0.02, 0.05, 0.15, 0.5];
/// Volumes at manholes below this are not drawn (m³).
const LEAST_EXCHANGE: f64 = 0.1;
/// Square metres of a hectare.
const HECTARE: f64 = 1e4;

/// A place: what lies under all its maps, and how their values are classed.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The ground.
    pub terrain: Raster,
    /// Outlines of buildings, in the coordinates of the ground.
    pub buildings: Vec<Vec<[f64; 2]>>,
    /// Axes of roads, in the coordinates of the ground.
    pub roads: Vec<Vec<[f64; 2]>>,
    /// The network, in the coordinates of the ground.
    pub network: Option<Plan>,
    /// How values are classed.
    pub scales: Scales,
}

impl Place {
    /// Ground alone.
    #[must_use]
    pub fn new(terrain: Raster, scales: Scales) -> Self {
        Self { terrain, buildings: Vec::new(), roads: Vec::new(), network: None, scales }
    }

    /// A ground with what stands on it, in its coordinates, and a network. Without buildings the cells that the
    /// surface has as such are drawn.
    #[must_use]
    pub fn on(ground: &Ground, around: &Surroundings, model: &Model, scales: Scales) -> Self {
        let outer = |rings: &Vec<Vec<[f64; 2]>>| rings.first().cloned();
        let mut buildings: Vec<_> =
            around.buildings.iter().filter_map(|building| outer(&building.rings)).collect();
        if let (true, Some(covered)) = (buildings.is_empty(), &ground.buildings) {
            let point = |&[row, column]: &[usize; 2]| {
                let (west, north) = (ground.bare.west, ground.bare.north);
                [west + column as f64 * ground.bare.cell, north - row as f64 * ground.bare.cell]
            };
            let found = outlines(covered);
            buildings = found
                .iter()
                .filter_map(|outline| Some(outline.rings.first()?.iter().map(point).collect()))
                .collect();
        }
        Self {
            buildings,
            roads: around.roads.iter().map(|road| road.line.clone()).collect(),
            network: network(model, ground),
            ..Self::new(ground.bare.clone(), scales)
        }
    }

    /// A quantity of a run as a layer.
    #[must_use]
    pub fn layer(&self, quantity: Quantity, values: &Raster, sheet: &Sheet) -> Layer {
        Layer {
            heading: quantity.heading(&self.scales, sheet),
            values: quantity.shown(values, &self.scales),
            classes: quantity.classes(&self.scales, sheet.language),
        }
    }

    /// A map of a quantity of a run.
    ///
    /// # Errors
    /// When there is nothing to draw on, the values have other cells than the ground, or the sheet cannot be drawn on.
    pub fn map(
        &self,
        quantity: Quantity,
        values: &Raster,
        title: &str,
        sheet: &Sheet,
    ) -> Result<Picture, PlotError> {
        self.relief(title, Some(self.layer(quantity, values, sheet))).draw(sheet)
    }

    /// How much deeper the water is than in a base, as a layer; nothing where neither is as deep as [`SHALLOW`].
    ///
    /// # Errors
    /// When the two have different cells.
    pub fn change(&self, base: &Raster, option: &Raster, sheet: &Sheet) -> Result<Layer, PlotError> {
        if !base.same_cells(option) {
            let message = "the depths of an option have other cells than those of the base".to_owned();
            return Err(PlotError::Mismatch(message));
        }
        // ground that only one of the two knows has no difference: an option may build upon it
        let mut values = option.clone();
        values.values.zip_mut_with(&base.values, |option, &base| {
            *option = if option.max(base) >= SHALLOW { *option - base } else { f32::NAN };
        });
        let heading = sheet.language.with_unit(sheet.word(Word::DepthDifference), "m");
        Ok(Layer { heading, values, classes: Classes::differences(&DIFFERENCES) })
    }

    /// A map of how much deeper the water is than in a base, with the same classes for all options.
    ///
    /// # Errors
    /// When there is nothing to draw on, the two have different cells, or the sheet cannot be drawn on.
    pub fn difference(
        &self,
        base: &Raster,
        option: &Raster,
        title: &str,
        sheet: &Sheet,
    ) -> Result<Picture, PlotError> {
        self.relief(title, Some(self.change(base, option, sheet)?)).draw(sheet)
    }

    /// A map of what came up from manholes and went down into them, on the greatest depth if that is given. Maps
    /// that lie side by side share `greatest`, the volume of the largest disc (m³).
    ///
    /// # Errors
    /// When there is no exchange or nothing to draw it on, or the sheet cannot be drawn on.
    pub fn exchange(
        &self,
        bubbles: Vec<Bubble>,
        greatest: f64,
        depth: Option<&Raster>,
        title: &str,
        sheet: &Sheet,
    ) -> Result<Picture, PlotError> {
        if bubbles.is_empty() {
            return Err(PlotError::Empty("no manhole meets the street".to_owned()));
        }
        let layer = depth.map(|depth| self.layer(Quantity::Depth, depth, sheet));
        let bubbles = Bubbles {
            heading: sheet.word(Word::Exchange).to_owned(),
            bubbles,
            greatest,
            least: LEAST_EXCHANGE,
        };
        Relief { bubbles: Some(bubbles), ..self.relief(title, layer) }.draw(sheet)
    }

    /// The map that all others are made from.
    fn relief(&self, title: &str, layer: Option<Layer>) -> Relief {
        Relief {
            title: title.to_owned(),
            terrain: self.terrain.clone(),
            layer,
            buildings: self.buildings.clone(),
            roads: self.roads.clone(),
            network: self.network.clone(),
            bubbles: None,
            note: String::new(),
        }
    }
}

/// The course of a network in the coordinates of a ground; `None` where it has none.
fn network(model: &Model, ground: &Ground) -> Option<Plan> {
    let mut plan = Plan::from_model(model, &PlanResults::default()).ok()?;
    let between = ground.crs.as_deref().zip(ground.bare.crs.as_deref());
    let Some((from, to)) = between else { return Some(plan) };
    // a ground that was read has placed the nodes with it before: it is known
    let into = Reprojection::between(from, to).ok()?;
    let nodes = plan.nodes.iter_mut().map(|node| &mut node.at);
    for point in nodes.chain(plan.links.iter_mut().flat_map(|link| &mut link.points)) {
        let (x, y) = into.point(point[0], point[1]).unwrap_or((f64::NAN, f64::NAN));
        *point = [x, y];
    }
    Some(plan)
}

/// What the manholes of a street gave to it and took from it, where their cells are.
#[must_use]
pub fn manhole_bubbles(street: &Street, exchanged: &[Exchanged]) -> Vec<Bubble> {
    let grid = street.setup.grid();
    let of = |(manhole, exchanged): (&Manhole, &Exchanged)| {
        let (x, y) = grid.middle(manhole.cell);
        Bubble { at: [x, y], up: exchanged.up, down: exchanged.down }
    };
    street.manholes.iter().zip(exchanged).map(of).collect()
}

/// Areas by depth of several runs, by their names.
///
/// # Errors
/// When there is no run or the sheet cannot be drawn on.
pub fn depth_area_chart(
    runs: &[(String, &[DepthArea])],
    title: &str,
    sheet: &Sheet,
) -> Result<Picture, PlotError> {
    let hectare = sheet.language.of("ha", "hm²");
    // the curve ends where no run has water any more
    let wet = |(_, areas): &(String, &[DepthArea])| areas.iter().take_while(|step| step.area > 0.0).count();
    let steps = runs.iter().map(wet).max().unwrap_or(0) + 1;
    let dot = |step: &DepthArea| Dot { x: step.depth, y: step.area / HECTARE, name: String::new() };
    let of = |(name, areas): &(String, &[DepthArea])| Series {
        name: name.clone(),
        dots: areas.iter().take(steps).map(dot).collect(),
        join: Join::Straight,
        ..Series::default()
    };
    let chart = Chart {
        title: title.to_owned(),
        across: sheet.language.with_unit(sheet.word(Word::MaximumDepth), "m"),
        upward: sheet.language.with_unit(sheet.word(Word::AreaDeeper), hectare),
        series: runs.iter().map(of).collect(),
        ..Chart::default()
    };
    chart.draw(sheet)
}
