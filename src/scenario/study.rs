//! A study: a network, storms, river stages, options, horizons, and what is wanted of them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::measure::Measure;
use super::observed::{Observed, ObservedFile};
use super::quantity::{Length, Points, Share, Span, Years};
use super::storm::DesignStorm;
use super::surface::SurfaceTable;

/// A whole scenario file. Lists are in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The file that it was read from; the paths in it are relative to its folder.
    pub path: PathBuf,
    /// What is studied.
    pub study: Study,
    /// The storms, with their formulas found and their files read.
    pub storms: Vec<StudyStorm>,
    /// River stages and tides; the first entry, `AS_MODELLED`, is what the network itself says.
    pub stages: Vec<Stage>,
    /// Which stages a storm meets: indices into `stages`, one list for each storm, never empty.
    pub pairing: Vec<Vec<usize>>,
    /// The horizons; when the file has none, one that builds all phases, `BUILT`.
    pub horizons: Vec<Horizon>,
    /// The options, the base before all others.
    pub options: Vec<Choice>,
    /// How long runs are.
    pub run: RunLength,
    /// Water on the streets, if it is asked for.
    pub surface: Option<SurfaceTable>,
    /// What is wanted of them.
    pub outputs: Outputs,
    /// Observations, read, with the run that is held against them.
    pub observed: Option<Observed>,
}

impl Scenario {
    /// The horizon that another one is a future of; `None` for one that stands for itself.
    pub fn future_of(&self, horizon: usize) -> Option<usize> {
        let main = self.horizons.get(horizon)?.table.future_of.as_ref()?;
        self.horizons.iter().position(|known| known.name == *main)
    }
    /// The stage that a storm meets first: of those that a river really has, where it is paired with one.
    pub fn first_stage(&self, storm: usize) -> Option<usize> {
        let paired = self.pairing.get(storm)?;
        paired.iter().find(|stage| !self.is_free(**stage)).or_else(|| paired.first()).copied()
    }
    /// Whether a stage frees all outfalls.
    pub fn is_free(&self, stage: usize) -> bool {
        self.stages.get(stage).is_some_and(|stage| stage.table.free)
    }
    /// Whether pumps are without power at a horizon.
    pub fn has_outage(&self, horizon: usize) -> bool {
        self.horizons.get(horizon).is_some_and(|horizon| !horizon.table.pumps_out.is_empty())
    }
    /// The horizons that are planned for, in order: no other futures, and none whose pumps have failed. Where there are
    /// none of them, those that are no other futures.
    pub fn planned_horizons(&self) -> Vec<usize> {
        let standing = || (0..self.horizons.len()).filter(|horizon| self.future_of(*horizon).is_none());
        let planned: Vec<usize> = standing().filter(|horizon| !self.has_outage(*horizon)).collect();
        if planned.is_empty() { standing().collect() } else { planned }
    }
    /// The last horizon that is planned for: there all that is planned is built.
    pub fn last_horizon(&self) -> usize {
        self.planned_horizons().last().copied().unwrap_or(0)
    }
}

/// Dry time that parts two events where nothing gives one, s.
pub const USUAL_EVENT_GAP: f64 = 6.0 * 3600.0;

/// A storm of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyStorm {
    /// Its rain.
    pub rain: DesignStorm,
    /// Dry time that parts two events of a long series, s, for counts of spills.
    pub event_gap: f64,
    /// How its runs differ from `[run]`; what is `None` here is taken from there.
    pub run: RunLength,
}

/// Name of the stage that leaves the boundaries of the network as they are.
pub const AS_MODELLED: &str = "as modelled";
/// Name of the horizon of a file without horizons: all phases are built.
pub const BUILT: &str = "built";
/// Name of the option that adds nothing.
pub const BASE: &str = "base";

/// What is studied, and by what means.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Its title.
    pub title: Option<String>,
    /// The network, SWMM 5 text. Paths are relative to the scenario file.
    pub network: PathBuf,
    /// Coordinate reference system of the network and of all maps, such as `"EPSG:4550"`.
    pub crs: Option<String>,
    /// Vertical datum of all levels, such as `"1985国家高程基准"`.
    pub vertical_datum: Option<String>,
    /// Class of the city by its population: `super`, `mega`, `large`, `medium`, `small`.
    pub city_class: Option<CityClass>,
    /// Rule set that verdicts follow.
    pub rules: Option<PathBuf>,
    /// Unit costs and how money is counted.
    pub costs: Option<Costs>,
    /// What floods damage.
    pub damage: Option<PathBuf>,
    /// Mean concentrations of spilled water, for loads: volume times concentration.
    pub concentrations: Option<PathBuf>,
    /// Zones as GeoJSON polygons with `name` and `class`.
    pub zones: Option<PathBuf>,
    /// Roads as GeoJSON lines with `name`, `class`, `lanes`, `width`.
    pub roads: Option<PathBuf>,
    /// Buildings as GeoJSON with `id`, `use` and the level of their threshold, `threshold_m`.
    pub buildings: Option<PathBuf>,
    /// Underpasses as GeoJSON polygons of their low area, and entrances of metros and garages as points, with `name` and
    /// the level of the sill, `sill_m`.
    pub sills: Option<PathBuf>,
    /// Land use as GeoJSON polygons.
    pub land_use: Option<PathBuf>,
    /// Observed levels and flows, CSV, and the run of the base that is held against them.
    pub observed: Option<ObservedFile>,
    /// Outfalls whose discharge is a spill (combined sewer overflows).
    #[serde(default)]
    pub overflows: Vec<String>,
    /// Outfalls that are treatment works.
    #[serde(default)]
    pub treatment_works: Vec<String>,
    /// Storm whose formula sizes pipes and rates their capacity by the rational method; the first storm with
    /// a formula when it is not given.
    pub capacity_storm: Option<String>,
    /// Runoff coefficient of the rational method; from the imperviousness of each catchment when it is not
    /// given.
    pub runoff_coefficient: Option<f64>,
    /// Time of concentration to the first sewer, for the rational method; 10 min when it is not given.
    pub inlet_time: Option<Span>,
}

/// Classes of cities by resident population (GB 51222).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CityClass {
    /// 超大城市, 10 million and more.
    Super,
    /// 特大城市, 5 to 10 million.
    Mega,
    /// 大城市, 1 to 5 million.
    Large,
    /// 中等城市, 0.5 to 1 million.
    Medium,
    /// 小城市, below 0.5 million.
    Small,
}

/// How money is counted.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// The table of unit costs.
    pub file: PathBuf,
    /// The year whose prices it holds; must agree with the file.
    pub price_year: i32,
    /// What is added for the unforeseen.
    #[serde(default)]
    pub contingency: Share,
    /// Discount rate a year.
    pub discount_rate: Option<Share>,
    /// Years over which benefits and upkeep count, and that works last: whole years.
    pub life: Option<Years>,
    /// Budgets to spend, in the currency of the file: what each buys best is told.
    #[serde(default)]
    pub budgets: Vec<f64>,
    /// Options that can be built together, since they neither share works nor water. Of all others a budget
    /// buys one.
    #[serde(default)]
    pub packages: Vec<String>,
}

/// A river stage or a tide: levels at outfalls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// What it says.
    pub table: StageTable,
    /// Its series, read from the file.
    pub series: Option<StageSeries>,
}

/// Levels over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StageSeries {
    /// Times, hours, increasing.
    pub hours: Vec<f64>,
    /// Levels by outfall (`*` for all others), m, one for each time.
    pub levels: Vec<(String, Vec<f64>)>,
}

/// A river stage or a tide as the file writes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StageTable {
    /// Constant levels by outfall; `"*"` stands for all others.
    #[serde(default)]
    pub outfalls: BTreeMap<String, Length>,
    /// Levels over time, CSV: a column of hours, then one column for each outfall (or one for all, headed
    /// `*`), in m.
    pub series: Option<PathBuf>,
    /// With `series`: how long after the peak of the rain the highest level comes. Without it the hours
    /// count from the start of the run.
    pub peak_lag: Option<Span>,
    /// Added to all levels.
    pub raised_by: Option<Length>,
    /// All outfalls but treatment works discharge freely, as if there were no river: what the real stages cause
    /// is the difference to this one.
    #[serde(default)]
    pub free: bool,
}

/// A year, and what is built, grown and raining by then.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Horizon {
    /// Its name, usually the year.
    pub name: String,
    /// What it says.
    pub table: HorizonTable,
}

/// A horizon as the file writes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HorizonTable {
    /// The year; the name of the horizon when that is one.
    pub year: Option<i32>,
    /// Phases that are built by then.
    #[serde(default)]
    pub phases: Vec<String>,
    /// Factor on rain.
    pub rain_uplift: Option<f64>,
    /// Growth of dry-weather flow against the base.
    pub dwf_growth: Option<Share>,
    /// Imperviousness of all subcatchments against the base.
    pub imperviousness: Option<Points>,
    /// Added to all river stages and tides.
    pub stage_rise: Option<Length>,
    /// Of the storm water of connected plots, the share that still gets into the foul sewer: in place of
    /// `storm_to_foul` of all measures that separate.
    pub misconnection: Option<Share>,
    /// Nodes whose pumps have no power through the whole run, those that an option builds there too; `"*"` for
    /// all pumps. Such a horizon is judged like any other, and has no part in damage, costs and benefits, nor is it
    /// the last one, which tables and pictures show.
    #[serde(default)]
    pub pumps_out: Vec<String>,
    /// The horizon that this one is another future of. What a future does not say is as in that horizon.
    /// Futures serve regret only: each storm meets the first of its stages, and they are left out of verdicts,
    /// pictures and costs.
    pub future_of: Option<String>,
    /// The storms that are run for this horizon; all when it is empty.
    #[serde(default)]
    pub storms: Vec<String>,
}

/// An option: a list of measures. The base has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// What it says.
    pub table: OptionTable,
}

/// An option as the file writes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionTable {
    /// A title for tables and pictures.
    pub title: Option<String>,
    /// Its measures, in the order in which they are applied.
    #[serde(default, rename = "measure")]
    pub measures: Vec<Measure>,
}

/// How long runs are.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunLength {
    /// Dry weather before the rain begins; none when it is not given.
    pub before: Option<Span>,
    /// How long a run goes on when the rain is over; 3 h when it is not given.
    pub after: Option<Span>,
    /// Interval of reported results; that of the network when it is not given.
    pub report_step: Option<Span>,
    /// Routing step; that of the network when it is not given.
    pub routing_step: Option<Span>,
    /// Runoff step while it rains or water runs off; that of the network when it is not given.
    pub wet_step: Option<Span>,
    /// Runoff step in dry weather; that of the network when it is not given.
    pub dry_step: Option<Span>,
}

/// What is wanted of the runs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outputs {
    /// Nodes and links whose hydrographs are kept and drawn for all options, besides the outfalls.
    #[serde(default)]
    pub hydrographs: Vec<String>,
    /// Long sections that are drawn with all options overlaid.
    #[serde(default)]
    pub long_sections: Vec<Section>,
    /// Also keeps the binary results of each run, in SWMM's format.
    #[serde(default)]
    pub keep_out: bool,
    /// Also writes the network of each option and horizon as `.inp`.
    #[serde(default)]
    pub keep_inp: bool,
}

/// A long section.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// A title.
    pub title: Option<String>,
    /// First node.
    pub from: String,
    /// Last node.
    pub to: String,
}
