//! Where everything comes from: files with their hashes, versions, rain with its formulas, what nobody verified.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::forcing::design_storm::design_rain;
use crate::forcing::design_storm::formula_text::formula_text;
use crate::scenario::storm::{Purpose, RainSource};

use super::answer::counted;
use super::desk::{Desk, digits, fingerprint, fixed, maybe, percent};
use super::view::{Cell, Part, Table};

/// All that somebody should verify, each thing once.
pub(super) fn unverified_lines(desk: &Desk<'_>) -> Vec<String> {
    let assessment = desk.material.assessment;
    let mut lines = Vec::new();
    let mut formulas: BTreeSet<String> = BTreeSet::new();
    for storm in &desk.material.study.scenario().storms {
        if let RainSource::Formula { formula, .. } = &storm.rain.source
            && !formula.verified
        {
            formulas.insert(formula.place());
        }
    }
    lines.extend(formulas.into_iter().map(|place| {
        desk.say(
            format!("The storm-intensity formula of {place}: all storms made from it, and what they are judged by."),
            format!("{place} 暴雨强度公式：由其生成的设计暴雨及据此得出的判定。"),
        )
    }));
    if let Some(set) = &assessment.rule_set {
        let open = set.rules.iter().filter(|rule| !rule.verified).count();
        if open > 0 {
            let (name, all) = (desk.language.words(&set.title), set.rules.len());
            lines.push(desk.say(
                format!("{open} of {all} rules of {name}: clause or numbers were not checked against the standard."),
                format!("《{name}》{all} 条规则中有 {open} 条的条文或数值未对照标准核实。"),
            ));
        }
        if !set.breaks_verified && !set.breaks.is_empty() {
            lines.push(desk.say("The breaks between classes of capacity.", "排水能力分级界限。").to_owned());
        }
    }
    let economy =
        assessment.economy.as_ref().map(|economy| economy.unverified.as_slice()).unwrap_or_default();
    if let Some((_, bill)) =
        desk.material.bills.first().filter(|(_, bill)| !bill.verified && economy.is_empty())
    {
        lines.push(desk.say(
            format!("Unit costs ({}): all costs.", bill.source),
            format!("单价（{}）：全部投资。", bill.source),
        ));
    }
    if !economy.is_empty() {
        let all: Vec<&str> = economy.iter().map(|words| desk.language.words(words)).collect();
        let all = all.join(desk.say("; ", "；"));
        lines.push(desk.say(
            format!("Cost, damage and choice rest on: {all}."),
            format!("投资、损失与比选所依据：{all}。"),
        ));
    }
    let loads = assessment.spills.iter().flat_map(|spill| &spill.loads);
    let substances: BTreeSet<&str> =
        loads.filter(|load| !load.verified).map(|load| load.substance.as_str()).collect();
    if !substances.is_empty() {
        let names = substances.into_iter().collect::<Vec<_>>().join(", ");
        lines.push(desk.say(
            format!("Event mean concentrations of {names}: all loads."),
            format!("{names} 的事件平均浓度：全部负荷。"),
        ));
    }
    lines
}

/// The same as a section of its own, and what verdicts rest on.
pub(super) fn unverified(desk: &mut Desk<'_>) -> Vec<Part> {
    let mut lines = unverified_lines(desk);
    let mut about: BTreeMap<&str, usize> = BTreeMap::new();
    for words in desk.material.assessment.verdicts.iter().flat_map(|verdict| &verdict.unverified) {
        *about.entry(desk.language.words(words)).or_default() += 1;
    }
    lines.extend(about.into_iter().map(|(words, count)| {
        desk.say(
            format!("{words}: {}.", counted(count, "verdict", "verdicts")),
            format!("{words}：{count} 项判定。"),
        )
    }));
    if lines.is_empty() {
        return vec![desk.nothing("Nothing is known to be unverified.", "未发现未核实的内容。")];
    }
    vec![Part::List(lines)]
}

/// Storms with formula, source and whether it was verified.
pub(super) fn rain(desk: &mut Desk<'_>) -> Vec<Part> {
    let storms = &desk.material.study.scenario().storms;
    if storms.is_empty() {
        return vec![desk.nothing("The study runs the rain of its network.", "研究采用模型自带的降雨。")];
    }
    let caption =
        desk.table_caption(desk.say("storms before the uplift of horizons", "设计暴雨（未计水平年增幅）"));
    let heads = desk.say(
        [
            "Storm",
            "Serves",
            "#Return period, a",
            "#Depth, mm",
            "#Peak, mm/h",
            "#Duration, min",
            "Rain from",
            "Verified",
        ],
        ["暴雨", "用途", "#重现期 年", "#雨量 mm", "#峰值 mm/h", "#历时 min", "雨量依据", "已核实"],
    );
    let mut table = Table::new(caption, heads);
    for storm in storms {
        let storm = &storm.rain;
        let serves = storm.serves.iter().map(|purpose| match purpose {
            Purpose::SewerCapacity => desk.say("sewer capacity", "管渠能力"),
            Purpose::Waterlogging => desk.say("waterlogging", "内涝防治"),
            Purpose::Overflow => desk.say("overflow", "溢流"),
            Purpose::Damage => desk.say("damage", "损失"),
        });
        let serves = serves.collect::<Vec<_>>().join(desk.say(", ", "、"));
        let rain = design_rain(storm).ok();
        let hyetograph = rain.as_ref().map(|rain| &rain.hyetograph);
        let given = || desk.say("given by the user", "用户给定").to_owned();
        let (from, source, verified) = match &storm.source {
            RainSource::Formula { formula, return_period_years } => (
                formula_text(formula, Some(*return_period_years)),
                format!("{} · {}", formula.place(), formula.source),
                if formula.verified { desk.say("yes", "是") } else { desk.say("⚑ no", "⚑ 否") }.to_owned(),
            ),
            RainSource::DepthDuration { source, .. } => {
                (desk.say("depths by duration", "历时雨量表").to_owned(), source.clone(), given())
            }
            RainSource::Depth { .. } => (desk.say("one depth", "总雨量").to_owned(), String::new(), given()),
            RainSource::Series(rain) => {
                (desk.say("a record", "实测过程").to_owned(), rain.source.clone(), given())
            }
        };
        table.row([
            Cell::head(&storm.name).lines([storm.title.clone()]),
            Cell::text(serves),
            Cell::number(maybe(
                rain.as_ref().and_then(|rain| rain.return_period_years),
                crate::plot::axis::plain_number,
            )),
            Cell::number(maybe(hyetograph.map(|rain| rain.total_mm()), |depth| fixed(depth, 1))),
            Cell::number(maybe(hyetograph.map(|rain| rain.peak().1), |peak| fixed(peak, 1))),
            Cell::number(maybe(hyetograph.map(|rain| rain.duration_s() / 60.0), |minutes| fixed(minutes, 0))),
            Cell::text(from).lines([source]),
            Cell::text(verified),
        ]);
    }
    vec![Part::Table(table)]
}

/// Files with their hashes, and versions.
pub(super) fn files(desk: &mut Desk<'_>) -> Vec<Part> {
    let scenario = desk.material.study.scenario();
    let folder = scenario.path.parent().unwrap_or(Path::new(""));
    let study = &scenario.study;
    let mut files: Vec<(&str, std::path::PathBuf)> = vec![
        (desk.say("Network", "管网模型"), folder.join(&study.network)),
        (desk.say("Scenario", "方案文件"), scenario.path.clone()),
    ];
    let costs = study.costs.as_ref().map(|costs| &costs.file);
    let observed = study.observed.as_ref().map(|observed| observed.table().file);
    let named = [
        (desk.say("Rule set", "规则集"), study.rules.as_ref()),
        (desk.say("Unit costs", "造价表"), costs),
        (desk.say("Zones", "分区"), study.zones.as_ref()),
        (desk.say("Roads", "道路"), study.roads.as_ref()),
        (desk.say("Buildings", "建筑"), study.buildings.as_ref()),
        (desk.say("Sills of underpasses and entrances", "下穿通道与出入口门槛"), study.sills.as_ref()),
        (desk.say("Land use", "用地"), study.land_use.as_ref()),
        (desk.say("Observations", "实测"), observed.as_ref()),
        (desk.say("Damage", "损失表"), study.damage.as_ref()),
        (desk.say("Concentrations", "溢流浓度"), study.concentrations.as_ref()),
    ];
    files.extend(named.into_iter().filter_map(|(name, file)| Some((name, folder.join(file?)))));
    let caption = desk.table_caption(desk.say("files that the study stands on", "研究所用文件"));
    let heads = desk.say(["What", "File", "SHA-256"], ["内容", "文件", "SHA-256"]);
    let mut table = Table::new(caption, heads);
    for (what, path) in files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let hash = fingerprint(&path).unwrap_or_else(|| "–".to_owned());
        table.row([Cell::head(what), Cell::text(name), Cell::text(hash)]);
    }
    let runs = desk.comparison().runs.len();
    let made = desk.digests().count();
    let mut facts = vec![
        (desk.say("Program", "程序"), format!("pailao {}", env!("CARGO_PKG_VERSION"))),
        (
            desk.say("Vertical datum", "高程基准"),
            study.vertical_datum.clone().unwrap_or_else(|| not_said(desk)),
        ),
        (
            desk.say("Coordinate reference system", "坐标系"),
            study.crs.clone().unwrap_or_else(|| not_said(desk)),
        ),
        (desk.say("Runs", "工况"), desk.say(format!("{made} of {runs}"), format!("{made}/{runs}"))),
    ];
    if let Some((_, bill)) = desk.material.bills.first() {
        let flag = if bill.verified { "" } else { desk.say(" (⚑ not verified)", "（⚑ 未核实）") };
        facts.push((desk.say("Rates from", "单价来源"), format!("{}{flag}", bill.source)));
    }
    if let Some(set) = &desk.material.assessment.rule_set {
        let flag = if set.verified {
            ""
        } else {
            desk.say(" (⚑ not verified as a whole)", "（⚑ 未全部核实）")
        };
        facts.push((desk.say("Rules from", "规则来源"), format!("{}{flag}", set.source)));
    }
    let facts = facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    vec![Part::Facts(facts), Part::Table(table)]
}

fn not_said(desk: &Desk<'_>) -> String {
    desk.say("not given", "未说明").to_owned()
}

/// The base network in numbers.
pub(super) fn area(desk: &mut Desk<'_>) -> Vec<Part> {
    let base = desk.material.networks.iter().find(|built| built.option == 0);
    let Some(model) = base.map(|built| built.model) else {
        return vec![desk.nothing("The network is not at hand.", "没有管网信息。")];
    };
    let land = model.subcatchments.iter().map(|(_, land)| (land.area, land.area * land.impervious));
    let (area, sealed) = land.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let length: f64 = model.links.iter().filter_map(|(_, link)| link.conduit()).map(|pipe| pipe.length).sum();
    let mut facts = vec![
        (
            desk.say("Subcatchments", "子汇水区"),
            format!("{}, {} ha", model.subcatchments.len(), digits(area / 1.0e4)),
        ),
        (desk.say("Nodes", "节点"), model.nodes.len().to_string()),
        (desk.say("Links", "管渠"), format!("{}, {} km", model.links.len(), fixed(length / 1000.0, 1))),
    ];
    if area > 0.0 {
        facts.insert(1, (desk.say("Impervious", "不透水率"), percent(sealed / area)));
    }
    vec![Part::Facts(facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())]
}
