//! The model held against observations, as a table and as pictures.

use std::io;
use std::path::Path;

use crate::assess::Comparison;
use crate::assess::verification::{Quantity, Score};
use crate::clock::DateTime;
use crate::plot::hydrograph::{Hydrograph, Series, SeriesStyle};
use crate::plot::{PlotError, Sheet, Word};
use crate::results::whole_file::safe_name;
use crate::scenario::observed::Band;

use super::tables::{Table, number};

/// Writes `verification.csv`, a row for each gauge.
///
/// # Errors
/// When the file cannot be written.
pub fn save(comparison: &Comparison<'_>, scores: &[Score], folder: &Path) -> io::Result<()> {
    let run = ["horizon", "storm", "stage", "element", "quantity", "pairs"];
    let efficiency = ["NSE", "KGE", "peak error", "unit of peak error", "band of peak error"];
    let rest = ["volume error", "band of volume error", "peak later by (min)", "surcharged", "within bands"];
    let mut table = Table::new(run.into_iter().chain(efficiency).chain(rest).chain(["bands verified"]));
    let optional = |value: Option<f64>| value.map(number).unwrap_or_default();
    let band = |band: Option<Band>| {
        band.map(|[low, high]| format!("{} to {}", number(low), number(high))).unwrap_or_default()
    };
    for score in scores {
        let names = score.case.map(|case| comparison.names(case)).unwrap_or_default();
        let mut row = names.map(str::to_owned).to_vec();
        row.extend([
            score.element.clone(),
            score.quantity.word().to_owned(),
            score.pairs.to_string(),
            optional(score.nse),
            optional(score.kge),
            if score.peak_band.is_some() { number(score.peak_error) } else { String::new() },
            if score.quantity == Quantity::Flow { "share of observed" } else { "m" }.to_owned(),
            band(score.peak_band),
            optional(score.volume_error),
            band(score.volume_band),
            number(score.peak_lag / 60.0),
            if score.surcharged { "yes" } else { "no" }.to_owned(),
            score.within_bands.map_or("", |within| if within { "yes" } else { "no" }).to_owned(),
            if score.unverified.is_empty() { "yes" } else { "no" }.to_owned(),
        ]);
        table.rows.push(row);
    }
    std::fs::create_dir_all(folder)?;
    table.save(folder, "verification.csv")
}

/// Draws each gauge, observed values as dots and simulated ones as a line, as SVG and PNG.
///
/// # Errors
/// When a picture cannot be drawn or written.
pub fn draw(
    comparison: &Comparison<'_>,
    scores: &[Score],
    folder: &Path,
    sheet: &Sheet,
) -> Result<(), PlotError> {
    std::fs::create_dir_all(folder).map_err(|source| PlotError::Write { path: folder.to_owned(), source })?;
    for score in scores {
        let Some(case) = score.case else { continue };
        let Some(digest) = comparison.digest(0, case) else { continue };
        let picture = hydrograph(score, digest.start_time(), &comparison.names(case), sheet).draw(sheet)?;
        let names = comparison.names(case).into_iter().filter(|name| !name.is_empty());
        let what = format!("verification_{}_{}", score.element, score.quantity.word());
        let file = safe_name(&names.chain([what.as_str()]).collect::<Vec<_>>().join("_"));
        ["svg", "png"].iter().try_for_each(|end| picture.write(folder.join(format!("{file}.{end}"))))?;
    }
    Ok(())
}

/// Observed and simulated values of a gauge in one picture, in SI.
pub fn hydrograph(score: &Score, start: DateTime, names: &[&str], sheet: &Sheet) -> Hydrograph {
    let times: Vec<DateTime> = score.times.iter().map(|seconds| start.plus_seconds(*seconds)).collect();
    let quantity = match score.quantity {
        Quantity::Depth => Word::Depth,
        Quantity::Level => Word::WaterLevel,
        Quantity::Flow => Word::Flow,
    };
    let names: Vec<&str> = names.iter().copied().filter(|name| !name.is_empty()).collect();
    let efficiency = score.nse.map(|nse| format!(" – NSE {nse:.2}")).unwrap_or_default();
    let series = |word, values: &Vec<f64>, style| Series {
        name: sheet.word(word).into(),
        times: times.clone(),
        values: values.clone(),
        style,
    };
    Hydrograph {
        title: format!("{} – {}{efficiency}", score.element, names.join(" · ")),
        quantity: sheet.word(quantity).into(),
        unit: if score.quantity == Quantity::Flow { "m³/s" } else { "m" }.into(),
        series: vec![
            series(Word::Observed, &score.observed, SeriesStyle::Dots),
            series(Word::Simulated, &score.simulated, SeriesStyle::Line),
        ],
        maxima: true,
        ..Hydrograph::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Case;

    #[test]
    fn a_gauge_is_a_row_with_its_run_its_errors_and_their_bands() {
        let comparison = Comparison {
            horizons: vec!["now".into()],
            storms: vec!["P3".into()],
            stages: vec!["as modelled".into()],
            ..Comparison::default()
        };
        let score = Score {
            element: "泵站 1".into(),
            quantity: Quantity::Flow,
            case: Some(Case { horizon: 0, storm: 0, stage: 0 }),
            pairs: 3,
            nse: Some(0.91),
            peak_error: -0.1,
            peak_band: Some([-0.15, 0.25]),
            peak_lag: 120.0,
            within_bands: Some(true),
            ..Score::default()
        };
        let folder = std::env::temp_dir().join(format!("pailao-verification-{}", std::process::id()));
        save(&comparison, &[score], &folder).unwrap();
        let text = std::fs::read_to_string(folder.join("verification.csv")).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let row =
            "now,P3,as modelled,泵站 1,flow,3,0.91,,-0.1,share of observed,-0.15 to 0.25,,,2,no,yes,yes";
        assert_eq!(text.lines().nth(1), Some(row));
    }
}
