//! The answer first: which options keep which rules, what they make worse, what they cost; and all that it
//! rests on that is not verified.

use std::collections::BTreeSet;

use crate::assess::indicator::FLOODED;
use crate::assess::verdict::{Outcome, Verdict};
use crate::study::digest::NodeType;

use super::desk::{Desk, change, digits, maybe, millions};
use super::provenance::unverified_lines;
use super::view::{Callout, Cell, Part, Row, Table};

/// The answer, what must not be overlooked, the options at a glance.
pub(super) fn answer(desk: &mut Desk<'_>) -> Vec<Part> {
    let mut parts = vec![Part::Lead(paragraph(desk))];
    parts.push(Part::Callout(worse(desk)));
    parts.push(Part::Callout(caveats(desk)));
    parts.push(Part::Table(glance(desk)));
    parts
}

/// How many verdicts of an option at the last horizon end each way: kept, failed, not assessed.
pub(super) fn tally(desk: &Desk<'_>, option: usize) -> [usize; 3] {
    let count = |outcome| verdicts(desk, option).filter(|verdict| verdict.outcome == outcome).count();
    [Outcome::Passed, Outcome::Failed, Outcome::NotAssessed].map(count)
}

/// Verdicts of an option at the last horizon.
pub(super) fn verdicts<'a>(desk: &Desk<'a>, option: usize) -> impl Iterator<Item = &'a Verdict> {
    let last = desk.last_horizon();
    let all = desk.material.assessment.verdicts.iter();
    all.filter(move |verdict| verdict.option == option && verdict.horizon == last)
}

/// Options besides the base.
pub(super) fn others(desk: &Desk<'_>) -> std::ops::Range<usize> {
    1..desk.comparison().options.len().max(1)
}

fn paragraph(desk: &Desk<'_>) -> String {
    let mut sentences = Vec::new();
    sentences.extend(kept(desk));
    sentences.extend(flooding(desk));
    sentences.extend(cost(desk));
    if sentences.is_empty() {
        sentences.push(
            desk.say("The study has no run that can be compared yet.", "本研究尚无可比较的工况。").to_owned(),
        );
    }
    sentences.join(desk.say(" ", ""))
}

fn kept(desk: &Desk<'_>) -> Option<String> {
    let horizon = desk.horizon(desk.last_horizon());
    if desk.material.assessment.verdicts.is_empty() {
        return Some(
            desk.say("No rule set was given, so nothing is judged.", "未指定规则集，因此未作达标判定。")
                .to_owned(),
        );
    }
    let whole: Vec<usize> =
        others(desk).filter(|option| matches!(tally(desk, *option), [kept, 0, _] if kept > 0)).collect();
    let most = others(desk).map(|option| tally(desk, option)[0]).max()?;
    let open = others(desk).map(|option| tally(desk, option)[2]).min()?;
    let mut text = if whole.is_empty() {
        let best: Vec<usize> = others(desk).filter(|option| tally(desk, *option)[0] == most).collect();
        let (verb, each) = if best.len() == 1 { ("keeps", "") } else { ("keep", " each") };
        let names = desk.options(best);
        desk.say(
            format!("At {horizon} no option keeps all rules that the runs can show; {names} {verb} most, {most}{each}."),
            format!("{horizon} 年水平下，没有方案满足全部可判定的规则；{names} 满足最多，为 {most} 条。"),
        )
    } else {
        let names = desk.options(whole);
        desk.say(
            format!("At {horizon} all rules that the runs can show are kept by {names}."),
            format!("{horizon} 年水平下，满足全部可判定规则的方案：{names}。"),
        )
    };
    if open > 0 {
        text += &desk.say(
            format!(" {} cannot be judged from these runs.", counted(open, "rule", "rules")),
            format!("另有 {open} 条规则无法由现有工况判定。"),
        );
    }
    Some(text)
}

fn flooding(desk: &Desk<'_>) -> Option<String> {
    let case = desk.leading_case()?;
    let base = desk.flooded(0, case)?;
    let best = others(desk)
        .filter_map(|option| Some((option, desk.flooded(option, case)?)))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    let (name, at) = (desk.option(0), desk.case(case));
    let Some((option, volume)) = best.filter(|_| base >= FLOODED) else {
        return Some(desk.say(
            format!("Under {at} the base floods {} m³.", digits(base)),
            format!("在 {at} 下，{name}溢流 {} m³。", digits(base)),
        ));
    };
    let (best, less) = (desk.option(option), change((volume - base) / base));
    Some(desk.say(
        format!(
            "Under {at} the base floods {} m³ and {best} least, {} m³ ({less}).",
            digits(base),
            digits(volume)
        ),
        format!(
            "在 {at} 下，{name}溢流 {} m³，{best} 最少，为 {} m³（{less}）。",
            digits(base),
            digits(volume)
        ),
    ))
}

fn cost(desk: &Desk<'_>) -> Option<String> {
    let bills = desk.material.bills.iter().filter(|(option, _)| *option > 0);
    let mut costs: Vec<(usize, f64)> = bills.map(|(option, bill)| (*option, bill.total().capital)).collect();
    costs.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (first, last) = (*costs.first()?, *costs.last()?);
    let (_, bill) = desk.material.bills.first()?;
    let (currency, year) = (&bill.currency, bill.price_year);
    let (a, b) = (desk.option(first.0), desk.option(last.0));
    let (low, high) = (millions(first.1), millions(last.1));
    let mut text = if first.0 == last.0 {
        desk.say(
            format!("To build {a} costs {low} million {currency} at prices of {year}."),
            format!("{a} 建设投资为 {low} 百万 {currency}（{year} 年价格）。"),
        )
    } else {
        desk.say(
            format!(
                "To build costs from {low} ({a}) to {high} ({b}) million {currency} at prices of {year}."
            ),
            format!("建设投资为 {low}（{a}）至 {high}（{b}）百万 {currency}（{year} 年价格）。"),
        )
    };
    if let Some(economy) = &desk.material.assessment.economy {
        let appraised = || economy.appraisals.iter().filter(|appraisal| appraisal.option > 0);
        let beaten: Vec<usize> =
            appraised().filter(|one| !one.on_pareto_front).map(|one| one.option).collect();
        if beaten.is_empty() && appraised().count() > 1 {
            text += desk.say(
                " In cost and goals together no option is beaten by another.",
                "综合费用与各目标，没有方案被其他方案全面超越。",
            );
        } else if !beaten.is_empty() {
            let names = desk.options(beaten);
            text += &desk.say(
                format!(" Beaten in cost and all goals by another option, or by building nothing: {names}."),
                format!("在费用与各目标上被其他方案（或不建设）全面超越：{names}。"),
            );
        }
    }
    Some(text)
}

/// What options make worse, as loud as it must be.
fn worse(desk: &Desk<'_>) -> Callout {
    let transfers = &desk.material.assessment.transfers;
    let Some(first) = transfers.first() else {
        return Callout {
            class: "good",
            title: desk
                .say("No option brings more flooding to any node", "没有方案使任何节点的溢流增加")
                .to_owned(),
            lines: vec![desk.say(
                format!(
                    "In none of the compared runs does a node flood by {FLOODED} m³ or more above the base."
                ),
                format!("所有对比工况中，没有节点的溢流比现状增加 {FLOODED} m³ 以上。"),
            )],
        };
    };
    let options: BTreeSet<usize> = transfers.iter().map(|transfer| transfer.option).collect();
    let names = desk.options(options.iter().copied());
    let line = |option: usize| {
        let own = || transfers.iter().filter(move |transfer| transfer.option == option);
        let nodes: BTreeSet<&str> = own().map(|transfer| transfer.node.as_str()).collect();
        let worst = own().next()?;
        let place = place(&worst.node, &worst.zone);
        let (name, more, at) =
            (desk.option(option), digits(worst.with_option - worst.base), desk.case(worst.case));
        let (before, after) = (digits(worst.base), digits(worst.with_option));
        Some(desk.say(
            format!(
                "{name}: {} in one case or another; worst {place}, from {before} to {after} m³ (+{more} m³) under {at}.",
                counted(nodes.len(), "node", "nodes")
            ),
            format!(
                "{name}：共涉及 {} 个节点；最严重处 {place}，{at} 下由 {before} 增至 {after} m³（+{more} m³）。",
                nodes.len()
            ),
        ))
    };
    let mut ordered: Vec<usize> = options.iter().copied().filter(|option| *option != first.option).collect();
    ordered.insert(0, first.option);
    Callout {
        class: "bad",
        title: desk.say(
            format!("More flooding elsewhere: {names}"),
            format!("内涝转移：{names} 使部分节点溢流增加"),
        ),
        lines: ordered.into_iter().filter_map(line).collect(),
    }
}

/// A number with the word for what is counted.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A node with its zone.
pub(super) fn place(node: &str, zone: &str) -> String {
    if zone.is_empty() { node.to_owned() } else { format!("{node} ({zone})") }
}

/// What a reader must know before the numbers.
fn caveats(desk: &Desk<'_>) -> Callout {
    let mut lines = Vec::new();
    if desk.material.assessment.verification.as_ref().is_none_or(Vec::is_empty) {
        lines.push(
            desk.say(
                "The model is not calibrated (模型未率定): no observed levels or flows were given.",
                "模型未率定：没有提供实测水位或流量。",
            )
            .to_owned(),
        );
    }
    if loses_water(desk) {
        lines.push(
            desk.say(
                "Water that floods leaves the model (no ponding), so that everything downstream looks better than it is.",
                "溢出地面的水离开模型（不滞蓄、不回流），下游结果偏于乐观。",
            )
            .to_owned(),
        );
    }
    let lost = desk.comparison().runs.len() - desk.digests().count();
    if lost > 0 {
        lines.push(desk.say(
            format!("{} without a result, named in tables/runs.csv.", counted(lost, "run", "runs")),
            format!("{lost} 个工况没有结果，见 tables/runs.csv。"),
        ));
    }
    lines.extend(unverified_lines(desk));
    let title = if lines.is_empty() {
        desk.say("Nothing is known to be unverified", "未发现未核实的内容")
    } else {
        desk.say("Not verified", "未核实与限制")
    };
    Callout { class: if lines.is_empty() { "good" } else { "warn" }, title: title.to_owned(), lines }
}

/// Whether some run loses water at nodes that do not pond.
fn loses_water(desk: &Desk<'_>) -> bool {
    let loses = |digest: &crate::study::Digest| {
        let nodes = digest.nodes.flooded_volume.iter().zip(&digest.nodes.ponds).zip(&digest.nodes.kind);
        let mut lost = nodes
            .filter(|((volume, ponds), kind)| **volume >= FLOODED && !**ponds && **kind != NodeType::Outfall);
        lost.next().is_some()
    };
    desk.digests().any(loses)
}

/// All options in one table.
fn glance(desk: &mut Desk<'_>) -> Table {
    let (last, case) = (desk.last_horizon(), desk.leading_case());
    let horizon = desk.horizon(last);
    let at = case.map(|case| desk.storm(case)).unwrap_or_default();
    let caption = desk.say(format!("the options at a glance, {horizon}"), format!("方案一览（{horizon}）"));
    let economy = desk.material.assessment.economy.as_ref();
    let judged = !desk.material.assessment.verdicts.is_empty();
    let bills = desk.material.bills;
    let spills = !desk.comparison().overflows.is_empty();
    let spill_case = desk.governing(crate::scenario::storm::Purpose::Overflow, last).or(case);
    let mut heads = vec![desk.say("Option", "方案").to_owned()];
    if judged {
        heads.extend(
            desk.say(["#Rules kept", "#failed", "#not assessed"], ["#满足规则", "#不满足", "#未判定"])
                .map(str::to_owned),
        );
    }
    heads.push(desk.say(format!("#Flooded, m³ ({at})"), format!("#溢流水量 m³（{at}）")));
    heads.push(desk.say("#Nodes with more flooding", "#溢流增加的节点").to_owned());
    if spills {
        let at = spill_case.map(|case| desk.storm(case)).unwrap_or_default();
        heads.push(desk.say(format!("#Spilled, m³ ({at})"), format!("#溢流口溢流 m³（{at}）")));
    }
    if let Some((_, bill)) = bills.first() {
        heads.push(
            desk.say(
                format!("#Capital, million {}", bill.currency),
                format!("#投资，百万 {}", bill.currency),
            ),
        );
    }
    if economy.is_some() {
        heads.push(desk.say("#Benefit / cost", "#效益费用比").to_owned());
    }
    let caption = desk.table_caption(caption);
    let mut table = Table::new(caption, heads);
    let base = case.and_then(|case| desk.flooded(0, case));
    for option in 0..desk.comparison().options.len() {
        let title = desk.choice(option).and_then(|choice| choice.table.title.clone()).unwrap_or_default();
        let mut cells = vec![Cell::head(desk.option(option)).lines([title])];
        if judged {
            let [kept, failed, open] = tally(desk, option).map(|count| count.to_string());
            cells.extend([Cell::number(kept), Cell::number(failed), Cell::number(open)]);
        }
        let volume = case.and_then(|case| desk.flooded(option, case));
        let less = match (base, volume) {
            (Some(base), Some(volume)) if option > 0 && base >= FLOODED => change((volume - base) / base),
            _ => String::new(),
        };
        cells.push(Cell::number(maybe(volume, digits)).lines([less]));
        let transfers =
            desk.material.assessment.transfers.iter().filter(|transfer| transfer.option == option);
        let nodes: BTreeSet<&str> = transfers.map(|transfer| transfer.node.as_str()).collect();
        let class = if nodes.is_empty() { "num" } else { "num bad" };
        cells.push(if option == 0 {
            Cell::number("–")
        } else {
            Cell::number(nodes.len().to_string()).class(class)
        });
        if spills {
            let spilled = spill_case.and_then(|case| desk.indicator("spilled volume (m3)", option, case));
            cells.push(Cell::number(maybe(spilled, digits)));
        }
        if !bills.is_empty() {
            let bill = bills.iter().find(|(of, _)| *of == option).map(|(_, bill)| bill.total().capital);
            cells.push(Cell::number(maybe(bill, millions)));
        }
        if let Some(economy) = economy {
            let appraisal = economy.appraisals.iter().find(|appraisal| appraisal.option == option);
            cells.push(Cell::number(maybe(appraisal.and_then(|a| a.benefit_cost_ratio), digits)));
        }
        table.rows.push(Row::new(cells));
    }
    table
}
