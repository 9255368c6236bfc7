//! How long a run is and in which steps: rows of `[OPTIONS]`.

use crate::clock::DateTime;
use crate::diagnostic::Diagnostic;
use crate::input::inp::Section;
use crate::scenario::quantity::Span;
use crate::scenario::study::RunLength;

use super::super::editor::{Editor, number};
use super::super::network::Network;
use super::growth::begins_with;
use super::rain::RunRain;

/// How long a run goes on after the rain when nothing is said, s.
const AFTER: f64 = 3.0 * 3600.0;

/// The length of one run, s; steps that are `None` are those of the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Length {
    pub before: f64,
    pub after: f64,
    pub report_step: Option<u32>,
    pub routing_step: Option<f64>,
    pub wet_step: Option<u32>,
    pub dry_step: Option<u32>,
}

/// The length of a run: what the storm says, else what the study says.
///
/// # Errors
/// All spans that are none.
pub(super) fn of_run(storm: Option<&RunLength>, study: &RunLength) -> Result<Length, Vec<Diagnostic>> {
    let given = |of: fn(&RunLength) -> Option<Span>| storm.and_then(of).or(of(study)).map(|span| span.0);
    let mut problems = Vec::new();
    let mut check = |what: &str, span: Option<f64>, least: f64| {
        if let Some(seconds) = span.filter(|seconds| !(*seconds >= least && *seconds <= 1.0e9)) {
            let message = format!("{what} of {seconds} s is none");
            problems.push(Diagnostic::error(0, message).help(format!("at least {least} s")));
        }
        span
    };
    let before = check("dry weather before the rain", given(|run| run.before), 0.0);
    let after = check("a time after the rain", given(|run| run.after), 0.0);
    let report_step = check("a report step", given(|run| run.report_step), 1.0);
    let routing_step = check("a routing step", given(|run| run.routing_step), 0.001);
    let wet_step = check("a wet step", given(|run| run.wet_step), 1.0);
    let dry_step = check("a dry step", given(|run| run.dry_step), 1.0);
    if !problems.is_empty() {
        return Err(problems);
    }
    let whole = |seconds: f64| seconds.round() as u32;
    Ok(Length {
        before: before.unwrap_or(0.0).round(),
        after: after.unwrap_or(AFTER).round(),
        report_step: report_step.map(whole),
        routing_step,
        wet_step: wet_step.map(whole),
        dry_step: dry_step.map(whole),
    })
}

/// Sets the dates: the start that the rain asks for, results from the start on, the end after the rain.
pub(super) fn set_dates(editor: &mut Editor, network: &Network, rain: &RunRain, length: &Length) {
    let options = &network.model.options;
    let end = rain.start.plus_seconds(rain.run_s(length));
    if rain.start != options.start {
        set_date(editor, "START_DATE", "START_TIME", rain.start);
    }
    if rain.start != options.start || options.report_start != rain.start {
        set_date(editor, "REPORT_START_DATE", "REPORT_START_TIME", rain.start);
    }
    if end != options.end {
        set_date(editor, "END_DATE", "END_TIME", end);
    }
}

/// Sets the steps that are given. A routing step above the report step is lowered to it, since EPA refuses it.
pub(super) fn set_steps(editor: &mut Editor, network: &Network, length: &Length) -> Vec<Diagnostic> {
    let options = &network.model.options;
    let mut warnings = Vec::new();
    for (key, step, old) in [
        ("REPORT_STEP", length.report_step, options.report_step),
        ("WET_STEP", length.wet_step, options.wet_step),
        ("DRY_STEP", length.dry_step, options.dry_step),
    ] {
        if let Some(step) = step.filter(|step| *step != old) {
            set_option(editor, key, &clock(u64::from(step)));
        }
    }
    let report_step = f64::from(length.report_step.unwrap_or(options.report_step));
    let mut routing_step = length.routing_step.unwrap_or(options.routing_step);
    let asked = length.report_step.is_some() || length.routing_step.is_some();
    if asked && routing_step > report_step {
        let message = format!("the routing step of {routing_step} s is lowered to the report step");
        warnings.push(Diagnostic::warning(0, message).help(format!("that is {report_step} s")));
        routing_step = report_step;
    }
    if routing_step != options.routing_step {
        set_option(editor, "ROUTING_STEP", &number(routing_step));
    }
    warnings
}

/// Sets an option; the last row of a key is the one that counts.
pub(super) fn set_option(editor: &mut Editor, key: &str, value: &str) {
    let of_key =
        |row: &super::super::editor::Row| editor.field(*row, 0).is_some_and(|field| begins_with(&field, key));
    let last = editor.section(Section::Options).into_iter().rev().find(of_key);
    match last {
        Some(row) => editor.set(row, 1, value, value),
        None => editor.add(Section::Options, &[key, value]),
    }
}

fn set_date(editor: &mut Editor, date_key: &str, time_key: &str, at: DateTime) {
    let ((year, month, day), (hour, minute, second)) = (at.date(), at.time());
    set_option(editor, date_key, &format!("{month:02}/{day:02}/{year:04}"));
    set_option(editor, time_key, &format!("{hour:02}:{minute:02}:{second:02}"));
}

/// Seconds as hours, minutes and seconds.
pub(super) fn clock(seconds: u64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
