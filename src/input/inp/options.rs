//! `[TITLE]`, `[OPTIONS]` and `[EVENTS]`.

use super::draft::Draft;
use super::number::{leading_integer, plus_ms, time_ms};
use super::row::Row;
use crate::clock::DateTime;
use crate::model::options::{
    Event, ForceMainLaw, InertialDamping, InfiltrationMethod, NormalFlowLimit, OffsetConvention,
    RoutingMethod, SurchargeMethod,
};
use crate::units::{FlowUnits, Units};

/// The most lines of a title that SWMM keeps.
const TITLE_LINES: usize = 3;

/// Keeps a line of the title, comment and all.
pub(super) fn read_title(line: &str, draft: &mut Draft) {
    if draft.model.title.len() < TITLE_LINES {
        draft.model.title.push(line.trim_end().to_owned());
    }
}

/// Options that are settled when all of them are read.
#[derive(Debug, Default)]
pub(super) struct Pending {
    start_date: Option<DateTime>,
    start_time: i64,
    end_date: Option<DateTime>,
    end_time: i64,
    report_date: Option<DateTime>,
    report_time: Option<i64>,
    /// In the user's unit; 0 for SWMM's own.
    minimum_surface_area: f64,
    /// In the user's unit; 0 for SWMM's own.
    head_tolerance: f64,
}

#[derive(Clone, Copy)]
enum Key {
    FlowUnits,
    Infiltration,
    Routing,
    StartDate,
    StartTime,
    EndDate,
    EndTime,
    ReportStartDate,
    ReportStartTime,
    Sweep,
    DryDays,
    WetStep,
    DryStep,
    RoutingStep,
    RuleStep,
    ReportStep,
    AllowPonding,
    InertialDamping,
    SlopeWeighting,
    VariableStep,
    NormalFlow,
    LengtheningStep,
    MinimumSurfaceArea,
    Compatibility,
    SkipSteadyState,
    TemporaryFolder,
    IgnoreRainfall,
    ForceMain,
    LinkOffsets,
    MinimumSlope,
    IgnoreSnowmelt,
    IgnoreGroundwater,
    IgnoreRouting,
    IgnoreQuality,
    MaxTrials,
    HeadTolerance,
    SystemFlowTolerance,
    LateralFlowTolerance,
    IgnoreRdii,
    MinimumStep,
    Threads,
    Surcharge,
}

const KEYS: &[(&str, Key)] = &[
    ("FLOW_UNITS", Key::FlowUnits),
    ("INFILTRATION", Key::Infiltration),
    ("FLOW_ROUTING", Key::Routing),
    ("START_DATE", Key::StartDate),
    ("START_TIME", Key::StartTime),
    ("END_DATE", Key::EndDate),
    ("END_TIME", Key::EndTime),
    ("REPORT_START_DATE", Key::ReportStartDate),
    ("REPORT_START_TIME", Key::ReportStartTime),
    ("SWEEP_START", Key::Sweep),
    ("SWEEP_END", Key::Sweep),
    ("DRY_DAYS", Key::DryDays),
    ("WET_STEP", Key::WetStep),
    ("DRY_STEP", Key::DryStep),
    ("ROUTING_STEP", Key::RoutingStep),
    ("RULE_STEP", Key::RuleStep),
    ("REPORT_STEP", Key::ReportStep),
    ("ALLOW_PONDING", Key::AllowPonding),
    ("INERTIAL_DAMPING", Key::InertialDamping),
    ("SLOPE_WEIGHTING", Key::SlopeWeighting),
    ("VARIABLE_STEP", Key::VariableStep),
    ("NORMAL_FLOW_LIMITED", Key::NormalFlow),
    ("LENGTHENING_STEP", Key::LengtheningStep),
    ("MIN_SURFAREA", Key::MinimumSurfaceArea),
    ("COMPATIBILITY", Key::Compatibility),
    ("SKIP_STEADY_STATE", Key::SkipSteadyState),
    ("TEMPDIR", Key::TemporaryFolder),
    ("IGNORE_RAINFALL", Key::IgnoreRainfall),
    ("FORCE_MAIN_EQUATION", Key::ForceMain),
    ("LINK_OFFSETS", Key::LinkOffsets),
    ("MIN_SLOPE", Key::MinimumSlope),
    ("IGNORE_SNOWMELT", Key::IgnoreSnowmelt),
    ("IGNORE_GROUNDWATER", Key::IgnoreGroundwater),
    ("IGNORE_ROUTING", Key::IgnoreRouting),
    ("IGNORE_QUALITY", Key::IgnoreQuality),
    ("MAX_TRIALS", Key::MaxTrials),
    ("HEAD_TOLERANCE", Key::HeadTolerance),
    ("SYS_FLOW_TOL", Key::SystemFlowTolerance),
    ("LAT_FLOW_TOL", Key::LateralFlowTolerance),
    ("IGNORE_RDII", Key::IgnoreRdii),
    ("MINIMUM_STEP", Key::MinimumStep),
    ("THREADS", Key::Threads),
    ("SURCHARGE_METHOD", Key::Surcharge),
];

const FLOW_UNITS: &[(&str, FlowUnits)] = &[
    ("CFS", FlowUnits::Cfs),
    ("GPM", FlowUnits::Gpm),
    ("MGD", FlowUnits::Mgd),
    ("CMS", FlowUnits::Cms),
    ("LPS", FlowUnits::Lps),
    ("MLD", FlowUnits::Mld),
];

/// Infiltration methods, also used by `[INFILTRATION]`.
pub(super) const INFILTRATION: &[(&str, InfiltrationMethod)] = &[
    ("HORTON", InfiltrationMethod::Horton),
    ("MODIFIED_HORTON", InfiltrationMethod::ModifiedHorton),
    ("GREEN_AMPT", InfiltrationMethod::GreenAmpt),
    ("MODIFIED_GREEN_AMPT", InfiltrationMethod::ModifiedGreenAmpt),
    ("CURVE_NUMBER", InfiltrationMethod::CurveNumber),
];

/// The words of today, then those of SWMM 5.0; extended kinematic waves were never more than kinematic.
const ROUTING: &[(&str, RoutingMethod)] = &[
    ("NONE", RoutingMethod::None),
    ("STEADY", RoutingMethod::Steady),
    ("KINWAVE", RoutingMethod::Kinematic),
    ("XKINWAVE", RoutingMethod::Kinematic),
    ("DYNWAVE", RoutingMethod::Dynamic),
    ("NF", RoutingMethod::Steady),
    ("KW", RoutingMethod::Kinematic),
    ("EKW", RoutingMethod::Kinematic),
    ("DW", RoutingMethod::Dynamic),
];

const DAMPING: &[(&str, InertialDamping)] = &[
    ("NONE", InertialDamping::None),
    ("PARTIAL", InertialDamping::Partial),
    ("FULL", InertialDamping::Full),
];

const NORMAL_FLOW: &[(&str, NormalFlowLimit)] = &[
    ("SLOPE", NormalFlowLimit::Slope),
    ("FROUDE", NormalFlowLimit::Froude),
    ("BOTH", NormalFlowLimit::Both),
    ("NONE", NormalFlowLimit::Neither),
];

/// Reads one option. An option without a value is left out, as in SWMM.
pub(super) fn read(row: &mut Row<'_, '_>, draft: &mut Draft) {
    if row.len() < 2 {
        return;
    }
    let Some(key) = row.keyword(0, "option", KEYS) else { return };
    let pending = &mut draft.options;
    let options = &mut draft.model.options;
    match key {
        Key::FlowUnits => {
            set(row.keyword(1, "flow unit", FLOW_UNITS).map(Units::new), &mut draft.model.units)
        }
        Key::Infiltration => {
            set(row.keyword(1, "infiltration method", INFILTRATION), &mut options.infiltration);
        }
        Key::Routing => match row.keyword(1, "routing method", ROUTING) {
            // The method stays: without routing it only decides which checks a link must pass.
            Some(RoutingMethod::None) => options.ignore_routing = true,
            method => {
                set(method, &mut options.routing);
                draft.later.routing = Some(row.line_place());
            }
        },
        Key::StartDate => pending.start_date = row.date(1),
        Key::StartTime => set(row.time(1), &mut pending.start_time),
        Key::EndDate => pending.end_date = row.date(1),
        Key::EndTime => set(row.time(1), &mut pending.end_time),
        Key::ReportStartDate => pending.report_date = row.date(1),
        Key::ReportStartTime => pending.report_time = row.time(1),
        Key::Sweep => check_day(row),
        Key::DryDays => options.dry_days = row.non_negative(1, "the number of dry days"),
        Key::WetStep => set(step(row, 1), &mut options.wet_step),
        Key::DryStep => set(step(row, 1), &mut options.dry_step),
        Key::RuleStep => set(step(row, 0), &mut options.rule_step),
        Key::ReportStep => set(step(row, 1), &mut options.report_step),
        Key::RoutingStep => {
            let seconds = seconds(row);
            if seconds.is_some_and(|s| s <= 0.0) {
                row.error(211, 1, format!("the routing step is {}", row.text(1)), "it must be more than 0");
            }
            set(seconds, &mut options.routing_step);
        }
        Key::LengtheningStep => set(seconds(row).map(|s| s.max(0.0)), &mut options.lengthening_step),
        Key::MinimumStep => options.minimum_step = row.non_negative(1, "the minimum step"),
        Key::VariableStep => options.courant_factor = row.between(1, "the variable step factor", 0.0, 2.0),
        Key::AllowPonding => set(yes(row), &mut options.allow_ponding),
        Key::SkipSteadyState => set(yes(row), &mut options.skip_steady_state),
        Key::IgnoreRainfall => set(yes(row), &mut options.ignore_rainfall),
        Key::IgnoreSnowmelt => set(yes(row), &mut options.ignore_snowmelt),
        Key::IgnoreGroundwater => set(yes(row), &mut options.ignore_groundwater),
        Key::IgnoreRouting => set(yes(row), &mut options.ignore_routing),
        Key::IgnoreQuality => set(yes(row), &mut options.ignore_quality),
        Key::IgnoreRdii => set(yes(row), &mut options.ignore_rdii),
        Key::InertialDamping => set(row.keyword(1, "damping", DAMPING), &mut options.inertial_damping),
        Key::NormalFlow => set(row.keyword(1, "normal flow limit", NORMAL_FLOW), &mut options.normal_flow),
        Key::ForceMain => {
            let laws = [("H-W", ForceMainLaw::HazenWilliams), ("D-W", ForceMainLaw::DarcyWeisbach)];
            set(row.keyword(1, "force main equation", &laws), &mut options.force_main);
        }
        Key::LinkOffsets => {
            let ways = [("DEPTH", OffsetConvention::Depth), ("ELEVATION", OffsetConvention::Elevation)];
            set(row.keyword(1, "kind of offset", &ways), &mut options.offsets);
        }
        Key::Surcharge => {
            let methods = [("EXTRAN", SurchargeMethod::Extran), ("SLOT", SurchargeMethod::Slot)];
            set(row.keyword(1, "surcharge method", &methods), &mut options.surcharge);
        }
        Key::MinimumSurfaceArea => {
            pending.minimum_surface_area = row.non_negative(1, "the minimum surface area");
        }
        Key::HeadTolerance => pending.head_tolerance = row.number(1, "the head tolerance"),
        Key::MinimumSlope => {
            let percent = row.number_that(1, "the minimum slope", "at least 0 and less than 100", |x| {
                (0.0..100.0).contains(&x)
            });
            options.minimum_slope = percent / 100.0;
        }
        Key::SystemFlowTolerance => {
            options.system_flow_tolerance = row.number(1, "the system flow tolerance") / 100.0;
        }
        Key::LateralFlowTolerance => {
            options.lateral_flow_tolerance = row.number(1, "the lateral flow tolerance") / 100.0;
        }
        Key::MaxTrials => match count(row) {
            // SWMM's own number stays.
            Some(0) => {}
            trials => set(trials, &mut options.max_trials),
        },
        Key::Threads => set(count(row), &mut options.threads),
        // Accepted without effect, as SWMM does.
        Key::SlopeWeighting => {
            yes(row);
        }
        Key::Compatibility => {
            row.keyword(1, "version of SWMM", &[("3", ()), ("4", ()), ("5", ())]);
        }
        Key::TemporaryFolder => {}
    }
}

/// Stores what could be read.
fn set<T>(value: Option<T>, target: &mut T) {
    if let Some(value) = value {
        *target = value;
    }
}

fn yes(row: &mut Row<'_, '_>) -> Option<bool> {
    row.yes(1, "answer")
}

/// A step in whole seconds, at least `least`.
fn step(row: &mut Row<'_, '_>, least: i64) -> Option<u32> {
    let seconds = row.time(1)?.saturating_add(500).div_euclid(1000);
    if seconds < least {
        row.error(211, 1, format!("the step is {}", row.text(1)), format!("it must be at least {least} s"));
        return None;
    }
    u32::try_from(seconds).ok()
}

/// Decimal seconds, or a time hours:minutes:seconds.
fn seconds(row: &mut Row<'_, '_>) -> Option<f64> {
    let text = row.text(1);
    let seconds = super::number::number(text).or_else(|| time_ms(text).map(|ms| ms as f64 / 1000.0));
    if seconds.is_none() {
        row.error(211, 1, format!("'{text}' is no step"), "seconds, or hours:minutes:seconds");
    }
    seconds
}

/// The whole number, at least 0, that the value begins with.
fn count(row: &mut Row<'_, '_>) -> Option<u32> {
    let count = u32::try_from(leading_integer(row.text(1))).ok();
    if count.is_none() {
        row.error(211, 1, format!("'{}' is no count", row.text(1)), "a whole number that is at least 0");
    }
    count
}

/// A day of street sweeping, month/day. (Used once build-up is simulated.)
fn check_day(row: &mut Row<'_, '_>) {
    let day = super::number::date(&format!("{}/1947", row.text(1)));
    if day.is_none() {
        row.error(
            213,
            1,
            format!("'{}' is no day of the year", row.text(1)),
            "days are written month/day: 7/21",
        );
    }
}

/// Settles what depends on several options.
pub(super) fn finish(draft: &mut Draft) {
    let pending = &draft.options;
    let units = draft.model.units;
    let options = &mut draft.model.options;
    let first = DateTime::from_date(2004, 1, 1).unwrap_or_default();
    options.start = plus_ms(pending.start_date.unwrap_or(first), pending.start_time);
    options.end = plus_ms(pending.end_date.unwrap_or(first), pending.end_time);
    // A date without a time (or the reverse) counts for nothing in SWMM.
    options.report_start = match (pending.report_date, pending.report_time) {
        (Some(date), Some(time)) => plus_ms(date, time).max(options.start),
        _ => options.start,
    };
    if pending.minimum_surface_area != 0.0 {
        options.minimum_surface_area = pending.minimum_surface_area * units.area;
    }
    if pending.head_tolerance != 0.0 {
        options.head_tolerance = pending.head_tolerance * units.length;
    }
}

/// Reads a period that is routed.
pub(super) fn read_event(row: &mut Row<'_, '_>, draft: &mut Draft) {
    if !row.has(4, "start date, start time, end date, end time") {
        return;
    }
    let instants = [row.date(0), row.date(2)];
    let times = [row.time(1), row.time(3)];
    if let ([Some(first), Some(last)], [Some(from), Some(to)]) = (instants, times) {
        let (start, end) = (plus_ms(first, from), plus_ms(last, to));
        if start >= end {
            row.line_error(
                213,
                format!("the event ends at {end}, before it starts"),
                "an end after the start",
            );
        } else {
            draft.model.options.events.push(Event { start, end });
        }
    }
}
