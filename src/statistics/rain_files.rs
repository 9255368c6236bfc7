//! What the rain files of a model hold, as SWMM's report lists it.

use super::summary::RainFile;
use crate::model::Model;
use crate::model::weather::RainSource;

/// The rain files that were read, by gauge.
///
/// SWMM has a column of malfunctions in which it never counts any; so do we.
pub fn summaries(model: &Model) -> Vec<RainFile> {
    let files = model.gauges.items().iter().filter_map(|gauge| match &gauge.source {
        RainSource::File { station, record: Some(record), .. } => Some((station, &record.survey)),
        RainSource::File { record: None, .. } | RainSource::Series(_) => None,
    });
    files
        .map(|(station, survey)| RainFile {
            station: station.clone(),
            first: survey.first,
            last: survey.last,
            interval: survey.interval,
            with_rain: survey.with_rain,
            missing: survey.missing,
            malfunctioning: 0,
        })
        .collect()
}
