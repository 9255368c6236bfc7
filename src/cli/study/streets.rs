//! The streets of a study, ready to be drawn.

use crate::assess::Case;
use crate::input::hazard_table;
use crate::plot::inundation::{Place, Scales};
use crate::report::kept_maps::{KeptMaps, StreetMaterial};
use crate::study::{RunRow, State, Store, Study};

/// The ground of a study and the maps of its runs.
pub(super) struct Drawn<'a> {
    place: Place,
    maps: KeptMaps<'a>,
}

impl<'a> Drawn<'a> {
    /// The ground and the maps; `None` where no run had a surface, or its ground cannot be read any more: then there
    /// are no maps, and what keeps it from being read was said when the runs were made.
    pub(super) fn of(study: &Study, store: &'a Store, rows: &[RunRow]) -> Option<Self> {
        let of_row = |row: &RunRow| {
            let State::Done(digest) = &row.state else { return None };
            let seconds = digest.street.as_ref()?.series.time.last().copied().unwrap_or(0.0);
            let spec = &row.spec;
            let case = Case { horizon: spec.horizon, storm: spec.storm.unwrap_or(0), stage: spec.stage };
            Some((seconds, (spec.option, case, row.key.clone()?)))
        };
        let runs: Vec<_> = rows.iter().filter_map(of_row).collect();
        let duration = runs.iter().map(|(seconds, _)| *seconds).reduce(f64::max)?;
        let streets = study.streets()?.ok()?;
        let people = hazard_table::embedded().ok()?.people.breaks;
        let (model, _) = study.built(0, 0).ok()?.network.runnable().ok()?;
        let place = Place::on(streets.ground(), streets.around(), &model, Scales { duration, people });
        Some(Self { place, maps: KeptMaps::new(store, runs.into_iter().map(|(_, run)| run)) })
    }
    /// What pictures and the report are made from.
    pub(super) fn material(&self) -> StreetMaterial<'_> {
        StreetMaterial { place: &self.place, maps: &self.maps }
    }
}
