//! Lines through which the passing water is counted.

use super::grid::{Grid, PAD};

/// A staircase of faces from one corner of cells to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Faces that cross a row: place and 1 if eastward flow counts as positive, else -1.
    pub(crate) along_row: Vec<(usize, f64)>,
    /// Faces that cross a column: place and 1 if southward flow counts as positive, else -1.
    pub(crate) along_column: Vec<(usize, f64)>,
    /// Its ends (m).
    ends: [(f64, f64); 2],
}

impl Line {
    /// The line between two points, on corners of cells nearest to it and clipped to the map. Seen along the line,
    /// flow from left to right is positive.
    #[must_use]
    pub fn between(grid: &Grid, from: (f64, f64), to: (f64, f64)) -> Self {
        let corner = |(x, y): (f64, f64)| {
            let column = ((x - grid.west) / grid.size).round().clamp(0.0, grid.columns as f64);
            let row = ((grid.north - y) / grid.size).round().clamp(0.0, grid.rows as f64);
            (row as i64, column as i64)
        };
        let ((mut row, mut column), (last_row, last_column)) = (corner(from), corner(to));
        let (down, across) = (last_row - row, last_column - column);
        let (rows, columns) = (down.abs(), across.abs());
        let (mut line, stride) =
            (Self { along_row: Vec::new(), along_column: Vec::new(), ends: [from, to] }, grid.stride());
        let place = |row: i64, column: i64| (row as usize + PAD) * stride + column as usize + PAD;
        let (mut done_rows, mut done_columns) = (0, 0);
        while done_rows < rows || done_columns < columns {
            // the step that stays nearer to the straight line
            if done_columns == columns
                || (done_rows < rows && (2 * done_rows + 1) * columns < (2 * done_columns + 1) * rows)
            {
                // southward: its right hand is west, so eastward flow is negative
                let top = if down > 0 { row } else { row - 1 };
                line.along_row.push((place(top, column), if down > 0 { -1.0 } else { 1.0 }));
                row += down.signum();
                done_rows += 1;
            } else {
                // eastward: its right hand is south
                let left = if across > 0 { column } else { column - 1 };
                line.along_column.push((place(row, left), if across > 0 { 1.0 } else { -1.0 }));
                column += across.signum();
                done_columns += 1;
            }
        }
        line
    }

    /// The same line on the corners of another grid.
    pub(crate) fn on(&self, grid: &Grid) -> Self {
        Self::between(grid, self.ends[0], self.ends[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_staircase_with_its_right_hand_positive() {
        let grid = Grid { west: 0.0, north: 10.0, size: 1.0, rows: 10, columns: 10 };
        let east = Line::between(&grid, (0.0, 5.0), (10.0, 5.0));
        assert_eq!((east.along_row.len(), east.along_column.len()), (0, 10));
        assert!(east.along_column.iter().all(|f| f.1 == 1.0));
        let south = Line::between(&grid, (5.0, 10.0), (5.0, 0.0));
        assert!(south.along_row.len() == 10 && south.along_row.iter().all(|f| f.1 == -1.0));
        let slant = Line::between(&grid, (0.0, 0.0), (4.0, 2.0));
        assert_eq!((slant.along_row.len(), slant.along_column.len()), (2, 4));
        assert!(slant.along_row.iter().all(|f| f.1 == 1.0), "northward: the right hand is east");
    }
}
