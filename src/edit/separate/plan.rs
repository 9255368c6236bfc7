//! Where new sewers lie on the plan: beside the street's existing pipe, or straight to their end.

use crate::edit::picking;
use crate::model::{LinkId, Model, NodeId};
use crate::num::index::Id;
use crate::scenario::measure::Sewer;

use super::district::Reach;

/// Distance between the axes of an existing pipe and the new one beside it, m. An assumption.
pub(super) const BESIDE: f64 = 3.0;

/// A point on the plan, in the map's unit.
pub(super) type Point = [f64; 2];

/// The plan of a district's new sewers.
#[derive(Clone, Debug)]
pub(super) struct Plan<'a> {
    model: &'a Model,
    /// Metres in the map's unit.
    pub scale: f64,
    /// What is added to go from an existing axis to the new one along a direction: a factor on its normal.
    aside: f64,
}

impl<'a> Plan<'a> {
    /// New storm sewers lie on the right of the existing pipe, looking down it, new foul sewers on the left.
    pub fn of(model: &'a Model, existing: Sewer) -> Self {
        let scale = match model.map.unit.to_uppercase().as_str() {
            unit if unit.starts_with("FEET") => 0.3048,
            unit if unit.starts_with("METER") => 1.0,
            // good enough to place a manhole; lengths are those of existing pipes
            unit if unit.starts_with("DEGREE") => 111_000.0,
            _ => model.units.length,
        };
        let side = match existing {
            Sewer::Foul => 1.0,
            Sewer::Storm => -1.0,
        };
        Self { model, scale, aside: side * BESIDE / scale }
    }
    /// Where a node is.
    pub fn node(&self, node: NodeId) -> Option<Point> {
        self.model.map.nodes.get(node.index()).copied().flatten()
    }
    /// A link from its upper node to its lower.
    fn line(&self, link: LinkId, from: NodeId) -> Option<Vec<Point>> {
        let mut line = picking::line(&self.model.map, self.model, link)?;
        if self.model.links[link].from != from {
            line.reverse();
        }
        Some(line)
    }
    /// The manhole at the upper end of a reach: beside the existing node, across the way the water leaves.
    pub fn manhole(&self, reach: &Reach) -> Option<Point> {
        let here = self.node(reach.from)?;
        let ahead = reach
            .link
            .and_then(|link| self.line(link, reach.from))
            .and_then(|line| line.into_iter().find(|&point| distance(here, point) > 0.0));
        Some(self.beside(here, here, ahead.unwrap_or([here[0], here[1] - 1.0])))
    }
    /// A point moved aside of a direction from `a` to `b`.
    fn beside(&self, point: Point, a: Point, b: Point) -> Point {
        let length = distance(a, b);
        if length <= 0.0 {
            return point;
        }
        // the right-hand normal of (dx, dy) is (dy, -dx)
        let (dx, dy) = ((b[0] - a[0]) / length, (b[1] - a[1]) / length);
        [point[0] + self.aside * dy, point[1] - self.aside * dx]
    }
    /// The vertices of a reach that runs beside a link: the link's own, moved aside.
    pub fn vertices(&self, reach: &Reach) -> Vec<Point> {
        let Some(line) = reach.link.filter(|_| reach.is_beside).and_then(|link| self.line(link, reach.from))
        else {
            return Vec::new();
        };
        let around = line.windows(3).filter_map(|three| <&[Point; 3]>::try_from(three).ok());
        around.map(|&[before, point, after]| self.beside(point, before, after)).collect()
    }
    /// The lower end of the link by which the district leaves, moved aside: where a new outfall is put when
    /// nothing says where.
    pub fn beyond(&self, reach: &Reach) -> Option<Point> {
        let line = self.line(reach.link?, reach.from)?;
        let &[.., before, last] = line.as_slice() else { return None };
        Some(self.beside(last, before, last))
    }
    /// Length of a line on the ground, m.
    pub fn length(&self, line: &[Point]) -> f64 {
        self.scale * line.iter().zip(line.iter().skip(1)).map(|(&a, &b)| distance(a, b)).sum::<f64>()
    }
}

/// Distance of two points, in the map's unit.
pub(super) fn distance(a: Point, b: Point) -> f64 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}

/// A coordinate to the millimetre, as it is written.
pub(super) fn rounded(point: Point) -> Point {
    point.map(|x| (x * 1000.0).round() / 1000.0)
}
