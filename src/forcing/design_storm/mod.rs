//! Design storms: from a formula, a table, a depth or a record to rain in equal steps.
//!
//! [`design_rain`] computes the rain of a storm. The laws stand apart: [`intensity`] holds the
//! storm-intensity formulas, [`chicago`], [`nested`] and [`mass_curve`] the patterns,
//! [`return_period`], [`areal_reduction`] and [`frequency`] what goes into them;
//! [`plausibility`] doubts coefficients, [`rational`] leads from rain to pipes and back.

pub mod areal_reduction;
pub mod chicago;
pub mod error;
pub mod formula_text;
pub mod frequency;
pub mod hyetograph;
pub mod intensity;
pub mod mass_curve;
pub mod nested;
pub mod plausibility;
pub mod rational;
pub mod return_period;

use crate::diagnostic::Diagnostic;
use crate::scenario::storm::{
    DesignStorm, DurationDepth, IntensityFormula, ObservedRain, Pattern, RainSource, UpliftMode,
};

pub use error::StormError;
pub use hyetograph::Hyetograph;

use intensity::IntensityCurve;

/// Most steps of a hyetograph: ten years by the minute, and some.
const MOST_STEPS: u32 = 6_000_000;

/// The rain of a storm and what is to be known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignRain {
    /// The rain.
    pub hyetograph: Hyetograph,
    /// Return period after uplift, years, where one is known.
    pub return_period_years: Option<f64>,
    /// Findings that do not stop a run: doubtful coefficients, extrapolation.
    pub warnings: Vec<Diagnostic>,
}

/// Computes the rain of a storm: source, pattern, uplift, areal reduction.
///
/// # Errors
/// When source and pattern do not fit each other or a number lies outside what they hold for.
pub fn design_rain(storm: &DesignStorm) -> Result<DesignRain, StormError> {
    check_factors(storm)?;
    let mut warnings = Vec::new();
    let (source, return_period_years) = raised_source(storm, &mut warnings)?;
    let hyetograph = match (&source, &storm.pattern) {
        (Source::Observed(record), None) => observed(record)?,
        (Source::Observed(_), Some(_)) => {
            return Err(StormError::new("observed rain takes no pattern")
                .help("leave the pattern out, or give the depth of the storm instead of a record"));
        }
        (_, None) => {
            return Err(StormError::new("the storm has no pattern")
                .help("say how the rain falls over time, for example as a Chicago storm"));
        }
        (source, Some(pattern)) => spread(source, pattern)?,
    };
    let by_uplift = match storm.uplift.mode {
        UpliftMode::Intensity => storm.uplift.factor,
        UpliftMode::ReturnPeriod => 1.0,
    };
    let factor = by_uplift * storm.areal_reduction;
    Ok(DesignRain {
        hyetograph: if factor == 1.0 { hyetograph } else { hyetograph.scaled(factor) },
        return_period_years,
        warnings,
    })
}

/// A source at its final return period.
enum Source<'a> {
    /// A formula with its curve.
    Formula(&'a IntensityFormula, IntensityCurve),
    /// Depths by duration.
    Table(&'a [DurationDepth]),
    /// One depth, mm.
    Depth(f64),
    /// A record.
    Observed(&'a ObservedRain),
}

impl Source<'_> {
    /// Depth of a duration, mm.
    fn depth_mm(&self, duration_s: u32) -> Result<f64, StormError> {
        match self {
            Self::Formula(formula, curve) => {
                check_duration(formula, duration_s)?;
                Ok(curve.depth_mm(f64::from(duration_s) / 60.0))
            }
            Self::Table(table) => {
                if let Some(fault) = nested::fault(table) {
                    return Err(StormError::new(format!("the table of depths by duration: {fault}")));
                }
                nested::depth_mm(table, f64::from(duration_s)).ok_or_else(|| {
                    let minutes = f64::from(duration_s) / 60.0;
                    StormError::new(format!("the table of depths ends before {minutes} min"))
                        .help("take a shorter storm, or a table that goes on")
                })
            }
            Self::Depth(depth) => Ok(*depth),
            Self::Observed(_) => Err(StormError::new("a record has no depth by duration")),
        }
    }
}

/// Refuses factors that are none.
fn check_factors(storm: &DesignStorm) -> Result<(), StormError> {
    let reduction = storm.areal_reduction;
    if !(reduction > 0.0 && reduction <= 1.0) {
        let message = format!("an areal reduction of {reduction} is none");
        return Err(StormError::new(message).help("it must lie above 0 and not above 1"));
    }
    let uplift = storm.uplift.factor;
    if !(uplift > 0.0 && uplift.is_finite()) {
        let message = format!("an uplift of {uplift} is none");
        return Err(StormError::new(message).help("it is a factor: 1.1 for ten percent more"));
    }
    Ok(())
}

/// The source at the return period that the uplift asks for, and that return period.
fn raised_source<'a>(
    storm: &'a DesignStorm,
    warnings: &mut Vec<Diagnostic>,
) -> Result<(Source<'a>, Option<f64>), StormError> {
    let shifts = storm.uplift.mode == UpliftMode::ReturnPeriod && storm.uplift.factor != 1.0;
    let plain = match &storm.source {
        RainSource::Formula { formula, return_period_years } => {
            let mut years = *return_period_years;
            if shifts && let Some(pattern) = &storm.pattern {
                let duration_min = f64::from(pattern.duration_s()) / 60.0;
                check_duration(formula, pattern.duration_s())?;
                years = return_period::raised_for(formula, years, storm.uplift.factor, duration_min)?;
            }
            let curve = intensity::curve_at(formula, years)?;
            warnings.extend(plausibility::check_formula(formula));
            if intensity::is_extrapolated(formula, years) {
                let [least, most] = formula.return_period_years;
                let message = format!(
                    "a return period of {years:.4} years lies beyond those that {} was made for, {least} to \
                     {most} years",
                    intensity::name(formula)
                );
                warnings.push(Diagnostic::warning(0, message));
            }
            return Ok((Source::Formula(formula, curve), Some(years)));
        }
        RainSource::DepthDuration { depths, return_period_years, .. } => {
            (Source::Table(depths), *return_period_years)
        }
        RainSource::Depth { depth_mm } => {
            if !(*depth_mm > 0.0 && depth_mm.is_finite()) {
                return Err(StormError::new(format!("a storm of {depth_mm} mm is none")));
            }
            (Source::Depth(*depth_mm), None)
        }
        RainSource::Series(record) => (Source::Observed(record), None),
    };
    if shifts {
        return Err(StormError::new("only a formula has a return period that an uplift can shift")
            .help("let the uplift multiply the intensity"));
    }
    Ok(plain)
}

/// Refuses durations that a formula does not hold for.
fn check_duration(formula: &IntensityFormula, duration_s: u32) -> Result<(), StormError> {
    let minutes = f64::from(duration_s) / 60.0;
    let [least, most] = formula.duration_min;
    if (least..=most).contains(&minutes) {
        return Ok(());
    }
    let message = format!(
        "a storm of {minutes} min lies outside the durations that {} was made for, {least} to {most} min",
        intensity::name(formula)
    );
    Err(StormError::new(message)
        .help("take a duration within them; for 24 h give a depth, or a table of depths by duration"))
}

/// Spreads the rain of a source over time.
fn spread(source: &Source<'_>, pattern: &Pattern) -> Result<Hyetograph, StormError> {
    let (duration_s, step_s) = (pattern.duration_s(), pattern.step_s());
    check_steps(duration_s, step_s)?;
    let of_mass_curve = |part: &dyn Fn(f64) -> f64| {
        let depth = source.depth_mm(duration_s)?;
        let whole = f64::from(duration_s);
        Ok(Hyetograph::of_cumulative(duration_s, step_s, |time_s| depth * part(time_s / whole)))
    };
    match pattern {
        Pattern::Chicago { peak_ratio, .. } => {
            check_peak(*peak_ratio)?;
            let Source::Formula(formula, curve) = source else {
                return Err(StormError::new("a Chicago storm needs a storm-intensity formula").help(
                    "give a formula, or take the common-frequency pattern for a table of depths, or \
                     another one for a single depth",
                ));
            };
            check_duration(formula, duration_s)?;
            let minutes = f64::from(duration_s) / 60.0;
            check_growth(curve, minutes)?;
            Ok(Hyetograph::of_cumulative(duration_s, step_s, |time_s| {
                chicago::cumulative_mm(curve, minutes, *peak_ratio, time_s / 60.0)
            }))
        }
        Pattern::CommonFrequency { peak_ratio, .. } => {
            check_peak(*peak_ratio)?;
            if let Source::Depth(_) = source {
                return Err(StormError::new("the common-frequency pattern needs depths by duration")
                    .help("give a table of depths or a formula, or take another pattern"));
            }
            source.depth_mm(duration_s)?;
            if let Source::Formula(_, curve) = source {
                check_growth(curve, f64::from(duration_s) / 60.0)?;
            }
            let depth = |steps: usize| {
                let length = (steps as f64 * f64::from(step_s)).min(f64::from(duration_s));
                match source {
                    Source::Formula(_, curve) => curve.depth_mm(length / 60.0),
                    Source::Table(table) => nested::depth_mm(table, length).unwrap_or_default(),
                    Source::Depth(_) | Source::Observed(_) => 0.0,
                }
            };
            let steps = duration_s.div_ceil(step_s) as usize;
            Ok(Hyetograph { step_s, depths_mm: nested::alternating_blocks(steps, *peak_ratio, depth) })
        }
        Pattern::Scs { kind, .. } => {
            let curve = mass_curve::scs(*kind);
            of_mass_curve(&|x| mass_curve::part_at(&curve, x))
        }
        Pattern::Huff { quartile, .. } => {
            let curve = mass_curve::huff(*quartile);
            of_mass_curve(&|x| mass_curve::part_at(&curve, x))
        }
        Pattern::Triangular { peak_ratio, .. } => {
            check_peak(*peak_ratio)?;
            of_mass_curve(&|x| mass_curve::triangle_part(*peak_ratio, x))
        }
        Pattern::Block { .. } => of_mass_curve(&|x| x),
        Pattern::MassCurve { curve, .. } => {
            if let Some(fault) = mass_curve::fault(curve) {
                return Err(StormError::new(format!("the mass curve is none: {fault}")));
            }
            of_mass_curve(&|x| mass_curve::part_at(curve, x))
        }
    }
}

/// A record in steps of its interval; an interval that begins between two steps shares its rain out.
fn observed(record: &ObservedRain) -> Result<Hyetograph, StormError> {
    let interval = f64::from(record.interval_s);
    let wrong = |what: String| Err(StormError::new(format!("the record of rain: {what}")));
    if record.times_s.len() != record.depths_mm.len() {
        return wrong(format!("{} times but {} depths", record.times_s.len(), record.depths_mm.len()));
    }
    if record.interval_s == 0 {
        return wrong("its interval must be above 0".to_owned());
    }
    let Some(last) = record.times_s.last() else {
        return wrong("it holds no rain".to_owned());
    };
    let mut before = 0.0;
    for (&time, &depth) in record.times_s.iter().zip(&record.depths_mm) {
        // written so that NaN is refused too
        if !(time >= before && time.is_finite()) {
            return wrong(format!("the time {time} s does not follow the one before"));
        }
        if !(depth >= 0.0 && depth.is_finite()) {
            return wrong(format!("at {time} s stands a depth of {depth} mm"));
        }
        before = time;
    }
    let steps = (last / interval).ceil() + 1.0;
    if steps > f64::from(MOST_STEPS) {
        return wrong(format!("{steps} steps are too many, {MOST_STEPS} at most"));
    }
    let mut depths_mm = vec![0.0; steps as usize];
    for (&time, &depth) in record.times_s.iter().zip(&record.depths_mm) {
        let position = time / interval;
        let step = position.floor();
        let later = position - step;
        for (k, part) in [(step as usize, 1.0 - later), (step as usize + 1, later)] {
            if let Some(slot) = depths_mm.get_mut(k) {
                *slot += depth * part;
            }
        }
    }
    Ok(Hyetograph { step_s: record.interval_s, depths_mm })
}

/// Refuses peaks outside the storm.
fn check_peak(peak_ratio: f64) -> Result<(), StormError> {
    if (0.0..=1.0).contains(&peak_ratio) {
        return Ok(());
    }
    Err(StormError::new(format!("a peak at {peak_ratio} of the duration lies outside the storm"))
        .help("the peak ratio is the time of the peak over the duration, 0 to 1; 0.4 is usual"))
}

/// Refuses storms without steps, or with too many.
fn check_steps(duration_s: u32, step_s: u32) -> Result<(), StormError> {
    if duration_s == 0 || step_s == 0 || step_s > duration_s {
        let message = format!("a storm of {duration_s} s cannot be cut into steps of {step_s} s");
        return Err(StormError::new(message).help("take a step above 0 that is not above the duration"));
    }
    if duration_s.div_ceil(step_s) > MOST_STEPS {
        let message = format!("a storm of {duration_s} s has too many steps of {step_s} s");
        return Err(StormError::new(message).help(format!("{MOST_STEPS} at most")));
    }
    Ok(())
}

/// Refuses curves whose depth falls with duration, as it does for `n` above 1 from `b/(n - 1)` on.
fn check_growth(curve: &IntensityCurve, duration_min: f64) -> Result<(), StormError> {
    if curve.marginal_intensity_mm_per_min(duration_min) > 0.0 {
        return Ok(());
    }
    let message = format!("the formula's depth falls before {duration_min} min, so that no storm has it");
    Err(StormError::new(message).help("take a shorter storm; are b and n right?"))
}

#[cfg(test)]
mod tests;
