//! Points and lines over an axis of numbers: damage by probability, effect by cost, progress by year.

use super::axis::{Scale, Ticks, round_range};
use super::colour::Colour;
use super::heading::{self, Entry, LABEL, MARGIN, SLACK, SMALL, Sample};
use super::hydrograph::{axis_label, value_axis};
use super::scene::{Align, Lettering, Level, Point, Rect, Scene, Stroke, dash};
use super::{Picture, PlotError, Sheet};

/// How points are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Join {
    /// By straight lines.
    #[default]
    Straight,
    /// Not at all.
    Apart,
}

/// A point with its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dot {
    /// Where it lies on the horizontal axis.
    pub x: f64,
    /// Where it lies on the vertical axis.
    pub y: f64,
    /// Its name beside it; empty for none.
    pub name: String,
}

/// A series of points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Name in the legend; empty to leave it out.
    pub name: String,
    /// Its points, in order.
    pub dots: Vec<Dot>,
    /// How they are joined.
    pub join: Join,
    /// Whether its marks are hollow.
    pub hollow: bool,
    /// Its colour; `None` for the next of [`Colour::SERIES`].
    pub colour: Option<Colour>,
}

/// A chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// Title; empty for none.
    pub title: String,
    /// Label of the horizontal axis, with its unit.
    pub across: String,
    /// Label of the vertical axis, with its unit.
    pub upward: String,
    /// Whether the horizontal axis goes by powers: values at or below zero are left out then.
    pub logarithmic: bool,
    /// Marks of the horizontal axis and their labels; empty for round numbers.
    pub marks: Vec<(f64, String)>,
    /// The series.
    pub series: Vec<Series>,
}

impl Chart {
    /// Draws the chart. The vertical axis begins at zero unless a value lies below.
    ///
    /// # Errors
    /// When there is no point to draw or the sheet cannot be drawn on.
    pub fn draw(&self, sheet: &Sheet) -> Result<Picture, PlotError> {
        sheet.check()?;
        let shown = || self.series.iter().flat_map(|series| &series.dots).filter(|dot| self.shows(dot));
        let extent = |of: fn(&Dot) -> f64| {
            let ends = (f64::INFINITY, f64::NEG_INFINITY);
            shown().map(of).fold(ends, |(low, high), v| (low.min(v), high.max(v)))
        };
        let (low, high) = extent(|dot| dot.y);
        if !low.is_finite() {
            return Err(PlotError::Empty("the chart has no points".to_owned()));
        }
        let unit = f64::from(sheet.width) / 1600.0;
        let (width, height) = (f64::from(sheet.width), f64::from(sheet.height));
        let mut scene = Scene::new(sheet.fonts.clone());
        let (margin, size) = (MARGIN * unit, SMALL * unit);
        let inner = width - 2.0 * margin;
        let mut top = heading::title(&mut scene, &self.title, [margin, 0.8 * margin], inner, unit);
        top = heading::legend(&mut scene, &self.entries(unit), [margin, top + 0.35 * margin], inner, unit);

        let range = round_range((low.min(0.0), high.max(0.0)), 6);
        let ticks = Ticks::new(range, (height / (90.0 * unit)) as usize);
        let widest = ticks.values.iter().map(|&v| sheet.fonts.width(&ticks.label(v), size));
        let left = margin + 1.4 * LABEL * unit + widest.fold(0.0, f64::max) * SLACK + 0.8 * size;
        let plot =
            Rect::new(left, top + 0.5 * size, width - margin - 2.4 * size, height - margin - 3.0 * size);
        sheet.check_room(&plot)?;
        let y = Scale::new(range, (plot.bottom, plot.top));
        value_axis(&mut scene, plot, &ticks, &y, unit);
        let x = Across::new(self, extent(|dot| dot.x), (plot.left, plot.right));
        x.draw(&mut scene, plot, unit);
        if range.0 < 0.0 {
            let zero = y.pixel(0.0);
            scene.line(&[[plot.left, zero], [plot.right, zero]], Stroke::solid(Colour::GREY, 1.5 * unit));
        }
        scene.frame(plot, Stroke::solid(Colour::GREY, 1.5 * unit));
        for (i, series) in self.series.iter().enumerate() {
            let points: Vec<Point> = series
                .dots
                .iter()
                .filter(|dot| self.shows(dot))
                .map(|dot| [x.pixel(dot.x), y.pixel(dot.y)])
                .collect();
            if series.join == Join::Straight {
                scene.line(&points, Stroke::dashed(series.colour(i), 3.5 * unit, dash(i)));
            }
            for &point in &points {
                let fill = if series.hollow { Colour::WHITE } else { series.colour(i) };
                let edge = if series.hollow { series.colour(i) } else { Colour::WHITE };
                scene.disc(point, 8.0 * unit, Some(fill), Some(Stroke::solid(edge, 3.0 * unit)));
            }
        }
        self.names(&mut scene, &x, &y, plot, unit);
        axis_label(&mut scene, &self.upward, plot, margin, unit);
        let lettering = Lettering::new(LABEL * unit, Align::Middle, Level::Bottom);
        scene.text([0.5 * (plot.left + plot.right), height - 0.7 * margin], &self.across, lettering);
        Ok(Picture::new(sheet, scene))
    }

    /// Names beside their points, each where none stands yet.
    fn names(&self, scene: &mut Scene, x: &Across, y: &Scale, plot: Rect, unit: f64) {
        let size = SMALL * unit;
        let (gap, room) = (14.0 * unit, 0.3 * plot.width());
        let room_around = plot.grown(0.8 * size);
        let mut taken: Vec<Rect> = Vec::new();
        for dot in self.series.iter().flat_map(|series| &series.dots) {
            if dot.name.is_empty() || !self.shows(dot) {
                continue;
            }
            let at = [x.pixel(dot.x), y.pixel(dot.y)];
            let name = scene.fonts().fit(&dot.name, size * SLACK, room);
            let wide = scene.fonts().width(&name, size) * SLACK;
            let half = 0.6 * size;
            let places = [
                (Align::Start, at[0] + gap, at[1]),
                (Align::End, at[0] - gap, at[1]),
                (Align::Middle, at[0], at[1] - gap - half),
                (Align::Middle, at[0], at[1] + gap + half),
                (Align::Start, at[0] + gap, at[1] - 2.1 * half),
                (Align::Start, at[0] + gap, at[1] + 2.1 * half),
                (Align::End, at[0] - gap, at[1] - 2.1 * half),
                (Align::End, at[0] - gap, at[1] + 2.1 * half),
            ];
            let of = |&(align, x, y): &(Align, f64, f64)| {
                let left = match align {
                    Align::Start => x,
                    Align::Middle => x - 0.5 * wide,
                    Align::End => x - wide,
                };
                Rect::new(left, y - half, left + wide, y + half)
            };
            let free = |place: &&(Align, f64, f64)| {
                room_around.contains(&of(place)) && !taken.iter().any(|other| other.overlaps(&of(place)))
            };
            let place = places.iter().find(free).unwrap_or(&places[0]);
            taken.push(of(place));
            scene.text([place.1, place.2], &name, Lettering::new(size, place.0, Level::Middle));
        }
    }

    fn shows(&self, dot: &Dot) -> bool {
        dot.x.is_finite() && dot.y.is_finite() && !(self.logarithmic && dot.x <= 0.0)
    }

    fn entries(&self, unit: f64) -> Vec<Entry> {
        let named = self.series.iter().enumerate().filter(|(_, series)| !series.name.is_empty());
        let entry = |(i, series): (usize, &Series)| {
            let colour = series.colour(i);
            let sample = match series.join {
                Join::Straight => Sample::Line(Stroke::dashed(colour, 3.5 * unit, dash(i))),
                Join::Apart => Sample::Disc(
                    8.0 * unit,
                    if series.hollow { Colour::WHITE } else { colour },
                    Stroke::solid(colour, 3.0 * unit),
                ),
            };
            Entry::new(sample, series.name.clone())
        };
        named.map(entry).collect()
    }
}

impl Series {
    fn colour(&self, index: usize) -> Colour {
        self.colour.unwrap_or(Colour::SERIES[index % Colour::SERIES.len()])
    }
}

/// The horizontal axis.
struct Across {
    scale: Scale,
    logarithmic: bool,
    marks: Vec<(f64, String)>,
}

impl Across {
    fn new(chart: &Chart, (low, high): (f64, f64), pixels: (f64, f64)) -> Self {
        let of = |value: f64| if chart.logarithmic { value.ln() } else { value };
        let marked = chart.marks.iter().map(|(value, _)| *value);
        let (low, high) = marked.fold((low, high), |(low, high), v| (low.min(v), high.max(v)));
        let (low, high) = (of(low), of(high));
        let range = if chart.marks.is_empty() && !chart.logarithmic {
            round_range((low.min(0.0), high), 8)
        } else {
            let span = (high - low).max(1e-9);
            if high - low < 1e-9 { (low - 0.5, high + 0.5) } else { (low - 0.04 * span, high + 0.04 * span) }
        };
        let marks = if chart.marks.is_empty() {
            let ends = if chart.logarithmic { (low.exp(), high.exp()) } else { range };
            let ticks = Ticks::new(ends, 8);
            ticks.values.iter().map(|&value| (value, ticks.label(value))).collect()
        } else {
            chart.marks.clone()
        };
        Self { scale: Scale::new(range, pixels), logarithmic: chart.logarithmic, marks }
    }
    fn pixel(&self, value: f64) -> f64 {
        self.scale.pixel(if self.logarithmic { value.ln() } else { value })
    }
    fn draw(&self, scene: &mut Scene, plot: Rect, unit: f64) {
        let size = SMALL * unit;
        let mut free_from = f64::NEG_INFINITY;
        for (value, label) in &self.marks {
            let at = self.pixel(*value);
            if !(plot.left - 1.0..=plot.right + 1.0).contains(&at) {
                continue;
            }
            scene.line(&[[at, plot.top], [at, plot.bottom]], Stroke::solid(Colour::GRID, 1.2 * unit));
            let half = 0.5 * SLACK * scene.fonts().width(label, size);
            if at - half > free_from {
                let lettering = Lettering::new(size, Align::Middle, Level::Top);
                scene.text([at, plot.bottom + 0.55 * size], label, lettering);
                free_from = at + half + 0.4 * size;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(x: f64, y: f64, name: &str) -> Dot {
        Dot { x, y, name: name.into() }
    }

    fn place(picture: &Picture, text: &str) -> Rect {
        picture.labels().iter().find(|(label, _)| label == text).unwrap().1
    }

    #[test]
    fn equal_ratios_are_equal_distances_on_an_axis_of_powers() {
        let marks = [1.0, 10.0, 100.0].map(|v| (v, format!("1/{v}"))).to_vec();
        let series = Series { dots: vec![dot(1.0, 0.0, ""), dot(100.0, 9.0, "")], ..Series::default() };
        let chart = Chart { logarithmic: true, marks, series: vec![series], ..Chart::default() };
        let picture = chart.draw(&Sheet::default()).unwrap();
        let middle = |text| {
            let place = place(&picture, text);
            0.5 * (place.left + place.right)
        };
        assert!((middle("1/10") - middle("1/1") - (middle("1/100") - middle("1/10"))).abs() < 1e-6);
    }

    #[test]
    fn names_of_points_that_lie_together_do_not_cover_each_other() {
        let dots = vec![dot(1.0, 5.0, "option A"), dot(1.0, 5.0, "option B"), dot(1.0, 5.0, "option C")];
        let series = vec![Series { dots, join: Join::Apart, ..Series::default() }];
        let picture = Chart { series, ..Chart::default() }.draw(&Sheet::default()).unwrap();
        let places = ["option A", "option B", "option C"].map(|name| place(&picture, name));
        assert!(!places[0].overlaps(&places[1]) && !places[1].overlaps(&places[2]));
    }

    #[test]
    fn a_chart_without_points_is_refused() {
        let series = vec![Series { dots: vec![dot(f64::NAN, 1.0, "")], ..Series::default() }];
        assert!(matches!(
            Chart { series, ..Chart::default() }.draw(&Sheet::default()),
            Err(PlotError::Empty(_))
        ));
    }
}
