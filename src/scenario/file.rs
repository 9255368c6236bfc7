//! The shape of a scenario file, table by table.
//!
//! The JSON schema is derived from [`ScenarioFile`], and `input::scenario` checks a file against that schema
//! before it reads the tables one by one: what the schema says and what is read cannot differ.

use std::borrow::Cow;
use std::path::PathBuf;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::quantity::{RainDepth, Span, Years};
use super::storm::{Purpose, ScsType, UpliftMode};
use super::study::{HorizonTable, OptionTable, Outputs, RunLength, StageTable, Study};
use super::surface::SurfaceTable;

/// A scenario file of pailao: one network, storms, river stages, options of measures, horizons.
#[derive(Clone, Debug, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ScenarioFile {
    /// What is studied, and by what means.
    pub study: Study,
    /// The storms, each under its name: `[storms.P5_2h]`.
    pub storms: Entries<StormTable>,
    /// River stages and tides, each under its name: `[river_stage.normal]`.
    #[schemars(default)]
    pub river_stage: Entries<StageTable>,
    /// The stages that each storm meets: `P5_2h = ["normal"]`. A storm that is not named here meets the levels
    /// of the network itself, which are called `as modelled`.
    #[schemars(default)]
    pub pairing: Entries<Vec<String>>,
    /// Years and what is built, grown and raining by then, each under its name: `[horizons.2030]`.
    #[schemars(default)]
    pub horizons: Entries<HorizonTable>,
    /// Options, each under its name, with measures: `[[option.A.measure]]`. The base is always run and not
    /// written.
    #[schemars(default)]
    pub option: Entries<OptionTable>,
    /// How long runs are.
    #[schemars(default)]
    pub run: RunLength,
    /// Water on the streets.
    #[schemars(default)]
    pub surface: Option<SurfaceTable>,
    /// What is wanted of the runs.
    #[schemars(default)]
    pub outputs: Outputs,
}

/// Tables under names of the user, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entries<T>(pub Vec<(String, T)>);

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Entries_of_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<T>() })
    }
}

/// A storm. Its rain comes from one of `formula`, `depths`, `depth` and `series`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StormTable {
    /// A title for tables and pictures.
    pub title: Option<String>,
    /// What it may be judged by. A rule never judges a storm that does not serve it.
    #[schemars(length(min = 1))]
    pub serves: Vec<Purpose>,
    /// A storm-intensity formula (暴雨强度公式).
    pub formula: Option<FormulaTable>,
    /// Return period, which a formula needs; of `depths` it is a label.
    pub return_period: Option<Years>,
    /// Depths of one return period by duration, CSV: minutes and millimetres in each line.
    pub depths: Option<PathBuf>,
    /// One depth for the whole storm.
    pub depth: Option<RainDepth>,
    /// Observed rain.
    pub series: Option<SeriesTable>,
    /// How the rain falls over time; not for observed rain.
    pub pattern: Option<PatternTable>,
    /// Rain over the area over rain at a point, above 0 to 1.
    pub areal_reduction: Option<f64>,
    /// Uplift for a changing climate: an assumption, and labelled as one.
    pub uplift: Option<UpliftTable>,
    /// How its runs differ from `[run]`.
    #[serde(default)]
    pub run: RunLength,
}

/// A storm-intensity formula: of a `city` in the library or in a `file`, or with coefficients of the user, which are
/// those of `q = A·(1 + C·lg P) / (t + b)^n` in L/(s·ha), minutes and years.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormulaTable {
    /// The city, in its own language or in Latin letters; beside coefficients it is a label.
    pub city: Option<String>,
    /// Part of the city, where it has several formulas.
    pub area: Option<String>,
    /// Which of its formulas, such as `2024`, where it has several.
    pub version: Option<String>,
    /// A file of formulas in the form of `seeds/storms.toml`.
    pub file: Option<PathBuf>,
    /// A, L/(s·ha)·min^n.
    #[serde(rename = "A")]
    pub a: Option<f64>,
    /// C.
    #[serde(rename = "C")]
    pub c: Option<f64>,
    /// b, min.
    pub b: Option<f64>,
    /// n.
    pub n: Option<f64>,
    /// L/(s·ha) in 1 mm/min: 167, as Chinese tables take it, or 166.667, which is exact.
    pub unit_factor: Option<f64>,
    /// Whether the coefficients were checked against the official publication, which `source` must name.
    pub verified: Option<bool>,
    /// Where the coefficients come from.
    pub source: Option<String>,
    /// The longest duration that the coefficients hold for; 180 min when it is not given.
    pub valid_to: Option<Span>,
}

/// How rain falls over time.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PatternTable {
    /// The storm of Keifer and Chu that belongs to an intensity formula.
    Chicago {
        /// Duration.
        duration: Span,
        /// Time of the peak over the duration; 0.4 when it is not given.
        r: Option<f64>,
        /// Step of the hyetograph.
        step: Span,
    },
    /// Alternating blocks: each duration about the peak holds its own depth of the same return period (同频率放大).
    CommonFrequency {
        /// Duration.
        duration: Span,
        /// Time of the peak over the duration; 0.4 when it is not given.
        r: Option<f64>,
        /// Step of the hyetograph.
        step: Span,
    },
    /// A 24-h distribution of the US Soil Conservation Service.
    Scs {
        /// Which.
        #[serde(rename = "type")]
        kind: ScsType,
        /// Step of the hyetograph.
        step: Span,
    },
    /// A median distribution of Huff and Angel (1992).
    Huff {
        /// The quarter of the storm in which most of its rain falls, 1 to 4.
        #[schemars(range(min = 1, max = 4))]
        quartile: u8,
        /// Duration.
        duration: Span,
        /// Step of the hyetograph.
        step: Span,
    },
    /// Intensity that rises and falls along straight lines.
    Triangular {
        /// Duration.
        duration: Span,
        /// Time of the peak over the duration; 0.4 when it is not given.
        r: Option<f64>,
        /// Step of the hyetograph.
        step: Span,
    },
    /// Constant intensity.
    Block {
        /// Duration.
        duration: Span,
        /// Step of the hyetograph.
        step: Span,
    },
    /// The user's mass curve.
    MassCurve {
        /// CSV: parts of the duration and of the depth in each line, both from 0 to 1 or in percent.
        file: PathBuf,
        /// Duration.
        duration: Span,
        /// Step of the hyetograph.
        step: Span,
    },
}

impl PatternTable {
    /// Duration (24 h of a distribution that has no other), time of the peak over it, and step.
    pub fn measures(&self) -> (Span, Option<f64>, Span) {
        match *self {
            Self::Chicago { duration, r, step }
            | Self::CommonFrequency { duration, r, step }
            | Self::Triangular { duration, r, step } => (duration, r, step),
            Self::Huff { duration, step, .. }
            | Self::Block { duration, step }
            | Self::MassCurve { duration, step, .. } => (duration, None, step),
            Self::Scs { step, .. } => (Span(86_400.0), None, step),
        }
    }
}

/// Observed rain from a file: a rain file as SWMM reads it, or CSV with a time and a value in each line.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesTable {
    /// The file. `.csv` holds `2026-07-21 14:05,1.2` or hours from the beginning, `0.25,1.2`, in each line.
    pub file: PathBuf,
    /// The station of a rain file; not needed where it holds one only.
    pub station: Option<String>,
    /// What the values mean; depths in each interval when it is not given.
    #[serde(default)]
    pub values: RainValues,
    /// Interval of the values; the shortest time between two of them when it is not given.
    pub interval: Option<Span>,
    /// Unit of the values.
    #[serde(default)]
    pub unit: RainUnit,
    /// Dry time that parts two events, for counts of spills; 6 h when it is not given.
    pub event_gap: Option<Span>,
}

/// What the values of a record of rain mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RainValues {
    /// Depth in each interval.
    #[default]
    Depth,
    /// Intensity over each interval, for one hour.
    Intensity,
    /// Depth since the beginning.
    Cumulative,
}

/// Unit of the values of a record of rain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum RainUnit {
    /// Millimetres, or millimetres in an hour.
    #[default]
    #[serde(rename = "mm")]
    Millimetre,
    /// Inches, or inches in an hour.
    #[serde(rename = "in")]
    Inch,
}

/// An uplift of rain for a changing climate.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpliftTable {
    /// Factor; 1 for none.
    pub factor: f64,
    /// How it acts.
    #[serde(default)]
    pub mode: UpliftMode,
}

/// The JSON schema of scenario files.
pub fn schema() -> Schema {
    schemars::schema_for!(ScenarioFile)
}
