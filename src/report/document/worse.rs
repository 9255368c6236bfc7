//! What options make worse, as loud as what they make better.

use crate::assess::Case;
use crate::assess::flooding::Transfer;
use crate::assess::indicator::{INDICATORS, Indicator, Worse};

use super::answer::{others, place};
use super::desk::{Desk, change, digits, signed};
use super::view::{Cell, Part, Row, Table};

/// Rows of a table in the page; the rest is in the CSV tables.
const ROWS: usize = 24;

/// Indicators in Chinese, beside their names in the tables.
const CHINESE: &[(&str, &str)] = &[
    ("rain (mm)", "降雨量（mm）"),
    ("runoff (m3)", "径流量（m³）"),
    ("dry-weather inflow (m3)", "旱流污水量（m³）"),
    ("flooded volume (m3)", "溢流水量（m³）"),
    ("flooded nodes (1 m3 or more)", "溢流节点数（≥1 m³）"),
    ("longest flooding (h)", "最长溢流时间（h）"),
    ("water standing above ground at most (m3)", "地面最大积水量（m³）"),
    ("surcharged length (km)", "超载管长（km）"),
    ("outflow (m3)", "出流总量（m³）"),
    ("peak outflow (m3/s)", "出流峰值（m³/s）"),
    ("spilled volume (m3)", "溢流口溢流量（m³）"),
    ("spills", "溢流次数"),
    ("volume to treatment works (m3)", "入污水厂水量（m³）"),
    ("storage used at most (m3)", "最大调蓄量（m³）"),
    ("pumped (m3)", "泵送水量（m³）"),
    ("pump energy (kWh)", "泵站能耗（kWh）"),
    ("continuity error on land (%)", "径流水量误差（%）"),
    ("continuity error in the network (%)", "管网水量误差（%）"),
    ("steps not converged (%)", "未收敛步比例（%）"),
];

/// The name of an indicator as readers see it.
pub(super) fn name(desk: &Desk<'_>, indicator: &str) -> String {
    let chinese = CHINESE.iter().find(|(en, _)| *en == indicator).map(|(_, zh)| *zh);
    let english = indicator.replace("m3", "m³");
    desk.say(english.clone(), chinese.map_or(english, str::to_owned))
}

/// Nodes that flood more than in the base.
pub(super) fn transfers(desk: &mut Desk<'_>) -> Vec<Part> {
    let transfers = &desk.material.assessment.transfers;
    if transfers.is_empty() {
        return vec![desk.nothing(
            "In no compared run does a node flood more than in the base by a cubic metre or more.",
            "所有对比工况中，没有节点的溢流比现状增加 1 m³ 以上。",
        )];
    }
    // each node of an option once, under the case that is worst for it
    let mut rows: Vec<(&Transfer, usize)> = Vec::new();
    for transfer in transfers {
        let known =
            rows.iter_mut().find(|(row, _)| row.option == transfer.option && row.node == transfer.node);
        match known {
            Some((_, cases)) => *cases += 1,
            None => rows.push((transfer, 1)),
        }
    }
    let caption = desk.table_caption(desk.say(
        "nodes that flood more with an option than in the base, each under its worst case, the largest increase first",
        "溢流比现状增加的节点（各取最不利工况，按增量排序）",
    ));
    let heads = desk.say(
        ["Option", "Node", "#Cases", "Worst under", "#Base, m³", "#With the option, m³", "#More, m³"],
        ["方案", "节点", "#工况数", "最不利工况", "#现状 m³", "#方案 m³", "#增加 m³"],
    );
    let mut table = Table::new(caption, heads);
    for (transfer, cases) in rows.iter().take(ROWS) {
        table.row([
            Cell::head(desk.option(transfer.option)),
            Cell::text(place(&transfer.node, &transfer.zone)),
            Cell::number(cases.to_string()),
            Cell::text(desk.case(transfer.case)),
            Cell::number(digits(transfer.base)),
            Cell::number(digits(transfer.with_option)),
            Cell::number(signed(transfer.with_option - transfer.base)).class("num bad"),
        ]);
    }
    rest(desk, &mut table, rows.len(), "tables/transferred.csv");
    vec![Part::Table(table)]
}

/// Says what a table leaves out.
pub(super) fn rest(desk: &Desk<'_>, table: &mut Table, count: usize, file: &str) {
    let left = count.saturating_sub(table.rows.len());
    if left > 0 {
        table.notes.push(desk.say(format!("{left} more in {file}."), format!("其余 {left} 行见 {file}。")));
    }
}

/// How an indicator of an option changed over all cases.
struct Changes {
    option: usize,
    indicator: &'static Indicator,
    worse: Vec<(f64, f64, Case)>,
    better: Vec<(f64, f64, Case)>,
    cases: usize,
}

fn all_changes(desk: &Desk<'_>) -> Vec<Changes> {
    let comparison = desk.comparison();
    let cases = comparison.judged_cases();
    let mut all = Vec::new();
    for option in others(desk) {
        for indicator in INDICATORS.iter().filter(|indicator| indicator.worse == Worse::More) {
            let mut changes = Changes { option, indicator, worse: Vec::new(), better: Vec::new(), cases: 0 };
            for &case in &cases {
                let (Some(base), Some(digest)) =
                    (comparison.digest(0, case), comparison.digest(option, case))
                else {
                    continue;
                };
                let (before, after) =
                    (indicator.value(base, comparison), indicator.value(digest, comparison));
                changes.cases += 1;
                if after - before >= indicator.least {
                    changes.worse.push((before, after, case));
                } else if before - after >= indicator.least {
                    changes.better.push((before, after, case));
                }
            }
            all.push(changes);
        }
    }
    all
}

/// Indicators that got worse.
pub(super) fn worse(desk: &mut Desk<'_>) -> Vec<Part> {
    sides(desk, true)
}

/// Indicators that got better.
pub(super) fn better(desk: &mut Desk<'_>) -> Vec<Part> {
    sides(desk, false)
}

fn sides(desk: &mut Desk<'_>, worse: bool) -> Vec<Part> {
    let changes = all_changes(desk);
    let of = |one: &Changes| if worse { one.worse.clone() } else { one.better.clone() };
    let mut rows: Vec<(usize, Row)> = Vec::new();
    for one in &changes {
        let mut found = of(one);
        found.sort_by(|a, b| (b.1 - b.0).abs().total_cmp(&(a.1 - a.0).abs()));
        let Some(&(before, after, case)) = found.first() else { continue };
        let class = if worse { "num bad" } else { "num good" };
        let share = if before == 0.0 { String::new() } else { change((after - before) / before) };
        let row = Row::new([
            Cell::head(desk.option(one.option)),
            Cell::text(name(desk, one.indicator.name)),
            Cell::number(format!("{} / {}", found.len(), one.cases)),
            Cell::number(digits(before)),
            Cell::number(digits(after)),
            Cell::number(signed(after - before)).class(class).lines([share]),
            Cell::text(desk.case(case)),
        ]);
        rows.push((one.option, row));
    }
    if rows.is_empty() {
        return vec![if worse {
            desk.nothing("No indicator got worse in any run.", "没有指标在任何工况中变差。")
        } else {
            desk.nothing("No indicator got better in any run.", "没有指标在任何工况中改善。")
        }];
    }
    let what = if worse {
        desk.say(
            "indicators that got worse than in the base, each with its largest worsening",
            "比现状变差的指标及其最大变差",
        )
    } else {
        desk.say(
            "indicators that got better than in the base, each with its largest gain",
            "比现状改善的指标及其最大改善",
        )
    };
    let caption = desk.table_caption(what);
    let heads = desk.say(
        ["Option", "Indicator", "#Cases", "#Base", "#With the option", "#Change", "Largest under"],
        ["方案", "指标", "#工况数", "#现状", "#方案", "#变化", "最大变化的工况"],
    );
    let mut table = Table::new(caption, heads);
    table.rows = rows.into_iter().map(|(_, row)| row).collect();
    table.notes.push(
        desk.say(
            "All differences, run by run: tables/differences.csv.",
            "逐工况差异见 tables/differences.csv。",
        )
        .to_owned(),
    );
    vec![Part::Table(table)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_indicator_has_a_chinese_name() {
        for indicator in INDICATORS {
            assert!(CHINESE.iter().any(|(en, _)| *en == indicator.name), "{}", indicator.name);
        }
    }
}
