//! One entry of the library as it is written.

use serde::Deserialize;
use toml::Spanned;

use crate::scenario::storm::{
    IntensityFormula, IntensityLaw, LibraryEntry, LogParameter, PeriodInterval, Provenance, SinglePeriod,
    UnitFactor,
};

/// What is wrong, and what would be right.
type Problem = (String, String);

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Library {
    #[serde(default)]
    pub formula: Vec<Spanned<Row>>,
}

/// An entry.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    city: String,
    #[serde(default)]
    latin_name: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    province: String,
    #[serde(default)]
    version: String,
    year: Option<i32>,
    status: Status,
    #[serde(default)]
    confidence: String,
    #[serde(default)]
    verified: bool,
    #[serde(default)]
    source: String,
    #[serde(default)]
    note: String,
    return_period_years: Option<[f64; 2]>,
    duration_min: Option<[f64; 2]>,
    unit_factor: Option<f64>,
    total: Option<Total>,
    varying_b: Option<VaryingShift>,
    power: Option<Power>,
    intervals: Option<Vec<Interval>>,
    single: Option<Vec<Single>>,
}

#[derive(Deserialize, PartialEq)]
enum Status {
    #[serde(rename = "found")]
    Found,
    #[serde(rename = "from memory")]
    FromMemory,
    #[serde(rename = "user")]
    User,
    #[serde(rename = "unknown")]
    Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Total {
    #[serde(rename = "A")]
    a: f64,
    #[serde(rename = "C")]
    c: f64,
    b: f64,
    n: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VaryingShift {
    #[serde(rename = "A")]
    a: f64,
    #[serde(rename = "C")]
    c: f64,
    b: f64,
    b_exponent: f64,
    n: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Power {
    #[serde(rename = "A")]
    a: f64,
    exponent: f64,
    offset: f64,
    b: f64,
    b_per_log: f64,
    n: f64,
    n_per_log: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Interval {
    from: f64,
    to: f64,
    #[serde(rename = "A")]
    a: [f64; 3],
    b: [f64; 3],
    n: [f64; 3],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Single {
    #[serde(rename = "P")]
    p: f64,
    #[serde(rename = "A")]
    a: f64,
    b: f64,
    n: f64,
}

impl Row {
    /// The entry.
    pub fn entry(self) -> Result<LibraryEntry, Problem> {
        let provenance = match self.status {
            Status::Found => Provenance::Found,
            Status::FromMemory => Provenance::FromMemory,
            Status::User => Provenance::User,
            Status::Unknown => return self.unknown(),
        };
        let city = &self.city;
        if self.verified && provenance != Provenance::Found && provenance != Provenance::User {
            let message = format!("the formula of {city} is from memory, so that it cannot be verified");
            return Err((
                message,
                "set verified = false, or name the source that it was found in".to_owned(),
            ));
        }
        let unit_factor = unit_factor(city, self.unit_factor)?;
        let return_period_years = range(city, "return_period_years", self.return_period_years, [1.0, 100.0])?;
        let duration_min = range(city, "duration_min", self.duration_min, [5.0, 180.0])?;
        let mut singles: Vec<SinglePeriod> = self.single.into_iter().flatten().map(Single::row).collect();
        let mut laws = Vec::new();
        laws.extend(self.total.map(|Total { a, c, b, n }| IntensityLaw::Total { a, c, b, n }));
        laws.extend(self.varying_b.map(|VaryingShift { a, c, b, b_exponent, n }| {
            IntensityLaw::TotalWithVaryingShift { a, c, b, b_exponent, n }
        }));
        laws.extend(self.power.map(|Power { a, exponent, offset, b, b_per_log, n, n_per_log }| {
            IntensityLaw::PowerOfPeriod { a, exponent, offset, b, b_per_log, n, n_per_log }
        }));
        if let Some(intervals) = self.intervals {
            let intervals: Vec<PeriodInterval> = intervals.into_iter().map(Interval::interval).collect();
            let gap = intervals.iter().zip(intervals.iter().skip(1)).any(|(a, b)| a.to_years != b.from_years);
            if gap || intervals.is_empty() || intervals.iter().any(|i| i.from_years >= i.to_years) {
                let message = format!("the intervals of {city} do not follow one another");
                return Err((message, "each must begin where the one before ends".to_owned()));
            }
            laws.push(IntensityLaw::Intervals(intervals));
        }
        if laws.is_empty() && !singles.is_empty() {
            laws.push(IntensityLaw::SinglePeriods(std::mem::take(&mut singles)));
        }
        let law = match (laws.pop(), laws.len()) {
            (Some(law), 0) => law,
            (None, _) => {
                let message = format!("the formula of {city} has no coefficients");
                let help = "give total, varying_b, power, intervals or single, or status = \"unknown\"";
                return Err((message, help.to_owned()));
            }
            _ => {
                let message = format!("the formula of {city} is given in more than one form");
                return Err((message, "make an entry of each, with another version or area".to_owned()));
            }
        };
        Ok(LibraryEntry::Known(Box::new(IntensityFormula {
            city: self.city,
            latin_name: self.latin_name,
            area: self.area,
            version: self.version,
            year: self.year,
            source: self.source,
            note: self.note,
            provenance,
            confidence: self.confidence,
            verified: self.verified,
            unit_factor,
            return_period_years,
            duration_min,
            law,
            single_periods: singles,
        })))
    }

    fn unknown(self) -> Result<LibraryEntry, Problem> {
        let has_numbers = self.total.is_some()
            || self.varying_b.is_some()
            || self.power.is_some()
            || self.intervals.is_some()
            || self.single.is_some();
        if has_numbers || self.verified {
            let message = format!("the formula of {} is unknown but has numbers", self.city);
            return Err((message, "say where they come from: status = \"found\" or \"user\"".to_owned()));
        }
        Ok(LibraryEntry::Unknown {
            city: self.city,
            latin_name: self.latin_name,
            province: self.province,
            note: self.note,
        })
    }
}

impl Interval {
    fn interval(self) -> PeriodInterval {
        PeriodInterval {
            from_years: self.from,
            to_years: self.to,
            a: LogParameter(self.a),
            b: LogParameter(self.b),
            n: LogParameter(self.n),
        }
    }
}

impl Single {
    fn row(self) -> SinglePeriod {
        SinglePeriod { return_period_years: self.p, a: self.a, b: self.b, n: self.n }
    }
}

/// The factor that a number means: 167, which is also taken without one, or 166.667.
fn unit_factor(city: &str, value: Option<f64>) -> Result<UnitFactor, Problem> {
    match value {
        None => Ok(UnitFactor::Rounded),
        Some(value) => UnitFactor::of(value).ok_or_else(|| {
            let message = format!("the formula of {city} has a unit factor of {value}");
            (message, "it is 167, as Chinese tables take it, or 166.667, which is exact".to_owned())
        }),
    }
}

/// A range, or the usual one.
fn range(city: &str, what: &str, value: Option<[f64; 2]>, usual: [f64; 2]) -> Result<[f64; 2], Problem> {
    let [low, high] = value.unwrap_or(usual);
    if low > 0.0 && low <= high && high.is_finite() {
        return Ok([low, high]);
    }
    let message = format!("the formula of {city}: {what} = [{low}, {high}] is no range");
    Err((message, "give the least and the most, both above 0".to_owned()))
}
