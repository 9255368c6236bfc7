//! A finished picture, written as SVG or PNG by plotters' backends.
//!
//! plotters' backends place marks on whole pixels. A scene is therefore drawn on a finer grid: SVG
//! in tenths of a pixel, PNG in thirds that are then averaged, which also smooths edges.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TextStyle,
};

use super::colour::Colour;
use super::fonts::Fonts;
use super::image;
use super::language::Language;
use super::scene::{Align, Mark, Point, Rect, Scene};
use super::{PlotError, Sheet};

/// Grid points of an SVG in a pixel.
const SVG_GRID: f64 = 10.0;
/// plotters gives a font's size with its line gap, which its SVG backend takes off again.
const PLOTTERS_LINE: f64 = 1.24;

/// A finished picture.
#[derive(Clone, Debug)]
pub struct Picture {
    width: u32,
    height: u32,
    language: Language,
    scene: Scene,
}

impl Picture {
    /// The picture of a scene on a sheet.
    pub(crate) fn new(sheet: &Sheet, scene: Scene) -> Self {
        Self { width: sheet.width, height: sheet.height, language: sheet.language, scene }
    }
    /// Width and height, pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }
    /// All texts with the boxes that they take, pixels.
    pub fn labels(&self) -> &[(String, Rect)] {
        self.scene.labels()
    }
    /// The picture as an SVG document.
    pub fn svg(&self) -> String {
        let grid = |length: u32| (f64::from(length) * SVG_GRID) as u32;
        let is_image = |mark: &Mark| matches!(mark, Mark::Image { .. });
        let mut body = String::new();
        // The backend knows no images: they stand between documents of what lies below and above them.
        for (index, marks) in self.scene.marks().split_inclusive(is_image).enumerate() {
            if index > 0 {
                body.truncate(body.rfind("</svg>").unwrap_or(body.len()));
                body.push_str(&self.svg_image(index - 1));
            }
            let mut document = String::new();
            {
                let mut backend =
                    SVGBackend::with_string(&mut document, (grid(self.width), grid(self.height)));
                let mut pen = SvgPen { backend: &mut backend };
                if index == 0 {
                    pen.area(&self.paper(), Colour::WHITE, 1.0);
                }
                for mark in marks {
                    pen.mark(mark);
                }
                // Writing into a string cannot fail.
                ignore(backend.present());
            }
            // The backend's first tag makes the grid the size; lines need round joins, text a language.
            body.push_str(document.find('>').map_or("", |end| &document[end + 1..]));
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:lang=\"{}\" width=\"{}\" height=\"{}\" \
             viewBox=\"0 0 {} {}\" stroke-linejoin=\"round\">{}",
            self.language.code(),
            self.width,
            self.height,
            grid(self.width),
            grid(self.height),
            body.replace(" opacity=\"1\"", "")
        )
    }
    /// An image of the scene, by its number, as a tag of an SVG.
    fn svg_image(&self, number: usize) -> String {
        let images = self.scene.marks().iter().filter_map(|mark| match mark {
            Mark::Image { place, image } => Some((place, image)),
            _ => None,
        });
        let Some((place, image)) = images.into_iter().nth(number) else { return String::new() };
        let (width, height) = image.size();
        // Packing into memory cannot fail.
        let bytes = image::png(image.pixels(), width, height).unwrap_or_default();
        let number = |length: f64| (length * SVG_GRID).round();
        format!(
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" \
             image-rendering=\"optimizeSpeed\" href=\"data:image/png;base64,{}\"/>\n",
            number(place.left),
            number(place.top),
            number(place.width()),
            number(place.height()),
            image::base64(&bytes)
        )
    }
    /// The picture as a PNG file; `None` when it cannot be encoded.
    pub fn png(&self) -> Option<Vec<u8>> {
        image::png(&self.pixels(), self.width as usize, self.height as usize)
    }
    /// The picture's pixels, row by row from the top, three bytes (red, green, blue) each.
    pub fn pixels(&self) -> Vec<u8> {
        let grid = match u64::from(self.width) * u64::from(self.height) {
            0..=8_000_000 => 3,
            8_000_001..=32_000_000 => 2,
            _ => 1,
        };
        let (fine_width, fine_height) = (self.width * grid, self.height * grid);
        let mut fine = vec![255_u8; 3 * fine_width as usize * fine_height as usize];
        {
            let mut backend = BitMapBackend::with_buffer(&mut fine, (fine_width, fine_height));
            let mut pen =
                BitmapPen { backend: &mut backend, grid: f64::from(grid), fonts: self.scene.fonts() };
            for mark in self.scene.marks() {
                pen.mark(mark);
            }
        }
        average(&fine, fine_width as usize, grid as usize)
    }
    /// Writes the picture in the format that the file's ending names, `.svg` or `.png`.
    ///
    /// The file appears whole or not at all: it is written under a temporary name and renamed.
    ///
    /// # Errors
    /// When the ending is another one or the file cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), PlotError> {
        let path = path.as_ref();
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("svg") => self.write_svg(path),
            Some("png") => self.write_png(path),
            _ => Err(PlotError::Format { path: path.to_path_buf() }),
        }
    }
    /// Writes the picture as SVG.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_svg(&self, path: impl AsRef<Path>) -> Result<(), PlotError> {
        whole(path.as_ref(), "svg", |temporary| fs::write(temporary, self.svg()))
    }
    /// Writes the picture as PNG.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_png(&self, path: impl AsRef<Path>) -> Result<(), PlotError> {
        let pixels = self.pixels();
        let size = (self.width, self.height);
        whole(path.as_ref(), "png", |temporary| {
            let mut backend = BitMapBackend::new(temporary, size);
            backend.blit_bitmap((0, 0), size, &pixels).map_err(io::Error::other)?;
            backend.present().map_err(io::Error::other)
        })
    }
    fn paper(&self) -> [Point; 4] {
        let (w, h) = (f64::from(self.width), f64::from(self.height));
        [[0.0, 0.0], [w, 0.0], [w, h], [0.0, h]]
    }
}

/// Writes a file under a temporary name beside it, then gives it its own.
fn whole(path: &Path, ending: &str, write: impl Fn(&Path) -> io::Result<()>) -> Result<(), PlotError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary: PathBuf = path.with_file_name(format!(".{name}.{}.{ending}", std::process::id()));
    write(&temporary).and_then(|()| fs::rename(&temporary, path)).map_err(|source| {
        // What is left of a failed attempt; the first failure is the one to report.
        let _ = fs::remove_file(&temporary);
        PlotError::Write { path: path.to_path_buf(), source }
    })
}

/// Averages squares of `grid` by `grid` pixels.
fn average(fine: &[u8], fine_width: usize, grid: usize) -> Vec<u8> {
    let width = fine_width / grid;
    let mut coarse = Vec::with_capacity(fine.len() / (grid * grid));
    let mut sums = vec![0_u32; 3 * width];
    for rows in fine.chunks_exact(3 * fine_width * grid) {
        sums.fill(0);
        for row in rows.chunks_exact(3 * fine_width) {
            for (sum, cell) in sums.chunks_exact_mut(3).zip(row.chunks_exact(3 * grid)) {
                for pixel in cell.chunks_exact(3) {
                    for (s, &p) in sum.iter_mut().zip(pixel) {
                        *s += u32::from(p);
                    }
                }
            }
        }
        let count = (grid * grid) as u32;
        coarse.extend(sums.iter().map(|&s| ((s + count / 2) / count) as u8));
    }
    coarse
}

/// A colour in plotters' terms.
fn rgb(Colour(r, g, b): Colour) -> RGBColor {
    RGBColor(r, g, b)
}

/// A colour and line width in plotters' terms.
fn ink(colour: Colour, opacity: f64, width: f64) -> ShapeStyle {
    ShapeStyle { color: rgb(colour).mix(opacity), filled: true, stroke_width: (width.round() as u32).max(1) }
}

fn on_grid([x, y]: Point, grid: f64) -> (i32, i32) {
    ((x * grid).round() as i32, (y * grid).round() as i32)
}

/// Draws marks with plotters' SVG backend; its results are ignored since a string takes all.
struct SvgPen<'a, 'b> {
    backend: &'a mut SVGBackend<'b>,
}

impl SvgPen<'_, '_> {
    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Line { points, colour, width } => {
                let path = points.iter().map(|&p| on_grid(p, SVG_GRID));
                ignore(self.backend.draw_path(path, &ink(*colour, 1.0, width * SVG_GRID)));
            }
            Mark::Area { points, colour, opacity } => self.area(points, *colour, *opacity),
            Mark::Disc { centre, radius, colour } => {
                let radius = ((radius * SVG_GRID).round() as u32).max(1);
                ignore(self.backend.draw_circle(
                    on_grid(*centre, SVG_GRID),
                    radius,
                    &ink(*colour, 1.0, 1.0),
                    true,
                ));
            }
            // between the documents, see `Picture::svg`
            Mark::Image { .. } => {}
            Mark::Text { text, at, size, colour, align, upward } => {
                let lettering = svg_lettering(*size, *colour, *align, *upward);
                // The backend hangs text from a point 0.76 em above its baseline.
                let rise = 0.76 * size;
                let hook = if *upward { [at[0] - rise, at[1]] } else { [at[0], at[1] - rise] };
                ignore(self.backend.draw_text(text, &lettering, on_grid(hook, SVG_GRID)));
            }
        }
    }
    fn area(&mut self, points: &[Point], colour: Colour, opacity: f64) {
        let path = points.iter().map(|&p| on_grid(p, SVG_GRID));
        ignore(self.backend.fill_polygon(path, &ink(colour, opacity, 1.0)));
    }
}

/// Text in an SVG: the viewer draws it in its own sans-serif.
fn svg_lettering(size: f64, colour: Colour, align: Align, upward: bool) -> TextStyle<'static> {
    // Not every size is a quotient of doubles: of sizes a few tenths of a pixel apart the first that
    // is, so that the file says 240 and not 240.00000000000003.
    let wanted = (size * SVG_GRID).round();
    let quotient = |wanted: f64| {
        let near = wanted * PLOTTERS_LINE;
        [near, near.next_up(), near.next_down()].into_iter().find(|size| size / PLOTTERS_LINE == wanted)
    };
    let near = [0.0, -1.0, 1.0, -2.0, 2.0].into_iter().map(|d| wanted + d);
    let size = near.filter_map(quotient).next().unwrap_or(wanted * PLOTTERS_LINE);
    let turn = if upward { FontTransform::Rotate270 } else { FontTransform::None };
    let along = match align {
        Align::Start => HPos::Left,
        Align::Middle => HPos::Center,
        Align::End => HPos::Right,
    };
    FontDesc::new(FontFamily::SansSerif, size, FontStyle::Normal)
        .transform(turn)
        .color(&rgb(colour))
        .pos(Pos::new(along, VPos::Top))
}

/// Draws marks with plotters' bitmap backend on the fine grid; a buffer in memory takes all.
struct BitmapPen<'a, 'b> {
    backend: &'a mut BitMapBackend<'b>,
    grid: f64,
    fonts: &'a Fonts,
}

impl BitmapPen<'_, '_> {
    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Line { points, colour, width } => self.line(points, *colour, *width),
            Mark::Area { points, colour, opacity } => self.area(points, &ink(*colour, *opacity, 1.0)),
            Mark::Disc { centre, radius, colour } => {
                self.disc(*centre, *radius, &ink(*colour, 1.0, 1.0));
            }
            Mark::Image { place, image } => {
                let (left, top) = on_grid([place.left, place.top], self.grid);
                let (right, bottom) = on_grid([place.right, place.bottom], self.grid);
                let (width, height) = ((right - left).max(1) as u32, (bottom - top).max(1) as u32);
                let fine = image.scaled(width as usize, height as usize);
                ignore(self.backend.blit_bitmap((left, top), (width, height), fine.pixels()));
            }
            Mark::Text { text, at, size, colour, align, upward } => {
                self.text(text, *at, *size, *colour, *align, *upward);
            }
        }
    }
    /// A line as one quadrilateral a segment, with discs at its corners.
    fn line(&mut self, points: &[Point], colour: Colour, width: f64) {
        let ink = ink(colour, 1.0, 1.0);
        let half = 0.5 * width;
        for (i, (&a, &b)) in points.iter().zip(points.iter().skip(1)).enumerate() {
            if i > 0 && width * self.grid > 3.0 {
                self.disc(a, half, &ink);
            }
            if a[0] == b[0] || a[1] == b[1] {
                self.straight(a, b, &ink, width);
                continue;
            }
            let length = (b[0] - a[0]).hypot(b[1] - a[1]);
            let across = [-(b[1] - a[1]) / length * half, (b[0] - a[0]) / length * half];
            self.area(
                &[
                    [a[0] + across[0], a[1] + across[1]],
                    [b[0] + across[0], b[1] + across[1]],
                    [b[0] - across[0], b[1] - across[1]],
                    [a[0] - across[0], a[1] - across[1]],
                ],
                &ink,
            );
        }
    }
    /// An upright or level segment, on whole pixels so that it stays crisp.
    fn straight(&mut self, a: Point, b: Point, ink: &ShapeStyle, width: f64) {
        let thickness = width.round().max(1.0);
        let low = |middle: f64| (middle - 0.5 * thickness).round();
        let (left, top, right, bottom) = if a[1] == b[1] {
            let y = low(a[1]);
            (a[0].min(b[0]), y, a[0].max(b[0]), y + thickness)
        } else {
            let x = low(a[0]);
            (x, a[1].min(b[1]), x + thickness, a[1].max(b[1]))
        };
        let corner = |x: f64, y: f64| on_grid([x, y], self.grid);
        ignore(self.backend.draw_rect(corner(left, top), corner(right, bottom), ink, true));
    }
    fn area(&mut self, points: &[Point], ink: &ShapeStyle) {
        if let [a, b, c, d] = points
            && (a[1], b[0], c[1], d[0]) == (b[1], c[0], d[1], a[0])
        {
            let corner = |p: Point| on_grid([p[0].round(), p[1].round()], self.grid);
            ignore(self.backend.draw_rect(corner(*a), corner(*c), ink, true));
            return;
        }
        let path: Vec<(i32, i32)> = points.iter().map(|&p| on_grid(p, self.grid)).collect();
        ignore(self.backend.fill_polygon(path, ink));
    }
    fn disc(&mut self, centre: Point, radius: f64, ink: &ShapeStyle) {
        let radius = ((radius * self.grid).round() as u32).max(1);
        ignore(self.backend.draw_circle(on_grid(centre, self.grid), radius, ink, true));
    }
    fn text(&mut self, text: &str, at: Point, size: f64, colour: Colour, align: Align, upward: bool) {
        let back = self.fonts.width(text, size)
            * match align {
                Align::Start => 0.0,
                Align::Middle => 0.5,
                Align::End => 1.0,
            };
        let start = if upward { [at[0], at[1] + back] } else { [at[0] - back, at[1]] };
        let (x0, y0) = on_grid(start, self.grid);
        let colour = rgb(colour).to_backend_color();
        let backend = &mut *self.backend;
        self.fonts.draw(text, size * self.grid, |x, y, coverage| {
            let place = if upward { (x0 + y, y0 - x) } else { (x0 + x, y0 + y) };
            ignore(backend.draw_pixel(place, colour.mix(f64::from(coverage.min(1.0)))));
        });
    }
}

/// Drawing into memory has no way to fail; plotters' interface has one for files and windows.
fn ignore<T, E>(result: Result<T, E>) {
    drop(result);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::scene::{Lettering, Level, Stroke};

    fn picture(draw: impl Fn(&mut Scene)) -> Picture {
        let sheet = Sheet { width: 400, height: 400, ..Sheet::default() };
        let mut scene = Scene::new(sheet.fonts.clone());
        draw(&mut scene);
        Picture::new(&sheet, scene)
    }

    fn pixel(picture: &Picture, x: usize, y: usize) -> [u8; 3] {
        let start = 3 * (y * 400 + x);
        picture.pixels()[start..start + 3].try_into().unwrap()
    }

    #[test]
    fn level_lines_are_crisp() {
        let line = picture(|scene| {
            scene.line(&[[10.3, 100.4], [390.2, 100.4]], Stroke::solid(Colour::INK, 2.0));
        });
        assert_eq!([98, 99, 100, 101].map(|y| pixel(&line, 200, y)[0]), [255, 34, 34, 255]);
    }

    #[test]
    fn slanted_lines_are_smooth_and_as_wide_as_asked() {
        let line = picture(|scene| {
            scene.line(&[[50.0, 50.0], [350.0, 300.0]], Stroke::solid(Colour(0, 0, 0), 6.0));
        });
        let column: Vec<f64> = (0..400).map(|y| 1.0 - f64::from(pixel(&line, 200, y)[0]) / 255.0).collect();
        let upright_width = 6.0 * (1.0 + (250.0_f64 / 300.0).powi(2)).sqrt();
        assert!((column.iter().sum::<f64>() - upright_width).abs() < 0.6, "{}", column.iter().sum::<f64>());
        assert!(column.iter().any(|c| *c > 0.1 && *c < 0.9));
    }

    #[test]
    fn an_svg_names_a_generic_font_its_size_and_its_text() {
        let svg = picture(|scene| {
            let lettering = Lettering::new(24.0, Align::Middle, Level::Middle);
            scene.text([200.0, 200.0], "流量 < 5 m³/s & 水位", lettering);
        })
        .svg();
        assert!(
            svg.starts_with("<svg ")
                && svg.contains("width=\"400\"")
                && svg.contains("viewBox=\"0 0 4000 4000\"")
        );
        assert!(svg.contains("font-family=\"sans-serif\" font-size=\"239\""), "{svg}");
        assert!(svg.contains("流量 &lt; 5 m³/s &amp; 水位") && svg.trim_end().ends_with("</svg>"));
    }

    #[test]
    fn other_endings_and_missing_folders_are_refused_and_nothing_is_left() {
        let picture = picture(|_| {});
        assert!(matches!(picture.write("figure.jpeg"), Err(PlotError::Format { .. })));
        let missing = std::env::temp_dir().join("pailao no such folder").join("figure.png");
        assert!(matches!(picture.write(&missing), Err(PlotError::Write { .. })));
        let folder = std::env::temp_dir().join(format!("pailao-picture-{}", std::process::id()));
        fs::create_dir_all(folder.join("figure.svg")).unwrap();
        assert!(matches!(picture.write(folder.join("figure.svg")), Err(PlotError::Write { .. })));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(folder).unwrap();
    }
}
