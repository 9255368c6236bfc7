//! From the runs of a study to its tables and pictures.

use std::io;
use std::path::Path;

use crate::assess::{self, Assessment, Case, Comparison};
use crate::diagnostic::Diagnostic;
use crate::edit::Kind;
use crate::edit::cost::{Bill, bill};
use crate::input::cost_table;
use crate::model::Model;
use crate::plot::{PlotError, Sheet};
use crate::report::gallery::{self, Wishes};
use crate::report::tables::{self, OptionChanges, OptionCosts};
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
        storms: if storms.is_empty() { vec![String::new()] } else { storms },
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
    tables::save_spills(&compared, &assessment.spills, &assessment.systems, folder)?;
    if let Some(economy) = &assessment.economy {
        tables::save_money(&compared, economy, folder)?;
    }
    let scenario = study.scenario();
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

/// Draws all pictures of a study, and gives why some could not be drawn.
pub(super) fn pictures(
    study: &Study,
    rows: &[RunRow],
    folder: &Path,
    all_horizons: bool,
    sheet: &Sheet,
) -> Result<Vec<String>, PlotError> {
    let scenario = study.scenario();
    let standing = (0..scenario.horizons.len()).filter(|horizon| scenario.future_of(*horizon).is_none());
    let horizons: Vec<usize> = if all_horizons { standing.collect() } else { vec![scenario.last_horizon()] };
    let pairs =
        horizons.iter().flat_map(|horizon| (0..scenario.options.len()).map(|option| (option, *horizon)));
    let models: Vec<(usize, usize, Model)> = pairs
        .filter_map(|(option, horizon)| {
            let (model, _) = study.built(option, horizon).ok()?.network.runnable().ok()?;
            Some((option, horizon, model))
        })
        .collect();
    let built: Vec<gallery::Built<'_>> = models
        .iter()
        .map(|(option, horizon, model)| {
            let changes =
                study.built(*option, *horizon).map(|built| built.changes.as_slice()).unwrap_or_default();
            let links = changes.iter().filter(|change| change.kind == Kind::Link);
            gallery::Built {
                option: *option,
                horizon: *horizon,
                model,
                changed: links.map(|change| change.element.to_uppercase()).collect(),
            }
        })
        .collect();
    let outputs = &scenario.outputs;
    let wishes = Wishes {
        horizons,
        hydrographs: outputs.hydrographs.clone(),
        sections: outputs
            .long_sections
            .iter()
            .map(|section| {
                (section.title.clone().unwrap_or_default(), section.from.clone(), section.to.clone())
            })
            .collect(),
    };
    let (_, left) = gallery::draw(&comparison(study, rows), &built, &wishes, folder, sheet)?;
    Ok(left)
}
