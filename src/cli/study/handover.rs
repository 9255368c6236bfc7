//! What a study hands over to others: how it agrees with observations, the project list, maps.

use std::path::Path;

use crate::assess::{Assessment, Comparison};
use crate::cli::Lang;
use crate::diagnostic::Diagnostic;
use crate::edit::cost::Bill;
use crate::input::roads;
use crate::plot::{PlotError, Sheet};
use crate::report::maps::{self, OptionMap};
use crate::report::project::{self, Money, OptionWorks, Project, projects};
use crate::report::verification;
use crate::scenario::measure::Measure;
use crate::scenario::road::Road;
use crate::scenario::study::Choice;
use crate::study::{Built, Study};

/// Writes the verification and the project list as tables, and the maps; gives the project list.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn files(
    study: &Study,
    comparison: &Comparison<'_>,
    bills: &[(usize, Bill)],
    assessment: &Assessment,
    roads: &[Road],
    folder: &Path,
) -> std::io::Result<Vec<Project>> {
    let tables = folder.join("tables");
    if let Some(scores) = &assessment.verification {
        verification::save(comparison, scores, &tables)?;
    }
    let scenario = study.scenario();
    let last = scenario.last_horizon();
    let base = &study.site().base.model;
    let works: Vec<Works<'_>> =
        (0..scenario.options.len()).filter_map(|option| Works::of(study, option, last, bills)).collect();
    let listed: Vec<Vec<Project>> = works
        .iter()
        .map(|works| {
            let works = OptionWorks {
                option: &works.choice.name,
                measures: &works.measures,
                verbs: &works.verbs,
                changes: &works.built.changes,
                bill: works.bill,
                model: &works.built.network.model,
                base,
            };
            projects(&works, &scenario.horizons, roads)
        })
        .collect();
    let money = bills.first().map(|(_, bill)| Money {
        currency: bill.currency.clone(),
        price_year: bill.price_year,
        verified: bill.verified,
    });
    if listed.iter().any(|projects| !projects.is_empty()) {
        project::save(&listed.concat(), money.as_ref(), &tables)?;
    }
    let maps: Vec<OptionMap<'_>> = works
        .iter()
        .zip(&listed)
        .map(|(works, projects)| OptionMap {
            option: works.option,
            horizon: last,
            model: &works.built.network.model,
            base,
            measures: &works.measures,
            changes: &works.built.changes,
            projects,
        })
        .collect();
    maps::save(comparison, assessment, &maps, scenario.study.crs.as_deref(), &folder.join("maps"))?;
    Ok(listed.concat())
}

/// What an option builds by a horizon.
struct Works<'a> {
    option: usize,
    choice: &'a Choice,
    measures: Vec<String>,
    verbs: Vec<&'a str>,
    built: &'a Built,
    bill: Option<&'a Bill>,
}

impl<'a> Works<'a> {
    fn of(study: &'a Study, option: usize, horizon: usize, bills: &'a [(usize, Bill)]) -> Option<Self> {
        let choice = study.scenario().options.get(option)?;
        let built = study.built(option, horizon).ok()?;
        let name = |(index, measure): (usize, &Measure)| {
            let word = measure.name.as_deref().unwrap_or_else(|| measure.verb.word());
            format!("{} {word}", index + 1)
        };
        let measures = &choice.table.measures;
        Some(Self {
            option,
            choice,
            measures: measures.iter().enumerate().map(name).collect(),
            verbs: measures.iter().map(|measure| measure.verb.word()).collect(),
            built,
            bill: bills.iter().find(|(of, _)| *of == option).map(|(_, bill)| bill),
        })
    }
}

/// The roads of a study; none where it names none.
///
/// # Errors
/// When they cannot be read.
pub(super) fn roads(study: &Study) -> Result<Vec<Road>, Vec<Diagnostic>> {
    let scenario = study.scenario();
    let Some(file) = &scenario.study.roads else { return Ok(Vec::new()) };
    let path = scenario.path.parent().unwrap_or(Path::new("")).join(file);
    let read = roads::read(&path).map_err(|error| {
        vec![Diagnostic::error(0, format!("the roads {} cannot be read: {error}", path.display()))]
    })?;
    Ok(read?.roads)
}

/// Draws the pictures.
pub(super) fn pictures(
    comparison: &Comparison<'_>,
    assessment: &Assessment,
    folder: &Path,
    sheet: &Sheet,
) -> Result<(), PlotError> {
    match &assessment.verification {
        Some(scores) => verification::draw(comparison, scores, folder, sheet),
        None => Ok(()),
    }
}

/// A line on how the model agrees with observations.
pub(super) fn calibration(assessment: &Assessment, lang: Lang) -> String {
    let Some(scores) = &assessment.verification else {
        return lang.of("No observations: the model is not calibrated", "无实测资料：模型未率定").to_owned();
    };
    let kept = scores.iter().filter(|score| score.within_bands == Some(true)).count();
    let all = scores.len();
    let unverified = if scores.iter().any(|score| !score.unverified.is_empty()) {
        lang.of(" (bands not verified)", "（限值未核实）")
    } else {
        ""
    };
    lang.of(
        format!("Observations: {kept} of {all} gauges within the bands{unverified}"),
        format!("实测对比：{all} 个测点中 {kept} 个在允许误差内{unverified}"),
    )
}
