//! The files of a storm: table, picture, rain file.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::cli::console::{fail, tell};
use crate::cli::exit::Exit;
use crate::cli::{files, plot};
use crate::clock::DateTime;
use crate::forcing::design_storm::{DesignRain, Hyetograph};
use crate::plot::{self as picture, Picture, PlotError, Sheet};
use crate::scenario::storm::DesignStorm;

use super::arguments::StormArguments;
use super::text;

/// Station of the rain file.
const STATION: &str = "STORM";

/// Where files go.
pub(super) struct Wanted {
    csv: Vec<PathBuf>,
    dat: Vec<PathBuf>,
    pictures: Vec<PathBuf>,
    start: DateTime,
}

/// The files that the arguments ask for.
pub(super) fn wanted(arguments: &StormArguments) -> Result<Wanted, Exit> {
    let in_folder = |name: &str| arguments.out.iter().map(|folder| folder.join(name)).collect::<Vec<_>>();
    let mut wanted = Wanted {
        csv: in_folder("storm.csv"),
        dat: in_folder("storm.dat"),
        pictures: [in_folder("storm.svg"), in_folder("storm.png")].concat(),
        start: date(&arguments.date).ok_or_else(|| {
            fail(format!("{} is no day; write it as 2026-07-21", arguments.date));
            Exit::Usage
        })?,
    };
    wanted.csv.extend(arguments.csv.clone());
    wanted.dat.extend(arguments.dat.clone());
    wanted.pictures.extend(arguments.plot.clone());
    for picture in &wanted.pictures {
        check_ending(picture)?;
    }
    let all: Vec<&Path> =
        [&wanted.csv, &wanted.dat, &wanted.pictures].into_iter().flatten().map(PathBuf::as_path).collect();
    if let Some((one, other)) = files::clash(&all) {
        fail(format!("{} and {} are the same file", one.display(), other.display()));
        return Err(Exit::Usage);
    }
    Ok(wanted)
}

/// Writes the files; their names.
pub(super) fn write(
    arguments: &StormArguments,
    wanted: &Wanted,
    storm: &DesignStorm,
    rain: &DesignRain,
) -> Result<Vec<String>, Exit> {
    let lang = arguments.language.lang;
    let mut written = Vec::new();
    let mut done = |file: &Path| written.push(file.display().to_string());
    for file in &wanted.csv {
        save(file, table(&rain.hyetograph).as_bytes())?;
        done(file);
    }
    if !wanted.dat.is_empty() && !rain.hyetograph.step_s.is_multiple_of(60) {
        fail("a rain file counts whole minutes; take a --step of whole minutes");
        return Err(Exit::Input);
    }
    for file in &wanted.dat {
        save(file, rain_file(storm, rain, wanted.start).as_bytes())?;
        done(file);
    }
    if !wanted.pictures.is_empty() {
        let sheet = plot::sheet(lang, arguments.font.as_deref())?;
        let chart = picture::Hyetograph {
            title: text::title(storm, lang),
            rain: rain.hyetograph.clone(),
            notes: text::notes(storm, rain, lang),
        };
        let words: String =
            chart.notes.iter().map(|note| note.text.as_str()).chain([&*chart.title]).collect();
        let drawn = chart.draw(&sheet).map_err(|error| {
            fail(error.to_string());
            Exit::Input
        })?;
        draw(&drawn, &wanted.pictures, &sheet, &words)?;
        wanted.pictures.iter().for_each(|file| done(file));
    }
    Ok(written)
}

/// Writes a picture into files, and says which of its letters the font lacks.
pub(super) fn draw(picture: &Picture, files: &[PathBuf], sheet: &Sheet, words: &str) -> Result<(), Exit> {
    for file in files {
        files::make_folder_of(file).map_err(|error| {
            fail(format!("{} cannot be written: {error}", file.display()));
            Exit::File
        })?;
        picture.write(file).map_err(|error| {
            fail(error.to_string());
            Exit::File
        })?;
    }
    let missing: String = sheet.fonts.missing(words).into_iter().take(20).collect();
    if !missing.is_empty() {
        tell(format!("warning: the font lacks {missing}; another one can be given with --font"));
    }
    Ok(())
}

/// Refuses a picture of another format before anything is computed.
pub(super) fn check_ending(file: &Path) -> Result<(), Exit> {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if matches!(ending.as_deref(), Some("svg" | "png")) {
        return Ok(());
    }
    fail(PlotError::Format { path: file.to_path_buf() }.to_string());
    Err(Exit::Usage)
}

/// Writes a file as a whole.
pub(super) fn save(file: &Path, bytes: &[u8]) -> Result<(), Exit> {
    files::write_whole(file, bytes).map_err(|error| {
        fail(format!("{} cannot be written: {error}", file.display()));
        Exit::File
    })
}

/// The storm step by step, CSV.
fn table(rain: &Hyetograph) -> String {
    let mut text = String::from("start_min,depth_mm,cumulative_mm,intensity_mm_per_h\n");
    let step = f64::from(rain.step_s) / 60.0;
    let columns = rain.depths_mm.iter().zip(rain.cumulative_mm()).zip(rain.intensities_mm_per_h());
    for (k, ((depth, cumulative), intensity)) in columns.enumerate() {
        let start = number(k as f64 * step);
        let row = [start, number(*depth), number(cumulative), number(intensity)].join(",");
        text.push_str(&row);
        text.push('\n');
    }
    text
}

/// A number to a millionth, without zeros at its end.
fn number(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The storm as a rain file of SWMM's standard format.
fn rain_file(storm: &DesignStorm, rain: &DesignRain, start: DateTime) -> String {
    let hyetograph = &rain.hyetograph;
    let minutes = hyetograph.step_s / 60;
    let (hours, rest) = (minutes / 60, minutes % 60);
    let title = text::title(storm, crate::cli::Lang::En);
    let mut text = format!(
        "; {title}\n; depths in mm, for a gauge with VOLUME {hours}:{rest:02} ... FILE ... {STATION} MM\n"
    );
    for (k, depth) in hyetograph.depths_mm.iter().enumerate() {
        let time = start.plus_seconds(k as f64 * f64::from(hyetograph.step_s));
        let ((year, month, day), (hour, minute, _)) = (time.date(), time.time());
        // writing into a string cannot fail
        let _ = writeln!(text, "{STATION} {year} {month} {day} {hour} {minute} {}", number(*depth));
    }
    text
}

/// Midnight of a day written as `2026-07-21`.
fn date(text: &str) -> Option<DateTime> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    DateTime::from_date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::storm::{Pattern, RainSource};

    #[test]
    fn a_rain_file_begins_on_its_day_and_crosses_midnight() {
        let pattern = Pattern::Block { duration_s: 86_400 + 3600, step_s: 3600 };
        let storm = DesignStorm::new("s", RainSource::Depth { depth_mm: 50.0 }, Some(pattern));
        let rain = crate::forcing::design_storm::design_rain(&storm).unwrap();
        let text = rain_file(&storm, &rain, date("2024-02-28").unwrap());
        assert!(text.contains("VOLUME 1:00"), "{text}");
        assert!(text.contains("\nSTORM 2024 2 28 0 0 2\n"), "{text}");
        assert!(text.ends_with("STORM 2024 2 29 0 0 2\n"), "{text}");
    }

    #[test]
    fn days_that_are_none_are_refused() {
        for text in ["2024-02-30", "2024-02", "2024-02-01-1", "heute", ""] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
