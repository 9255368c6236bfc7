//! Series over time, with the rain that caused them hanging from the top.

use super::axis::{Scale, Ticks, TimeTicks, round_range, short_number};
use super::colour::Colour;
use super::heading::{self, Entry, LABEL, MARGIN, SLACK, SMALL, Sample};
use super::scene::{Align, Lettering, Level, Point, Rect, Scene, Stroke, dash};
use super::symbol::Symbol;
use super::{Picture, PlotError, Sheet, Word};
use crate::clock::DateTime;

/// How a series is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeriesStyle {
    /// As a line: computed values.
    #[default]
    Line,
    /// As dots: measured values.
    Dots,
}

/// One series over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Name in the legend.
    pub name: String,
    /// Instants, increasing.
    pub times: Vec<DateTime>,
    /// Values; one that is not finite leaves a gap.
    pub values: Vec<f64>,
    /// How it is drawn.
    pub style: SeriesStyle,
}

/// Rain as bars that hang from the top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rain {
    /// Label of its axis and legend, such as `Rain intensity`.
    pub label: String,
    /// Unit, such as `mm/h`.
    pub unit: String,
    /// Start of each interval, increasing.
    pub times: Vec<DateTime>,
    /// Rain of each interval.
    pub values: Vec<f64>,
    /// Length of an interval, s.
    pub interval: f64,
}

/// A level across the picture, such as a capacity or the level of the ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// Name in the legend.
    pub name: String,
    /// Its value.
    pub value: f64,
}

/// A hydrograph: one quantity of one or several elements over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hydrograph {
    /// Title; empty for none.
    pub title: String,
    /// What is shown, such as `Flow`: the label of the axis.
    pub quantity: String,
    /// Unit of the values.
    pub unit: String,
    /// The series.
    pub series: Vec<Series>,
    /// Rain that hangs from the top.
    pub rain: Option<Rain>,
    /// Levels across the picture.
    pub thresholds: Vec<Threshold>,
    /// Whether the legend names the maximum of each series.
    pub maxima: bool,
    /// Ends of the time axis; `None` to fit the data.
    pub time_range: Option<(DateTime, DateTime)>,
    /// Ends of the value axis; `None` to fit the data.
    pub value_range: Option<(f64, f64)>,
    /// End of the rain axis; `None` to fit the data.
    pub rain_maximum: Option<f64>,
}

impl Hydrograph {
    /// Draws the hydrograph.
    ///
    /// # Errors
    /// When there is nothing to draw or the sheet cannot be drawn on.
    pub fn draw(&self, sheet: &Sheet) -> Result<Picture, PlotError> {
        sheet.check()?;
        let (from, to) = self.times()?;
        let unit = sheet.unit();
        let (width, height) = (f64::from(sheet.width), f64::from(sheet.height));
        let mut scene = Scene::new(sheet.fonts.clone());
        let margin = MARGIN * unit;

        let inner = width - 2.0 * margin;
        let mut top = heading::title(&mut scene, &self.title, [margin, 0.8 * margin], inner, unit);
        top = heading::legend(&mut scene, &self.entries(sheet), [margin, top + 0.35 * margin], inner, unit);

        let tick = SMALL * unit;
        let band = 0.28 * (height - top);
        let rain_end =
            self.rain.as_ref().map(|rain| self.rain_maximum.unwrap_or_else(|| rain_range(rain, from, to)));
        let rain_ticks = rain_end.map(|end| Ticks::new((0.0, end), 4));
        let range = self.values(from, to);
        let ticks = Ticks::new(range, (height / (90.0 * unit)) as usize);
        let labels = |ticks: &Ticks| {
            ticks.values.iter().map(|&v| sheet.fonts.width(&ticks.label(v), tick)).fold(0.0, f64::max)
        };
        let widest = labels(&ticks).max(rain_ticks.as_ref().map_or(0.0, labels)) * SLACK;
        let left = margin + 1.4 * LABEL * unit + widest + 0.8 * tick;
        let right = width - margin - 1.6 * tick;
        let bottom = height - margin - 4.3 * tick;
        let mut plot = Rect::new(left, top + 0.5 * tick, right, bottom);
        sheet.check_room(&Rect { top: plot.top + if self.rain.is_some() { band } else { 0.0 }, ..plot })?;
        let x = Scale::new((0.0, to.seconds_since(from)), (left, right));
        let time_ticks = TimeTicks::new(from, to, ((right - left) / (125.0 * unit)) as usize);

        if let (Some(rain), Some(end), Some(ticks)) = (&self.rain, rain_end, &rain_ticks) {
            let place = Rect { bottom: plot.top + band, ..plot };
            let y = Scale::new((0.0, end), (place.top, place.bottom));
            grid(&mut scene, place, &time_ticks, from, &x, unit);
            value_axis(&mut scene, place, ticks, &y, unit);
            scene.clip(Some(place));
            bars(&mut scene, rain, from, &x, &y, unit);
            scene.clip(None);
            scene.frame(place, Stroke::solid(Colour::GREY, 1.5 * unit));
            axis_label(&mut scene, &sheet.language.with_unit(&rain.label, &rain.unit), place, margin, unit);
            plot.top = place.bottom + 1.5 * tick;
        }

        let y = Scale::new(range, (plot.bottom, plot.top));
        grid(&mut scene, plot, &time_ticks, from, &x, unit);
        value_axis(&mut scene, plot, &ticks, &y, unit);
        scene.clip(Some(plot));
        for (i, threshold) in self.thresholds.iter().enumerate() {
            let level = y.pixel(threshold.value);
            scene.line(&[[plot.left, level], [plot.right, level]], threshold_stroke(i, unit));
        }
        for (i, series) in self.series.iter().enumerate() {
            let points = points(series, from, &x, &y);
            match series.style {
                SeriesStyle::Line => scene.line(&thinned(&points), stroke(i, unit)),
                SeriesStyle::Dots => {
                    for point in points {
                        Symbol::Dot(colour(i)).draw(&mut scene, point, 12.0 * unit);
                    }
                }
            }
        }
        scene.clip(None);
        scene.frame(plot, Stroke::solid(Colour::GREY, 1.5 * unit));
        axis_label(&mut scene, &sheet.language.with_unit(&self.quantity, &self.unit), plot, margin, unit);
        time_axis(&mut scene, plot, &time_ticks, from, &x, unit);
        let label = Lettering::new(LABEL * unit, Align::Middle, Level::Bottom);
        scene.text([0.5 * (left + right), height - 0.7 * margin], sheet.word(Word::Time), label);
        Ok(Picture::new(sheet, scene))
    }

    /// Ends of the time axis.
    fn times(&self) -> Result<(DateTime, DateTime), PlotError> {
        for series in &self.series {
            if series.times.len() != series.values.len() {
                let (times, values) = (series.times.len(), series.values.len());
                let problem = format!("the series '{}' has {times} times but {values} values", series.name);
                return Err(PlotError::Mismatch(problem));
            }
        }
        if let Some((from, to)) = self.time_range {
            return if from < to {
                Ok((from, to))
            } else {
                Err(PlotError::Empty(format!("the time axis would end ({to}) before it begins ({from})")))
            };
        }
        let rain = self.rain.iter().flat_map(|rain| {
            rain.times
                .last()
                .map(|last| last.plus_seconds(rain.interval))
                .into_iter()
                .chain(rain.times.first().copied())
        });
        let series = self.series.iter().flat_map(|series| series.times.iter().copied());
        let all = || series.clone().chain(rain.clone());
        match (all().min(), all().max()) {
            (Some(from), Some(to)) if from < to => Ok((from, to)),
            (Some(_), Some(_)) => Err(PlotError::Empty("the series hold one instant only".to_string())),
            _ => Err(PlotError::Empty("the series hold no values".to_string())),
        }
    }

    /// Ends of the value axis; it begins at zero unless the values lie far from it.
    fn values(&self, from: DateTime, to: DateTime) -> (f64, f64) {
        if let Some((low, high)) = self.value_range
            && low < high
        {
            return (low, high);
        }
        let shown = |series: &Series| {
            let within = |(t, v): (&DateTime, &f64)| (*t >= from && *t <= to && v.is_finite()).then_some(*v);
            series.times.iter().zip(&series.values).filter_map(within).collect::<Vec<f64>>()
        };
        let values = self.series.iter().flat_map(shown).chain(self.thresholds.iter().map(|t| t.value));
        let (mut low, mut high) = extent(values);
        if low > 0.0 && low < 0.6 * high {
            low = 0.0;
        }
        if high < 0.0 && high > 0.6 * low {
            high = 0.0;
        }
        round_range((low, high), 6)
    }

    fn entries(&self, sheet: &Sheet) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        if let Some(rain) = &self.rain {
            entries.push(Entry::new(Sample::Patch(Colour::SKY, None), rain.label.clone()));
        }
        for (i, series) in self.series.iter().enumerate() {
            let (_, maximum) = extent(series.values.iter().copied());
            let text = if self.maxima && maximum.is_finite() {
                let value = short_number(maximum);
                let maximum = sheet.word(Word::Maximum);
                sheet.language.with_unit(&series.name, format!("{maximum} {value} {}", self.unit).trim_end())
            } else {
                series.name.clone()
            };
            let sample = match series.style {
                SeriesStyle::Line => Sample::Line(stroke(i, sheet.unit())),
                SeriesStyle::Dots => Sample::Symbol(Symbol::Dot(colour(i))),
            };
            entries.push(Entry::new(sample, text));
        }
        for (i, threshold) in self.thresholds.iter().enumerate() {
            entries.push(Entry::new(Sample::Line(threshold_stroke(i, sheet.unit())), threshold.name.clone()));
        }
        entries
    }
}

fn colour(series: usize) -> Colour {
    Colour::SERIES[series % Colour::SERIES.len()]
}

fn stroke(series: usize, unit: f64) -> Stroke {
    Stroke::dashed(colour(series), 3.5 * unit, dash(series))
}

fn threshold_stroke(i: usize, unit: f64) -> Stroke {
    let dash: &[f64] = if i.is_multiple_of(2) { &[12.0, 5.0] } else { &[4.0, 4.0] };
    Stroke::dashed(Colour::GREY, 2.0 * unit, dash)
}

/// Least and greatest of the finite values.
fn extent(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values
        .filter(|v| v.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
}

fn rain_range(rain: &Rain, from: DateTime, to: DateTime) -> f64 {
    let shown = rain.times.iter().zip(&rain.values).filter(|(t, _)| **t >= from && **t <= to);
    let (_, high) = extent(shown.map(|(_, v)| *v));
    round_range((0.0, high.max(0.0)), 4).1
}

fn points(series: &Series, from: DateTime, x: &Scale, y: &Scale) -> Vec<Point> {
    let at = |(t, v): (&DateTime, &f64)| [x.pixel(t.seconds_since(from)), y.pixel(*v)];
    series.times.iter().zip(&series.values).map(at).collect()
}

/// The line with no more than four points in a column of pixels: first, lowest, highest, last.
fn thinned(points: &[Point]) -> Vec<Point> {
    let column = |p: &Point| p[0].floor();
    let mut kept = Vec::new();
    for run in points.chunk_by(|a, b| column(a) == column(b) && a[1].is_finite() && b[1].is_finite()) {
        if run.len() <= 4 {
            kept.extend_from_slice(run);
            continue;
        }
        let by_level = |a: &usize, b: &usize| run[*a][1].total_cmp(&run[*b][1]);
        let low = (0..run.len()).min_by(by_level).unwrap_or(0);
        let high = (0..run.len()).max_by(by_level).unwrap_or(0);
        let mut chosen = vec![0, low, high, run.len() - 1];
        chosen.sort_unstable();
        chosen.dedup();
        kept.extend(chosen.into_iter().map(|i| run[i]));
    }
    kept
}

fn bars(scene: &mut Scene, rain: &Rain, from: DateTime, x: &Scale, y: &Scale, unit: f64) {
    let edge = Stroke::solid(Colour::BLUE, 1.0 * unit);
    let wide = x.pixel(rain.interval) - x.pixel(0.0) > 8.0 * unit;
    for (time, value) in rain.times.iter().zip(&rain.values).filter(|(_, v)| **v > 0.0) {
        let start = time.seconds_since(from);
        let bar = Rect::new(x.pixel(start), y.pixel(0.0), x.pixel(start + rain.interval), y.pixel(*value));
        // Bars thinner than a pixel would vanish.
        let bar = Rect { right: bar.right.max(bar.left + 1.0), ..bar };
        scene.rect(bar, Colour::SKY);
        if wide {
            scene.frame(bar, edge);
        }
    }
}

fn grid(scene: &mut Scene, place: Rect, ticks: &TimeTicks, from: DateTime, x: &Scale, unit: f64) {
    for time in &ticks.times {
        let at = x.pixel(time.seconds_since(from));
        let midnight = !ticks.by_date() && time.time_of_day_ms() == 0;
        let colour = if midnight { Colour(170, 170, 170) } else { Colour::GRID };
        scene.line(&[[at, place.top], [at, place.bottom]], Stroke::solid(colour, 1.2 * unit));
    }
}

/// Labels and grid lines of values at the left side.
pub(super) fn value_axis(scene: &mut Scene, place: Rect, ticks: &Ticks, y: &Scale, unit: f64) {
    let size = SMALL * unit;
    for &value in &ticks.values {
        let at = y.pixel(value);
        scene.line(&[[place.left, at], [place.right, at]], Stroke::solid(Colour::GRID, 1.2 * unit));
        let label = Lettering::new(size, Align::End, Level::Middle);
        scene.text([place.left - 0.45 * size, at], &ticks.label(value), label);
    }
}

/// The label of a value axis, reading upward; smaller or cut when the axis is short.
pub(super) fn axis_label(scene: &mut Scene, text: &str, place: Rect, left: f64, unit: f64) {
    let room = place.height() + 1.2 * SMALL * unit;
    let wanted = scene.fonts().width(text, LABEL * unit) * SLACK;
    let size = LABEL * unit * (room / wanted.max(1.0)).clamp(0.75, 1.0);
    let text = scene.fonts().fit(text, size * SLACK, room);
    let lettering = Lettering::new(size, Align::Middle, Level::Top).upward();
    scene.text([left, 0.5 * (place.top + place.bottom)], &text, lettering);
}

fn time_axis(scene: &mut Scene, place: Rect, ticks: &TimeTicks, from: DateTime, x: &Scale, unit: f64) {
    let size = SMALL * unit;
    let first_row = place.bottom + 0.5 * size;
    let second_row = first_row + 1.25 * size;
    let mut free_from = f64::NEG_INFINITY;
    for (i, &time) in ticks.times.iter().enumerate() {
        let at = x.pixel(time.seconds_since(from));
        scene.line(
            &[[at, place.bottom], [at, place.bottom + 0.35 * size]],
            Stroke::solid(Colour::GREY, 1.5 * unit),
        );
        let lettering = Lettering::new(size, Align::Middle, Level::Top);
        scene.text([at, first_row], &ticks.label(time), lettering);
        if let Some(text) = ticks.second_label(i) {
            let half = 0.5 * SLACK * scene.fonts().width(&text, size);
            if at - half > free_from {
                scene.text([at, second_row], &text, lettering);
                free_from = at + half + 0.5 * size;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_ends_and_the_extremes_of_a_column() {
        let points: Vec<Point> =
            (0..100).map(|i| [f64::from(i) / 100.0, f64::from((i * 37) % 100)]).collect();
        let kept = thinned(&points);
        assert!(kept.len() <= 4 && kept[0] == points[0] && kept.last() == points.last());
        assert!(kept.iter().any(|p| p[1] == 99.0) && kept.iter().any(|p| p[1] == 0.0));
    }

    #[test]
    fn the_value_axis_begins_at_zero_unless_values_lie_far_from_it() {
        let axis = |values: [f64; 2]| {
            let times = vec![DateTime(0), DateTime(1000)];
            let series = vec![Series { times, values: values.to_vec(), ..Series::default() }];
            Hydrograph { series, ..Hydrograph::default() }.values(DateTime(0), DateTime(1000))
        };
        assert_eq!(axis([1.0, 9.5]).0, 0.0);
        assert!(axis([41.0, 44.0]).0 >= 40.0);
    }
}
