//! Stacked bars side by side: lengths of pipe by class, spills by overflow, costs by phase.
//!
//! Bars lie, so that names of any length stand at their left; all share one axis. What one colour means is
//! said in the legend; a hatched part means what [`Bars::hatch`] says.

use super::axis::{Scale, Ticks, round_range};
use super::colour::Colour;
use super::heading::{self, Entry, LABEL, MARGIN, SLACK, SMALL, Sample};
use super::scene::{Align, Lettering, Level, Rect, Scene, Stroke};
use super::{Picture, PlotError, Sheet};

/// What a colour stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// Name in the legend.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
}

/// A part of a bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Index of its kind.
    pub kind: usize,
    /// How much it is; parts that are not above zero are left out.
    pub value: f64,
    /// Whether it is hatched.
    pub hatched: bool,
    /// Text within it, where there is room.
    pub label: String,
}

/// A bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// Name at its left.
    pub name: String,
    /// Its parts, from the left.
    pub parts: Vec<Part>,
    /// Text behind its end, such as the total.
    pub total: String,
}

/// A picture of bars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// Title; empty for none.
    pub title: String,
    /// Label of the value axis.
    pub quantity: String,
    /// Unit of the values.
    pub unit: String,
    /// Kinds, in the order of the legend.
    pub kinds: Vec<Kind>,
    /// What hatching means; empty where nothing is hatched.
    pub hatch: String,
    /// The bars, from the top.
    pub bars: Vec<Bar>,
    /// End of the value axis; `None` to fit the data.
    pub greatest: Option<f64>,
}

/// Height of a bar with its gap on a standard sheet, pixels.
const PITCH: f64 = 72.0;
/// Part of the pitch that the bar takes.
const FULL: f64 = 0.66;

/// Colours of classes in an order, from the worst to the best: apart for readers with any colour vision, and
/// light in the middle on grey prints (after the diverging scheme RdYlBu of Brewer).
const ORDERED: [Colour; 5] = [
    Colour(215, 48, 39),
    Colour(252, 141, 89),
    Colour(254, 224, 144),
    Colour(145, 191, 219),
    Colour(69, 117, 180),
];

/// The colour of a class among some in an order, the worst first.
pub fn ordered(class: usize, of: usize) -> Colour {
    let last = ORDERED.len() - 1;
    let at = if of < 2 { last as f64 } else { class.min(of - 1) as f64 / (of - 1) as f64 * last as f64 };
    let (below, share) = (at.floor() as usize, at.fract());
    let (a, b) = (ORDERED[below.min(last)], ORDERED[(below + 1).min(last)]);
    let mix = |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))).round() as u8;
    Colour(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

/// Ink or paper, whichever is read better on a colour.
fn ink_on(Colour(r, g, b): Colour) -> Colour {
    let light = 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b);
    if light > 140.0 { Colour::INK } else { Colour::WHITE }
}

impl Bars {
    /// A sheet that is as high as the bars need, as wide and in the language of another.
    pub fn sheet(&self, like: &Sheet) -> Sheet {
        let unit = f64::from(like.width) / 1600.0;
        let rows = 2.0 + (self.kinds.len() as f64 / 4.0).ceil();
        let height = (190.0 + 34.0 * rows + PITCH * self.bars.len() as f64) * unit;
        Sheet { height: (height.round() as u32).clamp(400, 10_000), ..like.clone() }
    }

    /// Draws the bars.
    ///
    /// # Errors
    /// When there is nothing to draw, a part has no kind, or the sheet cannot be drawn on.
    pub fn draw(&self, sheet: &Sheet) -> Result<Picture, PlotError> {
        sheet.check()?;
        self.check()?;
        let unit = f64::from(sheet.width) / 1600.0;
        let (width, height) = (f64::from(sheet.width), f64::from(sheet.height));
        let mut scene = Scene::new(sheet.fonts.clone());
        let (margin, size) = (MARGIN * unit, SMALL * unit);
        let inner = width - 2.0 * margin;
        let mut top = heading::title(&mut scene, &self.title, [margin, 0.8 * margin], inner, unit);
        top = heading::legend(&mut scene, &self.entries(unit), [margin, top + 0.35 * margin], inner, unit);

        let widest = |texts: &mut dyn Iterator<Item = &String>| {
            texts.map(|text| sheet.fonts.width(text, size)).fold(0.0, f64::max) * SLACK
        };
        let names = widest(&mut self.bars.iter().map(|bar| &bar.name)).min(0.3 * width);
        let totals = widest(&mut self.bars.iter().map(|bar| &bar.total)).min(0.25 * width);
        let left = margin + names + 0.8 * size;
        let right = width - margin - totals - 0.8 * size;
        let bottom = height - margin - 2.9 * size;
        let plot = Rect::new(left, top + 0.4 * size, right, bottom);
        if plot.height() < 60.0 * unit || plot.width() < 200.0 * unit {
            return Err(PlotError::Crowded { width: sheet.width, height: sheet.height });
        }
        let longest = self.bars.iter().map(Bar::length).fold(0.0, f64::max);
        let end = self.greatest.filter(|end| *end > 0.0).unwrap_or_else(|| round_range((0.0, longest), 8).1);
        let x = Scale::new((0.0, end), (plot.left, plot.right));
        let ticks = Ticks::new((0.0, end), 8);
        for &value in &ticks.values {
            let at = x.pixel(value);
            scene.line(&[[at, plot.top], [at, plot.bottom]], Stroke::solid(Colour::GRID, 1.2 * unit));
            let lettering = Lettering::new(size, Align::Middle, Level::Top);
            scene.text([at, plot.bottom + 0.35 * size], &ticks.label(value), lettering);
        }
        let pitch = plot.height() / self.bars.len() as f64;
        for (i, bar) in self.bars.iter().enumerate() {
            let middle = plot.top + (i as f64 + 0.5) * pitch;
            let half = 0.5 * FULL * pitch.min(1.25 * PITCH * unit);
            let lettering = Lettering::new(size, Align::End, Level::Middle);
            let name = sheet.fonts.fit(&bar.name, size * SLACK, names);
            scene.text([left - 0.6 * size, middle], &name, lettering);
            let end = self.bar(&mut scene, bar, &x, (middle - half, middle + half), plot, unit);
            let total = sheet.fonts.fit(&bar.total, size * SLACK, totals);
            let lettering = Lettering::new(size, Align::Start, Level::Middle);
            scene.text([end.min(plot.right) + 0.5 * size, middle], &total, lettering);
        }
        scene
            .line(&[[plot.left, plot.top], [plot.left, plot.bottom]], Stroke::solid(Colour::INK, 2.0 * unit));
        let label = sheet.language.with_unit(&self.quantity, &self.unit);
        let lettering = Lettering::new(LABEL * unit, Align::Middle, Level::Bottom);
        scene.text([0.5 * (left + right), height - 0.7 * margin], &label, lettering);
        Ok(Picture::new(sheet, scene))
    }

    /// Draws a bar; gives where it ends.
    fn bar(
        &self,
        scene: &mut Scene,
        bar: &Bar,
        x: &Scale,
        (top, bottom): (f64, f64),
        plot: Rect,
        unit: f64,
    ) -> f64 {
        let size = 0.9 * SMALL * unit;
        let mut sum = 0.0;
        for part in bar.parts.iter().filter(|part| part.value > 0.0) {
            let place = Rect::new(x.pixel(sum), top, x.pixel(sum + part.value), bottom);
            sum += part.value;
            let Some(kind) = self.kinds.get(part.kind) else { continue };
            scene.clip(Some(plot));
            scene.rect(place, kind.colour);
            if part.hatched {
                hatch(scene, place, unit);
            }
            scene.frame(place, Stroke::solid(Colour::WHITE, 1.5 * unit));
            scene.clip(None);
            let wide = scene.fonts().width(&part.label, size) * SLACK;
            if part.label.is_empty() || wide + 0.3 * size > place.width() {
                continue;
            }
            let middle = [0.5 * (place.left + place.right), 0.5 * (top + bottom)];
            if part.hatched {
                let behind = Rect::new(
                    middle[0] - 0.5 * wide,
                    middle[1] - 0.6 * size,
                    middle[0] + 0.5 * wide,
                    middle[1] + 0.6 * size,
                );
                scene.rect(behind, kind.colour);
            }
            let lettering = Lettering::new(size, Align::Middle, Level::Middle).colour(ink_on(kind.colour));
            scene.text(middle, &part.label, lettering);
        }
        x.pixel(sum)
    }

    fn entries(&self, unit: f64) -> Vec<Entry> {
        let edge = Stroke::solid(Colour::GREY, unit);
        let kinds = self.kinds.iter();
        let mut entries: Vec<Entry> =
            kinds.map(|kind| Entry::new(Sample::Patch(kind.colour, Some(edge)), kind.name.clone())).collect();
        if !self.hatch.is_empty() && self.bars.iter().flat_map(|bar| &bar.parts).any(|part| part.hatched) {
            entries.push(Entry::new(Sample::Hatch, self.hatch.clone()));
        }
        entries
    }

    fn check(&self) -> Result<(), PlotError> {
        if self.bars.iter().all(|bar| bar.length() <= 0.0) {
            return Err(PlotError::Empty("all bars are empty".to_owned()));
        }
        let parts = || self.bars.iter().flat_map(|bar| &bar.parts);
        if parts().any(|part| part.kind >= self.kinds.len()) {
            return Err(PlotError::Mismatch("a part of a bar has no kind".to_owned()));
        }
        if parts().any(|part| !part.value.is_finite()) {
            return Err(PlotError::Mismatch("a part of a bar is not a number".to_owned()));
        }
        Ok(())
    }
}

impl Bar {
    /// All its parts together.
    fn length(&self) -> f64 {
        self.parts.iter().map(|part| part.value.max(0.0)).sum()
    }
}

/// Slanted lines over a rectangle; the scene's clip is narrowed to it.
pub(super) fn hatch(scene: &mut Scene, place: Rect, unit: f64) {
    let step = 9.0 * unit;
    scene.clip(Some(place));
    let count = ((place.width() + place.height()) / step).ceil() as usize;
    for i in 0..count.min(2000) {
        let at = place.left + (i as f64 + 0.5) * step;
        let line = [[at - place.height(), place.bottom], [at, place.top]];
        scene.line(&line, Stroke::solid(Colour::INK, 1.6 * unit));
    }
    scene.clip(None);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars() -> Bars {
        let part = |kind, value, hatched| Part { kind, value, hatched, label: format!("{value}") };
        Bars {
            title: "capacity".into(),
            quantity: "length".into(),
            unit: "km".into(),
            kinds: (0..3).map(|i| Kind { name: format!("class {i}"), colour: ordered(i, 3) }).collect(),
            hatch: "backwater".into(),
            bars: vec![
                Bar {
                    name: "base".into(),
                    parts: vec![part(0, 10.0, false), part(1, 5.0, true)],
                    total: "15".into(),
                },
                Bar { name: "现状 < & >".into(), parts: vec![part(2, 15.0, false)], total: "15".into() },
            ],
            greatest: None,
        }
    }

    #[test]
    fn bars_with_the_same_sum_end_at_the_same_place() {
        let bars = bars();
        let picture = bars.draw(&bars.sheet(&Sheet::default())).unwrap();
        let at: Vec<f64> =
            picture.labels().iter().filter(|(text, _)| text == "15").map(|(_, place)| place.left).collect();
        // the last two are the totals, the others labels of parts and of the axis
        assert_eq!(at[at.len() - 1], at[at.len() - 2 - usize::from(at.len() > 3)], "{at:?}");
    }

    #[test]
    fn hatching_is_in_the_legend_only_where_something_is_hatched() {
        let mut bars = bars();
        let told = |bars: &Bars| {
            let picture = bars.draw(&bars.sheet(&Sheet::default())).unwrap();
            picture.labels().iter().any(|(text, _)| text == "backwater")
        };
        assert!(told(&bars));
        bars.bars.iter_mut().flat_map(|bar| &mut bar.parts).for_each(|part| part.hatched = false);
        assert!(!told(&bars));
    }

    #[test]
    fn bars_of_nothing_and_kinds_that_are_not_there_are_refused() {
        let mut none = bars();
        none.bars.clear();
        assert!(matches!(none.draw(&Sheet::default()), Err(PlotError::Empty(_))));
        let mut strange = bars();
        strange.bars[0].parts[0].kind = 9;
        assert!(matches!(strange.draw(&Sheet::default()), Err(PlotError::Mismatch(_))));
    }

    #[test]
    fn classes_in_an_order_go_from_red_to_blue() {
        assert_eq!((ordered(0, 5), ordered(4, 5)), (Colour(215, 48, 39), Colour(69, 117, 180)));
        assert_eq!(ordered(1, 3), ordered(2, 5), "the middle is the middle");
        assert_eq!(ordered(7, 5), ordered(4, 5));
    }
}
