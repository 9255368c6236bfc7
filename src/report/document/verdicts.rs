//! The verdict matrix: rule by option and horizon, readable without colour.

use std::collections::BTreeMap;

use crate::assess::verdict::{Outcome, Verdict};
use crate::scenario::rule::Rule;

use super::answer::place;
use super::desk::{Desk, digits};
use super::view::{Cell, Part, Row, Table};

/// The matrix, with the reasons for what is not assessed below it.
pub(super) fn matrix(desk: &mut Desk<'_>) -> Vec<Part> {
    let assessment = desk.material.assessment;
    let Some(set) = &assessment.rule_set else {
        return vec![desk.nothing(
            "The study names no rule set, so that nothing is judged. Name one with “rules” in [study].",
            "研究未指定规则集，因此未作达标判定。可在 [study] 中以 rules 指定。",
        )];
    };
    let options = desk.comparison().options.len();
    let mut heads = vec![desk.say("Rule, horizon", "规则与水平年").to_owned()];
    heads.extend((0..options).map(|option| desk.option(option)));
    let name = desk.language.words(&set.title).to_owned();
    let caption = desk.table_caption(desk.say(
        format!("verdicts by {name}. Each cell: verdict; value against limit; worst place; governing storm and stage"),
        format!("按《{name}》逐条校核。单元格：结论；计算值与限值；最不利位置；控制暴雨与水位"),
    ));
    let mut table = Table { class: "matrix", ..Table::foreign(caption, heads) };
    for (index, rule) in set.rules.iter().enumerate() {
        table.rows.push(Row::group(headline(desk, rule), options + 1));
        for horizon in 0..desk.comparison().horizons.len() {
            let of = |option: usize| {
                let mut all = assessment.verdicts.iter();
                all.find(|v| v.rule == index && v.option == option && v.horizon == horizon)
            };
            if (0..options).all(|option| of(option).is_none()) {
                continue;
            }
            let mut row = vec![Cell::head(desk.horizon(horizon))];
            row.extend((0..options).map(|option| cell(desk, of(option), rule)));
            table.rows.push(Row::new(row));
        }
    }
    table.notes.push(
        desk.say(
            "✓ kept, ✗ failed, – not assessed: what runs cannot show is never passed. ≈ within 1 % of the limit. \
             ⚑ rests on something that nobody has verified.",
            "✓ 满足，✗ 不满足，– 未判定（模型不能说明的一律不算通过）；≈ 与限值相差不到 1%；⚑ 所依据的数据或条文未核实。",
        )
        .to_owned(),
    );
    let mut parts = vec![Part::Table(table)];
    let reasons = reasons(desk, &set.rules);
    if !reasons.is_empty() {
        parts.push(Part::Heading(
            desk.say("Why rules are not assessed, and what to know", "未判定的原因与说明").to_owned(),
        ));
        parts.push(Part::List(reasons));
    }
    parts
}

fn headline(desk: &Desk<'_>, rule: &Rule) -> String {
    let title = desk.language.words(&rule.title);
    let title = if title.is_empty() { rule.id.as_str() } else { title };
    let mut text = title.to_owned();
    if !rule.clause.is_empty() {
        text += &format!(" · {}", rule.clause);
    }
    if !rule.verified {
        text += desk.say(" · ⚑ not verified", " · ⚑ 未核实");
    }
    text
}

/// The unit of a rule's values, as the page writes it.
fn unit(desk: &Desk<'_>, rule: &Rule) -> String {
    match rule.unit.as_str() {
        "% of length" => desk.say("% of length", "% 管长").to_owned(),
        "% of base" => desk.say("% of base", "% 现状值").to_owned(),
        "a year" => desk.say("a year", "次/年").to_owned(),
        unit => unit.replace("m3", "m³"),
    }
}

fn cell(desk: &Desk<'_>, verdict: Option<&Verdict>, rule: &Rule) -> Cell {
    let Some(verdict) = verdict else { return Cell::text("") };
    let (symbol, word, class) = word(desk, verdict.outcome);
    let flag = if verdict.unverified.is_empty() { "" } else { " ⚑" };
    let close = if verdict.close { " ≈" } else { "" };
    let unit = unit(desk, rule);
    let value = match (verdict.value, verdict.limit) {
        (Some(value), Some(limit)) => format!("{} / {} {unit}", short(value), short(limit)),
        (Some(value), None) => format!("{} {unit}", short(value)),
        (None, Some(limit)) => {
            desk.say(format!("limit {} {unit}", short(limit)), format!("限值 {} {unit}", short(limit)))
        }
        (None, None) => String::new(),
    };
    let worst = verdict.worst.as_ref().map(|worst| place(&worst.element, &worst.zone)).unwrap_or_default();
    let governing = verdict.governing.map(|case| desk.storm(case)).unwrap_or_default();
    Cell::text(format!("{symbol} {word}{close}{flag}")).class(class).lines([
        value.trim_end().to_owned(),
        worst,
        governing,
    ])
}

/// A number without zeros behind its last decimal.
fn short(value: f64) -> String {
    let text = digits(value);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Symbol, word and class of an outcome.
fn word(desk: &Desk<'_>, outcome: Outcome) -> (&'static str, &'static str, &'static str) {
    match outcome {
        Outcome::Passed => ("✓", desk.say("pass", "满足"), "pass"),
        Outcome::Failed => ("✗", desk.say("fail", "不满足"), "fail"),
        Outcome::NotAssessed => ("–", desk.say("not assessed", "未判定"), "none"),
    }
}

/// Remarks of verdicts at the last horizon, rule by rule; those that differ in their numbers only are told once,
/// with how many there are.
fn reasons(desk: &Desk<'_>, rules: &[Rule]) -> Vec<String> {
    let last = desk.last_horizon();
    let mut by_pattern: BTreeMap<(usize, String), (String, usize)> = BTreeMap::new();
    for verdict in desk.material.assessment.verdicts.iter().filter(|verdict| verdict.horizon == last) {
        for remark in &verdict.remarks {
            let text = desk.language.words(remark);
            let entry =
                by_pattern.entry((verdict.rule, pattern(text))).or_insert_with(|| (text.to_owned(), 0));
            entry.1 += 1;
        }
    }
    let line = |((rule, _), (text, count)): ((usize, String), (String, usize))| {
        let name = rules.get(rule).map(|rule| {
            let title = desk.language.words(&rule.title);
            if title.is_empty() { rule.id.as_str() } else { title }
        });
        let more = if count > 1 {
            desk.say(format!(" ({count} options alike)"), format!("（{count} 个方案同类）"))
        } else {
            String::new()
        };
        format!("{}{} {text}{more}", name.unwrap_or_default(), desk.say(":", "："))
    };
    by_pattern.into_iter().map(line).collect()
}

/// A text without its numbers.
fn pattern(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() || (c == '.' && out.ends_with('#')) {
            if !out.ends_with('#') {
                out.push('#');
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// The rules with clause and source.
pub(super) fn rules(desk: &mut Desk<'_>) -> Vec<Part> {
    let Some(set) = &desk.material.assessment.rule_set else { return Vec::new() };
    let name = desk.language.words(&set.title).to_owned();
    let caption = desk.table_caption(desk.say(format!("rules of {name}"), format!("规则集《{name}》")));
    let heads =
        desk.say(["Rule", "Unit", "Clause", "Source", "Checked"], ["规则", "单位", "条文", "出处", "已核实"]);
    let mut table = Table::new(caption, heads);
    for rule in &set.rules {
        let checked = if rule.verified { desk.say("yes", "是") } else { desk.say("⚑ no", "⚑ 否") };
        let title = desk.language.words(&rule.title).to_owned();
        let title = if title.is_empty() { rule.id.clone() } else { title };
        table.row([
            Cell::head(title).lines([rule.id.clone()]),
            Cell::text(unit(desk, rule)),
            Cell::text(&rule.clause),
            Cell::text(&rule.source),
            Cell::text(checked),
        ]);
    }
    if !set.source.is_empty() {
        table.notes.push(
            desk.say(format!("Source of the set: {}", set.source), format!("规则集出处：{}", set.source)),
        );
    }
    vec![Part::Table(table)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_that_differ_in_numbers_only_have_the_same_pattern() {
        assert_eq!(pattern("12.5 m³ left by 3 nodes."), pattern("7 m³ left by 40 nodes."));
        assert_ne!(pattern("no run"), pattern("no rule"));
    }
}
