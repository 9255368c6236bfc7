//! Plan of the network: links by their maximum filling, nodes by the water that left them.

mod map;
pub(in crate::plot) mod panel;

use super::axis::plain_number;
use super::colour::Colour;
use super::heading::{self, MARGIN};
use super::scene::{Point, Rect, Scene};
use super::symbol::Symbol;
use super::{Picture, PlotError, Sheet, Word};
use crate::model::link::{Link, LinkKind};
use crate::model::node::NodeKind;
use crate::model::{LinkId, Model};
use crate::num::index::Id;

/// Depth over full depth from which a conduit counts as full: what a report rounds to 1.00.
const FULL: f64 = 0.995;
/// Differences of filling below this are none.
const SAME: f64 = 0.02;

/// What a node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanNodeKind {
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

/// A node on the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanNode {
    /// Name.
    pub name: String,
    /// Map coordinates.
    pub at: [f64; 2],
    /// What it is.
    pub kind: PlanNodeKind,
    /// Whether it was under pressure.
    pub surcharged: bool,
    /// Volume that left the network here, in [`Plan::volume_unit`]; of a plan of differences, how much
    /// more than in the base.
    pub flooded_volume: f64,
}

/// What a link is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanLinkKind {
    /// A pipe or channel.
    #[default]
    Conduit,
    /// A pump.
    Pump,
    /// An orifice.
    Orifice,
    /// A weir.
    Weir,
    /// An outlet.
    Outlet,
}

/// A link on the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanLink {
    /// Map coordinates from end to end.
    pub points: Vec<[f64; 2]>,
    /// What it is.
    pub kind: PlanLinkKind,
    /// Height of a conduit, in [`Plan::length_unit`]: sets the width of its line.
    pub size: f64,
    /// Length of a conduit, in [`Plan::length_unit`].
    pub length: f64,
    /// Greatest depth over full depth of a conduit, of a plan of differences how much more than in the
    /// base; `None` without a result.
    pub filling: Option<f64>,
    /// Whether an option built or changed it: it gets an outline.
    pub built: bool,
}

/// Unit of map coordinates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapUnit {
    /// Metres.
    Metres,
    /// Feet.
    Feet,
    /// Degrees of longitude and latitude.
    Degrees,
    /// Not known: no scale bar and no north arrow.
    #[default]
    Unknown,
}

/// Unit of sizes and lengths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LengthUnit {
    /// Metres; sums in kilometres.
    #[default]
    Metres,
    /// Feet; sums in miles.
    Feet,
}

/// A plan of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Title; empty for none.
    pub title: String,
    /// Nodes.
    pub nodes: Vec<PlanNode>,
    /// Links.
    pub links: Vec<PlanLink>,
    /// Outlines of subcatchments.
    pub outlines: Vec<Vec<[f64; 2]>>,
    /// Unit of map coordinates.
    pub map_unit: MapUnit,
    /// Unit of sizes and lengths.
    pub length_unit: LengthUnit,
    /// Unit of flooded volumes, such as `m³`.
    pub volume_unit: String,
    /// Part of the map to draw: left, bottom, right, top; `None` for all.
    pub extent: Option<[f64; 4]>,
    /// How many of the most flooded nodes are named, as far as there is room.
    pub named: usize,
    /// How many nodes and links have no coordinates and so are not shown.
    pub hidden: usize,
    /// Whether the values are differences from a base, drawn in diverging colours.
    pub differences: bool,
    /// The greatest volume that classes of flooded volume are made for; that of the plan itself when it is
    /// greater. Plans that lie side by side share one.
    pub greatest_volume: f64,
}

impl Default for Plan {
    /// An empty plan that names the ten most flooded nodes.
    fn default() -> Self {
        Self {
            title: String::new(),
            nodes: Vec::new(),
            links: Vec::new(),
            outlines: Vec::new(),
            map_unit: MapUnit::default(),
            length_unit: LengthUnit::default(),
            volume_unit: "m³".to_string(),
            extent: None,
            named: 10,
            hidden: 0,
            differences: false,
            greatest_volume: 0.0,
        }
    }
}

/// Results for a plan, in SI, columns in the order of the model; an empty column means that there is
/// no such result.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlanResults<'a> {
    /// Full height of links, m.
    pub heights: &'a [f64],
    /// Greatest depth over full depth of links.
    pub fillings: &'a [f64],
    /// Whether nodes were under pressure.
    pub surcharged: &'a [bool],
    /// Volumes that left at nodes, m³.
    pub flooded_volumes: &'a [f64],
}

impl Plan {
    /// The plan of a model, in the user's units.
    ///
    /// # Errors
    /// [`PlotError::NoCoordinates`] when no node has coordinates: a plan that a program makes up
    /// would be mistaken for the town.
    pub fn from_model(model: &Model, results: &PlanResults<'_>) -> Result<Self, PlotError> {
        let places = &model.map.nodes;
        if places.iter().all(Option::is_none) {
            return Err(PlotError::NoCoordinates);
        }
        let metric = model.units.is_si();
        let finite = |v: &f64| v.is_finite();
        let mut plan = Self {
            map_unit: match model.map.unit.trim().to_lowercase().as_str() {
                "meters" | "metres" => MapUnit::Metres,
                "feet" => MapUnit::Feet,
                "degrees" => MapUnit::Degrees,
                _ => MapUnit::Unknown,
            },
            length_unit: if metric { LengthUnit::Metres } else { LengthUnit::Feet },
            volume_unit: if metric { "m³" } else { "ft³" }.to_string(),
            outlines: model.map.subcatchments.iter().filter(|o| o.len() >= 3).cloned().collect(),
            ..Self::default()
        };
        for (id, node) in model.nodes.iter() {
            let Some(at) = places.get(id.index()).copied().flatten() else {
                plan.hidden += 1;
                continue;
            };
            let volume = results.flooded_volumes.get(id.index()).copied().filter(finite).unwrap_or(0.0);
            plan.nodes.push(PlanNode {
                name: model.nodes.name(id).to_string(),
                at,
                kind: match node.kind {
                    NodeKind::Junction => PlanNodeKind::Manhole,
                    NodeKind::Outfall { .. } => PlanNodeKind::Outfall,
                    NodeKind::Storage { .. } => PlanNodeKind::Storage,
                    NodeKind::Divider { .. } => PlanNodeKind::Divider,
                },
                surcharged: results.surcharged.get(id.index()).copied().unwrap_or(false),
                flooded_volume: volume / model.units.volume,
            });
        }
        for (id, link) in model.links.iter() {
            let Some(points) = course(model, id, link) else {
                plan.hidden += 1;
                continue;
            };
            let of = |column: &[f64]| column.get(id.index()).copied().filter(finite);
            plan.links.push(PlanLink {
                points,
                kind: match link.kind {
                    LinkKind::Conduit(_) => PlanLinkKind::Conduit,
                    LinkKind::Pump(_) => PlanLinkKind::Pump,
                    LinkKind::Orifice(_) => PlanLinkKind::Orifice,
                    LinkKind::Weir(_) => PlanLinkKind::Weir,
                    LinkKind::Outlet(_) => PlanLinkKind::Outlet,
                },
                size: of(results.heights).unwrap_or(0.0) / model.units.length,
                length: link.conduit().map_or(0.0, |c| c.length) / model.units.length,
                filling: of(results.fillings),
                built: false,
            });
        }
        Ok(plan)
    }

    /// Draws the plan.
    ///
    /// # Errors
    /// When there is nothing to draw or the sheet cannot be drawn on.
    pub fn draw(&self, sheet: &Sheet) -> Result<Picture, PlotError> {
        sheet.check()?;
        let extent = self.shown()?;
        let unit = sheet.unit();
        let (width, height) = (f64::from(sheet.width), f64::from(sheet.height));
        let mut scene = Scene::new(sheet.fonts.clone());
        let margin = MARGIN * unit;
        let inner = width - 2.0 * margin;
        let title = heading::title(&mut scene, &self.title, [margin, 0.8 * margin], inner, unit);
        let top = title + 0.5 * margin;
        let bottom = height - margin;

        // The widths of lines depend on the scale of the map, which depends on the panel's width,
        // which does not depend on the widths.
        let side = panel::width(self, sheet, bottom - top);
        let frame = Rect::new(margin, top, width - margin - side, bottom);
        sheet.check_room(&frame)?;
        let map = map::Map::new(self, extent, frame, unit);
        map.draw(&mut scene);
        let panel = Rect::new(frame.right + 0.8 * margin, top, width - margin, bottom);
        panel::draw(&mut scene, self, &map, sheet, panel);
        Ok(Picture::new(sheet, scene))
    }

    /// The part of the map that is shown: left, bottom, right, top.
    fn shown(&self) -> Result<[f64; 4], PlotError> {
        if let Some([left, bottom, right, top]) = self.extent {
            return if left < right && bottom < top {
                Ok([left, bottom, right, top])
            } else {
                Err(PlotError::Empty("the extent of the plan is empty".to_string()))
            };
        }
        let nodes = self.nodes.iter().map(|n| &n.at);
        let all =
            nodes.chain(self.links.iter().flat_map(|l| &l.points)).chain(self.outlines.iter().flatten());
        let none = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let [left, bottom, right, top] = all
            .filter(|p| p[0].is_finite() && p[1].is_finite())
            .fold(none, |e, p| [e[0].min(p[0]), e[1].min(p[1]), e[2].max(p[0]), e[3].max(p[1])]);
        if left > right {
            return Err(PlotError::NoCoordinates);
        }
        let span = (right - left).max(top - bottom);
        let around = if span > 0.0 { 0.035 * span } else { 1.0 };
        Ok([left - around, bottom - around, right + around, top + around])
    }

    /// Limits between classes of flooded volume: the three powers of ten up to the greatest volume.
    fn volume_limits(&self) -> [f64; 3] {
        let most = self.nodes.iter().map(|n| n.flooded_volume.abs()).fold(self.greatest_volume, f64::max);
        let power = if most > 0.0 { most.log10().floor() } else { 0.0 };
        [power - 2.0, power - 1.0, power].map(|p| 10_f64.powf(p))
    }
    /// Class of a flooded volume or of the amount of its difference, 0 to 3.
    fn volume_class(&self, volume: f64) -> usize {
        self.volume_limits().iter().filter(|&&limit| volume.abs() >= limit).count()
    }
    /// Label of a class of flooded volume.
    fn volume_label(&self, class: usize) -> String {
        let limits = self.volume_limits();
        let text = |i: usize| limits.get(i).map_or(String::new(), |&limit| plain_number(limit));
        match class {
            0 => format!("< {}", text(0)),
            3 => format!("≥ {}", text(2)),
            _ => format!("{}–{}", text(class - 1), text(class)),
        }
    }
}

/// Classes of links by maximum filling, or by its difference from a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    NoResult,
    Half,
    Ample,
    NearlyFull,
    Full,
    MuchLess,
    Less,
    Same,
    More,
    MuchMore,
}

impl Class {
    /// Those of fillings, in the order in which they are drawn and, upward, listed.
    const FILLINGS: [Self; 5] = [Self::NoResult, Self::Half, Self::Ample, Self::NearlyFull, Self::Full];
    /// Those of differences: what is worse lies over what is better.
    const DIFFERENCES: [Self; 6] =
        [Self::NoResult, Self::Same, Self::Less, Self::MuchLess, Self::More, Self::MuchMore];
    /// As they are listed, from the worst to the best.
    const DIFFERENCES_LISTED: [Self; 6] =
        [Self::MuchMore, Self::More, Self::Same, Self::Less, Self::MuchLess, Self::NoResult];
    fn of(filling: Option<f64>) -> Self {
        match filling {
            Some(f) if f >= FULL => Self::Full,
            Some(f) if f >= 0.8 => Self::NearlyFull,
            Some(f) if f >= 0.5 => Self::Ample,
            Some(f) if f.is_finite() => Self::Half,
            _ => Self::NoResult,
        }
    }
    fn of_difference(difference: Option<f64>) -> Self {
        match difference {
            Some(d) if d >= 0.2 => Self::MuchMore,
            Some(d) if d >= SAME => Self::More,
            Some(d) if d > -SAME => Self::Same,
            Some(d) if d > -0.2 => Self::Less,
            Some(d) if d.is_finite() => Self::MuchLess,
            _ => Self::NoResult,
        }
    }
    /// Lighter and cooler where there is room, darker and warmer where there is none; differences from
    /// blue (better) to red (worse).
    fn colour(self) -> Colour {
        match self {
            Self::NoResult => Colour(160, 160, 160),
            Self::Half => Colour(116, 180, 222),
            Self::Ample => Colour(0, 92, 160),
            Self::NearlyFull => Colour::ORANGE,
            Self::Full => Colour(200, 50, 0),
            Self::MuchLess => Colour(5, 90, 160),
            Self::Less => Colour(110, 178, 214),
            Self::Same => Colour(190, 190, 190),
            Self::More => Colour(240, 150, 110),
            Self::MuchMore => Colour(178, 24, 43),
        }
    }
    fn label(self, sheet: &Sheet) -> String {
        match self {
            Self::NoResult => sheet.word(Word::NoResult).to_string(),
            Self::Half => "< 0.5".to_string(),
            Self::Ample => "0.5–0.8".to_string(),
            Self::NearlyFull => "0.8–1.0".to_string(),
            Self::Full => sheet.word(Word::FullPipe).to_string(),
            Self::MuchLess => "≤ −0.20".to_string(),
            Self::Less => "−0.20…−0.02".to_string(),
            Self::Same => "± 0.02".to_string(),
            Self::More => "+0.02…+0.20".to_string(),
            Self::MuchMore => "≥ +0.20".to_string(),
        }
    }
}

impl Plan {
    /// The class of a link.
    fn class(&self, link: &PlanLink) -> Class {
        if self.differences { Class::of_difference(link.filling) } else { Class::of(link.filling) }
    }
    /// The classes in the order in which they are drawn.
    fn drawn(&self) -> &'static [Class] {
        if self.differences { &Class::DIFFERENCES } else { &Class::FILLINGS }
    }
    /// The classes in the order in which they are listed.
    fn listed(&self) -> Vec<Class> {
        if self.differences {
            Class::DIFFERENCES_LISTED.to_vec()
        } else {
            Class::FILLINGS.into_iter().rev().collect()
        }
    }
}

impl PlanNodeKind {
    pub(in crate::plot) fn symbol(self) -> Option<(Symbol, Word)> {
        match self {
            Self::Manhole => None,
            Self::Outfall => Some((Symbol::Outfall, Word::Outfall)),
            Self::Storage => Some((Symbol::Storage, Word::Storage)),
            Self::Divider => Some((Symbol::Divider, Word::Divider)),
        }
    }
}

impl PlanLinkKind {
    fn symbol(self) -> Option<(Symbol, Word)> {
        match self {
            Self::Conduit => None,
            Self::Pump => Some((Symbol::Pump, Word::Pump)),
            Self::Orifice => Some((Symbol::Orifice, Word::Orifice)),
            Self::Weir => Some((Symbol::Weir, Word::Weir)),
            Self::Outlet => Some((Symbol::Outlet, Word::Outlet)),
        }
    }
}

/// The course of a link on the map; `None` when an end has no coordinates.
///
/// Inner vertices stand as the file gives them, also where the check has turned the conduit round:
/// they are taken in the order that joins the ends with less way.
fn course(model: &Model, id: LinkId, link: &Link) -> Option<Vec<Point>> {
    let place = |index: usize| model.map.nodes.get(index).copied().flatten();
    let (from, to) = (place(link.from.index())?, place(link.to.index())?);
    let mut inner = model.map.links.get(id.index()).cloned().unwrap_or_default();
    if let (Some(&first), Some(&last)) = (inner.first(), inner.last()) {
        let way = |a: Point, b: Point| (a[0] - b[0]).hypot(a[1] - b[1]);
        if way(from, last) + way(first, to) < way(from, first) + way(last, to) {
            inner.reverse();
        }
    }
    let mut points = vec![from];
    points.append(&mut inner);
    points.push(to);
    Some(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_meet_without_gap() {
        let change = |difference: f64| Class::of_difference(Some(difference));
        assert_eq!([change(0.2), change(0.02), change(0.0)], [Class::MuchMore, Class::More, Class::Same]);
        assert_eq!([change(-0.02), change(-0.2)], [Class::Less, Class::MuchLess]);
        let class = |filling: f64| Class::of(Some(filling));
        assert_eq!([class(0.4999), class(0.5), class(0.8)], [Class::Half, Class::Ample, Class::NearlyFull]);
        // EPA's report rounds depth over full depth to two decimals.
        assert_eq!([class(0.9949), class(0.995), class(1.2)], [Class::NearlyFull, Class::Full, Class::Full]);
        assert_eq!([Class::of(None), class(f64::NAN)], [Class::NoResult, Class::NoResult]);
    }

    #[test]
    fn classes_of_volume_are_decades_below_the_largest() {
        let node = PlanNode { flooded_volume: 2500.0, ..PlanNode::default() };
        let plan = Plan { nodes: vec![node], ..Plan::default() };
        assert_eq!([9.0, 10.0, 150.0, 2500.0].map(|v| plan.volume_class(v)), [0, 1, 2, 3]);
        assert_eq!([0, 1, 2, 3].map(|c| plan.volume_label(c)), ["< 10", "10–100", "100–1000", "≥ 1000"]);
    }
}
