//! The course of an inundation as a picture that moves: taken while a run goes on, drawn after it.

use std::io;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Place, Quantity};
use crate::clock::DateTime;
use crate::model::raster::{Coarsen, Raster};
use crate::plot::animation::Animation;
use crate::plot::relief::Layer;
use crate::plot::{Language, PlotError, Sheet, Word};
use crate::simulation::street::{Street, StreetSink, View};
use crate::simulation::{Outcome, checkpoint};

/// The most frames of a film, so that neither its file nor what is held of it grows with the length of the run.
const FRAMES: f64 = 48.0;
/// The most cells of a side that a frame holds: more could not be seen.
const SIDE: usize = 1200;
/// How long a frame stands, and the last one (ms).
const STANDS: (u32, u32) = (200, 2000);
/// Frames that are drawn at the same time.
const AT_ONCE: usize = 8;

/// A film in the making: the class of depth of each cell at some times.
///
/// A map with more than 1200 cells a side is held in blocks of cells, each with its mean depth.
#[derive(Clone, Debug)]
pub struct Film {
    place: Place,
    block: usize,
    interval: f64,
    next: f64,
    frames: Vec<Frame>,
}

/// The water at a time.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Frame {
    time: DateTime,
    seconds: f64,
    /// One more than the class of depth of each cell; 0 for none.
    classes: Vec<u8>,
}

impl Film {
    /// A film of a run of a length (s), on a place.
    #[must_use]
    pub fn new(place: &Place, duration: f64) -> Self {
        let block = place.terrain.rows().max(place.terrain.columns()).div_ceil(SIDE).max(1);
        let terrain = place.terrain.coarsen(block, Coarsen::Mean);
        let place = Place { terrain, ..place.clone() };
        Self { place, block, interval: (duration / FRAMES).max(0.0), next: 0.0, frames: Vec::new() }
    }

    /// Takes a frame, if it is time for one: `depth` has the cells of the place.
    pub fn take(&mut self, time: DateTime, seconds: f64, depth: impl FnOnce() -> Raster) {
        // a hair of slack, so that a report step that divides the interval is not missed by round-off
        if seconds < self.next - 1e-6 {
            return;
        }
        while self.next <= seconds + 1e-6 && self.interval > 0.0 {
            self.next += self.interval;
        }
        let depth = depth();
        let depth = if self.block > 1 { depth.coarsen(self.block, Coarsen::Mean) } else { depth };
        let classes = Quantity::Depth.classes(&self.place.scales, Language::En);
        let class = |&depth: &f32| classes.of(depth).map_or(0, |class| class as u8 + 1);
        self.frames.push(Frame { time, seconds, classes: depth.values.iter().map(class).collect() });
    }

    /// How many frames there are.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames.len()
    }

    /// Draws the film.
    ///
    /// # Errors
    /// When it has no frame, or a frame cannot be drawn.
    pub fn draw(&self, title: &str, sheet: &Sheet) -> Result<Animation, PlotError> {
        if self.frames.is_empty() {
            return Err(PlotError::Empty("a film without frames".to_owned()));
        }
        let mut animation = Animation::new(sheet.width as usize, sheet.height as usize);
        let last = self.frames.len() - 1;
        let numbered: Vec<(usize, &Frame)> = self.frames.iter().enumerate().collect();
        for some in numbered.chunks(AT_ONCE) {
            let drawn: Vec<_> = some.par_iter().map(|(_, frame)| self.picture(frame, title, sheet)).collect();
            for ((index, _), pixels) in some.iter().zip(drawn) {
                let stands = if *index == last { STANDS.1 } else { STANDS.0 };
                animation.add(pixels?, stands).map_err(|error| PlotError::Mismatch(error.to_string()))?;
            }
        }
        Ok(animation)
    }

    /// The pixels of a frame.
    fn picture(&self, frame: &Frame, title: &str, sheet: &Sheet) -> Result<Vec<u8>, PlotError> {
        let classes = Quantity::Depth.classes(&self.place.scales, sheet.language);
        // any value of a class stands for it
        let least = |&class: &u8| {
            let class = usize::from(class).checked_sub(1).and_then(|class| classes.classes.get(class));
            class.map_or(f32::NAN, |class| class.from)
        };
        let mut values = Raster::filled_like(&self.place.terrain, f32::NAN);
        values.values.iter_mut().zip(&frame.classes).for_each(|(value, class)| *value = least(class));
        let heading = sheet.language.with_unit(sheet.word(Word::Depth), "m");
        let mut relief = self.place.relief(title, Some(Layer { heading, values, classes }));
        relief.note = clock(frame, sheet);
        Ok(relief.draw(sheet)?.pixels())
    }
}

/// The time of a frame and how long the run has gone on: `2026-07-20 16:35 (+2:35)`.
fn clock(frame: &Frame, sheet: &Sheet) -> String {
    let (year, month, day) = frame.time.date();
    let (hour, minute, _) = frame.time.time();
    let minutes = (frame.seconds / 60.0).round() as u64;
    let since = format!("+{}:{:02}", minutes / 60, minutes % 60);
    let date = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}");
    sheet.language.of(format!("{date} ({since})"), format!("{date}（{since}）"))
}

impl StreetSink for Film {
    fn begin(&mut self, _: &Street) -> io::Result<()> {
        Ok(())
    }
    fn record(&mut self, time: DateTime, seconds: f64, view: &dyn View) -> io::Result<()> {
        self.take(time, seconds, || depth(view));
        Ok(())
    }
    fn keep(&mut self) -> io::Result<Vec<u8>> {
        checkpoint::bytes(&(self.next, &self.frames))
    }
    fn go_on(&mut self, _: &Street, kept: &[u8]) -> io::Result<()> {
        (self.next, self.frames) = checkpoint::only(kept)?;
        Ok(())
    }
    fn end(&mut self, _: &Outcome) -> io::Result<()> {
        Ok(())
    }
}

/// Depth at a time.
fn depth(view: &dyn View) -> Raster {
    let grid = view.grid();
    let values = grid.all().map(|cell| view.depth(cell) as f32).collect();
    let values = ndarray::Array2::from_shape_vec((grid.rows, grid.columns), values).unwrap_or_default();
    Raster { west: grid.west, north: grid.north, cell: grid.size, crs: None, values }
}
