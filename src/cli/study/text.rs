//! What a study says when it is done: the options side by side.

use std::time::Duration;

use crate::assess::Assessment;
use crate::assess::indicator::INDICATORS;
use crate::cli::Lang;
use crate::cli::language::grouped;
use crate::cli::progress::span;
use crate::diagnostic::display_width;
use crate::edit::cost::Bill;
use crate::study::{RunRow, State, Study};

use super::judgement;
use super::outputs::comparison;

/// Indicators of the summary: name in the tables, heading, decimals.
const SHOWN: [(&str, &str, &str, usize); 3] = [
    ("flooded volume (m3)", "Flooded volume (m³)", "溢流水量（m³）", 0),
    ("surcharged length (km)", "Surcharged length (km)", "超载管长（km）", 2),
    ("spilled volume (m3)", "Spilled at overflows (m³)", "溢流口溢流量（m³）", 0),
];

/// The summary: for the last horizon, each storm and stage by option, the cost, the verdicts, what options make
/// worse at any horizon, then what ran and how long it took.
pub(super) fn summary(
    study: &Study,
    rows: &[RunRow],
    bills: &[(usize, Bill)],
    assessment: &Assessment,
    elapsed: Duration,
    lang: Lang,
) -> String {
    let comparison = comparison(study, rows);
    let mut text = String::new();
    let last = comparison.last_horizon();
    let cases: Vec<_> = comparison.judged_cases().into_iter().filter(|case| case.horizon == last).collect();
    for (name, en, zh, decimals) in SHOWN {
        let Some(indicator) = INDICATORS.iter().find(|indicator| indicator.name == name) else { continue };
        let mut lines = Vec::new();
        let horizon = comparison.horizons.get(last).map_or("", String::as_str);
        let heading = format!("{} {horizon}", lang.of(en, zh));
        let mut head = vec![heading.trim().to_owned()];
        head.extend(comparison.options.iter().enumerate().map(|(index, option)| {
            if index == 0 { lang.of("base", "现状").to_owned() } else { option.clone() }
        }));
        lines.push(head);
        let mut any = false;
        for case in &cases {
            let [_, storm, stage] = comparison.names(*case);
            let mut line = vec![format!("  {storm} {stage}").trim_end().to_owned()];
            for option in 0..comparison.options.len() {
                let value =
                    comparison.digest(option, *case).map(|digest| indicator.value(digest, &comparison));
                any |= value.is_some_and(|value| value > 0.0);
                line.push(value.map_or("–".to_owned(), |value| grouped(value, decimals)));
            }
            lines.push(line);
        }
        if any {
            text += &columns(&lines);
            text.push('\n');
        }
    }
    if let Some(budget) = budget(&comparison.options, bills, lang) {
        text += &budget;
        text.push('\n');
    }
    if let Some(matrix) = judgement::matrix(assessment, &comparison, lang) {
        text += &columns(&matrix);
        text.push('\n');
    }
    let worse = judgement::worse(assessment, &comparison, lang);
    if !worse.is_empty() {
        text += &worse.join("\n");
        text += "\n\n";
    }
    let done = rows.iter().filter(|row| matches!(row.state, State::Done(_))).count();
    let took = elapsed.as_secs_f64();
    let took = if took < 10.0 { format!("{took:.1} s") } else { span(took) };
    let lost = rows.len() - done;
    let lost = match lost {
        0 => String::new(),
        n => lang.of(format!(", {n} without a result"), format!("，{n} 个没有结果")),
    };
    text + &lang.of(format!("{done} runs{lost}, in {took}"), format!("{done} 个工况{lost}，用时 {took}"))
}

/// What each option costs when all of it is built, in millions; `None` where nothing has a price.
fn budget(options: &[String], bills: &[(usize, Bill)], lang: Lang) -> Option<String> {
    let (_, first) = bills.first()?;
    let (currency, year) = (&first.currency, first.price_year);
    let unverified = if first.verified { "" } else { lang.of(", rates not verified", "，单价未核实") };
    let heading = lang.of(
        format!("Cost (million {currency}, prices of {year}{unverified})"),
        format!("投资（百万 {currency}，{year} 年价格{unverified}）"),
    );
    let mut lines = vec![
        vec![heading],
        vec![lang.of("  to build", "  建设").into()],
        vec![lang.of("  a year", "  每年维护").into()],
    ];
    for (index, option) in options.iter().enumerate() {
        let total = bills.iter().find(|(of, _)| *of == index).map(|(_, bill)| bill.total());
        let cell =
            |value: Option<f64>, decimals| value.map_or("–".to_owned(), |v| grouped(v / 1.0e6, decimals));
        let name = if index == 0 { lang.of("base", "现状").to_owned() } else { option.clone() };
        let cells = [name, cell(total.map(|sum| sum.capital), 1), cell(total.map(|sum| sum.upkeep), 2)];
        lines.iter_mut().zip(cells).for_each(|(line, cell)| line.push(cell));
    }
    Some(columns(&lines))
}

/// Lines of cells under each other, the first column to the left, the others to the right.
pub(super) fn columns(lines: &[Vec<String>]) -> String {
    let count = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|cell| display_width(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let mut row = String::new();
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let blanks = " ".repeat(width.saturating_sub(display_width(cell)));
            row += &if column == 0 { format!("{cell}{blanks}") } else { format!("  {blanks}{cell}") };
        }
        text += row.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_under_each_other_also_beside_chinese_names() {
        let lines = [vec!["量".to_owned(), "现状".to_owned()], vec!["ab c".to_owned(), "7".to_owned()]];
        assert_eq!(columns(&lines), "量    现状\nab c     7\n");
    }
}
