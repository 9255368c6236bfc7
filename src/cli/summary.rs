//! What a run says of itself on standard output: where the water went, what flooded, how well the
//! books close.

use std::time::Duration;

use crate::clock::DateTime;
use crate::diagnostic::{Diagnostic, display_width};
use crate::ledger::balance::{Entry, WaterBalance};
use crate::model::Model;
use crate::num::index::Id;
use crate::statistics::RunSummary;
use crate::units::CUBIC_FOOT;

use super::Lang;
use super::language::grouped;
use super::run::speed;

/// How many outfalls are named; the others are summed up.
const NAMED: usize = 8;
/// Width of names.
const WIDTH: usize = 34;

/// The whole text; `end` is the simulated time that the run came to, `elapsed` how long it took.
pub fn text(model: &Model, summary: &RunSummary, end: DateTime, elapsed: Duration, lang: Lang) -> String {
    let mut lines = Vec::new();
    lines.extend(model.title.iter().find(|line| !line.trim().is_empty()).map(|line| line.trim().to_owned()));
    let balance = WaterBalance::new(model, &summary.runoff, &summary.routing, &summary.nodes);
    lines.push(String::new());
    lines.push(head(lang.of("Where the water came from", "水的来源"), lang));
    lines.extend(balance.sources.iter().map(|entry| line(entry, lang)));
    lines.push(head(lang.of("Where the water went", "水的去向"), lang));
    lines.extend(shortened(&balance.destinations, lang).iter().map(|entry| line(entry, lang)));
    lines.push(line(
        &Entry {
            name: "Not accounted for".into(),
            volume: balance.unaccounted,
            percent: balance.unaccounted_percent(),
        },
        lang,
    ));
    lines.push(String::new());
    lines.push(flooding(model, summary, lang));
    let (land, network) = (summary.runoff.continuity_error(), summary.routing.continuity_error());
    lines.push(lang.of(
        format!("Continuity error: {land:.3} % on the land, {network:.3} % in the network"),
        format!("连续性误差：地表 {land:.3} %，管网 {network:.3} %"),
    ));
    let steps = &summary.network.time_steps;
    if steps.steps > 0 {
        let (count, mean) = (grouped(steps.steps as f64, 0), steps.average());
        let (trials, open) = (steps.average_trials(), steps.nonconverged_percent());
        lines.push(lang.of(
            format!("{count} routing steps of {mean:.2} s on average, {trials:.2} trials, {open:.2} % not converged"),
            format!("演算 {count} 步，平均步长 {mean:.2} s，平均迭代 {trials:.2} 次，未收敛 {open:.2} %"),
        ));
    }
    let simulated = end.seconds_since(model.options.start);
    let threads = summary.threads;
    let speed = speed(simulated, elapsed, lang);
    lines.push(match (lang, threads) {
        (Lang::En, 0 | 1) => format!("Simulated to {end}, {speed}"),
        (Lang::En, _) => format!("Simulated to {end}, {speed}, {threads} threads"),
        (Lang::Zh, _) => format!("模拟至 {end}，{speed}，{} 线程", threads.max(1)),
    });
    lines.join("\n")
}

/// Continuity error from which results are not to be believed, per cent: an assumption, that of the rule set
/// `seeds/rules`.
const DOUBTFUL: f64 = 5.0;

/// A warning when more water than that was made or lost.
pub fn doubt(summary: &RunSummary, lang: Lang) -> Option<Diagnostic> {
    let (land, network) = (summary.runoff.continuity_error(), summary.routing.continuity_error());
    let worst = if land.abs() > network.abs() { land } else { network };
    let (en, zh) = if worst > 0.0 { ("lost", "丢失") } else { ("made", "凭空产生") };
    (worst.abs() > DOUBTFUL).then(|| {
        let share = worst.abs();
        Diagnostic::warning(
            0,
            lang.of(
                format!("{share:.1} % of the water was {en}: these results are not to be relied on"),
                format!("{share:.1} % 的水量{zh}，结果不可靠"),
            ),
        )
        .help(lang.of(
            "the report lists the nodes with the highest errors; try a shorter routing step",
            "报告列出误差最大的节点；可尝试缩短演算步长",
        ))
    })
}

/// The head of a table of volumes.
fn head(title: &str, lang: Lang) -> String {
    format!("{}{:>16}{:>9}", padded(title), lang.of("m³", "m³"), "%")
}

/// One line of such a table.
fn line(entry: &Entry, lang: Lang) -> String {
    let name = format!("  {}", lang.of(entry.name.clone(), chinese(&entry.name)));
    format!("{}{:>16}{:>9.2}", padded(&name), grouped(entry.volume, 1), entry.percent)
}

/// A text and blanks up to the width of names.
fn padded(text: &str) -> String {
    format!("{text}{}", " ".repeat(WIDTH.saturating_sub(display_width(text)).max(1)))
}

/// Destinations with the small outfalls summed up.
fn shortened(destinations: &[Entry], lang: Lang) -> Vec<Entry> {
    let is_outfall = |entry: &&Entry| entry.name.starts_with(OUTFALL);
    let mut volumes: Vec<f64> = destinations.iter().filter(is_outfall).map(|entry| entry.volume).collect();
    if volumes.len() <= NAMED {
        return destinations.to_vec();
    }
    volumes.sort_by(|a, b| b.total_cmp(a));
    let least = volumes.get(NAMED - 1).copied().unwrap_or(f64::INFINITY);
    let (small, mut named): (Vec<Entry>, Vec<Entry>) =
        destinations.iter().cloned().partition(|entry| is_outfall(&entry) && entry.volume < least);
    let sum = Entry {
        name: lang.of(format!("{} other outfalls", small.len()), format!("其余 {} 个排放口", small.len())),
        volume: small.iter().map(|entry| entry.volume).sum(),
        percent: small.iter().map(|entry| entry.percent).sum(),
    };
    let at = named.iter().rposition(|entry| is_outfall(&entry)).map_or(0, |last| last + 1);
    named.insert(at, sum);
    named
}

/// What outfalls begin with in the balance.
const OUTFALL: &str = "Outfall ";

/// The balance's names in Chinese.
fn chinese(name: &str) -> String {
    if name == "Outfall flow led back onto land" {
        return "排放口回流至地表".into();
    }
    if let Some(outfall) = name.strip_prefix(OUTFALL) {
        return format!("排放口 {outfall}");
    }
    let known = match name {
        "Rain" => "降雨",
        "On the land at the start" => "初始地表蓄水",
        "Wet weather inflow" => "雨天入流",
        "Dry weather inflow" => "旱流入流",
        "Groundwater inflow" => "地下水入流",
        "RDII inflow" => "入渗入流 (RDII)",
        "Direct inflow" => "直接入流",
        "In through outfalls" => "经排放口倒灌",
        "In the network at the start" => "初始管网蓄水",
        "Withdrawn at nodes" => "节点取水",
        "Flooded from nodes" => "节点溢流",
        "Infiltrated into the land" => "地表下渗",
        "Evaporated from the land" => "地表蒸发",
        "Evaporated from the network" => "管网蒸发",
        "Seeped from the network" => "管网渗漏",
        "On the land at the end" => "期末地表蓄水",
        "In the network at the end" => "期末管网蓄水",
        "Not accounted for" => "不平衡量",
        other => other,
    };
    known.to_owned()
}

/// How many nodes flooded, how much, and which most.
fn flooding(model: &Model, summary: &RunSummary, lang: Lang) -> String {
    let flooding = &summary.network.nodes.flooding;
    let flooded: Vec<_> = model
        .nodes
        .ids()
        .filter_map(|id| Some((id, flooding.get(id.index())?)))
        .filter(|(_, flooding)| flooding.volume > CUBIC_FOOT)
        .collect();
    let Some((worst, most)) = flooded.iter().max_by(|a, b| a.1.volume.total_cmp(&b.1.volume)) else {
        return lang.of("No node flooded", "没有节点溢流").to_owned();
    };
    let volume = grouped(flooded.iter().map(|(_, flooding)| flooding.volume).sum(), 1);
    let (name, its, minutes) = (model.nodes.name(*worst), grouped(most.volume, 1), most.time / 60.0);
    let count = flooded.len();
    let nodes = if count == 1 { "node" } else { "nodes" };
    lang.of(
        format!("Flooded: {count} {nodes}, {volume} m³; most at {name}: {its} m³ in {minutes:.0} min"),
        format!("溢流：{count} 个节点，共 {volume} m³；最多为 {name}：{its} m³，历时 {minutes:.0} min"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outfall(index: usize, volume: f64) -> Entry {
        Entry { name: format!("Outfall O{index}"), volume, percent: volume / 10.0 }
    }

    #[test]
    fn small_outfalls_are_summed_up_and_nothing_is_lost() {
        let mut all: Vec<Entry> = (0..12).map(|i| outfall(i, f64::from(i as u32))).collect();
        all.push(Entry { name: "Flooded from nodes".into(), volume: 5.0, percent: 0.5 });
        let short = shortened(&all, Lang::En);
        assert_eq!(short.len(), NAMED + 2);
        assert_eq!(short[NAMED].name, "4 other outfalls");
        let total = |entries: &[Entry]| entries.iter().map(|entry| entry.volume).sum::<f64>();
        assert_eq!(total(&all), total(&short));
    }

    #[test]
    fn columns_line_up_under_chinese_names() {
        let rain = Entry { name: "Rain".into(), volume: 1234.5, percent: 60.0 };
        assert_eq!(display_width(&line(&rain, Lang::En)), display_width(&line(&rain, Lang::Zh)));
        assert!(line(&rain, Lang::Zh).contains("降雨"));
    }
}
