//! A storm on a network: all gauges read its hyetograph.

use crate::clock::DateTime;
use crate::diagnostic::Diagnostic;
use crate::forcing::design_storm::{Hyetograph, design_rain};
use crate::input::inp::Section;
use crate::model::options::Options;
use crate::scenario::storm::RainSource;
use crate::scenario::study::{HorizonTable, StudyStorm};

use super::super::editor::Editor;
use super::super::network::Network;
use super::length::{Length, clock, set_option};
use super::series::{self, Names};

/// The rain of a run.
#[derive(Clone, Debug)]
pub(super) struct RunRain {
    /// Name of the storm.
    pub name: String,
    /// The rain, all factors included.
    pub hyetograph: Hyetograph,
    /// Start of the run.
    pub start: DateTime,
    /// When the rain begins, s after the start of the run.
    pub begins_s: f64,
    /// What is to be known of the storm.
    pub warnings: Vec<Diagnostic>,
}

impl RunRain {
    /// Length of the run, s.
    pub fn run_s(&self, length: &Length) -> f64 {
        self.begins_s + self.hyetograph.duration_s() + length.after
    }
    /// The middle of the wettest step, s after the start of the run.
    pub fn peak_s(&self) -> f64 {
        self.begins_s + self.hyetograph.peak().0 + 0.5 * f64::from(self.hyetograph.step_s)
    }
}

/// The rain of a storm. The run starts when the network says, or with the record that has a date of its own.
pub(super) fn of_storm(
    storm: &StudyStorm,
    horizon: &HorizonTable,
    length: &Length,
    options: &Options,
) -> Result<RunRain, Diagnostic> {
    let name = storm.rain.name.clone();
    let of_storm = |problem: Diagnostic| problem.of(format!("Storm {name}"));
    let rain = design_rain(&storm.rain).map_err(|error| of_storm(error.into()))?;
    let uplift = horizon.rain_uplift.unwrap_or(1.0);
    if !(uplift > 0.0 && uplift.is_finite()) {
        let message = format!("an uplift of rain of {uplift} is none");
        return Err(Diagnostic::error(0, message).help("it is a factor: 1.1 for ten percent more"));
    }
    let record_start = match &storm.rain.source {
        RainSource::Series(record) => record.start,
        _ => None,
    };
    // options name whole seconds
    let start = record_start.map_or(options.start, |start| {
        let first = start.plus_seconds(-length.before);
        DateTime(first.0.div_euclid(1000) * 1000)
    });
    let begins_s = record_start.map_or(length.before, |record| record.seconds_since(start).round());
    let hyetograph = if uplift == 1.0 { rain.hyetograph } else { rain.hyetograph.scaled(uplift) };
    let warnings = rain.warnings.into_iter().map(of_storm).collect();
    Ok(RunRain { name: name.clone(), hyetograph, start, begins_s, warnings })
}

/// Lets all gauges read the rain. Series that they read before stay in the text, unread.
pub(super) fn put(
    editor: &mut Editor,
    network: &Network,
    rain: &RunRain,
) -> Result<Vec<Diagnostic>, Diagnostic> {
    let rows = editor.section(Section::Raingages);
    if rows.is_empty() {
        return Err(Diagnostic::error(0, format!("no rain gauge takes the storm {}", rain.name))
            .help("add a gauge to [RAINGAGES] of the network and name it in [SUBCATCHMENTS]"));
    }
    let series = Names::of(network).free("rain", &rain.name);
    let step = clock(u64::from(rain.hyetograph.step_s));
    let gauges: Vec<Vec<String>> = rows.iter().map(|row| editor.fields(*row)).collect();
    let from_series = |gauge: &Vec<String>| gauge.len() == 6;
    if gauges.iter().all(from_series) {
        for row in rows {
            for (field, value) in
                [(1, "INTENSITY"), (2, step.as_str()), (4, "TIMESERIES"), (5, series.as_str())]
            {
                editor.set(row, field, value, "*");
            }
        }
    } else {
        // rows of rain files have other fields; all are written anew, which keeps their order
        for (row, gauge) in rows.into_iter().zip(&gauges) {
            let field = |index: usize, otherwise: &str| {
                gauge.get(index).map_or_else(|| otherwise.to_owned(), Clone::clone)
            };
            editor.remove(row);
            let (name, catch) = (field(0, ""), field(3, "1.0"));
            let fields = [&name, "INTENSITY", &step, &catch, "TIMESERIES", &series];
            editor.add(Section::Raingages, &fields);
        }
    }
    series::add(editor, &series, &entries(rain, network.model.units.rain_rate));
    Ok(clear_the_way(editor, network))
}

/// Entries of the series, elapsed s and the user's unit of intensity: wet steps, and the first dry one after
/// each, since dry steps mean nothing to a gauge but its interval is told from the distance of entries.
fn entries(rain: &RunRain, rain_rate: f64) -> Vec<(f64, f64)> {
    let step_s = f64::from(rain.hyetograph.step_s);
    let intensities = rain.hyetograph.intensities_mm_per_h().into_iter().chain([0.0]);
    let mut was_wet = false;
    let mut found = Vec::new();
    for (index, intensity) in intensities.enumerate() {
        let wet = intensity > 0.0;
        if wet || was_wet {
            let metres_per_second = intensity / 3.6e6;
            found.push((rain.begins_s + index as f64 * step_s, metres_per_second / rain_rate));
        }
        was_wet = wet;
    }
    if found.is_empty() {
        found.push((rain.begins_s, 0.0));
    }
    found
}

/// Takes away what would keep the storm from the network, and says so.
fn clear_the_way(editor: &mut Editor, network: &Network) -> Vec<Diagnostic> {
    let model = &network.model;
    let mut warnings = Vec::new();
    if model.options.ignore_rainfall {
        set_option(editor, "IGNORE_RAINFALL", "NO");
        warnings.push(Diagnostic::warning(0, "the network ignores rain; its runs with storms do not"));
    }
    if !model.options.events.is_empty() {
        for row in editor.section(Section::Events) {
            editor.remove(row);
        }
        let message = "the network routes its [EVENTS] only; its runs with storms are routed throughout";
        warnings.push(Diagnostic::warning(0, message));
    }
    if model.adjustments.rainfall.iter().any(|factor| *factor != 1.0) {
        let message = "the monthly factors of rain in [ADJUSTMENTS] act on storms too";
        warnings
            .push(Diagnostic::warning(0, message).help("take them out of the network if they should not"));
    }
    warnings
}
