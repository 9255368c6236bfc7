//! Depth at gauges over time, taken while a run goes on.

use std::io;

use crate::clock::DateTime;
use crate::plot::hydrograph::{Hydrograph, Series};
use crate::plot::{Picture, PlotError, Sheet, Word};
use crate::simulation::street::{Street, StreetSink, View};
use crate::simulation::{Outcome, checkpoint};
use crate::surface::Cell;

/// Most gauges in one picture: more lines cannot be told apart.
const GAUGES: usize = 7;

/// A sink that takes the depth at gauges at reporting times.
#[derive(Clone, Debug, Default)]
pub struct Gauges {
    gauges: Vec<(String, Cell)>,
    times: Vec<DateTime>,
    /// Depths (m) by gauge.
    depths: Vec<Vec<f64>>,
}

impl Gauges {
    /// Gauges by name and cell; those beyond the seventh are not drawn.
    #[must_use]
    pub fn new(gauges: &[(String, Cell)]) -> Self {
        let gauges: Vec<_> = gauges.iter().take(GAUGES).cloned().collect();
        Self { depths: vec![Vec::new(); gauges.len()], gauges, times: Vec::new() }
    }

    /// Depth at all gauges in one picture.
    ///
    /// # Errors
    /// When there is no gauge, or the sheet cannot be drawn on.
    pub fn draw(&self, title: &str, sheet: &Sheet) -> Result<Picture, PlotError> {
        if self.gauges.is_empty() {
            return Err(PlotError::Empty(title.to_owned()));
        }
        let line = |((name, _), depths): (&(String, Cell), &Vec<f64>)| Series {
            name: name.clone(),
            times: self.times.clone(),
            values: depths.clone(),
            ..Series::default()
        };
        let hydrograph = Hydrograph {
            title: title.to_owned(),
            quantity: sheet.word(Word::Depth).to_owned(),
            unit: "m".to_owned(),
            series: self.gauges.iter().zip(&self.depths).map(line).collect(),
            maxima: true,
            ..Hydrograph::default()
        };
        hydrograph.draw(sheet)
    }
}

impl StreetSink for Gauges {
    fn begin(&mut self, _: &Street) -> io::Result<()> {
        Ok(())
    }
    fn record(&mut self, time: DateTime, _: f64, view: &dyn View) -> io::Result<()> {
        self.times.push(time);
        for ((_, cell), depths) in self.gauges.iter().zip(&mut self.depths) {
            depths.push(view.depth(*cell));
        }
        Ok(())
    }
    fn keep(&mut self) -> io::Result<Vec<u8>> {
        checkpoint::bytes(&(&self.times, &self.depths))
    }
    fn go_on(&mut self, _: &Street, kept: &[u8]) -> io::Result<()> {
        (self.times, self.depths) = checkpoint::only(kept)?;
        Ok(())
    }
    fn end(&mut self, _: &Outcome) -> io::Result<()> {
        Ok(())
    }
}
