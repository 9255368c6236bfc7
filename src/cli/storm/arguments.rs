//! The arguments of `pailao storm`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::cli::arguments::Language;
use crate::scenario::storm::UnitFactor;

/// `pailao storm`.
#[derive(Args, Debug)]
pub struct StormArguments {
    /// City whose formula is taken, by its Chinese or Latin name
    #[arg(long, value_name = "NAME")]
    pub city: Option<String>,
    /// Formula of your own, q = A(1 + C lg P)/(t + b)^n in L/(s·ha): its A,C,b,n
    #[arg(long, value_name = "A,C,b,n", value_parser = coefficients, conflicts_with_all = ["city", "formula_file"],
        allow_hyphen_values = true)]
    pub formula: Option<[f64; 4]>,
    /// Formulas of your own, TOML in the form of seeds/storms.toml; --city chooses among several
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub formula_file: Option<PathBuf>,
    /// Depth of the whole storm, mm, in place of a formula
    #[arg(long, value_name = "MM", conflicts_with_all = ["city", "formula", "formula_file", "depths", "return_period"])]
    pub depth: Option<f64>,
    /// Depths by duration, CSV of minutes and millimetres of one return period, in place of a formula
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath,
        conflicts_with_all = ["city", "formula", "formula_file"])]
    pub depths: Option<PathBuf>,
    /// Return period, years
    #[arg(long, short = 'P', value_name = "YEARS")]
    pub return_period: Option<f64>,
    /// Duration, minutes [default: 120; 1440 with --depths; always 1440 for SCS]
    #[arg(long, value_name = "MIN", value_parser = clap::value_parser!(u32).range(1..=60_000_000))]
    pub duration: Option<u32>,
    /// How the rain falls over time
    #[arg(long, value_enum, default_value_t = PatternName::Chicago)]
    pub pattern: PatternName,
    /// Mass curve of your own, CSV of parts of duration and depth from 0,0 to 1,1, in place of a pattern
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "pattern")]
    pub mass_curve: Option<PathBuf>,
    /// Time of the peak over the duration, 0 to 1
    #[arg(long, value_name = "RATIO", default_value_t = 0.4)]
    pub r: f64,
    /// Step of the hyetograph, minutes
    #[arg(long, value_name = "MIN", default_value_t = 5.0)]
    pub step: f64,
    /// L/(s·ha) in 1 mm/min: 167 as in Chinese tables, or 166.667, exact [default: the formula's, else 167]
    #[arg(long, value_name = "FACTOR", value_parser = unit_factor, conflicts_with_all = ["depth", "depths"])]
    pub unit_factor: Option<UnitFactor>,
    /// Longest duration that a formula of your own holds for, minutes
    #[arg(long, value_name = "MIN", default_value_t = 180.0, requires = "formula")]
    pub valid_to: f64,
    /// Uplift for a changing climate, a factor; an assumption of yours
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub uplift: f64,
    /// What the uplift acts on
    #[arg(long, value_enum, default_value_t = UpliftName::Intensity)]
    pub uplift_mode: UpliftName,
    /// Areal reduction, a factor above 0 and not above 1
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub area_reduction: f64,
    /// Folder for storm.csv, storm.dat, storm.svg and storm.png
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Table of the storm, CSV
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub csv: Option<PathBuf>,
    /// Picture, SVG or PNG by its ending
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub plot: Option<PathBuf>,
    /// Rain file for SWMM: depths in mm, station STORM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub dat: Option<PathBuf>,
    /// Day on which the storm begins in the rain file, at midnight
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "2000-01-01")]
    pub date: String,
    /// List the formulas that are known, all or those of --city
    #[arg(long, conflicts_with_all = ["formula", "depth", "depths", "return_period", "out", "csv", "plot", "dat"])]
    pub list: bool,
    /// Annual maxima to fit distributions to, CSV with one in each line, in place of a storm
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath,
        conflicts_with_all = ["city", "formula", "formula_file", "depth", "depths", "return_period", "out", "plot",
        "dat", "list"])]
    pub fit: Option<PathBuf>,
    /// Distribution to fit (may be repeated) [default: all]
    #[arg(long, value_enum, requires = "fit")]
    pub distribution: Vec<DistributionName>,
    /// Ratio Cs/Cv of Pearson III with a fixed one
    #[arg(long, value_name = "RATIO", default_value_t = 3.5, requires = "fit")]
    pub ratio: f64,
    /// How skewness is made free of bias
    #[arg(long, value_enum, default_value_t = SkewName::Unbiased, requires = "fit")]
    pub skew: SkewName,
    /// Font file for pictures, for characters that the built-in font lacks
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub font: Option<PathBuf>,
    /// Language of what is said and drawn.
    #[command(flatten)]
    pub language: Language,
}

/// Patterns by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PatternName {
    /// Keifer and Chu's storm of the formula
    Chicago,
    /// Each duration about the peak holds its own depth (alternating blocks)
    #[value(alias = "alternating-block")]
    CommonFrequency,
    /// 24 h, US Soil Conservation Service
    ScsI,
    /// 24 h, US Soil Conservation Service
    ScsIa,
    /// 24 h, US Soil Conservation Service
    ScsIi,
    /// 24 h, US Soil Conservation Service
    ScsIii,
    /// Most rain in the first quarter (Huff)
    #[value(name = "huff-1")]
    Huff1,
    /// Most rain in the second quarter (Huff)
    #[value(name = "huff-2")]
    Huff2,
    /// Most rain in the third quarter (Huff)
    #[value(name = "huff-3")]
    Huff3,
    /// Most rain in the fourth quarter (Huff)
    #[value(name = "huff-4")]
    Huff4,
    /// Intensity along straight lines
    Triangular,
    /// Constant intensity
    Block,
}

/// What an uplift acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum UpliftName {
    /// Every intensity
    Intensity,
    /// The return period, until the formula's depth is as much greater
    ReturnPeriod,
}

/// Distributions by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DistributionName {
    /// Pearson III: moments, moments with Cs = ratio·Cv, curve fit
    P3,
    /// Gumbel: moments, L-moments
    Gumbel,
    /// Generalised extreme value: L-moments
    Gev,
}

/// Conventions of skewness by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SkewName {
    /// n/((n-1)(n-2)), as statistics programs take it
    Unbiased,
    /// 1/(n-3), as Chinese hydrology takes it
    Chinese,
}

fn coefficients(text: &str) -> Result<[f64; 4], String> {
    let numbers: Option<Vec<f64>> = text
        .split(',')
        .map(|word| word.trim().parse().ok().filter(|value: &f64| value.is_finite()))
        .collect();
    numbers
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or_else(|| "four numbers are needed, A,C,b,n, such as 1984,0.77,9,0.77".to_owned())
}

fn unit_factor(text: &str) -> Result<UnitFactor, String> {
    let factor = text.parse().ok().and_then(UnitFactor::of);
    factor.ok_or_else(|| "it is 167 or 166.667".to_owned())
}
