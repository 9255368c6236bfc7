//! How far the numbers can be trusted: observations, mass balance, the audit by another engine.

use crate::assess::verification::Quantity;
use crate::report::verification::hydrograph;

use super::desk::{Desk, digits, fixed, maybe, percent, signed};
use super::view::{Callout, Cell, Part, Table};
use super::worse::rest;

/// Rows of a table from elsewhere.
const ROWS: usize = 200;
/// Pictures of gauges.
const GAUGES: usize = 6;

/// The model against observations, or that there are none.
pub(super) fn verification(desk: &mut Desk<'_>) -> Vec<Part> {
    let scores = desk.material.assessment.verification.as_deref().unwrap_or_default();
    if scores.is_empty() {
        return vec![Part::Callout(Callout {
            class: "warn",
            title: desk.say("The model is not calibrated (模型未率定)", "模型未率定").to_owned(),
            lines: vec![
                desk.say(
                    "No observed levels or flows were given, so that nothing says how close the model is to the \
                     real network. Differences between options are more certain than any single number.",
                    "没有提供实测水位或流量，模型与实际管网的接近程度无从判断。方案之间的差异比单个数值更可信。",
                )
                .to_owned(),
            ],
        })];
    }
    let caption = desk.table_caption(desk.say("the model against observations", "模型与实测对比"));
    let heads = desk.say(
        [
            "Element",
            "Quantity",
            "#Pairs",
            "#NSE",
            "#Error of peak",
            "#Error of volume",
            "#Peak later by, min",
            "Within bands",
        ],
        ["构件", "量", "#数据对", "#NSE", "#峰值误差", "#水量误差", "#峰现滞后 min", "在允许范围内"],
    );
    let mut table = Table::new(caption, heads);
    for score in scores {
        let (quantity, peak) = match score.quantity {
            Quantity::Depth => (desk.say("depth", "水深"), format!("{} m", signed(score.peak_error))),
            Quantity::Level => (desk.say("level", "水位"), format!("{} m", signed(score.peak_error))),
            Quantity::Flow => (desk.say("flow", "流量"), percent(score.peak_error)),
        };
        let (bands, class) = match score.within_bands {
            Some(true) => (desk.say("✓ yes", "✓ 是"), "pass"),
            Some(false) => (desk.say("✗ no", "✗ 否"), "fail"),
            None => ("–", ""),
        };
        table.row([
            Cell::head(&score.element),
            Cell::text(quantity),
            Cell::number(score.pairs.to_string()),
            Cell::number(maybe(score.nse, |nse| fixed(nse, 2))),
            Cell::number(peak),
            Cell::number(maybe(score.volume_error, percent)),
            Cell::number(fixed(score.peak_lag / 60.0, 0)),
            Cell::text(bands).class(class),
        ]);
    }
    let mut parts = vec![Part::Table(table)];
    for score in scores.iter().take(GAUGES) {
        let Some(case) = score.case else { continue };
        let Some(digest) = desk.comparison().digest(0, case) else { continue };
        let names = desk.comparison().names(case).map(|name| desk.language.name(name));
        let picture = hydrograph(score, digest.start_time(), &names, desk.sheet).draw(desk.sheet);
        let what = desk.say(
            format!("{}, simulated and observed", score.element),
            format!("{}，模拟与实测", score.element),
        );
        parts.extend(desk.figure(picture, what, ""));
    }
    parts
}

/// Continuity errors and steps that did not converge, by option.
pub(super) fn balance(desk: &mut Desk<'_>) -> Vec<Part> {
    let caption = desk.table_caption(desk.say(
        "mass balance and convergence over all runs of each option; the worst run stands for them",
        "各方案全部工况的水量平衡与收敛（取最不利工况）",
    ));
    let heads = desk.say(
        [
            "Option",
            "#Runs",
            "#Without a result",
            "#Error on land, %",
            "#Error in the network, %",
            "Worst under",
            "#Steps not converged, %",
        ],
        ["方案", "#工况", "#无结果", "#径流误差 %", "#管网误差 %", "最不利工况", "#未收敛步 %"],
    );
    let mut table = Table::new(caption, heads);
    let comparison = desk.comparison();
    for option in 0..comparison.options.len() {
        let runs: Vec<_> = comparison.runs.iter().filter(|run| run.option == option).collect();
        let digests: Vec<_> = runs.iter().filter_map(|run| Some((run.case, run.digest()?))).collect();
        let largest = |of: &dyn Fn(&crate::study::Digest) -> f64| {
            digests
                .iter()
                .map(|(case, digest)| (*case, of(digest)))
                .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
        };
        let land = largest(&|digest| digest.runoff_error());
        let network = largest(&|digest| digest.routing_error());
        let steps = largest(&|digest| digest.not_converged());
        let class = match network {
            Some((_, error)) if error.abs() > 1.0 => "num bad",
            _ => "num",
        };
        table.row([
            Cell::head(desk.option(option)),
            Cell::number(runs.len().to_string()),
            Cell::number((runs.len() - digests.len()).to_string()),
            Cell::number(maybe(land.map(|worst| worst.1), |error| fixed(error, 3))),
            Cell::number(maybe(network.map(|worst| worst.1), |error| fixed(error, 3))).class(class),
            Cell::text(network.map(|worst| desk.case(worst.0)).unwrap_or_default()),
            Cell::number(maybe(steps.map(|worst| worst.1), digits)),
        ]);
    }
    table.notes.push(desk.say("Run by run: tables/runs.csv.", "逐工况数值见 tables/runs.csv。").to_owned());
    vec![Part::Table(table)]
}

/// The audit's table as it was given.
pub(super) fn audit(desk: &mut Desk<'_>) -> Vec<Part> {
    let Some(audit) = desk.material.audit else {
        return vec![desk.nothing(
            "No audit by another engine is given (--audit FILE.csv).",
            "未提供其他引擎的复核结果（--audit FILE.csv）。",
        )];
    };
    let caption = desk.table_caption(desk.say(
        "the options run by EPA's engine and judged by an independent script",
        "各方案由 EPA 引擎运行、独立脚本判定的复核",
    ));
    let mut table = Table::foreign(caption, audit.head.iter().cloned());
    for row in audit.rows.iter().take(ROWS) {
        table.row(row.iter().map(Cell::text));
    }
    rest(desk, &mut table, audit.rows.len(), &audit.source);
    table.notes.push(desk.say(format!("Source: {}.", audit.source), format!("来源：{}。", audit.source)));
    vec![Part::Table(table)]
}
