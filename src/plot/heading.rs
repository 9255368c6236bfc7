//! Titles and legends, outside the data.

use super::colour::Colour;
use super::scene::{Align, Lettering, Level, Point, Rect, Scene, Stroke};
use super::symbol::Symbol;

/// Size of a title on a standard sheet, pixels.
pub(crate) const TITLE: f64 = 32.0;
/// Size of axis labels on a standard sheet, pixels.
pub(crate) const LABEL: f64 = 24.0;
/// Size of ticks and legends on a standard sheet, pixels.
pub(crate) const SMALL: f64 = 22.0;
/// Blank border of a standard sheet, pixels.
pub(crate) const MARGIN: f64 = 26.0;
/// Room that other fonts may need beyond what the embedded one takes: a viewer of SVG chooses.
pub(crate) const SLACK: f64 = 1.12;

/// What an entry of a legend shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sample {
    /// A line.
    Line(Stroke),
    /// Two lines with a fill between: a pipe.
    Pipe(Stroke, Colour),
    /// A filled box.
    Patch(Colour, Option<Stroke>),
    /// A symbol.
    Symbol(Symbol),
    /// A circle of a radius in pixels.
    Disc(f64, Colour, Stroke),
    /// A hatched box.
    Hatch,
    /// An arrow to the right.
    Arrow,
}

impl Sample {
    /// Draws the sample in a box.
    pub(crate) fn draw(&self, scene: &mut Scene, place: Rect) {
        let (x, y) = (0.5 * (place.left + place.right), 0.5 * (place.top + place.bottom));
        let (left, right, half) = (place.left, place.right, 0.5 * place.height());
        match *self {
            Self::Line(stroke) => scene.line(&[[left, y], [right, y]], stroke),
            Self::Pipe(stroke, fill) => {
                let (top, bottom) = (y - 0.6 * half, y + 0.6 * half);
                scene.rect(Rect::new(left, top, right, bottom), fill);
                scene.line(&[[left, top], [right, top]], stroke);
                scene.line(&[[left, bottom], [right, bottom]], stroke);
            }
            Self::Patch(fill, outline) => {
                let patch = Rect::new(left, y - 0.7 * half, right, y + 0.7 * half);
                scene.rect(patch, fill);
                if let Some(stroke) = outline {
                    scene.frame(patch, stroke);
                }
            }
            Self::Hatch => {
                let patch = Rect::new(left, y - 0.7 * half, right, y + 0.7 * half);
                super::bars::hatch(scene, patch, half / SMALL * 2.0);
                scene.frame(patch, Stroke::solid(Colour::GREY, 0.1 * half));
            }
            Self::Symbol(symbol) => symbol.draw(scene, [x, y], 0.85 * half),
            Self::Disc(radius, fill, stroke) => scene.disc([x, y], radius, Some(fill), Some(stroke)),
            Self::Arrow => {
                let stroke = Stroke::solid(Colour::INK, 0.14 * half * 2.0);
                let head = 0.55 * half;
                scene.line(&[[left, y], [right - head, y]], stroke);
                let tip = [[right, y], [right - 2.2 * head, y - head], [right - 2.2 * head, y + head]];
                scene.area(&tip, Colour::INK, 1.0);
            }
        }
    }
    /// Width of the sample in heights of the text.
    fn breadth(&self) -> f64 {
        match self {
            Self::Line(_) => 2.6,
            Self::Pipe(..) | Self::Arrow => 2.2,
            Self::Patch(..) | Self::Hatch => 1.6,
            Self::Symbol(_) | Self::Disc(..) => 1.0,
        }
    }
}

/// A sample and what it means.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) sample: Sample,
    pub(crate) text: String,
}

impl Entry {
    pub(crate) fn new(sample: Sample, text: impl Into<String>) -> Self {
        Self { sample, text: text.into() }
    }
}

/// Writes a title from a corner to the right, smaller or cut when it is too long; gives its bottom.
pub(crate) fn title(scene: &mut Scene, text: &str, [left, top]: Point, width: f64, unit: f64) -> f64 {
    if text.trim().is_empty() {
        return top;
    }
    let text = text.replace(['\n', '\r', '\t'], " ");
    let wanted = scene.fonts().width(&text, TITLE * unit) * SLACK;
    let size = TITLE * unit * (width / wanted.max(1.0)).clamp(0.7, 1.0);
    let text = scene.fonts().fit(&text, size * SLACK, width);
    scene.text([left, top], &text, Lettering::new(size, Align::Start, Level::Top)).bottom
}

/// Writes a legend in rows from a corner to the right; gives the bottom of the last row.
pub(crate) fn legend(scene: &mut Scene, entries: &[Entry], [left, top]: Point, width: f64, unit: f64) -> f64 {
    let size = SMALL * unit;
    let (row, gap, space) = (1.5 * size, 0.5 * size, 1.4 * size);
    let (mut x, mut y) = (left, top);
    for (i, entry) in entries.iter().enumerate() {
        let sample = entry.sample.breadth() * size;
        let room = width - sample - gap;
        let text = scene.fonts().fit(&entry.text, size * SLACK, room);
        let whole = sample + gap + scene.fonts().width(&text, size) * SLACK;
        if i > 0 && x + whole > left + width {
            (x, y) = (left, y + row);
        }
        entry.sample.draw(scene, Rect::new(x, y, x + sample, y + size * 1.1));
        let middle = [x + sample + gap, y + 0.55 * size];
        scene.text(middle, &text, Lettering::new(size, Align::Start, Level::Middle));
        x += whole + space;
    }
    if entries.is_empty() { top } else { y + row }
}
