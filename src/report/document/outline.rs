//! In which order a report says what it says.

use crate::plot::Language;

use super::answer::counted;
use super::desk::Desk;
use super::view::{Chapter, Page, Part, Section};
use super::{
    Template, answer, capacity, checks, money, options, provenance, spills, streets, switch, verdicts, water,
    worse,
};

/// The style of all pages.
const STYLE: &str = include_str!("../../../templates/report.css");

/// What stands in a place of an outline: English and Chinese heading, and what makes the section.
enum Entry {
    /// A section, made from the material.
    Made(&'static str, &'static str, fn(&mut Desk<'_>) -> Vec<Part>),
    /// A section that stays away where it has nothing to say, but for a word that it was not modelled.
    IfModelled(&'static str, &'static str, fn(&mut Desk<'_>) -> Vec<Part>),
    /// Something that the model has no answer to.
    NotModelled(&'static str, &'static str),
}

/// A chapter of an outline: its headings and its entries.
type Plan = (&'static str, &'static str, &'static [Entry]);

use Entry::{IfModelled, Made, NotModelled};

/// What a decision needs first stands first.
const DECISION: &[Plan] = &[
    ("The answer", "结论", &[Made("", "", answer::answer)]),
    (
        "Verdicts",
        "规范校核",
        &[
            Made("Rule by option and horizon", "各方案、各水平年逐条校核", verdicts::matrix),
            Made("What the rules ask", "规则与出处", verdicts::rules),
        ],
    ),
    (
        "What got worse, what got better",
        "变差与改善",
        &[
            Made("Flooding moved to other places", "转移的内涝", worse::transfers),
            Made("Indicators that got worse", "变差的指标", worse::worse),
            Made("Indicators that got better", "改善的指标", worse::better),
        ],
    ),
    ("Capacity of the pipes", "管渠排水能力", &[Made("", "", capacity::capacity)]),
    (
        "Flooding",
        "内涝与水位",
        &[
            Made("Flooded volume by storm", "各暴雨溢流水量", water::flooding),
            Made("Plans", "平面图", water::plans),
            Made("Long sections", "纵断面", water::sections),
            Made("Hydrographs", "过程线", water::hydrographs),
            Made("The river", "河道水位影响", water::river),
        ],
    ),
    (
        "Water on the streets",
        "街面积水",
        &[
            Made("Runs and their water", "工况与水量", streets::balance),
            Made("Maps", "图件", streets::maps),
            Made("Ponding places", "积水点", streets::ponds),
            Made("Roads", "道路", streets::roads),
            Made("Zones", "分区", streets::zones),
            Made("Buildings", "建筑物", streets::buildings),
            Made("Underpasses and entrances", "下穿通道与出入口", streets::sills),
        ],
    ),
    (
        "Spills and treatment works",
        "溢流污染与污水厂",
        &[Made("Spills", "溢流", spills::spills), Made("Treatment works", "污水厂", spills::works)],
    ),
    (
        "Cost, damage and choice",
        "投资、损失与比选",
        &[
            Made("Cost and phases", "投资与分期", money::cost),
            Made("Progress by year", "分期效果", money::progress),
            Made("Damage", "内涝损失", money::damage),
            Made("Cost and effect", "费用与效果", money::effect),
            Made("Regret", "后悔值", money::regret),
            Made("Within a budget", "预算内选择", money::budget),
        ],
    ),
    (
        "Options and projects",
        "方案与项目",
        &[
            Made("Rejected options and reservations", "不推荐的方案及理由", options::rejected),
            Made("Measures", "工程措施", options::measures),
            Made("Project list", "项目库", options::projects),
        ],
    ),
    (
        "How far the numbers can be trusted",
        "可信度",
        &[
            Made("Observations", "率定与验证", checks::verification),
            Made("Mass balance and convergence", "水量平衡与收敛", checks::balance),
            Made("Option audit", "方案复核", checks::audit),
        ],
    ),
    (
        "Provenance",
        "数据来源",
        &[
            Made("Rain", "降雨", provenance::rain),
            Made("Files and versions", "文件与版本", provenance::files),
            Made("What nobody has verified", "未核实的内容", provenance::unverified),
        ],
    ),
];

/// The chapters of 《城市排水(雨水)防涝综合规划编制大纲》.
const CN_98: &[Plan] = &[
    ("Answer", "结论摘要", &[Made("", "", answer::answer)]),
    (
        "1 Background and present state",
        "一 背景与现状",
        &[
            Made("The area as modelled", "规划区模型概况", provenance::area),
            Made("Calibration", "模型率定与验证", checks::verification),
            NotModelled("Natural conditions, history of flooding", "自然条件、历史内涝"),
        ],
    ),
    (
        "2 Capacity and flood risk",
        "二 城市排水防涝能力与内涝风险评估",
        &[
            Made("Rain and land", "降雨规律分析与下垫面解析", provenance::rain),
            Made("Capacity of the drains", "现状排水系统能力评估", capacity::capacity),
            Made("Flooding by storm", "内涝风险评估：溢流水量", water::flooding),
            IfModelled(
                "Zones of risk by depth on the ground (needs a 2D surface)",
                "内涝风险区划（需地面二维模型）",
                streets::maps,
            ),
            Made("Water on the streets by run", "各工况街面水量", streets::balance),
            Made("Ponding places", "积水点", streets::ponds),
            Made("Zones", "分区积水面积", streets::zones),
            Made("Buildings", "建筑物进水", streets::buildings),
            Made("Underpasses and entrances", "下穿通道与出入口", streets::sills),
        ],
    ),
    (
        "3 General",
        "三 规划总论",
        &[
            Made("Standards", "规划标准", verdicts::rules),
            Made("Verdicts", "规划目标达标校核", verdicts::matrix),
            Made("Flooding moved to other places", "转移的内涝", worse::transfers),
            Made("What got worse", "变差的指标", worse::worse),
            Made("What got better", "改善的指标", worse::better),
            Made("Choice of the system", "系统方案比选", money::effect),
            Made("Rejected options and reservations", "不推荐的方案及理由", options::rejected),
        ],
    ),
    (
        "4 Runoff control and use of rain",
        "四 城市雨水径流控制与资源化利用",
        &[
            NotModelled("Runoff volume control", "径流量控制"),
            Made("Runoff pollution: spills", "径流污染控制：溢流", spills::spills),
            NotModelled("Use of rain water", "雨水资源化利用"),
        ],
    ),
    (
        "5 Sewers",
        "五 城市排水(雨水)管网系统规划",
        &[
            Made("Works of each option", "排水体制、管渠与泵站：工程措施", options::measures),
            Made("Long sections", "管渠纵断面", water::sections),
            Made("Treatment works", "污水厂进水", spills::works),
        ],
    ),
    (
        "6 Flood prevention",
        "六 城市防涝系统规划",
        &[
            IfModelled(
                "Levels of the ground, flow paths on streets",
                "平面与竖向控制、行泄通道",
                streets::roads,
            ),
            Made("Plans", "内涝点平面分布", water::plans),
            Made("River and outfalls", "内河水系及与防洪设施衔接", water::river),
            Made("Hydrographs", "调蓄与排口过程线", water::hydrographs),
        ],
    ),
    (
        "7 Works of the near term",
        "七 近期建设规划",
        &[
            Made("Cost and phases", "分期投资", money::cost),
            Made("Progress by year", "分期效果", money::progress),
        ],
    ),
    (
        "8 Management",
        "八 管理规划",
        &[NotModelled("Institutions, information, emergencies", "体制机制、信息化、应急管理")],
    ),
    (
        "9 Safeguards",
        "九 保障措施",
        &[
            NotModelled("Land", "用地保障"),
            Made("Damage", "资金：内涝损失", money::damage),
            Made("Within a budget", "资金：预算内选择", money::budget),
            Made("Regret", "资金：后悔值", money::regret),
        ],
    ),
    (
        "10 Annexes",
        "十 附件",
        &[
            Made("Project list", "建设任务与投资列表", options::projects),
            Made("Mass balance and convergence", "水量平衡与收敛", checks::balance),
            Made("Option audit", "方案复核", checks::audit),
            Made("Files and versions", "文件与版本", provenance::files),
            Made("What nobody has verified", "未核实的内容", provenance::unverified),
        ],
    ),
];

/// Makes the page.
pub(super) fn page(desk: &mut Desk<'_>, template: Template) -> Page {
    let plans = match template {
        Template::Decision => DECISION,
        Template::Cn98 => CN_98,
    };
    let mut chapters: Vec<Chapter> = Vec::new();
    for plan in plans {
        let chapter = chapter(desk, chapters.len(), plan);
        // a chapter with nothing to say, such as of streets where none was run, stays away
        if !chapter.sections.is_empty() {
            chapters.push(chapter);
        }
    }
    let parts = chapters.iter().flat_map(|chapter| &chapter.sections).flat_map(|section| &section.parts);
    let choices = parts.filter_map(|part| match part {
        Part::Switch(switch) => Some(switch.choices()),
        _ => None,
    });
    let rules = switch::rules(choices.fold((0, 0), |most, of| (most.0.max(of.0), most.1.max(of.1))));
    let title = match desk.comparison().title.trim() {
        "" => desk.say("Drainage study", "排水防涝方案研究").to_owned(),
        title => title.to_owned(),
    };
    Page {
        language: desk.language.code(),
        title,
        kicker: desk.say("Comparison of drainage options", "排水防涝方案比选报告").to_owned(),
        facts: facts(desk),
        contents: desk.say("Contents", "目录"),
        style: STYLE,
        rules,
        chapters,
        foot: format!("pailao {}", env!("CARGO_PKG_VERSION")),
    }
}

/// What the study is made of, in a line.
fn facts(desk: &Desk<'_>) -> Vec<String> {
    let comparison = desk.comparison();
    let horizons: Vec<String> = (0..comparison.horizons.len()).map(|horizon| desk.horizon(horizon)).collect();
    let (options, runs) = (comparison.options.len().saturating_sub(1), desk.digests().count());
    let study = &desk.material.study.scenario().study;
    let mut facts = match desk.language {
        Language::En => vec![
            format!("{} and the base", counted(options, "option", "options")),
            format!("horizons {}", horizons.join(", ")),
            counted(runs, "run", "runs"),
        ],
        Language::Zh => vec![
            format!("现状与 {options} 个方案"),
            format!("水平年 {}", horizons.join("、")),
            format!("{runs} 个工况"),
        ],
    };
    facts.extend(
        study
            .vertical_datum
            .as_ref()
            .map(|datum| desk.say(format!("datum {datum}"), format!("高程基准 {datum}"))),
    );
    facts.extend(study.crs.clone());
    facts
}

fn not_modelled(desk: &Desk<'_>) -> Part {
    Part::Text(desk.say("Not modelled.", "未模拟。").to_owned())
}

fn chapter(desk: &mut Desk<'_>, index: usize, (en, zh, entries): &Plan) -> Chapter {
    let mut sections = Vec::new();
    for (i, entry) in entries.iter().enumerate() {
        let id = format!("section-{}-{}", index + 1, i + 1);
        let (title, parts) = match entry {
            Made(en, zh, make) => (desk.say(*en, *zh), make(desk)),
            IfModelled(en, zh, make) => {
                let made = make(desk);
                (desk.say(*en, *zh), if made.is_empty() { vec![not_modelled(desk)] } else { made })
            }
            NotModelled(en, zh) => (desk.say(*en, *zh), vec![not_modelled(desk)]),
        };
        if !parts.is_empty() {
            sections.push(Section { id, title: title.to_owned(), parts });
        }
    }
    Chapter { id: format!("chapter-{}", index + 1), title: desk.say(*en, *zh).to_owned(), sections }
}
