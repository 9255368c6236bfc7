//! Maps on shaded ground: depth, hazard, duration, differences, with buildings and the network on top.

mod bubble;
mod panel;
pub mod scale;
pub(in crate::plot) mod shade;

pub use bubble::{Bubble, Bubbles};

use super::colour::Colour;
use super::heading::{self, MARGIN};
use super::image::Image;
use super::plan::{Plan, PlanLinkKind, PlanNodeKind};
use super::scene::{Align, Lettering, Level, Point, Rect, Scene, Stroke};
use super::{Picture, PlotError, Sheet};
use crate::model::raster::Raster;

use scale::Classes;

/// Ground at its darkest and at its brightest.
const GROUND: (Colour, Colour) = (Colour(92, 92, 88), Colour(255, 255, 252));
/// How much of the shade of the ground shines through what lies on it.
const SHINE: f64 = 0.35;
/// Where the ground is unknown.
pub(in crate::plot) const UNKNOWN: Colour = Colour(226, 220, 208);
/// Buildings and their outlines.
const BUILDING: (Colour, Colour) = (Colour(176, 160, 146), Colour(110, 98, 88));

/// Values on the ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// What they are with their unit, the head of the legend.
    pub heading: String,
    /// The values, with the cells of the terrain; NaN where nothing is drawn.
    pub values: Raster,
    /// Their classes.
    pub classes: Classes,
}

/// A map on shaded ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Relief {
    /// Title; empty for none.
    pub title: String,
    /// The ground, in metres.
    pub terrain: Raster,
    /// What lies on it.
    pub layer: Option<Layer>,
    /// Outlines of buildings, in the coordinates of the ground.
    pub buildings: Vec<Vec<[f64; 2]>>,
    /// Axes of roads, in the coordinates of the ground.
    pub roads: Vec<Vec<[f64; 2]>>,
    /// The network, in the coordinates of the ground: its course only, its results are a plan's.
    pub network: Option<Plan>,
    /// What came up and went down at places.
    pub bubbles: Option<Bubbles>,
    /// A note inside the map, such as the time of a sequence; empty for none.
    pub note: String,
}

impl Relief {
    /// Ground and nothing on it.
    #[must_use]
    pub fn new(terrain: Raster) -> Self {
        Self {
            title: String::new(),
            terrain,
            layer: None,
            buildings: Vec::new(),
            roads: Vec::new(),
            network: None,
            bubbles: None,
            note: String::new(),
        }
    }

    /// Draws the map.
    ///
    /// # Errors
    /// When there is nothing to draw, the layer has other cells than the ground, or the sheet cannot be drawn on.
    pub fn draw(&self, sheet: &Sheet) -> Result<Picture, PlotError> {
        sheet.check()?;
        if self.terrain.values.is_empty() {
            return Err(PlotError::Empty("the terrain has no cells".to_owned()));
        }
        if self.layer.as_ref().is_some_and(|layer| !layer.values.same_cells(&self.terrain)) {
            let message = "the values on a map have other cells than its terrain".to_owned();
            return Err(PlotError::Mismatch(message));
        }
        let unit = sheet.unit();
        let (width, height) = (f64::from(sheet.width), f64::from(sheet.height));
        let mut scene = Scene::new(sheet.fonts.clone());
        let margin = MARGIN * unit;
        let title =
            heading::title(&mut scene, &self.title, [margin, 0.8 * margin], width - 2.0 * margin, unit);
        let (top, bottom) = (title + 0.5 * margin, height - margin);
        let side = panel::width(self, sheet);
        let room = Rect::new(margin, top, width - margin - side, bottom);
        sheet.check_room(&room)?;
        let frame = Frame::new(&self.terrain, room);
        scene.image(frame.place, self.image(&frame));
        scene.clip(Some(frame.place));
        for building in &self.buildings {
            let points: Vec<Point> = building.iter().map(|&point| frame.pixel(point)).collect();
            scene.area(&points, BUILDING.0, 1.0);
            scene.outline(&points, Stroke::solid(BUILDING.1, unit));
        }
        for axis in &self.roads {
            let points: Vec<Point> = axis.iter().map(|&point| frame.pixel(point)).collect();
            scene.line(&points, road(unit));
        }
        if let Some(plan) = &self.network {
            network(&mut scene, plan, &frame, unit);
        }
        if let Some(bubbles) = &self.bubbles {
            bubbles.draw(&mut scene, |at| frame.pixel(at), unit);
        }
        scene.clip(None);
        self.note(&mut scene, &frame, unit);
        scene.frame(frame.place, Stroke::solid(Colour(120, 120, 120), 1.2 * unit));
        let high = (frame.place.bottom - top).max(panel::height(self, sheet)).min(bottom - top);
        let left = frame.place.right + 0.8 * margin;
        let place = Rect::new(left, top, left + side - 0.8 * margin, top + high);
        panel::draw(&mut scene, self, sheet, place, frame.scale);
        Ok(Picture::new(sheet, scene))
    }

    /// The pixels of ground and layer: no more than three in the width of a pixel of the sheet, as the finest
    /// picture has.
    fn image(&self, frame: &Frame) -> Image {
        let shade = shade::shade(&self.terrain);
        let mut pixels = Vec::with_capacity(3 * shade.len());
        for (cell, &bright) in shade.indexed_iter() {
            let on_it = self.layer.as_ref().and_then(|layer| {
                let class = layer.classes.of(layer.values.values[cell])?;
                layer.classes.classes[class].colour
            });
            // flat ground has a brightness of 0.71: it is drawn at three quarters
            let bright = f64::from(bright);
            let ground = if bright.is_nan() { UNKNOWN } else { ground(bright.powf(0.8)) };
            let colour = match on_it {
                None => ground,
                Some(colour) if bright.is_nan() => colour,
                Some(colour) => {
                    let dark = mixed(Colour(0, 0, 0), colour, 0.55);
                    mixed(colour, mixed(dark, colour, (bright * std::f64::consts::SQRT_2).min(1.0)), SHINE)
                }
            };
            pixels.extend([colour.0, colour.1, colour.2]);
        }
        let (rows, columns) = shade.dim();
        let image = Image::new(columns, rows, pixels);
        let most = |length: f64| (3.0 * length).ceil().max(1.0) as usize;
        let (wide, high) = (most(frame.place.width()), most(frame.place.height()));
        if columns > wide || rows > high { image.scaled(columns.min(wide), rows.min(high)) } else { image }
    }

    /// The note in the upper left corner of the map.
    fn note(&self, scene: &mut Scene, frame: &Frame, unit: f64) {
        if self.note.is_empty() {
            return;
        }
        let size = heading::LABEL * unit;
        let width = scene.fonts().width(&self.note, size) * heading::SLACK;
        let (left, top) = (frame.place.left + 0.6 * size, frame.place.top + 0.6 * size);
        let back =
            Rect::new(left - 0.4 * size, top - 0.3 * size, left + width + 0.4 * size, top + 1.4 * size);
        scene.backdrop(back, Colour::WHITE, 0.8);
        scene.text([left, top], &self.note, Lettering::new(size, Align::Start, Level::Top));
    }
}

/// The colour of ground by its brightness, from 0 to 1.
pub(in crate::plot) fn ground(bright: f64) -> Colour {
    mixed(GROUND.0, GROUND.1, bright)
}

/// A colour between two, from 0 to 1.
fn mixed(a: Colour, b: Colour, part: f64) -> Colour {
    let mix =
        |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * part.clamp(0.0, 1.0)).round() as u8;
    Colour(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

/// Where the map lies on the sheet.
struct Frame {
    place: Rect,
    /// Pixels in a metre.
    scale: f64,
    west: f64,
    north: f64,
}

impl Frame {
    /// The largest one of the shape of a map that has room.
    fn new(terrain: &Raster, room: Rect) -> Self {
        let extent = terrain.extent();
        let (wide, high) = (extent.east - extent.west, extent.north - extent.south);
        let scale = (room.width() / wide).min(room.height() / high);
        let (width, height) = ((wide * scale).round(), (high * scale).round());
        let (left, top) = ((room.left + 0.5 * (room.width() - width)).round(), room.top.round());
        let place = Rect::new(left, top, left + width, top + height);
        Self { place, scale, west: extent.west, north: extent.north }
    }
    /// The pixel of a place.
    fn pixel(&self, [x, y]: [f64; 2]) -> Point {
        [self.place.left + (x - self.west) * self.scale, self.place.top + (self.north - y) * self.scale]
    }
}

/// The course of the network: pipes in ink on a light edge, manholes as dots where they have room, outfalls and
/// tanks as their symbols.
fn network(scene: &mut Scene, plan: &Plan, frame: &Frame, unit: f64) {
    let course =
        |points: &[[f64; 2]]| -> Vec<Point> { points.iter().map(|&point| frame.pixel(point)).collect() };
    let pipes = || plan.links.iter().filter(|link| link.kind == PlanLinkKind::Conduit);
    for link in pipes() {
        scene.line(&course(&link.points), Stroke::solid(Colour::WHITE, 4.0 * unit));
    }
    for link in pipes() {
        scene.line(&course(&link.points), pipe(unit));
    }
    for link in plan.links.iter().filter(|link| link.kind != PlanLinkKind::Conduit) {
        scene.line(&course(&link.points), Stroke::dashed(Colour::INK, 2.0 * unit, &[3.0, 2.0]));
    }
    let way = |points: &[Point]| {
        points.windows(2).map(|p| (p[1][0] - p[0][0]).hypot(p[1][1] - p[0][1])).sum::<f64>()
    };
    let mut lengths: Vec<f64> = pipes().map(|link| way(&course(&link.points))).collect();
    lengths.sort_by(f64::total_cmp);
    let has_room = lengths.get(lengths.len() / 2).is_none_or(|middle| *middle > 16.0 * unit);
    for node in &plan.nodes {
        let at = frame.pixel(node.at);
        match node.kind.symbol() {
            Some((symbol, _)) => symbol.draw(scene, at, 9.0 * unit),
            None if has_room => scene.disc(at, 3.0 * unit, Some(Colour::WHITE), Some(pipe(0.8 * unit))),
            None => {}
        }
    }
}

/// The axis of a road.
fn road(unit: f64) -> Stroke {
    Stroke::dashed(Colour(140, 104, 52), 1.4 * unit, &[7.0, 4.0])
}

/// The line of a pipe.
fn pipe(unit: f64) -> Stroke {
    Stroke::solid(Colour(60, 60, 60), 1.8 * unit)
}

/// How many nodes of a kind a plan has.
fn nodes_of(plan: &Plan, kind: PlanNodeKind) -> usize {
    plan.nodes.iter().filter(|node| node.kind == kind).count()
}

#[cfg(test)]
mod tests;
