//! Cost, damage and choice.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::economy::Economy;
use crate::edit::cost::Bill;
use crate::plot::bars::{Bar, Bars, Kind, Part as Piece};
use crate::plot::chart::{Chart, Dot, Join, Series};
use crate::plot::colour::Colour;

use super::desk::{Desk, digits, fixed, maybe, millions, percent};
use super::view::{Cell, Part, Row, Table};

/// Colours of phases.
const PHASES: [Colour; 6] =
    [Colour::BLUE, Colour::ORANGE, Colour::GREEN, Colour::PURPLE, Colour::SKY, Colour::VERMILION];

/// What nothing can be said without.
fn no_costs(desk: &Desk<'_>) -> Part {
    desk.nothing(
        "The study names no table of unit costs; name one with “costs” in [study].",
        "研究未指定造价表；可在 [study] 中以 costs 指定。",
    )
}

/// What a bill rests on, in a note.
fn basis(desk: &Desk<'_>, bill: &Bill) -> String {
    let verified =
        if bill.verified { "" } else { desk.say("⚑ rates not verified. ", "⚑ 单价未核实。") };
    let (year, currency, extra) = (bill.price_year, &bill.currency, percent(bill.contingency));
    desk.say(
        format!(
            "{verified}Prices of {year}, {currency}, contingency {extra} included; rates: {}.",
            bill.source
        ),
        format!("{verified}{year} 年价格，{currency}，含预备费 {extra}；单价来源：{}。", bill.source),
    )
}

/// Cost by option and phase.
pub(super) fn cost(desk: &mut Desk<'_>) -> Vec<Part> {
    let bills = desk.material.bills;
    let Some((_, first)) = bills.first() else { return vec![no_costs(desk)] };
    let phases: BTreeSet<&str> = bills.iter().flat_map(|(_, bill)| bill.by_phase().into_keys()).collect();
    let phases: Vec<&str> = phases.into_iter().collect();
    let mut parts = Vec::new();
    let kinds = phases.iter().enumerate().map(|(i, phase)| Kind {
        name: desk.say(format!("phase {phase}"), format!("{phase} 期")),
        colour: PHASES[i % PHASES.len()],
    });
    let bars = bills.iter().filter(|(option, _)| *option > 0).map(|(option, bill)| {
        let by_phase = bill.by_phase();
        let parts = phases.iter().enumerate().filter_map(|(kind, phase)| {
            let sum = by_phase.get(phase)?;
            Some(Piece { kind, value: sum.capital / 1.0e6, hatched: false, label: millions(sum.capital) })
        });
        Bar { name: desk.option(*option), parts: parts.collect(), total: millions(bill.total().capital) }
    });
    let bars = Bars {
        quantity: desk.say("Capital, phase after phase", "投资（按分期）").to_owned(),
        unit: desk.say(format!("million {}", first.currency), format!("百万 {}", first.currency)),
        kinds: kinds.collect(),
        bars: bars.collect(),
        ..Bars::default()
    };
    let picture = bars.draw(&bars.sheet(desk.sheet));
    let what = desk.say("cost by option and phase", "各方案分期投资");
    let note = basis(desk, first);
    parts.extend(desk.own_figure("costs", picture, what, note.clone()));
    let mut heads = vec![desk.say("Option", "方案").to_owned()];
    heads.extend(phases.iter().map(|phase| desk.say(format!("#Phase {phase}"), format!("#{phase} 期"))));
    heads.extend(desk.say(["#Capital", "#Upkeep a year"], ["#投资合计", "#年运维"]).map(str::to_owned));
    let caption = desk.table_caption(
        desk.say(format!("cost, million {}", first.currency), format!("投资（百万 {}）", first.currency)),
    );
    let mut table = Table::new(caption, heads);
    for (option, bill) in bills {
        let by_phase = bill.by_phase();
        let mut cells = vec![Cell::head(desk.option(*option))];
        cells.extend(
            phases
                .iter()
                .map(|phase| Cell::number(maybe(by_phase.get(phase).map(|sum| sum.capital), millions))),
        );
        cells.push(Cell::number(millions(bill.total().capital)));
        cells.push(Cell::number(millions(bill.total().upkeep)));
        table.rows.push(Row::new(cells));
    }
    table.notes.push(note);
    parts.push(Part::Table(table));
    parts
}

/// What is built by which year, and what it brings.
pub(super) fn progress(desk: &mut Desk<'_>) -> Vec<Part> {
    let comparison = desk.comparison();
    let scenario = desk.material.study.scenario();
    let main = comparison.planned_horizons();
    if main.len() < 2 {
        return vec![desk.nothing("The study has one horizon only.", "研究只有一个水平年。")];
    }
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    for (index, horizon) in scenario.horizons.iter().enumerate().filter(|(index, _)| main.contains(index)) {
        let year = horizon.table.year.or_else(|| horizon.name.parse().ok());
        if let Some(year) = year {
            years.entry(year).or_insert(index);
        }
    }
    let Some(leading) = desk.leading_case() else { return Vec::new() };
    let mut parts = Vec::new();
    if years.len() > 1 {
        let series = (0..comparison.options.len()).map(|option| {
            let dot = |(year, horizon): (&i32, &usize)| {
                let case = crate::assess::Case { horizon: *horizon, ..leading };
                Some(Dot { x: f64::from(*year), y: desk.flooded(option, case)?, name: String::new() })
            };
            Series {
                name: desk.option(option),
                dots: years.iter().filter_map(dot).collect(),
                ..Series::default()
            }
        });
        let chart = Chart {
            across: desk.say("Year", "年份").to_owned(),
            upward: desk.say("Flooded volume (m³)", "溢流水量（m³）").to_owned(),
            marks: years.keys().map(|year| (f64::from(*year), year.to_string())).collect(),
            series: series.collect(),
            ..Chart::default()
        };
        let at = desk.storm(leading);
        let what = desk.say(format!("flooded volume by year, {at}"), format!("各年溢流水量，{at}"));
        let note = desk.say(
            "Each year holds its own rain uplift, growth and phases; the base shows what happens if nothing is built.",
            "各水平年含其降雨增幅、增长与分期工程；现状线表示不建设的情形。",
        );
        let picture = chart.draw(desk.sheet);
        parts.extend(desk.own_figure("progress", picture, what, note));
    }
    let caption = desk.table_caption(desk.say("what is built by each horizon", "各水平年建成内容"));
    let heads = desk.say(
        ["Horizon", "Phases built", "#Rain", "#Dry-weather flow", "#Imperviousness", "#Stage rise"],
        ["水平年", "已建分期", "#降雨系数", "#旱流增长", "#不透水率增加", "#水位抬升"],
    );
    let mut table = Table::new(caption, heads);
    for (index, horizon) in scenario.horizons.iter().enumerate() {
        let of = &horizon.table;
        let future = scenario.future_of(index).map(|of| {
            let of = desk.horizon(of);
            desk.say(format!("another future of {of}"), format!("{of} 的另一情景"))
        });
        let stations = of.pumps_out.join(", ");
        let outage = (!of.pumps_out.is_empty())
            .then(|| desk.say(format!("pumps without power: {stations}"), format!("停电泵站：{stations}")));
        let phases = if of.phases.is_empty() { "–".to_owned() } else { of.phases.join(", ") };
        table.row([
            Cell::head(desk.horizon(index)).lines(future.into_iter().chain(outage)),
            Cell::text(phases),
            Cell::number(format!("× {}", fixed(of.rain_uplift.unwrap_or(1.0), 2))),
            Cell::number(maybe(of.dwf_growth.map(|share| share.0), |share| format!("+{}", percent(share)))),
            Cell::number(maybe(of.imperviousness.map(|points| points.0), |points| {
                desk.say(
                    format!("+{} points", digits(100.0 * points)),
                    format!("+{} 个百分点", digits(100.0 * points)),
                )
            })),
            Cell::number(maybe(of.stage_rise.map(|rise| rise.0), |rise| format!("{} m", fixed(rise, 2)))),
        ]);
    }
    parts.push(Part::Table(table));
    parts
}

/// Damage by probability and what is expected a year.
pub(super) fn damage(desk: &mut Desk<'_>) -> Vec<Part> {
    let Some(economy) =
        desk.material.assessment.economy.as_ref().filter(|economy| !economy.expected.is_empty())
    else {
        return vec![
            desk.nothing(
                "Damage was not estimated: no damage table is given.",
                "未估算损失：没有提供损失表。",
            ),
        ];
    };
    let last = desk.last_horizon();
    let currency = economy.currency.clone();
    let mut marks: Vec<f64> =
        economy.expected.iter().flat_map(|of| &of.points).map(|point| point.years).collect();
    marks.sort_by(f64::total_cmp);
    marks.dedup();
    let series = economy.expected.iter().filter(|of| of.horizon == last).map(|of| Series {
        name: desk.option(of.option),
        dots: of
            .points
            .iter()
            .map(|point| Dot { x: point.years, y: point.damage / 1.0e6, name: String::new() })
            .collect(),
        ..Series::default()
    });
    let chart = Chart {
        across: desk.say("Annual probability of exceedance (1/a)", "年超越概率（1/年）").to_owned(),
        upward: desk.say(format!("Damage (million {currency})"), format!("损失（百万 {currency}）")),
        logarithmic: true,
        marks: marks
            .iter()
            .map(|years| (*years, format!("1/{}", crate::plot::axis::plain_number(*years))))
            .collect(),
        series: series.collect(),
        ..Chart::default()
    };
    let horizon = desk.horizon(last);
    let basis = desk.language.words(&economy.damage_basis).to_owned();
    let tail = desk.language.words(&economy.tail_rule).to_owned();
    let what = desk.say(format!("damage by probability, {horizon}"), format!("损失—概率曲线，{horizon}"));
    let picture = chart.draw(desk.sheet);
    let mut parts: Vec<Part> = desk.own_figure("damage", picture, what, basis).into_iter().collect();
    let caption = desk.table_caption(desk.say(
        format!("expected annual damage, million {currency}"),
        format!("年均期望损失（百万 {currency}）"),
    ));
    let heads = desk.say(
        ["Option", "Horizon", "#Between the storms", "#Beyond the rarest", "#All", "By other tail rules"],
        ["方案", "水平年", "#各重现期之间", "#最大重现期以外", "#合计", "其他尾部规则"],
    );
    let mut table = Table::new(caption, heads);
    for of in economy.expected.iter().filter(|of| of.horizon == last) {
        let others = of.other_rules.iter().map(|(rule, total)| {
            format!("{}{} {}", desk.language.words(rule), desk.say(":", "："), money(*total))
        });
        table.row([
            Cell::head(desk.option(of.option)),
            Cell::text(desk.horizon(of.horizon)),
            Cell::number(money(of.between)),
            Cell::number(money(of.tail)),
            Cell::number(money(of.total())),
            Cell::text("").lines(others),
        ]);
    }
    table.notes.push(desk.say(format!("Tail rule: {tail}."), format!("尾部规则：{tail}。")));
    table.notes.push(
        desk.say("Other horizons: tables/expected_damage.csv.", "其他水平年见 tables/expected_damage.csv。")
            .to_owned(),
    );
    table.notes.extend(unverified(desk, economy));
    parts.push(Part::Table(table));
    parts
}

/// Millions with three digits.
fn money(value: f64) -> String {
    digits(value / 1.0e6)
}

fn unverified(desk: &Desk<'_>, economy: &Economy) -> Option<String> {
    let all: Vec<String> =
        economy.unverified.iter().map(|words| desk.language.words(words).to_owned()).collect();
    let text = all.join(desk.say("; ", "；"));
    (!all.is_empty()).then(|| desk.say(format!("⚑ Not verified: {text}."), format!("⚑ 未核实：{text}。")))
}

/// Cost against effect, with the Pareto front, and the appraisal.
pub(super) fn effect(desk: &mut Desk<'_>) -> Vec<Part> {
    let mut parts: Vec<Part> = scatter(desk).into_iter().collect();
    let Some(economy) = desk.material.assessment.economy.as_ref() else {
        if parts.is_empty() {
            parts.push(no_costs(desk));
        }
        return parts;
    };
    let currency = &economy.currency;
    let caption = desk.table_caption(desk.say(
        format!("appraisal, million {currency}, present values"),
        format!("经济评价（百万 {currency}，现值）"),
    ));
    let heads = desk.say(
        ["Option", "#Capital", "#Cost", "#Benefit", "#Net present value", "#Benefit / cost", "Pareto front"],
        ["方案", "#投资", "#费用现值", "#效益现值", "#净现值", "#效益费用比", "帕累托前沿"],
    );
    let mut table = Table::new(caption, heads);
    for appraisal in &economy.appraisals {
        let front = match (appraisal.on_pareto_front, appraisal.beaten_by) {
            (true, _) => desk.say("● on the front", "● 在前沿上").to_owned(),
            (false, Some(by)) => {
                let by = desk.option(by);
                desk.say(format!("○ beaten by {by}"), format!("○ 劣于 {by}"))
            }
            (false, None) => desk.say("○ no", "○ 否").to_owned(),
        };
        let net = appraisal.net_present_value;
        let class = match net {
            Some(net) if net < 0.0 => "num bad",
            _ => "num",
        };
        table.row([
            Cell::head(desk.option(appraisal.option)),
            Cell::number(money(appraisal.capital)),
            Cell::number(money(appraisal.cost)),
            Cell::number(maybe(appraisal.benefit, money)),
            Cell::number(maybe(net, money)).class(class),
            Cell::number(maybe(appraisal.benefit_cost_ratio, digits)),
            Cell::text(front),
        ]);
    }
    let basis = desk.language.words(&economy.appraisal_basis).to_owned();
    if !basis.is_empty() {
        table.notes.push(basis);
    }
    if let (Some(rate), Some(life)) = (economy.discount_rate, economy.life) {
        let (rate, life) = (percent(rate), fixed(life, 0));
        table.notes.push(desk.say(
            format!("Discount rate {rate} a year over {life} years, prices of {}.", economy.price_year),
            format!("折现率 {rate}，计算期 {life} 年，{} 年价格。", economy.price_year),
        ));
    }
    table.notes.extend(economy.remarks.iter().map(|words| desk.language.words(words).to_owned()));
    table.notes.extend(unverified(desk, economy));
    parts.push(Part::Table(table));
    parts
}

/// Options by capital and by what flooding they take away in the leading case.
fn scatter(desk: &mut Desk<'_>) -> Option<Part> {
    let case = desk.leading_case()?;
    let (_, first) = desk.material.bills.first()?;
    let economy = desk.material.assessment.economy.as_ref();
    let base = desk.flooded(0, case)?;
    let mut dots = Vec::new();
    for option in 0..desk.comparison().options.len() {
        let bill = desk.material.bills.iter().find(|(of, _)| *of == option);
        let (Some((_, bill)), Some(volume)) = (bill, desk.flooded(option, case)) else { continue };
        dots.push((option, bill.total().capital / 1.0e6, base - volume));
    }
    // of these two goals alone: nothing is cheaper and takes more away
    let beaten = |&(_, cost, effect): &(usize, f64, f64)| {
        dots.iter().any(|(_, c, e)| *c <= cost && *e >= effect && (*c < cost || *e > effect))
    };
    let dot =
        |(option, cost, effect): &(usize, f64, f64)| Dot { x: *cost, y: *effect, name: desk.option(*option) };
    let mut front: Vec<_> = dots.iter().filter(|dot| !beaten(dot)).collect();
    front.sort_by(|a, b| a.1.total_cmp(&b.1));
    let front: Vec<Dot> = front.into_iter().map(dot).collect();
    let behind: Vec<Dot> = dots.iter().filter(|dot| beaten(dot)).map(dot).collect();
    let (at, currency) = (desk.case(case), &first.currency);
    let chart = Chart {
        across: desk.say(format!("Capital (million {currency})"), format!("投资（百万 {currency}）")),
        upward: desk.say("Less flooding than in the base (m³)", "溢流削减量（m³）").to_owned(),
        series: vec![
            Series {
                name: desk
                    .say("Pareto front: nothing cheaper does more", "帕累托前沿：没有更省而更有效的")
                    .to_owned(),
                dots: front,
                ..Series::default()
            },
            Series {
                name: desk.say("beaten by another option", "被其他方案超越").to_owned(),
                dots: behind,
                join: Join::Apart,
                hollow: true,
                colour: Some(Colour::VERMILION),
            },
        ],
        ..Chart::default()
    };
    let what = desk.say(format!("cost and effect, {at}"), format!("费用与效果，{at}"));
    let rates =
        if first.verified { "" } else { desk.say(" ⚑ Rates not verified.", "⚑ 单价未核实。") };
    let note = if economy.is_some() {
        desk.say(
            "The front of these two goals alone; that of the appraisal counts all goals.",
            "此处前沿只计两个目标；经济评价中的前沿计入全部目标。",
        )
    } else {
        ""
    };
    let note = format!("{note}{rates}");
    let picture = chart.draw(desk.sheet);
    desk.own_figure("cost_effect", picture, what, note.trim_start().to_owned())
}

/// Regret over futures of the same year.
pub(super) fn regret(desk: &mut Desk<'_>) -> Vec<Part> {
    let Some(economy) =
        desk.material.assessment.economy.as_ref().filter(|economy| !economy.regrets.is_empty())
    else {
        return vec![desk.nothing(
            "No year has more than one future, so that there is no regret to tell.",
            "没有同一年份的多种未来情景，无后悔值。",
        )];
    };
    let currency = &economy.currency;
    let caption = desk.table_caption(desk.say(
        format!("regret against the best option of each future, million {currency}"),
        format!("相对各情景最优方案的后悔值（百万 {currency}）"),
    ));
    let heads = desk.say(
        ["Option", "Regret in each future", "#Largest", "#Futures with a net benefit"],
        ["方案", "各情景后悔值", "#最大后悔值", "#净效益不为负的情景"],
    );
    let mut table = Table::new(caption, heads);
    for regret in &economy.regrets {
        let each = regret.futures.iter().zip(&regret.regrets).map(|(future, value)| {
            format!("{}{} {}", desk.horizon(*future), desk.say(":", "："), money(*value))
        });
        table.row([
            Cell::head(desk.option(regret.option)),
            Cell::text("").lines(each),
            Cell::number(money(regret.largest)),
            Cell::number(percent(regret.satisfies)),
        ]);
    }
    table.notes.extend(unverified(desk, economy));
    vec![Part::Table(table)]
}

/// What budgets buy.
pub(super) fn budget(desk: &mut Desk<'_>) -> Vec<Part> {
    let Some(economy) =
        desk.material.assessment.economy.as_ref().filter(|economy| !economy.bought.is_empty())
    else {
        return vec![desk.nothing("No budget is given.", "未给定预算。")];
    };
    let currency = &economy.currency;
    let caption =
        desk.table_caption(desk.say(
            format!("what a budget buys, million {currency}"),
            format!("预算内的选择（百万 {currency}）"),
        ));
    let heads = desk.say(
        ["#Budget", "Options", "#Cost", "#Damage avoided a year"],
        ["#预算", "方案", "#投资", "#年减损"],
    );
    let mut table = Table::new(caption, heads);
    for bought in &economy.bought {
        let names = desk.options(bought.options.iter().copied());
        table.row([
            Cell::number(money(bought.budget)),
            Cell::text(if names.is_empty() { "–".to_owned() } else { names }),
            Cell::number(money(bought.cost)),
            Cell::number(money(bought.benefit)),
        ]);
    }
    table.notes.extend(unverified(desk, economy));
    vec![Part::Table(table)]
}
