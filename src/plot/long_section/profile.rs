//! The profile: ground, shafts, pipes, water and grade lines.

use super::{Line, LongSection, Overlay, Reach, ReachKind, Station, StationKind, hairline};
use crate::plot::axis::{Scale, Ticks};
use crate::plot::colour::Colour;
use crate::plot::heading::SMALL;
use crate::plot::scene::{Align, Lettering, Level, Point, Rect, Scene, Stroke};
use crate::plot::symbol::Symbol;

/// Fill of water.
pub(super) const WATER: Colour = Colour(164, 212, 240);
/// Fill of the ground.
const EARTH: Colour = Colour(246, 240, 230);

/// The line of the ground.
pub(super) fn ground(unit: f64) -> Stroke {
    Stroke::solid(Colour(140, 90, 40), 3.0 * unit)
}

/// Walls of pipes and shafts.
pub(super) fn wall(unit: f64) -> Stroke {
    Stroke::solid(Colour(60, 60, 60), 2.0 * unit)
}

/// The grade line at a time.
pub(super) fn grade_line(unit: f64) -> Stroke {
    Stroke::solid(Colour::BLUE, 4.0 * unit)
}

/// The envelope of grade lines.
pub(super) fn maximum_line(unit: f64) -> Stroke {
    Stroke::dashed(Colour::VERMILION, 3.5 * unit, &[4.0, 2.2])
}

/// Colours and dashes of options over the base, in order of use.
const OVERLAYS: [(Colour, &[f64]); 6] = [
    (Colour::BLUE, &[]),
    (Colour::GREEN, &[8.0, 2.0, 1.2, 2.0]),
    (Colour::PURPLE, &[2.5, 1.5]),
    (Colour::INK, &[1.2, 1.8]),
    (Colour::SKY, &[6.0, 2.0]),
    (Colour::ORANGE, &[10.0, 3.0]),
];

/// The envelope of grade lines of an option.
pub(super) fn overlay_line(option: usize, unit: f64) -> Stroke {
    let (colour, dash) = OVERLAYS[option % OVERLAYS.len()];
    Stroke::dashed(colour, 3.5 * unit, dash)
}

/// A pipe that an option lays otherwise.
pub(super) fn overlay_pipe(option: usize, unit: f64) -> Stroke {
    let (colour, _) = OVERLAYS[option % OVERLAYS.len()];
    Stroke::dashed(colour, 1.8 * unit, &[3.0, 2.0])
}

/// The level of the river at the end of the path.
pub(super) fn river_line(unit: f64) -> Stroke {
    Stroke::solid(Colour(0, 90, 160), 2.5 * unit)
}

/// Draws the profile in its place.
pub(super) fn draw(
    scene: &mut Scene,
    section: &LongSection,
    line: &Line,
    y: &Scale,
    plot: Rect,
    ticks: &Ticks,
    unit: f64,
) {
    let profile = Profile { section, line, y, unit, plot };
    scene.clip(Some(plot));
    profile.earth(scene);
    profile.grid(scene, ticks);
    for i in 0..section.reaches.len() {
        profile.reach(scene, i);
    }
    for i in 0..section.stations.len() {
        profile.shaft(scene, i);
    }
    if let Some((_, level)) = &section.river {
        profile.river(scene, *level);
    }
    scene.line(&profile.ground_line(), ground(unit));
    for (i, overlay) in section.overlays.iter().enumerate() {
        profile.pipes(scene, overlay, overlay_pipe(i, unit));
    }
    let base = profile.grade(
        |_, s| s.maximum_head,
        |_, r| Bed { inverts: [r.invert_up, r.invert_down], depth: r.maximum_depth },
    );
    scene.line(&base, maximum_line(unit));
    for (i, overlay) in section.overlays.iter().enumerate() {
        let line = profile.grade(
            |i, _| overlay.maximum_heads.get(i).copied().flatten(),
            |i, r| {
                let changed = overlay.pipes.get(i).copied().flatten();
                let (up, down, _) = changed.unwrap_or((r.invert_up, r.invert_down, r.height));
                Bed { inverts: [up, down], depth: overlay.maximum_depths.get(i).copied().flatten() }
            },
        );
        scene.line(&line, overlay_line(i, unit));
    }
    let now =
        profile.grade(|_, s| s.head, |_, r| Bed { inverts: [r.invert_up, r.invert_down], depth: r.depth });
    scene.line(&now, grade_line(unit));
    for i in 0..section.stations.len() {
        profile.marks(scene, i);
    }
    for i in 0..section.reaches.len() {
        profile.structure(scene, i);
    }
    scene.clip(None);
    scene.frame(plot, Stroke::solid(Colour::GREY, 1.5 * unit));
    profile.axis(scene, ticks);
}

/// The bottom of a reach at its ends, and the depth of water in it.
struct Bed {
    inverts: [f64; 2],
    depth: Option<f64>,
}

struct Profile<'a> {
    section: &'a LongSection,
    line: &'a Line,
    y: &'a Scale,
    unit: f64,
    plot: Rect,
}

impl Profile<'_> {
    /// The ground, level beyond the ends of the path.
    fn ground_line(&self) -> Vec<Point> {
        let stations = self.section.stations.iter().zip(&self.line.x);
        let mut points: Vec<Point> = stations.map(|(s, &x)| [x, self.y.pixel(s.ground)]).collect();
        if let (Some(&first), Some(&last)) = (points.first(), points.last()) {
            points.insert(0, [first[0].min(self.plot.left), first[1]]);
            points.push([last[0].max(self.plot.right), last[1]]);
        }
        points
    }

    fn earth(&self, scene: &mut Scene) {
        let mut area = self.ground_line();
        if let (Some(&first), Some(&last)) = (area.first(), area.last()) {
            area.extend([[last[0], self.plot.bottom], [first[0], self.plot.bottom]]);
        }
        scene.area(&area, EARTH, 1.0);
    }

    fn grid(&self, scene: &mut Scene, ticks: &Ticks) {
        for &value in &ticks.values {
            let at = self.y.pixel(value);
            let stroke = Stroke::solid(Colour::GRID, 1.2 * self.unit);
            scene.line(&[[self.plot.left, at], [self.plot.right, at]], stroke);
        }
    }

    fn axis(&self, scene: &mut Scene, ticks: &Ticks) {
        let size = SMALL * self.unit;
        for &value in &ticks.values {
            let at = self.y.pixel(value);
            scene.line(&[[self.plot.left - 0.3 * size, at], [self.plot.left, at]], hairline(self.unit));
            let lettering = Lettering::new(size, Align::End, Level::Middle);
            scene.text([self.plot.left - 0.5 * size, at], &ticks.label(value), lettering);
        }
    }

    /// The level of the river over the last tenth of the picture, with the mark of a water level.
    fn river(&self, scene: &mut Scene, level: f64) {
        let (at, right) = (self.y.pixel(level), self.plot.right);
        let left = right - 0.1 * self.plot.width();
        let stroke = river_line(self.unit);
        scene.line(&[[left, at], [right, at]], stroke);
        let (x, size) = (left + 0.3 * (right - left), 12.0 * self.unit);
        scene.area(&[[x, at], [x - size, at - 1.5 * size], [x + size, at - 1.5 * size]], stroke.colour, 1.0);
    }

    /// Distance from a station to the nearer of its neighbours, pixels.
    fn room(&self, station: usize) -> f64 {
        let x = &self.line.x;
        let gap = |i: usize, j: usize| match (x.get(i), x.get(j)) {
            (Some(a), Some(b)) => (b - a).abs(),
            _ => f64::INFINITY,
        };
        let left = station.checked_sub(1).map_or(f64::INFINITY, |before| gap(before, station));
        left.min(gap(station, station + 1))
    }

    /// Half the width of a station's shaft: narrow where stations are dense, 0 where a shaft would
    /// be no more than its walls.
    fn half_shaft(&self, station: usize) -> f64 {
        let wanted = match self.section.stations.get(station).map(|s| s.kind) {
            Some(StationKind::Storage) => 22.0,
            Some(StationKind::Outfall) => 0.0,
            _ => 8.0,
        };
        let half = (wanted * self.unit).min(0.22 * self.room(station));
        if half < 2.0 * self.unit { 0.0 } else { half }
    }

    fn reach(&self, scene: &mut Scene, i: usize) {
        let (reach, up, down) =
            (&self.section.reaches[i], &self.section.stations[i], &self.section.stations[i + 1]);
        if !reach.kind.is_conduit() {
            return;
        }
        let ends = [self.line.x[i] + self.half_shaft(i), self.line.x[i + 1] - self.half_shaft(i + 1)];
        let inverts = [reach.invert_up, reach.invert_down];
        let soffits = inverts.map(|level| level + reach.height);
        let at = |k: usize, level: f64| [ends[k], self.y.pixel(level)];
        // Fills reach a little under the shafts, so that no seam shows between the two.
        let under = [ends[0] - self.unit, ends[1] + self.unit];
        let outline = [at(0, inverts[0]), at(1, inverts[1]), at(1, soffits[1]), at(0, soffits[0])];
        scene.area(&outline, Colour::WHITE, 1.0);
        if let (Some(first), Some(second)) = (up.head, down.head) {
            let levels = [level(first, inverts[0], reach.depth), level(second, inverts[1], reach.depth)];
            scene.area(&self.water(under, inverts, soffits, levels), WATER, 1.0);
        }
        scene.line(&[at(0, inverts[0]), at(1, inverts[1])], wall(self.unit));
        let roof = wall(self.unit);
        let roof = if reach.kind == ReachKind::Channel {
            Stroke::dashed(Colour::GREY, roof.width, &[4.0, 4.0])
        } else {
            roof
        };
        scene.line(&[at(0, soffits[0]), at(1, soffits[1])], roof);
    }

    /// The water in a conduit: from its bottom to the lower of water level and soffit.
    fn water(&self, ends: [f64; 2], inverts: [f64; 2], soffits: [f64; 2], levels: [f64; 2]) -> Vec<Point> {
        let over = [levels[0] - soffits[0], levels[1] - soffits[1]];
        let at = |k: usize, level: f64| [ends[k], self.y.pixel(level)];
        let mut outline = vec![at(0, inverts[0]), at(1, inverts[1]), at(1, levels[1].min(soffits[1]))];
        if over[0] * over[1] < 0.0 {
            let t = over[0] / (over[0] - over[1]);
            let mix = |v: [f64; 2]| v[0] + t * (v[1] - v[0]);
            outline.push([mix(ends), self.y.pixel(mix(soffits))]);
        }
        outline.push(at(0, levels[0].min(soffits[0])));
        outline
    }

    fn shaft(&self, scene: &mut Scene, i: usize) {
        let (station, x, half) = (&self.section.stations[i], self.line.x[i], self.half_shaft(i));
        let (bottom, top) = (self.y.pixel(station.invert), self.y.pixel(station.ground));
        if half <= 0.0 {
            if station.kind != StationKind::Outfall && self.room(i) > 3.0 * self.unit {
                let soffit =
                    self.mouths(i).into_iter().flatten().map(|(_, soffit)| soffit).fold(bottom, f64::min);
                scene.line(&[[x, top], [x, soffit]], Stroke::solid(Colour(205, 195, 180), self.unit));
            }
            return;
        }
        let shaft = Rect::new(x - half, top, x + half, bottom);
        scene.rect(shaft, Colour::WHITE);
        if let Some(head) = station.head
            && head > station.invert
        {
            let surface = self.y.pixel(head.min(station.ground));
            scene.rect(Rect { top: surface, ..shaft }, WATER);
        }
        // Walls stop where a conduit opens into the shaft.
        let stroke = wall(self.unit);
        scene.line(&[[x - half, bottom], [x + half, bottom]], stroke);
        for (side, mouth) in [x - half, x + half].into_iter().zip(self.mouths(i)) {
            let (sill, lintel) = mouth.unwrap_or((bottom, bottom));
            scene.line(&[[side, bottom], [side, sill.min(bottom)]], stroke);
            scene.line(&[[side, lintel.min(bottom)], [side, top]], stroke);
        }
    }

    /// Pixels of bottom and soffit where conduits open into a station, from the left and the right.
    fn mouths(&self, station: usize) -> [Option<(f64, f64)>; 2] {
        let mouth = |reach: Option<&Reach>, down: bool| {
            let reach = reach.filter(|r| r.kind.is_conduit())?;
            let invert = if down { reach.invert_down } else { reach.invert_up };
            Some((self.y.pixel(invert), self.y.pixel(invert + reach.height)))
        };
        let before = station.checked_sub(1).and_then(|i| self.section.reaches.get(i));
        [mouth(before, true), mouth(self.section.reaches.get(station), false)]
    }

    /// Outlines of the pipes that an option lays otherwise.
    fn pipes(&self, scene: &mut Scene, overlay: &Overlay, stroke: Stroke) {
        for (i, pipe) in overlay.pipes.iter().enumerate().take(self.section.reaches.len()) {
            let Some((up, down, height)) = *pipe else { continue };
            let ends = [self.line.x[i] + self.half_shaft(i), self.line.x[i + 1] - self.half_shaft(i + 1)];
            for rise in [0.0, height] {
                let level = |k: usize, invert: f64| [ends[k], self.y.pixel(invert + rise)];
                scene.line(&[level(0, up), level(1, down)], stroke);
            }
        }
    }

    /// A grade line: level across shafts, straight along conduits, interrupted at pumps, stepped at
    /// other structures.
    fn grade(
        &self,
        head: impl Fn(usize, &Station) -> Option<f64>,
        bed: impl Fn(usize, &Reach) -> Bed,
    ) -> Vec<Point> {
        let gap = [f64::NAN, f64::NAN];
        let mut points = Vec::new();
        for (i, station) in self.section.stations.iter().enumerate() {
            let Some(here) = head(i, station) else {
                points.push(gap);
                continue;
            };
            let (x, half) = (self.line.x[i], self.half_shaft(i));
            let at = self.y.pixel(here);
            points.extend([[x - half, at], [x + half, at]]);
            let (Some(reach), Some(next)) = (self.section.reaches.get(i), self.section.stations.get(i + 1))
            else {
                continue;
            };
            let Some(there) = head(i + 1, next) else { continue };
            match reach.kind {
                ReachKind::Pipe | ReachKind::Channel => {
                    let Bed { inverts, depth } = bed(i, reach);
                    let first = level(here, inverts[0], depth);
                    let second = level(there, inverts[1], depth);
                    points.push([x + half, self.y.pixel(first)]);
                    points.push([self.line.x[i + 1] - self.half_shaft(i + 1), self.y.pixel(second)]);
                }
                ReachKind::Pump => points.push(gap),
                ReachKind::Orifice | ReachKind::Weir | ReachKind::Outlet => {
                    let middle = 0.5 * (x + self.line.x[i + 1]);
                    points.extend([[middle, at], [middle, self.y.pixel(there)]]);
                }
            }
        }
        points
    }

    /// Marks of flooded and surcharged stations above ground, of outfalls on the water.
    fn marks(&self, scene: &mut Scene, i: usize) {
        let (station, x) = (&self.section.stations[i], self.line.x[i]);
        let radius = (0.48 * self.room(i)).clamp(4.0 * self.unit, 12.0 * self.unit);
        let above = self.y.pixel(station.ground.max(station.maximum_head.unwrap_or(station.ground)));
        if station.kind == StationKind::Outfall {
            let surface = self.y.pixel(station.head.unwrap_or(station.invert).max(station.invert));
            let radius = 12.0 * self.unit;
            Symbol::Outfall.draw(scene, [x, surface - radius], radius);
        } else if station.flooded {
            let radius = radius.max(9.0 * self.unit);
            Symbol::Flooded.draw(scene, [x, above - radius - 5.0 * self.unit], radius);
        } else if self.section.surcharged(i) {
            Symbol::Surcharged.draw(scene, [x, above - 14.0 * self.unit], 0.85 * radius);
        }
    }

    /// The symbol of a link that is no conduit, between its nodes, and the crest that it stands on.
    fn structure(&self, scene: &mut Scene, i: usize) {
        let reach = &self.section.reaches[i];
        let Some((symbol, _)) = reach.kind.structure() else { return };
        let (left, right) =
            (self.line.x[i] + self.half_shaft(i), self.line.x[i + 1] - self.half_shaft(i + 1));
        let radius = (0.48 * (right - left)).clamp(5.0 * self.unit, 14.0 * self.unit);
        let crest = self.y.pixel(reach.invert_up);
        scene.line(&[[left, crest], [right, crest]], wall(self.unit));
        symbol.draw(scene, [0.5 * (left + right), crest - 1.1 * radius], radius);
    }
}

/// Level of the water at an end of a conduit: that of the node, but in a free fall that of the water
/// in the conduit.
fn level(head: f64, invert: f64, depth: Option<f64>) -> f64 {
    if head >= invert { head } else { invert + depth.unwrap_or(0.0).max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn water_falls_freely_out_of_a_conduit_above_the_node() {
        assert_eq!(level(11.0, 10.0, Some(0.3)), 11.0);
        assert_eq!(level(9.0, 10.0, Some(0.3)), 10.3);
        assert_eq!(level(9.0, 10.0, None), 10.0);
    }
}
