//! Maps for pages: the ground once, and over it one small image of few colours for each map, so that a page can hold
//! many and show one of them.

use std::fmt::Write as _;

use super::Place;
use crate::model::raster::{Coarsen, Raster};
use crate::plot::axis::number;
use crate::plot::colour::Colour;
use crate::plot::image::{base64, palette_png};
use crate::plot::plan::{PlanLinkKind, PlanNodeKind};
use crate::plot::relief::{Layer, shade};

/// The most pixels of a side of an image.
const SIDE: usize = 1000;
/// Opacity of what lies on the ground.
const OPACITY: u8 = 216;
/// Shades of the ground.
const GREYS: u8 = 64;
/// Square metres of a hectare.
const HECTARE: f64 = 1e4;
/// Units of the drawing on top, along its longer side.
const UNITS: f64 = 1000.0;

/// What lies under and over all layers of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// Width over height.
    pub shape: (usize, usize),
    /// The ground, a PNG in the characters of RFC 4648.
    pub ground: String,
    /// Buildings, roads and network: an SVG in the characters of RFC 4648.
    pub top: String,
}

/// A map as a layer of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageLayer {
    /// What it shows, with its unit.
    pub heading: String,
    /// A PNG with opacity, in the characters of RFC 4648.
    pub image: String,
    /// Its classes, the highest first.
    pub legend: Vec<LegendLine>,
}

/// A class of a layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LegendLine {
    /// Its colour, such as `#0c225c`.
    pub colour: String,
    /// Its name.
    pub label: String,
    /// Its area in hectares, written.
    pub area: String,
}

/// How many cells of a side become one pixel.
fn block(map: &Raster) -> usize {
    map.rows().max(map.columns()).div_ceil(SIDE).max(1)
}

/// A map as a layer. Where cells are smaller than pixels, a pixel takes the highest class of its cells, so that no
/// street is lost; areas are those of all cells.
#[must_use]
pub fn layer(layer: &Layer) -> PageLayer {
    let classes = &layer.classes.classes;
    let block = block(&layer.values);
    let (rows, columns) = (layer.values.rows().div_ceil(block), layer.values.columns().div_ceil(block));
    let mut counts = vec![0_u64; classes.len()];
    // place 0 of the palette is nothing
    let mut pixels = vec![0_u8; rows * columns];
    for ((row, column), &value) in layer.values.values.indexed_iter() {
        let Some(class) = layer.classes.of(value) else { continue };
        counts[class] += 1;
        let pixel = &mut pixels[row / block * columns + column / block];
        // classes without a colour leave the ground as it is, and yield to any that has one
        if classes[class].colour.is_some() {
            *pixel = (*pixel).max(class as u8 + 1);
        }
    }
    let nothing = std::iter::once((Colour::WHITE, 0));
    let colours =
        classes.iter().map(|class| class.colour.map_or((Colour::WHITE, 0), |colour| (colour, OPACITY)));
    let palette: Vec<(Colour, u8)> = nothing.chain(colours).collect();
    // packing into memory cannot fail
    let image = palette_png(&pixels, columns, rows, &palette).unwrap_or_default();
    let area = |count: u64| count as f64 * layer.values.cell * layer.values.cell / HECTARE;
    let lines = classes.iter().zip(counts).rev().filter(|(class, _)| !class.label.is_empty());
    let legend = lines.filter_map(|(class, count)| {
        let Colour(red, green, blue) = class.colour?;
        let colour = format!("#{red:02x}{green:02x}{blue:02x}");
        Some(LegendLine { colour, label: class.label.clone(), area: number(area(count), 2) })
    });
    PageLayer { heading: layer.heading.clone(), image: base64(&image), legend: legend.collect() }
}

impl Place {
    /// What lies under and over all layers.
    #[must_use]
    pub fn base(&self) -> Base {
        let terrain = self.terrain.coarsen(block(&self.terrain), Coarsen::Mean);
        let (rows, columns) = terrain.values.dim();
        let bright = shade::shade(&terrain);
        // as in `Relief`: flat ground is drawn at three quarters; the last place is ground that is unknown
        let grey = |&bright: &f32| {
            if bright.is_nan() { GREYS } else { (bright.powf(0.8) * f32::from(GREYS - 1)).round() as u8 }
        };
        let pixels: Vec<u8> = bright.iter().map(grey).collect();
        let shade = |index: u8| {
            let part = f64::from(index) / f64::from(GREYS - 1);
            (crate::plot::relief::ground(part), u8::MAX)
        };
        let unknown = std::iter::once((crate::plot::relief::UNKNOWN, u8::MAX));
        let palette: Vec<(Colour, u8)> = (0..GREYS).map(shade).chain(unknown).collect();
        let image = palette_png(&pixels, columns, rows, &palette).unwrap_or_default();
        let top = base64(self.top().as_bytes());
        Base { shape: (self.terrain.columns(), self.terrain.rows()), ground: base64(&image), top }
    }

    /// Buildings, roads and network as an SVG, in units of which the longer side has a thousand.
    fn top(&self) -> String {
        let extent = self.terrain.extent();
        let (wide, high) = (extent.east - extent.west, extent.north - extent.south);
        let scale = UNITS / wide.max(high).max(f64::MIN_POSITIVE);
        let course = |points: &[[f64; 2]]| {
            let mut path = String::new();
            for (index, [x, y]) in points.iter().enumerate() {
                let (x, y) = ((x - extent.west) * scale, (extent.north - y) * scale);
                // writing into a string cannot fail
                let _ = write!(path, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
            }
            path
        };
        let all = |lines: &[Vec<[f64; 2]>], end: &str| -> String {
            lines.iter().map(|line| course(line) + end).collect()
        };
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {:.1} {:.1}\" fill=\"none\" \
             preserveAspectRatio=\"none\">",
            wide * scale,
            high * scale
        );
        let mut path = |style: &str, way: &str| {
            if !way.is_empty() {
                let _ = write!(svg, "<path {style} d=\"{way}\"/>");
            }
        };
        path("fill=\"#b0a092\" stroke=\"#6e6258\" stroke-width=\".7\"", &all(&self.buildings, "Z"));
        path("stroke=\"#8c6834\" stroke-width=\".5\" stroke-dasharray=\"5 3\"", &all(&self.roads, ""));
        if let Some(plan) = &self.network {
            let pipes = plan.links.iter().filter(|link| link.kind == PlanLinkKind::Conduit);
            let pipes: String = pipes.map(|link| course(&link.points)).collect();

            path("stroke=\"#3c3c3c\" stroke-width=\".7\"", &pipes);
            let others = plan.links.iter().filter(|link| link.kind != PlanLinkKind::Conduit);
            let others: String = others.map(|link| course(&link.points)).collect();
            path("stroke=\"#222\" stroke-width=\"1\" stroke-dasharray=\"4 3\"", &others);
            let mark = |at: [f64; 2], radius: f64| course(&[at]) + &format!("m-{radius} 0h{}", 2.0 * radius);
            let outfalls = plan.nodes.iter().filter(|node| node.kind == PlanNodeKind::Outfall);
            let outfalls: String = outfalls.map(|node| mark(node.at, 4.0)).collect();
            path("stroke=\"#222\" stroke-width=\"8\"", &outfalls);
            path("stroke=\"#56b4e9\" stroke-width=\"6\"", &outfalls);
        }
        svg.push_str("</svg>");
        svg
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::relief::scale::Classes;
    use ndarray::Array2;

    fn map(rows: usize, columns: usize, value: impl Fn(usize, usize) -> f32) -> Raster {
        let values = Array2::from_shape_fn((rows, columns), |(row, column)| value(row, column));
        Raster { west: 0.0, north: 0.0, cell: 10.0, crs: None, values }
    }

    fn pixels(base64_of_png: &str) -> (u32, u32, Vec<u8>) {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut bytes = Vec::new();
        for four in base64_of_png.as_bytes().chunks(4) {
            let value = |digit: u8| DIGITS.iter().position(|known| *known == digit).unwrap_or(0) as u32;
            let bits = four.iter().fold(0, |bits, &digit| bits << 6 | value(digit));
            let count = 3 - four.iter().filter(|&&digit| digit == b'=').count();
            bytes.extend(&bits.to_be_bytes()[1..=count]);
        }
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut packed = vec![0; reader.output_buffer_size()];
        let info = reader.next_frame(&mut packed).unwrap();
        (info.width, info.height, packed)
    }

    #[test]
    fn a_layer_has_its_classes_with_their_areas_and_nothing_elsewhere() {
        let depth = map(2, 2, |row, column| [0.0, 0.2, f32::NAN, 0.7][2 * row + column]);
        let layer =
            layer(&Layer { heading: "d".into(), values: depth, classes: Classes::amounts(&[0.1, 0.5]) });
        let lines: Vec<_> =
            layer.legend.iter().map(|line| (line.label.as_str(), line.area.as_str())).collect();
        assert_eq!(lines, [("≥ 0.5", "0.01"), ("0.1–0.5", "0.01")]);
        // two bits a pixel, rows on whole bytes: nothing, class 1; nothing, class 2
        assert_eq!(pixels(&layer.image), (2, 2, vec![0b0001_0000, 0b0010_0000]));
    }

    #[test]
    fn a_street_of_one_cell_is_not_lost_where_pixels_are_larger() {
        let street = map(3, 1500, |row, _| if row == 1 { 0.3 } else { 0.0 });
        let layer =
            layer(&Layer { heading: "d".into(), values: street, classes: Classes::amounts(&[0.1, 0.5]) });
        let (width, height, packed) = pixels(&layer.image);
        assert_eq!((width, height), (750, 2));
        assert!(packed[..187].iter().all(|&byte| byte == 0b0101_0101), "every pixel of the first row");
        assert_eq!(layer.legend[1].area, "15.00", "of the street alone");
    }

    #[test]
    fn the_ground_has_the_shape_of_the_place_and_the_network_lies_on_top() {
        let scales = crate::plot::inundation::Scales { duration: 1.0, people: [0.75, 1.25, 2.0] };
        let mut place = Place::new(map(20, 30, |row, _| row as f32), scales);
        place.buildings = vec![vec![[10.0, -10.0], [40.0, -10.0], [40.0, -30.0]]];
        let base = place.base();
        assert_eq!(base.shape, (30, 20));
        assert_eq!((pixels(&base.ground).0, pixels(&base.ground).1), (30, 20));
        let svg = place.top();
        assert!(
            svg.contains("viewBox=\"0 0 1000.0 666.7\"") && svg.contains("M33.3 33.3L133.3 33.3"),
            "{svg}"
        );
    }
}
