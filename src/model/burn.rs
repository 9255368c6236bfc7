//! Polygons burnt into maps of cells: land use, roughness, buildings, initial depth.

use std::ops::Range;

use super::raster::Raster;

/// A polygon with its value. A point is inside when a ray from it crosses the rings an odd number of times, so
/// holes and islands are rings like any other.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    /// Its rings, in the coordinates of the map, each closed.
    pub rings: Vec<Vec<[f64; 2]>>,
    /// Its value.
    pub value: f32,
}

/// Which cells a polygon covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cover {
    /// Those whose middle it holds: each cell has one polygon of a map without gaps, and areas are right in the
    /// mean. A middle on an edge between two polygons belongs to one of them.
    #[default]
    Middle,
    /// All of which it holds a part: for what is thinner than a cell, such as walls and kerbs.
    Touched,
}

/// What becomes of the value of a covered cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Burn {
    /// It is that of the polygon.
    #[default]
    Replace,
    /// That of the polygon is added, once a polygon: heights of buildings upon terrain. What is unknown stays so.
    Add,
}

/// The cells that rings cover: runs of columns by row, in order, none twice.
#[must_use]
pub fn cover(rings: &[Vec<[f64; 2]>], map: &Raster, how: Cover) -> Vec<(usize, Range<usize>)> {
    let edges: Vec<[[f64; 2]; 2]> = rings
        .iter()
        .flat_map(|ring| ring.iter().zip(ring.iter().skip(1)))
        .map(|(&[x0, y0], &[x1, y1])| {
            // in cells from the north-western corner, down and to the right
            let scaled = |x: f64, y: f64| [(x - map.west) / map.cell, (map.north - y) / map.cell];
            [scaled(x0, y0), scaled(x1, y1)]
        })
        .filter(|edge| edge.iter().flatten().all(|part| part.is_finite()))
        .collect();
    let downs = edges.iter().flatten().map(|point| point[1]);
    let (top, bottom) = downs
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(top, bottom), down| (top.min(down), bottom.max(down)));
    if top >= bottom {
        return Vec::new();
    }
    let rows = top.floor().clamp(0.0, map.rows() as f64) as usize
        ..bottom.ceil().clamp(0.0, map.rows() as f64) as usize;
    // each edge in the rows that it passes
    let mut by_row: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    for (index, edge) in edges.iter().enumerate() {
        let (above, below) = (edge[0][1].min(edge[1][1]), edge[0][1].max(edge[1][1]));
        let first = (above.floor().max(rows.start as f64) as usize).min(rows.end);
        let past = (below.ceil().max(above.floor() + 1.0).max(0.0) as usize).min(rows.end);
        (first..past).for_each(|row| by_row[row - rows.start].push(index));
    }
    let mut runs: Vec<(usize, Range<usize>)> = Vec::new();
    for (row, passing) in rows.zip(by_row) {
        let passing: Vec<[[f64; 2]; 2]> = passing.into_iter().map(|index| edges[index]).collect();
        let mut found = middles(&passing, row, map.columns());
        if how == Cover::Touched {
            found.extend(passing.iter().filter_map(|edge| touched(edge, row, map.columns())));
        }
        found.sort_unstable_by_key(|run| (run.start, run.end));
        for run in found {
            match runs.last_mut() {
                Some((last_row, last)) if *last_row == row && run.start <= last.end => {
                    last.end = run.end.max(last.end)
                }
                _ => runs.push((row, run)),
            }
        }
    }
    runs
}

/// Columns of a row whose middles lie inside: between the first and second crossing of the line through the
/// middles, the third and fourth, and so on.
fn middles(edges: &[[[f64; 2]; 2]], row: usize, columns: usize) -> Vec<Range<usize>> {
    let line = row as f64 + 0.5;
    let mut crossings: Vec<f64> = edges
        .iter()
        .filter(|[from, to]| (from[1] > line) != (to[1] > line))
        .map(|[from, to]| from[0] + (line - from[1]) / (to[1] - from[1]) * (to[0] - from[0]))
        .collect();
    crossings.sort_unstable_by(f64::total_cmp);
    let column = |across: f64| (across - 0.5).ceil().clamp(0.0, columns as f64) as usize;
    let pairs = crossings.chunks_exact(2).map(|pair| column(pair[0])..column(pair[1]));
    pairs.filter(|run| !run.is_empty()).collect()
}

/// Columns of a row in which an edge runs. An edge along a line between cells, to a millionth, runs in neither.
fn touched(edge: &[[f64; 2]; 2], row: usize, columns: usize) -> Option<Range<usize>> {
    let slack = 1e-6;
    let [from, to] = edge;
    let (above, below) = (row as f64 + slack, row as f64 + 1.0 - slack);
    // the part of the edge inside the row, as shares of its length
    let drop = to[1] - from[1];
    let (enter, leave) = if drop.abs() < f64::MIN_POSITIVE {
        if from[1] <= above || from[1] >= below {
            return None;
        }
        (0.0, 1.0)
    } else {
        let (a, b) = ((above - from[1]) / drop, (below - from[1]) / drop);
        (a.min(b).max(0.0), a.max(b).min(1.0))
    };
    if enter > leave {
        return None;
    }
    let across = |share: f64| from[0] + share * (to[0] - from[0]);
    let (left, right) = (across(enter).min(across(leave)), across(enter).max(across(leave)));
    let first = (left + slack).floor().clamp(0.0, columns as f64) as usize;
    let past = (right - slack).ceil().clamp(0.0, columns as f64) as usize;
    (first < past).then_some(first..past)
}

/// Burns patches into a map, each over those before it, and gives how many cells each covers: a patch that
/// covers none may lie off the map, or in another reference system.
pub fn burn(map: &mut Raster, patches: &[Patch], cover: Cover, how: Burn) -> Vec<usize> {
    let mut counts = Vec::with_capacity(patches.len());
    for patch in patches {
        let mut count = 0;
        for (row, columns) in self::cover(&patch.rings, map, cover) {
            count += columns.len();
            for column in columns {
                let Some(cell) = map.values.get_mut((row, column)) else { continue };
                *cell = match how {
                    Burn::Replace => patch.value,
                    Burn::Add => *cell + patch.value,
                };
            }
        }
        counts.push(count);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    /// Six rows of eight cells of 10 m from (0, 60).
    fn map() -> Raster {
        Raster { west: 0.0, north: 60.0, cell: 10.0, crs: None, values: Array2::zeros((6, 8)) }
    }

    fn ring(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
        points.iter().copied().chain(points.first().copied()).collect()
    }

    fn drawn(rings: &[Vec<[f64; 2]>], how: Cover) -> Vec<String> {
        let mut map = map();
        let patches = [Patch { rings: rings.to_vec(), value: 1.0 }];
        burn(&mut map, &patches, how, Burn::Add);
        let rows = map.values.rows().into_iter();
        rows.map(|row| {
            row.iter()
                .map(|&value| {
                    if value == 1.0 {
                        '#'
                    } else if value == 0.0 {
                        '.'
                    } else {
                        '2'
                    }
                })
                .collect()
        })
        .collect()
    }

    #[test]
    fn a_square_on_the_lines_covers_its_cells_and_no_others() {
        let square = [ring(&[[20.0, 20.0], [50.0, 20.0], [50.0, 40.0], [20.0, 40.0]])];
        let expected = ["........", "........", "..###...", "..###...", "........", "........"];
        assert_eq!(drawn(&square, Cover::Middle), expected);
        assert_eq!(drawn(&square, Cover::Touched), expected);
    }

    #[test]
    fn middles_and_touched_cells_differ_where_a_polygon_is_thin() {
        let wall = [ring(&[[3.0, 31.0], [62.0, 31.0], [62.0, 33.0], [3.0, 33.0]])];
        assert!(drawn(&wall, Cover::Middle).iter().all(|row| row == "........"));
        let expected = ["........", "........", "#######.", "........", "........", "........"];
        assert_eq!(drawn(&wall, Cover::Touched), expected);
        let slant = [ring(&[[1.0, 59.0], [2.0, 59.0], [39.0, 22.0], [38.0, 22.0]])];
        let expected = ["##......", ".##.....", "..##....", "...#....", "........", "........"];
        assert_eq!(drawn(&slant, Cover::Touched), expected);
    }

    #[test]
    fn a_hole_stays_and_what_lies_beyond_the_map_is_cut() {
        let rings = [
            ring(&[[-50.0, -50.0], [45.0, -50.0], [45.0, 45.0], [-50.0, 45.0]]),
            ring(&[[10.0, 10.0], [30.0, 10.0], [30.0, 30.0], [10.0, 30.0]]),
        ];
        let expected = ["........", "####....", "####....", "#..#....", "#..#....", "####...."];
        let middle = drawn(&rings, Cover::Middle);
        // the row whose middles are at 45 and the column whose middles are at 45 are on the edge: one side each
        assert_eq!(middle[2..], expected[2..]);
        assert!(
            drawn(&[ring(&[[900.0, 0.0], [990.0, 0.0], [990.0, 50.0]])], Cover::Touched)
                .iter()
                .all(|row| row == "........")
        );
    }

    #[test]
    fn polygons_that_share_an_edge_share_no_middle() {
        // a fan of eight triangles around a point, over the whole map
        let centre = [37.0, 33.0];
        let rim: Vec<[f64; 2]> = vec![
            [-1.0, -1.0],
            [35.0, -1.0],
            [81.0, -1.0],
            [81.0, 25.0],
            [81.0, 61.0],
            [45.0, 61.0],
            [-1.0, 61.0],
            [-1.0, 35.0],
        ];
        let patches: Vec<Patch> = (0..rim.len())
            .map(|index| Patch {
                rings: vec![ring(&[centre, rim[index], rim[(index + 1) % rim.len()]])],
                value: 1.0,
            })
            .collect();
        let mut map = map();
        let counts = burn(&mut map, &patches, Cover::Middle, Burn::Add);
        assert!(map.values.iter().all(|&value| value == 1.0), "{:?}", map.values);
        assert_eq!(counts.iter().sum::<usize>(), 48);
    }

    #[test]
    fn later_patches_lie_over_earlier_ones_and_holes_of_the_map_stay_when_added_to() {
        let square = |value| Patch {
            rings: vec![ring(&[[0.0, 40.0], [20.0, 40.0], [20.0, 60.0], [0.0, 60.0]])],
            value,
        };
        let mut map = map();
        map.values[(0, 0)] = f32::NAN;
        assert_eq!(burn(&mut map, &[square(3.0), square(2.0)], Cover::Middle, Burn::Add), [4, 4]);
        assert!(map.values[(0, 0)].is_nan() && map.values[(1, 1)] == 5.0);
        burn(&mut map, &[square(3.0), square(2.0)], Cover::Middle, Burn::Replace);
        assert_eq!(map.values[(0, 0)], 2.0);
        let broken = Patch {
            rings: vec![ring(&[[f64::NAN, 0.0], [10.0, 0.0], [10.0, 10.0]]), Vec::new()],
            value: 1.0,
        };
        burn(&mut map, &[broken], Cover::Touched, Burn::Replace);
    }
}
