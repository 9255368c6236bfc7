//! Open edges, inflows and counted lines of a street.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::input::shapes::Shape;
use crate::model::burn::{Cover, cover};
use crate::model::node::NodeKind;
use crate::routing::outfall::{Boundary as Held, OutfallParams};
use crate::scenario::surface::{BoundaryKind, BoundaryTable, Edge};
use crate::surface::{Boundary, Cell, Kind, Line, Series, Shape as SeriesShape, Side};

use super::joining::Join;

/// Time between points of the level of an outfall that is taken over (s).
const LEVEL_STEP: f64 = 300.0;

impl Join<'_> {
    /// Open edges and the level at each.
    pub fn boundaries(&mut self) -> (Vec<Boundary>, Vec<Series>) {
        let (mut boundaries, mut levels) = (Vec::new(), Vec::new());
        let mut taken: BTreeSet<(Cell, u8)> = BTreeSet::new();
        let ground = self.ground;
        for (index, table) in ground.table.boundaries.iter().enumerate() {
            let shapes = ground.boundary_shapes.get(index).map_or(&[][..], Vec::as_slice);
            let mut edges = match (table.edge, table.file.is_some()) {
                (Some(edge), false) => self.whole_side(edge),
                (None, true) => self.near(shapes),
                _ => {
                    self.boundary_fault(index, "needs one of `edge` and `file`", "edge = \"south\"");
                    continue;
                }
            };
            // the first boundary that names an edge has it
            edges.retain(|(cell, side)| taken.insert((*cell, *side as u8)));
            if edges.is_empty() {
                let message = "opens no edge of the surface";
                self.boundary_fault(index, message, "edges are sides of cells without terrain beyond them");
                continue;
            }
            let Some((kind, level)) = self.beyond(index, table) else { continue };
            boundaries.push(Boundary { kind, edges });
            levels.push(level);
        }
        (boundaries, levels)
    }

    fn boundary_fault(&mut self, index: usize, message: &str, help: &str) {
        let message = format!("the boundary {} {message}", index + 1);
        self.found.push(Diagnostic::error(0, message).help(help));
    }

    /// What lies beyond a boundary, and its level.
    fn beyond(&mut self, index: usize, table: &BoundaryTable) -> Option<(Kind, Series)> {
        let series = self.ground.boundary_levels.get(index).cloned().flatten();
        let levels = [table.level.is_some(), table.series.is_some(), table.outfall.is_some()];
        let given = levels.iter().filter(|is_given| **is_given).count();
        let none = Series::constant(0.0);
        if table.kind != BoundaryKind::Stage && given > 0 {
            self.boundary_fault(index, "has a level, and is of another kind", "write kind = \"stage\"");
            return None;
        }
        if table.kind != BoundaryKind::Slope && table.slope.is_some() {
            self.boundary_fault(index, "has a slope, and is of another kind", "write kind = \"slope\"");
            return None;
        }
        match table.kind {
            BoundaryKind::Free => Some((Kind::Free, none)),
            BoundaryKind::Slope => match table.slope {
                Some(slope) if slope > 0.0 => Some((Kind::NormalDepth { slope }, none)),
                _ => {
                    self.boundary_fault(index, "has no slope above zero", "slope = 0.002");
                    None
                }
            },
            BoundaryKind::Stage => {
                if given != 1 {
                    let message = "needs one of `level`, `series` and `outfall`";
                    self.boundary_fault(index, message, "level = \"31.2 m\"");
                    return None;
                }
                let level = match (&table.outfall, table.level) {
                    (Some(name), _) => self.level_of(index, name)?,
                    (None, Some(level)) => Series::constant(level.0),
                    (None, None) => series?,
                };
                Some((Kind::Stage, level))
            }
        }
    }

    /// The level of an outfall over the run.
    fn level_of(&mut self, index: usize, name: &str) -> Option<Series> {
        let help = "name an outfall with a fixed level, a tide or a series";
        let found = self.model.nodes.find(name);
        let Some(node) =
            found.filter(|node| matches!(self.model.nodes[*node].kind, NodeKind::Outfall { .. }))
        else {
            self.boundary_fault(index, &format!("follows `{name}`, which is no outfall"), help);
            return None;
        };
        let outfall = OutfallParams::compile(self.model, node)?;
        match outfall.boundary {
            Held::Free | Held::Normal => {
                self.boundary_fault(
                    index,
                    &format!("follows the outfall `{name}`, whose level is free"),
                    help,
                );
                None
            }
            Held::Fixed(level) => Some(Series::constant(level)),
            Held::Tidal(_) | Held::Series(..) => {
                let (start, end) = (self.model.options.start, self.model.options.end);
                let steps = (end.seconds_since(start) / LEVEL_STEP).ceil().max(1.0) as u32;
                let at = |step: u32| {
                    let seconds = f64::from(step) * LEVEL_STEP;
                    Some((seconds, outfall.stage(start.plus_seconds(seconds))?))
                };
                Series::new(SeriesShape::Linear, (0..=steps).filter_map(at).collect())
            }
        }
    }

    /// Whether a cell has terrain; places beyond the map have none.
    fn is_ground(&self, row: isize, column: isize) -> bool {
        let place = usize::try_from(row).ok().zip(usize::try_from(column).ok());
        place.and_then(|place| self.terrain.values.get(place)).is_some_and(|level| !level.is_nan())
    }

    /// The outermost cells of a side, or of all.
    fn whole_side(&self, edge: Edge) -> Vec<(Cell, Side)> {
        let (rows, columns) = self.terrain.values.dim();
        let sides: &[Side] = match edge {
            Edge::North => &[Side::North],
            Edge::East => &[Side::East],
            Edge::South => &[Side::South],
            Edge::West => &[Side::West],
            Edge::All => &[Side::North, Side::East, Side::South, Side::West],
        };
        let is_ground = |row: usize, column: usize| self.is_ground(row as isize, column as isize);
        let mut edges = Vec::new();
        for side in sides {
            let cells: Vec<Option<(usize, usize)>> = match side {
                Side::North => {
                    (0..columns).map(|c| (0..rows).find(|r| is_ground(*r, c)).map(|r| (r, c))).collect()
                }
                Side::South => {
                    (0..columns).map(|c| (0..rows).rfind(|r| is_ground(*r, c)).map(|r| (r, c))).collect()
                }
                Side::West => {
                    (0..rows).map(|r| (0..columns).find(|c| is_ground(r, *c)).map(|c| (r, c))).collect()
                }
                Side::East => {
                    (0..rows).map(|r| (0..columns).rfind(|c| is_ground(r, *c)).map(|c| (r, c))).collect()
                }
            };
            let cells = cells.into_iter().flatten();
            edges.extend(cells.filter_map(|(row, column)| Some((self.grid.cell(row, column)?, *side))));
        }
        edges
    }

    /// Open sides within a cell of lines or points, or of cells in polygons.
    fn near(&self, shapes: &[Shape]) -> Vec<(Cell, Side)> {
        let (rows, columns) = self.terrain.values.dim();
        let mut near = ndarray::Array2::from_elem((rows, columns), false);
        for shape in shapes {
            match shape {
                Shape::Polygon(rings) => {
                    for (row, run) in cover(rings, &self.terrain, Cover::Touched) {
                        run.for_each(|column| near[(row, column)] = true);
                    }
                }
                Shape::Line(_) | Shape::Point(_) => {
                    for (row, column) in self.under(shape) {
                        // the cell and its neighbours
                        for row in row.saturating_sub(1)..=(row + 1).min(rows - 1) {
                            for column in column.saturating_sub(1)..=(column + 1).min(columns - 1) {
                                near[(row, column)] = true;
                            }
                        }
                    }
                }
            }
        }
        let mut edges = Vec::new();
        for ((row, column), _) in near.indexed_iter().filter(|(_, is_near)| **is_near) {
            let (r, c) = (row as isize, column as isize);
            let Some(cell) = self.grid.cell(row, column).filter(|_| self.is_ground(r, c)) else { continue };
            let beyond = [
                (Side::North, r - 1, c),
                (Side::East, r, c + 1),
                (Side::South, r + 1, c),
                (Side::West, r, c - 1),
            ];
            edges.extend(
                beyond.iter().filter(|(_, r, c)| !self.is_ground(*r, *c)).map(|(side, ..)| (cell, *side)),
            );
        }
        edges
    }

    /// The places of the map under a shape, with or without terrain, in order, none twice. A line just beyond the map
    /// counts as on its outermost cells.
    fn under(&self, shape: &Shape) -> Vec<(usize, usize)> {
        let mut cells = BTreeSet::new();
        match shape {
            Shape::Point([x, y]) => cells.extend(self.terrain.cell_at(*x, *y)),
            Shape::Line(points) => {
                let e = self.terrain.extent();
                let slack = self.terrain.cell;
                for (a, b) in points.iter().zip(points.iter().skip(1)) {
                    let length = (b[0] - a[0]).hypot(b[1] - a[1]);
                    let count = (4.0 * length / self.terrain.cell).ceil().clamp(1.0, 1.0e7) as usize;
                    for step in 0..=count {
                        let share = step as f64 / count as f64;
                        let (x, y) = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]));
                        if x < e.west - slack
                            || x > e.east + slack
                            || y < e.south - slack
                            || y > e.north + slack
                        {
                            continue;
                        }
                        let inside = 1.0e-6 * slack;
                        let (x, y) = (x.clamp(e.west, e.east - inside), y.clamp(e.south + inside, e.north));
                        cells.extend(self.terrain.cell_at(x, y));
                    }
                }
            }
            Shape::Polygon(rings) => {
                for (row, run) in cover(rings, &self.terrain, Cover::Middle) {
                    cells.extend(run.map(|column| (row, column)));
                }
            }
        }
        cells.into_iter().collect()
    }

    /// The cells of inflows and their flows.
    pub fn inflows(&mut self) -> (Vec<Vec<Cell>>, Vec<Series>) {
        let mut all = Vec::new();
        let ground = self.ground;
        for (index, table) in ground.table.inflows.iter().enumerate() {
            let mut cells: BTreeSet<(usize, usize)> = BTreeSet::new();
            cells.extend(table.at.and_then(|[x, y]| self.terrain.cell_at(x, y)));
            let shapes = ground.inflow_shapes.get(index).map_or(&[][..], Vec::as_slice);
            shapes.iter().for_each(|shape| cells.extend(self.under(shape)));
            let is_ground = |&(row, column): &(usize, usize)| self.is_ground(row as isize, column as isize);
            let cells: Vec<Cell> = cells
                .into_iter()
                .filter(is_ground)
                .filter_map(|(row, column)| self.grid.cell(row, column))
                .collect();
            if cells.is_empty() {
                let message = format!("the inflow `{}` lies on no cell of the surface", table.name);
                let help =
                    "x and y in the coordinates of the terrain, not in a building or in an area outside";
                self.found.push(Diagnostic::error(0, message).help(help));
            }
            all.push(cells);
        }
        (all, ground.inflow_series.clone())
    }

    /// The lines through which the volume is counted.
    pub fn counted_lines(&mut self) -> Vec<Line> {
        let mut lines = Vec::new();
        for table in &self.ground.table.lines {
            let e = self.terrain.extent();
            let ([x0, y0], [x1, y1]) = (table.from, table.to);
            let apart =
                x0.max(x1) < e.west || x0.min(x1) > e.east || y0.max(y1) < e.south || y0.min(y1) > e.north;
            if apart {
                let message = format!("the line `{}` lies outside the terrain", table.name);
                let help = "x and y in the coordinates of the terrain";
                self.found.push(Diagnostic::error(0, message).help(help));
            }
            lines.push(Line::between(&self.grid, (x0, y0), (x1, y1)));
        }
        lines
    }
}
