//! Long section along a path: ground, manholes, pipes, water, and a table strip below.

mod profile;
mod strip;

use super::axis::{Scale, Ticks, plain_number};
use super::colour::Colour;
use super::heading::{self, Entry, LABEL, MARGIN, SLACK, SMALL, Sample};
use super::scene::{Align, Lettering, Level, Rect, Scene, Stroke};
use super::symbol::Symbol;
use super::{Picture, PlotError, Sheet, Word};
use crate::clock::DateTime;
use crate::model::link::{Conduit, Link, LinkKind};
use crate::model::network::{Path, Step};
use crate::model::node::NodeKind;
use crate::model::section::Shape;
use crate::model::{Model, NodeId};
use crate::num::index::Id;

/// What a station is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StationKind {
    /// A manhole or joint.
    #[default]
    Manhole,
    /// Where water leaves the network.
    Outfall,
    /// A storage unit.
    Storage,
    /// A divider.
    Divider,
}

/// A node on the path; levels in the user's length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Station {
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: StationKind,
    /// Level of its bottom.
    pub invert: f64,
    /// Level of the ground.
    pub ground: f64,
    /// Hydraulic head at the time of the picture.
    pub head: Option<f64>,
    /// Highest head of the run.
    pub maximum_head: Option<f64>,
    /// Whether water left the network here.
    pub flooded: bool,
}

/// What joins two stations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReachKind {
    /// A closed conduit.
    #[default]
    Pipe,
    /// An open conduit.
    Channel,
    /// A pump.
    Pump,
    /// An orifice.
    Orifice,
    /// A weir.
    Weir,
    /// An outlet.
    Outlet,
}

impl ReachKind {
    /// Whether it has a length.
    pub fn is_conduit(self) -> bool {
        matches!(self, Self::Pipe | Self::Channel)
    }
    /// Its symbol and name, if it is no conduit.
    fn structure(self) -> Option<(Symbol, Word)> {
        match self {
            Self::Pipe | Self::Channel => None,
            Self::Pump => Some((Symbol::Pump, Word::Pump)),
            Self::Orifice => Some((Symbol::Orifice, Word::Orifice)),
            Self::Weir => Some((Symbol::Weir, Word::Weir)),
            Self::Outlet => Some((Symbol::Outlet, Word::Outlet)),
        }
    }
}

/// A link on the path, from one station to the next; levels and lengths in the user's length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reach {
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: ReachKind,
    /// Length of a conduit; others are drawn with a short room of their own and count none.
    pub length: f64,
    /// Level of its bottom, or crest, at the first station.
    pub invert_up: f64,
    /// Level of its bottom at the second station.
    pub invert_down: f64,
    /// Height from bottom to soffit or bank.
    pub height: f64,
    /// Size as the table writes it, such as `800` or `2000×1500`.
    pub size: String,
    /// Depth of water in it at the time of the picture, used where a head lies below its bottom.
    pub depth: Option<f64>,
    /// Greatest depth of the run.
    pub maximum_depth: Option<f64>,
}

/// Another option over the same path: its highest grade line, and where its pipes lie otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// Name in the legend.
    pub name: String,
    /// Highest head at each station; `None` where the option has no such node.
    pub maximum_heads: Vec<Option<f64>>,
    /// Greatest depth in each reach.
    pub maximum_depths: Vec<Option<f64>>,
    /// Invert at the first and second station and height of each reach that the option changes; `None`
    /// where it is as it was.
    pub pipes: Vec<Option<(f64, f64, f64)>>,
}

/// A long section.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LongSection {
    /// Title; empty for none.
    pub title: String,
    /// Nodes along the path, upstream to downstream.
    pub stations: Vec<Station>,
    /// Links between them, one fewer than stations.
    pub reaches: Vec<Reach>,
    /// Other options over the same path.
    pub overlays: Vec<Overlay>,
    /// Time of the heads.
    pub time: Option<DateTime>,
    /// An outfall beyond the end of the path and the highest level of the river there.
    pub river: Option<(String, f64)>,
    /// Unit of levels and lengths, `m` or `ft`.
    pub length_unit: String,
    /// Unit of sizes in the table, such as `mm`.
    pub size_unit: String,
    /// Ends of the chainage axis; `None` for the whole path.
    pub chainage_range: Option<(f64, f64)>,
    /// Ends of the elevation axis; `None` to fit the data.
    pub elevation_range: Option<(f64, f64)>,
}

/// Results for a long section, in SI, columns in the order of the model; an empty column means
/// that there is no such result.
#[derive(Clone, Copy, Debug, Default)]
pub struct SectionResults<'a> {
    /// Full height of links, m.
    pub heights: &'a [f64],
    /// Time of the heads.
    pub time: Option<DateTime>,
    /// Heads of nodes at the time, m.
    pub heads: &'a [f64],
    /// Depths of links at the time, m.
    pub depths: &'a [f64],
    /// Highest heads of nodes, m.
    pub maximum_heads: &'a [f64],
    /// Greatest depths of links, m.
    pub maximum_depths: &'a [f64],
    /// Volumes that left at nodes, m³.
    pub flooded_volumes: &'a [f64],
}

impl LongSection {
    /// The long section of a path through a model, in the user's units.
    pub fn from_model(model: &Model, path: &Path, results: &SectionResults<'_>) -> Self {
        let metric = model.units.is_si();
        Self {
            stations: path.nodes.iter().map(|&node| station(model, node, results)).collect(),
            reaches: path.steps.iter().map(|&step| reach(model, step, results)).collect(),
            time: results.time,
            length_unit: if metric { "m" } else { "ft" }.to_string(),
            size_unit: if metric { "mm" } else { "in" }.to_string(),
            ..Self::default()
        }
    }

    /// Draws the long section.
    ///
    /// # Errors
    /// When there is nothing to draw, stations and reaches do not fit each other or the sheet
    /// cannot be drawn on.
    pub fn draw(&self, sheet: &Sheet) -> Result<Picture, PlotError> {
        sheet.check()?;
        self.check()?;
        let unit = sheet.unit();
        let (width, height) = (f64::from(sheet.width), f64::from(sheet.height));
        let mut scene = Scene::new(sheet.fonts.clone());
        let margin = MARGIN * unit;
        let inner = width - 2.0 * margin;
        let mut top = heading::title(&mut scene, &self.title, [margin, 0.8 * margin], inner, unit);
        top = heading::legend(&mut scene, &self.entries(sheet), [margin, top + 0.35 * margin], inner, unit);

        let tick = SMALL * unit;
        let range = self.elevations();
        let ticks = Ticks::new(range, 8);
        let widest =
            ticks.values.iter().map(|&v| sheet.fonts.width(&ticks.label(v), tick)).fold(0.0, f64::max);
        let axis = 1.4 * LABEL * unit + widest * SLACK + 0.8 * tick;
        let left = margin + axis.max(strip::header_width(self, sheet));
        let right = width - margin - 0.6 * tick;
        let line = Line::new(self, (left, right), unit);
        let strip = strip::Strip::new(self, &line, sheet);
        let plot = Rect::new(left, top + 0.4 * tick, right, height - 0.8 * margin - strip.height());
        sheet.check_room(&plot)?;
        let y = Scale::new(range, (plot.bottom, plot.top));
        profile::draw(&mut scene, self, &line, &y, plot, &ticks, unit);
        let label = sheet.language.with_unit(sheet.word(Word::Elevation), &self.length_unit);
        let lettering = Lettering::new(LABEL * unit, Align::Middle, Level::Top).upward();
        scene.text([left - axis, 0.5 * (plot.top + plot.bottom)], &label, lettering);
        strip.draw(&mut scene, plot);
        Ok(Picture::new(sheet, scene))
    }

    fn check(&self) -> Result<(), PlotError> {
        if self.stations.len() < 2 {
            return Err(PlotError::Empty("a long section needs two nodes at least".to_string()));
        }
        if self.reaches.len() + 1 != self.stations.len() {
            let (reaches, stations) = (self.reaches.len(), self.stations.len());
            let problem = format!("{stations} nodes need {} links between them, not {reaches}", stations - 1);
            return Err(PlotError::Mismatch(problem));
        }
        let levels = self.stations.iter().flat_map(|s| [s.invert, s.ground]);
        let lengths = self.reaches.iter().flat_map(|r| [r.invert_up, r.invert_down, r.height, r.length]);
        if levels.chain(lengths).all(f64::is_finite) {
            Ok(())
        } else {
            Err(PlotError::Mismatch("a level or length of the long section is not a number".to_string()))
        }
    }

    /// Whether the highest head at a station lay above every soffit there.
    fn surcharged(&self, station: usize) -> bool {
        let Some(head) = self.stations.get(station).and_then(|s| s.maximum_head.or(s.head)) else {
            return false;
        };
        let before = station.checked_sub(1).and_then(|i| self.reaches.get(i)).map(|r| (r, r.invert_down));
        let after = self.reaches.get(station).map(|r| (r, r.invert_up));
        let soffits = [before, after].into_iter().flatten().filter(|(r, _)| r.kind == ReachKind::Pipe);
        let highest = soffits.map(|(r, invert)| invert + r.height).fold(f64::NEG_INFINITY, f64::max);
        highest.is_finite() && head > highest + 1e-3
    }

    /// Ends of the elevation axis, with room for the marks above ground.
    fn elevations(&self) -> (f64, f64) {
        if let Some((low, high)) = self.elevation_range
            && low < high
        {
            return (low, high);
        }
        let stations = self.stations.iter();
        let levels =
            stations.flat_map(|s| [Some(s.invert), Some(s.ground), s.head, s.maximum_head]).flatten();
        let reaches = self.reaches.iter().flat_map(|r| {
            let height = if r.kind.is_conduit() { r.height } else { 0.0 };
            [r.invert_up, r.invert_down, r.invert_up + height, r.invert_down + height]
        });
        let overlays = self.overlays.iter().flat_map(|o| {
            let pipes = o.pipes.iter().flatten();
            let pipes = pipes.flat_map(|&(up, down, height)| [up, down, up + height, down + height]);
            o.maximum_heads.iter().flatten().copied().chain(pipes)
        });
        let river = self.river.iter().map(|(_, level)| *level);
        let finite = levels.chain(reaches).chain(overlays).chain(river).filter(|v| v.is_finite());
        let (low, high) =
            finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let span = (high - low).max(0.5);
        (low - 0.06 * span, high + 0.12 * span)
    }

    fn entries(&self, sheet: &Sheet) -> Vec<Entry> {
        let unit = sheet.unit();
        let entry = |sample: Sample, word: Word| Entry::new(sample, sheet.word(word));
        let mut entries = vec![
            entry(Sample::Line(profile::ground(unit)), Word::GroundLine),
            entry(Sample::Pipe(profile::wall(unit), Colour::WHITE), Word::PipeLines),
        ];
        if self.stations.iter().any(|s| s.head.is_some()) {
            entries.push(entry(Sample::Patch(profile::WATER, None), Word::Water));
            let time = self.time.map_or(String::new(), |time| format!(" {}", minutes(time)));
            let text = format!("{}{time}", sheet.word(Word::HydraulicGradeLine));
            entries.push(Entry::new(Sample::Line(profile::grade_line(unit)), text));
        }
        if self.stations.iter().any(|s| s.maximum_head.is_some()) {
            let mut text = sheet.word(Word::MaximumGradeLine).to_string();
            if !self.overlays.is_empty() {
                text = sheet.language.with_unit(&text, sheet.word(Word::Base));
            }
            entries.push(Entry::new(Sample::Line(profile::maximum_line(unit)), text));
        }
        for (i, overlay) in self.overlays.iter().enumerate() {
            let text = sheet.language.with_unit(sheet.word(Word::MaximumGradeLine), &overlay.name);
            entries.push(Entry::new(Sample::Line(profile::overlay_line(i, unit)), text));
            if overlay.pipes.iter().any(Option::is_some) {
                let text = sheet.language.with_unit(sheet.word(Word::BuiltOrChanged), &overlay.name);
                entries.push(Entry::new(Sample::Line(profile::overlay_pipe(i, unit)), text));
            }
        }
        if let Some((outfall, level)) = &self.river {
            let level = format!("{outfall}, {} {}", crate::plot::axis::number(*level, 2), self.length_unit);
            let text = sheet.language.with_unit(sheet.word(Word::RiverStage), &level);
            entries.push(Entry::new(Sample::Line(profile::river_line(unit)), text));
        }
        let count = self.stations.len();
        if (0..count).any(|i| !self.stations[i].flooded && self.surcharged(i)) {
            entries.push(entry(Sample::Symbol(Symbol::Surcharged), Word::Surcharged));
        }
        if self.stations.iter().any(|s| s.flooded) {
            entries.push(entry(Sample::Symbol(Symbol::Flooded), Word::Flooded));
        }
        if self.stations.iter().any(|s| s.kind == StationKind::Outfall) {
            entries.push(entry(Sample::Symbol(Symbol::Outfall), Word::Outfall));
        }
        for kind in [ReachKind::Pump, ReachKind::Orifice, ReachKind::Weir, ReachKind::Outlet] {
            if let Some((symbol, word)) = kind.structure()
                && self.reaches.iter().any(|r| r.kind == kind)
            {
                entries.push(entry(Sample::Symbol(symbol), word));
            }
        }
        entries.push(entry(Sample::Arrow, Word::FlowDirection));
        entries
    }
}

/// An instant to the minute.
fn minutes(time: DateTime) -> String {
    let mut text = time.to_string();
    if text.ends_with(":00") {
        text.truncate(text.len() - 3);
    }
    text
}

/// Where the stations lie across the picture.
///
/// Links that are no conduits have no length; each gets a short room of its own (4 % of the width),
/// so that its symbol and the two nodes beside it can be told apart. The chainage axis stands still
/// there.
struct Line {
    /// Chainage of each station.
    chainage: Vec<f64>,
    /// Pixel of each station.
    x: Vec<f64>,
    /// Pixels of the ends of the plot.
    ends: (f64, f64),
}

impl Line {
    fn new(section: &LongSection, ends: (f64, f64), unit: f64) -> Self {
        let lengths =
            section.reaches.iter().map(|r| if r.kind.is_conduit() { r.length.max(0.0) } else { 0.0 });
        let mut chainage = vec![0.0];
        for length in lengths {
            chainage.push(chainage.last().copied().unwrap_or(0.0) + length);
        }
        let total = chainage.last().copied().unwrap_or(0.0);
        let (low, high) = section.chainage_range.filter(|(low, high)| low < high).unwrap_or((0.0, total));
        let inset = 16.0 * unit;
        let pixels = ends.1 - ends.0 - 2.0 * inset;
        let structures = section
            .reaches
            .iter()
            .zip(&chainage)
            .filter(|(r, c)| !r.kind.is_conduit() && **c >= low && **c <= high);
        let room = (0.04 * pixels).min(0.6 * pixels / (structures.count().max(1) as f64));
        let (mut before, mut within) = (0.0, 0.0);
        let mut rooms = vec![0.0];
        for (reach, at) in section.reaches.iter().zip(&chainage) {
            if !reach.kind.is_conduit() {
                if *at < low {
                    before += room;
                } else if *at <= high {
                    within += room;
                }
            }
            let all = rooms.last().copied().unwrap_or(0.0) + if reach.kind.is_conduit() { 0.0 } else { room };
            rooms.push(all);
        }
        let scale = (pixels - within) / (high - low).max(1e-9);
        let x = chainage
            .iter()
            .zip(&rooms)
            .map(|(c, r)| ends.0 + inset + (c - low) * scale + r - before)
            .collect();
        Self { chainage, x, ends }
    }
    /// Whether a station lies within the plot.
    fn shows(&self, station: usize) -> bool {
        self.x.get(station).is_some_and(|x| (self.ends.0..=self.ends.1).contains(x))
    }
    /// The pixel of a chainage; `None` outside the path.
    fn pixel(&self, chainage: f64) -> Option<f64> {
        let next = self.chainage.partition_point(|c| *c < chainage);
        let (c1, x1) = (*self.chainage.get(next)?, *self.x.get(next)?);
        let Some(before) = next.checked_sub(1) else {
            return (c1 == chainage).then_some(x1);
        };
        let (c0, x0) = (self.chainage[before], self.x[before]);
        Some(x0 + (chainage - c0) / (c1 - c0) * (x1 - x0))
    }
}

fn station(model: &Model, id: NodeId, results: &SectionResults<'_>) -> Station {
    let node = &model.nodes[id];
    let user = |si: f64| si / model.units.length;
    let of = |column: &[f64]| column.get(id.index()).copied().filter(|v| v.is_finite());
    Station {
        name: model.nodes.name(id).to_string(),
        kind: match node.kind {
            NodeKind::Junction => StationKind::Manhole,
            NodeKind::Outfall { .. } => StationKind::Outfall,
            NodeKind::Storage { .. } => StationKind::Storage,
            NodeKind::Divider { .. } => StationKind::Divider,
        },
        invert: user(node.invert),
        ground: user(node.invert + node.full_depth),
        head: of(results.heads).map(user),
        maximum_head: of(results.maximum_heads).map(user),
        flooded: of(results.flooded_volumes).is_some_and(|v| v > 0.0),
    }
}

fn reach(model: &Model, step: Step, results: &SectionResults<'_>) -> Reach {
    let link = &model.links[step.link];
    let user = |si: f64| si / model.units.length;
    let of = |column: &[f64]| column.get(step.link.index()).copied().filter(|v| v.is_finite());
    let first = user(model.nodes[link.from].invert + link.inlet_offset);
    let second = match link.kind {
        LinkKind::Conduit(_) => user(model.nodes[link.to].invert + link.outlet_offset),
        _ => first,
    };
    let height = of(results.heights).unwrap_or(0.0);
    Reach {
        name: model.links.name(step.link).to_string(),
        kind: reach_kind(link),
        length: user(link.conduit().map_or(0.0, |conduit| conduit.length)),
        invert_up: if step.forward { first } else { second },
        invert_down: if step.forward { second } else { first },
        height: user(height),
        size: link.conduit().map_or(String::new(), |c| size(c, height, model.units.is_si())),
        depth: of(results.depths).map(user),
        maximum_depth: of(results.maximum_depths).map(user),
    }
}

fn reach_kind(link: &Link) -> ReachKind {
    let open = |shape: &Shape| {
        matches!(
            shape,
            Shape::RectangularOpen { .. }
                | Shape::Trapezoidal { .. }
                | Shape::Triangular { .. }
                | Shape::Parabolic { .. }
                | Shape::Power { .. }
                | Shape::Irregular(_)
                | Shape::Street(_)
        )
    };
    match &link.kind {
        LinkKind::Conduit(conduit) if open(&conduit.shape) => ReachKind::Channel,
        LinkKind::Conduit(_) => ReachKind::Pipe,
        LinkKind::Pump(_) => ReachKind::Pump,
        LinkKind::Orifice(_) => ReachKind::Orifice,
        LinkKind::Weir(_) => ReachKind::Weir,
        LinkKind::Outlet(_) => ReachKind::Outlet,
    }
}

/// Size of a conduit as drawings write it: diameter or height, or width × height of a rectangle, in
/// millimetres or inches, after the number of barrels where there are several.
fn size(conduit: &Conduit, height: f64, metric: bool) -> String {
    let part = |si: f64| if metric { format!("{:.0}", si * 1000.0) } else { plain_number(si / 0.0254) };
    let one = match conduit.shape {
        Shape::RectangularClosed { height, width } | Shape::RectangularOpen { height, width, .. } => {
            format!("{}×{}", part(width), part(height))
        }
        Shape::Trapezoidal { height, bottom, .. } => format!("{}×{}", part(bottom), part(height)),
        Shape::Dummy => String::new(),
        _ => part(height),
    };
    if conduit.barrels > 1 { format!("{}-{one}", conduit.barrels) } else { one }
}

/// A thin grey line of frames and tables.
fn hairline(unit: f64) -> Stroke {
    Stroke::solid(Colour(150, 150, 150), 1.2 * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pipe(length: f64) -> Reach {
        Reach { length, height: 1.0, ..Reach::default() }
    }

    fn section(reaches: Vec<Reach>) -> LongSection {
        let stations = vec![Station { ground: 3.0, ..Station::default() }; reaches.len() + 1];
        LongSection { stations, reaches, ..LongSection::default() }
    }

    #[test]
    fn chainage_stands_still_in_the_room_of_a_weir() {
        let weir = Reach { kind: ReachKind::Weir, ..Reach::default() };
        let section = section(vec![pipe(100.0), weir, pipe(300.0)]);
        let line = Line::new(&section, (0.0, 1032.0), 1.0);
        assert_eq!(line.chainage, [0.0, 100.0, 100.0, 400.0]);
        // 1000 pixels between the insets, 40 of them for the weir, 2.4 for a metre.
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(line.x[0], 16.0) && near(line.x[1], 256.0) && near(line.x[2], 296.0));
        assert!(near(line.x[3], 1016.0));
        assert!(near(line.pixel(100.0).unwrap(), 256.0) && near(line.pixel(200.0).unwrap(), 536.0));
        assert_eq!(line.pixel(400.1), None);
    }

    #[test]
    fn a_range_of_chainage_fills_the_width() {
        let mut section = section(vec![pipe(100.0), pipe(300.0)]);
        section.chainage_range = Some((100.0, 200.0));
        let line = Line::new(&section, (0.0, 1032.0), 1.0);
        assert!((line.x[1] - 16.0).abs() < 1e-9 && (line.pixel(200.0).unwrap() - 1016.0).abs() < 1e-9);
        assert!(!line.shows(0) && line.shows(1) && !line.shows(2));
    }

    #[test]
    fn a_node_is_surcharged_above_the_higher_of_its_soffits() {
        let mut section = section(vec![pipe(1.0), pipe(1.0)]);
        section.reaches[0].invert_down = 0.5;
        section.stations[1].maximum_head = Some(1.4);
        assert!(!section.surcharged(1));
        section.stations[1].maximum_head = Some(1.6);
        assert!(section.surcharged(1));
    }

    #[test]
    fn sizes_are_written_as_on_drawings() {
        let conduit = |shape: Shape, barrels: u32| Conduit { barrels, ..Conduit::new(1.0, 0.013, shape) };
        let pipe = conduit(Shape::Circular { diameter: 0.6096 }, 1);
        assert_eq!((size(&pipe, 0.6096, true).as_str(), size(&pipe, 0.6096, false).as_str()), ("610", "24"));
        let culvert = conduit(Shape::RectangularClosed { height: 1.5, width: 2.0 }, 2);
        assert_eq!(size(&culvert, 1.5, true), "2-2000×1500");
    }
}
