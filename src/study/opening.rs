//! A study that is open: its base read, its rules resolved, its runs listed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use crate::diagnostic::Diagnostic;
use crate::edit::weather::{Weather, Weathered};
use crate::edit::{Edited, Network, Site, measures};
use crate::scenario::catalogue::Catalogues;
use crate::scenario::measure::Measure;
use crate::scenario::storm::{IntensityFormula, RainSource};
use crate::scenario::study::{Scenario, Stage, USUAL_EVENT_GAP};
use crate::scenario::zone::Zone;

use super::built::{Built, build};
use super::digest::Wanted;
use super::matrix::{FileNames, RunSpec, pair_names, specs};
use super::resolve::resolve;
use super::store::Store;
use super::streets::{Streets, chosen};

/// Applies a measure: network, site, index of the measure in its option, measure.
pub type Applies = fn(&Network, &Site, usize, &Measure) -> Result<Edited, Vec<Diagnostic>>;

/// Time of concentration to the first sewer where nothing is said, s.
const INLET_TIME: f64 = 600.0;

/// A study: the scenario, the ground it stands on, its runs.
#[derive(Debug)]
pub struct Study {
    scenario: Scenario,
    site: Site,
    specs: Vec<RunSpec>,
    /// Names for the files of networks, by option, then horizon.
    pair_names: Vec<String>,
    /// By option, then horizon.
    built: Vec<OnceLock<Result<Built, Vec<Diagnostic>>>>,
    applies: Applies,
    /// The ground of runs with a surface, once it is asked for.
    streets: OnceLock<Result<Streets, Vec<Diagnostic>>>,
}

impl Study {
    /// Opens a study.
    ///
    /// `store` takes the runs of the base that rules ask for (`surcharged in P5`), and gives them back when it
    /// has them; `stop` interrupts them.
    ///
    /// # Errors
    /// When the base cannot be read or a rule not be resolved: all problems.
    pub fn open(
        scenario: Scenario,
        catalogues: Catalogues,
        zones: Vec<Zone>,
        store: Option<&Store>,
        stop: &AtomicBool,
    ) -> Result<Self, Vec<Diagnostic>> {
        Self::open_with(scenario, catalogues, zones, store, stop, measures::apply)
    }
    /// Opens a study whose measures are carried out in another way.
    ///
    /// # Errors
    /// As [`Study::open`].
    pub fn open_with(
        scenario: Scenario,
        catalogues: Catalogues,
        zones: Vec<Zone>,
        store: Option<&Store>,
        stop: &AtomicBool,
        applies: Applies,
    ) -> Result<Self, Vec<Diagnostic>> {
        let folder = scenario.path.parent().unwrap_or(Path::new(""));
        let path = folder.join(&scenario.study.network);
        let base = Network::open(&path).map_err(|error| {
            vec![Diagnostic::error(0, format!("the network {} cannot be read: {error}", path.display()))]
        })??;
        let mut site = Site {
            base,
            catalogues,
            zones,
            formula: capacity_formula(&scenario)?,
            runoff_coefficient: scenario.study.runoff_coefficient,
            inlet_time: scenario.study.inlet_time.map_or(INLET_TIME, |time| time.0),
            picks: BTreeMap::new(),
        };
        site.picks = resolve(&scenario, &site, store, stop)?;
        let pairs = scenario.options.len() * scenario.horizons.len();
        let built = std::iter::repeat_with(OnceLock::new).take(pairs).collect();
        let mut names = FileNames::default();
        let pair_names = pair_names(&scenario, &mut names);
        let specs = specs(&scenario, &mut names);
        Ok(Self { scenario, site, specs, pair_names, built, applies, streets: OnceLock::new() })
    }
    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }
    /// The ground: the base, catalogues, zones, and what each rule picked.
    pub fn site(&self) -> &Site {
        &self.site
    }
    /// All runs: options, in each the horizons, in each the storms with their stages.
    pub fn specs(&self) -> &[RunSpec] {
        &self.specs
    }
    /// The network of an option at a horizon, by their indices in the scenario. It is built when it is first
    /// asked for, and once.
    ///
    /// # Errors
    /// What keeps its measures from being built; empty when there is no such option or horizon.
    pub fn built(&self, option: usize, horizon: usize) -> Result<&Built, &[Diagnostic]> {
        let (choices, horizons) = (&self.scenario.options, &self.scenario.horizons);
        let (Some(choice), Some(year)) = (choices.get(option), horizons.get(horizon)) else {
            return Err(&[]);
        };
        let Some(place) = self.built.get(option * horizons.len() + horizon) else { return Err(&[]) };
        let built = place.get_or_init(|| build(&self.site, choice, year, self.applies));
        built.as_ref().map_err(Vec::as_slice)
    }
    /// The ground of the runs with a surface; `None` where the scenario has no `[surface]`. It is read when it is first
    /// asked for, and once.
    ///
    /// # Errors
    /// What keeps it from being read, or from fitting the network of the base.
    pub fn streets(&self) -> Option<Result<&Streets, &[Diagnostic]>> {
        let table = self.scenario.surface.as_ref()?;
        let read = self.streets.get_or_init(|| Streets::read(table, &self.scenario, &self.site));
        Some(read.as_ref().map_err(Vec::as_slice))
    }
    /// What is to be known of the ground, if it was read.
    pub fn street_warnings(&self) -> &[Diagnostic] {
        self.streets.get().and_then(|read| read.as_ref().ok()).map_or(&[], |streets| &streets.warnings)
    }
    /// Whether a run has a surface: the scenario has `[surface]`, and `run_for` chooses the run.
    pub fn has_street(&self, spec: &RunSpec) -> bool {
        chosen(&self.scenario, spec).is_some()
    }
    /// A name for the file of the network of an option at a horizon, without ending.
    pub fn file_name(&self, option: usize, horizon: usize) -> &str {
        let pair = option * self.scenario.horizons.len() + horizon;
        self.pair_names.get(pair).map_or("network", String::as_str)
    }
    /// The text of a run: its network under its weather.
    ///
    /// # Errors
    /// What keeps it from being built, or its weather from being.
    pub fn text(&self, spec: &RunSpec) -> Result<Weathered, Vec<Diagnostic>> {
        let built = self.built(spec.option, spec.horizon).map_err(<[Diagnostic]>::to_vec)?;
        let (as_modelled, today) = (Stage::default(), Default::default());
        let weather = Weather {
            storm: spec.storm.and_then(|storm| self.scenario.storms.get(storm)),
            stage: self.scenario.stages.get(spec.stage).unwrap_or(&as_modelled),
            horizon: self.scenario.horizons.get(spec.horizon).map_or(&today, |horizon| &horizon.table),
            run: &self.scenario.run,
            treatment_works: &self.scenario.study.treatment_works,
        };
        weather.text(&built.network)
    }
    /// The network of a run, as it is run.
    ///
    /// # Errors
    /// As [`Study::text`], and when the text cannot be read.
    pub fn network(&self, spec: &RunSpec) -> Result<Network, Vec<Diagnostic>> {
        Network::read(self.text(spec)?.document, &self.site.base.path)
    }
    /// What is wanted of a run.
    pub fn wanted(&self, spec: &RunSpec) -> Wanted {
        wanted(&self.scenario, spec.storm)
    }
}

/// What is wanted of runs with a storm. What does not concern them is left out, so that it does not change
/// their keys.
pub(super) fn wanted(scenario: &Scenario, storm: Option<usize>) -> Wanted {
    let overflows = scenario.study.overflows.clone();
    let gap =
        storm.and_then(|storm| scenario.storms.get(storm)).map_or(USUAL_EVENT_GAP, |storm| storm.event_gap);
    let mut hydrographs = scenario.outputs.hydrographs.clone();
    // what was observed under this storm
    let observed = scenario.observed.iter().filter(|observed| observed.storm == storm);
    for gauge in observed.flat_map(|observed| &observed.gauges) {
        if !hydrographs.iter().any(|name| name.eq_ignore_ascii_case(&gauge.element)) {
            hydrographs.push(gauge.element.clone());
        }
    }
    Wanted { hydrographs, event_gap_s: if overflows.is_empty() { 0.0 } else { gap }, overflows }
}

/// The formula that sizes pipes: of the storm that the study names, else of the first storm that has one.
fn capacity_formula(scenario: &Scenario) -> Result<Option<IntensityFormula>, Vec<Diagnostic>> {
    let of = |source: &RainSource| match source {
        RainSource::Formula { formula, .. } => Some(formula.as_ref().clone()),
        _ => None,
    };
    let Some(name) = &scenario.study.capacity_storm else {
        return Ok(scenario.storms.iter().find_map(|storm| of(&storm.rain.source)));
    };
    let storm = scenario.storms.iter().find(|storm| storm.rain.name == *name);
    match storm.map(|storm| of(&storm.rain.source)) {
        Some(Some(formula)) => Ok(Some(formula)),
        Some(None) => Err(vec![
            Diagnostic::error(0, format!("capacity_storm: the storm `{name}` has no formula"))
                .help("name a storm that has one"),
        ]),
        None => Err(vec![Diagnostic::error(0, format!("capacity_storm: the study has no storm `{name}`"))]),
    }
}
