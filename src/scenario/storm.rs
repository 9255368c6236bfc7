//! Storms as plain data: where the rain comes from, how it falls over time, what it serves.
//!
//! `forcing::design_storm` turns a [`DesignStorm`] into rain; `input::storm_library` reads formulas.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::clock::DateTime;

/// What a storm may be judged by. A rule never judges a storm that does not serve it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Capacity of sewers: short storms.
    SewerCapacity,
    /// Waterlogging: storms of 24 h or so.
    Waterlogging,
    /// Overflows: a typical year, or ten years of rain.
    Overflow,
    /// Expected annual damage: a ladder of storms with return periods.
    Damage,
}

/// Litres per second and hectare in 1 mm/min.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnitFactor {
    /// 167, as Chinese formulas and their official depth tables take it.
    #[default]
    Rounded,
    /// 1000/6 = 166.667, exact.
    Exact,
}

impl UnitFactor {
    /// The factor, L/(s·ha) in 1 mm/min.
    pub fn value(self) -> f64 {
        match self {
            Self::Rounded => 167.0,
            Self::Exact => 1000.0 / 6.0,
        }
    }
    /// The factor that a number means, 167 or 166.667 with any number of decimals.
    pub fn of(value: f64) -> Option<Self> {
        match value {
            167.0 => Some(Self::Rounded),
            _ if (value - Self::Exact.value()).abs() < 0.04 => Some(Self::Exact),
            _ => None,
        }
    }
}

/// How a number came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Found in a public source, which is named.
    Found,
    /// Remembered, not looked up.
    FromMemory,
    /// Given by the user.
    User,
}

/// The parameters of `A / (t + b)^n`, in L/(s·ha) and minutes, of one return period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SinglePeriod {
    /// Return period, years.
    pub return_period_years: f64,
    /// A, L/(s·ha)·min^n.
    pub a: f64,
    /// b, min.
    pub b: f64,
    /// n.
    pub n: f64,
}

/// A parameter that varies with the return period as `p1 + p2·ln(P - p3)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogParameter(pub [f64; 3]);

/// Parameters of an interval of return periods; its end belongs to the next interval, if there is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PeriodInterval {
    /// First return period, years.
    pub from_years: f64,
    /// Last return period, years.
    pub to_years: f64,
    /// A, mm·min^(n-1).
    pub a: LogParameter,
    /// b, min.
    pub b: LogParameter,
    /// n.
    pub n: LogParameter,
}

/// The forms in which storm-intensity formulas (暴雨强度公式) are published: q in L/(s·ha), duration t
/// in minutes, return period P in years.
#[derive(Clone, Debug, PartialEq)]
pub enum IntensityLaw {
    /// `q = A·(1 + C·lg P) / (t + b)^n` (总公式).
    Total {
        /// A, L/(s·ha)·min^n; with the factor 167 where the publication writes `167·A1`.
        a: f64,
        /// C.
        c: f64,
        /// b, min.
        b: f64,
        /// n.
        n: f64,
    },
    /// `q = A·(1 + C·lg P) / (t + b·P^m)^n`: as the old formula of Chengdu.
    TotalWithVaryingShift {
        /// A, L/(s·ha)·min^n.
        a: f64,
        /// C.
        c: f64,
        /// b at a return period of one year, min.
        b: f64,
        /// m.
        b_exponent: f64,
        /// n.
        n: f64,
    },
    /// `q = A·(P^k - d) / (t + b + b1·lg P)^(n + n1·lg P)`: as the old formula of Shanghai.
    PowerOfPeriod {
        /// A, L/(s·ha)·min^n.
        a: f64,
        /// k.
        exponent: f64,
        /// d.
        offset: f64,
        /// b, min.
        b: f64,
        /// b1, min.
        b_per_log: f64,
        /// n.
        n: f64,
        /// n1.
        n_per_log: f64,
    },
    /// `q = 167·A(P) / (t + b(P))^n(P)` with parameters by intervals of P (区间参数公式); intervals
    /// in order, without gaps. Each holds its first return period, and the last one its last too.
    Intervals(Vec<PeriodInterval>),
    /// `q = A / (t + b)^n` for single return periods only (单一重现期公式).
    SinglePeriods(Vec<SinglePeriod>),
}

/// A storm-intensity formula with where it comes from and how far it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct IntensityFormula {
    /// The city, in its own language.
    pub city: String,
    /// Its name in Latin letters; empty when there is none.
    pub latin_name: String,
    /// The part of the city that it holds for; empty for all of it.
    pub area: String,
    /// Which of the city's formulas, such as `2024` or `classic`.
    pub version: String,
    /// Year of publication, where it is known.
    pub year: Option<i32>,
    /// Where its numbers were found.
    pub source: String,
    /// What a user should know.
    pub note: String,
    /// How its numbers came here.
    pub provenance: Provenance,
    /// How far they can be trusted, such as `high` or `suspect`; empty when nothing is said.
    pub confidence: String,
    /// Whether they were checked against the official publication. Every report prints it.
    pub verified: bool,
    /// L/(s·ha) in 1 mm/min.
    pub unit_factor: UnitFactor,
    /// Return periods that it holds for, years.
    pub return_period_years: [f64; 2],
    /// Durations that it holds for, minutes.
    pub duration_min: [f64; 2],
    /// The formula.
    pub law: IntensityLaw,
    /// Rows for single return periods published beside it. Beside intervals they are taken first, as
    /// their publishers ask; any other formula is only checked against them.
    pub single_periods: Vec<SinglePeriod>,
}

impl IntensityFormula {
    /// A formula of the total form with the user's coefficients: not verified, for 1 to 100 years and
    /// 5 to 180 min, factor 167.
    pub fn of_user(a: f64, c: f64, b: f64, n: f64) -> Self {
        Self {
            city: String::new(),
            latin_name: String::new(),
            area: String::new(),
            version: String::new(),
            year: None,
            source: String::new(),
            note: String::new(),
            provenance: Provenance::User,
            confidence: String::new(),
            verified: false,
            unit_factor: UnitFactor::Rounded,
            return_period_years: [1.0, 100.0],
            duration_min: [5.0, 180.0],
            law: IntensityLaw::Total { a, c, b, n },
            single_periods: Vec::new(),
        }
    }
    /// City, its Latin name and the area, such as `深圳 Shenzhen (中部流域)`.
    pub fn place(&self) -> String {
        place(&self.city, &self.latin_name, &self.area)
    }
}

fn place(city: &str, latin_name: &str, area: &str) -> String {
    let mut place = [city, latin_name].into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join(" ");
    if !area.is_empty() {
        place += &format!(" ({area})");
    }
    place
}

/// A city of the library of formulas.
#[derive(Clone, Debug, PartialEq)]
pub enum LibraryEntry {
    /// A formula is known.
    Known(Box<IntensityFormula>),
    /// None is: the user has to supply coefficients.
    Unknown {
        /// The city, in its own language.
        city: String,
        /// Its name in Latin letters.
        latin_name: String,
        /// The province.
        province: String,
        /// What a user should know.
        note: String,
    },
}

impl LibraryEntry {
    /// The city, in its own language.
    pub fn city(&self) -> &str {
        match self {
            Self::Known(formula) => &formula.city,
            Self::Unknown { city, .. } => city,
        }
    }
    /// Its name in Latin letters; empty when there is none.
    pub fn latin_name(&self) -> &str {
        match self {
            Self::Known(formula) => &formula.latin_name,
            Self::Unknown { latin_name, .. } => latin_name,
        }
    }
    /// City, its Latin name and the area.
    pub fn place(&self) -> String {
        match self {
            Self::Known(formula) => formula.place(),
            Self::Unknown { city, latin_name, .. } => place(city, latin_name, ""),
        }
    }
}

/// Depth of rain of a duration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DurationDepth {
    /// Duration, s.
    pub duration_s: u32,
    /// Depth, mm.
    pub depth_mm: f64,
}

/// Where the rain of a storm comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum RainSource {
    /// A storm-intensity formula at a return period.
    Formula {
        /// The formula.
        formula: Box<IntensityFormula>,
        /// Return period, years.
        return_period_years: f64,
    },
    /// Depths of one return period by duration, such as a column of an official table.
    DepthDuration {
        /// Depths by increasing duration.
        depths: Vec<DurationDepth>,
        /// Return period, years, where it is known.
        return_period_years: Option<f64>,
        /// Where they come from.
        source: String,
    },
    /// One depth for the whole storm.
    Depth {
        /// Depth, mm.
        depth_mm: f64,
    },
    /// Observed rain. It has its own course over time: such a storm takes no pattern.
    Series(ObservedRain),
}

/// A record of rain.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedRain {
    /// When it begins; `None` when only times from its beginning are known.
    pub start: Option<DateTime>,
    /// Interval that each depth fell in, s.
    pub interval_s: u32,
    /// Start of each interval, s after the beginning, increasing; where there is none it is dry.
    pub times_s: Vec<f64>,
    /// Depth of each, mm.
    pub depths_mm: Vec<f64>,
    /// Where it comes from.
    pub source: String,
}

/// Rainfall distributions of the US Soil Conservation Service over 24 h (TR-55).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum ScsType {
    /// Type I.
    I,
    /// Type IA.
    IA,
    /// Type II.
    II,
    /// Type III.
    III,
}

/// The quarter of a storm in which most of its rain falls (Huff).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HuffQuartile {
    /// First quarter.
    First,
    /// Second quarter.
    Second,
    /// Third quarter.
    Third,
    /// Fourth quarter.
    Fourth,
}

/// How rain falls over time. `peak_ratio` is the time of the peak over the duration, 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// The storm of Keifer and Chu (1957) that belongs to an intensity formula.
    Chicago {
        /// Duration, s.
        duration_s: u32,
        /// Time of the peak over the duration.
        peak_ratio: f64,
        /// Step of the hyetograph, s.
        step_s: u32,
    },
    /// Alternating blocks: each duration about the peak holds its own depth of the same return period
    /// (同频率放大).
    CommonFrequency {
        /// Duration, s.
        duration_s: u32,
        /// Time of the peak over the duration.
        peak_ratio: f64,
        /// Step of the hyetograph, s.
        step_s: u32,
    },
    /// A 24-h distribution of the US Soil Conservation Service.
    Scs {
        /// Which.
        kind: ScsType,
        /// Step of the hyetograph, s.
        step_s: u32,
    },
    /// A median distribution of Huff and Angel (1992).
    Huff {
        /// Which.
        quartile: HuffQuartile,
        /// Duration, s.
        duration_s: u32,
        /// Step of the hyetograph, s.
        step_s: u32,
    },
    /// Intensity that rises and falls along straight lines.
    Triangular {
        /// Duration, s.
        duration_s: u32,
        /// Time of the peak over the duration.
        peak_ratio: f64,
        /// Step of the hyetograph, s.
        step_s: u32,
    },
    /// Constant intensity.
    Block {
        /// Duration, s.
        duration_s: u32,
        /// Step of the hyetograph, s.
        step_s: u32,
    },
    /// The user's mass curve.
    MassCurve {
        /// Parts of the duration and of the depth, both increasing from 0 to 1.
        curve: Vec<[f64; 2]>,
        /// Duration, s.
        duration_s: u32,
        /// Step of the hyetograph, s.
        step_s: u32,
    },
}

impl Pattern {
    /// Duration, s.
    pub fn duration_s(&self) -> u32 {
        match self {
            Self::Chicago { duration_s, .. }
            | Self::CommonFrequency { duration_s, .. }
            | Self::Huff { duration_s, .. }
            | Self::Triangular { duration_s, .. }
            | Self::Block { duration_s, .. }
            | Self::MassCurve { duration_s, .. } => *duration_s,
            Self::Scs { .. } => 86_400,
        }
    }
    /// Step of the hyetograph, s.
    pub fn step_s(&self) -> u32 {
        match self {
            Self::Chicago { step_s, .. }
            | Self::CommonFrequency { step_s, .. }
            | Self::Scs { step_s, .. }
            | Self::Huff { step_s, .. }
            | Self::Triangular { step_s, .. }
            | Self::Block { step_s, .. }
            | Self::MassCurve { step_s, .. } => *step_s,
        }
    }
}

/// How an uplift for a changing climate acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpliftMode {
    /// Every intensity is multiplied by the factor.
    #[default]
    Intensity,
    /// The return period is raised until the formula's depth of the whole duration is multiplied by
    /// the factor; the pattern changes with it.
    ReturnPeriod,
}

/// An uplift of rain for a changing climate: an assumption of the user, to be labelled as one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uplift {
    /// Factor; 1 for none.
    pub factor: f64,
    /// How it acts.
    pub mode: UpliftMode,
}

impl Default for Uplift {
    fn default() -> Self {
        Self { factor: 1.0, mode: UpliftMode::Intensity }
    }
}

/// A storm to design or to check with.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignStorm {
    /// Its name in the scenario.
    pub name: String,
    /// What it is called in reports; empty when its name will do.
    pub title: String,
    /// What it may be judged by.
    pub serves: Vec<Purpose>,
    /// Where its rain comes from.
    pub source: RainSource,
    /// How the rain falls over time; `None` for observed rain and for nothing else.
    pub pattern: Option<Pattern>,
    /// Rain over the area over rain at a point, above 0 to 1.
    pub areal_reduction: f64,
    /// Uplift for a changing climate.
    pub uplift: Uplift,
}

impl DesignStorm {
    /// A storm without areal reduction, uplift or a purpose.
    pub fn new(name: impl Into<String>, source: RainSource, pattern: Option<Pattern>) -> Self {
        Self {
            name: name.into(),
            title: String::new(),
            serves: Vec::new(),
            source,
            pattern,
            areal_reduction: 1.0,
            uplift: Uplift::default(),
        }
    }
}
