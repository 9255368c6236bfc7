//! Where the water is: flooded volume by storm, plans, long sections, hydrographs, what the river does.

use crate::assess::indicator::FLOODED;
use crate::assess::{Case, State};
use crate::scenario::storm::Purpose;

use super::answer::others;
use super::desk::{Desk, change, digits, fixed, percent, signed};
use super::view::{Cell, Part, Row, Table, number_head};
use super::worse::rest;

/// Rows of long tables in the page.
const ROWS: usize = 24;
/// Hydrographs in the page; all are in the folder of plots.
const HYDROGRAPHS: usize = 6;

/// Seconds in an hour.
const HOUR: f64 = 3600.0;

/// Flooded volume of all options in all cases.
pub(super) fn flooding(desk: &mut Desk<'_>) -> Vec<Part> {
    let comparison = desk.comparison();
    let mut heads = vec![desk.say("Horizon, storm, stage", "水平年、暴雨、水位").to_owned()];
    heads.extend((0..comparison.options.len()).map(|option| number_head(&desk.option(option))));
    let caption = desk.table_caption(
        desk.say("flooded volume, m³, and change against the base", "溢流水量（m³）及与现状相比的变化"),
    );
    let mut table = Table::new(caption, heads);
    for case in comparison.cases() {
        let base = desk.flooded(0, case);
        let mut cells = vec![Cell::head(desk.case(case))];
        for option in 0..comparison.options.len() {
            let volume = desk.flooded(option, case);
            let Some(volume) = volume else {
                let failed =
                    matches!(comparison.run(option, case).map(|run| &run.state), Some(State::Failed(_)));
                let word =
                    if failed { desk.say("failed", "失败") } else { desk.say("no run", "无结果") };
                cells.push(Cell::number(word));
                continue;
            };
            let base = base.filter(|base| option > 0 && *base >= FLOODED);
            let share = base.map(|base| change((volume - base) / base));
            let class = match base {
                Some(base) if volume - base >= FLOODED => "num bad",
                Some(base) if base - volume >= FLOODED => "num good",
                None if option > 0 && volume >= FLOODED => "num bad",
                _ => "num",
            };
            cells.push(Cell::number(digits(volume)).class(class).lines(share));
        }
        table.rows.push(Row::new(cells));
    }
    if table.rows.is_empty() {
        return vec![desk.nothing("No run has a result.", "没有工况有结果。")];
    }
    vec![Part::Table(table)]
}

/// Plans of the base and of what each option makes different, in the leading case.
pub(super) fn plans(desk: &mut Desk<'_>) -> Vec<Part> {
    let Some(case) = desk.leading_case() else { return Vec::new() };
    let gallery = desk.gallery();
    let at = desk.case(case);
    let mut parts: Vec<Part> = Vec::new();
    let what = desk.say(format!("the base under {at}"), format!("现状，{at}"));
    parts.extend(desk.figure(gallery.base(case), what, ""));
    for option in others(desk) {
        let name = desk.option_title(option);
        let what = desk.say(
            format!("what {name} makes different from the base, {at}"),
            format!("{name} 与现状之差，{at}"),
        );
        let note = desk.say(
            "The same classes for all options: purple is more flooding, green less; double lines are built or changed.",
            "各方案同一分级：紫色为溢流增加，绿色为减少；双线为新建或改造。",
        );
        parts.extend(desk.figure(gallery.difference(case, option), what, note));
    }
    if parts.is_empty() {
        parts.push(desk.nothing(
            "No plan: the model has no coordinates, or nothing is different.",
            "无平面图：模型没有坐标，或没有差异。",
        ));
    }
    parts
}

/// The cases that sections are drawn for: what governs capacity, then what governs waterlogging.
fn section_cases(desk: &Desk<'_>) -> Vec<Case> {
    let last = desk.last_horizon();
    let mut cases: Vec<Case> = [Purpose::SewerCapacity, Purpose::Waterlogging]
        .into_iter()
        .filter_map(|purpose| desk.governing(purpose, last))
        .collect();
    if cases.is_empty() {
        cases.extend(desk.leading_case());
    }
    cases.dedup();
    cases
}

/// Long sections with the options overlaid.
pub(super) fn sections(desk: &mut Desk<'_>) -> Vec<Part> {
    let wishes = desk.material.wishes;
    let gallery = desk.gallery();
    let mut parts: Vec<Part> = Vec::new();
    for section in &wishes.sections {
        for case in section_cases(desk) {
            let (title, from, to) = section;
            let way = format!("{from} – {to}");
            let name = if title.is_empty() { way } else { format!("{title}, {way}") };
            let at = desk.case(case);
            let what = desk.say(
                format!("long section {name}, base and options, {at}"),
                format!("纵断面 {name}，现状与各方案，{at}"),
            );
            parts.extend(desk.figure(gallery.section(case, section), what, ""));
        }
    }
    if parts.is_empty() {
        parts.push(desk.nothing(
            "No long section is asked for; name some with “long_sections” in [outputs].",
            "未指定纵断面；可在 [outputs] 中以 long_sections 指定。",
        ));
    }
    parts
}

/// Hydrographs of all options, in the leading case.
pub(super) fn hydrographs(desk: &mut Desk<'_>) -> Vec<Part> {
    let Some(case) = desk.leading_case() else { return Vec::new() };
    let gallery = desk.gallery();
    let at = desk.case(case);
    let mut parts: Vec<Part> = Vec::new();
    let what = desk.say(format!("flooding of the whole network, {at}"), format!("全网溢流过程，{at}"));
    parts.extend(desk.figure(gallery.flooding(case), what, ""));
    let elements = gallery.elements(desk.material.wishes, case);
    for element in elements.iter().take(HYDROGRAPHS) {
        let what = desk.say(format!("{element}, {at}"), format!("{element}，{at}"));
        parts.extend(desk.figure(gallery.element(case, element), what, ""));
    }
    if elements.len() > HYDROGRAPHS {
        let left = elements.len() - HYDROGRAPHS;
        parts.push(Part::Text(desk.say(
            format!("{left} more hydrographs, and those of other storms, are in the folder plots."),
            format!("其余 {left} 个过程线及其他暴雨的过程线见 plots 文件夹。"),
        )));
    }
    parts
}

/// Flooding that the river causes, and outfalls under water.
pub(super) fn river(desk: &mut Desk<'_>) -> Vec<Part> {
    let assessment = desk.material.assessment;
    let mut parts = Vec::new();
    if !assessment.rivers.is_empty() {
        let caption = desk.table_caption(desk.say(
            "flooding that the river stage causes: the same storm with the stage and with free outfalls",
            "河道水位造成的溢流：同一暴雨下实际水位与自由出流之比较",
        ));
        let heads = desk.say(
            [
                "Option",
                "Horizon, storm, stage",
                "#With the stage, m³",
                "#Free outfalls, m³",
                "#By the river, m³",
                "#Share",
            ],
            ["方案", "水平年、暴雨、水位", "#实际水位 m³", "#自由出流 m³", "#河道造成 m³", "#比例"],
        );
        let mut table = Table::new(caption, heads);
        let last = desk.last_horizon();
        let shown: Vec<_> = assessment.rivers.iter().filter(|river| river.case.horizon == last).collect();
        for river in shown.iter().take(ROWS) {
            let more = river.flooded - river.flooded_free;
            let share = if river.flooded > 0.0 { percent(more / river.flooded) } else { "–".to_owned() };
            table.row([
                Cell::head(desk.option(river.option)),
                Cell::text(desk.case(river.case)),
                Cell::number(digits(river.flooded)),
                Cell::number(digits(river.flooded_free)),
                Cell::number(signed(more)),
                Cell::number(share),
            ]);
        }
        rest(desk, &mut table, shown.len(), "tables/");
        parts.push(Part::Table(table));
    }
    parts.extend(submergence(desk));
    if parts.is_empty() {
        parts.push(desk.nothing(
            "No run compares a river stage with free outfalls.",
            "没有工况可将河道水位与自由出流相比较。",
        ));
    }
    parts
}

fn submergence(desk: &mut Desk<'_>) -> Option<Part> {
    let assessment = desk.material.assessment;
    // the base alone: levels at outfalls are given, whatever is built
    let last = desk.last_horizon();
    let shown: Vec<_> = assessment
        .submergences
        .iter()
        .filter(|one| one.option == 0 && one.case.horizon == last && one.wet > 0.0)
        .collect();
    if shown.is_empty() {
        return None;
    }
    let caption = desk.table_caption(desk.say("outfalls under water, base", "排放口受淹情况（现状）"));
    let heads = desk.say(
        ["Outfall", "Horizon, storm, stage", "#Level above invert, h", "#Above soffit, h", "#Deepest, m"],
        ["排放口", "水平年、暴雨、水位", "#水位高于管底 h", "#高于管顶 h", "#最大淹没深 m"],
    );
    let mut table = Table::new(caption, heads);
    for one in shown.iter().take(ROWS) {
        table.row([
            Cell::head(&one.outfall),
            Cell::text(desk.case(one.case)),
            Cell::number(fixed(one.wet / HOUR, 1)),
            Cell::number(fixed(one.drowned / HOUR, 1)),
            Cell::number(fixed(one.deepest, 2)),
        ]);
    }
    rest(desk, &mut table, shown.len(), "tables/submergence.csv");
    Some(Part::Table(table))
}
