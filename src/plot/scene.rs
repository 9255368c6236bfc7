//! A drawing as a list of marks in pixels, before it becomes SVG or PNG.

use super::colour::Colour;
use super::fonts::Fonts;
use super::image::Image;

/// A point: x to the right, y downward, pixels.
pub type Point = [f64; 2];

/// Part of a line's em that capitals and hanzi rise above its baseline.
const ASCENT: f64 = 0.88;
/// Part of a line's em that letters and hanzi hang below its baseline.
const DESCENT: f64 = 0.2;
/// Part of a line's em from its baseline up to the middle of capitals and hanzi.
const MIDDLE: f64 = 0.36;

/// A rectangle with upright sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left side.
    pub left: f64,
    /// Upper side.
    pub top: f64,
    /// Right side.
    pub right: f64,
    /// Lower side.
    pub bottom: f64,
}

impl Rect {
    /// The rectangle between two corners.
    pub fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self { left, top, right, bottom }
    }
    /// Width.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }
    /// Height.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
    /// Whether two rectangles share more than a side.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
    /// Whether another rectangle lies within this one.
    pub fn contains(&self, other: &Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && self.right >= other.right
            && self.bottom >= other.bottom
    }
    /// The rectangle larger by a margin on every side.
    pub fn grown(&self, margin: f64) -> Self {
        Self::new(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)
    }
    fn corners(&self) -> [Point; 4] {
        [[self.left, self.top], [self.right, self.top], [self.right, self.bottom], [self.left, self.bottom]]
    }
    fn holds(&self, [x, y]: Point) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }
}

/// Dashes of series, in order of use, so that they stay apart without colour.
const DASHES: [&[f64]; 7] = [
    &[],
    &[5.0, 2.5],
    &[1.2, 1.8],
    &[8.0, 2.0, 1.2, 2.0],
    &[10.0, 3.0],
    &[3.0, 1.5],
    &[8.0, 2.0, 1.2, 2.0, 1.2, 2.0],
];

/// Dashes of a series by its place among the others.
pub(super) fn dash(series: usize) -> &'static [f64] {
    DASHES[series % DASHES.len()]
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub colour: Colour,
    /// Width, pixels.
    pub width: f64,
    /// Lengths of dashes and gaps in widths of the line; empty for a solid line.
    pub dash: &'static [f64],
}

impl Stroke {
    /// A solid line.
    pub fn solid(colour: Colour, width: f64) -> Self {
        Self { colour, width, dash: &[] }
    }
    /// A dashed line.
    pub fn dashed(colour: Colour, width: f64, dash: &'static [f64]) -> Self {
        Self { colour, width, dash }
    }
}

/// Which part of a text lies at its anchor, along the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Its start.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// Which part of a text lies at its anchor, across the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The top of its line.
    Top,
    /// The middle of its capitals.
    Middle,
    /// The bottom of its line.
    Bottom,
}

/// How a text is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lettering {
    /// Size of the em, pixels.
    pub size: f64,
    /// Colour.
    pub colour: Colour,
    /// Alignment along the text.
    pub align: Align,
    /// Alignment across the text.
    pub level: Level,
    /// Whether it reads upward, from bottom to top.
    pub upward: bool,
}

impl Lettering {
    /// Upright text in ink.
    pub fn new(size: f64, align: Align, level: Level) -> Self {
        Self { size, colour: Colour::INK, align, level, upward: false }
    }
    /// The same, reading upward.
    pub fn upward(self) -> Self {
        Self { upward: true, ..self }
    }
    /// The same in another colour.
    pub fn colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }
}

/// One mark of a drawing.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    /// A line through points, already cut into dashes.
    Line { points: Vec<Point>, colour: Colour, width: f64 },
    /// A filled polygon.
    Area { points: Vec<Point>, colour: Colour, opacity: f64 },
    /// A filled circle.
    Disc { centre: Point, radius: f64, colour: Colour },
    /// Pixels laid into a rectangle.
    Image { place: Rect, image: Image },
    /// A text; `at` lies on its baseline.
    Text { text: String, at: Point, size: f64, colour: Colour, align: Align, upward: bool },
}

/// A drawing in the making.
#[derive(Clone, Debug)]
pub struct Scene {
    fonts: Fonts,
    clip: Option<Rect>,
    marks: Vec<Mark>,
    labels: Vec<(String, Rect)>,
}

impl Scene {
    /// An empty drawing.
    pub fn new(fonts: Fonts) -> Self {
        Self { fonts, clip: None, marks: Vec::new(), labels: Vec::new() }
    }
    /// The fonts that it measures with.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }
    /// Cuts lines and areas that follow to a rectangle; leaves discs out whose centre is outside.
    pub fn clip(&mut self, clip: Option<Rect>) {
        self.clip = clip;
    }
    /// A line through points; a point that is not finite interrupts it.
    pub fn line(&mut self, points: &[Point], stroke: Stroke) {
        for run in points.split(|p| !(p[0].is_finite() && p[1].is_finite())) {
            let pieces = match &self.clip {
                Some(clip) => clip_line(run, clip),
                None => vec![run.to_vec()],
            };
            for piece in pieces {
                for points in dashes(&piece, stroke) {
                    self.marks.push(Mark::Line { points, colour: stroke.colour, width: stroke.width });
                }
            }
        }
    }
    /// A closed line.
    pub fn outline(&mut self, points: &[Point], stroke: Stroke) {
        let closed: Vec<Point> = points.iter().chain(points.first()).copied().collect();
        self.line(&closed, stroke);
    }
    /// A filled polygon; `opacity` from 0 to 1.
    pub fn area(&mut self, points: &[Point], colour: Colour, opacity: f64) {
        let finite: Vec<Point> =
            points.iter().filter(|p| p[0].is_finite() && p[1].is_finite()).copied().collect();
        let points = match &self.clip {
            Some(clip) => clip_area(&finite, clip),
            None => finite,
        };
        if points.len() >= 3 {
            self.marks.push(Mark::Area { points, colour, opacity });
        }
    }
    /// A filled rectangle.
    pub fn rect(&mut self, rect: Rect, colour: Colour) {
        self.backdrop(rect, colour, 1.0);
    }
    /// A filled rectangle that lets what lies below shine through; `opacity` from 0 to 1.
    pub fn backdrop(&mut self, rect: Rect, colour: Colour, opacity: f64) {
        self.area(&rect.corners(), colour, opacity);
    }
    /// Pixels laid into a rectangle, which the clip does not cut.
    pub fn image(&mut self, place: Rect, image: Image) {
        if place.width() > 0.0 && place.height() > 0.0 && image.size() != (0, 0) {
            self.marks.push(Mark::Image { place, image });
        }
    }
    /// The outline of a rectangle.
    pub fn frame(&mut self, rect: Rect, stroke: Stroke) {
        self.outline(&rect.corners(), stroke);
    }
    /// A circle, filled and then outlined as asked.
    pub fn disc(&mut self, centre: Point, radius: f64, fill: Option<Colour>, outline: Option<Stroke>) {
        if !(centre[0].is_finite() && centre[1].is_finite()) || self.clip.is_some_and(|c| !c.holds(centre)) {
            return;
        }
        // The outline is a wider disc behind, so that it stays round at any size.
        let half = outline.map_or(0.0, |stroke| 0.5 * stroke.width);
        if let Some(stroke) = outline {
            self.marks.push(Mark::Disc { centre, radius: radius + half, colour: stroke.colour });
        }
        if let Some(colour) = fill {
            self.marks.push(Mark::Disc { centre, radius: (radius - half).max(0.1), colour });
        }
    }
    /// A text at an anchor; gives the box that it takes, as the scene's fonts measure it.
    pub fn text(&mut self, at: Point, text: &str, lettering: Lettering) -> Rect {
        let Lettering { size, colour, align, level, upward } = lettering;
        let width = self.fonts.width(text, size);
        let drop = size
            * match level {
                Level::Top => ASCENT,
                Level::Middle => MIDDLE,
                Level::Bottom => -DESCENT,
            };
        let back = width
            * match align {
                Align::Start => 0.0,
                Align::Middle => 0.5,
                Align::End => 1.0,
            };
        let (at, place) = if upward {
            let (x, start) = (at[0] + drop, at[1] + back);
            ([x, at[1]], Rect::new(x - ASCENT * size, start - width, x + DESCENT * size, start))
        } else {
            let (y, start) = (at[1] + drop, at[0] - back);
            ([at[0], y], Rect::new(start, y - ASCENT * size, start + width, y + DESCENT * size))
        };
        if !text.is_empty() && at[0].is_finite() && at[1].is_finite() {
            self.marks.push(Mark::Text { text: text.to_string(), at, size, colour, align, upward });
            self.labels.push((text.to_string(), place));
        }
        place
    }
    /// The marks, in the order in which they cover each other.
    pub(crate) fn marks(&self) -> &[Mark] {
        &self.marks
    }
    /// All texts with the boxes that they take.
    pub fn labels(&self) -> &[(String, Rect)] {
        &self.labels
    }
}

/// Cuts a line into dashes; a solid line stays whole.
fn dashes(points: &[Point], stroke: Stroke) -> Vec<Vec<Point>> {
    let unit = stroke.width.max(0.5);
    if points.len() < 2 {
        return Vec::new();
    }
    if stroke.dash.is_empty() || stroke.dash.iter().any(|d| d.is_nan() || *d <= 0.0) {
        return vec![points.to_vec()];
    }
    let mut pieces = Vec::new();
    let mut piece = vec![points[0]];
    let (mut slot, mut left) = (0, stroke.dash[0] * unit);
    for (a, b) in points.iter().zip(points.iter().skip(1)) {
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let t = done / length;
            let at = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
            if slot % 2 == 0 {
                piece.push(at);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![at];
            }
            slot = (slot + 1) % (stroke.dash.len() & !1).max(1);
            left = stroke.dash[slot] * unit;
        }
        left -= length - done;
        if slot % 2 == 0 {
            piece.push(*b);
        }
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

/// The parts of a line within a rectangle (Liang and Barsky, segment by segment).
pub(crate) fn clip_line(points: &[Point], clip: &Rect) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let mut open = false;
    for (&a, &b) in points.iter().zip(points.iter().skip(1)) {
        let d = [b[0] - a[0], b[1] - a[1]];
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        let sides = [
            (-d[0], a[0] - clip.left),
            (d[0], clip.right - a[0]),
            (-d[1], a[1] - clip.top),
            (d[1], clip.bottom - a[1]),
        ];
        let mut outside = false;
        for (p, q) in sides {
            if p == 0.0 {
                outside |= q < 0.0;
            } else if p < 0.0 {
                enter = enter.max(q / p);
            } else {
                leave = leave.min(q / p);
            }
        }
        if outside || enter > leave {
            open = false;
            continue;
        }
        let at = |t: f64| [a[0] + t * d[0], a[1] + t * d[1]];
        match pieces.last_mut() {
            Some(piece) if open && enter == 0.0 => piece.push(at(leave)),
            _ => pieces.push(vec![at(enter), at(leave)]),
        }
        open = leave == 1.0;
    }
    pieces
}

/// The part of a polygon within a rectangle (Sutherland and Hodgman).
fn clip_area(points: &[Point], clip: &Rect) -> Vec<Point> {
    let mut points = points.to_vec();
    // Each side: which coordinate, its limit, and the sign that makes the inside positive.
    for (axis, limit, sign) in
        [(0, clip.left, 1.0), (0, clip.right, -1.0), (1, clip.top, 1.0), (1, clip.bottom, -1.0)]
    {
        let inside = |p: &Point| sign * (p[axis] - limit) >= 0.0;
        let mut kept = Vec::with_capacity(points.len() + 4);
        for (i, b) in points.iter().enumerate() {
            let a = &points[if i == 0 { points.len() - 1 } else { i - 1 }];
            if inside(a) != inside(b) {
                let t = (limit - a[axis]) / (b[axis] - a[axis]);
                kept.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
            }
            if inside(b) {
                kept.push(*b);
            }
        }
        points = kept;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Rect = Rect { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };

    #[test]
    fn a_line_that_leaves_and_returns_is_cut_in_two() {
        let pieces = clip_line(&[[-5.0, 5.0], [5.0, 5.0], [5.0, 15.0], [8.0, 15.0], [8.0, 5.0]], &BOX);
        assert_eq!(pieces, [vec![[0.0, 5.0], [5.0, 5.0], [5.0, 10.0]], vec![[8.0, 10.0], [8.0, 5.0]]]);
        assert!(clip_line(&[[-5.0, -5.0], [15.0, -1.0]], &BOX).is_empty());
    }

    #[test]
    fn an_area_is_cut_to_the_rectangle() {
        let half = clip_area(&[[-10.0, 2.0], [10.0, 2.0], [10.0, 4.0], [-10.0, 4.0]], &BOX);
        let xs = half.iter().map(|p| p[0]);
        assert_eq!(xs.clone().fold(f64::MAX, f64::min), 0.0);
        assert_eq!(half.len(), 4);
    }

    #[test]
    fn dashes_go_round_corners_and_leave_gaps() {
        let stroke = Stroke::dashed(Colour::INK, 1.0, &[4.0, 2.0]);
        let pieces = dashes(&[[0.0, 0.0], [3.0, 0.0], [3.0, 9.0]], stroke);
        assert_eq!(pieces, [vec![[0.0, 0.0], [3.0, 0.0], [3.0, 1.0]], vec![[3.0, 3.0], [3.0, 7.0]]]);
    }

    #[test]
    fn a_gap_in_the_data_interrupts_the_line() {
        let mut scene = Scene::new(Fonts::embedded());
        let points = [[0.0, 0.0], [1.0, 0.0], [f64::NAN, 0.0], [2.0, 0.0], [3.0, 0.0]];
        scene.line(&points, Stroke::solid(Colour::INK, 1.0));
        assert_eq!(scene.marks().len(), 2);
    }

    #[test]
    fn a_text_takes_the_box_around_its_anchor() {
        let mut scene = Scene::new(Fonts::embedded());
        let right = Lettering::new(10.0, Align::End, Level::Middle);
        let place = scene.text([100.0, 50.0], "水位", right);
        assert!((place.right - 100.0).abs() < 1e-9 && (place.left - 80.0).abs() < 1e-9);
        let up = scene.text([100.0, 50.0], "水位", right.upward());
        assert!((up.top - 50.0).abs() < 1e-9 && (up.bottom - 70.0).abs() < 1e-9, "{up:?}");
    }
}
