//! The table below the profile: chainage, names, levels, sizes, slopes.

use super::{Line, LongSection, hairline};
use crate::plot::axis::{Ticks, number};
use crate::plot::fonts::Fonts;
use crate::plot::heading::{SLACK, SMALL};
use crate::plot::scene::{Align, Lettering, Level, Rect, Scene};
use crate::plot::{Sheet, Word};

/// Size of the table's text on a standard sheet, pixels.
const CELL: f64 = 20.0;
/// How much smaller than others a text may become to fit its cell.
const SMALLEST: f64 = 0.78;
/// Difference of levels that the table shows, in the user's length.
const STEP: f64 = 0.005;

/// The heads of the table's rows.
fn headers(section: &LongSection, sheet: &Sheet) -> [String; 7] {
    let with = |word: Word, unit: &str| sheet.language.with_unit(sheet.word(word), unit);
    let length = section.length_unit.as_str();
    [
        with(Word::Chainage, length),
        with(Word::Node, ""),
        with(Word::GroundLevel, length),
        with(Word::PipeInvert, length),
        with(Word::Size, &section.size_unit),
        with(Word::Slope, "‰"),
        with(Word::Length, length),
    ]
}

/// Width that the heads of the rows need, pixels.
pub(super) fn header_width(section: &LongSection, sheet: &Sheet) -> f64 {
    let size = CELL * sheet.unit();
    let widest = headers(section, sheet).iter().map(|h| sheet.fonts.width(h, size)).fold(0.0, f64::max);
    widest * SLACK + 1.4 * size
}

/// A text at a pixel of the line.
type Mark = (f64, String);

/// A text between two pixels of the line.
struct Cell {
    left: f64,
    right: f64,
    text: String,
    /// Size of the text, pixels.
    size: f64,
}

enum Row {
    /// Upright texts at ticks.
    Ticks(Vec<Mark>),
    /// Texts that read upward at stations.
    Stations(Vec<Mark>),
    /// Texts between stations, reading upward or not.
    Reaches(Vec<Cell>, bool),
}

/// The rows, laid out.
pub(super) struct Strip {
    rows: Vec<(String, Row, f64)>,
    size: f64,
    unit: f64,
}

impl Strip {
    pub(super) fn new(section: &LongSection, line: &Line, sheet: &Sheet) -> Self {
        let unit = sheet.unit();
        let size = CELL * unit;
        let fonts = &sheet.fonts;
        let kept = kept(section, line, 1.2 * size);
        let names: Vec<Mark> = kept
            .iter()
            .map(|&i| (line.x[i], fonts.fit_middle(&section.stations[i].name, size * SLACK, 150.0 * unit)))
            .collect();
        let grounds = kept.iter().map(|&i| (line.x[i], number(section.stations[i].ground, 2))).collect();
        let rows = [
            Row::Ticks(chainages(section, line, fonts, SMALL * unit)),
            Row::Stations(names),
            Row::Stations(grounds),
            Row::Stations(inverts(section, line, &kept, size)),
            reaches(line, fonts, size, |i| section.reaches.get(i).map(|r| r.size.clone()), true),
            reaches(line, fonts, size, |i| slope(section, i), false),
            reaches(line, fonts, size, |i| length(section, i), false),
        ];
        let height = |row: &Row| match row {
            Row::Ticks(_) => 1.95 * size,
            Row::Reaches(_, false) => 1.45 * size,
            Row::Stations(marks) => longest(fonts, marks.iter().map(|m| &m.1), size),
            Row::Reaches(cells, true) => longest(fonts, cells.iter().map(|c| &c.text), size),
        };
        // A row in which no text has room is left out.
        let says_something =
            |row: &Row| !matches!(row, Row::Reaches(cells, _) if cells.iter().all(|c| c.text.is_empty()));
        let rows = headers(section, sheet).into_iter().zip(rows).filter(|(_, row)| says_something(row));
        let rows = rows.map(|(head, row)| {
            let height = height(&row);
            (head, row, height)
        });
        Self { rows: rows.collect(), size, unit }
    }

    /// Height of all rows, pixels.
    pub(super) fn height(&self) -> f64 {
        self.rows.iter().map(|(_, _, height)| height).sum()
    }

    /// Draws the rows below the plot.
    pub(super) fn draw(&self, scene: &mut Scene, plot: Rect) {
        let size = self.size;
        let border = hairline(self.unit);
        let head_left = plot.left
            - self.rows.iter().map(|r| scene.fonts().width(&r.0, size)).fold(0.0, f64::max) * SLACK
            - size;
        let mut top = plot.bottom;
        for (i, (head, row, height)) in self.rows.iter().enumerate() {
            // The first row's text keeps clear of the elevation axis' lowest label.
            let drop = if i == 0 { 0.22 * size } else { 0.0 };
            let (bottom, middle) = (top + height, top + 0.5 * height + drop);
            let lettering = Lettering::new(size, Align::End, Level::Middle);
            let indent = if i == 0 { 1.1 * size } else { 0.5 * size };
            scene.text([plot.left - indent, middle], head, lettering);
            match row {
                Row::Ticks(marks) => {
                    let lettering = Lettering::new(size, Align::Middle, Level::Middle);
                    for (x, text) in marks {
                        scene.line(&[[*x, top], [*x, top + 0.3 * size]], border);
                        scene.text([*x, middle], text, lettering);
                    }
                }
                Row::Stations(marks) => {
                    let lettering = Lettering::new(size, Align::Middle, Level::Middle).upward();
                    for (x, text) in marks {
                        scene.text([*x, middle], text, lettering);
                    }
                }
                Row::Reaches(cells, upward) => {
                    for cell in cells {
                        let wide = cell.right - cell.left > 6.0 * self.unit;
                        for x in [cell.left, cell.right] {
                            if wide && x > plot.left && x < plot.right {
                                scene.line(&[[x, top], [x, bottom]], border);
                            }
                        }
                        let lettering = Lettering::new(cell.size, Align::Middle, Level::Middle);
                        let lettering = if *upward { lettering.upward() } else { lettering };
                        scene.text([0.5 * (cell.left + cell.right), middle], &cell.text, lettering);
                    }
                }
            }
            // The profile's frame is the first row's upper border.
            if i > 0 {
                scene.line(&[[head_left, top], [plot.right, top]], border);
            }
            top = bottom;
        }
        scene.line(&[[head_left, top], [plot.right, top]], border);
        // Labels of the first row may reach beyond the plot's sides.
        let from = plot.bottom + self.rows.first().map_or(0.0, |r| r.2);
        for x in [head_left, plot.left, plot.right] {
            scene.line(&[[x, from], [x, top]], border);
        }
    }
}

/// Height of a row of texts that read upward.
fn longest<'a>(fonts: &Fonts, texts: impl Iterator<Item = &'a String>, size: f64) -> f64 {
    texts.map(|t| fonts.width(t, size)).fold(2.0 * size, f64::max) * SLACK + 0.6 * size
}

/// Stations whose texts fit side by side: the ends first, then those in trouble, then the others.
fn kept(section: &LongSection, line: &Line, pitch: f64) -> Vec<usize> {
    let count = section.stations.len();
    let mut order: Vec<usize> = (0..count).filter(|&i| line.shows(i)).collect();
    let (first, last) = (order.first().copied(), order.last().copied());
    order.sort_by_key(|&i| {
        if Some(i) == first || Some(i) == last {
            0
        } else if section.stations[i].flooded {
            1
        } else {
            2
        }
    });
    let mut kept: Vec<usize> = Vec::new();
    for i in order {
        let place = kept.partition_point(|&k| line.x[k] < line.x[i]);
        let free = |k: Option<&usize>| k.is_none_or(|&k| (line.x[k] - line.x[i]).abs() >= pitch);
        if free(kept.get(place)) && free(place.checked_sub(1).and_then(|p| kept.get(p))) {
            kept.insert(place, i);
        }
    }
    kept
}

fn chainages(section: &LongSection, line: &Line, fonts: &Fonts, size: f64) -> Vec<Mark> {
    let whole = (0.0, line.chainage.last().copied().unwrap_or(0.0));
    let range = section.chainage_range.filter(|(low, high)| low < high).unwrap_or(whole);
    let ticks = Ticks::new(range, ((line.ends.1 - line.ends.0) / (6.0 * size)) as usize);
    let mut free_from = line.ends.0 - size;
    let mut marks = Vec::new();
    for &value in &ticks.values {
        let text = ticks.label(value);
        let half = 0.5 * SLACK * fonts.width(&text, size);
        if let Some(x) = line.pixel(value)
            && x - half >= free_from
            && x + half <= line.ends.1 + 1.2 * size
        {
            marks.push((x, text));
            free_from = x + half + 0.6 * size;
        }
    }
    marks
}

/// Bottoms of the conduits at the kept stations: two where they differ and there is room, else the
/// lower.
fn inverts(section: &LongSection, line: &Line, kept: &[usize], size: f64) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (k, &i) in kept.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|j| section.reaches.get(j));
        let before = before.filter(|r| r.kind.is_conduit()).map(|r| r.invert_down);
        let after = section.reaches.get(i).filter(|r| r.kind.is_conduit()).map(|r| r.invert_up);
        let gap = |other: Option<&usize>| other.map_or(f64::INFINITY, |&o| (line.x[o] - line.x[i]).abs());
        let room = gap(kept.get(k + 1)).min(gap(k.checked_sub(1).and_then(|p| kept.get(p))));
        let inside = line.x[i] - 1.2 * size > line.ends.0 && line.x[i] + 1.2 * size < line.ends.1;
        match (before, after) {
            (Some(a), Some(b)) if (a - b).abs() > STEP && room > 3.0 * size && inside => {
                marks.push((line.x[i] - 0.58 * size, number(a, 2)));
                marks.push((line.x[i] + 0.58 * size, number(b, 2)));
            }
            (a, b) => {
                let lowest = [a, b].into_iter().flatten().fold(f64::INFINITY, f64::min);
                let level = if lowest.is_finite() { lowest } else { section.stations[i].invert };
                marks.push((line.x[i], number(level, 2)));
            }
        }
    }
    marks
}

/// Cells between stations; equal neighbours become one where `merge` is set. Texts stand upright
/// where most fit so, some a little smaller, else they read upward; a text that does not fit its
/// cell is left out.
fn reaches(
    line: &Line,
    fonts: &Fonts,
    size: f64,
    text: impl Fn(usize) -> Option<String>,
    merge: bool,
) -> Row {
    let mut cells: Vec<Cell> = Vec::new();
    for (i, ends) in line.x.windows(2).enumerate() {
        let (left, right) = (ends[0].max(line.ends.0), ends[1].min(line.ends.1));
        if left >= right {
            continue;
        }
        let text = text(i).unwrap_or_default();
        match cells.last_mut() {
            Some(cell) if merge && cell.text == text && !text.is_empty() => cell.right = right,
            _ => cells.push(Cell { left, right, text, size }),
        }
    }
    let fitting = |cell: &Cell| {
        let wanted = fonts.width(&cell.text, size) * SLACK + 0.2 * size;
        ((cell.right - cell.left) / wanted).min(1.0)
    };
    let told = cells.iter().filter(|c| !c.text.is_empty()).count();
    let upright = cells.iter().filter(|c| !c.text.is_empty() && fitting(c) >= SMALLEST).count();
    let upward = 10 * upright < 7 * told;
    for cell in &mut cells {
        let fit = if upward { (cell.right - cell.left) / (1.15 * size) } else { fitting(cell) };
        cell.size = size * fit.clamp(SMALLEST, 1.0);
        if fit < SMALLEST {
            cell.text.clear();
        }
    }
    Row::Reaches(cells, upward)
}

fn slope(section: &LongSection, i: usize) -> Option<String> {
    let reach = section.reaches.get(i).filter(|r| r.kind.is_conduit() && r.length > 0.0)?;
    let slope = (reach.invert_up - reach.invert_down) / reach.length * 1000.0;
    Some(number(slope, if slope.abs() < 9.995 { 2 } else { 1 }))
}

fn length(section: &LongSection, i: usize) -> Option<String> {
    let reach = section.reaches.get(i).filter(|r| r.kind.is_conduit())?;
    Some(number(reach.length, usize::from(reach.length < 99.95 && reach.length.fract().abs() > 0.05)))
}
