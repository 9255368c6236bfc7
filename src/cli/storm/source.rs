//! Where the rain of a storm comes from: the library, a file, the command line.

use std::path::Path;

use crate::cli::Lang;
use crate::cli::console::{fail, report, tell};
use crate::cli::exit::Exit;
use crate::diagnostic::Diagnostic;
use crate::input::storm_library::{Lookup, StormLibrary};
use crate::input::storm_table::depths_by_duration;
use crate::scenario::storm::{IntensityFormula, LibraryEntry, RainSource};

use super::arguments::StormArguments;
use super::how_to_supply;

/// The source that the arguments ask for.
pub(super) fn source(arguments: &StormArguments) -> Result<RainSource, Exit> {
    let lang = arguments.language.lang;
    if let Some(depth_mm) = arguments.depth {
        return Ok(RainSource::Depth { depth_mm });
    }
    if let Some(file) = &arguments.depths {
        let depths = read_table(file, lang, depths_by_duration)?;
        let source = file.display().to_string();
        return Ok(RainSource::DepthDuration {
            depths,
            return_period_years: arguments.return_period,
            source,
        });
    }
    let mut formula = if let Some([a, c, b, n]) = arguments.formula {
        let mut formula = IntensityFormula::of_user(a, c, b, n);
        formula.duration_min[1] = arguments.valid_to.max(formula.duration_min[0]);
        formula
    } else if arguments.city.is_some() || arguments.formula_file.is_some() {
        from_library(&library(arguments)?, arguments)?
    } else {
        fail(lang.of(
            "no rain: give --city, --formula, --formula-file, --depth or --depths (or --list, or --fit); see --help",
            "没有降雨来源：请给出 --city、--formula、--formula-file、--depth 或 --depths（或 --list、--fit）；见 --help",
        ));
        return Err(Exit::Usage);
    };
    formula.unit_factor = arguments.unit_factor.unwrap_or(formula.unit_factor);
    let Some(return_period_years) = arguments.return_period else {
        fail(lang.of("a formula needs --return-period YEARS", "公式需要重现期 --return-period（年）"));
        return Err(Exit::Usage);
    };
    Ok(RainSource::Formula { formula: Box::new(formula), return_period_years })
}

/// The library that the arguments name, or the one that comes with the program.
pub(super) fn library(arguments: &StormArguments) -> Result<StormLibrary, Exit> {
    let lang = arguments.language.lang;
    let read = match &arguments.formula_file {
        None => StormLibrary::embedded(),
        Some(file) => StormLibrary::parse(&read_text(file)?, file),
    };
    read.map_err(|problems| {
        report(&problems, lang);
        Exit::Input
    })
}

/// The formula of the city, or the only one of a file.
fn from_library(library: &StormLibrary, arguments: &StormArguments) -> Result<IntensityFormula, Exit> {
    let lang = arguments.language.lang;
    let refuse = |message: String, help: String| {
        report(&[Diagnostic::error(0, message).help(help)], lang);
        Exit::Input
    };
    let places = |entries: &[&LibraryEntry]| {
        entries.iter().map(|entry| entry.place()).collect::<Vec<_>>().join(lang.of(", ", "、"))
    };
    let Some(city) = &arguments.city else {
        return match library.entries.as_slice() {
            [LibraryEntry::Known(formula)] => Ok((**formula).clone()),
            entries => {
                let message = lang.of(
                    format!("the file of formulas has {} entries", entries.len()),
                    format!("公式文件含 {} 条", entries.len()),
                );
                Err(refuse(message, lang.of("choose one with --city", "请用 --city 选择").to_owned()))
            }
        };
    };
    match library.find(city) {
        Lookup::One(LibraryEntry::Known(formula)) => Ok((**formula).clone()),
        Lookup::One(entry @ LibraryEntry::Unknown { note, .. }) => {
            tell(lang.of("note: ", "注：").to_owned() + note);
            let message = lang.of(
                format!("no storm-intensity formula of {} is known", entry.place()),
                format!("未收录 {} 的暴雨强度公式", entry.place()),
            );
            Err(refuse(message, how_to_supply(lang).to_owned()))
        }
        Lookup::Several(entries) => {
            let message = lang.of(
                format!("'{city}' may be any of: {}", places(&entries)),
                format!("“{city}”可指：{}", places(&entries)),
            );
            let help = lang.of(
                "add a word of the part, such as --city 'Beijing zone I'",
                "请加上分区的词，如 --city '深圳 中部流域'",
            );
            Err(refuse(message, help.to_owned()))
        }
        Lookup::None(near) => {
            let message = lang
                .of(format!("'{city}' is not in the library of formulas"), format!("公式库中没有“{city}”"));
            let help = if near.is_empty() {
                how_to_supply(lang).to_owned()
            } else {
                let near = places(&near);
                lang.of(format!("near it are: {near}; or ",), format!("相近的有：{near}；或"))
                    + how_to_supply(lang)
            };
            Err(refuse(message, help))
        }
    }
}

/// Reads a small table of the user.
pub(super) fn read_table<T>(
    file: &Path,
    lang: Lang,
    read: impl Fn(&str, &Path) -> Result<T, Box<Diagnostic>>,
) -> Result<T, Exit> {
    read(&read_text(file)?, file).map_err(|problem| {
        report(&[*problem], lang);
        Exit::Input
    })
}

/// The text of a file.
fn read_text(file: &Path) -> Result<String, Exit> {
    std::fs::read_to_string(file).map_err(|error| {
        fail(format!("{} cannot be read: {error}", file.display()));
        Exit::File
    })
}
