//! `pailao storm`: design storms, the library of formulas, frequency fits.

pub mod arguments;
mod fit;
mod list;
mod source;
mod text;
mod write;

use crate::diagnostic::Diagnostic;
use crate::forcing::design_storm::design_rain;
use crate::scenario::storm::{DesignStorm, HuffQuartile, Pattern, ScsType, Uplift, UpliftMode};

use super::Lang;
use super::console::{fail, report, say};
use super::exit::Exit;
use arguments::{PatternName, StormArguments, UpliftName};

/// `pailao storm`.
pub fn storm(arguments: &StormArguments) -> Exit {
    let done = if arguments.list {
        list::list(arguments)
    } else if let Some(maxima) = &arguments.fit {
        fit::fit(arguments, maxima)
    } else {
        design(arguments)
    };
    done.err().unwrap_or(Exit::Done)
}

/// Computes a storm, says what it is and writes it; how the program ends where it cannot.
fn design(arguments: &StormArguments) -> Result<(), Exit> {
    let lang = arguments.language.lang;
    let wanted = write::wanted(arguments)?;
    let source = source::source(arguments)?;
    let mut storm = DesignStorm::new("STORM", source, Some(pattern(arguments)?));
    storm.areal_reduction = arguments.area_reduction;
    storm.uplift = Uplift {
        factor: arguments.uplift,
        mode: match arguments.uplift_mode {
            UpliftName::Intensity => UpliftMode::Intensity,
            UpliftName::ReturnPeriod => UpliftMode::ReturnPeriod,
        },
    };
    let rain = design_rain(&storm).map_err(|error| {
        report(&[Diagnostic::from(error)], lang);
        Exit::Input
    })?;
    say(text::summary(&storm, &rain, lang));
    report(&rain.warnings, lang);
    let files = write::write(arguments, &wanted, &storm, &rain)?;
    if !files.is_empty() {
        say(format!("{}{}", lang.of("Written: ", "已写入："), files.join(lang.of(", ", "、"))));
    }
    Ok(())
}

/// The pattern that the arguments ask for.
fn pattern(arguments: &StormArguments) -> Result<Pattern, Exit> {
    let usual = if arguments.depths.is_some() { 1440 } else { 120 };
    let duration_s = arguments.duration.unwrap_or(usual).saturating_mul(60);
    let seconds = arguments.step * 60.0;
    if !(seconds.fract() == 0.0 && (1.0..=86_400.0).contains(&seconds)) {
        fail(format!(
            "a step of {} min is none: it must be whole seconds, from 1 s to a day",
            arguments.step
        ));
        return Err(Exit::Usage);
    }
    let (step_s, peak_ratio) = (seconds as u32, arguments.r);
    if let Some(file) = &arguments.mass_curve {
        let curve = source::read_table(file, arguments.language.lang, crate::input::storm_table::mass_curve)?;
        return Ok(Pattern::MassCurve { curve, duration_s, step_s });
    }
    let scs = |kind| {
        if arguments.duration.is_some_and(|minutes| minutes != 1440) {
            fail("SCS distributions last 1440 min; leave --duration out, or take another pattern");
            return Err(Exit::Usage);
        }
        Ok(Pattern::Scs { kind, step_s })
    };
    let huff = |quartile| Ok(Pattern::Huff { quartile, duration_s, step_s });
    match arguments.pattern {
        PatternName::Chicago => Ok(Pattern::Chicago { duration_s, peak_ratio, step_s }),
        PatternName::CommonFrequency => Ok(Pattern::CommonFrequency { duration_s, peak_ratio, step_s }),
        PatternName::Triangular => Ok(Pattern::Triangular { duration_s, peak_ratio, step_s }),
        PatternName::Block => Ok(Pattern::Block { duration_s, step_s }),
        PatternName::ScsI => scs(ScsType::I),
        PatternName::ScsIa => scs(ScsType::IA),
        PatternName::ScsIi => scs(ScsType::II),
        PatternName::ScsIii => scs(ScsType::III),
        PatternName::Huff1 => huff(HuffQuartile::First),
        PatternName::Huff2 => huff(HuffQuartile::Second),
        PatternName::Huff3 => huff(HuffQuartile::Third),
        PatternName::Huff4 => huff(HuffQuartile::Fourth),
    }
}

/// Says where a name of a city leads nowhere, and how to go on without.
fn how_to_supply(lang: Lang) -> &'static str {
    lang.of(
        "give its coefficients with --formula A,C,b,n, or a file of formulas with --formula-file; \
         --list shows what is known",
        "请用 --formula A,C,b,n 给出参数，或用 --formula-file 给出公式文件；--list 列出已收录的公式",
    )
}
