//! The panel beside the map: classes with the areas that they take, what else is drawn, scale bar, north arrow.

use super::{BUILDING, Layer, Relief, UNKNOWN, nodes_of, pipe, road};
use crate::plot::axis::number;
use crate::plot::colour::Colour;
use crate::plot::heading::{SLACK, SMALL, Sample};
use crate::plot::plan::PlanNodeKind;
use crate::plot::plan::panel::{FOOT, foot};
use crate::plot::scene::{Align, Lettering, Level, Rect, Scene, Stroke};
use crate::plot::{Language, Sheet, Word};

/// A line of the legend: a head, or a sample with what it means; and a number at the right.
struct Line {
    sample: Option<Sample>,
    text: String,
    number: String,
}

/// Width of a sample and the gap behind it, in sizes of the text.
const SAMPLE: f64 = 2.6;
/// Height of a line, in sizes of the text.
const PITCH: f64 = 1.5;
/// Square metres of a hectare.
const HECTARE: f64 = 1e4;

/// The lines of the legend, the highest class first.
fn lines(relief: &Relief, sheet: &Sheet) -> Vec<Line> {
    let mut lines = Vec::new();
    let line = |sample: Sample, text: &str, number: String| Line {
        sample: Some(sample),
        text: text.to_owned(),
        number,
    };
    let hectare = if sheet.language == Language::Zh { "hm²" } else { "ha" };
    let thin = Stroke::solid(Colour::GREY, 0.8 * sheet.unit());
    if let Some(layer) = &relief.layer {
        lines.push(Line { sample: None, text: layer.heading.clone(), number: hectare.to_owned() });
        let areas = areas(layer);
        for (class, area) in layer.classes.classes.iter().zip(&areas).rev() {
            if let Some(colour) = class.colour.filter(|_| !class.label.is_empty()) {
                lines.push(line(Sample::Patch(colour, Some(thin)), &class.label, number(area / HECTARE, 2)));
            }
        }
    }
    if relief.terrain.unknown() > 0 {
        lines.push(line(Sample::Patch(UNKNOWN, Some(thin)), sheet.word(Word::NoData), String::new()));
    }
    let counted = |count: usize| count.to_string();
    if !relief.buildings.is_empty() {
        let outline = Stroke::solid(BUILDING.1, sheet.unit());
        let sample = Sample::Patch(BUILDING.0, Some(outline));
        lines.push(line(sample, sheet.word(Word::Building), counted(relief.buildings.len())));
    }
    if !relief.roads.is_empty() {
        lines.push(line(Sample::Line(road(sheet.unit())), sheet.word(Word::Road), String::new()));
    }
    if let Some(plan) = &relief.network {
        lines.push(line(
            Sample::Line(pipe(sheet.unit())),
            sheet.word(Word::Pipes),
            counted(plan.links.len()),
        ));
        let manholes = nodes_of(plan, PlanNodeKind::Manhole);
        if manholes > 0 {
            let dot = Sample::Disc(3.0 * sheet.unit(), Colour::WHITE, pipe(0.8 * sheet.unit()));
            lines.push(line(dot, sheet.word(Word::Manhole), counted(manholes)));
        }
        for kind in [PlanNodeKind::Outfall, PlanNodeKind::Storage, PlanNodeKind::Divider] {
            if let Some((symbol, word)) = kind.symbol()
                && nodes_of(plan, kind) > 0
            {
                lines.push(line(Sample::Symbol(symbol), sheet.word(word), counted(nodes_of(plan, kind))));
            }
        }
    }
    if let Some(bubbles) = &relief.bubbles {
        lines.push(Line { sample: None, text: bubbles.heading.clone(), number: "m³".to_owned() });
        for (sample, text, number) in bubbles.legend(sheet) {
            lines.push(line(sample, &text, number));
        }
    }
    lines
}

/// The area of each class (m²).
fn areas(layer: &Layer) -> Vec<f64> {
    let mut counts = vec![0_u64; layer.classes.classes.len()];
    for class in layer.values.values.iter().filter_map(|&value| layer.classes.of(value)) {
        counts[class] += 1;
    }
    counts.into_iter().map(|count| count as f64 * layer.values.cell * layer.values.cell).collect()
}

/// Width of the panel with its gap, pixels.
pub(super) fn width(relief: &Relief, sheet: &Sheet) -> f64 {
    let size = SMALL * sheet.unit();
    let width = |text: &str| sheet.fonts.width(text, size) * SLACK;
    // wide enough for areas of any map, so that maps of one place are of one size
    let wide = lines(relief, sheet).iter().fold(15.0 * size, |wide, line| {
        let sample = if line.sample.is_some() { SAMPLE * size } else { 0.0 };
        wide.max(sample + width(&line.text) + 1.2 * size + width(&line.number))
    });
    wide + 1.2 * size + 22.0 * sheet.unit()
}

/// Height that the panel needs, pixels.
pub(super) fn height(relief: &Relief, sheet: &Sheet) -> f64 {
    (lines(relief, sheet).len() as f64 * PITCH + FOOT) * SMALL * sheet.unit()
}

/// Draws the panel in its place; `scale` is pixels in a metre.
pub(super) fn draw(scene: &mut Scene, relief: &Relief, sheet: &Sheet, place: Rect, scale: f64) {
    let lines = lines(relief, sheet);
    let size = (place.height() / (lines.len() as f64 * PITCH + FOOT)).min(SMALL * sheet.unit());
    let start = Lettering::new(size, Align::Start, Level::Middle);
    let end = Lettering::new(size, Align::End, Level::Middle);
    let mut top = place.top;
    for line in &lines {
        let middle = top + 0.5 * PITCH * size;
        let left = match &line.sample {
            Some(sample) => {
                let box_of =
                    Rect::new(place.left, top + 0.15 * size, place.left + 2.0 * size, top + 1.35 * size);
                sample.draw(scene, box_of);
                place.left + SAMPLE * size
            }
            None => place.left,
        };
        scene.text([left, middle], &line.text, start);
        let ink = if line.sample.is_some() { end } else { end.colour(Colour::GREY) };
        scene.text([place.right, middle], &line.number, ink);
        top += PITCH * size;
    }
    foot(scene, "m", scale, place, size);
}
