//! What a study hands over besides its tables: verification.

use std::path::Path;

use crate::assess::{Assessment, Comparison};
use crate::cli::Lang;
use crate::plot::{PlotError, Sheet};
use crate::report::verification;
use crate::study::Study;

/// Writes the tables.
pub(super) fn tables(
    _study: &Study,
    comparison: &Comparison<'_>,
    assessment: &Assessment,
    folder: &Path,
) -> std::io::Result<()> {
    match &assessment.verification {
        Some(scores) => verification::save(comparison, scores, folder),
        None => Ok(()),
    }
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
