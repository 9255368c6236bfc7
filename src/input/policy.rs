//! Policy documents: `seeds/policy.toml`, or a file of the user in its form.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::scenario::source::Source;
use crate::diagnostic::Diagnostic;
use crate::num::spelling::nearest;
use crate::scenario::policy::{Indicator, Metric, Policy, Row, Status, Target};
use crate::scenario::words::Words;

/// The document that comes with the program.
const EMBEDDED: &str = include_str!("../../seeds/policy.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: Words,
    source: String,
    #[serde(default)]
    verified: bool,
    #[serde(default)]
    row: Vec<Spanned<RowEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowEntry {
    number: u32,
    clause: String,
    measure: Words,
    status: String,
    #[serde(default)]
    remark: Words,
    #[serde(default)]
    scenario: String,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    indicator: Vec<IndicatorEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorEntry {
    metric: String,
    years: Option<f64>,
    node: Option<String>,
    #[serde(default)]
    target: Vec<TargetEntry>,
    #[serde(default)]
    source: String,
    #[serde(default)]
    verified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetEntry {
    year: i32,
    value: f64,
}

/// The document that comes with the program.
///
/// # Errors
/// None: a test reads it.
pub fn embedded() -> Result<Policy, Vec<Diagnostic>> {
    parse(EMBEDDED, Path::new("seeds/policy.toml"))
}

/// Reads a file. The inner error lists the problems of its content.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> std::io::Result<Result<Policy, Vec<Diagnostic>>> {
    Ok(parse(&std::fs::read_to_string(path)?, path))
}

/// Reads a document from text; `file` names it in messages.
///
/// # Errors
/// When the text is no TOML, or rows are wrong: all of them, each at its place.
pub fn parse(text: &str, file: &Path) -> Result<Policy, Vec<Diagnostic>> {
    let source = Source { text: text.strip_prefix('\u{feff}').unwrap_or(text), file };
    let read: File = toml::from_str(source.text).map_err(|error| {
        let problem = Diagnostic::error(0, error.message()).help("see seeds/policy.toml for the form");
        vec![match error.span() {
            Some(span) => problem.at(source.place(span)),
            None => problem,
        }]
    })?;
    let (mut rows, mut found): (Vec<Row>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    for entry in read.row {
        let span = entry.span();
        let entry = entry.into_inner();
        let number = entry.number;
        let mut fail = |message: String, help: &str| {
            let message = format!("row {number}: {message}");
            found.push(Diagnostic::error(0, message).help(help).at(source.place(span.clone())));
        };
        if rows.iter().any(|row| row.number == number) {
            fail("there are two of this number".into(), "give each row its own");
        }
        if let Some(row) = row(entry, &mut fail) {
            rows.push(row);
        }
    }
    let policy = Policy { title: read.title, source: read.source, verified: read.verified, rows };
    if found.is_empty() { Ok(policy) } else { Err(found) }
}

/// A row, if nothing is wrong with it.
fn row(entry: RowEntry, fail: &mut impl FnMut(String, &str)) -> Option<Row> {
    const ALL: [Status; 3] = [Status::Working, Status::Planned, Status::Outside];
    let status = ALL.into_iter().find(|status| status.word() == entry.status);
    if status.is_none() {
        fail(format!("there is no status `{}`", entry.status), "it is working, planned or outside");
    }
    let is_working = status == Some(Status::Working);
    if is_working && (entry.scenario.is_empty() || entry.indicator.is_empty()) {
        let help = "give `scenario` and [[row.indicator]], or call it planned";
        fail("it is working, and nothing shows it".into(), help);
    }
    if status.is_some() && !is_working && entry.remark == Words::default() {
        fail(format!("it is {}, and nothing says why", entry.status), "give `remark`");
    }
    let indicators: Vec<Option<Indicator>> =
        entry.indicator.into_iter().map(|entry| indicator(entry, fail)).collect();
    Some(Row {
        number: entry.number,
        clause: entry.clause,
        measure: entry.measure,
        status: status?,
        remark: entry.remark,
        scenario: entry.scenario,
        options: entry.options,
        indicators: indicators.into_iter().collect::<Option<_>>()?,
    })
}

fn indicator(entry: IndicatorEntry, fail: &mut impl FnMut(String, &str)) -> Option<Indicator> {
    let word = entry.metric.as_str();
    let metric = match (word, entry.years, entry.node) {
        ("capacity_share", Some(years), None) if years > 0.0 => Some(Metric::CapacityShare { years }),
        ("node_depth", None, Some(node)) => Some(Metric::NodeDepth { node }),
        ("flooded_volume", None, None) => Some(Metric::FloodedVolume),
        ("flooded_nodes", None, None) => Some(Metric::FloodedNodes),
        ("surcharged_length", None, None) => Some(Metric::SurchargedLength),
        ("river_flooding", None, None) => Some(Metric::RiverFlooding),
        ("submergence", None, None) => Some(Metric::Submergence),
        ("spilled_volume", None, None) => Some(Metric::SpilledVolume),
        ("captured_share", None, None) => Some(Metric::CapturedShare),
        ("coverage", None, None) => Some(Metric::Coverage),
        ("cost", None, None) => Some(Metric::Cost),
        ("damage", None, None) => Some(Metric::Damage),
        ("gauges", None, None) => Some(Metric::Gauges),
        ("mapped", None, None) => Some(Metric::Mapped),
        _ => None,
    };
    if metric.is_none() {
        if Metric::WORDS.contains(&word) {
            let help = "`capacity_share` takes `years`, `node_depth` takes `node`, the others take nothing";
            fail(format!("`{word}` has not what it takes"), help);
        } else {
            let near = nearest(word, Metric::WORDS).map(|near| format!("did you mean `{near}`?"));
            let all = || format!("known are {}", Metric::WORDS.join(", "));
            fail(format!("there is no metric `{word}`"), &near.unwrap_or_else(all));
        }
    }
    let years = entry.target.iter().map(|target| target.year);
    if years.clone().zip(years.skip(1)).any(|(one, next)| one >= next) {
        fail(format!("the targets of `{word}` are not in the order of years"), "the earliest stands first");
    }
    if !entry.target.is_empty() && entry.source.is_empty() {
        fail(format!("the targets of `{word}` have no source"), "say where they come from");
    }
    let targets = entry.target.iter().map(|target| Target { year: target.year, value: target.value });
    Some(Indicator {
        metric: metric?,
        targets: targets.collect(),
        source: entry.source,
        verified: entry.verified,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::scenario;

    #[test]
    fn the_document_of_the_program_has_twenty_rows_each_with_its_reason_or_its_proof() {
        let policy = embedded().unwrap();
        assert!(!policy.verified, "nobody has checked the clauses");
        assert_eq!(
            policy.rows.iter().map(|row| row.number).collect::<Vec<_>>(),
            (1..=20).collect::<Vec<_>>()
        );
        let count = |status| policy.rows.iter().filter(|row| row.status == status).count();
        assert!(count(Status::Working) >= 10 && count(Status::Outside) >= 3);
    }

    #[test]
    fn each_working_row_points_to_a_scenario_that_reads_and_has_its_options() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for row in embedded().unwrap().rows.iter().filter(|row| row.status == Status::Working) {
            let read = scenario::read(&root.join(&row.scenario)).unwrap();
            let (scenario, _) = read.unwrap_or_else(|problems| panic!("row {}: {problems:?}", row.number));
            for option in &row.options {
                let known = scenario.options.iter().any(|choice| choice.name == *option);
                assert!(known, "row {}: {} has no option {option}", row.number, row.scenario);
            }
        }
    }

    #[test]
    fn what_is_wrong_is_shown_at_its_row() {
        let text = "title = { en = \"a\", zh = \"b\" }\nsource = \"s\"\n\
            [[row]]\nnumber = 1\nclause = \"c\"\nmeasure = { en = \"a\", zh = \"b\" }\nstatus = \"done\"\n\
            [[row]]\nnumber = 1\nclause = \"c\"\nmeasure = { en = \"a\", zh = \"b\" }\nstatus = \"working\"\n\
            [[row]]\nnumber = 2\nclause = \"c\"\nmeasure = { en = \"a\", zh = \"b\" }\nstatus = \"outside\"\n\
            [[row.indicator]]\nmetric = \"flooded_volum\"\n\
            [[row.indicator]]\nmetric = \"node_depth\"\ntarget = [{ year = 2035, value = 1 }, { year = 2030, value = 0 }]\n";
        let problems = parse(text, Path::new("p.toml")).unwrap_err();
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        let expected = [
            "row 1: there is no status `done`",
            "row 1: it is working, and nothing shows it",
            "row 2: it is outside, and nothing says why",
            "row 2: there is no metric `flooded_volum`",
            "row 2: `node_depth` has not what it takes",
            "row 2: the targets of `node_depth` are not in the order of years",
            "row 2: the targets of `node_depth` have no source",
        ];
        assert_eq!(said, expected);
        assert!(problems.iter().all(|problem| problem.place.is_some()));
        assert!(problems[3].help.contains("flooded_volume"), "{}", problems[3].help);
    }
}
