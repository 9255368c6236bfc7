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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::DateTime;
    use crate::model::weather::{Gauge, RainKind, RainRecord, RainSurvey};

    #[test]
    fn each_gauge_whose_file_was_read_has_its_line() {
        let day = |day| DateTime::from_date(1949, 1, day);
        let survey = RainSurvey { interval: 3600, first: day(2), last: day(9), with_rain: 7, missing: 3 };
        let record = RainRecord { interval: 900, survey, ..RainRecord::default() };
        let mut model = Model::default();
        for (name, record) in [("unread", None), ("read", Some(record))] {
            let source = RainSource::File {
                path: "rain.dat".into(),
                station: name.into(),
                millimetres: false,
                start: None,
                record,
            };
            let gauge = Gauge { kind: RainKind::Volume, interval: 900, snow_catch: 1.0, source };
            model.gauges.insert(name, gauge);
        }
        let [file] = summaries(&model).try_into().unwrap();
        assert_eq!((file.station.as_str(), file.interval), ("read", 3600));
        assert_eq!((file.first, file.last), (day(2), day(9)));
        assert_eq!((file.with_rain, file.missing, file.malfunctioning), (7, 3, 0));
    }
}
