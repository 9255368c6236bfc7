//! Pictures of the streets of a study: maps of each option and of what it makes different, what manholes gave and took,
//! areas by depth and over time of all options in one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::kept_maps::StreetMaterial;
use crate::assess::{Case, Comparison};
use crate::clock::DateTime;
use crate::inundation::{DepthArea, JointKind};
use crate::plot::hydrograph::{Hydrograph, Series};
use crate::plot::inundation::{Quantity, depth_area_chart};
use crate::plot::relief::Bubble;
use crate::plot::{Picture, PlotError, Sheet, Word};
use crate::results::whole_file::safe_name;
use crate::study::digest::StreetDigest;

/// What is mapped of each option.
const MAPPED: [Quantity; 3] = [Quantity::Depth, Quantity::Hazard, Quantity::Duration];
/// Most options in one chart: more lines cannot be told apart.
const OPTIONS: usize = 7;
/// Square metres of a hectare.
const HECTARE: f64 = 1e4;

/// A picture that is to be drawn.
#[derive(Clone, Copy)]
enum Task {
    Map(Case, usize, Quantity),
    Difference(Case, usize),
    Exchange(Case, usize),
    Areas(Case),
    Course(Case),
}

/// Draws the pictures of the streets at some horizons into a folder, each as SVG and PNG, and gives what was written and
/// what could not be drawn, and why. A study without surfaces gives none.
///
/// # Errors
/// When a file cannot be written.
pub fn draw(
    comparison: &Comparison<'_>,
    material: &StreetMaterial<'_>,
    horizons: &[usize],
    folder: &Path,
    sheet: &Sheet,
) -> Result<(Vec<PathBuf>, Vec<String>), PlotError> {
    let gallery = StreetGallery { comparison, material, sheet };
    let cases = comparison.judged_cases().into_iter().filter(|case| horizons.contains(&case.horizon));
    let mut tasks = Vec::new();
    for case in cases {
        let options: Vec<usize> = gallery.streets(case).map(|(option, _)| option).collect();
        for &option in &options {
            tasks.extend(MAPPED.map(|quantity| Task::Map(case, option, quantity)));
            tasks.push(Task::Exchange(case, option));
            if option > 0 {
                tasks.push(Task::Difference(case, option));
            }
        }
        if !options.is_empty() {
            tasks.extend([Task::Areas(case), Task::Course(case)]);
        }
    }
    std::fs::create_dir_all(folder).map_err(|source| PlotError::Write { path: folder.to_owned(), source })?;
    let drawn: Vec<_> = tasks.par_iter().map(|task| gallery.save(*task, folder)).collect();
    let (mut written, mut left) = (Vec::new(), BTreeSet::new());
    for result in drawn {
        match result {
            Ok(paths) => written.extend(paths),
            Err(error @ PlotError::Write { .. }) => return Err(error),
            Err(PlotError::Empty(_)) => {}
            Err(error) => drop(left.insert(error.to_string())),
        }
    }
    Ok((written, left.into_iter().collect()))
}

struct StreetGallery<'a> {
    comparison: &'a Comparison<'a>,
    material: &'a StreetMaterial<'a>,
    sheet: &'a Sheet,
}

impl<'a> StreetGallery<'a> {
    fn street(&self, option: usize, case: Case) -> Option<&'a StreetDigest> {
        self.comparison.digest(option, case)?.street.as_deref()
    }
    /// The streets of a case by option.
    fn streets(&self, case: Case) -> impl Iterator<Item = (usize, &'a StreetDigest)> + '_ {
        let options = 0..self.comparison.options.len();
        options.filter_map(move |option| Some((option, self.street(option, case)?)))
    }
    fn save(&self, task: Task, folder: &Path) -> Result<Vec<PathBuf>, PlotError> {
        let (case, what, picture) = match task {
            Task::Map(case, option, quantity) => {
                let name = format!("street_{}_{}", quantity.name(), self.comparison.option(option));
                (case, name, self.map(case, option, quantity)?)
            }
            Task::Difference(case, option) => {
                let name = format!("street_depth_{}-base", self.comparison.option(option));
                (case, name, self.difference(case, option)?)
            }
            Task::Exchange(case, option) => {
                let name = format!("street_exchange_{}", self.comparison.option(option));
                (case, name, self.exchange(case, option)?)
            }
            Task::Areas(case) => (case, "street_areas".to_owned(), self.areas(case)?),
            Task::Course(case) => (case, "street_course".to_owned(), self.course(case)?),
        };
        let names = self.comparison.names(case);
        let parts = names.into_iter().filter(|name| !name.is_empty()).chain([what.as_str()]);
        let file = safe_name(&parts.collect::<Vec<_>>().join("_"));
        let paths = ["svg", "png"].map(|end| folder.join(format!("{file}.{end}")));
        paths.iter().try_for_each(|path| picture.write(path))?;
        Ok(paths.to_vec())
    }
    /// What a picture shows, and of which case.
    fn title(&self, case: Case, what: &str) -> String {
        let names = self.comparison.names(case).map(|name| self.sheet.language.name(name));
        let case: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        format!("{what} – {}", case.join(" · "))
    }
    /// The name of an option in titles and legends.
    fn option(&self, option: usize) -> &str {
        if option == 0 { self.sheet.word(Word::Base) } else { self.comparison.option(option) }
    }
    fn kept(
        &self,
        case: Case,
        option: usize,
        quantity: Quantity,
    ) -> Result<crate::model::raster::Raster, PlotError> {
        let map = self.material.maps.map(option, case, quantity.kind());
        map.ok_or_else(|| PlotError::Empty("the map was not kept".to_owned()))
    }
    fn map(&self, case: Case, option: usize, quantity: Quantity) -> Result<Picture, PlotError> {
        let values = self.kept(case, option, quantity)?;
        let what = format!("{}: {}", self.option(option), self.sheet.word(quantity.word()));
        self.material.place.map(quantity, &values, &self.title(case, &what), self.sheet)
    }
    fn difference(&self, case: Case, option: usize) -> Result<Picture, PlotError> {
        let base = self.kept(case, 0, Quantity::Depth)?;
        let values = self.kept(case, option, Quantity::Depth)?;
        let word = self.sheet.word(Word::DepthDifference);
        let what = format!("{} – {}: {word}", self.option(option), self.sheet.word(Word::Base));
        self.material.place.difference(&base, &values, &self.title(case, &what), self.sheet)
    }
    fn exchange(&self, case: Case, option: usize) -> Result<Picture, PlotError> {
        let bubbles = |street: &StreetDigest| -> Vec<Bubble> {
            let manholes = street.exchange.iter().filter(|joint| joint.kind == JointKind::Manhole);
            manholes.map(|joint| Bubble { at: joint.place, up: joint.up, down: joint.down }).collect()
        };
        let all = self.streets(case).flat_map(|(_, street)| bubbles(street));
        let greatest = all.map(|bubble| bubble.up.max(bubble.down)).fold(0.0, f64::max);
        let own = self.street(option, case).map(bubbles).unwrap_or_default();
        let depth = self.kept(case, option, Quantity::Depth).ok();
        let what = format!("{}: {}", self.option(option), self.sheet.word(Word::Exchange));
        self.material.place.exchange(own, greatest, depth.as_ref(), &self.title(case, &what), self.sheet)
    }
    fn areas(&self, case: Case) -> Result<Picture, PlotError> {
        let runs: Vec<(String, &[DepthArea])> = self
            .streets(case)
            .take(OPTIONS)
            .map(|(option, street)| (self.option(option).to_owned(), street.depth_area.as_slice()))
            .collect();
        depth_area_chart(&runs, &self.title(case, self.sheet.word(Word::AreaByDepth)), self.sheet)
    }
    /// The area deeper than 0.15 m over time, all options in one.
    fn course(&self, case: Case) -> Result<Picture, PlotError> {
        let line = |(option, street): (usize, &StreetDigest)| {
            let start = self.comparison.digest(option, case).map_or(0, |digest| digest.start_ms);
            Series {
                name: self.option(option).to_owned(),
                times: street.series.time.iter().map(|time| DateTime(start).plus_seconds(*time)).collect(),
                values: street.series.flooded.iter().map(|area| area / HECTARE).collect(),
                ..Series::default()
            }
        };
        let series: Vec<Series> = self.streets(case).take(OPTIONS).map(line).collect();
        let quantity = self.sheet.language.of("Area deeper than 0.15 m", "水深超过 0.15 m 的面积");
        if series.iter().all(|series| series.values.iter().all(|area| *area == 0.0)) {
            return Err(PlotError::Empty(quantity.to_owned()));
        }
        let hydrograph = Hydrograph {
            title: self.title(case, quantity),
            quantity: quantity.to_owned(),
            unit: self.sheet.language.of("ha", "hm²").to_owned(),
            series,
            maxima: true,
            ..Hydrograph::default()
        };
        hydrograph.draw(self.sheet)
    }
}
