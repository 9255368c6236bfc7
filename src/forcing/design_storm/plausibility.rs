//! Findings about coefficients that cannot be right: digits get lost in compilations.

use crate::diagnostic::Diagnostic;
use crate::scenario::storm::{IntensityFormula, IntensityLaw};

use super::intensity::{curve_at, name};

/// Depth of an hour of a return period of two years anywhere in China, mm.
const HOUR_OF_TWO_YEARS_MM: [f64; 2] = [15.0, 90.0];
/// Largest difference between two forms of one formula.
const MOST_DIFFERENCE: f64 = 0.25;
/// Return periods that are looked at, years.
const YEARS: [f64; 9] = [1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0];

/// What is doubtful about a formula, as warnings; empty when nothing is.
///
/// - an hour of two years brings less than 15 mm or more than 90 mm
/// - the formula differs from its own rows for single return periods by more than a quarter
/// - its depths fall as duration or return period grow
/// - its intensity is infinite at a duration of zero
pub fn check_formula(formula: &IntensityFormula) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let name = name(formula);
    let help = "compare its coefficients with the official publication";
    let mut doubt = |message: String, help: &str| found.push(Diagnostic::warning(0, message).help(help));

    let depth = |p: f64, t: f64| curve_at(formula, p).ok().map(|curve| curve.depth_mm(t));
    let [low, high] = HOUR_OF_TWO_YEARS_MM;
    if let Some(hour) = depth(2.0, 60.0)
        && !(low..=high).contains(&hour)
    {
        let message = format!(
            "{name} gives {hour:.1} mm in 60 min at 2 years; places in China have {low} to {high} mm"
        );
        doubt(message, help);
    }
    if let Some((p, t, of_law, of_row)) = worst_difference(formula) {
        let message = format!(
            "{name} gives {of_law:.1} mm in {t} min at {p} years, but {of_row:.1} mm by its row for that return \
             period"
        );
        doubt(message, help);
    }
    if let Some(fall) = first_fall(formula) {
        doubt(format!("{name}: {fall}"), help);
    }
    let [least, _] = formula.return_period_years;
    if curve_at(formula, least).is_ok_and(|curve| curve.b <= 0.0) {
        let message = format!("{name} is infinite at a duration of zero; shorter ones are held at 5 min");
        doubt(message, "");
    }
    found
}

/// Where the formula differs most from its own rows, if too much: years, minutes, both depths, mm.
fn worst_difference(formula: &IntensityFormula) -> Option<(f64, f64, f64, f64)> {
    let law = IntensityFormula { single_periods: Vec::new(), ..formula.clone() };
    let rows = IntensityFormula {
        law: IntensityLaw::SinglePeriods(formula.single_periods.clone()),
        ..formula.clone()
    };
    let mut worst: Option<(f64, (f64, f64, f64, f64))> = None;
    for p in formula.single_periods.iter().map(|row| row.return_period_years) {
        let (Ok(of_law), Ok(of_row)) = (curve_at(&law, p), curve_at(&rows, p)) else { continue };
        for t in [60.0, 120.0] {
            let (of_law, of_row) = (of_law.depth_mm(t), of_row.depth_mm(t));
            let difference = (of_law / of_row - 1.0).abs();
            if difference > MOST_DIFFERENCE && worst.is_none_or(|(most, _)| difference > most) {
                worst = Some((difference, (p, t, of_law, of_row)));
            }
        }
    }
    worst.map(|(_, place)| place)
}

/// The first place at which depth has not grown, in words.
fn first_fall(formula: &IntensityFormula) -> Option<String> {
    let [least, most] = formula.duration_min;
    let durations: Vec<f64> =
        (0..=12).map(|k| least * (most / least.max(1e-9)).powf(f64::from(k) / 12.0)).collect();
    let mut shorter: Option<(f64, Vec<f64>)> = None;
    for p in YEARS {
        let Ok(curve) = curve_at(formula, p) else { continue };
        let depths: Vec<f64> = durations.iter().map(|t| curve.depth_mm(*t)).collect();
        let pairs = durations.iter().zip(&depths);
        let mut falls = pairs.clone().zip(pairs.clone().skip(1)).filter(|((_, low), (_, high))| high <= low);
        if let Some(((from, _), (to, _))) = falls.next() {
            return Some(format!("its depth does not grow from {from:.0} to {to:.0} min at {p} years"));
        }
        if let Some((before, low)) = &shorter {
            let mut falls = pairs.zip(low).filter(|((_, high), low)| high <= low);
            if let Some(((t, _), _)) = falls.next() {
                return Some(format!("its depth of {t:.0} min does not grow from {before} to {p} years"));
            }
        }
        shorter = Some((p, depths));
    }
    None
}
