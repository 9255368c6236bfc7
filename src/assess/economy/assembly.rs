//! From the runs of a study, its bills and its table of damage to money.

use super::appraisal::{Calendar, Goals, appraisals, bought, set_front, terms};
use super::damage::{ENOUGH, FEWEST, Rung, damages, expected, rule_in_words, rungs, unknown_uses};
use super::futures::{of_money, of_spills};
use super::{Economy, Expected};
use crate::assess::Comparison;
use crate::edit::cost::Bill;
use crate::scenario::damage::{DamageBasis, DamageTable};
use crate::scenario::storm::RainSource;
use crate::scenario::study::Scenario;
use crate::scenario::words::Words;

/// What money is told from besides runs.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What options cost when all is built, by option; empty without a table of unit costs.
    pub bills: &'a [(usize, Bill)],
    /// The table of damage, if the study names one.
    pub damage: Option<&'a DamageTable>,
    /// Class of the zone that a node lies in, by option, horizon and name; empty outside all zones.
    pub class_of: &'a dyn Fn(usize, usize, &str) -> String,
}

/// Money of a study; `None` where it has neither unit costs nor damage.
///
/// - Damage is that of nodes by their flooded volume, or of buildings by depth in runs with a surface. Expected damage stands on the storms that serve `damage`,
///   each with the stage that it is paired with first; storms are told too.
/// - Present values are of the year of the first horizon and count the years 1 to `life` after it. The capital of
///   a phase is paid in the year of the first horizon that builds it; its upkeep and the benefit of the option
///   begin in the year after; benefits run straight between horizons and stay constant after the last. At the end
///   works have a residual value by straight depreciation over `life`.
pub fn economy(comparison: &Comparison<'_>, means: &Means<'_>) -> Option<Economy> {
    let (scenario, bills) = (means.scenario, means.bills);
    let mut economy = match (bills.first(), means.damage) {
        (Some((_, bill)), _) => {
            Economy { currency: bill.currency.clone(), price_year: bill.price_year, ..Economy::default() }
        }
        (None, Some(table)) => {
            Economy { currency: table.currency.clone(), price_year: table.price_year, ..Economy::default() }
        }
        (None, None) => return None,
    };
    let costs = scenario.study.costs.as_ref();
    economy.discount_rate = costs.and_then(|costs| costs.discount_rate).map(|rate| rate.0);
    economy.life = costs.and_then(|costs| costs.life).map(|life| life.0);
    let rungs = rungs(scenario);
    economy.ladder = rungs.iter().map(|rung| (rung.storm, rung.stage)).collect();
    economy.tail_rule = rule_in_words();
    if let Some(table) = means.damage {
        economy.by_depth = matches!(table.basis, DamageBasis::Depth { .. });
        economy.damages = damages(comparison, means, table, &rungs);
        economy.damage_basis = damage_basis(table, comparison, &rungs);
        let pairs = (0..comparison.options.len()).flat_map(|option| {
            comparison.planned_horizons().into_iter().map(move |horizon| (option, horizon))
        });
        economy.expected = pairs
            .filter_map(|(option, horizon)| expected(&economy.damages, &rungs, option, horizon))
            .collect();
        economy.remarks.extend(remarks_on_damage(table, &rungs, &economy.expected, comparison));
    }
    let calendar = Calendar::of(scenario);
    economy.first_year = calendar.as_ref().and_then(|calendar| calendar.first);
    economy.appraisals = appraisals(scenario, bills, &economy.expected, calendar.as_ref());
    let goals = Goals::of(scenario, comparison);
    let last = scenario.last_horizon();
    economy.goals = goals.told(&economy.expected, &economy.currency, last, comparison.options.len());
    goals.set_unit_costs(&mut economy.appraisals);
    set_front(&mut economy.appraisals, &economy.goals);
    economy.remarks.extend(remarks_on_money(scenario, &economy, calendar.is_some()));
    if terms(scenario).is_some() && calendar.is_some() && !bills.is_empty() {
        economy.appraisal_basis = appraisal_basis();
    }
    match bought(scenario, &economy.appraisals) {
        Some(bought) => economy.bought = bought,
        None => economy.remarks.push(Words::new(
            "too many packages to choose from: no budget was spent",
            "可组合的方案过多，未进行预算选择",
        )),
    }
    let (regrets, storms) =
        of_money(scenario, &economy.damages, &rungs, &economy.appraisals, calendar.as_ref());
    if !regrets.is_empty() {
        let names: Vec<&str> =
            storms.iter().filter_map(|storm| comparison.storms.get(*storm)).map(String::as_str).collect();
        let names = names.join(", ");
        economy.remarks.push(Words::new(
            format!("regret stands on the storms that all futures were run with: {names}"),
            format!("后悔值只依据各种未来情景都计算过的暴雨：{names}"),
        ));
    }
    economy.regrets = regrets;
    economy.spill_regrets = of_spills(scenario, comparison);
    economy.unverified = unverified(scenario, means, &rungs);
    Some(economy)
}

/// What the damage stands on.
fn damage_basis(table: &DamageTable, comparison: &Comparison<'_>, rungs: &[Rung]) -> Words {
    let storm = |rung: &Rung| {
        let name = |names: &[String], index: usize| names.get(index).cloned().unwrap_or_default();
        format!("{} + {}", name(&comparison.storms, rung.storm), name(&comparison.stages, rung.stage))
    };
    let storms = rungs.iter().map(storm).collect::<Vec<_>>().join(", ");
    Words::new(
        format!("{}; storms, each with the stage that it is paired with first: {storms}", table.title.en),
        format!("{}；所依据的暴雨（各取其配对的第一个水位）：{storms}", table.title.zh),
    )
}

fn appraisal_basis() -> Words {
    Words::new(
        "Present values are of the year of the first horizon. The capital of a phase is paid in the year of the \
         first horizon that builds it; upkeep and benefits begin in the year after. Benefits run straight between \
         horizons and stay constant after the last. At the end works keep a residual value by straight depreciation \
         over the same life.",
        "现值折算到第一个水平年。各期投资计入首次建成该期的水平年；维护费与效益从次年起计。各水平年之间效益线性内插，\
         最后水平年以后保持不变。期末按同一寿命直线折旧计入残值。",
    )
}

/// What keeps the damage from being told, or is to be known of it.
fn remarks_on_damage(
    table: &DamageTable,
    rungs: &[Rung],
    expected: &[Expected],
    comparison: &Comparison<'_>,
) -> Vec<Words> {
    let by_depth = matches!(table.basis, DamageBasis::Depth { .. });
    let has_street =
        |run: &crate::assess::Run<'_>| run.digest().is_some_and(|digest| digest.street.is_some());
    if by_depth && !comparison.runs.iter().any(has_street) {
        return vec![Words::new(
            "damage not assessed: the table goes by the depth of water on the ground, which needs a simulated \
             surface",
            "损失未评估：该损失表按地面水深计算，需要二维地表模拟",
        )];
    }
    let count = rungs.len();
    if count < FEWEST {
        return vec![Words::new(
            format!(
                "expected damage not assessed: {count} storms with a return period serve `damage`, it needs {FEWEST}"
            ),
            format!(
                "年均期望损失未评估：用于 `damage` 且有重现期的暴雨只有 {count} 场，至少需要 {FEWEST} 场"
            ),
        )];
    }
    let mut remarks = vec![Words::new(
        "rain and river are taken as paired: how likely a stage is beside a storm is not known",
        "暴雨与河道水位按配对工况取值，未考虑两者的联合概率",
    )];
    if by_depth {
        remarks.extend(remarks_on_depth(table, comparison));
    }
    if count < ENOUGH {
        remarks.push(Words::new(
            format!("expected damage stands on {count} return periods only; {ENOUGH} or more are advised"),
            format!("年均期望损失只依据 {count} 个重现期，宜不少于 {ENOUGH} 个"),
        ));
    }
    let pairs = comparison.options.len() * comparison.planned_horizons().len();
    if expected.len() < pairs {
        remarks.push(Words::new(
            "where a run is missing there is no expected damage",
            "缺少某场计算结果的方案没有年均期望损失",
        ));
    }
    let falls = |of: &&Expected| {
        of.points.iter().zip(of.points.iter().skip(1)).any(|(a, b)| b.damage < 0.99 * a.damage)
    };
    if let Some(of) = expected.iter().find(falls) {
        let (option, horizon) = (comparison.option(of.option), comparison.horizons.get(of.horizon));
        let horizon = horizon.map_or("", String::as_str);
        remarks.push(Words::new(
            format!("damage falls from one storm to a rarer one, such as for {option} in {horizon}"),
            format!("损失随重现期增大反而下降（如方案 {option}，{horizon}）"),
        ));
    }
    let most = |of: &Expected| if of.total() > 0.0 { of.tail / of.total() } else { 0.0 };
    let share = expected.iter().map(most).fold(0.0, f64::max);
    if share > 0.3 {
        let percent = (100.0 * share).round();
        remarks.push(Words::new(
            format!("up to {percent} % of the expected damage lies beyond the rarest storm: it rests on the tail rule"),
            format!("年均期望损失中最多有 {percent}% 来自最稀遇暴雨以外，取决于尾部规则"),
        ));
    }
    remarks
}

/// What is to be known of damage by depth.
fn remarks_on_depth(table: &DamageTable, comparison: &Comparison<'_>) -> Vec<Words> {
    let mut remarks = vec![Words::new(
        "damage is that of buildings by the greatest depth over their threshold, in runs with a surface only: a run \
         that is a screening in 1D has none, and an option without its storms has no expected damage",
        "损失为建筑按门槛以上最大水深计算，仅限二维地表工况；一维筛查工况不计损失，缺少二维工况的方案没有年均期望损失",
    )];
    let unknown = unknown_uses(comparison, table);
    if !unknown.is_empty() {
        let uses = unknown.join(", ");
        remarks.push(Words::new(
            format!("the table has no damage for wet buildings used as {uses}: they count nothing"),
            format!("损失表未包含进水建筑的用途：{uses}，其损失按零计"),
        ));
    }
    remarks
}

/// What is to be known of costs and benefits.
fn remarks_on_money(scenario: &Scenario, economy: &Economy, has_calendar: bool) -> Vec<Words> {
    let mut remarks = Vec::new();
    let Some(costs) = &scenario.study.costs else { return remarks };
    match terms(scenario) {
        None => remarks.push(Words::new(
            "no discount rate and life are given: no present values, cost is capital",
            "未给定折现率和计算期：不计算现值，费用即投资",
        )),
        Some(_) if !has_calendar => remarks.push(Words::new(
            "horizons have no ascending years: no present values, cost is capital",
            "水平年没有递增的年份：不计算现值，费用即投资",
        )),
        Some((rate, life)) => {
            let percent = (1.0e4 * rate).round() / 100.0;
            remarks.push(Words::new(
                format!("discount rate {percent} % and {life} a are assumptions of the study"),
                format!("折现率 {percent}% 与计算期 {life} 年为本研究的假定"),
            ));
        }
    }
    if !economy.appraisals.is_empty() && economy.goals.is_empty() {
        remarks.push(Words::new(
            "no goal beside cost is known for any option: no Pareto front",
            "除费用外没有可比较的目标：不给出帕累托前沿",
        ));
    }
    if !costs.packages.is_empty() {
        remarks.push(Words::new(
            "benefits of packages that a budget buys together are added; no run shows them together",
            "同一预算下组合方案的效益按相加计，未作联合计算",
        ));
    }
    remarks
}

/// What the money rests on that nobody has verified.
fn unverified(scenario: &Scenario, means: &Means<'_>, rungs: &[Rung]) -> Vec<Words> {
    let mut all = Vec::new();
    if let Some((_, bill)) = means.bills.first().filter(|(_, bill)| !bill.verified) {
        let source = &bill.source;
        all.push(Words::new(
            format!("unit costs, not verified ({source})"),
            format!("单价未核实（{source}）"),
        ));
    }
    let Some(table) = means.damage else { return all };
    if !table.verified {
        let (title, source) = (&table.title, &table.source);
        all.push(Words::new(
            format!("table of damage, not verified: {} ({source})", title.en),
            format!("损失表未核实：{}（{source}）", title.zh),
        ));
    }
    for rung in rungs {
        let Some(storm) = scenario.storms.get(rung.storm) else { continue };
        let words = match &storm.rain.source {
            RainSource::Formula { formula, .. } if !formula.verified => {
                let place = formula.place();
                Words::new(
                    format!("storm-intensity formula, not verified: {place}"),
                    format!("暴雨强度公式未核实：{place}"),
                )
            }
            _ => continue,
        };
        if !all.contains(&words) {
            all.push(words);
        }
    }
    all
}
