//! Volumes at places of a map, as discs whose area is the volume: what came up and what went down.

use crate::plot::axis::{number, plain_number};
use crate::plot::colour::Colour;
use crate::plot::heading::Sample;
use crate::plot::scene::{Point, Scene, Stroke};
use crate::plot::{Sheet, Word};

/// Radius of the disc of the greatest volume, pixels of a standard sheet.
const LARGEST: f64 = 26.0;
/// Radius of the largest disc that fits into a line of the legend.
const SAMPLE: f64 = 13.0;
/// Water that comes up, and water that goes down.
const UP: Colour = Colour::VERMILION;
const DOWN: Colour = Colour::BLUE;

/// What one place gave to the surface and took from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bubble {
    /// Where it is, in the coordinates of the ground.
    pub at: [f64; 2],
    /// Volume that came up (m³).
    pub up: f64,
    /// Volume that went down (m³).
    pub down: f64,
}

/// What places gave to the surface and took from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bubbles {
    /// What they are, the head of their legend.
    pub heading: String,
    /// The places.
    pub bubbles: Vec<Bubble>,
    /// The volume that the largest disc stands for (m³); that of the places themselves where it is less. Maps that
    /// lie side by side share one.
    pub greatest: f64,
    /// Volumes below this are not drawn (m³).
    pub least: f64,
}

impl Bubbles {
    /// The volume of the largest disc (m³).
    fn scale(&self) -> f64 {
        let volumes = self.bubbles.iter().flat_map(|bubble| [bubble.up, bubble.down]);
        volumes.filter(|volume| volume.is_finite()).fold(self.greatest, f64::max)
    }
    /// Radius of the disc of a volume, pixels.
    fn radius(&self, volume: f64, unit: f64) -> f64 {
        LARGEST * unit * (volume / self.scale()).max(0.0).sqrt()
    }
    /// The discs, large ones first, so that none hides another; of one place the larger of its two lies below.
    pub(super) fn draw(&self, scene: &mut Scene, pixel: impl Fn([f64; 2]) -> Point, unit: f64) {
        let parts =
            self.bubbles.iter().flat_map(|bubble| [(bubble, bubble.up, UP), (bubble, bubble.down, DOWN)]);
        let mut discs: Vec<_> =
            parts.filter(|(_, volume, _)| *volume > 0.0 && *volume >= self.least).collect();
        // the sort is stable: equal volumes stay in the order of the places
        discs.sort_by(|a, b| b.1.total_cmp(&a.1));
        for (bubble, volume, colour) in discs {
            let radius = self.radius(volume, unit).max(1.5 * unit);
            let edge = Stroke::solid(Colour::WHITE, 1.2 * unit);
            scene.disc(pixel(bubble.at), radius, Some(colour), Some(edge));
        }
    }
    /// Lines of the legend: a sample, what it means, a number.
    pub(super) fn legend(&self, sheet: &Sheet) -> Vec<(Sample, String, String)> {
        let unit = sheet.unit();
        let sum =
            |of: fn(&Bubble) -> f64| self.bubbles.iter().map(of).filter(|volume| *volume > 0.0).sum::<f64>();
        let round = |volume: f64| number(volume, if volume < 99.95 { 1 } else { 0 });
        let line = |colour: Colour, word: Word, volume: f64| {
            let sample = Sample::Disc(0.6 * SAMPLE * unit, colour, Stroke::solid(Colour::WHITE, 1.2 * unit));
            (sample, sheet.word(word).to_owned(), round(volume))
        };
        let mut lines = vec![
            line(UP, Word::CameUp, sum(|bubble| bubble.up)),
            line(DOWN, Word::WentDown, sum(|bubble| bubble.down)),
        ];
        let reference = rounded_down(self.scale() * (SAMPLE / LARGEST).powi(2));
        if reference > 0.0 {
            let ring = Stroke::solid(Colour::INK, 1.2 * unit);
            let sample = Sample::Disc(self.radius(reference, unit), Colour::WHITE, ring);
            lines.push((sample, format!("{} m³", plain_number(reference)), String::new()));
        }
        lines
    }
}

/// The greatest of 1, 2, 5, 10, 20, … that is not above a value; 0 for nothing.
fn rounded_down(value: f64) -> f64 {
    if !(value > 0.0 && value.is_finite()) {
        return 0.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|step| step * power).find(|step| *step <= value).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_of_a_disc_is_its_volume() {
        let bubble = |up: f64| Bubble { at: [0.0, 0.0], up, down: 0.0 };
        let bubbles = Bubbles { bubbles: vec![bubble(400.0), bubble(100.0)], ..Bubbles::default() };
        assert!((bubbles.radius(400.0, 1.0) - LARGEST).abs() < 1e-12);
        assert!((bubbles.radius(100.0, 1.0) - 0.5 * LARGEST).abs() < 1e-12);
        let shared = Bubbles { greatest: 1600.0, ..bubbles };
        assert!((shared.radius(400.0, 1.0) - 0.5 * LARGEST).abs() < 1e-12, "maps side by side share a scale");
    }

    #[test]
    fn the_sample_of_the_legend_is_a_round_volume() {
        assert_eq!([0.0, 0.7, 3.9, 5.0, 1234.0].map(rounded_down), [0.0, 0.5, 2.0, 5.0, 1000.0]);
    }
}
