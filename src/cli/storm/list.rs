//! `pailao storm --list`: what the library of formulas knows.

use crate::cli::Lang;
use crate::cli::console::{report, say};
use crate::cli::exit::Exit;
use crate::diagnostic::{Diagnostic, display_width};
use crate::forcing::design_storm::formula_text::formula_text;
use crate::forcing::design_storm::plausibility::check_formula;
use crate::input::storm_library::Lookup;
use crate::scenario::storm::{IntensityFormula, LibraryEntry, Provenance};

use super::arguments::StormArguments;
use super::{how_to_supply, source, text};

/// Lists the entries, one a line; those of a city with all that is known.
pub(super) fn list(arguments: &StormArguments) -> Result<(), Exit> {
    let lang = arguments.language.lang;
    let library = source::library(arguments)?;
    let Some(city) = &arguments.city else {
        let wide =
            library.entries.iter().map(|entry| display_width(&entry.place())).max().unwrap_or_default();
        for entry in &library.entries {
            let place = entry.place();
            let blanks = " ".repeat(wide + 2 - display_width(&place));
            say(format!("{place}{blanks}{}", state(entry, lang)));
        }
        return Ok(());
    };
    let entries = match library.find(city) {
        Lookup::One(entry) => vec![entry],
        Lookup::Several(entries) | Lookup::None(entries) => entries,
    };
    if entries.is_empty() {
        let message =
            lang.of(format!("'{city}' is not in the library of formulas"), format!("公式库中没有“{city}”"));
        report(&[Diagnostic::error(0, message).help(how_to_supply(lang))], lang);
        return Err(Exit::Input);
    }
    for entry in entries {
        describe(entry, lang);
    }
    Ok(())
}

/// How far an entry can be trusted, and its formula.
fn state(entry: &LibraryEntry, lang: Lang) -> String {
    let LibraryEntry::Known(formula) = entry else {
        return lang.of("unknown: supply your own", "未知：需自行提供").to_owned();
    };
    let mut state = match formula.provenance {
        _ if formula.verified => lang.of("verified", "已核实"),
        Provenance::Found => lang.of("not verified, found", "未核实，查自公开来源"),
        Provenance::FromMemory => lang.of("not verified, from memory", "未核实，凭记忆"),
        Provenance::User => lang.of("not verified, yours", "未核实，用户提供"),
    }
    .to_owned();
    if formula.confidence == "suspect" {
        state += lang.of(", SUSPECT", "，可疑");
    }
    format!("[{state}]  {}", brief(formula))
}

/// A formula, or how it is built where it would be too long for a line.
fn brief(formula: &IntensityFormula) -> String {
    match formula_text(formula, None) {
        text if text.chars().count() > 70 => "q = 167A(P)/(t + b(P))^n(P)".to_owned(),
        text => text,
    }
}

/// All that is known of an entry.
fn describe(entry: &LibraryEntry, lang: Lang) {
    say(entry.place());
    match entry {
        LibraryEntry::Known(formula) => {
            for part in formula_text(formula, None).split("; ") {
                say(format!("  {part}"));
            }
            let ([p0, p1], [t0, t1]) = (formula.return_period_years, formula.duration_min);
            say(lang.of(
                format!("  for {p0} to {p1} years and {t0} to {t1} min"),
                format!("  适用：{p0} 至 {p1} 年，{t0} 至 {t1} 分钟"),
            ));
            say(format!("  {}", text::provenance(formula, lang)));
            if !formula.note.is_empty() {
                say(format!("  {}{}", lang.of("Note: ", "注："), formula.note));
            }
            if let Some(doubt) = text::doubt(formula, lang) {
                say(format!("  {doubt}"));
            }
            for finding in check_formula(formula) {
                say(format!("  {}{}", lang.of("Doubtful: ", "存疑："), finding.message));
            }
        }
        LibraryEntry::Unknown { note, .. } => {
            say(format!("  {}", state(entry, lang)));
            say(format!("  {note}"));
        }
    }
}
