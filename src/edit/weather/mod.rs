//! The weather of a run as edits of a network: the storm, the river stage, the length of the run, and what has
//! grown by a horizon.
//!
//! [`grow`] and [`stop_pumps`] make the network of a horizon; [`Weather::text`] puts rain on it, sets the levels at its
//! outfalls and says how long the run is. All leave every byte alone that they have no reason to change.

mod growth;
mod length;
mod outage;
mod rain;
mod series;
mod stage;
#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::input::inp::document::Document;
use crate::scenario::study::{HorizonTable, RunLength, Stage, StudyStorm};

use super::editor::Editor;
use super::network::Network;

pub use growth::grow;
pub use outage::stop_pumps;

/// The weather of one run.
#[derive(Clone, Copy, Debug)]
pub struct Weather<'a> {
    /// The storm; `None` for the rain that the network has.
    pub storm: Option<&'a StudyStorm>,
    /// The river stage or tide.
    pub stage: &'a Stage,
    /// The horizon, for the uplift of rain and the rise of stages; [`grow`] and [`stop_pumps`] do the rest of it.
    pub horizon: &'a HorizonTable,
    /// How long runs are, where the storm does not say otherwise.
    pub run: &'a RunLength,
    /// Outfalls that are treatment works: no river stands at them, so that `*` does not mean them and a rise
    /// of stages does not reach them.
    pub treatment_works: &'a [String],
}

/// A network under some weather, as text that is still to be read.
#[derive(Clone, Debug)]
pub struct Weathered {
    /// The text.
    pub document: Document,
    /// Length of the run, s.
    pub duration_s: f64,
    /// What the engineer should know: doubtful storms, steps that had to give way.
    pub warnings: Vec<Diagnostic>,
}

impl Weather<'_> {
    /// The text of a network under this weather.
    ///
    /// # Errors
    /// When there is no such storm, the network has no gauge for it, or a number cannot be: all problems.
    pub fn text(&self, network: &Network) -> Result<Weathered, Vec<Diagnostic>> {
        let mut editor = Editor::new(network);
        let mut warnings = Vec::new();
        let mut problems = Vec::new();
        let options = &network.model.options;
        let length = length::of_run(self.storm.map(|storm| &storm.run), self.run)?;
        let mut rain = None;
        if let Some(storm) = self.storm {
            match rain::of_storm(storm, self.horizon, &length, options) {
                Ok(found) => rain = Some(found),
                Err(problem) => problems.push(problem),
            }
        }
        if let Some(rain) = &rain {
            warnings.extend(rain.warnings.iter().cloned());
            match rain::put(&mut editor, network, rain) {
                Ok(found) => warnings.extend(found),
                Err(problem) => problems.push(problem),
            }
            length::set_dates(&mut editor, network, rain, &length);
        } else if self.storm.is_none() && self.horizon.rain_uplift.is_some_and(|factor| factor != 1.0) {
            let message = "the uplift of rain has no effect on a run without a storm";
            warnings.push(Diagnostic::warning(0, message));
        }
        warnings.extend(length::set_steps(&mut editor, network, &length));
        let duration_s = rain.as_ref().map_or(options.duration() as f64, |rain| rain.run_s(&length));
        let levels = stage::Levels {
            stage: self.stage,
            rise: self.stage.table.raised_by.map_or(0.0, |rise| rise.0)
                + self.horizon.stage_rise.map_or(0.0, |rise| rise.0),
            rise_of_modelled: self.horizon.stage_rise.map_or(0.0, |rise| rise.0),
            rain_peak_s: rain.as_ref().map(rain::RunRain::peak_s),
            duration_s,
            treatment_works: self.treatment_works,
        };
        warnings.extend(levels.put(&mut editor, network));
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Weathered { document: editor.text()?, duration_s, warnings })
    }
}
