//! The options: which are not to be followed and why, their measures, the list of projects.

use crate::assess::verdict::Outcome;
use crate::report::project::Project;
use crate::scenario::cost::Item;

use super::answer::{counted, others, place, verdicts};
use super::desk::{Desk, digits, fixed, maybe, millions};
use super::view::{Cell, Part, Row, Table};
use super::worse::rest;

/// Projects of one option in the page; all are in the tables.
const PROJECTS: usize = 25;

/// What speaks against an option.
#[derive(Default)]
struct Against {
    reasons: Vec<String>,
    /// Whether another option is better in all respects, or keeps rules that it fails.
    rejected: bool,
}

/// Options with what speaks against them.
pub(super) fn rejected(desk: &mut Desk<'_>) -> Vec<Part> {
    let mut rows = Vec::new();
    for option in others(desk) {
        let against = against(desk, option);
        if against.reasons.is_empty() {
            continue;
        }
        let (word, class) = if against.rejected {
            (desk.say("✗ rejected", "✗ 不推荐"), "fail")
        } else {
            (desk.say("! reservations", "! 有保留"), "none")
        };
        let title = desk.choice(option).and_then(|choice| choice.table.title.clone()).unwrap_or_default();
        let mut reasons = against.reasons.into_iter();
        let first = reasons.next().unwrap_or_default();
        rows.push(Row::new([
            Cell::head(desk.option(option)).lines([title]),
            Cell::text(word).class(class),
            Cell::text(first).class("reasons").lines(reasons),
        ]));
    }
    if rows.is_empty() {
        return vec![desk.nothing(
            "Nothing in the runs speaks against any option.",
            "现有工况中没有不利于任何方案的结果。",
        )];
    }
    let caption = desk.table_caption(desk.say("what speaks against each option", "各方案的不利之处"));
    let heads = desk.say(["Option", "Standing", "Reasons"], ["方案", "结论", "理由"]);
    let mut table = Table::new(caption, heads);
    table.rows = rows;
    table.notes.push(
        desk.say(
            "Derived from the runs. Rejected: another option, or building nothing, is at least as good in cost and \
             all goals, or the option fails a rule that another one keeps. Reservations: it moves flooding, or costs \
             more than the damage that it avoids.",
            "由计算结果得出。不推荐：其他方案（或不建设）在费用与各目标上均不差，或有规则其他方案满足而该方案不满足；\
             有保留：使内涝转移，或费用大于所避免的损失。",
        )
        .to_owned(),
    );
    vec![Part::Table(table)]
}

fn against(desk: &Desk<'_>, option: usize) -> Against {
    let assessment = desk.material.assessment;
    let mut against = Against::default();
    let appraisals =
        assessment.economy.as_ref().map(|economy| economy.appraisals.as_slice()).unwrap_or_default();
    let appraisal = appraisals.iter().find(|appraisal| appraisal.option == option);
    if let Some(by) = appraisal.filter(|appraisal| !appraisal.on_pareto_front).and_then(|one| one.beaten_by) {
        against.rejected = true;
        against.reasons.push(if by == 0 {
            desk.say(
                "Building nothing is at least as good in cost and every goal, and better in one.",
                "不建设在费用和各目标上均不差，且至少一项更优。",
            )
            .to_owned()
        } else {
            let by = desk.option(by);
            desk.say(
                format!("{by} is at least as good in cost and every goal, and better in one."),
                format!("{by} 在费用和各目标上均不差，且至少一项更优。"),
            )
        });
    }
    let failed = failed(desk, option);
    against.rejected |= !failed.is_empty();
    against.reasons.extend(failed);
    let mut transfers = assessment.transfers.iter().filter(|transfer| transfer.option == option);
    if let Some(worst) = transfers.next() {
        let (at, place) = (desk.case(worst.case), place(&worst.node, &worst.zone));
        let more = digits(worst.with_option - worst.base);
        let count = transfers.count() + 1;
        against.reasons.push(desk.say(
            format!(
                "It moves flooding: {}; the largest at {place}, +{more} m³ under {at}.",
                counted(count, "increase at a node", "increases at nodes")
            ),
            format!("内涝转移：节点溢流增加共 {count} 处次；最大为 {place}，{at} 下 +{more} m³。"),
        ));
    }
    if let Some(net) = appraisal.and_then(|one| one.net_present_value).filter(|net| *net < 0.0) {
        let currency =
            assessment.economy.as_ref().map(|economy| economy.currency.as_str()).unwrap_or_default();
        let net = millions(net);
        against.reasons.push(desk.say(
            format!(
                "It costs more than the damage that it avoids: net present value {net} million {currency}."
            ),
            format!("费用大于所避免的损失：净现值 {net} 百万 {currency}。"),
        ));
    }
    against
}

/// Rules that an option fails at the last horizon while another option keeps them.
fn failed(desk: &Desk<'_>, option: usize) -> Vec<String> {
    let assessment = desk.material.assessment;
    let rules = assessment.rule_set.as_ref().map(|set| set.rules.as_slice()).unwrap_or_default();
    let last = desk.last_horizon();
    let mut lines = Vec::new();
    for verdict in verdicts(desk, option).filter(|verdict| verdict.outcome == Outcome::Failed) {
        let keep: Vec<usize> = assessment
            .verdicts
            .iter()
            .filter(|v| {
                v.rule == verdict.rule && v.horizon == last && v.outcome == Outcome::Passed && v.option > 0
            })
            .map(|v| v.option)
            .collect();
        let Some(rule) = rules.get(verdict.rule).filter(|_| !keep.is_empty()) else { continue };
        let title = desk.language.words(&rule.title);
        let title = if title.is_empty() { rule.id.as_str() } else { title };
        let verb = if keep.len() == 1 { "keeps" } else { "keep" };
        let names = desk.options(keep);
        lines.push(desk.say(
            format!("It fails “{title}”, which {names} {verb}."),
            format!("不满足“{title}”，而 {names} 满足。"),
        ));
    }
    lines
}

/// Measures of each option with phase and cost.
pub(super) fn measures(desk: &mut Desk<'_>) -> Vec<Part> {
    let bill = desk.material.bills.first().map(|(_, bill)| bill);
    let currency = bill.map(|bill| bill.currency.clone()).unwrap_or_default();
    let caption = desk.table_caption(desk.say("measures of each option", "各方案工程措施"));
    let heads = desk.say(
        [
            "Measure".to_owned(),
            "Kind".into(),
            "Phase".into(),
            "#Elements changed".into(),
            format!("#Capital, million {currency}"),
        ],
        [
            "措施".to_owned(),
            "类型".into(),
            "分期".into(),
            "#改动构件".into(),
            format!("#投资（百万 {currency}）"),
        ],
    );
    let mut table = Table::new(caption, heads);
    let last = desk.last_horizon();
    for option in others(desk) {
        let Some(choice) = desk.choice(option) else { continue };
        table.rows.push(Row::group(desk.option_title(option), 5));
        let changes =
            desk.material.study.built(option, last).map(|built| built.changes.as_slice()).unwrap_or_default();
        let bill =
            desk.material.bills.iter().find(|(of, _)| *of == option).map(|(_, bill)| bill.by_measure());
        for (index, measure) in choice.table.measures.iter().enumerate() {
            let verb = verb(desk, measure.verb.word());
            let name = measure.name.clone().unwrap_or_default();
            let count = changes.iter().filter(|change| change.measure == index).count();
            let cost = bill.as_ref().and_then(|bill| bill.get(&index)).map(|sum| sum.capital);
            table.row([
                Cell::head(format!("{} {name}", index + 1).trim_end()),
                Cell::text(verb),
                Cell::text(&measure.phase),
                Cell::number(count.to_string()),
                Cell::number(maybe(cost, millions)),
            ]);
        }
    }
    if table.rows.is_empty() {
        return vec![desk.nothing("The study has no option besides the base.", "除现状外没有方案。")];
    }
    vec![Part::Table(table)]
}

/// What a measure does, as readers see it.
fn verb(desk: &Desk<'_>, word: &str) -> String {
    let (en, zh) = match word {
        "resize" => ("larger pipes", "管道扩径"),
        "parallel" => ("second pipes", "并行管"),
        "link" => ("a new sewer", "新建管渠"),
        "tank" => ("a tank", "调蓄池"),
        "pump_station" => ("a pump station", "泵站"),
        "gate" => ("a gate", "闸门"),
        "weir" => ("a weir", "堰"),
        "roughness" => ("lining or cleaning", "内衬或清洗"),
        "silt" => ("silt", "清淤"),
        "repair" => ("repair", "修复"),
        "river" => ("a wider river", "河道拓宽"),
        "separate" => ("separate sewers", "雨污分流"),
        other => (other, other),
    };
    desk.say(en, zh).to_owned()
}

/// What is built, as readers see it.
fn item(desk: &Desk<'_>, item: Item) -> &'static str {
    let (en, zh) = match item {
        Item::Pipe => ("pipe", "管道"),
        Item::Lining => ("lining", "内衬"),
        Item::Cleaning => ("cleaning", "清洗"),
        Item::Manhole => ("manhole", "检查井"),
        Item::Outfall => ("outfall", "排放口"),
        Item::Tank => ("tank", "调蓄池"),
        Item::PumpStation => ("pump station", "泵站"),
        Item::Gate => ("gate", "闸门"),
        Item::FlapGate => ("flap gate", "拍门"),
        Item::Weir => ("weir", "堰"),
        Item::Earthwork => ("earthwork", "土方"),
        Item::PlotConnection => ("plot connections", "地块接管"),
    };
    desk.say(en, zh)
}

/// Projects by option: what, in which road, where from and to, how large, in which phase, at what cost.
pub(super) fn projects(desk: &mut Desk<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    let bill = desk.material.bills.first().map(|(_, bill)| bill);
    let currency = bill.map(|bill| bill.currency.clone()).unwrap_or_default();
    for option in others(desk) {
        let name = desk.comparison().option(option);
        let mut listed: Vec<&Project> =
            desk.material.projects.iter().filter(|project| project.option == name).collect();
        if listed.is_empty() {
            continue;
        }
        let capital = |project: &Project| project.cost.map_or(0.0, |(capital, _)| capital);
        listed.sort_by(|a, b| capital(b).total_cmp(&capital(a)));
        let title = desk.option_title(option);
        let caption = desk.table_caption(desk.say(
            format!("projects of {title}, the dearest first"),
            format!("{title} 项目清单（按投资排序）"),
        ));
        let heads = desk.say(
            [
                "Number, element".to_owned(),
                "Works".to_owned(),
                "Road".to_owned(),
                "From – to".to_owned(),
                "#Diameter, mm".to_owned(),
                "#Quantity".to_owned(),
                "Phase, built by".to_owned(),
                format!("#Capital, million {currency}"),
            ],
            [
                "编号、构件".to_owned(),
                "工程".to_owned(),
                "道路".to_owned(),
                "起止".to_owned(),
                "#管径 mm".to_owned(),
                "#数量".to_owned(),
                "分期、建成".to_owned(),
                format!("#投资（百万 {currency}）"),
            ],
        );
        let mut table = Table::new(caption, heads);
        for project in listed.iter().take(PROJECTS) {
            let (amount, unit) = project.quantity;
            let unit = unit.replace('2', "²").replace('3', "³");
            let quantity = if unit.is_empty() {
                desk.say(fixed(amount, 0), format!("{} 座", fixed(amount, 0)))
            } else {
                format!("{} {unit}", digits(amount))
            };
            let ends = [&project.from, &project.to].map(String::as_str);
            let ends = ends.into_iter().filter(|end| !end.is_empty()).collect::<Vec<_>>().join(" – ");
            let works = Item::of_word(project.work).map_or(project.work, |of| item(desk, of));
            table.row([
                Cell::head(&project.id).lines([project.element.clone()]),
                Cell::text(works),
                Cell::text(&project.road),
                Cell::text(ends),
                Cell::number(maybe(project.diameter, |diameter| fixed(1000.0 * diameter, 0))),
                Cell::number(quantity),
                Cell::text(&project.phase).lines([desk.language.name(&project.year).to_owned()]),
                Cell::number(maybe(project.cost, |(capital, _)| fixed(capital / 1.0e6, 2))),
            ]);
        }
        rest(desk, &mut table, listed.len(), "tables/projects.csv");
        if bill.is_some_and(|bill| !bill.verified) {
            table.notes.push(desk.say("⚑ Rates not verified.", "⚑ 单价未核实。").to_owned());
        }
        parts.push(Part::Table(table));
    }
    if parts.is_empty() {
        parts.push(desk.nothing("No option builds anything.", "没有方案需要建设。"));
    }
    parts
}
