//! Hyetographs: rain in bars, its cumulative depth, and the formula that it comes from.

use super::axis::{Scale, Ticks, number, round_range, short_number};
use super::colour::Colour;
use super::fonts::Fonts;
use super::heading::{self, Entry, LABEL, MARGIN, SLACK, SMALL, Sample};
use super::hydrograph::{axis_label, value_axis};
use super::scene::{Align, Lettering, Level, Point, Rect, Scene, Stroke};
use super::{Picture, PlotError, Sheet, Word};
use crate::forcing::design_storm;

/// Bars that a picture shows at most; more are joined, each with its greatest intensity.
const MOST_BARS: usize = 1500;
/// Lines that a note takes at most.
const MOST_LINES: usize = 3;

/// A line of text above the drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The text.
    pub text: String,
    /// Whether it is a warning, such as that a formula is not verified.
    pub warning: bool,
}

/// The rain of a storm over the time since its beginning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hyetograph {
    /// Title; empty for none.
    pub title: String,
    /// The rain.
    pub rain: design_storm::Hyetograph,
    /// Where it comes from: formula, source, warnings.
    pub notes: Vec<Note>,
}

impl Hyetograph {
    /// Draws the hyetograph.
    ///
    /// # Errors
    /// When there is no rain or the sheet cannot be drawn on.
    pub fn draw(&self, sheet: &Sheet) -> Result<Picture, PlotError> {
        sheet.check()?;
        let (total, (_, peak)) = (self.rain.total_mm(), self.rain.peak());
        if !(total > 0.0 && peak.is_finite()) {
            return Err(PlotError::Empty("the storm brings no rain".to_owned()));
        }
        let unit = sheet.unit();
        let (width, height) = (f64::from(sheet.width), f64::from(sheet.height));
        let mut scene = Scene::new(sheet.fonts.clone());
        let margin = MARGIN * unit;
        let inner = width - 2.0 * margin;
        let mut top = heading::title(&mut scene, &self.title, [margin, 0.8 * margin], inner, unit);
        top = notes(&mut scene, &self.notes, [margin, top + 0.3 * margin], inner, unit);
        let line = Stroke::solid(Colour::VERMILION, 3.5 * unit);
        top = heading::legend(
            &mut scene,
            &entries(sheet, total, peak, line),
            [margin, top + 0.35 * margin],
            inner,
            unit,
        );

        let tick = SMALL * unit;
        let bottom = height - margin - 3.2 * tick;
        let count = ((bottom - top) / (90.0 * unit)).max(2.0) as usize;
        let intensity_range = round_range((0.0, peak), count);
        let depth_range = round_range((0.0, total), count);
        let (intensities, depths) = (Ticks::new(intensity_range, count), Ticks::new(depth_range, count));
        let widest = |ticks: &Ticks| {
            ticks.values.iter().map(|&v| sheet.fonts.width(&ticks.label(v), tick)).fold(0.0, f64::max) * SLACK
        };
        let plot = Rect::new(
            margin + 1.4 * LABEL * unit + widest(&intensities) + 0.8 * tick,
            top + 0.5 * tick,
            width - margin - 1.4 * LABEL * unit - widest(&depths) - 0.8 * tick,
            bottom,
        );
        sheet.check_room(&plot)?;

        let clock = Clock::new(self.rain.duration_s(), ((plot.width()) / (110.0 * unit)) as usize);
        let x = Scale::new((0.0, self.rain.duration_s()), (plot.left, plot.right));
        let y = Scale::new(intensity_range, (plot.bottom, plot.top));
        for at in clock.ticks_s.iter().map(|time| x.pixel(*time)) {
            scene.line(&[[at, plot.top], [at, plot.bottom]], Stroke::solid(Colour::GRID, 1.2 * unit));
        }
        value_axis(&mut scene, plot, &intensities, &y, unit);
        scene.clip(Some(plot));
        self.bars(&mut scene, &x, &y, unit);
        let mass = Scale::new(depth_range, (plot.bottom, plot.top));
        scene.line(&self.mass_line(&x, &mass), line);
        scene.clip(None);
        scene.frame(plot, Stroke::solid(Colour::GREY, 1.5 * unit));

        axis_label(
            &mut scene,
            &sheet.language.with_unit(sheet.word(Word::RainIntensity), "mm/h"),
            plot,
            margin,
            unit,
        );
        right_axis(&mut scene, plot, &depths, &mass, unit);
        let depth_label = sheet.language.with_unit(sheet.word(Word::CumulativeDepth), "mm");
        let upward = Lettering::new(LABEL * unit, Align::Middle, Level::Bottom).upward();
        scene.text([width - 0.8 * margin, 0.5 * (plot.top + plot.bottom)], &depth_label, upward);
        for &time in &clock.ticks_s {
            let at = x.pixel(time);
            let mark = Stroke::solid(Colour::GREY, 1.5 * unit);
            scene.line(&[[at, plot.bottom], [at, plot.bottom + 0.35 * tick]], mark);
            let lettering = Lettering::new(tick, Align::Middle, Level::Top);
            scene.text([at, plot.bottom + 0.5 * tick], &clock.label(time), lettering);
        }
        let time_label = sheet.language.with_unit(sheet.word(Word::Elapsed), sheet.word(clock.unit));
        let label = Lettering::new(LABEL * unit, Align::Middle, Level::Bottom);
        scene.text([0.5 * (plot.left + plot.right), height - 0.7 * margin], &time_label, label);
        Ok(Picture::new(sheet, scene))
    }

    fn bars(&self, scene: &mut Scene, x: &Scale, y: &Scale, unit: f64) {
        let intensities = self.rain.intensities_mm_per_h();
        let joined = intensities.len().div_ceil(MOST_BARS).max(1);
        let step = f64::from(self.rain.step_s);
        for (k, bar) in intensities.chunks(joined).enumerate() {
            let start = (k * joined) as f64 * step;
            let highest = bar.iter().fold(0.0, |most: f64, value| most.max(*value));
            if highest <= 0.0 {
                continue;
            }
            let (left, right) = (x.pixel(start), x.pixel(start + bar.len() as f64 * step));
            // bars thinner than a pixel would vanish
            let bar = Rect::new(left, y.pixel(highest), right.max(left + 1.0), y.pixel(0.0));
            scene.rect(bar, Colour::SKY);
            if right - left > 8.0 * unit {
                scene.frame(bar, Stroke::solid(Colour::BLUE, 1.0 * unit));
            }
        }
    }

    /// The cumulative depth at the ends of steps, thinned where there are many.
    fn mass_line(&self, x: &Scale, y: &Scale) -> Vec<Point> {
        let cumulative = self.rain.cumulative_mm();
        let apart = cumulative.len().div_ceil(MOST_BARS).max(1);
        let last = cumulative.len().saturating_sub(1);
        let step = f64::from(self.rain.step_s);
        let mut points = vec![[x.pixel(0.0), y.pixel(0.0)]];
        for (k, depth) in cumulative.iter().enumerate() {
            if (k + 1) % apart == 0 || k == last {
                points.push([x.pixel((k + 1) as f64 * step), y.pixel(*depth)]);
            }
        }
        points
    }
}

fn entries(sheet: &Sheet, total: f64, peak: f64, line: Stroke) -> [Entry; 2] {
    let text = |word, value: String| {
        let label = sheet.word(word);
        sheet.language.with_unit(label, &value)
    };
    let most = format!("{} {} mm/h", sheet.word(Word::Maximum), short_number(peak));
    let all = format!("{} {} mm", sheet.word(Word::Total), short_number(total));
    [
        Entry::new(Sample::Patch(Colour::SKY, None), text(Word::RainIntensity, most)),
        Entry::new(Sample::Line(line), text(Word::CumulativeDepth, all)),
    ]
}

/// Writes notes below each other; gives the bottom of the last.
fn notes(scene: &mut Scene, notes: &[Note], [left, top]: Point, width: f64, unit: f64) -> f64 {
    let size = SMALL * unit;
    let mut bottom = top;
    for note in notes {
        let colour = if note.warning { Colour::VERMILION } else { Colour::GREY };
        for line in wrapped(scene.fonts(), &note.text, size * SLACK, width) {
            let lettering = Lettering::new(size, Align::Start, Level::Top).colour(colour);
            bottom = scene.text([left, bottom + 0.2 * size], &line, lettering).bottom;
        }
    }
    bottom
}

/// A text in lines of a width, broken at blanks and after hanzi but not before a mark that closes; the last
/// one is cut.
fn wrapped(fonts: &Fonts, text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while lines.len() + 1 < MOST_LINES && fonts.width(rest, size) > width {
        let mut end = None;
        let mut reach = 0.0;
        for (at, c) in rest.char_indices() {
            reach += fonts.width(c.encode_utf8(&mut [0; 4]), size);
            if reach > width {
                break;
            }
            let after = at + c.len_utf8();
            let closes = |next: char| "，。；：、）》”！？".contains(next);
            let next_stays = rest.get(after..).is_some_and(|rest| rest.starts_with(closes));
            if (c == ' ' || c >= '\u{2E80}') && !next_stays {
                end = Some(after);
            }
        }
        let Some(end) = end else { break };
        let (line, after) = rest.split_at(end);
        lines.push(line.trim_end().to_owned());
        rest = after.trim_start();
    }
    lines.push(fonts.fit(rest, size, width));
    lines
}

/// Labels of values at the right side.
fn right_axis(scene: &mut Scene, place: Rect, ticks: &Ticks, y: &Scale, unit: f64) {
    let size = SMALL * unit;
    for &value in &ticks.values {
        let at = y.pixel(value);
        let mark = Stroke::solid(Colour::GREY, 1.5 * unit);
        scene.line(&[[place.right, at], [place.right + 0.3 * size, at]], mark);
        let label = Lettering::new(size, Align::Start, Level::Middle).colour(Colour::VERMILION);
        scene.text([place.right + 0.45 * size, at], &ticks.label(value), label);
    }
}

/// Round times since the beginning, in the unit that suits the duration.
struct Clock {
    ticks_s: Vec<f64>,
    unit: Word,
    unit_s: f64,
    decimals: usize,
}

impl Clock {
    fn new(duration_s: f64, count: usize) -> Self {
        const MINUTE: f64 = 60.0;
        const HOUR: f64 = 3600.0;
        const DAY: f64 = 86_400.0;
        let (unit, unit_s) = match duration_s {
            _ if duration_s <= 6.0 * HOUR => (Word::Minutes, MINUTE),
            _ if duration_s <= 4.0 * DAY => (Word::Hours, HOUR),
            _ => (Word::Days, DAY),
        };
        let steps: &[f64] = &[
            0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 10.0, 12.0, 15.0, 20.0, 24.0, 30.0, 50.0, 60.0,
            100.0, 200.0, 365.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0,
        ];
        let span = duration_s / unit_s;
        let fits = |step: &&f64| span / **step <= count.max(2) as f64;
        let step = steps.iter().find(fits).copied().unwrap_or(span);
        let many = (span / step + 1e-9).floor() as usize;
        Self {
            ticks_s: (0..=many).map(|k| k as f64 * step * unit_s).collect(),
            unit,
            unit_s,
            decimals: usize::from(step < 1.0),
        }
    }
    fn label(&self, time_s: f64) -> String {
        number(time_s / self.unit_s, self.decimals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hours_are_ticked_in_minutes_and_a_day_in_hours() {
        let clock = Clock::new(7200.0, 12);
        assert_eq!((clock.ticks_s[1], clock.ticks_s.len(), clock.unit), (600.0, 13, Word::Minutes));
        let clock = Clock::new(86_400.0, 12);
        assert_eq!((clock.ticks_s[1], clock.ticks_s.len(), clock.unit), (7200.0, 13, Word::Hours));
        assert_eq!(Clock::new(365.0 * 86_400.0, 12).unit, Word::Days);
    }

    #[test]
    fn notes_break_where_they_may_and_end_somewhere() {
        let fonts = Fonts::embedded();
        let lines = wrapped(&fonts, "one two three four five six seven", 20.0, 120.0);
        assert!(lines.len() == 3 && lines.iter().all(|line| fonts.width(line, 20.0) <= 120.0), "{lines:?}");
        assert_eq!(lines[0], "one two");
        assert_eq!(wrapped(&fonts, "暴雨强度公式", 20.0, 62.0), ["暴雨强", "度公式"]);
        assert_eq!(wrapped(&fonts, "暴雨强，公式", 20.0, 62.0), ["暴雨", "强，公", "式"]);
    }
}
