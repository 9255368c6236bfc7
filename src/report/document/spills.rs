//! Spills of overflows and what reaches the treatment works.

use std::collections::BTreeMap;

use crate::assess::Case;
use crate::assess::spill::SystemSpill;
use crate::plot::bars::{Bar, Bars, Kind, Part as Piece};
use crate::plot::colour::Colour;
use crate::scenario::storm::Purpose;

use super::desk::{Desk, digits, fixed, maybe, percent};
use super::view::{Cell, Part, Row, Table};
use super::worse::rest;

/// Rows of the table by overflow.
const ROWS: usize = 60;
/// Overflows with a colour of their own.
const COLOURS: [Colour; 8] = [
    Colour::BLUE,
    Colour::ORANGE,
    Colour::GREEN,
    Colour::PURPLE,
    Colour::SKY,
    Colour::VERMILION,
    Colour(240, 228, 66),
    Colour(120, 120, 120),
];

/// The case that spills are shown for.
fn case(desk: &Desk<'_>) -> Option<Case> {
    desk.governing(Purpose::Overflow, desk.last_horizon()).or_else(|| desk.leading_case())
}

/// Bars by overflow, then the table.
pub(super) fn spills(desk: &mut Desk<'_>) -> Vec<Part> {
    if desk.comparison().overflows.is_empty() {
        return vec![desk.nothing(
            "The study names no overflow; name them with “overflows” in [study].",
            "研究未指定溢流口；可在 [study] 中以 overflows 指定。",
        )];
    }
    let Some(case) = case(desk) else { return Vec::new() };
    let mut parts: Vec<Part> = bars(desk, case).into_iter().collect();
    parts.extend(systems(desk));
    parts.extend(by_overflow(desk, case));
    parts
}

fn bars(desk: &mut Desk<'_>, case: Case) -> Option<Part> {
    let comparison = desk.comparison();
    let kinds: Vec<Kind> = comparison
        .overflows
        .iter()
        .enumerate()
        .map(|(i, name)| Kind { name: name.clone(), colour: COLOURS[i.min(COLOURS.len() - 1)] })
        .collect();
    let bar = |option: usize| {
        let digest = comparison.digest(option, case)?;
        let volume = |name: &String| {
            let outfall = digest.outfalls.iter().find(|outfall| outfall.name.eq_ignore_ascii_case(name));
            outfall.map_or(0.0, |outfall| outfall.volume)
        };
        let volumes: Vec<f64> = comparison.overflows.iter().map(volume).collect();
        let parts = volumes.iter().enumerate().map(|(kind, value)| Piece {
            kind,
            value: *value,
            hatched: false,
            label: fixed(*value, 0),
        });
        let total: f64 = volumes.iter().sum();
        Some(Bar {
            name: desk.option(option),
            parts: parts.collect(),
            total: format!("{} m³", fixed(total, 0)),
        })
    };
    let bars = Bars {
        quantity: desk.say("Spilled volume", "溢流量").to_owned(),
        unit: "m³".to_owned(),
        bars: (0..comparison.options.len()).filter_map(bar).collect(),
        kinds,
        ..Bars::default()
    };
    let at = desk.case(case);
    let what = desk.say(format!("spilled volume by overflow, {at}"), format!("各溢流口溢流量，{at}"));
    let picture = bars.draw(&bars.sheet(desk.sheet));
    desk.own_figure("spills", picture, what, "")
}

/// Spilled and captured water of the whole system, all cases of the last horizon.
fn systems(desk: &mut Desk<'_>) -> Option<Part> {
    let last = desk.last_horizon();
    let all = desk.material.assessment.systems.iter();
    let shown: Vec<&SystemSpill> = all.filter(|system| system.case.horizon == last).collect();
    if shown.is_empty() {
        return None;
    }
    let mut by_case: BTreeMap<Case, Vec<&SystemSpill>> = BTreeMap::new();
    for system in shown {
        by_case.entry(system.case).or_default().push(system);
    }
    let options = desk.comparison().options.len();
    let mut heads = vec![desk.say("Horizon, storm, stage", "水平年、暴雨、水位").to_owned()];
    heads.extend((0..options).map(|option| format!("#{}", desk.option(option))));
    let caption =
        desk.table_caption(desk.say(
            "spilled volume of all overflows, m³, and share captured",
            "全部溢流口溢流量（m³）与截流比例",
        ));
    let mut table = Table::new(caption, heads);
    for (case, systems) in by_case {
        let mut cells = vec![Cell::head(desk.case(case))];
        for option in 0..options {
            let system = systems.iter().find(|system| system.option == option);
            let captured = system.and_then(|system| system.captured).map(|share| {
                desk.say(format!("captured {}", percent(share)), format!("截流 {}", percent(share)))
            });
            cells.push(Cell::number(maybe(system.map(|system| system.spilled), digits)).lines(captured));
        }
        table.rows.push(Row::new(cells));
    }
    table.notes.push(
        desk.say(
            "Captured: the share of the water that came to overflows and works that was not spilled.",
            "截流比例：到达溢流口与污水厂的水量中未溢流的部分。",
        )
        .to_owned(),
    );
    Some(Part::Table(table))
}

/// Each overflow of each option in the case that governs.
fn by_overflow(desk: &mut Desk<'_>, case: Case) -> Option<Part> {
    let all = desk.material.assessment.spills.iter();
    let shown: Vec<_> = all.filter(|spill| spill.case == case).collect();
    let first = shown.first()?;
    let (gap, yearly) = (first.event_gap, shown.iter().all(|spill| spill.counts_a_year));
    let at = desk.case(case);
    let caption =
        desk.table_caption(desk.say(format!("spills by overflow, {at}"), format!("各溢流口溢流统计，{at}")));
    let heads = desk.say(
        ["Option", "Overflow", "#Spills", "#Volume, m³", "#Duration, h", "Load, kg"],
        ["方案", "溢流口", "#次数", "#水量 m³", "#历时 h", "负荷 kg"],
    );
    let mut table = Table::new(caption, heads);
    let mut loads = false;
    for spill in shown.iter().take(ROWS) {
        let load = spill.loads.iter().map(|load| {
            let flag = if load.verified { "" } else { " ⚑" };
            format!("{} {}{flag}", load.substance, digits(load.load))
        });
        let load: Vec<String> = load.collect();
        loads |= !load.is_empty();
        let load = if load.is_empty() { "–".to_owned() } else { load.join(" · ") };
        table.row([
            Cell::head(desk.option(spill.option)),
            Cell::text(&spill.overflow),
            Cell::number(spill.count.to_string()),
            Cell::number(digits(spill.volume)),
            Cell::number(fixed(spill.duration / 3600.0, 1)),
            Cell::text(load),
        ]);
    }
    rest(desk, &mut table, shown.len(), "tables/spills.csv");
    let gap = fixed(gap / 3600.0, 1);
    table.notes.push(desk.say(
        format!("Two spills are parted by {gap} h without spill."),
        format!("间隔 {gap} h 以上无溢流计为两次。"),
    ));
    if !yearly {
        table.notes.push(
            desk.say(
                "One storm is no year: counts are those of the run, not counts a year.",
                "单场暴雨不代表全年：次数为本工况次数，不是年溢流次数。",
            )
            .to_owned(),
        );
    }
    if loads {
        table.notes.push(
            desk.say(
                "Load: volume times event mean concentration; quality is not simulated. ⚑ concentration not verified.",
                "负荷＝水量×事件平均浓度；未模拟水质。⚑ 浓度未核实。",
            )
            .to_owned(),
        );
    }
    Some(Part::Table(table))
}

/// Volume and peak of the inflow of treatment works.
pub(super) fn works(desk: &mut Desk<'_>) -> Vec<Part> {
    let last = desk.last_horizon();
    let comparison = desk.comparison();
    if comparison.treatment_works.is_empty() {
        return vec![desk.nothing("The study names no treatment works.", "研究未指定污水厂排口。")];
    }
    let options = comparison.options.len();
    let mut heads = vec![desk.say("Horizon, storm, stage", "水平年、暴雨、水位").to_owned()];
    heads.extend((0..options).map(|option| format!("#{}", desk.option(option))));
    let caption = desk.table_caption(desk.say(
        "water to treatment works, m³, and largest inflow, m³/s",
        "入污水厂水量（m³）与最大入流（m³/s）",
    ));
    let mut table = Table::new(caption, heads);
    for case in comparison.judged_cases().into_iter().filter(|case| case.horizon == last) {
        let mut cells = vec![Cell::head(desk.case(case))];
        for option in 0..options {
            let system =
                desk.material.assessment.systems.iter().find(|s| s.option == option && s.case == case);
            let volume = system
                .map(|system| system.to_works)
                .or_else(|| desk.indicator("volume to treatment works (m3)", option, case));
            let peak = system.map(|system| format!("{} m³/s", digits(system.works_peak)));
            cells.push(Cell::number(maybe(volume, digits)).lines(peak));
        }
        table.rows.push(Row::new(cells));
    }
    vec![Part::Table(table)]
}
