//! Hill-shade: how bright ground is under a sun in the north-west.

use ndarray::Array2;

use crate::model::raster::Raster;

/// Where the sun stands: azimuth from north clockwise, height above the horizon (degrees). From the north-west,
/// where no sun stands in the north of the globe, since maps lit from below are read upside down.
const SUN: (f64, f64) = (315.0, 45.0);
/// The gradient that ground is raised to where it is steepest but for a tenth of the cells.
const STEEP: f64 = 0.5;
/// The most that heights are raised: beyond it, noise of the survey would look like hills.
const MOST_RAISED: f64 = 20.0;

/// Gradients of a cell, towards the east and the north: of the plane that fits its neighbours, the nearer ones
/// counting twice. Unknown neighbours stand as high as the cell. Source: Horn (1981), *Hill shading and the
/// reflectance map*, Proceedings of the IEEE 69(1), eq. for weighted differences.
fn gradients(terrain: &Raster, row: usize, column: usize) -> (f64, f64) {
    let own = terrain.values[(row, column)];
    let at = |down: isize, right: isize| -> f64 {
        let cell = row.checked_add_signed(down).zip(column.checked_add_signed(right));
        let value = cell.and_then(|cell| terrain.values.get(cell)).copied().filter(|value| !value.is_nan());
        f64::from(value.unwrap_or(own))
    };
    let east = at(-1, 1) + 2.0 * at(0, 1) + at(1, 1) - at(-1, -1) - 2.0 * at(0, -1) - at(1, -1);
    let north = at(-1, -1) + 2.0 * at(-1, 0) + at(-1, 1) - at(1, -1) - 2.0 * at(1, 0) - at(1, 1);
    (east / (8.0 * terrain.cell), north / (8.0 * terrain.cell))
}

/// Brightness of a slope, 0 to 1: the cosine of the angle between its normal and the direction of the sun.
fn brightness(east: f64, north: f64) -> f64 {
    let (azimuth, height) = (SUN.0.to_radians(), SUN.1.to_radians());
    let sun = [azimuth.sin() * height.cos(), azimuth.cos() * height.cos(), height.sin()];
    let normal = [-east, -north, 1.0];
    let length = normal.iter().map(|part| part * part).sum::<f64>().sqrt();
    (normal.iter().zip(sun).map(|(part, sun)| part * sun).sum::<f64>() / length).max(0.0)
}

/// Brightness of every cell, 0 to 1; NaN where the ground is unknown. Flat country is raised until its relief
/// shows: by a factor, at most twenty, that follows from the map alone.
pub fn shade(terrain: &Raster) -> Array2<f32> {
    let slopes = Array2::from_shape_fn(terrain.values.dim(), |(row, column)| {
        let (east, north) = gradients(terrain, row, column);
        (east as f32, north as f32)
    });
    let mut steepness: Vec<f32> =
        slopes.iter().map(|&(east, north)| east.hypot(north)).filter(|slope| slope.is_finite()).collect();
    let place = (steepness.len() * 9 / 10).min(steepness.len().saturating_sub(1));
    let steep = if steepness.is_empty() {
        0.0
    } else {
        f64::from(*steepness.select_nth_unstable_by(place, f32::total_cmp).1)
    };
    let raised = if steep > 0.0 { (STEEP / steep).clamp(1.0, MOST_RAISED) } else { 1.0 };
    Array2::from_shape_fn(slopes.dim(), |cell| {
        if terrain.values[cell].is_nan() {
            return f32::NAN;
        }
        let (east, north) = slopes[cell];
        brightness(raised * f64::from(east), raised * f64::from(north)) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(east: f64, north: f64) -> Raster {
        let values = Array2::from_shape_fn((5, 5), |(row, column)| {
            (2.0 * (east * column as f64 - north * row as f64)) as f32
        });
        Raster { west: 0.0, north: 10.0, cell: 2.0, crs: None, values }
    }

    #[test]
    fn the_gradient_of_a_plane_is_its_own() {
        let (east, north) = gradients(&plane(0.25, -0.5), 2, 2);
        assert!((east - 0.25).abs() < 1e-6 && (north + 0.5).abs() < 1e-6, "{east} {north}");
    }

    #[test]
    fn slopes_that_face_the_sun_are_brighter() {
        let flat = brightness(0.0, 0.0);
        assert!((flat - 0.5_f64.sqrt()).abs() < 1e-12, "the sine of 45 degrees");
        // ground that falls towards the north-west at 45 degrees looks into the sun
        let half = 0.5_f64.sqrt();
        assert!((brightness(half, -half) - 1.0).abs() < 1e-12);
        assert!(brightness(-half, half).abs() < 1e-12, "the other side is dark");
    }

    #[test]
    fn unknown_ground_is_neither_bright_nor_dark_nor_an_edge() {
        let mut map = plane(0.0, 0.0);
        map.values[(2, 2)] = f32::NAN;
        let shade = shade(&map);
        assert!(shade[(2, 2)].is_nan());
        assert!(
            shade.iter().filter(|value| !value.is_nan()).all(|value| (value - 0.5_f32.sqrt()).abs() < 1e-6)
        );
    }
}
