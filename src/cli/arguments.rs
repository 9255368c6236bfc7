//! The arguments of the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use crate::scenario::quantity::Span;
use crate::study::Shard;

use super::language::Lang;
use super::storm::arguments::StormArguments;

const EXIT_CODES: &str = "Exit codes: 0 done, 1 the run failed, 2 wrong usage, 3 errors in the input, \
4 the input asks for physics that is not simulated yet, 5 reading or writing failed, 130 interrupted.";

const EXAMPLES: &str = "Examples:
  pailao check city.inp                          look for every problem
  pailao run city.inp --plots pictures           run it and draw it
  pailao run city.inp --csv series --threads 4   with time series as CSV, on four cores
  pailao run city.inp --terrain dem.tif --crs EPSG:4550 --maps street   with water on the streets
  pailao run city.inp --terrain dem.tif --checkpoint 10min   a long run; after a stop the same with --resume
  pailao plot city.out city.inp --dir pictures --from M12 --to OUT1
  pailao storm --city Shenyang -P 5 --out storm  a design storm, with table, picture and rain file
  pailao compare study.toml --out results        every option under every storm, side by side
  pailao convert old.inp new.inp --to-encoding utf-8 --line-ends unix";

const STUDY_EXIT_CODES: &str = "Exit codes: 0 done, 1 a run failed (the others are finished and compared), \
2 wrong usage, 3 errors in the input, 4 a measure or a network asks for physics that is not simulated yet, \
5 reading or writing failed, 130 interrupted (what was finished is kept; the same command goes on from there).";

const COMPARE_EXAMPLES: &str = "Examples:
  pailao compare scenarios/riverside.toml --out out/riverside
  pailao compare scenarios/riverside.toml --out part2 --shard 2/8    on one of eight machines
  pailao merge scenarios/riverside.toml part1 part2 ... --out out/riverside";

const REPORT_EXAMPLES: &str = "Examples:
  pailao report --policy scenarios/riverside.toml --out out
  pailao report --policy=city.toml --lang zh a.toml b.toml --out out

The runs of SCENARIO.toml are looked for in DIR/SCENARIO/runs and made where they are missing. Exit code 1 also \
where a measure that is called working has an indicator without any value.";

const STORM_EXAMPLES: &str = "Examples:
  pailao storm --city 沈阳 --return-period 5 --duration 120 --r 0.4 --out storm
  pailao storm --formula 1984,0.77,9,0.77 -P 3 --uplift 1.1 --plot storm.svg --lang zh
  pailao storm --depths ddf50.csv --pattern common-frequency --dat rain.dat
  pailao storm --list --city Beijing
  pailao storm --fit annual_maxima.csv --distribution p3";

/// Flood and drainage scenario simulator: runs EPA SWMM 5 models and shows where the water goes
#[derive(Debug, Parser)]
#[command(name = "pailao", version, after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"), max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a model and write its results
    #[command(after_help = EXIT_CODES)]
    Run(RunArguments),
    /// Run a model as EPA's runswmm does: input, report, binary results
    #[command(after_help = EXIT_CODES)]
    Swmm(SwmmArguments),
    /// Look for every problem in a model, or in a scenario file, without running it
    #[command(after_help = EXIT_CODES)]
    Check(CheckArguments),
    /// Write a model anew, without loss, in another encoding or with other line ends
    #[command(after_help = EXIT_CODES)]
    Convert(ConvertArguments),
    /// Draw results: hydrographs, long section, plan
    #[command(after_help = EXIT_CODES)]
    Plot(PlotArguments),
    /// Compute a design storm, list the formulas of cities, or fit frequencies to annual maxima
    #[command(after_help = format!("{STORM_EXAMPLES}\n\n{EXIT_CODES}"))]
    Storm(Box<StormArguments>),
    /// Make all runs of a scenario file and lay them side by side: tables, pictures
    #[command(after_help = format!("{COMPARE_EXAMPLES}\n\n{STUDY_EXIT_CODES}"))]
    Compare(CompareArguments),
    /// Join the shards of a study that ran apart, and compare its runs
    #[command(after_help = format!("{COMPARE_EXAMPLES}\n\n{STUDY_EXIT_CODES}"))]
    Merge(MergeArguments),
    /// Make what several studies show together: the scorecard of a policy
    #[command(after_help = format!("{REPORT_EXAMPLES}\n\n{STUDY_EXIT_CODES}"))]
    Report(ReportArguments),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write man pages
    Man {
        /// Folder that they are written to
        #[arg(value_hint = ValueHint::DirPath)]
        dir: PathBuf,
        /// Language of what is said.
        #[command(flatten)]
        language: Language,
    },
}

/// Language of what is said and drawn.
#[derive(Args, Clone, Copy, Debug)]
pub struct Language {
    /// Language of summaries and pictures
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub lang: Lang,
}

/// How the text of a model is encoded.
#[derive(Args, Clone, Copy, Debug)]
pub struct InputEncoding {
    /// Encoding of the model; without it a byte-order mark decides, then UTF-8, then GBK
    #[arg(long, value_enum)]
    pub encoding: Option<TextEncoding>,
}

/// `pailao run`.
#[derive(Args, Debug)]
pub struct RunArguments {
    /// The model, SWMM 5 text
    #[arg(value_name = "MODEL.inp", value_hint = ValueHint::FilePath)]
    pub model: PathBuf,
    /// Report, SWMM text [default: MODEL.rpt beside the model]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub rpt: Option<PathBuf>,
    /// Results, SWMM binary [default: MODEL.out beside the model]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
    /// Folder for time series as CSV
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub csv: Option<PathBuf>,
    /// Folder for pictures
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub plots: Option<PathBuf>,
    /// Threads [default: THREADS of the model's options, else 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    /// Font file for pictures, for characters that the built-in font lacks
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub font: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
    /// Checkpoints.
    #[command(flatten)]
    pub checkpoints: CheckpointArguments,
    /// Water on the streets.
    #[command(flatten)]
    pub surface: SurfaceArguments,
    /// How the model's text is encoded.
    #[command(flatten)]
    pub encoding: InputEncoding,
    /// Language of what is said and drawn.
    #[command(flatten)]
    pub language: Language,
}

/// Checkpoints of `pailao run`, beside its binary results: a run that was stopped goes on to the same bytes.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Long runs")]
pub struct CheckpointArguments {
    /// Keep the state of the run every so much time, such as 10min, and when it is stopped
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub checkpoint: Option<Duration>,
    /// Go on from the checkpoint, if one is there; keep others every 10min if nothing else is said
    #[arg(long)]
    pub resume: bool,
    /// Stop after so much simulated time, such as 6h, with a checkpoint to go on from
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub until: Option<Duration>,
}

/// A span of time as in scenario files, not below zero.
fn span(text: &str) -> Result<Duration, String> {
    let Span(seconds) = text.parse()?;
    Duration::try_from_secs_f64(seconds).map_err(|_| format!("\"{text}\" is no time to wait for"))
}

/// Water on the streets: the terrain of `pailao run` and how it is used.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Water on the streets")]
pub struct SurfaceArguments {
    /// Levels of the ground, GeoTIFF or ESRI ASCII, m: the run is joined to a surface
    #[arg(long, value_name = "DEM", value_hint = ValueHint::FilePath)]
    pub terrain: Option<PathBuf>,
    /// A file with a `[surface]` table, as in a scenario file; what else is given here goes before it
    #[arg(long, value_name = "FILE.toml", value_hint = ValueHint::FilePath)]
    pub surface: Option<PathBuf>,
    /// Manning's n of the ground: a number or a map of numbers [default: 0.03]
    #[arg(long, value_name = "N|FILE")]
    pub roughness: Option<String>,
    /// Side of a cell, m: a multiple of the terrain's [default: the terrain's]
    #[arg(long, value_name = "M")]
    pub cell: Option<f64>,
    /// Cells that know the finer terrain in them: depths and maps stay as fine as the terrain; needs --cell
    #[arg(long, requires = "cell")]
    pub subgrid: bool,
    /// Buildings, GeoJSON polygons, which are raised by 0.3 m
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub buildings: Option<PathBuf>,
    /// Where rain becomes runoff [default: subcatchments]
    #[arg(long, value_enum, value_name = "WHERE")]
    pub rain_on: Option<RainOn>,
    /// Which equations move the water [default: inertial]
    #[arg(long, value_enum)]
    pub law: Option<SurfaceLaw>,
    /// Reference system of the model's coordinates, such as EPSG:4550
    #[arg(long, value_name = "EPSG:CODE")]
    pub crs: Option<String>,
    /// Folder for maps and series of the surface [default: MODEL-street beside the model]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub maps: Option<PathBuf>,
    /// Depth and speed over time, NetCDF
    #[arg(long, value_name = "FILE.nc", value_hint = ValueHint::FilePath)]
    pub stack: Option<PathBuf>,
}

/// Where rain becomes runoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RainOn {
    /// In the subcatchments of the model
    Subcatchments,
    /// On the grid: subcatchments get none
    Grid,
}

/// Equations of the surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SurfaceLaw {
    /// Local inertial equations
    Inertial,
    /// Full shallow-water equations with shocks
    Shock,
}

/// `pailao compare`.
#[derive(Args, Debug)]
pub struct CompareArguments {
    /// The scenario file
    #[arg(value_name = "SCENARIO.toml", value_hint = ValueHint::FilePath)]
    pub scenario: PathBuf,
    /// Make only part I of N of the runs, and no tables or pictures; see `pailao merge`
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// How the runs are made and shown.
    #[command(flatten)]
    pub study: StudyArguments,
}

/// `pailao merge`.
#[derive(Args, Debug)]
pub struct MergeArguments {
    /// The scenario file
    #[arg(value_name = "SCENARIO.toml", value_hint = ValueHint::FilePath)]
    pub scenario: PathBuf,
    /// Folders that shards were written to
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath, required = true)]
    pub shards: Vec<PathBuf>,
    /// How the runs are made and shown.
    #[command(flatten)]
    pub study: StudyArguments,
}

/// How the runs of a study are made and shown.
#[derive(Args, Debug)]
pub struct StudyArguments {
    /// Folder for runs, tables and pictures; runs that are there already are not made again
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    /// Also write the network of every option, horizon and run as .inp
    #[arg(long)]
    pub keep_inp: bool,
    /// Also keep SWMM's binary results of every run
    #[arg(long)]
    pub keep_out: bool,
    /// Draw every horizon, not only the last
    #[arg(long)]
    pub all_horizons: bool,
    /// Draw nothing into the folder of plots; the report keeps its figures
    #[arg(long, conflicts_with = "all_horizons")]
    pub no_plots: bool,
    /// Order of the report: what a decision needs first, or the chapters of China's plan outline of 2013
    #[arg(long, value_enum, default_value_t)]
    pub template: ReportTemplate,
    /// Table of the option audit for the report, CSV
    #[arg(long, value_name = "FILE.csv", value_hint = ValueHint::FilePath)]
    pub audit: Option<PathBuf>,
    /// Font file for pictures, for characters that the built-in font lacks
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub font: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
    /// Language of what is said and drawn.
    #[command(flatten)]
    pub language: Language,
}

/// `pailao report`.
#[derive(Args, Debug)]
pub struct ReportArguments {
    /// The scorecard of a policy [default file: the one that comes with the program, seeds/policy.toml]
    #[arg(
        long,
        value_name = "FILE.toml",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        required = true,
        value_hint = ValueHint::FilePath
    )]
    pub policy: Option<String>,
    /// Scenario files; those that the policy names when there are none
    #[arg(value_name = "SCENARIO.toml", value_hint = ValueHint::FilePath)]
    pub scenarios: Vec<PathBuf>,
    /// Folder for runs and for scorecard.csv
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
    /// Language of what is said.
    #[command(flatten)]
    pub language: Language,
}

/// `pailao swmm`.
#[derive(Args, Debug)]
pub struct SwmmArguments {
    /// The model, SWMM 5 text
    #[arg(value_name = "IN", value_hint = ValueHint::FilePath)]
    pub input: PathBuf,
    /// Report, SWMM text
    #[arg(value_name = "RPT", value_hint = ValueHint::FilePath)]
    pub report: PathBuf,
    /// Results, SWMM binary
    #[arg(value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

/// `pailao check`.
#[derive(Args, Debug)]
pub struct CheckArguments {
    /// The model, SWMM 5 text, or a scenario file (.toml)
    #[arg(value_name = "MODEL.inp|SCENARIO.toml", value_hint = ValueHint::FilePath)]
    pub model: PathBuf,
    /// How the model's text is encoded.
    #[command(flatten)]
    pub encoding: InputEncoding,
    /// Language of what is said and drawn.
    #[command(flatten)]
    pub language: Language,
}

/// `pailao convert`.
#[derive(Args, Debug)]
pub struct ConvertArguments {
    /// The model to read
    #[arg(value_name = "IN", value_hint = ValueHint::FilePath)]
    pub input: PathBuf,
    /// The model to write
    #[arg(value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
    /// Encoding to write [default: as read]
    #[arg(long, value_enum)]
    pub to_encoding: Option<TextEncoding>,
    /// Line ends to write [default: as read]
    #[arg(long, value_enum)]
    pub line_ends: Option<LineEnds>,
    /// How the model's text is encoded.
    #[command(flatten)]
    pub encoding: InputEncoding,
}

/// `pailao plot`.
#[derive(Args, Debug)]
pub struct PlotArguments {
    /// Results, SWMM binary
    #[arg(value_name = "RESULT.out", value_hint = ValueHint::FilePath)]
    pub results: PathBuf,
    /// The model that they belong to
    #[arg(value_name = "MODEL.inp", value_hint = ValueHint::FilePath)]
    pub model: PathBuf,
    /// Folder for pictures
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
    /// First node of the long section
    #[arg(long, value_name = "NODE", requires = "to")]
    pub from: Option<String>,
    /// Last node of the long section
    #[arg(long, value_name = "NODE", requires = "from")]
    pub to: Option<String>,
    /// Node to draw a hydrograph of (may be repeated)
    #[arg(long, value_name = "NODE")]
    pub node: Vec<String>,
    /// Link to draw a hydrograph of (may be repeated)
    #[arg(long, value_name = "LINK")]
    pub link: Vec<String>,
    /// Font file, for characters that the built-in font lacks
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub font: Option<PathBuf>,
    /// How the model's text is encoded.
    #[command(flatten)]
    pub encoding: InputEncoding,
    /// Language of what is said and drawn.
    #[command(flatten)]
    pub language: Language,
}

/// Orders of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportTemplate {
    /// What a decision needs first stands first
    #[default]
    Decision,
    /// 《城市排水(雨水)防涝综合规划编制大纲》
    #[value(name = "cn-98")]
    Cn98,
}

/// Encodings of model files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextEncoding {
    /// UTF-8
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    /// GBK (of which GB 2312 is a part)
    #[value(alias = "gb2312")]
    Gbk,
    /// GB 18030
    Gb18030,
    /// Western European Windows
    #[value(name = "windows-1252", alias = "latin1")]
    Windows1252,
}

impl TextEncoding {
    /// The name by which the reader knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gbk => "gbk",
            Self::Gb18030 => "gb18030",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// How lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LineEnds {
    /// Line feed
    #[value(alias = "lf")]
    Unix,
    /// Carriage return and line feed
    #[value(alias = "crlf")]
    Windows,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_long_section_needs_both_its_ends() {
        let parse = |line: &str| Arguments::try_parse_from(line.split(' '));
        assert!(parse("pailao plot a.out a.inp --dir d --from A --to B").is_ok());
        assert!(parse("pailao plot a.out a.inp --dir d --from A").is_err());
    }

    #[test]
    fn no_run_has_zero_threads() {
        let parse = |line: &str| Arguments::try_parse_from(line.split(' '));
        assert!(parse("pailao run a.inp --threads 0").is_err());
        assert!(parse("pailao run a.inp --threads 2").is_ok());
    }
}
