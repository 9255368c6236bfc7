//! What a study says of its rules, and of what its options make worse.

use crate::assess::verdict::{Outcome, Verdict};
use crate::assess::{Assessment, Comparison};
use crate::cli::Lang;
use crate::cli::language::grouped;

/// Rows of the matrix of verdicts at the last horizon, a rule each, the head first; `None` without rules.
pub(super) fn matrix(
    assessment: &Assessment,
    comparison: &Comparison<'_>,
    lang: Lang,
) -> Option<Vec<Vec<String>>> {
    let rule_set = assessment.rule_set.as_ref().filter(|set| !set.rules.is_empty())?;
    let last = comparison.last_horizon();
    let horizon = comparison.horizons.get(last).map_or("", String::as_str);
    let unverified = if rule_set.verified { "" } else { lang.of(", not verified", "，未核实") };
    let heading = format!("{} {horizon}", lang.of("Verdicts", "评价结论"));
    let mut head = vec![format!("{}{unverified}", heading.trim())];
    head.extend((0..comparison.options.len()).map(|option| option_name(comparison, option, lang)));
    let mut lines = vec![head];
    for (index, rule) in rule_set.rules.iter().enumerate() {
        let mut line = vec![format!("  {}", rule.id)];
        line.extend((0..comparison.options.len()).map(|option| {
            let mut all = assessment.verdicts.iter();
            let verdict = all.find(|v| v.rule == index && v.option == option && v.horizon == last);
            verdict.map_or(String::new(), |verdict| word(verdict, lang))
        }));
        lines.push(line);
    }
    Some(lines)
}

/// How a verdict goes, with a mark when it is close.
fn word(verdict: &Verdict, lang: Lang) -> String {
    let word = match verdict.outcome {
        Outcome::Passed => lang.of("pass", "满足"),
        Outcome::Failed => lang.of("FAIL", "不满足"),
        Outcome::NotAssessed => lang.of("not assessed", "未评价"),
    };
    format!("{word}{}", if verdict.close { "~" } else { "" })
}

/// What each option makes worse: how many nodes, and the one that it makes worst. Options that make nothing worse
/// are not named.
pub(super) fn worse(assessment: &Assessment, comparison: &Comparison<'_>, lang: Lang) -> Vec<String> {
    let of_option = |option: usize| {
        let mine: Vec<_> = assessment.transfers.iter().filter(|transfer| transfer.option == option).collect();
        let first = mine.first()?;
        let mut nodes: Vec<&str> = mine.iter().map(|transfer| transfer.node.as_str()).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let name = comparison.option(option);
        let [horizon, storm, stage] = comparison.names(first.case);
        let case =
            [horizon, storm, stage].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        let [base, with] = [first.base, first.with_option].map(|volume| grouped(volume, 0));
        let node = &first.node;
        let before = if first.is_new {
            lang.of("a node that the base does not have".to_owned(), "现状没有该节点".to_owned())
        } else {
            lang.of(format!("{base} m³ before"), format!("现状 {base} m³"))
        };
        Some(lang.of(
            format!(
                "WORSE with {name}: {} more than before in some run; most of all {node}, {with} m³ in {case} ({before})",
                if nodes.len() == 1 { "1 node floods".to_owned() } else { format!("{} nodes flood", nodes.len()) }
            ),
            format!(
                "方案 {name} 使局部恶化：{} 个节点在某些工况下溢流增加；增加最多的是 {node}，{case} 工况 {with} m³（{before}）",
                nodes.len()
            ),
        ))
    };
    (1..comparison.options.len()).filter_map(of_option).collect()
}

fn option_name(comparison: &Comparison<'_>, option: usize, lang: Lang) -> String {
    if option == 0 { lang.of("base", "现状").to_owned() } else { comparison.option(option).to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Case;
    use crate::assess::flooding::Transfer;
    use crate::scenario::rule::{Rule, RuleSet};

    fn comparison() -> Comparison<'static> {
        Comparison {
            options: vec!["base".into(), "A".into()],
            horizons: vec!["2030".into()],
            storms: vec!["P20".into()],
            stages: vec!["high".into()],
            ..Comparison::default()
        }
    }

    #[test]
    fn what_an_option_makes_worse_is_said_with_its_worst_node() {
        let transfer = |node: &str, base: f64, with_option: f64| Transfer {
            option: 1,
            case: Case { horizon: 0, storm: 0, stage: 0 },
            node: node.into(),
            zone: String::new(),
            base,
            is_new: false,
            with_option,
        };
        let assessment = Assessment {
            transfers: vec![transfer("J44", 55.0, 2222.0), transfer("J1", 0.0, 3.0)],
            ..Assessment::default()
        };
        let told = worse(&assessment, &comparison(), Lang::En);
        assert_eq!(
            told,
            [
                "WORSE with A: 2 nodes flood more than before in some run; most of all J44, 2 222 m³ in 2030/P20/high (55 m³ before)"
            ]
        );
        assert!(worse(&Assessment::default(), &comparison(), Lang::Zh).is_empty());
    }

    #[test]
    fn the_matrix_has_a_row_a_rule_and_says_that_rules_are_not_verified() {
        let verdict = |option, outcome, close| Verdict {
            rule: 0,
            option,
            horizon: 0,
            outcome,
            value: None,
            limit: None,
            worst: None,
            governing: None,
            remarks: Vec::new(),
            unverified: Vec::new(),
            close,
        };
        let rule = Rule { id: "dry".into(), ..Rule::default() };
        let assessment = Assessment {
            rule_set: Some(RuleSet { rules: vec![rule], ..RuleSet::default() }),
            verdicts: vec![verdict(0, Outcome::Failed, true), verdict(1, Outcome::NotAssessed, false)],
            ..Assessment::default()
        };
        let lines = matrix(&assessment, &comparison(), Lang::En).unwrap();
        assert_eq!(lines[0], ["Verdicts 2030, not verified", "base", "A"]);
        assert_eq!(lines[1], ["  dry", "FAIL~", "not assessed"]);
        assert_eq!(matrix(&assessment, &comparison(), Lang::Zh).unwrap()[1][1], "不满足~");
        assert_eq!(matrix(&Assessment::default(), &comparison(), Lang::En), None);
    }
}
