//! From the runs of a study to its tables and pictures.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::assess::{self, Assessment, Case, Comparison};
use crate::diagnostic::Diagnostic;
use crate::edit::Kind;
use crate::edit::cost::{Bill, bill};
use crate::input::{cost_table, damage_table};
use crate::model::Model;
use crate::plot::{PlotError, Sheet};
use crate::report::assessment_tables;
use crate::report::document::{self, ForeignTable, Material, Template};
use crate::report::gallery::{self, Wishes};
use crate::report::tables::{self, OptionChanges, OptionCosts};
use crate::results::whole_file::{safe_name, write_whole};
use crate::study::{RunRow, State, Study};

/// The runs as tables and pictures take them.
pub(super) fn comparison<'a>(study: &'a Study, rows: &'a [RunRow]) -> Comparison<'a> {
    let scenario = study.scenario();
    // a study without storms runs the rain of its network
    let storms: Vec<String> = scenario.storms.iter().map(|storm| storm.rain.name.clone()).collect();
    let runs = rows.iter().map(|row| {
        let spec = &row.spec;
        let case = Case { horizon: spec.horizon, storm: spec.storm.unwrap_or(0), stage: spec.stage };
        let state = match &row.state {
            State::Done(digest) => assess::State::Done(digest),
            State::Failed(reason) => assess::State::Failed(reason.clone()),
            State::NotBuilt(problems) => {
                let first = problems.first().map(|problem| problem.message.clone());
                assess::State::Missing(first.unwrap_or_default())
            }
            State::Interrupted => assess::State::Missing("interrupted".to_owned()),
        };
        assess::Run { option: spec.option, case, state }
    });
    Comparison {
        title: scenario.study.title.clone().unwrap_or_default(),
        options: scenario.options.iter().map(|choice| choice.name.clone()).collect(),
        horizons: scenario.horizons.iter().map(|horizon| horizon.name.clone()).collect(),
        future_of: (0..scenario.horizons.len()).map(|horizon| scenario.future_of(horizon)).collect(),
        planned: scenario.planned_horizons(),
        storms: if storms.is_empty() { vec![String::new()] } else { storms },
        free_stages: (0..scenario.stages.len()).filter(|stage| scenario.is_free(*stage)).collect(),
        stages: scenario.stages.iter().map(|stage| stage.name.clone()).collect(),
        overflows: scenario.study.overflows.clone(),
        treatment_works: scenario.study.treatment_works.clone(),
        runs: runs.collect(),
    }
}

/// Writes all tables of a study.
pub(super) fn tables(
    study: &Study,
    rows: &[RunRow],
    bills: &[(usize, Bill)],
    assessment: &Assessment,
    folder: &Path,
) -> io::Result<()> {
    let compared = comparison(study, rows);
    tables::save(&compared, folder)?;
    assessment_tables::save(assessment, &compared, folder)?;
    tables::save_spills(&compared, &assessment.spills, &assessment.systems, folder)?;
    if let Some(economy) = &assessment.economy {
        tables::save_money(&compared, economy, folder)?;
    }
    let scenario = study.scenario();
    let home = scenario.path.parent().unwrap_or(Path::new(""));
    // a table that cannot be read was told when the runs were assessed
    let read = |file: &PathBuf| damage_table::read_for(&home.join(file), None).ok();
    tables::save_street(&compared, scenario.study.damage.as_ref().and_then(read).as_ref(), folder)?;
    let last = scenario.last_horizon();
    let measures: Vec<Vec<String>> = scenario
        .options
        .iter()
        .map(|choice| {
            let name = |(index, measure): (usize, &crate::scenario::measure::Measure)| {
                let word = measure.name.as_deref().unwrap_or_else(|| measure.verb.word());
                format!("{} {word}", index + 1)
            };
            choice.table.measures.iter().enumerate().map(name).collect()
        })
        .collect();
    let changes: Vec<OptionChanges<'_>> = scenario
        .options
        .iter()
        .zip(&measures)
        .enumerate()
        .filter_map(|(option, (choice, measures))| {
            let built = study.built(option, last).ok()?;
            Some(OptionChanges { option: &choice.name, measures, changes: &built.changes })
        })
        .collect();
    tables::save_changes(&changes, folder)?;
    tables::save_storms(&scenario.storms, folder)?;
    let costs: Vec<OptionCosts<'_>> = bills
        .iter()
        .filter_map(|(option, bill)| {
            let choice = scenario.options.get(*option)?;
            Some(OptionCosts { option: &choice.name, measures: measures.get(*option)?, bill })
        })
        .collect();
    if costs.is_empty() { Ok(()) } else { tables::save_costs(&costs, folder) }
}

/// What each option costs when all that is planned is built, by the option's index; empty where the study has no
/// table of unit costs.
///
/// # Errors
/// When the table cannot be read or lacks a rate.
pub(super) fn bills(study: &Study) -> Result<Vec<(usize, Bill)>, Vec<Diagnostic>> {
    let scenario = study.scenario();
    let Some(costs) = &scenario.study.costs else { return Ok(Vec::new()) };
    let folder = scenario.path.parent().unwrap_or(Path::new(""));
    let table = cost_table::read_for(costs, folder)?;
    let last = scenario.last_horizon();
    let (mut bills, mut problems) = (Vec::new(), Vec::new());
    for option in 0..scenario.options.len() {
        let Ok(built) = study.built(option, last) else { continue };
        match bill(&built.changes, &table, costs.contingency.0) {
            Ok(bill) => bills.push((option, bill)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(bills) } else { Err(problems) }
}

/// Networks as options have made them, at the horizons that are drawn.
pub(super) struct Networks<'a> {
    study: &'a Study,
    horizons: Vec<usize>,
    models: Vec<(usize, usize, Model)>,
}

impl<'a> Networks<'a> {
    /// Builds them: for the last horizon and those whose pumps have failed, or for all.
    pub(super) fn new(study: &'a Study, all_horizons: bool) -> Self {
        let scenario = study.scenario();
        let standing = (0..scenario.horizons.len()).filter(|horizon| scenario.future_of(*horizon).is_none());
        let last = scenario.last_horizon();
        let drawn = |horizon: &usize| all_horizons || *horizon == last || scenario.has_outage(*horizon);
        let horizons: Vec<usize> = standing.filter(drawn).collect();
        let pairs =
            horizons.iter().flat_map(|horizon| (0..scenario.options.len()).map(|option| (option, *horizon)));
        let models = pairs
            .filter_map(|(option, horizon)| {
                let (model, _) = study.built(option, horizon).ok()?.network.runnable().ok()?;
                Some((option, horizon, model))
            })
            .collect();
        Self { study, horizons, models }
    }
    /// The networks with the links that each option builds or changes.
    pub(super) fn built(&self) -> Vec<gallery::Built<'_>> {
        let of = |(option, horizon, model): &'_ (usize, usize, Model)| -> BTreeSet<String> {
            let _ = model;
            let built = self.study.built(*option, *horizon);
            let changes = built.map(|built| built.changes.as_slice()).unwrap_or_default();
            let links = changes.iter().filter(|change| change.kind == Kind::Link);
            links.map(|change| change.element.to_uppercase()).collect()
        };
        let all = self.models.iter();
        all.map(|built| gallery::Built {
            option: built.0,
            horizon: built.1,
            model: &built.2,
            changed: of(built),
        })
        .collect()
    }
    /// What is to be drawn.
    pub(super) fn wishes(&self) -> Wishes {
        let scenario = self.study.scenario();
        let outputs = &scenario.outputs;
        let section = |section: &crate::scenario::study::Section| {
            (section.title.clone().unwrap_or_default(), section.from.clone(), section.to.clone())
        };
        Wishes {
            horizons: self.horizons.clone(),
            hydrographs: outputs.hydrographs.clone(),
            sections: outputs.long_sections.iter().map(section).collect(),
            datum: scenario.study.vertical_datum.clone(),
        }
    }
}

/// Draws all pictures of a study, and gives why some could not be drawn.
pub(super) fn pictures(
    comparison: &Comparison<'_>,
    networks: &Networks<'_>,
    folder: &Path,
    sheet: &Sheet,
) -> Result<Vec<String>, PlotError> {
    let (_, left) = gallery::draw(comparison, &networks.built(), &networks.wishes(), folder, sheet)?;
    Ok(left)
}

/// Writes the report, and the pictures that only it has where a folder for them is given; gives why some could
/// not be drawn.
pub(super) fn report(
    material: &Material<'_>,
    template: Template,
    file: &Path,
    plots: Option<&Path>,
    sheet: &Sheet,
) -> io::Result<Vec<String>> {
    let document = document::write(material, template, sheet)?;
    write_whole(file, |out| out.write_all(document.html.as_bytes()))?;
    if let Some(folder) = plots {
        std::fs::create_dir_all(folder)?;
        let pictures: Vec<_> = document
            .pictures
            .iter()
            .flat_map(|(name, picture)| ["svg", "png"].map(|end| (name, picture, end)))
            .collect();
        pictures
            .par_iter()
            .try_for_each(|(name, picture, end)| {
                picture.write(folder.join(format!("{}.{end}", safe_name(name))))
            })
            .map_err(io::Error::other)?;
    }
    Ok(document.left_out)
}

/// Reads a table that is shown as it is.
///
/// # Errors
/// When the file cannot be read or is no CSV.
pub(super) fn foreign_table(path: &Path) -> io::Result<ForeignTable> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(io::Error::other)?;
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<String>>();
    let head = cells(reader.headers().map_err(io::Error::other)?);
    let rows: Result<Vec<Vec<String>>, csv::Error> =
        reader.records().map(|row| row.map(|row| cells(&row))).collect();
    let source = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(ForeignTable { source, head, rows: rows.map_err(io::Error::other)? })
}
