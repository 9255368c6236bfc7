//! The scorecard of a policy as a table: a row for each line, and for each measure that nothing shows.

use std::io;
use std::path::Path;

use crate::assess::scorecard::Line;
use crate::scenario::policy::{Policy, Row};
use crate::scenario::words::Words;

use super::tables::{Table, number};

/// What a study shows of a measure of a policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scored {
    /// Index of the measure in the policy.
    pub row: usize,
    /// The lines, with the names that they stand for.
    pub lines: Vec<NamedLine>,
}

/// A line with its names.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedLine {
    /// The line.
    pub line: Line,
    /// The option.
    pub option: String,
    /// The horizon.
    pub horizon: String,
    /// Phases that are built by then.
    pub phases: Vec<String>,
    /// Storm and stage of the case that decides; empty where none does.
    pub case: [String; 2],
}

/// Writes `scorecard.csv`; names of measures, indicators and stages stand in it in both languages.
///
/// # Errors
/// When the file cannot be written.
pub fn save(policy: &Policy, scored: &[Scored], folder: &Path) -> io::Result<()> {
    let measure = ["number", "clause", "measure", "措施", "status", "scenario"];
    let indicator =
        ["indicator", "指标", "unit", "stage", "阶段", "option", "horizon", "phases built", "zone"];
    let value = [
        "storm",
        "river stage",
        "value",
        "target",
        "gap",
        "met",
        "source of target",
        "not verified",
        "remark",
    ];
    let mut table = Table::new(measure.into_iter().chain(indicator).chain(value));
    for (index, row) in policy.rows.iter().enumerate() {
        let lines: Vec<&NamedLine> =
            scored.iter().filter(|scored| scored.row == index).flat_map(|scored| &scored.lines).collect();
        if lines.is_empty() {
            let blank = std::iter::repeat_n(String::new(), indicator.len() + value.len() - 1);
            table.rows.push(head(row).into_iter().chain(blank).chain([row.remark.en.clone()]).collect());
        }
        for line in lines {
            table.rows.push(cells(row, line));
        }
    }
    std::fs::create_dir_all(folder)?;
    table.save(folder, "scorecard.csv")
}

fn head(row: &Row) -> [String; 6] {
    [
        row.number.to_string(),
        row.clause.clone(),
        row.measure.en.clone(),
        row.measure.zh.clone(),
        row.status.word().to_owned(),
        row.scenario.clone(),
    ]
}

fn cells(row: &Row, named: &NamedLine) -> Vec<String> {
    let line = &named.line;
    let mut all = head(row).to_vec();
    let Some(indicator) = row.indicators.get(line.indicator) else { return all };
    let (name, stage) = (indicator.metric.words(), line.stage.words());
    let optional = |value: Option<f64>| value.map(number).unwrap_or_default();
    let met = line.met(&indicator.metric).map_or("", |met| if met { "yes" } else { "no" });
    let list = |words: &[Words]| words.iter().map(|words| words.en.as_str()).collect::<Vec<_>>().join("; ");
    let [storm, river] = named.case.clone();
    all.extend([
        name.en,
        name.zh,
        indicator.metric.unit().to_owned(),
        stage.en,
        stage.zh,
        named.option.clone(),
        named.horizon.clone(),
        named.phases.join(" "),
        line.zone.clone(),
        storm,
        river,
        optional(line.value),
        optional(line.target),
        optional(line.gap()),
        met.to_owned(),
        indicator.source.clone(),
        list(&line.unverified),
        row.remark.en.clone(),
    ]);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::scorecard::Stage;
    use crate::input::policy::embedded;

    #[test]
    fn every_measure_has_a_row_and_a_line_shows_value_target_and_gap() {
        let policy = embedded().unwrap();
        let at = policy.rows.iter().position(|row| row.number == 2).unwrap();
        let line = Line {
            indicator: 0,
            stage: Stage::Plan,
            option: 1,
            horizon: 2,
            zone: "老城".into(),
            value: Some(250.0),
            case: None,
            target: Some(0.0),
            unverified: vec![Words::new("target", "目标值")],
        };
        let named = NamedLine {
            line,
            option: "A".into(),
            horizon: "2035".into(),
            phases: vec!["I".into(), "II".into()],
            case: ["P50_24h".into(), "flood".into()],
        };
        let folder = std::env::temp_dir().join(format!("pailao-scorecard-{}", std::process::id()));
        save(&policy, &[Scored { row: at, lines: vec![named] }], &folder).unwrap();
        let text = std::fs::read_to_string(folder.join("scorecard.csv")).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(text.lines().count(), 1 + policy.rows.len());
        let line = text.lines().find(|line| line.starts_with("2,")).unwrap();
        assert!(line.contains("m3,plan,规划,A,2035,I II,老城,P50_24h,flood,250,0,-250,no,"), "{line}");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert!(reader.records().all(|record| record.is_ok()), "all rows are of one width");
    }
}
