//! The map: subcatchments, links, nodes, names.

use super::{MapUnit, Plan, PlanLink, PlanLinkKind, PlanNode, PlanNodeKind};
use crate::plot::colour::Colour;
use crate::plot::scene::{Align, Lettering, Level, Point, Rect, Scene, Stroke, clip_line};
use crate::plot::symbol::{FLOODED, RELIEVED, SURCHARGED};

/// Radii of the four classes of flooded volume on a standard sheet, pixels.
const RADII: [f64; 4] = [5.0, 8.0, 12.0, 17.0];
/// Fill and outline of subcatchments.
pub(super) const LAND: (Colour, Colour) = (Colour(238, 243, 229), Colour(200, 211, 186));

/// A map laid into its frame.
pub(super) struct Map<'a> {
    plan: &'a Plan,
    frame: Rect,
    unit: f64,
    centre: Point,
    /// Pixels in a map unit, along x and y.
    scale: [f64; 2],
    /// Widths of the lines of the smallest and the largest conduit.
    pub(super) widths: (f64, f64),
    /// Sizes of the smallest and the largest conduit.
    pub(super) sizes: (f64, f64),
    /// Radius of ordinary nodes; 0 where they would cover the links.
    pub(super) dot: f64,
    /// Radius of surcharged nodes.
    pub(super) surcharged: f64,
    /// Radius of symbols.
    pub(super) symbol: f64,
    /// Radii of the classes of flooded volume.
    pub(super) radii: [f64; 4],
}

impl<'a> Map<'a> {
    pub(super) fn new(plan: &'a Plan, extent: [f64; 4], frame: Rect, unit: f64) -> Self {
        let [left, bottom, right, top] = extent;
        let centre = [0.5 * (left + right), 0.5 * (bottom + top)];
        // A degree of longitude is shorter than one of latitude.
        let squeeze = match plan.map_unit {
            MapUnit::Degrees => centre[1].to_radians().cos().abs().max(0.01),
            _ => 1.0,
        };
        let scale = (frame.width() / ((right - left) * squeeze)).min(frame.height() / (top - bottom));
        let mut map = Self {
            plan,
            frame,
            unit,
            centre,
            scale: [scale * squeeze, scale],
            widths: (0.0, 0.0),
            sizes: (0.0, 0.0),
            dot: 0.0,
            surcharged: 0.0,
            symbol: 0.0,
            radii: RADII,
        };
        map.fit_marks();
        map
    }

    /// Fits widths and radii to how dense the shown part of the network is.
    fn fit_marks(&mut self) {
        let unit = self.unit;
        let mut lengths: Vec<f64> = self.shown_links().map(|l| self.pixels(l)).collect();
        lengths.sort_by(f64::total_cmp);
        let middle = lengths.get(lengths.len() / 2).copied().unwrap_or(50.0) / unit;
        let widest = (0.3 * middle).clamp(2.2, 8.0);
        self.widths = (unit * (0.3 * widest).max(1.0), unit * widest);
        let dot = (0.1 * middle).min(4.0);
        self.dot = if dot < 1.3 { 0.0 } else { dot * unit };
        let flooded = self.plan.nodes.iter().filter(|n| n.flooded_volume != 0.0 && self.shows(n.at)).count();
        let crowd = (80.0 / flooded.max(1) as f64).sqrt().clamp(0.45, 1.0);
        self.radii = RADII.map(|r| r * crowd * unit);
        let links = self.shown_links().filter(|l| l.kind != PlanLinkKind::Conduit).count();
        let nodes = self.plan.nodes.iter().filter(|n| n.kind != PlanNodeKind::Manhole && self.shows(n.at));
        let structures = links + nodes.count();
        self.symbol = (60.0 / structures.max(1) as f64).sqrt().clamp(0.4, 1.0) * 11.0 * unit;
        let surcharged = self.plan.nodes.iter().filter(|n| n.surcharged && self.shows(n.at)).count();
        let crowd = (400.0 / surcharged.max(1) as f64).sqrt().clamp(0.45, 1.0);
        self.surcharged = (1.25 * self.dot).max(4.0 * crowd * unit);
        let sizes = self.plan.links.iter().filter(|l| l.kind == PlanLinkKind::Conduit && l.size > 0.0);
        let (low, high) =
            sizes.fold((f64::INFINITY, 0.0_f64), |(low, high), l| (low.min(l.size), high.max(l.size)));
        self.sizes = if low <= high { (low, high) } else { (0.0, 0.0) };
    }

    /// The pixel of a place.
    fn pixel(&self, at: [f64; 2]) -> Point {
        [
            0.5 * (self.frame.left + self.frame.right) + (at[0] - self.centre[0]) * self.scale[0],
            0.5 * (self.frame.top + self.frame.bottom) - (at[1] - self.centre[1]) * self.scale[1],
        ]
    }
    fn shows(&self, at: [f64; 2]) -> bool {
        let [x, y] = self.pixel(at);
        (self.frame.left..=self.frame.right).contains(&x) && (self.frame.top..=self.frame.bottom).contains(&y)
    }
    fn shown_links(&self) -> impl Iterator<Item = &PlanLink> {
        self.plan.links.iter().filter(|l| l.points.iter().any(|&p| self.shows(p)))
    }
    fn pixels(&self, link: &PlanLink) -> f64 {
        link.points
            .windows(2)
            .map(|p| ((p[1][0] - p[0][0]) * self.scale[0]).hypot((p[1][1] - p[0][1]) * self.scale[1]))
            .sum()
    }
    /// Pixels in a unit of the map's y axis.
    pub(super) fn pixels_per_unit(&self) -> f64 {
        self.scale[1]
    }
    /// Width of a conduit's line: proportional to its size between the narrowest and the widest.
    pub(super) fn width(&self, size: f64) -> f64 {
        let ((thin, wide), (low, high)) = (self.widths, self.sizes);
        let part = if high > low { ((size - low) / (high - low)).clamp(0.0, 1.0) } else { 0.4 };
        thin + part * (wide - thin)
    }
    pub(super) fn draw(&self, scene: &mut Scene) {
        scene.clip(Some(self.frame));
        for outline in &self.plan.outlines {
            let points: Vec<Point> = outline.iter().map(|&p| self.pixel(p)).collect();
            scene.area(&points, LAND.0, 1.0);
            scene.outline(&points, Stroke::solid(LAND.1, self.unit));
        }
        self.links(scene);
        self.nodes(scene);
        self.names(scene);
        scene.clip(None);
        scene.frame(self.frame, Stroke::solid(Colour(170, 170, 170), 1.2 * self.unit));
    }

    fn links(&self, scene: &mut Scene) {
        let course = |link: &PlanLink| -> Vec<Point> { link.points.iter().map(|&p| self.pixel(p)).collect() };
        let conduits = || self.plan.links.iter().filter(|l| l.kind == PlanLinkKind::Conduit);
        for link in conduits().filter(|l| l.built) {
            let outline = Stroke::solid(Colour::INK, self.width(link.size) + 4.0 * self.unit);
            scene.line(&course(link), outline);
        }
        for &class in self.plan.drawn() {
            let of_class = |l: &&PlanLink| self.plan.class(l) == class;
            for link in conduits().filter(of_class) {
                scene.line(&course(link), Stroke::solid(class.colour(), self.width(link.size)));
            }
        }
        for link in &self.plan.links {
            if let Some((symbol, _)) = link.kind.symbol() {
                let points = course(link);
                let stroke = Stroke::dashed(Colour::INK, self.widths.0.max(1.5 * self.unit), &[3.0, 2.0]);
                scene.line(&points, stroke);
                if let Some(at) = middle(&points)
                    && contains(&self.frame, at)
                {
                    symbol.draw(scene, at, self.symbol);
                }
            }
        }
    }

    fn nodes(&self, scene: &mut Scene) {
        let (dot, unit) = (self.dot, self.unit);
        let shown = |n: &&PlanNode| self.shows(n.at);
        if dot > 0.0 {
            let pen = Stroke::solid(Colour::GREY, (0.3 * dot).max(0.8 * unit));
            for node in self.plan.nodes.iter().filter(shown) {
                scene.disc(self.pixel(node.at), dot, Some(Colour::WHITE), Some(pen));
            }
        }
        let radius = self.surcharged;
        for node in self.plan.nodes.iter().filter(shown).filter(|n| n.surcharged) {
            let pen = Stroke::solid(Colour::INK, 0.2 * radius);
            scene.disc(self.pixel(node.at), radius, Some(SURCHARGED), Some(pen));
        }
        for node in self.plan.nodes.iter().filter(shown) {
            if let Some((symbol, _)) = node.kind.symbol() {
                symbol.draw(scene, self.pixel(node.at), self.symbol);
            }
        }
        for node in self.flooded().into_iter().filter(|n| self.shows(n.at)) {
            let pen = Stroke::solid(Colour::WHITE, unit);
            let fill = if node.flooded_volume > 0.0 { FLOODED } else { RELIEVED };
            scene.disc(self.pixel(node.at), self.radius(node), Some(fill), Some(pen));
        }
    }

    fn radius(&self, node: &PlanNode) -> f64 {
        self.radii.get(self.plan.volume_class(node.flooded_volume)).copied().unwrap_or(self.unit)
    }

    /// Flooded nodes, the largest volume first; of differences, the largest amount.
    fn flooded(&self) -> Vec<&PlanNode> {
        let mut flooded: Vec<&PlanNode> =
            self.plan.nodes.iter().filter(|n| n.flooded_volume != 0.0).collect();
        flooded.sort_by(|a, b| b.flooded_volume.abs().total_cmp(&a.flooded_volume.abs()));
        flooded
    }

    /// Names of the most flooded nodes, beside their circles, where they cover neither another name
    /// nor a symbol, and as little of the links as can be.
    fn names(&self, scene: &mut Scene) {
        let size = 19.0 * self.unit;
        let gap = 4.0 * self.unit;
        let flooded = self.flooded();
        let around = |node: &PlanNode, r: f64| {
            let [x, y] = self.pixel(node.at);
            Rect::new(x - r, y - r, x + r, y + r)
        };
        let structures = self.plan.nodes.iter().filter(|n| n.kind != PlanNodeKind::Manhole);
        let mut taken: Vec<Rect> = structures.map(|n| around(n, self.symbol)).collect();
        taken.extend(flooded.iter().map(|n| around(n, self.radius(n))));
        let room = self.frame.grown(-gap);
        for node in flooded.iter().filter(|n| self.shows(n.at)).take(self.plan.named) {
            let circle = around(node, self.radius(node));
            let [x, y] = self.pixel(node.at);
            let text = scene.fonts().fit_middle(&node.name, size, 260.0 * self.unit);
            let (width, half) = (scene.fonts().width(&text, size) * 1.06, 0.58 * size);
            let (left, middle, right) = (circle.left - gap - width, x - 0.5 * width, circle.right + gap);
            let (above, below) = (circle.top - gap - half, circle.bottom + gap + half);
            let corners = (circle.left - width, circle.right);
            let places = [
                (right, y),
                (left, y),
                (middle, above),
                (middle, below),
                (corners.1, above),
                (corners.1, below),
                (corners.0, above),
                (corners.0, below),
            ];
            let place = places
                .into_iter()
                .map(|(left, y)| Rect::new(left, y - half, left + width, y + half))
                .filter(|place| room.contains(place) && !taken.iter().any(|t| t.overlaps(place)))
                .filter(|place| {
                    // A name that stands nearer to another circle would be read as that one's.
                    let own = distance(place, [x, y]);
                    flooded.iter().all(|n| std::ptr::eq(*n, *node) || distance(place, self.pixel(n.at)) > own)
                })
                .map(|place| (self.covered(&place), place))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, place)) = place {
                scene.backdrop(place, Colour::WHITE, 0.7);
                let at = [0.5 * (place.left + place.right), 0.5 * (place.top + place.bottom)];
                scene.text(at, &text, Lettering::new(size, Align::Middle, Level::Middle));
                taken.push(place);
            }
        }
    }

    /// Area of links' lines within a rectangle, pixels².
    fn covered(&self, place: &Rect) -> f64 {
        let area = |link: &PlanLink| {
            let points: Vec<Point> = link.points.iter().map(|&p| self.pixel(p)).collect();
            let pieces = clip_line(&points, place);
            let way = |p: &[Point]| (p[1][0] - p[0][0]).hypot(p[1][1] - p[0][1]);
            self.width(link.size) * pieces.iter().flat_map(|piece| piece.windows(2)).map(way).sum::<f64>()
        };
        self.plan.links.iter().map(area).sum()
    }
}

fn contains(frame: &Rect, [x, y]: Point) -> bool {
    frame.contains(&Rect::new(x, y, x, y))
}

/// Distance from a rectangle to a point, pixels.
fn distance(rect: &Rect, [x, y]: Point) -> f64 {
    let outside = |v: f64, low: f64, high: f64| (low - v).max(v - high).max(0.0);
    outside(x, rect.left, rect.right).hypot(outside(y, rect.top, rect.bottom))
}

/// The point half way along a line.
fn middle(points: &[Point]) -> Option<Point> {
    let way = |p: &[Point]| (p[1][0] - p[0][0]).hypot(p[1][1] - p[0][1]);
    let mut left = 0.5 * points.windows(2).map(way).sum::<f64>();
    for pair in points.windows(2) {
        let length = way(pair);
        if left <= length {
            let t = if length > 0.0 { left / length } else { 0.0 };
            let along = |axis: usize| pair[0][axis] + t * (pair[1][axis] - pair[0][axis]);
            return Some([along(0), along(1)]);
        }
        left -= length;
    }
    points.last().copied()
}
