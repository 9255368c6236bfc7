//! Outlines of cells that hang together: puddles as polygons along the edges of their cells.

use ndarray::Array2;

/// Cells that touch each other along an edge, and the line around them.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// Its cells, `(row, column)`, in the order of rows.
    pub cells: Vec<(usize, usize)>,
    /// The line around it, then the lines around its holes, along corners of cells: `[row, column]` of a corner
    /// is that of the cell to its south-east. Each is closed. In a map with the north above, the first runs
    /// against the clock and holes run with it. Lines may touch at corners and cross nowhere.
    pub rings: Vec<Vec<[usize; 2]>>,
}

/// The directions along edges of cells: east, north, west, south.
const STEPS: [(isize, isize); 4] = [(0, 1), (-1, 0), (0, -1), (1, 0)];

/// The outlines of all groups of cells in a mask, in the order of their first cell, row by row.
#[must_use]
pub fn outlines(mask: &Array2<bool>) -> Vec<Outline> {
    let mut group = Array2::<u32>::zeros(mask.dim());
    let mut found = Vec::new();
    for (start, &is_in) in mask.indexed_iter() {
        if is_in && group[start] == 0 {
            let number = found.len() as u32 + 1;
            let cells = gather(mask, &mut group, start, number);
            let rings = rings(&cells, &group, number);
            found.push(Outline { cells, rings });
        }
    }
    found
}

/// The cells that hang together with one, marked by the number of their group.
fn gather(
    mask: &Array2<bool>,
    group: &mut Array2<u32>,
    start: (usize, usize),
    number: u32,
) -> Vec<(usize, usize)> {
    group[start] = number;
    let mut cells = vec![start];
    let mut next = 0;
    while let Some(&(row, column)) = cells.get(next) {
        next += 1;
        for (down, right) in STEPS {
            let Some(beside) = row.checked_add_signed(down).zip(column.checked_add_signed(right)) else {
                continue;
            };
            if mask.get(beside).copied().unwrap_or(false) && group[beside] == 0 {
                group[beside] = number;
                cells.push(beside);
            }
        }
    }
    cells.sort_unstable();
    cells
}

/// The rings around a group, the outer one first. Edges are walked with the group on the left; where two of its
/// cells meet at a corner only, the walk turns right, which parts a hole there from the outer line.
fn rings(cells: &[(usize, usize)], group: &Array2<u32>, number: u32) -> Vec<Vec<[usize; 2]>> {
    let is_in = |row: Option<usize>, column: Option<usize>| {
        row.zip(column).is_some_and(|cell| group.get(cell).copied() == Some(number))
    };
    // whether the edge that leaves a corner in a direction has the group on its left and not on its right
    let is_edge = |[row, column]: [usize; 2], direction: usize| {
        let (above, left) = (row.checked_sub(1), column.checked_sub(1));
        let (row, column) = (Some(row), Some(column));
        let (on_left, on_right) = match direction {
            0 => ((above, column), (row, column)),
            1 => ((above, left), (above, column)),
            2 => ((row, left), (above, left)),
            _ => ((row, column), (row, left)),
        };
        is_in(on_left.0, on_left.1) && !is_in(on_right.0, on_right.1)
    };
    // a ring passes each of its southern edges of cells eastward: each such edge begins one, unless it is done
    let mut done = std::collections::BTreeSet::new();
    let mut rings: Vec<Vec<[usize; 2]>> = Vec::new();
    for &(row, column) in cells {
        let start = [row + 1, column];
        if !is_edge(start, 0) || done.contains(&start) {
            continue;
        }
        let (mut corner, mut direction) = (start, 0);
        let mut ring = Vec::new();
        loop {
            if direction == 0 {
                done.insert(corner);
            }
            let (down, right) = STEPS[direction];
            corner = [corner[0].wrapping_add_signed(down), corner[1].wrapping_add_signed(right)];
            let turns = [(direction + 3) % 4, direction, (direction + 1) % 4];
            let Some(next) = turns.into_iter().find(|&next| is_edge(corner, next)) else { break };
            if next != direction {
                ring.push(corner);
            }
            direction = next;
            if corner == start && direction == 0 {
                break;
            }
        }
        if let Some(&first) = ring.first() {
            ring.push(first);
        }
        rings.push(ring);
    }
    // the outer ring is the one that runs against the clock
    rings.sort_by_key(|ring| twice_area(ring) <= 0);
    rings
}

/// Twice the area within a ring, above zero when it runs against the clock in a map with the north above.
fn twice_area(ring: &[[usize; 2]]) -> i64 {
    let pairs = ring.iter().zip(ring.iter().skip(1));
    // rows grow southward: y is minus the row
    pairs.map(|(a, b)| a[0] as i64 * b[1] as i64 - b[0] as i64 * a[1] as i64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(rows: &[&str]) -> Array2<bool> {
        let columns = rows[0].len();
        Array2::from_shape_fn((rows.len(), columns), |(row, column)| rows[row].as_bytes()[column] == b'#')
    }

    #[test]
    fn one_cell_has_four_corners_against_the_clock() {
        let found = outlines(&mask(&["...", ".#.", "..."]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].rings, [vec![[2, 2], [1, 2], [1, 1], [2, 1], [2, 2]]]);
        assert_eq!(twice_area(&found[0].rings[0]), 2);
    }

    #[test]
    fn a_hole_is_a_ring_of_its_own() {
        let found = outlines(&mask(&["####", "#.##", "####"]));
        assert_eq!(found[0].rings.len(), 2);
        assert_eq!(twice_area(&found[0].rings[0]), 24);
        assert_eq!(twice_area(&found[0].rings[1]), -2);
    }

    #[test]
    fn cells_that_meet_at_a_corner_are_two_groups_and_part_a_hole_from_the_outer_line() {
        assert_eq!(outlines(&mask(&["#.", ".#"])).len(), 2);
        // the middle hangs together with the outside at a corner only
        let found = outlines(&mask(&["##.", "#.#", "###"]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].rings.iter().map(|ring| twice_area(ring)).collect::<Vec<_>>(), [16, -2]);
    }

    #[test]
    fn the_rings_hold_as_much_area_as_there_are_cells() {
        let mut state = 7_u64;
        for _ in 0..50 {
            let noise = Array2::from_shape_fn((13, 17), |_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                state >> 62 != 0
            });
            let found = outlines(&noise);
            let cells: usize = found.iter().map(|outline| outline.cells.len()).sum();
            assert_eq!(cells, noise.iter().filter(|&&is_in| is_in).count());
            for outline in &found {
                let areas: Vec<i64> = outline.rings.iter().map(|ring| twice_area(ring)).collect();
                assert!(areas[0] > 0 && areas[1..].iter().all(|&area| area < 0), "{areas:?}");
                assert_eq!(areas.iter().sum::<i64>(), 2 * outline.cells.len() as i64);
                for ring in &outline.rings {
                    let mut corners = ring[1..].to_vec();
                    corners.sort_unstable();
                    corners.dedup();
                    assert_eq!(corners.len(), ring.len() - 1, "no corner is passed twice: {ring:?}");
                }
            }
        }
    }
}
