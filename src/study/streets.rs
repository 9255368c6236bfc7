//! What the runs of a study with a surface share: the ground, and what stands on it.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Severity};
use crate::edit::Site;
use crate::input::buildings::Mapped;
use crate::input::{buildings, hazard_table, named, roads};
use crate::inundation::{StreetMaps, Surroundings, Watcher};
use crate::model::Model;
use crate::scenario::hazard::PeopleHazard;
use crate::scenario::study::{Scenario, Study};
use crate::scenario::surface::{MapsTable, SurfaceTable};
use crate::simulation::street::{Street, StreetSummary};
use crate::statistics::RunSummary;
use crate::street::{Ground, Town};

use super::digest::{Digest, StreetDigest};
use super::matrix::RunSpec;

/// The ground of a study, read once, and what stands on it.
#[derive(Debug)]
pub struct Streets {
    ground: Ground,
    around: Surroundings,
    people: PeopleHazard,
    /// What is to be known of how they fit.
    pub warnings: Vec<Diagnostic>,
}

impl Streets {
    /// Reads the ground of a scenario with `[surface]`.
    ///
    /// # Errors
    /// All problems of the files, and of how they fit the network of the base.
    pub(super) fn read(
        table: &SurfaceTable,
        scenario: &Scenario,
        site: &Site,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (study, folder) = (&scenario.study, folder(scenario));
        let (model, _) = site.base.runnable()?;
        let town = Town {
            crs: study.crs.as_deref(),
            vertical_datum: study.vertical_datum.as_deref(),
            model: &model,
        };
        let (ground, warnings) = Ground::read(table, folder, &town)?;
        let around = Surroundings {
            zones: site.zones.clone(),
            roads: named::read(&study.roads, folder, roads::read)?.unwrap_or_default().roads,
            buildings: named::read(&study.buildings, folder, buildings::read)?.map_or_else(Vec::new, of_map),
            sills: named::read(&study.sills, folder, buildings::read_sills)?.map_or_else(Vec::new, of_map),
        };
        let around = around.moved(study.crs.as_deref(), ground.terrain.crs.as_deref()).map_err(|error| {
            let message = format!("zones, roads and buildings cannot be laid on the terrain: {error}");
            vec![Diagnostic::error(0, message)]
        })?;
        let people = hazard_table::embedded()?.people;
        Ok(Self { ground, around, people, warnings })
    }
    /// The ground.
    pub fn ground(&self) -> &Ground {
        &self.ground
    }
    /// Zones, roads, buildings and sills, in the coordinates of the terrain.
    pub fn around(&self) -> &Surroundings {
        &self.around
    }
    /// The street of a network.
    pub(super) fn street(&self, model: &Model) -> Result<Street, Vec<Diagnostic>> {
        let (street, mut found) = self.ground.street(model)?;
        found.extend(self.ground.check_rain_in_run(model));
        let is_error = |problem: &Diagnostic| problem.severity == Severity::Error;
        if found.iter().any(is_error) { Err(found) } else { Ok(street) }
    }
    /// Adds the street to a digest, with the network that ran under it, and gives its maps.
    pub(super) fn add_to(
        &self,
        digest: &mut Digest,
        model: &Model,
        (street, network): (&Street, &RunSummary),
        summary: &StreetSummary,
        watcher: &Watcher,
    ) -> Option<StreetMaps> {
        let rain = digest.series.time.iter().zip(&digest.series.rain_mm_per_h);
        let mut before = 0.0;
        let mut rain_start = 0.0;
        for (&time, &rate) in rain {
            if rate > 0.0 {
                rain_start = before;
                break;
            }
            before = time;
        }
        let rain_start = street.rain_start_of_maps().unwrap_or(rain_start);
        let (around, people) = (&self.around, &self.people);
        let of = StreetDigest::new(model, (street, network), summary, watcher, around, people, rain_start);
        digest.street = Some(Box::new(of));
        crate::inundation::Flood::of(street, summary).map(|flood| StreetMaps::of(&flood))
    }
}

/// The folder that paths of a scenario are relative to.
fn folder(scenario: &Scenario) -> &Path {
    scenario.path.parent().unwrap_or(Path::new(""))
}

fn of_map<T>(map: Mapped<T>) -> Vec<T> {
    map.all
}

/// The surface that a run of a scenario has; `None` for a run that stays a screening in one dimension.
pub(super) fn chosen<'a>(scenario: &'a Scenario, spec: &RunSpec) -> Option<&'a SurfaceTable> {
    let table = scenario.surface.as_ref()?;
    let storm = spec.storm.and_then(|storm| scenario.storms.get(storm)).map(|storm| storm.rain.name.as_str());
    let option = scenario.options.get(spec.option).map_or("", |choice| &choice.name);
    let horizon = scenario.horizons.get(spec.horizon).map_or("", |horizon| &horizon.name);
    let stage = scenario.stages.get(spec.stage).map_or("", |stage| &stage.name);
    let chooses = table.run_for.as_ref().is_none_or(|runs| runs.chooses(storm, option, horizon, stage));
    chooses.then_some(table)
}

/// What the digest of a run with a surface depends on besides its network: the table, without what only chooses runs
/// and files; and all files that are read for it.
pub(super) fn depends_on(scenario: &Scenario, table: &SurfaceTable) -> (String, Vec<PathBuf>) {
    let folder = folder(scenario);
    let Study { crs, vertical_datum, zones, roads, buildings, sills, .. } = &scenario.study;
    let of_result = SurfaceTable { run_for: None, maps: MapsTable::default(), ..table.clone() };
    let around = [zones, roads, buildings, sills].into_iter().flatten().map(|file| folder.join(file));
    let files = Ground::files(table, folder).into_iter().chain(around).collect();
    (format!("{of_result:?} {crs:?} {vertical_datum:?}"), files)
}
